"""Which sentences the source uses, and which values it gives them."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from string import Formatter
from typing import NamedTuple

from gst_opt.analysis.accounts import accounts, funding_table
from gst_opt.analysis.comparison import compare, indicators_beside
from gst_opt.analysis.indicator_table import AREAS
from gst_opt.analysis.indicators import Direction, board, indicators
from gst_opt.analysis.parts import proofs_table
from gst_opt.analysis.plans import Plans
from gst_opt.analysis.price_table import _COLUMNS as _PRICE_COLUMNS
from gst_opt.analysis.silo import silo
from gst_opt.api import PILLARS, solve
from gst_opt.core.finances import IncomeKind
from gst_opt.model.provinces import SHARES
from gst_opt.pillars.platforms.diagnosis import diagnose
from gst_opt.pillars.platforms.location.check import check as location_check
from gst_opt.pillars.platforms.location.policy import MONEY
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.roadmap import RoadmapRow
from gst_opt.pillars.platforms.location.today import today
from gst_opt.pillars.staff.need import staffing_need
from gst_opt.pillars.staff.redeployment.plan import Reason
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.samples import load_sample
from gst_opt.samples.facts import facts
from gst_opt.solve.belief import Refusal
from gst_opt.solve.result import _STAGE_COLUMNS, Status, Stop
from gst_opt.text.message import catalogue
from tests.architecture.source import Module, dotted, modules

SPEAKERS = ("Message", "say")
NOT_KEYS = ("py", "csv", "json", "toml", "html", "xlsx", "md")


def rooms() -> set[str]:
    return {key.partition(".")[0] for key in catalogue()}


@cache
def families() -> dict[str, frozenset[str]]:
    """Return what an f-string key may end with, by what it begins with; a new family is added here."""
    grouping = load_sample("two_towns")
    results = [solve(question.of(grouping)) for question in PILLARS]
    columns = {column for result in results for table in result.require().tables() for column in table.columns}
    columns |= set(RoadmapRow.model_fields)
    money, figures = accounts(grouping, Plans(), "hybrid"), indicators(grouping, Plans())
    for diagnosis in (
        staffing_need(grouping),
        diagnose(grouping),
        silo(RedeploymentProblem.of, grouping),
        money,
        figures,
        compare(results[0], results[0]),
    ):
        columns |= {column for table in diagnosis.tables() for column in table.columns}
    for other in (indicators_beside(figures, figures), proofs_table(()), funding_table(())):
        columns |= set(other.columns)
    terms = {term.name.partition("[")[0] for result in results for term in result.terms} | set(SHARES.values())
    terms |= {name.partition("[")[0] for name in _terms_of_location(LocationProblem.of(grouping))}
    units = {term.unit for result in results for term in result.terms}
    units |= {stage.unit for result in results for stage in result.stages}
    return {
        "solve.status_": frozenset(Status),
        "solve.stop_": frozenset(Stop),
        "solve.refused_": frozenset(Refusal),
        "column.": frozenset(columns | set(_STAGE_COLUMNS + _PRICE_COLUMNS) | _columns_of_reports()),
        "report.unmet_": frozenset(Reason),
        "rule.": frozenset(_rules()),
        "term.": frozenset(terms),
        "unit.": frozenset(units | {one.unit for one in board()}),
        "accounts.line_": _accounts_lines(),
        "indicators.better_": frozenset(Direction),
        "indicators.group_": frozenset(AREAS),
        "indicators.plan_": frozenset(Plans.model_fields),
        "profession.": frozenset(row["profession"] for row in facts("skills")),
    }


def _terms_of_location(problem: LocationProblem) -> Iterable[str]:
    """Return all of its terms; some are in a result only where a goal asks for them."""
    return location_check(problem, today(problem)).terms


def _accounts_lines() -> frozenset[str]:
    """Return the lines of accounts, but those of the data: they are named where they are made."""
    said = {key.removeprefix("accounts.line_") for key in catalogue() if key.startswith("accounts.line_")}
    makers = ("gst_opt.analysis.accounts_income", "gst_opt.analysis.accounts_spending")
    written = {
        node.value
        for module in modules()
        if module.name in makers
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return frozenset(said & (written | set(IncomeKind) | set(MONEY)))


UNTOLD = ("workforce_planning", "shared_time")
"""Questions whose rules are told by their names."""


def _rules() -> set[str]:
    """Return the rules of the other questions: those of the model, and those that the check lists."""
    told = [question for question in PILLARS if question.name not in UNTOLD]
    listed = "".join((question.check.__doc__ or "").partition("Rules, by name:")[2] for question in told)
    pieces = [piece for question in told for piece in question.formulation().constraints]
    return {piece.__name__ for piece in pieces} | set(re.findall("``([a-z_]+)``", listed))


def _columns_of_reports() -> set[str]:
    """Return the columns that reports add to those of the plans: they are named there, so they are written there."""
    titled = {key.removeprefix("column.") for key in catalogue() if key.startswith("column.")}
    written = {
        node.value
        for module in modules()
        if module.name.startswith(("gst_opt.report", "gst_opt.cli"))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return titled & written


class Use(NamedTuple):
    """One place of the source that names a sentence; `values` is None where they are not written out there."""

    where: str
    key: str
    values: frozenset[str] | None


def literal_uses() -> Iterator[Use]:
    """Walk over every key written out in the source, docstrings left out."""
    pattern = re.compile(rf"({'|'.join(sorted(rooms()))})\.(?!(?:{'|'.join(NOT_KEYS)})$)[a-z][a-z0-9_]*")
    for module in modules():
        spoken = {id(call.args[0]): call for call in speaker_calls(module)}
        skipped = _docstrings(module.tree) | _parts_of_f_strings(module.tree)
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in skipped:
                continue
            if id(node) in spoken:
                yield Use(f"{module.name}:{node.lineno}", node.value, _values(spoken[id(node)]))
            elif pattern.fullmatch(node.value):
                yield Use(f"{module.name}:{node.lineno}", node.value, None)


def family_uses() -> Iterator[tuple[str, str]]:
    """Walk over the f-strings that make a key: the place, and what the f-string begins with."""
    for module in modules():
        spoken = {id(call.args[0]) for call in speaker_calls(module)}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.JoinedStr):
                first = node.values[0]
                begins = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
                if id(node) in spoken or re.match(rf"({'|'.join(sorted(rooms()))})\.[a-z0-9_]*$", begins):
                    yield f"{module.name}:{node.lineno}", begins


def speaker_calls(module: Module) -> list[ast.Call]:
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and node.args]
    return [call for call in calls if dotted(call.func).rpartition(".")[2] in SPEAKERS]


def places(sentence: str) -> set[str]:
    """Return the names of a sentence's places."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _values(call: ast.Call) -> frozenset[str] | None:
    position = 1 if dotted(call.func).endswith("Message") else 2
    given = [*call.args[position : position + 1], *(word.value for word in call.keywords if word.arg == "values")]
    if not given:
        return frozenset()
    if isinstance(given[0], ast.Dict) and all(isinstance(name, ast.Constant) for name in given[0].keys):
        return frozenset(str(name.value) for name in given[0].keys if isinstance(name, ast.Constant))
    return None


def _docstrings(tree: ast.Module) -> set[int]:
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _parts_of_f_strings(tree: ast.Module) -> set[int]:
    return {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}

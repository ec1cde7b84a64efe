"""A grouping plan in words: what the board sees, the year's budget, ties that bind, what pooling moves, its parts."""

from collections.abc import Iterator
from math import fsum
from typing import Any

from gst_opt.analysis.accounts import accounts, funding_table
from gst_opt.analysis.indicator_table import IndicatorRow, Indicators
from gst_opt.analysis.indicators import indicators
from gst_opt.analysis.parts import PartProof, proofs_table
from gst_opt.analysis.plans import Plans
from gst_opt.analysis.transfers import Moved, Transfer, transfers, transfers_table
from gst_opt.core.grouping import Grouping
from gst_opt.grouping_plan.plan import GroupingPlan, Tie, TieKind
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.worlds import acts_of, staffed, supplied
from gst_opt.model.problem import Plan, PlanTable, Problem
from gst_opt.report.pieces import need_names, place_names, skill_names
from gst_opt.report.tables import columns_of, first_rows, paragraph, text_table, totals_named
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, goal_in_words, percent

PARTS = {
    "location": "grouping_plan.location",
    "staff": "grouping_plan.staff",
    "awards": "grouping_plan.awards",
    "support": "grouping_plan.support",
}
_MOVED = {
    Moved.HEADS: "grouping_plan.heads",
    Moved.HOURS: "grouping_plan.hours",
    Moved.ACTS: "grouping_plan.acts",
    Moved.FUNCTIONS: "grouping_plan.functions",
}
ACCESS = "within:"
"""What the ids of indicators of access to a service begin with."""

LEAST_HOURS = 0.5
"""Hours of a team that are told."""

LEAST_CHANGE = 5e-4
"""Change of a share of people below which access stays as it is."""

_BOARD = ("indicator", "unit", "today", "planned", "target", "year", "share_estimate")
_TRANSFERS = ("establishment", "given_today", "given_planned", "received_today", "received_planned")


def grouping_plan(
    grouping: Grouping, problem: GroupingProblem, result: Result[GroupingPlan], lang: Lang
) -> Iterator[str]:
    """Yield the blocks of the story, the main one first."""
    plan = result.require()
    asked = ", ".join(say(PARTS[name], lang) for name in plan.parts)
    values = {"year": str(problem.year), "parts": asked}
    yield "\n".join([say("grouping_plan.title", lang), paragraph("grouping_plan.question", lang, values)])
    yield _board(indicators(grouping, Plans.of(plan)), lang)
    yield _budget(problem, plan, lang)
    yield from _accounts(grouping, plan, lang)
    yield from _ties(grouping, problem, plan, lang)
    yield from _transfers(grouping, transfers(problem, plan), lang)


def tables_beside(problem: GroupingProblem, plan: GroupingPlan, lang: Lang) -> tuple[PlanTable, ...]:
    """Return what pooling moves, and the indicators: of the whole, and by province, area and establishment."""
    board, _, groups, _ = indicators(problem.grouping, Plans.of(plan)).tables(lang)
    return transfers_table(transfers(problem, plan)), board, groups


def parts_text(proofs: tuple[PartProof, ...], lang: Lang) -> Iterator[str]:
    """Yield the table of what is proven of every part, and which of them time left open."""
    if not proofs:
        return
    table = proofs_table(proofs)
    rows = tuple((say(PARTS[str(row[0])], lang), *row[1:]) for row in table.rows)
    lines = [paragraph("grouping_plan.parts", lang), text_table(table.replace(rows=rows), lang)]
    left = [say(PARTS[one.part], lang) for one in proofs if not one.reached]
    if left:
        lines.append(paragraph("grouping_plan.parts_open", lang, {"parts": ", ".join(left)}))
    yield "\n".join(lines)


def in_their_worlds(problem: GroupingProblem, plan: GroupingPlan) -> Iterator[tuple[str, Problem[Any], Plan]]:
    """Yield every part: name, the question that it answers (staff after moves, the tender for planned acts), plan."""
    location = problem.location
    if location is not None and plan.location is not None:
        moved = plan.staff if problem.tied_staff else None
        yield "location", location if moved is None else staffed(location, moved), plan.location
    if problem.staff is not None and plan.staff is not None:
        yield "staff", problem.staff, plan.staff
    if problem.awards is not None and plan.awards is not None:
        acts = None if location is None or plan.location is None else acts_of(location, plan.location)
        yield "awards", problem.awards if acts is None else supplied(problem, problem.awards, acts), plan.awards
    if problem.support is not None and plan.support is not None:
        yield "support", problem.support, plan.support


def _board(found: Indicators, lang: Lang) -> str:
    """Return the indicators that the plan says, today and planned, with their targets; access where it changes."""
    table = columns_of(found.tables(lang)[0], _BOARD)
    rows = tuple(row for one, row in zip(found.rows, table.rows, strict=True) if _told(one))
    return "\n".join([paragraph("grouping_plan.board", lang), text_table(table.replace(rows=rows), lang)])


def _told(one: IndicatorRow) -> bool:
    """Say whether an indicator is told: any that the plan says, but access to a service that stays as it is."""
    if one.planned is None or not one.id.startswith(ACCESS):
        return one.planned is not None
    return abs(one.planned - (one.today or 0.0)) >= LEAST_CHANGE


def _budget(problem: GroupingProblem, plan: GroupingPlan, lang: Lang) -> str:
    """Say what the year's budget pays, line by line."""
    spent = fsum(line.mad for line in plan.spending)
    rows = [(goal_in_words(line.line, lang), line.mad, line.mad / spent) for line in plan.spending if line.mad]
    table = PlanTable(
        name="spending", columns=("line", "mad", "share"), rows=(*rows, (say("report.total", lang), spent, 1.0))
    )
    years = figure(problem.policy.capital_years, lang)
    values = {"year": str(problem.year), "spent": figure(spent, lang), "years": years}
    if problem.policy.budget is None:
        said = paragraph("grouping_plan.no_budget", lang, values)
    else:
        said = paragraph("grouping_plan.budget", lang, values | {"budget": figure(problem.policy.budget, lang)})
    return "\n".join([said, text_table(table, lang)])


def _accounts(grouping: Grouping, plan: GroupingPlan, lang: Lang) -> Iterator[str]:
    """Yield what the plan costs year by year, and whether each way of being funded pays for it, where the data say."""
    books = [accounts(grouping, Plans.of(plan), row.id) for row in grouping.finances.funding_scenarios]
    if not books:
        return
    years = next(table for table in books[0].tables() if table.name == "account_years")
    spent = totals_named(columns_of(years, ("year", "spending")), lang)
    yield "\n".join([paragraph("grouping_plan.years", lang), text_table(spent, lang, decimals=0)])
    yield "\n".join(
        [paragraph("grouping_plan.fundings", lang), text_table(funding_table(books, lang), lang, decimals=0)]
    )


def _ties(grouping: Grouping, problem: GroupingProblem, plan: GroupingPlan, lang: Lang) -> Iterator[str]:
    """Yield how many ties bind, then those of staff that bind, and needs that stay short."""
    by_kind = {kind: [tie for tie in plan.ties if tie.tie is kind] for kind in TieKind}
    lines = [paragraph("grouping_plan.ties", lang)]
    staff, supplies, money = (by_kind[kind] for kind in (TieKind.STAFF, TieKind.SUPPLIES, TieKind.BUDGET))
    full = [tie for tie in staff if tie.binding and tie.used >= LEAST_HOURS]
    short = [tie for tie in supplies if -tie.slack > 1e-6 * max(1.0, tie.used)]
    if staff:
        values = {"full": figure(len(full), lang), "all": figure(len(staff), lang)}
        lines.append(f"  - {say('grouping_plan.staff_ties', lang, values)}")
    if supplies:
        values = {"short": figure(len(short), lang), "all": figure(len(supplies), lang)}
        lines.append(f"  - {say('grouping_plan.supply_ties', lang, values)}")
    for tie in money:
        values = {"left": figure(tie.slack, lang), "share": percent(tie.slack / tie.bound if tie.bound else 0.0, lang)}
        lines.append(f"  - {say('grouping_plan.budget_tie', lang, values)}")
    if len(lines) > 1:
        yield "\n".join(lines)
    words = {"facility": place_names(grouping), "skill": skill_names(grouping, lang)}
    if full:
        yield first_rows("grouping_plan.full_teams", _tied(full, "hours_used", ("facility", "skill")), words, lang)
    if short:
        needs = {"purchase": need_names(grouping, lang)}
        yield first_rows("grouping_plan.short_needs", _short(short), needs, lang)


def _tied(ties: list[Tie], used: str, columns: tuple[str, ...]) -> PlanTable:
    """Return teams whose hours are all taken, those with the most hours first."""
    rows = sorted(((tie.facility, tie.subject, tie.used) for tie in ties), key=lambda row: -row[2])
    return PlanTable(name="teams", columns=(*columns, used), rows=tuple(rows))


def _short(ties: list[Tie]) -> PlanTable:
    """Return needs that less is bought of than acts use, the shortest part bought first."""
    rows = sorted(((tie.subject, tie.used, tie.bound, tie.bound / tie.used) for tie in ties), key=lambda row: row[3])
    return PlanTable(name="needs", columns=("purchase", "used", "bought", "share_met"), rows=tuple(rows))


def _transfers(grouping: Grouping, rows: tuple[Transfer, ...], lang: Lang) -> Iterator[str]:
    """Yield what goes between establishments in all, and the establishments whose acts or staff change the most."""
    if not rows:
        return
    lines = [paragraph("grouping_plan.moved", lang)]
    for moved in dict.fromkeys(row.moved for row in rows):
        own = [row for row in rows if row.moved is moved]
        totals = {name: fsum(getattr(row, f"given_{name}") for row in own) for name in ("today", "planned")}
        lines.append(f"  - {say(_MOVED[moved], lang, {name: figure(total, lang) for name, total in totals.items()})}")
    yield "\n".join(lines)
    acts = [row for row in rows if row.moved is Moved.ACTS]
    changed = sorted(acts, key=lambda row: -abs(_net(row)))
    cells = tuple(
        (row.establishment, row.given_today, row.given_planned, row.received_today, row.received_planned)
        for row in changed
        if row.given_planned or row.received_planned or _net(row)
    )
    if cells:
        table = PlanTable(name="transfers", columns=_TRANSFERS, rows=cells)
        yield first_rows("grouping_plan.acts_by_establishment", table, {"establishment": place_names(grouping)}, lang)


def _net(row: Transfer) -> float:
    """Return by how much more is received than given, against today."""
    return row.received_planned - row.received_today - row.given_planned + row.given_today

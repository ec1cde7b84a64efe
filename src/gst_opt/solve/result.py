"""What comes back from a solve: what you hold, why it stopped, how good it is, and where it comes from."""

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Generic

from pydantic import Field

from gst_opt.core.errors import NoPlanError
from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import PlanT, Violation
from gst_opt.solve.belief import Attempt
from gst_opt.text import Lang, Message, say
from gst_opt.text.words import figure, goal_in_words, in_unit, percent, plain_figure, rule_in_words, unit_in_words

ROUNDING = 1e-6
"""A gap that is within the solver's own tolerances is none."""


class Status(StrEnum):
    """What you hold."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"
    REJECTED = "rejected"


class Stop(StrEnum):
    """Why it stopped."""

    GAP = "gap"
    TIME = "time"
    NODES = "nodes"
    PROOF = "proof"
    INTERRUPT = "interrupt"
    FAULT = "fault"


def relative_gap(value: float, bound: float, today: float) -> float:
    """Return ``|value - bound| / max(|value|, |today|, 1)``; infinite without a bound."""
    return abs(value - bound) / max(abs(value), abs(today), 1.0)


class Stage(Frozen):
    """One goal as it ended: the value reached, the bound proven, today's value."""

    goal: str = Field(description="Terms of the goal")
    unit: str = Field(description="Unit of the value")
    value: float = Field(description="Value of the plan")
    reached: float = Field(description="Value when its turn was over, before later goals gave back what they may")
    bound: float | None = Field(
        description="No plan that keeps what earlier goals reached can be below this; empty when nothing was proven"
    )
    today: float = Field(description="Value when nothing changes")
    tolerance: float = Field(description="How much of it later goals were allowed to give back")

    @property
    def gap(self) -> float:
        """Relative distance between the value that it reached and its bound; what was given back is no gap."""
        return float("inf") if self.bound is None else relative_gap(self.reached, self.bound, self.today)


class TermValue(Frozen):
    """A named term: today, planned, and the constant part that no decision of the plan can change."""

    name: str = Field(description="Name of the term")
    unit: str = Field(description="Unit")
    today: float = Field(description="Value when nothing changes")
    planned: float = Field(description="Value of the plan")
    constant: float = Field(description="Part outside the decision, reported beside it and never in it")


class Relaxation(Frozen):
    """One rule at one place, by how much it would have to give way."""

    rule: str = Field(description="Name of the rule (constraint)")
    place: str = Field(description="Where: the key of the row")
    asked: float = Field(description="What the rule asks")
    needed: float = Field(description="What would have to be allowed instead")

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it on one line."""
        key = "solve.relax_floor" if self.needed < self.asked else "solve.relax_ceiling"
        rule = rule_in_words(self.rule, lang)
        place = say("solve.everywhere", lang) if self.place == "*" else self.place
        asked, needed = plain_figure(self.asked, lang), plain_figure(self.needed, lang)
        values = {"rule": rule, "place": place, "asked": asked, "needed": needed}
        return Message(key, values).text(lang)


class Conflict(Frozen):
    """Why there is no plan.

    The rules in `rules` contradict one another. Where independent parts of the problem have no plan each, they are the
    rules of all these parts; once any one of them is left out, the rules of a part do not contradict one another any
    more (as far as the time allowed to find out). `relaxations` is the least total change of figures that allows a
    plan, if `proven`, else one that does.
    """

    rules: tuple[str, ...] = Field(description="Rules that contradict one another")
    relaxations: tuple[Relaxation, ...] = Field(description="What would have to give way, and by how much")
    proven: bool = Field(
        description="Whether no smaller change in total allows a plan; false where time cut the search"
    )

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it: the rules, then one line a relaxation."""
        key = "solve.conflict" if self.proven else "solve.conflict_not_proven"
        first = Message(key, {"rules": ", ".join(rule_in_words(rule, lang) for rule in self.rules)}).text(lang)
        return "\n".join([first, *(f"  {relaxation.text(lang)}" for relaxation in self.relaxations)])


class Provenance(Frozen):
    """Where a result comes from: enough to make it again."""

    gst_opt: str = Field(description="Version of gst_opt")
    highspy: str = Field(description="Version of the solver")
    pyomo: str = Field(description="Version of Pyomo")
    python: str = Field(description="Version of Python")
    question: str = Field(description="Type of the problem")
    problem_digest: str = Field(description="SHA-256 of the problem as JSON")
    gap: float = Field(description="Gap asked for")
    seconds_allowed: float | None = Field(description="Time limit, empty when none")
    nodes_allowed: int | None = Field(description="Nodes of each search at most, empty when no limit")
    seed: int = Field(description="Seed of the solver")
    seconds: float = Field(description="Time used, building included")
    columns: int = Field(description="Columns of the model")
    rows: int = Field(description="Rows of the model")
    parts: int = Field(description="Independent parts solved one by one")
    cut_by_time: bool = Field(description="true when time or an interruption cut the run: it may differ next time")
    coefficient_range: tuple[float, float] | None = Field(
        description="Smallest and largest coefficient given to the solver, in absolute value; empty without any"
    )
    attempts: tuple[Attempt, ...] = Field(
        description="Runs of the solver that were not believed, and what was tried next; empty when all went well"
    )
    interrupted_by: str | None = Field(
        description="KeyboardInterrupt, Cancellation, or the exception of the progress callback; empty when nothing did"
    )


@dataclass(frozen=True)
class Result(Generic[PlanT]):
    """A plan and its proof.

    Attributes
    ----------
    status, stop
        What you hold and why it stopped.
    plan
        The plan, or None (infeasible, unknown, rejected by the check).
    stages
        One for each goal, in order.
    terms
        Every named term, today and planned.
    violations
        What the independent check found; empty for every plan that leaves.
    provenance
        Versions, options, digest of the data, time.
    conflict
        Why there is no plan, when it is infeasible and the time allowed to find out.
    """

    status: Status
    stop: Stop
    plan: PlanT | None
    stages: tuple[Stage, ...]
    terms: tuple[TermValue, ...]
    violations: tuple[Violation, ...]
    provenance: Provenance
    conflict: Conflict | None = None

    @property
    def gap(self) -> float:
        """The worst gap of the stages; infinite without a plan."""
        return max((stage.gap for stage in self.stages), default=float("inf") if self.plan is None else 0.0)

    @property
    def objective(self) -> float | None:
        """Value of the first goal; None without a plan."""
        return self.stages[0].value if self.stages else None

    @property
    def bound(self) -> float | None:
        """Bound of the first goal; None when nothing was proven."""
        return self.stages[0].bound if self.stages else None

    @property
    def checked(self) -> bool:
        """Whether the independent check read the plan and found nothing."""
        return self.plan is not None and not self.violations

    def require(self) -> PlanT:
        """Return the plan.

        Raises
        ------
        NoPlanError
            If there is none.
        """
        if self.plan is None:
            raise NoPlanError(Message("solve.no_plan", {"line": Message(f"solve.status_{self.status}")}), self.conflict)
        return self.plan

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it on one honest line; without a plan, say why on the lines below."""
        status = say(f"solve.status_{self.status}", lang)
        stop = say(f"solve.stop_{self.stop}", lang)
        checked = say("solve.checked" if self.checked else "solve.not_checked", lang)
        values = {
            "status": status,
            "stop": stop,
            "checked": checked,
            "seconds": figure(self.provenance.seconds, lang, 1),
        }
        if not self.stages:
            line = say("solve.line_without_plan", lang, values)
            return line if self.conflict is None else f"{line}\n{self.conflict.text(lang)}"
        constants = {term.name: term.constant for term in self.terms}
        goals = "; ".join(_stage_text(stage, constants.get(stage.goal, 0.0), lang) for stage in self.stages)
        return say("solve.line", lang, values | {"goals": goals})

    def html(self, lang: Lang = Lang.EN) -> str:
        """Return the line and the stages as a table, for a page."""
        heads = "".join(f"<th>{escape(say(f'column.{name}', lang))}</th>" for name in _STAGE_COLUMNS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _stage_cells(stage, lang)) + "</tr>"
            for stage in self.stages
        )
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        return "".join(f"<p>{escape(line)}</p>" for line in self.text(lang).splitlines()) + table

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()


_STAGE_COLUMNS = ("goal", "unit", "today", "planned", "bound", "gap")


def _stage_cells(stage: Stage, lang: Lang) -> tuple[str, ...]:
    return (
        goal_in_words(stage.goal, lang),
        unit_in_words(stage.unit, lang),
        figure(in_unit(stage.today, stage.unit), lang, 2),
        figure(in_unit(stage.value, stage.unit), lang, 2),
        "" if stage.bound is None else figure(in_unit(stage.bound, stage.unit), lang, 2),
        "" if stage.bound is None else percent(stage.gap, lang, 3),
    )


def _stage_text(stage: Stage, constant: float, lang: Lang) -> str:
    goal, unit, today, value, bound, gap = _stage_cells(stage, lang)
    values = {
        "goal": goal,
        "unit": unit,
        "value": value,
        "today": today,
        "bound": bound or say("solve.no_bound", lang),
        "gap": gap or say("solve.no_bound", lang),
        "beyond": say("solve.beyond", lang, {"constant": figure(constant, lang, 2)}) if constant else "",
    }
    return say("solve.stage", lang, values)

"""What the ties of a grouping plan are worth: from parts planned in turn to the plan of the whole, tie after tie."""

import math
import time

from pydantic import Field

from gst_opt.analysis.parts import PartProof, prices_of
from gst_opt.core.errors import GstOptError, NoPlanError
from gst_opt.core.frozen import Frozen
from gst_opt.grouping_plan.case import Case
from gst_opt.grouping_plan.check import check
from gst_opt.grouping_plan.model import FORMULATION
from gst_opt.grouping_plan.plan import GroupingPlan, TieKind
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.sequential import ORDERS, PROVEN, Turns, told, turns
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.model.problem import Check, PlanTable
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.result import Result
from gst_opt.text import Lang, Message, say
from gst_opt.text.words import figure, percent

_PARTS = {
    "location": "grouping_plan.location",
    "staff": "grouping_plan.staff",
    "awards": "grouping_plan.awards",
    "support": "grouping_plan.support",
}
_TIES = {
    TieKind.BUDGET: "grouping_plan.worth_budget",
    TieKind.SUPPLIES: "grouping_plan.worth_supplies",
    TieKind.STAFF: "grouping_plan.worth_staff",
}


class TurnPlan(Frozen):
    """A plan made in turn, read and checked."""

    order: tuple[str, ...] = Field(description="Parts, the first one first")
    value: float = Field(description="Its value", json_schema_extra={"unit": "MAD"})
    parts: tuple[PartProof, ...] = Field(description="Every part with what it could still have gained in its turn")
    plan: GroupingPlan = Field(description="The plan")


class TieValue(Frozen):
    """What it is worth that platforms and staff are planned knowing a tie, and all those before it."""

    tie: TieKind = Field(description="Tie")
    before: float = Field(description="Value of the best plan without", json_schema_extra={"unit": "MAD"})
    after: float = Field(description="Value of the best plan with it", json_schema_extra={"unit": "MAD"})

    @property
    def worth(self) -> float:
        """What the tie is worth, MAD."""
        return self.before - self.after


class TieValues(Frozen):
    """From parts in turn to the plan of the whole: in turn, tie after tie, and what no tie accounts for.

    A plan made with more ties known may always be the one made with fewer: no tie is worth less than nothing.
    """

    in_turn: tuple[TurnPlan, ...] = Field(description="Plans made in turn, each order once, the best first")
    ties: tuple[TieValue, ...] = Field(description="Ties, in the order in which they were made known")
    joint: float = Field(description="Value of the plan of the whole", json_schema_extra={"unit": "MAD"})
    cut_by_time: bool = Field(
        default=False, description="Whether time, or an interruption, ended searches: ties may be worth more then"
    )

    @property
    def sequential(self) -> float:
        """Value of the best plan made in turn, MAD."""
        return self.in_turn[0].value

    @property
    def difference(self) -> float:
        """What the plan of the whole saves against the best plan made in turn, MAD."""
        return self.sequential - self.joint

    @property
    def remainder(self) -> float:
        """What no tie accounts for, MAD: of the difference, what the plan of the whole gains by its longer search."""
        return self.difference - sum(one.worth for one in self.ties)

    @property
    def accounted(self) -> float:
        """Share of the difference that ties account for; 1 without a difference."""
        return 1.0 if self.difference <= 0 else 1 - self.remainder / self.difference

    def table(self) -> PlanTable:
        """Describe the way from one to the other as a table."""
        rows = (
            ("in_turn", self.sequential, None),
            *((one.tie.value, one.after, one.worth) for one in self.ties),
            ("joint", self.joint, self.remainder),
        )
        return PlanTable(name="tie_values", columns=("known", "value", "worth"), rows=rows)

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it, a line a tie."""
        values = {
            "order": ", ".join(say(_PARTS[part], lang) for part in self.in_turn[0].order),
            "sequential": figure(self.sequential, lang),
            "joint": figure(self.joint, lang),
            "difference": figure(self.difference, lang),
            "share": percent(self.accounted, lang, 1),
        }
        lines = [(_TIES[one.tie], one.worth) for one in self.ties]
        return "\n  ".join(
            [
                say("grouping_plan.worth", lang, values),
                *(say(key, lang, {"mad": figure(mad, lang)}) for key, mad in lines),
                say("grouping_plan.worth_rest", lang, {"mad": figure(self.remainder, lang)}),
                *([say("grouping_plan.worth_cut", lang)] if self.cut_by_time else []),
            ]
        )

    def __str__(self) -> str:
        return self.text()


def tie_values(problem: GroupingProblem, joint: Result[GroupingPlan], options: SolveOptions | None = None) -> TieValues:
    """Say what each tie of a grouping plan is worth: plan with ever more of them known to platforms and staff.

    First the parts are planned in turn, each with what is left of the budget, in two orders. Then, in the better of
    them, platforms and staff are planned knowing what a dirham is worth; then what acts use as well; then together with
    one another. Support follows every time, then purchases, which have what support frees. What each brings is the
    worth of the tie made known, and with what is left these add up to the difference between parts in turn and the plan
    of the whole.

    Parameters
    ----------
    problem, joint
        The question, of one goal (a sum in MAD, the default), and its result.
    options
        Seconds for all plans together, an equal share for each; gap that sets how long neighbourhoods are searched.

    Raises
    ------
    NoPlanError
        If the result has no plan, or there is none made in turn.
    GstOptError
        If the question has several goals.

    Examples
    --------
    >>> import gst_opt as gst
    >>> problem = gst.GroupingProblem.of(gst.load_sample("two_towns"), gst.GroupingPolicy(budget=4_000_000))
    >>> tie_values(problem, gst.solve(problem)).table().rows[-1][0]
    'joint'
    """
    options, began = options or SolveOptions(), time.monotonic()
    joint.require()
    goals = problem.chosen_goals.stages
    if len(goals) != 1 or not isinstance(goals[0], Goal):
        raise GstOptError(Message("grouping_plan.one_goal"))
    case, ties = Case(FORMULATION, problem), _ties(problem)
    with Interruption(options.cancel) as cancelled:
        limits = limits_of(options, began, cancelled)
        alone = limits.for_a_share(len(ORDERS) / (len(ORDERS) + len(ties)))
        in_turn = [plan for one in turns(case, alone) if (plan := _read(case, goals[0], one)) is not None]
        if not in_turn:
            raise NoPlanError(Message("grouping_plan.no_turns"))
        in_turn.sort(key=lambda one: one.value)
        best, values = in_turn[0].value, []
        prices = case.search(limits)
        prices.relax()
        for number, tie in enumerate(() if cancelled.is_set() else ties):
            share = limits.for_a_share(1 / (len(ties) - number))
            x = told(prices, in_turn[0].order, case.today, ties[: number + 1], share)
            read = None if x is None else _checked(case, goals[0], x)
            after = best if read is None else min(best, read[1])
            values.append(TieValue(tie=tie, before=best, after=after))
            best = after
        cut = limits.over() or prices.prices is None
    return TieValues(in_turn=tuple(in_turn), ties=tuple(values), joint=joint.stages[0].value, cut_by_time=cut)


def _ties(problem: GroupingProblem) -> list[TieKind]:
    """Return the ties that a question has, in the order in which they are made known."""
    there = {
        TieKind.BUDGET: problem.policy.budget is not None,
        TieKind.SUPPLIES: problem.tied_supplies,
        TieKind.STAFF: problem.tied_staff,
    }
    return [tie for tie, is_there in there.items() if is_there]


def _read(case: Case, goal: Goal, found: Turns) -> TurnPlan | None:
    """Read and check a plan made in turn, with what every part could still have gained; None without one."""
    read = None if found.x is None else _checked(case, goal, found.x)
    if read is None:
        return None
    plan, value, checked = read
    parts = []
    for name in found.order:
        price = prices_of(case.problem.policy, name, goal)
        today, planned = (math.fsum(price[term] * of[term] for term in price) for of in (checked.today, checked.terms))
        left = found.left[name]
        bound = planned - left if math.isfinite(left) else None
        parts.append(PartProof(part=name, today=today, planned=planned, bound=bound, target=PROVEN))
    return TurnPlan(order=found.order, value=value, parts=tuple(parts), plan=plan)


def _checked(case: Case, goal: Goal, x: Floats) -> tuple[GroupingPlan, float, Check] | None:
    """Return the plan of a point, its value as the check has it, and the check; None where it breaks a rule."""
    plan = case.plan(x)
    checked = check(case.problem, plan)
    if checked.violations:
        return None
    return plan, math.fsum(one.weight * checked.terms[one.term] for one in goal.weights), checked

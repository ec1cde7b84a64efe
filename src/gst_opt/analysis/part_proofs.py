"""How good each part of a grouping plan is by itself: what it could still gain while the others stay as they are."""

import math
import time
from dataclasses import replace

from gst_opt.analysis.parts import PartProof, prices_of
from gst_opt.grouping_plan.arrays import OWN, Bools, Tied, held
from gst_opt.grouping_plan.model import FORMULATION
from gst_opt.grouping_plan.plan import GroupingPlan
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.preflight import prepared
from gst_opt.solve.restrict import minimise_large
from gst_opt.solve.result import Result, Stage


def part_proofs(
    problem: GroupingProblem, result: Result[GroupingPlan], options: SolveOptions | None = None
) -> tuple[PartProof, ...]:
    """Prove how much each part of a grouping plan could still gain by itself.

    One part after the other is searched again with the others held: platforms with the staff that moves leave, moves
    that leave platforms their staff, the tender for the acts of the plan, each within what the others leave of the
    budget. What the parts could gain by changing together is in the gap of the whole, and not here; no part gains
    more than the whole.

    Parameters
    ----------
    problem, result
        The question, of one goal (a sum in MAD, the default; nothing is proven of others), and its result.
    options
        Gap to prove of each part, and seconds for all of them; without time, the proof of the whole is all there is.

    Raises
    ------
    NoPlanError
        If the result has no plan.

    Examples
    --------
    >>> import gst_opt as gst
    >>> problem = gst.GroupingProblem.of(gst.load_sample("two_towns"))
    >>> [(one.part, round(one.planned), one.reached) for one in part_proofs(problem, gst.solve(problem))][-1]
    ('support', 1620770, True)
    """
    options, began = options or SolveOptions(), time.monotonic()
    plan, goals = result.require(), problem.chosen_goals.stages
    if len(goals) != 1 or not isinstance(goals[0], Goal):
        return ()
    whole = [_unproven(problem, result, name, goals[0], options.gap) for name in problem.parts]
    if all(one.reached for one in whole):
        return tuple(whole)
    tied, x = _arrays(problem, plan, goals[0])
    found = []
    with Interruption(options.cancel) as cancelled:
        limits = limits_of(options, began, cancelled)
        for number, one in enumerate(whole):
            share = replace(limits, goals_left=len(whole) - number).for_one_goal()
            gain = None if one.reached else _gain(tied, tied.owned([one.part, OWN]), x, share)
            bounds = [bound for bound in (one.bound, None if gain is None else one.planned - gain) if bound is not None]
            found.append(one.replace(bound=max(bounds, default=None)))
    return tuple(found)


def _unproven(problem: GroupingProblem, result: Result[GroupingPlan], name: str, goal: Goal, gap: float) -> PartProof:
    """Return what a part costs, and what the proof of the whole says of it."""
    price = prices_of(problem.policy, name, goal)
    terms = [term for term in result.terms if term.name in price]
    today, planned = (
        math.fsum(price[term.name] * getattr(term, when) for term in terms) for when in ("today", "planned")
    )
    stage: Stage = result.stages[0]
    bound = None if stage.bound is None else planned - max(stage.reached - stage.bound, 0.0)
    return PartProof(part=name, today=today, planned=planned, bound=bound, target=gap)


def _arrays(problem: GroupingProblem, plan: GroupingPlan, goal: Goal) -> tuple[Tied, Floats]:
    """Return the model as arrays, and the point of the plan."""
    model = FORMULATION.build(problem)
    compiled = compile_model(model, FORMULATION.terms(model, problem))
    FORMULATION.write(model, problem, plan)
    x = compiled.stored()
    tight = prepared(compiled)
    return Tied.of(tight, tight.costs(goal)), x


def _gain(tied: Tied, free: Bools, x: Floats, limits: Limits) -> float | None:
    """Return what no point that differs from x in the free columns alone can gain more than; None without a proof."""
    if limits.over():
        return None
    costs = tied.costs[free]
    run = minimise_large(held(tied.part, free, x), costs, (), limits, x[free])
    return None if run.bound is None else max(float(costs @ x[free]) - run.bound, 0.0)

"""What changes cost or bring: a problem solved as it is and with each change, the difference of every goal and term."""

from collections.abc import Iterable, Mapping

from gst_opt.analysis.price_table import GoalPrice, RulePrice, RulePrices, TermDifference
from gst_opt.api import question_of, solve
from gst_opt.core.errors import GstOptError
from gst_opt.model.changes import Change
from gst_opt.model.goals import Goal
from gst_opt.model.problem import PlanT, Problem
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result, Stage
from gst_opt.text import Message


def rule_prices(
    problem: Problem[PlanT],
    changes: Iterable[Change[Problem[PlanT]]],
    options: SolveOptions | None = None,
    base: Result[PlanT] | None = None,
) -> RulePrices:
    """Solve a problem as it is and with each change; return the difference of every goal and term.

    Of the best values of a goal, ``v*`` as it is and ``w*`` with the change, each solve proves ``l <= v* <= v`` and
    ``m <= w* <= w``. So ``m - v <= w* - v* <= w - l``: the sides of each `GoalPrice`. A difference whose sides lie
    around zero is told as not larger than they are. A change that only leaves a rule out, and says so (`relaxes`), has
    no side above zero in the first goal. What no decision can change counts too, since a change may bring
    it within reach; but for terms that are compared with one another (`WorstFirst`), of whose largest it is no part.

    A later goal is compared under what each side reached before. Terms are those of the two plans: their differences
    are proven only as far as a goal's are. Each change starts from the plan without it, as far as it is still allowed.

    Parameters
    ----------
    problem
        The question as it is.
    changes
        Changes, each a label and the changed question; as many problems are solved, and one more without `base`.
    options
        As for `solve`, for each of them.
    base
        Result of `problem`, where it is already there.

    Raises
    ------
    GstOptError
        If `base` is the result of another problem.
    DataError, SolverError
        As `solve` does.

    Examples
    --------
    >>> import gst_opt as gst
    >>> problem = gst.LocationProblem.of(gst.load_sample("two_towns"))
    >>> scanner = gst.LocationChanges(problem).one_more_unit("hp-north", "ct")
    >>> (rule,) = gst.rule_prices(problem, [scanner]).rules
    >>> [round(goal.price) for goal in rule.goals]
    [0, 0, 8272975]
    """
    if base is None:
        base = solve(problem, options)
    elif not _answers(base, problem):
        raise GstOptError(Message("prices.other_base"))
    before = _constants(problem, base)
    rules = []
    for change in changes:
        found = solve(change.problem, options, start=base.plan)
        goals = _goals(base, found, before, _constants(change.problem, found))
        if change.relaxes:
            goals = _relaxed(goals)
        rules.append(RulePrice(change=change, status=found.status, goals=goals, terms=_terms(base, found)))
    return RulePrices(status=base.status, rules=tuple(rules))


def _answers(result: Result[PlanT], problem: Problem[PlanT]) -> bool:
    from gst_opt.solve.run import problem_digest

    return result.provenance.problem_digest == problem_digest(problem)


def _constants(problem: Problem[PlanT], result: Result[PlanT]) -> dict[str, float]:
    """Return what no decision changes in each weighted sum, by the name of the goal."""
    beyond = {term.name: term.constant for term in result.terms}
    goals = question_of(problem).formulation().goals(problem)
    return {
        goal.name: sum(one.weight * beyond.get(one.term, 0.0) for one in goal.weights)
        for goal in goals.stages
        if isinstance(goal, Goal)
    }


def _goals(
    base: Result[PlanT], found: Result[PlanT], before: Mapping[str, float], after: Mapping[str, float]
) -> tuple[GoalPrice, ...]:
    """Compare the goals that either side has, by their names."""
    old, new = ({stage.goal: stage for stage in result.stages} for result in (base, found))
    prices = []
    for name, stage in (old | new).items():
        value, bound = _proven(old.get(name), before.get(name, 0.0))
        changed, least = _proven(new.get(name), after.get(name, 0.0))
        lowest = None if value is None or least is None else least - value
        highest = None if changed is None or bound is None else changed - bound
        prices.append(
            GoalPrice(goal=name, unit=stage.unit, before=value, after=changed, lowest=lowest, highest=highest)
        )
    return tuple(prices)


def _relaxed(goals: tuple[GoalPrice, ...]) -> tuple[GoalPrice, ...]:
    """Return prices whose first goal cannot have become worse."""
    if not goals or goals[0].highest is None:
        return goals
    return (goals[0].replace(highest=min(goals[0].highest, 0.0)), *goals[1:])


def _proven(stage: Stage | None, constant: float) -> tuple[float | None, float | None]:
    """Return the value that a stage reached and its bound, with what no decision changes."""
    if stage is None:
        return None, None
    return stage.reached + constant, None if stage.bound is None else stage.bound + constant


def _terms(base: Result[PlanT], found: Result[PlanT]) -> tuple[TermDifference, ...]:
    """Return every term, with what lies beyond the plan."""
    old, new = ({term.name: term.planned + term.constant for term in one.terms} for one in (base, found))
    units = {term.name: term.unit for term in (*base.terms, *found.terms)}
    return tuple(
        TermDifference(term=name, unit=unit, before=old.get(name), after=new.get(name)) for name, unit in units.items()
    )

"""Fairness between provinces: the goals that a policy asks for, and the figures that a plan reports; no solver."""

from collections.abc import Iterable

from gst_opt.core.mobility import PremiumKind
from gst_opt.model.goals import Goals, minimise
from gst_opt.model.provinces import worst_province_first
from gst_opt.pillars.staff.fairness import figures
from gst_opt.pillars.staff.redeployment.plan import Fairness, FairnessMeasure, Team
from gst_opt.pillars.staff.redeployment.problem import EquityKind, RedeploymentProblem


def default_goals(problem: RedeploymentProblem) -> Goals:
    """Return the goals of a policy that names none: unfairness, uncovered need, premiums, travel, moves.

    Unfairness is left out where fewer than two provinces have a need, premiums where no step is known.
    """
    paid = {PremiumKind.MOVE, PremiumKind.MISSION}.intersection(s.kind for s in problem.workforce.premium_steps)
    later = minimise("uncovered", *(("premiums",) if paid else ()), "travel", "moves")
    equity = problem.policy.equity
    needs = problem.needs_by_province()
    if equity.kind is EquityKind.NONE or len(needs) < 2:
        return later
    worst = min(equity.worst, len(needs))
    first, last = {EquityKind.MAX_MIN: (1, 1), EquityKind.WORST_MEAN: (worst, worst)}.get(equity.kind, (1, None))
    return worst_province_first(needs, last, first).then(later)


def fairness(teams: Iterable[Team]) -> tuple[Fairness, ...]:
    """Return the figures of fairness between the provinces of some teams, today and planned."""
    need: dict[str, float] = {}
    covered: dict[str, list[float]] = {}
    for team in teams:
        need[team.province] = need.get(team.province, 0.0) + team.need
        own = covered.setdefault(team.province, [0.0, 0.0])
        own[0] += team.covered_today
        own[1] += team.covered_planned
    provinces = sorted(name for name, fte in need.items() if fte > 0)
    if not provinces:
        return ()
    today, planned = (figures([covered[name][when] / need[name] for name in provinces]) for when in (0, 1))
    return tuple(
        Fairness(measure=measure, today=today[measure], planned=planned[measure]) for measure in FairnessMeasure
    )

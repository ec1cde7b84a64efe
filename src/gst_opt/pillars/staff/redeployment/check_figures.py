"""Are the figures that a plan reports those of its moves and fills? Teams, fairness, unmet needs; for the check."""

import math
from collections.abc import Iterator, Mapping

from gst_opt.model.problem import Violation
from gst_opt.pillars.staff.redeployment.check_facts import TOLERANCE, Facts, Place, gini_of
from gst_opt.pillars.staff.redeployment.check_reasons import Reasons
from gst_opt.pillars.staff.redeployment.plan import FairnessMeasure, RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem


def figures(
    problem: RedeploymentProblem,
    plan: RedeploymentPlan,
    facts: Facts,
    after: Mapping[Place, int],
    cover: Mapping[Place, float],
) -> Iterator[Violation]:
    """Yield the figures of a plan that are not those of its moves and fills.

    Parameters
    ----------
    problem, plan
        The question and the answer.
    facts
        What the data say.
    after, cover
        Heads and need covered of every team when the plan is carried out.
    """
    yield from _teams(plan, facts, after, cover)
    yield from _fairness(plan, facts, cover)
    yield from _unmet(plan, facts, cover)


def _teams(
    plan: RedeploymentPlan, facts: Facts, after: Mapping[Place, int], cover: Mapping[Place, float]
) -> Iterator[Violation]:
    places = sorted(facts.places() | {place for place, heads in after.items() if heads})
    listed = [(team.facility, team.skill) for team in plan.teams]
    if listed != places:
        wrong = sorted(set(listed) ^ set(places))
        yield Violation("teams", wrong[0] if wrong else ("*",), len(listed), len(places))
        return
    today = facts.cover_today()
    for team in plan.teams:
        place = (team.facility, team.skill)
        facility, need = facts.facilities.get(team.facility), facts.need(place)
        if facility is None or (team.province, team.establishment) != (
            facility.province,
            facility.establishment or facility.id,
        ):
            yield Violation("team_place", place, 0, 1)
        if abs(team.need - need) > TOLERANCE or (place in facts.needs and team.basis != facts.needs[place].basis):
            yield Violation("team_need", place, team.need, need)
        for heads, expected in (
            (team.heads_today, facts.heads.get(place, 0)),
            (team.heads_planned, after.get(place, 0)),
        ):
            if heads != expected:
                yield Violation("team_heads", place, heads, expected)
        for covered, owed in (
            (team.covered_today, today.get(place, 0.0)),
            (team.covered_planned, cover.get(place, 0.0)),
        ):
            if abs(covered - owed) > TOLERANCE:
                yield Violation("team_cover", place, covered, owed)


def _unmet(plan: RedeploymentPlan, facts: Facts, cover: Mapping[Place, float]) -> Iterator[Violation]:
    short = {place: facts.need(place) - cover[place] for place in sorted(cover)}
    expected = {place: fte for place, fte in short.items() if fte > TOLERANCE}
    listed = [(row.facility, row.skill) for row in plan.unmet]
    if listed != list(expected):
        wrong = sorted(set(listed) ^ expected.keys())
        yield Violation("unmet", wrong[0] if wrong else ("*",), len(listed), len(expected))
        return
    reasons = Reasons(plan, facts).of(expected)
    for row, (place, fte) in zip(plan.unmet, expected.items(), strict=True):
        if abs(row.uncovered - fte) > TOLERANCE:
            yield Violation("unmet", place, row.uncovered, fte)
        if row.reason is not reasons[place]:
            yield Violation("unmet_reason", (*place, row.reason), 0, 1)


def _fairness(plan: RedeploymentPlan, facts: Facts, cover: Mapping[Place, float]) -> Iterator[Violation]:
    today, planned = facts.shares(facts.cover_today()), facts.shares(cover)
    listed = [row.measure for row in plan.fairness]
    if listed != (list(FairnessMeasure) if planned else []):
        yield Violation("fairness", ("*",), len(listed), len(FairnessMeasure) if planned else 0)
        return
    for row in plan.fairness:
        for found, shares in ((row.today, today), (row.planned, planned)):
            expected = _measure(row.measure, shares)
            if (found is None) != (expected is None) or not math.isclose(
                found or 0.0, expected or 0.0, rel_tol=TOLERANCE, abs_tol=TOLERANCE
            ):
                yield Violation("fairness", (row.measure,), found or 0.0, expected or 0.0)


def _measure(measure: FairnessMeasure, shares: list[float]) -> float | None:
    ordered = sorted(shares)
    if measure is FairnessMeasure.WORST_SHARE:
        return ordered[0]
    if measure is FairnessMeasure.GINI:
        return gini_of(shares)
    return ordered[-1] / ordered[0] if ordered[0] > 1e-12 else None

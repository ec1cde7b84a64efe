"""What must not change a plan, and what can only make it worse."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import bmat
from scipy.sparse.csgraph import connected_components

import gst_opt as gst
from gst_opt.core.region import Level, Region, TravelTime, Zone
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.pillars.staff.redeployment.model import FORMULATION
from gst_opt.pillars.staff.redeployment.problem import RedeploymentPolicy, RedeploymentProblem
from gst_opt.solve.compiled import compile_model
from tests.staff.random_cases import draw_flow, draw_with_side_rows
from tests.staff.test_redeployment import values_in_all
from tests.staff.toys import facility, norm, step, two_provinces, two_spare, with_roads

ONE = gst.SolveOptions(workers=1)
SMALL = st.integers(0, 4)
NEEDS = st.sampled_from([0.5, 1.0, 2.5, 3.75])


def near_a_hub(hubs: int, heads: int, need: int, team: int, minutes: int, others: list[tuple[int, float]]) -> Any:
    """Make a hub of so many equal facilities, no minute apart, and centres that are as far from each of them."""
    level, levels = Level.PROVINCIAL_HOSPITAL, [Level.URBAN_CENTRE_1, Level.RURAL_CENTRE_1, Level.DISPENSARY]
    sites = [f"hub{number}" for number in range(hubs)]
    centres = [f"c{number}" for number in range(len(others))]
    far = {**dict.fromkeys(sites, 0), **{centre: minutes * (n + 1) for n, centre in enumerate(centres)}}
    scale = 2 // hubs
    return RedeploymentProblem(
        region=Region(
            facilities=(
                *(facility(site, level) for site in sites),
                *(facility(centre, levels[n]) for n, centre in enumerate(centres)),
            ),
            zones=(Zone(id="Z", name="Z", commune="C", province="P", urban=True),),
            travel_times=tuple(
                TravelTime(origin=a, destination=b, minutes=float(abs(far[a] - far[b])))
                for a, b in itertools.permutations(far, 2)
            ),
        ),
        workforce=Workforce(
            skills=(Skill(id="s", name_fr="s", name_en="s", profession="p"),),
            staff=(
                *(Staff(facility=site, skill="s", heads=scale * heads) for site in sites),
                *(
                    Staff(facility=centre, skill="s", heads=count)
                    for centre, (count, _) in zip(centres, others, strict=True)
                ),
            ),
            staffing_norms=(
                norm(level, "s", float(scale * need), scale * team),
                *(norm(levels[n], "s", fte) for n, (_, fte) in enumerate(others)),
            ),
        ),
    )


@settings(max_examples=25, deadline=None)
@given(
    SMALL,
    SMALL,
    SMALL,
    st.integers(1, 30),
    st.lists(st.tuples(SMALL, st.sampled_from([0.5, 1.0, 2.5, 3.75])), max_size=3),
)
def test_a_team_split_in_two_equal_ones_changes_no_goal(
    heads: int, need: int, team: int, minutes: int, others: list[tuple[int, float]]
) -> None:
    one, two = (gst.solve(near_a_hub(hubs, heads, need, team, minutes, others), ONE) for hubs in (1, 2))
    assert values_in_all(two) == pytest.approx(values_in_all(one))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 200))
def test_a_facility_without_staff_or_need_changes_no_goal(seed: int) -> None:
    problem = draw_flow(seed)
    region = problem.region
    more = facility("zzz", Level.UNIVERSITY_HOSPITAL)
    beside = tuple(
        TravelTime(origin=a, destination=b, minutes=1.0)
        for site in region.facilities
        for a, b in ((site.id, more.id), (more.id, site.id))
    )
    wider = region.replace(facilities=(*region.facilities, more), travel_times=(*region.travel_times, *beside))
    before, after = gst.solve(problem, ONE), gst.solve(problem.replace(region=wider), ONE)
    assert values_in_all(after) == pytest.approx(values_in_all(before))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 100))
def test_a_tighter_limit_never_improves_the_first_goal(seed: int) -> None:
    problem = draw_with_side_rows(seed)
    first = []
    for tight in (3, 2, 1, 0):
        policy = problem.policy.replace(
            max_moves=tight, premium_budget=2.0 * tight, equity=problem.policy.equity.replace(gini_ceiling=None)
        )
        result = gst.solve(problem.replace(policy=policy), ONE)
        constants = {term.name: term.constant for term in result.terms}
        first.append(
            result.stages[0].value + constants.get(result.stages[0].goal, 0.0) if result.plan else float("inf")
        )
    assert all(loose <= tighter + 1e-6 for loose, tighter in itertools.pairwise(first))


def test_a_budget_step_by_step() -> None:
    """A move of 20 km costs 500, one of 34 km 1,000; the hospital can spare two."""
    steps = (step(10.0, 500.0), step(30.0, 1000.0))
    left = [
        values_in_all(gst.solve(with_roads(two_spare(premium_steps=steps, premium_budget=money)), ONE))[0]
        for money in (0.0, 499.0, 500.0, 1000.0, 1500.0)
    ]
    assert left == pytest.approx([2.0, 2.0, 1.5, 1.0, 0.5])


@pytest.mark.parametrize(("floor", "worst", "moves"), [(None, 1.0, 0.0), (0.0, 0.75, 1.0)])
def test_fairness_costs_no_coverage_unless_the_policy_says_so(floor: float | None, worst: float, moves: float) -> None:
    """P has 2 heads for 4 posts, Q none for half a post: one head more in Q is worth 0.5, and 1 less in P.

    Leximin alone sends it, since shares of 1/4 and 1 are fairer than 1/2 and 0: 1.5 FTE are covered, 2 today. With the
    floor of today's coverage nobody moves.
    """
    problem = two_provinces(two_spare(), kept_share=0.0, equity=gst.Equity(coverage_floor=floor))
    force = problem.workforce.replace(
        staff=(Staff(facility="near", skill="doctor", heads=2),),
        staffing_norms=(norm(Level.URBAN_CENTRE_1, "doctor", 4.0), norm(Level.RURAL_CENTRE_1, "doctor", 0.5)),
    )
    levels = {"far": Level.RURAL_CENTRE_1}
    sites = (one.replace(level=levels.get(one.id, one.level)) for one in problem.region.facilities)
    region = problem.region.replace(facilities=tuple(sites))
    values = values_in_all(gst.solve(problem.replace(workforce=force, region=region), ONE))
    assert (values[0], values[-1]) == pytest.approx((worst, moves))


def test_independent_skills_stay_apart_where_nothing_ties_them() -> None:
    """Without equity, budget and caps each skill of two towns is a part of its own."""
    grouping = gst.load_sample("two_towns")
    apart = RedeploymentPolicy(equity=gst.Equity(kind=gst.EquityKind.NONE))
    tied = apart.replace(max_moves=3)

    def parts(policy: RedeploymentPolicy) -> int:
        problem = RedeploymentProblem.of(grouping, policy)
        model = FORMULATION.build(problem)
        matrix = abs(compile_model(model, FORMULATION.terms(model, problem)).matrix)
        return int(connected_components(bmat([[None, matrix], [matrix.T, None]]), directed=False)[0])

    assert parts(apart) >= 3
    assert parts(tied) < parts(apart)

"""Workforce plans: values by hand, by enumeration, and what must not get worse."""

from datetime import date
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.careers import Attraction, Career, NewPosts, StaffingTarget, Training
from gst_opt.core.errors import DataError, GstOptError
from gst_opt.core.grouping import Grouping
from gst_opt.core.mobility import Post
from gst_opt.core.time import Grain
from gst_opt.core.workforce import Skill, Staff, StaffAge
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.problem import RedeploymentPolicy, RedeploymentProblem
from gst_opt.pillars.staff.workforce_planning.plan import WorkforcePlan
from gst_opt.pillars.staff.workforce_planning.problem import Decision, WorkforcePlanningProblem, WorkforcePolicy
from gst_opt.report.summary import result_text
from tests.staff.random_cases import draw as draw_redeployment
from tests.workforce_planning.oracle import draw, every
from tests.workforce_planning.toys import (
    NO_MOVE,
    VALLEY_BEST,
    VALLEY_TODAY,
    WITH,
    WITHOUT,
    mad,
    make,
    pin,
    school,
    valley,
)

ONE = gst.SolveOptions(workers=1)
IN_ORDER = gst.minimise("uncovered", "target_shortfall", "spending", "moves", "travel")


def terms(result: gst.Result[Any], field: str = "planned") -> tuple[float, ...]:
    return tuple(getattr(term, field) for term in result.terms)


def values(problem: WorkforcePlanningProblem) -> tuple[float, ...]:
    result = gst.solve(problem, gst.SolveOptions(workers=1, gap=0.0))
    assert result.checked, result.violations
    return tuple(term.planned + term.constant for term in result.terms)


def heads_of(plan: WorkforcePlan, facility: str, skill: str) -> list[float]:
    return [team.heads_end for team in plan.teams if (team.facility, team.skill) == (facility, skill)]


def test_the_valley_moves_one_nurse_a_year_and_opens_its_post_with_the_incentive() -> None:
    result = gst.solve(valley(), ONE)
    assert result.status is gst.Status.OPTIMAL, result.violations
    assert terms(result) == pytest.approx(VALLEY_BEST)
    assert terms(result, "today") == pytest.approx(VALLEY_TODAY)
    (stage,) = result.stages
    assert [stage.value, stage.today] == pytest.approx([642_000.0, *mad(VALLEY_TODAY)])
    assert stage.unit == "MAD"
    plan = result.require()
    assert [(one.period, one.origin, one.host, one.heads) for one in plan.moves] == [
        ("2026", "hub", "far", 1),
        ("2027", "hub", "far", 1),
    ]
    assert [(one.year, one.facility, one.posts, one.with_incentive, one.filled) for one in plan.posts] == [
        (2026, "far", 1, 1, 1.0)
    ]
    assert [(one.year, one.target, one.heads, one.shortfall) for one in plan.targets] == [
        (2026, 9.0, 5.0, 4.0),
        (2027, 9.0, 5.0, 4.0),
    ]
    assert [(one.period, one.incentives, one.trainings) for one in plan.spending] == [
        ("2026", 1000.0, 0.0),
        ("2027", 1000.0, 0.0),
    ]


@pytest.mark.parametrize("name", WITH)
def test_a_constraint_that_binds_gives_the_value_by_hand(name: str) -> None:
    result = gst.solve(WITHOUT[name][0], ONE)
    assert result.checked, result.violations
    assert terms(result) == pytest.approx(WITH[name])


def test_prices_decide_what_is_worth_its_money_and_goals_in_order_do_not_ask() -> None:
    """At 100,000 MAD an FTE-year the second move covers 50,000 for 57,500: one move is left, 0.5 FTE each year."""
    assert terms(gst.solve(valley(uncovered_price=100_000.0), ONE)) == pytest.approx(
        (1.0, *VALLEY_BEST[1:3], 1.0, 50.0)
    )
    result = gst.solve(valley(uncovered_price=100_000.0, goals=IN_ORDER), ONE)
    assert tuple(stage.value for stage in result.stages) == pytest.approx(VALLEY_BEST)


def test_a_pin_against_moves_costs_the_need_that_they_would_cover() -> None:
    """Without the two moves 2.5 FTE-years more stay uncovered; 2 moves and 100 minutes are saved."""
    found = gst.pin_prices(valley(pin(PinKind.FORBID, Decision.MOVES, origin="hub")), ONE)
    ((_, *others),) = [[one.price for one in row.terms] for row in found.pins]
    assert found.pins[0].terms[0].price == pytest.approx(NO_MOVE[0] - VALLEY_BEST[0])
    assert others == pytest.approx([0.0, 0.0, -2.0, -100.0])


def test_the_school_trains_one_aide_who_is_a_nurse_the_year_after() -> None:
    plan = gst.solve(school(), ONE).require()
    (training,) = plan.trainings
    assert (training.period, training.back, training.heads, training.successes, training.cost) == (
        "2026",
        "2027",
        1,
        1.0,
        300.0,
    )
    assert [(one.period, one.facility, one.trainees) for one in plan.placements] == [("2026", "far", 1)]
    assert heads_of(plan, training.facility, "aide") == [0.0, 0.0]


def test_heads_retire_evenly_over_the_year_in_which_they_reach_the_age() -> None:
    """Of 4 nurses aged 61 on 1 January 2026 who retire at 63, one retires in each quarter of 2027: the age is reached
    between 12 and 24 months after. One aged 70 retires in the first quarter, one alone aged 62 at some time in 2026.
    """
    problem = make(
        {("hub", "nurse"): 1.0},
        {("hub", "nurse"): 7},
        {"grain": Grain.QUARTER, "periods": 8},
        careers=(Career(skill="nurse", retirement_age=63, source="toy"),),
        staff_ages=tuple(
            StaffAge(facility="hub", skill="nurse", age=age, heads=heads) for age, heads in ((61, 4), (62, 1), (70, 1))
        ),
    )
    plan = gst.solve(problem, ONE).require()
    assert [team.retirements for team in plan.teams] == [1.25, 0.25, 0.25, 0.25, 1, 1, 1, 1]
    assert heads_of(plan, "hub", "nurse") == [5.75, 5.5, 5.25, 5, 4, 3, 2, 1]


def test_lone_heads_of_one_skill_do_not_all_retire_in_one_quarter() -> None:
    """Three nurses, alone at their sites, reach the age in 2026: a quarter of a head each in every quarter."""
    problem = make(
        {("hub", "nurse"): 1.0},
        dict.fromkeys((("hub", "nurse"), ("far", "nurse"), ("mid", "nurse")), 1),
        {"grain": Grain.QUARTER, "periods": 5},
        careers=(Career(skill="nurse", retirement_age=63, source="toy"),),
        staff_ages=tuple(StaffAge(facility=site, skill="nurse", age=62, heads=1) for site in ("mid", "far", "hub")),
    )
    plan = gst.solve(problem, ONE).require()
    assert [team.retirements for team in plan.teams] == [0.25] * 12 + [0.0] * 3


def test_an_incentive_is_paid_for_the_posts_filled_so_far() -> None:
    """A post that fills by a quarter in each quarter of 2026: 3,000 MAD a quarter for 0.25, 0.5, 0.75 and 1 head."""
    problem = make(
        {("far", "nurse"): 1.0},
        {},
        {"grain": Grain.QUARTER, "periods": 5},
        new_posts=(NewPosts(year=2026, profession="nurse", posts=1, source="toy"),),
        attractions=(
            Attraction(
                facility="far",
                profession="nurse",
                fill_share=0.0,
                fill_share_with_incentive=1.0,
                incentive=12_000.0,
                source="toy",
            ),
        ),
    )
    result = gst.solve(problem, ONE)
    paid = [750.0, 1500.0, 2250.0, 3000.0, 3000.0]
    assert [one.incentives for one in result.require().spending] == pytest.approx(paid)
    assert {term.name: term.planned for term in result.terms}["spending"] == pytest.approx(sum(paid))


def test_a_part_of_a_year_brings_that_part_of_its_posts_places_and_newcomers() -> None:
    """The last quarter of 2026: a quarter of 8 posts, of 4 places, and of 3 newcomers (none) at the centre in reach."""
    problem = make(
        {("hub", "nurse"): 9.0, ("far", "nurse"): 9.0},
        {("hub", "nurse"): 1, ("hub", "aide"): 9},
        {"grain": Grain.QUARTER, "periods": 1, "start": date(2026, 10, 1), "goals": gst.minimise("uncovered")},
        new_posts=(NewPosts(year=2026, profession="nurse", posts=8, source="toy"),),
        posts=(Post(facility="far", skill="nurse", newcomers=3),),
        trainings=(Training(origin_skill="aide", skill="nurse", places=4, months=3, success_share=1.0, source="toy"),),
    )
    plan = gst.solve(problem, ONE).require()
    assert [(one.facility, one.posts) for one in plan.posts] == [("hub", 2)]
    enrolled = pin(PinKind.AT_LEAST, Decision.TRAINEES, 1.0), pin(PinKind.AT_LEAST, Decision.TRAINEES, 2.0)
    for asked, status in zip(enrolled, (gst.Status.OPTIMAL, gst.Status.INFEASIBLE), strict=True):
        pinned = problem.replace(policy=problem.policy.replace(pins=(asked,)))
        assert gst.solve(pinned, ONE).status is status


def test_nobody_is_moved_from_a_team_that_departures_bring_to_its_minimum() -> None:
    """Of 4 nurses, 3 of them protected, 3.2 are left after a year and 2.56 after two, whom nobody may take."""
    problem = make(
        {("hub", "nurse"): 1.0, ("far", "nurse"): 2.0},
        {},
        {"periods": 2},
        staff=(Staff(facility="hub", skill="nurse", heads=4, protected=3),),
        careers=(Career(skill="nurse", retirement_age=63, yearly_departures=0.2, source="toy"),),
    )
    plan = gst.solve(problem, ONE).require()
    assert plan.moves == ()
    assert heads_of(plan, "hub", "nurse") == pytest.approx([3.2, 2.56])


@pytest.mark.parametrize(("counted", "heads"), [((), 3.0), (("driver",), 1.0), (("driver", "nurse"), 4.0)])
def test_a_target_counts_health_professionals_unless_the_policy_says_who(
    counted: tuple[str, ...], heads: float
) -> None:
    problem = make(
        {("hub", "nurse"): 3.0, ("hub", "driver"): 1.0},
        {("hub", "nurse"): 3, ("hub", "driver"): 1},
        {"periods": 1, "counted": counted},
        skills=(
            Skill(id="nurse", name_fr="n", name_en="n", profession="nurse"),
            Skill(id="driver", name_fr="d", name_en="d", profession="driver", health_professional=False),
        ),
        new_posts=tuple(
            NewPosts(year=2026, profession=profession, posts=1, source="toy") for profession in ("nurse", "driver")
        ),
        staffing_targets=(StaffingTarget(year=2026, province="P", profession="*", per_1000=0.1, source="toy"),),
    )
    result = gst.solve(problem, ONE)
    assert result.checked, result.violations
    assert [(one.target, one.heads) for one in result.require().targets] == [(1.0, heads)]


def test_departures_compound_over_the_quarters_of_a_year() -> None:
    problem = make(
        {("hub", "nurse"): 1.0},
        {("hub", "nurse"): 10},
        {"grain": Grain.QUARTER, "periods": 8},
        careers=(Career(skill="nurse", retirement_age=63, yearly_departures=0.19, source="toy"),),
    )
    heads = heads_of(gst.solve(problem, ONE).require(), "hub", "nurse")
    assert (heads[3], heads[7]) == pytest.approx((8.1, 6.561))


@pytest.mark.parametrize(("onward", "tenure", "arrives"), [(True, 12, 1.0), (True, 13, 0.0), (False, 12, 0.0)])
def test_an_arrival_moves_on_only_after_the_minimum_tenure(onward: bool, tenure: int, arrives: float) -> None:
    """One nurse is hired at the hub at the end of 2026; the centre 50 minutes away, where a pin opens no post, gets her
    in 2028 if she may move on after 12 months, not within the three years of the plan if after 13 (two periods).
    """
    problem = make(
        {("hub", "nurse"): 0.1, ("far", "nurse"): 1.0},
        {},
        {
            "onward_moves": onward,
            "periods": 3,
            "goals": gst.minimise("uncovered"),
            "pins": (pin(PinKind.FORBID, Decision.POSTS, facility="far"),),
        },
        careers=(Career(skill="nurse", retirement_age=63, minimum_tenure=tenure, source="toy"),),
        new_posts=(NewPosts(year=2026, profession="nurse", posts=1, source="toy"),),
    )
    assert heads_of(gst.solve(problem, ONE).require(), "far", "nurse") == [0.0, 0.0, arrives]


def test_the_latest_target_whose_year_has_begun_holds() -> None:
    problem = make(
        {("hub", "nurse"): 1.0},
        {("hub", "nurse"): 1},
        {"start": date(2029, 1, 1), "periods": 2},
        new_posts=(NewPosts(year=2029, profession="nurse", posts=1, source="toy"),),
        staffing_targets=tuple(
            StaffingTarget(year=year, province="*", profession="*", per_1000=asked, source="toy")
            for year, asked in ((2025, 0.2), (2030, 0.5))
        ),
    )
    plan = gst.solve(problem, ONE).require()
    assert [(one.year, one.target, one.shortfall) for one in plan.targets] == [(2029, 2.0, 0.0), (2030, 5.0, 3.0)]


def agree(seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed)
        found, plans = values(problem), every(problem)
        assert mad(found) == pytest.approx(min(map(mad, plans)), rel=1e-7), seed
        ordered = problem.replace(policy=problem.policy.replace(goals=IN_ORDER))
        assert values(ordered) == pytest.approx(min(plans), abs=1e-5), seed


def test_random_small_plans_equal_enumeration() -> None:
    agree(range(30))


@pytest.mark.slow
def test_300_random_small_plans_equal_enumeration() -> None:
    agree(range(300))


@pytest.mark.parametrize("seed", range(12))
def test_more_posts_places_and_time_never_cost_more(seed: int) -> None:
    problem = draw(seed)
    work, policy = problem.workforce, problem.policy
    more = tuple(row.replace(posts=row.posts + 1) for row in work.new_posts)
    freer = policy.replace(moves_per_period=None, yearly_budget=None, leaving_share=1.0, max_travel=60.0)
    (before,) = mad(values(problem))
    assert mad(values(problem.replace(workforce=work.replace(new_posts=more))))[0] <= before + 1
    assert mad(values(problem.replace(policy=freer)))[0] <= before + 1


@pytest.mark.parametrize("seed", range(12))
def test_one_year_without_exits_or_posts_is_the_redeployment(seed: int) -> None:
    """With the same radius and share kept: the same need uncovered, heads moved and minutes."""
    other = draw_redeployment(seed)
    radius, kept = other.policy.max_travel, other.policy.kept_share
    goals = gst.minimise("uncovered", "moves", "travel")
    same: Any = RedeploymentProblem(
        region=other.region,
        workforce=other.workforce,
        policy=RedeploymentPolicy(max_travel=radius, kept_share=kept, goals=goals),
    )
    plan = WorkforcePlanningProblem(
        region=other.region,
        workforce=other.workforce,
        policy=WorkforcePolicy(
            grain=Grain.YEAR,
            start=date(2026, 1, 1),
            periods=1,
            max_travel=radius,
            kept_share=kept,
            leaving_share=1.0,
            goals=goals,
        ),
    )
    found = {term.name: term.planned + term.constant for term in gst.solve(plan, ONE).terms}
    expected = {term.name: term.planned + term.constant for term in gst.solve(same, ONE).terms}
    for name in ("uncovered", "moves", "travel"):
        assert found[name] == pytest.approx(expected[name], abs=1e-6), name


def test_a_pin_names_what_the_plan_has() -> None:
    wrong = pin(PinKind.FORBID, Decision.POSTS, facility="nowhere", skill="wizard", period="2031")
    with pytest.raises(DataError) as caught:
        valley(wrong)
    assert {(p.column, p.value) for p in caught.value.problems} == {
        ("facility", "nowhere"),
        ("skill", "wizard"),
        ("period", "2031"),
    }


def test_a_plan_needs_a_start() -> None:
    with pytest.raises(GstOptError, match="starts"):
        valley(start=None)


def test_periods_and_provinces_add_up() -> None:
    tables = {table.name: table for table in gst.solve(valley(), ONE).require().tables()}
    course = [dict(zip(tables["periods"].columns, row, strict=True)) for row in tables["periods"].rows]
    assert [(row["heads_start"], row["moved_in"], row["filled"], row["heads_end"]) for row in course] == [
        (6.0, 1.0, 1.0, 7.0),
        (7.0, 1.0, 0.0, 7.0),
    ]
    assert tables["provinces"].rows[-1] == ("*", 4.5, 6.0, 7.0, 2.0, 4.5, 0.4444, 1.0, 1.3333, 1.5556)
    assert tables["facilities"].rows[0] == ("far", 2.5, 1.0, 4.0, 0.0, 2.5, 0.0, 1.0, 0.4, 1.6)
    assert tables["skills"].rows[2] == ("nurse", 4.5, 4.0, 5.0, 2.0, 4.5, 0.4444, 1.0, 0.8889, 1.1111)
    assert tables["fairness"].rows == (
        ("worst_share", pytest.approx(4 / 9), 1.0),
        ("gini", 0.0, 0.0),
        ("best_to_worst", 1.0, 1.0),
    )


def test_provinces_are_compared_and_the_report_says_who_counts() -> None:
    """A province without any cover and one with all its need covered: a Gini of a half, then none."""
    base = valley()
    sites = tuple(site.replace(province=site.id) for site in base.region.facilities)
    everybody = StaffingTarget(year=2026, province="P", profession="*", per_1000=0.9, source="toy")
    skills = tuple(row.replace(health_professional=row.id != "driver") for row in base.workforce.skills)
    problem = base.replace(
        region=base.region.replace(
            facilities=sites,
            zones=tuple(
                zone.replace(id=site.id + "-z", province=site.id) for zone in base.region.zones for site in sites
            ),
            populations=tuple(row.replace(zone="hub-z") for row in base.region.populations),
        ),
        workforce=base.workforce.replace(skills=skills, staffing_targets=(everybody.replace(province="*"),)),
    )
    result = gst.solve(problem, ONE)
    (fairness,) = (table for table in result.require().tables() if table.name == "fairness")
    assert fairness.rows == (("worst_share", 0.0, 1.0), ("gini", 0.5, 0.0), ("best_to_worst", None, 1.0))
    grouping = Grouping(id="valley", name="valley", region=problem.region, workforce=problem.workforce)
    text = result_text(grouping, problem, result, gst.Lang.EN)
    (said,) = (line for line in text.splitlines() if "counts towards" in line)
    assert "chief" in said
    assert "driver" not in said
    assert "0.500" in text


@pytest.mark.parametrize(("lang", "said"), [(gst.Lang.EN, "Posts opened: 1"), (gst.Lang.FR, "Postes ouverts : 1")])
def test_the_story_is_told_in_both_languages(lang: gst.Lang, said: str) -> None:
    problem = valley(pin(PinKind.AT_LEAST, Decision.POSTS, 1.0, facility="far"))
    grouping = Grouping(id="valley", name="valley", region=problem.region, workforce=problem.workforce)
    text = result_text(grouping, problem, gst.solve(problem, ONE), lang)
    two_thousand, price = ("2,000", "250,000") if lang is gst.Lang.EN else ("2\u00a0000", "250\u00a0000")
    for piece in (said, "decided by the board", "2026", two_thousand, price):
        assert piece in text
    ordered = problem.replace(policy=problem.policy.replace(goals=IN_ORDER))
    assert price not in result_text(grouping, ordered, gst.solve(ordered, ONE), lang)


@pytest.mark.slow
def test_eight_quarters_of_the_whole_region_are_proven_to_a_thousandth() -> None:
    problem = WorkforcePlanningProblem.of(gst.load_sample("tanger"))
    result = gst.solve(problem, gst.SolveOptions(gap=1e-3, seconds=300.0))
    assert result.checked, result.violations
    assert len(problem.calendar().periods) == 8
    assert result.gap <= 1e-3

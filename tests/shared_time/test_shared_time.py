"""Shared time: values by hand, by enumeration person by person, and what more or less of something does."""

from collections import Counter
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.errors import DataError, GstOptError
from gst_opt.core.region import TravelTime
from gst_opt.pillars.staff.shared_time.model import FORMULATION
from gst_opt.pillars.staff.shared_time.plan import Agreement, PrivateSessions, Reason
from gst_opt.pillars.staff.shared_time.problem import SharedTimePin, SharedTimePolicy, SharedTimeProblem
from tests.shared_time.toys import BEST, ONLY_NEAR, PINS, TODAY, WITH, WITHOUT, draw, every, fork, mad

ONE = gst.SolveOptions(workers=1)
IN_ORDER = gst.minimise("uncovered", "spending", "premiums", "weekly_travel", "agreements")
DEFAULTS = (250_000.0, 1.0, 1.0, 76.0, 5_000.0)


def terms(result: gst.Result[Any], field: str = "planned") -> tuple[float, ...]:
    return tuple(getattr(term, field) for term in result.terms[:5])


def values(problem: SharedTimeProblem) -> tuple[float, ...]:
    result = gst.solve(problem, ONE)
    assert result.checked, result.violations
    return terms(result)


def test_the_fork_lends_seven_half_days_to_one_side_and_three_to_the_other() -> None:
    result = gst.solve(fork(), ONE)
    assert terms(result, "today") == TODAY
    assert terms(result) == pytest.approx(BEST)
    (stage,) = result.stages
    assert [stage.value, stage.bound, stage.today] == pytest.approx([1_212_800.0, 1_212_800.0, *mad(TODAY)])
    assert stage.unit == "MAD"
    plan = result.require()
    assert Counter((one.host, one.half_days) for one in plan.agreements) == {
        ("near", 4): 1,
        ("near", 3): 1,
        ("far", 3): 1,
    }
    far = next(one for one in plan.agreements if one.host == "far")
    assert far == Agreement(
        origin="hospital",
        host="far",
        skill="doctor",
        person=far.person,
        half_days=3,
        effective=1.5,
        minutes=60.0,
        km=40.0,
        premium=12_000.0,
    )
    assert plan.private_sessions == (
        PrivateSessions(facility="far", skill="doctor", half_days=2, price=500.0, cost=40_000.0),
    )
    teams = {team.facility: team for team in plan.teams}
    assert (teams["hospital"].half_days_lent, teams["hospital"].covered_planned) == (10.0, 1.5)
    assert (teams["near"].half_days_received, teams["near"].covered_planned) == (5.25, 1.5)
    assert [teams["far"].half_days_bought, teams["far"].covered_planned] == pytest.approx([2.0, 0.35])
    assert {name: team.reason for name, team in teams.items()} == {
        "hospital": None,
        "near": None,
        "far": Reason.USED_UP,
    }


@pytest.mark.parametrize("name", WITH)
def test_values_with_every_constraint_are_those_by_hand(name: str) -> None:
    assert values(WITHOUT[name][0]) == pytest.approx(WITH[name])


def test_nobody_is_away_for_more_half_days_than_one_person_may() -> None:
    """One lender: 5 away are best at near alone (3.75 of them at work); 8 are 4 at each host (3 and 2)."""
    assert values(fork(protected=3, max_half_days_per_person=5)) == pytest.approx((1.425, 40_000.0, 0.0, 300.0, 1.0))
    eight = (1.3, 40_000.0, 24_000.0, 720.0, 2.0)
    assert values(fork(protected=3, max_half_days_per_person=8)) == pytest.approx(eight)
    assert SharedTimePolicy().max_half_days_per_person == 5


def test_a_person_may_have_hosts_of_different_lengths() -> None:
    """Of 6 half-days away, a third host leaves 2 to each and a second 3: one lender goes to two for 3."""
    plan = gst.solve(fork(protected=3, hosts_per_person=3, max_half_days_per_person=6), ONE).require()
    assert sorted((one.host, one.half_days) for one in plan.agreements) == [("near", 5)]
    plan = gst.solve(fork(protected=3, hosts_per_person=3, max_half_days_per_person=6, max_half_days=3), ONE).require()
    assert sorted((one.host, one.half_days) for one in plan.agreements) == [("far", 3), ("near", 3)]


def test_default_prices_say_what_is_too_dear() -> None:
    """At 250,000 MAD an FTE, 76 a minute and 5,000 an agreement, a half-day at work is worth 25,000.

    To buy one (20,000) is worth it; the road to `far` is not: half of 25,000, less 120 x 76, does not pay for the
    agreement and its premium. To near, 5 half-days of one person cover 3.75 and 7 of two people all 5, worth 31,250
    more, for 120 minutes (9,120) and an agreement more: 1.3 FTE stay short, 325,000 + 40,000 + 420 x 76 + 10,000 in
    all. In order, all that can be covered is.
    """
    plain: dict[str, Any] = {"uncovered_price": 250_000.0, "minute_price": 76.0, "agreement_price": 5_000.0}
    assert SharedTimePolicy(**plain) == SharedTimePolicy()
    result = gst.solve(fork(**plain), ONE)
    assert terms(result) == pytest.approx((1.3, 40_000.0, 0.0, 420.0, 2.0))
    assert result.stages[0].value == pytest.approx(406_920.0)
    ordered = gst.solve(fork(**plain, goals=IN_ORDER), ONE)
    assert tuple(stage.value for stage in ordered.stages) == pytest.approx(BEST)


def test_a_pin_costs_what_the_time_that_it_forbids_would_cover() -> None:
    """Without `far`, 1.5 half-days less at work; a premium, 360 minutes and an agreement are saved."""
    pin = SharedTimePin(kind=gst.PinKind.FORBID, host="far", reason="the road is closed")
    (row,) = gst.pin_prices(fork(pins=(pin,)), ONE).pins
    assert [one.price for one in row.terms[:5]] == pytest.approx([0.15, 0.0, -12_000.0, -360.0, -1.0])
    assert [one.with_pin for one in row.terms[:5]] == pytest.approx(ONLY_NEAR)


def test_reasons_tell_limits_from_nobody_in_reach() -> None:
    """A budget leaves time unused (limited); out of reach and with nothing on sale there is nobody."""
    reasons = {
        team.facility: team.reason
        for team in gst.solve(fork(premium_budget=6_000.0), ONE).require().teams
        if team.reason
    }
    assert reasons == {"far": Reason.LIMITED}
    alone = fork(max_travel=20.0)
    alone = alone.replace(workforce=alone.workforce.replace(private_times=()))
    assert {team.reason for team in gst.solve(alone, ONE).require().teams} == {None, Reason.NOBODY_IN_REACH}


def test_tables_add_up() -> None:
    tables = {table.name: table for table in gst.solve(fork(), ONE).require().tables()}
    assert tables["exchanges"].rows == (
        ("hospital", "far", "doctor", 1, 3, 1.5, 360.0, 12_000.0),
        ("hospital", "near", "doctor", 2, 7, 5.25, 420.0, 0),
    )
    assert tables["provinces"].rows[-1] == ("*", 4.5, 5, 10.0, 6.75, 2.0, 2.5, 3.35, 0.5556, 0.7444, 1.1111, 1.0833)
    # far: 3.5 of 15 half-days at work; near: 10.25 of 15; the hospital: 30 of 15.
    ratios = {row[0]: row[-2:] for row in tables["facilities"].rows}
    assert ratios == {"hospital": (2.6667, 2.0), "near": (0.6667, 1.0167), "far": (0.0, 0.2333), "*": (1.1111, 1.0833)}
    assert [row[-2:] for row in tables["teams"].rows] == [(0.0, 0.2333), (2.6667, 2.0), (0.6667, 1.0167)]


def test_fairness_compares_the_provinces_today_and_planned() -> None:
    """`far` alone goes from 0 to 3.5 of 15 half-days; the other province from 2.5 of 3 FTE to all."""
    problem = fork()
    facilities = tuple(one.replace(province="F" if one.id == "far" else "P") for one in problem.region.facilities)
    plan = gst.solve(problem.replace(region=problem.region.replace(facilities=facilities)), ONE).require()
    rows = {row[0]: row[1:] for row in plan.fairness().rows}
    share = 0.35 / 1.5
    assert rows["worst_share"] == pytest.approx((0.0, share))
    assert rows["gini"] == pytest.approx((0.5, (1 - share) / (2 * (1 + share))))
    assert rows["best_to_worst"][0] is None
    assert rows["best_to_worst"][1] == pytest.approx(1 / share)


def test_worst_province_first_compares_shares_of_the_whole_need() -> None:
    problem = fork()
    region = problem.region.replace(
        facilities=tuple(
            one.replace(province=one.id if one.id != "hospital" else "near") for one in problem.region.facilities
        )
    )
    problem = problem.replace(region=region).worst_province_first()
    result = gst.solve(problem, ONE)
    assert result.checked
    # All 10 half-days go to far (5, and 2 bought, of 15): 8 / 15 stay, where near's province misses 5 of 30.
    assert result.stages[0].value == pytest.approx(8 / 15)
    planned = {term.name: term.planned for term in result.terms}
    assert [planned["short_in[far]"], planned["short_in[near]"]] == pytest.approx([0.8, 0.5])


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (fork(), fork(premium_budget=12_000.0)),
        (fork(premium_budget=12_000.0), fork(premium_budget=11_999.0)),
        (fork(), fork(max_travel=45.0)),
        (fork(), fork(protected=3)),
        (fork(protected=3), fork(protected=3, hosts_per_person=1)),
        (fork(), fork(min_half_days=3)),
        (fork(private_budget=20_000.0), fork(private_budget=19_999.0)),
    ],
)
def test_a_tighter_limit_never_improves(more: SharedTimeProblem, less: SharedTimeProblem) -> None:
    results = [gst.solve(p, ONE) for p in (more, less)]
    costs = [mad(terms(result))[0] + mad(terms(result, "constant"))[0] for result in results]
    assert costs[0] <= costs[1] + 1e-3


def test_a_site_that_nobody_reaches_changes_nothing() -> None:
    problem = fork()
    away = problem.region.facilities[0].replace(id="away", name="away")
    region = problem.region.replace(facilities=(*problem.region.facilities, away))
    assert values(problem.replace(region=region)) == pytest.approx(BEST)


def test_an_unknown_distance_gives_right_to_no_premium() -> None:
    problem = fork()
    times = problem.region.roads
    region = problem.region.replace(
        roads=(),
        travel_times=tuple(
            TravelTime(origin=one.origin, destination=one.destination, minutes=one.minutes) for one in times
        ),
    )
    plan = gst.solve(problem.replace(region=region), ONE).require()
    assert {(one.km, one.premium) for one in plan.agreements} == {(None, 0.0)}


def test_a_start_is_taken_up() -> None:
    plan = gst.solve(fork(), ONE).require()
    again = gst.solve(fork(), gst.SolveOptions(workers=1, seconds=0.0), start=plan)
    assert again.checked
    assert terms(again) == pytest.approx(BEST)


def test_pins_that_contradict_are_infeasible_and_unknown_ids_are_named() -> None:
    pin = SharedTimePin(kind=gst.PinKind.AT_LEAST, value=11.0, reason="more than there is")
    assert gst.solve(fork(pins=(pin,)), ONE).status is gst.Status.INFEASIBLE
    with pytest.raises(DataError) as caught:
        fork(pins=(SharedTimePin(kind=gst.PinKind.FORBID, host="nowhere", skill="wizard", reason="?"),))
    assert [(one.row, one.column) for one in caught.value.problems] == [(1, "host"), (1, "skill")]
    with pytest.raises(GstOptError, match="half-days"):
        SharedTimePolicy(min_half_days=3, max_half_days=2)


def test_a_skill_without_a_working_time_is_named() -> None:
    problem = fork()
    workforce = problem.workforce.replace(working_times=())
    with pytest.raises(DataError) as caught:
        problem.replace(workforce=workforce)
    assert [(one.table, one.row, one.column, one.value) for one in caught.value.problems] == [
        ("skills", 1, "id", "doctor")
    ]


def test_half_days_are_bought_in_the_weeks_that_the_staff_works() -> None:
    problem = fork()
    time = problem.workforce.working_times[0].replace(annual_leave=35)
    plan = gst.solve(problem.replace(workforce=problem.workforce.replace(working_times=(time,))), ONE).require()
    assert [one.cost for one in plan.private_sessions] == [2 * 500.0 * 45]


def test_ports_name_every_team_touched_or_not() -> None:
    """`away` is reached by nobody; its hours are known all the same."""
    problem = fork()
    away = problem.region.facilities[1].replace(id="away", name="away")
    staff = problem.workforce.staff[0].replace(facility="away", heads=1, protected=0)
    problem = problem.replace(
        region=problem.region.replace(facilities=(*problem.region.facilities, away)),
        workforce=problem.workforce.replace(staff=(*problem.workforce.staff, staff)),
    )
    ports = FORMULATION.ports(FORMULATION.build(problem), problem)
    found = ports["staff_hours", "away", "doctor", "*"]
    assert (found.constant, sum(len(one.arrays()[1]) for one in found.entries)) == (1_600.0, 0)
    assert {key[1] for key in ports if key[0] == "money"} == {"shared_time_premiums", "private_time"}


def test_every_pin_is_kept_and_said() -> None:
    for problem, expected in PINS.values():
        assert values(problem) == pytest.approx(expected)


def in_all(result: gst.Result[Any]) -> tuple[float, ...]:
    uncovered, *others = terms(result)
    return uncovered + result.terms[0].constant, *others


def agree(seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed)
        result, plans = gst.solve(problem, ONE), every(problem)
        if not plans:
            assert result.status is gst.Status.INFEASIBLE, seed
            continue
        assert result.status is gst.Status.OPTIMAL, (seed, str(result), result.violations)
        cheapest = min(mad(plan, DEFAULTS)[0] for plan in plans)
        assert mad(in_all(result), DEFAULTS)[0] == pytest.approx(cheapest, rel=2e-4), seed
        ordered = gst.solve(problem.replace(policy=problem.policy.replace(goals=IN_ORDER)), ONE)
        assert in_all(ordered) == pytest.approx(min(plans), abs=1e-5, rel=2e-4), seed


def test_small_random_problems_equal_enumeration_person_by_person() -> None:
    agree(range(40))


@pytest.mark.slow
def test_500_small_random_problems_equal_enumeration_person_by_person() -> None:
    agree(range(40, 540))


@pytest.mark.slow
def test_the_whole_region_is_proven_to_a_thousandth() -> None:
    result = gst.solve(SharedTimeProblem.of(gst.load_sample("tanger")), gst.SolveOptions(gap=1e-3, seconds=60.0))
    assert result.checked
    assert result.gap <= 1e-3

"""Alone, together, today: the two towns by hand; never better alone, and the same where nothing can be shared."""

import random
from collections import Counter
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.analysis.establishments import establishments
from gst_opt.analysis.silo import Silo, silo
from gst_opt.api import PILLARS, Question, question_of
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Level, Population, Region, TravelTime, Zone
from gst_opt.core.stocks import Stocks
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from tests.grouping_plan import random_cases
from tests.location.test_random import drawn as drawn_location
from tests.staff.toys import norm

EXACT = gst.SolveOptions(gap=1e-7, workers=1)


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return gst.load_sample("two_towns")


def never_better(found: Silo[Any]) -> bool:
    """Tell whether, in order of the goals, the sum of the establishments is not better than the plan together."""
    for goal in found.goals:
        if goal.alone is None or goal.together is None:
            return True
        near = 1e-5 * max(1.0, abs(goal.alone), abs(goal.today))
        if abs(goal.alone - goal.together) > near:
            return goal.together < goal.alone
    return True


def same(found: Silo[Any]) -> bool:
    return all(
        goal.alone is not None and goal.together == pytest.approx(goal.alone, rel=1e-5, abs=1e-5)
        for goal in found.goals
    )


def test_staff_of_the_two_towns(towns: Grouping) -> None:
    """Alone, North moves its 2 doctors to its centre: 30 of 33 covered; South has nobody to move: 12 of 15.

    Together 31 + 15 (`two_towns`). Each figure by hand, there.
    """
    found = silo(gst.RedeploymentProblem.of, towns)
    terms = {line.name: (line.today, line.alone, line.together) for line in found.terms}
    assert terms["uncovered"] == pytest.approx((8, 6, 2))
    assert terms["moves"] == pytest.approx((0, 2, 6))
    assert terms["travel"] == pytest.approx((0, 10, 133))
    assert [
        (row.province, row.establishment, row.needed, row.today, row.alone, row.together) for row in found.places
    ] == [
        ("*", "*", 48, 40, 42, 46),
        ("North", "*", 33, 28, 30, 31),
        ("North", "hp-north", 33, 28, 30, 31),
        ("South", "*", 15, 12, 12, 15),
        ("South", "hpr-south", 15, 12, 12, 15),
    ]


def test_scanners_of_the_two_towns(towns: Grouping) -> None:
    """Two scanners do the work of one: alone each town must keep its own, with its 500,000 of upkeep a year."""
    policy = gst.LocationPolicy(years=1)
    found = silo(lambda grouping: gst.LocationProblem.of(grouping, policy), towns)
    alone = [result.require() for result in found.alone.values()]
    scanners = [sum(row.units for row in plan.units if row.equipment_type == "ct") for plan in alone]
    together = sum(row.units for row in found.together.require().units if row.equipment_type == "ct")
    assert (scanners, together) == ([1, 1], 1)
    assert never_better(found)
    assert found.places[0].needed == pytest.approx(13_350)
    assert found.places[0].alone == pytest.approx(13_350 - 202.5)  # what Far needs of scans and of their follow-up


BEGINNING_WITH_ANOTHER = ("calloffs", "distribution")
"""Questions whose data are the answer of another, which differs alone and together."""


@pytest.mark.parametrize(
    "question", [one for one in PILLARS if one.name not in BEGINNING_WITH_ANOTHER], ids=lambda q: str(q.name)
)
def test_no_question_of_the_two_towns_is_better_alone(towns: Grouping, question: Question) -> None:
    found = silo(question.of, towns, EXACT)
    assert found.without_plan == ()
    assert never_better(found)


def test_what_is_said_of_salaries(towns: Grouping) -> None:
    found = silo(gst.RedeploymentProblem.of, towns)
    for lang, words in ((gst.Lang.EN, "Salaries stay on the State budget"), (gst.Lang.FR, "Les salaires restent")):
        assert words in found.text(lang)
    assert "Uncovered need (FTE): 8.00 today, 6.00 alone, 2.00 together" in str(found)
    assert "Besoin non couvert (ETP) : 8,00 aujourd'hui, 6,00 seuls, 2,00 ensemble" in found.text(gst.Lang.FR)


def test_an_establishment_without_a_plan_leaves_the_sum_empty(towns: Grouping) -> None:
    """A nurse must join the centre of South: alone South has none to spare, and North no such centre."""

    def asked(grouping: Grouping) -> gst.RedeploymentProblem:
        pin = gst.MovePin(kind=gst.PinKind.AT_LEAST, value=1, host="csu-south", skill="nurse", reason="agreed")
        return gst.RedeploymentProblem.of(grouping, gst.RedeploymentPolicy(max_travel=45, pins=(pin,)))

    found = silo(asked, towns)
    assert found.without_plan == ("hp-north", "hpr-south")
    assert {line.alone for line in found.terms} == {None}
    assert all(place.alone is None for place in found.places)
    assert "Alone, 2 of 2 establishments have no plan" in found.text()
    assert "Hospital of South (first contact of 20,000 inhabitants) cannot keep: pinned decisions" in found.text()
    assert "receives none when it is alone" not in found.text()  # no floor is at fault


def test_a_hospital_that_lives_on_referrals_has_no_plan_alone_and_it_is_said_why(towns: Grouping) -> None:
    """Scanners that may not close, a fifth of their time used at least: South alone has too few scans for its own."""
    busy = towns.equipment.equipment_types
    floors = tuple(row.replace(min_use=0.2) if row.id == "ct" else row for row in busy)
    grouping = towns.replace(equipment=towns.equipment.replace(equipment_types=floors))

    def asked(one: Grouping) -> gst.LocationProblem:
        policy = gst.LocationPolicy(years=1, close=False, level_price=0)  # its bar is that of the sites there are
        return gst.LocationProblem.of(one, policy)

    found = silo(asked, grouping)
    assert found.without_plan == ("hpr-south",)
    said = found.text()
    assert "Alone, 1 of 2 establishments have no plan" in said
    assert "Hospital of South (first contact of 20,000 inhabitants) cannot keep: least use" in said
    assert "A hospital that lives on patients whom others refer to it receives none when it is alone" in said
    assert "ne peut pas respecter : utilisation minimale" in found.text(gst.Lang.FR)
    known = {(row.establishment, row.alone is None) for row in found.places}
    assert known == {("*", True), ("hp-north", False), ("hpr-south", True)}
    free = silo(lambda one: asked(gst.without_floors(one)), grouping)
    assert free.without_plan == ()
    assert "receives none" not in free.text()
    assert never_better(free)


def test_need_met_in_the_grouping_plan_is_told_in_fte_and_in_acts(towns: Grouping) -> None:
    found = silo(gst.GroupingProblem.of, towns, EXACT)
    units = [row.unit for row in found.places if row.establishment == "*" and row.province == "*"]
    assert sorted(units) == ["FTE", "act"]
    for unit in units:
        whole, *parts = (row for row in found.places if row.unit == unit)
        own = [row for row in parts if row.establishment != "*"]
        for column in ("needed", "today", "alone", "together"):
            assert sum(getattr(row, column) for row in own) == pytest.approx(getattr(whole, column))
    plan = found.together.require()
    assert plan.location is not None
    (acts,) = (row for row in found.places if (row.province, row.unit) == ("*", "act"))
    assert acts.together == pytest.approx(sum(row.acts for row in plan.location.served))


def united(found: Silo[RedeploymentPlan]) -> RedeploymentPlan:
    """Return the moves of all establishments as one plan, with the teams that they make."""
    plans = [result.require() for result in found.alone.values()]
    return RedeploymentPlan(
        moves=tuple(row for plan in plans for row in plan.moves),
        fills=tuple(row for plan in plans for row in plan.fills),
        teams=tuple(sorted((row for plan in plans for row in plan.teams), key=lambda row: (row.facility, row.skill))),
    )


def test_the_moves_of_all_are_a_plan_of_the_whole_and_worth_their_sum(towns: Grouping) -> None:
    """The check of the whole reads them as one plan; only fairness and reasons, not put together here, are missed."""
    found = silo(gst.RedeploymentProblem.of, towns)
    problem = gst.RedeploymentProblem.of(towns)
    check = question_of(problem).check(problem, united(found))
    assert {violation.rule for violation in check.violations} <= {"fairness", "unmet"}
    for line in found.terms:
        assert check.terms[line.name] + check.constants.get(line.name, 0.0) == pytest.approx(line.alone)


def test_with_radius_0_staff_is_the_same_alone_and_together(towns: Grouping) -> None:
    policy = gst.RedeploymentPolicy(max_travel=20)  # within a town 5 minutes, between towns 29 at least
    assert same(silo(lambda grouping: gst.RedeploymentProblem.of(grouping, policy), towns))


def nothing_shared(grouping: Grouping) -> gst.LocationProblem:
    """Ask for platforms where nobody, no unit and no expert goes from one town to the other."""
    equipment = grouping.equipment
    home = tuple(service.replace(max_travel=10) for service in grouping.services)
    alone = tuple(row.replace(remote=False) for row in equipment.expert_times)
    policy = gst.LocationPolicy(years=2, max_lending=0, move=False)
    apart = grouping.replace(services=home, equipment=equipment.replace(expert_times=alone))
    return gst.LocationProblem.of(apart, policy)


def test_with_radius_0_platforms_are_the_same_alone_and_together(towns: Grouping) -> None:
    assert same(silo(nothing_shared, towns, EXACT))


def apart(grouping: Grouping) -> Grouping:
    """Return the two towns where no patient, expert, function, depot or rebate goes from one to the other."""
    equipment, tenders = grouping.equipment, grouping.tenders
    services = tuple(row.replace(max_travel=10) for row in grouping.services)
    experts = tuple(row.replace(remote=False) for row in equipment.expert_times)
    functions = tuple(row.replace(max_minutes=10) for row in grouping.support.support_functions)
    suppliers = tuple(row.replace(contract_cost=0) for row in tenders.suppliers)
    references = tuple(row.replace(switching_cost=0) for row in grouping.catalogue.product_references)
    return grouping.replace(
        services=services,
        equipment=equipment.replace(expert_times=experts),
        support=grouping.support.replace(support_functions=functions),
        catalogue=grouping.catalogue.replace(product_references=references),
        tenders=tenders.replace(suppliers=suppliers, discount_schedules=(), discount_tiers=()),
        stocks=Stocks(),
    )


def near(grouping: Grouping) -> gst.GroupingProblem:
    """Ask for all parts, nobody and no unit going further than within a town; no budget."""
    location = gst.LocationPolicy(years=1, max_lending=0, move=False)
    policy = gst.GroupingPolicy(location=location, staff=gst.RedeploymentPolicy(max_travel=20))
    return gst.GroupingProblem.of(grouping, policy)


def test_with_radius_0_and_no_shared_budget_the_grouping_plan_is_the_same_alone_and_together(towns: Grouping) -> None:
    found = silo(near, apart(towns), EXACT)
    assert set(found.together.require().parts) == {"location", "staff", "awards", "support"}
    assert found.goals[0].together is not None
    assert found.goals[0].together < found.goals[0].today - 100_000
    assert same(found)
    for line in found.terms:
        if line.name in ("unmet", "uncovered", "supplies", "as_today"):
            assert line.together == pytest.approx(line.alone, rel=1e-5, abs=1e-5)


def test_whatever_may_go_between_the_towns_makes_being_together_better(towns: Grouping) -> None:
    """Heads that may go further, rebates and contracts, patients: with each, together is better than alone."""
    still = apart(towns)
    rebates = still.replace(tenders=towns.tenders)
    patients = still.replace(services=towns.services)
    for grouping, asked in ((still, gst.GroupingProblem.of), (rebates, near), (patients, near)):
        (goal,) = silo(asked, grouping, EXACT).goals
        assert goal.alone is not None
        assert goal.together is not None
        assert goal.together < goal.alone - 900, goal


def drawn_staff(seed: int) -> Grouping:
    """Draw two or three hospitals with a centre each, one skill, journeys, heads, needs."""
    draw = random.Random(seed)
    hospitals = [f"h{number}" for number in range(draw.choice([2, 3]))]
    facilities, zones, people = [], [], []
    for number, hospital in enumerate(hospitals):
        place: dict[str, Any] = {"commune": f"C{number}", "province": draw.choice(["P", "Q"])}
        facilities.append(Facility(id=hospital, name=hospital, level=Level.PROVINCIAL_HOSPITAL, **place))
        centre = Facility(id=f"c{number}", name=f"c{number}", level=Level.URBAN_CENTRE_1, reference=hospital, **place)
        facilities.append(centre)
        zones.append(Zone(id=f"z{number}", name=f"z{number}", urban=True, **place))
        people.append(Population(zone=f"z{number}", age_group="all", inhabitants=draw.randrange(0, 30_000, 5_000)))
    names = [one.id for one in facilities]
    ends = [*names, *(zone.id for zone in zones)]
    return Grouping(
        id=f"drawn-{seed}",
        name="drawn",
        region=Region(
            facilities=tuple(facilities),
            zones=tuple(zones),
            populations=tuple(people),
            travel_times=tuple(
                TravelTime(origin=a, destination=b, minutes=draw.randint(5, 70)) for a in ends for b in ends if a != b
            ),
        ),
        workforce=Workforce(
            skills=(Skill(id="nurse", name_fr="infirmier", name_en="nurse", profession="nurse"),),
            staff=tuple(Staff(facility=one, skill="nurse", heads=draw.randint(0, 5)) for one in names),
            staffing_norms=(
                norm(Level.PROVINCIAL_HOSPITAL, "nurse", draw.choice([1.0, 2.5])),
                norm(Level.URBAN_CENTRE_1, "nurse", draw.choice([0.5, 2.0])).replace(fte_per_10k_inhabitants=1.0),
            ),
        ),
    )


def staff_within(minutes: float) -> Any:
    policy = gst.RedeploymentPolicy(max_travel=minutes)
    return lambda grouping: gst.RedeploymentProblem.of(grouping, policy)


@pytest.mark.parametrize("seed", [*range(10), *(pytest.param(one, marks=pytest.mark.slow) for one in range(10, 100))])
def test_drawn_staff_is_never_better_alone_and_the_same_within_0_minutes(seed: int) -> None:
    grouping = drawn_staff(seed)
    assert never_better(silo(staff_within(60), grouping, EXACT))
    assert same(silo(staff_within(0), grouping, EXACT))


def drawn_platforms(seed: int) -> Grouping:
    """Return the drawn region of the tests of location as a grouping: each hospital is an establishment."""
    problem = drawn_location(seed)
    present = Counter[tuple[str, str]]()
    for row in problem.equipment.equipment_units:
        present[row.facility, row.equipment_type] += row.units
    limits = tuple(
        row.replace(max_units=max(row.max_units, present[row.facility, row.equipment_type]))
        for row in problem.equipment.site_limits
    )
    return Grouping(
        id=f"drawn-{seed}",
        name="drawn",
        horizon=problem.horizon,
        region=problem.region,
        services=problem.services,
        pathways=problem.pathways,
        pathway_steps=problem.pathway_steps,
        demand=problem.needs.demand,
        demand_rates=problem.needs.demand_rates,
        service_totals=problem.needs.service_totals,
        workforce=problem.workforce,
        equipment=problem.equipment.replace(site_limits=limits),
    )


@pytest.mark.parametrize("seed", [*range(11), *(pytest.param(one, marks=pytest.mark.slow) for one in range(11, 60))])
def test_drawn_platforms_are_never_better_alone(seed: int) -> None:
    """In the tenth, a hospital alone has nobody: that is no staff, and not staff without a limit."""
    grouping = drawn_platforms(seed)
    assert len(establishments(grouping)) == 2
    policy = gst.LocationPolicy(years=2)
    assert never_better(silo(lambda one: gst.LocationProblem.of(one, policy), grouping, EXACT))


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(one, marks=pytest.mark.slow) for one in range(6, 60))])
def test_drawn_grouping_plans_are_never_better_alone(seed: int) -> None:
    """Without a budget: one of the policy would hold for each establishment in full."""
    problem = random_cases.problem(random_cases.drawn(seed))
    policy = problem.policy.replace(budget=None)
    found = silo(lambda one: gst.GroupingProblem.of(one, policy), problem.grouping, EXACT)
    assert len(found.alone) == 2
    assert found.without_plan == ()
    assert never_better(found)

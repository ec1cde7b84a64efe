"""What must hold of every plan, and what can only help: budget, units, reach, one option more."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.equipment import DockingPoint, MobileUnit, PrivateOffer, SiteLimit, Upgrade
from gst_opt.core.services import Demand
from gst_opt.model.goals import minimise
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.demand import DemandTables
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.contract.test_questions import renamed
from tests.location.contract_toys import HORIZON, bus, scanners
from tests.location.row_toys import NEAREST
from tests.location.test_brute import EXACT, Draw, drawn
from tests.location.test_brute_upgrades import UpgradeDraw
from tests.location.two_sites import SOURCE

ONE = gst.SolveOptions(workers=1)
SEEDS = [*range(10), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(10, 120))]
Change = Callable[[LocationProblem], LocationProblem]


def decided(problem: LocationProblem, **policy: Any) -> LocationProblem:
    """Return a question with other decisions."""
    return problem.replace(policy=problem.policy.replace(**policy))


def equipped(problem: LocationProblem, **tables: Any) -> LocationProblem:
    """Return a question with other tables of equipment."""
    return problem.replace(equipment=problem.equipment.replace(**tables))


def unmet(problem: LocationProblem) -> float:
    """Return the least unmet need, with what nothing can reach; inf where no plan is allowed."""
    result = gst.solve(decided(problem, goals=minimise("unmet")), EXACT)
    if result.plan is None:
        return math.inf
    (constant,) = (term.constant for term in result.terms if term.name == "unmet")
    return result.stages[0].value + constant


def free(problem: LocationProblem) -> LocationProblem:
    """Return a question where units that stand idle cost nothing and break nothing."""
    kinds = (one.replace(min_use=0, min_acts=0, closing=0) for one in problem.equipment.equipment_types)
    return equipped(decided(problem, capex_a_year=None, opex_a_year=None, pins=()), equipment_types=tuple(kinds))


def more_capex(problem: LocationProblem) -> LocationProblem:
    budget = problem.policy.capex_a_year
    return decided(problem, capex_a_year=None if budget is None else budget + 500)


def more_opex(problem: LocationProblem) -> LocationProblem:
    budget = problem.policy.opex_a_year
    return decided(problem, opex_a_year=None if budget is None else budget + 300)


def one_unit_more(problem: LocationProblem) -> LocationProblem:
    """Give every facility that has units one more of each."""
    units = (row.replace(units=row.units + 1) for row in problem.equipment.equipment_units)
    return equipped(problem, equipment_units=tuple(units))


def further(problem: LocationProblem) -> LocationProblem:
    services = (one.replace(max_travel=one.max_travel and one.max_travel + 20) for one in problem.services)
    limit = problem.policy.max_travel
    longer = decided(problem, max_travel=None if limit is None else limit + 20)
    return longer.replace(services=tuple(services))


def one_offer_more(problem: LocationProblem) -> LocationProblem:
    offer = PrivateOffer(facility="a", service="scan", period="2026", acts=50, min_acts=30, mad_per_act=1)
    others = (row for row in problem.equipment.private_offers if row.facility != "a")
    before = [row for row in problem.equipment.private_offers if row.facility == "a"]
    wider = [row.replace(acts=row.acts + 50) for row in before] or [offer]
    return equipped(problem, private_offers=(*others, *wider))


def one_dock_more(problem: LocationProblem) -> LocationProblem:
    unit = MobileUnit(
        id="bus2", name_fr="b", name_en="b", equipment_type="scanner", base="a", sessions_per_week=1, source=SOURCE
    )
    dock = DockingPoint(mobile_unit="bus2", place="z0", source=SOURCE)
    equipment = problem.equipment
    return equipped(
        problem,
        mobile_units=(*equipment.mobile_units, unit),
        docking_points=(*equipment.docking_points, dock),
    )


def more_allowed(problem: LocationProblem) -> LocationProblem:
    """Allow every facility one more unit of each type."""
    before = {(row.facility, row.equipment_type): row for row in problem.equipment.site_limits}
    sites = [one.id for one in problem.region.facilities]
    for site in sites:
        for kind in problem.equipment.equipment_types:
            now = [
                row.units
                for row in problem.equipment.equipment_units
                if (row.facility, row.equipment_type) == (site, kind.id)
            ]
            new = SiteLimit(facility=site, equipment_type=kind.id, max_units=sum(now), source=SOURCE)
            row = before.get((site, kind.id), new)
            before[site, kind.id] = row.replace(max_units=max(row.max_units, sum(now)) + 1)
    return equipped(problem, site_limits=tuple(before.values()))


def no_upgrade(problem: LocationProblem) -> LocationProblem:
    return equipped(problem, upgrades=())


def every_upgrade(problem: LocationProblem) -> LocationProblem:
    """Let a unit of any type become one of any other."""
    kinds = [one.id for one in problem.equipment.equipment_types]
    return equipped(
        problem,
        upgrades=tuple(
            Upgrade(equipment_type=one, becomes=other, price=50, source=SOURCE)
            for one, other in itertools.permutations(kinds, 2)
        ),
    )


def same(problem: LocationProblem) -> LocationProblem:
    return problem


HELPS: dict[str, tuple[Change, Change]] = {
    "capex": (same, more_capex),
    "opex": (same, more_opex),
    "units": (free, one_unit_more),
    "reach": (same, further),
    "offer": (same, one_offer_more),
    "dock": (same, one_dock_more),
    "site_limit": (same, more_allowed),
    "upgrade": (no_upgrade, every_upgrade),
}
"""By name: the question that it is asked of, and what can only help."""


@pytest.mark.parametrize("name", HELPS)
@pytest.mark.parametrize("seed", SEEDS)
def test_unmet_need_never_rises_with_what_helps(name: str, seed: int) -> None:
    of, helped = HELPS[name]
    problem = of(drawn(seed, UpgradeDraw if name == "upgrade" else Draw))
    before = unmet(problem)
    assert unmet(helped(problem)) <= before + 1e-4 * (1 + before if math.isfinite(before) else 1)


def planned(problem: LocationProblem) -> LocationPlan | None:
    """Return the best plan by needs, then money and journeys; None where none is allowed."""
    return gst.solve(decided(problem, goals=None), ONE).plan


@pytest.mark.parametrize("kind", [Draw, UpgradeDraw])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_unit_of_today_is_never_counted_twice(seed: int, kind: type[Draw]) -> None:
    """Units go from year to year without loss; where none can be bought, no more leave than are there or come."""
    problem = decided(drawn(seed, kind), move=True, close=True, capex_a_year=None)
    kinds = tuple(one.replace(closing=0, moving=0, purchase=1000) for one in problem.equipment.equipment_types)
    free_works = tuple(one.replace(price=0) for one in problem.equipment.upgrades)
    nothing_bought = decided(equipped(problem, equipment_types=kinds, upgrades=free_works), capex_a_year=0.0)
    for question in (problem, nothing_bought):
        plan = planned(question)
        if plan is None:
            continue
        left: dict[tuple[str, str], int] = {}
        moved: dict[tuple[str, str], int] = {}
        for row in sorted(plan.units, key=lambda one: one.year):
            key = row.facility, row.equipment_type
            gone = row.retired + row.closed + row.moved_out + row.upgraded_out
            assert row.units == left.get(key, row.units_today) - gone + row.bought + row.moved_in + row.upgraded_in
            left[key] = row.units
            moved[key] = moved.get(key, 0) + row.moved_out + row.upgraded_out
            assert moved[key] <= row.units_today
        for year in question.years:
            for name in {one.id for one in question.equipment.equipment_types}:
                own = [row for row in plan.units if (row.year, row.equipment_type) == (year, name)]
                assert sum(row.moved_in for row in own) == sum(row.moved_out for row in own)
            for site in question.facilities:
                own = [row for row in plan.units if (row.year, row.facility) == (year, site)]
                assert sum(row.upgraded_in for row in own) == sum(row.upgraded_out for row in own)
        if question is nothing_bought:
            for facility, kind_id in left:
                own = [row for row in plan.units if (row.facility, row.equipment_type) == (facility, kind_id)]
                gone = sum(row.moved_out + row.upgraded_out + row.closed + row.retired + row.renewed for row in own)
                assert gone <= own[0].units_today + sum(row.moved_in + row.upgraded_in for row in own)


@pytest.mark.parametrize("seed", SEEDS)
def test_pathways_keep_their_order_and_level(seed: int) -> None:
    problem = drawn(seed)
    plan = planned(problem)
    if plan is None:
        return
    ranks = {one.id: one.level.rank for one in problem.region.facilities}
    scenarios = {one.id: one for one in problem.scenarios}
    provinces = {zone.id: zone.province for zone in problem.region.zones}
    streams = {(one.zone, one.service, one.pathway, one.step): one for one in problem.streams}
    shares: dict[tuple[str, int, int, str], float] = {}
    at: dict[tuple[str, int, int, str, str], float] = {}
    for row in plan.served:
        stream = streams[row.zone, row.service, row.pathway, row.step]
        assert row.minutes <= stream.max_travel
        assert row.mode is not Mode.ON_SITE or ranks[row.place] >= stream.rank
        if row.step is not None:
            factor = problem.factor(scenarios[row.scenario], row.service, provinces[row.zone])
            share = row.acts / (stream.acts[row.year - problem.years[0]] * factor)
            key = row.zone, row.step, row.year, row.scenario
            shares[key] = shares.get(key, 0.0) + share
            at[*key, row.place] = at.get((*key, row.place), 0.0) + share
    for (zone, step, year, scenario), share in shares.items():
        own = [one for one in streams.values() if one.zone == zone and one.step is not None]
        earlier = [one.step for one in own if one.step is not None and one.step < step]
        if earlier:
            assert share <= shares.get((zone, max(earlier), year, scenario), 0.0) + 1e-4
        (limit,) = {one.max_transfer for one in own if one.step == step}
        if earlier and limit == 0:
            for (*place, site), here in at.items():
                if tuple(place) == (zone, step, year, scenario):
                    before = (at.get((zone, max(earlier), year, scenario, other), 0.0) for other in _at(problem, site))
                    assert here <= sum(before) + 1e-4


def _at(problem: LocationProblem, site: str) -> list[str]:
    """Return the places from which a site is no minute away."""
    places = problem.journeys.places
    return [other for other in places if problem.journeys.minutes(other, site) == 0]


@pytest.mark.parametrize("seed", SEEDS)
def test_names_and_the_order_of_rows_change_no_value(seed: int) -> None:
    problem = drawn(seed)
    data = problem.model_dump(mode="json")
    for section in ("region", "equipment", "needs", "workforce"):
        data[section] = {name: rows[::-1] if isinstance(rows, list) else rows for name, rows in data[section].items()}
    before = gst.solve(problem, EXACT)
    for other in (renamed(problem, seed), LocationProblem.model_validate(data)):
        after = gst.solve(other, EXACT)
        assert after.status is before.status
        values = [stage.value for stage in before.stages]
        assert [stage.value for stage in after.stages] == pytest.approx(values, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_money_and_closing_nothing_changes(seed: int) -> None:
    problem = decided(drawn(seed), capex_a_year=0.0, opex_a_year=None, close=False, move=False, pins=())
    units = tuple(row.replace(installed=None) for row in problem.equipment.equipment_units)
    plan = planned(equipped(problem, equipment_units=_merged(units)))
    if plan is None:
        return
    assert all(row.units == row.units_today for row in plan.units)
    assert all(row.beds == row.beds_today for row in plan.beds)


def _merged(units: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return one row a facility and type."""
    found = {(row.facility, row.equipment_type): row for row in units}
    return tuple(found.values())


def test_a_place_is_fitted_out_at_once() -> None:
    """Its 1,000 dirhams are more than the 600 of a year; with what the year before leaves, they are not."""
    policy = {"years": 2, "capex_a_year": 600.0}
    never = gst.solve(bus("unmet", scans=10, policy=policy | {"carry_over": 0.0}), ONE)
    assert (never.stages[0].value, never.require().visits) == (40.0, ())
    late = gst.solve(bus("unmet", scans=10, policy=policy), ONE)
    assert late.stages[0].value == 20.0
    assert [(row.year, row.fitted_out) for row in late.require().visits] == [(2027, True)]


def test_a_place_may_be_fitted_out_a_year_early() -> None:
    """Both years have 1,000 dirhams that do not carry over; those of 2027, when 20 scans are needed, buy a scanner."""
    pins = (scanners(PinKind.KEEP, facility="b", year=2026), scanners(PinKind.FIX, 1, facility="b", year=2027))
    policy = NEAREST | {"years": 2, "capex_a_year": 1000.0, "carry_over": 0.0, "pins": pins}
    allowed = SiteLimit(facility="b", equipment_type="scanner", max_units=1, source=SOURCE)
    needs = tuple(
        Demand(zone="near", service="scan", period=period, acts=acts) for period, acts in (("2026", 0), ("2027", 20))
    )
    problem = bus("unmet", scans=0, policy=policy, site_limits=(allowed,))
    result = gst.solve(problem.replace(needs=DemandTables(demand=needs), horizon=HORIZON), ONE)
    assert result.stages[0].value == 0.0
    visits = [(row.year, row.fitted_out, row.sessions > 0) for row in result.require().visits]
    assert visits == [(2026, True, False), (2027, False, True)]

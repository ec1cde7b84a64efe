"""Facilities put together in groups: the cost is that of facilities one by one. Savings against today's prices."""

from datetime import date

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.core.catalogue import (
    BuyingLevel,
    Catalogue,
    Category,
    Consumption,
    Need,
    ProductReference,
    Requirement,
    TodayPurchase,
)
from gst_opt.core.ports import items, money, ordered
from gst_opt.core.services import Activity
from gst_opt.core.stocks import Depot, DepotDelivery, DepotSupply, DirectDelivery, Stocks
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.linear import Affine
from gst_opt.pillars.purchasing.awards.model import FORMULATION
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.delivery import routes
from gst_opt.pillars.purchasing.demand import units_required
from tests.purchasing.awards.toys import TWO, YEAR, Offers, tender

ONE = gst.SolveOptions(workers=1, gap=0.0)
SITES = ("a", "b", "c", "d", "e")
FIRMS = ("atlas", "rif", "souss")


def stocks_drawn(rng: np.random.Generator) -> Stocks:
    """Draw two depots, and firms that deliver to them, straight, both or everywhere."""
    depots = ("north", "south")
    costs = [0.0, 10.0, 20.0]
    return Stocks(
        depots=tuple(Depot(id=one, facility="a", source="drawn") for one in depots),
        direct_deliveries=tuple(
            DirectDelivery(supplier=one, facility=site, mad_per_m3=float(rng.choice([40.0, 60.0])))
            for one in FIRMS[:2]
            for site in SITES
            if rng.random() < 0.5
        ),
        depot_supplies=tuple(
            DepotSupply(supplier=one, depot=depot, mad_per_m3=float(rng.choice(costs)))
            for one in FIRMS[:2]
            for depot in depots
            if rng.random() < 0.7
        ),
        depot_deliveries=tuple(
            DepotDelivery(depot=depot, facility=site, mad_per_m3=float(rng.choice(costs)))
            for depot in depots
            for site in SITES
            if rng.random() < 0.8
        ),
    )


def grouped_and_single(seed: int) -> tuple[AwardProblem, AwardProblem]:
    """Draw a tender twice: as it is, and with a need for every facility, so that none are put together."""
    rng = np.random.default_rng(seed)
    stocks = stocks_drawn(rng)
    units = {(need, site): float(rng.integers(0, 50)) for need in ("x", "y") for site in SITES}
    prices = {(firm, need): float(rng.integers(4, 12)) for firm in FIRMS for need in ("x", "y") if rng.random() < 0.8}
    volume = {"x": 0.05, "y": 0.1}
    schedules = tuple(DiscountSchedule(id=f"s{firm}", supplier=firm) for firm in FIRMS)
    tiers = tuple(
        DiscountTier(
            schedule=f"s{firm}", threshold=float(rng.integers(1, 9)) * 100, rebate=float(rng.integers(1, 6)) / 20
        )
        for firm in FIRMS
    )

    def problem(names: dict[tuple[str, str], str]) -> AwardProblem:
        kinds = {name: need for (need, _), name in names.items()}
        return AwardProblem(
            catalogue=Catalogue(
                needs=tuple(
                    Need(id=name, name_fr=name, name_en=name, unit="u", category=Category.DEVICE, shortage_price=30.0)
                    for name in kinds
                ),
                product_references=tuple(
                    ProductReference(id=f"r{name}", need=name, volume=volume[need]) for name, need in kinds.items()
                ),
                requirements=tuple(
                    Requirement(facility=site, need=name, period="2026", units=units[need, site])
                    for (need, site), name in names.items()
                ),
            ),
            tenders=Tenders(
                suppliers=tuple(Supplier(id=firm) for firm in FIRMS),
                offers=tuple(
                    Offer(supplier=firm, reference=f"r{name}", price=price)
                    for (firm, need), price in prices.items()
                    for name, kind in kinds.items()
                    if kind == need
                ),
                discount_schedules=schedules,
                discount_tiers=tiers,
            ),
            stocks=stocks,
            horizon=YEAR,
        )

    return problem({place: place[0] for place in units}), problem({place: "-".join(place) for place in units})


def total_cost(problem: AwardProblem) -> float:
    """Return the cost, with that of what nobody can deliver."""
    result = gst.solve(problem, ONE)
    assert result.checked
    return result.stages[0].value + sum(term.constant for term in result.terms)


def test_groups_of_facilities_cost_what_facilities_one_by_one_do() -> None:
    fewer = 0
    for seed in range(25):
        grouped, single = grouped_and_single(seed)
        fewer += len(set(grouped.routes.group.values())) < len(SITES)
        assert total_cost(grouped) == pytest.approx(total_cost(single), abs=1e-5), seed
    assert fewer >= 10


def test_the_cheapest_way_is_straight_or_through_one_depot() -> None:
    stocks = Stocks(
        depots=(Depot(id="north", facility="a", source="test"),),
        direct_deliveries=(DirectDelivery(supplier="atlas", facility="b", mad_per_m3=50.0),),
        depot_supplies=(
            DepotSupply(supplier="atlas", depot="north", mad_per_m3=10.0),
            DepotSupply(supplier="rif", depot="north", mad_per_m3=25.0),
        ),
        depot_deliveries=(
            DepotDelivery(depot="north", facility="b", mad_per_m3=20.0),
            DepotDelivery(depot="north", facility="c", mad_per_m3=5.0),
        ),
    )
    found = routes(stocks, ("atlas", "rif"), ("b", "c", "d"))
    assert found.base == {"b": 30.0, "c": 15.0, "d": 0.0}
    assert found.group == {"b": 1, "c": 1, "d": 2}
    assert found.beyond == {("atlas", 1): 0.0, ("rif", 1): 15.0}


def test_what_is_saved_against_today_s_prices() -> None:
    """80 gloves at 1 where 1.5 is paid for one half of them and 2 for the other today: 140 - 80."""
    problem = tender({**TWO, ("rif", "nitrile"): 9.0}, references={"nitrile": {"factor": 2.0}}, budget=80.0)
    today = (
        TodayPurchase(reference="latex", price=1.5, share=0.4),
        TodayPurchase(reference="nitrile", price=4.0, share=0.4),
    )
    result = gst.solve(problem.replace(catalogue=problem.catalogue.replace(today_purchases=today)), ONE)
    plan = result.require()
    (need,) = plan.needs
    assert need.price == pytest.approx(1.0)
    assert need.price_today == pytest.approx(1.75)
    assert need.saving == pytest.approx(60.0)
    assert plan.categories().rows == (
        ("consumable", 1, 1, 80.0, 140.0, 60.0, 0.4286),
        ("*", 1, 1, 80.0, 140.0, 60.0, 0.4286),
    )


def test_needs_come_from_requirements_then_from_acts() -> None:
    """30 acts of 2 units each in the first quarter; a row for the hospital replaces what its acts use."""
    catalogue = Catalogue(
        needs=tuple(
            Need(id=name, name_fr=name, name_en=name, unit="u", category=Category.REAGENT, level=level)
            for name, level in (("x", BuyingLevel.REGIONAL), ("y", BuyingLevel.LOCAL))
        ),
        consumption=(
            Consumption(service="scan", need="x", units_per_act=2.0),
            Consumption(service="scan", need="y", units_per_act=1.0),
        ),
        requirements=(Requirement(facility="hp", need="x", period="q2", units=5.0),),
    )
    activity = tuple(Activity(facility=site, service="scan", period="q1", acts=30) for site in ("hp", "cs"))
    assert units_required(catalogue, activity, {BuyingLevel.REGIONAL}) == {
        ("x", "cs"): {"q1": 60.0},
        ("x", "hp"): {"q2": 5.0},
    }
    assert units_required(catalogue, activity, set(BuyingLevel)).keys() == {
        ("x", "cs"),
        ("x", "hp"),
        ("y", "cs"),
        ("y", "hp"),
    }


def test_ports_of_a_plan_say_what_facilities_receive_and_what_is_paid_when() -> None:
    """80 of 100 gloves are bought at 1, and met everywhere alike; three quarters are required in the first half."""
    halves = Horizon.of(Grain.QUARTER, date(2026, 1, 1), 2)
    requirements = tuple(
        Requirement(facility=site, need="gloves", period=period, units=units)
        for site, period, units in (("hp", "2026-Q1", 50.0), ("cs", "2026-Q1", 25.0), ("hp", "2026-Q2", 25.0))
    )
    problem = tender(TWO)
    problem = problem.replace(
        catalogue=problem.catalogue.replace(requirements=requirements),
        horizon=halves,
        policy=AwardPolicy(budget=80.0, shortage_factor=3.0),
    )
    plan = gst.solve(problem, ONE).require()
    model = FORMULATION.build(problem)
    FORMULATION.write(model, problem, plan)
    found = {key: value_of(quantity) for key, quantity in FORMULATION.ports(model, problem).items()}
    assert found == pytest.approx(
        {
            items("gloves", "hp", "2026-Q1"): 40.0,
            items("gloves", "cs", "2026-Q1"): 20.0,
            items("gloves", "hp", "2026-Q2"): 20.0,
            ordered("atlas", "latex"): 80.0,
            ordered("rif", "latex"): 0.0,
            money("supplies", "2026-Q1"): 60.0,
            money("supplies", "2026-Q2"): 20.0,
            money("contracts", "2026-Q1"): 0.0,
            money("contracts", "2026-Q2"): 0.0,
            money("deliveries", "2026-Q1"): 0.0,
            money("deliveries", "2026-Q2"): 0.0,
            money("references", "2026-Q1"): 0.0,
            money("references", "2026-Q2"): 0.0,
        }
    )


def value_of(quantity: Affine) -> float:
    """Evaluate a linear quantity at the model's values."""
    from pyomo.environ import value

    return float(value(quantity.expression()))


def test_what_others_buy_is_left_to_them() -> None:
    """Gloves are bought by the region at 1, swabs by each site at 2: 100 without the swabs, 150 with them."""
    offers = {("atlas", "latex"): 1.0, ("atlas", "cotton"): 2.0}
    problem = tender(offers, demand={("gloves", "hp"): 100.0, ("swabs", "hp"): 25.0})
    needs = tuple(
        need.replace(level=BuyingLevel.LOCAL if need.id == "swabs" else BuyingLevel.REGIONAL)
        for need in problem.catalogue.needs
    )
    problem = problem.replace(catalogue=problem.catalogue.replace(needs=needs))
    assert gst.solve(problem, ONE).objective == pytest.approx(100.0)
    both = problem.policy.replace(levels=(BuyingLevel.REGIONAL, BuyingLevel.LOCAL))
    assert gst.solve(problem.replace(policy=both), ONE).objective == pytest.approx(150.0)


def test_today_what_is_needed_is_bought_at_today_s_prices() -> None:
    """Gloves 100 x 2 and 30 to keep them; no price of swabs is known, so they count nothing."""
    demand = {("gloves", "hp"): 100.0, ("swabs", "hp"): 8.0}
    offers: Offers = {("atlas", "latex"): 1.0, ("rif", "cotton"): 9.0}
    problem = tender(offers, demand=demand, references={"latex": {"keeping_cost": 30.0}})
    today = (TodayPurchase(reference="latex", price=2.0),)
    result = gst.solve(problem.replace(catalogue=problem.catalogue.replace(today_purchases=today)), ONE)
    assert {term.name: term.today for term in result.terms if term.today} == {
        "supplies": pytest.approx(200.0),
        "kept_references": pytest.approx(30.0),
    }
    assert result.stages[0].today == pytest.approx(230.0)
    assert result.objective == pytest.approx(100 + 30 + 72)
    nothing = gst.solve(problem, ONE)
    assert nothing.stages[0].today == 0.0

"""Spending of a grouping by line and year, before rounding: from the money tables of the plans."""

import math
from collections.abc import Iterator, Mapping

from gst_opt.analysis.accounts_flows import Case, Flow, Side, in_force, summed
from gst_opt.core.catalogue import BuyingLevel
from gst_opt.core.grouping import Grouping
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.demand import total, units_required

ONCE = ("purchases", "trainings", "new_references", "support_works")
"""Lines that are paid once: the others go on after the last year of their plan as in that year."""

Weights = dict[str, float]


def spending(case: Case) -> Iterator[Flow]:
    """Yield what goes out, and sessions sold, which come in.

    The money of a plan of one year (moves, shared time, supplies) is that of every year. Lines of a plan of fewer
    years than the accounts go on as in its last year, but for what is paid once.
    """
    for reader in (_platforms, _moves, _workforce, _shared_time, _supplies, _support, _other):
        yield from reader(case)


def _platforms(case: Case) -> Iterator[Flow]:
    plan = case.plans.location
    if plan is None:
        return
    costs: dict[str, dict[int, float]] = {}
    for row in plan.costs:
        costs.setdefault(row.line, {})[row.year] = row.mad
    weights = by_site(case.grouping, plan)
    for line, by_year in costs.items():
        for year, mad, base in _carried(case, line, by_year):
            parts = weights.get((line, base), {})
            if line == "sales":
                yield Flow(Side.INCOME, line, year, -mad, parts)
            else:
                yield Flow(Side.SPENDING, line, year, mad, parts)


def _carried(case: Case, line: str, by_year: Mapping[int, float]) -> Iterator[tuple[int, float, int]]:
    """Yield (year, money, year of the plan that it comes from) for the years of the accounts."""
    last = max(by_year, default=0)
    for year in case.years:
        if year in by_year:
            yield year, by_year[year], year
        elif year > last and line not in ONCE and by_year:
            yield year, by_year[last], last


def by_site(grouping: Grouping, plan: LocationPlan) -> dict[tuple[str, int], Weights]:
    """Return what each site takes of a line in a year, from its units, beds, contracts, rounds and hours."""
    equipment = grouping.equipment
    kinds = {row.id: row for row in equipment.equipment_types}
    wards = {row.ward: row for row in equipment.ward_standards}
    hire = {(row.facility, row.equipment_type): row.mad_per_session for row in equipment.session_sales}
    base = {row.id: row.base for row in equipment.mobile_units}
    found: dict[tuple[str, int], list[tuple[str, float]]] = {}

    def add(line: str, year: int, place: str, mad: float) -> None:
        found.setdefault((line, year), []).append((place, mad))

    for row in plan.units:
        kind = kinds[row.equipment_type]
        bought = kind.purchase * (row.bought + row.renewed) + kind.moving * row.moved_in
        add("purchases", row.year, row.facility, bought + kind.closing * (row.closed + row.retired))
        add("upkeep", row.year, row.facility, kind.upkeep * row.units)
        add("sessions", row.year, row.facility, kind.session_cost * row.sessions)
        add("sales", row.year, row.facility, hire.get((row.facility, row.equipment_type), 0.0) * row.sessions_sold)
    for beds in plan.beds:
        ward = wards[beds.ward]
        add("purchases", beds.year, beds.facility, ward.opening * beds.opened + ward.closing * beds.closed)
        add("upkeep", beds.year, beds.facility, ward.upkeep * beds.beds)
    for upgrade in plan.upgrades:
        add("purchases", upgrade.year, upgrade.facility, upgrade.cost)
    for contract in plan.contracts:
        add("contracts", contract.year, contract.facility, contract.cost)
    for visit in plan.visits:
        add("mobile", visit.year, base[visit.mobile_unit], visit.cost)
    for lent in plan.lent_hours:
        add("lending", lent.year, lent.host, lent.cost)
    for remote in plan.remote_hours:
        add("remote", remote.year, remote.host, remote.cost)
    return {key: summed(parts) for key, parts in found.items()}


def _moves(case: Case) -> Iterator[Flow]:
    plan = case.plans.redeployment
    if plan is not None:
        yield from _every_year(case, "premiums", summed((move.host, move.premium) for move in plan.moves))


def _shared_time(case: Case) -> Iterator[Flow]:
    plan = case.plans.shared_time
    if plan is not None:
        paid = summed((one.host, one.premium) for one in plan.agreements)
        yield from _every_year(case, "shared_time_premiums", paid)
        yield from _every_year(
            case, "private_sessions", summed((one.facility, one.cost) for one in plan.private_sessions)
        )


def _workforce(case: Case) -> Iterator[Flow]:
    plan = case.plans.workforce
    if plan is None:
        return
    incentives: dict[int, float] = {}
    trainings: dict[int, float] = {}
    for row in plan.spending:
        incentives[row.year] = incentives.get(row.year, 0.0) + row.incentives
        trainings[row.year] = trainings.get(row.year, 0.0) + row.trainings
    paid = summed((post.facility, post.incentives) for post in plan.posts)
    learnt = summed((one.facility, one.cost) for one in plan.trainings)
    for line, by_year, weights in (("incentives", incentives, paid), ("trainings", trainings, learnt)):
        for year, mad, _ in _carried(case, line, by_year):
            yield Flow(Side.SPENDING, line, year, mad, weights)


def _supplies(case: Case) -> Iterator[Flow]:
    """Yield what is bought: invoices where there is a plan of distribution, else the awards."""
    delivered, awarded = case.plans.distribution, case.plans.awards
    if delivered is not None:
        for column in ("supplies", "deliveries", "rounds", "kept", "common"):
            parts = summed((one.facility, getattr(one, column) / case.calendar) for one in delivered.invoices)
            yield from _every_year(case, column, parts)
    elif awarded is not None:
        firms = {one.id: one.contract_cost for one in case.grouping.tenders.suppliers}
        weights = _users(case, awarded)
        contracts = math.fsum(firms[name] for name in sorted({order.supplier for order in awarded.orders}))
        for line, mad in (
            ("supplies", math.fsum(order.paid for order in awarded.orders)),
            ("supplier_contracts", contracts),
            ("kept_references", math.fsum(one.keeping for one in awarded.references)),
            ("new_references", math.fsum(one.switching for one in awarded.references)),
        ):
            for year in case.years if line not in ONCE else case.years[:1]:
                yield Flow(Side.SPENDING, line, year, mad if line in ONCE else mad / case.calendar, weights)


def _users(case: Case, plan: AwardPlan) -> Weights:
    """Return what is paid for the needs of each facility, in proportion to the units that it requires."""
    required = units_required(case.grouping.catalogue, case.grouping.activity, tuple(BuyingLevel))
    units = summed((need, total(periods)) for (need, _), periods in required.items())
    paid = {row.need: row.paid for row in plan.needs}
    return summed(
        (facility, paid.get(need, 0.0) * total(periods) / units[need]) for (need, facility), periods in required.items()
    )


def _support(case: Case) -> Iterator[Flow]:
    """Yield what support functions cost, by the volumes of the facilities that they are done for."""
    plan = case.plans.hubs
    if plan is None:
        return
    lines: dict[str, dict[int, float]] = {"support": {}, "support_works": {}}
    for row in plan.spending:
        works = row.openings + row.migrations
        for line, mad in (("support", row.cost - works), ("support_works", works)):
            year = int(row.period[:4])
            lines[line][year] = lines[line].get(year, 0.0) + mad
    volumes = summed((row.support_function, row.quantity) for row in plan.assignments)
    costs = summed((row.support_function, row.cost) for row in plan.spending)
    weights = summed(
        (row.facility, costs[row.support_function] * row.quantity / (volumes[row.support_function] or 1.0))
        for row in plan.assignments
    )
    for line, by_year in lines.items():
        for year, mad, _ in _carried(case, line, by_year):
            yield Flow(Side.SPENDING, line, year, mad, weights)


def _other(case: Case) -> Iterator[Flow]:
    """Yield spending that no plan decides, line by line."""
    rows = case.grouping.finances.other_spending
    for line in sorted({row.budget_line for row in rows}):
        for year in case.years:
            mad = math.fsum(row.mad for row in in_force([row for row in rows if row.budget_line == line], year))
            yield Flow(Side.SPENDING, line, year, mad, {})


def _every_year(case: Case, line: str, parts: Weights) -> Iterator[Flow]:
    for year in case.years:
        yield Flow(Side.SPENDING, line, year, math.fsum(parts.values()), parts)

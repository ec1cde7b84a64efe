"""Income of a grouping by line and year, before rounding; it moves with the plan where acts do."""

import math
from collections.abc import Iterator

from gst_opt.analysis.accounts_flows import Case, Flow, Side, in_force, summed
from gst_opt.analysis.plans import of_one_demand
from gst_opt.core.finances import IncomeKind
from gst_opt.network import catchments
from gst_opt.network.areas import is_first_contact
from gst_opt.pillars.platforms.location.plan import Mode


def income(case: Case) -> Iterator[Flow]:
    """Yield what comes in: tariffs, capitation, lump sum, subsidy, sales to others, other income."""
    for year in case.years:
        yield _flow(case, IncomeKind.TARIFFS, year, _tariffs(case, year))
        yield _flow(case, IncomeKind.CAPITATION, year, _capitation(case, year))
        yield _lump_sum(case, year)
        subsidy = math.fsum(row.mad for row in in_force(case.grouping.finances.subsidies, year))
        yield Flow(Side.INCOME, IncomeKind.SUBSIDY, year, share(case, IncomeKind.SUBSIDY, year) * subsidy, {})
        other = math.fsum(row.mad for row in case.grouping.finances.incomes) / case.calendar
        yield Flow(Side.INCOME, "other_income", year, other, {})


def share(case: Case, kind: IncomeKind, year: int) -> float:
    """Return the share of an income that the scenario pays in a year."""
    rows = [
        row for row in case.grouping.finances.funding_shares if row.scenario == case.scenario.id and row.income is kind
    ]
    return math.fsum(row.share for row in in_force(rows, year))


def _flow(case: Case, kind: IncomeKind, year: int, parts: dict[str, float]) -> Flow:
    return Flow(Side.INCOME, kind, year, share(case, kind, year) * math.fsum(parts.values()), parts)


def _tariffs(case: Case, year: int) -> dict[str, float]:
    """Return tariffs x acts by place: acts of the plan where it serves or leaves the service, else those recorded."""
    tariff = {row.service: row.mad_per_act for row in case.grouping.finances.tariffs}
    plan = case.plans.location
    planned: set[str] = set()
    parts: list[tuple[str, float]] = []
    if plan is not None:
        of_one_demand(plan)
        planned = {row.service for row in plan.served} | {row.service for row in plan.unmet}
        last = max((row.year for row in plan.served), default=year)
        base = {unit.id: unit.base for unit in case.grouping.equipment.mobile_units}
        for row in plan.served:
            if row.year == min(year, last) and row.mode is not Mode.CONTRACT:
                place = base[str(row.platform)] if row.mode is Mode.MOBILE else row.place
                parts.append((place, tariff.get(row.service, 0.0) * row.acts))
    recorded = [done for done in case.grouping.activity if done.service not in planned]
    parts += [(done.facility, tariff.get(done.service, 0.0) * done.acts / case.calendar) for done in recorded]
    return summed(parts)


def _capitation(case: Case, year: int) -> dict[str, float]:
    """Return the payment for the people whom each first-contact facility serves."""
    rate = math.fsum(row.mad_per_person for row in in_force(case.grouping.finances.capitation_rates, year))
    region = case.grouping.region
    served = catchments(region)
    return {
        one.id: rate * served[one.id] * case.people(one.id, year)
        for one in region.open_facilities()
        if is_first_contact(one)
    }


def _lump_sum(case: Case, year: int) -> Flow:
    """Return the sum of the territory, shared by people and need index."""
    total = math.fsum(row.mad for row in in_force(case.grouping.finances.territorial_sums, year))
    index = {row.province: row.index for row in case.grouping.finances.need_indices}
    people = case.grouping.region.inhabitants()
    weights = {
        zone.id: people[zone.id] * case.people(zone.id, year) * index.get(zone.province, 1.0)
        for zone in case.grouping.region.zones
    }
    return Flow(Side.INCOME, IncomeKind.LUMP_SUM, year, share(case, IncomeKind.LUMP_SUM, year) * total, weights)

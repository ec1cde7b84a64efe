"""Money of a plan by line and year, not discounted; no solver."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from gst_opt.pillars.platforms.location.decided import Hours, Outcome
from gst_opt.pillars.platforms.location.index import Floats
from gst_opt.pillars.platforms.location.plan import CostLine
from gst_opt.pillars.platforms.location.policy import MONEY


def cost_lines(outcome: Outcome) -> Iterator[CostLine]:
    """Yield what every line costs in every year."""
    by_line = {
        "purchases": _purchases(outcome) + fitting_out(outcome).sum(axis=0),
        "upkeep": _upkeep(outcome),
        "sessions": _by_year(outcome, outcome.decided.sessions * _prices(outcome)["session_cost"]),
        "contracts": contract_costs(outcome).sum(axis=0),
        "mobile": round_costs(outcome).sum(axis=0),
        "lending": _of_hours(
            outcome, outcome.decided.lent, [lending_cost(outcome, one) for one in outcome.decided.lent]
        ),
        "remote": _of_hours(outcome, outcome.decided.remote, link_costs(outcome)),
        "sales": -_by_year(outcome, outcome.decided.sold * _tariffs(outcome)),
    }
    for line in MONEY:
        for year, mad in zip(outcome.problem.years, by_line[line].tolist(), strict=True):
            yield CostLine(line=line, year=year, mad=mad)


def contract_costs(outcome: Outcome) -> Floats:
    """Return the cost of every contract, shape (offers, years)."""
    prices = np.array([offer.price for offer in outcome.found.offers]).reshape(-1, outcome.sets.years)
    costs: Floats = outcome.decided.bought * prices
    return costs


def round_costs(outcome: Outcome) -> Floats:
    """Return the cost of the sessions at every docking point, shape (docks, years)."""
    each = np.array([dock.unit.session_cost for dock in outcome.found.docks])
    costs: Floats = outcome.decided.rounds * each[:, None]
    return costs


def fitting_out(outcome: Outcome) -> Floats:
    """Return the cost of fitting out every docking point, in the year when it is done, shape (docks, years)."""
    opening = np.array([dock.opening for dock in outcome.found.docks])
    costs: Floats = np.diff(outcome.decided.fitted, axis=1, prepend=0.0) * opening[:, None]
    return costs


def lending_cost(outcome: Outcome, lent: Hours) -> float:
    """Return the cost of hours lent."""
    return outcome.problem.policy.lending_price * lent.hours


def link_costs(outcome: Outcome) -> list[float]:
    """Return the cost of the link of every row of hours at a distance: skills that share a link share its cost."""
    remote = outcome.decided.remote
    sharing = Counter((one.origin, one.host, one.year) for one in remote)
    return [outcome.problem.policy.remote_link / sharing[one.origin, one.host, one.year] for one in remote]


def _of_hours(outcome: Outcome, rows: tuple[Hours, ...], costs: list[float]) -> Floats:
    found = np.zeros(outcome.sets.years)
    for row, cost in zip(rows, costs, strict=True):
        found[row.year] += cost
    return found


def _by_year(outcome: Outcome, values: Floats) -> Floats:
    """Return sums by year of values by slot."""
    found = np.zeros(outcome.sets.years)
    np.add.at(found, outcome.sets.slots[1], values)
    return found


def _prices(outcome: Outcome) -> dict[str, Floats]:
    """Return the prices of every slot: of a unit, or of a bed."""
    equipment = outcome.problem.equipment
    works = {(row.facility, row.equipment_type): row.opening for row in equipment.site_limits}
    types = {one.id: one for one in equipment.equipment_types}
    wards = {str(one.ward): one for one in equipment.ward_standards}
    rows = []
    for one in outcome.sets.platforms:
        if one.block:
            ward = wards[one.resource]
            rows.append((ward.opening, 0.0, 0.0, ward.closing, ward.upkeep, 0.0))
        else:
            kind = types[one.resource]
            opening = works.get((one.facility, one.resource), 0.0)
            rows.append((kind.purchase, opening, kind.moving, kind.closing, kind.upkeep, kind.session_cost))
    names = ("purchase", "opening", "moving", "closing", "upkeep", "session_cost")
    table = np.array(rows).reshape(-1, len(names))[outcome.sets.slots[0]]
    return dict(zip(names, table.T, strict=True))


def _purchases(outcome: Outcome) -> Floats:
    """Return what units and beds bought, renewed, moved, opened and taken out cost in each year."""
    sets, taken, decided, price = outcome.sets, outcome.taken, outcome.decided, _prices(outcome)
    spent = price["purchase"] * (sets.added[taken] - decided.moved_in + sets.renewed[taken])
    spent += price["opening"] * sets.opens[taken]
    spent += price["moving"] * decided.moved_in
    spent += price["closing"] * (sets.closed[taken] - decided.moved_out + sets.retired[taken])
    return _by_year(outcome, spent)


def _upkeep(outcome: Outcome) -> Floats:
    return _by_year(outcome, _prices(outcome)["upkeep"] * outcome.sets.amount[outcome.nodes])


def _tariffs(outcome: Outcome) -> Floats:
    """Return the tariff of a session hired out, by slot."""
    sales = {(row.facility, row.equipment_type): row.mad_per_session for row in outcome.problem.equipment.session_sales}
    tariff = np.array([sales.get((one.facility, one.resource), 0.0) for one in outcome.sets.platforms])
    return tariff[outcome.sets.slots[0]]

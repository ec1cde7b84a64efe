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
    price, platform = outcome.prices, outcome.sets.slots[0]
    by_line = {
        "purchases": _purchases(outcome) + fitting_out(outcome).sum(axis=0),
        "upkeep": _by_year(outcome, price.upkeep[platform] * outcome.sets.amount[outcome.nodes]),
        "sessions": _by_year(outcome, price.session[platform] * outcome.decided.sessions),
        "contracts": contract_costs(outcome).sum(axis=0),
        "mobile": round_costs(outcome).sum(axis=0),
        "lending": _of_hours(
            outcome, outcome.decided.lent, [lending_cost(outcome, one) for one in outcome.decided.lent]
        ),
        "remote": _of_hours(outcome, outcome.decided.remote, link_costs(outcome)),
        "sales": -_by_year(outcome, price.sale[platform] * outcome.decided.sold),
    }
    for line in MONEY:
        for year, mad in zip(outcome.problem.years, by_line[line].tolist(), strict=True):
            yield CostLine(line=line, year=year, mad=mad)


def contract_costs(outcome: Outcome) -> Floats:
    """Return the cost of every contract, shape (offers, years)."""
    costs: Floats = outcome.decided.bought * outcome.prices.contract
    return costs


def round_costs(outcome: Outcome) -> Floats:
    """Return the cost of the sessions at every docking point, shape (docks, years)."""
    costs: Floats = outcome.decided.rounds * outcome.prices.round[:, None]
    return costs


def fitting_out(outcome: Outcome) -> Floats:
    """Return the cost of fitting out every docking point, in the year when it is done, shape (docks, years)."""
    costs: Floats = np.diff(outcome.decided.fitted, axis=1, prepend=0.0) * outcome.prices.fitting[:, None]
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


def _purchases(outcome: Outcome) -> Floats:
    """Return what units and beds bought, renewed, moved, upgraded, opened and taken out cost in each year."""
    sets, taken, decided, price = outcome.sets, outcome.taken, outcome.decided, outcome.prices
    platform = sets.slots[0]
    bought = sets.added[taken] - decided.moved_in - outcome.upgraded_in + sets.renewed[taken]
    closed = sets.closed[taken] - decided.moved_out - outcome.upgraded_out + sets.retired[taken]
    spent = price.purchase[platform] * bought + price.closing[platform] * closed
    spent += price.works[platform] * sets.opens[taken] + price.moving[platform] * decided.moved_in
    np.add.at(spent, outcome.upgrades.entering, outcome.upgrades.price * decided.upgraded)
    return _by_year(outcome, spent)

"""Named figures of money by place, and of heads that move; no solver. See `gst_opt.analysis.figures`."""

import math
from collections.abc import Iterator

from gst_opt.analysis.accounts_spending import by_site
from gst_opt.analysis.plans import Plans
from gst_opt.core.catalogue import BuyingLevel
from gst_opt.core.grouping import Grouping
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.demand import total, units_required
from gst_opt.pillars.purchasing.market import today_prices
from gst_opt.pillars.support.hubs.plan import HubPlan

ALL = "*"
"""Place of a figure of the whole grouping."""

Part = tuple[str, str, float]
"""Name, place, amount."""


def money_today(grouping: Grouping) -> Iterator[Part]:
    """Yield what supplies and support functions cost today, and that nothing moves, is saved or is built yet."""
    for name in ("moves", "premiums", "supplies_saving", "support_saving", "support_works"):
        yield name, ALL, 0.0
    prices = today_prices(grouping.catalogue)
    for (need, facility), periods in _required(grouping).items():
        yield "supplies_paid", facility, prices.get(need, 0.0) * total(periods)
    years = math.fsum(period.years for period in grouping.horizon.periods) or 1.0
    today = {(row.support_function, row.facility): row for row in grouping.support.support_today}
    for place in sorted({(row.support_function, row.facility) for row in grouping.support.support_volumes}):
        yield "support_paid", place[1], today[place].fixed_cost
    for row in grouping.support.support_volumes:
        own = today[row.support_function, row.facility]
        yield "support_paid", row.facility, own.unit_cost * row.volume / years


def money_planned(grouping: Grouping, plans: Plans) -> Iterator[Part]:
    """Yield heads that move with their premiums, by where they go, and the money of a tender and of hubs, if any."""
    if plans.redeployment is not None:
        yield from (("moves", ALL, 0.0), ("premiums", ALL, 0.0))
        for move in plans.redeployment.moves:
            yield "moves", move.host, move.heads
            yield "premiums", move.host, move.premium
    if plans.awards is not None and plans.awards.needs:
        yield from _supplies(grouping, plans.awards)
    if plans.hubs is not None and plans.hubs.assignments:
        yield from _support(plans.hubs)


def platforms_money(grouping: Grouping, plan: LocationPlan) -> Iterator[Part]:
    """Yield what platforms and beds cost: running in the last year, purchases and works in a mean year, by site."""
    years = {row.year for row in plan.costs}
    weights = by_site(grouping, plan)
    for cost in plan.costs:
        once = cost.line == "purchases"
        if once or cost.year == max(years):
            name, mad = ("platforms_bought", cost.mad / len(years)) if once else ("platforms_running", cost.mad)
            yield name, ALL, 0.0
            yield from _split(name, mad, weights.get((cost.line, cost.year), {}))


def _supplies(grouping: Grouping, plan: AwardPlan) -> Iterator[Part]:
    """Yield what is paid and saved for each need, in proportion to the units that each facility requires."""
    users: dict[str, dict[str, float]] = {}
    for (need, facility), periods in _required(grouping).items():
        users.setdefault(need, {})[facility] = total(periods)
    yield from (("supplies_paid", ALL, 0.0), ("supplies_saving", ALL, 0.0))
    for row in plan.needs:
        yield from _split("supplies_paid", row.paid, users.get(row.need, {}))
        yield from _split("supplies_saving", row.saving or 0.0, users.get(row.need, {}))


def _support(plan: HubPlan) -> Iterator[Part]:
    """Yield what functions cost and save in the last year beside what is paid once, and that in a mean year.

    Each is shared by the facilities that need the function, in proportion to their volumes.
    """
    years = {row.period[:4] for row in plan.spending}
    last = max(years, default="")
    users: dict[str, dict[str, float]] = {}
    for done in plan.assignments:
        if done.period[:4] == last:
            own = users.setdefault(done.support_function, {})
            own[done.facility] = own.get(done.facility, 0.0) + done.quantity
    yield from ((name, ALL, 0.0) for name in ("support_paid", "support_saving", "support_works"))
    for row in plan.spending:
        once, weights = row.openings + row.migrations, users.get(row.support_function, {})
        yield from _split("support_works", once / len(years), weights)
        if row.period[:4] == last:
            yield from _split("support_paid", row.cost - once, weights)
            yield from _split("support_saving", row.saving + once, weights)


def _split(name: str, mad: float, weights: dict[str, float]) -> Iterator[Part]:
    """Yield shares of an amount in proportion to weights; all of it for nobody in particular without any."""
    whole = math.fsum(weights.values())
    if whole <= 0:
        yield name, ALL, mad
        return
    for place, weight in weights.items():
        yield name, place, mad * weight / whole


def _required(grouping: Grouping) -> dict[tuple[str, str], dict[str, float]]:
    return units_required(grouping.catalogue, grouping.activity, tuple(BuyingLevel))

"""The formulation in its tight form: one copy of every offer for each tier (the hull of a supplier's tiers).

Rates fall from tier to tier, so no row keeps a quantity below the next threshold: a lower tier only costs more.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from gst_opt.core.ports import PortKey
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals, weighted
from gst_opt.model.linear import Affine, Entries, Floats, Positions, total
from gst_opt.pillars.purchasing.classic.total_quantity.records import (
    Purchase,
    TierReached,
    TotalQuantityPlan,
    TotalQuantityProblem,
)

Block = Any
TOLERANCE = 1e-6
"""A quantity this near to a whole number is that number, where all quantities given are whole."""


class Offers(NamedTuple):
    """The columns: tiers that a supplier can reach, and offers, each once for every tier of its supplier.

    Attributes
    ----------
    tier_supplier, tier
        Supplier and position of every tier, shape (tiers,).
    start, fixed, beyond
        Least quantity, what is paid once, and what incremental tiers before it add; shape (tiers,).
    of_tier, item
        Tier (position in `tier`) and item of every copy, shape (copies,).
    most, unit_cost
        Most that can be bought, and the price of one unit; shape (copies,).
    """

    tier_supplier: Positions
    tier: Positions
    start: Floats
    fixed: Floats
    beyond: Floats
    of_tier: Positions
    item: Positions
    most: Floats
    unit_cost: Floats


def offers_of(problem: TotalQuantityProblem) -> Offers:
    """Return the columns of a problem; tiers beyond what a supplier can sell are left out."""
    suppliers, items = len(problem.schedules), len(problem.demand)
    prices = np.array(problem.prices).reshape(suppliers, items)
    most = np.minimum(np.array(problem.capacity).reshape(suppliers, items), np.array(problem.demand))
    volume = most.sum(axis=1)
    tiers = [
        (j, k, start, rate, schedule.fixed, intercept * prices[j].max(where=most[j] > 0, initial=0.0))
        for j, schedule in enumerate(problem.schedules)
        for k, (start, rate, intercept) in enumerate(
            zip(schedule.thresholds, schedule.rates, schedule.intercepts(), strict=True)
        )
        if start <= volume[j] * (1 + 1e-12) and volume[j] > 0
    ]
    seller, tier, start, rate, fixed, beyond = np.array(tiers).reshape(len(tiers), 6).T
    supplier = seller.astype(np.intp)
    of_tier, item = np.nonzero(most[supplier] > 0)
    pairs = supplier[of_tier], item
    return Offers(
        tier_supplier=supplier,
        tier=tier.astype(np.intp),
        start=start,
        fixed=fixed,
        beyond=beyond,
        of_tier=of_tier,
        item=item,
        most=most[pairs],
        unit_cost=prices[pairs] * rate[of_tier],
    )


def variables(block: Block, problem: TotalQuantityProblem) -> None:
    """Add one 0/1 column for each tier, and the share of an item's demand bought under each."""
    offers = block.offers = offers_of(problem)
    block.demand = np.array(problem.demand)
    tiers = list(zip(offers.tier_supplier.tolist(), offers.tier.tolist(), strict=True))
    copies = [(*tiers[tier], item) for tier, item in zip(offers.of_tier.tolist(), offers.item.tolist(), strict=True)]
    linear.variables(block, "tier", tiers, upper=1.0, integer=True)
    linear.variables(block, "share", copies, upper=offers.most / block.demand[offers.item])


def each_item(block: Block, problem: TotalQuantityProblem) -> None:
    """Every item is bought in full.

    ::

        sum_jk x_ijk = 1    for every item i that is needed

    Source: total quantity discount (Goossens, Maas, Spieksma and van de Klundert, 2007).
    """
    needed = np.flatnonzero(block.demand > 0)
    copies = np.arange(len(block.share))
    entries = [Entries(block.share, np.searchsorted(needed, block.offers.item), copies)]
    linear.rows(block, "each_item", needed.tolist(), entries, lower=1.0, upper=1.0)


def link(block: Block, problem: TotalQuantityProblem) -> None:
    """Under a tier that is not reached nothing is bought.

    ::

        demand_i x_ijk <= min(capacity_ij, demand_i) z_jk    for every item i, supplier j and tier k

    Source: the hull of a disjunction (Balas, 1979).
    """
    offers = block.offers
    copies = np.arange(len(block.share))
    keys = list(block.share)
    most = offers.most / block.demand[offers.item]
    entries = [Entries(block.share, copies, copies), Entries(block.tier, copies, offers.of_tier, -most)]
    linear.rows(block, "link", keys, entries, upper=0.0)


def threshold(block: Block, problem: TotalQuantityProblem) -> None:
    """A tier holds from its threshold on.

    ::

        sum_i demand_i x_ijk >= threshold_jk z_jk    for every supplier j and tier k above 0

    Source: total quantity discount (Goossens, Maas, Spieksma and van de Klundert, 2007).
    """
    offers = block.offers
    tiers = np.flatnonzero(offers.start > 0)
    copies = np.flatnonzero(offers.start[offers.of_tier] > 0)
    entries = [
        Entries(
            block.share,
            np.searchsorted(tiers, offers.of_tier[copies]),
            copies,
            block.demand[offers.item[copies]],
        ),
        Entries(block.tier, np.arange(len(tiers)), tiers, -offers.start[tiers]),
    ]
    names = list(block.tier)
    linear.rows(block, "threshold", [names[tier] for tier in tiers.tolist()], entries, lower=0.0)


def one_tier(block: Block, problem: TotalQuantityProblem) -> None:
    """A supplier sells under one tier.

    ::

        sum_k z_jk <= 1    for every supplier j

    Source: total quantity discount (Goossens, Maas, Spieksma and van de Klundert, 2007).
    """
    suppliers, rows = np.unique(block.offers.tier_supplier, return_inverse=True)
    entries = [Entries(block.tier, rows, np.arange(len(rows)))]
    linear.rows(block, "one_tier", suppliers.tolist(), entries, upper=1.0)


def terms(block: Block, problem: TotalQuantityProblem) -> Mapping[str, Term]:
    """Name what the quantities cost and what suppliers are paid once."""
    offers = block.offers
    bought = total(block.share, offers.unit_cost * block.demand[offers.item])
    return {
        "purchases": Term(Affine((bought, total(block.tier, offers.beyond))), ""),
        "contracts": Term(Affine((total(block.tier, offers.fixed),)), ""),
    }


def goals(problem: TotalQuantityProblem) -> Goals:
    """Ask for the least cost in all."""
    return weighted(("purchases", 1.0), ("contracts", 1.0))


def ports(block: Block, problem: TotalQuantityProblem) -> Mapping[PortKey, Affine]:
    """Publish nothing: arrays have no places that another question knows."""
    return {}


def write(block: Block, problem: TotalQuantityProblem, plan: TotalQuantityPlan | None) -> None:
    """Set the tiers and shares of a plan; without one nothing is bought."""
    tiers, shares = dict.fromkeys(block.tier, 0.0), dict.fromkeys(block.share, 0.0)
    if plan is not None:
        reached = {one.supplier: one.tier for one in plan.tiers}
        tiers |= {key: 1.0 for key in reached.items() if key in tiers}
        for one in plan.purchases:
            key = one.supplier, reached.get(one.supplier, -1), one.item
            if key in shares:
                shares[key] = one.quantity / problem.demand[one.item]
    linear.set_values(block.tier, np.array(list(tiers.values())))
    linear.set_values(block.share, np.array(list(shares.values())))


def read(block: Block, problem: TotalQuantityProblem) -> TotalQuantityPlan:
    """Read the quantities; the tier of each supplier is the one that they reach."""
    offers = block.offers
    chosen = linear.values(block.tier)[offers.of_tier] > 0.5
    bought = np.zeros((len(problem.schedules), len(problem.demand)))
    shares = np.where(chosen, np.clip(linear.values(block.share), 0.0, None), 0.0)
    np.add.at(bought, (offers.tier_supplier[offers.of_tier], offers.item), shares * block.demand[offers.item])
    return plan_of(problem, bought)


def _complete(problem: TotalQuantityProblem, bought: Floats) -> None:
    """Buy every item in full: what rounding leaves goes to the supplier in use that has most room."""
    capacity = np.array(problem.capacity).reshape(bought.shape)
    supplier = np.where(bought > 0, capacity - bought, -np.inf).argmax(axis=0) if len(bought) else np.empty(0, np.intp)
    items = np.flatnonzero(bought.any(axis=0))
    bought[supplier[items], items] += (np.array(problem.demand) - bought.sum(axis=0))[items]


def plan_of(problem: TotalQuantityProblem, bought: Floats) -> TotalQuantityPlan:
    """Return the plan of quantities, suppliers by items, as a solver left them."""
    bought = np.where(bought > TOLERANCE * np.array(problem.demand), bought, 0.0)
    _complete(problem, bought)
    if _whole(problem):
        near = np.rint(bought)
        bought = np.where(np.abs(bought - near) <= TOLERANCE * np.maximum(1.0, near), near, bought)
    supplier, item = np.nonzero(bought)
    volumes = [(j, float(sum(row))) for j, row in enumerate(bought.tolist()) if any(row)]
    return TotalQuantityPlan(
        purchases=tuple(
            Purchase(supplier=j, item=i, quantity=quantity)
            for j, i, quantity in zip(supplier.tolist(), item.tolist(), bought[supplier, item].tolist(), strict=True)
        ),
        tiers=tuple(
            TierReached(supplier=j, tier=_reached(problem.schedules[j].thresholds, volume), quantity=volume)
            for j, volume in volumes
        ),
    )


def _reached(thresholds: tuple[float, ...], volume: float) -> int:
    """Return the last tier whose threshold is reached, within rounding."""
    starts = np.array(thresholds)
    return int(np.count_nonzero(starts <= volume + TOLERANCE * np.maximum(1.0, starts))) - 1


def _whole(problem: TotalQuantityProblem) -> bool:
    """Say whether all quantities given are whole numbers: then those of some best plan are too."""
    numbers = [problem.demand, *problem.capacity, *(schedule.thresholds for schedule in problem.schedules)]
    return all(number == round(number) for row in numbers for number in row)


FORMULATION: Formulation[TotalQuantityProblem, TotalQuantityPlan] = Formulation(
    variables=variables,
    constraints=(each_item, link, threshold, one_tier),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    hard=frozenset({"link", "one_tier"}),
)

"""Money of a model by line and year, and the budgets that it stays within."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, Floats, Reading
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.staff import lending_spent, remote_spent

Block = Any
THOUSAND = 1000.0
Spent = tuple[Entries, ...]
"""Entries whose row is the position of the year, in MAD, not discounted."""


def spending(block: Block, problem: LocationProblem) -> dict[str, Spent]:
    """Return what every line spends; sessions sold count below zero."""
    sets: Index = block.index
    equipment = problem.equipment
    types = {one.id: one for one in equipment.equipment_types}
    wards = {str(one.ward): one for one in equipment.ward_standards}
    _, year = sets.slots
    upkeep = np.array([wards[p.resource].upkeep if p.block else types[p.resource].upkeep for p in sets.platforms])
    session = np.array([0.0 if p.block else types[p.resource].session_cost for p in sets.platforms])
    sales = {(row.facility, row.equipment_type): row.mad_per_session for row in equipment.session_sales}
    tariff = np.array([sales.get((p.facility, p.resource), 0.0) for p in sets.platforms])
    every = np.arange(len(sets.source))
    run, sold = block.session_slots, block.sale_slots
    return {
        "purchases": (*_steps(block, problem), *_moves(block, problem), *_fitting(block)),
        "upkeep": (Entries(block.step, sets.arc_year, every, (upkeep[sets.platform] * sets.amount)[sets.target]),),
        "sessions": (Entries(block.sessions, year[run], np.arange(len(run)), session[sets.slots[0][run]]),),
        "contracts": (_contracts(block),),
        "mobile": (_rounds(block),),
        "lending": (lending_spent(block, problem),),
        "remote": (remote_spent(block, problem),),
        "sales": (Entries(block.sold, year[sold], np.arange(len(sold)), -tariff[sets.slots[0][sold]]),),
    }


def _steps(block: Block, problem: LocationProblem) -> Spent:
    """Return units and beds bought, renewed and taken out, and works before the first."""
    sets: Index = block.index
    types = {one.id: one for one in problem.equipment.equipment_types}
    wards = {str(one.ward): one for one in problem.equipment.ward_standards}
    works = {(row.facility, row.equipment_type): row.opening for row in problem.equipment.site_limits}
    prices = np.array(
        [
            (wards[p.resource].opening, wards[p.resource].closing, 0.0)
            if p.block
            else (types[p.resource].purchase, types[p.resource].closing, works.get((p.facility, p.resource), 0.0))
            for p in sets.platforms
        ]
    ).reshape(-1, 3)[sets.arc_platform]
    cost = prices[:, 0] * (sets.added + sets.renewed) + prices[:, 1] * (sets.closed + sets.retired)
    cost = cost + prices[:, 2] * sets.opens
    paid = np.flatnonzero(cost)
    return (Entries(block.step, sets.arc_year[paid], paid, cost[paid]),)


def _moves(block: Block, problem: LocationProblem) -> Spent:
    """Return units that arrive instead of being bought, and leave instead of being taken out."""
    sets: Index = block.index
    types = {one.id: one for one in problem.equipment.equipment_types}
    platform, year = (column[block.moving] for column in sets.slots)
    kinds = [types[sets.platforms[one].resource] for one in platform.tolist()]
    every = np.arange(len(kinds))
    arrives = np.array([kind.moving - kind.purchase for kind in kinds])
    leaves = np.array([-kind.closing for kind in kinds])
    return Entries(block.moved_in, year, every, arrives), Entries(block.moved_out, year, every, leaves)


def _fitting(block: Block) -> Spent:
    """Return places fitted out: what a year has more than the year before."""
    found: Options = block.options
    dock, year = block.dock_years
    cost = np.array([one.opening for one in found.docks])[dock] if len(dock) else np.empty(0)
    again = np.flatnonzero(year < block.index.years - 1)
    return (
        Entries(block.fitted, year, np.arange(len(dock)), cost),
        Entries(block.fitted, year[again] + 1, again, -cost[again]),
    )


def _contracts(block: Block) -> Entries:
    found: Options = block.options
    offer, year = block.offer_years
    price = np.array([one.price for one in found.offers]).reshape(-1, block.index.years)[offer, year]
    return Entries(block.bought, year, np.arange(len(offer)), price)


def _rounds(block: Block) -> Entries:
    found: Options = block.options
    dock, year = block.dock_years
    cost = np.array([one.unit.session_cost for one in found.docks])[dock] if len(dock) else np.empty(0)
    return Entries(block.rounds, year, np.arange(len(dock)), cost)


def budget_variables(block: Block, problem: LocationProblem) -> None:
    """What the budgets of every year leave, in thousands of MAD."""
    for name, budget in (("capex_left", problem.policy.capex_a_year), ("opex_left", problem.policy.opex_a_year)):
        linear.variables(block, name, range(0 if budget is None else block.index.years))


def capex(block: Block, problem: LocationProblem) -> None:
    """Purchases stay within the year's budget and what the year before leaves.

    ::

        sum of purchases_t + left_t <= B + carry left_t-1    for every year t

    Units and beds bought, renewed, moved, taken out; works; places fitted out. Source: the grouping's budget.
    """
    spent = [*spending(block, problem)["purchases"]]
    _budget(block, problem, "capex", (block.capex_left, problem.policy.capex_a_year), spent)


def opex(block: Block, problem: LocationProblem) -> None:
    """Other spending, less sessions sold, stays within the year's budget and what the year before leaves.

    ::

        sum of other spending_t - sales_t + left_t <= B + carry left_t-1    for every year t

    Source: the grouping's budget.
    """
    spent = [one for line, entries in spending(block, problem).items() if line != "purchases" for one in entries]
    _budget(block, problem, "opex", (block.opex_left, problem.policy.opex_a_year), spent)


def capex_and_opex(block: Block, problem: LocationProblem) -> tuple[Floats, Floats]:
    """Return what the values of a block spend of each budget, by year."""
    years = block.index.years
    purchases, other = np.zeros(years), np.zeros(years)
    for line, spent in spending(block, problem).items():
        for one in spent:
            year, columns, mad = one.arrays()
            np.add.at(purchases if line == "purchases" else other, year, mad * linear.values(one.variable)[columns])
    return purchases, other


def _budget(
    block: Block, problem: LocationProblem, name: str, given: tuple[Any, float | None], spent: Iterable[Entries]
) -> None:
    left, budget = given
    if budget is None:
        return
    years = np.arange(block.index.years)
    entries = [
        *(_in_thousands(one) for one in spent),
        Entries(left, years, years),
        Entries(left, years[1:], years[:-1], -problem.policy.carry_over),
    ]
    rows = linear.rows(block, name, list(problem.years), entries, upper=budget / THOUSAND)
    rows.reading = Reading(divisor=Affine((), 1 / THOUSAND))


def _in_thousands(spent: Entries) -> Entries:
    """Return spending in thousands of MAD: a solver takes millions beside ones for nothing."""
    return Entries(spent.variable, spent.rows, spent.columns, np.asarray(spent.coefficients) / THOUSAND)


def money_terms(block: Block, problem: LocationProblem) -> dict[str, Term]:
    """Return what every line costs, discounted."""
    discount = np.array([problem.discount(year) for year in problem.years])
    return {
        line: Term(Affine(tuple(_discounted(one, discount) for one in entries)), "MAD")
        for line, entries in spending(block, problem).items()
    }


def _discounted(spent: Entries, discount: Floats) -> Entries:
    year, columns, mad = spent.arrays()
    return Entries(spent.variable, 0, columns, mad * discount[year])

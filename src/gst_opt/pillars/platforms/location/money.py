"""Money of a model by line and year, and the budgets that it stays within."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, Floats, Positions, Reading
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.prices import Prices, prices
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.staff import lending_spent, remote_spent
from gst_opt.pillars.platforms.location.upgrades import Upgrades

Block = Any
THOUSAND = 1000.0
ROUNDING = 1e-9
Spent = tuple[Entries, ...]
"""Entries whose row is the position of the year, in MAD, not discounted."""


def spending(block: Block, problem: LocationProblem) -> dict[str, Spent]:
    """Return what every line spends; sessions sold count below zero."""
    sets: Index = block.index
    price = prices(problem, sets, block.options)
    platform, year = sets.slots
    run, sold = block.session_slots, block.sale_slots
    offer, offer_year = block.offer_years
    dock, dock_year = block.dock_years
    upkeep = price.upkeep[sets.platform] * sets.amount
    return {
        "purchases": (_steps(block, price), *_moves(block, price), _upgrades(block, price), *_fitting(block, price)),
        "upkeep": (Entries(block.step, sets.arc_year, np.arange(len(sets.target)), upkeep[sets.target]),),
        "sessions": (Entries(block.sessions, year[run], np.arange(len(run)), price.session[platform[run]]),),
        "contracts": (Entries(block.bought, offer_year, np.arange(len(offer)), price.contract[offer, offer_year]),),
        "mobile": (Entries(block.rounds, dock_year, np.arange(len(dock)), price.round[dock]),),
        "lending": (lending_spent(block, problem),),
        "remote": (remote_spent(block, problem),),
        "sales": (Entries(block.sold, year[sold], np.arange(len(sold)), -price.sale[platform[sold]]),),
    }


def _steps(block: Block, price: Prices) -> Entries:
    """Return units and beds bought, renewed and taken out, and works before the first."""
    sets: Index = block.index
    own = sets.arc_platform
    cost = price.purchase[own] * (sets.added + sets.renewed) + price.closing[own] * (sets.closed + sets.retired)
    cost = cost + price.works[own] * sets.opens
    paid = np.flatnonzero(cost)
    return Entries(block.step, sets.arc_year[paid], paid, cost[paid])


def _moves(block: Block, price: Prices) -> Spent:
    """Return units that arrive instead of being bought, and leave instead of being taken out."""
    platform, year = (column[block.moving] for column in block.index.slots)
    every = np.arange(len(platform))
    return (
        Entries(block.moved_in, year, every, price.moving[platform] - price.purchase[platform]),
        Entries(block.moved_out, year, every, -price.closing[platform]),
    )


def _upgrades(block: Block, price: Prices) -> Entries:
    """Return units that become others instead of being taken out, and instead of these being bought."""
    own: Upgrades = block.upgrades
    platform, year = block.index.slots
    saved = price.purchase[platform[own.entering]] + price.closing[platform[own.leaving]]
    return Entries(block.upgraded, year[own.leaving], np.arange(len(own.price)), own.price - saved)


def _fitting(block: Block, price: Prices) -> Spent:
    """Return places fitted out: what a year has more than the year before."""
    dock, year = block.dock_years
    again = np.flatnonzero(year < block.index.years - 1)
    return (
        Entries(block.fitted, year, np.arange(len(dock)), price.fitting[dock]),
        Entries(block.fitted, year[again] + 1, again, -price.fitting[dock[again]]),
    )


def budget_variables(block: Block, problem: LocationProblem) -> None:
    """What the budgets of every year leave, in thousands of MAD, and levels kept up in all years."""
    for name, budget in (("capex_left", problem.policy.capex_a_year), ("opex_left", problem.policy.opex_a_year)):
        linear.variables(block, name, range(0 if budget is None else block.index.years))
    most = _level_years(block, problem)
    linear.variables(block, "kept", list(most), upper=np.array(list(most.values()), dtype=np.float64), integer=True)


def capex(block: Block, problem: LocationProblem) -> None:
    """Purchases stay within the year's budget and what the year before leaves.

    ::

        sum of purchases_t + left_t <= B + carry left_t-1    for every year t

    Units and beds bought, renewed, moved, upgraded, taken out; works; places fitted out. Source: the grouping's budget.
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


def level_years(block: Block, problem: LocationProblem) -> None:
    """Levels of one resource at all sites and in all years add up to a whole number that the budget can keep up.

    ::

        sum_jtq q w_jkqt = N_k <= (T B + sales) / upkeep_k    for every resource k that the budget cannot keep up wholly

    It tightens only: years and sites that are alike for a budget are one number for a search to branch on. Source: the
    grouping's budget and the upkeep of each resource.
    """
    sets: Index = block.index
    names = list(block.kept)
    row = _rows_of(sets, names)
    arcs = np.flatnonzero((row[sets.arc_platform] >= 0) & (sets.level[sets.target] > 0))
    every = np.arange(len(names))
    entries = [
        Entries(block.step, row[sets.arc_platform[arcs]], arcs, sets.level[sets.target[arcs]]),
        Entries(block.kept, every, every, -1.0),
    ]
    linear.rows(block, "level_years", names, entries, lower=0.0, upper=0.0)


def _level_years(block: Block, problem: LocationProblem) -> dict[str, int]:
    """Return the most levels in all years that the budget keeps up, by resource that could have more."""
    sets: Index = block.index
    if problem.policy.opex_a_year is None:
        return {}
    sales = sum(row.sessions * row.mad_per_session for row in problem.equipment.session_sales)
    money = sets.years * (problem.policy.opex_a_year + sales)
    price = prices(problem, sets, block.options)
    found: dict[str, int] = {}
    for name in sorted({one.resource for one in sets.platforms}):
        own = [number for number, one in enumerate(sets.platforms) if one.resource == name]
        years = {number: sets.years - sets.platforms[number].first for number in own}
        block_size = max(sets.platforms[own[0]].block, 1)
        begun = sum(years[n] * (block_size * sets.platforms[n].level - sets.platforms[n].today) for n in own)
        upkeep = float(price.upkeep[own[0]]) * block_size
        most = (money / upkeep if upkeep else math.inf) + begun / block_size
        if most < sum(years[n] * sets.platforms[n].high for n in own):
            found[name] = math.floor(most * (1 + ROUNDING))
    return found


def _rows_of(sets: Index, names: list[str]) -> Positions:
    """Return the position of the resource of every platform among some; -1 where it is not one of them."""
    number = {name: row for row, name in enumerate(names)}
    return np.array([number.get(one.resource, -1) for one in sets.platforms], dtype=np.intp)


def level_year_values(block: Block) -> None:
    """Set the sums of levels that the steps come to."""
    sets: Index = block.index
    names = list(block.kept)
    row = _rows_of(sets, names)[sets.arc_platform]
    levels = linear.values(block.step) * sets.level[sets.target]
    linear.set_values(block.kept, np.bincount(row[row >= 0], levels[row >= 0], len(names)))


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

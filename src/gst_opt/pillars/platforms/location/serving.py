"""Shares of needs: what is decided of who is served through what, needs met, links to what is open."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from gst_opt.core.equipment import EquipmentType
from gst_opt.model import linear
from gst_opt.model.linear import Entries, Positions
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.naming import in_scenario
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.plan import Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.uses import Uses, by_mode

Block = Any


def serving_variables(block: Block, problem: LocationProblem) -> None:
    """Shares of every need by option and unmet, sessions run and sold, contracts, rounds of mobile units."""
    sets: Index = block.index
    found: Options = block.options
    used: Uses = block.uses
    linear.variables(block, "share", _use_keys(found, used), upper=1.0)
    linear.variables(block, "unmet", need_keys(found, used, np.arange(len(used.stream))), upper=1.0)
    types = {one.id: one for one in problem.equipment.equipment_types}
    run = {row.equipment_type for row in problem.equipment.session_standards}
    platform, _ = sets.slots
    runs = np.array([one.resource in run for one in sets.platforms], dtype=np.bool_)
    block.session_slots = np.flatnonzero(runs[platform])
    most = np.array(
        [one.high * sessions_a_year(types[one.resource]) if one.resource in run else 0 for one in sets.platforms]
    )
    own = [sets.slot_keys[slot] for slot in block.session_slots.tolist()]
    linear.variables(block, "sessions", own, upper=most[platform[block.session_slots]])
    sales = {(row.facility, row.equipment_type): row.sessions for row in problem.equipment.session_sales}
    hired = np.array([sales.get((one.facility, one.resource), 0.0) for one in sets.platforms])
    block.sale_slots = np.flatnonzero(hired[platform] > 0)
    own = [sets.slot_keys[slot] for slot in block.sale_slots.tolist()]
    linear.variables(block, "sold", own, upper=hired[platform[block.sale_slots]])
    block.offer_years = _years_with([offer.most for offer in found.offers], sets.years)
    offer, year = block.offer_years
    own_offers = [(found.offers[i].facility, found.offers[i].service, t) for i, t in _pairs(offer, year)]
    most = np.array([found.offers[i].most[t] for i, t in _pairs(offer, year)])
    linear.variables(block, "contract", own_offers, upper=1.0, integer=True)
    linear.variables(block, "bought", own_offers, upper=most)
    first = {site: year - problem.years[0] for site, year in problem.first_year.items()}
    there = [[float(t >= first[dock.unit.base]) for t in range(sets.years)] for dock in found.docks]
    block.dock_years = _years_with(there, sets.years)
    own_docks = [(found.docks[i].unit.id, found.docks[i].place, t) for i, t in _pairs(*block.dock_years)]
    rounds = np.array([rounds_a_year(problem, found, dock) for dock in range(len(found.docks))])
    linear.variables(block, "docked", own_docks, upper=1.0, integer=True)
    linear.variables(block, "fitted", own_docks, upper=1.0, integer=True)
    linear.variables(block, "rounds", own_docks, upper=rounds[block.dock_years[0]] if own_docks else 0.0)


def sessions_a_year(kind: EquipmentType) -> float:
    """Return the sessions that one unit can run in a year."""
    return kind.sessions_per_week * kind.weeks_per_year


def rounds_a_year(problem: LocationProblem, found: Options, dock: int) -> float:
    """Return the sessions that a mobile unit can run in a year."""
    unit = found.docks[dock].unit
    weeks = next(one.weeks_per_year for one in problem.equipment.equipment_types if one.id == unit.equipment_type)
    return unit.sessions_per_week * weeks


def _years_with(amounts: Iterable[Iterable[float]], years: int) -> tuple[Positions, Positions]:
    """Return row and year wherever an amount is above zero."""
    rows, columns = np.nonzero(np.array([list(one) for one in amounts]).reshape(-1, years) > 0)
    return rows, columns


def _pairs(left: Positions, right: Positions) -> list[tuple[int, int]]:
    return list(zip(left.tolist(), right.tolist(), strict=True))


def need_keys(found: Options, used: Uses, needs: Positions) -> list[tuple[str, str, str, int, int, int]]:
    """(zone, service, pathway, step, year, scenario) of some needs."""
    columns = (used.stream[needs].tolist(), used.year[needs].tolist(), used.scenario[needs].tolist())
    heads = [(one.zone, one.service, one.pathway or "", one.step or 0) for one in found.streams]
    return [(*heads[stream], year, scenario) for stream, year, scenario in zip(*columns, strict=True)]


def _use_keys(found: Options, used: Uses) -> list[tuple[Any, ...]]:
    """Key of the need, place and what is used there, of every use."""
    what = []
    for mode, platform, offer, dock in zip(
        *(one.tolist() for one in (found.mode, found.platform, found.offer, found.dock)), strict=True
    ):
        what.append(("on_site", "contract", "mobile")[mode] + f"-{max(platform, offer, dock)}")
    places = [found.places[place] for place in found.place.tolist()]
    heads = need_keys(found, used, np.arange(len(used.stream)))
    pairs = zip(used.need.tolist(), used.option.tolist(), strict=True)
    return [(*heads[need], places[option], what[option]) for need, option in pairs]


def met(block: Block, problem: LocationProblem) -> None:
    """Every need is met through its options, or is not.

    ::

        sum_a x_hats + u_hts = 1    for every stream h, year t and scenario s

    Source: balance of needs.
    """
    used: Uses = block.uses
    every = np.arange(len(used.stream))
    entries = [
        Entries(block.share, used.need, np.arange(len(used.need))),
        Entries(block.unmet, every, every),
    ]
    keys = in_scenario(problem, need_keys(block.options, used, every))
    linear.rows(block, "met", keys, entries, lower=1.0, upper=1.0)


def link(block: Block, problem: LocationProblem) -> None:
    """Nobody is served at a platform without units, through a contract not made or where no mobile unit comes.

    ::

        x_hats <= sum_q>=1 w_jkqt,  x_hats <= kappa_ft  or  x_hats <= o_dt    for every use of an option a

    It tightens only: capacity is nothing without units. Source: strong links, never aggregated.
    """
    sets: Index = block.index
    found: Options = block.options
    used: Uses = block.uses
    year = used.year[used.need]
    platform = found.platform.copy()
    alone = (platform < 0)[found.bed_option]
    platform[found.bed_option[alone]] = found.bed_platform[alone]
    own = platform[used.option]
    low = np.array([one.amount(one.low) for one in sets.platforms])
    on_site = np.flatnonzero(own >= 0)
    on_site = on_site[low[own[on_site]] == 0]
    contract, mobile = by_mode(found, used, Mode.CONTRACT), by_mode(found, used, Mode.MOBILE)
    uses = np.concatenate([on_site, contract, mobile])
    row = np.full(len(used.need), -1, dtype=np.intp)
    row[uses] = np.arange(len(uses))
    arcs, opened = sets.arcs_into(sets.slot[own[on_site], year[on_site]])
    offers = column_of(block.offer_years, (len(found.offers), sets.years))
    docks = column_of(block.dock_years, (len(found.docks), sets.years))
    entries = [
        Entries(block.share, row[uses], uses),
        Entries(block.step, row[on_site][opened], arcs, -1.0),
        Entries(block.contract, row[contract], offers[found.offer[used.option[contract]], year[contract]], -1.0),
        Entries(block.docked, row[mobile], docks[found.dock[used.option[mobile]], year[mobile]], -1.0),
    ]
    linear.rows(block, "link", uses.tolist(), entries, upper=0.0).redundant = True


def column_of(pairs: tuple[Positions, Positions], shape: tuple[int, int]) -> Positions:
    """Return the column of (row, year) in a family over some pairs; -1 where there is none."""
    found = np.full(shape, -1, dtype=np.intp)
    found[pairs] = np.arange(len(pairs[0]))
    return found

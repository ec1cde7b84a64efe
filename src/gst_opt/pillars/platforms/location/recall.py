"""From a plan to what it decided: the inverse of `figures`, as far as the plan is still allowed; no solver."""

from collections.abc import Iterable, Mapping

import numpy as np

from gst_opt.pillars.platforms.location.decided import Decided, Hours
from gst_opt.pillars.platforms.location.index import Floats, Index, Positions
from gst_opt.pillars.platforms.location.options import MODES, Options
from gst_opt.pillars.platforms.location.plan import LocationPlan, Served, SiteUnits
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.upgrades import upgrades
from gst_opt.pillars.platforms.location.uses import Uses


def decided_by(problem: LocationProblem, sets: Index, found: Options, used: Uses, plan: LocationPlan) -> Decided:
    """Return what a plan decided, in the arrays of a question; what the question does not have is left out."""
    years = {year: position for position, year in enumerate(problem.years)}
    slots = {key: slot for slot, key in enumerate(sets.slot_keys)}
    units = {
        slot: row
        for row in plan.units
        if (slot := slots.get((row.facility, row.equipment_type, years.get(row.year, -1)))) is not None
    }
    offers = {(offer.facility, offer.service): number for number, offer in enumerate(found.offers)}
    docks = {(dock.unit.id, dock.place): number for number, dock in enumerate(found.docks)}
    bought = np.zeros((len(found.offers), sets.years))
    for contract in plan.contracts:
        number = offers.get((contract.facility, contract.service))
        if number is not None and contract.year in years:
            bought[number, years[contract.year]] = contract.acts
    fitted, rounds = np.zeros((len(found.docks), sets.years)), np.zeros((len(found.docks), sets.years))
    for visit in plan.visits:
        number = docks.get((visit.mobile_unit, visit.place))
        if number is not None and visit.year in years:
            rounds[number, years[visit.year]] = visit.sessions
            fitted[number, years[visit.year] :] = 1.0
    return Decided(
        level=_levels(problem, sets, plan, slots, years),
        moved_in=_column(sets, units, "moved_in").astype(np.intp),
        moved_out=_column(sets, units, "moved_out").astype(np.intp),
        upgraded=_upgraded(problem, sets, plan, years),
        sessions=_column(sets, units, "sessions"),
        sold=_column(sets, units, "sessions_sold"),
        share=_shares(problem, sets, found, used, plan.served),
        bought=bought,
        fitted=fitted,
        rounds=rounds,
        lent=tuple(
            Hours(r.skill, r.origin, r.host, years[r.year], r.hours) for r in plan.lent_hours if r.year in years
        ),
        remote=tuple(
            Hours(r.skill, r.origin, r.host, years[r.year], r.hours) for r in plan.remote_hours if r.year in years
        ),
    )


def _column(sets: Index, units: Mapping[int, SiteUnits], name: str) -> Floats:
    found = np.zeros(len(sets.slot_keys))
    for slot, row in units.items():
        found[slot] = getattr(row, name)
    return found


def _upgraded(problem: LocationProblem, sets: Index, plan: LocationPlan, years: Mapping[int, int]) -> Positions:
    keys = {key: number for number, key in enumerate(upgrades(problem, sets).keys)}
    found = np.zeros(len(keys), dtype=np.intp)
    for row in plan.upgrades:
        number = keys.get((row.facility, row.equipment_type, row.becomes, years.get(row.year, -1)))
        if number is not None:
            found[number] = row.units
    return found


def _levels(
    problem: LocationProblem,
    sets: Index,
    plan: LocationPlan,
    slots: Mapping[tuple[str, str, int], int],
    years: Mapping[int, int],
) -> Positions:
    """Return the level nearest to the plan's amount by slot; without a row, that of today."""
    amounts: dict[int, int] = {}
    rows: Iterable[tuple[str, str, int, int]] = (
        *((row.facility, row.equipment_type, row.year, row.units) for row in plan.units),
        *((row.facility, str(row.ward), row.year, row.beds) for row in plan.beds),
    )
    for facility, resource, year, amount in rows:
        slot = slots.get((facility, resource, years.get(year, -1)))
        if slot is not None:
            amounts[slot] = amount
    found = np.empty(len(slots), dtype=np.intp)
    for slot, platform in enumerate(sets.slots[0].tolist()):
        own = sets.platforms[platform]
        wanted = amounts.get(slot, own.today)
        found[slot] = min(range(own.low, own.high + 1), key=lambda level: (abs(own.amount(level) - wanted), level))
    return found


def _shares(problem: LocationProblem, sets: Index, found: Options, used: Uses, served: Iterable[Served]) -> Floats:
    """Return the share of every need by use."""
    years = {year: position for position, year in enumerate(problem.years)}
    scenarios = {one.id: position for position, one in enumerate(problem.scenarios)}
    streams = {(one.zone, one.service, one.pathway, one.step): number for number, one in enumerate(found.streams)}
    numbers = zip(
        found.stream.tolist(),
        found.mode.tolist(),
        found.place.tolist(),
        found.platform.tolist(),
        found.dock.tolist(),
        strict=True,
    )
    options: dict[tuple[int, int, str, str | None], int] = {}
    for option, (stream, mode, place, platform, dock) in enumerate(numbers):
        what = sets.platforms[platform].resource if platform >= 0 else found.docks[dock].unit.id if dock >= 0 else None
        options[stream, mode, found.places[place], what] = option
    columns = {pair: use for use, pair in enumerate(zip(used.option.tolist(), used.need.tolist(), strict=True))}
    share = np.zeros(len(used.option))
    for row in served:
        stream = streams.get((row.zone, row.service, row.pathway, row.step), -1)
        need = used.number.get((stream, years.get(row.year, -1), scenarios.get(row.scenario, -1)), -1)
        option = options.get((stream, MODES.index(row.mode), row.place, row.platform), -1)
        use = columns.get((option, need))
        if use is not None:
            share[use] += row.acts / used.acts[need]
    return share

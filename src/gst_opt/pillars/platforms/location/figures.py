"""From decisions to a complete plan: every table, with use, waits, occupancy, staff and money; no solver."""

from collections.abc import Iterator

import numpy as np

from gst_opt.pillars.platforms.location.decided import NOTHING, Decided, Outcome
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.options import MODES, Options
from gst_opt.pillars.platforms.location.plan import (
    Contract,
    CoverGap,
    LentHours,
    LocationPlan,
    Mode,
    RemoteHours,
    Served,
    SiteBeds,
    SiteUnits,
    UpgradedUnits,
    Visits,
)
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.queues import DAYS, mean_minutes, wait
from gst_opt.pillars.platforms.location.reasons import unmet
from gst_opt.pillars.platforms.location.spending import (
    contract_costs,
    cost_lines,
    fitting_out,
    lending_cost,
    link_costs,
    round_costs,
)
from gst_opt.pillars.platforms.location.staffing import staff_uses
from gst_opt.pillars.platforms.location.uses import Uses


def assemble(problem: LocationProblem, sets: Index, found: Options, used: Uses, decided: Decided) -> LocationPlan:
    """Return the plan that decisions stand for.

    Parameters
    ----------
    problem
        The question.
    sets, found, used
        Its platforms, options and uses, as arrays.
    decided
        Decisions over these.

    Returns
    -------
    LocationPlan
        Shares below 1e-7 of a need, and fewer hours, sessions or acts than that, are left out. Use, waits and
        occupancy are means over demand scenarios; staff hours those of the scenario that needs most.
    """
    outcome = Outcome(problem, sets, found, used, decided)
    return LocationPlan(
        units=tuple(_units(outcome)),
        upgrades=tuple(_upgrades(outcome)),
        beds=tuple(_beds(outcome)),
        served=tuple(_served(outcome)),
        unmet=tuple(unmet(outcome)),
        contracts=tuple(_contracts(outcome)),
        visits=tuple(_visits(outcome)),
        lent_hours=tuple(_lent(outcome)),
        remote_hours=tuple(_remote(outcome)),
        staff=tuple(staff_uses(outcome)),
        cover_gaps=tuple(_cover_gaps(outcome)),
        costs=tuple(cost_lines(outcome)),
    )


def _units(outcome: Outcome) -> Iterator[SiteUnits]:
    problem, sets, decided = outcome.problem, outcome.sets, outcome.decided
    types = {one.id: one for one in problem.equipment.equipment_types}
    per_act = {name: mean_minutes(problem.equipment, name) for name in types}
    minutes = outcome.expected(outcome.minutes)[sets.slots].tolist()
    slots = zip(*(one.tolist() for one in sets.slots), outcome.taken.tolist(), minutes, strict=True)
    for slot, (number, year, arc, used) in enumerate(slots):
        own = sets.platforms[number]
        if own.block:
            continue
        kind = types[own.resource]
        moved_in, moved_out = int(decided.moved_in[slot]), int(decided.moved_out[slot])
        upgraded_in, upgraded_out = int(outcome.upgraded_in[slot]), int(outcome.upgraded_out[slot])
        units = int(outcome.amount[number, year])
        sessions, sold = float(decided.sessions[slot]), float(decided.sold[slot])
        time = units * kind.minutes_per_year
        use = (used + sold * kind.minutes_per_session) / time if time else 0.0
        yield SiteUnits(
            province=problem.facilities[own.facility].province,
            facility=own.facility,
            equipment_type=own.resource,
            year=problem.years[year],
            units_today=own.today,
            units=units,
            bought=int(sets.added[arc]) - moved_in - upgraded_in,
            renewed=int(sets.renewed[arc]),
            retired=int(sets.retired[arc]),
            closed=int(sets.closed[arc]) - moved_out - upgraded_out,
            moved_in=moved_in,
            moved_out=moved_out,
            upgraded_in=upgraded_in,
            upgraded_out=upgraded_out,
            sessions=sessions,
            sessions_per_week=sessions / kind.weeks_per_year,
            sessions_sold=sold,
            use=use,
            wait=wait(kind, units, use, per_act[own.resource]),
        )


def _upgrades(outcome: Outcome) -> Iterator[UpgradedUnits]:
    own = outcome.upgrades
    for number in np.flatnonzero(outcome.decided.upgraded).tolist():
        facility, kind, becomes, year = own.keys[number]
        units = int(outcome.decided.upgraded[number])
        yield UpgradedUnits(
            facility=facility,
            equipment_type=kind,
            becomes=becomes,
            year=outcome.problem.years[year],
            units=units,
            cost=units * float(own.price[number]),
        )


def _beds(outcome: Outcome) -> Iterator[SiteBeds]:
    problem, sets = outcome.problem, outcome.sets
    bed_days = outcome.expected(outcome.bed_days)
    for number, year, arc in zip(*(one.tolist() for one in sets.slots), outcome.taken.tolist(), strict=True):
        own = sets.platforms[number]
        if own.block:
            beds, days = int(outcome.amount[number, year]), float(bed_days[number, year])
            yield SiteBeds(
                province=problem.facilities[own.facility].province,
                facility=own.facility,
                ward=own.resource,
                year=problem.years[year],
                beds_today=own.today,
                beds=beds,
                opened=int(sets.added[arc]),
                closed=int(sets.closed[arc]),
                bed_days=days,
                occupancy=days / (beds * DAYS) if beds else 0.0,
            )


def _served(outcome: Outcome) -> Iterator[Served]:
    problem, sets, found, used = outcome.problem, outcome.sets, outcome.found, outcome.used
    some = np.flatnonzero(outcome.decided.share > NOTHING)
    option, need = used.option[some], used.need[some]
    year, scenario = used.year[need], used.scenario[need]
    columns = (
        option,
        year,
        scenario,
        outcome.acts[option, year, scenario],
        found.minutes[option],
        found.stream[option],
        found.place[option],
        found.mode[option],
    )
    for own, t, s, acts, minutes, stream, place, mode in zip(*(one.tolist() for one in columns), strict=True):
        served = found.streams[stream]
        platform = None
        if MODES[mode] is Mode.MOBILE:
            platform = found.docks[found.dock[own]].unit.id
        elif found.platform[own] >= 0:
            platform = sets.platforms[found.platform[own]].resource
        yield Served(
            zone=served.zone,
            service=served.service,
            pathway=served.pathway,
            step=served.step,
            year=problem.years[t],
            scenario=problem.scenarios[s].id,
            mode=MODES[mode],
            place=found.places[place],
            platform=platform,
            acts=acts,
            minutes=minutes,
        )


def _contracts(outcome: Outcome) -> Iterator[Contract]:
    costs = contract_costs(outcome)
    for number, year in np.argwhere(outcome.decided.bought > NOTHING).tolist():
        offer = outcome.found.offers[number]
        yield Contract(
            facility=offer.facility,
            service=offer.service,
            year=outcome.problem.years[year],
            acts=float(outcome.decided.bought[number, year]),
            mad_per_act=offer.price[year],
            cost=float(costs[number, year]),
        )


def _visits(outcome: Outcome) -> Iterator[Visits]:
    rounds, works = outcome.decided.rounds, fitting_out(outcome)
    costs = round_costs(outcome) + works
    fitted = np.diff(outcome.decided.fitted, axis=1, prepend=0.0) > 0.5
    for number, year in np.argwhere((rounds > NOTHING) | fitted).tolist():
        dock = outcome.found.docks[number]
        yield Visits(
            mobile_unit=dock.unit.id,
            place=dock.place,
            year=outcome.problem.years[year],
            sessions=float(rounds[number, year]),
            fitted_out=bool(fitted[number, year]),
            cost=float(costs[number, year]),
        )


def _lent(outcome: Outcome) -> Iterator[LentHours]:
    for row in outcome.decided.lent:
        yield LentHours(
            skill=row.skill,
            origin=row.origin,
            host=row.host,
            year=outcome.problem.years[row.year],
            hours=row.hours,
            minutes=outcome.problem.journeys.minutes(row.origin, row.host),
            cost=lending_cost(outcome, row),
        )


def _remote(outcome: Outcome) -> Iterator[RemoteHours]:
    for row, cost in zip(outcome.decided.remote, link_costs(outcome), strict=True):
        yield RemoteHours(
            skill=row.skill,
            origin=row.origin,
            host=row.host,
            year=outcome.problem.years[row.year],
            hours=row.hours,
            cost=cost,
        )


def _cover_gaps(outcome: Outcome) -> Iterator[CoverGap]:
    """Yield the people of every zone times the sites that they miss, growing with their province."""
    problem, sets = outcome.problem, outcome.sets
    zones = [zone.id for zone in problem.region.zones]
    counts = problem.region.inhabitants()
    growth = {row.province: 1 + row.per_year for row in problem.region.growth_rates}
    factor = np.array([growth.get(zone.province, 1.0) for zone in problem.region.zones])
    people = np.array([float(counts[zone]) for zone in zones])[:, None] * factor[:, None] ** np.arange(sets.years)
    for standard in problem.equipment.cover_standards:
        rank = 0 if standard.min_level is None else standard.min_level.rank
        sites = [
            number
            for number, own in enumerate(sets.platforms)
            if own.resource == standard.equipment_type and problem.facilities[own.facility].level.rank >= rank
        ]
        times = problem.journeys.between(zones, [sets.platforms[number].facility for number in sites])
        covering = (times <= standard.minutes).astype(np.float64) @ (outcome.amount[sites] > 0)
        missing = np.maximum(standard.sites - covering, 0.0) * people
        for zone, year in np.argwhere(missing > NOTHING).tolist():
            yield CoverGap(
                equipment_type=standard.equipment_type,
                min_level=standard.min_level,
                sites=standard.sites,
                zone=zones[zone],
                year=problem.years[year],
                people=float(missing[zone, year]),
            )

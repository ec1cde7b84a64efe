"""Rows of what platforms can do: time of sessions, use kept low enough for waits, floors of use, beds."""

from typing import Any, NamedTuple

import numpy as np

from gst_opt.core.equipment import EquipmentType
from gst_opt.core.wards import WardStandard
from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats, Positions
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.naming import Key, dated, in_scenario
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.queues import DAYS
from gst_opt.pillars.platforms.location.room import room
from gst_opt.pillars.platforms.location.serving import sessions_a_year
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any
HOUR = 60.0


class Load(NamedTuple):
    """What uses take of the slots of some platforms.

    Attributes
    ----------
    slot, scenario
        One row each: slot and demand scenario of a platform that some use takes from.
    row, use, amount
        One use each: its row, itself, and what its whole need would take (hours, or bed-days).
    """

    slot: Positions
    scenario: Positions
    row: Positions
    use: Positions
    amount: Floats


def hours_used(block: Block) -> Load:
    """Return the hours of units that uses take."""
    found: Options = block.options
    used: Uses = block.uses
    uses = np.flatnonzero(found.platform[used.option] >= 0)
    options = used.option[uses]
    return _load(block, uses, found.platform[options], used.acts[used.need[uses]] * found.per_act[options] / HOUR)


def acts_done(block: Block) -> Load:
    """Return the acts of units that uses are."""
    found: Options = block.options
    used: Uses = block.uses
    uses = np.flatnonzero(found.platform[used.option] >= 0)
    return _load(block, uses, found.platform[used.option[uses]], used.acts[used.need[uses]])


def bed_days_used(block: Block) -> Load:
    """Return the bed-days that uses take."""
    found: Options = block.options
    used: Uses = block.uses
    start, stop = (np.searchsorted(found.bed_option, used.option, side=side) for side in ("left", "right"))
    many = stop - start
    uses = np.repeat(np.arange(len(used.option)), many)
    stays = np.repeat(start - np.cumsum(many) + many, many) + np.arange(many.sum())
    return _load(block, uses, found.bed_platform[stays], used.acts[used.need[uses]] * found.bed_days[stays])


def _load(block: Block, uses: Positions, platform: Positions, amount: Floats) -> Load:
    sets: Index = block.index
    used: Uses = block.uses
    need = used.need[uses]
    scenarios = int(used.scenario.max(initial=0)) + 1
    code = sets.slot[platform, used.year[need]] * scenarios + used.scenario[need]
    rows, row = np.unique(code, return_inverse=True)
    return Load(rows // scenarios, rows % scenarios, row.reshape(-1), uses, amount)


def types_of(problem: LocationProblem, sets: Index) -> list[EquipmentType | None]:
    """Return the equipment type of every platform; None for beds."""
    types = {one.id: one for one in problem.equipment.equipment_types}
    return [types.get(one.resource) if not one.block else None for one in sets.platforms]


def _figure(problem: LocationProblem, sets: Index, name: str) -> Floats:
    """Return a figure of the equipment type of every slot; 0 for beds."""
    values = [float(getattr(kind, name)) if kind else 0.0 for kind in types_of(problem, sets)]
    return np.array(values, dtype=np.float64)[sets.slots[0]]


def session_time(block: Block, problem: LocationProblem) -> None:
    """Acts take no more time than the sessions of their platform leave for them.

    ::

        sum_ha dur_ha d_hts x_hats <= max_use_k L_k sig_jkt    for every site j, type k, year t and scenario s

    where sig are sessions, L their length and dur the time of an act. Source: time per act by type and service.
    """
    sets: Index = block.index
    load = hours_used(block)
    hours = _figure(problem, sets, "max_use") * _figure(problem, sets, "minutes_per_session") / HOUR
    column = _where(sets, block.session_slots)
    entries = [
        Entries(block.share, load.row, load.use, load.amount),
        Entries(block.sessions, np.arange(len(load.slot)), column[load.slot], -hours[load.slot]),
    ]
    linear.rows(block, "session_time", _keys(problem, sets, load), entries, upper=0.0)


def capacity(block: Block, problem: LocationProblem) -> None:
    """Units are used no more than waits allow, sessions sold included.

    ::

        sum_ha dur_ha d_hts x_hats + L_k sold_jkt <= sum_q rho_k(q) q H_k w_jkqt    for every j, k, t and scenario s

    where H are the hours of a unit in a year and rho(q) is the largest use of q units that keeps the mean wait: units
    that share a queue may be used more. Source: Sakasegawa (1977); longest waits by type and by step of a pathway.
    """
    sets: Index = block.index
    load = _with_idle(hours_used(block), block.sale_slots)
    gives = room(problem, sets)
    sold, row, hours = _sold(block, problem, load)
    arcs, into = sets.arcs_into(load.slot)
    entries = [
        Entries(block.share, load.row, load.use, load.amount),
        Entries(block.sold, row, sold, hours),
        Entries(block.step, into, arcs, -gives[sets.target[arcs]] / HOUR),
    ]
    linear.rows(block, "capacity", _keys(problem, sets, load), entries, upper=0.0)


def session_count(block: Block, problem: LocationProblem) -> None:
    """Units run no more sessions than their weeks have.

    ::

        sig_jkt + sold_jkt <= S_k n_jkt    for every site j, type k and year t

    It tightens only: `capacity` leaves no more time than sessions have. It keeps sessions that cost nothing in bounds.
    Source: sessions a week and weeks a year of the type.
    """
    sets: Index = block.index
    slots: Positions = np.union1d(block.session_slots, block.sale_slots)
    arcs, into = sets.arcs_into(slots)
    most = np.array([sessions_a_year(kind) if kind else 0.0 for kind in types_of(problem, sets)])
    row, run, sold = _where(sets, slots), block.session_slots, block.sale_slots
    entries = [
        Entries(block.sessions, row[run], np.arange(len(run))),
        Entries(block.sold, row[sold], np.arange(len(sold))),
        Entries(block.step, into, arcs, -most[sets.arc_platform[arcs]] * sets.amount[sets.target[arcs]]),
    ]
    keys = dated(problem, (sets.slot_keys[slot] for slot in slots.tolist()))
    linear.rows(block, "session_count", keys, entries, upper=0.0)


def use_floor(block: Block, problem: LocationProblem) -> None:
    """Units are used no less than their type wants, on average over scenarios, sessions sold included.

    ::

        sum_s pi_s sum_ha dur_ha d_hts x_hats + L_k sold_jkt >= min_use_k H_k n_jkt    for every site j, type k, year t

    Source: smallest use of the type; what stays below it is closed or moved.
    """
    sets: Index = block.index
    floor = _figure(problem, sets, "min_use") * _figure(problem, sets, "minutes_per_year") / HOUR
    load = _expected(block, hours_used(block), np.flatnonzero(floor > 0))
    sold, row, hours = _sold(block, problem, load)
    _floors(block, problem, "use_floor", load, floor, Entries(block.sold, row, sold, hours), by_amount=True)


def act_floor(block: Block, problem: LocationProblem) -> None:
    """A site that has units of a type does no fewer acts with them than its type wants, on average over scenarios.

    ::

        sum_s pi_s sum_ha d_hts x_hats >= V_k sum_q>=1 w_jkqt    for every site j, type k and year t

    Source: fewest acts of a site, by type: volume makes safe (centres of excellence).
    """
    sets: Index = block.index
    floor = _figure(problem, sets, "min_acts")
    load = _expected(block, acts_done(block), np.flatnonzero(floor > 0))
    _floors(block, problem, "act_floor", load, floor, None, by_amount=False)


def bed_days(block: Block, problem: LocationProblem) -> None:
    """Patients stay no longer than beds are there, at the highest occupancy.

    ::

        sum_ha los_ha d_hts x_hats <= max_occupancy_k 365 beds_jkt    for every site j, ward k, year t and scenario s

    where los are days of stay, between today's and the target's. Source: stays by service; occupancy by ward.
    """
    sets: Index = block.index
    load = bed_days_used(block)
    gives = room(problem, sets)
    arcs, into = sets.arcs_into(load.slot)
    entries = [
        Entries(block.share, load.row, load.use, load.amount),
        Entries(block.step, into, arcs, -gives[sets.target[arcs]]),
    ]
    linear.rows(block, "bed_days", _keys(problem, sets, load), entries, upper=0.0)


def bed_floor(block: Block, problem: LocationProblem) -> None:
    """Beds are used no less than their ward wants, on average over scenarios.

    ::

        sum_s pi_s sum_ha los_ha d_hts x_hats >= min_occupancy_k 365 beds_jkt    for every site j, ward k and year t

    Source: smallest occupancy by ward; what stays below it is closed.
    """
    sets: Index = block.index
    floor = DAYS * _ward_figure(problem, sets, "min_occupancy")
    load = _expected(block, bed_days_used(block), np.flatnonzero(floor > 0))
    _floors(block, problem, "bed_floor", load, floor, None, by_amount=True)


def _ward_figure(problem: LocationProblem, sets: Index, name: str) -> Floats:
    standards: dict[str, WardStandard] = {str(row.ward): row for row in problem.equipment.ward_standards}
    values = [float(getattr(standards[one.resource], name)) if one.block else 0.0 for one in sets.platforms]
    return np.array(values, dtype=np.float64)[sets.slots[0]]


def _expected(block: Block, load: Load, slots: Positions) -> Load:
    """Return what some slots do on average over scenarios, one row a slot, those without any use too."""
    row = _where(block.index, slots)[load.slot][load.row]
    kept = np.flatnonzero(row >= 0)
    used: Uses = block.uses
    amount = load.amount[kept] * used.chance[used.need[load.use[kept]]]
    return Load(slots, np.zeros(len(slots), dtype=np.intp), row[kept], load.use[kept], amount)


def _floors(
    block: Block,
    problem: LocationProblem,
    name: str,
    load: Load,
    floor: Floats,
    more: Entries | None,
    *,
    by_amount: bool,
) -> None:
    sets: Index = block.index
    arcs, into = sets.arcs_into(load.slot)
    each = sets.amount[sets.target[arcs]] if by_amount else 1.0
    entries = [
        Entries(block.share, load.row, load.use, load.amount),
        Entries(block.step, into, arcs, -floor[sets.arc_slot[arcs]] * each),
    ]
    linear.rows(block, name, _keys(problem, sets, load), entries if more is None else [*entries, more], lower=0.0)


def _sold(block: Block, problem: LocationProblem, load: Load) -> tuple[Positions, Positions, Floats]:
    """Return the sessions sold that each row counts: column, row, hours of one."""
    sets: Index = block.index
    column = _where(sets, block.sale_slots)[load.slot]
    row = np.flatnonzero(column >= 0)
    hours = _figure(problem, sets, "minutes_per_session") / HOUR
    return column[row], row, hours[load.slot[row]]


def _with_idle(load: Load, slots: Positions) -> Load:
    """Return a load with rows for some slots that nobody uses, too."""
    idle = np.setdiff1d(slots, load.slot)
    return load._replace(
        slot=np.concatenate([load.slot, idle]), scenario=np.concatenate([load.scenario, np.zeros_like(idle)])
    )


def _where(sets: Index, slots: Positions) -> Positions:
    """Return the position of every slot among some; -1 where it is not."""
    found = np.full(len(sets.slot_keys), -1, dtype=np.intp)
    found[slots] = np.arange(len(slots))
    return found


def _keys(problem: LocationProblem, sets: Index, load: Load) -> list[Key]:
    pairs = zip(load.slot.tolist(), load.scenario.tolist(), strict=True)
    return in_scenario(problem, ((*sets.slot_keys[slot], scenario) for slot, scenario in pairs))

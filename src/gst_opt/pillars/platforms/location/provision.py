"""Rows of what is not on site: acts bought from private providers, rounds of mobile units."""

from typing import Any

import numpy as np

from gst_opt.core.equipment import EquipmentType
from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats, Positions
from gst_opt.pillars.platforms.location.capacity import HOUR
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.naming import dated, in_scenario
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.plan import Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.serving import column_of, rounds_a_year
from gst_opt.pillars.platforms.location.uses import Uses, by_mode

Block = Any


def contract_min(block: Block, problem: LocationProblem) -> None:
    """A contract is of no fewer acts than the provider wants.

    ::

        Vmin_ft kappa_ft <= C_ft    for every private offer f and year t

    Source: private offers.
    """
    found: Options = block.options
    _volume(block, problem, "contract_min", [offer.fewest for offer in found.offers], lower=0.0, upper=np.inf)


def contract_max(block: Block, problem: LocationProblem) -> None:
    """A contract is of no more acts than the provider has.

    ::

        C_ft <= Vmax_ft kappa_ft    for every private offer f and year t

    Source: private offers.
    """
    found: Options = block.options
    _volume(block, problem, "contract_max", [offer.most for offer in found.offers], lower=-np.inf, upper=0.0)


def _volume(
    block: Block, problem: LocationProblem, name: str, volume: list[tuple[float, ...]], *, lower: float, upper: float
) -> None:
    offer, year = block.offer_years
    every = np.arange(len(offer))
    acts = np.array(volume).reshape(-1, block.index.years)[offer, year]
    entries = [Entries(block.bought, every, every), Entries(block.contract, every, every, -acts)]
    linear.rows(block, name, dated(problem, block.contract.keys()), entries, lower=lower, upper=upper)


def contract_use(block: Block, problem: LocationProblem) -> None:
    """No more acts are given through a contract than were bought, whatever demand turns out to be.

    ::

        sum_h d_hts x_hfts <= C_ft    for every private offer f, year t and scenario s

    Source: a contract is made before demand is known.
    """
    found: Options = block.options
    columns = column_of(block.offer_years, (len(found.offers), block.index.years))
    _within(block, problem, "contract_use", Mode.CONTRACT, columns, block.bought, np.ones(len(block.bought)))


def round_time(block: Block, problem: LocationProblem) -> None:
    """Acts take no more time than the rounds of a mobile unit leave at the place.

    ::

        sum_h dur_h d_hts x_hdts <= max_use (L - tau_base,d) m_dt    for every docking point d, year t and scenario s

    where m are sessions there, L their length and tau the journey from the base. Source: mobile units.
    """
    found: Options = block.options
    dock, _ = block.dock_years
    kinds = _types(problem, found)
    hours = np.array([kinds[d].max_use * found.docks[d].minutes_left / HOUR for d in dock.tolist()])
    columns = column_of(block.dock_years, (len(found.docks), block.index.years))
    _within(block, problem, "round_time", Mode.MOBILE, columns, block.rounds, hours)


def _within(
    block: Block,
    problem: LocationProblem,
    name: str,
    mode: Mode,
    columns: Positions,
    family: Any,
    each: Floats,
) -> None:
    """Add a row for every column of a family and scenario: what uses of one mode take, within what it gives."""
    found: Options = block.options
    used: Uses = block.uses
    keys = list(family.keys())
    uses = by_mode(found, used, mode)
    need, option = used.need[uses], used.option[uses]
    own = found.offer[option] if mode is Mode.CONTRACT else found.dock[option]
    column = columns[own, used.year[need]]
    scenarios = int(used.scenario.max(initial=0)) + 1
    rows, row = np.unique(column * scenarios + used.scenario[need], return_inverse=True)
    amount = used.acts[need] if mode is Mode.CONTRACT else used.acts[need] * found.per_act[option] / HOUR
    given = rows // scenarios
    entries = [
        Entries(block.share, row.reshape(-1), uses, amount),
        Entries(family, np.arange(len(rows)), given, -each[given]),
    ]
    pairs = zip(given.tolist(), (rows % scenarios).tolist(), strict=True)
    linear.rows(block, name, in_scenario(problem, ((*keys[i], s) for i, s in pairs)), entries, upper=0.0)


def rounds_min(block: Block, problem: LocationProblem) -> None:
    """A mobile unit that comes to a place comes often enough.

    ::

        vmin_d o_dt <= m_dt    for every docking point d and year t

    Source: fewest sessions a week at the docking point.
    """
    found: Options = block.options
    _visits(block, problem, "rounds_min", np.array([dock.fewest for dock in found.docks]), lower=0.0, upper=np.inf)


def rounds_max(block: Block, problem: LocationProblem) -> None:
    """A mobile unit runs sessions only where it comes.

    ::

        m_dt <= M_u o_dt    for every docking point d of unit u and year t, M_u its sessions in a year

    Source: sessions a week of the mobile unit.
    """
    found: Options = block.options
    most = np.array([rounds_a_year(problem, found, dock) for dock in range(len(found.docks))])
    _visits(block, problem, "rounds_max", most, lower=-np.inf, upper=0.0)


def _visits(block: Block, problem: LocationProblem, name: str, each: Floats, *, lower: float, upper: float) -> None:
    dock, _ = block.dock_years
    every = np.arange(len(dock))
    entries = [Entries(block.rounds, every, every), Entries(block.docked, every, every, -each[dock])]
    linear.rows(block, name, dated(problem, block.docked.keys()), entries, lower=lower, upper=upper)


def rota(block: Block, problem: LocationProblem) -> None:
    """A mobile unit runs no more sessions at all its places than a year has.

    ::

        sum_d m_dt <= M_u    for every mobile unit u and year t

    Source: sessions a week of the mobile unit; it is at one place at a time.
    """
    found: Options = block.options
    dock, year = block.dock_years
    units = sorted({one.unit.id for one in found.docks})
    most = {one.unit.id: rounds_a_year(problem, found, number) for number, one in enumerate(found.docks)}
    owner = np.array([units.index(found.docks[d].unit.id) for d in dock.tolist()], dtype=np.intp)
    keys = [(unit, year) for unit in units for year in problem.years]
    upper = np.repeat([most[unit] for unit in units], block.index.years)
    entries = [Entries(block.rounds, owner * block.index.years + year, np.arange(len(dock)))]
    linear.rows(block, "rota", keys, entries, upper=upper)


def fitting(block: Block, problem: LocationProblem) -> None:
    """A mobile unit comes only where the place is fitted out.

    ::

        o_dt <= e_dt    for every docking point d and year t

    Source: fitting out of the docking point.
    """
    every = np.arange(len(block.dock_years[0]))
    entries = [Entries(block.docked, every, every), Entries(block.fitted, every, every, -1.0)]
    linear.rows(block, "fitting", dated(problem, block.docked.keys()), entries, upper=0.0)


def fitted_for_good(block: Block, problem: LocationProblem) -> None:
    """A place that is fitted out stays so.

    ::

        e_d,t-1 <= e_dt    for every docking point d and year t but the first

    Source: it is paid for once.
    """
    found: Options = block.options
    sets: Index = block.index
    dock, year = block.dock_years
    columns = column_of(block.dock_years, (len(found.docks), sets.years))
    before = np.where(year > 0, columns[dock, np.maximum(year - 1, 0)], -1)
    later = np.flatnonzero(before >= 0)
    entries = [
        Entries(block.fitted, np.arange(len(later)), before[later]),
        Entries(block.fitted, np.arange(len(later)), later, -1.0),
    ]
    keys = list(block.fitted.keys())
    linear.rows(block, "fitted_for_good", dated(problem, (keys[one] for one in later.tolist())), entries, upper=0.0)


def _types(problem: LocationProblem, found: Options) -> list[EquipmentType]:
    types = {one.id: one for one in problem.equipment.equipment_types}
    return [types[dock.unit.equipment_type] for dock in found.docks]

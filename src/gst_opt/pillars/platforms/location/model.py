"""The mathematics: lives of platforms as paths, shares of needs through options, and what both take of what is shared.

Source of the form: J. F. Cordeau, S. D. Jena and B. Gendron (2015), Dynamic facility location with generalized modular
capacities; strong links between shares and platforms.
"""

from typing import Any

from gst_opt.model.formulation import Formulation
from gst_opt.pillars.platforms.location import access, capacity, money, paths, provision, serving, staff, states, tails
from gst_opt.pillars.platforms.location import waiting as waits
from gst_opt.pillars.platforms.location.figures import assemble
from gst_opt.pillars.platforms.location.index import index
from gst_opt.pillars.platforms.location.labels import labels
from gst_opt.pillars.platforms.location.objective import goals, terms
from gst_opt.pillars.platforms.location.options import options
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.ports import ports
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.uses import uses
from gst_opt.pillars.platforms.location.values import decided, write

Block = Any


def variables(block: Block, problem: LocationProblem) -> None:
    """Every family of decisions, by the room that they stand in."""
    block.index = index(problem)
    block.options = options(problem, block.index)
    block.uses = uses(problem, block.options)
    states.state_variables(block, problem)
    serving.serving_variables(block, problem)
    paths.path_variables(block, problem)
    staff.staff_variables(block, problem)
    access.access_variables(block, problem)
    waits.waiting_variables(block, problem)
    tails.tail_variables(block, problem)
    money.budget_variables(block, problem)
    for name, own in labels(block, problem).items():
        getattr(block, name).together = own


def read(block: Block, problem: LocationProblem) -> LocationPlan:
    """Read levels, shares and hours, and make the plan of them."""
    return assemble(problem, block.index, block.options, block.uses, decided(block, problem))


FORMULATION: Formulation[LocationProblem, LocationPlan] = Formulation(
    variables=variables,
    constraints=(
        states.state_start,
        states.state_flow,
        states.moves_in,
        states.moves_out,
        states.moves_balance,
        states.movable,
        states.floor_space,
        states.pins,
        serving.met,
        serving.link,
        capacity.session_time,
        capacity.capacity,
        capacity.session_count,
        capacity.use_floor,
        capacity.act_floor,
        capacity.bed_days,
        capacity.bed_floor,
        provision.contract_min,
        provision.contract_max,
        provision.contract_use,
        provision.round_time,
        provision.rounds_min,
        provision.rounds_max,
        provision.rota,
        provision.fitting,
        provision.fitted_for_good,
        paths.step_order,
        paths.transfer,
        paths.transfer_out,
        paths.transfer_in,
        staff.staff_hours,
        staff.remote_need,
        staff.remote_link,
        access.cover,
        access.guarantee,
        waits.load_total,
        waits.load_level,
        waits.wait_line,
        tails.tail,
        money.capex,
        money.opex,
        money.level_years,
    ),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    redundant=frozenset({"link", "session_count", "level_years"}),
    hard=frozenset(
        {
            *("state_start", "state_flow", "moves_in", "moves_out", "moves_balance", "movable"),
            *("met", "rounds_max", "fitting", "fitted_for_good", "step_order", "remote_need", "remote_link"),
            *("cover", "load_total", "load_level", "wait_line", "tail"),
        }
    ),
)

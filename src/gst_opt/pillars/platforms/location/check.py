"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model.

Journeys come from `network`, needs and streams from the modules that derive them, waits from `queues`.
"""

from collections.abc import Iterator

from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.platforms.location import (
    check_access,
    check_capacity,
    check_figures,
    check_money,
    check_served,
    check_staff,
    check_units,
)
from gst_opt.pillars.platforms.location.check_course import Course
from gst_opt.pillars.platforms.location.check_facts import Facts
from gst_opt.pillars.platforms.location.check_known import unknown
from gst_opt.pillars.platforms.location.check_terms import constants, terms
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.today import today


def check(problem: LocationProblem, plan: LocationPlan) -> Check:
    """Recompute every rule and every term of a plan of platforms.

    Rules, by name: ``known_rows``, ``makes``, ``one_row``, ``not_open``, ``levels``, ``state_start``, ``state_flow``,
    ``life``, ``units_today``, ``moves_in``, ``moves_out``, ``movable``, ``moves_balance``, ``upgrades``,
    ``upgrade_cost``, ``floor_space``, ``pins``, ``reach``, ``level``, ``link``, ``minutes``, ``met``, ``step_order``,
    ``transfer``, ``session_time``, ``capacity``, ``session_count``, ``sale``, ``use_floor``, ``act_floor``,
    ``bed_days``, ``bed_floor``, ``contract_max``, ``contract_min``, ``contract_use``, ``rounds_min``, ``round_time``,
    ``rota``, ``fitting``, ``staff_hours``, ``max_lending``, ``lending_cost``, ``remote_need``, ``remote_link``,
    ``cover``, ``guarantee``, ``capex``, ``opex``, ``costs``, ``contract_cost``, ``visit_cost``, ``sessions_per_week``,
    ``use``, ``wait``, ``site_province``, ``bed_use``, ``occupancy``, ``staff_figures``, ``unmet_reason``.
    """
    facts = Facts(problem)
    strange = tuple(unknown(facts, plan))
    if strange:
        return Check(violations=strange)
    course = Course(facts, plan)
    as_today = today(problem)
    return Check(
        violations=tuple(_violations(facts, plan, course)),
        terms=terms(facts, plan, course),
        today=terms(facts, as_today, Course(facts, as_today)),
        constants=constants(facts, course),
    )


def _violations(facts: Facts, plan: LocationPlan, course: Course) -> Iterator[Violation]:
    yield from check_units.units(facts, plan, course)
    yield from check_units.moves(facts, plan)
    yield from check_units.upgrades(facts, plan)
    yield from check_units.floor_space(facts, course)
    yield from check_units.pins(facts, course)
    yield from check_served.rows(facts, plan, course)
    yield from check_served.met(facts, course)
    yield from check_served.steps(facts, course)
    yield from check_capacity.platforms(facts, course)
    yield from check_capacity.beds(facts, course)
    yield from check_capacity.contracts(facts, course)
    yield from check_capacity.rounds(facts, course)
    hours = check_staff.Hours(facts, course)
    yield from check_staff.staff(facts, plan, hours)
    yield from check_access.gaps(facts, plan, check_access.covers(facts, course))
    yield from check_access.guarantees(facts, course)
    spent = check_money.spending(facts, plan, course)
    yield from check_money.budgets(facts, spent)
    yield from check_money.lines(facts, plan, spent)
    yield from check_money.prices(facts, plan, course)
    yield from check_figures.platforms(facts, plan, course)
    yield from check_figures.staff(facts, plan, hours)
    yield from check_figures.reasons(facts, plan, course)

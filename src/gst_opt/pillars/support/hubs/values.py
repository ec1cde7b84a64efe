"""From the solved model to a plan, and back."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.support.hubs.course import Course
from gst_opt.pillars.support.hubs.index import TODAY, Floats, Index, floats, positions
from gst_opt.pillars.support.hubs.money import opening_costs
from gst_opt.pillars.support.hubs.outcome import plan_of
from gst_opt.pillars.support.hubs.plan import HubPlan
from gst_opt.pillars.support.hubs.problem import HubProblem

Block = Any


def read(block: Block, problem: HubProblem) -> HubPlan:
    """Read who serves whom, and the size of every hub."""
    sets: Index = block.index
    course = Course.unchanged(problem)
    for at in np.flatnonzero(linear.values(block.served) > 0.5).tolist():
        one = sets.choices[at]
        course.hub[one.function, one.facility][one.span] = None if one.hub == TODAY else one.hub
    for at in np.flatnonzero(linear.values(block.size) > 0.5).tolist():
        hall = sets.halls[at]
        course.capacity[hall.function, hall.hub][hall.span] = hall.size.capacity
    return plan_of(problem, course)


def write(block: Block, problem: HubProblem, plan: HubPlan | None) -> None:
    """Set who serves whom and the sizes of a plan, as far as they are still allowed; without one all is as today."""
    sets: Index = block.index
    course = Course.unchanged(problem) if plan is None else Course.of(problem, plan)
    hubs = [course.hub[one.function, one.facility][one.span] or TODAY for one in sets.choices]
    served = floats(one.hub == hub for one, hub in zip(sets.choices, hubs, strict=True))
    sizes = floats(hall.size.capacity == course.capacity[hall.function, hall.hub][hall.span] for hall in sets.halls)
    linear.set_values(block.served, served)
    linear.set_values(block.size, sizes)
    before = np.where(sets.before >= 0, served[sets.before], 0.0)
    linear.set_values(block.change, np.maximum(served - before, 0.0)[sets.away])
    linear.set_values(block.filled, _filled(sets, served, sizes))
    linear.set_values(block.opening, _openings(sets, sizes))


def _filled(sets: Index, served: Floats, sizes: Floats) -> Floats:
    """Return the share used of every size in every piece of a span."""
    done = dict.fromkeys((piece[:4] for piece in sets.pieces), 0.0)
    for at in sets.away[served[sets.away] > 0].tolist():
        one = sets.choices[at]
        volumes = sets.problem.volumes[one.function, one.facility]
        for period, share in sets.spans[one.function][one.span].parts.items():
            done[one.function, one.hub, one.span, period] += share * volumes[period]
    each = floats(done[sets.pieces[fill.piece][:4]] for fill in sets.fills)
    return np.asarray(each / sets.room * sizes[positions(fill.hall for fill in sets.fills)])


def _openings(sets: Index, sizes: Floats) -> Floats:
    """Return what is paid for works, as a share of the opening cost of the largest size."""
    cost = floats(hall.size.opening_cost for hall in sets.halls) * sizes
    now = np.bincount(sets.hall_row, weights=cost, minlength=len(sets.hubs))
    at = {hub: row for row, hub in enumerate(sets.hubs)}
    earlier = positions(at.get((function, hub, span - 1), -1) for function, hub, span in sets.hubs)
    paid = np.maximum(now - np.where(earlier >= 0, now[earlier], 0.0), 0.0)
    scale = opening_costs(sets)
    return np.divide(paid, scale, out=np.zeros_like(paid), where=scale > 0)

"""Is everyone served where they may be, once, in the order of the steps, and is what is left said?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import networkx as nx
import numpy as np

from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_course import Course
from gst_opt.pillars.platforms.location.check_facts import TOLERANCE, Facts, Floats, above
from gst_opt.pillars.platforms.location.plan import LocationPlan

ROUNDING = 1e-9


def rows(facts: Facts, plan: LocationPlan, course: Course) -> Iterator[Violation]:
    """Yield rows of who is served too far away, at too low a level, where nothing is, with a wrong journey."""
    if not plan.served:
        return
    longest = np.array([one.max_travel for one in facts.streams])[course.stream]
    low = np.array([one.rank for one in facts.streams])[course.stream]
    rank = np.array([one.rank for one in facts.makers])[course.maker]
    opened = np.array([[course.open(maker, t) for t in range(len(facts.years))] for maker in range(len(facts.makers))])
    written = np.array([one.minutes for one in plan.served])
    closed = ~opened[course.maker, course.year]
    for rule, wrong, found, right in (
        ("reach", ~(course.minutes <= longest + TOLERANCE) | ~np.isfinite(course.minutes), course.minutes, longest),
        ("level", rank < low, rank, low),
        ("link", closed & (course.acts > TOLERANCE), course.acts, np.zeros(len(closed))),
        ("minutes", ~np.isclose(written, course.minutes, TOLERANCE, TOLERANCE), written, course.minutes),
    ):
        for row in np.flatnonzero(wrong).tolist():
            one = plan.served[row]
            place = (one.zone, one.service, one.place, str(one.year), one.scenario)
            yield Violation(rule, place, float(found[row]), float(right[row]))


def met(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield needs whose acts given and not given do not add up to them."""
    said = course.given + course.unmet
    for h, t, s in np.argwhere(np.abs(said - facts.need) > TOLERANCE * np.maximum(1.0, facts.need)).tolist():
        yield Violation("met", _place(facts, h, t, s), float(said[h, t, s]), float(facts.need[h, t, s]))


def _place(facts: Facts, h: int, t: int, s: int) -> tuple[str, ...]:
    one = facts.streams[h]
    step = () if one.pathway is None else (one.pathway, str(one.step))
    return (one.zone, one.service, *step, str(facts.years[t]), list(facts.scenarios)[s])


def shares(facts: Facts, course: Course) -> Floats:
    """Return the share of every need that is met; 1 where nothing is needed."""
    found: Floats = np.divide(course.given, facts.need, out=np.ones_like(facts.need), where=facts.need > 0)
    return found


def steps(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield steps of pathways given to more people than the step before, or too far from where that was given."""
    share = shares(facts, course)
    at: dict[tuple[int, int, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    ordered = {h for h, before in enumerate(facts.before.tolist()) if before >= 0}
    followed = {int(before) for before in facts.before if before >= 0}
    mine = np.flatnonzero(np.isin(course.stream, list(ordered | followed)))
    columns = (course.stream[mine], course.year[mine], course.scenario[mine], course.maker[mine], course.acts[mine])
    for h, t, s, maker, acts in zip(*(one.tolist() for one in columns), strict=True):
        at[h, t, s][facts.makers[maker].place] += acts / facts.need[h, t, s] if facts.need[h, t, s] > 0 else 0.0
    for h in sorted(ordered):
        before, longest = int(facts.before[h]), facts.streams[h].max_transfer
        needed = (facts.need[h] > 0) & (facts.need[before] > 0)
        for t, s in np.argwhere(needed).tolist():
            if longest is None:
                if above(share[h, t, s], share[before, t, s]):
                    yield Violation("step_order", _place(facts, h, t, s), share[h, t, s], share[before, t, s])
            elif (given := share[h, t, s]) > TOLERANCE:
                moved = transferred(facts, at[before, t, s], at[h, t, s], longest)
                if given > moved + TOLERANCE * (1 + len(at[h, t, s])):
                    yield Violation("transfer", _place(facts, h, t, s), given, moved)


def transferred(facts: Facts, start: Mapping[str, float], end: Mapping[str, float], longest: float) -> float:
    """Return the largest share of patients who can go from where they were to where they are seen next.

    A maximum flow from the places of the step before to those of the step, over journeys that are short enough.
    """
    near = [(a, b) for a in start for b in end if facts.minutes(a, b) <= longest + TOLERANCE]
    left, wanted = dict(start), dict(end)
    for a, b in sorted(near, key=lambda pair: pair[0] != pair[1]):
        moved = min(left[a], wanted[b])
        left[a], wanted[b] = left[a] - moved, wanted[b] - moved
    if max(wanted.values()) <= ROUNDING:  # the first way that was tried moves everybody
        return sum(end.values())
    ways = nx.DiGraph()
    ways.add_nodes_from(("in", "out"))
    ways.add_edges_from(("in", ("from", a), {"capacity": share}) for a, share in start.items())
    ways.add_edges_from((("to", b), "out", {"capacity": share}) for b, share in end.items())
    ways.add_edges_from((("from", a), ("to", b)) for a, b in near)
    return float(nx.maximum_flow_value(ways, "in", "out"))

"""Transfers of pathways as arrays: from which places of a step patients may go to which places of the next; no solver.

Where places form groups in which everybody may go from any place of the one step to any of the next, as they do when
transfers stay on the site, shares of groups say it all. Other places need the flows between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gst_opt.pillars.platforms.location.index import Positions
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.reasons import steps_before
from gst_opt.pillars.platforms.location.uses import Uses


class Gates(NamedTuple):
    """Where patients leave one step and enter the next: gate of every option on either side, -1 for none."""

    leaving: Positions
    entering: Positions


@dataclass(frozen=True)
class Transfers:
    """Steps in order.

    Attributes
    ----------
    later, earlier
        Needs of steps that follow another, and of the step before; -1 where that has no option.
    anywhere
        Whether the step may be given at any site.
    groups
        Groups of places, of options of steps that only some sites may give.
    nodes
        Places of the same, outside groups.
    flow_need, flow_from, flow_to
        One flow each, the nearest first: need of the later step, node that it leaves, node that it enters.
    """

    later: Positions
    earlier: Positions
    anywhere: NDArray[np.bool_]
    groups: Gates
    nodes: Gates
    flow_need: Positions
    flow_from: Positions
    flow_to: Positions


def transfers(problem: LocationProblem, found: Options, used: Uses) -> Transfers:
    """Derive which steps follow which, and the transfers between their places."""
    before = steps_before(found.streams)
    later, earlier = _ordered(found, used, before)
    limits = np.array([np.nan if one.max_transfer is None else one.max_transfer for one in found.streams])
    size = len(found.stream)
    groups, nodes = (Gates(np.full(size, -1, dtype=np.intp), np.full(size, -1, dtype=np.intp)) for _ in range(2))
    times = problem.journeys.between(found.places, found.places)
    start = np.searchsorted(found.stream, np.arange(len(found.streams)))
    stop = np.searchsorted(found.stream, np.arange(len(found.streams)), side="right")
    pairs: list[tuple[int, int, int]] = []
    counts = [0, 0]
    for stream in np.flatnonzero((before >= 0) & ~np.isnan(limits) & (stop > start)).tolist():
        step = int(before[stream])
        left, into = np.arange(start[step], stop[step]), np.arange(start[stream], stop[stream])
        places_a, a = np.unique(found.place[left], return_inverse=True)
        places_b, b = np.unique(found.place[into], return_inverse=True)
        near = times[np.ix_(places_a, places_b)] <= limits[stream]
        for some_a, some_b in _components(near):
            mine_a, mine_b = left[np.isin(a, some_a)], into[np.isin(b, some_b)]
            if near[np.ix_(some_a, some_b)].all():
                groups.leaving[mine_a] = groups.entering[mine_b] = counts[0]
                counts[0] += 1
                continue
            number = counts[1] + np.arange(len(some_a) + len(some_b))
            gate_a, gate_b = number[: len(some_a)], number[len(some_a) :]
            nodes.leaving[mine_a] = gate_a[np.searchsorted(some_a, a[np.isin(a, some_a)])]
            nodes.entering[mine_b] = gate_b[np.searchsorted(some_b, b[np.isin(b, some_b)])]
            joined = np.argwhere(near[np.ix_(some_a, some_b)])
            minutes = times[places_a[some_a[joined[:, 0]]], places_b[some_b[joined[:, 1]]]]
            for one, other in joined[np.argsort(minutes, kind="stable")].tolist():
                pairs.append((stream, int(gate_a[one]), int(gate_b[other])))
            counts[1] += len(number)
    table = np.array(pairs, dtype=np.intp).reshape(-1, 3)
    follows = later[earlier >= 0]
    needs = follows[np.argsort(used.stream[follows], kind="stable")]
    first = np.searchsorted(used.stream[needs], table[:, 0])
    many = np.searchsorted(used.stream[needs], table[:, 0], side="right") - first
    flow_need = needs[np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())]
    return Transfers(
        later=later,
        earlier=earlier,
        anywhere=np.isnan(limits)[used.stream[later]],
        groups=groups,
        nodes=nodes,
        flow_need=flow_need,
        flow_from=np.repeat(table[:, 1], many),
        flow_to=np.repeat(table[:, 2], many),
    )


def _ordered(found: Options, used: Uses, before: Positions) -> tuple[Positions, Positions]:
    """Return the needs of steps that follow one that is needed too, and the needs of that one."""
    number = np.full((len(found.streams), *_shape(found, used)), -1, dtype=np.intp)
    number[used.stream, used.year, used.scenario] = np.arange(len(used.stream))
    step = before[used.stream]
    later = np.flatnonzero(step >= 0)
    earlier = number[step[later], used.year[later], used.scenario[later]]
    needed = found.acts[step[later], used.year[later]] > 0
    kept = (earlier >= 0) | (needed & ~found.served[step[later]])
    return later[kept], earlier[kept]


def _shape(found: Options, used: Uses) -> tuple[int, int]:
    return found.acts.shape[1], int(used.scenario.max(initial=0)) + 1


def _components(near: NDArray[np.bool_]) -> Iterator[tuple[Positions, Positions]]:
    """Yield the places on either side that transfers join, and places that none does on the side of the later step."""
    size = near.shape[0]
    rows, columns = np.nonzero(near)
    ends = (np.ones(len(rows)), (rows, size + columns))
    _, label = connected_components(csr_array(ends, shape=(sum(near.shape),) * 2), directed=False)
    for one in np.unique(label[size:]).tolist():
        yield np.flatnonzero(label[:size] == one), np.flatnonzero(label[size:] == one)

"""Transfers of pathways as arrays: from which places of a step patients may go to which places of the next; no solver.

Shares at the places of two steps can be joined by transfers if and only if every set of places of the later step has no
more than the places of the earlier step from which any of them is near enough (P. Hall, 1935, for shares: D. Gale,
1957). Only sets that are connected and have all places of their neighbours matter; in a region they are few. Where they
are more than the pairs of near places, the flows between these say the same.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.platforms.location.index import Positions
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.reasons import steps_before
from gst_opt.pillars.platforms.location.uses import Uses

Bools = NDArray[np.bool_]


class Gates(NamedTuple):
    """Options on one side of transfers, sorted, each with the set of places, or the place, that it belongs to."""

    option: Positions
    gate: Positions


class Flows(NamedTuple):
    """Pairs of near places, the nearest first within a step: stream of the later step, gates left and entered."""

    stream: Positions
    start: Positions
    end: Positions


@dataclass(frozen=True)
class Transfers:
    """Steps in order.

    Attributes
    ----------
    later, earlier
        Needs of steps that follow another, and of the step before; -1 where that has no option.
    anywhere
        Whether the step may be given at any site.
    set_from, set_into
        Sets of places: options of the step before, and of the step.
    leaving, entering
        Places of steps with flows: options of the step before, and of the step.
    flow_need, flow_start, flow_end
        One flow each: need of the later step, gate that it leaves, gate that it enters.
    """

    later: Positions
    earlier: Positions
    anywhere: Bools
    set_from: Gates
    set_into: Gates
    leaving: Gates
    entering: Gates
    flow_need: Positions
    flow_start: Positions
    flow_end: Positions


def transfers(problem: LocationProblem, found: Options, used: Uses) -> Transfers:
    """Derive which steps follow which, and the transfers between their places."""
    before = steps_before(found.streams)
    later, earlier = _ordered(found, used, before)
    limits = np.array([np.nan if one.max_transfer is None else one.max_transfer for one in found.streams])
    maker = _Maker(problem, found)
    for stream in np.flatnonzero((before >= 0) & ~np.isnan(limits) & found.served).tolist():
        maker.join(int(before[stream]), stream, float(limits[stream]))
    flows = maker.flows()
    needs = later[np.argsort(used.stream[later], kind="stable")]
    flow, need = joined(flows.stream, used.stream[needs])
    return Transfers(
        later=later,
        earlier=earlier,
        anywhere=np.isnan(limits)[used.stream[later]],
        set_from=maker.gates("set_from"),
        set_into=maker.gates("set_into"),
        leaving=maker.gates("leaving"),
        entering=maker.gates("entering"),
        flow_need=needs[need],
        flow_start=flows.start[flow],
        flow_end=flows.end[flow],
    )


def joined(values: Positions, keys: Positions) -> tuple[Positions, Positions]:
    """Return the pairs of positions at which some values are those of sorted keys."""
    first = np.searchsorted(keys, values)
    many = np.searchsorted(keys, values, side="right") - first
    left = np.repeat(np.arange(len(values)), many)
    return left, np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())


def hall_sets(near: Bools) -> list[tuple[Bools, Bools]] | None:
    """Return the sets of places that matter, as places of the earlier and of the later step; None if flows are fewer.

    Parameters
    ----------
    near
        Whether each place of the earlier step (row) is near enough to each of the later one (column).
    """
    columns = {sum(1 << row for row in np.flatnonzero(column).tolist()) for column in near.T}
    reached: Bools = np.asarray(near.any(axis=0))
    unions = sorted(columns - {0})
    known = set(unions)
    for union in unions:
        bigger = {union | one for one in columns if union & one} - known
        unions += sorted(bigger)
        known |= bigger
        if len(known) > near.sum():
            return None
    found = [(np.zeros(len(near), dtype=np.bool_), ~reached)] if not reached.all() else []
    for union in unions:
        start: Bools = np.array([bool(union >> row & 1) for row in range(len(near))], dtype=np.bool_)
        others: Bools = np.asarray(near[~start].any(axis=0))
        found.append((start, reached & ~others))
    return found


class _Maker:
    """Collects the gates of one pair of steps after the other."""

    def __init__(self, problem: LocationProblem, found: Options) -> None:
        self.place = found.place
        self.times = problem.journeys.between(found.places, found.places)
        every = np.arange(len(found.streams))
        self.first, self.last = np.searchsorted(found.stream, every), np.searchsorted(found.stream, every, side="right")
        self.known: dict[tuple[bytes, bytes, float], list[tuple[Bools, Bools]] | None] = {}
        self.parts: dict[str, list[tuple[Positions, Positions]]] = {}
        self.pairs: list[tuple[Positions, Positions, Positions]] = []
        self.count = 0

    def join(self, step: int, stream: int, limit: float) -> None:
        """Join the places of a step to those of the stream that follows it."""
        left, into = (np.arange(self.first[one], self.last[one]) for one in (step, stream))
        starts, a = np.unique(self.place[left], return_inverse=True)
        ends, b = np.unique(self.place[into], return_inverse=True)
        times = self.times[np.ix_(starts, ends)]
        near = times <= limit
        key = (starts.tobytes(), ends.tobytes(), limit)
        if key not in self.known:
            self.known[key] = hall_sets(near)
        sets = self.known[key]
        if sets is None:
            self._add("leaving", left, self.count + a)
            self._add("entering", into, self.count + len(starts) + b)
            pairs = np.argwhere(near)[np.argsort(times[near], kind="stable")]
            start, end = self.count + pairs[:, 0], self.count + len(starts) + pairs[:, 1]
            self.pairs.append((np.full(len(pairs), stream), start, end))
            self.count += len(starts) + len(ends)
            return
        for start_set, end_set in sets:
            self._add("set_from", left[start_set[a]], self.count)
            self._add("set_into", into[end_set[b]], self.count)
            self.count += 1

    def _add(self, name: str, options: Positions, gates: Positions | int) -> None:
        self.parts.setdefault(name, []).append((options, np.broadcast_to(gates, options.shape)))

    def gates(self, name: str) -> Gates:
        """Return the gates of one name, sorted by option."""
        option, gate = (
            np.concatenate([_NONE, *column]) for column in zip(*self.parts.get(name, [_NOTHING]), strict=True)
        )
        order = np.argsort(option, kind="stable")
        return Gates(option[order], gate[order])

    def flows(self) -> Flows:
        """Return the pairs of near places, sorted by stream."""
        return Flows(*(np.concatenate([_NONE, *column]) for column in zip(*(self.pairs or [_NOWHERE]), strict=True)))


_NONE: Positions = np.empty(0, dtype=np.intp)
_NOTHING = (_NONE, _NONE)
_NOWHERE = (_NONE, _NONE, _NONE)


def _ordered(found: Options, used: Uses, before: Positions) -> tuple[Positions, Positions]:
    """Return the needs of steps that follow one that is needed too, and the needs of that one."""
    shape = len(found.streams), found.acts.shape[1], int(used.scenario.max(initial=0)) + 1
    number = np.full(shape, -1, dtype=np.intp)
    number[used.stream, used.year, used.scenario] = np.arange(len(used.stream))
    step = before[used.stream]
    later = np.flatnonzero(step >= 0)
    earlier = number[step[later], used.year[later], used.scenario[later]]
    needed = found.acts[step[later], used.year[later]] > 0
    kept = (earlier >= 0) | (needed & ~found.served[step[later]])
    return later[kept], earlier[kept]

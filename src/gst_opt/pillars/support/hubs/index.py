"""Who can do which function for whom, in which sizes and when, as arrays: the positions that rows are made of."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.support import HubLevel
from gst_opt.pillars.support.hubs.problem import HubProblem

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
TODAY = "*"
"""Stands for a hub in the keys of variables: done as today. No id begins with it."""


class Choice(NamedTuple):
    """A facility's function done by a hub, or as today, in a span; spans are numbered from the first change on."""

    function: str
    facility: str
    hub: str
    span: int
    minutes: float


class Hall(NamedTuple):
    """A size of a hub in a span."""

    function: str
    hub: str
    size: HubLevel
    span: int


class Piece(NamedTuple):
    """A hub in what a span and a period have in common: the period's position, and its share of the period."""

    function: str
    hub: str
    span: int
    period: int
    share: float


class Fill(NamedTuple):
    """What a hub of a size does in a piece of a span."""

    hall: int
    piece: int


class Index:
    """Everything that rows, terms and reading look up.

    Attributes
    ----------
    choices, halls, fills
        One for each variable of who serves whom, of sizes, and of the volume that a size does.
    places, hubs, pieces
        Keys of rows: (function, facility, span), (function, hub, span), pieces of spans by hub.
    """

    def __init__(self, problem: HubProblem) -> None:
        self.problem = problem
        self.spans = {name: own[1:] for name, own in problem.spans.items()}
        self.choices = sorted(
            Choice(name, facility, hub, span, minutes)
            for name, facility, hub, minutes in _ways(problem)
            for span in range(len(self.spans[name]))
        )
        self.places = sorted({(one.function, one.facility, one.span) for one in self.choices})
        self.hubs = sorted({(one.function, one.hub, one.span) for one in self.choices if one.hub != TODAY})
        sizes: dict[tuple[str, str], list[HubLevel]] = {}
        for row in problem.support.hub_levels:
            sizes.setdefault((row.support_function, row.facility), []).append(row)
        self.halls = [
            Hall(function, hub, size, span)
            for function, hub, span in self.hubs
            for size in sorted(sizes[function, hub], key=lambda row: row.capacity)
        ]
        self.pieces = [
            Piece(function, hub, span, period, share)
            for function, hub, span in self.hubs
            for period, share in sorted(self.spans[function][span].parts.items())
        ]
        of_hub: dict[tuple[str, str, int], list[int]] = {}
        for position, hall in enumerate(self.halls):
            of_hub.setdefault((hall.function, hall.hub, hall.span), []).append(position)
        self.fills = [
            Fill(hall, position)
            for position, piece in enumerate(self.pieces)
            for hall in of_hub[piece.function, piece.hub, piece.span]
        ]
        self.away = np.flatnonzero([one.hub != TODAY for one in self.choices])
        """Positions of choices that a hub does."""
        self.kept = np.flatnonzero([one.hub == TODAY for one in self.choices])
        """Positions of choices that are as today."""

    def dated(self, keys: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, str]]:
        """Return keys with the month that their span begins with instead of its number."""
        return [(function, other, self.spans[function][span].name) for function, other, span in keys]

    @cached_property
    def place_row(self) -> Positions:
        """Place and span of every choice."""
        at = {place: row for row, place in enumerate(self.places)}
        return positions(at[one.function, one.facility, one.span] for one in self.choices)

    @cached_property
    def hub_row(self) -> Positions:
        """Hub and span of every choice that a hub does."""
        at = {hub: row for row, hub in enumerate(self.hubs)}
        return positions(at[self.choices[c].function, self.choices[c].hub, self.choices[c].span] for c in self.away)

    @cached_property
    def hall_row(self) -> Positions:
        """Hub and span of every size."""
        at = {hub: row for row, hub in enumerate(self.hubs)}
        return positions(at[hall.function, hall.hub, hall.span] for hall in self.halls)

    @cached_property
    def before(self) -> Positions:
        """Position of the same choice in the span before; -1 in the first one."""
        at = {one[:4]: position for position, one in enumerate(self.choices)}
        return positions(at.get((one.function, one.facility, one.hub, one.span - 1), -1) for one in self.choices)

    @cached_property
    def room(self) -> Floats:
        """Most volume that every size can do in its piece."""
        periods = self.problem.periods
        own = [(self.halls[fill.hall].size, self.pieces[fill.piece]) for fill in self.fills]
        return floats(size.capacity * piece.share * periods[piece.period].years for size, piece in own)

    @cached_property
    def shares(self) -> dict[tuple[str, int], Floats]:
        """Share of every period that lies in a span, by (function, span)."""
        count = len(self.problem.periods)
        return {
            (name, number): floats(span.parts.get(at, 0.0) for at in range(count))
            for name, own in self.spans.items()
            for number, span in enumerate(own)
        }

    @cached_property
    def years(self) -> Floats:
        """Length of every period in years."""
        return floats(period.years for period in self.problem.periods)

    def lengths(self, weights: Floats) -> dict[tuple[str, int], float]:
        """Return the years of every span, each period by its weight."""
        return {span: float(shares @ (self.years * weights)) for span, shares in self.shares.items()}

    def volumes(self, weights: Floats) -> Floats:
        """Return the volume of every choice, each period by its weight."""
        by_place = {place: np.array(volumes) * weights for place, volumes in self.problem.volumes.items()}
        known = {
            (function, facility, span): float(self.shares[function, span] @ by_place[function, facility])
            for function, facility, span in self.places
        }
        return floats(known[one.function, one.facility, one.span] for one in self.choices)

    def first_period(self, function: str, span: int) -> int:
        """Return the position of the period that a span begins in."""
        return self.spans[function][span].first


def _ways(problem: HubProblem) -> list[tuple[str, str, str, float]]:
    """Return function, facility, hub and minutes of every way: as today, and by hubs in reach that are good enough."""
    hubs: dict[str, list[str]] = {}
    for hub in problem.support.hubs:
        if hub.quality >= problem.functions[hub.support_function].min_quality:
            hubs.setdefault(hub.support_function, []).append(hub.facility)
    found = []
    for name, function in problem.functions.items():
        facilities = [facility for own, facility in problem.volumes if own == name]
        found += [(name, facility, TODAY, 0.0) for facility in facilities]
        longest = np.inf if function.max_minutes is None else function.max_minutes
        if facilities and name in hubs:
            minutes = problem.journeys.between(facilities, hubs[name])
            rows, columns = np.nonzero((minutes <= longest) & np.isfinite(minutes))
            found += [
                (name, facilities[i], hubs[name][j], float(minutes[i, j]))
                for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
            ]
    return found


def floats(values: Iterable[float]) -> Floats:
    """Return numbers as an array."""
    return np.array(list(values), dtype=np.float64)


def positions(values: Iterable[int]) -> Positions:
    """Return positions as an array."""
    return np.array(list(values), dtype=np.intp)

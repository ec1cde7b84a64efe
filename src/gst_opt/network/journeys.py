"""Minutes between all pairs of places, and how each was found."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.errors import GstOptError, shorten
from gst_opt.text import Message

Positions = NDArray[np.intp]


class Method(IntEnum):
    """How the minutes of one journey were found."""

    SAME = 0
    USER = 1
    ROAD = 2
    GREAT_CIRCLE = 3
    UNREACHABLE = 4


@dataclass(frozen=True, eq=False)
class Travel:
    """Minutes between all pairs of places, one way, and the method behind each; neither array can be written.

    Attributes
    ----------
    places
        Ids of the facilities and zones, sorted; they number the rows (origins) and columns (destinations).
    matrix
        Minutes; `inf` where the destination cannot be reached, never NaN.
    methods
        Value of `Method` for each pair.
    """

    places: tuple[str, ...]
    matrix: NDArray[np.float64]
    methods: NDArray[np.int8]

    def __post_init__(self) -> None:
        self.matrix.setflags(write=False)
        self.methods.setflags(write=False)

    def __repr__(self) -> str:
        return f"Travel({len(self.places)} places)"

    def minutes(self, origin: str, destination: str) -> float:
        """Return the minutes from one place to another, `inf` when there is no way.

        Raises
        ------
        GstOptError
            If an id is neither a facility nor a zone; so do the other methods.
        """
        return float(self.matrix[self._pair(origin, destination)])

    def method(self, origin: str, destination: str) -> Method:
        """Return how the minutes from one place to another were found."""
        return Method(int(self.methods[self._pair(origin, destination)]))

    def between(self, origins: Sequence[str], destinations: Sequence[str]) -> NDArray[np.float64]:
        """Return the minutes from each origin (row) to each destination (column), as a new array."""
        return self.matrix[np.ix_(self._positions(origins), self._positions(destinations))]

    def within(self, origins: Sequence[str], destinations: Sequence[str], limit: float) -> tuple[Positions, Positions]:
        """Return the pairs at most `limit` minutes apart.

        Returns
        -------
        tuple of two arrays
            Positions in `origins` and in `destinations`, one entry a pair, sorted; pairs that cannot be
            reached are left out even when `limit` is infinite.
        """
        times = self.between(origins, destinations)
        rows, columns = np.nonzero((times <= limit) & np.isfinite(times))
        return rows, columns

    def nearest(self, origins: Sequence[str], destinations: Sequence[str]) -> tuple[Positions, NDArray[np.float64]]:
        """Return, for each origin, the nearest destination and the minutes to it.

        Returns
        -------
        tuple of two arrays
            Position in `destinations` (the first of those that tie; -1 when none can be reached) and minutes
            (`inf` when none can be reached).
        """
        if not destinations:
            return np.full(len(origins), -1, np.intp), np.full(len(origins), np.inf)
        times = self.between(origins, destinations)
        best = times.argmin(axis=1)
        minutes = times[np.arange(len(best)), best]
        return np.where(np.isfinite(minutes), best, -1), minutes

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {place: number for number, place in enumerate(self.places)}

    def _positions(self, ids: Iterable[str]) -> Positions:
        return positions(self._numbers, ids)

    def _pair(self, origin: str, destination: str) -> tuple[int, int]:
        row, column = self._positions((origin, destination)).tolist()
        return row, column


def positions(numbers: Mapping[str, int], ids: Iterable[str]) -> Positions:
    """Return the number of each place, or raise as `refuse_unknown` does."""
    asked = tuple(ids)
    refuse_unknown(numbers, asked)
    return np.array([numbers[place] for place in asked], dtype=np.intp)


def refuse_unknown(known: Collection[str], ids: Iterable[str]) -> None:
    """Make sure that every id is known.

    Raises
    ------
    GstOptError
        Naming those that are not.
    """
    unknown = sorted({place for place in ids if place not in known})
    if unknown:
        raise GstOptError(Message("network.unknown_places", {"ids": shorten(", ".join(unknown), 200)}))

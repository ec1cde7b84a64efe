"""Changes of a warm LP on their way to its worker: few steps, however many calls they came from."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from gst_opt.solve.wire import Arrays

Step = tuple[str, Arrays]

_LATEST = ("costs", "bounds", "sides")
"""Steps of which only the last one counts for each position; they wait until the end, sides for the next deletion."""


class Steps:
    """Steps in the order in which they are to be carried out; neighbours of a kind are one."""

    def __init__(self) -> None:
        self._built: list[tuple[str, list[Arrays]]] = []
        self._latest: dict[str, list[Arrays]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._built) + len(self._latest)

    def add(self, kind: str, arrays: Arrays) -> None:
        """Add a step."""
        if kind in _LATEST:
            self._latest[kind].append(arrays)
            return
        if kind == "delete" and "sides" in self._latest:
            self._built.append(("sides", self._latest.pop("sides")))
        if kind != "delete" and self._built and self._built[-1][0] == kind:
            self._built[-1][1].append(arrays)
        else:
            self._built.append((kind, [arrays]))

    def merged(self) -> list[Step]:
        """Return the steps."""
        return [(kind, _merged(kind, several)) for kind, several in (*self._built, *self._latest.items())]


def _merged(kind: str, several: Sequence[Arrays]) -> Arrays:
    if len(several) == 1:
        return several[0]
    together = {name: np.concatenate([arrays[name] for arrays in several]) for name in several[0]}
    if kind in _LATEST:
        where = together["where"]
        last = len(where) - 1 - np.unique(where[::-1], return_index=True)[1]
        return {name: array[last] for name, array in together.items()}
    before = np.cumsum([0, *(len(arrays["value"]) for arrays in several[:-1])])
    starts = [first + arrays["start"] for first, arrays in zip(before, several, strict=True)]
    return together | {"start": np.concatenate(starts).astype(np.int32)}

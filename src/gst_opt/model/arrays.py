"""Plain arrays as a classical core gets them: read as numbers, and refused where they cannot be used."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gst_opt.core.errors import DataProblem
from gst_opt.model.linear import Floats
from gst_opt.text import Message

Matrix = tuple[tuple[float, ...], ...]


def floats(numbers: ArrayLike) -> Floats:
    """Return numbers as an array of floats; what is no number, or not of one length a row, as an array of one NaN."""
    try:
        return np.asarray(numbers, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array(np.nan)


def wrong(table: str, array: Floats, shape: tuple[int, ...], low: float = -math.inf) -> Iterator[DataProblem]:
    """Yield what is wrong with an array: its shape, or every number that is not finite or below `low`.

    Parameters
    ----------
    table
        Name of the array, as the caller knows it.
    array
        As `floats` returned it.
    shape
        Shape that it should have; -1 stands for any length.
    low
        Lowest number allowed: 0, or none.
    """
    fits = len(array.shape) == len(shape) and all(
        wanted in (-1, found) for found, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = Message("model.array_shape", {"shape": " x ".join("n" if n < 0 else str(n) for n in shape)})
        yield DataProblem(table, 0, "", " x ".join(map(str, array.shape)), wanted)
        return
    refused: NDArray[np.intp] = np.argwhere(~np.isfinite(array) | (array < low))
    key = "model.finite_number" if low == -math.inf else "model.number_from_zero"
    for place in refused.tolist():
        column = str(place[1]) if len(place) > 1 else ""
        yield DataProblem(table, place[0] + 1, column, str(array[tuple(place)]), Message(key))


def matrix(array: Floats) -> Matrix:
    """Return an array of two dimensions as a frozen record holds it."""
    return tuple(map(tuple, array.tolist()))

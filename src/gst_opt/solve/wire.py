"""Frames between the host and a worker: a JSON header, then the bytes of numpy arrays; no pickle."""

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Frame = tuple[dict[str, Any], dict[str, NDArray[Any]]]
_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], header: Mapping[str, Any], arrays: Arrays) -> None:
    """Write one frame.

    Raises
    ------
    OSError
        If the other side is gone.
    """
    packed = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    shapes = [[name, array.dtype.str, len(array)] for name, array in packed.items()]
    head = json.dumps({"header": dict(header), "arrays": shapes}).encode()
    stream.write(_LENGTH.pack(len(head)) + head)
    for array in packed.values():
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: IO[bytes]) -> Frame | None:
    """Read one frame; None when the other side has closed the stream."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    head = json.loads(stream.read(_LENGTH.unpack(length)[0]))
    arrays = {}
    for name, dtype, count in head["arrays"]:
        kind = np.dtype(dtype)
        data = stream.read(count * kind.itemsize)
        if len(data) < count * kind.itemsize:
            return None
        arrays[name] = np.frombuffer(data, dtype=kind)
    return head["header"], arrays

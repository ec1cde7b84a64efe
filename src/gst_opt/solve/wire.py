"""Frames between the host and a worker: a JSON header, then the bytes of numpy arrays; no pickle."""

import json
import struct
from collections.abc import Mapping
from io import BytesIO, FileIO
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Frame = tuple[dict[str, Any], dict[str, NDArray[Any]]]
Stream = FileIO | BytesIO
_PREFIX = struct.Struct("<4sQ")
_MAGIC = b"gst1"
_LONGEST_HEAD = 1 << 20
"""Bytes; a longer head does not come from the other side, whose heads name at most some thousand arrays."""


class Answers(Protocol):
    """Where the answers to a request go, and whether they are still wanted."""

    def send(self, header: Mapping[str, Any], arrays: Arrays) -> None:
        """Send one frame."""

    @property
    def stopped(self) -> bool:
        """Whether the run is to stop now."""


def send(stream: Stream, header: Mapping[str, Any], arrays: Arrays) -> None:
    """Write one frame to an unbuffered stream, without another copy of the arrays.

    Raises
    ------
    OSError
        If the other side is gone.
    """
    packed = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    shapes = [[name, array.dtype.str, len(array)] for name, array in packed.items()]
    head = json.dumps({"header": dict(header), "arrays": shapes}).encode()
    _write(stream, memoryview(_PREFIX.pack(_MAGIC, len(head)) + head))
    for array in packed.values():
        if len(array):
            _write(stream, array.data.cast("B"))


def receive(stream: Stream) -> Frame | None:
    """Read one frame; None when the other side has closed the stream, or does not speak frames."""
    prefix = _read(stream, _PREFIX.size)
    if prefix is None:
        return None
    magic, length = _PREFIX.unpack(prefix)
    if magic != _MAGIC or length > _LONGEST_HEAD:
        return None
    text = _read(stream, length)
    if text is None:
        return None
    head = json.loads(text)
    arrays = {}
    for name, dtype, count in head["arrays"]:
        kind = np.dtype(dtype)
        data = _read(stream, count * kind.itemsize)
        if data is None:
            return None
        arrays[name] = np.frombuffer(data, dtype=kind)
    return head["header"], arrays


def _write(stream: Stream, view: memoryview) -> None:
    while len(view):
        view = view[stream.write(view) :]


def _read(stream: Stream, count: int) -> bytearray | None:
    data = bytearray(count)
    view = memoryview(data)
    while len(view):
        got = stream.readinto(view)
        if not got:
            return None
        view = view[got:]
    return data

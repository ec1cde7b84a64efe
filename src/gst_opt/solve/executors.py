"""Executors that parts are given to, whose workers may be anywhere.

A thread pool is one of this process: its parts stream their points and stop at once. Other executors get a part, and
give back its answer when it is done. Both ends look into a temporary folder: a part writes what it finds, the host
that it is to stop. One that does not see the folder, on another machine, ends by its own limits. When an executor is
broken, its parts keep the plan that was known, and `Provenance.attempts` names the error.

Seen with loky 3.7 and distributed 2026.8: a killed process breaks loky's pool (and those of the standard library);
Dask starts it again and its part anew.
"""

import json
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gst_opt.solve.interrupts import Cancellation, Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.stages import Job, PartAnswer, solve_part

Submit = Callable[..., Future[PartAnswer]]


def waits_for_itself(executor: Executor | None) -> bool:
    """Say whether the calling thread is one of a thread pool's own: parts given to that pool might never begin.

    By its name: a pool counts a thread among its own only some time after it has begun to work.
    """
    prefix = getattr(executor, "_thread_name_prefix", None)
    return prefix is not None and threading.current_thread().name.startswith(f"{prefix}_")


class Post:
    """The host's end of a folder where parts in other processes write what they find, and read that they are to stop.

    Attributes
    ----------
    folder
        Its path; empty where none can be made.
    """

    def __init__(self) -> None:
        self.folder = ""
        with suppress(OSError):
            self.folder = tempfile.mkdtemp(prefix="gst_opt-")
        self._remove = weakref.finalize(self, _remove, self.folder, os.getpid())
        self._read: dict[int, int] = {}

    def stop(self) -> None:
        """Have the parts under way stop."""
        if self.folder:
            with suppress(OSError):
                (Path(self.folder) / _STOP).touch()

    def read(self) -> list[tuple[int, int, float, float | None]]:
        """Return what is new: part, stage (from 0), value and bound."""
        found: list[tuple[int, int, float, float | None]] = []
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name != _STOP and entry.stat().st_size > self._read.get(int(entry.name), 0):
                    found += self._lines(int(entry.name), Path(entry.path))
        return found

    def close(self, parts: Sequence[Future[Any]]) -> None:
        """Stop the parts still under way; the folder is removed with the last of them."""
        running = [future for future in parts if not future.done()]
        if not running:
            self._remove()
            return
        self.stop()
        for future in running:
            future.add_done_callback(lambda _: self._remove() if all(one.done() for one in running) else None)

    def _lines(self, part: int, path: Path) -> list[tuple[int, int, float, float | None]]:
        begin = self._read.get(part, 0)
        with path.open("rb") as file:
            file.seek(begin)
            text = file.read()
        end = text.rfind(b"\n") + 1
        self._read[part] = begin + end
        return [(part, *json.loads(line)) for line in text[:end].splitlines()]


def _remove(folder: str, process: int) -> None:
    """Remove a folder in the process that made it, not in its forks."""
    if folder and os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


class _Line(Cancellation):
    """The part's end of a folder; where it is not seen from the start, nothing is written and nothing stops."""

    def __init__(self, folder: str, part: int) -> None:
        super().__init__()
        self._folder, self._part = Path(folder), str(part)
        self._open = bool(folder) and self._folder.is_dir()

    @property
    def cancelled(self) -> bool:
        """Whether the host wants it to stop, or has removed the folder and left."""
        return self._open and ((self._folder / _STOP).exists() or not self._folder.is_dir())

    def tell(self, stage: int, value: float, bound: float | None) -> None:
        """Write of a point or a bound."""
        if self._open:
            with suppress(OSError), (self._folder / self._part).open("a", encoding="ascii") as file:
                file.write(json.dumps([stage, value, bound]) + "\n")


_STOP = "stop"


@dataclass(frozen=True)
class Order:
    """What `Limits` holds that another process can use, for a part that is solved there.

    Attributes
    ----------
    seconds, until
        Its share of the time, and the time of `time.time` to stop at; None for no limit.
    folder, part
        Where to look and write, and the name to write under.
    """

    gap: float
    seed: int
    nodes: int | None
    in_process: bool
    seconds: float | None
    until: float | None
    folder: str
    part: int


def solve_order(job: Job, order: Order) -> PartAnswer:
    """Solve a part, as an executor does it in a process of its own, where Ctrl-C keeps the best point too."""
    deadline = None
    if order.seconds is not None and order.until is not None:
        deadline = time.monotonic() + max(min(order.seconds, order.until - time.time()), 0.0)
    line = _Line(order.folder, order.part)
    with Interruption(line) as cancelled:
        limits = Limits(order.gap, deadline, order.seed, cancelled, order.nodes, order.in_process, watch=line.tell)
        return solve_part(job, limits)

"""Worker processes that run HiGHS: started when needed, lent one at a time, reused, recycled, killed."""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue

from gst_opt.solve import wire

REQUESTS_PER_WORKER = 1000
"""A worker is replaced after this many requests, so that nothing it might leak can add up."""


class Worker:
    """A process that runs HiGHS, and the thread that reads what it streams."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gst_opt.solve.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._frames: SimpleQueue[wire.Frame | None] = SimpleQueue()
        self._requests_left = REQUESTS_PER_WORKER
        self.alive = True
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with suppress(OSError, ValueError):
            while (frame := wire.receive(self._process.stdout)) is not None:
                self._frames.put(frame)
        self._frames.put(None)

    @property
    def worn(self) -> bool:
        """Whether it has served long enough."""
        return self._requests_left <= 0

    def request(self, header: Mapping[str, object], arrays: wire.Arrays) -> None:
        """Send one request, `header["kind"]` saying which; a worker that has died shows in `next_frame`."""
        assert self._process.stdin is not None
        self._requests_left -= 1
        with suppress(OSError):
            wire.send(self._process.stdin, header, arrays)

    def next_frame(self, seconds: float) -> wire.Frame | None:
        """Return the next frame, or None when there is none yet or never will be (`alive` tells which)."""
        try:
            frame = self._frames.get(timeout=seconds)
        except Empty:
            return None
        self.alive = frame is not None
        return frame

    def kill(self) -> None:
        """End the process now."""
        self.alive = False
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()


_idle: list[Worker] = []
_idle_lock = threading.Lock()


@contextmanager
def borrowed() -> Iterator[Worker]:
    """Lend an idle worker, or a new one; take it back if it is still good."""
    with _idle_lock:
        worker = _idle.pop() if _idle else None
    if worker is None:
        worker = Worker()
    try:
        yield worker
    except BaseException:
        worker.kill()
        raise
    if worker.worn:
        worker.kill()
    elif worker.alive:
        with _idle_lock:
            _idle.append(worker)


def close_workers() -> None:
    """End the idle workers; the next solve starts new ones."""
    with _idle_lock:
        idle, _idle[:] = list(_idle), []
    for worker in idle:
        worker.kill()


def _forget_workers() -> None:
    """After a fork the workers belong to the parent."""
    global _idle_lock
    _idle_lock = threading.Lock()
    _idle.clear()


atexit.register(close_workers)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_workers)

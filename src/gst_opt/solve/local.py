"""HiGHS in a thread of the host process: asked for explicitly, without the protection of a process of its own."""

import sys
import threading
import time
import traceback
from collections.abc import Mapping
from typing import Any

from gst_opt.core.errors import SolverError
from gst_opt.solve import wire
from gst_opt.solve.workers import DRAIN_SECONDS, Worker
from gst_opt.text import Message


class ThreadWorker(Worker):
    """A fresh thread for each request: HiGHS keeps its number of threads by thread, and a fork breaks its pool.

    `kill` can only ask: a run that does not stop is left behind, and goes on in its thread.

    Raises
    ------
    SolverError
        If ortools is loaded in this process, or HiGHS cannot be.
    """

    def __init__(self) -> None:
        super().__init__()
        if "ortools" in sys.modules:
            raise SolverError(Message("solve.ortools_in_host"))
        try:
            from gst_opt.solve import worker
        except ImportError as error:
            raise SolverError(Message("solve.worker_not_started", {"why": error})) from error
        self._handlers = worker.HANDLERS
        self._busy = 0
        self._left_at: float | None = None

    def request(self, header: Mapping[str, Any], arrays: wire.Arrays) -> None:
        """Begin to serve one request."""
        self._busy += 1

        def serve() -> None:
            try:
                self._handlers[header["kind"]](header, arrays, self)
                self._frames.put(({"kind": "ready"}, {}))
            except Exception:
                self.last_words = traceback.format_exc()
                self._frames.put(None)
            if self.stopped:
                self._frames.put(None)

        threading.Thread(target=serve, daemon=True).start()

    def send(self, header: Mapping[str, Any], arrays: wire.Arrays) -> None:
        """Take one frame from the run."""
        self._frames.put((dict(header), dict(arrays)))

    @property
    def stopped(self) -> bool:
        """Whether it was killed."""
        return self._left_at is not None

    @property
    def good(self) -> bool:
        """Whether it may be asked again."""
        return self.alive and not self.stopped

    def kill(self) -> None:
        """Ask the run to stop."""
        if self._left_at is None:
            self._left_at = time.monotonic()

    def _look(self) -> None:
        if self._left_at is not None and time.monotonic() > self._left_at + DRAIN_SECONDS:
            self.alive = False

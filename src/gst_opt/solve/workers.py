"""Workers that run HiGHS: processes started when needed, lent one at a time, reused, recycled, killed."""

import atexit
import os
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import FileIO
from queue import Empty, SimpleQueue
from weakref import WeakSet

from gst_opt.core.errors import SolverError
from gst_opt.solve import wire
from gst_opt.text import Message

IDLE_SECONDS = 60.0
"""A worker that nobody has asked this long is ended."""

REQUESTS_PER_WORKER = 1000
"""A worker is replaced after this many requests, so that nothing it might leak can add up."""

START_SECONDS = 60.0
"""A process that has not said that it is ready after this long is not a worker."""

SETTLE_SECONDS = 1.0
"""A worker that has not freed its last problem this long after its answer is not used again."""

DRAIN_SECONDS = 2.0
"""How long the frames of a dead worker are waited for."""

_KILLED = 9
"""The signal that nothing survives; a process may get it at any moment, so it says nothing against the next one."""

LAST_WORDS = 2000
"""Bytes kept of what a worker wrote to its standard error."""


class Worker(ABC):
    """Something that runs HiGHS and answers with frames; one request at a time.

    Attributes
    ----------
    alive
        False once the worker is gone and its last frame has been handed out.
    idle_since
        Time of `time.monotonic` when it was last given back.
    """

    def __init__(self) -> None:
        self._frames: SimpleQueue[wire.Frame | None] = SimpleQueue()
        self._busy = 1
        """Times that it has still to say that it is ready."""
        self._started = False
        self.alive = True
        self.idle_since = 0.0

    @abstractmethod
    def request(self, header: Mapping[str, object], arrays: wire.Arrays) -> None:
        """Begin to send one request, `header["kind"]` saying which; never blocks."""

    @abstractmethod
    def kill(self) -> None:
        """End it now; the frames that it had sent can still be read."""

    @property
    @abstractmethod
    def good(self) -> bool:
        """Whether it may be asked again."""

    def next_frame(self, seconds: float) -> wire.Frame | None:
        """Return the next frame, or None when there is none yet or never will be (`alive` tells which).

        Raises
        ------
        SolverError
            If it could not be started; the message says why.
        """
        try:
            frame = self._frames.get(timeout=seconds)
        except Empty:
            self._look()
            return None
        if frame is None:
            self.alive = False
            return None
        if frame[0]["kind"] == "ready":
            self._busy -= 1
            self._started = True
            return None
        return frame

    def settled(self, seconds: float) -> bool:
        """Wait until it is ready for another request, at most so long; say whether it is."""
        until = time.monotonic() + seconds
        while self.alive and self._busy and (left := until - time.monotonic()) > 0:
            self.next_frame(left)
        return self.alive and not self._busy

    @abstractmethod
    def _look(self) -> None:
        """See, when nothing comes, whether something still can; set `alive`."""


class ProcessWorker(Worker):
    """A process that runs HiGHS, and the threads that read what it says."""

    def __init__(self) -> None:
        super().__init__()
        if not sys.executable:
            raise SolverError(Message("solve.no_executable"))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "gst_opt.solve.worker"],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
        except OSError as error:
            raise SolverError(Message("solve.worker_not_started", {"why": error})) from error
        _living.add(self)
        self._start_by = time.monotonic() + START_SECONDS
        self._killed = False
        self._requests_left = REQUESTS_PER_WORKER
        self._last_words = b""
        self._writer: threading.Thread | None = None
        self._errors = _thread(self._keep_errors)
        self._reader = _thread(self._read)

    def request(self, header: Mapping[str, object], arrays: wire.Arrays) -> None:
        """Begin to send one request, in a thread: a process that does not read must not hold the host up."""
        self._requests_left -= 1
        self._busy += 1

        def write() -> None:
            with suppress(OSError):
                wire.send(_stream(self._process.stdin), header, arrays)

        self._writer = _thread(write)

    def next_frame(self, seconds: float) -> wire.Frame | None:
        """Return the next frame; a process that ends before it is ready, but for a kill, could not be started."""
        frame = super().next_frame(seconds)
        if not (self.alive or self._started or self._killed or self._process.poll() == -_KILLED):
            values = {"why": self.last_words or f"{sys.executable}: {self._process.poll()}"}
            raise SolverError(Message("solve.worker_not_started", values))
        return frame

    @property
    def last_words(self) -> str:
        """The end of what the process wrote to its standard error."""
        return self._last_words.decode(errors="replace").strip()

    @property
    def good(self) -> bool:
        """Whether it lives and has not served too often."""
        return self.alive and self._requests_left > 0 and self._process.poll() is None

    def kill(self) -> None:
        """End the process now, and wait until it is gone."""
        self._killed = True
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(DRAIN_SECONDS)
        if self._writer is not None:
            self._writer.join(DRAIN_SECONDS)
        if self._writer is None or not self._writer.is_alive():
            _stream(self._process.stdin).close()

    def _look(self) -> None:
        if self._process.poll() is not None:
            self._reader.join(DRAIN_SECONDS)
            self.alive = not self._reader.is_alive()  # if it has ended, its last frames are in the queue
        elif not self._started and time.monotonic() > self._start_by:
            values = {"why": self.last_words or f"{sys.executable}: {START_SECONDS:g} s"}
            self.kill()
            raise SolverError(Message("solve.worker_not_started", values))

    def _read(self) -> None:
        stream = _stream(self._process.stdout)
        with suppress(OSError, ValueError), stream:
            while (frame := wire.receive(stream)) is not None:
                self._frames.put(frame)
        for end in (self._process.terminate, self._process.kill):  # where it closed its end, or does not speak frames
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(SETTLE_SECONDS)
            end()
        self._process.wait()
        self._errors.join(DRAIN_SECONDS)
        self._frames.put(None)

    def _keep_errors(self) -> None:
        with suppress(OSError, ValueError), _stream(self._process.stderr) as stream:
            while text := stream.read(LAST_WORDS):
                self._last_words = (self._last_words + text)[-LAST_WORDS:]


def _thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _stream(pipe: object) -> FileIO:
    assert isinstance(pipe, FileIO)
    return pipe


_idle: list[Worker] = []
"""The one given back last is the last."""
_idle_lock = threading.Lock()
_timers: list[threading.Timer] = []
"""At most one, which ends the workers that have been idle for long."""
_living: "WeakSet[ProcessWorker]" = WeakSet()


@contextmanager
def borrowed(*, in_process: bool = False) -> Iterator[Worker]:
    """Lend an idle worker, or a new one; take it back if it is still good.

    Parameters
    ----------
    in_process
        Run HiGHS in a thread of this process instead.

    Raises
    ------
    SolverError
        If the worker cannot be started.
    """
    worker = _local_worker() if in_process else _take() or ProcessWorker()
    try:
        yield worker
    except BaseException:
        worker.kill()
        raise
    if not in_process and worker.good and worker.settled(SETTLE_SECONDS):
        worker.idle_since = time.monotonic()
        with _idle_lock:
            _idle.append(worker)
            _watch_idle()
    else:
        worker.kill()


def _watch_idle() -> None:
    """Have the worker that is idle for longest ended when its time comes; in a thread that nobody waits for."""
    if _idle and not _timers:
        _timers.append(threading.Timer(max(_idle[0].idle_since + IDLE_SECONDS - time.monotonic(), 0.0), _end_idle))
        _timers[0].daemon = True
        _timers[0].start()


def _end_idle() -> None:
    latest = time.monotonic() - IDLE_SECONDS
    with _idle_lock:
        _timers.clear()
        ended = [worker for worker in _idle if worker.idle_since <= latest]
        _idle[:] = [worker for worker in _idle if worker.idle_since > latest]
        _watch_idle()
    for worker in ended:
        worker.kill()


def close_workers() -> None:
    """End the idle workers; the next solve starts new ones."""
    with _idle_lock:
        idle, _idle[:] = list(_idle), []
        while _timers:
            _timers.pop().cancel()
    for worker in idle:
        worker.kill()


def _end_workers() -> None:
    """At the end of the interpreter, end those too that are at work in threads that nobody waits for."""
    for worker in list(_living):
        worker.kill()


def _take() -> Worker | None:
    """Return an idle worker that is still good."""
    while True:
        with _idle_lock:
            if not _idle:
                return None
            worker = _idle.pop()
        if worker.good:
            return worker
        worker.kill()


def _local_worker() -> Worker:
    from gst_opt.solve.local import ThreadWorker

    return ThreadWorker()


def _forget_workers() -> None:
    """After a fork the workers belong to the parent."""
    global _idle_lock
    _idle_lock = threading.Lock()
    _idle.clear()
    _timers.clear()
    _living.clear()


atexit.register(_end_workers)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_workers)

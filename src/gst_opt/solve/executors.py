"""Where parts are solved: threads of this process, or an executor whose workers may be anywhere.

A thread pool is one of this process: its parts stream their points and stop at once. Other executors get a part, and
give back its answer when it is done: its points are not streamed, and once begun it ends by its own limits. When one is
broken, its parts keep the plan that was known, and `Provenance.attempts` names the error.

Seen with loky 3.7 and distributed 2026.8: after `cancel`, a part of loky is given up within two seconds, one of Dask at
once. A killed process breaks loky's pool (and those of the standard library); Dask starts it again and its part anew.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue

from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.stages import Job, PartAnswer, solve_part

Submit = Callable[..., Future[PartAnswer]]


class Threads:
    """A few threads that take work in order; unlike a thread pool, the end of the interpreter does not wait for it."""

    def __init__(self, count: int) -> None:
        self._work: SimpleQueue[tuple[Future[PartAnswer], Callable[[], PartAnswer]] | None] = SimpleQueue()
        self._count = count
        self._threads: list[threading.Thread] = []

    def submit(self, work: Callable[[], PartAnswer]) -> Future[PartAnswer]:
        """Have some work done."""
        future: Future[PartAnswer] = Future()
        self._work.put((future, work))
        if len(self._threads) < self._count:
            self._threads.append(threading.Thread(target=self._serve, daemon=True))
            self._threads[-1].start()
        return future

    def close(self) -> None:
        """Have no more work done; that under way goes on."""
        for _ in self._threads:
            self._work.put(None)

    def _serve(self) -> None:
        while (item := self._work.get()) is not None:
            future, work = item
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:
                    future.set_exception(error)


@dataclass(frozen=True)
class Order:
    """What `Limits` holds that another process can use, for a part that is solved there.

    Attributes
    ----------
    seconds, until
        Its share of the time, and the time of `time.time` to stop at; None for no limit.
    """

    gap: float
    seed: int
    nodes: int | None
    in_process: bool
    seconds: float | None
    until: float | None


def solve_order(job: Job, order: Order) -> PartAnswer:
    """Solve a part, as an executor does it in a process of its own, where Ctrl-C keeps the best point too."""
    deadline = None
    if order.seconds is not None and order.until is not None:
        deadline = time.monotonic() + max(min(order.seconds, order.until - time.time()), 0.0)
    with Interruption() as cancelled:
        return solve_part(job, Limits(order.gap, deadline, order.seed, cancelled, order.nodes, order.in_process))

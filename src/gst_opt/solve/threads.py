"""Threads that take work in order."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Threads(Generic[T]):
    """A few threads that take work in order; unlike a thread pool, the end of the interpreter does not wait for it."""

    def __init__(self, count: int) -> None:
        self._work: SimpleQueue[tuple[Future[T], Callable[[], T]] | None] = SimpleQueue()
        self._count = count
        self._threads: list[threading.Thread] = []

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have some work done."""
        future: Future[T] = Future()
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


def at_once(jobs: Sequence[Callable[[], T]], workers: int) -> list[T]:
    """Do some jobs, several at a time, and return what they return in their order."""
    with closing(Threads[T](workers)) as threads:
        futures = [threads.submit(job) for job in jobs]
        return [future.result() for future in futures]

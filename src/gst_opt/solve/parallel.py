"""Parts solved several at a time, in threads or by an executor, with progress, one time limit, and interruption."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from queue import Empty, SimpleQueue

from gst_opt.core.errors import SolverError
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Ended
from gst_opt.solve.components import Part
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import POLL_SECONDS, Limits, grace
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.stages import PartAnswer, solve_part

Submit = Callable[..., Future[PartAnswer]]
GIVE_UP_SECONDS = 2.0
"""How long the running parts of an executor, which cannot be stopped, are waited for after an interruption."""


def limits_of(options: SolveOptions, started: float, cancelled: Interruption) -> Limits:
    """Return the limits of a whole solve that began at `started`, a time of `time.monotonic`."""
    return Limits(
        gap=options.gap,
        deadline=None if options.seconds is None else started + options.seconds,
        seed=options.seed,
        cancelled=cancelled,
        nodes=options.nodes,
        in_process=options.in_process,
    )


def solve_parts(
    parts: Sequence[Part], goals: Sequence[Goal], known: Sequence[Floats | None], options: SolveOptions, limits: Limits
) -> list[PartAnswer]:
    """Solve every part, `options.workers` at a time, and return the answers in the order of the parts.

    A part's share of the time limit is in proportion to its columns. An interruption ends the running parts with the
    best point that they hold; parts not begun keep the point that is known.

    Raises
    ------
    SolverError
        If no part could be solved because no worker could be started, or one without a known point could not.
    """
    search = _Search(parts, goals, known, options, limits)
    if options.executor is None:
        with closing(_Threads(options.workers)) as threads:
            search.run(threads.submit)
    else:
        search.run(options.executor.submit)
    return search.answers()


class _Threads:
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
    """What a part is given when it is solved by an executor: what `Limits` holds that another process can use.

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


def solve_order(part: Part, goals: Sequence[Goal], known: Floats | None, order: Order) -> PartAnswer:
    """Solve a part, as an executor does it in a process of its own, where Ctrl-C keeps the best point too."""
    deadline = None
    if order.seconds is not None and order.until is not None:
        deadline = time.monotonic() + max(min(order.seconds, order.until - time.time()), 0.0)
    with Interruption() as cancelled:
        limits = Limits(order.gap, deadline, order.seed, cancelled, order.nodes, order.in_process)
        return solve_part(part, goals, known, limits)


@dataclass(frozen=True)
class _Event:
    """Something that a part found; `done` when it is its last word."""

    position: int
    stage: int
    value: float | None
    bound: float | None
    done: bool = False


class _Search:
    """One search over parts: what was asked, and the events that its threads tell the calling thread."""

    def __init__(
        self,
        parts: Sequence[Part],
        goals: Sequence[Goal],
        known: Sequence[Floats | None],
        options: SolveOptions,
        limits: Limits,
    ) -> None:
        self.parts, self.goals, self.known, self.options, self.limits = parts, goals, known, options, limits
        self.started = time.monotonic()
        self.events: SimpleQueue[_Event] = SimpleQueue()
        self.futures: list[Future[PartAnswer]] = []
        self.done = 0
        sizes = [len(part.columns) for part in parts]
        ahead = [sum(sizes[position:]) for position in range(len(sizes))]
        self.share = [min(1.0, options.workers * size / rest) for size, rest in zip(sizes, ahead, strict=True)]

    def _submit(self, submit: Submit, position: int) -> Future[PartAnswer]:
        """Give a part to a thread of this process, or to the executor."""
        part, known = self.parts[position], self.known[position]
        if self.options.executor is not None:
            return submit(solve_order, part, self.goals, known, self._order(position))

        def watch(stage: int, value: float, bound: float | None) -> None:
            self.events.put(_Event(position, stage, value, bound))

        def solve() -> PartAnswer:
            left = self.limits.seconds_left()
            deadline = None if left is None else time.monotonic() + left * self.share[position]
            limits = replace(self.limits, deadline=deadline, watch=watch)
            return solve_part(part, self.goals, known, limits)

        return submit(solve)

    def _order(self, position: int) -> Order:
        """Return a part's order, with its share of the time as if the parts before it had used theirs."""
        left, seconds = self.limits.seconds_left(), None
        if left is not None:
            seconds = left
            for share in self.share[: position + 1 - self.options.workers]:
                seconds *= 1.0 - share / self.options.workers
            seconds *= self.share[position]
        until = None if left is None else time.time() + left
        limits = self.limits
        return Order(limits.gap, limits.seed, limits.nodes, limits.in_process, seconds, until)

    def run(self, submit: Submit) -> None:
        """Wait for the parts and tell of them; give up on those of an executor that outlast limit or patience."""
        try:
            for position in range(len(self.parts)):
                future = self._submit(submit, position)
                self.futures.append(future)
                future.add_done_callback(partial(self._tell_done, position))
            self._wait()
        except BaseException as error:
            self.limits.cancelled.set(type(error).__name__)
            for future in self.futures:
                future.cancel()
            wait(self.futures, GIVE_UP_SECONDS)
            raise

    def _wait(self) -> None:
        cancelled, patience_ends = self.limits.cancelled, float("inf")
        left = self.limits.seconds_left()
        if self.options.executor is not None and left is not None:
            patience_ends = time.monotonic() + left + grace(left)
        while self.done < len(self.parts):
            try:
                event = self.events.get(timeout=POLL_SECONDS)
            except Empty:
                now = time.monotonic()
                if cancelled.is_set():
                    for future in self.futures:
                        future.cancel()
                    if self.options.executor is not None:
                        patience_ends = min(patience_ends, now + GIVE_UP_SECONDS)
                if now > patience_ends:
                    return
            except KeyboardInterrupt:
                if cancelled.is_set():
                    raise
                cancelled.set(KeyboardInterrupt.__name__)
            else:
                self.done += event.done
                self._report(event)

    def _report(self, event: _Event) -> None:
        if self.options.progress is None or self.limits.cancelled.is_set():
            return
        gap = None
        if event.value is not None and event.bound is not None:
            gap = abs(event.value - event.bound) / max(abs(event.value), 1.0)
        progress = Progress(
            part=event.position + 1,
            parts=len(self.parts),
            done=self.done,
            stage=event.stage + 1,
            incumbent=event.value,
            bound=event.bound,
            gap=gap,
            seconds=time.monotonic() - self.started,
        )
        try:
            self.options.progress(progress)
        except KeyboardInterrupt:
            self.limits.cancelled.set(KeyboardInterrupt.__name__)
        except Exception as error:
            self.limits.cancelled.set(f"{type(error).__name__}: {error}")

    def _tell_done(self, position: int, future: Future[PartAnswer]) -> None:
        stage, value, bound = self.limits.stage + len(self.goals) - 1, None, None
        if not future.cancelled() and future.exception() is None:
            answer = future.result()
            if answer.x is not None:
                value, bound = answer.reached[-1], answer.bounds[-1]
        self.events.put(_Event(position, stage, value, bound, done=True))

    def answers(self) -> list[PartAnswer]:
        """Return the answers; a part without one keeps its known point, unless nothing at all was solved."""
        errors = [
            (position, error)
            for position, future in enumerate(self.futures)
            if future.done() and not future.cancelled() and (error := future.exception()) is not None
        ]
        for position, error in errors:
            fatal = len(errors) == len(self.parts) or self.known[position] is None
            if fatal or not (isinstance(error, SolverError) or self.options.executor is not None):
                raise error
        failed = {position for position, _ in errors}
        answers = []
        for position, future in enumerate(self.futures):
            if position in failed:
                answers.append(self._untouched(position, Ended.FAULT))
            elif future.cancelled() or not future.done():
                stopped = self.limits.cancelled.is_set()
                answers.append(self._untouched(position, Ended.INTERRUPT if stopped else Ended.LIMIT))
            else:
                answers.append(future.result())
        return answers

    def _untouched(self, position: int, ended: Ended) -> PartAnswer:
        nothing = Interruption()
        nothing.set()
        limits = replace(self.limits, cancelled=nothing)
        return replace(solve_part(self.parts[position], self.goals, self.known[position], limits), ended=ended)

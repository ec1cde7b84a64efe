"""Parts solved several at a time, with progress, one time limit, and interruption."""

import time
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from queue import Empty, SimpleQueue

import numpy as np

from gst_opt.core.errors import SolverError
from gst_opt.solve.belief import Attempt, Ended, Refusal
from gst_opt.solve.components import costs_of
from gst_opt.solve.executors import Order, Post, Submit, solve_order, waits_for_itself
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import POLL_SECONDS, Limits, grace
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import relative_gap
from gst_opt.solve.stages import Job, PartAnswer, solve_part
from gst_opt.solve.starts import known_point
from gst_opt.solve.threads import Threads

GIVE_UP_SECONDS = 2.0
"""How long parts that cannot be stopped are waited for after an interruption, and lost parts' points repaired."""

AGAIN_SECONDS = 0.1
"""Parts cut by their share of the time go on when the others leave at least so much."""


def limits_of(options: SolveOptions, started: float, cancelled: Interruption) -> Limits:
    """Return the limits of a whole solve that began at `started`, a time of `time.monotonic`."""
    return Limits(
        gap=options.gap,
        deadline=None if options.seconds is None else started + options.seconds,
        seed=options.seed,
        cancelled=cancelled,
        nodes=options.nodes,
        in_process=options.in_process,
        started=started,
    )


def solve_parts(jobs: Sequence[Job], options: SolveOptions, limits: Limits) -> list[PartAnswer]:
    """Solve every part, `options.workers` at a time, and return the answers in the order of the jobs.

    A part's share of the time limit is in proportion to its columns; parts cut by their share go on with the time
    that the others left, unless all parts together are within the gap. An interruption ends the running parts with
    the best point that they hold; parts not begun, and those that an executor lost, keep the point that is known.

    Raises
    ------
    SolverError
        If nothing is reached yet and no worker could be started, for any part or for one without a known point.
    Exception
        That of an executor, in the same cases, unless it is broken: then the known points are kept.
    """
    if waits_for_itself(options.executor):
        options = options.replace(executor=None)
    search = _Search(jobs, options, limits)
    if options.executor is None:
        with closing(Threads[PartAnswer](options.workers)) as threads:
            search.run(threads.submit)
    else:
        search.run(options.executor.submit)
    answers = search.answers()
    left = limits.seconds_left()
    cut = [position for position, answer in enumerate(answers) if answer.ended is Ended.LIMIT]
    if not cut or len(cut) == len(jobs) or limits.cancelled.is_set() or left is None or left < AGAIN_SECONDS:
        return answers
    if _proven_in_total(answers, limits.gap):
        return answers
    again = solve_parts([replace(jobs[position], known=answers[position].x) for position in cut], options, limits)
    for position, answer in zip(cut, again, strict=True):
        answers[position] = _gone_on(answers[position], answer)
    return answers


def _proven_in_total(answers: Sequence[PartAnswer], gap: float) -> bool:
    """Say whether the sums of all parts are within the gap, for every goal."""
    if any(answer.x is None for answer in answers):
        return False
    values = np.sum([answer.reached for answer in answers], axis=0)
    bounds = np.sum([answer.bounds for answer in answers], axis=0)
    return bool(np.all(values - bounds <= gap * np.maximum(np.abs(values), 1.0)))


def _gone_on(before: PartAnswer, after: PartAnswer) -> PartAnswer:
    """Return the later answer of a part; the earlier bounds hold for it too, as it keeps no less of each goal."""
    bounds = tuple(map(max, before.bounds, after.bounds)) if before.bounds else after.bounds
    return replace(after, bounds=bounds, attempts=before.attempts + after.attempts)


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

    def __init__(self, jobs: Sequence[Job], options: SolveOptions, limits: Limits) -> None:
        self.jobs, self.options, self.limits = jobs, options, limits
        self.within = options.executor is None or isinstance(options.executor, ThreadPoolExecutor)
        self.post = None if self.within else Post()
        self.events: SimpleQueue[_Event] = SimpleQueue()
        self.futures: list[Future[PartAnswer]] = []
        self.done = 0
        sizes = [len(job.part.columns) for job in jobs]
        ahead = [sum(sizes[position:]) for position in range(len(sizes))]
        self.share = [min(1.0, options.workers * size / max(rest, 1)) for size, rest in zip(sizes, ahead, strict=True)]

    def _submit(self, submit: Submit, position: int) -> Future[PartAnswer]:
        """Give a part to a thread of this process, or to an executor whose workers may be anywhere."""
        job = self.jobs[position]
        if self.post is not None:
            return submit(solve_order, job, self._order(position, self.post.folder))

        def watch(stage: int, value: float, bound: float | None) -> None:
            self.events.put(_Event(position, stage, None if job.bound_only else value, bound))

        def solve() -> PartAnswer:
            left = self.limits.seconds_left()
            deadline = None if left is None else time.monotonic() + left * self.share[position]
            workers = max(self.options.workers // len(self.jobs), 1)
            return solve_part(job, replace(self.limits, deadline=deadline, watch=watch, workers=workers))

        return submit(solve)

    def _order(self, position: int, folder: str) -> Order:
        """Return a part's order, with its share of the time as if the parts before it had used theirs."""
        left, seconds = self.limits.seconds_left(), None
        if left is not None:
            seconds = left
            for share in self.share[: position + 1 - self.options.workers]:
                seconds *= 1.0 - share / self.options.workers
            seconds *= self.share[position]
        until = None if left is None else time.time() + left
        limits = self.limits
        return Order(limits.gap, limits.seed, limits.nodes, limits.in_process, seconds, until, folder, position)

    def run(self, submit: Submit) -> None:
        """Wait for the parts and tell of them; give up on those of an executor that outlast limit or patience."""
        try:
            for position in range(len(self.jobs)):
                try:
                    future = self._submit(submit, position)
                except Exception as error:  # an executor that is broken, was shut down, or cannot take it
                    future = Future()
                    future.set_exception(error)
                self.futures.append(future)
                future.add_done_callback(partial(self._tell_done, position))
            self._wait()
        except BaseException as error:
            self.limits.cancelled.set(type(error).__name__)
            self._drop()
            wait(self.futures, GIVE_UP_SECONDS)
            raise
        finally:
            if self.post is not None:
                self.post.close(self.futures)

    def _drop(self) -> None:
        """Take back the parts not begun, and stop those in other processes."""
        for future in self.futures:
            future.cancel()
        if self.post is not None:
            self.post.stop()

    def _wait(self) -> None:
        cancelled, patience_ends = self.limits.cancelled, float("inf")
        left = self.limits.seconds_left()
        if self.options.executor is not None and left is not None:
            patience_ends = time.monotonic() + left + grace(left)
        while self.done < len(self.jobs):
            try:
                event = self.events.get(timeout=POLL_SECONDS)
                self._listen()
            except Empty:
                self._listen()
                now = time.monotonic()
                if cancelled.is_set() or now > patience_ends:
                    self._drop()
                if self.within:  # what has begun keeps its own limits
                    continue
                if cancelled.is_set():
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

    def _listen(self) -> None:
        """Report what parts in other processes have found since it was last looked at."""
        if self.post is None:
            return
        for position, stage, value, bound in self.post.read():
            told = None if self.jobs[position].bound_only else value
            self._report(_Event(position, self.limits.stage + stage, told, bound))

    def _report(self, event: _Event) -> None:
        if self.options.progress is None or self.limits.cancelled.is_set():
            return
        gap, job = None, self.jobs[event.position]
        if event.value is not None and event.bound is not None:
            costs = costs_of(job.goals[event.stage - self.limits.stage], job.part)
            gap = relative_gap(event.value, event.bound, float(costs @ job.today))
        progress = Progress(
            part=event.position + 1,
            parts=len(self.jobs),
            done=self.done,
            stage=event.stage + 1,
            incumbent=event.value,
            bound=event.bound,
            gap=gap,
            seconds=time.monotonic() - self.limits.started,
        )
        try:
            self.options.progress(progress)
        except KeyboardInterrupt:
            self.limits.cancelled.set(KeyboardInterrupt.__name__)
        except Exception as error:
            self.limits.cancelled.set(f"{type(error).__name__}: {error}")

    def _tell_done(self, position: int, future: Future[PartAnswer]) -> None:
        job, value, bound = self.jobs[position], None, None
        if not future.cancelled() and future.exception() is None:
            answer = future.result()
            if answer.x is not None:
                value, bound = None if job.bound_only else answer.reached[-1], answer.bounds[-1]
        self.events.put(_Event(position, self.limits.stage + len(job.goals) - 1, value, bound, done=True))

    def answers(self) -> list[PartAnswer]:
        """Return the answers; a part without one keeps its known point, unless nothing at all was solved or reached."""
        errors = {
            position: error
            for position, future in enumerate(self.futures)
            if future.done() and not future.cancelled() and (error := future.exception()) is not None
        }
        nothing = len(errors) == len(self.jobs) and all(job.known is None for job in self.jobs)
        for error in errors.values():
            foreign = self.options.executor is not None and isinstance(error, Exception)
            if not (foreign or isinstance(error, SolverError)) or (nothing and not isinstance(error, BrokenExecutor)):
                raise error
        stopped = Ended.INTERRUPT if self.limits.cancelled.is_set() else Ended.LIMIT
        deadline = time.monotonic() + GIVE_UP_SECONDS
        deadline = deadline if self.limits.deadline is None else min(self.limits.deadline, deadline)
        repairing = replace(self.limits, deadline=deadline, cancelled=Interruption())
        answers = []
        for position, future in enumerate(self.futures):
            if position in errors:
                attempt = Attempt(options="", status=type(errors[position]).__name__, refused=Refusal.DIED)
                answer = self._untouched(self.jobs[position], Ended.FAULT, repairing)
                if answer.x is None and not isinstance(errors[position], BrokenExecutor):
                    raise errors[position]
                answers.append(replace(answer, attempts=(attempt,)))
            elif future.cancelled() or not future.done():
                answers.append(self._untouched(self.jobs[position], stopped, repairing))
            else:
                answers.append(future.result())
        return answers

    def _untouched(self, job: Job, ended: Ended, repairing: Limits) -> PartAnswer:
        """Return the point known of a part that nobody solved, repaired if there is time for it."""
        known = job.known if job.known is not None else known_point(job.part, job.goals, job.points, repairing)
        nothing_more = Interruption()
        nothing_more.set()
        limits = replace(self.limits, cancelled=nothing_more)
        return replace(solve_part(replace(job, known=known, points=()), limits), ended=ended)

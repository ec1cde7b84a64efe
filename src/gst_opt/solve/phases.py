"""Goals in order over a whole model: each phase is split into parts anew, with what the earlier ones reached kept.

Goals that are sums are reached part by part. A goal that compares terms ties parts together, and so does a tolerance
shared by all parts; these begin a new phase, so that the goals before them are still reached in small parts.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from gst_opt.model.goals import Goal, Goals, WorstFirst
from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, empty_rows_hold, same_place, whole
from gst_opt.solve.couple import Coupled, Held, Step, couple, steps_of
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import solve_parts
from gst_opt.solve.preflight import check_numbers, coefficient_range, prepared
from gst_opt.solve.reached import Done, Piece, Reached
from gst_opt.solve.stages import Job, PartAnswer, side_of, trivial_bound
from gst_opt.solve.totals import bounds_in_total, room_of_others

Splitter = Callable[[Compiled], Sequence[Part]]


def reach(
    model: Compiled,
    goals: Goals,
    points: Sequence[Floats],
    options: SolveOptions,
    limits: Limits,
    splitter: Splitter,
) -> Reached:
    """Reach goals one after the other.

    Parameters
    ----------
    model
        The compiled model.
    goals
        Goals and limits on terms.
    points
        Points known before the search: today's, then others.
    options
        Where parts run, how many at once, and who is told.
    limits
        Gap, time for all goals together, interruption.
    splitter
        How a model is cut into parts.

    Raises
    ------
    SolverError
        If the model, its goals or its limits hold numbers that a solver cannot be trusted with.
    """
    search = _Search(model, goals, points, options, limits, splitter)
    for phase in phases_of(search.steps):
        search.go_through(phase)
        if search.x is None:
            break
    return search.reached()


class _Search:
    """The phases of one model: what is reached so far, how its parts ended, and which of them have no point."""

    def __init__(
        self,
        model: Compiled,
        goals: Goals,
        points: Sequence[Floats],
        options: SolveOptions,
        limits: Limits,
        splitter: Splitter,
    ) -> None:
        self.model, self.goals, self.points = model, goals, points
        self.options, self.limits, self.splitter = options, limits, splitter
        self.steps = steps_of(goals)
        self.tight = prepared(model)
        coupled, linear = couple(self.tight, self.steps, goals.limits), [step.linear for step in self.steps]
        check_numbers(coupled, linear)
        self.numbers = coefficient_range(coupled, linear[:-1])
        self.x: Floats | None = None
        self.done: list[Done] = []
        self.ends: list[Ended] = []
        self.attempts: list[Attempt] = []
        self.first_parts = 0
        self.impossible: list[Part] = []
        self.without: list[Part] = []

    def go_through(self, phase: Sequence[Step]) -> None:
        """Reach the goals of one phase, or leave them as they are when nothing is left to reach them with."""
        coupled = self._coupled(phase)
        if self.x is not None and not _go_on(self.ends, self.limits):
            self.ends.append(Ended.INTERRUPT if self.limits.cancelled.is_set() else Ended.LIMIT)
            self.done += [_left_alone(step, coupled, self.x) for step in phase]
            return
        parts = list(self.splitter(coupled))
        if self.x is None:
            self.first_parts = len(parts)
            if not empty_rows_hold(coupled):
                self.ends.append(Ended.INFEASIBLE)
                self.impossible = [whole(couple(self.model, self.steps, self.goals.limits))]
                return
        elif len(parts) == 1:
            coupled = self._coupled(phase, in_total=True)
            parts = list(self.splitter(coupled))
        answers = self._answers(phase, coupled, parts)
        self.ends += [answer.ended for answer in answers]
        self.attempts += [attempt for answer in answers for attempt in answer.attempts]
        if all(answer.x is not None for answer in answers):
            self._merge(phase, coupled, parts, answers)
        else:
            self._lose(parts, answers)

    def reached(self) -> Reached:
        """Return how far the goals were reached; without a point, no step is."""
        return Reached(
            model=couple(self.model, self.steps, self.goals.limits),
            x=self.x,
            steps=() if self.x is None else tuple(self.done),
            ends=tuple(self.ends),
            parts=self.first_parts,
            impossible=tuple(self.impossible),
            without=tuple(self.without),
            attempts=tuple(self.attempts),
            numbers=self.numbers,
        )

    def _coupled(self, phase: Sequence[Step], *, in_total: bool = False, wider: bool = False) -> Coupled:
        """Return the model with the columns and rows of the goals so far; those already reached are kept."""
        so_far = self.steps[: len(self.done) + len(phase)]
        held = _held(self.done, phase[0], in_total=in_total, wider=wider)
        return couple(self.tight, so_far, self.goals.limits, held)

    def _answers(self, phase: Sequence[Step], coupled: Coupled, parts: Sequence[Part]) -> list[PartAnswer]:
        """Solve the parts; where all have a point, with bounds that hold in total."""
        jobs = _jobs(phase, coupled, parts, self.points, self.x)
        later = [step.goal for step in self.steps[len(self.done) + len(phase) :] if isinstance(step.goal, Goal)]
        jobs = [replace(job, later=tuple(later)) for job in jobs]
        limits = replace(self.limits, stage=len(self.done), goals_left=len(self.steps) - len(self.done))
        answers = solve_parts(jobs, self.options, limits)
        if any(answer.x is None for answer in answers):
            return answers
        wider = self._coupled(phase, wider=True) if len(parts) > 1 else coupled
        return bounds_in_total(jobs, [same_place(wider, part) for part in parts], answers, self.options, limits)

    def _merge(
        self, phase: Sequence[Step], coupled: Coupled, parts: Sequence[Part], answers: Sequence[PartAnswer]
    ) -> None:
        merged = np.empty(len(coupled.lower))
        for part, answer in zip(parts, answers, strict=True):
            merged[part.columns] = answer.x
        self.x = merged[: len(self.model.lower)]
        self.done += _phase_done(phase, coupled, self.x, parts, answers)

    def _lose(self, parts: Sequence[Part], answers: Sequence[PartAnswer]) -> None:
        """Keep the parts without a point as the model gives them: what rows imply no longer holds where they yield."""
        given = couple(self.model, self.steps, self.goals.limits)
        for part, answer in zip(parts, answers, strict=True):
            if answer.ended is Ended.INFEASIBLE:
                self.impossible.append(same_place(given, part))
            elif answer.x is None:
                self.without.append(same_place(given, part))


def phases_of(steps: Sequence[Step]) -> list[list[Step]]:
    """Cut steps where a goal compares terms, and after one that may be given back."""
    phases = [[steps[0]]]
    for before, step in pairwise(steps):
        if before.goal.tolerance > 0 or isinstance(before.goal, WorstFirst) or isinstance(step.goal, WorstFirst):
            phases.append([])
        phases[-1].append(step)
    return phases


def _go_on(ends: Sequence[Ended], limits: Limits) -> bool:
    left = limits.seconds_left()
    return max(ends, default=Ended.OPTIMAL) <= Ended.LIMIT and (left is None or left > 0)


def _jobs(
    phase: Sequence[Step], coupled: Coupled, parts: Sequence[Part], points: Sequence[Floats], x: Floats | None
) -> list[Job]:
    """Return what each part is asked: to go on from `x`, or from the best of the points."""
    goals = tuple(step.linear for step in phase)
    today, *others = (coupled.extended(point) for point in points)
    reached = None if x is None else coupled.extended(x)
    return [
        Job(
            part,
            goals,
            today=today[part.columns],
            points=tuple(point[part.columns] for point in (today, *others)),
            known=None if reached is None else reached[part.columns],
            guide=phase[0].guide,
        )
        for part in parts
    ]


def _held(done: Sequence[Done], step: Step, *, in_total: bool = False, wider: bool = False) -> list[Held]:
    """Return the rows that keep what steps have reached: one a part, or one for all where some may be given back.

    In total, all of them are one for all. Wider, those of a part leave it what the other parts could still gain.
    """
    rows = []
    for earlier in done:
        tolerance = earlier.step.goal.tolerance if earlier.step.position != step.position else 0.0
        if in_total or tolerance > 0 or isinstance(earlier.step.goal, WorstFirst):
            rows.append(Held(earlier.step, None, side_of(earlier.reached, tolerance)))
            continue
        reached, bounds = [piece.reached for piece in earlier.pieces], [piece.bound for piece in earlier.pieces]
        rooms = room_of_others(reached, bounds) if wider else [0.0] * len(reached)
        rows += [
            Held(earlier.step, piece.part.columns, side_of(piece.reached, room))
            for piece, room in zip(earlier.pieces, rooms, strict=True)
        ]
    return rows


def _left_alone(step: Step, coupled: Coupled, x: Floats) -> Done:
    """Return a step for which no time was left: the value at hand, and a bound that needs no search."""
    costs = coupled.costs(step.linear)
    value = float(costs @ coupled.extended(x))
    return Done(step, value, (Piece(whole(coupled), value, trivial_bound(costs, coupled)),))


def _phase_done(
    phase: Sequence[Step], coupled: Coupled, x: Floats, parts: Sequence[Part], answers: Sequence[PartAnswer]
) -> list[Done]:
    done = []
    for position, step in enumerate(phase):
        pieces = tuple(
            Piece(part, answer.reached[position], answer.bounds[position])
            for part, answer in zip(parts, answers, strict=True)
        )
        reached = sum(piece.reached for piece in pieces)
        if isinstance(step.goal, WorstFirst):  # alone in its phase; the solver's columns may be larger, or a hair less
            reached = float(coupled.costs(step.linear) @ coupled.extended(x))
        done.append(Done(step, reached, pieces))
    return done

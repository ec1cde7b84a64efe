"""Goals in order over a whole model: each phase is split into parts anew, with what the earlier ones reached kept.

Goals that are sums are reached part by part. A goal that compares terms ties parts together, and so does a tolerance
shared by all parts; these begin a new phase, so that the goals before them are still reached in small parts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from gst_opt.model.goals import Goals, WorstFirst
from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, empty_rows_hold, same_place, whole
from gst_opt.solve.couple import Coupled, Held, Step, couple, steps_of
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import solve_parts
from gst_opt.solve.preflight import check_numbers, coefficient_range, prepared
from gst_opt.solve.result import Stage
from gst_opt.solve.stages import Job, PartAnswer, side_of, trivial_bound
from gst_opt.solve.totals import bounds_in_total, room_of_others

GIVEN_BACK = 1e-6
"""What a later goal may give back by rounding, relative to the value."""

Splitter = Callable[[Compiled], Sequence[Part]]


@dataclass(frozen=True)
class Reached:
    """How far the goals were reached.

    Attributes
    ----------
    model
        The model with its limits on terms and the columns of its goals.
    x
        Point of the model without those columns, or None.
    steps
        What each step has reached, in order; empty without a point.
    ends
        How each part ended, in every phase.
    parts
        Parts of the first phase.
    impossible
        A part without a point, where it was proven; with the bounds and coefficients that were given.
    attempts
        Runs of the solver that were not believed, and what was tried next.
    numbers
        Smallest and largest coefficient given to the solver, in absolute value.
    """

    model: Coupled
    x: Floats | None
    steps: tuple["Done", ...]
    ends: tuple[Ended, ...]
    parts: int
    impossible: Part | None = None
    attempts: tuple[Attempt, ...] = ()
    numbers: tuple[float, float] | None = None

    def stages(self, x: Floats, today: Floats) -> tuple[Stage, ...]:
        """Return one stage a step, as the point `x` has it beside today's."""
        return _stages(self.steps, self.model, x, today)


@dataclass(frozen=True)
class Piece:
    """What a step has reached in a part, and what the part cannot be below; constants left out."""

    part: Part
    reached: float
    bound: float


@dataclass(frozen=True)
class Done:
    """One step as it was left: its value and bound over all parts (constants left out), and in each."""

    step: Step
    reached: float
    pieces: tuple[Piece, ...]

    @property
    def bound(self) -> float:
        """What no plan that keeps the earlier steps can be below."""
        return sum(piece.bound for piece in self.pieces)


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
    steps = steps_of(goals)
    tight = prepared(model)
    check_numbers(couple(tight, steps, goals.limits), [step.linear for step in steps])
    done: list[Done] = []
    ends: list[Ended] = []
    attempts: list[Attempt] = []
    numbers = coefficient_range(tight)
    x: Floats | None = None
    first_parts = 0
    for phase in phases_of(steps):
        so_far = steps[: len(done) + len(phase)]
        coupled = couple(tight, so_far, goals.limits, _held(done, phase[0]))
        if x is not None and not _go_on(ends, limits):
            ends.append(Ended.INTERRUPT if limits.cancelled.is_set() else Ended.LIMIT)
            done += [_left_alone(step, coupled, x) for step in phase]
            continue
        parts = list(splitter(coupled))
        if x is None:
            first_parts = len(parts)
            if not empty_rows_hold(coupled):
                given = couple(model, steps, goals.limits)
                return Reached(given, None, (), (Ended.INFEASIBLE,), first_parts, whole(given), (), numbers)
        elif len(parts) == 1:
            coupled = couple(tight, so_far, goals.limits, _held(done, phase[0], in_total=True))
            parts = list(splitter(coupled))
        jobs = _jobs(phase, coupled, parts, points, x)
        now = replace(limits, stage=len(done))
        answers = solve_parts(jobs, options, now)
        if all(answer.x is not None for answer in answers):
            wider = (
                couple(tight, so_far, goals.limits, _held(done, phase[0], wider=True)) if len(parts) > 1 else coupled
            )
            answers = bounds_in_total(jobs, [same_place(wider, part) for part in parts], answers, options, now)
        ends += [answer.ended for answer in answers]
        attempts += [attempt for answer in answers for attempt in answer.attempts]
        if any(answer.x is None for answer in answers):
            given = couple(model, so_far, goals.limits)
            impossible = _impossible(given, parts, answers)
            return Reached(given, None, (), tuple(ends), first_parts, impossible, tuple(attempts), numbers)
        merged = np.empty(len(coupled.lower))
        for part, answer in zip(parts, answers, strict=True):
            merged[part.columns] = answer.x
        x = merged[: len(model.lower)]
        done += _phase_done(phase, coupled, x, parts, answers)
    assert x is not None
    everything = couple(model, steps, goals.limits)
    return Reached(everything, x, tuple(done), tuple(ends), first_parts, None, tuple(attempts), numbers)


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
        if isinstance(step.goal, WorstFirst):  # alone in its phase; columns cut by time may be larger than needed
            reached = min(reached, float(coupled.costs(step.linear) @ coupled.extended(x)))
        done.append(Done(step, reached, pieces))
    return done


def _impossible(model: Compiled, parts: Sequence[Part], answers: Sequence[PartAnswer]) -> Part | None:
    """Return the first part without a point as the model gives it: what rows imply no longer holds where they yield."""
    for part, answer in zip(parts, answers, strict=True):
        if answer.ended is Ended.INFEASIBLE:
            return same_place(model, part)
    return None


def _stages(done: Sequence[Done], model: Coupled, x: Floats, today: Floats) -> tuple[Stage, ...]:
    planned, now = model.extended(x), model.extended(today)
    stages = []
    for one in done:
        goal = one.step.linear
        costs, constant = model.costs(goal), model.constant(goal)
        value = float(costs @ planned)
        bound = min(one.bound, one.reached)
        reached = max(min(one.reached, value), bound)  # below the bound where earlier goals gave something back
        room = GIVEN_BACK * max(1.0, abs(value))
        if value > one.reached + one.step.goal.tolerance + room:  # more than was allowed: it is a gap, and shows as one
            reached = value - one.step.goal.tolerance
        stages.append(
            Stage(
                goal=one.step.name,
                unit=one.step.goal.unit or model.terms[goal.weights[0].term].unit,
                value=value + constant,
                reached=reached + constant,
                bound=bound + constant if np.isfinite(bound) else None,
                today=float(costs @ now) + constant,
                tolerance=one.step.goal.tolerance,
            )
        )
    return tuple(stages)

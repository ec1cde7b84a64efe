"""How far goals were reached: what each step has, in each part and in all, and what two passes have together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.components import Part
from gst_opt.solve.couple import Coupled, Step
from gst_opt.solve.result import Stage
from gst_opt.solve.stages import refutes, room

GIVEN_BACK = 1e-6
"""What a later goal may give back by rounding, relative to the value."""


@dataclass(frozen=True)
class Piece:
    """What a step has reached in a part, and what the part cannot be below; constants left out."""

    part: Part
    reached: float
    bound: float


@dataclass(frozen=True)
class Done:
    """One step as it was left: its value over all parts (constants left out), and what it has in each.

    Attributes
    ----------
    before
        A bound proven by an earlier pass.
    """

    step: Step
    reached: float
    pieces: tuple[Piece, ...]
    before: float = -np.inf

    @property
    def bound(self) -> float:
        """What no plan that keeps the earlier steps can be below."""
        return max(sum(piece.bound for piece in self.pieces), self.before)


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
    impossible, without
        Parts proven to have no point, and those for which none was found; with the bounds and coefficients that were
        given.
    attempts
        Runs of the solver that were not believed, and what was tried next.
    numbers
        Smallest and largest coefficient given to the solver, in absolute value.
    """

    model: Coupled
    x: Floats | None
    steps: tuple[Done, ...]
    ends: tuple[Ended, ...]
    parts: int
    impossible: tuple[Part, ...] = ()
    without: tuple[Part, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    numbers: tuple[float, float] | None = None

    def stages(self, x: Floats, today: Floats) -> tuple[Stage, ...]:
        """Return one stage a step, as the point `x` has it beside today's."""
        planned, now = self.model.extended(x), self.model.extended(today)
        stages: list[Stage] = []
        over: list[float] = []
        for one in self.steps:
            goal = one.step.linear
            costs, constant = self.model.costs(goal), self.model.constant(goal)
            value = float(costs @ planned)
            reached, bound = _as_planned(one, value, given_back=self._given_back(one.step, over))
            over.append(value - one.reached)
            stages.append(
                Stage(
                    goal=one.step.name,
                    unit=one.step.goal.unit or self.model.terms[goal.weights[0].term].unit,
                    value=value + constant,
                    reached=reached + constant,
                    bound=bound + constant if np.isfinite(bound) else None,
                    today=float(costs @ now) + constant,
                    tolerance=one.step.goal.tolerance,
                )
            )
        return tuple(stages)

    def and_again(self, again: "Reached") -> "Reached":
        """Return what two passes have together: the better plan, the bounds of both that hold for it, the later end.

        A bound holds for the plans that are no worse at the earlier steps than its own pass was, so also for those
        that are no worse than a better one.
        """
        attempts = self.attempts + again.attempts
        if self.x is None or again.x is None:
            return replace(self, ends=(*self.ends, Ended.FAULT), attempts=attempts)
        kept, other = (again, self) if _no_worse(again.steps, self.steps) else (self, again)
        steps, holds = [], True
        for own, one in zip(kept.steps, other.steps, strict=True):
            steps.append(replace(own, before=max(own.before, one.bound)) if holds else own)
            holds = holds and own.reached <= one.reached + room(one.reached)
        return replace(kept, steps=tuple(steps), ends=again.ends, attempts=attempts)

    def _given_back(self, step: Step, over: Sequence[float]) -> bool:
        """Say whether an earlier step has less than the bound of a step was proven for."""
        return any(
            more - room(earlier.reached)
            > (0.0 if earlier.step.position == step.position else earlier.step.goal.tolerance)
            for earlier, more in zip(self.steps, over, strict=False)
        )


def _as_planned(one: Done, value: float, *, given_back: bool) -> tuple[float, float]:
    """Return what a step has reached where the plan's value is `value`, and its bound; -inf where the plan refutes it.

    Where earlier steps gave something back the plan may be below the bound, which is for plans that do not.
    """
    best = one.reached if given_back else min(one.reached, value)
    if refutes(best, one.bound):
        return best, -np.inf
    bound = min(one.bound, one.reached)
    reached = max(min(one.reached, value), bound)
    room = GIVEN_BACK * max(1.0, abs(value))
    if value > one.reached + one.step.goal.tolerance + room:  # more than was allowed: it is a gap, and shows as one
        reached = value - one.step.goal.tolerance
    return reached, bound


def _no_worse(steps: Sequence[Done], than: Sequence[Done]) -> bool:
    """Compare in the order of the goals, within rounding."""
    for own, other in zip(steps, than, strict=True):
        room = GIVEN_BACK * max(1.0, abs(other.reached))
        if abs(own.reached - other.reached) > room:
            return own.reached < other.reached
    return True

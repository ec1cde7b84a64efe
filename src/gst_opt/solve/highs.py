"""One guarded minimisation by HiGHS in worker processes: limits, incumbents, interruption, belief, retries."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gst_opt.model.linear import Floats
from gst_opt.solve.belief import LADDER, WITHOUT_PRESOLVE, Attempt, Claim, Ended, Refusal, Rung
from gst_opt.solve.components import Part
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.lp_answer import DOUBT
from gst_opt.solve.once import DIED, Answer, Limits, once
from gst_opt.solve.standard import Extra, StandardForm, holds, standard_form
from gst_opt.solve.tighten import contradict, propagate

LARGEST_SWITCH_WITHOUT_PRESOLVE = 1e4
"""Presolve is not turned off where a 0/1 column weighs this many times the smallest other entry of its row."""

PATIENCE_SECONDS, PATIENCE = 30.0, 10.0
"""A second opinion may take this long, or this many times as long as the first: HiGHS#2226 can loop for ever."""

SMALL, CONFIRM_NODES, CONFIRM_SECONDS = 400, 1000, 1.0
"""An optimum of a problem with at most so many columns is asked for again without presolve, within these limits."""

CONFIRM_EFFORT, CONFIRM_SHARE = 0.03, 0.02
"""Processor seconds of that second look, or (if longer) its share of the time of the run that it confirms."""

REPAIR_SECONDS = 0.5
"""What solving the rest of a point anew may take beyond the limit (or the kill) of the run that found it."""


@dataclass(frozen=True)
class Run:
    """What one minimisation left.

    Attributes
    ----------
    x
        The best point, its whole numbers whole and its rows checked; None without one.
    bound
        What no point can be below; None when nothing was proven.
    ended
        Why it ended.
    attempts
        The runs of the solver, when the first of them was not believed.
    """

    x: Floats | None
    bound: float | None
    ended: Ended
    attempts: tuple[Attempt, ...] = ()


def minimise(part: Part, costs: Floats, extras: Sequence[Extra], limits: Limits, known: Floats | None) -> Run:
    """Minimise ``costs . x`` over a part: run, believe or try again another way, and say which.

    Parameters
    ----------
    part
        Rows and columns.
    costs
        Shape (columns,).
    extras
        Rows added below the part's own.
    limits
        Gap, time, seed, cancellation.
    known
        A feasible point to start from, or None.
    """
    problem = standard_form(part, costs, extras)
    if problem.crossed:
        return Run(None, None, Ended.INFEASIBLE)
    if not len(costs):
        return Run(costs, 0.0, Ended.OPTIMAL) if holds(problem, costs) else Run(None, None, Ended.INFEASIBLE)
    search = _Search(problem, limits, known)
    for rung in LADDER:
        if rung.presolve or not search.trickles:
            ended = search.climb(rung)
            if ended is not None:
                return search.run(ended)
    return search.run(Ended.FAULT)


class _Search:
    """The attempts at one problem, and the best checked point and the bound that they left."""

    def __init__(self, problem: StandardForm, limits: Limits, known: Floats | None) -> None:
        self.problem, self.limits = problem, limits
        self.best = known
        self.bound: float | None = None
        self.attempts: list[Attempt] = []

    def run(self, ended: Ended) -> Run:
        """Return what was found; a single attempt that was believed needs no record."""
        untroubled = all(attempt.refused is None for attempt in self.attempts)
        return Run(self.best, self.bound, ended, () if untroubled else tuple(self.attempts))

    def climb(self, rung: Rung) -> Ended | None:
        """Make one attempt; return how it ended, or None when the next one is to be tried."""
        if self.problem.endless and self.problem.integer.any():  # HiGHS#1962: such a search can freeze
            relaxed = once(self.problem.relaxed(), self.limits, None, rung)
            if relaxed.claim is Claim.UNBOUNDED:
                return self._refuse(rung, relaxed, Refusal.UNBOUNDED)
        answer = once(self.problem, self.limits, self.best, rung)
        if self._stopped_at_its_start(answer, rung):
            self._record(rung, answer, Refusal.START)
            answer = once(self.problem, self.limits, None, rung)
        if answer.claim in (Claim.INFEASIBLE, Claim.EITHER):
            return self._impossible(rung, answer)
        return self._weigh(rung, answer)

    def _stopped_at_its_start(self, answer: Answer, rung: Rung) -> bool:
        """Say whether an optimum is the start itself, before any node, though the relaxation does not prove it.

        HiGHS 1.15.1 with small costs takes the value of a start for one that no other point can reach.
        """
        problem, start = self.problem, self.best
        if start is None or answer.claim is not Claim.OPTIMAL or answer.x is None or answer.nodes > 0:
            return False
        value, room = problem.value(start), problem.rounding(start)
        if not problem.integer.any() or problem.value(answer.x) < value - room:
            return False
        relaxed = once(problem.relaxed(), replace(self.limits, watch=None), None, rung)
        return relaxed.bound is None or value - relaxed.bound > self.limits.gap * abs(value) + room

    def _weigh(self, rung: Rung, answer: Answer) -> Ended | None:
        """Believe or refuse a run that does not claim that there is no point."""
        self._keep(answer.sound)
        found = None if answer.x is None else self._checked(answer.x, rung)
        self._keep(found)
        if answer.claim is Claim.UNBOUNDED:
            return self._refuse(rung, answer, Refusal.UNBOUNDED)
        if answer.claim in (Claim.NOTHING, Claim.MEMORY):
            fell = Refusal.DIED if answer.status == DIED else Refusal.STATUS
            fell = Refusal.MEMORY if answer.claim is Claim.MEMORY else fell
            if fell is not Refusal.STATUS and not self._above_the_best(answer.bound):
                self._prove(answer.bound)
            return self._refuse(rung, answer, fell)
        if answer.claim is Claim.OPTIMAL and (refusal := self._doubt(answer, found)):
            return self._refuse(rung, answer, refusal)
        if answer.claim is Claim.OPTIMAL and rung.presolve and (better := self._better_without_presolve(answer)):
            self._refuse(rung, answer, Refusal.CONTRADICTED)
            return self._weigh(WITHOUT_PRESOLVE, better) if better.claim is Claim.OPTIMAL else None
        if self._above_the_best(answer.bound):  # HiGHS#2154, #1570: the point is checked, so the bound is wrong
            self._record(rung, answer, Refusal.CONTRADICTED)
            return _ENDED[answer.claim]
        self._prove(answer.bound)
        self._record(rung, answer, None)
        return _ENDED[answer.claim]

    def _above_the_best(self, bound: float | None) -> bool:
        """Say whether a bound is above a point that was checked."""
        if bound is None or self.best is None:
            return False
        return bound > self.problem.value(self.best) + self.problem.rounding(self.best)

    def _doubt(self, answer: Answer, found: Floats | None) -> Refusal | None:
        """Say why a run that claims an optimum is not believed; None when it is."""
        if not answer.has_point:
            return Refusal.POINT
        if found is None:
            return Refusal.ROWS
        assert self.best is not None
        value, room = self.problem.value(found), self.problem.rounding(found)
        gap = self.limits.gap * abs(value)
        if not self.problem.integer.any():
            gap = max(gap, DOUBT * max(1.0, abs(value)))  # proven by duals, which have errors of their own
        if answer.bound is None or value - answer.bound > gap + room:
            return Refusal.GAP
        return Refusal.CONTRADICTED if self.problem.value(self.best) < answer.bound - room else None

    def _better_without_presolve(self, confirmed: Answer) -> Answer | None:
        """Return a run without presolve whose point is below the bound found; asked of small problems, and briefly.

        A wrong reduction by presolve leaves an optimum that nothing contradicts (HiGHS#3274, #3094). A better point
        that is not below the bound refutes nothing, and is not taken: a busy machine may not find it again.
        """
        problem = self.problem
        if len(problem.costs) > SMALL or not problem.integer.any() or not problem.costs.any() or self.trickles:
            return None
        assert confirmed.bound is not None
        left = self.limits.seconds_left()
        effort = max(CONFIRM_EFFORT, CONFIRM_SHARE * confirmed.seconds)
        limits = replace(self.limits, nodes=CONFIRM_NODES, effort=effort)
        limits = limits.until(time.monotonic() + (CONFIRM_SECONDS if left is None else min(left, CONFIRM_SECONDS)))
        answer = once(problem, limits, None, WITHOUT_PRESOLVE)
        found = None if answer.x is None else self._checked(answer.x, WITHOUT_PRESOLVE, limits)
        if found is None or problem.value(found) >= confirmed.bound - problem.rounding(found):
            return None
        self._keep(found)
        return answer

    @property
    def trickles(self) -> bool:
        """Whether presolve may not be turned off."""
        return self.problem.loosest > LARGEST_SWITCH_WITHOUT_PRESOLVE

    def _impossible(self, rung: Rung, answer: Answer) -> Ended | None:
        """Believe that there is no point only when a second opinion says so, and never against a known point."""
        self._keep(None if answer.x is None else self._checked(answer.x, rung))
        if self.best is not None:
            unbounded = answer.claim is Claim.EITHER
            return self._refuse(rung, answer, Refusal.UNBOUNDED if unbounded else Refusal.CONTRADICTED)
        if contradict(*propagate(self.problem)):
            self._record(rung, answer, None)
            return Ended.INFEASIBLE
        other = replace(rung, presolve=not rung.presolve)
        patience = time.monotonic() + max(PATIENCE_SECONDS, PATIENCE * answer.seconds)
        deadline = patience if self.limits.deadline is None else min(patience, self.limits.deadline)
        limits = replace(self.limits, deadline=deadline, watch=None)
        if answer.claim is Claim.EITHER:
            again = once(self.problem.without_costs(), limits, None, other)
            if again.x is not None and self._checked(again.x, other) is not None:
                return self._refuse(rung, answer, Refusal.UNBOUNDED)
        else:
            again = once(self.problem, limits, None, other)
        if again.claim in (Claim.INFEASIBLE, Claim.EITHER):
            self._record(rung, answer, None)
            return Ended.INFEASIBLE
        if again.x is not None and (found := self._checked(again.x, other)) is not None:
            self._refuse(rung, answer, Refusal.CONTRADICTED)
            self._keep(found)
            return self._weigh(other, again) if again.claim is Claim.OPTIMAL else None
        self._refuse(rung, answer, Refusal.ALONE)
        stopped = self.limits.over()
        return _ENDED[again.claim] if stopped and again.claim in _ENDED else Ended.FAULT

    def _checked(self, x: Floats, rung: Rung, limits: Limits | None = None) -> Floats | None:
        """Return a point with its whole numbers whole and its rows kept, the rest solved anew if need be; or None.

        After a run that overran its limit, nothing is solved anew where a point is known.
        """
        whole = self.problem.rounded(x)
        if holds(self.problem, whole):
            return whole
        limits, now = limits or self.limits, time.monotonic()
        if limits.deadline is not None and now > limits.deadline + REPAIR_SECONDS and self.best is not None:
            return None
        limits = _for_repair(limits, now)
        repaired = once(self.problem.with_integers_fixed(whole), limits, None, replace(rung, presolve=True)).x
        if repaired is None or not holds(self.problem, self.problem.rounded(repaired)):
            return None
        return self.problem.rounded(repaired)

    def _keep(self, found: Floats | None) -> None:
        if found is not None and (self.best is None or self.problem.value(found) <= self.problem.value(self.best)):
            self.best = found

    def _prove(self, bound: float | None) -> None:
        if bound is not None:
            self.bound = bound if self.bound is None else max(self.bound, bound)

    def _record(self, rung: Rung, answer: Answer, refused: Refusal | None) -> None:
        self.attempts.append(Attempt(options=rung.name, status=answer.status, refused=refused))

    def _refuse(self, rung: Rung, answer: Answer, refusal: Refusal) -> Ended | None:
        self._record(rung, answer, refusal)
        return Ended.FAULT if refusal in (Refusal.UNBOUNDED, Refusal.MEMORY) else None


def _for_repair(limits: Limits, now: float) -> Limits:
    """Return what solving the rest of a point anew may take: at most `REPAIR_SECONDS` beyond the time left."""
    if limits.cancelled.is_set():
        return replace(limits, cancelled=Interruption()).until(now + REPAIR_SECONDS)
    if limits.deadline is None:
        return replace(limits, watch=None)
    if limits.margin is not None:
        return limits.until(limits.deadline + limits.margin)
    return limits.until(max(limits.deadline, now + REPAIR_SECONDS))


_ENDED = {
    Claim.OPTIMAL: Ended.OPTIMAL,
    Claim.NODES: Ended.NODES,
    Claim.LIMIT: Ended.LIMIT,
    Claim.INTERRUPT: Ended.INTERRUPT,
}

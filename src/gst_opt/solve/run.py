"""From a formulation and a problem to a result: build, compile, split, run, merge, read, check."""

import hashlib
import math
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np

from gst_opt.core.frozen import Frozen
from gst_opt.model.formulation import Formulation, P, Q
from gst_opt.model.goals import Goal, Goals
from gst_opt.model.linear import Floats
from gst_opt.model.problem import Check, Violation
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.components import Part, split, whole
from gst_opt.solve.conflict import explain
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.phases import Splitter, reach
from gst_opt.solve.reached import Reached
from gst_opt.solve.result import ROUNDING, Provenance, Result, Stage, Status, Stop, TermValue
from gst_opt.solve.standard import holds, rooms
from gst_opt.solve.starts import points_of

TRIES_FOR_GAP = 3
"""How often a gap that is larger than asked is tried again with a smaller one."""

EXPLAIN_SECONDS = 30.0
"""Longest time spent on why there is no plan."""

AGREEMENT = 1e-6
"""Relative distance allowed between a term as the solver has it and as the check recomputes it."""


def direct(
    formulation: Formulation[Q, P],
    problem: Q,
    check: Callable[[Q, P], Check],
    options: SolveOptions,
    *,
    start: P | None = None,
    splitter: Splitter = split,
) -> Result[P]:
    """Build a problem, split it into independent parts, reach its goals in each, and check the plan.

    Parameters
    ----------
    formulation
        How the question becomes a model.
    problem
        The question.
    check
        The independent check of its plans.
    options
        Limits.
    start
        A plan to start from, such as yesterday's; used as far as it is still allowed, and never returned unchecked.
    splitter
        How a compiled model is cut; `whole_model` keeps it in one piece.
    """
    started = time.monotonic()
    model = formulation.build(problem)
    terms = formulation.terms(model, problem)
    compiled = compile_model(model, terms)
    goals = formulation.goals(problem)
    points = points_of(formulation, model, problem, compiled, start)
    with Interruption(options.cancel) as cancelled:
        limits = limits_of(options, started, cancelled)

        def stages_of(found: Reached, x: Floats) -> tuple[Stage, ...]:
            """Return the stages as the check values today: a model may have no point that is today."""
            compiled.load(x)
            return _with_today(found.stages(x, points[0]), goals, check(problem, formulation.read(model, problem)))

        found = _reach_gap(compiled, goals, points, options, limits, splitter, stages_of)
        status, stop = _ends(found.ends)
        if found.x is None:
            lost = status if status is Status.INFEASIBLE else Status.UNKNOWN
            conflict = None
            if found.impossible:
                until = _time_to_explain(limits)
                hard, redundant = formulation.hard, formulation.redundant
                conflict = explain(found.model, found.impossible, hard, until, found.without, redundant)
            provenance = _provenance(problem, options, compiled, found, stop, started, cancelled.why)
            return Result(lost, stop, None, (), (), (), provenance, conflict)
        broken = _broken_rows(compiled, found.x)
        compiled.load(found.x)
        plan = formulation.read(model, problem)
        x = _as_planned(formulation, model, problem, compiled, plan, found.x)
        checked = check(problem, plan)
        stages = _with_today(found.stages(x, points[0]), goals, checked)
        violations = (
            *broken,
            *checked.violations,
            *_disagreements(compiled, x, checked),
            *_beyond_limits(goals, checked),
        )
        worst = _worst_gap(stages)
        reached = worst <= options.gap + ROUNDING
        if worst <= ROUNDING:
            stop = Stop.PROOF
        elif stop is Stop.PROOF:  # no run was cut: each ended by its own gap, or with a bound that its plan refutes
            stop = Stop.GAP if reached else Stop.FAULT
        provenance = _provenance(problem, options, compiled, found, stop, started, cancelled.why)
        if violations:
            return Result(Status.REJECTED, stop, None, stages, (), violations, provenance)
        status = Status.OPTIMAL if reached else Status.FEASIBLE
        return Result(status, stop, plan, stages, _term_values(terms, checked), (), provenance)


def problem_digest(problem: object) -> str:
    """Return what tells a problem from another: the SHA-256 of its JSON."""
    payload = problem.model_dump_json() if isinstance(problem, Frozen) else repr(problem)
    return hashlib.sha256(payload.encode()).hexdigest()


def whole_model(compiled: Compiled) -> Sequence[Part]:
    """Keep a model in one piece."""
    return [whole(compiled)]


def _reach_gap(
    compiled: Compiled,
    goals: Goals,
    points: Sequence[Floats],
    options: SolveOptions,
    limits: Limits,
    splitter: Splitter,
    stages_of: Callable[[Reached, Floats], Sequence[Stage]],
) -> Reached:
    """Reach the goals; again with a smaller gap where the solver's own leaves more than was asked.

    The solver measures its gap on a part's costs without their constant, or against a day that is not today; the gap
    asked for is on the value with it, as the check values today.
    """
    found = reach(compiled, goals, points, options, limits, splitter)
    for _ in range(TRIES_FOR_GAP):
        if found.x is None or _ends(found.ends) != (Status.OPTIMAL, Stop.PROOF):
            break
        worst = _worst_gap(found.stages(found.x, points[0]))
        if ROUNDING < worst <= options.gap + ROUNDING:
            worst = _worst_gap(stages_of(found, found.x))
        if worst <= options.gap + ROUNDING or worst == float("inf"):
            break
        if limits.over():
            ended = Ended.INTERRUPT if limits.cancelled.is_set() else Ended.LIMIT
            return replace(found, ends=(*found.ends, ended))
        limits = replace(limits, gap=0.5 * limits.gap * options.gap / worst)
        try:
            again = reach(compiled, goals, [*points, found.x], options, limits, splitter)
        except Exception:  # no worker any more, an executor that was shut down: what is held is not lost for it
            again = replace(found, ends=(Ended.FAULT,), attempts=())
        found = found.and_again(again)
    return found


def _worst_gap(stages: Sequence[Stage]) -> float:
    return max((stage.gap for stage in stages), default=0.0)


def _with_today(stages: Sequence[Stage], goals: Goals, checked: Check) -> tuple[Stage, ...]:
    """Give goals that are sums the value that the check says they have today: no point of the model need be it."""
    sums = {goal.name: goal.weights for goal in goals.stages if isinstance(goal, Goal)}
    today = {
        name: math.fsum(one.weight * checked.today[one.term] for one in weights)
        for name, weights in sums.items()
        if all(one.term in checked.today for one in weights)
    }
    return tuple(stage.replace(today=today.get(stage.goal, stage.today)) for stage in stages)


def _as_planned(
    formulation: Formulation[Q, P], model: Any, problem: Q, compiled: Compiled, plan: P, x: Floats
) -> Floats:
    """Return the point that a plan stands for, where the model allows it.

    Columns that no goal pays for (or a limit cut short) may say less of the plan than the plan itself.
    """
    formulation.write(model, problem, plan)
    written = compiled.stored()
    if not holds(whole(compiled), written):
        return x
    compiled.load(written)
    return written


def _time_to_explain(limits: Limits) -> Limits:
    """Give the explanation what is left of the time, or its own limit when there was none."""
    now = time.monotonic()
    left = limits.seconds_left()
    return replace(limits, deadline=now + (EXPLAIN_SECONDS if left is None else min(max(left, 1.0), EXPLAIN_SECONDS)))


def _ends(ends: Sequence[Ended]) -> tuple[Status, Stop]:
    """Merge how the parts ended; one infeasible part makes the whole infeasible."""
    if Ended.INFEASIBLE in ends:
        return Status.INFEASIBLE, Stop.PROOF
    for ended, stop in (
        (Ended.INTERRUPT, Stop.INTERRUPT),
        (Ended.FAULT, Stop.FAULT),
        (Ended.LIMIT, Stop.TIME),
        (Ended.NODES, Stop.NODES),
    ):
        if ended in ends:
            return Status.FEASIBLE, stop
    return Status.OPTIMAL, Stop.PROOF


def _broken_rows(compiled: Compiled, x: Floats) -> list[Violation]:
    """Return the rows of the model as it was given that a point breaks: what was solved had others in their place."""
    activity, (low, high) = compiled.matrix @ x, rooms(compiled)
    wrong = []
    for row in np.flatnonzero((activity < compiled.row_lower - low) | (activity > compiled.row_upper + high)).tolist():
        rule, _, place = compiled.row_name(row).partition("[")
        side = compiled.row_lower[row] if activity[row] < compiled.row_lower[row] else compiled.row_upper[row]
        wrong.append(Violation(rule, tuple(place.removesuffix("]").split(",")), float(activity[row]), float(side)))
    return wrong


def _disagreements(compiled: Compiled, x: Floats, checked: Check) -> list[Violation]:
    """Compare every term as the model has it with the check's own figure."""
    wrong = []
    for name, term in compiled.terms.items():
        modelled = float(term.costs @ x) + term.constant
        recomputed = checked.terms.get(name, float("nan"))
        if not abs(modelled - recomputed) <= AGREEMENT * max(1.0, abs(modelled)):
            wrong.append(Violation("term", (name,), modelled, recomputed))
    return wrong


def _beyond_limits(goals: Goals, checked: Check) -> list[Violation]:
    """Compare the check's own figure of every limited term with its limits."""
    wrong = []
    for limit in goals.limits:
        found = checked.terms.get(limit.term, float("nan"))
        for side, sign in ((limit.at_most, 1.0), (limit.at_least, -1.0)):
            if side is not None and not sign * (found - side) <= AGREEMENT * max(1.0, abs(side)):
                wrong.append(Violation("goal", (limit.term,), found, side))
    return wrong


def _term_values(terms: Mapping[str, Any], checked: Check) -> tuple[TermValue, ...]:
    return tuple(
        TermValue(
            name=name,
            unit=term.unit,
            today=checked.today[name],
            planned=checked.terms[name],
            constant=checked.constants.get(name, 0.0),
        )
        for name, term in terms.items()
    )


def _provenance(
    problem: Any,
    options: SolveOptions,
    compiled: Compiled,
    found: Reached,
    stop: Stop,
    started: float,
    interrupted_by: str | None,
) -> Provenance:
    rows, columns = compiled.matrix.shape
    return Provenance(
        gst_opt=version("gst_opt"),
        highspy=version("highspy"),
        pyomo=version("pyomo"),
        python=platform.python_version(),
        question=type(problem).__name__,
        problem_digest=problem_digest(problem),
        gap=options.gap,
        seconds_allowed=options.seconds,
        nodes_allowed=options.nodes,
        seed=options.seed,
        seconds=time.monotonic() - started,
        columns=columns,
        rows=rows,
        parts=found.parts,
        cut_by_time=stop in (Stop.TIME, Stop.INTERRUPT),
        coefficient_range=found.numbers,
        attempts=found.attempts,
        interrupted_by=interrupted_by,
    )

"""From a formulation and a problem to a result: build, compile, split, run, merge, read, check."""

import hashlib
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np

from gst_opt.core.frozen import Frozen
from gst_opt.model.formulation import Formulation, P, Q
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.model.problem import Check, Violation
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.components import Part, empty_rows_hold, split, whole
from gst_opt.solve.conflict import explain
from gst_opt.solve.highs import Ended, Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import solve_parts
from gst_opt.solve.preflight import check_numbers
from gst_opt.solve.result import Provenance, Result, Stage, Status, Stop, TermValue
from gst_opt.solve.stages import PartAnswer, costs_of
from gst_opt.solve.starts import known_point

Splitter = Callable[[Compiled], Sequence[Part]]
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
    check_numbers(compiled)
    today, *others = _points(formulation, model, problem, compiled, start)
    goals = formulation.goals(problem).stages
    parts = list(splitter(compiled))
    limits = Limits(options.gap, None if options.seconds is None else started + options.seconds, options.seed)
    if empty_rows_hold(compiled):
        points = [[point[part.columns] for point in (today, *others)] for part in parts]
        known = [known_point(part, goals, own, limits) for part, own in zip(parts, points, strict=True)]
        answers = solve_parts(parts, goals, known, options)
        status, stop = _ends([answer.ended for answer in answers])
    else:
        answers, status, stop = [], Status.INFEASIBLE, Stop.PROOF
    if status is Status.INFEASIBLE or any(answer.x is None for answer in answers):
        lost = status if status is Status.INFEASIBLE else Status.UNKNOWN
        impossible = [p for p, answer in zip(parts, answers, strict=False) if answer.ended is Ended.INFEASIBLE]
        conflict = None
        if lost is Status.INFEASIBLE:
            part = impossible[0] if impossible else whole(compiled)
            conflict = explain(compiled, part, formulation.hard, _time_to_explain(limits))
        provenance = _provenance(problem, options, compiled, len(parts), stop, time.monotonic() - started)
        return Result(lost, stop, None, (), (), (), provenance, conflict)
    x = np.empty(len(today))
    for part, answer in zip(parts, answers, strict=True):
        x[part.columns] = answer.x
    compiled.load(x)
    plan = formulation.read(model, problem)
    checked = check(problem, plan)
    stages = _stages(goals, compiled, x, today, parts, answers)
    violations = (*checked.violations, *_disagreements(compiled, x, checked))
    worst = max((stage.gap for stage in stages), default=0.0)
    reached = worst <= options.gap + 1e-12
    if reached:
        stop = Stop.PROOF if worst <= 1e-9 else Stop.GAP if stop is Stop.PROOF else stop
    provenance = _provenance(problem, options, compiled, len(parts), stop, time.monotonic() - started)
    if violations:
        return Result(Status.REJECTED, stop, None, stages, (), violations, provenance)
    status = Status.OPTIMAL if reached else Status.FEASIBLE
    return Result(status, stop, plan, stages, _term_values(terms, checked), (), provenance)


def whole_model(compiled: Compiled) -> Sequence[Part]:
    """Keep a model in one piece."""
    return [whole(compiled)]


def _points(
    formulation: Formulation[Q, P], model: Any, problem: Q, compiled: Compiled, start: P | None
) -> list[Floats]:
    """Return today's point, then that of the plan to start from."""
    points = []
    for plan in (None,) if start is None else (None, start):
        formulation.write(model, problem, plan)
        points.append(compiled.stored())
    return points


def _time_to_explain(limits: Limits) -> Limits:
    """Give the explanation what is left of the time, or its own limit when there was none."""
    now = time.monotonic()
    left = limits.seconds_left()
    return replace(limits, deadline=now + (EXPLAIN_SECONDS if left is None else min(max(left, 1.0), EXPLAIN_SECONDS)))


def _ends(ends: Sequence[Ended]) -> tuple[Status, Stop]:
    """Merge how the parts ended; one infeasible part makes the whole infeasible."""
    if Ended.INFEASIBLE in ends:
        return Status.INFEASIBLE, Stop.PROOF
    for ended, stop in ((Ended.INTERRUPT, Stop.INTERRUPT), (Ended.FAULT, Stop.FAULT), (Ended.LIMIT, Stop.TIME)):
        if ended in ends:
            return Status.FEASIBLE, stop
    return Status.OPTIMAL, Stop.PROOF


def _stages(
    goals: Sequence[Goal],
    compiled: Compiled,
    x: Floats,
    today: Floats,
    parts: Sequence[Part],
    answers: Sequence[PartAnswer],
) -> tuple[Stage, ...]:
    stages = []
    for position, goal in enumerate(goals):
        constant = sum(weight.weight * compiled.terms[weight.term].constant for weight in goal.weights)
        now = sum(weight.weight * compiled.terms[weight.term].costs for weight in goal.weights)
        value = sum(
            float(costs_of(goal, part) @ answer.x)
            for part, answer in zip(parts, answers, strict=True)
            if answer.x is not None
        )
        bound = sum(answer.bounds[position] for answer in answers)
        stages.append(
            Stage(
                goal=goal.name,
                unit=compiled.terms[goal.weights[0].term].unit,
                value=value + constant,
                bound=min(bound, value) + constant if np.isfinite(bound) else None,
                today=float(np.dot(now, today)) + constant,
                tolerance=goal.tolerance,
            )
        )
    return tuple(stages)


def _disagreements(compiled: Compiled, x: Floats, checked: Check) -> list[Violation]:
    """Compare every term as the model has it with the check's own figure."""
    wrong = []
    for name, term in compiled.terms.items():
        modelled = float(term.costs @ x) + term.constant
        recomputed = checked.terms.get(name, float("nan"))
        if not abs(modelled - recomputed) <= AGREEMENT * max(1.0, abs(modelled)):
            wrong.append(Violation("term", (name,), modelled, recomputed))
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
    problem: Any, options: SolveOptions, compiled: Compiled, parts: int, stop: Stop, seconds: float
) -> Provenance:
    payload = problem.model_dump_json() if isinstance(problem, Frozen) else repr(problem)
    rows, columns = compiled.matrix.shape
    return Provenance(
        gst_opt=version("gst_opt"),
        highspy=version("highspy"),
        pyomo=version("pyomo"),
        python=platform.python_version(),
        question=type(problem).__name__,
        problem_digest=hashlib.sha256(payload.encode()).hexdigest(),
        gap=options.gap,
        seconds_allowed=options.seconds,
        seed=options.seed,
        seconds=seconds,
        columns=columns,
        rows=rows,
        parts=parts,
        cut_by_time=stop in (Stop.TIME, Stop.INTERRUPT),
    )

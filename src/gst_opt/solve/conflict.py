"""Why there is no plan: the least that would have to give way, rule by rule, in domain words.

Every named rule (family of rows) that is not `hard` gets slack at a price of 1 per unit, and the total slack is
minimised (an elastic model, which unlike a solver's own analysis also explains whole-number conflicts); which rules
contradict one another is found by leaving them out one at a time (a deletion filter).

The model is the one that was given: what rows imply no longer holds where they give way. Only the bounds of whole
numbers that are missing or too large for the solver are derived, from the rows that hold in each run, or left out.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, hstack

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.result import Conflict, Relaxation
from gst_opt.solve.standard import ROW_TOLERANCE
from gst_opt.solve.tighten import LARGEST_INTEGER_BOUND, propagate

BROKEN = 1e-5
"""Slack below this is rounding."""


def explain(
    model: Compiled,
    parts: Sequence[Part],
    hard: Collection[str],
    limits: Limits,
    without: Sequence[Part] = (),
    redundant: Collection[str] = (),
) -> Conflict | None:
    """Explain why parts have no point; None when the rules in `hard` or the time do not allow an answer.

    Each part gets its share of the time. It is over at the deadline: a worker that is still silent then is killed.

    Parameters
    ----------
    model
        The whole compiled model, for names.
    parts
        The parts without a point; their `rows` are positions in the model.
    hard
        Rules never supposed broken.
    limits
        Gap, time, seed.
    without
        Parts that may have a point: what they would need is named, but none of their rules is said to contradict.
    redundant
        Rules that others imply; those of them that are equalities only count something, and nothing gives way there.
    """
    parts, without = ([_stated(model, part, redundant) for part in own] for own in (parts, without))
    relaxations: list[Relaxation] = []
    proven = True
    everything = [*parts, *without]
    for number, part in enumerate(everything):
        found = _least_slack(part, _rules_of(model, part), hard, _share(limits, len(everything) - number))
        if found is None:
            return None
        relaxations += _name(model, part, *found[:2])
        proven = proven and found[2]
    rules: dict[str, None] = {}
    for number, part in enumerate(parts):
        share = _share(limits, len(parts) - number)
        rules |= dict.fromkeys(_contradicting(part, _rules_of(model, part), hard, share))
    return Conflict(rules=tuple(rules), relaxations=tuple(relaxations), proven=proven)


def _stated(model: Compiled, part: Part, redundant: Collection[str]) -> Part:
    """Return a part without the redundant rows that only count something."""
    implied = np.array([rule in redundant for rule in _rules_of(model, part)], dtype=bool)
    return part.keeping_rows(np.flatnonzero(~(implied & (part.row_lower == part.row_upper))))


def _rules_of(model: Compiled, part: Part) -> list[str]:
    """Return the rule of each row."""
    return [model.row_name(row).split("[", 1)[0] for row in part.rows.tolist()]


def _share(limits: Limits, parts: int) -> Limits:
    """Return the limits of one part of so many."""
    left, exact = limits.seconds_left(), replace(limits, gap=0.0)
    return exact if left is None else exact.until(time.monotonic() + left / parts)


def _contradicting(part: Part, rule_of: Sequence[str], hard: Collection[str], limits: Limits) -> list[str]:
    """Return a set of rules without a common point, each of which is needed for that (deletion filter)."""
    kept = sorted(set(rule_of) - set(hard))
    for rule in list(kept):
        fewer = [other for other in kept if other != rule]
        if not _has_point(part, rule_of, [*fewer, *hard], limits):
            kept = fewer
    return kept


def _has_point(part: Part, rule_of: Sequence[str], rules: Collection[str], limits: Limits) -> bool:
    fewer = part.keeping_rows(np.flatnonzero([rule in rules for rule in rule_of]))
    run = minimise(_usable(fewer, fewer), np.zeros(len(part.columns)), (), limits, None)
    return run.ended is not Ended.INFEASIBLE


def _usable(part: Part, holds: Part) -> Part:
    """Return a part whose whole numbers have no large bounds: those that the rows of `holds` imply, or none."""
    implied_lower, implied_upper = propagate(holds)
    large_lower, large_upper = (
        part.integer & (np.abs(side) > LARGEST_INTEGER_BOUND) for side in (part.lower, part.upper)
    )
    implied_lower = np.where(np.abs(implied_lower) <= LARGEST_INTEGER_BOUND, implied_lower, -np.inf)
    implied_upper = np.where(np.abs(implied_upper) <= LARGEST_INTEGER_BOUND, implied_upper, np.inf)
    return replace(
        part,
        lower=np.where(large_lower, implied_lower, part.lower),
        upper=np.where(large_upper, implied_upper, part.upper),
    )


def _least_slack(
    part: Part, rule_of: Sequence[str], hard: Collection[str], limits: Limits
) -> tuple[Floats, Floats, bool] | None:
    """Return how far each row gives way when the rules in `hard` may not, at which point, and whether it is the least.

    None when that is not enough, or no answer was found that keeps the bounds as they were given.
    """
    gives = np.array([rule not in hard for rule in rule_of], dtype=bool)
    rows = np.flatnonzero(gives)
    usable = _usable(part, part.keeping_rows(np.flatnonzero(~gives)))
    count = len(rows)
    size = (len(part.row_lower), count)
    up = csr_array((np.ones(count), (rows, np.arange(count))), shape=size)
    elastic = Part(
        columns=np.arange(len(part.columns) + 2 * count),
        rows=part.rows,
        matrix=csr_array(hstack([part.matrix, up, -up], format="csr")),
        row_lower=part.row_lower,
        row_upper=part.row_upper,
        lower=np.concatenate([usable.lower, np.zeros(2 * count)]),
        upper=np.concatenate([usable.upper, np.full(2 * count, np.inf)]),
        integer=np.concatenate([part.integer, np.zeros(2 * count, dtype=bool)]),
        costs={},
    )
    costs = np.concatenate([np.zeros(len(part.columns)), np.ones(2 * count)])
    run = minimise(elastic, costs, (), limits, None)
    if run.x is None:
        return None
    x = run.x[: len(part.columns)]
    if np.any(x < part.lower - ROW_TOLERANCE) or np.any(x > part.upper + ROW_TOLERANCE):
        return None
    slack = np.zeros(len(part.row_lower))
    slack[rows] = run.x[len(part.columns) : len(part.columns) + count] - run.x[len(part.columns) + count :]
    return slack, x, run.ended is Ended.OPTIMAL


def _name(model: Compiled, part: Part, slack: Floats, x: Floats) -> tuple[Relaxation, ...]:
    """Name the rows that give way at a point; slack > 0 was added to the row's activity to reach its floor."""
    point = np.zeros(len(model.lower))
    point[part.columns] = x
    given: Positions = np.flatnonzero(np.abs(slack) > BROKEN)
    relaxations = []
    for row in given.tolist():
        rule, _, place = model.row_name(int(part.rows[row])).partition("[")
        side = float(part.row_lower[row] if slack[row] > 0 else part.row_upper[row])
        asked, needed = (model.told(int(part.rows[row]), one, point) for one in (side, side - float(slack[row])))
        relaxations.append(Relaxation(rule=rule, place=place.removesuffix("]"), asked=asked, needed=round(needed, 5)))
    return tuple(relaxations)

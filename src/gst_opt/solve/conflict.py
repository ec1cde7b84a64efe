"""Why there is no plan: the least that would have to give way, rule by rule, in domain words.

Every named rule (family of rows) that is not `hard` gets slack at a price of 1 per unit, and the total slack is
minimised (an elastic model, which unlike a solver's own analysis also explains whole-number conflicts); which rules
contradict one another is found by leaving them out one at a time (a deletion filter).
"""

from collections.abc import Collection, Sequence

import numpy as np
from scipy.sparse import csr_array, hstack

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.result import Conflict, Relaxation

BROKEN = 1e-5
"""Slack below this is rounding."""


def explain(model: Compiled, part: Part, hard: Collection[str], limits: Limits) -> Conflict | None:
    """Explain why a part has no point; None when the rules in `hard` or the time do not allow an answer.

    Parameters
    ----------
    model
        The whole compiled model, for names.
    part
        The part without a point; its `rows` are positions in the model.
    hard
        Rules never supposed broken.
    limits
        Gap, time, seed.
    """
    rule_of = [model.row_name(row).split("[", 1)[0] for row in part.rows.tolist()]
    soft = sorted(set(rule_of) - set(hard))
    slack = _least_slack(part, rule_of, soft, limits)
    if slack is None:
        return None
    return Conflict(rules=tuple(_contradicting(part, rule_of, hard, limits)), relaxations=_name(model, part, slack))


def _contradicting(part: Part, rule_of: Sequence[str], hard: Collection[str], limits: Limits) -> list[str]:
    """Return a set of rules without a common point, each of which is needed for that (deletion filter)."""
    kept = sorted(set(rule_of) - set(hard))
    for rule in list(kept):
        fewer = [other for other in kept if other != rule]
        if not _has_point(part, rule_of, [*fewer, *hard], limits):
            kept = fewer
    return kept


def _has_point(part: Part, rule_of: Sequence[str], rules: Collection[str], limits: Limits) -> bool:
    kept = np.flatnonzero([rule in rules for rule in rule_of])
    run = minimise(part.keeping_rows(kept), np.zeros(len(part.columns)), (), limits, None)
    return run.ended is not Ended.INFEASIBLE


def _least_slack(part: Part, rule_of: Sequence[str], soft: Collection[str], limits: Limits) -> Floats | None:
    """Return how far each row must give way when only `soft` rules may; None when that is not enough."""
    rows = np.flatnonzero([rule in soft for rule in rule_of])
    count = len(rows)
    size = (len(part.row_lower), count)
    up = csr_array((np.ones(count), (rows, np.arange(count))), shape=size)
    elastic = Part(
        columns=np.arange(len(part.columns) + 2 * count),
        rows=part.rows,
        matrix=csr_array(hstack([part.matrix, up, -up], format="csr")),
        row_lower=part.row_lower,
        row_upper=part.row_upper,
        lower=np.concatenate([part.lower, np.zeros(2 * count)]),
        upper=np.concatenate([part.upper, np.full(2 * count, np.inf)]),
        integer=np.concatenate([part.integer, np.zeros(2 * count, dtype=bool)]),
        costs={},
    )
    costs = np.concatenate([np.zeros(len(part.columns)), np.ones(2 * count)])
    run = minimise(elastic, costs, (), limits, None)
    if run.x is None:
        return None
    slack = np.zeros(len(part.row_lower))
    slack[rows] = run.x[len(part.columns) : len(part.columns) + count] - run.x[len(part.columns) + count :]
    return slack


def _name(model: Compiled, part: Part, slack: Floats) -> tuple[Relaxation, ...]:
    """Name the rows that give way; slack > 0 was added to the row's activity to reach its floor."""
    given: Positions = np.flatnonzero(np.abs(slack) > BROKEN)
    relaxations = []
    for row in given.tolist():
        rule, _, place = model.row_name(int(part.rows[row])).partition("[")
        asked = float(part.row_lower[row] if slack[row] > 0 else part.row_upper[row])
        relaxations.append(
            Relaxation(
                rule=rule, place=place.removesuffix("]"), asked=asked, needed=round(asked - float(slack[row]), 5)
            )
        )
    return tuple(relaxations)

"""Rows of bad luck: the mean unmet need of the worst demand scenarios."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any
TERM = "unmet_cvar"


def tail_variables(block: Block, problem: LocationProblem) -> None:
    """Unmet need that the worst scenarios begin with, and what each has beyond it; only where it matters."""
    asked = _asked(problem)
    linear.variables(block, "worst_from", ["*"] if asked else [])
    linear.variables(block, "beyond", [one.id for one in problem.scenarios] if asked else [])


def tail_values(block: Block, problem: LocationProblem) -> None:
    """Set where the worst scenarios begin, and what each has beyond it, as the shares unmet say."""
    if not _asked(problem):
        return
    used: Uses = block.uses
    left = np.bincount(used.scenario, linear.values(block.unmet) * used.acts * used.weight, len(problem.scenarios))
    order = np.argsort(-left, kind="stable")
    worst = np.cumsum([problem.scenarios[one].probability for one in order.tolist()])
    start = left[order[min(int(np.searchsorted(worst, 1 - problem.policy.cvar_level)), len(order) - 1)]]
    linear.set_values(block.worst_from, [start])
    linear.set_values(block.beyond, np.maximum(left - start, 0.0))


def tail(block: Block, problem: LocationProblem) -> None:
    """What a scenario leaves unmet beyond the start of the worst ones is counted.

    ::

        xi_s >= sum_ht v_h d_hts u_hts - zeta    for every scenario s

    where v are weights of acts and d needs. Source: R. T. Rockafellar and S. Uryasev (2000), Optimization of
    conditional value-at-risk.
    """
    if not _asked(problem):
        return
    used: Uses = block.uses
    every = np.arange(len(problem.scenarios))
    entries = [
        Entries(block.beyond, every, every),
        Entries(block.worst_from, every, np.zeros_like(every)),
        Entries(block.unmet, used.scenario, np.arange(len(used.scenario)), -used.acts * used.weight),
    ]
    linear.rows(block, "tail", [one.id for one in problem.scenarios], entries, lower=0.0)


def tail_terms(block: Block, problem: LocationProblem) -> dict[str, Term]:
    """Name the mean unmet need of the worst scenarios, where a goal or a limit asks for it."""
    if not _asked(problem):
        return {}
    chances = np.array([one.probability for one in problem.scenarios])
    beyond = total(block.beyond, chances / (1 - problem.policy.cvar_level))
    return {TERM: Term(Affine((total(block.worst_from), beyond)), "act")}


def _asked(problem: LocationProblem) -> bool:
    return TERM in problem.chosen_goals.terms

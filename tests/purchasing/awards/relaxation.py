"""The linear relaxation of a tender."""

import numpy as np

from gst_opt.model.linear import Floats
from gst_opt.pillars.purchasing.awards.model import FORMULATION
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.lp import WarmLp


def relaxed(problem: AwardProblem, without: tuple[str, ...] = ()) -> float:
    """Return the value of the linear relaxation."""
    model = FORMULATION.build(problem, without=without)
    compiled = compile_model(model, FORMULATION.terms(model, problem))
    costs: Floats = np.sum([term.costs for term in compiled.terms.values()], axis=0)
    sides = compiled.matrix, compiled.row_lower, compiled.row_upper
    with WarmLp(costs, compiled.lower, compiled.upper, *sides) as lp:
        return lp.solve().objective

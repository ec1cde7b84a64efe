"""Awards and call-offs as one model, for small cases: what deciding one after the other costs is seen against it."""

from typing import Any

import numpy as np
import pyomo.environ as pyo

import gst_opt as gst
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import weighted
from gst_opt.model.linear import Entries
from gst_opt.pillars.purchasing.awards.model import FORMULATION as AWARDS
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.calloffs.awarded import AwardedOffer
from gst_opt.pillars.purchasing.calloffs.model import FORMULATION as CALLS
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import split
from gst_opt.solve.once import Limits
from gst_opt.solve.phases import reach

ONE = gst.SolveOptions(workers=1, gap=0.0)
BOUGHT = ("supplies", "supplier_contracts", "kept_references", "new_references", "preference")
"""What awards decide of the cost; deliveries and shortages are those of the periods."""
CALLED = ("deliveries", "orders", "order_lines", "stock", "shortages")
"""What call-offs decide of the cost; supplies are those of the awards."""


def at_list_prices(calls: CallOffProblem, units: dict[tuple[str, str], float] | None = None) -> CallOffProblem:
    """Return call-offs whose stock is valued at list prices: of every offer, or of quantities awarded."""
    prices = {(one.supplier, one.reference): one.price for one in calls.tenders.offers}
    awards = [
        AwardedOffer(
            supplier=key[0],
            reference=key[1],
            price=price,
            least=units[key] if units else 0.0,
            most=units[key] if units else None,
        )
        for key, price in prices.items()
        if units is None or units.get(key, 0.0) > 0
    ]
    return calls.replace(awards=tuple(awards), contracts=())


def together(awards: AwardProblem, calls: CallOffProblem) -> float:
    """Return the least cost of awards and call-offs decided at once, all offers tied by what is received of them.

    ::

        sum_s q_jrs <= d_i / factor_r x_jr    for every bid (j, r): what is not called off is owed
    """
    model = pyo.ConcreteModel()
    model.awards, model.calls = pyo.Block(), pyo.Block()
    free = at_list_prices(calls)
    _build(model.awards, AWARDS, awards)
    _build(model.calls, CALLS, free)
    _tie(model)
    terms: dict[str, Term] = {
        f"a_{name}": term for name, term in AWARDS.terms(model.awards, awards).items() if name in BOUGHT
    }
    terms |= {f"c_{name}": term for name, term in CALLS.terms(model.calls, free).items() if name in CALLED}
    compiled = compile_model(model, terms)
    AWARDS.write(model.awards, awards, None)
    CALLS.write(model.calls, free, None)
    goals = weighted(*((name, 1.0) for name in terms))
    limits = Limits(ONE.gap, None, ONE.seed)
    found = reach(compiled, goals, [compiled.stored()], ONE, limits, split)
    assert found.x is not None
    (stage,) = found.stages(found.x, compiled.stored())
    assert stage.bound is not None
    assert stage.value - stage.bound <= 1e-6 * max(1.0, abs(stage.value))
    return stage.value


def _build(block: Any, formulation: Formulation[Any, Any], problem: Any) -> None:
    formulation.variables(block, problem)
    for piece in formulation.constraints:
        piece(block, problem)


def _tie(model: Any) -> None:
    """Add the rows that tie both models; both count in what meets the whole need."""
    bought, sets = model.awards.index, model.calls.index
    keys = [call.key for call in sets.calls]
    at = {key: position for position, key in enumerate(bought.keys)}
    assert set(keys) == set(at)
    rows = np.arange(len(keys))
    columns = np.array([at[key] for key in keys], dtype=np.intp)
    left = sets.loose
    entries = [
        Entries(model.calls.share, sets.of_call, np.arange(len(sets.slot)), sets.units),
        Entries(model.calls.left, sets.call[left], np.arange(len(left)), sets.leeway[left]),
        Entries(model.awards.share, rows, columns, -bought.units[columns]),
    ]
    linear.rows(model, "tie", keys, entries, upper=0.0)


def one_after_the_other(awards: AwardProblem, calls: CallOffProblem) -> float:
    """Return the cost of the best awards, and of the best call-offs of them."""
    first = gst.solve(awards, ONE)
    orders = {(one.supplier, one.reference): one.units for one in first.require().orders}
    second = gst.solve(at_list_prices(calls, orders), ONE)
    assert first.checked
    assert second.checked
    cost = sum(term.planned for term in first.terms if term.name in BOUGHT)
    return cost + sum(term.planned for term in second.terms if term.name in CALLED)

"""What must not change the least cost, or must change it in a known way, on random big-M problems."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from benchmarks.bug_panel import INF, Named, guarded
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array, hstack

from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, Floats, total
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled, CompiledTerm, compile_model
from gst_opt.solve.once import Limits
from tests.solve.big_m import draw

FEW, MANY = range(5000, 5010), range(5000, 5300)


def least(model: Compiled) -> float:
    """Return the least cost; infinite when there is no point."""
    run = guarded(model, Limits(0.0, None, 0))
    if run.ended is Ended.INFEASIBLE:
        return INF
    assert run.ended is Ended.OPTIMAL
    assert run.x is not None
    return float(model.terms["cost"].costs @ run.x)


def with_costs(costs: Floats) -> dict[str, CompiledTerm]:
    return {"cost": CompiledTerm(costs, 0.0, "MAD")}


def permuted(model: Named, rng: np.random.Generator) -> Compiled:
    rows, columns = rng.permutation(len(model.row_lower)), rng.permutation(len(model.lower))
    return replace(
        model,
        matrix=csr_array(model.matrix[rows][:, columns]),
        row_lower=model.row_lower[rows],
        row_upper=model.row_upper[rows],
        redundant=model.redundant[rows],
        together=model.together[columns],
        lower=model.lower[columns],
        upper=model.upper[columns],
        integer=model.integer[columns],
        terms=with_costs(model.terms["cost"].costs[columns]),
    )


def renamed(model: Named, rng: np.random.Generator) -> Compiled:
    """Build the problem in Pyomo under names and keys that sort in another order."""
    block = pyo.ConcreteModel()
    names = [f"{rng.integers(10**6)}-{position}" for position in range(len(model.lower) + len(model.row_lower))]
    keys, row_keys = names[: len(model.lower)], names[len(model.lower) :]
    families: list[tuple[NDArray[np.intp], object]] = []
    for name, chosen in (("zeta é", model.integer), ("Alpha", ~model.integer)):
        own = np.flatnonzero(chosen)
        whole = name != "Alpha"
        wanted = [keys[column] for column in own]
        lower, upper = model.lower[own], model.upper[own]
        families.append((own, linear.variables(block, name, wanted, lower=lower, upper=upper, integer=whole)))
    entries, costs = [], []
    for own, family in families:
        part = model.matrix[:, own].tocoo()
        entries.append(Entries(family, part.coords[0], part.coords[1], part.data))
        costs.append(total(family, model.terms["cost"].costs[own]))
    linear.rows(block, "rules", row_keys, entries, lower=model.row_lower, upper=model.row_upper)
    return compile_model(block, {"cost": Term(Affine(tuple(costs)), "MAD")})


def dearer(model: Named, rng: np.random.Generator) -> Compiled:
    return replace(model, terms=with_costs(16 * model.terms["cost"].costs))


def looser(model: Named, rng: np.random.Generator) -> Compiled:
    row = rng.choice(np.flatnonzero(np.isinf(model.row_lower)))
    upper = model.row_upper.copy()
    upper[row] += rng.integers(1, 4)
    return replace(model, row_upper=upper)


def doubled(model: Named, rng: np.random.Generator) -> Compiled:
    return replace(
        model,
        matrix=csr_array(block_diag([model.matrix, model.matrix], format="csr")),
        row_lower=np.concatenate([model.row_lower, model.row_lower]),
        row_upper=np.concatenate([model.row_upper, model.row_upper]),
        redundant=np.concatenate([model.redundant, model.redundant]),
        together=np.concatenate([model.together, model.together]),
        lower=np.concatenate([model.lower, model.lower]),
        upper=np.concatenate([model.upper, model.upper]),
        integer=np.concatenate([model.integer, model.integer]),
        terms=with_costs(np.tile(model.terms["cost"].costs, 2)),
    )


def dominated(model: Named, rng: np.random.Generator) -> Compiled:
    """Add a column like another one, only dearer; where all have an upper bound, one that may be used no more."""
    costs = model.terms["cost"].costs
    free = np.flatnonzero(~model.integer & np.isinf(model.upper))
    column = int(rng.choice(free)) if len(free) else int(np.flatnonzero(costs >= 0)[-1])
    return replace(
        model,
        matrix=csr_array(hstack([model.matrix, model.matrix[:, [column]]], format="csr")),
        lower=np.append(model.lower, 0.0),
        upper=np.append(model.upper, INF if len(free) else 0.0),
        integer=np.append(model.integer, False),
        together=np.append(model.together, -1),
        terms=with_costs(np.append(costs, costs[column] + 1.0)),
    )


Change = Callable[[Named, np.random.Generator], Compiled]
RELATIONS: dict[str, tuple[Change, float]] = {
    "permuted": (permuted, 1.0),
    "renamed": (renamed, 1.0),
    "costs by 16": (dearer, 16.0),
    "duplicated": (doubled, 2.0),
    "dominated column": (dominated, 1.0),
}


def holds_of(name: str, seeds: range) -> None:
    change, factor = RELATIONS[name]
    for seed in seeds:
        model = draw(seed)
        before, after = least(model), least(change(model, np.random.default_rng(seed)))
        assert after == pytest.approx(factor * before, rel=1e-6, abs=1e-5), seed


def loosening_helps(seeds: range) -> None:
    for seed in seeds:
        model = draw(seed)
        before, after = least(model), least(looser(model, np.random.default_rng(seed)))
        assert after <= before + 1e-6 * max(1.0, abs(before) if np.isfinite(before) else 1.0), seed


@pytest.mark.parametrize("name", RELATIONS)
def test_relation(name: str) -> None:
    holds_of(name, FEW)


def test_a_limit_relaxed_never_costs_more() -> None:
    loosening_helps(FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", RELATIONS)
def test_relation_on_300(name: str) -> None:
    holds_of(name, MANY)


@pytest.mark.slow
def test_a_limit_relaxed_never_costs_more_on_300() -> None:
    loosening_helps(MANY)

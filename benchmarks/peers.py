"""The facility-location instance built and handed to HiGHS, once for each library.

Each function takes the instance in the form that its library is usually fed (made outside the timing) and returns the
two steps that are timed. Solver libraries are imported inside, so that a process meets only the one that it measures.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import coo_array, csr_array

from benchmarks.facility_location import Instance


@dataclass(frozen=True)
class Peer:
    """How one library builds the model, and how it hands it over."""

    build: Callable[[], Any]
    hand_over: Callable[[Any], highspy.Highs]


@dataclass(frozen=True)
class Tables:
    """The instance as dictionaries by key, for libraries that are written with rules."""

    pairs: list[tuple[int, int, int]]
    needs: list[tuple[int, int]]
    sites: list[tuple[int, int]]
    hosts_of: dict[tuple[int, int], list[int]]
    zones_of: dict[tuple[int, int], list[int]]
    travel_cost: dict[tuple[int, int, int], float]
    demand: dict[tuple[int, int], float]
    unmet_cost: dict[tuple[int, int], float]
    capacity: dict[tuple[int, int], float]
    opening_cost: dict[tuple[int, int], float]


def tables(instance: Instance) -> Tables:
    """Turn the arrays into dictionaries."""
    pairs = list(zip(instance.zone.tolist(), instance.host.tolist(), instance.service.tolist(), strict=True))
    needs, sites = list(np.ndindex(instance.demand.shape)), list(np.ndindex(instance.capacity.shape))
    hosts_of: dict[tuple[int, int], list[int]] = {need: [] for need in needs}
    zones_of: dict[tuple[int, int], list[int]] = {site: [] for site in sites}
    for zone, host, service in pairs:
        hosts_of[zone, service].append(host)
        zones_of[host, service].append(zone)

    def by(keys: list[tuple[int, int]], table: Any) -> dict[tuple[int, int], float]:
        return dict(zip(keys, table.ravel().tolist(), strict=True))

    return Tables(
        pairs=pairs,
        needs=needs,
        sites=sites,
        hosts_of=hosts_of,
        zones_of=zones_of,
        travel_cost=dict(zip(pairs, instance.travel_cost.tolist(), strict=True)),
        demand=by(needs, instance.demand),
        unmet_cost=by(needs, instance.unmet_cost),
        capacity=by(sites, instance.capacity),
        opening_cost=by(sites, instance.opening_cost),
    )


def ours(instance: Instance) -> Peer:
    """Formulation, compiled and checked as before every solve; arrays through the wire to one `passModel`."""
    from benchmarks.location_model import FORMULATION, LocationProblem
    from gst_opt.model.goals import Goal
    from gst_opt.solve import wire
    from gst_opt.solve.compiled import Compiled, compile_model
    from gst_opt.solve.components import costs_of, whole
    from gst_opt.solve.preflight import check_numbers, prepared
    from gst_opt.solve.standard import standard_form
    from gst_opt.solve.worker import load

    problem = LocationProblem(instance)
    (goal,) = FORMULATION.goals(problem).stages
    assert isinstance(goal, Goal)

    def build() -> Any:
        model = FORMULATION.build(problem)
        return model, FORMULATION.terms(model, problem)

    def hand_over(built: Any) -> highspy.Highs:
        compiled: Compiled = prepared(compile_model(*built))
        check_numbers(compiled, [goal])
        part = whole(compiled)
        pipe = io.BytesIO()
        wire.send(pipe, {}, standard_form(part, costs_of(goal, part)).frame())
        pipe.seek(0)
        received = wire.receive(pipe)
        assert received is not None
        solver = _silent()
        load(solver, received[1])
        return solver

    return Peer(build, hand_over)


def pyomo(instance: Instance) -> Peer:
    """Rules over sparse sets; `appsi_highs` takes the model in `set_instance`, the first half of its `solve`."""
    import pyomo.environ as pyo
    from pyomo.contrib import appsi

    data = tables(instance)

    def build() -> Any:
        m = pyo.ConcreteModel()
        m.pairs = pyo.Set(initialize=data.pairs, dimen=3)
        m.needs = pyo.Set(initialize=data.needs, dimen=2)
        m.sites = pyo.Set(initialize=data.sites, dimen=2)
        m.served = pyo.Var(m.pairs, domain=pyo.NonNegativeReals)
        m.open = pyo.Var(m.sites, domain=pyo.Binary)
        m.unmet = pyo.Var(m.needs, domain=pyo.NonNegativeReals)

        @m.Constraint(m.needs)  # type: ignore[untyped-decorator]
        def demand(m: Any, i: int, k: int) -> Any:
            return sum(m.served[i, j, k] for j in data.hosts_of[i, k]) + m.unmet[i, k] == 1

        @m.Constraint(m.sites)  # type: ignore[untyped-decorator]
        def capacity(m: Any, j: int, k: int) -> Any:
            load = sum(data.demand[i, k] * m.served[i, j, k] for i in data.zones_of[j, k])
            return load <= data.capacity[j, k] * m.open[j, k]

        @m.Constraint(m.pairs)  # type: ignore[untyped-decorator]
        def link(m: Any, i: int, j: int, k: int) -> Any:
            return m.served[i, j, k] <= m.open[j, k]

        m.cost = pyo.Objective(
            expr=sum(data.opening_cost[site] * m.open[site] for site in m.sites)
            + sum(data.travel_cost[pair] * m.served[pair] for pair in m.pairs)
            + sum(data.unmet_cost[need] * m.unmet[need] for need in m.needs)
        )
        return m

    def hand_over(m: Any) -> highspy.Highs:
        solver = appsi.solvers.Highs()
        solver.set_instance(m)
        handed: highspy.Highs = solver._solver_model
        return handed

    return Peer(build, hand_over)


def pulp(instance: Instance) -> Peer:
    """`lpSum` over sparse lists; handed over by the two steps that PuLP's own HiGHS interface takes before it solves.

    `createAndConfigureSolver` and `buildSolverModel` of `pulp.HiGHS`, which drives highspy.
    """
    import pulp

    data = tables(instance)

    def build() -> Any:
        problem = pulp.LpProblem("location", pulp.LpMinimize)
        served = pulp.LpVariable.dicts("served", data.pairs, lowBound=0)
        opened = pulp.LpVariable.dicts("open", data.sites, cat=pulp.LpBinary)
        unmet = pulp.LpVariable.dicts("unmet", data.needs, lowBound=0)
        problem += (
            pulp.lpSum(data.opening_cost[site] * opened[site] for site in data.sites)
            + pulp.lpSum(data.travel_cost[pair] * served[pair] for pair in data.pairs)
            + pulp.lpSum(data.unmet_cost[need] * unmet[need] for need in data.needs)
        )
        for i, k in data.needs:
            problem += pulp.lpSum(served[i, j, k] for j in data.hosts_of[i, k]) + unmet[i, k] == 1
        for j, k in data.sites:
            load = pulp.lpSum(data.demand[i, k] * served[i, j, k] for i in data.zones_of[j, k])
            problem += load <= data.capacity[j, k] * opened[j, k]
        for i, j, k in data.pairs:
            problem += served[i, j, k] <= opened[j, k]
        return problem

    def hand_over(problem: Any) -> highspy.Highs:
        interface = pulp.HiGHS(msg=False)
        interface.createAndConfigureSolver(problem)
        interface.buildSolverModel(problem)
        handed: highspy.Highs = problem.solverModel
        return handed

    return Peer(build, hand_over)


def linopy(instance: Instance) -> Peer:
    """One dimension of pairs, `groupby` sums; handed over by `to_highspy` without names."""
    import linopy as library
    import pandas as pd

    sites, services = instance.capacity.size, instance.demand.shape[1]
    pair = pd.RangeIndex(len(instance.zone), name="pair")
    need_of = pd.Series(instance.zone * services + instance.service, index=pair, name="need")
    site_of = pd.Series(instance.host * services + instance.service, index=pair, name="site")
    weight = pd.Series(instance.demand[instance.zone, instance.service], index=pair)
    need = pd.RangeIndex(instance.demand.size, name="need")
    site = pd.RangeIndex(sites, name="site")

    def build() -> Any:
        m = library.Model()
        served = m.add_variables(lower=0, coords=[pair], name="served")
        opened = m.add_variables(binary=True, coords=[site], name="open")
        unmet = m.add_variables(lower=0, coords=[need], name="unmet")
        m.add_constraints((1 * served).groupby(need_of).sum() + unmet == 1, name="demand")
        size = pd.Series(instance.capacity.ravel(), index=site)
        m.add_constraints((weight * served).groupby(site_of).sum() - size * opened <= 0, name="capacity")
        m.add_constraints(served - opened.sel(site=site_of.to_xarray()) <= 0, name="link")
        m.add_objective(
            (pd.Series(instance.opening_cost.ravel(), index=site) * opened).sum()
            + (pd.Series(instance.travel_cost, index=pair) * served).sum()
            + (pd.Series(instance.unmet_cost.ravel(), index=need) * unmet).sum()
        )
        return m

    def hand_over(m: Any) -> highspy.Highs:
        handed: highspy.Highs = m.to_highspy()
        return handed

    return Peer(build, hand_over)


def arrays(instance: Instance) -> Peer:
    """Triplets by numpy, CSR by scipy, one `passModel`: no names, no model to print, the floor for the others."""
    pairs, sites, needs = len(instance.zone), instance.capacity.size, instance.demand.size
    services = instance.demand.shape[1]

    def build() -> Any:
        pair, site, need = np.arange(pairs), np.arange(sites), np.arange(needs)
        site_of, need_of = instance.host * services + instance.service, instance.zone * services + instance.service
        weight = instance.demand[instance.zone, instance.service]
        link = needs + sites
        row = np.concatenate([need_of, need, needs + site_of, needs + site, link + pair, link + pair])
        column = np.concatenate([pair, pairs + sites + need, pair, pairs + site, pair, pairs + site_of])
        value = np.concatenate(
            [np.ones(pairs + needs), weight, -instance.capacity.ravel(), np.ones(pairs), -np.ones(pairs)]
        )
        shape = (needs + sites + pairs, pairs + sites + needs)
        matrix = csr_array(coo_array((value, (row, column)), shape=shape))
        costs = np.concatenate([instance.travel_cost, instance.opening_cost.ravel(), instance.unmet_cost.ravel()])
        return matrix, costs

    def hand_over(built: Any) -> highspy.Highs:
        matrix, costs = built
        rows, columns = matrix.shape
        upper, integer = np.full(columns, np.inf), np.zeros(columns, dtype=np.int32)
        upper[pairs : pairs + sites] = 1.0
        integer[pairs : pairs + sites] = 1
        row_lower, row_upper = np.full(rows, -np.inf), np.zeros(rows)
        row_lower[:needs] = row_upper[:needs] = 1.0
        solver = _silent()
        solver.passModel(
            columns,
            rows,
            matrix.nnz,
            highspy.MatrixFormat.kRowwise.value,
            highspy.ObjSense.kMinimize.value,
            0.0,
            costs,
            np.zeros(columns),
            upper,
            row_lower,
            row_upper,
            matrix.indptr.astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data,
            integer,
        )
        return solver

    return Peer(build, hand_over)


def _silent() -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    return solver


PEERS: dict[str, Callable[[Instance], Peer]] = {
    "ours": ours,
    "pyomo": pyomo,
    "pulp": pulp,
    "linopy": linopy,
    "numpy": arrays,
}

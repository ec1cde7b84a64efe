"""The facility-location instance as a question of gst_opt: formulation, plan and independent check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from benchmarks.facility_location import Instance
from gst_opt.core.frozen import Frozen
from gst_opt.core.ports import PortKey
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals, weighted
from gst_opt.model.linear import Affine, Entries, Floats, total
from gst_opt.model.problem import Check, Plan, Problem, Violation

Block = Any
TOLERANCE = 1e-6
TINY = 1e-9


class Served(Frozen):
    """A share of a zone's demand for a service that a host serves."""

    zone: int = Field(description="Position of the zone")
    host: int = Field(description="Position of the host")
    service: int = Field(description="Position of the service")
    share: float = Field(description="Share of the demand")


class LocationPlan(Plan):
    """Which host offers what, and who is served where."""

    open: tuple[tuple[int, int], ...] = Field(description="(host, service) pairs that are open")
    served: tuple[Served, ...] = Field(description="Shares above 1e-9")


@dataclass(frozen=True)
class LocationProblem(Problem[LocationPlan]):
    """Serve the zones at the least cost of opening, travel and unmet demand."""

    instance: Instance

    def __repr__(self) -> str:
        return f"LocationProblem({self.instance.digest()})"


def variables(block: Block, problem: LocationProblem) -> None:
    """Share served by pair, service open by host, share unmet."""
    data = problem.instance
    linear.variables(
        block, "served", list(zip(data.zone.tolist(), data.host.tolist(), data.service.tolist(), strict=True))
    )
    linear.variables(block, "open", list(np.ndindex(data.capacity.shape)), upper=1.0, integer=True)
    linear.variables(block, "unmet", list(np.ndindex(data.demand.shape)))


def demand(block: Block, problem: LocationProblem) -> None:
    """Every demand is served or unmet.

    ::

        sum_j x_ijk + u_ik = 1    for every zone i and service k
    """
    data = problem.instance
    needs = np.arange(data.demand.size)
    linear.rows(
        block,
        "demand",
        list(np.ndindex(data.demand.shape)),
        [
            Entries(block.served, _flat(data.zone, data.service, data.demand), np.arange(len(data.zone))),
            Entries(block.unmet, needs, needs),
        ],
        lower=1.0,
        upper=1.0,
    )


def capacity(block: Block, problem: LocationProblem) -> None:
    """A host serves no more than its capacity, and nothing when closed.

    ::

        sum_i d_ik x_ijk <= q_jk y_jk    for every host j and service k
    """
    data = problem.instance
    sites = np.arange(data.capacity.size)
    pairs = np.arange(len(data.zone))
    linear.rows(
        block,
        "capacity",
        list(np.ndindex(data.capacity.shape)),
        [
            Entries(
                block.served,
                _flat(data.host, data.service, data.capacity),
                pairs,
                data.demand[data.zone, data.service],
            ),
            Entries(block.open, sites, sites, -data.capacity.ravel()),
        ],
        upper=0.0,
    )


def link(block: Block, problem: LocationProblem) -> None:
    """A closed host serves nobody (implied by capacity; tightens the relaxation).

    ::

        x_ijk <= y_jk    for every pair in reach
    """
    data = problem.instance
    pairs = np.arange(len(data.zone))
    linear.rows(
        block,
        "link",
        list(zip(data.zone.tolist(), data.host.tolist(), data.service.tolist(), strict=True)),
        [
            Entries(block.served, pairs, pairs),
            Entries(block.open, pairs, _flat(data.host, data.service, data.capacity), -1.0),
        ],
        upper=0.0,
    )


def _flat(place: linear.Positions, service: linear.Positions, table: Floats) -> linear.Positions:
    """Position of (place, service) in the flattened table."""
    return np.asarray(place * table.shape[1] + service, dtype=np.intp)


def terms(block: Block, problem: LocationProblem) -> Mapping[str, Term]:
    """Opening, travel and unmet demand."""
    data = problem.instance
    return {
        "opening": Term(Affine((total(block.open, data.opening_cost.ravel()),)), "cost"),
        "travel": Term(Affine((total(block.served, data.travel_cost),)), "cost"),
        "unmet": Term(Affine((total(block.unmet, data.unmet_cost.ravel()),)), "cost"),
    }


def goals(problem: LocationProblem) -> Goals:
    """The least total cost."""
    return weighted(("opening", 1.0), ("travel", 1.0), ("unmet", 1.0))


def ports(block: Block, problem: LocationProblem) -> Mapping[PortKey, Affine]:
    """None: nobody binds this question."""
    return {}


def write(block: Block, problem: LocationProblem, plan: LocationPlan | None) -> None:
    """A plan's sites and shares; without one everything is closed and unmet."""
    data = problem.instance
    shares = {(one.zone, one.host, one.service): one.share for one in plan.served} if plan else {}
    is_open = set(plan.open) if plan else set()
    pairs = list(zip(data.zone.tolist(), data.host.tolist(), data.service.tolist(), strict=True))
    served = np.array([shares.get(pair, 0.0) for pair in pairs])
    unmet = np.ones(data.demand.shape)
    np.subtract.at(unmet, (data.zone, data.service), served)
    linear.set_values(block.served, served)
    linear.set_values(block.open, [float(site in is_open) for site in np.ndindex(data.capacity.shape)])
    linear.set_values(block.unmet, unmet.ravel())


def read(block: Block, problem: LocationProblem) -> LocationPlan:
    """Read what is open and who is served."""
    data = problem.instance
    share = linear.values(block.served)
    opened = linear.values(block.open).reshape(data.capacity.shape)
    return LocationPlan(
        open=tuple((host, service) for host, service in np.argwhere(opened > 0.5).tolist()),
        served=tuple(
            Served(zone=data.zone[pair], host=data.host[pair], service=data.service[pair], share=share[pair])
            for pair in np.flatnonzero(share > TINY).tolist()
        ),
    )


FORMULATION: Formulation[LocationProblem, LocationPlan] = Formulation(
    variables=variables,
    constraints=(demand, capacity, link),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    redundant=frozenset({"link"}),
)


def check(problem: LocationProblem, plan: LocationPlan) -> Check:
    """Recompute every rule and every term from the plan alone."""
    data = problem.instance
    travel_of = {
        (zone, host, service): cost
        for zone, host, service, cost in zip(
            data.zone.tolist(), data.host.tolist(), data.service.tolist(), data.travel_cost.tolist(), strict=True
        )
    }
    is_open = set(plan.open)
    covered, load = np.zeros(data.demand.shape), np.zeros(data.capacity.shape)
    travel = 0.0
    violations = []
    for one in plan.served:
        place = (one.zone, one.host, one.service)
        covered[one.zone, one.service] += one.share
        load[one.host, one.service] += one.share * data.demand[one.zone, one.service]
        travel += one.share * travel_of.get(place, np.inf)
        if (one.host, one.service) not in is_open and one.share > TOLERANCE:
            violations.append(Violation("link", tuple(map(str, place)), one.share, 0.0))
    for rule, found, allowed in (("demand", covered, np.ones_like(covered)), ("capacity", load, data.capacity)):
        for position in np.argwhere(found > allowed * (1 + TOLERANCE)):
            where = tuple(position)
            violations.append(Violation(rule, tuple(map(str, where)), float(found[where]), float(allowed[where])))
    opening = sum(float(data.opening_cost[site]) for site in plan.open)
    unmet = float((np.clip(1 - covered, 0.0, 1.0) * data.unmet_cost).sum())
    return Check(
        violations=tuple(violations),
        terms={"opening": opening, "travel": travel, "unmet": unmet},
        today={"opening": 0.0, "travel": 0.0, "unmet": float(data.unmet_cost.sum())},
    )

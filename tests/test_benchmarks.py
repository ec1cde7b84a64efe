"""The benchmarks' generator, formulation and peers, on instances small enough for every run of the tests."""

import highspy
import numpy as np
import pytest
from benchmarks.build import Checksum, checksum
from benchmarks.facility_location import CAPACITY_RATIO, REACH, ZONES, Instance, draw
from benchmarks.location_model import FORMULATION, LocationPlan, LocationProblem, Served, check
from benchmarks.peers import PEERS

from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Status
from gst_opt.solve.run import direct, whole_model


@pytest.fixture(scope="module")
def small() -> Instance:
    return draw(zones=12, services=3, hosts=5)


@pytest.mark.parametrize(("scale", "digest"), [(1, "945b76112002"), (2, "ad0ce150bb6f"), (4, "4724dfafe52b")])
def test_the_instance_is_always_the_same(scale: int, digest: str) -> None:
    assert draw(zones=scale * ZONES).digest() == digest


def test_another_seed_is_another_instance() -> None:
    assert draw(zones=12, services=3, hosts=5, seed=1).digest() != draw(zones=12, services=3, hosts=5).digest()


def test_the_instance_is_as_documented() -> None:
    data = draw()
    assert 40_000 < len(data.zone) + data.demand.size + data.capacity.size < 48_000
    assert np.allclose(data.capacity.sum(axis=0), CAPACITY_RATIO * data.demand.sum(axis=0), rtol=1e-4)
    longest = data.travel_cost / data.demand[data.zone, data.service]
    assert longest.max() <= 10 * REACH + 1e-3
    assert (data.unmet_cost[data.zone, data.service] > data.travel_cost).all()


def test_more_zones_share_the_same_demand() -> None:
    assert np.allclose(draw(zones=4 * ZONES).demand.sum(axis=0), draw().demand.sum(axis=0), rtol=0.1)


@pytest.mark.parametrize("name", ["ours", "numpy"])
def test_a_peer_hands_over_the_model_in_the_docstrings(small: Instance, name: str) -> None:
    handed = _handed(small, name)
    pairs, sites, needs = len(small.zone), small.capacity.size, small.demand.size
    assert handed.columns == pairs + sites + needs
    assert handed.rows == needs + sites + pairs
    assert handed.nonzeros == 4 * pairs + needs + sites
    assert handed.integers == sites


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PEERS if name != "numpy"])
def test_every_library_hands_over_the_same_model(small: Instance, name: str) -> None:
    if name in ("pulp", "linopy"):
        pytest.importorskip(name)
    assert _handed(small, name).agrees(_handed(small, "numpy"))


def test_the_checksum_sees_one_changed_number(small: Instance) -> None:
    peer = PEERS["numpy"](small)
    solver = peer.hand_over(peer.build())
    before = checksum(solver)
    solver.changeCoeff(0, 0, 1.001)
    assert not checksum(solver).agrees(before)


def test_split_and_whole_reach_the_same_optimum(small: Instance) -> None:
    problem = LocationProblem(small)
    options = SolveOptions(gap=0.0, workers=1)
    in_parts = direct(FORMULATION, problem, check, options)
    in_one = direct(FORMULATION, problem, check, options, splitter=whole_model)
    assert in_parts.status is in_one.status is Status.OPTIMAL
    assert in_parts.objective == pytest.approx(in_one.objective, rel=1e-6)
    handed = PEERS["numpy"](small)
    solver = handed.hand_over(handed.build())
    solver.setOptionValue("mip_rel_gap", 0.0)
    assert solver.run() == highspy.HighsStatus.kOk
    assert solver.getInfo().objective_function_value == pytest.approx(in_one.objective, rel=1e-6)


def test_the_check_names_a_closed_host_and_an_overloaded_one(small: Instance) -> None:
    zone, host, service = int(small.zone[0]), int(small.host[0]), int(small.service[0])
    served = (Served(zone=zone, host=host, service=service, share=1.0),)
    closed = check(LocationProblem(small), LocationPlan(open=(), served=served))
    assert [violation.rule for violation in closed.violations] == ["link"]
    twice = check(LocationProblem(small), LocationPlan(open=((host, service),), served=served * 2))
    assert "demand" in {violation.rule for violation in twice.violations}


def _handed(instance: Instance, name: str) -> Checksum:
    peer = PEERS[name](instance)
    return checksum(peer.hand_over(peer.build()))

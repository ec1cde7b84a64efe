"""The same data make the same plan, byte for byte: any hash seed, any order of rows, one worker or two."""

import os
import random
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import gst_opt as gst

PROGRAM = """
import sys
import gst_opt as gst
grouping = gst.read(sys.argv[1])
result = gst.solve(gst.RedeploymentProblem.of(grouping), gst.SolveOptions(workers=int(sys.argv[2])))
sys.stdout.write(result.require().model_dump_json() + "".join(stage.model_dump_json() for stage in result.stages))
"""


def shuffled(folder: Path, target: Path, seed: int) -> Path:
    """Copy a folder of tables with the rows of each in another order."""
    target.mkdir()
    for table in folder.glob("*.csv"):
        header, *rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
        random.Random(seed).shuffle(rows)
        (target / table.name).write_text(header + "".join(rows), encoding="utf-8")
    return target


def planned(folder: Path, workers: int, hash_seed: int) -> str:
    """Plan in a fresh process."""
    environment = os.environ | {"PYTHONHASHSEED": str(hash_seed)}
    command = [sys.executable, "-c", PROGRAM, str(folder), str(workers)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def test_hash_seed_row_order_and_workers_change_nothing(tmp_path: Path) -> None:
    sample = Path(str(files("gst_opt.samples") / "data" / "province"))
    other = shuffled(sample, tmp_path / "other", seed=7)
    first = planned(sample, workers=1, hash_seed=1)
    assert planned(other, workers=2, hash_seed=2) == first
    assert '"moves":[{' in first


@pytest.mark.slow
def test_the_order_of_pins_changes_nothing_where_terms_are_compared() -> None:
    """The last pin is kept anyway; two provinces' shortages are compared, then the moves counted."""
    problem = gst.RedeploymentProblem.of(gst.load_sample("province"))
    goals = gst.leximax(("short_in[m-diq-fnideq]", 1.0), ("short_in[tetouan]", 1.0)).then(gst.minimise("moves"))
    pins = (
        gst.MovePin(kind=gst.PinKind.AT_LEAST, value=1, origin="cdtmr-tetouan-1", host="hp-mdiq", reason="asked for"),
        gst.MovePin(kind=gst.PinKind.AT_MOST, value=3, skill="polyvalent_nurse", reason="three at most"),
        gst.MovePin(kind=gst.PinKind.AT_MOST, value=90, reason="all together"),
    )
    told = []
    for order, workers in ((pins, 1), (pins[::-1], 2), ((pins[1], pins[0], pins[2]), 2)):
        policy = problem.policy.replace(goals=goals, pins=order)
        result = gst.solve(problem.replace(policy=policy), gst.SolveOptions(workers=workers))
        assert (result.status, len(result.stages)) == (gst.Status.OPTIMAL, 3)
        told.append(result)
    first = told[0].require()
    assert first == told[1].require() == told[2].require()
    for other in told[1:]:  # rows in another order: sums may end in another last digit
        assert [one.value for one in other.stages] == pytest.approx([one.value for one in told[0].stages], rel=1e-12)
        assert [one.bound for one in other.stages] == pytest.approx([one.bound for one in told[0].stages], rel=1e-6)
    assert sum(move.heads for move in first.moves if move.skill == "polyvalent_nurse") <= 3


def test_the_provenance_tells_one_problem_from_another() -> None:
    grouping = gst.load_sample("two_towns")
    problem = gst.RedeploymentProblem.of(grouping)
    wider = problem.replace(policy=gst.RedeploymentPolicy(max_travel=90.0))
    digests = [gst.solve(one).provenance.problem_digest for one in (problem, problem, wider)]
    assert digests[0] == digests[1] != digests[2]

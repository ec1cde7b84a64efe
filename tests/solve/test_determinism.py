"""The same data make the same plan, byte for byte: any hash seed, any order of rows, one worker or two."""

import os
import random
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

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


def test_the_provenance_tells_one_problem_from_another() -> None:
    grouping = gst.load_sample("two_towns")
    problem = gst.RedeploymentProblem.of(grouping)
    wider = problem.replace(policy=gst.RedeploymentPolicy(max_travel=90.0))
    digests = [gst.solve(one).provenance.problem_digest for one in (problem, problem, wider)]
    assert digests[0] == digests[1] != digests[2]

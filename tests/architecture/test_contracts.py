"""Who may import whom: the contracts of pyproject.toml, and that they name what they must."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT, modules


def test_import_contracts_are_kept() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def test_every_room_has_a_layer() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"]: contract for contract in config["tool"]["importlinter"]["contracts"]}
    layers = [layer.strip("()") for layer in contracts["layers"]["layers"]]
    assert layers == [
        *("cli", "report", "samples", "io", "analysis", "api", "grouping_plan", "pillars"),
        *("solve", "model", "network", "core", "text"),
    ]
    rooms = {module.name.split(".")[1] for module in modules() if "." in module.name}
    assert rooms <= set(layers)


def test_every_question_has_its_four_files() -> None:
    from gst_opt.api import PILLARS

    present = {module.name for module in modules()}
    for question in PILLARS:
        assert {f"{question.package}.{part}" for part in ("problem", "model", "plan", "check")} <= present
        home = "gst_opt" if question.pillar == "grouping" else f"gst_opt.pillars.{question.pillar}"
        assert question.package.startswith(f"{home}.")


def test_every_question_folder_is_registered() -> None:
    from gst_opt.api import PILLARS

    folders = {module.name.rpartition(".")[0] for module in modules() if module.name.endswith(".problem")}
    assert folders - {"gst_opt.model"} == {question.package for question in PILLARS}

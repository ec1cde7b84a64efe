"""README.md: its shell lines run or are known, its excerpt is what is printed, its links lead somewhere.

Its Python blocks are run by `conftest.py` at the top.
"""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

import gst_opt as gst
from tests.cli.run import command

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKE_TARGETS = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
MOVES = ["plan", "tanger", "--only", "redeployment"]
LONG = "gst-opt plan tanger"
"""A line that takes minutes."""

SET_UP = ("python3 -m venv .venv", ".venv/bin/pip install '.[cli]'")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def shell_lines() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("readme")
    gst.write_folder(gst.load_sample("two_towns"), place / "my_grouping")
    return place


@pytest.fixture(scope="module")
def tanger(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Say who moves at Tanger, once: it takes its time."""
    return subprocess.run(command(*MOVES), cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "line", [pytest.param(line, marks=pytest.mark.slow if line == LONG else ()) for line in shell_lines()]
)
def test_shell_line(line: str, folder: Path, tanger: "subprocess.CompletedProcess[str]") -> None:
    program, *arguments = shlex.split(line)
    if program == "make":
        assert set(arguments) <= MAKE_TARGETS
    elif Path(program).name == "gst-opt":
        run = tanger
        if arguments != MOVES:
            run = subprocess.run(command(*arguments), cwd=folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
    else:
        assert line in SET_UP


def test_excerpt_is_what_is_printed(tanger: "subprocess.CompletedProcess[str]") -> None:
    printed = tanger.stdout.splitlines()
    _, excerpt = blocks("text")
    missing = [line for line in excerpt.splitlines() if line not in printed and line != "..."]
    assert missing == []


@pytest.mark.slow
def test_excerpt_of_the_grouping_plan_is_what_is_printed_but_for_figures(tmp_path: Path) -> None:
    """A search that time cuts finds other figures elsewhere, and may prove more: the words of the story stay."""
    run = subprocess.run(
        command("plan", "tanger", "--budget", "980000000"), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    excerpt = blocks("text")[0].partition("Proof:")[0]
    printed = re.sub(r"[\d\s,.%-]+", " ", run.stdout)
    missing = [line for line in excerpt.splitlines() if re.sub(r"[\d\s,.%-]+", " ", line).strip() not in printed]
    assert missing == []


def test_links_lead_to_files() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []
    assert len(targets) >= 8

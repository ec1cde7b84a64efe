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
    """Plan Tanger once: it takes its time."""
    return subprocess.run(command("plan", "tanger"), cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("line", shell_lines())
def test_shell_line(line: str, folder: Path, tanger: "subprocess.CompletedProcess[str]") -> None:
    program, *arguments = shlex.split(line)
    if program == "make":
        assert set(arguments) <= MAKE_TARGETS
    elif Path(program).name == "gst-opt":
        run = tanger
        if arguments != ["plan", "tanger"]:
            run = subprocess.run(command(*arguments), cwd=folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
    else:
        assert line in SET_UP


def test_excerpt_is_what_is_printed(tanger: "subprocess.CompletedProcess[str]") -> None:
    printed = tanger.stdout.splitlines()
    (excerpt,) = blocks("text")
    missing = [line for line in excerpt.splitlines() if line not in printed and line != "..."]
    assert missing == []


def test_links_lead_to_files() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []
    assert len(targets) >= 8

"""Run the command line, inside this process or as its users do."""

import sys
from collections.abc import Sequence
from pathlib import Path

from typer.testing import CliRunner, Result

from gst_opt.cli import command_line
from gst_opt.text import Lang

GST_OPT = Path(sys.executable).with_name("gst-opt")


def invoke(*arguments: str | Path) -> Result:
    """Run in this process, in English."""
    return CliRunner().invoke(command_line(Lang.EN), [str(argument) for argument in arguments])


def planned(place: Path, only: str) -> Path:
    """Plan two towns into a folder, see that what is printed is what is kept, and return the folder."""
    run = invoke("plan", "two_towns", "--only", only, "--out", place)
    assert run.exit_code == 0, run.stderr
    assert (place / "summary.txt").read_text(encoding="utf-8") == run.stdout
    return place


def words(text: str) -> str:
    """Undo the line breaks of a text."""
    return " ".join(text.split())


def command(*arguments: str | Path) -> Sequence[str]:
    """Return the command of a process of its own."""
    return [str(GST_OPT), *(str(argument) for argument in arguments)]

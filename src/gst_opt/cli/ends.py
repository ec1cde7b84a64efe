"""How a command reads its data, prints, writes files whole, and leaves."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gst_opt as gst
from gst_opt.core.errors import GstOptError, SolverError, shorten
from gst_opt.text import Lang, Message, say

PLAN, NO_PLAN, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def load(source: str) -> "gst.Grouping":
    """Load a sample by name, or read a folder or a JSON file.

    Raises
    ------
    GstOptError
        If it is none of them.
    DataError
        If its data cannot be used.
    """
    try:
        return gst.load_sample(source)
    except GstOptError as unknown:
        if os.path.exists(source):
            return gst.read(source)
        values = {"source": shorten(source), "why": unknown.message}
        raise GstOptError(Message("cli.unknown_source", values)) from unknown


@contextmanager
def interrupts_wait() -> Iterator[list[int]]:
    """Let files be written whole; the list says whether Ctrl-C was pressed meanwhile."""
    arrived: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: arrived.append(number))
    try:
        yield arrived
    finally:
        signal.signal(signal.SIGINT, before)


def leave(work: Callable[[], int], lang: Lang, interrupted: str = "cli.interrupted") -> None:
    """Do the work of a command and leave with its code; an error or an interruption is said, never traced."""
    import typer

    try:
        code = work()
    except GstOptError as error:
        typer.echo(error.text(lang), err=True)
        code = NO_PLAN if isinstance(error, SolverError) else BAD_INPUT
    except KeyboardInterrupt:
        typer.echo(say(interrupted, lang), err=True)
        code = INTERRUPTED
    raise typer.Exit(code)


def echo(text: str) -> None:
    """Print a text."""
    import typer

    typer.echo(text)

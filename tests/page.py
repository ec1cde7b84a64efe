"""What the pages of docs/ on the questions of a pillar have in common: examples that run, equations of the code."""

import contextlib
import inspect
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gst_opt.api import PILLARS

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each Python block and the lines that it shows."""
    kinds = BLOCK.findall(page.read_text(encoding="utf-8"))
    for (kind, code), (following, text) in zip(kinds, [*kinds[1:], ("", "")], strict=True):
        if kind == "python":
            yield code, text.splitlines() if following == "text" else []


def missing(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Run the blocks of a page one after the other; yield each with the lines shown that it does not print."""
    names: dict[str, Any] = {}
    for code, shown in examples(page):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, str(page), "exec"), names)
        printed = out.getvalue().splitlines()
        assert bool(shown) == bool(printed), code
        yield code, [line for line in shown if line not in (*printed, "...")]


def equations(name: str) -> str:
    """Return every rule of a question with its equation, from the docstrings."""
    (question,) = (one for one in PILLARS if one.name == name)
    return "\n".join(_rule(constraint) for constraint in question.formulation().constraints)


def _rule(constraint: Any) -> str:
    """Return the docstring of a rule: its first line, its equation, its words and source as one paragraph."""
    first, _, rest = (inspect.getdoc(constraint) or "").partition("\n\n")
    lines = [line for line in rest.splitlines() if line != "::"]
    equation = [line for line in lines if line.startswith("    ")]
    words = " ".join(line for line in lines if line and not line.startswith("    "))
    return "\n".join([f"**{constraint.__name__}**: {' '.join(first.split())}", "", *equation, "", words, "", ""])


def folded(text: str, name: str) -> str:
    """Return what a page has between the marks of a question."""
    return text.partition(f"<!-- {name} -->\n")[2].partition("<!-- end -->")[0]


def broken_links(page: Path) -> tuple[int, list[str]]:
    """Return the number of links to files, and those that lead nowhere."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", page.read_text(encoding="utf-8"))
    return len(targets), [target for target in targets if not (page.parent / target).exists()]


def write_equations(page: Path, questions: Iterable[str]) -> None:
    """Write the equations into a page."""
    text = page.read_text(encoding="utf-8")
    for name in questions:
        mark = f"<!-- {name} -->\n"
        text = text.replace(mark + folded(text, name), mark + equations(name))
    page.write_text(text, encoding="utf-8")

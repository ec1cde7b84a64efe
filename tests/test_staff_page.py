"""docs/staff.md: its Python blocks run, its excerpts are what they print, its equations are those of the code.

``python -m tests.test_staff_page`` writes the equations into the page again.
"""

import contextlib
import inspect
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.api import PILLARS

PAGE = Path(__file__).parents[1] / "docs" / "staff.md"
QUESTIONS = tuple(question.name for question in PILLARS if question.pillar == "staff")
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> Iterator[tuple[str, list[str]]]:
    """Yield each Python block and the lines that it shows."""
    kinds = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    for (kind, code), (following, text) in zip(kinds, [*kinds[1:], ("", "")], strict=True):
        if kind == "python":
            yield code, text.splitlines() if following == "text" else []


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


def folded(page: str, name: str) -> str:
    """Return what the page has between the marks of a question."""
    return page.partition(f"<!-- {name} -->\n")[2].partition("<!-- end -->")[0]


def test_examples_print_what_is_shown() -> None:
    names: dict[str, Any] = {}
    for code, shown in examples():
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, str(PAGE), "exec"), names)
        printed = out.getvalue().splitlines()
        assert [line for line in shown if line not in (*printed, "...")] == [], code
        assert bool(shown) == bool(printed), code


@pytest.mark.parametrize("name", QUESTIONS)
def test_equations_are_those_of_the_code(name: str) -> None:
    assert folded(PAGE.read_text(encoding="utf-8"), name) == equations(name)


def test_links_lead_to_files() -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", PAGE.read_text(encoding="utf-8"))
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []
    assert len(targets) >= 5


def test_prices_are_those_of_the_policies() -> None:
    rows = re.findall(r"^\| price of (.*?) \| (.*?) MAD", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {price for _, cell in rows for price in cell.split("; ")}
    prices = (*gst.WorkforcePolicy().prices.values(), *gst.SharedTimePolicy().prices.values())
    assert shown == {f"{price:,.0f}" for price in prices if price != 1.0}


def write() -> None:
    """Write the equations into the page."""
    page = PAGE.read_text(encoding="utf-8")
    for name in QUESTIONS:
        mark = f"<!-- {name} -->\n"
        page = page.replace(mark + folded(page, name), mark + equations(name))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write()

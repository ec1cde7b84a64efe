"""docs/support.md: its Python blocks run, its excerpts are what they print, its equations are those of the code.

``python -m tests.test_support_page`` writes the equations into the page again.
"""

import re

import gst_opt as gst
from tests.page import DOCS, broken_links, equations, folded, missing, write_equations

PAGE = DOCS / "support.md"
QUESTIONS = ("hubs",)


def test_examples_print_what_is_shown() -> None:
    for code, lines in missing(PAGE):
        assert lines == [], code


def test_equations_are_those_of_the_code() -> None:
    assert folded(PAGE.read_text(encoding="utf-8"), "hubs") == equations("hubs")


def test_links_lead_to_files() -> None:
    assert broken_links(PAGE) == (1, [])


def test_defaults_are_those_of_the_policy() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {field: float(shown) for field, shown in rows} == {
        field: getattr(gst.HubPolicy(), field) for field in ("years", "max_changes", "discount_rate")
    }


if __name__ == "__main__":
    write_equations(PAGE, QUESTIONS)

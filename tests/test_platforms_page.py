"""docs/platforms.md: its Python blocks run, its excerpts are what they print, its equations are those of the code.

``python -m tests.test_platforms_page`` writes the equations into the page again.
"""

import re

import gst_opt as gst
from tests.page import DOCS, broken_links, equations, folded, missing, write_equations

PAGE = DOCS / "platforms.md"
QUESTIONS = ("location",)


def test_examples_print_what_is_shown() -> None:
    for code, lines in missing(PAGE):
        assert lines == [], code


def test_equations_are_those_of_the_code() -> None:
    assert folded(PAGE.read_text(encoding="utf-8"), "location") == equations("location")


def test_links_lead_to_files() -> None:
    count, broken = broken_links(PAGE)
    assert (count >= 4, broken) == (True, [])


def test_defaults_are_those_of_the_policies() -> None:
    """The first figure of the second column of each row with a field between ticks is that field's default."""
    rows = re.findall(r"^\| [^|]*`(\w+)`[^|]*\| ([\d,.]+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 12
    policies = (gst.LocationPolicy(), gst.DiagnosisPolicy())
    for field, shown in rows:
        (value,) = (getattr(policy, field) for policy in policies if field in type(policy).model_fields)
        assert float(shown.replace(",", "")) == value, field


if __name__ == "__main__":
    write_equations(PAGE, QUESTIONS)

"""docs/staff.md: its Python blocks run, its excerpts are what they print, its equations are those of the code.

``python -m tests.test_staff_page`` writes the equations into the page again.
"""

import re

import pytest

import gst_opt as gst
from gst_opt.api import PILLARS
from tests.page import DOCS, broken_links, equations, folded, missing, write_equations

PAGE = DOCS / "staff.md"
QUESTIONS = tuple(question.name for question in PILLARS if question.pillar == "staff")


def test_examples_print_what_is_shown() -> None:
    for code, lines in missing(PAGE):
        assert lines == [], code


@pytest.mark.parametrize("name", QUESTIONS)
def test_equations_are_those_of_the_code(name: str) -> None:
    assert folded(PAGE.read_text(encoding="utf-8"), name) == equations(name)


def test_links_lead_to_files() -> None:
    count, broken = broken_links(PAGE)
    assert (count >= 5, broken) == (True, [])


def test_prices_are_those_of_the_policies() -> None:
    rows = re.findall(r"^\| price of (.*?) \| (.*?) MAD", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {price for _, cell in rows for price in cell.split("; ")}
    prices = (*gst.WorkforcePolicy().prices.values(), *gst.SharedTimePolicy().prices.values())
    assert shown == {f"{price:,.0f}" for price in prices if price != 1.0}


if __name__ == "__main__":
    write_equations(PAGE, QUESTIONS)

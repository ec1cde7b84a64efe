"""docs/grouping.md: its block runs, its excerpt is what it prints, its equations are those of the code.

``python -m tests.grouping_plan.test_page`` writes the equations into the page again.
"""

import re

from gst_opt.grouping_plan.policy import GroupingPolicy
from tests.page import DOCS, broken_links, equations, folded, missing, write_equations

PAGE = DOCS / "grouping.md"


def test_examples_print_what_is_shown() -> None:
    for code, lines in missing(PAGE):
        assert lines == [], code


def test_equations_are_those_of_the_code() -> None:
    assert folded(PAGE.read_text(encoding="utf-8"), "grouping_plan") == equations("grouping_plan")


def test_links_lead_to_files() -> None:
    assert broken_links(PAGE) == (3, [])


def test_defaults_are_those_of_the_policy() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d,.]+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 5
    for field, shown in rows:
        assert float(shown.replace(",", "")) == getattr(GroupingPolicy(), field), field


if __name__ == "__main__":
    write_equations(PAGE, ("grouping_plan",))

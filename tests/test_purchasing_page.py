"""docs/purchasing.md: its blocks run and print its excerpts, its figures and equations are those of data and code.

``python -m tests.test_purchasing_page`` writes the equations into the page again.
"""

import re

import pytest

import gst_opt as gst
from gst_opt.core.catalogue import BuyingLevel
from tests.page import DOCS, broken_links, equations, folded, missing, write_equations

PAGE = DOCS / "purchasing.md"
QUESTIONS = ("awards", "calloffs", "distribution")
POLICIES = (gst.AwardPolicy(), gst.CallOffPolicy(), gst.DistributionPolicy())


def test_examples_print_what_is_shown() -> None:
    for code, lines in missing(PAGE):
        assert lines == [], code


@pytest.mark.parametrize("name", QUESTIONS)
def test_equations_are_those_of_the_code(name: str) -> None:
    assert folded(PAGE.read_text(encoding="utf-8"), name) == equations(name)


def test_links_lead_to_files() -> None:
    count, broken = broken_links(PAGE)
    assert (count >= 3, broken) == (True, [])


def test_defaults_are_those_of_the_policies() -> None:
    """The first figure of the second column of each row with a field between ticks is that field's default."""
    rows = re.findall(r"^\| [^|]*`(\w+)`[^|]*\| ([\d,.]+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 9
    for field, shown in rows:
        values = {getattr(policy, field) for policy in POLICIES if field in type(policy).model_fields}
        assert values == {float(shown.replace(",", ""))}, field


def test_the_sample_is_as_large_as_it_says() -> None:
    tanger = gst.load_sample("tanger")
    needs, tenders = tanger.catalogue.needs, tanger.tenders
    regional = sum(need.level is BuyingLevel.REGIONAL for need in needs)
    told = (
        f"{regional} needs that the region buys",
        f"and {len(needs) - regional} that others buy, {len(tanger.catalogue.product_references):,} references, "
        f"{len(tenders.suppliers)} coded suppliers, "
        f"{sum(one.small_firm for one in tenders.suppliers)} of them small and "
        f"{sum(not one.resident for one in tenders.suppliers)} not resident, {len(tenders.offers):,} offers, "
        f"{len(tenders.lots)} lots, of which {sum(lot.max_awards > 1 for lot in tenders.lots)} may be awarded to two",
    )
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert [one for one in told if one not in text] == []


if __name__ == "__main__":
    write_equations(PAGE, QUESTIONS)

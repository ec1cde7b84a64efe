"""Tables as aligned text."""

from gst_opt.model.problem import PlanTable
from gst_opt.report.tables import text_table
from gst_opt.text import Lang
from gst_opt.text.words import figure, percent


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert figure(1234.56, Lang.EN, 1) == "1,234.6"
    assert figure(1234.56, Lang.FR, 1) == "1\u00a0234,6"
    assert percent(0.5, Lang.FR, 2) == "50,00\u00a0%"


def test_a_figure_that_rounds_to_nothing_has_no_sign() -> None:
    assert figure(-0.001, Lang.EN, 1) == "0.0"
    assert figure(-10.0, Lang.EN) == "-10"


def test_table_aligns_wraps_titles_and_marks_what_is_missing() -> None:
    table = PlanTable(
        name="t",
        columns=("province", "need", "heads_planned", "share_today", "gap"),
        rows=(("Al Hoceima", 1386.83, 12, 0.826, 0.0), ("Z\x1b[31m", 5.0, 1234, None, None)),
    )
    assert text_table(table, Lang.EN).splitlines() == [
        "               Need    Staff  Covered",
        "Province      (FTE)  planned    today     Gap",
        "----------  -------  -------  -------  ------",
        "Al Hoceima  1,386.8       12    82.6%  0.000%",
        "Z?[31m          5.0    1,234        -       -",
    ]


def test_professions_are_named_in_the_language_of_the_report() -> None:
    table = PlanTable(name="t", columns=("profession", "heads"), rows=(("nurse", 3), ("astronaut", 1)))
    assert [line.split()[0] for line in text_table(table, Lang.FR).splitlines()[-2:]] == ["Infirmiers", "astronaut"]
    assert [line.split()[0] for line in text_table(table, Lang.EN).splitlines()[-2:]] == ["Nurses", "astronaut"]

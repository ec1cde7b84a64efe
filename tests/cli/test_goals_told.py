"""Goals as one table: what is compared on one row, a weighted sum above its terms."""

from dataclasses import replace

import gst_opt as gst
from gst_opt.pillars.staff.redeployment.problem import Equity, EquityKind
from gst_opt.report.goals import goals_table, worst_first_note

GROUPING = gst.load_sample("two_towns")


def solved(policy: gst.RedeploymentPolicy) -> gst.Result[gst.RedeploymentPlan]:
    return gst.solve(gst.RedeploymentProblem.of(GROUPING, policy))


def names(result: gst.Result[gst.RedeploymentPlan], lang: gst.Lang = gst.Lang.EN) -> list[object]:
    return [row[0] for row in goals_table(result, lang).rows]


def test_rounds_are_one_row_with_the_figures_of_the_first_and_the_largest_gap() -> None:
    """Two provinces are two rounds: 20.0% of the worst is uncovered today, 6.1% with the plan."""
    result = solved(gst.RedeploymentPolicy())
    first, second, *others = result.stages
    loose = replace(result, stages=(first, second.replace(bound=0.0), *others))
    row = goals_table(loose, gst.Lang.EN).rows[0]
    assert row[0] == "Uncovered shares of the provinces, worst first"
    assert [round(float(cell or 0), 1) for cell in row[2:5]] == [20.0, 6.1, 6.1]
    assert row[5] == loose.stages[1].gap > 0
    assert "in 2 rounds" in " ".join(" ".join(worst_first_note(loose, gst.Lang.EN)).split())


def test_a_round_alone_says_what_it_is() -> None:
    """The mean of the two worst of two provinces is that of all of them."""
    for kind, said in ((EquityKind.MAX_MIN, "the worst"), (EquityKind.WORST_MEAN, "sum")):
        result = solved(gst.RedeploymentPolicy(equity=Equity(kind=kind)))
        assert names(result)[0] == f"Uncovered shares of the provinces, {said}"
        assert list(worst_first_note(result, gst.Lang.EN)) == []


def test_a_weighted_sum_stands_above_its_terms_with_their_weights() -> None:
    """By hand: 2 FTE stay uncovered and 6 heads move."""
    goals = gst.weighted(("uncovered", 1000.0), ("moves", 1.0))
    table = goals_table(solved(gst.RedeploymentPolicy(goals=goals)), gst.Lang.EN)
    assert [(row[0], row[3]) for row in table.rows] == [
        ("Weighted sum", 2006.0),
        ("  Uncovered need, at 1,000 a unit", 2.0),
        ("  Staff moved", 6.0),
    ]
    assert [row[4] is None for row in table.rows] == [False, True, True]


def test_french() -> None:
    assert (
        names(solved(gst.RedeploymentPolicy()), gst.Lang.FR)[0] == "Parts non couvertes des provinces, la pire d'abord"
    )

"""Two results side by side, saved and read back, in both languages and on the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import gst_opt as gst
from gst_opt.api import PILLARS
from gst_opt.core.errors import GstOptError
from gst_opt.core.grouping import Grouping
from gst_opt.grouping_plan.plan import GroupingPlan
from gst_opt.io.results import PLAN_FILE, write_result
from gst_opt.io.saved import read_result, read_results
from gst_opt.report.comparison import comparison_text
from tests.cli.run import invoke
from tests.staff.toys import triangle

Moves = gst.Result[gst.RedeploymentPlan]


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return gst.load_sample("two_towns")


@pytest.fixture(scope="module")
def near(towns: Grouping) -> Moves:
    return gst.solve(gst.RedeploymentProblem.of(towns, gst.RedeploymentPolicy(max_travel=20)))


@pytest.fixture(scope="module")
def far(towns: Grouping) -> Moves:
    return gst.solve(gst.RedeploymentProblem.of(towns, gst.RedeploymentPolicy(max_travel=45)))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, near: Moves, far: Moves) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("saved")
    for name, result in (("near", near), ("far", far)):
        write_result(result, folder / name, {})
    return folder / "near", folder / "far"


def test_within_45_minutes_against_20(near: Moves, far: Moves) -> None:
    """42 and 46 of 48 FTE; 2 moves of 10 minutes in all, 6 of 133 (`two_towns`)."""
    found = gst.compare(near, far)
    terms = {term.name: (term.first, term.second, term.difference) for term in found.terms}
    assert terms["uncovered"] == (6, 2, -4)
    assert terms["travel"] == (10, 133, 123)
    assert [goal.name for goal in found.goals] == [stage.goal for stage in far.stages]
    assert not found.same
    assert gst.compare(far, far).same
    assert "Uncovered need (FTE): 6.00 -> 2.00 (-4.00)" in str(found)
    assert "Agents déplacés (agents) : 2,00 -> 6,00 (+4,00)" in found.text(gst.Lang.FR)
    goals, shown = found.tables()
    assert shown.rows[0] == ("uncovered", "FTE", 6, 2, -4)
    assert len(goals.rows) == len(far.stages)


def test_results_of_two_questions_are_not_compared(towns: Grouping, far: Moves) -> None:
    other = gst.solve(gst.SharedTimeProblem.of(towns))
    with pytest.raises(GstOptError, match="RedeploymentProblem and SharedTimeProblem"):
        gst.compare(far, other)


@pytest.mark.parametrize("question", PILLARS, ids=lambda question: str(question.name))
def test_a_result_of_every_question_is_read_back_as_it_was(tmp_path: Path, question: object, towns: Grouping) -> None:
    result = gst.solve(next(one for one in PILLARS if one is question).of(towns))
    write_result(result, tmp_path / "it", {})
    assert read_result(tmp_path / "it") == result


def test_a_result_without_a_plan_is_read_back(tmp_path: Path) -> None:
    pin = gst.MovePin(kind=gst.PinKind.AT_LEAST, value=3, host="far", reason="three at far, with one to spare")
    result = gst.solve(triangle(pin))
    assert result.plan is None
    assert result.conflict is not None
    write_result(result, tmp_path, {})
    assert read_result(tmp_path) == result


def test_what_is_no_result_is_said(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    with pytest.raises(GstOptError, match="no result to read"):
        read_result(tmp_path / "nowhere")
    for number, content in enumerate(("{", "[]", "{}", json.dumps({"provenance": {}}))):
        file = tmp_path / f"{number}.json"
        file.write_text(content, encoding="utf-8")
        with pytest.raises(GstOptError, match="not a result of this version"):
            read_result(file)
    saved = json.loads((folders[0] / PLAN_FILE).read_text(encoding="utf-8"))
    saved["plan"]["moves"][0]["heads"] = -1
    (tmp_path / "spoilt.json").write_text(json.dumps(saved), encoding="utf-8")
    with pytest.raises(GstOptError, match="not a result of this version"):
        read_result(tmp_path / "spoilt.json")


def test_folders_of_several_results_are_compared_question_by_question(
    tmp_path: Path, near: Moves, far: Moves, towns: Grouping
) -> None:
    shared = gst.solve(gst.SharedTimeProblem.of(towns))
    write_result(near, tmp_path / "a" / "redeployment", {})
    write_result(shared, tmp_path / "a" / "shared_time", {})
    write_result(far, tmp_path / "b" / "redeployment", {})
    assert len(read_results(tmp_path / "a")) == 2
    told = comparison_text(tmp_path / "a", tmp_path / "b", towns, gst.Lang.EN)
    assert told.count("first Optimal (gap 0.00%); second Optimal (gap 0.00%)") == 1
    write_result(shared, tmp_path / "c", {})
    with pytest.raises(GstOptError, match="no result of the same question"):
        comparison_text(tmp_path / "b", tmp_path / "c", None, gst.Lang.EN)


def test_indicators_side_by_side(folders: tuple[Path, Path], towns: Grouping) -> None:
    """Need of staff covered: 83.3 % today, 42 of 48 within 20 minutes, 46 within 45."""
    lines = comparison_text(*folders, towns, gst.Lang.EN).splitlines()
    (covered,) = (line.split() for line in lines if line.startswith("Need of staff covered"))
    assert covered[-4:] == ["83.33", "87.50", "95.83", "-"]
    assert not any(line.startswith("Needs of care met") for line in lines)


def test_the_parts_of_a_plan_of_the_grouping_are_compared(tmp_path: Path, towns: Grouping, far: Moves) -> None:
    """A saved plan of the whole grouping counts as its parts: its moves are those of the staff plan."""
    whole = gst.Result(
        status=far.status,
        stop=far.stop,
        plan=GroupingPlan(staff=far.require()),
        stages=far.stages,
        terms=far.terms,
        violations=(),
        provenance=far.provenance.replace(question="GroupingProblem"),
    )
    write_result(whole, tmp_path, {})
    lines = comparison_text(tmp_path, tmp_path, towns, gst.Lang.EN).splitlines()
    (moved,) = (line.split() for line in lines if line.startswith("Staff moved  "))
    assert moved[-4:] == ["0.00", "6.00", "6.00", "-"]


def test_the_command(folders: tuple[Path, Path]) -> None:
    told = invoke("compare", *folders, "--data", "two_towns")
    assert told.exit_code == 0
    assert "Staff moved (heads): 2.00 -> 6.00 (+4.00)" in told.output
    assert "Need of staff covered" in told.output
    french = invoke("compare", *folders, "--lang", "fr")
    assert "Les données ou la politique diffèrent." in french.output
    missing = invoke("compare", folders[0], "nowhere")
    assert missing.exit_code == 2
    assert "There is no result to read" in missing.output


def test_the_gap_of_each_is_said_beside_what_it_holds(towns: Grouping, near: Moves, far: Moves) -> None:
    """A difference smaller than the gaps is none that is proven."""
    unproven = replace(near, status=gst.Status.FEASIBLE, stages=(near.stages[0].replace(bound=None), *near.stages[1:]))
    found = gst.compare(unproven, far)
    assert found.gaps[0] is None
    assert found.gaps[1] == pytest.approx(0, abs=1e-6)
    assert "first Feasible (gap not proven); second Optimal (gap 0.00%)" in str(found)

"""`gst-opt plan --only support`: the story in both languages."""

from pathlib import Path

import pytest

import gst_opt as gst
from gst_opt.model.problem import PinKind
from gst_opt.report.summary import result_text
from gst_opt.text import Lang
from tests.cli.run import invoke, words


def told(lang: Lang, **policy: object) -> str:
    grouping = gst.load_sample("two_towns")
    problem = gst.HubProblem.of(grouping, gst.HubPolicy.model_validate(policy))
    return words(result_text(grouping, problem, gst.solve(problem), lang))


def test_the_plan_is_told_with_names_and_written_as_tables(tmp_path: Path) -> None:
    run = invoke("plan", "two_towns", "--only", "support", "--out", tmp_path)
    assert run.exit_code == 0, run.stderr
    story = words(run.stdout)
    assert "Saving: 425,000 MAD (5.0%)" in story
    assert "Laundry Hospital of North 60,000 50,000 2" in story
    assert "2 changes of hub at 2 facilities, from 2026-01 to 2026-01." in story
    names = {path.stem for path in tmp_path.rglob("*.csv")}
    assert {"spending", "hubs", "migrations", "staff", "assignments"} <= names


def test_the_plan_is_told_in_french() -> None:
    story = told(Lang.FR)
    assert "Économie : 425 000 MAD (5,0 %)".replace(" ", "") in story.replace(" ", "").replace("\u202f", "").replace(
        "\xa0", ""
    )
    assert "1 sur 4 : aucun pôle n'est assez proche" in story


def test_nothing_pooled_is_told_with_the_decision_behind_it() -> None:
    stay = gst.HubPin(kind=PinKind.KEEP, as_today=True, reason="no works before 2031")
    story = told(Lang.EN, pins=(stay,))
    assert "Nothing changes: every facility goes on as today." in story
    assert "no works before 2031" in story
    assert "Saving: 0 MAD (0.0%)" in story


@pytest.mark.parametrize("lang", Lang)
def test_a_grouping_without_support_functions_is_told_so(lang: Lang) -> None:
    grouping = gst.load_sample("two_towns").replace(support={}, sources=())
    problem = gst.HubProblem.of(grouping)
    story = words(result_text(grouping, problem, gst.solve(problem), lang))
    assert ("nothing to pool" if lang is Lang.EN else "rien à mettre en commun") in story

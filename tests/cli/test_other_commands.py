"""`gst-opt check`, `samples`, `doctor`, and the language that they speak."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gst_opt as gst
from gst_opt.cli import command_line, spoken_here
from gst_opt.text import Lang
from tests.cli.run import invoke, words


def test_check_says_that_all_is_well_and_what_the_data_is_worth(tmp_path: Path) -> None:
    gst.write_folder(gst.load_sample("two_towns"), tmp_path)
    run = invoke("check", tmp_path)
    assert run.exit_code == 0
    assert run.stdout.startswith("No problem found. Two towns: establishments 4,")
    assert "synthetic (staff," in words(run.stdout)
    assert "Journeys between facilities: by road 100.0%." in run.stdout


def test_check_warns_of_roads_that_were_forgotten(tmp_path: Path) -> None:
    """The folder is good, but no journey can be computed: a plan from it would find no move."""
    gst.write_folder(gst.load_sample("two_towns"), tmp_path)
    (tmp_path / "roads.csv").unlink()
    (tmp_path / "sources.csv").unlink()
    run = invoke("check", tmp_path)
    assert run.exit_code == 0
    assert "Beware: 12 of 12 journeys between facilities cannot be computed" in words(run.stdout)
    assert "(synthetic)" not in run.stdout


def test_check_of_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    run = invoke("check", tmp_path / "nowhere", "--lang", "fr")
    assert run.exit_code == 2
    assert "problèmes : 1" in run.stdout


def test_samples_are_listed_with_their_sizes() -> None:
    lines = invoke("samples").stdout.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["tanger", "province", "two_towns"]
    assert "319" in lines[2]


def test_doctor_names_the_versions_and_passes() -> None:
    run = invoke("doctor")
    assert run.exit_code == 0
    for package in ("python", "gst_opt", "highspy", "pyomo", "numpy", "scipy", "networkx", "pydantic"):
        assert f"{package} " in run.stdout
    assert "Self test: ok" in run.stdout


def test_doctor_writes_seconds_as_the_language_does() -> None:
    assert re.search(r"Essai : réussi \([0-9]+,[0-9] s\)", invoke("doctor", "--lang", "fr").stdout)


def test_doctor_fails_when_the_plan_is_not_the_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = gst.solve(gst.RedeploymentProblem.of(gst.load_sample("two_towns"), gst.RedeploymentPolicy(max_travel=0.0)))
    monkeypatch.setattr(gst, "solve", lambda *_: wrong)
    run = invoke("doctor")
    assert run.exit_code == 1
    assert "Self test: failed" in run.stdout


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "fr_FR.UTF-8"}, Lang.FR),
        ({"LANG": "fr_MA"}, Lang.FR),
        ({"LANG": "ar_MA.UTF-8"}, Lang.EN),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, Lang.EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, Lang.FR),
        ({}, Lang.EN),
    ],
)
def test_language_of_the_terminal(environment: dict[str, str], lang: Lang, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert spoken_here() is lang


def test_help_speaks_the_language_of_the_terminal() -> None:
    shown = CliRunner().invoke(command_line(Lang.FR), ["plan", "--help"]).stdout
    assert "Dossier des résultats" in shown
    assert "Folder for the results" in invoke("plan", "--help").stdout

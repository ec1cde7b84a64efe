"""`gst-opt plan`: what it prints, what it writes, how it leaves."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

import gst_opt as gst
from gst_opt import api
from gst_opt.core.errors import SolverError
from gst_opt.solve.belief import Attempt, Refusal
from gst_opt.text import Message
from tests.cli.run import invoke, words

STAFF = ("--only", "redeployment")
"""Who moves, asked by itself: counted by hand, and quick."""

TABLES = [
    f"{name}.csv"
    for name in (
        "moves",
        "fills",
        "premiums",
        "provinces",
        "establishments",
        "facilities",
        "skills",
        "teams",
        "fairness",
        "unmet",
    )
]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_two_towns_is_planned_written_and_told(tmp_path: Path) -> None:
    """By hand: 8 FTE are uncovered today, 6 heads can help, 2 FTE stay uncovered, both in North (2 of 33)."""
    run = invoke("plan", "two_towns", *STAFF, "--out", tmp_path)
    assert run.exit_code == 0
    content = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert list(content) == [
        "status",
        "stop",
        "objective",
        "bound",
        "gap",
        "checked",
        "terms",
        "stages",
        "violations",
        "conflict",
        "provenance",
        "tables",
        "plan",
    ]
    assert (content["status"], content["stop"], content["checked"]) == ("optimal", "proof", True)
    assert (content["objective"], content["bound"]) == pytest.approx((2 / 33, 2 / 33))
    assert content["gap"] == pytest.approx(0.0)
    assert content["terms"][0]["planned"] == 2.0
    assert sum(move["heads"] for move in content["plan"]["moves"]) == 6
    assert content["tables"] == TABLES
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([*TABLES, "plan.json", "summary.txt"])
    assert (tmp_path / "summary.txt").read_text(encoding="utf-8") == run.stdout
    assert "Need covered today, without moves: 83.3%; with the plan: 95.8% (6.0 FTE more)." in run.stdout
    assert "Hospital of North" in run.stdout
    assert "no other does better" in run.stdout


def test_csv_opens_in_a_spreadsheet_and_numbers_stay_numbers(tmp_path: Path) -> None:
    invoke("plan", "two_towns", *STAFF, "--out", tmp_path)
    assert (
        (tmp_path / "moves.csv")
        .read_bytes()
        .startswith(
            b"\xef\xbb\xbforigin,origin_name,host,host_name,skill,skill_name,"
            b"kind,heads,minutes,km,premium,needs_approval\n"
        )
    )
    moves = rows(tmp_path / "moves.csv")
    assert sum(int(row["heads"]) for row in moves) == 6
    assert all(float(row["minutes"]) <= 60 for row in moves)


def test_csv_names_beside_ids_in_the_language_asked_for_and_no_row_of_totals(tmp_path: Path) -> None:
    grouping = gst.load_sample("two_towns")
    names = {facility.id: facility.name for facility in grouping.region.facilities}
    for lang in gst.Lang:
        assert invoke("plan", "two_towns", *STAFF, "--out", tmp_path, "--lang", lang).exit_code == 0
        skills = {
            skill.id: skill.name_fr if lang is gst.Lang.FR else skill.name_en for skill in grouping.workforce.skills
        }
        for move in rows(tmp_path / "moves.csv"):
            assert move["origin_name"] == names[move["origin"]]
            assert move["host_name"] == names[move["host"]]
            assert move["skill_name"] == skills[move["skill"]]
        assert {row["skill"]: row["skill_name"] for row in rows(tmp_path / "skills.csv")} == skills
        establishments = rows(tmp_path / "establishments.csv")
        assert {row["establishment"]: row["establishment_name"] for row in establishments} == names
    assert sum(int(row["heads_today"]) for row in rows(tmp_path / "provinces.csv")) == 46
    assert "names" not in json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))


def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(tmp_path: Path) -> None:
    data = tmp_path / "data"
    gst.write_folder(gst.load_sample("two_towns"), data)
    for name in ("facilities.csv", "zones.csv"):
        table = rows(data / name)
        with (data / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(table[0]))
            writer.writeheader()
            writer.writerows(row | {"province": row["province"].replace("North", "'=1+1")} for row in table)
    assert invoke("plan", data, *STAFF, "--out", tmp_path / "out").exit_code == 0
    assert [row["province"] for row in rows(tmp_path / "out" / "provinces.csv")] == ["'=1+1", "South"]


def test_several_questions_have_a_folder_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = api.PILLARS[0]
    monkeypatch.setattr(api, "PILLARS", (question, replace(question, package="gst_opt.another")))
    run = invoke("plan", "two_towns", "--only", "staff", "--out", tmp_path)
    assert run.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["another", "redeployment", "summary.txt"]
    assert run.stdout.count("STAFF REDEPLOYMENT") == 2
    assert (tmp_path / "another" / "plan.json").exists()


def test_french(tmp_path: Path) -> None:
    run = invoke("plan", "two_towns", *STAFF, "--out", tmp_path, "--lang", "fr")
    assert run.exit_code == 0
    assert "Besoin couvert aujourd'hui, sans mouvement : 83,3\u00a0%" in run.stdout
    assert "Plan vérifié indépendamment" in run.stdout
    assert "habitants 60\u00a0000" in run.stdout


@pytest.mark.parametrize(
    ("sample", "sizes", "gained"),
    [
        ("province", "establishments 46, sites 46 (outside the grouping: 2), provinces 2, inhabitants 611,928", 50),
        pytest.param(
            "tanger",
            "establishments 318, sites 319 (outside the grouping: 5), provinces 8, inhabitants 4,030,222",
            250,
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_whole_sample_covers_more_and_proves_it(sample: str, sizes: str, gained: float, tmp_path: Path) -> None:
    """Of the FTE of need, 55.2 more are covered in the province and 291.1 in Tanger; the worst-off province gains."""
    run = invoke("plan", sample, *STAFF, "--out", tmp_path)
    assert run.exit_code == 0
    content = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert content["gap"] <= 1e-4
    assert content["objective"] < content["stages"][0]["today"]
    assert len({team["skill"] for team in content["plan"]["teams"] if team["need"] > team["heads_today"]}) >= 40
    provinces = rows(tmp_path / "provinces.csv")
    today, planned = (sum(float(row[f"covered_{when}"]) for row in provinces) for when in ("today", "planned"))
    assert planned > today + gained
    assert min(float(row["share_planned"]) for row in provinces) > min(float(row["share_today"]) for row in provinces)
    assert "synthetic (staff," in words(run.stdout)
    assert sizes in words(run.stdout)
    for province in provinces:
        assert province["province"] in run.stdout


def test_a_premium_budget_is_kept_and_told(tmp_path: Path) -> None:
    """Without one, 216,000 MAD a year are paid."""
    run = invoke("plan", "province", *STAFF, "--premium-budget", "100000", "--out", tmp_path)
    assert run.exit_code == 0
    assert 0 < sum(float(row["premium"]) for row in rows(tmp_path / "moves.csv")) <= 100_000
    assert "MAD a year, of a budget of 100,000." in words(run.stdout)


def test_every_question_of_staff_takes_the_limits_that_it_knows(tmp_path: Path) -> None:
    """Nobody moves and nothing is lent where no journey is allowed."""
    only = "redeployment,workforce_planning,shared_time"
    run = invoke("plan", "two_towns", "--only", only, "--radius", "0", "--premium-budget", "0", "--out", tmp_path)
    assert run.exit_code == 0
    assert rows(tmp_path / "redeployment" / "moves.csv") == []
    assert rows(tmp_path / "workforce_planning" / "planned_moves.csv") == []
    assert rows(tmp_path / "shared_time" / "agreements.csv") == []
    assert [run.stdout.count(title) for title in ("STAFF REDEPLOYMENT", "WORKFORCE OF THE", "SHARED TIME")] == [1, 1, 1]


def test_radius_0_moves_nobody_and_leaves_coverage_as_it_is(tmp_path: Path) -> None:
    run = invoke("plan", "two_towns", *STAFF, "--radius", "0", "--out", tmp_path)
    assert run.exit_code == 0
    assert rows(tmp_path / "moves.csv") == []
    for row in rows(tmp_path / "provinces.csv"):
        assert row["share_planned"] == row["share_today"]
        assert row["heads_planned"] == row["heads_today"]
    assert "No move helps" in run.stdout


def test_without_time_it_says_that_nothing_is_proven(tmp_path: Path) -> None:
    run = invoke("plan", "province", *STAFF, "--seconds", "0", "--out", tmp_path)
    assert run.exit_code == 0
    assert "Feasible (time limit)" in run.stdout
    assert "The plan holds no move" in run.stdout
    assert "far from proven good" in words(run.stdout)
    assert "run it again with more time" in run.stdout


def test_default_folder_is_named_after_the_grouping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("plan", "two_towns", "--only", "staff").exit_code == 0
    assert (tmp_path / "out" / "two_towns" / "plan.json").exists()


def test_a_folder_and_a_json_file_give_the_plan_of_the_sample(tmp_path: Path) -> None:
    grouping = gst.load_sample("two_towns")
    gst.write_folder(grouping, tmp_path / "data")
    gst.write_json(grouping, tmp_path / "data.json")
    plans = []
    for source in ("two_towns", tmp_path / "data", tmp_path / "data.json"):
        assert invoke("plan", source, *STAFF, "--out", tmp_path / "out").exit_code == 0
        plans.append(json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["plan"])
    assert plans[0] == plans[1] == plans[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "No sample is called «nowhere»; there are: tanger, province, two_towns"),
        (["two_towns", "--gap", "nan"], "--gap: a number of at least 0 is expected, not nan"),
        (["two_towns", "--gap", "-0.1"], "--gap"),
        (["two_towns", "--seconds", "-1"], "--seconds: a number of at least 0 is expected, not -1.0"),
        (["two_towns", "--seconds", "inf"], "--seconds"),
        (["two_towns", "--budget", "-1"], "--budget"),
        (["two_towns", "--radius", "-5"], "--radius"),
        (["two_towns", "--premium-budget", "-5"], "--premium-budget"),
        (["two_towns", "--only", "staff,beds"], "--only: unknown questions or pillars «beds»; there are: awards"),
        (["two_towns", "--only", ","], "--only"),
        (["two_towns", "--lang", "de"], "de"),
        (["two_towns", "--gap", "small"], "--gap"),
        ([], "SAMPLE|FOLDER"),
    ],
)
def test_bad_input_is_said_and_exits_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = invoke("plan", *arguments)
    assert run.exit_code == 2
    assert said in run.stderr
    assert run.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_exits_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = invoke("plan", "two_towns", *STAFF, "--out", tmp_path / "file" / "inside")
    assert run.exit_code == 2
    assert "Cannot write" in run.stderr


def test_results_never_overwrite_a_grouping(tmp_path: Path) -> None:
    gst.write_folder(gst.load_sample("two_towns"), tmp_path)
    before = (tmp_path / "skills.csv").read_bytes()
    run = invoke("plan", tmp_path, *STAFF, "--out", tmp_path)
    assert run.exit_code == 2
    assert "--out" in run.stderr
    assert (tmp_path / "skills.csv").read_bytes() == before


def test_every_problem_of_a_broken_folder_is_listed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    gst.write_folder(gst.load_sample("two_towns"), data)
    staff = data / "staff.csv"
    staff.write_text(
        staff.read_text(encoding="utf-8") + "nowhere,doctor,1,0\ncsu-north,midwife,-2,0\n", encoding="utf-8"
    )
    (data / "beds.csv").write_text("id\n1\n")
    for arguments in (("check", data), ("plan", data, *STAFF, "--out", tmp_path / "out")):
        run = invoke(*arguments)
        assert run.exit_code == 2
        for piece in ("problems: 3", "«nowhere»", "«-2»", "beds.csv"):
            assert piece in run.output
    assert not (tmp_path / "out").exists()


def test_no_plan_exits_1_and_removes_the_tables_of_the_plan_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("plan", "two_towns", *STAFF, "--out", tmp_path).exit_code == 0
    (tmp_path / "notes.csv").write_text("mine")
    (tmp_path / "moves.csv").unlink()
    pin = gst.MovePin(kind=gst.PinKind.AT_LEAST, value=100, reason="more heads than there are")
    policy = gst.RedeploymentPolicy(pins=(pin,))
    without_plan = gst.solve(gst.RedeploymentProblem.of(gst.load_sample("two_towns"), policy))
    monkeypatch.setattr(gst, "solve", lambda *_: without_plan)
    run = invoke("plan", "two_towns", *STAFF, "--out", tmp_path)
    assert run.exit_code == 1
    assert "No plan. Infeasible" in run.stdout
    assert "at least 100 is asked, 6 is possible" in run.stdout
    assert sorted(file.name for file in tmp_path.iterdir()) == ["notes.csv", "plan.json", "summary.txt"]
    content = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert (content["status"], content["plan"], content["gap"], content["checked"]) == ("infeasible", None, None, False)
    assert content["conflict"]["rules"]


@pytest.mark.parametrize("has_plan", [True, False])
def test_a_solver_that_failed_exits_1_and_says_why(
    has_plan: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = gst.solve(gst.RedeploymentProblem.of(gst.load_sample("two_towns")))
    attempts = (Attempt(options="", status="died", refused=Refusal.DIED),) * 2
    failed = replace(
        solved,
        status=gst.Status.FEASIBLE if has_plan else gst.Status.UNKNOWN,
        stop=gst.Stop.FAULT,
        plan=solved.plan if has_plan else None,
        provenance=solved.provenance.replace(attempts=attempts),
    )
    monkeypatch.setattr(gst, "solve", lambda *_: failed)
    run = invoke("plan", "two_towns", *STAFF, "--out", tmp_path)
    assert run.exit_code == 1
    assert "The solver failed before it was done" in run.stdout
    assert "- died: its process ended without an answer (2 times)" in run.stdout
    assert (tmp_path / "moves.csv").exists() == has_plan
    assert (tmp_path / "plan.json").exists()


def test_a_fault_that_the_proof_survived_is_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solved = gst.solve(gst.RedeploymentProblem.of(gst.load_sample("two_towns")))
    monkeypatch.setattr(gst, "solve", lambda *_: replace(solved, stop=gst.Stop.FAULT))
    assert invoke("plan", "two_towns", *STAFF, "--out", tmp_path).exit_code == 0


def test_interrupted_without_a_plan_exits_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solved = gst.solve(gst.RedeploymentProblem.of(gst.load_sample("two_towns")))
    cut = replace(solved, status=gst.Status.UNKNOWN, stop=gst.Stop.INTERRUPT, plan=None, stages=(), terms=())
    monkeypatch.setattr(gst, "solve", lambda *_: cut)
    assert invoke("plan", "two_towns", *STAFF, "--out", tmp_path).exit_code == 130


def test_without_norms_it_says_that_there_is_no_need(tmp_path: Path) -> None:
    data = tmp_path / "data"
    gst.write_folder(gst.load_sample("two_towns"), data)
    (data / "staffing_norms.csv").unlink()
    (data / "sources.csv").unlink()
    run = invoke("plan", data, *STAFF, "--out", tmp_path / "out")
    assert run.exit_code == 0
    assert "there is nothing to cover" in run.stdout
    assert rows(tmp_path / "out" / "moves.csv") == []


def test_a_solver_that_does_not_run_is_no_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise SolverError(Message("solve.not_linear", {"row": "posts"}))

    monkeypatch.setattr(gst, "solve", fails)
    run = invoke("plan", "two_towns", *STAFF, "--out", tmp_path)
    assert run.exit_code == 1
    assert run.stderr == "The constraint posts is not linear\n"
    assert list(tmp_path.iterdir()) == []

"""`gst-opt plan` without `--only`: the grouping plan, its parts with their gaps and targets, in both languages."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import gst_opt as gst
from gst_opt.analysis.parts import PartProof
from gst_opt.cli import planning
from gst_opt.core.time import Grain, Horizon
from gst_opt.report.grouping_plan import parts_text
from gst_opt.report.summary import result_text, stories_beside
from gst_opt.text import Lang
from tests.cli.run import invoke, words


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Plan the two towns within a budget; return the folder and what is printed."""
    folder = tmp_path_factory.mktemp("joint")
    run = invoke("plan", "two_towns", "--budget", "4000000", "--gap", "1e-6", "--out", folder)
    assert run.exit_code == 0, run.stderr
    return folder, run.stdout


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_is_the_plan_of_all_parts(planned: tuple[Path, str]) -> None:
    folder, _ = planned
    content = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert content["provenance"]["question"] == "GroupingProblem"
    assert (content["status"], content["checked"]) == ("optimal", True)
    assert all(content["plan"][part] for part in ("location", "staff", "awards", "support"))
    assert {f"{name}.csv" for name in ("ties", "spending", "transfers", "board", "board_groups", "parts")} <= set(
        content["tables"]
    )
    assert {"location_served.csv", "staff_moves.csv", "awards_orders.csv", "support_hubs.csv"} <= set(content["tables"])


def test_every_part_has_its_gap_and_its_target(planned: tuple[Path, str]) -> None:
    folder, printed = planned
    rows = table(folder / "parts.csv")
    assert [row["part"] for row in rows] == ["location", "staff", "awards", "support"]
    content = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert sum(float(row["planned"]) for row in rows) == pytest.approx(content["objective"])
    assert {float(row["gap_asked"]) for row in rows} == {1e-6}
    assert max(float(row["gap"]) for row in rows) <= 1e-5
    for part in ("platforms and beds", "staff", "purchases", "support functions"):
        assert f"\n{part} " in printed
    assert "the others staying as they are" in words(printed)
    assert "The target is not proven" not in printed


def test_the_budget_adds_up_and_what_is_left_is_said(planned: tuple[Path, str]) -> None:
    folder, printed = planned
    spent = sum(float(row["mad"]) for row in table(folder / "spending.csv"))
    assert f"Budget of 2026: {spent:,.0f} MAD spent of 4,000,000" in words(printed)
    assert f"budget: {4e6 - spent:,.0f} MAD are left" in printed
    assert "what is paid once counts by its annuity over 10 years" in words(printed)


def test_what_it_costs_over_five_years_and_who_pays_is_told(planned: tuple[Path, str]) -> None:
    """The accounts of the same plan, under each of the four fundings of the data."""
    folder, printed = planned
    towns = gst.load_sample("two_towns")
    plans = gst.Plans.of(gst.read_result(folder).require())
    lines = [line.split() for line in printed.splitlines()]
    for scenario in towns.finances.funding_scenarios:
        book = gst.accounts(towns, plans, scenario.id)
        result = (book.income - book.spending) / 100
        told = [*scenario.name_en.split(), *(f"{mad:,.0f}" for mad in (book.income / 100, book.spending / 100, result))]
        assert any(line[: len(told)] == told for line in lines), scenario.id
        years = {entry.year for entry in book.entries}
        for year in years:
            spent = sum(one.centimes for one in book.entries if one.side == "spending" and one.year == year) / 100
            assert [str(year), f"{spent:,.0f}"] in lines


def test_the_board_sees_indicators_with_their_targets(planned: tuple[Path, str]) -> None:
    """Access does not change in the two towns: it is in the file, with every area and establishment."""
    folder, printed = planned
    lines = [line.split() for line in printed.splitlines()]
    assert any(line[:2] == ["Health", "professionals"] and line[-4:-1] == ["0.8", "2.0", "2025"] for line in lines)
    assert "People within the time limit" not in printed
    assert any(row["indicator"].startswith("People within the time limit") for row in table(folder / "board.csv"))
    areas = {row["area"] for row in table(folder / "board_groups.csv")}
    assert {"North", "South", "rural communes", "hp-north", "hpr-south"} <= areas
    assert "Salaries stay on the State budget." in words(printed)


def test_what_moves_between_establishments_is_told(planned: tuple[Path, str]) -> None:
    folder, printed = planned
    acts = sum(float(row["given_planned"]) for row in table(folder / "transfers.csv") if row["moved"] == "acts")
    assert f"in the establishment of first contact, a year: {acts:,.0f} (0 today)" in printed
    assert "support functions of sites done by another establishment: 1 (0 today)" in printed


def test_parts_are_told_in_the_file_with_the_names_of_their_tables(planned: tuple[Path, str]) -> None:
    folder, printed = planned
    kept = (folder / "summary.txt").read_text(encoding="utf-8")
    assert kept.startswith(printed.rstrip())
    for title in ("PLATFORMS AND BEDS", "STAFF REDEPLOYMENT", "AWARDS OF THE TENDER", "Support functions\n"):
        assert title in kept
        assert title not in printed
    named = set(re.findall(r"\w+\.csv", kept))
    assert {"location_unmet.csv", "staff_establishments.csv", "awards_needs.csv"} <= named
    assert [name for name in named if not (folder / name).exists()] == []


@pytest.mark.parametrize("lang", Lang)
def test_teams_without_hours_and_needs_that_stay_short_are_named(lang: Lang) -> None:
    """The staff tie is full and a need is short where the table of ties says so."""
    grouping = gst.load_sample("two_towns")
    problem = gst.GroupingProblem.of(grouping)
    result = gst.solve(problem)
    plan = result.require()
    ties = tuple(
        tie.replace(bound=tie.used, slack=0.0, binding=True)
        if tie.subject == "nurse"
        else tie.replace(bound=tie.used / 2, slack=-tie.used / 2, binding=True)
        if tie.subject == "gloves"
        else tie
        for tie in plan.ties
    )
    story = words(result_text(grouping, problem, replace(result, plan=plan.replace(ties=ties)), lang))
    assert ("2 of 4 teams" if lang is Lang.EN else "2 équipes sur 4") in story
    assert ("but for 1 of 3 needs" if lang is Lang.EN else "sauf pour 1 besoins sur 3") in story
    assert ("50.0%" if lang is Lang.EN else "50,0 %") in story


def test_a_part_left_open_is_said() -> None:
    said = words("\n".join(parts_text((proof("location", 100.0, 90.0), proof("staff", 50.0, None)), Lang.EN)))
    assert "10.000% 1.000%" in said
    assert "The target is not proven for: platforms and beds, staff." in said


def proof(part: str, planned: float, bound: float | None) -> PartProof:
    return PartProof(part=part, today=0.0, planned=planned, bound=bound, target=0.01)


def test_the_time_is_shared_between_the_plan_and_its_parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By default 375 s and 1 %: 300 s for the plan; the parts have what is left."""
    asked: list[gst.SolveOptions] = []
    solve = gst.solve

    def noted(problem: gst.GroupingProblem, options: gst.SolveOptions) -> gst.Result[gst.GroupingPlan]:
        asked.append(options)
        return solve(problem, options)

    monkeypatch.setattr(gst, "solve", noted)
    assert invoke("plan", "two_towns", "--out", tmp_path).exit_code == 0
    assert (asked[0].gap, asked[0].seconds) == (planning.GROUPING_GAP, 0.8 * planning.GROUPING_SECONDS) == (0.01, 300)
    said = words(invoke("plan", "--help").stdout)
    assert "by default 375 for the grouping plan" in said
    assert "by default 0.01 for the grouping plan" in said


def test_limits_of_staff_hold_in_it(tmp_path: Path) -> None:
    assert invoke("plan", "two_towns", "--radius", "0", "--out", tmp_path).exit_code == 0
    assert table(tmp_path / "staff_moves.csv") == []


def test_a_grouping_with_little_data_has_a_plan(tmp_path: Path) -> None:
    """Facilities and people alone: nothing is needed, nothing is decided, and it is said."""
    towns = gst.load_sample("two_towns")
    gst.write_folder(gst.Grouping(id="bare", name="Bare", region=towns.region.replace(ward_beds=())), tmp_path / "data")
    run = invoke("plan", tmp_path / "data", "--out", tmp_path / "out")
    assert run.exit_code == 0, run.stderr
    assert "THE GROUPING PLAN" in run.stdout
    kept = words((tmp_path / "out" / "summary.txt").read_text(encoding="utf-8"))
    assert "there is nothing to cover" in kept
    assert "nothing to pool" in kept


def test_two_grouping_plans_are_compared(planned: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = planned
    assert invoke("plan", "two_towns", "--gap", "1e-6", "--out", tmp_path).exit_code == 0
    said = words(invoke("compare", folder, tmp_path, "--data", "two_towns").stdout)
    assert "Weighted sum of 29 terms (dirhams): 5,089,399.08 -> 4,912,843.13" in said
    assert "Running of platforms and beds, a year dirhams 3,293,398.44 2,193,398.44 2,493,398.44" in said
    assert "Salaries" in said


@pytest.mark.parametrize("lang", Lang)
def test_its_parts_are_told_as_answers_of_their_own(lang: Lang) -> None:
    grouping = gst.load_sample("two_towns")
    problem = gst.GroupingProblem.of(grouping)
    assert len(list(stories_beside(grouping, problem, gst.solve(problem), lang))) == 4


def test_a_calendar_of_two_years_is_refused_with_a_way_out(tmp_path: Path) -> None:
    towns = gst.load_sample("two_towns")
    longer = Horizon.of(Grain.YEAR, towns.horizon.periods[0].start, 2)
    gst.write_folder(towns.replace(horizon=longer), tmp_path / "data")
    run = invoke("plan", tmp_path / "data", "--out", tmp_path / "out")
    assert run.exit_code == 2
    assert "one by one, by gst-opt plan --only, have no such limit" in words(run.stderr)
    assert invoke("plan", tmp_path / "data", "--only", "staff", "--out", tmp_path / "out").exit_code == 0

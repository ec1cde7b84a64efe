"""The staff benchmarks: the naive model and ours answer one question; copies side by side are the region again."""

import csv
from pathlib import Path

import numpy as np
import pytest
from benchmarks.copies import side_by_side
from benchmarks.naive_moves import answer, tables
from benchmarks.staff_growth import STEPS, Row, measure, plot, write

import gst_opt as gst
from gst_opt.network import travel


def test_naive_model_reaches_the_values_of_the_library() -> None:
    grouping = gst.load_sample("two_towns")
    policy = gst.RedeploymentPolicy(max_travel=90.0, premium_budget=2_000_000.0)
    problem = gst.RedeploymentProblem.of(grouping, policy)
    naive = answer(tables(problem), gap=1e-6, seconds=60.0)
    terms = {term.name: term.planned + term.constant for term in gst.solve(problem).terms}
    assert naive.proven(1e-6) == naive.goals == len(naive.solved)
    values = {one.goal: one.value for one in naive.solved}
    assert {name: values[name] for name in ("uncovered", "travel", "moves")} == pytest.approx(
        {name: terms[name] for name in ("uncovered", "travel", "moves")}, abs=1e-3
    )


def test_naive_model_has_a_column_for_every_pair_within_the_radius() -> None:
    problem = gst.RedeploymentProblem.of(gst.load_sample("two_towns"), gst.RedeploymentPolicy(max_travel=90.0))
    data = tables(problem)
    assert all(minutes <= 90 and origin != host for (origin, host, _), minutes in data.minutes.items())
    assert {origin for origin, _, skill in data.arcs if data.heads[origin, skill] == 0} == set()
    assert set(data.arcs) >= {(move.origin, move.host, move.skill) for move in gst.solve(problem).require().moves}


def test_copies_hold_the_region_as_many_times() -> None:
    one = gst.load_sample("province")
    two = side_by_side(one, 2)
    assert len(two.region.facilities) == 2 * len(one.region.facilities)
    assert sum(row.heads for row in two.workforce.staff) == 2 * sum(row.heads for row in one.workforce.staff)
    assert sum(row.inhabitants for row in two.region.populations) == 2 * sum(
        row.inhabitants for row in one.region.populations
    )
    assert {place.province for place in two.region.facilities} == {
        "Tétouan",
        "Tétouan 1",
        "M'diq-Fnideq",
        "M'diq-Fnideq 1",
    }
    assert sum(row.posts for row in two.workforce.new_posts) == 2 * sum(row.posts for row in one.workforce.new_posts)
    assert [row.model_dump() for row in two.workforce.skills] == [row.model_dump() for row in one.workforce.skills]


def test_copies_keep_their_journeys_and_have_roads_between_them() -> None:
    one = gst.load_sample("province")
    ids = [place.id for place in one.region.facilities]
    within = travel(one.region).between(ids, ids)
    both = travel(side_by_side(one, 2).region)
    other = [f"{name}.1" for name in ids]
    assert np.allclose(both.between(ids, ids), within)
    assert np.allclose(both.between(other, other), within)
    across = both.between(ids, other)
    assert np.isfinite(across).all()
    assert across.min() > 0


def test_growth_is_measured_written_and_drawn(tmp_path: Path) -> None:
    need, moves = (next(step for step in STEPS if step.name == name) for name in ("need", "moves, coverage"))
    rows = [measure(step, "two_towns", 1, 30.0) for step in (need, moves)]
    write(rows, tmp_path / "growth.csv")
    plot(tmp_path / "growth.csv", tmp_path / "growth.svg")
    with (tmp_path / "growth.csv").open(encoding="utf-8") as file:
        assert [line["step"] for line in csv.DictReader(file)] == ["need", "moves, coverage"]
    assert rows[1].status == "optimal"
    assert rows[1].columns > 0
    assert "<svg" in (tmp_path / "growth.svg").read_text(encoding="utf-8")


def test_figures_of_the_page_are_those_of_the_benchmark() -> None:
    source = Path(__file__).parents[1] / "docs" / "figures" / "staff_growth.csv"
    with source.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert set(lines[0]) == set(Row.__dataclass_fields__)
    assert {line["step"] for line in lines} == {step.name for step in STEPS}

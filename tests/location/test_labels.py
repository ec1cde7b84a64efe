"""What a search decides together: a type of equipment or a group of wards, with the needs that it serves."""

from typing import Any

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.pillars.platforms.location.model import FORMULATION


@pytest.fixture(scope="module")
def block() -> Any:
    return FORMULATION.build(gst.LocationProblem.of(gst.load_sample("province")))


@pytest.mark.parametrize(
    "name",
    ["state_start", "state_flow", "met", "link", "session_time", "capacity", "bed_days", "contract_use", "cover"],
)
def test_a_row_of_one_type_holds_one_label(name: str, block: Any) -> None:
    rows = getattr(block, name)
    own = [rows.variables[owner].together[column] for owner, column in zip(rows.owner, rows.column, strict=True)]
    pairs = set(zip(rows.row.tolist(), own, strict=True))
    assert len(pairs) == len(rows) > 0
    assert "" not in own


def test_types_that_serve_the_same_need_are_decided_together() -> None:
    """Once a scanner may take x-rays too, both types are one label, and there is one label less."""
    problem = gst.LocationProblem.of(gst.load_sample("province"))
    apart = _labels(problem)
    assert (apart["ct"], apart["x_ray"]) == ("ct", "x_ray")
    row = next(row for row in problem.equipment.session_standards if row.equipment_type == "ct")
    standards = (*problem.equipment.session_standards, row.replace(service="x_ray"))
    together = _labels(problem.replace(equipment=problem.equipment.replace(session_standards=standards)))
    assert (together["ct"], together["x_ray"]) == ("ct", "ct")
    assert len(set(together.values())) == len(set(apart.values())) - 1


def _labels(problem: gst.LocationProblem) -> dict[str, str]:
    """Return the label of every type that a model may change."""
    step = FORMULATION.build(problem).step
    return {key[1]: label for key, label in zip(step.keys(), step.together.tolist(), strict=True)}


def test_what_ties_types_has_no_label(block: Any) -> None:
    assert block.lent.together is None
    assert block.joined.together is None
    assert np.all(block.unmet.together != "")

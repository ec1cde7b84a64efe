"""Location as a large problem is solved: block after block, a first plan that looks at money too."""

import pytest

import gst_opt as gst
from gst_opt.model.linear import Floats
from gst_opt.solve import mixed, restrict
from gst_opt.solve.blocks import Blocks

POOR = gst.LocationProblem.of(gst.load_sample("two_towns"), gst.LocationPolicy(capex_a_year=1_000_000))
EXACT = gst.SolveOptions(gap=0.0, workers=1)


def test_a_plan_made_block_by_block_reaches_the_same_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two towns with a million a year: what stands today cannot be kept, so that the first plan has no start."""
    usual = gst.solve(POOR, EXACT)
    first: list[bool] = []
    towards = mixed._Search.towards

    def told(search: mixed._Search, costs: Floats, blocks: Blocks | None) -> None:
        first.append(blocks is not None and search.best is None)
        towards(search, costs, blocks)

    monkeypatch.setattr(restrict, "is_mixed", lambda part: True)
    monkeypatch.setattr(mixed._Search, "towards", told)
    by_block = gst.solve(POOR, EXACT)
    assert any(first)
    assert by_block.status is gst.Status.OPTIMAL
    assert [stage.value for stage in by_block.stages] == pytest.approx([stage.value for stage in usual.stages])

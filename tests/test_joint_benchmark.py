"""The benchmark of the grouping plan: a small run from end to end, and the parts of Tanger that it plans."""

import json

import pytest
from benchmarks import joint

import gst_opt as gst


def test_a_quick_run_prints_every_way_and_ends_with_its_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The two towns with 4 million: 5,089,399 together, 5,411,722 in turn (`test_parts`, `gst.tie_values`)."""
    monkeypatch.setattr("sys.argv", ["joint", "--quick"])
    joint.main()
    *_, last = capsys.readouterr().out.splitlines()
    found = json.loads(last)["whole"]
    assert found["tied"]["value"] == found["piece"]["value"] == pytest.approx(5_089_399, abs=1)
    assert found["tied"]["bound"] <= found["tied"]["value"]
    assert [one["value"] for one in found["turn"]["orders"].values()] == pytest.approx([5_411_722] * 2, abs=1)
    worth = sum(found["turn"]["ties"].values()) + found["turn"]["remainder"]
    assert worth == pytest.approx(found["turn"]["difference"]) == pytest.approx(5_411_722 - 5_089_399, abs=2)


def test_half_of_tanger_is_near_half_of_its_facilities_and_people_pay_for_it() -> None:
    whole = gst.load_sample("tanger")
    half, share = joint.part_of(whole, joint.SIZES["half"])
    open_ones = [one.id for one in half.region.facilities if one.province in joint.SIZES["half"]]
    assert 0.45 < len(open_ones) / len(whole.region.facilities) < 0.55
    people = sum(row.inhabitants for row in whole.region.populations)
    assert share == pytest.approx(sum(row.inhabitants for row in half.region.populations) / people)
    acts = {name: sum(row.acts for row in one.service_totals) for name, one in (("whole", whole), ("half", half))}
    assert acts["half"] / acts["whole"] == pytest.approx(share, abs=0.05)
    assert joint.part_of(whole, ()) == (whole, 1.0)

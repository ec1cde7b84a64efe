"""Support functions of the samples: volumes tied to the sample's own figures, and two towns counted by hand."""

import math
from collections import defaultdict

import pytest

import gst_opt as gst
from gst_opt.core.grouping import Grouping
from gst_opt.core.sources import SourceLabel
from gst_opt.samples import load_sample

FUNCTIONS = {"payroll", "it_tickets", "logistics", "laundry", "sterilisation", "maintenance", "catering"}
ANNUITY = math.fsum(1.05**-year for year in range(5))
"""Five years at 5 %."""


def volumes(grouping: Grouping) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in grouping.support.support_volumes:
        found[row.support_function][row.facility] = row.volume
    return found


def test_tanger_has_seven_functions_all_of_them_estimates(tanger: Grouping) -> None:
    assert {one.id for one in tanger.support.support_functions} == FUNCTIONS
    assert {len(one.driver.split()) > 0 for one in tanger.support.support_functions} == {True}
    tables = {
        "support_functions",
        "support_volumes",
        "support_today",
        "support_staff",
        "hubs",
        "hub_levels",
        "hub_staff",
    }
    assert {row.label for row in tanger.sources if row.table in tables} == {SourceLabel.ESTIMATE}


def test_volumes_are_those_of_staff_beds_and_activity(tanger: Grouping) -> None:
    """Twelve payslips a head, 2.5 kg and 2.4 meals for a bed-day, 4 baskets for an operation."""
    found = volumes(tanger)
    sites = {one.id: one for one in tanger.region.facilities}
    payslips: dict[str, float] = defaultdict(float)
    for row in tanger.workforce.staff:
        own = sites[row.facility]
        while not own.level.is_hospital and own.reference:
            own = sites[own.reference]
        payslips[own.id] += 12 * row.heads
    assert found["payroll"] == payslips
    assert sum(payslips.values()) == 12 * 7_000
    acts: dict[tuple[str, str], float] = defaultdict(float)
    for done in tanger.activity:
        acts[done.service, done.facility] += done.acts
    days = defaultdict[str, float](float)
    for (service, facility), count in acts.items():
        days[facility] += count * (service.endswith("_day"))
    hospitals = {one.id for one in tanger.region.open_facilities() if one.level.is_hospital}
    for facility in hospitals:
        assert found["laundry"].get(facility, 0.0) == pytest.approx(2.5 * days[facility], abs=0.5)
        assert found["catering"].get(facility, 0.0) == pytest.approx(2.4 * days[facility], abs=0.5)
    baskets = {"major_operation": 4, "caesarean": 3, "day_surgery": 2, "birth": 1}
    for facility, volume in found["sterilisation"].items():
        assert volume == sum(count * acts[service, facility] for service, count in baskets.items())


def test_the_hubs_of_every_function_of_tanger_can_do_all_of_it_together(tanger: Grouping) -> None:
    for name, by_facility in volumes(tanger).items():
        sizes = [row for row in tanger.support.hub_levels if row.support_function == name]
        hubs = {row.facility for row in sizes}
        assert len(sizes) == 3 * len(hubs)
        assert len(hubs) * max(row.capacity for row in sizes) >= sum(by_facility.values())


def test_two_towns_wash_in_north_as_counted_in_its_docstring() -> None:
    towns = load_sample("two_towns")
    result = gst.solve(gst.HubProblem.of(towns))
    plan = result.require()
    washed = [row for row in plan.assignments if row.support_function == "laundry"]
    assert {(row.facility, row.hub) for row in washed} == {("hp-north", "hp-north"), ("hpr-south", "hp-north")}
    savings = [row.saving for row in plan.spending if row.support_function == "laundry"]
    assert savings == pytest.approx([37_000.0, 97_000.0, 97_000.0, 97_000.0, 97_000.0])
    meals = 30 * 48_000 * ANNUITY
    assert result.stages[0].value == pytest.approx(173_000 * ANNUITY + 60_000 + meals)
    assert result.stages[0].today == pytest.approx(270_000 * ANNUITY + meals)
    first = {row.facility: (row.hours_freed, row.hours_needed) for row in plan.staff if row.period == "2026"}
    assert first == {"hp-north": (800.0, 500.0), "hpr-south": (200.0, 0.0)}
    kept = {row.facility: row.reason for row in plan.assignments if row.support_function == "catering"}
    assert kept == {"hp-north": "not_chosen", "hpr-south": "no_hub_in_reach"}

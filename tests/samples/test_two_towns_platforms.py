"""The platforms of the two towns, counted by hand: the table and the remarks of ``two_towns_platforms.py``."""

import math
from collections import defaultdict

import pytest

from gst_opt.core.grouping import Grouping
from gst_opt.network import travel
from gst_opt.samples import load_sample

PEOPLE = {"zone-north": 40_000, "zone-south": 17_000, "zone-far": 3_000}


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return load_sample("two_towns")


def acts(towns: Grouping, people: int) -> dict[str, tuple[float, float]]:
    """Return the acts that some people need: outside the pathway, and at its steps."""
    rate = {row.service: row.acts_per_1000 * people / 1000 for row in towns.demand_rates}
    (pathway,) = towns.pathways
    patients = rate["consultation"] * pathway.share
    steps = defaultdict[str, float](float)
    for step in towns.pathway_steps:
        steps[step.service] += patients * step.share / (1 - step.returning)
    return {
        service: (whole - (patients if service == "consultation" else 0), steps[service])
        for service, whole in rate.items()
    }


def test_acts_needed_of_every_zone(towns: Grouping) -> None:
    assert towns.region.inhabitants() == PEOPLE
    assert acts(towns, 40_000) == {"consultation": (3_000, 1_500), "ct": (1_600, 400), "admission": (2_200, 200)}
    assert acts(towns, 17_000) == {"consultation": (1_275, 637.5), "ct": (680, 170), "admission": (935, 85)}
    assert acts(towns, 3_000) == {"consultation": (225, 112.5), "ct": (120, 30), "admission": (165, 15)}


def test_two_scanners_half_an_hour_apart_do_the_work_of_one(towns: Grouping) -> None:
    ct = next(row for row in towns.equipment.equipment_types if row.id == "ct")
    sites = {row.facility for row in towns.equipment.equipment_units if row.equipment_type == "ct"}
    assert sites == {"hp-north", "hpr-south"}
    assert travel(towns.region).minutes("hp-north", "hpr-south") == 30
    scans = {
        row.equipment_type: row.minutes_per_act for row in towns.equipment.session_standards if row.service == "ct"
    }
    assert scans == {"ct": 20, "ct_64": 12}
    usable = ct.minutes_per_year * ct.max_use
    assert usable == 96_000
    assert sum(acts(towns, sum(PEOPLE.values()))["ct"]) * scans["ct"] == 60_000 < usable


def test_far_is_too_far_from_a_scan_and_from_nothing_else(towns: Grouping) -> None:
    limit = {service.id: service.max_travel or math.inf for service in towns.services}
    journeys = travel(towns.region)
    assert journeys.minutes("zone-far", "hpr-south") == 52 > limit["ct"]
    assert limit["consultation"] == limit["admission"] == 60
    assert journeys.minutes("zone-far", "hp-north") == 78


def test_beds_are_enough_and_fuller_in_south(towns: Grouping) -> None:
    (stay,) = towns.equipment.stay_standards
    done = {row.facility: row.acts for row in towns.activity if row.service == "admission"}
    used = {site: done[site] * stay.days / (365 * beds) for site, beds in towns.region.beds().items()}
    assert used == pytest.approx({"hp-north": 0.658, "hpr-south": 0.822}, abs=5e-4)
    assert max(used.values()) <= towns.equipment.ward_standards[0].max_occupancy

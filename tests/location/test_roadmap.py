"""The roadmap of pathways of two towns, by hand: the plan that `two_towns_platforms` leads to, and a plan written out.

North's 40,000 people go to their hospital, 3 minutes away; South's 17,000 to theirs (2), and for a scan to North's
(28) once South's scanner is closed: the consultation before may be 45 minutes from it, and is 30. Far is 78 minutes
from that scanner, so that its patients get no further than the consultation.
"""

from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.equipment import DockingPoint, MobileUnit
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode, Served, SiteUnits, Unmet, UnmetReason
from gst_opt.pillars.platforms.location.roadmap import RoadmapRow

NORTH, SOUTH = "Hospital of North", "Hospital of South"


def problem() -> gst.LocationProblem:
    return gst.LocationProblem.of(gst.load_sample("two_towns"), gst.LocationPolicy(years=1))


def told(problem: gst.LocationProblem, plan: LocationPlan) -> list[dict[str, Any]]:
    table = gst.pathway_roadmap(problem, plan)
    assert table.name == "pathway_roadmap"
    assert table.columns == tuple(RoadmapRow.model_fields)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def seen(step: int, acts: float, place: str = "hp-north", **others: Any) -> Served:
    service = {1: "consultation", 2: "ct", 3: "admission", 4: "consultation"}[step]
    platform = {1: "consulting_room", 2: "ct", 3: None, 4: "consulting_room"}[step]
    row = Served(
        zone="zone-south",
        service=service,
        pathway="chest",
        step=step,
        year=2026,
        mode=Mode.ON_SITE,
        place=place,
        platform=platform,
        acts=acts,
        minutes=28 if place == "hp-north" else 2,
    )
    return row.replace(**others)


def test_two_towns() -> None:
    asked = problem()
    rows = told(asked, gst.solve(asked).require())
    assert [(row["zone"], row["step"], row["seen_at"], row["level"], row["minutes"]) for row in rows] == [
        ("zone-north", 1, NORTH, "HP", 3),
        ("zone-north", 2, NORTH, "HP", 3),
        ("zone-north", 3, NORTH, "HP", 3),
        ("zone-north", 4, SOUTH, "HPr", 27),
        ("zone-far", 1, SOUTH, "HPr", 52),
        ("zone-far", 2, None, None, None),
        ("zone-far", 3, None, None, None),
        ("zone-far", 4, None, None, None),
        ("zone-south", 1, SOUTH, "HPr", 2),
        ("zone-south", 2, NORTH, "HP", 28),
        ("zone-south", 3, SOUTH, "HPr", 2),
        ("zone-south", 4, SOUTH, "HPr", 2),
    ]
    assert [row["delay"] for row in rows] == 3 * [0, 7, 2, 30]
    assert [row["acts"] for row in rows] == pytest.approx([1000, 400, 200, 500, 75, 30, 15, 37.5, 425, 170, 85, 212.5])
    assert {row["share"] for row in rows} == {1.0}
    assert [row["referred_from"] for row in rows[:4]] == [None, NORTH, NORTH, NORTH]
    assert [row["referred_from"] for row in rows[4:8]] == [None, None, None, None]
    assert [row["referred_from"] for row in rows[8:]] == [None, SOUTH, NORTH, SOUTH]
    after = [row["followed_up_at"] for row in rows]
    assert after == [SOUTH, SOUTH, SOUTH, None, None, None, None, None, SOUTH, SOUTH, SOUTH, None]


def test_wait_is_that_of_the_equipment_and_none_of_beds() -> None:
    asked = problem()
    plan = gst.solve(asked).require()
    waits = {(row.facility, row.equipment_type): row.wait for row in plan.units}
    rows = told(asked, plan)[:4]
    rooms = "consulting_room"
    expected = [waits["hp-north", rooms], waits["hp-north", "ct"], None, waits["hpr-south", rooms]]
    assert [row["wait"] for row in rows] == expected
    assert all(wait > 0 for wait in expected if wait is not None)


def test_shares_of_a_step_add_up_and_places_are_named_by_acts() -> None:
    """425 people: 300 seen in South, 100 in North, 25 nowhere; the scan in North may follow either, 45 minutes away."""
    lost = Unmet(
        zone="zone-south",
        service="consultation",
        pathway="chest",
        step=1,
        year=2026,
        acts=25,
        reason=UnmetReason.FULL,
    )
    plan = LocationPlan(
        served=(seen(1, 100), seen(1, 300, "hpr-south"), seen(2, 170), seen(4, 10), seen(4, 20, "hpr-south")),
        unmet=(lost,),
    )
    rows = told(problem(), plan)
    first = [(row["seen_at"], row["share"], row["followed_up_at"]) for row in rows[:3]]
    assert first == [
        (SOUTH, 300 / 425, f"{SOUTH}; {NORTH}"),
        (NORTH, 100 / 425, f"{SOUTH}; {NORTH}"),
        (None, 25 / 425, None),
    ]
    assert rows[3]["referred_from"] == f"{SOUTH}; {NORTH}"
    assert [row["referred_from"] for row in rows[4:]] == [NORTH, NORTH]


def test_a_transfer_too_long_refers_nobody() -> None:
    """The hospitals are 30 minutes apart: of transfers of at most 29, a scan in North takes patients of North only."""
    asked = problem()
    steps = tuple(step.replace(max_transfer=29.0) if step.step == 2 else step for step in asked.pathway_steps)
    rows = told(
        asked.replace(pathway_steps=steps), LocationPlan(served=(seen(1, 100), seen(1, 300, "hpr-south"), seen(2, 80)))
    )
    assert rows[2]["referred_from"] == NORTH


def test_levels_of_contracts_and_of_mobile_units() -> None:
    """A private provider has no level of care; a mobile unit has that of its base, and stands in a zone."""
    asked = problem()
    unit = MobileUnit(
        id="van",
        name_fr="Camion",
        name_en="Van",
        base="hp-north",
        equipment_type="ct",
        sessions_per_week=5,
        source="made up",
    )
    dock = DockingPoint(mobile_unit="van", place="zone-far", source="made up")
    equipment = asked.equipment.replace(mobile_units=(unit,), docking_points=(dock,))
    contract = seen(2, 70, "hpr-south", mode=Mode.CONTRACT, platform=None)
    mobile = seen(2, 30, "zone-far", mode=Mode.MOBILE, platform="van", minutes=50)
    rows = told(asked.replace(equipment=equipment), LocationPlan(served=(contract, mobile)))
    assert [(row["seen_at"], row["mode"], row["level"], row["wait"]) for row in rows] == [
        (SOUTH, "contract", None, None),
        ("Far", "mobile", "HP", None),
    ]


def test_needs_outside_pathways_have_no_roadmap() -> None:
    alone = seen(1, 100).replace(pathway=None, step=None)
    assert told(problem(), LocationPlan(served=(alone,))) == []


def test_years_follow_one_another_and_wait_is_of_the_year() -> None:
    asked = gst.LocationProblem.of(gst.load_sample("two_towns"), gst.LocationPolicy(years=2))
    units = tuple(
        SiteUnits(
            province="North",
            facility="hp-north",
            equipment_type="ct",
            year=year,
            wait=wait,
            **dict.fromkeys(("units_today", "units"), 1),
            **dict.fromkeys(("bought", "renewed", "retired", "closed", "moved_in", "moved_out"), 0),
            **dict.fromkeys(("sessions", "sessions_per_week", "sessions_sold", "use"), 0.0),
        )
        for year, wait in ((2026, 3.0), (2027, 5.0))
    )
    rows = told(asked, LocationPlan(units=units, served=(seen(2, 10, year=2027), seen(2, 10))))
    assert [(row["year"], row["wait"]) for row in rows] == [(2026, 3.0), (2027, 5.0)]


def test_something_else_is_refused() -> None:
    with pytest.raises(gst.GstOptError):
        gst.pathway_roadmap(problem(), "plan")  # type: ignore[arg-type]

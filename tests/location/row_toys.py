"""A problem for each rule about staff, pathways, access, waits and scenarios, with its value by hand, and without it.

All are about the two hospitals of `two_sites`, but for flows. A scanner gives 2,000 scans a year, a room 2,000 visits.
"""

from math import sqrt
from typing import Any

from gst_opt.core.equipment import CoverStandard, EquipmentType, ExpertTime, SessionStaff, SiteLimit
from gst_opt.core.pathways import Pathway
from gst_opt.core.region import Region, TravelTime, Zone
from gst_opt.core.standards import WorkingTime
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.model.goals import minimise
from gst_opt.pillars.platforms.location.policy import DemandScenario, Guarantee
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.two_sites import ROOM, SCANNER, SOURCE, equipment, facility, region, step, two_sites, units

Values = tuple[float, ...]
HOURS = 1040.0
"""Hours that a head works in a year: 260 days of four hours."""
NEAREST = {"max_travel": 30.0}
"""Policy that leaves only the hospital a within reach."""


def workforce(*staff: tuple[str, str, int]) -> Workforce:
    """Return heads by (facility, skill, number)."""
    skills = sorted({skill for _, skill, _ in staff})
    return Workforce(
        skills=tuple(Skill(id=one, name_fr=one, name_en=one, profession=one) for one in skills),
        staff=tuple(Staff(facility=site, skill=skill, heads=heads) for site, skill, heads in staff),
        working_times=tuple(WorkingTime(skill=one, days_per_week=5, hours_per_day=4, source=SOURCE) for one in skills),
    )


def technicians(**policy: Any) -> LocationProblem:
    """One technician at a, one a session: 1,040 hours make 260 sessions, 1,040 scans of 2,000."""
    session = SessionStaff(equipment_type="scanner", skill="technician", heads=1, source=SOURCE)
    chosen = {"goals": minimise("unmet"), "staff_share": 1.0} | policy
    own = equipment(session_staff=(session,))
    return two_sites({"scan": 1000}, chosen, equipment=own, workforce=workforce(("a", "technician", 1)))


def readers(heads_in_session: bool = False, **policy: Any) -> LocationProblem:
    """The only radiologist is at b, 60 minutes from a; a scan takes half an hour of one, who may be elsewhere."""
    expert = ExpertTime(
        equipment_type="scanner", service="scan", skill="radiologist", minutes_per_act=30, remote=True, source=SOURCE
    )
    session = SessionStaff(equipment_type="scanner", skill="radiologist", heads=1, source=SOURCE)
    own = equipment(expert_times=(expert,), session_staff=(session,) * heads_in_session)
    chosen = {"goals": minimise("unmet", "remote"), "staff_share": 1.0, "max_lending": 30.0, **NEAREST} | policy
    return two_sites({"scan": 500}, chosen, equipment=own, workforce=workforce(("b", "radiologist", 1)))


def ambulances() -> LocationProblem:
    """A site for an ambulance, at 1,000 dirhams, 10 minutes from near and too far from far."""
    kind = EquipmentType(id="ambulance", name_fr="ambulance", name_en="ambulance", purchase=1000)
    own = equipment(
        equipment_types=(SCANNER, ROOM, kind),
        site_limits=(SiteLimit(facility="a", equipment_type="ambulance", max_units=1, source=SOURCE),),
        cover_standards=(CoverStandard(equipment_type="ambulance", minutes=15, source=SOURCE),),
    )
    return two_sites({"scan": 1000}, {"goals": minimise("not_covered", "purchases")}, equipment=own)


def promised() -> LocationProblem:
    """Four in five of the scans of the province of far within 25 minutes, at a: 800 journeys of 20 minutes."""
    promise = Guarantee(province="There", minutes=25, share=0.8, reason="decided")
    return two_sites({"scan": 1000}, {"goals": minimise("journeys"), "guarantees": (promise,)})


def queue() -> LocationProblem:
    """2,000 scans at a, which could have a second scanner, but has no money for it."""
    own = equipment(
        equipment_types=(SCANNER.replace(purchase=1), ROOM),
        site_limits=(SiteLimit(facility="a", equipment_type="scanner", max_units=2, source=SOURCE),),
    )
    chosen = {"goals": minimise("unmet", "waiting"), "capex_a_year": 0.0, "move": False, **NEAREST}
    return two_sites({"scan": 1000}, chosen, equipment=own)


def half_used(scanners: int) -> float:
    """Return the patient-days of 2,000 scans on the line of scanners up to a use of a half, by Sakasegawa's formula."""
    minutes: float = 30 * 0.5 ** (sqrt(2 * (scanners + 1)) - 1) / (scanners * 0.5)
    return 2000 * minutes / (120_000 / 365)


def doubled() -> LocationProblem:
    """2,000 scans, or twice as many, as likely as not; a has room for 2,000."""
    ways = tuple(DemandScenario(id=name, probability=0.5, factor=factor) for name, factor in (("as", 1), ("twice", 2)))
    chosen = {"goals": minimise("unmet_cvar"), "scenarios": ways, "cvar_level": 0.5, **NEAREST}
    return two_sites({"scan": 1000}, chosen)


def pathway(limit: float | None, **policy: Any) -> LocationProblem:
    """A scan, then a visit; 1,500 people of each zone, rooms at a only."""
    rooms = (*units(("a", "scanner", 1), ("b", "scanner", 1)), *units(("a", "room", 2)))
    return two_sites(
        {"scan": 1500},
        {"goals": minimise("unmet"), **policy},
        equipment=equipment(equipment_units=rooms),
        pathways=(Pathway(id="p", name_fr="p", name_en="p"),),
        pathway_steps=(step(1, "scan"), step(2, "visit", max_transfer=limit)),
    )


def chain() -> LocationProblem:
    """Five sites for scanners and four for rooms between them, of which only the first and the last are in use.

    With every room within 10 minutes of the two scanners beside it, ten sets of rooms in a row would say what eight
    flows do. Nobody scanned at s0 can go to r3.
    """
    scanners, rooms = [f"s{i}" for i in range(5)], [f"r{i}" for i in range(4)]
    sites = [*scanners, *rooms]
    near = {(f"s{i + side}", f"r{i}") for i in range(4) for side in (0, 1)}
    minutes = {(i, j): 10 if {(i, j), (j, i)} & near else 50 for i in sites for j in sites if i != j}
    minutes |= {("near", site): 20 for site in sites}
    own = Region(
        facilities=tuple(facility(name) for name in sites),
        zones=(Zone(id="near", name="near", commune="near", province="Here", urban=True),),
        populations=tuple(row for row in region().populations if row.zone == "near"),
        travel_times=tuple(TravelTime(origin=i, destination=j, minutes=t) for (i, j), t in minutes.items()),
    )
    allowed = [(name, "scanner") for name in scanners] + [(name, "room") for name in rooms]
    return two_sites(
        {"scan": 1000},
        {"goals": minimise("unmet"), "capex_a_year": 0.0, "close": False},
        region=own,
        equipment=equipment(
            equipment_types=(SCANNER.replace(purchase=1), ROOM.replace(purchase=1)),
            equipment_units=units(("s0", "scanner", 1), ("r3", "room", 1)),
            site_limits=tuple(
                SiteLimit(facility=site, equipment_type=kind, max_units=1, source=SOURCE) for site, kind in allowed
            ),
        ),
        pathways=(Pathway(id="p", name_fr="p", name_en="p"),),
        pathway_steps=(step(1, "scan"), step(2, "visit", max_transfer=10)),
    )


ROWS: dict[str, tuple[LocationProblem, Values, Values]] = {
    "staff_hours": (technicians(), (960.0,), (0.0,)),
    "remote_need": (readers(heads_in_session=True), (1000.0, 0.0), (1000 - 500 / 1.5, 60_000.0)),
    "remote_link": (readers(), (0.0, 60_000.0), (0.0, 0.0)),
    "cover": (ambulances(), (0.0, 1000.0), (0.0, 0.0)),
    "guarantee": (promised(), (16_000.0,), (0.0,)),
    "load_total": (queue(), (0.0, half_used(1)), (0.0, 0.0)),
    "load_level": (queue(), (0.0, half_used(1)), (0.0, half_used(2))),
    "wait_line": (queue(), (0.0, half_used(1)), (0.0, 0.0)),
    "tail": (doubled(), (2000.0,), (0.0,)),
    "step_order": (pathway(None, **NEAREST), (2000.0,), (1000.0,)),
    "transfer": (pathway(0.0), (1000.0,), (0.0,)),
    "transfer_out": (chain(), (1000.0,), (0.0,)),
    "transfer_in": (chain(), (1000.0,), (0.0,)),
}
"""By rule: problem, values of its goals, and their values without the rule."""

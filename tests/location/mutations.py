"""The plan of the valley, broken in one named way each: by changing a row, or the question under it."""

from collections.abc import Callable
from typing import Any

from gst_opt.core.equipment import Equipment, EquipmentType, EquipmentUnits, SiteLimit
from gst_opt.core.region import Level
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode, UnmetReason
from gst_opt.pillars.platforms.location.policy import Guarantee, LocationPin
from gst_opt.pillars.platforms.location.problem import LocationProblem

Change = Callable[[LocationPlan], LocationPlan]
Question = Callable[[LocationProblem], LocationProblem]


def row(table: str, select: dict[str, Any], **changes: Any) -> Change:
    """Change the first row of a table that has some values."""

    def change(plan: LocationPlan) -> LocationPlan:
        rows = list(getattr(plan, table))
        at = next(i for i, one in enumerate(rows) if all(getattr(one, name) == v for name, v in select.items()))
        rows[at] = rows[at].replace(**changes)
        return plan.replace(**{table: tuple(rows)})

    return change


def without(table: str, **select: Any) -> Change:
    """Leave out the rows of a table that have some values."""

    def change(plan: LocationPlan) -> LocationPlan:
        rows = getattr(plan, table)
        return plan.replace(
            **{table: tuple(one for one in rows if any(getattr(one, name) != v for name, v in select.items()))}
        )

    return change


def twice(table: str) -> Change:
    """Say a row twice."""

    def change(plan: LocationPlan) -> LocationPlan:
        rows = getattr(plan, table)
        return plan.replace(**{table: (*rows, rows[0])})

    return change


def policy(**changes: Any) -> Question:
    """Change what the grouping has decided."""
    return lambda problem: problem.replace(policy=problem.policy.replace(**changes))


def kind(name: str, **changes: Any) -> Question:
    """Change a type of equipment."""

    def own(one: EquipmentType) -> EquipmentType:
        return one.replace(**changes) if one.id == name else one

    return data(lambda equipment: {"equipment_types": tuple(own(one) for one in equipment.equipment_types)})


def every(table: str, **changes: Any) -> Question:
    """Change all rows of a table of the equipment."""
    return data(lambda equipment: {table: tuple(one.replace(**changes) for one in getattr(equipment, table))})


def data(change: Callable[[Equipment], dict[str, Any]]) -> Question:
    """Change tables of the equipment."""
    return lambda problem: problem.replace(equipment=problem.equipment.replace(**change(problem.equipment)))


def installed(name: str, year: int) -> Question:
    """Say when the centre's units of a type were installed."""

    def own(one: EquipmentUnits) -> EquipmentUnits:
        return one.replace(installed=year) if (one.facility, one.equipment_type) == ("centre", name) else one

    return data(lambda equipment: {"equipment_units": tuple(own(one) for one in equipment.equipment_units)})


def service(name: str, **changes: Any) -> Question:
    """Change a service."""
    return lambda problem: problem.replace(
        services=tuple(one.replace(**changes) if one.id == name else one for one in problem.services)
    )


def step(number: int, **changes: Any) -> Question:
    """Change a step of the pathway."""
    return lambda problem: problem.replace(
        pathway_steps=tuple(one.replace(**changes) if one.step == number else one for one in problem.pathway_steps)
    )


def no_staff(skill: str) -> Question:
    """Take a skill away everywhere."""
    return lambda problem: problem.replace(
        workforce=problem.workforce.replace(staff=tuple(one for one in problem.workforce.staff if one.skill != skill))
    )


def _lower(one: SiteLimit, facility: str) -> SiteLimit:
    return one.replace(max_units=one.max_units - 1) if one.facility == facility else one


SCANNER = {"facility": "hospital", "equipment_type": "scanner", "year": 2026}
LATER = SCANNER | {"year": 2027}
MOVED = {"facility": "centre", "equipment_type": "scanner", "year": 2027}
UPGRADED = MOVED | {"equipment_type": "echo"}
BECOME = MOVED | {"equipment_type": "doppler"}
ARRIVED = MOVED | {"facility": "new"}
HIP = {"zone": "village", "service": "scan", "step": 1, "year": 2026, "mode": Mode.ON_SITE}
VISIT = {"year": 2026}

PLANS: dict[str, list[Change]] = {
    "known_rows": [
        row("units", SCANNER, facility="nowhere"),
        row("units", SCANNER, equipment_type="theatres"),
        row("units", SCANNER, year=2029),
        row("beds", {}, ward="medicine"),
        row("served", {}, zone="nowhere"),
        row("served", {}, step=4, pathway="hip"),
        row("served", {}, scenario="rainy"),
        row("unmet", {}, service="surgery"),
        row("contracts", {}, facility="hospital"),
        row("visits", {}, place="town"),
        row("lent_hours", {}, host="hospital"),
        row("remote_hours", {}, skill="wizard"),
        row("staff", {}, facility="nowhere"),
        row("cover_gaps", {}, sites=2),
        row("costs", {}, line="gifts"),
        row("upgrades", {}, becomes="theatre"),
    ],
    "makes": [
        row("served", {}, platform="room"),
        row("served", {}, mode=Mode.CONTRACT),
        row("served", {"service": "operation"}, place="new"),
        row("served", {"mode": Mode.MOBILE}, place="town"),
    ],
    "one_row": [
        twice(table)
        for table in (
            *("units", "beds", "served", "unmet", "contracts", "visits", "lent_hours", "remote_hours", "staff"),
            *("cover_gaps", "costs", "upgrades"),
        )
    ],
    "levels": [row("units", SCANNER, units=4, bought=2), row("beds", {"year": 2026}, beds=9, opened=2)],
    "state_start": [
        row("units", SCANNER, units=2),
        row("units", SCANNER, bought=0),
        row("units", SCANNER, closed=1),
        row("beds", {"year": 2026}, opened=0),
        without("beds", year=2026),
    ],
    "state_flow": [
        row("units", LATER, units=3),
        row("units", LATER, bought=1),
        row("units", MOVED, closed=1),
        without("units", facility="hospital", equipment_type="scanner", year=2028),
        row("beds", {"year": 2028}, closed=0),
        row("beds", {"year": 2027}, beds=7),
    ],
    "life": [
        row("units", LATER, retired=0),
        row("units", LATER, retired=0, renewed=1),
        row("units", {"equipment_type": "theatre", "year": 2028}, renewed=0, bought=1),
    ],
    "units_today": [row("units", SCANNER, units_today=3), row("beds", {}, beds_today=12)],
    "moves_in": [row("units", SCANNER, moved_in=2), row("units", BECOME, upgraded_in=2)],
    "moves_out": [row("units", SCANNER, moved_out=1), row("units", UPGRADED, upgraded_out=2)],
    "movable": [row("units", MOVED, moved_out=2), row("units", UPGRADED, upgraded_out=3)],
    "upgrades": [
        row("units", UPGRADED, upgraded_out=0, closed=1),
        row("units", BECOME, upgraded_in=0, bought=1),
        row("upgrades", {}, units=2, cost=140),
        without("upgrades", year=2027),
    ],
    "upgrade_cost": [row("upgrades", {}, cost=71)],
    "moves_balance": [
        row("units", MOVED, moved_out=0, closed=1),
        row("units", ARRIVED, moved_in=0, bought=1),
    ],
    "minutes": [row("served", HIP, minutes=51.0), row("lent_hours", {}, minutes=30.0)],
    "met": [
        row("served", {}, acts=49.0),
        row("served", {}, acts=51.0),
        row("unmet", {}, acts=1.9),
        without("unmet", zone="far", step=1),
    ],
    "link": [row("served", {"zone": "village", "place": "new"}, place="centre"), without("visits", year=2027)],
    "step_order": [row("served", {"zone": "village", "service": "consultation"}, acts=11.0)],
    "transfer": [row("served", {"zone": "village", "service": "operation"}, acts=2.1)],
    "session_time": [row("units", SCANNER, sessions=34.0), row("units", ARRIVED, sessions=4.9)],
    "session_count": [row("units", ARRIVED, sessions=101.0), row("units", SCANNER, sessions=295.0)],
    "sale": [row("units", SCANNER, sessions_sold=21.0), row("units", ARRIVED, sessions_sold=1.0)],
    "contract_max": [row("contracts", {}, acts=31.0)],
    "contract_min": [row("contracts", {}, acts=4.0)],
    "contract_use": [row("contracts", {}, acts=9.0)],
    "rounds_min": [row("visits", VISIT, sessions=4.0)],
    "round_time": [row("visits", VISIT, sessions=1.5)],
    "rota": [row("visits", VISIT, sessions=51.0)],
    "fitting": [
        row("visits", VISIT, fitted_out=False),
        row("visits", {"year": 2027}, fitted_out=True),
    ],
    "staff_hours": [
        row("lent_hours", {}, hours=50.0),
        row("lent_hours", {}, hours=20.0),
        without("lent_hours", year=2028),
        without("remote_hours", year=2026),
        row("units", SCANNER, sessions=55.0),
    ],
    "lending_cost": [row("lent_hours", {}, cost=900.0)],
    "remote_need": [row("remote_hours", {}, hours=4.1)],
    "remote_link": [row("remote_hours", {}, cost=0.0)],
    "cover": [
        without("cover_gaps", zone="village"),
        row("cover_gaps", {"year": 2027}, people=100.0),
    ],
    "costs": [row("costs", {"line": line}, mad=1.0) for line in ("purchases", "upkeep", "sessions", "sales")]
    + [without("costs", line=line) for line in ("contracts", "mobile", "lending", "remote")],
    "contract_cost": [row("contracts", {}, cost=81.0), row("contracts", {}, mad_per_act=9.0)],
    "visit_cost": [row("visits", VISIT, cost=15.0)],
    "sessions_per_week": [row("units", SCANNER, sessions_per_week=1.0)],
    "use": [row("units", SCANNER, use=0.1), row("units", ARRIVED, use=0.05)],
    "wait": [row("units", SCANNER, wait=0.0)],
    "site_province": [row("units", SCANNER, province="Q"), row("beds", {}, province="Q")],
    "bed_use": [row("beds", {}, bed_days=36.0)],
    "occupancy": [row("beds", {}, occupancy=0.5)],
    "staff_figures": [
        row("staff", {}, hours_needed=1.0),
        row("staff", {}, hours_available=220.0),
        without("staff", skill="nurse"),
    ],
    "unmet_reason": [
        row("unmet", {"zone": zone, "service": one}, reason=reason)
        for zone, one, right in (
            ("village", "operation", UnmetReason.LIMITED),
            ("village", "consultation", UnmetReason.EARLIER_STEP),
            ("far", "scan", UnmetReason.NO_SITE_IN_REACH),
        )
        for reason in UnmetReason
        if reason is not right
    ],
}
"""Broken by changing the plan."""

QUESTIONS: dict[str, list[Question]] = {
    "not_open": [
        lambda problem: problem.replace(
            region=problem.region.replace(
                openings=tuple(one.replace(opens=one.opens.replace(year=2028)) for one in problem.region.openings)
            )
        )
    ],
    "levels": [
        policy(close=False),
        data(lambda equipment: {"site_limits": tuple(_lower(one, "hospital") for one in equipment.site_limits)}),
        every("ward_limits", max_beds=11),
        every("ward_standards", min_level=Level.REGIONAL_HOSPITAL),
    ],
    "life": [kind("scanner", life=5.5), kind("theatre", life=11.0)],
    "movable": [
        policy(move=False),
        installed("scanner", 2023),
        installed("echo", 2018),
    ],
    "floor_space": [every("floor_spaces", free=79.0), kind("scanner", floor_space=51.0)],
    "pins": [
        policy(
            pins=(
                LocationPin(
                    kind=pin,
                    value=value,
                    facility="hospital",
                    equipment_type=resource,
                    ward=None if resource else "surgery",
                    year=year,
                    reason="decided",
                ),
            )
        )
        for pin, value, resource, year in (
            (PinKind.AT_LEAST, 3.0, "scanner", 2027),
            (PinKind.AT_MOST, 2.0, "scanner", None),
            (PinKind.FIX, 2.0, "scanner", 2026),
            (PinKind.FORBID, None, "room", None),
            (PinKind.KEEP, None, "scanner", 2026),
            (PinKind.KEEP, None, None, 2027),
            (PinKind.AT_MOST, 11.0, None, 2027),
        )
    ],
    "reach": [service("scan", max_travel=49.0), policy(max_travel=39.0)],
    "level": [service("consultation", min_level=Level.PROVINCIAL_HOSPITAL), step(1, min_level=Level.REGIONAL_HOSPITAL)],
    "transfer": [step(3, max_transfer=0)],
    "capacity": [
        kind("scanner", max_use=0.1),
        kind("scanner", max_wait=0.03),
        step(1, max_wait=0.03),
        kind("room", max_use=0.002),
    ],
    "session_time": [kind("scanner", max_use=0.7)],
    "session_count": [kind("scanner", sessions_per_week=0.1, max_wait=None)],
    "sale": [every("session_sales", sessions=5.0)],
    "use_floor": [kind("scanner", min_use=0.05)],
    "act_floor": [kind("scanner", min_acts=17.0), kind("theatre", min_acts=20.0)],
    "bed_days": [every("ward_standards", max_occupancy=0.005), every("stay_standards", days=800.0)],
    "bed_floor": [every("ward_standards", min_occupancy=0.01)],
    "contract_max": [every("private_offers", acts=9.0)],
    "contract_min": [every("private_offers", min_acts=11.0)],
    "rounds_min": [every("docking_points", min_sessions=0.2)],
    "rota": [every("mobile_units", sessions_per_week=0.05)],
    "staff_hours": [no_staff("nurse"), no_staff("radiologist"), policy(staff_share=0.7)],
    "max_lending": [policy(max_lending=30.0)],
    "lending_cost": [policy(lending_price=50.0)],
    "remote_need": [every("expert_times", remote=False)],
    "remote_link": [policy(remote_link=50.0)],
    "cover": [every("cover_standards", minutes=50.0), every("cover_standards", minutes=9.0)],
    "guarantee": [
        policy(guarantees=(Guarantee(province=province, service=one, minutes=minutes, share=share, reason="decided"),))
        for province, one, minutes, share in (
            ("Q", "scan", 60.0, 0.81),
            ("Q", "scan", 49.0, 0.61),
            (None, "scan", None, 0.81),
            ("P", None, 39.0, 0.96),
        )
    ],
    "capex": [policy(capex_a_year=1_056.0), policy(capex_a_year=1_200.0), policy(carry_over=0.5)],
    "opex": [policy(opex_a_year=900.0), policy(carry_over=0.2)],
    "costs": [kind("scanner", closing=31.0), every("session_sales", mad_per_session=31.0)],
}
"""Broken by changing the question under the plan."""

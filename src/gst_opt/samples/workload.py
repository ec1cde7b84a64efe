"""Need by workload in the Tanger sample: working time, time per act, allowances."""

from collections.abc import Iterable
from math import ceil

from gst_opt.core.standards import (
    ActivityStandard,
    AllowanceUnit,
    CategoryAllowance,
    IndividualAllowance,
    WorkingTime,
)
from gst_opt.core.workforce import Skill, Staff
from gst_opt.samples.facts import facts


def working_times(skills: Iterable[Skill]) -> tuple[WorkingTime, ...]:
    """Return the same working time for every skill, as in ``working_times.csv``."""
    (row,) = facts("working_times")
    return tuple(
        WorkingTime(
            skill=skill.id,
            days_per_week=float(row["days_per_week"]),
            hours_per_day=float(row["hours_per_day"]),
            public_holidays=float(row["public_holidays"]),
            annual_leave=float(row["annual_leave"]),
            sick_leave=float(row["sick_leave"]),
            other_absence=float(row["other_absence"]),
            source=row["source"],
        )
        for skill in skills
    )


def activity_standards() -> tuple[ActivityStandard, ...]:
    """Return the time of each skill per act, as a unit time or as a rate."""
    return tuple(
        ActivityStandard(
            service=row["service"],
            skill=row["skill"],
            minutes_per_act=_number(row["minutes_per_act"]),
            acts_per_hour=_number(row["acts_per_hour"]),
            source=row["source"],
        )
        for row in facts("activity_standards")
    )


def category_allowances() -> tuple[CategoryAllowance, ...]:
    """Return the time of everybody in a skill that no act counts."""
    return tuple(
        CategoryAllowance(
            skill=row["skill"],
            activity=row["activity"],
            amount=float(row["amount"]),
            unit=AllowanceUnit(row["unit"]),
            source=row["source"],
        )
        for row in facts("category_allowances")
    )


def individual_allowances(staff: Iterable[Staff]) -> tuple[IndividualAllowance, ...]:
    """Return the hours of the heads of teams: one for each started ``heads_per_head`` in a team large enough."""
    by_skill = {row["skill"]: row for row in facts("individual_allowances")}
    return tuple(
        IndividualAllowance(
            facility=team.facility,
            skill=team.skill,
            activity=row["activity"],
            heads=ceil(team.heads / int(row["heads_per_head"])),
            hours_per_year=float(row["hours_per_year"]),
            source=row["source"],
        )
        for team in staff
        if (row := by_skill.get(team.skill)) and team.heads >= int(row["least_heads"])
    )


def _number(cell: str) -> float | None:
    return float(cell) if cell else None

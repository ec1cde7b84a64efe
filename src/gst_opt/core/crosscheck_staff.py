"""What the tables of the workforce must say of one another."""

import math
from collections.abc import Collection, Iterator, Sequence

from gst_opt.core.careers import Attraction, Career, NewPosts, StaffingTarget, Training
from gst_opt.core.errors import DataProblem
from gst_opt.core.mobility import Consent, PremiumStep, TaskShift
from gst_opt.core.region import Facility, Population, Zone
from gst_opt.core.standards import (
    ActivityStandard,
    AllowanceUnit,
    CategoryAllowance,
    IndividualAllowance,
    WorkingTime,
)
from gst_opt.core.tables import Tables, positioned
from gst_opt.core.workforce import Skill, Staff, StaffAge
from gst_opt.text import Message

EVERYONE = "*"
TINY = 1e-9


def staff_problems(tables: Tables, refused: Collection[str] = ()) -> list[DataProblem]:
    """Return what rows of the workforce contradict, all at once.

    Parameters
    ----------
    tables
        Rows by table; a problem's `row` is the position in its table, from 1.
    refused
        Tables that have rows refused for another reason: what is missing from them is not reported.
    """
    return [
        *standard_problems(tables, refused),
        *_heads(tables, whole="staff" not in refused),
        *_ages_without_career(tables, whole="careers" not in refused),
        *_wishes(tables, whole="staff" not in refused),
        *_premiums(tables),
        *_pairs(tables),
        *_attractions(tables),
        *_professions(tables, whole="skills" not in refused),
        *_target_provinces(tables, whole=not {"zones", "facilities", "populations"} & set(refused)),
    ]


def standard_problems(tables: Tables, refused: Collection[str] = ()) -> list[DataProblem]:
    """Return what the standards of need by workload contradict; parameters as in `staff_problems`."""
    return [
        *_working_times(tables),
        *_activity_standards(tables),
        *_without_working_time(tables, whole="working_times" not in refused),
        *_category_allowances(tables),
        *_individual_allowances(tables),
    ]


def _working_times(tables: Tables) -> Iterator[DataProblem]:
    for position, row in positioned(tables, "working_times", WorkingTime):
        if row.available_days <= TINY:
            largest = max(
                ("public_holidays", "annual_leave", "sick_leave", "other_absence"), key=lambda name: getattr(row, name)
            )
            expected = Message("core.days_left", {"days": f"{52 * row.days_per_week:g}"})
            yield DataProblem("working_times", position, largest, f"{getattr(row, largest):g}", expected)


def _activity_standards(tables: Tables) -> Iterator[DataProblem]:
    for position, row in positioned(tables, "activity_standards", ActivityStandard):
        if (row.minutes_per_act is None) == (row.acts_per_hour is None):
            column = "minutes_per_act" if row.acts_per_hour is None else "acts_per_hour"
            value = "" if row.acts_per_hour is None else f"{row.acts_per_hour:g}"
            yield DataProblem("activity_standards", position, column, value, Message("core.time_or_rate"))


def _without_working_time(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report what only a working time turns into staff; a support activity given as a share does without."""
    skills = {skill.id for _, skill in positioned(tables, "skills", Skill)}
    known = {row.skill for _, row in positioned(tables, "working_times", WorkingTime)}
    support = [
        (position, row)
        for position, row in positioned(tables, "category_allowances", CategoryAllowance)
        if row.unit is not AllowanceUnit.SHARE
    ]
    needing: tuple[
        tuple[str, Sequence[tuple[int, ActivityStandard | CategoryAllowance | IndividualAllowance]]], ...
    ] = (
        ("activity_standards", positioned(tables, "activity_standards", ActivityStandard)),
        ("category_allowances", support),
        ("individual_allowances", positioned(tables, "individual_allowances", IndividualAllowance)),
    )
    for name, rows in needing if whole else ():
        for position, row in rows:
            if row.skill in skills - known:
                yield DataProblem(name, position, "skill", row.skill, Message("core.with_working_time"))


def _category_allowances(tables: Tables) -> Iterator[DataProblem]:
    times = {row.skill: row for _, row in positioned(tables, "working_times", WorkingTime) if row.available_days > TINY}
    shares: dict[str, list[float]] = {}
    for position, row in positioned(tables, "category_allowances", CategoryAllowance):
        if row.unit is AllowanceUnit.SHARE and row.amount > 1:
            yield DataProblem("category_allowances", position, "amount", f"{row.amount:g}", Message("core.share_of_1"))
        elif row.skill in times:
            own = shares.setdefault(row.skill, [])
            before = math.fsum(own)
            own.append(row.share(times[row.skill]))
            total = math.fsum(own)
            if before < 1 - TINY <= total:
                expected = Message("core.allowances_below_1", {"skill": row.skill, "percent": f"{100 * total:.0f}"})
                yield DataProblem("category_allowances", position, "amount", f"{row.amount:g}", expected)


def _individual_allowances(tables: Tables) -> Iterator[DataProblem]:
    times = {row.skill: row for _, row in positioned(tables, "working_times", WorkingTime) if row.available_days > TINY}
    for position, row in positioned(tables, "individual_allowances", IndividualAllowance):
        if row.skill in times and row.hours_per_year > times[row.skill].available_hours + TINY:
            expected = Message("core.hours_of_a_year", {"hours": f"{times[row.skill].available_hours:g}"})
            value = f"{row.hours_per_year:g}"
            yield DataProblem("individual_allowances", position, "hours_per_year", value, expected)


def _heads(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    heads: dict[tuple[str, str], int] = {}
    for position, row in positioned(tables, "staff", Staff):
        heads[row.facility, row.skill] = row.heads
        if row.protected > row.heads:
            expected = Message("core.at_most_heads", {"heads": row.heads})
            yield DataProblem("staff", position, "protected", str(row.protected), expected)
    facilities = {facility.id for _, facility in positioned(tables, "facilities", Facility)}
    skills = {skill.id for _, skill in positioned(tables, "skills", Skill)}
    of_any_age: dict[tuple[str, str], int] = {}
    for position, age in positioned(tables, "staff_ages", StaffAge) if whole else ():
        place = age.facility, age.skill
        allowed, before = heads.get(place, 0), of_any_age.get(place, 0)
        of_any_age[place] = before + age.heads
        if before <= allowed < of_any_age[place] and age.facility in facilities and age.skill in skills:
            expected = Message("core.ages_at_most_heads", {"heads": allowed, "total": of_any_age[place]})
            yield DataProblem("staff_ages", position, "heads", str(age.heads), expected)


def _ages_without_career(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report once each skill whose ages are given, and not when it retires."""
    skills = {skill.id for _, skill in positioned(tables, "skills", Skill)}
    left = skills - {row.skill for _, row in positioned(tables, "careers", Career)}
    for position, row in positioned(tables, "staff_ages", StaffAge) if whole else ():
        if row.skill in left:
            left.remove(row.skill)
            yield DataProblem("staff_ages", position, "skill", row.skill, Message("core.with_career"))


def _wishes(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report where a team has more wishes of one rank than heads: each head has one wish of a rank."""
    heads = {(row.facility, row.skill): row.heads for _, row in positioned(tables, "staff", Staff)}
    facilities = {facility.id for _, facility in positioned(tables, "facilities", Facility)}
    skills = {skill.id for _, skill in positioned(tables, "skills", Skill)}
    of_a_rank: dict[tuple[str, str, int], int] = {}
    for position, row in positioned(tables, "consents", Consent) if whole else ():
        rank, allowed = (row.origin, row.skill, row.rank), heads.get((row.origin, row.skill), 0)
        before = of_a_rank.get(rank, 0)
        of_a_rank[rank] = before + row.heads
        if before <= allowed < of_a_rank[rank] and row.origin in facilities and row.skill in skills:
            expected = Message("core.wishes_at_most_heads", {"heads": allowed, "total": of_a_rank[rank]})
            yield DataProblem("consents", position, "heads", str(row.heads), expected)


def _premiums(tables: Tables) -> Iterator[DataProblem]:
    """Report a premium that falls where its threshold rises."""
    rows = positioned(tables, "premium_steps", PremiumStep)
    before: dict[str, float] = {}
    for position, row in sorted(rows, key=lambda found: found[1].threshold):
        least = before.get(row.kind, 0.0)
        if row.amount < least:
            expected = Message("core.at_least_step_before", {"amount": f"{least:g}"})
            yield DataProblem("premium_steps", position, "amount", f"{row.amount:g}", expected)
        before[row.kind] = max(least, row.amount)


def _pairs(tables: Tables) -> Iterator[DataProblem]:
    """Report what leads from a thing to itself."""
    for position, shift in positioned(tables, "task_shifts", TaskShift):
        if shift.substitute == shift.skill:
            yield DataProblem("task_shifts", position, "substitute", shift.substitute, Message("core.another_skill"))
        if shift.efficiency == 0:
            yield DataProblem("task_shifts", position, "efficiency", "0", Message("core.above_0"))
    for position, training in positioned(tables, "trainings", Training):
        if training.skill == training.origin_skill:
            yield DataProblem("trainings", position, "skill", training.skill, Message("core.another_skill"))
    for position, consent in positioned(tables, "consents", Consent):
        if consent.host == consent.origin:
            yield DataProblem("consents", position, "host", consent.host, Message("core.reference_to_itself"))


def _attractions(tables: Tables) -> Iterator[DataProblem]:
    for position, row in positioned(tables, "attractions", Attraction):
        if row.fill_share_with_incentive < row.fill_share:
            expected = Message("core.at_least_without_incentive", {"share": f"{row.fill_share:g}"})
            value = f"{row.fill_share_with_incentive:g}"
            yield DataProblem("attractions", position, "fill_share_with_incentive", value, expected)


def _professions(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    known = {skill.profession for _, skill in positioned(tables, "skills", Skill)}
    naming: tuple[tuple[str, type[NewPosts] | type[Attraction] | type[StaffingTarget], set[str]], ...] = (
        ("new_posts", NewPosts, known),
        ("attractions", Attraction, known),
        ("staffing_targets", StaffingTarget, known | {EVERYONE}),
    )
    for name, record, allowed in naming if whole else ():
        for position, row in positioned(tables, name, record):
            if row.profession not in allowed:
                yield DataProblem(name, position, "profession", row.profession, Message("core.known_profession"))


def _target_provinces(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    provinces = {zone.province for _, zone in positioned(tables, "zones", Zone)}
    provinces |= {facility.province for _, facility in positioned(tables, "facilities", Facility)}
    province_of = {zone.id: zone.province for _, zone in positioned(tables, "zones", Zone)}
    inhabited = {
        name
        for _, row in positioned(tables, "populations", Population)
        if row.zone in province_of and row.inhabitants > 0
        for name in (province_of[row.zone], EVERYONE)
    }
    for position, row in positioned(tables, "staffing_targets", StaffingTarget) if whole else ():
        known = row.province in provinces | {EVERYONE}
        if not known or row.province not in inhabited:
            expected = Message("core.inhabited_province" if known else "core.province_of_target")
            yield DataProblem("staffing_targets", position, "province", row.province, expected)

"""What the tables of the workforce say of one another: every kind of problem alone, then all of them at once."""

import ast
import inspect

import pytest
from pydantic import ValidationError

from gst_opt.core import crosscheck_staff
from gst_opt.core.careers import Attraction, Career, NewPosts, StaffingTarget, Training
from gst_opt.core.errors import DataError
from gst_opt.core.frozen import Row
from gst_opt.core.mobility import Consent, PremiumKind, PremiumStep, TaskShift
from gst_opt.core.standards import (
    ActivityStandard,
    AllowanceUnit,
    CategoryAllowance,
    IndividualAllowance,
    WorkingTime,
)
from gst_opt.core.workforce import Staff, StaffAge
from tests.core.small import GROUPING, WORKFORCE

Found = tuple[str, int, str, str, str]

NURSE = WorkingTime(skill="nurse", days_per_week=5, hours_per_day=8, annual_leave=60, source="test")
CARE = ActivityStandard(service="care", skill="nurse", minutes_per_act=15, source="test")
MEETINGS = CategoryAllowance(skill="nurse", activity="meetings", amount=0.1, unit=AllowanceUnit.SHARE, source="test")
CHIEF = IndividualAllowance(facility="hp", skill="nurse", activity="chief", heads=1, hours_per_year=200, source="test")
AGE = StaffAge(facility="hp", skill="nurse", age=30, heads=6)
CAREER = Career(skill="nurse", retirement_age=63, source="test")
SHIFT = TaskShift(skill="gp", substitute="nurse", efficiency=0.5, source="test")
TRAINING = Training(origin_skill="nurse", skill="gp", places=3, months=12, success_share=0.9, source="test")
CONSENT = Consent(origin="hp", host="cs", skill="nurse", rank=1, heads=2)
ATTRACTION = Attraction(
    facility="cs", profession="nurse", fill_share=0.5, fill_share_with_incentive=0.5, incentive=9000, source="test"
)
TARGET = StaffingTarget(year=2030, province="Nord", profession="nurse", per_1000=3, source="test")

GOOD: dict[str, tuple[object, ...]] = {
    "working_times": (NURSE,),
    "activity_standards": (CARE,),
    "category_allowances": (MEETINGS, MEETINGS.replace(skill="gp", amount=0.5)),
    "individual_allowances": (CHIEF,),
    "staff_ages": (AGE, AGE.replace(age=50)),
    "careers": (CAREER,),
    "task_shifts": (SHIFT,),
    "trainings": (TRAINING,),
    "consents": (CONSENT, CONSENT.replace(rank=2, heads=12)),
    "attractions": (ATTRACTION,),
    "new_posts": (NewPosts(year=2027, profession="physician", posts=4, source="test"),),
    "staffing_targets": (TARGET, TARGET.replace(province="*"), TARGET.replace(profession="*")),
    "premium_steps": tuple(
        PremiumStep(kind=PremiumKind.MOVE, threshold=km, amount=amount, source="test")
        for km, amount in ((20, 600), (100, 600))
    ),
}


def support(activity: str, amount: float, unit: AllowanceUnit) -> CategoryAllowance:
    return MEETINGS.replace(activity=activity, amount=amount, unit=unit)


CASES: dict[str, tuple[dict[str, tuple[object, ...]], list[Found]]] = {
    "neither a unit time nor a rate": (
        {"activity_standards": (CARE.replace(minutes_per_act=None),)},
        [("activity_standards", 1, "minutes_per_act", "", "time_or_rate")],
    ),
    "a unit time and a rate": (
        {"activity_standards": (CARE.replace(acts_per_hour=4),)},
        [("activity_standards", 1, "acts_per_hour", "4", "time_or_rate")],
    ),
    "no day left to work": (
        {"working_times": (NURSE.replace(public_holidays=110, sick_leave=90),)},
        [("working_times", 1, "public_holidays", "110", "days_left")],
    ),
    "support activities of 100 % together: 60 %, then 8 h of a 40 h week, then 40 of 200 days": (
        {
            "category_allowances": (
                support("a", 0.6, AllowanceUnit.SHARE),
                support("b", 8, AllowanceUnit.HOURS_PER_WEEK),
                support("c", 40, AllowanceUnit.DAYS_PER_YEAR),
                support("d", 1, AllowanceUnit.HOURS_PER_DAY),
            )
        },
        [("category_allowances", 3, "amount", "40", "allowances_below_1")],
    ),
    "a share given in percent": (
        {"category_allowances": (support("a", 10, AllowanceUnit.SHARE),)},
        [("category_allowances", 1, "amount", "10", "share_of_1")],
    ),
    "a standard of a skill without working time": (
        {"activity_standards": (CARE, CARE.replace(skill="gp"))},
        [("activity_standards", 1, "skill", "gp", "with_working_time")],
    ),
    "hours of support of a skill without working time": (
        {"category_allowances": (support("a", 1, AllowanceUnit.HOURS_PER_DAY).replace(skill="gp"),)},
        [("category_allowances", 1, "skill", "gp", "with_working_time")],
    ),
    "an additional activity of a skill without working time": (
        {"individual_allowances": (CHIEF.replace(skill="gp"),)},
        [("individual_allowances", 1, "skill", "gp", "with_working_time")],
    ),
    "an unknown skill is unknown, and no more": (
        {"individual_allowances": (CHIEF.replace(skill="dentist"),)},
        [("individual_allowances", 1, "skill", "dentist", "unknown_reference")],
    ),
    "13 heads of any age in a team of 12": (
        {"staff_ages": (AGE, AGE.replace(age=40, heads=7), AGE.replace(age=50, heads=1))},
        [("staff_ages", 2, "heads", "7", "ages_at_most_heads")],
    ),
    "an age where nobody works": (
        {"staff_ages": (AGE.replace(facility="cs", heads=1),)},
        [("staff_ages", 1, "heads", "1", "ages_at_most_heads")],
    ),
    "more protected than there are": (
        {"staff": (Staff(facility="hp", skill="nurse", heads=12, protected=13),)},
        [("staff", 1, "protected", "13", "at_most_heads")],
    ),
    "a skill that replaces itself": (
        {"task_shifts": (SHIFT.replace(substitute="gp"),)},
        [("task_shifts", 1, "substitute", "gp", "another_skill")],
    ),
    "a substitute who does nothing": (
        {"task_shifts": (SHIFT.replace(efficiency=0),)},
        [("task_shifts", 1, "efficiency", "0", "above_0")],
    ),
    "14 first wishes in a team of 12": (
        {"consents": (CONSENT.replace(heads=12), CONSENT.replace(host="cs2"), CONSENT.replace(rank=2))},
        [("consents", 3, "heads", "2", "wishes_at_most_heads"), ("consents", 3, "host", "cs2", "unknown_reference")],
    ),
    "wishes of nobody": (
        {"consents": (CONSENT.replace(origin="cs", host="hp"),)},
        [("consents", 1, "heads", "2", "wishes_at_most_heads")],
    ),
    "a premium that falls at 50 km; that of missions is another one": (
        {
            "premium_steps": tuple(
                PremiumStep(kind=kind, threshold=km, amount=amount, source="test")
                for kind, km, amount in (
                    (PremiumKind.MOVE, 20, 900),
                    (PremiumKind.MOVE, 50, 600),
                    (PremiumKind.MOVE, 100, 900),
                    (PremiumKind.MISSION, 100, 500),
                )
            )
        },
        [("premium_steps", 4, "amount", "600", "at_least_step_before")],
    ),
    "ages of a skill that has no age of retirement": (
        {"careers": (CAREER.replace(skill="gp"),)},
        [("staff_ages", 1, "skill", "nurse", "with_career")],
    ),
    "more than the 1,600 h of a year of one person": (
        {"individual_allowances": (CHIEF.replace(hours_per_year=1601),)},
        [("individual_allowances", 1, "hours_per_year", "1601", "hours_of_a_year")],
    ),
    "training to the same skill": (
        {"trainings": (TRAINING.replace(skill="nurse"),)},
        [("trainings", 1, "skill", "nurse", "another_skill")],
    ),
    "a wish to stay": (
        {"consents": (CONSENT.replace(host="hp"),)},
        [("consents", 1, "host", "hp", "reference_to_itself")],
    ),
    "an incentive that deters": (
        {"attractions": (ATTRACTION.replace(fill_share_with_incentive=0.4),)},
        [("attractions", 1, "fill_share_with_incentive", "0.4", "at_least_without_incentive")],
    ),
    "new posts for nobody": (
        {"new_posts": (NewPosts(year=2027, profession="*", posts=4, source="test"),)},
        [("new_posts", 1, "profession", "*", "known_profession")],
    ),
    "attraction for nobody": (
        {"attractions": (ATTRACTION.replace(profession="nurses"),)},
        [("attractions", 1, "profession", "nurses", "known_profession")],
    ),
    "a target for nobody": (
        {"staffing_targets": (TARGET.replace(profession="nurses"),)},
        [("staffing_targets", 1, "profession", "nurses", "known_profession")],
    ),
    "a target nowhere": (
        {"staffing_targets": (TARGET.replace(province="Sud"),)},
        [("staffing_targets", 1, "province", "Sud", "province_of_target")],
    ),
    "a target where nobody lives": (
        {"staffing_targets": (TARGET.replace(province="Est"), TARGET)},
        [("staffing_targets", 1, "province", "Est", "inhabited_province")],
    ),
}


def found(changes: dict[str, tuple[object, ...]]) -> list[Found]:
    """Return what is wrong: table, row (by key order), column, value, kind of problem."""
    with pytest.raises(DataError) as raised:
        GROUPING.replace(workforce=WORKFORCE.replace(**(GOOD | changes)))
    return [(p.table, p.row, p.column, p.value, p.expected.key.removeprefix("core.")) for p in raised.value.problems]


def test_good_tables_are_good() -> None:
    """A premium may stay with the distance, a share of time needs no hours, a gap in the ages is allowed."""
    assert GROUPING.replace(workforce=WORKFORCE.replace(**GOOD)).workforce.working_times == (NURSE,)


@pytest.mark.parametrize("case", CASES)
def test_problem_alone(case: str) -> None:
    changes, expected = CASES[case]
    assert found(changes) == expected


def test_every_kind_of_problem_has_a_case() -> None:
    tree = ast.parse(inspect.getsource(crosscheck_staff))
    kinds = {
        node.value.removeprefix("core.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("core.")
    }
    assert {place[4] for _, expected in CASES.values() for place in expected} - {"unknown_reference"} == kinds


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (CARE, "minutes_per_act", 0),
        (CARE, "minutes_per_act", 1e7),
        (CARE, "acts_per_hour", 1e-9),
        (CARE, "acts_per_hour", 1e9),
        (CHIEF, "hours_per_year", 9e9),
    ],
)
def test_no_time_and_centuries_are_refused(row: Row, column: str, value: float) -> None:
    with pytest.raises(ValidationError, match=column):
        row.replace(**{column: value})


def test_all_problems_come_at_once() -> None:
    names = ("no day left to work", "a unit time and a rate", "a wish to stay", "a target nowhere")
    changes = {table: rows for name in names for table, rows in CASES[name][0].items()}
    assert found(changes) == sorted(place for name in names for place in CASES[name][1])


def test_a_table_that_is_not_whole_misses_nothing() -> None:
    """Rows refused elsewhere may be the ones that others need."""
    tables = {name: getattr(WORKFORCE.replace(**GOOD), name) for name in type(WORKFORCE).model_fields}
    tables |= {"working_times": (), "staff": (), "skills": (), "facilities": (), "zones": ()}
    tables |= {"careers": (), "populations": ()}
    incomplete = ("working_times", "staff", "skills", "facilities", "zones", "careers", "populations")
    assert crosscheck_staff.staff_problems(tables, incomplete) == []

"""Need by workload and by norm: WHO's worked example, cases by hand, and a slow independent count."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gst_opt as gst
from gst_opt.core.errors import DataError, GstOptError
from gst_opt.core.region import Facility, Level, Region, Status
from gst_opt.core.services import Activity
from gst_opt.core.standards import (
    ActivityStandard,
    AllowanceUnit,
    CategoryAllowance,
    IndividualAllowance,
    StaffingNorm,
    WorkingTime,
)
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.pillars.staff.need import Basis, Need, Pressure, needs, staffing_need
from gst_opt.pillars.staff.wisn import category_factors, rounded, standard_workload, workloads
from tests.core.small import GROUPING, WORKFORCE

YEAR = Horizon.of(Grain.YEAR, date(2026, 1, 1), 1)
TIME = WorkingTime(
    skill="nurse",
    days_per_week=5,
    hours_per_day=8,
    public_holidays=16,
    annual_leave=30,
    sick_leave=14,
    other_absence=21,
    source="test",
)
"""260 days less 81: 179 days, 1,432 hours."""

VISIT = ActivityStandard(service="visit", skill="nurse", minutes_per_act=15, source="test")
SUPPORT = CategoryAllowance(
    skill="nurse", activity="support", amount=10, unit=AllowanceUnit.DAYS_PER_YEAR, source="test"
)
CHIEF = IndividualAllowance(facility="cs", skill="nurse", activity="chief", heads=2, hours_per_year=358, source="test")
NURSE = Skill(id="nurse", name_fr="Infirmier", name_en="Nurse", profession="nurse")
CENTRE = Facility(id="cs", name="Centre", commune="A", province="A", level=Level.URBAN_CENTRE_1)
REGION = Region(facilities=(CENTRE,))
NORM = StaffingNorm(level=Level.URBAN_CENTRE_1, skill="nurse", fte=3, source="test")


def workforce(**tables: object) -> Workforce:
    return Workforce(skills=(NURSE,)).replace(
        **({"working_times": (TIME,), "activity_standards": (VISIT,), "category_allowances": (SUPPORT,)} | tables)
    )


def visits(acts: float, period: str = "2026", facility: str = "cs") -> Activity:
    return Activity(facility=facility, service="visit", period=period, acts=acts)


def required(staff: Workforce, *activity: Activity, horizon: Horizon = YEAR) -> float:
    return workloads(staff, activity, horizon)["cs", "nurse"].required


def test_the_worked_example() -> None:
    """10,000 patients x 10 visits x 0.25 h = 3,125 days; / 179 = 17.458; x 1 / (1 - 10/179) = 18.49."""
    load = workloads(workforce(), [visits(100_000)], YEAR)["cs", "nurse"]
    assert load.basic == pytest.approx(3125 / 179)
    assert load.category_factor == pytest.approx(179 / 169)
    assert load.required == pytest.approx(18.49, abs=0.005)
    assert load.difference == pytest.approx(-load.required)
    assert load.ratio == 0


def test_difference_and_ratio() -> None:
    """5,728 visits of a quarter of an hour are the 1,432 hours of one nurse; three are there for two."""
    staff = workforce(category_allowances=(), staff=(Staff(facility="cs", skill="nurse", heads=3),))
    load = workloads(staff, [visits(2 * 5728)], YEAR)["cs", "nurse"]
    assert (load.required, load.difference, load.ratio) == pytest.approx((2.0, 1.0, 1.5))


def test_additional_activities_are_added_after_the_support_of_everybody() -> None:
    """Two people, 358 h of 1,432 each: half a nurse more."""
    staff = workforce(individual_allowances=(CHIEF, CHIEF.replace(facility="hp")))
    assert required(staff, visits(5728)) == pytest.approx(179 / 169 + 0.5)


def test_a_rate_is_a_unit_time() -> None:
    rate = VISIT.replace(minutes_per_act=None, acts_per_hour=4)
    assert required(workforce(activity_standards=(rate,)), visits(777)) == pytest.approx(
        required(workforce(), visits(777))
    )
    assert standard_workload(rate, TIME) == standard_workload(VISIT, TIME) == 5728


@pytest.mark.parametrize(
    ("amount", "unit", "share"),
    [
        (0.1, AllowanceUnit.SHARE, 0.1),
        (2, AllowanceUnit.HOURS_PER_DAY, 0.25),
        (4, AllowanceUnit.HOURS_PER_WEEK, 0.1),
        (17.9, AllowanceUnit.HOURS_PER_MONTH, 0.15),
        (143.2, AllowanceUnit.HOURS_PER_YEAR, 0.1),
        (17.9, AllowanceUnit.DAYS_PER_YEAR, 0.1),
    ],
)
def test_an_allowance_in_any_unit(amount: float, unit: AllowanceUnit, share: float) -> None:
    staff = workforce(category_allowances=(SUPPORT.replace(amount=amount, unit=unit),))
    assert category_factors(staff)["nurse"] == pytest.approx(1 / (1 - share))


def test_support_activities_add_up_before_they_divide() -> None:
    half = SUPPORT.replace(amount=0.25, unit=AllowanceUnit.SHARE)
    staff = workforce(category_allowances=(half, half.replace(activity="more")))
    assert category_factors(staff)["nurse"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("grain", "count", "years"),
    [
        (Grain.YEAR, 1, 1.0),
        (Grain.YEAR, 2, 2.0),
        (Grain.QUARTER, 3, 0.75),
        (Grain.MONTH, 1, 1 / 12),
        (Grain.WEEK, 26, 182 / 365.25),
        (Grain.HALF_DAY, 10, 7 / 365.25),
    ],
)
def test_acts_are_made_yearly(grain: Grain, count: int, years: float) -> None:
    """As many acts as the periods are years long are one year's acts; February counts as a month."""
    horizon = Horizon.of(grain, date(2026, 2, 2), count)
    activity = [visits(5728 * years / count, period.id) for period in horizon.periods]
    staff = workforce(category_allowances=())
    assert required(staff, *activity, horizon=horizon) == pytest.approx(1)


def test_a_period_counts_for_all_once_it_is_recorded_for_one() -> None:
    """The centre did nothing in the second quarter, when the hospital worked; nobody recorded the others."""
    horizon = Horizon.of(Grain.QUARTER, date(2026, 1, 1), 4)
    activity = (visits(2864, "2026-Q1"), visits(10, "2026-Q2", "hp"))
    assert required(workforce(category_allowances=()), *activity, horizon=horizon) == pytest.approx(1)


def test_a_period_that_the_calendar_does_not_have_is_refused() -> None:
    with pytest.raises(GstOptError, match="2027"):
        workloads(workforce(), [visits(1, "2027")], YEAR)


def test_contradictory_standards_are_located_even_outside_a_grouping() -> None:
    staff = workforce(working_times=(TIME.replace(annual_leave=300),))
    with pytest.raises(DataError) as raised:
        needs(REGION, staff, [visits(1)], YEAR)
    (problem,) = raised.value.problems
    assert (problem.table, problem.row, problem.column, problem.value) == ("working_times", 1, "annual_leave", "300")


@pytest.mark.parametrize(
    ("activity", "norm", "expected"),
    [
        ((visits(2 * 5728),), NORM, Need(2.0, 0, Basis.WORKLOAD)),
        ((visits(2 * 5728),), NORM.replace(minimum_fte=2.5, minimum_team=1), Need(2.5, 1, Basis.MINIMUM)),
        ((visits(2 * 5728),), NORM.replace(minimum_fte=1, minimum_team=2), Need(2.0, 2, Basis.WORKLOAD)),
        ((visits(2 * 5728),), None, Need(2.0, 0, Basis.WORKLOAD)),
        ((visits(0),), NORM.replace(minimum_team=1), Need(3.0, 1, Basis.NORM)),
        ((visits(0),), NORM, Need(3.0, 0, Basis.NORM)),
        ((visits(0),), None, None),
        ((visits(9, facility="hp"),), NORM, Need(3.0, 0, Basis.NORM)),
        ((), NORM, Need(3.0, 0, Basis.NORM)),
        ((), NORM.replace(minimum_fte=4), Need(4.0, 0, Basis.MINIMUM)),
        ((), NORM.replace(fte=0), None),
    ],
)
def test_need_is_by_workload_where_acts_are_recorded(
    activity: tuple[Activity, ...], norm: StaffingNorm | None, expected: Need | None
) -> None:
    staff = workforce(category_allowances=(), staffing_norms=(norm,) if norm else ())
    assert needs(REGION, staff, activity, YEAR) == ({("cs", "nurse"): expected} if expected else {})


def test_need_is_of_open_facilities() -> None:
    planned = Region(facilities=(CENTRE.replace(status=Status.PLANNED),))
    assert needs(planned, workforce(staffing_norms=(NORM,)), [visits(5728)], YEAR) == {}


def test_hours_of_a_head() -> None:
    assert TIME.available_hours == 1432


@pytest.mark.parametrize(
    ("exact", "heads"),
    [
        (0, 0),
        (0.01, 1),
        (1, 1),
        (1.1, 1),
        (1.15, 2),
        (1.9, 2),
        (2.2, 2),
        (2.21, 3),
        (3.3, 3),
        (3.31, 4),
        (4.4, 4),
        (4.41, 5),
        (5.5, 5),
        (5.51, 6),
        (6.5, 6),
        (6.51, 7),
        (18.49, 18),
        (1 - 1e-12, 1),
    ],
)
def test_rounding_of_the_manual(exact: float, heads: int) -> None:
    assert rounded(exact) == heads


@given(st.floats(0, 1000))
def test_rounding_never_misses_by_a_head_and_never_asks_a_tenth_more_of_anyone_below_six(exact: float) -> None:
    heads = rounded(exact)
    assert abs(heads - exact) < 1
    assert exact <= max(1.1 * heads, heads + 0.5) + 1e-6
    assert heads <= rounded(exact + 0.05)


SKILLS, SITES, SERVICES = ("a", "b"), ("cs", "hp", "hr"), ("s", "t")
AMOUNTS = st.integers(0, 5000).map(float)
UNITS = {
    AllowanceUnit.SHARE: 0.05,
    AllowanceUnit.HOURS_PER_DAY: 0.4,
    AllowanceUnit.HOURS_PER_WEEK: 2,
    AllowanceUnit.HOURS_PER_MONTH: 6,
    AllowanceUnit.HOURS_PER_YEAR: 70,
    AllowanceUnit.DAYS_PER_YEAR: 9,
}
"""About 5 % of a working time in every unit."""


@st.composite
def loads(draw: st.DrawFn) -> tuple[Workforce, tuple[Activity, ...], Horizon]:
    """Standards of two skills, one of which may have no working time, and acts of some quarters."""
    known = draw(st.sampled_from([SKILLS, SKILLS[:1]]))
    times = [
        TIME.replace(skill=skill, annual_leave=draw(st.integers(0, 60)), days_per_week=draw(st.sampled_from([4.5, 5])))
        for skill in known
    ]
    standards = [
        ActivityStandard(
            service=service,
            skill=skill,
            source="test",
            **{draw(st.sampled_from(["minutes_per_act", "acts_per_hour"])): draw(st.integers(1, 3000)) / 2},
        )
        for skill in known
        for service in SERVICES
        if draw(st.booleans())
    ]
    support = [
        CategoryAllowance(
            skill=skill, activity=unit, amount=draw(st.integers(0, 3)) * UNITS[unit], unit=unit, source="-"
        )
        for skill in known
        for unit in draw(st.sets(st.sampled_from(list(UNITS)), max_size=4))
    ]
    others = [
        CHIEF.replace(facility=site, skill=skill, activity=activity, heads=draw(st.integers(0, 3)))
        for skill in known
        for site in SITES
        for activity in draw(st.sets(st.sampled_from(["chief", "teacher"])))
    ]
    horizon = Horizon.of(draw(st.sampled_from([Grain.QUARTER, Grain.WEEK])), date(2026, 1, 1), 4)
    cells = st.tuples(st.sampled_from(SITES), st.sampled_from(SERVICES), st.sampled_from(horizon.periods))
    activity = [
        Activity(facility=site, service=service, period=period.id, acts=draw(AMOUNTS))
        for site, service, period in draw(st.lists(cells, unique=True, max_size=12))
    ]
    staff = Workforce(
        skills=tuple(NURSE.replace(id=skill) for skill in SKILLS),
        working_times=tuple(times),
        activity_standards=tuple(standards),
        category_allowances=tuple(support),
        individual_allowances=tuple(others),
    )
    return staff, tuple(activity), horizon


def slow(staff: Workforce, activity: tuple[Activity, ...], horizon: Horizon, site: str, skill: str) -> float | None:
    """Count as the manual does, table by table: required staff, None where nothing is recorded."""
    for own in staff.working_times:
        if own.skill == skill:
            days = own.days_per_week * 52
            for absent in (own.public_holidays, own.annual_leave, own.sick_leave, own.other_absence):
                days -= absent
            hours, week, day = days * own.hours_per_day, own.days_per_week * own.hours_per_day, own.hours_per_day
            break
    else:
        return None
    length = 0.0
    for period in horizon.periods:
        if any(row.period == period.id for row in activity):
            length += {Grain.QUARTER: 0.25, Grain.WEEK: 7 / 365.25}[period.grain]
    basic, counted = 0.0, False
    for row in activity:
        for standard in staff.activity_standards:
            if row.acts and (row.facility, row.service, skill) == (site, standard.service, standard.skill):
                counted = True
                if standard.acts_per_hour is not None:
                    basic += row.acts / length / (hours * standard.acts_per_hour)
                elif standard.minutes_per_act:
                    basic += row.acts / length / (hours / (standard.minutes_per_act / 60))
    percent = 0.0
    for support in staff.category_allowances:
        if support.skill == skill:
            in_a_year = {"hours_per_month": 12 * support.amount, "hours_per_year": support.amount}
            if support.unit == "share":
                percent += 100 * support.amount
            elif support.unit == "hours_per_day":
                percent += 100 * support.amount / day
            elif support.unit == "hours_per_week":
                percent += 100 * support.amount / week
            elif support.unit == "days_per_year":
                percent += 100 * support.amount / days
            else:
                percent += 100 * in_a_year[support.unit] / hours
    others = sum(
        extra.heads * extra.hours_per_year
        for extra in staff.individual_allowances
        if (extra.facility, extra.skill) == (site, skill)
    )
    return basic / (1 - percent / 100) + others / hours if counted else None


@settings(deadline=None)
@given(loads())
def test_an_independent_count_agrees(load: tuple[Workforce, tuple[Activity, ...], Horizon]) -> None:
    found = workloads(*load)
    for site in SITES:
        for skill in SKILLS:
            expected = slow(*load, site, skill)
            assert ((site, skill) in found) == (expected is not None)
            if expected is not None:
                assert found[site, skill].required == pytest.approx(expected, rel=1e-9)


@settings(deadline=None)
@given(loads(), st.integers(0, 11), AMOUNTS)
def test_more_acts_never_lower_a_need(
    load: tuple[Workforce, tuple[Activity, ...], Horizon], which: int, more: float
) -> None:
    staff, activity, horizon = load
    raised = tuple(
        row.replace(acts=row.acts + more) if position == which else row for position, row in enumerate(activity)
    )
    region = Region(facilities=tuple(CENTRE.replace(id=site) for site in SITES))
    norms = tuple(NORM.replace(skill=skill, minimum_fte=0.5) for skill in SKILLS)
    before = needs(region, staff.replace(staffing_norms=norms), activity, horizon)
    after = needs(region, staff.replace(staffing_norms=norms), raised, horizon)
    assert before.keys() <= after.keys()
    at_work = before.keys() & workloads(staff, activity, horizon).keys()
    assert all(after[place].fte >= before[place].fte - 1e-12 for place in at_work)


def test_a_region_takes_well_under_a_second() -> None:
    """318 facilities, 54 skills, 50 services, 4 quarters: 63,600 rows of acts."""
    skills = [f"k{number}" for number in range(54)]
    staff = Workforce(
        skills=tuple(NURSE.replace(id=skill) for skill in skills),
        working_times=tuple(TIME.replace(skill=skill) for skill in skills),
        activity_standards=tuple(
            VISIT.replace(skill=skill, service=f"s{service}")
            for number, skill in enumerate(skills)
            for service in range(number % 5, 50, 5)
        ),
    )
    horizon = Horizon.of(Grain.QUARTER, date(2026, 1, 1), 4)
    region = Region(facilities=tuple(CENTRE.replace(id=f"f{number}") for number in range(318)))
    activity = [
        Activity(facility=facility.id, service=f"s{service}", period=period.id, acts=100)
        for facility in region.facilities
        for service in range(50)
        for period in horizon.periods
    ]
    start = time.process_time()
    assert len(needs(region, staff, activity, horizon)) == 318 * 54
    assert time.process_time() - start < 2, "a third of a second on an idle core"


def test_staffing_need_of_a_grouping() -> None:
    """100 visits in the one recorded quarter, 90 minutes each: 600 h a year of a nurse's 1,432, where a GP works."""
    staff = WORKFORCE.replace(
        working_times=(TIME,),
        activity_standards=(VISIT.replace(service="care", minutes_per_act=90),),
        staffing_norms=(StaffingNorm(level=Level.PROVINCIAL_HOSPITAL, skill="nurse", fte=10.2, source="test"),),
    )
    answer = staffing_need(GROUPING.replace(workforce=staff))
    assert [
        (team.facility, team.skill, team.basis, team.heads, team.heads_required, team.pressure) for team in answer.teams
    ] == [
        ("cs", "gp", None, 1, 0, None),
        ("cs", "nurse", Basis.WORKLOAD, 0, 1, Pressure.SHORT),
        ("hp", "nurse", Basis.NORM, 12, 10, Pressure.SURPLUS),
    ]
    short = answer.teams[1]
    assert (short.need, short.difference, short.ratio) == pytest.approx((600 / 1432, -600 / 1432, 0.0))
    tables = {table.name: table for table in answer.tables()}
    assert tables["provinces"].rows[-1] == ("*", 10.62, 12, 1.38, 1.1301, 11, 1, 1, 1)
    assert [row[0] for row in tables["skills"].rows] == ["gp", "nurse", "*"]
    assert str(answer) == "StaffingNeed(provinces 2, skills 3, teams 3)"
    assert "<h4>teams</h4>" in answer._repr_html_()
    assert gst.StaffingNeed.model_validate_json(answer.model_dump_json()) == answer


def test_staffing_need_adds_up_on_a_sample() -> None:
    grouping = gst.load_sample("two_towns")
    answer = gst.staffing_need(grouping)
    for table in answer.tables()[:2]:
        *rows, total = table.rows
        for column in (1, 2, 3, 5, 6, 7, 8):
            assert sum(float(row[column] or 0) for row in rows) == pytest.approx(float(total[column] or 0))
    wanted = needs(grouping.region, grouping.workforce, grouping.activity, grouping.horizon)
    assert {(team.facility, team.skill): team.need for team in answer.teams if team.basis} == {
        place: need.fte for place, need in wanted.items()
    }


def test_staffing_need_is_asked_of_a_grouping() -> None:
    with pytest.raises(GstOptError, match="Grouping"):
        staffing_need(REGION)  # type: ignore[arg-type]

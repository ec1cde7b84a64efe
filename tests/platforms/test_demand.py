"""Acts needed: recorded rows, rates by age, totals, growth; by hand, then for any table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.errors import GstOptError
from gst_opt.core.pathways import Pathway, PathwayStep, StepKind
from gst_opt.core.region import GrowthRate, Population, Region, Zone
from gst_opt.core.services import Demand, DemandRate, ServiceTotal
from gst_opt.core.time import Grain, Horizon
from gst_opt.pillars.platforms.demand import DemandTables, acts_needed, with_pathways

YEAR = Horizon.of(Grain.YEAR, date(2026, 1, 1), 1)
QUARTERS = Horizon.of(Grain.QUARTER, date(2026, 1, 1), 8)
TOWN = Zone(id="town", name="Town", commune="Town", province="North", urban=True)
VILLAGE = Zone(id="village", name="Village", commune="Village", province="South", urban=False)
REGION = Region(
    zones=(TOWN, VILLAGE),
    populations=(
        Population(zone="town", age_group="0-59", inhabitants=8_000),
        Population(zone="town", age_group="60+", inhabitants=1_000),
        Population(zone="village", age_group="0-59", inhabitants=2_000),
        Population(zone="village", age_group="60+", inhabitants=1_000),
    ),
    growth_rates=(GrowthRate(province="North", per_year=0.1, source="toy"),),
)


def rate(age_group: str, acts: float, rural: float = 1.0, service: str = "ct") -> DemandRate:
    return DemandRate(service=service, age_group=age_group, acts_per_1000=acts, rural_factor=rural, source="toy")


def row(zone: str, period: str, acts: float) -> Demand:
    return Demand(zone=zone, service="ct", period=period, acts=acts)


RATES = (rate("0-59", 10, rural=0.5), rate("60+", 100))


def test_rates_by_age_and_kind_of_zone() -> None:
    """Town 8 x 10 + 1 x 100; village 2 x 10 / 2 + 1 x 100 (the rate of the old has no rural factor)."""
    needed = acts_needed(REGION, DemandTables(demand_rates=RATES), YEAR)
    assert needed == {("town", "ct"): (180.0,), ("village", "ct"): (110.0,)}


def test_rates_are_scaled_to_the_total() -> None:
    total = ServiceTotal(service="ct", acts=580, source="toy")
    needed = acts_needed(REGION, DemandTables(demand_rates=RATES, service_totals=(total,)), YEAR)
    assert needed == {("town", "ct"): (360.0,), ("village", "ct"): (220.0,)}


@pytest.mark.parametrize("rates", [(), (rate("20-30", 7),), (rate("60+", 0),)], ids=["none", "stranger", "zero"])
def test_a_total_without_rates_is_shared_by_inhabitants(rates: tuple[DemandRate, ...]) -> None:
    total = ServiceTotal(service="ct", acts=120, source="toy")
    needed = acts_needed(REGION, DemandTables(demand_rates=rates, service_totals=(total,)), YEAR)
    assert needed == {("town", "ct"): (90.0,), ("village", "ct"): (30.0,)}


def test_nobody_needs_what_neither_table_rate_nor_total_names() -> None:
    assert acts_needed(REGION, DemandTables(), YEAR) == {}
    total = ServiceTotal(service="ct", acts=120, source="toy")
    assert acts_needed(Region(zones=(TOWN,)), DemandTables(service_totals=(total,)), YEAR) == {}


def test_growth_is_that_of_the_province_and_compounds_after_the_first_year() -> None:
    needed = acts_needed(REGION, DemandTables(demand_rates=(rate("60+", 100),)), YEAR, years=3)
    assert needed["town", "ct"] == pytest.approx((100.0, 110.0, 121.0))
    assert needed["village", "ct"] == (100.0, 100.0, 100.0)


def test_recorded_rows_hold_against_rates_and_totals() -> None:
    """The village has no row: it needs nothing, whatever its rate."""
    total = ServiceTotal(service="ct", acts=9_999, source="toy")
    tables = DemandTables(demand=(row("town", "2026", 40),), demand_rates=RATES, service_totals=(total,))
    assert acts_needed(REGION, tables, YEAR) == {("town", "ct"): (40.0,)}


def test_rows_of_part_of_a_year_are_scaled_to_the_year() -> None:
    """Two quarters are recorded, the village only in one of them: 30 and 50 in half a year, 10 in the same half."""
    rows = (row("town", "2026-Q1", 30), row("town", "2026-Q2", 50), row("village", "2026-Q2", 10))
    needed = acts_needed(REGION, DemandTables(demand=rows), QUARTERS)
    assert needed == {("town", "ct"): (160.0,), ("village", "ct"): (20.0,)}


def test_each_year_has_its_own_rows_and_later_years_grow_from_the_last() -> None:
    quarters = [row("town", f"{year}-Q{q}", 10 * (year - 2025)) for year in (2026, 2027) for q in (1, 2, 3, 4)]
    needed = acts_needed(REGION, DemandTables(demand=tuple(quarters)), QUARTERS, years=4)
    assert needed["town", "ct"] == pytest.approx((40.0, 80.0, 88.0, 96.8))


def test_years_before_the_first_recorded_one_are_taken_from_it() -> None:
    rows = tuple(row("town", f"2027-Q{q}", 27.5) for q in (1, 2, 3, 4))
    assert acts_needed(REGION, DemandTables(demand=rows), QUARTERS)["town", "ct"] == pytest.approx((100.0,))


def test_years_begin_with_the_horizon() -> None:
    """Four quarters from July are one year, not two halves."""
    horizon = Horizon.of(Grain.QUARTER, date(2026, 7, 1), 4)
    rows = tuple(row("town", period.id, acts) for period, acts in zip(horizon.periods, (1, 2, 3, 4), strict=True))
    assert acts_needed(REGION, DemandTables(demand=rows), horizon) == {("town", "ct"): (10.0,)}


def test_52_weeks_of_two_calendar_years_are_one_year() -> None:
    horizon = Horizon.of(Grain.WEEK, date(2026, 1, 1), 52)
    rows = tuple(row("town", period.id, 10) for period in horizon.periods)
    needed = acts_needed(REGION, DemandTables(demand=rows), horizon, years=2)
    assert needed["town", "ct"] == pytest.approx((10 * 365.25 / 7, 11 * 365.25 / 7))


def test_unknown_periods_and_zones_are_named() -> None:
    with pytest.raises(GstOptError, match="2031"):
        acts_needed(REGION, DemandTables(demand=(row("town", "2031", 1),)), YEAR)
    with pytest.raises(GstOptError, match="nowhere"):
        acts_needed(REGION, DemandTables(demand=(row("nowhere", "2026", 1),)), YEAR)


def pathway(share: float, *steps: PathwayStep) -> tuple[tuple[Pathway, ...], tuple[PathwayStep, ...]]:
    return (Pathway(id="path", name_fr="p", name_en="p", share=share),), steps


def step(number: int, service: str, share: float = 1.0, returning: float = 0.0) -> PathwayStep:
    return PathwayStep(
        pathway="path", step=number, kind=StepKind.ACT, service=service, share=share, returning=returning
    )


def test_pathways_add_the_acts_of_their_steps() -> None:
    """Of 100 visits 40 are on the pathway: 10 scans, and 40 follow-up visits that half return from make 80 more."""
    path = pathway(0.4, step(1, "visit"), step(2, "ct", share=0.25), step(3, "visit", returning=0.5))
    assert with_pathways({("town", "visit"): (100.0, 200.0)}, *path) == {
        ("town", "visit"): pytest.approx((180.0, 360.0)),
        ("town", "ct"): pytest.approx((10.0, 20.0)),
    }


def test_two_pathways_of_one_service_share_its_patients() -> None:
    """A quarter and a half of 100 visits: 25 scans, 50 tests, still 100 visits; and 7 scans needed anyway."""
    pathways = tuple(
        Pathway(id=name, name_fr=name, name_en=name, share=share) for name, share in (("one", 0.25), ("two", 0.5))
    )
    steps = tuple(
        PathwayStep(pathway=name, step=number, kind=StepKind.ACT, service=service)
        for name, services in (("one", ("visit", "ct")), ("two", ("visit", "test")))
        for number, service in enumerate(services, 1)
    )
    needed = {("town", "visit"): (100.0,), ("town", "ct"): (7.0,)}
    assert with_pathways(needed, pathways, steps) == {
        ("town", "visit"): pytest.approx((100.0,)),
        ("town", "ct"): pytest.approx((32.0,)),
        ("town", "test"): pytest.approx((50.0,)),
    }


def test_a_pathway_without_steps_changes_nothing() -> None:
    needed = {("town", "visit"): (100.0,)}
    assert with_pathways(needed, *pathway(0.5)) == needed


@given(st.floats(0, 1), st.floats(0, 1e6))
def test_a_pathway_of_its_first_step_alone_changes_nothing(share: float, acts: float) -> None:
    total = with_pathways({("town", "ct"): (acts,)}, *pathway(share, step(1, "ct"))).get(("town", "ct"), (0.0,))
    assert total == pytest.approx((acts,))


people = st.integers(0, 100_000)
rates = st.floats(0, 1_000, allow_nan=False)


@given(st.lists(people, min_size=4, max_size=4), st.lists(rates, min_size=2, max_size=2), st.floats(0.1, 1e6), rates)
def test_scaled_rates_sum_to_the_total(inhabitants: list[int], acts: list[float], total: float, rural: float) -> None:
    places = [(zone, age) for zone in ("town", "village") for age in ("0-59", "60+")]
    populations = tuple(
        Population(zone=zone, age_group=age, inhabitants=count)
        for (zone, age), count in zip(places, inhabitants, strict=True)
    )
    tables = DemandTables(
        demand_rates=(rate("0-59", acts[0], rural), rate("60+", acts[1], rural)),
        service_totals=(ServiceTotal(service="ct", acts=total, source="toy"),),
    )
    needed = acts_needed(REGION.replace(populations=populations), tables, YEAR)
    assert sum(values[0] for values in needed.values()) == pytest.approx(total if any(inhabitants) else 0.0)


@given(st.dictionaries(st.sampled_from([period.id for period in QUARTERS.periods[:4]]), st.floats(0, 1e6), min_size=1))
def test_a_year_of_rows_is_their_mean_quarter_four_times(acts: dict[str, float]) -> None:
    rows = tuple(row("town", period, value) for period, value in acts.items())
    needed = acts_needed(REGION, DemandTables(demand=rows), QUARTERS)
    assert needed.get(("town", "ct"), (0.0,))[0] == pytest.approx(4 * sum(acts.values()) / len(acts))

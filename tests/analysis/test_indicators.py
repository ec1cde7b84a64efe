"""Indicators: the two towns by hand, today, alone and planned; what is missing is empty, and said."""

import pytest

import gst_opt as gst
from gst_opt.analysis.establishments import establishments
from gst_opt.analysis.figures import added, figures_planned, figures_today
from gst_opt.analysis.indicator_table import IndicatorRow
from gst_opt.analysis.indicators import board
from gst_opt.core.errors import GstOptError
from gst_opt.core.grouping import Grouping
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.grouping_plan.plan import GroupingPlan

ONE_YEAR = gst.LocationPolicy(years=1)


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return gst.load_sample("two_towns")


@pytest.fixture(scope="module")
def moves(towns: Grouping) -> gst.Silo[gst.RedeploymentPlan]:
    return gst.silo(gst.RedeploymentProblem.of, towns)


@pytest.fixture(scope="module")
def platforms(towns: Grouping) -> gst.Silo[gst.LocationPlan]:
    return gst.silo(lambda grouping: gst.LocationProblem.of(grouping, ONE_YEAR), towns)


@pytest.fixture(scope="module")
def found(
    towns: Grouping, moves: gst.Silo[gst.RedeploymentPlan], platforms: gst.Silo[gst.LocationPlan]
) -> gst.Indicators:
    alone = {name: gst.Plans.of(moves.alone[name].require(), platforms.alone[name].require()) for name in moves.alone}
    plans = gst.Plans.of(moves.together.require(), platforms.together.require())
    return gst.indicators(towns, plans, alone)


def row(found: gst.Indicators, name: str) -> IndicatorRow:
    (one,) = (one for one in found.rows if one.id == name)
    return one


def three(found: gst.Indicators, name: str) -> tuple[float | None, float | None, float | None]:
    one = row(found, name)
    return one.today, one.alone, one.planned


def test_staff_of_the_two_towns(found: gst.Indicators) -> None:
    """40, 42 and 46 of 48 FTE; 0, 2 and 6 moves; 33 heads for 40,000 people in North and 13 for 20,000 in South."""
    assert three(found, "coverage") == pytest.approx((40 / 48, 42 / 48, 46 / 48))
    assert three(found, "moves") == (0, 2, 6)
    heads = row(found, "heads_2025")
    assert heads.today == pytest.approx(46 / 60)
    assert (heads.target, heads.year) == (2.0, 2025)
    assert (row(found, "heads_2030").target, row(found, "heads_2030").year) == (4.45, 2030)
    north, south = 33 / 40, 13 / 20
    assert heads.gini_today == pytest.approx((north - south) / (2 * (north + south)))
    assert heads.lowest_today == pytest.approx(south / north)
    # 3 nurses go to the centre of South, 1 midwife comes from there
    assert heads.lowest_planned == pytest.approx((15 / 20) / (31 / 40))


def test_care_of_the_two_towns(found: gst.Indicators) -> None:
    """13,350 acts needed, of which those that Far cannot reach are 150 scans and 52.5 that follow from them."""
    assert row(found, "acts_given").today == pytest.approx(1 - 202.5 / 13_350)
    assert three(found, "within:ct") == pytest.approx((0.95, 0.95, 0.95))
    assert three(found, "within:consultation") == (1, 1, 1)


def test_use_of_today(found: gst.Indicators) -> None:
    """2,850 scans and 6,712.5 consultations of 20 minutes in 4 x 2,000 hours; 3,585 stays of 5 days in 70 beds."""
    assert row(found, "use").today == pytest.approx((2_850 + 6_712.5) * 20 / 60 / 8_000)
    assert row(found, "occupancy").today == pytest.approx(3_585 * 5 / (70 * 365))


def test_urban_and_rural(found: gst.Indicators) -> None:
    """Far is the only rural commune: none of its 3,000 people is within the time of a scan."""
    groups = {one.group: one.today for one in found.values if one.indicator == "within:ct"}
    areas = {"*": 0.95, "North": 1, "South": pytest.approx(17 / 20), "urban": 1, "rural": 0}
    assert groups == areas | {"hp-north": 1, "hpr-south": pytest.approx(17 / 20)}


def test_money_is_that_of_the_plan(found: gst.Indicators, platforms: gst.Silo[gst.LocationPlan]) -> None:
    costs = platforms.together.require().costs
    running = sum(cost.mad for cost in costs if cost.line != "purchases")
    bought = sum(cost.mad for cost in costs if cost.line == "purchases")
    assert (row(found, "running").planned, row(found, "investment").planned) == pytest.approx((running, bought))
    assert row(found, "running").today == pytest.approx(
        2 * 500_000 + 2 * 5_000 + 70 * 30_000 + 2_850 / 9.6 * 500 + 6_712.5 / 9.6 * 50
    )  # 9.6 acts of 20 minutes in a session of 240, four fifths of which may be used


def test_without_scanners_nobody_is_within_the_time_of_one(towns: Grouping) -> None:
    makers = [one.equipment_type for one in towns.equipment.session_standards if one.service == "ct"]
    pins = tuple(gst.LocationPin(kind=gst.PinKind.FORBID, equipment_type=one, reason="none") for one in makers)
    plan = gst.solve(gst.LocationProblem.of(towns, ONE_YEAR.replace(pins=pins))).require()
    found = gst.indicators(towns, gst.Plans(location=plan))
    assert (row(found, "within:ct").today, row(found, "within:ct").planned) == (0.95, 0)
    assert row(found, "within:admission").planned == 1


def test_a_missing_plan_leaves_its_indicators_empty_and_says_so(towns: Grouping) -> None:
    found = gst.indicators(towns, gst.Plans())
    assert {one.planned for one in found.rows} == {None}
    assert {one.alone for one in found.rows} == {None}
    assert row(found, "coverage").today == pytest.approx(40 / 48)
    assert "There is no plan of: platforms and beds, redeployment" in str(found)
    assert "Il n'y a pas de plan pour : plateaux et lits" in found.text(gst.Lang.FR)


def test_parts_of_today_make_the_whole(towns: Grouping) -> None:
    """Heads, need and cover of today are the same added up over the establishments."""
    whole = figures_today(towns)
    parts = added(figures_today(part) for part in establishments(towns).values())
    for name in ("people", "heads", "fte_needed", "fte_covered", "bed_days_open", "acts_needed"):
        assert sum(parts[name].values()) == pytest.approx(sum(whole[name].values()))


def test_the_parts_of_a_plan_of_the_grouping_are_read(
    towns: Grouping, moves: gst.Silo[gst.RedeploymentPlan], platforms: gst.Silo[gst.LocationPlan]
) -> None:
    joint = GroupingPlan(location=platforms.together.require(), staff=moves.together.require())
    plans = gst.Plans.of(joint)
    assert (plans.location, plans.redeployment) == (joint.location, joint.staff)
    assert {"heads", "acts_given", "moves"} <= figures_planned(towns, plans).keys()


def test_an_indicator_is_data(towns: Grouping) -> None:
    own = gst.Indicator(
        id="pressure",
        name_fr="Besoin et manque",
        name_en="Need and lack",
        numerator=("fte_needed", "fte_covered"),
        denominator=("people",),
        scale=10_000,
        unit="FTE",
        direction="down",
    )
    (only,) = gst.indicators(towns, gst.Plans(), definitions=(own,)).rows
    assert only.formula == "10000 x (fte_needed + fte_covered) / people"
    assert only.today == pytest.approx((48 + 40) / 6)
    assert len({one.id for one in board()}) == len(board())


def test_how_far_it_rests_on_estimates(towns: Grouping) -> None:
    sources = (
        Source(table="staff", column="heads", label=SourceLabel.OFFICIAL, source="counted"),
        Source(table="populations", column="inhabitants", label=SourceLabel.ESTIMATE, source="guessed"),
    )
    found = gst.indicators(towns.replace(sources=sources), gst.Plans())
    assert row(found, "heads_2025").share_estimate == 0.5


def test_tables_in_both_languages(found: gst.Indicators) -> None:
    english, provinces, groups, formulas = found.tables(gst.Lang.EN)
    french = found.tables(gst.Lang.FR)[0]
    assert english.rows[0][:3] == ("Needs of care met", "%", "more")
    assert french.rows[0][:3] == ("Besoins de soins satisfaits", "%", "plus")
    assert english.rows[0][3] == pytest.approx(100 * (1 - 202.5 / 13_350))
    assert {line[2] for line in groups.rows} == {
        "*",
        "North",
        "South",
        "urban communes",
        "rural communes",
        "hp-north",
        "hpr-south",
    }
    assert ("Use of platforms", "hours_used / hours_open", "") in formulas.rows
    assert len(provinces.rows) > 5


def test_plans_alone_are_of_all_establishments(towns: Grouping) -> None:
    with pytest.raises(GstOptError, match="hpr-south"):
        gst.indicators(towns, gst.Plans(), {"hp-north": gst.Plans()})


def by_group(found: gst.Indicators, name: str) -> dict[str, tuple[float, float, float]]:
    """Return an indicator by group, today, alone and planned; nothing counts as 0."""
    rows = (one for one in found.values if one.indicator == name)
    return {one.group: (one.today or 0.0, one.alone or 0.0, one.planned or 0.0) for one in rows}


@pytest.fixture(scope="module")
def pooled(towns: Grouping) -> gst.Indicators:
    """Return the indicators of the grouping plan of the two towns, against each town alone."""
    both = gst.silo(gst.GroupingProblem.of, towns)
    alone = {name: gst.Plans.of(result.require()) for name, result in both.alone.items()}
    return gst.indicators(towns, gst.Plans.of(both.together.require()), alone)


def test_running_is_told_by_establishment(pooled: gst.Indicators) -> None:
    """Today North has a scanner, a room and 50 beds; 2,000 of 2,850 scans and 4,500 consultations there."""
    sessions = 2_000 / 9.6 * 500 + 4_500 / 9.6 * 50
    groups = by_group(pooled, "running")
    assert groups["hp-north"][0] == pytest.approx(500_000 + 5_000 + 50 * 30_000 + sessions, rel=1e-3)
    for side in range(3):
        total, *parts = (groups[name][side] for name in ("*", "hp-north", "hpr-south"))
        assert total == pytest.approx(sum(parts))
    assert groups["hpr-south"][2] < groups["hpr-south"][1] - 500_000  # together South needs no scanner of its own


def test_supplies_are_told_by_establishment(towns: Grouping, pooled: gst.Indicators) -> None:
    """Today: units required at today's prices, two thirds of them in North; together less is paid than today."""
    groups = by_group(pooled, "supplies")
    north = 2_400 * 20 + 4_500 * 2, 2_400 * 10 + 4_500 * 4, 2_000 * 0.4
    south = 1_200 * 20 + 2_250 * 2, 1_200 * 10 + 2_250 * 4, 850 * 0.4
    today = {row.need: row for row in gst.solve(gst.AwardProblem.of(towns)).require().needs}
    prices = [today[need].price_today or 0.0 for need in ("gloves", "paracetamol", "contrast")]
    for name, units in (("hp-north", north), ("hpr-south", south)):
        assert groups[name][0] == pytest.approx(sum(u * p for u, p in zip(units, prices, strict=True)))
    assert groups["*"][2] < groups["*"][0]
    saved = by_group(pooled, "saving")
    assert saved["*"][2] == pytest.approx(saved["hp-north"][2] + saved["hpr-south"][2])


def test_support_costs_less_once_works_are_paid(pooled: gst.Indicators) -> None:
    """1,710,000 a year today; 97,000 less with the laundry pooled, whose hub and changes cost 60,000 once."""
    assert three(pooled, "support") == pytest.approx((1_710_000, 1_680_000, 1_613_000))
    assert three(pooled, "support_saving") == pytest.approx((0, 30_000, 97_000))
    assert three(pooled, "support_works") == pytest.approx((0, 55_000, 60_000))


def test_provinces_are_compared_by_shares_and_means_not_by_sums(pooled: gst.Indicators) -> None:
    """A province that is larger spends more: that is no inequality."""
    compared = {one.id for one in pooled.rows if one.gini_today is not None}
    assert {"acts_given", "coverage", "wait"} <= compared
    assert not compared & {"running", "supplies", "support", "moves", "investment"}


def test_a_grouping_without_a_tender_or_functions_says_nothing_of_their_money(towns: Grouping) -> None:
    """No need to buy and no volume: empty, as today, and not a saving of 0."""
    bare = towns.replace(catalogue={}, tenders={}, stocks={}, support={}, sources=())
    plan = gst.solve(gst.GroupingProblem.of(bare)).require()
    found = gst.indicators(bare, gst.Plans.of(plan))
    for name in ("supplies", "saving", "support", "support_works"):
        assert row(found, name).planned is None
    assert row(found, "running").planned is not None

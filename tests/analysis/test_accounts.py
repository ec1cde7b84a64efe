"""Accounts: the two towns by hand, and every centime found again from the tables of the plans alone."""

from collections import defaultdict
from fractions import Fraction

import pytest

import gst_opt as gst
from gst_opt.analysis.accounts import Accounts
from gst_opt.analysis.accounts_flows import Side, in_force
from gst_opt.core.errors import DataError, GstOptError
from gst_opt.core.finances import CapitationRate, NeedIndex
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import GrowthRate
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, Invoice
from gst_opt.pillars.staff.shared_time.plan import Agreement, SharedTimePlan
from gst_opt.pillars.staff.workforce_planning.plan import PeriodSpending, WorkforcePlan
from gst_opt.pillars.support.hubs.plan import Assignment, HubPlan, Spending

SCENARIOS = ("subsidy_only", "hybrid", "global_budget", "late_subsidy")


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return gst.load_sample("two_towns")


@pytest.fixture(scope="module")
def plans(towns: Grouping) -> gst.Plans:
    """Three years of platforms, a year of moves with premiums, the tender."""
    location = gst.solve(gst.LocationProblem.of(towns, gst.LocationPolicy(years=3)))
    moves = gst.solve(gst.RedeploymentProblem.of(towns))
    return gst.Plans.of(location.require(), moves.require(), gst.solve(gst.AwardProblem.of(towns)).require())


def table(tables: tuple[PlanTable, ...], name: str) -> list[dict[str, object]]:
    (found,) = (one for one in tables if one.name == name)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def due(found: Accounts, side: Side) -> dict[tuple[str, int], int]:
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for entry in found.entries:
        if entry.side is side:
            sums[entry.line, entry.year] += entry.centimes
    return dict(sums)


def test_income_of_the_two_towns_is_that_of_the_table_by_hand(towns: Grouping) -> None:
    """The table of ``two_towns_finances.py``; in the hybrid, 10 % of tariffs then 50 %, capitation from 2028 on."""
    found = gst.accounts(towns, gst.Plans(), "hybrid")
    shares = {(one.line, one.establishment, one.year): one.centimes / 100 for one in found.entries}
    assert shares["tariffs", "hp-north", 2026] == 676_000  # a tenth of 360,000 + 1,600,000 + 4,800,000
    assert shares["tariffs", "hpr-south", 2026] == 326_000
    assert shares["tariffs", "hp-north", 2030] == 3_380_000
    assert ("capitation", "hp-north", 2027) not in shares or shares["capitation", "hp-north", 2027] == 0
    assert shares["capitation", "hp-north", 2028] == 2_000_000
    assert shares["capitation", "hpr-south", 2028] == 1_000_000
    assert due(found, Side.INCOME)["subsidy", 2027] == 100 * 9_000_000
    whole = gst.accounts(towns, gst.Plans(), "global_budget")
    sums = {(one.line, one.establishment): one.centimes / 100 for one in whole.entries if one.year == 2029}
    assert sums == {
        ("lump_sum", "hp-north"): 4_000_000,
        ("lump_sum", "hpr-south"): 3_000_000,
        ("running", "*"): 9_000_000,
    }


def test_without_an_index_every_inhabitant_counts_the_same(towns: Grouping) -> None:
    """7,000,000 for 60,000 people: 4,666,666.67 in North; with the index of 1.5 in South, 4,000,000."""
    plain = towns.replace(finances=towns.finances.replace(need_indices=()))
    found = gst.accounts(plain, gst.Plans(), "global_budget")
    shares = {one.establishment: one.centimes for one in found.entries if one.line == "lump_sum" and one.year == 2026}
    assert shares == {"hp-north": 466_666_667, "hpr-south": 233_333_333}


def test_income_moves_with_the_plan(towns: Grouping) -> None:
    """Nobody goes to a scanner any more: 2,850 scans at 800 are not paid; the rest is."""
    scanners = [row.equipment_type for row in towns.equipment.session_standards if row.service == "ct"]
    forbidden = gst.LocationPin(kind=gst.PinKind.FORBID, equipment_type="ct", reason="no scanner")
    pins = tuple(forbidden.replace(equipment_type=one) for one in scanners)
    plan = gst.solve(gst.LocationProblem.of(towns, gst.LocationPolicy(years=1, pins=pins))).require()
    bought = sum(row.acts for row in plan.contracts)
    before, after = (gst.accounts(towns, one, "hybrid") for one in (gst.Plans(), gst.Plans(location=plan)))
    tariffs = [due(one, Side.INCOME)["tariffs", 2030] / 100 for one in (before, after)]
    given = sum(row.acts for row in plan.served if row.service == "ct" and row.mode == "on_site")
    assert given == 0
    assert bought > 0  # acts of the private scanner are paid, not earned
    others = {"consultation": 80, "admission": 2000}
    expected = 0.5 * sum(others.get(row.service, 0) * row.acts for row in plan.served)
    assert tariffs == pytest.approx([5_010_000, expected], abs=0.01)


def test_late_money_is_due_but_not_there(towns: Grouping) -> None:
    """Spending is 750,000 a month; the first 3,000,000 come in May instead of January."""
    cash = {name: gst.accounts(towns, gst.Plans(), name) for name in ("subsidy_only", "late_subsidy")}
    assert cash["late_subsidy"].entries == cash["subsidy_only"].entries
    on_time, late = (cash[name].lowest for name in cash)
    assert on_time is not None
    assert (on_time.month, on_time.balance) == ("2026-03", 75_000_000)
    assert late is not None
    assert (late.month, late.balance) == ("2026-04", -300_000_000)
    assert [cash[name].outstanding for name in cash] == [0, 300_000_000]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_lines_sum_to_totals_to_the_centime(towns: Grouping, plans: gst.Plans, scenario: str) -> None:
    found = gst.accounts(towns, plans, scenario)
    tables = found.tables()
    for name in ("account_years", "account_establishments"):
        *rows, last = table(tables, name)
        for column, total in (("income", found.income), ("spending", found.spending)):
            assert sum(round(100 * float(str(row[column]))) for row in rows) == total
            assert round(100 * float(str(last[column]))) == total
    lines = table(tables, "account_lines")
    for side, total in ((Side.INCOME, found.income), (Side.SPENDING, found.spending)):
        assert sum(round(100 * float(str(row["total"]))) for row in lines if row["side"] == side) == total
    assert sum(month.spent for month in found.months) == found.spending
    assert sum(month.received for month in found.months) + found.outstanding == found.income
    assert found.months[-1].balance == found.income - found.outstanding - found.spending


def test_spending_is_that_of_the_plans_tables_alone(towns: Grouping, plans: gst.Plans) -> None:
    """Every line and year again, from the tables that the plans write, and the contracts of the suppliers named."""
    found = due(gst.accounts(towns, plans, "subsidy_only"), Side.SPENDING)
    assert plans.location is not None
    assert plans.redeployment is not None
    assert plans.awards is not None
    expected: dict[tuple[str, int], float] = defaultdict(float)
    costs = table(plans.location.tables(), "costs")
    for row in costs:
        expected[str(row["line"]), int(str(row["year"]))] = float(str(row["mad"]))
    for year in (2029, 2030):  # the plan ends in 2028: what runs goes on, what is bought once does not
        for row in costs:
            if row["year"] == 2028 and row["line"] != "purchases":
                expected[str(row["line"]), year] = float(str(row["mad"]))
    orders = table(plans.awards.tables(), "orders")
    fees = {row.id: row.contract_cost for row in towns.tenders.suppliers}
    references = table(plans.awards.tables(), "references")
    for year in range(2026, 2031):
        expected["premiums", year] = sum(float(str(r["premium"])) for r in table(plans.redeployment.tables(), "moves"))
        expected["supplies", year] = sum(float(str(row["paid"])) for row in orders)
        expected["supplier_contracts", year] = sum(fees[name] for name in {str(row["supplier"]) for row in orders})
        expected["kept_references", year] = sum(float(str(row["keeping"])) for row in references)
        expected["running", year] = 9_000_000
    expected["new_references", 2026] = sum(float(str(row["switching"])) for row in references)
    assert expected["upkeep", 2028] == expected["upkeep", 2030] > 0
    assert expected["supplies", 2026] > 0
    nothing = dict.fromkeys(expected.keys() | found.keys(), 0)
    assert nothing | found == nothing | {key: round(100 * mad) for key, mad in expected.items()}


def test_sites_pay_for_their_own_units(towns: Grouping, plans: gst.Plans) -> None:
    """Upkeep by establishment is that of its scanners (500,000), rooms (5,000) and beds (30,000)."""
    assert plans.location is not None
    price = {row.id: row.upkeep for row in towns.equipment.equipment_types}
    assert (price["ct"], price["consulting_room"]) == (500_000, 5_000)
    mine = {"hp-north": "hp-north", "hpr-south": "hpr-south", "csu-north": "hp-north", "csu-south": "hpr-south"}
    expected: dict[str, float] = defaultdict(float)
    for row in plans.location.units:
        if row.year == 2027:
            expected[mine[row.facility]] += price[row.equipment_type] * row.units
    for beds in plans.location.beds:
        if beds.year == 2027:
            expected[mine[beds.facility]] += 30_000 * beds.beds
    entries = gst.accounts(towns, plans, "subsidy_only").entries
    found = {one.establishment: one.centimes / 100 for one in entries if (one.line, one.year) == ("upkeep", 2027)}
    assert found == dict(expected)


def test_people_served_grow_as_their_province_does(towns: Grouping) -> None:
    """2 % a year in North: the capitation of 2028 is 2,000,000 x 1.02 x 1.02."""
    growing = towns.replace(
        region=towns.region.replace(growth_rates=(GrowthRate(province="North", per_year=0.02, source="test"),))
    )
    found = gst.accounts(growing, gst.Plans(), "hybrid")
    shares = {one.establishment: one.centimes for one in found.entries if (one.line, one.year) == ("capitation", 2028)}
    exact = Fraction(2_000_000) * Fraction(102, 100) ** 2 * 100
    assert shares == {"hp-north": round(exact), "hpr-south": 100_000_000}


def test_a_row_holds_until_a_later_year_has_one() -> None:
    rows = [CapitationRate(year=year, mad_per_person=mad, source="test") for year, mad in ((2026, 50), (2028, 70))]
    assert [sum(row.mad_per_person for row in in_force(rows, year)) for year in range(2025, 2030)] == [
        0,
        50,
        50,
        70,
        70,
    ]


def test_what_is_said_in_both_languages(towns: Grouping, plans: gst.Plans) -> None:
    found = gst.accounts(towns, plans, "late_subsidy")
    assert "Salaries stay on the State budget" in str(found)
    assert "  + State subsidy: 12,000,000; 12,000,000; 60,000,000" in str(found)
    french = found.text(gst.Lang.FR).replace("\xa0", " ")
    assert "Comptes de 2026 à 2030, financement « Subvention en retard »" in french
    assert "  - Autre fonctionnement : 9 000 000 ; 9 000 000 ; 45 000 000" in french


def test_what_cannot_be_read_is_refused(towns: Grouping, plans: gst.Plans) -> None:
    with pytest.raises(GstOptError, match="no funding scenario gift; the data have: global_budget, hybrid"):
        gst.accounts(towns, plans, "gift")
    assert plans.awards is not None
    with pytest.raises(GstOptError, match="AwardPlan"):
        gst.Plans.of(plans.awards, plans.awards)
    with pytest.raises(GstOptError, match="Diagnosis"):
        gst.Plans.of(gst.diagnose(towns))
    scenarios = (
        gst.DemandScenario(id="low", probability=0.5, factor=0.9),
        gst.DemandScenario(id="high", probability=0.5),
    )
    policy = gst.LocationPolicy(years=1, scenarios=scenarios)
    several = gst.solve(gst.LocationProblem.of(towns, policy)).require()
    with pytest.raises(GstOptError, match="one demand"):
        gst.accounts(towns, gst.Plans(location=several), "hybrid")


def test_an_index_of_a_province_that_is_not_there_is_refused(towns: Grouping) -> None:
    index = NeedIndex(province="Nowhere", index=1, source="test")
    with pytest.raises(DataError, match="need_indices") as caught:
        towns.replace(finances=towns.finances.replace(need_indices=(index,)))
    assert [(problem.table, problem.column) for problem in caught.value.problems] == [("need_indices", "province")]


def test_tanger_is_funded_in_four_ways() -> None:
    """The estimates of the sample: 1,250 million of subsidy a year, 700 million of other running costs."""
    tanger = gst.load_sample("tanger")
    found = {name: gst.accounts(tanger, gst.Plans(), name) for name in SCENARIOS}
    assert found["subsidy_only"].income == found["global_budget"].income == 5 * 125_000_000_000
    assert {one.spending for one in found.values()} == {5 * 70_000_000_000}
    assert found["late_subsidy"].outstanding == round(125_000_000_000 / 4)
    hybrid = due(found["hybrid"], Side.INCOME)
    rate, growth = 60 * 100, tanger.region.growth_rates
    people = tanger.region.inhabitants()
    grown = {row.province: (1 + row.per_year) ** 2 for row in growth}
    everyone = sum(people[zone.id] * grown.get(zone.province, 1) for zone in tanger.region.zones)
    assert hybrid["capitation", 2028] == pytest.approx(rate * everyone, rel=0.02)  # centres serve neighbours as well


def test_what_is_paid_once_ends_and_what_runs_goes_on(towns: Grouping) -> None:
    """Plans written by hand: two years of hubs, one of recruitment, shared time, invoices."""
    washing = Spending(
        support_function="laundry",
        period="2026",
        as_today=100,
        hub_sizes=40,
        hub_volumes=10,
        carriage=5,
        openings=1000,
        migrations=20,
        cost=1175,
        cost_unchanged=300,
        saving=-875,
    )
    later = washing.replace(period="2027", openings=0, migrations=0, cost=155, saving=145)
    washed = Assignment(
        support_function="laundry",
        facility="csu-south",
        period="2026",
        hub="hp-north",
        minutes=31,
        quantity=3,
        reason=None,
    )
    hubs = HubPlan(
        spending=(washing, later),
        hubs=(),
        migrations=(),
        staff=(),
        assignments=(washed, washed.replace(facility="hp-north", quantity=1)),
    )
    workforce = WorkforcePlan(
        moves=(),
        posts=(),
        trainings=(),
        placements=(),
        teams=(),
        targets=(),
        spending=(PeriodSpending(period="2026", year=2026, incentives=12.5, trainings=7),),
        shortages=(),
    )
    agreement = Agreement(
        origin="hp-north",
        host="csu-south",
        skill="nurse",
        person=1,
        half_days=2,
        effective=1.5,
        minutes=31,
        km=26,
        premium=99,
    )
    shared = SharedTimePlan(agreements=(agreement,), private_sessions=(), teams=())
    invoice = Invoice(facility="hpr-south", supplies=60, deliveries=30, rounds=5, kept=4, common=0.99, invoice=99.99)
    delivered = DistributionPlan(
        flows=(), rounds=(), depots=(), facilities=(), needs=(), tariffs=(), invoices=(invoice,), groups=()
    )
    found = gst.accounts(towns, gst.Plans.of(hubs, workforce, shared, delivered), "subsidy_only")
    spent = {
        (line, year): cents / 100 for (line, year), cents in due(found, Side.SPENDING).items() if year in (2026, 2030)
    }
    assert {line: spent[line, 2026] for line, year in spent if year == 2026} == {
        "support": 155,
        "support_works": 1020,
        "incentives": 12.5,
        "trainings": 7,
        "shared_time_premiums": 99,
        "supplies": 60,
        "deliveries": 30,
        "rounds": 5,
        "kept": 4,
        "common": 0.99,
        "running": 9_000_000,
    }
    once = {"support_works", "trainings"}
    assert {line: spent[line, 2030] for line, year in spent if year == 2030} == {
        line: spent[line, 2026] for line, year in spent if year == 2026 and line not in once
    }
    homes = {(one.line, one.establishment): one.centimes for one in found.entries if one.year == 2026}
    assert (homes["support", "hp-north"], homes["support", "hpr-south"]) == (3875, 11625)
    assert homes["shared_time_premiums", "hpr-south"] == 9900
    assert homes["incentives", "*"] == 1250


@pytest.fixture(scope="module")
def joint(towns: Grouping) -> gst.GroupingPlan:
    """Return the grouping plan of the two towns: platforms, moves, tender and hubs of one year."""
    return gst.solve(gst.GroupingProblem.of(towns)).require()


def money_of(tables: tuple[PlanTable, ...], towns: Grouping) -> dict[tuple[str, int], float]:
    """Return every line and year of spending from the tables of a grouping plan of one year, and the data alone."""
    found: dict[tuple[str, int], float] = defaultdict(float)
    orders, hubs = table(tables, "awards_orders"), table(tables, "support_spending")
    fees = {row.id: row.contract_cost for row in towns.tenders.suppliers}
    for year in range(2026, 2031):
        for row in table(tables, "location_costs"):
            if row["line"] != "purchases" or year == 2026:
                found[str(row["line"]), year] += float(str(row["mad"]))
        found["premiums", year] = sum(float(str(row["premium"])) for row in table(tables, "staff_moves"))
        found["supplies", year] = sum(float(str(row["paid"])) for row in orders)
        found["supplier_contracts", year] = sum(fees[name] for name in {str(row["supplier"]) for row in orders})
        references = table(tables, "awards_references")
        found["kept_references", year] = sum(float(str(row["keeping"])) for row in references)
        lines = ("as_today", "hub_sizes", "hub_volumes", "carriage")
        found["support", year] = sum(float(str(row[line])) for row in hubs for line in lines)
        found["running", year] = 9_000_000
    found["new_references", 2026] = sum(float(str(row["switching"])) for row in table(tables, "awards_references"))
    found["support_works", 2026] = sum(float(str(row[once])) for row in hubs for once in ("openings", "migrations"))
    return found


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_dirham_of_a_grouping_plan_is_in_a_line(towns: Grouping, joint: gst.GroupingPlan, scenario: str) -> None:
    """Recomputed from the plan's tables alone: lines by year to the centime, whoever funds them."""
    found = gst.accounts(towns, gst.Plans.of(joint), scenario)
    expected = money_of(joint.tables(), towns)
    assert expected["support", 2030] > 1_000_000
    assert (expected["support_works", 2026], expected["support_works", 2027]) == (60_000, 0)
    lines = due(found, Side.SPENDING)
    nothing = dict.fromkeys(expected.keys() | lines.keys(), 0)
    assert nothing | lines == nothing | {key: round(100 * mad) for key, mad in expected.items()}
    assert found.spending == sum(round(100 * mad) for mad in expected.values())
    assert found.spending == sum(entry.centimes for entry in found.entries if entry.side is Side.SPENDING)


@pytest.mark.parametrize(
    ("part", "records", "column", "line", "years"),
    [
        ("location", "costs", "mad", "upkeep", 5),
        ("awards", "orders", "paid", "supplies", 5),
        ("awards", "references", "switching", "new_references", 1),
        ("support", "spending", "openings", "support_works", 1),
        ("staff", "moves", "premium", "premiums", 5),
    ],
)
def test_a_dirham_more_in_a_table_is_a_dirham_more_in_its_line(
    towns: Grouping, joint: gst.GroupingPlan, part: str, records: str, column: str, line: str, years: int
) -> None:
    """One row of each table of money, a dirham dearer: that line alone grows, by a dirham a year that it is paid."""
    own = getattr(joint, part)
    rows = getattr(own, records)
    number = next(place for place, row in enumerate(rows) if getattr(row, "line", line) == line)
    dearer = rows[number].replace(**{column: getattr(rows[number], column) + 1})
    if part == "support":
        dearer = dearer.replace(cost=dearer.cost + 1)
    changed = joint.replace(**{part: own.replace(**{records: (*rows[:number], dearer, *rows[number + 1 :])})})
    before, after = (due(gst.accounts(towns, gst.Plans.of(one), "hybrid"), Side.SPENDING) for one in (joint, changed))
    grown = {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}
    assert grown == {(line, year): 100 for year in range(2026, 2026 + years)}


def test_the_budget_of_a_grouping_plan_is_its_first_year_with_what_is_paid_once_by_its_annuity(
    towns: Grouping, joint: gst.GroupingPlan
) -> None:
    """The plan's own table of spending against the accounts of 2026: the difference is 260,000 less its annuity."""
    lines = due(gst.accounts(towns, gst.Plans.of(joint), "subsidy_only"), Side.SPENDING)
    spent = sum(row.mad for row in joint.spending)
    first = sum(cents for (line, year), cents in lines.items() if year == 2026 and line != "running") / 100
    once = (lines["purchases", 2026] + lines["support_works", 2026]) / 100
    assert once == 260_000
    assert first - spent == pytest.approx(once * (1 - gst.GroupingPolicy().annuity), abs=0.05)


def test_four_fundings_side_by_side(towns: Grouping, joint: gst.GroupingPlan) -> None:
    """The same spending under all; income, cash and what is late as each says (`two_towns_finances`)."""
    books = {name: gst.accounts(towns, gst.Plans.of(joint), name) for name in SCENARIOS}
    found = gst.funding_table(books.values())
    rows = dict(zip(SCENARIOS, (dict(zip(found.columns, row, strict=True)) for row in found.rows), strict=True))
    assert len({row["spending"] for row in rows.values()}) == 1
    hybrid = books["hybrid"].income / 100
    assert [row["income"] for row in rows.values()] == [60_000_000, hybrid, 35_000_000, 60_000_000]
    assert [row["outstanding"] for row in rows.values()] == [0, 0, 0, 3_000_000]
    for name, row in rows.items():
        months = table(books[name].tables(), "account_months")
        cash = [float(str(month["cash"])) for month in months]
        assert row["cash_lowest"] == min(cash)
        assert row["month"] == months[cash.index(min(cash))]["month"]
        assert row["months_below"] == sum(one < 0 for one in cash)
    french = gst.funding_table(books.values(), gst.Lang.FR)
    assert [row[0] for row in french.rows] == [
        "Subvention seule",
        "Financement mixte",
        "Budget global",
        "Subvention en retard",
    ]

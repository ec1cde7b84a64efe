"""Money of the two towns, small enough to be added up by hand.

=============================  ==========  =========  ==========
income of a year, in full      North       South      total
=============================  ==========  =========  ==========
consultations at 80 MAD           360,000    180,000     540,000
scans at 800                    1,600,000    680,000   2,280,000
admissions at 2,000             4,800,000  2,400,000   7,200,000
capitation at 50                2,000,000  1,000,000   3,000,000
territorial sum                 4,000,000  3,000,000   7,000,000
=============================  ==========  =========  ==========

(acts recorded; 40,000 and 20,000 inhabitants, of whom each counts 1 in North and 1.5 in South.) The subsidy is
12,000,000 in four parts, other running costs are 9,000,000.
"""

from gst_opt.core.finances import (
    BudgetLine,
    CapitationRate,
    Finances,
    FundingScenario,
    FundingShare,
    IncomeKind,
    NeedIndex,
    OtherSpending,
    Subsidy,
    Tariff,
    TerritorialSum,
)

SOURCE = "invented, so that the accounts can be added up by hand"
TARIFFS = {"consultation": 80.0, "ct": 800.0, "admission": 2000.0}
SHARES = {
    "subsidy_only": {IncomeKind.SUBSIDY: {2026: 1.0}},
    "late_subsidy": {IncomeKind.SUBSIDY: {2026: 1.0}},
    "global_budget": {IncomeKind.LUMP_SUM: {2026: 1.0}},
    "hybrid": {
        IncomeKind.SUBSIDY: {2026: 0.75, 2028: 0.25},
        IncomeKind.TARIFFS: {2026: 0.1, 2028: 0.5},
        IncomeKind.CAPITATION: {2028: 1.0},
    },
}


def finances() -> Finances:
    """Return tariffs, capitation, territorial sum, subsidy, other spending and four ways of being funded."""
    return Finances(
        budget_lines=(BudgetLine(id="running", name_fr="Autre fonctionnement", name_en="Other running costs"),),
        tariffs=tuple(Tariff(service=name, mad_per_act=mad, source=SOURCE) for name, mad in TARIFFS.items()),
        capitation_rates=(CapitationRate(year=2026, mad_per_person=50, source=SOURCE),),
        territorial_sums=(TerritorialSum(year=2026, mad=7_000_000, source=SOURCE),),
        need_indices=(NeedIndex(province="South", index=1.5, source=SOURCE),),
        subsidies=tuple(Subsidy(year=2026, month=month, mad=3_000_000, source=SOURCE) for month in (1, 4, 7, 10)),
        other_spending=(OtherSpending(budget_line="running", year=2026, mad=9_000_000, source=SOURCE),),
        funding_scenarios=(
            _scenario("subsidy_only", "Subvention seule", "Subsidy only"),
            _scenario("hybrid", "Financement mixte", "Hybrid"),
            _scenario("global_budget", "Budget global", "Global budget"),
            _scenario("late_subsidy", "Subvention en retard", "Late subsidy").replace(months_late=4),
        ),
        funding_shares=tuple(
            FundingShare(scenario=scenario, income=income, year=year, share=share)
            for scenario, incomes in SHARES.items()
            for income, years in incomes.items()
            for year, share in years.items()
        ),
    )


def _scenario(name: str, french: str, english: str) -> FundingScenario:
    return FundingScenario(id=name, name_fr=french, name_en=english, source=SOURCE)

"""How the Tanger sample is funded: tariffs, capitation, territorial sum, subsidy, scenarios; mostly our estimates."""

from gst_opt.core.finances import (
    BudgetLine,
    CapitationRate,
    Finances,
    FundingScenario,
    FundingShare,
    NeedIndex,
    OtherSpending,
    Subsidy,
    Tariff,
    TerritorialSum,
)
from gst_opt.samples.facts import records


def finances() -> Finances:
    """Return the tables of money, as the fact tables have them."""
    return Finances(
        budget_lines=records("budget_lines", BudgetLine),
        tariffs=records("tariffs", Tariff),
        capitation_rates=records("capitation_rates", CapitationRate),
        territorial_sums=records("territorial_sums", TerritorialSum),
        need_indices=records("need_indices", NeedIndex),
        subsidies=records("subsidies", Subsidy),
        other_spending=records("other_spending", OtherSpending),
        funding_scenarios=records("funding_scenarios", FundingScenario),
        funding_shares=records("funding_shares", FundingShare),
    )


def part(whole: Finances, share: float, province: str) -> Finances:
    """Return the money of a province: sums pro rata to its inhabitants, rounded to the dirham."""
    return whole.replace(
        territorial_sums=tuple(row.replace(mad=round(share * row.mad)) for row in whole.territorial_sums),
        subsidies=tuple(row.replace(mad=round(share * row.mad)) for row in whole.subsidies),
        other_spending=tuple(row.replace(mad=round(share * row.mad)) for row in whole.other_spending),
        need_indices=tuple(row for row in whole.need_indices if row.province == province),
    )

"""Money: budget lines, what is paid and received, how the grouping is funded, cost parameters.

Rows with a year hold from that year on, until a later year has rows of the same table (for shares: of the same
scenario and income).
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    BudgetLineId,
    FundingScenarioId,
    Identifier,
    Label,
    Mad,
    PeriodId,
    ServiceId,
    Share,
    Year,
)


class BudgetLine(Row):
    """A line of the grouping's budget."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")


class Budget(Row):
    """Money available on a line in a period."""

    key: ClassVar[tuple[str, ...]] = ("budget_line", "period")

    budget_line: BudgetLineId = Field(description="Line")
    period: PeriodId = Field(description="Period")
    mad: Mad = Field(description="Money available")


class Tariff(Row):
    """What an insurer pays for one act of a service."""

    key: ClassVar[tuple[str, ...]] = ("service",)

    service: ServiceId = Field(description="Service")
    mad_per_act: Mad = Field(description="Tariff")
    source: Label = Field(description="Where the tariff comes from")


class Income(Row):
    """Money received that does not depend on acts."""

    id: Identifier = Field(description="Identifier")
    period: PeriodId = Field(description="Period")
    mad: Mad = Field(description="Money received")
    source: Label = Field(description="Where the figure comes from")


class CapitationRate(Row):
    """What an insurer pays a year for each person whom a first-contact facility serves."""

    key: ClassVar[tuple[str, ...]] = ("year",)

    year: Year = Field(description="Calendar year from which it holds")
    mad_per_person: Mad = Field(description="Payment for one person, a year")
    source: Label = Field(description="Where the figure comes from")


class TerritorialSum(Row):
    """A lump sum for the whole territory, shared by people and the index of their province's needs."""

    key: ClassVar[tuple[str, ...]] = ("year",)

    year: Year = Field(description="Calendar year from which it holds")
    mad: Mad = Field(description="Sum, a year")
    source: Label = Field(description="Where the figure comes from")


class NeedIndex(Row):
    """How much one inhabitant of a province counts in the territorial sum; 1 where there is no row."""

    key: ClassVar[tuple[str, ...]] = ("province",)

    province: Label = Field(description="Province or prefecture")
    index: float = Field(ge=0, description="Weight of one inhabitant", json_schema_extra={"unit": "ratio"})
    source: Label = Field(description="Where the figure comes from")


class Subsidy(Row):
    """An instalment of the State's subsidy."""

    key: ClassVar[tuple[str, ...]] = ("year", "month")

    year: Year = Field(description="Calendar year from which it holds")
    month: int = Field(ge=1, le=12, description="Month when it falls due", json_schema_extra={"unit": "month"})
    mad: Mad = Field(description="Instalment")
    source: Label = Field(description="Where the figure comes from")


class OtherSpending(Row):
    """Spending that no plan decides, salaries paid by the State left out."""

    key: ClassVar[tuple[str, ...]] = ("budget_line", "year")

    budget_line: BudgetLineId = Field(description="Line")
    year: Year = Field(description="Calendar year from which it holds")
    mad: Mad = Field(description="Spending, a year")
    source: Label = Field(description="Where the figure comes from")


class IncomeKind(StrEnum):
    """Income that a funding scenario may open, in part or in full."""

    TARIFFS = "tariffs"
    CAPITATION = "capitation"
    LUMP_SUM = "lump_sum"
    SUBSIDY = "subsidy"


class FundingScenario(Row):
    """A way the grouping may be funded."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    months_late: int = Field(
        default=0,
        ge=0,
        le=24,
        description="Months between the due month of an instalment of the subsidy and its payment",
        json_schema_extra={"unit": "month"},
    )
    source: Label = Field(description="Where it comes from")


class FundingShare(Row):
    """Share of an income that is paid under a scenario; without a row, nothing is."""

    key: ClassVar[tuple[str, ...]] = ("scenario", "income", "year")

    scenario: FundingScenarioId = Field(description="Scenario")
    income: IncomeKind = Field(description="tariffs, capitation, lump_sum or subsidy")
    year: Year = Field(description="Calendar year from which it holds")
    share: Share = Field(description="Share of the income in full")


class CostParameter(Row):
    """A price that models use, such as a mileage rate; an input, never a constant in code."""

    id: Identifier = Field(description="Identifier")
    value: float = Field(ge=0, description="Value in its unit")
    unit: Label = Field(description="Unit, such as MAD/km")
    source: Label = Field(description="Where the figure comes from: a decree, a tariff, an estimate")


class Finances(Section):
    """Budgets, income, funding, other spending and prices."""

    budget_lines: tuple[BudgetLine, ...] = Field(default=(), description="Lines")
    budgets: tuple[Budget, ...] = Field(default=(), description="Money available")
    tariffs: tuple[Tariff, ...] = Field(default=(), description="Payment per act")
    incomes: tuple[Income, ...] = Field(default=(), description="Money received")
    capitation_rates: tuple[CapitationRate, ...] = Field(default=(), description="Payment per person served")
    territorial_sums: tuple[TerritorialSum, ...] = Field(default=(), description="Lump sum of the territory")
    need_indices: tuple[NeedIndex, ...] = Field(default=(), description="Weights of the provinces in it")
    subsidies: tuple[Subsidy, ...] = Field(default=(), description="Instalments of the State's subsidy")
    other_spending: tuple[OtherSpending, ...] = Field(default=(), description="Spending that no plan decides")
    funding_scenarios: tuple[FundingScenario, ...] = Field(default=(), description="Ways of being funded")
    funding_shares: tuple[FundingShare, ...] = Field(default=(), description="What each of them pays")
    cost_parameters: tuple[CostParameter, ...] = Field(default=(), description="Prices that models use")

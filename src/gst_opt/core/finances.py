"""Money: budget lines, tariffs, income and cost parameters."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import BudgetLineId, Identifier, Label, Mad, PeriodId, ServiceId


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


class CostParameter(Row):
    """A price that models use, such as a mileage rate; an input, never a constant in code."""

    id: Identifier = Field(description="Identifier")
    value: float = Field(ge=0, description="Value in its unit")
    unit: Label = Field(description="Unit, such as MAD/km")
    source: Label = Field(description="Where the figure comes from: a decree, a tariff, an estimate")


class Finances(Section):
    """Budgets, tariffs, income and prices."""

    budget_lines: tuple[BudgetLine, ...] = Field(default=(), description="Lines")
    budgets: tuple[Budget, ...] = Field(default=(), description="Money available")
    tariffs: tuple[Tariff, ...] = Field(default=(), description="Payment per act")
    incomes: tuple[Income, ...] = Field(default=(), description="Money received")
    cost_parameters: tuple[CostParameter, ...] = Field(default=(), description="Prices that models use")

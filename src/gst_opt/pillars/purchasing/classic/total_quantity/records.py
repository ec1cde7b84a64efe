"""The question and its plan: who sells how much of what, and which tier of each supplier is reached."""

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.model.arrays import Matrix
from gst_opt.model.problem import Plan, PlanTable, Problem
from gst_opt.pillars.purchasing.classic.schedule import TierSchedule


class Purchase(Frozen):
    """A quantity of an item, and the supplier that sells it."""

    supplier: int = Field(description="Supplier: position from 0")
    item: int = Field(description="Item: position from 0")
    quantity: float = Field(description="Quantity, above 0")


class TierReached(Frozen):
    """All that is bought from a supplier, and the tier that it reaches."""

    supplier: int = Field(description="Supplier: position from 0")
    tier: int = Field(description="Tier of its schedule: position from 0")
    quantity: float = Field(description="Quantity of all items, above 0")


class TotalQuantityPlan(Plan):
    """What is bought from whom, and the tiers that it reaches."""

    purchases: tuple[Purchase, ...] = Field(description="Quantities, supplier by supplier, item by item")
    tiers: tuple[TierReached, ...] = Field(description="Suppliers that sell something, in order")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: one row a quantity, and one row a supplier that sells."""
        return (
            PlanTable.of("purchases", Purchase, self.purchases),
            PlanTable.of("tiers", TierReached, self.tiers),
        )


class TotalQuantityProblem(Frozen, Problem[TotalQuantityPlan]):
    """What is bought from whom, at least cost, when a supplier's rate depends on the quantity of all items?"""

    prices: Matrix = Field(description="List price of one unit of each item (column) from each supplier (row)")
    demand: tuple[float, ...] = Field(description="Quantity needed of each item")
    schedules: tuple[TierSchedule, ...] = Field(description="Tiers of each supplier")
    capacity: Matrix = Field(description="Quantity that each supplier can sell of each item")

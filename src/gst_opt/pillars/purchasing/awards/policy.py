"""What the grouping has decided about its tender: rules of the decree as inputs, rules by need, budget, pins."""

from pydantic import Field

from gst_opt.core.catalogue import BuyingLevel, Category, Need
from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Label, LotId, Mad, NeedId, ReferenceId, Share, SupplierId
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Pin, Policy
from gst_opt.pillars.purchasing.payments import CashLimit

TERMS = ("supplies", "supplier_contracts", "deliveries", "kept_references", "new_references", "shortages", "preference")
"""Terms, all in MAD; the last two are not paid."""


class NeedRule(Frozen):
    """How some needs are to be bought: how many references and suppliers, and their shares."""

    need: NeedId | None = Field(default=None, description="Need; empty: see category")
    category: Category | None = Field(default=None, description="Category of needs; empty, as need: all of them")
    max_references: int | None = Field(
        default=None, ge=1, description="References of a need, at most; empty: any", json_schema_extra={"unit": "unit"}
    )
    min_sources: int = Field(
        default=1,
        ge=1,
        description="Suppliers of a need, at least; all of those that can be a source, where they are fewer",
        json_schema_extra={"unit": "unit"},
    )
    source_share: float = Field(
        default=0.2,
        gt=0,
        le=1,
        description="Share of the need from which a supplier counts as a source. 0.2: below, it is not ready to take "
        "over; the grouping decides",
        json_schema_extra={"unit": "share"},
    )
    max_share: Share = Field(
        default=1.0,
        description="Share of what is bought of a need that comes from one supplier, at most; an even share where "
        "suppliers are too few for it",
    )
    reason: Label = Field(description="Why, as it will be printed beside it")

    def selects(self, need: Need) -> bool:
        """Say whether the rule is for a need."""
        return self.need in (None, need.id) and self.category in (None, need.category)


class AwardPin(Pin):
    """A decision already taken: what is bought of what it selects, in MAD at list prices."""

    supplier: SupplierId | None = Field(default=None, description="Supplier; empty: any")
    reference: ReferenceId | None = Field(default=None, description="Reference; empty: any")
    need: NeedId | None = Field(default=None, description="Need; empty: any")
    lot: LotId | None = Field(default=None, description="Lot; empty: any")

    def selects(self, supplier: str, reference: str, need: str, lot: str | None) -> bool:
        """Say whether the pin counts an offer."""
        chosen = ((self.supplier, supplier), (self.reference, reference), (self.need, need), (self.lot, lot))
        return all(wanted in (None, found) for wanted, found in chosen)


class AwardPolicy(Policy):
    """What the grouping has decided about its tender."""

    levels: tuple[BuyingLevel, ...] = Field(
        default=(BuyingLevel.REGIONAL,),
        description="Whose needs are bought: national, regional, local. The others are left to those who buy them",
    )
    small_firm_share: Share = Field(
        default=0.3,
        description="Share of the forecast amount of all lots reserved to small firms. 0.3: decree 2-22-431 on public "
        "procurement reserves 30 % to small and medium firms, cooperatives and the self-employed",
    )
    preference: float = Field(
        default=0.15,
        ge=0,
        description="What is added to the prices of non-resident suppliers when offers are compared; it is not paid. "
        "0.15: the ceiling of decree 2-12-349, article 155; that of decree 2-22-431, article 147, is to be verified",
        json_schema_extra={"unit": "share"},
    )
    max_supplier_share: Share = Field(
        default=1.0, description="Share of all that is bought, at list prices, that one supplier sells, at most"
    )
    budget: Mad | None = Field(
        default=None, description="Purchases, contracts, deliveries and references, at most; empty: no limit"
    )
    cash_limits: tuple[CashLimit, ...] = Field(
        default=(), description="Payments to suppliers that may fall due, period by period, after their payment delays"
    )
    surplus: Share = Field(
        default=0.0,
        description="Share of a need that may be bought beyond it, to reach a discount; a last pack or a minimum order "
        "may always leave something over",
    )
    shortage_factor: float = Field(
        default=10.0,
        ge=0,
        description="Price of a unit not bought, where the need has none, as a multiple of today's price, or of the "
        "cheapest offer where that is not known. 10: a purchase in an emergency, and care put off, an estimate; a "
        "last pack is bought from a tenth of it on",
        json_schema_extra={"unit": "ratio"},
    )
    rules: tuple[NeedRule, ...] = Field(default=(), description="How some needs are to be bought; all rules hold")
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: the sum of all terms. Terms, in MAD: supplies (less rebates), "
        "supplier_contracts, deliveries, kept_references, new_references, shortages, preference (not paid)",
    )
    pins: tuple[AwardPin, ...] = Field(default=(), description="Decisions already taken, each with its reason")

    @property
    def chosen_goals(self) -> Goals:
        """What to minimise: the goals, or without any the sum of all terms."""
        return self.goals or in_mad(dict.fromkeys(TERMS, 1.0))

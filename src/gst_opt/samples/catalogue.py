"""The catalogue of the Tanger sample: needs, what acts use of them, references, prices of today.

The facts give hospital prices and, by family of needs and service, the money that one act uses. Units follow: the
money of an act, shared between the needs of the family by weight, over the price of a unit. The region's needs are then
these units times the sample's own acts.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from gst_opt.core.catalogue import BuyingLevel, Catalogue, Category, Consumption, Need, ProductReference, TodayPurchase
from gst_opt.core.services import Activity
from gst_opt.samples.facts import facts, rules

CENTRE_SERVICES = ("primary_consultation", "nursing_care", "vaccination", "antenatal_visit", "family_planning")
LITRES = 1000
BOX = 5
"""Packs in a hospital box."""


@dataclass(frozen=True)
class Item:
    """A need of the facts, with its family.

    Attributes
    ----------
    id, family
        Identifiers.
    pack, price
        Units of a usual pack, and its hospital price (MAD).
    weight
        How much of it is used, against the other needs of its family.
    centres
        Whether centres use it.
    row, family_row
        Its rows in the facts.
    """

    id: str
    family: str
    pack: int
    price: float
    weight: float
    centres: bool
    row: Mapping[str, str]
    family_row: Mapping[str, str]

    @property
    def unit_price(self) -> float:
        """Hospital price of one unit (MAD)."""
        return self.price / self.pack

    @property
    def category(self) -> Category:
        """Medicine, device, consumable or reagent."""
        return Category(self.family_row["category"])

    @property
    def level(self) -> BuyingLevel:
        """Who buys it."""
        return BuyingLevel(self.family_row["level"])


@cache
def items() -> tuple[Item, ...]:
    """Return the needs of the facts, in their order."""
    families = {row["id"]: row for row in facts("need_families")}
    return tuple(
        Item(
            id=row["id"],
            family=row["family"],
            pack=int(row["pack"]),
            price=float(row["price"]),
            weight=float(row["weight"]),
            centres=row["centres"] != "false",
            row=row,
            family_row=families[row["family"]],
        )
        for row in facts("needs")
    )


def draw(*key: str) -> Random:
    """Return the random numbers of one thing of the catalogue: the same whatever else is in it."""
    return Random(" ".join((rules()["purchases_seed"], *key)))


def rounded(value: float, digits: int) -> float:
    """Round to so many significant digits."""
    return round(value, digits - 1 - math.floor(math.log10(value)))


@cache
def consumption() -> tuple[Consumption, ...]:
    """Return the units that one act uses, to three digits."""
    return tuple(_consumption())


def _consumption() -> Iterator[Consumption]:
    by_family: dict[str, list[Item]] = {}
    for item in items():
        by_family.setdefault(item.family, []).append(item)
    for use in facts("need_uses"):
        used = [one for one in by_family[use["family"]] if one.centres or use["service"] not in CENTRE_SERVICES]
        whole = sum(one.weight for one in used)
        for one in used:
            units = float(use["mad_per_act"]) * one.weight / whole / one.unit_price
            yield Consumption(service=use["service"], need=one.id, units_per_act=rounded(units, 3))


def units_a_year(activity: Iterable[Activity]) -> dict[str, float]:
    """Return the units of every need that the acts of the region use."""
    acts: dict[str, list[float]] = {}
    for row in activity:
        acts.setdefault(row.service, []).append(row.acts)
    done = {service: math.fsum(own) for service, own in acts.items()}
    parts: dict[str, list[float]] = {}
    for use in consumption():
        parts.setdefault(use.need, []).append(use.units_per_act * done.get(use.service, 0.0))
    return {need: math.fsum(own) for need, own in parts.items()}


def factors(item: Item, sellers: int) -> tuple[int, ...]:
    """Return the units of each reference of a need: its pack, a hospital box, and for devices and reagents a third."""
    if sellers <= 2:
        return (item.pack,)
    if item.category in (Category.DEVICE, Category.REAGENT):
        return (item.pack, item.pack, item.pack)
    return (item.pack, BOX * item.pack)


def reference_id(item: Item, number: int) -> str:
    """Return the identifier of a reference of a need, by its number from 0."""
    return f"{item.id}-{'abc'[number]}"


def catalogue(sellers: Mapping[str, int]) -> Catalogue:
    """Return the catalogue, given the number of suppliers of every need.

    Today every need is bought at its hospital price; where it has two references or more, three tenths of it as the
    second one, in every other need.
    """
    references, today = [], []
    for number, item in enumerate(items()):
        own = factors(item, sellers.get(item.id, 0))
        family = item.family_row
        for position, factor in enumerate(own):
            references.append(
                ProductReference(
                    id=reference_id(item, position),
                    need=item.id,
                    factor=factor,
                    volume=round(float(family["litres"]) / LITRES * factor / item.pack, 6),
                    keeping_cost=float(rules()["keeping_cost"]),
                    switching_cost=float(family["switching_cost"]),
                )
            )
        shares = (0.7, 0.3) if len(own) > 1 and number % 2 else (1.0,)
        for position, share in enumerate(shares):
            price = round(item.unit_price * own[position], 2)
            today.append(TodayPurchase(reference=reference_id(item, position), price=price, share=share))
    return Catalogue(
        needs=tuple(
            Need(
                id=item.id,
                name_fr=item.row["name_fr"],
                name_en=item.row["name_en"],
                unit=item.row["unit"],
                category=item.category,
                level=item.level,
            )
            for item in items()
        ),
        product_references=tuple(references),
        today_purchases=tuple(today),
        consumption=consumption(),
    )

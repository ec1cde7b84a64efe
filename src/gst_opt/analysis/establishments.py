"""The establishments of a grouping: each a hospital with what refers to it, as a grouping of its own."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from gst_opt.core.catalogue import BuyingLevel
from gst_opt.core.errors import expect
from gst_opt.core.frozen import Frozen, Row
from gst_opt.core.grouping import Grouping, with_tables
from gst_opt.core.region import Facility, Region, ServedPeople, Status
from gst_opt.core.restriction import restrict
from gst_opt.core.rounding import largest_remainder
from gst_opt.core.tenders import Offer
from gst_opt.network import Travel, catchments, travel
from gst_opt.network.areas import first_contacts
from gst_opt.pillars.platforms.demand import DemandTables, acts_needed
from gst_opt.pillars.purchasing.demand import total, units_required

SHARED = (("new_posts", "posts", 1), ("trainings", "places", 1), ("budgets", "mad", 100))
"""Tables of what the region has in common, the column that is shared by inhabitants, and its whole parts in one."""

TINY = 1e-9
"""Part of a pack that rounding may add."""

SERVED_SOURCE = "catchments of the whole grouping"


class Establishment(Frozen):
    """A hospital with the facilities that refer to it, and the zones whose people go to these first."""

    id: str = Field(description="Its hospital; a facility that refers to no hospital is one of its own")
    name: str = Field(description="Name of its hospital")
    province: str = Field(description="Province of its hospital")
    facilities: tuple[str, ...] = Field(description="Facilities, the hospital with them")
    zones: tuple[str, ...] = Field(description="Zones")


def partition(grouping: Grouping) -> tuple[Establishment, ...]:
    """Return the establishments of a grouping; each facility and each zone is in one of them, but excluded facilities.

    - A hospital and its other sites (column `establishment`) are one. Another facility belongs to the first open
      hospital on its way up the references; where there is none, to itself.
    - A zone belongs to the establishment of its first contacts (`network.catchments`); where they are of several, to
      that of most of them, then of the nearest. Where it has none: to that of the nearest open facility, or the
      first of its province when nothing can be reached.
    """
    expect(grouping, Grouping)
    return _partition(grouping.region, travel(grouping.region))


def establishments(grouping: Grouping) -> dict[str, Grouping]:
    """Return what each establishment is alone, by id: its facilities, staff, platforms and people (`restrict`).

    So that together they are the grouping:

    - people served are those that the whole says, so that needs by norm stay as they are;
    - totals of acts needed are those of its zones;
    - envelopes of new posts, places of training and budgets are shared by inhabitants, in whole posts and centimes;
    - what suppliers can deliver is shared by the units that each requires, or by inhabitants where only the acts of a
      plan require any; an offer whose share is less than its least order delivers nothing (its price still says what a
      shortage costs).

    Offers are open to all; a private provider sells to the establishment of the facility that it is near to.

    Examples
    --------
    >>> import gst_opt as gst
    >>> parts = gst.establishments(gst.load_sample("two_towns"))
    >>> {name: sum(row.heads for row in part.workforce.staff) for name, part in parts.items()}
    {'hp-north': 33, 'hpr-south': 13}
    """
    expect(grouping, Grouping)
    journeys = travel(grouping.region)
    parts = _partition(grouping.region, journeys)
    alone = [restrict(grouping, part.facilities, part.zones) for part in parts]
    served = catchments(grouping.region, journeys)
    people = _people_of(alone)
    shares = _shares(grouping, people)
    acts = acts_needed(grouping.region, DemandTables.of(grouping), grouping.horizon)
    units = _required(grouping)
    found = {}
    for part, own, shared, inhabitants in zip(parts, alone, shares, people, strict=True):
        common = shared | {
            "served_people": tuple(_served(own, served)),
            "service_totals": tuple(_totals(own, acts)),
            "offers": tuple(_offers(own, units, inhabitants / sum(people))),
        }
        found[part.id] = with_tables(own, common).replace(id=part.id, name=part.name)
    return found


def without_floors(grouping: Grouping) -> Grouping:
    """Return a grouping whose platforms and beds may be used as little as it comes: no least use, acts or occupancy.

    A hospital that lives on patients whom others refer to it cannot keep these floors alone, and then has no plan. To
    compare what all establishments do alone with what they do together, ask both without floors.

    Examples
    --------
    >>> import gst_opt as gst
    >>> {row.min_use for row in gst.without_floors(gst.load_sample("tanger")).equipment.equipment_types}
    {0.0}
    """
    expect(grouping, Grouping)
    equipment = grouping.equipment
    types = tuple(row.replace(min_use=0.0, min_acts=0.0) for row in equipment.equipment_types)
    wards = tuple(row.replace(min_occupancy=0.0) for row in equipment.ward_standards)
    return grouping.replace(equipment=equipment.replace(equipment_types=types, ward_standards=wards))


def _partition(region: Region, journeys: Travel) -> tuple[Establishment, ...]:
    by_id = {one.id: one for one in region.facilities}
    heads = {one.id: _head(one, by_id) for one in region.facilities if one.status is not Status.EXCLUDED}
    facilities: dict[str, list[str]] = {}
    for facility, head in heads.items():
        facilities.setdefault(head, []).append(facility)
    zones: dict[str, list[str]] = {}
    for zone, head in _owners(region, journeys, heads).items():
        zones.setdefault(head, []).append(zone)
    return tuple(
        Establishment(
            id=name,
            name=by_id[name].name,
            province=by_id[name].province,
            facilities=tuple(sorted(facilities[name])),
            zones=tuple(sorted(zones.get(name, ()))),
        )
        for name in sorted(facilities)
    )


def _head(facility: Facility, by_id: Mapping[str, Facility]) -> str:
    """Return the hospital whose establishment a facility belongs to, or the facility itself."""
    site = by_id[facility.establishment or facility.id]
    above: Facility | None = site
    while above is not None and not above.level.is_hospital:
        above = by_id.get(above.reference or "")
        while above is not None and above.status is not Status.OPEN:
            above = by_id.get(above.reference or "")
    found = site if above is None else above
    return found.establishment or found.id


def _owners(region: Region, journeys: Travel, heads: Mapping[str, str]) -> dict[str, str]:
    """Return the establishment of every zone; none where nothing is open."""
    sites = region.open_facilities()
    near, _ = journeys.nearest([zone.id for zone in region.zones], [one.id for one in sites])
    contacts = first_contacts(region, journeys)
    owners = {}
    for zone, position in zip(region.zones, near.tolist(), strict=True):
        first = [heads[host] for host in contacts[zone.id]]
        if not first and position >= 0:
            first = [heads[sites[position].id]]
        if not first:
            first = sorted(heads[one.id] for one in sites if one.province == zone.province) or sorted(heads.values())
        if first:
            owners[zone.id] = max(first, key=Counter(first).__getitem__)
    return owners


def _people_of(parts: Sequence[Grouping]) -> list[float]:
    """Return the inhabitants of every part; one each where nobody lives in any."""
    people = [float(sum(part.region.inhabitants().values())) for part in parts]
    return people if any(people) else [1.0] * len(parts)


def _shares(whole: Grouping, people: Sequence[float]) -> list[dict[str, tuple[Row, ...]]]:
    """Return what every part has of the tables that are shared by inhabitants."""
    tables = whole.tables()
    found: list[dict[str, tuple[Row, ...]]] = [{} for _ in people]
    for name, column, units in SHARED:
        whole_parts = [largest_remainder(people, round(units * getattr(row, column))) for row in tables[name]]
        for number, own in enumerate(found):
            own[name] = tuple(
                row.replace(**{column: amounts[number] / units if units > 1 else amounts[number]})
                for row, amounts in zip(tables[name], whole_parts, strict=True)
            )
    return found


def _served(own: Grouping, served: Mapping[str, float]) -> Iterator[ServedPeople]:
    for one in own.region.open_facilities():
        yield ServedPeople(facility=one.id, people=served[one.id], source=SERVED_SOURCE)


def _totals(own: Grouping, acts: Mapping[tuple[str, str], tuple[float, ...]]) -> Iterator[Row]:
    """Yield the acts that its zones have of the totals of the region."""
    zones = sorted({row.zone for row in own.region.populations})
    for row in own.service_totals:
        yield row.replace(acts=math.fsum(acts.get((zone, row.service), (0.0,))[0] for zone in zones))


def _required(grouping: Grouping) -> dict[str, float]:
    """Return the units required of every need."""
    units: dict[str, list[float]] = {}
    for (need, _), periods in units_required(grouping.catalogue, grouping.activity, tuple(BuyingLevel)).items():
        units.setdefault(need, []).append(total(periods))
    return {need: math.fsum(found) for need, found in units.items()}


def _offers(own: Grouping, whole: Mapping[str, float], inhabitants: float) -> Iterator[Row]:
    """Yield the offers, their capacity in proportion to what is required of the need, none below the least order."""
    required = _required(own)
    need = {row.id: row.need for row in own.catalogue.product_references}
    for offer in own.tenders.offers:
        wanted = whole.get(need[offer.reference], 0.0)
        share = required.get(need[offer.reference], 0.0) / wanted if wanted else inhabitants
        if offer.capacity is None:
            yield offer
        elif _least(offer) <= share * offer.capacity:
            yield offer.replace(capacity=share * offer.capacity)
        else:
            yield offer.replace(capacity=0.0, min_order=0.0, pack=None)


def _least(offer: Offer) -> float:
    """Return the fewest units that an offer sells, in whole packs."""
    if offer.pack is None:
        return offer.min_order
    return offer.pack * max(1.0, math.ceil(offer.min_order / offer.pack - TINY))

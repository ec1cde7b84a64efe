"""Parts of a grouping: what each has, and that together they are the whole."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.analysis.establishments import establishments, partition
from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement
from gst_opt.core.errors import GstOptError
from gst_opt.core.finances import Budget, BudgetLine, Finances
from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Grouping, grouping_tables
from gst_opt.core.region import Status
from gst_opt.core.restriction import MAP, restrict
from gst_opt.core.services import Demand
from gst_opt.core.stocks import DirectDelivery, Stocks
from gst_opt.core.tenders import Offer, Supplier, Tenders
from gst_opt.core.units import reference_of
from gst_opt.core.workforce import Staff
from gst_opt.network import catchments, travel
from gst_opt.pillars.platforms.demand import DemandTables, acts_needed
from gst_opt.pillars.staff.need import needs

JOINING = ("consents", "depot_deliveries")
"""Tables whose rows may join two establishments."""

SAMPLES = ("two_towns", "province", "tanger")


@pytest.fixture(scope="module", params=SAMPLES)
def whole(request: pytest.FixtureRequest) -> Grouping:
    return gst.load_sample(request.param)


@pytest.fixture(scope="module")
def parts(whole: Grouping) -> dict[str, Grouping]:
    return establishments(whole)


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return gst.load_sample("two_towns")


def counted(groupings: Iterable[Grouping], table: str) -> Counter[Row]:
    """Count rows, but those that say that nobody is there."""
    return Counter(
        row
        for grouping in groupings
        for row in grouping.tables()[table]
        if not (isinstance(row, Staff) and row.heads == 0)
    )


def of_places() -> list[str]:
    """Return the tables whose rows belong to one facility or zone, read from the records."""
    names = []
    for table in grouping_tables():
        targets = {reference_of(field) for field in table.row.model_fields.values()}
        if targets & {"facilities", "zones"} and table.name not in (*MAP, "served_people"):
            names.append(table.name)
    return names


def test_two_towns_are_two_establishments(towns: Grouping) -> None:
    north, south = partition(towns)
    assert (north.id, north.facilities, north.zones) == ("hp-north", ("csu-north", "hp-north"), ("zone-north",))
    assert (south.id, south.facilities, south.zones) == (
        "hpr-south",
        ("csu-south", "hpr-south"),
        ("zone-far", "zone-south"),
    )


def test_every_facility_and_zone_is_in_one_establishment(whole: Grouping) -> None:
    found = partition(whole)
    facilities = Counter(place for one in found for place in one.facilities)
    counting = {one.id for one in whole.region.facilities if one.status is not Status.EXCLUDED}
    assert facilities == dict.fromkeys(counting, 1)
    assert Counter(zone for one in found for zone in one.zones) == dict.fromkeys([z.id for z in whole.region.zones], 1)
    heads = {one.id for one in found}
    assert all(one.level.is_hospital for one in whole.region.facilities if one.id in heads)


@pytest.mark.parametrize("table", [name for name in of_places() if name not in JOINING])
def test_rows_of_a_place_are_in_the_part_of_that_place_once(
    whole: Grouping, parts: dict[str, Grouping], table: str
) -> None:
    """All rows of the whole but those of excluded facilities, and those that join two establishments."""
    excluded = {one.id for one in whole.region.facilities if one.status is Status.EXCLUDED}
    expected = Counter(
        row
        for row in whole.tables()[table]
        if not {str(getattr(row, column, "")) for column in ("facility", "base")} & excluded
    )
    assert counted(parts.values(), table) == expected


def test_deliveries_from_the_depot_of_another_establishment_go(whole: Grouping, parts: dict[str, Grouping]) -> None:
    head = {place: one.id for one in partition(whole) for place in one.facilities}
    at = {depot.id: depot.facility for depot in whole.stocks.depots}
    inside = [row for row in whole.stocks.depot_deliveries if head[at[row.depot]] == head.get(row.facility)]
    assert counted(parts.values(), "depot_deliveries") == Counter(inside)


def test_wishes_that_lead_to_another_establishment_go(whole: Grouping, parts: dict[str, Grouping]) -> None:
    head = {place: one.id for one in partition(whole) for place in one.facilities}
    inside = [row for row in whole.workforce.consents if head[row.origin] == head[row.host]]
    assert counted(parts.values(), "consents") == Counter(inside)


def test_what_the_region_shares_adds_up(whole: Grouping, parts: dict[str, Grouping]) -> None:
    for table, column in (("new_posts", "posts"), ("trainings", "places")):
        sums: Counter[tuple[str, ...]] = Counter()
        for part in parts.values():
            for row in part.tables()[table]:
                sums[row.key_values()] += getattr(row, column)
        assert sums == {row.key_values(): getattr(row, column) for row in whole.tables()[table]}


def test_journeys_are_those_of_the_whole(whole: Grouping, parts: dict[str, Grouping]) -> None:
    known = travel(whole.region).matrix
    for part in list(parts.values())[:3]:
        assert np.array_equal(travel(part.region).matrix, known)


def test_needs_of_staff_are_those_of_the_whole(whole: Grouping, parts: dict[str, Grouping]) -> None:
    """Needs by norm grow with the people served: a hospital alone still serves those who are referred to it."""
    found = {
        place: need
        for part in parts.values()
        for place, need in needs(part.region, part.workforce, part.activity, part.horizon).items()
    }
    assert found == needs(whole.region, whole.workforce, whole.activity, whole.horizon)
    served = {place: people for part in parts.values() for place, people in catchments(part.region).items()}
    assert served == pytest.approx(catchments(whole.region))


def test_needs_of_care_are_those_of_the_whole(whole: Grouping, parts: dict[str, Grouping]) -> None:
    found = {
        place: acts
        for part in parts.values()
        for place, acts in acts_needed(part.region, DemandTables.of(part), part.horizon, 2).items()
    }
    expected = acts_needed(whole.region, DemandTables.of(whole), whole.horizon, 2)
    assert found.keys() == expected.keys()
    assert all(found[place] == pytest.approx(acts) for place, acts in expected.items())


def test_places_left_out_stay_on_the_map_alone(towns: Grouping) -> None:
    north = restrict(towns, {"hp-north", "csu-north"}, {"zone-north"})
    assert {one.id: one.status for one in north.region.facilities if one.status is not Status.OPEN} == {
        "csu-south": Status.EXCLUDED,
        "hpr-south": Status.EXCLUDED,
    }
    assert north.region.inhabitants() == {"zone-far": 0, "zone-north": 40_000, "zone-south": 0}
    assert not north.equipment.private_offers
    assert north.services == towns.services


def test_a_skill_that_nobody_is_left_of_is_known_to_be_so(towns: Grouping) -> None:
    """Without a row of staff, staff would be no limit of platforms: the centre of North has no midwife."""
    centre = restrict(towns, {"csu-north"}, {"zone-north"})
    assert {(row.facility, row.skill): row.heads for row in centre.workforce.staff} == {
        ("csu-north", "doctor"): 1,
        ("csu-north", "nurse"): 8,
        ("csu-north", "midwife"): 0,
    }


def test_rates_do_not_stand_in_for_recorded_demand(towns: Grouping) -> None:
    """All scans that are needed, as recorded, are of South: North, cut out, needs none, whatever its age rates say."""
    recorded = Demand(zone="zone-south", service="ct", period=towns.horizon.periods[0].id, acts=500)
    whole = towns.replace(demand=(recorded,), pathways=(), pathway_steps=())
    north = restrict(whole, {"hp-north", "csu-north"}, {"zone-north"})
    needed = acts_needed(north.region, DemandTables.of(north), north.horizon)
    assert needed == {("zone-north", "admission"): (2_200,), ("zone-north", "consultation"): (4_000,)}


def test_unknown_members_are_refused(towns: Grouping) -> None:
    with pytest.raises(GstOptError, match="facilities: nowhere"):
        restrict(towns, {"hp-north", "nowhere"}, ())
    with pytest.raises(GstOptError, match="zones: hp-north"):
        restrict(towns, {"hp-north"}, {"hp-north"})


def bought(towns: Grouping, deliveries: tuple[DirectDelivery, ...]) -> Grouping:
    """Return the two towns with gloves that two suppliers sell: 3,000 required in North, 1,000 in South."""
    period = towns.horizon.periods[0].id
    return towns.replace(
        catalogue=Catalogue(
            needs=(Need(id="gloves", name_fr="Gants", name_en="Gloves", unit="pair", category=Category.DEVICE),),
            product_references=(ProductReference(id="gloves-a", need="gloves"),),
            requirements=(
                Requirement(facility="hp-north", need="gloves", period=period, units=3000),
                Requirement(facility="csu-south", need="gloves", period=period, units=1000),
            ),
        ),
        tenders=Tenders(
            suppliers=(Supplier(id="far"), Supplier(id="near")),
            offers=(
                Offer(supplier="far", reference="gloves-a", price=1, capacity=800),
                Offer(supplier="near", reference="gloves-a", price=2),
            ),
        ),
        stocks=Stocks(direct_deliveries=deliveries),
        finances=Finances(
            budget_lines=(BudgetLine(id="opex", name_fr="Fonctionnement", name_en="Running"),),
            budgets=(Budget(budget_line="opex", period=period, mad=100.01),),
        ),
    )


def test_capacities_are_shared_by_what_is_required_and_budgets_by_people(towns: Grouping) -> None:
    parts = establishments(bought(towns, ()))
    assert [parts[name].tenders.offers[0].capacity for name in ("hp-north", "hpr-south")] == [600, 200]
    assert [parts[name].finances.budgets[0].mad for name in ("hp-north", "hpr-south")] == [66.67, 33.34]


def test_a_supplier_that_delivers_elsewhere_does_not_deliver_everywhere(towns: Grouping) -> None:
    """Without any row of deliveries a supplier delivers everywhere: losing its only row must not mean that."""
    parts = establishments(bought(towns, (DirectDelivery(supplier="far", facility="csu-south"),)))
    assert [offer.supplier for offer in parts["hp-north"].tenders.offers] == ["near"]
    assert [offer.supplier for offer in parts["hpr-south"].tenders.offers] == ["far", "near"]


@pytest.mark.parametrize(
    ("pack", "least", "north", "south"),
    [
        (None, 200, 600, 200),
        (None, 201, 600, 0),  # South has 200 of the 800 units: fewer than the least order
        (300, 0, 600, 0),  # and no whole pack
        (300, 500, 600, 0),
        (350, 360, 0, 0),  # two packs are 700 units, more than either has
        (100, 150, 600, 200),
    ],
)
def test_an_offer_whose_share_is_less_than_its_least_order_delivers_nothing(
    towns: Grouping, pack: float | None, least: float, north: float, south: float
) -> None:
    """800 units, shared 3 to 1 by what is required."""
    plain = bought(towns, ())
    far, near = plain.tenders.offers
    offers = (far.replace(pack=pack, min_order=least), near)
    parts = establishments(plain.replace(tenders=plain.tenders.replace(offers=offers)))
    for name, expected in (("hp-north", north), ("hpr-south", south)):
        own, other = parts[name].tenders.offers
        assert (own.capacity, own.price, other) == (expected, far.price, near)


def test_capacities_are_shared_by_people_where_acts_of_a_plan_alone_use_them(towns: Grouping) -> None:
    """Nothing is required yet: 40,000 people of 60,000 in North have two thirds of 900."""
    plain = bought(towns, ())
    offers = tuple(offer.replace(capacity=900) for offer in plain.tenders.offers)
    grouping = plain.replace(
        catalogue=plain.catalogue.replace(requirements=()), tenders=plain.tenders.replace(offers=offers)
    )
    parts = establishments(grouping)
    assert [offer.capacity for offer in parts["hp-north"].tenders.offers] == pytest.approx([600, 600])
    assert [offer.capacity for offer in parts["hpr-south"].tenders.offers] == pytest.approx([300, 300])

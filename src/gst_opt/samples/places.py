"""The places of the Tanger sample: zones with their inhabitants, facilities with their beds."""

from collections.abc import Iterable

from gst_opt.core.region import Facility, Kind, Level, Population, Status, Terrain, Ward, WardBeds, Zone
from gst_opt.core.rounding import largest_remainder
from gst_opt.samples.facts import facts, rules
from gst_opt.samples.geography import EVERYWHERE, Point, Sector, slug

AGE_GROUPS = ("0-4", "5-59", "60+")
SPECIALISED = {
    "CDTMR": (Kind.RESPIRATORY, Status.OPEN),
    "CRSR": (Kind.REPRODUCTIVE_HEALTH, Status.OPEN),
    "LSP": (Kind.LABORATORY, Status.EXCLUDED),
}


def zone_id(name: str) -> str:
    """Return the id of the zone of that name."""
    return f"zone-{slug(name)}"


def zones() -> tuple[Zone, ...]:
    """Return the 145 communes and the four arrondissements of Tanger."""
    return tuple(
        Zone(
            id=zone_id(row["name"]),
            name=row["name"],
            commune=row["commune"],
            province=row["province"],
            urban=row["urban"] == "true",
            terrain=Terrain(row["terrain"]),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in facts("zones")
    )


def populations() -> tuple[Population, ...]:
    """Return the census inhabitants of each zone, split by the age shares of its province."""
    shares = {}
    for row in facts("age_shares"):
        young, old = float(row["share_0_4"]), float(row["share_60_plus"])
        shares[row["province"]] = (young, 1 - young - old, old)
    return tuple(
        Population(zone=zone_id(row["name"]), age_group=group, inhabitants=inhabitants)
        for row in facts("zones")
        for group, inhabitants in zip(
            AGE_GROUPS, largest_remainder(shares[row["province"]], int(row["inhabitants"])), strict=True
        )
    )


def facilities(zones: Iterable[Zone]) -> tuple[Facility, ...]:
    """Return hospitals, centres and dispensaries; only hospitals have yet the facility that receives referrals."""
    by_name = {zone.name: zone for zone in zones}
    hospitals = [_hospital(row, by_name[row["zone"]]) for row in facts("hospitals")]
    return (*hospitals, *_centres(by_name))


def ward_beds() -> tuple[WardBeds, ...]:
    """Return the beds of each hospital, split between groups of wards by its level and kind."""
    split: dict[tuple[str, str], dict[Ward, float]] = {}
    for row in facts("ward_split"):
        split.setdefault((row["level"], row["kind"]), {})[Ward(row["ward"])] = float(row["share"])
    beds = []
    for row in facts("hospitals"):
        shares = split[row["level"], row["kind"]]
        parts = largest_remainder(list(shares.values()), int(row["beds"]))
        beds += [WardBeds(facility=row["id"], ward=ward, beds=part) for ward, part in zip(shares, parts, strict=True)]
    return tuple(beds)


def point_of(place: Facility | Zone) -> Point:
    """Return the coordinates of a place of the sample, which are always known."""
    return Point(place.latitude or 0.0, place.longitude or 0.0)


def _hospital(row: dict[str, str], zone: Zone) -> Facility:
    return Facility(
        id=row["id"],
        name=row["name"],
        commune=zone.commune,
        province=zone.province,
        level=Level(row["level"]),
        kind=Kind(row["kind"]),
        status=Status(row["status"]),
        reference=row["reference"] or None,
        establishment=row["establishment"] or None,
        terrain=zone.terrain,
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
    )


def _centres(zones: dict[str, Zone]) -> list[Facility]:
    """Return the centres of each zone, numbered by category and spread around the zone's point, on land."""
    bearings = {row["name"]: row["inland_bearing"] for row in facts("zones")}
    width = float(rules()["inland_width"])
    centres: list[Facility] = []
    in_zone: dict[str, int] = {}
    for row in facts("centres"):
        zone, category = zones[row["zone"]], row["category"]
        kind, status = SPECIALISED.get(category, (Kind.GENERAL, Status.OPEN))
        level = Level.SPECIALISED_CENTRE if category in SPECIALISED else Level(category)
        site = "dispensary" if level is Level.DISPENSARY else "urban_centre" if zone.urban else "rural_centre"
        step = float(rules()[f"{site}_step"])
        bearing = bearings[zone.name]
        sector = Sector(float(bearing), width) if bearing else EVERYWHERE
        for number in range(1, int(row["centres"]) + 1):
            in_zone[zone.id] = in_zone.get(zone.id, 0) + 1
            point = point_of(zone).spread(in_zone[zone.id], step, sector)
            centres.append(
                Facility(
                    id=f"{slug(category)}-{slug(zone.name)}-{number}",
                    name=f"{category} {zone.name} {number}",
                    commune=zone.commune,
                    province=zone.province,
                    level=level,
                    kind=kind,
                    status=status,
                    terrain=zone.terrain,
                    latitude=point.latitude,
                    longitude=point.longitude,
                )
            )
    return centres

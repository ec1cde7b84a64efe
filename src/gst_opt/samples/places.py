"""The places of the Tanger sample: zones with their inhabitants, facilities with their referrals and beds."""

from collections.abc import Iterable, Sequence

from gst_opt.core.region import Facility, Kind, Level, Population, Status, Terrain, Ward, WardBeds, Zone
from gst_opt.samples.facts import facts
from gst_opt.samples.geography import Point, slug
from gst_opt.samples.rounding import largest_remainder

AGE_GROUPS = ("0-4", "5-59", "60+")
CENTRE_STEP_KM = {True: 0.6, False: 1.2}  # by urban; a dispensary stands further out
DISPENSARY_STEP_KM = 2.0
SPECIALISED = {
    "CDTMR": (Kind.RESPIRATORY, Status.OPEN),
    "CRSR": (Kind.REPRODUCTIVE_HEALTH, Status.OPEN),
    "LSP": (Kind.LABORATORY, Status.EXCLUDED),
}
HOSPITAL_OF = {"Fahs-Anjra": "Tanger-Assilah"}  # the one province without a hospital


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
    """Return hospitals, centres and dispensaries, each with the facility that receives its referrals."""
    by_name = {zone.name: zone for zone in zones}
    hospitals = [_hospital(row, by_name[row["zone"]]) for row in facts("hospitals")]
    centres = _centres(by_name)
    return (*hospitals, *(_refer(centre, centres, hospitals) for centre in centres))


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
    """Return the centres of each zone, numbered by category and spread around the zone's point."""
    centres: list[Facility] = []
    in_zone: dict[str, int] = {}
    for row in facts("centres"):
        zone, category = zones[row["zone"]], row["category"]
        kind, status = SPECIALISED.get(category, (Kind.GENERAL, Status.OPEN))
        level = Level.SPECIALISED_CENTRE if category in SPECIALISED else Level(category)
        step = DISPENSARY_STEP_KM if level is Level.DISPENSARY else CENTRE_STEP_KM[zone.urban]
        for number in range(1, int(row["centres"]) + 1):
            in_zone[zone.id] = in_zone.get(zone.id, 0) + 1
            point = point_of(zone).spread(in_zone[zone.id], step)
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


def _refer(centre: Facility, centres: Sequence[Facility], hospitals: Sequence[Facility]) -> Facility:
    """Refer a dispensary to the nearest centre of its commune, a centre to the nearest general hospital."""
    if centre.status is not Status.OPEN:
        return centre
    above = [
        other
        for other in centres
        if centre.level is Level.DISPENSARY
        and other.level not in (Level.DISPENSARY, Level.SPECIALISED_CENTRE)
        and (other.province, other.commune) == (centre.province, centre.commune)
    ] or [
        hospital
        for hospital in hospitals
        if hospital.status is Status.OPEN
        and hospital.kind is Kind.GENERAL
        and hospital.level is not Level.UNIVERSITY_HOSPITAL
        and hospital.province == HOSPITAL_OF.get(centre.province, centre.province)
    ]
    nearest = min(above, key=lambda other: (round(point_of(centre).km_to(point_of(other)), 6), other.id))
    return centre.replace(reference=nearest.id)

"""The people of the Tanger sample: skills, norms, and heads placed by a fixed rule.

Heads of a skill are shared between sites by largest remainder, in proportion to the staff that the norm asks
for times the factors of ``placement_factors.csv`` (what reports say of who is short of whom).
"""

from collections.abc import Sequence
from math import prod

from gst_opt.core.region import Facility, Kind, Level, Region
from gst_opt.core.rounding import largest_remainder
from gst_opt.core.standards import StaffingNorm
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.network import Travel
from gst_opt.pillars.staff.need import needs
from gst_opt.samples.facts import facts, rules

EVERYONE = "*"
SPECIALIST = "specialist"  # their permanent moves need prior central approval (memo in force 10 November 2025)


def skills() -> tuple[Skill, ...]:
    """Return the 21 professions and 33 specialties."""
    return tuple(
        Skill(
            id=row["id"],
            name_fr=row["name_fr"],
            name_en=row["name_en"],
            profession=row["profession"],
            needs_approval=row["profession"] == SPECIALIST,
            health_professional=row["health_professional"] == "true",
        )
        for row in facts("skills")
    )


def staffing_norms() -> tuple[StaffingNorm, ...]:
    """Return the staff that a facility of each level and kind should have."""
    return tuple(
        StaffingNorm(
            level=Level(row["level"]),
            facility_kind=Kind(row["facility_kind"]),
            skill=row["skill"],
            fte=float(row["fte"]),
            fte_per_10k_inhabitants=float(row["fte_per_10k_inhabitants"]),
            fte_per_100_beds=float(row["fte_per_100_beds"]),
            minimum_fte=float(row["minimum_fte"]),
            minimum_team=int(row["minimum_team"]),
            source=row["source"],
        )
        for row in facts("staffing_norms")
    )


def staff(region: Region, journeys: Travel) -> tuple[Staff, ...]:
    """Place the heads of every skill among the open facilities; the totals are those of ``skills.csv``."""
    factors = {(row["scope"], row["value"], row["group"]): float(row["factor"]) for row in facts("placement_factors")}
    traits = _traits(region, journeys)
    wanted = needs(region, Workforce(skills=skills(), staffing_norms=staffing_norms()), journeys=journeys)
    placed = []
    for row in facts("skills"):
        groups = (row["id"], row["profession"], EVERYONE)
        sites = sorted(facility for facility, skill in wanted if skill == row["id"])
        weights = [
            wanted[site, row["id"]].fte
            * prod(
                next((factors[*trait, group] for group in groups if (*trait, group) in factors), 1.0)
                for trait in traits[site]
            )
            for site in sites
        ]
        heads = largest_remainder(weights, int(row["heads"]))
        placed += [
            Staff(facility=site, skill=row["id"], heads=count, protected=protected)
            for site, count, protected in zip(sites, heads, _protected(heads), strict=True)
            if count
        ]
    return tuple(placed)


def distances(region: Region, journeys: Travel) -> dict[str, str]:
    """Say how far each open site is from the nearest provincial or higher general hospital: near, middle or far.

    A post is the more sought after, the nearer it is.
    """
    hospitals = [
        facility.id
        for facility in region.open_facilities()
        if facility.kind is Kind.GENERAL and facility.level.rank >= Level.PROVINCIAL_HOSPITAL.rank
    ]
    sites = [site.id for site in region.open_facilities()]
    near, far = float(rules()["near_hospital"]), float(rules()["far_hospital"])
    _, times = journeys.nearest(sites, hospitals)
    return {
        site: "near" if minutes <= near else "far" if minutes > far else "middle"
        for site, minutes in zip(sites, times.tolist(), strict=True)
    }


def _protected(heads: Sequence[int]) -> list[int]:
    """Share the heads that may not be moved between the teams that are large enough."""
    least = int(rules()["protected_team"])
    weights = [float(count) if count >= least else 0.0 for count in heads]
    total = round(float(rules()["protected_share"]) * sum(heads))
    return largest_remainder(weights, total) if any(weights) else [0] * len(heads)


def _traits(region: Region, journeys: Travel) -> dict[str, list[tuple[str, str]]]:
    """Return what the factors look at: province, level, the site itself, its order in its commune, its distance."""
    distance = distances(region, journeys)
    return {
        site.id: [
            ("province", site.province),
            ("level", site.level.value),
            ("site", site.id),
            *([] if site.level.is_hospital else [("order", _order(site)), ("distance", distance[site.id])]),
        ]
        for site in region.open_facilities()
    }


def _order(centre: Facility) -> str:
    """Say whether a centre is the first of its category in its zone: the oldest, and the best staffed."""
    return "first" if centre.id.endswith("-1") else "later"

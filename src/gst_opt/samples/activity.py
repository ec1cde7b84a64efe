"""The activity of the Tanger sample: regional totals of each service, shared between facilities by a fixed rule.

``weight = sum(factor * size) * presence * crowding ** people_exponent``: the sizes (people served, beds, equipment,
...) and factors are those of ``activity_weights.csv``; presence is heads over the need by norm in the skill that the
service depends on most; crowding, of the general hospitals below the university hospital, is people per bed in
their province over the same in the region (exponent 0: as many acts as beds; 1: as many as people).
"""

from collections.abc import Mapping

from gst_opt.core.equipment import Equipment
from gst_opt.core.region import Facility, Region
from gst_opt.core.rounding import largest_remainder
from gst_opt.core.services import Activity
from gst_opt.core.workforce import Workforce
from gst_opt.network import Travel, catchments
from gst_opt.pillars.staff.need import needs
from gst_opt.samples.facts import facts, rules
from gst_opt.samples.referrals import hospital_province, takes_referrals

ANY = "*"
SPECIALIST = "specialist"

Sizes = dict[str, dict[str, float]]
"""Size by facility, by kind of size."""


def activity(
    region: Region, workforce: Workforce, equipment: Equipment, journeys: Travel, period: str
) -> tuple[Activity, ...]:
    """Share the acts of each service between the open facilities; the totals are those of ``services.csv``."""
    sizes = _sizes(region, workforce, equipment, journeys)
    present, crowded = _presence(region, workforce, journeys), _crowding(region)
    factors: dict[str, list[dict[str, str]]] = {}
    for row in facts("activity_weights"):
        factors.setdefault(row["service"], []).append(row)
    result = []
    for service in facts("services"):
        weights = {
            site.id: sum(float(row["factor"]) * sizes[row["size"]].get(site.id, 0.0) for row in rows)
            * present.get((site.id, service["skill"]), 1.0)
            * crowded.get(site.id, 1.0) ** float(service["people_exponent"])
            for site in region.open_facilities()
            if (rows := [row for row in factors[service["id"]] if _holds_for(row, site)])
        }
        sites = sorted(site for site, weight in weights.items() if weight > 0)
        acts = largest_remainder([weights[site] for site in sites], int(service["acts"]))
        result += [
            Activity(facility=site, service=service["id"], period=period, acts=count)
            for site, count in zip(sites, acts, strict=True)
            if count
        ]
    return tuple(result)


def _holds_for(row: Mapping[str, str], site: Facility) -> bool:
    return row["level"] in (ANY, site.level.value) and row["facility_kind"] in (ANY, site.kind.value)


def _sizes(region: Region, workforce: Workforce, equipment: Equipment, journeys: Travel) -> Sizes:
    sizes: Sizes = {
        "site": {site.id: 1.0 for site in region.open_facilities()},
        "people": catchments(region, journeys),
        "beds": {site: float(beds) for site, beds in region.beds().items()},
        "specialists": {},
    }
    for beds in region.ward_beds:
        sizes.setdefault(beds.ward.value, {})[beds.facility] = float(beds.beds)
    for units in equipment.equipment_units:
        sizes.setdefault(units.equipment_type, {})[units.facility] = float(units.units)
    specialists = {skill.id for skill in workforce.skills if skill.profession == SPECIALIST}
    for team in workforce.staff:
        if team.skill in specialists:
            sizes["specialists"][team.facility] = sizes["specialists"].get(team.facility, 0.0) + team.heads
    return sizes


def _presence(region: Region, workforce: Workforce, journeys: Travel) -> dict[tuple[str, str], float]:
    """Return heads over the need by norm, by facility and skill, within the limits of the rules."""
    least, most = float(rules()["least_presence"]), float(rules()["most_presence"])
    heads = {(team.facility, team.skill): team.heads for team in workforce.staff}
    return {
        team: min(max(heads.get(team, 0) / need.fte, least), most)
        for team, need in needs(region, workforce, journeys=journeys).items()
        if need.fte > 0
    }


def _crowding(region: Region) -> dict[str, float]:
    """Return people per bed in the province of each general hospital over people per bed in the region."""
    beds = region.beds()
    hospitals = [site for site in region.open_facilities() if takes_referrals(site)]
    open_beds: dict[str, int] = {}
    for site in hospitals:
        open_beds[site.province] = open_beds.get(site.province, 0) + beds[site.id]
    province_of = {zone.id: zone.province for zone in region.zones}
    people = dict.fromkeys(open_beds, 0)
    for zone, inhabitants in region.inhabitants().items():
        people[hospital_province(province_of[zone])] += inhabitants
    mean = sum(people.values()) / sum(open_beds.values())
    return {site.id: people[site.province] / open_beds[site.province] / mean for site in hospitals}

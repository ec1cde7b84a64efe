"""The Tanger sample: the grouping of Tanger-Tétouan-Al Hoceima as public facts give it.

Every figure comes from the tables of the folder ``facts`` by fixed rules: the same tables make the same grouping.
"""

from datetime import date

from gst_opt.core.equipment import Equipment, EquipmentType, EquipmentUnits
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Region
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Workforce
from gst_opt.network import travel
from gst_opt.samples import places, routes, staffing
from gst_opt.samples.facts import facts
from gst_opt.samples.referrals import refer


def tanger() -> Grouping:
    """Build the grouping of Tanger-Tétouan-Al Hoceima."""
    places_only = _region()
    journeys = travel(places_only)
    region = refer(places_only, journeys)
    return Grouping(
        id="tanger",
        name="GST Tanger-Tétouan-Al Hoceima",
        horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 1),
        region=region,
        workforce=Workforce(
            skills=staffing.skills(),
            staff=staffing.staff(region, journeys),
            staffing_norms=staffing.staffing_norms(),
        ),
        equipment=_equipment(),
        sources=sources(),
    )


def sources() -> tuple[Source, ...]:
    """Return where each column of the sample comes from."""
    return tuple(
        Source(
            table=row["table"],
            column=row["column"],
            rows=row["rows"],
            label=SourceLabel(row["label"]),
            source=row["source"],
        )
        for row in facts("sources")
    )


def _region() -> Region:
    zones = places.zones()
    facilities = places.facilities(zones)
    return Region(
        facilities=facilities,
        ward_beds=places.ward_beds(),
        zones=zones,
        populations=places.populations(),
        roads=routes.roads(zones, facilities),
        terrain_speeds=routes.terrain_speeds(),
    )


def _equipment() -> Equipment:
    types = facts("equipment_types")
    return Equipment(
        equipment_types=tuple(
            EquipmentType(id=row["id"], name_fr=row["name_fr"], name_en=row["name_en"]) for row in types
        ),
        equipment_units=tuple(
            EquipmentUnits(facility=hospital["id"], equipment_type=row["id"], units=int(hospital[row["id"]]))
            for hospital in facts("hospitals")
            for row in types
            if int(hospital[row["id"]])
        ),
    )

"""Groupings with awkward texts and numbers, built from the records themselves."""

from datetime import date

from hypothesis import strategies as st

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Kind, Level, Population, Region, Road, Terrain, TerrainSpeed, Zone
from gst_opt.core.services import Activity, Demand, Service
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.core.standards import StaffingNorm
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Person, Skill, Staff, Workforce

_AWKWARD = st.sampled_from(
    ["=1+1", "'=1+1", "''@x", "+212", "-5,9", "@SUM(A1)", "\ttab", "\rreturn", 'a "quoted" word', '"', "a;b,c\td"]
) | st.sampled_from(
    ["a\nb", "a\r\nb", "\r", "'", " ", "مستشفى", "Aïn Sebaâ", "\ufeffmark", "\u2028", "true", "nan", "1,5"]
)
labels = _AWKWARD | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
amounts = st.floats(0, 1e300) | st.integers(0, 10**6).map(float)
counts = st.integers(0, 10**12)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,12}", fullmatch=True)


@st.composite
def groupings(draw: st.DrawFn) -> Grouping:
    """Draw a grouping that has rows in a dozen tables."""
    names = draw(st.lists(ids, min_size=6, max_size=6, unique=True))
    hospital, centre, town, village, skill, service = names
    province = draw(labels)
    latitude, longitude = draw(st.tuples(st.floats(-90, 90), st.floats(-180, 180)) | st.just((None, None)))
    horizon = Horizon.of(Grain.MONTH, date(2026, 1, 1), draw(st.integers(1, 3)))
    period = horizon.periods[-1].id
    facilities = (
        Facility(
            id=hospital, name=draw(labels), commune=draw(labels), province=province, level=Level.PROVINCIAL_HOSPITAL
        ),
        Facility(
            id=centre,
            name=draw(labels),
            commune=draw(labels),
            province=province,
            level=Level.RURAL_CENTRE_1,
            kind=draw(st.sampled_from(Kind)),
            reference=draw(st.sampled_from([None, hospital])),
            latitude=latitude,
            longitude=longitude,
        ),
    )
    zones = tuple(
        Zone(id=zone, name=draw(labels), commune=draw(labels), province=province, urban=draw(st.booleans()))
        for zone in (town, village)
    )
    return Grouping(
        id=draw(ids),
        name=draw(labels),
        horizon=horizon,
        region=Region(
            facilities=facilities,
            zones=zones,
            populations=(Population(zone=town, age_group=draw(labels), inhabitants=draw(counts)),),
            roads=(Road(origin=hospital, destination=village, km=draw(amounts), minutes=draw(amounts)),),
            terrain_speeds=(
                TerrainSpeed(terrain=Terrain.PLAIN, detour=1.3, km_per_hour=draw(amounts) + 0.1, source=draw(labels)),
            ),
        ),
        services=(
            Service(id=service, name_fr=draw(labels), name_en=draw(labels), max_travel=draw(amounts | st.none())),
        ),
        activity=(Activity(facility=centre, service=service, period=period, acts=draw(amounts)),),
        demand=(Demand(zone=village, service=service, period=period, acts=draw(amounts)),),
        workforce=Workforce(
            skills=(Skill(id=skill, name_fr=draw(labels), name_en=draw(labels), profession=draw(labels)),),
            staff=(Staff(facility=hospital, skill=skill, heads=draw(counts)),),
            persons=(Person(id=draw(ids), facility=centre, skill=skill, fte=draw(st.floats(0, 1))),),
            staffing_norms=(
                StaffingNorm(level=draw(st.sampled_from(Level)), skill=skill, fte=draw(amounts), source=draw(labels)),
            ),
        ),
        sources=(
            Source(
                table="staff", column="*", label=draw(st.sampled_from(SourceLabel)), source=draw(labels | st.just(""))
            ),
        ),
    )

"""A small grouping that uses every check, and short ways to spoil it."""

from datetime import date

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Level, Population, Region, Road, Zone
from gst_opt.core.services import Activity, Service
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Skill, Staff, Workforce

HOSPITAL = Facility(id="hp", name="Hôpital", commune="Ville", province="Nord", level=Level.PROVINCIAL_HOSPITAL)
CENTRE = Facility(id="cs", name="Centre", commune="Bourg", province="Nord", level=Level.RURAL_CENTRE_1, reference="hp")
TOWN = Zone(id="ville", name="Ville", commune="Ville", province="Nord", urban=True, latitude=35.1, longitude=-5.3)
VILLAGE = Zone(id="bourg", name="Bourg", commune="Bourg", province="Nord", urban=False)
DESERT = Zone(id="desert", name="Désert", commune="Désert", province="Est", urban=False)

REGION = Region(
    facilities=(HOSPITAL, CENTRE),
    zones=(TOWN, VILLAGE, DESERT),
    populations=(Population(zone="ville", age_group="all", inhabitants=9000),),
    roads=(Road(origin="hp", destination="cs", km=20, minutes=25),),
)
WORKFORCE = Workforce(
    skills=(
        Skill(id="nurse", name_fr="Infirmier", name_en="Nurse", profession="nurse"),
        Skill(id="gp", name_fr="Généraliste", name_en="General practitioner", profession="physician"),
    ),
    staff=(Staff(facility="hp", skill="nurse", heads=12), Staff(facility="cs", skill="gp", heads=1)),
)
CARE = Service(id="care", name_fr="Soins", name_en="Care")

GROUPING = Grouping(
    id="small",
    name="Small",
    horizon=Horizon.of(Grain.QUARTER, date(2026, 1, 1), 4),
    region=REGION,
    services=(CARE,),
    activity=(Activity(facility="cs", service="care", period="2026-Q2", acts=100),),
    workforce=WORKFORCE,
    sources=(Source(table="staff", column="heads", label=SourceLabel.SYNTHETIC, source="made for tests"),),
)

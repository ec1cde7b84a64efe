"""The teaching sample that is solved by hand: two towns half an hour apart."""

from datetime import date

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Level, Population, Region, Road, Ward, WardBeds, Zone
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.core.standards import StaffingNorm, WorkingTime
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.samples import two_towns_finances as finances
from gst_opt.samples import two_towns_platforms as platforms
from gst_opt.samples import two_towns_purchases as purchases
from gst_opt.samples import two_towns_support as support

SOURCE = platforms.SOURCE


def two_towns() -> Grouping:
    """Build two towns, each with a centre and a hospital.

    North has 40,000 inhabitants and South 20,000, 3,000 of them in a village 50 minutes beyond the town (Far); the
    two town points are 25 minutes apart. Platforms and beds: see ``two_towns_platforms.py``; purchases: see
    ``two_towns_purchases.py``; linen and meals: see ``two_towns_support.py``. Journeys, in minutes: ``csu-north`` to
    ``hp-north`` 5, ``csu-south`` to ``hpr-south`` 5, ``csu-south`` to ``csu-north`` 30, ``csu-south`` to ``hp-north``
    31, ``hpr-south`` to ``csu-north`` 29, ``hpr-south`` to ``hp-north`` 30.

    Need (FTE) and heads in post:

    ========  =========  =========  =========  =========  =====
    skill     csu-north  hp-north   csu-south  hpr-south  total
    ========  =========  =========  =========  =========  =====
    doctor    4 / 1      6 / 8      2 / 2      2 / 2      14 / 13
    nurse     8 / 8      10 / 13    4 / 1      4 / 4      26 / 26
    midwife   1 / 0      4 / 3      1 / 2      2 / 2      8 / 7
    ========  =========  =========  =========  =========  =====

    (a centre needs 1 doctor and 2 nurses for 10,000 inhabitants and 1 midwife; ``hp-north`` 20 nurses for 100
    beds, and it has 50.)

    - Today 11 + 23 + 6 = 40 of the 48 FTE are covered (North 28 of 33, South 12 of 15).
    - Within 45 minutes: 2 doctors go from ``hp-north`` to ``csu-north`` (5 minutes each), 3 nurses from
      ``hp-north`` to ``csu-south`` (31 each), and 1 midwife from ``csu-south`` to ``csu-north``, which is a
      minute nearer than ``hp-north`` (30). All 46 heads are then of use: 13 + 26 + 7 = 46 of 48 (North 31 of
      33, South 15 of 15), with 6 moves and 2 x 5 + 3 x 31 + 30 = 133 minutes.
    - Within 20 minutes only the 2 doctors can move: 42 of 48. Within 0 minutes nobody can: 40 of 48.
    """
    horizon = Horizon.of(Grain.YEAR, date(2026, 1, 1), 1)
    period = horizon.periods[0].id
    return Grouping(
        id="two_towns",
        name="Two towns",
        horizon=horizon,
        region=_region(),
        services=platforms.services(),
        pathways=(platforms.pathway(),),
        pathway_steps=platforms.pathway_steps(),
        activity=platforms.activity(period),
        demand_rates=platforms.demand_rates(),
        workforce=_workforce(),
        equipment=platforms.equipment(period),
        catalogue=purchases.catalogue(),
        tenders=purchases.tenders(),
        stocks=purchases.stocks(),
        finances=finances.finances(),
        support=support.support(period),
        sources=tuple(
            Source(table=table, column="*", label=SourceLabel.SYNTHETIC, source=SOURCE)
            for table in (
                "periods",
                "facilities",
                "ward_beds",
                "zones",
                "populations",
                "roads",
                "skills",
                "staff",
                "working_times",
                "staffing_norms",
                "services",
                "pathways",
                "pathway_steps",
                "activity",
                "demand_rates",
                "equipment_types",
                "upgrades",
                "equipment_units",
                "site_limits",
                "session_standards",
                "session_staff",
                "expert_times",
                "private_offers",
                "ward_standards",
                "ward_limits",
                "ward_staff",
                "stay_standards",
                "needs",
                "product_references",
                "today_purchases",
                "consumption",
                "suppliers",
                "offers",
                "discount_schedules",
                "discount_tiers",
                "lots",
                "lot_items",
                "depots",
                "direct_deliveries",
                "depot_supplies",
                "depot_deliveries",
                "budget_lines",
                "tariffs",
                "capitation_rates",
                "territorial_sums",
                "need_indices",
                "subsidies",
                "other_spending",
                "funding_scenarios",
                "funding_shares",
                "support_functions",
                "support_volumes",
                "support_today",
                "support_staff",
                "hubs",
                "hub_levels",
                "hub_staff",
                "sources",
            )
        ),
    )


def _region() -> Region:
    return Region(
        facilities=(
            _facility("csu-north", "CSU-1 North", "North", Level.URBAN_CENTRE_1, "hp-north"),
            _facility("hp-north", "Hospital of North", "North", Level.PROVINCIAL_HOSPITAL, None),
            _facility("csu-south", "CSU-1 South", "South", Level.URBAN_CENTRE_1, "hpr-south"),
            _facility("hpr-south", "Hospital of South", "South", Level.LOCAL_HOSPITAL, "hp-north"),
        ),
        ward_beds=(
            WardBeds(facility="hp-north", ward=Ward.MEDICINE, beds=50),
            WardBeds(facility="hpr-south", ward=Ward.MEDICINE, beds=20),
        ),
        zones=(
            Zone(id="zone-north", name="North", commune="North", province="North", urban=True),
            Zone(id="zone-south", name="South", commune="South", province="South", urban=True),
            Zone(id="zone-far", name="Far", commune="Far", province="South", urban=False),
        ),
        populations=(
            Population(zone="zone-north", age_group="all", inhabitants=40_000),
            Population(zone="zone-south", age_group="all", inhabitants=17_000),
            Population(zone="zone-far", age_group="all", inhabitants=3_000),
        ),
        roads=(
            Road(origin="zone-north", destination="zone-south", km=25, minutes=25),
            Road(origin="zone-south", destination="zone-far", km=40, minutes=50),
            Road(origin="csu-north", destination="zone-north", km=1, minutes=2),
            Road(origin="hp-north", destination="zone-north", km=1.5, minutes=3),
            Road(origin="csu-south", destination="zone-south", km=1.5, minutes=3),
            Road(origin="hpr-south", destination="zone-south", km=1, minutes=2),
        ),
    )


def _facility(name: str, title: str, town: str, level: Level, reference: str | None) -> Facility:
    return Facility(id=name, name=title, commune=town, province=town, level=level, reference=reference)


def _workforce() -> Workforce:
    heads = {
        "doctor": {"csu-north": 1, "hp-north": 8, "csu-south": 2, "hpr-south": 2},
        "nurse": {"csu-north": 8, "hp-north": 13, "csu-south": 1, "hpr-south": 4},
        "midwife": {"hp-north": 3, "csu-south": 2, "hpr-south": 2},
    }
    return Workforce(
        skills=(
            Skill(id="doctor", name_fr="Médecin", name_en="Doctor", profession="physician"),
            Skill(id="nurse", name_fr="Infirmier", name_en="Nurse", profession="nurse"),
            Skill(id="midwife", name_fr="Sage-femme", name_en="Midwife", profession="midwife"),
        ),
        staff=tuple(
            Staff(facility=facility, skill=skill, heads=count)
            for skill, by_facility in heads.items()
            for facility, count in by_facility.items()
        ),
        working_times=tuple(
            WorkingTime(
                skill=skill,
                days_per_week=5,
                hours_per_day=8,
                public_holidays=10,
                annual_leave=30,
                source=SOURCE,
            )
            for skill in heads
        ),
        staffing_norms=(
            _norm(Level.URBAN_CENTRE_1, "doctor", per_10k=1),
            _norm(Level.URBAN_CENTRE_1, "nurse", per_10k=2),
            _norm(Level.URBAN_CENTRE_1, "midwife", fte=1),
            _norm(Level.PROVINCIAL_HOSPITAL, "doctor", fte=6),
            _norm(Level.PROVINCIAL_HOSPITAL, "nurse", per_100_beds=20),
            _norm(Level.PROVINCIAL_HOSPITAL, "midwife", fte=4),
            _norm(Level.LOCAL_HOSPITAL, "doctor", fte=2),
            _norm(Level.LOCAL_HOSPITAL, "nurse", fte=4),
            _norm(Level.LOCAL_HOSPITAL, "midwife", fte=2),
        ),
    )


def _norm(level: Level, skill: str, *, fte: float = 0, per_10k: float = 0, per_100_beds: float = 0) -> StaffingNorm:
    return StaffingNorm(
        level=level,
        skill=skill,
        fte=fte,
        fte_per_10k_inhabitants=per_10k,
        fte_per_100_beds=per_100_beds,
        source=SOURCE,
    )

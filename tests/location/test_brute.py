"""Small random questions equal to brute force, which tries every whole decision.

Counted before upgrades were drawn: of all rules that do not only tighten, leaving one out changes the best value of
some of the first 700 questions, but for `movable`, `transfer_out` and `transfer_in`, which take more years or sites:
`row_toys` and `contract_toys` hold these.
"""

import itertools
import math
import random
from datetime import date
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.equipment import (
    CoverStandard,
    DockingPoint,
    Equipment,
    EquipmentType,
    EquipmentUnits,
    ExpertTime,
    FloorSpace,
    MobileUnit,
    PrivateOffer,
    SessionSale,
    SessionStaff,
    SessionStandard,
    SiteLimit,
    Upgrade,
)
from gst_opt.core.pathways import Pathway
from gst_opt.core.region import GrowthRate, Level, Opening, Population, Region, Status, TravelTime, Ward, WardBeds, Zone
from gst_opt.core.services import Demand, Service
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.wards import StayStandard, WardLimit, WardStaff, WardStandard
from gst_opt.model.goals import weighted
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.demand import DemandTables
from gst_opt.pillars.platforms.location.policy import DemandScenario, Guarantee, LocationPin, LocationPolicy
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.brute import Brute
from tests.location.row_toys import workforce
from tests.location.two_sites import SOURCE, facility, step

EXACT = gst.SolveOptions(workers=1, gap=1e-7)
MOST = 300
"""Whole decisions at most, moves left aside."""


class Draw(random.Random):
    """Draws what a small question holds."""

    def some(self, chance: float) -> bool:
        """Say yes, with a chance."""
        return self.random() < chance

    def problem(self) -> LocationProblem:
        """Draw a question of one or two sites, a platform or two, one to three zones and one or two years."""
        sites = "ab"[: self.choice([1, 2, 2])]
        zones = [f"z{number}" for number in range(self.randint(1, 3))]
        years = self.choice([1, 1, 2])
        planned = years == 2 and sites == "ab" and self.some(0.2)
        status = {"b": Status.PLANNED} if planned else {}
        levels = [Level.LOCAL_HOSPITAL, Level.PROVINCIAL_HOSPITAL]
        places = [*sites, *zones]
        region = Region(
            facilities=tuple(
                facility(name, self.choice(levels), status=status.get(name, Status.OPEN)) for name in sites
            ),
            openings=(Opening(facility="b", opens=date(2027, 1, 1), source=SOURCE),) * planned,
            zones=tuple(
                Zone(
                    id=name,
                    name=name,
                    commune=name,
                    province=self.choice(["Here", "There"]) if number else "Here",
                    urban=True,
                )
                for number, name in enumerate(zones)
            ),
            populations=tuple(
                Population(zone=name, age_group="all", inhabitants=self.randint(1, 20) * 100) for name in zones
            ),
            growth_rates=(GrowthRate(province="Here", per_year=0.1, source=SOURCE),) * self.some(0.5),
            travel_times=tuple(
                TravelTime(origin=one, destination=other, minutes=self.choice([5.0, 15.0, 30.0, 50.0]))
                for one in places
                for other in places
                if one != other
            ),
            ward_beds=tuple(WardBeds(facility=name, ward=Ward.MEDICINE, beds=self.choice([3, 5, 8])) for name in sites)[
                : self.randint(0, 2)
            ],
        )
        kinds = ("scanner", "room")[: self.choice([1, 1, 2])]
        made = [("scanner", "scan"), ("room", "visit")][: len(kinds)]
        made += [("room", "scan")] * (len(kinds) == 2 and self.some(0.5))
        stays = self.some(0.3)
        services = ["scan", *(["visit"] * (len(kinds) == 2)), *(["stay"] * stays)]
        equipment = self.equipment(sites, zones, kinds, made)
        if stays:
            equipment = equipment.replace(**self.wards(sites, made))
        pathway = len(services) > 1 and self.some(0.6)
        limits = [self.choice([None, 0.0, 15.0, 30.0]) for _ in range(2)]
        second, third = services[1 % len(services)], services[-1]
        steps = (
            step(1, "scan"),
            step(2, second, share=self.choice([0.5, 1.0]), max_transfer=limits[0], returning=self.choice([0.0, 0.2])),
            step(3, third, max_transfer=limits[1], counter_referral=True, near_home=self.choice([None, 15.0])),
        )
        staffed = self.some(0.5)
        heads = [(site, "technician", self.randint(0, 2)) for site in sites]
        heads += [(site, "doctor", self.choice([0, 0, 1, 2])) for site in sites]
        needs = tuple(
            Demand(zone=zone, service=service, period=str(2026 + year), acts=self.choice([40.0, 100.0, 180.0]))
            for zone in zones
            for service in services[: 1 if pathway else 3]
            for year in range(years)
            if self.some(0.9)
        )
        return LocationProblem(
            region=region,
            services=tuple(
                Service(
                    id=name,
                    name_fr=name,
                    name_en=name,
                    max_travel=self.choice([None, None, 30.0]),
                    min_level=self.choice([None, None, Level.PROVINCIAL_HOSPITAL]),
                    weight=self.choice([1.0, 2.0]),
                )
                for name in services
            ),
            pathways=(Pathway(id="p", name_fr="p", name_en="p", share=self.choice([0.5, 1.0])),) * pathway,
            pathway_steps=steps[: self.choice([2, 3])] * pathway,
            needs=DemandTables(demand=needs),
            workforce=workforce(*heads),
            equipment=equipment,
            horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 2),
            policy=self.policy(years, sites, planned=planned, staffed=staffed),
        )

    def equipment(self, sites: str, zones: list[str], kinds: tuple[str, ...], made: list[tuple[str, str]]) -> Equipment:
        """Draw platforms: one unit makes 200 acts a year where half of it may be used."""
        bus = MobileUnit(
            id="bus",
            name_fr="bus",
            name_en="bus",
            equipment_type="scanner",
            base=self.choice(sites),
            sessions_per_week=0.5,
            session_cost=5,
            source=SOURCE,
        )
        mobile = self.some(0.25)
        docks = tuple(
            DockingPoint(
                mobile_unit="bus", place=place, min_sessions=0.1, opening=self.choice([0.0, 60.0]), source=SOURCE
            )
            for place in self.sample([*zones, *sites], self.choice([1, 2]))
        )
        return Equipment(
            equipment_types=tuple(
                EquipmentType(
                    id=kind,
                    name_fr=kind,
                    name_en=kind,
                    life=5,
                    sessions_per_week=1,
                    max_use=self.choice([0.5, 0.8]),
                    min_use=self.choice([0.0, 0.0, 0.0, 0.1]),
                    min_acts=self.choice([0.0, 0.0, 0.0, 60.0]),
                    max_wait=self.choice([None, None, 0.5, 2.0]),
                    min_level=self.choice([None, None, Level.PROVINCIAL_HOSPITAL]),
                    floor_space=10,
                    purchase=self.choice([200.0, 1000.0]),
                    upkeep=self.choice([50.0, 200.0]),
                    session_cost=4,
                    moving=self.choice([20.0, 100.0]),
                    closing=30,
                )
                for kind in kinds
            ),
            equipment_units=tuple(
                EquipmentUnits(
                    facility=site,
                    equipment_type=kind,
                    units=self.choice([1, 1, 2]),
                    installed=self.choice([None, None, 2021, 2022]),
                )
                for site in sites
                for kind in kinds
                if self.some(0.7)
            ),
            site_limits=tuple(
                SiteLimit(
                    facility=site,
                    equipment_type=kind,
                    max_units=self.choice([1, 2, 2]),
                    opening=self.choice([0.0, 200.0]),
                    source=SOURCE,
                )
                for site in sites
                for kind in kinds
                if self.some(0.6)
            ),
            floor_spaces=tuple(
                FloorSpace(facility=site, free=self.choice([5, 15]), source=SOURCE) for site in sites if self.some(0.3)
            ),
            session_standards=tuple(
                SessionStandard(equipment_type=kind, service=service, minutes_per_act=30, source=SOURCE)
                for kind, service in made
            ),
            session_staff=tuple(
                SessionStaff(equipment_type=kind, skill="technician", heads=self.choice([5.0, 20.0]), source=SOURCE)
                for kind in kinds
                if self.some(0.7)
            ),
            expert_times=tuple(
                ExpertTime(
                    equipment_type=kind,
                    service=service,
                    skill="doctor",
                    minutes_per_act=self.choice([60, 300]),
                    remote=self.some(0.7),
                    source=SOURCE,
                )
                for kind, service in made
                if self.some(0.4)
            ),
            session_sales=tuple(
                SessionSale(facility=site, equipment_type="scanner", sessions=20, mad_per_session=15, source=SOURCE)
                for site in sites
                if self.some(0.2)
            ),
            private_offers=tuple(
                PrivateOffer(
                    facility=site,
                    service="scan",
                    period="2026",
                    acts=self.choice([80.0, 300.0]),
                    min_acts=self.choice([0.0, 50.0]),
                    mad_per_act=self.choice([5.0, 40.0]),
                )
                for site in sites
                if self.some(0.3)
            ),
            upgrades=tuple(
                Upgrade(equipment_type=one, becomes=other, price=self.choice([0.0, 100.0]), source=SOURCE)
                for one, other in itertools.permutations(kinds, 2)
                if self.some(0.7)
            ),
            mobile_units=(bus,) * mobile,
            docking_points=docks * mobile,
            cover_standards=(
                CoverStandard(equipment_type="scanner", minutes=20, sites=self.choice([1, 2]), source=SOURCE),
            )
            * self.some(0.3),
        )

    def wards(self, sites: str, made: list[tuple[str, str]]) -> dict[str, Any]:
        """Draw beds, and a service that takes them, on a platform or alone."""
        on_platform = SessionStandard(equipment_type=made[-1][0], service="stay", minutes_per_act=30, source=SOURCE)
        standards = tuple(
            SessionStandard(equipment_type=kind, service=service, minutes_per_act=30, source=SOURCE)
            for kind, service in made
        )
        return {
            "session_standards": (*standards, *((on_platform,) * self.some(0.5))),
            "ward_standards": (
                WardStandard(
                    ward=Ward.MEDICINE,
                    block=5,
                    max_occupancy=0.8,
                    min_occupancy=self.choice([0.0, 0.0, 0.1]),
                    floor_space=2,
                    opening=20,
                    closing=5,
                    upkeep=self.choice([2.0, 30.0]),
                    source=SOURCE,
                ),
            ),
            "ward_limits": tuple(
                WardLimit(facility=site, ward=Ward.MEDICINE, max_beds=self.choice([5, 10]), source=SOURCE)
                for site in sites
                if self.some(0.6)
            ),
            "ward_staff": (WardStaff(ward=Ward.MEDICINE, skill="doctor", fte=0.3, source=SOURCE),) * self.some(0.5),
            "stay_standards": (
                StayStandard(service="stay", ward=Ward.MEDICINE, days=12, target_days=8, source=SOURCE),
            ),
        }

    def policy(self, years: int, sites: str, *, planned: bool, staffed: bool) -> LocationPolicy:
        """Draw what the grouping has decided; one goal in all."""
        ways = (
            DemandScenario(id="low", probability=0.4, factor=0.6),
            DemandScenario(
                id="high",
                probability=0.6,
                factor=1.5,
                province=self.choice([None, "Here"]),
                service=self.choice([None, "scan"]),
            ),
        )
        money = ("purchases", "upkeep", "sessions", "contracts", "mobile", "lending", "remote", "sales")
        terms = {"unmet": self.choice([5.0, 20.0, 100.0]), "journeys": self.choice([0.1, 1.0])}
        terms |= {name: 1.0 for name in money if self.some(0.9)}
        for name, weight in {"not_covered": 0.5, "above_level": 5.0, "waiting": 3.0, "unmet_cvar": 50.0}.items():
            if self.some(0.3):
                terms[name] = weight
        if self.some(0.15):
            terms["kolm_pollak"] = 10.0
        kind = self.choice([PinKind.KEEP, PinKind.FORBID, PinKind.AT_MOST, PinKind.AT_LEAST])
        value = 1.0 if kind in (PinKind.AT_MOST, PinKind.AT_LEAST) else None
        pin = LocationPin(
            kind=kind, value=value, facility=self.choice(sites), equipment_type="scanner", reason="decided"
        )
        return LocationPolicy(
            years=years,
            opened=("b",) * planned,
            max_travel=self.choice([None, None, 30.0]),
            max_change=self.choice([1, 1, 2]),
            close=self.some(0.75),
            move=self.some(0.8),
            capex_a_year=self.choice([None, None, 170.0, 1200.0, 2500.0]),
            opex_a_year=self.choice([None, None, 500.0, 1500.0]),
            carry_over=self.choice([0.0, 0.5, 1.0]),
            staff_limit=staffed,
            staff_share=1.0,
            max_lending=self.choice([10.0, 60.0]),
            lending_price=self.choice([0.0, 2.0]),
            lent_day=self.choice([480.0, 240.0]),
            remote_link=self.choice([5.0, 100.0]),
            stay_progress=self.choice([0.0, 0.5]),
            guarantees=(Guarantee(province="Here", minutes=30, share=0.3, reason="decided"),) * self.some(0.1),
            scenarios=ways * self.some(0.3),
            cvar_level=self.choice([0.0, 0.5, 0.7]),
            goals=weighted(*terms.items()),
            pins=(pin,) * self.some(0.15),
        )


def drawn(seed: int, kind: type[Draw] = Draw) -> LocationProblem:
    """Draw a question with some whole decisions, and not too many."""
    draw = kind(seed)
    while True:
        problem = draw.problem()
        if problem.streams and 1 < Brute(problem).count() <= MOST:
            return problem


def agrees(problem: LocationProblem) -> float:
    """Compare the model's best plan with brute force; return the best value, `inf` where there is no plan."""
    result, least = gst.solve(problem, EXACT), Brute(problem).best()
    assert result.violations == ()
    if math.isinf(least):
        assert result.plan is None
    else:
        assert result.plan is not None
        assert result.stages[0].value == pytest.approx(least, rel=1e-5, abs=1e-3)
    return least


@pytest.mark.parametrize("seed", range(40))
def test_40_small_questions_equal_brute_force(seed: int) -> None:
    agrees(drawn(seed))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(40, 1000, 48))
def test_1000_small_questions_equal_brute_force(first: int) -> None:
    for seed in range(first, first + 48):
        agrees(drawn(seed))

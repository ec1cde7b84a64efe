"""A synthetic career table for the sample of Tanger: ages, exits, new posts, attraction, targets, trainings."""

from datetime import date

import numpy as np

import gst_opt as gst
from gst_opt.core.careers import Attraction, Career, NewPosts, StaffingTarget, Training
from gst_opt.core.grouping import Grouping
from gst_opt.core.mobility import Post
from gst_opt.core.region import Level
from gst_opt.core.workforce import StaffAge

SOURCE = "drawn for benchmarks"


def grouping(seed: int = 0) -> Grouping:
    """Return Tanger with drawn careers, where the sample has none of its own."""
    base = gst.load_sample("tanger")
    rng = np.random.default_rng(seed)
    workforce, professions = base.workforce, sorted({skill.profession for skill in base.workforce.skills})
    ages = tuple(
        StaffAge(facility=row.facility, skill=row.skill, age=int(age), heads=int(count))
        for row in workforce.staff
        for age, count in zip(
            *np.unique(np.clip(rng.normal(43, 10, row.heads).round(), 23, 63), return_counts=True), strict=True
        )
    )
    rural = {one.id for one in base.region.open_facilities() if one.level in (Level.DISPENSARY, Level.RURAL_CENTRE_1)}
    attractions = tuple(
        Attraction(
            facility=one.id,
            profession=profession,
            fill_share=round(float(rng.uniform(0.4, 0.6) if one.id in rural else rng.uniform(0.7, 0.95)), 2),
            fill_share_with_incentive=round(float(rng.uniform(0.65, 0.8) if one.id in rural else 0.97), 2),
            incentive=float(rng.choice([24_000, 36_000, 60_000])),
            source=SOURCE,
        )
        for one in base.region.open_facilities()
        for profession in professions
    )
    posts = {"nurse": 120, "physician": 40, "specialist": 60, "midwife": 40, "technician": 50}
    provinces = sorted({zone.province for zone in base.region.zones})
    return base.replace(
        workforce=workforce.replace(
            staff_ages=ages,
            careers=tuple(
                Career(
                    skill=skill.id,
                    retirement_age=63,
                    yearly_departures=0.03 if skill.profession == "specialist" else 0.015,
                    minimum_tenure=24,
                    source=SOURCE,
                )
                for skill in workforce.skills
            ),
            new_posts=tuple(
                NewPosts(year=year, profession=profession, posts=posts.get(profession, 10), source=SOURCE)
                for year in (2026, 2027)
                for profession in professions
            ),
            attractions=attractions,
            staffing_targets=tuple(
                StaffingTarget(year=2025, province=province, profession=profession, per_1000=share, source=SOURCE)
                for province in provinces
                for profession, share in (("*", 2.2), ("nurse", 0.9), ("midwife", 0.2))
            ),
            trainings=tuple(
                Training(
                    origin_skill="polyvalent_nurse",
                    skill=skill,
                    places=places,
                    months=12,
                    success_share=0.9,
                    cost=40_000,
                    source=SOURCE,
                )
                for skill, places in (("nurse_anaesthetist", 6), ("emergency_nurse", 8), ("family_nurse", 20))
            ),
            posts=tuple(
                Post(facility=row.facility, skill=row.skill, newcomers=4, trainees=2)
                for row in workforce.staff
                if row.skill in ("nurse_anaesthetist", "emergency_nurse", "family_nurse")
            ),
        )
    )


START = date(2026, 1, 1)

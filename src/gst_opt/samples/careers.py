"""How staff comes and goes in the Tanger sample: ages, careers, new posts, attraction, targets, training."""

from collections.abc import Iterable, Mapping
from itertools import islice

from gst_opt.core.careers import Attraction, Career, NewPosts, StaffingTarget, Training
from gst_opt.core.region import Region
from gst_opt.core.rounding import largest_remainder
from gst_opt.core.workforce import Skill, Staff, StaffAge
from gst_opt.samples.facts import facts, rules

GOLDEN_SHARE = 0.6180339887  # its multiples spread any number of heads evenly over the ages


def staff_ages(skills: Iterable[Skill], staff: Iterable[Staff]) -> tuple[StaffAge, ...]:
    """Give every head an age, so that the heads of a skill have the age pyramid of its profession."""
    profession = {skill.id: skill.profession for skill in skills}
    teams: dict[str, list[Staff]] = {}
    for team in staff:
        teams.setdefault(team.skill, []).append(team)
    rows: list[StaffAge] = []
    for skill, members in teams.items():
        ages = iter(_ages(profession[skill], sum(team.heads for team in members)))
        for team in members:
            counts: dict[int, int] = {}
            for age in islice(ages, team.heads):
                counts[age] = counts.get(age, 0) + 1
            rows += [
                StaffAge(facility=team.facility, skill=skill, age=age, heads=heads) for age, heads in counts.items()
            ]
    return tuple(rows)


def careers(skills: Iterable[Skill]) -> tuple[Career, ...]:
    """Return when the people of each skill leave; a row of a skill comes before that of its profession."""
    by_group = {row["group"]: row for row in facts("careers")}
    return tuple(
        Career(
            skill=skill.id,
            retirement_age=int(row["retirement_age"]),
            yearly_departures=float(row["yearly_departures"]),
            minimum_tenure=int(row["minimum_tenure"]),
            source=row["source"],
        )
        for skill in skills
        for row in (by_group.get(skill.id) or by_group[skill.profession],)
    )


def new_posts(inhabitants: int) -> tuple[NewPosts, ...]:
    """Return the national budget posts, pro rata to inhabitants, split by profession."""
    shares = {row["profession"]: float(row["share"]) for row in facts("new_post_shares")}
    country = int(rules()["national_inhabitants"])
    return tuple(
        NewPosts(year=int(row["year"]), profession=profession, posts=posts, source=row["source"])
        for row in facts("new_posts")
        for profession, posts in zip(
            shares,
            largest_remainder(list(shares.values()), round(int(row["national_posts"]) * inhabitants / country)),
            strict=True,
        )
    )


def attractions(
    region: Region, skills: Iterable[Skill], need: Iterable[tuple[str, str]], distance: Mapping[str, str]
) -> tuple[Attraction, ...]:
    """Return how likely posts are filled at each site that needs the profession: by level, or by distance."""
    by_place = {(row["profession"], row["place"]): row for row in facts("attractions")}
    profession = {skill.id: skill.profession for skill in skills}
    needed = {(site, profession[skill]) for site, skill in need}
    return tuple(
        Attraction(
            facility=site.id,
            profession=group,
            fill_share=float(row["fill_share"]),
            fill_share_with_incentive=float(row["fill_share_with_incentive"]),
            incentive=float(row["incentive"]),
            source=row["source"],
        )
        for site in region.open_facilities()
        for group in sorted(set(profession.values()))
        if (site.id, group) in needed
        and (row := by_place.get((group, site.level.value if site.level.is_hospital else distance[site.id])))
    )


def staffing_targets(region: Region) -> tuple[StaffingTarget, ...]:
    """Ask the national targets of every province."""
    return tuple(
        StaffingTarget(
            year=int(row["year"]),
            province=province,
            profession=row["profession"],
            per_1000=float(row["per_1000"]),
            source=row["source"],
        )
        for row in facts("staffing_targets")
        for province in sorted({zone.province for zone in region.zones})
    )


def trainings() -> tuple[Training, ...]:
    """Return the ways from one skill to another."""
    return tuple(
        Training(
            origin_skill=row["origin_skill"],
            skill=row["skill"],
            places=int(row["places"]),
            months=int(row["months"]),
            success_share=float(row["success_share"]),
            cost=float(row["cost"]),
            source=row["source"],
        )
        for row in facts("trainings")
    )


def _ages(profession: str, heads: int) -> list[int]:
    """Return the ages of `heads` people of a profession, in an order that mixes young and old."""
    bands = [row for row in facts("age_pyramids") if row["profession"] == profession]
    years = [range(int(row["first_age"]), int(row["last_age"]) + 1) for row in bands]
    weights = [float(row["share"]) / len(ages) for row, ages in zip(bands, years, strict=True) for _ in ages]
    counts = largest_remainder(weights, heads)
    by_age = [
        age for age, count in zip((age for ages in years for age in ages), counts, strict=True) for _ in range(count)
    ]
    order = sorted(range(heads), key=lambda number: number * GOLDEN_SHARE % 1)
    mixed = [0] * heads
    for age, number in zip(by_age, order, strict=True):
        mixed[number] = age
    return mixed

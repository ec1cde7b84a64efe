"""What moves and shared time may count on in the Tanger sample: posts, wishes, substitutes, premiums, time on sale."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, isfinite

from gst_opt.core.mobility import Consent, Post, PremiumKind, PremiumStep, PrivateTime, TaskShift
from gst_opt.core.region import Facility
from gst_opt.core.rounding import DECIMALS, largest_remainder
from gst_opt.core.workforce import Staff
from gst_opt.network import Travel
from gst_opt.pillars.staff.need import Need
from gst_opt.samples.facts import facts, rules

NEAR, FAR = "near", "far"


def posts(staff: Iterable[Staff], need: Mapping[tuple[str, str], Need]) -> tuple[Post, ...]:
    """Return what every team can hold, receive and supervise, from its heads and its need."""
    budgeted, newcomers, trainees = (
        float(rules()[name]) for name in ("budgeted_share", "newcomers_share", "trainees_share")
    )
    heads = {(team.facility, team.skill): team.heads for team in staff}
    rows = []
    for site, skill in sorted(heads.keys() | need.keys()):
        present = heads.get((site, skill), 0)
        asked = need[site, skill].fte if (site, skill) in need else 0.0
        held = present + ceil(round(budgeted * max(asked - present, 0.0), DECIMALS))
        rows.append(
            Post(
                facility=site,
                skill=skill,
                budgeted=held,
                newcomers=max(2, ceil(newcomers * held)),
                trainees=int(trainees * present),
            )
        )
    return tuple(rows)


def consents(
    sites: Iterable[Facility],
    staff: Sequence[Staff],
    need: Iterable[tuple[str, str]],
    journeys: Travel,
    distance: Mapping[str, str],
) -> tuple[Consent, ...]:
    """Draw who would go where: heads far from the hospital towns more often than others, mostly towards the towns.

    The volunteers of a skill are shared between its teams by largest remainder. Each names facilities that need the
    skill, in another commune: the nearest ones in a hospital town, the next volunteer starting one further; every
    fifth names places outside the towns.
    """
    commune = {site.id: (site.province, site.commune) for site in sites}
    ratio = {NEAR: float(rules()["volunteers_near"]), FAR: float(rules()["volunteers_far"])}
    hosts: dict[str, list[str]] = {}
    for site, skill in sorted(need):
        hosts.setdefault(skill, []).append(site)
    wishes: dict[tuple[str, str, str, int], int] = {}
    for skill, candidates in hosts.items():
        teams = [team for team in staff if team.skill == skill]
        weights = [team.heads * ratio.get(distance[team.facility], 1.0) for team in teams]
        total = round(float(rules()["volunteers_share"]) * sum(team.heads for team in teams))
        number = 0
        for team, volunteers in zip(teams, largest_remainder(weights, total), strict=True):
            others = [site for site in candidates if commune[site] != commune[team.facility]]
            ordered = _nearest(team.facility, others, journeys)
            towns = [site for site in ordered if distance[site] == NEAR]
            country = [site for site in ordered if distance[site] != NEAR]
            for _ in range(min(volunteers, team.heads)):
                number += 1
                home = number % int(rules()["home_wish"]) == 0
                for rank, host in enumerate(_named(country if home and country else towns, number), 1):
                    key = (team.facility, host, skill, rank)
                    wishes[key] = wishes.get(key, 0) + 1
    return tuple(
        Consent(origin=origin, host=host, skill=skill, rank=rank, heads=heads)
        for (origin, host, skill, rank), heads in wishes.items()
    )


def task_shifts() -> tuple[TaskShift, ...]:
    """Return which skill may do the work of which."""
    return tuple(
        TaskShift(
            skill=row["skill"],
            substitute=row["substitute"],
            efficiency=float(row["efficiency"]),
            source=row["source"],
        )
        for row in facts("task_shifts")
    )


def premium_steps() -> tuple[PremiumStep, ...]:
    """Return the premiums of moves, missions and shared time."""
    return tuple(
        PremiumStep(
            kind=PremiumKind(row["kind"]),
            threshold=float(row["threshold"]),
            amount=float(row["amount"]),
            source=row["source"],
        )
        for row in facts("premium_steps")
    )


def private_times() -> tuple[PrivateTime, ...]:
    """Return the half-days on sale by private specialists of the large towns."""
    return tuple(
        PrivateTime(
            facility=row["facility"],
            skill=row["skill"],
            half_days=float(row["half_days"]),
            price=float(row["price"]),
            source=row["source"],
        )
        for row in facts("private_times")
    )


def _nearest(origin: str, hosts: Sequence[str], journeys: Travel) -> list[str]:
    """Return the places within the limit of the rules, nearest first, by id where they tie."""
    limit = float(rules()["wish_minutes"])
    times = journeys.between([origin], hosts)[0].tolist() if hosts else []
    timed = [(round(time, DECIMALS), host) for time, host in zip(times, hosts, strict=True) if isfinite(time)]
    return [host for time, host in sorted(timed) if time <= limit]


def _named(places: Sequence[str], number: int) -> Sequence[str]:
    """Return the places that the `number`-th volunteer names: a few in a row, starting further each time."""
    wishes = int(rules()["wishes"])
    start = number % max(1, min(wishes, len(places) - wishes + 1))
    return places[start : start + wishes]

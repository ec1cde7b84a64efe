"""Terms of a plan, recomputed from the data; nothing of the model."""

import math
from collections.abc import Iterator

from gst_opt.pillars.support.hubs.check_facts import Facts, Place
from gst_opt.pillars.support.hubs.policy import MONEY


def terms(facts: Facts) -> dict[str, float]:
    """Return every term of a plan; what is paid before the first changes is left out."""
    discount = [facts.problem.discount(period.start.year) for period in facts.problem.periods]
    found = {
        line: math.fsum(mad * discount[at] for (_, at, own), mad in facts.money.items() if own == line)
        for line in MONEY
    }
    found["as_today"] -= _money_before(facts)
    served = list(_served(facts))
    found["distance"] = math.fsum(facts.minutes[place[1], hub] * share for place, hub, share in served if hub)
    found["below_floor"] = math.fsum(share for place, hub, share in served if not hub and _is_below(facts, place))
    by_skill = dict.fromkeys(_skills(facts), 0.0)
    for (_, skill, _), (freed, needed) in facts.hours.items():
        by_skill[skill] += (needed - freed) / facts.problem.policy.years
    found["staff_hours"] = math.fsum(by_skill.values())
    return found | {f"staff_hours[{skill}]": hours for skill, hours in by_skill.items()}


def terms_today(facts: Facts) -> dict[str, float]:
    """Return every term if nothing changes."""
    problem = facts.problem
    found = dict.fromkeys((*MONEY, "distance", "below_floor", "staff_hours"), 0.0)
    found |= {f"staff_hours[{skill}]": 0.0 for skill in _skills(facts)}
    names = {name for name, _ in facts.hub}
    found["as_today"] = math.fsum(
        problem.discount(period.start.year) * facts.unchanged(name, at)
        for at, period in enumerate(problem.periods)
        for name in names
    ) - _money_before(facts)
    found["below_floor"] = math.fsum(share for place, _, share in _served(facts) if _is_below(facts, place))
    return found


def constants(facts: Facts) -> dict[str, float]:
    """Return what is paid and done before the first changes."""
    below = math.fsum(
        _years_before(facts, place) / facts.problem.policy.years for place in facts.hub if _is_below(facts, place)
    )
    return {"as_today": _money_before(facts), "below_floor": below}


def _served(facts: Facts) -> Iterator[tuple[Place, str | None, float]]:
    """Yield who does what for a place from the first change on, with the share of the years planned."""
    for place in facts.hub:
        for number, span in enumerate(facts.problem.spans[place[0]][1:], 1):
            years = math.fsum(share * facts.problem.periods[at].years for at, share in span.parts.items())
            yield place, facts.hub_in(place, number), years / facts.problem.policy.years


def _is_below(facts: Facts, place: Place) -> bool:
    """Say whether a place is served today below the quality asked of hubs."""
    return facts.today[place].quality < facts.problem.functions[place[0]].min_quality


def _years_before(facts: Facts, place: Place) -> float:
    parts = facts.problem.spans[place[0]][0].parts.items()
    return math.fsum(share * facts.problem.periods[at].years for at, share in parts)


def _money_before(facts: Facts) -> float:
    """Return what is paid before the first changes, discounted (MAD)."""
    problem = facts.problem
    return math.fsum(
        problem.discount(problem.periods[at].start.year)
        * share
        * (facts.today[place].fixed_cost * problem.periods[at].years + facts.today[place].unit_cost * volumes[at])
        for place, volumes in problem.volumes.items()
        for at, share in problem.spans[place[0]][0].parts.items()
    )


def _skills(facts: Facts) -> list[str]:
    support = facts.support
    return sorted({row.skill for row in support.hub_staff} | {row.skill for row in support.support_staff})

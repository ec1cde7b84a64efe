"""Does a plan speak of what exists, once each? Nothing else can be said of one that does not."""

from collections import Counter
from collections.abc import Iterator

from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_facts import Facts
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.policy import MONEY

Row = tuple[object, ...]


def unknown(facts: Facts, plan: LocationPlan) -> Iterator[Violation]:
    """Yield rows about what the data do not have, rows of the same thing, and services given by what cannot."""
    rows = [*_platforms(facts, plan), *_agreements(facts, plan), *_staff(facts, plan), *_others(facts, plan)]
    served = _served(facts, plan)
    unmet = [(one.zone, one.service, one.pathway, one.step, one.year, one.scenario) for one in plan.unmet]
    tables = [
        *rows,
        *(("unmet", key[:4] in facts.stream_number and _dated(facts, key[4], key[5]), key) for key in unmet),
        *(("served", known, key) for known, _, key in served),
    ]
    for _, known, key in tables:
        if not known:
            yield Violation("known_rows", _place(key), 0, 1)
    for known, made, key in served:
        if known and not made:
            yield Violation("makes", _place(key), 0, 1)
    for (_, key), count in Counter((table, key) for table, _, key in tables).items():
        if count > 1:
            yield Violation("one_row", _place(key), count, 1)


def _place(key: Row) -> tuple[str, ...]:
    return tuple("" if one is None else str(one) for one in key)


def _dated(facts: Facts, year: int, scenario: str) -> bool:
    return year in facts.number and scenario in facts.scenarios


def _served(facts: Facts, plan: LocationPlan) -> list[tuple[bool, bool, Row]]:
    """Return of every row who is served: whether the need is known, whether what gives it is, and its key."""
    streams, makers, years, scenarios = facts.stream_number, facts.maker_number, facts.number, facts.scenarios
    return [
        (
            (one.zone, one.service, one.pathway, one.step) in streams
            and one.year in years
            and one.scenario in scenarios,
            (one.service, one.mode, one.place, one.platform) in makers,
            (
                *(one.zone, one.service, one.pathway, one.step, one.year, one.scenario),
                *(one.mode, one.place, one.platform),
            ),
        )
        for one in plan.served
    ]


def _platforms(facts: Facts, plan: LocationPlan) -> Iterator[tuple[str, bool, Row]]:
    for own in plan.units:
        known = (own.facility, own.equipment_type) in facts.stocks and own.equipment_type in facts.kinds
        yield "units", known and own.year in facts.number, (own.facility, own.equipment_type, own.year)
    for one in plan.upgrades:
        kinds = one.equipment_type, one.becomes
        known = kinds in facts.upgrades and all((one.facility, kind) in facts.stocks for kind in kinds)
        yield "upgrades", known and one.year in facts.number, (one.facility, *kinds, one.year)
    for beds in plan.beds:
        known = (beds.facility, str(beds.ward)) in facts.stocks and beds.year in facts.number
        yield "beds", known, (beds.facility, beds.ward, beds.year)


def _agreements(facts: Facts, plan: LocationPlan) -> Iterator[tuple[str, bool, Row]]:
    for one in plan.contracts:
        known = (one.facility, one.service) in facts.offers and one.year in facts.number
        yield "contracts", known, (one.facility, one.service, one.year)
    for visit in plan.visits:
        known = (visit.mobile_unit, visit.place) in facts.docks and visit.year in facts.number
        yield "visits", known, (visit.mobile_unit, visit.place, visit.year)


def _staff(facts: Facts, plan: LocationPlan) -> Iterator[tuple[str, bool, Row]]:
    skills = {one.id for one in facts.problem.workforce.skills}
    for table, rows in (("lent", plan.lent_hours), ("remote", plan.remote_hours)):
        for one in rows:
            known = {one.origin, one.host} <= facts.sites.keys() and one.origin != one.host
            known = known and one.skill in skills and one.year in facts.number
            yield table, known, (one.skill, one.origin, one.host, one.year)
    for use in plan.staff:
        known = use.facility in facts.sites and use.skill in skills and use.year in facts.number
        yield "staff", known, (use.facility, use.skill, use.year)


def _others(facts: Facts, plan: LocationPlan) -> Iterator[tuple[str, bool, Row]]:
    standards = {(row.equipment_type, row.min_level, row.sites) for row in facts.equipment.cover_standards}
    for gap in plan.cover_gaps:
        standard = (gap.equipment_type, gap.min_level, gap.sites)
        known = standard in standards and gap.zone in facts.zones and gap.year in facts.number
        yield "gaps", known, (*standard, gap.zone, gap.year)
    for cost in plan.costs:
        yield "costs", cost.line in MONEY and cost.year in facts.number, (cost.line, cost.year)

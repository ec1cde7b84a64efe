"""A location plan in words: needs met, units and beds that change, duplicates and gaps, money, what is left and why."""

from collections.abc import Iterator, Mapping

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.platforms.diagnosis import diagnose
from gst_opt.pillars.platforms.location.plan import LocationPlan, UnmetReason
from gst_opt.pillars.platforms.location.policy import MONEY
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.today import today
from gst_opt.pillars.platforms.location.unreachable import unreachable
from gst_opt.report.location_tables import Compared
from gst_opt.report.pieces import (
    pins_told,
    place_names,
    platform_names,
    prices_told,
    service_names,
    skill_names,
    ward_names,
)
from gst_opt.report.tables import MOST, first_rows, named, paragraph, totals_named
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, goal_in_words, percent

_REASONS = {
    UnmetReason.NO_SITE_IN_REACH: "location.no_site_in_reach",
    UnmetReason.EARLIER_STEP: "location.earlier_step",
    UnmetReason.NO_UNIT_IN_REACH: "location.no_unit_in_reach",
    UnmetReason.FULL: "location.full",
    UnmetReason.LIMITED: "location.limited",
}
_CHANGES = {
    "bought": "location.change_bought",
    "moved_in": "location.change_moved_in",
    "moved_out": "location.change_moved_out",
    "upgraded_in": "location.change_upgraded_in",
    "upgraded_out": "location.change_upgraded_out",
    "retired": "location.change_retired",
    "opened": "location.change_opened",
    "closed": "location.change_closed",
}
"""Changes at a site; renewals are counted by type alone."""


def location(grouping: Grouping, problem: LocationProblem, result: Result[LocationPlan], lang: Lang) -> Iterator[str]:
    """Yield the blocks of the story, the main one first."""
    plan = result.require()
    compared = Compared(problem, plan, today(problem))
    words = _words(grouping, lang)
    years = {"first": str(problem.years[0]), "last": str(problem.years[-1])}
    yield "\n".join([say("location.title", lang), paragraph("location.question", lang, years)])
    if not problem.streams:
        yield paragraph("location.no_need", lang)
        return
    yield _overview(compared, lang)
    if problem.policy.goals is None:
        yield prices_told("location.prices", _prices(problem), lang)
    yield from pins_told(problem.policy.pins, lang)
    if problem.policy.guarantees:
        lines = [f"  - {one.reason}" for one in problem.policy.guarantees]
        yield "\n".join([say("location.guarantees", lang), *lines])
    yield first_rows("location.by_service", compared.needs("service", lambda row: row.service), words, lang)
    provinces = compared.needs("province", lambda row: compared.province[row.zone])
    yield first_rows("location.by_province", provinces, words, lang)
    yield from _stocks(compared, words, lang)
    yield from _against_diagnosis(grouping, compared, words, lang)
    yield first_rows("location.money", totals_named(named(compared.money(), words), lang), {}, lang)
    yield first_rows("location.budgets", compared.budgets(), {}, lang)
    yield from _helped(compared, words, lang)
    yield from _left(compared, lang)
    cover = compared.cover()
    if cover.rows:
        yield first_rows("location.cover", cover, words, lang)


def nothing_in_reach(grouping: Grouping, problem: LocationProblem, lang: Lang) -> Iterator[str]:
    """Yield one line on the needs that no plan can meet, if there are any: how many, and the largest."""
    found = unreachable(problem)
    if not found:
        return
    most, places = found[0], place_names(grouping)
    values = {
        "count": figure(len(found), lang),
        "acts": figure(sum(row.acts for row in found), lang),
        "service": service_names(grouping, lang)[most.service],
        "zone": places[most.zone],
        "most": figure(most.acts, lang),
    }
    if most.place is None or most.minutes is None or most.limit is None:
        yield paragraph("location.reached_by_none", lang, values)
        return
    nearest = {"place": places[most.place], "minutes": figure(most.minutes, lang), "limit": figure(most.limit, lang)}
    yield paragraph("location.beyond_reach", lang, values | nearest)


def _words(grouping: Grouping, lang: Lang) -> dict[str, dict[str, str]]:
    """Return the names behind ids, by column."""
    places, platforms = place_names(grouping), platform_names(grouping, lang)
    return {
        **dict.fromkeys(("facility", "origin", "host", "place", "neighbour"), places),
        **dict.fromkeys(("equipment_type", "mobile_unit"), platforms),
        "resource": platforms | ward_names(lang),
        "service": service_names(grouping, lang),
        "skill": skill_names(grouping, lang),
        "ward": ward_names(lang),
        "line": {line: goal_in_words(line, lang) for line in MONEY},
    }


def _overview(compared: Compared, lang: Lang) -> str:
    """Say the needs met, the mean journey and the worst province, today and planned."""
    lines = []
    before, after = compared.sides(lambda row: "")
    values = {
        "need": figure(after.need(""), lang),
        "today": percent(before.share(""), lang),
        "planned": percent(after.share(""), lang),
        "before": figure(before.journey("") or 0.0, lang, 1),
        "after": figure(after.journey("") or 0.0, lang, 1),
    }
    lines.append(paragraph("location.met", lang, values))
    before, after = compared.sides(lambda row: compared.province[row.zone])
    provinces = sorted(after.given.keys() | after.left.keys())
    if len(provinces) > 1:
        worst = [min(provinces, key=side.share) for side in (before, after)]
        said = {
            "worst_today": worst[0],
            "share_today": percent(before.share(worst[0]), lang),
            "worst_planned": worst[1],
            "share_planned": percent(after.share(worst[1]), lang),
        }
        lines.append(paragraph("location.worst", lang, said))
    return "\n".join(lines)


def _prices(problem: LocationProblem) -> dict[str, float]:
    return {name: problem.policy.prices[name] for name in ("journeys", "above_level", "waiting")}


def _stocks(compared: Compared, words: Mapping[str, Mapping[str, str]], lang: Lang) -> Iterator[str]:
    """Yield what happens to units and beds, by kind and year, then by site, and how far they are used."""
    tables = (
        ("location.uses", compared.uses()),
        ("location.unit_changes", compared.unit_changes()),
        ("location.occupancies", compared.occupancies()),
        ("location.bed_changes", compared.bed_changes()),
        ("location.sites", _sites(compared.plan, lang)),
    )
    changed = False
    for key, table in tables:
        if table.rows:
            changed = changed or table.name == "changes"
            yield first_rows(key, table, words, lang)
    if not changed:
        yield paragraph("location.no_change", lang)


def _sites(plan: LocationPlan, lang: Lang) -> PlanTable:
    """Return what changes at each site, in order of time; renewals are counted by type alone."""
    rows = []
    stocks = [(row.year, row.facility, row.equipment_type, row.units, row) for row in plan.units]
    wards = [(row.year, row.facility, str(row.ward), row.beds, row) for row in plan.beds]
    for year, facility, resource, stock, row in sorted((*stocks, *wards), key=lambda one: one[:3]):
        counts = {name: getattr(row, name, 0) for name in _CHANGES}
        said = [say(_CHANGES[name], lang, {"count": figure(count, lang)}) for name, count in counts.items() if count]
        if said:
            rows.append((str(year), facility, resource, ", ".join(said), stock))
    columns = ("year", "facility", "resource", "change", "stock")
    return PlanTable(name="sites", columns=columns, rows=tuple(rows))


def _against_diagnosis(
    grouping: Grouping, compared: Compared, words: Mapping[str, Mapping[str, str]], lang: Lang
) -> Iterator[str]:
    """Yield the duplicates that the plan closes, the gaps that it fills and those that it opens."""
    found = diagnose(grouping)
    last = compared.years[-1]
    there = {(row.facility, row.equipment_type) for row in compared.plan.units if row.year == last and row.units}
    closed = [
        row
        for row in found.duplicates
        if not {(row.facility, row.equipment_type), (row.neighbour, row.equipment_type)} <= there
    ]
    lines = [
        paragraph("location.duplicates", lang, _figures({"all": len(found.duplicates), "closed": len(closed)}, lang))
    ]
    for row in closed[:MOST]:
        values = {
            "kind": words["equipment_type"][row.equipment_type],
            "one": words["facility"][row.facility],
            "other": words["facility"][row.neighbour],
        }
        lines.append(f"  - {say('location.duplicate', lang, values)}")
    served = {(row.service, row.zone) for row in compared.plan.served if row.year == last}
    lost = {(row.service, row.zone) for row in compared.plan.unmet if row.year == last} - served
    given = {stream.service for stream in compared.problem.streams}
    gaps = {(row.service, row.zone) for row in found.zones_beyond if row.service in given}
    counts = {"all": len(gaps), "filled": len(gaps & served), "opened": len(lost - gaps)}
    yield "\n".join([*lines, paragraph("location.gaps", lang, _figures(counts, lang))])


def _helped(compared: Compared, words: Mapping[str, Mapping[str, str]], lang: Lang) -> Iterator[str]:
    """Yield who reads for whom, hours lent, acts bought and rounds, a year on average."""
    plan, between = compared.plan, ("skill", "origin", "host")
    for key, table in (
        ("location.remote", compared.a_year(between, ("hours", "cost"), plan.remote_hours)),
        ("location.lent", compared.a_year(between, ("hours", "cost"), plan.lent_hours)),
        ("location.contracts", compared.a_year(("facility", "service"), ("acts", "cost"), plan.contracts)),
        ("location.visits", compared.a_year(("mobile_unit", "place"), ("sessions", "cost"), plan.visits)),
    ):
        if table.rows:
            yield first_rows(key, table, words, lang)


def _left(compared: Compared, lang: Lang) -> Iterator[str]:
    """Yield the needs that stay unmet, by reason."""
    reasons = compared.reasons()
    lines = [say("location.unmet" if reasons else "location.all_met", lang)]
    for reason, (acts, zones) in reasons.items():
        values = {"acts": figure(acts, lang), "zones": figure(zones, lang)}
        lines.append(f"  - {say(_REASONS[reason], lang, values)}")
    yield "\n".join(lines)


def _figures(values: Mapping[str, float], lang: Lang) -> dict[str, str]:
    return {name: figure(value, lang) for name, value in values.items()}

"""Figures of a location plan beside those of today: small tables for its story."""

from collections.abc import Callable, Iterable
from math import fsum
from typing import NamedTuple, TypeVar

from gst_opt.model.problem import Cell, PlanTable
from gst_opt.pillars.platforms.location.plan import (
    CoverGap,
    LocationPlan,
    Served,
    SiteBeds,
    SiteUnits,
    Unmet,
    UnmetReason,
)
from gst_opt.pillars.platforms.location.policy import MONEY
from gst_opt.pillars.platforms.location.problem import LocationProblem

INVESTMENT = "purchases"
"""Line of money that is invested; the others are spent on running."""
Given = Served | Unmet
Dated = TypeVar("Dated", SiteUnits, SiteBeds, CoverGap)
Key = TypeVar("Key", bound=str)


class Side(NamedTuple):
    """Acts of one plan by some key, a year, expected over scenarios: given, left, and minutes of all journeys."""

    given: dict[str, float]
    left: dict[str, float]
    minutes: dict[str, float]

    def need(self, key: str) -> float:
        """Return the acts needed."""
        return self.given.get(key, 0.0) + self.left.get(key, 0.0)

    def share(self, key: str) -> float:
        """Return the share of them given."""
        return self.given.get(key, 0.0) / self.need(key) if self.need(key) else 1.0

    def journey(self, key: str) -> float | None:
        """Return the mean journey of an act given."""
        given = self.given.get(key, 0.0)
        return self.minutes.get(key, 0.0) / given if given else None


class Compared:
    """A plan and the network of today, for the same problem."""

    def __init__(self, problem: LocationProblem, plan: LocationPlan, now: LocationPlan) -> None:
        self.problem, self.plan, self.now = problem, plan, now
        self.years = problem.years
        self.chance = {one.id: one.probability for one in problem.scenarios}
        self.province = {zone.id: zone.province for zone in problem.region.zones}

    def sides(self, key: Callable[[Given], str]) -> tuple[Side, Side]:
        """Return the acts of today and of the plan by a key of their rows."""
        return self._side(self.now, key), self._side(self.plan, key)

    def _side(self, plan: LocationPlan, key: Callable[[Given], str]) -> Side:
        side = Side({}, {}, {})
        for row in plan.served:
            acts = row.acts * self.chance[row.scenario] / len(self.years)
            _add(side.given, key(row), acts)
            _add(side.minutes, key(row), acts * row.minutes)
        for lost in plan.unmet:
            _add(side.left, key(lost), lost.acts * self.chance[lost.scenario] / len(self.years))
        return side

    def needs(self, column: str, key: Callable[[Given], str]) -> PlanTable:
        """Return acts needed a year, shares met and mean journeys by a key, today and planned."""
        today, planned = self.sides(key)
        columns = (column, "acts_needed", "share_met_today", "share_met_planned", "minutes_today", "minutes_planned")
        rows = (
            (one, planned.need(one), today.share(one), planned.share(one), today.journey(one), planned.journey(one))
            for one in sorted(planned.given.keys() | planned.left.keys())
        )
        return PlanTable(name="needs", columns=columns, rows=tuple(rows))

    def reasons(self) -> dict[UnmetReason, tuple[float, int]]:
        """Return the acts a year left by each reason, expected over scenarios, and the zones where they are needed."""
        acts: dict[UnmetReason, float] = {}
        zones: dict[UnmetReason, set[str]] = {}
        for row in self.plan.unmet:
            _add(acts, row.reason, row.acts * self.chance[row.scenario] / len(self.years))
            zones.setdefault(row.reason, set()).add(row.zone)
        return {reason: (acts[reason], len(zones[reason])) for reason in sorted(acts, key=lambda one: -acts[one])}

    def unit_changes(self) -> PlanTable:
        """Return what happens to units by type and year, where anything does."""
        counted = ("bought", "moved_in", "upgraded_in", "upgraded_out", "renewed", "retired", "closed")
        return _changes("equipment_type", "units", counted, self.plan.units)

    def bed_changes(self) -> PlanTable:
        """Return what happens to beds by group of wards and year, where anything does."""
        return _changes("ward", "beds", ("opened", "closed"), self.plan.beds)

    def uses(self) -> PlanTable:
        """Return units, their use and mean wait by type, today and in the last year; waits are weighted by sessions."""
        columns = (
            *("equipment_type", "units_today", "units_planned"),
            *("share_used_today", "share_used_planned", "wait_today", "wait_planned"),
        )
        today, planned = (self._last(plan.units) for plan in (self.now, self.plan))
        kinds = sorted({row.equipment_type for row in (*today, *planned) if row.units})
        rows: list[tuple[Cell, ...]] = []
        for kind in kinds:
            sides = [[row for row in side if row.equipment_type == kind] for side in (today, planned)]
            units = [sum(row.units for row in side) for side in sides]
            use = [_mean((row.use, row.units) for row in side) for side in sides]
            wait = [_mean((row.wait, row.sessions) for row in side) for side in sides]
            rows.append((kind, *units, *use, *wait))
        return PlanTable(name="uses", columns=columns, rows=tuple(rows))

    def occupancies(self) -> PlanTable:
        """Return beds and their occupancy by group of wards, today and in the last year."""
        columns = ("ward", "beds_today", "beds_planned", "share_used_today", "share_used_planned")
        today, planned = (self._last(plan.beds) for plan in (self.now, self.plan))
        rows: list[tuple[Cell, ...]] = []
        for ward in sorted({str(row.ward) for row in (*today, *planned) if row.beds}):
            sides = [[row for row in side if row.ward == ward] for side in (today, planned)]
            beds = [sum(row.beds for row in side) for side in sides]
            rows.append((ward, *beds, *(_mean((row.occupancy, row.beds) for row in side) for side in sides)))
        return PlanTable(name="occupancies", columns=columns, rows=tuple(rows))

    def money(self) -> PlanTable:
        """Return the money of all years by line, today's network and planned, and the sum."""
        sides = [
            {line: fsum(row.mad for row in plan.costs if row.line == line) for line in MONEY}
            for plan in (self.now, self.plan)
        ]
        lines = [(line, *(round(side[line]) for side in sides)) for line in MONEY if any(side[line] for side in sides)]
        total = ("*", *(round(fsum(side.values())) for side in sides))
        return PlanTable(name="money", columns=("line", "cost_today", "cost_planned"), rows=(*lines, total))

    def budgets(self) -> PlanTable:
        """Return what each year invests and spends on running."""
        rows = []
        for year in self.years:
            own = [row for row in self.plan.costs if row.year == year]
            capex = fsum(row.mad for row in own if row.line == INVESTMENT)
            rows.append((str(year), round(capex), round(fsum(row.mad for row in own) - capex)))
        return PlanTable(name="budgets", columns=("year", "capex", "opex"), rows=tuple(rows))

    def cover(self) -> PlanTable:
        """Return people beyond each cover standard, times sites missing, today and in the last year."""
        rows: list[tuple[Cell, ...]] = []
        for own in self.problem.equipment.cover_standards:
            key = (own.equipment_type, own.min_level, own.sites)
            beyond = [
                fsum(
                    row.people
                    for row in self._last(plan.cover_gaps)
                    if (row.equipment_type, row.min_level, row.sites) == key
                )
                for plan in (self.now, self.plan)
            ]
            rows.append((own.equipment_type, own.min_level, own.sites, own.minutes, *map(round, beyond)))
        columns = ("equipment_type", "level", "sites_asked", "limit", "beyond_today", "beyond_planned")
        return PlanTable(name="cover", columns=columns, rows=tuple(rows))

    def a_year(self, columns: tuple[str, ...], sums: tuple[str, ...], rows: Iterable[object]) -> PlanTable:
        """Return means a year of some columns of a plan's rows, by the others, the largest first."""
        found: dict[tuple[str, ...], list[float]] = {}
        for row in rows:
            own = found.setdefault(tuple(str(getattr(row, name)) for name in columns), [0.0] * len(sums))
            for position, name in enumerate(sums):
                own[position] += getattr(row, name) / len(self.years)
        kept = sorted((key for key in found if any(found[key])), key=lambda key: (-found[key][0], key))
        cells = tuple((*key, *(round(value) for value in found[key])) for key in kept)
        return PlanTable(name="a_year", columns=columns + sums, rows=cells)

    def _last(self, rows: Iterable[Dated]) -> list[Dated]:
        """Return the rows of the last year."""
        return [row for row in rows if row.year == self.years[-1]]


def _changes(column: str, stock: str, counted: tuple[str, ...], rows: Iterable[SiteUnits | SiteBeds]) -> PlanTable:
    """Return the sums of some counts by kind and year where any is not 0, after the stock of that year."""
    found: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        own = found.setdefault((str(getattr(row, column)), row.year), [0] * (1 + len(counted)))
        for position, name in enumerate((stock, *counted)):
            own[position] += getattr(row, name)
    kept = tuple((key[0], str(key[1]), *found[key]) for key in sorted(found) if any(found[key][1:]))
    return PlanTable(name="changes", columns=(column, "year", stock, *counted), rows=kept)


def _mean(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Return the mean of values by weight; None where nothing weighs."""
    known = list(pairs)
    weight = fsum(own for _, own in known)
    return fsum(value * own for value, own in known) / weight if weight else None


def _add(sums: dict[Key, float], key: Key, value: float) -> None:
    sums[key] = sums.get(key, 0.0) + value

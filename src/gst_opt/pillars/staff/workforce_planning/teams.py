"""The periods of a plan, and the natural course of every team: who is there when nothing is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.careers import Career
from gst_opt.core.time import Grain, Horizon
from gst_opt.pillars.staff.need import NO_NEED
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
Bools = NDArray[np.bool_]
TINY = 1e-9
MONTHS = {Grain.YEAR: 12, Grain.QUARTER: 3, Grain.MONTH: 1}


@dataclass(frozen=True)
class Calendar:
    """The periods of the plan.

    Attributes
    ----------
    ids
        Their ids, in order.
    months
        Length of each.
    years
        Calendar years that the plan touches, in order.
    year
        Position in `years` of each period.
    closing
        Last period of each year, by position in `years`; -1 where the year ends after the plan.
    """

    ids: tuple[str, ...]
    months: int
    years: tuple[int, ...]
    year: Positions
    closing: Positions

    @classmethod
    def of(cls, horizon: Horizon) -> "Calendar":
        """Read it from the periods."""
        periods = horizon.periods
        years = tuple(sorted({period.start.year for period in periods}))
        year = np.array([years.index(period.start.year) for period in periods], dtype=np.intp)
        ends = {years.index(p.end.year): t for t, p in enumerate(periods) if (p.end.month, p.end.day) == (12, 31)}
        closing = np.array([ends.get(y, -1) for y in range(len(years))], dtype=np.intp)
        return cls(tuple(period.id for period in periods), MONTHS[periods[0].grain], years, year, closing)

    @property
    def length(self) -> int:
        """Number of periods."""
        return len(self.ids)

    @property
    def part(self) -> float:
        """Length of a period, in years."""
        return self.months / 12

    @cached_property
    def in_year(self) -> Positions:
        """Number of periods of the plan in each year."""
        return np.bincount(self.year, minlength=len(self.years))

    @cached_property
    def filled(self) -> Floats:
        """Share of a year's posts that have been filled by the end of each period, shape (periods, years)."""
        own = self.year[:, None] == np.arange(len(self.years))[None, :]
        share: Floats = np.cumsum(own, axis=0) / self.in_year
        return share

    def within(self, yearly: int, year: int) -> int:
        """Return what a whole yearly figure comes to in the periods of a year (a position), rounded down."""
        return yearly * int(self.in_year[year]) * self.months // 12

    def lasting(self, months: int) -> int:
        """Return how many periods so many months take, rounded up."""
        return -(-months // self.months)


@dataclass(frozen=True)
class Teams:
    """Every team that has heads or need, and its course when nothing is decided; all by team, sorted by key.

    Attributes
    ----------
    keys
        (facility, skill).
    province, profession
        Of its facility, of its skill.
    need, heads
        FTE needed, heads in post.
    staying
        Share of the heads that stay over one period.
    tenure
        Periods after which an arrival may leave; at least 1, and those of the plan when nobody moves on.
    room
        Heads that may leave by decision: whole heads expected at the end of each period when nothing is decided, less
        those kept, shape (periods, teams).
    retiring
        Heads expected to retire, shape (periods, teams).
    natural
        Heads expected at the end of each period when nothing is decided, shape (periods, teams).
    """

    keys: tuple[tuple[str, str], ...]
    province: tuple[str, ...]
    profession: tuple[str, ...]
    need: Floats
    heads: Floats
    staying: Floats
    tenure: Positions
    room: Floats
    retiring: Floats
    natural: Floats

    @cached_property
    def position(self) -> dict[tuple[str, str], int]:
        """Position of each team."""
        return {key: position for position, key in enumerate(self.keys)}

    @property
    def short(self) -> Bools:
        """Teams that are, or will be, short when nothing is decided."""
        lacking: Bools = self.need - self.natural[-1] > TINY
        return lacking


def teams_of(problem: WorkforcePlanningProblem, calendar: Calendar) -> Teams:
    """Derive every team and its course from the data."""
    workforce = problem.workforce
    need_of = problem.needs
    sites = {facility.id: facility for facility in problem.region.open_facilities()}
    staff = {(row.facility, row.skill): row for row in workforce.staff if row.facility in sites}
    keys = tuple(sorted(need_of.keys() | staff.keys()))
    need = np.array([need_of.get(key, NO_NEED).fte for key in keys])
    heads = np.array([staff[key].heads if key in staff else 0 for key in keys], dtype=np.float64)
    least = [max(need_of.get(key, NO_NEED).minimum_team, staff[key].protected if key in staff else 0) for key in keys]
    own = np.ceil(problem.policy.kept_share * np.minimum(heads, need) - TINY)
    professions = {skill.id: skill.profession for skill in workforce.skills}
    careers = {row.skill: row for row in workforce.careers}
    staying = np.array([_staying(careers.get(skill), calendar) for _, skill in keys])
    tenure = np.array([careers[skill].minimum_tenure if skill in careers else 0 for _, skill in keys])
    wait = [calendar.lasting(months) if problem.policy.onward_moves else calendar.length for months in tenure.tolist()]
    past: Floats = np.minimum(_retired(problem, calendar, keys, careers), heads)
    kept = np.maximum(np.array(least, dtype=np.float64), own)
    left = staying ** np.arange(1, calendar.length + 1)[:, None]
    return Teams(
        keys,
        tuple(sites[facility].province for facility, _ in keys),
        tuple(professions[skill] for _, skill in keys),
        need,
        heads,
        staying,
        np.array([max(1, periods) for periods in wait], dtype=np.intp),
        np.maximum(np.floor(left * (heads - past) + TINY) - kept, 0.0),
        left * (past - np.vstack([np.zeros(len(keys)), past[:-1]])),
        left * (heads - past),
    )


def _staying(career: Career | None, calendar: Calendar) -> float:
    """Return the share that stays over a period: departures of a year, compounded."""
    return (1 - career.yearly_departures) ** calendar.part if career else 1.0


def _retired(
    problem: WorkforcePlanningProblem,
    calendar: Calendar,
    keys: Sequence[tuple[str, str]],
    careers: dict[str, Career],
) -> Floats:
    """Return the heads expected past their retirement age at the end of each period, shape (periods, teams).

    Nobody's birthday is known: those who reach the age in the same year of the calendar's own count (12 months from
    its first day) do so evenly over it, in parts of a head, as other departures are. (In whole heads, every team of
    one would lose it in the same quarter, or in an order that only names decide.)
    """
    position = {key: place for place, key in enumerate(keys)}
    due: dict[tuple[int, int], int] = {}
    for row in problem.workforce.staff_ages:
        if (row.facility, row.skill) in position and row.skill in careers:
            ahead = careers[row.skill].retirement_age - row.age - 1
            key = position[row.facility, row.skill], ahead
            due[key] = due.get(key, 0) + row.heads
    plan = problem.calendar().periods[0].start
    since = problem.horizon.periods[0].start if problem.horizon.periods else plan
    offset = 12 * (plan.year - since.year) + plan.month - since.month
    months = offset + calendar.months * np.arange(1, calendar.length + 1)
    past = np.zeros((calendar.length, len(keys)))
    for (team, ahead), heads in due.items():
        past[:, team] += heads * np.clip((months - 12 * ahead) / 12, 0.0, 1.0)
    return past

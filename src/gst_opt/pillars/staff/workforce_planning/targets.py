"""Staffing targets as arrays: which heads count towards which target at the end of which year."""

from dataclasses import dataclass

import numpy as np

from gst_opt.pillars.staff.workforce_planning.index import Index
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.staff.workforce_planning.teams import Floats, Positions

ALL = "*"


@dataclass(frozen=True)
class Targets:
    """Targets at the ends of the plan's years that some decision can bring nearer.

    Attributes
    ----------
    keys
        (year, province, profession).
    heads
        Heads that each asks for.
    elsewhere
        Heads of teams that no decision changes.
    row, column
        A target and a row of the balance of heads (period, team) that counts towards it.
    """

    keys: list[tuple[int, str, str]]
    heads: Floats
    elsewhere: Floats
    row: Positions
    column: Positions


def targets_of(problem: WorkforcePlanningProblem, sets: Index) -> Targets:
    """Derive the targets from the data."""
    calendar, teams = sets.calendar, sets.teams
    province, profession = np.array(teams.province), np.array(teams.profession)
    skills = problem.counted_skills
    counted = np.array([skill in skills for _, skill in teams.keys], dtype=np.bool_)
    place = np.full(len(province), -1, dtype=np.intp)
    place[sets.active] = np.arange(len(sets.active))
    keys: list[tuple[int, str, str]] = []
    heads, elsewhere, rows, columns = [], [], [], []
    for position, year in enumerate(calendar.years):
        closing = int(calendar.closing[position])
        for (where, who), asked in asked_in(problem, year).items() if closing >= 0 else ():
            own = (province == where) | (where == ALL)
            own &= counted if who == ALL else profession == who
            mine = np.flatnonzero(own & (place >= 0))
            if asked > 0 and len(mine):
                columns.append(closing * len(sets.active) + place[mine])
                rows.append(np.full(len(mine), len(keys), dtype=np.intp))
                elsewhere.append(float(teams.natural[closing, own & (place < 0)].sum()))
                heads.append(asked)
                keys.append((year, where, who))
    none = np.empty(0, dtype=np.intp)
    return Targets(
        keys, np.array(heads), np.array(elsewhere), np.concatenate([*rows, none]), np.concatenate([*columns, none])
    )


def asked_in(problem: WorkforcePlanningProblem, year: int) -> dict[tuple[str, str], float]:
    """Return the heads that the targets in force ask for at the end of a year, by province and profession."""
    latest = {
        (row.province, row.profession): row
        for row in sorted(problem.workforce.staffing_targets, key=lambda row: row.year)
        if row.year <= year
    }
    province_of = {zone.id: zone.province for zone in problem.region.zones}
    people: dict[str, int] = {}
    for zone, inhabitants in problem.region.inhabitants().items():
        for where in (province_of[zone], ALL):
            people[where] = people.get(where, 0) + inhabitants
    return {key: row.per_1000 * people.get(key[0], 0) / 1000 for key, row in sorted(latest.items())}

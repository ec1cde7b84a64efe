"""Names of rows as people read them in a conflict: years and demand scenarios by their ids."""

from collections.abc import Iterable
from typing import Any

from gst_opt.pillars.platforms.location.problem import LocationProblem

Key = tuple[Any, ...]


def dated(problem: LocationProblem, keys: Iterable[Key]) -> list[Key]:
    """Return keys whose last figure is the position of a year, with the year."""
    return [(*head, problem.years[year]) for *head, year in keys]


def in_scenario(problem: LocationProblem, keys: Iterable[Key]) -> list[Key]:
    """Return keys that end with the positions of a year and of a scenario, with the year and the scenario's id."""
    ids = [one.id for one in problem.scenarios]
    return [(*head, problem.years[year], ids[scenario]) for *head, year, scenario in keys]

"""What is decided of every stream in every year and demand scenario, as arrays: shares by option, and what is left."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gst_opt.pillars.platforms.location.index import Floats, Positions
from gst_opt.pillars.platforms.location.options import MODES, Options
from gst_opt.pillars.platforms.location.plan import Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem


@dataclass(frozen=True)
class Uses:
    """Needs, and the options that each may use.

    Attributes
    ----------
    stream, year, scenario, acts
        One need each: stream with an option, position of the year and of the scenario, acts needed (above zero).
    weight
        What one act of it counts in unmet need.
    chance
        Probability of its scenario.
    option, need
        One use each: option, and position of the need that it serves; sorted by need.
    """

    stream: Positions
    year: Positions
    scenario: Positions
    acts: Floats
    weight: Floats
    chance: Floats
    option: Positions
    need: Positions

    @cached_property
    def number(self) -> dict[tuple[int, int, int], int]:
        """Position of a need by (stream, year, scenario)."""
        columns = (self.stream.tolist(), self.year.tolist(), self.scenario.tolist())
        return {key: position for position, key in enumerate(zip(*columns, strict=True))}


def uses(problem: LocationProblem, found: Options) -> Uses:
    """Derive the needs that have an option, and their uses; those of a year before an option begins have none."""
    provinces = {zone.id: zone.province for zone in problem.region.zones}
    weight = {one.id: one.weight for one in problem.services}
    factors = np.array(
        [
            [problem.factor(scenario, one.service, provinces[one.zone]) for scenario in problem.scenarios]
            for one in found.streams
        ]
    ).reshape(len(found.streams), len(problem.scenarios))
    acts = found.acts[:, :, None] * factors[:, None, :]
    acts[~found.served] = 0.0
    stream, year, scenario = np.nonzero(acts > 0)
    number = np.full(acts.shape, -1, dtype=np.intp)
    number[stream, year, scenario] = np.arange(len(stream))
    rows = number[found.stream]
    rows = np.where(np.arange(acts.shape[1])[None, :, None] >= found.first[:, None, None], rows, -1)
    option, by_year, by_scenario = np.nonzero(rows >= 0)
    need = rows[option, by_year, by_scenario]
    order = np.lexsort((option, need))
    return Uses(
        stream=stream,
        year=year,
        scenario=scenario,
        acts=acts[stream, year, scenario],
        weight=np.array([weight[one.service] for one in found.streams])[stream] if len(stream) else np.empty(0),
        chance=np.array([one.probability for one in problem.scenarios])[scenario],
        option=option[order],
        need=need[order],
    )


def by_mode(found: Options, used: Uses, mode: Mode) -> Positions:
    """Return the uses that serve in one mode."""
    return np.flatnonzero(found.mode[used.option] == MODES.index(mode))

"""What is decided, as arrays, and what follows from it: steps taken, acts given, minutes and bed-days; no solver."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gst_opt.pillars.platforms.location.index import Floats, Index, Positions
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.prices import Prices, prices
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.upgrades import Upgrades, upgrades
from gst_opt.pillars.platforms.location.uses import Uses

NOTHING = 1e-7
"""Share of a need, or hours, sessions and acts a year, that a solver leaves where it means nothing."""


class Hours(NamedTuple):
    """Hours of a skill that one site gives another in a year (by its position)."""

    skill: str
    origin: str
    host: str
    year: int
    hours: float


class Decided(NamedTuple):
    """What was decided.

    Attributes
    ----------
    level
        Level by slot of the index.
    moved_in, moved_out
        Units that come and go, by slot.
    upgraded
        Units that change type, by upgrade.
    sessions, sold
        Sessions a year run for the grouping and hired out, by slot; 0 for wards.
    share
        Share of its need by use.
    bought
        Acts contracted, shape (offers, years).
    fitted, rounds
        Whether a docking point is fitted out, and sessions a year there, shape (docks, years).
    lent, remote
        Hours lent, and given at a distance.
    """

    level: Positions
    moved_in: Positions
    moved_out: Positions
    upgraded: Positions
    sessions: Floats
    sold: Floats
    share: Floats
    bought: Floats
    fitted: Floats
    rounds: Floats
    lent: tuple[Hours, ...] = ()
    remote: tuple[Hours, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A question's arrays and what was decided, with what follows from it.

    Attributes
    ----------
    problem, sets, found, used
        The question, its platforms, options and uses.
    decided
        What was decided.
    """

    problem: LocationProblem
    sets: Index
    found: Options
    used: Uses
    decided: Decided

    @cached_property
    def prices(self) -> Prices:
        """Prices of what a plan pays for."""
        return prices(self.problem, self.sets, self.found)

    @cached_property
    def upgrades(self) -> Upgrades:
        """Upgrades that a plan may do."""
        return upgrades(self.problem, self.sets)

    @cached_property
    def upgraded_in(self) -> Positions:
        """Units that come from another type, by slot."""
        return self._by_slot(self.upgrades.entering)

    @cached_property
    def upgraded_out(self) -> Positions:
        """Units that become another type, by slot."""
        return self._by_slot(self.upgrades.leaving)

    @cached_property
    def taken(self) -> Positions:
        """Arc taken into every slot."""
        return self.sets.path(self.decided.level)

    @cached_property
    def nodes(self) -> Positions:
        """Node of every slot."""
        return self.sets.target[self.taken]

    @cached_property
    def amount(self) -> Floats:
        """Units or beds, shape (platforms, years); 0 where a platform is not there yet."""
        found = np.zeros(self.sets.slot.shape)
        found[self.sets.slots] = self.sets.amount[self.nodes]
        return found

    @cached_property
    def acts(self) -> Floats:
        """Acts given, shape (options, years, scenarios)."""
        used = self.used
        found = np.zeros((len(self.found.stream), self.sets.years, len(self.problem.scenarios)))
        share = np.where(self.decided.share > NOTHING, self.decided.share, 0.0)
        found[used.option, used.year[used.need], used.scenario[used.need]] = share * used.acts[used.need]
        return found

    @cached_property
    def minutes(self) -> Floats:
        """Minutes of units used, shape (platforms, years, scenarios)."""
        return self._summed(
            self.found.platform, self.acts * self.found.per_act[:, None, None], len(self.sets.platforms)
        )

    @cached_property
    def round_minutes(self) -> Floats:
        """Minutes of mobile units used, shape (docks, years, scenarios)."""
        return self._summed(self.found.dock, self.acts * self.found.per_act[:, None, None], len(self.found.docks))

    @cached_property
    def bed_days(self) -> Floats:
        """Bed-days used, shape (platforms, years, scenarios)."""
        days = self.acts[self.found.bed_option] * self.found.bed_days[:, None, None]
        return self._summed(self.found.bed_platform, days, len(self.sets.platforms))

    @cached_property
    def contracted(self) -> Floats:
        """Acts given through contracts, shape (offers, years, scenarios)."""
        return self._summed(self.found.offer, self.acts, len(self.found.offers))

    def expected(self, values: Floats) -> Floats:
        """Return the mean over scenarios, the last axis."""
        mean: Floats = values @ np.array([one.probability for one in self.problem.scenarios])
        return mean

    def _by_slot(self, slots: Positions) -> Positions:
        found = np.zeros(len(self.sets.slot_keys), dtype=np.intp)
        np.add.at(found, slots, self.decided.upgraded)
        return found

    def _summed(self, owner: Positions, values: Floats, count: int) -> Floats:
        found = np.zeros((count, *values.shape[1:]))
        mine = owner >= 0
        np.add.at(found, owner[mine], values[mine])
        return found

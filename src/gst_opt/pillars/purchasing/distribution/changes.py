"""Changes whose price may be asked for: rules of distribution left out, one at a time; no solver."""

from collections.abc import Iterator
from dataclasses import dataclass

from gst_opt.model.changes import Change
from gst_opt.pillars.purchasing.changes import with_policy, with_rows, without_pins
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.text import Message

DistributionChange = Change[DistributionProblem]


@dataclass(frozen=True)
class DistributionChanges:
    """Changes of a question about distribution, for `rule_prices`.

    A rule that the question does not have is not left out, so that every price is that of a rule.

    Attributes
    ----------
    problem
        The question as it is.
    """

    problem: DistributionProblem

    def every(self) -> tuple[DistributionChange, ...]:
        """Leave out each rule in turn: stops, time at facilities, room of depots, and pins."""
        return (*self.limits(), *self.pins())

    def limits(self) -> tuple[DistributionChange, ...]:
        """Leave out the largest number of stops, how long facilities may keep goods, the room of depots."""
        return tuple(self._limits())

    def _limits(self) -> Iterator[DistributionChange]:
        problem, policy = self.problem, self.problem.policy
        if policy.max_stops is not None:
            yield Change(Message("prices.without_stop_limit"), with_policy(problem, {"max_stops": None}), relaxes=True)
        start = {period.id: period.start for period in problem.horizon.periods}
        longest = max(((start[one.period] - start[one.received]).days for one in problem.arrivals), default=0)
        if policy.facility_cover < longest:
            free = with_policy(problem, {"facility_cover": float(longest)})
            yield Change(Message("prices.without_facility_cover"), free, relaxes=True)
        if any(depot.storage is not None for depot in problem.stocks.depots):
            free = with_rows(problem, "stocks", "depots", {"storage": None})
            yield Change(Message("prices.without_storage"), free, relaxes=True)

    def pins(self) -> tuple[DistributionChange, ...]:
        """Leave out each pin in turn."""
        return without_pins(self.problem)

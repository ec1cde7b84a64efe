"""What a plan decides, by what it names: units, beds, sessions, contracts, rounds, and acts as arrays."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.equipment import EquipmentType
from gst_opt.pillars.platforms.location.check_facts import Facts, Floats
from gst_opt.pillars.platforms.location.check_stocks import Key
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode

DAYS = 365.0
HOUR = 60.0
ByYear = defaultdict[Key, list[float]]
ByScenario = defaultdict[Key, Floats]
"""Figures by year and scenario."""


class Course:
    """A plan whose rows are all known, each once."""

    def __init__(self, facts: Facts, plan: LocationPlan) -> None:
        self.facts, self.plan = facts, plan
        self.amounts: dict[Key, list[int]] = {key: [0] * len(facts.years) for key in facts.stocks}
        self.sessions: ByYear = defaultdict(self._zeros)
        self.sold: ByYear = defaultdict(self._zeros)
        self.bought: ByYear = defaultdict(self._zeros)
        self.rounds: ByYear = defaultdict(self._zeros)
        for row in plan.units:
            key, t = (row.facility, row.equipment_type), facts.number[row.year]
            self.amounts[key][t] = row.units
            self.sessions[key][t], self.sold[key][t] = row.sessions, row.sessions_sold
        for beds in plan.beds:
            self.amounts[beds.facility, str(beds.ward)][facts.number[beds.year]] = beds.beds
        for one in plan.contracts:
            self.bought[one.facility, one.service][facts.number[one.year]] = one.acts
        self.fitted: dict[Key, int] = {}
        for visit in plan.visits:
            dock, t = (visit.mobile_unit, visit.place), facts.number[visit.year]
            self.rounds[dock][t] = visit.sessions
            if visit.fitted_out:
                self.fitted[dock] = min(t, self.fitted.get(dock, t))
        self._read_served()
        self._sum_up()

    def _zeros(self) -> list[float]:
        return [0.0] * len(self.facts.years)

    def _read_served(self) -> None:
        """Turn the rows of who is served into arrays: stream, year, scenario, maker, acts, journey."""
        facts, rows = self.facts, self.plan.served
        streams, makers = facts.stream_number, facts.maker_number
        self.stream = _whole([streams[one.zone, one.service, one.pathway, one.step] for one in rows])
        self.maker = _whole([makers[one.service, one.mode, one.place, one.platform] for one in rows])
        self.year = _whole([facts.number[one.year] for one in rows])
        self.scenario = _whole([facts.scenarios[one.scenario] for one in rows])
        self.acts = np.array([one.acts for one in rows], dtype=np.float64)
        zone = _whole([facts.position[one.zone] for one in facts.streams])
        place = _whole([facts.position[one.place] for one in facts.makers])
        self.minutes: Floats = facts.problem.journeys.matrix[zone[self.stream], place[self.maker]]

    def _sum_up(self) -> None:
        """Sum acts by stream and by maker, and what they take of units and beds, by year and scenario."""
        facts, shape = self.facts, (len(self.facts.years), len(self.facts.scenarios))
        self.given = np.zeros((len(facts.streams), *shape))
        np.add.at(self.given, (self.stream, self.year, self.scenario), self.acts)
        self.left = np.maximum(facts.need - self.given, 0.0)
        self.by_maker = np.zeros((len(facts.makers), *shape))
        np.add.at(self.by_maker, (self.maker, self.year, self.scenario), self.acts)
        self.unmet = np.zeros((len(facts.streams), *shape))
        for row in self.plan.unmet:
            stream = facts.stream_number[row.zone, row.service, row.pathway, row.step]
            self.unmet[stream, facts.number[row.year], facts.scenarios[row.scenario]] = row.acts
        self.used: dict[Mode, ByScenario] = {mode: defaultdict(lambda: np.zeros(shape)) for mode in Mode}
        self.made: dict[Mode, ByScenario] = {mode: defaultdict(lambda: np.zeros(shape)) for mode in Mode}
        self.bed_days: ByScenario = defaultdict(lambda: np.zeros(shape))
        for maker, acts in zip(facts.makers, self.by_maker, strict=True):
            if acts.any():
                self.used[maker.mode][maker.site] += maker.per_act * acts
                self.made[maker.mode][maker.site] += acts
                for key, days in maker.beds:
                    self.bed_days[key] += days * acts

    def expected(self, figures: ByScenario, key: Key, t: int) -> float:
        """Return a figure by scenario on average."""
        return float(figures[key][t] @ self.facts.chance)

    def sold_minutes(self, key: Key, t: int) -> float:
        """Return the minutes of a platform that are hired out."""
        return self.sold[key][t] * self.kind(key).minutes_per_session if key in self.sold else 0.0

    def open_minutes(self, key: Key, t: int) -> float:
        """Return the minutes that a platform's units are open in a year."""
        return self.amounts[key][t] * self.kind(key).minutes_per_year

    def kind(self, key: Key) -> EquipmentType:
        """Return the type of a platform."""
        return self.facts.kinds[key[1]]

    def limit(self, key: Key, t: int) -> float:
        """Return the largest use of a platform's units that keeps the waits."""
        return self.facts.limit(key[1], self.amounts[key][t])

    def room(self, key: Key, t: int) -> float:
        """Return the minutes, or the bed-days, that a platform can give in a year."""
        if key[1] in self.facts.wards:
            return self.facts.wards[key[1]].max_occupancy * DAYS * self.amounts[key][t]
        return self.limit(key, t) * self.open_minutes(key, t)

    def open(self, maker: int, t: int) -> bool:
        """Say whether a maker has units and beds, a contract, or sessions in a year."""
        one = self.facts.makers[maker]
        if one.mode is Mode.CONTRACT:
            return self.bought[one.site][t] > 0
        if one.mode is Mode.MOBILE:
            return self.rounds[one.site][t] > 0
        keys = [*(key for key, _ in one.beds), *([] if one.platform is None else [one.site])]
        return all(self.amounts[key][t] > 0 for key in keys)


def _whole(values: list[int]) -> NDArray[np.intp]:
    return np.array(values, dtype=np.intp)

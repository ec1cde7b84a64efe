"""The question: which units and beds where and when, and where is everyone served, so that fewer needs go unmet?"""

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.equipment import Equipment
from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.pathways import Pathway, PathwayStep
from gst_opt.core.region import Facility, Region, Status
from gst_opt.core.services import Service
from gst_opt.core.tables import unknown_references
from gst_opt.core.time import Horizon
from gst_opt.core.workforce import Workforce
from gst_opt.model.goals import Goal, Goals, TermWeight
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Problem
from gst_opt.model.provinces import worst_province_first
from gst_opt.network import Travel, travel
from gst_opt.pillars.platforms.demand import DemandTables, acts_needed
from gst_opt.pillars.platforms.location.plan import NOMINAL, LocationPlan
from gst_opt.pillars.platforms.location.policy import DemandScenario, LocationPolicy
from gst_opt.pillars.platforms.location.streams import Stream, made, streams
from gst_opt.text import Message

UNMET_IN = "unmet_in"
"""Beginning of the names of the terms of the provinces."""


class LocationProblem(Frozen, Problem[LocationPlan]):
    """Location: platforms and beds of today, needs, what serving takes and costs, and what is allowed.

    Raises
    ------
    DataError
        If a pin, guarantee, scenario or opening names what the data does not have, or if a skill that sessions, beds
        or experts need has staff but no working time.
    """

    region: Region = Field(description="Facilities, people, roads, beds")
    services: tuple[Service, ...] = Field(default=(), description="What is counted in acts")
    pathways: tuple[Pathway, ...] = Field(default=(), description="Patients who go through the same steps")
    pathway_steps: tuple[PathwayStep, ...] = Field(default=(), description="Steps of the pathways")
    needs: DemandTables = Field(default=DemandTables(), description="Acts needed, or the rates to derive them from")
    workforce: Workforce = Field(default=Workforce(), description="Staff and their working time")
    equipment: Equipment = Field(default=Equipment(), description="Platforms, beds, and all that is known of them")
    horizon: Horizon = Field(default=Horizon(), description="Calendar of the grouping")
    policy: LocationPolicy = Field(default=LocationPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: LocationPolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(
            region=grouping.region,
            services=grouping.services,
            pathways=grouping.pathways,
            pathway_steps=grouping.pathway_steps,
            needs=DemandTables.of(grouping),
            workforce=grouping.workforce,
            equipment=grouping.equipment,
            horizon=grouping.horizon,
            policy=policy or LocationPolicy(),
        )

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years planned; the first is that of the calendar, or 2026 without any."""
        first = self.horizon.periods[0].start.year if self.horizon.periods else 2026
        return tuple(range(first, first + self.policy.years))

    @cached_property
    def facilities(self) -> dict[str, Facility]:
        """Facilities of the plan, by id: open ones, and planned ones that the policy opens within its years."""
        late = {row.facility for row in self.region.openings if row.opens.year > self.years[-1]}
        kept = [
            one
            for one in self.region.facilities
            if one.status is Status.OPEN or (one.id in self.policy.opened and one.id not in late)
        ]
        return {one.id: one for one in sorted(kept, key=lambda one: one.id)}

    @cached_property
    def first_year(self) -> dict[str, int]:
        """Year from which each facility of the plan is there."""
        opens = {row.facility: row.opens.year for row in self.region.openings}
        return {
            one.id: self.years[0] if one.status is Status.OPEN else max(opens[one.id], self.years[0])
            for one in self.facilities.values()
        }

    @cached_property
    def journeys(self) -> Travel:
        """Minutes between all places."""
        return travel(self.region)

    @cached_property
    def acts(self) -> dict[tuple[str, str], tuple[float, ...]]:
        """Acts needed in each year planned, by (zone, service)."""
        return acts_needed(self.region, self.needs, self.horizon, len(self.years))

    @cached_property
    def scenarios(self) -> tuple[DemandScenario, ...]:
        """Demand scenarios; the data's own alone when the policy has none."""
        return self.policy.scenarios or (DemandScenario(id=NOMINAL, probability=1.0),)

    @cached_property
    def hours_a_year(self) -> dict[str, float]:
        """Hours that one head works in a year, by skill with a working time."""
        return {row.skill: row.available_hours for row in self.workforce.working_times}

    def discount(self, year: int) -> float:
        """Return what a dirham of a year is worth in the first one."""
        return float((1 + self.policy.discount_rate) ** -(year - self.years[0]))

    @cached_property
    def weighted_needs(self) -> dict[str, float]:
        """Need of every province over all years, in acts by their weight, expected over scenarios, by name."""
        weight = {one.id: one.weight for one in self.services}
        provinces = {zone.id: zone.province for zone in self.region.zones}
        totals: dict[str, float] = {}
        for stream in self.streams:
            province = provinces[stream.zone]
            acts = sum(stream.acts) * self.expected_factor(stream.service, province)
            totals[province] = totals.get(province, 0.0) + weight[stream.service] * acts
        return totals

    @cached_property
    def needed(self) -> tuple[Stream, ...]:
        """Needs by zone, service, pathway and step, of services that nothing makes too."""
        longest = math.inf if self.policy.max_travel is None else self.policy.max_travel
        return streams(self.services, self.pathways, self.pathway_steps, self.acts, longest)

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """Needs that are this question's: of services that equipment makes, that take a bed, or that are on offer."""
        known = made(self.equipment)
        return tuple(one for one in self.needed if one.service in known)

    def factor(self, scenario: DemandScenario, service: str, province: str) -> float:
        """Return what a scenario multiplies the needs of a service in a province by."""
        holds = scenario.service in (None, service) and scenario.province in (None, province)
        return scenario.factor if holds else 1.0

    def expected_factor(self, service: str, province: str) -> float:
        """Return what needs are multiplied by on average."""
        return sum(one.probability * self.factor(one, service, province) for one in self.scenarios)

    @cached_property
    def chosen_goals(self) -> Goals:
        """What to minimise: the policy's goals, or without any the three of its description."""
        if self.policy.goals is not None:
            return self.policy.goals
        needs = self.weighted_needs
        unmet = [TermWeight(term="unmet")]
        if self.equipment.cover_standards and self.policy.cover_weight:
            unmet.append(TermWeight(term="not_covered", weight=self.policy.cover_weight))
        total = sum(needs.values())
        first = Goals(stages=(Goal(weights=tuple(unmet), tolerance=self.policy.slack * total, unit="act"),))
        last = in_mad(self.policy.prices)
        if not any(needs.values()):
            return first.then(last)
        worst = worst_province_first(needs, rounds=1, prefix=UNMET_IN)
        slack = worst.replace(stages=tuple(one.replace(tolerance=self.policy.slack) for one in worst.stages))
        return first.then(slack).then(last)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        problems = [*self._unknown(), *self._pin_years(), *self._openings(), *self._lives(), *self._without_hours()]
        if problems:
            raise DataError(problems)
        return self

    def _unknown(self) -> Iterator[DataProblem]:
        """Yield what pins, guarantees and scenarios name that the data does not have."""
        known = {
            "facility": ("facilities", {one.id for one in self.region.facilities}),
            "equipment_type": ("equipment_types", {one.id for one in self.equipment.equipment_types}),
            "service": ("services", {one.id for one in self.services}),
            "province": ("zones", {one.province for one in self.region.zones}),
        }
        tables = {"pins": self.policy.pins, "guarantees": self.policy.guarantees, "scenarios": self.policy.scenarios}
        for table, rows in tables.items():
            yield from unknown_references(table, rows, known)

    def _pin_years(self) -> Iterator[DataProblem]:
        """Yield the pins of a year that is not planned."""
        for position, pin in enumerate(self.policy.pins, 1):
            if pin.year is not None and pin.year not in self.years:
                expected = Message("pillars.planned_year", {"first": self.years[0], "last": self.years[-1]})
                yield DataProblem("pins", position, "year", str(pin.year), expected)

    def _openings(self) -> Iterator[DataProblem]:
        """Yield the facilities that the policy opens without being planned, or without a date."""
        planned = {one.id for one in self.region.facilities if one.status is Status.PLANNED}
        dated = {row.facility for row in self.region.openings}
        for position, facility in enumerate(self.policy.opened, 1):
            if facility not in planned & dated:
                yield DataProblem("opened", position, "", facility, Message("pillars.planned_with_date"))

    def _lives(self) -> Iterator[DataProblem]:
        """Yield the types whose units, bought in the first year, would not outlive the plan."""
        for position, kind in enumerate(self.equipment.equipment_types, 1):
            if kind.life < self.policy.years:
                expected = Message("pillars.outlives_plan", {"years": self.policy.years})
                yield DataProblem("equipment_types", position, "life", str(kind.life), expected)

    def _without_hours(self) -> Iterator[DataProblem]:
        """Yield the skills that platforms need and that have staff, but no working time."""
        if not self.policy.staff_limit:
            return
        equipment = self.equipment
        needed = {row.skill for rows in (equipment.session_staff, equipment.expert_times) for row in rows}
        needed |= {row.skill for row in equipment.ward_staff}
        used = needed & {row.skill for row in self.workforce.staff}
        for position, skill in enumerate(self.workforce.skills, 1):
            if skill.id in used - self.hours_a_year.keys():
                yield DataProblem("skills", position, "id", skill.id, Message("core.with_working_time"))

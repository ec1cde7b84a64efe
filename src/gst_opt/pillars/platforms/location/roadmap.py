"""The roadmap of pathways: who is seen where, how far, at which level, when, sent from and followed up where."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from pydantic import Field

from gst_opt.core.errors import expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.pathways import PathwayStep, StepKind
from gst_opt.core.region import Level
from gst_opt.core.units import (
    Acts,
    Days,
    Identifier,
    Label,
    Minutes,
    PathwayId,
    ServiceId,
    Share,
    SkillId,
    Year,
    ZoneId,
)
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.platforms.location.index import index
from gst_opt.pillars.platforms.location.options import lowest_ranks, options
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode, Served, Unmet
from gst_opt.pillars.platforms.location.problem import LocationProblem

BETWEEN = "; "
"""Stands between the names of several places."""

Given = Served | Unmet
Steps = dict[int, list[Given]]


class RoadmapRow(Frozen):
    """Patients of one zone at one step of their pathway who are seen at one place, or nowhere, in one year."""

    specialty: SkillId | None = Field(description="Specialty of the pathway; empty: none")
    pathway: PathwayId = Field(description="Pathway")
    province: Label = Field(description="Province where they live")
    commune: Label = Field(description="Commune where they live")
    zone: ZoneId = Field(description="Zone where they live")
    year: Year = Field(description="Year")
    scenario: Identifier = Field(description="Demand scenario")
    step: int = Field(description="Step of the pathway", json_schema_extra={"unit": "step"})
    kind: StepKind = Field(description="What the step is")
    service: ServiceId = Field(description="Service given")
    seen_at: str | None = Field(description="Name of the place where they are seen; empty: their need is not met")
    mode: Mode | None = Field(description="on_site, contract or mobile; empty: their need is not met")
    level: Level | None = Field(
        description="Level of care of the facility, or of a mobile unit's base; empty: a private provider, or nobody"
    )
    above_level: bool | None = Field(
        description="Whether a counter-referral is given above the lowest capable level near home; empty: not one, or "
        "not given at a facility"
    )
    minutes: Minutes | None = Field(description="Journey from home, one way; empty: their need is not met")
    delay: Days = Field(description="Days planned after the step before")
    wait: Days | None = Field(description="Mean wait for the equipment; empty: beds, a contract, a round, nobody")
    share: Share = Field(description="Their share of the zone's patients at this step")
    acts: Acts = Field(description="Acts a year")
    referred_from: str | None = Field(
        description="Names of the places of the step before near enough to send patients here, those of most acts "
        "first; empty: the first step, or nobody"
    )
    followed_up_at: str | None = Field(
        description="Names of the places of the next follow-up of these patients, those of most acts first; empty: no "
        "such step after this one, or nobody"
    )


def pathway_roadmap(problem: LocationProblem, plan: LocationPlan) -> PlanTable:
    """Say for every pathway, zone, year and step who is seen where; no solver.

    One row for each place that gives a step to patients of a zone, and one for those who are not given it. Shares of
    the rows of one step add up to 1. A plan does not say which patient goes from which place to which: places of the
    step before are named where the transfer to the place of this one is within the longest allowed.

    Parameters
    ----------
    problem
        Question that the plan answers.
    plan
        Plan of that question.

    Returns
    -------
    PlanTable
        Rows as `RoadmapRow` describes them, by specialty, pathway, province, commune, zone, year, scenario and step.

    Raises
    ------
    GstOptError
        If `problem` or `plan` is something else.

    Examples
    --------
    >>> import gst_opt as gst
    >>> problem = gst.LocationProblem.of(gst.load_sample("two_towns"))
    >>> table = gst.pathway_roadmap(problem, gst.solve(problem).require())
    >>> len({row[table.columns.index("seen_at")] for row in table.rows})
    3
    """
    expect(problem, LocationProblem)
    expect(plan, LocationPlan)
    return PlanTable.of("pathway_roadmap", RoadmapRow, _Roadmap(problem, plan).rows())


class _Roadmap:
    """A plan's rows by pathway, zone, year and scenario, and what is known of steps and places."""

    def __init__(self, problem: LocationProblem, plan: LocationPlan) -> None:
        self.problem, self.plan = problem, plan
        self.steps = {(one.pathway, one.step): one for one in problem.pathway_steps}
        self.specialties = {one.id: one.specialty for one in problem.pathways}
        self.zones = {zone.id: zone for zone in problem.region.zones}
        self.names = {zone.id: zone.name for zone in problem.region.zones}
        self.names |= {one.id: one.name for one in problem.region.facilities}
        levels = {one.id: one.level for one in problem.region.facilities}
        self.levels = levels | {unit.id: levels[unit.base] for unit in problem.equipment.mobile_units}
        self.waits = {(row.facility, row.equipment_type, row.year): row.wait for row in plan.units}

    @cached_property
    def lowest(self) -> dict[tuple[str, str | None, int | None], list[int]]:
        """Lowest rank of a site near home in each year, by zone, pathway and step of counter-referrals."""
        found = options(self.problem, index(self.problem))
        ranks = zip(found.streams, lowest_ranks(found).tolist(), strict=True)
        return {(one.zone, one.pathway, one.step): rank for one, rank in ranks if one.near_home is not None}

    @cached_property
    def patients(self) -> dict[tuple[str, str, int, str], Steps]:
        """Rows of patients who follow a pathway, by pathway, zone, year and scenario, then by step."""
        found: dict[tuple[str, str, int, str], Steps] = {}
        rows: tuple[Given, ...] = self.plan.served + self.plan.unmet
        for row in rows:
            if row.pathway is not None and row.step is not None:
                steps = found.setdefault((row.pathway, row.zone, row.year, row.scenario), {})
                steps.setdefault(row.step, []).append(row)
        return found

    def rows(self) -> list[RoadmapRow]:
        """Return the roadmap in order."""
        return [row for key in sorted(self.patients, key=self._order) for row in self._of(key[0], self.patients[key])]

    def _order(self, key: tuple[str, str, int, str]) -> tuple[str | int, ...]:
        pathway, zone, year, scenario = key
        home = self.zones[zone]
        return (self.specialties[pathway] or "", pathway, home.province, home.commune, zone, year, scenario)

    def _of(self, pathway: str, steps: Steps) -> Iterator[RoadmapRow]:
        """Yield the rows of one zone's patients of one pathway in one year."""
        before: Sequence[Given] = ()
        for number in sorted(steps):
            step, own = self.steps[pathway, number], steps[number]
            later = (one for one in sorted(steps) if one > number)
            back = next((one for one in later if self.steps[pathway, one].kind is StepKind.FOLLOW_UP), None)
            everybody = sum(row.acts for row in own)
            for row in sorted(own, key=lambda one: (isinstance(one, Unmet), -one.acts, str(_place(one)))):
                sent = [one for one in before if self._near(step, one, row)]
                followed = [] if back is None or isinstance(row, Unmet) else steps[back]
                yield self._row(step, row, everybody, (self._named(sent), self._named(followed)))
            before = own

    def _row(self, step: PathwayStep, row: Given, everybody: float, sent: tuple[str | None, str | None]) -> RoadmapRow:
        home, served = self.zones[row.zone], row if isinstance(row, Served) else None
        base = None if served is None else served.platform if served.mode is Mode.MOBILE else served.place
        public = served is not None and served.mode is not Mode.CONTRACT
        return RoadmapRow(
            specialty=self.specialties[step.pathway],
            pathway=step.pathway,
            province=home.province,
            commune=home.commune,
            zone=home.id,
            year=row.year,
            scenario=row.scenario,
            step=step.step,
            kind=step.kind,
            service=step.service,
            seen_at=None if served is None else self.names[served.place],
            mode=None if served is None else served.mode,
            level=self.levels[str(base)] if public else None,
            above_level=self._above(step, served),
            minutes=None if served is None else served.minutes,
            delay=step.delay,
            wait=None if served is None else self.waits.get((served.place, served.platform or "", row.year)),
            share=row.acts / everybody if everybody else 0.0,
            acts=row.acts,
            referred_from=sent[0],
            followed_up_at=sent[1],
        )

    def _above(self, step: PathwayStep, served: Served | None) -> bool | None:
        """Say whether a counter-referral is given above the lowest capable level near home."""
        if served is None or served.mode is not Mode.ON_SITE or not step.counter_referral:
            return None
        lowest = self.lowest[served.zone, step.pathway, step.step][served.year - self.problem.years[0]]
        return self.levels[served.place].rank > lowest

    def _near(self, step: PathwayStep, one: Given, row: Given) -> bool:
        """Say whether patients may go from the place of the step before to the place of this one."""
        if isinstance(one, Unmet) or isinstance(row, Unmet):
            return False
        return step.max_transfer is None or self.problem.journeys.minutes(one.place, row.place) <= step.max_transfer

    def _named(self, rows: Sequence[Given]) -> str | None:
        acts: dict[str, float] = {}
        for row in rows:
            if isinstance(row, Served):
                acts[row.place] = acts.get(row.place, 0.0) + row.acts
        return BETWEEN.join(self.names[place] for place in sorted(acts, key=lambda one: (-acts[one], one))) or None


def _place(row: Given) -> str | None:
    return row.place if isinstance(row, Served) else None

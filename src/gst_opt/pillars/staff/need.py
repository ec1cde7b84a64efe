"""What staff is needed, facility by facility, from the work done or from the staffing norms; no solver."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from gst_opt.core.errors import expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Region
from gst_opt.core.services import Activity
from gst_opt.core.standards import StaffingNorm
from gst_opt.core.time import Horizon
from gst_opt.core.units import Fte, Heads
from gst_opt.core.workforce import Workforce
from gst_opt.model.problem import Cell, Plan, PlanTable
from gst_opt.network import Travel, catchments
from gst_opt.pillars.staff.wisn import rounded, workloads


class Basis(StrEnum):
    """What a need comes from."""

    WORKLOAD = "workload"
    NORM = "norm"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class Need:
    """Staff that a facility should have in one skill.

    Attributes
    ----------
    fte
        Full-time equivalents, unrounded.
    minimum_team
        Heads that must stay whatever the need.
    basis
        The acts done, the staffing norm, or the norm's minimum where that is more.
    """

    fte: float
    minimum_team: int
    basis: Basis = Basis.NORM


NO_NEED = Need(0.0, 0)
NO_CALENDAR = Horizon()


def needs(
    region: Region,
    workforce: Workforce,
    activity: Iterable[Activity] = (),
    horizon: Horizon = NO_CALENDAR,
    journeys: Travel | None = None,
) -> dict[tuple[str, str], Need]:
    """Return the need of every open facility, by (facility, skill): from the work done where it is known.

    - Where acts are done that a standard gives to the skill, WHO's method (`wisn.workloads`)::

        need = max(minimum_fte, required staff)

    - elsewhere the norm of the facility's level and kind::

        need = max(minimum_fte, fte + fte_per_10k_inhabitants * people / 10,000 + fte_per_100_beds * beds / 100)

      where people are those that the facility serves (`network.catchments`).

    `minimum_fte` is the norm's, 0 where there is none. A need of nothing, without a team that must stay, is left out.

    Parameters
    ----------
    region, workforce
        Facilities, beds, people; standards and norms.
    activity, horizon
        Acts done, and the calendar of their periods.
    journeys
        Journey times, if already known; computed from the region otherwise.

    Raises
    ------
    DataError
        If the standards contradict one another.
    GstOptError
        If an activity is of a period that the calendar does not have.
    """
    people = catchments(region, journeys)
    beds = region.beds()
    norms: dict[tuple[str, str], dict[str, StaffingNorm]] = {}
    for norm in workforce.staffing_norms:
        norms.setdefault((norm.level, norm.facility_kind), {})[norm.skill] = norm
    worked: dict[str, dict[str, float]] = {}
    for (place, skill), workload in workloads(workforce, activity, horizon).items():
        worked.setdefault(place, {})[skill] = workload.required
    result = {}
    for facility in region.open_facilities():
        own, required = norms.get((facility.level, facility.kind), {}), worked.get(facility.id, {})
        for skill in sorted(own.keys() | required.keys()):
            rule = own.get(skill)
            minimum, team = (rule.minimum_fte, rule.minimum_team) if rule else (0.0, 0)
            if skill in required:
                asked, basis = required[skill], Basis.WORKLOAD
            else:
                asked, basis = _by_norm(own[skill], people[facility.id], beds.get(facility.id, 0)), Basis.NORM
            if max(asked, minimum, team) > 0:
                result[facility.id, skill] = Need(
                    max(asked, minimum), team, basis if asked >= minimum else Basis.MINIMUM
                )
    return result


def _by_norm(norm: StaffingNorm, people: float, beds: int) -> float:
    return norm.fte + norm.fte_per_10k_inhabitants * people / 10_000 + norm.fte_per_100_beds * beds / 100


class Pressure(StrEnum):
    """Heads in post against the need, rounded as WHO's manual does."""

    SHORT = "short"
    BALANCED = "balanced"
    SURPLUS = "surplus"


class TeamNeed(Frozen):
    """What a facility needs in one skill, and who is there."""

    province: str = Field(description="Province of the facility")
    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    need: Fte = Field(description="Need, unrounded")
    basis: Basis | None = Field(description="What the need comes from; empty when neither acts nor a norm say")
    heads: Heads = Field(description="Heads in post")
    difference: float = Field(
        description="Heads above the need; negative when short", json_schema_extra={"unit": "FTE"}
    )
    ratio: float | None = Field(description="Heads for one FTE of need; empty without need", ge=0)
    heads_required: Heads = Field(description="Need in whole heads, rounded as WHO's manual does")
    pressure: Pressure | None = Field(description="short, balanced, surplus; empty when nothing says the need")


class StaffingNeed(Plan):
    """The need of every team, where it comes from, and how far the heads in post are from it."""

    teams: tuple[TeamNeed, ...] = Field(description="Teams with need or heads, by facility and skill")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe it: totals by province and by skill, then every team."""
        return (
            self._totals("provinces", "province", lambda team: team.province),
            self._totals("skills", "skill", lambda team: team.skill),
            PlanTable.of("teams", TeamNeed, self.teams),
        )

    def _totals(self, name: str, column: str, group: Callable[[TeamNeed], str]) -> PlanTable:
        groups: dict[str, list[TeamNeed]] = {}
        for team in self.teams:
            groups.setdefault(group(team), []).append(team)
        rows = [_sums(key, groups[key]) for key in sorted(groups)]
        columns = ("need", "heads", "difference", "ratio", "heads_required", "teams_short", "teams_surplus")
        return PlanTable(
            name=name,
            columns=(column, *columns, "heads_without_need"),
            rows=(*rows, _sums("*", self.teams)),
        )


def staffing_need(grouping: Grouping) -> StaffingNeed:
    """Return what staff a grouping needs and how far it is from it: a diagnosis, without a solver.

    Need as in `needs`. A team is short or in surplus when its heads are below or above the rounded need (`rounded`).
    Totals leave out teams whose need nothing says: their heads are counted apart.

    Examples
    --------
    >>> import gst_opt as gst
    >>> towns = gst.staffing_need(gst.load_sample("two_towns"))
    >>> [(team.skill, team.need, team.heads, str(team.pressure)) for team in towns.teams if team.facility == "hp-north"]
    [('doctor', 6.0, 8, 'surplus'), ('midwife', 4.0, 3, 'short'), ('nurse', 10.0, 13, 'surplus')]
    """
    expect(grouping, Grouping)
    need_of = needs(grouping.region, grouping.workforce, grouping.activity, grouping.horizon)
    provinces = {facility.id: facility.province for facility in grouping.region.open_facilities()}
    heads_of = {
        (row.facility, row.skill): row.heads
        for row in grouping.workforce.staff
        if row.facility in provinces and row.heads > 0
    }
    return StaffingNeed(
        teams=tuple(
            _team(provinces[place[0]], place, need_of.get(place), heads_of.get(place, 0))
            for place in sorted(need_of.keys() | heads_of.keys())
        )
    )


def _team(province: str, place: tuple[str, str], need: Need | None, heads: int) -> TeamNeed:
    fte = need.fte if need else 0.0
    required = rounded(fte)
    against = Pressure.SHORT if heads < required else Pressure.SURPLUS if heads > required else Pressure.BALANCED
    return TeamNeed(
        province=province,
        facility=place[0],
        skill=place[1],
        need=fte,
        basis=need.basis if need else None,
        heads=heads,
        difference=heads - fte,
        ratio=heads / fte if fte else None,
        heads_required=required,
        pressure=against if need else None,
    )


def _sums(key: str, teams: Iterable[TeamNeed]) -> tuple[Cell, ...]:
    everyone = tuple(teams)
    own = [team for team in everyone if team.basis is not None]
    need, heads = math.fsum(team.need for team in own), sum(team.heads for team in own)
    return (
        key,
        round(need, 2),
        heads,
        round(heads - need, 2),
        round(heads / need, 4) if need else None,
        sum(team.heads_required for team in own),
        sum(team.pressure is Pressure.SHORT for team in own),
        sum(team.pressure is Pressure.SURPLUS for team in own),
        sum(team.heads for team in everyone) - heads,
    )

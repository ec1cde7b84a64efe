"""The answer: posts opened, moves, trainings and placements by period, and what becomes of every team."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Fte, Heads, Mad, Minutes, Year
from gst_opt.model.problem import Cell, Plan, PlanTable
from gst_opt.pillars.staff.fairness import before_and_after

ExpectedHeads = Annotated[float, Field(ge=0, json_schema_extra={"unit": "head"})]


class PlannedMove(Frozen):
    """Heads of one skill that leave one facility for another at the start of a period."""

    period: str = Field(description="Period at whose start they move")
    origin: str = Field(description="Facility that they leave")
    host: str = Field(description="Facility that they join")
    skill: str = Field(description="Skill")
    heads: Heads = Field(description="How many")
    minutes: Minutes = Field(description="Journey between the two, one way")


class OpenedPosts(Frozen):
    """New posts of one skill opened at one facility in a year."""

    year: Year = Field(description="Calendar year")
    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    posts: Heads = Field(description="Posts opened, with and without incentive")
    with_incentive: Heads = Field(description="Posts among them for which the incentive is paid")
    filled: ExpectedHeads = Field(description="Posts expected to be filled, in equal parts over the year's periods")
    incentives: Mad = Field(description="Incentives expected for them, a full year")


class BegunTraining(Frozen):
    """Heads of one team that begin to learn another skill."""

    period: str = Field(description="Period at whose start they leave their post")
    facility: str = Field(description="Facility that they leave, and where they come back")
    origin_skill: str = Field(description="Skill that they have")
    skill: str = Field(description="Skill that they learn")
    heads: Heads = Field(description="How many")
    back: str = Field(description="Period at whose start they are back; empty: after the plan")
    successes: ExpectedHeads = Field(description="Heads expected to come back with the new skill")
    cost: Mad = Field(description="Cost of their training")


class Placement(Frozen):
    """Trainees of one skill supervised by a team in a period."""

    period: str = Field(description="Period")
    facility: str = Field(description="Facility that supervises them")
    skill: str = Field(description="Skill that they learn")
    trainees: Heads = Field(description="How many")


class TeamPeriod(Frozen):
    """The heads expected of one skill at one facility in a period, from its first day to its last.

    ``heads_end = heads_start + moved_in - moved_out - training_begun + training_back - departures - retirements +
    filled``.
    """

    period: str = Field(description="Period")
    province: str = Field(description="Province of the facility")
    establishment: str = Field(description="Establishment that the facility belongs to")
    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    profession: str = Field(description="Professional group of the skill")
    need: Fte = Field(description="Need, unrounded")
    heads_start: ExpectedHeads = Field(description="Heads before the period")
    moved_in: Heads = Field(description="Heads that join it at the start of the period")
    moved_out: Heads = Field(description="Heads that leave it for another facility at the start of the period")
    training_begun: Heads = Field(description="Heads that leave for a training at the start of the period")
    training_back: ExpectedHeads = Field(description="Heads back from a training at the start of the period")
    departures: ExpectedHeads = Field(description="Heads that leave in the period for another reason than age")
    retirements: ExpectedHeads = Field(description="Heads that retire in the period")
    filled: ExpectedHeads = Field(description="New posts filled in the period")
    heads_end: ExpectedHeads = Field(description="Heads at the end of the period")
    covered: Fte = Field(description="Need covered at the end of the period")


class TargetYear(Frozen):
    """A staffing target at the end of a year, and what the plan has."""

    year: Year = Field(description="Calendar year at whose end it is counted")
    province: str = Field(description="Province; * for the whole region")
    profession: str = Field(description="Professional group; * for all that count")
    target: ExpectedHeads = Field(description="Heads that the target asks for")
    heads: ExpectedHeads = Field(description="Heads expected at the end of the year")
    shortfall: ExpectedHeads = Field(description="Heads missing to the target")


class PeriodSpending(Frozen):
    """Money spent in a period."""

    period: str = Field(description="Period")
    year: Year = Field(description="Calendar year of the period")
    incentives: Mad = Field(description="Incentives paid")
    trainings: Mad = Field(description="Trainings begun")


class Reason(StrEnum):
    """Why need is left at the end of the plan."""

    NO_MEANS = "no_means"
    SCARCE = "scarce"


class Shortage(Frozen):
    """Need that a team leaves uncovered at the end of the plan."""

    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    uncovered: Fte = Field(description="Need left uncovered")
    reason: Reason = Field(
        description="no_means: no post, move or training allowed brings anybody there; scarce: some could, and go "
        "elsewhere or are not enough"
    )


class WorkforcePlan(Plan):
    """Decisions by period, and every team that has heads or need, period by period."""

    moves: tuple[PlannedMove, ...] = Field(description="Moves, by period, origin, host and skill")
    posts: tuple[OpenedPosts, ...] = Field(description="Posts opened, by year, facility and skill")
    trainings: tuple[BegunTraining, ...] = Field(description="Trainings begun, by period, facility and skills")
    placements: tuple[Placement, ...] = Field(description="Trainees supervised, by period, facility and skill")
    teams: tuple[TeamPeriod, ...] = Field(description="Teams, by period, facility and skill")
    targets: tuple[TargetYear, ...] = Field(description="Targets, by year, province and profession")
    spending: tuple[PeriodSpending, ...] = Field(description="Spending, by period")
    shortages: tuple[Shortage, ...] = Field(description="Need left at the end, by facility and skill")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: the course by period, cover by place and skill, fairness, decisions, teams."""
        return (
            self.course("periods", "period", lambda team: team.period),
            self.before_and_after("provinces", "province", lambda team: team.province),
            self.before_and_after("facilities", "facility", lambda team: team.facility),
            self.before_and_after("skills", "skill", lambda team: team.skill),
            self.before_and_after("professions", "profession", lambda team: team.profession),
            self.fairness(),
            PlanTable.of("posts", OpenedPosts, self.posts),
            PlanTable.of("planned_moves", PlannedMove, self.moves),
            PlanTable.of("trainings", BegunTraining, self.trainings),
            PlanTable.of("placements", Placement, self.placements),
            PlanTable.of("targets", TargetYear, self.targets),
            PlanTable.of("spending", PeriodSpending, self.spending),
            PlanTable.of("shortages", Shortage, self.shortages),
            PlanTable.of("team_periods", TeamPeriod, self.teams),
        )

    def course(self, name: str, column: str, group: Callable[[TeamPeriod], str]) -> PlanTable:
        """Return heads, comings, goings and cover of the plan, summed by group in order of time."""
        groups: dict[str, list[TeamPeriod]] = {}
        for team in self.teams:
            groups.setdefault(group(team), []).append(team)
        comings = ("moved_in", "training_begun", "training_back", "departures", "retirements", "filled")
        summed = ("heads_start", *comings, "heads_end", "need", "covered")
        rows = []
        for key, own in groups.items():
            sums = [float(sum(getattr(team, field) for team in own)) for field in summed]
            rows.append((key, *(round(value, 2) for value in sums), _share(sums[-1], sums[-2])))
        return PlanTable(name=name, columns=(column, *summed, "share_planned"), rows=tuple(rows))

    def before_and_after(self, name: str, column: str, group: Callable[[TeamPeriod], str]) -> PlanTable:
        """Return need, heads and cover before the first period and at the end of the last, by group and in all.

        The ratios are heads over need, as in WHO's method: below 1 is pressure.
        """
        first = {(team.facility, team.skill): team.heads_start for team in reversed(self.teams)}
        last = {(team.facility, team.skill): team for team in self.teams}
        groups: dict[str, list[TeamPeriod]] = {}
        for team in last.values():
            groups.setdefault(group(team), []).append(team)
        rows: list[tuple[Cell, ...]] = []
        for key, own in [*sorted(groups.items()), ("*", list(last.values()))]:
            need = sum(team.need for team in own)
            before = [first[team.facility, team.skill] for team in own]
            today = sum(min(heads, team.need) for heads, team in zip(before, own, strict=True))
            planned = sum(team.covered for team in own)
            figures = (need, sum(before), sum(team.heads_end for team in own), today, planned)
            parts = (today, planned, *figures[1:3])
            rows.append((key, *(round(value, 2) for value in figures), *(_share(part, need) for part in parts)))
        columns = (column, "need", "heads_today", "heads_planned", "covered_today", "covered_planned")
        ratios = ("ratio_today", "ratio_planned")
        return PlanTable(name=name, columns=(*columns, "share_today", "share_planned", *ratios), rows=tuple(rows))

    def fairness(self) -> PlanTable:
        """Compare the covered shares of the provinces before the first period and at the end of the last."""
        first = {(team.facility, team.skill): team.heads_start for team in reversed(self.teams)}
        last = {(team.facility, team.skill): team for team in self.teams}
        found = before_and_after(
            (team.province, team.need, min(first[place], team.need), team.covered) for place, team in last.items()
        )
        return PlanTable(name="fairness", columns=("measure", "today", "planned"), rows=tuple(found))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None

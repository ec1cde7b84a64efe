"""The answer: moves, and what they do to every team."""

from collections.abc import Callable, Iterable

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Fte, Heads, Minutes
from gst_opt.model.problem import Cell, Plan, PlanTable


class Move(Frozen):
    """Heads of one skill that leave one facility for another."""

    origin: str = Field(description="Facility that they leave")
    host: str = Field(description="Facility that they join")
    skill: str = Field(description="Skill")
    heads: Heads = Field(description="How many")
    minutes: Minutes = Field(description="Journey between the two, one way")


class Team(Frozen):
    """The heads of one skill at one facility, and how much of its need they cover, today and planned."""

    province: str = Field(description="Province of the facility")
    establishment: str = Field(description="Establishment that the facility belongs to")
    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    need: Fte = Field(description="Need, unrounded")
    heads_today: Heads = Field(description="Heads in post today")
    heads_planned: Heads = Field(description="Heads in post after the moves")
    covered_today: Fte = Field(description="Need covered today")
    covered_planned: Fte = Field(description="Need covered after the moves")


class RedeploymentPlan(Plan):
    """Moves, and every team that has heads or need."""

    moves: tuple[Move, ...] = Field(description="Moves, by origin, host and skill")
    teams: tuple[Team, ...] = Field(description="Teams, by facility and skill")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: moves, teams, and coverage by establishment, province and skill."""
        return (
            _table("moves", Move, self.moves),
            self.coverage("provinces", "province", lambda team: team.province),
            self.coverage("establishments", "establishment", lambda team: team.establishment),
            self.coverage("skills", "skill", lambda team: team.skill),
            _table("teams", Team, self.teams),
        )

    def coverage(self, name: str, column: str, group: Callable[[Team], str]) -> PlanTable:
        """Return need, cover and heads gained and given, summed by group and in all."""
        site_of = {(team.facility, team.skill): group(team) for team in self.teams}
        gained: dict[str, int] = {}
        given: dict[str, int] = {}
        for move in self.moves:
            origin, host = site_of[move.origin, move.skill], site_of[move.host, move.skill]
            given[origin] = given.get(origin, 0) + move.heads
            gained[host] = gained.get(host, 0) + move.heads
        groups: dict[str, list[Team]] = {}
        for team in self.teams:
            groups.setdefault(group(team), []).append(team)
        rows = [_sums(key, groups[key], gained.get(key, 0), given.get(key, 0)) for key in sorted(groups)]
        rows.append(_sums("*", self.teams, sum(gained.values()), sum(given.values())))
        columns = (column, "need", "heads_today", "heads_planned", "heads_gained", "heads_given")
        return PlanTable(
            name=name,
            columns=(*columns, "covered_today", "covered_planned", "share_today", "share_planned"),
            rows=tuple(rows),
        )


def _sums(key: str, teams: Iterable[Team], gained: int, given: int) -> tuple[Cell, ...]:
    own = tuple(teams)
    need = sum(team.need for team in own)
    today, planned = sum(team.covered_today for team in own), sum(team.covered_planned for team in own)
    return (
        key,
        round(need, 2),
        sum(team.heads_today for team in own),
        sum(team.heads_planned for team in own),
        gained,
        given,
        round(today, 2),
        round(planned, 2),
        round(today / need, 4) if need else None,
        round(planned / need, 4) if need else None,
    )


def _table(name: str, record: type[Frozen], rows: Iterable[Frozen]) -> PlanTable:
    columns = tuple(record.model_fields)
    return PlanTable(
        name=name, columns=columns, rows=tuple(tuple(getattr(row, column) for column in columns) for row in rows)
    )

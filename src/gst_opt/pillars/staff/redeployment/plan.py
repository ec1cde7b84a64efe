"""The answer: moves and missions, who fills which posts, and what they do to every team."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Fte, Heads, Km, Mad, Minutes, Share, Units
from gst_opt.model.problem import Cell, Plan, PlanTable
from gst_opt.pillars.staff.need import Basis


class MoveKind(StrEnum):
    """Whether the post changes for good."""

    PERMANENT = "permanent"
    MISSION = "mission"


class Move(Frozen):
    """Heads of one skill that leave one facility for another."""

    origin: str = Field(description="Facility that they leave")
    host: str = Field(description="Facility that they join")
    skill: str = Field(description="Skill")
    kind: MoveKind = Field(default=MoveKind.PERMANENT, description="permanent, or mission (temporary)")
    heads: Heads = Field(description="How many")
    minutes: Minutes = Field(description="Journey between the two, one way")
    km: Km | None = Field(default=None, description="Distance by road between the two; empty where it is not known")
    premium: Mad = Field(default=0.0, description="Premiums of all of them, a year; none where no distance is known")
    needs_approval: bool = Field(
        default=False, description="Whether it needs prior approval by the central administration"
    )


class Fill(Frozen):
    """Posts of one skill filled by heads of another (task shifting)."""

    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill of the posts")
    substitute: str = Field(description="Skill of the heads who fill them")
    whole_posts: Units = Field(description="Whole posts filled, one head each")
    part_posts: Units = Field(description="Part posts filled, one head each: 0 or 1")
    efficiency: Share = Field(description="Share of the posts' work that they do")
    covered: Fte = Field(description="Need covered by them")


class Team(Frozen):
    """The heads of one skill at one facility, and how much of its need is covered, today and planned."""

    province: str = Field(description="Province of the facility")
    establishment: str = Field(description="Establishment that the facility belongs to")
    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    need: Fte = Field(description="Need, unrounded")
    basis: Basis = Field(default=Basis.NORM, description="What the need comes from: workload, norm or minimum")
    heads_today: Heads = Field(description="Heads in post today")
    heads_planned: Heads = Field(description="Heads present after moves and missions")
    covered_today: Fte = Field(description="Need covered today by the team's own heads")
    covered_planned: Fte = Field(description="Need covered after the moves, by own heads and substitutes")


class Reason(StrEnum):
    """Why a need stays uncovered: the rule that struck off the last who could have come (`reasons`)."""

    NOBODY_WITHIN_REACH = "nobody_within_reach"
    RELEASE_FLOOR = "release_floor"
    NO_CONSENT = "no_consent"
    PIN = "pin"
    RECEPTION_FULL = "reception_full"
    NOBODY_LEFT = "nobody_left"
    APPROVALS = "approvals"
    MOVES = "moves"
    BUDGET = "budget"
    GOALS = "goals"


class Unmet(Frozen):
    """Need of a team that stays uncovered, and why."""

    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    uncovered: Fte = Field(description="Need uncovered after the moves")
    reason: Reason = Field(description="Why nobody comes")


class FairnessMeasure(StrEnum):
    """A figure of fairness between provinces, on the share of their need that is covered."""

    WORST_SHARE = "worst_share"
    GINI = "gini"
    BEST_TO_WORST = "best_to_worst"


class Fairness(Frozen):
    """One figure of fairness between provinces."""

    measure: FairnessMeasure = Field(
        description="worst_share: lowest covered share; gini: Gini coefficient of the covered shares; best_to_worst: "
        "highest over lowest"
    )
    today: float | None = Field(description="Today; empty where it is not defined")
    planned: float | None = Field(description="After the moves; empty where it is not defined")


class RedeploymentPlan(Plan):
    """Moves, posts filled by substitutes, every team, fairness, and what stays unmet."""

    moves: tuple[Move, ...] = Field(description="Moves and missions, by origin, host, skill and kind")
    fills: tuple[Fill, ...] = Field(default=(), description="Posts filled by substitutes, by facility and skills")
    teams: tuple[Team, ...] = Field(
        description="Teams with heads or need, or that somebody joins, by facility and skill"
    )
    fairness: tuple[Fairness, ...] = Field(default=(), description="Fairness between provinces")
    unmet: tuple[Unmet, ...] = Field(default=(), description="Needs that stay uncovered, by facility and skill")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: moves, substitutes, premiums, coverage by place and skill, fairness, unmet needs."""
        return (
            PlanTable.of("moves", Move, self.moves),
            PlanTable.of("fills", Fill, self.fills),
            self._premiums(),
            self.coverage("provinces", "province", lambda team: team.province),
            self.coverage("establishments", "establishment", lambda team: team.establishment),
            self.coverage("facilities", "facility", lambda team: team.facility),
            self.coverage("skills", "skill", lambda team: team.skill),
            self._teams(),
            PlanTable.of("fairness", Fairness, self.fairness),
            PlanTable.of("unmet", Unmet, self.unmet),
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
            columns=(
                *columns,
                "covered_today",
                "covered_planned",
                "share_today",
                "share_planned",
                "ratio_today",
                "ratio_planned",
            ),
            rows=tuple(rows),
        )

    def _premiums(self) -> PlanTable:
        """Return the premiums by the establishment that the heads join, and in all."""
        own = {team.facility: team.establishment for team in self.teams}
        paid: dict[str, list[float]] = {}
        for move in self.moves:
            if move.premium:
                sums = paid.setdefault(own[move.host], [0, 0.0])
                sums[0] += move.heads
                sums[1] += move.premium
        rows = [(name, int(heads), round(mad, 2)) for name, (heads, mad) in sorted(paid.items())]
        total = ("*", sum(row[1] for row in rows), round(sum((row[2] for row in rows), 0.0), 2))
        return PlanTable(name="premiums", columns=("establishment", "heads", "premium"), rows=(*rows, total))

    def _teams(self) -> PlanTable:
        table = PlanTable.of("teams", Team, self.teams)
        ratios = tuple((_ratio(t.heads_today, t.need), _ratio(t.heads_planned, t.need)) for t in self.teams)
        return table.replace(
            columns=(*table.columns, "ratio_today", "ratio_planned"),
            rows=tuple((*row, *more) for row, more in zip(table.rows, ratios, strict=True)),
        )


def _ratio(heads: int, need: float) -> float | None:
    """Return heads over need, the ratio of WHO's method: below 1 is pressure."""
    return round(heads / need, 4) if need > 0 else None


def _sums(key: str, teams: Iterable[Team], gained: int, given: int) -> tuple[Cell, ...]:
    own = tuple(teams)
    need = sum(team.need for team in own)
    today, planned = sum(team.covered_today for team in own), sum(team.covered_planned for team in own)
    heads_today, heads_planned = sum(team.heads_today for team in own), sum(team.heads_planned for team in own)
    return (
        key,
        round(need, 2),
        heads_today,
        heads_planned,
        gained,
        given,
        round(today, 2),
        round(planned, 2),
        round(today / need, 4) if need else None,
        round(planned / need, 4) if need else None,
        _ratio(heads_today, need),
        _ratio(heads_planned, need),
    )

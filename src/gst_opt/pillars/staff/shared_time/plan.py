"""The answer: who works where else for how many half-days a week, what is bought, and what it does to every team."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Fte, HalfDays, Heads, Km, Mad, Minutes
from gst_opt.model.problem import Cell, Plan, PlanTable
from gst_opt.pillars.staff.fairness import before_and_after


class Reason(StrEnum):
    """Why a need stays uncovered."""

    NOBODY_IN_REACH = "nobody_in_reach"
    USED_UP = "used_up"
    LIMITED = "limited"


class Agreement(Frozen):
    """One person's half-days a week at another facility."""

    origin: str = Field(description="Facility that lends")
    host: str = Field(description="Facility that the person goes to")
    skill: str = Field(description="Skill")
    person: int = Field(ge=1, description="Which of the team's people, by number: one has the same number at all hosts")
    half_days: int = Field(
        ge=0, description="Half-days a week that the origin gives up", json_schema_extra={"unit": "half-day"}
    )
    effective: HalfDays = Field(description="Half-days a week at work at the host, journeys taken off")
    minutes: Minutes = Field(description="Journey between the two, one way")
    km: Km | None = Field(description="Distance by road; empty where none is known")
    premium: Mad = Field(description="Premium, a year")


class PrivateSessions(Frozen):
    """Half-days a week bought from private practitioners."""

    facility: str = Field(description="Facility where they work")
    skill: str = Field(description="Skill")
    half_days: int = Field(ge=0, description="Half-days a week", json_schema_extra={"unit": "half-day"})
    price: Mad = Field(description="Price of one half-day")
    cost: Mad = Field(description="Cost, a year: in every week that the staff of the skill works")


class SharedTeam(Frozen):
    """The time of one skill at one facility, and how much of its need it covers, today and planned."""

    province: str = Field(description="Province of the facility")
    establishment: str = Field(description="Establishment that the facility belongs to")
    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    need: Fte = Field(description="Need, unrounded")
    heads: Heads = Field(description="Heads in post")
    half_days_lent: HalfDays = Field(description="Half-days a week that its people give to other facilities")
    half_days_received: HalfDays = Field(description="Half-days a week at work of people of other facilities")
    half_days_bought: HalfDays = Field(description="Half-days a week bought from private practitioners")
    fte_planned: Fte = Field(description="Staff at work: heads, less half-days lent, more those received and bought")
    covered_today: Fte = Field(description="Need covered today")
    covered_planned: Fte = Field(description="Need covered with the time shared and bought")
    reason: Reason | None = Field(
        description="Why need stays uncovered: nobody_in_reach (nobody has time to spare within the radius, nothing is "
        "on sale), used_up (all of it is used), limited (budgets, hosts a person, lengths of agreements or goals); "
        "empty: all is covered"
    )


class SharedTimePlan(Plan):
    """Agreements, half-days bought, and every team that has heads or need."""

    agreements: tuple[Agreement, ...] = Field(description="Agreements, by origin, skill, person and host")
    private_sessions: tuple[PrivateSessions, ...] = Field(description="Half-days bought, by facility and skill")
    teams: tuple[SharedTeam, ...] = Field(description="Teams, by facility and skill")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: agreements, exchanges between sites, half-days bought, coverage, teams."""
        return (
            PlanTable.of("agreements", Agreement, self.agreements),
            self.exchanges(),
            PlanTable.of("private_sessions", PrivateSessions, self.private_sessions),
            self.coverage("provinces", "province", lambda team: team.province),
            self.coverage("establishments", "establishment", lambda team: team.establishment),
            self.coverage("facilities", "facility", lambda team: team.facility),
            self.coverage("skills", "skill", lambda team: team.skill),
            self._teams(),
            self.fairness(),
        )

    def exchanges(self) -> PlanTable:
        """Return people, half-days, minutes on the road a week and premiums by pair of sites and skill."""
        groups: dict[tuple[str, str, str], list[Agreement]] = {}
        for one in self.agreements:
            groups.setdefault((one.origin, one.host, one.skill), []).append(one)
        rows = tuple(
            (
                *key,
                len(own),
                sum(one.half_days for one in own),
                round(sum(one.effective for one in own), 2),
                sum(2 * one.minutes * one.half_days for one in own),
                sum(one.premium for one in own),
            )
            for key, own in sorted(groups.items())
        )
        columns = ("origin", "host", "skill", "people", "half_days", "effective", "weekly_minutes", "premium")
        return PlanTable(name="exchanges", columns=columns, rows=rows)

    def coverage(self, name: str, column: str, group: Callable[[SharedTeam], str]) -> PlanTable:
        """Return need, cover, and half-days lent, received and bought, summed by group and in all."""
        groups: dict[str, list[SharedTeam]] = {}
        for team in self.teams:
            groups.setdefault(group(team), []).append(team)
        rows = [_sums(key, groups[key]) for key in sorted(groups)]
        rows.append(_sums("*", self.teams))
        columns = (column, "need", "heads", "half_days_lent", "half_days_received", "half_days_bought")
        covers = ("covered_today", "covered_planned", "share_today", "share_planned")
        return PlanTable(name=name, columns=(*columns, *covers, *_RATIOS), rows=tuple(rows))

    def fairness(self) -> PlanTable:
        """Return how the covered shares of the provinces compare, today and planned; no row where nothing is needed."""
        found = before_and_after((t.province, t.need, t.covered_today, t.covered_planned) for t in self.teams)
        return PlanTable(name="fairness", columns=("measure", "today", "planned"), rows=tuple(found))

    def _teams(self) -> PlanTable:
        """Return the teams, with staff over need."""
        table = PlanTable.of("teams", SharedTeam, self.teams)
        rows = tuple((*row, *_ratios((team,))) for row, team in zip(table.rows, self.teams, strict=True))
        return table.replace(columns=(*table.columns, *_RATIOS), rows=rows)


_RATIOS = ("ratio_today", "ratio_planned")


def _ratios(teams: Iterable[SharedTeam]) -> tuple[Cell, ...]:
    """Return staff over need, today and planned: the ratio of WHO's method, where below 1 is pressure."""
    own = tuple(teams)
    need = sum(team.need for team in own)
    at_work = (sum(team.heads for team in own), sum(team.fte_planned for team in own))
    return tuple(round(staff / need, 4) if need else None for staff in at_work)


def _sums(key: str, teams: Iterable[SharedTeam]) -> tuple[Cell, ...]:
    own = tuple(teams)
    need = sum(team.need for team in own)
    today, planned = sum(team.covered_today for team in own), sum(team.covered_planned for team in own)
    return (
        key,
        round(need, 2),
        sum(team.heads for team in own),
        sum(team.half_days_lent for team in own),
        round(sum(team.half_days_received for team in own), 2),
        sum(team.half_days_bought for team in own),
        round(today, 2),
        round(planned, 2),
        round(today / need, 4) if need else None,
        round(planned / need, 4) if need else None,
        *_ratios(own),
    )

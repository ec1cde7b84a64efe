"""The question: which half-days a week should sites lend one another or buy, so that more of the need is covered?"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from gst_opt.core.errors import DataError, DataProblem, GstOptError, expect
from gst_opt.core.grouping import Grouping
from gst_opt.core.units import FacilityId, Km, Mad, Minutes, Share, SkillId
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Pin, Policy, Problem
from gst_opt.model.provinces import worst_province_first
from gst_opt.pillars.staff.question import StaffProblem
from gst_opt.pillars.staff.shared_time.plan import SharedTimePlan
from gst_opt.text import Message

TINY = 1e-9


class SharedTimePin(Pin):
    """A decision about shared time: the half-days a week lent between the selected places in the selected skill."""

    origin: FacilityId | None = Field(default=None, description="Facility that lends; empty: any")
    host: FacilityId | None = Field(default=None, description="Facility that they go to; empty: any")
    skill: SkillId | None = Field(default=None, description="Skill; empty: any")

    def selects(self, origin: str, host: str, skill: str) -> bool:
        """Say whether the pin counts an agreement."""
        return self.origin in (None, origin) and self.host in (None, host) and self.skill in (None, skill)


class SharedTimePolicy(Policy):
    """What the grouping has decided about shared time."""

    max_travel: Minutes = Field(
        default=60.0,
        description="Longest journey to the host, one way, in minutes. No Moroccan text sets a distance: the grouping "
        "decides",
    )
    kept_share: Share = Field(
        default=1.0,
        description="Share of the need (or of the team, when smaller) that every facility keeps of its own half-days. "
        "1: no time is taken from a facility that is short",
    )
    min_half_days: int = Field(
        default=2,
        ge=1,
        description="Half-days a week of one person at one host, at least. 2: a day a week; no Moroccan text sets it, "
        "the grouping decides",
        json_schema_extra={"unit": "half-day"},
    )
    max_half_days: int = Field(
        default=5,
        ge=1,
        description="Half-days a week of one person at one host, at most; who has several hosts also gives each no "
        "more than an even share of `max_half_days_per_person`. 5: half of a week of ten; the grouping decides",
        json_schema_extra={"unit": "half-day"},
    )
    max_half_days_per_person: int = Field(
        default=5,
        ge=1,
        description="Half-days a week of one person at all hosts, at most. 5: half of a week of ten stays with one's "
        "own team; no Moroccan text sets it, an estimate of ours, the grouping decides",
        json_schema_extra={"unit": "half-day"},
    )
    hosts_per_person: int = Field(
        default=2,
        ge=1,
        description="Hosts of one person at most. 2: three places of work with one's own; the grouping decides",
        json_schema_extra={"unit": "facility"},
    )
    premium_distance: Km = Field(
        default=20.0,
        description="Distance by road from which an agreement gives right to the premium. 20 km is that of the French "
        "order of 14 March 2017 on the same premium; no Moroccan text was found",
    )
    premium_budget: Mad | None = Field(
        default=None, description="Premiums of all agreements, a year, at most; empty: no limit. Its budget"
    )
    private_budget: Mad | None = Field(
        default=None, description="Half-days bought, a year, at most; empty: no limit. The grouping's budget"
    )
    uncovered_price: Mad = Field(
        default=250_000.0,
        ge=0,
        description="Price of one FTE of need left uncovered, a year. 250,000: full yearly cost of a post (general "
        "practitioner 235,000, specialist 310,000, nurse 150,000), an estimate of ours",
    )
    agreement_price: Mad = Field(
        default=5_000.0,
        ge=0,
        description="Price of one agreement, a year. 5,000: a week of a post's cost, lost in getting to know a second "
        "place of work; an estimate of ours, the grouping decides",
    )
    minute_price: Mad = Field(
        default=76.0,
        ge=0,
        description="Price of a minute on the road every week, a year; the time itself is taken off the half-days. 76: "
        "43.4 weeks (217 days of 5 a week), a kilometre a minute at 1.75 MAD (decree 2-97-1053)",
    )
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: one sum in MAD a year, of money and of the other terms at the prices "
        "above. To order goals: uncovered (FTE), spending (half-days bought, MAD a year), premiums (MAD a year), "
        "weekly_travel (minutes on the road a week), agreements",
    )
    pins: tuple[SharedTimePin, ...] = Field(default=(), description="Decisions already taken, each with its reason")

    @property
    def prices(self) -> dict[str, float]:
        """Price of every term, in MAD a year per unit of it."""
        return {
            "uncovered": self.uncovered_price,
            "spending": 1.0,
            "premiums": 1.0,
            "weekly_travel": self.minute_price,
            "agreements": self.agreement_price,
        }

    @property
    def chosen_goals(self) -> Goals:
        """What to minimise: the goals, or without any the sum at its prices."""
        return self.goals or in_mad(self.prices)

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        most = min(self.max_half_days, self.max_half_days_per_person)
        if self.min_half_days > most:
            values = {"low": self.min_half_days, "high": most}
            raise GstOptError(Message("pillars.half_days_crossed", values))
        return self


class Week(NamedTuple):
    """The working week of one person of a skill: half-days, minutes in one of them, weeks worked in a year."""

    half_days: float
    minutes: float
    a_year: float


class SharedTimeProblem(StaffProblem, Problem[SharedTimePlan]):
    """Shared time: needs, heads in post, working weeks, premiums, half-days on sale, and what is allowed.

    Raises
    ------
    DataError
        If a pin names a facility or a skill that the data does not have, or if a skill with staff, norms or half-days
        on sale has no working time.
    """

    policy: SharedTimePolicy = Field(default=SharedTimePolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: SharedTimePolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(
            region=grouping.region,
            workforce=grouping.workforce,
            activity=grouping.activity,
            horizon=grouping.horizon,
            policy=policy or SharedTimePolicy(),
        )

    @cached_property
    def weeks(self) -> dict[str, Week]:
        """Working week of every skill with a working time."""
        return {
            row.skill: Week(2 * row.days_per_week, 30 * row.hours_per_day, row.available_days / row.days_per_week)
            for row in self.workforce.working_times
        }

    def longest(self, skill: str, hosts: int) -> int:
        """Return the most half-days at one host of a person who has so many."""
        away = min(self.weeks[skill].half_days, self.policy.max_half_days_per_person)
        return min(self.policy.max_half_days, int((away + TINY) // hosts))

    def worst_province_first(self, rounds: int | None = None) -> Self:
        """Return the question with the provinces' uncovered shares compared before what its policy minimises.

        Parameters
        ----------
        rounds
            1: the worst province only; empty: then the second worst, and so on.
        """
        first = worst_province_first(self.needs_by_province(), rounds)
        return self.replace(policy=self.policy.replace(goals=first.then(self.policy.chosen_goals)))

    @model_validator(mode="after")
    def _complete(self) -> Self:
        problems = [*self.unknown_ids("pins", self.policy.pins), *self._without_week()]
        if problems:
            raise DataError(problems)
        return self

    def _without_week(self) -> Iterator[DataProblem]:
        """Yield the skills whose half-days have no known length, though somebody works or is needed in them."""
        tables = (self.workforce.staff, self.workforce.staffing_norms, self.workforce.private_times)
        used = {row.skill for table in tables for row in table}
        for position, skill in enumerate(self.workforce.skills, 1):
            if skill.id in used - self.weeks.keys():
                yield DataProblem("skills", position, "id", skill.id, Message("core.with_working_time"))

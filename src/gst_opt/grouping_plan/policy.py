"""What the grouping has decided about its plan as a whole: which questions are in it, the budget, prices."""

from pydantic import Field

from gst_opt.core.units import Mad
from gst_opt.model.goals import Goals
from gst_opt.model.problem import Policy
from gst_opt.pillars.platforms.location.policy import LocationPolicy
from gst_opt.pillars.purchasing.awards.policy import TERMS, AwardPolicy
from gst_opt.pillars.staff.redeployment.problem import RedeploymentPolicy
from gst_opt.pillars.support.hubs.policy import INVESTMENTS, HubPolicy
from gst_opt.pillars.support.hubs.policy import MONEY as HUB_MONEY


class GroupingPolicy(Policy):
    """What the grouping has decided about its plan as a whole.

    A question without a policy is not asked. Goals of the parts' own policies are not looked at: what the parts want
    is added up at the prices below. All their other rules hold.
    """

    location: LocationPolicy | None = Field(
        default=LocationPolicy(years=1), description="Platforms and beds, of one year; empty: as they are, not asked"
    )
    staff: RedeploymentPolicy | None = Field(
        default=RedeploymentPolicy(), description="Heads that move; empty: nobody moves, not asked"
    )
    awards: AwardPolicy | None = Field(default=AwardPolicy(), description="The year's tender; empty: not asked")
    support: HubPolicy | None = Field(
        default=HubPolicy(years=1), description="Support functions and hubs, of one year; empty: not asked"
    )
    budget: Mad | None = Field(
        default=None,
        description="What platforms, premiums, purchases and support may take of a year, what is paid once by its "
        "annuity; empty: no limit. Its budget; salaries are on that of the State",
    )
    capital_years: float = Field(
        default=10.0,
        gt=0,
        description="Years over which purchases of equipment, openings of hubs and changes of hub are spread. 10: the "
        "life of most equipment, an estimate of ours",
        json_schema_extra={"unit": "year"},
    )
    capital_rate: float = Field(
        default=0.05,
        ge=0,
        lt=1,
        description="Rate of their annuity. 0.05: near the yield of long Treasury bonds, an estimate of ours",
        json_schema_extra={"unit": "share"},
    )
    unmet_price: Mad = Field(
        default=1_000.0,
        ge=0,
        description="Price of an act needed and not given, by its weight. 1,000: near the tariff of a scan; an "
        "estimate of ours, the grouping decides",
    )
    uncovered_price: Mad = Field(
        default=250_000.0,
        ge=0,
        description="Price of one FTE of need left uncovered, a year. 250,000: full yearly cost of a post (general "
        "practitioner 235,000, specialist 310,000, nurse 150,000), an estimate of ours",
    )
    platform_skill_weight: float = Field(
        default=0.1,
        gt=0,
        description="Weight of uncovered need in skills that platforms, beds or experts take. 0.1: what their absence "
        "costs is counted in acts already; an estimate of ours",
        json_schema_extra={"unit": "ratio"},
    )
    move_price: Mad = Field(
        default=20_000.0,
        ge=0,
        description="Price of a head that moves, a year. 20,000: a month of a post's cost, an estimate of ours",
    )
    minute_price: Mad = Field(
        default=750.0,
        ge=0,
        description="Price of a minute between the old post and the new one, a year. 750: 217 days, both ways, a "
        "kilometre a minute at 1.75 MAD (decree 2-97-1053)",
    )
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: one sum in MAD a year, of money and of the parts' other terms at the "
        "prices above and in their policies",
    )

    @property
    def annuity(self) -> float:
        """What a year bears of a dirham that is paid once.

        Examples
        --------
        >>> round(GroupingPolicy().annuity, 4)
        0.1295
        """
        rate, years = self.capital_rate, self.capital_years
        return 1 / years if rate == 0 else float(rate / (1 - (1 + rate) ** -years))

    @property
    def prices(self) -> dict[str, float]:
        """Price of every term of every part asked, in MAD per unit of it."""
        found: dict[str, float] = {}
        if self.location is not None:
            needs = {"unmet": self.unmet_price, "not_covered": self.unmet_price * self.location.cover_weight}
            found |= needs | self.location.prices | {"purchases": self.annuity}
        if self.staff is not None:
            found |= {
                "uncovered": self.uncovered_price,
                "premiums": 1.0,
                "travel": self.minute_price,
                "moves": self.move_price,
            }
        if self.awards is not None:
            found |= dict.fromkeys(TERMS, 1.0)
        if self.support is not None:
            found |= dict.fromkeys(HUB_MONEY, 1.0) | dict.fromkeys(INVESTMENTS, self.annuity)
        return found

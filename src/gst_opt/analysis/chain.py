"""Questions whose answer is an input of the next: a tender, its call-offs month by month, their distribution."""

from collections.abc import Mapping
from typing import Any

from gst_opt.api import Question
from gst_opt.core.grouping import Grouping
from gst_opt.core.time import Grain
from gst_opt.model.problem import Plan, Problem
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.months import purchases_by_month


def asked_after(question: Question, grouping: Grouping, plans: Mapping[type[Plan], Plan]) -> Problem[Any]:
    """Ask a question of a grouping, with what the questions before it have planned.

    Call-offs are of the awards, and distribution of the call-offs, where these are planned; both are asked by month
    where the calendar has years or quarters.

    Parameters
    ----------
    question
        The question.
    grouping
        Whom it is asked of.
    plans
        Plans of the questions before, by type.
    """
    if question.problem is CallOffProblem:
        awards = plans.get(AwardPlan)
        return CallOffProblem.of(_by_month(grouping), awards=awards if isinstance(awards, AwardPlan) else None)
    if question.problem is DistributionProblem:
        calls = plans.get(CallOffPlan)
        return DistributionProblem.of(_by_month(grouping), calls=calls if isinstance(calls, CallOffPlan) else None)
    return question.of(grouping)


def _by_month(grouping: Grouping) -> Grouping:
    coarse = {Grain.YEAR, Grain.QUARTER} & {period.grain for period in grouping.horizon.periods}
    return purchases_by_month(grouping) if coarse else grouping

"""One way to ask any question: `solve`, and the one table where questions are registered."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeVar

from gst_opt.core.errors import GstOptError, expect
from gst_opt.core.grouping import Grouping
from gst_opt.grouping_plan.check import check as check_grouping
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.model.formulation import Formulation
from gst_opt.model.problem import Check, Plan, Problem
from gst_opt.pillars.platforms.location.check import check as check_location
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.purchasing.awards.check import check as check_awards
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.calloffs.check import check as check_calloffs
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.check import check as check_distribution
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.staff.redeployment.check import check as check_redeployment
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.pillars.staff.shared_time.check import check as check_shared_time
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem
from gst_opt.pillars.staff.workforce_planning.check import check as check_workforce_planning
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.support.hubs.check import check as check_hubs
from gst_opt.pillars.support.hubs.problem import HubProblem
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.text import Message

P = TypeVar("P", bound=Plan)


class Method(Protocol):
    """A way to solve a question: a function that returns a result with a bound proven against the full model."""

    def __call__(
        self,
        formulation: Formulation[Any, P],
        problem: Any,
        check: Callable[[Any, P], Check],
        options: SolveOptions,
        *,
        start: P | None,
    ) -> Result[P]:
        """Solve `problem`."""
        ...


@dataclass(frozen=True)
class Question:
    """A registered question.

    Attributes
    ----------
    pillar
        Pillar that it belongs to; ``gst-opt plan --only`` takes it for all its questions.
    problem
        Type of its problems.
    check
        Independent check of its plans.
    package
        Package that holds `problem`, `model`, `plan` and `check`.
    of
        Asks the question of a grouping.
    by_default
        Whether ``gst-opt plan --only`` asks it when its pillar is named.
    own_method
        Returns its way to be solved, imported when it is called; None: built, split and run.
    """

    pillar: str
    problem: type[Problem[Any]]
    check: Callable[[Any, Any], Check]
    package: str
    of: Callable[[Grouping], Problem[Any]]
    by_default: bool = True
    own_method: Callable[[], Method] | None = None

    @property
    def name(self) -> str:
        """Its name on the command line: that of its package."""
        return self.package.rpartition(".")[2]

    def formulation(self) -> Formulation[Any, Any]:
        """Return its formulation; Pyomo is imported here, not before."""
        formulation: Formulation[Any, Any] = import_module(f"{self.package}.model").FORMULATION
        return formulation

    def method(self) -> Method:
        """Return the way in which it is solved; the solver's layer is imported here, not before."""
        from gst_opt.solve.run import direct

        return direct if self.own_method is None else self.own_method()


def _awards_method() -> Method:
    from gst_opt.pillars.purchasing.awards.method import solve_tender

    return solve_tender


def _calloffs_method() -> Method:
    from gst_opt.pillars.purchasing.calloffs.method import packs_last

    return packs_last


def _hubs_method() -> Method:
    from gst_opt.pillars.support.hubs.method import by_first_year

    return by_first_year


def _grouping_method() -> Method:
    from gst_opt.grouping_plan.method import tied

    return tied


PILLARS: tuple[Question, ...] = (
    Question(
        pillar="staff",
        problem=RedeploymentProblem,
        check=check_redeployment,
        package="gst_opt.pillars.staff.redeployment",
        of=RedeploymentProblem.of,
    ),
    Question(
        pillar="staff",
        problem=WorkforcePlanningProblem,
        check=check_workforce_planning,
        package="gst_opt.pillars.staff.workforce_planning",
        of=WorkforcePlanningProblem.of,
        by_default=False,
    ),
    Question(
        pillar="staff",
        problem=SharedTimeProblem,
        check=check_shared_time,
        package="gst_opt.pillars.staff.shared_time",
        of=SharedTimeProblem.of,
        by_default=False,
    ),
    Question(
        pillar="platforms",
        problem=LocationProblem,
        check=check_location,
        package="gst_opt.pillars.platforms.location",
        of=LocationProblem.of,
        by_default=False,
    ),
    Question(
        pillar="purchasing",
        problem=AwardProblem,
        check=check_awards,
        package="gst_opt.pillars.purchasing.awards",
        of=AwardProblem.of,
        by_default=False,
        own_method=_awards_method,
    ),
    Question(
        pillar="purchasing",
        problem=CallOffProblem,
        check=check_calloffs,
        package="gst_opt.pillars.purchasing.calloffs",
        of=CallOffProblem.of,
        by_default=False,
        own_method=_calloffs_method,
    ),
    Question(
        pillar="purchasing",
        problem=DistributionProblem,
        check=check_distribution,
        package="gst_opt.pillars.purchasing.distribution",
        of=DistributionProblem.of,
        by_default=False,
    ),
    Question(
        pillar="support",
        problem=HubProblem,
        check=check_hubs,
        package="gst_opt.pillars.support.hubs",
        of=HubProblem.of,
        by_default=False,
        own_method=_hubs_method,
    ),
    Question(
        pillar="grouping",
        problem=GroupingProblem,
        check=check_grouping,
        package="gst_opt.grouping_plan",
        of=GroupingProblem.of,
        by_default=False,
        own_method=_grouping_method,
    ),
)


def question_of(problem: Problem[Any]) -> Question:
    """Return the registered question of a problem.

    Raises
    ------
    GstOptError
        If its type is not registered.
    """
    for question in PILLARS:
        if type(problem) is question.problem:
            return question
    raise GstOptError(Message("model.unknown_question", {"type": type(problem).__name__}))


def solve(
    problem: Problem[P],
    options: SolveOptions | None = None,
    *,
    formulation: Formulation[Any, P] | None = None,
    method: Method | None = None,
    start: P | None = None,
) -> Result[P]:
    """Answer a question, with a proof.

    Parameters
    ----------
    problem
        The question.
    options
        Gap, time limit, seed, workers, progress; by default 1e-4 and no time limit.
    formulation
        Another formulation than the question's own, such as one with a rule added.
    method
        Another way to solve than the question's own.
    start
        A plan to start from, such as yesterday's: used as far as it is still allowed.

    Returns
    -------
    Result
        Plan, status, bound and gap of every goal, and what the independent check found.

    Raises
    ------
    DataError
        If the data cannot be used.
    SolverError
        If the model holds numbers that a solver cannot be trusted with.
    KeyboardInterrupt
        If Ctrl-C arrives before the search begins, while the model is built: no plan is held yet. Later, the best
        plan found is returned.
    """
    options = SolveOptions() if options is None else options
    expect(options, SolveOptions)
    question = question_of(problem)
    chosen = method if method is not None else question.method()
    return chosen(formulation or question.formulation(), problem, question.check, options, start=start)

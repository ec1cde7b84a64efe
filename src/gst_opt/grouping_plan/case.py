"""A grouping's model ready for searches: built, compiled, its columns by part, points to plans and back."""

from functools import cached_property
from typing import Any, TypeVar

from gst_opt.grouping_plan.arrays import OWN, Bools, Tied
from gst_opt.grouping_plan.neighbours import neighbourhoods
from gst_opt.grouping_plan.search import Search
from gst_opt.model.formulation import Formulation
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.model.problem import Plan
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.once import Limits
from gst_opt.solve.preflight import prepared

P = TypeVar("P", bound=Plan)
SMALL = 20_000
"""Columns of a model that is solved in one piece at once: smaller ones are solved before a price is known."""


class Case:
    """A grouping's model: built, compiled, its columns by part, and today's point."""

    def __init__(self, formulation: Formulation[Any, P], problem: Any) -> None:
        self.formulation, self.problem = formulation, problem
        self.model = formulation.build(problem)
        self.compiled: Compiled = compile_model(self.model, formulation.terms(self.model, problem))
        first = formulation.goals(problem).stages[0]
        self.goal = first if isinstance(first, Goal) else None
        weights = self.goal.weights if self.goal else ()
        self.constant = sum(one.weight * self.compiled.terms[one.term].constant for one in weights)
        formulation.write(self.model, problem, None)
        self.today = self.compiled.stored()

    @property
    def fit_for_prices(self) -> bool:
        """Whether the model is large and has one goal."""
        goals = self.formulation.goals(self.problem)
        one = self.goal is not None and len(goals.stages) == 1 and not goals.limits
        return one and self.compiled.matrix.shape[1] >= SMALL

    @cached_property
    def tied(self) -> Tied:
        """The model's columns by part, its bounds derived."""
        assert self.goal is not None
        tight = prepared(self.compiled)
        return Tied.of(tight, tight.costs(self.goal))

    @cached_property
    def near(self) -> list[Bools]:
        """What is searched together around a plan: acts done and supplies short follow platforms wherever they are."""
        return [one | self.tied.owned([OWN]) for one in neighbourhoods(self.problem, self.tied.model)]

    def search(self, limits: Limits) -> Search:
        """Return a search of the model."""
        return Search(self.tied, limits, self.near)

    def value(self, x: Floats) -> float:
        """Return what a point costs, with what no decision changes."""
        return self.tied.value(x) + self.constant

    def point(self, plan: Any) -> Floats:
        """Return the point of a plan."""
        self.formulation.write(self.model, self.problem, plan)
        return self.compiled.stored()

    def plan(self, x: Floats | None) -> Any:
        """Return the plan of a point; None without one."""
        if x is None:
            return None
        self.compiled.load(x)
        return self.formulation.read(self.model, self.problem)

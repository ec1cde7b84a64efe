"""A formulation: how a question becomes a Pyomo model, piece by piece."""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from gst_opt.core.errors import GstOptError
from gst_opt.core.ports import PortKey
from gst_opt.model.goals import Goal, Goals, TermWeight
from gst_opt.model.linear import Affine
from gst_opt.model.problem import Plan, Problem
from gst_opt.text import Message

Q = TypeVar("Q", bound=Problem[Any])
P = TypeVar("P", bound=Plan)
Block = Any
Piece = Callable[[Block, Q], None]


@dataclass(frozen=True)
class Term:
    """A named part of the objective: a linear quantity and its unit."""

    quantity: Affine
    unit: str


@dataclass(frozen=True)
class Formulation(Generic[Q, P]):
    """The pieces of a model.

    Attributes
    ----------
    variables
        Adds the variables to the block.
    constraints
        The model's table of contents: each adds one family of rows, named as the function, whose docstring holds
        the equation.
    terms
        Named parts of the objective, each a linear quantity to minimise, with its unit.
    goals
        Which terms to minimise and in which order, from the problem's policy.
    ports
        Quantities that other questions may bind, by key.
    write
        Gives every variable its value under a plan, as far as the plan is still allowed; under None, its value when
        nothing changes. The inverse of `read`.
    read
        Solved block -> plan.
    redundant
        Names of constraints that only tighten the relaxation: dropping one changes no optimum.
    hard
        Names of constraints that define what words mean (a head is in one place): when there is no plan, no
        explanation supposes them broken.
    """

    variables: Piece[Q]
    constraints: tuple[Piece[Q], ...]
    terms: Callable[[Block, Q], Mapping[str, Term]]
    goals: Callable[[Q], Goals]
    ports: Callable[[Block, Q], Mapping[PortKey, Affine]]
    write: Callable[[Block, Q, P | None], None]
    read: Callable[[Block, Q], P]
    redundant: frozenset[str] = frozenset()
    hard: frozenset[str] = frozenset()

    def build(self, problem: Q, *, without: Collection[str] = ()) -> pyo.ConcreteModel:
        """Return the Pyomo model of a problem, its first goal as the active objective.

        The largest of several terms is not linear: for such a goal the objective is the sum of its terms. Limits on
        terms and what compares them are added when goals are reached (`solve.couple`).

        Parameters
        ----------
        problem
            The question.
        without
            Names of constraints to leave out, to see what they cost or to test that they bind.

        Raises
        ------
        GstOptError
            If `without` names a constraint, or a goal or limit a term, that the formulation does not have.
        """
        names = {piece.__name__ for piece in self.constraints}
        for unknown in sorted(set(without) - names):
            raise GstOptError(Message("model.unknown_constraint", {"name": unknown, "known": ", ".join(sorted(names))}))
        with PauseGC():
            model = pyo.ConcreteModel(name=type(problem).__name__)
            self.variables(model, problem)
            for piece in self.constraints:
                if piece.__name__ not in without:
                    piece(model, problem)
            goals, terms = self.goals(problem), self.terms(model, problem)
            for unknown in sorted(set(goals.terms) - terms.keys()):
                raise GstOptError(Message("model.unknown_term", {"name": unknown, "known": ", ".join(terms)}))
            first = goals.stages[0]
            weights = first.weights if isinstance(first, Goal) else first.worst_of
            model.goal = pyo.Objective(expr=weighted_sum(weights, terms).expression())
        return model

    def math(self) -> dict[str, str]:
        """Return the equation of every constraint by name, read from its docstring.

        The docstring of a constraint is: one line in the domain's words, then the equation on indented lines that
        begin with ``::``, then the source.
        """
        return {piece.__name__: equation(piece) for piece in self.constraints}


def weighted_sum(weights: Sequence[TermWeight], terms: Mapping[str, Term]) -> Affine:
    """Return a weighted sum of terms as one quantity."""
    entries = []
    constant = 0.0
    for part in weights:
        quantity = terms[part.term].quantity
        constant += part.weight * quantity.constant
        for entry in quantity.entries:
            rows, columns, coefficients = entry.arrays()
            entries.append(type(entry)(entry.variable, rows, columns, part.weight * coefficients))
    return Affine(tuple(entries), constant)


def equation(piece: Callable[..., object]) -> str:
    """Return the equation in the docstring of a constraint: the indented lines after ``::``; empty if none."""
    lines = inspect.cleandoc(piece.__doc__ or "").splitlines()
    if "::" not in lines:
        return ""
    block: list[str] = []
    for line in lines[lines.index("::") + 1 :]:
        if line.strip() and not line.startswith("    "):
            break
        block.append(line.strip())
    return "\n".join(block).strip()

"""Goals as data: what to minimise, in which order, within which limits, on the named terms of a formulation."""

from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Frozen
from gst_opt.text import Message


class TermWeight(Frozen):
    """A term and its weight in a goal."""

    term: str = Field(description="Name of a term of the formulation")
    weight: float = Field(default=1.0, description="Weight, in goal units per unit of the term")

    @property
    def name(self) -> str:
        """The term in words, such as ``uncovered`` or ``0.5 travel``."""
        return self.term if self.weight == 1 else f"{self.weight:g} {self.term}"


class Goal(Frozen):
    """A weighted sum of terms to minimise; give a term to maximise a negative weight."""

    weights: tuple[TermWeight, ...] = Field(min_length=1, description="Terms and weights")
    tolerance: float = Field(default=0.0, ge=0, description="How much of it later goals may give back, in its own unit")
    unit: str = Field(default="", description="Unit of the weighted sum; empty: that of its first term")

    @property
    def name(self) -> str:
        """The terms in words, such as ``uncovered`` or ``moves + 0.5 travel``."""
        return " + ".join(weight.name for weight in self.weights)


class WorstFirst(Frozen):
    """Weighted terms compared with one another: the largest is made as small as can be, then the two largest, ...

    Round ``k`` minimises the sum of the ``k`` largest without giving back what the rounds before it reached. One
    round is the min-max goal; all rounds together leave the leximax order: no smaller largest term, then no smaller
    second largest, and so on. Round ``k`` alone is the mean of the ``k`` largest, times ``k``. With negative weights it
    is max-min and leximin. A weight may be a scale, such as one over the need, so that shares are compared.
    """

    worst_of: tuple[TermWeight, ...] = Field(min_length=1, description="Terms and weights")
    first_round: int = Field(default=1, ge=1, description="Round to begin with; as high as the last: that one alone")
    rounds: int | None = Field(default=None, ge=1, description="Last round; 1: the worst term only; empty: one a term")
    tolerance: float = Field(
        default=0.0, ge=0, description="How much of each round later goals may give back, in its own unit"
    )
    unit: str = Field(default="", description="Unit of the weighted terms, such as share; empty: that of the first")
    label: str = Field(default="", description="What the weighted terms are called together; empty: their names")

    @property
    def numbers(self) -> range:
        """Numbers of the rounds, in order."""
        last = len(self.worst_of) if self.rounds is None else min(self.rounds, len(self.worst_of))
        return range(min(self.first_round, last), last + 1)

    def round_name(self, number: int) -> str:
        """The terms in words: ``max(a, b, c)``, then ``max2(a, b, c)`` for the two largest, then ``a + b + c``."""
        names = [self.label] if self.label else [weight.name for weight in self.worst_of]
        if number == len(self.worst_of):
            return f"sum({self.label})" if self.label else " + ".join(names)
        return f"max{number if number > 1 else ''}({', '.join(names)})"


class TermLimit(Frozen):
    """A limit that a term keeps whatever the goals: the epsilon of an epsilon-constraint."""

    term: str = Field(description="Name of a term of the formulation")
    at_most: float | None = Field(default=None, description="Highest value allowed, in the term's unit")
    at_least: float | None = Field(default=None, description="Lowest value allowed, in the term's unit")

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        low, high = self.sides()
        if (self.at_most is None and self.at_least is None) or low > high:
            raise GstOptError(Message("model.term_limit", {"term": self.term}))
        return self

    def sides(self) -> tuple[float, float]:
        """Return the lowest and the highest value allowed."""
        inf = float("inf")
        return -inf if self.at_least is None else self.at_least, inf if self.at_most is None else self.at_most


class Goals(Frozen):
    """Goals in order: each is reached as far as it can be before the next one is looked at."""

    stages: tuple[Goal | WorstFirst, ...] = Field(min_length=1, description="Goals, the first one first")
    limits: tuple[TermLimit, ...] = Field(default=(), description="Limits on terms that every plan keeps")

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term that a goal or a limit names."""
        weights = [w for goal in self.stages for w in (goal.weights if isinstance(goal, Goal) else goal.worst_of)]
        return tuple(dict.fromkeys([*(weight.term for weight in weights), *(limit.term for limit in self.limits)]))

    def then(self, later: Self) -> Self:
        """Return these goals, followed by later ones; the limits of both hold throughout.

        Examples
        --------
        >>> [goal.name for goal in minimise("uncovered").then(minimise("moves")).stages]
        ['uncovered', 'moves']
        """
        return self.replace(stages=(*self.stages, *later.stages), limits=(*self.limits, *later.limits))


def minimise(*terms: str) -> Goals:
    """Return goals that minimise one term after the other.

    Examples
    --------
    >>> [goal.name for goal in minimise("uncovered", "moves").stages]
    ['uncovered', 'moves']
    """
    return Goals(stages=tuple(Goal(weights=(TermWeight(term=term),)) for term in terms))


def weighted(*weights: tuple[str, float]) -> Goals:
    """Return one goal: a weighted sum of terms.

    Examples
    --------
    >>> weighted(("moves", 1.0), ("travel", 0.5)).stages[0].name
    'moves + 0.5 travel'
    """
    return Goals(stages=(Goal(weights=_weights(weights, 1.0)),))


def min_max(*weights: tuple[str, float]) -> Goals:
    """Return one goal: make the largest of some weighted terms as small as it can be.

    Examples
    --------
    >>> min_max(("north", 0.5), ("south", 0.25)).stages[0].round_name(1)
    'max(0.5 north, 0.25 south)'
    """
    return Goals(stages=(WorstFirst(worst_of=_weights(weights, 1.0), rounds=1),))


def max_min(*weights: tuple[str, float]) -> Goals:
    """Return one goal: make the smallest of some weighted terms as large as it can be.

    Its value is that of the negated terms, as for every goal that maximises.

    Examples
    --------
    >>> max_min(("north", 1.0), ("south", 1.0)).stages[0].round_name(1)
    'max(-1 north, -1 south)'
    """
    return Goals(stages=(WorstFirst(worst_of=_weights(weights, -1.0), rounds=1),))


def leximax(*weights: tuple[str, float]) -> Goals:
    """Return one goal: the largest of some weighted terms as small as it can be, then the second largest, ...

    Examples
    --------
    >>> leximax(("north", 1.0), ("south", 1.0)).stages[0].numbers
    range(1, 3)
    """
    return Goals(stages=(WorstFirst(worst_of=_weights(weights, 1.0)),))


def leximin(*weights: tuple[str, float]) -> Goals:
    """Return one goal: the smallest of some weighted terms as large as it can be, then the second smallest, ...

    Its values are those of the negated terms, as for every goal that maximises.

    Examples
    --------
    >>> leximin(("north", 1.0), ("south", 1.0)).stages[0].round_name(2)
    '-1 north + -1 south'
    """
    return Goals(stages=(WorstFirst(worst_of=_weights(weights, -1.0)),))


def _weights(weights: tuple[tuple[str, float], ...], sign: float) -> tuple[TermWeight, ...]:
    return tuple(TermWeight(term=term, weight=sign * weight) for term, weight in weights)

"""Goals as data: what to minimise, in which order, on the named terms of a formulation."""

from pydantic import Field

from gst_opt.core.frozen import Frozen


class TermWeight(Frozen):
    """A term and its weight in a goal."""

    term: str = Field(description="Name of a term of the formulation")
    weight: float = Field(default=1.0, description="Weight, in goal units per unit of the term")


class Goal(Frozen):
    """A weighted sum of terms to minimise; give a term to maximise a negative weight."""

    weights: tuple[TermWeight, ...] = Field(min_length=1, description="Terms and weights")
    tolerance: float = Field(default=0.0, ge=0, description="How much of it later goals may give back, in its own unit")

    @property
    def name(self) -> str:
        """The terms in words, such as ``uncovered`` or ``moves + 0.5 travel``."""
        return " + ".join(w.term if w.weight == 1 else f"{w.weight:g} {w.term}" for w in self.weights)


class Goals(Frozen):
    """Goals in order: each is reached as far as it can be before the next one is looked at."""

    stages: tuple[Goal, ...] = Field(min_length=1, description="Goals, the first one first")


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
    return Goals(stages=(Goal(weights=tuple(TermWeight(term=term, weight=weight) for term, weight in weights)),))

"""Plans that keep every rule, each broken in one named way; the check must name the rule."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

import gst_opt as gst
from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import Check, Plan, Problem

Rng = np.random.Generator
Figures = Callable[[Any, Rng], dict[str, Any]]
Q = TypeVar("Q", bound=Problem[Any])
P = TypeVar("P", bound=Plan)
AnyPlan = TypeVar("AnyPlan", bound=Plan)


def row(table: str, change: Figures) -> Callable[[AnyPlan, Rng], AnyPlan]:
    """Change one row of a table, drawn at random."""

    def mutate(plan: AnyPlan, rng: Rng) -> AnyPlan:
        rows: tuple[Frozen, ...] = getattr(plan, table)
        chosen = int(rng.integers(len(rows)))
        new = tuple(one.replace(**change(one, rng)) if at == chosen else one for at, one in enumerate(rows))
        return plan.replace(**{table: new})

    return mutate


def more(*names: str) -> Figures:
    """Add something to one of some figures, or give it one where it has none."""

    def change(one: Any, rng: Rng) -> dict[str, Any]:
        name = names[int(rng.integers(len(names)))]
        return {name: (getattr(one, name) or 0.0) + float(rng.uniform(0.1, 5))}

    return change


def either(first: Callable[[Any, Rng], Any], second: Callable[[Any, Rng], Any]) -> Callable[[Any, Rng], Any]:
    """Do one thing or the other."""
    return lambda one, rng: (first if rng.random() < 0.5 else second)(one, rng)


@dataclass(frozen=True)
class Broken(Generic[Q, P]):
    """A question whose check is put to the test.

    Attributes
    ----------
    check, draw
        The check, and small random problems.
    plans, questions
        By rule: how a plan is changed, or the question under it, so that the rule is broken.
    fits
        Whether a plan has what breaking a rule needs.
    """

    check: Callable[[Q, P], Check]
    draw: Callable[[int], Q]
    plans: Mapping[str, Callable[[P, Rng], P]]
    questions: Mapping[str, Callable[[Q, P, Rng], Q]]
    fits: Callable[[str, Q, P], bool]
    _good: list[tuple[Q, P]] = field(default_factory=list)

    @property
    def rules(self) -> list[str]:
        """Rules that can be broken."""
        return sorted(self.plans) + sorted(self.questions)

    def good(self, count: int = 20) -> list[tuple[Q, P]]:
        """Solve random problems until `count` plans that do something are found, and every rule can be broken."""
        seed = 5000
        while len(self._good) < count or not all(
            any(self.fits(rule, *one) for one in self._good) for rule in self.rules
        ):
            problem = self.draw(seed)
            seed += 1
            plan = gst.solve(problem, gst.SolveOptions(workers=1)).plan
            if plan is not None and any(self.fits(rule, problem, plan) for rule in self.rules):
                self._good.append((problem, plan))
            assert len(self._good) < 200
        return self._good

    def _can_be_broken(self, rule: str) -> bool:
        return any(self.fits(rule, *one) for one in self._good)

    def plans_that_keep_every_rule_pass(self) -> None:
        """Check plans as they were found."""
        for problem, plan in self.good():
            assert self.check(problem, plan).violations == ()

    def broken_plans_are_named_by_their_rule(self, count: int = 1000) -> None:
        """Break `count` plans, the rules in turn."""
        rules, bases = self.rules, self.good()
        for seed in range(count):
            rng = np.random.default_rng(seed)
            rule = rules[seed % len(rules)]
            usable = [base for base in bases if self.fits(rule, *base)]
            problem, plan = usable[int(rng.integers(len(usable)))]
            if rule in self.questions:
                problem = self.questions[rule](problem, plan, rng)
            else:
                plan = self.plans[rule](plan, rng)
            assert rule in {violation.rule for violation in self.check(problem, plan).violations}, (seed, rule)

    def every_rule_is_broken(self) -> None:
        """Compare the rules that can be broken with those that the check lists."""
        listed = (self.check.__doc__ or "").partition("Rules, by name:")[2]
        assert set(re.findall("``([a-z_]+)``", listed)) == set(self.rules)

"""What changes of any question about purchasing are made of: its policy, a table of its data, its pins; no solver."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from gst_opt.core.errors import DataError
from gst_opt.model.changes import Change
from gst_opt.model.problem import Pin
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.text import Message

AskedT = TypeVar("AskedT", AwardProblem, CallOffProblem, DistributionProblem)


def where_valid(label: Message, make: Callable[[], AskedT], *, relaxes: bool = False) -> Iterator[Change[AskedT]]:
    """Yield a change, unless what it makes is no valid question: more packs, say, than can be counted."""
    try:
        changed = make()
    except DataError:
        return
    yield Change(label, changed, relaxes)


def with_policy(problem: AskedT, fields: Mapping[str, object]) -> AskedT:
    """Return a question whose policy has other values in some fields."""
    return problem.replace(policy=problem.policy.replace(**fields))


def with_rows(problem: AskedT, section: str, table: str, fields: Mapping[str, object]) -> AskedT:
    """Return a question where all rows of a table of a section have other values in some fields."""
    held = getattr(problem, section)
    rows = tuple(row.replace(**fields) for row in getattr(held, table))
    return problem.replace(**{section: held.replace(**{table: rows})})


def without_pins(problem: AskedT) -> tuple[Change[AskedT], ...]:
    """Leave out each pin in turn."""
    return tuple(_without_pin(problem, position) for position in range(len(problem.policy.pins)))


def _without_pin(problem: AskedT, position: int) -> Change[AskedT]:
    pins: tuple[Pin, ...] = problem.policy.pins
    free = with_policy(problem, {"pins": (*pins[:position], *pins[position + 1 :])})
    label = Message("prices.without_pin", {"number": position + 1, "reason": pins[position].reason})
    return Change(label, free, relaxes=True)

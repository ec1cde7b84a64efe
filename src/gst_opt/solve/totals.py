"""Bounds of later goals for every plan that is no worse at the earlier ones in total, whatever its parts are.

The search keeps what each part has reached, which is simple and loses nothing where every part is proven. Where several
parts are not, a plan may be better at an earlier goal in one part and worse in another, and so reach values of the
later goals that no part keeping its own value can. In such a plan an earlier goal is, in each part,

::

    at most  reached_p + sum over other parts q of (reached_q - bound_q)

because the others are at best at their bounds. Minimising a later goal again in each part with its rows widened so
gives bounds whose sum holds for all these plans. Nothing is done where at most one part is not proven.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gst_opt.solve.components import Part, costs_of
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import solve_parts
from gst_opt.solve.stages import SLACK, Job, PartAnswer, side_of
from gst_opt.solve.standard import Extra

ROUNDING = 1e-9
"""What sums of the same numbers may differ by, relative to them."""


def room_of_others(reached: Sequence[float], bounds: Sequence[float]) -> list[float]:
    """Return, for each part, how much worse it can be in a plan that is no worse in total; 0 within rounding."""
    slack = np.maximum(np.subtract(reached, bounds), 0.0)
    before = np.append(0.0, np.cumsum(slack[:-1]))[: len(slack)]
    behind = np.append(np.cumsum(slack[:0:-1])[::-1], 0.0)[: len(slack)]
    rounding = SLACK + ROUNDING * float(np.abs(reached).sum())
    return [room if room > rounding else 0.0 for room in (before + behind).tolist()]


def bounds_in_total(
    jobs: Sequence[Job], wider: Sequence[Part], answers: Sequence[PartAnswer], options: SolveOptions, limits: Limits
) -> list[PartAnswer]:
    """Return the answers of all parts with bounds for plans that keep earlier goals in total.

    Parameters
    ----------
    jobs, answers
        What each part was asked, and what it found.
    wider
        Each part with the rows of earlier phases widened by the room that the other parts leave.
    options, limits
        As for the search.
    """
    found = list(answers)
    goals = jobs[0].goals if jobs else ()
    rooms: list[list[float]] = []
    for position, goal in enumerate(goals):
        asked: dict[int, Job] = {}
        for number, (job, part, answer) in enumerate(zip(jobs, wider, answers, strict=True)):
            own = [room[number] for room in rooms]
            if any(own) or np.any(part.row_upper != job.part.row_upper):
                kept = tuple(
                    Extra(costs_of(earlier, part), side_of(value, room))
                    for earlier, value, room in zip(goals, answer.reached, own, strict=False)
                )
                asked[number] = Job(part, (goal,), job.today, known=answer.x, kept=kept, bound_only=True)
        if asked:
            again = solve_parts(list(asked.values()), options, replace(limits, stage=limits.stage + position))
            for number, answer in zip(asked, again, strict=True):
                found[number] = _rebound(found[number], position, answer)
        rooms.append(
            room_of_others(*zip(*((one.reached[position], one.bounds[position]) for one in found), strict=True))
        )
    return found


def _rebound(answer: PartAnswer, position: int, wider: PartAnswer) -> PartAnswer:
    """Return an answer with the bound of one goal that was found with wider rows."""
    bounds = (*answer.bounds[:position], *wider.bounds, *answer.bounds[position + 1 :])
    ended = max(answer.ended, wider.ended)
    return replace(answer, bounds=bounds, ended=ended, attempts=answer.attempts + wider.attempts)

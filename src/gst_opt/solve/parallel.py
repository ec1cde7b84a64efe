"""Parts solved several at a time, with progress, a time limit for all of them, and interruption."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress

from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Limits
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.stages import PartAnswer, solve_part


def solve_parts(
    parts: Sequence[Part], goals: Sequence[Goal], known: Sequence[Floats | None], options: SolveOptions
) -> list[PartAnswer]:
    """Solve every part, `options.workers` at a time, and return the answers in the order of the parts.

    A part's share of the time limit is in proportion to its columns. Ctrl-C ends the running parts with the best
    point that they hold; parts not begun keep the point that is known.
    """
    started = time.monotonic()
    cancelled = threading.Event()
    sizes = [len(part.columns) for part in parts]
    ahead = [sum(sizes[position:]) for position in range(len(sizes))]

    def one(position: int) -> PartAnswer:
        deadline = None
        if options.seconds is not None:
            now = time.monotonic()
            left = max(started + options.seconds - now, 0.0)
            deadline = now + left * min(1.0, options.workers * sizes[position] / ahead[position])
        limits = Limits(options.gap, deadline, options.seed, cancelled)
        return solve_part(parts[position], goals, known[position], limits)

    with ThreadPoolExecutor(max_workers=options.workers) as pool:
        futures = [pool.submit(one, position) for position in range(len(parts))]
        waiting: set[Future[PartAnswer]] = set(futures)
        try:
            while waiting:
                _, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                if options.progress is not None:
                    options.progress(Progress(len(futures) - len(waiting), len(futures), time.monotonic() - started))
        except KeyboardInterrupt:
            cancelled.set()
            with suppress(KeyboardInterrupt):
                wait(waiting)
        except BaseException:
            cancelled.set()
            raise
    return [future.result() for future in futures]

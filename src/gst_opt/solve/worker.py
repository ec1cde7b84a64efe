"""The process that runs HiGHS: ``python -m gst_opt.solve.worker``. The host never imports the solver.

It reads one request a frame from its standard input, streams every incumbent and every better bound, ends each run
with an answer, and says ``ready`` whenever it waits for a request. It leaves when its input closes or its parent is
gone, even in the middle of a run, so that it cannot outlive the host.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from io import FileIO
from queue import SimpleQueue
from typing import Any

import highspy
import numpy as np

from gst_opt.solve import lp_worker
from gst_opt.solve.wire import Answers, Arrays, Frame, receive, send

BOUND_SECONDS = 0.2
"""Shortest time between two bounds streamed."""

PARENT_SECONDS = 0.5
"""How often a worker looks whether its parent is still there: a fork of the host can keep its input open."""

_FEASIBLE_POINT = 2
"""Value of `primal_solution_status` for a feasible point (SolutionStatus.kSolutionStatusFeasible)."""


class Pipe:
    """Answers that go to the host through a pipe; a host that does not want them any more ends the process."""

    def __init__(self, stream: FileIO) -> None:
        self._stream = stream

    def send(self, header: Mapping[str, Any], arrays: Arrays) -> None:
        """Send one frame."""
        send(self._stream, header, arrays)

    @property
    def stopped(self) -> bool:
        """Never: the process is killed instead."""
        return False


def main() -> None:
    """Serve requests until the host closes the stream."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = Pipe(FileIO(os.dup(1), "wb"))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests: SimpleQueue[Frame] = SimpleQueue()
    threading.Thread(target=_listen, args=(FileIO(os.dup(0)), requests), daemon=True).start()
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    while True:
        answers.send({"kind": "ready"}, {})
        header, arrays = requests.get()
        HANDLERS[header["kind"]](header, arrays, answers)
        del arrays


def _listen(stream: FileIO, requests: "SimpleQueue[Frame]") -> None:
    while (frame := receive(stream)) is not None:
        requests.put(frame)
    os._exit(0)


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os._exit(0)


def load(solver: highspy.Highs, arrays: Mapping[str, Any]) -> highspy.HighsStatus:
    """Hand one problem over: a single call, whatever its size."""
    return solver.passModel(
        len(arrays["lower"]),
        len(arrays["row_lower"]),
        len(arrays["value"]),
        highspy.MatrixFormat.kRowwise.value,
        highspy.ObjSense.kMinimize.value,
        0.0,
        arrays["cost"],
        arrays["lower"],
        arrays["upper"],
        arrays["row_lower"],
        arrays["row_upper"],
        arrays["start"],
        arrays["index"],
        arrays["value"],
        arrays["integer"],
    )


def minimise(header: Mapping[str, Any], arrays: Arrays, answers: Answers) -> None:
    """Serve one request of kind ``minimise``: stream incumbents and bounds, end with an answer.

    Its ``deadline``, on the clock of `time.monotonic`, counts from wherever the request waited; its ``effort`` is in
    processor seconds of the search.
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    statuses = [solver.setOptionValue(name, value) for name, value in header["options"].items()]
    if highspy.HighsStatus.kError in (*statuses, load(solver, arrays)):
        answers.send({"kind": "answer", "status": "refused", "bound": None, "nodes": 0}, {})
        return
    if "known" in arrays:
        columns = np.arange(len(arrays["lower"]), dtype=np.int32)
        solver.setSolution(len(columns), columns, arrays["known"])
    is_mip = bool(arrays["integer"].any())
    _watch(solver, answers, header["effort"], is_mip=is_mip)
    if header["deadline"] is not None:
        solver.setOptionValue("time_limit", max(header["deadline"] - time.monotonic(), 0.0))
    run_status = solver.run()
    _answer(solver, run_status, is_mip, answers)


def _watch(solver: Any, answers: Answers, effort: float | None, *, is_mip: bool) -> None:
    """Stream what the run finds; stop it when its answer is no longer wanted, or its effort is spent."""
    streamed, streamed_at = -np.inf, 0.0
    enough = np.inf if effort is None else time.thread_time() + effort

    def incumbent(event: Any) -> None:
        data = event.data_out
        bound = data.mip_dual_bound
        x = np.array(data.mip_solution, dtype=np.float64)
        answers.send({"kind": "incumbent", "bound": bound if np.isfinite(bound) else None}, {"x": x})

    def beat(event: Any) -> None:
        nonlocal streamed, streamed_at
        if answers.stopped or time.thread_time() > enough:
            event.interrupt()
        bound, now = event.data_out.mip_dual_bound, time.monotonic()
        if is_mip and np.isfinite(bound) and bound > streamed and now > streamed_at + BOUND_SECONDS:
            streamed, streamed_at = bound, now
            answers.send({"kind": "bound", "bound": bound}, {})

    if is_mip:
        solver.cbMipImprovingSolution += incumbent
        solver.cbMipInterrupt += beat
    else:
        solver.cbSimplexInterrupt += beat
        solver.cbIpmInterrupt += beat


def _answer(solver: Any, run_status: Any, is_mip: bool, answers: Answers) -> None:
    """Believe a point only with run status, model status and primal status together.

    What a linear problem cannot be below is for the host to prove, from the duals.
    """
    model_status, info = solver.getModelStatus(), solver.getInfo()
    has_point = run_status != highspy.HighsStatus.kError and info.primal_solution_status == _FEASIBLE_POINT
    bound = info.mip_dual_bound if is_mip else np.inf
    header = {
        "kind": "answer",
        "status": model_status.name,
        "bound": bound if np.isfinite(bound) else None,
        "nodes": int(info.mip_node_count) if is_mip else 0,
    }
    solution, arrays = solver.getSolution(), {}
    if has_point:
        arrays["x"] = np.array(solution.col_value, dtype=np.float64)
    if not is_mip and solution.dual_valid:
        arrays["duals"] = np.array(solution.row_dual, dtype=np.float64)
    answers.send(header, arrays)


HANDLERS: Mapping[str, Callable[[Mapping[str, Any], Arrays, Answers], None]] = {
    "minimise": minimise,
    "lp": lp_worker.serve,
}
"""What serves each kind of request."""


if __name__ == "__main__":
    main()

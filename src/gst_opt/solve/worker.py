"""The process that runs HiGHS: ``python -m gst_opt.solve.worker``. The host never imports the solver.

It reads one request a frame from its standard input, streams every incumbent, and ends each run with an answer.
It leaves when its input closes, even in the middle of a run, so that it cannot outlive the host.
"""

import os
import sys
import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import IO, Any

import highspy
import numpy as np

from gst_opt.solve.wire import Frame, receive, send

_OPTIMAL = highspy.HighsModelStatus.kOptimal
_FEASIBLE_POINT = 2
"""Value of `primal_solution_status` for a feasible point (SolutionStatus.kSolutionStatusFeasible)."""


def main() -> None:
    """Serve requests until the host closes the stream."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests: SimpleQueue[Frame] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    while True:
        header, arrays = requests.get()
        HANDLERS[header["kind"]](header, arrays, answers)


def _listen(stream: IO[bytes], requests: "SimpleQueue[Frame]") -> None:
    while (frame := receive(stream)) is not None:
        requests.put(frame)
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


def minimise(header: dict[str, Any], arrays: dict[str, Any], answers: IO[bytes]) -> None:
    """Serve one request of kind ``minimise``: a run that streams its incumbents and ends with an answer."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    statuses = [solver.setOptionValue(name, value) for name, value in header["options"].items()]
    if highspy.HighsStatus.kError in (*statuses, load(solver, arrays)):
        send(answers, {"kind": "answer", "status": "refused", "bound": None, "nodes": 0}, {})
        return
    if "known" in arrays:
        columns = np.arange(len(arrays["lower"]), dtype=np.int32)
        solver.setSolution(len(columns), columns, arrays["known"])

    def stream(event: Any) -> None:
        data = event.data_out
        bound = data.mip_dual_bound
        send(
            answers,
            {"kind": "incumbent", "bound": bound if np.isfinite(bound) else None},
            {"x": np.array(data.mip_solution, dtype=np.float64)},
        )

    is_mip = bool(arrays["integer"].any())
    if is_mip:
        solver.cbMipImprovingSolution += stream
    run_status = solver.run()
    _answer(solver, run_status, is_mip, answers)


def _answer(solver: Any, run_status: Any, is_mip: bool, answers: IO[bytes]) -> None:
    """Believe a point only with run status, model status and primal status together."""
    model_status, info = solver.getModelStatus(), solver.getInfo()
    optimal = model_status == _OPTIMAL and run_status == highspy.HighsStatus.kOk
    has_point = run_status != highspy.HighsStatus.kError and info.primal_solution_status == _FEASIBLE_POINT
    bound = info.mip_dual_bound if is_mip else (info.objective_function_value if optimal else None)
    header = {
        "kind": "answer",
        "status": model_status.name,
        "bound": bound if bound is not None and np.isfinite(bound) else None,
        "nodes": int(info.mip_node_count) if is_mip else 0,
    }
    arrays = {"x": np.array(solver.getSolution().col_value, dtype=np.float64)} if has_point else {}
    send(answers, header, arrays)


HANDLERS: Mapping[str, Callable[[dict[str, Any], dict[str, Any], IO[bytes]], None]] = {"minimise": minimise}
"""What serves each kind of request."""


if __name__ == "__main__":
    main()

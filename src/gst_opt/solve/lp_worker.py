"""The warm LP in the worker process: one solver that lives from request to request, changed and solved again.

Loaded by `solve.worker` alone. A request is a list of steps, carried out in order, then a run.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import highspy
import numpy as np

from gst_opt.solve.wire import Answers, Arrays

_FEASIBLE = 2
"""Value of `primal_solution_status` for a feasible point (SolutionStatus.kSolutionStatusFeasible)."""

_BASIS = tuple(highspy.HighsBasisStatus.__members__.values())
_RAYS = {"kInfeasible": "getDualRay", "kUnbounded": "getPrimalRay"}
_OPTIONS: Mapping[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "solver": "simplex",
    "simplex_strategy": 0,  # primal or dual, as the point at hand suggests: fewer iterations after new columns
}


class _Session:
    """One linear problem in HiGHS."""

    def __init__(self) -> None:
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in _OPTIONS.items():
            self.solver.setOptionValue(name, value)

    def rows(self, given: Arrays) -> Any:
        count, entries = len(given["lower"]), len(given["value"])
        matrix = given["start"], given["index"], given["value"]
        return self.solver.addRows(count, given["lower"], given["upper"], entries, *matrix)

    def columns(self, given: Arrays) -> Any:
        count, entries = len(given["lower"]), len(given["value"])
        matrix = given["start"], given["index"], given["value"]
        return self.solver.addCols(count, given["cost"], given["lower"], given["upper"], entries, *matrix)

    def costs(self, given: Arrays) -> Any:
        return self.solver.changeColsCost(len(given["where"]), given["where"], given["cost"])

    def bounds(self, given: Arrays) -> Any:
        return self.solver.changeColsBounds(len(given["where"]), given["where"], given["lower"], given["upper"])

    def sides(self, given: Arrays) -> Any:
        return self.solver.changeRowsBounds(len(given["where"]), given["where"], given["lower"], given["upper"])

    def delete(self, given: Arrays) -> Any:
        """Delete rows; HiGHS forgets its basis when a row that binds is among them, so what is left of it is set."""
        basis = self.solver.getBasis()
        columns, rows = basis.col_status, np.array(basis.row_status, dtype=object)
        status = self.solver.deleteRows(len(given["where"]), given["where"])
        if basis.valid and not self.solver.getBasis().valid:
            self._set_basis(columns, np.delete(rows, given["where"]).tolist())
        return status

    def basis(self, given: Arrays) -> Any:
        return self._set_basis(*([_BASIS[code] for code in given[side].tolist()] for side in ("columns", "rows")))

    def _set_basis(self, columns: list[Any], rows: list[Any]) -> Any:
        basis = highspy.HighsBasis()
        basis.col_status, basis.row_status = columns, rows
        basis.valid, basis.alien = True, True  # alien: HiGHS makes it whole when columns are missing or dependent
        return self.solver.setBasis(basis)

    def run(self, header: Mapping[str, Any]) -> tuple[Mapping[str, Any], Arrays]:
        """Solve; return the answer's header and arrays."""
        solver, deadline = self.solver, header["deadline"]
        seconds = np.inf if deadline is None else max(deadline - time.monotonic(), 0.0)
        solver.setOptionValue("time_limit", solver.getRunTime() + seconds)  # HiGHS counts all runs of one solver
        solver.setOptionValue("presolve", "off" if header["cold"] else "choose")
        if header["cold"]:
            solver.clearSolver()
        ran = solver.run()
        status, info, solution = solver.getModelStatus().name, solver.getInfo(), solver.getSolution()
        answer = {
            "kind": "answer",
            "status": status,
            "sound": ran == highspy.HighsStatus.kOk and info.primal_solution_status == _FEASIBLE,
            "iterations": int(info.simplex_iteration_count),
        }
        arrays = {}
        if solution.value_valid:
            arrays["x"] = np.array(solution.col_value, dtype=np.float64)
        if solution.dual_valid:
            arrays["duals"] = np.array(solution.row_dual, dtype=np.float64)
        if status in _RAYS:
            _, known, ray = getattr(solver, _RAYS[status])()
            arrays |= {"ray": np.array(ray, dtype=np.float64)} if known else {}
        basis = solver.getBasis()
        if header["basis"] and basis.valid:
            arrays["basis_columns"] = np.fromiter(map(int, basis.col_status), dtype=np.int8)
            arrays["basis_rows"] = np.fromiter(map(int, basis.row_status), dtype=np.int8)
        return answer, arrays


_STEPS: Mapping[str, Callable[[_Session, Arrays], Any]] = {
    "rows": _Session.rows,
    "columns": _Session.columns,
    "costs": _Session.costs,
    "bounds": _Session.bounds,
    "sides": _Session.sides,
    "delete": _Session.delete,
    "basis": _Session.basis,
}
_open: list[_Session] = []
"""The linear problem that is open in this process, if any."""


def serve(header: Mapping[str, Any], arrays: Arrays, answers: Answers) -> None:
    """Serve one request of kind ``lp``: steps and a run, or, without a run, the end of the linear problem."""
    if header["fresh"] or not header["run"]:
        _open.clear()
    if not header["run"]:
        return
    if not _open:
        _open.append(_Session())
    session = _open[0]
    for position, step in enumerate(header["steps"]):
        begin = f"{position}."
        given = {name.removeprefix(begin): array for name, array in arrays.items() if name.startswith(begin)}
        if _STEPS[step](session, given) == highspy.HighsStatus.kError:
            answers.send({"kind": "answer", "status": "refused", "sound": False, "iterations": 0}, {})
            return
    answers.send(*session.run(header))

"""Results read back from the folders that `write_result` wrote."""

import json
from os import PathLike
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from gst_opt.core.errors import GstOptError
from gst_opt.io.results import PLAN_FILE
from gst_opt.model.problem import Plan, Problem, Violation
from gst_opt.solve.result import Conflict, Provenance, Result, Stage, Status, Stop, TermValue
from gst_opt.text import Message


def read_result(path: str | PathLike[str]) -> Result[Any]:
    """Read a result back from its folder, or from its ``plan.json``.

    Raises
    ------
    GstOptError
        If there is none, or it is not one of this version.
    """
    source = Path(path)
    file = source / PLAN_FILE if source.is_dir() else source
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return _result(content)
    except OSError as error:
        raise GstOptError(Message("io.no_result", {"path": file})) from error
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError) as error:
        raise GstOptError(Message("io.other_result", {"path": file})) from error


def read_results(path: str | PathLike[str]) -> tuple[Result[Any], ...]:
    """Read the result of a folder, or those of the folders in it, one a question, as ``gst-opt plan`` leaves them.

    Raises
    ------
    GstOptError
        If there is none, or one is not of this version.
    """
    source = Path(path)
    inside = sorted(file.parent for file in source.glob(f"*/{PLAN_FILE}")) if source.is_dir() else []
    if (source / PLAN_FILE).exists() or not inside:
        return (read_result(source),)
    return tuple(read_result(folder) for folder in inside)


def plan_type(problem: str) -> type[Plan]:
    """Return the type of the plans that answer a type of problem.

    Raises
    ------
    KeyError
        If it is not registered.

    Examples
    --------
    >>> plan_type("SharedTimeProblem").__name__
    'SharedTimePlan'
    """
    from gst_opt.api import PILLARS  # the solver's layer is imported when a result is read, not before

    kinds = {one.problem.__name__: one.problem for one in PILLARS}
    bases = getattr(kinds[problem], "__orig_bases__", ())
    (found,) = (kind for base in bases if getattr(base, "__origin__", None) is Problem for kind in get_args(base))
    answer: type[Plan] = found
    return answer


def _result(content: dict[str, Any]) -> Result[Any]:
    provenance = Provenance.model_validate(content["provenance"])
    plan, conflict = content["plan"], content["conflict"]
    return Result(
        status=Status(content["status"]),
        stop=Stop(content["stop"]),
        plan=None if plan is None else plan_type(provenance.question).model_validate(plan),
        stages=tuple(Stage.model_validate(_without_gap(stage)) for stage in content["stages"]),
        terms=tuple(TermValue.model_validate(term) for term in content["terms"]),
        violations=tuple(Violation(**row | {"place": tuple(row["place"])}) for row in content["violations"]),
        provenance=provenance,
        conflict=None if conflict is None else Conflict.model_validate(conflict),
    )


def _without_gap(stage: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stage.items() if name != "gap"}

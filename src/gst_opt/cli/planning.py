"""`gst-opt plan`: ask, write the answers, tell them."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gst_opt as gst
from gst_opt.cli.ends import INTERRUPTED, NO_PLAN, PLAN, echo, interrupts_wait, load
from gst_opt.core.errors import GstOptError, shorten
from gst_opt.text import Lang, Message, say

if TYPE_CHECKING:
    from gst_opt.analysis.parts import PartProof
    from gst_opt.api import Question
    from gst_opt.model.problem import Plan

GAP = 1e-4
"""Gap of a question asked by itself, where none is given."""

GROUPING_GAP, GROUPING_SECONDS = 0.01, 375.0
"""Gap of a grouping plan and the seconds that it may take, where none are given."""

PLANNED = 0.8
"""Share of the time of a grouping plan that is for the plan; the rest is for proofs of its parts."""

FILES_NAMED = 15
"""Files that are named one by one."""


@dataclass(frozen=True)
class PlanRequest:
    """What `gst-opt plan` was asked.

    Attributes
    ----------
    source
        Name of a sample, folder of tables, or JSON file.
    out
        Folder for the results; by default ``out/`` and the id of the grouping.
    only
        Questions or pillars, with commas between; empty for the grouping plan.
    gap, seconds
        Relative gap to reach; time limit of each question in seconds. By default those above, and no limit of time for
        a question by itself.
    budget
        What the grouping plan may take of a year, in MAD; by default no limit.
    radius
        Longest journey to another post or site, in minutes; by default the policy's.
    premium_budget
        Premiums at most, in MAD a year; by default the policy's.
    lang
        Language.
    """

    source: str
    out: Path | None
    only: str
    gap: float | None
    seconds: float | None
    budget: float | None
    radius: float | None
    premium_budget: float | None
    lang: Lang


def run_plan(request: PlanRequest) -> int:
    """Ask every question of a grouping, write the answers, and tell them.

    Raises
    ------
    GstOptError
        If the request or the data cannot be used, or the results cannot be written.
    """
    from gst_opt.analysis.parts import proofs_table
    from gst_opt.io.cells import replacing
    from gst_opt.io.results import output_folder, write_result
    from gst_opt.report.data import data_text
    from gst_opt.report.grouping_plan import parts_text
    from gst_opt.report.proof import solver_failed
    from gst_opt.report.summary import grouping_text, names, result_text, stories_beside, tables_beside
    from gst_opt.report.tables import in_lines

    lang = request.lang
    _refuse_bad_numbers(request)
    questions = _questions(request.only)
    grouping = load(request.source)
    folder = output_folder(request.out or Path("out", grouping.id))
    told = [in_lines(grouping_text(grouping, lang)), data_text(grouping, lang)]
    beside: list[str] = []
    code = PLAN
    plans: dict[type[Plan], Plan] = {}
    for question in questions:
        problem = _problem(question, grouping, request, plans)
        result, proofs = _solved(problem, request)
        if result.plan is not None:
            plans[type(result.plan)] = result.plan
        with interrupts_wait() as arrived:
            place = folder if len(questions) == 1 else folder / question.name
            tables = (*tables_beside(problem, result, lang), *([proofs_table(proofs)] if proofs else []))
            files = write_result(result, place, names(grouping, lang), tables)
            told += [result_text(grouping, problem, result, lang), *parts_text(proofs, lang)]
            beside += stories_beside(grouping, problem, result, lang)
            told.append(_files(folder, files, lang))
            with replacing(folder / "summary.txt") as stream:
                stream.write("\n\n".join([*told, *beside]) + "\n")
        code = max(code, NO_PLAN if result.plan is None or solver_failed(result) else PLAN)
        if result.stop is gst.Stop.INTERRUPT or arrived:
            code = INTERRUPTED
            break
    with interrupts_wait():
        echo("\n\n".join(told))
    return code


def _solved(problem: Any, request: PlanRequest) -> "tuple[gst.Result[Any], tuple[PartProof, ...]]":
    """Solve a question; of a grouping plan, prove its parts in the time that is left as well."""
    if isinstance(problem, gst.GroupingProblem):
        return _whole(problem, request)
    with _progress(request.lang, request.seconds) as progress:
        gap = GAP if request.gap is None else request.gap
        return gst.solve(problem, gst.SolveOptions(gap=gap, seconds=request.seconds, progress=progress)), ()


def _whole(problem: "gst.GroupingProblem", request: PlanRequest) -> "tuple[gst.Result[Any], tuple[PartProof, ...]]":
    """Make the plan of the grouping, then prove its parts."""
    from gst_opt.analysis.part_proofs import part_proofs

    began = time.monotonic()
    gap = GROUPING_GAP if request.gap is None else request.gap
    seconds = GROUPING_SECONDS if request.seconds is None else request.seconds
    with _progress(request.lang, seconds) as progress:
        result = gst.solve(problem, gst.SolveOptions(gap=gap, seconds=PLANNED * seconds, progress=progress))
        if result.plan is None or result.stop is gst.Stop.INTERRUPT:
            return result, ()
        left = max(seconds - (time.monotonic() - began), 0.0)
        return result, part_proofs(problem, result, gst.SolveOptions(gap=gap, seconds=left))


def _files(folder: Path, files: tuple[Path, ...], lang: Lang) -> str:
    """Say which files were written: by name, or how many tables."""
    if len(files) <= FILES_NAMED:
        listed = ", ".join(str(file.relative_to(folder)) for file in files)
        return say("cli.files", lang, {"folder": folder, "names": listed})
    return say("cli.many_files", lang, {"folder": folder, "tables": len(files) - 1})


def _questions(only: str) -> "list[Question]":
    """Return the questions asked by name, or by that of their pillar; the grouping plan when none is named.

    Of a pillar named, those asked by default are asked; all of them where there is none.
    """
    from gst_opt.api import PILLARS

    if not only:
        return [question for question in PILLARS if question.problem is gst.GroupingProblem]
    asked = {name.strip() for name in only.split(",") if name.strip()}
    known = {question.pillar for question in PILLARS} | {question.name for question in PILLARS}
    strangers = sorted(asked - known)
    if strangers or not asked:
        values = {"names": shorten(", ".join(strangers)), "known": ", ".join(sorted(known))}
        raise GstOptError(Message("cli.unknown_question", values))
    usual = {question.pillar for question in PILLARS if question.by_default}
    return [
        question
        for question in PILLARS
        if question.name in asked
        or (question.pillar in asked and (question.by_default or question.pillar not in usual))
    ]


def _refuse_bad_numbers(request: PlanRequest) -> None:
    limits = {
        "--gap": request.gap,
        "--seconds": request.seconds,
        "--budget": request.budget,
        "--radius": request.radius,
        "--premium-budget": request.premium_budget,
    }
    for option, value in limits.items():
        if value is not None and not 0 <= value < float("inf"):
            raise GstOptError(Message("cli.bad_number", {"option": option, "value": value}))


def _problem(
    question: "Question", grouping: "gst.Grouping", request: PlanRequest, plans: "Mapping[type[Plan], Plan]"
) -> Any:
    """Ask the question, with what is planned already and the limits that were given and that its policy knows."""
    from gst_opt.analysis.chain import asked_after

    if question.problem is gst.GroupingProblem:
        policy = gst.GroupingPolicy(staff=_limited(gst.RedeploymentPolicy(), request), budget=request.budget)
        return gst.GroupingProblem.of(grouping, policy)
    problem: Any = asked_after(question, grouping, plans)
    return problem.replace(policy=_limited(problem.policy, request))


def _limited(policy: Any, request: PlanRequest) -> Any:
    """Return a policy with the limits of staff that were given and that it knows."""
    given = {"max_travel": request.radius, "premium_budget": request.premium_budget}
    limits = {name: value for name, value in given.items() if value is not None and name in type(policy).model_fields}
    return policy.replace(**limits)


@contextmanager
def _progress(lang: Lang, seconds: float | None) -> "Iterator[Callable[[gst.Progress], None]]":
    """Show a bar on a terminal while a question is solved, with the time that it may take."""
    from tqdm import tqdm

    limit = None if seconds is None else {"seconds": f"{seconds:g}"}
    said = say("cli.solving", lang) if limit is None else say("cli.solving_within", lang, limit)
    with tqdm(desc=said, unit="", leave=False, disable=None, file=sys.stderr) as bar:

        def show(progress: gst.Progress) -> None:
            bar.total = progress.parts
            bar.set_postfix_str("" if progress.gap is None else f"{progress.gap:.2%}", refresh=False)
            bar.update(progress.done - bar.n)
            bar.refresh()

        yield show

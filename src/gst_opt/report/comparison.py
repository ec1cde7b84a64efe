"""Two saved results, or two folders of them, side by side in words."""

from collections.abc import Iterator, Sequence
from os import PathLike
from typing import Any

from gst_opt.analysis.comparison import compare, indicators_beside
from gst_opt.analysis.indicators import indicators
from gst_opt.analysis.plans import Plans
from gst_opt.core.errors import GstOptError
from gst_opt.core.grouping import Grouping
from gst_opt.io.saved import read_results
from gst_opt.report.tables import text_table
from gst_opt.solve.result import Result
from gst_opt.text import Lang, Message, say


def comparison_text(
    first: str | PathLike[str], second: str | PathLike[str], grouping: Grouping | None, lang: Lang
) -> str:
    """Compare the results of two folders question by question, and their indicators where the data are given.

    Raises
    ------
    GstOptError
        If a folder has no result, or both have none of the same question.
    """
    sides = read_results(first), read_results(second)
    told = [compare(one, other).text(lang) for one, other in _pairs(*sides)]
    if not told:
        raise GstOptError(Message("comparison.nothing_common", {"first": first, "second": second}))
    if grouping is not None:
        before, after = (
            indicators(
                grouping, Plans.of(*(one.plan for one in side if one.plan is not None and Plans.reads(one.plan)))
            )
            for side in sides
        )
        told.append(text_table(indicators_beside(before, after, lang), lang, decimals=2))
        told.append(say("indicators.salaries", lang))
    return "\n\n".join(told)


def _pairs(first: Sequence[Result[Any]], second: Sequence[Result[Any]]) -> Iterator[tuple[Result[Any], Result[Any]]]:
    others = {one.provenance.question: one for one in second}
    for one in first:
        if one.provenance.question in others:
            yield one, others[one.provenance.question]

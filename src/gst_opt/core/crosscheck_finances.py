"""What the tables of money must say of one another."""

from collections.abc import Collection, Iterator

from gst_opt.core.errors import DataProblem
from gst_opt.core.finances import NeedIndex
from gst_opt.core.region import Zone
from gst_opt.core.tables import Tables, positioned
from gst_opt.text import Message


def finance_problems(tables: Tables, refused: Collection[str] = ()) -> Iterator[DataProblem]:
    """Yield the need indices of provinces where nobody can live; none if zones were refused (`refused`)."""
    if "zones" in refused:
        return
    known = {zone.province for _, zone in positioned(tables, "zones", Zone)}
    for position, row in positioned(tables, "need_indices", NeedIndex):
        if row.province not in known:
            yield DataProblem("need_indices", position, "province", row.province, Message("core.known_province"))

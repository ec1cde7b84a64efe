"""What the tables of support functions must say of one another."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from gst_opt.core.errors import DataProblem
from gst_opt.core.support import Hub, HubLevel, SupportToday, SupportVolume
from gst_opt.core.tables import Tables, positioned
from gst_opt.text import Message


def support_problems(tables: Tables, refused: Collection[str] = ()) -> list[DataProblem]:
    """Return what rows of support functions contradict, all at once.

    Parameters
    ----------
    tables
        Rows by table; a problem's `row` is the position in its table, from 1.
    refused
        Tables that have rows refused for another reason: what is missing from them is not reported.
    """
    return [
        *(_volumes(tables) if "support_today" not in refused else ()),
        *(_hubs(tables) if "hub_levels" not in refused else ()),
        *(_levels(tables) if "hubs" not in refused else ()),
        *_opening_costs(tables),
    ]


def _volumes(tables: Tables) -> Iterator[DataProblem]:
    """Report volumes of which nobody says how they are done today; each facility once."""
    told = {row.key_values() for _, row in positioned(tables, "support_today", SupportToday)}
    for position, row in positioned(tables, "support_volumes", SupportVolume):
        place = (row.support_function, row.facility)
        if place not in told:
            told.add(place)
            expected = Message("core.with_support_today", {"support_function": row.support_function})
            yield DataProblem("support_volumes", position, "facility", row.facility, expected)


def _hubs(tables: Tables) -> Iterator[DataProblem]:
    sized = {(row.support_function, row.facility) for _, row in positioned(tables, "hub_levels", HubLevel)}
    for position, row in positioned(tables, "hubs", Hub):
        if row.key_values() not in sized:
            expected = Message("core.hub_with_level", {"support_function": row.support_function})
            yield DataProblem("hubs", position, "facility", row.facility, expected)


def _levels(tables: Tables) -> Iterator[DataProblem]:
    hubs = {row.key_values() for _, row in positioned(tables, "hubs", Hub)}
    for position, row in positioned(tables, "hub_levels", HubLevel):
        if (row.support_function, row.facility) not in hubs:
            expected = Message("core.hub_of_function", {"support_function": row.support_function})
            yield DataProblem("hub_levels", position, "facility", row.facility, expected)


def _opening_costs(tables: Tables) -> Iterator[DataProblem]:
    """Report a larger size that costs less to open: the difference between two sizes is paid when a hub grows."""
    sizes: dict[tuple[str, str], list[tuple[int, HubLevel]]] = {}
    for position, row in positioned(tables, "hub_levels", HubLevel):
        sizes.setdefault((row.support_function, row.facility), []).append((position, row))
    for own in sizes.values():
        for (_, smaller), (position, row) in pairwise(sorted(own, key=lambda size: size[1].capacity)):
            if row.opening_cost < smaller.opening_cost:
                expected = Message("core.opening_cost_rises", {"least": f"{smaller.opening_cost:g}"})
                yield DataProblem("hub_levels", position, "opening_cost", f"{row.opening_cost:g}", expected)

"""The grouping plan, in turn and together: Tanger, half of it and one province of it.

`python -m benchmarks.joint [--sizes whole half province] [--budget MAD] [--seconds S] [--ways tied turn piece]
[--quick]` prints tables and, last, one JSON object. The budget is that of the whole; parts of it have theirs by
inhabitants. Ways:

- `tied`: the grouping plan's own method, in S seconds.
- `turn`: platforms, staff, purchases and support one after the other, in two orders, each part with its own gap; then
  what each tie is worth (`gst.tie_values`). S seconds for each of these plans.
- `piece`: the model in one piece, in twice the time.

Gaps are the results' own: of the larger of the plan's value and today's. `--quick` asks the two towns, 5 s each.
"""

import argparse
import resource
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import gst_opt as gst
from benchmarks.table import Figures, print_figures, print_table
from gst_opt.api import Method
from gst_opt.core.grouping import Grouping, with_tables
from gst_opt.grouping_plan.check import check
from gst_opt.grouping_plan.method import tied
from gst_opt.grouping_plan.model import FORMULATION
from gst_opt.grouping_plan.plan import GroupingPlan, TieKind
from gst_opt.grouping_plan.sequential import ORDERS
from gst_opt.pillars.platforms.demand import DemandTables, acts_needed
from gst_opt.solve.run import direct
from gst_opt.solve.workers import close_workers

SIZES: Mapping[str, tuple[str, ...]] = {
    "whole": (),
    "half": ("Tanger-Assilah", "Tétouan", "Larache", "M'diq-Fnideq", "Fahs-Anjra"),
    "province": ("Tétouan",),
}
"""Provinces of the sample that are planned: all of it, 158 of its 324 facilities, 47 of them."""

WAYS: Mapping[str, tuple[Method, float]] = {"tied": (tied, 1.0), "piece": (direct, 2.0)}
"""Methods, and how many times the seconds they have."""

HEADS = ("size", "way", "value", "bound", "gap %", "ties binding", "columns", "wall s", "processor s")
PART_HEADS = ("in turn", "part", "today", "planned", "bound", "gap %")
TIE_HEADS = ("known", "value", "worth")


class Used(NamedTuple):
    """Time used, workers included, since it was made."""

    began: float
    spent: float

    @classmethod
    def now(cls) -> "Used":
        """Begin to count."""
        return cls(time.perf_counter(), _processor())

    def figures(self) -> dict[str, float]:
        """Return wall and processor seconds until now."""
        return {
            "seconds": round(time.perf_counter() - self.began, 1),
            "processor": round(_processor() - self.spent, 1),
        }


def _processor() -> float:
    """Return the processor seconds of this process and of its workers, which are ended: only then are they counted."""
    close_workers()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def part_of(grouping: Grouping, provinces: tuple[str, ...]) -> tuple[Grouping, float]:
    """Return some provinces of a grouping, and their share of its inhabitants; all of it without any.

    People need there what they need of the whole; offers are as large as they were.
    """
    if not provinces:
        return grouping, 1.0
    region = grouping.region
    zones = {zone.id for zone in region.zones if zone.province in provinces}
    facilities = {one.id for one in region.facilities if one.province in provinces}
    people = [(row.inhabitants, row.zone in zones) for row in region.populations]
    share = sum(many for many, mine in people if mine) / sum(many for many, _ in people)
    acts = acts_needed(region, DemandTables.of(grouping), grouping.horizon)
    own = gst.restrict(grouping, facilities, zones)
    totals = tuple(
        row.replace(acts=sum(acts.get((zone, row.service), (0.0,))[0] for zone in zones)) for row in own.service_totals
    )
    return with_tables(own, {"service_totals": totals}), share


def binding(plan: GroupingPlan | None) -> int | None:
    """Return how many ties have nothing left."""
    return None if plan is None else sum(tie.binding for tie in plan.ties)


def solved(problem: gst.GroupingProblem, way: str, seconds: float) -> tuple[gst.Result[GroupingPlan], Figures]:
    """Solve a question one way; return the result and its figures."""
    used, (method, times) = Used.now(), WAYS[way]
    result = method(FORMULATION, problem, check, gst.SolveOptions(seconds=times * seconds, gap=1e-2), start=None)
    return result, {
        "status": result.status,
        "value": result.objective,
        "bound": result.bound,
        "gap": result.gap if result.stages else None,
        "today": result.stages[0].today if result.stages else None,
        "binding": binding(result.plan),
        "columns": result.provenance.columns,
        **used.figures(),
    }


def in_turn(
    problem: gst.GroupingProblem, joint: gst.Result[GroupingPlan], seconds: float
) -> tuple[gst.TieValues, Figures]:
    """Plan the parts in turn, and value the ties; return what was found and its figures."""
    used, plans = Used.now(), len(ORDERS) + len(TieKind)
    values = gst.tie_values(problem, joint, gst.SolveOptions(seconds=plans * seconds, gap=1e-2))
    return values, {
        "orders": {
            " ".join(one.order): {
                "value": one.value,
                "binding": binding(one.plan),
                "gaps": {part.part: part.gap if part.bound is not None else None for part in one.parts},
            }
            for one in values.in_turn
        },
        "ties": {one.tie.value: one.worth for one in values.ties},
        "difference": values.difference,
        "remainder": values.remainder,
        "accounted": values.accounted,
        **used.figures(),
    }


def main() -> None:
    """Ask every size every way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--budget", type=float, default=980e6)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--ways", nargs="+", choices=["tied", "turn", "piece"], default=["tied", "turn", "piece"])
    parser.add_argument("--quick", action="store_true", help="the two towns, 4 million MAD, 5 s")
    asked = parser.parse_args()
    sample, sizes = ("two_towns", ["whole"]) if asked.quick else ("tanger", asked.sizes)
    budget, seconds = (4e6, min(asked.seconds, 5.0)) if asked.quick else (asked.budget, asked.seconds)
    whole = gst.load_sample(sample)
    found: dict[str, Figures] = {}
    for size in sizes:
        grouping, share = part_of(whole, SIZES[size])
        problem = gst.GroupingProblem.of(grouping, gst.GroupingPolicy(budget=share * budget))
        found[size] = {"budget": share * budget, **measured(problem, size, asked.ways, seconds)}
    print_figures({"sample": sample, "seconds": seconds, **found})


def measured(problem: gst.GroupingProblem, size: str, ways: list[str], seconds: float) -> dict[str, Figures]:
    """Ask one size every way, and print it."""
    found: dict[str, Figures] = {}
    rows: list[tuple[str, ...]] = []
    joint, found["tied"] = solved(problem, "tied", seconds)
    rows.append((size, "tied", *_cells(found["tied"])))
    values = None
    if "turn" in ways and joint.plan is not None:
        values, found["turn"] = in_turn(problem, joint, seconds)
        spent = found["turn"]
        for one in values.in_turn:
            row = {"value": one.value, "binding": binding(one.plan), "columns": found["tied"]["columns"]}
            rows.append((size, f"in turn, {one.order[0]} first", *_cells(row)))
        rows[-1] = (*rows[-1][:-2], f"{spent['seconds']:.1f}", f"{spent['processor']:.1f}")
    if "piece" in ways:
        _, found["piece"] = solved(problem, "piece", seconds)
        rows.append((size, "one piece", *_cells(found["piece"])))
    print_table(HEADS, rows)
    if values is not None:
        print_table(PART_HEADS, list(_parts(values)))
        print_table(TIE_HEADS, [tuple(_cell(cell) for cell in row) for row in values.table().rows])
    return found


def _parts(values: gst.TieValues) -> Iterator[tuple[str, ...]]:
    """Yield what is proven of every part in its turn."""
    for one in values.in_turn:
        for part in one.parts:
            gap = "" if part.bound is None else f"{100 * part.gap:.3f}"
            cells = (part.today, part.planned, part.bound)
            yield f"{one.order[0]} first", part.part, *(_cell(cell) for cell in cells), gap


def _cells(figures: Figures) -> list[str]:
    """Return the cells of a row, empty where there is nothing."""
    gap = figures.get("gap")
    return [
        _cell(figures.get("value")),
        _cell(figures.get("bound")),
        f"{100 * gap:.2f}" if isinstance(gap, float) else "",
        _cell(figures.get("binding")),
        _cell(figures.get("columns")),
        _cell(figures.get("seconds")),
        _cell(figures.get("processor")),
    ]


def _cell(value: object) -> str:
    """Return a figure as a cell."""
    return "" if value is None else f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


if __name__ == "__main__":
    main()

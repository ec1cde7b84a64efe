"""Indicators for the board: today, every establishment alone, the plan, the target; by province, urban and rural."""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import Field

from gst_opt.analysis.establishments import establishments, partition
from gst_opt.analysis.figures import Figures, added, figures_planned, figures_today
from gst_opt.analysis.figures_money import ALL
from gst_opt.analysis.indicator_table import RURAL, URBAN, IndicatorRow, Indicators, IndicatorValue
from gst_opt.analysis.plans import Plans
from gst_opt.core.errors import GstOptError, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.units import Identifier, Label, Share, Year
from gst_opt.pillars.platforms.today.origins import shares_of
from gst_opt.pillars.staff.fairness import gini as gini_of
from gst_opt.text import Message

EACH = "[service]"
"""End of the name of a figure that there is one of for every service."""


class Direction(StrEnum):
    """Whether more of it is better."""

    UP = "up"
    DOWN = "down"


class Indicator(Frozen):
    """A sum of named figures over another: what it measures, what is better, what it should be."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    numerator: tuple[str, ...] = Field(
        min_length=1, description="Figures that are added up (`gst_opt.analysis.figures`)"
    )
    denominator: tuple[str, ...] = Field(default=(), description="Figures that they are divided by; empty: by nothing")
    scale: float = Field(default=1.0, gt=0, description="What the quotient is multiplied by")
    unit: str = Field(description="Unit")
    direction: Direction = Field(description="up: more is better; down: less is")
    target: float | None = Field(default=None, description="What it should be; empty: nothing says")
    year: Year | None = Field(default=None, description="Year of the target")
    source: str = Field(default="", description="Where the target comes from")
    columns: tuple[tuple[str, str], ...] = Field(
        default=(), description="Tables and columns of the data that it rests on"
    )

    @property
    def formula(self) -> str:
        """The formula, on named figures."""
        parts = [f"{self.scale:g} x"] if self.scale != 1 else []
        parts.append(_sum(self.numerator))
        return " ".join([*parts, f"/ {_sum(self.denominator)}"] if self.denominator else parts)


def _sum(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


@cache
def board() -> tuple[Indicator, ...]:
    """Return the indicators that come with gst_opt."""
    text = files(__package__).joinpath("board.toml").read_text(encoding="utf-8")
    return tuple(Indicator.model_validate(row) for row in tomllib.loads(text)["indicator"])


def indicators(
    grouping: Grouping,
    plans: Plans,
    alone: Mapping[str, Plans] | None = None,
    definitions: Sequence[Indicator] | None = None,
) -> Indicators:
    """Return the indicators of a grouping today, alone and with its plans; a missing plan leaves its own empty.

    Parameters
    ----------
    grouping
        The data.
    plans
        Plans of its questions; the parts of a plan of the whole grouping are put together by ``Plans.of``.
    alone
        Plans of every establishment alone, by id (`establishments`), such as those of a `Silo`; empty: not asked.
    definitions
        Indicators; by default those of the board (``analysis/board.toml``).

    Raises
    ------
    GstOptError
        If `alone` has not all establishments, or a plan of platforms is made for several ways demand may turn out.

    Examples
    --------
    >>> import gst_opt as gst
    >>> towns = gst.load_sample("two_towns")
    >>> moves = gst.solve(gst.RedeploymentProblem.of(towns)).require()
    >>> rows = {row.id: row for row in gst.indicators(towns, gst.Plans.of(moves)).rows}
    >>> [round(share, 3) for share in (rows["coverage"].today, rows["coverage"].planned)]
    [0.833, 0.958]
    """
    expect(grouping, Grouping)
    expect(plans, Plans)
    sides = (figures_today(grouping), _alone(grouping, alone), figures_planned(grouping, plans))
    groups = _groups(grouping)
    asked = board() if definitions is None else tuple(definitions)
    rows: list[IndicatorRow] = []
    values: list[IndicatorValue] = []
    for one in _of_services(grouping, asked):
        found = [_values(one, groups, side) for side in sides]
        values += [
            IndicatorValue(indicator=one.id, group=group, today=today, alone=by_itself, planned=planned)
            for group in groups
            for today, by_itself, planned in ((side.get(group) for side in found),)
        ]
        rows.append(_row(grouping, one, found))
    missing = tuple(name for name in Plans.model_fields if getattr(plans, name) is None)
    return Indicators(rows=tuple(rows), values=tuple(values), missing=missing)


def _alone(grouping: Grouping, plans: Mapping[str, Plans] | None) -> Figures:
    if plans is None:
        return {}
    parts = establishments(grouping)
    lacking = sorted(parts.keys() ^ plans.keys())
    if lacking:
        raise GstOptError(Message("indicators.other_parts", {"names": ", ".join(lacking)}))
    return added(figures_planned(part, plans[name]) for name, part in parts.items())


def _groups(grouping: Grouping) -> dict[str, frozenset[str]]:
    """Return the places of the whole, every province, urban and rural communes, every establishment."""
    region = grouping.region
    urban = {(zone.province, zone.commune): zone.urban for zone in region.zones}
    places = [(one.id, one.province, one.commune) for one in region.zones]
    places += [(one.id, one.province, one.commune) for one in region.facilities]
    groups: dict[str, set[str]] = {ALL: {ALL, *(name for name, _, _ in places)}}
    for name, province, _ in places:
        groups.setdefault(province, set()).add(name)
    for name, province, commune in places:
        if (province, commune) in urban:
            groups.setdefault(URBAN if urban[province, commune] else RURAL, set()).add(name)
    first = (ALL, *sorted(groups.keys() - {ALL, URBAN, RURAL}), URBAN, RURAL)
    found = {group: frozenset(groups[group]) for group in first if group in groups}
    return found | {one.id: frozenset((*one.facilities, *one.zones)) for one in partition(grouping)}


def _of_services(grouping: Grouping, asked: Iterable[Indicator]) -> Iterator[Indicator]:
    """Yield the indicators, one for every service with a longest journey where it is told for each."""
    for one in asked:
        names = (*one.numerator, *one.denominator)
        if not any(name.endswith(EACH) for name in names):
            yield one
            continue
        for service in grouping.services:
            if service.max_travel is not None:
                own = f"[{service.id}]"
                yield one.replace(
                    id=f"{one.id}:{service.id}",
                    name_fr=f"{one.name_fr} : {service.name_fr}",
                    name_en=f"{one.name_en}: {service.name_en}",
                    numerator=tuple(name.replace(EACH, own) for name in one.numerator),
                    denominator=tuple(name.replace(EACH, own) for name in one.denominator),
                )


def _values(one: Indicator, groups: Mapping[str, frozenset[str]], found: Figures) -> dict[str, float]:
    """Return the value of an indicator in every group where its figures say it."""
    if not {*one.numerator, *one.denominator} <= found.keys():
        return {}
    values = {}
    for group, places in groups.items():
        above, below = (_total(names, places, found) for names in (one.numerator, one.denominator))
        if above is not None and (below or not one.denominator):
            values[group] = one.scale * above / (below or 1.0)
    return values


def _total(names: Iterable[str], places: frozenset[str], found: Figures) -> float | None:
    """Return the sum of some figures over some places; None where they have none of them."""
    amounts = [value for name in names for place, value in found[name].items() if place in places]
    return math.fsum(amounts) if amounts else None


def _row(grouping: Grouping, one: Indicator, found: Sequence[Mapping[str, float]]) -> IndicatorRow:
    provinces = sorted({zone.province for zone in grouping.region.zones})
    today, alone, planned = (side.get(ALL) for side in found)
    gini: list[float | None] = []
    lowest: list[float | None] = []
    for side in found:
        shares = [side[name] for name in provinces if name in side and one.denominator]
        compared = len(shares) > 1 and max(shares) > 0
        gini.append(gini_of(shares) if compared else None)
        lowest.append(min(shares) / max(shares) if compared else None)
    return IndicatorRow(
        id=one.id,
        name_fr=one.name_fr,
        name_en=one.name_en,
        unit=one.unit,
        direction=str(one.direction),
        today=today,
        alone=alone,
        planned=planned,
        target=one.target,
        year=one.year,
        gini_today=gini[0],
        gini_alone=gini[1],
        gini_planned=gini[2],
        lowest_today=lowest[0],
        lowest_alone=lowest[1],
        lowest_planned=lowest[2],
        share_estimate=_estimated(grouping, one),
        formula=one.formula,
        source=one.source,
    )


def _estimated(grouping: Grouping, one: Indicator) -> Share | None:
    """Return the mean share of the data's columns that are estimates; None where none of them has rows."""
    count, soft, _ = shares_of(grouping, one.columns)
    return soft if count else None

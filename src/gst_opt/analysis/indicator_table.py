"""Values of indicators as records, tables and words."""

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import PlanTable
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, in_unit, percent, unit_in_words

URBAN, RURAL = "urban", "rural"
AREAS = (URBAN, RURAL)
BOARD = ("indicator", "unit", "direction", "today", "alone", "planned", "target", "year", "share_estimate")
FAIRNESS = ("gini_today", "gini_alone", "gini_planned", "lowest_today", "lowest_alone", "lowest_planned")


class IndicatorRow(Frozen):
    """An indicator of the whole grouping, and how its provinces compare."""

    id: str = Field(description="Indicator")
    name_fr: str = Field(description="Name in French")
    name_en: str = Field(description="Name in English")
    unit: str = Field(description="Unit")
    direction: str = Field(description="up: more is better; down: less is")
    today: float | None = Field(description="Today; empty: nothing says")
    alone: float | None = Field(description="Every establishment alone; empty where one has no plan that says")
    planned: float | None = Field(description="With the plans; empty without a plan that says")
    target: float | None = Field(description="What it should be; empty: nothing says")
    year: int | None = Field(description="Year of the target")
    gini_today: float | None = Field(description="Gini coefficient of the provinces today, 0: all equal")
    gini_alone: float | None = Field(description="The same alone")
    gini_planned: float | None = Field(description="The same with the plans")
    lowest_today: float | None = Field(description="Lowest province over highest today, 1: all equal")
    lowest_alone: float | None = Field(description="The same alone")
    lowest_planned: float | None = Field(description="The same with the plans")
    share_estimate: float | None = Field(description="Mean share of the data that it rests on labelled estimates")
    formula: str = Field(description="Formula, on named figures")
    source: str = Field(description="Where the target comes from")


class IndicatorValue(Frozen):
    """An indicator of one group."""

    indicator: str = Field(description="Indicator")
    group: str = Field(description="Province; urban or rural (communes); establishment; * for the whole grouping")
    today: float | None = Field(description="Today; empty: nothing says")
    alone: float | None = Field(description="Every establishment alone")
    planned: float | None = Field(description="With the plans")


class Indicators(Frozen):
    """Indicators of the whole, and by province, urban and rural."""

    rows: tuple[IndicatorRow, ...] = Field(description="Indicators, in the order of their definitions")
    values: tuple[IndicatorValue, ...] = Field(description="By indicator and group")
    missing: tuple[str, ...] = Field(description="Questions without a plan: what they say is empty")

    def tables(self, lang: Lang = Lang.EN) -> tuple[PlanTable, ...]:
        """Return the board, how provinces compare, values by province and area, formulas and sources; shares in %."""
        names = {row.id: row.name_fr if lang is Lang.FR else row.name_en for row in self.rows}
        units = {row.id: row.unit for row in self.rows}
        board = tuple(
            (
                names[row.id],
                unit_in_words(row.unit, lang),
                say(f"indicators.better_{row.direction}", lang),
                *(_in_unit(value, row.unit) for value in (row.today, row.alone, row.planned, row.target)),
                row.year,
                row.share_estimate,
            )
            for row in self.rows
        )
        fair = tuple(
            (names[row.id], *(getattr(row, column) for column in FAIRNESS))
            for row in self.rows
            if row.gini_today is not None
        )
        groups = tuple(
            (
                names[one.indicator],
                unit_in_words(units[one.indicator], lang),
                say(f"indicators.group_{one.group}", lang) if one.group in AREAS else one.group,
                *(_in_unit(value, units[one.indicator]) for value in (one.today, one.alone, one.planned)),
            )
            for one in self.values
            if (one.today, one.alone, one.planned) != (None, None, None)
        )
        formulas = tuple((names[row.id], row.formula, row.source) for row in self.rows)
        return (
            PlanTable(name="board", columns=BOARD, rows=board),
            PlanTable(name="board_provinces", columns=("indicator", *FAIRNESS), rows=fair),
            PlanTable(
                name="board_groups", columns=("indicator", "unit", "area", "today", "alone", "planned"), rows=groups
            ),
            PlanTable(name="board_formulas", columns=("indicator", "formula", "source"), rows=formulas),
        )

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say them: one line an indicator, the plans that are missing, what being together buys."""
        lines = [say("indicators.head", lang)]
        for row in self.rows:
            values = {name: _shown(getattr(row, name), row.unit, lang) for name in ("today", "alone", "planned")}
            name = row.name_fr if lang is Lang.FR else row.name_en
            values |= {"name": name, "unit": unit_in_words(row.unit, lang)}
            line = say("indicators.row", lang, values)
            if row.target is not None:
                line += say("indicators.target", lang, {"target": _shown(row.target, row.unit, lang), "year": row.year})
            if row.gini_today is not None:
                ginis = {name: _gini(getattr(row, f"gini_{name}"), lang) for name in ("today", "alone", "planned")}
                line += say("indicators.gini", lang, ginis)
            if row.share_estimate is not None:
                line += say("indicators.estimate", lang, {"share": percent(row.share_estimate, lang, 0)})
            lines.append(line)
        if self.missing:
            asked = ", ".join(say(f"indicators.plan_{name}", lang) for name in self.missing)
            lines.append(say("indicators.missing", lang, {"plans": asked}))
        lines.append(say("indicators.salaries", lang))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__


def _in_unit(value: float | None, unit: str) -> float | None:
    return None if value is None else in_unit(value, unit)


def _shown(value: float | None, unit: str, lang: Lang) -> str:
    decimals = 0 if unit == "MAD" else 2 if unit in ("heads", "day") else 1
    return "-" if value is None else figure(in_unit(value, unit), lang, decimals)


def _gini(value: float | None, lang: Lang) -> str:
    return "-" if value is None else figure(value, lang, 3)

"""Plan tables as aligned text."""

from collections.abc import Mapping
from textwrap import fill, wrap

from gst_opt.model.problem import Cell, PlanTable
from gst_opt.text import Lang, say
from gst_opt.text.words import SPACE, figure, percent, profession_in_words

LINE_WIDTH = 100
HEADER_WIDTH = 8
MOST = 12
"""Rows of a long table that are told."""


def paragraph(key: str, lang: Lang, values: Mapping[str, object] | None = None) -> str:
    """Say a sentence in lines that a terminal can hold."""
    return in_lines(say(key, lang, values))


def in_lines(text: str) -> str:
    """Break a text into lines that a terminal can hold."""
    return fill(text, LINE_WIDTH, break_long_words=False, break_on_hyphens=False)


def text_table(table: PlanTable, lang: Lang, decimals: int = 1) -> str:
    """Return a table as lines: titles from the catalogue, numbers to the right, the rest to the left.

    A column named ``share...`` or ``gap...`` is shown as a percentage, one named ``price...``, ``..._per_1000`` or
    ``..._per_million`` with two decimals, one of acts, hours or bed-days without any; an empty cell of a column of
    numbers as a dash; professional groups by their names.
    """
    numeric = [_is_numeric(table, position) for position in range(len(table.columns))]
    cells = [
        [
            _shown(name, value, number, lang, decimals)
            for name, value, number in zip(table.columns, row, numeric, strict=True)
        ]
        for row in table.rows
    ]
    titles = [wrap(say(f"column.{name}", lang), HEADER_WIDTH, break_long_words=False) for name in table.columns]
    height = max(map(len, titles))
    header = [
        [title[line - height + len(title)] if line >= height - len(title) else "" for title in titles]
        for line in range(height)
    ]
    widths = [max(len(row[position]) for row in (*header, *cells)) for position in range(len(table.columns))]
    rule = ["-" * width for width in widths]
    return "\n".join(_line(row, widths, numeric) for row in (*header, rule, *cells))


def columns_of(table: PlanTable, names: tuple[str, ...]) -> PlanTable:
    """Keep the columns named."""
    positions = [table.columns.index(name) for name in names]
    rows = tuple(tuple(row[position] for position in positions) for row in table.rows)
    return table.replace(columns=names, rows=rows)


def named(table: PlanTable, names: Mapping[str, Mapping[str, str]]) -> PlanTable:
    """Return a table with names in the place of ids, by column."""
    own = [names.get(column, {}) for column in table.columns]
    rows = tuple(tuple(known.get(str(cell), cell) for known, cell in zip(own, row, strict=True)) for row in table.rows)
    return table.replace(rows=rows)


def first_rows(key: str, table: PlanTable, words: Mapping[str, Mapping[str, str]], lang: Lang, most: int = MOST) -> str:
    """Return a table under its title, with names for ids and its first rows only; the files have them all."""
    counts = {"shown": figure(min(len(table.rows), most), lang), "all": figure(len(table.rows), lang)}
    shown = named(table.replace(rows=table.rows[:most]), words)
    return f"{paragraph(key, lang, counts)}\n{text_table(shown, lang)}"


def totals_named(table: PlanTable, lang: Lang) -> PlanTable:
    """Name the last row, which holds the totals."""
    *rows, last = table.rows
    return table.replace(rows=(*rows, (say("report.total", lang), *last[1:])))


def total_first(table: PlanTable, lang: Lang) -> PlanTable:
    """Name the last row, which holds the totals, and put it first: a long table may be cut."""
    named_total = totals_named(table, lang)
    *rows, last = named_total.rows
    return named_total.replace(rows=(last, *rows))


def _is_numeric(table: PlanTable, position: int) -> bool:
    values = [row[position] for row in table.rows if row[position] is not None]
    return bool(values) and all(isinstance(value, int | float) for value in values)


def _shown(name: str, value: Cell, number: bool, lang: Lang, decimals: int) -> str:
    if value is None:
        return "-" if number else ""
    if isinstance(value, str):
        said = profession_in_words(value, lang) if name == "profession" else value
        return "".join(mark if mark.isprintable() or mark == SPACE else "?" for mark in said)
    if name == "year":
        return str(value)
    if name.startswith("gap"):
        return percent(value, lang, 3)
    if name.startswith(("gini_", "lowest_")):
        return figure(value, lang, 3)
    if name.startswith("share"):
        return percent(value, lang)
    if name.startswith("price") or name.endswith(("_per_1000", "_per_million")):
        return figure(value, lang, 2)
    if name.startswith(("acts", "hours_", "bed_days")):
        return figure(value, lang)
    return figure(value, lang, decimals if isinstance(value, float) else 0)


def _line(row: list[str], widths: list[int], numeric: list[bool]) -> str:
    cells = (
        cell.rjust(width) if number else cell.ljust(width)
        for cell, width, number in zip(row, widths, numeric, strict=True)
    )
    return "  ".join(cells).rstrip()

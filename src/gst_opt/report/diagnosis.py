"""The diagnosis of platforms and beds in words and tables, the largest findings first."""

from collections.abc import Iterator, Mapping

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import Cell, PlanTable
from gst_opt.pillars.platforms.diagnosis import Diagnosis, DiagnosisPolicy
from gst_opt.pillars.platforms.today.facts import REGION
from gst_opt.pillars.platforms.today.origins import Figure
from gst_opt.report.pieces import ward_names
from gst_opt.report.summary import names
from gst_opt.report.tables import columns_of, paragraph, text_table, totals_named
from gst_opt.text import Lang, say
from gst_opt.text.words import figure

MOST = 12
"""Rows of a long table that are told; the tables have them all."""

_FIGURES = {
    Figure.UNITS: "diagnosis.figure_units",
    Figure.USE: "diagnosis.figure_use",
    Figure.BEDS: "diagnosis.figure_beds",
    Figure.OCCUPANCY: "diagnosis.figure_occupancy",
    Figure.DUPLICATES: "diagnosis.figure_duplicates",
    Figure.DEMAND: "diagnosis.figure_demand",
    Figure.REACH: "diagnosis.figure_reach",
    Figure.COVER: "diagnosis.figure_cover",
    Figure.UNITS_PER_MILLION: "diagnosis.figure_units_per_million",
    Figure.STAFF_PER_1000: "diagnosis.figure_staff_per_1000",
    Figure.BEDS_PER_1000: "diagnosis.figure_beds_per_1000",
}
_SERVICE = ("service", "acts_needed", "acts_done", "sites", "limit", "people_beyond", "share_beyond")


def diagnosis_text(grouping: Grouping, diagnosis: Diagnosis, policy: DiagnosisPolicy, lang: Lang) -> str:
    """Tell the diagnosis: staff and beds, use, duplicates, gaps, and what these figures are worth."""
    named = _Named(grouping, diagnosis, lang)
    blocks = [
        "\n".join([say("diagnosis.title", lang), paragraph("diagnosis.question", lang)]),
        *_provinces(diagnosis, policy, named, lang),
        *_types(diagnosis, named, lang),
        *_wards(diagnosis, named, lang),
        _duplicates(diagnosis, policy, named, lang),
        *_gaps(diagnosis, named, lang),
        f"{paragraph('diagnosis.estimates', lang)}\n{named('estimates')}",
    ]
    return "\n\n".join(blocks)


class _Named:
    """The tables of a diagnosis as text, names in the place of ids."""

    def __init__(self, grouping: Grouping, diagnosis: Diagnosis, lang: Lang) -> None:
        self.lang = lang
        self.tables = {table.name: table for table in diagnosis.tables()}
        self.names: Mapping[str, Mapping[str, str]] = names(grouping, lang) | {
            "ward": ward_names(lang),
            "figure": {one: say(key, lang) for one, key in _FIGURES.items()},
        }

    def __call__(self, name: str, columns: tuple[str, ...] = ()) -> str:
        table = self.tables[name]
        return self.text(columns_of(table, columns) if columns else table)

    def text(self, table: PlanTable) -> str:
        known = [self.names.get(column, {}) for column in table.columns]
        rows = tuple(
            tuple(own.get(str(cell), cell) for own, cell in zip(known, row, strict=True)) for row in table.rows
        )
        return text_table(table.replace(rows=rows), self.lang)


def _provinces(diagnosis: Diagnosis, policy: DiagnosisPolicy, named: _Named, lang: Lang) -> Iterator[str]:
    own = diagnosis.provinces[:-1]
    short = [row for row in own if row.heads_missing > 0]
    values = {
        "short": figure(len(short), lang),
        "all": figure(len(own), lang),
        "heads": figure(sum(row.heads_missing for row in short), lang),
    }
    title = paragraph("diagnosis.provinces", lang, {"target": figure(policy.staff_per_1000, lang, 2)})
    yield f"{title}\n{named.text(totals_named(named.tables['provinces'], lang))}"
    yield paragraph("diagnosis.provinces_short", lang, values)


def _types(diagnosis: Diagnosis, named: _Named, lang: Lang) -> Iterator[str]:
    if diagnosis.types:
        known = [(row.share_used, row) for row in diagnosis.units if row.share_used is not None]
        values = {
            "all": len(diagnosis.units),
            "over": sum(share > row.share_ceiling for share, row in known),
            "under": sum(share < row.share_floor for share, row in known),
            "few": sum(row.acts is not None and row.acts < row.acts_floor for row in diagnosis.units),
            "unknown": len(diagnosis.units) - len(known),
        }
        yield f"{paragraph('diagnosis.types', lang)}\n{named('types')}"
        yield paragraph("diagnosis.use_limits", lang, _figures(values, lang))


def _wards(diagnosis: Diagnosis, named: _Named, lang: Lang) -> Iterator[str]:
    if diagnosis.wards:
        known = [(row.share_occupied, row) for row in diagnosis.beds if row.share_occupied is not None]
        values = {
            "all": sum(row.beds > 0 for row in diagnosis.beds),
            "over": sum(row.share_ceiling is not None and share > row.share_ceiling for share, row in known),
            "under": sum(row.share_floor is not None and share < row.share_floor for share, row in known),
            "unknown": sum(row.bed_days is None for row in diagnosis.beds),
            "without": sum(row.beds == 0 for row in diagnosis.beds),
        }
        yield f"{paragraph('diagnosis.wards', lang)}\n{named('wards')}"
        yield paragraph("diagnosis.occupancy_limits", lang, _figures(values, lang))


def _duplicates(diagnosis: Diagnosis, policy: DiagnosisPolicy, named: _Named, lang: Lang) -> str:
    neighbour = {"neighbour": figure(policy.neighbour, lang)}
    if not diagnosis.duplicates:
        return paragraph("diagnosis.no_duplicate", lang, neighbour)
    table = named.tables["duplicates"]
    rows = _sorted(table, "share_of_one")[:MOST]
    title = paragraph("diagnosis.duplicates", lang, neighbour | _counts(len(rows), len(table.rows), lang))
    return f"{title}\n{named.text(table.replace(rows=rows))}"


def _gaps(diagnosis: Diagnosis, named: _Named, lang: Lang) -> Iterator[str]:
    if diagnosis.services:
        yield f"{paragraph('diagnosis.services', lang)}\n{named('service_reach', _SERVICE)}"
    if diagnosis.reach:
        far = _most(named, "province_reach", "people_beyond")
        yield _told("diagnosis.reach", far, named) if far.rows else paragraph("diagnosis.all_in_reach", lang)
    if diagnosis.cover:
        left = _most(named, "cover", "people_beyond")
        yield _told("diagnosis.cover", left, named) if left.rows else paragraph("diagnosis.all_covered", lang)
    missing = _most(named, "province_units", "units_missing", at_least=1)
    if missing.rows:
        yield _told("diagnosis.units_missing", missing, named)


def _most(named: _Named, name: str, column: str, at_least: float = 0) -> PlanTable:
    """Return the rows of single provinces with something in a column, the most first."""
    table = named.tables[name]
    place = table.columns.index(column)
    rows = (row for row in reversed(_sorted(table, column)) if REGION not in row)
    return table.replace(rows=tuple(row for row in rows if (value := float(row[place] or 0)) > 0 and value >= at_least))


def _told(key: str, table: PlanTable, named: _Named) -> str:
    rows = table.rows[:MOST]
    title = paragraph(key, named.lang, _counts(len(rows), len(table.rows), named.lang))
    return f"{title}\n{named.text(table.replace(rows=rows))}"


def _sorted(table: PlanTable, column: str) -> tuple[tuple[Cell, ...], ...]:
    place = table.columns.index(column)
    return tuple(sorted(table.rows, key=lambda row: float(row[place] or 0)))


def _counts(shown: int, everything: int, lang: Lang) -> dict[str, str]:
    return _figures({"shown": shown, "all": everything}, lang)


def _figures(values: Mapping[str, float], lang: Lang) -> dict[str, str]:
    return {name: figure(value, lang) for name, value in values.items()}

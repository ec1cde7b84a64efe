"""From the text of a cell, or a value of a JSON file, to the value of a field."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from math import isfinite

from gst_opt.io.columns import Column, Kind

Scalar = str | int | float | bool | date | None

_MARKS = "=+\\-@\t\r"
_TO_NEUTRALISE = re.compile(f"'*[{_MARKS}]")
_NEUTRALISED = re.compile(f"'+[{_MARKS}]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAX_DIGITS = 400
_BOOLEANS = {
    "true": True,
    "vrai": True,
    "oui": True,
    "1": True,
    "false": False,
    "faux": False,
    "non": False,
    "0": False,
}


def neutralise(text: str) -> str:
    """Return text that a spreadsheet does not take for a formula: an apostrophe comes before ``= + - @``, tab, return.

    Examples
    --------
    >>> neutralise("=1+1"), neutralise("CSU-1")
    ("'=1+1", 'CSU-1')
    """
    return f"'{text}" if _TO_NEUTRALISE.match(text) else text


def restore(text: str) -> str:
    """Undo `neutralise`, exactly.

    Examples
    --------
    >>> restore("'=1+1"), restore("'Aïn Sebaâ"), restore(neutralise("'=1+1"))
    ('=1+1', "'Aïn Sebaâ", "'=1+1")
    """
    return text[1:] if _NEUTRALISED.match(text) else text


def whole_or_float(text: str) -> int | float:
    """Return the number that well-formed text holds; one of more than 400 digits becomes infinite."""
    return int(text) if _WHOLE.fullmatch(text) and len(text) <= _MAX_DIGITS else float(text)


def is_blank(column: Column, text: str) -> bool:
    """Tell whether an empty cell leaves the column at its default; spaces are text only in a column of text."""
    return not column.required and not (text if column.kind is Kind.TEXT else text.strip())


def from_cell(column: Column, text: str, decimal_comma: bool) -> Scalar:
    """Return the value of a cell.

    Raises
    ------
    ValueError
        If the text is not of the column's kind.
    """
    if column.kind is Kind.NUMBER or column.kind is Kind.WHOLE:
        return _number(text.strip().replace(",", ".") if decimal_comma else text.strip())
    return _FROM_TEXT[column.kind](text)


def from_json(column: Column, value: object) -> Scalar:
    """Return the value of a field that is not null.

    Raises
    ------
    ValueError
        If the JSON value is not of the column's kind.
    """
    if column.kind is Kind.BOOLEAN and isinstance(value, bool):
        return value
    if column.kind in (Kind.NUMBER, Kind.WHOLE) and isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(value)
    if column.kind is Kind.DATE and isinstance(value, str):
        return _date(value)
    if column.kind in (Kind.TEXT, Kind.CHOICE) and isinstance(value, str):
        return value
    raise ValueError


def _number(text: str) -> int | float:
    if len(text) > _MAX_DIGITS or not _NUMBER.fullmatch(text):
        raise ValueError
    return _finite(whole_or_float(text))


def _finite(value: int | float) -> int | float:
    if isinstance(value, float) and not isfinite(value):
        raise ValueError
    return value


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.strip().casefold())
    if value is None:
        raise ValueError
    return value


def _date(text: str) -> date:
    if not _DATE.fullmatch(text.strip()):
        raise ValueError
    return date.fromisoformat(text.strip())


def _text(text: str) -> str:
    """Refuse a formula: whoever made the file lost the value that it stood for."""
    if text.startswith("="):
        raise ValueError
    return restore(text)


_FROM_TEXT: Mapping[Kind, Callable[[str], Scalar]] = {
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.CHOICE: str.strip,
    Kind.TEXT: _text,
}

"""The header of a table: which column stands where, and which columns must not be there."""

import re
import unicodedata
from collections.abc import Mapping

from gst_opt.core.frozen import Row
from gst_opt.core.workforce import Person, Staff
from gst_opt.io.columns import columns_of
from gst_opt.io.findings import Findings, nearest, suggestion
from gst_opt.text import Message

_PSEUDONYMOUS = (Person, Staff)

_PERSONAL = re.compile(
    "noms?|prenoms?|nomprenom|names?|(?:first|last|full|fore|sur)names?"
    "|(?:date)?naissance|birth(?:date|day|place)?|dob"
    "|cin|cnie|cnss|ppr|matricule|passeport|passport|rib"
    "|phone|telephone|tel|gsm|mobile|portable|fax|emails?|mail|courriel|adresse|address|domicile"
    "|الاسم|النسب|الهاتف|العنوان|الازدياد"
)


def positions(
    row: type[Row], cells: tuple[str, ...], line: int, findings: Findings
) -> tuple[dict[str, int], frozenset[str]]:
    """Return where each known column stands in the header and which are missing; report all that is wrong with it.

    A missing column is a required one, or one that was probably meant by a name that the table does not have: then
    its default must not stand in for it.
    """
    known = columns_of(row)
    found: dict[str, int] = {}
    meant: set[str] = set()
    for position, cell in enumerate(cells):
        name = cell.strip()
        if name in found:
            findings.add(line, name, name, Message("io.column_once"))
        elif name in known:
            found[name] = position
        else:
            findings.add(line, name, name, refusal(row, name))
            meant.add(nearest(name, known))
    required = {column.name for column in known.values() if column.required}
    for name in sorted(required.difference(found)):
        findings.add(line, name, "", Message("io.required_column", {"what": known[name].expected}))
    return found, frozenset((required | meant.intersection(known)).difference(found))


def shifted(place: Mapping[str, int], header: int, width: int) -> dict[int, Mapping[str, int]]:
    """Return where the known columns stand in rows that lack the cells of refused columns, by the width of such rows.

    `header` and `width` are the cells of the header and of most rows. A column put in the header alone is reported
    there once, and must not hide what else is wrong.

    Examples
    --------
    >>> shifted({"facility": 0, "skill": 2}, 3, 2)
    {2: {'facility': 0, 'skill': 1}}
    """
    if not place or width >= header:
        return {}
    if width == len(place):
        return {width: {name: rank for rank, name in enumerate(sorted(place, key=place.__getitem__))}}
    return {width: place} if max(place.values()) < width else {}


def refusal(row: type[Row], name: str) -> Message:
    """Return what was expected instead of a column that the table does not have."""
    if issubclass(row, _PSEUDONYMOUS) and is_personal(name):
        return Message("io.no_personal_data", {"keys": ", ".join(row.key)})
    known: Mapping[str, object] = columns_of(row)
    return Message("io.known_column", {"names": ", ".join(known), "suggestion": suggestion(nearest(name, known))})


def is_personal(name: str) -> bool:
    """Tell whether a column, by its name, holds names, birth dates, identity numbers or contacts of people.

    Examples
    --------
    >>> [is_personal(name) for name in ("Prénom", "dateNaissance", "e-mail", "N° de téléphone", "skill")]
    [True, True, True, True, False]
    """
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(mark))
    return any(_PERSONAL.fullmatch(word) for word in re.split(r"[\W_]+", plain.casefold()))

"""The samples that come with gst_opt."""

from importlib.resources import as_file, files
from typing import NamedTuple

from gst_opt.core.errors import GstOptError, shorten
from gst_opt.core.grouping import Grouping
from gst_opt.io import read_folder
from gst_opt.text import Message

_DESCRIPTIONS = {
    "tanger": Message("samples.tanger"),
    "province": Message("samples.province"),
    "two_towns": Message("samples.two_towns"),
}


class SampleInfo(NamedTuple):
    """A sample: its name, what it is, and how much of the facts it holds."""

    name: str
    description: Message
    facilities: int
    skills: int
    heads: int


def load_sample(name: str) -> Grouping:
    """Load a sample grouping.

    Raises
    ------
    GstOptError
        If there is no sample of that name; it lists the names.
    """
    if name not in _DESCRIPTIONS:
        raise GstOptError(Message("samples.unknown", {"name": shorten(name), "names": ", ".join(_DESCRIPTIONS)}))
    with as_file(files(__package__).joinpath("data", name)) as folder:
        return read_folder(folder)


def samples() -> tuple[SampleInfo, ...]:
    """Return what each sample is, with its open facilities, its skills and its heads in post."""
    return tuple(_info(name, description) for name, description in _DESCRIPTIONS.items())


def _info(name: str, description: Message) -> SampleInfo:
    grouping = load_sample(name)
    return SampleInfo(
        name=name,
        description=description,
        facilities=len(grouping.region.open_facilities()),
        skills=len(grouping.workforce.skills),
        heads=sum(row.heads for row in grouping.workforce.staff),
    )

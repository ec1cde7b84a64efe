"""One reader for every format."""

from os import PathLike
from pathlib import Path

from gst_opt.core.errors import DataError, DataProblem
from gst_opt.core.grouping import Grouping
from gst_opt.io.csv_folder import read_folder
from gst_opt.io.findings import printable
from gst_opt.io.json_file import read_json
from gst_opt.text import Message


def read(path: str | PathLike[str]) -> Grouping:
    """Read a grouping from a folder of CSV files or from a ``.json`` file.

    Raises
    ------
    DataError
        Naming everything wrong.
    """
    source = Path(path)
    if source.suffix.casefold() == ".json":
        return read_json(source)
    try:
        is_folder = source.is_dir()
    except OSError:
        is_folder = False
    if is_folder:
        return read_folder(source)
    raise DataError([DataProblem(printable(source.name), 0, "", str(source), Message("io.folder_or_json"))])

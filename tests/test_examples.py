"""The notebooks of examples/: their cells are those that `build.py` names, run, and print what is stored."""

import re
from pathlib import Path

import nbformat
import pytest
from examples.build import FOLDER, NOTEBOOKS, notebook, run

SLOW = {"platforms.ipynb", "purchasing.ipynb"}
RUN = [pytest.param(path, marks=[pytest.mark.slow] if path.name in SLOW else [], id=path.name) for path in NOTEBOOKS]


def stored(path: Path) -> nbformat.NotebookNode:
    """Return a notebook as it is kept."""
    book: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return book


def printed(book: nbformat.NotebookNode) -> list[str]:
    """Return what the cells print."""
    return [
        output["text"]
        for cell in book["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream"
    ]


@pytest.mark.parametrize("path", RUN)
def test_notebook_prints_what_is_stored(path: Path) -> None:
    assert printed(run(notebook(NOTEBOOKS[path]))) == printed(stored(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_has_its_cells_run(path: Path) -> None:
    kept = stored(path)
    made = notebook(NOTEBOOKS[path])
    assert [cell["source"] for cell in kept["cells"]] == [cell["source"] for cell in made["cells"]]
    assert len(printed(kept)) >= 4


def test_every_notebook_is_built() -> None:
    assert sorted(FOLDER.glob("*.ipynb")) == sorted(NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_is_small_and_names_no_folder(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) < 100_000
    assert re.findall(r"(?:/home|/work|/tmp|/root|/Users|[A-Z]:\\\\)", text) == []

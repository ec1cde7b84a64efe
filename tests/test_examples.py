"""The notebook of examples/: its cells are those of `build.py`, run, and print what is stored."""

import re

import nbformat
from examples.build import NOTEBOOK, notebook, run


def printed(book: nbformat.NotebookNode) -> list[str]:
    """Return what the cells print."""
    return [
        output["text"]
        for cell in book["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream"
    ]


def test_notebook_runs_and_prints_what_is_stored() -> None:
    stored = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    made = notebook()
    assert [cell["source"] for cell in stored["cells"]] == [cell["source"] for cell in made["cells"]]
    assert printed(run(made)) == printed(stored)
    assert len(printed(stored)) >= 4


def test_notebook_is_small_and_names_no_folder() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < 100_000
    assert re.findall(r"(?:/home|/work|/tmp|/root|/Users|[A-Z]:\\\\)", text) == []

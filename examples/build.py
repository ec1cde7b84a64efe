"""Makes the notebooks again: `python -m examples.build` from the root of the project, with `pip install -e .[dev]`.

They are kept with their outputs, so that they can be read where they cannot be run; a test runs them and compares.
"""

from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from examples import board, platforms, purchasing, staff
from examples.kinds import CODE, TEXT

FOLDER = Path(__file__).parent
NOTEBOOKS = {
    FOLDER / "board.ipynb": board.CELLS,
    FOLDER / "staff.ipynb": staff.CELLS,
    FOLDER / "platforms.ipynb": platforms.CELLS,
    FOLDER / "purchasing.ipynb": purchasing.CELLS,
}
"""Cells of each notebook, by its file."""


def notebook(cells: tuple[tuple[str, str], ...]) -> nbformat.NotebookNode:
    """Return a notebook without outputs."""
    makers: dict[str, Callable[[str], nbformat.NotebookNode]] = {TEXT: new_markdown_cell, CODE: new_code_cell}
    made_cells = [makers[kind](source.strip()) for kind, source in cells]
    for number, cell in enumerate(made_cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made: nbformat.NotebookNode = new_notebook(cells=made_cells, metadata={"kernelspec": kernel})  # type: ignore[no-untyped-call]
    return made


def run(made: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run every cell; times and other traces of the run are left out."""
    NotebookClient(made, timeout=180, kernel_name="python3", record_timing=False).execute()
    made["metadata"].pop("language_info", None)
    return made


if __name__ == "__main__":
    for path, cells in NOTEBOOKS.items():
        nbformat.write(run(notebook(cells)), path)  # type: ignore[no-untyped-call]

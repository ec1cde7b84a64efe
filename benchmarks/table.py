"""What every benchmark prints: a table, and one JSON object on the last line."""

import json
from collections.abc import Mapping, Sequence

Figure = float | int | str | bool | None
Figures = Mapping[str, "Figure | Figures"]


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns as wide as their cells, the first flush left and the others flush right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        first, *others = zip(row, widths, strict=True)
        print("  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]), flush=True)


def print_figures(figures: Figures) -> None:
    """Print the last line."""
    print(json.dumps(figures, allow_nan=False), flush=True)

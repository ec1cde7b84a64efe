"""Published facility location instances, read from where they lie; they are not part of the project."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Arrays = tuple[Floats, Floats, Floats, Floats]
FOLDER = Path(os.environ.get("GST_OPT_BENCH", Path(__file__).parents[2] / "shared" / "bench")) / "platforms"


@dataclass(frozen=True)
class Instance:
    """One row of ``optima.csv``: an instance and the known optimum."""

    name: str
    single_source: bool
    optimum: float
    file: Path

    def arrays(self) -> Arrays:
        """Return cost (sites x customers), fixed, demand and capacity.

        Both layouts begin with the two sizes, then capacity and opening cost of each site. Holmberg's go on with all
        demands, then costs site by site; OR-Library's with the demand and the costs of each customer in turn. Some of
        the latter hold the word ``capacity``, which stands for the number at the end of the instance's name.
        """
        text = self.file.read_text(encoding="ascii").replace("capacity", self.name.rpartition("_")[2])
        numbers = np.array(text.split(), dtype=np.float64)
        sites, customers = (int(number) for number in numbers[:2])
        room, fixed = numbers[2 : 2 + 2 * sites].reshape(sites, 2).T
        rest = numbers[2 + 2 * sites :]
        if self.single_source:
            return rest[customers:].reshape(sites, customers), fixed, rest[:customers], room
        by_customer = rest.reshape(customers, 1 + sites)
        return by_customer[:, 1:].T, fixed, by_customer[:, 0], room


def instances(*begins: str) -> list[Instance]:
    """Return the instances whose name begins so; none where the folder is missing."""
    table = FOLDER / "optima.csv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return [
            Instance(
                row["instance"],
                row["problem_class"].startswith("SSCFLP"),
                float(row["known_value"]),
                FOLDER / row["file"],
            )
            for row in csv.DictReader(lines)
            if row["problem_class"].startswith(("CFLP", "SSCFLP")) and row["instance"].startswith(begins)
        ]

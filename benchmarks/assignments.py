"""Published assignment instances, read from where they lie; they are not part of the project."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FOLDER = Path(os.environ.get("GST_OPT_BENCH", Path(__file__).parents[2] / "shared" / "bench")) / "staff"


@dataclass(frozen=True)
class Instance:
    """One row of ``optima.csv``: an instance, a sense, and the known optimum."""

    name: str
    kind: str
    sense: str
    optimum: float
    file: Path

    @property
    def sign(self) -> float:
        """What costs are multiplied by, as ours are minimised."""
        return 1.0 if self.sense == "min" else -1.0

    def assignment(self) -> tuple[Floats, Floats, Floats]:
        """Return cost, use and capacity, as published: agents and jobs, costs, uses, capacities."""
        numbers = np.array(self.file.read_text(encoding="ascii").split(), dtype=np.float64)
        agents, jobs = (int(number) for number in numbers[:2])
        cost, use = numbers[2 : 2 + 2 * agents * jobs].reshape(2, agents, jobs)
        return self.sign * cost, use, numbers[2 + 2 * agents * jobs :]

    def square(self) -> Floats:
        """Return the cost of a linear assignment: its size, then its costs."""
        numbers = np.array(self.file.read_text(encoding="ascii").split(), dtype=np.float64)
        return self.sign * numbers[1:].reshape(int(numbers[0]), -1)


def instances(kind: str) -> list[Instance]:
    """Return the instances of a class, ``GAP`` or ``LAP``; none where the folder is missing."""
    table = FOLDER / "optima.csv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return [
            Instance(row["instance"], kind, row["sense"], float(row["known_optimum"]), FOLDER / row["file"])
            for row in csv.DictReader(lines)
            if row["class"] == kind
        ]

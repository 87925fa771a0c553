"""The evidence table: numbers, their range, source and how far to trust them."""

import csv
from dataclasses import dataclass
from functools import lru_cache

from accesssim.world.shipped import shipped_folder


@dataclass(frozen=True)
class Evidence:
    """One row of the table."""

    key: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    quality: str
    note: str


@lru_cache(maxsize=1)
def evidence() -> dict[str, Evidence]:
    """All rows by key."""
    with (shipped_folder("scenarios") / "evidence.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["key"]: Evidence(
                row["key"],
                float(row["value"]),
                float(row["low"]),
                float(row["high"]),
                row["unit"],
                row["source"],
                row["quality"],
                row["note"],
            )
            for row in csv.DictReader(file)
        }

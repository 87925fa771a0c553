"""Lists of numbers of any length that belong to records of a scenario: all in one array, in which each record says where its own begin."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.compiled.layout import layout
from accesssim.clinic.compiled.scenario_records import Part, Span
from accesssim.clinic.stays import Stays


def table(record: type, rows: Sequence[tuple[Any, ...]]) -> NDArray[Any]:
    """Rows of a record; one at least, so that there is something to point to."""
    return np.array(rows, dtype=layout(record)) if rows else np.zeros(1, dtype=layout(record))


class Lists:
    """Those of one scenario, as they are added."""

    def __init__(self) -> None:
        self._values: list[float] = []
        self._weights: list[float] = []
        self._days_and_chances: list[tuple[float, float]] = []
        self._numbers: list[int] = []
        self._spans: list[Any] = []
        self._parts: list[Any] = []
        self.laws: list[Stays] = []

    def numbers(self, numbers: Iterable[int]) -> tuple[int, int]:
        """Add to the numbers: where they begin, and how many they are."""
        at = len(self._numbers)
        self._numbers += numbers
        return at, len(self._numbers) - at

    def pairs(self, values: Iterable[float], weights: Iterable[float]) -> tuple[int, int]:
        """Add to the values and weights: where they begin, and how many they are."""
        at = len(self._values)
        self._values += values
        self._weights += weights
        return at, len(self._values) - at

    def table(self, table: Sequence[Sequence[float]]) -> tuple[int, int]:
        """A table of patience."""
        at = len(self._days_and_chances)
        self._days_and_chances += [(float(day), chance) for day, chance in table]
        return at, len(table)

    def span(self, stays: Stays) -> int:
        """A length of stay or a gap between arrivals: its number."""
        first = len(self._parts)
        for part, bound, found in zip(stays.parts, stays.bounds, stays.found_bounds, strict=True):
            law = part.law
            at, size = self.pairs(law.values, law.weights)
            self._parts.append(
                (
                    law.mean,
                    law.sd,
                    law.shape,
                    law.scale,
                    law.shift,
                    part.least,
                    part.most,
                    bound,
                    found,
                    law.kind,
                    at,
                    size,
                )
            )
        self._spans.append((first, len(self._parts) - first, stays.whole.least, stays.whole.most))
        self.laws.append(stays)
        return len(self._spans) - 1

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that was added, by the names of the clinic's arrays."""
        return {
            "spans": table(Span, self._spans),
            "parts": table(Part, self._parts),
            "span_values": np.array(self._values or [0.0]),
            "span_weights": np.array(self._weights or [0.0]),
            "patience_tables": np.array(self._days_and_chances or [(0.0, 0.0)]).ravel(),
            "numbers": np.array(self._numbers or [0], dtype=np.int64),
        }

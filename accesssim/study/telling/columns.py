"""Figures in columns."""

import math
from collections.abc import Sequence

from accesssim.world.errors import printable

NO_ONE = "no one"
"""What stands where there was nobody to measure."""


def aligned(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns under heads; numbers are right-aligned by being written with equal care elsewhere."""
    cells = [list(heads), *([printable(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def number(value: float, low: float | None = None, high: float | None = None) -> str:
    """A figure; the width of its interval decides the digits."""
    if math.isnan(value):
        return NO_ONE
    width = high - low if low is not None and high is not None and math.isfinite(high - low) else 0.0
    scale = width / 2 or abs(value) / 100 or 1.0
    return f"{value:,.{min(max(1 - math.floor(math.log10(scale)), 0), 4)}f}"


def interval(low: float, high: float) -> str:
    """An interval in words; one replication has none."""
    return "" if not math.isfinite(low) else f"{number(low, low, high)} to {number(high, low, high)}"

"""Rows of the journal."""

from accesssim.clinic.compiled.arrays import World, keys_of, values_of
from accesssim.clinic.compiled.native import native


@native
def note(w: World, day: int, event: int, number: int, post: int, value: float) -> None:
    """Write a row. There is room: `Engine` sees to it before each day."""
    n = w.rows
    keys_of(w)[n] = ((day + 8192) << 6 | event) << 40 | (number << 14) + post + 1
    values_of(w)[n] = value
    w.rows = n + 1

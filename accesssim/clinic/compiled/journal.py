"""Rows of the journal."""

from accesssim.clinic.compiled.arrays import World, keys_of, values_of
from accesssim.clinic.compiled.codes import row
from accesssim.clinic.compiled.native import native


@native
def note(w: World, day: int, event: int, number: int, post: int, value: float) -> None:
    """Write a row. There is room: `Engine` sees to it before each day."""
    n = w.rows
    keys_of(w)[n] = row(day, event, number, post)
    values_of(w)[n] = value
    w.rows = n + 1

"""Whether all that may happen next fits into the arrays."""

from typing import Any

import numpy as np

from accesssim.clinic.compiled.arrays import asks_of, posts_of, therapists_of
from accesssim.clinic.compiled.in_force import path_of, places_here, stage
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import SPARE_ROWS
from accesssim.clinic.opening import MOST_PASSED


@native
def room_for_a_day(w: Any) -> bool:
    """Whether all that a day may bring fits: everybody who is here or comes writes some rows and stands in some chains."""
    coming = np.int64(asks_of(w)[w.day].count)
    rows = (
        (w.people_here + coming) * (12 + w.step_count)
        + w.used_needs
        + w.used_own_needs
        + w.used_later
        + 4 * w.post_count
        + 24 * w.staff_count
    )
    return has_room(w, coming, rows)


@native
def room_for_opening(w: Any) -> bool:
    """The same of everybody who may be found at work: as many appointments as a course may have had, and some stays behind them."""
    found, longest, goes_on_at_all = 0, 0, False
    initial, seats = stage(w).initial, 1
    for number in range(w.path_count):
        path = path_of(w, number)
        found += path.initial_waiting
        longest, seats = max(longest, path.cap), max(seats, path.seats)
        goes_on_at_all = goes_on_at_all or path.then_size > 0
    for where in range(w.list_count):
        found += max(places_here(w, where), 0)
    in_therapy = 0
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            in_therapy += therapists_of(w)[posts_of(w)[post].holder].slots + 1
    found += initial.awaiting_assessment
    found, in_therapy = min(found, w.used_earlier), min(in_therapy * seats, w.used_earlier)
    rows = (found + in_therapy + 1) * (
        12 + w.step_count + (3 * MOST_PASSED if goes_on_at_all else 0)
    ) + in_therapy * 2 * longest
    return has_room(w, found + in_therapy + 1, rows)


@native
def has_room(w: Any, more_people: int, more_rows: int) -> bool:
    w.more_people, w.more_rows = more_people, w.rows + more_rows + SPARE_ROWS
    everybody = w.people_here + more_people + 1
    return (
        w.more_rows <= w.keys_room
        and everybody <= w.people_room
        and everybody <= w.order_room
        and everybody <= w.circles_room
        and w.entries_here + 8 * everybody <= w.entries_room
    )

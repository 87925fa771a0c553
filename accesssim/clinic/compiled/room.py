"""Whether all that may happen next fits into the arrays."""

from accesssim.clinic.compiled.arrays import (
    World,
    asks_of,
    circles_room,
    entries_room,
    keys_room,
    order_room,
    people_room,
    posts_of,
    therapists_of,
)
from accesssim.clinic.compiled.in_force import path_of, places_here
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.found import MOST_PASSED
from accesssim.world.limits import FIRST_FOUND_IN_CARE, MOST_PEOPLE

SPARE_ROWS = 4096


@native
def room_for_a_day(w: World) -> bool:
    """Whether all that a day may bring fits: everybody who is here or comes writes some rows and stands in some chains."""
    coming = wide(asks_of(w)[w.day].count)
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
def room_for_opening(w: World) -> bool:
    """The same of everybody who may be found at work: as many appointments as a course may have had, and some stays behind them."""
    found, longest, goes_on_at_all, seats = w.awaiting_size, 0, False, 1
    for number in range(w.path_count):
        path = path_of(w, number)
        found += path.ages_size
        longest, seats = max(longest, path.cap), max(seats, path.seats)
        goes_on_at_all = goes_on_at_all or path.then_size > 0
    for where in range(w.list_count):
        found += min(max(places_here(w, where), 0), MOST_PEOPLE - FIRST_FOUND_IN_CARE)
    in_therapy = 0
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            in_therapy += therapists_of(w)[posts_of(w)[post].holder].slots + 1
    in_therapy *= seats
    rows = (found + 1) * (12 + w.step_count + (3 * MOST_PASSED if goes_on_at_all else 0))
    rows += (in_therapy + 1) * (12 + w.step_count + 2 * longest)
    return has_room(w, found + in_therapy + 2, rows)


@native
def has_room(w: World, more_people: int, more_rows: int) -> bool:
    """Whether so many more people and rows fit; what they need is written down for `Engine`."""
    w.more_people, w.more_rows = more_people, w.rows + more_rows + SPARE_ROWS
    everybody = w.people_here + more_people + 1
    return (
        w.more_rows <= keys_room(w)
        and everybody <= people_room(w)
        and everybody <= order_room(w)
        and everybody <= circles_room(w)
        and w.entries_here + 8 * everybody <= entries_room(w)
    )

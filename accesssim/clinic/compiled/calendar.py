"""Who is due on which day (`accesssim.clinic.clock`)."""

from accesssim.clinic.compiled.addresses import prefetch
from accesssim.clinic.compiled.arrays import (
    World,
    due_of,
    entries_at,
    entries_of,
    entry_after_of,
    following_of,
    order_of,
)
from accesssim.clinic.compiled.chains import further, sort, turn_of
from accesssim.clinic.compiled.layout import Chains, layout, wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import AHEAD, MANY, leave_service, next_is, person
from accesssim.clinic.compiled.records import Entry

SESSIONS, WITHDRAWALS, REFERRALS = range(3)
"""The phases of a day in which somebody may wake."""
ENTRY_SIZE = layout(Entry).itemsize


@native
def entry(w: World, i: int, day: int) -> int:
    """An entry for a person as they stand, in no chain yet."""
    entries, p = entries_of(w), person(w, i)
    e = w.free_entry
    if e >= 0:
        w.free_entry = entry_after_of(w)[e]
    else:
        e = w.used_entries
        w.used_entries += 1
    w.entries_here += 1
    entries[e].slot, entries[e].number, entries[e].spell, entries[e].day = i, p.number, p.spell, day
    entry_after_of(w)[e] = -1
    return e


@native
def drop_entry(w: World, e: int) -> int:
    """Give an entry back; the next of its chain."""
    following = entry_after_of(w)[e]
    entry_after_of(w)[e] = w.free_entry
    w.free_entry = e
    w.entries_here -= 1
    return following


@native
def stands(w: World, e: int) -> bool:
    """Whether an entry's person still is where they were when it was made."""
    one = entries_of(w)[e]
    p = person(w, one.slot)
    return p.number == one.number and p.spell == one.spell


@native
def chain_entry(w: World, heads: Chains, i: int, day: int) -> None:
    """Put a person into the calendar as they stand, under a day of one of its chains; not at all where the run ends before."""
    if 0 <= day < w.days:
        e = entry(w, i, day)
        entry_after_of(w)[e] = heads[day]
        heads[day] = e


@native
def in_order(w: World, heads: Chains, day: int) -> int:
    """Take the entries of a day off their chain; those that stand, by number, into `order`. How many."""
    order, entries, after, count = order_of(w), entries_of(w), entry_after_of(w), 0
    e, near, far = wide(heads[day]), -1, -1
    heads[day] = -1
    if w.people_here > MANY:
        near = further(after, e, AHEAD)
        far = further(after, near, AHEAD)
    while e >= 0:
        if near >= 0:
            prefetch(entries_at(w) + far * ENTRY_SIZE)
            next_is(w, entries[near].slot)
            near, far = further(after, near, 1), further(after, far, 1)
        if stands(w, e):
            order[count] = turn_of(entries[e].number, entries[e].slot)
            count += 1
        e = wide(drop_entry(w, e))
    sort(order, count)
    return count


@native
def at(w: World, i: int, day: int, phase: int, state: int) -> None:
    """Sleep until a phase of a day (`Clock.at`)."""
    person(w, i).state = state
    if day < w.days:
        due, where = due_of(w), 3 * day + phase
        following_of(w)[i] = due[where]
        due[where] = i
    else:
        leave_service(w, i)  # never woken again

"""Who will come when, written down until their day."""

from accesssim.clinic.compiled.addresses import prefetch
from accesssim.clinic.compiled.arrays import (
    World,
    asks_of,
    coming_at,
    coming_of,
    coming_room,
    later_of,
    later_room,
    needs_of,
    needs_room,
    own_needs_of,
    own_needs_room,
    rows_due_of,
)
from accesssim.clinic.compiled.calendar import REFERRALS, at
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import layout, wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import begin_person
from accesssim.clinic.compiled.records import Coming
from accesssim.clinic.compiled.rules import Event, State
from accesssim.world.nothing import NOBODY

COMING_SIZE = layout(Coming).itemsize


@native
def room_for_needs(w: World, more: int) -> bool:
    """Whether so many more may come; each may leave two rows for later."""
    coming = w.used_coming - coming_room(w)
    later = w.used_later + more - later_room(w)
    return max(coming, later, w.used_needs - needs_room(w), w.used_own_needs - own_needs_room(w)) + more < 0


@native
def write_later(w: World, day: int, event: int, number: int) -> None:
    """Put a row behind those that are due on a day."""
    later, chain = later_of(w), rows_due_of(w)[day]
    k = w.free_later
    if k >= 0:
        w.free_later = later[k].next
    else:
        k = w.used_later
        w.used_later += 1
    later[k].number, later[k].event, later[k].next = number, event, -1
    if chain.tail >= 0:
        later[chain.tail].next = k
    else:
        chain.head = k
    chain.tail = k


@native
def write_need(w: World, number: int, onset: int, code: int, points: float, comes: bool) -> None:
    """For `note_needs`; whoever comes straight to a pathway is told of after the others of a day."""
    one = own_needs_of(w)[w.used_own_needs] if comes else needs_of(w)[w.used_needs]
    one.number, one.onset, one.code, one.severity = number, onset, code, points
    if comes:
        w.used_own_needs += 1
    else:
        w.used_needs += 1


@native
def write_coming(
    w: World,
    number: int,
    onset: int,
    asked: int,
    points: float,
    complex_person: bool,
    drift: float,
    remission: int,
    arrives: int,
) -> None:
    """`_Asks`: into the day on which they ask."""
    k = w.free_coming
    if k >= 0:
        w.free_coming = coming_of(w)[k].next
    else:
        k = w.used_coming
        w.used_coming += 1
    one = coming_of(w)[k]
    chain = asks_of(w)[asked]
    one.next, chain.head = chain.head, k
    chain.count += 1
    one.number, one.onset, one.asked, one.severity = number, onset, asked, points
    one.complex, one.drift, one.remission, one.arrives = complex_person, drift, remission, arrives


@native
def note_needs(w: World) -> None:
    """`Population.note_needs`: the needs that have arisen by today, and the rows that are due."""
    day = w.day
    while w.noted_needs < w.used_needs and needs_of(w)[w.noted_needs].onset <= day:
        one = needs_of(w)[w.noted_needs]
        note(w, one.onset, Event.NEED, one.number, one.code, one.severity)
        w.noted_needs += 1
    if w.noted_needs == w.used_needs:
        w.noted_needs = w.used_needs = 0
    for nth in range(w.used_own_needs):
        one = own_needs_of(w)[nth]
        note(w, one.onset, Event.NEED, one.number, one.code, one.severity)
    w.used_own_needs = 0
    k, later = wide(rows_due_of(w)[day].head), later_of(w)
    while k >= 0:
        note(w, day, later[k].event, later[k].number, NOBODY, 0.0)
        following = wide(later[k].next)
        later[k].next = w.free_later
        w.free_later = k
        k = following


@native
def asking_today(w: World) -> None:
    """`Population.ask`: everybody who asks today is woken at the end of the day."""
    k, coming = wide(asks_of(w)[w.day].head), coming_of(w)
    while k >= 0:
        following = wide(coming[k].next)
        prefetch(coming_at(w) + following * COMING_SIZE)
        at(w, begin_person(w, coming[k]), w.day, REFERRALS, State.ASKING)
        coming[k].next = w.free_coming
        w.free_coming = k
        k = following

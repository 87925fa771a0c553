"""Who will come when, written down until their day."""

from typing import Any

import numpy as np

from accesssim.clinic.compiled.addresses import prefetch
from accesssim.clinic.compiled.arrays import (
    asks_of,
    coming_of,
    earlier_of,
    later_of,
    needs_of,
    own_needs_of,
    rows_due_of,
)
from accesssim.clinic.compiled.calendar import at
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import begin_person
from accesssim.clinic.compiled.records import ASKING, COMING_SIZE, REFERRALS
from accesssim.clinic.compiled.rules import Event


@native
def room_for_needs(w: Any, more: int) -> bool:
    """Whether so many more may come; each may leave two rows for later."""
    coming, later = (
        max(w.used_coming - w.coming_room, w.used_earlier - w.earlier_room),
        w.used_later + more - w.later_room,
    )
    return max(coming, later, w.used_needs - w.needs_room, w.used_own_needs - w.own_needs_room) + more < 0


@native
def write_later(w: Any, day: int, event: int, number: int) -> None:
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
def write_need(w: Any, number: int, onset: int, code: int, points: float, comes: bool) -> None:
    """For `note_needs`; whoever comes straight to a pathway is told of after the others of a day."""
    one = own_needs_of(w)[w.used_own_needs] if comes else needs_of(w)[w.used_needs]
    one.number, one.onset, one.code, one.severity = number, onset, code, points
    if comes:
        w.used_own_needs += 1
    else:
        w.used_needs += 1


@native
def write_coming(
    w: Any,
    number: int,
    onset: int,
    asked: int,
    points: float,
    complex_person: bool,
    drift: float,
    remission: int,
    arrives: int,
) -> None:
    """`_Asks`: into the day on which they ask, or among those who asked before day 0."""
    if asked < 0:
        one = earlier_of(w)[w.used_earlier]
        w.used_earlier += 1
    else:
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
    one.number, one.onset, one.asked, one.severity, one.complex, one.drift, one.remission, one.arrives = (
        number,
        onset,
        asked,
        points,
        complex_person,
        drift,
        remission,
        arrives,
    )


@native
def note_needs(w: Any) -> None:
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
    k, later = np.int64(rows_due_of(w)[day].head), later_of(w)
    while k >= 0:
        note(w, day, later[k].event, later[k].number, -1, 0.0)
        following = np.int64(later[k].next)
        later[k].next = w.free_later
        w.free_later = k
        k = following


@native
def asking_today(w: Any) -> None:
    k, coming = np.int64(asks_of(w)[w.day].head), coming_of(w)
    while k >= 0:
        following = np.int64(coming[k].next)
        prefetch(w.coming + following * COMING_SIZE)
        at(w, begin_person(w, coming[k]), w.day, REFERRALS, ASKING)
        coming[k].next = w.free_coming
        w.free_coming = k
        k = following

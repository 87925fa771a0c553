"""Diaries of assessments, and the queues for them (`accesssim.clinic.assessments`)."""

import math

import numpy as np

from accesssim.clinic.compiled.arrays import (
    World,
    booked_of,
    entries_of,
    entry_after_of,
    expected_of,
    first_open_of,
    leaves_of,
    numbers_of,
    queues_of,
    rates_of,
)
from accesssim.clinic.compiled.calendar import chain_entry, drop_entry, entry, stands
from accesssim.clinic.compiled.chains import NUMBER_BITS, no_numbers
from accesssim.clinic.compiled.codes import beside
from accesssim.clinic.compiled.in_force import stage, team_of
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import person
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import State, Urgency
from accesssim.clinic.compiled.turns import in_turn
from accesssim.world.calendar import WORKING_DAYS
from accesssim.world.nothing import NOT_YET


@native
def places_of_day(w: World, team: int, day: int) -> tuple[int, int]:
    """`Diary.places`: kept for urgent referrals, and in all."""
    week, weekday = day // 7, day % 7
    if weekday >= WORKING_DAYS or week >= w.weeks:
        return 0, 0
    rate, nth = rates_of(w)[team * w.weeks + week], week * WORKING_DAYS + weekday
    total = math.floor(rate * (nth + 1)) - math.floor(rate * nth)
    kept = rate * w.reserve_share
    return min(total, math.floor(kept * (nth + 1)) - math.floor(kept * nth)), total


@native
def first_free(w: World, team: int, notice: int, urgent: bool) -> int:
    """`Diary.first_free`; -1 where the open diary is full."""
    today, opened, booked = w.day, first_open_of(w), booked_of(w)
    kind = 2 * team + (0 if urgent else 1)
    day, last = max(today + notice, opened[kind]), today + max(w.horizon, notice)
    while day <= last:
        kept, total = places_of_day(w, team, day)
        here = 2 * (team * 7 * w.weeks + day)
        taken_urgent, taken_routine = wide(booked[here]), wide(booked[here + 1])
        room = total - taken_urgent - taken_routine
        if not urgent and (w.released_days < 0 or day - today > w.released_days):
            room -= max(kept - taken_urgent, 0)
        if room > 0:
            if day > today + notice:
                opened[kind] = max(opened[kind], day)
            return day
        day += 1
    return -1


@native
def booked(w: World, i: int) -> bool:
    """`Assessments._booked`."""
    p, now = person(w, i), stage(w).triage
    urgent = p.urgency != Urgency.ROUTINE
    notice = max(1, now.notice_days_urgent if urgent else now.notice_days)
    home, best, chosen = team_of(w, p.team), -1, -1
    for nth in range(home.assess_size):
        team = numbers_of(w)[home.assess_at + nth]
        day = first_free(w, team, notice, urgent)
        if day >= 0 and (best < 0 or day < best or (day == best and team == p.team)):
            best, chosen = day, team
    if best < 0:
        return False
    booked_of(w)[2 * (chosen * 7 * w.weeks + best) + (0 if urgent else 1)] += 1
    p.booked, p.diary = best, chosen
    chain_entry(w, expected_of(w), i, best)
    return True


@native
def queue_of(w: World, p: Person) -> int:
    """`Assessments._queue`: teams that share assessment have the queues of the first of them; those of urgent referrals are ahead."""
    q = numbers_of(w)[team_of(w, p.team).assess_at] + (w.team_count if p.urgency == Urgency.ROUTINE else 0)
    queue = queues_of(w)[q]
    if queue.made == 0:
        queue.made, queue.head, queue.tail = 1, -1, -1
    return q


@native
def enqueue(w: World, q: int, e: int) -> None:
    """Put an entry at the end of a queue."""
    queue, following = queues_of(w)[q], entry_after_of(w)
    following[e] = -1
    if queue.tail >= 0:
        following[queue.tail] = e
    else:
        queue.head = e
    queue.tail = e


@native
def book(w: World, i: int) -> None:
    """`Service.book`."""
    p = person(w, i)
    chain_entry(w, leaves_of(w), i, p.remission)
    q = queue_of(w, p)
    p.state, p.booked = State.AWAITS_ASSESSMENT, NOT_YET
    if (queues_of(w)[q].head >= 0 and p.urgency == Urgency.ROUTINE) or not booked(w, i):
        enqueue(w, q, entry(w, i, w.day))


@native
def book_queued(w: World) -> None:
    """`Assessments.book_queued`: urgent referrals first."""
    for q in range(2 * w.team_count):
        queue = queues_of(w)[q]
        while queue.made and queue.head >= 0:
            e = wide(queue.head)
            if stands(w, e) and not booked(w, entries_of(w)[e].slot):
                break
            queue.head = drop_entry(w, e)
            if queue.head < 0:
                queue.tail = -1


@native
def regroup(w: World) -> None:
    """Other teams share from today (`Assessments.regroup`)."""
    entries, found = entries_of(w), no_numbers()
    for q in range(2 * w.team_count):
        queue = queues_of(w)[q]
        e = wide(queue.head) if queue.made else -1
        while e >= 0:
            found.append(e)
            e = wide(entry_after_of(w)[e])
        queue.made = 0
    keys = np.empty(len(found), dtype=np.int64)
    for nth in range(len(found)):
        keys[nth] = beside(entries[found[nth]].day, entries[found[nth]].number, NUMBER_BITS)
    for nth in in_turn(keys):
        e = found[nth]
        p = person(w, entries[e].slot)
        if stands(w, e):
            enqueue(w, queue_of(w, p), e)
        else:
            drop_entry(w, e)


@native
def release_assessment(w: World, p: Person) -> None:
    """`Assessments.release`, `Diary.release`."""
    booked_of(w)[2 * (p.diary * 7 * w.weeks + p.booked) + (1 if p.urgency == Urgency.ROUTINE else 0)] -= 1
    opened = first_open_of(w)
    for kind in range(2):
        opened[2 * p.diary + kind] = min(opened[2 * p.diary + kind], wide(p.booked))
    p.booked = NOT_YET


@native
def close_diaries(w: World) -> None:
    """`Assessments.close`."""
    for team in range(w.team_count):
        if w.released_days >= 0:
            opened = first_open_of(w)
            opened[2 * team + 1] = min(opened[2 * team + 1], w.day + 1)
        if w.day % 7 == 6:
            rates_of(w)[team * w.weeks + w.day // 7] = 0.0

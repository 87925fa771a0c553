"""The day (`accesssim.clinic.service`), and the two entrances to compiled code."""

import math

from accesssim.clinic.compiled.accounts import close_year
from accesssim.clinic.compiled.arrays import (
    World,
    arrivals_of,
    caseloads_of,
    clinic_at,
    course_number_of,
    crises_of,
    due_of,
    entries_of,
    expected_of,
    flag_at,
    following_of,
    leaves_of,
    lists_of,
    order_of,
    paths_of,
    possible_of,
    posts_of,
    room_today_of,
    staff_of,
    stages_of,
    therapists_of,
)
from accesssim.clinic.compiled.arrivals import next_arrival
from accesssim.clinic.compiled.assessments import (
    book,
    book_queued,
    close_diaries,
    places_of_day,
    regroup,
    release_assessment,
)
from accesssim.clinic.compiled.calendar import REFERRALS, SESSIONS, WITHDRAWALS, drop_entry, in_order
from accesssim.clinic.compiled.chains import NUMBER_BITS, sort, turn_of, whose
from accesssim.clinic.compiled.codes import beside, nth_occasion
from accesssim.clinic.compiled.coming import asking_today, note_needs
from accesssim.clinic.compiled.course import appointment, cancelled_by_service, loses_therapist
from accesssim.clinic.compiled.crises import crisis, make_urgent
from accesssim.clinic.compiled.in_force import stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import luck_of, uniform
from accesssim.clinic.compiled.machine_code import Entrance
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.opening import find_at_work
from accesssim.clinic.compiled.pathway import after_course, ask, leaves_place, relapses
from accesssim.clinic.compiled.people import AHEAD, MANY, course, course_is_next, leave_service, next_is, person
from accesssim.clinic.compiled.population import GAPS, look_ahead, people_to_come
from accesssim.clinic.compiled.red_tape import leaves_tape, next_step, passed
from accesssim.clinic.compiled.room import room_for_a_day, room_for_opening
from accesssim.clinic.compiled.rules import Cancellation, Event, Purpose, State, begins_year
from accesssim.clinic.compiled.scenario_records import POISSON, RENEWAL
from accesssim.clinic.compiled.starts import starts_of_today
from accesssim.clinic.compiled.therapist import book_leave_anew
from accesssim.clinic.compiled.triage import assessment, expected_person
from accesssim.clinic.compiled.waiting import leaves, wait
from accesssim.clinic.compiled.waiting_list import leave_list, sort_anew
from accesssim.clinic.compiled.week import break_off, close_week
from accesssim.clinic.compiled.workforce import foresee, monday, open_workforce, review
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS
from accesssim.world.nothing import NOBODY, NOT_YET

PERSON_BITS = 26
"""Of a person's number."""
DONE, MORE_ROOM, FAILED, STOPPED = range(4)
"""What `advance` says: the day has come; arrays must grow; a law cannot be drawn from; somebody has stopped the run."""
CLOSED, STAFFED, OPEN = range(3)
"""Whether the service is open (`World.opened`), or its posts are filled at least."""


@native
def changes(w: World) -> None:
    """`Service.changes`."""
    changed = w.period + 1 < w.periods and stages_of(w)[w.period + 1].from_day <= w.day
    if changed:
        w.period += 1
        book_leave_anew(w)
        if stage(w).ordered_anew:
            sort_anew(w)
        if stage(w).regrouped:
            regroup(w)
        note(w, w.day, Event.CHANGED, 0, NOBODY, 0.0)
    if changed or (w.day > 0 and begins_year(w.day)):
        review(w, w.day)
    if w.day > 0:
        foresee(w)


@native
def hold_assessments(w: World) -> None:
    """`Assessments.hold`."""
    day, order, entries, room, count = w.day, order_of(w), entries_of(w), room_today_of(w), 0
    e = wide(expected_of(w)[day])
    expected_of(w)[day] = -1
    while e >= 0:
        one = entries[e]
        p = person(w, one.slot)
        if p.number == one.number and p.spell == one.spell and p.booked == day:
            order[count] = beside(p.urgency, turn_of(p.number, one.slot), PERSON_BITS + NUMBER_BITS)
            count += 1
        e = wide(drop_entry(w, e))
    sort(order, count)
    for team in range(w.team_count):
        room[team] = places_of_day(w, team, day)[1]
    for nth in range(count):
        i = whose(order[nth])
        p = person(w, i)
        room[p.diary] -= 1
        p.booked = NOT_YET
        p.spell += 1
        expected_person(w, i, room[p.diary] < 0)


@native
def wake(w: World, phase: int) -> None:
    """Whoever is due (`Clock._wake`)."""
    order, due, count = order_of(w), due_of(w), 0
    where = 3 * w.day + phase
    i = wide(due[where])
    due[where] = -1
    while i >= 0:
        order[count] = turn_of(person(w, i).number, i)
        count += 1
        i = wide(following_of(w)[i])
    sort(order, count)
    many = w.people_here > MANY
    for nth in range(count):
        if many and nth + AHEAD < count:
            next_is(w, whose(order[nth + AHEAD]))
        i = whose(order[nth])
        p = person(w, i)
        state = p.state
        if state == State.ASKING:
            ask(w, i)
        elif state == State.TO_LIST:
            wait(w, i)
        elif state == State.IN_TAPE:
            if passed(w, i):
                next_step(w, i)
        elif state == State.LEAVES_TAPE:
            leaves_tape(w, i)
        elif state == State.TO_ASSESSMENT:
            assessment(w, i)
        elif state == State.TO_REBOOKING:
            book(w, i)
        elif state == State.TO_SIGNPOST:
            note(w, w.day, Event.SIGNPOSTED, p.number, NOBODY, 0.0)
            leave_service(w, i)
        elif state == State.IN_PLACE:
            leaves_place(w, i)
        elif state == State.TO_RELAPSE:
            relapses(w, i)
        else:  # State.TO_RETURN
            p.asked = w.day
            ask(w, i)


@native
def patients_are_next(w: World, post: int, weekday: int) -> None:
    """Those who come to the holder of a post on a day."""
    t = wide(posts_of(w)[post].holder if post < w.post_count else -1)
    i = wide(caseloads_of(w)[t * WORKING_DAYS + weekday].head if t >= 0 else -1)
    while i >= 0:
        course_is_next(w, wide(course_number_of(w)[i]))
        next_is(w, i)
        i = wide(following_of(w)[i])


@native
def patients_lose_them(w: World, t: int) -> None:
    """A therapist has left: what becomes of their patients (`Signal.THERAPIST_LEFT`)."""
    order, count = order_of(w), 0
    for chain in range(t * WORKING_DAYS, (t + 1) * WORKING_DAYS):
        i = wide(caseloads_of(w)[chain].head)
        while i >= 0:
            order[count] = turn_of(person(w, i).number, i)
            count += 1
            i = wide(following_of(w)[i])
    sort(order, count)
    for nth in range(count):
        loses_therapist(w, whose(order[nth]))


@native
def crises_of_today(w: World) -> None:
    """Of people who wait."""
    order, w.crises_today = order_of(w), 0
    for nth in range(in_order(w, crises_of(w), w.day)):
        i = whose(order[nth])
        p = person(w, i)
        crisis(w, p, uniform(luck_of(w, p), Purpose.CRISIS_HOURS, nth_occasion(p.courses, p.waits)))
        make_urgent(w, i)


@native
def sessions(w: World) -> None:
    """`Service.sessions`."""
    day, posts, therapists = w.day, posts_of(w), therapists_of(w)
    week, weekday = day // DAYS_PER_WEEK, day % DAYS_PER_WEEK
    if weekday == 0:
        for t in range(2 * w.post_count):
            if therapists[t].leaving:
                patients_lose_them(w, t)
                therapists[t].leaving = False
    crises_of_today(w)
    if weekday >= WORKING_DAYS:
        return
    hold_assessments(w)
    many = w.people_here > MANY  # others are near the processor already
    for post in range(w.post_count):
        if many:
            patients_are_next(w, post + AHEAD, weekday)
        t = posts[post].holder
        if t < 0 or therapists[t].on_leave:
            continue
        sick = therapists[t].absent
        i = wide(caseloads_of(w)[t * WORKING_DAYS + weekday].head)
        while i >= 0:
            c = course(w, i)
            following = wide(following_of(w)[i])
            if c.first_day <= day:
                if sick:
                    over = cancelled_by_service(w, i, Cancellation.SICKNESS)
                elif c.cancelled_in == week:
                    over = cancelled_by_service(w, i, c.cancelled)
                else:
                    over = appointment(w, i)
                if over:
                    after_course(w, i)
            i = following


@native
def withdrawals(w: World) -> None:
    """`Service.withdrawals`."""
    order = order_of(w)
    for nth in range(in_order(w, leaves_of(w), w.day)):
        i = whose(order[nth])
        p = person(w, i)
        if p.state != State.AWAITS_ASSESSMENT:
            leave_list(w, i)
        elif p.booked != NOT_YET:
            release_assessment(w, p)
        p.spell += 1
        leaves(w, i)


@native
def close(w: World) -> None:
    """`Service.close`."""
    close_diaries(w)
    if w.day % DAYS_PER_WEEK == DAYS_PER_WEEK - 1:
        close_week(w)
        w.crises_this_week = 0
    elif w.day == w.days - 1:
        break_off(w)
    if begins_year(w.day + 1) or w.day == w.days - 1:
        close_year(w)


@Entrance
def advance(clinic: int, until: int) -> int:
    """Day after day to the day `until`: DONE there, MORE_ROOM where arrays must grow before the next day, FAILED where a law cannot be drawn from.

    STOPPED at the close of a day after the flag was set. `clinic`: where its record lies.
    """
    w = clinic_at(clinic, 0)
    if w.opened == CLOSED:
        if not people_to_come(w, -1):
            return MORE_ROOM
        open_workforce(w)
        w.opened = STAFFED
    if w.opened == STAFFED:
        if not room_for_opening(w):
            return MORE_ROOM
        if stage(w).steady:
            find_at_work(w)
        w.opened, w.day = OPEN, 0
    while w.day < until:
        if not people_to_come(w, w.day):
            return MORE_ROOM
        if w.failed != 0:
            return FAILED
        if not room_for_a_day(w):
            return MORE_ROOM
        changes(w)
        if w.day % DAYS_PER_WEEK == 0:
            monday(w)
        sessions(w)
        wake(w, SESSIONS)
        starts_of_today(w)
        withdrawals(w)
        wake(w, WITHDRAWALS)
        note_needs(w)
        book_queued(w)
        asking_today(w)
        wake(w, REFERRALS)
        close(w)
        w.day += 1
        if flag_at(w.stop) != 0:
            return STOPPED
    return FAILED if w.failed != 0 else DONE


@Entrance
def begin(clinic: int) -> int:
    """Before anything has happened. `clinic`: where its record lies."""
    w = clinic_at(clinic, 0)
    w.free_person = w.free_course = w.free_coming = w.free_later = w.free_entry = w.free_circle = -1
    w.need_time = math.inf
    if w.peak > 0.0:
        look_ahead(w, True)
        w.need_time = possible_of(w)[GAPS] - w.history
    for number in range(w.path_count):
        one = arrivals_of(w)[number]
        one.number, one.time = paths_of(w)[number].first_arrival, float(-w.history)
        law = paths_of(w)[number].arrival_law
        if law == RENEWAL or (law == POISSON and paths_of(w)[number].arrival_peak > 0.0):
            next_arrival(w, number)
        else:
            one.time = math.inf
    for where in range(2 * w.list_count):
        lists_of(w)[where].low, lists_of(w)[where].high = 1000, -1000
    for number in range(w.staff_count):
        one_staff = staff_of(w)[number]
        one_staff.team, one_staff.group = number // w.group_count, number % w.group_count
        one_staff.discharges, one_staff.list_pressure = -1.0, 0.2
    for post in range(w.post_count):
        posts_of(w)[post].holder = -1
        one_staff = staff_of(w)[posts_of(w)[post].staff]
        if one_staff.last_post == 0:
            one_staff.first_post = post
        one_staff.last_post = post + 1
    return DONE

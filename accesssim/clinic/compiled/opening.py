"""Who is found at work on day 0 (`accesssim.clinic.opening`)."""

from typing import Any

import numpy as np

from accesssim.clinic.compiled.arrays import circles_of, earlier_of, in_places_of, posts_of, staff_of, therapists_of
from accesssim.clinic.compiled.calendar import at
from accesssim.clinic.compiled.caseload import begin_circle, end_circle, seat, take, weight
from accesssim.clinic.compiled.chains import no_stays
from accesssim.clinic.compiled.course import appointment, begin_course
from accesssim.clinic.compiled.in_force import path_of, patience_of, places_here, stage, team_of, treats_for
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.luck import luck_of, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.pathway import home, referred, stay
from accesssim.clinic.compiled.people import begin_person, course, leave_service, person
from accesssim.clinic.compiled.records import REFERRALS, TO_ASSESSMENT
from accesssim.clinic.compiled.rules import Event, Purpose, exponential, patience_days
from accesssim.clinic.compiled.therapist import new_week
from accesssim.clinic.compiled.triage import suits
from accesssim.clinic.compiled.waiting import goes_on, wait
from accesssim.clinic.compiled.waiting_list import listed_as
from accesssim.clinic.opening import MOST_PASSED
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.limits import EARLIEST_DAY


@native
def note_past(w: Any, p: Any, passed: Any) -> None:
    """`_note_past`: what is known of a person up to the list; `passed`: pathway, place, day of coming and of leaving of each stay behind them."""
    note(w, p.onset, Event.NEED, p.number, (1 if p.complex else 0) + 2, p.severity)
    joined, pathway = w.day, np.int64(p.pathway)
    came = passed[0][2] if len(passed) > 0 else joined
    w.day = p.asked
    referred(w, p)
    if p.arrives < 0:
        for step in range(w.step_count):
            note(w, w.day, Event.STEP_PASSED, p.number, step, 0.0)
    w.day = came
    if p.assessed:
        note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)
    for one in passed:
        p.pathway, w.day = one[0], one[2]
        note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
        note(w, w.day, Event.STARTED, p.number, -1, p.severity)
        w.day = one[3]
        note(w, w.day, Event.STAYED, p.number, one[1], -1.0)
    p.pathway, w.day = pathway, joined


@native
def still_waits(w: Any, p: Any) -> bool:
    stays = NEVER
    if stage(w).loops.giving_up:
        u = uniform(luck_of(w, p), Purpose.PATIENCE, np.int64(p.courses) << 12 if p.courses > 0 else 0)
        stays = patience_days(patience_of(w, p.pathway), exponential(u))
    return p.remission > 0 and w.day + stays > 0


@native
def passed_through(w: Any, p: Any, room: Any, busy: Any, full: Any, passed: Any) -> bool:
    """`_passed_through`; False for somebody who is not found beyond the places they came through."""
    while len(passed) < MOST_PASSED:
        path, number, came = path_of(w, p.pathway), np.int64(p.pathway), w.day
        if path.then_size == 0 or not path.places_given or room[number] > 0:
            return True
        treats = team_of(w, p.team).treat_size
        for nth in range(treats):
            if busy[treats_for(w, p.team, nth) * w.path_count + number] > 0:
                return True
        closed = True
        for nth in range(treats):
            if places_here(w, treats_for(w, p.team, nth) * w.path_count + number) > 0:
                closed = False
        if came >= 0 or closed:
            return False
        where = treats_for(w, p.team, 0) * w.path_count + number
        if full[where] == NEVER:
            full[where] = came
        w.day = min(came - full[where], -1)
        passed.append((number, where, came, w.day))
        p.courses += 1
        if not goes_on(w, p):
            return False
    return False


@native
def course_start(w: Any, p: Any) -> int:
    """`_start`."""
    return -DAYS_PER_WEEK * (1 + int(uniform(luck_of(w, p), Purpose.CASELOAD_AGE, 0) * 1.5 * path_of(w, p.pathway).cap))


@native
def found_in_therapy(w: Any, i: int, t: int, g: int) -> bool:
    """`_found_in_therapy`."""
    p, mark = person(w, i), w.rows
    notice = path_of(w, p.pathway).first_session_days
    start = course_start(w, p) if g < 0 or circles_of(w)[g].takes_newcomers else circles_of(w)[g].began
    moved = start - (p.asked + w.opening_delay)
    if moved < 0:
        p.asked, p.onset, p.seen_on = p.asked + moved, p.onset + moved, NEVER
        if p.remission < NEVER:
            p.remission += moved
    w.day = start
    if p.remission <= start or p.onset < EARLIEST_DAY:
        if g >= 0 and circles_of(w)[g].members == 0:
            end_circle(w, g)
        return False
    note_past(w, p, no_stays())
    note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
    if g < 0:
        take(w, t, i, start + notice)
    else:
        seat(w, t, i, g, start + notice)
    begin_course(w, i)
    for day in range(course(w, i).first_day, 0, DAYS_PER_WEEK):
        w.day = day
        if appointment(w, i):
            w.rows = mark
            return False
    w.day = 0
    return True


@native
def found_in_circle(w: Any, i: int, own: int, left: Any, first_left: Any) -> tuple[bool, int]:
    """`_found_in_group`: whether the person is found there, and the slots that this took from those left over."""
    p, circles = person(w, i), circles_of(w)
    one, treats = staff_of(w)[own], team_of(w, staff_of(w)[own].team).treat_size
    for post in range(w.post_count):
        t = posts_of(w)[post].holder
        if t < 0 or staff_of(w)[posts_of(w)[post].staff].group != one.group:
            continue
        partner = False
        for nth in range(treats):
            partner = partner or treats_for(w, one.team, nth) == staff_of(w)[posts_of(w)[post].staff].team
        if not partner:
            continue
        g = therapists_of(w)[t].first_circle
        while g >= 0:
            if circles[g].pathway == p.pathway and circles[g].members < circles[g].seats:
                return found_in_therapy(w, i, t, g), 0
            g = np.int64(circles[g].next)
    for nth in range(-1, treats):
        staff = own if nth < 0 else treats_for(w, one.team, nth) * w.group_count + one.group
        post = first_left[staff]
        if post < 0:
            continue
        takes = weight(w, staff, p.pathway)
        if left[post] >= takes:
            t, path = posts_of(w)[post].holder, path_of(w, p.pathway)
            began = course_start(w, p)
            g = begin_circle(w, t, p.pathway, takes, began, began + path.first_session_days)
            if found_in_therapy(w, i, t, g):
                take_left(w, staff, takes, left, first_left)
                return True, takes
            return False, 0
        take_left(w, staff, 1, left, first_left)  # too few are left of this therapist's
        return False, 1
    return False, 0


@native
def take_left(w: Any, staff: int, count: int, left: Any, first_left: Any) -> None:
    """Take slots of the first therapist who has any left."""
    post = first_left[staff]
    left[post] -= count
    if left[post] == 0:
        first_left[staff] = -1
        for other in range(post + 1, staff_of(w)[staff].last_post):
            if left[other] > 0:
                first_left[staff] = other
                return


@native
def find_at_work(w: Any) -> None:
    """`opening.find_at_work`."""
    now, earlier, paths = stage(w), earlier_of(w), w.path_count
    awaiting = now.initial.awaiting_assessment if now.triage.assess else 0
    room, busy, full = (
        np.empty(paths, dtype=np.int64),
        np.zeros(w.list_count, dtype=np.int64),
        np.full(w.list_count, NEVER),
    )
    left, first_left = np.zeros(w.post_count + 1, dtype=np.int64), np.full(w.staff_count + 1, -1)
    rooms = free_slots = free_places = 0
    for number in range(paths):
        room[number] = path_of(w, number).initial_waiting
        rooms += room[number]
    for where in range(w.list_count):
        busy[where] = int(now.initial.caseload_share * max(places_here(w, where), 0) + 0.5)
        free_places += busy[where]
    for staff in range(w.staff_count):
        for post in range(staff_of(w)[staff].last_post - 1, staff_of(w)[staff].first_post - 1, -1):
            if posts_of(w)[post].holder >= 0:
                left[post] = int(therapists_of(w)[posts_of(w)[post].holder].slots * now.initial.caseload_share + 0.5)
                free_slots += left[post]
                if left[post] > 0:
                    first_left[staff] = post
    asked_on = np.full(
        w.history + 1, -1
    )  # the first who asked so many days before day 0; the others, by number, follow in a chain
    for nth in range(w.used_earlier - 1, -1, -1):
        earlier[nth].next = asked_on[-earlier[nth].asked]
        asked_on[-earlier[nth].asked] = nth
    waiting = no_stays()  # day of joining, person, and where their stays stand in `behind`
    behind = no_stays()
    before, nth = 0, np.int64(-1)
    while True:
        while nth < 0 and before < w.history:
            before += 1
            nth = asked_on[before]
        if nth < 0:
            break
        one = earlier[nth]
        nth = np.int64(one.next)
        if awaiting > 0 and one.arrives < 0:
            if one.remission > 0:
                awaiting -= 1
                i = begin_person(w, one)
                p = person(w, i)
                note(w, p.onset, Event.NEED, p.number, (1 if p.complex else 0) + 2, p.severity)
                w.day = p.asked
                referred(w, p)
                for step in range(w.step_count):
                    note(w, w.day, Event.STEP_PASSED, p.number, step, 0.0)
                at(w, i, 0, REFERRALS, TO_ASSESSMENT)
            continue
        if rooms == 0 and free_slots == 0 and free_places == 0:
            break
        i = begin_person(w, one)
        p = person(w, i)
        w.day = min(p.asked + (w.opening_delay if p.arrives < 0 else 0), 0)
        kept = suits(w, p)
        passed = no_stays()
        if kept:
            home(w, p)
            kept = passed_through(w, p, room, busy, full, passed)
        if kept:
            kept = False
            where, own = -1, -1
            for nth_team in range(team_of(w, p.team).treat_size):
                number = treats_for(w, p.team, nth_team) * paths + p.pathway
                if busy[number] > 0:
                    where = number
                    break
            group = path_of(w, p.pathway).group_number
            if room[p.pathway] > 0 and still_waits(w, p):
                room[p.pathway] -= 1
                rooms -= 1
                waiting.append((w.day, i, len(behind), len(passed)))
                behind.extend(passed)
                kept = True
            elif where >= 0:
                busy[where] -= 1
                free_places -= 1
                note_past(w, p, passed)
                note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
                in_places_of(w)[where] += 1
                p.served_at = where
                stay(w, i, True)
                kept = True
            elif room[p.pathway] == 0 and group >= 0:
                own = p.team * w.group_count + group
                if path_of(w, p.pathway).seats > 1:
                    kept, taken = found_in_circle(w, i, own, left, first_left)
                    free_slots -= taken
                else:
                    staff = own
                    if first_left[own] < 0:
                        for nth_team in range(team_of(w, p.team).treat_size):
                            partner = treats_for(w, p.team, nth_team) * w.group_count + group
                            if first_left[partner] >= 0:
                                staff = partner
                                break
                    post = first_left[staff]
                    if post >= 0 and found_in_therapy(w, i, posts_of(w)[post].holder, -1):
                        take_left(w, staff, 1, left, first_left)
                        free_slots -= 1
                        kept = True
        if not kept:
            leave_service(w, i)
    days = np.empty(len(waiting), dtype=np.int64)
    for nth in range(len(waiting)):
        days[nth] = waiting[len(waiting) - 1 - nth][0]
    for nth in np.argsort(days, kind="mergesort"):
        joined, i, start, count = waiting[len(waiting) - 1 - nth]
        w.day = joined
        note_past(w, person(w, i), behind[start : start + count])
        wait(w, i)
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            new_week(therapists_of(w)[posts_of(w)[post].holder])
    w.day = 0

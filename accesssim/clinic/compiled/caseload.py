"""Who comes to a therapist, alone or in a group (`accesssim.clinic.therapist`, `accesssim.clinic.group`)."""

from accesssim.clinic.compiled.arrays import (
    World,
    caseloads_of,
    circles_of,
    course_number_of,
    courses_of,
    following_of,
    therapists_of,
)
from accesssim.clinic.compiled.chains import link, unlink
from accesssim.clinic.compiled.in_force import path_of, staffing
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import course, course_is_next, person
from accesssim.clinic.compiled.records import Course
from accesssim.clinic.compiled.rules import slots_of
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS

WHOLE_WEEK = -1
"""In the place of a weekday."""


@native
def weight(w: World, staff: int, pathway: int) -> int:
    """`starts.weight`: slots that a session of a pathway takes of the diaries of some staff."""
    return slots_of(path_of(w, pathway).session_hours, staffing(w, staff).session_hours)


@native
def free_day(w: World, t: int, earliest: int) -> tuple[int, int]:
    """`Therapist._free_day`: the weekday with the fewest patients, the soonest of these, and its first date from `earliest` on."""
    today, best, chosen, after = earliest % DAYS_PER_WEEK, -1, 0, 0
    for weekday in range(WORKING_DAYS):
        days = weekday - today if weekday >= today else weekday - today + DAYS_PER_WEEK
        rank = DAYS_PER_WEEK * caseloads_of(w)[t * WORKING_DAYS + weekday].count + days
        if rank < best or best < 0:
            best, chosen, after = rank, weekday, days
    return chosen, earliest + after


@native
def add_patient(w: World, t: int, i: int, g: int, weekday: int, first_day: int) -> None:
    """Somebody's appointments are with a therapist from now on: their course if they had one before, else another's record."""
    if course_number_of(w)[i] < 0:
        number = w.free_course
        if number >= 0:
            w.free_course = courses_of(w)[number].next
            course_is_next(w, w.free_course)
        else:
            number = w.used_courses
            w.used_courses += 1
        course_number_of(w)[i] = number
    c, chain = course(w, i), caseloads_of(w)[t * WORKING_DAYS + weekday]
    link(w, chain, i, chain.tail)
    c.therapist, c.circle, c.weekday, c.first_day = t, g, weekday, first_day
    c.cancelled_in, c.number = -1, person(w, i).number


@native
def take(w: World, t: int, i: int, earliest: int) -> None:
    """`Therapist.take`: somebody comes alone."""
    weekday, first_day = free_day(w, t, earliest)
    add_patient(w, t, i, -1, weekday, first_day)
    therapists_of(w)[t].caseload += 1


@native
def begin_circle(w: World, t: int, pathway: int, weight: int, began: int, earliest: int) -> int:
    """`Group`, `Therapist.begin_group`."""
    circles, path, g = circles_of(w), path_of(w, pathway), w.free_circle
    if g >= 0:
        w.free_circle = circles[g].next
    else:
        g = w.used_circles
        w.used_circles += 1
    one, therapist = circles[g], therapists_of(w)[t]
    one.pathway, one.seats, one.weight, one.began = pathway, path.seats, weight, began
    one.takes_newcomers = not path.closed
    one.members, one.met_as, one.met_on, one.next, one.therapist = 0, 0, -1, -1, t
    one.weekday, one.first_day = free_day(w, t, earliest)
    if therapist.last_circle >= 0:
        circles[therapist.last_circle].next = g
    else:
        therapist.first_circle = g
    therapist.last_circle = g
    therapist.caseload += weight
    return g


@native
def end_circle(w: World, g: int) -> None:
    """`Therapist.end_group`: the group is over, and its slots are free."""
    circles = circles_of(w)
    one = circles[g]
    therapist = therapists_of(w)[one.therapist]
    before, here = -1, therapist.first_circle
    while here != g:
        before, here = here, wide(circles[here].next)
    if before >= 0:
        circles[before].next = one.next
    else:
        therapist.first_circle = one.next
    if therapist.last_circle == g:
        therapist.last_circle = before
    therapist.caseload -= one.weight
    one.next = w.free_circle
    w.free_circle = g


@native
def seat(w: World, t: int, i: int, g: int, earliest: int) -> None:
    """`Therapist.seat`: somebody comes to a group."""
    one = circles_of(w)[g]
    earliest = max(earliest, wide(one.first_day))
    add_patient(w, t, i, g, one.weekday, earliest + (one.weekday - earliest) % DAYS_PER_WEEK)
    one.members += 1


@native
def drop(w: World, i: int) -> None:
    """`Therapist.drop`."""
    c = course(w, i)
    t, g = c.therapist, c.circle
    unlink(w, caseloads_of(w)[t * WORKING_DAYS + c.weekday], i)
    if g < 0:
        therapists_of(w)[t].caseload -= 1
        return
    one = circles_of(w)[g]
    one.members -= 1
    if one.members == 0:
        end_circle(w, g)


@native
def held(w: World, c: Course, hours: float) -> None:
    """`Therapist.held`: a session was held; that of a group counts once, and its complex members by their share."""
    therapist = therapists_of(w)[c.therapist]
    if c.circle < 0:
        therapist.sessions += 1
        therapist.contact_hours += hours
        if c.complex:
            therapist.complex_sessions += 1.0
        return
    one = circles_of(w)[c.circle]
    if one.met_on != w.day:
        therapist.sessions += 1
        therapist.contact_hours += hours
        one.met_on, one.met_as = w.day, one.members
    if c.complex:
        therapist.complex_sessions += 1.0 / one.met_as


@native
def newest(w: World, t: int, weekday: int) -> int:
    """`Therapist.newest`: who came last to a therapist, of those who still have a session alone; -1 for nobody.

    In the whole week, or of those who come on a weekday.
    """
    week, found = w.day // DAYS_PER_WEEK, -1
    for day in range(WORKING_DAYS):
        i = wide(caseloads_of(w)[t * WORKING_DAYS + day].head if weekday in (WHOLE_WEEK, day) else -1)
        while i >= 0:
            c = course(w, i)
            meant = c.circle < 0 and c.cancelled_in != week and (weekday == WHOLE_WEEK or c.first_day <= w.day)
            if meant and (found < 0 or came_later(c, course(w, found))):
                found = i
            i = wide(following_of(w)[i])
    return found


@native
def came_later(c: Course, other: Course) -> bool:
    """Whether a course began after another; of one day, by number of the person."""
    return c.first_day > other.first_day or (c.first_day == other.first_day and c.number > other.number)


@native
def cancel_newest(w: World, t: int, count: int, reason: int, weekday: int) -> None:
    """The sessions of so many who came last are cancelled, of the week or a weekday (`Workforce.displace`); groups meet."""
    for _ in range(count):
        i = newest(w, t, weekday)
        if i < 0:
            return
        course(w, i).cancelled, course(w, i).cancelled_in = reason, w.day // DAYS_PER_WEEK

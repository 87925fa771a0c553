"""What lies behind somebody who is found on day 0 (`accesssim.clinic.opening`): told, and walked through."""

from typing import NamedTuple

from accesssim.clinic.compiled.arrays import World, circles_of
from accesssim.clinic.compiled.caseload import end_circle, seat, take
from accesssim.clinic.compiled.codes import need_code
from accesssim.clinic.compiled.course import appointment, begin_course
from accesssim.clinic.compiled.in_force import path_of
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import luck_of, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.pathway import referred
from accesssim.clinic.compiled.people import course, person
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import Event, Purpose
from accesssim.clinic.compiled.waiting_list import listed_as
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.limits import EARLIEST_DAY
from accesssim.world.nothing import NO_PATHWAY, NO_SCORES, NOBODY


class Passed(NamedTuple):
    """A stay that was over before day 0."""

    pathway: int
    place: int  # the list that the place belonged to
    came: int
    left: int


@native
def no_stays() -> list[Passed]:
    """A list of them to be filled. Made apart: where a comprehension stands, numba takes writes into arrays that it does not see used for dead."""
    return [Passed(0, 0, 0, 0) for _ in range(0)]


@native
def note_need(w: World, p: Person) -> None:
    """`_note_need`."""
    note(w, p.onset, Event.NEED, p.number, need_code(1 if p.complex else 0, 1), p.severity)


@native
def note_past(w: World, p: Person, behind: list[Passed], first: int, last: int) -> None:
    """`_note_past`: what is known of a person up to the list.

    The stays behind them are those of `behind` from `first` on and before `last`; each is told as if it had begun at once.
    """
    note_need(w, p)
    joined, pathway = w.day, wide(p.pathway)
    came = behind[first].came if first < last else joined
    w.day = p.asked
    referred(w, p)
    if p.arrives == NO_PATHWAY:
        for step in range(w.step_count):
            note(w, w.day, Event.STEP_PASSED, p.number, step, 0.0)
    w.day = came
    if p.assessed:
        note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)
    for nth in range(first, last):
        one = behind[nth]
        p.pathway, w.day = one.pathway, one.came
        note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
        note(w, w.day, Event.STARTED, p.number, NOBODY, p.severity)
        w.day = one.left
        note(w, w.day, Event.STAYED, p.number, one.place, NO_SCORES)
    p.pathway, w.day = pathway, joined


@native
def course_start(w: World, p: Person) -> int:
    """`_start`: the day, before day 0, on which a course began that may still be going on."""
    return -DAYS_PER_WEEK * (1 + int(uniform(luck_of(w, p), Purpose.CASELOAD_AGE, 0) * 1.5 * path_of(w, p.pathway).cap))


@native
def move(p: Person, days: int) -> bool:
    """`Found.move`: all that lies behind a person was so many days later (before: negative); False where it is too long ago to be told."""
    if days != 0:
        p.asked, p.onset, p.seen_on = p.asked + days, p.onset + days, NEVER
    return p.onset >= EARLIEST_DAY


@native
def found_in_therapy(w: World, i: int, t: int, g: int, behind: list[Passed]) -> bool:
    """`_found_in_therapy`: walk a course up to day 0; whether it still goes on. `g`: the group that it is in, or -1."""
    p, mark = person(w, i), w.rows
    notice = path_of(w, p.pathway).first_session_days
    start = course_start(w, p) if g < 0 or circles_of(w)[g].takes_newcomers else circles_of(w)[g].began
    if p.remission < NEVER:
        p.remission += start
    if not move(p, start):
        if g >= 0 and circles_of(w)[g].members == 0:
            end_circle(w, g)
        return False
    w.day = start
    note_past(w, p, behind, 0, 0)
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

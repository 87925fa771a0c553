"""Records of people and of their courses of therapy, each used again once whoever had it is gone."""

from typing import Any

import numpy as np

from accesssim.clinic.compiled.addresses import fixed_word, prefetch
from accesssim.clinic.compiled.arrays import COURSES, PEOPLE, course_at, course_number_of, following_of, person_at
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import ASKING, COURSE_SIZE, LINE, NOWHERE, PERSON_SIZE
from accesssim.clinic.compiled.rules import Urgency


@native
def person(w: Any, i: int) -> Any:
    return person_at(fixed_word(w, PEOPLE), i)


@native
def course(w: Any, i: int) -> Any:
    """Somebody's course of therapy."""
    return course_at(fixed_word(w, COURSES), np.int64(course_number_of(w)[i]))


@native
def next_is(w: Any, i: int) -> None:
    """Somebody is soon next: meanwhile their record can be on its way from memory."""
    address = fixed_word(w, PEOPLE) + i * PERSON_SIZE
    prefetch(address)
    prefetch(address + PERSON_SIZE - 1)


@native
def course_is_next(w: Any, number: int) -> None:
    """The same of a course."""
    address = fixed_word(w, COURSES) + number * COURSE_SIZE
    for line in range(0, COURSE_SIZE, LINE):
        prefetch(address + line)


@native
def enter(w: Any) -> int:
    """A record for somebody."""
    i = w.free_person
    if i >= 0:
        w.free_person = following_of(w)[i]
        next_is(w, w.free_person)
    else:
        i = w.used_people
        w.used_people += 1
    w.people_here += 1
    return i


@native
def leave_service(w: Any, i: int) -> None:
    """The journey is over."""
    p = person(w, i)
    p.number = -1
    p.state = NOWHERE
    if course_number_of(w)[i] >= 0:
        give_back_course(w, i)
    following_of(w)[i] = w.free_person
    w.free_person = i
    w.people_here -= 1


@native
def give_back_course(w: Any, i: int) -> None:
    """Somebody's course is over."""
    course(w, i).next = w.free_course
    w.free_course = course_number_of(w)[i]
    course_number_of(w)[i] = -1


@native
def begin_person(w: Any, one: Any) -> int:
    """Somebody asks for help (`Person`)."""
    i = enter(w)
    p = person(w, i)
    course_number_of(w)[i] = -1
    p.number, p.onset, p.asked, p.severity, p.complex, p.drift, p.remission, p.arrives = (
        one.number,
        one.onset,
        one.asked,
        one.severity,
        one.complex,
        one.drift,
        one.remission,
        one.arrives,
    )
    p.seen, p.seen_on, p.treated, p.recovered, p.assessed = one.severity, one.onset, False, False, False
    p.episode = p.courses = p.spell = p.team = p.waits = p.scores = 0
    p.pathway = -1
    p.state, p.urgency = ASKING, Urgency.ROUTINE
    return i

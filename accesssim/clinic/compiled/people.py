"""Records of people and of their courses of therapy, each used again once whoever had it is gone."""

from collections.abc import Callable

from accesssim.clinic.compiled.addresses import element_of, prefetch
from accesssim.clinic.compiled.arrays import World, course_number_of, courses_at, following_of, people_at
from accesssim.clinic.compiled.layout import LINE, layout, wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import Coming, Course, Person
from accesssim.clinic.compiled.rules import State, Urgency
from accesssim.world.nothing import NO_PATHWAY

MANY = 8192
"""People here, whose records are more than a processor keeps near it."""
AHEAD = 4
"""How many posts, or people, before their turn a record is asked for: memory answers as late as that."""
PERSON_SIZE, COURSE_SIZE = layout(Person).itemsize, layout(Course).itemsize
_person: Callable[[int, int], Person] = element_of(layout(Person))
_course: Callable[[int, int], Course] = element_of(layout(Course))


@native
def person(w: World, i: int) -> Person:
    """Whoever has a record of that number."""
    return _person(people_at(w), i)


@native
def course(w: World, i: int) -> Course:
    """Somebody's course of therapy."""
    return _course(courses_at(w), wide(course_number_of(w)[i]))


@native
def next_is(w: World, i: int) -> None:
    """Somebody is soon next: meanwhile their record can be on its way from memory."""
    address = people_at(w) + i * PERSON_SIZE
    prefetch(address)
    prefetch(address + PERSON_SIZE - 1)


@native
def course_is_next(w: World, number: int) -> None:
    """The same of a course."""
    address = courses_at(w) + number * COURSE_SIZE
    for line in range(0, COURSE_SIZE, LINE):
        prefetch(address + line)


@native
def enter(w: World) -> int:
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
def leave_service(w: World, i: int) -> None:
    """The journey is over."""
    p = person(w, i)
    p.number = -1
    p.state = State.NOWHERE
    if course_number_of(w)[i] >= 0:
        give_back_course(w, i)
    following_of(w)[i] = w.free_person
    w.free_person = i
    w.people_here -= 1


@native
def give_back_course(w: World, i: int) -> None:
    """Somebody's course is over."""
    course(w, i).next = w.free_course
    w.free_course = course_number_of(w)[i]
    course_number_of(w)[i] = -1


@native
def begin_person(w: World, one: Coming) -> int:
    """Somebody asks for help (`Person`)."""
    i = enter(w)
    p = person(w, i)
    p.number, p.onset, p.asked, p.severity = one.number, one.onset, one.asked, one.severity
    p.complex, p.drift, p.remission, p.arrives = one.complex, one.drift, one.remission, one.arrives
    p.tried = 0
    at_first(w, i)
    return i


@native
def at_first(w: World, i: int) -> None:
    """Nothing has been done for somebody yet."""
    p = person(w, i)
    course_number_of(w)[i] = -1
    p.seen, p.seen_on, p.treated, p.recovered, p.assessed = p.severity, p.onset, False, False, False
    p.episode = p.courses = p.spell = p.team = p.waits = p.scores = 0
    p.pathway = NO_PATHWAY
    p.state, p.urgency = State.ASKING, Urgency.ROUTINE

"""A stay in a place that is kept for somebody for a while."""

from accesssim.clinic.clock import Part
from accesssim.clinic.course import Courses
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, Phase, Purpose
from accesssim.clinic.rules import places
from accesssim.clinic.scores import below_cut_offs, closing, severity
from accesssim.clinic.state import State
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.chance import draw
from accesssim.world.nothing import NO_SCORES


def stay(state: State, courses: Courses, person: Person, *, found: bool = False) -> Part[None]:
    """In a place, until the stay is over; `found` there on day 0, for what is left of a stay."""
    law, clock = state.stays[person.pathway], state.clock
    days = law.rest(person.key, person.courses) if found else law.days(person.key, person.courses)
    if found:  # the place was somebody else's while they waited for it
        clock.day = places.began_on(clock.day, days, draw(person.key, Purpose.CASELOAD_AGE, 2))
    came, ill = clock.day, severity(state, person)
    state.note(Event.STARTED, person, value=ill)
    if found:
        clock.day = 0
    whole = places.whole_days(days, draw(person.key, Purpose.STAY_ROUNDING, person.courses))
    yield clock.until(person, clock.day + whole, Phase.SESSIONS)
    state.in_places[person.served_at] -= 1
    leave_place(state, courses, person, came, ill)


def leave_place(state: State, courses: Courses, person: Person, came: int, ill: float) -> None:
    """The stay is over: what therapy in it has done, if there was any. `ill`: the severity with which it began."""
    sessions = int(state.paths[person.pathway].sessions_per_week * (state.clock.day - came) / DAYS_PER_WEEK)
    if sessions == 0:
        state.note(Event.STAYED, person, person.served_at, NO_SCORES)
    else:
        if not person.assessed:
            state.note(Event.ASSESSED, person, person.urgency, person.scores)  # the scores that the stay began with
        person.treated = courses.helped(person, ill, sessions)
        scores, told = closing(state, person, sessions)
        state.note(Event.STAYED, person, person.served_at, told)
        person.recovered = below_cut_offs(state, *scores)
    person.courses += 1

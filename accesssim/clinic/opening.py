"""The service as it is found on day 0: people awaiting assessment, on the lists, in therapy, in places.

There are exactly as many as the section `initial` says, each drawn given that they are still there (see `found`). A course found
on day 0 is walked from a start that is uniform in the past, and taken if it is still going on: so long courses are found more
often, as they are at any moment. Lists and caseloads are filled apart, so a long list leaves no slot empty.
"""

from collections.abc import Sequence
from contextlib import suppress
from operator import itemgetter

from accesssim.clinic.clock import rest
from accesssim.clinic.flows import LONGEST_WAIT, opening
from accesssim.clinic.found import Found, Passed
from accesssim.clinic.group import Group
from accesssim.clinic.pathway import Journeys
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, Purpose, Signal
from accesssim.clinic.staff import Staff
from accesssim.clinic.starts import weight
from accesssim.clinic.state import State
from accesssim.clinic.therapist import Therapist
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.chance import draw
from accesssim.world.journal import codes
from accesssim.world.nothing import NO_PATHWAY, NO_SCORES
from accesssim.world.sections.pathways import Pathway


def find_at_work(state: State, journeys: Journeys) -> None:
    """Fill diary, caseloads, places and lists as `initial` says."""
    found = Found(state, journeys, opening(state.now))
    for nth in reversed(range(len(found.opening.awaiting))):  # who asked first was booked first
        person = found.asking(nth, found.opening.awaiting[nth])
        _note_need(state, person)
        state.clock.day = person.asked
        state.clock.go_on(person, journeys.found_asking(person))
    for staff in state.staff:
        _fill_slots(found, staff)
    for number, name in enumerate(state.path_names):
        for team, places in enumerate(state.teams.places.get(name, ())):
            _fill_places(found, number, team, int(state.now.initial.caseload_share * places + 0.5))
    _fill_lists(found)
    for therapist in state.therapists:
        therapist.new_week()  # what was walked through lies in the past
    state.clock.day = 0


# -- on the lists


def _fill_lists(found: Found) -> None:
    """Those who wait: who came first, first."""
    state, waiting = found.state, list[tuple[int, Person, list[Passed]]]()
    for pathway, ages in enumerate(found.opening.ages):
        for nth, age in enumerate(ages):
            waiting.append((-age, *found.on_list(pathway, nth, age)))
    waiting.sort(key=itemgetter(0))
    for joined, person, passed in waiting:
        state.clock.day = joined
        _note_past(state, found.journeys, person, passed)
        state.clock.go_on(person, found.journeys.found_waiting(person))


def _note_need(state: State, person: Person) -> None:
    state.journal.note(person.onset, Event.NEED, person.number, codes.need(person.complex, True), person.severity)


def _note_past(state: State, journeys: Journeys, person: Person, passed: Sequence[Passed] = ()) -> None:
    """What is known of a person up to the list; a stay behind them is told as if it had begun at once."""
    _note_need(state, person)
    joined, pathway = state.clock.day, person.pathway
    assessed = passed[0].came if passed else joined
    state.clock.day = person.asked
    journeys.referred(person)
    for step in range(len(state.now.bureaucracy.steps) if person.arrives == NO_PATHWAY else 0):
        state.note(Event.STEP_PASSED, person, step)
    state.clock.day = assessed
    if person.assessed:
        state.note(Event.ASSESSED, person, person.urgency, person.scores)
    for one in passed:
        person.pathway, state.clock.day = one.pathway, one.came
        state.note(Event.LISTED, person, state.listed_as(person), person.severity)
        state.note(Event.STARTED, person, value=person.severity)
        state.clock.day = one.left
        state.note(Event.STAYED, person, one.place, NO_SCORES)
    person.pathway, state.clock.day = pathway, joined


# -- in places


def _fill_places(found: Found, pathway: int, team: int, count: int) -> None:
    """Those who keep a team's places of a pathway, for the rest of their stays; each has waited as long as the list is."""
    state, ages = found.state, found.opening.ages[pathway]
    own = codes.list_of(team, pathway, len(state.paths))
    waited = ages[-1] if ages else 0
    for _ in range(count):
        number, attempt = found.next_in_care(len(state.staff) + own), 0
        while number is not None and (one := found.for_place(number, attempt, own, pathway, waited)) is not None:
            person, passed, attempt = one
            if _found_in_place(found, person, own, waited, passed):
                break


def _found_in_place(found: Found, person: Person, place: int, waited: int, passed: Sequence[Passed]) -> bool:
    """Take somebody for the rest of a stay, who came to the list so long before it began; False where that is too long ago to be told."""
    state = found.state
    left = state.stays[person.pathway].rest(person.key, person.courses)
    part = draw(person.key, Purpose.CASELOAD_AGE, 2)
    began = max(1, int(min(left / part - left, LONGEST_WAIT)))
    if not found.move(person, -began):
        return False
    passed = [one._replace(came=one.came - began, left=one.left - began) for one in passed]
    if person.remission < NEVER:
        person.remission -= began
    state.clock.day = -waited - began
    _note_past(state, found.journeys, person, passed)
    state.note(Event.LISTED, person, state.listed_as(person), person.severity)
    state.in_places[place] += 1
    person.served_at = place
    state.clock.go_on(person, found.journeys.found_in_place(person))
    return True


# -- in therapy


def _fill_slots(found: Found, staff: Staff) -> None:
    """Those in therapy with the therapists of a staff, who have as many slots taken as `initial.caseload_share` says."""
    state = found.state
    given = [number for number, path in enumerate(state.paths) if path.group == staff.group]
    least = min((_slots_of(state, staff, number) for number in given), default=NEVER)
    for therapist in state.therapists:
        if therapist.staff == staff.number:
            wanted = int(therapist.slots * state.now.initial.caseload_share + 0.5)
            while wanted - therapist.caseload >= least:
                number = found.next_in_care(staff.number)
                if number is None or not _find_patient(found, staff, given, therapist, number, wanted):
                    break  # nobody would still be there


def _slots_of(state: State, staff: Staff, pathway: int) -> int:
    """Slots that somebody's sessions, or a group, take of a therapist."""
    path = state.paths[pathway]
    return weight(path.session_hours, staff) if path.seats > 1 else 1


def _find_patient(
    found: Found, staff: Staff, given: Sequence[int], therapist: Therapist, number: int, wanted: int
) -> bool:
    """Somebody for a therapist of whom so many slots are to be taken, or a group; False where nobody is found who would still be there."""
    state, attempt = found.state, 0
    while (one := found.for_staff(number, attempt, staff, given)) is not None:
        person, attempt = one
        path = state.paths[person.pathway]
        if path.seats == 1:
            if _found_in_therapy(found, person, therapist):
                return True
        elif (takes := _slots_of(state, staff, person.pathway)) <= wanted - therapist.caseload:
            group = Group(
                person.pathway, path.seats, takes, _start(person, path), takes_newcomers=path.starts == "open"
            )
            therapist.begin_group(group, group.began + path.first_session_days)
            if _found_in_therapy(found, person, therapist, group):
                _fill_seats(found, staff, therapist, group)
                return True
    return False


def _fill_seats(found: Found, staff: Staff, therapist: Therapist, group: Group) -> None:
    """The others of a group: of a closed one as many as are left of a full one, of an open one one for each seat."""
    for _ in range(group.free):
        number, attempt = found.next_in_care(staff.number), 0
        while number is not None and (one := found.for_staff(number, attempt, staff, [group.pathway])) is not None:
            person, attempt = one
            if _found_in_therapy(found, person, therapist, group) or not group.takes_newcomers:
                break


def _start(person: Person, path: Pathway) -> int:
    """The day, before day 0, on which a course began that may still be going on."""
    return -DAYS_PER_WEEK * (1 + int(draw(person.key, Purpose.CASELOAD_AGE) * 1.5 * path.cap))


def _found_in_therapy(found: Found, person: Person, therapist: Therapist, group: Group | None = None) -> bool:
    """Walk a person's course up to day 0; take the person if it still goes on."""
    state, journeys = found.state, found.journeys
    mark = len(state.journal)
    pathway = state.paths[person.pathway]
    start = _start(person, pathway) if group is None or group.takes_newcomers else group.began
    if person.remission < NEVER:
        person.remission += start
    if not found.move(person, start):
        if group is not None and group.members == 0:
            therapist.end_group(group)
        return False
    state.clock.day = start
    _note_past(state, journeys, person)
    state.note(Event.LISTED, person, state.listed_as(person), person.severity)
    if group is None:
        therapist.take(person, start, pathway.first_session_days)
    else:
        therapist.seat(person, group, start + pathway.first_session_days)
    course = journeys.course(person)
    waits_for = next(course)
    for day in range(person.first_day, 0, DAYS_PER_WEEK):
        state.clock.day = day
        with suppress(StopIteration):
            waits_for = course.send(Signal.APPOINTMENT)
        if person.therapist is None:  # over before day 0: somebody else is found here
            state.journal.cut(mark)
            return False
    state.clock.day = 0
    state.clock.begin(person, journeys.found_in_therapy(person, rest(course, waits_for)))
    return True

"""The service as it is found on day 0: people awaiting assessment, on the lists, in therapy.

They are people who asked before day 0, with the draws that they carry anyway: the last who asked await assessment, those before
them are on the lists, those before these in therapy. A course found on day 0 is walked from a start that is uniform in the
past, and taken if it is still going on: so long courses are found more often, as they are at any moment.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import NamedTuple

from accesssim.clinic.afterwards import goes_on
from accesssim.clinic.clock import rest
from accesssim.clinic.group import Group
from accesssim.clinic.pathway import Journeys
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, Purpose, Signal
from accesssim.clinic.rules.patience import patience_days
from accesssim.clinic.starts import weight
from accesssim.clinic.state import State
from accesssim.clinic.therapist import Therapist
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.chance import draw, exponential
from accesssim.world.journal import codes
from accesssim.world.limits import EARLIEST_DAY
from accesssim.world.nothing import NO_PATHWAY, NO_SCORES, NO_STAFF
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.pathways import Pathway

MOST_PASSED = 90
"""Stays that may lie behind somebody who is found on day 0; whoever has gone round more often is left out."""


class _Passed(NamedTuple):
    """A stay that was over before day 0."""

    pathway: int
    place: int  # the list that the place belonged to
    came: int
    left: int


def find_at_work(state: State, journeys: Journeys, earlier: Iterator[Person]) -> None:
    """Fill diary, lists and caseloads as `initial` says, as far as enough people have asked."""
    initial = state.now.initial
    delay = days_to_assessment(state.now) if state.now.triage.assess else 0
    awaiting = initial.awaiting_assessment if state.now.triage.assess else 0
    room = {name: initial.waiting.get(name, 0) for name in state.path_names}
    busy = [
        int(initial.caseload_share * sum(state.teams.places.get(name, ())[team : team + 1]) + 0.5)
        for team in range(state.teams.count)
        for name in state.path_names
    ]
    slots = [list(_slots(state, staff.number)) for staff in state.staff]
    waiting: list[tuple[int, Person, list[_Passed]]] = []
    full: dict[int, int] = {}  # by list: when the first came who has left its places by now
    for person in earlier:
        if awaiting and person.arrives == NO_PATHWAY:
            if person.remission > 0:
                awaiting -= 1
                _note_need(state, person)
                state.clock.day = person.asked
                state.clock.go_on(person, journeys.found_asking(person))
            continue
        if not any(room.values()) and not any(slots) and not any(busy):
            break
        state.clock.day = min(person.asked + (delay if person.arrives == NO_PATHWAY else 0), 0)
        if not journeys.triage.suits(person):
            continue
        journeys.home(person)
        passed = _passed_through(state, person, room, busy, full)
        if passed is None:
            continue
        name = state.path_names[person.pathway]
        place = next((number for number in state.teams.lists_of(person.team, [person.pathway]) if busy[number]), None)
        if room[name] and _still_waits(state, person):
            room[name] -= 1
            waiting.append((state.clock.day, person, passed))
        elif place is not None:
            busy[place] -= 1
            _found_in_place(state, journeys, person, place, passed)
        elif room[name]:
            continue
        elif (own := state.staff_of(person)) != NO_STAFF:
            if state.paths[person.pathway].seats > 1:
                _found_in_group(state, journeys, person, own, slots, delay)
                continue
            staff = next((number for number in (own, *state.staff[own].partners) if slots[number]), own)
            if slots[staff] and _found_in_therapy(state, journeys, person, slots[staff][-1], delay):
                slots[staff].pop()
    waiting.reverse()
    waiting.sort(key=itemgetter(0))  # who came first, first
    for joined, person, passed in waiting:
        state.clock.day = joined
        _note_past(state, journeys, person, passed)
        state.clock.go_on(person, journeys.found_waiting(person))
    for therapist in state.therapists:
        therapist.new_week()  # what was walked through lies in the past
    state.clock.day = 0


def _passed_through(
    state: State, person: Person, room: dict[str, int], busy: list[int], full: dict[int, int]
) -> list[_Passed] | None:
    """The stays that lie behind somebody who came before all who are found waiting for a pathway, or in its places.

    None for somebody who went on to nothing.

    The clock is set to the day on which they joined the list on which, or beyond which, they are found.
    """
    passed: list[_Passed] = []
    while len(passed) < MOST_PASSED:
        path, number, came = state.paths[person.pathway], person.pathway, state.clock.day
        if not path.then or path.places is None or room[state.path_names[number]]:
            return passed
        lists = state.teams.lists_of(person.team, [number])
        if any(busy[one] for one in lists):
            return passed
        places = state.teams.places[state.path_names[number]]
        if came >= 0 or not any(
            places[codes.team_of_list(one, len(state.paths))] for one in lists
        ):  # nobody has come through yet
            return None
        state.clock.day = min(
            came - full.setdefault(lists[0], came), -1
        )  # whoever was the first to leave has just left
        passed.append(_Passed(number, lists[0], came, state.clock.day))
        person.courses += 1
        if not goes_on(state, person):
            return None
    return None


def days_to_assessment(now: Parameters) -> int:
    """Days from asking to the assessment, of those who are found behind it; no more than anybody's past is long, however few ask."""
    rate = now.demand.referrals_per_week / DAYS_PER_WEEK
    return round(min(now.initial.awaiting_assessment / rate, -EARLIEST_DAY)) if rate > 0.0 else 0


def _slots(state: State, staff: int) -> Iterator[Therapist]:
    """Each therapist as often as `initial.caseload_share` of their slots; the last first."""
    share = state.now.initial.caseload_share
    for therapist in reversed(state.therapists):
        if therapist.staff == staff:
            for _ in range(int(therapist.slots * share + 0.5)):
                yield therapist


def _note_need(state: State, person: Person) -> None:
    state.journal.note(person.onset, Event.NEED, person.number, codes.need(person.complex, True), person.severity)


def _note_past(state: State, journeys: Journeys, person: Person, passed: Sequence[_Passed] = ()) -> None:
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


def _still_waits(state: State, person: Person) -> bool:
    """Whether patience and need have lasted from joining the list until day 0."""
    joined, patience = state.clock.day, NEVER
    if state.now.loops.giving_up:
        u = (
            draw(person.key, Purpose.PATIENCE, codes.occasion(person.courses, 0))
            if person.courses
            else person.luck.patience
        )  # the same as on the list
        patience = patience_days(state.patience[person.pathway], exponential(u))
    return person.remission > 0 and joined + patience > 0


def _found_in_place(state: State, journeys: Journeys, person: Person, place: int, passed: list[_Passed]) -> None:
    """Somebody who keeps a place, for the rest of a stay."""
    _note_past(state, journeys, person, passed)
    state.note(Event.LISTED, person, state.listed_as(person), person.severity)
    state.in_places[place] += 1
    person.served_at = place
    state.clock.go_on(person, journeys.found_in_place(person))


def _found_in_group(
    state: State, journeys: Journeys, person: Person, own: int, slots: list[list[Therapist]], delay: int
) -> None:
    """A free seat in a group that has been found, else the first of a new one; the people of a closed group began together."""
    partners = (own, *state.staff[own].partners)
    for therapist in state.therapists:
        for group in therapist.groups if therapist.staff in partners else ():
            if group.pathway == person.pathway and group.free > 0:
                _found_in_therapy(state, journeys, person, therapist, delay, group)
                return
    path = state.paths[person.pathway]
    for staff in partners:
        takes = weight(path.session_hours, state.staff[staff])
        if len(slots[staff]) >= takes and slots[staff][-takes] is slots[staff][-1]:
            therapist = slots[staff][-1]
            group = Group(
                person.pathway, path.seats, takes, _start(person, path), takes_newcomers=path.starts == "open"
            )
            therapist.begin_group(group, group.began + path.first_session_days)
            if _found_in_therapy(state, journeys, person, therapist, delay, group):
                del slots[staff][-takes:]
            return
        if slots[staff]:  # too few are left of this therapist's
            slots[staff].pop()
            return


def _start(person: Person, path: Pathway) -> int:
    """The day, before day 0, on which a course began that may still be going on."""
    return -DAYS_PER_WEEK * (1 + int(draw(person.key, Purpose.CASELOAD_AGE) * 1.5 * path.cap))


def _found_in_therapy(
    state: State, journeys: Journeys, person: Person, therapist: Therapist, delay: int, group: Group | None = None
) -> bool:
    """Walk a person's course up to day 0; take the person if it still goes on."""
    mark = len(state.journal)
    pathway = state.paths[person.pathway]
    start = _start(person, pathway) if group is None or group.takes_newcomers else group.began
    moved = start - (person.asked + delay)  # as if they had asked in time for that start
    if moved < 0:
        person.asked, person.onset, person.seen_on = person.asked + moved, person.onset + moved, NEVER
        person.remission += moved if person.remission < NEVER else 0
    state.clock.day = start
    if (
        person.remission <= start or person.onset < EARLIEST_DAY
    ):  # well again by then, or longer ago than a journal can tell
        if group is not None and group.members == 0:
            therapist.end_group(group)
        return False
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

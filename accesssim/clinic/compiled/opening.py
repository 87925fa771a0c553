"""Who is found at work on day 0 (`accesssim.clinic.opening`)."""

from typing import NamedTuple

import numpy as np

from accesssim.clinic.compiled.arrays import (
    World,
    circles_of,
    in_places_of,
    numbers_of,
    posts_of,
    staff_of,
    therapists_of,
)
from accesssim.clinic.compiled.caseload import begin_circle, weight
from accesssim.clinic.compiled.found import asking, for_place, for_staff, next_in_care, on_list
from accesssim.clinic.compiled.in_force import list_at, path_of, places_here, stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.luck import luck_of, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.past import Passed, course_start, found_in_therapy, move, no_stays, note_need, note_past
from accesssim.clinic.compiled.pathway import referred, stay
from accesssim.clinic.compiled.people import leave_service, person
from accesssim.clinic.compiled.rules import Event, Purpose
from accesssim.clinic.compiled.stays import span
from accesssim.clinic.compiled.therapist import new_week
from accesssim.clinic.compiled.triage import assessment
from accesssim.clinic.compiled.turns import in_turn
from accesssim.clinic.compiled.waiting import wait
from accesssim.clinic.compiled.waiting_list import listed_as
from accesssim.clinic.flows import LONGEST_WAIT
from accesssim.world.calendar import NEVER


class Waiting(NamedTuple):
    """Somebody who is found on a list; the stays behind them are those of all from `first` on and before `last`."""

    joined: int
    person: int
    first: int
    last: int


@native
def nobody() -> list[Waiting]:
    """A list to be filled (see `no_stays`)."""
    return [Waiting(0, 0, 0, 0) for _ in range(0)]


@native
def find_asking(w: World) -> None:
    """`Journeys.found_asking`: those who await assessment, with red tape behind them."""
    for nth in range(w.awaiting_size - 1, -1, -1):
        i = asking(w, nth, numbers_of(w)[w.awaiting_at + nth])
        p = person(w, i)
        note_need(w, p)
        w.day = p.asked
        referred(w, p)
        for step in range(w.step_count):
            note(w, w.day, Event.STEP_PASSED, p.number, step, 0.0)
        assessment(w, i)


@native
def slots_taken(w: World, staff: int, pathway: int) -> int:
    """`_slots_of`: slots that somebody's sessions, or a group, take of a therapist."""
    return weight(w, staff, pathway) if path_of(w, pathway).seats > 1 else 1


@native
def fill_slots(w: World, staff: int, behind: list[Passed]) -> None:
    """`_fill_slots`: those in therapy with the therapists of a staff."""
    one, least, share = staff_of(w)[staff], NEVER, stage(w).initial.caseload_share
    for pathway in range(w.path_count):
        if path_of(w, pathway).group_number == one.group:
            least = min(least, slots_taken(w, staff, pathway))
    for post in range(one.first_post, one.last_post):
        t = posts_of(w)[post].holder
        if t < 0:
            continue
        wanted = int(therapists_of(w)[t].slots * share + 0.5)
        while wanted - therapists_of(w)[t].caseload >= least:
            number = next_in_care(w, staff)
            if number < 0 or not find_patient(w, staff, t, number, wanted, behind):
                break


@native
def find_patient(w: World, staff: int, t: int, number: int, wanted: int, behind: list[Passed]) -> bool:
    """`_find_patient`: somebody for a therapist, or a group."""
    one, attempt = staff_of(w)[staff], 0
    while True:
        i = for_staff(w, number, attempt, one.team, one.group, -1)
        if i < 0:
            return False
        p = person(w, i)
        attempt, path = p.tried + 1, path_of(w, p.pathway)
        takes = slots_taken(w, staff, p.pathway)
        if path.seats == 1:
            if found_in_therapy(w, i, t, -1, behind):
                return True
        elif takes <= wanted - therapists_of(w)[t].caseload:
            began = course_start(w, p)
            g = begin_circle(w, t, p.pathway, takes, began, began + path.first_session_days)
            if found_in_therapy(w, i, t, g, behind):
                fill_seats(w, staff, t, g, behind)
                return True
        leave_service(w, i)


@native
def fill_seats(w: World, staff: int, t: int, g: int, behind: list[Passed]) -> None:
    """`_fill_seats`: the others of a group."""
    one, group = staff_of(w)[staff], circles_of(w)[g]
    for _ in range(group.seats - group.members):
        number, attempt = next_in_care(w, staff), 0
        while number >= 0:
            i = for_staff(w, number, attempt, one.team, one.group, group.pathway)
            if i < 0:
                break
            attempt = person(w, i).tried + 1
            if found_in_therapy(w, i, t, g, behind):
                break
            leave_service(w, i)
            if not group.takes_newcomers:
                break


@native
def fill_places(w: World, pathway: int, team: int, count: int, behind: list[Passed]) -> None:
    """`_fill_places`: those who keep a team's places of a pathway."""
    path, own = path_of(w, pathway), list_at(w, team, pathway)
    waited = numbers_of(w)[path.ages_at + path.ages_size - 1] if path.ages_size > 0 else 0
    for _ in range(count):
        number, attempt = next_in_care(w, w.staff_count + own), 0
        while number >= 0:
            first = len(behind)
            i = for_place(w, number, attempt, own, pathway, waited, behind)
            if i < 0:
                break
            attempt = person(w, i).tried + 1
            if found_in_place(w, i, own, waited, behind, first):
                break
            leave_service(w, i)


@native
def found_in_place(w: World, i: int, place: int, waited: int, behind: list[Passed], first: int) -> bool:
    """`_found_in_place`: for the rest of a stay."""
    p = person(w, i)
    key = luck_of(w, p)
    left = span(w, path_of(w, p.pathway).stay_span, key, p.courses, Purpose.STAY, True)
    began = max(1, int(min(left / uniform(key, Purpose.CASELOAD_AGE, 2) - left, LONGEST_WAIT)))
    if not move(p, -began):
        return False
    for nth in range(first, len(behind)):
        one = behind[nth]
        behind[nth] = Passed(one.pathway, one.place, one.came - began, one.left - began)
    if p.remission < NEVER:
        p.remission -= began
    w.day = -waited - began
    note_past(w, p, behind, first, len(behind))
    note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
    in_places_of(w)[place] += 1
    p.served_at = place
    stay(w, i, True)
    return True


@native
def fill_lists(w: World, waiting: list[Waiting], behind: list[Passed]) -> None:
    """`_fill_lists`: those who wait, who came first, first."""
    for pathway in range(w.path_count):
        path = path_of(w, pathway)
        for nth in range(path.ages_size):
            first, age = len(behind), numbers_of(w)[path.ages_at + nth]
            i = on_list(w, pathway, nth, age, behind)
            waiting.append(Waiting(-age, i, first, len(behind)))
    days = np.empty(len(waiting), np.int64)
    for nth in range(len(waiting)):
        days[nth] = waiting[nth].joined
    for nth in in_turn(days):
        one = waiting[nth]
        w.day = one.joined
        note_past(w, person(w, one.person), behind, one.first, one.last)
        wait(w, one.person)


@native
def find_at_work(w: World) -> None:
    """`opening.find_at_work`."""
    waiting, behind = nobody(), no_stays()
    find_asking(w)
    for staff in range(w.staff_count):
        fill_slots(w, staff, behind)
    share = stage(w).initial.caseload_share
    for pathway in range(w.path_count):
        for team in range(w.team_count):
            places = places_here(w, list_at(w, team, pathway))
            fill_places(w, pathway, team, int(share * max(places, 0) + 0.5), behind)
    fill_lists(w, waiting, behind)
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            new_week(therapists_of(w)[posts_of(w)[post].holder])
    w.day = 0

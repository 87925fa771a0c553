"""Who is found at work on day 0 (`accesssim.clinic.opening`)."""

from typing import NamedTuple

import numpy as np

from accesssim.clinic.compiled.arrays import (
    World,
    circles_of,
    earlier_of,
    first_came_of,
    in_places_of,
    lists_to_fill_of,
    places_to_fill_of,
    post_to_fill_of,
    posts_of,
    slots_to_fill_of,
    staff_of,
    therapists_of,
)
from accesssim.clinic.compiled.calendar import REFERRALS, at
from accesssim.clinic.compiled.caseload import begin_circle, weight
from accesssim.clinic.compiled.in_force import list_at, path_of, places_here, staff_at, stage, team_of, treats_for
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import Ints, ints, wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.past import (
    Passed,
    course_start,
    found_in_therapy,
    no_stays,
    note_need,
    note_past,
    still_waits,
)
from accesssim.clinic.compiled.pathway import home, referred, stay
from accesssim.clinic.compiled.people import begin_person, leave_service, person
from accesssim.clinic.compiled.records import Coming, Person
from accesssim.clinic.compiled.rules import Event, State
from accesssim.clinic.compiled.therapist import new_week
from accesssim.clinic.compiled.triage import suits
from accesssim.clinic.compiled.turns import in_turn
from accesssim.clinic.compiled.waiting import goes_on, wait
from accesssim.clinic.compiled.waiting_list import listed_as
from accesssim.clinic.opening import MOST_PASSED
from accesssim.world.calendar import NEVER
from accesssim.world.nothing import NO_PATHWAY


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
def prepare(w: World) -> None:
    """What people are to be found for, as `initial` says: on the lists of each pathway, in places of each list, in slots of each post.

    Of each staff also the first post with slots left.
    """
    share, on_lists, places = stage(w).initial.caseload_share, lists_to_fill_of(w), places_to_fill_of(w)
    w.left_on_lists = w.left_in_places = w.left_in_slots = 0
    for pathway in range(w.path_count):
        on_lists[pathway] = path_of(w, pathway).initial_waiting
        w.left_on_lists += on_lists[pathway]
    for where in range(w.list_count):
        places[where], first_came_of(w)[where] = int(share * max(places_here(w, where), 0) + 0.5), NEVER
        w.left_in_places += places[where]
    for staff in range(w.staff_count):
        post_to_fill_of(w)[staff] = -1
        for post in range(staff_of(w)[staff].last_post - 1, staff_of(w)[staff].first_post - 1, -1):
            t = posts_of(w)[post].holder
            slots = int(therapists_of(w)[t].slots * share + 0.5) if t >= 0 else 0
            slots_to_fill_of(w)[post] = slots
            w.left_in_slots += slots
            if slots > 0:
                post_to_fill_of(w)[staff] = post


@native
def passed_through(w: World, p: Person, behind: list[Passed]) -> bool:
    """`_passed_through`: False for who is not found beyond the places that they came through, which are told in `behind`."""
    busy, full, first = places_to_fill_of(w), first_came_of(w), len(behind)
    while len(behind) - first < MOST_PASSED:
        path, number, came = path_of(w, p.pathway), wide(p.pathway), w.day
        if path.then_size == 0 or not path.has_places or lists_to_fill_of(w)[number] > 0:
            return True
        treats = team_of(w, p.team).treat_size
        for nth in range(treats):
            if busy[list_at(w, treats_for(w, p.team, nth), number)] > 0:
                return True
        closed = True
        for nth in range(treats):
            if places_here(w, list_at(w, treats_for(w, p.team, nth), number)) > 0:
                closed = False
        if came >= 0 or closed:
            return False
        where = list_at(w, treats_for(w, p.team, 0), number)
        if full[where] == NEVER:
            full[where] = came
        w.day = min(came - full[where], -1)
        behind.append(Passed(number, where, came, w.day))
        p.courses += 1
        if not goes_on(w, p):
            return False
    return False


@native
def take_left(w: World, staff: int, count: int) -> None:
    """Take slots of the first therapist who has any left."""
    posts, slots = post_to_fill_of(w), slots_to_fill_of(w)
    post = posts[staff]
    slots[post] -= count
    w.left_in_slots -= count
    if slots[post] == 0:
        posts[staff] = -1
        for other in range(post + 1, staff_of(w)[staff].last_post):
            if slots[other] > 0:
                posts[staff] = other
                return


@native
def found_in_circle(w: World, i: int, own: int, behind: list[Passed]) -> bool:
    """`_found_in_group`: a free seat in a group that has been found, else the first of a new one."""
    p, circles = person(w, i), circles_of(w)
    one, treats = staff_of(w)[own], team_of(w, staff_of(w)[own].team).treat_size
    for post in range(w.post_count):
        t, other = posts_of(w)[post].holder, staff_of(w)[posts_of(w)[post].staff]
        if t < 0 or other.group != one.group or not treats_together(w, one.team, other.team):
            continue
        g = therapists_of(w)[t].first_circle
        while g >= 0:
            if circles[g].pathway == p.pathway and circles[g].members < circles[g].seats:
                return found_in_therapy(w, i, t, g, behind)
            g = wide(circles[g].next)
    for nth in range(-1, treats):
        staff = own if nth < 0 else staff_at(w, treats_for(w, one.team, nth), one.group)
        post = post_to_fill_of(w)[staff]
        if post < 0:
            continue
        takes = weight(w, staff, p.pathway)
        if slots_to_fill_of(w)[post] >= takes:
            t, path = posts_of(w)[post].holder, path_of(w, p.pathway)
            began = course_start(w, p)
            g = begin_circle(w, t, p.pathway, takes, began, began + path.first_session_days)
            if found_in_therapy(w, i, t, g, behind):
                take_left(w, staff, takes)
                return True
            return False
        take_left(w, staff, 1)  # too few are left of this therapist's
        return False
    return False


@native
def treats_together(w: World, team: int, other: int) -> bool:
    """Whether another team is among those that a team treats with."""
    for nth in range(team_of(w, team).treat_size):
        if treats_for(w, team, nth) == other:
            return True
    return False


@native
def by_day(w: World) -> Ints:
    """By days before day 0: the first who asked then, to whom the others are chained by number; -1 where nobody did."""
    earlier, asked_on = earlier_of(w), ints(w.history + 1, -1)
    for nth in range(w.used_earlier - 1, -1, -1):
        earlier[nth].next = asked_on[-earlier[nth].asked]
        asked_on[-earlier[nth].asked] = nth
    return asked_on


@native
def found_asking(w: World, one: Coming) -> None:
    """`Journeys.found_asking`: somebody awaits assessment, with red tape behind them."""
    i = begin_person(w, one)
    p = person(w, i)
    note_need(w, p)
    w.day = p.asked
    referred(w, p)
    for step in range(w.step_count):
        note(w, w.day, Event.STEP_PASSED, p.number, step, 0.0)
    at(w, i, 0, REFERRALS, State.TO_ASSESSMENT)


@native
def busy_place(w: World, p: Person) -> int:
    """The list whose places somebody may be found in; -1 for none."""
    for nth in range(team_of(w, p.team).treat_size):
        where = list_at(w, treats_for(w, p.team, nth), p.pathway)
        if places_to_fill_of(w)[where] > 0:
            return where
    return -1


@native
def found_in_place(w: World, i: int, where: int, behind: list[Passed], first: int) -> None:
    """`_found_in_place`: for the rest of a stay."""
    p = person(w, i)
    note_past(w, p, behind, first, len(behind))
    note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
    in_places_of(w)[where] += 1
    p.served_at = where
    stay(w, i, True)


@native
def found_alone(w: World, i: int, own: int, behind: list[Passed]) -> bool:
    """Whether somebody is found in a slot of the staff at home, or of the first partners who have any left."""
    one, staff = staff_of(w)[own], own
    if post_to_fill_of(w)[own] < 0:
        for nth in range(team_of(w, one.team).treat_size):
            partner = staff_at(w, treats_for(w, one.team, nth), one.group)
            if post_to_fill_of(w)[partner] >= 0:
                staff = partner
                break
    post = post_to_fill_of(w)[staff]
    if post < 0 or not found_in_therapy(w, i, posts_of(w)[post].holder, -1, behind):
        return False
    take_left(w, staff, 1)
    return True


@native
def found(w: World, i: int, waiting: list[Waiting], behind: list[Passed]) -> bool:
    """Whether there is something left that somebody is found on or in: a list, a place, a slot."""
    p, first = person(w, i), len(behind)
    w.day = min(p.asked + (w.opening_delay if p.arrives == NO_PATHWAY else 0), 0)
    if not suits(w, p):
        return False
    home(w, p)
    if not passed_through(w, p, behind):
        return False
    where, group, room = busy_place(w, p), path_of(w, p.pathway).group_number, lists_to_fill_of(w)[p.pathway]
    if room > 0 and still_waits(w, p):
        lists_to_fill_of(w)[p.pathway] -= 1
        w.left_on_lists -= 1
        waiting.append(Waiting(w.day, i, first, len(behind)))
        return True
    if where >= 0:
        places_to_fill_of(w)[where] -= 1
        w.left_in_places -= 1
        found_in_place(w, i, where, behind, first)
        return True
    if room > 0 or group < 0:
        return False
    own = staff_at(w, p.team, group)
    if path_of(w, p.pathway).seats > 1:
        return found_in_circle(w, i, own, behind)
    return found_alone(w, i, own, behind)


@native
def find_waiting(w: World, waiting: list[Waiting], behind: list[Passed]) -> None:
    """Put those who are found on lists there: who came first, first."""
    last = len(waiting) - 1
    days = np.empty(last + 1, np.int64)
    for nth in range(last + 1):
        days[nth] = waiting[last - nth].joined
    for nth in in_turn(days):
        one = waiting[last - nth]
        w.day = one.joined
        note_past(w, person(w, one.person), behind, one.first, one.last)
        wait(w, one.person)


@native
def find_everybody(w: World, waiting: list[Waiting], behind: list[Passed]) -> None:
    """Who asked last comes first, until nothing is left to be found in; the first of them await assessment."""
    earlier, asked_on = earlier_of(w), by_day(w)
    awaiting = stage(w).initial.awaiting_assessment if stage(w).triage.assess else 0
    for before in range(1, w.history + 1):
        nth = wide(asked_on[before])
        while nth >= 0:
            one = earlier[nth]
            nth = wide(one.next)
            if awaiting > 0 and one.arrives == NO_PATHWAY:
                if one.remission > 0:
                    awaiting -= 1
                    found_asking(w, one)
                continue
            if w.left_on_lists == 0 and w.left_in_places == 0 and w.left_in_slots == 0:
                return
            i = begin_person(w, one)
            if not found(w, i, waiting, behind):
                leave_service(w, i)


@native
def find_at_work(w: World) -> None:
    """`opening.find_at_work`."""
    waiting, behind = nobody(), no_stays()
    prepare(w)
    find_everybody(w, waiting, behind)
    find_waiting(w, waiting, behind)
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            new_week(therapists_of(w)[posts_of(w)[post].holder])
    w.day = 0

"""Free slots and places go to whoever is next (`accesssim.clinic.starts`)."""

from accesssim.clinic.compiled.arrays import (
    World,
    circles_of,
    following_of,
    heap_of,
    in_places_of,
    lists_of,
    numbers_of,
    posts_of,
    staff_of,
    therapists_of,
)
from accesssim.clinic.compiled.caseload import begin_circle, seat, take, weight
from accesssim.clinic.compiled.chains import further
from accesssim.clinic.compiled.codes import beside, left_of, right_of
from accesssim.clinic.compiled.course import transferred
from accesssim.clinic.compiled.in_force import list_at, path_of, places_here, staffing, team_of, treats_for
from accesssim.clinic.compiled.layout import Ints, wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.pathway import starts
from accesssim.clinic.compiled.people import AHEAD, next_is, person
from accesssim.clinic.compiled.rules import State
from accesssim.clinic.compiled.waiting_list import leave_the_list, sooner

POST_BITS = 20
_MOST_ROOM = 1 << 30


@native
def by_room(room: int, post: int) -> int:
    """A post among others, by how full its holder's diary is: slots taken above those there are."""
    return beside(room + _MOST_ROOM, post, POST_BITS)


@native
def room_of(both: int) -> int:
    """How full that diary is."""
    return left_of(both, POST_BITS) - _MOST_ROOM


@native
def resume_at_start(w: World, i: int) -> None:
    """Their turn has come: therapy begins, or goes on with another therapist."""
    if person(w, i).state == State.AWAITS_THERAPIST:
        transferred(w, i)
    else:
        starts(w, i)


@native
def take_on(w: World, t: int, i: int, g: int) -> None:
    """`Starts._take_on`."""
    next_is(w, further(following_of(w), i, AHEAD))
    leave_the_list(w, i)
    notice = path_of(w, person(w, i).pathway).first_session_days
    if g < 0:
        take(w, t, i, w.day + notice)
    else:
        seat(w, t, i, g, w.day + notice)
    resume_at_start(w, i)


@native
def waiting_for(w: World, staff: int, pathway: int) -> int:
    """People on the lists for a pathway that some staff serve."""
    team, waiting = staff_of(w)[staff].team, 0
    for nth in range(team_of(w, team).treat_size):
        waiting += lists_of(w)[list_at(w, treats_for(w, team, nth), pathway)].length
    return waiting


@native
def next_of(w: World, staff: int, transfers: bool, free: int, pathway: int) -> int:
    """Whoever is first on the lists that some staff serve, or among those who lost their therapist; -1 for nobody.

    Of one pathway, or (-1) of all. `free`: slots, -1 where that does not matter.
    """
    one, team = staff_of(w)[staff], staff_of(w)[staff].team
    least, found = 0.0, -1
    for nth in range(team_of(w, team).treat_size):
        other = treats_for(w, team, nth)
        for number in range(w.path_count):
            path = path_of(w, number)
            if path.group_number != one.group or (pathway >= 0 and number != pathway):
                continue
            if free >= 0:
                if path.seats > 1 and weight(w, staff, number) > free:
                    continue
                if not transfers and waiting_for(w, staff, number) < path.begins_with:
                    continue
            where = list_at(w, other, number) + (w.list_count if transfers else 0)
            least, found = sooner(w, where, least, found)
    return found


@native
def anybody_waits(w: World, staff: int) -> bool:
    """Whether anybody whom some staff may take waits at all."""
    one, team = staff_of(w)[staff], staff_of(w)[staff].team
    for nth in range(team_of(w, team).treat_size):
        for number in range(w.path_count):
            if path_of(w, number).group_number == one.group:
                where = list_at(w, treats_for(w, team, nth), number)
                if lists_of(w)[where].length > 0 or lists_of(w)[w.list_count + where].length > 0:
                    return True
    return False


@native
def sift(heap: Ints, count: int, root: int) -> None:
    """Put a heap in order from `root` down."""
    value = heap[root]
    while True:
        child = 2 * root + 1
        if child >= count:
            break
        if child + 1 < count and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[root] = heap[child]
        root = child
    heap[root] = value


@native
def fill_slots(w: World, staff: int) -> None:
    """`Starts._slots`, with `Workforce.openings`: one free slot after the other, the emptiest diary first."""
    one, posts, therapists, groups = staff_of(w)[staff], posts_of(w), therapists_of(w), staffing(w, staff).gives_groups
    heap, count = heap_of(w), 0
    for post in range(one.first_post, one.last_post):
        t = posts[post].holder
        if t >= 0:
            therapist = therapists[t]
            if therapist.caseload < therapist.slots and not therapist.absent and therapist.leaves_on < 0:
                heap[count] = by_room(therapist.caseload - therapist.slots, post)
                count += 1
    for root in range(count // 2 - 1, -1, -1):
        sift(heap, count, root)
    while count > 0:
        room, post = room_of(heap[0]), right_of(heap[0], POST_BITS)
        t = posts[post].holder
        therapist = therapists[t]
        free = therapist.slots - therapist.caseload if groups else -1
        i = next_of(w, staff, True, free, -1) if w.without_therapist > 0 else -1
        if i >= 0:
            therapist.transfers += 1
        else:
            i = next_of(w, staff, False, free, -1)
            if i >= 0:
                one.starts_this_week += 1
            elif not groups:
                return
        if i >= 0:
            pathway = wide(person(w, i).pathway)
            if path_of(w, pathway).seats == 1:
                take_on(w, t, i, -1)
            else:
                g = begin_circle(
                    w, t, pathway, weight(w, staff, pathway), w.day, w.day + path_of(w, pathway).first_session_days
                )
                take_on(w, t, i, g)
                fill_circle(w, staff, t, g, True)
        left = therapist.caseload - therapist.slots
        if room < left < 0:
            heap[0] = by_room(left, post)
        else:
            count -= 1
            heap[0] = heap[count]
        if count > 0:
            sift(heap, count, 0)


@native
def fill_circle(w: World, staff: int, t: int, g: int, newcomers: bool) -> None:
    """`Starts._fill`."""
    one = circles_of(w)[g]
    while one.seats > one.members:
        i = next_of(w, staff, True, -1, one.pathway) if w.without_therapist > 0 else -1
        if i >= 0:
            therapists_of(w)[t].transfers += 1
        else:
            i = next_of(w, staff, False, -1, one.pathway) if newcomers else -1
            if i < 0:
                return
            staff_of(w)[staff].starts_this_week += 1
        take_on(w, t, i, g)


@native
def fill_places(w: World, team: int, pathway: int) -> None:
    """`Starts._places`."""
    path, own = path_of(w, pathway), list_at(w, team, pathway)
    while in_places_of(w)[own] < places_here(w, own):
        least, found = 0.0, -1
        for nth in range(team_of(w, team).treat_size):
            least, found = sooner(w, list_at(w, treats_for(w, team, nth), pathway), least, found)
        if found < 0:
            for nth in range(team_of(w, team).treat_size):
                for other in range(path.takes_size):
                    least, found = sooner(
                        w, list_at(w, treats_for(w, team, nth), numbers_of(w)[path.takes_at + other]), least, found
                    )
        if found < 0:
            return
        leave_the_list(w, found)
        person(w, found).pathway, person(w, found).served_at = pathway, own
        in_places_of(w)[own] += 1
        w.stays_cost += path.cost_per_stay
        starts(w, found)


@native
def starts_of_today(w: World) -> None:
    """`Starts.of_today`: free seats, slots and places are filled."""
    for staff in range(w.staff_count):
        if anybody_waits(w, staff):
            if staffing(w, staff).gives_groups:
                for post in range(staff_of(w)[staff].first_post, staff_of(w)[staff].last_post):
                    t = posts_of(w)[post].holder
                    if t >= 0 and not therapists_of(w)[t].absent and therapists_of(w)[t].leaves_on < 0:
                        g = therapists_of(w)[t].first_circle
                        while g >= 0:
                            fill_circle(w, staff, t, g, circles_of(w)[g].takes_newcomers)
                            g = wide(circles_of(w)[g].next)
            fill_slots(w, staff)
    for pathway in range(w.path_count):
        if path_of(w, pathway).has_places:
            for team in range(w.team_count):
                fill_places(w, team, pathway)

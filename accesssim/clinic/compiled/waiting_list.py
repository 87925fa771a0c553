"""Lists (`accesssim.clinic.waiting_list`): a chain for each rank of each list."""

import numpy as np

from accesssim.clinic.compiled.arrays import World, following_of, lanes_of, lists_of, order_of, preceding_of
from accesssim.clinic.compiled.chains import link, unlink
from accesssim.clinic.compiled.codes import listed
from accesssim.clinic.compiled.in_force import list_at, stage
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import person
from accesssim.clinic.compiled.person import depression
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import Urgency
from accesssim.clinic.compiled.scenario_records import ACCUMULATING, BY_CLASS, BY_SEVERITY
from accesssim.clinic.compiled.turns import in_turn

LANES, LOWEST_RANK = 104, -100
"""Ranks that anybody can have on a list, each a lane of it."""


@native
def rank_of(w: World, p: Person) -> int:
    """Whoever has a lower rank is called sooner, in today's order of the lists."""
    order = stage(w).order
    if order in BY_CLASS:
        return p.urgency
    return -depression(p) if order == BY_SEVERITY else 0


@native
def listed_as(w: World, p: Person) -> int:
    """`Journeys.listed_as`: list and class of somebody who joins one, as the journal writes them."""
    return listed(list_at(w, p.team, p.pathway), p.urgency)


@native
def join(w: World, where: int, i: int, rank: int, joined: int, came: int) -> None:
    """Join a list (`WaitingList.join`); those of people who lost their therapist follow the others."""
    lists = lists_of(w)
    p, one, lane = person(w, i), lists[where], lanes_of(w)[where * LANES + rank - LOWEST_RANK]
    p.list, p.rank, p.joined, p.listed_on = where, rank, joined, came
    w.without_therapist += 1 if where >= w.list_count else 0
    before = lane.tail
    while before >= 0 and person(w, before).joined > joined:
        before = preceding_of(w)[before]
    link(w, lane, i, before)
    one.length += 1
    one.low, one.high = min(one.low, rank), max(one.high, rank)


@native
def leave_list(w: World, i: int) -> None:
    """`WaitingList.leave`."""
    p = person(w, i)
    unlink(w, lanes_of(w)[p.list * LANES + p.rank - LOWEST_RANK], i)
    lists_of(w)[p.list].length -= 1
    w.without_therapist -= 1 if p.list >= w.list_count else 0


@native
def leave_the_list(w: World, i: int) -> None:
    """Off the list; what stands in the calendar of them no longer holds."""
    leave_list(w, i)
    person(w, i).spell += 1


@native
def sort_anew(w: World) -> None:
    """Another order is in force."""
    lists, lanes, order = lists_of(w), lanes_of(w), order_of(w)
    for where in range(w.list_count):
        one, count = lists[where], 0
        for rank in range(one.low, one.high + 1):
            lane = lanes[where * LANES + rank - LOWEST_RANK]
            i = lane.head
            while i >= 0:
                order[count] = i
                count += 1
                i = following_of(w)[i]
            lane.head, lane.tail, lane.count = -1, -1, 0
        came = np.empty(count, dtype=np.int64)
        for nth in range(count):
            came[nth] = person(w, order[nth]).listed_on
        turns = in_turn(came)
        anew = order[:count].copy()
        one.length, one.low, one.high = 0, 1000, -1000
        for nth in turns:
            i = anew[nth]
            join(w, where, i, rank_of(w, person(w, i)), came[nth], came[nth])


@native
def first(w: World, where: int) -> tuple[float, int]:
    """Whoever is next on a list, with a number that is lower the sooner they go; -1 where nobody waits."""
    one, now = lists_of(w)[where], stage(w)
    found, least = -1, 0.0
    if one.length == 0:
        return least, found
    accumulating = where < w.list_count and now.order == ACCUMULATING
    for rank in range(one.low, one.high + 1):
        i = lanes_of(w)[where * LANES + rank - LOWEST_RANK].head
        if i < 0:
            continue
        if not accumulating:
            return float(rank), i
        rates = now.accumulation
        rate = (
            rates.emergency if rank == Urgency.EMERGENCY else rates.urgent if rank == Urgency.URGENT else rates.routine
        )
        gained = -rate * (w.day - person(w, i).joined)
        if found < 0 or gained < least:
            least, found = gained, i
    return least, found


@native
def sooner(w: World, where: int, least: float, found: int) -> tuple[float, int]:
    """The better of who has been found so far and who is next on one more list."""
    rank, i = first(w, where)
    if i < 0:
        return least, found
    if found < 0 or rank < least:
        return rank, i
    if rank == least:
        a, b = person(w, i), person(w, found)
        if a.joined < b.joined or (a.joined == b.joined and a.number < b.number):
            return rank, i
    return least, found

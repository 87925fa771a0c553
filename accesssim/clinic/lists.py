"""The lists of a run: who joins which, at which rank, and who is next."""

from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Urgency
from accesssim.clinic.state import State
from accesssim.clinic.waiting_list import WaitingList, counts_from
from accesssim.world.journal import codes

#: Orders in which the class of a referral decides.
BY_CLASS = ("priority", "accumulating_priority")


def rank(state: State, person: Person) -> int:
    """Rank of a person in the order in force: the lower goes first."""
    order = state.now.waiting.order
    if order in BY_CLASS:
        return int(person.urgency)
    return -int(codes.depression(person.scores)) if order == "severity" else 0


def join(state: State, person: Person) -> None:
    """Join the list of the pathway at the rank that its order gives."""
    person.waits_on = state.lists[state.list_of(person)]
    person.on_list = person.waits_on.join(person, rank(state, person), state.clock.day)


def seek_therapist(state: State, person: Person) -> None:
    """Join those whose therapist has left."""
    person.waits_on = state.transfers[state.list_of(person)]
    person.on_list = person.waits_on.join(person, 0, state.clock.day)


def leave(person: Person) -> None:
    """Leave the list that somebody waits on."""
    assert person.waits_on is not None
    assert person.on_list is not None
    person.waits_on.leave(person.on_list)
    person.waits_on = person.on_list = None


def become_urgent(state: State, person: Person) -> None:
    """Move up where the order goes by class. Where priority accumulates, what has been gained is kept."""
    person.urgency = Urgency.URGENT
    waiting, entry, day = person.waits_on, person.on_list, state.clock.day
    if waiting is None or entry is None or state.now.waiting.order not in BY_CLASS:
        return
    since, gained = day, state.now.waiting.accumulation
    if state.now.waiting.order == "accumulating_priority":
        since = counts_from(day, entry.joined, gained.routine, gained.urgent)
    waiting.leave(entry)
    person.on_list = waiting.join(person, Urgency.URGENT, since, entry.came)


def sort_anew(state: State) -> None:
    """Another order is in force."""
    for waiting in state.lists:
        waiting.sort_anew(lambda person: rank(state, person))


def take_first(lists: list[WaitingList[Person]], day: int) -> Person | None:
    """Take whoever is first on any of some lists: the best rank, then who has waited longest, then the lowest number."""
    best: tuple[float, int, int] | None = None
    found: Person | None = None
    for waiting in lists:
        head = waiting.first(day) if waiting.length else None
        if head is not None:
            rank_, entry = head
            assert entry.person is not None
            order = rank_, entry.joined, entry.person.number
            if best is None or order < best:
                best, found = order, entry.person
    if found is not None:
        leave(found)
    return found

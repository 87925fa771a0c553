"""The list: order, joining, leaving, next.

One lane for each rank (urgency, or score), first come first served within it; so whoever is next heads a lane, also where priority
accumulates. Joining and leaving cost the same at any depth, which a heap's do not: whoever leaves is only marked, and dropped when a lane's
head is looked at.
"""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from accesssim.clinic.rules.patience import Law, Patience
from accesssim.world.calendar import NEVER
from accesssim.world.sections.pathways import Pathway
from accesssim.world.sections.waiting import Waiting

Person = TypeVar("Person")


def counts_from(day: int, joined: int, before: float, after: float) -> int:
    """The day from which somebody counts as waiting who gains priority at another rate from today.

    What has been gained is kept, as far as days can tell it.
    """
    return day - int(min(before * (day - joined) / after, NEVER)) if after > 0.0 else joined


class Entry(Generic[Person]):
    """A person's entry on a list; empty once they have left it.

    They came on a day, and count as having joined on it, or after a crisis on another.
    """

    __slots__ = ("came", "joined", "person")

    def __init__(self, person: Person, joined: int, came: int) -> None:
        self.person: Person | None = person
        self.joined, self.came = joined, came


class WaitingList(Generic[Person]):
    """People in lanes; the lowest rank goes first, or, with `rates`, whoever has gained most priority (Kleinrock 1964)."""

    def __init__(self) -> None:
        self.rates: tuple[float, ...] | None = None  # priority gained a day, by rank
        self._lanes: dict[int, deque[Entry[Person]]] = {}
        self._ranks: list[int] = []
        self.length = 0

    def join(self, person: Person, rank: int, day: int, came: int | None = None) -> Entry[Person]:
        """Join at the end of a lane; whoever `came` to the list before today changes lanes, and counts from `day`."""
        lane = self._lanes.get(rank)
        if lane is None:
            lane = self._lanes[rank] = deque()
            self._ranks = sorted(self._lanes)
        entry = Entry(person, day, day if came is None else came)
        if lane and lane[-1].joined > day:  # of another rank until today, with priority gained there
            lane.insert(
                next((after + 1 for after in range(len(lane) - 1, -1, -1) if lane[after].joined <= day), 0), entry
            )
        else:
            lane.append(entry)
        self.length += 1
        return entry

    def leave(self, entry: Entry[Person]) -> None:
        """Leave from anywhere on the list."""
        entry.person = None
        self.length -= 1

    def sort_anew(self, rank: Callable[[Person], int]) -> None:
        """Another order is in force.

        Everybody has the rank that it gives, and within it the turn of the day on which they came; of one day, who was ahead stays ahead.
        """
        entries = [entry for ahead in self._ranks for entry in self._lanes[ahead]]
        self._lanes = {}
        for entry in sorted(entries, key=lambda entry: entry.came):
            if entry.person is not None:
                entry.joined = entry.came
                self._lanes.setdefault(rank(entry.person), deque()).append(entry)
        self._ranks = sorted(self._lanes)

    def first(self, day: int = 0) -> tuple[float, Entry[Person]] | None:
        """Whoever is next on a day, with a number that is lower the sooner they go; None where nobody waits."""
        found: tuple[float, Entry[Person]] | None = None
        for rank in self._ranks:
            lane = self._lanes[rank]
            while lane and lane[0].person is None:
                lane.popleft()
            if lane:
                if self.rates is None:
                    return rank, lane[0]
                gained = -self.rates[rank] * (day - lane[0].joined)
                if found is None or gained < found[0]:
                    found = gained, lane[0]
        return found


def patience_of(waiting: Waiting, path: Pathway) -> Patience:
    """How long people wait for a pathway: as it says itself, else as on all lists."""
    table = path.patience_table or waiting.patience_table
    return Patience(
        Law[(path.patience or waiting.patience).upper()],
        waiting.patience_median_days if path.patience_median_days is None else path.patience_median_days,
        waiting.patience_shape if path.patience_shape is None else path.patience_shape,
        waiting.patience_daily if path.patience_daily is None else path.patience_daily,
        tuple(sorted((int(day), chance) for day, chance in table.items())),
    )

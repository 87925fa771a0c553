"""The list: order, joining, leaving, next; and how long people are willing to stay on it.

One lane for each rank (urgency, or score), first come first served within it; so whoever is next heads a lane, also where priority accumulates. Joining and leaving cost the same at any
depth, which a heap's do not: whoever leaves is only marked, and dropped when a lane's head is looked at.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from accesssim.world.calendar import NEVER

Person = TypeVar("Person")
#: Days after which nobody's patience is looked at any further: a journal holds no more.
LONGEST_WAIT = 1 << 18


class Place(Generic[Person]):
    """A person's place on a list; empty once they have left it."""

    __slots__ = ("joined", "person")

    def __init__(self, person: Person, joined: int) -> None:
        self.person: Person | None = person
        self.joined = joined


class WaitingList(Generic[Person]):
    """People in lanes; the lowest rank goes first, or, with `rates`, whoever has gained most priority (Kleinrock 1964)."""

    def __init__(self) -> None:
        self.rates: tuple[float, ...] | None = None  # priority gained a day, by rank
        self._lanes: dict[int, deque[Place[Person]]] = {}
        self._ranks: list[int] = []
        self.length = 0

    def join(self, person: Person, rank: int, day: int) -> Place[Person]:
        """Join at the end of a lane."""
        lane = self._lanes.get(rank)
        if lane is None:
            lane = self._lanes[rank] = deque()
            self._ranks = sorted(self._lanes)
        place = Place(person, day)
        if lane and lane[-1].joined > day:  # of another rank until today, with priority gained there
            lane.insert(next((after + 1 for after in range(len(lane) - 1, -1, -1) if lane[after].joined <= day), 0), place)
        else:
            lane.append(place)
        self.length += 1
        return place

    def leave(self, place: Place[Person]) -> None:
        """Leave from anywhere on the list."""
        place.person = None
        self.length -= 1

    def sort_anew(self, rank: Callable[[Person], int]) -> None:
        """Another order is in force: everybody has the rank that it gives, and within it the turn of the day on which they joined; of one day, who was ahead stays ahead."""
        places = [place for ahead in self._ranks for place in self._lanes[ahead]]
        self._lanes = {}
        for place in sorted(places, key=lambda place: place.joined):
            if place.person is not None:
                self._lanes.setdefault(rank(place.person), deque()).append(place)
        self._ranks = sorted(self._lanes)

    def first(self, day: int = 0) -> tuple[float, Place[Person]] | None:
        """Whoever is next on a day, with a number that is lower the sooner they go; None where nobody waits."""
        found: tuple[float, Place[Person]] | None = None
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


class Patience(NamedTuple):
    """How long people stay on a list: law, median days, shape, daily chance, and (day, chance on each day from it on) in order."""

    law: str
    median: float
    shape: float
    daily: float
    table: tuple[tuple[int, float], ...] = ()


def patience_days(patience: Patience, threshold: float) -> int:
    """Whole days of waiting until the summed hazard of giving up reaches `threshold` (exponential with mean 1).

    `weibull` and `log_logistic` by median days and shape; `daily` a constant chance on each day from the first whole day; `daily_weibull` a chance of
    1 - 2^-(x / median)^shape on day x, `daily_log_logistic` one of 1 - 1 / (1 + (x / median)^shape), `daily_table` one of a table. No published fit for
    talking therapies exists; experts' guesses for one English area are of the kind daily_log_logistic (Murch et al. 2021).
    """
    law, median, shape, daily, _ = patience
    if law == "none":
        return NEVER
    if law == "daily":
        if daily >= 1.0:
            return 1
        days = threshold / -math.log1p(-daily) if daily > 0.0 else math.inf
    elif law.startswith("daily_"):
        summed = 0.0
        for day, hazard in enumerate(_hazards(patience), 1):
            summed += hazard
            if summed >= threshold:
                return day
        return NEVER
    elif law == "weibull":
        days = median * (threshold / math.log(2.0)) ** (1.0 / shape)
    else:
        days = median * math.expm1(min(threshold, 700.0)) ** (1.0 / shape)
    return NEVER if days >= NEVER else max(1, math.ceil(days))


def _hazards(patience: Patience) -> Iterator[float]:
    """Hazard of giving up on day 1, 2, 3 …; it ends where nobody gives up any more, or no run is as long."""
    entry, chance = 0, 0.0
    table = patience.table
    for day in range(1, LONGEST_WAIT):
        if patience.law == "daily_table":
            while entry < len(table) and table[entry][0] <= day:
                chance, entry = table[entry][1], entry + 1
            if chance == 0.0 and entry == len(table):
                return
            yield -math.log1p(-chance) if chance < 1.0 else math.inf
        elif patience.law == "daily_weibull":
            yield math.log(2.0) * math.pow(day / patience.median, patience.shape)
        else:
            yield math.log1p(math.pow(day / patience.median, patience.shape))


def patience_with_calls(patience: Patience, threshold: float, every_weeks: int, effect: float) -> int:
    """The same when a check-in call every `every_weeks` weeks takes the share `effect` off the hazard for four weeks.

    The size (0.8 of the hazard) is assumed. Works in operational time: a called week counts for less of the threshold.
    """
    plain = patience_days(patience, threshold)
    if every_weeks <= 0 or effect <= 0.0 or plain >= NEVER:
        return plain
    summed, day = 0.0, 0
    for hazard in _daily_hazards(patience):
        if summed >= threshold or day >= NEVER >> 12:
            break
        called = day >= 7 * every_weeks and day % (7 * every_weeks) < 28
        summed += hazard * (1.0 - effect) if called else hazard
        day += 1
    return max(1, day) if summed >= threshold else NEVER


def _daily_hazards(patience: Patience) -> Iterator[float]:
    """The same of every law: what its summed hazard gains on each day."""
    if patience.law.startswith("daily_"):
        yield from _hazards(patience)
        return
    day, before = 0, 0.0
    while True:
        day += 1
        after = _cumulative(patience, day)
        yield after - before if after < math.inf else math.inf
        before = after


def _cumulative(patience: Patience, day: float) -> float:
    law, median, shape, daily, _ = patience
    if law == "daily":
        return -math.log1p(-daily) * day if daily < 1.0 else math.inf
    if law == "weibull":
        return math.log(2.0) * math.pow(day / median, shape)
    return math.log1p(math.pow(day / median, shape))

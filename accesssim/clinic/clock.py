"""Whole days and named phases on SimPy's calendar: the one place that schedules.

Every journey is a process of SimPy's, and waits for one of two events. `until` is a date: those who are due in the same phase of a day go on in the order of
their numbers. `called` is the service's word: whoever is called goes on at once, within the duty that calls and in the order of its calls. So no order is
ever an accident of scheduling.

All that happens on a day has a place on one scale, its priority:

    -1                  dawn: `day` is the new day
    0 and 1             SimPy's own: processes start (0) and end (1), a plain `timeout` is over (1)
    from 2 ** 27 on     phase by phase: the duties of the service, then people by number (see `codes.turn`)

So a process that watches (`yield env.timeout(7)`) finds the service as it is before day 7 begins: seven days are over. And so does whoever stops there
(`env.run(until=7)`).
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Protocol, TypeVar

import simpy
from simpy.events import NORMAL, EventPriority

from accesssim.world.journal import codes
from accesssim.world.journal.events import Phase

Answer = TypeVar("Answer")
Part = Generator[simpy.Event, Any, Answer]
"""A part of a journey, with what comes of it."""
Journey = Part[None]
DAWN = EventPriority(-1)


class Called(simpy.Event):
    """The service's word to somebody who waits for it."""


class Until(simpy.Timeout):
    """A moment of a day that is still to come."""

    def __init__(self, clock: "Clock", day: int, priority: EventPriority) -> None:
        self.priority = priority
        super().__init__(clock, day - clock.now)


class Traveller(Protocol):
    """Whoever has a number, and waits to be called."""

    number: int
    called: Called
    journey: simpy.Process


class Clock(simpy.Environment):
    """The calendar of one run of `days` days. `day` is today; while the past is told of those who are found on day 0, a day before it."""

    def __init__(self, days: int) -> None:
        super().__init__()
        self.day = 0
        self.days = days

    def schedule(self, event: simpy.Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """What is called goes on at once; all else waits for its time."""
        if type(event) is Called:
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]  # as SimPy marks what has happened
            for callback in callbacks:
                callback(event)
        elif type(event) is Until:
            super().schedule(event, event.priority, delay)
        else:
            super().schedule(event, priority, delay)

    def until(self, traveller: Traveller, day: int, phase: Phase) -> simpy.Event:
        """A phase of a day, today or later; one after the run never comes."""
        if day >= self.days:
            return simpy.Event(self)
        return Until(self, day, EventPriority(codes.turn(phase, traveller.number + 1)))

    def called(self, traveller: Traveller) -> Called:
        """The next word of the service."""
        traveller.called = event = Called(self)
        return event

    def call(self, traveller: Traveller, word: Any = None) -> None:
        """Let a journey go on that waits to be called, until it waits again or ends."""
        traveller.called.succeed(word)

    def call_each(self, travellers: Iterable[Traveller], word: Any = None) -> None:
        """The same of many, one after the other."""
        for traveller in travellers:
            traveller.called.succeed(word)

    def begin(self, traveller: Traveller, journey: Journey) -> None:
        """A journey begins, before anything else happens."""
        traveller.journey = self.process(journey)

    def go_on(self, traveller: Traveller, journey: Journey) -> None:
        """A journey that began before day 0: it is walked at once to where it waits, and goes on from there."""
        self.begin(traveller, rest(journey, next(journey)))

    def keep(self, duties: Mapping[Phase, Callable[[int], None]]) -> Journey:
        """Day after day, what the service does in each phase before anybody who is due in it goes on."""
        for day in range(self.days):
            yield Until(self, day, DAWN)
            self.day = day
            for phase, duty in duties.items():
                yield Until(self, day, EventPriority(codes.turn(phase, 0)))
                duty(day)


def rest(part: Part[Answer], waits_for: simpy.Event) -> Part[Answer]:
    """A part of a journey that somebody has walked by hand to what it waits for, from there on."""
    try:
        while True:
            waits_for = part.send((yield waits_for))
    except StopIteration as over:
        answer: Answer = over.value
        return answer

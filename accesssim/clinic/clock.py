"""Whole days and named phases on SimPy's calendar: the one place that schedules.

Every journey is a process of SimPy's, and waits for one of two events. `until` is a date: those who are due in the same phase of a day go
on in the order of their numbers. `called` is the service's word: whoever is called goes on at once, within the duty that calls and in the
order of its calls. So no order is ever an accident of scheduling.

All that happens on a day has a place on one scale, its priority:

    -1                  dawn: `day` is the new day
    0 and 1             SimPy's own: processes begin (0), a run stops at `until` (0), a plain `timeout` is over (1), processes have ended (1)
    from 2 ** 27 on     phase by phase: the duties of the service, then people by number (see `codes.turn`)

So SimPy's own stand before the first phase of their day: whoever watches (`yield env.timeout(7)`) or stops (`env.run(until=7)`) finds seven
whole days behind, and nothing of the eighth; and a journey that sleeps by a plain `timeout` goes on with the right date, before the service
does anything on it.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

import simpy
from simpy.events import NORMAL, EventPriority

from accesssim.world.journal import codes
from accesssim.world.journal.events import Phase

Answer = TypeVar("Answer")
Part = Generator[simpy.Event, Any, Answer]
"""A part of a journey, with what comes of it."""
Journey = Part[None]
_PLAIN, _DAWN = EventPriority(0), EventPriority(-1)
#: Priority of the duties of each phase, and of whoever has number 0.
_OPENING, _FIRST = ([EventPriority(codes.turn(phase, nth)) for phase in Phase] for nth in (0, 1))


class Called(simpy.Event):
    """The service's word to one person, time and again: who waits for it is handed the word, an event that has happened, and goes on at once."""

    def say(self, word: simpy.Event) -> None:
        """Say it to whoever waits, who waits no longer."""
        callbacks, self.callbacks = self.callbacks, None  # type: ignore[assignment]  # as SimPy marks what has happened
        for callback in callbacks:
            callback(word)


class Traveller(Protocol):
    """Whoever has a number, and waits to be called."""

    number: int
    called: Called | None
    journey: simpy.Process


class Duty(NamedTuple):
    """What the service does in a phase of a day, if it is due on that day, before anybody who is due in it goes on."""

    phase: Phase
    work: Callable[[int], None]
    is_due: Callable[[int], bool] | None = None


class Clock(simpy.Environment):
    """The calendar of one run of `days` days. `day` is today; while the past is told of those who are found on day 0, a day before it."""

    def __init__(self, days: int) -> None:
        super().__init__()
        self._in_time = super().schedule
        self.day = 0
        self.days = days
        self._priority = _PLAIN  # of the moment that is being made
        self._words: dict[Any, simpy.Event] = {}

    def schedule(self, event: simpy.Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """What the clock makes has a priority of its own, and all else SimPy's."""
        self._in_time(event, self._priority or priority, delay)

    # -- for journeys

    def until(self, traveller: Traveller, day: int, phase: Phase) -> simpy.Event:
        """A phase of a day, today or later; one after the run never comes."""
        if day >= self.days:
            return simpy.Event(self)
        self._priority = _FIRST[phase] + traveller.number  # type: ignore[assignment]  # EventPriority is a whole number
        moment = simpy.Timeout(self, day - self.now)
        self._priority = _PLAIN
        return moment

    def called(self, traveller: Traveller) -> Called:
        """The next word of the service."""
        event = traveller.called
        if event is None:
            event = traveller.called = Called(self)
        else:
            event.callbacks = []
        return event

    # -- for the service

    def begin(self, traveller: Traveller, journey: Journey, phase: Phase | None = None) -> None:
        """A journey begins today, in a phase; or as SimPy begins processes, before anything else happens."""
        if phase is not None:
            self._priority = _FIRST[phase] + traveller.number  # type: ignore[assignment]
        traveller.journey = self.process(journey)
        self._priority = _PLAIN

    def go_on(self, traveller: Traveller, journey: Journey) -> None:
        """A journey that began before day 0: it is walked at once to where it waits, and goes on from there."""
        self.begin(traveller, rest(journey, next(journey)))

    def call(self, traveller: Traveller, word: Any = None) -> None:
        """Let a journey go on that waits to be called, until it waits again or ends."""
        assert traveller.called is not None
        traveller.called.say(self._words.get(word) or self._said(word))

    def call_each(self, travellers: Sequence[Traveller], word: Any = None) -> None:
        """The same of many, one after the other."""
        if travellers:
            said = self._words.get(word) or self._said(word)
            for traveller in travellers:
                traveller.called.say(said)  # type: ignore[union-attr]  # they wait for it

    def _said(self, word: Any) -> simpy.Event:
        """A word as an event, which calls hand on: the same for all."""
        event = self._words[word] = self.event().succeed(word)
        return event

    def keep(self, duties: Sequence[Duty]) -> Journey:
        """The days of the service, one after the other."""
        for day in range(self.days):
            yield self._moment(_DAWN, day)
            self.day = day
            for phase, work, is_due in duties:
                if is_due is None or is_due(day):
                    yield self._moment(_OPENING[phase], day)
                    work(day)

    def _moment(self, priority: EventPriority, day: int) -> simpy.Event:
        self._priority = priority
        moment = simpy.Timeout(self, day - self.now)
        self._priority = _PLAIN
        return moment


def rest(part: Part[Answer], waits_for: simpy.Event) -> Part[Answer]:
    """A part of a journey that somebody has walked by hand to what it waits for, from there on."""
    try:
        while True:
            waits_for = part.send((yield waits_for))
    except StopIteration as over:
        answer: Answer = over.value
        return answer

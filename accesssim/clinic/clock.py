"""Whole days and named phases on SimPy's calendar: the one place that schedules.

A moment is (day, phase). One SimPy event opens each day; the phases follow in their order, and everybody due in one is woken in
order of person number. So no order is ever an accident of scheduling, and a busy day costs one event instead of one an appointment.

A journey is a generator. It yields a moment (see `moment`) to sleep until then, or None to wait until somebody calls
`resume` on it: a therapist's diary, or the list.
"""

from collections.abc import Callable, Generator, Iterable
from operator import itemgetter
from typing import Any, Protocol

import simpy

from accesssim.world.journal import codes
from accesssim.world.journal.events import Phase

Journey = Generator[int | None, Any, None]
_NUMBER = itemgetter(0)


class Traveller(Protocol):
    """Whoever has a number and a journey."""

    number: int
    journey: Journey


def moment(day: int, phase: Phase) -> int:
    """The moment at which a journey wants to be woken."""
    return codes.moment(day, phase)


class Clock:
    """The calendar of one run of `days` days."""

    def __init__(self, days: int) -> None:
        self.day = 0
        self.days = days
        self._env = simpy.Environment()
        self._due: dict[int, list[tuple[int, Traveller]]] = {}
        self._duties: dict[Phase, Callable[[int], None]] = {}

    def duty(self, phase: Phase, work: Callable[[int], None]) -> None:
        """Do `work(day)` each day at the opening of a phase, before anybody due in it is woken."""
        self._duties[phase] = work

    def _calendar(self) -> Generator[simpy.Event, None, None]:
        duties = [(phase, self._duties.get(phase)) for phase in Phase]
        for day in range(self.days):
            self.day = day
            for phase, work in duties:
                if work is not None:
                    work(day)
                self._wake(moment(day, phase))
            yield self._env.timeout(1)

    def at(self, moment: int, traveller: Traveller) -> None:
        """Wake a traveller at a moment that is still to come; moments after the run are never reached."""
        due = self._due.get(moment)
        if due is None:
            self._due[moment] = [(traveller.number, traveller)]
        else:
            due.append((traveller.number, traveller))

    def _wake(self, now: int) -> None:
        due = self._due.pop(now, None)
        if due is not None:
            due.sort(key=_NUMBER)
            self.resume_each([traveller for _, traveller in due])

    def resume(self, traveller: Traveller, signal: Any = None) -> None:
        """Let a journey go on until it sleeps or waits again, or ends."""
        try:
            wake = traveller.journey.send(signal)
        except StopIteration:
            return
        if wake is not None:
            self.at(wake, traveller)

    def resume_each(self, travellers: Iterable[Traveller], signal: Any = None) -> None:
        """The same of many, one after the other."""
        at = self.at
        for traveller in travellers:
            try:
                wake = traveller.journey.send(signal)
            except StopIteration:
                continue
            if wake is not None:
                at(wake, traveller)

    def run(self) -> None:
        """Run to the end of the last day."""
        self._env.process(self._calendar())
        self._env.run()

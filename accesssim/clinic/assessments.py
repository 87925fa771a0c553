"""Assessments booked ahead: a diary for each team, and the queues of those whom no open diary has room for."""

from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Signal, Urgency
from accesssim.clinic.state import State
from accesssim.world.nothing import NOT_YET


class _Queued(NamedTuple):
    """Somebody who could not be booked."""

    day: int
    number: int
    spell: int
    person: Person


class Assessments:
    """The diaries of all teams. Teams that share assessment book in each other's: the first place, at home if there is one that day."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.diaries = state.diaries
        self._expected: dict[int, list[Person]] = defaultdict(list)  # by day
        self._unbooked: tuple[dict[tuple[int, ...], deque[_Queued]], ...] = ({}, {})
        """Urgent referrals, then routine ones, by the teams that may assess: places are kept for the urgent, so they do not wait behind others."""

    def book(self, person: Person) -> None:
        """Book an assessment, or queue until a diary has a place."""
        queue = self._queue(person)
        if (queue and person.urgency is Urgency.ROUTINE) or not self._booked(person):
            queue.append(_Queued(self.state.clock.day, person.number, person.spell, person))

    def release(self, person: Person) -> None:
        """A booked person does not need the place any more."""
        self.diaries[person.diary].release(person.booked, person.urgency is not Urgency.ROUTINE)
        person.booked = NOT_YET

    def book_queued(self) -> None:
        """Whoever could not be booked tries again, urgent referrals first, in each class first come first served."""
        for queue in self._queues():
            while queue:
                head = queue[0]
                if head.person.spell == head.spell and not self._booked(head.person):
                    break
                queue.popleft()

    def hold(self, day: int) -> None:
        """The assessments of a day; those for which too few staff are at work are cancelled, routine ones first."""
        expected = [person for person in self._expected.pop(day, ()) if person.booked == day]
        expected.sort(key=lambda person: (person.urgency, person.number))
        room = [diary.places(day)[1] for diary in self.diaries]
        for person in expected:
            room[person.diary] -= 1
            person.booked = NOT_YET
            person.spell += 1
            self.state.clock.call(person, Signal.APPOINTMENT if room[person.diary] >= 0 else Signal.CANCELLED)

    def close(self, day: int) -> None:
        """The day is over."""
        for diary in self.diaries:
            diary.close(day)

    def regroup(self) -> None:
        """Other teams share from today: those who queue do so for the diaries that are now open to them, in the order in which they came."""
        queued = sorted((entry for queue in self._queues() for entry in queue), key=lambda entry: entry[:2])
        for queues in self._unbooked:
            queues.clear()
        for entry in queued:
            self._queue(entry.person).append(entry)

    def _queues(self) -> Iterator[deque[_Queued]]:
        """Every queue, those of urgent referrals first."""
        return chain.from_iterable(queues.values() for queues in self._unbooked)

    def _queue(self, person: Person) -> deque[_Queued]:
        teams, queues = self.state.teams.assess_for[person.team], self._unbooked[person.urgency is Urgency.ROUTINE]
        queue = queues.get(teams)
        if queue is None:
            queue = queues[teams] = deque()
        return queue

    def _booked(self, person: Person) -> bool:
        rules, urgent, today = self.state.now.triage, person.urgency is not Urgency.ROUTINE, self.state.clock.day
        notice = max(1, rules.notice_days_urgent if urgent else rules.notice_days)
        teams = self.state.teams.assess_for[person.team]
        if len(teams) == 1:
            team, day = teams[0], self.diaries[teams[0]].first_free(today, notice, urgent)
        else:
            free = [
                (day, team != person.team, team)
                for team in teams
                if (day := self.diaries[team].first_free(today, notice, urgent)) is not None
            ]
            day, _, team = min(free) if free else (None, False, person.team)
        if day is None:
            return False
        self.diaries[team].take(day, urgent)
        person.booked, person.diary = day, team
        self._expected[day].append(person)
        return True

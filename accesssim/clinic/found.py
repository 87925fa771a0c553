"""People who are found in the service on day 0: each drawn given that they are still there.

Their numbers stand apart from those of the people who come later, and say where they are found: the n-th on a list is the same
person under every policy, however long the list. Who that is, is found by trying: candidates with luck of their own are drawn
one after the other until one of them would be there. So whatever is known of who is there (that they asked, were sent to this
pathway, are still ill) is in the law of severity, scores and all else, as it is in a service that has been at work for long.
What is left of an illness, and of patience, is not tried for: summed hazards have no memory, so what is left is drawn as such.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from accesssim.clinic.afterwards import goes_on
from accesssim.clinic.flows import Opening
from accesssim.clinic.pathway import Journeys
from accesssim.clinic.person import Person, course_luck, episode_luck
from accesssim.clinic.plain_names import Purpose
from accesssim.clinic.rules import illness, places, referrals
from accesssim.clinic.staff import Staff
from accesssim.clinic.state import State
from accesssim.world.calendar import NEVER
from accesssim.world.chance import draw, exponential, mix, normal
from accesssim.world.journal import codes
from accesssim.world.limits import EARLIEST_DAY, FIRST_FOUND, FIRST_FOUND_IN_CARE, MOST_PEOPLE
from accesssim.world.nothing import NO_PATHWAY
from accesssim.world.odds import logit

MOST_TRIED, FORCED = 2000, 40
"""Candidates for one place; the last few are taken as they come, if their past can be told at all: so the number is kept whatever is asked for."""
MOST_PASSED = 90
"""Stays that may lie behind somebody who is found on day 0; whoever has gone round more often is left out."""
ATTEMPT_BITS = 11
"""Of the candidates for one place."""


class Passed(NamedTuple):
    """A stay that was over before day 0."""

    pathway: int
    place: int  # the list that the place belonged to
    came: int
    left: int


class Found:
    """The candidates of one run."""

    def __init__(self, state: State, journeys: Journeys, opening: Opening) -> None:
        self.state, self.journeys, self.opening = state, journeys, opening
        self.root = state.chance.root
        self._on_lists, self._in_care = len(state.paths) + 1, len(state.staff) + len(state.lists)
        self._taken = [0] * self._in_care  # numbers of those in care
        self._steps = tuple(purpose for purposes in state.steps.values() for purpose in purposes)

    def number(self, which: int, nth: int) -> int:
        """Number of the n-th on a list; those who await assessment are the last."""
        return FIRST_FOUND + nth * self._on_lists + which

    def next_in_care(self, which: int) -> int | None:
        """Number of the next in the care of a staff or, after all staff, in the places of a list; None where numbers are at an end."""
        number = FIRST_FOUND_IN_CARE + self._taken[which] * self._in_care + which
        self._taken[which] += 1
        return number if number < MOST_PEOPLE else None

    def entry(self, key: int, bounds: list[float]) -> int:
        """How a candidate came: NO_PATHWAY by demand, else the pathway that they came straight to."""
        return min(bisect_right(bounds, draw(key, Purpose.FOUND, 1)), len(bounds) - 1) - 1 if bounds else NO_PATHWAY

    def key(self, number: int, attempt: int) -> int:
        """Of a candidate's draws."""
        return mix(self.root ^ self._entity(number, attempt))

    def _entity(self, number: int, attempt: int) -> int:
        """Whose luck a candidate has: by the name of the place, and the turn there."""
        if number < FIRST_FOUND_IN_CARE:
            nth, which = divmod(number - FIRST_FOUND, self._on_lists)
        else:
            nth, which = divmod(number - FIRST_FOUND_IN_CARE, self._in_care)
            which += self._on_lists
        return self.opening.entities[which] ^ codes.beside(nth, attempt, ATTEMPT_BITS)

    def candidate(
        self, number: int, attempt: int, entry: int, since: int, *, listed: bool = True, forced: bool
    ) -> Person | None:
        """Somebody who asked `since` days before day 0 and is ill then; None for who did not ask, or whose past cannot be told.

        Of those who are `listed`, also for some of whom the assessment would lead to no list.
        """
        now, key = self.state.now, self.key(number, attempt)
        demand, waiting = now.demand, now.waiting
        complex_person = draw(key, Purpose.COMPLEX) < demand.complex_share
        severity = illness.clip_severity(
            demand.severity_mean
            + demand.severity_sd * normal(draw(key, Purpose.SEVERITY))
            + (demand.severity_complex if complex_person else 0.0)
        )
        rates = waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        delay = 0
        if entry == NO_PATHWAY:
            chance = referrals.seek_chance(
                logit(demand.seek_share), 0.0, 0.0, 0.0, severity, demand.severity_mean, demand.seek_severity_slope
            )
            if draw(key, Purpose.STIGMA) >= chance and not forced:
                return None
            delay = referrals.delay_days(
                normal(draw(key, Purpose.DELAY)), demand.delay_median_days, 0.0, 0.0, 0.0, demand.delay_sigma
            )
            lasted = illness.remission_hazard(since + delay, *rates) - illness.remission_hazard(since, *rates)
            if exponential(draw(key, Purpose.FOUND)) < lasted and not forced:
                return None
        if since + delay > -EARLIEST_DAY:
            if not forced:
                return None
            delay = -EARLIEST_DAY - since
        ill = illness.remission_after(exponential(draw(key, Purpose.REMISSION)), since + delay, *rates)
        drift = (
            waiting.drift_mean + waiting.drift_sd * normal(draw(key, Purpose.DRIFT)) if now.loops.waiting_harms else 0.0
        )
        if listed and not forced and entry == NO_PATHWAY and self._is_screened_out(key):
            return None
        onset = -since - delay
        person = Person(
            number, onset, -since, severity, complex_person, drift, onset + ill if ill < NEVER else NEVER, entry
        )
        person.entity, person.key = self._entity(number, attempt), key
        episode_luck(self.state.chance, [person], self._steps)
        return person

    def _is_screened_out(self, key: int) -> bool:
        """Whether `suits` would say no for reasons that need no scores: asked first, as it costs less than a person."""
        now = self.state.now
        return now.triage.assess and (
            draw(key, Purpose.SUITABLE) < now.triage.unsuitable_share
            or (
                now.triage.assessment_is_first_contact
                and draw(key, Purpose.ONE_CONTACT) < now.therapy.one_contact_share
            )
        )

    def _taken_up(self, person: Person) -> Person:
        """Somebody who is found has the luck of a course."""
        course_luck(self.state.chance, [person])
        return person

    def comes(self, nth: int, entry: int) -> Person:
        """The n-th of those who come in some way on day 0."""
        for attempt in range(MOST_TRIED):
            number = self.number(len(self.state.paths), nth)
            person = self.candidate(number, attempt, entry, 0, listed=False, forced=attempt >= MOST_TRIED - FORCED)
            if person is not None:
                return self._taken_up(person)
        raise AssertionError("the last are taken as they come")

    def asking(self, nth: int, since: int) -> Person:
        """The n-th of those who await assessment, who asked so many days ago."""
        number = self.number(len(self.state.paths), nth)
        for attempt in range(MOST_TRIED):
            forced = attempt >= MOST_TRIED - FORCED
            person = self.candidate(number, attempt, NO_PATHWAY, since, listed=False, forced=forced)
            if person is not None:
                return self._taken_up(person)
        raise AssertionError("the last are taken as they come")

    def on_list(self, pathway: int, nth: int, age: int) -> tuple[Person, list[Passed]]:
        """The n-th on the list of a pathway, who has been there for so many days; and the stays behind them."""
        number = self.number(pathway, nth)
        bounds = self.opening.entries[pathway]
        for attempt in range(0 if bounds else MOST_TRIED - FORCED, MOST_TRIED):
            forced = attempt >= MOST_TRIED - FORCED
            entry = self.entry(self.key(number, attempt), bounds)
            since = age + (self.opening.delay if entry == NO_PATHWAY else 0)
            person = self.candidate(number, attempt, entry, since, forced=forced)
            if person is not None and (passed := self.behind(person, pathway, -age, forced=forced)) is not None:
                return self._taken_up(person), passed
        raise AssertionError("the last are taken as they come")

    def for_staff(self, number: int, attempt: int, staff: Staff, given: Sequence[int]) -> tuple[Person, int] | None:
        """The next candidate, from one of the attempts on, for a course with a staff in one of some pathways; and the attempt after.

        None where there are no more. They were ill, and came to the list, on day 0; all that is to be moved to where their course began.
        """
        state = self.state
        comes = any(self.opening.entries[pathway] for pathway in given)
        for nth in range(attempt if comes else max(attempt, MOST_TRIED - FORCED), MOST_TRIED):
            forced = nth >= MOST_TRIED - FORCED
            entry = self.entry(self.key(number, nth), self.opening.anywhere)
            since = self.opening.delay if entry == NO_PATHWAY else 0
            if (person := self.candidate(number, nth, entry, since, forced=forced)) is None:
                continue
            state.clock.day = 0
            self.journeys.home(person)
            suits = self.journeys.triage.suits(person) and person.pathway in given
            if forced and not suits:
                person.pathway = given[0]
            if forced or (suits and staff.number in state.staff[state.staff_of(person)].partners):
                return self._taken_up(person), nth + 1
        return None

    def for_place(
        self, number: int, attempt: int, place: int, pathway: int, waited: int
    ) -> tuple[Person, list[Passed], int] | None:
        """The same for a place, of those who had waited for so many days when they came to it; and the stays behind them."""
        bounds = self.opening.entries[pathway]
        for nth in range(attempt if bounds else max(attempt, MOST_TRIED - FORCED), MOST_TRIED):
            forced = nth >= MOST_TRIED - FORCED
            entry = self.entry(self.key(number, nth), bounds)
            since = waited + (self.opening.delay if entry == NO_PATHWAY else 0)
            person = self.candidate(number, nth, entry, since, forced=forced)
            if person is None or (passed := self.behind(person, pathway, -waited, forced=forced)) is None:
                continue
            if forced or place in self.state.teams.lists_of(person.team, [pathway]):
                return self._taken_up(person), passed, nth + 1
        return None

    def behind(self, person: Person, pathway: int, joined: int, *, forced: bool) -> list[Passed] | None:
        """The stays behind somebody who joined the list of a pathway on a day; None for who did not come there.

        A stay is as long as the law of its days says, and none of these people waited for the next. Whoever is forced came straight.
        """
        state = self.state
        state.clock.day = joined
        self.journeys.home(person)
        suits = self.journeys.triage.suits(person)
        if forced:
            person.pathway = pathway
            return []
        if not suits:
            return None
        stays: list[tuple[int, int, int]] = []
        while person.pathway != pathway:
            path, number = state.paths[person.pathway], person.pathway
            if not path.then or path.places is None or len(stays) == MOST_PASSED:
                return None
            lists = state.teams.lists_of(person.team, [number])
            here = state.teams.places[state.path_names[number]]
            if not any(here[codes.team_of_list(one, len(state.paths))] for one in lists):
                return None  # nobody has come through
            days = state.stays[number].days(person.key, person.courses)
            whole = places.whole_days(days, draw(person.key, Purpose.STAY_ROUNDING, person.courses))
            stays.append((number, lists[0], whole))
            person.courses += 1
            if not goes_on(state, person):
                return None
        left, passed = joined, list[Passed]()
        for number, place, days in reversed(stays):
            passed.append(Passed(number, place, left - days, left))
            left -= days
        passed.reverse()
        return passed if self.move(person, left - joined) else None

    def move(self, person: Person, days: int) -> bool:
        """All that lies behind a person was so many days later (before: negative); False where it is too long ago to be told."""
        if days:
            person.asked, person.onset, person.seen_on = person.asked + days, person.onset + days, NEVER
        return person.onset >= EARLIEST_DAY

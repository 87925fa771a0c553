"""A person's journey, from asking for help to an outcome.

A journey is a process of SimPy's, and each part of it a generator: `yield self.until(person, day, phase)` sleeps to a date,
`yield self.called(person)` waits for the service's word, a `Signal` or nothing (see `clock`).
"""

from accesssim.clinic import afterwards, waiting
from accesssim.clinic.assessments import Assessments
from accesssim.clinic.clock import Journey, Part
from accesssim.clinic.course import Courses
from accesssim.clinic.crises import Crises
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, Phase, Purpose, Route, Waited
from accesssim.clinic.red_tape import red_tape
from accesssim.clinic.scores import severity
from accesssim.clinic.state import State
from accesssim.clinic.stay import stay
from accesssim.clinic.triage import Triage
from accesssim.world.chance import draw
from accesssim.world.journal import codes


class Journeys:
    """The journeys of one run; a subclass may tell any of their parts otherwise."""

    def __init__(self, state: State, assessments: Assessments, crises: Crises) -> None:
        self.state, self.clock = state, state.clock
        self.until, self.called = state.clock.until, state.clock.called
        self.triage = Triage(state, assessments, crises)
        self.courses = Courses(state)

    # -- from the first to the last

    def journey(self, person: Person) -> Journey:
        """One person, from asking for help to an outcome, and again after a relapse."""
        while True:
            self.referred(person)
            if not (yield from self.red_tape(person)):
                return
            if not (yield from self.assessment(person)):
                return
            if not (yield from self.treatment(person)):
                return
            if not (yield from self.relapse(person)):
                return

    def arrival(self, person: Person) -> Journey:
        """Somebody who comes straight to a pathway."""
        self.referred(person)
        self.triage.comes_straight(person)
        yield from self.found_waiting(person)

    def treatment(self, person: Person) -> Part[bool]:
        """Wait, therapy, and if need be a step up; True once therapy has ended."""
        while True:
            waited = yield from self.wait(person)
            if waited is not Waited.STARTED:
                if waited is Waited.BETTER or not waiting.tries_elsewhere(self.state, person):
                    return False
                yield self.until(person, self.clock.day, Phase.REFERRALS)
                continue
            person.waits = 0
            if self.state.paths[person.pathway].places is not None:
                yield from self.stay(person)
            elif not (yield from self.course(person)):
                return False
            if not self.goes_further(person):
                return True
            yield self.until(person, self.clock.day, Phase.REFERRALS)

    # -- its parts

    def home(self, person: Person) -> None:
        """Somebody asks: which team is theirs; the same one under every policy that leaves the shares as they are."""
        if self.state.teams.count > 1:
            person.team = self.state.teams.home(draw(person.key, Purpose.HOME_TEAM))

    def referred(self, person: Person) -> None:
        """The person asks, or somebody asks for them, at the team of their home."""
        route = Route.RETURNING
        if not person.episode:
            share = self.state.now.demand.self_referral_share
            route = Route.SELF if person.luck.route < share else Route.PROFESSIONAL
        self.home(person)
        code = codes.referred_as(person.team, route)
        self.state.note(Event.REFERRED, person, code, severity(self.state, person))

    def red_tape(self, person: Person) -> Part[bool]:
        """The steps before an assessment; False for somebody who leaves on the way."""
        return red_tape(self.state, person)

    def assessment(self, person: Person) -> Part[bool]:
        """The assessment; False for somebody who does not go on to a list."""
        return self.triage.assessment(person)

    def wait(self, person: Person) -> Part[Waited]:
        """On the list, and how that ends."""
        return waiting.wait(self.state, person)

    def stay(self, person: Person) -> Part[None]:
        """In a place."""
        return stay(self.state, self.courses, person)

    def course(self, person: Person) -> Part[bool]:
        """With a therapist; False for somebody who gives up waiting for another."""
        return self.courses.course(person)

    def goes_further(self, person: Person) -> bool:
        """Whether somebody whose course or stay has ended goes to another pathway."""
        return afterwards.steps_up(self.state, person) or afterwards.goes_on(self.state, person)

    def relapse(self, person: Person) -> Part[bool]:
        """After recovery: stay well, or relapse and ask again (True)."""
        return afterwards.relapse(self.state, person)

    # -- of those who are found on day 0

    def found_asking(self, person: Person) -> Journey:
        """Somebody who has asked and awaits assessment; red tape is behind them, and they were booked when they asked, for a day that is to come."""
        self.referred(person)
        for step in range(len(self.state.steps)):
            self.state.note(Event.STEP_PASSED, person, step)
        if (yield from self.assessment(person)):
            yield from self.found_waiting(person)

    def found_waiting(self, person: Person) -> Journey:
        """Somebody who is on a list."""
        if (yield from self.treatment(person)) and (yield from self.relapse(person)):
            yield from self.journey(person)

    def found_in_therapy(self, person: Person, course: Part[bool]) -> Journey:
        """Somebody who is in therapy, with what is left of the course."""
        if (yield from course):
            yield from self.found_after(person)

    def found_in_place(self, person: Person) -> Journey:
        """Somebody who keeps a place."""
        yield from stay(self.state, self.courses, person, found=True)
        yield from self.found_after(person)

    def found_after(self, person: Person) -> Journey:
        """What follows a course or a stay that was under way."""
        ended = True
        if self.goes_further(person):
            yield self.until(person, self.clock.day, Phase.REFERRALS)
            ended = yield from self.treatment(person)
        if ended and (yield from self.relapse(person)):
            yield from self.journey(person)

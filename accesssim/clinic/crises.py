"""Crises: who sees them, which sessions make way, and what they change for whoever waits."""

from accesssim.clinic import lists
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Cancellation, Event, Purpose, Urgency
from accesssim.clinic.rules import triage, worktime
from accesssim.clinic.state import State
from accesssim.clinic.therapist import Therapist
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS
from accesssim.world.chance import draw
from accesssim.world.journal import codes
from accesssim.world.nothing import NOBODY


class Crises:
    """The crises of one run."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._seen_today = 0

    def of_today(self, day: int) -> None:
        """Whoever waits and has a crisis today is seen, and is urgent from now on."""
        self._seen_today = 0
        for person in self.state.crises.due(day):
            occasion = codes.occasion(person.courses, person.waits)
            self.crisis(person, draw(person.key, Purpose.CRISIS_HOURS, occasion))
            if person.urgency is Urgency.ROUTINE and person.therapist is None:
                lists.become_urgent(self.state, person)
                self.state.note(Event.MADE_URGENT, person, self.state.listed_as(person))

    def crisis(self, person: Person, u: float) -> None:
        """Somebody is seen the same day, with the luck `u` how soon; beyond the day's capacity, sessions of the same staff make way."""
        state, day = self.state, self.state.clock.day
        therapist = self.on_call(person.team)
        beyond = self._seen_today >= state.now.triage.crisis_contacts_per_day
        self._seen_today += 1
        if therapist is None:  # nobody at work: seen elsewhere, a day later
            hours = triage.hours_to_contact(u, beyond, nobody=True)
            state.note(Event.CRISIS_OVER_CAPACITY, person, NOBODY, hours)
            return
        state.accounts.crises += 1
        therapist.crises += 1
        hours = triage.hours_to_contact(u, beyond, nobody=False)
        state.note(Event.CRISIS_OVER_CAPACITY if beyond else Event.CRISIS, person, therapist.post, hours)
        if beyond and day % DAYS_PER_WEEK < WORKING_DAYS:
            self.displace(therapist, day)

    def on_call(self, team: int) -> Therapist | None:
        """Who sees the next crisis: of those at work, whoever has seen fewest this week for their hours; the lowest number of equals.

        Of the person's team, if any of them is at work.
        """
        state = self.state
        present = [therapist for therapist in state.therapists if not therapist.absent]
        if state.teams.names:
            present = [therapist for therapist in present if state.staff[therapist.staff].team == team] or present
        return min(present, key=lambda therapist: (therapist.crises / therapist.tenths, therapist.post), default=None)

    def displace(self, therapist: Therapist, day: int) -> None:
        """Sessions of today make way for a crisis: the newest patients' first; groups meet."""
        now = self.state.now
        slot = self.state.hours.slot_hours(self.state.staff[therapist.staff], now)
        count = worktime.sessions_that_do_not_fit(now.triage.crisis_hours, slot)
        today = [
            person
            for person in therapist.days[day % DAYS_PER_WEEK]
            if person.first_day <= day and person.group is None and person not in therapist.cancelled
        ]
        for person in sorted(today, key=lambda person: (-person.first_day, -person.number))[:count]:
            therapist.cancelled[person] = Cancellation.CRISIS

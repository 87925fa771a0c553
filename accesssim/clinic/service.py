"""One run of one service: what is done each day, in the order of the day."""

import gc
from typing import Protocol

from accesssim.clinic import lists
from accesssim.clinic.assessments import Assessments
from accesssim.clinic.clock import Duty, Journey
from accesssim.clinic.crises import Crises
from accesssim.clinic.header import header
from accesssim.clinic.opening import find_at_work
from accesssim.clinic.pathway import Journeys
from accesssim.clinic.plain_names import Cancellation, Event, Phase, Signal
from accesssim.clinic.population import Population
from accesssim.clinic.starts import Starts
from accesssim.clinic.state import State
from accesssim.clinic.stop import NEVER, Stop
from accesssim.clinic.workforce import Workforce
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS, begins_year
from accesssim.world.chance import Chance
from accesssim.world.journal.journal import Journal, Rows
from accesssim.world.nothing import NO_PATHWAY, NOT_YET
from accesssim.world.scenario import Scenario


def simulate(scenario: Scenario, *, seed: int, replication: int = 0) -> Journal:
    """Run one replication and return its journal.

    The journal is for keeping: packed. Whoever measures a run and lets it go is better served by `rows`.
    """
    return Journal([rows(scenario, seed=seed, replication=replication)])


def rows(scenario: Scenario, *, seed: int, replication: int = 0, stop: Stop = NEVER) -> Rows:
    """Run one replication and return its rows. Raises Stopped when `stop` is set.

    Python's collector of cycles rests meanwhile: no cycle of a run that could be freed dies before its end, and the collector's
    walks over everybody alive cost half of the time of a service a hundred times the size.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Service(scenario, Chance(seed, replication), stop=stop).run()
    finally:
        if collecting:
            gc.enable()
            gc.collect(0)  # the service that has just ended, and nothing older


class TellsJourneys(Protocol):
    """`Journeys`, or a subclass that tells some of their parts otherwise."""

    def __call__(self, state: State, assessments: Assessments, crises: Crises) -> Journeys:
        """The journeys of one run."""


class Service:
    """One run. `population`: who comes, if it is not the scenario's own; `journeys`: what becomes of them.

    `stop`: a flag at which is looked when a day is over.

    `env` is SimPy's environment: a run can be stepped through (`env.run(until=30)`), watched by other processes, and goes on with
    `run`. What there is to look at is in `state`.
    """

    def __init__(
        self,
        scenario: Scenario,
        chance: Chance,
        population: Population | None = None,
        journeys: TellsJourneys = Journeys,
        stop: Stop = NEVER,
    ) -> None:
        self.state = state = State(scenario, chance)
        self.env, self.stop = state.clock, stop
        self.assessments, self.crises = Assessments(state), Crises(state)
        self.workforce, self.starts = Workforce(state), Starts(state)
        self.journeys = journeys(state, self.assessments, self.crises)
        self.population = Population(scenario, chance, state.days) if population is None else population
        self.env.process(self.days())

    def run(self) -> Rows:
        """Run to the end of the last day, from wherever it stands."""
        state = self.state
        if self.env.now < state.days:
            self.env.run(until=state.days)
        posts, chance = [post.staff for post in state.posts], state.chance
        told = header(state.scenario, state.days, posts, chance.seed, chance.replication, "simpy")
        return Rows(told, state.journal.keys, state.journal.values)

    def days(self) -> Journey:
        """The service's own process: it opens, and does each day what is to do, phase by phase."""
        self.open()
        change_days = {*self.state.scenario.change_days, *filter(begins_year, range(1, self.state.days))}
        yield from self.env.keep(
            [
                Duty(Phase.CHANGES, self.changes, change_days.__contains__),
                Duty(Phase.CHANGES, self.workforce.foresee, self.workforce.foreseen.__contains__),
                Duty(Phase.STAFF, self.workforce.monday, lambda day: day % DAYS_PER_WEEK == 0),
                Duty(Phase.SESSIONS, self.sessions),
                Duty(Phase.STARTS, self.starts.of_today),
                Duty(Phase.WITHDRAWALS, self.withdrawals),
                Duty(Phase.REFERRALS, self.referrals),
                Duty(Phase.CLOSE, self.close),
            ]
        )

    def open(self) -> None:
        """Day 0: staff are hired, and a steady service is found at work."""
        self.workforce.open()
        if self.state.now.initial.state == "steady":
            find_at_work(self.state, self.journeys)

    # -- the day

    def changes(self, day: int) -> None:
        """Dated changes come into force; money and posts are reviewed then and each year."""
        state = self.state
        in_force = state.scenario.in_force(day)
        if in_force is not state.in_force:
            shared, order = state.teams.assess_for, state.now.waiting.order
            state.put_in_force(in_force)
            if state.now.waiting.order != order:
                lists.sort_anew(state)
            self.workforce.apply(state.now)
            if state.teams.assess_for != shared:
                self.assessments.regroup()
            state.write(day, Event.CHANGED)
        self.workforce.review(day)

    def sessions(self, day: int) -> None:
        """Patients of those who have left, crises, assessments, sessions."""
        state, clock, weekday = self.state, self.env, day % DAYS_PER_WEEK
        for therapist in state.leaving:
            for person in therapist.patients():
                therapist.drop(person)
                lists.seek_therapist(state, person)
                clock.call(person, Signal.THERAPIST_LEFT)
        state.leaving.clear()
        self.crises.of_today(day)
        if weekday >= WORKING_DAYS:
            return
        self.assessments.hold(day)
        for therapist in state.therapists:
            if not therapist.on_leave and therapist.days[weekday]:
                today = [person for person in therapist.days[weekday] if person.first_day <= day]
                if therapist.absent:
                    clock.call_each(today, Cancellation.SICKNESS)
                elif therapist.cancelled:
                    for person in today:
                        clock.call(person, therapist.cancelled.get(person, Signal.APPOINTMENT))
                else:
                    clock.call_each(today, Signal.APPOINTMENT)

    def withdrawals(self, day: int) -> None:
        """Patience is over, or the need has remitted."""
        for person in self.state.leaves.due(day):
            if person.booked != NOT_YET:
                self.assessments.release(person)
            elif person.on_list is not None:
                lists.leave(person)
            person.spell += 1
            self.env.call(person, Signal.LEAVE)

    def referrals(self, day: int) -> None:
        """New needs and new referrals; whoever could not be booked tries again first."""
        self.population.note_needs(day, self.state.journal)
        self.assessments.book_queued()
        for person in self.population.ask(day):
            begins = self.journeys.journey if person.arrives == NO_PATHWAY else self.journeys.arrival
            self.env.begin(person, begins(person), Phase.REFERRALS)

    def close(self, day: int) -> None:
        """The day is over; on Sundays and at the end the week, once a year and at the end the year."""
        self.assessments.close(day)
        if day % DAYS_PER_WEEK == DAYS_PER_WEEK - 1:
            self.workforce.week.close(day)
        elif day == self.state.days - 1:
            self.workforce.week.break_off(day)
        if begins_year(day + 1) or day == self.state.days - 1:
            self.state.accounts.close_year(day, self.state.now.funding)
        self.stop.look()

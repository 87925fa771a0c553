"""One run of one service: what is done each day, in the order of the day."""

import gc
from collections import defaultdict
from collections.abc import Callable, Sequence

from accesssim.clinic.accounts import Accounts
from accesssim.clinic.assessments import Assessments
from accesssim.clinic.clock import Clock, Duty, Journey
from accesssim.clinic.opening import find_at_work
from accesssim.clinic.pathway import Journeys
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Cancellation, Event, Phase, Purpose, Signal, Urgency, plain
from accesssim.clinic.population import Population
from accesssim.clinic.rules import triage
from accesssim.clinic.rules.patience import Law, Patience
from accesssim.clinic.starts import Starts
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.waiting_list import WaitingList, counts_from
from accesssim.clinic.workforce import Workforce
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.chance import Chance, draw
from accesssim.world.journal import codes
from accesssim.world.journal.journal import Header, Journal, Rows, Writer
from accesssim.world.limits import MOST_POSTS
from accesssim.world.nothing import NO_PATHWAY, NO_STAFF, NOBODY, NOT_YET
from accesssim.world.scenario import Scenario
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.pathways import Pathway
from accesssim.world.sections.waiting import Waiting

#: Orders in which the class of a referral decides.
BY_CLASS = ("priority", "accumulating_priority")


def simulate(scenario: Scenario, *, seed: int, replication: int = 0) -> Journal:
    """Run one replication and return its journal.

    The journal is for keeping: packed. Whoever measures a run and lets it go is better served by `rows`.
    """
    return Journal([rows(scenario, seed=seed, replication=replication)])


def rows(scenario: Scenario, *, seed: int, replication: int = 0) -> Rows:
    """Run one replication and return its rows.

    Python's collector of cycles rests meanwhile: no cycle of a run dies before its end, and the collector's walks over everybody alive
    cost half of the time of a service a hundred times the size.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Service(scenario, Chance(seed, replication)).run()
    finally:
        if collecting:
            gc.enable()
            gc.collect(0)  # the service that has just ended, and nothing older


class Service:
    """Lists, diary, staff and money of one run; `now` is what is in force today. `population`: who comes, if it is not the scenario's own; `journeys`: what becomes of them.

    `env` is SimPy's environment: a run can be stepped through (`env.run(until=30)`), watched by other processes, and goes on with `run`.
    """

    def __init__(
        self,
        scenario: Scenario,
        chance: Chance,
        population: Population | None = None,
        journeys: Callable[["Service"], Journeys] = Journeys,
    ) -> None:
        self.scenario, self.chance = scenario, chance
        self.days = scenario.parameters.run.length
        self.env = self.clock = Clock(self.days)
        self.journal = Writer()
        now = scenario.in_force(0)
        self.lists: list[WaitingList[Person]] = [
            WaitingList() for _ in range(max(1, len(now.teams)) * len(now.pathways))
        ]  # team by team
        self.transfers: list[WaitingList[Person]] = [
            WaitingList() for _ in self.lists
        ]  # of those who lost their therapist
        self._set_rules(now)
        self.accounts = Accounts(self.journal)
        self.in_places = [0] * len(self.lists)
        self.assessments = Assessments(self)
        self.leaves: dict[int, list[tuple[int, int, Person]]] = defaultdict(list)
        self.crises: dict[int, list[tuple[int, int, Person]]] = defaultdict(list)
        self.crises_this_week = self._crises_today = 0
        self.workforce = Workforce(self, self._most_posts())
        self.starts = Starts(self)
        self.journeys = journeys(self)
        self.population = Population(scenario, chance, self.days) if population is None else population
        self.env.process(self.service())

    def _most_posts(self) -> dict[str, list[int]]:
        """By staff group and team: the most posts on any date."""
        dates = [Teams(self.scenario.in_force(day)).posts for day in (0, *self.scenario.change_days)]
        most = {
            group: [max(posts) for posts in zip(*(date[group] for date in dates), strict=True)]
            for group in self.now.workforce
        }
        assert sum(sum(posts) for posts in most.values()) <= MOST_POSTS, "more posts than a journal can tell apart"
        return most

    def _set_rules(self, parameters: Parameters) -> None:
        self._in_force = parameters
        self.now = now = plain(parameters)
        self.teams = Teams(now)
        self.path_names = list(now.pathways)
        self.paths = list(now.pathways.values())
        self.from_scores = [path.from_score for path in self.paths]
        self.for_complex = [path.for_complex for path in self.paths]
        self.stays = [Stays(path.stay, f"pathways.{name}.stay") for name, path in now.pathways.items()]
        self.patience = [patience_of(now.waiting, path) for path in self.paths]
        gained = now.waiting.accumulation
        for waiting in self.lists:
            waiting.rates = (
                (gained.emergency, gained.urgent, gained.routine)
                if now.waiting.order == "accumulating_priority"
                else None
            )

    def service(self) -> Journey:
        """The service's own process: it opens, and does each day what is to do, phase by phase."""
        self.workforce.open()
        if self.now.initial.state == "steady":
            find_at_work(self)
        yield from self.clock.keep(
            [
                Duty(
                    Phase.CHANGES,
                    self.changes,
                    {*self.scenario.change_days, *filter(begins_year, range(1, self.days))}.__contains__,
                ),
                Duty(Phase.STAFF, self.workforce.monday, lambda day: day % DAYS_PER_WEEK == 0),
                Duty(Phase.SESSIONS, self.sessions),
                Duty(Phase.STARTS, self.starts.of_today),
                Duty(Phase.WITHDRAWALS, self.withdrawals),
                Duty(Phase.REFERRALS, self.referrals),
                Duty(Phase.CLOSE, self.close),
            ]
        )

    def run(self) -> Rows:
        """Run to the end of the last day, from wherever it stands."""
        if self.clock.now < self.days:
            self.clock.run(until=self.days)
        posts = [post.staff for post in self.workforce.posts]
        return Rows(
            header(self.scenario, self.days, posts, self.chance.seed, self.chance.replication, "simpy"),
            self.journal.keys,
            self.journal.values,
        )

    # -- the day

    def changes(self, day: int) -> None:
        """Dated changes come into force; money and posts are reviewed then and each year."""
        now = self.scenario.in_force(day)
        changed, new_year = now is not self._in_force, day > 0 and begins_year(day)
        if changed:
            shared, order = self.teams.assess_for, self.now.waiting.order
            self._set_rules(now)
            if now.waiting.order != order:
                for waiting in self.lists:
                    waiting.sort_anew(self.rank)
            self.workforce.apply(self.now)
            if self.teams.assess_for != shared:
                self.assessments.regroup()
            self.journal.note(day, Event.CHANGED)
        if changed or new_year:
            self.workforce.review(day)

    def sessions(self, day: int) -> None:
        """Patients of those who have left, crises, assessments, sessions."""
        call, weekday = self.clock.call, day % DAYS_PER_WEEK
        for therapist in self.workforce.leaving:
            for person in therapist.patients():
                therapist.drop(person)
                self.seek_therapist(person)
                call(person, Signal.THERAPIST_LEFT)
        self.workforce.leaving.clear()
        self._crises_today = 0
        for _, spell, person in sorted(self.crises.pop(day, ()), key=_in_order):
            if person.spell == spell:
                self.crisis(
                    person, draw(person.key, Purpose.CRISIS_HOURS, codes.occasion(person.courses, person.waits))
                )
                self._make_urgent(person, day)
        if weekday >= WORKING_DAYS:
            return
        self.assessments.hold(day)
        for therapist in self.workforce.therapists:
            if not therapist.on_leave and therapist.days[weekday]:
                today = [person for person in therapist.days[weekday] if person.first_day <= day]
                if therapist.absent:
                    self.clock.call_each(today, Cancellation.SICKNESS)
                elif therapist.cancelled:
                    for person in today:
                        call(person, therapist.cancelled.get(person, Signal.APPOINTMENT))
                else:
                    self.clock.call_each(today, Signal.APPOINTMENT)

    def crisis(self, person: Person, u: float) -> None:
        """Somebody is seen the same day, with the luck `u` how soon; beyond the day's capacity, sessions of the same staff make way."""
        day, rules = self.clock.day, self.now.triage
        therapist = self.workforce.on_call(person.team)
        beyond = self._crises_today >= rules.crisis_contacts_per_day
        self._crises_today += 1
        if therapist is None:  # nobody at work: seen elsewhere, a day later
            self.journal.note(
                day, Event.CRISIS_OVER_CAPACITY, person.number, NOBODY, triage.hours_to_contact(u, beyond, nobody=True)
            )
            return
        self.crises_this_week += 1
        therapist.crises += 1
        hours = triage.hours_to_contact(u, beyond, nobody=False)
        self.journal.note(
            day, Event.CRISIS_OVER_CAPACITY if beyond else Event.CRISIS, person.number, therapist.post, hours
        )
        if beyond and day % DAYS_PER_WEEK < WORKING_DAYS:
            self.workforce.displace(therapist, day)

    def _make_urgent(self, person: Person, day: int) -> None:
        if person.urgency is Urgency.ROUTINE and person.therapist is None:
            person.urgency = Urgency.URGENT
            assert person.place is not None
            if self.now.waiting.order in BY_CLASS and person.waits_on is not None:
                person.waits_on.leave(person.place)
                person.place = person.waits_on.join(
                    person, Urgency.URGENT, self._counts_from(person.place.joined, day), person.place.came
                )
            self.journal.note(day, Event.MADE_URGENT, person.number, self.journeys.listed_as(person))

    def _counts_from(self, joined: int, day: int) -> int:
        """The day from which somebody who becomes urgent today counts as waiting: where priority accumulates, what has been gained is kept."""
        if self.now.waiting.order != "accumulating_priority":
            return day
        gained = self.now.waiting.accumulation
        return counts_from(day, joined, gained.routine, gained.urgent)

    def withdrawals(self, day: int) -> None:
        """Patience is over, or the need has remitted."""
        for _, spell, person in sorted(self.leaves.pop(day, ()), key=_in_order):
            if person.spell == spell:
                if person.booked != NOT_YET:
                    self.assessments.release(person)
                elif person.place is not None:
                    assert person.waits_on is not None
                    person.waits_on.leave(person.place)
                    person.waits_on = person.place = None
                person.spell += 1
                self.clock.call(person, Signal.LEAVE)

    def referrals(self, day: int) -> None:
        """New needs and new referrals; whoever could not be booked tries again first."""
        self.population.note_needs(day, self.journal)
        self.assessments.book_queued()
        for person in self.population.ask(day):
            self.clock.begin(
                person,
                self.journeys.journey(person) if person.arrives == NO_PATHWAY else self.journeys.arrival(person),
                Phase.REFERRALS,
            )

    def close(self, day: int) -> None:
        """The day is over; on Sundays and at the end the week, once a year the year."""
        self.assessments.close(day)
        if day % DAYS_PER_WEEK == DAYS_PER_WEEK - 1:
            self.workforce.week.close(day)
            self.crises_this_week = 0
        elif day == self.days - 1:
            self.workforce.week.break_off(day)
        if begins_year(day + 1):
            self.accounts.close_year(day, self.now.funding.carry_underspend)

    # -- what journeys ask for

    def home(self, person: Person) -> None:
        """Somebody asks: which team is theirs; the same one under every policy that leaves the shares as they are."""
        if self.teams.count > 1:
            person.team = self.teams.home(draw(person.key, Purpose.HOME_TEAM))

    def book(self, person: Person) -> None:
        """Book an assessment, or queue until the diary has a place."""
        self.leave_on(person.remission, person)
        self.assessments.book(person)

    def join(self, person: Person) -> None:
        """Join the list of the pathway at the rank that its order gives."""
        person.waits_on = self.lists[codes.list_of(person.team, person.pathway, len(self.paths))]
        person.place = person.waits_on.join(person, self.rank(person), self.clock.day)

    def rank(self, person: Person) -> int:
        """Place of a person in the order in force: the lower goes first."""
        order = self.now.waiting.order
        return int(
            person.urgency if order in BY_CLASS else -int(codes.depression(person.scores)) if order == "severity" else 0
        )

    def seek_therapist(self, person: Person) -> None:
        """Join those whose therapist has left."""
        person.waits_on = self.transfers[codes.list_of(person.team, person.pathway, len(self.paths))]
        person.place = person.waits_on.join(person, 0, self.clock.day)

    def leave_on(self, day: int, person: Person) -> None:
        """The person leaves on a day, unless this wait is over by then."""
        if day < self.days:
            self.leaves[day].append((person.number, person.spell, person))

    def crisis_on(self, day: int, person: Person) -> None:
        """The person has a crisis on a day, unless this wait is over by then."""
        if day < self.days:
            self.crises[day].append((person.number, person.spell, person))


def header(
    scenario: Scenario, days: int, post_staff: Sequence[int], seed: int, replication: int, engine: str
) -> Header:
    """What a reader of a run's rows must know."""
    now = scenario.in_force(0)
    groups, scales = list(now.workforce), (now.triage.depression_scale, now.triage.anxiety_scale)
    return Header(
        scenario=scenario.name,
        scenario_digest=scenario.digest(),
        seed=seed,
        replication=replication,
        engine=engine,
        days=days,
        warm_up_days=now.run.warm_up_weeks * DAYS_PER_WEEK,
        groups=tuple(groups),
        teams=tuple(now.teams),
        pathways=tuple(now.pathways),
        steps=tuple(now.bureaucracy.steps),
        post_staff=tuple(post_staff),
        session_hours=tuple(path.session_hours for path in now.pathways.values()),
        pathway_groups=tuple(
            NO_STAFF if path.group is None else groups.index(path.group) for path in now.pathways.values()
        ),
        cut_offs=(scales[0].cut_off, scales[1].cut_off),
        reliable_changes=(scales[0].reliable_change, scales[1].reliable_change),
        assessment_is_first_contact=now.triage.assess and now.triage.assessment_is_first_contact,
        currency=now.funding.currency,
    )


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


def begins_year(day: int) -> bool:
    """Whether a year of the run begins on a day."""
    return int(day / DAYS_PER_YEAR) != int((day - 1) / DAYS_PER_YEAR)


def _in_order(entry: tuple[int, int, Person]) -> int:
    return entry[0]

"""One run of one service: what is done each day, in the order of the day."""

import gc
from collections import defaultdict, deque

from accesssim.clinic.accounts import Accounts
from accesssim.clinic.clock import Clock
from accesssim.clinic.course import Signal
from accesssim.clinic.opening import find_at_work
from accesssim.clinic.pathway import Journeys
from accesssim.clinic.person import Person
from accesssim.clinic.population import Population
from accesssim.clinic.team import Team
from accesssim.clinic.triage import Diary
from accesssim.clinic.waiting_list import WaitingList
from accesssim.clinic.workforce import Workforce
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.chance import Chance, Purpose, draw
from accesssim.world.journal import MOST_POSTS, Cancellation, Event, Header, Journal, Phase, Urgency, Writer
from accesssim.world.parameters import Parameters
from accesssim.world.scenario import Scenario

#: Orders in which the class of a referral decides.
BY_CLASS = ("priority", "accumulating_priority")


def simulate(scenario: Scenario, *, seed: int, replication: int = 0) -> Journal:
    """Run one replication and return its journal.

    Python's collector of cycles rests meanwhile: no cycle of a run dies before its end, and the collector's walks over everybody alive
    cost half of the time of a service a hundred times the size.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Service(scenario, Chance(seed, replication)).run(seed, replication)
    finally:
        if collecting:
            gc.enable()
            gc.collect(0)  # the service that has just ended, and nothing older


class Service:
    """Lists, diary, staff and money of one run; `now` is what is in force today."""

    def __init__(self, scenario: Scenario, chance: Chance) -> None:
        self.scenario, self.chance = scenario, chance
        run = scenario.in_force(0).run
        self.days = run.days if run.days is not None else run.weeks * DAYS_PER_WEEK
        self.clock = Clock(self.days)
        self.journal = Writer()
        self.lists: list[WaitingList[Person]] = [WaitingList() for _ in scenario.in_force(0).pathways]
        self._set_rules(scenario.in_force(0))
        self.accounts = Accounts(self.journal)
        self.in_places = [0] * len(self.paths)
        self.diary = Diary(self.now.triage.booking_horizon_days)
        self.unbooked: deque[tuple[int, Person]] = deque()
        self.expected: dict[int, list[Person]] = defaultdict(list)  # assessments by day
        self.leaves: dict[int, list[tuple[int, int, Person]]] = defaultdict(list)
        self.crises: dict[int, list[tuple[int, int, Person]]] = defaultdict(list)
        self.crises_this_week = self._crises_today = 0
        self.workforce = Workforce(self, self._most_posts())
        self.transfers: list[WaitingList[Person]] = [WaitingList() for _ in self.workforce.teams]
        self.journeys = Journeys(self)
        self.population = Population(scenario, chance, self.days)

    def _most_posts(self) -> dict[str, int]:
        dates = [self.scenario.in_force(day) for day in (0, *self.scenario.change_days)]
        most = {name: max(date.workforce[name].posts for date in dates) for name in self.now.workforce}
        assert sum(most.values()) <= MOST_POSTS, "more posts than a journal can tell apart"
        return most

    def _set_rules(self, now: Parameters) -> None:
        self.now = now
        self.path_names = list(now.pathways)
        self.paths = list(now.pathways.values())
        self.from_scores = [path.from_score for path in self.paths]
        self.for_complex = [path.for_complex for path in self.paths]
        gained = now.waiting.accumulation
        for waiting in self.lists:
            waiting.rates = (gained.emergency, gained.urgent, gained.routine) if now.waiting.order == "accumulating_priority" else None

    def run(self, seed: int, replication: int) -> Journal:
        """Every day, phase by phase."""
        self.workforce.open()
        if self.now.initial.state == "steady":
            find_at_work(self)
        duties = (
            (Phase.CHANGES, self.changes), (Phase.STAFF, self.staff), (Phase.SESSIONS, self.sessions), (Phase.STARTS, self.starts),
            (Phase.WITHDRAWALS, self.withdrawals), (Phase.REFERRALS, self.referrals), (Phase.CLOSE, self.close),
        )
        for phase, work in duties:
            self.clock.duty(phase, work)
        self.clock.run()
        return Journal(self._header(seed, replication), self.journal.keys, self.journal.values)

    def _header(self, seed: int, replication: int) -> Header:
        now = self.scenario.in_force(0)
        teams = {team.name: team.number for team in self.workforce.teams}
        scales = (now.triage.depression_scale, now.triage.anxiety_scale)
        return Header(
            scenario=self.scenario.name, scenario_digest=self.scenario.digest(), seed=seed, replication=replication, engine="simpy",
            days=self.days, warm_up_days=now.run.warm_up_weeks * DAYS_PER_WEEK, groups=tuple(teams), pathways=tuple(now.pathways),
            steps=tuple(now.bureaucracy.steps), post_groups=tuple(post.group for post in self.workforce.posts),
            session_hours=tuple(path.session_hours for path in now.pathways.values()),
            pathway_groups=tuple(-1 if path.group is None else teams[path.group] for path in now.pathways.values()),
            cut_offs=(scales[0].cut_off, scales[1].cut_off), reliable_changes=(scales[0].reliable_change, scales[1].reliable_change),
            assessment_is_first_contact=now.triage.assess and now.triage.assessment_is_first_contact, currency=now.funding.currency,
        )

    # -- the day

    def changes(self, day: int) -> None:
        """Dated changes come into force; money and posts are reviewed then and each year."""
        now = self.scenario.in_force(day)
        changed, new_year = now is not self.now, day > 0 and _begins_year(day)
        if changed:
            self._set_rules(now)
            self.workforce.apply(now)
            self.journal.note(day, Event.CHANGED)
        if changed or new_year:
            self.workforce.review(day)

    def staff(self, day: int) -> None:
        """Mondays."""
        if day % DAYS_PER_WEEK == 0:
            self.workforce.monday(day)

    def sessions(self, day: int) -> None:
        """Patients of those who have left, crises, assessments, sessions."""
        resume, weekday = self.clock.resume, day % DAYS_PER_WEEK
        for therapist in self.workforce.leaving:
            for person in therapist.patients():
                therapist.drop(person)
                self.seek_therapist(person)
                resume(person, Signal.THERAPIST_LEFT)
        self.workforce.leaving.clear()
        self._crises_today = 0
        for _, spell, person in sorted(self.crises.pop(day, ()), key=_in_order):
            if person.spell == spell:
                self.crisis(person)
                self._make_urgent(person, day)
        if weekday >= WORKING_DAYS:
            return
        self._assess(day)
        for therapist in self.workforce.therapists:
            if therapist.on_leave:
                continue
            cancelled, sick = therapist.cancelled, therapist.absent
            for person in tuple(therapist.days[weekday]):
                if person.first_day <= day:
                    if sick:
                        resume(person, Cancellation.SICKNESS)
                    elif cancelled and person in cancelled:
                        resume(person, cancelled[person])
                    else:
                        resume(person, Signal.APPOINTMENT)

    def _assess(self, day: int) -> None:
        expected = sorted((person for person in self.expected.pop(day, ()) if person.booked == day), key=lambda person: (person.urgency, person.number))
        room = self.diary.places(day)[1]
        for nth, person in enumerate(expected):
            person.booked = -1
            person.spell += 1
            self.clock.resume(person, Signal.APPOINTMENT if nth < room else Signal.CANCELLED)

    def crisis(self, person: Person) -> None:
        """Somebody is seen the same day; beyond the day's capacity, sessions of the same staff make way."""
        day, rules = self.clock.day, self.now.triage
        therapist = self.workforce.on_call()
        u = draw(person.key, Purpose.CRISIS_HOURS, person.spell)
        beyond = self._crises_today >= rules.crisis_contacts_per_day
        self._crises_today += 1
        if therapist is None:  # nobody at work: seen elsewhere, a day later
            self.journal.note(day, Event.CRISIS_OVER_CAPACITY, person.number, -1, 24.0 + 24.0 * u)
            return
        self.crises_this_week += 1
        therapist.crises += 1
        self.journal.note(day, Event.CRISIS_OVER_CAPACITY if beyond else Event.CRISIS, person.number, therapist.post, 4.0 + 12.0 * u if beyond else 4.0 * u)
        if beyond and day % DAYS_PER_WEEK < WORKING_DAYS:
            self.workforce.displace(therapist, day)

    def _make_urgent(self, person: Person, day: int) -> None:
        if person.urgency is Urgency.ROUTINE and person.therapist is None:
            person.urgency = Urgency.URGENT
            assert person.place is not None
            if self.now.waiting.order in BY_CLASS and person.waits_on is not None:
                person.waits_on.leave(person.place)
                person.place = person.waits_on.join(person, Urgency.URGENT, day)
            self.journal.note(day, Event.MADE_URGENT, person.number, 4 * person.pathway + person.urgency)

    def starts(self, day: int) -> None:
        """Whoever has a free slot takes the next: first those who lost their therapist, then of its lists whoever is first. Then places."""
        for team in self.workforce.teams:
            if not self.transfers[team.number].length and not any(self.lists[number].length for number in team.pathways):
                continue
            for therapist in self.workforce.openings(team.number):
                person = self._next(team)
                if person is None:
                    break
                if person.waits_on is self.transfers[team.number]:
                    therapist.transfers += 1
                else:
                    team.starts_this_week += 1
                person.waits_on = person.place = None
                person.spell += 1
                therapist.take(person, day, self.paths[person.pathway].first_session_days)
                self.clock.resume(person)

        for number, path in enumerate(self.paths):
            if path.places is not None:
                self._fill(number, path.places)

    def _fill(self, number: int, places: int) -> None:
        """Free places of a pathway go to whoever is first on its list."""
        waiting = self.lists[number]
        while self.in_places[number] < places and (head := waiting.first(self.clock.day)) is not None:
            person = head[1].person
            assert person is not None
            waiting.leave(head[1])
            person.waits_on = person.place = None
            person.spell += 1
            self.in_places[number] += 1
            self.clock.resume(person)

    def _next(self, team: Team) -> Person | None:
        """Take the next off the lists that a group serves: the best rank, then whoever has waited longest."""
        first, best = self.transfers[team.number].first(), None
        if first is None:
            for number in team.pathways:
                head = self.lists[number].first(self.clock.day)
                if head is not None and (best is None or (head[0], head[1].joined) < best):
                    best, first = (head[0], head[1].joined), head
        if first is None:
            return None
        person = first[1].person
        assert person is not None
        assert person.waits_on is not None
        person.waits_on.leave(first[1])
        return person

    def withdrawals(self, day: int) -> None:
        """Patience is over, or the need has remitted."""
        for _, spell, person in sorted(self.leaves.pop(day, ()), key=_in_order):
            if person.spell == spell:
                if person.booked >= 0:
                    self.diary.release(person.booked, person.urgency is not Urgency.ROUTINE)
                    person.booked = -1
                elif person.place is not None:
                    assert person.waits_on is not None
                    person.waits_on.leave(person.place)
                    person.waits_on = person.place = None
                person.spell += 1
                self.clock.resume(person, Signal.LEAVE)

    def referrals(self, day: int) -> None:
        """New needs and new referrals; whoever could not be booked tries again first."""
        self.population.note_needs(day, self.journal)
        while self.unbooked:
            spell, person = self.unbooked[0]
            if person.spell == spell and not self._booked(person):
                break
            self.unbooked.popleft()
        for person in self.population.ask(day):
            person.journey = self.journeys.journey(person)
            self.clock.at(day << 3 | Phase.REFERRALS, person)

    def close(self, day: int) -> None:
        """The day is over; on Sundays the week, once a year the year."""
        self.diary.close(day)
        if day % DAYS_PER_WEEK == DAYS_PER_WEEK - 1:
            self.workforce.week.close(day)
            self.crises_this_week = 0
        if _begins_year(day + 1):
            self.accounts.close_year(day, self.now.funding.carry_underspend)

    # -- what journeys ask for

    def book(self, person: Person) -> None:
        """Book an assessment, or queue until the diary has a place."""
        self.leave_on(person.remission, person)
        if (self.unbooked and person.urgency is Urgency.ROUTINE) or not self._booked(person):
            self.unbooked.append((person.spell, person))

    def _booked(self, person: Person) -> bool:
        rules, urgent = self.now.triage, person.urgency is not Urgency.ROUTINE
        day = self.diary.book(self.clock.day, max(1, rules.notice_days_urgent if urgent else rules.notice_days), urgent)
        if day is None:
            return False
        person.booked = day
        self.expected[day].append(person)
        return True

    def join(self, person: Person) -> None:
        """Join the list of the pathway at the rank that its order gives."""
        order = self.now.waiting.order
        rank = person.urgency if order in BY_CLASS else -int(person.scores % 100) if order == "severity" else 0
        person.waits_on = self.lists[person.pathway]
        person.place = person.waits_on.join(person, int(rank), self.clock.day)

    def seek_therapist(self, person: Person) -> None:
        """Join those whose therapist has left."""
        group = self.workforce.group_of(self.paths[person.pathway])
        person.waits_on = self.transfers[group]
        person.place = person.waits_on.join(person, 0, self.clock.day)

    def leave_on(self, day: int, person: Person) -> None:
        """The person leaves on a day, unless this wait is over by then."""
        if day < self.days:
            self.leaves[day].append((person.number, person.spell, person))

    def crisis_on(self, day: int, person: Person) -> None:
        """The person has a crisis on a day, unless this wait is over by then."""
        if day < self.days:
            self.crises[day].append((person.number, person.spell, person))


def _begins_year(day: int) -> bool:
    """Whether a year of the run begins on a day."""
    return int(day / DAYS_PER_YEAR) != int((day - 1) / DAYS_PER_YEAR)


def _in_order(entry: tuple[int, int, Person]) -> int:
    return entry[0]

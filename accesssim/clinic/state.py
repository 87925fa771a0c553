"""What a run has at hand, below all that is done with it: what is in force, lists, posts, staff, dates, journal, calendar."""

from collections.abc import Iterator
from operator import itemgetter

from accesssim.clinic.accounts import Accounts
from accesssim.clinic.clock import Clock
from accesssim.clinic.diary import Diary
from accesssim.clinic.hours import Hours
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, plain
from accesssim.clinic.staff import Post, Staff
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.therapist import Therapist
from accesssim.clinic.waiting_list import WaitingList, patience_of
from accesssim.world.chance import Chance, named
from accesssim.world.journal import codes
from accesssim.world.journal.journal import Writer
from accesssim.world.limits import MOST_POSTS
from accesssim.world.nothing import NO_STAFF, NOBODY
from accesssim.world.scenario import Scenario
from accesssim.world.sections.parameters import Parameters

_NUMBER = itemgetter(0)


class Dates:
    """Dates of people who wait; void once that wait is over."""

    def __init__(self, days: int) -> None:
        self._days = days
        self._on: dict[int, list[tuple[int, int, Person]]] = {}

    def add(self, day: int, person: Person) -> None:
        """A date of somebody, unless this wait is over by then."""
        if day < self._days:
            self._on.setdefault(day, []).append((person.number, person.spell, person))

    def due(self, day: int) -> Iterator[Person]:
        """Whose date it is, in order of their numbers."""
        for _, spell, person in sorted(self._on.pop(day, ()), key=_NUMBER):
            if person.spell == spell:
                yield person


class State:
    """The state of one run; `now` is what is in force today."""

    def __init__(self, scenario: Scenario, chance: Chance) -> None:
        self.scenario, self.chance = scenario, chance
        self.days = scenario.parameters.run.length
        self.clock = Clock(self.days)
        self.journal = Writer()
        self.write = self.journal.note
        self.accounts = Accounts(self.journal)
        now = scenario.in_force(0)
        count = max(1, len(now.teams)) * len(now.pathways)
        self.lists: list[WaitingList[Person]] = [WaitingList() for _ in range(count)]  # team by team
        self.transfers: list[WaitingList[Person]] = [WaitingList() for _ in range(count)]  # who lost their therapist
        self.in_places = [0] * count
        self.steps = {name: [named(name, part) for part in range(3)] for name in now.bureaucracy.steps}
        self.put_in_force(now)
        self.diaries = [Diary(now.triage.booking_horizon_days) for _ in range(self.teams.count)]
        self.leaves, self.crises = Dates(self.days), Dates(self.days)
        self.staff = [
            Staff(self.teams.staff(team, group), team, group, self.teams.name_of_staff(team, group))
            for team in range(self.teams.count)
            for group in self.teams.groups
        ]
        most = self._most_posts()
        nth = [(staff.number, nth) for staff in self.staff for nth in range(most[staff.group][staff.team])]
        assert len(nth) <= MOST_POSTS, "more posts than a journal can tell apart"
        self.posts = [Post(number, *post) for number, post in enumerate(nth)]
        self.therapists: list[Therapist] = []  # who hold them, in order
        self.leaving: list[Therapist] = []  # since the last sessions
        self.hours = Hours(self.now)

    def put_in_force(self, parameters: Parameters) -> None:
        """From today these hold, and what follows from them."""
        self.in_force = parameters
        self.now = now = plain(parameters)
        self.teams = Teams(now)
        self.path_names = list(now.pathways)
        self.paths = list(now.pathways.values())
        self.from_scores = [path.from_score for path in self.paths]
        self.for_complex = [path.for_complex for path in self.paths]
        self.stays = [Stays(path.stay, f"pathways.{name}.stay") for name, path in now.pathways.items()]
        self.patience = [patience_of(now.waiting, path) for path in self.paths]
        gained = now.waiting.accumulation
        accumulates = now.waiting.order == "accumulating_priority"
        for waiting in self.lists:
            waiting.rates = (gained.emergency, gained.urgent, gained.routine) if accumulates else None

    def _most_posts(self) -> dict[str, list[int]]:
        """By staff group and team: the most posts on any date."""
        dates = [Teams(self.scenario.in_force(day)).posts for day in (0, *self.scenario.change_days)]
        return {
            group: [max(posts) for posts in zip(*(date[group] for date in dates), strict=True)]
            for group in self.now.workforce
        }

    def note(self, event: Event, person: Person, post: int = NOBODY, value: float = 0.0) -> None:
        """Write down what has just become true of somebody."""
        self.write(self.clock.day, event, person.number, post, value)

    def staff_of(self, person: Person) -> int:
        """Number of the staff of somebody's team who give their pathway, NO_STAFF where it has places instead."""
        group = self.paths[person.pathway].group
        return NO_STAFF if group is None else self.teams.staff(person.team, group)

    def list_of(self, person: Person) -> int:
        """Number of the list of somebody's team and pathway."""
        return codes.list_of(person.team, person.pathway, len(self.paths))

    def listed_as(self, person: Person) -> int:
        """List and class of somebody who joins one, as the journal writes them."""
        return codes.listed(self.list_of(person), person.urgency)

"""What is asked of a service against what it can do, before anything is run.

Courses of some hundreds of the scenario's own people are walked through, so the figures follow from the same rules as the run; giving up
and remission on the list are left out, as they are answers to a list and not demand, and so are step-ups; where courses or places hand on
(`then`), who goes on is counted. Places that take from other pathways' lists lend these what they have to spare.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from accesssim.clinic.flows import opening, straight_per_week
from accesssim.clinic.found import Found
from accesssim.clinic.outlook import Outlook
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Signal
from accesssim.clinic.population import Population
from accesssim.clinic.service import Service
from accesssim.clinic.starts import weight
from accesssim.clinic.state import State
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.therapist import Therapist
from accesssim.clinic.workforce import money_for_posts
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.chance import Chance
from accesssim.world.nothing import NO_PATHWAY
from accesssim.world.scenario import Scenario

PEOPLE, FEW = 400, 50
_HANDS = 200  # pathways that people are followed through


@dataclass(frozen=True)
class Load:
    """Demand on one kind of capacity, and the capacity, both a week."""

    what: str
    wanted: float
    possible: float

    @property
    def over(self) -> bool:
        """Whether some wait until they give up or get better."""
        return self.wanted >= self.possible and self.wanted > 0.0

    def __str__(self) -> str:
        return f"{self.what}: {self.wanted:.1f} a week asked for, {self.possible:.1f} can be given"


class _Demand(NamedTuple):
    """What is asked for a week: assessments; by pathway people who come to it, and how many slots times weeks each holds."""

    assessments: float
    wanted: list[float]
    slot_weeks: list[float]


def offered_load(scenario: Scenario) -> list[Load]:
    """Assessments, course starts and stays, asked for and possible on day 0; apart for teams that do not share them."""
    alone = scenario.replace({"initial.state": "empty", "run.weeks": 1, "run.warm_up_weeks": 0})
    nobody = alone.replace({"demand.needs_per_week": 0.0})  # who is looked at does not come in the run
    service = Service(alone, Chance(0, 0), Population(nobody, Chance(0, 0), DAYS_PER_WEEK))
    service.workforce.open()
    now, teams = service.state.now, service.state.teams
    asked = _asked_for(service, alone)
    loads = []
    for members in dict.fromkeys(teams.assess_for) if now.triage.assess else ():
        days = [
            service.workforce.week.assessments_a_day(now, team, week, this_week=False)
            for week in range(52)
            for team in members
        ]
        wanted = asked.assessments * teams.share(members)
        loads.append(Load("assessments" + _where(teams, members), wanted, sum(days) / 52 * WORKING_DAYS))
    for members in dict.fromkeys(teams.treat_for):
        loads += _treatment(service.state, asked, members)
    return loads


def _asked_for(service: Service, scenario: Scenario) -> _Demand:
    """Demand, from some hundreds of people who are looked at."""
    state = service.state
    # slots times weeks, by where people come from and the pathway
    held: dict[int, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    seen: dict[int, int] = defaultdict(int)
    people: list[Person] = []
    asked = Outlook(scenario, DAYS_PER_WEEK).asked_per_week()
    rates = {NO_PATHWAY: asked} | {number: straight_per_week(path.arrivals) for number, path in enumerate(state.paths)}
    for person in _who_came(service, rates):
        seen[person.arrives] += 1
        state.clock.day = person.asked
        people.append(person)
        if service.journeys.triage.suits(person):
            number = person.pathway
            held[person.arrives][number].append(_slot_weeks(service, person, number))
    direct = [
        sum(rates[source] * len(held[source][number]) / count for source, count in seen.items())
        for number in range(len(state.paths))
    ]
    slot_weeks = [
        sum(rates[source] * sum(held[source][number]) / count for source, count in seen.items())
        / (direct[number] or 1.0)
        for number in range(len(state.paths))
    ]
    wanted, some = _handed_on(direct, state), people[:FEW]
    for number, path in enumerate(state.paths):
        if direct[number] == 0.0 < wanted[number] and path.group is not None and some:
            # nobody comes but those who are handed on: anybody will do
            slot_weeks[number] = sum(_slot_weeks(service, person, number) for person in some) / len(some)
    return _Demand(asked, wanted, slot_weeks)


def _who_came(service: Service, rates: Mapping[int, float]) -> Iterator[Person]:
    """Some hundreds of people who came by demand, and straight to each pathway."""
    found = Found(service.state, service.journeys, opening(service.state.now))
    for entry in (entry for entry, rate in rates.items() if rate > 0.0):
        for nth in range(PEOPLE):
            yield found.comes(nth, entry)


def _treatment(state: State, asked: _Demand, members: tuple[int, ...]) -> Iterator[Load]:
    """Course starts and stays of teams that share them."""
    now, teams, wanted = state.now, state.teams, asked.wanted
    share = teams.share(members)
    possible = {
        name: sum(teams.places[name][team] for team in members) * DAYS_PER_WEEK / state.stays[number].mean_stay
        for number, name in enumerate(state.path_names)
        if name in teams.places
    }
    asked_for = {name: share * wanted[state.path_names.index(name)] for name in possible}
    to_spare = {name: max(possible[name] - asked_for[name], 0.0) for name in possible}
    for group in teams.groups:
        given = [number for number, path in enumerate(state.paths) if path.group == group and wanted[number] > 0.0]
        if given:
            courses = sum(wanted[number] for number in given)
            staff = {teams.staff(team, group) for team in members}
            present = 1.0 - now.workforce[group].leave_days / (DAYS_PER_YEAR / DAYS_PER_WEEK * WORKING_DAYS)
            slots = sum(therapist.slots for therapist in state.therapists if therapist.staff in staff) * present
            weeks = sum(wanted[number] * asked.slot_weeks[number] for number in given) / courses
            names = {state.path_names[number] for number in given}
            lent = sum(spare for other, spare in to_spare.items() if names.intersection(now.pathways[other].takes_from))
            yield Load(f"courses of {group}{_where(teams, members)}", share * courses, slots / weeks + lent)
    for name, own in possible.items():
        lent = sum(spare for other, spare in to_spare.items() if name in now.pathways[other].takes_from)
        if asked_for[name] > 0.0 or not now.pathways[name].takes_from:
            yield Load(f"stays in {name}{_where(teams, members)}", asked_for[name], own + lent)


def overspent(scenario: Scenario) -> float:
    """Money a year that bought places, premises and administrators cost above the budget of day 0; 0 where they do not.

    It is spent all the same.
    """
    now = scenario.parameters
    return max(-money_for_posts(now, Teams(now), [Stays(path.stay) for path in now.pathways.values()]), 0.0)


def _slot_weeks(service: Service, person: Person, number: int) -> float:
    """Slots times weeks that a person's course in a pathway holds; 1 where no therapist gives it."""
    state, path = service.state, service.state.paths[number]
    therapist = next((one for one in state.therapists if path.group == state.staff[one.staff].group), None)
    if therapist is None:
        return 1.0
    person.pathway = number
    return (
        _weeks_of_course(service, person, therapist)
        * weight(path.session_hours, state.staff[therapist.staff])
        / path.seats
    )


def _handed_on(first: list[float], state: State) -> list[float]:
    """People a week whom each pathway is asked for, if all hand on as `then` says.

    What comes first, and what comes of it, until next to nobody goes on.
    """
    wanted, coming = list(first), list(first)
    for _ in range(_HANDS):
        passed = [0.0] * len(first)
        for path, number in zip(state.paths, coming, strict=True):
            for name, share in path.then.items():
                passed[state.path_names.index(name)] += share * number
        wanted, coming = [before + more for before, more in zip(wanted, passed, strict=True)], passed
    return wanted


def _where(teams: Teams, members: tuple[int, ...]) -> str:
    """Of which teams, where there are several."""
    return " in " + " and ".join(teams.names[team] for team in members) if teams.names else ""


def _weeks_of_course(service: Service, person: Person, therapist: Therapist) -> float:
    """Weeks that a course holds a slot, if no appointment falls out."""
    state = service.state
    start = state.clock.day
    therapist.take(person, start, state.paths[person.pathway].first_session_days)
    course = service.journeys.course(person)
    next(course)
    state.clock.day = person.first_day
    while person.therapist is not None:
        with suppress(StopIteration):
            course.send(Signal.APPOINTMENT)
        state.clock.day += DAYS_PER_WEEK
    course.close()
    return (state.clock.day - DAYS_PER_WEEK - start) / DAYS_PER_WEEK

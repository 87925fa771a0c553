"""What is asked of a service against what it can do, before anything is run.

Courses of some hundreds of the scenario's own people are walked through, so the figures follow from the same rules as the run; giving up
and remission on the list are left out, as they are answers to a list and not demand, and so are step-ups; where places hand on, who goes on is counted.
"""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass

from accesssim.clinic.at_hand import Signal
from accesssim.clinic.outlook import Outlook
from accesssim.clinic.person import Person
from accesssim.clinic.population import Population
from accesssim.clinic.service import Service
from accesssim.clinic.starts import weight
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.therapist import Therapist
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.chance import Chance
from accesssim.world.scenario import Scenario
from accesssim.world.spans import Arrivals

PEOPLE = 400
_HANDS = 200  # pathways that people are followed through
MOST_REFERRALS = 1000
"""A week; of more, the people who are looked at are drawn as if there were so many: it is the same law, and a country need not be drawn for 400 people."""


@dataclass(frozen=True)
class Load:
    """Demand on one kind of capacity, and the capacity, both a week."""

    what: str
    wanted: float
    possible: float

    @property
    def over(self) -> bool:
        """Whether a list grows until people give up."""
        return self.wanted >= self.possible and self.wanted > 0.0

    def __str__(self) -> str:
        return f"{self.what}: {self.wanted:.1f} a week asked for, {self.possible:.1f} can be given"


def offered_load(scenario: Scenario) -> list[Load]:
    """Assessments, course starts and stays, asked for and possible on day 0; apart for teams that do not share them."""
    alone = scenario.replace({"initial.state": "empty", "run.weeks": 1, "run.days": None, "run.warm_up_weeks": 0})
    few = alone.replace({"demand.referrals_per_week": min(alone.parameters.demand.referrals_per_week, MOST_REFERRALS)})
    service = Service(alone, Chance(0, 0), Population(few, Chance(0, 0), DAYS_PER_WEEK))
    now, workforce, teams = service.now, service.workforce, service.teams
    workforce.open()
    held: dict[int, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))  # slots times weeks, by where people come from and the pathway
    seen: dict[int, int] = defaultdict(int)
    for person in service.population.earlier():
        if seen[person.arrives] >= PEOPLE:
            if person.arrives < 0:
                break
            continue
        seen[person.arrives] += 1
        service.clock.day = person.asked
        if service.journeys.suits(person):
            path = service.paths[person.pathway]
            therapist = next((one for one in workforce.therapists if path.group == workforce.staff[one.staff].group), None)
            weeks = 1.0 if path.group is None or therapist is None else _weeks_of_course(service, person, therapist)
            part = weight(path.session_hours, workforce.staff[therapist.staff]) / path.seats if therapist is not None else 1.0  # of a slot
            held[person.arrives][person.pathway].append(part * weeks)
    asked = Outlook(alone, DAYS_PER_WEEK).asked_per_week()
    rates = {-1: asked} | {number: _own_arrivals(path.arrivals) for number, path in enumerate(service.paths)}
    wanted = [sum(rates[source] * len(held[source][number]) / count for source, count in seen.items()) for number in range(len(service.paths))]
    stays_wanted = _handed_on(wanted, service)
    slot_weeks = [
        sum(rates[source] * sum(held[source][number]) / count for source, count in seen.items()) / (wanted[number] or 1.0) for number in range(len(service.paths))
    ]
    loads = []
    for members in dict.fromkeys(teams.assess_for) if now.triage.assess else ():
        days = [workforce.week.assessments_a_day(now, team, week, this_week=False) for week in range(52) for team in members]
        loads.append(Load("assessments" + _where(teams, members), asked * teams.share(members), sum(days) / 52 * WORKING_DAYS))
    for members in dict.fromkeys(teams.treat_for):
        share = teams.share(members)
        for group in teams.groups:
            given = [number for number, path in enumerate(service.paths) if path.group == group and wanted[number] > 0.0]
            if given:
                courses = sum(wanted[number] for number in given)
                staff = {teams.staff(team, group) for team in members}
                present = 1.0 - now.workforce[group].leave_days / (DAYS_PER_YEAR / DAYS_PER_WEEK * WORKING_DAYS)
                slots = sum(therapist.slots for therapist in workforce.therapists if therapist.staff in staff) * present
                weeks = sum(wanted[number] * slot_weeks[number] for number in given) / courses
                loads.append(Load(f"courses of {group}{_where(teams, members)}", share * courses, slots / weeks))
        for number, name in enumerate(service.path_names):
            if name in teams.places and not now.pathways[name].takes_from:
                possible = sum(teams.places[name][team] for team in members) * DAYS_PER_WEEK / service.stays[number].mean_stay
                loads.append(Load(f"stays in {name}{_where(teams, members)}", share * stays_wanted[number], possible))
    return loads


def _handed_on(first: list[float], service: Service) -> list[float]:
    """People a week whom each pathway is asked for, if places hand on as `then` says: what comes first, and what comes of it, until next to nobody goes on."""
    wanted, coming = list(first), list(first)
    for _ in range(_HANDS):
        passed = [0.0] * len(first)
        for path, number in zip(service.paths, coming, strict=True):
            for name, share in path.then.items() if path.places is not None else ():
                passed[service.path_names.index(name)] += share * number
        wanted, coming = [before + more for before, more in zip(wanted, passed, strict=True)], passed
    return wanted


def _own_arrivals(rules: Arrivals) -> float:
    """People a week who come straight to a pathway."""
    if rules.law == "renewal":
        return DAYS_PER_WEEK / Stays(rules.gap).mean_days
    return rules.per_week if rules.law == "poisson" else 0.0


def _where(teams: Teams, members: tuple[int, ...]) -> str:
    """Of which teams, where there are several."""
    return " in " + " and ".join(teams.names[team] for team in members) if teams.names else ""


def _weeks_of_course(service: Service, person: Person, therapist: Therapist) -> float:
    """Weeks that a course holds a slot, if no appointment falls out."""
    start = service.clock.day
    therapist.take(person, start, service.paths[person.pathway].first_session_days)
    person.journey = service.journeys.found_in_therapy(person)
    next(person.journey)
    service.clock.day = person.first_day
    while person.therapist is not None:
        with suppress(StopIteration):
            person.journey.send(Signal.APPOINTMENT)
        service.clock.day += DAYS_PER_WEEK
    person.journey.close()
    return (service.clock.day - DAYS_PER_WEEK - start) / DAYS_PER_WEEK

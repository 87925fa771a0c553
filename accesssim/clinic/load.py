"""What is asked of a service against what it can do, before anything is run.

Courses of some hundreds of the scenario's own people are walked through, so the figures follow from the same rules as the run; giving up,
remission on the list and step-ups are left out, as they are answers to a list and not demand.
"""

from contextlib import suppress
from dataclasses import dataclass

from accesssim.clinic.course import Signal
from accesssim.clinic.person import Person
from accesssim.clinic.service import Service
from accesssim.clinic.therapist import Therapist
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.chance import Chance
from accesssim.world.scenario import Scenario

PEOPLE = 400


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
    """Assessments, and course starts of each staff group, asked for and possible on day 0."""
    service = Service(scenario.replace({"initial.state": "empty", "run.weeks": 1, "run.days": None, "run.warm_up_weeks": 0}), Chance(0, 0))
    now, workforce = service.now, service.workforce
    workforce.open()
    asked = service.population.asked_per_week()
    weeks_held: dict[int, list[float]] = {team.number: [] for team in workforce.teams}
    stays = dict.fromkeys(range(len(service.paths)), 0)
    seen = 0
    for person in service.population.earlier():
        if seen >= PEOPLE:
            break
        seen += 1
        service.clock.day = person.asked
        if service.journeys.suits(person):
            group = workforce.group_of(service.paths[person.pathway])
            if group < 0:
                stays[person.pathway] += 1
                continue
            therapists = [therapist for therapist in workforce.therapists if therapist.group == group]
            weeks_held[group].append(_weeks_of_course(service, person, therapists[0]) if therapists else 1.0)
    loads = []
    if now.triage.assess:
        possible = sum(workforce.week.assessments_a_day(now, week, this_week=False) for week in range(52)) / 52 * WORKING_DAYS
        loads.append(Load("assessments", asked, possible))
    for team in workforce.teams:
        held = weeks_held[team.number]
        if held and seen:
            wanted = asked * len(held) / seen
            present = 1.0 - team.rules.leave_days / (DAYS_PER_YEAR / DAYS_PER_WEEK * WORKING_DAYS)
            slots = sum(therapist.slots for therapist in workforce.therapists if therapist.group == team.number) * present
            loads.append(Load(f"courses of {team.name}", wanted, slots / (sum(held) / len(held))))
    for number, path in enumerate(service.paths):
        if path.places is not None and seen:
            loads.append(Load(f"stays in {service.path_names[number]}", asked * stays[number] / seen, path.places * DAYS_PER_WEEK / path.stay.mean_days))
    return loads


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

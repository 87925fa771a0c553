"""The people: who has a need and when, who asks, and what each carries from birth.

Everything about a person is drawn at addresses of their own number, in blocks, before the service touches them.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic import illness, referrals
from accesssim.clinic.clock import Journey
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.chance import Chance, Purpose, exponential, normal
from accesssim.world.errors import AccessSimError
from accesssim.world.journal import Event, Urgency, Writer
from accesssim.world.odds import logit
from accesssim.world.parameters import Parameters
from accesssim.world.scenario import Scenario

if TYPE_CHECKING:
    from accesssim.clinic.waiting_list import Place, WaitingList
    from accesssim.clinic.workforce import Therapist

_BLOCK = 8192
#: People who asked this long before day 0 may still be found in the service on day 0.
MEMORY_DAYS = 730
_BIRTH = [(purpose, 0) for purpose in (Purpose.SEVERITY, Purpose.COMPLEX, Purpose.STIGMA, Purpose.DELAY, Purpose.REMISSION, Purpose.DRIFT)]


class Luck(NamedTuple):
    """Draws of one episode, made when a person asks; the names are those of `Purpose`."""

    route: float
    patience: float
    crisis: float
    depression_part: float
    anxiety_part: float
    red_tape: float
    assessment_attended: float
    suitable: float
    recognised: float
    one_contact: float


class CourseLuck(NamedTuple):
    """Draws of one course of therapy, made when a person joins a list."""

    alliance: float
    ceiling: float
    response: float
    floor: float
    dropout: float
    step_up: float
    attendance: list[float]
    stopping: list[float]


#: Appointments of a course whose luck is drawn in one block; later ones are drawn one by one.
DRAWN_AHEAD = 24
_LUCK = [Purpose[name.upper()] for name in Luck._fields]
_COURSE = [Purpose[name.upper()] for name in CourseLuck._fields[:-2]]


def episode_luck(chance: Chance, people: Sequence["Person"]) -> None:
    """Draw the luck of people who ask (all in the same episode)."""
    if people:
        episode = people[0].episode
        drawn = chance.table([person.number for person in people], [(purpose, episode) for purpose in _LUCK])
        for person, row in zip(people, drawn.tolist(), strict=True):
            person.luck = Luck._make(row)


def course_luck(chance: Chance, people: Sequence["Person"], course: int) -> None:
    """Draw the luck of people's `course`-th course."""
    sessions = range(course << 12, (course << 12) + DRAWN_AHEAD)
    addresses = [(purpose, course) for purpose in _COURSE]
    addresses += [(Purpose.ATTENDANCE, n) for n in sessions] + [(Purpose.STOPPING, n) for n in sessions]
    first, second = len(_COURSE), len(_COURSE) + DRAWN_AHEAD
    for person, row in zip(people, chance.table([person.number for person in people], addresses).tolist(), strict=True):
        person.course_luck = CourseLuck(*row[:first], row[first:second], row[second:])


class Person:
    """Someone who asks for help: what they carry, and where they stand."""

    __slots__ = (
        "alliance", "asked", "booked", "complex", "course_luck", "courses", "drift", "episode", "first_day", "hazard", "journey", "luck", "number",
        "onset", "pathway", "place", "recovered", "remission", "scores", "severity", "spell", "therapist", "treated", "urgency", "waits_on", "weekday",
    )

    def __init__(self, number: int, onset: int, asked: int, severity: float, complex_person: bool, drift: float, remission: int) -> None:
        self.number = number
        self.onset = onset
        self.asked = asked
        self.severity = severity  # at onset
        self.complex = complex_person
        self.drift = drift
        self.remission = remission  # day on which the need remits by itself
        self.episode = 0
        self.courses = 0
        self.spell = 0  # counts waits; a withdrawal meant for an earlier wait is void
        self.booked = -1  # day of the assessment
        self.urgency = Urgency.ROUTINE
        self.scores = 0.0  # recorded at assessment
        self.pathway = -1
        self.treated = -1.0  # severity under and after therapy; negative before
        self.recovered = False
        self.alliance = 0.0
        self.hazard = 0.0  # of dropping out, summed over the course
        self.first_day = 0
        self.weekday = 0
        self.therapist: Therapist | None = None
        self.place: Place[Person] | None = None
        self.waits_on: WaitingList[Person] | None = None
        self.luck: Luck
        self.course_luck: CourseLuck | None = None
        self.journey: Journey


class TooMuchDemand(AccessSimError):
    """Demand rises above the rate at which possible needs are drawn."""


class Population:
    """All needs of a run, in the order in which they arise."""

    def __init__(self, scenario: Scenario, chance: Chance, days: int) -> None:
        self._scenario = scenario
        self._chance = chance
        self._days = days
        first = scenario.in_force(0)
        self._peak = referrals.peak_rate(needs_per_week(first) / DAYS_PER_WEEK, first.demand.peak_multiple)
        self.earlier: list[Person] = []  # asked before day 0, latest first
        self.asking: dict[int, list[Person]] = defaultdict(list)
        self._rows: dict[int, list[tuple[int, Event, int, int, float]]] = defaultdict(list)
        self._arise()

    def note_needs(self, day: int, journal: Writer) -> None:
        """Write what became of needs on a day before anybody asked."""
        for row in self._rows.pop(day, ()):
            journal.note(*row)

    # -- how needs arise

    def _candidates(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Blocks of (number, day of onset) of the needs that do arise."""
        if self._peak <= 0.0:
            return
        first_day = -self._scenario.in_force(0).demand.history_days
        kept_share = np.array(list(self._kept_shares(first_day)))
        now, start = float(first_day), 0
        while now < self._days:
            numbers = range(start, start + _BLOCK)
            draws = self._chance.table(numbers, [(Purpose.GAP, 0), (Purpose.DEMAND, 0)])
            gaps = [exponential(u) / self._peak for u in draws[:, 0].tolist()]
            gaps[0] += now
            times = np.add.accumulate(np.array(gaps))  # one after the other, so the same sum everywhere
            now, start = float(times[-1]), start + _BLOCK
            within = times < self._days
            onset = np.floor(times[within]).astype(np.int64)
            taken = draws[within, 1] < kept_share[onset - first_day]
            yield np.arange(numbers.start, numbers.stop)[within][taken], onset[taken]

    def _kept_shares(self, first_day: int) -> Iterator[float]:
        """Need on each day as a share of the rate at which possible needs are drawn."""
        parameters, needs = None, 0.0
        for day in range(first_day, self._days):
            if parameters is not (now := self._scenario.in_force(max(day, 0))):
                parameters, needs = now, needs_per_week(now) / DAYS_PER_WEEK
            demand = now.demand
            ratio = referrals.demand_ratio(
                day, demand.growth_per_year, demand.growth == "exponential", demand.season_amplitude, demand.season_peak_day,
                day_of_year(now, day),
            )
            share = needs * ratio / self._peak
            if share > 1.0:
                raise TooMuchDemand(
                    f"demand on day {day} is {needs * ratio * DAYS_PER_WEEK:.6g} needs a week, above the {self._peak * DAYS_PER_WEEK:.6g} that "
                    f"demand.peak_multiple = {demand.peak_multiple:g} allows; raise demand.peak_multiple, equally in all that you compare"
                )
            yield share

    def _arise(self) -> None:
        for numbers, onsets in self._candidates():
            old = onsets < -MEMORY_DAYS  # of these only who is still ill can matter
            draws = self._chance.table(numbers.tolist(), _BIRTH)
            remains = np.array([self._still_ill_chance(day) for day in range(-int(onsets.min(initial=0)) + 1)])
            matters = ~old | (draws[:, 4] < remains[np.where(old, -onsets, 0)])
            for number, onset, luck in zip(
                numbers[matters].tolist(), onsets[matters].tolist(), draws[matters].tolist(), strict=True
            ):
                self._need(number, onset, luck)
        self.earlier.sort(key=lambda person: (-person.asked, person.number))

    def _still_ill_chance(self, days_before: int) -> float:
        waiting = self._scenario.in_force(0).waiting
        return illness.remission_survival(
            max(days_before - MEMORY_DAYS, 0), waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        )

    def _need(self, number: int, onset: int, luck: list[float]) -> None:
        """One need: whether and when it makes a person ask."""
        parameters = self._scenario.in_force(max(onset, 0))
        demand, waiting = parameters.demand, parameters.waiting
        u_severity, u_complex, u_stigma, u_delay, u_remission, u_drift = luck
        complex_person = u_complex < demand.complex_share
        severity = demand.severity_mean + demand.severity_sd * normal(u_severity)
        severity = illness.clip_severity(severity + demand.severity_complex if complex_person else severity)
        ill = illness.remission_days(
            exponential(u_remission), waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        )
        remission = onset + ill if ill < NEVER else NEVER
        decided = self._decides(onset, remission, severity, u_stigma)
        asked = NEVER
        if decided < NEVER:
            stigma = stigma_on(self._scenario, decided)
            asked = decided + referrals.delay_days(
                normal(u_delay), demand.delay_median_days, stigma, demand.stigma_observed, demand.delay_stigma_slope, demand.delay_sigma
            )
        if asked >= remission:
            asked = NEVER
        if asked < 0 or (asked < NEVER and asked < self._days):
            drift = waiting.drift_mean + waiting.drift_sd * normal(u_drift) if parameters.loops.waiting_harms else 0.0
            person = Person(number, onset, asked, severity, complex_person, drift, remission)
            if asked < 0:
                self.earlier.append(person)  # the service writes down those that it still has
                return
            self.asking[asked].append(person)
        elif remission < 0:
            return  # over before day 0
        post = complex_person + 2 * (decided == onset)
        if onset < self._days:
            self._rows[max(onset, 0)].append((onset, Event.NEED, number, post, severity))
        if onset < decided < self._days:
            self._rows[decided].append((decided, Event.DECIDED, number, -1, 0.0))
        if decided < remission < self._days and asked == NEVER:
            self._rows[remission].append((remission, Event.BETTER_BEFORE_ASKING, number, -1, 0.0))

    def _decides(self, onset: int, remission: int, severity: float, u_stigma: float) -> int:
        """First day, while the need lasts, on which the person's stigma disposition lies below the chance of asking."""
        for day in (onset, *(change for change in (0, *self._scenario.change_days) if change > onset)):
            if day >= remission or day >= self._days:
                break
            demand = self._scenario.in_force(max(day, 0)).demand
            chance = referrals.seek_chance(
                logit(demand.seek_share), stigma_on(self._scenario, day), demand.stigma_observed, demand.seek_stigma_slope,
                severity, demand.severity_mean, demand.seek_severity_slope,
            )
            if u_stigma < chance:
                return day
        return NEVER


def stigma_on(scenario: Scenario, day: int) -> float:
    """Stigma that decides on a day: before day 0, and with its loop off, the one at which referrals were observed."""
    parameters = scenario.in_force(max(day, 0))
    return parameters.demand.stigma if day >= 0 and parameters.loops.stigma else parameters.demand.stigma_observed


def day_of_year(parameters: Parameters, day: int) -> int:
    """Day of the year, 1 to 366."""
    return (parameters.run.start_date + datetime.timedelta(days=day)).timetuple().tm_yday


def needs_per_week(parameters: Parameters) -> float:
    """New needs a week on day 0, stated or inferred from the referrals that they lead to.

    The share of needs that leads to a referral is an integral over severity on a fixed grid of 200 quantiles, and over the delay on 41. It is
    taken as at least 1 %, so that a scenario in which hardly anybody asks stays finite.
    """
    demand = parameters.demand
    if demand.needs_per_week is not None:
        return demand.needs_per_week
    return demand.referrals_per_week / max(0.01, asking_share(parameters))


def asking_share(parameters: Parameters) -> float:
    """Share of needs that leads to a referral at the observed stigma."""
    demand, waiting = parameters.demand, parameters.waiting
    delays = [
        referrals.delay_days(normal((i + 0.5) / 41), demand.delay_median_days, 0.0, 0.0, 0.0, demand.delay_sigma) for i in range(41)
    ]
    still_ill = sum(
        illness.remission_survival(delay, waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks)
        for delay in delays
    ) / len(delays)
    asking = 0.0
    for complex_person, share in ((False, 1.0 - demand.complex_share), (True, demand.complex_share)):
        for i in range(200):
            severity = demand.severity_mean + demand.severity_sd * normal((i + 0.5) / 200)
            severity = illness.clip_severity(severity + demand.severity_complex if complex_person else severity)
            asking += share / 200 * referrals.seek_chance(
                logit(demand.seek_share), 0.0, 0.0, 0.0, severity, demand.severity_mean, demand.seek_severity_slope
            )
    return asking * still_ill

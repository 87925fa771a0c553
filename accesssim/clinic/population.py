"""The people: who has a need and when, who asks, and what each carries from birth.

Everything about a person is drawn at addresses of their own number, in blocks, before the service touches them.
"""

import datetime
import math
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic import illness, referrals
from accesssim.clinic.arrivals import TooMuchDemand, arrivals
from accesssim.clinic.at_hand import Event, Purpose, plain
from accesssim.clinic.person import Person, first_luck
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.chance import Chance, addresses, exponential, named, normal, normals
from accesssim.world.journal import Writer
from accesssim.world.odds import logit
from accesssim.world.parameters import Parameters
from accesssim.world.people import Demand, Waiting
from accesssim.world.scenario import Scenario

_BLOCK = 8192
_TOGETHER = 256  # people whose luck is drawn in one block
#: People who asked this long before day 0 may still be found in the service on day 0.
MEMORY_DAYS = 400
_BIRTH = addresses(
    (purpose, 0) for purpose in (Purpose.SEVERITY, Purpose.COMPLEX, Purpose.STIGMA, Purpose.DELAY, Purpose.REMISSION, Purpose.DRIFT)
)
_ARISING = addresses([(Purpose.GAP, 0), (Purpose.DEMAND, 0)])


class _Asks(NamedTuple):
    """Somebody who asks, in the order of `Person`'s arguments."""

    number: int
    onset: int
    asked: int
    severity: float
    complex_person: bool
    drift: float
    remission: int
    arrives: int = -1


@dataclass(frozen=True, slots=True)
class _Seeking:
    """What decides about asking from one date until the next."""

    since: int
    until: int
    log_odds: float
    stigma: float
    observed: float
    stigma_slope: float
    mean_severity: float
    severity_slope: float

    @classmethod
    def of(cls, demand: Demand, since: int, until: int, stigma: float) -> "_Seeking":
        """What a section of the scenario says."""
        return cls(
            since, until, logit(demand.seek_share), stigma, demand.stigma_observed, demand.seek_stigma_slope, demand.severity_mean,
            demand.seek_severity_slope,
        )


class Population:
    """All needs of a run, in the order in which they arise."""

    def __init__(self, scenario: Scenario, chance: Chance, days: int) -> None:
        self._scenario = scenario
        self._chance = chance
        self._days = days
        first = scenario.in_force(0)
        self._history = first.demand.history_days
        self._peak = referrals.peak_rate(needs_per_week(first) / DAYS_PER_WEEK, first.demand.peak_multiple)
        self._earlier: list[_Asks] = []
        self._asking: list[_Asks] = []
        self._people: deque[Person] = deque()
        self._need_rows: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        self._survival: dict[tuple[float, ...], NDArray[np.float64]] = {}
        self._steps = tuple(named(name, part) for name in first.bureaucracy.steps for part in range(3))
        self._rows: dict[int, list[tuple[int, Event, int, int, float]]] = defaultdict(list)
        self._periods = [(day, plain(scenario.in_force(day))) for day in (0, *scenario.change_days)]
        self._rules_of_seeking_change = any(
            (now.demand.seek_share, now.demand.seek_severity_slope, now.demand.seek_stigma_slope, now.demand.severity_mean, now.demand.stigma_observed)
            != (first.demand.seek_share, first.demand.seek_severity_slope, first.demand.seek_stigma_slope, first.demand.severity_mean, first.demand.stigma_observed)
            for _, now in self._periods
        )
        self._seeking = self._dates_of_seeking()
        self._arise()

    def _dates_of_seeking(self) -> list[_Seeking]:
        """Before day 0 the stigma at which the service was observed decides; then what is in force."""
        days = [day for day, _ in self._periods]
        first = self._periods[0][1].demand
        past = _Seeking.of(first, -NEVER, 0, first.stigma_observed)
        return [past] + [
            _Seeking.of(now.demand, day, until, stigma_on(self._scenario, day))
            for (day, now), until in zip(self._periods, [*days[1:], NEVER], strict=True)
        ]

    def asked_per_week(self) -> float:
        """Referrals a week that the stated or inferred needs lead to."""
        now = self._scenario.in_force(0)
        return needs_per_week(now) * asking_share(now)

    def ask(self, day: int) -> list[Person]:
        """The people who ask on a day, with the luck of their first episode."""
        today = []
        while (self._people or self._draw()) and self._people[0].asked == day:
            today.append(self._people.popleft())
        return today

    def _draw(self) -> bool:
        """Draw the luck of the next people who ask; False if there are none."""
        block = [Person(*row) for row in reversed(self._asking[-_TOGETHER:])]
        del self._asking[-_TOGETHER:]
        if block:
            first_luck(self._chance, block, self._steps)
            self._people.extend(block)
        return bool(block)

    def note_needs(self, day: int, journal: Writer) -> None:
        """Write the needs that arose on a day (on day 0: by then), and what became of others before anybody asked."""
        start, stop = 0 if day == 0 else self._need_ends[day], self._need_ends[day + 1]
        if stop > start:
            journal.note_many(Event.NEED, *(column[start:stop] for column in self._all_needs))
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
            draws = self._chance.table(numbers, _ARISING)
            gaps = [-math.log(u) / self._peak for u in draws[:, 0].tolist()]
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
            of_year = day_of_year(now, day) if demand.season_amplitude else 0
            ratio = referrals.demand_ratio(
                day, demand.growth_per_year, demand.growth == "exponential", demand.season_amplitude, demand.season_peak_day, of_year
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
            for first, parameters in self._periods:
                until = next((day for day, _ in self._periods if day > first), NEVER)
                born = (onsets < until) if first == 0 else (onsets >= first) & (onsets < until)
                if born.any():
                    self._needs(numbers[born], onsets[born], parameters)
        for pathway, name in enumerate(self._periods[0][1].pathways):
            for numbers, onsets in arrivals(self._scenario, self._chance, name, self._days):
                self._come(pathway, numbers, onsets)
        empty = (np.empty(0, np.int64),) * 3 + (np.empty(0),)
        self._all_needs = [np.concatenate(columns) for columns in zip(empty, *self._need_rows, strict=True)]
        if len(self._all_needs[0]) and (np.diff(self._all_needs[0]) < 0).any():  # some came by another way
            order = np.argsort(self._all_needs[0], kind="stable")
            self._all_needs = [column[order] for column in self._all_needs]
        self._need_ends: list[int] = np.searchsorted(self._all_needs[0], np.arange(self._days + 1)).tolist()
        self._earlier.sort(key=lambda row: (-row.asked, row.number))  # latest first
        self._asking.sort(key=lambda row: (-row.asked, -row.number))  # latest first, taken from the end

    def earlier(self) -> Iterator[Person]:
        """People who asked before day 0, the latest first; the service writes down those that it still has."""
        for start in range(0, len(self._earlier), _TOGETHER):
            block = [Person(*row) for row in self._earlier[start : start + _TOGETHER]]
            first_luck(self._chance, block, self._steps)
            yield from block

    def _needs(self, numbers: NDArray[np.int64], onsets: NDArray[np.int64], parameters: Parameters) -> None:
        """Needs that arise under the same rules: most people never ask, and that is seen for all of them at once."""
        demand, waiting = parameters.demand, parameters.waiting
        luck = self._chance.table(numbers.tolist(), _BIRTH)
        before = np.maximum(-onsets, 0)
        outlasts = self._outlasts(waiting)
        complex_people = luck[:, 1] < demand.complex_share
        severity = demand.severity_mean + demand.severity_sd * normals(luck[:, 0])
        severity = np.minimum(np.maximum(severity + np.where(complex_people, demand.severity_complex, 0.0), 0.0), illness.MOST_SEVERE)
        stigma = demand.stigma if parameters.loops.stigma else demand.stigma_observed
        least = min([demand.stigma_observed, stigma, *(stigma_on(self._scenario, day) for day in self._scenario.change_days)])
        # an upper bound of the chance of asking, at the least stigma to come; numpy's exp is not exact, hence the margin
        slack = demand.seek_stigma_slope * (demand.stigma_observed - least) + demand.seek_severity_slope * (severity - demand.severity_mean)
        with np.errstate(over="ignore"):
            bound = 1.0 / (1.0 + np.exp(-(logit(demand.seek_share) + slack))) + 1e-9
        may_ask = (luck[:, 2] < bound) | self._rules_of_seeking_change
        ill_on_day_0 = (luck[:, 4] < outlasts[before]) | (onsets >= 0)
        recent = may_ask & (ill_on_day_0 | (onsets >= -MEMORY_DAYS))
        code = complex_people.astype(np.int64)
        written = ~may_ask & ill_on_day_0
        columns = (
            numbers[recent], onsets[recent], severity[recent], complex_people[recent], luck[recent, 2], luck[recent, 4],
            normals(luck[recent, 3]), normals(luck[recent, 5]),
        )
        asking = [self._need(parameters, *row) for row in zip(*(column.tolist() for column in columns), strict=True)]
        code[recent] += np.array([2 * (answer > 0) for answer in asking], dtype=np.int64)
        written[recent] = [answer >= 0 for answer in asking]
        self._need_rows.append((onsets[written], numbers[written], code[written], severity[written]))

    def _come(self, pathway: int, numbers: NDArray[np.int64], days: NDArray[np.int64]) -> None:
        """People who come straight to a pathway, on the day on which their need is first known."""
        rows = []
        for number, day, luck in zip(numbers.tolist(), days.tolist(), self._chance.table(numbers.tolist(), _BIRTH).tolist(), strict=True):
            now = self._scenario.in_force(max(day, 0))
            demand, waiting = now.demand, now.waiting
            complex_person = luck[1] < demand.complex_share
            severity = demand.severity_mean + demand.severity_sd * normal(luck[0]) + (demand.severity_complex if complex_person else 0.0)
            ill = illness.remission_days(
                exponential(luck[4]), waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
            )
            drift = waiting.drift_mean + waiting.drift_sd * normal(luck[5]) if now.loops.waiting_harms else 0.0
            severity = illness.clip_severity(severity)
            rows.append(_Asks(number, day, day, severity, complex_person, drift, day + ill if ill < NEVER else NEVER, pathway))
        new = [row for row in rows if row.asked >= 0]
        self._earlier += rows[: len(rows) - len(new)]
        self._asking += new
        codes, severities = (np.array([row.complex_person + 2 for row in new], dtype=np.int64), np.array([row.severity for row in new], dtype=np.float64))
        self._need_rows.append((days[len(rows) - len(new) :], numbers[len(rows) - len(new) :], codes, severities))

    def _outlasts(self, waiting: Waiting) -> NDArray[np.float64]:
        """Chance that a need lasts 0, 1, 2 … days: until day 0, for those that arose before it."""
        rates = waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        if rates not in self._survival:
            self._survival[rates] = np.array([illness.remission_survival(day, *rates) for day in range(self._history + 1)])
        return self._survival[rates]

    def _need(
        self, parameters: Parameters, number: int, onset: int, severity: float, complex_person: bool, u_stigma: float, u_remission: float,
        z_delay: float, z_drift: float,
    ) -> int:
        """One need, and whether and when it makes a person ask: 1 if decided at once, 0 if not, -1 if over before day 0."""
        demand, waiting = parameters.demand, parameters.waiting
        ill = illness.remission_days(
            exponential(u_remission), waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        )
        remission = onset + ill if ill < NEVER else NEVER
        decided, stigma = self._decides(onset, remission, severity, u_stigma)
        asked = NEVER
        if decided < NEVER:
            asked = decided + referrals.delay_days(
                z_delay, demand.delay_median_days, stigma, demand.stigma_observed, demand.delay_stigma_slope, demand.delay_sigma
            )
        if asked >= remission:
            asked = NEVER
        if asked < self._days:
            drift = waiting.drift_mean + waiting.drift_sd * z_drift if parameters.loops.waiting_harms else 0.0
            row = _Asks(number, onset, asked, severity, complex_person, drift, remission)
            if asked < 0:
                self._earlier.append(row)
                return -1
            self._asking.append(row)
        elif remission < 0:
            return -1
        if onset < decided < self._days:
            self._rows[decided].append((decided, Event.DECIDED, number, -1, 0.0))
        if decided < remission < self._days and asked == NEVER:
            self._rows[remission].append((remission, Event.BETTER_BEFORE_ASKING, number, -1, 0.0))
        return int(decided == onset)

    def _decides(self, onset: int, remission: int, severity: float, u_stigma: float) -> tuple[int, float]:
        """First day, while the need lasts, on which the disposition lies below the chance of asking; and the stigma of that day."""
        last = min(remission, self._days)
        for now in self._seeking:
            if now.until <= onset:
                continue
            day = max(onset, now.since)
            if day >= last:
                break
            chance = referrals.seek_chance(
                now.log_odds, now.stigma, now.observed, now.stigma_slope, severity, now.mean_severity, now.severity_slope
            )
            if u_stigma < chance:
                return day, now.stigma
        return NEVER, 0.0


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

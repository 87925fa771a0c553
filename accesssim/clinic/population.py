"""The people: who has a need and when, who asks, and what each carries from birth.

Everything about a person is drawn at addresses of their own number, in blocks, before the service touches them.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.arrivals import arrivals
from accesssim.clinic.outlook import Outlook, stigma_on
from accesssim.clinic.person import Person, first_luck
from accesssim.clinic.plain_names import Event, Purpose
from accesssim.clinic.rules import illness, referrals
from accesssim.world.blocks import exps
from accesssim.world.calendar import NEVER
from accesssim.world.chance import Chance, addresses, exponential, exponentials, named, normal, normals
from accesssim.world.journal import codes
from accesssim.world.journal.journal import Writer
from accesssim.world.nothing import NO_PATHWAY, NOBODY
from accesssim.world.odds import logit
from accesssim.world.scenario import Scenario
from accesssim.world.sections.parameters import Parameters

_BLOCK = 8192
_TOGETHER = 256  # people whose luck is drawn in one block
_BIRTH = addresses(
    (purpose, 0)
    for purpose in (Purpose.SEVERITY, Purpose.COMPLEX, Purpose.STIGMA, Purpose.DELAY, Purpose.REMISSION, Purpose.DRIFT)
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
    arrives: int = NO_PATHWAY


class Population:
    """All needs of a run, in the order in which they arise."""

    def __init__(self, scenario: Scenario, chance: Chance, days: int) -> None:
        self._scenario = scenario
        self._chance = chance
        self._days = days
        self.outlook = Outlook(scenario, days)
        self._asking: list[_Asks] = []
        self._people: deque[Person] = deque()
        self._need_rows: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        self._steps = tuple(named(name, part) for name in scenario.in_force(0).bureaucracy.steps for part in range(3))
        self._rows: dict[int, list[tuple[int, Event, int, int, float]]] = defaultdict(list)
        self._arise()

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
        peak, kept_share, first_day = self.outlook.peak, self.outlook.kept, -self.outlook.history
        if peak <= 0.0:
            return
        now, start = float(first_day), 0
        while now < self._days:
            numbers = range(start, start + _BLOCK)
            draws = self._chance.table(numbers, _ARISING)
            with np.errstate(over="ignore"):  # hardly anybody ever comes: infinitely late
                gaps = exponentials(draws[:, 0]) / peak
            gaps[0] += now
            times = np.add.accumulate(gaps)  # one after the other, so the same sum everywhere
            now, start = float(times[-1]), start + _BLOCK
            within = times < self._days
            onset = np.floor(times[within]).astype(np.int64)
            taken = draws[within, 1] < kept_share[onset - first_day]
            yield np.arange(numbers.start, numbers.stop)[within][taken], onset[taken]

    def _arise(self) -> None:
        for numbers, onsets in self._candidates():
            for first, parameters in self.outlook.periods:
                until = next((day for day, _ in self.outlook.periods if day > first), NEVER)
                born = (onsets < until) if first == 0 else (onsets >= first) & (onsets < until)
                if born.any():
                    self._needs(numbers[born], onsets[born], parameters)
        for pathway, name in enumerate(self.outlook.periods[0][1].pathways):
            for numbers, onsets in arrivals(self._scenario, self._chance, name, self._days):
                self._come(pathway, numbers, onsets)
        empty = (np.empty(0, np.int64),) * 3 + (np.empty(0),)
        self._all_needs = [np.concatenate(columns) for columns in zip(empty, *self._need_rows, strict=True)]
        if len(self._all_needs[0]) and (np.diff(self._all_needs[0]) < 0).any():  # some came by another way
            order = np.argsort(self._all_needs[0], kind="stable")
            self._all_needs = [column[order] for column in self._all_needs]
        self._need_ends: list[int] = np.searchsorted(self._all_needs[0], np.arange(self._days + 1)).tolist()
        self._asking.sort(key=lambda row: (-row.asked, -row.number))  # latest first, taken from the end

    def _needs(self, numbers: NDArray[np.int64], onsets: NDArray[np.int64], parameters: Parameters) -> None:
        """Needs that arise under the same rules: most people never ask, and that is seen for all of them at once."""
        demand, waiting = parameters.demand, parameters.waiting
        luck = self._chance.table(numbers.tolist(), _BIRTH)
        before = np.maximum(-onsets, 0)
        outlasts = self.outlook.outlasts(waiting)
        complex_people = luck[:, 1] < demand.complex_share
        severity = demand.severity_mean + demand.severity_sd * normals(luck[:, 0])
        severity = np.minimum(
            np.maximum(severity + np.where(complex_people, demand.severity_complex, 0.0), 0.0), illness.MOST_SEVERE
        )
        stigma = demand.stigma if parameters.loops.stigma else demand.stigma_observed
        least = min(
            [demand.stigma_observed, stigma, *(stigma_on(self._scenario, day) for day in self._scenario.change_days)]
        )
        # an upper bound of the chance of asking, at the least stigma to come; rounded in another way than `logistic`, hence the margin
        slack = demand.seek_stigma_slope * (demand.stigma_observed - least) + demand.seek_severity_slope * (
            severity - demand.severity_mean
        )
        bound = 1.0 / (1.0 + exps(-(logit(demand.seek_share) + slack))) + 1e-9
        may_ask = (luck[:, 2] < bound) | self.outlook.rules_of_seeking_change
        ill_on_day_0 = (luck[:, 4] < outlasts[before]) | (onsets >= 0)
        recent = may_ask & ill_on_day_0
        code = complex_people.astype(np.int64)
        written = ~may_ask & ill_on_day_0
        columns = (
            numbers[recent],
            onsets[recent],
            severity[recent],
            complex_people[recent],
            luck[recent, 2],
            exponentials(luck[recent, 4]),
            normals(luck[recent, 3]),
            normals(luck[recent, 5]),
        )
        asking = [self._need(parameters, *row) for row in zip(*(column.tolist() for column in columns), strict=True)]
        code[recent] = codes.need(code[recent], np.array([bool(at_once) for at_once in asking], dtype=np.int64))
        written[recent] = [at_once is not None for at_once in asking]
        self._need_rows.append((onsets[written], numbers[written], code[written], severity[written]))

    def _come(self, pathway: int, numbers: NDArray[np.int64], days: NDArray[np.int64]) -> None:
        """People who come straight to a pathway, on the day on which their need is first known."""
        rows = []
        for number, day, luck in zip(
            numbers.tolist(), days.tolist(), self._chance.table(numbers.tolist(), _BIRTH).tolist(), strict=True
        ):
            now = self._scenario.in_force(max(day, 0))
            demand, waiting = now.demand, now.waiting
            complex_person = luck[1] < demand.complex_share
            severity = (
                demand.severity_mean
                + demand.severity_sd * normal(luck[0])
                + (demand.severity_complex if complex_person else 0.0)
            )
            ill = illness.remission_days(
                exponential(luck[4]),
                waiting.remission_early_per_week,
                waiting.remission_per_week,
                waiting.remission_early_weeks,
            )
            drift = waiting.drift_mean + waiting.drift_sd * normal(luck[5]) if now.loops.waiting_harms else 0.0
            severity = illness.clip_severity(severity)
            rows.append(
                _Asks(number, day, day, severity, complex_person, drift, day + ill if ill < NEVER else NEVER, pathway)
            )
        new = [row for row in rows if row.asked >= 0]
        self._asking += new
        told, severities = (
            np.array([codes.need(row.complex_person, True) for row in new], dtype=np.int64),
            np.array([row.severity for row in new], dtype=np.float64),
        )
        self._need_rows.append((days[len(rows) - len(new) :], numbers[len(rows) - len(new) :], told, severities))

    def _need(
        self,
        parameters: Parameters,
        number: int,
        onset: int,
        severity: float,
        complex_person: bool,
        u_stigma: float,
        threshold: float,
        z_delay: float,
        z_drift: float,
    ) -> bool | None:
        """One need, and when it makes a person ask: whether that is decided at once; None for who asked before day 0."""
        demand, waiting = parameters.demand, parameters.waiting
        ill = illness.remission_days(
            threshold, waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        )
        remission = onset + ill if ill < NEVER else NEVER
        decided, stigma = self._decides(onset, remission, severity, u_stigma)
        asked = NEVER
        if decided < NEVER:
            asked = decided + referrals.delay_days(
                z_delay,
                demand.delay_median_days,
                stigma,
                demand.stigma_observed,
                demand.delay_stigma_slope,
                demand.delay_sigma,
            )
        if asked >= remission:
            asked = NEVER
        if asked < 0:
            return None  # who of these is still in the service is found there (see `found`)
        if asked < self._days:
            drift = waiting.drift_mean + waiting.drift_sd * z_drift if parameters.loops.waiting_harms else 0.0
            row = _Asks(number, onset, asked, severity, complex_person, drift, remission)
            self._asking.append(row)
        if onset < decided < self._days:
            self._rows[decided].append((decided, Event.DECIDED, number, NOBODY, 0.0))
        if decided < remission < self._days and asked == NEVER:
            self._rows[remission].append((remission, Event.BETTER_BEFORE_ASKING, number, NOBODY, 0.0))
        return decided == onset

    def _decides(self, onset: int, remission: int, severity: float, u_stigma: float) -> tuple[int, float]:
        """First day, while the need lasts, on which the disposition lies below the chance of asking; and the stigma of that day."""
        last = min(remission, self._days)
        for now in self.outlook.seeking:
            if now.until <= onset:
                continue
            day = max(onset, now.since)
            if day >= last:
                break
            chance = referrals.seek_chance(
                now.log_odds,
                now.stigma,
                now.observed,
                now.stigma_slope,
                severity,
                now.mean_severity,
                now.severity_slope,
            )
            if u_stigma < chance:
                return day, now.stigma
        return NEVER, 0.0

"""Need to come, before anybody is drawn: how many needs arise on each day, how long they last, what decides about asking."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.arrivals import DRAWN, FIRST_NUMBER, TooMuchDemand
from accesssim.clinic.plain_names import plain
from accesssim.clinic.rules import illness, referrals
from accesssim.world.arithmetic import total
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.chance import normal
from accesssim.world.limits import FIRST_FOUND, LEAST_ASKING
from accesssim.world.odds import logit
from accesssim.world.scenario import Scenario
from accesssim.world.sections.demand import Demand
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.waiting import Waiting

_RATES = ("demand.needs_per_week", "demand.referrals_per_week")


@dataclass(frozen=True, slots=True)
class Seeking:
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
    def of(cls, demand: Demand, since: int, until: int, stigma: float) -> "Seeking":
        """What a section of the scenario says."""
        return cls(
            since,
            until,
            logit(demand.seek_share),
            stigma,
            demand.stigma_observed,
            demand.seek_stigma_slope,
            demand.severity_mean,
            demand.seek_severity_slope,
        )


class Outlook:
    """The need of a run of `days` days. Raises TooMuchDemand where it rises above the rate at which possible needs are drawn."""

    def __init__(self, scenario: Scenario, days: int) -> None:
        self.scenario, self._days = scenario, days
        first = scenario.in_force(0)
        self.history = first.demand.history_days
        self.peak = referrals.peak_rate(needs_per_week(first) / DAYS_PER_WEEK, first.demand.peak_multiple)
        self.periods = [(day, plain(scenario.in_force(day))) for day in (0, *scenario.change_days)]
        self.rules_of_seeking_change = any(
            (
                now.demand.seek_share,
                now.demand.seek_severity_slope,
                now.demand.seek_stigma_slope,
                now.demand.severity_mean,
                now.demand.stigma_observed,
            )
            != (
                first.demand.seek_share,
                first.demand.seek_severity_slope,
                first.demand.seek_stigma_slope,
                first.demand.severity_mean,
                first.demand.stigma_observed,
            )
            for _, now in self.periods
        )
        expected = self.peak * (self.history + days)
        most = FIRST_NUMBER if any(path.arrivals.law != "none" for path in first.pathways.values()) else FIRST_FOUND
        if expected + 6.0 * math.sqrt(expected) > most:
            message = (
                f"more than {most:,} people may have a need in this run; lower demand or demand.peak_multiple, "
                "or shorten the run or demand.history_days"
            )
            raise TooMuchDemand.of(scenario, message, *_RATES, *DRAWN)
        self.seeking = self._dates_of_seeking()
        #: Need on each day, from the first of the history on, as a share of the rate at which possible needs are drawn.
        self.kept = (
            np.array(list(self._kept_shares(-self.history))) if self.peak > 0.0 else np.zeros(self.history + days)
        )
        self._survival: dict[tuple[float, ...], NDArray[np.float64]] = {}

    def _dates_of_seeking(self) -> list[Seeking]:
        """Before day 0 the stigma at which the service was observed decides; then what is in force."""
        days = [day for day, _ in self.periods]
        first = self.periods[0][1].demand
        past = Seeking.of(first, -NEVER, 0, first.stigma_observed)
        return [past] + [
            Seeking.of(now.demand, day, until, stigma_on(self.scenario, day))
            for (day, now), until in zip(self.periods, [*days[1:], NEVER], strict=True)
        ]

    def asked_per_week(self) -> float:
        """Referrals a week that the stated or inferred needs lead to."""
        now = self.scenario.in_force(0)
        return needs_per_week(now) * asking_share(now)

    def _kept_shares(self, first_day: int) -> Iterator[float]:
        """Need on each day as a share of the rate at which possible needs are drawn."""
        parameters, needs, first = None, 0.0, self.scenario.in_force(0)
        growths = referrals.growths(
            referrals.Growth(day, now.demand.growth_per_year, now.demand.growth == "exponential")
            for day, now in self.periods
        )
        for day in range(first_day, self._days):
            if parameters is not (now := self.scenario.in_force(max(day, 0))):
                parameters, needs = now, needs_per_week(now, first) / DAYS_PER_WEEK
            demand = now.demand
            of_year = day_of_year(now, day) if demand.season_amplitude else 0
            ratio = referrals.growth_ratio(day, growths) * referrals.season_ratio(
                demand.season_amplitude, demand.season_peak_day, of_year
            )
            share = needs * ratio / self.peak
            if share > 1.0:
                raise TooMuchDemand.of(
                    self.scenario,
                    f"demand on day {day} is {needs * ratio * DAYS_PER_WEEK:.6g} needs a week, above the {self.peak * DAYS_PER_WEEK:.6g} that "
                    f"demand.peak_multiple = {demand.peak_multiple:g} allows; raise demand.peak_multiple, equally in all that you compare",
                    *_RATES,
                    "demand.growth_per_year",
                    "demand.growth",
                    "demand.season_amplitude",
                    "demand.peak_multiple",
                )
            yield share

    def outlasts(self, waiting: Waiting) -> NDArray[np.float64]:
        """Chance that a need lasts 0, 1, 2 … days: until day 0, for those that arose before it."""
        rates = waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        if rates not in self._survival:
            self._survival[rates] = np.array(
                [illness.remission_survival(day, *rates) for day in range(self.history + 1)]
            )
        return self._survival[rates]

    def lasting(self) -> NDArray[np.float64]:
        """The same under the rules of each date, one after the other."""
        return np.concatenate([self.outlasts(now.waiting) for _, now in self.periods])


def stigma_on(scenario: Scenario, day: int) -> float:
    """Stigma that decides on a day: before day 0, and with its loop off, the one at which referrals were observed."""
    parameters = scenario.in_force(max(day, 0))
    return parameters.demand.stigma if day >= 0 and parameters.loops.stigma else parameters.demand.stigma_observed


def day_of_year(parameters: Parameters, day: int) -> int:
    """Day of the year, 1 to 366."""
    return (parameters.run.start_date + datetime.timedelta(days=day)).timetuple().tm_yday


def needs_per_week(parameters: Parameters, first: Parameters | None = None) -> float:
    """New needs a week, stated or inferred from the referrals that they lead to by the rules of day 0 (`first`).

    Who asks may change later, but not whose need arises.

    The share of needs that leads to a referral is an integral over severity on a fixed grid of 200 quantiles, and over the delay on 41. It is
    taken as at least 1 %, so that a scenario in which hardly anybody asks stays finite.
    """
    demand = parameters.demand
    if demand.needs_per_week is not None:
        return demand.needs_per_week
    return demand.referrals_per_week / max(LEAST_ASKING, asking_share(first or parameters))


def asking_share(parameters: Parameters) -> float:
    """Share of needs that leads to a referral at the observed stigma."""
    demand, waiting = parameters.demand, parameters.waiting
    delays = [
        referrals.delay_days(normal((i + 0.5) / 41), demand.delay_median_days, 0.0, 0.0, 0.0, demand.delay_sigma)
        for i in range(41)
    ]
    still_ill = total(
        illness.remission_survival(
            delay, waiting.remission_early_per_week, waiting.remission_per_week, waiting.remission_early_weeks
        )
        for delay in delays
    ) / len(delays)
    asking = 0.0
    for complex_person, share in ((False, 1.0 - demand.complex_share), (True, demand.complex_share)):
        for i in range(200):
            severity = demand.severity_mean + demand.severity_sd * normal((i + 0.5) / 200)
            severity = illness.clip_severity(severity + demand.severity_complex if complex_person else severity)
            asking += (
                share
                / 200
                * referrals.seek_chance(
                    logit(demand.seek_share), 0.0, 0.0, 0.0, severity, demand.severity_mean, demand.seek_severity_slope
                )
            )
    return asking * still_ill

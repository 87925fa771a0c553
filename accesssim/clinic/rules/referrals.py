"""Need, stigma and help-seeking: who asks, and when."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from accesssim.world.arithmetic import power
from accesssim.world.elementary import cos, exp
from accesssim.world.odds import logistic


def seek_chance(
    log_odds: float,
    stigma: float,
    observed: float,
    stigma_slope: float,
    severity: float,
    mean: float,
    severity_slope: float,
) -> float:
    """Chance that a person ever asks: the person does if their stigma disposition lies below it.

    `log_odds`: of a person of mean severity at the observed stigma. Direction of stigma: Clement et al. 2015 (144 studies, median
    d = -0.27, taken as -0.49 in log-odds per standard deviation, that taken as 0.25); of severity: treatment shares by severity in
    household surveys. Both sizes are assumed.
    """
    return logistic(log_odds - stigma_slope * (stigma - observed) + severity_slope * (severity - mean))


def delay_days(z: float, median: float, stigma: float, observed: float, stigma_slope: float, sigma: float) -> int:
    """Whole days from deciding to asking; `z` standard normal. Lognormal, assumed: no episode-level figure was found."""
    days = median * exp(stigma_slope * (stigma - observed) + sigma * z)
    return int(min(days, 1e8))


class Growth(NamedTuple):
    """How need or arrivals grow from a day on."""

    since: int
    per_year: float
    exponential: bool


def growth_ratio(day: int, growths: Sequence[Growth]) -> float:
    """Need on a day against need on day 0, by growth alone: another growth goes on from what has been reached by its date."""
    ratio = 1.0
    for number, one in enumerate(growths):
        until = growths[number + 1].since if number + 1 < len(growths) else day
        years = max(min(day, until) - one.since, 0) / 365.25
        ratio *= power(1.0 + one.per_year, years) if one.exponential else max(1.0 + one.per_year * years, 0.0)
    return ratio


def growths(dated: Iterable[Growth]) -> list[Growth]:
    """Growth as it changes: a date on which something else changes begins none."""
    found: list[Growth] = []
    for one in dated:
        if not found or found[-1][1:] != one[1:]:
            found.append(one)
    return found


def season_ratio(amplitude: float, peak_day: int, day_of_year: int) -> float:
    """Need on a day of the year against the mean. Monthly series swing by about a tenth (assumed)."""
    return 1.0 + amplitude * cos(2.0 * math.pi * (day_of_year - peak_day) / 365.25)


def peak_rate(needs_per_day: float, multiple: float) -> float:
    """Rate at which possible needs are drawn, before thinning: the next power of two above `multiple` times day 0.

    The rounding lets scenarios with somewhat different demand draw the same people. Infinite where no number is as high.
    """
    if needs_per_day <= 0.0:
        return 0.0
    highest = needs_per_day * multiple
    part, doublings = math.frexp(highest)
    return math.ldexp(1.0, doublings - (part == 0.5)) if highest <= 2.0**1023 else math.inf

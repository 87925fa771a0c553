"""How long people are willing to stay on a list."""

import math
from collections.abc import Sequence
from enum import IntEnum, unique
from typing import NamedTuple

from accesssim.world.arithmetic import power
from accesssim.world.calendar import NEVER
from accesssim.world.elementary import expm1, log, log1p

_LONGEST = NEVER // 4096  # days that a law by days is followed; no run is as long
_LN_2 = log(2.0)


@unique
class Law(IntEnum):
    """Laws by which people leave a list untreated."""

    NONE = 0
    WEIBULL = 1
    LOG_LOGISTIC = 2
    DAILY = 3
    # from here on the hazard is stated day by day
    DAILY_WEIBULL = 4
    DAILY_LOG_LOGISTIC = 5
    DAILY_TABLE = 6


class Patience(NamedTuple):
    """How long people stay on a list: law, median days, shape, daily chance, and (day, chance on each day from it on) in order."""

    law: int
    median: float
    shape: float
    daily: float
    table: Sequence[Sequence[float]] = ()


NO_PATIENCE = Patience(Law.NONE, 0.0, 0.0, 0.0)
"""Of those who never give up."""


def patience_days(patience: Patience, threshold: float) -> int:
    """Whole days of waiting until the summed hazard of giving up reaches `threshold` (exponential with mean 1).

    `WEIBULL` and `LOG_LOGISTIC` by median days and shape; `DAILY` a constant chance on each day from the first whole day; `DAILY_WEIBULL` a
    chance of 1 - 2^-(x / median)^shape on day x, `DAILY_LOG_LOGISTIC` one of 1 - 1 / (1 + (x / median)^shape), `DAILY_TABLE` one of a
    table. No published fit for talking therapies exists; experts' guesses for one English area are of the kind DAILY_LOG_LOGISTIC (Murch et
    al. 2021).
    """
    law = patience.law
    if law == Law.NONE:
        return NEVER
    if law >= Law.DAILY_WEIBULL:
        day, summed, last = 0, 0.0, _last_day(patience)
        while day < last:
            day += 1
            summed += daily_hazard(patience, day)
            if summed >= threshold:
                return day
        return NEVER
    if law == Law.DAILY:
        if patience.daily >= 1.0:
            return 1
        days = threshold / -log1p(-patience.daily) if patience.daily > 0.0 else math.inf
    elif law == Law.WEIBULL:
        days = patience.median * power(threshold / _LN_2, 1.0 / patience.shape)
    else:
        days = patience.median * power(expm1(min(threshold, 700.0)), 1.0 / patience.shape)
    return NEVER if days >= NEVER else max(1, math.ceil(days))


def patience_with_calls(patience: Patience, threshold: float, every_weeks: int, effect: float) -> int:
    """The same when a check-in call every `every_weeks` weeks takes the share `effect` off the hazard for four weeks.

    The size (0.8 of the hazard) is assumed. Works in operational time: a called week counts for less of the threshold.
    """
    plain = patience_days(patience, threshold)
    if every_weeks <= 0 or effect <= 0.0 or plain >= NEVER:
        return plain
    summed, day, last = 0.0, 0, _last_day(patience)
    while summed < threshold and day < last:
        summed += _called_hazard(patience, day, every_weeks, effect)
        day += 1
    return max(1, day) if summed >= threshold else NEVER


def patience_after(patience: Patience, threshold: float, days: int, every_weeks: int, effect: float) -> int:
    """`patience_with_calls` of somebody who has waited `days` days and not given up: what is left has the law of what is left of all who have.

    The hazard summed so far is put on top of the threshold, which is without memory.
    """
    if days <= 0 or patience.law == Law.NONE:
        return patience_with_calls(patience, threshold, every_weeks, effect)
    summed = threshold + summed_hazard(patience, days, every_weeks, effect)
    return max(days + 1, patience_with_calls(patience, summed, every_weeks, effect))


def summed_hazard(patience: Patience, days: int, every_weeks: int, effect: float) -> float:
    """The hazard of giving up, summed over the first days of waiting, with the calls of `patience_with_calls`."""
    law = patience.law
    if law == Law.NONE or days <= 0:
        return 0.0
    if law < Law.DAILY_WEIBULL and (every_weeks <= 0 or effect <= 0.0):
        if law == Law.DAILY:
            return -log1p(-patience.daily) * days if patience.daily < 1.0 else math.inf
        so_far = power(days / patience.median, patience.shape)
        return _LN_2 * so_far if law == Law.WEIBULL else log1p(so_far)
    summed = 0.0
    for day in range(days):
        summed += _called_hazard(patience, day, every_weeks, effect)
    return summed


def summed_by_week(patience: Patience, weeks: int, every_weeks: int, effect: float) -> list[float]:
    """`summed_hazard` of 0, 1, 2 … whole weeks."""
    if patience.law == Law.NONE or (patience.law < Law.DAILY_WEIBULL and (every_weeks <= 0 or effect <= 0.0)):
        return [summed_hazard(patience, 7 * week, 0, 0.0) for week in range(weeks + 1)]
    summed = [0.0]
    for week in range(weeks):
        hazard = summed[-1]
        for day in range(7 * week, 7 * week + 7):
            hazard += _called_hazard(patience, day, every_weeks, effect)
        summed.append(hazard)
    return summed


def _called_hazard(patience: Patience, day: int, every_weeks: int, effect: float) -> float:
    """What the summed hazard gains on the day after so many days of waiting, less where a call has been."""
    hazard = daily_hazard(patience, day + 1)
    called = every_weeks > 0 and effect > 0.0 and day >= 7 * every_weeks and day % (7 * every_weeks) < 28
    return hazard * (1.0 - effect) if called else hazard


def daily_hazard(patience: Patience, day: int) -> float:
    """What the summed hazard gains on a day of waiting, from day 1 on."""
    law, x = patience.law, day / patience.median if patience.median > 0.0 else 0.0
    if law == Law.DAILY_TABLE:
        chance = 0.0
        for entry in range(len(patience.table)):
            if patience.table[entry][0] > day:
                break
            chance = patience.table[entry][1]
        return -log1p(-chance) if chance < 1.0 else math.inf
    if law == Law.DAILY:
        return -log1p(-patience.daily) if patience.daily < 1.0 else math.inf
    if law == Law.DAILY_WEIBULL:
        return _LN_2 * power(x, patience.shape)
    if law == Law.DAILY_LOG_LOGISTIC:
        return log1p(power(x, patience.shape))
    before = (day - 1) / patience.median
    if law == Law.WEIBULL:
        return _LN_2 * (power(x, patience.shape) - power(before, patience.shape))
    return log1p(power(x, patience.shape)) - log1p(power(before, patience.shape))


def _last_day(patience: Patience) -> int:
    """The last day on which anybody may give up."""
    table = patience.table
    if patience.law == Law.DAILY_TABLE and (len(table) == 0 or table[len(table) - 1][1] == 0.0):
        return int(min(table[len(table) - 1][0], _LONGEST)) if len(table) > 0 else 0
    return _LONGEST

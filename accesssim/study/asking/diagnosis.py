"""Whether a service is in balance, whether its warm-up is long enough, and how many replications an answer takes.

Where a run has to be warmed up: MSER-5 (White, Cobb and Spratt 2000, IIE Transactions 32:997-1013) cuts the batch
means of the series so that the standard error of the rest is the least; Welch's moving average of the mean over
replications (1983, in The Computer Performance Modeling Handbook) shows it to the eye. Both are of the mean over
replications, week by week. A scenario that opens at today's state has no warm-up to be cut: its drift is part of the
answer.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring import statistics
from accesssim.study.measuring.compare import HEADLINE
from accesssim.study.measuring.student import quantile
from accesssim.study.result import Result
from accesssim.world.calendar import DAYS_PER_YEAR

Weeks = NDArray[np.float64]

SERIES = {
    "waiting": "people on the lists",
    "exhaustion_mean": "mean exhaustion",
    "sessions": "sessions a week",
    "posts_held": "posts held",
}
"""What is looked at, week by week."""

BATCH = 5
"""Weeks in a batch of MSER-5."""

FEWEST = 4
"""Batches that it needs to tell anything."""

SHARES = (0.01, 0.05, 0.10)
"""Half widths of an interval, as shares of the mean, for which replications are counted."""

WEEKS_A_YEAR = DAYS_PER_YEAR / 7


@dataclass(frozen=True)
class Course:
    """How a weekly figure goes: `cut` weeks to be left out by MSER-5 (None: it never settles), `smooth` Welch's moving average, and its drift.

    `mean` is over the weeks that are measured, `drift` its change a year by least squares over them, with the 95 % interval over replications.
    """

    name: str
    weeks: Weeks
    smooth: Weeks
    cut: int | None
    mean: float
    drift: float
    low: float
    high: float

    @property
    def is_level(self) -> bool | None:
        """Whether no drift is found, or less than 5 % of the mean a year; None where weeks or runs are too few to tell."""
        if math.isnan(self.low):
            return None
        return self.low <= 0.0 <= self.high or abs(self.drift) < 0.05 * abs(self.mean)


@dataclass(frozen=True)
class Enough:
    """Replications for an interval of a measure's mean of ± 1, 5 and 10 % of that mean."""

    measure: str
    mean: float
    half: float
    replications: tuple[int, ...]


@dataclass(frozen=True)
class Diagnosis:
    """What is found of a scenario: its series, the warm-up it has (weeks), and what its measures take."""

    warm_up: float
    opens_empty: bool
    runs: int
    courses: tuple[Course, ...]
    enough: tuple[Enough, ...]


def mser(series: Weeks, batch: int = BATCH) -> int | None:
    """How many values to leave out at the start, by MSER on batch means; None where it would be half or more: it has not settled.

    Only the first half is searched: of the few batches at the end some agree by chance.
    """
    batches = len(series) // batch
    if batches < FEWEST:
        return None
    means = series[: batches * batch].reshape(batches, batch).mean(axis=1)
    errors = [
        float(((means[cut:] - means[cut:].mean()) ** 2).sum()) / (batches - cut) ** 2 for cut in range(batches // 2 + 1)
    ]
    best = int(np.argmin(errors))
    return None if best == batches // 2 else best * batch


def moving_average(series: Weeks, width: int) -> Weeks:
    """Welch's: the mean of `width` values on each side; fewer at the start, where only so many are there on the left."""
    count = len(series) - width
    return np.array(
        [series[max(0, at - min(at, width)) : at + min(at, width) + 1].mean() for at in range(max(count, 1))]
    )


def replications_for(values: NDArray[Any], half: float) -> int:
    """How many replications an interval of ± half takes, by the spread of those that there are; 0 where that is unknown."""
    known = values[~np.isnan(values)]
    if len(known) < 2 or not half > 0.0:
        return 0
    spread, number = float(known.std(ddof=1)), 2
    while quantile(number - 1, 0.975) * spread / math.sqrt(number) > half:
        number = max(number + 1, math.ceil((1.96 * spread / half) ** 2)) if number == 2 else number + 1
    return number


def diagnose(result: Result, warm_up: float, *, opens_empty: bool) -> Diagnosis:
    """Of the first point of a result; `warm_up`: weeks of it that are not measured."""
    point = result.plan.points[0].number
    table = result.weeks(point, list(SERIES))
    courses = [
        _course(name, _by_week(table, name), round(warm_up))
        for name in SERIES
        if name in table and table[name].notna().any()
    ]
    enough = []
    for measure in HEADLINE:
        values = result.values(measure).get(point)
        if values is not None and values.any():  # neither nobody nor nothing
            known = values.to_numpy(dtype=float)
            mean, low, high = statistics.interval(known)
            enough.append(
                Enough(
                    measure,
                    mean,
                    (high - low) / 2,
                    tuple(replications_for(known, share * abs(mean)) for share in SHARES),
                )
            )
    return Diagnosis(warm_up, opens_empty, result.count, tuple(courses), tuple(enough))


def _by_week(table: Any, name: str) -> Weeks:
    """Replications by weeks."""
    return np.asarray(table.pivot(index="replication", columns="week", values=name), dtype=np.float64)


def _course(name: str, values: Weeks, warm_up: int) -> Course:
    mean = np.nansum(values, axis=0)[known := ~np.isnan(values).all(axis=0)] / (~np.isnan(values)).sum(axis=0)[known]
    measured = values[:, warm_up:]
    years = np.arange(measured.shape[1]) / WEEKS_A_YEAR
    drifts = [
        float(np.polyfit(years[there], row[there], 1)[0]) for row in measured if (there := ~np.isnan(row)).sum() > 2
    ]
    drift, low, high = statistics.interval(np.array(drifts))
    return Course(
        name,
        mean,
        moving_average(mean, max(1, min(8, len(mean) // 10))),
        mser(mean),
        statistics.interval(measured.ravel())[0],
        drift,
        low,
        high,
    )

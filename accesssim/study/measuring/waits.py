"""Waits with an end that may not have come: competing risks, never a mean over unfinished waits. Whole days, so that counts by day say all."""

import math

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
HORIZON = 52 * 7
"""Days over which shares are followed."""

CENSORED, STARTED, LEFT = range(3)
"""How a wait ended, as columns of the counts."""


def by_day_and_cause(days: Counts, cause: Counts) -> Counts:
    """Where each wait is counted: its days, and what it ended by.

    Days are until the first of start, another exit, or the end of observation (after the events of that day).
    """
    return np.minimum(days, HORIZON + 1) * 3 + cause


def aalen_johansen(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share that started by each day, and share neither started nor gone, from 0 to HORIZON.

    `counts`: people by days until their wait ended, HORIZON + 1 for all beyond, and by cause. Aalen and Johansen 1978. Kaplan-Meier, with the gone as
    censored, would count people who gave up as if they could still start. Shares are NaN where nobody was there, and from the day on which nobody was
    followed any longer, unless all have started or gone by then.
    """
    size = HORIZON + 1
    leaving = counts.sum(axis=1)
    people = leaving.sum()
    if people == 0:
        return np.full(size, np.nan), np.full(size, np.nan)
    at_risk = people - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    started, exits = counts[:, STARTED], counts[:, STARTED] + counts[:, LEFT]
    with np.errstate(invalid="ignore", divide="ignore"):
        hazard, exit_hazard = (np.where(at_risk > 0, count / at_risk, 0.0)[:size] for count in (started, exits))
    remaining = np.asarray(np.cumprod(1.0 - exit_hazard), dtype=np.float64)
    before = np.concatenate([[1.0], remaining[:-1]])
    share = np.asarray(np.cumsum(before * hazard), dtype=np.float64)
    unknown = (at_risk[:size] == 0) & (before > 0.0)
    share[unknown] = remaining[unknown] = np.nan
    return share, remaining


SEEN = 0.0005, 0.05
"""Half of the last digit that is shown of a share (a tenth of a per cent), and of a mean (a tenth of a day)."""


def by(day: int, share: NDArray[np.float64], remaining: NDArray[np.float64]) -> float:
    """A share by a day; of days unknown the last that is known, where less is open than its digits show."""
    known = np.flatnonzero(~np.isnan(share[: day + 1]))
    if len(known) and remaining[known[-1]] < SEEN[0]:
        return float(share[known[-1]])
    return float(share[day])


def area(of: NDArray[np.float64], remaining: NDArray[np.float64], days: int) -> float:
    """Sum over the first so many days; of days unknown the last that is known stands, where they could add less than the digits show."""
    known = np.flatnonzero(~np.isnan(of[:days]))
    if len(known) and (unknown := days - 1 - int(known[-1])) and remaining[known[-1]] * unknown < SEEN[1]:
        return float(of[known].sum() + of[known[-1]] * unknown)
    return float(of[:days].sum())


def percentile(counts: Counts, share: float) -> float:
    """The value below which a share of people lies, of whole values from 0 on with so many people each.

    Between two people in proportion; NaN for nobody.
    """
    upto = np.cumsum(counts)
    if not len(upto) or upto[-1] == 0:
        return math.nan
    place = share * (int(upto[-1]) - 1)
    low, high = np.searchsorted(upto, [math.floor(place), math.ceil(place)], side="right").tolist()
    return float(low + (high - low) * (place - math.floor(place)))

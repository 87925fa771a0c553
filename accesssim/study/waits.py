"""Waits with an end that may not have come: competing risks, never a mean over unfinished waits."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def aalen_johansen(days: Numbers, cause: Numbers, horizon: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share that started by each day, and share neither started nor gone, from 0 to `horizon`.

    `days`: whole days until the first of start, another exit, or the end of observation; `cause`: 1 started, 2 gone otherwise, 0 censored (after the
    events of that day). Aalen and Johansen 1978. Kaplan-Meier, with the gone as censored, would count people who gave up as if they could still start.
    Shares are NaN where nobody was there.
    """
    size = horizon + 1
    if len(days) == 0:
        return np.full(size, np.nan), np.full(size, np.nan)
    capped = np.minimum(days, size)
    leaving = np.bincount(capped, minlength=size + 1)
    at_risk = len(days) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    started = np.bincount(capped[cause == 1], minlength=size + 1)
    exits = np.bincount(capped[cause > 0], minlength=size + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        hazard, exit_hazard = (np.where(at_risk > 0, count / at_risk, 0.0)[:size] for count in (started, exits))
    remaining = np.asarray(np.cumprod(1.0 - exit_hazard), dtype=np.float64)
    before = np.concatenate([[1.0], remaining[:-1]])
    return np.asarray(np.cumsum(before * hazard), dtype=np.float64), remaining

"""Places that people keep for a while, as options beside therapists and their sessions."""

import math
from collections.abc import Sequence


def stay_days(law: str, threshold: float, z: float, mean: float, sd: float) -> float:
    """Days that a place is kept; `threshold` exponential with mean 1, `z` standard normal, mean and standard deviation in days."""
    if law == "exponential":
        return mean * threshold
    if law == "lognormal" and sd > 0.0:
        sigma_squared = math.log1p((sd / mean) ** 2)
        return mean * math.exp(math.sqrt(sigma_squared) * z - 0.5 * sigma_squared)
    return mean


def residual_days(law: str, threshold: float, second: float, z: float, u: float, mean: float, sd: float) -> float:
    """Days that a place found taken at any moment is still kept: a uniform part of a stay, of which long ones are found more often.

    `threshold` and `second` exponential, `z` standard normal, `u` uniform. The stay found is length-biased: gamma of shape 2 for exponential stays,
    lognormal with a log-mean higher by the log-variance for lognormal ones (renewal theory: Cox 1962).
    """
    if law == "exponential":
        return u * mean * (threshold + second)
    if law == "lognormal" and sd > 0.0:
        sigma_squared = math.log1p((sd / mean) ** 2)
        return u * mean * math.exp(math.sqrt(sigma_squared) * z + 0.5 * sigma_squared)
    return u * mean


def whole_days(days: float, u: float) -> int:
    """Days rounded up with the chance of their fraction, so that the mean is kept; at least one."""
    return max(1, int(min(days, 1e8) + u))


def goes_on_to(u: float, shares: Sequence[float]) -> int:
    """Number of the pathway that somebody goes on to, -1 for none; shares in the order of the scenario."""
    for number, share in enumerate(shares):
        if u < share:
            return number
        u -= share
    return -1

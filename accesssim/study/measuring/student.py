"""Student's t for whole degrees of freedom, the same to the last bit on every machine: what scipy gives differs with the processor."""

import math
from functools import lru_cache

from accesssim.world.elementary import exp, log1p


@lru_cache(maxsize=4096)
def quantile(freedom: int, share: float) -> float:
    """The t below which a share of values lies, from a half on: bisected until no number lies between."""
    if share >= 1.0:
        return math.inf
    low, high = 0.0, 1.0
    while beyond(high, freedom) > 2.0 * (1.0 - share):
        low, high = high, 2.0 * high
    while low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if beyond(middle, freedom) > 2.0 * (1.0 - share) else (low, middle)
    return high


def below(t: float, freedom: int) -> float:
    """Chance of a value below t."""
    return 0.5 * beyond(t, freedom) if t < 0.0 else 1.0 - 0.5 * beyond(t, freedom)


def beyond(t: float, freedom: int) -> float:
    """Chance of a value further from 0 than t, on either side: with x = n / (n + t²), the regularised incomplete beta function I_x(n / 2, 1 / 2).

    Abramowitz and Stegun 26.5.27; by its continued fraction on the side of its mean where that converges (26.5.8).
    """
    ratio = min(abs(t), 1e100) / math.sqrt(freedom)
    x, rest = 1.0 / (1.0 + ratio * ratio), ratio / (1.0 + ratio * ratio) * ratio
    half = 0.5 * freedom
    front = exp(-half * log1p(ratio * ratio)) * math.sqrt(rest) * _gamma_ratio(freedom) / math.sqrt(math.pi)
    if x * (half + 2.5) < half + 1.0:
        return front / half * _fraction(half, 0.5, x)
    return 1.0 - front / 0.5 * _fraction(0.5, half, rest)


@lru_cache(maxsize=4096)
def _gamma_ratio(freedom: int) -> float:
    """Γ((n + 1) / 2) / Γ(n / 2): its asymptotic series from 200 on, below by recurrence (Abramowitz and Stegun 6.1.47)."""
    lifted = 1.0
    while freedom < 200:
        lifted *= freedom / (freedom + 1.0)
        freedom += 2
    z = 1.0 / freedom
    series = 1.0 - z * (
        0.25 - z * (1.0 / 32.0 + z * (5.0 / 128.0 - z * (21.0 / 2048.0 + z * (399.0 / 8192.0 - z * (869.0 / 65536.0)))))
    )
    return lifted * math.sqrt(0.5 * freedom) * series


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by the method of Lentz (Press et al. 2007)."""
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    fraction = d
    for n in range(1, 10_000):
        for part in (
            n * (b - n) * x / ((a + 2 * n - 1.0) * (a + 2 * n)),
            -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1.0)),
        ):
            d = 1.0 / (1.0 + part * d)
            c = 1.0 + part / c
            fraction *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return fraction

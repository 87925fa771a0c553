"""How long stays and gaps last: the laws, as functions of the draws; and the same of stays that are found going on.

Days are real numbers here; who keeps a calendar rounds them.
"""

import math
from collections.abc import Sequence
from enum import IntEnum, unique
from typing import NamedTuple

from accesssim.world.arithmetic import gamma_distribution, log_variance, power, total
from accesssim.world.elementary import exp, expm1, log

#: Shape of a gamma law from which on it spreads by less than a hundredth of its mean.
NARROW = 1e4


@unique
class Kind(IntEnum):
    """Kinds of law."""

    FIXED = 0
    EXPONENTIAL = 1
    LOGNORMAL = 2
    GAMMA = 3
    GENERALISED_PARETO = 4
    DISCRETE = 5


class Law(NamedTuple):
    """A law of days. Mean and standard deviation are of what comes on top of `shift`; `shape` and `scale` are the generalised Pareto's."""

    kind: int
    mean: float
    sd: float
    shape: float
    scale: float
    shift: float
    values: Sequence[float]  # of the discrete law, days
    weights: Sequence[float]


def days(law: Law, u: float, threshold: float, z: float) -> float:
    """Days by the law. `u` uniform, `threshold` exponential with mean 1, `z` standard normal, all three from one draw: each law uses one of them."""
    span = law.mean
    if law.kind == Kind.EXPONENTIAL:
        span = law.mean * threshold
    elif law.kind == Kind.LOGNORMAL and law.sd > 0.0:
        sigma_squared = log_variance(law.mean, law.sd)
        span = law.mean * exp(math.sqrt(sigma_squared) * z - 0.5 * sigma_squared)
    elif law.kind == Kind.GAMMA and law.sd > 0.0:
        shape = law.mean / law.sd * (law.mean / law.sd)
        span = narrow_gamma(law.mean, shape, z) if shape > NARROW else law.mean / shape * gamma_quantile(u, shape)
    elif law.kind == Kind.GENERALISED_PARETO:
        span = (
            law.scale * threshold
            if law.shape == 0.0
            else law.scale * expm1(min(law.shape * threshold, 700.0)) / law.shape
        )
    elif law.kind == Kind.DISCRETE:
        span = _chosen(law.values, law.weights, u)
    return law.shift + span


def found_days(law: Law, u: float, threshold: float, second: float, z: float, part: float) -> float:
    """Length of a stay that is found going on, of which long ones are found more often.

    The density times the days, normalised (renewal theory: Cox 1962).

    `second`: a further exponential; `part`: a further uniform, which decides whether the shift or what comes on top of it is found.
    """
    mean = mean_above_shift(law)
    if part * (law.shift + mean) < law.shift:
        return days(law, u, threshold, z)
    span = law.mean
    if law.kind == Kind.EXPONENTIAL:
        span = law.mean * (threshold + second)
    elif law.kind == Kind.LOGNORMAL and law.sd > 0.0:
        sigma_squared = log_variance(law.mean, law.sd)
        span = law.mean * exp(math.sqrt(sigma_squared) * z + 0.5 * sigma_squared)
    elif law.kind == Kind.GAMMA and law.sd > 0.0:
        shape = law.mean / law.sd * (law.mean / law.sd)
        span = (
            narrow_gamma(law.mean * (1.0 + 1.0 / shape), shape + 1.0, z)
            if shape > NARROW
            else law.mean / shape * gamma_quantile(u, shape + 1.0)
        )
    elif law.kind == Kind.GENERALISED_PARETO:
        span = _found_pareto(law.scale, law.shape, u)
    elif law.kind == Kind.DISCRETE:
        span = _chosen(law.values, [law.values[number] * law.weights[number] for number in range(len(law.values))], u)
    return law.shift + span


def mean_above_shift(law: Law) -> float:
    """Mean of what comes on top of the shift, before anything is cut off; a generalised Pareto of shape 1 or more has none (infinity)."""
    if law.kind == Kind.GENERALISED_PARETO:
        return law.scale / (1.0 - law.shape) if law.shape < 1.0 else math.inf
    if law.kind == Kind.DISCRETE:
        whole = total(law.weights)
        return total([law.values[number] * law.weights[number] for number in range(len(law.values))]) / (
            whole if whole > 0.0 else 1.0
        )
    return law.mean


def _chosen(values: Sequence[float], weights: Sequence[float], u: float) -> float:
    u *= total(weights)
    for number in range(len(values)):
        if u < weights[number]:
            return values[number]
        u -= weights[number]
    return values[len(values) - 1] if len(values) > 0 else 0.0


def _found_pareto(scale: float, shape: float, u: float) -> float:
    """Quantile of the generalised Pareto of days found: its survival is S(x) (1 + x / scale), as the integral of x f(x) shows. By bisection."""
    low, high = 0.0, scale
    while _found_pareto_survival(high, scale, shape) > u:
        low, high = high, 2.0 * high
    for _ in range(60):
        middle = 0.5 * (low + high)
        if _found_pareto_survival(middle, scale, shape) > u:
            low = middle
        else:
            high = middle
    return high


def _found_pareto_survival(x: float, scale: float, shape: float) -> float:
    if shape < 0.0 and x >= -scale / shape:  # beyond the longest that a negative shape allows
        return 0.0
    survival = exp(-x / scale) if shape == 0.0 else power(1.0 + shape * x / scale, -1.0 / shape)
    return survival * (1.0 + x / scale)


def narrow_gamma(mean: float, shape: float, z: float) -> float:
    """Quantile of a gamma law by the standard normal one, for shapes beyond NARROW.

    Off by less than a millionth there (Wilson and Hilferty 1931), where the sum takes ever longer.
    """
    root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * math.sqrt(shape))
    return mean * root * root * root


def gamma_quantile(u: float, shape: float) -> float:
    """Quantile of the gamma law with scale 1, by bisection on its distribution in the logarithm of x."""
    low, high = -700.0, log(shape + 10.0 * math.sqrt(shape) + 60.0)
    for _ in range(64):
        middle = 0.5 * (low + high)
        if gamma_distribution(exp(middle), shape) < u:
            low = middle
        else:
            high = middle
    return exp(0.5 * (low + high))

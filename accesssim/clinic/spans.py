"""How long stays and gaps last: the laws, as functions of the draws; and the same of stays that are found going on.

Days are real numbers here; who keeps a calendar rounds them.
"""

import math
from typing import NamedTuple


class Law(NamedTuple):
    """A law of days. Mean and standard deviation are of what comes on top of `shift`; `shape` and `scale` are the generalised Pareto's."""

    kind: str
    mean: float
    sd: float
    shape: float
    scale: float
    shift: float
    values: tuple[float, ...]  # of the discrete law, days
    weights: tuple[float, ...]


def days(law: Law, u: float, threshold: float, z: float) -> float:
    """Days by the law. `u` uniform, `threshold` exponential with mean 1, `z` standard normal, all three from one draw: each law uses one of them."""
    match law.kind:
        case "exponential":
            span = law.mean * threshold
        case "lognormal" if law.sd > 0.0:
            sigma_squared = math.log1p((law.sd / law.mean) ** 2)
            span = law.mean * math.exp(math.sqrt(sigma_squared) * z - 0.5 * sigma_squared)
        case "gamma" if law.sd > 0.0:
            shape = (law.mean / law.sd) ** 2
            span = law.mean / shape * gamma_quantile(u, shape)
        case "generalised_pareto":
            span = law.scale * threshold if law.shape == 0.0 else law.scale * math.expm1(min(law.shape * threshold, 700.0)) / law.shape
        case "discrete":
            span = _chosen(law.values, law.weights, u)
        case _:
            span = law.mean
    return law.shift + span


def found_days(law: Law, u: float, threshold: float, second: float, z: float, part: float) -> float:
    """Length of a stay that is found going on, of which long ones are found more often: the density times the days, normalised (renewal theory: Cox 1962).

    `second`: a further exponential; `part`: a further uniform, which decides whether the shift or what comes on top of it is found.
    """
    mean = mean_above_shift(law)
    if part * (law.shift + mean) < law.shift:
        return days(law, u, threshold, z)
    match law.kind:
        case "exponential":
            span = law.mean * (threshold + second)
        case "lognormal" if law.sd > 0.0:
            sigma_squared = math.log1p((law.sd / law.mean) ** 2)
            span = law.mean * math.exp(math.sqrt(sigma_squared) * z + 0.5 * sigma_squared)
        case "gamma" if law.sd > 0.0:
            shape = (law.mean / law.sd) ** 2
            span = law.mean / shape * gamma_quantile(u, shape + 1.0)
        case "generalised_pareto":
            span = _found_pareto(law.scale, law.shape, u)
        case "discrete":
            span = _chosen(law.values, [value * weight for value, weight in zip(law.values, law.weights, strict=True)], u)
        case _:
            span = law.mean
    return law.shift + span


def mean_above_shift(law: Law) -> float:
    """Mean of what comes on top of the shift, before anything is cut off; a generalised Pareto of shape 1 or more has none (infinity)."""
    if law.kind == "generalised_pareto":
        return law.scale / (1.0 - law.shape) if law.shape < 1.0 else math.inf
    if law.kind == "discrete":
        return sum(value * weight for value, weight in zip(law.values, law.weights, strict=True)) / (sum(law.weights) or 1.0)
    return law.mean


def _chosen(values: tuple[float, ...], weights: "tuple[float, ...] | list[float]", u: float) -> float:
    u *= sum(weights)
    for value, weight in zip(values, weights, strict=True):
        if u < weight:
            return value
        u -= weight
    return values[-1] if values else 0.0


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
    survival = math.exp(-x / scale) if shape == 0.0 else max(1.0 + shape * x / scale, 0.0) ** (-1.0 / shape)  # a negative shape ends at scale / -shape
    return survival * (1.0 + x / scale)


def gamma_quantile(u: float, shape: float) -> float:
    """Quantile of the gamma law with scale 1, by bisection on its distribution in the logarithm of x."""
    low, high = -700.0, math.log(shape + 10.0 * math.sqrt(shape) + 60.0)
    for _ in range(64):
        middle = 0.5 * (low + high)
        if gamma_distribution(math.exp(middle), shape) < u:
            low = middle
        else:
            high = middle
    return math.exp(0.5 * (low + high))


def gamma_distribution(x: float, shape: float) -> float:
    """Regularised lower incomplete gamma function: a series below shape + 1, a continued fraction above (Lentz's method; Press et al. 2007)."""
    if x <= 0.0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1.0:
        term = total = 1.0 / shape
        n = shape
        while term > total * 1e-16:
            n += 1.0
            term *= x / n
            total += term
        return front * total
    b = x + 1.0 - shape
    c, d = 1e300, 1.0 / b
    fraction = d
    for n in range(1, 500):
        a = -n * (n - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        fraction *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return 1.0 - front * fraction

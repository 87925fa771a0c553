"""Arithmetic that is the same in every Python and in a compiled engine, and that does not overflow."""

from collections.abc import Iterable

from accesssim.world.elementary import exp, log, log1p, raised

_MOST = 1e304


def total(numbers: Iterable[float]) -> float:
    """The numbers added one after the other; from Python 3.12 on the built-in `sum` compensates, and gives other last bits."""
    so_far = 0.0
    for number in numbers:
        so_far += number
    return so_far


def log_variance(mean: float, sd: float) -> float:
    """Variance of the logarithm of what is lognormal with a mean above 0 and an sd; finite, however small the mean."""
    return log1p(min(sd / mean * (sd / mean), 1e300))


def power(base: float, exponent: float) -> float:
    """`base` (not negative) to the power of `exponent`; what is beyond the largest number is held near it."""
    if exponent == 1.0:
        return base
    return min(raised(base, exponent), _MOST)


def log_gamma(x: float) -> float:
    """Logarithm of the gamma function for x above 0: Stirling's series from 10 on (Abramowitz and Stegun 6.1.41), below by recurrence.

    Written out, as the one of the C library differs from machine to machine.
    """
    lifted = 0.0
    while x < 10.0:
        lifted += log(x)
        x += 1.0
    square = 1.0 / (x * x)
    series = (
        1.0 / 12.0
        - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0))))
    ) / x
    return (x - 0.5) * log(x) - x + 0.918938533204672741780329736406 + series - lifted


def gamma_distribution(x: float, shape: float) -> float:
    """Regularised lower incomplete gamma function: a series below shape + 1, a continued fraction above (Lentz's method; Press et al. 2007)."""
    if x <= 0.0:
        return 0.0
    front = exp(shape * log(x) - x - log_gamma(shape))
    if x < shape + 1.0:
        term = series = 1.0 / shape
        n = shape
        while term > series * 1e-16:
            n += 1.0
            term *= x / n
            series += term
        return front * series
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

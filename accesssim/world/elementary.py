"""Exponential, logarithm, powers and cosine: the same to the last bit on every machine, in Python and in a compiled engine.

Each is within one unit in the last place of the true value. C libraries and numpy are as near, but there they differ, with the machine and even with
its processor. Here stand only sums, differences, products and quotients, which IEEE 754 fixes to the last bit, and scaling by powers of two, which is
exact. No product may be fused with a sum; nobody does that unasked (numba would by `fastmath`). `blocks` has the same for arrays.

Where the functions of `math` raise, these give inf, -inf or nan. Exponentials and logarithms go by a table and a short polynomial between its
entries (Tang 1989, 1990), arguments are reduced by constants in parts whose products are exact (Cody and Waite 1980), and a power needs its logarithm
to twice the precision (Dekker 1971).
"""

import math

# -- tables, worked out in whole numbers: so they are exact, and the same everywhere

_PLACES = 192  # after the binary point
_ONE = 1 << _PLACES


def _arc(n: int, sign: int) -> int:
    """Hyperbolic arc tangent of 1 / n for a sign of 1, arc tangent for one of -1: the sum of sign^k / ((2k + 1) n^(2k + 1))."""
    power, odd, direction, summed = _ONE // n, 1, 1, 0
    while power:
        summed += direction * (power // odd)
        power, odd, direction = power // (n * n), odd + 2, direction * sign
    return summed


def _powers() -> list[int]:
    """2^(j / 256) for j from 0 to 255."""
    root, found = 2 * _ONE, [_ONE]
    for _ in range(8):
        root = math.isqrt(root << _PLACES)
    for _ in range(255):
        found.append(found[-1] * root >> _PLACES)
    return found


def _logarithms() -> list[int]:
    """Logarithms of 128 / 256, 129 / 256 … 1: each is that of the next less 2 artanh(1 / (2i + 1))."""
    found = [0]
    for i in range(255, 127, -1):
        found.append(found[-1] - 2 * _arc(2 * i + 1, 1))
    return found[::-1]


def _parts(number: int, *places: int) -> tuple[float, ...]:
    """A number as a sum of floats: the first have so many binary places, the last is what is left, rounded."""
    parts = []
    for some in places:
        dropped = _PLACES - some
        part = (number + (1 << dropped - 1)) >> dropped
        parts.append(math.ldexp(part, -some))
        number -= part << dropped
    return (*parts, number / _ONE)


def _in_two(numbers: list[int], places: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Tables of the first and of the second parts of numbers."""
    pairs = [_parts(number, places) for number in numbers]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


_EXACT = 42  # binary places that leave room for an exact product with an exponent of two (11 bits), or with a number of cells (19 bits)
_found = _logarithms()
_LN_2 = -_found[0]
LN_2, LN_2_REST = _parts(_LN_2, _EXACT)
CENTRES = (
    *(i / 256.0 for i in range(128, 255)),
    1.0,
    1.0,
)  # next to 1, where logarithms are small, 1 itself: f is exact then
LOGS, LOGS_REST = _in_two([*_found[:-2], 0, 0], _EXACT)
CELL, CELL_REST = _parts(_LN_2 // 256, _EXACT)
CELLS = (256 * _ONE * _ONE // _LN_2) / _ONE
ROOTS, ROOTS_REST = _in_two(_powers(), 52)
_QUARTER, _QUARTER_2, _QUARTER_3, _QUARTER_REST = _parts(
    8 * _arc(5, -1) - 2 * _arc(239, -1), 32, 65, 98
)  # of a circle, by Machin's formula
_QUARTERS = 1.0 / _QUARTER
POWERS_OF_2 = tuple(
    math.ldexp(1.0, n) for n in (*range(1024), *range(-1022, 0))
)  # a negative index counts from the end, and so finds its own
WHOLE = 6755399441055744.0
"""1.5 × 2^52: to add it and take it away again rounds to the nearest whole number."""


# -- functions


def exp(x: float) -> float:
    """The number e to the power of x; 0 and inf where that is beyond the range of floats.

    With x = n log(2) / 256 + r, n whole, it is 2^(n / 256) e^r: an entry of the table, and Taylor's polynomial of degree 5.
    """
    if not -708.0 < x < 709.0:
        return _exp_of_two(x, 0.0)
    n = x * CELLS + WHOLE - WHOLE
    r = x - n * CELL - n * CELL_REST
    cell = int(n)
    j, k = cell & 255, cell >> 8
    value = ROOTS[j] + (
        ROOTS_REST[j] + ROOTS[j] * (r + r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0)))))
    )
    return value * POWERS_OF_2[k]


def expm1(x: float) -> float:
    """The same less 1: near 0 by Taylor's series, elsewhere as `exp`, with the 1 taken off before anything is rounded."""
    if not -40.0 < x < 60.0:
        return -1.0 if x < 0.0 else exp(x)
    if -0.015625 < x < 0.015625:
        series = 1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0 + x * (1.0 / 40320.0))))
        return x + x * x * (0.5 + x * (1.0 / 6.0 + x * series)) if x != 0.0 else x
    n = x * CELLS + WHOLE - WHOLE
    r = x - n * CELL - n * CELL_REST
    cell = int(n)
    j, scale = cell & 255, POWERS_OF_2[cell >> 8]
    root = ROOTS[j] * scale
    less = root - 1.0
    lost = root - (less + 1.0) if root < 1.0 else root - less - 1.0
    return less + (
        lost
        + (ROOTS_REST[j] * scale + root * (r + r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0))))))
    )


def log(x: float) -> float:
    """Natural logarithm; -inf of 0, nan of what is below.

    x = 2^e m; with c the nearest of 128 / 256, 129 / 256 … 254 / 256, 1 to m, and f = (m - c) / c, it is e log 2 + log c + log(1 + f): the table, and
    Taylor's polynomial of degree 8. Borders lie a hundredth of a cell further, as next to 1 they would meet one between powers of two.
    """
    if not 0.0 < x < math.inf:
        return -math.inf if x == 0.0 else x if x > 0.0 else math.nan
    m, e = math.frexp(x)
    i = int(m * 256.0 - 127.51)
    f = (m - CENTRES[i]) / CENTRES[i]
    high = e * LN_2 + LOGS[i]
    value = high + f
    series = f * f * (f * (1.0 / 3.0 - f * (0.25 - f * (0.2 - f * (1.0 / 6.0 - f * (1.0 / 7.0 - f * 0.125))))) - 0.5)
    return value + (f - (value - high) + (e * LN_2_REST + LOGS_REST[i] + series))


def log1p(x: float) -> float:
    """Logarithm of 1 + x; -inf of -1, nan of what is below. As `log` of the rounded sum, and what rounding took off that is given back."""
    if not -1.0 < x < math.inf:
        return -math.inf if x == -1.0 else x if x > 0.0 else math.nan
    if x == 0.0:
        return x
    y = 1.0 + x
    lost = (x - (y - 1.0) if x < 1.0 else 1.0 - (y - x)) / y
    m, e = math.frexp(y)
    i = int(m * 256.0 - 127.51)
    f = (m - CENTRES[i]) / CENTRES[i]
    high = e * LN_2 + LOGS[i]
    value = high + f
    series = f * f * (f * (1.0 / 3.0 - f * (0.25 - f * (0.2 - f * (1.0 / 6.0 - f * (1.0 / 7.0 - f * 0.125))))) - 0.5)
    return value + (f - (value - high) + (lost + (e * LN_2_REST + LOGS_REST[i] + series)))


def raised(base: float, exponent: float) -> float:
    """`base`, which is not negative (else nan), to the power of `exponent`; inf where 0 is raised to a negative power."""
    if exponent == 0.0 or base == 1.0:
        return 1.0
    if not base >= 0.0 or math.isnan(exponent):
        return math.nan
    if base in (0.0, math.inf):
        return math.inf if (exponent > 0.0) == (base > 0.0) else 0.0
    high, low = _log_in_two(base)
    exponent = min(max(exponent, -1e30), 1e30)  # beyond any that matters, and may still be split
    product, rest = _product(exponent, high)
    return _exp_of_two(product, rest + exponent * low)


def _log_in_two(x: float) -> tuple[float, float]:
    """`log` of a positive number as the sum of two: whatever rounding takes off large parts goes into the second."""
    m, e = math.frexp(x)
    i = int(m * 256.0 - 127.51)
    c = CENTRES[i]
    f = (m - c) / c
    upper, lower = _split(f)
    left = (m - c - upper * c - lower * c) / c  # of the quotient
    square, left_of_square = _product(f, f)
    high = e * LN_2 + LOGS[i]
    first = high + f
    second = first - 0.5 * square
    lost = f - (first - high) + (first - second - 0.5 * square)
    series = (
        f
        * square
        * (1.0 / 3.0 - f * (0.25 - f * (0.2 - f * (1.0 / 6.0 - f * (1.0 / 7.0 - f * (0.125 - f * (1.0 / 9.0)))))))
    )
    low = lost + (e * LN_2_REST + LOGS_REST[i]) + (left * (1.0 - f) - 0.5 * left_of_square + series)
    value = second + low
    return value, low - (value - second)


def _exp_of_two(high: float, low: float) -> float:
    """`exp` of the sum of two numbers, of which the second is small."""
    if not -750.0 < high < 710.0:
        return 0.0 if high < 0.0 else high * math.inf
    n = high * CELLS + WHOLE - WHOLE
    r = high - n * CELL + (low - n * CELL_REST)
    cell = int(n)
    j, k = cell & 255, cell >> 8
    value = ROOTS[j] + (
        ROOTS_REST[j] + ROOTS[j] * (r + r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0)))))
    )
    return (
        value * POWERS_OF_2[k >> 1] * POWERS_OF_2[k - (k >> 1)]
    )  # near the ends of the range 2^k alone may be no float


def _split(x: float) -> tuple[float, float]:
    """Two numbers of half the digits, whose sum is x (Veltkamp 1968)."""
    t = 134217729.0 * x  # 2^27 + 1
    upper = t - (t - x)
    return upper, x - upper


def _product(x: float, y: float) -> tuple[float, float]:
    """A product, and what rounding took off it (Dekker 1971)."""
    (a, b), (c, d) = _split(x), _split(y)
    product = x * y
    return product, a * c - product + a * d + b * c + b * d


def _difference(x: float, y: float) -> tuple[float, float]:
    """A difference, and what rounding took off it (Knuth 1969)."""
    found = x - y
    taken = x - found
    return found, x - (found + taken) + (taken - y)


MOST_RADIANS = 1e6


def cos(x: float) -> float:
    """Cosine of up to a million radians either way; nan beyond, where the parts of π would no longer do.

    Quarters of a circle, in parts of 33 bits, are taken off, which leaves the sum of two numbers, of up to an eighth; of that the sine or cosine by
    Taylor's series, whose parts are added up in the order of fdlibm (Sun Microsystems 1993).
    """
    if not -MOST_RADIANS <= x <= MOST_RADIANS:
        return math.nan
    n = x * _QUARTERS + WHOLE - WHOLE
    high, lost = _difference(x - n * _QUARTER, n * _QUARTER_2)
    high, more = _difference(high, n * _QUARTER_3)
    low = lost + more - n * _QUARTER_REST
    angle = high + low
    rest = low - (angle - high)
    quarter = int(n) & 3
    value = _sine(angle, rest) if quarter & 1 == 1 else _cosine(angle, rest)
    return -value if quarter in (1, 2) else value


def _cosine(x: float, rest: float) -> float:
    """Of x + rest."""
    z = x * x
    last = 1.0 / 479001600.0 - z * (1.0 / 87178291200.0 - z * (1.0 / 20922789888000.0 - z * (1.0 / 6402373705728000.0)))
    series = z * z * (1.0 / 24.0 - z * (1.0 / 720.0 - z * (1.0 / 40320.0 - z * (1.0 / 3628800.0 - z * last))))
    value = 1.0 - 0.5 * z
    return value + (1.0 - value - 0.5 * z + (series - x * rest))


def _sine(x: float, rest: float) -> float:
    """Of x + rest."""
    z = x * x
    last = 1.0 / 6227020800.0 - z * (
        1.0 / 1307674368000.0 - z * (1.0 / 355687428096000.0 - z * (1.0 / 121645100408832000.0))
    )
    series = z * (
        1.0 / 6.0 - z * (1.0 / 120.0 - z * (1.0 / 5040.0 - z * (1.0 / 362880.0 - z * (1.0 / 39916800.0 - z * last))))
    )
    return x + (rest * (1.0 - 0.5 * z) - x * series)

"""Exponentials and logarithms of many numbers at once: the formulas of `elementary`, to the same bits.

numpy's own differ with its version and with the processor.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from accesssim.world.elementary import (
    CELL,
    CELL_REST,
    CELLS,
    CENTRES,
    LN_2,
    LN_2_REST,
    LOGS,
    LOGS_REST,
    POWERS_OF_2,
    ROOTS,
    ROOTS_REST,
    WHOLE,
    exp,
    log,
)

Numbers = NDArray[np.float64]

FEW = 32  # so few are quicker one by one
_CENTRES, _LOGS, _LOGS_REST, _ROOTS, _ROOTS_REST, _POWERS_OF_2 = (
    np.array(table) for table in (CENTRES, LOGS, LOGS_REST, ROOTS, ROOTS_REST, POWERS_OF_2)
)


def exps(x: Numbers) -> Numbers:
    """`elementary.exp` of every element."""
    usual = (x > -708.0) & (x < 709.0)
    if x.size < FEW or not usual.all():
        return _apart(exp, exps, x, usual)
    n = x * CELLS + WHOLE - WHOLE
    r = x - n * CELL - n * CELL_REST
    cell = n.astype(np.int64)
    j = cell & 255
    root = _ROOTS[j]
    value: Numbers = root + (
        _ROOTS_REST[j] + root * (r + r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0)))))
    )
    value *= _POWERS_OF_2[cell >> 8]
    return value


def logs(x: Numbers) -> Numbers:
    """`elementary.log` of every element."""
    usual = (x > 0.0) & (x < math.inf)
    if x.size < FEW or not usual.all():
        return _apart(log, logs, x, usual)
    m, e = np.frexp(x)
    i = (m * 256.0 - 127.51).astype(np.int64)
    f = (m - _CENTRES[i]) / _CENTRES[i]
    high = e * LN_2 + _LOGS[i]
    value = high + f
    series = f * f * (f * (1.0 / 3.0 - f * (0.25 - f * (0.2 - f * (1.0 / 6.0 - f * (1.0 / 7.0 - f * 0.125))))) - 0.5)
    found: Numbers = value + (f - (value - high) + (e * LN_2_REST + _LOGS_REST[i] + series))
    return found


def _apart(
    one: Callable[[float], float], many: Callable[[Numbers], Numbers], x: Numbers, usual: NDArray[np.bool_]
) -> Numbers:
    """Few numbers one by one; of many those that are not usual."""
    alone = ~usual if x.size >= FEW else np.ones(x.shape, dtype=bool)
    found = np.empty(x.shape)
    found[alone] = [one(number) for number in x[alone].tolist()]
    if not alone.all():
        found[~alone] = many(x[~alone])
    return found

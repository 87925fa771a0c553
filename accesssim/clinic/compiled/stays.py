"""Lengths of stay, and gaps between arrivals (`accesssim.clinic.stays`)."""

from collections.abc import Sequence

import numpy as np

from accesssim.clinic.compiled.addresses import carray, pointer_to
from accesssim.clinic.compiled.arrays import World, parts_of, span_values_at, span_weights_at, spans_of
from accesssim.clinic.compiled.codes import nth_occasion
from accesssim.clinic.compiled.layout import Key
from accesssim.clinic.compiled.luck import uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import Failure, Purpose, exponential, found_span_days, normal, span_days
from accesssim.clinic.rules import laws_of_days
from accesssim.clinic.stays import ATTEMPTS


@native
def numbers_at(address: int, first: int, count: int) -> Sequence[float]:
    """Some of an array of numbers, as an array of their own."""
    found: Sequence[float] = carray(pointer_to(address + 8 * first), count, np.float64)
    return found


@native
def span(w: World, number: int, key: Key, occasion: int, purpose: int, found: bool) -> float:
    """`Stays.days`, `Stays.rest`."""
    whole, parts, part_number = spans_of(w)[number], parts_of(w), -1
    for attempt in range(ATTEMPTS):
        here = nth_occasion(attempt, occasion)
        if part_number < 0:
            part_number = whole.first + whole.count - 1
            if whole.count > 1:
                u = uniform(key, Purpose.STAY_PART, here)
                for nth in range(whole.count):
                    if u < (parts[whole.first + nth].found_bound if found else parts[whole.first + nth].bound):
                        part_number = whole.first + nth
                        break
        part = parts[part_number]
        values = numbers_at(span_values_at(w), part.at, part.count)
        weights = numbers_at(span_weights_at(w), part.at, part.count)
        law = laws_of_days.Law(part.kind, part.mean_days, part.sd, part.shape, part.scale, part.shift, values, weights)
        u = uniform(key, purpose, here)
        if found:
            second = exponential(uniform(key, Purpose.CASELOAD_AGE, nth_occasion(attempt, 1)))
            days = found_span_days(law, u, exponential(u), second, normal(u), uniform(key, Purpose.STAY_FOUND, here))
        else:
            days = span_days(law, u, exponential(u), normal(u))
        if part.least <= days <= part.most:
            if whole.least <= days <= whole.most:
                return uniform(key, Purpose.CASELOAD_AGE, 2) * days if found else days
            part_number = -1
    w.failed, w.failed_at = Failure.HARDLY_ANY, number
    return 1.0

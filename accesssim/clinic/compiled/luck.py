"""Luck by its address, as in `accesssim.world.chance`."""

import math

import numpy as np

from accesssim.clinic.compiled.arrays import World, drawn_of, in_tails_of, numbers_of
from accesssim.clinic.compiled.layout import Key, wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import central, exponential, mixed, normal, tail
from accesssim.clinic.found import ATTEMPT_BITS
from accesssim.world import chance
from accesssim.world.limits import FIRST_FOUND, FIRST_FOUND_IN_CARE

AT_A_TIME = 128
"""Draws, of possible needs mostly, that are made together."""


@native
def uniform(key: Key, purpose: int, n: int) -> float:
    """`chance.draw`."""
    return ((mixed(key ^ np.uint64(purpose << 32 | n)) >> np.uint64(11)) + 0.5) * 2.0**-53


@native
def z(key: Key, purpose: int, n: int) -> float:
    """`chance.normal` of a draw: a standard normal."""
    return normal(uniform(key, purpose, n))


@native
def two_normals(one: float, other: float) -> tuple[float, float]:
    """`z` of two uniforms: the central part of both side by side, as most lie there."""
    first, second = central(one - 0.5), central(other - 0.5)
    if abs(one - 0.5) > chance.CENTRE:
        first = normal(one)
    if abs(other - 0.5) > chance.CENTRE:
        second = normal(other)
    return first, second


@native
def normals(w: World, count: int) -> None:
    """`z` of up to AT_A_TIME uniforms in `drawn`, behind them: the central part of all at once, then the tails."""
    drawn, in_tails, few = drawn_of(w), in_tails_of(w), 0
    for nth in range(count):
        drawn[AT_A_TIME + nth] = central(drawn[nth] - 0.5)
        in_tails[few] = nth
        few += 1 if abs(drawn[nth] - 0.5) > chance.CENTRE else 0
    for nth in range(few):
        u = drawn[in_tails[nth]]
        drawn[2 * AT_A_TIME + nth] = exponential(u if u < 0.5 else 1.0 - u)
    for nth in range(few):
        drawn[2 * AT_A_TIME + nth] = tail(math.sqrt(drawn[2 * AT_A_TIME + nth]))
    for nth in range(few):
        here = in_tails[nth]
        drawn[AT_A_TIME + here] = -drawn[2 * AT_A_TIME + nth] if drawn[here] < 0.5 else drawn[2 * AT_A_TIME + nth]


@native
def luck_of(w: World, p: Person) -> Key:
    """The key of a person's draws; worked out as often as it is asked for, it need not be kept."""
    if p.number < FIRST_FOUND:
        return mixed(w.root ^ np.uint64(p.number))
    return luck_of_found(w, wide(p.number), wide(p.tried))


@native
def luck_of_found(w: World, number: int, attempt: int) -> Key:
    """`Found.key`: of one of the candidates for a place in which somebody is found on day 0."""
    kinds, first, which = w.path_count + 1, FIRST_FOUND, 0
    if number >= FIRST_FOUND_IN_CARE:
        first, which = FIRST_FOUND_IN_CARE, kinds
        kinds = w.staff_count + w.list_count
    which += (number - first) % kinds
    nth = (number - first) // kinds
    return mixed(w.root ^ np.uint64(numbers_of(w)[w.found_at + which] ^ (nth << ATTEMPT_BITS | attempt)))

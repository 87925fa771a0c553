"""Every random draw, addressed: (seed, replication, entity, purpose, n) gives one number, whatever else is asked.

So a person, a holder of a post and a day have the same luck under every policy, and nothing depends on the order of
asking. `Chance.uniform` hashes one address; `Chance.table` hashes many at once with numpy and gives the same numbers.
"""

import math
from collections.abc import Iterable, Sequence
from enum import IntEnum, unique
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from accesssim.world.blocks import logs
from accesssim.world.elementary import log
from accesssim.world.errors import AccessSimError

_MASK = (1 << 64) - 1
_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

#: Entities of different kinds never share an address.
PERSON, HOLDER, SERVICE = 0, 1 << 62, 1 << 63


@unique
class Purpose(IntEnum):
    """What a draw is for. The numbers are part of every seed's meaning: never reuse or renumber one."""

    GAP = 1
    DEMAND = 2
    SEVERITY = 3
    COMPLEX = 4
    STIGMA = 5
    DELAY = 6
    REMISSION = 7
    DRIFT = 8
    ROUTE = 9
    PATIENCE = 10
    CRISIS = 11
    CRISIS_HOURS = 12
    DEPRESSION_PART = 13
    ANXIETY_PART = 14
    DEPRESSION_ERROR = 15
    ANXIETY_ERROR = 16
    RED_TAPE = 17
    ASSESSMENT_ATTENDED = 18
    SUITABLE = 19
    RECOGNISED = 20
    EMERGENCY = 21
    ONE_CONTACT = 22
    ALLIANCE = 23
    CEILING = 24
    RESPONSE = 25
    FLOOR = 26
    DROPOUT = 27
    ATTENDANCE = 28
    STOPPING = 29
    RELAPSE = 30
    RETURN = 31
    RETURN_DELAY = 32
    STEP_UP = 33
    CASELOAD_AGE = 34
    TRANSFER_PATIENCE = 35
    STAY = 36
    STAY_ROUNDING = 37
    HOME_TEAM = 38
    STAY_PART = 39
    SUSCEPTIBILITY = 40
    SKILL = 41
    SHORT_ABSENCE = 42
    LONG_ABSENCE = 43
    CAREER = 44
    EXHAUSTED_LEAVING = 45
    LEAVE_WEEK = 46
    TENURE = 47
    STAY_FOUND = 48
    AFTER_WITHDRAWAL = 49
    EMERGENCY_HOURS = 50
    FOUND = 51
    #: Purposes from here on are the names of red-tape steps (see `named`).
    NAMED = 1 << 16


def named(name: str, part: int) -> int:
    """Purpose of a draw that belongs to a name in the scenario, so that adding another name moves nobody's luck."""
    return Purpose.NAMED + (crc32(name.encode()) % (1 << 24)) * 8 + part


def holder(group: str, place: int, turn: int) -> int:
    """Entity of the `turn`-th holder of the `place`-th post of a group."""
    return HOLDER | (crc32(group.encode()) << 28) | (place << 12) | turn


def place_found(name: str) -> int:
    """Whose luck those are drawn by who are found on day 0 in a place of this name: a number of some 61 bits."""
    return mix(crc32(name.encode())) >> 3


def mix(x: int) -> int:
    """Finaliser of splitmix64 (Steele, Lea and Flood 2014): scatters 64 bits."""
    x = (x + _STEP) & _MASK
    x = ((x ^ (x >> 30)) * _FIRST) & _MASK
    x = ((x ^ (x >> 27)) * _SECOND) & _MASK
    return x ^ (x >> 31)


def mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`mix` of every element."""
    x = x + np.uint64(_STEP)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(_FIRST)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(_SECOND)
    return x ^ (x >> np.uint64(31))


def draw(key: int, purpose: int, n: int = 0) -> float:
    """One number strictly between 0 and 1, at an address of the entity with this key (see `Chance.keys`)."""
    return ((mix(key ^ (purpose << 32 | n)) >> 11) + 0.5) * 2.0**-53


class NoSuchLuck(AccessSimError):
    """A seed, or the number of a replication, that is none."""


class Chance:
    """The luck of one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        """Raises NoSuchLuck for what is not a whole number from 0 on, or has more than 63 bits."""
        for name, number in (("seed", seed), ("replication", replication)):
            if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number < 1 << 63:
                raise NoSuchLuck(f"{name} = {number!r} must be a whole number between 0 and {(1 << 63) - 1}")
        self.seed, self.replication = int(seed), int(replication)
        self.root = mix(mix(self.seed) ^ self.replication)

    def uniform(self, entity: int, purpose: int, n: int = 0) -> float:
        """One number strictly between 0 and 1."""
        return draw(mix(self.root ^ entity), purpose, n)

    def keys(self, entities: Sequence[int]) -> list[int]:
        """What `draw` needs to know of each entity."""
        keys: list[int] = mixed(np.uint64(self.root) ^ np.array(entities, dtype=np.uint64)).tolist()
        return keys

    def table(self, entities: Sequence[int], addresses: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Numbers of many entities (rows) at many `addresses` (columns); each equals `uniform`'s."""
        keys = mixed(np.uint64(self.root) ^ np.array(entities, dtype=np.uint64))[:, None] ^ addresses[None, :]
        return np.asarray(((mixed(keys) >> np.uint64(11)) + 0.5) * 2.0**-53, dtype=np.float64)


def addresses(pairs: Iterable[tuple[int, int]]) -> NDArray[np.uint64]:
    """Addresses (purpose, n) for `Chance.table`."""
    return np.array([purpose << 32 | n for purpose, n in pairs], dtype=np.uint64)


def exponential(u: float) -> float:
    """Exponential with mean 1 from a uniform: the threshold at which a summed hazard fires."""
    return -log(u)


def exponentials(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """`exponential` of every element, to the same bits."""
    return -logs(u)


CENTRE = 0.425
"""How far from a half a uniform may be for `normal_centre`."""


def normal(u: float) -> float:
    """Standard normal from a uniform: the quantile of Wichura 1988 (Applied Statistics algorithm AS 241, PPND16).

    Written out so that it is the same to the last bit on every machine and in a compiled engine.
    """
    q = u - 0.5
    if -CENTRE <= q <= CENTRE:
        return normal_centre(q)
    value = normal_tail(math.sqrt(-log(u if q < 0 else 1.0 - u)))
    return -value if q < 0 else value


_FEW = 64  # so few are quicker one by one
_Number = TypeVar("_Number", float, NDArray[np.float64])


def normal_centre(q: _Number) -> _Number:
    """The central part of the normal quantile: sums, products and one quotient, so numpy gives the same bits."""
    r = 0.180625 - q * q
    return q * (
        (
            (
                (
                    (
                        (
                            ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                            + 45921.953931549871457
                        )
                        * r
                        + 13731.693765509461125
                    )
                    * r
                    + 1971.5909503065514427
                )
                * r
                + 133.14166789178437745
            )
            * r
            + 3.387132872796366608
        )
        / (
            (
                (
                    (
                        (
                            ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                            + 21213.794301586595867
                        )
                        * r
                        + 5394.1960214247511077
                    )
                    * r
                    + 687.1870074920579083
                )
                * r
                + 42.313330701600911252
            )
            * r
            + 1.0
        )
    )


def normal_tail(r: float) -> float:
    """The upper tail; `r` is the root of minus the logarithm of what lies beyond."""
    return _tail(r - 1.6) if r <= 5.0 else _far_tail(r - 5.0)


def _tail(r: _Number) -> _Number:
    """The same of the tails, until about one in ten to the eleventh."""
    return (
        (
            (
                (
                    (
                        ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        )
        * r
        + 1.42343711074968357734
    ) / (
        (
            (
                (
                    (
                        ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        )
        * r
        + 1.0
    )


def _far_tail(r: float) -> float:
    return (
        (
            (
                (
                    (
                        ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        )
        * r
        + 6.6579046435011037772
    ) / (
        (
            (
                (
                    (
                        ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        )
        * r
        + 1.0
    )


def normals(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """`normal` of every element, to the same bits."""
    if u.size < _FEW:
        return np.array([normal(one) for one in u.ravel().tolist()]).reshape(u.shape)
    q = u - 0.5
    z = normal_centre(q)
    tails = np.abs(q) > CENTRE
    low = q[tails] < 0
    r = np.sqrt(exponentials(np.where(low, u[tails], 1.0 - u[tails])))
    value = _tail(r - 1.6)
    far = r > 5.0
    if far.any():
        value[far] = [_far_tail(one - 5.0) for one in r[far].tolist()]
    z[tails] = np.where(low, -value, value)
    return z

"""What queueing theory knows of lists before places: means in the long run.

Times are in mean stays; a load is the work that comes over what the places can do.
"""

import math
from collections.abc import Callable, Sequence

from scipy import optimize, stats


def erlang_c(places: int, offered: float) -> float:
    """Chance of waiting in M/M/c (Erlang 1917), through the recursion of Erlang B; `offered` is places times load."""
    blocked = 1.0
    for number in range(1, places + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked / (1 - offered / places * (1 - blocked))


def m_m_c(places: int, load: float) -> float:
    """Mean wait of M/M/c."""
    return erlang_c(places, load * places) / (places * (1 - load))


def crommelin(places: int, load: float) -> float:
    """Mean wait of M/D/c (Crommelin 1932), summed."""
    offered = places * load
    return float(
        sum(
            stats.poisson.sf(i * places - 1, i * offered) - places / offered * stats.poisson.sf(i * places, i * offered)
            for i in range(1, 600)
        )
    )


def erlang_a(places: int, offered: float, patience: float) -> tuple[float, float]:
    """People waiting, and the share who leave, of M/M/c with exponential patience (its mean in stays): the birth-death chain."""
    weights = [1.0]
    for number in range(1, 1500):
        weights.append(weights[-1] * offered / (min(number, places) + max(number - places, 0) / patience))
    whole = sum(weights)
    waiting = sum(weight * max(number - places, 0) for number, weight in enumerate(weights)) / whole
    return waiting, waiting / patience / offered


def cobham(places: int, load: float, shares: Sequence[float]) -> list[float]:
    """Mean wait by class, the first going first, of M/M/c without interruption (Cobham 1954)."""
    waits, before = [], 0.0
    for share in shares:
        waits.append(erlang_c(places, places * load) / places / ((1 - load * before) * (1 - load * (before + share))))
        before += share
    return waits


def accumulating(places: int, load: float, shares: Sequence[float], rates: Sequence[float]) -> list[float]:
    """Mean wait by class of M/M/c where priority is gained at these rates, falling.

    Kleinrock 1964; for several servers Sharif, Stanford, Taylor and Ziedins 2014.
    """
    waits = [0.0] * len(shares)
    for one in reversed(range(len(shares))):
        slower = sum(
            load * shares[two] * waits[two] * (1 - rates[two] / rates[one]) for two in range(one + 1, len(shares))
        )
        faster = sum(load * shares[two] * (1 - rates[one] / rates[two]) for two in range(one))
        waits[one] = (m_m_c(places, load) - slower) / (1 - faster)
    return waits


def withdrawal(arrivals: float, starts: float, hazard: Callable[[int], float]) -> dict[str, float]:
    """First come, first served, with a hazard h(x) of leaving by whole day x.

    The wait is that w at which S(w) = starts / arrivals, where S(w) is the product of 1 - h(x) for x below w.
    """
    survival, day, waiting = 1.0, 1, 0.0
    while survival * (1 - hazard(day)) > starts / arrivals:
        waiting += survival
        survival *= 1 - hazard(day)
        day += 1
    part = math.log(survival * arrivals / starts) / -math.log1p(-hazard(day))  # of a day
    return {
        "wait": day + part,
        "list": arrivals * (waiting + survival * (1 + part * (1 - hazard(day)))),
        "lost": 1 - starts / arrivals,
    }


def d_m_1(load: float) -> float:
    """Mean wait of D/M/1: the root of s = exp(-(1 - s) / load)."""
    root = optimize.brentq(lambda s: s - math.exp(-(1 - s) / load), 1e-9, 1 - 1e-6)
    return float(root / (1 - root))

"""How near the elementary functions come to the truth, beside those of the C library: `python -m tests.benchmarks.arithmetic [--inputs N] [--write]`.

The truth is mpmath's, to 110 bits. A million inputs each take some ten minutes; `--write` puts the table into `docs/arithmetic.md`.
"""

import argparse
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import mpmath
import numpy as np

from accesssim.world import elementary
from tests.benchmarks.tables import show

PAGE = "arithmetic.md"
HEADING = (
    "| | largest error | mean error | largest of the C library | its mean |",
    "| --- | ---: | ---: | ---: | ---: |",
)
Inputs = tuple[np.ndarray, ...]
PIECES = 20


class Function(NamedTuple):
    """A function of ours, the same of the C library, the true one, and inputs for which it is finite: each kind makes so many."""

    ours: Callable[..., float]
    theirs: Callable[..., float]
    true: Callable[..., mpmath.mpf]
    kinds: tuple[Callable[[np.random.Generator, int], Inputs], ...]


def between(low: float, high: float) -> Callable[[np.random.Generator, int], Inputs]:
    """Evenly spread."""
    return lambda luck, count: (luck.uniform(low, high, count),)


def small(low: float, high: float, about: float = 0.0) -> Callable[[np.random.Generator, int], Inputs]:
    """Of every size from 2^low to 2^high, on both sides of `about`."""
    return lambda luck, count: (about + luck.choice([-1.0, 1.0], count) * np.exp2(luck.uniform(low, high, count)),)


def sizes(low: float, high: float) -> Callable[[np.random.Generator, int], Inputs]:
    """The same of positive numbers, subnormal ones among them."""
    return lambda luck, count: (np.maximum(np.exp2(luck.uniform(low, high, count)), 5e-324),)


def beside(values: np.ndarray, luck: np.random.Generator, count: int) -> Inputs:
    """Numbers next to some, and two and three further."""
    return (np.asarray(luck.choice(values, count) * (1.0 + luck.integers(-3, 4, count) * 2.0**-53)),)


def borders_of_exp(luck: np.random.Generator, count: int) -> Inputs:
    """Where one entry of the table of powers gives way to the next."""
    return beside((np.arange(-9000, 9000) + 0.5) * math.log(2.0) / 256.0, luck, count)


def borders_of_log(luck: np.random.Generator, count: int) -> Inputs:
    """Where one entry of the table of logarithms gives way to the next."""
    values = np.concatenate([(np.arange(128, 256) + 0.51) / 256.0, np.arange(128, 257) / 256.0])
    return beside(np.concatenate([values * 2.0**e for e in (-300, -2, -1, 0, 1, 2, 300)]), luck, count)


def quarters(luck: np.random.Generator, count: int) -> Inputs:
    """Next to whole quarters of a circle, where nearly everything cancels."""
    return beside(np.arange(-600_000, 600_000) * (math.pi / 2.0), luck, count)


def powers(luck: np.random.Generator, count: int) -> Inputs:
    """Bases of all sizes and near 1, with exponents whose powers are finite; and what growth and hazards ask for."""
    third = count // 3
    (of_all_sizes,), (near_1,), usual = (
        sizes(-1000.0, 1000.0)(luck, third),
        small(-50.0, -1.5, 1.0)(luck, third),
        luck.uniform(0.01, 4.0, count - 2 * third),
    )
    bases = np.concatenate([of_all_sizes, near_1, usual])
    exponents = luck.uniform(-740.0, 709.0, count) / np.log(bases)
    exponents[-len(usual) // 2 :] = luck.uniform(-5.0, 5.0, -(-len(usual) // 2))
    return bases, np.where(np.isfinite(exponents), exponents, 2.0)


FUNCTIONS = {
    "exp": Function(
        elementary.exp, math.exp, mpmath.exp,
        (between(-745.0, 709.78), between(-2.0, 2.0), between(-745.13, -707.0), borders_of_exp, small(-60.0, -1.0)),
    ),
    "log": Function(
        elementary.log, math.log, mpmath.log,
        (between(0.0, 1.0), sizes(-1074.0, 1023.9), between(0.98, 1.02), borders_of_log, small(-52.0, -2.0, 1.0)),
    ),
    "log1p": Function(
        elementary.log1p, math.log1p, mpmath.log1p,
        (between(-0.999, 1.0), sizes(-1000.0, 1023.9), between(-0.02, 0.02), small(-60.0, -1.0), small(-53.0, -30.0, -1.0 + 2.0**-30)),
    ),
    "expm1": Function(
        elementary.expm1, math.expm1, mpmath.expm1,
        (between(-40.0, 700.0), between(-1.0, 1.0), between(-0.03, 0.03), borders_of_exp, small(-60.0, 0.0)),
    ),
    "power": Function(elementary.raised, math.pow, mpmath.power, (powers,)),
    "cosine": Function(elementary.cos, math.cos, mpmath.cos, (between(-7.0, 7.0), between(-1e6, 1e6), quarters, small(-40.0, 0.0))),
}  # fmt: skip


def inputs(name: str, count: int, seed: int) -> Inputs:
    """About so many inputs of a function, of each of its kinds as many."""
    luck, kinds = np.random.default_rng([seed, len(name), ord(name[0])]), FUNCTIONS[name].kinds
    made = [kind(luck, -(-count // len(kinds))) for kind in kinds]
    return tuple(np.concatenate(column) for column in zip(*made, strict=True))


def outputs(function: Callable[..., float], given: Inputs) -> np.ndarray:
    """What a function gives, one by one."""
    return np.array([function(*row) for row in zip(*(column.tolist() for column in given), strict=True)])


def errors(name: str, given: Inputs, *found: np.ndarray) -> list[np.ndarray]:
    """How far each of what was found is from the truth, in units of the last place of that."""
    nearest, beyond = np.empty(len(given[0])), np.empty(len(given[0]))
    with mpmath.workprec(110):
        for number, row in enumerate(zip(*(column.tolist() for column in given), strict=True)):
            true = FUNCTIONS[name].true(*map(mpmath.mpf, row))
            nearest[number] = near = float(true)
            beyond[number] = (true - near) / math.ulp(near)
    return [np.abs((one - nearest) / np.spacing(np.abs(nearest)) - beyond) for one in found]


def compared(name: str, count: int, seed: int) -> np.ndarray:
    """Largest error and sum of errors, of ours and of the C library."""
    given, function = inputs(name, count, seed), FUNCTIONS[name]
    found = errors(name, given, outputs(function.ours, given), outputs(function.theirs, given))
    return np.array([figure for one in found for figure in (one.max(), one.sum() / len(one))])


def rows(count: int, workers: int) -> Iterator[str]:
    """The lines of the table."""
    with ProcessPoolExecutor(workers) as pool:
        for name in FUNCTIONS:
            pieces = np.array(list(pool.map(compared, [name] * PIECES, [count // PIECES] * PIECES, range(PIECES))))
            most, mean = pieces.max(axis=0), pieces.mean(axis=0)
            yield f"| {name} | {most[0]:.3f} | {mean[1]:.3f} | {most[2]:.3f} | {mean[3]:.3f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    show(PAGE, HEADING, rows(asked.inputs, asked.workers), write=asked.write)


if __name__ == "__main__":
    main()

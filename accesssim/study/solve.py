"""The other direction: the smallest lever that meets a target in a stated share of futures.

The share of futures in which a target is met is taken to rise with the lever, and is looked at by halving the range: each value is run in the same
futures, so that a larger lever is judged by the same luck. Its doubt is told by the interval of Clopper and Pearson (1934).
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from accesssim.study.experiment import Experiment
from accesssim.study.measures import MEASURES, misnamed, out_of_reach, ungrouped
from accesssim.study.structure import near
from accesssim.world.declared import declaration
from accesssim.world.errors import AccessSimError, Problem, ScenarioError
from accesssim.world.scenario import Scenario

HALVINGS = 7
"""How often the range of a lever that is no whole number is halved."""


@dataclass(frozen=True)
class Target:
    """A measure, and the value that it must not fall below, or not rise above."""

    measure: str
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        return f"{self.measure} {'>=' if self.at_least is not None else '<='} {self.bound:g}"

    @property
    def bound(self) -> float:
        """The value."""
        return self.at_least if self.at_least is not None else self.at_most if self.at_most is not None else math.nan

    def met(self, values: "np.ndarray[Any, np.dtype[np.float64]]") -> int:
        """In how many futures it is met; where there was nobody to measure it is not."""
        return int((values >= self.bound).sum() if self.at_least is not None else (values <= self.bound).sum())


@dataclass(frozen=True)
class Tried:
    """A value of the lever: in how many of its futures the target was met, the 95 % interval of that share, and the mean of the measure."""

    value: float
    runs: int
    met: int
    low: float
    high: float
    mean: float

    @property
    def share(self) -> float:
        """Share of futures in which the target was met."""
        return self.met / self.runs if self.runs else math.nan


@dataclass(frozen=True)
class Solution:
    """The smallest value that meets the target, None where none in the range does; and all that was tried, in order of value."""

    lever: str
    between: tuple[float, float]
    target: Target
    chance: float
    value: float | None
    tried: tuple[Tried, ...]

    @property
    def runs(self) -> int:
        """Runs that it took."""
        return sum(one.runs for one in self.tried)


def solve(
    scenario: Scenario, lever: str, between: tuple[float, float], target: Target, *, chance: float = 0.8, replications: int = 40, seed: int | None = None,
    workers: int = 1, out: str | os.PathLike[str] | None = None, engine: str | None = None, progress: Callable[[Tried], None] | None = None, say: Callable[[str], None] = lambda _: None,
) -> Solution:
    """Search by halving. With `out` each value has a result folder in it, and run again the search goes on from there; `say`: as `Experiment.run`'s.

    Raises ScenarioError if lever, range or target make no sense.
    """
    _check(scenario, lever, between, target, chance)
    declared = declaration(lever)
    whole = declared is not None and declared.type is int
    steps = round(between[1] - between[0]) if whole else 2**HALVINGS
    tried: dict[int, Tried] = {}

    def value_at(step: int) -> float:
        return between[0] + step if whole else float(f"{between[0] + (between[1] - between[0]) * step / steps:.6g}")

    def enough(step: int) -> bool:
        if step not in tried:
            tried[step] = _try(scenario, lever, value_at(step), target, replications, seed, workers, out, engine, say)
            if progress is not None:
                progress(tried[step])
        return tried[step].share >= chance

    answer: int | None = None
    if enough(steps):
        low, answer = -1, steps  # the highest that is known not to do, and the lowest that is known to
        if enough(0):
            answer = 0
        else:
            low = 0
            while answer - low > 1:
                middle = (low + answer) // 2
                low, answer = (low, middle) if enough(middle) else (middle, answer)
    found = None if answer is None else value_at(answer)
    return Solution(lever, between, target, chance, found, tuple(tried[step] for step in sorted(tried)))


def most_values(lever: str, between: tuple[float, float]) -> int:
    """How many values a search may try: both ends, and one for each halving."""
    declared = declaration(lever)
    steps = between[1] - between[0] if declared is not None and declared.type is int else 2**HALVINGS
    return 2 + math.ceil(math.log2(max(steps, 1)))


def _try(scenario: Scenario, lever: str, value: float, target: Target, replications: int, seed: int | None, workers: int, out: str | os.PathLike[str] | None, engine: str | None, say: Callable[[str], None]) -> Tried:
    from scipy.stats import binomtest

    study = Experiment(scenario.replace({lever: value}), replications=replications, seed=seed, name=f"{lever}={value:g}")
    result = study.run(out=None if out is None else os.path.join(out, f"at-{value:g}"), workers=workers, engine=engine, say=say)
    values = result.runs[target.measure].to_numpy(dtype=float) if target.measure in result.measures else np.full(result.count, np.nan)
    met, runs = target.met(values), len(values)
    interval = binomtest(met, runs).proportion_ci(0.95) if runs else None
    low, high = (float(interval.low), float(interval.high)) if interval is not None else (0.0, 1.0)
    return Tried(value, runs, met, low, high, float(np.nanmean(values)) if runs and not np.isnan(values).all() else math.nan)


def _check(scenario: Scenario, lever: str, between: tuple[float, float], target: Target, chance: float) -> None:
    problems = []
    if between[0] >= between[1]:
        problems.append(Problem("between", f"between {between[0]:g} and {between[1]:g} must run from a smaller to a larger value"))
    if not 0.0 < chance <= 1.0:
        problems.append(Problem("chance", f"chance = {chance:g} must be above 0 and at most 1: the share of futures in which the target is met"))
    if ungrouped(target.measure) not in MEASURES:
        problems.append(Problem("target", f"{target.measure} is not a measure{near(target.measure, list(MEASURES))}"))
    else:
        bounds = [out_of_reach(target.measure, bound) for bound in (target.at_least, target.at_most) if bound is not None]
        problems += [Problem("target", words) for words in (misnamed(target.measure, scenario), *bounds) if words]
    for end in between:
        try:
            scenario.replace({lever: end}, place="lever")
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
            break
    if problems:
        raise ScenarioError(problems)


def target_of(text: str) -> Target:
    """`started_by_18_weeks_share >= 0.95` as a target. Raises AccessSimError."""
    for sign in (">=", "<="):
        name, found, bound = text.partition(sign)
        if found:
            try:
                value = float(bound.strip().rstrip("%")) / (100.0 if bound.strip().endswith("%") else 1.0)
            except ValueError:
                break
            return Target(name.strip(), at_least=value) if sign == ">=" else Target(name.strip(), at_most=value)
    raise AccessSimError(f"--target {text} must be such as --target 'started_by_18_weeks_share >= 0.95', with >= or <= and a number.")

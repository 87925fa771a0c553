"""The other direction: the smallest lever that meets a target in a stated share of futures.

The share of futures in which a target is met is taken to rise with the lever, and is looked at by halving the range:
each value is run in the same futures, so that a larger lever is judged by the same luck. Its doubt is told by the
interval of Clopper and Pearson (1934). Where the largest value does not do and the smallest does, the lever works the
other way, and that is said.

A future that failed may have met the target or not. A value does if it does even with all of these missed, and does
not if it would not even with all met; between the two it is open, and the search goes on above it.
"""

import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from accesssim.clinic.demand_limits import check_demand
from accesssim.clinic.engines import Engine, prepare
from accesssim.study.asking.condition import Condition, condition, unfit
from accesssim.study.asking.estimates import seconds_per_run, soonest
from accesssim.study.asking.experiment import MOST_RUNS, Experiment, TooManyRuns
from accesssim.study.measuring.measures import no_objective
from accesssim.study.running import disk
from accesssim.study.running.folder import ResultFolder
from accesssim.world.checking.declared import declaration
from accesssim.world.errors import AccessSimError, Problem, ScenarioError
from accesssim.world.scenario import Scenario

if TYPE_CHECKING:
    from accesssim.study.result import Result

HALVINGS = 7
"""How often the range of a lever that is not a whole number is halved."""

VALUE = re.compile(r"at-[-+.e0-9]+")
"""The folder of a value in that of a search."""


@dataclass(frozen=True)
class Target:
    """A measure, and the value that it must not fall below, or not rise above."""

    measure: str
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        return f"{self.measure} {'>=' if self.at_least is not None else '<='} {self.bound:.12g}"

    @property
    def bound(self) -> float:
        """The value."""
        return self.at_least if self.at_least is not None else self.at_most if self.at_most is not None else math.nan

    def met(self, values: "np.ndarray[Any, np.dtype[np.float64]]") -> int:
        """In how many futures it is met; where there was nobody to measure it is not."""
        return int((values >= self.bound).sum() if self.at_least is not None else (values <= self.bound).sum())


@dataclass(frozen=True)
class Tried:
    """A value of the lever: in how many of its futures the target was met, the 95 % interval of that share, and the mean of the measure.

    `failed` of the futures are not known, of which `error` is the first: `share` counts them as missed, `most` as met, and the interval holds both.
    """

    value: float
    runs: int
    met: int
    low: float
    high: float
    mean: float
    failed: int = 0
    error: str = ""

    @property
    def share(self) -> float:
        """Share of futures in which the target is known to have been met."""
        return self.met / self.runs

    @property
    def most(self) -> float:
        """The same if it was met in all that failed."""
        return (self.met + self.failed) / self.runs


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
    def falls(self) -> bool:
        """Whether the smallest value meets the target and the largest does not."""
        return self.value == self.between[0] and self.tried[-1].most < self.chance

    @property
    def above(self) -> float | None:
        """The value tried just below the one that is found, where the lever has others between the two: how finely was looked."""
        below = [one.value for one in self.tried if self.value is not None and one.value < self.value]
        return below[-1] if below and not (is_whole(self.lever) and self.value == below[-1] + 1) else None

    @property
    def runs(self) -> int:
        """Runs that it took."""
        return sum(one.runs for one in self.tried)

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return sum(one.failed for one in self.tried)

    @property
    def open(self) -> tuple[Tried, ...]:
        """Values of which failed futures leave open whether they do, below the one that does."""
        return tuple(one for one in self.tried if one.share < self.chance <= one.most)


def solve(
    scenario: Scenario,
    lever: str,
    between: tuple[float, float],
    target: Target,
    *,
    chance: float = 0.8,
    replications: int = 40,
    seed: int | None = None,
    workers: int = 1,
    out: str | os.PathLike[str] | None = None,
    engine: str | None = None,
    progress: Callable[[Tried], None] | None = None,
    say: Callable[[str], None] = lambda _: None,
    most_runs: int = MOST_RUNS,
    update: bool = False,
) -> Solution:
    """Search by halving.

    With `out` each value has a result folder in it, and run again the search goes on from there, also with more
    replications.

    `say` and `update`: as `Experiment.run`'s. Raises ScenarioError if lever, range or target make no sense, and
    TooManyRuns if it may take more than `most_runs`.
    """
    _check(scenario, lever, between, target, chance)
    refuse_too_many(scenario, lever, between, replications, most_runs)
    if out is not None:
        _refuse_links(Path(out))
    whole = is_whole(lever)
    steps = round(between[1] - between[0]) if whole else 2**HALVINGS
    asked, engine = engine, engine_of_search(engine, scenario, lever, between, replications, workers)
    prepare(engine, say, asked=asked)
    tried: dict[int, Tried] = {}

    def value_at(step: int) -> float:
        return between[0] + step if whole else _between(between, step / steps)

    def run(value: float) -> "Result":
        folder = None if out is None else os.path.join(out, f"at-{exact(value)}")

        def study(number: int) -> Experiment:
            return Experiment(
                scenario.replace({lever: value}),
                replications=number,
                seed=seed,
                name=f"{lever}={exact(value)}",
                most_runs=replications,
            )

        kept = replications if folder is None or update else _kept(study(replications), folder, engine)
        for more in (0, replications - kept) if kept < replications else ():  # finished first, then added to
            study(kept).run(out=folder, workers=workers, engine=engine, say=say, more=more)
        return study(replications).run(out=folder, workers=workers, engine=engine, say=say, update=update)

    def enough(step: int) -> bool:
        if step not in tried:
            tried[step] = _tried(value_at(step), run(value_at(step)), target, replications)
            if progress is not None:
                progress(tried[step])
        return tried[step].share >= chance

    answer = _halved(enough, steps)
    found = None if answer is None else value_at(answer)
    return Solution(lever, between, target, chance, found, tuple(tried[step] for step in sorted(tried)))


def _halved(enough: Callable[[int], bool], steps: int) -> int | None:
    """The lowest step known to be enough, from both ends; None where neither is. Where the lowest alone is, the lever works the other way."""
    if not enough(steps):
        return 0 if enough(0) else None
    low, high = 0, 0 if enough(0) else steps  # the highest that is known not to do, and the lowest that is known to
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _refuse_links(out: Path) -> None:
    """Every value's folder is looked at before the first of them is worked in. Raises FolderError."""
    for name in disk.names(out):
        if VALUE.fullmatch(name):
            disk.refuse_link(out / name)
            disk.refuse_links(out / name)


def most_values(lever: str, between: tuple[float, float]) -> int:
    """How many values a search may try: both ends, and one for each halving."""
    steps = between[1] - between[0] if is_whole(lever) else 2**HALVINGS
    return 2 + math.ceil(math.log2(max(steps, 1)))


def engine_of_search(
    engine: str | None, scenario: Scenario, lever: str, between: tuple[float, float], replications: int, workers: int
) -> Engine:
    """The engine that is named, else the one that ends the whole search sooner. Raises NoSuchEngine."""
    return soonest(engine, [(scenario, most_values(lever, between) * replications)], workers)


def refuse_too_many(
    scenario: Scenario, lever: str, between: tuple[float, float], replications: int, most_runs: int
) -> None:
    """Raise TooManyRuns where a search may take more than that: every value that it may try, in every future."""
    runs = most_values(lever, between) * replications
    if runs > most_runs:
        hours = runs * seconds_per_run(scenario) / 3600
        raise TooManyRuns(
            f"the search may take {runs:,} runs, about {hours:,.0f} hours of work for one worker; the limit is "
            f"{most_runs:,}. Ask for fewer replications, or allow them with: --max-runs {runs}"
        )


def exact(value: float) -> str:
    """A value in full, so that no two are written alike: 2 for 2.0, 2345671.5 for itself."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def is_whole(lever: str) -> bool:
    """Whether a lever takes whole numbers alone."""
    declared = declaration(lever)
    return declared is not None and declared.type is int


def _between(ends: tuple[float, float], share: float) -> float:
    """A value in a range with six digits, or as many as tell the steps of the search apart.

    The ends are themselves, and nothing is rounded past them.
    """
    low, high = ends
    if share in (0.0, 1.0):
        return ends[round(share)]
    digits = max(6, 2 + math.ceil(math.log10(max(abs(low), abs(high)) / (high - low) * 2**HALVINGS)))
    return min(max(float(f"{low + (high - low) * share:.{min(digits, 17)}g}"), low), high)


def _kept(study: Experiment, folder: str, engine: str | None) -> int:
    """How many replications a value's folder was to hold, where it answers the same question with fewer; as many as are asked for otherwise."""
    held = ResultFolder(folder)
    if not (held.path / "plan.json").is_file():
        return study.replications
    plan = held.plan()
    return (
        study.replications
        if study.plan(engine).cut_as(plan).differences(plan)
        else min(plan.replications, study.replications)
    )


def _tried(value: float, result: "Result", target: Target, replications: int) -> Tried:
    """What is known of a value: of the futures that are asked for, though its folder may hold more."""
    from scipy.stats import binomtest

    runs, failures = (
        table[table["replication"] < replications] if len(table) else table for table in (result.runs, result.failures)
    )
    values = runs[target.measure].to_numpy(dtype=float) if target.measure in runs else np.full(len(runs), np.nan)
    met, failed = target.met(values), len(failures)
    asked = len(values) + failed
    low, high = (
        float(binomtest(met, asked).proportion_ci(0.95).low),
        float(binomtest(met + failed, asked).proportion_ci(0.95).high),
    )
    error = f"replication {failures.iloc[0]['replication']}: {failures.iloc[0]['error']}" if failed else ""
    return Tried(
        value, asked, met, low, high, math.nan if np.isnan(values).all() else float(np.nanmean(values)), failed, error
    )


def _check(scenario: Scenario, lever: str, between: tuple[float, float], target: Target, chance: float) -> None:
    problems = []
    if not between[0] < between[1] or not all(map(math.isfinite, between)):
        problems.append(
            Problem("between", f"between {between[0]:g} and {between[1]:g} must run from a smaller to a larger value")
        )
    if not 0.0 < chance <= 1.0:
        problems.append(
            Problem(
                "chance",
                f"chance = {chance:g} must be above 0 and at most 1: the share of futures in which the target is met",
            )
        )
    if not math.isfinite(target.bound):
        problems.append(Problem("target", f"{target} must name a number that {target.measure} can be held against"))
    else:
        problems += [Problem("target", words) for words in unfit(target.measure, target.bound, scenario)]
        problems += [Problem("target", words) for words in [no_objective(target.measure)] if words]
    for end in between:
        try:
            check_demand(scenario.replace({lever: end}, place="lever"))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
            break
    if problems:
        raise ScenarioError(problems)


def target_of(text: str) -> Target:
    """`started_by_18_weeks_share >= 0.95` as a target. Raises AccessSimError."""
    match condition(text):
        case Condition(measure, ">=", bound):
            return Target(measure, at_least=bound)
        case Condition(measure, "<=", bound):
            return Target(measure, at_most=bound)
    raise AccessSimError(
        f"--target {text} must be such as --target 'started_by_18_weeks_share >= 0.95', with >= or <= and a number."
    )

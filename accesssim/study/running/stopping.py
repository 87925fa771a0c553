"""When enough replications have been run: until an interval is narrow enough, or a decision is settled.

Intervals are looked at after `least` replications and again after each further half of that, up to `most`. Looking often makes a false
certainty likelier, so each look at a decision is held to a share of the 5 %: 0.05 over looks (and over the points that are compared). That is
Bonferroni's bound: it holds whatever the looks have in common, and costs a few replications more than it must.

Two points that came out alike in every future so far may differ in the next: that settles nothing, however often it is looked at. Where the paired
differences are all one other figure, their spread says nothing of luck, and the decision is held to the sign test.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.measures import MEASURES, ungrouped
from accesssim.study.measuring.statistics import chance_of_none
from accesssim.study.measuring.student import quantile
from accesssim.study.running.plan import Plan, Shard
from accesssim.study.running.rows import Rows
from accesssim.study.running.selection import Selection

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Stopping:
    """A rule by which a point is run no further.

    Either `half_width` (in the measure's unit) of the 95 % interval of the mean is reached; or a decision is settled:
    the `sign` of the paired difference from the point of reference, or `best_of` all points (each is run until it is
    the best or clearly is not).
    """

    least: int
    most: int
    measure: str
    half_width: float | None = None
    decision: Literal["sign", "best_of"] | None = None

    @property
    def better(self) -> float:
        """1 where more of the measure is better, or -1."""
        return 1.0 if MEASURES[ungrouped(self.measure)].better == "higher" else -1.0

    def stages(self) -> tuple[int, ...]:
        """How many replications are run before each look."""
        step, looks = max(1, self.least // 2), [self.least]
        whole, rest = divmod(max(0, self.most - self.least), step)
        return (*looks, *([step] * whole), *([rest] if rest else ()))

    def settled(self, values: Mapping[int, Values], reference: int | None, looked: int) -> set[int]:
        """Points that need no more replications.

        `values`: of each point that is still run, its replications in order, NaN for one that failed; `looked`: looks planned in all.
        """
        if self.half_width is not None:
            return {point for point, known in values.items() if half_width(known, 0.05) <= self.half_width}
        if self.decision == "best_of":
            reference = best_so_far(values, self.better)
        if reference is None or reference not in values:
            return set()
        others = [point for point in values if point != reference]
        level = 0.05 / looked / max(1, len(others))
        found = {point for point in others if differs(pairs(values[point], values[reference]), level)}
        return found | {reference} if len(found) == len(others) else found


@dataclass(frozen=True)
class Needed:
    """How many replications a point took until the stopping rule was content, and what it then knew.

    `settled`: whether the rule says so, at the level that it holds its looks to; `ended`: whether the point is run no
    further, settled or not. `half`: half of the 95 % interval of the mean, or of the paired difference from point
    `against`; infinite for fewer than two pairs. `apart`: about how many replications the same interval would take
    with luck of its own at each point; None where nothing is paired. `alike`: the point came out as `against` in
    every future so far.
    """

    point: int
    replications: int
    settled: bool
    half: float
    against: int | None = None
    apart: int | None = None
    ended: bool = True
    alike: bool = False


def best_so_far(values: Mapping[int, Values], better: float) -> int | None:
    """The point with the best mean; None where nothing is known of any. `better`: 1 where more is better, or -1."""
    means = {point: better * float(np.nanmean(known)) for point, known in values.items() if not np.isnan(known).all()}
    return max(means, key=lambda point: (means[point], -point), default=None)


def pairs(ours: Values, theirs: Values) -> Values:
    """Ours minus theirs in each future that both have: the n-th of one with the n-th of the other, where neither failed."""
    both = min(len(ours), len(theirs))
    difference: Values = ours[:both] - theirs[:both]
    return difference[~np.isnan(difference)]


def differs(difference: Values, level: float) -> bool:
    """Whether paired differences are not luck, with that chance of a false finding; never where there is but one, or none is other than zero."""
    return chance_of_none(difference) <= level


def half_width(values: Values, level: float) -> float:
    """Half of the interval of the mean (Student's t) that leaves out the truth with chance `level`; infinite for fewer than two values."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return math.inf
    return quantile(len(known) - 1, 1.0 - level / 2) * float(known.std(ddof=1)) / math.sqrt(len(known))


def independent(ours: Values, theirs: Values) -> float:
    """How many times as many replications the same interval would take with luck of its own at each point.

    That is the sum of the variances over that of the difference.
    """
    both = min(len(ours), len(theirs))
    known = ~np.isnan(ours[:both] - theirs[:both])
    ours, theirs = ours[:both][known], theirs[:both][known]
    if len(ours) < 2:
        return math.inf
    apart, paired = float(ours.var(ddof=1) + theirs.var(ddof=1)), float((theirs - ours).var(ddof=1))
    return apart / paired if paired > 0.0 else math.inf


def looks(plan: Plan, values: Callable[[str], Mapping[int, Values]]) -> Iterator[list[Shard]]:
    """The shards to be worked before each look; all at once without a rule. `values` tells a measure of each point, its replications in order."""
    rule = from_plan(plan.stopping)
    if isinstance(rule, Selection):
        yield from rule.looks(plan, values)
        return
    shards = list(plan.shards())
    if rule is None:
        yield shards
        return
    running = {point.number for point in plan.points}
    upto = 0
    for stage in plan.stages:
        upto += stage
        yield [shard for shard in shards if shard.point in running and shard.first < upto]
        running = _still_run(rule, plan, running, values(rule.measure), upto)
        if not running:
            return


def _still_run(rule: Stopping, plan: Plan, running: Iterable[int], known: Mapping[int, Values], upto: int) -> set[int]:
    """Who is run further after the look at so many replications."""
    left = set(running) - rule.settled(
        {point: known[point][:upto] for point in sorted(running) if point in known}, plan.compare_to, len(plan.stages)
    )
    return left | {plan.compare_to} if plan.compare_to is not None and rule.decision == "sign" and left else left


def unsettled(rule: Stopping, plan: Plan, known: Mapping[int, Values]) -> set[int]:
    """The points that the rule has not settled at any look that has been reached: the same looks as the sweep's, at what there is."""
    running = {point.number for point in plan.points}
    for upto in itertools.accumulate(plan.stages):
        if not running or any(len(known.get(point, ())) < upto for point in running):
            break  # it is not time for this look: some of who is still run are not so far
        running = _still_run(rule, plan, running, known, upto)
    return running


def needed(rule: Stopping, plan: Plan, futures: Mapping[int, Values]) -> list[Needed]:
    """How many replications each point took until the rule was content; `futures`: of each point, its replications in order."""
    values = {point: known for point, known in futures.items() if len(known)}
    left = unsettled(rule, plan, values)
    reference = None
    if rule.decision is not None:
        reference = plan.compare_to if rule.decision == "sign" else best_so_far(values, rule.better)
    found = []
    for point, known in values.items():
        settled = point not in left
        alone = Needed(point, len(known), settled, half_width(known, 0.05), ended=settled or len(known) >= rule.most)
        if reference is None or reference == point or reference not in values:
            found.append(alone)
        else:
            found.append(_paired(alone, reference, known, values[reference]))
    return found


def _paired(row: Needed, against: int, known: Values, theirs: Values) -> Needed:
    """What a point took, with what is told of its difference from another."""
    difference, times = pairs(known, theirs), independent(theirs, known)
    return replace(
        row,
        half=half_width(difference, 0.05),
        against=against,
        apart=math.ceil(len(difference) * times) if math.isfinite(times) else None,
        alike=len(difference) > 0 and not difference.any(),
    )


def gathered_values(parts: Mapping[Shard, Rows], measure: str) -> dict[int, Values]:
    """A measure of each point from shards in memory; a replication that failed is not known."""
    found: dict[int, list[float]] = defaultdict(list)
    for shard in sorted(parts, key=lambda shard: shard.name):
        runs = parts[shard].runs
        by_replication = dict(zip(runs["replication"], runs[measure], strict=True)) if measure in runs else {}
        found[shard.point] += [
            by_replication.get(number, math.nan) for number in range(shard.first, shard.first + shard.size)
        ]
    return {point: np.asarray(known, dtype=np.float64) for point, known in found.items()}


def from_plan(held: Mapping[str, Any] | None) -> Stopping | Selection | None:
    """The rule that a plan holds."""
    return None if held is None else Selection(**held) if "budget" in held else Stopping(**held)

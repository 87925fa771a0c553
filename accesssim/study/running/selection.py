"""Which point of a design is the best, for a stated number of runs: ranking and selection.

Runs go where they tell the most: after a few at every point, each further batch is shared out by optimal computing
budget allocation (OCBA: Chen, Lin, Yücesan and Chick 2000, Discrete Event Dynamic Systems 10:251-270) in its form for
common random numbers, where the variance is that of the paired difference (Fu, Hu, Chen and Xiong 2007, INFORMS
Journal on Computing 19:101-111): a point gets runs in proportion to (spread of its difference from the best / size of
that difference) squared, and the best as many as any other, as it is in every pair. It ends when the budget is spent
or the chance of a good selection is high enough, which is Bonferroni's bound over the others (Branke, Chick and
Schmidt 2007, Management Science 53:1916-1932).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.measures import MEASURES, ungrouped
from accesssim.study.measuring.statistics import vary
from accesssim.study.measuring.student import below, quantile
from accesssim.study.running.plan import Plan, Shard

Values = NDArray[np.float64]

FEWEST = 5
"""Runs of every point before any is preferred, at the least; twice as many where the budget lets half of it be shared out."""

STEP = 5
"""Runs that a point gets at a time."""

NEAREST = 0.05
"""Differences below so many spreads count as that: a tie must not take every run."""


@dataclass(frozen=True)
class Rival:
    """A point against the best: by how much the best is better, and the chance that this one is.

    `behind` in the measure's unit, positive where the best is better; `half`: of its 95 % interval.
    """

    point: int
    replications: int
    behind: float
    half: float
    chance: float


@dataclass(frozen=True)
class Selected:
    """The best point, the chance that no other is better by more than the indifference, and every other, nearest first.

    `unknown`: points of which nothing is known, as no run is done, or all failed or measured nobody; the chance says
    nothing of them. It is NaN where no other is known.
    """

    point: int
    replications: int
    chance: float
    rivals: tuple[Rival, ...]
    unknown: tuple[int, ...] = ()


@dataclass(frozen=True)
class Selection:
    """Select the best point in a measure with at most `budget` runs in all.

    `indifference` (in the measure's unit) is a difference that does not matter.
    """

    measure: str
    budget: int
    indifference: float = 0.0
    confidence: float = 0.95

    def first(self, points: int) -> int:
        """Runs of every point before any is preferred."""
        return 2 * FEWEST if self.budget >= 4 * FEWEST * points else FEWEST

    def stages(self, points: int) -> tuple[int, ...]:
        """How the replications of a point are cut, up to the most that one may get."""
        first = self.first(points)
        most = max(0, self.budget - first * points) // STEP + 1
        return (first, *([STEP] * most))

    def looks(self, plan: Plan, values: Callable[[str], Mapping[int, Values]]) -> Iterator[list[Shard]]:
        """The shards to be worked before each look."""
        shards, numbers = list(plan.shards()), [point.number for point in plan.points]
        runs = dict.fromkeys(numbers, self.first(len(numbers)))
        while True:
            yield [shard for shard in shards if shard.first + shard.size <= runs[shard.point]]
            known = values(self.measure)
            found = self.selected(
                {point: known[point][: runs[point]] if point in known else np.empty(0) for point in numbers}
            )
            if found is None or found.chance >= self.confidence:
                return
            chosen = self._next(found, runs)
            if not chosen or sum(runs.values()) + STEP * len(chosen) > self.budget:
                return
            for point in chosen:
                runs[point] += STEP

    def selected(self, values: Mapping[int, Values]) -> Selected | None:
        """The best of some points, each with its replications in order (NaN for one that failed); None where nothing is known of any."""
        sign = 1.0 if MEASURES[ungrouped(self.measure)].better == "higher" else -1.0
        gains = {
            point: sign * known for point, known in sorted(values.items()) if len(known) and not np.isnan(known).all()
        }
        if not gains:
            return None
        reference = max(gains, key=lambda point: (len(gains[point]), -point))
        ahead = {point: _difference(gains[point], gains[reference])[0] for point in gains}
        best = max(ahead, key=lambda point: (ahead[point], -point))
        rivals = sorted(
            (self._rival(point, gains[best], gains[point]) for point in gains if point != best),
            key=lambda rival: (rival.behind, rival.point),
        )
        chance = max(0.0, 1.0 - sum(rival.chance for rival in rivals)) if rivals else math.nan
        return Selected(
            best,
            len(values[best]),
            chance,
            tuple(rivals),
            tuple(point for point in sorted(values) if point not in gains),
        )

    def _rival(self, point: int, best: Values, other: Values) -> Rival:
        mean, spread, pairs = _difference(best, other)
        if pairs < 2:
            return Rival(point, len(other), mean, math.inf, 1.0)
        error = spread / math.sqrt(pairs)
        margin = mean + self.indifference
        alike = 0.5**pairs if margin > 0.0 else 0.5 if margin == 0.0 else 1.0 - 0.5**pairs
        # always the same so far: as likely as so many coins that fall alike, and a tie settles nothing
        chance = below(-margin / error, pairs - 1) if error > 0.0 else alike
        return Rival(point, len(other), mean, quantile(pairs - 1, 0.975) * error, chance)

    def _next(self, found: Selected, runs: Mapping[int, int]) -> list[int]:
        """Who gets a batch: the third of the points that lack most of their share, and the best if it would be behind them."""
        wanted = {}
        for rival in found.rivals:
            spread = rival.half * math.sqrt(rival.replications) / quantile(max(rival.replications - 1, 1), 0.975)
            if math.isinf(spread):  # fewer than two pairs: as a tie, as nothing tells it apart
                wanted[rival.point] = NEAREST**-2
            elif spread > 0.0:
                wanted[rival.point] = (
                    1.0 / max(max(rival.behind, 0.0) + self.indifference, NEAREST * spread) ** 2 * spread**2
                )
        # No difference varies: all are in the same doubt.
        wanted = wanted or {rival.point: 1.0 for rival in found.rivals}
        if not wanted:
            return []
        wanted[found.point] = max(wanted.values())
        batch = -(-len(wanted) // 3)
        scale = (sum(runs.values()) + STEP * batch) / sum(wanted.values())
        lacking = sorted(wanted, key=lambda point: (runs[point] - scale * wanted[point], point))[:batch]
        if found.point not in lacking and any(runs[point] >= runs[found.point] for point in lacking):
            lacking.append(found.point)  # in every pair
        return sorted(lacking)


def _difference(ours: Values, theirs: Values) -> tuple[float, float, int]:
    """Mean and spread of the paired differences, and how many pairs there are."""
    both = min(len(ours), len(theirs))
    difference = ours[:both] - theirs[:both]
    difference = difference[~np.isnan(difference)]
    if not len(difference):
        return 0.0, math.inf, 0
    if len(difference) == 1:
        return float(difference[0]), math.inf, 1
    return float(difference.mean()), float(difference.std(ddof=1)) if vary(difference) else 0.0, len(difference)

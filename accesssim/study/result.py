"""What came out of a plan: tidy tables, their summary, and comparisons."""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from accesssim.study import statistics, stopping
from accesssim.study.compare import in_order, paired
from accesssim.study.measures import MEASURES
from accesssim.study.plan import Plan
from accesssim.study.shard import KEYS, Rows
from accesssim.world.errors import AccessSimError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Mean:
    """A measure at a point: its mean over replications, and the 95 % confidence interval of that mean."""

    point: int
    measure: str
    mean: float
    low: float
    high: float
    unit: str
    of: str


@dataclass(frozen=True)
class Needed:
    """How many replications a point took until the stopping rule was content, and what it then knew.

    `half`: half of the 95 % interval of the mean, or of the paired difference from point `against`. `apart`: about how many replications the same
    interval would take with luck of its own at each point; None where nothing is paired.
    """

    point: int
    replications: int
    settled: bool
    half: float
    against: int | None = None
    apart: int | None = None


@dataclass(frozen=True, eq=False)
class Result:
    """The runs of one plan.

    `runs` has a row a replication (scenario, point, the settings of the point, replication, seed, measures; NaN where there
    was no one to measure); `weekly` a row a replication and week; `failures` a row for each replication that failed.
    """

    plan: Plan
    runs: "pd.DataFrame"
    weekly: "pd.DataFrame"
    failures: "pd.DataFrame"

    @classmethod
    def gathered(cls, plan: Plan, parts: Sequence[Rows]) -> "Result":
        """Put shards together, in plan order."""
        import pandas as pd

        def joined(frames: "list[pd.DataFrame]") -> "pd.DataFrame":
            full = [frame for frame in frames if len(frame)]
            return pd.concat(full, ignore_index=True) if full else frames[0]

        tables = ([getattr(part, name) for part in parts] for name in ("runs", "weekly", "failures"))
        runs, weekly, failures = (joined(frames) for frames in tables)
        return cls(plan, _with_settings(plan, runs), weekly, failures)

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> "Result":
        """Read a result folder; every file's hash is checked. Raises FolderError if it is none, Damaged if a file changed."""
        from accesssim.study.folder import ResultFolder

        held = ResultFolder(folder)
        plan = held.plan()
        return cls(plan, _with_settings(plan, held.table("runs")), held.table("weekly"), held.table("failures"))

    @property
    def measures(self) -> list[str]:
        """Names of the measures in `runs`, headline first."""
        return in_order(list(self.runs.columns))

    def at(self, point: int) -> "Result":
        """The same for one point alone. Raises AccessSimError if there is no such point."""
        if not 0 <= point < len(self.plan.points):
            raise AccessSimError(f"there is no point {point}; the points are 0 to {len(self.plan.points) - 1}, as plan.json and the report list them")
        runs, weekly, failures = (frame[frame["point"] == point] if len(frame) else frame for frame in (self.runs, self.weekly, self.failures))
        return Result(replace(self.plan, points=(self.plan.points[point],), compare_to=None), runs, weekly, failures)

    def means(self) -> list[Mean]:
        """Every measure at every point."""
        told = []
        for point in self.plan.points:
            here = self.runs[self.runs["point"] == point.number] if len(self.runs) else self.runs
            for name in self.measures:
                declared = MEASURES[name.split("[")[0]]
                mean, low, high = statistics.interval(here[name].dropna().to_numpy(dtype=float))
                told.append(Mean(point.number, name, mean, low, high, declared.unit, declared.of))
        return told

    def needed(self) -> list[Needed]:
        """How many replications each point took under a stopping rule; empty without one."""
        rule = stopping.from_plan(self.plan.stopping)
        if rule is None or not len(self.runs):
            return []
        runs = self.runs.sort_values("replication")
        values = {point.number: runs.loc[runs["point"] == point.number, rule.measure].to_numpy(dtype=float) for point in self.plan.points}
        values = {point: known for point, known in values.items() if len(known)}
        better = -1.0 if MEASURES[rule.measure.split("[")[0]].better == "higher" else 1.0
        means = {point: better * float(np.nanmean(known)) for point, known in values.items()}
        against = None if rule.decision is None else self.plan.compare_to if rule.decision == "sign" else min(means, key=lambda point: (means[point], point))
        found = []
        for point, known in values.items():
            early = len(known) < rule.most
            if against is None or point == against:
                half = stopping.half_width(known, 0.05)
                found.append(Needed(point, len(known), early or half <= (rule.half_width or -1.0), half))
                continue
            both = min(len(known), len(values[against]))
            difference = known[:both] - values[against][:both]
            half, times = stopping.half_width(difference, 0.05), stopping.independent(values[against], known)
            apart = math.ceil(both * times) if math.isfinite(times) else None
            found.append(Needed(point, len(known), early or abs(float(np.nanmean(difference))) > half, half, against, apart))
        return found

    def summary(self) -> "pd.DataFrame":
        """Mean of every measure at every point, with its 95 % confidence interval over replications.

        Columns: point (where there are several), measure, mean, low, high, unit, of.
        """
        import pandas as pd

        summary = pd.DataFrame(self.means(), columns=[field.name for field in fields(Mean)])
        return summary if len(self.plan.points) > 1 else summary.drop(columns="point")

    def compare(self, other: "Result") -> "pd.DataFrame":
        """The other result minus this one, in the same futures: paired by replication (and person, as luck is each person's own).

        Columns: point (where there are several), measure, a (here), b (there), difference, low, high (95 % confidence
        interval), better (share of replications in which the other is better), replications, unit.
        Raises AccessSimError if the two were not run with the same seed, or have not the same number of points.
        """
        import pandas as pd

        ours, theirs = self.plan.points, other.plan.points
        if len(ours) != len(theirs):
            raise AccessSimError(f"{len(ours)} points cannot be paired with {len(theirs)}; choose one of each with result.at(point).")
        frames = []
        for here, there in zip(ours, theirs, strict=True):
            rows = paired(self.runs[self.runs["point"] == here.number], other.runs[other.runs["point"] == there.number])
            frames.append(pd.DataFrame(rows))
            if len(ours) > 1:
                frames[-1].insert(0, "point", here.number)
        return pd.concat(frames, ignore_index=True)

    def _repr_html_(self) -> str:
        """In a notebook: the headline measures."""
        from html import escape

        table: str = self.summary().groupby("point" if len(self.plan.points) > 1 else "unit", sort=False).head(10).to_html(index=False, escape=True)
        return f"<p><strong>{escape(self.plan.title)}</strong>: {len(self.runs):,} runs, seed {self.plan.seed}</p>{table}"


def _with_settings(plan: Plan, runs: "pd.DataFrame") -> "pd.DataFrame":
    """Put the settings of each point beside its runs."""
    if not len(runs):
        return runs
    place = list(KEYS).index("point") + 1
    for axis in reversed([axis for axis in plan.axes if axis not in KEYS]):
        by_point = {point.number: point.settings.get(axis) for point in plan.points}
        runs.insert(place, axis, runs["point"].map(by_point))
    return runs

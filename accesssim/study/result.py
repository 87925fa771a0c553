"""What came out of a plan: tidy tables, their summary, and comparisons."""

import itertools
import math
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from accesssim.study.faults import Damaged
from accesssim.study.measuring import person_by_person, statistics
from accesssim.study.measuring.compare import HEADLINE, Against, Mean, NothingShared, against, in_order, paired
from accesssim.study.measuring.measures import MEASURES, now_called, ungrouped, unknown
from accesssim.study.running import stopping
from accesssim.study.running.ledger import TABLES
from accesssim.study.running.parquet import InMemory, Tables
from accesssim.study.running.plan import Plan, Point
from accesssim.study.running.rows import Rows, joined, with_settings
from accesssim.study.running.selection import Selected, Selection
from accesssim.world.checking.values import shown
from accesssim.world.errors import AccessSimError, Problem, ScenarioError
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


IN_REPORTS = (*HEADLINE, "discharged_unseen", "signposted")
"""Measures whose means are told of every point: they are read together."""


class Result:
    """The runs of one plan.

    `runs` has a row a replication (scenario, point, the settings of the point, replication, seed, measures; NaN where
    there was no one to measure); `weekly` a row a replication and week; `failures` a row for each replication that
    failed. Of a result in a folder these are read when they are asked for, whole; everything else here reads a point,
    or a measure, at a time.
    """

    def __init__(
        self, plan: Plan, tables: Tables, point: int | None = None, left: Mapping[int, int] | None = None
    ) -> None:
        """`point`: only the rows of that one; `left`: by point, how many runs are not done yet."""
        self.plan, self._tables, self._point, self._left = plan, tables, point, left or {}
        self._means: dict[str, dict[int, tuple[float, float, float]]] = {}
        self._values: dict[str, dict[int, pd.Series[float]]] = {}

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """A row a replication."""
        return with_settings(self.plan, self._tables.table("runs", self._point))

    @cached_property
    def weekly(self) -> "pd.DataFrame":
        """A row a replication and week."""
        return self._tables.table("weekly", self._point)

    @cached_property
    def failures(self) -> "pd.DataFrame":
        """A row for each replication that failed, with its error and traceback."""
        return self._tables.table("failures", self._point)

    @property
    def failed(self) -> int:
        """How many replications failed."""
        return self._tables.failed(self._point)

    @classmethod
    def gathered(cls, plan: Plan, parts: Sequence[Rows]) -> "Result":
        """Put shards together, in plan order."""
        whole = joined(list(parts))
        return cls(plan, InMemory(*(getattr(whole, name) for name in TABLES)))

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> "Result":
        """Open a result folder.

        Raises FolderError if it is none, Damaged if a file was changed, here or when it is read.
        """
        from accesssim.study.running.folder import ResultFolder

        if not isinstance(folder, str | os.PathLike):
            raise AccessSimError(f'{shown(folder)} is not a result folder; name one, such as "results/asked"')
        held = ResultFolder(folder)
        plan = held.plan()
        if damaged := held.ledger.damaged():
            raise Damaged(f"{held.path / damaged[0]} is missing or damaged. Run the same sweep again to redo it.")
        left = Counter[int]()
        for shard in held.left(plan):
            left[shard.point] += shard.size
        return cls(plan, held.tables, left=left)

    @cached_property
    def measures(self) -> list[str]:
        """Names of the measures in `runs`, headline first."""
        return in_order(self._tables.columns("runs"))

    @cached_property
    def count(self) -> int:
        """How many replications are done, without those that failed."""
        return sum(self.counts.values())

    @property
    def missing(self) -> int:
        """How many runs are not done yet; under a stopping rule, of those before its next look."""
        return sum(self._left.get(point.number, 0) for point in self.plan.points)

    @cached_property
    def counts(self) -> dict[int, int]:
        """The same at each point that has any."""
        return {point: count for point, count in self._tables.counts().items() if self._point in (None, point)}

    def values(self, measure: str) -> dict[int, "pd.Series[float]"]:
        """A measure at each point that has runs, by replication.

        Raises AccessSimError for a name that no measure has.
        """
        self.read_ahead([self._known(measure)])
        return self._values[measure]

    def read_ahead(self, measures: Sequence[str]) -> None:
        """Read some measures at once, for `values` to be quick."""
        new = [self._known(measure) for measure in dict.fromkeys(measures) if measure not in self._values]
        self._values |= {measure: {} for measure in new}
        for point in self.counts if new else ():
            table = self._tables.table("runs", point, ["replication", *new]).set_index("replication")
            for measure in new:
                if measure in table:
                    self._values[measure][point] = table[measure].astype(float)

    def futures(self, measure: str) -> "dict[int, NDArray[np.float64]]":
        """A measure at each point, its replications in order up to the first that is not done.

        NaN for one that failed, so that points pair by replication.
        """
        known = self.values(measure)
        return {point.number: self._in_order(point.number, known.get(point.number)) for point in self.plan.points}

    def _in_order(self, point: int, known: "pd.Series[float] | None") -> "NDArray[np.float64]":
        found: dict[int, float] = {}
        if self._tables.failed(point):
            found |= dict.fromkeys(self._tables.table("failures", point, ["replication"])["replication"], math.nan)
        if known is not None:
            found |= zip(known.index, known, strict=True)
        return np.array(
            [found[number] for number in itertools.takewhile(found.__contains__, itertools.count())], dtype=np.float64
        )

    def weeks(self, point: int, columns: Sequence[str]) -> "pd.DataFrame":
        """Columns of the weeks of one point, beside replication and week.

        Raises AccessSimError if there is no such point.
        """
        self._there(point)
        return self._tables.table("weekly", point, ["replication", "week", *columns])

    def against(self, reference: int, measures: Sequence[str] | None = None) -> dict[str, list[Against]]:
        """Every other point against one, in the same futures: by measure, paired differences.

        Their p-values are adjusted for how many points there are (Holm). Points that have no replication in common
        with the one are left out. Raises AccessSimError if there is no such point, or measure.
        """
        self._there(reference)
        columns = ["replication", "seed", *(self.measures if measures is None else map(self._known, measures))]
        runs, found = self._tables.table("runs", reference, columns), {}
        for point in self.plan.points if len(runs) else ():
            if point.number != reference and len(rows := self._tables.table("runs", point.number, columns)):
                with suppress(NothingShared):  # of a sweep that is half done, or where others failed here than there
                    found[point.number] = paired(runs, rows)
        return against(found)

    def compare_people(self, other: "Result", by: str = "complexity") -> "list[Mean]":
        """The same people here and there, by person: shares helped sooner and later, and by how many days.

        See `person_by_person.COLUMNS`; with the groups of `by`.

        Of the first point of each; mean and 95 % interval over replications. Empty where either has kept no people.
        Raises AccessSimError for a `by` that tells no groups apart.
        """
        if by not in (*GROUPS_OF_PEOPLE, "team"):
            raise AccessSimError(f"by = {shown(by)} must be one of team, {', '.join(GROUPS_OF_PEOPLE)}")
        ours, theirs = self.plan.points[0], _a_result(other).plan.points[0]
        of_both = ((self, ours), (other, theirs))
        rows = [result._tables.table("people", point.number) for result, point in of_both]  # noqa: SLF001  of the same kind
        if not all(map(len, rows)):
            return []
        groups = GROUPS_OF_PEOPLE.get(by) or sorted(set(rows[0][by]) - {""})
        here, there = (dict(list(table.groupby("replication"))) for table in rows)
        found = [
            person_by_person.differences(here[number], there[number], by, groups) for number in here if number in there
        ]
        return [
            Mean(
                ours.number,
                name,
                *statistics.interval(np.array([one[name] for one in found])),
                person_by_person.UNITS[ungrouped(name)],
                "everybody who asked in either",
            )
            for name in (found[0] if found else ())
        ]

    def at(self, point: int) -> "Result":
        """The same for one point alone. Raises AccessSimError if there is no such point."""
        return Result(
            replace(self.plan, points=(self._there(point),), compare_to=None), self._tables, point, self._left
        )

    def _there(self, point: int) -> Point:
        """A point by its number. Raises AccessSimError if there is none."""
        chosen = next((one for one in self.plan.points if one.number == point), None)
        if chosen is None:
            raise AccessSimError(
                f"there is no point {shown(point)}; the points are 0 to {len(self.plan.points) - 1}, as plan.json and the report list them"
            )
        return chosen

    def _known(self, measure: str) -> str:
        """The name of a measure.

        Raises AccessSimError for one that no measure has, or with a group that is none here.
        """
        measure = now_called(str(measure))
        if words := unknown(measure):
            raise AccessSimError(words)
        stem = ungrouped(measure)
        if measure != stem and self.measures and measure not in self.measures:
            groups = ", ".join(
                name.removeprefix(stem)[1:-1] for name in self.measures if name != stem and ungrouped(name) == stem
            )
            raise AccessSimError(
                f"there is no {measure} here; {stem} is told of {f'the groups {groups}' if groups else 'all together, and of no groups'}"
            )
        return measure

    def means(self) -> list[Mean]:
        """Every measure at every point."""
        told = []
        for point in self.plan.points:
            here = self._tables.table("runs", point.number)
            for name in self.measures:
                declared = MEASURES[ungrouped(name)]
                known = here[name].to_numpy(dtype=float) if name in here else np.empty(0)
                told.append(Mean(point.number, name, *statistics.interval(known), declared.unit, declared.of))
        return told

    def means_of(self, measure: str) -> dict[int, tuple[float, float, float]]:
        """Mean of one measure and its 95 % confidence interval, at every point.

        Raises AccessSimError for a name that no measure has.
        """
        if self._known(measure) not in self._means:
            new = [name for name in dict.fromkeys((measure, *IN_REPORTS)) if name not in self._means]
            self._means |= {name: {} for name in new}
            for point in self.plan.points:
                table = self._tables.table("runs", point.number, new)
                for name in new:
                    self._means[name][point.number] = statistics.interval(
                        table[name].to_numpy(dtype=float) if name in table else np.empty(0)
                    )
        return self._means[measure]

    def needed(self) -> list[stopping.Needed]:
        """How many replications each point took under a stopping rule; empty without one."""
        rule = stopping.from_plan(self.plan.stopping)
        if not isinstance(rule, stopping.Stopping):
            return []
        return stopping.needed(rule, self.plan, self.futures(rule.measure))

    def selected(self) -> Selected | None:
        """The best point, where the experiment asks for it."""
        rule = stopping.from_plan(self.plan.stopping)
        if not isinstance(rule, Selection):
            return None
        return rule.selected(self.futures(rule.measure))

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
        interval), better (share of replications in which the other is better), replications, unit, p (paired t test;
        the sign test where all differences are the same), tied (share in which both are the same). Where both have
        kept people, rows `people_…` follow, of which `difference` is the share, or the days: see `compare_people`.
        Raises AccessSimError if the two were not run with the same seed, or have not the same number of points.
        """
        import pandas as pd

        ours, theirs = self.plan.points, _a_result(other).plan.points
        if len(ours) != len(theirs):
            raise AccessSimError(
                f"{len(ours)} points cannot be paired with {len(theirs)}; choose one of each with result.at(point)."
            )
        frames = []
        for here, there in zip(ours, theirs, strict=True):
            mine, its = self.at(here.number), other.at(there.number)
            rows = [asdict(row) for row in paired(mine.runs, its.runs)]
            rows += [
                {
                    "measure": row.measure,
                    "difference": row.mean,
                    "low": row.low,
                    "high": row.high,
                    "replications": rows[0]["replications"],
                    "unit": row.unit,
                }
                for row in mine.compare_people(its)
                if row.unit != "people"
            ]
            frames.append(pd.DataFrame(rows))
            if len(ours) > 1:
                frames[-1].insert(0, "point", here.number)
        return pd.concat(frames, ignore_index=True)

    def _repr_html_(self) -> str:
        """In a notebook: the headline measures."""
        from html import escape

        table: str = (
            self.summary()
            .groupby("point" if len(self.plan.points) > 1 else "unit", sort=False)
            .head(10)
            .to_html(index=False, escape=True)
        )
        return f"<p><strong>{escape(self.plan.title)}</strong>: {self.count:,} runs, seed {self.plan.seed}</p>{table}"


def _a_result(other: object) -> Result:
    """What can be compared with a result. Raises ScenarioError for anything else."""
    if not isinstance(other, Result):
        raise ScenarioError([Problem("compare", f"{shown(other)} is not a result; run one: accesssim.run(scenario)")])
    return other

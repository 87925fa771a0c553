"""Rows that shards found, as tables: one row a replication, or a replication and week, or a failure, or a replication and person."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accesssim.study.running.plan import Plan, written

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("scenario", "point", "replication", "seed")
"""First columns of every table of a result."""


@dataclass(frozen=True)
class Rows:
    """What a shard found: one row a replication, one a replication and week, one a failure, and if asked for one a replication and person."""

    runs: "pd.DataFrame"
    weekly: "pd.DataFrame"
    failures: "pd.DataFrame"
    people: "pd.DataFrame"


def joined(parts: list[Rows]) -> Rows:
    """Shards put together, in the order in which they are given."""
    import pandas as pd

    def one(name: str) -> "pd.DataFrame":
        frames: list[pd.DataFrame] = [getattr(part, name) for part in parts]
        full = [frame for frame in frames if len(frame)]
        return pd.concat(full, ignore_index=True) if full else frames[0]

    return Rows(*(one(name) for name in ("runs", "weekly", "failures", "people")))


def with_settings(plan: Plan, runs: "pd.DataFrame") -> "pd.DataFrame":
    """The settings of each point beside its runs."""
    if not len(runs):
        return runs
    runs = runs.copy()  # what is held in memory is asked for again, by point
    place = list(KEYS).index("point") + 1
    for axis in reversed([axis for axis in plan.axes if axis not in KEYS]):
        by_point = {point.number: _in_a_cell(plan.setting(point, axis)) for point in plan.points}
        runs.insert(place, axis, runs["point"].map(by_point))
    return runs


def _in_a_cell(value: Any) -> Any:
    """A list as text: what stands in a table can be grouped by."""
    return written(value) if isinstance(value, tuple) else value

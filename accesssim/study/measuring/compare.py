"""Two policies in the same futures: paired differences, replication by replication."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from accesssim.study.measuring import statistics
from accesssim.study.measuring.measures import MEASURES, ungrouped
from accesssim.world.errors import AccessSimError
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE

if TYPE_CHECKING:
    import pandas as pd

HEADLINE = (
    "wait_to_therapy_mean",
    "wait_to_treatment_mean",
    "wait_to_assessment_mean",
    "started_by_18_weeks_share",
    "still_waiting",
    "waiting_list_end",
    "exhaustion_mean",
    "turnover_per_year",
    "sessions_delivered",
    "lost_to_red_tape",
    "gave_up_waiting",
    "better_while_waiting",
    "entered_treatment_share",
    "recovered_share",
    "cost_total",
    "cost_per_recovery",
)
"""The measures that are told first, in this order. Served wait, who still waits, the share started and who left stand
together."""


class NothingShared(AccessSimError):
    """Two points have no future that both have run."""


LEVEL = 0.05
"""Chance of a false finding that is taken."""

OF_GROUPS = (
    "wait_to_assessment_mean",
    "wait_to_treatment_mean",
    "wait_to_therapy_mean",
    "started_by_18_weeks_share",
    "still_waiting",
    "waiting_list_end",
    "gave_up_waiting",
    "recovered_share",
    "exhaustion_mean",
)
"""Those that are told of each group as well."""


def on_screen(measures: Iterable[str], by: str = "team") -> list[str]:
    """The measures among some that a table on a screen shows: the headline, then those of each group of people.

    `by`: `team`, or a key of GROUPS_OF_PEOPLE.
    """
    names = dict.fromkeys(measures)
    behind = [name[len("still_waiting[") : -1] for name in names if name.startswith("still_waiting[")]
    of_people = [group for groups in GROUPS_OF_PEOPLE.values() for group in groups]
    groups = GROUPS_OF_PEOPLE.get(by) or [name for name in behind if name not in of_people]
    return [
        name
        for name in (*HEADLINE, *(f"{measure}[{group}]" for measure in OF_GROUPS for group in groups))
        if name in names
    ]


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
class Difference:
    """One measure under A and under B, and B minus A over the replications in which both have it.

    `low` and `high` bound the 95 % confidence interval of the mean difference (Student's t over replications).
    `better` is the share of replications in which B is better than A: None where the measure is neither good nor bad;
    `tied` that in which both are the same. `p`: chance of so large a mean difference if there is none (paired t test,
    two-sided; the sign test where all differences are the same); NaN for fewer than two replications. Where no
    replication has both, `a` and `b` are the means of those that have one.
    """

    measure: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    better: float | None
    replications: int
    unit: str
    p: float
    tied: float = 0.0

    @property
    def favours(self) -> Literal["", "a", "b"]:
        """Which side the mean difference speaks for.

        Neither where there is none, or the measure is neither good nor bad.

        Not what most replications say: a rare event is the same in most of them, and its difference may be clear all
        the same.
        """
        if self.better is None or not self.difference:
            return ""
        return "b" if (self.difference > 0) == (MEASURES[ungrouped(self.measure)].better == "higher") else "a"

    @property
    def is_clear(self) -> bool:
        """Whether so large a difference would be rare without one: the interval leaves out zero, and more than its width says so."""
        return self.p < LEVEL


def holm(chances: Sequence[float]) -> list[float]:
    """Chances of several comparisons, adjusted for how many they are (Holm 1979); NaN stay.

    The chance of even one false finding among them stays at the level that each is held to (Scandinavian Journal of
    Statistics 6:65-70). Each p-value, from the smallest, is multiplied by how many are left, and never falls below
    the one before.
    """
    adjusted, known = list(chances), [nth for nth, chance in enumerate(chances) if not math.isnan(chance)]
    reached = 0.0
    for rank, nth in enumerate(sorted(known, key=lambda nth: chances[nth])):
        reached = max(reached, min(1.0, chances[nth] * (len(known) - rank)))
        adjusted[nth] = reached
    return adjusted


@dataclass(frozen=True)
class Against:
    """A point's paired difference from the point of reference in one measure.

    `adjusted`: its p-value by Holm over all points in that measure.
    """

    point: int
    difference: Difference
    adjusted: float

    @property
    def is_clear(self) -> bool:
        """Whether there is a difference, with all the points that were looked at allowed for."""
        return self.adjusted < LEVEL


def against(differences: Mapping[int, Sequence[Difference]]) -> dict[str, list[Against]]:
    """By measure: each point's difference from the point of reference, with p-values adjusted over the points."""
    by_measure: dict[str, list[tuple[int, Difference]]] = {}
    for point, rows in differences.items():
        for row in rows:
            by_measure.setdefault(row.measure, []).append((point, row))
    return {
        measure: [
            Against(point, row, adjusted)
            for (point, row), adjusted in zip(rows, holm([row.p for _, row in rows]), strict=True)
        ]
        for measure, rows in by_measure.items()
    }


def paired(a: "pd.DataFrame", b: "pd.DataFrame") -> list[Difference]:
    """Compare runs of one point with runs of another, headline measures first.

    Each frame has a row a replication. Raises NothingShared if they share no replication, and AccessSimError if they
    were run with other seeds.
    """
    if not len(a) or not len(b):
        raise NothingShared("one of these has no runs. Finish both, and compare them then.")
    seeds = set(a["seed"]) | set(b["seed"])
    if len(seeds) > 1:
        raise AccessSimError(
            f"these were run with different seeds ({', '.join(map(str, sorted(seeds)))}): their futures are not the same. Run both with one --seed."
        )
    ours, theirs = a.set_index("replication"), b.set_index("replication")
    both = ours.index.intersection(theirs.index)
    if not len(both):
        raise NothingShared(
            "these have no replication in common. Finish both, or run both with the same --seed and --replications."
        )
    ours, theirs = ours.loc[both], theirs.loc[both]
    return [
        _difference(name, ours[name], theirs[name])
        for name in in_order(list(ours.columns.intersection(theirs.columns, sort=False)))
    ]


def _difference(name: str, a: "pd.Series[float]", b: "pd.Series[float]") -> Difference:
    alone = float(a.astype(float).mean()), float(b.astype(float).mean())
    known = a.notna() & b.notna()
    a, b = a[known].astype(float), b[known].astype(float)
    declared = MEASURES[ungrouped(name)]
    mean, low, high = statistics.interval((b - a).to_numpy())
    better = None
    if declared.better in ("higher", "lower") and len(a):
        better = float(((b > a) if declared.better == "higher" else (b < a)).mean())
    means = (float(a.mean()), float(b.mean())) if len(a) else alone
    tied = float((a == b).mean()) if len(a) else 0.0
    return Difference(
        name,
        *means,
        mean,
        low,
        high,
        better,
        len(a),
        declared.unit,
        statistics.chance_of_none((b - a).to_numpy()),
        tied,
    )


def in_order(columns: list[str]) -> list[str]:
    """The measures among some columns: headline first, then as they stand; groups after their whole."""
    measures = [name for name in columns if ungrouped(name) in MEASURES]
    first = [name for name in HEADLINE if name in measures]
    return first + [name for name in measures if name not in first]

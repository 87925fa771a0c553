"""Results as lines of text, for the command line."""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from accesssim.study.measuring.compare import Against, Difference, on_screen
from accesssim.study.running.plan import Point
from accesssim.study.telling import words
from accesssim.study.telling.columns import NO_ONE, aligned, interval, number
from accesssim.study.telling.money import COLUMNS
from accesssim.study.telling.trace import Step, side_by_side
from accesssim.world.notebook import counted
from accesssim.world.sections.units import in_currency

if TYPE_CHECKING:
    from accesssim.study.measuring.compare import Mean
    from accesssim.study.result import Result


IN_BRIEF = (
    "wait_to_therapy_mean",
    "still_waiting",
    "gave_up_waiting",
    "exhaustion_mean",
    "recovered_share",
    "cost_total",
)
"""What `compare` tells of every point of a result."""


def headline(result: "Result", by: str = "team") -> str:
    """The measures that are told first, with their intervals; some of them by group."""
    means = {row.measure: row for row in result.means()}
    rows = [
        (
            row.measure,
            number(row.mean, row.low, row.high),
            interval(row.low, row.high),
            in_currency(row.unit, result.plan.currency),
            row.of,
        )
        for row in map(means.__getitem__, on_screen(means, by))
    ]
    heads = ("measure", "mean", f"95 % interval of the mean ({counted(result.count, 'run')})", "unit", "of")
    return aligned(heads, rows)


def differences(rows: Sequence[Difference], currency: str, by: str = "team") -> str:
    """Paired differences of the headline measures, some of them by group."""
    count = max((row.replications for row in rows), default=0)  # the first may have had nobody to measure
    shown = {row.measure: row for row in rows}
    heads = ("measure", "A", "B", "B minus A", f"95 % interval ({counted(count, 'pair')})", "B better in", "unit")
    lines = [
        (
            row.measure,
            number(row.a, row.low, row.high),
            number(row.b, row.low, row.high),
            number(row.difference, row.low, row.high),
            interval(row.low, row.high),
            _better(row),
            in_currency(row.unit, currency),
        )
        for row in map(shown.__getitem__, [*on_screen(shown, by), *(name for name in COLUMNS if name in shown)])
    ]
    return aligned(heads, lines)


def _better(row: Difference) -> str:
    """In which share of futures B is better; and in which they tie."""
    if row.better is None or not row.replications:
        return ""
    return "all tie" if row.tied == 1.0 else f"{row.better:.0%}{f' ({row.tied:.0%} tie)' if row.tied else ''}"


def people(rows: Sequence["Mean"]) -> str:
    """The same people under A and B: who is better and worse off, and by how much."""
    means = {row.measure: row for row in rows}
    groups = [name[len("people[") : -1] for name in means if name.startswith("people[")]
    heads = ["the same people under B, not A", "everybody", "95 % interval", *groups]
    lines = []
    for name, words_for_it in (
        ("people_helped_sooner_share", "helped sooner"),
        ("days_sooner_mean", "  by so many days"),
        ("people_helped_only_there_share", "helped in B alone"),
        ("people_helped_later_share", "helped later"),
        ("days_later_mean", "  by so many days"),
        ("people_helped_only_here_share", "helped in A alone"),
        ("people_recovered_only_there_share", "recovered in B alone"),
        ("people_recovered_only_here_share", "recovered in A alone"),
        ("people", "people who asked"),
    ):
        row = means[name]
        among = [_counted(row.unit, means[f"{name}[{group}]"].mean) for group in groups]
        bounds = (
            "" if math.isnan(row.low) else f"{_counted(row.unit, max(row.low, 0.0))} to {_counted(row.unit, row.high)}"
        )
        lines.append((words_for_it, _counted(row.unit, row.mean), bounds, *among))
    return aligned(heads, lines)


def _counted(unit: str, value: float) -> str:
    return (
        NO_ONE
        if math.isnan(value)
        else f"{100 * value:.1f} %"
        if unit == "share"
        else f"{value:,.1f}"
        if unit == "days"
        else f"{value:,.0f}"
    )


def against(result: "Result", reference: int, found: Mapping[str, Sequence[Against]]) -> str:
    """Every point against the one of reference, in a few measures."""
    plan = result.plan
    lines = [
        (
            name if nth == 0 else "",
            words.label(plan, row.point),
            number(row.difference.difference, row.difference.low, row.difference.high),
            interval(row.difference.low, row.difference.high),
            "none" if math.isnan(row.adjusted) else f"{row.adjusted:.2g}",
            in_currency(row.difference.unit, plan.currency),
        )
        for name in IN_BRIEF
        for nth, row in enumerate(found.get(name, ()))
    ]
    count = max((row.difference.replications for rows in found.values() for row in rows), default=0)
    heads = (
        "measure",
        f"point, minus {words.label(plan, reference)}",
        "difference",
        f"95 % interval ({counted(count, 'pair')})",
        "p by Holm",
        "unit",
    )
    alone = (
        f"\nNo replication in common with it: {'; '.join(words.label(plan, point) for point in points)}."
        if (points := unpaired(result, reference, found))
        else ""
    )
    alone += f"\n{lengths}" if (lengths := windows(plan.points)) else ""
    return (
        f"{aligned(heads, lines)}{alone}\nEach interval is for its own difference; p is adjusted for "
        f"{_all(max(map(len, found.values()), default=0))} of a measure (Holm 1979): below 0.05 there is a "
        "difference."
    )


def _all(points: int) -> str:
    return f"all {points} points" if points > 1 else "the one point"


def windows(points: Iterable[Point]) -> str:
    """What is said where points cover windows of different length; else nothing."""
    lengths = sorted({point.weeks for point in points})
    if len(lengths) < 2:
        return ""
    return (
        f"These runs cover {' and '.join(f'{length:g}' for length in lengths)} weeks: what is counted in one, or "
        "only seen after a time, cannot be held against the other's."
    )


def unpaired(result: "Result", reference: int, found: Mapping[str, Sequence[Against]]) -> list[int]:
    """Points that are not told of, as they have no replication in common with the one of reference."""
    told_of = {reference, *(row.point for rows in found.values() for row in rows)}
    return [point.number for point in result.plan.points if point.number not in told_of]


def life(steps: Sequence[Step], start: datetime.date) -> str:
    """One life, a step a line."""
    return aligned(
        ("day", "date", "what happens"), [(step.day, step.date(start).isoformat(), step.words) for step in steps]
    )


def lives(ours: list[Step], theirs: list[Step], start: datetime.date, name: str, other: str) -> str:
    """The same person under two policies."""
    rows = [
        (day, (start + datetime.timedelta(days=day)).isoformat(), here, there)
        for day, here, there in side_by_side(ours, theirs)
    ]
    return aligned(("day", "date", name, other), rows)

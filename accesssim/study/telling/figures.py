"""The report's pictures, each with its finding in words and the numbers behind it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accesssim.study.result import Result
from accesssim.study.telling import drawing, words
from accesssim.study.telling.columns import NO_ONE
from accesssim.world.calendar import DAYS_PER_WEEK

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 4
"""More lines than this cannot be told apart by those who print in grey."""
MOST_ROWS = 40
"""More rows than this in one picture nobody reads; the numbers behind it have them all."""
EMPTIEST_GRID = 0.25
"""Share of the cells of a grid that points must fill for it to be drawn: of a sample nearly all would be empty, and
there would be more than memory holds."""

LOST = ("lost_to_red_tape", "discharged_unseen", "signposted", "gave_up_waiting", "better_while_waiting")
"""Where people who asked for help were lost, in the order of the journey."""


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, the finding it shows (its alternative text), a caption, and the numbers behind it."""

    name: str
    title: str
    svg: str
    finding: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def pictures(result: Result) -> list[Picture]:
    """The pictures that a result has data for."""
    made: list[Picture] = []
    shown = words.telling_points(result, MOST_LINES)
    for make in (_waiting_list, _waits, _lost, _exhaustion):
        picture = make(result, shown)
        if picture is not None:
            made.append(picture)
    return made


def _waiting_list(result: Result, shown: Sequence[int]) -> Picture | None:
    reference = shown[0]
    if not len(result.weeks(reference, ["waiting"])):
        return None
    ends = {number: _last(result, number, "waiting") for number in shown}
    told = "; ".join(
        f"{words.called(result.plan, number)}: {_as_written(median)}{_band(result, number, low, high)}"
        for number, (low, median, high) in ends.items()
    )
    several = len(result.counts) > len(shown)  # of points without runs there is no shortest and no longest
    return Picture(
        "waiting-list",
        "The waiting list over time",
        drawing.drawn(lambda axes: drawing.fan(axes, result, shown, "waiting", "people on the list"), height=3.8),
        f"People on the list at the end of the run, median: {told}.",
        f"{_luck_shown(result, reference, len(shown))} The list is of people who have been assessed; those who still await assessment are not on it."
        + (" Shown are the reference and the points with the shortest and the longest wait." if several else ""),
        ("point", "8 in 10 futures, lowest", "median at the end", "8 in 10 futures, highest"),
        tuple(
            (words.label(result.plan, number), *_ends(result, number, values, ",.0f"))
            for number, values in ends.items()
        ),
    )


def _band(result: Result, point: int, low: float, high: float) -> str:
    """In which band futures end; one alone has none."""
    return (
        f" (8 in 10 futures: {_as_written(low)} to {_as_written(high)})"
        if result.counts[point] > 1
        else " (one future)"
    )


def _luck_shown(result: Result, reference: int, lines: int) -> str:
    """What bands and lines of a picture over time are."""
    if result.counts[reference] == 1:
        return f"There is one future of {words.called(result.plan, reference)}, so that nothing shows how much is luck."
    return (
        f"The bands are those of {words.called(result.plan, reference)}: 5 in 10 and 8 in 10 simulated futures. "
        "They show luck alone, not doubt about "
        "the inputs. The thin grey line is one of these futures as it ran. "
        f"{'The other lines are medians' if lines > 1 else 'The thick line is the median'}."
    )


def _ends(result: Result, point: int, values: tuple[float, float, float], form: str) -> tuple[str, str, str]:
    """Low, median and high as a table has them."""
    low, median, high = (_as_written(value, form) for value in values)
    return (low, median, high) if result.counts[point] > 1 else ("one run", median, "one run")


def _exhaustion(result: Result, shown: Sequence[int]) -> Picture | None:
    known = result.weeks(shown[0], ["exhaustion_mean"])
    if not len(known) or known["exhaustion_mean"].isna().all():
        return None
    ends = {number: _last(result, number, "exhaustion_mean") for number in shown}
    told = "; ".join(
        f"{words.called(result.plan, number)}: {_as_written(median, '.2f')}" for number, (_, median, _) in ends.items()
    )
    return Picture(
        "exhaustion",
        "Exhaustion of therapists over time",
        drawing.drawn(
            lambda axes: drawing.fan(axes, result, shown, "exhaustion_mean", "mean exhaustion (0 to 1)"), height=3.4
        ),
        f"Mean exhaustion of therapists in the last week, median: {told}.",
        f"Mean over therapists; 0.5 is about the cut-off for high exhaustion.{' Bands as above: luck alone.' if result.counts[shown[0]] > 1 else ''}",
        ("point", "8 in 10 futures, lowest", "median at the end", "8 in 10 futures, highest"),
        tuple(
            (words.label(result.plan, number), *_ends(result, number, values, ".3f")) for number, values in ends.items()
        ),
    )


def _waits(result: Result, _shown: Sequence[int]) -> Picture | None:
    name = words.WAIT
    waits = [
        (row, mean / DAYS_PER_WEEK, low / DAYS_PER_WEEK, high / DAYS_PER_WEEK)
        for row, mean, low, high in words.means(result, name)
    ]
    known = [row for row in waits if not math.isnan(row[1])]
    if not known:
        return None
    shortest, longest = min(known, key=lambda row: row[1]), max(known, key=lambda row: row[1])
    if len(known) == 1:
        where = (
            ""
            if len(result.plan.points) == 1
            else f" at {words.called(result.plan, shortest[0])}, the only point at which anybody came to it"
        )
        finding = f"The mean wait to therapy is {shortest[1]:.1f} weeks{where}."
    else:
        finding = (
            f"The mean wait to therapy is shortest at {words.called(result.plan, shortest[0])} ({shortest[1]:.1f} weeks) "
            f"and longest at {words.called(result.plan, longest[0])} ({longest[1]:.1f} weeks)."
        )
    grid = _is_grid(result)
    rows = _told_in_rows(result, {row: mean for row, mean, _, _ in known})
    dots = [row for row in known if row[0] in rows]
    bars = not grid and any(not math.isnan(low) for _, _, low, _ in dots)
    return Picture(
        "waits",
        "Waits by point",
        drawing.heatmaps(result, name)
        if grid
        else drawing.drawn(lambda axes: drawing.dots(axes, result, dots), height=1.2 + 0.35 * len(dots)),
        finding,
        "Mean wait in weeks from referral to the first session of therapy, of those who came to it. Those who "
        "gave up or still wait are not in it: read it "
        "beside the list and the losses."
        + (" The bars are 95 % confidence intervals of the mean." if bars else "")
        + ("" if grid else _of_many(dots, known, "shortest and the longest waits")),
        ("point", "mean wait (weeks)", "95 % confidence interval of the mean"),
        tuple(
            (
                words.label(result.plan, row),
                f"{mean:.2f}",
                f"{low:.2f} to {high:.2f}" if not math.isnan(low) else "one run",
            )
            for row, mean, low, high in known
        ),
    )


def _lost(result: Result, _shown: Sequence[int]) -> Picture | None:
    names = [name for name in LOST if any(not math.isnan(mean) for mean, _, _ in result.means_of(name).values())]
    if not names:
        return None
    table = {name: {number: mean for number, mean, _, _ in words.means(result, name)} for name in names}
    numbers = [point.number for point in result.plan.points]
    totals = {
        number: math.fsum(table[name][number] for name in names if not math.isnan(table[name][number]))
        for number in numbers
    }
    rows = _told_in_rows(result, totals)
    most = max(numbers, key=lambda number: totals[number])
    whole = (
        f"Most people are lost at {words.called(result.plan, most)}: {totals[most]:,.0f}"
        if len(numbers) > 1
        else f"{totals[most]:,.0f} people are lost"
    )
    largest = max(
        (name for name in names if not math.isnan(table[name][most])),
        key=lambda name: table[name][most],
        default=names[0],
    )
    return Picture(
        "lost",
        "Where people were lost",
        drawing.drawn(lambda axes: drawing.stacks(axes, result, names, table, rows), height=1.6 + 0.34 * len(rows)),
        f"{whole}, the most of them, {table[largest][most]:,.0f}, as “{words.plain(largest)}”.",
        "Mean number of people who asked for help and left before therapy, over the run. Getting better while "
        "waiting is a good end for the person, and a "
        "wait that helped nobody." + _of_many(rows, numbers, "fewest and the most"),
        ("point", *(words.plain(name) for name in names)),
        tuple(
            (words.label(result.plan, number), *(_as_written(table[name][number]) for name in names))
            for number in numbers
        ),
    )


def _told_in_rows(result: Result, values: Mapping[int, float]) -> list[int]:
    """Points that a picture with a row for each shows: all of them; of many the reference, and those with the lowest and the highest values."""
    if len(values) <= MOST_ROWS:
        return list(values)
    order = sorted(values, key=lambda number: values[number])
    shown = {result.plan.compare_to, *order[: MOST_ROWS // 2], *order[-MOST_ROWS // 2 :]}
    return [number for number in values if number in shown]


def _of_many(rows: Sequence[object], of: Sequence[object], ends: str) -> str:
    """That a picture does not show all the points, if so."""
    return (
        f" Shown are {len(rows)} of {len(of):,} points: those with the {ends}, and the reference if there is one."
        if len(rows) < len(of)
        else ""
    )


def _is_grid(result: Result) -> bool:
    """Whether points fill a grid of their values well enough for one to be drawn."""
    plan = result.plan
    cells = math.prod(
        len({words.axis_value(plan, axis, plan.setting(point, axis)) for point in plan.points}) for axis in plan.axes
    )
    return len(plan.axes) >= 2 and len(plan.points) >= EMPTIEST_GRID * cells


def _as_written(value: float, form: str = ",.0f") -> str:
    return NO_ONE if math.isnan(value) else format(value, form)


def _last(result: Result, point: int, column: str) -> tuple[float, float, float]:
    """10 %, 50 % and 90 % quantile over replications in the last week."""
    here = result.weeks(point, [column])
    last: pd.Series[float] = here.loc[here["week"] == here["week"].max(), column]
    low, median, high = (float(last.quantile(share)) for share in (0.1, 0.5, 0.9))
    return low, median, high

"""How pictures are drawn: SVG text, the same bytes each time.

Colours are those of seaborn's colour-blind palette that reach a contrast of 3 : 1 on white; line style, marker and hatching
say the same, so that nothing hangs on colour alone.
"""

import io
import itertools
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from accesssim.study.result import Result
from accesssim.study.telling import words
from accesssim.world.calendar import DAYS_PER_WEEK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0173b2", "#d55e00", "#029e73", "#cc78bc", "#949494")


STYLES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (1, 1)))


MARKERS = ("o", "s", "^", "D", "v")


HATCHES = ("", "//", "..", "xx", "\\\\")


def drawn(draw: Callable[["Axes"], None], height: float) -> str:
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(8.4, height), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        axes.spines[["top", "right"]].set_visible(False)
        return svg(figure)


def style() -> "AbstractContextManager[None]":
    """How every picture looks: the same bytes each time."""
    from matplotlib import rc_context

    return rc_context(
        {
            "svg.hashsalt": "accesssim",
            "svg.fonttype": "none",
            "font.family": "sans-serif",
            "font.size": 10,
            "hatch.linewidth": 0.6,
        }
    )


def svg(figure: "Figure") -> str:
    """A figure as SVG."""
    held = io.BytesIO()
    figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None})
    return held.getvalue().decode()


def fan(axes: "Axes", result: Result, shown: Sequence[int], column: str, name: str) -> None:
    import seaborn as sns
    from matplotlib.ticker import MaxNLocator

    reference = shown[0]
    here = result.weeks(reference, [column])
    for width, alpha in ((80, 0.18), (50, 0.3)):
        sns.lineplot(
            here,
            x="week",
            y=column,
            estimator="median",
            errorbar=("pi", width),
            color=COLOURS[0],
            linewidth=0,
            err_kws={"alpha": alpha, "linewidth": 0},
            ax=axes,
        )
    one = here[here["replication"] == here["replication"].min()]
    axes.plot(one["week"], one[column], color="#555555", linewidth=0.7)
    labels = []
    for nth, number in enumerate(shown):
        median = result.weeks(number, [column]).groupby("week")[column].median()
        sns.lineplot(
            x=median.index, y=median.to_numpy(), color=COLOURS[nth], linestyle=STYLES[nth], linewidth=2, ax=axes
        )
        labels.append((float(median.iloc[-1]), words.short_label(result.plan, number), COLOURS[nth]))
    if column == "exhaustion_mean":
        axes.axhline(0.5, color="#767676", linewidth=0.8, linestyle=(0, (1, 2)))
        axes.annotate(
            "high",
            (0, 0.5),
            xycoords=("axes fraction", "data"),
            xytext=(4, 3),
            textcoords="offset points",
            fontsize=9,
            color="#444444",
        )
    axes.set(xlabel="week", ylabel=name, ylim=(0, None))
    axes.set_title(words.axes_label(result.plan), loc="right", fontsize=9, color="#444444")
    axes.margins(x=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    bottom, top = axes.get_ylim()
    last = float(here["week"].max())
    for place, (_, label, colour) in zip(
        _apart([label[0] for label in labels], (top - bottom) / 16), labels, strict=True
    ):
        axes.annotate(
            label,
            (last, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=_dark(colour),
            annotation_clip=False,
        )


def dots(axes: "Axes", result: Result, waits: Sequence[tuple[int, float, float, float]]) -> None:
    for place, (number, mean, low, high) in enumerate(waits):
        reference = number == result.plan.compare_to
        if not math.isnan(low):
            axes.plot([low, high], [place, place], color=COLOURS[0], linewidth=2)
        axes.plot(mean, place, MARKERS[1 if reference else 0], color=COLOURS[1 if reference else 0], markersize=7)
    axes.set_yticks(range(len(waits)), [words.short_label(result.plan, row[0]) for row in waits])
    axes.set(xlabel="mean wait to therapy (weeks)", ylabel=words.axes_label(result.plan), xlim=(0, None))
    axes.invert_yaxis()


def stacks(
    axes: "Axes", result: Result, names: Sequence[str], table: dict[str, dict[int, float]], points: Sequence[int]
) -> None:
    left = [0.0] * len(points)
    for nth, name in enumerate(names):
        values = [table[name][number] for number in points]
        axes.barh(
            range(len(points)),
            values,
            left=left,
            color=COLOURS[nth],
            hatch=HATCHES[nth],
            edgecolor="white",
            label=words.plain(name),
        )
        left = [before + value for before, value in zip(left, values, strict=True)]
    axes.set_yticks(range(len(points)), [words.short_label(result.plan, number) for number in points])
    axes.set(xlabel="people, mean over replications", ylabel=words.axes_label(result.plan))
    axes.invert_yaxis()
    axes.figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)


def heatmaps(result: Result, name: str) -> str:
    """Mean waits on a grid: the first axis to the right, the last downwards, one grid for each combination of the others."""
    import pandas as pd
    import seaborn as sns
    from matplotlib.figure import Figure

    axes_names = list(result.plan.axes)
    across, down, others = axes_names[0], axes_names[-1], axes_names[1:-1]
    means = {number: mean / DAYS_PER_WEEK for number, mean, _, _ in words.means(result, name)}
    grids: dict[tuple[str, ...], list[tuple[str, str, float]]] = {}
    order: dict[str, list[str]] = {across: [], down: []}
    for point in result.plan.points:
        cell = {axis: words.axis_value(result.plan, axis, result.plan.setting(point, axis)) for axis in axes_names}
        for axis in (across, down):
            if cell[axis] not in order[axis]:
                order[axis].append(cell[axis])
        facet = tuple(f"{words.axis(axis)} {cell[axis]}" for axis in others)
        grids.setdefault(facet, []).append((cell[down], cell[across], means[point.number]))
    known = [mean for mean in means.values() if not math.isnan(mean)]
    low, high = min(known), max(known)
    columns = min(len(grids), 3)
    lines = -(-len(grids) // columns)
    with style():
        figure = Figure(figsize=(8.4, lines * (1.5 + 0.42 * len(order[down]))), layout="constrained")
        for nth, (facet, cells) in enumerate(grids.items()):
            axes = figure.add_subplot(lines, columns, nth + 1)
            held = pd.DataFrame(cells, columns=["down", "across", "wait"])
            # A point may be there twice, by name and as the scenario has it.
            frame = held.groupby(["down", "across"], sort=False)["wait"].first().unstack()
            frame = frame.reindex(index=order[down], columns=order[across])
            sns.heatmap(
                frame, vmin=low, vmax=high, cmap="crest", annot=True, fmt=".1f", linewidths=1, cbar=False, ax=axes
            )
            axes.set(
                xlabel=words.axis(across), ylabel=words.axis(down) if nth % columns == 0 else "", title=", ".join(facet)
            )
            axes.title.set_fontsize(10)
            axes.tick_params(axis="y", rotation=0)
        return svg(figure)


def _apart(places: Sequence[float], gap: float) -> list[float]:
    """Move labels up and down until none lies on another; their middle stays."""
    order = sorted(range(len(places)), key=lambda nth: places[nth])
    moved = list(places)
    for before, after in itertools.pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    shift = (sum(moved) - sum(places)) / len(places)
    return [place - shift for place in moved]


def _dark(colour: str) -> str:
    """The same colour, dark enough for text (4.5 : 1 on white)."""
    return "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.7):02x}" for at in (1, 3, 5))

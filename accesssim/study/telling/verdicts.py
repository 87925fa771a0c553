"""A diagnosis in sentences, as a table and as a picture."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from accesssim.study.asking.diagnosis import BATCH, FEWEST, SERIES, SHARES, Course, Diagnosis
from accesssim.study.telling.columns import aligned, number
from accesssim.study.telling.drawing import style, svg
from accesssim.world.notebook import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from accesssim.study.asking.long_run import LongRun


def verdicts(found: Diagnosis, over: list[str]) -> list[str]:
    """What to make of it, a sentence each; `over`: loads at or above capacity, as text."""
    told = [f"{load}: at or above capacity, so the rest wait until they give up or get better." for load in over]
    told += [] if over else ["Less is asked for than can be given, everywhere."]
    for course in found.courses:
        told.append(f"{SERIES[course.name]}: {_balance(course)}.")
    weeks = max((len(course.weeks) for course in found.courses), default=0)
    if weeks < FEWEST * BATCH:
        told.append(
            f"MSER-5 needs {FEWEST * BATCH} weeks or more: of {weeks} it cannot tell whether the warm-up is long enough. Run longer, with --weeks."
        )
        return told
    unsettled = [SERIES[course.name] for course in found.courses if course.cut is None]
    longest = max((course.cut for course in found.courses if course.cut is not None), default=0)
    if not found.opens_empty:
        settled_by = (
            f"{', '.join(unsettled)} did not settle" if unsettled else f"it would leave out the first {longest} weeks"
        )
        told.append(
            f"It opens at work, not empty (initial.state: steady), so what drifts at first is part of the answer. By MSER-5 {settled_by}."
        )
    elif unsettled:
        told.append(
            f"MSER-5 finds no end of the warm-up in {', '.join(unsettled)}: the run is too short for it, or there is no balance. Run longer."
        )
    elif longest > found.warm_up:
        told.append(
            f"The warm-up of {found.warm_up:g} weeks is too short: MSER-5 would leave out {longest}. Set run.warm_up_weeks: {longest}."
        )
    else:
        told.append(f"The warm-up of {found.warm_up:g} weeks is long enough: MSER-5 would leave out {longest}.")
    return told


def of_the_opening(found: Sequence["LongRun"]) -> list[str]:
    """How far the stated lists of day 0 are from the long run, a sentence each, and what to write to open there."""
    told = []
    for one in found:
        if one.grows:
            told.append(
                f"{one.path} = {one.stated:,}, and in its second year the list still {'grows' if one.grows > 0 else 'shrinks'}: "
                f"{one.mean:,.0f} are on it then, and there is no long run to compare with."
            )
        elif not one.is_met:
            told.append(
                f"{one.path} = {one.stated:,} is not what the long run leaves: {one.mean:,.0f} ({one.low:,.0f} to {one.high:,.0f}), "
                "under the values of day 0 and without season and growth; so the first weeks are not steady."
            )
    if found and not told:
        told.append("The lists of day 0 are as the long run leaves them.")
    elif found and not any(one.grows for one in found):
        told.append("To open as the long run: " + " ".join(f"--set {one.path}={one.mean:.0f}" for one in found))
    return told


def _balance(course: Course) -> str:
    """Whether a series is in balance, in words; not where that hangs on nothing."""
    if math.isnan(course.drift):
        return "too few weeks to tell whether it is in balance: run longer, with --weeks"
    on = f"on a mean of {course.mean:,.3g}"
    if course.is_level is None:
        return (
            f"too few runs to tell whether it is in balance: {course.drift:+,.3g} a year in the one that there is, "
            f"{on}; ask for more, with --replications"
        )
    return f"{'in balance' if course.is_level else 'still moving'}: {course.drift:+,.3g} a year ({course.low:+,.3g} to {course.high:+,.3g}) {on}"


def table(found: Diagnosis, sentences: Sequence[str]) -> str:
    """What is found of a scenario, and how many replications its measures take."""
    heads = (
        "measure",
        "mean",
        f"now ± ({counted(found.runs, 'run')})",
        *(f"runs for ± {share:.0%}" for share in SHARES),
    )
    rows = [
        (
            row.measure,
            number(row.mean, row.mean - row.half, row.mean + row.half),
            "" if math.isnan(row.half) else number(row.half),
            *(f"{needed:,}" if needed else "" for needed in row.replications),
        )
        for row in found.enough
    ]
    return "\n".join(
        [
            *sentences,
            "",
            aligned(heads, rows),
            "A difference between policies takes far fewer, as both are run in the same futures: see compare.",
        ]
    )


def picture(found: Diagnosis) -> str:
    """The series with Welch's moving averages, where MSER-5 would cut and where the warm-up ends, as SVG."""
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(8.4, 2.2 * max(1, len(found.courses))), layout="constrained")
        for nth, course in enumerate(found.courses):
            axes = figure.add_subplot(len(found.courses), 1, nth + 1)
            _draw(axes, course, found.warm_up)
            if nth == 0:
                axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, frameon=False, fontsize=9)
        return svg(figure)


def _draw(axes: "Axes", course: Course, warm_up: float) -> None:
    axes.plot(course.weeks, color="#949494", linewidth=0.8, label="mean over replications")
    axes.plot(course.smooth, color="#0173b2", linewidth=2, label="Welch's moving average")
    axes.axvline(warm_up, color="#d55e00", linestyle="--", label="the warm-up ends")
    if course.cut is not None:
        axes.axvline(course.cut, color="#029e73", linestyle=":", label="MSER-5 would cut here")
    axes.set(xlabel="week", ylabel=SERIES[course.name])
    axes.margins(x=0)
    axes.spines[["top", "right"]].set_visible(False)

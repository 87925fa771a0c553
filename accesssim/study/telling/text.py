"""Results as lines of text, for the command line."""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from accesssim.study.asking.solve import Solution, Tried
from accesssim.study.measuring.compare import Against, Difference, told
from accesssim.study.measuring.measures import MEASURES, ungrouped
from accesssim.study.running.folder import State
from accesssim.study.running.plan import Plan, Point
from accesssim.study.running.selection import Selected
from accesssim.study.telling import words
from accesssim.study.telling.trace import Step, side_by_side
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.errors import printable
from accesssim.world.notebook import counted
from accesssim.world.sections.units import in_currency

if TYPE_CHECKING:
    from accesssim.study.asking.experiment_files import Search
    from accesssim.study.result import Mean, Result
    from accesssim.study.verifying.verify import Verified

MOST_LINES = 40
"""Points that a dry run lists."""

IN_BRIEF = (
    "wait_to_therapy_mean",
    "still_waiting",
    "gave_up_waiting",
    "exhaustion_mean",
    "recovered_share",
    "cost_total",
)
"""What `compare` tells of every point of a result."""

NO_ONE = "no one"
"""What stands where there was nobody to measure."""


def aligned(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns under heads; numbers are right-aligned by being written with equal care elsewhere."""
    cells = [list(heads), *([printable(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def number(value: float, low: float | None = None, high: float | None = None) -> str:
    """A figure; the width of its interval decides the digits."""
    if math.isnan(value):
        return NO_ONE
    width = high - low if low is not None and high is not None and math.isfinite(high - low) else 0.0
    scale = width / 2 or abs(value) / 100 or 1.0
    return f"{value:,.{min(max(1 - math.floor(math.log10(scale)), 0), 4)}f}"


def interval(low: float, high: float) -> str:
    """An interval in words; one replication has none."""
    return "" if not math.isfinite(low) else f"{number(low, low, high)} to {number(high, low, high)}"


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
        for row in map(means.__getitem__, told(means, by))
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
        for row in map(shown.__getitem__, told(shown, by))
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
    return f"{aligned(heads, lines)}{alone}\nEach interval is for its own difference; p is adjusted for {_all(max(map(len, found.values()), default=0))} of a measure (Holm 1979): below 0.05 there is a difference."


def _all(points: int) -> str:
    return f"all {points} points" if points > 1 else "the one point"


def windows(points: Iterable[Point]) -> str:
    """What is said where points cover windows of different length; else nothing."""
    lengths = sorted({point.weeks for point in points})
    if len(lengths) < 2:
        return ""
    return f"These runs cover {' and '.join(f'{length:g}' for length in lengths)} weeks: what is counted in one, or only seen after a time, cannot be held against the other's."


def unpaired(result: "Result", reference: int, found: Mapping[str, Sequence[Against]]) -> list[int]:
    """Points that are not told of, as they have no replication in common with the one of reference."""
    told_of = {reference, *(row.point for rows in found.values() for row in rows)}
    return [point.number for point in result.plan.points if point.number not in told_of]


def planned(plan: Plan, workers: int) -> str:
    """What a sweep would do."""
    points = [
        (point.number, point.label or plan.scenario, "<- compare_to" if point.number == plan.compare_to else "")
        for point in plan.points[:MOST_LINES]
    ]
    further = f"… and {len(plan.points) - MOST_LINES:,} more points\n" if len(plan.points) > MOST_LINES else ""
    return (
        f"{plan.title}\n{aligned(('point', 'settings', ''), points)}\n{further}{_work(plan)} of {weeks([point.weeks for point in plan.points])}, seed {plan.seed}\n"
        f"{_about(plan.seconds, workers, most=plan.stopping is not None)}, and {plan.megabytes:,.1f} MB: estimated at stated rates, not measured."
    )


def planned_search(wanted: "Search", values: int, seconds: float, workers: int) -> str:
    """What a search would do, whose runs take so many seconds of one worker at the most."""
    run = wanted.scenario.parameters.run
    length = run.weeks if run.days is None else run.days / DAYS_PER_WEEK
    return (
        f"{wanted.title}\nAt most {counted(values, 'value')} of {wanted.lever} x {counted(wanted.replications, 'replication')} = {counted(values * wanted.replications, 'run')} of {weeks([length])}, "
        f"seed {run.seed if wanted.seed is None else wanted.seed}\n{_about(seconds, workers, most=True)}: estimated at stated rates for the scenario as it is, not measured."
    )


def _work(plan: Plan) -> str:
    """How many runs, and of what; a rule says only how many at the most."""
    points = counted(len(plan.points), "point")
    if plan.stopping is None:
        return f"{points} x {counted(plan.replications, 'replication')} = {counted(plan.runs, 'run')}"
    if "budget" in plan.stopping:
        return f"{points} that share out at most {counted(plan.runs, 'run')}"
    return f"{points} x up to {counted(plan.replications, 'replication')} = at most {counted(plan.runs, 'run')}"


def weeks(lengths: Sequence[float]) -> str:
    """How long runs are."""
    shortest, longest = min(lengths), max(lengths)
    return counted(longest, "week") if shortest == longest else f"{shortest:g} to {longest:g} weeks"


def _about(seconds: float, workers: int, *, most: bool) -> str:
    return f"{'At most about' if most else 'About'} {_span(seconds / workers)} with {counted(workers, 'worker')}"


def state(now: State, workers: int) -> str:
    """How far a result is."""
    lines = [
        now.title,
        f"{now.done + now.failed:,} of {now.runs:,} runs are done ({100 * (now.done + now.failed) / now.runs:.0f} %), {now.failed:,} of them failed; {now.left:,} are left",
        f"{now.finished_points:,} of {now.points:,} points are finished",
    ]
    if now.left:
        lines.append(
            f"About {_span(now.seconds_left / workers)} more with {counted(workers, 'worker')}: estimated at a stated rate, not measured."
        )
    return "\n".join(lines)


def verified(found: "Verified") -> str:
    """Known answers beside ours, one by one, and what is to be thought of all."""
    from accesssim.study.verifying.goldens import WEEKS

    heads = (
        "known answer",
        "figure",
        "formula",
        "ours",
        f"{100 * found.level:g} % interval ({counted(found.replications, 'run')})",
        "whole days may move it by",
        "met",
    )
    rows = [
        (
            one.case,
            one.figure,
            number(one.known.value, one.low, one.high),
            number(one.mean, one.low, one.high),
            interval(one.low, one.high),
            f"{one.known.allowance:.2g}",
            "yes" if one.met else "NO",
        )
        for one in found.answers
    ]
    met = sum(one.met for one in found.answers)
    journals = counted(len(found.journals), "journal")
    sentences = [
        f"{met} of {counted(len(found.answers), 'known answer')} are met ({found.engine}): the formula's value is within what luck and whole days explain.",
        f"{len(found.journals) - len(found.differing)} of {journals} are row by row what they should be: the first {WEEKS} weeks of each shipped scenario but the country, by {' and '.join(found.engines)}.",
        *(
            f"{name} is another by {engine}: the scenario's file, or the code, is not that of this version."
            for name, engine in found.differing
        ),
    ]
    return "\n".join([aligned(heads, rows), "", *sentences])


def selection(result: "Result", found: Selected | None) -> str:
    """Which point is the best, how surely, and every other against it; or that there is no answer."""
    plan = result.plan
    measure = str((plan.stopping or {})["measure"])
    if found is None:
        return f"No answer: nothing is known of {measure} at any point, as no run is done, or all failed or measured nobody."
    if found.rivals:
        others = "none of these" if found.unknown else "no other"
        first = f"{words.label(plan, found.point)} is the best in {measure}; the chance that {others} is better{_indifferent(plan)} is {sure(found.chance)} (Bonferroni's bound)."
    else:
        first = f"{words.label(plan, found.point)} is the only point of which {measure} is known: there is nothing to choose it from."
    if found.unknown:
        first += f"\n{of_nothing_known(plan, found)}"
    rows = [(words.label(plan, found.point), found.replications, "the best", "", "")]
    rows += [
        (
            words.label(plan, rival.point),
            rival.replications,
            number(rival.behind, rival.behind - rival.half, rival.behind + rival.half),
            interval(rival.behind - rival.half, rival.behind + rival.half),
            f"{rival.chance:.2g}",
        )
        for rival in found.rivals
    ]
    heads = (
        "point",
        "runs",
        f"behind by ({in_currency(MEASURES[ungrouped(measure)].unit, plan.currency)})",
        "95 % interval",
        "chance of being better",
    )
    return (
        f"{first}\n{aligned(heads, rows)}\n{result.count:,} runs in the same futures, of a budget of {plan.budget:,}."
    )


def of_nothing_known(plan: Plan, found: Selected) -> str:
    """The points that a choice says nothing of."""
    return f"Nothing is known of {'; '.join(words.label(plan, point) for point in found.unknown)}, where no run is done, or all failed or measured nobody: that may be better."


def sure(chance: float) -> str:
    """A lower bound of a chance; never all of it."""
    return "more than 99.9 %" if chance > 0.999 else f"at least {100 * chance:.1f} %"


def _indifferent(plan: Plan) -> str:
    margin = float((plan.stopping or {}).get("indifference", 0.0))
    return (
        f" by more than {margin:g} {in_currency(MEASURES[ungrouped(str((plan.stopping or {})['measure']))].unit, plan.currency)}"
        if margin
        else ""
    )


def solution(found: Solution) -> str:
    """The smallest lever that meets a target, or that there is none, and all that was tried."""
    asked = f"{found.target} in {found.chance:.0%} of futures"
    low, high = map(in_full, found.between)
    if found.value is not None:
        first = f"{found.lever} = {in_full(found.value)} is the smallest from {low} to {high} that{' is known to give' if found.open else ' gives'} {asked}."
    elif found.open:
        first = f"Not known: whether any {found.lever} from {low} to {high} gives {asked}, as too many futures failed."
    else:
        first = f"None in this range: no {found.lever} from {low} to {high} gives {asked}."
    if found.above is not None:
        first += f" Nothing between {in_full(found.above)} and it was tried."
    if found.open and found.value is not None:
        first += f" Futures that failed leave it open for {', '.join(in_full(one.value) for one in found.open)}."
    if found.falls:
        first += (
            f" At {high} it is not met: the lever works the other way, and how far it may be raised is not looked for."
        )
    rows = [
        (
            in_full(one.value),
            met(one),
            f"{one.share:.0%}{f' to {one.most:.0%}' if one.failed else ''}",
            f"{one.low:.0%} to {one.high:.0%}",
            number(one.mean),
            "<-" if one.value == found.value else "",
        )
        for one in found.tried
    ]
    table = aligned((found.lever, "met", "share", "95 % interval", f"mean {found.target.measure}", ""), rows)
    told = "Intervals are" if found.falls else "The share is taken to rise with the lever; its interval is"
    return f"{first}\n{table}\n{counted(found.runs, 'run')} in the same futures. {told} Clopper and Pearson's."


def met(one: Tried) -> str:
    """In how many futures a value met the target."""
    return f"{one.met} of {one.runs}{f' ({one.failed} failed)' if one.failed else ''}"


def in_full(value: float) -> str:
    """A value of a lever with all its digits: those of a narrow range differ in the last ones alone."""
    return f"{value:,.12g}"


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


def _span(seconds: float) -> str:
    if seconds < 90:
        return counted(max(1, round(seconds)), "second")
    return counted(round(seconds / 60), "minute") if seconds < 5400 else f"{seconds / 3600:,.1f} hours"

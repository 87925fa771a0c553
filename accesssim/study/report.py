"""The page a planner hands on: one file, no outside requests, every figure with its unit and its doubt."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from accesssim.study import statistics, text, words
from accesssim.study.compare import Difference, paired
from accesssim.study.folder import FolderError, ResultFolder
from accesssim.study.measures import MEASURES
from accesssim.study.result import Result
from accesssim.world.calendar import DAYS_PER_WEEK

if TYPE_CHECKING:
    from jinja2 import Environment

TABLE = ("wait_to_treatment_mean", "started_by_18_weeks_share", "waiting_list_end", "gave_up_waiting", "exhaustion_mean", "recovered_share", "cost_total")
"""Columns of the table of points. Served wait, share started, list and who left stand together: any one alone misleads."""

NOT_IN_IT = (
    "It is a model: it shows what follows from its assumptions, listed below, and they are doubtful to different degrees.",
    "The intervals are about luck (who falls ill, who attends, who leaves); they do not hold the doubt about the assumptions.",
    "A mean wait counts those who started. Those who gave up or still wait are counted apart, and all of these must be read together.",
)


@dataclass(frozen=True)
class Figure:
    """One of the figures at the top of the page."""

    name: str
    value: str
    interval: str
    of: str


@dataclass(frozen=True)
class Cell:
    """A cell of the table of points: the mean there, and the paired difference from the point of reference."""

    mean: str
    difference: str
    mark: str


def write_report(result: Result, folder: str | os.PathLike[str], out: str | os.PathLike[str] | None = None) -> Path:
    """Write the page into the folder, or to `out`, and return where it is. Raises FolderError if that cannot be written."""
    path = Path(folder) / "report.html" if out is None else Path(out)
    page = render(result, ResultFolder(folder).command())
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{path} cannot be written ({error.strerror}). Name another file with: --out FILE") from None
    return path


def render(result: Result, command: str) -> str:
    """The page as HTML. Everything that came from a file is escaped."""
    from accesssim.study.figures import pictures

    plan = result.plan
    page = _templates().get_template("report.html")
    reference = words.telling_points(result, 1)[0] if len(result.runs) else None
    return page.render(
        plan=plan,
        result=result,
        reference=None if reference is None else words.label(plan, reference),
        weeks=max(point.weeks for point in plan.points),
        sentences=[] if reference is None else answers(result, reference),
        figures=[] if reference is None else figures(result, reference),
        not_in_it=NOT_IN_IT,
        pictures=pictures(result) if len(result.runs) else [],
        table_heads=[(words.plain(name), _unit(result, name)) for name in _columns(result)],
        table=[] if reference is None else table(result, reference),
        definitions=[(name, declared) for name, declared in MEASURES.items() if any(held.split("[")[0] == name for held in result.measures)],
        command=command,
    )


def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(loader=PackageLoader("accesssim.study"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    templates.filters |= {
        "plain": words.plain,
        "written": lambda value: words.written(value),
        "inline": lambda svg: "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
    }
    return templates


def answers(result: Result, reference: int) -> list[str]:
    """What it answers, in sentences with intervals."""
    plan = result.plan
    told = [_at_reference(result, reference)]
    told += [sentence for axis in plan.axes if (sentence := _lever(result, axis))]
    others = [point.number for point in plan.points if point.number != reference]
    waits = {number: mean for number, mean, _, _ in words.means(result, "wait_to_treatment_mean") if number in others and mean == mean}
    if waits:
        told.append(_best(result, reference, min(waits, key=lambda number: waits[number])))
    return told


def _at_reference(result: Result, reference: int) -> str:
    plan = result.plan
    values = {row.measure: row for row in result.at(reference).summary().itertuples()}
    wait = values.get("wait_to_treatment_mean")
    where = f"At {words.label(plan, reference)}" if plan.axes else f"In {plan.title or words.plain(plan.scenario)}"
    if wait is None or wait.mean != wait.mean:
        return f"{where}, no one started treatment."
    sentence = f"{where}, those who start treatment have waited {_weeks(wait.mean)} weeks on average"
    if wait.low == wait.low:
        sentence += f" (95 % confidence interval of the mean: {_weeks(wait.low)} to {_weeks(wait.high)})"
    more = [
        f"{values[name].mean:,.0f} {told}"
        for name, told in (("waiting_list_end", "people are on the list at the end"), ("gave_up_waiting", "gave up waiting"))
        if name in values and values[name].mean == values[name].mean
    ]
    return sentence + ("; " + " and ".join(more) if more else "") + "."


def _lever(result: Result, axis: str) -> str | None:
    """What an axis does from its first to its last value with all else equal, paired by replication and averaged over the rest."""
    plan = result.plan
    values = list(dict.fromkeys(point.settings[axis] for point in plan.points))
    if len(values) < 2:
        return None
    rest: dict[tuple[object, ...], dict[object, int]] = {}
    for point in plan.points:
        rest.setdefault(tuple(value for path, value in point.settings.items() if path != axis), {})[point.settings[axis]] = point.number
    pairs = [(group[values[0]], group[values[-1]]) for group in rest.values() if values[0] in group and values[-1] in group]
    if not pairs:
        return None
    told = []
    for name, noun in (("wait_to_treatment_mean", "the mean wait"), ("waiting_list_end", "the list at the end"), ("exhaustion_mean", "mean exhaustion"), ("cost_total", "the total cost")):
        if name in result.runs:
            by_point = result.runs.pivot(index="replication", columns="point", values=name)
            held = [(first, last) for first, last in pairs if first in by_point and last in by_point]
            if held:
                changes = sum(by_point[last] - by_point[first] for first, last in held) / len(held)
                told.append(_moved(plan.currency, name, noun, *statistics.interval(changes.dropna().to_numpy())))
    start, end = (words.axis_value(plan, axis, value) for value in (values[0], values[-1]))
    return f"{words.axis(axis).capitalize()} from {start} to {end}, all else equal: {'; '.join(part for part in told if part)}."


def _moved(currency: str, name: str, noun: str, mean: float, low: float, high: float) -> str:
    if mean != mean:
        return ""
    if low <= 0 <= high:
        return f"{noun} no clear change ({_amount(currency, name, low, signed=True)} to {_amount(currency, name, high, signed=True)})"
    direction = "up" if mean > 0 else "down"
    if low != low:
        return f"{noun} {direction} by {_amount(currency, name, abs(mean))} (one replication: luck is not ruled out)"
    nearest, farthest = sorted((abs(low), abs(high)))
    return f"{noun} {direction} by {_amount(currency, name, abs(mean))} ({_amount(currency, name, nearest)} to {_amount(currency, name, farthest)})"


def _best(result: Result, reference: int, best: int) -> str:
    rows = {row.measure: row for row in _differences(result, reference, best)}
    wait = rows["wait_to_treatment_mean"]
    currency = result.plan.currency
    if not wait.is_clear or wait.difference >= 0:
        return f"No point has a clearly shorter mean wait than {words.label(result.plan, reference)}."
    sentence = (
        f"The shortest mean wait is at {words.label(result.plan, best)}: {_weeks(-wait.difference)} weeks shorter than at the reference "
        f"({_weeks(-wait.high)} to {_weeks(-wait.low)}; shorter in {wait.better:.0%} of {wait.replications} futures)"
    )
    also = [
        _moved(currency, name, noun, rows[name].difference, rows[name].low, rows[name].high)
        for name, noun in (("gave_up_waiting", "people who gave up waiting"), ("exhaustion_mean", "mean exhaustion"), ("cost_total", "the total cost"))
        if name in rows
    ]
    return f"{sentence}. There, {'; '.join(part for part in also if part)}."


def figures(result: Result, reference: int) -> list[Figure]:
    """Three figures with their intervals."""
    told = []
    for row in result.at(reference).summary().itertuples():
        if row.measure in ("wait_to_treatment_mean", "waiting_list_end", "started_by_18_weeks_share") and row.mean == row.mean:
            value, low, high = (_amount(result.plan.currency, row.measure, figure) for figure in (row.mean, row.low, row.high))
            told.append(Figure(words.plain(row.measure), value, f"{low} to {high}" if row.low == row.low else "one replication", row.of))
    return told


def table(result: Result, reference: int) -> list[tuple[str, bool, list[Cell]]]:
    """Point, whether it is the reference, and its cells."""
    rows = []
    for point in result.plan.points:
        means = {row.measure: row for row in result.at(point.number).summary().itertuples()}
        differences = {} if point.number == reference else {row.measure: row for row in _differences(result, reference, point.number)}
        cells = [_cell(result.plan.currency, name, means[name].mean, differences.get(name)) for name in _columns(result)]
        rows.append((words.label(result.plan, point.number), point.number == reference, cells))
    return rows


def _cell(currency: str, name: str, mean: float, difference: Difference | None) -> Cell:
    told = _table_amount(currency, name, mean)
    if difference is None or difference.difference != difference.difference:
        return Cell(told, "", "")
    low, high = (_table_amount(currency, name, bound, signed=True) for bound in (difference.low, difference.high))
    mark = "" if not difference.is_clear or difference.better is None else ("better" if difference.better > 0.5 else "worse")
    interval = f" ({low} to {high})" if difference.low == difference.low else ""
    return Cell(told, _table_amount(currency, name, difference.difference, signed=True) + interval, mark)


def _columns(result: Result) -> list[str]:
    return [name for name in TABLE if name in result.runs]


def _differences(result: Result, a: int, b: int) -> list[Difference]:
    of_a, of_b = (result.runs[result.runs["point"] == number] for number in (a, b))
    return paired(of_a, of_b) if len(of_a) and len(of_b) else []


def _unit(result: Result, name: str) -> str:
    unit = MEASURES[name].unit
    return result.plan.currency if unit.startswith("money") else unit


def _amount(currency: str, name: str, value: float, *, signed: bool = False) -> str:
    """A figure in prose: waits in weeks, money with its currency, shares as percentages, people whole."""
    if MEASURES[name].unit == "days":
        return f"{value / DAYS_PER_WEEK:{'+' if signed else ''}.1f} weeks"
    return _table_amount(currency, name, value, signed=signed)


def _table_amount(currency: str, name: str, value: float, *, signed: bool = False) -> str:
    """A figure in a table: waits stay in days."""
    unit = MEASURES[name].unit
    if value != value:
        return text.NO_ONE
    plus = "+" if signed and value > 0 else ""
    if unit.startswith("money"):
        return plus + words.money(currency, value)
    if unit == "share":
        return f"{plus}{100 * value:.1f} %" if name != "exhaustion_mean" else f"{plus}{value:.3f}"
    return f"{plus}{value:,.1f}" if unit == "days" else f"{plus}{value:,.0f}" if unit == "people" else f"{plus}{value:,.3g}"


def _weeks(days: float) -> str:
    return f"{days / DAYS_PER_WEEK:.1f}"



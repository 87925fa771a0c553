"""The page a planner hands on: one file, no outside requests, every figure with its unit and its doubt."""

import base64
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from accesssim.study.asking.design import SCENARIO
from accesssim.study.faults import FULL, FolderError
from accesssim.study.measuring.compare import Against
from accesssim.study.measuring.measures import MEASURES, ungrouped
from accesssim.study.result import Result
from accesssim.study.running import disk
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.plan import written
from accesssim.study.running.selection import Selection
from accesssim.study.running.stopping import Needed, from_plan
from accesssim.study.telling import money, words
from accesssim.study.telling.answers import of_nothing_known, sure
from accesssim.study.telling.findings import amount, answers, span, table_amount, table_difference
from accesssim.study.telling.plans import weeks
from accesssim.study.telling.text import windows
from accesssim.world.errors import printable
from accesssim.world.notebook import counted
from accesssim.world.sections.units import in_currency

if TYPE_CHECKING:
    from jinja2 import Environment

TABLE = (
    "wait_to_therapy_mean",
    "wait_to_treatment_mean",
    "started_by_18_weeks_share",
    "still_waiting",
    "waiting_list_end",
    "gave_up_waiting",
    "exhaustion_mean",
    "recovered_share",
    "cost_total",
)
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


def refuse_to_replace(out: str | os.PathLike[str] | None, pictures: str | os.PathLike[str] | None) -> None:
    """Find out, before any work, whether a page and a folder of pictures can be written where they are asked for. Raises FolderError."""
    if out is not None:
        with _writable(out, "Name another file with: --out FILE"):
            disk.refuse_to_replace(Path(out), disk.PAGE, "page of accesssim", "--out FILE")
            disk.probe(Path(out))
    if pictures is not None:
        with _writable(pictures, "Name another folder with: --pictures FOLDER"):
            if os.path.lexists(pictures) and not os.path.isdir(pictures):
                raise FolderError(f"{pictures} is a file, not a folder. Name a folder with: --pictures FOLDER")
            for path in Path(pictures).glob("*.svg"):
                _refuse_picture(path)


def _refuse_picture(path: Path) -> None:
    """Leave what is no picture, and what is a link: nobody named it, and the picture that it leads to may be anybody's.

    Raises FolderError, and OSError if it cannot be read.
    """
    if disk.is_link(path):
        raise FolderError(
            f"{path} is a link, so no picture is written there. Name another folder with: --pictures FOLDER"
        )
    disk.refuse_to_replace(path, disk.PICTURE, "picture", "--pictures FOLDER")


@contextmanager
def _writable(place: str | os.PathLike[str], instead: str) -> Iterator[None]:
    """What the file system says against a place, but for a full disk, as a FolderError."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise
        raise FolderError(f"{os.fspath(place)} cannot be written ({error.strerror}). {instead}") from None


def write_report(result: Result, folder: str | os.PathLike[str], out: str | os.PathLike[str] | None = None) -> Path:
    """Write the page into the folder, or to `out`, and return where it is.

    Raises FolderError if that cannot be written, OSError if the disk is full.
    """
    path = Path(folder) / "report.html" if out is None else Path(out)
    if out is None:  # a file that is named may be a link, one of a result may not
        disk.refuse_link(path)
    page = render(result, ResultFolder(folder).command())
    with _writable(path, "Name another file with: --out FILE"):
        if out is not None:
            disk.refuse_to_replace(path, disk.PAGE, "page of accesssim", "--out FILE")
        disk.deliver(path, page)
    return path


def write_pictures(result: Result, folder: str | os.PathLike[str]) -> list[Path]:
    """Write the page's pictures as SVG files into a folder, and return where they are. Raises FolderError, or OSError if the disk is full."""
    from accesssim.study.telling.figures import pictures

    written_to = []
    with _writable(folder, "Name another folder with: --pictures FOLDER"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for picture in pictures(result):
            path = Path(folder) / f"{picture.name}.svg"
            _refuse_picture(path)
            disk.deliver(path, picture.svg)
            written_to.append(path)
    return written_to


def render(result: Result, command: str) -> str:
    """The page as HTML. Everything that came from a file is escaped."""
    from accesssim.study.telling.figures import pictures

    plan = result.plan
    page = _templates().get_template("report.html")
    selected = result.selected()
    reference = words.telling_points(result, 1)[0] if result.count else None
    return page.render(
        plan=plan,
        scenarios=list(dict.fromkeys(plan.setting(point, SCENARIO) for point in plan.points)),
        result=result,
        reference=None if reference is None else words.label(plan, reference),
        weeks=weeks([point.weeks for point in plan.points]),
        windows=windows(plan.points),
        futures=_futures(result, "simulated future")
        if plan.stopping and result.count
        else counted(plan.replications, "simulated future"),
        paired=_futures(result, "future") if max(result.counts.values(), default=0) > 1 else "",
        sentences=[] if reference is None else answers(result, reference),
        figures=[] if reference is None else figures(result, reference),
        not_in_it=NOT_IN_IT,
        pictures=pictures(result) if result.count else [],
        table_heads=[(words.plain(name), _unit(result, name)) for name in _columns(result)],
        table=[] if reference is None else table(result, reference),
        budgets=[] if reference is None else money.sentences(money.budgets_at(result, reference)),
        money_by_year=[] if reference is None else money.by_year(result, reference),
        money_heads=[words.plain(name.removeprefix("money_")) for name in money.COLUMNS],
        money_by_point=money.by_point(result) if result.count and len(plan.points) > 1 else [],
        needed=[
            (words.label(plan, row.point), row, _half(plan.currency, plan.stopping["measure"], row.half), _settled(row))
            for row in result.needed()
        ]
        if plan.stopping
        else [],
        rule=_rule(result),
        selected=selected,
        sure="" if selected is None or not selected.rivals else sure(selected.chance),
        unanswered=isinstance(from_plan(plan.stopping), Selection) and selected is None,
        unknown=of_nothing_known(plan, selected) if selected is not None and selected.unknown else "",
        half=lambda value: _half(plan.currency, (plan.stopping or {})["measure"], value),
        label=lambda number: words.label(plan, number),
        told=lambda value: amount(plan.currency, (plan.stopping or {})["measure"], value),
        definitions=[
            (name, declared)
            for name, declared in MEASURES.items()
            if any(ungrouped(held) == name for held in result.measures)
        ],
        command=command,
    )


def _shown(value: object) -> object:
    """What of a file would steer a reader's screen is escaped, as markup is."""
    return printable(value, also="\n\t") if isinstance(value, str) and not hasattr(value, "__html__") else value


def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("accesssim.study"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    templates.filters |= {
        "plain": words.plain,
        "written": written,
        "in_currency": in_currency,
        "inline": lambda svg: "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
    }
    return templates


def figures(result: Result, reference: int) -> list[Figure]:
    """Three figures with their intervals."""
    told = []
    for row in result.at(reference).means():
        if row.measure in (words.WAIT, "still_waiting", "started_by_18_weeks_share") and not math.isnan(row.mean):
            value = amount(result.plan.currency, row.measure, row.mean)
            interval = "" if math.isnan(row.low) else span(result.plan.currency, row.measure, row.low, row.high)
            told.append(Figure(words.plain(row.measure), value, interval, "" if row.of == "everybody" else row.of))
    return told


def table(result: Result, reference: int) -> list[tuple[str, bool, list[Cell]]]:
    """Point, whether it is the reference, and its cells."""
    rows = []
    found = {
        (row.point, measure): row
        for measure, rows in result.against(reference, _columns(result)).items()
        for row in rows
    }
    for point in result.plan.points:
        cells = [
            _cell(result.plan.currency, name, result.means_of(name)[point.number][0], found.get((point.number, name)))
            for name in _columns(result)
        ]
        alone = (
            point.number != reference
            and point.number in result.counts
            and all((point.number, name) not in found for name in _columns(result))
        )
        rows.append(
            (
                f"{words.label(result.plan, point.number)}{' (no replication in common with the reference)' if alone else ''}",
                point.number == reference,
                cells,
            )
        )
    return rows


def _futures(result: Result, noun: str) -> str:
    """How many futures there are of a point."""
    least, most = min(result.counts.values()), max(result.counts.values())
    return counted(most, noun) if least == most else f"{least:,} to {counted(most, noun)}"


def _cell(currency: str, name: str, mean: float, found: Against | None) -> Cell:
    told = table_amount(currency, name, mean)
    if found is None or math.isnan(found.difference.difference):
        return Cell(told, "", "")
    difference = found.difference
    mark = {"a": "worse", "b": "better", "": ""}[difference.favours] if found.is_clear else ""
    return Cell(told, table_difference(currency, name, difference.difference, difference.low, difference.high), mark)


def _rule(result: Result) -> str:
    """The stopping rule in words."""
    rule = from_plan(result.plan.stopping)
    if rule is None:
        return ""
    name = words.plain(rule.measure)
    if isinstance(rule, Selection):
        return f"it is known which point is best in “{name}” with a chance of {rule.confidence:.0%}, or {rule.budget:,} runs are spent"
    if rule.half_width is not None:
        return f"half of the interval of the mean of “{name}” is at most {amount(result.plan.currency, rule.measure, rule.half_width)}"
    return (
        f"it is settled whether “{name}” is higher or lower than at the reference"
        if rule.decision == "sign"
        else f"it is settled which point is best in “{name}”"
    )


def _half(currency: str, measure: str, half: float) -> str:
    return amount(currency, measure, half) if math.isfinite(half) else "too few to tell"


def _settled(row: Needed) -> str:
    """Whether a point is settled, in words: one that is not may have come to the most futures, or be run further."""
    if row.settled:
        return "yes"
    if row.alike:
        return f"no difference seen in {row.replications} future{'' if row.replications == 1 else 's'}"
    return "no" if row.ended else "not yet"


def _columns(result: Result) -> list[str]:
    return [name for name in TABLE if name in result.measures]


def _unit(result: Result, name: str) -> str:
    return in_currency(MEASURES[name].unit, result.plan.currency)

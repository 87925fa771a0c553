"""Dated changes as a scenario file gives them: `changes: [{from: week 26, set: {dotted path: value}}]`."""

import datetime
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from accesssim.world.checking.declared import declaration, known_paths, names_given, no_parameter
from accesssim.world.checking.values import Setting, settle
from accesssim.world.errors import Problem
from accesssim.world.reading.yaml import Document
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.units import UnitError, span

#: What is decided before a run begins, or what all of it is read by, cannot change during it.
FIXED = (
    "run.",
    "initial.",
    "demand.peak_multiple",
    "demand.history_days",
    "funding.currency",
    "triage.assessment_is_first_contact",
    *(
        f"triage.{scale}.{name}"
        for scale in ("depression_scale", "anxiety_scale")
        for name in ("cut_off", "reliable_change")
    ),
)
_LATEST = 245_000


def is_fixed(path: str) -> bool:
    """Whether a parameter is decided before a run begins."""
    return path.startswith(FIXED) or (path.startswith("pathways.") and path.endswith(".arrivals.law"))


class GivenChange(NamedTuple):
    """A dated change as a file gives it, its date still to be counted."""

    place: str
    since: Any
    values: dict[str, Setting]


def given_changes(document: Document, settings: Mapping[str, Setting], problems: list[Problem]) -> list[GivenChange]:
    """The changes of one file, which come on top of its parent's; what is wrong is added to `problems`."""
    raw = document.data.get("changes")
    if raw is None:
        return []
    if not isinstance(raw, list):
        problems.append(Problem(document.place(("changes",)), "changes must be a list of `- from: …, set: {…}`"))
        return []
    known = [path for path in known_paths(names_given(settings)) if not is_fixed(path)]
    found: list[GivenChange] = []
    for number, change in enumerate(raw):
        where = ("changes", str(number))
        if not isinstance(change, dict) or set(change) != {"from", "set"} or not isinstance(change.get("set"), dict):
            problems.append(
                Problem(
                    document.place(where),
                    "a change needs `from:` (week 26, day 100 or a date) and `set:` (dotted path: value)",
                )
            )
            continue
        values: dict[str, Setting] = {}
        for path, value in change["set"].items():
            settled = _settled(path, value, document.place((*where, "set", path)), known)
            if isinstance(settled, Problem):
                problems.append(settled)
            else:
                values[path] = settled
        found.append(GivenChange(document.place((*where, "from")), change["from"], values))
    return found


def _settled(path: str, value: Any, place: str, known: list[str]) -> Setting | Problem:
    if is_fixed(path) and declaration(path):
        return Problem(place, f"{path} is decided before the run begins and cannot change by date")
    return settle(path, value, place, known) if path in known else Problem(place, no_parameter(path, known))


def day_of(change: GivenChange, settings: Mapping[str, Setting]) -> int | Problem:
    """The day from which a change holds."""
    raw, day = change.since, None
    if isinstance(raw, int) and not isinstance(raw, bool):
        day = raw
    elif isinstance(raw, str):
        match = re.fullmatch(r"\s*(day|week|month|year)\s+(\d{1,6})\s*", raw)
        try:
            if match:
                day = round(span(f"{match[2]} {match[1]}s", "days") or 0)
            else:
                start = settings.get("run.start_date")
                first = start.value if start else Parameters().run.start_date
                day = (datetime.date.fromisoformat(raw) - first).days
        except (UnitError, ValueError):
            day = None
    if day is None or not 0 <= day <= _LATEST:
        return Problem(
            change.place, f"from: {raw} must be `week 26`, `day 100` or a date after the start, such as 2026-09-01"
        )
    return day

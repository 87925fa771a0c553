"""Scenario files: in, through `extends`, to a scenario; every error with file, line, column and near miss."""

import datetime
import difflib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from accesssim.world.checking.declared import (
    declaration,
    known_paths,
    leaves,
    level,
    names_given,
    near_miss,
    no_parameter,
)
from accesssim.world.checking.values import Provenance, Setting, settle
from accesssim.world.errors import Problem, ScenarioError, title_of
from accesssim.world.reading.paths import find, named, shown_path, stem
from accesssim.world.reading.without_effect import idle
from accesssim.world.reading.yaml import Document, read_yaml, scalar
from accesssim.world.scenario import Scenario
from accesssim.world.sections.declare import Section
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.units import UnitError, in_currency, span
from accesssim.world.shipped import shipped_folder, shipped_path

LONGEST_CHAIN = 20
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
_NAME = r"[A-Za-z][A-Za-z0-9_-]*"
_NAMES = rf"\[\s*({_NAME}\s*(,\s*{_NAME}\s*)*)?\]"
Dated = list[tuple[int, dict[str, Setting]]]


def is_fixed(path: str) -> bool:
    """Whether a parameter is decided before a run begins."""
    return path.startswith(FIXED) or (path.startswith("pathways.") and path.endswith(".arrivals.law"))


def load(name: str | os.PathLike[str], *, beside: Document | None = None, nth: int | None = None) -> Scenario:
    """Load a scenario by its shipped name (`baseline`, `published/…`) or by a path that ends in .yaml.

    `beside` is the experiment that names it, as the `nth` of several: then the path starts at the experiment's folder, and must stay in its project.
    Raises ScenarioError with all its problems.
    """
    if not isinstance(name, str | os.PathLike):
        raise ScenarioError(
            [Problem("load", f'{name!r} must be the name of a scenario or a path to one, such as "baseline"')]
        )
    path, shown = (
        find("scenarios", name)
        if beside is None
        else named(beside, "scenario")
        if nth is None
        else named(beside, "scenarios", nth)
    )
    return _Reader().scenario(path, shown, stem(name))


def load_text(text: str, name: str) -> Scenario:
    """A scenario from the text of its file, under a name. Raises ScenarioError."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)


def read(name: str | os.PathLike[str]) -> Document:
    """The document of a scenario or, if there is no such scenario, of an experiment. Raises ScenarioError."""
    kind = (
        "experiments"
        if shipped_path("scenarios", os.fspath(name)) is None and shipped_path("experiments", os.fspath(name))
        else "scenarios"
    )
    return _read(*find(kind, name))


def read_experiment(name: str | os.PathLike[str]) -> Document:
    """The document of an experiment, by its shipped name or path. Raises ScenarioError."""
    return _read(*find("experiments", name))


def _read(path: Path, shown: str) -> Document:
    document = read_yaml(path, shown)
    if document.data is None:
        raise ScenarioError(
            [Problem(f"{shown}:1:1", "is empty; say at least what it builds on, such as `extends: baseline`")]
        )
    return document


class _Reader:
    """Reads a chain of files, from the parent down."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.chain: list[Path] = []

    def scenario(self, path: Path, shown: str, name: str) -> Scenario:
        settings: dict[str, Setting] = {}
        pending: list[tuple[int, _Change]] = []
        title = name
        for nth, document in enumerate(self._documents(path, shown)):
            title = self._title(document, title)
            names = names_given(settings)
            known = known_paths(names)
            sections = {
                key: value for key, value in document.data.items() if key not in ("extends", "title", "changes")
            }
            for where, raw in self._flatten(document, sections, Parameters, (), known):
                self._keep(document, where, raw, settings, known, nth)
            self._look_for_misspelt_names(document, names, settings)
            pending += [(nth, change) for change in self._changes(document, settings)]
        dated: Dated = []
        for nth, change in pending:  # a date counts from the day 0 that the whole chain ends up with
            day = self._day(change, settings)
            if day == 0:
                settings |= {
                    path: replace(setting, turn=nth)
                    for path, setting in change.values.items()
                    if path not in settings or settings[path].turn <= nth
                }
            elif day is not None:
                dated.append((day, change.values))
        if self.problems:
            raise ScenarioError(self.problems)
        dated.sort(key=lambda change: change[0])
        in_turn = tuple(
            (day, {path: replace(setting, turn=LONGEST_CHAIN + nth) for path, setting in values.items()})
            for nth, (day, values) in enumerate(dated, 2)
        )
        made = Scenario(name, title, settings, in_turn)
        if problems := list(idle(settings, made.parameters)):
            raise ScenarioError(problems)
        return made

    # -- the chain

    def _documents(self, path: Path, shown: str) -> list[Document]:
        """The file and its ancestors, the eldest first."""
        found: list[Document] = []
        while True:
            real = path.resolve()
            if real in self.chain:
                circle = " → ".join(
                    [
                        shown_path(one) if one.is_relative_to(shipped_folder("scenarios")) else one.name
                        for one in [*self.chain, real]
                    ]
                )
                raise ScenarioError([Problem(found[-1].place(("extends",)), f"extends goes in a circle: {circle}")])
            self.chain.append(real)
            document = _read(path, shown)
            if not isinstance(document.data, dict):
                raise ScenarioError(
                    [
                        Problem(
                            f"{shown}:1:1",
                            "must be a mapping of sections such as `demand:`, not a list or a single value",
                        )
                    ]
                )
            found.append(document)
            if "extends" not in document.data:
                return found[::-1]
            if len(found) > LONGEST_CHAIN:
                raise ScenarioError(
                    [Problem(document.place(("extends",)), f"extends runs through more than {LONGEST_CHAIN} files")]
                )
            path, shown = named(document, "extends")

    # -- what a file says

    def _title(self, document: Document, before: str) -> str:
        title = document.data.get("title", before)
        if not isinstance(title, str):
            self.problems.append(Problem(document.place(("title",)), "title must be text"))
            return before
        return title_of(title)

    def _flatten(
        self, document: Document, data: Any, model: type[Section], path: tuple[str, ...], known: Sequence[str]
    ) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Every value that a mapping gives, with its path."""
        here = level(model)
        if not isinstance(data, dict):
            if data is not None:
                self.problems.append(
                    Problem(
                        document.place(path),
                        f"{'.'.join(path)} must hold {', '.join(here.names[:4])}…, not a single value or list",
                    )
                )
            return
        for key, value in data.items():
            where = (*path, key)
            if key in here.fields:
                yield where, value
            elif key in here.sections:
                yield from self._flatten(document, value, here.sections[key], where, known)
            elif key in here.named or key in here.numbers:
                if not isinstance(value, dict):
                    if value is not None:
                        self.problems.append(
                            Problem(document.place(where), f"{'.'.join(where)} must be a mapping of names")
                        )
                    continue
                for name, inner in value.items():
                    if key in here.numbers and "." not in name:
                        yield (*where, name), inner
                    elif not re.fullmatch(_NAME, name):
                        rather = (
                            "whole days, or names of letters, digits and underscores"
                            if key in here.numbers
                            else "letters, digits and underscores"
                        )
                        wrong = (
                            _in_sections(where, name, inner)
                            if "." in name and declaration(".".join((*where, name)))
                            else f"{name!r} is not a name; use {rather}"
                        )
                        self.problems.append(Problem(document.place((*where, name)), wrong))
                    elif inner is None or inner == {}:
                        some = ", ".join(level(here.named[key]).names[:4])
                        self.problems.append(
                            Problem(
                                document.place((*where, name)),
                                f"{'.'.join((*where, name))} says nothing; give it at least one of {some}…",
                            )
                        )
                    else:
                        yield from self._flatten(document, inner, here.named[key], (*where, name), known)
            else:
                options = [
                    *known,
                    *(".".join((*path, name)) for name in here.names),
                    *(("extends", "title", "changes") if not path else ()),
                ]
                dotted = ".".join(where)
                wrong = (
                    _in_sections(path, key, value)
                    if "." in key and declaration(dotted)
                    else f"{dotted} is not a parameter{near_miss(dotted, options)}"
                )
                self.problems.append(Problem(document.place(where), wrong))

    def _keep(
        self,
        document: Document,
        where: tuple[str, ...],
        raw: Any,
        settings: dict[str, Setting],
        known: Sequence[str],
        turn: int,
    ) -> None:
        path = ".".join(where)
        settled = settle(path, raw, document.place(where), known)
        if isinstance(settled, Problem):
            self.problems.append(settled)
        else:
            if path == "run.weeks" and "run.days" in settings and settings["run.days"].turn < turn:
                del settings["run.days"]  # a length in days that was inherited, where weeks are asked for
            settings[path] = replace(settled, turn=turn)

    def _look_for_misspelt_names(
        self, document: Document, before: dict[str, list[str]], settings: dict[str, Setting]
    ) -> None:
        """A new name that is nearly an inherited one is taken as a slip: it would silently make a second group, pathway or step."""
        for section, names in names_given(settings).items():
            there = before.get(section, [])
            for name in names:
                if (
                    name not in there
                    and not name.isdigit()
                    and (meant := next((other for other in there if _slip(name, other)), None))
                ):
                    where = (*section.split("."), name)
                    self.problems.append(
                        Problem(
                            document.place(where),
                            f"{'.'.join(where)} is not in what this extends; did you mean {section}.{meant}?",
                        )
                    )

    # -- dated changes

    def _changes(self, document: Document, settings: dict[str, Setting]) -> "list[_Change]":
        """A child's changes come on top of its parent's."""
        raw = document.data.get("changes")
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.problems.append(
                Problem(document.place(("changes",)), "changes must be a list of `- from: …, set: {…}`")
            )
            return []
        found: list[_Change] = []
        for number, change in enumerate(raw):
            where = ("changes", str(number))
            if (
                not isinstance(change, dict)
                or set(change) != {"from", "set"}
                or not isinstance(change.get("set"), dict)
            ):
                self.problems.append(
                    Problem(
                        document.place(where),
                        "a change needs `from:` (week 26, day 100 or a date) and `set:` (dotted path: value)",
                    )
                )
                continue
            values: dict[str, Setting] = {}
            known = [path for path in known_paths(names_given(settings)) if not is_fixed(path)]
            for path, value in change["set"].items():
                place = (*where, "set", path)
                if is_fixed(path) and declaration(path):
                    self.problems.append(
                        Problem(
                            document.place(place), f"{path} is decided before the run begins and cannot change by date"
                        )
                    )
                elif path not in known:
                    self.problems.append(Problem(document.place(place), no_parameter(path, known)))
                else:
                    settled = settle(path, value, document.place(place), known)
                    if isinstance(settled, Problem):
                        self.problems.append(settled)
                    else:
                        values[path] = settled
            found.append(_Change(document.place((*where, "from")), change["from"], values))
        return found

    def _day(self, change: "_Change", settings: dict[str, Setting]) -> int | None:
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
        if day is None or not 0 <= day <= 245_000:
            self.problems.append(
                Problem(
                    change.place,
                    f"from: {raw} must be `week 26`, `day 100` or a date after the start, such as 2026-09-01",
                )
            )
            return None
        return day


class _Change(NamedTuple):
    """A dated change as a file gives it, its date still to be counted."""

    place: str
    since: Any
    values: dict[str, Setting]


def _in_sections(path: tuple[str, ...], key: str, value: Any) -> str:
    """What would be right where a file gives a parameter by its dotted path, as --set and changes do."""
    section, *inner = key.split(".")
    written = "…" if isinstance(value, dict | list) else json.dumps(value, default=str)
    for name in reversed(inner):
        written = f"{{{name}: {written}}}"
    return f"{'.'.join((*path, key))} must be written under `{section}:`, such as {section}: {written}"


def _slip(name: str, other: str) -> bool:
    """Whether a name looks like a misspelling of another: close, and not just numbered or lettered on at the end."""
    numbered = len(name) == len(other) and name[:-1] == other[:-1]
    return not numbered and difflib.SequenceMatcher(None, name, other).ratio() >= 0.88


def parse_setting(text: str) -> tuple[str, Any]:
    """`key=value` of a command line: the path, and the value as YAML reads a plain word or a list of names. Raises ScenarioError."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError([Problem("--set", f"{text} must be written path=value, such as bureaucracy.level=1.5")])
    value = value.strip()
    return path.strip(), re.findall(_NAME, value) if re.fullmatch(_NAMES, value) else scalar(value)


def check(names: Sequence[str | os.PathLike[str]]) -> list[Problem]:
    """Every problem of some scenario files."""
    problems: list[Problem] = []
    for name in names:
        try:
            load(name)
        except ScenarioError as error:
            problems += error.problems
    return problems


def describe(scenario: Scenario) -> list[dict[str, Any]]:
    """Every value with unit, kind, source, quality and place, then those that come into force later: the rows of `accesssim show`."""
    provenance, currency = scenario.provenance, scenario.parameters.funding.currency
    rows = [_row(path, path, value, provenance[path], currency) for path, value in leaves(scenario.parameters)]
    for day, values in scenario.dated:
        if day > 0:  # what changes on day 0 stands above already
            rows += [
                _row(f"from day {day}: {path}", path, setting.value, setting.provenance, currency)
                for path, setting in values.items()
            ]
    return rows


def _row(name: str, path: str, value: Any, origin: Provenance, currency: str) -> dict[str, Any]:
    declared = declaration(path)
    assert declared is not None, path
    return {
        "path": name,
        "value": value,
        "unit": in_currency(declared.unit, currency),
        "kind": declared.kind,
        "source": origin.source,
        "quality": origin.quality,
        "low": origin.low,
        "high": origin.high,
        "note": origin.note,
        "place": origin.place,
        "meaning": declared.meaning,
    }


def starter(name: str) -> str:
    """Text of a commented starter scenario; its title is quoted, as JSON is YAML, because a bare name may be a number or a sign to YAML."""
    return f"""# {name}
#
# What it is      One sentence: which service, which change.
# What it answers The question you want answered.
# What it cannot  What the model leaves out that matters here.
extends: baseline                       # everything that is not said below is as there; see: accesssim show baseline
title: {json.dumps(name.replace("_", " ").capitalize(), ensure_ascii=False)}

demand:
  referrals_per_week: {{value: 154, source: "your own count", quality: measured}}

workforce:
  high_intensity:
    posts: 23                           # posts wished for; funding.annual_budget decides how many are paid

changes:                                # what comes into force later
  - from: week 26
    set:
      bureaucracy.level: 0.8            # a fifth less paperwork
"""

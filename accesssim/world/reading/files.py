"""Scenario files: in, through `extends`, to a scenario; every error with file, line, column and near miss."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from accesssim.world.checking.declared import known_paths, names_given
from accesssim.world.checking.values import Setting, settle
from accesssim.world.errors import Problem, ScenarioError, title_of
from accesssim.world.reading.ages import days_waited, is_table
from accesssim.world.reading.changes import GivenChange, day_of, given_changes
from accesssim.world.reading.keys import Keys, Where
from accesssim.world.reading.paths import find, named, shown_path, stem
from accesssim.world.reading.without_effect import without_effect
from accesssim.world.reading.yaml import Document, read_yaml
from accesssim.world.scenario import Scenario
from accesssim.world.sections.parameters import Parameters
from accesssim.world.shipped import shipped_folder, shipped_path

LONGEST_CHAIN = 20
Dated = list[tuple[int, dict[str, Setting]]]


def load(name: str | os.PathLike[str], *, beside: Document | None = None, nth: int | None = None) -> Scenario:
    """Load a scenario by its shipped name (`baseline`, `published/…`) or by a path that ends in .yaml.

    `beside` is the experiment that names it, as the `nth` of several: then the path starts at the experiment's
    folder, and must stay in its project.
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
        self.tables: dict[Where, tuple[int, Document]] = {}  # of those on lists

    def scenario(self, path: Path, shown: str, name: str) -> Scenario:
        settings: dict[str, Setting] = {}
        pending: list[tuple[int, GivenChange]] = []
        title = name
        for nth, document in enumerate(self._documents(path, shown)):
            title = self._title(document, title)
            names = names_given(settings)
            known = known_paths(names)
            keys = Keys(document, known, self.problems)
            for where, raw in keys.values():
                if is_table(where, raw):
                    self.tables[where] = nth, document
                else:
                    self._keep(document, where, raw, settings, known, nth)
            keys.look_for_misspelt_names(names, settings)
            pending += [(nth, change) for change in given_changes(document, settings, self.problems)]
        self._count_lists(settings)
        dated = self._by_day(pending, settings)
        if self.problems:
            raise ScenarioError(self.problems)
        in_turn = tuple(
            (day, {path: replace(setting, turn=LONGEST_CHAIN + nth) for path, setting in values.items()})
            for nth, (day, values) in enumerate(dated, 2)
        )
        made = Scenario(name, title, settings, in_turn)
        if problems := list(without_effect(settings, made.parameters)):
            raise ScenarioError(problems)
        return made

    def _count_lists(self, settings: dict[str, Setting]) -> None:
        """Tables of those on lists: how many have waited so many days on the day 0 that the whole chain ends up with.

        Of a table and values for the same list the one counts that the younger file gives.
        """
        first = settings["run.start_date"].value if "run.start_date" in settings else Parameters().run.start_date
        for where, (nth, document) in self.tables.items():
            before = [path for path in settings if path.startswith(".".join(where) + ".")]
            if any(settings[path].turn > nth for path in before):
                continue
            for path in before:
                del settings[path]
            try:
                counts = days_waited(document, where, first)
            except ScenarioError as error:
                self.problems += error.problems
            else:
                for day, people in counts.items():
                    self._keep(document, (*where, "days", day), people, settings, (), nth)

    def _by_day(self, pending: list[tuple[int, GivenChange]], settings: dict[str, Setting]) -> Dated:
        """Changes after day 0 in order; those of day 0 are put into the settings.

        A date counts from the day 0 that the whole chain ends up with.
        """
        dated: Dated = []
        for nth, change in pending:
            day = day_of(change, settings)
            if isinstance(day, Problem):
                self.problems.append(day)
            elif day == 0:
                settings |= {
                    path: replace(setting, turn=nth)
                    for path, setting in change.values.items()
                    if path not in settings or settings[path].turn <= nth
                }
            else:
                dated.append((day, change.values))
        return sorted(dated, key=lambda change: change[0])

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

    def _keep(
        self,
        document: Document,
        where: Where,
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


def check(names: Sequence[str | os.PathLike[str]]) -> list[Problem]:
    """Every problem of some scenario files."""
    problems: list[Problem] = []
    for name in names:
        try:
            load(name)
        except ScenarioError as error:
            problems += error.problems
    return problems

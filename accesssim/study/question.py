"""Experiment files: a question as YAML, read and checked, with every problem at its place."""

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from accesssim.world import files, paths
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_names
from accesssim.world.yaml import Document

if TYPE_CHECKING:
    from accesssim.study.experiment import Experiment

KEYS = ("title", "scenario", "matrix", "exclude", "replications", "seed", "compare_to")
LATER = ("scenarios", "zip", "sample", "design", "include", "until", "find", "best", "question", "hypothesis", "notes")
"""Keys that files of a later version may hold: refused rather than overlooked."""


def load(name: str, *, most_runs: int | None = None) -> "Experiment":
    """Read an experiment by its shipped name or its path. Raises ScenarioError with every problem."""
    from accesssim.study.experiment import MOST_RUNS, Experiment

    document = files.read_experiment(name)
    problems = list(_structure(document))
    data = document.data if isinstance(document.data, dict) else {}
    scenario = None
    if isinstance(data.get("scenario"), str):
        try:
            scenario = files.load(data["scenario"], beside=document)
        except ScenarioError as error:
            problems += [problem if ":" in problem.place else Problem(document.place(("scenario",)), str(problem)) for problem in error.problems]
    if scenario is not None:
        problems += _values(document, scenario)
    if problems or scenario is None:
        raise ScenarioError(problems)
    try:
        return Experiment(
            scenario,
            matrix=data.get("matrix"),
            exclude=data.get("exclude") or (),
            replications=data.get("replications"),
            seed=data.get("seed"),
            compare_to=data.get("compare_to"),
            title=data.get("title") or "",
            name=paths.stem(name),
            most_runs=most_runs or MOST_RUNS,
        )
    except ScenarioError as error:  # what is valid alone and not together
        raise ScenarioError([Problem(document.place((problem.place if problem.place in KEYS else "matrix",)), problem.message) for problem in error.problems]) from None


def check(name: str) -> str:
    """Validate a scenario or an experiment, or both where one shipped name has both, and say which it is.

    Raises ScenarioError with every problem.
    """
    shipped = [kind for kind in ("scenarios", "experiments") if name in shipped_names(kind)]
    if not shipped:
        shipped = ["experiments" if is_experiment(files.read(name)) else "scenarios"]
    if "scenarios" in shipped:
        files.load(name)
    if "experiments" in shipped:
        load(name)
    return " and ".join(kind[:-1] for kind in shipped)


def is_experiment(document: Document) -> bool:
    """Whether a file asks a question rather than describes a service."""
    return isinstance(document.data, dict) and any(key in document.data for key in (*KEYS[1:], *LATER) if key != "notes")


def _structure(document: Document) -> Iterator[Problem]:
    data = document.data
    if not isinstance(data, dict):
        yield Problem(document.place(()), "an experiment is a list of keys with values: scenario, matrix, replications …")
        return
    for key in data:
        if key in LATER:
            yield Problem(document.place((key,)), f"{key} is not in this version; this version knows {', '.join(KEYS)}")
        elif key not in KEYS:
            yield Problem(document.place((key,)), f"{key} is not a key of an experiment{near(key, KEYS)}")
    if "scenario" not in data and "scenarios" not in data:
        yield Problem(document.place(()), "scenario is missing; name one, for example scenario: baseline")
    yield from _typed(document, "scenario", str, "must be the name of a scenario or a path to one, such as baseline")
    yield from _typed(document, "title", str, "must be text")
    matrix = data.get("matrix", {})
    if not isinstance(matrix, dict) or not all(isinstance(values, list) and values for values in matrix.values()):
        yield Problem(document.place(("matrix",)), "matrix must give each dotted path a list of values, such as bureaucracy.level: [0.5, 1.0]")
    for key, least in (("replications", 1), ("seed", 0)):
        value = data.get(key)
        if isinstance(value, dict):
            yield Problem(document.place((key,)), f"{key} with stopping rules is not in this version; give a number")
        elif key in data and (not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**63):
            yield Problem(document.place((key,)), f"{key} = {value} must be a whole number of at least {least}")
    yield from _choices(document)


def _typed(document: Document, key: str, kind: type, message: str) -> Iterator[Problem]:
    if key in document.data and not isinstance(document.data[key], kind):
        yield Problem(document.place((key,)), f"{key} {message}")


def _choices(document: Document) -> Iterator[Problem]:
    """`exclude` and `compare_to` speak of values that the matrix has."""
    data = document.data
    matrix = data.get("matrix") if isinstance(data.get("matrix"), dict) else {}
    exclude = data.get("exclude", [])
    if not isinstance(exclude, list):
        yield Problem(document.place(("exclude",)), "exclude must be a list, such as [{bureaucracy.level: 1.5}]")
        exclude = []
    chosen: list[tuple[tuple[str, ...], Any]] = [(("exclude", str(nth)), entry) for nth, entry in enumerate(exclude)]
    if "compare_to" in data:
        chosen.append((("compare_to",), data["compare_to"]))
    for place, entry in chosen:
        if not isinstance(entry, dict) or not entry:
            yield Problem(document.place(place), f"{place[0]} must name values of the matrix, such as {{bureaucracy.level: 1.0}}")
            continue
        for path, value in entry.items():
            if path not in matrix:
                yield Problem(document.place((*place, path)), f"{path} is not in the matrix{near(path, list(matrix))}")
            elif isinstance(matrix[path], list) and value not in matrix[path]:
                listed = ", ".join(map(str, matrix[path]))
                yield Problem(document.place((*place, path)), f"{path} = {value} is not one of the matrix's values, {listed}")


def _values(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Each value of the matrix, alone, in the scenario."""
    matrix = document.data.get("matrix")
    for path, values in matrix.items() if isinstance(matrix, dict) else ():
        told = set()
        for nth, value in enumerate(values if isinstance(values, list) else ()):
            try:
                scenario.replace({path: value})
            except ScenarioError as error:
                for problem in error.problems:
                    if problem.message not in told:  # an unknown path is one problem, however many values it has
                        told.add(problem.message)
                        yield Problem(document.place(("matrix", path, str(nth))), problem.message)


def near(word: str, known: tuple[str, ...] | list[str]) -> str:
    """A near miss, as the end of a message."""
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else ""

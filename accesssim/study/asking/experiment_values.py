"""What an experiment file names: scenarios, values of their parameters, rows of a table, measures; every problem at its place."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accesssim.study.asking.design import OF_THE_WHOLE, does_nothing
from accesssim.study.asking.experiment_layout import Place, chosen, mapping, problems_of_choices
from accesssim.study.measuring.measures import misnamed, out_of_reach, unknown
from accesssim.world.checking.declared import finite
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.reading import files, paths
from accesssim.world.reading.yaml import Document, read_text, scalar
from accesssim.world.scenario import Scenario

Row = tuple[str, dict[str, Any]]
"""A row of a design's table, with its place."""


def scenarios_of(document: Document, problems: list[Problem]) -> list[Scenario]:
    """The scenario, or the scenarios, that the file names; what is wrong with them is added to `problems`."""
    data, found = document.data, []
    several = data.get("scenarios") if isinstance(data.get("scenarios"), list) else None
    wanted: list[int | None] = [None] if isinstance(data.get("scenario"), str) else list(range(len(several or ())))
    for nth in wanted:
        if nth is not None and several is not None and not isinstance(several[nth], str):
            continue
        where: Place = ("scenario",) if nth is None else ("scenarios", str(nth))
        try:
            found.append(
                files.load(data["scenario"] if nth is None else data["scenarios"][nth], beside=document, nth=nth)
            )
        except ScenarioError as error:
            problems += [
                problem if ":" in problem.place else Problem(document.place(where), str(problem))
                for problem in error.problems
            ]
    return found


def rows_of(document: Document, problems: list[Problem]) -> list[Row]:
    """The rows of a design's table, each with its place: dotted paths in the first line, a point in each other."""
    try:
        path, shown = paths.table(document, "design")
        lines = list(csv.reader(read_text(path, shown).splitlines(), strict=True))
    except ScenarioError as error:
        problems += error.problems
        return []
    except csv.Error as error:
        problems.append(Problem(shown, f"is not a table of values with commas between them ({error})"))
        return []
    if len(lines) < 2:
        problems.append(Problem(shown, "needs a line of dotted paths, and a line for each point below it"))
        return []
    heads, rows = [head.strip() for head in lines[0]], []
    if twice := [head for head in dict.fromkeys(heads) if heads.count(head) > 1]:
        problems.append(Problem(f"{shown}:1:1", f"{twice[0] or 'a head with nothing in it'} is given twice"))
        return []
    for number, line in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(heads):
            problems.append(
                Problem(f"{shown}:{number}:1", f"has {len(line)} values where the first line has {len(heads)} paths")
            )
            continue
        rows.append(
            (f"{shown}:{number}:1", {head: scalar(cell.strip()) for head, cell in zip(heads, line, strict=True)})
        )
    return rows


def problems_of_values(document: Document, scenarios: Sequence[Scenario], rows: Sequence[Row]) -> Iterator[Problem]:
    """Each value that is asked for in each scenario, choices among the rows of a table, and measures."""
    yield from _values(document, scenarios, rows)
    if rows:
        for place, words in problems_of_choices(document.data, list(rows[0][1])):
            yield Problem(document.place(place), words)
    yield from _measures(document, scenarios)


def _values(document: Document, scenarios: Sequence[Scenario], rows: Sequence[Row]) -> Iterator[Problem]:
    """Each value alone, or else beside those that it goes with; what is wrong with a path is told once, however many values it has."""
    told: set[tuple[str, str]] = set()
    names = [scenario.name for scenario in scenarios]
    for place, path, value, beside in _asked(document, scenarios[0], rows):
        if path == "scenario" and value not in names:
            yield Problem(place, f"scenario = {value} is not one of the scenarios, {', '.join(names)}")
        if path in OF_THE_WHOLE and (path, "") not in told:
            told.add((path, ""))
            yield Problem(place, does_nothing(path))
        for scenario in scenarios if path != "scenario" else ():
            for problem in _refused(scenario, path, value, beside):
                if (path, problem.message) not in told:
                    told.add((path, problem.message))
                    yield Problem(place, problem.message)


def _asked(
    document: Document, scenario: Scenario, rows: Sequence[Row]
) -> Iterator[tuple[str, str, Any, Mapping[str, Any]]]:
    """Every value that is asked for: its place, its path, itself, and the others that it goes with.

    These are the others of a zip at that place of their lists, of an entry of `include`, or of a row.
    """
    data = document.data
    for where in (("matrix",), ("zip",), ("best", "levers")):
        axes = mapping(data.get(where[0])) if len(where) == 1 else mapping(mapping(data.get("best")).get("levers"))
        listed = {path: values for path, values in axes.items() if isinstance(values, list)}
        for path, values in listed.items():
            for nth, value in enumerate(values):
                beside = {other: them[nth] for other, them in listed.items() if nth < len(them)}
                place = document.place((*where, path, str(nth)))
                yield place, path, value, beside if where == ("zip",) else {}
    for path, bounds in mapping(mapping(data.get("sample")).get("ranges")).items():
        held = scenario.provenance.get(path)
        for bound in bounds if isinstance(bounds, list) else [held.value if held else 0]:
            if finite(bound):
                yield document.place(("sample", "ranges", path)), path, bound, {}
    for at, entry in chosen(data, "include"):
        for path, value in mapping(entry).items():
            yield document.place((*at, path)), path, value, entry
    for place, row in rows:
        for path, value in row.items():
            yield place, path, value, row


def _refused(scenario: Scenario, path: str, value: object, beside: Mapping[str, Any]) -> Sequence[Problem]:
    """What is wrong with a value in a scenario; nothing where those that go with it make it fit: shares of teams, say."""
    try:
        scenario.replace({path: value})
    except ScenarioError as error:
        return () if beside and _fit(scenario, beside) else error.problems
    return ()


def _fit(scenario: Scenario, together: Mapping[str, Any]) -> bool:
    try:
        scenario.replace({path: value for path, value in together.items() if path != "scenario"})
    except ScenarioError:
        return False
    return True


def _measures(document: Document, scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """Groups and bounds of the measures that a rule, a search or a choice names; that one is not a measure is told of the layout."""
    for where in (("replications", "until"), ("find", "smallest_such_that"), ("best",)):
        asked: Any = document.data
        for key in where:
            asked = mapping(asked).get(key)
        if not isinstance(asked, dict) or unknown(measure := str(asked.get("measure"))):
            continue
        if words := next(filter(None, (misnamed(measure, scenario) for scenario in scenarios)), None):
            yield Problem(document.place((*where, "measure")), words)
        for key in ("at_least", "at_most"):
            if finite(asked.get(key)) and (words := out_of_reach(measure, float(asked[key]))):
                yield Problem(document.place((*where, key)), f"{key} = {words}")

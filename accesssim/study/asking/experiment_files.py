"""Experiment files: a question as YAML, read and checked, with every problem at its place."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any, Literal

from accesssim.clinic.demand_limits import check_demand
from accesssim.study.asking.design import OF_THE_WHOLE, does_nothing
from accesssim.study.asking.experiment_layout import AXES, KEYS, LATER, METHODS, Place, half_width_of, near, structure
from accesssim.study.measuring.measures import MEASURES, misnamed, out_of_reach, ungrouped
from accesssim.world.checking.declared import finite
from accesssim.world.errors import Problem, ScenarioError, title_of
from accesssim.world.reading import files, paths
from accesssim.world.reading.yaml import Document, read_text, scalar
from accesssim.world.scenario import Scenario
from accesssim.world.sections.parameters import Parameters
from accesssim.world.shipped import shipped_names

if TYPE_CHECKING:
    from accesssim.study.asking.design import Settings
    from accesssim.study.asking.experiment import Experiment
    from accesssim.study.asking.sample import Sample
    from accesssim.study.asking.solve import Target
    from accesssim.study.running.selection import Selection
    from accesssim.study.running.stopping import Stopping

Kind = Literal["scenario", "experiment"]


def load(name: str, *, most_runs: int | None = None) -> "Experiment":
    """Read an experiment by its shipped name or its path. Raises ScenarioError with every problem."""
    from accesssim.study.asking.experiment import MOST_RUNS, Experiment

    document = files.read_experiment(name)
    problems = list(structure(document))
    if not isinstance(document.data, dict):
        raise ScenarioError(problems)
    data, scenarios = document.data, _scenarios(document, problems)
    rows = _rows(document, problems) if "design" in data else []
    if scenarios:
        problems += [*_values(document, scenarios, rows), *_chosen(document, rows), *_measures(document, scenarios)]
    if problems or not scenarios:
        raise ScenarioError(problems)
    try:
        return Experiment(
            scenarios,
            matrix={**(data.get("matrix") or {}), **(data["best"].get("levers") or {})}
            if "best" in data
            else data.get("matrix"),
            side_by_side=data.get("zip"),
            sample=_sample(data["sample"]) if "sample" in data else None,
            table=[row for _, row in rows],
            include=data.get("include") or (),
            exclude=data.get("exclude") or (),
            replications=_rule(data),
            seed=_seed(data),
            compare_to=data.get("compare_to"),
            title=title_of(data.get("title") or ""),
            name=paths.stem(name),
            people=data.get("people", False),
            most_runs=most_runs or MOST_RUNS,
        )
    except ScenarioError as error:  # what is valid alone and not together
        raise ScenarioError(
            [Problem(_place_of(document, rows, problem.place), problem.message) for problem in error.problems]
        ) from None


def _place_of(document: Document, rows: list[tuple[str, dict[str, Any]]], place: str) -> str:
    """Where in the file, or in the design's table, a place of the design is: a key, or a value such as `include.2` or `matrix.bureaucracy.level.1`."""
    data, (key, _, value) = document.data, place.partition(".")
    path, _, nth = value.rpartition(".")
    if key == "design" and nth.isdecimal():
        return rows[int(nth)][0]
    if key == "matrix" and path not in (data.get("matrix") or {}) and "best" in data:
        return document.place(("best", "levers", path, nth))
    if key in data:
        return document.place((key, *filter(None, (path, nth))))
    return document.place((next((axis for axis in AXES if axis in data), "scenario"),))


@dataclass(frozen=True)
class Search:
    """What `find` asks: the arguments of `solve.solve`, and the experiment's name and title."""

    scenario: Scenario
    lever: str
    between: tuple[float, float]
    target: "Target"
    chance: float
    replications: int
    seed: int | None
    name: str
    title: str


def search(name: str) -> Search | None:
    """What an experiment's `find` asks; None where it has none. Raises ScenarioError with every problem."""
    from accesssim.study.asking.solve import Target

    document = files.read_experiment(name)
    if not isinstance(document.data, dict) or "find" not in document.data:
        return None
    load(name, most_runs=2**63)  # every problem of the rest; how many runs there may be is asked of the whole search
    data, problems = document.data, []
    find, scenario = data["find"], _scenarios(document, [])[0]
    if find["lever"] in OF_THE_WHOLE:
        problems.append(Problem(document.place(("find", "lever")), does_nothing(find["lever"])))
    for end in find["between"]:
        try:
            check_demand(scenario.replace({find["lever"]: end}))
        except ScenarioError as error:
            problems += [
                problem if ":" in problem.place else Problem(document.place(("find", "lever")), problem.message)
                for problem in error.problems
            ]
            break
    if problems:
        raise ScenarioError(problems)
    wanted = find["smallest_such_that"]
    least, most = (float(wanted[key]) if key in wanted else None for key in ("at_least", "at_most"))
    target = Target(wanted["measure"], least, most)
    low, high = find["between"]
    return Search(
        scenario,
        find["lever"],
        (float(low), float(high)),
        target,
        float(find.get("chance", 0.8)),
        int(data.get("replications") or 40),
        _seed(data),
        paths.stem(name),
        title_of(data.get("title") or "") or scenario.title,
    )


def check(name: str) -> str:
    """Validate a scenario or an experiment, or both where one shipped name has both, and say which it is.

    Raises ScenarioError with every problem.
    """
    shipped = [kind for kind in ("scenarios", "experiments") if name in shipped_names(kind)]
    if not shipped:
        shipped = ["experiments" if is_experiment(files.read(name)) else "scenarios"]
    if "scenarios" in shipped:
        check_demand(files.load(name))
    if "experiments" in shipped:
        check_demand_of_points(name, load(name))
        search(name)
    return " and ".join(kind[:-1] for kind in shipped)


def check_demand_of_points(name: str, experiment: "Experiment") -> None:
    """Refuse points with more people than a run can draw. Raises ScenarioError with each value that makes it so, once."""
    if refused := experiment.undrawable:
        document = files.read_experiment(name)
        raise ScenarioError(list(dict.fromkeys(_of_a_point(document, *one) for one in refused)))


def _of_a_point(document: Document, varied: "Settings", problem: Problem) -> Problem:
    """What is wrong with the demand of a point: told at the axes of demand, if it has any."""
    if not varied:
        return problem
    listed = [(key, path) for path in varied for key in ("matrix", "zip") if path in (document.data.get(key) or {})]
    place = listed[0] if listed else (next(key for key in (*AXES, "best") if key in document.data),)
    return Problem(document.place(place), problem.message)


def is_experiment(document: Document) -> bool:
    """Whether a file asks a question rather than describes a service."""
    return isinstance(document.data, dict) and any(
        key in document.data for key in (*KEYS[1:], *LATER) if key != "notes"
    )


@contextmanager
def of_kind(kind: Kind, name: str) -> Iterator[None]:
    """Where a file turns out to be of the other kind, that alone is told, and what runs it, instead of every key that is not one of this kind. Raises ScenarioError."""
    try:
        yield
    except ScenarioError:
        other: Kind = "experiment" if kind == "scenario" else "scenario"
        if _kind_of(name) == other:
            what = (
                "is an experiment, not a scenario; type: accesssim sweep"
                if other == "experiment"
                else "is a scenario, not an experiment; type: accesssim run"
            )
            raise ScenarioError([Problem(name, f"{what} {quote(name)}")]) from None
        raise


def _kind_of(name: str) -> Kind | None:
    """What a file is by its keys: an experiment names a scenario, and a scenario describes a service; None where it does both, neither, or cannot be read."""
    try:
        held = files.read(name).data
    except ScenarioError:
        return None
    keys = set(held) if isinstance(held, dict) else set()
    names, describes = (
        bool(keys & {"scenario", "scenarios"}),
        bool(keys & {"extends", "changes", *Parameters.model_fields}),
    )
    return None if names == describes else "experiment" if names else "scenario"


# -- what is named


def _scenarios(document: Document, problems: list[Problem]) -> list[Scenario]:
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


def _rows(document: Document, problems: list[Problem]) -> list[tuple[str, dict[str, Any]]]:
    """The rows of a design's table, each with its place: dotted paths in the first line, a point in each other."""
    try:
        path, shown = paths.table(document, "design")
        lines = list(csv.reader(read_text(path, shown).splitlines(), strict=True))
    except ScenarioError as error:
        problems += error.problems
        return []
    except csv.Error as error:
        problems.append(Problem(shown, f"is no table of values with commas between them ({error})"))
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


def _measures(document: Document, scenarios: list[Scenario]) -> Iterator[Problem]:
    """Groups and bounds of the measures that a rule, a search or a choice names."""
    for where in (("replications", "until"), ("find", "smallest_such_that"), ("best",)):
        asked: Any = document.data
        for key in where:
            asked = asked.get(key) if isinstance(asked, dict) else None
        if not isinstance(asked, dict) or ungrouped(str(asked.get("measure"))) not in MEASURES:
            continue
        measure = str(asked["measure"])
        if words := next(filter(None, (misnamed(measure, scenario) for scenario in scenarios)), None):
            yield Problem(document.place((*where, "measure")), words)
        for key in ("at_least", "at_most"):
            if finite(asked.get(key)) and (words := out_of_reach(measure, float(asked[key]))):
                yield Problem(document.place((*where, key)), f"{key} = {words}")


def _values(document: Document, scenarios: list[Scenario], rows: list[tuple[str, dict[str, Any]]]) -> Iterator[Problem]:
    """Each value that is asked for, in each scenario: alone, or else beside those that it goes with."""
    asked: list[tuple[str, str, Any]] = []
    beside: dict[
        str, dict[str, Any]
    ] = {}  # by place: the others of a zip at that place of their lists, of an entry, of a row
    data = document.data
    for where in (("matrix",), ("zip",), ("best", "levers")):
        listed = (
            data.get(where[0])
            if len(where) == 1 or not isinstance(data.get(where[0]), dict)
            else data[where[0]].get(where[1])
        )
        for path, values in listed.items() if isinstance(listed, dict) else ():
            for nth, value in enumerate(values if isinstance(values, list) else ()):
                place = document.place((*where, path, str(nth)))
                asked.append((place, path, value))
                if where == ("zip",):
                    beside[place] = {
                        other: them[nth] for other, them in listed.items() if isinstance(them, list) and nth < len(them)
                    }
    ranges = data["sample"].get("ranges") if isinstance(data.get("sample"), dict) else None
    for path, bounds in ranges.items() if isinstance(ranges, dict) else ():
        place = document.place(("sample", "ranges", path))
        held = scenarios[0].provenance.get(path)
        asked += [
            (place, path, bound)
            for bound in (bounds if isinstance(bounds, list) else [held.value if held else 0])
            if finite(bound)
        ]
    for nth, entry in enumerate(data["include"] if isinstance(data.get("include"), list) else ()):
        for path, value in entry.items() if isinstance(entry, dict) else ():
            place = document.place(("include", str(nth), path))
            asked.append((place, path, value))
            beside[place] = entry
    asked += [(place, path, value) for place, row in rows for path, value in row.items()]
    beside |= dict(rows)
    told: set[tuple[str, str]] = set()
    names = [scenario.name for scenario in scenarios]
    for place, path, value in asked:
        if path == "scenario" and value not in names:
            yield Problem(place, f"scenario = {value} is not one of the scenarios, {', '.join(names)}")
        if path in OF_THE_WHOLE and (path, "") not in told:
            told.add((path, ""))
            yield Problem(place, does_nothing(path))
        for scenario in scenarios if path != "scenario" else ():
            try:
                scenario.replace({path: value})
            except ScenarioError as error:
                for problem in () if _fit(scenario, beside.get(place, {})) else error.problems:
                    if (
                        path,
                        problem.message,
                    ) not in told:  # an unknown path is one problem, however many values it has
                        told.add((path, problem.message))
                        yield Problem(place, problem.message)


def _fit(scenario: Scenario, together: Mapping[str, Any]) -> bool:
    """Whether some values, of which one does not fit into a scenario alone, do together: shares of teams, say."""
    try:
        scenario.replace({path: value for path, value in together.items() if path != "scenario"})
    except ScenarioError:
        return False
    return bool(together)


def _chosen(document: Document, rows: list[tuple[str, dict[str, Any]]]) -> Iterator[Problem]:
    """What `exclude` and `compare_to` name must be an axis also where values beyond the lists are possible (without these: see `structure`)."""
    data = document.data
    if not (data.get("include") or "sample" in data or "design" in data) or ("design" in data and not rows):
        return
    sample, best = data.get("sample"), data.get("best")
    groups = (
        data.get("matrix"),
        data.get("zip"),
        sample.get("ranges") if isinstance(sample, dict) else {},
        best.get("levers") if isinstance(best, dict) else {},
    )
    axes = [
        path
        for group in (*groups, *(row for _, row in rows[:1]), *_listed(data.get("include")))
        if isinstance(group, dict)
        for path in group
    ]
    axes += ["scenario"] if "scenarios" in data else []
    entries = [(("exclude", str(nth)), entry) for nth, entry in enumerate(_listed(data.get("exclude")))] + [
        (("compare_to",), data.get("compare_to"))
    ]
    for place, entry in entries:
        for path in entry if isinstance(entry, dict) else ():
            if path not in axes:
                yield Problem(
                    document.place((*place, path)),
                    f"{path} is not varied here, so no point has it{near(str(path), list(map(str, axes)))}",
                )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _rule(data: Mapping[str, Any]) -> "int | Stopping | Selection | None":
    """How many replications, or by which rule."""
    from accesssim.study.running.selection import Selection
    from accesssim.study.running.stopping import Stopping

    if "best" in data:
        best = data["best"]
        return Selection(
            best["measure"],
            int(best["budget"]),
            half_width_of(best.get("indifference", 0.0), best["measure"]) or 0.0,
            best.get("confidence", 0.95),
        )
    asked: int | dict[str, Any] | None = data.get("replications")
    if not isinstance(asked, dict):
        return asked
    until = asked["until"]
    half = half_width_of(until["half_width"], until["measure"]) if "half_width" in until else None
    return Stopping(int(asked["min"]), int(asked["max"]), until["measure"], half, until.get("decision"))


def _seed(data: Mapping[str, Any]) -> int | None:
    """The seed that a file gives, also where it is written 2.0."""
    return int(data["seed"]) if "seed" in data else None


def _sample(data: Mapping[str, Any]) -> "Sample":
    from accesssim.study.asking.sample import Sample

    ranges = {
        path: None if bounds == "evidence" else (float(bounds[0]), float(bounds[1]))
        for path, bounds in data["ranges"].items()
    }
    return Sample(data.get("method", METHODS[0]), data["n"], ranges)

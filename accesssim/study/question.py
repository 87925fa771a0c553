"""Experiment files: a question as YAML, read and checked, with every problem at its place."""

import csv
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accesssim.study.measures import MEASURES
from accesssim.world import files, paths
from accesssim.world.declared import finite
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_names
from accesssim.world.units import UnitError, span
from accesssim.world.yaml import Document, read_text, scalar

if TYPE_CHECKING:
    from accesssim.study.design import Sample
    from accesssim.study.experiment import Experiment
    from accesssim.study.solve import Target
    from accesssim.study.stopping import Stopping

KEYS = ("title", "scenario", "scenarios", "matrix", "zip", "sample", "design", "include", "exclude", "replications", "seed", "compare_to", "find")
LATER = ("until", "best", "question", "hypothesis", "notes")
"""Keys that files of a later version may hold: refused rather than overlooked."""
METHODS = ("sobol", "latin_hypercube")
Place = tuple[str, ...]


def load(name: str, *, most_runs: int | None = None) -> "Experiment":
    """Read an experiment by its shipped name or its path. Raises ScenarioError with every problem."""
    from accesssim.study.experiment import MOST_RUNS, Experiment

    document = files.read_experiment(name)
    problems = list(_structure(document))
    if not isinstance(document.data, dict):
        raise ScenarioError(problems)
    data, scenarios = document.data, _scenarios(document, problems)
    rows = _rows(document, problems) if "design" in data else []
    if scenarios:
        problems += _values(document, scenarios, rows)
    if problems or not scenarios:
        raise ScenarioError(problems)
    try:
        return Experiment(
            scenarios,
            matrix=data.get("matrix"),
            side_by_side=data.get("zip"),
            sample=_sample(data["sample"]) if "sample" in data else None,
            table=[row for _, row in rows],
            include=data.get("include") or (),
            exclude=data.get("exclude") or (),
            replications=_stopping(data["replications"]) if isinstance(data.get("replications"), dict) else data.get("replications"),
            seed=data.get("seed"),
            compare_to=data.get("compare_to"),
            title=data.get("title") or "",
            name=paths.stem(name),
            most_runs=most_runs or MOST_RUNS,
        )
    except ScenarioError as error:  # what is valid alone and not together
        known = [key for key in KEYS if key in data]
        raise ScenarioError(
            [Problem(document.place((problem.place if problem.place in known else next(key for key in (*_AXES, "scenario") if key in (*known, "scenario")),)), problem.message) for problem in error.problems]
        ) from None


_AXES = ("matrix", "zip", "sample", "design", "include")


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
    from accesssim.study.solve import Target

    document = files.read_experiment(name)
    if not isinstance(document.data, dict) or "find" not in document.data:
        return None
    load(name)  # every problem of the rest
    data, problems = document.data, []
    find, scenario = data["find"], _scenarios(document, [])[0]
    for end in find["between"]:
        try:
            scenario.replace({find["lever"]: end})
        except ScenarioError as error:
            problems += [Problem(document.place(("find", "lever")), problem.message) for problem in error.problems]
            break
    if problems:
        raise ScenarioError(problems)
    wanted = find["smallest_such_that"]
    least, most = (float(wanted[key]) if key in wanted else None for key in ("at_least", "at_most"))
    target = Target(wanted["measure"], least, most)
    low, high = find["between"]
    return Search(
        scenario, find["lever"], (float(low), float(high)), target, float(find.get("chance", 0.8)), data.get("replications") or 40, data.get("seed"),
        paths.stem(name), data.get("title") or scenario.title,
    )


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
        search(name)
    return " and ".join(kind[:-1] for kind in shipped)


def is_experiment(document: Document) -> bool:
    """Whether a file asks a question rather than describes a service."""
    return isinstance(document.data, dict) and any(key in document.data for key in (*KEYS[1:], *LATER) if key != "notes")


# -- what stands where


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
    if ("scenario" in data) == ("scenarios" in data):
        missing = "scenario" not in data
        yield Problem(document.place(()), "scenario is missing; name one, for example scenario: baseline" if missing else "give either scenario or scenarios, not both")
    yield from _typed(document, "scenario", str, "must be the name of a scenario or a path to one, such as baseline")
    yield from _typed(document, "title", str, "must be text")
    names = data.get("scenarios", ["one"])
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        yield Problem(document.place(("scenarios",)), "scenarios must be a list of names or paths, such as [baseline, funding_cut]")
    for key in ("matrix", "zip"):
        axes = data.get(key, {})
        if not isinstance(axes, dict) or not all(isinstance(values, list) and values for values in axes.values()):
            yield Problem(document.place((key,)), f"{key} must give each dotted path a list of values, such as bureaucracy.level: [0.5, 1.0]")
    for key, least in (("replications", 1), ("seed", 0)):
        value = data.get(key)
        if isinstance(value, dict) and key == "replications":
            yield from _structure_of_stopping(document)
        elif key in data and (not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**63):
            yield Problem(document.place((key,)), f"{key} = {value} must be a whole number of at least {least}")
    if "sample" in data:
        yield from _structure_of_sample(document)
    if "find" in data:
        yield from _structure_of_find(document)
    yield from _choices(document)


def _structure_of_find(document: Document) -> Iterator[Problem]:
    """`{lever: …, between: [8, 40], smallest_such_that: {measure: …, at_least: 0.95}, chance: 0.8}`."""
    find, keys = document.data["find"], ("lever", "between", "smallest_such_that", "chance")
    if not isinstance(find, dict):
        yield Problem(document.place(("find",)), f"find must be a mapping of {', '.join(keys)}")
        return
    for key in find:
        if key not in keys:
            yield Problem(document.place(("find", key)), f"{key} is not a key of find{near(key, keys)}")
    if not isinstance(find.get("lever"), str):
        yield Problem(document.place(("find", "lever")), "lever must be a dotted path, such as workforce.high_intensity.posts")
    between, target = find.get("between"), find.get("smallest_such_that")
    if not (isinstance(between, list) and len(between) == 2 and all(finite(end) for end in between) and between[0] < between[1]):
        yield Problem(document.place(("find", "between")), "between must be a smaller and a larger number, such as [8, 40]")
    if not isinstance(target, dict) or set(target) not in ({"measure", "at_least"}, {"measure", "at_most"}) or not finite(next(value for key, value in target.items() if key != "measure")):
        yield Problem(document.place(("find", "smallest_such_that")), "smallest_such_that must be such as {measure: started_by_18_weeks_share, at_least: 0.95}, or at_most")
    elif str(target["measure"]).split("[")[0] not in MEASURES:
        yield Problem(document.place(("find", "smallest_such_that", "measure")), f"{target['measure']} is not a measure{near(str(target['measure']), list(MEASURES))}")
    chance = find.get("chance", 0.8)
    if not finite(chance) or not 0 < chance <= 1:
        yield Problem(document.place(("find", "chance")), f"chance = {chance} must be above 0 and at most 1: the share of futures in which the target is met")
    for key in (*_AXES, "scenarios", "exclude", "compare_to"):
        if key in document.data:
            yield Problem(document.place((key,)), f"{key} does not go with find, which moves one lever of one scenario")
    if isinstance(document.data.get("replications"), dict):
        yield Problem(document.place(("replications",)), "replications must be a number where find searches")


def _structure_of_stopping(document: Document) -> Iterator[Problem]:
    """`{min: 10, max: 200, until: {measure: …, half_width: …}}` or `until: {measure: …, decision: sign}`."""
    rule, until = document.data["replications"], document.data["replications"].get("until")
    for key in rule:
        if key not in ("min", "max", "until"):
            yield Problem(document.place(("replications", key)), f"{key} is not a key of replications{near(key, ('min', 'max', 'until'))}")
    for key, least in (("min", 2), ("max", rule.get("min") if isinstance(rule.get("min"), int) else 2)):
        number = rule.get(key)
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number < 10**9:
            yield Problem(document.place(("replications", key)), f"replications: {key} = {number} must be a whole number of at least {least}")
    if not isinstance(until, dict) or set(until) not in ({"measure", "half_width"}, {"measure", "decision"}):
        place = document.place(("replications", "until"))
        yield Problem(place, "until must be such as {measure: wait_to_treatment_mean, half_width: 3 days}, or {measure: …, decision: sign} (or best_of)")
        return
    measure = str(until["measure"])
    if measure.split("[", maxsplit=1)[0] not in MEASURES:
        yield Problem(document.place(("replications", "until", "measure")), f"{measure} is not a measure{near(measure, list(MEASURES))}")
    elif "decision" in until and until["decision"] not in ("sign", "best_of"):
        yield Problem(document.place(("replications", "until", "decision")), f"decision = {until['decision']} must be one of sign, best_of")
    elif "decision" in until and until["decision"] == "best_of" and MEASURES[measure.split("[", maxsplit=1)[0]].better == "neither":
        yield Problem(document.place(("replications", "until", "measure")), f"{measure} is neither good nor bad, so no point is the best")
    elif "half_width" in until and not (_half_width(until["half_width"], measure) or 0.0) > 0.0:
        unit = MEASURES[measure.split("[", maxsplit=1)[0]].unit
        yield Problem(document.place(("replications", "until", "half_width")), f"half_width = {until['half_width']} must be a number above 0 ({unit})")


def _half_width(raw: object, measure: str) -> float | None:
    """In the measure's unit; None where it is no number, or of another unit."""
    if isinstance(raw, str):
        try:
            return span(raw, MEASURES[measure.split("[", maxsplit=1)[0]].unit)
        except UnitError:
            return None
    return float(raw) if finite(raw) and isinstance(raw, int | float) else None


def _stopping(data: Mapping[str, Any]) -> "Stopping":
    from accesssim.study.stopping import Stopping

    until = data["until"]
    half = _half_width(until["half_width"], until["measure"]) if "half_width" in until else None
    return Stopping(data["min"], data["max"], until["measure"], half, until.get("decision"))


def _typed(document: Document, key: str, kind: type, message: str) -> Iterator[Problem]:
    if key in document.data and not isinstance(document.data[key], kind):
        yield Problem(document.place((key,)), f"{key} {message}")


def _structure_of_sample(document: Document) -> Iterator[Problem]:
    sample = document.data["sample"]
    if not isinstance(sample, dict):
        yield Problem(document.place(("sample",)), "sample must be such as {method: sobol, n: 64, ranges: {demand.stigma: [0.3, 0.7]}}")
        return
    for key in sample:
        if key not in ("method", "n", "ranges"):
            yield Problem(document.place(("sample", key)), f"{key} is not a key of sample{near(key, ('method', 'n', 'ranges'))}")
    if sample.get("method", METHODS[0]) not in METHODS:
        yield Problem(document.place(("sample", "method")), f"method = {sample['method']} must be one of {', '.join(METHODS)}")
    n = sample.get("n")
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= 10_000_000:
        yield Problem(document.place(("sample", "n")), f"n = {n} must be a whole number of at least 1: how many points")
    ranges = sample.get("ranges")
    if "ranges" not in sample and set(sample) - {"method", "n"}:
        return  # misspelt, and said so
    if not isinstance(ranges, dict) or not ranges:
        yield Problem(document.place(("sample", "ranges")), "ranges must give each dotted path [low, high], or `evidence` for the range beside its value")
        return
    for path, bounds in ranges.items():
        fits = isinstance(bounds, list) and len(bounds) == 2 and all(finite(bound) for bound in bounds) and bounds[0] <= bounds[1]
        if not fits and bounds != "evidence":
            yield Problem(document.place(("sample", "ranges", path)), f"{path} must have a range [low, high], or `evidence` for the range beside its value")


def _sample(data: Mapping[str, Any]) -> "Sample":
    from accesssim.study.design import Sample

    ranges = {path: None if bounds == "evidence" else (float(bounds[0]), float(bounds[1])) for path, bounds in data["ranges"].items()}
    return Sample(data.get("method", METHODS[0]), data["n"], ranges)


def _choices(document: Document) -> Iterator[Problem]:
    """`include`, `exclude` and `compare_to` speak of values; the last two of those that the design has."""
    data = document.data
    chosen: list[tuple[Place, Any]] = []
    for key in ("include", "exclude"):
        entries = data.get(key, [])
        if not isinstance(entries, list):
            yield Problem(document.place((key,)), f"{key} must be a list, such as [{{bureaucracy.level: 1.5}}]")
            entries = []
        chosen += [((key, str(nth)), entry) for nth, entry in enumerate(entries)]
    if "compare_to" in data:
        chosen.append((("compare_to",), data["compare_to"]))
    listed = {path: values for key in ("matrix", "zip") if isinstance(data.get(key), dict) for path, values in data[key].items() if isinstance(values, list)}
    if isinstance(data.get("scenarios"), list):
        listed["scenario"] = [paths.stem(str(name)) for name in data["scenarios"]]
    free = "sample" in data or "design" in data or bool(data.get("include"))  # then values beyond the lists are possible
    for place, entry in chosen:
        if not isinstance(entry, dict) or not entry:
            yield Problem(document.place(place), f"{place[0]} must name values of the matrix, such as {{bureaucracy.level: 1.0}}")
            continue
        for path, value in entry.items() if place[0] != "include" else ():
            if path not in listed and not free:
                yield Problem(document.place((*place, path)), f"{path} is not in the matrix{near(path, list(listed))}")
            elif path in listed and value not in listed[path] and not free:
                yield Problem(document.place((*place, path)), f"{path} = {value} is not one of the matrix's values, {', '.join(map(str, listed[path]))}")


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
            found.append(files.load(data["scenario"] if nth is None else data["scenarios"][nth], beside=document, nth=nth))
        except ScenarioError as error:
            problems += [problem if ":" in problem.place else Problem(document.place(where), str(problem)) for problem in error.problems]
    return found


def _rows(document: Document, problems: list[Problem]) -> list[tuple[str, dict[str, Any]]]:
    """The rows of a design's table, each with its place: dotted paths in the first line, a point in each other."""
    try:
        path, shown = paths.table(document, "design")
        lines = list(csv.reader(read_text(path, shown).splitlines()))
    except ScenarioError as error:
        problems += error.problems
        return []
    if len(lines) < 2:
        problems.append(Problem(shown, "needs a line of dotted paths, and a line for each point below it"))
        return []
    heads, rows = [head.strip() for head in lines[0]], []
    for number, line in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(heads):
            problems.append(Problem(f"{shown}:{number}:1", f"has {len(line)} values where the first line has {len(heads)} paths"))
            continue
        rows.append((f"{shown}:{number}:1", {head: scalar(cell.strip()) for head, cell in zip(heads, line, strict=True)}))
    return rows


def _values(document: Document, scenarios: list[Scenario], rows: list[tuple[str, dict[str, Any]]]) -> Iterator[Problem]:
    """Each value that is asked for, alone, in each scenario."""
    asked: list[tuple[str, str, Any]] = []
    data = document.data
    for key in ("matrix", "zip"):
        for path, values in data[key].items() if isinstance(data.get(key), dict) else ():
            asked += [(document.place((key, path, str(nth))), path, value) for nth, value in enumerate(values if isinstance(values, list) else ())]
    ranges = data["sample"].get("ranges") if isinstance(data.get("sample"), dict) else None
    for path, bounds in ranges.items() if isinstance(ranges, dict) else ():
        place = document.place(("sample", "ranges", path))
        held = scenarios[0].provenance.get(path)
        asked += [(place, path, bound) for bound in (bounds if isinstance(bounds, list) else [held.value if held else 0]) if finite(bound)]
    for nth, entry in enumerate(data["include"] if isinstance(data.get("include"), list) else ()):
        asked += [(document.place(("include", str(nth), path)), path, value) for path, value in entry.items()] if isinstance(entry, dict) else []
    asked += [(place, path, value) for place, row in rows for path, value in row.items()]
    told: set[tuple[str, str]] = set()
    names = [scenario.name for scenario in scenarios]
    for place, path, value in asked:
        if path == "scenario" and value not in names:
            yield Problem(place, f"scenario = {value} is not one of the scenarios, {', '.join(names)}")
        for scenario in scenarios if path != "scenario" else ():
            try:
                scenario.replace({path: value})
            except ScenarioError as error:
                for problem in error.problems:
                    if (path, problem.message) not in told:  # an unknown path is one problem, however many values it has
                        told.add((path, problem.message))
                        yield Problem(place, problem.message)


def near(word: str, known: tuple[str, ...] | list[str]) -> str:
    """A near miss, as the end of a message."""
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else ""

"""Experiment files: a question as YAML, read and checked, with every problem at its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accesssim.clinic.demand_limits import check_demand
from accesssim.study.asking.design import OF_THE_WHOLE, does_nothing
from accesssim.study.asking.experiment_layout import AXES, METHODS, half_width_of, problems_of_layout
from accesssim.study.asking.experiment_values import problems_of_values, rows_of, scenarios_of
from accesssim.study.asking.file_kinds import is_experiment
from accesssim.world.errors import Problem, ScenarioError, title_of
from accesssim.world.reading import files, paths
from accesssim.world.reading.yaml import Document
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_names

if TYPE_CHECKING:
    from accesssim.study.asking.design import Settings
    from accesssim.study.asking.experiment import Experiment
    from accesssim.study.asking.sample import Sample
    from accesssim.study.asking.solve import Target
    from accesssim.study.running.selection import Selection
    from accesssim.study.running.stopping import Stopping


def load(name: str, *, most_runs: int | None = None) -> "Experiment":
    """Read an experiment by its shipped name or its path. Raises ScenarioError with every problem."""
    from accesssim.study.asking.experiment import MOST_RUNS, Experiment

    document = files.read_experiment(name)
    problems = list(problems_of_layout(document))
    if not isinstance(document.data, dict):
        raise ScenarioError(problems)
    data, scenarios = document.data, scenarios_of(document, problems)
    rows = rows_of(document, problems) if "design" in data else []
    if scenarios:
        problems += problems_of_values(document, scenarios, rows)
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
    """Where in the file, or in the design's table, a place of the design is.

    It is a key, or a value such as `include.2` or `matrix.bureaucracy.level.1`.
    """
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
    find, scenario = data["find"], scenarios_of(document, [])[0]
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

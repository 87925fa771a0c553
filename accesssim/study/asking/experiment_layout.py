"""What may stand where in an experiment file: every problem at its place."""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from accesssim.study.asking.design import unknown_choices
from accesssim.study.measuring.measures import MEASURES, no_objective, ungrouped, unknown
from accesssim.world.checking.declared import finite
from accesssim.world.checking.values import shown, whole
from accesssim.world.errors import Problem
from accesssim.world.reading import paths
from accesssim.world.reading.yaml import Document
from accesssim.world.sections.units import UnitError, span

KEYS = (
    "title",
    "scenario",
    "scenarios",
    "matrix",
    "zip",
    "sample",
    "design",
    "include",
    "exclude",
    "replications",
    "seed",
    "compare_to",
    "find",
    "best",
    "people",
)
LATER = ("until", "question", "hypothesis", "notes")
"""Keys that files of a later version may hold: refused rather than overlooked."""
METHODS = ("sobol", "latin_hypercube")
AXES = ("matrix", "zip", "sample", "design", "include")
Place = tuple[str, ...]
Found = Iterator[tuple[Place, str]]
"""Keys that lead to a place, and what is wrong there."""


def problems_of_layout(document: Document) -> Iterator[Problem]:
    """All that is wrong with an experiment before any scenario is read."""
    for place, words in _layout(document.data):
        yield Problem(document.place(place), words)


def _layout(data: Any) -> Found:
    if not isinstance(data, dict):
        yield (), "an experiment is a list of keys with values: scenario, matrix, replications …"
        return
    for key in data:
        if key in LATER:
            yield (key,), f"{key} is not in this version; this version knows {', '.join(KEYS)}"
        elif key not in KEYS:
            yield (key,), f"{key} is not a key of an experiment{near(key, KEYS)}"
    if "scenario" not in data and "scenarios" not in data:
        yield (), "scenario is missing; name one, for example scenario: baseline"
    elif "scenario" in data and "scenarios" in data:
        yield (), "give either scenario or scenarios, not both"
    for key, kind, must in (
        ("scenario", str, "the name of a scenario or a path to one, such as baseline"),
        ("title", str, "text"),
        (
            "people",
            bool,
            "true or false: whether to keep a row for each person, so that points can be compared person by person",
        ),
    ):
        if key in data and not isinstance(data[key], kind):
            yield (key,), f"{key} must be {must}"
    names = data.get("scenarios", ["one"])
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        yield ("scenarios",), "scenarios must be a list of names or paths, such as [baseline, funding_cut]"
    for key in ("matrix", "zip"):
        yield from _lists((key,), data.get(key, {}))
    for key, least in (("replications", 1), ("seed", 0)):
        value = data.get(key)
        if isinstance(value, dict) and key == "replications":
            yield from _stopping(value)
        elif key in data and not least <= _whole(value) < 2**63:
            yield (key,), f"{key} = {shown(value)} must be a whole number of at least {least}"
    for key, layout in (("sample", _sample), ("find", _find), ("best", _best)):
        if key in data:
            yield from layout(data)
    yield from _entries(data)
    if "design" not in data:
        yield from problems_of_choices(data)


def _lists(where: Place, axes: object) -> Found:
    """Each axis has values to go through."""
    must = f"{where[-1]} must give each dotted path a list of values, such as bureaucracy.level: [0.5, 1.0]"
    if not isinstance(axes, dict):
        yield where, must
        return
    for path, values in axes.items():
        if not isinstance(values, list) or not values:
            yield (*where, path), must


def _unknown_keys(where: str, held: Collection[str], keys: Sequence[str]) -> Found:
    for key in held:
        if key not in keys:
            yield (where, key), f"{key} is not a key of {where}{near(key, keys)}"


def _find(data: dict[str, Any]) -> Found:
    """`{lever: …, between: [8, 40], smallest_such_that: {measure: …, at_least: 0.95}, chance: 0.8}`."""
    find, keys = data["find"], ("lever", "between", "smallest_such_that", "chance")
    if not isinstance(find, dict):
        yield ("find",), f"find must be a mapping of {', '.join(keys)}"
        return
    yield from _unknown_keys("find", find, keys)
    if not isinstance(find.get("lever"), str):
        yield ("find", "lever"), "lever must be a dotted path, such as workforce.high_intensity.posts"
    if not _is_range(find.get("between")):
        yield ("find", "between"), "between must be a smaller and a larger number, such as [8, 40]"
    yield from _target(find.get("smallest_such_that"))
    chance = find.get("chance", 0.8)
    if not finite(chance) or not 0 < chance <= 1:
        must = "must be above 0 and at most 1: the share of futures in which the target is met"
        yield ("find", "chance"), f"chance = {shown(chance)} {must}"
    for key in (*AXES, "scenarios", "exclude", "compare_to"):
        if key in data:
            yield (key,), f"{key} does not go with find, which moves one lever of one scenario"
    if isinstance(data.get("replications"), dict):
        yield ("replications",), "replications must be a number where find searches"


def _target(target: object) -> Found:
    """`{measure: …, at_least: 0.95}`, or at_most."""
    where = ("find", "smallest_such_that")
    if not isinstance(target, dict) or set(target) not in ({"measure", "at_least"}, {"measure", "at_most"}):
        such_as = "{measure: started_by_18_weeks_share, at_least: 0.95}, or at_most"
        yield where, f"smallest_such_that must be such as {such_as}"
        return
    measure, bound = shown(target["measure"]), next(key for key in target if key != "measure")
    if words := unknown(measure) or no_objective(measure):
        yield (*where, "measure"), words
    elif not finite(target[bound]):
        yield (
            (*where, bound),
            f"{bound} = {shown(target[bound])} must be a number ({MEASURES[ungrouped(measure)].unit})",
        )


def _best(data: dict[str, Any]) -> Found:
    """`{levers: {…}, measure: …, budget: 400, indifference: 1 day, confidence: 0.95}`."""
    best, keys = data["best"], ("levers", "measure", "budget", "indifference", "confidence")
    if not isinstance(best, dict):
        yield ("best",), f"best must be a mapping of {', '.join(keys)}"
        return
    yield from _unknown_keys("best", best, keys)
    levers, measure = best.get("levers", {}), shown(best.get("measure"))
    yield from _lists(("best", "levers"), levers)
    for path in levers if isinstance(levers, dict) and isinstance(data.get("matrix"), dict) else ():
        if path in data["matrix"]:
            yield ("best", "levers", path), f"{path} is varied in more than one way; keep it in one of matrix and best"
    if words := unknown(measure) or _neither_good_nor_bad(measure):
        yield ("best", "measure"), words
    if "indifference" in best and not unknown(measure):
        what = ": a difference that does not matter"
        yield from _difference(("best", "indifference"), best["indifference"], measure, what)
    budget, confidence = best.get("budget"), best.get("confidence", 0.95)
    if not 1 <= _whole(budget) < 10**9:
        must = "must be a whole number of runs below 10^9 to share out among the points, such as 400"
        yield ("best", "budget"), f"budget = {shown(budget)} {must}"
    if not finite(confidence) or not 0.5 <= confidence < 1:
        yield ("best", "confidence"), f"confidence = {shown(confidence)} must be at least 0.5 and below 1"
    for key in ("replications", "find"):
        if key in data:
            yield (key,), f"{key} does not go with best, which shares out a budget of runs"


def _stopping(rule: dict[str, Any]) -> Found:
    """`{min: 10, max: 200, until: {measure: …, half_width: …}}` or `until: {measure: …, decision: sign}`."""
    yield from _unknown_keys("replications", rule, ("min", "max", "until"))
    for key, least in (("min", 2), ("max", max(2, _whole(rule.get("min"))))):
        number = rule.get(key)
        if not least <= _whole(number) < 10**9:
            must = f"must be a whole number of at least {least}"
            yield ("replications", key), f"replications: {key} = {shown(number)} {must}"
    where, until = ("replications", "until"), rule.get("until")
    if not isinstance(until, dict) or set(until) not in ({"measure", "half_width"}, {"measure", "decision"}):
        such_as = "{measure: wait_to_treatment_mean, half_width: 3 days}, or {measure: …, decision: sign} (or best_of)"
        yield where, f"until must be such as {such_as}"
        return
    measure, decision = shown(until["measure"]), until.get("decision")
    if words := unknown(measure):
        yield (*where, "measure"), words
    elif "half_width" in until:
        yield from _difference((*where, "half_width"), until["half_width"], measure)
    elif decision not in ("sign", "best_of"):
        yield (*where, "decision"), f"decision = {shown(decision)} must be one of sign, best_of"
    elif decision == "best_of" and (words := _neither_good_nor_bad(measure)):
        yield (*where, "measure"), words


def _neither_good_nor_bad(measure: str) -> str:
    """Why no point is the best in a measure, if so."""
    if words := no_objective(measure):
        return words
    neither = MEASURES[ungrouped(measure)].better == "neither"
    return f"{measure} is neither good nor bad, so no point is the best" if neither else ""


def _difference(where: Place, raw: object, measure: str, what: str = "") -> Found:
    """A difference in a measure, above 0."""
    if not (half_width_of(raw, measure) or 0.0) > 0.0:
        unit = MEASURES[ungrouped(measure)].unit
        yield where, f"{where[-1]} = {shown(raw)} must be a number above 0 ({unit}){what}"


def half_width_of(raw: object, measure: str) -> float | None:
    """In the measure's unit; None where it is not a number, or of another unit."""
    if isinstance(raw, str):
        try:
            return span(raw, MEASURES[ungrouped(measure)].unit)
        except UnitError:
            return None
    return float(raw) if finite(raw) and isinstance(raw, int | float) else None


def _sample(data: dict[str, Any]) -> Found:
    """`{method: sobol, n: 64, ranges: {demand.stigma: [0.3, 0.7]}}`."""
    sample, keys = data["sample"], ("method", "n", "ranges")
    if not isinstance(sample, dict):
        yield ("sample",), "sample must be such as {method: sobol, n: 64, ranges: {demand.stigma: [0.3, 0.7]}}"
        return
    yield from _unknown_keys("sample", sample, keys)
    if sample.get("method", METHODS[0]) not in METHODS:
        yield ("sample", "method"), f"method = {shown(sample['method'])} must be one of {', '.join(METHODS)}"
    number = sample.get("n")
    if not 1 <= _whole(number) <= 10_000_000:
        yield ("sample", "n"), f"n = {shown(number)} must be a whole number from 1 to 10,000,000: how many points"
    ranges, beside = sample.get("ranges"), "or `evidence` for the range beside its value"
    if "ranges" not in sample and set(sample) - {"method", "n"}:
        return  # misspelt, and said so
    if not isinstance(ranges, dict) or not ranges:
        yield ("sample", "ranges"), f"ranges must give each dotted path [low, high], {beside}"
        return
    for path, bounds in ranges.items():
        if not _is_range(bounds) and bounds != "evidence":
            must = f"must have a range [low, high] of a smaller and a larger number, {beside}"
            yield ("sample", "ranges", path), f"{path} {must}"


def _is_range(bounds: object) -> bool:
    """Whether it is a list of a smaller and a larger number."""
    if not isinstance(bounds, list) or len(bounds) != 2:
        return False
    return all(finite(bound) for bound in bounds) and bounds[0] < bounds[1]


def _entries(data: dict[str, Any]) -> Found:
    """`include`, `exclude` and `compare_to` speak of values."""
    for key in ("include", "exclude"):
        if not isinstance(data.get(key, []), list):
            yield (key,), f"{key} must be a list, such as [{{bureaucracy.level: 1.5}}]"
    for place, entry in chosen(data, "include", "exclude", "compare_to"):
        if not isinstance(entry, dict) or not entry:
            yield place, f"{place[0]} must name values of the matrix, such as {{bureaucracy.level: 1.0}}"


def chosen(data: dict[str, Any], *keys: str) -> Iterator[tuple[Place, Any]]:
    """The entries of some keys, each with its place; what is not a list has none."""
    for key in keys:
        if key == "compare_to":
            yield from [((key,), data[key])] if key in data else ()
        elif isinstance(data.get(key), list):
            yield from (((key, str(nth)), entry) for nth, entry in enumerate(data[key]))


def problems_of_choices(data: dict[str, Any], heads: Sequence[str] = ()) -> Found:
    """What `exclude` and `compare_to` name that no point can have; `heads`: the paths of the design's table."""
    groups = (mapping(data.get("best")).get("levers"), data.get("matrix"), data.get("zip"))
    listed = {path: values for axes in groups for path, values in mapping(axes).items()}
    if isinstance(data.get("scenarios"), list):
        listed["scenario"] = [paths.stem(str(name)) for name in data["scenarios"]]
    ranges = mapping(mapping(data.get("sample")).get("ranges"))
    included = [path for _, entry in chosen(data, "include") for path in mapping(entry)]
    axes = [str(path) for path in (*listed, *ranges, *included, *heads)]
    free = "sample" in data or "design" in data or bool(data.get("include"))
    for place, entry in chosen(data, "exclude", "compare_to"):
        for path, words in unknown_choices(mapping(entry), axes, {} if free else listed):
            yield (*place, path), words


def mapping(value: object) -> Mapping[str, Any]:
    """A mapping; in the place of anything else one with nothing in it, as that it is none is a problem of its own."""
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int:
    """A whole number, also where it is written 2.0; a negative one in the place of anything else."""
    number = whole(value)
    return -1 if number is None else number


def near(word: str, known: Sequence[str]) -> str:
    """A near miss, as the end of a message."""
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else ""

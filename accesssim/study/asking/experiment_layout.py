"""What may stand where in an experiment file: every problem at its place."""

import difflib
from collections.abc import Iterator
from typing import Any

from accesssim.study.asking.design import settled
from accesssim.study.measuring.measures import MEASURES, ungrouped
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


def structure(document: Document) -> Iterator[Problem]:
    data = document.data
    if not isinstance(data, dict):
        yield Problem(
            document.place(()), "an experiment is a list of keys with values: scenario, matrix, replications …"
        )
        return
    for key in data:
        if key in LATER:
            yield Problem(document.place((key,)), f"{key} is not in this version; this version knows {', '.join(KEYS)}")
        elif key not in KEYS:
            yield Problem(document.place((key,)), f"{key} is not a key of an experiment{near(key, KEYS)}")
    if ("scenario" in data) == ("scenarios" in data):
        missing = "scenario" not in data
        yield Problem(
            document.place(()),
            "scenario is missing; name one, for example scenario: baseline"
            if missing
            else "give either scenario or scenarios, not both",
        )
    yield from _typed(document, "scenario", str, "must be the name of a scenario or a path to one, such as baseline")
    yield from _typed(document, "title", str, "must be text")
    yield from _typed(
        document,
        "people",
        bool,
        "must be true or false: whether to keep a row for each person, so that points can be compared person by person",
    )
    names = data.get("scenarios", ["one"])
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        yield Problem(
            document.place(("scenarios",)),
            "scenarios must be a list of names or paths, such as [baseline, funding_cut]",
        )
    for key in ("matrix", "zip"):
        yield from _lists(document, (key,), data.get(key, {}))
    for key, least in (("replications", 1), ("seed", 0)):
        value = data.get(key)
        if isinstance(value, dict) and key == "replications":
            yield from _structure_of_stopping(document)
        elif key in data and not least <= _whole(value) < 2**63:
            yield Problem(document.place((key,)), f"{key} = {shown(value)} must be a whole number of at least {least}")
    if "sample" in data:
        yield from _structure_of_sample(document)
    if "find" in data:
        yield from _structure_of_find(document)
    if "best" in data:
        yield from _structure_of_best(document)
    yield from _choices(document)


def _lists(document: Document, where: Place, axes: object) -> Iterator[Problem]:
    """Each axis has values to go through."""
    must = f"{where[-1]} must give each dotted path a list of values, such as bureaucracy.level: [0.5, 1.0]"
    if not isinstance(axes, dict):
        yield Problem(document.place(where), must)
        return
    for path, values in axes.items():
        if not isinstance(values, list) or not values:
            yield Problem(document.place((*where, path)), must)


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
        yield Problem(
            document.place(("find", "lever")), "lever must be a dotted path, such as workforce.high_intensity.posts"
        )
    between, target = find.get("between"), find.get("smallest_such_that")
    if not (
        isinstance(between, list)
        and len(between) == 2
        and all(finite(end) for end in between)
        and between[0] < between[1]
    ):
        yield Problem(
            document.place(("find", "between")), "between must be a smaller and a larger number, such as [8, 40]"
        )
    if not isinstance(target, dict) or set(target) not in ({"measure", "at_least"}, {"measure", "at_most"}):
        yield Problem(
            document.place(("find", "smallest_such_that")),
            "smallest_such_that must be such as {measure: started_by_18_weeks_share, at_least: 0.95}, or at_most",
        )
    elif ungrouped(shown(target["measure"])) not in MEASURES:
        measure = shown(target["measure"])
        yield Problem(
            document.place(("find", "smallest_such_that", "measure")),
            f"{measure} is not a measure{near(measure, list(MEASURES))}",
        )
    else:
        bound, unit = (
            next(key for key in target if key != "measure"),
            MEASURES[ungrouped(shown(target["measure"]))].unit,
        )
        if not finite(target[bound]):
            yield Problem(
                document.place(("find", "smallest_such_that", bound)),
                f"{bound} = {shown(target[bound])} must be a number ({unit})",
            )
    chance = find.get("chance", 0.8)
    if not finite(chance) or not 0 < chance <= 1:
        yield Problem(
            document.place(("find", "chance")),
            f"chance = {shown(chance)} must be above 0 and at most 1: the share of futures in which the target is met",
        )
    for key in (*AXES, "scenarios", "exclude", "compare_to"):
        if key in document.data:
            yield Problem(document.place((key,)), f"{key} does not go with find, which moves one lever of one scenario")
    if isinstance(document.data.get("replications"), dict):
        yield Problem(document.place(("replications",)), "replications must be a number where find searches")


def _structure_of_best(document: Document) -> Iterator[Problem]:
    """`{levers: {…}, measure: …, budget: 400, indifference: 1 day, confidence: 0.95}`."""
    best, keys = document.data["best"], ("levers", "measure", "budget", "indifference", "confidence")
    if not isinstance(best, dict):
        yield Problem(document.place(("best",)), f"best must be a mapping of {', '.join(keys)}")
        return
    for key in best:
        if key not in keys:
            yield Problem(document.place(("best", key)), f"{key} is not a key of best{near(key, keys)}")
    levers, measure = best.get("levers", {}), shown(best.get("measure"))
    yield from _lists(document, ("best", "levers"), levers)
    for path in levers if isinstance(levers, dict) and isinstance(document.data.get("matrix"), dict) else ():
        if path in document.data["matrix"]:
            yield Problem(
                document.place(("best", "levers", path)),
                f"{path} is varied in more than one way; keep it in one of matrix and best",
            )
    if ungrouped(measure) not in MEASURES:
        yield Problem(document.place(("best", "measure")), f"{measure} is not a measure{near(measure, list(MEASURES))}")
    else:
        if MEASURES[ungrouped(measure)].better == "neither":
            yield Problem(
                document.place(("best", "measure")), f"{measure} is neither good nor bad, so no point is the best"
            )
        if "indifference" in best and not (half_width_of(best["indifference"], measure) or -1.0) >= 0.0:
            unit = MEASURES[ungrouped(measure)].unit
            yield Problem(
                document.place(("best", "indifference")),
                f"indifference = {shown(best['indifference'])} must be a number above 0 ({unit}): a difference that does not matter",
            )
    budget, confidence = best.get("budget"), best.get("confidence", 0.95)
    if not 1 <= _whole(budget) < 10**9:
        yield Problem(
            document.place(("best", "budget")),
            f"budget = {shown(budget)} must be a whole number of runs below 10^9 to share out among the points, such as 400",
        )
    if not finite(confidence) or not 0.5 <= confidence < 1:
        yield Problem(
            document.place(("best", "confidence")), f"confidence = {shown(confidence)} must be at least 0.5 and below 1"
        )
    for key in ("replications", "find"):
        if key in document.data:
            yield Problem(document.place((key,)), f"{key} does not go with best, which shares out a budget of runs")


def _structure_of_stopping(document: Document) -> Iterator[Problem]:
    """`{min: 10, max: 200, until: {measure: …, half_width: …}}` or `until: {measure: …, decision: sign}`."""
    rule, until = document.data["replications"], document.data["replications"].get("until")
    for key in rule:
        if key not in ("min", "max", "until"):
            yield Problem(
                document.place(("replications", key)),
                f"{key} is not a key of replications{near(key, ('min', 'max', 'until'))}",
            )
    for key, least in (("min", 2), ("max", max(2, _whole(rule.get("min"))))):
        number = rule.get(key)
        if not least <= _whole(number) < 10**9:
            yield Problem(
                document.place(("replications", key)),
                f"replications: {key} = {shown(number)} must be a whole number of at least {least}",
            )
    if not isinstance(until, dict) or set(until) not in ({"measure", "half_width"}, {"measure", "decision"}):
        place = document.place(("replications", "until"))
        yield Problem(
            place,
            "until must be such as {measure: wait_to_treatment_mean, half_width: 3 days}, or {measure: …, decision: sign} (or best_of)",
        )
        return
    measure = shown(until["measure"])
    if ungrouped(measure) not in MEASURES:
        yield Problem(
            document.place(("replications", "until", "measure")),
            f"{measure} is not a measure{near(measure, list(MEASURES))}",
        )
    elif "decision" in until and until["decision"] not in ("sign", "best_of"):
        yield Problem(
            document.place(("replications", "until", "decision")),
            f"decision = {shown(until['decision'])} must be one of sign, best_of",
        )
    elif "decision" in until and until["decision"] == "best_of" and MEASURES[ungrouped(measure)].better == "neither":
        yield Problem(
            document.place(("replications", "until", "measure")),
            f"{measure} is neither good nor bad, so no point is the best",
        )
    elif "half_width" in until and not (half_width_of(until["half_width"], measure) or 0.0) > 0.0:
        unit = MEASURES[ungrouped(measure)].unit
        yield Problem(
            document.place(("replications", "until", "half_width")),
            f"half_width = {shown(until['half_width'])} must be a number above 0 ({unit})",
        )


def half_width_of(raw: object, measure: str) -> float | None:
    """In the measure's unit; None where it is no number, or of another unit."""
    if isinstance(raw, str):
        try:
            return span(raw, MEASURES[ungrouped(measure)].unit)
        except UnitError:
            return None
    return float(raw) if finite(raw) and isinstance(raw, int | float) else None


def _typed(document: Document, key: str, kind: type, message: str) -> Iterator[Problem]:
    if key in document.data and not isinstance(document.data[key], kind):
        yield Problem(document.place((key,)), f"{key} {message}")


def _structure_of_sample(document: Document) -> Iterator[Problem]:
    sample = document.data["sample"]
    if not isinstance(sample, dict):
        yield Problem(
            document.place(("sample",)),
            "sample must be such as {method: sobol, n: 64, ranges: {demand.stigma: [0.3, 0.7]}}",
        )
        return
    for key in sample:
        if key not in ("method", "n", "ranges"):
            yield Problem(
                document.place(("sample", key)), f"{key} is not a key of sample{near(key, ('method', 'n', 'ranges'))}"
            )
    if sample.get("method", METHODS[0]) not in METHODS:
        yield Problem(
            document.place(("sample", "method")),
            f"method = {shown(sample['method'])} must be one of {', '.join(METHODS)}",
        )
    n = sample.get("n")
    if not 1 <= _whole(n) <= 10_000_000:
        yield Problem(
            document.place(("sample", "n")),
            f"n = {shown(n)} must be a whole number from 1 to 10,000,000: how many points",
        )
    ranges = sample.get("ranges")
    if "ranges" not in sample and set(sample) - {"method", "n"}:
        return  # misspelt, and said so
    if not isinstance(ranges, dict) or not ranges:
        yield Problem(
            document.place(("sample", "ranges")),
            "ranges must give each dotted path [low, high], or `evidence` for the range beside its value",
        )
        return
    for path, bounds in ranges.items():
        fits = (
            isinstance(bounds, list)
            and len(bounds) == 2
            and all(finite(bound) for bound in bounds)
            and bounds[0] < bounds[1]
        )
        if not fits and bounds != "evidence":
            yield Problem(
                document.place(("sample", "ranges", path)),
                f"{path} must have a range [low, high] of a smaller and a larger number, or `evidence` for the range beside its value",
            )


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
    levers = data["best"].get("levers") if isinstance(data.get("best"), dict) else None
    listed = {
        path: values
        for axes in (levers, data.get("matrix"), data.get("zip"))
        if isinstance(axes, dict)
        for path, values in axes.items()
    }
    if isinstance(data.get("scenarios"), list):
        listed["scenario"] = [paths.stem(str(name)) for name in data["scenarios"]]
    free = (
        "sample" in data or "design" in data or bool(data.get("include"))
    )  # then values beyond the lists are possible
    for place, entry in chosen:
        if not isinstance(entry, dict) or not entry:
            yield Problem(
                document.place(place), f"{place[0]} must name values of the matrix, such as {{bureaucracy.level: 1.0}}"
            )
            continue
        for path, value in entry.items() if place[0] != "include" else ():
            if path not in listed and not free:
                yield Problem(document.place((*place, path)), f"{path} is not in the matrix{near(path, list(listed))}")
            elif (
                isinstance(listed.get(path), list)
                and not free
                and settled(path, value) not in [settled(path, one) for one in listed[path]]
            ):
                yield Problem(
                    document.place((*place, path)),
                    f"{path} = {value} is not one of the matrix's values, {', '.join(map(str, listed[path]))}",
                )


def _whole(value: object) -> int:
    """A whole number, also where it is written 2.0; a negative one in the place of anything else."""
    number = whole(value)
    return -1 if number is None else number


def near(word: str, known: tuple[str, ...] | list[str]) -> str:
    """A near miss, as the end of a message."""
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else ""

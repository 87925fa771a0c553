"""Which points of a scenario are run.

These are every combination of axes, lists side by side, samples of ranges, rows of a table, and what is added or taken
out. A design is never built before it has been counted: a run-away product of axes must cost nothing.
"""

import itertools
import math
import warnings
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from accesssim.study.asking.sample import Sample
from accesssim.world.checking.declared import near_miss
from accesssim.world.checking.values import settle, unboxed
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.scenario import Scenario

Settings = Mapping[str, Any]
#: The axis of a design that runs several scenarios.
SCENARIO = "scenario"
#: Settings that the experiment decides for all of its points, and its own name for them.
OF_THE_WHOLE = {"run.seed": "seed", "run.replications": "replications"}


class RepeatedPoints(UserWarning):
    """A sample has the same point more than once; it is run once."""


@dataclass(frozen=True)
class Design:
    """The points of an experiment: scenarios × matrix × (lists side by side) × (sample or table), then what is included, less what is excluded."""

    matrix: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    side_by_side: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    sample: Sample | None = None
    table: Sequence[Settings] = ()
    include: Sequence[Settings] = ()
    exclude: Sequence[Settings] = ()

    def __post_init__(self) -> None:
        for name in ("matrix", "side_by_side"):
            object.__setattr__(
                self,
                name,
                {path: [settled(path, value) for value in values] for path, values in getattr(self, name).items()},
            )
        for name in ("table", "include", "exclude"):
            object.__setattr__(self, name, [settled_entry(entry) for entry in getattr(self, name)])
        lengths = {len(values) for values in self.side_by_side.values()}
        if len(lengths) > 1:
            raise ScenarioError(
                [
                    Problem(
                        "zip",
                        f"zip has lists of {' and '.join(map(str, sorted(lengths)))} values; side by side they must be equally long",
                    )
                ]
            )
        twice = [
            path
            for path, times in _count(
                self.matrix,
                self.side_by_side,
                self.sample.ranges if self.sample else (),
                self.table[0] if self.table else (),
            )
            if times > 1
        ]
        if twice:
            raise ScenarioError(
                [
                    Problem(
                        "matrix",
                        f"{twice[0]} is varied in more than one way; keep it in one of matrix, zip, sample and design",
                    )
                ]
            )
        if idle := [path for path in self.axes if path in OF_THE_WHOLE]:
            raise ScenarioError([Problem("matrix", does_nothing(idle[0]))])
        if unknown := [
            problem for nth, entry in enumerate(self.exclude) for problem in self.unknown(f"exclude.{nth}", entry)
        ]:
            raise ScenarioError(unknown)

    def unknown(self, place: str, entry: Settings) -> Iterator[Problem]:
        """What an entry of `exclude` or `compare_to` names that no point can have."""
        if not entry:
            must = "must name at least one value, such as {bureaucracy.level: 1.0}; nothing names every point"
            yield Problem(place, must)
        free = bool(self.sample or self.table or self.include)
        listed = {} if free else {**self.matrix, **self.side_by_side}
        for _, words in unknown_choices(entry, self.axes, listed):
            yield Problem(place, words)

    @property
    def axes(self) -> list[str]:
        """Dotted paths that differ between points."""
        groups = (
            self.matrix,
            self.side_by_side,
            self.sample.ranges if self.sample else (),
            *self.table[:1],
            *self.include,
        )
        return list(dict.fromkeys(path for group in groups for path in group))

    def size(self) -> int:
        """Points before anything is excluded, without building them."""
        rows = len(self.table) or 1
        beside = len(next(iter(self.side_by_side.values()), [None]))
        return math.prod(len(values) for values in self.matrix.values()) * beside * (
            self.sample.n if self.sample else 1
        ) * rows + len(self.include)

    def points(self, scenario: Scenario, seed: int, others: Sequence[Scenario] = ()) -> Iterator[dict[str, Any]]:
        """Settings of every point, in order; `others`: the other scenarios of the design. Raises ScenarioError."""
        for path, values in self.matrix.items():
            if (second := _second([{path: value} for value in values])) is not None:
                raise ScenarioError(
                    [
                        Problem(
                            f"matrix.{path}.{second}",
                            f"{path} has {values[second]} twice; the same point would be run twice",
                        )
                    ]
                )
        beside = [
            dict(zip(self.side_by_side, values, strict=True))
            for values in zip(*self.side_by_side.values(), strict=True)
        ] or [{}]
        for place, rows in ((f"zip.{next(iter(self.side_by_side), '')}", beside), ("design", self.table)):
            if (second := _second(rows)) is not None:
                raise ScenarioError([Problem(f"{place}.{second}", _repeated(rows[second]))])
        sampled = self._sampled(scenario, seed)
        product = (
            (f"design.{nth}", {**dict(zip(self.matrix, values, strict=True)), **side, **some, **row})
            for values in itertools.product(*self.matrix.values())
            for side in beside
            for some in sampled
            for nth, row in enumerate(self.table or ({},))
        )
        included = ((f"include.{nth}", dict(point)) for nth, point in enumerate(self.include))
        for point in self._each_once(itertools.chain(product, included), [scenario, *others]):
            if not any(agrees(point, out) for out in self.exclude):
                yield point

    def _each_once(
        self, placed: Iterator[tuple[str, dict[str, Any]]], scenarios: Sequence[Scenario]
    ) -> Iterator[dict[str, Any]]:
        """Points, of which each has its place.

        Raises ScenarioError where one makes the same scenario as one before it.
        """
        if not (self.include or self.table):  # of lists that have everything once, points have everything once
            yield from (point for _, point in placed)
            return
        own = {scenario.name: _own(scenario) for scenario in scenarios}
        seen: dict[object, dict[str, Any]] = {}
        for place, point in placed:
            name = point.get(SCENARIO, scenarios[0].name)
            first = seen.setdefault((name, _same(point, own.get(name, {}))), point)
            if first is not point:
                raise ScenarioError([Problem(place, _repeated(point, first))])
            yield point

    def _sampled(self, scenario: Scenario, seed: int) -> list[dict[str, Any]]:
        """The points of the sample, each once: whole numbers are rounded, so that two may be the same."""
        if self.sample is None:
            return [{}]
        found: dict[object, dict[str, Any]] = {}
        for point in self.sample.points(scenario, seed):
            found.setdefault(_same(point), point)
        if len(found) < self.sample.n:
            warnings.warn(
                f"of the {self.sample.n:,} points of the sample {len(found):,} are different, as whole numbers are rounded: each is run once.",
                RepeatedPoints,
                stacklevel=2,
            )
        return list(found.values())


def unknown_choices(
    entry: Settings, axes: Sequence[str], listed: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[str, str]]:
    """Paths of an entry of `exclude` or `compare_to` that name what no point can have, each with what is wrong.

    `listed`: the values of axes that can have no others; of a sample, say, nobody knows them before it is drawn.
    """
    for path, value in entry.items():
        values = listed.get(path)
        if str(path) not in axes:
            yield path, f"{path} is not varied here, so no point has it{near_miss(str(path), list(axes))}"
        elif isinstance(values, list) and settled(path, value) not in [settled(path, one) for one in values]:
            yield path, f"{path} = {value} is not one of the matrix's values, {', '.join(map(str, values))}"


def does_nothing(path: str) -> str:
    """Why a setting that the experiment decides is not an axis, and what would be right."""
    key = OF_THE_WHOLE[path]
    return f"{path} is the same at every point, as the experiment decides it; write {key}: at the top of the experiment instead"


def settled(path: str, value: Any) -> Any:
    """A value as a scenario holds it, so that one is the same however it is spelt.

    What is not a value of the path stays, to be refused with its place.
    """
    value = unboxed(value)
    held = settle(path, value, "", ())
    return value if isinstance(held, Problem) or held.value == value else held.value


def settled_entry(entry: Settings) -> dict[str, Any]:
    """The same for every value of a point, or of what names points."""
    return {path: settled(path, value) for path, value in entry.items()}


def _own(scenario: Scenario) -> dict[str, Any]:
    """What a scenario has without being told: a point that asks for it changes nothing.

    But weeks, asked for, take the place of days.
    """
    held = {SCENARIO: scenario.name} | {path: one.value for path, one in scenario.provenance.items()}
    if held["run.days"] is not None:
        del held["run.weeks"]
    return held


def _same(point: Settings, own: Settings = MappingProxyType({})) -> object:
    """What two points have in common that make the same scenario: what they change in what is its own."""
    return frozenset(
        (path, value if isinstance(value, Hashable) else repr(value))
        for path, value in point.items()
        if not (path in own and own[path] == value)
    )


def _second(points: Sequence[Settings]) -> int | None:
    """Which point is there already; None where all are different."""
    seen = set()
    for nth, point in enumerate(points):
        if _same(point) in seen:
            return nth
        seen.add(_same(point))
    return None


def _repeated(point: Settings, first: Settings | None = None) -> str:
    """What is given twice; `first`: how it was put before, if it may have been put otherwise."""
    if first is None or first == point:
        return f"{_in_words(point)} is given twice; the same point would be run twice"
    return f"{_in_words(point)} makes the same scenario as {_in_words(first)}; the same point would be run twice"


def _in_words(point: Settings) -> str:
    return ", ".join(f"{path} = {value}" for path, value in point.items()) or "a point that changes nothing"


def agrees(point: Settings, wanted: Settings) -> bool:
    """Whether a point has every value that is wanted."""
    return all(path in point and point[path] == value for path, value in wanted.items())


def _count(*groups: Any) -> list[tuple[str, int]]:
    paths = [path for group in groups for path in group]
    return [(path, paths.count(path)) for path in dict.fromkeys(paths)]

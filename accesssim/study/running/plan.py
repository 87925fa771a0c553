"""What is to be run, as plain data: points of a design, seeds, and the shards that the work is cut into.

A plan holds no scenario objects, so that it can be written beside the results and read back without rebuilding anything.
"""

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from accesssim.study.faults import OtherVersion
from accesssim.world.scenario import Scenario

FORMAT = 4
"""Raised when the layout of a result folder changes."""

SHARD_SECONDS = (3.0, 60.0)
"""About how much work one shard holds: short enough to spread and to lose little, long enough to be worth a file."""

SHARDS_OF_A_POINT = 100
"""A point with more work than so many of the shortest shards gets longer ones, so that a ledger stays short."""

Value = bool | int | float | str | None | list[Any]

KILOBYTES_A_RUN, KILOBYTES_A_WEEK = 15.0, 0.05
"""Stated size of a run in a result folder, for `--dry-run`; only an estimate hangs on it."""


@dataclass(frozen=True)
class Point:
    """One point of a design: what it changes in the scenario, and the digest of the scenario that results."""

    number: int
    settings: dict[str, Value]
    digest: str
    weeks: float
    seconds_per_run: float

    @property
    def label(self) -> str:
        """Its settings in words, such as `bureaucracy.level = 1.5`; empty if it changes nothing."""
        return ", ".join(f"{path} = {written(value)}" for path, value in self.settings.items())


@dataclass(frozen=True)
class Assumption:
    """One value of the scenario, as the report prints it."""

    path: str
    value: Value
    unit: str
    kind: str
    meaning: str
    source: str
    quality: str
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Shard:
    """Replications `first` to `first + size - 1` of one point: what is worked, written and entered as a whole."""

    point: int
    first: int
    size: int

    @property
    def name(self) -> str:
        """Name of its files; says what it holds, so that adding points or replications renames nothing."""
        return f"part-{self.point:05d}-{self.first:06d}"


@dataclass(frozen=True)
class Plan:
    """Points × replications of one experiment, in the order in which results stand.

    `stages`: how many replications were asked for at a time, where more have been added to a finished result.
    `canonical`: every scenario of the design, by its name, as text from which it can be made again (see
    `Scenario.canonical`), so that a result needs no other file. `stopping`: the rule by which a point is run no
    further (see `stopping.Stopping`); then `replications` is the most that a point may have. `people`: whether a row
    is kept for each person. `code`: the digest of the code that runs it (see `results_digest`); empty in a plan from
    before there was one.
    """

    name: str
    title: str
    scenario: str
    seed: int
    replications: int
    engine: str
    currency: str
    points: tuple[Point, ...]
    version: str
    compare_to: int | None = None
    card: str = ""
    assumptions: tuple[Assumption, ...] = ()
    changes: tuple[str, ...] = ()
    axes: tuple[str, ...] = field(default=())
    stages: tuple[int, ...] = ()
    canonical: Mapping[str, str] = field(default_factory=dict)
    stopping: Mapping[str, Any] | None = None
    people: bool = False
    code: str = ""

    @property
    def made_by(self) -> str:
        """The version and the code that it is run by."""
        return f"{self.version} of {f'code {self.code}' if self.code else 'unknown code'}"

    def setting(self, point: Point, axis: str) -> Any:
        """A point's value on an axis, as what can be told apart by `==` and a hash.

        It is that of its scenario where the point names none, "" if that has none either.
        """
        if axis in point.settings:
            value: Any = point.settings[axis]
        elif axis == "scenario":
            value = self.scenario
        else:
            value = self._own.get(str(point.settings.get("scenario", self.scenario)), {}).get(axis, "")
        return tuple(value) if isinstance(value, list) else value

    @cached_property
    def _own(self) -> Mapping[str, Mapping[str, Any]]:
        """The values of each scenario."""
        made = {name: Scenario.from_canonical(name, self.title, text) for name, text in self.canonical.items()}
        return {
            name: {path: held.value for path, held in scenario.provenance.items()} for name, scenario in made.items()
        }

    @property
    def runs(self) -> int:
        """How many replications in all, at the most."""
        return min(len(self.points) * self.replications, self.budget)

    @property
    def budget(self) -> int:
        """The most runs that are shared out among the points; what every point may have where nothing is shared out."""
        return int((self.stopping or {}).get("budget", len(self.points) * self.replications))

    @property
    def seconds(self) -> float:
        """Estimated seconds of work for one worker."""
        return self.runs / len(self.points) * sum(point.seconds_per_run for point in self.points)

    @property
    def megabytes(self) -> float:
        """Estimated size of the folder."""
        return self.runs / len(self.points) * sum(megabytes_per_run(point.weeks) for point in self.points)

    def shards(self) -> Iterator[Shard]:
        """The work, cut by the plan alone, so that files are the same whoever does it."""
        for point in self.points:
            begun = 0
            for stage in self.stages or (self.replications,):
                run = max(point.seconds_per_run, 1e-3)
                shortest, longest = SHARD_SECONDS
                size = min(stage, max(1, round(min(max(shortest, stage * run / SHARDS_OF_A_POINT), longest) / run)))
                for first in range(begun, begun + stage, size):
                    yield Shard(point.number, first, min(size, begun + stage - first))
                begun += stage

    def cut_as(self, held: "Plan") -> "Plan":
        """The same, with points that the other has as well cut into the same shards.

        A quicker engine would cut them otherwise, and what is done would not fit.
        """
        known = {held.question_of(point): point.seconds_per_run for point in held.points}
        points = (
            replace(point, seconds_per_run=known.get(self.question_of(point), point.seconds_per_run))
            for point in self.points
        )
        return replace(self, engine=held.engine, points=tuple(points))

    def extended(self, more: int) -> "Plan":
        """The same with more replications of every point; the shards that there are stay as they are."""
        return replace(
            self, replications=self.replications + more, stages=(*(self.stages or (self.replications,)), more)
        )

    def question(self) -> str:
        """SHA-256 of all that decides each run; titles, sources and how many runs there are do not."""
        return hashlib.sha256(json.dumps([self.question_of(point) for point in self.points]).encode()).hexdigest()

    def question_of(self, point: Point) -> str:
        """SHA-256 of all that decides the runs of one point, whatever its number: what a shard must have been made for to be read as its answer."""
        decides = {
            "format": FORMAT,
            "version": self.version,
            "seed": self.seed,
            "people": self.people,
            "scenario": point.settings.get("scenario", self.scenario),
            # As plans once held lists.
            "settings": {
                path: written(value) if isinstance(value, list) else value for path, value in point.settings.items()
            },
            "digest": point.digest,
        }
        if self.code:
            decides["code"] = self.code
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()

    @cached_property
    def wanted(self) -> Mapping[str, tuple[Shard, str]]:
        """Every shard by its name, with the question that it answers."""
        questions = {point.number: self.question_of(point) for point in self.points}
        return {shard.name: (shard, questions[shard.point]) for shard in self.shards()}

    def digest(self) -> str:
        """SHA-256 of all that decides the results."""
        return hashlib.sha256(
            json.dumps([self.question(), self.replications, self.stages, self.stopping], sort_keys=True).encode()
        ).hexdigest()

    def scenario_at(self, number: int) -> Scenario:
        """The scenario of a point, made again. Raises ValueError if it does not come out as it was."""
        point = self.points[number]
        settings: dict[str, Any] = {path: _listed(value) for path, value in point.settings.items()}
        name = str(settings.pop("scenario", self.scenario))
        scenario = Scenario.from_canonical(name, self.title, self.canonical[name]).replace(settings)
        if scenario.digest() != point.digest:
            raise ValueError(f"point {number} does not come out as the scenario that it was")
        return scenario

    def differences(self, other: "Plan") -> list[str]:
        """How the other plan differs in what decides a run, or which runs there are, a line each; how many replications there are can be added to."""
        lines = [
            f"{name}: {getattr(self, name)} here, {getattr(other, name)} there"
            for name in ("version", "scenario", "seed", "people")
            if getattr(self, name) != getattr(other, name)
        ]
        if self.code != other.code and self.version == other.version:
            lines.insert(0, f"version: {self.made_by} here, {other.made_by} there")
        mine, theirs = ({(point.label, point.digest): None for point in plan.points} for plan in (self, other))
        if list(mine) != list(theirs):
            lines.append(f"points: {len(mine)} here, {len(theirs)} there{_apart(mine, theirs)}")
            lines += self._edited(other)
        ours, its = (
            self.stopping or {"a number of replications": "no rule"},
            other.stopping or {"a number of replications": "no rule"},
        )
        if ours != its:
            changes = [
                f"{key} {ours.get(key, 'none')} here, {its.get(key, 'none')} there"
                for key in {**ours, **its}
                if ours.get(key) != its.get(key)
            ]
            lines.append(f"stopping rule: {', '.join(changes)}")
        elif self.compare_to != other.compare_to and (self.stopping or {}).get("decision") == "sign":
            lines.append(f"compare_to: point {self.compare_to} here, {other.compare_to} there")
        return lines

    def _edited(self, other: "Plan") -> list[str]:
        """Values of the scenarios that differ, the first few."""
        found = []
        for name, text in self.canonical.items():
            if other.canonical.get(name, text) != text:
                here, there = (Scenario.from_canonical(name, name, one) for one in (text, other.canonical[name]))
                found += [
                    f"{one.path} of {name}: {written(one.ours)} here, {written(one.theirs)} there"
                    for one in here.differences(there)
                ]
        return found[:5] + ([f"and {len(found) - 5} more"] if len(found) > 5 else [])

    def to_json(self) -> str:
        """As `plan.json` holds it."""
        held = {"format": FORMAT, "digest": self.digest(), **asdict(self)}
        return json.dumps({**held, "check": checksum(held)}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """The plan that `to_json` wrote.

        Raises ValueError, KeyError, TypeError or AttributeError if the text is not a plan, and OtherVersion if it cannot
        be read here.
        """
        try:
            held: dict[str, Any] = json.loads(text)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        if held.pop("format") != FORMAT:
            raise OtherVersion(f"was made by accesssim {held['version']}, which lays out a folder otherwise")
        if held.pop("check") != checksum({"format": FORMAT, **held}):
            raise ValueError("somebody has changed it")
        del held["digest"]
        held["points"] = tuple(Point(**point) for point in held["points"])
        held["assumptions"] = tuple(Assumption(**assumption) for assumption in held["assumptions"])
        for name in ("changes", "axes", "stages"):
            held[name] = tuple(held[name])
        return cls(**held)


def megabytes_per_run(weeks: float) -> float:
    """Estimated size of a replication in a folder."""
    return (KILOBYTES_A_RUN + KILOBYTES_A_WEEK * weeks) / 1000


def _apart(ours: Mapping[tuple[str, str], None], theirs: Mapping[tuple[str, str], None]) -> str:
    """Which points of ours, by label and digest, theirs have not, with the first by name; and which they have besides."""
    lacking, names = [label for label, digest in ours if (label, digest) not in theirs], {label for label, _ in ours}
    besides = [label for label, _ in theirs if label not in names]
    words = []
    if lacking:
        words.append(
            f"; {len(lacking)} of ours {'is not there or has' if len(lacking) == 1 else 'are not there or have'} another scenario{_first(lacking)}"
        )
    if besides:
        words.append(
            f"; {len(besides)} of those there {'is' if len(besides) == 1 else 'are'} not ours{_first(besides)}"
        )
    return "".join(words) or "; in another order"


def _first(labels: list[str]) -> str:
    """The first that has a name, as an example where there are several."""
    label = next(filter(None, labels), "")
    return f"{', such as' if len(labels) > 1 else ':'} {label}" if label else ""


def checksum(held: Mapping[str, Any]) -> str:
    """Tells whether a plan was changed, or a line of the ledger; of a plan also what decides no run, such as titles."""
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def _listed(value: Value) -> Value:
    """A list that an older plan holds as text; any other value as it is."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        with suppress(ValueError, SyntaxError):
            return list(ast.literal_eval(value))
    return value


def written(value: Value | tuple[Any, ...]) -> str:
    """A value as people write it: 2400000.0 is `2,400,000`, True is `on`."""
    if isinstance(value, list | tuple):
        return str(list(value))
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return "none" if value is None else str(value)

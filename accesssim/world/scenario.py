"""A scenario: the declared parameters with their sources, and dated changes. Policy is a function of the date."""

import bisect
import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from accesssim.world.checking.declared import declaration, known_paths, leaves, names_given, near_miss
from accesssim.world.checking.values import Provenance, Setting, build, place_in, settle, shown, unboxed
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.notebook import as_html, counted
from accesssim.world.sections.parameters import Parameters


@dataclass(frozen=True)
class Change:
    """Values that come into force on a day."""

    day: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A value that two scenarios do not share; None where one has no such path."""

    path: str
    ours: Any
    theirs: Any


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """What is assumed. Nothing in it changes; `replace` makes another.

    `settings` holds the values that files or calls have given, by dotted path; what they do not give stands at its declared default.
    """

    name: str
    title: str
    settings: Mapping[str, Setting]
    dated: tuple[tuple[int, Mapping[str, Setting]], ...] = ()
    _periods: tuple[tuple[int, Parameters], ...] = field(init=False)

    def __post_init__(self) -> None:
        self._hold(self.settings, self.dated)
        object.__setattr__(self, "_periods", _periods(self.settings, self.dated))
        object.__setattr__(self, "_days", [day for day, _ in self._periods])

    def _hold(self, settings: Mapping[str, Setting], dated: tuple[tuple[int, Mapping[str, Setting]], ...]) -> None:
        """Keep copies that can only be read, or else whoever holds them could change a scenario that is worked out already."""
        object.__setattr__(self, "settings", MappingProxyType(dict(settings)))
        object.__setattr__(self, "dated", tuple((day, MappingProxyType(dict(values))) for day, values in dated))

    def __getstate__(self) -> dict[str, Any]:
        """As it is sent to workers: what can only be read cannot be pickled, so plain dictionaries are."""
        return self.__dict__ | {
            "settings": dict(self.settings),
            "dated": tuple((day, dict(values)) for day, values in self.dated),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._hold(state["settings"], state["dated"])

    @property
    def parameters(self) -> Parameters:
        """What is in force on day 0."""
        return self.in_force(0)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Dated changes, in order."""
        return tuple(
            Change(day, {path: setting.value for path, setting in values.items()}) for day, values in self.dated
        )

    @property
    def change_days(self) -> tuple[int, ...]:
        """Days after day 0 on which something changes."""
        return tuple(day for day, _ in self._periods if day > 0)

    def in_force(self, day: int) -> Parameters:
        """What is in force on a day (before day 0: as on day 0). Raises ScenarioError for what is not a day."""
        days: list[int] = self._days  # type: ignore[attr-defined]  # set beside _periods
        try:
            return self._periods[max(bisect.bisect_right(days, day) - 1, 0)][1]
        except TypeError:
            raise ScenarioError(
                [Problem("in_force", f"day = {shown(day)} must be a whole number of days from day 0")]
            ) from None

    def replace(self, values: Mapping[str, Any], *, place: str = "replace") -> "Scenario":
        """The same scenario with other values on day 0, by dotted path. Raises ScenarioError with every problem."""
        if not isinstance(values, Mapping):
            raise ScenarioError(
                [Problem(place, f'{values!r} must be a mapping of dotted paths, such as {{"bureaucracy.level": 1.5}}')]
            )
        settings, problems = dict(self.settings), []
        known = self._paths
        for path, value in values.items():
            if not isinstance(path, str):
                problems.append(Problem(place, f"{path!r} is not a dotted path, such as bureaucracy.level"))
                continue
            if path not in known and declaration(path) is not None:
                problems.append(
                    Problem(
                        place,
                        f"{path} is not in this scenario{near_miss(path, known) or '; a new name needs a scenario file'}",
                    )
                )
                continue
            settled = settle(path, unboxed(value), place, known)
            if isinstance(settled, Problem):
                problems.append(settled)
            else:
                settings[path] = settled
        if problems:
            raise ScenarioError(problems)
        if "run.weeks" in values and "run.days" not in values:  # a length in days makes way where weeks are asked for
            settings.pop("run.days", None)
        return Scenario(self.name, self.title, settings, self.dated)

    @cached_property
    def _paths(self) -> list[str]:
        """Paths that have a value here, or may have: worked out once, as a sweep replaces some values of one scenario over and over."""
        return [
            path for path in known_paths(names_given(path for path, _ in leaves(self.parameters))) if "NAME" not in path
        ]

    def place_of(self, *paths: str) -> str:
        """Where the last given of some values stands, on day 0 or by date; what is below a path counts as well."""
        given = dict(self.settings)
        for _, values in self.dated:
            given |= values
        first = {
            key: given[key] for path in paths for key in given if f"{key}.".startswith(f"{path}.")
        }  # of several that were given at once, in the order of the paths
        return place_in(paths[0], first | given, *paths)

    @property
    def provenance(self) -> Mapping[str, Provenance]:
        """Where each value on day 0 comes from; to be read only."""
        found: dict[str, Provenance] = {}
        for path, value in leaves(self.parameters):
            setting = self.settings.get(path)
            unit = getattr(declaration(path), "unit", "")
            found[path] = (
                setting.provenance
                if setting
                else Provenance(value, unit, "", "assumed", None, None, "", "declared default")
            )
        return MappingProxyType(found)

    def canonical(self) -> str:
        """Every value and change as one line of JSON: what the digest is taken of."""
        values = [[path, _plain(value)] for path, value in leaves(self.parameters)]
        changes = [
            [day, [[path, _plain(setting.value)] for path, setting in sorted(settings.items())]]
            for day, settings in self.dated
        ]
        return json.dumps([values, changes], separators=(",", ":"))

    @classmethod
    def from_canonical(cls, name: str, title: str, text: str) -> "Scenario":
        """Undo `canonical`: the same values and changes, without their sources. Raises ScenarioError."""
        values, changes = json.loads(text)
        known = [path for path, _ in values]
        return cls(
            name, title, _settled(values, known), tuple((day, _settled(settings, known)) for day, settings in changes)
        )

    def digest(self) -> str:
        """SHA-256 of all values and changes; titles, sources and how files are cut do not matter."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return self.canonical() == other.canonical() if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest())

    def __repr__(self) -> str:
        given, changes = counted(len(self.settings), "value"), counted(len(self.dated), "dated change")
        return f"<Scenario {self.name}: {given} given, {changes}, digest {self.digest()[:12]}>"

    def _repr_html_(self) -> str:
        """In a notebook: what kind of service it is."""
        now = self.parameters
        budget = (
            "every post is paid"
            if now.funding.annual_budget is None
            else f"{now.funding.annual_budget:,.0f} {now.funding.currency} a year"
        )
        rows: list[tuple[str, object]] = [
            ("scenario", self.name),
            ("pathways", ", ".join(now.pathways)),
            ("posts", ", ".join(f"{name} {group.posts:,}" for name, group in now.workforce.items())),
            ("budget", budget),
            ("length", f"{now.run.weeks:,} weeks" if now.run.days is None else f"{now.run.days:,} days"),
            ("dated changes", ", ".join(f"day {day}" for day in self.change_days) or "none"),
            ("digest", self.digest()),
        ]
        return as_html(self.title, rows)

    def differences(self, other: "Scenario") -> list[Difference]:
        """Values on day 0, and dated changes, that differ. Raises ScenarioError for what is not a scenario."""
        refuse_others(other, "differences")
        mine, theirs = dict(leaves(self.parameters)), dict(leaves(other.parameters))
        for scenario, values in ((self, mine), (other, theirs)):
            values |= {
                f"from day {change.day}: {path}": value
                for change in scenario.changes
                for path, value in change.settings.items()
            }
        paths = [*mine, *(path for path in theirs if path not in mine)]
        return [
            Difference(path, mine.get(path), theirs.get(path)) for path in paths if mine.get(path) != theirs.get(path)
        ]


def refuse_others(given: object, place: str) -> None:
    """Raise ScenarioError for anything but a scenario, such as the name of one."""
    if not isinstance(given, Scenario):
        raise ScenarioError([Problem(place, f'{given!r} is not a scenario; load one: accesssim.load("baseline")')])


def _settled(values: list[tuple[str, Any]], known: list[str]) -> dict[str, Setting]:
    settled = {path: settle(path, value, "plan", known) for path, value in values}
    if problems := [one for one in settled.values() if isinstance(one, Problem)]:
        raise ScenarioError(problems)
    return {path: one for path, one in settled.items() if isinstance(one, Setting)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _periods(
    settings: Mapping[str, Setting], dated: tuple[tuple[int, Mapping[str, Setting]], ...]
) -> tuple[tuple[int, Parameters], ...]:
    """What is in force from each day on. All problems of all dates are raised together."""
    so_far, problems, periods = dict(settings), [], []
    try:
        periods.append((0, build(so_far)))
    except ScenarioError as error:
        problems += error.problems
    for day, values in dated:
        if not problems:
            so_far |= values
            try:
                built = build(so_far)
            except ScenarioError as error:
                problems += error.problems
                continue
            if periods[-1][0] == day:
                periods[-1] = (day, built)
            else:
                periods.append((day, built))
    if problems:
        raise ScenarioError(problems)
    return tuple(periods)

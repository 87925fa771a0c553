"""What a call may ask: arguments of another kind are refused in words, before anything is made of them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accesssim.study.faults import FolderError
from accesssim.world.checking.values import Setting, not_ours, settle, shown, unboxed, whole
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.scenario import Scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor


def number(name: str, given: object, least: int, place: str | None = None) -> int:
    """A whole number, of numpy's as well, or written as 2.0. Raises ScenarioError."""
    found = whole(given)
    if found is None or found < least:
        raise ScenarioError(
            [Problem(place or name, f"{name} = {shown(unboxed(given))} must be a whole number of at least {least}")]
        )
    return found


def scenarios(scenario: Scenario | Sequence[Scenario]) -> list[Scenario]:
    """One scenario or several. Raises ScenarioError for anything else, such as a name."""
    if isinstance(scenario, Scenario):
        return [scenario]
    bases = list(scenario) if isinstance(scenario, list | tuple) else []
    if not bases or not all(isinstance(base, Scenario) for base in bases):
        raise ScenarioError(
            [
                Problem(
                    "scenario",
                    f'{scenario!r} is not a scenario, nor a list of them; load one: accesssim.load("baseline")',
                )
            ]
        )
    return bases


def axes(place: str, given: object) -> dict[str, list[Any]]:
    """Dotted paths with a list of values each. Raises ScenarioError."""
    if given is None:
        return {}
    return {
        path: _values(place, path, values)
        for path, values in _paths(place, given, '{"bureaucracy.level": [0.5, 1.0]}').items()
    }


def _values(place: str, path: str, values: object) -> list[Any]:
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise ScenarioError([Problem(place, f"{path} = {values!r} must be a list of values, such as [{values!r}]")])
    found = list(values)
    if not found:
        raise ScenarioError([Problem(place, f"{path} has no values; give it at least one, or leave it out")])
    return found


def entries(place: str, given: object) -> list[Mapping[str, Any]]:
    """A list of points, or of what names points. Raises ScenarioError."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise ScenarioError([Problem(place, f'{given!r} must be a list, such as [{{"bureaucracy.level": 1.5}}]')])
    return [entry(f"{place}.{nth}", one) for nth, one in enumerate(given)]


def entry(place: str, given: object) -> Mapping[str, Any]:
    """Dotted paths with a value each. Raises ScenarioError."""
    return _paths(place, given, '{"bureaucracy.level": 1.5}')


def _paths(place: str, given: object, such_as: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise ScenarioError([Problem(place, f"{given!r} must be a mapping of dotted paths, such as {such_as}")])
    if others := [path for path in given if not isinstance(path, str)]:
        raise ScenarioError([Problem(place, f"{others[0]!r} is not a dotted path, such as bureaucracy.level")])
    return given


def in_currency(ours: str, place: str, points: Iterable[tuple[str, object]]) -> None:
    """Amounts with a unit are in our currency, which must be asked before only their numbers are kept. Raises ScenarioError."""
    held = ((path, settle(path, value, place, ())) for path, value in points if isinstance(value, Mapping))
    if wrong := [
        not_ours(path, one.currency, ours)
        for path, one in held
        if isinstance(one, Setting) and one.currency not in ("", ours)
    ]:
        raise ScenarioError([Problem(place, words) for words in dict.fromkeys(wrong)])


def work(executor: "Executor | None", workers: object, out: object, *, more: object, part: object) -> tuple[int, int]:
    """How a run is to be worked, and where it is kept: how many workers, and how many more replications.

    Raises ScenarioError, or FolderError for a part that is none.
    """
    if executor is not None and (isinstance(executor, type) or not hasattr(executor, "submit")):
        raise ScenarioError(
            [
                Problem(
                    "executor",
                    f"{executor!r} must be an executor of concurrent.futures; for processes of our own write workers=4",
                )
            ]
        )
    at_work, added = number("workers", workers, 1), number("more", more, 0)
    if out is not None and not isinstance(out, str | os.PathLike):
        raise ScenarioError([Problem("out", f'{out!r} must be a folder, such as "results/asked"')])
    if part is not None:
        ends = (
            [end for end in part if isinstance(end, int)] if isinstance(part, tuple | list) and len(part) == 2 else []
        )
        if len(ends) < 2 or not 1 <= ends[0] <= ends[1]:
            raise FolderError(f"part = {part} must be (i, n) with i from 1 to n, such as (2, 8)")
    if out is None and (needs := [name for name, given in (("more", more), ("part", part is not None)) if given]):
        raise ScenarioError(
            [Problem(needs[0], f"{needs[0]} is of a result that is kept in a folder; name the folder: out=…")]
        )
    return at_work, added

"""A value as a file or a call gives it → a checked number with its source; checked numbers → parameters."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from accesssim.world.checking.declared import Declaration, declaration, finite, near_miss, no_parameter
from accesssim.world.checking.evidence import evidence
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.sections.consistency import UnknownNames
from accesssim.world.sections.declare import Misfit
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.units import UnitError, convert, currency, span

QUALITIES = ("measured", "published", "unverified", "estimated", "assumed")
_IN_A_FILE = re.compile(r":\d+:\d+$")
_CURRENCY = "funding.currency"
_KEYS = ("value", "unit", "low", "high", "source", "quality", "note")


@dataclass(frozen=True)
class Provenance:
    """Where a value comes from, and how far to trust it."""

    value: Any
    unit: str
    source: str
    quality: str
    low: float | None
    high: float | None
    note: str
    place: str


@dataclass(frozen=True)
class Setting:
    """A checked value and where it comes from.

    `turn`: the later it was given on the way from the eldest file to the last change, the higher. `currency`: that of an amount whose unit names one.
    """

    value: Any
    provenance: Provenance
    turn: int = field(default=0, compare=False)
    currency: str = field(default="", compare=False)


class _Refused(ValueError):
    pass


def unboxed(value: Any) -> Any:
    """A number of numpy's as one of Python's; anything else as it is."""
    return value.item() if hasattr(value, "item") and getattr(value, "shape", None) == () else value


def whole(value: Any) -> int | None:
    """A whole number, also one that is written as 2.0 or is numpy's; None where it is none."""
    value = unboxed(value)
    return int(value) if finite(value) and value == int(value) else None


def settle(path: str, raw: Any, place: str, known: Sequence[str]) -> Setting | Problem:
    """Check one value: bare, `{value, unit, low, high, source, quality, note}` or `{evidence: key}`."""
    declared = declaration(path)
    if declared is None:
        return Problem(place, no_parameter(path, list(known)))
    try:
        return _settle(declared, raw, place)
    except _Refused as error:
        return Problem(place, str(error))


def _settle(declared: Declaration, raw: Any, place: str) -> Setting:
    path, unit, quality = declared.path, declared.unit, "assumed"
    if not isinstance(raw, Mapping):
        value = _value(declared, raw)
        return Setting(value, Provenance(value, unit, "", quality, None, None, "", place))
    if "evidence" in raw:
        return _from_evidence(declared, raw, place)
    if unknown := next((key for key in raw if key not in _KEYS), None):
        raise _Refused(
            f"{path}.{unknown} is not a parameter{near_miss(str(unknown), list(_KEYS))}; a value takes {', '.join(_KEYS)}"
        )
    if "value" not in raw:
        raise _Refused(f"{path} needs a value: write {path.rsplit('.', 1)[-1]}: {{value: …, source: …, quality: …}}")
    for key in ("unit", "source", "note"):
        if not isinstance(raw.get(key, ""), str):
            raise _Refused(f"{path}: {key} must be text")
    if raw.get("quality", quality) not in QUALITIES:
        raise _Refused(f"{path}: quality = {raw['quality']} must be one of {', '.join(QUALITIES)}")
    given = raw.get("unit", "")
    value = _value(declared, raw["value"], given)
    low, high = _range(declared, raw, value)
    told = Provenance(
        value, unit, raw.get("source", ""), raw.get("quality", quality), low, high, raw.get("note", ""), place
    )
    return Setting(value, told, currency=_currency(declared, given))


def _range(declared: Declaration, raw: Mapping[str, Any], value: Any) -> tuple[float | None, float | None]:
    """The low and high of a value, which are numbers around a number."""
    path = declared.path
    given = [key for key in ("low", "high") if raw.get(key) is not None]
    if not given:
        return None, None
    if declared.type not in (int, float):
        raise _Refused(
            f"{path}: {given[0]} = {shown(raw[given[0]])} is for numbers; the value must be {declared.rule}. Leave {given[0]} out"
        )
    if value is None:
        raise _Refused(
            f"{path}: {given[0]} = {shown(raw[given[0]])} has no value to stand beside; give a value, or leave {given[0]} out"
        )
    low, high = (
        _bound(declared, key, raw[key], raw.get("unit", "")) if key in given else None for key in ("low", "high")
    )
    if (low is not None and low > value) or (high is not None and high < value):
        raise _Refused(f"{path} = {value:g} must lie between its own low and high ({low} to {high})")
    return low, high


def _bound(declared: Declaration, key: str, raw: Any, unit: str) -> float:
    """A number of the value's type and unit; what is doubtful may reach beyond what a value may be."""
    bound: float = _value(replace(declared, path=f"{declared.path}: {key}", low=None, high=None, above=None), raw, unit)
    return bound


def _from_evidence(declared: Declaration, raw: Mapping[str, Any], place: str) -> Setting:
    key, table = raw["evidence"], evidence()
    if extra := [name for name in raw if name != "evidence"]:
        raise _Refused(
            f"{declared.path}: {extra[0]} cannot stand beside evidence; write either {{evidence: key}} or {{value: …}}"
        )
    if not isinstance(key, str):
        raise _Refused(f"{declared.path}: evidence must be one key of the evidence table, such as {next(iter(table))}")
    if key not in table:
        raise _Refused(f"{declared.path}: {key} is not in the evidence table{near_miss(str(key), list(table))}")
    row = table[key]
    try:
        value, low, high = (convert(number, row.unit, declared.unit) for number in (row.value, row.low, row.high))
    except UnitError:
        raise _Refused(
            f"{declared.path}: {key} is measured in {row.unit}, which cannot be converted to {declared.unit or 'a plain number'}"
        ) from None
    value = _value(declared, int(value) if declared.type is int and value == int(value) else value)
    note = "; ".join(part for part in (f"evidence: {key}", row.note) if part)
    return Setting(
        value,
        Provenance(value, declared.unit, row.source, row.quality, low, high, note, place),
        currency=_currency(declared, row.unit),
    )


def _currency(declared: Declaration, unit: str) -> str:
    """The currency of an amount; nothing is converted from one into another."""
    return currency(unit) if declared.unit.startswith("money") else ""


def _value(declared: Declaration, raw: Any, unit: str = "") -> Any:
    """A plain value of the declared type, in the declared unit."""
    told = shown(raw)
    if raw is None and declared.optional:
        return None
    if declared.type is bool:
        if isinstance(raw, str) and raw in ("on", "off"):
            return raw == "on"
        if isinstance(raw, bool):
            return raw
    elif declared.type is datetime.date:
        if isinstance(raw, datetime.date):
            return raw
        if isinstance(raw, str):
            try:
                return datetime.date.fromisoformat(raw)
            except ValueError:
                pass
    elif declared.type is tuple:
        if isinstance(raw, list | tuple) and all(isinstance(name, str) for name in raw):
            return tuple(raw)
    elif declared.type is str:
        if isinstance(raw, str) and (not declared.choices or raw in declared.choices):
            return raw
    else:
        return _number(declared, raw, unit, told)
    raise _Refused(f"{declared.path} = {told} must be {declared.rule}.")


def _number(declared: Declaration, raw: Any, unit: str, told: str) -> float | int:
    try:
        value = (
            span(raw, declared.unit)
            if isinstance(raw, str)
            else convert(raw, unit, declared.unit)
            if finite(raw)
            else None
        )
    except UnitError as error:
        raise _Refused(f"{declared.path}: {error}") from None
    if value is None or not finite(value):
        raise _Refused(f"{declared.path} = {told} must be {declared.rule}.")
    if declared.type is int:
        if abs(value - round(value)) > 1e-9:
            raise _Refused(f"{declared.path} = {told} must be {declared.rule}.")
        value = round(value)
    else:
        value = float(value)
    low, high, above = declared.low, declared.high, declared.above
    if (
        (low is not None and value < low)
        or (high is not None and value > high)
        or (above is not None and value <= above)
    ):
        raise _Refused(f"{declared.path} = {told} must be {declared.bounds}.")
    return value


def shown(raw: Any) -> str:
    """A value in words, as a file would hold it: text that looks like a number in quotes, None as nothing."""
    if isinstance(raw, float):
        text = f"{raw:g}"
    elif isinstance(raw, list | tuple):
        text = f"[{', '.join(map(str, raw))}]"
    else:
        text = "nothing" if raw is None else str(raw).lower() if isinstance(raw, bool) else str(raw)
    text = text if len(text) <= 60 else text[:57] + "…"
    return f'"{text}"' if isinstance(raw, str) and _looks_numeric(raw) else text


def _looks_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def build(settings: Mapping[str, Setting]) -> Parameters:
    """Parameters from checked values. Raises ScenarioError for what only the whole can show: missing values, unknown names."""
    tree: dict[str, Any] = {}
    for path, setting in settings.items():
        *above, name = path.split(".")
        here = tree
        for part in above:
            here = here.setdefault(part, {})
        here[name] = setting.value
    try:
        built = Parameters.model_validate(tree)
    except ValidationError as error:
        raise ScenarioError(
            list(dict.fromkeys(problem for one in error.errors() for problem in _problems(one, settings)))
        ) from None
    if foreign := [
        path for path, setting in settings.items() if setting.currency and setting.currency != built.funding.currency
    ]:
        raise ScenarioError([_foreign(path, settings, built.funding.currency) for path in foreign])
    return built


def _foreign(path: str, settings: Mapping[str, Setting], ours: str) -> Problem:
    """An amount in another currency than the scenario's.

    Told where either was given last: at the amount, unless the currency was changed after it.
    """
    both = {key: settings[key] for key in (path, _CURRENCY) if key in settings}
    return Problem(place_in(path, both, *both), not_ours(path, settings[path].currency, ours))


def not_ours(path: str, theirs: str, ours: str) -> str:
    """What is wrong with an amount in another currency."""
    return f"{path} is given in {theirs}, and {_CURRENCY} is {ours}; give the amount in {ours}, as nothing is converted"


def _problems(error: Any, settings: Mapping[str, Setting]) -> list[Problem]:
    path = ".".join(str(part) for part in error["loc"])
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, UnknownNames):
        found: list[Problem] = []
        for name_path, name, what, names in cause.problems:
            hint = near_miss(name, names) or (f"; there is {', '.join(names)}" if names else "; there is none")
            found.append(Problem(place_in(name_path, settings), f"{name_path} = {name} is not {what}{hint}"))
        return found
    if isinstance(cause, Misfit):
        whole, *where = (".".join(filter(None, (path, part))) for part in (cause.path, *cause.where))
        return [Problem(place_in(whole, settings, *where), f"{whole} {cause.why}")]
    if error["type"] == "missing":
        name = path.rsplit(".", 1)[0]
        section, group = name.split(".", 1) if "." in name else ("", name)
        others = list(
            dict.fromkeys(
                key.split(".")[1] for key in settings if key.startswith(section + ".") and key.split(".")[1] != group
            )
        )
        hint = near_miss(name, [f"{section}.{other}" for other in others])
        return [Problem(place_in(name, settings), f"{path} is missing: a new name under {section} needs it{hint}")]
    declared = declaration(path)
    message = str(cause) if cause is not None else f"must be {declared.rule}." if declared else error["msg"]
    value = f" = {shown(settings[path].value)}" if path in settings else ""
    return [Problem(place_in(path, settings), f"{path}{value} {message}")]


def place_in(path: str, settings: Mapping[str, Setting], *rather: str) -> str:
    """Place of what is wrong with a path: of a value that stands there or below, rather at some of those; where none does, of one beside it.

    Of several it is one that was typed, if any was, else one that was given last: what was there before fitted together.
    """
    paths = rather or (path,)
    while path:
        if here := [
            setting
            for key, setting in settings.items()
            if any(key == one or key.startswith(one + ".") for one in paths)
        ]:
            typed = (setting.provenance.place for setting in here if not _IN_A_FILE.search(setting.provenance.place))
            return next(typed, max(here, key=lambda setting: setting.turn).provenance.place)
        paths = (path,)
        path = path.rpartition(".")[0]
    return "scenario"

"""The declared parameters by dotted path: what there is, what a value must be, what a misspelt path may have meant."""

import datetime
import difflib
import math
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from accesssim.world.sections.conditions import ALWAYS, Condition
from accesssim.world.sections.declare import Section
from accesssim.world.sections.parameters import Parameters


@dataclass(frozen=True)
class Declaration:
    """What is declared of one parameter."""

    path: str
    type: type
    optional: bool
    choices: tuple[str, ...]
    unit: str
    kind: str
    meaning: str
    low: float | None
    high: float | None
    above: float | None
    default: Any
    required: bool
    matters: Condition | None = (
        None  # with whole paths, those of the sections around it included; None where none was declared
    )
    of: str = "journal"

    @property
    def rule(self) -> str:
        """What a value must be, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.type is bool:
            return "true or false (on or off)"
        if self.type is str:
            return "text"
        if self.type is datetime.date:
            return "a date such as 2026-01-05"
        if self.type is tuple:
            return "a list of names, such as [north, south]"
        what = "a whole number" if self.type is int else "a number"
        unit = f" ({self.unit})" if self.unit else ""
        if self.above is not None:
            bounds = f" above {_as_written(self.above)}" + (
                f" and at most {_as_written(self.high)}" if self.high is not None else ""
            )
        elif self.low is not None and self.high is not None:
            bounds = f" between {_as_written(self.low)} and {_as_written(self.high)}"
        elif self.low is not None:
            bounds = f" of at least {_as_written(self.low)}"
        else:
            bounds = ""
        return f"{what}{bounds}{unit}"

    @property
    def bounds(self) -> str:
        """The bounds alone, as the end of a sentence: `must be …`."""
        unit = f" ({self.unit})" if self.unit else ""
        if self.above is not None:
            return (
                f"above {_as_written(self.above)}"
                + (f" and at most {_as_written(self.high)}" if self.high is not None else "")
                + unit
            )
        if self.high is not None:
            return f"between {_as_written(self.low)} and {_as_written(self.high)}{unit}"
        return f"at least {_as_written(self.low)}{unit}"


def _as_written(bound: float | None) -> str:
    """A bound as it was declared: a whole number with all its digits."""
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def _plain(annotation: Any) -> tuple[Any, bool]:
    """Type without `None` and annotations, and whether None is allowed."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        return _plain(inner[0])[0], True
    return annotation, False


def _declaration(path: str, info: FieldInfo) -> Declaration:
    annotation, optional = _plain(info.annotation)
    choices = get_args(annotation) if get_origin(annotation) is Literal else ()
    limits = {"ge": None, "le": None, "gt": None}
    for entry in info.metadata:
        limits = {name: getattr(entry, name, None) if limit is None else limit for name, limit in limits.items()}
    extra = _extra(info)
    return Declaration(
        path=path,
        type=str if choices else get_origin(annotation) or annotation,
        optional=optional,
        choices=choices,
        unit=str(extra.get("unit", "")),
        kind=str(extra.get("kind", "setting")),
        meaning=info.description or "",
        low=limits["ge"],
        high=limits["le"],
        above=limits["gt"],
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        required=info.is_required(),
    )


def _of_a_name(path: str, info: FieldInfo) -> Declaration:
    """The declaration of one of the numbers that stand below free names."""
    inner = get_args(info.annotation)[1]
    kind, limits = get_args(inner)[0], get_args(inner)[1].metadata
    low, high = (
        next((getattr(limit, bound) for limit in limits if hasattr(limit, bound)), None) for bound in ("ge", "le")
    )
    extra = _extra(info)
    return Declaration(
        path,
        kind,
        False,
        (),
        str(extra["unit"]),
        str(extra["kind"]),
        info.description or "",
        low,
        high,
        None,
        kind(0),
        False,
    )


def names_given(paths: Iterable[str]) -> dict[str, list[str]]:
    """The free names in some dotted paths, by the path that they stand below."""
    found: dict[str, list[str]] = {}
    for path in paths:
        model: type[Section] = Parameters
        parts, above = path.split("."), []
        while parts:
            here, name = level(model), parts.pop(0)
            above.append(name)
            if name in here.sections:
                model = here.sections[name]
            elif name in here.named and parts:
                names = found.setdefault(".".join(above), [])
                if parts[0] not in names:
                    names.append(parts[0])
                model = here.named[name]
                above.append(parts.pop(0))
            elif name in here.numbers and parts:
                found.setdefault(".".join(above), []).append(parts[0])
                break
            else:
                break
    return found


def known_paths(names: Mapping[str, Iterable[str]]) -> list[str]:
    """Dotted paths that a value may be given for, with `NAME` where any name may stand."""
    found: list[str] = []

    def walk(model: type[Section], prefix: str) -> None:
        here = level(model)
        found.extend(prefix + name for name in here.fields)
        for name, section in here.sections.items():
            walk(section, f"{prefix}{name}.")
        for name, section in here.named.items():
            for key in names.get(prefix + name, ()) or ("NAME",):
                walk(section, f"{prefix}{name}.{key}.")
        for name, info in here.numbers.items():
            extra = _extra(info)
            keys = dict.fromkeys([*names.get(str(extra.get("names", "")), ()), *names.get(prefix + name, ())])
            found.extend(f"{prefix}{name}.{key}" for key in keys or ("NAME",))

    walk(Parameters, "")
    return found


class Level:
    """What may stand below a dotted path: the fields of a section, or free names."""

    def __init__(self, model: type[Section], path: str = "") -> None:
        self.model, self.path = model, path
        self.sections: dict[str, type[Section]] = {}
        self.named: dict[str, type[Section]] = {}
        self.numbers: dict[str, FieldInfo] = {}  # free names with a plain number each
        self.fields: dict[str, FieldInfo] = {}
        for name, info in model.model_fields.items():
            annotation = info.annotation
            if isinstance(annotation, type) and issubclass(annotation, Section):
                self.sections[name] = annotation
            elif get_origin(annotation) is dict:
                inner = get_args(annotation)[1]
                if isinstance(inner, type) and issubclass(inner, Section):
                    self.named[name] = inner
                else:
                    self.numbers[name] = info
            else:
                self.fields[name] = info

    @property
    def names(self) -> list[str]:
        """All keys that may stand here."""
        return [*self.sections, *self.named, *self.numbers, *self.fields]


@lru_cache(maxsize=256)
def level(model: type[Section]) -> Level:
    """The level of a section's model."""
    return Level(model)


@lru_cache(maxsize=4096)
def declaration(path: str) -> Declaration | None:
    """The declaration of a dotted path, whatever names are in it; None where there is none."""
    model: type[Section] = Parameters
    parts, above, matters = path.split("."), "", ALWAYS
    while parts:
        here, name = level(model), parts.pop(0)
        if name in here.fields:
            return (
                _when(_declaration(path, here.fields[name]), here.fields[name], matters, above) if not parts else None
            )
        if name in here.numbers and len(parts) == 1:
            return _when(_of_a_name(path, here.numbers[name]), here.numbers[name], matters, above)
        matters &= (_matters(model.model_fields[name], above) if name in model.model_fields else None) or ALWAYS
        if name in here.sections:
            model, above = here.sections[name], f"{above}.{name}"
        elif name in here.named and parts:
            model, above = here.named[name], f"{above}.{name}.{parts.pop(0)}"
        else:
            return None
    return None


def conditions_in(section: str) -> dict[str, Condition]:
    """The conditions of all that stands directly in a section, by name, without those of the section itself."""
    model: type[Section] = Parameters
    parts = section.split(".")
    while parts:
        here, name = level(model), parts.pop(0)
        model = here.sections[name] if name in here.sections else here.named[name]
        if name in here.named:
            parts.pop(0)
    found = {name: _matters(info, section) for name, info in model.model_fields.items()}
    return {name: condition for name, condition in found.items() if condition is not None}


def _when(declared: Declaration, info: FieldInfo, around: Condition, section: str) -> Declaration:
    """With the condition under which it can matter, where one was declared."""
    own = _matters(info, section)
    return replace(declared, matters=None if own is None else around & own, of=str(_extra(info).get("of", "journal")))


def _matters(info: FieldInfo, section: str) -> Condition | None:
    """The condition declared of a field, with whole paths."""
    own = _extra(info).get("matters")
    return own.within(section.removeprefix(".")) if isinstance(own, Condition) else None


def _extra(info: FieldInfo) -> dict[str, Any]:
    """What a declaration says besides what pydantic knows."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def leaves(parameters: Section, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (dotted path, value) of a set of parameters, in the order of declaration."""
    for name in type(parameters).model_fields:
        value = getattr(parameters, name)
        path = f"{prefix}{name}"
        if isinstance(value, Section):
            yield from leaves(value, path + ".")
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                if isinstance(inner, Section):
                    yield from leaves(inner, f"{path}.{key}.")
                else:
                    yield f"{path}.{key}", inner
        else:
            yield path, value


def no_parameter(path: str, known: list[str]) -> str:
    """What is said of a path that no value can be given for: what it holds, where it is a section or a table, else what it may be a slip of."""
    below = next((other for other in known if other.startswith(f"{path}.")), None)
    if below is not None or declaration(f"{path}.NAME") is not None:
        return f"{path} holds several values; {'give them in a scenario file' if below is None else f'name one of them, such as {below}'}"
    return f"{path} is not a parameter{near_miss(path, known)}"


def near_miss(path: str, known: list[str]) -> str:
    """`; did you mean …?`, or nothing."""
    last = path.rsplit(".", 1)[-1]
    siblings = [other for other in known if other.rsplit(".", 1)[0] == path.rsplit(".", 1)[0]]
    found = difflib.get_close_matches(path, siblings, 1, 0.8) or difflib.get_close_matches(path, known, 1, 0.75)
    if not found:
        ends: dict[str, str] = {other.rsplit(".", 1)[-1]: other for other in reversed(known)}
        found = [ends[end] for end in difflib.get_close_matches(last, ends, 1, 0.75)]
    return f"; did you mean {found[0]}?" if found else ""


def finite(value: object) -> bool:
    """Whether a value is a number that can be calculated with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False

"""How a class of annotated fields lies in memory: numpy's type, the compiler's and mypy's come from one declaration.

A record is a class that nobody makes: its fields say what is known, with the types below where fewer bytes do than
int, float and bool take. Fields stand widest first, whatever the order of telling. Classes that a record derives from
share one place: whichever of them belongs to where somebody is, that is held.
"""

from collections.abc import Callable, Collection, Iterator
from typing import (
    Annotated,
    Any,
    ClassVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np
from pydantic import BaseModel

from accesssim.world.sections.declare import Section

Int8 = Annotated[int, np.int8]
Int16 = Annotated[int, np.int16]
Int32 = Annotated[int, np.int32]
Key = np.uint64
"""Of draws (see `chance`)."""
LINE = 64
"""Bytes that come from memory together."""

_KINDS: dict[Any, str] = {int: "i8", float: "f8", bool: "?", np.uint64: "u8"}
_LAID: dict[type, np.dtype[Any]] = {}

wide = cast("Callable[[int], int]", np.int64)
"""A number of a narrow field as one of eight bytes: what is counted with, since the compiler makes a function anew for every width."""
ints = cast("Callable[[int, int], list[int]]", np.full)
"""An array of so many whole numbers, all the same at first."""
floats = cast("Callable[[int], list[float]]", np.zeros)
"""An array of so many numbers, 0 at first."""


Ints = Annotated[list[int], np.int64]
"""An array of whole numbers: to mypy a list."""
Chains = Annotated[list[int], np.int32]
"""By number, the number that follows or comes first; -1 for none."""


def _kind(hint: Any) -> np.dtype[Any] | None:
    """The type in memory of a field; None for what is no number and no record."""
    if hint in _KINDS or get_origin(hint) is Annotated:
        return np.dtype(_KINDS.get(hint) or get_args(hint)[1])
    if isinstance(hint, type) and get_type_hints(hint):
        return layout(hint)
    return None


def _own_fields(record: type, known: Collection[str]) -> Iterator[tuple[str, np.dtype[Any]]]:
    """The fields of a record that none of its bases has told; of a section, its numbers and switches."""
    if issubclass(record, Section):
        for name, info in record.model_fields.items():
            if info.annotation in _KINDS:
                yield name, np.dtype(_KINDS[info.annotation])
        return
    for name, hint in get_type_hints(record, include_extras=True).items():
        if name in known or get_origin(hint) is ClassVar:
            continue
        kind = _kind(hint)
        if kind is None:
            raise TypeError(f"{record.__name__}.{name} is of no type that a record can hold: {hint}")
        yield name, kind


def _next(place: int, whole: int) -> int:
    """The first place from one on that is a multiple of so many bytes."""
    return -(-place // whole) * whole


def layout(record: type) -> np.dtype[Any]:
    """How a record lies in memory. Of a section of a scenario: its numbers and switches, by the names of the declared parameters.

    A record with `multiple_of` takes a multiple of so many bytes.
    """
    if record in _LAID:
        return _LAID[record]
    shared = [layout(base) for base in record.__bases__ if base is not object and not issubclass(base, BaseModel)]
    inner = {name: field for base in shared for name, field in (base.fields or {}).items()}
    own = dict(_own_fields(record, inner))
    blocks = [(kind.alignment, kind.itemsize, {name: 0}) for name, kind in own.items()]
    if shared:
        within = {name: place for name, (_, place, *_) in inner.items()}
        blocks.append((max(base.alignment for base in shared), max(base.itemsize for base in shared), within))
    places, end = dict[str, int](), 0
    for alignment, size, names in sorted(blocks, key=lambda block: -block[0]):
        begin = _next(end, alignment)
        places |= {name: begin + place for name, place in names.items()}
        end = begin + size
    kinds = {name: kind for name, (kind, *_) in inner.items()} | own
    whole = max(getattr(record, "multiple_of", 1), *(kind.alignment for kind in kinds.values()))
    told: Any = {
        "names": list(kinds),
        "formats": list(kinds.values()),
        "offsets": [places[name] for name in kinds],
        "itemsize": _next(end, whole),
    }
    return _LAID.setdefault(record, np.dtype(told, align=True))

"""Whether everything is compiled, and compiling what is not."""

import inspect
import json
import zlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import types

from accesssim.clinic.compiled.arrays import WORLD, World
from accesssim.clinic.compiled.cache import FOLDER
from accesssim.clinic.compiled.day import advance, begin
from accesssim.clinic.compiled.layout import Chains, Clinic, Ints, Key, layout

RECORDS = ("accesssim.clinic.compiled.records", "accesssim.clinic.course")
_KINDS: dict[Any, Any] = {
    int: types.int64,
    float: types.float64,
    bool: types.boolean,
    Key: types.uint64,
    Ints: types.int64[::1],
    Chains: types.int32[::1],
    tuple[float, float]: types.UniTuple(types.float64, 2),
    World: numba.from_dtype(WORLD),
    Clinic: numba.from_dtype(WORLD)[::1],
}


def _arguments(function: Callable[..., Any]) -> tuple[Any, ...] | None:
    """Types of a function's arguments, by what it says of them.

    None where one has no type of its own, as a list: the compiler goes by how it is called.
    """
    found = []
    for parameter in inspect.signature(function).parameters.values():
        told = parameter.annotation
        if isinstance(told, TypeVar):  # of one number or of a column of them
            told = int
        if told in _KINDS:
            found.append(_KINDS[told])
        elif isinstance(told, type) and told.__module__ in RECORDS:
            found.append(numba.from_dtype(layout(told)))
        else:
            return None
    return tuple(found)


def compile_everything() -> None:
    """Compile the entrances, each function that they call once and before them.

    Left to itself, numba would compile a function for every mixture of integers.
    """
    done: set[int] = set()

    def make(dispatcher: Any) -> None:
        if id(dispatcher) in done:
            return
        done.add(id(dispatcher))
        function = dispatcher.py_func
        for name in function.__code__.co_names:
            called = function.__globals__.get(name)
            if hasattr(called, "py_func"):
                make(called)
        arguments = _arguments(function)
        if arguments is not None:
            dispatcher.compile(arguments)
            dispatcher.disable_compile()

    for dispatcher in (begin, advance):
        make(dispatcher)


def _done() -> Path:
    """The file that says that all is compiled."""
    return Path(FOLDER) / "complete"


def _kept_files() -> dict[str, int]:
    """The files of compiled code, each with a checksum: numba would fail on one that is damaged."""
    return {
        str(path.relative_to(FOLDER)): zlib.crc32(path.read_bytes()) for path in sorted(Path(FOLDER).rglob("*.nb[ci]"))
    }


def is_ready() -> bool:
    """Whether everything is compiled, for this state of the code, and whole."""
    try:
        return bool(_done().read_text(encoding="utf-8") == json.dumps(_kept_files()))
    except (OSError, UnicodeDecodeError):
        return False


@lru_cache(maxsize=1)
def ready() -> None:
    """Compile what is not compiled yet; it takes a minute or two, once for each version of the code."""
    if is_ready():
        return
    if _done().exists():  # something is damaged: make all of it anew
        _done().unlink()
        for name in _kept_files():
            (Path(FOLDER) / name).unlink(missing_ok=True)
    compile_everything()
    _done().write_text(json.dumps(_kept_files()), encoding="utf-8")

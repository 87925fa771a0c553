"""How functions are compiled: rules as they stand, and those of this folder."""

from collections.abc import Callable
from enum import IntEnum
from types import FunctionType
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

from accesssim.clinic.compiled.pipeline import INNER

Rule = TypeVar("Rule", bound=Callable[..., Any])
Choice = TypeVar("Choice", bound=IntEnum)

_RULES: dict[Callable[..., Any], Any] = {}


def native(function: Rule) -> Rule:
    """Compile a function of this folder, which is called by compiled ones alone: what is kept on disk of it is within the entrances."""
    made: Rule = njit(**INNER)(function)
    return made


def choices(kind: type[Choice]) -> type[Choice]:
    """The members of an enum as plain integers, as a compiled function is made anew for every kind of argument; to mypy they stay what they are."""
    told = NamedTuple(kind.__name__, [(member.name, int) for member in kind])  # type: ignore[misc]  # names known at run time only
    made: Any = told(*[int(member) for member in kind])
    return cast("type[Choice]", made)


def compiled(rule: Rule) -> Rule:
    """A rule as it stands, compiled, with the rules and the records' types that it calls."""
    if rule not in _RULES:
        used, codes = set[str](), [rule.__code__]
        while codes:
            code = codes.pop()
            used.update(code.co_names)
            codes += [constant for constant in code.co_consts if hasattr(constant, "co_names")]
        names = {name: value for name, value in rule.__globals__.items() if name in used}
        names |= {
            name: compiled(value)
            for name, value in names.items()
            if isinstance(value, FunctionType) and value.__module__.startswith("accesssim.")
        }
        # a table as an array: as a tuple its length would be part of its type, and take the compiler minutes
        names |= {
            name: np.array(value)
            for name, value in names.items()
            if isinstance(value, tuple) and value and all(isinstance(one, float) for one in value)
        }
        copy = FunctionType(rule.__code__, {**names, "__name__": rule.__module__}, rule.__name__, rule.__defaults__)
        copy.__qualname__ = rule.__qualname__
        _RULES[rule] = native(copy)
    made: Rule = _RULES[rule]
    return made

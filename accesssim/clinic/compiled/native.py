"""How functions are compiled: rules as they stand, and those of this folder."""

from collections.abc import Callable
from enum import IntEnum
from functools import cached_property
from types import FunctionType
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

Rule = TypeVar("Rule", bound=Callable[..., Any])
Choice = TypeVar("Choice", bound=IntEnum)

_RULES: dict[Callable[..., Any], Any] = {}


class Later:
    """What the compiler has of a function or an address, made when something is compiled.

    Code that is kept runs without the compiler, which takes half a second to load.
    """

    def __init__(self, make: Callable[[], Any], py_func: Callable[..., Any] | None = None) -> None:
        self._make, self.py_func = make, py_func

    @cached_property
    def made(self) -> Any:
        """The compiler's."""
        return self._make()

    @property
    def _numba_type_(self) -> Any:
        """What the compiler asks of a value that stands in a function: the type of what was made."""
        from numba.core.registry import cpu_target

        return cpu_target.typing_context.resolve_value_type(self.made)

    def __call__(self, *arguments: Any) -> Any:
        """Called from Python, as tests do."""
        return self.made(*arguments)


def native(function: Rule) -> Rule:
    """Compile a function of this folder, which is called by compiled ones alone: what is kept on disk of it is within the entrances."""

    def make() -> Any:
        from numba import njit

        from accesssim.clinic.compiled.pipeline import INNER

        return njit(**INNER)(function)

    made: Any = Later(make, function)
    return cast("Rule", made)


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

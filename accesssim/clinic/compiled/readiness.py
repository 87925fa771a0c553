"""Whether everything is compiled, and compiling what is not."""

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from accesssim.clinic.compiled import cache
from accesssim.clinic.compiled.arrays import WORLD, World
from accesssim.clinic.compiled.day import advance, begin
from accesssim.clinic.compiled.layout import Chains, Ints, Key, layout
from accesssim.clinic.compiled.referrals import tell

ENTRANCES: tuple[Any, ...] = (begin, advance, tell)
RECORDS = ("accesssim.clinic.compiled.records", "accesssim.clinic.compiled.referrals", "accesssim.clinic.course")
Progress = Callable[[int, int], None]


@lru_cache(maxsize=1)
def _kinds() -> dict[Any, Any]:
    """The compiler's types of what functions say of their arguments."""
    import numba
    from numba import types

    return {
        int: types.int64,
        float: types.float64,
        bool: types.boolean,
        Key: types.uint64,
        Ints: types.int64[::1],
        Chains: types.int32[::1],
        tuple[float, float]: types.UniTuple(types.float64, 2),
        World: numba.from_dtype(WORLD),
    }


def _arguments(function: Callable[..., Any]) -> tuple[Any, ...] | None:
    """Types of a function's arguments, by what it says of them.

    None where one has no type of its own, as a list: the compiler goes by how it is called.
    """
    from numba import from_dtype

    found, kinds = [], _kinds()
    for parameter in inspect.signature(function).parameters.values():
        told = parameter.annotation
        if isinstance(told, TypeVar):  # of one number or of a column of them
            told = int
        if told in kinds:
            found.append(kinds[told])
        elif isinstance(told, type) and told.__module__ in RECORDS:
            found.append(from_dtype(layout(told)))
        else:
            return None
    return tuple(found)


def _functions() -> list[Any]:
    """The entrances, each function that they call once and before them."""
    found: list[Any] = []
    seen: set[int] = set()

    def find(dispatcher: Any) -> None:
        if id(dispatcher) in seen:
            return
        seen.add(id(dispatcher))
        function = dispatcher.py_func
        for name in function.__code__.co_names:
            called = function.__globals__.get(name)
            if getattr(called, "py_func", None):
                find(called)
        found.append(dispatcher)

    for dispatcher in ENTRANCES:
        find(dispatcher)
    return found


def compile_everything(progress: Progress = lambda _done, _all: None) -> None:
    """Compile the entrances, each function that they call once and before them; `progress` is told how many are done, and of how many.

    Left to itself, numba would compile a function for every mixture of integers.
    """
    functions = _functions()
    for number, dispatcher in enumerate(functions):
        progress(number, len(functions))
        arguments = _arguments(dispatcher.py_func)
        if arguments is not None:
            dispatcher.made.compile(arguments)
            dispatcher.made.disable_compile()


def is_ready() -> bool:
    """Whether everything is compiled, for this state of the code, and whole."""
    return cache.is_whole(cache.place().folder)


def make_ready(say: Callable[[str], None] = lambda _: None, progress: Progress = lambda _done, _all: None) -> None:
    """Compile what is not compiled yet, once for all who ask at once; `say` is told so, and what is against keeping it."""
    folder, against = cache.place()
    if not cache.is_whole(folder):
        with cache.alone(
            folder, lambda: say("Another accesssim is compiling the fast engine: waiting for it.")
        ) as only:
            if not cache.is_whole(folder):
                if against is not None:
                    say(f"{against}: what is compiled is kept for this command alone.")
                say("Compiling the fast engine; it takes a minute or two, once for each version of accesssim.")
                with cache.aside(folder, others=not only) as made:
                    compile_everything(progress)
                    for function in ENTRANCES:
                        function.keep(made)
    for function in ENTRANCES:
        function.attach(folder)


@lru_cache(maxsize=1)
def ready() -> None:
    """Be ready, once for each process."""
    make_ready()

"""Addresses of memory, for functions that are compiled (`intrinsics`)."""

from typing import Any

import numpy as np

from accesssim.clinic.compiled.native import Later


def _intrinsic(name: str, *arguments: Any) -> Any:
    """One of `intrinsics`, or what one makes of arguments; made when something is compiled."""

    def make() -> Any:
        from numba.core.registry import cpu_target

        from accesssim.clinic.compiled import intrinsics

        found = getattr(intrinsics, name)
        found = found(*arguments) if arguments else found
        cpu_target.typing_context.refresh()  # else what is made while others are compiled is not known yet
        return found

    return Later(make)


carray, pointer_to, prefetch, fixed_word = map(_intrinsic, ("carray", "pointer_to", "prefetch", "fixed_word"))


def element_of(record: np.dtype[Any]) -> Any:
    """A function that gives the record of a number at an address."""
    return _intrinsic("element_of", record)

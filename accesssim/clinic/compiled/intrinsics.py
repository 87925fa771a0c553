"""Addresses of memory, as the compiler sees them: what `addresses` has made when something is compiled."""

from typing import Any

import numba
import numpy as np
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["carray", "element_of", "fixed_word", "pointer_to", "prefetch"]


@intrinsic
def pointer_to(_: Any, address: Any) -> Any:
    """An address as a pointer."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


def element_of(record: np.dtype[Any]) -> Any:
    """A function that gives the record of a number at an address.

    As an element of an array, but that the number is never counted from its end, which costs a twentieth of the time.
    """

    @intrinsic
    def element(_: Any, _address: Any, _number: Any) -> Any:
        kind = numba.from_dtype(record)

        def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
            offset = builder.mul(arguments[1], context.get_constant(types.int64, record.itemsize))
            return builder.inttoptr(builder.add(arguments[0], offset), context.get_value_type(kind))

        return kind(types.int64, types.int64), generate

    return element


@intrinsic
def prefetch(_: Any, _address: Any) -> Any:
    """Ask for a line of memory that is needed soon."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        whole = cgutils.ir.IntType(32)
        kind = cgutils.ir.FunctionType(cgutils.ir.VoidType(), [cgutils.voidptr_t, whole, whole, whole])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(
            prefetch, [builder.inttoptr(arguments[0], cgutils.voidptr_t), whole(1), whole(3), whole(1)]
        )  # to be written to, often, data

    return types.void(types.int64), generate


@intrinsic
def fixed_word(_: Any, _world: Any, _offset: Any) -> Any:
    """A word of the clinic's record that never changes between one call from outside and its end.

    So it need not be read again after every write elsewhere.
    """

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        place = builder.gep(builder.bitcast(arguments[0], cgutils.voidptr_t), [arguments[1]])
        word = builder.load(builder.bitcast(place, cgutils.intp_t.as_pointer()))
        word.set_metadata("invariant.load", builder.module.add_metadata([]))
        return word

    return types.int64(_world, types.int64), generate

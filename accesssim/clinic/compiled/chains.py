"""Chains of numbers of who follows whom, and numbers in order."""

from accesssim.clinic.compiled.arrays import World, following_of, preceding_of
from accesssim.clinic.compiled.codes import beside, right_of
from accesssim.clinic.compiled.layout import Chains, Ints, wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import Chain

NUMBER_BITS = 32
"""Of a number that stands beside another, by which they are put in order."""


@native
def turn_of(number: int, i: int) -> int:
    """Somebody's turn among others, by their number; their record is not forgotten."""
    return beside(number, i, NUMBER_BITS)


@native
def whose(turn: int) -> int:
    """The record of whose turn it is."""
    return right_of(turn, NUMBER_BITS)


@native
def further(heads: Chains, i: int, steps: int) -> int:
    """So many steps on in a chain; -1 beyond its end."""
    for _ in range(steps):
        if i >= 0:
            i = wide(heads[i])
    return i


@native
def link(w: World, chain: Chain, i: int, before: int) -> None:
    """Put somebody into a chain, behind somebody or (-1) at its head."""
    following, preceding = following_of(w), preceding_of(w)
    after = wide(following[before] if before >= 0 else chain.head)
    preceding[i], following[i] = before, after
    if before >= 0:
        following[before] = i
    else:
        chain.head = i
    if after >= 0:
        preceding[after] = i
    else:
        chain.tail = i
    chain.count += 1


@native
def unlink(w: World, chain: Chain, i: int) -> None:
    """Take somebody out of a chain."""
    following, preceding = following_of(w), preceding_of(w)
    before, after = wide(preceding[i]), wide(following[i])
    if before >= 0:
        following[before] = after
    else:
        chain.head = after
    if after >= 0:
        preceding[after] = before
    else:
        chain.tail = before
    chain.count -= 1


@native
def no_numbers() -> list[int]:
    """A list to be filled. Made apart: where a comprehension stands, numba takes writes into arrays that it does not see used for dead."""
    return [wide(0) for _ in range(0)]


@native
def sort(order: Ints, count: int) -> None:
    """Put the first few of an array in order.

    They come off a chain, so the last is mostly the first; to move each to its place is quickest unless there are many.
    """
    if count > 192:
        order[:count].sort()
        return
    for nth in range(count // 2):
        order[nth], order[count - 1 - nth] = order[count - 1 - nth], order[nth]
    for nth in range(1, count):
        value, here = order[nth], nth
        while here > 0 and order[here - 1] > value:
            order[here] = order[here - 1]
            here -= 1
        order[here] = value

"""Columns of a table kept in as few bytes as are quick to read back; nothing is lost."""

import numpy as np
from numpy.typing import NDArray

from accesssim.world.journal import codes

Whole = NDArray[np.int64]


class Runs:
    """Whole numbers that stay the same for many rows on end: each once, with the count of its rows."""

    __slots__ = ("_counts", "_numbers")

    def __init__(self, numbers: Whole) -> None:
        begins = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))
        self._numbers = numbers[begins].astype(np.int32)
        self._counts = np.diff(begins, append=len(numbers)).astype(np.uint32)

    def read(self) -> Whole:
        """The numbers, row by row."""
        return np.repeat(self._numbers.astype(np.int64), self._counts)

    @property
    def nbytes(self) -> int:
        """Bytes kept."""
        return self._numbers.nbytes + self._counts.nbytes


class Packed:
    """Columns of whole numbers from 0 on, side by side in as many bits as the largest of each needs."""

    __slots__ = ("_bits", "_lower", "_upper")

    def __init__(self, *columns: Whole) -> None:
        self._bits = [int(column.max(initial=0)).bit_length() for column in columns]
        packed = columns[0]
        for column, bits in zip(columns[1:], self._bits[1:], strict=True):
            packed = codes.beside(packed, column, bits)
        width = 16 if sum(self._bits) <= 24 else 32
        self._lower = packed.astype(f"u{width // 8}")
        above = codes.left_of(packed, width) if sum(self._bits) > width else None
        self._upper = None if above is None else above.astype(np.min_scalar_type(int(above.max(initial=0))))

    def __len__(self) -> int:
        return len(self._lower)

    def read(self, column: int) -> Whole:
        """The numbers of a column, row by row."""
        packed: Whole = (
            self._lower
            if self._upper is None
            else codes.beside(self._upper.astype(np.int64), self._lower.astype(np.int64), 8 * self._lower.itemsize)
        )
        shift, bits = sum(self._bits[column + 1 :]), self._bits[column]
        return codes.right_of(codes.left_of(packed, shift), bits).astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Bytes kept."""
        return self._lower.nbytes + (0 if self._upper is None else self._upper.nbytes)


#: Bytes in which a value is kept, the widest last: two or four where it is whole and small, or none where it is zero.
_WIDTHS = (np.uint16, np.uint32, np.float64)


class Values:
    """Values of rows of some kinds; those of one kind are all kept in the same width. Whoever reads them says the kinds again."""

    __slots__ = ("_kept", "_widths")

    def __init__(self, values: NDArray[np.float64], kinds: Whole) -> None:
        needs = np.full(len(values), len(_WIDTHS))
        whole = (values == np.floor(values)) & ~np.signbit(values)
        for width, limit in ((2, 2.0**32), (1, 2.0**16), (0, 1.0)):
            needs[whole & (values < limit)] = width
        self._widths = np.zeros(int(kinds.max(initial=0)) + 1, dtype=np.uint8)
        np.maximum.at(self._widths, kinds, needs)
        self._kept = [
            values[of_width].astype(dtype) for of_width, dtype in zip(self._rows(kinds), _WIDTHS, strict=True)
        ]

    def _rows(self, kinds: Whole) -> list[NDArray[np.intp]]:
        """The rows of each width."""
        widths = self._widths[kinds]
        return [np.flatnonzero(widths == width) for width in range(1, len(_WIDTHS) + 1)]

    def read(self, kinds: Whole) -> NDArray[np.float64]:
        """The values, row by row."""
        values = np.zeros(len(kinds))
        for of_width, kept in zip(self._rows(kinds), self._kept, strict=True):
            values[of_width] = kept
        return values

    @property
    def nbytes(self) -> int:
        """Bytes kept."""
        return self._widths.nbytes + sum(kept.nbytes for kept in self._kept)

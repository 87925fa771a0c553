"""Who comes before whom, by a number of each: written out, as numpy's own sorting takes the compiler several seconds."""

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.compiled.native import native


@native
def in_turn(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions by rising key, and in their order where keys are equal: runs of 1, 2, 4, ... are merged two by two."""
    count = len(keys)
    turns, merged = np.arange(count), np.empty(count, np.int64)
    width = 1
    while width < count:
        for low in range(0, count, 2 * width):
            middle, high = min(low + width, count), min(low + 2 * width, count)
            left, right = low, middle
            for nth in range(low, high):
                if left < middle and (right >= high or keys[turns[left]] <= keys[turns[right]]):
                    merged[nth] = turns[left]
                    left += 1
                else:
                    merged[nth] = turns[right]
                    right += 1
        turns, merged = merged, turns
        width *= 2
    return turns

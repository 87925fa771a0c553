"""Ending a run before its end: a flag that somebody else sets, and that both engines look at when a day is over."""

import numpy as np

from accesssim.world.errors import AccessSimError


class Stopped(AccessSimError):
    """Somebody has set the flag; what was under way is dropped."""


class Stop:
    """A flag, as `threading.Event` is one, for any number of runs at once: whoever waits for them sets it, from another thread.

    A run that is handed it (`stop=`) looks at it when a day of its is over, and raises Stopped.
    """

    def __init__(self) -> None:
        self.flag = np.zeros(1, dtype=np.int64)
        """Looked at by compiled code."""

    def set(self) -> None:
        """End the runs."""
        self.flag[0] = 1

    def is_set(self) -> bool:
        """Whether it was set."""
        return bool(self.flag[0])

    def look(self) -> None:
        """Raise Stopped if it was set."""
        if self.is_set():
            raise Stopped("the run was stopped before its end; nothing of it is kept")


NEVER = Stop()
"""Of a run that nobody stops."""

"""Waiting for other processes, with the patience that a busy machine asks for."""

import time
from collections.abc import Callable

LONGEST = 300.0
"""Seconds after which a test gives up: only what hangs takes so long, whatever else the machine has to do."""


def wait_until(so: Callable[[], object], what: str) -> None:
    """Return as soon as it is so; the test fails if it never is."""
    end = time.monotonic() + LONGEST
    while not so():
        assert time.monotonic() < end, f"in {LONGEST:g} seconds it was never so: {what}"
        time.sleep(0.02)

"""The same journals and measures on a processor that has less; `python -m tests.benchmarks.portable` does it with the compiled engine, and on Arm."""

import pytest

from tests.benchmarks.portable import DIGESTS, NAMES, is_x86, measures, plain, told

pytestmark = pytest.mark.skipif(not is_x86(), reason="nothing to switch off on this processor")


def test_the_same_journals_without_fused_multiplication() -> None:
    """Two years, as a shorter run shows nothing."""
    here, there = (told(["-c", DIGESTS, "simpy"], **more).splitlines()[1:] for more in ({}, plain()))
    assert here == there
    assert len(here) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_measures_without_fused_multiplication(name: str) -> None:
    """To the last digit of what `run --json` prints, intervals among it."""
    assert measures(name, "simpy") == measures(name, "simpy", **plain())

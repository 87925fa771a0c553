"""The same scenario and seed give the same journal: under any hash seed, worker count and order of replications."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import accesssim
from accesssim.clinic.service import simulate
from accesssim.study.verifying.goldens import GOLDENS, looked_at
from tests.clinics import SHIPPED, SMALL, small

TOLD = """
import accesssim
from accesssim.clinic.service import simulate
from tests.clinics import SHIPPED, small
for replication in (2, 0, 1):
    print(replication, simulate(small(), seed=4, replication=replication).digest())
"""


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_hash_seed_and_order_do_not_matter(hash_seed: str) -> None:
    """Another process, another hash seed, another order: the same digests as here."""
    told = subprocess.run(
        [sys.executable, "-c", TOLD],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = dict(line.split() for line in told.stdout.splitlines())
    assert theirs == {str(number): simulate(small(), seed=4, replication=number).digest() for number in range(3)}


def test_workers_do_not_matter() -> None:
    """One process or two: the same rows."""
    one, two = (accesssim.run(small(), replications=4, seed=2, workers=workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(one.runs, two.runs)
    pd.testing.assert_frame_equal(one.weekly, two.weekly)


def test_seed_and_replication_matter() -> None:
    """Another seed or another replication is another journal; the same is equal."""
    journal = simulate(small(), seed=4)
    assert journal == simulate(small(), seed=4)
    assert (
        len({journal.digest(), simulate(small(), seed=5).digest(), simulate(small(), seed=4, replication=1).digest()})
        == 3
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_goldens(name: str) -> None:
    """Each shipped scenario gives the journal that it gave before."""
    assert looked_at(name, "simpy").digest == GOLDENS[name]


def test_the_small_service_is_what_other_tests_think() -> None:
    """Settings of the small service are valid and change the baseline."""
    paths = {difference.path for difference in small().differences(accesssim.load("baseline"))}
    assert set(SMALL) - {"demand.peak_multiple"} <= paths | {
        "initial.waiting.low_intensity",
        "initial.waiting.high_intensity",
    }

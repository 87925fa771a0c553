"""The same scenario and seed give the same journal: under any hash seed, worker count and order of replications."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import accesssim
from accesssim.clinic.service import simulate
from accesssim.world.shipped import shipped_names
from tests.clinics import SMALL, small

TOLD = """
import accesssim
from accesssim.clinic.service import simulate
from tests.clinics import small
for replication in (2, 0, 1):
    print(replication, simulate(small(), seed=4, replication=replication).digest())
"""


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_hash_seed_and_order_do_not_matter(hash_seed: str) -> None:
    """Another process, another hash seed, another order: the same digests as here."""
    told = subprocess.run(
        [sys.executable, "-c", TOLD], env=os.environ | {"PYTHONHASHSEED": hash_seed}, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True
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
    assert len({journal.digest(), simulate(small(), seed=5).digest(), simulate(small(), seed=4, replication=1).digest()}) == 3


#: SHA-256 of the journal of each shipped scenario, reduced to 30 weeks, seed 1. A change here is a change of results: say why in the commit.
GOLDENS = {
    "baseline": "ef884f8f6ad975f994d6101cecc1e2349ec8238123edf4db69a9bbaaf22310e2",
    "care_for_carers": "209a54739dd35d20a25d466d160cd5e85903c717b21a9eabf2cb35ddc92ad374",
    "clear_the_backlog": "638b4f5c1cb59a0a261418da8675833465c175b3b38fd6cb188550a90ceb6764",
    "crisis_capacity": "4365ca04ac5c02aadf330e5ec60d013f2ab7871ef7829e138c7e607ad9fadc06",
    "funding_cut": "d14102231a3761b8fe873cd6ac00ba1b4f1640c1143d5de656831f202621a3bb",
    "funding_growth": "2db39524799ad91b8367b4e919623a6785f9ae2705d71e4d4a0a6a9639277d42",
    "red_tape_cut": "f2863bad82d228934d799faaac93cfe45503d17afb6d98720f0188ffda291a71",
    "stigma_campaign": "1a26f3b028f3ef68312d6e0505e75d4a36168627cff261100d657ac148f684c4",
    "target_pressure": "2dbcf138956447a5202e7cf86a2c8b0962372f30a1572ea1f9bb354d8d2ef01d",
    "trauma_informed": "0e531c6a3b2541a977359b3959e985f084e73de0c6f5fc11a38e5905cb48c85c",
}


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_goldens(name: str) -> None:
    """Each shipped scenario gives the journal that it gave before."""
    assert simulate(accesssim.load(name).replace({"run.weeks": 30}), seed=1).digest() == GOLDENS[name]


def test_the_small_service_is_what_other_tests_think() -> None:
    """Settings of the small service are valid and change the baseline."""
    paths = {difference.path for difference in small().differences(accesssim.load("baseline"))}
    assert set(SMALL) - {"demand.peak_multiple"} <= paths | {"initial.waiting.low_intensity", "initial.waiting.high_intensity"}

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
    "baseline": "c1f4b81b26ccdb0d55fc626966ac91444e6843f5068bef9888bc3e6d77eeb793",
    "buy_places": "f7c4e89282339e67c13553f8002084de0adb173a7497cd9de3b9ebac60ebdf51",
    "care_for_carers": "0be0367d6ab713c7cc489c1c9e755510ff67ced8c8a959c1484e814a035e447f",
    "clear_the_backlog": "82984b066dbd58a0cb68ff64896847db29ff301d6fd6fa2827669579f66c1ac4",
    "crisis_capacity": "cd22fd3536ebe9133f4453385a02ac58369a6cf1ffe09ba58c9d764888a46515",
    "funding_cut": "389940195679c54ea1ec1c4fb4b2f88c27bbb419860bf33565d5eff07ac2bb34",
    "funding_growth": "f8236a7c1df05826e2a6fac7ba425072194014fe69e06c70973e5e989ebbc90b",
    "groups_first": "5d04880733190a42b9fdbd86b4f60b590fe786a95811aec02f0faeee9260f230",
    "pooled_sites": "e5d64695dd7c6785e040248067e078baa06781289884c7bacf598d5fdafdc18e",
    "published/assertive_outreach": "09a06d2e68070b6c042f4189e1b41b7f1e841c1bb6ba8de069d1e4237ac1bb90",
    "published/demand_and_capacity_by_hand": "27e7826c90fbeefb28dc5e1f0e0b3eb137cc8cb0cb50d2c6a365f91921752d82",
    "published/social_prescribing": "6141a6d4056c8d24373975e36e7fa3bd3faf431b71aa4071f07149f63f78c823",
    "published/therapy_places_of_a_nation": "4a2123d1bbbeecbbaba94e76b711850396cfe7945ab3b142c4de4f4175828769",
    "published/waiting_list_arithmetic": "06704556bf224feefe1de807968ff8e4c47f3aea9cb8b7be6f36d8ce94e887be",
    "red_tape_cut": "614c554ddfb73ae6dcad031592ce9ad79866ce8ac0b3742555473465e57502e2",
    "stigma_campaign": "9898701c43302c83807c95ea04d8f3ddd900dfde0ee917082d91a4c60b11fc4b",
    "target_pressure": "d9f71e8e7b660bc945edf410c5391f91fe30bc2f72c942eea4e46f6da04d46de",
    "trauma_informed": "1dc8a810e61b00cc1279b1694ab4c7791ef5874b15fb700e4165f369a643c730",
    "urgent_reserve": "a689fdc148101acdfbd75aaedb756b6e2bc2f55c4e3d021a8c5d87cda21cb07d",
}


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_goldens(name: str) -> None:
    """Each shipped scenario gives the journal that it gave before."""
    assert simulate(accesssim.load(name).replace({"run.weeks": 30, "run.warm_up_weeks": 0}), seed=1).digest() == GOLDENS[name]


def test_the_small_service_is_what_other_tests_think() -> None:
    """Settings of the small service are valid and change the baseline."""
    paths = {difference.path for difference in small().differences(accesssim.load("baseline"))}
    assert set(SMALL) - {"demand.peak_multiple"} <= paths | {"initial.waiting.low_intensity", "initial.waiting.high_intensity"}

"""Every declared parameter, switch and law is heard, by both engines alike: by its condition where it can matter, and nowhere else."""

import pytest

from accesssim.clinic import engines
from tests.witnesses import DECLARED, SCENARIOS, deaf, declared_of, measured, others, paths_of, told, witness

COMPILED = engines.installed()
HEARD = [path for path in DECLARED if declared_of(path).of in ("journal", "measures")]


def test_every_parameter_says_when_it_can_matter() -> None:
    """Beside its declaration: `matters=`."""
    assert [path for path in DECLARED if declared_of(path).matters is None] == []


def test_every_parameter_is_in_a_scenario_of_these_tests() -> None:
    """Each is given a value, or has one by default, in `witness_clinic.yaml` or `witness_places.yaml`."""
    missing = [path for path in DECLARED if not any(paths_of(path, one) for one in SCENARIOS.values())]
    assert missing == []


@pytest.mark.parametrize("path", HEARD)
def test_what_can_matter_is_heard(path: str) -> None:
    """Another value gives another journal (or, where that is declared, other measures of the same): each other choice of a switch or law, of a number one at least."""
    scenario, here = witness(path)
    declared = declared_of(path)
    heard, changed = [], list(others(scenario, here, path))
    for other in changed:
        if declared.of == "journal":
            heard.append(told(other) != told(scenario))
        else:
            assert told(other) == told(scenario)
            heard.append(measured(other) != measured(scenario))
        if COMPILED:
            assert told(other, "fast") == told(other)
        if heard[-1] and not declared.choices:
            return
    assert heard
    assert all(heard) if declared.choices else any(heard), (
        f"{here}: {[other.differences(scenario) for other in changed]}"
    )


@pytest.mark.parametrize("path", [path for path in HEARD if str(declared_of(path).matters) != "always"])
def test_what_cannot_matter_is_not_heard(path: str) -> None:
    """Where its condition does not hold, another value gives the same journal and the same measures."""
    engine: engines.Engine = "fast" if COMPILED else "simpy"
    for lacking, scenario, here in deaf(path):
        for other in list(others(scenario, here, path))[:2]:
            assert told(other, engine) == told(scenario, engine), (
                f"{here} without {lacking}: {other.differences(scenario)}"
            )
            assert measured(other, engine) == measured(scenario, engine), (
                f"{here} without {lacking}: {other.differences(scenario)}"
            )

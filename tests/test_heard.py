"""Every declared parameter, switch and law is heard, by both engines alike: by its condition where it can matter, and nowhere else."""

import dataclasses

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import accesssim
from accesssim.clinic import engines
from accesssim.world.checking.heard import holds, unmet
from accesssim.world.sections.conditions import ALWAYS, above, differ, left_out, where
from accesssim.world.sections.conditions import given as is_given
from tests.witnesses import (
    DECLARED,
    HEARD,
    SCENARIOS,
    deaf,
    declared_of,
    journal,
    measured,
    others,
    paths_of,
    same,
    told,
    unlike,
    witness,
)

COMPILED = engines.installed()


def test_every_parameter_says_when_it_can_matter() -> None:
    """Beside its declaration: `matters=`."""
    assert [path for path in DECLARED if declared_of(path).matters is None] == []


def test_every_parameter_is_in_a_scenario_of_these_tests() -> None:
    """Each has a value in `witness_clinic.yaml` or `witness_places.yaml`, or a default there."""
    missing = [path for path in DECLARED if not any(paths_of(path, one) for one in SCENARIOS.values())]
    assert missing == []


@pytest.mark.parametrize("path", HEARD)
def test_what_can_matter_is_heard(path: str) -> None:
    """Another value gives another journal, the same from both engines: each other choice of a switch or law, of numbers one at least.

    Where a parameter is declared as of measures alone, the journal is the same, and a measure is not.
    """
    scenario, here = witness(path)
    of, choices = declared_of(path).of, declared_of(path).choices
    heard = []
    for other in others(scenario, here, path):
        change = str(other.differences(scenario))
        if COMPILED:
            assert told(other, "fast") == told(other), f"the engines differ after {change}"
        heard.append(told(other) != told(scenario))
        if of == "measures":
            assert not heard.pop(), change
            heard.append(measured(other) != measured(scenario))
        assert heard[-1] or not choices, f"nobody hears of {change}"
        if heard[-1] and not choices:
            break
    assert any(heard), f"nobody hears of another {here}"


@pytest.mark.parametrize("path", [path for path in HEARD if str(declared_of(path).matters) != "always"])
def test_what_cannot_matter_is_not_heard(path: str) -> None:
    """Where one term of its condition does not hold, another value gives the same journal and the same measures."""
    for lacking, scenario, here in deaf(path):
        other = next(others(scenario, here, path), None)
        if other is not None:
            change = f"{other.differences(scenario)} is heard without {lacking}"
            assert same(scenario, other, "fast" if COMPILED else "simpy"), change


@pytest.mark.skipif(not COMPILED, reason="the compiled engine needs numba")
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(HEARD), st.sampled_from(HEARD), st.integers(0, 3))
def test_pairs(one: str, other: str, choice: int) -> None:
    """Two changed at once: both engines give the same journal, and another one than before.

    More of them: `python -m tests.benchmarks.heard --pairs 1000`.
    """
    assume(one != other)
    assert unlike(one, other, choice) is None


def test_who_asks_for_runs_hears_of_their_number_and_seed() -> None:
    """What is declared as of the request: how many runs there are, and which, where nobody says otherwise."""
    assert [path for path in DECLARED if declared_of(path).of == "request"] == ["run.replications", "run.seed"]
    scenario = SCENARIOS["places"].replace({"run.weeks": 1, "run.replications": 2})
    runs = accesssim.run(scenario, workers=1).runs
    assert len(runs) == 2
    assert not runs.equals(accesssim.run(scenario.replace({"run.seed": 9}), workers=1).runs)


def test_amounts_are_told_in_the_currency() -> None:
    """What is declared as of words: the journal's header names it, and no row does."""
    assert [path for path in DECLARED if declared_of(path).of == "words"] == ["funding.currency"]
    scenario = SCENARIOS["places"]
    other = scenario.replace({"funding.currency": "EUR"})
    heads = [dataclasses.replace(journal(one).header, scenario_digest="") for one in (scenario, other)]
    assert told(scenario) == told(other)
    assert dataclasses.replace(heads[0], currency="EUR") == heads[1]


def test_conditions_are_put_into_words() -> None:
    """As documents print them; what is always so makes no difference."""
    law = where(".law", "gamma", "fixed").within("pathways.ward.stay")
    assert str(law) == "pathways.ward.stay.law is gamma or fixed"
    assert (
        str(is_given("a.b") & (above("c.d", 0) | differ("c.d", "e.f")))
        == "a.b is given and c.d is above 0; or a.b is given and c.d differs from e.f"
    )
    assert str(where("loops.stigma", True) & left_out("a.b")) == "loops.stigma is on and a.b is left out"
    assert ALWAYS & law == law
    assert ALWAYS | law == ALWAYS


def test_one_name_stands_for_a_star_throughout() -> None:
    """Some pathway for which all terms hold, not one term of this and another of that; where there is no name nothing holds."""
    clinic = SCENARIOS["clinic"]  # where the circle has a chance of its own, and whoever has none has another law
    assert not holds(clinic.parameters, "waiting.patience_daily")
    assert unmet(clinic.parameters, "waiting.patience_daily")
    assert holds(clinic.replace({"pathways.talking.patience": "daily"}).parameters, "waiting.patience_daily")
    assert not holds(SCENARIOS["places"].parameters, "wellbeing.tempo_per_week")

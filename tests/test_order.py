"""The order in which names are written means nothing, but where the parameter's meaning says that it does."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import accesssim
from accesssim.world.shipped import shipped_folder
from tests.clinics import written

SCENARIOS = shipped_folder("scenarios")
NAMES = sorted(path.relative_to(SCENARIOS).with_suffix("").as_posix() for path in SCENARIOS.rglob("*.yaml"))
MIXTURE = """
extends: baseline
run: {weeks: 3, warm_up_weeks: 0}
pathways:
  day_unit:
    places: 6
    from_score: 28
    arrivals: {law: poisson, per_week: 2}
    stay:
      law: mixture
      parts:
        short: {share: 0.7, law: exponential, mean_days: 9}
        long: {share: 0.3, law: discrete, values: {30: 1, 7: 2}}
    patience: daily_table
    patience_table: {56: 0.03, 7: 0.01}
    then: {low_intensity: 0.3, high_intensity: 0.2}
    after_withdrawal: {low_intensity: 0.2, high_intensity: 0.1}
teams:
  west: {share: 0.4, posts: {low_intensity: 2, high_intensity: 3}}
  east: {share: 0.6, posts: {high_intensity: 3, low_intensity: 2}}
pools:
  all: {teams: [west, east], shares: both}
bureaucracy:
  steps:
    panel: {delay_days: 3}
    authorisation: {delay_days: 9, approval_share: 0.9}
"""
"""Every kind of mapping that there is."""


def shuffled(value: Any, luck: random.Random, path: str = "") -> Any:
    """The same content with the keys of every mapping in another order, but for the steps of red tape."""
    if isinstance(value, dict):
        keys = list(value)
        if not path.endswith("bureaucracy.steps"):
            luck.shuffle(keys)
        return {key: shuffled(value[key], luck, f"{path}.{key}") for key in keys}
    return [shuffled(entry, luck, path) for entry in value] if isinstance(value, list) else value


def other_order(text: str, luck: random.Random) -> str:
    """A scenario file that says the same in another order."""
    return as_text(shuffled(YAML(typ="safe", pure=True).load(text), luck))


def as_text(content: Any) -> str:
    """A file of this content; what is JSON is YAML."""
    return json.dumps(content, default=str)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=3, deadline=None, database=None)
@given(luck=st.randoms(use_true_random=False))
def test_a_file_may_say_things_in_any_order(name: str, luck: random.Random) -> None:
    """Shuffled through and through, it is the same scenario: the same digest, and so the same result folder."""
    text = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8")
    assert written(other_order(text, luck)).canonical() == accesssim.load(name).canonical()


@settings(max_examples=3, deadline=None, database=None)
@given(luck=st.randoms(use_true_random=False))
def test_any_order_gives_the_same_run(luck: random.Random) -> None:
    """Teams, pools, pathways, groups, parts of a mixture, shares of what follows, tables: row by row the same journal."""
    here, there = written(MIXTURE), written(other_order(MIXTURE, luck))
    assert there.canonical() == here.canonical()
    assert accesssim.simulate(there, seed=1).digest() == accesssim.simulate(here, seed=1).digest()


def test_two_orders_are_one_result(tmp_path: Path) -> None:
    """A folder of one order goes on with the other."""
    asked = {"initial": {"waiting": {"low_intensity": 5, "high_intensity": 7}}}
    one = written(as_text({"extends": "baseline", "run": {"weeks": 2, "warm_up_weeks": 0}} | asked))
    accesssim.Experiment(one, replications=1).run(out=tmp_path / "kept", engine="simpy")
    asked["initial"]["waiting"] = {"high_intensity": 7, "low_intensity": 5}
    other = written(as_text({"run": {"warm_up_weeks": 0, "weeks": 2}} | asked | {"extends": "baseline"}))
    accesssim.Experiment(other, replications=1).run(out=tmp_path / "kept", more=1, engine="simpy")


def test_steps_are_gone_through_in_their_order() -> None:
    """Where order means something, the meaning says so, and another order is another scenario."""
    here = written(MIXTURE)
    assert list(here.parameters.bureaucracy.steps)[-2:] == ["panel", "authorisation"]
    swapped = MIXTURE.replace("panel", "first").replace("authorisation", "panel").replace("first", "authorisation")
    assert written(swapped).digest() != here.digest()

"""Days without therapy, which leaving does not end; and the name of the measure in which it does."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from accesssim import AccessSimError, simulate
from accesssim.cli.command_line import cli
from accesssim.study.asking.experiment import Experiment
from accesssim.study.asking.experiment_layout import _best, _target
from accesssim.study.asking.solve import Target, solve
from accesssim.study.measuring.measures import unknown
from accesssim.study.measuring.statistics import measure
from accesssim.study.result import Result
from accesssim.study.running import parquet
from tests.clinics import small
from tests.test_networks import network

OLD, NEW = "wait_restricted_mean_52_weeks", "days_waiting_within_52_weeks"


@pytest.mark.parametrize(("weeks", "horizon"), [(4, 21), (30, 203), (60, 364)])
def test_whoever_leaves_counts_to_the_end_however_soon(weeks: int, horizon: int) -> None:
    """Nobody is ever treated and everybody leaves by their third day: without therapy all the time, waiting for a few days."""
    shut = "  shut: {places: 0, patience: daily_table, patience_table: {3: 1}}\n"
    found = measure(
        simulate(network(shut, demand__referrals_per_week=20.0, run__weeks=weeks, initial="{state: empty}"), seed=1)
    )
    assert found["days_without_therapy"] == horizon
    assert found[NEW] < 6
    assert found["therapy_started_by_18_weeks_share"] == 0


def test_who_starts_the_next_day_is_a_day_without() -> None:
    """In closed form: a day each."""
    place = "  place: {places: 5000, stay: {law: fixed, mean_days: 5}}\n"
    found = measure(simulate(network(place, demand__referrals_per_week=70.0, run__days=100), seed=1))
    assert found["days_without_therapy"] == pytest.approx(1.0, abs=1e-9)
    assert found["therapy_started_by_18_weeks_share"] == 1.0


def test_more_people_lost_is_no_gain() -> None:
    """Where red tape makes more give up, days waiting fall and days without therapy rise."""
    usual, lost = (
        measure(simulate(small(run__weeks=30, bureaucracy__giving_up_per_week=rate), seed=2)) for rate in (0.0, 0.5)
    )
    assert lost["lost_to_red_tape"] > usual["lost_to_red_tape"]
    assert lost["days_without_therapy"] > usual["days_without_therapy"]


def test_nothing_is_sought_by_days_waiting() -> None:
    """One line, which names what to take; a name of before is met with that of now."""
    with pytest.raises(AccessSimError, match="take days_without_therapy"):
        solve(small(), "bureaucracy.level", (0.5, 1.0), Target(NEW, at_most=10.0), replications=2)
    for told in (_target({"measure": NEW, "at_most": 9}), _best({"best": {"levers": {}, "measure": NEW, "budget": 9}})):
        assert [words for _, words in told if "take days_without_therapy" in words]
    assert unknown(OLD) == f"{OLD} is not a measure any more; did you mean {NEW}, as it is called now?"


def test_folders_that_hold_the_name_of_before_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Report and compare show it by the name of now."""
    write = parquet._write
    monkeypatch.setattr(parquet, "_write", lambda path, frame: write(path, frame.rename(columns={NEW: OLD})))
    asked = Experiment(small(run__weeks=60), matrix={"bureaucracy.level": [0.5, 1.0]}, replications=2)
    asked.run(out=tmp_path / "old", workers=1)
    held = pd.concat(map(pd.read_parquet, sorted((tmp_path / "old/runs").glob("*.parquet"))))
    assert OLD in held and NEW not in held
    result = Result.read(tmp_path / "old")
    assert NEW in result.measures and OLD not in result.measures
    at_0 = held[held.point == 0][OLD]
    assert np.allclose(result.values(NEW)[0], at_0, equal_nan=True)
    for words in (["report", str(tmp_path / "old")], ["compare", str(tmp_path / "old"), "--json"]):
        assert CliRunner().invoke(cli, words).exit_code == 0

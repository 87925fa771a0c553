"""`accesssim verify` tells whether a machine, and the files on it, give what they should."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from accesssim.cli.command_line import cli
from accesssim.cli.exits import Exit
from accesssim.study.verifying import verify
from accesssim.study.verifying.cases import CASES
from accesssim.study.verifying.goldens import Found
from accesssim.study.verifying.known_answers import Case, Known
from tests.clinics import APART, SHIPPED

QUEUE = "textbook_queue"


@pytest.fixture(autouse=True)
def _briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One journal, two known answers, four short runs each."""
    monkeypatch.setattr(
        verify,
        "CASES",
        [replace(case, brief=2000) for case in CASES if case.name in ("M/D/1, load 0.7", "nobody waits, gaps shifted")],
    )
    monkeypatch.setattr(verify, "GOLDENS", {QUEUE: verify.GOLDENS[QUEUE]})
    monkeypatch.setattr(verify, "replications", lambda engine: 4)


def verified(*words: str) -> Result:
    return APART.invoke(cli, ["verify", "--workers", "1", *words], standalone_mode=False)


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_what_is_as_it_should_be(engine: str) -> None:
    """Every answer and journal is told, with the engine that was asked for, and nothing is amiss."""
    told = verified("--engine", engine, "--json")
    assert told.return_value == Exit.DONE
    found = json.loads(told.stdout)
    assert found["met"] and found["engine"] == engine and found["replications"] == 4
    assert [answer["known_answer"] for answer in found["known_answers"]] == [
        "M/D/1, load 0.7",
        "nobody waits, gaps shifted",
    ]
    assert all(answer["low"] < answer["mean"] < answer["high"] and answer["met"] for answer in found["known_answers"])
    assert found["journals"] == [
        {
            "scenario": QUEUE,
            "engine": engine,
            "digest": verify.GOLDENS[QUEUE],
            "as_it_should_be": True,
            "everybody_in_one_state": True,
        }
    ]


def test_both_engines_unless_one_is_named() -> None:
    """Left out, the journals of both are looked at; known answers are those of the compiled one."""
    told = verified()
    assert "2 of 2 known answers are met (fast)" in told.stdout
    assert (
        "2 of 2 journals are row by row what they should be: the first 30 weeks of each shipped scenario but the country, by simpy and fast."
        in told.stdout
    )


def test_a_journal_that_is_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a scenario's file was edited where it is installed: exit code 6."""
    monkeypatch.setattr(verify, "looked_at", lambda name, engine: Found("of other rows"))
    told = verified("--engine", "simpy")
    assert told.return_value == Exit.NOT_MET
    assert "0 of 1 journal" in told.stdout
    assert f"{QUEUE} is another by simpy: the scenario's file, or the code, is not that of this version." in told.stdout


def test_a_journal_that_loses_somebody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is in exactly one state at the close of every day; the first row after which that is not so is told, with exit code 6."""
    assert "In 1 of 1 journal everybody is in exactly one state" in verified("--engine", "simpy").stdout
    twice = Found(verify.GOLDENS[QUEUE], ("day 3: STARTED of person 7, who is in therapy", "day 4: …"))
    monkeypatch.setattr(verify, "looked_at", lambda name, engine: twice)
    told = verified("--engine", "simpy")
    assert told.return_value == Exit.NOT_MET
    assert "1 of 1 journal are row by row what they should be" in told.stdout
    assert "In 0 of 1 journal everybody is in exactly one state at the close of every day." in told.stdout
    assert f"Not in that of {QUEUE} by simpy: day 3: STARTED of person 7, who is in therapy.\n" in told.stdout


def test_an_answer_that_is_not_met_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A formula whose value is far from what is simulated: NO beside it, exit code 6."""
    wrong = Case("crowd of fifty", verify.CASES[1].scenario, lambda: {"in places": Known(200.0, 1.0)}, brief=2000)
    monkeypatch.setattr(verify, "CASES", [*verify.CASES, wrong])
    told = verified("--engine", "simpy")
    assert told.return_value == Exit.NOT_MET
    assert [line.split()[-1] for line in told.stdout.splitlines() if line.startswith(("M/D/1", "nobody", "crowd"))] == [
        "yes",
        "yes",
        "NO",
    ]
    assert "2 of 3 known answers are met" in told.stdout


def test_every_shipped_scenario_has_its_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is forgotten."""
    monkeypatch.undo()
    assert sorted(verify.GOLDENS) == sorted(SHIPPED)


def test_it_runs_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no file of the working folder, and leaves none."""
    monkeypatch.chdir(tmp_path)
    assert verified("--engine", "simpy").return_value == Exit.DONE
    assert os.listdir(tmp_path) == []

"""The other direction: the smallest lever that meets a target, and how sure that is."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from accesssim.cli import cli
from accesssim.study import question
from accesssim.study.experiment import Experiment
from accesssim.study.solve import Target, most_values, solve, target_of
from accesssim.world.errors import AccessSimError, ScenarioError
from accesssim.world.scenario import Scenario
from tests.clinics import small

pytestmark = pytest.mark.usefixtures("compiled")

POSTS, WAIT = "workforce.low_intensity.posts", "wait_to_assessment_mean"


def town() -> Scenario:
    """A small service whose wait falls with its posts."""
    return small(run__weeks=26, demand__referrals_per_week=12.0)


def share(posts: int, bound: float) -> float:
    """Share of eight futures in which the wait is at most a bound."""
    runs = Experiment(town().replace({POSTS: posts}), replications=8, seed=3).run().runs
    return float((runs[WAIT] <= bound).mean())


def test_the_smallest_is_enough_and_one_less_is_not() -> None:
    """The answer meets the target in the share that is asked for, the value below does not, and each was run once."""
    bound = float(np.median(Experiment(town().replace({POSTS: 3}), replications=8, seed=3).run().runs[WAIT]))
    found = solve(town(), POSTS, (1, 6), Target(WAIT, at_most=bound), chance=0.75, replications=8, seed=3)
    assert found.value is not None
    assert 1 < found.value <= 6
    assert share(int(found.value), bound) >= 0.75 > share(int(found.value) - 1, bound)
    assert len({one.value for one in found.tried}) == len(found.tried) <= most_values(POSTS, (1, 6))
    for one in found.tried:
        assert one.low <= one.share <= one.high
        assert one.share == share(int(one.value), bound)


def test_none_in_the_range_is_said_plainly(tmp_path: Path) -> None:
    """No value does: no answer, and only the end of the range was run; on the command line exit code 6."""
    found = solve(town(), POSTS, (1, 4), Target(WAIT, at_most=0.5), replications=4, seed=3)
    assert found.value is None
    assert [one.value for one in found.tried] == [4]
    told = CliRunner().invoke(
        cli, ["solve", "baseline", "--lever", POSTS, "--between", "1", "4", "--target", f"{WAIT} <= 0.5", "--replications", "2", "--weeks", "4", "--workers", "1"],
        standalone_mode=False,
    )
    assert told.return_value == 6
    assert "None in this range: no workforce.low_intensity.posts from 1 to 4 gives wait_to_assessment_mean <= 0.5 in 80% of futures." in told.output


def test_the_lower_end_may_do_already() -> None:
    """Then it is the answer."""
    found = solve(town(), POSTS, (2, 4), Target(WAIT, at_most=5000.0), replications=4, seed=3)
    assert found.value == 2


def test_a_search_goes_on_from_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a folder the same search again runs nothing."""
    target = Target(WAIT, at_most=60.0)
    first = solve(town(), POSTS, (1, 5), target, replications=4, seed=3, out=tmp_path)
    from accesssim.clinic import service

    def never(*_: object, **__: object) -> None:
        raise AssertionError("run again")

    monkeypatch.setattr(service, "rows", never)
    assert solve(town(), POSTS, (1, 5), target, replications=4, seed=3, out=tmp_path) == first


def test_targets_are_read() -> None:
    """With >= or <=, as a number or in per cent."""
    assert target_of("started_by_18_weeks_share >= 95%") == Target("started_by_18_weeks_share", at_least=0.95)
    assert target_of("wait_to_therapy_mean<=49") == Target("wait_to_therapy_mean", at_most=49.0)
    assert str(target_of("wait_to_therapy_mean <= 49")) == "wait_to_therapy_mean <= 49"
    for text in ("wait_to_therapy_mean", "wait_to_therapy_mean = 49", "wait_to_therapy_mean <= soon"):
        with pytest.raises(AccessSimError, match="must be such as"):
            target_of(text)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"between": (5, 2)}, "must run from a smaller to a larger value"),
        ({"chance": 1.5}, "chance = 1.5 must be above 0 and at most 1"),
        ({"target": Target("wait_to_therapy_men", at_most=3.0)}, "is not a measure; did you mean wait_to_therapy_mean?"),
        ({"lever": "workforce.low_intensity.post"}, "did you mean workforce.low_intensity.posts?"),
        ({"between": (-3, 4)}, "must be between 0 and 16383 (posts)"),
        ({"between": (1, 16383)}, "lever: workforce has 16,"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, object], told: str) -> None:
    """Before anything runs."""
    asked = {"lever": POSTS, "between": (1, 4), "target": Target(WAIT, at_most=30.0), "chance": 0.8} | arguments
    with pytest.raises(ScenarioError) as refused:
        solve(town(), asked.pop("lever"), asked.pop("between"), asked.pop("target"), replications=2, **asked)  # type: ignore[arg-type]
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("find", "told"),
    [
        ("{lever: workforce.low_intensity.post, between: [1, 4], smallest_such_that: {measure: still_waiting, at_most: 9}}", "did you mean workforce.low_intensity.posts?"),
        ("{lever: workforce.low_intensity.posts, between: [4, 1], smallest_such_that: {measure: still_waiting, at_most: 9}}", "between must be a smaller and a larger number"),
        ("{lever: workforce.low_intensity.posts, between: [1, 4], smallest_such_that: {measure: still_waitng, at_most: 9}}", "did you mean still_waiting?"),
        ("{lever: workforce.low_intensity.posts, between: [1, 4], smallest_such_that: {measure: still_waiting}}", "smallest_such_that must be such as"),
        ("{lever: workforce.low_intensity.posts, between: [1, 4], smallest_such_that: {measure: still_waiting, at_most: 9}, chanse: 0.5}", "did you mean chance?"),
    ],
)
def test_a_wrong_find_says_what_would_be_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: str, told: str) -> None:
    """One line, with its place."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked.yaml").write_text(f"scenario: baseline\nfind: {find}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        question.search("asked.yaml")
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)
    assert "asked.yaml:2:" in str(refused.value)


def test_a_find_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep of it searches, keeps its folders, and prints the answer."""
    monkeypatch.chdir(tmp_path)
    find = "{lever: workforce.low_intensity.posts, between: [2, 4], smallest_such_that: {measure: wait_to_therapy_mean, at_most: 9000}}"
    (tmp_path / "town.yaml").write_text("extends: baseline\nrun: {weeks: 4}\ndemand: {referrals_per_week: 8, history_days: 300}\n", encoding="utf-8")
    (tmp_path / "asked.yaml").write_text(f"scenario: town.yaml\nfind: {find}\nreplications: 2\n", encoding="utf-8")
    assert "At most 3 values" in CliRunner().invoke(cli, ["sweep", "asked.yaml", "--dry-run"]).output
    told = CliRunner().invoke(cli, ["sweep", "asked.yaml", "--json", "--workers", "1"])
    assert json.loads(told.stdout)["value"] == 2
    assert sorted(path.name for path in (tmp_path / "results" / "asked").iterdir()) == ["at-2", "at-4"]

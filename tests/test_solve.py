"""The other direction: the smallest lever that meets a target, and how sure that is."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import accesssim
from accesssim.cli.command_line import cli
from accesssim.study.asking import experiment_files
from accesssim.study.asking.experiment import Experiment, TooManyRuns
from accesssim.study.asking.solve import Target, most_values, solve, target_of
from accesssim.study.result import Result
from accesssim.study.running.parquet import InMemory
from accesssim.study.telling import answers
from accesssim.world.errors import AccessSimError, ScenarioError
from accesssim.world.scenario import Scenario
from tests.clinics import APART, failing, small

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


def test_how_finely_was_looked_is_said() -> None:
    """A lever that is not a whole number is found to a 128th of its range, and what lies below is not known.

    Of whole numbers each is tried, and the lowest has none below.
    """
    from accesssim.study.asking.solve import Solution, Tried

    def found(lever: str, values: tuple[float, ...], value: float) -> Solution:
        tried = tuple(Tried(one, 4, 4 if one >= value else 0, 0.0, 1.0, 1.0) for one in values)
        return Solution(lever, (values[0], values[-1]), Target(WAIT, at_most=9.0), 0.8, value, tried)

    assert "80% of futures. Nothing between 362,500 and it was tried.\n" in answers.solution(
        found("funding.annual_budget", (200_000, 362_500, 364_062, 400_000), 364_062)
    )
    for all_known in (found(POSTS, (1, 3, 4, 6), 4), found("funding.annual_budget", (200_000, 400_000), 200_000)):
        assert all_known.above is None
        assert "Nothing between" not in answers.solution(all_known)


def test_none_in_the_range_is_said_plainly(tmp_path: Path) -> None:
    """No value does: no answer, and only the ends of the range were run; on the command line exit code 6."""
    found = solve(town(), POSTS, (1, 4), Target(WAIT, at_most=0.5), replications=4, seed=3)
    assert found.value is None
    assert [one.value for one in found.tried] == [1, 4]
    told = CliRunner().invoke(
        cli,
        [
            "solve",
            "baseline",
            "--lever",
            POSTS,
            "--between",
            "1",
            "4",
            "--target",
            f"{WAIT} <= 0.5",
            "--replications",
            "2",
            "--weeks",
            "4",
            "--workers",
            "1",
        ],
        standalone_mode=False,
    )
    assert told.return_value == 6
    assert (
        "None in this range: no workforce.low_intensity.posts from 1 to 4 gives wait_to_assessment_mean <= 0.5 in 80% of futures."
        in told.output
    )


def test_a_lever_that_works_the_other_way_is_told_of() -> None:
    """Less of it helps: the lower end does and the upper does not, which is said, and not that none in the range does."""
    level = "bureaucracy.level"
    waits = {
        value: float(np.mean(Experiment(town().replace({level: value}), replications=4, seed=3).run().runs[WAIT]))
        for value in (0.0, 4.0)
    }
    found = solve(
        town(), level, (0.0, 4.0), Target(WAIT, at_most=sum(waits.values()) / 2), chance=0.5, replications=4, seed=3
    )
    assert waits[0.0] < waits[4.0]
    assert (found.value, found.falls, [one.value for one in found.tried]) == (0.0, True, [0.0, 4.0])
    assert "At 4 it is not met: the lever works the other way" in answers.solution(found)
    assert not solve(town(), POSTS, (2, 4), Target(WAIT, at_most=5000.0), replications=4, seed=3).falls


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
    assert str(target_of("cost_total <= 1234567")) == "cost_total <= 1234567"
    for words in (
        "wait_to_therapy_mean",
        "wait_to_therapy_mean = 49",
        "wait_to_therapy_mean <= soon",
        "wait_to_therapy_mean <= nan",
        "wait_to_therapy_mean >= inf",
    ):
        with pytest.raises(AccessSimError, match="must be such as"):
            target_of(words)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"between": (5, 2)}, "must run from a smaller to a larger value"),
        ({"between": (1, float("nan"))}, "must run from a smaller to a larger value"),
        (
            {"target": Target("wait_to_therapy_mean", at_most=float("nan"))},
            "must name a number that wait_to_therapy_mean can be held against",
        ),
        ({"chance": 1.5}, "chance = 1.5 must be above 0 and at most 1"),
        (
            {"target": Target("wait_to_therapy_men", at_most=3.0)},
            "is not a measure; did you mean wait_to_therapy_mean?",
        ),
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
        (
            "{lever: workforce.low_intensity.post, between: [1, 4], smallest_such_that: {measure: still_waiting, at_most: 9}}",
            "did you mean workforce.low_intensity.posts?",
        ),
        (
            "{lever: workforce.low_intensity.posts, between: [4, 1], smallest_such_that: {measure: still_waiting, at_most: 9}}",
            "between must be a smaller and a larger number",
        ),
        (
            "{lever: workforce.low_intensity.posts, between: [1, 4], smallest_such_that: {measure: still_waitng, at_most: 9}}",
            "did you mean still_waiting?",
        ),
        (
            "{lever: workforce.low_intensity.posts, between: [1, 4], smallest_such_that: {measure: still_waiting}}",
            "smallest_such_that must be such as",
        ),
        (
            "{lever: workforce.low_intensity.posts, between: [1, 4], smallest_such_that: {measure: wait_to_therapy_mean, at_most: 6 weeks}}",
            "at_most = 6 weeks must be a number (days)",
        ),
        (
            "{lever: workforce.low_intensity.posts, between: [1, 4], smallest_such_that: {measure: still_waiting, at_most: 9}, chanse: 0.5}",
            "did you mean chance?",
        ),
    ],
)
def test_a_wrong_find_says_what_would_be_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: str, told: str
) -> None:
    """One line, with its place."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked.yaml").write_text(f"scenario: baseline\nfind: {find}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        experiment_files.search("asked.yaml")
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)
    assert "asked.yaml:2:" in str(refused.value)


def test_a_find_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep of it searches, keeps its folders, and prints the answer."""
    monkeypatch.chdir(tmp_path)
    find = "{lever: workforce.low_intensity.posts, between: [2, 4], smallest_such_that: {measure: wait_to_therapy_mean, at_most: 9000}}"
    (tmp_path / "town.yaml").write_text(
        "extends: baseline\nrun: {weeks: 4}\ndemand: {referrals_per_week: 8, history_days: 300}\n", encoding="utf-8"
    )
    (tmp_path / "asked.yaml").write_text(f"scenario: town.yaml\nfind: {find}\nreplications: 2\n", encoding="utf-8")
    assert "At most 3 values" in CliRunner().invoke(cli, ["sweep", "asked.yaml", "--dry-run"]).output
    told = APART.invoke(cli, ["sweep", "asked.yaml", "--json", "--workers", "1"])
    assert json.loads(told.stdout)["value"] == 2
    assert sorted(path.name for path in (tmp_path / "results" / "asked").iterdir()) == ["at-2", "at-4"]


@pytest.mark.parametrize(
    ("ends", "whole"),
    [
        ((2345671.0, 2345679.0), False),
        ((0.123456789, 0.123456799), False),
        ((-1.00000001, 0.0), False),
        ((1000001.0, 1000004.0), True),
    ],
)
def test_no_value_is_outside_the_range_and_none_is_like_another(
    ends: tuple[float, float], whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However narrow: the ends are themselves, all between are in it, and each has a folder of its own."""
    seen, folders = [], []

    def run(self, **given):
        folders.append(given["out"])
        runs = pd.DataFrame(
            {"scenario": "x", "point": 0, "replication": [0], "seed": 1, WAIT: [float(seen[-1] >= ends[1])]}
        )
        return Result(
            Experiment(town(), replications=1).plan(), InMemory(runs, pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
        )

    def replace(self, settings, place=""):
        seen.append(next(iter(settings.values())))
        return self

    def declared(_path):
        return SimpleNamespace(type=int if whole else float)

    asked = town()
    monkeypatch.setattr(Experiment, "run", run)
    monkeypatch.setattr(Scenario, "replace", replace)
    monkeypatch.setattr("accesssim.study.asking.solve.declaration", declared)
    found = solve(asked, POSTS, ends, Target(WAIT, at_least=1.0), replications=1, seed=3, out=tmp_path)
    assert found.value == ends[1]
    values = [one.value for one in found.tried]
    assert all(ends[0] <= value <= ends[1] for value in values)
    assert len(set(values)) == len(set(folders)) == len(folders) == most_values(POSTS, ends)


def test_as_many_futures_are_run_as_help_says_where_none_are_asked_for() -> None:
    """A search takes forty for each value, and not the scenario's replications, as its help said."""
    helped = " ".join(CliRunner().invoke(cli, ["solve", "--help"]).output.split())
    assert "Runs; left out, 40 for each value." in helped
    call = [
        "solve",
        "baseline",
        "--lever",
        POSTS,
        "--between",
        "1",
        "2",
        "--target",
        "cost_total >= 0",
        "--weeks",
        "1",
        "--workers",
        "1",
        "--json",
    ]
    few = ["run.replications=2", "demand.referrals_per_week=2", "demand.history_days=60"]
    found = json.loads(
        APART.invoke(cli, [*call, *(word for value in few for word in ("--set", value))], standalone_mode=False).stdout
    )
    assert {tried["runs"] for tried in found["tried"]} == {40}
    assert "Runs; left out, the scenario's." in " ".join(CliRunner().invoke(cli, ["run", "--help"]).output.split())


def test_a_future_that_failed_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither met nor missed: a value that hangs on it is open, the end of the range as well; exit code 4, and how to see it again."""
    monkeypatch.chdir(tmp_path)
    call = [
        "solve",
        "baseline",
        "--lever",
        POSTS,
        "--between",
        "2",
        "4",
        "--replications",
        "2",
        "--weeks",
        "4",
        "--workers",
        "1",
        "--set",
        "demand.history_days=60",
    ]

    def solved(bound: str, *more: str) -> Any:
        runner = APART if "--json" in more else CliRunner()
        return runner.invoke(cli, [*call, "--target", f"{WAIT} <= {bound}", *more], standalone_mode=False)

    failing(monkeypatch, lambda *_: True)
    told = solved("5000")
    assert told.return_value == 4
    assert (
        f"Not known: whether any {POSTS} from 2 to 4 gives {WAIT} <= 5000 in 80% of futures, as too many futures failed."
        in told.output
    )
    assert "0 of 2 (2 failed)  0% to 100%  0% to 100%" in told.output
    failing(
        monkeypatch,
        lambda town, replication: town.parameters.workforce["low_intensity"].posts == 2 and replication == 1,
    )
    told = solved("5000", "--out", "kept")
    assert told.return_value == 4
    assert (
        f"{POSTS} = 3 is the smallest from 2 to 4 that is known to give {WAIT} <= 5000 in 80% of futures. Futures that failed leave it open for 2."
        in told.output
    )
    assert (
        f"1 of 6 replications failed; first: {POSTS} = 2, replication 1: RuntimeError: the roof fell in" in told.output
    )
    assert "accesssim replay kept/at-2 0:1" in told.output
    failing(
        monkeypatch,
        lambda town, replication: town.parameters.workforce["low_intensity"].posts == 4 and replication == 1,
    )
    # Missed in the other future: it is not enough, whatever the one that failed would have been.
    told = solved("0.5", "--chance", "0.9")
    assert told.return_value == 4
    assert "None in this range" in told.output
    held = json.loads(solved("0.5", "--chance", "0.5", "--json").stdout)
    assert (held["value"], held["failed"], held["open"]) == (None, 1, [4.0])


def asks(place: Path, replications: int = 2) -> None:
    """A small experiment that searches."""
    (place / "town.yaml").write_text(
        "extends: baseline\nrun: {weeks: 4}\ndemand: {referrals_per_week: 8, history_days: 60}\n", encoding="utf-8"
    )
    find = f"{{lever: {POSTS}, between: [2, 4], smallest_such_that: {{measure: {WAIT}, at_most: 9000}}}}"
    (place / "asked.yaml").write_text(
        f"scenario: town.yaml\nfind: {find}\nreplications: {replications}\n", encoding="utf-8"
    )


def test_a_search_takes_what_it_can_use_and_refuses_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run as JSON; a limit of all its runs, which what it advises lifts; no cluster, part or addition."""
    monkeypatch.chdir(tmp_path)
    asks(tmp_path)
    held = json.loads(APART.invoke(cli, ["sweep", "asked.yaml", "--dry-run", "--json"]).stdout)
    assert (held["values"], held["replications"], held["runs"], held["lever"]) == (3, 2, 6, POSTS)
    for option in (["--dask", "tcp://127.0.0.1:8786"], ["--shard", "1/2"], ["--more", "1"]):
        refused = CliRunner().invoke(cli, ["sweep", "asked.yaml", *option])
        assert refused.exit_code == 2
        assert f"{option[0]} does not go with an experiment that has find" in refused.output
    asks(tmp_path, 60_000)
    with pytest.raises(TooManyRuns, match=r"may take 180,000 runs, .* the limit is 100,000\. .* --max-runs 180000"):
        CliRunner().invoke(cli, ["sweep", "asked.yaml", "--dry-run"], catch_exceptions=False)
    assert (
        "180,000 runs" in CliRunner().invoke(cli, ["sweep", "asked.yaml", "--dry-run", "--max-runs", "180000"]).output
    )
    with pytest.raises(TooManyRuns):
        solve(town(), POSTS, (1, 4), Target(WAIT, at_most=30.0), replications=10, most_runs=39)


def test_a_search_with_more_replications_adds_to_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two futures of each value, then three, and two again: as many are told of as are asked for.

    Another scenario is refused until it is run again with --update.
    """
    monkeypatch.chdir(tmp_path)
    for number in (2, 3, 2):
        asks(tmp_path, number)
        told = APART.invoke(cli, ["sweep", "asked.yaml", "--json", "--workers", "1"], standalone_mode=False)
        assert [one["runs"] for one in json.loads(told.stdout)["tried"]] == [number, number]
    assert Result.read("results/asked/at-2").count == 3
    assert (
        solve(accesssim.load("town.yaml"), POSTS, (2, 4), Target(WAIT, at_most=9000.0), replications=3).tried
        == solve(
            accesssim.load("town.yaml"),
            POSTS,
            (2, 4),
            Target(WAIT, at_most=9000.0),
            replications=3,
            out="results/asked",
        ).tried
    )
    (tmp_path / "town.yaml").write_text(
        "extends: baseline\nrun: {weeks: 3}\ndemand: {referrals_per_week: 8, history_days: 60}\n", encoding="utf-8"
    )
    assert "with --update" in str(
        CliRunner().invoke(cli, ["sweep", "asked.yaml", "--workers", "1"], standalone_mode=False).exception
    )
    assert (
        CliRunner()
        .invoke(cli, ["sweep", "asked.yaml", "--workers", "1", "--update"], standalone_mode=False)
        .return_value
        == 0
    )

"""The best of a design within a budget: right as often as it says, cheaper than equal shares, and the same when it is interrupted."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from accesssim.cli.command_line import cli
from accesssim.study.asking.experiment import Experiment
from accesssim.study.result import Result
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.plan import Plan
from accesssim.study.running.selection import Selection
from accesssim.world.errors import ScenarioError
from tests.clinics import APART, failing, small

pytestmark = pytest.mark.usefixtures("compiled")

WAIT = "wait_to_therapy_mean"


def asked(rule: Selection, levels: int = 6) -> Experiment:
    """A small question with some points."""
    return Experiment(
        small(run__weeks=4),
        matrix={"bureaucracy.level": [0.5 + 0.1 * nth for nth in range(levels)]},
        replications=rule,
        seed=5,
        name="asked",
    )


@cache
def planned(rule: Selection, levels: int) -> Plan:
    """Its plan, which takes longer to make than a trial does."""
    return asked(rule, levels).plan()


def trial(rule: Selection, means: list[float], luck: np.random.Generator) -> tuple[int | None, dict[int, int]]:
    """What is selected, and the runs of each point, where waits have these means, luck in common and luck of their own."""
    shared = luck.normal(0.0, 5.0, 4000)
    waits = {point: mean + shared + luck.normal(0.0, 2.0, 4000) for point, mean in enumerate(means)}
    runs: dict[int, int] = {}

    def values(_measure: str) -> dict[int, np.ndarray]:
        return {point: waits[point][:number] for point, number in runs.items()}

    for shards in rule.looks(planned(rule, len(means)), values):
        runs = {
            point: max(shard.first + shard.size for shard in shards if shard.point == point)
            for point in range(len(means))
        }
    found = rule.selected(values(WAIT))
    return None if found is None else found.point, runs


def test_the_best_is_found_as_often_as_is_said() -> None:
    """200 questions with known answers (seed 1): right in 95 % or more, less three standard errors of a share of 200 (0.046).

    And for less than equal shares would take.

    Equal shares need each point to have as many runs as the nearest rival: the runs of the best, times the points.
    """
    luck, rule = np.random.default_rng(1), Selection(WAIT, 2000)
    right, spent, equal = 0, 0, 0
    for _ in range(200):
        means = list(np.array([40.0, 41.5, 43.0, 45.0, 50.0, 55.0])[luck.permutation(6)])
        best, runs = trial(rule, means, luck)
        right += best == int(np.argmin(means))
        spent += sum(runs.values())
        equal += 6 * max(runs.values())
        assert sum(runs.values()) <= 2000
    assert right / 200 >= 0.95 - 0.046
    assert spent < 0.8 * equal


def test_a_tie_spends_the_budget_and_no_more() -> None:
    """Two points that differ by nothing but luck: no more runs than the budget, and no certainty."""
    luck = np.random.default_rng(2)
    certain = 0
    for _ in range(20):
        _, runs = trial(rule := Selection(WAIT, 300), [40.0, 40.0, 60.0], luck)
        assert sum(runs.values()) <= rule.budget
        certain += sum(runs.values()) < 250
        assert runs[2] < max(runs[0], runs[1])
    # A wrong certainty is found in 5 % of looks at each of the two that could be it, and there are many looks.
    assert certain <= 8


def test_a_difference_that_does_not_matter_ends_it_sooner() -> None:
    """With an indifference of a week a tie is settled at once."""
    _, runs = trial(Selection(WAIT, 1000, indifference=7.0), [40.0, 40.0, 60.0], np.random.default_rng(3))
    assert sum(runs.values()) <= 60


def test_interrupted_it_goes_on_to_the_same_answer(tmp_path: Path) -> None:
    """Shards that are gone are run again, and the folder is byte for byte that of a sweep that was left alone."""
    rule = Selection("waiting_list_end", 45)
    whole = asked(rule, 3).run(out=tmp_path / "whole")
    asked(rule, 3).run(out=tmp_path / "kept")
    for file in sorted((tmp_path / "kept" / "runs").iterdir())[::2]:
        file.unlink()
    again = asked(rule, 3).run(out=tmp_path / "kept")
    assert {file.name: file.read_bytes() for file in (tmp_path / "kept" / "runs").iterdir()} == {
        file.name: file.read_bytes() for file in (tmp_path / "whole" / "runs").iterdir()
    }
    assert again.selected() == whole.selected() == Result.read(tmp_path / "whole").selected()
    assert whole.count <= 45
    assert asked(rule, 3).run().selected() == whole.selected()  # without a folder


def test_a_file_asks_and_the_page_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`best` in an experiment file: a table on the screen, a section of the page."""
    monkeypatch.chdir(tmp_path)
    Path("town.yaml").write_text("extends: baseline\nrun: {weeks: 4}\ndemand: {history_days: 100}\n", encoding="utf-8")
    Path("asked.yaml").write_text(
        "scenario: town.yaml\nbest: {levers: {bureaucracy.level: [0.5, 2.0]}, measure: waiting_list_end, budget: 20, indifference: 5}\n",
        encoding="utf-8",
    )
    assert "20 runs" in CliRunner().invoke(cli, ["sweep", "asked.yaml", "--dry-run"]).output
    told = CliRunner().invoke(cli, ["sweep", "asked.yaml", "--workers", "1", "--out", "kept"])
    assert told.exit_code == 0
    assert "is the best in waiting_list_end; the chance that no other is better by more than 5 people is" in told.output
    assert "The best point" in Path("kept/report.html").read_text(encoding="utf-8")


def test_points_that_are_alike_so_far_are_not_told_apart() -> None:
    """A tie is as likely to fall either way.

    Within an indifference, or ahead by always the same, it is surer with every future; and such points are run
    further.
    """
    luck = np.random.default_rng(4).normal(40.0, 5.0, 10)
    tied, within, ahead = (
        rule.selected({0: luck, 1: luck + gap})
        for rule, gap in (
            (Selection(WAIT, 100), 0.0),
            (Selection(WAIT, 100, indifference=1.0), 0.0),
            (Selection(WAIT, 100), 2.0),
        )
    )
    assert tied is not None
    assert within is not None
    assert ahead is not None
    # But for rounding: the gaps between sums.
    assert [one.rivals[0].chance for one in (tied, within, ahead)] == [
        0.5,
        0.5**10,
        pytest.approx(0.5**10),
    ]
    assert Selection(WAIT, 100)._next(tied, {0: 10, 1: 10}) == [0]
    tenths = Selection(WAIT, 100).selected({0: np.zeros(3), 1: np.full(3, 0.1)})
    assert tenths is not None
    assert tenths.rivals[0].chance == 0.5**3
    costs = np.array([90_000.1, 350_000.2, 1_700_000.3])
    rounded = Selection("cost_total", 100).selected({0: costs, 1: costs + 518.397})
    assert rounded is not None
    assert rounded.rivals[0].chance == 0.5**3


def test_no_chance_is_claimed_over_what_is_not_known() -> None:
    """A point where all failed is named.

    Alone with such, a point is not the best with certainty; and a future that failed at one point leaves the other
    pairs as they are.
    """
    rule, luck, nothing = Selection(WAIT, 100), np.random.default_rng(4).normal(40.0, 5.0, 10), np.full(10, np.nan)
    noise = np.random.default_rng(5).normal(1.0, 0.3, 10)
    found = rule.selected({0: luck, 1: luck + noise, 2: nothing, 3: np.empty(0)})
    assert found is not None
    assert (found.point, [rival.point for rival in found.rivals], found.unknown) == (0, [1], (2, 3))
    alone = rule.selected({0: nothing, 1: luck})
    assert alone is not None
    assert (alone.point, alone.rivals, alone.unknown) == (1, (), (0,))
    assert np.isnan(alone.chance)
    assert rule.selected({0: nothing, 1: nothing}) is None
    one_pair = rule.selected({0: luck, 1: np.concatenate([[45.0], nothing[1:]])})
    assert one_pair is not None
    assert one_pair.chance == 0.0


def test_what_is_not_known_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the screen, in JSON and on the page: points where every run fails, one that is left alone, and no answer at all.

    And one future that fails changes no other pair.
    """
    monkeypatch.chdir(tmp_path)
    Path("town.yaml").write_text("extends: baseline\nrun: {weeks: 4}\ndemand: {history_days: 100}\n", encoding="utf-8")
    Path("asked.yaml").write_text(
        "scenario: town.yaml\nbest: {levers: {bureaucracy.level: [0.5, 1.0, 2.0]}, measure: waiting_list_end, budget: 20}\n",
        encoding="utf-8",
    )

    def swept(out: str, *more: str) -> Any:
        runner = APART if "--json" in more else CliRunner()
        return runner.invoke(cli, ["sweep", "asked.yaml", "--workers", "1", "--out", out, *more], standalone_mode=False)

    failing(monkeypatch, lambda town, _: town.parameters.bureaucracy.level == 2.0)
    told = swept("two")
    assert told.return_value == 4
    assert "the chance that none of these is better is" in told.output
    assert (
        "Nothing is known of bureaucracy level 2, where no run is done, or all failed or measured nobody: that may be better."
        in told.output
    )
    assert "Nothing is known of bureaucracy level 2" in Path("two/report.html").read_text(encoding="utf-8")
    assert json.loads(swept("two", "--json").stdout)["best"]["unknown"] == [2]
    failing(monkeypatch, lambda town, _: town.parameters.bureaucracy.level >= 1.0)
    told = swept("one")
    assert "bureaucracy level 0.5 is the only point of which waiting_list_end is known" in told.output
    assert "there is nothing to choose it from" in Path("one/report.html").read_text(encoding="utf-8")
    assert json.loads(swept("one", "--json").stdout)["best"]["chance"] is None
    failing(monkeypatch, lambda *_: True)
    told = swept("none")
    assert told.return_value == 4
    assert "No answer: nothing is known of waiting_list_end at any point" in told.output


def test_a_future_that_fails_at_one_point_leaves_the_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the result says of the best is what the rule said when it looked at the folder."""
    rule = Selection("waiting_list_end", 45)
    failing(monkeypatch, lambda town, replication: town.parameters.bureaucracy.level == 0.5 and replication == 0)
    result = asked(rule, 3).run(out=tmp_path / "kept")
    assert result.failed == 1
    assert result.selected() == rule.selected(ResultFolder(tmp_path / "kept").values("waiting_list_end"))
    assert asked(rule, 3).run().selected() == result.selected()


@pytest.mark.parametrize(
    ("best", "message"),
    [
        (
            "{levers: {bureaucracy.level: [0.5, 2.0]}, measure: wait_to_therapy_men, budget: 20}",
            "did you mean wait_to_therapy_mean?",
        ),
        (
            "{levers: {bureaucracy.level: [0.5, 2.0]}, measure: wait_to_therapy_mean}",
            "budget = nothing must be a whole number of runs",
        ),
        (
            "{levers: {bureaucracy.level: [0.5, 2.0]}, measure: wait_to_therapy_mean, budget: 9}",
            "budget = 9 must be at least 5 runs for each of the 2 points",
        ),
        (
            "{levers: {bureaucracy.level: [0.5]}, measure: wait_to_therapy_mean, budget: 90}",
            "two points or more to choose the best of",
        ),
        (
            "{levers: {bureaucracy.levle: [0.5, 1]}, measure: wait_to_therapy_mean, budget: 90}",
            "did you mean bureaucracy.level?",
        ),
        ("{levers: {bureaucracy.level: [0.5, 1]}, measure: referrals, budget: 90}", "neither good nor bad"),
        (
            "{levers: {bureaucracy.level: [0.5, 1]}, measure: wait_to_therapy_mean, budget: 90, indifference: 3 people}",
            "a difference that does not matter",
        ),
        ("{levers: {bureaucracy.level: [0.5, 1]}, measure: wait_to_therapy_mean, budgett: 90}", "did you mean budget?"),
        ("[1]", "best must be a mapping"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_place(best: str, message: str, tmp_path: Path) -> None:
    """With the line, and what would be right."""
    from accesssim.study.asking import experiment_files

    (tmp_path / "asked.yaml").write_text(f"scenario: baseline\nbest: {best}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        experiment_files.load(str(tmp_path / "asked.yaml"))
    assert message in str(error.value)
    assert "asked.yaml:2" in str(error.value)

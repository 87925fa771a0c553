"""Points are run until enough is known, and no longer; the same whoever works, and after any interruption."""

import math
import re
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from accesssim.study.asking import experiment_files
from accesssim.study.asking.experiment import Experiment
from accesssim.study.faults import FolderError
from accesssim.study.result import Result
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.parquet import InMemory
from accesssim.study.running.stopping import Stopping, half_width, independent
from accesssim.study.telling.report import render
from accesssim.world.errors import ScenarioError
from tests.clinics import small

pytestmark = pytest.mark.usefixtures("compiled")

WAIT = "wait_to_treatment_mean"


def asked(rule: Stopping, levels: tuple[float, ...] = (0.5, 1.0, 1.05)) -> Experiment:
    """A small question with a stopping rule."""
    return Experiment(
        small(run__weeks=8),
        matrix={"bureaucracy.level": list(levels)},
        replications=rule,
        seed=5,
        compare_to={"bureaucracy.level": 1.0},
    )


def test_looks_come_after_each_half_of_the_least() -> None:
    """Ten, fifteen, twenty … up to the most."""
    assert Stopping(10, 27, WAIT, 1.0).stages() == (10, 5, 5, 5, 2)
    assert Stopping(10, 10, WAIT, 1.0).stages() == (10,)
    assert Stopping(2, 4, WAIT, 1.0).stages() == (2, 1, 1)
    # At once: each look counted from the start would take half an hour.
    assert sum(Stopping(2, 400_000, WAIT, 1.0).stages()) == 400_000


def test_a_half_width_by_hand() -> None:
    """Student's t with three degrees of freedom: 3.182 times the standard error."""
    assert half_width(np.array([1.0, 2.0, 3.0, 4.0]), 0.05) == pytest.approx(3.182446 * np.sqrt(5 / 3) / 2)
    assert half_width(np.array([1.0]), 0.05) == np.inf
    assert half_width(np.array([1.0, np.nan, 3.0]), 0.05) == half_width(np.array([1.0, 3.0]), 0.05)


def test_luck_of_its_own_costs_as_many_times_more_as_the_variances_say() -> None:
    """A shared part of variance 9 and parts of its own of variance 1: (10 + 10) over (1 + 1)."""
    luck = np.random.default_rng(1)
    shared = 3 * luck.standard_normal(20_000)
    ours, theirs = shared + luck.standard_normal(20_000), shared + luck.standard_normal(20_000)
    assert independent(ours, theirs) == pytest.approx(10, rel=0.05)


def test_looking_often_finds_no_false_certainty() -> None:
    """Of 2,000 comparisons of two points that do not differ, at most 5 % are settled at any of nine looks (99.9 % interval of the share)."""
    rule, luck, false = Stopping(10, 50, WAIT, decision="sign"), np.random.default_rng(2), 0
    looks = np.cumsum(rule.stages())
    for _ in range(2000):
        reference, point = luck.standard_normal((2, 50))
        false += any(1 in rule.settled({0: reference[:upto], 1: point[:upto]}, 0, len(looks)) for upto in looks)
    assert false / 2000 <= 0.05 + 3.3 * np.sqrt(0.05 * 0.95 / 2000)


def test_decisions() -> None:
    """A clear difference is settled at once, none is not; the best is settled when all others clearly are not."""
    luck = np.random.default_rng(3)
    values = {0: luck.normal(10, 1, 20), 1: luck.normal(5, 1, 20), 2: luck.normal(10, 1, 20)}
    assert Stopping(10, 50, WAIT, decision="sign").settled(values, 0, 5) == {1}
    assert Stopping(10, 50, WAIT, decision="best_of").settled(values, None, 5) == {0, 1, 2}
    assert Stopping(10, 50, "recovered_share", decision="best_of").settled(values, None, 5) == {1}
    assert Stopping(10, 50, WAIT, half_width=1.0).settled(values, None, 5) == {0, 1, 2}
    assert Stopping(10, 50, WAIT, half_width=0.1).settled(values, None, 5) == set()


def known(rule: Stopping, waits: dict[int, list[float | None]], levels: tuple[float, ...] = (0.5, 1.0, 1.05)) -> Result:
    """A result with these waits, replication by replication; None is one that failed."""
    rows = [(point, number, wait) for point, values in waits.items() for number, wait in enumerate(values)]
    runs = pd.DataFrame(
        [
            {"scenario": "x", "point": point, "replication": number, "seed": 5, WAIT: wait}
            for point, number, wait in rows
            if wait is not None
        ]
    )
    failures = pd.DataFrame(
        [{"point": point, "replication": number, "error": "Error: x"} for point, number, wait in rows if wait is None]
    )
    return Result(asked(rule, levels).plan(), InMemory(runs, pd.DataFrame(), failures, pd.DataFrame()))


def test_points_pair_by_replication_where_one_failed() -> None:
    """A future that failed at one point is a gap there: all later ones still pair with themselves.

    The difference, which is 3 days or a little more, is told narrowly.
    """
    rule = Stopping(4, 6, WAIT, decision="sign")
    luck = [10.0, 90.0, 40.0, 20.0, 70.0, 60.0]
    waits = {0: [None, *luck[1:]], 1: luck, 2: [wait + 3 + 0.1 * nth for nth, wait in enumerate(luck)]}
    result = known(rule, waits)
    assert np.isnan(result.futures(WAIT)[0][0])
    assert list(result.futures(WAIT)[0][1:]) == luck[1:]
    found = {row.point: row for row in result.needed()}
    assert found[2].half == pytest.approx(stats.t.ppf(0.975, 5) * stats.sem([0.0, 0.1, 0.2, 0.3, 0.4, 0.5]))
    assert found[0].half == 0.0
    assert (found[0].replications, found[0].alike, found[0].settled, found[0].ended) == (6, True, False, True)
    assert (found[2].alike, found[2].settled) == (False, True)


@pytest.mark.parametrize("decision", ["sign", "best_of"])
def test_one_pair_and_no_difference_settle_nothing(decision: Literal["sign", "best_of"]) -> None:
    """One pair tells nothing of luck.

    Differences that are all zero so far may not stay so; a difference that is always the same is held to the sign
    test.
    """
    rule, nothing = Stopping(2, 40, WAIT, decision=decision), float("nan")
    for values in ([5.0, nothing], [nothing, nothing], [3.0, 9.0], [3.0, 9.0] * 20):
        assert 1 not in rule.settled({0: np.array([3.0, 9.0] * (len(values) // 2)), 1: np.array(values)}, 0, 39)
    reference = np.arange(40.0)
    alike = [1 in rule.settled({0: reference[:upto], 1: reference[:upto] + 1.0}, 0, 39) for upto in range(2, 41)]
    assert alike.index(True) + 2 == 11  # two sides of eleven coins: 2 / 2048 is below 0.05 / 39 = 0.00128


def test_the_page_says_settled_where_the_rule_does() -> None:
    """Not so of a sweep that is half done, nor of a point that failed once and came to the most.

    So of the reference when all others are settled; no difference is said as such.
    """
    rule, luck = Stopping(4, 8, WAIT, decision="sign"), [10.0, 90.0, 40.0, 20.0, 70.0, 60.0, 30.0, 50.0]
    noise = [wait + (-1) ** nth * 5 for nth, wait in enumerate(luck)]

    def settled(waits: dict[int, list[float | None]]) -> list[str]:
        return [row[2] for row in told_of_futures(render(known(rule, waits), ""))[1]]

    assert settled({0: [*noise[:4]], 1: [*luck[:4]], 2: [*luck[:4]]}) == [
        "not yet",
        "not yet",
        "no difference seen in 4 futures",
    ]
    assert settled({0: [*noise[:7], None], 1: [*luck], 2: [*luck]}) == ["no", "no", "no difference seen in 8 futures"]
    sooner, later = ([wait + shift + 0.1 * nth for nth, wait in enumerate(luck[:4])] for shift in (-20, 20))
    assert settled({0: [*sooner], 1: [*luck[:4]], 2: [*later]}) == ["yes", "yes", "yes"]
    # Clear at 5 %, and not at a tenth of it.
    barely = [wait + apart for wait, apart in zip(luck, (3, -1, 2, 3, 1, -1, 2, 2), strict=True)]
    assert settled({0: [*barely], 1: [*luck], 2: [*noise]}) == ["no", "no", "no"]


def test_a_rule_knows_where_runs_failed() -> None:
    """Without a warning of the arithmetic: a point where all, or all but one, failed is not settled, and its interval has no end."""
    rule = Stopping(2, 4, WAIT, decision="best_of")
    found = known(rule, {0: [None] * 4, 1: [5.0, None, None, None], 2: [6.0, 7.0, 8.0, 9.0]}).needed()
    assert [(row.point, row.replications, row.settled) for row in found] == [
        (0, 4, False),
        (1, 4, False),
        (2, 4, False),
    ]
    assert [row.half for row in found[:2]] == [math.inf, math.inf]


@pytest.mark.parametrize(
    "rule",
    [
        Stopping(4, 10, WAIT, decision="sign"),
        Stopping(4, 10, WAIT, half_width=1.2),
        Stopping(4, 10, WAIT, decision="best_of"),
    ],
)
def test_whoever_works_the_same_runs_are_made(rule: Stopping, tmp_path: Path) -> None:
    """In memory, in a folder, in one that lost the end of its ledger: the same rows; it ends finished, and says what was needed."""
    here = asked(rule).run()
    asked(rule).run(out=tmp_path / "kept", workers=2)
    keys = ["point", "replication", WAIT]
    assert here.runs[keys].equals(Result.read(tmp_path / "kept").runs[keys])
    folder = ResultFolder(tmp_path / "kept")
    assert folder.is_finished(asked(rule).plan())
    lines = (tmp_path / "kept" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "kept" / "ledger.jsonl").write_text("\n".join(lines[: len(lines) // 2]) + "\n", encoding="utf-8")
    assert not folder.is_finished(asked(rule).plan())
    asked(rule).run(out=tmp_path / "kept")
    assert here.runs[keys].equals(Result.read(tmp_path / "kept").runs[keys])
    needed = here.needed()
    assert [row.point for row in needed] == [0, 1, 2]
    assert all(row.settled or row.replications == rule.most for row in needed)
    assert len(here.runs) == sum(row.replications for row in needed)


def told_of_futures(page: str) -> tuple[str, list[list[str]]]:
    """The sentence about a stopping rule and the rows of its table: point, futures, settled, half of the interval, futures with luck of its own."""
    section = page[page.index("How many futures were needed") :]
    rows = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", section[: section.index("</tbody>")], re.DOTALL)
    return " ".join(section[: section.index("<table")].split()), [
        [re.sub("<[^>]*>", " ", cell).strip() for cell in re.split("</t[hd]>", row)[:-1]] for row in rows
    ]


def test_the_page_says_how_many_futures_a_decision_took_and_would_have_taken() -> None:
    """Beside each point's runs those that the same interval takes with luck of its own: variances added, over that of the difference.

    Worked out here from the rows.
    """
    result = asked(Stopping(4, 16, WAIT, decision="sign")).run()
    sentence, rows = told_of_futures(render(result, "accesssim sweep asked.yaml"))
    assert (
        "Each point was run until it is settled whether “wait to treatment mean” is higher or lower than at the reference, or 16 times."
        in sentence
    )
    waits = {point: runs.sort_values("replication")[WAIT].to_numpy() for point, runs in result.runs.groupby("point")}
    reference = waits[1]
    assert [row[:2] for row in rows] == [
        [f"bureaucracy level {level}", str(len(waits[point]))] for point, level in enumerate(("0.5", "1", "1.05"))
    ]
    assert rows[1][4] == ""
    for point in (0, 2):
        ours, theirs = (values[: min(len(reference), len(waits[point]))] for values in (waits[point], reference))
        difference = ours - theirs
        half = stats.t.ppf(0.975, len(difference) - 1) * stats.sem(difference)
        apart = math.ceil(len(difference) * (ours.var(ddof=1) + theirs.var(ddof=1)) / difference.var(ddof=1))
        # Each of seven looks has its part of the 5 %, shared by who is still run.
        last = sum(len(waits[other]) == 16 for other in (0, 2))
        clear = len(waits[point]) < 16 or abs(difference.mean()) > stats.t.ppf(
            1 - 0.05 / 7 / last / 2, len(difference) - 1
        ) * stats.sem(difference)
        assert rows[point][2:] == [
            "yes" if clear else "no",
            f"{half / 7:.1f} weeks of the difference",
            f"about {apart}",
        ]


def test_the_page_tells_of_a_rule_about_a_group() -> None:
    """A measure of one group has a rule, a half-width and a row as one of everybody has; nothing is paired, so nothing is said of luck of its own."""
    group = f"{WAIT}[not_complex]"
    result = asked(Stopping(4, 8, group, half_width=3.5)).run()
    sentence, rows = told_of_futures(render(result, "accesssim sweep asked.yaml"))
    assert (
        "half of the interval of the mean of “wait to treatment mean[not complex]” is at most 0.5 weeks, or 8 times."
        in sentence
    )
    assert [row[1] for row in rows] == [str(number) for number in result.runs.groupby("point")[group].count()]
    assert [row[4] for row in rows] == [""] * 3


def test_a_part_of_such_an_experiment_cannot_be_worked_apart(tmp_path: Path) -> None:
    """What is run next hangs on all that was found."""
    with pytest.raises(FolderError, match="cannot be cut into parts"):
        asked(Stopping(4, 8, WAIT, half_width=1.0)).run(out=tmp_path / "kept", part=(1, 2))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "{min: 1, max: 20, until: {measure: wait_to_treatment_mean, half_width: 3 days}}",
            "min = 1 must be a whole number of at least 2",
        ),
        (
            "{min: 10, max: 5, until: {measure: wait_to_treatment_mean, half_width: 3 days}}",
            "max = 5 must be a whole number of at least 10",
        ),
        ("{min: 4, max: 8}", "until must be such as {measure: wait_to_treatment_mean, half_width: 3 days}"),
        (
            "{min: 4, max: 8, until: {measure: wait_to_treatment_men, half_width: 3}}",
            "wait_to_treatment_men is not a measure; did you mean wait_to_treatment_mean?",
        ),
        (
            "{min: 4, max: 8, until: {measure: wait_to_treatment_mean, half_width: 3 hours}}",
            "half_width = 3 hours must be a number above 0 (days)",
        ),
        (
            "{min: 4, max: 8, until: {measure: wait_to_treatment_mean, half_width: -3}}",
            "half_width = -3 must be a number above 0 (days)",
        ),
        (
            "{min: 4, max: 8, until: {measure: wait_to_treatment_mean, decision: guess}}",
            "decision = guess must be one of sign, best_of",
        ),
        ("{min: 4, max: 8, until: {measure: referrals, decision: best_of}}", "referrals is neither good nor bad"),
        (
            "{min: 4, max: 8, until: {measure: wait_to_treatment_mean, decision: sign}}",
            "decision: sign needs compare_to",
        ),
        (
            "{min: 4, mx: 8, max: 8, until: {measure: wait_to_treatment_mean, half_width: 1 weeks}}",
            "mx is not a key of replications; did you mean max?",
        ),
    ],
)
def test_a_wrong_rule_says_what_would_be_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, told: str
) -> None:
    """One line each, with its place."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked.yaml").write_text(f"scenario: baseline\nreplications: {rule}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        experiment_files.load("asked.yaml")
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)
    assert "asked.yaml:" in str(refused.value)


def test_a_rule_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-width of a week is seven days."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked.yaml").write_text(
        "scenario: baseline\nreplications: {min: 4, max: 8, until: {measure: wait_to_treatment_mean, half_width: 1 week}}\n",
        encoding="utf-8",
    )
    assert experiment_files.load("asked.yaml").stopping == Stopping(4, 8, WAIT, 7.0)

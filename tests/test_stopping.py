"""Points are run until enough is known, and no longer; the same whoever works, and after any interruption."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from accesssim.study import question
from accesssim.study.experiment import Experiment
from accesssim.study.faults import FolderError
from accesssim.study.folder import ResultFolder
from accesssim.study.report import render
from accesssim.study.result import Result
from accesssim.study.stopping import Stopping, half_width, independent
from accesssim.world.errors import ScenarioError
from tests.clinics import small

pytestmark = pytest.mark.usefixtures("compiled")

WAIT = "wait_to_treatment_mean"


def asked(rule: Stopping, levels: tuple[float, ...] = (0.5, 1.0, 1.05)) -> Experiment:
    """A small question with a stopping rule."""
    return Experiment(small(run__weeks=8), matrix={"bureaucracy.level": list(levels)}, replications=rule, seed=5, compare_to={"bureaucracy.level": 1.0})


def test_looks_come_after_each_half_of_the_least() -> None:
    """Ten, fifteen, twenty … up to the most."""
    assert Stopping(10, 27, WAIT, 1.0).stages() == (10, 5, 5, 5, 2)
    assert Stopping(10, 10, WAIT, 1.0).stages() == (10,)


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


@pytest.mark.parametrize("rule", [Stopping(4, 10, WAIT, decision="sign"), Stopping(4, 10, WAIT, half_width=1.2), Stopping(4, 10, WAIT, decision="best_of")])
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
    return " ".join(section[: section.index("<table")].split()), [[re.sub("<[^>]*>", " ", cell).strip() for cell in re.split("</t[hd]>", row)[:-1]] for row in rows]


def test_the_page_says_how_many_futures_a_decision_took_and_would_have_taken() -> None:
    """Beside each point's runs those that the same interval takes with luck of its own: variances added, over that of the difference; worked out here from the rows."""
    result = asked(Stopping(4, 16, WAIT, decision="sign")).run()
    sentence, rows = told_of_futures(render(result, "accesssim sweep asked.yaml"))
    assert "Each point was run until it is settled whether “wait to treatment mean” is higher or lower than at the reference, or 16 times." in sentence
    waits = {point: runs.sort_values("replication")[WAIT].to_numpy() for point, runs in result.runs.groupby("point")}
    reference = waits[1]
    assert [row[:2] for row in rows] == [[f"bureaucracy level {level}", str(len(waits[point]))] for point, level in enumerate(("0.5", "1", "1.05"))]
    assert rows[1][4] == ""
    for point in (0, 2):
        ours, theirs = (values[: min(len(reference), len(waits[point]))] for values in (waits[point], reference))
        difference = ours - theirs
        half = stats.t.ppf(0.975, len(difference) - 1) * stats.sem(difference)
        apart = math.ceil(len(difference) * (ours.var(ddof=1) + theirs.var(ddof=1)) / difference.var(ddof=1))
        clear = len(waits[point]) < 16 or abs(difference.mean()) > half
        assert rows[point][2:] == ["yes" if clear else "no", f"{half / 7:.1f} weeks of the difference", f"about {apart}"]


def test_the_page_tells_of_a_rule_about_a_group() -> None:
    """A measure of one group has a rule, a half-width and a row as one of everybody has; nothing is paired, so nothing is said of luck of its own."""
    group = f"{WAIT}[not_complex]"
    result = asked(Stopping(4, 8, group, half_width=3.5)).run()
    sentence, rows = told_of_futures(render(result, "accesssim sweep asked.yaml"))
    assert "half of the interval of the mean of “wait to treatment mean[not complex]” is at most 0.5 weeks, or 8 times." in sentence
    assert [row[1] for row in rows] == [str(number) for number in result.runs.groupby("point")[group].count()]
    assert [row[4] for row in rows] == [""] * 3


def test_a_part_of_such_an_experiment_cannot_be_worked_apart(tmp_path: Path) -> None:
    """What is run next hangs on all that was found."""
    with pytest.raises(FolderError, match="cannot be cut into parts"):
        asked(Stopping(4, 8, WAIT, half_width=1.0)).run(out=tmp_path / "kept", part=(1, 2))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{min: 1, max: 20, until: {measure: wait_to_treatment_mean, half_width: 3 days}}", "min = 1 must be a whole number of at least 2"),
        ("{min: 10, max: 5, until: {measure: wait_to_treatment_mean, half_width: 3 days}}", "max = 5 must be a whole number of at least 10"),
        ("{min: 4, max: 8}", "until must be such as {measure: wait_to_treatment_mean, half_width: 3 days}"),
        ("{min: 4, max: 8, until: {measure: wait_to_treatment_men, half_width: 3}}", "wait_to_treatment_men is not a measure; did you mean wait_to_treatment_mean?"),
        ("{min: 4, max: 8, until: {measure: wait_to_treatment_mean, half_width: 3 hours}}", "half_width = 3 hours must be a number above 0 (days)"),
        ("{min: 4, max: 8, until: {measure: wait_to_treatment_mean, half_width: -3}}", "half_width = -3 must be a number above 0 (days)"),
        ("{min: 4, max: 8, until: {measure: wait_to_treatment_mean, decision: guess}}", "decision = guess must be one of sign, best_of"),
        ("{min: 4, max: 8, until: {measure: referrals, decision: best_of}}", "referrals is neither good nor bad"),
        ("{min: 4, max: 8, until: {measure: wait_to_treatment_mean, decision: sign}}", "decision: sign needs compare_to"),
        ("{min: 4, mx: 8, max: 8, until: {measure: wait_to_treatment_mean, half_width: 1 weeks}}", "mx is not a key of replications; did you mean max?"),
    ],
)
def test_a_wrong_rule_says_what_would_be_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, told: str) -> None:
    """One line each, with its place."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked.yaml").write_text(f"scenario: baseline\nreplications: {rule}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        question.load("asked.yaml")
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)
    assert "asked.yaml:" in str(refused.value)


def test_a_rule_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-width of a week is seven days."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asked.yaml").write_text("scenario: baseline\nreplications: {min: 4, max: 8, until: {measure: wait_to_treatment_mean, half_width: 1 week}}\n", encoding="utf-8")
    assert question.load("asked.yaml").stopping == Stopping(4, 8, WAIT, 7.0)

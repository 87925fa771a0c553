"""Experiments: what is planned, what is kept on disk, and what it says when two policies are compared."""

import hashlib
import json
import math
import re
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import accesssim
from accesssim.clinic import service
from accesssim.study.asking import experiment_files
from accesssim.study.asking.experiment import Experiment, TooManyRuns
from accesssim.study.asking.experiment_layout import LATER
from accesssim.study.faults import Damaged, FolderError, FolderInUse
from accesssim.study.measuring.compare import paired
from accesssim.study.result import Result
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.folder_at_work import opened
from accesssim.study.running.plan import Plan
from accesssim.world.errors import AccessSimError, ScenarioError
from accesssim.world.scenario import Scenario

SMALL = {"run.weeks": 6, "demand.referrals_per_week": 8.0, "demand.history_days": 200}


@pytest.fixture(scope="module")
def small() -> Scenario:
    """The baseline with few people and weeks."""
    return accesssim.load("baseline").replace(SMALL)


@pytest.fixture
def study(small: Scenario) -> Experiment:
    """Two points, three replications each."""
    return Experiment(
        small,
        matrix={"bureaucracy.level": [0.5, 2.0]},
        replications=3,
        seed=7,
        compare_to={"bureaucracy.level": 0.5},
        name="tape",
    )


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every shard, without what was set aside."""
    return {
        path.name + path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
        if path.parent.name != "stale"
    }


class Backwards(Executor):
    """Does what it is given last first."""

    def __init__(self) -> None:
        self.given: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        pool = ThreadPoolExecutor(1)
        self.given.append((future, fn, args))
        pool.submit(self._work)
        return future

    def _work(self) -> None:
        future, fn, args = self.given.pop()
        future.set_result(fn(*args))


# -- what is planned


def test_a_matrix_is_every_combination_but_those_excluded(small: Scenario) -> None:
    """Points stand in the order of the matrix, without the excluded, and compare_to finds its own."""
    study = Experiment(
        small,
        matrix={"bureaucracy.level": [0.5, 1.0], "demand.stigma": [0.4, 0.5]},
        exclude=[{"bureaucracy.level": 0.5, "demand.stigma": 0.4}],
        compare_to={"bureaucracy.level": 1.0, "demand.stigma": 0.5},
    )
    assert [tuple(point.settings.values()) for point in study.plan().points] == [(0.5, 0.5), (1.0, 0.4), (1.0, 0.5)]
    assert study.plan().compare_to == 2
    assert len({point.digest for point in study.plan().points}) == 3


def test_a_notebook_shows_what_an_experiment_asks(small: Scenario) -> None:
    """In a line, and as a small table in which a title is text; of many points the first."""
    study = Experiment(
        small,
        matrix={"bureaucracy.level": [nth / 10 for nth in range(30)]},
        replications=3,
        seed=7,
        compare_to={"bureaucracy.level": 0.5},
        title="<b>",
        name="tape",
    )
    assert repr(study) == "<Experiment tape: 30 points, 3 replications of each, seed 7>"
    shown = study._repr_html_()
    assert "<b>" not in shown
    assert "<th>point 5, the reference</th><td>bureaucracy.level = 0.5</td>" in shown
    assert shown.endswith("<tr><th>and</th><td>10 more</td></tr></table>")


def test_shards_hold_every_run_once(study: Experiment) -> None:
    """However the work is cut, each replication of each point is in exactly one shard."""
    plan = study.plan()
    runs = [
        (shard.point, replication)
        for shard in plan.shards()
        for replication in range(shard.first, shard.first + shard.size)
    ]
    assert sorted(runs) == [(point, replication) for point in (0, 1) for replication in (0, 1, 2)]


def test_a_plan_survives_being_written(study: Experiment) -> None:
    """A plan read back from its JSON is the same plan, and one that was tampered with is refused."""
    plan = study.plan()
    assert Plan.from_json(plan.to_json()) == plan
    with pytest.raises(ValueError, match="changed"):
        Plan.from_json(plan.to_json().replace('"seed": 7', '"seed": 8'))


def test_every_point_is_checked_before_anything_runs(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """An impossible value at any point is refused, all of them at once, and nothing has been run."""
    monkeypatch.setattr(service, "rows", lambda *_, **__: pytest.fail("something ran"))
    with pytest.raises(ScenarioError) as refused:
        Experiment(small, matrix={"demand.stigma": [0.5, 1.4], "bureaucracy.level": [-1.0]})
    assert "demand.stigma = 1.4" in str(refused.value)
    assert "bureaucracy.level = -1" in str(refused.value)


def test_a_runaway_design_is_refused_without_being_built(small: Scenario) -> None:
    """Ten axes of ten values say how many runs and hours they are, at once."""
    axes = [
        path
        for path, value in small.provenance.items()
        if path.startswith("wellbeing.") and isinstance(value.value, float)
    ][:10]
    with pytest.raises(TooManyRuns, match=r"runs are asked for, about .* hours .*, and .* MB; .* --max-runs"):
        Experiment(small, matrix={path: [0.1 * step for step in range(10)] for path in axes}, replications=20)


# -- experiment files


def write(folder: Path, text: str) -> str:
    (folder / "asked.yaml").write_text(text, encoding="utf-8")
    return "asked.yaml"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_experiment_file_tells_all_its_problems_with_their_places(here: Path) -> None:
    """Misspelt path, impossible value, unknown key, later key, and a choice outside the matrix: each a line with its place."""
    name = write(
        here,
        "title: What if?\n"
        "scenario: baseline\n"
        "matrix:\n"
        "  bureaucracy.levle: [0.5, 1.0]\n"
        "  demand.stigma: [0.5, 1.4]\n"
        "exclude: [{demand.stigma: 0.7}]\n"
        "replicatons: 3\n"
        "hypothesis: less paperwork\n"
        "seed: -1\n",
    )
    with pytest.raises(ScenarioError) as refused:
        experiment_files.load(name)
    lines = str(refused.value).splitlines()
    for place, words in (
        ("asked.yaml:4:", "did you mean bureaucracy.level?"),
        ("asked.yaml:5:", "demand.stigma = 1.4 must be between 0 and 1 (share)"),
        ("asked.yaml:6:", "demand.stigma = 0.7 is not one of the matrix's values, 0.5, 1.4"),
        ("asked.yaml:7:1", "did you mean replications?"),
        ("asked.yaml:8:1", "hypothesis is not in this version"),
        ("asked.yaml:9:1", "seed = -1 must be a whole number"),
    ):
        assert [line for line in lines if line.startswith(place) and words in line], (place, words, lines)
    assert len(lines) == 6


@pytest.mark.parametrize(
    "text",
    [
        "replications: 4\nseed: 2\n",
        "replications: {min: 4, max: 8, until: {measure: still_waiting, half_width: 3}}\n",
        "best: {levers: {demand.stigma: [0.4, 0.6]}, measure: still_waiting, budget: 40}\n",
        "sample: {n: 4, ranges: {demand.stigma: [0.4, 0.6]}}\n",
    ],
)
def test_a_whole_number_may_be_written_with_nothing_behind_its_point(here: Path, text: str) -> None:
    """4.0 is taken as 4, as it is in a scenario."""
    assert (
        experiment_files.load(
            write(here, "scenario: baseline\n" + re.sub(r"\b(\d+)\b(?!\.)(?<!0\.\d)", r"\1.0", text))
        ).plan()
        == experiment_files.load(write(here, "scenario: baseline\n" + text)).plan()
    )


@pytest.mark.parametrize("key", LATER)
def test_keys_of_a_later_version_are_refused(here: Path, key: str) -> None:
    """What this version cannot do is never overlooked."""
    with pytest.raises(ScenarioError, match=f"{key} is not in this version"):
        experiment_files.load(write(here, f"scenario: baseline\n{key}: [1]\n"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: no scenario\n", "scenario is missing"),
        ("- a\n- b\n", "an experiment is"),
        ("scenario: baseline\nmatrix: {bureaucracy.level: 1.0}\n", "a list of values"),
        ("scenario: baseline\nmatrix: {bureaucracy.level: []}\n", "a list of values"),
        ("scenario: baseline\nreplications: 2.5\n", "must be a whole number"),
        ("scenario: baseline\nreplications: true\n", "replications = true must be a whole number"),
        ('scenario: baseline\nreplications: "2"\n', 'replications = "2" must be a whole number of at least 1'),
        ("scenario: baseline\nreplications:\n", "replications = nothing must be a whole number of at least 1"),
        ("scenario: baseline\nseed: off\n", "seed = off must be a whole number of at least 0"),
        ("scenario: baseline\nbest: {budget: 100, levers: {bureaucracy.level: [1, 2]}}\n", "nothing is not a measure"),
        ("scenario: baseline\nreplications: {min: 3}\n", "until must be such as"),
        ("scenario: nowhere\n", "nowhere"),
        (
            "scenario: baseline\nmatrix: {bureaucracy.level: [1.0, 2.0], demand.stigma: [0.5, 0.6]}\ncompare_to: {demand.stigma: 0.5}\n",
            "exactly one",
        ),
        (
            "scenario: baseline\nmatrix: {bureaucracy.level: [1.0]}\nexclude: [{bureaucracy.level: 1.0}]\n",
            "every point",
        ),
    ],
)
def test_a_wrong_experiment_says_what_would_be_right(here: Path, text: str, words: str) -> None:
    """Each mistake is told with the file and a line."""
    with pytest.raises(ScenarioError) as refused:
        experiment_files.load(write(here, text))
    assert words in str(refused.value)
    assert "asked.yaml:" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "matrix:\n  demand.stigma: [0.5]\n  bureaucracy.level: 1.0\ncompare_to: {bureaucracy.level: 1.0}\n",
            ["asked.yaml:4:3: matrix must give each dotted path a list"],
        ),
        (
            "zip:\n  demand.stigma: [0.5]\n  bureaucracy.level: {}\n",
            ["asked.yaml:4:3: zip must give each dotted path a list"],
        ),
        (
            "best:\n  measure: still_waiting\n  budget: 100\n  levers:\n    bureaucracy.level: []\n",
            ["asked.yaml:6:5: levers must give each dotted path a list"],
        ),
        (
            "best:\n  measure: still_waiting\n  budget: 9\n  levers: {bureaucracy.level: [1, 2]}\n",
            ["asked.yaml:4:3: budget = 9 must be at least 5 runs"],
        ),
    ],
)
def test_a_mistake_among_others_is_told_on_its_own_line(here: Path, text: str, lines: list[str]) -> None:
    """What is wrong with one axis, or with a budget, is told where that stands, and nothing that is right is called wrong for it."""
    with pytest.raises(ScenarioError) as refused:
        experiment_files.load(write(here, "scenario: baseline\n" + text))
    told = str(refused.value).splitlines()
    assert len(told) == len(lines)
    assert all(line.startswith(start) for line, start in zip(told, lines, strict=True)), told


@pytest.mark.parametrize("name", ["three_levers", "stigma_campaign", "care_for_carers", "clear_the_backlog"])
def test_shipped_experiments_are_valid(name: str) -> None:
    """Each experiment that comes with accesssim can be planned and has something to compare."""
    plan = experiment_files.load(name).plan()
    assert plan.name == name
    assert plan.title
    assert len(plan.points) > 1


# -- what is run and kept


def test_files_are_the_same_bytes_in_any_order(study: Experiment, tmp_path: Path) -> None:
    """Shards written in order and backwards are equal to the last byte, and so are the results read from them."""
    study.run(out=tmp_path / "forwards")
    study.run(Backwards(), out=tmp_path / "backwards")
    assert digests(tmp_path / "forwards") == digests(tmp_path / "backwards") != {}
    one, other = (Result.read(tmp_path / name) for name in ("forwards", "backwards"))
    pd.testing.assert_frame_equal(one.runs, other.runs)
    pd.testing.assert_frame_equal(one.weekly, other.weekly)


def test_a_kept_result_is_the_result(study: Experiment, tmp_path: Path) -> None:
    """What is read from a folder equals what a run without one returns, rows in plan order with their settings."""
    kept, held = study.run(out=tmp_path / "kept"), study.run()
    pd.testing.assert_frame_equal(kept.runs, held.runs)
    pd.testing.assert_frame_equal(kept.weekly, held.weekly, check_dtype=False)
    assert list(kept.runs["bureaucracy.level"]) == [0.5] * 3 + [2.0] * 3
    assert list(kept.runs["replication"]) == [0, 1, 2, 0, 1, 2]


def test_one_row_of_a_run_is_a_single_run(small: Scenario) -> None:
    """single_run gives the measures that stand in the row of that replication."""
    row = accesssim.run(small, replications=2, seed=5).runs.iloc[1]
    for name, value in accesssim.single_run(small, replication=1, seed=5).items():
        assert row[name] == value or (math.isnan(value) and math.isnan(row[name])), name


def test_a_finished_folder_is_left_alone(study: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same plan again runs nothing and gives the same rows."""
    first = study.run(out=tmp_path / "kept")
    monkeypatch.setattr(service, "rows", lambda *_, **__: pytest.fail("something ran again"))
    pd.testing.assert_frame_equal(study.run(out=tmp_path / "kept").runs, first.runs)


@pytest.mark.parametrize("harm", ["missing", "flipped", "cut ledger"])
def test_what_is_not_whole_is_done_again(study: Experiment, tmp_path: Path, harm: str) -> None:
    """A shard that is missing, has one bit flipped, or whose ledger line was cut short is redone to the same bytes."""
    folder = tmp_path / "kept"
    study.run(out=folder)
    before = digests(folder)
    victim = min((folder / "runs").iterdir())
    if harm == "missing":
        victim.unlink()
    elif harm == "flipped":
        held = bytearray(victim.read_bytes())
        held[len(held) // 2] ^= 1
        victim.write_bytes(held)
    else:
        ledger = folder / "ledger.jsonl"
        ledger.write_bytes(ledger.read_bytes()[:-20])
    if harm != "cut ledger":
        with pytest.raises(Damaged, match="missing or damaged"):
            Result.read(folder)
    assert len(study.run(out=folder).runs) == 6
    assert digests(folder) == before


def test_a_failed_replication_is_a_row_and_the_others_go_on(
    study: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure keeps point, replication, seed and a traceback without this machine's folders; five of six runs remain."""
    real = service.rows

    def sometimes(scenario: Scenario, *, replication: int, **addressed: Any) -> Any:
        if replication == 1 and scenario.parameters.bureaucracy.level == 2.0:
            raise RuntimeError("the roof fell in")
        return real(scenario, replication=replication, **addressed)

    monkeypatch.setattr(service, "rows", sometimes)
    result = study.run(out=tmp_path / "kept")
    assert len(result.runs) == 5
    (failure,) = result.failures.to_dict("records")
    assert (failure["point"], failure["replication"], failure["seed"]) == (1, 1, 7)
    assert failure["error"] == "RuntimeError: the roof fell in"
    assert "the roof fell in" in failure["traceback"]
    assert "study/running/shard.py" in failure["traceback"]
    assert str(Path(accesssim.__file__).parent) not in failure["traceback"]


def test_a_folder_that_holds_something_else_is_refused(study: Experiment, tmp_path: Path) -> None:
    """Nothing is written into a foreign folder, over a file, or over another plan's result."""
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear")
    with pytest.raises(FolderError, match="holds something else"):
        study.run(out=foreign)
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]
    with pytest.raises(FolderError, match="is a file"):
        study.run(out=foreign / "letter.txt")
    kept = tmp_path / "kept"
    study.run(out=kept)
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    other = Experiment(study.scenario, matrix=study.matrix, replications=4, seed=7)
    with pytest.raises(
        FolderError, match=r"holds 3 replications of each point, and 4 are asked for\. Add them with: --more 1"
    ):
        other.run(out=kept)
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before


def test_a_refused_plan_says_which_points_differ(small: Scenario) -> None:
    """By name: those of ours that are not there, or have another scenario, and those there that are not ours."""

    def plan(*levels: float, stigma: float = 0.5) -> Plan:
        return Experiment(
            small.replace({"demand.stigma": stigma}), matrix={"bureaucracy.level": levels}, replications=1, name="asked"
        ).plan()

    kept, level = plan(0.5, 1.0), "bureaucracy.level ="
    assert plan(0.5, 1.0).differences(kept) == []
    assert plan(0.5, 1.5).differences(kept) == [
        f"points: 2 here, 2 there; 1 of ours is not there or has another scenario: {level} 1.5; 1 of those there is not ours: {level} 1"
    ]
    assert plan(0.5, 1.0, 1.5, 2.0).differences(kept) == [
        f"points: 4 here, 2 there; 2 of ours are not there or have another scenario, such as {level} 1.5"
    ]
    assert plan(1.0).differences(kept) == [f"points: 1 here, 2 there; 1 of those there is not ours: {level} 0.5"]
    assert plan(1.0, 0.5).differences(kept) == ["points: 2 here, 2 there; in another order"]
    edited = plan(0.5, 1.0, stigma=0.6).differences(kept)
    assert (
        edited[0] == f"points: 2 here, 2 there; 2 of ours are not there or have another scenario, such as {level} 0.5"
    )
    assert edited[1].startswith("demand.stigma of ")


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(
    study: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No replication is spent on a folder that cannot keep it."""
    monkeypatch.setattr(service, "rows", lambda *_, **__: pytest.fail("something ran"))
    with pytest.raises(FolderError, match="cannot be written"):
        study.run(out="/proc/nowhere/result")


def test_two_cannot_work_in_one_folder(study: Experiment, tmp_path: Path) -> None:
    """While a folder is held, another run in it is refused."""
    pytest.importorskip("fcntl")
    study.run(out=tmp_path / "kept")
    with opened(ResultFolder(tmp_path / "kept"), study.plan(), ""), pytest.raises(FolderInUse, match="in use"):
        study.run(out=tmp_path / "kept")


def test_a_result_tells_nothing_of_its_maker(study: Experiment, tmp_path: Path) -> None:
    """No file of a result names a folder of this machine, and the ledger's names are relative."""
    folder = tmp_path / "kept"
    study.run(out=folder)
    for path in folder.rglob("*"):
        if path.is_file():
            assert str(tmp_path).encode() not in path.read_bytes(), path
            assert str(Path.home()).encode() + b"/" not in path.read_bytes(), path
    for line in (folder / "ledger.jsonl").read_text().splitlines():
        assert all((folder / name).is_file() for name in json.loads(line)["files"])


# -- comparison


def frame(values: list[float], seed: int = 1, first: int = 0, name: str = "wait_to_treatment_mean") -> pd.DataFrame:
    """Runs of one measure."""
    return pd.DataFrame({"point": 0, "replication": range(first, first + len(values)), "seed": seed, name: values})


def test_a_paired_difference_by_hand() -> None:
    """Differences 2, 4, 6 have mean 4 and a 95 % interval of 4 ± 4.303 × 2 / √3; a longer wait is never better."""
    (row,) = paired(frame([10.0, 20.0, 30.0]), frame([12.0, 24.0, 36.0]))
    assert (row.a, row.b, row.difference, row.better, row.replications) == (20.0, 24.0, 4.0, 0.0, 3)
    assert row.high - 4.0 == pytest.approx(4.302653 * 2 / math.sqrt(3), rel=1e-5)
    assert row.low == pytest.approx(8.0 - row.high)
    assert not row.is_clear


def test_a_tie_is_told_and_is_not_held_against_b() -> None:
    """Where both are the same B is not better, and not worse: that they tie is said, in all futures or in some."""
    from accesssim.study.telling import text

    (same,), (some,) = (
        paired(frame([1.0, 2.0, 3.0, 4.0]), frame(other)) for other in ([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 3.5])
    )
    assert (same.better, same.tied, same.favours) == (0.0, 1.0, "")
    assert (some.better, some.tied, some.favours) == (0.25, 0.75, "b")
    assert " all tie " in text.differences([same], "GBP")
    assert "25% (75% tie)" in text.differences([some], "GBP")


def test_a_clear_difference_is_marked_by_its_mean() -> None:
    """Sixty ties and forty futures in which nobody leaves any more: clearly better, though not in most of them."""
    from accesssim.study.measuring.compare import Against
    from accesssim.study.telling.report import _cell

    values = [0.0] * 60 + [1.0] * 40
    (row,) = paired(frame(values, name="discharged_unseen"), frame([0.0] * 100, name="discharged_unseen"))
    assert row.is_clear
    assert row.better == 0.4
    assert _cell("GBP", "discharged_unseen", 0.0, Against(1, row, row.p)).mark == "better"


def test_only_replications_that_both_have_are_paired() -> None:
    """Replications that failed, or in which there was no one, on either side leave the comparison."""
    (row,) = paired(frame([1.0, math.nan, 3.0, 4.0]), frame([5.0, 5.0, 5.0], first=1))
    assert (row.replications, row.difference) == (2, 1.5)


def test_futures_that_agree_are_few_all_the_same() -> None:
    """Differences that are all the same have no spread to judge by: the sign test says that two futures tell little and six a good deal.

    One of no difference tells nothing.
    """
    chances = {count: paired(frame([1.0] * count), frame([2.0] * count))[0] for count in (2, 6)}
    assert {count: row.p for count, row in chances.items()} == {2: 0.5, 6: 1 / 32}
    assert [row.is_clear for row in chances.values()] == [False, True]
    assert paired(frame([1.0] * 6), frame([1.0] * 6))[0].p == 1.0
    # The spread of three tenths is a rounding error above 0.
    assert paired(frame([0.0] * 3), frame([0.1] * 3))[0].p == 0.25
    costs = [90_000.1, 350_000.2, 1_700_000.3]
    dearer = [cost + 518.397 for cost in costs]
    assert np.ptp(np.subtract(dearer, costs)) > 0.0  # sums of money, each rounded
    assert paired(frame(costs), frame(dearer))[0].p == 0.25
    # A tenth of a penny is no rounding error.
    assert paired(frame(costs), frame([cost + 518.397 + 0.001 * nth for nth, cost in enumerate(costs)]))[0].p < 1e-6


def test_one_side_without_anybody_leaves_the_other_as_it_is() -> None:
    """Nothing is compared, and what is known of one of them is told."""
    (row,) = paired(frame([10.0, 20.0]), frame([math.nan, math.nan]))
    assert (row.a, row.replications) == (15.0, 0)
    assert math.isnan(row.b)
    assert math.isnan(row.difference)


def test_other_seeds_are_not_the_same_futures() -> None:
    """Runs with different seeds are refused rather than compared as if paired."""
    with pytest.raises(accesssim.AccessSimError, match="different seeds"):
        paired(frame([1.0]), frame([1.0], seed=2))


def test_the_same_policy_differs_by_nothing(small: Scenario) -> None:
    """A scenario compared with itself has differences of exactly 0 in every measure."""
    result = accesssim.run(small, replications=2, seed=3)
    differences = result.compare(accesssim.run(small, replications=2, seed=3))
    assert len(differences) > 20
    assert set(differences["difference"].dropna()) == {0.0}


def test_a_summary_has_every_measure_with_unit_and_denominator(small: Scenario) -> None:
    """One row a measure, each mean within its own interval."""
    summary = accesssim.run(small, replications=3, seed=3).summary()
    assert list(summary.columns) == ["measure", "mean", "low", "high", "unit", "of"]
    assert summary["measure"].is_unique
    known = summary.dropna(subset=["mean", "low", "high"])
    assert ((known["low"] <= known["mean"]) & (known["mean"] <= known["high"])).all()
    assert "wait_to_treatment_mean" in set(summary["measure"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda _: Experiment("baseline"), "scenario: 'baseline' is not a scenario, nor a list of them; load one"),
        (lambda _: Experiment([]), "scenario: [] is not a scenario, nor a list of them; load one"),
        (lambda _: accesssim.simulate("baseline", seed=1), "scenario: 'baseline' is not a scenario; load one"),
        (
            lambda small: accesssim.run(small, replications=1.5),
            "replications = 1.5 must be a whole number of at least 1",
        ),
        (
            lambda small: accesssim.run(small, replications="3"),
            'replications = "3" must be a whole number of at least 1',
        ),
        (lambda small: accesssim.run(small, seed="1"), "seed = '1' must be a whole number between 0 and"),
        (
            lambda small: Experiment(small, matrix={"bureaucracy.level": 1}),
            "bureaucracy.level = 1 must be a list of values, such as [1]",
        ),
        (
            lambda small: Experiment(small, matrix={"waiting.order": "fifo"}),
            "waiting.order = 'fifo' must be a list of values, such as ['fifo']",
        ),
        (
            lambda small: Experiment(small).run(out="nowhere", part=(7, 2)),
            "part = (7, 2) must be (i, n) with i from 1 to n",
        ),
        (lambda small: Experiment(small).run(out="nowhere", part=3), "part = 3 must be (i, n) with i from 1 to n"),
        (
            lambda small: Experiment(small).run(part=(1, 2)),
            "part: part is of a result that is kept in a folder; name the folder: out=…",
        ),
        (lambda small: Experiment(small).run(more=2), "more: more is of a result that is kept in a folder"),
        (
            lambda small: Experiment(small).run(out="nowhere", more=-1),
            "more: more = -1 must be a whole number of at least 0",
        ),
        (lambda small: Experiment(small).run(out=3), "out: 3 must be a folder, such as"),
        (lambda small: Experiment(small).run("four"), "executor: 'four' must be an executor of concurrent.futures"),
        (
            lambda small: Experiment(small).run(ThreadPoolExecutor),
            "executor: <class 'concurrent.futures.thread.ThreadPoolExecutor'> must be an executor of concurrent.futures",
        ),
        (lambda small: accesssim.run(small, workers="a"), "workers: workers = a must be a whole number of at least 1"),
        (lambda small: accesssim.run(small, workers=0), "workers: workers = 0 must be a whole number of at least 1"),
        (lambda small: accesssim.run(small, workers=-1), "workers: workers = -1 must be a whole number of at least 1"),
        (
            lambda small: accesssim.run(small, replications=True),
            "replications: replications = true must be a whole number of at least 1",
        ),
        (lambda _: accesssim.single_run(3), "scenario: 3 is not a scenario; load one"),
        (lambda small: Experiment(small, matrix=[1]), "matrix: [1] must be a mapping of dotted paths, such as"),
        (lambda small: Experiment(small, matrix={1: [2]}), "matrix: 1 is not a dotted path, such as bureaucracy.level"),
        (
            lambda small: Experiment(small, matrix={"bureaucracy.level": []}),
            "matrix: bureaucracy.level has no values; give it at least one",
        ),
        (
            lambda small: Experiment(small, side_by_side={"bureaucracy.level": []}),
            "side_by_side: bureaucracy.level has no values",
        ),
        (lambda small: Experiment(small, sample={"n": 3}), "sample: {'n': 3} must be a Sample"),
        (
            lambda small: Experiment(small, matrix={"funding.annual_budget": [{"value": 1e6, "unit": "USD per year"}]}),
            "matrix: funding.annual_budget is given in USD, and funding.currency is GBP",
        ),
        (
            lambda small: Experiment(
                small, include=[{"funding.annual_budget": {"value": 1e6, "unit": "USD per year"}}]
            ),
            "include: funding.annual_budget is given in USD",
        ),
        (lambda small: Experiment(small, table=3), "table: 3 must be a list, such as"),
        (lambda small: Experiment(small, include="x"), "include: 'x' must be a list, such as"),
        (lambda small: Experiment(small, exclude=[3]), "exclude.0: 3 must be a mapping of dotted paths"),
        (lambda small: Experiment(small, exclude=[{}]), "exclude.0: must name at least one value"),
        (lambda small: Experiment(small, compare_to=0), "compare_to: 0 must be a mapping of dotted paths"),
        (lambda small: Experiment(small, most_runs="few"), "most_runs: most_runs = few must be a whole number"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    small: Scenario, asked: Callable[[Scenario], object], told: str
) -> None:
    """Before anything runs, in the words of whoever asks."""
    with pytest.raises(AccessSimError, match=re.escape(told)):
        asked(small)


def test_whole_numbers_may_be_written_as_people_and_numpy_write_them(small: Scenario) -> None:
    """2.0 and numpy's 2 are replications, or a seed, as 2 is."""
    plans = [Experiment(small, replications=two, seed=two).plan() for two in (2, 2.0, np.int64(2))]
    assert plans[0] == plans[1] == plans[2]
    assert isinstance(plans[1].seed, int)


def test_what_cannot_be_asked_of_a_result_is_refused_by_name(small: Scenario) -> None:
    """A measure that there is none of has no values; and only a result can be compared."""
    result = accesssim.run(small, replications=1, seed=1)
    for asked in (result.values, result.means_of, lambda name: result.read_ahead([name])):
        with pytest.raises(AccessSimError, match=r"^still_waitin is not a measure; did you mean still_waiting\?$"):
            asked("still_waitin")
    with pytest.raises(AccessSimError, match=r"^\['still_waiting'\] is not a measure"):
        result.values(["still_waiting"])
    with pytest.raises(AccessSimError, match=r'^there is no point "0"; the points are 0 to 0'):
        result.at("0")
    for asked in (result.values, result.futures, result.means_of, lambda name: result.against(0, [name])):
        with pytest.raises(
            AccessSimError,
            match=r"^there is no still_waiting\[nurses\] here; still_waiting is told of the groups complex, not_complex, ",
        ):
            asked("still_waiting[nurses]")
    with pytest.raises(
        AccessSimError,
        match=r"^there is no referrals\[complex\] here; referrals is told of all together, and of no groups$",
    ):
        result.values("referrals[complex]")
    for at in (result.against, lambda point: result.weeks(point, ["waiting"])):
        with pytest.raises(AccessSimError, match=r"^there is no point 9; the points are 0 to 0"):
            at(9)
    with pytest.raises(AccessSimError, match=r"^by = nose must be one of team, complexity, severity, route, class$"):
        result.compare_people(result, by="nose")
    with pytest.raises(AccessSimError, match=r'^nothing is not a result folder; name one, such as "results/asked"$'):
        Result.read(None)
    for compared in (result.compare, result.compare_people):
        with pytest.raises(ScenarioError, match=r"^compare: nothing is not a result; run one"):
            compared(None)

"""Designs: which points are run, from lists, samples, tables and several scenarios; counted before they are built."""

import html
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import accesssim
from accesssim.cli.command_line import cli
from accesssim.study.asking import experiment_files
from accesssim.study.asking.design import Design, RepeatedPoints
from accesssim.study.asking.experiment import Experiment, TooManyRuns
from accesssim.study.asking.sample import Sample
from accesssim.study.result import Result
from accesssim.study.running.plan import Plan
from accesssim.world.errors import ScenarioError
from tests.clinics import small, written

WARD = (
    "pathways:\n"
    "  ward: {places: 3, from_score: 28, takes_from: [low_intensity], stay: {law: exponential, mean_days: 10}}\n"
    "initial: {waiting: {ward: 0}}\n"
)
RANGES = {"demand.stigma": (0.3, 0.7), "workforce.low_intensity.posts": (4.0, 12.0), "bureaucracy.level": (0.5, 1.5)}


def points(**design: object) -> list[dict[str, object]]:
    """The points of a design of the baseline."""
    return list(Design(**design).points(accesssim.load("baseline"), seed=3))


def test_lists_side_by_side_go_together() -> None:
    """Three pairs beside a matrix of two are six points."""
    found = points(
        matrix={"demand.stigma": [0.4, 0.5]},
        side_by_side={"bureaucracy.level": [0.5, 1.0, 1.5], "bureaucracy.admin_posts": [4.0, 2.0, 0.0]},
    )
    assert len(found) == 6
    assert {(one["bureaucracy.level"], one["bureaucracy.admin_posts"]) for one in found} == {
        (0.5, 4.0),
        (1.0, 2.0),
        (1.5, 0.0),
    }
    with pytest.raises(ScenarioError, match="lists of 1 and 2 values; side by side they must be equally long"):
        Design(side_by_side={"bureaucracy.level": [1.0], "demand.stigma": [0.4, 0.5]})


def test_what_is_included_is_added_and_what_is_excluded_is_taken_out() -> None:
    """Include adds points with paths of their own; exclude takes out all that agree."""
    found = points(
        matrix={"bureaucracy.level": [0.5, 1.0]},
        include=[{"bureaucracy.level": 2.0, "demand.stigma": 0.3}],
        exclude=[{"bureaucracy.level": 0.5}],
    )
    assert found == [{"bureaucracy.level": 1.0}, {"bureaucracy.level": 2.0, "demand.stigma": 0.3}]


@pytest.mark.parametrize("method", ["sobol", "latin_hypercube"])
def test_samples_fill_their_ranges_evenly(method: str) -> None:
    """64 points within the ranges, the same for the same seed, whole where they must be, with a mean near the middle of every range."""
    sample = Sample(method, 64, RANGES)
    found, again, other = (
        sample.points(accesssim.load("baseline"), 3),
        sample.points(accesssim.load("baseline"), 3),
        sample.points(accesssim.load("baseline"), 4),
    )
    assert found == again != other
    assert all(isinstance(point["workforce.low_intensity.posts"], int) for point in found)
    for path, (low, high) in RANGES.items():
        values = [float(point[path]) for point in found]
        assert low <= min(values) <= max(values) <= high
        assert abs(np.mean(values) - (low + high) / 2) < 0.05 * (high - low)
    if method == "latin_hypercube":  # one in each of 64 equal parts
        assert sorted(
            math.floor((float(point["demand.stigma"]) - 0.3) / 0.4 * 64 * (1 - 1e-9)) for point in found
        ) == list(range(64))


def test_a_sample_takes_the_range_beside_a_value() -> None:
    """`evidence` stands for low and high of the scenario; a value without them is named."""
    baseline = accesssim.load("baseline")
    held = baseline.provenance["therapy.dropout_per_session"]
    values = [
        point["therapy.dropout_per_session"]
        for point in Sample("sobol", 8, {"therapy.dropout_per_session": None}).points(baseline, 1)
    ]
    assert held.low <= min(values) < max(values) <= held.high
    with pytest.raises(
        ScenarioError, match=r"run\.weeks has no low and high beside its value in baseline; state a range"
    ):
        Sample("sobol", 8, {"run.weeks": None}).points(baseline, 1)


def test_one_path_is_varied_in_one_way() -> None:
    """The same path in matrix and sample would be a riddle."""
    with pytest.raises(ScenarioError, match=r"bureaucracy\.level is varied in more than one way"):
        Design(matrix={"bureaucracy.level": [1.0]}, sample=Sample("sobol", 4, RANGES))


def test_a_sample_that_repeats_itself_once_rounded_is_run_once(here: Path) -> None:
    """Of twenty points of six whole numbers six are left, in order, and it is said; the command line says it in one line."""
    few = Sample("latin_hypercube", 20, {"workforce.low_intensity.posts": (4.0, 9.0)})
    with pytest.warns(
        RepeatedPoints,
        match="of the 20 points of the sample 6 are different, as whole numbers are rounded: each is run once",
    ):
        found = points(sample=few, matrix={"demand.stigma": [0.4, 0.5]})
    every = [point["workforce.low_intensity.posts"] for point in few.points(accesssim.load("baseline"), 3)]
    assert [point["workforce.low_intensity.posts"] for point in found[:6]] == list(dict.fromkeys(every))
    assert len(found) == 12
    (here / "asked.yaml").write_text(
        "scenario: baseline\nsample: {method: latin_hypercube, n: 20, ranges: {workforce.low_intensity.posts: [4, 9]}}\nseed: 3\n",
        encoding="utf-8",
    )
    told = subprocess.run(
        [sys.executable, "-m", "accesssim", "sweep", "asked.yaml", "--dry-run"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0
    assert "6 points x 20 replications" in told.stdout
    assert (
        told.stderr.splitlines()[0]
        == "Note: of the 20 points of the sample 6 are different, as whole numbers are rounded: each is run once."
    )


def test_what_is_excluded_may_be_of_any_axis(here: Path) -> None:
    """Of a list, a range, a table, what is included, or a scenario."""
    (here / "points.csv").write_text("bureaucracy.level\n0.5\n1.5\n", encoding="utf-8")
    study = asked(
        here,
        "scenarios: [baseline, red_tape_cut]\ndesign: points.csv\nmatrix: {demand.stigma: [0.4, 0.5]}\ninclude: [{run.weeks: 8}]\n"
        "exclude: [{bureaucracy.level: 0.5}, {scenario: baseline, demand.stigma: 0.5}, {run.weeks: 8}]\n",
    )
    assert len(study.settings) == 3


def test_no_setting_that_the_experiment_decides_is_an_axis() -> None:
    """From Python as from a file."""
    with pytest.raises(ScenarioError, match=r"run\.seed is the same at every point"):
        Experiment(accesssim.load("baseline"), matrix={"run.seed": [1, 2]})


def test_a_runaway_design_is_counted_and_not_built() -> None:
    """Ten axes of ten values, and a sample of a million: refused at once."""
    paths = [path for path, held in accesssim.load("baseline").provenance.items() if isinstance(held.value, float)][:10]
    with pytest.raises(TooManyRuns):
        Experiment(accesssim.load("baseline"), matrix={path: [0.1] * 10 for path in paths})
    with pytest.raises(TooManyRuns):
        Experiment(accesssim.load("baseline"), sample=Sample("sobol", 10_000_000, RANGES))


def test_several_scenarios_are_an_axis(tmp_path: Path) -> None:
    """Each is run at every point, in the same futures, and one of them is what the others are compared with."""
    both = [small(run__weeks=4), small("red_tape_cut", run__weeks=4)]
    study = Experiment(
        both,
        matrix={"demand.stigma": [0.4, 0.5]},
        replications=2,
        seed=3,
        compare_to={"scenario": "baseline", "demand.stigma": 0.5},
    )
    result = study.run(out=tmp_path / "kept")
    assert set(result.runs["scenario"]) == {"baseline", "red_tape_cut"}
    assert len(result.runs) == 8
    assert [point.label for point in result.plan.points][
        result.plan.compare_to or 0
    ] == "scenario = baseline, demand.stigma = 0.5"
    assert result.plan.scenario_at(3).digest() == result.plan.points[3].digest
    told = CliRunner().invoke(cli, ["report", str(tmp_path / "kept")])
    assert told.exit_code == 0, told.output
    assert list(Result.read(tmp_path / "kept").runs["referrals"]) == list(result.runs["referrals"])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(here: Path, text: str) -> Experiment:
    """An experiment from the text of its file."""
    (here / "asked.yaml").write_text(text, encoding="utf-8")
    return experiment_files.load("asked.yaml")


@pytest.mark.parametrize(
    "design",
    [
        "zip: {teams.north.share: [0.3, 0.5], teams.south.share: [0.7, 0.5]}\n",
        "design: points.csv\n",
        (
            "matrix: {bureaucracy.level: [1.0]}\n"
            "include:\n"
            "  - {teams.north.share: 0.3, teams.south.share: 0.7}\n"
            "  - {teams.north.share: 0.5, teams.south.share: 0.5}\n"
        ),
    ],
)
def test_what_fits_only_together_is_given_together(here: Path, design: str) -> None:
    """Shares of two teams: neither may be another alone, both may; and what does not fit beside its own is refused at its place."""
    (here / "two.yaml").write_text(
        "extends: baseline\nteams: {north: {share: 0.4}, south: {share: 0.6}}\n", encoding="utf-8"
    )
    (here / "points.csv").write_text("teams.north.share,teams.south.share\n0.3,0.7\n0.5,0.5\n", encoding="utf-8")
    text = f"scenario: two.yaml\nreplications: 1\n{design}"
    assert [point["teams.north.share"] for point in asked(here, text).settings if "teams.north.share" in point] == [
        0.3,
        0.5,
    ]
    (here / "points.csv").write_text("teams.north.share,teams.south.share\n0.3,0.7\n0.9,0.5\n", encoding="utf-8")
    with pytest.raises(
        ScenarioError,
        match=r"^(asked.yaml:[346]|points.csv:3):\d+: teams have shares that add up to 1.5; everybody needs one home team",
    ):
        asked(here, text.replace("0.5", "0.9", 1))


def test_files_say_all_of_it(here: Path) -> None:
    """zip, sample, design, include and scenarios in files; a table's row is a point."""
    (here / "points.csv").write_text(
        "bureaucracy.level, workforce.high_intensity.posts\n0.5, 20\n1.5, 24\n\n", encoding="utf-8"
    )
    study = asked(
        here,
        "scenarios: [baseline, red_tape_cut]\ndesign: points.csv\nreplications: 2\ncompare_to: {scenario: baseline, bureaucracy.level: 0.5}\n",
    )
    assert [list(point.values()) for point in study.settings] == [
        ["baseline", 0.5, 20],
        ["baseline", 1.5, 24],
        ["red_tape_cut", 0.5, 20],
        ["red_tape_cut", 1.5, 24],
    ]
    assert study.compare_to == 0
    study = asked(
        here,
        (
            "scenario: baseline\n"
            "sample:\n"
            "  method: latin_hypercube\n"
            "  n: 5\n"
            "  ranges: {demand.stigma: [0.3, 0.7], therapy.dropout_per_session: evidence}\n"
            "seed: 4\n"
        ),
    )
    assert len(study.settings) == 5
    study = asked(
        here,
        "scenario: baseline\nzip: {bureaucracy.level: [0.5, 1.0], bureaucracy.admin_posts: [4, 2]}\ninclude: [{bureaucracy.level: 3.0}]\n",
    )
    assert len(study.settings) == 3
    told = CliRunner().invoke(cli, ["sweep", "asked.yaml", "--dry-run"])
    assert "3 points x 20 replications = 60 runs" in told.output
    assert "MB: estimated at stated rates" in told.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "zip: {bureaucracy.level: [1.0], demand.stigma: [0.4, 0.5]}",
            "asked.yaml:2:1: zip has lists of 1 and 2 values",
        ),
        ("zip: {bureaucracy.levle: [1.0]}", "did you mean bureaucracy.level?"),
        (
            "sample: {n: 0, ranges: {demand.stigma: [0.3, 0.7]}}",
            "asked.yaml:2:10: n = 0 must be a whole number from 1 to 10,000,000",
        ),
        ("sample: {n: 4, ranges: {demand.stigma: [0.7, 0.3]}}", "demand.stigma must have a range [low, high]"),
        (
            "sample: {n: 4, ranges: {demand.stigma: [0.5, 0.5]}}",
            "demand.stigma must have a range [low, high] of a smaller and a larger number",
        ),
        ("sample: {n: 4, ranges: {demand.stigma: [0.3, 1.7]}}", "demand.stigma = 1.7 must be between 0 and 1 (share)."),
        ("sample: {n: 4, ranges: {run.weeks: evidence}}", "asked.yaml:2:1: run.weeks has no low and high"),
        (
            "sample: {n: 4, method: random, ranges: {demand.stigma: [0.3, 0.7]}}",
            "method = random must be one of sobol, latin_hypercube",
        ),
        ("sample: {n: 4, rangs: {demand.stigma: [0.3, 0.7]}}", "rangs is not a key of sample; did you mean ranges?"),
        ("design: points.txt", "design: points.txt must be a path that ends in .csv"),
        ("design: nowhere.csv", "design: there is no file nowhere.csv"),
        ("design: ../points.csv", "design: ../points.csv leaves the project's folder"),
        ("design: bad.csv", "bad.csv:3:1: has 1 values where the first line has 2 paths"),
        ("design: wrong.csv", "wrong.csv:2:1: demand.stigma = 1.4 must be between 0 and 1 (share)."),
        ("include: [{demand.stigma: 1.4}]", "asked.yaml:2:12: demand.stigma = 1.4 must be between 0 and 1 (share)."),
        ("include: [{scenario: other}]", "scenario = other is not one of the scenarios, baseline"),
        (
            "matrix: {run.seed: [1, 2]}",
            "asked.yaml:2:21: run.seed is the same at every point, as the experiment decides it; write seed: at the top of the experiment instead",
        ),
        (
            "zip: {run.replications: [2, 3]}",
            "asked.yaml:2:26: run.replications is the same at every point, as the experiment decides it; write replications: at the top",
        ),
        ("sample: {n: 4, ranges: {run.seed: [1, 9]}}", "run.seed is the same at every point"),
        ("design: seeds.csv", "seeds.csv:2:1: run.seed is the same at every point"),
        ("include: [{run.seed: 2}]", "asked.yaml:2:12: run.seed is the same at every point"),
        (
            "best: {levers: {run.seed: [1, 2]}, measure: still_waiting, budget: 100}",
            "asked.yaml:2:28: run.seed is the same at every point",
        ),
        (
            "matrix: {bureaucracy.level: [0.5, 0.7]}\nbest: {levers: {bureaucracy.level: [1, 2]}, measure: still_waiting, budget: 100}",
            "asked.yaml:3:17: bureaucracy.level is varied in more than one way",
        ),
        ("matrix: {bureaucracy.level: [0.5, 0.7, 0.50]}", "asked.yaml:2:40: bureaucracy.level has 0.5 twice"),
        (
            "best: {levers: {bureaucracy.level: [1, 1.0]}, measure: still_waiting, budget: 100}",
            "asked.yaml:2:40: bureaucracy.level has 1.0 twice",
        ),
        (
            "zip: {bureaucracy.level: [0.5, 0.6, 0.5], demand.stigma: [0.4, 0.4, 0.4]}",
            "asked.yaml:2:37: bureaucracy.level = 0.5, demand.stigma = 0.4 is given twice",
        ),
        (
            "design: twice.csv",
            "twice.csv:4:1: demand.stigma = 0.5, bureaucracy.level = 1 is given twice; the same point would be run twice",
        ),
        (
            "include: [{demand.stigma: 0.4}, {demand.stigma: 0.4}]",
            "asked.yaml:2:33: demand.stigma = 0.4 is given twice",
        ),
        (
            "matrix: {demand.stigma: [0.4, 0.5]}\ninclude: [{demand.stigma: 0.5}]",
            "asked.yaml:3:11: demand.stigma = 0.5 is given twice",
        ),
        (
            "exclude: [{no.such: 7}]\ninclude: [{demand.stigma: 0.4}]",
            "asked.yaml:2:12: no.such is not varied here, so no point has it",
        ),
        (
            "exclude: [{demand.stigmma: 0.4}]\nsample: {n: 4, ranges: {demand.stigma: [0.3, 0.7]}}",
            "asked.yaml:2:12: demand.stigmma is not varied here, so no point has it; did you mean demand.stigma?",
        ),
        ("design: good.csv\nexclude: [{run.weeks: 4}]", "asked.yaml:3:12: run.weeks is not varied here"),
        ("design: good.csv\ncompare_to: {run.weeks: 4}", "asked.yaml:3:14: run.weeks is not varied here"),
        ("scenarios: [baseline]", "give either scenario or scenarios, not both"),
    ],
)
def test_a_wrong_design_says_what_would_be_right(here: Path, text: str, told: str) -> None:
    """Each with its place, in the table as well."""
    (here / "bad.csv").write_text("demand.stigma,bureaucracy.level\n0.5,1.0\n0.5\n", encoding="utf-8")
    (here / "wrong.csv").write_text("demand.stigma\n1.4\n", encoding="utf-8")
    (here / "seeds.csv").write_text("run.seed\n1\n2\n", encoding="utf-8")
    (here / "good.csv").write_text("demand.stigma,bureaucracy.level\n0.5,1.0\n", encoding="utf-8")
    (here / "twice.csv").write_text("demand.stigma,bureaucracy.level\n0.5,1.0\n0.6,1.0\n0.50,1\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        asked(here, f"scenario: baseline\n{text}\n")
    assert told in str(refused.value)
    assert len(refused.value.problems) == 1


HALF_AN_HOUR = {"value": 30, "unit": "minutes"}


@pytest.mark.parametrize(
    ("design", "told"),
    [
        ({"exclude": [{"x": 1}]}, "exclude.0: x is not varied here, so no point has it"),
        (
            {"exclude": [{"bureaucracy.level": 1.0}, {"bureaucracy.levl": 1}]},
            "exclude.1: bureaucracy.levl is not varied here, so no point has it; did you mean bureaucracy.level?",
        ),
        (
            {"exclude": [{"bureaucracy.level": 7}]},
            "exclude.0: bureaucracy.level = 7 is not one of the matrix's values, 0.5, 1.0",
        ),
        (
            {"compare_to": {"bureaucracy.levl": 1}},
            "compare_to: bureaucracy.levl is not varied here, so no point has it; did you mean bureaucracy.level?",
        ),
        (
            {"compare_to": {"bureaucracy.level": 7}},
            "compare_to: bureaucracy.level = 7 is not one of the matrix's values, 0.5, 1.0",
        ),
    ],
)
def test_what_no_point_has_is_refused_in_a_call_as_in_a_file(design: dict[str, object], told: str) -> None:
    """A path that is not varied, or a value that is not in the lists, would take out nothing."""
    with pytest.raises(ScenarioError) as refused:
        Experiment(accesssim.load("baseline"), matrix={"bureaucracy.level": [0.5, 1.0]}, **design)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("design", "told"),
    [
        (
            {"matrix": {"bureaucracy.level": [0.5, 1.0]}, "include": [{"demand.stigma": 0.5}]},
            "include.0: demand.stigma = 0.5 makes the same scenario as bureaucracy.level = 1.0; the same point would be run twice",
        ),
        (
            {"matrix": {"bureaucracy.hours_per_session": [HALF_AN_HOUR, 0.2, 0.5]}},
            "matrix.bureaucracy.hours_per_session.2: bureaucracy.hours_per_session has 0.5 twice",
        ),
        ({"matrix": {"loops.stigma": ["on", True]}}, "matrix.loops.stigma.1: loops.stigma has True twice"),
        (
            {
                "matrix": {"waiting.patience": ["log_logistic"]},
                "include": [{"demand.stigma": 0.4}, {"demand.stigma": 0.4, "bureaucracy.level": 1}],
            },
            "include.1: demand.stigma = 0.4, bureaucracy.level = 1 makes the same scenario as demand.stigma = 0.4",
        ),
        (
            {"table": [{"demand.stigma": 0.4}, {"bureaucracy.level": 1.0}, {"demand.stigma": 0.5}]},
            "design.2: demand.stigma = 0.5 makes the same scenario as bureaucracy.level = 1.0",
        ),
    ],
)
def test_the_same_point_however_it_is_spelt_is_refused(design: dict[str, object], told: str) -> None:
    """With a unit, as a word, or as what the scenario has anyway: two points that make the same scenario are one."""
    baseline = accesssim.load("baseline")
    assert (
        baseline.parameters.demand.stigma,
        baseline.parameters.bureaucracy.level,
        baseline.parameters.waiting.patience,
    ) == (0.5, 1.0, "log_logistic")
    with pytest.raises(ScenarioError) as refused:
        Experiment(baseline, **design)
    assert str(refused.value).startswith(told)


def test_what_differs_in_weeks_or_scenario_is_another_point() -> None:
    """Also where weeks, asked for, take the place of days, or another scenario of the design has the value anyway."""
    days = accesssim.load("baseline").replace({"run.days": 100})
    weeks = days.parameters.run.weeks
    assert (
        len(Experiment(days, matrix={"bureaucracy.level": [0.5, 1.0]}, include=[{"run.weeks": weeks}]).scenarios) == 3
    )
    other = replace(days.replace({"demand.stigma": 0.4}), name="other")
    both = Experiment(
        [days, other],
        matrix={"bureaucracy.level": [0.5, 1.0]},
        include=[{"scenario": "other", "demand.stigma": 0.5, "bureaucracy.level": 0.7}],
    )
    assert len({scenario.digest() for scenario in both.scenarios}) == len(both.scenarios) == 5


def test_a_plan_keeps_what_a_value_with_a_unit_comes_to(here: Path) -> None:
    """The number, by which a point can be named, and from which its scenario is made again."""
    study = asked(
        here,
        (
            "scenario: baseline\n"
            "matrix: {bureaucracy.hours_per_session: [{value: 30, unit: minutes}, 0.2, 6 minutes]}\n"
            "compare_to: {bureaucracy.hours_per_session: 0.5}\n"
        ),
    )
    plan = Plan.from_json(study.plan().to_json())
    assert [point.settings for point in plan.points] == [
        {"bureaucracy.hours_per_session": value} for value in (0.5, 0.2, 0.1)
    ]
    assert plan.compare_to == 0
    assert plan.scenario_at(0) == study.scenarios[0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"n": 0}, "n = 0 must be a whole number of at least 1"),
        ({"n": "4"}, 'n = "4" must be a whole number of at least 1'),
        ({"method": "grid"}, "method = grid must be one of sobol, latin_hypercube"),
        ({"ranges": {}}, "ranges = {} must give each dotted path (low, high)"),
        (
            {"ranges": {"demand.stigma": 3}},
            "demand.stigma must have a range (low, high) of a smaller and a larger number",
        ),
        (
            {"ranges": {"demand.stigma": (0.5, 0.5)}},
            "demand.stigma must have a range (low, high) of a smaller and a larger number",
        ),
    ],
)
def test_what_cannot_be_sampled_is_refused_by_name(changes: dict[str, object], told: str) -> None:
    """A range without width would give the same point over and over."""
    with pytest.raises(ScenarioError, match=re.escape(f"sample: {told}")):
        Sample(**({"method": "sobol", "n": 4, "ranges": {"demand.stigma": (0.3, 0.7)}} | changes))


def test_a_range_beside_a_value_has_a_width_as_well() -> None:
    """Low and high of a scenario that are one number are no range."""
    sure = accesssim.load("baseline").replace({"demand.stigma": {"value": 0.5, "low": 0.5, "high": 0.5}})
    with pytest.raises(
        ScenarioError,
        match=r"demand\.stigma has 0\.5 for both low and high beside its value in baseline; state a range",
    ):
        Sample("sobol", 8, {"demand.stigma": None}).points(sure, 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe")
def test_a_table_that_is_no_file_is_told_what_it_is(here: Path) -> None:
    """A pipe, which would never end, a folder, and a link to nothing: at its place, not as absent."""
    os.mkfifo(here / "pipe.csv")
    (here / "folder.csv").mkdir()
    (here / "link.csv").symlink_to("nowhere.csv")
    for name, what in (
        ("pipe", "is a pipe or a device"),
        ("folder", "is a folder"),
        ("link", "is a link that leads nowhere"),
    ):
        with pytest.raises(ScenarioError, match=f"asked.yaml:2:1: design: {name}.csv {what}; name a file"):
            asked(here, f"scenario: baseline\ndesign: {name}.csv\n")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("bureaucracy.level,bureaucracy.level\n0.5,0.6\n", "points.csv:1:1: bureaucracy.level is given twice"),
        ('bureaucracy.level\n"0.5\n', "points.csv: is not a table of values with commas between them"),
    ],
)
def test_a_table_that_says_two_things_or_ends_too_soon_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, told: str
) -> None:
    """A path in two columns, or a quotation mark that is never closed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text(table, encoding="utf-8")
    (tmp_path / "asked.yaml").write_text("scenario: baseline\ndesign: points.csv\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(told)):
        experiment_files.load("asked.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("matrix: {bureaucracy.level: [0.5, 1, 1.0]}", "bureaucracy.level has 1.0 twice"),
        (
            "matrix: {bureaucracy.level: [0.5]}\nreplications: {min: 2, max: 4, until: {measure: 'wait_to_assessment_mean[complx]', half_width: 3}}",
            "asked.yaml:3:40: wait_to_assessment_mean[complx] is of no group of people or team of baseline; did you mean complex?",
        ),
        (
            "find: {lever: bureaucracy.level, between: [0.5, 2], smallest_such_that: {measure: started_by_18_weeks_share, at_least: 95}}",
            "at_least = 95 is not a share, which is from 0 to 1; did you mean 0.95?",
        ),
        (
            "best: {levers: {bureaucracy.level: [0.5, 1]}, measure: 'utilisation[nurses]', budget: 20}",
            "utilisation[nurses] is of no staff group",
        ),
        (
            "best: {levers: {bureaucracy.level: [0.5, 1]}, measure: 'utilisation[complex]', budget: 20}",
            "utilisation[complex] is of no staff group or team of baseline; there are high_intensity, low_intensity",
        ),
        (
            "best: {levers: {bureaucracy.level: [0.5, 1]}, measure: 'still_waiting[urgent]', budget: 20}",
            "still_waiting[urgent] is of no group of people or team of baseline; there are",
        ),
        (
            "best: {levers: {bureaucracy.level: [0.5, 1]}, measure: 'referrals[severe]', budget: 20}",
            "referrals[severe]: referrals is told of all together, and of no groups; leave out the brackets",
        ),
        (
            "best: {levers: {bureaucracy.level: [0.5, 1]}, measure: 'utilisation[', budget: 20}",
            "utilisation[ is of no staff group",
        ),
        (
            "best: {levers: {bureaucracy.level: [0.5, 1]}, measure: 'cost_total[crises]', budget: 20}",
            "cost_total[crises] is of no account; did you mean crisis?",
        ),
        (
            "best: {levers: {bureaucracy.level: [0.5, 1]}, measure: 'cost_total[lost]', budget: 20}",
            "cost_total[lost] is of no account; there are holders, agency, overtime,",
        ),
    ],
)
def test_what_can_never_be_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """Each with its place, before anything runs.

    The same point twice, a group that nobody belongs to, an account that there is none of, a share that is none.
    """
    (tmp_path / "asked.yaml").write_text(f"scenario: baseline\n{text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refusal:
        experiment_files.check(str(tmp_path / "asked.yaml"))
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("design", "told"),
    [
        (
            "matrix: {bureaucracy.level: [0.5, 1.0]}\ninclude: [{funding.annual_budget: 2.0e6}]",
            "Annual budget from £2,400,000 to £2,000,000, all else equal",
        ),
        (
            "scenarios: [town, village]\ninclude: [{bureaucracy.level: 0.5}]",
            "Bureaucracy level from 1 to 0.5, all else equal",
        ),
        (
            "matrix: {pathways.ward.takes_from: [[low_intensity], []], bureaucracy.level: [0.5, 1.0]}",
            "from ['low_intensity'] to [], all else equal",
        ),
    ],
)
def test_a_point_that_does_not_name_an_axis_has_the_scenarios_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, design: str, told: str
) -> None:
    """In sentences, pictures and tables, also where that is a list; and a run of it can be replayed."""
    monkeypatch.chdir(tmp_path)
    for name in ("town", "village"):
        text = (
            "extends: baseline\n"
            f"title: {name}\n"
            "funding: {annual_budget: 2.4e6}\n"
            "demand: {referrals_per_week: 8, history_days: 60}\n"
            "run: {weeks: 4}\n"
            f"{WARD}"
        )
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    scenario = "" if "scenarios" in design else "scenario: town.yaml\n"
    Path("asked.yaml").write_text(
        f"{scenario}{design.replace('town, village', 'town.yaml, village.yaml')}\nreplications: 2\n", encoding="utf-8"
    )
    swept = CliRunner().invoke(cli, ["sweep", "asked.yaml", "--out", "kept", "--workers", "1"], standalone_mode=False)
    assert swept.return_value == 0, swept.exception
    assert told in html.unescape(Path("kept/report.html").read_text(encoding="utf-8"))
    result = Result.read("kept")
    assert not result.runs[list(result.plan.axes)].isna().any().any()
    for point in result.plan.points:
        assert "Equal to what is kept" in CliRunner().invoke(cli, ["replay", "kept", f"{point.number}:1"]).output


def test_a_plan_that_holds_a_list_as_text_is_read_as_before() -> None:
    """As folders of before have it: the same question, the same words, and the scenario that it was."""
    path = "pathways.ward.takes_from"
    plan = Experiment(
        written(f"extends: baseline\n{WARD}"), matrix={path: [["low_intensity"], []]}, replications=1
    ).plan()
    assert [point.settings[path] for point in plan.points] == [["low_intensity"], []]
    old = replace(
        plan, points=tuple(replace(point, settings={path: str(point.settings[path])}) for point in plan.points)
    )
    assert old.question() == plan.question()
    assert not plan.differences(old)
    for held in (plan, old):
        again = Plan.from_json(held.to_json())
        assert [again.scenario_at(number).digest() for number in (0, 1)] == [point.digest for point in plan.points]

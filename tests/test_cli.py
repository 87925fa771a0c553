"""The command line: what goes to stdout, what to stderr, and how it ends."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import accesssim
from accesssim.cli.command_line import main
from accesssim.cli.exits import Exit
from accesssim.clinic import service
from accesssim.study.asking import experiment
from accesssim.study.asking.experiment import Experiment
from accesssim.study.running import sweep as at_work
from accesssim.study.running.ledger import Entry, Ledger
from accesssim.study.running.shard import Task, work_and_write
from accesssim.world.errors import ScenarioError
from tests.clinics import failing

SMALL = """\
# A service of a village: small, to try the machinery.
extends: baseline
title: A village
demand: {referrals_per_week: 8, history_days: 200}
initial: {awaiting_assessment: 17, waiting: {low_intensity: 12, high_intensity: 12}}
run: {weeks: 6, replications: 2, seed: 3}
"""
ASKED = """\
title: Does paperwork matter in a village?
scenario: village.yaml
matrix:
  bureaucracy.level: [0.5, 2.0]
replications: 2
seed: 3
compare_to: {bureaucracy.level: 0.5}
"""


@dataclass(frozen=True)
class Ended:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Run a command in a working folder with a small scenario and an experiment."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "village.yaml").write_text(SMALL)
    (tmp_path / "asked.yaml").write_text(ASKED)
    before = signal.getsignal(signal.SIGTERM)

    def typed(*words: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    yield typed
    signal.signal(signal.SIGTERM, before)


# -- help and start-up


def test_help_lists_every_exit_code_and_verb(call: Call) -> None:
    """`--help` names the eight verbs and every code of the enum with its meaning."""
    ended = call("--help")
    assert ended.code == 0
    for code in Exit:
        assert f"{int(code):>3}  {code.meaning}" in ended.out
    for verb in ("new", "check", "show", "run", "sweep", "report", "compare", "trace"):
        assert f"\n  {verb} " in ended.out


@pytest.mark.parametrize("words", [(), ("--debug",)])
def test_without_a_verb_the_usage_is_told(call: Call, words: tuple[str, ...]) -> None:
    """Plainly, on stderr, as what was typed does nothing."""
    ended = call(*words)
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert ended.err.startswith("Usage: accesssim [OPTIONS] COMMAND")


def test_help_imports_nothing_heavy() -> None:
    """Asking for help loads none of the packages that take time."""
    heavy = "{'numpy', 'pandas', 'pydantic', 'scipy', 'simpy', 'ruamel', 'rich', 'matplotlib', 'jinja2', 'pyarrow'}"
    told = (
        "import sys\n"
        "from accesssim.cli.command_line import main\n"
        "try: main(['--help'])\n"
        f"except SystemExit: print('LOADED', sorted({heavy} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ended.stdout.rstrip().endswith("LOADED []")


def test_the_package_can_be_run_as_a_module() -> None:
    """`python -m accesssim --version` prints the version."""
    ended = subprocess.run([sys.executable, "-m", "accesssim", "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("accesssim ")


@pytest.mark.skipif(shutil.which("sh") is None, reason="closes outputs as a shell does")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_an_output_that_is_closed_keeps_nothing_from_being_done(call: Call, tmp_path: Path, closed: str) -> None:
    """Neither in this process nor by workers; what cannot be told is not told, and no file of the result takes it instead."""
    command = f"{shlex.quote(sys.executable)} -m accesssim sweep asked.yaml --workers 2 --out kept {closed}"
    ended = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, "Error" in ended.stderr) == (0, False), ended.stderr
    assert (ended.stdout == "") == (" >&-" in f" {closed}"), ended.stdout
    assert (ended.stderr == "") == ("2>&-" in closed), ended.stderr
    again = call("status", "kept")
    assert "4 of 4 runs are done" in again.out
    assert again.err == ""


# -- run


def test_run_prints_the_object_of_the_contract(call: Call) -> None:
    """`run --json` prints one object with the stated keys, valid JSON without NaN, and stdout holds nothing else."""
    ended = call("run", "village.yaml", "--json", "--workers", "1")
    assert ended.code == 0
    told = json.loads(ended.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert list(told) == ["scenario", "digest", "seed", "replications", "engine", "weeks", "budget", "measures"]
    assert (told["seed"], told["replications"], told["engine"], told["weeks"]) == (3, 2, "simpy", 6)
    for name, measure in told["measures"].items():
        assert list(measure) == ["mean", "low", "high", "unit", "of"], name
    assert told["measures"]["wait_to_treatment_mean"]["unit"] == "days"


@pytest.mark.parametrize(
    ("condition", "code", "told"),
    [
        ("still_waiting >= 0", Exit.NOT_MET, "Fails if still_waiting >= 0: still_waiting is "),
        ("recovered_share > 100%", Exit.DONE, ""),
        ("wait_to_treatment_mean[north] > 5", Exit.USAGE, "no group of people or team of village"),
        ("still_wating > 5", Exit.USAGE, "still_wating is not a measure; did you mean still_waiting?"),
        ("recovered_share < 40", Exit.USAGE, "40 is not a share, which is from 0 to 1; did you mean 0.4?"),
        ("still_waiting", Exit.USAGE, "must be such as --fail-if 'still_waiting > 900'"),
    ],
)
def test_a_run_can_be_held_to_conditions(call: Call, condition: str, code: Exit, told: str) -> None:
    """`--fail-if` ends with exit code 6 where the mean is so, after the measures; what is not a condition is refused before anything runs."""
    ended = call(
        "run", "village.yaml", "--json", "--workers", "1", "--fail-if", "absence_share > 1", "--fail-if", condition
    )
    assert (ended.code, told in ended.err) == (code, True), ended.err
    assert (ended.out == "") == (code is Exit.USAGE)


@pytest.mark.parametrize(
    "words",
    [
        ("show", "funding_cut", "--set", "funding.annual_budget=2e6"),
        ("sweep", "varied.yaml", "--dry-run"),
        ("sweep", "searched.yaml", "--dry-run"),
    ],
)
def test_a_value_that_a_dated_change_overrides_is_told_of(call: Call, words: tuple[str, ...]) -> None:
    """Whoever sets or varies a value that the scenario changes by date is told until when it holds."""
    Path("varied.yaml").write_text(
        "scenario: funding_cut\nmatrix: {funding.annual_budget: [2.2e6, 2.4e6], bureaucracy.level: [1, 2]}\n",
        encoding="utf-8",
    )
    find = "find: {lever: funding.annual_budget, between: [2e6, 3e6], smallest_such_that: {measure: wait_to_therapy_mean, at_most: 50}}"
    Path("searched.yaml").write_text(f"scenario: funding_cut\n{find}\n", encoding="utf-8")
    ended = call(*words)
    assert (ended.code, ended.err.count("Note: ")) == (Exit.DONE, 1), ended.err
    assert (
        "Note: funding.annual_budget as asked for holds until day 91; from then on funding_cut has a value of its own."
        in ended.err
    )


def test_a_condition_on_no_one_is_not_passed(call: Call) -> None:
    """Where nobody was measured, nobody can tell, and the run does not end well."""
    ended = call(
        "run",
        "village.yaml",
        "--set",
        "demand.referrals_per_week=0",
        "--set",
        "initial.state=empty",
        "--workers",
        "1",
        "--fail-if",
        "recovered_share < 10%",
    )
    assert (ended.code, "recovered_share is of no one, so nobody can tell" in ended.err) == (Exit.NOT_MET, True), (
        ended.err
    )


def test_an_empty_world_is_null_and_no_one(call: Call) -> None:
    """Where nobody needs help, means are null in JSON and "no one" in the table."""
    nobody = (
        "--set",
        "demand.referrals_per_week=0",
        "--set",
        "initial.state=empty",
        "--replications",
        "1",
        "--workers",
        "1",
        "--weeks",
        "1",
    )
    told = json.loads(call("run", "village.yaml", "--json", *nobody).out)
    assert told["measures"]["wait_to_treatment_mean"]["mean"] is None
    assert "no one" in call("run", "village.yaml", *nobody).out


def test_run_is_told_what_to_change(call: Call) -> None:
    """--weeks, --seed, --replications and --set decide the run, and the digest tells that the scenario is another."""
    one = json.loads(call("run", "village.yaml", "--json", "--workers", "1").out)
    other = json.loads(
        call(
            "run",
            "village.yaml",
            "--json",
            "--workers",
            "1",
            "--weeks",
            "4",
            "--seed",
            "9",
            "--replications",
            "3",
            "--set",
            "bureaucracy.level=1.5",
        ).out
    )
    assert (other["weeks"], other["seed"], other["replications"]) == (4, 9, 3)
    assert one["digest"] != other["digest"]


def test_workers_do_not_change_what_is_found(call: Call, tmp_path: Path) -> None:
    """Two processes leave the same shards, byte for byte, as one."""
    for workers in ("1", "2"):
        assert call("sweep", "asked.yaml", "--no-report", "--workers", workers, "--out", workers).code == 0
    alone, together = (
        {path.name: path.read_bytes() for path in (tmp_path / workers / "runs").iterdir()} for workers in ("1", "2")
    )
    assert alone == together
    assert len(alone) == 2


def test_run_keeps_a_result_like_a_sweep_of_one_point(call: Call, tmp_path: Path) -> None:
    """`run --out` leaves plan, shards, ledger and page; again, it says that there is nothing to do."""
    assert call("run", "village.yaml", "--out", "kept", "--workers", "1").code == 0
    assert {"plan.json", "run.json", "ledger.jsonl", "report.html", "runs", "weekly"} <= {
        path.name for path in (tmp_path / "kept").iterdir()
    }
    command = json.loads((tmp_path / "kept" / "run.json").read_text())["command"]
    assert command == "accesssim run village.yaml --replications 2 --seed 3 --weeks 6"
    assert "nothing to do" in call("run", "village.yaml", "--out", "kept", "--workers", "1").err


@pytest.mark.parametrize("changed", [("--weeks", "7"), ("--replications", "4"), ("--weeks", "7", "--diagnose")])
def test_run_suggests_what_run_can_do_where_a_folder_holds_something_else(call: Call, changed: tuple[str, ...]) -> None:
    """Another folder: the options that a sweep has for this are not named."""
    assert call("run", "village.yaml", "--out", "kept", "--workers", "1").code == 0
    ended = call("run", "village.yaml", "--out", "kept", "--workers", "1", *changed)
    assert ended.code == Exit.USAGE
    assert re.fullmatch(r"Error: kept holds [^\n]*\. Name another folder with --out\.\n", ended.err)


# -- sweep


def test_dry_run_prints_the_plan_and_writes_nothing(call: Call, tmp_path: Path) -> None:
    """Points, runs and an estimate that says it is one."""
    before = sorted(path.name for path in tmp_path.iterdir())
    ended = call("sweep", "asked.yaml", "--dry-run", "--workers", "1")
    assert ended.code == 0
    assert "2 points x 2 replications = 4 runs of 6 weeks, seed 3" in ended.out
    assert "estimated" in ended.out
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert json.loads(call("sweep", "asked.yaml", "--dry-run", "--json").out)["runs"] == 4


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("scenario: village.yaml\nreplications: 1", "1 point x 1 replication = 1 run of 6 weeks, seed 3"),
        (
            "scenario: village.yaml\nbest: {levers: {bureaucracy.level: [0.5, 1, 2]}, measure: gave_up_waiting, budget: 40}",
            "3 points that share out at most 40 runs of 6 weeks, seed 3",
        ),
        (
            (
                "scenario: village.yaml\n"
                "matrix: {bureaucracy.level: [0.5, 1]}\n"
                "replications: {min: 2, max: 4, until: {measure: gave_up_waiting, half_width: 1}}"
            ),
            "2 points x up to 4 replications = at most 8 runs of 6 weeks, seed 3",
        ),
        (
            "scenario: village.yaml\nmatrix: {run.weeks: [1, 104]}\nreplications: 2",
            "2 points x 2 replications = 4 runs of 1 to 104 weeks, seed 3",
        ),
        (
            (
                "scenario: village.yaml\n"
                "find:\n"
                "  lever: bureaucracy.level\n"
                "  between: [0, 2]\n"
                "  smallest_such_that: {measure: gave_up_waiting, at_most: 5}\n"
                "replications: 2"
            ),
            "values of bureaucracy.level x 2 replications = ",
        ),
    ],
)
def test_a_dry_run_states_what_may_be_run_and_how_it_is_begun(
    call: Call, tmp_path: Path, asked: str, told: str
) -> None:
    """Under a rule, a budget or a search as the most that it may be; with the time that this takes and the command, also of a search."""
    (tmp_path / "asked.yaml").write_text(asked)
    ended = call("sweep", "asked.yaml", "--dry-run", "--workers", "1", "--engine", "simpy", "--out", "kept")
    assert ended.code == 0, ended.err
    assert told in ended.out
    assert re.search(
        r"(?m)^(At most a|A)bout [0-9]+ seconds? with 1 worker\b.*: estimated at stated rates", ended.out
    ), ended.out
    assert ended.err == "Next: accesssim sweep asked.yaml --out kept --engine simpy\n"
    assert json.loads(call("sweep", "asked.yaml", "--dry-run", "--json").out)["estimated_seconds"] >= 0


@pytest.mark.parametrize("name", ["village.yaml", "asked.yaml"])
def test_a_title_cannot_steer_the_terminal(call: Call, tmp_path: Path, name: str) -> None:
    """What of it is not to be printed is escaped, as in keys; a title of several lines is one."""
    held = re.sub(r"title: .*", r'title: "Red\\e[31m \\0alert\\n now"', (tmp_path / name).read_text())
    (tmp_path / name).write_text(
        held
        if name == "village.yaml"
        else held.replace("matrix", "replications: 1\nmatrix", 1).replace("replications: 2\n", "")
    )
    if name == "village.yaml":
        (tmp_path / "asked.yaml").write_text("scenario: village.yaml\nreplications: 1\n")
    for words in (
        ("sweep", "asked.yaml", "--dry-run"),
        ("sweep", "asked.yaml", "--out", "kept", "--workers", "1"),
        ("status", "kept"),
    ):
        ended = call(*words)
        assert ended.code == 0, ended.err
        assert not set(ended.out + ended.err) & {"\x1b", "\0"}
    assert ended.out.startswith("Red\\x1b[31m \\x00alert now\n")


def test_sweep_ends_in_a_page(call: Call, tmp_path: Path) -> None:
    """`sweep` keeps its result under results/ by the experiment's name, prints where the page is, and says it is done the next time."""
    ended = call("sweep", "asked.yaml", "--workers", "1")
    assert ended.code == 0
    assert ended.out.strip() == os.path.join("results", "asked", "report.html")
    assert "Does paperwork matter in a village?" in (tmp_path / ended.out.strip()).read_text()
    assert "nothing to do" in call("sweep", "asked.yaml", "--workers", "1").err
    (tmp_path / "results" / "asked" / "report.html").unlink()
    assert call("report", "results/asked").code == 0
    assert (tmp_path / "results" / "asked" / "report.html").is_file()


def test_the_last_part_to_end_writes_the_page(call: Call, tmp_path: Path) -> None:
    """Whichever it is, and one that is the whole; not those before it, nor where no page is wanted."""
    page = tmp_path / "kept" / "report.html"
    for part in ("2/2", "1/2"):
        assert not page.exists()
        ended = call("sweep", "asked.yaml", "--workers", "1", "--out", "kept", "--shard", part)
        assert ended.code == 0
    assert page.exists()
    assert ended.out.strip() == os.path.join("kept", "report.html")
    page.unlink()
    assert (
        call("sweep", "asked.yaml", "--workers", "1", "--out", "kept", "--shard", "1/1", "--no-report").out == "kept\n"
    )
    assert not page.exists()
    assert call("sweep", "asked.yaml", "--workers", "1", "--out", "kept", "--shard", "1/1").code == 0
    assert page.exists()


def test_a_part_with_nothing_to_do_does_not_speak_for_the_whole(call: Call) -> None:
    """Of a part that is done, or has nothing in it, it is not said that the result is finished."""
    for part in ("1/2", "1/2", "20/20"):
        ended = call("sweep", "asked.yaml", "--workers", "1", "--out", "kept", "--shard", part)
        assert ended.code == 0
        assert "holds this result already" not in ended.err
        assert "the rest is missing" in ended.err
    assert "kept holds all of part 20/20 already, finished; nothing to do." in ended.err


def test_a_shard_that_is_done_again_is_named_and_why(call: Call, tmp_path: Path) -> None:
    """On stderr, with the place where what was there lies now; stdout stays one object of JSON."""
    again = ("sweep", "asked.yaml", "--workers", "1", "--no-report", "--out", "kept", "--json")
    whole = call(*again).out
    shard = tmp_path / "kept" / "runs" / "part-00001-000000.parquet"
    held = shard.read_bytes()
    shard.write_bytes(held[:100])
    ended = call(*again)
    assert ended.code == 0
    place = os.path.join("kept", "runs", shard.name)
    assert (
        f"{place} is damaged: it is set aside in {os.path.join('kept', 'stale')}, and done again."
        in ended.err.splitlines()
    )
    assert json.loads(ended.out) == json.loads(whole)
    assert shard.read_bytes() == held
    assert (tmp_path / "kept" / "stale" / f"runs-{shard.name}").read_bytes() == held[:100]


def dies_once(task: Task) -> Entry:
    """The work itself; but whoever is the first to be given the second point is killed."""
    if task.shard.point == 1 and not Path("died").exists():
        Path("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work_and_write(task)


def test_a_worker_that_dies_is_told_of_and_what_it_was_at_is_done_again(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr, with the shard's name; the sweep ends well, and with what one that nobody disturbed leaves."""
    assert call("sweep", "asked.yaml", "--workers", "1", "--no-report", "--out", "whole").code == 0
    monkeypatch.setattr(at_work, "work_and_write", dies_once)
    ended = call("sweep", "asked.yaml", "--workers", "2", "--no-report", "--out", "kept")
    assert ended.code == 0
    assert re.search(
        r"^A worker died; what it may have been at is begun again: .*part-00001-000000.*\.$", ended.err, re.MULTILINE
    )
    assert ended.out == "kept\n"
    kept, whole = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "runs").iterdir()} for name in ("kept", "whole")
    )
    assert kept == whole


# -- how things end


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("run", "nowhere"), Exit.INVALID, "nowhere"),
        (("run", "baseline", "--set", "demand.stigam=0.4"), Exit.INVALID, "did you mean demand.stigma?"),
        (("run", "baseline", "--set", "demand.stigma=1.4"), Exit.INVALID, "must be between 0 and 1"),
        (
            ("show", "baseline", "--set", "workforce.high_intensity.posts=99999999999999999999999"),
            Exit.INVALID,
            "--set: workforce.high_intensity.posts = 99999999999999999999999 must",
        ),
        (
            ("show", "baseline", "--set", "workforce.high_intensity.posts=16380"),
            Exit.INVALID,
            "--set: workforce has 16,",
        ),
        (
            ("show", "village.yaml", "--set", "run.warm_up_weeks=6"),
            Exit.INVALID,
            "--set: run.warm_up_weeks = 6 leaves nothing to measure",
        ),
        (
            ("show", "pooled_sites", "--set", "pools.county.teams=[north, nowhere]"),
            Exit.INVALID,
            "--set: pools.county.teams = nowhere is not a team",
        ),
        (
            ("show", "baseline", "--set", "workforce.high_intensity.posts=[north]"),
            Exit.INVALID,
            "posts = [north] must be a whole number",
        ),
        (
            ("run", "baseline", "--replications", "1000000000000"),
            Exit.USAGE,
            "accesssim sweep EXPERIMENT --max-runs 1000000000000",
        ),
        (("run", "baseline", "--engine", "turbo"), Exit.USAGE, "accesssim run --help"),
        (("run",), Exit.USAGE, "accesssim run --help"),
        (("walk",), Exit.USAGE, "accesssim --help"),
        (("run", "baseline", "--replications", "0"), Exit.USAGE, "accesssim run --help"),
        (("compare", "baseline"), Exit.USAGE, "--set"),
        (("report", "nowhere"), Exit.USAGE, "does not exist"),
        (("sweep", "village.yaml"), Exit.INVALID, "village.yaml:"),
        (("run", "village.yaml", "--out", "village.yaml"), Exit.USAGE, "is a file"),
        (("run", "village.yaml", "--out", "."), Exit.USAGE, "holds something else"),
        (("trace", "village.yaml", "--person", "60000000"), Exit.USAGE, "no person 60000000"),
    ],
)
def test_wrong_input_is_told_without_a_traceback(
    call: Call, tmp_path: Path, words: tuple[str, ...], code: Exit, told: str
) -> None:
    """Each mistake has its exit code, says what is wrong on stderr, and writes nothing."""
    before = sorted(path.name for path in tmp_path.iterdir())
    ended = call(*words)
    assert ended.code == code
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "asked.yaml"), "asked.yaml: is an experiment, not a scenario; type: accesssim sweep asked.yaml\n"),
        (("trace", "asked.yaml"), "asked.yaml: is an experiment, not a scenario; type: accesssim sweep asked.yaml\n"),
        (
            ("run", "three_levers"),
            "three_levers: is an experiment, not a scenario; type: accesssim sweep three_levers\n",
        ),
        (
            ("sweep", "village.yaml"),
            "village.yaml: is a scenario, not an experiment; type: accesssim run village.yaml\n",
        ),
        (("sweep", "baseline"), "baseline: is a scenario, not an experiment; type: accesssim run baseline\n"),
    ],
)
def test_a_file_of_the_other_kind_is_told_as_such(call: Call, words: tuple[str, ...], told: str) -> None:
    """In one line with what to type, instead of a line for each of its keys."""
    ended = call(*words)
    assert (ended.code, ended.out, ended.err) == (Exit.INVALID, "", told)


def test_a_key_of_the_other_kind_in_a_file_of_this_kind_is_told_at_its_place(call: Call, tmp_path: Path) -> None:
    """A scenario with a seed at its top is still a scenario, and its key has its near miss."""
    (tmp_path / "odd.yaml").write_text("extends: baseline\nseed: 3\n")
    assert call("run", "odd.yaml").err.startswith("odd.yaml:2:1: seed is not a parameter; did you mean run.seed?\n")


@pytest.mark.parametrize("picture", ["nowhere/x.svg", ".", "", "village.yaml/x.svg"])
def test_a_picture_that_cannot_be_written_is_refused_before_anything_runs(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, picture: str
) -> None:
    """Exit code 2 in one line, and nothing written."""
    monkeypatch.setattr(experiment.Experiment, "run", broken(AssertionError("it runs")))
    before = sorted(tmp_path.rglob("*"))
    ended = call("run", "village.yaml", "--diagnose", "--picture", picture, "--out", "kept")
    assert ended.code == Exit.USAGE
    assert "cannot be written (" in ended.err
    assert ended.err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_picture_may_go_into_the_folder_of_the_result(call: Call, tmp_path: Path) -> None:
    """Which is made only when the runs begin; nothing else is left beside it."""
    ended = call("run", "village.yaml", "--diagnose", "--picture", "kept/x.svg", "--out", "kept", "--workers", "1")
    assert ended.code == 0, ended.err
    assert (tmp_path / "kept" / "x.svg").read_text().rstrip().endswith("</svg>")
    assert list((tmp_path / "kept").glob("*.tmp")) == list((tmp_path / "kept").glob(".*.tmp")) == []


@pytest.mark.parametrize(
    "words", [("report", "kept", "--out"), ("run", "village.yaml", "--workers", "1", "--diagnose", "--picture")]
)
@pytest.mark.parametrize("there", ["village.yaml", "kept/plan.json", "page.html"])
def test_what_somebody_else_made_is_not_replaced(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], there: str
) -> None:
    """A page replaces a page of ours alone, and a picture a picture: anything else is refused in one line, before any work, and stays.

    What the verb itself wrote is written anew.
    """
    call("run", "village.yaml", "--out", "kept", "--workers", "1")
    (tmp_path / "page.html").write_text("<!DOCTYPE html>\n<title>Mine</title>\n")
    before = (tmp_path / there).read_bytes()
    with monkeypatch.context() as nothing_runs:
        nothing_runs.setattr(experiment.Experiment, "run", broken(AssertionError("it runs")))
        ended = call(*words, there)
    assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)
    assert f"Error: {there} is there already and is no p" in ended.err
    assert (tmp_path / there).read_bytes() == before
    assert [call(*words, "again").code for _ in range(2)] == [0, 0]


def test_a_picture_does_not_take_the_name_of_a_file_of_the_result(call: Call, tmp_path: Path) -> None:
    """Which is not there before the runs begin: refused before any of them."""
    ended = call("run", "village.yaml", "--diagnose", "--picture", "kept/plan.json", "--out", "kept")
    assert ended.code == Exit.USAGE
    assert ended.err == (
        "Error: kept/plan.json must end in .svg, as it goes among the files of the result. Name another file "
        "with: --picture FILE.svg. Try: accesssim run --help\n"
    )
    assert not (tmp_path / "kept").exists()


def test_pictures_that_have_no_folder_are_refused_before_the_page_is_written(call: Call, tmp_path: Path) -> None:
    """A file in the place of the folder, or one in it that is called like a picture and is none: exit code 2, and no page."""
    call("run", "village.yaml", "--out", "kept", "--workers", "1")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.svg").write_text("not a picture")
    for there in ("village.yaml", "mine"):
        ended = call("report", "kept", "--out", "page.html", "--pictures", there)
        assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)
        assert "--pictures FOLDER" in ended.err
    assert not (tmp_path / "page.html").exists()


def broken(error: BaseException) -> Callable[..., Any]:
    """A simulator that fails in the second replication."""
    real = service.rows

    def simulate(scenario: Any, *, replication: int, **addressed: Any) -> Any:
        if replication == 1:
            raise error
        return real(scenario, replication=replication, **addressed)

    return simulate


def test_a_failed_replication_ends_with_4(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told, and stderr names the failure."""
    monkeypatch.setattr(service, "rows", broken(ValueError("the roof fell in")))
    ended = call("run", "village.yaml", "--json", "--workers", "1")
    assert ended.code == Exit.SOME_FAILED
    assert "1 of 2 replications failed" in ended.err
    assert "the roof fell in" in ended.err
    assert json.loads(ended.out)["measures"]


def test_an_interrupt_ends_with_130_and_what_was_done_is_kept(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C at the second point, the first is in the ledger, and the same command goes on."""
    real = service.rows

    def simulate(scenario: Any, **addressed: Any) -> Any:
        if scenario.parameters.bureaucracy.level == 2.0:
            raise KeyboardInterrupt
        return real(scenario, **addressed)

    monkeypatch.setattr(service, "rows", simulate)
    ended = call("sweep", "asked.yaml", "--workers", "1", "--out", "kept")
    assert ended.code == Exit.INTERRUPTED
    assert "kept" in ended.err
    assert len((tmp_path / "kept" / "ledger.jsonl").read_text().splitlines()) == 1
    monkeypatch.setattr(service, "rows", real)
    assert call("sweep", "asked.yaml", "--workers", "1", "--out", "kept").code == 0


def test_being_terminated_ends_with_143(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGTERM while running is told apart from Ctrl-C."""
    monkeypatch.setattr(service, "rows", lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM))
    ended = call("run", "village.yaml", "--workers", "1")
    assert ended.code == Exit.TERMINATED


def test_a_folder_in_use_ends_with_5(call: Call, tmp_path: Path) -> None:
    """A second process in the same folder is refused and says why."""
    pytest.importorskip("fcntl")
    from accesssim.study.running.folder import ResultFolder
    from accesssim.study.running.folder_at_work import opened

    call("sweep", "asked.yaml", "--workers", "1", "--out", "kept")
    folder = ResultFolder(tmp_path / "kept")
    next((tmp_path / "kept" / "runs").iterdir()).unlink()
    with opened(folder, folder.plan(), ""):
        ended = call("sweep", "asked.yaml", "--workers", "1", "--out", "kept")
    assert ended.code == Exit.IN_USE
    assert "in use" in ended.err


@pytest.mark.parametrize(
    "words", [("compare", "kept"), ("compare", "kept:0", "kept:1"), ("report", "kept"), ("replay", "kept", "1:0")]
)
def test_a_damaged_shard_is_a_folder_that_cannot_be_used(call: Call, words: tuple[str, ...]) -> None:
    """Exit code 2 in one line that names the file and what does it again, whatever would read it."""
    call("sweep", "asked.yaml", "--workers", "1", "--out", "kept", "--no-report")
    shard = Path("kept/runs/part-00001-000000.parquet")
    shard.write_bytes(shard.read_bytes()[:-1])
    ended = call(*words)
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert ended.err == f"Error: {shard} is missing or damaged. Run the same sweep again to redo it.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("status", "kept"),
        ("compare", "kept"),
        ("report", "kept"),
        ("replay", "kept", "1:0"),
        ("sweep", "asked.yaml", "--out", "kept"),
    ],
)
def test_a_damaged_plan_is_a_folder_that_cannot_be_used(call: Call, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Exit code 2 in one line, and nothing is written."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "plan.json").write_text("{")
    ended = call(*words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)
    assert "cannot be read as a plan" in ended.err
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["plan.json"]


def test_the_traceback_shows_with_debug_alone(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error is one line; with --debug anywhere, its traceback."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(service, "rows", fail)
    plain, debugged = call("trace", "village.yaml"), call("trace", "village.yaml", "--debug")
    assert (plain.code, debugged.code) == (Exit.UNEXPECTED, Exit.UNEXPECTED)
    assert plain.err.count("\n") == 1
    assert "--debug" in plain.err
    assert "Traceback" in debugged.err


# -- check, show, new


def test_check_tells_scenarios_from_experiments(call: Call, tmp_path: Path) -> None:
    """Valid files of both kinds are named as such; one that is not has its problem with its place, and the exit code says so."""
    ended = call("check", "village.yaml", "asked.yaml", "baseline")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "village.yaml: valid scenario",
        "asked.yaml: valid experiment",
        "baseline: valid scenario",
    ]
    (tmp_path / "bad.yaml").write_text("extends: baseline\ndemand:\n  stigma: 1.4\n")
    ended = call("check", "bad.yaml", "village.yaml", "--json")
    assert ended.code == Exit.INVALID
    bad, good = json.loads(ended.out)
    assert not bad["valid"]
    assert bad["problems"][0].startswith("bad.yaml:3:3: demand.stigma = 1.4 must be between 0 and 1")
    assert good["valid"]


TOO_MUCH = {
    "too many people": (
        "demand:\n  history_days: 300\n  referrals_per_week: 1e9\n",
        "4:3: more than 62,914,560 people may have a need in this run",
    ),
    "growth": (
        "demand: {growth_per_year: 9}\n",
        "2:10: demand on day 120 is 896.722 needs a week, above the 896 that demand.peak_multiple = 1.5 allows",
    ),
    "more from a date on": (
        "changes:\n  - from: week 2\n    set: {demand.referrals_per_week: 1000}\n",
        "4:11: demand on day 14 is",
    ),
    "arrivals": (
        "pathways: {place: {places: 1, stay: {mean_days: 7}, arrivals: {law: poisson, per_week: 20000}}}\n",
        "2:78: pathways.place has more than 2,097,152 arrivals of its own",
    ),
    "gaps": (
        "pathways: {place: {places: 1, stay: {mean_days: 7}, arrivals: {law: renewal, gap: {mean_days: 0.0001}}}}\n",
        "2:84: pathways.place has more than 2,097,152 arrivals",
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_check_finds_more_demand_than_a_run_can_draw(call: Call, tmp_path: Path, what: str) -> None:
    """As run does, at the value that it comes of, before anything is drawn; so do experiments with it."""
    text, told = TOO_MUCH[what]
    (tmp_path / "much.yaml").write_text(f"extends: baseline\n{text}")
    (tmp_path / "of_it.yaml").write_text("scenario: much.yaml\nmatrix: {bureaucracy.level: [0.5, 1]}\n")
    checked, run, experiment = call("check", "much.yaml"), call("run", "much.yaml"), call("check", "of_it.yaml")
    assert (checked.code, run.code, experiment.code) == (Exit.INVALID, Exit.INVALID, Exit.INVALID)
    assert checked.out.startswith(f"much.yaml:{told}")
    assert run.err.startswith(checked.out)
    assert experiment.out == checked.out
    swept = call("sweep", "of_it.yaml")
    assert (swept.code, swept.err[: len(checked.out)]) == (Exit.INVALID, checked.out)


def test_a_question_is_not_followed_by_a_full_stop(call: Call) -> None:
    """Where an option is misspelt, and one or several come near."""
    for wrong in ("--outt", "--repor"):
        ended = call("sweep", "asked.yaml", wrong)
        assert ended.code == Exit.USAGE
        assert re.search(r"Did you mean .*\?\)? Try: accesssim sweep --help$", ended.err.strip())


def test_sweep_refuses_points_with_more_demand_than_a_run_can_draw(call: Call, tmp_path: Path) -> None:
    """As check does, with the point's value, before anything runs or is planned; from Python likewise."""
    (tmp_path / "asked.yaml").write_text(
        "scenario: baseline\nmatrix: {demand.referrals_per_week: [100, 1e9]}\nreplications: 1\n"
    )
    told = "demand.referrals_per_week = 1e+09: more than 62,914,560 people may have a need in this run"
    checked, planned, swept = (
        call("check", "asked.yaml"),
        call("sweep", "asked.yaml", "--dry-run"),
        call("sweep", "asked.yaml"),
    )
    assert (checked.code, planned.code, swept.code) == (Exit.INVALID, Exit.INVALID, Exit.INVALID)
    assert checked.out.startswith(f"asked.yaml:2:10: {told}")
    assert planned.err.startswith(checked.out)
    assert swept.err == planned.err
    assert not (tmp_path / "results").exists()
    with pytest.raises(ScenarioError, match=re.escape(told)):
        Experiment(accesssim.load("baseline"), matrix={"demand.referrals_per_week": [100, 1e9]}, replications=1).run()


def test_check_finds_points_with_more_demand_than_a_run_can_draw(call: Call, tmp_path: Path) -> None:
    """At the axis that makes it so, each value once; a point that makes room for it is none, nor is one end of a search that does not."""
    (tmp_path / "asked.yaml").write_text(
        "scenario: baseline\nmatrix:\n  bureaucracy.level: [0.5, 1]\n  demand.growth_per_year: [0, 9]\n"
    )
    (tmp_path / "room.yaml").write_text(
        "scenario: baseline\nzip: {demand.growth_per_year: [0, 9], demand.peak_multiple: [100, 200]}\nreplications: 2\n"
    )
    (tmp_path / "found.yaml").write_text(
        "scenario: baseline\nfind: {lever: demand.referrals_per_week, between: [100, 1e9], smallest_such_that: {measure: cost_total, at_most: 1}}\n"
    )
    ended = call("check", "asked.yaml", "room.yaml", "found.yaml")
    asked, room, found = ended.out.splitlines()
    assert asked.startswith("asked.yaml:4:3: demand.growth_per_year = 9: demand on day 120 is 896.722 needs a week")
    assert room == "room.yaml: valid experiment"
    assert found.startswith("found.yaml:2:8: more than 62,914,560 people may have a need in this run")
    solved = call(
        "solve",
        "baseline",
        "--lever",
        "demand.referrals_per_week",
        "--between",
        "100",
        "1e9",
        "--target",
        "cost_total <= 1",
    )
    assert (solved.code, solved.err[:37]) == (Exit.INVALID, "lever: more than 62,914,560 people ma")


def test_more_replications_are_held_to_the_limit(call: Call) -> None:
    """As many in all as a design may have, unless they are allowed by name; the result is as it was."""
    assert call("sweep", "asked.yaml", "--out", "kept", "--no-report").code == 0
    ended = call("sweep", "asked.yaml", "--out", "kept", "--no-report", "--more", "999999999999")
    assert ended.code == Exit.USAGE
    assert "runs are asked for" in ended.err
    assert "--max-runs" in ended.err
    assert call("sweep", "asked.yaml", "--out", "kept", "--no-report").err.startswith(
        "kept holds this result already, finished"
    )


def test_check_of_too_many_runs_names_the_file(call: Call, tmp_path: Path) -> None:
    """Also beside others."""
    (tmp_path / "many.yaml").write_text(
        "scenario: baseline\nmatrix: {bureaucracy.level: [0.5, 1]}\nreplications: 1000000\n"
    )
    assert (
        call("check", "village.yaml", "many.yaml")
        .out.splitlines()[1]
        .startswith("many.yaml: 2,000,000 runs are asked for")
    )


def test_a_check_of_usual_demand_takes_no_time() -> None:
    """What is plainly within bounds is told without numpy, which alone takes as long to begin as the rest."""
    told = (
        "import sys\n"
        "from accesssim.cli.command_line import main\n"
        "try: main(['check', 'baseline'])\n"
        "except SystemExit: print('numpy' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[1:] == ["False"]


def test_show_tells_value_unit_kind_source_quality_and_place(call: Call) -> None:
    """A row for each parameter, with the place in the file that gave it; --set shows through."""
    rows = {
        row["path"]: row
        for row in json.loads(call("show", "village.yaml", "--json", "--set", "bureaucracy.level=2").out)
    }
    assert rows["demand.referrals_per_week"]["value"] == 8
    assert rows["demand.referrals_per_week"]["unit"] == "referrals per week"
    assert rows["demand.referrals_per_week"]["place"].startswith("village.yaml:4")
    assert rows["bureaucracy.level"]["value"] == 2
    assert rows["bureaucracy.level"]["kind"] == "lever"
    assert "referrals a week on day 0, at the stigma at which they were observed" in call("show", "village.yaml").out
    assert json.loads(call("show", "--schema").out)["properties"]


@pytest.mark.parametrize(
    ("typed", "teams"), [("[north, south]", ["north", "south"]), ("[ middle ]", ["middle"]), ("[]", [])]
)
def test_a_list_of_names_is_set_as_it_is_written_in_a_file(call: Call, typed: str, teams: list[str]) -> None:
    """--set takes what a scenario file takes, an empty list too."""
    ended = call("show", "pooled_sites", "--json", "--set", f"pools.county.teams={typed}")
    assert ended.code == 0, ended.err
    assert {row["path"]: row["value"] for row in json.loads(ended.out)}["pools.county.teams"] == teams


def test_new_writes_a_scenario_that_is_valid_and_never_overwrites(call: Call, tmp_path: Path) -> None:
    """The starter passes its own check; a second `new` of the same name is refused and leaves the file."""
    assert call("new", "town").out.strip() == "town.yaml"
    assert call("check", "town.yaml").code == 0
    (tmp_path / "town.yaml").write_text("mine")
    assert call("new", "town").code == Exit.USAGE
    assert (tmp_path / "town.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["2026", "null", "*star", "it's: {weird} #x", '"', "é☃", "a b", "foo.YAML", "here.yaml"]
)
def test_new_makes_a_title_of_any_name(call: Call, name: str) -> None:
    """Whatever a name means to YAML, the starter passes its check, as the command that is suggested says."""
    ended = call("new", name)
    assert ended.code == 0, ended.err
    checked = call(*shlex.split(ended.err.partition("then: accesssim ")[2]))
    assert (checked.code, checked.out) == (0, f"{ended.out.strip()}: valid scenario\n")


@pytest.mark.parametrize(
    "name", ["", ".", "..", " ", ".yaml", ".yml", "sub/", "sub/..", "foo.yml", "a\nb", "a\x1bb", "a\udcffb"]
)
def test_new_refuses_names_that_no_verb_reads(call: Call, tmp_path: Path, name: str) -> None:
    """Exit code 2, one line with a name that would do, and nothing written."""
    before = sorted(tmp_path.rglob("*"))
    ended = call("new", name)
    assert ended.code == Exit.USAGE
    assert ended.err.count("\n") == 1
    assert "accesssim new " in ended.err
    assert sorted(tmp_path.rglob("*")) == before


# -- what is suggested


@pytest.mark.skipif(shutil.which("bash") is None, reason="asks a shell")
@pytest.mark.parametrize("name", ["a b.yaml", "a\nb.yaml", "-x.yaml", "it's \\ é☃\x01.yaml", "$HOME.yaml"])
def test_suggested_commands_name_files_as_a_shell_takes_them(call: Call, tmp_path: Path, name: str) -> None:
    """One line that a shell makes the same file of, whatever it is called."""
    Path(tmp_path / name).write_text(SMALL)
    ended = call("check", "--", name)
    assert ended.code == 0
    assert ended.err.count("\n") == 1
    words = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {ended.err.removeprefix('Next: ')}"], capture_output=True, check=True
    ).stdout
    assert [os.fsdecode(word) for word in words.split(b"\0")[:-1]] == [
        "accesssim",
        "run",
        f"./{name}" if name[0] == "-" else name,
    ]


def test_a_suggested_trace_is_of_the_same_run(call: Call) -> None:
    """What decides the run is in the command: typed as it is printed, it tells of the person that was named."""
    given = (
        "--weeks",
        "20",
        "--seed",
        "9",
        "--replication",
        "1",
        "--set",
        "demand.referrals_per_week=9",
        "--set",
        "waiting.order=fifo",
    )
    ended = call("trace", "village.yaml", *given)
    suggested = shlex.split(ended.err.partition("Next: accesssim ")[2])
    assert all(word in suggested for word in given)
    followed = call(*suggested)
    assert followed.code == 0
    assert followed.out.startswith("day")


def test_a_suggested_sweep_goes_where_it_was_planned(call: Call) -> None:
    """A dry run suggests the sweep with what was asked for."""
    ended = call("sweep", "asked.yaml", "--dry-run", "--out", "my results", "--max-runs", "200000", "--engine", "simpy")
    assert "Next: accesssim sweep asked.yaml --out 'my results' --max-runs 200000 --engine simpy\n" in ended.err


def test_status_suggests_what_goes_on_in_any_folder(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a space in its name is one word of the command."""
    entered: list[Entry] = []
    enter = Ledger.enter

    def stops(self: Ledger, entry: Entry) -> None:
        if entered:
            raise KeyboardInterrupt
        entered.append(entry)
        enter(self, entry)

    monkeypatch.setattr(Ledger, "enter", stops)
    assert call("sweep", "asked.yaml", "--workers", "1", "--out", "my results").code == Exit.INTERRUPTED
    assert "Go on with: accesssim sweep asked.yaml --out 'my results'\n" in call("status", "my results").err


# -- compare and trace


def test_compare_pairs_a_scenario_with_a_change_of_it(call: Call) -> None:
    """B is A with what --set changes; more red tape costs more people in red tape, in the same futures."""
    ended = call(
        "compare", "village.yaml", "--set", "bureaucracy.level=15", "--json", "--workers", "1", "--replications", "3"
    )
    told = json.loads(ended.out)
    assert ended.code == 0
    assert told["a"]["digest"] != told["b"]["digest"]
    assert told["measures"]["lost_to_red_tape"]["difference"] > 0
    table = call("compare", "village.yaml", "village.yaml", "--workers", "1")
    assert "B minus A" in table.out
    assert "weeks" not in table.err
    longer = call("compare", "village.yaml", "--set", "run.weeks=9", "--workers", "1")
    assert "weeks: what is counted in one, or only seen after a time, cannot be held against the other's." in longer.err


def test_nothing_is_run_before_both_are_read(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt change of B is told at once, not after all runs of A."""
    ran: list[object] = []
    monkeypatch.setattr("accesssim.cli.verbs_that_run.work", lambda *asked, **_: ran.append(asked))
    assert call("compare", "village.yaml", "--set", "bureaucracy.levle=2").code == Exit.INVALID
    assert not ran


@pytest.mark.parametrize(
    "words",
    [
        ("run", "village.yaml"),
        ("compare", "village.yaml", "--set", "bureaucracy.level=2"),
        ("run", "village.yaml", "--diagnose"),
    ],
)
def test_the_engine_is_the_one_that_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """By the environment where the command names none, and by the command before that."""
    monkeypatch.setenv("ACCESSSIM_ENGINE", "steam")
    refused = call(*words)
    assert (refused.code, "engine = steam is not one of simpy, fast" in refused.err) == (Exit.USAGE, True)
    assert call(*words, "--engine", "simpy", "--replications", "2", "--workers", "1").code == Exit.DONE


def test_compare_reads_points_of_a_result(call: Call) -> None:
    """DIR:N names a point; its difference from itself is nothing, and a point that is not there is refused."""
    call("sweep", "asked.yaml", "--workers", "1", "--out", "kept")
    same = json.loads(call("compare", "kept:1", "kept:1", "--json").out)
    assert all(row["difference"] in (0, None) for row in same["measures"].values())
    other = json.loads(call("compare", "kept:0", "kept:1", "--json").out)
    assert other["b"]["settings"] == {"bureaucracy.level": 2.0}
    assert call("compare", "kept:0", "kept:7").code == Exit.USAGE
    assert call("compare", "kept:0", "village.yaml").code == Exit.USAGE
    for words in (
        ("kept:0", "kept:1", "--set", "bureaucracy.level=3"),
        ("kept:0", "kept:1", "--seed", "4"),
        ("kept", "--weeks", "9"),
        ("kept:0", "--set", "bureaucracy.level=3"),
    ):
        refused = call("compare", *words)
        assert refused.code == Exit.USAGE
        assert f"{words[-2]} cannot change runs that are kept" in refused.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("kept", "kept"),
            "kept has points 0 to 1: say which with kept:N, or compare each with the one of reference: accesssim compare kept",
        ),
        (("kept:0",), "name what to compare kept:0 with, for example: accesssim compare kept:0 kept:1"),
        (("kept:1",), "name what to compare kept:1 with, for example: accesssim compare kept:1 kept:0"),
        (
            ("kept:0", "kept:9"),
            "kept:9 is not a point: kept has points 0 to 1. Type, for example: accesssim compare kept:0 kept:1",
        ),
        (
            ("kept:x", "kept:1"),
            "kept:x is not a point: kept has points 0 to 1. Type, for example: accesssim compare kept:0 kept:1",
        ),
        (
            ("kept:", "kept:1"),
            "kept: is not a point: kept has points 0 to 1. Type, for example: accesssim compare kept:0 kept:1",
        ),
        (
            ("alone:1", "kept:1"),
            "alone:1 is not a point: alone has only point 0. Type, for example: accesssim compare alone:0 OTHER",
        ),
        (
            ("alone",),
            (
                "alone has one point, and nothing to compare it with. Keep another run, with accesssim run "
                "SCENARIO --set KEY=VALUE --out OTHER, and type: accesssim compare alone OTHER"
            ),
        ),
        (
            ("alone", "--json"),
            (
                "alone has one point, and nothing to compare it with. Keep another run, with accesssim run "
                "SCENARIO --set KEY=VALUE --out OTHER, and type: accesssim compare alone OTHER"
            ),
        ),
        (("nowhere:1", "nowhere:2"), "nowhere does not exist. Make one with: accesssim sweep EXPERIMENT --out DIR"),
        (
            ("found", "kept:1"),
            f"found is the folder of a search, in which each value is a result. Name one of these, such as {os.path.join('found', 'at-3')}",
        ),
        (
            ("found",),
            f"found is the folder of a search, in which each value is a result. Name one of these, such as {os.path.join('found', 'at-3')}",
        ),
    ],
)
def test_compare_says_which_points_there_are(call: Call, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    """A point that is not there or not chosen, a folder that is none or has nothing to compare: one line with what can be typed."""
    call("sweep", "asked.yaml", "--workers", "1", "--out", "kept", "--no-report")
    call("run", "village.yaml", "--workers", "1", "--out", "alone")
    shutil.copytree(tmp_path / "alone", tmp_path / "found" / "at-3")
    ended = call("compare", *words)
    assert (ended.code, ended.out, ended.err) == (Exit.USAGE, "", f"Error: {told}\n")


def test_compare_pairs_two_results_of_one_point(call: Call) -> None:
    """Where there is but one, its number need not be said."""
    for level in ("1", "15"):
        call("run", "village.yaml", "--workers", "1", "--set", f"bureaucracy.level={level}", "--out", f"at {level}")
    told = json.loads(call("compare", "at 1", "at 15", "--json").out)
    assert told["measures"]["lost_to_red_tape"]["difference"] > 0


def test_compare_says_which_point_has_no_runs(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not done yet, or all failed: one line; the exit code says which. A sweep whose points share no future still writes its page and ends with 4."""
    failing(monkeypatch, lambda town, replication: town.parameters.bureaucracy.level == 2.0 or replication == 0)
    swept = call("sweep", "asked.yaml", "--workers", "1", "--out", "kept")
    assert swept.code == Exit.SOME_FAILED
    told = call("compare", "kept:0", "kept:1")
    assert (told.code, told.err) == (Exit.SOME_FAILED, "kept:1 has no runs to compare, as all of them failed.\n")
    failing(monkeypatch, lambda town, replication: (town.parameters.bureaucracy.level == 2.0) == (replication == 0))
    assert call("sweep", "asked.yaml", "--workers", "1", "--out", "apart").code == Exit.SOME_FAILED
    assert "no replication in common with" in Path("apart/report.html").read_text(encoding="utf-8")
    assert call("compare", "apart").code == Exit.SOME_FAILED
    table = json.loads(call("compare", "apart", "--json").out)
    assert (table["measures"], table["unpaired"]) == ({}, [1])
    lines = Path("apart/ledger.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    Path("apart/ledger.jsonl").write_text("".join(line for line in lines if "part-00001" not in line), encoding="utf-8")
    told = call("compare", "apart:0", "apart:1")
    assert told.code == Exit.USAGE
    assert "apart:1 has no runs to compare yet: finish the sweep that it is of" in told.err


def test_trace_suggests_lives_and_tells_one(call: Call) -> None:
    """Without a person some are suggested; each can be followed, beside the same person under another policy too."""
    suggested = json.loads(call("trace", "village.yaml", "--json", "--weeks", "20").out)
    assert suggested
    for one in suggested[:2]:
        steps = json.loads(
            call("trace", "village.yaml", "--json", "--weeks", "20", "--person", str(one["person"])).out
        )["steps"]
        assert steps
        assert [step["day"] for step in steps] == sorted(step["day"] for step in steps)
    ended = call(
        "trace", "village.yaml", "--weeks", "20", "--person", str(suggested[0]["person"]), "--against", "baseline"
    )
    assert ended.code == 0
    assert ended.out.startswith("day")


def test_trace_says_who_is_not_there_under_the_other(call: Call) -> None:
    """An empty column is told of: with no demand there nobody has a need."""
    person = str(json.loads(call("trace", "village.yaml", "--json", "--weeks", "20").out)[0]["person"])
    Path("nobody.yaml").write_text("extends: village.yaml\ndemand: {referrals_per_week: 0}\ninitial: {state: empty}\n")
    ended = call("trace", "village.yaml", "--weeks", "20", "--person", person, "--against", "nobody.yaml")
    assert ended.code == 0
    assert f"There is no person {person} under nobody.yaml: nothing stands in its column." in ended.err


NOBODY = ("--set", "demand.referrals_per_week=0", "--set", "initial.state=empty", "--weeks", "1")


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_trace_of_nobody_writes_no_other_life(call: Call, words: tuple[str, ...]) -> None:
    """A person who is not there: nothing on stdout, and one line with a command that follows somebody.

    A world without people says so, instead of a blank line.
    """
    ended = call("trace", "village.yaml", "--weeks", "20", "--person", "60000000", *words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (Exit.USAGE, "", 1)
    followed = call(*shlex.split(ended.err.partition("Follow another: accesssim ")[2]))
    assert followed.code == 0
    assert followed.out.startswith("day")
    for person in ((), ("--person", "3")):
        ended = call("trace", "village.yaml", *NOBODY, *person, *words)
        assert ended.out == ("[]\n" if words and not person else "")
        assert "Nobody in " in ended.err
        assert ended.code == (Exit.USAGE if person else Exit.DONE)


def test_trace_reads_the_other_scenario_before_anything_runs(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not there is refused at once, whether or not a person is named."""
    monkeypatch.setattr(service, "rows", broken(AssertionError("it runs")))
    for person in ((), ("--person", "3")):
        ended = call("trace", "village.yaml", "--against", "nope", *person)
        assert ended.code == Exit.INVALID
        assert ended.err.startswith("nope: is neither a shipped scenario nor a .yaml file")


def test_groups_that_are_not_there_are_told_of(call: Call) -> None:
    """Where they are asked for by name; a table that was not asked for them says nothing of them."""
    for verb in (("run", "village.yaml"), ("compare", "village.yaml", "village.yaml")):
        told = call(*verb, "--workers", "1", "--by", "team").err
        assert "There are no teams in this scenario, so the table is of everybody." in told
        assert "no teams" not in call(*verb, "--workers", "1").err
        assert "the table is of everybody" not in call(*verb, "--workers", "1", "--by", "complexity").err


def test_one_run_is_told_as_one_and_nobody_as_no_one(call: Call) -> None:
    """In the heads of tables, and where `replay` has nobody to measure."""
    ended = call("run", "village.yaml", "--replications", "1", "--workers", "1", "--out", "kept", *NOBODY)
    assert "95 % interval of the mean (1 run)" in ended.out
    assert "95 % interval (1 pair)" in call("compare", "kept:0", "kept:0").out
    again = call("replay", "kept", "0:0")
    assert again.code == 0
    assert "no one" in again.out
    assert "e+" not in again.out
    assert "nan" not in again.out

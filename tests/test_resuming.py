"""A result goes on from where it stopped: more replications, a changed experiment, damage, a kill at any moment."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import accesssim
from accesssim.cli.command_line import cli
from accesssim.study.asking.experiment import Experiment
from accesssim.study.faults import FolderError
from accesssim.study.result import Result
from accesssim.study.running.agreement import agreed
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.folder_at_work import opened
from tests.clinics import APART, many_shards, small
from tests.patience import LONGEST, wait_until

LEVELS = [0.5, 1.0]


def asked(levels: list[float] = LEVELS, replications: int = 4, **settings: object) -> Experiment:
    """A small question."""
    return Experiment(
        small(run__weeks=4, **settings),
        matrix={"bureaucracy.level": levels},
        replications=replications,
        seed=5,
        name="asked",
    )


def rows(folder: Path) -> list[list[object]]:
    """The runs of a result, by point and replication."""
    table = Result.read(folder).runs.sort_values(["point", "replication"], ignore_index=True)
    return json.loads(table.to_json(orient="values", double_precision=15))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A finished result."""
    asked().run(out=tmp_path / "kept")
    return tmp_path / "kept"


def test_more_replications_are_those_that_a_longer_sweep_has(folder: Path, tmp_path: Path) -> None:
    """Four and three more are, row for row, seven at once; the first four are not run again."""
    before = {path: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}
    asked().run(out=folder, more=3)
    assert all(path.stat().st_mtime_ns == at for path, at in before.items())
    asked(replications=7).run(out=tmp_path / "whole")
    assert rows(folder) == rows(tmp_path / "whole")
    assert ResultFolder(folder).plan().replications == 7
    assert len(asked().run(out=folder).runs) == 14  # the same command as at first finds it finished


@pytest.mark.parametrize("part", [None, (1, 2)])
def test_what_a_killed_worker_had_begun_to_write_does_not_stay(tmp_path: Path, part: tuple[int, int] | None) -> None:
    """Its temporary file is gone with the sweep's end, unless other parts are at work in the folder: it may be theirs."""
    with opened(held := ResultFolder(tmp_path, part), asked().plan(), ""):
        (begun := held.path / "runs" / ".part-00000-000000.parquet.abc.tmp").write_bytes(b"PAR1")
    assert begun.exists() == (part is not None)


def test_what_cannot_be_added_to_says_so(folder: Path, tmp_path: Path) -> None:
    """Nothing there, or not finished, or fewer than are asked for: one line each, and nothing is written."""
    with pytest.raises(FolderError, match="holds nothing yet that could be added to"):
        asked().run(out=tmp_path / "new", more=3)
    next((folder / "runs").iterdir()).unlink()
    with pytest.raises(
        FolderError, match=r"is not finished: \d of 8 runs\. Finish it first: type the same without --more\."
    ):
        asked().run(out=folder, more=3)
    with pytest.raises(FolderError, match="Add them with: --more 2"):
        asked(replications=6).run(out=folder)


def test_an_interrupted_addition_goes_on(folder: Path, tmp_path: Path) -> None:
    """The same --more again, while some of it is missing, finishes it and adds no more."""
    asked().run(out=folder, more=3)
    last = max((folder / "runs").iterdir())
    last.unlink()
    asked().run(out=folder, more=3)
    asked(replications=7).run(out=tmp_path / "whole")
    assert rows(folder) == rows(tmp_path / "whole")


def test_a_changed_experiment_is_refused_and_shown(folder: Path) -> None:
    """An edited scenario names the value that differs."""
    with pytest.raises(FolderError, match=r"therapy\.one_contact_share of baseline: 0\.25 here, 0\.3 there.*--update"):
        asked(therapy__one_contact_share=0.25).run(out=folder)


@pytest.mark.parametrize("levels", [[0.5, 0.75, 1.0], [1.0], [1.0, 0.5], [0.75]])
def test_an_update_runs_only_what_changed(
    folder: Path, tmp_path: Path, levels: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points that are the same are kept under their new number; the others are run, or set aside; the result is that of a fresh sweep."""
    from accesssim.clinic import service

    simulated, ran = service.rows, []

    def watched(scenario: accesssim.Scenario, **which: Any) -> object:
        ran.append(scenario.parameters.bureaucracy.level)
        return simulated(scenario, **which)

    asked(levels).run(out=tmp_path / "fresh")
    monkeypatch.setattr(service, "rows", watched)
    asked(levels).run(out=folder, update=True)
    assert set(ran) == set(levels) - set(LEVELS)
    assert rows(folder) == rows(tmp_path / "fresh")
    assert {path.name: path.read_bytes() for path in (folder / "runs").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "fresh" / "runs").iterdir()
    }
    assert ResultFolder(folder).ledger.damaged() == ResultFolder(folder).unknown_tables() == []
    gone = len(set(LEVELS) - set(levels))
    assert len(list((folder / "stale").glob("runs-*"))) >= gone if gone else not (folder / "stale").exists()


@pytest.mark.parametrize(
    ("levels", "replications"),
    [([0.5, 0.75, 1.0], 4), ([1.0, 0.75], 4), (LEVELS, 9), ([0.5, 0.75, 1.0], 9), ([0.75, 0.5], 9), (LEVELS, 7)],
)
def test_an_update_keeps_all_replications_of_points_that_are_the_same(
    folder: Path, tmp_path: Path, levels: list[float], replications: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Added ones as well, and those of a result that is to have more: row for row a fresh sweep of as many.

    Nothing that is held is run again or set aside.
    """
    from accesssim.clinic import service

    simulated, ran = service.rows, []

    def watched(scenario: accesssim.Scenario, *, replication: int, **addressed: Any) -> object:
        ran.append((scenario.parameters.bureaucracy.level, replication))
        return simulated(scenario, replication=replication, **addressed)

    asked().run(out=folder, more=3)
    most = max(replications, 7)
    asked(levels, most).run(out=tmp_path / "fresh")
    monkeypatch.setattr(service, "rows", watched)
    asked(levels, replications).run(out=folder, update=True)
    assert not {(level, number) for level in LEVELS for number in range(7)} & set(ran)
    assert len(ran) == len(set(ran))
    assert rows(folder) == rows(tmp_path / "fresh")
    assert (folder / "stale").exists() == (not set(LEVELS) <= set(levels))
    assert ResultFolder(folder).plan().replications == most
    ran.clear()
    asked(levels, replications).run(out=folder)
    assert ran == []


def test_an_update_that_is_cut_off_keeps_added_replications(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the ledger was rewritten under new numbers, before the plan was: the same again keeps all that was held."""
    from accesssim.study.running import disk

    class Killed(BaseException):
        pass

    def killed(path: Path, content: bytes, *words: object, real: Callable[..., None] = disk.write) -> None:
        if path.name == "plan.json":
            raise Killed
        real(path, content, *words)

    asked().run(out=folder, more=3)
    monkeypatch.setattr(disk, "write", killed)
    with pytest.raises(Killed):
        asked([1.0, 0.75]).run(out=folder, update=True)
    monkeypatch.undo()
    asked([1.0, 0.75]).run(out=folder, update=True)
    asked([1.0, 0.75], 7).run(out=tmp_path / "fresh")
    assert rows(folder) == rows(tmp_path / "fresh")
    assert not [
        path
        for path in (folder / "stale").iterdir()
        if path.read_bytes() in {shard.read_bytes() for shard in (folder / "runs").iterdir()}
    ]
    assert len(list((folder / "stale").glob("runs-part-00000-*"))) == 2  # of the point that is gone


def test_more_that_are_held_than_asked_for_stay_and_are_told(folder: Path) -> None:
    """Fewer in the file: said in one line, with and without a change; nothing of it where as many are asked for, or where nothing is the same."""
    before = rows(folder)
    stay = f"{folder} holds 4 replications of each point, more than the 2 asked for: they stay."
    for changes in ({"update": False}, {"update": True}):
        told: list[str] = []
        agreed(ResultFolder(folder), asked(replications=2).plan(), say=told.append, **changes)
        assert told == [stay]
        assert asked(replications=2).run(out=folder, **changes).count == 8
    assert rows(folder) == before
    told = []
    assert (
        agreed(
            ResultFolder(folder), asked([0.5, 0.75], replications=2).plan(), update=True, say=told.append
        ).replications
        == 4
    )
    assert told == [stay]
    told = []
    agreed(ResultFolder(folder), asked().plan(), say=told.append)
    assert (
        agreed(
            ResultFolder(folder), asked([0.6, 0.75], replications=2).plan(), update=True, say=told.append
        ).replications
        == 2
    )
    assert told == []


def test_an_update_of_what_was_asked_too_much_of_keeps_what_is_done_and_asks_for_no_more(tmp_path: Path) -> None:
    """A sweep of four hundred that is stopped after a shard or two, and then asked for fewer, is not finished to the four hundredth."""
    folder, shards = tmp_path / "kept", list[int]()

    class Enough(Exception):
        pass

    def progress(more: int) -> None:
        shards.append(more)
        if len(shards) == 3:  # before any work it is told what was done earlier
            raise Enough

    with pytest.raises(Enough):
        asked([0.5], 400).run(out=folder, progress=progress)
    done = sum(shards)
    entered = {entry.name for entry in ResultFolder(folder).ledger.entries()}
    for replications in (done + 1, 1):
        plan = agreed(ResultFolder(folder), asked([0.5], replications).plan(), update=True)
        assert plan.replications == max(done, replications)
        assert entered <= set(plan.wanted)


def test_unknown_tables_among_the_shards_are_named_and_set_aside(folder: Path) -> None:
    """A foreign file and a duplicated shard are never read, and lie in `stale` after the next sweep."""
    before = rows(folder)
    shard = next((folder / "runs").iterdir())
    (folder / "runs" / "foreign.parquet").write_bytes(b"not a table")
    (folder / "runs" / "part-00009-000000.parquet").write_bytes(shard.read_bytes())
    assert rows(folder) == before
    assert ResultFolder(folder).unknown_tables() == ["runs/foreign.parquet", "runs/part-00009-000000.parquet"]
    asked().run(out=folder)
    assert sorted(path.name for path in (folder / "stale").iterdir()) == [
        "runs-foreign.parquet",
        "runs-part-00009-000000.parquet",
    ]
    assert rows(folder) == before


def test_status_reads_the_ledger(folder: Path) -> None:
    """Done, failed, left; half-done after the ledger's last line is gone."""
    told = CliRunner().invoke(cli, ["status", str(folder)])
    assert "8 of 8 runs are done (100 %)" in told.output
    ledger = folder / "ledger.jsonl"
    lines = ledger.read_text(encoding="utf-8").splitlines()
    ledger.write_text("\n".join(lines[:1]) + "\n", encoding="utf-8")
    state = json.loads(APART.invoke(cli, ["status", str(folder), "--json"]).stdout)
    assert state["runs"] == 8
    assert state["done"] + state["left"] == 8
    assert state["left"] > 0
    assert state["seconds_left"] > 0


def test_a_half_finished_result_is_told_as_such(folder: Path) -> None:
    """Report and compare work on what there is, and say how much that is."""
    ledger = folder / "ledger.jsonl"
    kept = [
        line
        for line in ledger.read_text(encoding="utf-8").splitlines()
        if "part-00001-" not in line or "000000" in line
    ]
    ledger.write_text("\n".join(kept[:-1] + kept[-1:]) + "\n", encoding="utf-8")
    done = len(rows(folder))
    CliRunner().invoke(cli, ["report", str(folder)])
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert (f"{done} of 8 replications" in page) == (done < 8)
    told = CliRunner().invoke(cli, ["compare", f"{folder}:0", f"{folder}:1"])
    assert "pairs" in told.output


def test_replay_gives_the_same_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit; a failure comes with its traceback and exit code 4; what is not there is named."""
    told = CliRunner().invoke(cli, ["replay", str(folder), "1:2"])
    assert told.exit_code == 0
    assert "Equal to what is kept, to the last bit." in told.output
    with pytest.raises(FolderError, match="has points 0 to 1 and replications 0 to 3"):
        CliRunner().invoke(cli, ["replay", str(folder), "5:0"], catch_exceptions=False, standalone_mode=False)
    from accesssim.clinic import service

    def falls(*_: object, **__: object) -> None:
        raise RuntimeError("the roof fell in")

    monkeypatch.setattr(service, "rows", falls)
    told = CliRunner().invoke(cli, ["replay", str(folder), "1:2"], standalone_mode=False)
    assert told.return_value == 4
    assert "the roof fell in" in told.output


def _processes_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _more_than(entered: int, folder: Path, sweep: subprocess.Popen[bytes]) -> None:
    """Wait until the sweep has entered more shards than there were, or has ended."""
    wait_until(
        lambda: sweep.poll() is not None or len(_entered(folder)) > entered, f"more than {entered} shards are entered"
    )


def _entered(folder: Path) -> list[str]:
    ledger = folder / "ledger.jsonl"
    return (
        [line for line in ledger.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        if ledger.exists()
        else []
    )


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the workers in /proc")
@pytest.mark.parametrize("victim", ["parent", "worker"])
def test_a_kill_at_any_moment_costs_nothing_that_was_done(tmp_path: Path, victim: str) -> None:
    """Killed outright at random moments, several times over, then left alone: row for row the uninterrupted result.

    No shard that was entered is done twice.
    """
    many_shards(tmp_path, points=24, replications=4)
    command = [sys.executable, "-m", "accesssim", "sweep", "asked.yaml", "--no-report", "--workers", "2"]
    subprocess.run([*command, "--out", "whole"], cwd=tmp_path, check=True, capture_output=True)
    moments, entered = random.Random(11), {}
    for _ in range(5):
        sweep = subprocess.Popen(
            [*command, "--out", "kept"], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _more_than(len(entered), tmp_path / "kept", sweep)
        time.sleep(moments.uniform(0, 2.0))
        alive = [sweep.pid] if victim == "parent" else _processes_of(sweep.pid)
        if alive and sweep.poll() is None:
            os.kill(moments.choice(alive), signal.SIGKILL)
        code = sweep.wait(timeout=LONGEST)
        assert code in (0, -signal.SIGKILL)
        done = {entry.name: entry.files for entry in ResultFolder(tmp_path / "kept").ledger.entries()}
        assert entered.items() <= done.items()
        entered = done
    assert entered
    subprocess.run([*command, "--out", "kept"], cwd=tmp_path, check=True, capture_output=True)
    ledger = [json.loads(line)["name"] for line in _entered(tmp_path / "kept")]
    assert len(ledger) == len(set(ledger))
    assert rows(tmp_path / "kept") == rows(tmp_path / "whole")


def test_parts_worked_apart_are_the_whole(tmp_path: Path) -> None:
    """Three parts, in one folder or copied into one: byte for byte the shards of one machine.

    Each part can stop and go on; a part in use is refused.
    """
    import shutil

    asked(replications=9).run(out=tmp_path / "whole")
    for part in (1, 2, 3):
        asked(replications=9).run(out=tmp_path / "shared", part=(part, 3))
        asked(replications=9).run(out=tmp_path / f"part{part}", part=(part, 3))
        shutil.copytree(tmp_path / f"part{part}", tmp_path / "union", dirs_exist_ok=True)
    whole = {path.name: path.read_bytes() for path in (tmp_path / "whole" / "runs").iterdir()}
    for folder in ("shared", "union"):
        assert {path.name: path.read_bytes() for path in (tmp_path / folder / "runs").iterdir()} == whole
        assert rows(tmp_path / folder) == rows(tmp_path / "whole")
        assert ResultFolder(tmp_path / folder).state().left == 0
    with (
        opened(ResultFolder(tmp_path / "shared", (1, 3)), asked(replications=9).plan(), ""),
        pytest.raises(FolderError, match="in use"),
    ):
        asked(replications=9).run(out=tmp_path / "shared", part=(1, 3))


@pytest.mark.parametrize("shard", ["0/3", "4/3", "2", "a/b", "1/0", "١/٢"])
def test_a_wrong_part_is_refused(shard: str) -> None:
    """With what would be right."""
    told = CliRunner().invoke(cli, ["sweep", "three_levers", "--shard", shard])
    assert told.exit_code == 2
    assert "must be i/n with i from 1 to n" in told.output


def test_a_full_disk_is_named_and_what_was_done_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for the fourth file: the error names it and says how much is kept; with room again the result is the uninterrupted one."""
    import errno

    from accesssim.study.faults import DiskFull
    from accesssim.study.running import parquet

    write, written = parquet._write, []

    def full(path: Path, frame: object) -> str:
        written.append(path)
        if len(written) == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, frame)

    asked(replications=12).run(out=tmp_path / "whole")
    monkeypatch.setattr(parquet, "_write", full)
    with pytest.raises(
        DiskFull, match=r"disk full: .*part-.*\.parquet could not be written; \d+ of 24 runs are kept\. Make room"
    ):
        asked(replications=12).run(out=tmp_path / "kept")
    assert ResultFolder(tmp_path / "kept").ledger.damaged() == []
    monkeypatch.undo()
    asked(replications=12).run(out=tmp_path / "kept")
    assert rows(tmp_path / "kept") == rows(tmp_path / "whole")

"""What lies in a result folder and should not: told in one line, set aside, done again, and never read as data."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from accesssim.cli import cli
from accesssim.study import lock
from accesssim.study.experiment import Experiment
from accesssim.study.faults import Damaged, FolderError, FolderInUse
from accesssim.study.folder import ResultFolder
from accesssim.study.plan import Plan
from accesssim.study.result import Result
from tests.clinics import small

SHARD = "runs/part-00001-000000.parquet"


def asked(**settings: object) -> Experiment:
    """A small question of three points."""
    return Experiment(small(run__weeks=2), matrix={"bureaucracy.level": [0.5, 1.0, 1.5]}, replications=2, seed=5, name="asked", **settings)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished result, which nobody touches."""
    folder = tmp_path_factory.mktemp("finished") / "kept"
    asked().run(out=folder)
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A finished result to do harm to."""
    return shutil.copytree(finished, tmp_path / "kept")


def files(folder: Path) -> dict[str, bytes]:
    """What the shards hold."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for table in ("runs", "weekly") for path in (folder / table).iterdir()}


def again(folder: Path) -> list[str]:
    """What the same sweep says that it does again."""
    told: list[str] = []
    asked().run(out=folder, say=told.append)
    return told


def lines_of(folder: Path) -> list[bytes]:
    """The ledger's."""
    return (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True)


def a_folder_in_its_place(folder: Path) -> None:
    (folder / SHARD).unlink()
    (folder / SHARD).mkdir()


def a_pipe_in_its_place(folder: Path) -> None:
    (folder / SHARD).unlink()
    os.mkfifo(folder / SHARD)


def a_link_to_a_device(folder: Path) -> None:
    (folder / SHARD).unlink()
    (folder / SHARD).symlink_to("/dev/zero")


def a_link_to_nothing(folder: Path) -> None:
    (folder / SHARD).unlink()
    (folder / SHARD).symlink_to("nowhere.parquet")


def another_shard(folder: Path) -> None:
    shutil.copy(folder / "runs" / "part-00002-000000.parquet", folder / SHARD)


def no_bytes(folder: Path) -> None:
    (folder / SHARD).write_bytes(b"")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
@pytest.mark.parametrize("harm", [a_folder_in_its_place, a_pipe_in_its_place, a_link_to_a_device, a_link_to_nothing, another_shard, no_bytes])
def test_what_is_no_shard_is_named_set_aside_and_done_again(folder: Path, finished: Path, harm: Callable[[Path], None]) -> None:
    """Whatever stands in its place, and without hanging on it."""
    harm(folder)
    with pytest.raises(Damaged, match=re.escape(f"{folder / SHARD} is missing or damaged")):
        Result.read(folder)
    assert again(folder) == [f"{folder / SHARD} is damaged: it is set aside in {folder / 'stale'}, and done again."]
    assert files(folder) == files(finished)
    assert os.path.lexists(folder / "stale" / SHARD.replace("/", "-"))
    assert again(folder) == []


def a_line_cut_in_the_middle(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1][:90] + b"\n", lines[2]]


def two_lines_run_together(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].rstrip() + lines[2].rstrip(), b"\n"]


def fewer_runs_than_there_are(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"runs": 2', b'"runs": 1'), lines[2]]


def another_digest(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'.parquet": "', b'.parquet": "0', 1), lines[2]]


def a_line_of_somebody_else(lines: list[bytes]) -> list[bytes]:
    return [lines[0], json.dumps({"name": "part-00001-000000", "files": {}, "runs": 2, "failures": 0}).encode() + b"\n", lines[2]]


def nested_without_end(lines: list[bytes]) -> list[bytes]:
    return [lines[0], b"[" * 100_000 + b"\n", lines[2]]


@pytest.mark.parametrize("harm", [a_line_cut_in_the_middle, two_lines_run_together, fewer_runs_than_there_are, another_digest, a_line_of_somebody_else, nested_without_end])
def test_a_line_of_the_ledger_that_was_changed_says_nothing(folder: Path, finished: Path, harm: Callable[[list[bytes]], list[bytes]]) -> None:
    """It is named by its number, also by `status`; its shard is not read, and done again."""
    lines = lines_of(folder)
    (folder / "ledger.jsonl").write_bytes(b"".join(harm(lines)))
    assert 1 not in Result.read(folder).counts
    named = f"{folder / 'ledger.jsonl'}:2 was cut short or changed: what it said is done again."
    assert named[:-1] + " when the sweep goes on." in CliRunner().invoke(cli, ["status", str(folder)]).output.replace("\n", " ")
    assert named in again(folder)
    assert files(folder) == files(finished)
    assert sorted(lines_of(folder)) == sorted(lines)


def test_a_shard_that_was_never_entered_is_done_again_and_said(folder: Path, finished: Path) -> None:
    """As a kill between writing and entering leaves it."""
    (folder / "ledger.jsonl").write_bytes(b"".join(lines_of(folder)[:2]))
    assert again(folder) == [f"2 files were written and never entered, such as {folder}/runs/part-00002-000000.parquet: done again."]
    assert files(folder) == files(finished)


def test_a_plan_that_was_changed_is_not_believed(folder: Path) -> None:
    """Not even its title: status, report and sweep refuse it, and say how the shards can be kept."""
    plan = folder / "plan.json"
    plan.write_text(plan.read_text(encoding="utf-8").replace('"title": "', '"title": "Not ', 1), encoding="utf-8")
    for command in ("status", "report"):
        with pytest.raises(Damaged, match=r"plan\.json cannot be read as a plan \(somebody has changed it\)\. Take it away"):
            CliRunner().invoke(cli, [command, str(folder)], standalone_mode=False, catch_exceptions=False)
    with pytest.raises(Damaged, match="Take it away and type the same sweep again"):
        asked().run(out=folder)
    plan.unlink()
    before = {path: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}
    asked().run(out=folder)
    assert {path: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()} == before


@pytest.mark.parametrize("held", ["", "{", "[]", "3", "{}", '{"format": 4}', "[" * 100_000, "\ud800"])
def test_what_is_no_plan_is_refused_in_one_line(folder: Path, held: str) -> None:
    """Whatever it is."""
    (folder / "plan.json").write_bytes(held.encode("utf-8", "surrogatepass"))
    with pytest.raises(Damaged, match=r"cannot be read as a plan \([^\n]*\)\. Take it away"):
        ResultFolder(folder).plan()


def test_a_folder_of_another_layout_is_refused(folder: Path) -> None:
    """An older accesssim made it: its version is named."""
    plan = folder / "plan.json"
    plan.write_text(re.sub(r'"format": \d+', '"format": 2', plan.read_text(encoding="utf-8")).replace('"version": "0.1.0"', '"version": "0.0.9"'), encoding="utf-8")
    with pytest.raises(FolderError, match=r"was made by accesssim 0\.0\.9, which lays out a folder otherwise\. Name another folder with --out"):
        asked().run(out=folder, update=True)


def test_shards_keep_their_cut_whichever_engine_goes_on(folder: Path) -> None:
    """A plan of a quicker engine would cut longer shards: the one that is held stays, so that what is done is not done again."""
    held = ResultFolder(folder)
    quicker = asked().plan()
    assert held.agreed(quicker) == held.plan()
    slow = Plan(**{**vars(quicker), "engine": "fast", "points": tuple(type(point)(**{**vars(point), "seconds_per_run": 70.0}) for point in quicker.points)})
    assert [shard.size for shard in slow.shards()] != [shard.size for shard in quicker.shards()]
    assert held.agreed(slow) == held.plan()
    assert held.agreed(slow, more=2) == held.plan().extended(2)


def test_whoever_comes_second_is_told_who_is_there(folder: Path) -> None:
    """The whole keeps out the whole and parts; a part keeps out its like, the whole, and parts of another number, and no other part. Nothing is set aside meanwhile."""
    (folder / "runs" / "foreign.parquet").write_bytes(b"not a table")
    here = rf"is in use by another accesssim \(process {os.getpid()}\)"
    with lock.held(folder, None):
        for part in (None, (1, 2)):
            with pytest.raises(FolderInUse, match=here), lock.held(folder, part):
                pass
        with pytest.raises(FolderInUse, match=here):
            again(folder)
        assert (folder / "runs" / "foreign.parquet").exists()
    with lock.held(folder, (1, 2)), lock.held(folder, (2, 2)):
        for part in (None, (1, 2), (1, 3)):
            with pytest.raises(FolderInUse, match=rf"process {os.getpid()} on part \d of 2"), lock.held(folder, part):
                pass
    assert again(folder) == [f"{folder / 'runs' / 'foreign.parquet'} is none of this result: it is set aside in {folder / 'stale'}."]


def test_a_ledger_that_is_lost_under_way_is_no_finished_sweep(tmp_path: Path) -> None:
    """Somebody deletes it while the sweep is at work: said at the end, and the same sweep makes the result whole."""
    folder, told = tmp_path / "kept", list[int]()

    def progress(more: int) -> None:
        told.append(more)
        if len(told) == 2:  # before any work it is told what was done earlier
            (folder / "ledger.jsonl").unlink()

    with pytest.raises(Damaged, match=r"has lost 1 of its shards.* Type the same again"):
        asked().run(out=folder, progress=progress, workers=1)
    asked().run(out=folder)
    whole = tmp_path / "whole"
    asked().run(out=whole)
    assert files(folder) == files(whole)


def test_compare_says_how_much_there_is(folder: Path) -> None:
    """Of a half-finished result, "n of N"; of a finished one, nothing."""
    assert "runs are done" not in CliRunner().invoke(cli, ["compare", str(folder)]).output
    (folder / "ledger.jsonl").write_bytes(b"".join(lines_of(folder)[:2]))
    assert "4 of 6 runs are done; the rest is missing." in CliRunner().invoke(cli, ["compare", str(folder)]).output
    assert Result.read(folder).at(2).missing == 2
    assert Result.read(folder).at(1).missing == 0

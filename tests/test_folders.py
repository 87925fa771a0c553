"""What lies in a result folder and should not: told in one line, set aside, done again, and never read as data."""

import builtins
import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

import accesssim
from accesssim.cli.command_line import cli
from accesssim.cli.exits import Exit, ending
from accesssim.cli.request import work
from accesssim.clinic import service
from accesssim.study.asking.experiment import Experiment
from accesssim.study.asking.solve import Target, solve
from accesssim.study.faults import Damaged, FolderError, FolderInUse
from accesssim.study.result import Result
from accesssim.study.running import lock
from accesssim.study.running.agreement import agreed
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.plan import Plan, checksum
from accesssim.study.telling.report import write_report
from tests.clinics import small

SHARD = "runs/part-00001-000000.parquet"


def asked(**settings: object) -> Experiment:
    """A small question of three points."""
    return Experiment(
        small(run__weeks=2),
        matrix={"bureaucracy.level": [0.5, 1.0, 1.5]},
        replications=2,
        seed=5,
        name="asked",
        **settings,
    )


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
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for table in ("runs", "weekly")
        for path in (folder / table).iterdir()
    }


def again(folder: Path) -> list[str]:
    """What the same sweep says that it does again."""
    told: list[str] = []
    asked().run(out=folder, say=told.append)
    return told


def lines_of(folder: Path) -> list[bytes]:
    """The ledger's."""
    return (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True)


def a_pipe_in_its_place(folder: Path) -> None:
    (folder / SHARD).unlink()
    os.mkfifo(folder / SHARD)


def another_shard(folder: Path) -> None:
    shutil.copy(folder / "runs" / "part-00002-000000.parquet", folder / SHARD)


def no_bytes(folder: Path) -> None:
    (folder / SHARD).write_bytes(b"")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
@pytest.mark.parametrize("harm", [a_pipe_in_its_place, another_shard, no_bytes])
def test_what_is_no_shard_is_named_set_aside_and_done_again(
    folder: Path, finished: Path, harm: Callable[[Path], None]
) -> None:
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
    return [
        lines[0],
        json.dumps({"name": "part-00001-000000", "files": {}, "runs": 2, "failures": 0}).encode() + b"\n",
        lines[2],
    ]


def nested_without_end(lines: list[bytes]) -> list[bytes]:
    return [lines[0], b"[" * 100_000 + b"\n", lines[2]]


def a_file_outside(lines: list[bytes]) -> list[bytes]:
    return [lines[0], named(lines[1], "../../victim.txt"), lines[2]]


def a_file_anywhere(lines: list[bytes]) -> list[bytes]:
    return [lines[0], named(lines[1], "/etc/hostname"), lines[2]]


def a_file_of_another_shard(lines: list[bytes]) -> list[bytes]:
    return [lines[0], named(lines[1], "weekly/part-00000-000000.parquet"), lines[2]]


def named(line: bytes, file: str) -> bytes:
    """A line that names a further file, under a checksum that is right."""
    held = json.loads(line)
    del held["check"]
    held["files"][file] = "0" * 64
    return json.dumps({**held, "check": checksum(held)}).encode() + b"\n"


@pytest.mark.parametrize(
    "name", ["../part-1-2", "part-1-2/../../x", "part-00001", "x-00001-000000", "part-00001-000000\n", "part-١-٢"]
)
def test_no_line_of_the_ledger_leads_out_of_the_folder(folder: Path, name: str) -> None:
    """A name that is none of a shard is a damaged line; what it names is left where it is, even under a checksum that is right."""
    victim = folder.parent / "victim.txt"
    victim.write_text("dear", encoding="utf-8")
    held = {
        "name": name,
        "question": "",
        "files": {f"{table}/{name}.parquet": "0" * 64 for table in ("runs", "weekly")},
        "runs": 1,
        "failures": 0,
    }
    lines = lines_of(folder)
    (folder / "ledger.jsonl").write_bytes(
        b"".join(lines)
        + json.dumps({**held, "check": checksum(held)}).encode()
        + b"\n"
        + named(lines[1], "../victim.txt")
    )
    assert ResultFolder(folder).ledger.broken() == ["ledger.jsonl:4", "ledger.jsonl:5"]
    again(folder)
    assert victim.read_text(encoding="utf-8") == "dear"
    assert not (folder / "stale").exists()


@pytest.mark.parametrize(
    "harm",
    [
        a_file_outside,
        a_file_anywhere,
        a_file_of_another_shard,
        a_line_cut_in_the_middle,
        two_lines_run_together,
        fewer_runs_than_there_are,
        another_digest,
        a_line_of_somebody_else,
        nested_without_end,
    ],
)
def test_a_line_of_the_ledger_that_was_changed_says_nothing(
    folder: Path, finished: Path, harm: Callable[[list[bytes]], list[bytes]]
) -> None:
    """It is named by its number, also by `status`; its shard is not read, and done again."""
    lines = lines_of(folder)
    (folder / "ledger.jsonl").write_bytes(b"".join(harm(lines)))
    assert 1 not in Result.read(folder).counts
    named = f"{folder / 'ledger.jsonl'}:2 was cut short or changed: what it said is done again."
    assert named[:-1] + " when the sweep goes on." in CliRunner().invoke(cli, ["status", str(folder)]).output.replace(
        "\n", " "
    )
    assert named in again(folder)
    assert files(folder) == files(finished)
    assert sorted(lines_of(folder)) == sorted(lines)


def test_a_shard_that_was_never_entered_is_done_again_and_said(folder: Path, finished: Path) -> None:
    """As a kill between writing and entering leaves it."""
    (folder / "ledger.jsonl").write_bytes(b"".join(lines_of(folder)[:2]))
    assert again(folder) == [
        f"2 files were written and never entered, such as {folder}/runs/part-00002-000000.parquet: done again."
    ]
    assert files(folder) == files(finished)


def test_a_plan_that_was_changed_is_not_believed(folder: Path) -> None:
    """Not even its title: status, report and sweep refuse it, and say how the shards can be kept."""
    plan = folder / "plan.json"
    plan.write_text(plan.read_text(encoding="utf-8").replace('"title": "', '"title": "Not ', 1), encoding="utf-8")
    for command in ("status", "report"):
        with pytest.raises(
            Damaged, match=r"plan\.json cannot be read as a plan \(somebody has changed it\)\. Take it away"
        ):
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
    plan.write_text(
        re.sub(r'"format": \d+', '"format": 2', plan.read_text(encoding="utf-8")).replace(
            f'"version": "{accesssim.__version__}"', '"version": "0.0.9"'
        ),
        encoding="utf-8",
    )
    with pytest.raises(
        FolderError,
        match=r"was made by accesssim 0\.0\.9, which lays out a folder otherwise\. Name another folder with --out",
    ):
        asked().run(out=folder, update=True)


def test_shards_keep_their_cut_whichever_engine_goes_on(folder: Path) -> None:
    """A plan of a quicker engine would cut longer shards: the one that is held stays, so that what is done is not done again."""
    held = ResultFolder(folder)
    quicker = asked().plan()
    assert agreed(held, quicker) == held.plan()
    slow = Plan(
        **{
            **vars(quicker),
            "engine": "fast",
            "points": tuple(type(point)(**{**vars(point), "seconds_per_run": 70.0}) for point in quicker.points),
        }
    )
    assert [shard.size for shard in slow.shards()] != [shard.size for shard in quicker.shards()]
    assert agreed(held, slow) == held.plan()
    assert agreed(held, slow, more=2) == held.plan().extended(2)


def test_whoever_comes_second_is_told_who_is_there(folder: Path) -> None:
    """The whole keeps out the whole and parts; a part keeps out its like, the whole, and parts of another number, and no other part.

    Nothing is set aside meanwhile.
    """
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
    assert again(folder) == [
        f"{folder / 'runs' / 'foreign.parquet'} does not belong to this result: it is set aside in {folder / 'stale'}."
    ]


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


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """All that lies there, with size and time; a folder's own time is its business."""
    return {
        path.relative_to(folder).as_posix(): (0, 0)
        if path.is_dir()
        else (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def failing(real: Callable[..., object], place: str, error: int) -> Callable[..., object]:
    """The same function, which fails at a place and below it."""

    def fails(path: object, *words: object, **more: object) -> object:
        if f"{path}/".startswith(f"{place}/"):
            raise OSError(error, os.strerror(error), str(path))
        return real(path, *words, **more)

    return fails


@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO, errno.ESTALE])
@pytest.mark.parametrize("name", ["runs", SHARD, "weekly", "ledger.jsonl", "plan.json"])
@pytest.mark.parametrize("update", [False, True])
def test_what_cannot_be_read_for_the_moment_is_not_taken_for_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: int, name: str, update: bool
) -> None:
    """Permissions, a disk or a server that fails: one line that names it, and not a file is moved.

    When it can be read again, nothing is done again.
    """
    before, place = state_of(folder), str(folder / name)
    for function in ("stat", "listdir"):
        monkeypatch.setattr(os, function, failing(getattr(os, function), place, error))
    with pytest.raises(
        FolderError,
        match=re.escape(place)
        + rf".* cannot be read \({os.strerror(error)}\)\. Make it readable and type the same again\.",
    ) as refused:
        asked().run(out=folder, update=update)
    assert not isinstance(refused.value, Damaged)  # whose exit code is another
    monkeypatch.undo()
    assert state_of(folder) == before
    assert again(folder) == []


@pytest.mark.parametrize("name", ["runs", "people", "stale", "ledger.jsonl", ".lock"])
@pytest.mark.parametrize("there", [True, False])
def test_what_is_read_only_in_part_is_refused_before_anything_runs(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, there: bool
) -> None:
    """The folder or file is named, no run is spent, and nothing stays behind.

    Of a result that goes on, or in a folder in which there is nothing else yet.
    """
    place = folder if there else tmp_path / "new"
    if "." in name and not there:
        pytest.skip("nothing is there that could be read-only")
    (place / name).mkdir(parents=True, exist_ok=True) if "." not in name else None
    if there:
        (folder / SHARD).unlink()
    before, real = state_of(place), builtins.open

    def read_only(path: object, mode: str = "r", *words: object, **more: object) -> object:
        if f"{path}/".startswith(f"{place / name}/") and set(mode) & set("wax+"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, mode, *words, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", read_only)
    monkeypatch.setattr(service, "rows", lambda *_, **__: pytest.fail("something ran"))
    with pytest.raises(
        FolderError,
        match=re.escape(f"{place / name} cannot be written to (Permission denied). Name another folder with --out."),
    ):
        asked().run(out=place)
    assert state_of(place) == before


def a_folder(place: Path) -> str:
    place.mkdir()
    return "a folder, where a file"


def a_file(place: Path) -> str:
    place.write_text("dear", encoding="utf-8")
    return "a file, where a folder"


def a_pipe(place: Path) -> str:
    os.mkfifo(place)
    return "a pipe, where a file"


def a_link_elsewhere(place: Path) -> str:
    (place.parent.parent / "victim.txt").write_text("dear", encoding="utf-8")
    place.symlink_to("../victim.txt")
    return "a link, where a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
@pytest.mark.parametrize(
    ("name", "harm"),
    [
        *(
            (name, harm)
            for name in ("ledger.jsonl", ".lock", "run.json", "ledger-1-of-2.jsonl")
            for harm in (a_folder, a_pipe)
        ),
        *((name, a_link_elsewhere) for name in ("ledger.jsonl", ".lock")),
        *((name, a_file) for name in ("runs", "people", "stale")),
        *((name, a_folder) for name in (SHARD, "runs/part-00009-000000.parquet")),
    ],
)
def test_what_stands_in_the_place_of_ours_is_named(
    folder: Path, tmp_path: Path, name: str, harm: Callable[[Path], str]
) -> None:
    """With what to do, before anything is moved; nothing is written through a link; without it the result is made whole."""
    place = folder / name
    if os.path.lexists(place):
        place.rename(tmp_path / "away")
    what = harm(place)
    before = state_of(folder)
    with pytest.raises(
        FolderError,
        match=re.escape(f"{place} is {what} of the result should be. Take it away and type the same again."),
    ):
        asked().run(out=folder)
    assert state_of(folder) == before
    assert not (tmp_path / "victim.txt").exists() or (tmp_path / "victim.txt").read_text(encoding="utf-8") == "dear"
    place.rmdir() if place.is_dir() else place.unlink()
    asked().run(out=folder)
    assert again(folder) == []


def test_a_result_whose_folder_is_gone_says_so(folder: Path) -> None:
    """What was opened and then moved is not read as a result without runs; where it is now it is whole."""
    result, runs = Result.read(folder), Result.read(folder).runs
    moved = folder.rename(folder.parent / "moved")
    for asked_of in (
        lambda: result.runs,
        lambda: result.weekly,
        result.summary,
        lambda: result.count,
        lambda: result.failed,
        lambda: result.values("still_waiting"),
    ):
        with pytest.raises(
            FolderError, match=r"kept is no longer a result folder: its plan\.json is gone, or cannot be read"
        ):
            asked_of()
    assert Result.read(moved).runs.equals(runs)


PLACES = (
    "runs",
    "people",
    "stale",
    ".taken",
    SHARD,
    "ledger.jsonl",
    "ledger-1-of-2.jsonl",
    "plan.json",
    "run.json",
    "report.html",
    ".lock",
    "stale/old/within",
    "runs/notes",
)
"""Where a link may stand in a result folder."""


def a_victim(place: Path) -> Path:
    """A folder of somebody's own."""
    (place / "runs").mkdir(parents=True)
    for name in ("thesis.docx", "part-00000-000000.parquet", ".mine.tmp", "runs/part-00001-000000.parquet"):
        (place / name).write_text("dear", encoding="utf-8")
    return place


def a_link(link: Path, to: Path) -> None:
    """In the place of what may stand there."""
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_dir():
        shutil.rmtree(link)
    link.unlink(missing_ok=True)
    link.symlink_to(to)


def refusal(link: Path) -> str:
    """What is said of a link."""
    return (
        rf"{re.escape(str(link))} is a link, where a (file|folder) of the result should be\. "
        r"Take it away and type the same again\. Only a result folder itself may be a link\."
    )


def ways(folder: Path) -> dict[str, Callable[[], object]]:
    """All that reads a result folder or works in it."""
    point = str(folder) + ":0"
    page = str(folder / "report.html")
    verbs = (
        ("status", str(folder)),
        ("report", str(folder)),
        ("report", str(folder), "--out", page),
        ("compare", str(folder)),
        ("compare", point, point),
        ("replay", str(folder), "1:0"),
    )
    return {
        "run": lambda: asked().run(out=folder),
        "update": lambda: asked(compare_to={"bureaucracy.level": 0.5}).run(out=folder, update=True),
        "more": lambda: asked().run(out=folder, more=1),
        "part": lambda: asked().run(out=folder, part=(1, 2)),
        **{
            " ".join(words): lambda words=words: CliRunner().invoke(
                cli, words, catch_exceptions=False, standalone_mode=False
            )
            for words in verbs
        },
    }


@pytest.mark.parametrize(
    ("name", "to"),
    [
        *((name, "victim") for name in PLACES),
        *((name, "victim/thesis.docx") for name in (SHARD, "ledger.jsonl", "run.json", "report.html", ".lock")),
        *((name, "nowhere") for name in ("runs", SHARD, "report.html")),
        (SHARD, "/dev/zero"),
    ],
)
def test_a_link_in_a_result_folder_is_refused_before_anything_is_touched(
    folder: Path, tmp_path: Path, name: str, to: str
) -> None:
    """By its name, by whatever reads the folder or works in it; what it leads to is left as it was, and so is all that lies beside it."""
    victim = a_victim(tmp_path / "victim")
    a_link(folder / name, tmp_path / to)
    before, theirs = state_of(folder), state_of(victim)
    for way, attempt in ways(folder).items():
        with pytest.raises(FolderError, match=f"^{refusal(folder / name)}$"):
            outcome = attempt()
            pytest.fail(f"{way}: {outcome}")
        assert (state_of(folder), state_of(victim)) == (before, theirs), way
    assert not (tmp_path / "nowhere").exists()
    (folder / name).unlink()
    if name != "plan.json":
        asked().run(out=folder)
        assert again(folder) == []


@pytest.mark.parametrize("name", ["runs", "weekly", ".lock", "stale"])
def test_a_link_in_a_folder_that_holds_nothing_yet_is_refused(tmp_path: Path, name: str) -> None:
    """A sweep once took all that lay behind `runs` for shards of another plan, and moved it away."""
    victim = a_victim(tmp_path / "victim")
    a_link(tmp_path / "new" / name, victim)
    theirs = state_of(victim)
    with pytest.raises(FolderError, match=refusal(tmp_path / "new" / name)):
        asked().run(out=tmp_path / "new")
    assert state_of(victim) == theirs
    assert [path.name for path in (tmp_path / "new").iterdir()] == [name]


def test_a_link_is_one_line_and_wrong_usage(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As any folder that cannot be used; a sweep that is finished writes no page through one either."""
    (folder / "report.html").symlink_to(tmp_path / "nowhere.html")
    with pytest.raises(FolderError, match=refusal(folder / "report.html")) as refused:
        work(asked(), str(folder), 1)
    assert ending(refused.value) == Exit.USAGE
    assert re.fullmatch(f"Error: {refusal(folder / 'report.html')}\n", capsys.readouterr().err)
    with pytest.raises(FolderError, match=refusal(folder / "report.html")):
        write_report(asked().run(), folder)
    assert not (tmp_path / "nowhere.html").exists()


def test_a_junction_is_a_link(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Windows has between folders, and Python does not call a link."""
    before = state_of(folder)
    monkeypatch.setattr(os.path, "isjunction", lambda path: Path(path) == folder / "weekly", raising=False)
    with pytest.raises(FolderError, match=refusal(folder / "weekly")):
        asked().run(out=folder)
    assert state_of(folder) == before


def test_the_result_folder_itself_may_be_a_link(finished: Path, tmp_path: Path) -> None:
    """To a larger disk: it stays one, and the result is the same."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "lk").symlink_to("disk")
    asked().run(out=tmp_path / "lk")
    assert (tmp_path / "lk").is_symlink()
    assert files(tmp_path / "disk") == files(finished)
    assert again(tmp_path / "lk") == []
    assert Result.read(tmp_path / "lk").runs.equals(Result.read(finished).runs)


def test_links_in_the_folder_of_a_search_are_refused(tmp_path: Path) -> None:
    """Those of every value, before the first is worked in."""
    search = partial(
        solve,
        small(run__weeks=2),
        "workforce.high_intensity.posts",
        (1, 3),
        Target("still_waiting", at_most=1e9),
        replications=2,
        out=tmp_path / "search",
        engine="simpy",
    )
    victim = a_victim(tmp_path / "victim")
    theirs = state_of(victim)
    for name in ("at-1", "at-1/runs"):
        a_link(tmp_path / "search" / name, victim)
        with pytest.raises(FolderError, match=refusal(tmp_path / "search" / name)):
            search()
        assert state_of(victim) == theirs
        assert [path.name for path in (tmp_path / "search").iterdir()] == ["at-1"]
        (tmp_path / "search" / name).unlink()
    (tmp_path / "search" / "at-home").symlink_to(victim)  # none of the search's
    assert search().value is not None


def test_what_is_somebody_elses_is_left_where_it_is(folder: Path, finished: Path) -> None:
    """Only tables are set aside; whatever else lies among them is named, and never moved, emptied or taken away, whatever is done beside it."""
    foreign = {
        name: folder / name
        for name in ("runs/thesis.docx", "weekly/holiday/sea.jpg", "runs/old.parquet/part-00000-000000.parquet")
    }
    unnamed = [
        folder / name
        for name in (
            ".mine.tmp",
            "runs/.mine.tmp",
            "ledger-2024.jsonl",
            "notes.txt",
            ".taken/mine.txt",
            ".taken/runs/mine.txt",
        )
    ]
    for path in (*foreign.values(), *unnamed):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("dear", encoding="utf-8")
    (folder / SHARD).write_bytes(b"")  # so that all is looked through
    named = [
        f"{folder / name} does not belong to this result: it is left where it is, and not read."
        for name in ("runs/old.parquet", "runs/thesis.docx", "weekly/holiday")
    ]
    assert again(folder) == [
        f"{folder / SHARD} is damaged: it is set aside in {folder / 'stale'}, and done again.",
        *named,
    ]
    told: list[str] = []
    asked(compare_to={"bureaucracy.level": 0.5}).run(out=folder, update=True, say=told.append)
    assert told == named
    assert all(path.read_text(encoding="utf-8") == "dear" for path in (*foreign.values(), *unnamed))
    assert ResultFolder(folder).unknown_tables() == []
    assert Result.read(folder).runs.equals(Result.read(finished).runs)


def test_a_lock_that_holds_something_else_is_not_emptied(tmp_path: Path) -> None:
    """It is named and refused; what a killed process left in a lock of ours is not in the way."""
    (tmp_path / ".lock").write_text("dear", encoding="utf-8")
    with pytest.raises(FolderError, match=re.escape(f"{tmp_path / '.lock'} is no lock of accesssim")):
        asked().run(out=tmp_path)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [(".lock", "dear")]
    (tmp_path / ".lock").write_text("123", encoding="utf-8")
    asked().run(out=tmp_path)
    assert again(tmp_path) == []


def test_no_picture_is_written_through_a_link(folder: Path, tmp_path: Path) -> None:
    """Nobody named it, though it leads to a picture, which might be replaced if it had been."""
    (tmp_path / "mine.svg").write_text("<svg>dear</svg>", encoding="utf-8")
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "waits.svg").symlink_to("../mine.svg")
    with pytest.raises(
        FolderError,
        match=re.escape(
            f"{pictures / 'waits.svg'} is a link, so no picture is written there. Name another folder with: --pictures FOLDER"
        ),
    ):
        CliRunner().invoke(
            cli, ["report", str(folder), "--pictures", str(pictures)], catch_exceptions=False, standalone_mode=False
        )
    assert (tmp_path / "mine.svg").read_text(encoding="utf-8") == "<svg>dear</svg>"
    assert not (folder / "report.html").exists()

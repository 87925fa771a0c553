"""Bad days of disks, folders and processes: one clear line, an exit code, nothing lost, and the same command again goes on."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from accesssim import version
from accesssim.study.asking.experiment import Experiment
from accesssim.study.faults import FolderError
from accesssim.study.result import Result
from accesssim.study.running import disk as files
from accesssim.study.running.folder import ResultFolder
from tests.clinics import many_shards, small
from tests.patience import LONGEST, wait_until

BEFORE = '<meta name="generator" content="accesssim">before'
"""A page that was written earlier."""

PACKAGE = Path(__file__).parent.parent / "accesssim"


@pytest.fixture
def question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An experiment of sixteen shards, in the working folder."""
    monkeypatch.chdir(tmp_path)
    many_shards(tmp_path)
    return tmp_path


SWEEP = [sys.executable, "-m", "accesssim", "sweep", "asked.yaml", "--no-report", "--workers", "2", "--out"]
"""The sweep of `question`, but for its folder."""


def sweep(out: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The sweep in a process of its own."""
    command = [*SWEEP, str(out), *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=LONGEST, env=os.environ | environment
    )


def shards(folder: Path) -> dict[str, bytes]:
    """The files of the runs."""
    return {path.name: path.read_bytes() for path in (folder / "runs").iterdir()}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)], capture_output=True, check=False
    ).returncode:
        pytest.skip("needs a user who may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_disk_that_is_really_full(question: Path, disk: Path) -> None:
    """The path is named and how much is kept; with room again the rest is done, and it is the result of a disk that was never full."""
    told = sweep(disk / "kept")
    assert told.returncode == 1, told.stderr
    assert re.search(
        r"disk full: \S+ could not be written; \d+ of 48 runs are kept\. Make room and type the same again\.",
        told.stderr,
    ), told.stderr
    assert "Traceback" not in told.stderr
    assert ResultFolder(disk / "kept").ledger.damaged() == []
    entered = len(ResultFolder(disk / "kept").ledger.entries())
    assert entered > 0
    subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
    assert sweep(disk / "kept").returncode == 0
    assert sweep(question / "whole").returncode == 0
    assert shards(disk / "kept") == shards(question / "whole")


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_what_does_not_fit_on_a_disk_is_not_there(question: Path, disk: Path) -> None:
    """A page, a picture and a starter are whole or not at all: what stood there before stays, the path is named, and the exit code is 1."""
    assert sweep(question / "kept").returncode == 0
    (disk / "all").write_bytes(bytes(1 << 18))
    (disk / "page.html").write_text(BEFORE)
    with contextlib.suppress(OSError):
        (disk / "rest").write_bytes(bytes(1 << 18))  # to the last byte
    for words, name in (
        (("report", "kept", "--out", str(disk / "page.html")), "page.html"),
        (("report", "kept", "--pictures", str(disk)), r"[a-z-]+.svg"),
        (
            (
                "run",
                "town.yaml",
                "--weeks",
                "26",
                "--replications",
                "2",
                "--diagnose",
                "--picture",
                str(disk / "weeks.svg"),
            ),
            "weeks.svg",
        ),
        (("new", str(disk / "mine")), "mine.yaml"),
    ):
        told = subprocess.run(
            [sys.executable, "-m", "accesssim", *words], capture_output=True, text=True, check=False, timeout=LONGEST
        )
        assert told.returncode == 1, told.stderr
        assert re.search(
            rf"^Error: disk full: {re.escape(str(disk))}/{name} could not be written\.", told.stderr, re.MULTILINE
        ), told.stderr
    left = {path.name: path.stat().st_size for path in disk.iterdir() if path.suffix != ".svg"}
    assert left == {"all": 1 << 18, "page.html": len(BEFORE), "rest": left["rest"]}
    assert all(path.read_text(encoding="utf-8").rstrip().endswith("</svg>") for path in disk.glob("*.svg"))


@pytest.mark.skipif(sys.platform != "linux", reason="writes to devices")
def test_devices_and_links_stay_what_they_are(tmp_path: Path) -> None:
    """A page goes through a link to its file, and into a device as it comes."""
    (tmp_path / "there").write_text("before")
    (tmp_path / "link").symlink_to("there")
    files.deliver(tmp_path / "link", "a page")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_text() == "a page"
    files.deliver(Path(os.devnull), "a page")
    files.probe(Path(os.devnull))
    assert not Path(os.devnull).is_file()
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
        files.deliver(Path("/dev/full"), "a page")


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_read_only_folder_is_refused_before_anything_runs(question: Path, disk: Path) -> None:
    """Exit code 2, one line, at once."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    told = sweep(disk / "kept")
    assert told.returncode == 2
    assert "cannot be written to (Read-only file system). Name another folder with --out." in told.stderr
    assert "Traceback" not in told.stderr


AS_NOBODY = """
import os
import sys

from accesssim.cli.command_line import main
from accesssim.study.asking import experiment_files

asked = experiment_files.load("asked.yaml")
try:
    main(["sweep", "asked.yaml", "--no-report", "--workers", "1", "--out", "own"])
except SystemExit as ended:
    assert ended.code == 0
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
experiment_files.search = lambda _: None
experiment_files.load = lambda *_, **__: asked  # by now all is loaded that nobody may not be able to read
main(["sweep", "asked.yaml", "--no-report", "--workers", "1", *sys.argv[1:]])
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs a user who may become nobody")
@pytest.mark.parametrize("words", [("--out", "kept", "--more", "1"), ("--out", "new")])
def test_a_folder_of_somebody_else_is_refused_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """By a user who may read it and not write: exit code 2, one line that names it, and not a byte or a file more or less."""
    monkeypatch.chdir(tmp_path)
    many_shards(tmp_path, points=2, replications=1, weeks=2)
    tmp_path.chmod(0o755)
    assert sweep(Path("kept")).returncode == 0

    def held() -> dict[Path, tuple[int, bytes]]:
        return {
            path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
            for path in Path("kept").rglob("*")
        }

    before = held()
    told = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *words], capture_output=True, text=True, check=False, timeout=LONGEST
    )
    assert told.returncode == 2, told.stderr
    refusal = told.stderr.partition("Kept in own.\n")[2]
    assert [line for line in refusal.splitlines() if "kept from before" not in line] == [
        f"Error: {words[1]} cannot be written to (Permission denied). Name another folder with --out."
    ]
    assert held() == before
    assert not Path("new").exists()


def nobody_left(group: int) -> bool:
    """Whether a group of processes has ended."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize(("second", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_and_another(question: Path, second: signal.Signals, code: int) -> None:
    """Ctrl-C while it works, and again or a request to end at once: 130 or 143, and no traceback.

    Nobody is left behind, and the same command finishes it.
    """
    running = subprocess.Popen(
        [*SWEEP, "kept"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    )
    wait_until(
        lambda: (
            running.poll() is not None or (Path("kept/ledger.jsonl").exists() and ResultFolder("kept").ledger.entries())
        ),
        "a first shard is entered",
    )
    os.killpg(running.pid, signal.SIGINT)
    time.sleep(0.05)
    if running.poll() is None:
        os.killpg(running.pid, second)
    told = running.communicate(timeout=LONGEST)[1].decode()
    assert running.returncode in (130, code)  # 130 where the first was done with it before the second came
    assert "Traceback" not in told
    wait_until(lambda: nobody_left(running.pid), "no worker outlives the sweep")
    kept = {entry.name for entry in ResultFolder("kept").ledger.entries()}
    assert kept
    assert sweep(Path("kept")).returncode == 0
    assert sweep(Path("whole")).returncode == 0
    assert shards(Path("kept")) == shards(Path("whole"))


def test_where_and_when_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another time zone, locale and hash seed: the same bytes."""
    monkeypatch.chdir(tmp_path)
    many_shards(tmp_path, points=4)
    assert sweep(tmp_path / "here").returncode == 0
    assert sweep(tmp_path / "there", TZ="Asia/Tokyo", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="7").returncode == 0
    assert shards(tmp_path / "here") == shards(tmp_path / "there") != {}


def test_a_result_of_another_version_is_refused_or_run_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never mixed: the difference is shown; with `update` everything is run again and the old shards lie in `stale`."""
    asked = Experiment(small(run__weeks=4), replications=3, seed=5)
    monkeypatch.setattr(version, "__version__", "0.0.9")
    asked.run(out=tmp_path)
    monkeypatch.undo()
    here = re.escape(version.__version__)
    with pytest.raises(
        FolderError, match=rf"holds the results of another plan \(version: {here} here, 0\.0\.9 there\)"
    ):
        asked.run(out=tmp_path)
    asked.run(out=tmp_path, update=True)
    assert list((tmp_path / "stale").glob("runs-*"))
    assert ResultFolder(tmp_path).plan().version == asked.plan().version


def test_a_worker_without_memory_costs_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replication that runs out of memory is a row with the command that repeats it; the others are done."""
    from accesssim.clinic import service

    rows = service.rows

    def greedy(scenario: object, **which: int) -> object:
        if which["replication"] == 1:
            raise MemoryError
        return rows(scenario, **which)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "rows", greedy)
    result = Experiment(small(run__weeks=4), replications=3, seed=5).run(out=tmp_path)
    assert list(result.runs["replication"]) == [0, 2]
    (row,) = result.failures.to_dict("records")
    assert row["error"].startswith("MemoryError")
    assert row["replay"] == "accesssim replay DIR 0:1"


@pytest.mark.parametrize(
    "harm", ["", "{", "[]", '{"name": "part-x-y", "files": {}, "runs": 1, "failures": 0}', "\x00\xff", '{"name": 3}']
)
def test_a_broken_line_of_the_ledger_says_nothing(tmp_path: Path, harm: str) -> None:
    """Whatever stands in a line that is no entry, it is passed over; what it should have said is done again."""
    asked = Experiment(small(run__weeks=4), matrix={"bureaucracy.level": [0.5, 1.0]}, replications=3, seed=5)
    whole = asked.run(out=tmp_path).runs
    ledger = tmp_path / "ledger.jsonl"
    lines = ledger.read_text(encoding="utf-8").splitlines()
    ledger.write_bytes("\n".join([harm, *lines[1:]]).encode("utf-8", "replace"))
    assert len(Result.read(tmp_path).runs) < len(whole)
    asked.run(out=tmp_path)
    assert json.loads(Result.read(tmp_path).runs.to_json()) == json.loads(whole.to_json())


def test_nothing_is_loaded_from_disk_by_pickle() -> None:
    """Nowhere in the package."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pickle\.load|read_pickle|allow_pickle=True|import pickle|joblib\.load", text), path

"""The cache of compiled code: whole or compiled anew, trusted or not read, compiled once by all who ask at once.

What compiles is a stand-in, but for one small function.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numba
import pytest
from click.testing import CliRunner

from accesssim.cli import command_line
from accesssim.clinic.compiled import cache, machine_code, readiness
from accesssim.world import cache_folder, results_digest
from tests.patience import LONGEST, wait_until

STAND_IN = """
import sys, time
from pathlib import Path
from accesssim.clinic.compiled import cache, readiness

def compiles(progress):
    for part in range({parts}):
        time.sleep(0.1)

class Entrance:
    def keep(self, folder):
        for name in ("begin", "advance"):
            Path(folder, f"{{name}}.code").write_bytes(b"compiled code")

    def attach(self, folder):
        self.folder = folder

readiness.ENTRANCES, readiness.compile_everything = (Entrance(),), compiles
readiness.make_ready(lambda words: print(words, flush=True))
print(readiness.ENTRANCES[0].folder, readiness.is_ready())
"""


class Entrance:
    """In the place of a compiled function."""

    folder = Path()

    def keep(self, folder: Path) -> None:
        for name in ("begin.code", "advance.code"):
            (folder / name).write_bytes(b"compiled code")

    def attach(self, folder: Path) -> None:
        self.folder = folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, in which a stand-in compiles."""

    def compiles(progress: Callable[[int, int], None]) -> None:
        for number in range(2):
            progress(number, 2)

    monkeypatch.setattr(readiness, "ENTRANCES", (Entrance(),))
    monkeypatch.setattr(readiness, "compile_everything", compiles)
    monkeypatch.setattr(cache, "place", cache.place.__wrapped__)
    monkeypatch.setenv("ACCESSSIM_CACHE", str(tmp_path / "home"))
    return tmp_path / "home"


def made_ready() -> list[str]:
    """What is said."""
    said: list[str] = []
    readiness.make_ready(said.append)
    return said


def compiled_anew() -> bool:
    """Whether it was compiled, after which it is ready and nothing else lies there."""
    (said,) = made_ready() or [""]
    folder = cache.place().folder
    assert readiness.is_ready()
    assert sorted(path.name for path in folder.iterdir()) == ["advance.code", "begin.code", "complete"]
    assert {path.name for path in folder.parent.iterdir()} <= {folder.name, f".{folder.name}.lock", "digests"}
    assert readiness.ENTRANCES[0].folder == folder
    return said.startswith("Compiling the fast engine")


HARMS: dict[str, Callable[[Path], object]] = {
    "emptied": lambda folder: (folder / "begin.code").write_bytes(b""),
    "data cut off": lambda folder: (folder / "advance.code").write_bytes(b"compiled"),
    "data changed": lambda folder: (folder / "advance.code").write_bytes(b"compiled mode"),
    "data gone": lambda folder: (folder / "advance.code").unlink(),
    "a file besides": lambda folder: (folder / "tell.code").write_bytes(b"x"),
    "mark gone": lambda folder: (folder / "complete").unlink(),
    "mark emptied": lambda folder: (folder / "complete").write_bytes(b""),
    "mark of another kind": lambda folder: (folder / "complete").write_bytes(b"\xff[]"),
    "all gone but the mark": lambda folder: [path.unlink() for path in folder.glob("*.code")],
    "all emptied": lambda folder: [path.write_bytes(b"") for path in folder.iterdir()],
    "nothing": shutil.rmtree,
    "a file that others can write to": lambda folder: (folder / "advance.code").chmod(0o666),
    "a file in its place": lambda folder: (shutil.rmtree(folder), folder.write_bytes(b"")),
}


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_not_whole_is_compiled_anew(home: Path, harm: str) -> None:
    """By itself, once."""
    assert compiled_anew()
    assert not compiled_anew()
    HARMS[harm](cache.place().folder)
    assert not readiness.is_ready()
    assert compiled_anew()
    assert not compiled_anew()


def test_it_is_ours_alone(home: Path) -> None:
    """Whatever else is usual on this machine."""
    before = os.umask(0)
    try:
        made_ready()
    finally:
        os.umask(before)
    folder = cache.place().folder
    for path in (home, home / "accesssim", folder):
        assert path.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def _give_away(home: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(home / "accesssim", 4242, 4242)


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "others can write to a part of its path": (
        lambda home: home.chmod(0o777),
        r"others can write to \S+/home \(type: chmod go-w \S+/home\)",
    ),
    "a group can write to a part of its path": (lambda home: home.chmod(0o770), r"others can write to \S+/home \("),
    "others can write to it": (
        lambda home: (home / "accesssim").chmod(0o702),
        r"others can write to \S+/home/accesssim \(",
    ),
    "somebody else's": (_give_away, r"\S+/home/accesssim belongs to somebody else"),
    "a file in its place": (
        lambda home: (shutil.rmtree(home), home.write_bytes(b"")),
        r"\S+/home/accesssim cannot be written to \(",
    ),
}


@pytest.mark.skipif(os.name == "nt", reason="its users have folders of their own")
@pytest.mark.parametrize("how", FOREIGN)
def test_what_others_could_have_written_is_not_read(home: Path, how: str) -> None:
    """A private folder is taken by this process and those that it starts, and one line says why."""
    change, words = FOREIGN[how]
    made_ready()
    kept = cache.place().folder
    change(home)
    said = made_ready()
    assert re.fullmatch(rf"{words}.*: what is compiled is kept for this command alone\.", said[0])
    assert said[1].startswith("Compiling")
    passing = Path(os.environ["ACCESSSIM_CACHE"])
    assert passing.stat().st_mode & 0o777 == 0o700
    assert cache.place() == (passing / "accesssim" / kept.name, None)  # as a worker finds it
    assert readiness.is_ready()
    shutil.rmtree(passing)


def test_where_each_may_change_their_own_is_good_enough(home: Path) -> None:
    """As in /tmp; and a link of ours may lead there."""
    made_ready()
    home.chmod(0o1777)
    assert readiness.is_ready()
    there = home.rename(home.with_name("there"))
    home.symlink_to(there)
    assert readiness.is_ready()
    there.chmod(0o777)
    assert not readiness.is_ready()


def test_where_there_is_no_home_workers_share_a_passing_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each would compile for itself."""

    def none(_: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("ACCESSSIM_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setattr(Path, "home", classmethod(none))
    assert made_ready()[0].startswith("there is no home folder: ")
    assert cache.place().folder.is_dir()
    assert cache.place().against is None
    shutil.rmtree(os.environ["ACCESSSIM_CACHE"])


def test_a_cache_that_is_prepared_is_used_as_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written there, nor tried by writing; one that is prepared for others than this state of the code does not help."""
    made_ready()
    for path in (home / "accesssim").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    monkeypatch.setattr(cache_folder, "made", lambda path: f"{path} cannot be written to (Read-only file system)")
    monkeypatch.setattr(cache, "alone", None)
    monkeypatch.setattr(cache, "aside", None)
    assert made_ready() == []
    assert readiness.ENTRANCES[0].folder == cache.place().folder
    monkeypatch.undo()
    monkeypatch.setenv("ACCESSSIM_CACHE", str(home))
    monkeypatch.setattr(cache, "state", lambda: "another")
    monkeypatch.setattr(cache_folder, "made", lambda path: f"{path} cannot be written to (Read-only file system)")
    folder, against = cache.place.__wrapped__()
    assert not folder.is_relative_to(home)
    assert against is not None


def _start(home: Path, parts: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STAND_IN.format(parts=parts)],
        env={**os.environ, "ACCESSSIM_CACHE": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_that_start_at_once_compile_once(home: Path) -> None:
    """The second waits, and says so."""
    both = [_start(home, 30) for _ in range(2)]
    told = sorted(process.communicate(timeout=LONGEST)[0].splitlines() for process in both)
    assert [lines[0].partition(" fast engine")[0] for lines in told] == [
        "Another accesssim is compiling the",
        "Compiling the",
    ]
    folder = cache.place().folder
    assert [lines[1:] for lines in told] == [[f"{folder} True"]] * 2


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_killed_while_compiling(home: Path) -> None:
    """Nothing is left that is read, the lock is let go of, and what was begun is cleared away."""
    process = _start(home, 10_000)
    folder = cache.place().folder
    wait_until(lambda: list(folder.parent.glob(".*.tmp")), "it compiles")
    (begun,) = folder.parent.glob(".*.tmp")
    (begun / "begin.code").write_bytes(b"")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=LONGEST)
    assert not folder.exists()
    assert not readiness.is_ready()
    assert compiled_anew()


def test_an_error_while_compiling_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does Ctrl-C."""

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(readiness, "compile_everything", interrupted)
    with pytest.raises(KeyboardInterrupt):
        made_ready()
    assert not list((home / "accesssim").glob("*[!k]"))
    assert not readiness.is_ready()


def test_being_made_ready_by_the_command_line(home: Path) -> None:
    """`accesssim ready`: once, told in words or as JSON; where nothing can be kept it is refused before anything is compiled."""
    folder = cache.place().folder
    first, again, told = (CliRunner().invoke(command_line.cli, ["ready", *words]) for words in ([], [], ["--json"]))
    assert first.exit_code == again.exit_code == told.exit_code == 0
    assert first.stderr.startswith("Compiling the fast engine")
    assert re.fullmatch(rf"The fast engine is ready, after \d+ seconds, in {folder}\.\n", first.stdout)
    assert (again.stdout, again.stderr) == (f"The fast engine was ready, in {folder}.\n", "")
    held = json.loads(told.stdout)
    assert held.pop("seconds") >= 0.0
    assert held == {"ready": True, "was_ready": True, "folder": str(folder), "code": results_digest.of_results()}
    home.chmod(0o777)
    refused = CliRunner().invoke(command_line.cli, ["ready"])
    assert refused.exit_code == 2
    assert "what is compiled could not be kept. Name another place with" in refused.stderr


def test_the_end_of_a_file_is_not_told_as_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As which click would have it."""

    def ends(*_: object) -> None:
        raise EOFError("Ran out of input")

    monkeypatch.setattr("accesssim.cli.verbs_on_scenarios.read_scenario", ends)
    with pytest.raises(SystemExit) as ended:
        command_line.main(["show", "baseline"])
    assert ended.value.code == 1
    assert "Unexpected error: EOFError: Ran out of input." in capsys.readouterr().err


def twice(number):
    return 2 * number


def test_what_was_compiled_runs_without_the_compiler(tmp_path: Path) -> None:
    """In a process that never loads it, and while others run: the answer, and what would be an error."""
    function = machine_code.Entrance(twice)
    function.made.compile((numba.types.int64,))
    function.keep(tmp_path)
    assert len(cache._kept(tmp_path)) == 1
    function.attach(tmp_path)
    assert function(21) == 42
    script = (
        "import sys; from pathlib import Path; from accesssim.clinic.compiled import machine_code\n"
        "def twice(number): pass\n"
        f"function = machine_code.Entrance(twice); function.attach(Path({str(tmp_path)!r}))\n"
        "print(function(21), 'numba' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "42 False\n"

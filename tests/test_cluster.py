"""A sweep on a Dask cluster is the sweep of one machine; what is killed is done again.

Everything listens on 127.0.0.1 alone and is ended by the test.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("distributed")

from accesssim.cli.command_line import cli
from accesssim.study.running.folder import ResultFolder
from tests.clinics import many_shards
from tests.patience import LONGEST, wait_until

Process = subprocess.Popen[bytes]


class Cluster:
    """A scheduler and two workers, started by hand as the README says."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "scheduler.log"
        self.scheduler = self._start("scheduler", "--port", "0", log=self.log)
        self.address = self._wait_for(self.log, r"tcp://127\.0\.0\.1:\d+")
        self.workers = [
            self._start("worker", self.address, "--nthreads", "1", "--no-nanny", log=folder / f"worker{number}.log")
            for number in range(2)
        ]
        for number in range(2):
            self._wait_for(folder / f"worker{number}.log", "Registered to")

    @staticmethod
    def _start(*words: str, log: Path) -> Process:
        with log.open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"], stdout=out, stderr=out
            )

    @staticmethod
    def _wait_for(log: Path, words: str) -> str:
        wait_until(
            lambda: re.search(words, log.read_text(encoding="utf-8", errors="replace")), f"{log.name} says {words}"
        )
        return re.search(words, log.read_text(encoding="utf-8", errors="replace"))[0]  # type: ignore[index]  # as it was found

    def end(self) -> None:
        """Nothing outlives the test."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait(LONGEST)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of this machine."""
    started = Cluster(tmp_path)
    yield started
    started.end()


QUESTION = ["sweep", "asked.yaml", "--no-report"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of sixteen shards with its result without a cluster in `whole`, which nobody touches."""
    place = tmp_path_factory.mktemp("whole")
    many_shards(place)
    subprocess.run(
        [sys.executable, "-m", "accesssim", *QUESTION, "--out", "whole", "--workers", "2"],
        cwd=place,
        check=True,
        capture_output=True,
    )
    return place


@pytest.fixture
def question(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """That sweep, in the working folder."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return QUESTION


def same(folder: Path) -> bool:
    """Whether the shards are, byte for byte, those of the sweep without a cluster."""
    here, whole = (
        {path.name: path.read_bytes() for path in (one / "runs").iterdir()} for one in (folder, folder.parent / "whole")
    )
    return here == whole


def begun(folder: Path) -> None:
    """Wait until a first shard is entered."""
    wait_until(
        lambda: (folder / "ledger.jsonl").exists() and ResultFolder(folder).ledger.entries(), "a first shard is entered"
    )


def sweep(command: list[str], address: str, out: str) -> Process:
    """The sweep, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "accesssim", *command, "--out", out, "--dask", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def test_a_killed_worker_costs_only_its_shard(cluster: Cluster, question: list[str], tmp_path: Path) -> None:
    """Of two workers one is killed outright: that is said, and the other does the rest."""
    running = sweep(question, cluster.address, "kept")
    begun(tmp_path / "kept")
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    told = running.communicate(timeout=LONGEST)[1].decode()
    assert running.returncode == 0, told
    assert "is gone; what it was at is begun again by another" in told
    assert same(tmp_path / "kept")


def test_a_lost_scheduler_is_said_and_the_sweep_goes_on_without_it(
    cluster: Cluster, question: list[str], tmp_path: Path
) -> None:
    """The scheduler is killed: one line, exit code 1, what was entered is kept; the same sweep without a cluster finishes it."""
    running = sweep(question, cluster.address, "kept")
    begun(tmp_path / "kept")
    os.kill(cluster.scheduler.pid, signal.SIGKILL)
    told = running.communicate(timeout=LONGEST)[1].decode()
    assert running.returncode == 1, told
    assert "was lost. What is entered in the result folder is kept" in told
    assert "Traceback" not in told, told
    kept = {entry.name: entry.files for entry in ResultFolder(tmp_path / "kept").ledger.entries()}
    assert kept
    assert CliRunner().invoke(cli, [*question, "--out", "kept", "--workers", "2"]).exit_code == 0
    assert (
        kept.items() <= {entry.name: entry.files for entry in ResultFolder(tmp_path / "kept").ledger.entries()}.items()
    )
    assert same(tmp_path / "kept")


def test_nobody_there_is_said(question: list[str]) -> None:
    """No scheduler at the address: one line with what to type."""
    told = subprocess.run(
        [sys.executable, "-m", "accesssim", *question, "--out", "new", "--dask", "tcp://127.0.0.1:9"],
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert told.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9. Start one with: dask scheduler" in told.stderr
    assert "Traceback" not in told.stderr


def test_whatever_listens_there_and_is_no_scheduler_is_told_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    """A server that talks of something else, an address that is none: soon, and no traceback when Python clears up after it."""
    import gc
    import socket
    import threading

    from accesssim.study.running.cluster import ClusterError
    from accesssim.study.running.cluster import cluster as reached

    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            caller, _ = server.accept()
            caller.sendall(b"HTTP/1.1 400 Bad Request\r\n" * 9)
            caller.close()

        threading.Thread(target=answer, daemon=True).start()
        for address in (f"tcp://127.0.0.1:{server.getsockname()[1]}", "nonsense", ""):
            began = time.monotonic()
            with pytest.raises(ClusterError, match="no Dask scheduler answers at"), reached(address):
                pass
            gc.collect()
            assert time.monotonic() - began < 15
    assert "Traceback" not in capfd.readouterr().err

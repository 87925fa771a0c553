"""Kill a sweep outright at random moments and compare what comes out with a sweep that was left alone: `python -m tests.benchmarks.kills --times 20`.

In turn a worker, the sweep itself, a Dask worker and the Dask scheduler is killed (kill -9), each a share of the times;
after each kill the same command goes on.
A sweep that has lost a worker goes on by itself: it is interrupted once it has entered more, which is exit code 130.
Everything listens on 127.0.0.1 alone and ends with this command. The last line says whether the result is the uninterrupted one, byte for byte.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from accesssim.study.running.folder import ResultFolder
from tests.benchmarks.sweeps import started

VICTIMS = ("worker", "sweep", "Dask worker", "Dask scheduler")
LONGEST = 300.0


def children(parent: int) -> list[int]:
    """Processes that a process has begun."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(stat.parent.name))
        except (OSError, IndexError):
            continue
    return found


def entered(folder: Path) -> dict[str, dict[str, str]]:
    """What the ledger holds."""
    return {entry.name: entry.files for entry in ResultFolder(folder).ledger.entries()}


def shards(folder: Path) -> dict[str, bytes]:
    """Every file of the tables."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for table in ("runs", "weekly")
        for path in (folder / table).iterdir()
        if not path.name.startswith(".")
    }


def one(command: list[str], folder: Path, victim: str, place: Path, luck: random.Random) -> str:
    """Begin the sweep, let it enter something new, kill, and wait for its end; what there is to say of it."""
    before, cluster, address = entered(folder), [], ""
    if victim.startswith("Dask"):
        cluster, address = started(place)
    words = [*command, "--out", str(folder), *(["--dask", address] if address else ["--workers", "2"])]
    running = subprocess.Popen(words, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and running.poll() is None and len(entered(folder)) <= len(before):
        time.sleep(0.05)
    time.sleep(luck.uniform(0.0, 1.5))
    target = {
        "sweep": [running.pid],
        "worker": children(running.pid),
        "Dask worker": [process.pid for process in cluster[1:]],
        "Dask scheduler": [process.pid for process in cluster[:1]],
    }[victim]
    if running.poll() is None and target:
        os.kill(luck.choice(target), signal.SIGKILL)
        # The sweep goes on without it: it enters something more, and is interrupted, so that there is something left
        # for the next kill.
        if victim.endswith("worker"):
            so_far = len(entered(folder))
            while time.monotonic() < until and running.poll() is None and len(entered(folder)) <= so_far:
                time.sleep(0.05)
            if running.poll() is None:
                running.send_signal(signal.SIGINT)
    code = running.wait(LONGEST)
    for process in cluster:
        process.kill()
        process.wait(LONGEST)
    after = entered(folder)
    lost = [name for name, files in before.items() if after.get(name) != files]
    return f"killed a {victim:15} exit code {code:4}; entered {len(before):3} -> {len(after):3}; entered shards done again: {len(lost)}"


def main() -> int:
    """Kill, go on, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    luck = random.Random(given.seed)
    os.environ.setdefault("ACCESSSIM_ENGINE", "simpy")  # the compiled one is done before there is anything to kill
    with tempfile.TemporaryDirectory() as kept:
        place = Path(kept)
        (place / "town.yaml").write_text(
            "extends: baseline\nrun: {weeks: 26}\ndemand: {history_days: 300}\n", encoding="utf-8"
        )
        (place / "asked.yaml").write_text(
            f"scenario: town.yaml\nmatrix: {{bureaucracy.level: [0.5, 0.75, 1.0, 1.25]}}\nreplications: {6 * given.times}\nseed: 5\n",
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "accesssim", "sweep", "asked.yaml", "--no-report"]
        for time_ in range(given.times):
            print(
                f"{time_ + 1:3}  {one(command, place / 'kept', VICTIMS[time_ % len(VICTIMS)], place, luck)}", flush=True
            )
        said = (
            subprocess.run([*command, "--out", "kept"], cwd=place, capture_output=True, text=True, check=True)
            .stderr.strip()
            .splitlines()
        )
        print(
            f"left alone: {next((line for line in said if 'kept from before' in line or 'finished' in line), said[-1])}"
        )
        lines = [
            line
            for line in (place / "kept" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
            if line.endswith("}")
        ]
        print(f"{len(lines)} lines in the ledger, {len(set(lines))} different")
        subprocess.run([*command, "--out", "whole"], cwd=place, check=True, capture_output=True)
        same = shards(place / "kept") == shards(place / "whole")
        print(
            f"byte for byte the result of a sweep that was left alone: {'yes' if same else 'NO'} ({len(shards(place / 'whole'))} files)"
        )
        return 0 if same and len(lines) == len(set(lines)) else 1


if __name__ == "__main__":
    sys.exit(main())

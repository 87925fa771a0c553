"""What sweeps cost beside the simulation, as ratios in one run: `python -m tests.benchmarks.sweeps`.

Takes about half an hour on two free processors; `--quick` asks for one round. A machine shared with others is quicker
in one minute than in the next, so an efficiency compares a sweep with the same work alone just before and just after
it, and is the median of some rounds. Its processors are not always free for both: the line of two processes that keep
nothing says how much this machine gives to whoever shares work between two. Large results are made of copies of a
real shard: what is measured there is reading, not simulating.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

import accesssim
from accesssim.study.asking import experiment_files as experiments
from accesssim.study.asking.experiment import Experiment
from accesssim.study.running import parquet, stopping
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.folder_at_work import opened
from accesssim.study.running.rows import Rows
from accesssim.study.running.shard import Task, work
from tests.benchmarks.__main__ import timed
from tests.benchmarks.tables import measured

LEVELS = [0.5, 0.75, 1.0, 1.25]
WAIT = "wait_to_therapy_mean"


def row(name: str, figure: str, floor: str, target: str) -> None:
    """Print a line of the table."""
    print(measured(name, figure, floor, target))


def question(replications: int, levels: int = 4) -> Experiment:
    """Half a year of the baseline, at some points."""
    half_year = accesssim.load("baseline").replace({"run.weeks": 26, "demand.history_days": 300})
    return Experiment(
        half_year, matrix={"bureaucracy.level": LEVELS[:levels]}, replications=replications, seed=1, name="sweeps"
    )


def efficiencies(alone: Callable[[], int], *shared: Callable[[], int], rounds: int) -> tuple[float, list[list[float]]]:
    """Seconds of the work alone, and for each way of sharing it between two its efficiency in each round.

    The work alone before and after are its measure.
    """
    before, found, works = timed(alone), [list[float]() for _ in shared], list[float]()
    for _ in range(rounds):
        taken = [timed(work) for work in shared]
        after = timed(alone)
        works += [(before + after) / 2]
        for times, one in zip(found, taken, strict=True):
            times.append(works[-1] / (2 * one))
        before = after
    return statistics.median(works), found


def overhead(asked: Experiment) -> float:
    """Seconds of planning, opening a folder, writing shards and entering them, over seconds of working them.

    Each is timed where it is spent, in one sweep.
    """
    start, worked = time.perf_counter(), 0.0
    plan = asked.plan()
    with tempfile.TemporaryDirectory() as place:
        folder = ResultFolder(Path(place) / "kept")
        with opened(folder, plan, "accesssim sweep"):
            for shard in plan.shards():
                begun = time.perf_counter()
                rows = work(Task(shard, asked.scenarios[shard.point], asked.seed))
                worked += time.perf_counter() - begun
                folder.ledger.enter(parquet.write(folder.path, shard, plan.wanted[shard.name][1], rows))
    return (time.perf_counter() - start) / worked - 1.0


def swept(asked: Experiment, workers: int) -> Callable[[], int]:
    """The sweep, into a new folder."""

    def work_it() -> int:
        with tempfile.TemporaryDirectory() as folder:
            asked.run(out=Path(folder) / "kept", workers=workers)
        return 1

    return work_it


def half(asked: Experiment, nth: int) -> None:
    """Every other shard, worked and forgotten."""
    for shard in list(asked.plan().shards())[nth::2]:
        work(Task(shard, asked.scenarios[shard.point], asked.seed))


def plainly(asked: Experiment) -> Callable[[], int]:
    """The same work by two processes that keep nothing and wait for nobody."""

    def work_it() -> int:
        halves = [get_context("spawn").Process(target=half, args=(asked, nth)) for nth in range(2)]
        for process in halves:
            process.start()
        for process in halves:
            process.join()
        assert not any(process.exitcode for process in halves)
        return 1

    return work_it


def on_dask(asked: Experiment, address: str) -> Callable[[], int]:
    """The same on a cluster."""
    from accesssim.study.running.cluster import cluster

    def work_it() -> int:
        with tempfile.TemporaryDirectory() as folder, cluster(address) as executor:
            asked.run(executor, Path(folder) / "kept")
        return 1

    return work_it


def started(folder: Path) -> tuple[list["subprocess.Popen[bytes]"], str]:
    """A scheduler and two workers of one thread, started by hand on 127.0.0.1."""
    log = folder / "scheduler.log"

    def begin(*words: str, to: Path) -> "subprocess.Popen[bytes]":
        with to.open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"], stdout=out, stderr=out
            )

    os.environ["DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED"] = (
        "False"  # else every worker looks at its own stack a hundred times a second
    )
    processes = [begin("scheduler", "--port", "0", to=log)]
    while "tcp://127.0.0.1:" not in log.read_text(errors="replace"):
        time.sleep(0.1)
    address = "tcp://127.0.0.1:" + log.read_text(errors="replace").split("tcp://127.0.0.1:")[1].split()[0]
    processes += [
        begin("worker", address, "--nthreads", "1", "--no-nanny", to=folder / f"worker{number}.log")
        for number in range(2)
    ]
    while not all(
        "Registered to" in (folder / f"worker{number}.log").read_text(errors="replace") for number in range(2)
    ):
        time.sleep(0.1)
    return processes, address


def large(place: Path, points: int, replications: int) -> Path:
    """A finished result with so many runs, made of copies of real ones, and beside it the experiment `asked.yaml` that asks for it."""
    levels = [0.5 + nth / points for nth in range(points)]
    (place / "town.yaml").write_text(
        "extends: baseline\nrun: {weeks: 2}\ndemand: {history_days: 60, referrals_per_week: 20}\n", encoding="utf-8"
    )
    file = {
        "scenario": "town.yaml",
        "matrix": {"bureaucracy.level": levels},
        "replications": replications,
        "compare_to": {"bureaucracy.level": 0.5},
    }
    (place / "asked.yaml").write_text(json.dumps(file), encoding="utf-8")
    asked = experiments.load(str(place / "asked.yaml"), most_runs=10**9)
    plan, folder = asked.plan(), place / "kept"
    held, entries = ResultFolder(folder), []
    with opened(held, plan, "accesssim sweep asked.yaml"):
        shards = list(plan.shards())
        one = work(Task(shards[0], asked.scenarios[0], asked.seed))
        for shard in shards:
            parts = []
            for frame in (one.runs, one.weekly):
                kept = frame[frame["replication"] < shard.size].assign(point=shard.point)
                parts.append(kept.assign(replication=kept["replication"] + shard.first))
            entries.append(
                parquet.write(folder, shard, plan.wanted[shard.name][1], Rows(*parts, pd.DataFrame(), pd.DataFrame()))
            )
        held.ledger.rewrite(entries)
    return folder


def child(*words: str) -> tuple[float, float, str]:
    """Seconds and most memory (MB) of an accesssim command in a process of its own, and what it said."""
    script = (
        "import resource, subprocess, sys; p = subprocess.run(sys.argv[1:], capture_output=True, text=True); "
        "print(p.stdout + p.stderr); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); "
        "sys.exit(p.returncode)"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, sys.executable, "-m", "accesssim", *words],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = done.stdout.rstrip().rsplit("\n", 1)
    return time.perf_counter() - start, float(lines[1]) / 1000, lines[0]


def saved() -> list[tuple[str, float]]:
    """How many times as many runs independent luck would take for the same interval of a difference."""
    town, found = accesssim.load("baseline"), []
    ours = accesssim.run(town, replications=20, seed=1, workers=2, people=False).runs
    for path, value in (("bureaucracy.level", 1.02), ("bureaucracy.level", 0.5), ("funding.annual_budget", 2_450_000)):
        theirs = accesssim.run(town.replace({path: value}), replications=20, seed=1, workers=2, people=False).runs
        found += [
            (
                f"{path} = {value:g}, {measure}",
                stopping.independent(ours[measure].to_numpy(), theirs[measure].to_numpy()),
            )
            for measure in (WAIT, "cost_total")
        ]
    return found


def main(quick: bool) -> None:
    """Print the table. By the reference engine, unless ACCESSSIM_ENGINE says another: shares of a sweep are of its work."""
    os.environ.setdefault("ACCESSSIM_ENGINE", "simpy")
    asked = question(60)
    row("", "measured", "floor", "")
    with tempfile.TemporaryDirectory() as folder:
        processes, address = started(Path(folder))
        try:
            alone, found = efficiencies(
                swept(asked, 1), plainly(asked), swept(asked, 2), on_dask(asked, address), rounds=1 if quick else 3
            )
        finally:
            for process in processes:
                process.kill()
                process.wait()
    names = ("two processes that keep nothing", "two workers, writing included", "two Dask workers, writing included")
    for name, floor, times in zip(names, ("", "0.93", "0.90"), found, strict=True):
        row(
            f"efficiency of {name} ({alone:.0f} s of work)",
            f"{statistics.median(times):.3f}",
            floor,
            f"{min(times):.2f}-{max(times):.2f}",
        )
    row("ledger, plan and files, over the simulation", f"{100 * overhead(question(10, 2)):.1f} %", "<= 2 %", "")
    with tempfile.TemporaryDirectory() as place:
        large(Path(place), 100, 1000)
        taken, _, said = child(
            "sweep",
            str(Path(place, "asked.yaml")),
            "--out",
            str(Path(place, "kept")),
            "--max-runs",
            str(10**9),
            "--no-report",
        )
        assert "finished; nothing to do" in said, said
        row("resuming a finished result of 100,000 runs", f"{taken:.1f} s", "3 s", "")
    with tempfile.TemporaryDirectory() as place:
        taken, megabytes, _ = child("report", str(large(Path(place), 1000, 1000)))
        row(f"memory of the report of 1,000,000 runs ({taken:.0f} s)", f"{megabytes:.0f} MB", "500 MB", "")
    for name, times in saved():
        row(f"runs that pairing saves: {name}"[:66], f"{times:.0f} x", "", "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sweeps")
    parser.add_argument("--quick", action="store_true", help="one round of each efficiency, not the median of three")
    main(parser.parse_args().quick)

"""How quick the compiled engine is, as ratios in one run: `python -m tests.benchmarks.engines`; `--write` puts the table into the page on engines.

`--equality N` compares N journals of the baseline instead, `--profile FILE` draws where the time goes.

Machines have moods, so a ratio is the median of some rounds, in each of which both have their turns. A C loop of the
reference clinic is compiled beside it where there is a compiler.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import accesssim
from accesssim.clinic import engines, service
from accesssim.clinic.compiled import engine as compiled
from accesssim.clinic.compiled.day import MORE_ROOM, advance
from accesssim.study.running.pool import cores, results
from accesssim.world.reading.files import load
from tests.benchmarks import clinic_core
from tests.benchmarks.__main__ import as_installed, grown, run, timed, times_as_long
from tests.benchmarks.tables import MEASURED, measured, show

HERE = Path(__file__).parent
ROUNDS = 9  # of what takes some seconds; three times as many of what takes a tenth of one
COUNTRY = """
import json, resource, time
from accesssim.clinic import engines
from accesssim.study.statistics import measures_of
from accesssim.study.stream import tally
from accesssim.study.weeks import weeks_of
from accesssim.world.reading.files import load
engines.prepare("fast")
ran, most = 0.0, 0
def timed(pieces):
    global ran, most
    while True:
        start = time.perf_counter()
        piece = next(pieces, None)
        ran += time.perf_counter() - start
        if piece is None:
            return
        most = max(most, len(piece))
        yield piece
start = time.perf_counter()
counted = tally(timed(engines.pieces(load("country"), seed=1, engine="fast")))
found = measures_of(counted)
weeks_of(counted)
took = time.perf_counter() - start
print(json.dumps([ran, took - ran, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, found["referrals"], int(counted.events.sum()), most]))
"""
GROWTH = """
import resource, accesssim
from accesssim.study.shard import Task, work
from accesssim.study.plan import Shard
town = accesssim.load("baseline")
work(Task(Shard(0, 0, 100), town, 1, engine="fast"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for first in range(100, 1100, 100):
    work(Task(Shard(0, first, 100), town, 1, engine="fast"))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3)
"""
START = (
    "import accesssim; accesssim.simulate(accesssim.load('baseline').replace({'run.days': 1}), seed=1, engine='fast')"
)


def told(code: str) -> str:
    """What a process of its own prints."""
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=as_installed()
    ).stdout


@contextmanager
def in_c() -> Iterator[Callable[[], float] | None]:
    """What gives the seconds an appointment of the loop in C, told fifty times on end; None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder) / "clinic_core")
        subprocess.run(
            [compiler, "-O3", "-march=native", "-o", program, str(HERE / "clinic_core.c"), "-lm"], check=True
        )

        def once() -> float:
            count, _, seconds = subprocess.run(
                [program, "1", "1"], check=True, capture_output=True, text=True
            ).stdout.split()
            return float(seconds) / int(count)

        yield once


def efficiency(replications: int) -> float:
    """Time of one worker over twice that of two, written into a folder."""
    taken = []
    for workers in (1, 2):
        study = accesssim.Experiment(accesssim.load("baseline"), replications=replications, seed=1)
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            study.run(out=Path(folder) / "result", workers=workers, engine="fast")
            taken.append(time.perf_counter() - start)
    return taken[0] / (2.0 * taken[1])


def rows_if_equal(replication: int) -> int:
    """Rows of a journal of the baseline; 0 where the engines differ in any."""
    theirs, ours = (made.simulate(load("baseline"), seed=1, replication=replication) for made in (service, compiled))
    return len(ours) if ours.digest() == theirs.digest() else 0


def equality(count: int) -> None:
    """Compare journals of the baseline, row by row, on every processor."""
    engines.prepare("fast")
    found = dict(results(rows_if_equal, range(count), workers=cores()))
    if differing := sorted(replication for replication, rows in found.items() if not rows):
        raise SystemExit(f"replications that differ: {differing}")
    print(f"{count} replications of the baseline: {sum(found.values()):,} rows, all equal")


def profile(picture: Path) -> None:
    """Draw where the time of a replication goes, from its arrays to its table of weeks."""
    from matplotlib.figure import Figure

    from accesssim.study.measuring import lives, statistics, stream, weeks
    from accesssim.study.measuring.referrals import OF_REFERRALS

    town, parts = load("baseline"), {}

    def least(name: str, work: Callable[[], object]) -> object:
        times = []
        for _ in range(7):
            start = time.perf_counter()
            made = work()
            times.append(time.perf_counter() - start)
        parts[name] = 1000.0 * min(times)
        return made

    def to_day_0() -> None:
        engine = compiled.Engine(town, 1, 0)
        while advance(engine._memory.address, 0) == MORE_ROOM:
            engine._make_room()

    compiled.rows(town, seed=1)
    least("arrays", lambda: compiled.Engine(town, 1, 0))
    least("need of three years, the service found on day 0", to_day_0)
    rows = least("two years, day by day", lambda: compiled.rows(town, seed=1))
    parts["two years, day by day"] -= parts["need of three years, the service found on day 0"]
    parts["need of three years, the service found on day 0"] -= parts["arrays"]
    assert isinstance(rows, compiled.Rows)

    def columns() -> None:
        fresh = compiled.Rows(rows.header, rows.keys, rows.value)
        assert len(fresh.day) == len(fresh.event) == len(fresh.person) == len(fresh.post)

    least("rows into columns", columns)
    unpacked = lives.columns(rows)
    least("rows by person and referral", lambda: lives.cut(unpacked, OF_REFERRALS))
    counted = least("tally", lambda: stream.tally([rows]))
    parts["tally"] -= parts["rows by person and referral"]
    assert isinstance(counted, stream.Tally)
    least("measures", lambda: statistics.measures_of(counted))
    least("table of weeks", lambda: weeks.weeks_of(counted))
    figure = Figure(figsize=(7.5, 2.8), layout="constrained")
    axes = figure.subplots()
    axes.barh(list(parts)[::-1], list(parts.values())[::-1], color="#4c72b0")
    axes.set_xlabel("milliseconds, least of seven")
    figure.savefig(picture)
    print({name: round(taken, 1) for name, taken in parts.items()})


def figures(replications: int) -> Iterator[str]:
    """The lines of the table, as they are found."""
    engines.prepare("fast")
    town, reduced = load("baseline"), load(HERE / "clinic_core_pressed.yaml")

    in_turns = times_as_long(run(town, "simpy"), run(town, "fast", 20), ROUNDS)
    yield measured("fast over the SimPy engine, baseline, all mechanisms", f"{in_turns:.0f} ×", "60 ×", "100 ×")
    small = run(reduced, "fast", 20)
    in_turns = times_as_long(lambda: clinic_core.simulate(1, 1).appointments, small, 3 * ROUNDS)
    yield measured("fast, reduced to the reference clinic, over idiomatic SimPy", f"{in_turns:.0f} ×", "40 ×", "70 ×")
    with in_c() as loop:
        if loop is not None:
            in_turns = statistics.median(timed(small) / loop() for _ in range(3 * ROUNDS))
            yield measured("its time over that of a C loop with a heap", f"{in_turns:.2f}", "≤ 2.5", "≤ 1.3")
    in_turns = times_as_long(small, run(grown(reduced, 100), "fast"), ROUNDS)
    yield measured("speed kept by a service 100 times the size", f"{in_turns:.2f}", "0.5", "0.65")
    ran, taken, memory, referrals, rows, most = json.loads(told(COUNTRY))
    yield measured(
        f"a country's year: {referrals / 1e6:.2f} million referrals, {rows / 1e6:.0f} million rows",
        f"{ran:.0f} s",
        "runs",
        "60 s",
    )
    yield measured("its measures, taken as it goes", f"{taken:.0f} s")
    yield measured(f"memory of both, {most / 1e6:.1f} million rows at a time", f"{memory:.1f} GB", "8 GB", "4 GB")
    yield measured(
        f"{replications} replications of the baseline, two workers, writing included: efficiency",
        f"{efficiency(replications):.2f}",
        "0.85",
        "0.93",
    )
    yield measured(
        "a worker's memory growth over 1,000 replications", f"{float(told(GROWTH)):.0f} MB", "≤ 20 MB", "≤ 5 MB"
    )
    starts = []
    for _ in range(5):
        begun = time.perf_counter()
        told(START)
        starts.append(time.perf_counter() - begun)
    yield measured("second start: process, code from the cache, one day run", f"{min(starts):.2f} s", "1 s", "0.5 s")


def main() -> None:
    """What is asked for on the command line."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks.engines")
    asked.add_argument(
        "--equality", type=int, metavar="N", help="compare so many journals of the baseline, and nothing else"
    )
    asked.add_argument(
        "--profile", type=Path, metavar="FILE", help="draw where the time of a replication goes, and nothing else"
    )
    asked.add_argument(
        "--replications", type=int, default=2000, help="of the baseline, for the efficiency of two workers"
    )
    asked.add_argument("--write", action="store_true", help="put the table into the page on engines")
    chosen = asked.parse_args()
    if chosen.profile:
        profile(chosen.profile)
    elif chosen.equality:
        equality(chosen.equality)
    else:
        show("engines.md", MEASURED, figures(chosen.replications), write=chosen.write)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(HERE.parent.parent))
    main()

"""Where somebody waits: `python -m tests.benchmarks.felt [measuring|threads|shell]`, with the compiled engine, which is made ready before.

Measuring and the shell go by processor time, what is compared in turns; threads go by the clock, and so ask for a machine
with nothing else to do. Each figure is a median, with the best of the rounds beside it.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import accesssim
from accesssim.clinic import engines
from accesssim.study.measuring.person_by_person import People
from accesssim.study.measuring.statistics import measures_of
from accesssim.study.measuring.stream import tally
from accesssim.study.measuring.weeks import columns_of
from accesssim.study.running.replication import reads
from accesssim.world.journal.journal import Rows
from tests.benchmarks.tables import MEASURED, measured

ROUNDS = 15
COMMANDS = {
    "accesssim run baseline (20 replications)": (["run", "baseline"], "1.2 s"),
    "accesssim compare baseline --set bureaucracy.level=1.5 (20 pairs)": (
        ["compare", "baseline", "--set", "bureaucracy.level=1.5"],
        "2 s",
    ),
    "accesssim run baseline --replications 1": (["run", "baseline", "--replications", "1"], "0.5 s over Python"),
}


def measuring() -> Iterator[str]:
    """A replication's measures over its run."""
    town = accesssim.load("baseline")
    rows = engines.rows(town, seed=1, engine="fast")

    def run() -> None:
        engines.rows(town, seed=1, engine="fast")

    def measure(*, people: bool) -> None:
        everybody = People()
        again = Rows(rows.header, rows.keys, rows.value)
        counted = tally([again], everybody.take, reads=reads()) if people else tally([again], reads=reads())
        measures_of(counted), columns_of(counted), everybody.columns(counted.header) if people else None

    works: list[Callable[[], None]] = [run, lambda: measure(people=False), lambda: measure(people=True)]
    taken = [[_processor(work) for work in works] for _ in range(ROUNDS + 2)][2:]
    ran, alone, of_people = zip(*taken, strict=True)
    yield measured("a replication of the baseline, processor time", f"{1000 * statistics.median(ran):.0f} ms", "", "")
    for name, times, target in (
        ("its measures and weeks over its run", alone, "≤ 0.25"),
        ("the same with a row for each person", of_people, "≤ 0.5"),
    ):
        ratios = [one / other for one, other in zip(times, ran, strict=True)]
        yield measured(name, f"{statistics.median(ratios):.2f} (best {min(ratios):.2f})", "", target)


def _processor(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def threads() -> Iterator[str]:
    """Replications by one worker over the same by two."""
    town = accesssim.load("baseline")

    def seconds(workers: int, *, people: bool) -> float:
        return _clock(lambda: accesssim.run(town, replications=10, workers=workers, people=people))

    for people in (False, True):
        ratios = [seconds(1, people=people) / seconds(2, people=people) for _ in range(ROUNDS // 2)]
        name = f"ten replications by two threads, times as quick as by one{', with people' if people else ''}"
        yield measured(name, f"{statistics.median(ratios):.2f} (best {max(ratios):.2f})", "", "≥ 1.8")


def _clock(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def shell() -> Iterator[str]:
    """Commands from the shell, by the clock and by processor time."""
    for name, (arguments, target) in COMMANDS.items():
        clock, processor = [], []
        for _ in range(5):
            before, begun = _children(), time.perf_counter()
            command = [sys.executable, "-m", "accesssim", *arguments]
            subprocess.run(command, check=True, capture_output=True, env={**os.environ, "ACCESSSIM_ENGINE": "fast"})
            clock.append(time.perf_counter() - begun)
            processor.append(_children() - before)
        told = f"{min(clock):.2f} s (median {statistics.median(clock):.2f}; processor {min(processor):.2f})"
        yield measured(name, told, "", target)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    engines.prepare("fast", print)
    print("\n".join(MEASURED))
    for part in (measuring, threads, shell):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            for row in part():
                print(row, flush=True)

"""A nation's places against a plain-Python heap of free times, in one run: time and memory: `python -m tests.benchmarks.places`.

The heap knows when each place falls free and nothing else: no people, no list, no journal. Memory is the growth of
the process over what it held before the run, at its highest, as the operating system counts it; each contender runs
in a process of its own. Compiling and loading code, which are done once, are not counted.
"""

import heapq
import random
import resource
import subprocess
import sys
import time

import accesssim
from accesssim.clinic import engines

DAYS, STAY, PLACES, GROWTH = 156 * 7.0, 208.0, 48_318, 0.005 / 7


def heap_of_free_times(seed: int) -> int:
    """The same arrivals, places and stays; waits of those who start."""
    rng = random.Random(seed)
    free = [rng.uniform(0.0, STAY) for _ in range(PLACES)]
    heapq.heapify(free)
    rate, now, waits = 84_557 / 52 / 7, 0.0, []
    while True:
        gap = rng.expovariate(rate)
        now += gap
        rate *= 1.0 + GROWTH * gap
        if now >= DAYS:
            return len(waits)
        start = max(now, free[0])
        heapq.heapreplace(free, start + STAY)
        if start < DAYS:
            waits.append(start - now)


def measured(name: str) -> tuple[float, float, int]:
    """Seconds, megabytes gained at the highest, and bytes of the journal."""
    command = (sys.executable, "-m", "tests.benchmarks.places", name)
    seconds, gained, answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(gained), int(answer)


def main() -> None:
    """Three rounds of each, in turn; the best of each."""
    rounds = [{name: measured(name) for name in ("heap", *engines.ENGINES)} for _ in range(3)]
    heap = min(one["heap"][0] for one in rounds)
    for name in engines.ENGINES:
        seconds, gained, journal = min(one[name][0] for one in rounds), rounds[0][name][1], rounds[0][name][2] / 1e6
        print(
            f"{name:6} time over a heap of free times   {seconds / heap:6.1f} x   floor 3 x   ({seconds:.1f} s and {heap:.2f} s)"
        )
        print(
            f"{name:6} memory over that of the journal  {gained / journal:6.1f} x   floor 2 x   ({gained:.0f} MB and {journal:.0f} MB)"
        )


def contend(name: str) -> None:
    """Run one contender in this process, and print what it took."""
    if name != "heap":
        engines.prepare(name)
        engines.simulate(
            accesssim.load("baseline").replace({"run.days": 1, "demand.history_days": 30}), seed=1, engine=name
        )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    answer = (
        heap_of_free_times(1)
        if name == "heap"
        else engines.simulate(accesssim.load("published/therapy_places_of_a_nation"), seed=1, engine=name).nbytes
    )
    print(time.perf_counter() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, answer)


if __name__ == "__main__":
    contend(sys.argv[1]) if len(sys.argv) > 1 else main()

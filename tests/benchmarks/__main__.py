"""How quick accesssim is beside idiomatic SimPy, as ratios in one run: `python -m tests.benchmarks`.

Both engines stand beside it: SimPy's, and the compiled one, which leaves the same journal, with its code compiled
before. Best of three rounds of each, in turn, in this process (commands: in processes of their own). Appointments are
all that were booked and not cancelled: sessions and assessments attended or missed. `--quick` leaves out the service
of a hundred times the size, which takes some minutes; `--write` puts the table into the page on speed.
"""

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

import accesssim
from accesssim.clinic import engines
from accesssim.clinic.service import simulate
from accesssim.clinic.waiting_list import WaitingList
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import AnyJournal
from accesssim.world.scenario import Scenario
from tests.benchmarks import clinic_core
from tests.benchmarks.tables import MEASURED, measured, show

ROUNDS = 3
APPOINTMENTS = (Event.SESSION, Event.MISSED, Event.CANCELLED_BY_PATIENT, Event.ASSESSED, Event.ASSESSMENT_MISSED)


def appointments(journal: AnyJournal) -> int:
    """Appointments of a run from day 0 on; where nobody is assessed, the scores at the first session are no appointment of their own."""
    wanted = APPOINTMENTS if journal.header.assessment_is_first_contact else APPOINTMENTS[:3]
    return int((np.isin(journal.event, wanted) & (journal.day >= 0)).sum())


def best(*works: Callable[[], int], rounds: int = ROUNDS) -> list[float]:
    """Seconds a unit of each work, the best of some rounds, one after the other in each round."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(found, works, strict=True):
            times.append(timed(work))
    return [min(times) for times in found]


def timed(work: Callable[[], int]) -> float:
    """Seconds a unit of a work, once."""
    gc.collect()
    start = time.perf_counter()
    units = work()
    return (time.perf_counter() - start) / units


def times_as_long(one: Callable[[], int], other: Callable[[], int], rounds: int) -> float:
    """How many times as long a unit of one work takes as a unit of another: the median of some rounds, in each of which both have their turns."""
    return statistics.median(timed(one) / timed(other) for _ in range(rounds))


def run(scenario: Scenario, engine: engines.Engine = "simpy", times: int = 1) -> Callable[[], int]:
    """A run as far as its rows, so many times, told by its appointments."""
    count = appointments(engines.rows(scenario, seed=1, engine=engine))

    def work() -> int:
        for _ in range(times):
            engines.rows(scenario, seed=1, engine=engine)
        return count * times

    return work


def grown(scenario: Scenario, times: int) -> Scenario:
    """The same service, so many times the size."""
    parameters = scenario.parameters
    larger = {"demand.referrals_per_week": parameters.demand.referrals_per_week * times}
    larger |= {f"workforce.{name}.posts": group.posts * times for name, group in parameters.workforce.items()}
    larger |= {f"initial.waiting.{name}": number * times for name, number in parameters.initial.waiting.items()}
    larger["initial.awaiting_assessment"] = parameters.initial.awaiting_assessment * times
    larger["triage.crisis_contacts_per_day"] = parameters.triage.crisis_contacts_per_day * times
    larger["bureaucracy.admin_posts"] = parameters.bureaucracy.admin_posts * times
    if parameters.funding.annual_budget is not None:
        larger |= {
            "funding.annual_budget": parameters.funding.annual_budget * times,
            "funding.fixed_cost": parameters.funding.fixed_cost * times,
        }
    return scenario.replace(larger)


def turnover(depth: int) -> Callable[[], int]:
    """Joining at the end of a list of a depth, and leaving from its head and from within."""
    waiting: WaitingList[int] = WaitingList()
    places = [waiting.join(person, 0, 0) for person in range(depth)]
    places.reverse()

    def work(times: int = 20_000) -> int:
        for person in range(times):
            places.append(waiting.join(person, 0, 0))
            head = waiting.first()
            assert head is not None
            waiting.leave(head[1])
            inside = places.pop()
            if inside.person is not None:
                waiting.leave(inside)
            places.append(waiting.join(person, 0, 0))
        return times

    return work


def as_installed() -> dict[str, str]:
    """The environment, without what would have Python compile every source file anew at each start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def command(*words: str) -> Callable[[], int]:
    """A command in a process of its own."""

    def work() -> int:
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=as_installed())
        return 1

    return work


def over_idiomatic(scenario: Scenario, size: int, rounds: int = ROUNDS) -> list[str]:
    """Appointments a second of each engine over those of idiomatic SimPy."""
    theirs, *ours = best(
        lambda: clinic_core.simulate(1, size).appointments,
        *(run(scenario, engine) for engine in engines.ENGINES),
        rounds=rounds,
    )
    return [f"{theirs / taken:.2f} ×" for taken in ours]


def figures(*, quick: bool) -> Iterator[str]:
    """The lines of the table, as they are measured."""
    reduced, baseline = accesssim.load(Path(__file__).parent / "clinic_core_pressed.yaml"), accesssim.load("baseline")
    engines.prepare("fast")
    timed(lambda: clinic_core.simulate(1, 1).appointments)
    compared = [("reduced to its law", reduced, 1, ROUNDS, "1.0 ×", "1.6 ×")]
    if not quick:
        compared.append(
            ("the same for a service 100 times the size (one round)", grown(reduced, 100), 100, 1, "8 ×", "12 ×")
        )
    compared.append(("all mechanisms on (the baseline), over its small clinic", baseline, 1, ROUNDS, "0.3 ×", "0.5 ×"))
    for name, scenario, size, rounds, floor, target in compared:
        for engine, figure in zip(engines.ENGINES, over_idiomatic(scenario, size, rounds), strict=True):
            yield measured(
                f"appointments a second over those of idiomatic SimPy, {name}: {engine}", figure, floor, target
            )
    once, tenfold = best(run(baseline), run(grown(baseline, 10)), rounds=1 if quick else ROUNDS)
    yield measured(
        "cost of an appointment at 10 times the baseline's size, over 1: simpy", f"{tenfold / once:.2f}", "", "≤ 1.3"
    )
    shallow, deep = best(turnover(100), turnover(100_000))
    yield measured("joining and leaving a list 100,000 deep, over 100 deep", f"{deep / shallow:.2f}", "", "≤ 1.5")
    for name, scenario in (("reduced", reduced), ("baseline", baseline)):
        journal = simulate(scenario, seed=1)
        yield measured(
            f"kept journal, per million appointments, {name}",
            f"{journal.nbytes / appointments(journal):.0f} MB",
            "40 MB",
            "24 MB",
        )
    python = sys.executable
    bare, helped, checked = best(
        command(python, "-c", "pass"),
        command(python, "-m", "accesssim", "--help"),
        command(python, "-m", "accesssim", "check", "baseline"),
        rounds=7,
    )
    yield measured("`accesssim --help`, over a bare interpreter", f"{1000 * (helped - bare):.0f} ms", "100 ms", "40 ms")
    yield measured(
        "`accesssim check` of one scenario, the same", f"{1000 * (checked - bare):.0f} ms", "250 ms", "150 ms"
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    asked.add_argument("--quick", action="store_true", help="leave out the service of a hundred times the size")
    asked.add_argument("--write", action="store_true", help="put the table into the page on speed")
    chosen = asked.parse_args()
    show("speed.md", MEASURED, figures(quick=chosen.quick), write=chosen.write)

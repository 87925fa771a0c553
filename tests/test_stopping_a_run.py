"""A flag that somebody else sets ends a run of either engine when a day is over; threads change no result."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pandas as pd
import pytest

import accesssim
from accesssim.clinic import engines
from accesssim.clinic.engines import Engine
from accesssim.clinic.service import Service
from accesssim.study.running import pool
from accesssim.world.chance import Chance
from tests.clinics import small
from tests.patience import LONGEST

ENGINES: list[Engine] = ["simpy", "fast"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_flag_that_is_set_ends_a_run(engine: Engine) -> None:
    """Before its first day is over; one that is not set changes nothing."""
    stop = accesssim.Stop()
    left_alone = accesssim.simulate(small(), seed=3, engine=engine, stop=stop)
    assert left_alone == accesssim.simulate(small(), seed=3, engine=engine)
    stop.set()
    for work in (accesssim.simulate, engines.rows):
        with pytest.raises(accesssim.Stopped, match="stopped before its end"):
            work(small(), seed=3, engine=engine, stop=stop)


def test_the_flag_is_looked_at_when_a_day_is_over() -> None:
    """A run of SimPy's that is stepped through stands at the close of the day on which it was set."""
    service = Service(small(), Chance(1, 0), stop=(stop := accesssim.Stop()))
    service.env.run(until=9)
    stop.set()
    with pytest.raises(accesssim.Stopped):
        service.run()
    assert service.env.day == 9


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("engine", ENGINES)
def test_another_thread_ends_a_long_run_in_a_moment(engine: Engine, workers: int) -> None:
    """In threads, in this process, or in processes of our own; threads are gone then."""
    long = small(run__weeks=52 * 60, demand__referrals_per_week=300.0)
    engines.prepare(engine)
    stop, before = accesssim.Stop(), threading.active_count()
    clock = threading.Timer(1.0, stop.set)
    clock.start()
    with pytest.raises(accesssim.Stopped):
        accesssim.run(long, replications=4, seed=1, workers=workers, engine=engine, stop=stop)
    clock.join(LONGEST)
    assert engine == "simpy" or threading.active_count() <= before  # a pool of processes takes a moment more


def test_a_result_does_not_hang_on_how_many_threads_there_are() -> None:
    """All tables, to the last bit, in their order."""
    found = [accesssim.run(small(), replications=5, seed=2, workers=workers, engine="fast") for workers in (1, 2, 3)]
    for other in found[1:]:
        for name in ("runs", "weekly", "failures"):
            pd.testing.assert_frame_equal(getattr(other, name), getattr(found[0], name), check_exact=True)
        assert repr(other.compare_people(found[0])) == repr(found[0].compare_people(found[0]))


def test_a_script_needs_no_guard() -> None:
    """Two workers of the compiled engine are threads, which do not read it again."""
    script = (
        "import accesssim\n"
        "short = accesssim.load('baseline').replace({'run.weeks': 4, 'run.warm_up_weeks': 0})\n"
        "print(accesssim.run(short, replications=2, workers=2, engine='fast').count)\n"
    )
    told = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, check=True)
    assert told.stdout == "2\n"


def test_an_error_in_one_thread_ends_the_others() -> None:
    """What is under way looks at the flag, which is set then."""
    stop = accesssim.Stop()

    def work(number: int) -> int:
        if number == 1:
            raise ZeroDivisionError
        while not stop.is_set():
            time.sleep(0.01)
        return number

    def all_of_it() -> Iterator[tuple[int, int]]:
        return pool.results(work, [0, 1, 2, 3], workers=2, threads=True, stop=stop)

    with pytest.raises(ZeroDivisionError):
        list(all_of_it())
    assert stop.is_set()


@pytest.mark.skipif(os.name != "posix", reason="a signal as a terminal sends it")
@pytest.mark.parametrize("engine", ENGINES)
def test_an_interrupt_ends_a_long_run_tidily(engine: Engine) -> None:
    """Exit 130 and one line, though compiled code is at work."""
    engines.prepare(engine)
    command = ["run", "baseline", "--weeks", "20000", "--replications", "2", "--engine", engine]
    child = subprocess.Popen(
        [sys.executable, "-m", "accesssim", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        time.sleep(8.0)
        assert child.poll() is None
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=LONGEST)
        assert time.monotonic() - begun < 10.0
    finally:
        child.kill()
    assert child.returncode == 130
    assert told.splitlines()[-1].startswith("Interrupted. ")

"""Workers that die: what they were at is begun again; what kills its worker every time is worked apart, and takes nothing with it."""

import os
import signal
import subprocess
import sys

import pandas as pd

import accesssim
from accesssim.study.running import pool
from accesssim.study.running.plan import Shard
from accesssim.study.running.shard import Task, work, work_apart
from tests.clinics import small
from tests.patience import LONGEST

DEADLY = 5


def fate(number: int) -> int:
    """Twice the number; the process that is asked for DEADLY is killed."""
    if number == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def test_what_kills_its_worker_takes_nothing_with_it() -> None:
    """All others come back, each once; the deadly one is worked apart, where it dies again.

    So may be one that was under way each time that it killed: alone it comes back.
    """
    told: list[str] = []

    def apart(number: int, alone: pool.Alone) -> int:
        found = alone(fate, number)
        return -1 if found is None else found

    found = list(pool.results(fate, list(range(12)), workers=2, apart=apart, say=told.append))
    assert sorted(found) == [(number, -1 if number == DEADLY else 2 * number) for number in range(12)]
    assert sum("begun again" in line and f" {DEADLY}" in line for line in told) == pool.TRIES
    assert f"{DEADLY} ended its worker every time; it is worked piece by piece, alone." in told


def dies_at_one(task: Task):
    """The work itself, but replication 1 kills its worker."""
    if task.shard.first <= 1 < task.shard.first + task.shard.size:
        os.kill(os.getpid(), signal.SIGKILL)
    return work(task)


def test_a_deadly_replication_is_a_failure_and_the_others_of_its_shard_go_on() -> None:
    """Piece by piece: the rows of the others are those of a run that was left alone."""
    town = small(run__weeks=4)

    def alone(_: object, piece: Task):
        return next(
            (rows for _, rows in pool.results(dies_at_one, [piece, piece], workers=2, apart=lambda task, again: None)),
            None,
        )

    found = work_apart(Task(Shard(0, 0, 3), town, 1), alone)
    whole = accesssim.run(town, replications=3, seed=1, people=False).runs
    pd.testing.assert_frame_equal(
        found.runs.reset_index(drop=True), whole[whole["replication"] != 1].reset_index(drop=True), check_dtype=False
    )
    (failure,) = found.failures.itertuples()
    assert failure.replication == 1
    assert failure.error.startswith("WorkerDied")
    assert failure.replay == "accesssim replay DIR 0:1"


STOPPED_AT_ONCE = """
import operator
import os

from accesssim.study.running import pool

found = pool.results(operator.neg, range(20), workers=2)
next(found)
os._exit(3)
"""


def test_a_process_that_is_stopped_at_once_leaves_no_words_of_others() -> None:
    """As a second Ctrl-C stops it: what Python's own watcher has to clear up is nothing for the reader."""
    told = subprocess.run(
        [sys.executable, "-c", STOPPED_AT_ONCE], capture_output=True, text=True, check=False, timeout=LONGEST
    )
    assert (told.returncode, told.stderr) == (3, "")

"""The compiled engine: the same journal as SimPy's, row by row, many times sooner."""

import atexit
import gc
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.arrivals import too_many_arrivals
from accesssim.clinic.compiled.day import FAILED, MORE_ROOM, STOPPED, advance
from accesssim.clinic.compiled.luck import AT_A_TIME
from accesssim.clinic.compiled.memory import Blank
from accesssim.clinic.compiled.readiness import ready
from accesssim.clinic.compiled.records import Failure
from accesssim.clinic.stop import NEVER, Stop
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.chance import Chance
from accesssim.world.journal import journal
from accesssim.world.journal.journal import Journal, Rows
from accesssim.world.scenario import Scenario

atexit.register(
    gc.freeze
)  # to look through all that numba has loaded, once more when the process ends, takes a tenth of a second and frees nothing


class Engine:
    """One replication. Arrays that may fill up grow between days."""

    def __init__(self, scenario: Scenario, seed: int, replication: int, stop: Stop = NEVER) -> None:
        ready()
        self._blank = blank_of(scenario)
        self.tables = self._blank.tables
        self.header = replace(self._blank.header, seed=seed, replication=replication)
        self._memory = self._blank.memory()
        self._stop = stop  # whose flag is looked at as long as this runs
        self._memory.begin(Chance(seed, replication).root, stop)
        self.world = self._memory.world

    def _make_room(self) -> None:
        """Arrays grow to what the next days may take."""
        w = self.world[0]
        for name in ("coming", "later", "needs", "own_needs"):
            self._memory.grow(name, int(w[f"used_{name}"]) + 2 * AT_A_TIME + 1)
        everybody = int(w["people_here"] + w["more_people"]) + 1
        for name in ("people", "courses", "following", "preceding", "course_number", "order", "circles"):
            self._memory.grow(name, everybody)
        for name in ("entries", "entry_after"):
            self._memory.grow(name, int(w["entries_here"]) + 8 * everybody + 1)
        for name in ("keys", "values"):
            self._memory.grow(name, int(w["more_rows"]))

    def days(self, step: int | None = None) -> Iterator[int]:
        """Run; after each `step` days (left out: at the end) the day that has come."""
        last = self.tables.days
        until = 0
        while until < last:
            until = last if step is None else min(until + step, last)
            while (state := advance(self._memory.address, until)) == MORE_ROOM:
                self._make_room()
            if state == STOPPED:
                self._stop.look()
            if state == FAILED:
                self._fail()
            yield until

    def over(self) -> None:
        """Hand the arrays on to another replication."""
        self._blank.give_back(self._memory)

    def rows(self) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
        """The rows written since rows were last taken: keys and values, to be used before the run goes on."""
        count = int(self.world["rows"][0])
        self.world["rows"] = 0
        arrays = self._memory.arrays
        return arrays["keys"][:count].view(np.uint64), arrays["values"][:count]

    def _fail(self) -> None:
        """Say why the run cannot go on, as SimPy's engine does."""
        where = int(self.world["failed_at"][0])
        if self.world["failed"][0] == Failure.TOO_MANY_ARRIVALS:
            raise too_many_arrivals(self.tables.scenario, self.tables.paths[where])
        raise self.tables.span_laws[where].hardly_any()


_kept: list[Blank] = []


def blank_of(scenario: Scenario) -> Blank:
    """What replications of a scenario begin from; that of the last few is kept.

    They are told apart by identity, as to compare scenarios by value takes as long as a short run.
    """
    for one in _kept:
        if one.tables.scenario is scenario:
            return one
    made = Blank(scenario)
    _kept.insert(0, made)
    del _kept[4:]
    return made


def simulate(scenario: Scenario, *, seed: int, replication: int = 0) -> Journal:
    """Run one replication and return its journal: the same rows as `service.simulate`'s."""
    return Journal(pieces(scenario, seed=seed, replication=replication, most=journal.PACKED_AT_ONCE))


def rows(scenario: Scenario, *, seed: int, replication: int = 0, stop: Stop = NEVER) -> Rows:
    """Run one replication and return its rows: the same as `service.rows`'s."""
    (whole,) = pieces(scenario, seed=seed, replication=replication, stop=stop)
    return whole


def pieces(
    scenario: Scenario, *, seed: int, replication: int = 0, most: int | None = None, stop: Stop = NEVER
) -> Iterator[Rows]:
    """The same rows whenever a week ends with more than `most` (left out: never), and at the end.

    Each piece is to be done with before the next is asked for.
    """
    engine = Engine(scenario, seed, replication, stop)
    for day in engine.days(None if most is None else DAYS_PER_WEEK):
        if most is None or day == engine.header.days or engine.world["rows"][0] > most:
            yield Rows(engine.header, *engine.rows())
    engine.over()

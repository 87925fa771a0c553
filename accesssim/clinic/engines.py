"""Which engine runs a scenario: SimPy's, which tells the story, or the compiled one, which leaves the same rows many times sooner."""

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from accesssim.world.errors import AccessSimError

if TYPE_CHECKING:
    from accesssim.world.journal.journal import Journal, Rows
    from accesssim.world.scenario import Scenario

Engine = Literal["simpy", "fast"]
ENGINES: tuple[Engine, ...] = ("simpy", "fast")
ROWS_AT_ONCE = 1 << 21
"""Rows after which a run is measured before it goes on: two weeks of a country, ten times the whole of a service of the usual size, which is measured once."""


class NoSuchEngine(AccessSimError):
    """An engine that is not there."""


def installed() -> bool:
    """Whether the compiled engine can be used here."""
    return find_spec("numba") is not None


def chosen(engine: str | None, otherwise: Engine | None = None) -> Engine:
    """The engine to use: the one that is named; else `otherwise`, or the compiled one where it is installed. Raises NoSuchEngine.

    The environment variable ACCESSSIM_ENGINE names one for all who name none.
    """
    named = engine or os.environ.get("ACCESSSIM_ENGINE") or None
    if named is None:
        return otherwise or ("fast" if installed() else "simpy")
    if named not in ENGINES:
        raise NoSuchEngine(f"engine = {named} is not one of {', '.join(ENGINES)}")
    if named == "fast" and not installed():
        raise NoSuchEngine(
            "the compiled engine needs numba, which is not installed; type: pip install 'accesssim[fast]', or use --engine simpy"
        )
    return "fast" if named == "fast" else "simpy"


def prepare(
    engine: Engine,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Compile what is not compiled yet, before workers begin: it takes a minute or two, once for each version of the code.

    `say` is told so, and `progress` how many functions are done, and of how many.
    """
    if engine == "fast":
        from accesssim.clinic.compiled import readiness

        readiness.make_ready(say, progress)


def rows(scenario: "Scenario", *, seed: int, replication: int = 0, engine: Engine = "simpy") -> "Rows":
    """Run one replication and return its rows, the same from every engine."""
    if engine == "fast":
        from accesssim.clinic.compiled import engine as compiled

        return compiled.rows(scenario, seed=seed, replication=replication)
    from accesssim.clinic import service

    return service.rows(scenario, seed=seed, replication=replication)


def pieces(
    scenario: "Scenario", *, seed: int, replication: int = 0, engine: Engine = "simpy", most: int = ROWS_AT_ONCE
) -> "Iterator[Rows]":
    """The same rows, those of the compiled engine a few weeks at a time: whenever a week ends with more than `most`, and at the end.

    Each piece is to be done with before the next is asked for, which is written where it stood.
    """
    if engine == "fast":
        from accesssim.clinic.compiled import engine as compiled

        return compiled.pieces(scenario, seed=seed, replication=replication, most=most)
    from accesssim.clinic import service

    return iter([service.rows(scenario, seed=seed, replication=replication)])


def simulate(scenario: "Scenario", *, seed: int, replication: int = 0, engine: str | None = "simpy") -> "Journal":
    """Run one replication and return its journal. `engine`: "simpy", "fast" (the same rows, much sooner; needs numba), or None for the best that is there.

    Raises NoSuchEngine, and TooMuchDemand or HardlyAny where a scenario cannot be drawn.
    """
    from accesssim.world.journal.journal import PACKED_AT_ONCE, Journal
    from accesssim.world.scenario import refuse_others

    refuse_others(scenario, "scenario")
    return Journal(pieces(scenario, seed=seed, replication=replication, engine=chosen(engine), most=PACKED_AT_ONCE))

"""Which engine runs a scenario: SimPy's, which tells the story, or the compiled one, which leaves the same rows many times sooner."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal

from accesssim.clinic.stop import NEVER, Stop
from accesssim.world.errors import AccessSimError

if TYPE_CHECKING:
    from accesssim.world.journal.journal import Journal, Rows
    from accesssim.world.scenario import Scenario

Engine = Literal["simpy", "fast"]
ENGINES: tuple[Engine, ...] = ("simpy", "fast")
ROWS_AT_ONCE = 1 << 21
"""Rows after which a run is measured before it goes on: two weeks of a country.

It is ten times the whole of a service of the usual size, which is measured once.
"""


COMPILING_SECONDS = 60.0
"""Stated seconds of compiling, once for each version of the code; only which engine is taken hangs on it."""

COMPILER = "0.68"
"""Releases of numba, which compiles, in which its own affairs are as `compiled/pipeline.py` and `machine_code.py` take them: tried, not guessed."""

LOG = logging.getLogger("accesssim")
"""Where a library says what a command would write on stderr."""


class NoSuchEngine(AccessSimError):
    """An engine that is not there."""


def installed() -> bool:
    """Whether the compiled engine can be used here."""
    return _lacking() is None


def _lacking() -> str | None:
    """What the compiled engine lacks here, after "needs"; None where it lacks nothing."""
    try:
        found = version("numba")
    except PackageNotFoundError:
        return "numba, which is not installed"
    return None if found.startswith(f"{COMPILER}.") else f"numba {COMPILER}, and {found} is installed"


def is_ready() -> bool:
    """Whether the compiled engine is installed, and compiled for this state of the code; once it is, it is not looked at again."""
    if not _found_ready and installed():
        with suppress(ImportError):  # of a compiler that does not fit what else is installed
            from accesssim.clinic.compiled import readiness

            if readiness.is_ready():
                _found_ready.append(True)
    return bool(_found_ready)


_found_ready: list[bool] = []


def named(engine: str | None) -> Engine | None:
    """The engine that is asked for by name, here or in the environment variable ACCESSSIM_ENGINE; None where none is. Raises NoSuchEngine."""
    name = engine or os.environ.get("ACCESSSIM_ENGINE") or None
    if name is None:
        return None
    if name not in ENGINES:
        raise NoSuchEngine(f"engine = {name} is not one of {', '.join(ENGINES)}")
    if name == "fast" and (lacking := _lacking()):
        raise NoSuchEngine(
            f"the compiled engine needs {lacking}; type: pip install 'accesssim[fast]', or use --engine simpy"
        )
    return "fast" if name == "fast" else "simpy"


def sooner(simpy: float, fast: float, *, ready: bool) -> Engine:
    """The engine that answers sooner, of the seconds that each is estimated to run: where it is not ready, the compiled one compiles first."""
    return "fast" if ready or fast + COMPILING_SECONDS < simpy else "simpy"


def chosen(engine: str | None, seconds: Callable[[Engine], float] | None = None) -> Engine:
    """The engine to use: the one that is named (`named`); else the one that answers sooner.

    `seconds`: estimated seconds that an engine runs. Left out, nobody is to wait for a compiler: the compiled engine where
    it is ready, else SimPy's. Raises NoSuchEngine.
    """
    asked = named(engine)
    if asked is not None:
        return asked
    if not installed():
        return "simpy"
    if seconds is None or is_ready():
        return "fast" if is_ready() else "simpy"
    return sooner(seconds("simpy"), seconds("fast"), ready=False)


def for_parts(engine: str | None) -> Engine:
    """The engine of a plan that several machines make, each for itself, and that must not hang on what is ready on each of them.

    The one that is named, else the compiled one where it is installed. Raises NoSuchEngine.
    """
    return named(engine) or ("fast" if installed() else "simpy")


def prepare(
    engine: Engine,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    asked: str | None = None,
) -> None:
    """What an engine needs before workers begin.

    The compiled one is compiled where it is not yet: it takes a minute or two, once for each version of the code; `say` is
    told so, and `progress` how many functions are done, and of how many. Beside SimPy's, where nobody named it (`asked`,
    as in `chosen`, or the variable), the compiled one is made ready in the background for next time; `say` is told.
    """
    if engine == "fast":
        from accesssim.clinic.compiled import readiness

        readiness.make_ready(say, progress)
    elif named(asked) is None and installed() and not os.environ.get("CI") and not is_ready():
        with suppress(ImportError):
            from accesssim.clinic.compiled import aside

            if aside.started():
                say(aside.STARTED)


def rows(
    scenario: "Scenario", *, seed: int, replication: int = 0, engine: Engine = "simpy", stop: Stop = NEVER
) -> "Rows":
    """Run one replication and return its rows, the same from every engine. Raises Stopped when `stop` is set."""
    if engine == "fast":
        from accesssim.clinic.compiled import engine as compiled

        return compiled.rows(scenario, seed=seed, replication=replication, stop=stop)
    from accesssim.clinic import service

    return service.rows(scenario, seed=seed, replication=replication, stop=stop)


def pieces(
    scenario: "Scenario",
    *,
    seed: int,
    replication: int = 0,
    engine: Engine = "simpy",
    most: int = ROWS_AT_ONCE,
    stop: Stop = NEVER,
) -> "Iterator[Rows]":
    """The same rows, those of the compiled engine a few weeks at a time: whenever a week ends with more than `most`, and at the end.

    Each piece is to be done with before the next is asked for, which is written where it stood.
    """
    if engine == "fast":
        from accesssim.clinic.compiled import engine as compiled

        return compiled.pieces(scenario, seed=seed, replication=replication, most=most, stop=stop)
    from accesssim.clinic import service

    return iter([service.rows(scenario, seed=seed, replication=replication, stop=stop)])


def simulate(
    scenario: "Scenario", *, seed: int, replication: int = 0, engine: str | None = None, stop: Stop | None = None
) -> "Journal":
    """Run one replication and return its journal. `engine`: "simpy", "fast" (the same rows, much sooner; needs numba), or None for `taken`'s.

    `stop`: a flag that somebody else may set, in another thread. Raises NoSuchEngine, TooMuchDemand or HardlyAny where a
    scenario cannot be drawn, and Stopped.
    """
    from accesssim.world.journal.journal import PACKED_AT_ONCE, Journal
    from accesssim.world.scenario import refuse_others

    refuse_others(scenario, "scenario")
    run = pieces(
        scenario, seed=seed, replication=replication, engine=taken(engine), most=PACKED_AT_ONCE, stop=stop or NEVER
    )
    return Journal(run)


def taken(engine: str | None) -> Engine:
    """The engine of a single run from Python, which never compiles unasked: the one that is named, else the compiled one where it is ready.

    Else SimPy's, and the other is made ready in the background. Raises NoSuchEngine.
    """
    found = chosen(engine)
    if found == "simpy":
        prepare(found, LOG.warning, asked=engine)
    return found

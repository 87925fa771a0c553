"""One replication, run and measured: with all that it imports, what decides the figures of a result (`world.results_digest`)."""

from typing import TYPE_CHECKING, Any, NamedTuple

from accesssim.clinic import engines
from accesssim.clinic.engines import Engine
from accesssim.clinic.stop import NEVER, Stop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from accesssim.study.measuring.stream import Reads
    from accesssim.world.scenario import Scenario


class Measured(NamedTuple):
    """Measures of a replication; columns with a row for each of its weeks, and for each person, empty unless it was asked for."""

    measures: dict[str, float]
    weeks: dict[str, "NDArray[Any]"]
    people: dict[str, "NDArray[Any]"]


def measured(
    scenario: "Scenario", *, seed: int, replication: int, engine: Engine, people: bool, stop: Stop = NEVER
) -> Measured:
    """Run a replication and measure it. Raises Stopped when `stop` is set."""
    from accesssim.study.measuring.person_by_person import People
    from accesssim.study.measuring.statistics import measures_of
    from accesssim.study.measuring.stream import tally
    from accesssim.study.measuring.weeks import columns_of

    everybody = People()
    pieces = engines.pieces(scenario, seed=seed, replication=replication, engine=engine, stop=stop)
    counted = tally(pieces, everybody.take, reads=reads()) if people else tally(pieces, reads=reads())
    return Measured(measures_of(counted), columns_of(counted), everybody.columns(counted.header) if people else {})


def reads() -> "Reads":
    """Who reads rows: compiled code where it is ready."""
    if engines.is_ready():
        from accesssim.study.running import one_pass

        return one_pass.Reader
    from accesssim.study.measuring import referrals

    return referrals.Reader

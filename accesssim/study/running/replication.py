"""One replication, run and measured: with all that it imports, what decides the figures of a result (`world.results_digest`)."""

from typing import TYPE_CHECKING, NamedTuple

from accesssim.clinic import engines
from accesssim.clinic.engines import Engine

if TYPE_CHECKING:
    import pandas as pd

    from accesssim.world.scenario import Scenario


class Measured(NamedTuple):
    """Measures of a replication, a row for each of its weeks, and a row for each person; the last empty unless it was asked for."""

    measures: dict[str, float]
    weeks: "pd.DataFrame"
    people: "pd.DataFrame"


def measured(scenario: "Scenario", *, seed: int, replication: int, engine: Engine, people: bool) -> Measured:
    """Run a replication and measure it."""
    import pandas as pd

    from accesssim.study.measuring import person_by_person
    from accesssim.study.measuring.statistics import measures_of
    from accesssim.study.measuring.stream import tally
    from accesssim.study.measuring.weeks import weeks_of

    if people:  # who is who is told of all rows at once
        whole = engines.rows(scenario, seed=seed, replication=replication, engine=engine)
        counted, everybody = tally([whole]), person_by_person.people(whole)
    else:
        counted, everybody = (
            tally(engines.pieces(scenario, seed=seed, replication=replication, engine=engine)),
            pd.DataFrame(),
        )
    return Measured(measures_of(counted), weeks_of(counted), everybody)

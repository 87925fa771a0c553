"""Runs for whoever has a scenario and no experiment."""

import os
from typing import TYPE_CHECKING

from accesssim.clinic.stop import Stop
from accesssim.study.asking.experiment import Experiment
from accesssim.world.scenario import Scenario, refuse_others

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from accesssim.study.result import Result


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    executor: "Executor | None" = None,
    out: str | os.PathLike[str] | None = None,
    people: bool = True,
    engine: str | None = None,
    stop: Stop | None = None,
) -> "Result":
    """Run a scenario; replications and seed are the scenario's own where none are given.

    `engine`, `stop`: as `Experiment.run`'s; the result does not hang on how many workers there are, nor on the engine.

    `people`: keep a row for each person as well, so that `compare` can tell who is better or worse off.
    """
    return Experiment(scenario, replications=replications, seed=seed, people=people).run(
        executor, out, workers=workers, engine=engine, stop=stop
    )


def single_run(
    scenario: Scenario, *, replication: int = 0, seed: int | None = None, engine: str | None = None
) -> dict[str, float]:
    """Every measure of one replication; NaN where there was no one to measure."""
    from accesssim.clinic import engines
    from accesssim.study.measuring.statistics import measures_of
    from accesssim.study.measuring.stream import tally
    from accesssim.study.running.replication import reads

    refuse_others(scenario, "scenario")
    seed = scenario.parameters.run.seed if seed is None else seed
    pieces = engines.pieces(scenario, seed=seed, replication=replication, engine=engines.taken(engine))
    return measures_of(tally(pieces, reads=reads()))

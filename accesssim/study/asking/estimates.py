"""What a run is expected to take, before any is run."""

from collections.abc import Collection

from accesssim.clinic import engines
from accesssim.clinic.engines import Engine
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.scenario import Scenario

APPOINTMENTS_A_SECOND: dict[Engine, float] = {"simpy": 100_000, "fast": 1_000_000.0}
"""Stated rate of one worker, for cutting shards and for `--dry-run`; only an estimate hangs on it."""


APPOINTMENTS_A_REFERRAL = 8


HISTORY_WEEKS = 20
"""What the opening of a service costs, in weeks of running it."""


def seconds_per_run(scenario: Scenario, engine: Engine = "simpy") -> float:
    """Estimated seconds of one replication, measured and written, at the stated rates; decided by scenario and engine alone."""
    demand = scenario.parameters.demand
    arriving = demand.referrals_per_week if demand.needs_per_week is None else demand.needs_per_week
    return (
        0.01 + arriving * (weeks_of(scenario) + HISTORY_WEEKS) * APPOINTMENTS_A_REFERRAL / APPOINTMENTS_A_SECOND[engine]
    )


def soonest(engine: str | None, work: Collection[tuple[Scenario, int]], workers: int) -> Engine:
    """The engine that is named, else the one that ends this work sooner: scenarios with how many runs of each. Raises NoSuchEngine."""

    def seconds(one: Engine) -> float:
        at_once = max(1, min(workers, sum(count for _, count in work)))
        return sum(seconds_per_run(scenario, one) * count for scenario, count in work) / at_once

    return engines.chosen(engine, seconds)


def weeks_of(scenario: Scenario) -> float:
    """Weeks that a run covers."""
    run = scenario.parameters.run
    return run.weeks if run.days is None else run.days / DAYS_PER_WEEK

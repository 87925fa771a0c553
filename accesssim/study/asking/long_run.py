"""How far the lists of day 0 are from those that the service would have in the long run, under the values of day 0.

Found by running it: need without season and growth, nothing dated, two years; what counts are the means of the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accesssim.clinic import engines
from accesssim.clinic.flows import listed
from accesssim.study.asking.estimates import seconds_per_run
from accesssim.study.measuring import statistics
from accesssim.study.measuring.lives import STAGES, Lives, lives
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.scenario import Scenario
from accesssim.world.sections.initial import AWAITING

WEEKS = 104
"""The second half of these is looked at."""

MOST, FEWEST, SECONDS = 10, 3, 5.0
"""Runs: as many as take so long by the stated rates, and no more than it takes to tell; where it would be fewer, nothing is told."""


@dataclass(frozen=True)
class LongRun:
    """People on a list, or awaiting assessment: as stated for day 0, and in the second year; with the 95 % interval over runs.

    `grows`: by how many the second half of that year has more than the first, where the 95 % interval of that leaves 0 out; else 0.
    """

    path: str
    stated: int
    mean: float
    low: float
    high: float
    grows: float

    @property
    def is_met(self) -> bool:
        """Whether day 0 is as the long run, give or take 5 % and what luck leaves open."""
        reach = 0.05 * self.mean
        return self.low - reach <= self.stated <= self.high + reach


def long_run(scenario: Scenario, engine: engines.Engine, seed: int = 1, runs: int | None = None) -> list[LongRun]:
    """Of each list of a scenario that opens at work; none where it opens empty, or is so large that it takes too long."""
    now = scenario.parameters
    level = {"demand.season_amplitude": 0.0, "demand.growth_per_year": 0.0, "run.weeks": WEEKS, "run.warm_up_weeks": 0}
    steady = Scenario(scenario.name, scenario.title, scenario.settings).replace(level)
    if runs is None:
        runs = min(int(SECONDS / seconds_per_run(steady, engine)), MOST)
    if now.initial.state == "empty" or runs < FEWEST:
        return []
    names = [*now.pathways, *([AWAITING] if now.triage.assess else [])]
    halves = np.array(
        [
            _by_half(lives(engines.rows(steady, seed=seed, replication=nth, engine=engine)), len(now.pathways))
            for nth in range(runs)
        ]
    )
    found = []
    for nth, name in enumerate(names):
        first, second = halves[:, nth, 0], halves[:, nth, 1]
        mean, low, high = statistics.interval((first + second) / 2.0)
        more, least, most = statistics.interval(second - first)
        path = f"initial.{AWAITING}" if name == AWAITING else f"initial.waiting.{name}"
        found.append(LongRun(path, listed(now, name), mean, low, high, more if least > 0.0 or most < 0.0 else 0.0))
    return found


def _by_half(told: Lives, pathways: int) -> Sequence[Sequence[float]]:
    """Mean people on the list of each pathway, and awaiting assessment, in each half of the last year."""
    days, change, which = told.list_changes()
    which = codes.pathway_of_list(which, pathways)
    rows = told.told(*STAGES).rows
    asks = np.flatnonzero(told.events[rows] == Event.REFERRED)
    over = asks[asks < len(rows) - 1] + 1  # by the next stage
    over = over[told.referral[rows[over]] == told.referral[rows[over - 1]]]
    days = np.concatenate([days, told.days_at(rows[asks]), told.days_at(rows[over])])
    change = np.concatenate([change, np.repeat(np.array([1, -1]), [len(asks), len(over)])])
    which = np.concatenate([which, np.full(len(asks) + len(over), pathways)])
    half, end = round(WEEKS * DAYS_PER_WEEK / 4), WEEKS * DAYS_PER_WEEK
    return [
        [float((change * np.clip(until - days, 0, half))[which == number].sum()) / half for until in (end - half, end)]
        for number in range(pathways + 1)
    ]

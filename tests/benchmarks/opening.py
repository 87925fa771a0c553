"""How far the opening is from steady: `python -m tests.benchmarks.opening [REPLICATIONS] [SCENARIO ...]`.

Need without season and growth, nothing dated, 104 weeks. Each weekly series of weeks 0 to 7 less its mean over weeks 52 to
104 of the same replication, with a simultaneous 99 % interval over all series and weeks (Bonferroni).
"""

import sys
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

import accesssim
from accesssim.clinic import engines
from accesssim.study.measuring.weeks import weekly
from accesssim.world.scenario import Scenario

SCENARIOS = ("baseline", "care_for_carers", "urgent_reserve", "trauma_informed")
SERIES = (
    "waiting",
    "referrals",
    "assessed",
    "starts",
    "sessions",
    "gave_up",
    "exhaustion_mean",
    "posts_held",
    "overtime_hours",
    "sick_hours",
)
WEEKS, LATER = 8, slice(52, 104)
CONFIDENCE = 0.99


def steady(name: str) -> Scenario:
    """A scenario without season and growth."""
    return accesssim.load(name).replace(
        {"demand.season_amplitude": 0.0, "demand.growth_per_year": 0.0, "run.weeks": 104, "run.warm_up_weeks": 0}
    )


def differences(scenario: Scenario, replications: int, engine: engines.Engine) -> tuple[NDArray[np.float64], ...]:
    """By replication, series and week: how far the first weeks are from the mean of the later ones; and these means."""
    early, late = [], []
    for replication in range(replications):
        table = weekly(engines.rows(scenario, seed=1, replication=replication, engine=engine))
        values = table[list(SERIES)].to_numpy(dtype=float).T
        late.append(np.nanmean(values[:, LATER], axis=1))
        early.append(values[:, :WEEKS] - late[-1][:, None])
    return np.array(early), np.array(late)


def main(replications: int, names: tuple[str, ...]) -> None:
    """Print a table for each scenario: the mean of later weeks, the difference in each first week, * where it is clear."""
    reach = NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / (2 * len(SERIES) * WEEKS))
    for name in names:
        early, late = differences(steady(name), replications, "fast")
        mean, error = early.mean(axis=0), early.std(axis=0, ddof=1) / np.sqrt(replications)
        clear = np.abs(mean) > reach * error
        print(f"\n{name}: {replications} replications, seed 1; {int(np.nansum(clear))} of {clear.size} clear")
        for nth, series in enumerate(SERIES):
            told = " ".join(f"{one:+9.3g}{'*' if far else ' '}" for one, far in zip(mean[nth], clear[nth], strict=True))
            print(f"    {series:16}{late[:, nth].mean():10.4g} {told}")


if __name__ == "__main__":
    asked = sys.argv[1:]
    main(int(asked[0]) if asked else 200, tuple(asked[1:]) or SCENARIOS)

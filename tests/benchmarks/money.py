"""Whether more money ever makes people wait longer: `python -m tests.benchmarks.money`.

Ten mixes of posts that are wished for; of each, budgets from some whole number of posts to the next, three times, and
the paired difference of *days without therapy* in the same futures: of all who are referred, the days of the next 52
weeks in which they have not started therapy (the area above the share started by Aalen and Johansen, so that whoever
leaves the list unhelped counts as not started to the end). It may not rise: no interval may lie above 0.

`--posts` prints instead the posts that each budget from 1.6 to 3.0 million in steps of 4,000 pays for, for wishes of 26
and 18, and ends badly where any step takes hours from a group; that takes some seconds.
"""

import argparse
import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

import accesssim
from accesssim.clinic import engines
from accesssim.clinic.budget import budgets
from accesssim.study.measuring.statistics import interval
from accesssim.study.measuring.stream import tally
from accesssim.study.measuring.waits import HORIZON, aalen_johansen
from accesssim.world.scenario import Scenario

FUTURES, STEPS = 60, 3
BASELINE = accesssim.load("baseline")
MIXES = (
    (26, 18, 2.25e6),
    (26, 18, 2.39e6),
    (22, 22, 1.9e6),
    (22, 22, 2.4e6),
    (30, 10, 1.8e6),
    (10, 30, 2.2e6),
    (12, 25, 2.0e6),
    (40, 7, 2.3e6),
    (17, 19, 1.7e6),
    (7, 40, 2.6e6),
)
"""Posts of low and of high intensity that are wished for, and a budget that does not pay them all."""


def town(low: int, high: int, budget: float) -> Scenario:
    """The baseline with other wishes, for two years; therapy starts with its first session."""
    return BASELINE.replace(
        {
            "workforce.low_intensity.posts": low,
            "workforce.high_intensity.posts": high,
            "funding.annual_budget": budget,
            "triage.assessment_is_first_contact": False,
            "run.weeks": 104,
            "run.warm_up_weeks": 0,
        }
    )


def days_without_therapy(scenario: Scenario, replication: int) -> float:
    """Mean days of the first 52 weeks after referral in which people have not started therapy."""
    counted = tally([engines.rows(scenario, seed=1, replication=replication, engine="fast")])
    started, _ = aalen_johansen(counted.competing[0].reshape(-1, 3))
    return float((1.0 - np.fmax.accumulate(started[:HORIZON])).sum())  # where nobody is left to be followed it stays


def by_whole_posts(low: int, high: int, budget: float) -> Iterator[Scenario]:
    """Budgets that pay a whole number of posts, one more each time."""
    for _ in range(STEPS + 1):
        budget += budgets(town(low, high, budget))[0].more + 0.01
        yield town(low, high, budget)


def simulated(futures: int) -> bool:
    """Print what each post more does; whether none makes people wait longer."""
    engines.prepare("fast", print)
    print("low  high  budget     posts paid (high, low)   days without therapy   post more: difference, 95 % interval")
    fell = True
    for low, high, budget in MIXES:
        before: NDArray[np.float64] | None = None
        for scenario in by_whole_posts(low, high, budget):
            days = np.array([days_without_therapy(scenario, number) for number in range(futures)])
            paid = budgets(scenario)[0].paid
            told = f"{low:3}  {high:4}  {scenario.parameters.funding.annual_budget:9,.0f}  "
            told += f"{paid['high_intensity']:5.1f} {paid['low_intensity']:5.1f}              {days.mean():6.1f}"
            if before is not None:
                mean, least, most = interval(days - before)
                fell = fell and least <= 0.0
                told += (
                    f"                 {mean:+6.2f}  {least:+6.2f} to {most:+6.2f}{'' if least <= 0.0 else '  RISES'}"
                )
            print(told, flush=True)
            before = days
    return fell


def posts() -> bool:
    """Print the posts of budgets in small steps; whether none takes hours from a group."""
    rises, before = True, {"high_intensity": 0.0, "low_intensity": 0.0}
    for budget in range(1_600_000, 3_000_001, 4_000):
        paid = budgets(town(26, 18, float(budget)))[0].paid
        falls = [name for name in paid if paid[name] < before[name]]
        rises = rises and not falls
        if paid != before:
            print(
                f"{budget:9,}  low {paid['low_intensity']:4.1f}  high {paid['high_intensity']:4.1f}  {' '.join(falls)}"
            )
        before = paid
    print("no fall" if rises else "some fall")
    return rises


def main() -> int:
    """Ends with 1 where money takes anything away."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", action="store_true", help="posts that budgets pay for, without a run")
    parser.add_argument("--futures", type=int, default=FUTURES)
    asked = parser.parse_args()
    return 0 if (posts() if asked.posts else simulated(asked.futures)) else 1


if __name__ == "__main__":
    sys.exit(main())

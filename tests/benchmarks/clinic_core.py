"""The reference clinic in idiomatic SimPy: a process a patient, a Resource of slots, patience as `request | timeout`.

The law, which `clinic_core_pressed.yaml` tells in accesssim's parameters: Poisson referrals, 30 a week; 20 therapists
of 8 weekly slots; first come first served; patience exponential with mean 26 weeks; the first appointment a week
after the start, then weekly; each is attended with chance 0.88; a course is complete after min(20, geometric with
mean 8) attended sessions; if it is not complete, the patient drops out with chance 0.03. 104 weeks from empty.
"""

import math
import random
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import simpy

WEEKS, ATTENDS, DROPS, PATIENCE = 104, 0.88, 0.03, 26.0
#: By this week all slots are taken.
FULL = 13


@dataclass
class Tally:
    """What a run of the clinic counts."""

    appointments: int = 0
    sessions: int = 0
    sessions_when_full: int = 0
    started: int = 0
    gave_up: int = 0
    waiting: int = 0
    waited: float = 0.0  # weeks, of those who started

    @property
    def mean_wait(self) -> float:
        """Mean wait of those who started, weeks."""
        return self.waited / self.started


def patient(
    env: simpy.Environment, slots: simpy.Resource, luck: random.Random, tally: Tally
) -> Generator[Any, Any, None]:
    """One patient, from referral to the last appointment."""
    arrived = env.now
    tally.waiting += 1
    with slots.request() as slot:
        outcome = yield slot | env.timeout(luck.expovariate(1.0 / PATIENCE))
        tally.waiting -= 1
        if slot not in outcome:
            tally.gave_up += 1
            return
        tally.started += 1
        tally.waited += env.now - arrived
        needed = min(20, 1 + int(math.log(luck.random()) / math.log(1.0 - 1.0 / 8.0)))
        attended = 0
        while True:
            yield env.timeout(1.0)
            tally.appointments += 1
            if luck.random() < ATTENDS:
                attended += 1
                tally.sessions += 1
                tally.sessions_when_full += env.now >= FULL
                if attended == needed:
                    return
            if luck.random() < DROPS:
                return


def referrals(
    env: simpy.Environment, slots: simpy.Resource, luck: random.Random, tally: Tally, per_week: float
) -> Generator[Any, Any, None]:
    """Patients come."""
    while True:
        yield env.timeout(luck.expovariate(per_week))
        env.process(patient(env, slots, luck, tally))


def simulate(seed: int, size: int = 1) -> Tally:
    """Run the clinic, or one `size` times as large."""
    luck, tally, env = random.Random(seed), Tally(), simpy.Environment()
    slots = simpy.Resource(env, 160 * size)
    env.process(referrals(env, slots, luck, tally, 30.0 * size))
    env.run(until=WEEKS)
    return tally

"""The known answers, case by case: a queue of the textbooks as a scenario, and what its formula says."""

import math
from collections.abc import Callable, Sequence
from functools import cache, partial

import numpy as np
from scipy import stats

from accesssim.clinic.engines import simulate
from accesssim.study.verifying.known_answers import SEED, STAY, Case, Known, pressed, queue
from accesssim.study.verifying.queueing import accumulating, cobham, crommelin, d_m_1, erlang_a, m_m_c, withdrawal
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.scenario import Scenario

CLASSES = {
    "demand.severity_mean": 12.0,
    "demand.severity_sd": 5.0,
    "triage.urgent_from": 15.0,
    "triage.emergency_share": 0.3,
}


PRIORITY = {"waiting.order": "priority"} | CLASSES


NOBODY = {"demand.referrals_per_week": 0.0}


@cache
def shares() -> tuple[float, float, float]:
    """Emergencies, urgent and routine referrals as shares of all who come, counted in a run of its own."""
    journal = simulate(
        queue("  place: {places: 1}\n", {"demand.referrals_per_week": 140.0} | CLASSES, days=7000),
        seed=SEED,
        engine=None,
    )
    counted = (
        np.bincount(codes.class_of(journal.post[journal.event == Event.LISTED]), minlength=3)
        / (journal.event == Event.LISTED).sum()
    )
    return float(counted[0]), float(counted[1]), float(counted[2])


def _waits(value: float, allowance: float = 1.0) -> dict[str, Known]:
    return {"wait": Known(value, allowance)}


def _by_class(waits: Sequence[float]) -> dict[str, Known]:
    return {
        f"wait of {name}": Known(STAY * wait, 1.0 + 0.01 * STAY * wait)
        for name, wait in zip(("emergencies", "urgent", "routine"), waits, strict=True)
    }


def _chain(arrivals: float) -> Scenario:
    """Half go on from the first to the second, a quarter of these come back; a fifth go on to the third."""
    return queue(
        "  first: {places: 24, stay: {law: exponential, mean_days: 50}, then: {second: 0.5, third: 0.2}}\n"
        "  second: {places: 12, from_score: 28, stay: {law: exponential, mean_days: 50}, then: {first: 0.25}}\n"
        "  third: {places: 8, from_score: 28, stay: {law: exponential, mean_days: 50}}\n",
        {"demand.referrals_per_week": 7 * arrivals * 4},
        copies=4,
    )


def _jackson(arrivals: float) -> dict[str, Known]:
    first = arrivals / (1 - 0.5 * 0.25)
    rates = {"first": (6, first), "second": (3, 0.5 * first), "third": (2, 0.2 * first)}
    waits = {name: STAY * m_m_c(places, rate * STAY / places) for name, (places, rate) in rates.items()}
    return {
        f"{what} of {name}": Known(waits[name] * scale, scale)
        for name, (_, rate) in rates.items()
        for what, scale in (("wait", 1.0), ("list", rate))
    }


_TABLE = {1: 0.0, 8: 0.02, 22: 0.06}


def _leaving(law: str) -> Callable[[int], float]:
    if law == "daily_table":
        return lambda day: next(chance for first, chance in reversed(_TABLE.items()) if day >= first)
    if law == "daily_weibull":
        return lambda day: 1 - 2 ** -((day / 40) ** 2)
    return lambda day: 1 - 1 / (1 + (day / 30) ** 5)


def _given_up(law: str) -> Scenario:
    median, shape = (40, 2) if law == "daily_weibull" else (30, 5)
    made_of = f"patience_median_days: {median}, patience_shape: {shape}"
    if law == "daily_table":
        made_of = f"patience_table: {{{', '.join(f'{day}: {chance}' for day, chance in _TABLE.items())}}}"
    path = (
        f"  place: {{places: 2400, stay: {{law: lognormal, mean_days: 60, sd_days: 24}}, patience: {law}, {made_of}}}\n"
    )
    settings = {"demand.referrals_per_week": 560.0, "demand.history_days": 400}
    return queue(path, settings, days=1500, initial="{state: steady, caseload_share: 1, waiting: {place: 1500}}")


def _withdrawn(law: str) -> dict[str, Known]:
    known = withdrawal(80.0, 40.0, _leaving(law))
    return {name: Known(value, 0.01 * value) for name, value in known.items()}


MIXTURE = (
    "{law: mixture, parts: {"
    "short: {share: 0.8, law: exponential, mean_days: 30, most_days: 60}, "
    "long: {share: 0.2, law: gamma, mean_days: 300, sd_days: 150, least_days: 100}}}"
)


def _mixture_mean() -> float:
    short = stats.truncexpon(2, scale=30).mean()
    gamma = stats.gamma(4, scale=75)
    return float(0.8 * short + 0.2 * gamma.expect(lambda x: x, lb=100, conditional=True))


def _crowd(arrivals: str, stay: str) -> Scenario:
    return queue(f"  place: {{places: 5000, stay: {stay}, arrivals: {arrivals}}}\n", NOBODY)


def _leaves_after(stays: float) -> dict[str, object]:
    """Exponential patience of a mean of so many stays."""
    return {
        "waiting.patience": "weibull",
        "waiting.patience_shape": 1.0,
        "waiting.patience_median_days": stays * STAY * math.log(2),
    }


def _accumulating(places: int) -> Case:
    settings = {"waiting.order": "accumulating_priority", "waiting.accumulation.emergency": 8.0} | CLASSES
    return Case(
        f"accumulating priority, {places} place{'s' * (places > 1)}, 3 classes",
        lambda: pressed(places, 0.8, settings=settings),
        lambda: _by_class(accumulating(places, 0.8, shares(), (8.0, 3.0, 1.0))),
    )


CASES = [
    Case("M/M/1, load 0.7", lambda: pressed(1, 0.7), lambda: _waits(STAY * m_m_c(1, 0.7))),
    Case(
        "M/M/4, load 0.8",
        lambda: pressed(4, 0.8),
        lambda: _waits(STAY * m_m_c(4, 0.8)) | {"list": Known(m_m_c(4, 0.8) * 3.2, 3.2 / STAY)},
    ),
    Case("M/M/20, load 0.9", lambda: pressed(20, 0.9), lambda: _waits(STAY * m_m_c(20, 0.9))),
    Case(
        "M/D/1, load 0.7",
        lambda: pressed(1, 0.7, "{law: fixed, mean_days: 50}"),
        lambda: _waits(0.7 / 0.3 * 0.5 * STAY),
    ),
    Case(
        "M/G/1, lognormal, cv 0.5",
        lambda: pressed(1, 0.7, "{law: lognormal, mean_days: 50, sd_days: 25}"),
        lambda: _waits(0.7 / 0.3 * 1.25 / 2 * STAY),
    ),
    Case(
        "M/G/1, gamma, cv 1.5",
        lambda: pressed(1, 0.6, "{law: gamma, mean_days: 50, sd_days: 75}"),
        lambda: _waits(0.6 / 0.4 * 3.25 / 2 * STAY),
    ),
    Case(
        "M/G/1, two exponentials",
        lambda: pressed(
            1,
            0.6,
            "{law: mixture, parts: {a: {share: 0.5, law: exponential, mean_days: 12.5}, b: {share: 0.5, law: exponential, mean_days: 87.5}}}",
        ),
        lambda: _waits(0.6 / 0.4 * (12.5**2 + 87.5**2) / (2 * STAY)),
    ),
    Case(
        "M/D/3, load 0.85",
        lambda: pressed(3, 0.85, "{law: fixed, mean_days: 50}"),
        lambda: _waits(STAY * crommelin(3, 0.85)),
    ),
    Case(
        "M/D/10, load 0.9",
        lambda: pressed(10, 0.9, "{law: fixed, mean_days: 50}"),
        lambda: _waits(STAY * crommelin(10, 0.9)),
    ),
    Case(
        "D/M/1, load 0.8",
        lambda: queue(
            "".join(
                f"  place_{number}: {{places: 1, stay: {{law: exponential, mean_days: 50}}, "
                "arrivals: {law: renewal, gap: {law: fixed, mean_days: 62.5}}}\n"
                for number in range(14)
            ),
            NOBODY,
        ),
        lambda: _waits(STAY * d_m_1(0.8)),
    ),
    Case(
        "Erlang-A, 4 places, load 1.1",
        lambda: pressed(4, 1.1, settings=_leaves_after(1.0)),
        lambda: {"list": Known(erlang_a(4, 4.4, 1.0)[0], 4.4 / STAY), "lost": Known(erlang_a(4, 4.4, 1.0)[1], 0.005)},
    ),
    Case(
        "Erlang-A, 20 places, load 1.2",
        lambda: pressed(20, 1.2, settings=_leaves_after(2.0)),
        lambda: {
            "list": Known(erlang_a(20, 24.0, 2.0)[0], 24.0 / STAY),
            "lost": Known(erlang_a(20, 24.0, 2.0)[1], 0.005),
        },
    ),
    Case(
        "Cobham, 1 place, 3 classes",
        lambda: pressed(1, 0.8, settings=PRIORITY),
        lambda: _by_class(cobham(1, 0.8, shares())),
    ),
    Case(
        "Cobham, 4 places, 3 classes",
        lambda: pressed(4, 0.8, settings=PRIORITY),
        lambda: _by_class(cobham(4, 0.8, shares())),
    ),
    *(_accumulating(places) for places in (1, 4)),
    *(
        Case(f"wait-dependent withdrawal, {law}", partial(_given_up, law), partial(_withdrawn, law), brief=600)
        for law in ("daily_log_logistic", "daily_weibull", "daily_table")
    ),
    Case(
        "nobody waits, mixture of stays",
        lambda: _crowd("{law: poisson, per_week: 7}", MIXTURE),
        lambda: {"in places": Known(_mixture_mean(), 0.0)},
    ),
    Case(
        "nobody waits, gaps shifted",
        lambda: _crowd(
            "{law: renewal, gap: {law: exponential, mean_days: 1.5, shift_days: 0.5}}",
            "{law: exponential, mean_days: 100}",
        ),
        lambda: {"in places": Known(50.0, 0.0)},
    ),
    Case("Jackson network with return", lambda: _chain(0.072), lambda: _jackson(0.072)),
]

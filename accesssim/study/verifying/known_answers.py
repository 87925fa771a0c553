"""Known answers: queues of the textbooks as scenarios of places, and what is known of each.

Stays have a mean of 50 days, and nobody starts on the day of joining, which adds at most a day to a wait; what that may cost each figure is its allowance. One run
holds several such queues side by side, as teams that share nothing, with forty places in all, and its second half is measured.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.measuring.lives import lives
from accesssim.study.measuring.statistics import interval
from accesssim.study.verifying.queueing import accumulating, cobham, crommelin, d_m_1, erlang_a, m_m_c, withdrawal
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.reading.files import load_text
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_folder

STAY, SEED, DAYS, SIDE_BY_SIDE = 50.0, 17, 20_000, 40


@dataclass(frozen=True)
class Known:
    """One figure of a case: the formula's value, and how far the whole-day clock may move ours."""

    value: float
    allowance: float


@dataclass(frozen=True)
class Answer:
    """A known answer beside ours: the mean over replications with its interval."""

    case: str
    figure: str
    known: Known
    mean: float
    low: float
    high: float

    @property
    def met(self) -> bool:
        """Whether the formula's value is within what luck and whole days explain."""
        return self.low - self.known.allowance <= self.known.value <= self.high + self.known.allowance


@dataclass(frozen=True)
class Case:
    """A scenario and what is known of it, by figure."""

    name: str
    scenario: Callable[[], Scenario]
    known: Callable[[], Mapping[str, Known]]
    brief: int = 8000
    """Days of a run where a short one will do."""

    def found(self, replication: int, engine: Engine, days: int | None = None) -> dict[str, float]:
        """The figures of one replication, of another length if one is given."""
        scenario = self.scenario()
        return figures(
            simulate(
                scenario if days is None else scenario.replace({"run.days": days}),
                seed=SEED,
                replication=replication,
                engine=engine,
            )
        )

    def answers(self, found: Sequence[Mapping[str, float]], level: float) -> Iterator[Answer]:
        """What is known beside what was found in some replications, with intervals of a level."""
        for figure, known in self.known().items():
            yield Answer(self.name, figure, known, *interval(np.array([one[figure] for one in found]), level))


def queue(
    pathways: str,
    settings: Mapping[str, object] = MappingProxyType({}),
    *,
    days: int = DAYS,
    initial: str = "{state: empty}",
    copies: int = 1,
) -> Scenario:
    """Poisson arrivals on other pathways, the same in as many teams as there are copies."""
    alone = (shipped_folder("scenarios") / "textbook_queue.yaml").read_text(encoding="utf-8")
    text = f"{alone[: alone.index('pathways:')]}pathways:\n{pathways}initial: {initial}\nrun: {{days: {days}}}\n"
    if copies > 1:
        text += f"teams: {{{', '.join(f'team_{number}: {{share: {1 / copies}}}' for number in range(copies))}}}\n"
    return load_text(text, "known_answer").replace(settings)


def pressed(
    places: int,
    load: float,
    stay: str = "{law: exponential, mean_days: 50}",
    settings: Mapping[str, object] = MappingProxyType({}),
) -> Scenario:
    """So many places, offered so much of what they can do; side by side until there are forty."""
    copies = SIDE_BY_SIDE // places
    arrivals = {"demand.referrals_per_week": 7 * load * copies * places / STAY}
    return queue(f"  place: {{places: {copies * places}, stay: {stay}}}\n", {**arrivals, **settings}, copies=copies)


def figures(journal: Journal) -> dict[str, float]:
    """Of the second half, in all and by pathway and class: mean wait of those who started, share of leavers who left unseen, people on the list, people in places."""
    record, end = lives(journal), journal.header.days
    half, copies, found = end // 2, max(1, len(journal.header.teams)), {}
    at = np.flatnonzero(np.isin(record.events, (Event.LISTED, Event.STARTED, Event.WITHDREW, Event.STAYED)))
    events, days, posts = record.events[at], record.days[at], record.posts[at]
    joins = np.flatnonzero(events == Event.LISTED)
    after = np.minimum(joins + 1, len(at) - 1)
    left, how = np.where(after > joins, days[after], end), events[after]
    last = ~np.isin(how, (Event.STARTED, Event.WITHDREW)) | (
        record.person[record.referral[at][after]] != record.person[record.referral[at][joins]]
    )
    left = np.where(last, end, left)
    served, gone = ~last & (how == Event.STARTED) & (left >= half), ~last & (how == Event.WITHDREW) & (left >= half)
    for name, who in _groups(journal, posts[joins]):
        found[f"wait{name}"] = float((left - days[joins])[who & served].mean()) if (who & served).any() else math.nan
        found[f"list{name}"] = float(
            np.maximum(left - np.maximum(days[joins], half), 0)[who].sum() / (end - half) / copies
        )
        found[f"lost{name}"] = float((who & gone).sum() / max(((served | gone) & who).sum(), 1))
    change = np.bincount(np.maximum(days[events == Event.STARTED], 0), minlength=end) - np.bincount(
        days[events == Event.STAYED], minlength=end
    )
    found["in places"] = float(np.cumsum(change)[half:].mean())
    return found


def _groups(journal: Journal, posts: NDArray[np.int64]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    yield "", np.ones(len(posts), bool)
    for number, name in enumerate(journal.header.pathways):
        yield f" of {name}", codes.pathway_of_list(codes.list_joined(posts), len(journal.header.pathways)) == number
    for number, name in enumerate(("emergencies", "urgent", "routine")):
        yield f" of {name}", codes.class_of(posts) == number


# -- cases

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


MIXTURE = "{law: mixture, parts: {short: {share: 0.8, law: exponential, mean_days: 30, most_days: 60}, long: {share: 0.2, law: gamma, mean_days: 300, sd_days: 150, least_days: 100}}}"


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
                f"  place_{number}: {{places: 1, stay: {{law: exponential, mean_days: 50}}, arrivals: {{law: renewal, gap: {{law: fixed, mean_days: 62.5}}}}}}\n"
                for number in range(16)
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

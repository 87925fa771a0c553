"""With places instead of therapists the same code is a textbook queue; each answer within its simulation interval.

Twenty replications of 70,000 days, the first by both engines, the second half measured, intervals of 99.9 % over
replications. Stays have a mean of 200 days, so that the whole-day clock costs little: nobody starts on the day of
joining, which adds at most a day to a wait. That day is the tolerance beside the interval.
"""

import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

import accesssim
from accesssim.clinic.service import simulate
from accesssim.study.measuring.lives import lives
from accesssim.study.verifying.states import states
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.clinics import QUEUE, written
from tests.test_theory import covers

by_either_engine, by_both_engines = pytest.mark.usefixtures("either_engine"), pytest.mark.usefixtures("both_engines")

STAY, REPLICATIONS, SEED, DAYS = 200.0, 20, 17, 70_000


def queue(**settings: object) -> Scenario:
    """The queue with other numbers; `__` stands for a dot."""
    return accesssim.load("textbook_queue").replace(
        {path.replace("__", "."): value for path, value in settings.items()} | {"run.days": DAYS}
    )


def pressed(places: int, load: float, **settings: object) -> Scenario:
    """So many places, offered so much of what they can do."""
    return queue(pathways__place__places=places, demand__referrals_per_week=7 * load * places / STAY, **settings)


def found(journal: Journal) -> tuple[float, float, float]:
    """Mean wait of those who started, share of those who came and left unseen, people on the list: in the second half."""
    record, half, end = lives(journal), journal.header.days // 2, journal.header.days
    started, listed, gone = record.first(Event.STARTED), record.first(Event.LISTED), record.first(Event.WITHDREW)
    served = (started >= half) & (started < end)
    came = (listed >= half) & (listed < end)
    present = np.maximum(np.minimum(np.minimum(started, gone), end) - np.maximum(listed, half), 0).sum() / (end - half)
    return float((started - listed)[served].mean()), float((came & (gone < end)).sum() / came.sum()), float(present)


def runs(scenario: Scenario) -> tuple[list[float], list[float], list[float]]:
    """Waits, shares lost and lists of all replications."""
    all_found = [found(simulate(scenario, seed=SEED, replication=number)) for number in range(REPLICATIONS)]
    return tuple(list(column) for column in zip(*all_found, strict=True))  # type: ignore[return-value]


def erlang_c(places: int, offered: float) -> float:
    """Chance of waiting in M/M/c (Erlang 1917), through the recursion of Erlang B."""
    blocked = 1.0
    for number in range(1, places + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked / (1 - offered / places * (1 - blocked))


@by_both_engines
def test_m_m_c() -> None:
    """Four places at a load of 0.8: the mean wait is C / (c mu - lambda)."""
    waits, _, lists = runs(pressed(4, 0.8))
    known = erlang_c(4, 3.2) * STAY / (4 * 0.2)
    assert covers(waits, known, more=1.0)
    assert covers(lists, known * 3.2 / STAY, more=3.2 / STAY)  # Little


@by_both_engines
@pytest.mark.parametrize(("law", "sd"), [("fixed", 0.0), ("lognormal", 100.0)])
def test_m_g_1(law: str, sd: float) -> None:
    """One place at a load of 0.7: Pollaczek and Khinchine, rho / (1 - rho) (1 + cv^2) / 2 stays."""
    waits, _, _ = runs(pressed(1, 0.7, pathways__place__stay__law=law, pathways__place__stay__sd_days=sd or 1.0))
    assert covers(waits, 0.7 / 0.3 * (1 + (sd / STAY) ** 2) / 2 * STAY, more=1.0)


@by_both_engines
def test_m_d_c() -> None:
    """Three places, fixed stays, load 0.85: Crommelin 1932, summed."""
    places, offered = 3, 3 * 0.85
    known = STAY * sum(
        stats.poisson.sf(i * places - 1, i * offered) - places / offered * stats.poisson.sf(i * places, i * offered)
        for i in range(1, 400)
    )
    waits, _, _ = runs(pressed(3, 0.85, pathways__place__stay__law="fixed"))
    assert covers(waits, known, more=1.0)


@by_both_engines
def test_erlang_a() -> None:
    """Four places at a load of 1.1 and exponential patience with a mean of one stay: the birth-death chain's share lost and list."""
    scenario = pressed(
        4,
        1.1,
        waiting__patience="weibull",
        waiting__patience_shape=1.0,
        waiting__patience_median_days=STAY * math.log(2),
    )
    _, lost, lists = runs(scenario)
    weights = np.ones(400)
    for number in range(1, 400):
        weights[number] = weights[number - 1] * 4.4 / (min(number, 4) + max(number - 4, 0))
    waiting = float((weights / weights.sum() * np.maximum(np.arange(400) - 4, 0)).sum())
    assert covers(lists, waiting, more=0.02)
    assert covers(lost, waiting / 4.4, more=0.005)


#: Two classes by recorded score; how many of each come is counted, not assumed.
CLASSES = {
    "demand__severity_mean": 12.0,
    "demand__severity_sd": 5.0,
    "triage__urgent_from": 15.0,
    "triage__emergency_share": 0.0,
}


def waits_by_class(**settings: object) -> tuple[list[float], list[float], float]:
    """Waits of urgent and of routine referrals, and the share of urgent ones, of one place at a load of 0.8."""
    waits: tuple[list[float], list[float]] = ([], [])
    came = [0, 0]
    for number in range(REPLICATIONS):
        journal = simulate(pressed(1, 0.8, **CLASSES, **settings), seed=SEED, replication=number)
        listed = journal.event == Event.LISTED
        kind = dict(zip(journal.person[listed].tolist(), (journal.post[listed] % 4).tolist(), strict=True))
        record = lives(journal)
        started, joined = record.first(Event.STARTED), record.first(Event.LISTED)
        urgent = np.array([kind[person] == 1 for person in record.person.tolist()])
        served = (started >= journal.header.days // 2) & (started < journal.header.days)
        for place, who in enumerate((urgent, ~urgent)):
            waits[place].append(float((started - joined)[served & who].mean()))
            came[place] += int(who.sum())
    return waits[0], waits[1], came[0] / sum(came)


@by_both_engines
def test_priority() -> None:
    """One place, two classes, exponential stays: Cobham 1954, W0 / ((1 - s of those before) (1 - s of those and one's own))."""
    urgent, routine, share = waits_by_class(waiting__order="priority")
    residual = 0.8 * STAY
    assert covers(urgent, residual / (1 - 0.8 * share), more=1.0)
    assert covers(routine, residual / ((1 - 0.8 * share) * (1 - 0.8)), more=1.0)


@by_both_engines
@pytest.mark.parametrize("rate", [2.0, 5.0])
def test_accumulating_priority(rate: float) -> None:
    """The same where urgent referrals gain priority `rate` times as fast: Kleinrock 1964; Stanford, Taylor and Ziedins 2014."""
    settings = {
        "waiting__order": "accumulating_priority",
        "waiting__accumulation__urgent": rate,
        "waiting__accumulation__routine": 1.0,
    }
    urgent, routine, share = waits_by_class(**settings)
    first_come = 0.8 * STAY / (1 - 0.8)
    known_routine = first_come / (1 - 0.8 * share * (1 - 1 / rate))
    known_urgent = first_come - 0.8 * (1 - share) * known_routine * (1 - 1 / rate)
    assert covers(routine, known_routine, more=1.0)
    assert covers(urgent, known_urgent, more=1.0)


@cache
def chained() -> Scenario:
    """A network: half of those who leave the first pathway go on to the second, a quarter of these back."""
    return _written(
        "pathways:\n  first: {places: 6, from_score: 0, stay: {law: lognormal, mean_days: 40, sd_days: 30}, then: {second: 0.5}}\n"
        "  second: {places: 3, from_score: 28, stay: {mean_days: 30}, then: {first: 0.25}}\n"
    )


def _written(pathways: str) -> Scenario:
    text = QUEUE
    start, end = text.index("pathways:"), text.index("initial:")
    return written(text[:start] + pathways + text[end:])


@by_either_engine
def test_a_network_loses_nobody_and_keeps_its_places() -> None:
    """Everybody is in one state on every day looked at, no pathway holds more than its places, and shares go on as stated."""
    journal = simulate(chained().replace({"run.days": 4000, "demand.referrals_per_week": 1.0}), seed=3)
    for day in (0, 100, 1000, 3999):
        everyone, impossible = states(journal, day)
        assert impossible == []
        assert len(everyone) == ((journal.event == Event.NEED) & (journal.day <= day)).sum()
    at = np.isin(journal.event, (Event.LISTED, Event.STARTED, Event.STAYED))
    inside, most, way, went = [0, 0], [0, 0], {}, [0, 0]
    for event, person, post in zip(
        journal.event[at].tolist(), journal.person[at].tolist(), journal.post[at].tolist(), strict=True
    ):
        if event == Event.LISTED:
            went[post // 4] += 1
            way[person] = post // 4
        else:
            change = 1 if event == Event.STARTED else -1
            inside[way[person]] += change
            most[way[person]] = max(most[way[person]], inside[way[person]])
    assert most == [6, 3]
    left_first = int(((journal.event == Event.STAYED) & (journal.post == 0)).sum())
    assert went[1] / left_first == pytest.approx(0.5, abs=4 * math.sqrt(0.25 / left_first))


@by_either_engine
def test_fewer_places_by_date_empty_as_people_leave() -> None:
    """A cut closes places as they fall free; nobody is sent away."""
    path = _written(
        "pathways:\n  place: {places: 8, stay: {law: fixed, mean_days: 50}}\nchanges:\n  - from: day 400\n    set: {pathways.place.places: 2}\n"
    )
    journal = simulate(path.replace({"run.days": 800, "demand.referrals_per_week": 3.0}), seed=3)
    started, left = (np.sort(journal.day[journal.event == event]) for event in (Event.STARTED, Event.STAYED))
    inside = [int((started <= day).sum() - (left <= day).sum()) for day in range(800)]
    assert max(inside[:400]) == 8
    assert inside[460:] == [2] * 340
    assert all(inside[day] <= 2 for day in started[started >= 400].tolist())


@pytest.mark.parametrize(
    ("pathways", "told"),
    [
        ("pathways:\n  place: {stay: {mean_days: 50}}\n", "needs either a staff group"),
        (
            "pathways:\n  place: {places: 3, then: {plce: 0.5}}\n",
            "pathways.place.then.plce = plce is not a pathway; did you mean place?",
        ),
        ("pathways:\n  place: {places: 3, then: {place: 1.0}}\n", "pathways.place.then lets everybody go on for ever"),
        (
            "pathways:\n  place: {places: 3, then: {place: 0.6, other: 0.6}}\n  other: {places: 3}\n",
            "shares that add up to 1.2",
        ),
        (
            "pathways:\n  place: {places: 3, then: {place: 1.5}}\n",
            "pathways.place.then.place = 1.5 must be between 0 and 1 (share).",
        ),
        ("pathways:\n  place: {places: -1}\n", "pathways.place.places = -1 must be between 0 and 67108864 (places)."),
    ],
)
def test_what_makes_no_sense_is_refused(pathways: str, told: str) -> None:
    """One clear line each."""
    with pytest.raises(ScenarioError) as refused:
        _written(pathways)
    assert str(refused.value).count("\n") == 0
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)

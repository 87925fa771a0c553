"""Reduced, the service has answers that are known without running it."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import accesssim
from accesssim.clinic.service import Service, simulate
from accesssim.study.measuring.lives import lives
from accesssim.world.chance import Chance
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.benchmarks import clinic_core
from tests.clinics import SHIPPED

by_either_engine, by_both_engines = pytest.mark.usefixtures("either_engine"), pytest.mark.usefixtures("both_engines")

CORE = Path(__file__).parent / "benchmarks" / "clinic_core_pressed.yaml"


def core(**settings: object) -> Scenario:
    """The reference clinic with other numbers; `__` stands for a dot."""
    return accesssim.load(CORE).replace({path.replace("__", "."): value for path, value in settings.items()})


def count(journal: Journal, *events: Event) -> int:
    """How often some events happened."""
    return int(np.isin(journal.event, events).sum())


def covers(values: list[float], known: float, more: float = 0.0, level: float = 0.999) -> bool:
    """Whether the known answer lies within the interval of the mean over replications, widened by `more`."""
    mean, error = np.mean(values), stats.sem(values)
    return bool(abs(mean - known) <= stats.t.ppf((1 + level) / 2, len(values) - 1) * error + more)


@by_both_engines
def test_the_reference_clinic_follows_its_law() -> None:
    """Twelve replications each, seeds 1 and 100 on: within 3 standard errors of idiomatic SimPy; waits within a day more, as our clock is whole days.

    Sessions are counted once all slots are taken: while an empty clinic fills, ours begin a day and a weekend later than in a week without days.
    """
    ours = [simulate(core(), seed=1, replication=number) for number in range(12)]
    theirs = [clinic_core.simulate(100 + number) for number in range(12)]
    records = [lives(journal) for journal in ours]
    waits = []
    for journal, record in zip(ours, records, strict=True):
        started, listed = record.first(Event.STARTED), record.first(Event.LISTED)
        seen = started < journal.header.days
        waits.append(float((started - listed)[seen].mean()) / 7)
    pairs = {
        "mean wait": (waits, [one.mean_wait for one in theirs], 1 / 7),
        "gave up": ([count(one, Event.WITHDREW) for one in ours], [one.gave_up for one in theirs], 0.0),
        "started": ([count(one, Event.STARTED) for one in ours], [one.started for one in theirs], 0.0),
        "sessions": (
            [int(((one.event == Event.SESSION) & (one.day >= 7 * clinic_core.FULL)).sum()) for one in ours],
            [one.sessions_when_full for one in theirs],
            0.0,
        ),
    }
    for name, (mine, other, more) in pairs.items():
        error = math.hypot(float(stats.sem(mine)), float(stats.sem(other)))
        assert abs(np.mean(mine) - np.mean(other)) <= 3 * error + more, name


@pytest.mark.parametrize("name", SHIPPED)
def test_littles_law(name: str) -> None:
    """People on the lists at each close, summed, are the days that each of them was on a list, summed: exactly, list by list; seed 3, 30 weeks."""
    scenario = accesssim.load(name).replace({"run.weeks": 30, "run.warm_up_weeks": 0})
    service = Service(scenario, Chance(3, 0))
    seen: list[list[int]] = [[] for _ in service.state.lists]
    close = service.close

    def watched(day: int) -> None:
        close(day)
        for number, waiting in enumerate(service.state.lists):
            seen[number].append(waiting.length)

    service.close = watched  # type: ignore[method-assign]
    journal = service.run()
    days, change, pathway = lives(journal).list_changes()
    for number, lengths in enumerate(seen):
        stays = -(np.clip(days, 0, journal.header.days) * change)[pathway == number].sum()  # leaving less joining
        still = lengths[-1] * journal.header.days
        assert sum(lengths) == stays + still
        assert (pathway == number).any() or not any(lengths)  # who starts on the day of joining waits at no close
    assert len(days)


@by_both_engines
@pytest.mark.parametrize("hazard", [0.01, 0.03])
def test_wait_dependent_withdrawal(hazard: float) -> None:
    """First come, first served, L a day come and M < L are started: the served wait w* solves S(w*) = M / L with S(w) = (1 - h)^(w - 1).

    The list is L times the sum of S up to w*, the share who leave unseen 1 - M / L. Ten replications of two years,
    seed 5, second year. The fluid answer is for steady flows; ours come in Poisson numbers and start on working days,
    hence half a day on the wait and 1 % on list and share besides the interval.
    """
    scenario = core(
        demand__referrals_per_week=210.0,
        waiting__patience="daily",
        waiting__patience_daily=hazard,
        pathways__therapy__cap=1,
        pathways__therapy__good_enough_share=1.0,
        therapy__did_not_attend_log_odds=-40.0,
        therapy__dropout_per_session=0.0,
        run__weeks=104,
    )
    waits, lists, shares = [], [], []
    for number in range(10):
        journal = simulate(scenario, seed=5, replication=number)
        record, half = lives(journal), journal.header.days // 2
        started, listed, gone = record.first(Event.STARTED), record.first(Event.LISTED), record.first(Event.WITHDREW)
        come, served, left = ((days >= half) & (days < journal.header.days) for days in (listed, started, gone))
        rate, starts = come.sum() / half, served.sum() / half
        exact = 1 + math.log(starts / rate) / math.log(1 - hazard)
        survival = (1 - hazard) ** np.maximum(np.arange(0, round(exact)) - 1, 0)
        waits.append(float((started - listed)[served].mean()) - exact)
        present = sum(
            min(end, journal.header.days) - max(start, half)
            for start, end in zip(listed, np.minimum(started, gone), strict=True)
            if end > half
        )
        lists.append(present / half / (rate * survival.sum()) - 1)
        shares.append(left.sum() / come.sum() - (1 - starts / rate))
    assert covers(waits, 0.0, more=0.6)
    assert covers(lists, 0.0, more=0.02)
    assert covers(shares, 0.0, more=0.01)


@by_either_engine
def test_nobody_waits_where_there_is_room() -> None:
    """With three times the slots that are needed, everybody starts on the first day on which a start is possible: the day after joining."""
    journal = simulate(core(workforce__therapist__posts=80), seed=2)
    record = lives(journal)
    started, listed = record.first(Event.STARTED), record.first(Event.LISTED)
    seen = started < journal.header.days
    assert seen.sum() > 2000
    assert set((started - listed)[seen].tolist()) == {1}


@by_both_engines
def test_courses_have_the_length_that_their_law_says() -> None:
    """Attended sessions of a course that nobody drops: min(20, geometric 1/8) has mean 8 (1 - (7/8)^20); 10 replications, seed 4."""
    known = 8 * (1 - (7 / 8) ** 20)
    means = []
    for number in range(10):
        journal = simulate(
            core(therapy__dropout_per_session=0.0, workforce__therapist__posts=80, run__weeks=150),
            seed=4,
            replication=number,
        )
        record = lives(journal)
        whole = record.first(Event.STARTED) < journal.header.days - 7 * 60  # all of these have ended
        means.append(float(record.number_of(Event.SESSION)[whole].mean()))
    assert covers(means, known)

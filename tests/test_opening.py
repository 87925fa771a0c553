"""The service as it is found on day 0: what the file says, person by person."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import accesssim
from accesssim.clinic import flows
from accesssim.clinic.person import Person
from accesssim.clinic.rules import illness
from accesssim.clinic.rules.patience import (
    Law,
    Patience,
    daily_hazard,
    patience_after,
    patience_with_calls,
    summed_hazard,
)
from accesssim.clinic.service import Service, simulate
from accesssim.study.measuring.lives import lives
from accesssim.study.verifying.states import State, states
from accesssim.world.chance import Chance
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.clinics import small, written

by_either_engine = pytest.mark.usefixtures("either_engine")
YEAR = 52 * 154


def on_lists(journal: Journal, pathways: int) -> list[int]:
    """People on each pathway's list when day 0 begins."""
    days, change, which = lives(journal).list_changes()
    return [int(change[(which == pathway) & (days < 0)].sum()) for pathway in range(pathways)]


def found_in(scenario: Scenario) -> tuple[list[int], int, int]:
    """Slots taken of each therapist when day 0 begins; people on lists; people who await assessment."""
    service = Service(scenario, Chance(1, 0))
    service.open()
    state = service.state
    return (
        [therapist.caseload for therapist in state.therapists],
        sum(waiting.length for waiting in state.lists),
        len(service.population.ask(-1)),
    )


@by_either_engine
@pytest.mark.parametrize(
    ("low", "high", "awaiting"),
    [(0, 0, 0), (8, 8, 10), (0, 40, 3), (300, 0, 0), (10 * 26 * 8, 10 * 26 * 8, 10 * 52 * 8)],
)
@pytest.mark.parametrize("history", [0, 300])
def test_lists_on_day_0_are_what_the_file_says(low: int, high: int, awaiting: int, history: int) -> None:
    """None, few, one list alone, and ten years of referrals on them: whatever the history, and however soon people give up."""
    scenario = small(
        initial__waiting__low_intensity=low,
        initial__waiting__high_intensity=high,
        initial__awaiting_assessment=awaiting,
        demand__history_days=history,
        run__weeks=1,
    )
    journal = simulate(scenario, seed=1)
    everyone, impossible = states(journal, -1)
    assert impossible == []
    assert on_lists(journal, 2) == [high, low]
    told = [sum(state is wanted for state in everyone.values()) for wanted in (State.WAITING, State.IN_RED_TAPE)]
    assert told == [low + high, awaiting]
    assert states(journal)[1] == []


def test_a_long_list_leaves_the_caseload_as_it_is() -> None:
    """The same people in the same slots, and so the same sessions, behind a list of a hundred and behind one of ten years."""
    few, many = (
        found_in(small(initial__waiting__low_intensity=number, initial__waiting__high_intensity=number))
        for number in (50, 2080)
    )
    assert few[0] == many[0]
    service = Service(small(), Chance(1, 0))
    service.open()
    share = service.state.now.initial.caseload_share
    assert few[0] == [int(therapist.slots * share + 0.5) for therapist in service.state.therapists]
    assert (few[1], many[1]) == (100, 4160)


def test_whoever_is_on_a_longer_list_stands_behind_the_same_others() -> None:
    """The newest eight are the same people, as they were, with others who came before them."""
    short, long = (simulate(small(initial__waiting__low_intensity=number, run__days=1), seed=1) for number in (8, 30))
    rows = [
        {
            (int(day), int(person), float(value))
            for day, person, value in zip(
                journal.day[at].tolist(), journal.person[at].tolist(), journal.value[at].tolist(), strict=True
            )
        }
        for journal in (short, long)
        if (at := (journal.event == Event.LISTED) & (journal.day < 0)).any()
    ]
    assert len(rows[0] - rows[1]) == 0


def test_ages_on_a_list_are_those_that_its_flow_leaves() -> None:
    """One a day, of whom half are left after each seventy days: with N on the list the oldest came when the flow up to then has left N."""
    there = [0.0]
    rate = math.log(2) / 70
    for week in range(522):
        there.append(there[-1] + (math.exp(-rate * 7 * week) - math.exp(-rate * 7 * (week + 1))) / rate)
    ages = flows.found_ages(50, 1.0, there)
    assert ages == sorted(ages)
    assert ages[-1] == pytest.approx(-math.log(1 - 49.5 * rate) / rate, abs=2)
    assert flows.found_ages(500, 1.0, there).count(1) in (4, 5)  # five times what could ever be left: more have come
    all_left = np.array(flows.found_ages(100_000, 1.0, there))
    assert all_left.mean() == pytest.approx(1 / rate + 0.5, rel=0.01)
    assert flows.found_ages(100, 0.0, there) == [int(age) for age in flows.found_ages(100, 1e-9, there)]


def aged(high: int = 24, low: int = 8, weeks: str = "0: 12, 19: 6, 36: 3, 53: 2") -> Scenario:
    """A small service whose lists are told by ages."""
    text = (
        "extends: baseline\nrun: {weeks: 1}\ndemand: {referrals_per_week: 8}\n"
        "workforce: {low_intensity: {posts: 2}, high_intensity: {posts: 2}}\nfunding: {annual_budget: null}\n"
        f"initial:\n  awaiting_assessment: 10\n  waiting: {{low_intensity: {low}, high_intensity: {high}}}\n"
        f"  ages: {{high_intensity: {{weeks: {{{weeks}}}, days: {{400: 1}}}}, awaiting_assessment: {{weeks: {{0: 7, 2: 3}}}}}}\n"
    )
    return written(text)


@by_either_engine
def test_whoever_is_on_a_list_came_when_the_file_says() -> None:
    """Bands of weeks and single days: so many joined then, and so many have waited for over 52 weeks on day 0."""
    journal = simulate(aged(), seed=1)
    everyone, _ = states(journal, -1)
    at = (journal.event == Event.LISTED) & (journal.day < 0) & (journal.post // 4 == 0)
    waited = [
        -day
        for person, day in zip(journal.person[at].tolist(), journal.day[at].tolist(), strict=True)
        if everyone[person] is State.WAITING
    ]
    bands = np.histogram(waited, [1, 19 * 7, 36 * 7, 53 * 7, 8000])[0].tolist()
    assert bands == [12, 6, 3, 3]
    assert 400 in waited
    assert sum(days > 364 for days in waited) == 3
    asked = journal.day[(journal.event == Event.REFERRED) & (journal.day < 0)]
    people = journal.person[(journal.event == Event.REFERRED) & (journal.day < 0)]
    since = [
        -day
        for day, person in zip(asked.tolist(), people.tolist(), strict=True)
        if everyone[person] is State.IN_RED_TAPE
    ]
    assert (len(since), sum(days >= 14 for days in since)) == (10, 3)


AT_THE_START = """
extends: baseline
initial: {awaiting_assessment: 2, waiting: {high_intensity: 5}, ages: {high_intensity: list.csv, awaiting_assessment: asked.csv}}
run: {start_date: 2026-01-05}
"""


def with_tables(folder: Path, of_list: str, asked: str = "joined_on\n2025-12-25\n2025-12-01\n") -> Scenario:
    """A scenario beside the tables of two lists."""
    for name, text in (("list.csv", of_list), ("asked.csv", asked), ("mine.yaml", AT_THE_START)):
        (folder / name).write_text(text, encoding="utf-8")
    return accesssim.load(folder / "mine.yaml")


@pytest.mark.parametrize(
    "of_list",
    [
        "person,days_waited\na,3\nb,3\nc,41\nd,365\ne,0\n",
        "weeks_waited\n0.5\n0.43\n5.9\n52.2\n0\n\n",
        "joined_on, team\n2026-01-02,x\n2026-01-02,y\n2025-11-25,x\n2025-01-05,\n2026-01-05,x\n",
    ],
)
def test_a_table_tells_how_long_each_has_waited(tmp_path: Path, of_list: str) -> None:
    scenario = with_tables(tmp_path, of_list)
    ages = scenario.parameters.initial.ages
    assert ages["high_intensity"].days == {"0": 1, "3": 2, "41": 1, "365": 1}
    assert ages["awaiting_assessment"].days == {"11": 1, "35": 1}
    opening = flows.opening(scenario.parameters)
    assert opening.ages[list(scenario.parameters.pathways).index("high_intensity")] == [1, 3, 3, 41, 365]
    assert opening.awaiting == [11, 35]


@pytest.mark.parametrize(
    ("of_list", "told"),
    [
        ("days\n3\n", "list.csv:1:1: needs one, and only one, of the columns days_waited, weeks_waited, joined_on"),
        ("days_waited\n3\n\nlong\n", "list.csv:4:1: days_waited is 'long'; it must be days, such as 40"),
        ("days_waited\n-1\n", "list.csv:2:1: days_waited is '-1'"),
        ("days_waited\nnan\ninf\n", "list.csv:3:1: days_waited is 'inf'"),
        ("joined_on\n2026-01-06\n", "list.csv:2:1: joined_on is '2026-01-06'; it must be a date before the start"),
        ("joined_on,days_waited\n2026-01-04,1\n", "list.csv:1:1: needs one, and only one"),
        ("weeks_waited\n", "list.csv:1:1: tells of nobody"),
        ("", "list.csv:1:1: needs one"),
        ("days_waited\n4\n", "initial.waiting.high_intensity = 5, and initial.ages.high_intensity tells of 1"),
    ],
)
def test_what_is_wrong_in_a_table_is_told_by_its_line(tmp_path: Path, of_list: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(told)):
        with_tables(tmp_path, of_list)


def test_the_younger_file_says_who_is_on_a_list(tmp_path: Path) -> None:
    with_tables(tmp_path, "days_waited\n1\n2\n3\n4\n5\n")
    (tmp_path / "bands.yaml").write_text("extends: mine.yaml\ninitial: {ages: {high_intensity: {weeks: {0: 5}}}}\n")
    (tmp_path / "later.yaml").write_text("extends: mine.yaml\nrun: {start_date: 2026-01-12}\n")
    (tmp_path / "again.yaml").write_text("extends: bands.yaml\ninitial: {ages: {high_intensity: list.csv}}\n")
    bands, later, again = (
        accesssim.load(tmp_path / name).parameters.initial.ages for name in ("bands.yaml", "later.yaml", "again.yaml")
    )
    assert (bands["high_intensity"].weeks, bands["high_intensity"].days) == ({"0": 5}, {})
    assert later["awaiting_assessment"].days == {"18": 1, "42": 1}
    assert (again["high_intensity"].weeks, again["high_intensity"].days["5"]) == ({}, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"high": 20},
            "initial.waiting.high_intensity = 20, and initial.ages.high_intensity tells of 24; make them equal, or leave one out",
        ),
        (
            {"weeks": "600: 23"},
            "initial.ages.high_intensity.weeks.600 must stand at a whole number of weeks from 0 to 521",
        ),
        ({"low": 2_000_000}, "initial.waiting.low_intensity = 2000000 must be at most 699,050 with 2 pathways"),
    ],
)
def test_lists_that_cannot_be_are_told(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(told)):
        aged(**changed)


@by_either_engine
def test_whoever_awaits_assessment_is_booked_already() -> None:
    """Assessments of the first two weeks are as many as of the next ten, within four standard errors: nobody begins anew on day 0."""
    weeks = [
        [int(((journal.event == Event.ASSESSED) & (journal.day // 7 == week)).sum()) for week in range(12)]
        for journal in (simulate(accesssim.load("baseline").replace({"run.weeks": 12}), seed=seed) for seed in range(4))
    ]
    first, later = np.array(weeks)[:, :2].mean(), np.array(weeks)[:, 2:]
    assert abs(first - later.mean()) < 4 * later.std() / math.sqrt(8) + 10


LAWS = [
    Patience(Law.WEIBULL, 100.0, 1.7, 0.0),
    Patience(Law.LOG_LOGISTIC, 120.0, 1.0, 0.0),
    Patience(Law.DAILY, 0.0, 0.0, 0.02),
    Patience(Law.DAILY_LOG_LOGISTIC, 300.0, 2.0, 0.0),
    Patience(Law.DAILY_TABLE, 0.0, 0.0, 0.0, ((14.0, 0.01), (56.0, 0.03))),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: Law(law.law).name.lower())
@pytest.mark.parametrize("calls", [(0, 0.0), (8, 0.5)])
def test_patience_that_is_left_has_the_law_of_those_who_are_left(law: Patience, calls: tuple[int, float]) -> None:
    """Against those who are drawn from their first day on and kept if they are still there after forty days."""
    thresholds = -np.log((np.arange(150) + 0.5) / 150)
    whole = np.array([patience_with_calls(law, float(one), *calls) for one in thresholds])
    kept = np.sort(whole[whole > 40])
    left = np.sort(np.array([patience_after(law, float(one), 40, *calls) for one in thresholds]))
    assert left.min() > 40
    quantiles = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    one, other = (np.quantile(np.minimum(days, 5000), quantiles) for days in (kept, left))
    assert one == pytest.approx(other, rel=0.06, abs=2)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: Law(law.law).name.lower())
def test_the_summed_hazard_is_the_sum_of_its_days(law: Patience) -> None:
    assert summed_hazard(law, 90, 0, 0.0) == pytest.approx(
        sum(daily_hazard(law, day) for day in range(1, 91)), rel=1e-9
    )


def test_an_illness_that_is_left_has_the_law_of_those_who_are_left() -> None:
    rates = 0.02, 0.0125, 26.0
    thresholds = -np.log((np.arange(2_000) + 0.5) / 2_000)
    whole = np.array([illness.remission_days(float(one), *rates) for one in thresholds])
    left = np.array([illness.remission_after(float(one), 120, *rates) for one in thresholds])
    assert np.quantile(whole[whole > 120], [0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(left, [0.1, 0.5, 0.9]), rel=0.02
    )


def test_people_on_a_list_are_as_ill_as_those_who_come_to_it() -> None:
    """Mean severity when listed, of those found on both lists and of those who come later: within four standard errors of their difference."""
    scenario = accesssim.load("baseline").replace(
        {
            "initial.waiting.low_intensity": 800,
            "initial.waiting.high_intensity": 800,
            "run.weeks": 16,
            "waiting.drift_mean": 0.0,
            "waiting.drift_sd": 0.0,
            "waiting.remission_early_per_week": 0.0,
            "waiting.remission_per_week": 0.0,
        }
    )
    journal = simulate(scenario, seed=1)
    listed = journal.event == Event.LISTED
    for pathway in range(2):
        _, first = np.unique(
            np.where(listed, journal.person, -1), return_index=True
        )  # whoever is stepped up is listed again
        at = listed & (journal.post // 4 == pathway) & np.isin(np.arange(len(listed)), first)
        found, came = journal.value[at & (journal.day < 0)], journal.value[at & (journal.day > 28)]
        error = math.sqrt(found.var() / len(found) + came.var() / len(came))
        assert abs(found.mean() - came.mean()) < 4 * error


def test_another_pathway_moves_nobody_on_the_other_lists() -> None:
    """Whoever is found on a list has luck by its name: the same severities, day by day, beside a third pathway."""
    text = "extends: baseline\npathways: {a_ward: {places: 3, from_score: 28}}\n"
    found = []
    for scenario in (accesssim.load("baseline"), written(text)):
        service = Service(scenario.replace({"run.days": 1}), Chance(1, 0))
        service.open()
        waiting = [
            sorted((person.onset, person.severity) for _, person in everybody(service, name))
            for name in ("high_intensity", "low_intensity")
        ]
        found.append(waiting)
    assert found[0] == found[1]
    assert [len(one) for one in found[0]] == [230, 230]


def everybody(service: Service, pathway: str) -> list[tuple[int, Person]]:
    """Who is on the list of a pathway."""
    lanes = service.state.lists[service.state.path_names.index(pathway)]._lanes
    return [(entry.joined, entry.person) for lane in lanes.values() for entry in lane if entry.person is not None]

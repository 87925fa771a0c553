"""Pathways that hand on to each other: shares, opening, lists, and how long people stay away."""

import math

import numpy as np
import pytest

import accesssim
from accesssim.clinic.arrivals import TooMuchDemand
from accesssim.clinic.compiled import engine as compiled
from accesssim.clinic.service import Service, simulate
from accesssim.study.measuring.lives import lives
from accesssim.study.verifying.states import State, states
from accesssim.world.chance import Chance
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.clinics import QUEUE, small, written

by_either_engine = pytest.mark.usefixtures("either_engine")


def network(pathways: str, more: str = "", initial: str = "{state: empty}", **settings: object) -> Scenario:
    """The queue's people on other pathways; `more` stands at the end of the file, and `__` for a dot in settings."""
    text = f"{QUEUE[: QUEUE.index('pathways:')]}pathways:\n{pathways}{more}initial: {initial}\nrun: {{days: 1000}}\n"
    return written(text).replace({path.replace("__", "."): value for path, value in settings.items()})


def many(pathway: str, names: int) -> str:
    """So many pathways alike."""
    return "".join(f"  place_{number}: {pathway}\n" for number in range(names))


@pytest.mark.parametrize(
    ("pathways", "more", "told"),
    [
        (
            many("{places: 1, arrivals: {law: poisson, per_week: 1}}", 15),
            "",
            "pathways.place_9.arrivals = poisson is one more than the 14 pathways that may have arrivals of their own",
        ),
        (
            many("{places: 1}", 90),
            "teams: {" + ", ".join(f"t{team}: {{share: 0.02}}" for team in range(50)) + "}\n",
            "pathways of all teams are 4,500 lists; a journal can tell 4,095 apart",
        ),
        (
            "  a: {places: 0, after_withdrawal: {b: 1}}\n  b: {places: 0, after_withdrawal: {a: 1}}\n",
            "",
            "pathways.a.after_withdrawal lets everybody go on for ever",
        ),
        (
            "  a: {group: staff, then: {a: 1}}\n",
            "workforce: {staff: {posts: 1}}\n",
            "pathways.a.then lets everybody go on for ever",
        ),
        (
            "  a: {places: 1, step_up_to: b, step_up_share: 1}\n  b: {places: 1, then: {c: 1}}\n  c: {places: 1, step_up_to: a, step_up_share: 1}\n",
            "",
            "pathways.a.step_up_to lets whoever does not recover go on for ever",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(pathways: str, more: str, told: str) -> None:
    """One clear line each."""
    with pytest.raises(ScenarioError) as refused:
        network(pathways, more)
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)


def test_pathways_that_step_up_to_each_other_end_where_not_everybody_is_stepped_up() -> None:
    """One share below 1 on the way is enough."""
    network("  a: {places: 1, step_up_to: b, step_up_share: 1}\n  b: {places: 1, step_up_to: a, step_up_share: 0.9}\n")


@by_either_engine
def test_more_people_than_a_journal_can_tell_apart_are_refused() -> None:
    """Before anybody is drawn."""
    with pytest.raises(TooMuchDemand, match="more than 62,914,560 people may have a need"):
        simulate(network("  place: {places: 1}\n", demand__referrals_per_week=1e7), seed=1)


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (
            {"demand__referrals_per_week": 1e308, "demand__peak_multiple": 100.0},
            "more than 33,554,432 people may have a need",
        ),
        (
            {"demand__referrals_per_week": 1.0, "pathways__place__arrivals__per_week": 1e308},
            "more than 2,097,152 arrivals",
        ),
    ],
)
def test_demand_beyond_all_numbers_is_refused(most: dict[str, float], told: str) -> None:
    """The highest demand is refused by name, also where twice as much is more than a number can be."""
    with pytest.raises(TooMuchDemand, match=told):
        simulate(network(ARRIVING, **most), seed=1)


#: No score is below these, so that nobody leaves therapy recovered, and all may step up.
NOBODY_RECOVERS = {"triage__depression_scale__cut_off": 0.0, "triage__anxiety_scale__cut_off": 0.0}


def joined(journal: Journal, pathway: int) -> int:
    """How often somebody joined the list of a pathway."""
    return int(((journal.event == Event.LISTED) & (journal.post // 4 == pathway)).sum())


@by_either_engine
def test_being_handed_on_says_nothing_of_being_stepped_up() -> None:
    """Three in ten leave a place for therapy, and three in ten of those whom it has not helped step up: seed 1, within four standard errors."""
    pathways = (
        "  first: {places: 500, stay: {mean_days: 10}, then: {therapy: 0.3}}\n"
        "  therapy: {group: therapist, from_score: 28, cap: 2, minimum_sessions: 2, step_up_to: second, step_up_share: 0.3}\n"
        "  second: {places: 500, from_score: 28, stay: {mean_days: 10}}\n"
    )
    journal = simulate(
        network(pathways, "workforce: {therapist: {posts: 60}}\n", demand__referrals_per_week=40.0, **NOBODY_RECOVERS),
        seed=1,
    )
    left = int(((journal.event == Event.STAYED) & (journal.post == 0)).sum())
    ended = int(np.isin(journal.event, (Event.FINISHED, Event.CAPPED, Event.DROPPED_OUT)).sum())
    assert ended > 1000
    assert abs(joined(journal, 2) / left - 0.3) < 4 * math.sqrt(0.21 / left)  # by name: first, second, therapy
    assert abs(joined(journal, 1) / ended - 0.3) < 4 * math.sqrt(0.21 / ended)


@by_either_engine
def test_the_list_found_on_day_0_is_of_the_last_who_came() -> None:
    """Thirty come a week and 1,200 wait, first come, first served: the first to start has waited 40 weeks.

    Seed 1, four standard errors of 1,200 arrivals.
    """
    journal = simulate(accesssim.load("published/waiting_list_arithmetic"), seed=1)
    listed, started = (
        {person: day for day, person in zip(*rows, strict=True)}
        for rows in (_rows(journal, Event.LISTED), _rows(journal, Event.STARTED))
    )
    waiting = [day for person, day in listed.items() if day < 0 <= started.get(person, 0)]
    assert len(waiting) == 1200
    assert max(waiting) == -1
    first = [day - listed[person] for person, day in started.items() if 0 <= day < 7]
    assert abs(np.mean(first) - 280) < 4 * 280 / math.sqrt(1200) + 4


def _rows(journal: Journal, event: Event) -> tuple[list[int], list[int]]:
    at = journal.event == event
    return journal.day[at].tolist(), journal.person[at].tolist()


#: One place, a list of months, two classes; the order changes on day 400.
MIXED = {
    "demand__severity_sd": 5.0,
    "triage__urgent_from": 15.0,
    "triage__emergency_share": 0.0,
    "demand__referrals_per_week": 1.0,
}


@by_either_engine
@pytest.mark.parametrize("before", ["priority", "severity", "fifo", "accumulating_priority"])
def test_another_order_holds_for_those_who_wait_already(before: str) -> None:
    """Whatever the order was, from the day of the change nobody starts before somebody who is ahead of them in the new one."""
    for after in ("fifo", "priority"):
        change = f"changes:\n  - from: day 400\n    set: {{waiting.order: {after}}}\n"
        journal = simulate(
            network(
                "  place: {places: 1, stay: {law: fixed, mean_days: 10}}\n", change, waiting__order=before, **MIXED
            ),
            seed=1,
        )
        at = journal.event == Event.LISTED
        rank = dict(
            zip(
                journal.person[at].tolist(),
                zip(
                    (journal.post[at] % 4 if after == "priority" else 0 * journal.post[at]).tolist(),
                    journal.day[at].tolist(),
                    strict=True,
                ),
                strict=True,
            )
        )
        started = dict(zip(*reversed(_rows(journal, Event.STARTED)), strict=True))
        late = {person: day for person, day in started.items() if day >= 400}
        assert len(late) == 60
        for person, day in late.items():
            assert not any(
                rank[other] < rank[person] for other in rank if rank[other][1] < day < started.get(other, 1000)
            )


@by_either_engine
@pytest.mark.parametrize("before", ["priority", "accumulating_priority"])
def test_a_crisis_costs_nobody_their_turn_in_another_order(before: str) -> None:
    """Whoever became urgent counts from the day of the crisis only as long as classes decide.

    First come, first served from day 400 on goes by the day on which each joined.
    """
    change = "changes:\n  - from: day 400\n    set: {waiting.order: fifo, waiting.crisis_per_month: 0}\n"
    settings = {**MIXED, "triage__urgent_from": 100.0, "waiting__order": before, "waiting__crisis_per_month": 0.05}
    journal = simulate(network("  place: {places: 1, stay: {law: fixed, mean_days: 10}}\n", change, **settings), seed=1)
    listed, started, urgent = (
        dict(zip(*reversed(_rows(journal, event)), strict=True))
        for event in (Event.LISTED, Event.STARTED, Event.MADE_URGENT)
    )
    late = [person for person, day in started.items() if day >= 400]
    assert len(late) == 60
    assert any(person in urgent for person in late)
    assert [listed[person] for person in late] == sorted(listed[person] for person in late)


@by_either_engine
@pytest.mark.parametrize("before", ["severity", "fifo"])
def test_priority_begins_to_accumulate_for_those_who_wait_already(before: str) -> None:
    """After the change whoever has most points, three a day for urgent people and one for others, is next."""
    change = "changes:\n  - from: day 400\n    set: {waiting.order: accumulating_priority}\n"
    journal = simulate(
        network("  place: {places: 1, stay: {law: fixed, mean_days: 10}}\n", change, waiting__order=before, **MIXED),
        seed=1,
    )
    at = journal.event == Event.LISTED
    came = {
        person: (day, 3 if post % 4 == 1 else 1)
        for person, day, post in zip(
            journal.person[at].tolist(), journal.day[at].tolist(), journal.post[at].tolist(), strict=True
        )
    }
    started = dict(zip(*reversed(_rows(journal, Event.STARTED)), strict=True))
    for person, day in started.items():
        if day >= 400:
            points = {
                other: rate * (day - joined)
                for other, (joined, rate) in came.items()
                if joined < day <= started.get(other, 1000)
            }
            assert points[person] == max(points.values())


@by_either_engine
def test_a_crisis_never_sets_anybody_back() -> None:
    """Where priority accumulates, whoever becomes urgent keeps what they have gained.

    Nobody with a crisis starts later than the same person without its urgency.
    """
    rates = {
        "waiting__order": "accumulating_priority",
        "waiting__crisis_per_month": 0.05,
        "waiting__accumulation__urgent": 3.0,
    }
    journal = simulate(
        network(
            "  place: {places: 1, stay: {law: fixed, mean_days: 10}}\n",
            **(MIXED | {"triage__urgent_from": 100.0} | rates),
        ),
        seed=1,
    )
    listed, urgent = (
        dict(zip(*reversed(_rows(journal, event)), strict=True)) for event in (Event.LISTED, Event.MADE_URGENT)
    )
    started = dict(zip(*reversed(_rows(journal, Event.STARTED)), strict=True))
    assert len(urgent) > 20
    for person, crisis in urgent.items():
        before = [
            other
            for other, day in started.items()
            if day > crisis and other not in urgent and listed[other] > listed[person]
        ]
        assert all(started.get(person, 1000) < started[other] for other in before)


@by_either_engine
def test_a_course_hands_on_as_a_stay_does() -> None:
    """Of those whose course of therapy is over, a fifth step up; of the others half go on to a place: seed 1, within four standard errors."""
    pathways = (
        "  therapy: {group: therapist, cap: 2, minimum_sessions: 2, step_up_to: more, step_up_share: 0.2, then: {place: 0.5}}\n"
        "  more: {group: other, from_score: 28, cap: 2, minimum_sessions: 2}\n"
        "  place: {places: 500, from_score: 28, stay: {mean_days: 10}}\n"
    )
    journal = simulate(
        network(
            pathways,
            "workforce: {therapist: {posts: 60}, other: {posts: 20}}\n",
            demand__referrals_per_week=40.0,
            **NOBODY_RECOVERS,
        ),
        seed=1,
    )
    assert states(journal)[1] == []
    ended = journal.post[np.isin(journal.event, (Event.FINISHED, Event.CAPPED, Event.DROPPED_OUT))]
    first, more, place = (
        int((np.array(journal.header.post_staff)[ended] == 1).sum()),  # by name: other, therapist; more, place, therapy
        joined(journal, 0),
        joined(journal, 1),
    )
    assert first > 1000
    assert abs(more / first - 0.2) < 4 * math.sqrt(0.16 / first)
    assert abs(place / (first - more) - 0.5) < 4 * math.sqrt(0.25 / first)


def test_therapy_of_a_stay_found_on_day_0_is_of_the_stay_alone() -> None:
    """A session a week in stays of ten weeks, behind a list of most of a year: whoever is found in a place has ten at most.

    It is not one for each week since they came to the list.
    """
    pathways = "  unit: {places: 30, sessions_per_week: 1, stay: {law: fixed, mean_days: 70}}\n"
    scenario = network(
        pathways,
        initial="{state: steady, caseload_share: 1, waiting: {unit: 100}}",
        demand__referrals_per_week=3.0,
        demand__history_days=3000,
        run__days=140,
    )
    service = Service(scenario, Chance(1, 0))
    helped, given = service.journeys.courses.helped, []

    def watched(person, severity, sessions):
        given.append(sessions)
        return helped(person, severity, sessions)

    service.journeys.courses.helped = watched  # type: ignore[method-assign]
    journal = Journal([service.run()])
    assert len(given) > 50
    assert max(given) == 10
    assert compiled.simulate(scenario, seed=1) == journal


@by_either_engine
def test_a_stay_found_on_day_0_is_told_from_when_it_began() -> None:
    """Stays of ten weeks behind a list of most of a year: whoever is found in a place began to keep it ten weeks before the end.

    It is a day less by rounding, and they did not begin when they joined the list.
    """
    pathways = "  unit: {places: 30, stay: {law: fixed, mean_days: 70}}\n"
    scenario = network(
        pathways,
        initial="{state: steady, caseload_share: 1, waiting: {unit: 100}}",
        demand__referrals_per_week=3.0,
        demand__history_days=3000,
        run__days=140,
    )
    journal = simulate(scenario, seed=1)
    assert states(journal)[1] == []
    day = {
        event: dict(zip(journal.person[at].tolist(), journal.day[at].tolist(), strict=True))
        for event in Event
        if (at := journal.event == event).any()
    }
    found = [person for person, began in day[Event.STARTED].items() if began < 0]
    assert len(found) == 30
    assert {day[Event.STAYED][person] - day[Event.STARTED][person] for person in found} <= {69, 70}
    assert all(day[Event.STARTED][person] > day[Event.LISTED][person] + 100 for person in found)


@by_either_engine
def test_a_place_without_therapy_keeps_nobody_from_relapsing() -> None:
    """Whoever recovers in a course, and then keeps a place for a week, may relapse.

    As many come back as of those who keep none, and nobody who has not recovered.
    """

    def relapsed(then: str) -> tuple[int, int]:
        pathways = (
            f"  course: {{group: staff, cap: 6{then}}}\n"
            "  rest: {places: 900, from_score: 28, stay: {law: fixed, mean_days: 7}}\n"
            "workforce: {staff: {posts: 12}}\n"
        )
        journal = simulate(network(pathways, demand__referrals_per_week=20.0, therapy__relapse_12_months=0.5), seed=1)
        assert states(journal)[1] == []
        return int((journal.event == Event.RELAPSED).sum()), int(
            np.isin(journal.event, (Event.FINISHED, Event.CAPPED)).sum()
        )

    (plain, courses), (rested, others) = relapsed(""), relapsed(", then: {rest: 1}")
    assert plain > 200
    # four standard errors of a difference of two shares, each of which varies by a quarter over its courses at most
    assert rested / others == pytest.approx(plain / courses, abs=4 * math.sqrt(2 * 0.25 / courses))


@by_either_engine
@pytest.mark.parametrize("first", ["true", "false"])
def test_everybody_is_assessed_once_where_assessments_begin_or_end(first: str) -> None:
    """Those on a list on that day keep what they have: nobody is assessed twice.

    Nor does anybody begin a course, or therapy in a place, without scores.
    """
    pathways = "  course: {group: staff, cap: 6}\n  unit: {places: 30, from_score: 15, sessions_per_week: 1, stay: {law: fixed, mean_days: 70}}\n"
    staff = "workforce: {staff: {posts: 6, assessment_share: 0.3}}\n"
    change = f"changes: [{{from: week 20, set: {{triage.assess: {'false' if first == 'true' else 'true'}}}}}]\n"
    scenario = network(
        pathways,
        staff + change,
        demand__referrals_per_week=20.0,
        therapy__relapse_12_months=0.0,
        triage__assess=first == "true",
    )
    journal = simulate(scenario, seed=1)
    assert states(journal)[1] == []
    assessed, times = np.unique(journal.person[journal.event == Event.ASSESSED], return_counts=True)
    assert set(times.tolist()) == {1}
    helped = journal.person[
        (journal.event == Event.SESSION) | ((journal.event == Event.STAYED) & (journal.value >= 0.0))
    ]
    assert np.isin(helped, assessed).all()


@by_either_engine
def test_a_network_is_found_at_work() -> None:
    """On day 0 lists and places are as stated, also of a pathway that people are only handed on to.

    Lists are of the last who came there, and nobody is lost from then on.
    """
    pathways = (
        "  first: {places: 50, stay: {law: fixed, mean_days: 100}, then: {second: 0.5}}\n"
        "  second: {places: 25, from_score: 28, stay: {law: fixed, mean_days: 100}, then: {third: 0.4}}\n"
        "  third: {places: 10, from_score: 28, stay: {law: exponential, mean_days: 100}}\n"
    )
    initial = "{state: steady, caseload_share: 1, waiting: {first: 10, second: 20, third: 5}}"
    patient = {"waiting__patience": "weibull", "waiting__patience_shape": 1.0, "waiting__patience_median_days": 200.0}
    journal = simulate(
        network(pathways, initial=initial, demand__referrals_per_week=3.5, demand__history_days=3000, **patient), seed=1
    )
    everyone, impossible = states(journal, -1)
    assert impossible == []
    assert [sum(state is wanted for state in everyone.values()) for wanted in (State.WAITING, State.IN_THERAPY)] == [
        35,
        85,
    ]
    record = lives(journal)
    days, change, which = record.list_changes()
    assert [int(change[(which == pathway) & (days < 0)].sum()) for pathway in range(3)] == [10, 20, 5]
    at = (journal.event == Event.LISTED) & (journal.day < 0)
    last = {
        person: (day, post // 4)
        for person, day, post in zip(
            journal.person[at].tolist(), journal.day[at].tolist(), journal.post[at].tolist(), strict=True
        )
    }
    second = [-day for person, (day, pathway) in last.items() if pathway == 1 and everyone[person] is State.WAITING]
    # Half a person a day leaves the first, half of these come here: twenty in eighty days.
    assert np.mean(second) == pytest.approx(40, rel=0.5)
    assert states(journal)[1] == []
    assert any(
        joined < 0 <= gone < 1000
        for joined, gone in zip(record.first(Event.LISTED).tolist(), record.first(Event.WITHDREW).tolist(), strict=True)
    )


@by_either_engine
def test_not_recovered_in_a_place_may_step_up() -> None:
    """A stay without sessions helps nobody, so all who are stepped up go on: a share of 0.4 of some 1,400, seed 1, within four standard errors."""
    pathways = (
        "  first: {places: 500, stay: {mean_days: 10}, step_up_to: second, step_up_share: 0.4}\n"
        "  second: {places: 500, from_score: 28, stay: {mean_days: 10}}\n"
    )
    journal = simulate(network(pathways, demand__referrals_per_week=10.0), seed=1)
    left = int(((journal.event == Event.STAYED) & (journal.post == 0)).sum())
    assert left > 1000
    assert abs(joined(journal, 1) / left - 0.4) < 4 * math.sqrt(0.24 / left)


@by_either_engine
def test_nobody_has_come_through_places_that_are_not_there() -> None:
    """On day 0 nobody has stayed where there are no places, and no stay ends before it begins."""
    pathways = "  shut: {places: 0, stay: {mean_days: 30}, then: {open: 0.8}}\n  open: {places: 20, from_score: 28, stay: {mean_days: 30}}\n"
    journal = simulate(
        network(
            pathways,
            initial="{state: steady, caseload_share: 1}",
            demand__referrals_per_week=10.0,
            demand__history_days=500,
        ),
        seed=1,
    )
    assert states(journal, -1)[1] == []
    assert not ((journal.event == Event.STAYED) & (journal.day < 0)).any()
    assert not ((journal.event == Event.STAYED) & (journal.post == 1)).any()


ARRIVING = "  place: {places: 10, from_score: 28, stay: {mean_days: 10}, arrivals: {law: poisson, per_week: 14}}\n"


def arrived(scenario: Scenario, until: int = 1000) -> list[tuple[int, int, float]]:
    """Day, number and severity of those who come straight to a pathway before a day."""
    journal = simulate(scenario, seed=1)
    at = (journal.event == Event.REFERRED) & (journal.day < until) & (journal.person >= 1 << 25)
    return list(zip(journal.day[at].tolist(), journal.person[at].tolist(), journal.value[at].tolist(), strict=True))


def changed(day: int, **settings: object) -> str:
    """A dated change; `__` for a dot."""
    told = ", ".join(f"{path.replace('__', '.')}: {value}" for path, value in settings.items())
    return f"changes:\n  - from: day {day}\n    set: {{{told}}}\n"


@by_either_engine
def test_a_later_rate_of_arrivals_moves_nobody_before_it() -> None:
    """Those who came before the change are the same people on the same days, and all who would have come after it still come."""
    alone, more = (
        arrived(network(ARRIVING, change, demand__peak_multiple=4.0))
        for change in ("", changed(300, pathways__place__arrivals__per_week=40))
    )
    assert [one for one in alone if one[0] < 300] == [one for one in more if one[0] < 300]
    assert set(alone) < set(more)


@by_either_engine
def test_a_pathway_that_nobody_enters_moves_nobody() -> None:
    """Named before one with arrivals of its own, it leaves all of them as they were."""
    assert arrived(network(f"  idle: {{places: 5, from_score: 28}}\n{ARRIVING}")) == arrived(network(ARRIVING))


@by_either_engine
def test_growth_goes_on_from_its_date() -> None:
    """Arrivals that begin to double yearly on day 500 are 14 a week until then and grow from there: seed 1, within four standard errors."""
    came = arrived(
        network(ARRIVING, changed(500, pathways__place__arrivals__growth_per_year=1), demand__peak_multiple=4.0)
    )
    after = sum(day >= 500 for day, _, _ in came)
    expected = sum(2.0 * 2.0 ** (day / 365.25) for day in range(500))
    assert abs(after - expected) < 4 * math.sqrt(expected)
    assert abs(len(came) - after - 1000) < 4 * math.sqrt(1000)


@by_either_engine
@pytest.mark.parametrize(
    "change", [{"demand__seek_share": 0.7}, {"demand__delay_median_days": 5}, {"waiting__remission_per_week": 0.05}]
)
def test_who_asks_may_change_but_not_whose_need_arises(change: dict[str, float]) -> None:
    """A dated change of seeking, delay or remission leaves every need where it was."""
    text = f"extends: baseline\nrun: {{weeks: 20}}\ndemand: {{referrals_per_week: 20, history_days: 100}}\n{changed(70, **change)}"
    needs = [
        journal.person[journal.event == Event.NEED]
        for journal in (simulate(written(one), seed=1) for one in (text, text[: text.index("changes:")]))
    ]
    assert set(needs[0][needs[0] > 0].tolist()) == set(needs[1][needs[1] > 0].tolist())


def test_the_law_of_arrivals_is_decided_before_the_run() -> None:
    """Told with its place."""
    with pytest.raises(
        ScenarioError,
        match=r"pathways\.place\.arrivals\.law is decided before the run begins and cannot change by date",
    ):
        network(ARRIVING, changed(300, pathways__place__arrivals__law="none"))


@by_either_engine
def test_stays_that_lie_behind_are_counted() -> None:
    """However often most go round a place before they go on, nobody is found who has gone round it more than ninety times.

    Both engines have room for them.
    """
    pathways = "  hostel: {places: 1, then: {hostel: 0.998, flat: 0.002}}\n  flat: {places: 5, from_score: 28}\n"
    journal = simulate(
        network(
            pathways,
            initial="{state: steady, waiting: {flat: 20}}",
            demand__referrals_per_week=20.0,
            demand__history_days=1000,
            run__days=20,
        ),
        seed=1,
    )
    gone_round = np.bincount(journal.person[(journal.event == Event.STAYED) & (journal.day < 0)])
    assert 60 < gone_round.max() <= 90
    assert states(journal, -1)[1] == []


@by_either_engine
def test_nobody_is_found_whose_past_is_too_long_to_tell() -> None:
    """Courses of 500 sessions and a year on the way to assessment: every day of the past is one that a journal can tell."""
    long = {
        "pathways.high_intensity.cap": 500,
        "pathways.low_intensity.cap": 500,
        "therapy.dropout_per_session": 0.0,
        "therapy.did_not_attend_log_odds": 40.0,
    }
    long |= {
        "pathways.low_intensity.good_enough_share": 0.0,
        "pathways.high_intensity.good_enough_share": 0.0,
        "initial.awaiting_assessment": 490,
        "demand.referrals_per_week": 1.0,
    }
    long |= {
        "waiting.remission_early_per_week": 0.0,
        "waiting.remission_per_week": 0.0,
        "demand.history_days": 4000,
        "run.weeks": 3,
    }
    journal = simulate(small(**{path.replace(".", "__"): value for path, value in long.items()}), seed=1)
    assert -8192 <= journal.day.min() < -5000
    assert journal.day.max() < 21


@by_either_engine
def test_stays_of_no_days_cost_what_a_day_costs() -> None:
    """A place is given once a day at most, so that is what a budget is planned with."""
    pathways = "  place: {places: 3, cost_per_stay: 100, stay: {law: discrete, values: {0: 1}}}\n"
    more = "workforce: {staff: {posts: 2}}\nfunding: {annual_budget: 100000}\n"
    assert (
        simulate(network(pathways, more, demand__referrals_per_week=5.0, run__days=10), seed=1).event == Event.STAYED
    ).any()

"""Measures against the same figures counted by hand from the rows."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import accesssim
from accesssim.clinic.service import simulate
from accesssim.study.measuring.measures import ACCOUNTS, MEASURES, misnamed
from accesssim.study.measuring.statistics import measure
from accesssim.study.measuring.waits import CENSORED, HORIZON, LEFT, STARTED, aalen_johansen, area, by
from accesssim.study.measuring.weeks import weekly
from accesssim.world.journal import codes
from accesssim.world.journal.events import Account, Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE
from tests.clinics import small, written
from tests.test_networks import network


def rows(journal: Journal, *events: Event) -> pd.DataFrame:
    """Rows of some events: day, event, person, post, value."""
    table = pd.DataFrame(
        {
            "day": journal.day,
            "event": journal.event,
            "person": journal.person,
            "post": journal.post,
            "value": journal.value,
        }
    )
    return table[table["event"].isin(events)]


@pytest.mark.parametrize("days", [14, 100, 728])
def test_who_comes_on_the_last_days_is_censored_on_the_last_day(days: int) -> None:
    """Everybody starts the day after they ask: the share that started by six weeks is one, and the mean wait a day, however short the run."""
    found = measure(
        simulate(
            network(
                "  place: {places: 5000, stay: {law: fixed, mean_days: 5}}\n",
                demand__referrals_per_week=70.0,
                run__days=days,
            ),
            seed=1,
        )
    )
    assert found["started_by_6_weeks_share"] == 1.0
    # But for rounding: a sum of hundreds of shares.
    assert found["days_waiting_within_52_weeks"] == pytest.approx(1.0, abs=1e-9)


def test_the_wait_on_a_list_is_that_of_the_list_one_starts_from() -> None:
    """Thirty days on a list that nobody starts from are no part of the wait on the next."""
    pathways = (
        "  shut: {places: 0, stay: {law: fixed, mean_days: 5}, patience: daily_table, patience_table: {30: 1}, after_withdrawal: {open: 1}}\n"
        "  open: {places: 5000, from_score: 28, stay: {law: fixed, mean_days: 5}}\n"
    )
    assert measure(simulate(network(pathways, demand__referrals_per_week=10.0), seed=1))["wait_on_list_mean"] == 1.0


UNIT = (
    "extends: baseline\n"
    "pathways:\n"
    "  unit:\n"
    "    places: 12\n"
    "    from_score: 28\n"
    "    sessions_per_week: 1\n"
    "    arrivals: {law: poisson, per_week: 20}\n"
    "    stay: {law: fixed, mean_days: 100}\n"
)


def test_scores_at_the_end_of_a_stay_are_no_assessment() -> None:
    """Of those who come straight to a place nobody is assessed: neither waits for assessment nor weeks of the diary tell of them."""
    journal = simulate(
        written(UNIT).replace({"run.weeks": 40, "demand.history_days": 300, "initial.state": "empty"}), seed=1
    )
    referred = rows(journal, Event.REFERRED).drop_duplicates("person").set_index("person")["day"]
    assessed = rows(journal, Event.ASSESSED)
    assert (assessed["person"] >= 1 << 25).sum() > 10
    theirs = assessed[assessed["person"] < 1 << 25].drop_duplicates("person")
    again = rows(journal, Event.RELAPSED)["person"]
    theirs = theirs[~theirs["person"].isin(again)]
    waits = theirs["day"].to_numpy() - referred[theirs["person"]].to_numpy()
    # But for a few who came twice.
    assert measure(journal)["wait_to_assessment_mean"] == pytest.approx(waits.mean(), abs=0.2)
    stayed = rows(journal, Event.STAYED)[["person", "day"]]
    assert (
        weekly(journal)["assessed"].sum()
        == (assessed["day"] >= 0).sum() - len(assessed.merge(stayed))
        < len(assessed) - 10
    )


def test_classes_without_an_assessment() -> None:
    """Where nobody is assessed the class is that of the list: all who gave up are in one."""
    settings = {
        "waiting__patience": "daily",
        "waiting__patience_daily": 0.01,
        "waiting__order": "priority",
        "triage__urgent_from": 14.0,
    }
    journal = simulate(
        network("  place: {places: 3, stay: {mean_days: 50}}\n", demand__referrals_per_week=5.0, **settings), seed=1
    )
    found = measure(journal)
    listed = rows(journal, Event.LISTED).drop_duplicates("person").set_index("person")["post"] % 4
    gone = listed[rows(journal, Event.WITHDREW)["person"]]
    assert len(gone) > 100
    assert found["gave_up_waiting[urgent]"] == (gone < 2).sum() > 0
    assert found["gave_up_waiting[routine]"] == (gone == 2).sum() > 0


def test_the_days_of_a_last_part_of_a_week_are_paid_for() -> None:
    """Thirteen days cost what the week costs and six sevenths of what the next does by the week: pay, premises and places.

    Overtime is told of whole weeks.
    """
    spent = {}
    for days in (7, 13, 14):
        found = rows(simulate(small(run__days=days), seed=1), Event.SPENT)
        spent[days] = found.groupby("post")["value"].sum()
    for account in (Account.HOLDERS, Account.SUPERVISION, Account.FIXED):
        # But for rounding: sums of money in another order.
        assert spent[13][account] - spent[7][account] == pytest.approx(6 / 7 * (spent[14][account] - spent[7][account]))


def test_every_stay_is_paid_for() -> None:
    """However the run ends."""
    journal = simulate(
        network(
            "  place: {places: 50, stay: {law: fixed, mean_days: 5}, cost_per_stay: 10}\n",
            demand__referrals_per_week=70.0,
            run__days=73,
        ),
        seed=1,
    )
    started = (journal.event == Event.STARTED).sum()
    assert started > 500
    assert rows(journal, Event.SPENT)["value"].sum() == 10 * started


def test_check_in_calls_take_hours() -> None:
    """Calls every week of a quarter of an hour to all who wait are paperwork of the staff; without hours they cost none."""
    free, paid = (
        rows(
            simulate(
                small(
                    waiting__check_in_weeks=1,
                    waiting__check_in_hours=hours,
                    demand__referrals_per_week=25,
                    run__weeks=20,
                ),
                seed=1,
            ),
            Event.PAPERWORK,
        )["value"].sum()
        for hours in (0.0, 0.25)
    )
    assert paid > free * 1.02


def test_load_counts_who_is_handed_on() -> None:
    """Ninety in a hundred go on from a place to the next, so that is what these are asked for."""
    from accesssim.clinic.load import offered_load

    pathways = (
        "  first: {places: 60, stay: {law: exponential, mean_days: 60}, then: {second: 0.9}}\n"
        "  second: {places: 10, from_score: 28, stay: {law: exponential, mean_days: 60}}\n"
    )
    first, second = offered_load(network(pathways, demand__referrals_per_week=4.0, demand__history_days=1000))
    assert second.wanted == pytest.approx(0.9 * first.wanted)  # but for rounding
    assert np.array([first.over, second.over]).tolist() == [False, True]


def test_load_is_that_of_the_pathway_that_people_are_sent_to() -> None:
    """Whoever steps up or goes on after a course is asked of the first pathway all the same, and what goes on by `then` of the next.

    What places have to spare they lend.
    """
    from accesssim.clinic.load import offered_load

    def wanted(scenario: Scenario) -> dict[str, float]:
        return {load.what: load.wanted for load in offered_load(scenario)}

    town = accesssim.load("baseline")
    assert (
        wanted(town)
        == wanted(town.replace({"pathways.low_intensity.step_up_share": 0.0}))
        == wanted(town.replace({"pathways.low_intensity.step_up_share": 0.9}))
    )
    text = (
        "extends: baseline\n"
        "pathways:\n"
        "  low_intensity: {then: {unit: 0.5, talk: 0.1}}\n"
        "  talk: {group: high_intensity, from_score: 28}\n"
        "  unit: {places: 100, from_score: 28, stay: {mean_days: 21}}\n"
    )
    going_on = wanted(written(text))
    # But for rounding.
    assert going_on["stays in unit"] == pytest.approx(0.5 * wanted(town)["courses of low_intensity"])
    # But for rounding.
    assert going_on["courses of high_intensity"] == pytest.approx(
        wanted(town)["courses of high_intensity"] + 0.1 * wanted(town)["courses of low_intensity"]
    )
    bought = accesssim.load("buy_places").replace({"funding.annual_budget": None})
    without, with_places = (
        {load.what: load.possible for load in offered_load(bought.replace({"pathways.elsewhere.places": places}))}
        for places in (0, 130)
    )
    # But for rounding.
    assert with_places["courses of high_intensity"] == pytest.approx(
        without["courses of high_intensity"] + 130 * 7 / 91
    )


def test_whoever_goes_on_to_another_list_has_not_given_up() -> None:
    """Of those who leave a list and are on another in the same referral nobody is lost; those of the last list are."""
    pathways = (
        "  first: {places: 0, patience: daily_table, patience_table: {3: 1}, after_withdrawal: {second: 0.75}}\n"
        "  second: {places: 4000, from_score: 28, stay: {mean_days: 9}}\n"
    )
    journal = simulate(network(pathways, initial="{state: empty}"), seed=1)
    found = measure(journal)
    left = int((journal.event == Event.WITHDREW).sum())
    moved = len(set(journal.person[(journal.event == Event.LISTED) & (journal.post // 4 == 1)].tolist()))
    assert 10 < moved < left
    assert (
        found["gave_up_waiting"]
        == left - moved
        == sum(found[f"gave_up_waiting[{group}]"] for group in ("self", "professional", "returning"))
    )


def test_nothing_is_said_of_days_that_nobody_was_followed_to() -> None:
    """A run of four weeks cannot tell who starts within eighteen; where all have started or gone, it can."""
    found = measure(simulate(small(run__weeks=4, initial__state="empty"), seed=1))
    assert math.isnan(found["started_by_18_weeks_share"])
    assert math.isnan(found["days_waiting_within_52_weeks"])
    counts = np.zeros((HORIZON + 2, 3), np.int64)
    counts[[3, 5], [STARTED, LEFT]] = 2
    started, remaining = aalen_johansen(counts)
    assert (started[-1], remaining[-1]) == (0.5, 0.0)
    counts[4, CENSORED] = 1
    started, remaining = aalen_johansen(counts)
    assert (started[-1], remaining[-1]) == (0.4, 0.0)
    counts[6, CENSORED] = 1
    started, remaining = aalen_johansen(counts)
    assert started[6] == pytest.approx(2 / 6)  # but for rounding
    assert np.isnan(started[7:]).all()
    assert np.isnan(remaining[7:]).all()


def test_places_beyond_the_budget_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten places, each a hundred pounds a week, on a budget of ten thousand a year: what is spent beyond it is said before the run."""
    from accesssim.cli.remarks import warn_of_load
    from accesssim.clinic.load import overspent

    town = network(
        "  bought: {places: 10, cost_per_stay: 100, stay: {mean_days: 7}}\n",
        funding__annual_budget=10_000.0,
        funding__fixed_cost=0.0,
    )
    assert overspent(town) == pytest.approx(10 * 100 * 365.25 / 7 - 10_000)  # but for rounding
    warn_of_load(town)
    assert "cost 42,179 GBP a year more than the budget" in capsys.readouterr().err
    assert (
        overspent(town.replace({"funding.annual_budget": None}))
        == overspent(town.replace({"funding.annual_budget": 60_000.0}))
        == 0.0
    )


STAY = "stay: {law: fixed, mean_days: 5}"
"""In places that everybody gets on the day after they ask."""


def test_what_follows_a_place_is_the_second_contact() -> None:
    """Five days in a place, and the next a day later: six days from the first contact to the second.

    Whoever then leaves has finished a course.
    """
    found = measure(
        simulate(
            network(
                f"  first: {{places: 5000, {STAY}, then: {{second: 1}}}}\n  second: {{places: 5000, from_score: 28, {STAY}}}\n",
                demand__referrals_per_week=7.0,
            ),
            seed=1,
        )
    )
    assert (found["wait_first_to_second_mean"], found["second_session_over_28_days_share"]) == (6.0, 0.0)


def test_sessions_after_a_place_are_the_second_contact() -> None:
    """Of those who come straight to a place and go on to therapy: the first session, not the second."""
    text = UNIT.replace("mean_days: 100}\n", "mean_days: 20}\n    then: {low_intensity: 1}\n")
    journal = simulate(
        written(text).replace(
            {"run.weeks": 40, "demand.referrals_per_week": 0.0, "initial.state": "empty", "therapy.return_share": 0.0}
        ),
        seed=1,
    )
    place, session = (
        rows(journal, event).drop_duplicates("person").set_index("person") for event in (Event.STARTED, Event.SESSION)
    )
    assert (place["post"] < 0).all()
    waits = (session["day"] - place["day"]).dropna()
    assert len(waits) > 100
    assert measure(journal)["wait_first_to_second_mean"] == pytest.approx(waits.mean())  # but for rounding


def test_a_stay_after_an_assessment_is_more_than_one_contact() -> None:
    """Everybody is assessed, which is a first contact, and then keeps a place: nobody ends with one contact only."""
    text = (
        "extends: baseline\n"
        "pathways:\n"
        "  low_intensity: {from_score: 28}\n"
        "  high_intensity: {from_score: 28}\n"
        f"  place: {{places: 5000, from_score: 0, {STAY}}}\n"
    )
    settings = {
        "run.weeks": 40,
        "demand.referrals_per_week": 20.0,
        "demand.complex_share": 0.0,
        "therapy.one_contact_share": 0.0,
        "initial.state": "empty",
    }
    journal = simulate(written(text).replace(settings), seed=1)
    assert (journal.event == Event.STAYED).sum() > 100
    assert measure(journal)["one_contact_only_share"] == 0.0


def test_whoever_gives_up_after_a_stay_has_finished_a_course() -> None:
    """As after ten sessions: the stay is not undone by a list that nobody starts from."""
    pathways = (
        f"  first: {{places: 5000, {STAY}, then: {{shut: 1}}}}\n"
        "  shut:\n"
        "    places: 0\n"
        "    from_score: 28\n"
        "    stay: {mean_days: 9}\n"
        "    patience: daily_table\n"
        "    patience_table: {3: 1}\n"
    )
    journal = simulate(network(pathways, demand__referrals_per_week=7.0), seed=1)
    found, left = measure(journal), int((journal.event == Event.WITHDREW).sum())
    assert left > 100
    assert found["finished_course_share"] * found["referrals"] == pytest.approx(left)  # but for rounding


def test_scores_at_the_end_are_those_of_the_last_help() -> None:
    """Somebody who goes on from a course to a place with therapy has recovered if they have at the end of that, whatever the course did."""
    text = (
        "extends: baseline\n"
        "pathways:\n"
        "  low_intensity: {then: {unit: 1}}\n"
        "  high_intensity: {then: {unit: 1}}\n"
        "  unit: {places: 500, from_score: 28, sessions_per_week: 7, stay: {law: fixed, mean_days: 60}}\n"
    )
    settings = {
        "run.weeks": 60,
        "demand.history_days": 300,
        "demand.referrals_per_week": 8.0,
        "initial.state": "empty",
        "therapy.relapse_12_months": 0.0,
    }
    journal = simulate(written(text).replace(settings), seed=1)
    scores = journal.header.cut_offs
    before, after = (
        rows(journal, event).drop_duplicates("person", keep="last").set_index("person")["value"]
        for event in (Event.ASSESSED, Event.STAYED)
    )
    both = pd.concat([before, after], axis=1, keys=["before", "after"]).dropna()

    def below(packed: "pd.Series[float]") -> "pd.Series[bool]":
        return (codes.depression(packed) < scores[0]) & (codes.anxiety(packed) < scores[1])

    cases = both[~below(both["before"])]
    assert len(cases) > 50
    assert measure(journal)["recovered_share"] == below(cases["after"]).mean()


def test_who_can_no_longer_relapse_is_not_followed() -> None:
    """Whoever recovered in a course relapses out of a place without therapy as out of the course.

    Nobody does off another list, and of those nothing is known of the year after.
    """
    unit = "places: {0}, from_score: 28, stay: {{law: fixed, mean_days: 5}}"
    more = {
        "run.weeks": 80,
        "demand.history_days": 300,
        "demand.referrals_per_week": 8.0,
        "initial.state": "empty",
        "therapy.relapse_12_months": 0.9,
        "therapy.return_share": 0,
    }
    for places in (500, 0):
        text = (
            "extends: baseline\n"
            "pathways:\n"
            "  low_intensity: {then: {unit: 1}}\n"
            "  high_intensity: {then: {unit: 1}}\n"
            f"  unit: {{{unit.format(places)}}}\n"
        )
        journal = simulate(written(text).replace(more), seed=1)
        assert (journal.event == (Event.STAYED if places else Event.WITHDREW)).sum() > 50
        assert (journal.event == Event.RELAPSED).any() == (places > 0)
        share = measure(journal)["relapsed_within_12_months_share"]
        # the chance of a relapse within the year is 0.9; 38 people are followed, so a standard error of their share is 0.05: two of them
        assert share == pytest.approx(0.9, abs=0.1) if places else math.isnan(share)


def test_scores_written_down_are_no_first_appointment() -> None:
    """Where nobody is assessed and all keep places there are no appointments, so none that is missed."""
    journal = simulate(
        network(f"  place: {{places: 5000, sessions_per_week: 7, {STAY}}}\n", demand__referrals_per_week=7.0), seed=1
    )
    assert (journal.event == Event.ASSESSED).sum() > 100
    assert math.isnan(measure(journal)["first_appointment_did_not_attend_share"])


def test_the_groups_that_a_measure_may_be_asked_of_are_those_that_it_is_told_by(tmp_path: Path) -> None:
    """Of every measure and every group, teams and accounts too: a name is refused where, and only where, no run has it."""
    (tmp_path / "town.yaml").write_text(
        "extends: baseline\nrun: {weeks: 3}\ndemand: {history_days: 30}\nteams: {north: {share: 0.4}, south: {share: 0.6}}\n",
        encoding="utf-8",
    )
    town = accesssim.load(tmp_path / "town.yaml")
    told = accesssim.single_run(town)
    groups = [
        *(name for names in GROUPS_OF_PEOPLE.values() for name in names),
        *town.parameters.workforce,
        "north",
        "south",
        *ACCOUNTS,
        "lost",
        "nurses",
        "year_1",
        "year_2",
    ]
    asked = {f"{name}[{group}]" for name in MEASURES for group in groups}
    assert {name for name in asked if not misnamed(name, town)} == {name for name in told if "[" in name}


def test_one_person_who_still_waits_hides_no_figure() -> None:
    """By hand: of 16,583 people all but one start on day 2, and one, the longest waiter, is followed to day 100; and of 100 people one."""
    for people, told in ((16_583, True), (100, False)):
        counts = np.zeros((HORIZON + 2, 3), np.int64)
        counts[2, STARTED], counts[100, CENSORED] = people - 1, 1
        started, remaining = aalen_johansen(counts)
        assert math.isnan(started[126])
        share, mean = by(126, started, remaining), area(remaining, remaining, HORIZON)
        if told:
            assert share == pytest.approx(16_582 / 16_583, abs=1e-12)
            assert mean == pytest.approx(2 + 362 / 16_583, abs=1e-9)
            assert area(1.0 - started, remaining, HORIZON) == pytest.approx(mean, abs=1e-9)
        else:
            assert math.isnan(share)
            assert math.isnan(mean)
        assert by(42, started, remaining) == started[42]

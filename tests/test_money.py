"""Money: what it buys and for whom, what is held in part, how posts go, and what is told of it. Numbers are worked by hand."""

import json
import math

import pytest

import accesssim
from accesssim.cli.command_line import cli
from accesssim.clinic.budget import Budget, budgets
from accesssim.clinic.reductions import slow_reductions
from accesssim.clinic.service import simulate
from accesssim.study.measuring.statistics import measure
from accesssim.world.journal.events import Account, Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.clinics import APART, small, written

CLINIC = """
demand: {referrals_per_week: 8, history_days: 100, peak_multiple: 4}
pathways: {talking: {group: therapist}}
workforce:
  therapist:
    posts: 6
    salary: 50000
    career_leaving_per_year: 0
    exhaustion_leaving_per_year: 0
    recruitment_weeks: 3
    notice_weeks: 4
    leave_days: 0
    assessment_share: 0.2
wellbeing: {short_absence_per_year: 0, long_absence_per_year: 0}
funding: {on_cost_share: 0, annual_budget: 180000}
initial: {state: empty}
run: {weeks: 20}
"""
"""Six therapists at 50,000 a year are wished for, who are never away and never leave; there is money for 3.6."""


def clinic(changes: str = "", **settings: object) -> Scenario:
    return written(CLINIC + changes).replace({path.replace("__", "."): value for path, value in settings.items()})


def weekly(journal: Journal, event: Event) -> list[float]:
    """What is written at the close of each week."""
    value: list[float] = journal.value[(journal.event == event) & (journal.post == 0)].round(9).tolist()
    return value


def rows(journal: Journal, event: Event) -> list[tuple[int, int, float]]:
    """Week, post and value of rows of an event."""
    at = journal.event == event
    return list(
        zip((journal.day[at] // 7).tolist(), journal.post[at].tolist(), journal.value[at].tolist(), strict=True)
    )


@pytest.mark.usefixtures("either_engine")
def test_the_last_post_is_held_in_part() -> None:
    """180,000 pay 3.6 posts: three whole ones and six tenths, with that part of the hours, the pay and the slots; each Monday tells it."""
    journal = simulate(clinic(), seed=1)
    assert weekly(journal, Event.FILLED) == weekly(journal, Event.FUNDED) == [3.6] * 20
    assert weekly(journal, Event.CONTRACTED) == [135.0] * 20
    assert rows(journal, Event.PART_TIME) == [(week, 3, 6.0) for week in range(20)]
    pay = measure(journal)["cost_total[holders]"] + measure(journal)["cost_total[supervision]"]
    assert pay == pytest.approx(180_000 * 140 / 365.25)
    whole, part = (sum(1 for _, post, _ in rows(journal, Event.SESSION) if post == number) for number in (0, 3))
    assert 0 < part < whole


@pytest.mark.usefixtures("either_engine")
def test_more_money_raises_the_same_holder_and_less_takes_no_hours() -> None:
    """3.6 posts; from week 5 on 3.9, from week 8 on 4.5, from week 12 on 2.

    The holder of six tenths has nine, then all; five tenths of a fifth post are held after three weeks, and kept.
    """
    steps = ", ".join(
        f"{{from: week {week}, set: {{funding.annual_budget: {money}}}}}"
        for week, money in ((5, 195_000), (8, 225_000), (12, 100_000))
    )
    journal = simulate(clinic(f"changes: [{steps}]"), seed=1)
    assert weekly(journal, Event.FILLED) == [3.6] * 5 + [3.9] * 3 + [4.0] * 3 + [4.5] * 9
    assert weekly(journal, Event.FUNDED) == [3.6] * 5 + [3.9] * 3 + [4.5] * 12
    assert {post for _, post, _ in rows(journal, Event.HIRED)} == {0, 1, 2, 3, 4}
    assert [week for week, post, tenths in rows(journal, Event.PART_TIME) if post == 3 and tenths == 9] == [5, 6, 7]
    money = measure(journal)
    beyond = (
        2.5 * 50_000 * 8 / 52.17857
    )  # of eight weeks; less three weeks of half a post that waits for its recruit, and what that costs
    assert money["money_overspent"] == pytest.approx(beyond - 0.5 * 50_000 * 3 / 52.17857 + 0.25 * 0.5 * 50_000)
    assert money["money_unspent"] == money["money_lost"] == 0.0


@pytest.mark.usefixtures("either_engine")
@pytest.mark.parametrize(
    ("reduction", "held"),
    [
        ("as_they_fall_vacant", [6] * 20),
        ("at_once", [6] * 14 + [2] * 6),
        ("by_date", [6] * 10 + [2] * 10),
    ],
)
def test_posts_go_as_is_asked(reduction: str, held: list[int]) -> None:
    """Six posts, two from week 10 on, four weeks' notice: never here, where nobody leaves; in week 14; or at week 10, with notice in week 6.

    Those who came last go, here of the same day the last posts; their patients are taken over by others.
    """
    scenario = clinic(
        "changes: [{from: week 10, set: {workforce.therapist.posts: 2}}]",
        funding__annual_budget=None,
        workforce__therapist__reduction=reduction,
    )
    journal = simulate(scenario, seed=1)
    assert weekly(journal, Event.FILLED) == held
    notices = [(held.index(2) - 4, post) for post in (5, 4, 3, 2)] if 2 in held else []
    assert [(week, post) for week, post, _ in rows(journal, Event.NOTICE)] == notices
    assert bool(rows(journal, Event.TRANSFERRED)) == bool(notices)


@pytest.mark.usefixtures("either_engine")
def test_the_newest_holders_go_first_and_recruits_wait() -> None:
    """Two posts are added in week 2 and held from week 5 on; three of six in all are to be gone in week 12.

    Those two and the last of the others have notice in week 8; a change that comes sooner than the notice is known on day 0.
    """
    changes = (
        "changes: [{from: week 2, set: {workforce.therapist.posts: 6}}, "
        "{from: week 12, set: {workforce.therapist.posts: 3}}]"
    )
    settings = {
        "workforce__therapist__posts": 4,
        "funding__annual_budget": None,
        "workforce__therapist__reduction": "by_date",
    }
    journal = simulate(clinic(changes, **settings), seed=1)
    assert [(week, post) for week, post, _ in rows(journal, Event.NOTICE)] == [(8, 5), (8, 4), (8, 3)]
    assert weekly(journal, Event.FILLED) == [4] * 5 + [6] * 7 + [3] * 8
    soon = "changes: [{from: week 3, set: {workforce.therapist.posts: 3}}]"
    journal = simulate(clinic(soon, **settings), seed=1)
    assert [(week, post) for week, post, _ in rows(journal, Event.NOTICE)] == [(0, 3)]
    assert weekly(journal, Event.FILLED) == [4] * 3 + [3] * 17


@pytest.mark.usefixtures("either_engine")
def test_what_is_left_is_lost_or_buys_posts_in_the_next_year() -> None:
    """52,000 pay a post and no tenth of another; of a year 2,000 are left.

    After two years 4,000 are carried: with 6,000 beyond the post a tenth of another is paid in the third; lost, they never
    pay it. The year that a run breaks off is closed too.
    """
    poor = {"funding__annual_budget": 52_000.0, "run__weeks": 240, "funding__crisis_contact_cost": 0.0}
    lost, carried = (simulate(clinic(funding__carry_underspend=carry, **poor), seed=1) for carry in (False, True))
    assert set(weekly(lost, Event.FILLED)) == {1.0}
    assert max(weekly(carried, Event.FILLED)) == 1.1
    first = next(week for week, posts in enumerate(weekly(carried, Event.FILLED)) if posts > 1.0)
    assert first == 108  # the third year begins within week 104; recruiting takes three weeks, to a Monday
    assert not ((carried.event == Event.SPENT) & (carried.post == Account.LOST)).any()
    closed = [week for week, post, _ in rows(lost, Event.SPENT) if post == Account.LOST]
    assert closed == [52, 104, 156, 208, 239]
    found = measure(lost)
    assert found["money_lost"] == pytest.approx(2_000 * 240 * 7 / 365.25, abs=1.0)
    assert found["money_unspent"] == pytest.approx(found["money_lost"])


def test_money_is_told_year_by_year() -> None:
    """Years add up to all; granted less spent is what is left less what is overspent, each year by itself; without a budget nothing is left."""
    found = measure(simulate(small(run__weeks=110, funding__annual_budget=260_000.0), seed=1))
    years = [f"[year_{year}]" for year in (1, 2, 3)]
    for name in ("money_granted", "money_spent", "money_unspent", "money_overspent"):
        assert found[name] == pytest.approx(sum(found[name + year] for year in years)), name
    for year in years:
        left = found["money_unspent" + year] - found["money_overspent" + year]
        assert found["money_granted" + year] - found["money_spent" + year] == pytest.approx(left, abs=0.01)
    assert found["money_granted[year_1]"] == pytest.approx(260_000, rel=0.02)  # 52 or 53 weeks
    assert found["money_spent"] == pytest.approx(found["cost_total"])
    assert "money_spent[year_4]" not in found
    free = measure(simulate(small(run__weeks=60), seed=1))
    assert free["money_unspent"] == free["money_overspent"] == free["money_lost"] == 0.0
    assert free["money_granted"] == pytest.approx(free["cost_total"])


def test_exhaustion_and_leavers_count_by_what_they_hold() -> None:
    """Of one holder and another of a tenth, the mean is that of eleven tenths."""
    journal = simulate(clinic(funding__annual_budget=55_000.0), seed=1)
    told = rows(journal, Event.EXHAUSTION)
    whole, part = ([value for _, post, value in told if post == number] for number in (0, 1))
    expected = math.fsum(whole) + 0.1 * math.fsum(part)
    assert measure(journal)["exhaustion_mean"] == pytest.approx(expected / (1.1 * len(whole)))
    assert whole != part


def test_what_the_budget_pays_is_told_before_a_run() -> None:
    """3.6 of 6 posts; 20,000 more pay the other four tenths, 120,000 all; with these money does not bind; nor without a budget."""
    (here,) = budgets(clinic())
    assert here == Budget(
        0,
        True,
        "GBP",
        {"therapist": 6},
        {"therapist": 3.6},
        "therapist",
        0.4,
        pytest.approx(20_000),
        pytest.approx(120_000),
    )
    assert str(here) == (
        "The budget pays 3.6 of 6 posts (3.6 of 6 therapist); 20,000 GBP a year more buys 0.4 of a post of therapist; "
        "120,000 more pays for all."
    )
    (enough,) = budgets(clinic(funding__annual_budget=300_000.0))
    assert (enough.binds, str(enough)) == (False, "Money does not bind: all 6 posts that are wished for are paid.")
    (free,) = budgets(clinic(funding__annual_budget=None))
    assert str(free) == "No budget is given: all 6 posts that are wished for are paid."
    later = budgets(clinic("changes: [{from: week 5, set: {funding.annual_budget: 200000}}]"))
    assert [(one.day, one.paid["therapist"]) for one in later] == [(0, 3.6), (35, 4.0)]


def test_the_money_that_is_told_buys_what_is_told() -> None:
    """Of teams and groups: with so much more the part is paid, with a pound less it is not; with what all takes, all is paid."""
    town = accesssim.load("pooled_sites")
    (here,) = budgets(town)
    budget = town.parameters.funding.annual_budget
    assert budget is not None
    for more, paid in ((here.more + 0.01, here.part), (here.more - 1.0, here.part - 0.1)):
        (there,) = budgets(town.replace({"funding.annual_budget": budget + more}))
        assert there.paid[here.group] - here.paid[here.group] == pytest.approx(paid)
    (all_paid,) = budgets(town.replace({"funding.annual_budget": budget + here.for_all + 0.01}))
    assert not all_paid.binds


def test_a_schedule_that_changes_little_is_warned_of() -> None:
    """Posts set to 0 in week 4, where few leave: said by `check`; not where notice is given, nor where most leave within the year."""
    cut = "changes: [{from: week 4, set: {workforce.therapist.posts: 0}}]"
    assert [words.partition(",")[0] for words in slow_reductions(clinic(cut))] == [
        "workforce.therapist.posts falls from 6 to 0 on day 28"
    ]
    assert slow_reductions(clinic(cut, workforce__therapist__reduction="at_once")) == []
    assert slow_reductions(clinic(cut, workforce__therapist__career_leaving_per_year=1.0)) == []
    assert slow_reductions(clinic("changes: [{from: week 4, set: {workforce.therapist.posts: 7}}]")) == []


def test_check_says_so(tmp_path, monkeypatch) -> None:
    """Beside the verdict, on the screen and in JSON."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cut.yaml").write_text(
        CLINIC + "changes: [{from: week 4, set: {workforce.therapist.posts: 0}}]\n", encoding="utf-8"
    )
    checked = APART.invoke(cli, ["check", "cut.yaml"])
    assert checked.stdout == "cut.yaml: valid scenario\n"
    assert (
        "Warning: workforce.therapist.posts falls from 6 to 0 on day 28, and nobody is given notice" in checked.stderr
    )
    checked = APART.invoke(cli, ["check", "cut.yaml", "--json"])
    assert len(json.loads(checked.stdout)[0]["warnings"]) == 1

"""Rules with numbers worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accesssim.clinic import waiting_list
from accesssim.clinic.diary import Diary
from accesssim.clinic.rules import (
    bureaucracy,
    burnout,
    expectations,
    funding,
    illness,
    patience,
    referrals,
    therapy,
    triage,
)
from accesssim.clinic.rules.patience import Law
from accesssim.world.calendar import NEVER
from accesssim.world.odds import logistic, logit
from accesssim.world.sections.teams import split
from accesssim.world.sections.units import UnitError, convert, span


def test_odds() -> None:
    """A share of 0.2 has odds 1 to 4."""
    assert logit(0.2) == pytest.approx(-math.log(4))
    assert logistic(-math.log(4)) == pytest.approx(0.2)
    assert (logistic(-math.inf), logistic(math.inf), logit(0.0), logit(1.0)) == (0.0, 1.0, -math.inf, math.inf)


def test_seeking_and_delay() -> None:
    """At the observed stigma and mean severity the share itself; a quarter more stigma at slope 2 takes half a log-odds off."""
    assert referrals.seek_chance(logit(0.3), 0.5, 0.5, 2.0, 12.0, 12.0, 0.1) == pytest.approx(0.3)
    assert referrals.seek_chance(logit(0.3), 0.75, 0.5, 2.0, 12.0, 12.0, 0.1) == pytest.approx(
        logistic(logit(0.3) - 0.5)
    )
    assert referrals.delay_days(0.0, 60.0, 0.5, 0.5, 1.5, 1.0) == 60
    assert referrals.delay_days(1.0, 60.0, 0.5, 0.5, 1.5, 1.0) == int(60 * math.e)


def test_demand_over_time() -> None:
    """A tenth more a year is 1.1 after a year of linear growth, 1.21 after two of exponential; growth that ends leaves what has been reached."""
    linear, exponential = (referrals.Growth(0, 0.1, kind) for kind in (False, True))
    assert referrals.growth_ratio(0, [linear]) == referrals.growth_ratio(-100, [linear]) == 1.0
    assert referrals.growth_ratio(1461, [linear]) == pytest.approx(1.4)  # 1,461 days are four years; but for rounding
    assert referrals.growth_ratio(1461, [exponential]) == pytest.approx(1.1**4)  # the same
    # 731 days are half a day more than two years.
    assert referrals.growth_ratio(1461, [exponential, referrals.Growth(731, 0.0, True)]) == pytest.approx(
        1.1**2, rel=1e-3
    )
    assert referrals.growth_ratio(730, [exponential, referrals.Growth(731, 5.0, True)]) == referrals.growth_ratio(
        730, [exponential]
    )
    assert referrals.growths([linear, linear._replace(since=9), exponential._replace(since=10)]) == [
        linear,
        exponential._replace(since=10),
    ]
    assert referrals.season_ratio(0.1, 45, 45) == pytest.approx(1.1)


def test_red_tape() -> None:
    """A lognormal of mean 4 and sd 4 has median 4 / sqrt 2; the level scales it; relief takes no more than exists."""
    assert bureaucracy.step_days(0.0, 4.0, 0.0, 1.5) == 6
    # Two ways to a logarithm, which may differ in the last bit.
    assert bureaucracy.step_variance(40.0, 40.0) == pytest.approx(math.log(2.0))
    assert bureaucracy.step_days(0.0, 40.0, bureaucracy.step_variance(40.0, 40.0), 1.0) == round(40 / math.sqrt(2))
    # A mean of next to nothing with a spread is nearly always no time at all.
    assert bureaucracy.step_days(3.0, 1e-308, bureaucracy.step_variance(1e-308, 5.0), 1.0) == 0
    assert bureaucracy.giving_up_days(1.0, 0.07, 0.0, False) == 100
    assert bureaucracy.giving_up_days(1.0, 0.07, 1.0, True) == 50
    assert bureaucracy.giving_up_days(1.0, 0.0, 1.0, True) == NEVER
    assert bureaucracy.relief_share(2, 20, 100, 0.9) == 0.4
    assert bureaucracy.relief_share(9, 20, 100, 0.9) == 0.9
    assert bureaucracy.slot_hours(1.0, 0.4, 1.5, 0.5) == pytest.approx(1.3)


def test_scores_and_pathway() -> None:
    """Scores are whole and on their scale; the highest threshold reached decides, complexity before it."""
    assert triage.recorded_score(12.0, 1.0, 0.0, 1.2, -0.8, 27) == 12
    assert triage.recorded_score(40.0, 1.0, 0.0, 0.0, 0.0, 27) == 27
    assert triage.recorded_score(-3.0, 1.0, 0.0, 0.0, 0.0, 27) == 0
    assert triage.choose_pathway(14, False, [0, 10, 12], [False, True, False]) == 2
    assert triage.choose_pathway(14, True, [0, 10, 12], [False, True, False]) == 1
    assert triage.choose_pathway(3, False, [5, 10], [False, False]) == 0
    assert triage.choose_pathway(3, False, [], []) == -1


def test_the_diary_books_ahead_and_keeps_a_reserve() -> None:
    """Two places a day, half kept for urgent referrals: the third routine referral goes to the third working day."""
    diary = Diary(28)
    for week in range(6):
        diary.set_rate(week, 2.0, 0.5)
    assert [booked(diary, 0, urgent=False) for _ in range(3)] == [1, 2, 3]
    assert booked(diary, 0, urgent=True) == 1
    assert booked(diary, 0, urgent=True) == 2
    diary.release(2, urgent=True)
    assert booked(diary, 0, urgent=True) == 2
    full = Diary(7)
    full.set_rate(0, 0.0, 0.0)
    assert booked(full, 0, urgent=True) is None


def booked(diary: Diary, today: int, *, urgent: bool) -> int | None:
    """Book the first free place with a day's notice."""
    day = diary.first_free(today, 1, urgent)
    if day is not None:
        diary.take(day, urgent)
    return day


def test_what_is_kept_is_wasted_or_released() -> None:
    """Two places a day, one kept: never released it stays empty; released a day before, a routine referral takes it then and not sooner."""
    wasted, released = Diary(28), Diary(28)
    for week in range(6):
        wasted.set_rate(week, 2.0, 0.5)
        released.set_rate(week, 2.0, 0.5, released_days=1)
    assert [booked(wasted, 0, urgent=False) for _ in range(3)] == [1, 2, 3]
    assert [booked(released, 0, urgent=False) for _ in range(4)] == [1, 1, 2, 3]
    for diary in (wasted, released):
        diary.close(0)
    assert booked(wasted, 1, urgent=False) == 4
    assert booked(released, 1, urgent=False) == 2
    assert booked(released, 1, urgent=True) == 3


def test_patience() -> None:
    """Half have left by the median; a daily chance of a tenth lasts 10 days on a threshold just above nine times -log 0.9."""
    half = math.log(2.0)
    law, days = patience.Patience, patience.patience_days
    assert days(law(Law.WEIBULL, 182.0, 1.3, 0.0), half) == 182
    assert days(law(Law.LOG_LOGISTIC, 182.0, 1.3, 0.0), half) == 182
    assert days(law(Law.DAILY, 0.0, 1.0, 0.1), -9.01 * math.log(0.9)) == 10
    assert days(law(Law.DAILY, 0.0, 1.0, 1.0), 3.0) == 1
    assert days(law(Law.NONE, 1.0, 1.0, 0.1), 0.1) == NEVER
    table = law(Law.DAILY_TABLE, 1.0, 1.0, 0.0, ((3, 0.5), (5, 0.0), (8, 1.0)))
    assert [days(table, -number * math.log(0.5)) for number in (0.9, 1.9, 2.1, 50)] == [3, 4, 8, 8]
    assert days(law(Law.DAILY_TABLE, 1.0, 1.0, 0.0, ((3, 0.5), (4, 0.0))), 1.0) == NEVER
    assert days(law(Law.DAILY_WEIBULL, 30.0, 2.0, 0.0), math.log(2) * (1 + 4) / 900) == 2
    assert days(law(Law.DAILY_LOG_LOGISTIC, 30.0, 2.0, 0.0), math.log1p(1 / 900) + math.log1p(4 / 900)) == 2
    assert days(law(Law.DAILY_TABLE, 1.0, 1.0, 0.0, ((0, 1e-9),)), 1.0) == NEVER  # a milliard of days would be walked
    assert days(law(Law.DAILY_TABLE, 1.0, 1.0, 0.0, ((10**12, 0.0),)), 1.0) == NEVER  # and a thousand milliards
    called = patience.patience_with_calls(law(Law.WEIBULL, 182.0, 1.0, 0.0), half, 4, 0.5)
    assert called == pytest.approx(28 + 2 * (182 - 28), abs=1)  # from the first call on, half the hazard


def test_extreme_clocks_do_not_overflow() -> None:
    """Hazards next to nothing never fire; shapes next to nothing fire at once or never."""
    assert therapy.relapse_days(1.0, 0.5, 0.47, 6.6e-297) == NEVER
    assert therapy.relapse_days(1.0, 0.5, 0.47, 5e-324) == NEVER
    assert therapy.relapse_days(1.0, 1.0, 0.47, 0.0) == NEVER
    assert therapy.relapse_days(9.0, 0.5, 0.001, 1.0) == NEVER
    assert therapy.relapse_days(0.1, 0.5, 0.001, 1.0) == 1
    assert patience.patience_days(patience.Patience(Law.WEIBULL, 182.0, 0.001, 0.0), 9.0) == NEVER


def test_the_list_keeps_its_order() -> None:
    """Lower ranks first, then first come, first served; whoever leaves is gone; length counts those who are there."""
    waiting: waiting_list.WaitingList[str] = waiting_list.WaitingList()
    waiting.join("routine", 2, 0)
    second = waiting.join("second", 2, 1)
    urgent = waiting.join("urgent", 1, 5)
    assert waiting.length == 3
    assert waiting.first() == (1, urgent)
    waiting.leave(urgent)
    first = waiting.first()
    assert first is not None
    assert first[1].person == "routine"
    waiting.leave(first[1])
    assert waiting.first() == (2, second)
    waiting.leave(second)
    assert waiting.first() is None


def test_priority_accumulates_with_the_wait() -> None:
    """Three points a day overtake one a day once they have been gained: on day 12, day 9's urgent referral has 9 and day 2's routine one 10."""
    waiting: waiting_list.WaitingList[str] = waiting_list.WaitingList()
    waiting.rates = (10.0, 3.0, 1.0)
    waiting.join("routine", 2, 2)
    waiting.join("urgent", 1, 9)
    for day, expected in ((12, "routine"), (13, "urgent")):
        head = waiting.first(day)
        assert head is not None
        assert head[1].person == expected


def test_another_order_sorts_those_who_wait() -> None:
    """From fifo to class and back: who was there is ranked as those who come, and whoever joins with an earlier day stands before later ones."""
    waiting: waiting_list.WaitingList[str] = waiting_list.WaitingList()
    waiting.leave(waiting.join("gone", 0, 0))
    for day, name in ((1, "routine"), (2, "urgent"), (3, "later urgent")):
        waiting.join(name, 0, day)
    waiting.sort_anew(lambda name: 1 if "urgent" in name else 2)
    waiting.join("in between", 1, 2)
    assert order_of(waiting) == ["urgent", "in between", "later urgent", "routine"]
    for day, name in ((1, "routine"), (2, "urgent"), (3, "later urgent"), (0, "first of all")):
        waiting.join(name, 1, day)
    waiting.sort_anew(lambda name: 0)
    assert order_of(waiting) == ["first of all", "routine", "urgent", "later urgent"]


def order_of(waiting: waiting_list.WaitingList[str]) -> list[str | None]:
    """Take everybody off a list."""
    found = []
    while waiting.length:
        head = waiting.first()
        assert head is not None
        found.append(head[1].person)
        waiting.leave(head[1])
    return found


def test_the_natural_course() -> None:
    """Worsening slows; a remission lets severity fall by half each half-life; hazards fire where their sum says."""
    assert illness.worsening(0.1, 26.0, 0.0) == 0.0
    assert illness.worsening(0.1, 26.0, 182.0) == pytest.approx(2.6 * (1 - math.exp(-1)))
    assert illness.untreated_severity(12.0, 0.0, 14, 4.0, 14.0) == pytest.approx(8.0)
    assert illness.untreated_severity(12.0, 0.0, -1, 4.0, 14.0) == 12.0
    assert illness.remission_days(0.2, 0.02, 0.01, 13.0) == 70
    assert illness.remission_days(0.36, 0.02, 0.01, 13.0) == 161  # 13 weeks take 0.26, ten more 0.10
    assert illness.remission_days(0.36, 0.02, 0.0, 13.0) == NEVER
    assert illness.remission_survival(91.0, 0.02, 0.01, 13.0) == pytest.approx(math.exp(-0.26))
    flat = dict.fromkeys(("drift", "slope"), 0.0)
    per_day = 0.3 * 12 / 365.25
    assert (
        illness.crisis_days(10 * per_day, 100, 0, 15.0, flat["drift"], 26.0, 0.3, flat["slope"], 1.0, False, True) == 10
    )
    assert illness.crisis_days(200 * per_day, 100, 0, 15.0, 0.0, 26.0, 0.3, 0.0, 1.0, False, True) == NEVER


@given(st.floats(0.001, 20), st.floats(0, 20), st.integers(1, 800), st.floats(0, 27), st.floats(-0.5, 0.5))
def test_a_lower_crisis_hazard_is_never_earlier(
    threshold: float, more: float, patience: int, start: float, drift: float
) -> None:
    """Pairing stays monotone: with a higher rate the same person's crisis is no later."""
    low, high = (
        illness.crisis_days(threshold, patience, 30, start, drift, 26.0, rate, 0.1, 1.5, True, True)
        for rate in (0.5, 0.5 + more)
    )
    assert high <= low


def test_trust_and_attendance() -> None:
    """Hand-worked: a tenth of the way to the ceiling; logistic at an alliance of 0.5; reminders multiply the odds."""
    assert therapy.grown_alliance(0.5, 0.9, 0.1, 0.0, 0.0) == pytest.approx(0.54)
    assert therapy.grown_alliance(0.5, 0.9, 0.1, 0.5, 0.5) == pytest.approx(0.51)
    assert therapy.ruptured_alliance(0.02, 0.05) == 0.0
    assert therapy.starting_alliance(-9.0, 0.5, 0.1, 0.0) == 0.02
    assert therapy.alliance_ceiling(1.0, 1.0, 0.6, 0.8, 0.1, 0.1) == pytest.approx(0.7 + 0.1 * 1.4)
    assert therapy.did_not_attend_chance(-2.0, 1.0, 0.5) == pytest.approx(logistic(-2.0))
    assert therapy.did_not_attend_log_odds(-2.0, 6.0, 0.05, 0.3, True, 1.0) == pytest.approx(-2.0 + 0.2 + 0.3)
    assert therapy.did_not_attend_log_odds(-2.0, 0.0, 0.0, 0.0, False, 0.5) == pytest.approx(-2.0 + math.log(0.5))


def test_response_and_end() -> None:
    """Improvement never passes the floor; the cap falls under targets; half of those who relapse within a year by the Weibull's median."""
    assert therapy.improvement(20.0, 8.0, 0.1, 1.0, 0.5, 1.0) == pytest.approx(0.6)
    assert therapy.improvement(20.0, 8.0, 50.0, 1.0, 0.5, 1.0) == 12.0
    assert therapy.improvement(7.0, 8.0, 0.1, 1.0, 0.5, 1.0) == 0.0
    assert expectations.session_cap(20, 0.3, 1.0) == 14
    assert expectations.session_cap(2, 0.9, 1.0) == 1
    assert therapy.dropout_hazard(logit(0.03), 0.0, 0.6, 0.0, 4, 0.0) == pytest.approx(-math.log(0.97))
    assert therapy.relapse_days(-math.log(0.5), 0.5, 1.0, 1.0) == 366
    assert therapy.relapse_days(1.0, 0.0, 0.5, 1.0) == NEVER


def test_exhaustion() -> None:
    """A constant week leads to its resting point and stays there; rest only falls; pressures add up to no more than one."""
    rest = burnout.resting_point(-0.5, 0.3)
    assert rest == pytest.approx(logistic(-0.8))
    assert burnout.worked_week(rest, -0.5, 0.3, 0.045) == pytest.approx(rest)
    exhaustion = 0.9
    for _ in range(2000):
        exhaustion = burnout.worked_week(exhaustion, -0.5, 0.3, 0.045)
    assert exhaustion == pytest.approx(rest)
    assert burnout.rested_week(0.5, 0.0, 0.045) == pytest.approx(0.5 * math.exp(-0.045))
    assert expectations.pressure(1.0, 0.3, 0.2, 0.5) == 1.0
    assert expectations.pressure(0.5, 0.5, 0.0, 0.5) == 0.75
    assert expectations.list_pressure(10.0, 10.0) == 0.5
    assert burnout.weekly_hazard(1.0, 2.0, 0.5, 0.5) == pytest.approx(1 / 52.17857, rel=1e-6)


def test_money_buys_posts_one_by_one() -> None:
    """Ten and six wished at 50 and 60: the k-th of w comes at (k - 1/2)/w, so 1 of ten (.05), 1 of six (.083), 2 of ten (.15) …

    600 pays for seven and four (590), and a tenth of the next, the eighth of ten at .75; of 59 the last tenths are not paid.
    """

    def bought(money: float) -> list[int]:
        return funding.affordable_tenths([10, 6], [50.0, 60.0], 2, money)

    assert bought(600.0) == [72, 40]
    assert bought(110.0) == [10, 10]
    assert bought(109.0) == [10, 9]
    assert bought(49.0) == [9, 0]
    assert bought(860.0) == [100, 60]
    assert bought(859.0) == [99, 60]
    assert bought(0.0) == bought(-5.0) == [0, 0]
    assert bought(math.inf) == [100, 60]
    assert funding.affordable_tenths([], [], 0, 100.0) == []
    assert funding.unit_cost(40_000, 0.5, 0.25, 0.2, 0.1, 3.0, 100) == pytest.approx(25_000 + 400 + 300)


def test_posts_of_a_group_go_to_teams_by_the_same_method() -> None:
    """Two teams (four and two of the first group, one each of the second): of four of six the larger has three; the first of equals is first."""
    # first group at 1/12, 3/12, 5/12, 7/12 …, second at 1/4 and 3/4: the tie at 3/12 goes to the first by name
    assert funding.affordable_tenths([4, 1, 2, 1], [1.0] * 4, 2, 3.0) == [10, 10, 10, 0]
    assert funding.affordable_tenths([4, 1, 2, 1], [1.0] * 4, 2, 5.0) == [30, 10, 10, 0]


MIXES = st.lists(st.tuples(st.integers(0, 30), st.floats(1, 1e5)), min_size=2, max_size=8)


@given(MIXES, st.sampled_from([1, 2]), st.floats(0, 1e6))
def test_posts_never_cost_more_than_there_is(staff: list[tuple[int, float]], groups: int, money: float) -> None:
    """Whatever is wished, what is affordable is affordable, and never more than wished; not a tenth of the next post is left over."""
    staff = staff[: len(staff) // groups * groups]
    wished, costs = [one[0] for one in staff], [one[1] for one in staff]
    tenths = funding.affordable_tenths(wished, costs, groups, money)
    assert all(0 <= number <= 10 * wish for number, wish in zip(tenths, wished, strict=True))
    spent = sum(number * cost / 10 for number, cost in zip(tenths, costs, strict=True))
    assert spent <= money * (1 + 1e-9) + 1e-4
    assert sum(number % 10 > 0 for number in tenths) <= 1
    if tenths != [10 * wish for wish in wished]:
        assert money - spent < max(costs) / 10 * (1 + 1e-9)


@given(MIXES, st.sampled_from([1, 2]), st.integers(20, 400))
def test_more_money_takes_no_hours_from_anybody(staff: list[tuple[int, float]], groups: int, steps: int) -> None:
    """Of random mixes, at every step: no staff's tenths fall as money rises, and at the end all that is wished for is paid."""
    staff = staff[: len(staff) // groups * groups]
    wished, costs = [one[0] for one in staff], [one[1] for one in staff]
    whole, before = sum(wish * cost for wish, cost in staff), [0] * len(staff)
    for step in range(steps + 1):
        now = funding.affordable_tenths(wished, costs, groups, whole * step / steps)
        assert all(one <= other for one, other in zip(before, now, strict=True)), (step, before, now)
        before = now
    assert funding.affordable_tenths(wished, costs, groups, whole * (1 + 1e-12)) == [10 * wish for wish in wished]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=7), st.integers(0, 60))
def test_more_posts_take_none_from_a_team(parts: list[int], total: int) -> None:
    """A group's posts among teams by their shares: all are given, near each share, and one more goes to one team."""
    shares = [part / sum(parts) for part in parts]
    here, more = (split(number, shares, [None] * len(shares)) for number in (total, total + 1))
    assert sum(here) == total
    assert sorted(b - a for a, b in zip(here, more, strict=True)) == [0] * (len(parts) - 1) + [1]
    assert all(abs(one - total * share) < len(parts) for one, share in zip(here, shares, strict=True))


def test_a_share_that_is_stated_counts_and_equals_go_by_name() -> None:
    """Three equal teams and seven posts: the first has the odd one; a team that states a number has that, and the others their shares."""
    assert split(7, [1 / 3] * 3, [None] * 3) == [3, 2, 2]
    assert split(7, [0.1, 0.3, 0.6], [None, 5, None]) == [1, 5, 4]
    assert split(60_000_000, [0.3, 0.3, 0.4], [None] * 3) == [18_000_000, 18_000_000, 24_000_000]


def test_units() -> None:
    """Conversions of spans, rates and shares; what does not measure the same is refused."""
    assert convert(30, "%", "share") == pytest.approx(0.3)
    assert convert(90, "minutes", "hours") == 1.5
    assert span("6 months", "weeks") == pytest.approx(26.09, abs=0.01)
    assert span("soon", "weeks") is None
    with pytest.raises(UnitError, match="'hours' cannot be converted to 'days'"):
        convert(3, "hours", "days")

"""Stays, gaps and arrivals follow the laws that a scenario states; those found going on as renewal theory says."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

import accesssim
from accesssim.clinic.arrivals import TooMuchDemand
from accesssim.clinic.compiled import engine as compiled
from accesssim.clinic.rules import laws_of_days
from accesssim.clinic.rules.places import goes_on_to, whole_days
from accesssim.clinic.service import simulate
from accesssim.clinic.stays import HardlyAny, Stays
from accesssim.study.measuring.lives import lives
from accesssim.study.measuring.statistics import measure
from accesssim.study.verifying.states import states
from accesssim.world.chance import Chance, Purpose
from accesssim.world.errors import ScenarioError
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.limits import FIRST_FOUND
from accesssim.world.scenario import Scenario
from accesssim.world.sections.laws_of_days import Part, Span
from tests.clinics import QUEUE, written

KEYS = Chance(5, 0).keys(range(4000))
LAWS = {
    "fixed": (Span(law="fixed", mean_days=40.0), None),
    "exponential": (Span(law="exponential", mean_days=40.0), stats.expon(scale=40)),
    "lognormal": (
        Span(law="lognormal", mean_days=40.0, sd_days=30.0),
        stats.lognorm(math.sqrt(math.log1p(0.5625)), scale=40 / math.sqrt(1.5625)),
    ),
    "gamma": (Span(law="gamma", mean_days=40.0, sd_days=50.0), stats.gamma(0.64, scale=62.5)),
    "generalised_pareto": (
        Span(law="generalised_pareto", scale_days=30.0, shape=0.25),
        stats.genpareto(0.25, scale=30),
    ),
    "generalised_pareto that ends": (
        Span(law="generalised_pareto", scale_days=30.0, shape=-0.3),
        stats.genpareto(-0.3, scale=30),
    ),
    "shifted": (Span(law="exponential", mean_days=30.0, shift_days=10.0), stats.expon(loc=10, scale=30)),
}


def drawn(span: Span) -> list[float]:
    """Days of 4,000 entities."""
    stays = Stays(span)
    return [stays.days(key, 0) for key in KEYS]


@pytest.mark.parametrize("name", LAWS)
def test_days_follow_their_law(name: str) -> None:
    """4,000 draws, seed 5: Kolmogorov and Smirnov do not refuse the law at 1 in 1,000, and the mean is the stated one within four standard errors."""
    span, law = LAWS[name]
    days = drawn(span)
    if law is None:
        assert set(days) == {40.0}
        return
    assert stats.kstest(days, law.cdf).pvalue > 0.001
    assert abs(np.mean(days) - Stays(span).mean_days) < 4 * stats.sem(days)
    assert Stays(span).mean_days == pytest.approx(law.mean())


@pytest.mark.parametrize("name", [name for name in LAWS if name != "fixed"])
def test_what_is_found_going_on_follows_renewal_theory(name: str) -> None:
    """What is left of a stay found at any moment has the density S(x) / mean (Cox 1962); 4,000 draws, seed 5, at 1 in 1,000."""
    span, law = LAWS[name]
    stays = Stays(span)
    rests = [stays.rest(key, 0) for key in KEYS]
    grid = np.linspace(0, law.ppf(1 - 1e-7), 20_001)
    cdf = integrate.cumulative_simpson(law.sf(grid), x=grid, initial=0) / law.mean()
    assert stats.kstest(rests, lambda x: np.interp(x, grid, cdf)).pvalue > 0.001


def test_bounds_are_kept_by_drawing_again() -> None:
    """A law within bounds is the law given that it falls there; a mixture has its parts in their shares."""
    within = drawn(Span(law="exponential", mean_days=40.0, least_days=10.0, most_days=60.0))
    law = stats.truncexpon(50 / 40, loc=10, scale=40)
    assert stats.kstest(within, law.cdf).pvalue > 0.001
    assert Stays(Span(law="exponential", mean_days=40.0, least_days=10.0, most_days=60.0)).mean_days == pytest.approx(
        law.mean(), rel=0.001
    )
    parts = {
        "short": Part(share=0.7, law="fixed", mean_days=10.0),
        "long": Part(share=0.3, law="fixed", mean_days=100.0),
    }
    mixture = Span(law="mixture", parts=parts)
    days = drawn(mixture)
    assert abs(days.count(10.0) / len(days) - 0.7) < 4 * math.sqrt(0.21 / len(days))
    assert Stays(mixture).mean_days == pytest.approx(37.0)
    rest = [Stays(mixture).rest(key, 0) for key in KEYS]
    # Mean square over twice the mean.
    assert abs(np.mean(rest) - (0.7 * 100 + 0.3 * 10_000) / 2 / 37) < 4 * stats.sem(rest)
    cut = Span(
        law="mixture",
        parts={
            "short": Part(share=0.5, law="exponential", mean_days=10.0, most_days=1.0),
            "long": Part(share=0.5, law="fixed", mean_days=100.0),
        },
    )
    days = drawn(cut)  # what a part's own bounds leave of it is still half of all
    assert abs(days.count(100.0) / len(days) - 0.5) < 4 * math.sqrt(0.25 / len(days))
    assert abs(np.mean(days) - Stays(cut).mean_days) < 4 * stats.sem(days)
    # What the whole's bounds cut away is drawn again, part and all.
    whole = drawn(cut.model_copy(update={"most_days": 50.0}))
    assert max(whole) <= 1.0
    few = drawn(Span(law="discrete", values={"14": 1.0, "28": 3.0}))
    assert set(few) == {14.0, 28.0}
    assert abs(few.count(28.0) / len(few) - 0.75) < 4 * math.sqrt(0.1875 / len(few))
    with pytest.raises(
        HardlyAny,
        match=r"^pathways.unit.stay is exponential, and hardly any of that falls within its bounds; widen least_days and most_days$",
    ):
        Stays(
            Span(law="exponential", mean_days=1.0).model_copy(update={"least_days": 1000.0}), "pathways.unit.stay"
        ).days(KEYS[0], 0)


def test_what_is_not_refused_can_be_drawn() -> None:
    """Six in a thousand are left by the bounds, of a law and of a mixture whose part has bounds of its own: nobody's draws come to an end.

    Fewer are refused.
    """
    least = -100.0 * math.log(0.006)
    seldom = Stays(Span(law="exponential", mean_days=100.0, least_days=least))
    assert all(seldom.days(key, 0) >= least for key in KEYS[:300])
    part = {"one": Part(share=1.0, law="exponential", mean_days=100.0, least_days=least)}
    with pytest.raises(ValueError, match="next to nothing of it lies"):
        Span(law="mixture", parts=part, least_days=2.0 * least)
    with pytest.raises(ValueError, match="next to nothing of that lies"):
        Span(law="exponential", mean_days=100.0, least_days=-100.0 * math.log(0.004))


@pytest.mark.parametrize("law", LAWS)
def test_what_lies_within_bounds(law: str) -> None:
    """Against scipy, whatever the bounds; a mixture is refused only where hardly any of its parts is left."""
    span, theirs = LAWS[law]
    for least, most in ((0.0, math.inf), (0.0, 5.0), (10.0, 60.0), (39.99, 40.01), (55.0, math.inf), (-1.0, 2.0)):
        share = float(least <= 40.0 <= most) if theirs is None else theirs.cdf(most) - theirs.cdf(least)
        assert span.within(least, most) == pytest.approx(share, abs=1e-9)
    narrow = Span(law="gamma", mean_days=20.0, sd_days=0.002)
    assert narrow.within(19.999, 20.003) == pytest.approx(
        stats.norm(20.0, 0.002).cdf(20.003) - stats.norm(20.0, 0.002).cdf(19.999), abs=1e-4
    )
    half = {"short": Part(share=0.5, law="fixed", mean_days=5.0), "long": Part(share=0.5, law="fixed", mean_days=50.0)}
    assert Span(law="mixture", parts=half, shift_days=2.0, most_days=7.0).lasts
    with pytest.raises(ValueError, match="next to nothing of it lies"):
        Span(law="mixture", parts=half, shift_days=2.0, most_days=6.0)


def test_gamma_quantiles() -> None:
    """Against scipy, from nearly nothing to nearly everything."""
    for shape in (0.3, 1.0, 2.5, 30.0, 400.0):
        for u in (1e-6, 0.01, 0.5, 0.9, 0.999999):
            assert laws_of_days.gamma_quantile(u, shape) == pytest.approx(stats.gamma.ppf(u, shape), rel=1e-9)


def test_gamma_laws_that_hardly_spread() -> None:
    """Next to normal, and told so in no time: against scipy within a millionth; a spread of next to nothing is none."""
    for shape in (1.1e4, 1e5, 1e6):
        for u in (1e-6, 0.01, 0.5, 0.9, 0.999999):
            assert laws_of_days.narrow_gamma(60.0, shape, float(stats.norm.ppf(u))) == pytest.approx(
                60.0 / shape * stats.gamma.ppf(u, shape), rel=1e-6
            )
    for sd in (5e-324, 2.2e-308, 1e-9):
        stays = Stays(Span(law="gamma", mean_days=40.0, sd_days=sd))
        assert stays.days(KEYS[0], 0) == pytest.approx(40.0)
        assert 0.0 <= stays.rest(KEYS[0], 0) <= 40.0 + 1e-6


def test_rules_of_places() -> None:
    """Rounding at random keeps the mean; shares send people on in their order."""
    u = (np.arange(2000) + 0.5) / 2000
    assert np.mean([whole_days(2.3, one) for one in u.tolist()]) == pytest.approx(2.3, abs=0.001)
    assert whole_days(0.0, 0.5) == 1
    assert [goes_on_to(one, [0.5, 0.25]) for one in (0.1, 0.6, 0.8)] == [0, 1, -1]


# -- arrivals of a pathway's own


def place(arrivals: str, more: str = "", changes: str = "") -> Scenario:
    """A thousand places, whose people come straight to them."""
    text = QUEUE.replace("referrals_per_week: 0.14", "referrals_per_week: 0").replace(
        "peak_multiple: 1}", "peak_multiple: 2.5}"
    )
    pathways = f"pathways:\n  place: {{places: 1000, stay: {{mean_days: 50}}, arrivals: {{{arrivals}}}{more}}}\n"
    start, end = text.index("pathways:"), text.index("initial:")
    return written(text[:start] + pathways + text[end:] + changes)


def came(scenario: Scenario, first: int, last: int, replications: int = 8) -> list[int]:
    """Referrals of each replication between two days."""
    return [
        int(((journal.event == Event.REFERRED) & (journal.day >= first) & (journal.day < last)).sum())
        for journal in (
            simulate(scenario.replace({"run.days": last}), seed=9, replication=number) for number in range(replications)
        )
    ]


@pytest.mark.usefixtures("both_engines")
def test_arrivals_at_random_follow_their_dated_rate() -> None:
    """Poisson counts of eight replications, seed 9: within four standard errors before and after a change by date, and under growth."""
    scenario = place(
        "law: poisson, per_week: 70",
        changes="changes:\n  - from: day 300\n    set: {pathways.place.arrivals.per_week: 140}\n",
    )
    assert abs(np.sum(came(scenario, 0, 300)) - 8 * 3000) < 4 * math.sqrt(8 * 3000)
    assert abs(np.sum(came(scenario, 300, 600)) - 8 * 6000) < 4 * math.sqrt(8 * 6000)
    grown = place("law: poisson, per_week: 70, growth_per_year: 0.5")
    known = 8 * 10 * (1.5**2 - 1) / math.log(1.5) * 365.25
    # The rate is that of each day's beginning.
    assert abs(np.sum(came(grown, 0, 730)) - known) < 4 * math.sqrt(known) + 0.01 * known


@pytest.mark.usefixtures("both_engines")
def test_gaps_are_added_up_in_real_time() -> None:
    """Gaps of 1.4 days, always: 500 arrivals in 700 days, never off by more than one; and gaps that vary keep their mean."""
    assert all(
        abs(number - 500) <= 1 for number in came(place("law: renewal, gap: {law: fixed, mean_days: 1.4}"), 0, 700)
    )
    varied = came(place("law: renewal, gap: {law: gamma, mean_days: 2, sd_days: 1}"), 0, 2000)
    assert abs(np.mean(varied) - 1000) < 4 * math.sqrt(1000 * 0.25 / 8) + 1


def test_changing_the_rate_moves_nobody() -> None:
    """Whoever comes under the lower rate comes under the higher one as well, on the same day and the same person."""
    few, many = (
        simulate(place(f"law: poisson, per_week: {rate}").replace({"run.days": 200}), seed=9) for rate in (60, 70)
    )
    who = [
        {
            (day, person)
            for day, person in zip(
                one.day[one.event == Event.REFERRED].tolist(),
                one.person[one.event == Event.REFERRED].tolist(),
                strict=True,
            )
        }
        for one in (few, many)
    ]
    assert len(who[0]) > 1000
    assert who[0] < who[1]


def test_whoever_comes_straight_is_not_lost() -> None:
    """Beside a service that assesses: nobody is lost, and no contact is counted twice."""
    text = "extends: baseline\npathways:\n  high_intensity: {arrivals: {law: poisson, per_week: 5}}\n"
    journal = simulate(written(text).replace({"run.weeks": 30}), seed=1)
    everyone, impossible = states(journal)
    assert impossible == []
    assert len(everyone) == (journal.event == Event.NEED).sum()
    straight = (journal.person >= 1 << 25) & (journal.person < FIRST_FOUND)
    assert (journal.event[straight] == Event.REFERRED).sum() > 100
    # By the door that everybody takes.
    returned = np.isin(journal.person, journal.person[journal.event == Event.RELAPSED])
    assert not np.isin(
        journal.event[straight & ~returned], (Event.STEP_PASSED, Event.ASSESSMENT_MISSED, Event.SIGNPOSTED)
    ).any()
    assert measure(journal)["wait_to_treatment_mean"] > 0


# -- leaving a list for another


def test_after_withdrawal_the_person_goes_on() -> None:
    """Half of those who give up on the first list join the second: the same people, with a new entry; nobody is lost."""
    text = QUEUE.replace("patience: none", "patience: daily").replace(
        "  order: fifo", "  order: fifo\n  patience_daily: 0.02"
    )
    start, end = text.index("pathways:"), text.index("initial:")
    pathways = (
        "pathways:\n"
        "  first: {places: 1, from_score: 0, stay: {mean_days: 50}, after_withdrawal: {second: 0.5}}\n"
        "  second: {places: 9, from_score: 28, stay: {mean_days: 50}, patience: none}\n"
    )
    scenario = written(text[:start] + pathways + text[end:]).replace(
        {"run.days": 4000, "demand.referrals_per_week": 1.0}
    )
    journal = simulate(scenario, seed=3)
    assert states(journal)[1] == []
    listed, gone = journal.event == Event.LISTED, journal.person[journal.event == Event.WITHDREW]
    second = journal.person[listed & (journal.post // 4 == 1)]
    assert len(second) == len(set(second.tolist()))
    assert set(second.tolist()) <= set(gone.tolist())
    assert len(second) / len(gone) == pytest.approx(0.5, abs=4 * math.sqrt(0.25 / len(gone)))
    record = lives(journal)
    assert record.count == (journal.event == Event.REFERRED).sum()


@pytest.mark.parametrize(
    ("pathway", "told"),
    [
        (
            "{places: 3, stay: {law: mixture, parts: {a: {share: 0.5}, b: {share: 0.6}}}}",
            "is a mixture whose parts have shares that add up to 1.1",
        ),
        (
            "{places: 3, stay: {law: mixture, parts: {a: {share: 1.5}}}}",
            "pathways.place.stay.parts.a.share = 1.5 must be between 0 and 1 (share).",
        ),
        ("{places: 3, stay: {law: discrete}}", "is discrete and has no values"),
        ("{places: 3, stay: {law: discrete, values: {soon: 1}}}", "the names must be whole numbers of days"),
        (
            "{places: 3, stay: {law: discrete, values: {2.5: 1}}}",
            "'2.5' is not a name; use whole days, or names of letters, digits and underscores",
        ),
        ("{places: 3, stay: {least_days: 10, most_days: 5}}", "has most_days = 5 below least_days = 10"),
        (
            "{places: 3, stay: {law: pareto}}",
            "must be one of fixed, exponential, lognormal, gamma, generalised_pareto, discrete, mixture.",
        ),
        ("{places: 3, after_withdrawal: {place: 0.6, other: 0.6}}", "hands on shares that add up to 1.2"),
        (
            "{places: 3, patience: daily_table, patience_table: {7: 1.5}}",
            "pathways.place.patience_table.7 = 1.5 must be between 0 and 1 (share per day).",
        ),
        (
            "{places: 3, patience: daily_table}",
            "pathways.place.patience = daily_table has no table; write patience_table: {14: 0.01, 56: 0.03}",
        ),
        (
            "{places: 3, patience: daily, patience_daily: 1.5}",
            "pathways.place.patience_daily = 1.5 must be between 0 and 1 (share per day).",
        ),
        (
            "{places: 3, patience: weibull, patience_shape: 0.001}",
            "pathways.place.patience_shape = 0.001 must be between 0.1 and 50.",
        ),
        (
            "{places: 3, stay: {law: fixed, mean_days: 60, most_days: 0}}",
            "is always 60 days, which is not between least_days and most_days",
        ),
        (
            "{places: 3, stay: {law: discrete, values: {14: 1, 21: 0}, least_days: 15}}",
            "pathways.place.stay has no value between least_days and most_days",
        ),
        (
            "{places: 3, stay: {law: exponential, shift_days: 50, most_days: 10}}",
            "has shift_days = 50 above most_days = 10, so that nothing is left of it",
        ),
        (
            "{places: 3, after_withdrawal: {place: 1.0}}",
            "pathways.place.after_withdrawal lets everybody go on for ever",
        ),
        (
            "{places: 3, stay: {law: mixture, shift_days: 50, most_days: 10, parts: {a: {share: 1}}}}",
            "has shift_days = 50 above most_days = 10",
        ),
        (
            "{places: 3, arrivals: {per_week: 7}}",
            "pathways.place.arrivals has per_week = 7, and law = none knows no rate; write law: poisson",
        ),
        ("{places: 3, arrivals: {law: renewal, gap: {law: discrete, values: {0: 1}}}}", "has gaps of no days at all"),
        (
            "{places: 3, arrivals: {law: renewal, gap: {law: mixture, parts: {a: {share: 1, law: discrete, values: {0: 1}}}}}}",
            "has gaps of no days at all",
        ),
        (
            "{places: 3, stay: {law: gamma, mean_days: 10, sd_days: 0, least_days: 11}}",
            "is gamma, and next to nothing of that lies between least_days and most_days; widen them",
        ),
        (
            "{places: 3, stay: {law: exponential, mean_days: 1, least_days: 100, most_days: 101}}",
            "is exponential, and next to nothing of that lies",
        ),
        (
            "{places: 3, stay: {law: generalised_pareto, shape: -1, scale_days: 10, least_days: 20}}",
            "is generalised_pareto, and next to nothing",
        ),
        (
            "{places: 3, stay: {law: mixture, most_days: 5, parts: {a: {share: 1, law: fixed, mean_days: 20}}}}",
            "is a mixture, and next to nothing of it lies",
        ),
        (
            "{places: 3, arrivals: {law: renewal, gap: {law: lognormal, mean_days: 3, sd_days: 1, most_days: 0.5}}}",
            "pathways.place.arrivals.gap is lognormal, and next to nothing",
        ),
        (
            "{places: 3, arrivals: {law: poisson, per_week: -1}}",
            "pathways.place.arrivals.per_week = -1 must be at least 0 (people per week).",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(pathway: str, told: str) -> None:
    """One clear line each, with the place."""
    start, end = QUEUE.index("pathways:"), QUEUE.index("initial:")
    with pytest.raises(ScenarioError) as refused:
        written(f"{QUEUE[:start]}pathways:\n  place: {pathway}\n{QUEUE[end:]}")
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)
    assert "written.yaml:" in str(refused.value)


def test_purposes_of_stays_share_no_address() -> None:
    """The draws of a stay, of its part and of one that is found are apart."""
    assert len({Purpose.STAY, Purpose.STAY_PART, Purpose.STAY_FOUND, Purpose.STAY_ROUNDING, Purpose.CASELOAD_AGE}) == 5


# -- places that are bought


BOUGHT = (
    "extends: baseline\npathways:\n  elsewhere: {places: 6, takes_from: [high_intensity], from_score: 28, stay: {mean_days: 70}, "
    "sessions_per_week: 1, cost_per_stay: 1000}\n"
)


def test_bought_places_take_from_another_list_help_and_cost() -> None:
    """Free places go to who waits longest for high-intensity therapy.

    Ten sessions help most of them; every stay is paid for; fewer posts are held.
    """
    plain, bought = accesssim.load("baseline").replace({"run.weeks": 52}), written(BOUGHT).replace({"run.weeks": 52})
    journal = simulate(bought, seed=1)
    assert states(journal)[1] == []
    in_place = (journal.event == Event.STARTED) & (journal.post < 0) & (journal.day >= 0)
    assert 20 < in_place.sum() < 60
    left = journal.event == Event.STAYED
    listed_for_therapy = set(journal.person[(journal.event == Event.LISTED) & (journal.post // 4 == 1)].tolist())
    assert set(journal.person[in_place].tolist()) <= listed_for_therapy
    closing, natural = codes.depression(journal.value[left]), codes.natural_depression(journal.value[left])
    assert (closing < natural).mean() > 0.8
    found = measure(journal)
    weeks = journal.header.days // 7
    paid = in_place & (journal.day < 7 * weeks)
    assert found["cost_total[places]"] == 1000 * paid.sum()
    held = [
        int((simulate(one.replace({"run.days": 1, "run.weeks": 1}), seed=1).event == Event.HIRED).sum())
        for one in (plain, bought)
    ]
    assert held[1] <= held[0]


def test_bought_places_that_teams_state_are_paid_for_before_posts() -> None:
    """Whether the ten places are the pathway's, shared out, or only the teams' own: the same stays are bought.

    The money left holds the same posts.
    """
    teams = (
        "teams:\n"
        "  north: {share: 0.5, places: {elsewhere: 5}}\n"
        "  south: {share: 0.5, places: {elsewhere: 5}}\n"
        "funding: {annual_budget: 1000000}\n"
        "run: {weeks: 2}\n"
    )
    shared, stated = (written(BOUGHT.replace("places: 6", f"places: {places}") + teams) for places in (10, 0))
    held = [
        [
            journal.value[journal.event == Event.FUNDED].tolist()
            for journal in (simulate(one, seed=1), compiled.simulate(one, seed=1))
        ]
        for one in (shared, stated)
    ]
    without = simulate(stated.replace({"pathways.elsewhere.cost_per_stay": 0.0}), seed=1)
    assert held[0] == held[1]
    assert sum(held[0][0]) < without.value[without.event == Event.FUNDED].sum()


def test_a_stay_that_is_no_therapy_has_no_scores() -> None:
    """Without sessions nobody recovers in a place, and nothing is measured of it."""
    journal = simulate(
        written(BOUGHT.replace("sessions_per_week: 1", "sessions_per_week: 0")).replace({"run.weeks": 52}), seed=1
    )
    assert set(journal.value[journal.event == Event.STAYED].tolist()) == {-1.0}


def test_a_shift_moves_a_mixture() -> None:
    """Five days on top of 0.5 exponential of 20 and 0.5 of 60: a mean of 45, of 20,000 draws within four standard errors, and none below five."""
    law = Stays(
        Span(
            law="mixture",
            shift_days=5,
            parts={
                "short": Part(share=0.5, law="exponential", mean_days=20),
                "long": Part(share=0.5, law="exponential", mean_days=60),
            },
        )
    )
    drawn = np.array([law.days(key, 0) for key in Chance(1, 0).keys(range(20_000))])
    assert law.mean_days == pytest.approx(45)
    assert drawn.mean() == pytest.approx(45, abs=4 * drawn.std() / math.sqrt(len(drawn)))
    assert drawn.min() >= 5


def test_mean_of_a_mixture_that_is_cut() -> None:
    """The mean that is planned with is that of 20,000 draws, within four standard errors and the grid.

    Of 0.5 exponential of 20 and 0.5 of 400, drawn again above 120 days.
    """
    law = Stays(
        Span(
            law="mixture",
            most_days=120,
            parts={
                "short": Part(share=0.5, law="exponential", mean_days=20),
                "long": Part(share=0.5, law="exponential", mean_days=400),
            },
        )
    )
    drawn = np.array([law.days(key, 0) for key in Chance(1, 0).keys(range(20_000))])
    assert law.mean_days == pytest.approx(drawn.mean(), abs=4 * drawn.std() / math.sqrt(len(drawn)) + 0.1)


def test_gaps_too_short_to_last_are_refused_at_once() -> None:
    """Before millions are drawn."""
    with pytest.raises(TooMuchDemand, match="more than 2,097,152 arrivals"):
        simulate(place("law: renewal, gap: {law: fixed, mean_days: 0.0000001}").replace({"run.days": 100}), seed=1)

"""Balance, warm-up and how many replications: each rule against a case that can be worked out by hand."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.stats import t

import accesssim
from accesssim.cli.command_line import cli
from accesssim.clinic.service import simulate
from accesssim.study.asking.diagnosis import diagnose, moving_average, mser, replications_for
from accesssim.study.asking.experiment import Experiment
from accesssim.study.asking.long_run import LongRun, long_run
from accesssim.study.measuring.lives import lives
from accesssim.study.result import Result
from accesssim.study.running.parquet import InMemory
from accesssim.study.telling import json_forms
from accesssim.study.telling.verdicts import of_the_opening, verdicts
from accesssim.study.verifying.states import State, states
from tests.clinics import APART, small


def test_mser_cuts_where_the_start_ends() -> None:
    """Twenty weeks far below, then a level with luck: the cut is at the step.

    A level from the start is hardly cut; a slope that never ends is not settled.
    """
    luck = np.random.default_rng(1)
    level = 100.0 + luck.normal(0.0, 3.0, 104)
    assert mser(np.concatenate([np.linspace(0.0, 60.0, 20), level])) == 20
    assert (mser(level) or 0) <= 26
    assert mser(np.linspace(0.0, 100.0, 104)) is None
    assert mser(level[:19]) is None  # fewer than four batches


def test_welch_averages_on_both_sides() -> None:
    """Of 1, 2, … 7 with a width of two: the ends have fewer on each side, as Welch has it."""
    assert moving_average(np.arange(1.0, 8.0), 2) == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0])
    assert moving_average(np.array([0.0, 0.0, 3.0, 0.0, 0.0]), 1) == pytest.approx([0.0, 1.0, 1.0, 1.0])


@pytest.mark.parametrize("half", [5.0, 1.0, 0.2])
def test_replications_are_the_fewest_that_do(half: float) -> None:
    """One fewer would not be enough (Student's t)."""
    values = np.random.default_rng(2).normal(50.0, 4.0, 12)
    needed, spread = replications_for(values, half), values.std(ddof=1)

    def width(number: int) -> float:
        return float(t.ppf(0.975, number - 1)) * spread / math.sqrt(number)

    assert width(needed) <= half < (width(needed - 1) if needed > 2 else math.inf)


def kept(series: np.ndarray) -> Result:
    """A result with this list, replications by weeks."""
    replications, weeks = series.shape
    runs = pd.DataFrame(
        {"scenario": "x", "point": 0, "replication": range(replications), "seed": 1, "still_waiting": series[:, -1]}
    )
    weekly = pd.DataFrame(
        {
            "point": 0,
            "replication": np.repeat(range(replications), weeks),
            "week": np.tile(range(weeks), replications),
            "waiting": series.ravel(),
        }
    )
    return Result(
        Experiment(small(), replications=replications).plan(), InMemory(runs, weekly, pd.DataFrame(), pd.DataFrame())
    )


def test_a_drift_is_found_and_none_is_not() -> None:
    """A list that grows by 26 a year is still moving, within its interval; one that only wavers is in balance."""
    luck = np.random.default_rng(3)
    rising = 200.0 + np.arange(104) / (365.25 / 7) * 26.0 + luck.normal(0.0, 2.0, (8, 104))
    (moving,) = diagnose(kept(rising), 0, opens_empty=True).courses
    assert moving.low < 26.0 < moving.high
    assert not moving.is_level
    (level,) = diagnose(kept(200.0 + luck.normal(0.0, 5.0, (8, 104))), 0, opens_empty=True).courses
    assert level.is_level


@pytest.mark.parametrize(
    ("runs", "weeks", "warm_up", "told"),
    [
        (
            1,
            30,
            0,
            (
                "people on the lists: too few runs to tell whether it is in balance: +52.2 a year in the one that "
                "there is, on a mean of 14.5; ask for more, with --replications."
            ),
        ),
        (4, 2, 0, "people on the lists: too few weeks to tell whether it is in balance: run longer, with --weeks."),
        (1, 1, 0, "people on the lists: too few weeks to tell whether it is in balance: run longer, with --weeks."),
        (4, 12, 12, "people on the lists: too few weeks to tell whether it is in balance: run longer, with --weeks."),
    ],
)
def test_too_little_to_tell_is_said(runs: int, weeks: int, warm_up: int, told: str) -> None:
    """One run, or hardly a week: neither in balance nor moving.

    No number that is none in words or JSON, and nothing of a warm-up from fewer than 20 weeks.
    """
    found = diagnose(kept(np.tile(np.arange(float(weeks)), (runs, 1))), warm_up, opens_empty=False)
    sentences = verdicts(found, [])
    assert told in sentences
    assert not any("nan" in sentence or "still moving" in sentence for sentence in sentences)
    assert (
        f"MSER-5 needs 20 weeks or more: of {weeks} it cannot tell whether the warm-up is long enough. Run longer, with --weeks."
        in sentences
    ) == (weeks < 20)
    assert (
        json.loads(json.dumps(json_forms.diagnosis(found, sentences), allow_nan=False))["series"][0]["in_balance"]
        is None
    )


def test_a_warm_up_that_is_too_short_is_told() -> None:
    """A list that fills in its first 40 weeks: without a warm-up the sentence says how many weeks to leave out, and with these it is content."""
    series = np.concatenate([np.linspace(0.0, 190.0, 40), np.full(168, 200.0)]) + np.random.default_rng(4).normal(
        0.0, 2.0, (8, 208)
    )
    found = diagnose(kept(series), 0, opens_empty=True)
    longest = found.courses[0].cut
    assert longest is not None
    assert 35 <= longest <= 45
    assert (
        f"The warm-up of 0 weeks is too short: MSER-5 would leave out {longest}. Set run.warm_up_weeks: {longest}."
        in verdicts(found, [])
    )
    assert any(
        f"The warm-up of {longest} weeks is long enough" in told
        for told in verdicts(diagnose(kept(series), longest, opens_empty=True), [])
    )
    assert any(
        "so what drifts at first is part of the answer" in told
        for told in verdicts(diagnose(kept(series), 0, opens_empty=False), [])
    )
    assert any(
        "finds no end of the warm-up in people on the lists" in told
        for told in verdicts(diagnose(kept(series[:, :40]), 0, opens_empty=True), [])
    )


def test_the_command_line_tells_and_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences, counts, JSON and a picture; a load above capacity is named; a picture without a diagnosis is refused."""
    monkeypatch.chdir(tmp_path)
    Path("town.yaml").write_text(
        "extends: baseline\nrun: {weeks: 30}\ndemand: {history_days: 60, referrals_per_week: 200}\n", encoding="utf-8"
    )
    call = ["run", "town.yaml", "--diagnose", "--replications", "3", "--workers", "1"]
    told = CliRunner().invoke(cli, [*call, "--picture", "weeks.svg"])
    assert told.exit_code == 0
    assert "at or above capacity" in told.output
    assert "runs for ± 5%" in told.output
    assert "Welch" in Path("weeks.svg").read_text(encoding="utf-8")
    held = json.loads(APART.invoke(cli, [*call, "--json"]).stdout)
    assert {row["series"] for row in held["series"]} == {"waiting", "exhaustion_mean", "sessions", "posts_held"}
    refused = CliRunner().invoke(cli, ["run", "town.yaml", "--picture", "weeks.svg"])
    assert refused.exit_code == 2
    assert "--picture goes with --diagnose" in refused.output


def test_load_of_a_country_is_that_of_its_services() -> None:
    """Twenty times the demand, posts and paperwork staff: twenty times what is asked for and what can be given.

    That is so although only so many people are looked at.
    """
    from accesssim.clinic.load import offered_load

    town = accesssim.load("baseline").replace({"funding.annual_budget": None})
    parameters, times = town.parameters, 20
    larger = {
        "demand.referrals_per_week": times * parameters.demand.referrals_per_week,
        "bureaucracy.admin_posts": times * parameters.bureaucracy.admin_posts,
    }
    larger |= {f"workforce.{name}.posts": times * group.posts for name, group in parameters.workforce.items()}
    for ours, large in zip(offered_load(town), offered_load(town.replace(larger)), strict=True):
        assert ours.what == large.what
        of_others = (
            0.3  # three standard errors of the ratio of two shares of a third, of 400 people each, who are not the same
        )
        assert large.wanted == pytest.approx(times * ours.wanted, rel=of_others)
        assert large.possible == pytest.approx(times * ours.possible, rel=of_others)


def test_the_long_run_of_a_list_is_what_its_journal_shows() -> None:
    """People on each list and awaiting assessment, counted person by person at the close of sampled days."""
    scenario = small(demand__season_amplitude=0.0, run__weeks=104)
    found = {one.path: one for one in long_run(scenario, "simpy", seed=3, runs=3)}
    counts = []
    for replication in range(3):
        journal = simulate(scenario, seed=3, replication=replication)
        days, change, which = lives(journal).list_changes()
        there = [np.cumsum(np.bincount(np.maximum(days[which == nth], 0), change[which == nth], 728)) for nth in (0, 1)]
        asked = [
            sum(state is State.IN_RED_TAPE for state in states(journal, day)[0].values()) for day in range(364, 728, 28)
        ]
        counts.append([*(float(one[364:].mean()) for one in there), np.mean(asked)])
    high, low, awaiting = np.mean(counts, axis=0)
    assert found["initial.waiting.high_intensity"].mean == pytest.approx(high)
    assert found["initial.waiting.low_intensity"].mean == pytest.approx(low)
    assert found["initial.awaiting_assessment"].mean == pytest.approx(awaiting, rel=0.15)  # of 13 days only
    assert found["initial.waiting.low_intensity"].stated == scenario.parameters.initial.waiting["low_intensity"]
    assert long_run(small(initial__state="empty"), "simpy") == []
    assert long_run(accesssim.load("country"), "fast") == []  # too large to try


def test_how_far_day_0_is_from_the_long_run_is_told() -> None:
    """A list that is met, one that is not, one without a long run."""
    met = LongRun("initial.waiting.a", 100, 103.0, 99.0, 107.0, 0.0)
    far = LongRun("initial.waiting.b", 230, 130.2, 119.0, 141.0, 0.0)
    growing = LongRun("initial.waiting.c", 100, 400.0, 380.0, 420.0, 80.0)
    assert of_the_opening([]) == []
    assert of_the_opening([met]) == ["The lists of day 0 are as the long run leaves them."]
    assert of_the_opening([met, far]) == [
        (
            "initial.waiting.b = 230 is not what the long run leaves: 130 (119 to 141), under the values of day 0 and "
            "without season and growth; so the first weeks are not steady."
        ),
        "To open as the long run: --set initial.waiting.a=103 --set initial.waiting.b=130",
    ]
    (told,) = of_the_opening([met, growing])
    assert "still grows: 400 are on it then, and there is no long run" in told

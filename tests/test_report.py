"""The page that a planner hands on."""

import itertools
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import accesssim
from accesssim.study.asking.experiment import Experiment
from accesssim.study.measuring import compare
from accesssim.study.result import Result
from accesssim.study.running.parquet import InMemory
from accesssim.study.running.stopping import Stopping
from accesssim.study.telling import json_forms, text, words
from accesssim.study.telling.drawing import COLOURS, _dark
from accesssim.study.telling.figures import MOST_ROWS, pictures
from accesssim.study.telling.findings import amount, answers, table_difference
from accesssim.study.telling.report import render, write_report

SMALL = {"run.weeks": 6, "demand.referrals_per_week": 8.0, "demand.history_days": 200}
NASTY = "</script><script>alert(1)</script> & <b>bold</b>"


class Page(HTMLParser):
    """Elements of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def result() -> Result:
    """Four points of two axes, with a title that would like to be a program."""
    small = accesssim.load("baseline").replace(SMALL)
    matrix = {"bureaucracy.level": [0.5, 2.0], "funding.annual_budget": [2.4e6, 2.6e6]}
    return Experiment(
        small,
        matrix=matrix,
        replications=3,
        seed=4,
        compare_to={"bureaucracy.level": 0.5, "funding.annual_budget": 2.4e6},
        title=NASTY,
    ).run()


@pytest.fixture(scope="module")
def html(result: Result) -> str:
    """Its page."""
    return render(result, "accesssim sweep asked.yaml")


def test_a_page_asks_nothing_of_the_world(html: str) -> None:
    """No address but data within the page, a policy that forbids any other, no scripts, and a size that opens from a stick."""
    page = Page(html)
    policies = [meta["content"] for meta in page.named("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policies
    assert "default-src 'none'" in (policies[0] or "")
    assert not [name for name, _ in page.elements if name in ("script", "link", "iframe", "object", "form")]
    for _, attributes in page.elements:
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith(("data:", "#"))
    assert "url(" not in html
    assert len(html.encode()) < 5_000_000


def test_names_from_files_stay_text(html: str) -> None:
    """A title with markup in it is shown letter by letter."""
    assert "<script" not in html
    assert "<b>bold" not in html
    assert NASTY in Page(html).text


def test_what_would_steer_a_screen_is_escaped_on_the_page(result: Result) -> None:
    """Of a title that a program gave, which no file was read for."""
    page = render(
        Result(replace(result.plan, title="Red\x1b[31m\0 alert"), result._tables), "accesssim sweep asked.yaml"
    )
    assert "Red\\x1b[31m\\x00 alert" in Page(page).text
    assert not set(page) & {"\x1b", "\0"}


def test_a_page_can_be_heard_and_printed(html: str) -> None:
    """Language, one h1, no skipped level, alternative text that says something, scopes on all heads, a print style."""
    page = Page(html)
    assert page.named("html")[0]["lang"] == "en-GB"
    levels = [int(name[1]) for name, _ in page.elements if len(name) == 2 and name[0] == "h" and name[1].isdigit()]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    pictures = page.named("img")
    assert len(pictures) == 4
    assert all(len(picture["alt"] or "") > 40 for picture in pictures)
    assert all(head.get("scope") in ("row", "col") for head in page.named("th"))
    assert "@media print" in html


def contrast(colour: str) -> float:
    """Contrast with white (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_can_be_seen(colour: str) -> None:
    """Each colour reaches 3 : 1 on white, and as text 4.5 : 1."""
    assert contrast(colour) >= 3.0
    assert contrast(_dark(colour)) >= 4.5


def test_a_page_is_the_same_bytes_each_time(result: Result, html: str) -> None:
    """Nothing in it hangs on the clock or on chance."""
    assert render(result, "accesssim sweep asked.yaml") == html


def test_a_page_answers_in_sentences(html: str) -> None:
    """Waits in weeks with an interval that is named, levers with their ends in words, the point of reference, money with its currency."""
    text = " ".join(Page(html).text.split())
    assert "weeks on average (95 % confidence interval of the mean:" in text
    assert "Bureaucracy level from 0.5 to 2, all else equal:" in text
    assert "Annual budget from £2,400,000 to £2,600,000, all else equal:" in text
    assert "(reference)" in text
    assert "8 in 10 simulated futures" in text
    assert "luck alone" in text
    assert "accesssim sweep asked.yaml" in text


def test_assumptions_stand_with_source_and_quality(html: str, result: Result) -> None:
    """Every value of the scenario is on the page; those without evidence are called assumed."""
    page = Page(html)
    for assumption in result.plan.assumptions:
        assert assumption.path in page.text
    assert "bureaucracy.level (varied)" in page.text
    assumed = [cell for cell in page.named("td") if cell.get("class") == "assumed"]
    assert len(assumed) == sum(assumption.quality in ("", "assumed") for assumption in result.plan.assumptions)


def test_paired_differences_on_the_page_are_those_of_compare(result: Result, html: str) -> None:
    """The table's difference in people lost in waiting, reference to last point, is the one that `compare` gives."""
    rows = result.at(0).compare(result.at(3))
    difference = float(rows.loc[rows["measure"] == "gave_up_waiting", "difference"].iloc[0])
    assert f"{'+' if difference > 0 else ''}{difference:,.0f}" in html


def test_a_name_that_no_measure_has_is_refused(result: Result) -> None:
    """With its near miss, instead of a mean that is not a number."""
    with pytest.raises(
        accesssim.AccessSimError, match="wait_to_treatment_maen is not a measure; did you mean wait_to_treatment_mean"
    ):
        result.means_of("wait_to_treatment_maen")


def test_a_run_of_one_point_has_a_page(tmp_path: Path) -> None:
    """A single scenario gives a page too, in a folder, and it holds nothing of this machine."""
    small = accesssim.load("baseline").replace(SMALL)
    result = accesssim.run(small, replications=2, seed=1, out=tmp_path / "kept")
    page = write_report(result, tmp_path / "kept").read_text(encoding="utf-8")
    assert str(tmp_path) not in page
    assert str(Path.home()) + "/" not in page


def test_nothing_to_tell_is_told(result: Result) -> None:
    """If every replication failed, the page says so instead of showing empty pictures."""
    failures = pd.DataFrame(
        [{"scenario": "x", "point": 0, "replication": 0, "seed": 4, "error": "E", "traceback": "T"}] * 12
    )
    empty = Result(
        result.plan,
        InMemory(
            pd.DataFrame(columns=["scenario", "point", "replication", "seed"]), pd.DataFrame(), failures, pd.DataFrame()
        ),
    )
    text = " ".join(Page(render(empty, "accesssim")).text.split())
    assert "12 of 12 replications failed" in text
    assert "nothing to tell" in text


def test_points_that_share_no_future_yet_are_told_as_such(result: Result) -> None:
    """Of a sweep that is half done: the page is written, says which points cannot be told apart yet, and tells of the rest."""

    def kept(shared: bool) -> Result:
        rows = result.runs[[name for name in result.runs if name not in result.plan.axes]]
        here = (
            (rows["point"] == 0) & (rows["replication"] == 0)
            | (rows["point"] == 3) & (rows["replication"] > 0)
            | (rows["point"] == 1) & shared
        )
        return Result(result.plan, InMemory(rows[here], result.weekly, pd.DataFrame(), pd.DataFrame()))

    written = render(kept(shared=True), "accesssim sweep asked.yaml")
    assert ">nan<" not in written
    page = Page(written)
    assert "bureaucracy level 2, annual budget £2,600,000 (no replication in common with the reference)" in page.text
    apart = kept(shared=False)
    assert any(
        said.endswith("annual budget £2,600,000, which has no replication in common with the reference.")
        for said in answers(apart, 0)
    )
    assert "nothing to tell, as no replication is in common" in " ".join(answers(apart, 0))
    assert apart.against(0) == {}
    told = text.against(apart, 0, apart.against(0))
    assert "No replication in common with it: " in told
    assert json_forms.against(apart, 0, apart.against(0))["unpaired"] == [1, 2, 3]


def test_a_point_that_failed_is_not_told_of_as_to_come_or_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all runs of a point fail nothing is in common, now or later.

    The picture has no longest wait of it, p is adjusted for the others, and runs are those that are done.
    """
    from tests.clinics import failing, small

    town = small(run__weeks=4)
    failing(monkeypatch, lambda scenario, replication: scenario.parameters.bureaucracy.level == 2.0 or replication == 1)
    result = Experiment(
        town, matrix={"bureaucracy.level": [1.0, 0.5, 2.0]}, replications=3, compare_to={"bureaucracy.level": 1.0}
    ).run(engine="simpy")
    assert " yet" not in " ".join(answers(result, 0))
    assert not any("Shown are the reference" in picture.caption for picture in pictures(result))
    told = text.against(result, 0, result.against(0))
    assert "No replication in common with it: bureaucracy level 2." in told
    assert "p is adjusted for the one point of a measure" in told
    assert "95 % interval of the mean (2 runs)" in text.headline(result.at(0))


def test_points_of_a_sample_are_no_grid(result: Result) -> None:
    """Hundreds of points spread over ranges are drawn as rows, some of them, and told of whole.

    A grid of all their values took more memory than there is.
    """
    levels = [0.5 + nth / 400 for nth in range(300)]
    ranges = {
        "bureaucracy.level": levels,
        "funding.annual_budget": [2.4e6 + 100 * nth for nth in range(300)],
        "demand.stigma": [0.2 + nth / 1000 for nth in range(300)],
    }
    points = tuple(
        replace(result.plan.points[0], number=nth, settings={path: values[nth] for path, values in ranges.items()})
        for nth in range(300)
    )
    plan = replace(result.plan, points=points, axes=tuple(ranges), compare_to=150)
    one = result.at(0).runs.drop(columns=list(result.plan.axes))
    runs = pd.concat(
        [
            one.assign(point=nth, wait_to_therapy_mean=one["wait_to_therapy_mean"] + nth, gave_up_waiting=nth)
            for nth in range(300)
        ]
    )
    weekly = pd.concat([result.at(0).weekly.assign(point=nth) for nth in range(300)])
    for picture in pictures(Result(plan, InMemory(runs, weekly, pd.DataFrame(), pd.DataFrame())))[1:3]:
        assert len(picture.rows) == 300
        assert f"Shown are {MOST_ROWS + 1} of 300 points" in picture.caption
        assert picture.svg.count("demand stigma") == 1
        assert "\xb7 0.35" in picture.svg  # the point of reference


def test_a_page_of_one_future_speaks_of_no_luck() -> None:
    """No band, no interval and no pair is named where there is one run; what did not change is not said to have gone down."""
    small = accesssim.load("baseline").replace(SMALL | {"run.weeks": 12})
    asked = Experiment(small, matrix={"demand.stigma_trust_slope": [0.05, 0.06]}, replications=1, seed=4).run(workers=1)
    text = " ".join(Page(render(asked, "accesssim sweep asked.yaml")).text.split())
    assert "2 points × 1 simulated future of 12 weeks" in text
    assert "the cost in total unchanged (one replication: luck is not ruled out)" in text
    assert "one replication of people whose first therapy session" in text.replace(
        "one replicationof", "one replication of"
    )
    assert "There is one future of stigma trust slope 0.05, so that nothing shows how much is luck." in text
    for of_several in ("8 in 10 futures:", "The bars are", "Bands as above", "Intervals in the sentences", "1 futures"):
        assert of_several not in text


def test_a_page_of_one_point_compares_nothing() -> None:
    """It says how many are lost, not where the most are."""
    told = {
        picture.name: picture.finding
        for picture in pictures(accesssim.run(accesssim.load("baseline").replace(SMALL), replications=2, seed=1))
    }
    assert " people are lost, the most of them, " in told["lost"]
    assert told["waits"].endswith(" weeks.")


def test_runs_of_other_lengths_are_told_of_on_the_page() -> None:
    """As `compare` does; and a wait that nobody had at the point of reference is compared with nothing."""
    small = accesssim.load("baseline").replace(SMALL | {"initial.state": "empty", "demand.history_days": 30})
    asked = Experiment(small, matrix={"run.weeks": [1, 12]}, replications=2, seed=4, compare_to={"run.weeks": 1}).run(
        workers=1
    )
    text = " ".join(Page(render(asked, "accesssim sweep asked.yaml")).text.split())
    assert "2 points × 2 simulated futures of 1 to 12 weeks" in text
    assert "These runs cover 1 and 12 weeks:" in text
    assert "at run weeks 12, the only point at which anybody came to it." in text
    assert "In no future did anybody start therapy both there and at the reference" in text
    assert "No point has a clearly shorter mean wait" not in text


def test_who_is_lost_is_everybody_who_left_before_therapy(result: Result) -> None:
    """Those who missed their assessments once too often as well: they were left out of a picture that says whom it is of."""
    lost = next(picture for picture in pictures(result) if picture.name == "lost")
    assert lost.heads == (
        "point",
        "lost to red tape",
        "discharged unseen",
        "signposted",
        "gave up waiting",
        "better while waiting",
    )
    assert lost.rows[0][2] == f"{result.means_of('discharged_unseen')[0][0]:,.0f}"


def test_the_page_says_how_many_futures_a_rule_took() -> None:
    """Those that were run, not the most that might have been."""
    small = accesssim.load("baseline").replace(SMALL)
    until = Stopping(least=3, most=50, measure="cost_total", half_width=1e9)
    asked = Experiment(
        small,
        matrix={"bureaucracy.level": [0.5, 2.0]},
        replications=until,
        seed=4,
        compare_to={"bureaucracy.level": 0.5},
    ).run(workers=1)
    text = " ".join(Page(render(asked, "accesssim sweep asked.yaml")).text.split())
    assert "2 points × 3 simulated futures" in text
    assert "mean paired difference over 3 futures" in text


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("wait_to_therapy_mean", (-0.032, -0.061, -0.003), "−0.032 (−0.061 to −0.003)"),
        ("wait_to_therapy_mean", (-9.03, -9.5, -8.5), "−9.0 (−9.5 to −8.5)"),
        ("started_by_18_weeks_share", (-0.195, -0.204, -0.186), "−19.5 points (−20.4 to −18.6)"),
        ("gave_up_waiting", (-0.2, -1.1, 0.4), "0 (−1 to 0)"),
        ("exhaustion_mean", (0.0, 0.0, 0.0), "0.000 (0.000 to 0.000)"),
        ("cost_total", (-12.4, float("nan"), float("nan")), "−£12"),
    ],
)
def test_differences_in_the_table_are_told_to_the_digits_of_their_interval(
    name: str, values: tuple[float, float, float], told: str
) -> None:
    """No difference is called better and told as −0.0, nothing has a sign, and a difference of shares is no percentage of a share."""
    assert table_difference("GBP", name, *values) == told


def test_the_rows_of_a_point_can_be_read_after_the_whole_table() -> None:
    """Also of a result in memory, of which the whole table had been given the settings of points in its place."""
    small = accesssim.load("baseline").replace(SMALL)
    asked = Experiment(small, matrix={"bureaucracy.level": [0.5, 2.0]}, replications=1, seed=4).run(workers=1)
    assert list(asked.runs["bureaucracy.level"]) == [0.5, 2.0]
    assert list(asked.at(1).runs["bureaucracy.level"]) == [2.0]


def test_scenarios_are_an_axis_in_one_word() -> None:
    """It has no section to be told by."""
    assert words.axis("scenario") == "scenario"


def test_a_page_of_several_scenarios_names_them_and_says_whose_values_it_lists() -> None:
    """It is not said to be of the first alone, whose values are the only ones in the list."""
    from tests.clinics import small

    asked = Experiment([replace(small(run__weeks=4), name=name) for name in ("town", "village")], replications=1)
    told = " ".join(render(asked.run(), "accesssim sweep asked").split())
    assert "of the scenarios &ldquo;town&rdquo; and &ldquo;village&rdquo;; the same people" in told
    assert "What stands here is of &ldquo;town&rdquo;, the first of the scenarios" in told


def test_a_figure_of_another_kind_has_its_unit() -> None:
    """What is behind the best by 0.1 is so by 0.1 in each hundred."""
    assert amount("GBP", "recovered_per_100_in_need", 0.1) == "0.1 per 100"
    assert amount("GBP", "sessions_delivered", -20.0) == "−20 sessions"


def test_nothing_has_no_sign() -> None:
    """Also in a sentence."""
    assert amount("GBP", "still_waiting", -0.3, signed=True) == "0"


def test_money_has_its_currency(result: Result, html: str) -> None:
    """In tables, in JSON, among the assumptions and the definitions."""
    rows = compare.paired(result.at(0).runs, result.at(1).runs)
    assert "GBP" in text.differences(rows, "GBP")
    assert json_forms.result(result)["points"][0]["measures"]["cost_total"]["unit"] == "GBP"
    assert json_forms.differences("a", "b", result.at(0), result.at(1), rows)["measures"]["cost_total"]["unit"] == "GBP"
    assert "2,400,000 GBP per year" in Page(html).text
    assert "none needs per week" not in Page(html).text
    assert "(money)" not in Page(html).text

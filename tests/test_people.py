"""Policies compared person by person, and several points with one: what is told is what a hand would count, and many looks find no more than one."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import accesssim
from accesssim.cli.command_line import cli
from accesssim.study.asking.experiment import Experiment
from accesssim.study.measuring.compare import holm
from accesssim.study.measuring.person_by_person import NOT_YET, differences
from accesssim.study.result import Result
from tests.clinics import APART, small


def frame(*rows: tuple[int, bool, int, int, str]) -> pd.DataFrame:
    """People: number, counted, day helped, recovered, complexity."""
    return pd.DataFrame(rows, columns=["person", "counted", "helped", "recovered", "complexity"])


def test_by_hand() -> None:
    """Six people: two sooner (by 10 and 20 days), one later (by 4), one helped there alone, one here alone, one the same.

    Those before the warm-up are not counted.
    """
    here = frame(
        (1, True, 30, 0, "complex"),
        (2, True, 40, 0, ""),
        (3, True, 50, 1, ""),
        (4, True, NOT_YET, 0, ""),
        (5, True, 9, 1, ""),
        (6, True, 7, 1, ""),
        (7, False, 1, 0, ""),
    )
    there = frame(
        (1, True, 20, 1, "complex"),
        (2, True, 20, 0, ""),
        (3, True, 54, 1, ""),
        (4, True, 80, 1, ""),
        (6, True, 7, 0, ""),
        (7, False, 0, 0, ""),
    )
    found = differences(here, there, "complexity", ["complex"])
    expected = {
        "people_helped_sooner_share": 2 / 6,
        "people_helped_later_share": 1 / 6,
        "people_helped_only_there_share": 1 / 6,
        "people_helped_only_here_share": 1 / 6,
        "days_sooner_mean": 15.0,
        "days_later_mean": 4.0,
        "people_recovered_only_there_share": 2 / 6,
        "people_recovered_only_here_share": 2 / 6,
        "people": 6.0,
        "people_helped_sooner_share[complex]": 1.0,
        "days_sooner_mean[complex]": 10.0,
        "people[complex]": 1.0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@pytest.fixture(scope="module")
def sides() -> tuple[Result, Result]:
    """The same people with and without half of the paperwork."""
    town = small(run__weeks=12)
    return tuple(
        accesssim.run(town.replace({"bureaucracy.level": level}), replications=3, seed=4) for level in (1.0, 0.5)
    )  # type: ignore[return-value]


def test_nobody_differs_from_themselves_and_sides_mirror(sides: tuple[Result, Result]) -> None:
    """A against A is nothing; B against A is A against B turned round."""
    ours, theirs = sides
    same = {row.measure: row.mean for row in ours.compare_people(ours)}
    assert all(value == 0.0 for name, value in same.items() if "share" in name)
    forth, back = (
        {row.measure: row.mean for row in one.compare_people(other)} for one, other in ((ours, theirs), (theirs, ours))
    )
    assert forth["people_helped_sooner_share"] == back["people_helped_later_share"] > 0.0
    assert forth["days_sooner_mean"] == back["days_later_mean"]
    assert forth["people_recovered_only_there_share"] == back["people_recovered_only_here_share"]
    assert forth["people"] == back["people"]


def test_groups_make_up_the_whole(sides: tuple[Result, Result]) -> None:
    """People by complexity, severity and route add up to everybody."""
    for by in ("complexity", "severity"):
        rows = {row.measure: row.mean for row in sides[0].compare_people(sides[1], by)}
        assert sum(value for name, value in rows.items() if name.startswith("people[")) == pytest.approx(rows["people"])


def test_compare_tells_of_people_too(sides: tuple[Result, Result]) -> None:
    """`result.compare` holds the shares beside the measures; the shares of people agree with how many were helped."""
    table = sides[0].compare(sides[1]).set_index("measure")
    assert table.loc["people_helped_sooner_share", "difference"] > 0.0
    assert np.isnan(table.loc["people_helped_sooner_share", "a"])
    assert table.loc["people_helped_sooner_share", "low"] <= table.loc["people_helped_sooner_share", "difference"]


def test_people_are_kept_where_they_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`people: true` in an experiment keeps them, and points compare by person; without it compare says how to."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.yaml").write_text(
        "extends: baseline\nrun: {weeks: 4}\ndemand: {history_days: 60}\n", encoding="utf-8"
    )
    text = "scenario: town.yaml\nmatrix: {bureaucracy.level: [0.5, 1.0, 2.0]}\nreplications: 3\ncompare_to: {bureaucracy.level: 1.0}\n"
    for name, more in (("with", "people: true\n"), ("without", "")):
        (tmp_path / f"{name}.yaml").write_text(text + more, encoding="utf-8")
        assert (
            CliRunner().invoke(cli, ["sweep", f"{name}.yaml", "--workers", "1", "--no-report", "--out", name]).exit_code
            == 0
        )
    assert "helped sooner" in CliRunner().invoke(cli, ["compare", "with:0", "with:1", "--by", "complexity"]).output
    told = CliRunner().invoke(cli, ["compare", "without:0", "without:1"])
    assert "helped sooner" not in told.output
    assert "people: true" in told.output
    everybody = CliRunner().invoke(cli, ["compare", "with"])
    assert "minus bureaucracy level 1" in everybody.output
    assert "p by Holm" in everybody.output
    held = json.loads(APART.invoke(cli, ["compare", "with", "--json"]).stdout)
    assert held["reference"] == 1
    assert [row["point"] for row in held["measures"]["still_waiting"]] == [0, 2]
    assert all(row["p_holm"] is None or row["p_holm"] >= row["p"] for rows in held["measures"].values() for row in rows)


def test_holm_by_hand() -> None:
    """Four chances: the smallest times four, the next times three, and none below the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, float("nan"), 0.7])[0] == 1.0
    assert holm([]) == []


def test_many_points_that_do_not_differ_are_rarely_called_different() -> None:
    """Of 2,000 families of ten comparisons without a difference at most 5 % have any below 0.05.

    With three standard errors of such a share (0.0146), seed 6; unadjusted it is a third or more.
    """
    luck = np.random.default_rng(6)
    families = luck.uniform(size=(2000, 10))
    assert np.mean([min(holm(list(family))) < 0.05 for family in families]) <= 0.05 + 0.0146
    assert np.mean(families.min(axis=1) < 0.05) > 0.33


def test_the_page_marks_with_all_points_allowed_for(tmp_path: Path) -> None:
    """A difference that stands alone and not among many has no mark."""
    result = Experiment(
        small(run__weeks=4),
        matrix={"bureaucracy.level": [0.5, 1.0, 1.01, 2.0]},
        replications=5,
        seed=5,
        compare_to={"bureaucracy.level": 1.0},
    ).run(out=tmp_path / "kept")
    from accesssim.study.telling.report import table

    found = result.against(1)
    rows = table(result, 1)
    assert len(rows) == 4
    marked = {cell.mark for _, _, cells in rows for cell in cells}
    assert marked <= {"", "better", "worse"}
    assert any(row.difference.is_clear and not row.is_clear for rows in found.values() for row in rows)

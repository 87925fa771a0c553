"""Each bad scenario file gets one line with its place, what is wrong and what would be right; a good one says what it says."""

import copy
import datetime
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import accesssim
from accesssim.clinic.outlook import day_of_year
from accesssim.world.errors import ScenarioError
from accesssim.world.limits import EARLIEST_DAY, LATEST_DAY
from accesssim.world.reading.files import check, load
from accesssim.world.reading.listing import describe
from accesssim.world.reading.schema import json_schema
from accesssim.world.reading.yaml import DEEPEST, LARGEST_FILE
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_names

#: Text of a file, and the line that it gets.
BAD = {
    "unknown key": (
        "extends: baseline\nworkforce:\n  high_intensity:\n    post: 12\n",
        "a.yaml:4:5: workforce.high_intensity.post is not a parameter; did you mean workforce.high_intensity.posts?",
    ),
    "unknown section": (
        "extends: baseline\nworkforc:\n  high_intensity:\n    posts: 12\n",
        "a.yaml:2:1: workforc is not a parameter; did you mean workforce?",
    ),
    "wrong type": (
        "extends: baseline\ndemand:\n  stigma: high\n",
        "a.yaml:3:3: demand.stigma = high must be a number between 0 and 1 (share).",
    ),
    "true is no number": (
        "extends: baseline\nbureaucracy:\n  level: true\n",
        "a.yaml:3:3: bureaucracy.level = true must be a number between 0 and 20 (times).",
    ),
    "quoted number": (
        'extends: baseline\nbureaucracy:\n  level: "12"\n',
        'a.yaml:3:3: bureaucracy.level = "12" must be a number between 0 and 20 (times).',
    ),
    "wrong unit": (
        "extends: baseline\nbureaucracy:\n  hours_per_session: {value: 3, unit: days}\n",
        "a.yaml:3:3: bureaucracy.hours_per_session: 'days' cannot be converted to 'hours'",
    ),
    "out of bounds": (
        "extends: baseline\ndemand:\n  stigma: 1.4\n",
        "a.yaml:3:3: demand.stigma = 1.4 must be between 0 and 1 (share).",
    ),
    "not whole": (
        "extends: baseline\nworkforce:\n  high_intensity:\n    posts: 2.5\n",
        "a.yaml:4:5: workforce.high_intensity.posts = 2.5 must be a whole number between 0 and 16383 (posts).",
    ),
    "missing parent": (
        "extends: baselin\n",
        "a.yaml:1:1: extends: baselin is neither a shipped scenario nor a path that ends in .yaml; did you mean baseline?",
    ),
    "missing file": (
        "extends: other.yaml\n",
        "a.yaml:1:1: extends: there is no file other.yaml",
    ),
    "a folder": (
        "extends: folder.yaml\n",
        "a.yaml:1:1: extends: folder.yaml is a folder; name a file in it",
    ),
    "a link to nothing": (
        "extends: link.yaml\n",
        "a.yaml:1:1: extends: link.yaml is a link that leads nowhere; name a file",
    ),
    "dotted": (
        "extends: baseline\ndemand.stigma: 0.3\n",
        "a.yaml:2:1: demand.stigma must be written under `demand:`, such as demand: {stigma: 0.3}",
    ),
    "dotted in a section": (
        "extends: baseline\nworkforce:\n  high_intensity.posts: 3\n",
        "a.yaml:3:3: workforce.high_intensity.posts must be written under `high_intensity:`, such as high_intensity: {posts: 3}",
    ),
    "address": (
        "extends: https://example.org/a.yaml\n",
        "a.yaml:1:1: extends: https://example.org/a.yaml is an address; only files on this machine are read",
    ),
    "leaves": (
        "extends: ../../outside.yaml\n",
        "a.yaml:1:1: extends: ../../outside.yaml leaves the project's folder",
    ),
    "duplicate key": (
        "extends: baseline\ndemand:\n  stigma: 0.1\n  stigma: 0.2\n",
        "a.yaml:4:3: demand.stigma is given twice",
    ),
    "nan": (
        "extends: baseline\ndemand:\n  stigma: .nan\n",
        "a.yaml:3:3: demand.stigma = nan must be a number between 0 and 1 (share).",
    ),
    "infinite": (
        "extends: baseline\nfunding:\n  annual_budget: .inf\n",
        "a.yaml:3:3: funding.annual_budget = inf must be a number between 0 and 1e+15 (money per year).",
    ),
    "overflow": (
        "extends: baseline\nfunding:\n  annual_budget: 1e400\n",
        "a.yaml:3:3: funding.annual_budget = inf must be a number between 0 and 1e+15 (money per year).",
    ),
    "more money than there is": (
        "extends: baseline\nfunding:\n  admin_salary: 1.7e308\n",
        "a.yaml:3:3: funding.admin_salary = 1.7e+308 must be between 0 and 1e+15 (money per year).",
    ),
    "more administrators than there are people": (
        "extends: baseline\nbureaucracy:\n  admin_posts: 1.7e308\n",
        "a.yaml:3:3: bureaucracy.admin_posts = 1.7e+308 must be between 0 and 16383 (posts).",
    ),
    "empty": (
        "",
        "a.yaml:1:1: is empty; say at least what it builds on, such as `extends: baseline`",
    ),
    "comment only": (
        "# nothing\n",
        "a.yaml:1:1: is empty; say at least what it builds on, such as `extends: baseline`",
    ),
    "list": (
        "- a\n- b\n",
        "a.yaml:1:1: must be a mapping of sections such as `demand:`, not a list or a single value",
    ),
    "broken": (
        "demand: [1, 2\n",
        "a.yaml:2:1: not YAML: expected ',' or ']', but got '<stream end>'",
    ),
    "tab": (
        "demand:\n	stigma: 0.1\n",
        "a.yaml:2:1: a tab where spaces belong; indent with spaces",
    ),
    "alias": (
        "demand: &d\n  stigma: 0.1\ntherapy: *d\n",
        "a.yaml:1:9: anchors and aliases are not allowed; write the value out",
    ),
    "tag": (
        "demand: !!python/object:os.system\n  stigma: 0.1\n",
        "a.yaml:1:9: tags are not allowed; write a plain value",
    ),
    "two documents": (
        "extends: baseline\n---\nextends: baseline\n",
        "a.yaml:2:1: a second document begins here; one file holds one document",
    ),
    "deep": (
        "extends: baseline\ndemand: " + "[" * 60 + "]" * 60 + "\n",
        "a.yaml:2:49: nested more than 40 deep",
    ),
    "unknown evidence": (
        "extends: baseline\ntherapy:\n  dropout_per_session: {evidence: therapy.dropout_per_sesion}\n",
        "a.yaml:3:3: therapy.dropout_per_session: therapy.dropout_per_sesion is not in the evidence table; did you mean therapy.dropout_per_session?",
    ),
    "evidence list": (
        "extends: baseline\ntherapy:\n  dropout_per_session: {evidence: [a]}\n",
        (
            "a.yaml:3:3: therapy.dropout_per_session: evidence must be one key of the evidence table, such as "
            "demand.common_mental_disorder_past_week_share"
        ),
    ),
    "evidence beside value": (
        "extends: baseline\ntherapy:\n  dropout_per_session: {evidence: therapy.dropout_per_session, value: 1}\n",
        "a.yaml:3:3: therapy.dropout_per_session: value cannot stand beside evidence; write either {evidence: key} or {value: …}",
    ),
    "quality": (
        "extends: baseline\nbureaucracy:\n  level: {value: 1, quality: sure}\n",
        "a.yaml:3:3: bureaucracy.level: quality = sure must be one of measured, published, unverified, estimated, assumed",
    ),
    "range": (
        "extends: baseline\nbureaucracy:\n  level: {value: 1, low: 2, high: 3}\n",
        "a.yaml:3:3: bureaucracy.level = 1 must lie between its own low and high (2.0 to 3.0)",
    ),
    "range of nothing": (
        "extends: baseline\ndemand:\n  needs_per_week: {value: null, low: 1, high: 3}\n",
        "a.yaml:3:3: demand.needs_per_week: low = 1 has no value to stand beside; give a value, or leave low out",
    ),
    "range of words": (
        "extends: baseline\ndemand:\n  growth: {value: exponential, low: 1}\n",
        "a.yaml:3:3: demand.growth: low = 1 is for numbers; the value must be one of linear, exponential. Leave low out",
    ),
    "range of a switch": (
        "extends: baseline\nloops:\n  red_tape: {value: true, high: true}\n",
        "a.yaml:3:3: loops.red_tape: high = true is for numbers; the value must be true or false (on or off). Leave high out",
    ),
    "low is no number": (
        "extends: baseline\nbureaucracy:\n  level: {value: 1, low: few}\n",
        "a.yaml:3:3: bureaucracy.level: low = few must be a number (times).",
    ),
    "high is no whole number": (
        "extends: baseline\nworkforce:\n  high_intensity:\n    posts: {value: 1, high: 1.5}\n",
        "a.yaml:4:5: workforce.high_intensity.posts: high = 1.5 must be a whole number (posts).",
    ),
    "no value": (
        "extends: baseline\nbureaucracy:\n  level: {source: me}\n",
        "a.yaml:3:3: bureaucracy.level needs a value: write level: {value: …, source: …, quality: …}",
    ),
    "hardly a contract": (
        "extends: baseline\nworkforce:\n  high_intensity:\n    wte: 1e-300\n",
        "a.yaml:4:5: workforce.high_intensity.wte = 1e-300 must be between 0.01 and 1 (share).",
    ),
    "hardly a week": (
        "extends: baseline\nworkforce:\n  high_intensity:\n    hours_per_week: 1e-300\n",
        "a.yaml:4:5: workforce.high_intensity.hours_per_week = 1e-300 must be between 0.1 and 80 (hours per week).",
    ),
    "hardly a session": (
        "extends: baseline\npathways:\n  high_intensity:\n    session_hours: 1e-300\n",
        "a.yaml:4:5: pathways.high_intensity.session_hours = 1e-300 must be between 0.01 and 20 (hours).",
    ),
    "hardly an assessment": (
        "extends: baseline\ntriage:\n  assessment_hours: 0\n",
        "a.yaml:3:3: triage.assessment_hours = 0 must be between 0.01 and 20 (hours).",
    ),
    "more than can be counted": (
        f"extends: baseline\ninitial:\n  waiting: {{low_intensity: {10**20}}}\n",
        f"a.yaml:3:13: initial.waiting.low_intensity = {10**20} must be between 0 and 67108864 (people).",
    ),
    "beyond the last seed": (
        f"extends: baseline\nrun:\n  seed: {2**63}\n",
        f"a.yaml:3:3: run.seed = {2**63} must be between 0 and {2**63 - 1}.",
    ),
    "choice": (
        "extends: baseline\nwaiting:\n  order: lifo\n",
        "a.yaml:3:3: waiting.order = lifo must be one of fifo, priority, severity, accumulating_priority.",
    ),
    "not a monday": (
        "extends: baseline\nrun:\n  start_date: 2026-01-06\n",
        "a.yaml:3:3: run.start_date = 2026-01-06 must be a Monday; the Monday of that week is 2026-01-05",
    ),
    "year beyond the calendar": (
        "extends: baseline\nrun:\n  start_date: 9999-12-27\n",
        "a.yaml:3:3: run.start_date = 9999-12-27 must be in the years 1900 to 2999",
    ),
    "year before the calendar": (
        "extends: baseline\nrun:\n  start_date: 0001-01-01\n",
        "a.yaml:3:3: run.start_date = 0001-01-01 must be in the years 1900 to 2999",
    ),
    "unknown group": (
        "extends: baseline\npathways:\n  low_intensity:\n    group: low_intensty\n",
        "a.yaml:4:5: pathways.low_intensity.group = low_intensty is not a staff group; did you mean low_intensity?",
    ),
    "misspelt group": (
        "extends: baseline\nworkforce:\n  high_intensty:\n    posts: 3\n",
        "a.yaml:3:3: workforce.high_intensty is not in what this extends; did you mean workforce.high_intensity?",
    ),
    "misspelt step": (
        "extends: baseline\nbureaucracy:\n  steps:\n    eligibilty: {delay_days: 3}\n",
        "a.yaml:4:5: bureaucracy.steps.eligibilty is not in what this extends; did you mean bureaucracy.steps.eligibility?",
    ),
    "new group without posts": (
        "extends: baseline\nworkforce:\n  counsellor:\n    salary: 40000\n",
        "a.yaml:4:5: workforce.counsellor.posts is missing: a new name under workforce needs it",
    ),
    "change without set": (
        "extends: baseline\nchanges:\n  - from: week 26\n",
        "a.yaml:3:5: a change needs `from:` (week 26, day 100 or a date) and `set:` (dotted path: value)",
    ),
    "change of a fixed thing": (
        "extends: baseline\nchanges:\n  - from: week 26\n    set: {run.weeks: 3}\n",
        "a.yaml:4:11: run.weeks is decided before the run begins and cannot change by date",
    ),
    "change of how results are read": (
        "extends: baseline\nchanges:\n  - from: week 26\n    set: {triage.anxiety_scale.reliable_change: 5}\n",
        "a.yaml:4:11: triage.anxiety_scale.reliable_change is decided before the run begins and cannot change by date",
    ),
    "change of who counts as a case": (
        "extends: baseline\nchanges:\n  - from: week 26\n    set: {triage.depression_scale.cut_off: 12}\n",
        "a.yaml:4:11: triage.depression_scale.cut_off is decided before the run begins and cannot change by date",
    ),
    "change of what a first contact is": (
        "extends: baseline\nchanges:\n  - from: week 26\n    set: {triage.assessment_is_first_contact: off}\n",
        "a.yaml:4:11: triage.assessment_is_first_contact is decided before the run begins and cannot change by date",
    ),
    "change of the currency": (
        "extends: baseline\nchanges:\n  - from: week 26\n    set: {funding.currency: GBP}\n",
        "a.yaml:4:11: funding.currency is decided before the run begins and cannot change by date",
    ),
    "reliable change of therapy": (
        "extends: baseline\ntherapy:\n  reliable_change: 5\n",
        "a.yaml:3:3: therapy.reliable_change is not a parameter; did you mean therapy.relapse_shape?",
    ),
    "change of nothing": (
        "extends: baseline\nchanges:\n  - from: week 26\n    set: {bureaucracy.levl: 3}\n",
        "a.yaml:4:11: bureaucracy.levl is not a parameter; did you mean bureaucracy.level?",
    ),
    "change of a whole table": (
        (
            "extends: baseline\n"
            "waiting: {patience: daily_table, patience_table: {3: 0.1}}\n"
            "changes:\n"
            "  - from: week 26\n"
            "    set: {waiting.patience_table: {3: 0.2}}\n"
        ),
        "a.yaml:5:11: waiting.patience_table holds several values; name one of them, such as waiting.patience_table.3",
    ),
    "session longer than a week": (
        (
            "extends: baseline\n"
            "pathways:\n"
            "  days: {group: high_intensity, from_score: 20, session_hours: 19}\n"
            "workforce:\n"
            "  high_intensity: {wte: 0.5}\n"
        ),
        "a.yaml:3:49: pathways.days.session_hours = 19 is longer than the week of a therapist of high_intensity, 18.75 hours",
    ),
    "change at no date": (
        "extends: baseline\nchanges:\n  - from: soon\n    set: {bureaucracy.level: 3}\n",
        "a.yaml:3:5: from: soon must be `week 26`, `day 100` or a date after the start, such as 2026-09-01",
    ),
    "change out of bounds": (
        "extends: baseline\nchanges:\n  - from: week 26\n    set: {bureaucracy.level: -1}\n",
        "a.yaml:4:11: bureaucracy.level = -1 must be between 0 and 20 (times).",
    ),
    "notice of no week": (
        "extends: baseline\nworkforce:\n  high_intensity:\n    notice_weeks: 0\n",
        "a.yaml:4:5: workforce.high_intensity.notice_weeks = 0 must be between 1 and 104 (weeks).",
    ),
    "span in hours": (
        "extends: baseline\ntriage:\n  notice_days: 3 hours\n",
        "a.yaml:3:3: triage.notice_days: 'hours' cannot be converted to 'days'",
    ),
    "nothing left to measure": (
        "extends: baseline\nrun:\n  weeks: 20\n  warm_up_weeks: 20\n",
        "a.yaml:4:3: run.warm_up_weeks = 20 leaves nothing to measure of a run of 140 days; make it shorter, or the run longer",
    ),
    "neither therapists nor places": (
        "extends: baseline\npathways:\n  group_room:\n    cap: 3\n",
        "a.yaml:4:5: pathways.group_room needs either a staff group (group: …) or a number of places (places: …)",
    ),
    "control character": (
        'extends: "base\\nline"\n',
        "a.yaml:1:1: extends: base\\nline is neither a shipped scenario nor a path that ends in .yaml; did you mean baseline?",
    ),
    "look-alike": (
        "extends: baseline\nd\u0435mand:\n  stigma: 0.1\n",
        "a.yaml:2:1: the key 'd\u0435mand' holds '\u0435', which is not an ASCII letter; it may only look like one",
    ),
    "a letter that cannot be seen": (
        "extends: baseline\ndemand:\n  stigma: 0.\x075\n",
        "a.yaml:3:13: the character U+0007 cannot be seen, and is not allowed; leave it out",
    ),
    "half a letter": (
        'extends: baseline\ntitle: "\\ud800"\n',
        "a.yaml:2:8: '\\ud800' is half a character, which no file or screen can hold; write the character itself",
    ),
    "a letter that there is none of": (
        'extends: baseline\ntitle: "\\U00110000"\n',
        "a.yaml:2:1: not YAML: chr() arg not in range(0x110000)",
    ),
    "another YAML": (
        "%YAML 1.9\n---\nextends: baseline\n",
        "a.yaml:1:1: not YAML: version minor part can only be 2 or 1, got (1, 9)",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one's own, as the working folder."""
    (tmp_path / "scenarios").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems(name: str) -> list[str]:
    """The lines that a file gets."""
    return [str(problem) for problem in check([name])]


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_gets_its_line(what: str, folder: Path) -> None:
    """Place, what is wrong and what would be right, on one line."""
    (folder / "folder.yaml").mkdir()
    (folder / "link.yaml").symlink_to("nowhere.yaml")
    text, line = BAD[what]
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    assert problems("a.yaml") == [line]


def test_all_problems_come_at_once_with_their_file(folder: Path) -> None:
    """Errors of a parent and of a child stand side by side, each with its own place."""
    (folder / "parent.yaml").write_text("extends: baseline\ndemand:\n  stigma: 2\n")
    (folder / "child.yaml").write_text("extends: parent.yaml\nbureaucracy:\n  levl: 1\n  admin_posts: many\n")
    assert [line.split(" ")[0] for line in problems("child.yaml")] == [
        "parent.yaml:3:3:",
        "child.yaml:3:3:",
        "child.yaml:4:3:",
    ]


def test_a_circle_of_files_is_named(folder: Path) -> None:
    """`extends` that comes back to where it began names the files of the circle."""
    (folder / "a.yaml").write_text("extends: b.yaml\n")
    (folder / "b.yaml").write_text("extends: a.yaml\n")
    assert problems("a.yaml") == ["b.yaml:1:1: extends goes in a circle: a.yaml → b.yaml → a.yaml"]


def test_links_do_not_lead_out_of_the_project(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link to a file elsewhere is refused as the path itself would be."""
    outside = tmp_path_factory.mktemp("elsewhere") / "outside.yaml"
    outside.write_text("title: elsewhere\n")
    (folder / "inside.yaml").symlink_to(outside)
    (folder / "a.yaml").write_text("extends: inside.yaml\n")
    assert problems("a.yaml") == ["a.yaml:1:1: extends: inside.yaml leaves the project's folder"]


def test_a_file_named_without_its_ending_is_asked_for(folder: Path) -> None:
    """`new town` writes town.yaml, and `run town` is soon typed: the file of that name is meant.

    It is preferred to a shipped name that is near, also in `extends`.
    """
    (folder / "basline.yaml").write_text("extends: baseline\n")
    (folder / "below").mkdir()
    (folder / "below" / "town.yaml").write_text("extends: baseline\n")
    (folder / "asked.yaml").write_text("extends: below/town\n")
    assert problems("basline") == [
        "basline: is neither a shipped scenario nor a .yaml file; did you mean basline.yaml?"
    ]
    assert problems("below/town") == [
        "below/town: is neither a shipped scenario nor a .yaml file; did you mean below/town.yaml?"
    ]
    assert problems("asked.yaml") == [
        "asked.yaml:1:1: extends: below/town is neither a shipped scenario nor a path that ends in .yaml; did you mean below/town.yaml?"
    ]


def test_what_is_no_file_is_refused_in_one_line(folder: Path) -> None:
    """A folder, a missing file, a pipe, a link to itself, a name too long, a NUL, another ending."""
    (folder / "folder.yaml").mkdir()
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "other.txt").write_text("extends: baseline\n")
    os.mkfifo(folder / "pipe.yaml")
    long = "x" * 300 + ".yaml"
    told = {
        name: problems(name)
        for name in (
            "folder.yaml",
            "",
            " ",
            "basline",
            "scenarios/none.yaml",
            "pipe.yaml",
            "loop.yaml",
            "other.txt",
            long,
            "a\0.yaml",
        )
    }
    assert all(len(lines) == 1 and "\n" not in lines[0] for lines in told.values()), told
    assert told["folder.yaml"] == ["folder.yaml: is a folder; name a .yaml file in it"]
    assert told[""] == ['scenario: "" is not a name; name one that is shipped, or a path to a .yaml file']
    assert told[" "] == ['scenario: " " is not a name; name one that is shipped, or a path to a .yaml file']
    assert told["basline"] == ["basline: is neither a shipped scenario nor a .yaml file; did you mean baseline?"]
    assert told["pipe.yaml"] == ["pipe.yaml: is not a regular file"]
    assert told["other.txt"] == ["other.txt: must end in .yaml"]
    assert told[long][0].endswith("cannot be read: file name too long")


def test_files_of_other_encodings_and_sizes_are_refused(folder: Path) -> None:
    """Not UTF-8, or larger than a scenario can sensibly be; a byte-order mark and Windows line ends are fine."""
    (folder / "latin.yaml").write_bytes("extends: baseline\ntitle: café\n".encode("latin-1"))
    (folder / "large.yaml").write_text("#" * (LARGEST_FILE + 1))
    (folder / "windows.yaml").write_bytes(b"\xef\xbb\xbfextends: baseline\r\ntitle: Town\r\n")
    assert problems("latin.yaml") == ["latin.yaml:2:1: is not UTF-8; save as UTF-8"]
    assert problems("large.yaml") == [
        "large.yaml: is larger than 1 MB; a scenario says only what differs from its parent"
    ]
    assert load("windows.yaml").title == "Town"
    assert DEEPEST == 40


# -- what a good file says


def written(folder: Path, text: str) -> accesssim.Scenario:
    """A scenario of this text."""
    (folder / "mine.yaml").write_text("extends: baseline\n" + text)
    return load("mine.yaml")


def test_units_are_converted(folder: Path) -> None:
    """A number in another unit of the same kind arrives in the declared one."""
    scenario = written(
        folder,
        "bureaucracy:\n  hours_per_session: {value: 15, unit: minutes}\nwaiting:\n  patience_median_days: 26 weeks\ndemand:\n  stigma: 30 %\n",
    )
    assert scenario.parameters.bureaucracy.hours_per_session == 0.25
    assert scenario.parameters.waiting.patience_median_days == 182
    assert scenario.parameters.demand.stigma == pytest.approx(0.3)


IN_GBP = "extends: baseline\nfunding:\n  annual_budget: {value: 200000, unit: £ per year}\n"
#: Text of a file, of its child where it has one, and the place of the amount or of the currency, whichever came last.
ANOTHER_CURRENCY = {
    "an amount": (
        "extends: baseline\nfunding: {annual_budget: {value: 200000, unit: USD per year}}\n",
        None,
        "a.yaml:2:11: funding.annual_budget is given in USD, and funding.currency is GBP",
    ),
    "the currency": (
        IN_GBP,
        "extends: a.yaml\nfunding:\n  currency: EUR\n",
        "b.yaml:3:3: funding.annual_budget is given in GBP, and funding.currency is EUR",
    ),
    "both": (
        "extends: baseline\nfunding:\n  currency: SEK\n  session_cost: {value: 9, unit: CHF}\n",
        None,
        "a.yaml:4:3: funding.session_cost is given in CHF, and funding.currency is SEK",
    ),
    "later": (
        IN_GBP,
        "extends: a.yaml\nchanges:\n  - from: week 4\n    set:\n      funding.annual_budget: {value: 2, unit: EUR a year}\n",
        "b.yaml:5:7: funding.annual_budget is given in EUR",
    ),
    "evidence": (
        "extends: baseline\nfunding:\n  currency: EUR\n  session_cost: {evidence: cost.session_low_intensity_gbp}\n",
        None,
        "a.yaml:4:3: funding.session_cost is given in GBP",
    ),
    "no currency": (
        "extends: baseline\nfunding:\n  currency: pounds\n",
        None,
        "a.yaml:3:3: funding.currency = pounds must be three capital letters, such as GBP",
    ),
}


@pytest.mark.parametrize("what", ANOTHER_CURRENCY)
def test_money_of_another_currency_is_not_taken_as_ones_own(what: str, folder: Path) -> None:
    """An amount whose unit names a currency must be in that of the scenario, whichever of the two was given last."""
    text, child, told = ANOTHER_CURRENCY[what]
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    (folder / "b.yaml").write_text(child or "extends: a.yaml\n", encoding="utf-8")
    assert any(line.startswith(told) for line in problems("b.yaml" if child else "a.yaml"))


def test_any_currency_may_be_a_scenarios_own(folder: Path) -> None:
    """Where every amount that names one names that; a call is told by its own name."""
    mine = written(
        folder, "funding: {annual_budget: {value: 2e6, unit: GBP per year}, session_cost: {value: 9, unit: gbp}}\n"
    )
    assert (mine.parameters.funding.annual_budget, mine.parameters.funding.session_cost) == (2e6, 9)
    with pytest.raises(
        ScenarioError, match=r"^replace: workforce\.low_intensity\.salary is given in GBP, and funding\.currency is SEK"
    ):
        mine.replace({"funding.currency": "SEK"})
    with pytest.raises(ScenarioError, match=r"cannot be converted to 'hours'"):
        mine.replace({"bureaucracy.hours_per_session": {"value": 3, "unit": "SEK"}})


def test_a_notebook_shows_what_a_scenario_is(folder: Path) -> None:
    """In a line, and as a small table in which a title is text."""
    scenario = written(
        folder, "title: <script>alert(1)</script>\nchanges: [{from: day 30, set: {bureaucracy.level: 2}}]\n"
    )
    assert repr(scenario).startswith("<Scenario mine: ")
    assert f"1 dated change, digest {scenario.digest()[:12]}>" in repr(scenario)
    assert len(repr(scenario)) < 120
    shown = scenario._repr_html_()
    assert "<script>" not in shown
    assert "<th>dated changes</th><td>day 30</td>" in shown
    assert len(shown) < 2000


def test_source_and_place_of_each_value_are_kept(folder: Path) -> None:
    """A value knows its source, quality, range, and the line that gave it, also through inheritance."""
    scenario = written(
        folder,
        "bureaucracy:\n  hours_per_session: {value: 0.2, low: 0.1, high: 0.3, source: own diary, quality: measured}\n",
    )
    ours = scenario.provenance["bureaucracy.hours_per_session"]
    assert (ours.source, ours.quality, ours.low, ours.high, ours.place) == (
        "own diary",
        "measured",
        0.1,
        0.3,
        "mine.yaml:3:3",
    )
    inherited = scenario.provenance["therapy.dropout_per_session"]
    assert inherited.place.startswith("scenarios/baseline.yaml:")
    assert inherited.source
    assert {row["path"] for row in describe(scenario)} == set(scenario.provenance)


def test_values_that_come_into_force_later_are_described_with_their_day_and_source(folder: Path) -> None:
    """They stand after those of day 0, each with its own place; what changes on day 0 stands there already.

    A cut by date was not to be seen in what `show` says of it.
    """
    changes = """changes:
  - {from: day 0, set: {demand.stigma: 0.1}}
  - from: week 2
    set:
      demand.stigma: {value: 0.2, source: a campaign, quality: measured}
      bureaucracy.hours_per_session: {value: 6, unit: minutes}
  - {from: week 4, set: {demand.stigma: 0.3}}
"""
    scenario = written(folder, changes)
    rows = describe(scenario)
    assert {row["path"]: row["value"] for row in rows}["demand.stigma"] == 0.1
    later = [
        (row["path"], row["value"], row["unit"], row["source"], row["quality"])
        for row in rows[len(scenario.provenance) :]
    ]
    assert later == [
        ("from day 14: demand.stigma", 0.2, "share", "a campaign", "measured"),
        ("from day 14: bureaucracy.hours_per_session", 0.1, "hours", "", "assumed"),
        ("from day 28: demand.stigma", 0.3, "share", "", "assumed"),
    ]
    assert rows[-1]["place"].startswith("mine.yaml:8:")


def test_cards_say_what_their_files_hold() -> None:
    """Shares of people and posts of the three towns, and how much longer the lists are, worked out from the values."""
    file = Path(accesssim.__file__).parent.parent / "scenarios" / "pooled_sites.yaml"
    card = " ".join(file.read_text(encoding="utf-8").replace("\n#", " ").split())
    teams = load("pooled_sites").parameters.teams
    posts = {name: sum(team.posts.values()) for name, team in teams.items()}
    shares = {
        name: (round(100 * team.share), round(100 * posts[name] / sum(posts.values()))) for name, team in teams.items()
    }
    assert (
        "the north has {} % of the people and {} % of the posts, the south {} % and {} %.".format(
            *shares["north"], *shares["south"]
        )
        in card
    )
    backlog, before = (load(name).parameters.initial for name in ("clear_the_backlog", "baseline"))
    # The card says three times, in round numbers.
    assert sum(backlog.waiting.values()) / sum(before.waiting.values()) == pytest.approx(3, abs=0.1)
    # And half as long again.
    assert backlog.awaiting_assessment / before.awaiting_assessment == pytest.approx(1.5, abs=0.1)


IN_EUROS = (
    "funding: {currency: EUR, crisis_contact_cost: 400}\n"
    "workforce: {low_intensity: {salary: 45000}, high_intensity: {salary: 60000}}\n"
)


def test_an_amount_is_shown_in_its_currency(folder: Path) -> None:
    """`show` says EUR per year where the scenario counts in EUR, not money per year."""
    units = {row["path"]: row["unit"] for row in describe(written(folder, IN_EUROS))}
    assert units["funding.annual_budget"] == "EUR per year"
    assert units["funding.crisis_contact_cost"] == "EUR"
    assert not any(unit.startswith("money") for unit in units.values())


def test_a_child_says_only_what_differs(folder: Path) -> None:
    """`differences` is the file, and nothing else; an empty change of a title is the same scenario."""
    scenario = written(folder, "demand:\n  stigma: 0.1\n")
    assert [difference.path for difference in scenario.differences(load("baseline"))] == ["demand.stigma"]
    assert written(folder, "title: another\n") == load("baseline")
    assert written(folder, "title: another\n").digest() == load("baseline").digest()


MISFITS = {
    "group that cannot begin": (
        "pathways:\n  high_intensity: {seats: 4, least_to_begin: 5}\n",
        "a.yaml:3:20: pathways.high_intensity begins with 5 people and has 4 seats",
    ),
    "staff take from no list": (
        "pathways:\n  high_intensity: {takes_from: [low_intensity]}\n",
        "a.yaml:3:20: pathways.high_intensity is given by a staff group; takes_from: is for places",
    ),
    "by a change": (
        (
            "changes:\n"
            "  - from: week 3\n"
            "    set: {pathways.high_intensity.seats: 2}\n"
            "  - from: week 4\n"
            "    set:\n"
            "      pathways.high_intensity.least_to_begin: 3\n"
        ),
        "a.yaml:7:7: pathways.high_intensity begins with 3 people and has 2 seats",
    ),
    "what the parent had is not told": (
        "pathways:\n  unit: {stay: {most_days: 5}}\n",
        "a.yaml:3:17: pathways.unit.stay is always 60 days, which is not between least_days and most_days",
    ),
    "shares of parent and child": (
        "pathways:\n  unit: {then: {high_intensity: 0.6}}\n",
        "a.yaml:3:17: pathways.unit hands on shares that add up to 1.3; they must not add up to more than 1",
    ),
    "shares by a change": (
        "changes:\n  - from: week 3\n    set: {pathways.unit.then.high_intensity: 1}\n",
        "a.yaml:4:11: pathways.unit hands on shares that add up to 1.7; they must not add up to more than 1",
    ),
    "both kinds of capacity": (
        "pathways:\n  unit:\n    cap: 3\n    group: high_intensity\n",
        "a.yaml:5:5: pathways.unit needs either a staff group (group: …) or a number of places (places: …)",
    ),
    "home teams": (
        "teams:\n  north: {share: 0.7}\n",
        "a.yaml:3:11: teams have shares that add up to 1.2; everybody needs one home team, so they must add up to 1",
    ),
    "a team called as a pathway": (
        "teams:\n  south: {share: 0.3}\n  unit: {share: 0.2}\n",
        (
            "a.yaml:4:10: teams.unit is also what a group of staff or people, or a pathway, is called; measures by "
            "team would be mistaken for theirs, so call it otherwise"
        ),
    ),
}


@pytest.mark.parametrize("what", MISFITS)
def test_what_does_not_fit_together_is_told_where_it_was_given_last(what: str, folder: Path) -> None:
    """In the child and not in its parents, in the change and not in what it changes, and at the value rather than at its section."""
    (folder / "b.yaml").write_text(
        "extends: baseline\npathways:\n  unit: {places: 3, then: {low_intensity: 0.7}}\nteams: {north: {share: 0.5}, south: {share: 0.5}}\n",
        encoding="utf-8",
    )
    text, line = MISFITS[what]
    (folder / "a.yaml").write_text("extends: b.yaml\n" + text, encoding="utf-8")
    assert problems("a.yaml") == [line]


IDLE = {
    "a spread without a law": (
        "stay: {mean_days: 20, sd_days: 15}",
        "sd_days does nothing where pathways.unit.stay.law = fixed; that takes mean_days: leave this out, or choose another law",
    ),
    "the mean of a Pareto": (
        "stay: {law: generalised_pareto, mean_days: 20, shape: 0.2}",
        "mean_days does nothing where pathways.unit.stay.law = generalised_pareto; that takes scale_days and shape",
    ),
    "parts of no mixture": (
        "stay: {law: gamma, parts: {a: {share: 1, mean_days: 3}}}",
        "parts.a.share does nothing where pathways.unit.stay.law = gamma",
    ),
    "a gap at random": (
        "arrivals: {law: poisson, per_week: 3, gap: {mean_days: 2}}",
        "gap.mean_days does nothing where pathways.unit.arrivals.law = poisson; gaps are of law: renewal",
    ),
    "a table nobody reads": (
        "patience_table: {3: 1}",
        "patience_table.3 does nothing where waiting.patience = log_logistic; write patience: daily_table, or leave this out",
    ),
    "a daily chance of another law": (
        "patience: daily_table, patience_table: {3: 1}, patience_daily: 0.5",
        "patience_daily does nothing where pathways.unit.patience = daily_table; write patience: daily",
    ),
}


@pytest.mark.parametrize("what", IDLE)
def test_what_nothing_looks_at_is_refused(what: str, folder: Path) -> None:
    """A value that the choices of the same file leave without effect says so, with its place."""
    text, line = IDLE[what]
    (folder / "a.yaml").write_text(f"extends: baseline\npathways:\n  unit: {{places: 3, {text}}}\n", encoding="utf-8")
    found = problems("a.yaml")
    assert line in found[0]
    assert all(problem.startswith("a.yaml:3:") for problem in found)


def test_a_child_may_choose_otherwise(folder: Path) -> None:
    """What its parent said of the other choice need not be taken back; what it says itself of its parent's choice has to fit."""
    (folder / "b.yaml").write_text(
        "extends: baseline\npathways:\n  unit: {places: 3, stay: {law: gamma, mean_days: 20, sd_days: 9}}\n",
        encoding="utf-8",
    )
    (folder / "a.yaml").write_text("extends: b.yaml\npathways:\n  unit: {stay: {law: exponential}}\n", encoding="utf-8")
    (folder / "c.yaml").write_text("extends: a.yaml\npathways:\n  unit: {stay: {sd_days: 4}}\n", encoding="utf-8")
    assert problems("a.yaml") == []
    assert problems("c.yaml") == [
        (
            "c.yaml:3:17: pathways.unit.stay.sd_days does nothing where pathways.unit.stay.law = exponential; that "
            "takes mean_days: leave this out, or choose another law"
        )
    ]


def test_weeks_make_way_for_days_only_where_both_are_given_together(folder: Path) -> None:
    """A child or a call that asks for weeks gets them, though its parent's length is in days."""
    (folder / "b.yaml").write_text("extends: baseline\nrun: {days: 30}\n", encoding="utf-8")
    (folder / "a.yaml").write_text("extends: b.yaml\nrun: {weeks: 10}\n", encoding="utf-8")
    (folder / "c.yaml").write_text("extends: b.yaml\nrun: {weeks: 10, days: 20}\n", encoding="utf-8")
    assert [load(f"{name}.yaml").parameters.run.days for name in "bac"] == [30, None, 20]
    assert load("b.yaml").replace({"run.weeks": 8}).parameters.run.days is None


def test_policy_is_a_function_of_the_date(folder: Path) -> None:
    """Changes come into force on their day; a child's on top of its parent's; a date counts from the start that the child sets."""
    (folder / "parent.yaml").write_text(
        "extends: baseline\nchanges:\n  - from: 2026-02-02\n    set: {bureaucracy.level: 2}\n  - from: day 0\n    set: {bureaucracy.admin_posts: 5}\n"
    )
    (folder / "child.yaml").write_text(
        "extends: parent.yaml\n"
        "run: {start_date: 2026-01-26}\n"
        "changes:\n"
        "  - from: week 2\n"
        "    set: {bureaucracy.level: 3}\n"
        "  - from: week 4\n"
        "    set: {demand.stigma: 0.1}\n"
    )
    parent, child = load("parent.yaml"), load("child.yaml")
    assert [parent.in_force(day).bureaucracy.level for day in (0, 27, 28, 700)] == [1, 1, 2, 2]
    assert [child.in_force(day).bureaucracy.level for day in (0, 6, 7, 13, 14, 700)] == [1, 1, 2, 2, 3, 3]
    assert child.change_days == (7, 14, 28)
    assert child.in_force(0).bureaucracy.admin_posts == 5
    assert child.replace({"bureaucracy.admin_posts": 1}).in_force(0).bureaucracy.admin_posts == 1


def test_replacing_takes_only_what_is_there() -> None:
    """A misspelt group in a setting does not make a second group."""
    with pytest.raises(
        ScenarioError,
        match=r"^replace: workforce.high_intensty.posts is not in this scenario; did you mean workforce.high_intensity.posts\?$",
    ):
        load("baseline").replace({"workforce.high_intensty.posts": 3})


def test_a_section_or_a_table_is_not_mistaken_for_a_slip() -> None:
    """Its name is right: it is one of its values that must be named."""
    with pytest.raises(ScenarioError) as refused:
        load("baseline").replace({"waiting.patience_table": {"3": 0.1}, "bureaucracy": 3})
    assert str(refused.value).splitlines() == [
        "replace: waiting.patience_table holds several values; give them in a scenario file",
        "replace: bureaucracy holds several values; name one of them, such as bureaucracy.level",
    ]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda _: load(3), "load: 3 must be the name of a scenario or a path to one"),
        (lambda _: load(None), "load: None must be the name of a scenario"),
        (lambda _: load(["a"]), "load: ['a'] must be the name of a scenario"),
        (lambda baseline: baseline.replace(None), "replace: None must be a mapping of dotted paths"),
        (
            lambda baseline: baseline.replace([("bureaucracy.level", 1)]),
            "replace: [('bureaucracy.level', 1)] must be a mapping of dotted paths",
        ),
        (lambda baseline: baseline.replace({1: 2}), "replace: 1 is not a dotted path, such as bureaucracy.level"),
        (lambda baseline: baseline.differences(3), "differences: 3 is not a scenario; load one"),
        (lambda baseline: baseline.in_force("x"), "in_force: day = x must be a whole number of days"),
        (lambda baseline: baseline.in_force(None), "in_force: day = nothing must be a whole number of days"),
    ],
)
def test_what_no_scenario_can_be_asked_is_refused_by_name(asked: Callable[[Scenario], object], told: str) -> None:
    """In words, with the name of the call."""
    with pytest.raises(ScenarioError) as refused:
        asked(load("baseline"))
    assert str(refused.value).startswith(told)


def test_nothing_in_a_scenario_changes(folder: Path) -> None:
    """Settings, dated changes and sources can be read only, and a scenario comes out of a pickle as it went in, as little to be changed."""
    (folder / "cut.yaml").write_text(
        "extends: baseline\nchanges: [{from: week 4, set: {funding.annual_budget: 2.0e6}}]\n", encoding="utf-8"
    )
    scenario = load(folder / "cut.yaml")
    for held in (scenario, pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario)):
        assert held == scenario
        assert held.digest() == scenario.digest()
        assert held.replace({"bureaucracy.level": 2.0}) == scenario.replace({"bureaucracy.level": 2.0})
        for values in (held.settings, held.dated[0][1], held.provenance):
            with pytest.raises(TypeError):
                values["bureaucracy.level"] = 3
            assert not hasattr(values, "pop")


@pytest.mark.parametrize("copied", [lambda held: held, lambda held: pickle.loads(pickle.dumps(held)), copy.deepcopy])
def test_nothing_that_is_declared_by_name_changes(copied: Callable[[Scenario], Scenario]) -> None:
    """Nor can a pathway, a staff group or a share be put in or taken out of what is in force, by whatever a dictionary has for it."""
    held = copied(load("baseline"))
    now = held.parameters
    changes: list[Callable[[], object]] = [
        lambda: now.workforce.pop("low_intensity"),
        now.workforce.clear,
        lambda: now.pathways.update(other=3),
        lambda: now.teams.setdefault("north", 3),
        lambda: now.pathways["low_intensity"].then.__setitem__("high_intensity", 1.0),
        lambda: now.initial.waiting.__delitem__("low_intensity"),
        now.workforce.popitem,
    ]
    for change in changes:
        with pytest.raises(TypeError, match=r"^nothing in a scenario changes; make another with scenario\.replace"):
            change()
    assert held == load("baseline")
    assert Scenario(held.name, held.title, held.settings).parameters == now


def test_switches_read_as_yaml_1_2_reads_them(folder: Path) -> None:
    """`off` is a word in YAML 1.2; a switch takes it, a number does not."""
    assert written(folder, "loops:\n  giving_up: off\n").parameters.loops.giving_up is False
    assert written(folder, "run:\n  start_date: 2026-02-02\n").parameters.run.start_date == datetime.date(2026, 2, 2)


@pytest.mark.parametrize("start", ["1900-01-01", "2999-12-30"])
def test_every_day_that_can_be_told_of_is_in_the_calendar(folder: Path, start: str) -> None:
    """The first and the last start leave room for the earliest and the latest day that a journal can hold."""
    parameters = written(folder, f"run: {{start_date: {start}, days: 245000}}\n").parameters
    assert parameters.run.start_date.isoformat() == start
    assert all(1 <= day_of_year(parameters, day) <= 366 for day in (EARLIEST_DAY, LATEST_DAY))


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_every_shipped_scenario_is_valid_and_opens_with_its_card(name: str) -> None:
    """What it is, what it can answer, what not."""
    load(name)
    text = (Path(accesssim.__file__).parent.parent / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    card = [line for line in text.splitlines() if line.startswith("#")]
    assert all(
        any(line.startswith(f"# {heading}") for line in card)
        for heading in ("What it is", "What it answers", "What it cannot")
    )


def test_the_schema_knows_every_form_of_a_value() -> None:
    """Bare, with a source, from the evidence table, as a span, as a switch: an editor underlines none of them."""
    schema = json_schema()
    level = schema["$defs"]["Bureaucracy"]["properties"]["level"]
    assert {"$ref": "#/$defs/SourcedValue"} in level["anyOf"]
    assert {"$ref": "#/$defs/EvidenceKey"} in level["anyOf"]
    assert any(form.get("pattern") for form in level["anyOf"])
    assert {"enum": ["on", "off"]} in schema["$defs"]["Loops"]["properties"]["giving_up"]["anyOf"]
    assert {"extends", "title", "changes", "demand"} <= set(schema["properties"])
    json.dumps(schema)


def test_numbers_of_numpy_replace() -> None:
    """As plain ones do."""
    changed = load("baseline").replace(
        {"run.weeks": np.int64(4), "triage.assess": np.bool_(False), "bureaucracy.level": np.float64(0.5)}
    )
    assert (
        changed.digest()
        == load("baseline").replace({"run.weeks": 4, "triage.assess": False, "bureaucracy.level": 0.5}).digest()
    )

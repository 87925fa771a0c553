"""A finished journal is kept in few bytes, and says exactly what was written."""

import hashlib
import pickle
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import accesssim
from accesssim.clinic.service import simulate
from accesssim.world.checking.declared import declaration
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Header, Journal, Rows, Writer
from accesssim.world.limits import EARLIEST_DAY, LATEST_DAY, MOST_PEOPLE, MOST_POINTS, MOST_POSTS
from tests.clinics import small

HEADER: Header = simulate(
    accesssim.load("baseline").replace({"run.days": 1, "demand.needs_per_week": 0.0, "initial.state": "empty"}), seed=1
).header
VALUES = [
    0.0,
    -0.0,
    1.0,
    65535.0,
    65536.0,
    2.0**32 - 1.0,
    2.0**32,
    2.0**60,
    -1.0,
    0.5,
    27.3,
    5e-324,
    float("inf"),
    float("-inf"),
    float("nan"),
]


def written(rows: list[tuple[int, int, int, int, float]]) -> tuple[Writer, Journal]:
    """The rows in an open journal, and finished."""
    writer = Writer()
    for row in rows:
        writer.note(*row)
    return writer, Journal([Rows(HEADER, writer.keys, writer.values)])


def drawn(
    people: int, posts: int, kinds: int, seed: int = 1, rows: int = 500
) -> list[tuple[int, int, int, int, float]]:
    """Rows at random, the extremes of each column among them."""
    luck = np.random.default_rng(seed)
    days = [
        EARLIEST_DAY,
        LATEST_DAY,
        *luck.integers(EARLIEST_DAY, LATEST_DAY, rows // 2).tolist(),
        *[7] * (rows - rows // 2 - 2),
    ]
    events = luck.integers(0, 64, rows)
    columns = (
        days,
        events.tolist(),
        [people - 1, *luck.integers(0, people, rows - 1).tolist()],
        [posts - 1, *luck.integers(-1, posts, rows - 1).tolist()],
        [VALUES[int(luck.integers(0, event % kinds + 1))] for event in events],
    )
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("people", [1, 300, 1 << 16, 1 << 24, MOST_PEOPLE])
@pytest.mark.parametrize("posts", [0, 200, MOST_POSTS])
@pytest.mark.parametrize("kinds", [1, 4, len(VALUES)])
def test_every_row_comes_back(people: int, posts: int, kinds: int) -> None:
    """All columns, to the last bit; so does the digest of the rows as they were written, and so after pickling."""
    rows = drawn(people, posts, kinds)
    writer, journal = written(rows)
    assert len(journal) == len(rows)
    for number, column in enumerate((journal.day, journal.event, journal.person, journal.post)):
        assert column.dtype == np.int64
        assert column.tolist() == [row[number] for row in rows]
    assert journal.value.tobytes() == writer.values.tobytes()
    plain = np.array(writer.keys, dtype="<u8").tobytes() + np.array(writer.values, dtype="<f8").tobytes()
    assert journal.digest() == hashlib.sha256(plain).hexdigest()
    assert pickle.loads(pickle.dumps(journal)).digest() == journal.digest()


def test_phases_of_a_table_are_in_the_order_of_a_day() -> None:
    """Also those in which nothing happened, so that tables can be sorted by them and put side by side."""
    _, journal = written([(3, Event.REFERRED, 1, 0, 0.0), (3, Event.ON_LEAVE, 0, 0, 0.0)])
    phase = journal.to_frame()["phase"]
    assert phase.cat.ordered
    assert list(phase.cat.categories) == ["changes", "staff", "sessions", "starts", "withdrawals", "referrals", "close"]
    assert list(phase.sort_values()) == ["staff", "referrals"]


def test_a_notebook_shows_which_run_a_journal_is() -> None:
    """In a line, and as a small table in which a name is text."""
    _, journal = written([(3, Event.REFERRED, 1, 0, 0.0)])
    assert repr(journal) == "<Journal of baseline: 1 row, seed 1, replication 0>"
    assert "<th>scenario</th><td>baseline</td>" in journal._repr_html_()
    journal.header = replace(HEADER, scenario="<b>")
    assert "<b>" not in journal._repr_html_()


def test_arrays_of_an_engine_are_taken_as_they_are() -> None:
    """Raw keys and values may be numpy's: the same journal."""
    writer, journal = written(drawn(1000, 20, 4))
    assert Journal([Rows(HEADER, np.array(writer.keys, dtype=np.uint64), np.array(writer.values))]) == journal


def test_it_does_not_matter_where_rows_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed a few at a time: the same columns, digest and journal."""
    writer, journal = written(drawn(1000, 20, 4))
    monkeypatch.setattr("accesssim.world.journal.journal.PACKED_AT_ONCE", 37)
    _, cut = written(drawn(1000, 20, 4))
    assert cut == journal
    assert cut.digest() == journal.digest()
    assert cut.day.tolist() == journal.day.tolist()
    assert cut.value.tobytes() == writer.values.tobytes()


def test_every_score_of_a_scale_comes_back() -> None:
    """The highest score that a scenario may give a scale has a place of its own among the four of a row."""
    for name in ("depression_scale", "anxiety_scale"):
        assert declaration(f"triage.{name}.highest").high == MOST_POINTS
    for scores in product((0, 1, MOST_POINTS), repeat=4):
        packed = int(codes.scores(*scores))
        read = (codes.depression, codes.anxiety, codes.natural_depression, codes.natural_anxiety)
        assert tuple(one(packed) for one in read) == scores


def test_a_journal_without_rows() -> None:
    """Nothing is kept, and nothing read."""
    writer, journal = written([])
    assert (
        len(journal)
        == len(journal.day)
        == len(journal.event)
        == len(journal.person)
        == len(journal.post)
        == len(journal.value)
        == 0
    )
    assert journal.digest() == hashlib.sha256(b"").hexdigest()
    assert journal == Journal([Rows(HEADER, writer.keys, writer.values)])


def test_it_takes_few_bytes() -> None:
    """Less than two thirds of the sixteen bytes a row in which it is written, for a year of the baseline."""
    journal = simulate(accesssim.load("baseline").replace({"run.weeks": 52}), seed=1)
    assert len(pickle.dumps(journal)) - len(pickle.dumps(HEADER)) < 2 * 16 * len(journal) / 3
    assert journal.nbytes < 2 * 16 * len(journal) / 3


def test_an_event_log_for_animations() -> None:
    """Every referral arrives once, uses therapists one at a time, and departs after everything else; posts are the journal's."""
    journal = simulate(small(run__weeks=20), seed=1)
    log = journal.to_vidigi()
    assert list(log.columns) == ["entity_id", "pathway", "event_type", "event", "time", "resource_id"]
    arrivals = log[log["event"] == "arrival"]
    assert len(arrivals) == arrivals["entity_id"].nunique() == (journal.event == Event.REFERRED).sum()
    starts, ends = (log[log["event_type"] == kind] for kind in ("resource_use", "resource_use_end"))
    assert len(starts) == np.isin(journal.event, (Event.STARTED, Event.TRANSFERRED)).sum()
    assert len(starts) >= len(ends) > 0
    assert (log.groupby("entity_id")["time"].diff().dropna() >= 0).all()
    assert set(starts["pathway"]) == {"low_intensity", "high_intensity"}

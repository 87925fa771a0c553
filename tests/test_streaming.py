"""Measured piece by piece, a run has the measures that it has whole, to the last bit, wherever it is cut."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import accesssim
from accesssim.clinic import engines, service
from accesssim.clinic.compiled import engine as compiled
from accesssim.study.measuring import referrals
from accesssim.study.measuring.person_by_person import People, people, table
from accesssim.study.measuring.statistics import measure, measures_of
from accesssim.study.measuring.stream import Reads, Stream, tally
from accesssim.study.measuring.weeks import weekly, weeks_of
from accesssim.study.running import one_pass
from accesssim.study.running.plan import Shard
from accesssim.study.running.shard import Task, work
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Rows
from tests.clinics import SHIPPED, small
from tests.test_networks import MIXED, network

HANDED_ON = "  first: {places: 4, stay: {mean_days: 10}, then: {therapy: 0.5}}\n  therapy: {places: 30, stay: {mean_days: 60}, then: {first: 0.2}}\n"
READERS: list[Reads] = [referrals.Reader, one_pass.Reader]
CASES = {
    "years": small(run__weeks=200, run__warm_up_weeks=10),  # relapses are followed for a year
    "teams": small("pooled_sites", run__weeks=40, run__warm_up_weeks=5),
    "groups": small("groups_first", run__weeks=40),
    "network": network(HANDED_ON, **MIXED),
    "nobody": small(demand__referrals_per_week=0.0, initial__state="empty"),
}


def cut(rows: Rows, days: Iterable[int]) -> Iterator[Rows]:
    """Rows in pieces: a new one begins with each of some days."""
    begins = np.searchsorted(np.maximum.accumulate(rows.day), sorted(days)).tolist()
    for first, until in pairwise([0, *begins, len(rows)]):
        yield Rows(rows.header, rows.keys[first:until], rows.value[first:until])


def held(pieces: Iterable[Rows], whole: Rows) -> None:
    """Hold the measures and the table of weeks of pieces to those of the whole: by compiled code, and by numpy alone."""
    pieces = [Rows(piece.header, piece.keys.copy(), piece.value.copy()) for piece in pieces]
    for reads in READERS:
        counted = tally(pieces, (found := People()).take, reads=reads)
        assert repr(measures_of(counted)) == repr(measure(whole))
        pd.testing.assert_frame_equal(weeks_of(counted), weekly(whole), check_exact=True)
        everybody = table([found.columns(whole.header)], whole.header.teams)
        pd.testing.assert_frame_equal(everybody, people(whole), check_exact=True)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name: str) -> None:
    """Each for 20 weeks or so many days, cut every day and every 30."""
    rows = compiled.rows(
        accesssim.load(name).replace({"run.weeks": 20, "run.days": None, "run.warm_up_weeks": 3}), seed=1
    )
    for every in (1, 30):
        held(cut(rows, range(every, 140, every)), rows)


@pytest.mark.parametrize("name", CASES)
def test_what_goes_on_for_long(name: str) -> None:
    """Relapses, step-ups, stays in several places, transfers: cut every week and in the middle, and as the compiled engine hands out its rows."""
    rows = compiled.rows(CASES[name], seed=2)
    held(cut(rows, range(7, rows.header.days, 7)), rows)
    held(cut(rows, [rows.header.days // 2]), rows)
    held(engines.pieces(CASES[name], seed=2, engine="fast", most=2000), rows)


def test_relapses_are_found() -> None:
    """The long run has some to follow, else it would prove nothing."""
    assert 0.0 < measure(compiled.rows(CASES["years"], seed=2))["relapsed_within_12_months_share"] < 1.0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(days=st.sets(st.integers(1, 400), max_size=12), name=st.sampled_from(["years", "network"]))
def test_any_cut(days: set[int], name: str) -> None:
    """Wherever it is cut, by either engine's rows; a piece may be a day or have no rows at all."""
    rows = by_simpy(name)
    held(cut(rows, days), rows)


@lru_cache
def by_simpy(name: str) -> Rows:
    """Rows of SimPy's engine."""
    return service.rows({"years": small(run__weeks=70), "network": CASES["network"]}[name], seed=3)


@pytest.mark.parametrize("reads", READERS)
def test_only_those_who_are_still_there_are_kept(reads: Reads) -> None:
    """What goes over from piece to piece is of referrals that are not over, however long the run."""
    rows = compiled.rows(CASES["years"], seed=2)
    stream, kept = Stream(rows.header, lambda _told, _counted: None, reads), []
    for piece in cut(rows, range(28, rows.header.days, 28)):
        stream.take(piece)
        reader = stream._reader
        kept.append(len(reader._table) if isinstance(reader, one_pass.Reader) else len(reader._lives.keys))
    assert max(kept) < 0.2 * len(rows)
    assert max(kept[len(kept) // 2 :]) < 1.5 * max(kept[: len(kept) // 2])


def test_a_shard_is_measured_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large run never has all rows at once; what it is measured to be is the same."""
    seen: list[int] = []
    pieces = engines.pieces

    def watched(*args, **kwargs):
        for piece in pieces(*args, **kwargs, most=3000):
            seen.append(len(piece))
            yield piece

    town = CASES["years"]
    whole = work(Task(Shard(0, 0, 1), town, 2, engine="fast"))
    monkeypatch.setattr(engines, "pieces", watched)
    found = work(Task(Shard(0, 0, 1), town, 2, engine="fast"))
    pd.testing.assert_frame_equal(found.runs, whole.runs, check_exact=True)
    pd.testing.assert_frame_equal(found.weekly, whole.weekly, check_exact=True)
    assert len(seen) > 5
    assert sum(seen) == len(compiled.rows(town, seed=2))


@pytest.mark.parametrize("reads", READERS)
def test_a_row_of_somebody_who_is_over_is_seen(reads: Reads) -> None:
    """Cut within a day, where somebody goes on to another list after what ends most referrals, a run is refused rather than measured wrongly."""
    rows = compiled.rows(CASES["network"], seed=2)
    stayed, listed = (np.flatnonzero(rows.event == event) for event in (Event.STAYED, Event.LISTED))
    goes_on = next(
        row
        for row in stayed.tolist()
        if (rows.day[listed] == rows.day[row])[rows.person[listed] == rows.person[row]].any() and rows.day[row] > 0
    )
    parts = [
        Rows(rows.header, rows.keys[part], rows.value[part])
        for part in (slice(0, goes_on + 1), slice(goes_on + 1, None))
    ]
    with pytest.raises(AssertionError):
        tally(parts, reads=reads)

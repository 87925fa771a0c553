"""One record for each referral, built from a journal or pieces of it: when what happened, and how it ended."""

from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from accesssim.world.journal import codes
from accesssim.world.journal.events import ENDS, GONE, Event
from accesssim.world.journal.journal import AnyJournal
from accesssim.world.nothing import NOBODY

Days = NDArray[np.int64]
NEVER = np.int64(2**31 - 1)
CODES = 64
"""Codes that events may have."""

_ROW_BITS = 36  # of the number of a row

STAGES = (Event.REFERRED, Event.LISTED, Event.STARTED, Event.TRANSFERRED, Event.THERAPIST_LEFT, *GONE)
_OUTSIDE = (Event.NEED, Event.DECIDED, Event.BETTER_BEFORE_ASKING)


@lru_cache
def by_code(events: tuple[Event, ...]) -> NDArray[np.bool_]:
    """Whether an event is among some, by its code."""
    return np.isin(np.arange(CODES), events)


#: Events about a referral.
_ABOUT = by_code(tuple(event for event in Event if event >= Event.CRISIS and event not in _OUTSIDE))


class Columns:
    """Rows of a journal, `keys` (`codes.row`) and `values`, with columns that are unpacked when they are asked for."""

    def __init__(self, keys: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        self.keys, self.values = keys, values

    @cached_property
    def events(self) -> NDArray[np.uint8]:
        """Code of the event of each row."""
        return codes.event_of_row(self.keys).astype(np.uint8)

    @cached_property
    def days(self) -> Days:
        """Day of each row."""
        return codes.day_of_row(self.keys)

    @cached_property
    def persons(self) -> NDArray[np.int64]:
        """Person of each row."""
        return codes.person_of_row(self.keys)

    @cached_property
    def posts(self) -> NDArray[np.int64]:
        """What stands in `post` of each row."""
        return codes.post_of_row(self.keys)

    def at(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Columns":
        """Some of the rows."""
        return Columns(self.keys[which], self.values[which])


class Told:
    """Rows about referrals, in order: the first, the second and the last of each referral that has any."""

    def __init__(self, rows: NDArray[np.int64], referral: Days) -> None:
        """`rows`: their numbers; `referral`: that of each row there is."""
        self.rows = rows
        whose = referral[rows]
        begins = np.flatnonzero(whose[1:] != whose[:-1]) + 1
        self._begins = np.concatenate([np.zeros(min(1, len(rows)), np.int64), begins])
        self.whose = whose[self._begins]
        """Referrals that have any."""

    @property
    def first(self) -> NDArray[np.int64]:
        """The first row of each of these."""
        found: NDArray[np.int64] = self.rows[self._begins]
        return found

    @property
    def last(self) -> NDArray[np.int64]:
        """The last."""
        found: NDArray[np.int64] = self.rows[np.append(self._begins[1:], len(self.rows))[: len(self._begins)] - 1]
        return found

    @property
    def number(self) -> NDArray[np.int64]:
        """How many each of these has."""
        return np.diff(self._begins, append=len(self.rows))

    @property
    def second(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Referrals that have two or more, and the second of each."""
        several = self.number > 1
        return self.whose[several], self.rows[self._begins[several] + 1]


class Lives(Columns):
    """Columns with a row a referral; days are NEVER where something has not happened.

    Made of the journal's rows about people, by person and in order; `referral` is that of each of these.
    """

    def __init__(self, keys: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        super().__init__(keys, values)
        begins = self.events == Event.REFERRED
        self.person = codes.person_of_row(keys[begins])
        self.referral = np.cumsum(begins) - 1
        self._told: dict[tuple[Event, ...], Told] = {}

    @property
    def count(self) -> int:
        """Number of referrals."""
        return len(self.person)

    @cached_property
    def _by_event(self) -> tuple[NDArray[np.int64], list[int]]:
        """Numbers of rows by event, and where those of each event begin."""
        return np.argsort(self.events, kind="stable"), [
            0,
            *np.cumsum(np.bincount(self.events, minlength=CODES)).tolist(),
        ]

    def rows_of(self, *events: Event) -> NDArray[np.int64]:
        """Numbers of the rows that are any of some events, in order."""
        rows, begins = self._by_event
        found = [rows[begins[event] : begins[event + 1]] for event in events]
        return found[0] if len(found) == 1 else np.sort(np.concatenate(found))

    def told(self, *events: Event) -> Told:
        """The rows that are any of some events, referral by referral."""
        if events not in self._told:
            self._told[events] = Told(self.rows_of(*events), self.referral)
        return self._told[events]

    def first(self, *events: Event) -> Days:
        """Day of the first of some events, for each referral."""
        return self._first_of(self.told(*events))

    def first_value(self, *events: Event) -> NDArray[np.float64]:
        """Value at the first of some events, NaN where none."""
        told, found = self.told(*events), np.full(self.count, np.nan)
        found[told.whose] = self.values[told.first]
        return found

    def first_post(self, event: Event) -> NDArray[np.int64]:
        """What stands in `post` at the first of an event, NOBODY where there is none."""
        told, found = self.told(event), np.full(self.count, NOBODY, np.int64)
        found[told.whose] = codes.post_of_row(self.keys[told.first])
        return found

    def last_before(self, event: Event, until: Event) -> Days:
        """Day of the last of an event before the first of another, for each referral; NEVER where there is none."""
        found, rows, others = np.full(self.count, NEVER), self.rows_of(event), self.told(until)
        ends = np.full(self.count, len(self.keys))
        ends[others.whose] = others.first
        rows = rows[rows < ends[self.referral[rows]]]
        found[self.referral[rows]] = self.days_at(rows)
        return found

    def last_value(self, *events: Event) -> NDArray[np.float64]:
        """Value at the last of some events, NaN where none."""
        told, found = self.told(*events), np.full(self.count, np.nan)
        found[told.whose] = self.values[told.last]
        return found

    def number_of(self, *events: Event) -> NDArray[np.int64]:
        """How often some events happened, for each referral."""
        told, found = self.told(*events), np.zeros(self.count, np.int64)
        found[told.whose] = told.number
        return found

    def first_row(self, told: Told) -> NDArray[np.int64]:
        """Number of the first of some rows, for each referral; that of no row where there is none."""
        found = np.full(self.count, len(self.keys))
        found[told.whose] = told.first
        return found

    def days_at(self, rows: NDArray[np.int64]) -> Days:
        """Days of some rows."""
        return codes.day_of_row(self.keys[rows])

    def _first_of(self, told: Told) -> Days:
        found = np.full(self.count, NEVER)
        found[told.whose] = self.days_at(told.first)
        return found

    @cached_property
    def _help(self) -> Told:
        """The rows of sessions of therapy, and of places that are taken."""
        starts = self.rows_of(Event.STARTED)
        places = starts[codes.post_of_row(self.keys[starts]) == NOBODY]
        if not len(places):
            return self.told(Event.SESSION)
        return Told(np.sort(np.concatenate([self.rows_of(Event.SESSION), places])), self.referral)

    @cached_property
    def help_begins(self) -> Days:
        """Day of the first session of therapy, or on which a place was taken."""
        return self._first_of(self._help)

    @property
    def help_goes_on(self) -> Days:
        """Day of the second of these."""
        found, (whose, second) = np.full(self.count, NEVER), self._help.second
        found[whose] = self.days_at(second)
        return found

    @property
    def closing_scores(self) -> NDArray[np.float64]:
        """The last that a referral has, NaN where none: told at ends of courses, and of stays that were therapy."""
        rows = self.rows_of(*ENDS, Event.STAYED)
        rows, found = rows[self.values[rows] >= 0], np.full(self.count, np.nan)
        found[self.referral[rows]] = self.values[rows]
        return found

    @cached_property
    def assessments(self) -> Told:
        """The rows of assessments that were appointments.

        Where nobody is assessed, scores are written down later, at a first session or the end of a stay.
        """
        rows = self.rows_of(Event.ASSESSED)
        return Told(rows[self.days_at(rows) < self.help_begins[self.referral[rows]]], self.referral)

    @cached_property
    def first_assessed(self) -> Days:
        """Day of the first assessment that was an appointment, for each referral."""
        return self._first_of(self.assessments)

    @cached_property
    def gave_up(self) -> NDArray[np.int64]:
        """The rows of those who left a list ill, and went on to no other."""
        rows = self.rows_of(Event.WITHDREW)
        after = np.minimum(rows + 1, len(self.keys) - 1)
        goes_on: NDArray[np.bool_] = (self.referral[after] == self.referral[rows]) & (
            self.events[after] == Event.LISTED
        )
        return rows[~goes_on]

    @cached_property
    def stage(self) -> tuple[NDArray[np.int64], Days]:
        """The last stage that each referral reached, and its day. Each has been referred at least."""
        last = self.told(*STAGES).last
        return self.events[last].astype(np.int64), self.days_at(last)

    def list_changes(self) -> tuple[Days, NDArray[np.int64], NDArray[np.int64]]:
        """Days, +1 or -1, and number of the list (see `Event.LISTED`), of every joining and leaving."""
        rows = self.told(*STAGES).rows
        joins = np.flatnonzero(self.events[rows] == Event.LISTED)
        leaves = joins[joins < len(rows) - 1] + 1  # by the next stage
        same = self.referral[rows[leaves]] == self.referral[rows[leaves - 1]]
        which = codes.list_joined(codes.post_of_row(self.keys[rows[joins]]))
        leaves, left = leaves[same], which[: len(leaves)][same]
        return (
            self.days_at(np.concatenate([rows[joins], rows[leaves]])),
            np.repeat(np.array([1, -1]), [len(joins), len(leaves)]),
            np.concatenate([which, left]),
        )

    def of(self, which: NDArray[np.bool_]) -> "Lives":
        """Some of the referrals, with their rows."""
        rows = which[self.referral]
        return Lives(self.keys[rows], self.values[rows])


def columns(journal: AnyJournal) -> Columns:
    """The rows of a journal."""
    return Columns(journal.keys.view(np.int64), journal.value)


def lives(journal: AnyJournal) -> Lives:
    """Sort a journal's rows by person and cut them into referrals."""
    return cut(columns(journal), _ABOUT)


def cut(rows: Columns, wanted: NDArray[np.bool_], before: Lives | None = None) -> Lives:
    """The same of rows whose event, by its code, is wanted, behind those that people have from before."""
    found = rows.at(np.flatnonzero(wanted[rows.events]))
    if before is not None:
        found = Columns(np.concatenate([before.keys, found.keys]), np.concatenate([before.values, found.values]))
    persons = codes.person_of_row(found.keys)
    order = by_number(persons)
    made = Lives(found.keys[order], found.values[order])
    begins = np.append(True, persons[order[1:]] != persons[order[:-1]])[: len(order)]
    assert (made.events[begins] == Event.REFERRED).all(), (
        "a row of somebody who has not been referred, or whose referral was over"
    )
    return made


def by_number(persons: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order of rows by the number of their person, and within a person as they stand."""
    numbered = codes.beside(persons, np.arange(len(persons)), _ROW_BITS)
    numbered.sort()
    return codes.right_of(numbered, _ROW_BITS)

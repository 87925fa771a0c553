"""One record for each referral, built from a journal or pieces of it: when what happened, and how it ended."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accesssim.world.journal import codes
from accesssim.world.journal.events import ENDS, GONE, Event
from accesssim.world.journal.journal import AnyJournal
from accesssim.world.nothing import NOBODY

Days = NDArray[np.int64]
NEVER = np.int64(1 << 40)
CODES = 64
"""Codes that events may have."""

STAGES = (Event.REFERRED, Event.LISTED, Event.STARTED, Event.TRANSFERRED, Event.THERAPIST_LEFT, *GONE)
_OUTSIDE = (Event.NEED, Event.DECIDED, Event.BETTER_BEFORE_ASKING)


@lru_cache
def by_code(events: tuple[Event, ...]) -> NDArray[np.bool_]:
    """Whether an event is among some, by its code."""
    return np.isin(np.arange(CODES), events)


#: Events about a referral.
_ABOUT = by_code(tuple(event for event in Event if event >= Event.CRISIS and event not in _OUTSIDE))


@dataclass(frozen=True)
class Lives:
    """Columns with a row a referral; days are NEVER where something has not happened.

    `events`, `days`, `referral`, `posts`, `values` are the journal's rows about people, by person and in order, each with its referral.
    """

    person: Days
    events: NDArray[np.int64]
    days: Days
    referral: Days
    posts: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def count(self) -> int:
        """Number of referrals."""
        return len(self.person)

    @cached_property
    def _codes(self) -> NDArray[np.uint8]:
        return self.events.astype(np.uint8)

    @cached_property
    def _by_event(self) -> tuple[NDArray[np.int64], list[int]]:
        """Numbers of rows by event, and where those of each event begin."""
        return np.argsort(self._codes, kind="stable"), [
            0,
            *np.cumsum(np.bincount(self._codes, minlength=CODES)).tolist(),
        ]

    def at(self, *events: Event) -> NDArray[np.int64]:
        """Numbers of the rows that are any of some events, in order."""
        if len(events) > 1:
            return np.flatnonzero(by_code(events)[self._codes])
        rows, begins = self._by_event
        return rows[begins[events[0]] : begins[events[0] + 1]]

    def first(self, *events: Event) -> Days:
        """Day of the first of some events, for each referral."""
        return self._first_of(self.at(*events), self.days, NEVER)

    def first_value(self, *events: Event) -> NDArray[np.float64]:
        """Value at the first of some events, NaN where none."""
        at = self.at(*events)
        found = np.full(self.count, np.nan)
        found[self.referral[at][::-1]] = self.values[at][::-1]
        return found

    def first_post(self, event: Event) -> NDArray[np.int64]:
        """What stands in `post` at the first of an event, NOBODY where there is none."""
        return self._first_of(self.at(event), self.posts, np.int64(NOBODY))

    def last_before(self, event: Event, until: Event) -> Days:
        """Day of the last of an event before the first of another, for each referral; NEVER where there is none."""
        found, at = np.full(self.count, NEVER), self.at(event)
        ends = np.full(self.count, len(self.days))
        others = self.at(until)[::-1]
        ends[self.referral[others]] = others
        at = at[at < ends[self.referral[at]]]
        found[self.referral[at]] = self.days[at]
        return found

    def last_value(self, *events: Event) -> NDArray[np.float64]:
        """Value at the last of some events, NaN where none."""
        return self.last_value_of(self.at(*events))

    def last_value_of(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """Value at the last of some rows, NaN where none."""
        found = np.full(self.count, np.nan)
        found[self.referral[at]] = self.values[at]
        return found

    def _first_of(self, at: NDArray[np.int64], what: Days, otherwise: np.int64) -> Days:
        found = np.full(self.count, otherwise)
        found[self.referral[at][::-1]] = what[at][::-1]
        return found

    def number_of(self, *events: Event) -> NDArray[np.int64]:
        """How often some events happened, for each referral."""
        return np.bincount(self.referral[self.at(*events)], minlength=self.count)

    @cached_property
    def _help(self) -> NDArray[np.int64]:
        """The rows of sessions of therapy, and of places that are taken."""
        at = self.at(Event.SESSION, Event.STARTED)
        helps: NDArray[np.bool_] = (self.events[at] == Event.SESSION) | (self.posts[at] == NOBODY)
        return at[helps]

    @cached_property
    def help_begins(self) -> Days:
        """Day of the first session of therapy, or on which a place was taken."""
        return self._first_of(self._help, self.days, NEVER)

    @property
    def help_goes_on(self) -> Days:
        """Day of the second of these."""
        at = self._help
        return self._first_of(at[1:][self.referral[at[1:]] == self.referral[at[:-1]]], self.days, NEVER)

    @property
    def closings(self) -> NDArray[np.int64]:
        """The rows that tell closing scores: ends of courses, and of stays that were therapy."""
        at = self.at(*ENDS, Event.STAYED)
        return at[self.values[at] >= 0]

    @cached_property
    def assessments(self) -> NDArray[np.int64]:
        """The rows of assessments that were appointments.

        Where nobody is assessed, scores are written down later, at a first session or the end of a stay.
        """
        at = self.at(Event.ASSESSED)
        return at[self.days[at] < self.help_begins[self.referral[at]]]

    @cached_property
    def first_assessed(self) -> Days:
        """Day of the first assessment that was an appointment, for each referral."""
        return self._first_of(self.assessments, self.days, NEVER)

    @cached_property
    def gave_up(self) -> NDArray[np.int64]:
        """The rows of those who left a list ill, and went on to no other."""
        at = self.at(Event.WITHDREW)
        after = np.minimum(at + 1, len(self.events) - 1)
        goes_on: NDArray[np.bool_] = (self.referral[after] == self.referral[at]) & (self.events[after] == Event.LISTED)
        return at[~goes_on]

    @cached_property
    def stage(self) -> tuple[NDArray[np.int64], Days]:
        """The last stage that each referral reached, and its day."""
        at = self.at(*STAGES)
        stage, day = np.zeros(self.count, np.int64), np.full(self.count, NEVER)
        stage[self.referral[at]], day[self.referral[at]] = self.events[at], self.days[at]
        return stage, day

    def list_changes(self) -> tuple[Days, NDArray[np.int64], NDArray[np.int64]]:
        """Days, +1 or -1, and number of the list (see `Event.LISTED`), of every joining and leaving."""
        at = self.at(*STAGES)
        events, days, referral = self.events[at], self.days[at], self.referral[at]
        joins = events == Event.LISTED
        on_list = np.zeros(len(at), bool)
        on_list[1:] = joins[:-1] & (referral[1:] == referral[:-1])
        which = np.where(joins, codes.list_joined(self.posts[at]), 0)
        which[1:] = np.where(on_list[1:], which[:-1], which[1:])
        return (
            np.concatenate([days[joins], days[on_list]]),
            np.concatenate([np.ones(joins.sum(), np.int64), -np.ones(on_list.sum(), np.int64)]),
            np.concatenate([which[joins], which[on_list]]),
        )

    def of(self, which: NDArray[np.bool_]) -> "Lives":
        """Some of the referrals, with their rows."""
        rows = which[self.referral]
        return Lives(
            self.person[which],
            self.events[rows],
            self.days[rows],
            (np.cumsum(which) - 1)[self.referral[rows]],
            self.posts[rows],
            self.values[rows],
        )


class Columns(NamedTuple):
    """Rows of a journal, column by column."""

    event: NDArray[np.int64]
    day: Days
    person: NDArray[np.int64]
    post: NDArray[np.int64]
    value: NDArray[np.float64]

    def at(self, which: NDArray[np.int64]) -> "Columns":
        """Some of the rows, by their numbers, in the order of these."""
        return Columns(self.event[which], self.day[which], self.person[which], self.post[which], self.value[which])


def columns(journal: AnyJournal) -> Columns:
    """The rows of a journal, unpacked once."""
    return Columns(journal.event, journal.day, journal.person, journal.post, journal.value)


def lives(journal: AnyJournal) -> Lives:
    """Sort a journal's rows by person and cut them into referrals."""
    return cut(columns(journal), _ABOUT)


def cut(rows: Columns, wanted: NDArray[np.bool_], before: Lives | None = None) -> Lives:
    """The same of rows whose event, by its code, is wanted, behind those that people have from before."""
    which = np.flatnonzero(wanted[rows.event])
    if before is None:
        found = rows.at(which[_by_number(rows.person[which])])
    else:
        earlier = (before.events, before.days, before.person[before.referral], before.posts, before.values)
        found = Columns(*(np.concatenate(both) for both in zip(earlier, rows.at(which), strict=True)))
        found = found.at(_by_number(found.person))
    begins = found.event == Event.REFERRED
    new = np.append(True, found.person[1:] != found.person[:-1])[: len(begins)]
    assert begins[new].all(), "a row of somebody who has not been referred, or whose referral was over"
    return Lives(found.person[begins], found.event, found.day, np.cumsum(begins) - 1, found.post, found.value)


def _by_number(persons: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order of rows by person, and within a person as they stand: in two passes over halves of the number, which numpy sorts by counting."""
    upper, lower = codes.halves(persons)
    order = np.argsort(lower, kind="stable")
    return order[np.argsort(upper[order], kind="stable")]

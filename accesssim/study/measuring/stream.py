"""A run that is measured as it goes: rows come in pieces, and only those of people whose referral is not over are kept for the next."""

from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np

from accesssim.study.measuring import referrals as by_numpy
from accesssim.study.measuring.counting import Counted, count_referrals, count_rows
from accesssim.study.measuring.lives import Columns, columns
from accesssim.study.measuring.referrals import Mask, Referrals
from accesssim.study.measuring.tally import Tally
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import AnyJournal, Header
from accesssim.world.limits import EARLIEST_DAY, MOST_PEOPLE

A_YEAR = 365


Also = Callable[[Referrals, Counted], None]
"""What else is done with referrals when they are counted."""


class Reader(Protocol):
    """See `referrals.Reader`."""

    def read(self, rows: Columns) -> Columns: ...
    def over(self) -> Referrals | None: ...
    def rest(self) -> Referrals: ...


Reads = Callable[[Tally, Mask], Reader]
"""Who reads the rows: numpy, or compiled code (`study.running.one_pass`)."""


def tally(
    pieces: Iterable[AnyJournal], also: Also = lambda _told, _counted: None, *, reads: Reads = by_numpy.Reader
) -> Tally:
    """What is counted of a run whose rows come in pieces, at least one; each ends where a day does.

    It is the same however the run is cut, and whoever reads the rows.
    """
    stream: Stream | None = None
    for piece in pieces:
        stream = stream or Stream(piece.header, also, reads)
        stream.take(piece)
        del piece  # its columns, before the run goes on
    assert stream is not None
    return stream.close()


class Stream:
    """A tally under way.

    Referrals of the last piece are counted when the next comes, or none: then those that are over by its end are known to be.
    """

    def __init__(self, header: Header, also: Also, reads: Reads = by_numpy.Reader) -> None:
        self._tally, self._also = Tally(header), also
        self._day = EARLIEST_DAY
        # By number; memory that nobody's number reaches is never touched.
        self._is_complex = np.zeros(MOST_PEOPLE, bool)
        self._reader = reads(self._tally, self._is_complex)
        self._recovered = self._relapsed = np.empty(0, np.int64)

    def take(self, piece: AnyJournal) -> None:
        """The next rows."""
        rows = columns(piece)
        if (over := self._reader.over()) is not None:
            self._count(over)
        apart = self._reader.read(rows)
        count_rows(self._tally, apart)
        if len(rows.keys):  # the last row is of the latest day, but for those of before day 0
            self._day = max(self._day, int(codes.day_of_row(rows.keys[-1:])[0]))
        if self._tally.start <= self._tally.end - A_YEAR:
            relapsed = apart.at(np.flatnonzero(apart.events == Event.RELAPSED))
            self._relapsed = np.concatenate([self._relapsed, codes.person_and_day(relapsed.persons, relapsed.days)])

    def close(self) -> Tally:
        """The tally, when all rows have come."""
        self._count(self._reader.rest())
        return self._tally

    def _count(self, told: Referrals) -> None:
        counted = count_referrals(self._tally, told, self._is_complex[told.person])
        self._also(told, counted)
        followed = codes.person_and_day(told.person[counted.followed], counted.contacts.ended[counted.followed])
        self._recovered = np.sort(np.concatenate([self._recovered, followed]))
        self._count_relapses()

    def _count_relapses(self) -> None:
        """A relapse belongs to the last end of a course before it; whoever has had theirs, or is beyond a year, is followed no further."""
        relapsed = np.append(np.sort(self._relapsed), np.iinfo(np.int64).max)
        days = relapsed[np.searchsorted(relapsed, self._recovered)] - self._recovered
        self._tally.numbers["relapsed"] += int((days <= A_YEAR).sum())
        ended = codes.day_of_person(self._recovered)
        self._recovered = self._recovered[(days > A_YEAR) & (ended + A_YEAR > self._day)]
        self._relapsed = self._relapsed[:0]

"""A run that is measured as it goes: rows come in pieces, and only those of people whose referral is not over are kept for the next."""

from collections.abc import Callable, Iterable

import numpy as np

from accesssim.study.measuring.counting import OF_REFERRALS, Counted, count_referrals, count_rows
from accesssim.study.measuring.lives import Columns, Lives, by_code, columns, cut
from accesssim.study.measuring.outcomes import complex_people
from accesssim.study.measuring.tally import Tally
from accesssim.world.journal import codes
from accesssim.world.journal.events import GONE, Event, Route
from accesssim.world.journal.journal import AnyJournal, Header
from accesssim.world.limits import EARLIEST_DAY, MOST_PEOPLE

A_YEAR = 365


Also = Callable[[Lives, Counted], None]
"""What else is done with referrals when they are counted."""


def tally(pieces: Iterable[AnyJournal], also: Also = lambda _records, _counted: None) -> Tally:
    """What is counted of a run whose rows come in pieces, at least one; each ends where a day does. It is the same however the run is cut."""
    stream: Stream | None = None
    for piece in pieces:
        stream = stream or Stream(piece.header, also)
        stream.take(piece)
        del piece  # its columns, before the run goes on
    assert stream is not None
    return stream.close()


class Stream:
    """A tally under way.

    Referrals of the last piece are counted when the next comes, or none: then those that are over by its end are known to be.
    """

    def __init__(self, header: Header, also: Also) -> None:
        self._tally, self._also = Tally(header), also
        self._records: Lives | None = None
        self._day = EARLIEST_DAY
        # By number; memory that nobody's number reaches is never touched.
        self._is_complex = np.zeros(MOST_PEOPLE, bool)
        self._first_new = MOST_PEOPLE
        self._recovered = self._relapsed = np.empty(0, np.int64)

    def take(self, piece: AnyJournal) -> None:
        """The next rows."""
        rows = columns(piece)
        going_on = None if self._records is None else self._count_those_over(self._records)
        count_rows(self._tally, rows)
        self._take_needs(rows)
        self._records = cut(rows, OF_REFERRALS, going_on)
        self._day = max(self._day, int(rows.days.max(initial=EARLIEST_DAY)))
        if self._tally.start <= self._tally.end - A_YEAR:
            relapsed = rows.at(np.flatnonzero(rows.events == Event.RELAPSED))
            self._relapsed = np.concatenate([self._relapsed, codes.person_and_day(relapsed.persons, relapsed.days)])

    def close(self) -> Tally:
        """The tally, when all rows have come."""
        if self._records is not None:
            self._count(self._records)
        return self._tally

    def _count_those_over(self, records: Lives) -> Lives:
        """Count the referrals that are over, and return the others."""
        over = by_code(GONE)[records.stage[0]]
        self._count(records.of(over))
        return records.of(~over)

    def _count(self, records: Lives) -> None:
        counted = count_referrals(self._tally, records, self._is_complex[records.person])
        self._also(records, counted)
        followed = codes.person_and_day(records.person[counted.followed], counted.contacts.ended[counted.followed])
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

    def _take_needs(self, rows: Columns) -> None:
        """Numbers rise with the day on which a need arises: so it is known of a number alone whether its need is new, that is of the window."""
        self._is_complex[complex_people(rows)] = True
        need = rows.at(np.flatnonzero(rows.events == Event.NEED))
        new = need.days >= self._tally.start
        self._first_new = min(self._first_new, int(need.persons[new].min(initial=MOST_PEOPLE)))
        later = rows.at(np.flatnonzero(rows.events == Event.DECIDED)).persons
        asked = rows.at(np.flatnonzero(rows.events == Event.REFERRED))
        decided = codes.has_decided(need.posts)
        self._tally.numbers.update(
            {
                "needs": len(new),
                "decided": int(decided.sum()) + len(later),
                "asked": int((codes.route_of_referral(asked.posts) != Route.RETURNING).sum()),
                "better before asking": int((rows.events == Event.BETTER_BEFORE_ASKING).sum()),
                "new needs": int(new.sum()),
                "new needs, decided": int(decided[new].sum() + (later >= self._first_new).sum()),
            }
        )

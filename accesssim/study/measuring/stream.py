"""A run that is measured as it goes: rows come in pieces, and only those of people whose referral is not over are kept for the next."""

from collections.abc import Iterable

import numpy as np

from accesssim.study.measuring.counting import OF_REFERRALS, count_referrals, count_rows
from accesssim.study.measuring.lives import Columns, Lives, columns, cut
from accesssim.study.measuring.outcomes import complex_people
from accesssim.study.measuring.tally import Tally
from accesssim.world.journal import codes
from accesssim.world.journal.events import GONE, Event, Route
from accesssim.world.journal.journal import AnyJournal, Header
from accesssim.world.limits import EARLIEST_DAY, MOST_PEOPLE

A_YEAR = 365


def tally(pieces: Iterable[AnyJournal]) -> Tally:
    """What is counted of a run whose rows come in pieces, at least one; each ends where a day does. It is the same however the run is cut."""
    stream: Stream | None = None
    for piece in pieces:
        stream = stream or Stream(piece.header)
        stream.take(piece)
        del piece  # its columns, before the run goes on
    assert stream is not None
    return stream.close()


class Stream:
    """A tally under way.

    Referrals of the last piece are counted when the next comes, or none: then those that are over by its end are known to be.
    """

    def __init__(self, header: Header) -> None:
        self._tally = Tally(header)
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
        self._day = max(self._day, int(rows.day.max(initial=EARLIEST_DAY)))
        if self._tally.start <= self._tally.end - A_YEAR:
            relapsed = np.flatnonzero(rows.event == Event.RELAPSED)
            self._relapsed = np.concatenate(
                [self._relapsed, codes.person_and_day(rows.person[relapsed], rows.day[relapsed])]
            )

    def close(self) -> Tally:
        """The tally, when all rows have come."""
        if self._records is not None:
            self._count(self._records)
        return self._tally

    def _count_those_over(self, records: Lives) -> Lives:
        """Count the referrals that are over, and return the others."""
        over = np.isin(records.stage[0], GONE)
        self._count(records.of(over))
        return records.of(~over)

    def _count(self, records: Lives) -> None:
        persons, ended = count_referrals(self._tally, records, self._is_complex[records.person])
        self._recovered = np.sort(np.concatenate([self._recovered, codes.person_and_day(persons, ended)]))
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
        need = np.flatnonzero(rows.event == Event.NEED)
        new = need[rows.day[need] >= self._tally.start]
        self._first_new = min(self._first_new, int(rows.person[new].min(initial=MOST_PEOPLE)))
        later = rows.person[rows.event == Event.DECIDED]
        asked = np.flatnonzero(rows.event == Event.REFERRED)
        self._tally.numbers.update(
            {
                "needs": len(need),
                "decided": int(codes.has_decided(rows.post[need]).sum()) + len(later),
                "asked": int((codes.route_of_referral(rows.post[asked]) != Route.RETURNING).sum()),
                "better before asking": int((rows.event == Event.BETTER_BEFORE_ASKING).sum()),
                "new needs": len(new),
                "new needs, decided": int(codes.has_decided(rows.post[new]).sum() + (later >= self._first_new).sum()),
            }
        )

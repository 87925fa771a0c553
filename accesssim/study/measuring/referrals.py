"""What the rows of each referral have told, a column for each thing that is asked: all that measures of people are made of.

Made by numpy of rows that are sorted by person (`lives`); where the compiled engine is ready, by `study.running.one_pass`, the same.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.lives import NEVER, STAGES, Columns, Days, Lives, by_code, cut
from accesssim.study.measuring.tally import Tally, put, put_at
from accesssim.world.journal import codes
from accesssim.world.journal.events import ENDS, GONE, Event, Route

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
_MISSED_OR_HELD = (Event.ASSESSMENT_MISSED, Event.SESSION, Event.MISSED)
OF_REFERRALS = by_code((*STAGES, Event.ASSESSED, *_MISSED_OR_HELD))
"""Events, by code, that are asked for referral by referral; all others are counted row by row."""
_APART = by_code(
    (
        *(event for event in Event if event <= Event.PART_TIME),
        *(Event.CRISIS, Event.CRISIS_OVER_CAPACITY, Event.CANCELLED_BY_SERVICE, Event.RELAPSED, Event.DECIDED),
    )
)


@dataclass(frozen=True)
class Referrals:
    """Columns with a row a referral; days are NEVER where something has not happened, codes NOBODY, values NaN.

    `asked_as`, `listed_as`, `assessed_as`: what stands in `post` of the referral, of the first joining of a list, and of
    the first scores. `helped`, `helped_again`: the first days of a session or of taking a place. `first_tried`: the first
    day of an appointment, and whether it was missed. `gave_up`, `dropped_out`, `course_ended`: how often, in the window.
    """

    person: Whole
    asked: Days
    asked_as: Whole
    severity: NDArray[np.float64]
    listed_as: Whole
    assessed_as: Whole
    opening: NDArray[np.float64]
    closing: NDArray[np.float64]
    alliance: NDArray[np.float64]
    helped: Days
    helped_again: Days
    sessions: Whole
    stays: Whole
    assessed: Days
    first_tried: Days
    first_missed: Mask
    started: Days
    listed_before_start: Days
    stage: Whole
    stage_day: Days
    signposted: Mask
    gave_up: Whole
    dropped_out: Whole
    course_ended: Whole

    @property
    def count(self) -> int:
        """Number of referrals."""
        return len(self.person)


class Reader:
    """Rows that come in pieces, told referral by referral, by numpy; what needs no other rows is counted at once."""

    def __init__(self, tally: Tally, complex_people: Mask) -> None:
        """`complex_people`: by number, where who is complex is noted."""
        self._tally, self._complex = tally, complex_people
        self._lives: Lives | None = None

    def read(self, rows: Columns) -> Columns:
        """Take the next rows; those that are counted elsewhere."""
        events = rows.events
        stamps = codes.stamp_of_row(rows.keys) - codes.stamp(0, 0)
        put_at(self._tally.events, stamps[stamps >= 0])
        self._take_needs(rows)
        self._lives = cut(rows, OF_REFERRALS, self._lives)
        return rows.at(np.flatnonzero(_APART[events]))

    def _take_needs(self, rows: Columns) -> None:
        tally = self._tally
        needs = rows.at(np.flatnonzero(rows.events == Event.NEED))
        self._complex[needs.persons[codes.is_complex(needs.posts) == 1]] = True
        new, decided = needs.days >= tally.start, codes.has_decided(needs.posts)
        asked = rows.at(np.flatnonzero(rows.events == Event.REFERRED))
        tally.first_new = min(tally.first_new, int(needs.persons[new].min(initial=tally.first_new)))
        tally.numbers.update(
            {
                "needs": len(new),
                "decided": int(decided.sum()),
                "asked": int((codes.route_of_referral(asked.posts) != Route.RETURNING).sum()),
                "better before asking": int((rows.events == Event.BETTER_BEFORE_ASKING).sum()),
                "new needs": int(new.sum()),
                "new needs, decided": int(decided[new].sum()),
            }
        )

    def over(self) -> Referrals | None:
        """Those that are over, which are told no more; None before any rows."""
        if self._lives is None:
            return None
        over = by_code(GONE)[self._lives.stage[0]]
        ended, self._lives = self._lives.of(over), self._lives.of(~over)
        return self._told(ended)

    def rest(self) -> Referrals:
        """All that are left, as they stand."""
        assert self._lives is not None
        return self._told(self._lives)

    def _told(self, lives: Lives) -> Referrals:
        tally = self._tally
        days, change, which = lives.list_changes()
        days, ways = np.clip(days, 0, tally.end), len(tally.header.pathways)
        put(tally.changes["pathway"], days, codes.pathway_of_list(which, ways), change)
        if tally.header.teams:
            put(tally.changes["team"], days, codes.team_of_list(which, ways), change)
        held = lives.days_at(lives.assessments.rows)
        put(tally.assessments, held[held >= 0], 0)
        tally.numbers["assessments attended"] += int((held >= tally.start).sum())
        return referrals(lives, tally.start, tally.end)


def referrals(lives: Lives, start: int, end: int) -> Referrals:
    """The columns, of sorted rows. `start`, `end`: the window, days."""
    asked = lives.at(lives.rows_of(Event.REFERRED))
    stage, stage_day = lives.stage

    def in_window(rows: NDArray[np.int64]) -> Whole:
        days = lives.days_at(rows)
        return np.bincount(lives.referral[rows[(days >= start) & (days < end)]], minlength=lives.count)

    tried = [lives.assessments, *(lives.told(event) for event in _MISSED_OR_HELD)]
    first_row = np.minimum.reduce([lives.first_row(told) for told in tried])
    there = np.flatnonzero(first_row < len(lives.keys))
    first_tried, first_missed = np.full(lives.count, NEVER), np.zeros(lives.count, bool)
    first_tried[there] = lives.days_at(first_row[there])
    first_missed[there] = by_code((Event.ASSESSMENT_MISSED, Event.MISSED))[lives.events[first_row[there]]]
    return Referrals(
        person=lives.person,
        asked=asked.days,
        asked_as=asked.posts,
        severity=asked.values,
        # Not everybody who is listed has been assessed, nor the other way round.
        listed_as=lives.first_post(Event.LISTED),
        assessed_as=lives.first_post(Event.ASSESSED),
        opening=lives.last_value(Event.ASSESSED),
        closing=lives.closing_scores,
        alliance=lives.last_value(Event.SESSION),
        helped=lives.help_begins,
        helped_again=lives.help_goes_on,
        sessions=lives.number_of(Event.SESSION),
        stays=lives.number_of(Event.STAYED),
        assessed=lives.first_assessed,
        first_tried=first_tried,
        first_missed=first_missed,
        started=lives.first(Event.STARTED),
        listed_before_start=lives.last_before(Event.LISTED, Event.STARTED),
        stage=stage,
        stage_day=stage_day,
        signposted=lives.first(Event.SIGNPOSTED) < NEVER,
        gave_up=in_window(lives.gave_up),
        dropped_out=in_window(lives.rows_of(Event.DROPPED_OUT)),
        course_ended=in_window(lives.rows_of(*ENDS)),
    )


COLUMNS = tuple(field.name for field in fields(Referrals))

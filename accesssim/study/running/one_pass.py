"""The same as `measuring.referrals.Reader`, by compiled code: one pass over the rows, in which nothing is sorted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.compiled.layout import layout
from accesssim.clinic.compiled.readiness import ready
from accesssim.clinic.compiled.referrals import TOLD, Reading, Referral, tell
from accesssim.study.measuring.lives import Columns, by_code
from accesssim.study.measuring.referrals import COLUMNS, Referrals
from accesssim.study.measuring.tally import Tally
from accesssim.world.journal.events import GONE
from accesssim.world.limits import MOST_PEOPLE

_REFERRAL, _READING = layout(Referral), layout(Reading)
_COUNTS = {
    "needs": "needs",
    "decided": "decided",
    "asked": "asked",
    "better before asking": "better",
    "new needs": "new_needs",
    "new needs, decided": "new_decided",
    "assessments attended": "attended",
}
"""What is counted of a piece, by name in a tally."""


class Reader:
    """See `referrals.Reader`."""

    def __init__(self, tally: Tally, complex_people: NDArray[np.bool_]) -> None:
        ready()
        self._tally = tally
        self._table = np.empty(0, _REFERRAL)
        self._latest = np.zeros(MOST_PEOPLE, np.int32)  # memory that nobody's number reaches is never touched
        self._reading = np.zeros(1, _READING)
        header, changes = tally.header, tally.changes
        self._kept = (complex_people, tally.events, tally.assessments, changes["pathway"], changes["team"])
        self._set(
            complex_people=_at(complex_people),
            events=_at(tally.events),
            assessments=_at(tally.assessments),
            by_pathway=_at(changes["pathway"]),
            by_team=_at(changes["team"]),
            pathways=len(header.pathways),
            teams=len(header.teams),
            start=tally.start,
            end=tally.end,
        )

    def _set(self, **numbers: int) -> None:
        for name, number in numbers.items():
            self._reading[name] = number

    def read(self, rows: Columns) -> Columns:
        """Take the next rows; those that are counted elsewhere."""
        keys, values = np.ascontiguousarray(rows.keys), np.ascontiguousarray(rows.values)
        used, apart = len(self._table), np.empty(len(keys), np.int64)
        table = np.empty(used + len(keys), _REFERRAL)  # of which nothing is touched that is not used
        table[:used] = self._table
        self._set(keys=_at(keys), values=_at(values), rows=len(keys), table=_at(table), used=used)
        self._set(latest=_at(self._latest), apart=_at(apart), rows_apart=0, first_new=self._tally.first_new)
        self._set(**dict.fromkeys(_COUNTS.values(), 0))
        state = tell(_at(self._reading))
        assert state == TOLD, "a row of somebody who has not been referred, or whose referral was over"
        told = self._reading[0]
        self._table = table[: told["used"]]
        self._tally.first_new = int(told["first_new"])
        self._tally.numbers.update({name: int(told[field]) for name, field in _COUNTS.items()})
        return rows.at(apart[: told["rows_apart"]])

    def over(self) -> Referrals | None:
        """Those that are over, which are told no more; None before any rows."""
        if not self._reading["rows_before"][0]:
            return None
        over = by_code(GONE)[self._table["stage"]]
        ended, self._table = self._table[over], self._table[~over]
        self._latest[ended["person"]] = 0
        self._latest[self._table["person"]] = np.arange(1, len(self._table) + 1)
        return _told(ended)

    def rest(self) -> Referrals:
        """All that are left, as they stand."""
        return _told(self._table)


def _at(array: NDArray[np.generic]) -> int:
    """Where an array begins."""
    found: int = array.ctypes.data
    return found


def _told(table: NDArray[np.void]) -> Referrals:
    columns: dict[str, Any] = {
        name: table[name].astype({"i": np.int64, "f": np.float64, "b": np.bool_}[table[name].dtype.kind])
        for name in COLUMNS
        if name not in ("first_tried", "first_missed")
    }
    by_assessment = table["assessed_row"] <= table["tried_row"]  # the same where there is neither
    return Referrals(
        **columns,
        first_tried=np.where(by_assessment, columns["assessed"], table["tried"]),
        first_missed=table["tried_missed"] & ~by_assessment,
    )

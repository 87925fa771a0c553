"""What can happen, one row each; a run leaves nothing else.

A row is (day, event, person, post, value): sixteen bytes, an unsigned 64-bit key and a double. Every measure is a
function of these rows and of the journal's header, so that a denominator can be re-decided without re-running.
Rows stand in the order in which things happened; days before 0 tell the past of people found in the service on day 0.
"""

import hashlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, unique
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from accesssim.world.columns import Packed, Runs, Values
from accesssim.world.limits import EARLIEST_DAY, MOST_POSTS

if TYPE_CHECKING:
    import pandas as pd


@unique
class Phase(IntEnum):
    """The parts of a day, in their order."""

    CHANGES = 0
    STAFF = 1
    SESSIONS = 2
    STARTS = 3
    WITHDRAWALS = 4
    REFERRALS = 5
    CLOSE = 6


@unique
class Event(IntEnum):
    """What can happen. Codes are part of the journal's digest: append, never renumber (at most 63).

    Beside each: what `post` and `value` hold where it is not a post and nothing. Money is in the scenario's currency.
    """

    # -- changes
    CHANGED = 0  # a dated change takes effect
    # -- close; money
    GRANTED = 1  # money that became available this week; value: amount
    # -- staff; person is the holder's turn in that post (0, 1, 2 …)
    HIRED = 2  # value: exhaustion
    NOTICE = 3  # a holder resigns; value: exhaustion
    LEFT = 4  # the last day of a holder has passed; value: exhaustion
    ABSENT = 5  # sick from today; value: weeks
    ON_LEAVE = 6  # booked leave this week
    EXHAUSTION = 7  # value: exhaustion of a holder, each Monday
    # -- close, on Sundays: the week that ends; post: staff (number of team x groups + number of group), value: hours
    CONTRACTED = 8
    WORKED = 9
    OVERTIME = 10
    PAPERWORK = 11
    SICK = 12
    AVAILABLE = 13  # contact hours that could have been held
    CONTACT = 14  # contact hours held
    FUNDED = 15  # value: posts that money is there for
    FILLED = 16  # value: posts held
    PRESSURE = 17  # post: staff; value: pressure, 0 to 1
    SPENT = 18  # post: account (Account); value: amount
    # -- appointments and sessions
    CRISIS = 20  # post: who saw it; value: hours until seen
    CRISIS_OVER_CAPACITY = 21  # the same, when the day's capacity was used up; value: hours until seen
    ASSESSED = 22  # post: class (Urgency); value: recorded scores
    ASSESSMENT_MISSED = 23  # post: class
    ASSESSMENT_CANCELLED = 24  # by the service
    DISCHARGED_UNSEEN = 25  # missed once too often
    SIGNPOSTED = 26
    ONE_CONTACT = 27  # leaves after the first contact
    SESSION = 28  # attended; value: alliance after it
    MISSED = 29  # did not attend
    CANCELLED_BY_PATIENT = 30
    CANCELLED_BY_SERVICE = 31  # value: reason (Cancellation)
    THERAPIST_LEFT = 32  # the patient waits for another; post: who left
    FINISHED = 33  # good enough; value: closing scores
    CAPPED = 34  # the most sessions reached; value: closing scores
    DROPPED_OUT = 35  # value: closing scores
    STAYED = 36  # leaves a place; post: list (as in LISTED) that the place belongs to; value: closing scores, negative where the stay was no therapy
    # -- starts from lists
    STARTED = 40  # takes a slot; value: latent severity
    TRANSFERRED = 41  # takes a slot of another therapist; value: alliance carried over
    # -- withdrawals
    GAVE_UP_RED_TAPE = 44
    WITHDREW = 45  # leaves the list ill; value: latent severity
    BETTER_WAITING = 46  # remitted between asking and therapy
    BETTER_BEFORE_ASKING = 47
    # -- referrals, red tape, joining
    NEED = 50  # a need arises; post: 1 complex + 2 has decided to ask; value: severity
    DECIDED = 51  # someone who had not, decides to ask
    REFERRED = 52  # post: 4 x team + route (Route); value: latent severity
    STEP_PASSED = 53  # post: step
    STEP_RETURNED = 54  # sent back to be redone; post: step
    REFUSED = 55  # not approved; post: step
    LISTED = 56  # post: 4 x list + class (Urgency), the list: number of team x pathways + number of pathway; value: latent severity
    MADE_URGENT = 57  # after a crisis; post: as LISTED
    RELAPSED = 58  # value: latent severity

    @property
    def phase(self) -> Phase:
        """The part of the day in which it happens."""
        return _ELSEWHERE.get(self) or next(phase for first, phase in _PHASES if self >= first)


#: The first code of each stretch of events that happen in the same phase, the last stretch first.
_PHASES = (
    (50, Phase.REFERRALS),
    (44, Phase.WITHDRAWALS),
    (40, Phase.STARTS),
    (20, Phase.SESSIONS),
    (8, Phase.CLOSE),
    (2, Phase.STAFF),
    (1, Phase.CLOSE),
    (0, Phase.CHANGES),
)


_ELSEWHERE = {Event.BETTER_BEFORE_ASKING: Phase.REFERRALS, Event.MADE_URGENT: Phase.SESSIONS}


#: How a course of therapy ends; and all after which a referral is over, unless its person goes on to another list.
ENDS = (Event.FINISHED, Event.CAPPED, Event.DROPPED_OUT)
GONE = (
    Event.DISCHARGED_UNSEEN, Event.SIGNPOSTED, Event.ONE_CONTACT, *ENDS, Event.STAYED, Event.GAVE_UP_RED_TAPE, Event.WITHDREW, Event.BETTER_WAITING, Event.REFUSED,
)


@unique
class Account(IntEnum):
    """Where money goes."""

    HOLDERS = 0
    AGENCY = 1
    OVERTIME = 2
    RECRUITMENT = 3
    SUPERVISION = 4
    CRISIS = 5
    SESSIONS = 6
    ADMIN = 7
    FIXED = 8
    PLACES = 10  # stays that are paid for
    LOST = 9  # not spent by the year's end and not carried: not a cost


@unique
class Urgency(IntEnum):
    """Class of a referral; the lower number goes first."""

    EMERGENCY = 0
    URGENT = 1
    ROUTINE = 2


@unique
class Route(IntEnum):
    """Who refers."""

    SELF = 0
    PROFESSIONAL = 1
    RETURNING = 2


@unique
class Cancellation(IntEnum):
    """Why the service cancelled a session."""

    SICKNESS = 1
    CRISIS = 2
    OVERLOAD = 3


def pack_scores(depression: int, anxiety: int, natural_depression: int = 0, natural_anxiety: int = 0) -> float:
    """Whole recorded scores (0 to 99) as one number; the natural ones are what the same person would score untreated."""
    return float(depression + 100 * anxiety + 10_000 * natural_depression + 1_000_000 * natural_anxiety)


def unpack_scores(value: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Undo `pack_scores`: depression, anxiety, natural depression, natural anxiety."""
    whole = np.asarray(value, dtype=np.float64).astype(np.int64)
    return whole % 100, whole // 100 % 100, whole // 10_000 % 100, whole // 1_000_000


_DAY_SHIFT, _EVENT_SHIFT, _PERSON_SHIFT = 46, 40, 14


@dataclass(frozen=True)
class Header:
    """What a reader of the rows must know: names behind the numbers, cut-offs, window."""

    scenario: str
    scenario_digest: str
    seed: int
    replication: int
    engine: str
    days: int
    warm_up_days: int
    groups: tuple[str, ...]
    teams: tuple[str, ...]
    pathways: tuple[str, ...]
    steps: tuple[str, ...]
    post_staff: tuple[int, ...]  # team by team, group by group
    session_hours: tuple[float, ...]
    pathway_groups: tuple[int, ...]
    cut_offs: tuple[float, float]
    reliable_changes: tuple[float, float]
    assessment_is_first_contact: bool
    currency: str


class Note(Protocol):
    """Writes one row."""

    def __call__(self, day: int, event: int, person: int = 0, post: int = -1, value: float = 0.0) -> None:
        """Write it."""


def _note(
    days: list[int], begins: list[int], write_person: Callable[[int], None], write_what: Callable[[int], None], write_value: Callable[[float], None],
    rows: Callable[[], int],
) -> Note:
    """A function rather than a method: it is called for every row, finds what it needs at hand, and works with small numbers only."""

    def note(day: int, event: int, person: int = 0, post: int = -1, value: float = 0.0) -> None:
        if day != days[-1]:
            begins.append(rows())
            days.append(day)
        write_person(person)
        write_what(event << _PERSON_SHIFT | post + 1)
        write_value(value)

    return note


def _keys(day: NDArray[np.int64], event: NDArray[np.int64] | int, person: NDArray[np.int64], post: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Rows as 64-bit keys: day, event, person, post."""
    return ((day - EARLIEST_DAY) << _DAY_SHIFT | event << _EVENT_SHIFT | person << _PERSON_SHIFT | (post + 1)).astype(np.uint64)


class Writer:
    """An open journal: columns of persons, of events with posts, and of values; and the rows at which another day begins."""

    __slots__ = ("_begins", "_days", "_persons", "_what", "note", "values")

    def __init__(self) -> None:
        self._persons, self._what = array("I"), array("I")
        self.values = array("d")
        self._days, self._begins = [EARLIEST_DAY - 1], [0]
        self.note = _note(self._days, self._begins, self._persons.append, self._what.append, self.values.append, self.values.__len__)

    def __len__(self) -> int:
        return len(self.values)

    def note_many(
        self, event: int, day: NDArray[np.int64], person: NDArray[np.int64], post: NDArray[np.int64], value: NDArray[np.float64]
    ) -> None:
        """Write many rows of one event at once, at least one."""
        begins = [0, *(np.flatnonzero(day[1:] != day[:-1]) + 1).tolist()]
        self._begins += [len(self) + row for row in begins]
        self._days += day[begins].tolist()
        self._persons.frombytes(person.astype(np.uintc).tobytes())
        self._what.frombytes((event << _PERSON_SHIFT | post + 1).astype(np.uintc).tobytes())
        self.values.frombytes(value.tobytes())

    def cut(self, rows: int) -> None:
        """Take back all but the first rows."""
        del self._persons[rows:], self._what[rows:], self.values[rows:]
        while self._begins[-1] > rows:
            del self._begins[-1], self._days[-1]

    @property
    def keys(self) -> NDArray[np.uint64]:
        """The rows' keys, as a finished journal takes them."""
        day = np.repeat(self._days, np.diff(self._begins, append=len(self)))
        what = np.array(self._what, dtype=np.int64)
        return _keys(day, what >> _PERSON_SHIFT, np.array(self._persons, dtype=np.int64), (what & MOST_POSTS) - 1)


class Rows:
    """A run that is just over: header and rows as they were written, each column worked out once. For measuring at once; a `Journal` is for keeping."""

    def __init__(self, header: Header, keys: "array[int] | NDArray[np.uint64]", values: "array[float] | NDArray[np.float64]") -> None:
        self.header = header
        self._keys: NDArray[np.uint64] = np.asarray(keys, dtype=np.uint64)
        self.value: NDArray[np.float64] = np.asarray(values, dtype=np.float64)

    def __len__(self) -> int:
        return len(self.value)

    def _bits(self, first: int, until: int) -> NDArray[np.int64]:
        return (self._keys >> np.uint64(first) & np.uint64((1 << until - first) - 1)).view(np.int64)

    @cached_property
    def day(self) -> NDArray[np.int64]:
        """Day of each row."""
        return self._bits(_DAY_SHIFT, 64) + EARLIEST_DAY

    @cached_property
    def event(self) -> NDArray[np.int64]:
        """Event code of each row."""
        return self._bits(_EVENT_SHIFT, _DAY_SHIFT)

    @cached_property
    def person(self) -> NDArray[np.int64]:
        """Person (for staff rows: the holder's turn) of each row."""
        return self._bits(_PERSON_SHIFT, _EVENT_SHIFT)

    @cached_property
    def post(self) -> NDArray[np.int64]:
        """Post, or the small code that the event documents; -1 for none."""
        return self._bits(0, _PERSON_SHIFT) - 1


class Journal:
    """A finished run: header and rows, kept column by column."""

    def __init__(self, rows: Rows) -> None:
        self.header = rows.header
        self._day = Runs(rows.day)
        self._rest = Packed(rows.event, rows.person, rows.post + 1)
        self._value = Values(rows.value, rows.event)

    def __len__(self) -> int:
        return len(self._rest)

    @property
    def day(self) -> NDArray[np.int64]:
        """Day of each row."""
        return self._day.read()

    @property
    def event(self) -> NDArray[np.int64]:
        """Event code of each row."""
        return self._rest.read(0)

    @property
    def person(self) -> NDArray[np.int64]:
        """Person (for staff rows: the holder's turn) of each row."""
        return self._rest.read(1)

    @property
    def post(self) -> NDArray[np.int64]:
        """Post, or the small code that the event documents; -1 for none."""
        return self._rest.read(2) - 1

    @property
    def value(self) -> NDArray[np.float64]:
        """Value of each row, as the event documents."""
        return self._value.read(self.event)

    @property
    def nbytes(self) -> int:
        """Bytes that the rows take."""
        return self._day.nbytes + self._rest.nbytes + self._value.nbytes

    @property
    def _keys(self) -> NDArray[np.uint64]:
        return _keys(self.day, self.event, self.person, self.post)

    def digest(self) -> str:
        """SHA-256 over the rows, the same on every machine."""
        return hashlib.sha256(self._keys.astype("<u8").tobytes() + self.value.astype("<f8").tobytes()).hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Journal):
            return NotImplemented
        return np.array_equal(self._keys, other._keys) and np.array_equal(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]  # a journal is a large mutable-looking thing: compare it, do not key by it

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a table: day, phase, event, person, post, value."""
        import pandas as pd

        names = {int(event): event.name.lower() for event in Event}
        phases = {int(event): event.phase.name.lower() for event in Event}
        event = pd.Series(self.event)
        return pd.DataFrame(
            {
                "day": self.day,
                "phase": pd.Categorical(event.map(phases)),
                "event": pd.Categorical(event.map(names)),
                "person": self.person,
                "post": self.post,
                "value": self.value,
            }
        )

    def to_vidigi(self) -> "pd.DataFrame":
        """The rows about referrals as an event log for the vidigi package, which animates queues (see `event_log.event_log`)."""
        from accesssim.world.event_log import event_log

        return event_log(self)


AnyJournal = Journal | Rows
"""A run, kept or just over: what measures are taken from."""

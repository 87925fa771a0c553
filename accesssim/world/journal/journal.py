"""What has happened, one row each; a run leaves nothing else.

A row is (day, event, person, post, value): sixteen bytes, an unsigned 64-bit key and a double. Every measure is a
function of these rows and of the journal's header, so that a denominator can be re-decided without re-running.
Rows stand in the order in which things happened; days before 0 tell the past of people found in the service on day 0.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from accesssim.world.journal import codes
from accesssim.world.journal.columns import Packed, Runs, Values
from accesssim.world.journal.events import Event, Phase
from accesssim.world.limits import EARLIEST_DAY
from accesssim.world.notebook import as_html, counted
from accesssim.world.nothing import NOBODY

if TYPE_CHECKING:
    import pandas as pd


PACKED_AT_ONCE = 1 << 15
"""Most rows that are packed together, which takes a few megabytes beside them; an engine that can hands on a piece when it has as many."""


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

    def __call__(self, day: int, event: int, person: int = 0, post: int = NOBODY, value: float = 0.0) -> None:
        """Write it."""


def _note(
    days: list[int],
    begins: list[int],
    write_person: Callable[[int], None],
    write_what: Callable[[int], None],
    write_value: Callable[[float], None],
    rows: Callable[[], int],
) -> Note:
    """What writes a row.

    A function rather than a method: it is called for every row, finds what it needs at hand, and works with small
    numbers only.
    """
    happened = codes.happened

    def note(day: int, event: int, person: int = 0, post: int = NOBODY, value: float = 0.0) -> None:
        if day != days[-1]:
            begins.append(rows())
            days.append(day)
        write_person(person)
        write_what(happened(event, post))
        write_value(value)

    return note


class Writer:
    """An open journal: columns of persons, of events with posts, and of values; and the rows at which another day begins."""

    __slots__ = ("_begins", "_days", "_persons", "_what", "note", "values")

    def __init__(self) -> None:
        self._persons, self._what = array("I"), array("I")
        self.values = array("d")
        self._days, self._begins = [EARLIEST_DAY - 1], [0]
        self.note = _note(
            self._days, self._begins, self._persons.append, self._what.append, self.values.append, self.values.__len__
        )

    def __len__(self) -> int:
        return len(self.values)

    def note_many(
        self,
        event: int,
        day: NDArray[np.int64],
        person: NDArray[np.int64],
        post: NDArray[np.int64],
        value: NDArray[np.float64],
    ) -> None:
        """Write many rows of one event at once, at least one."""
        begins = [0, *(np.flatnonzero(day[1:] != day[:-1]) + 1).tolist()]
        self._begins += [len(self) + row for row in begins]
        self._days += day[begins].tolist()
        self._persons.frombytes(person.astype(np.uintc).tobytes())
        self._what.frombytes(codes.happened(event, post).astype(np.uintc).tobytes())
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
        persons = np.array(self._persons, dtype=np.int64)
        return codes.row(day, codes.event_of(what), persons, codes.post_of(what)).astype(np.uint64)


class Rows:
    """A run that is just over: header and rows as they were written, each column worked out once.

    For measuring at once; a `Journal` is for keeping.
    """

    def __init__(
        self, header: Header, keys: "array[int] | NDArray[np.uint64]", values: "array[float] | NDArray[np.float64]"
    ) -> None:
        self.header = header
        self.keys: NDArray[np.uint64] = np.asarray(keys, dtype=np.uint64)
        """All of each row but its value (`codes.row`)."""
        self._signed = self.keys.view(np.int64)
        self.value: NDArray[np.float64] = np.asarray(values, dtype=np.float64)

    def __len__(self) -> int:
        return len(self.value)

    def parts(self, most: int) -> Iterator["Rows"]:
        """The same rows, so many at most at a time; at least one part."""
        for first in range(0, max(1, len(self)), most):
            yield Rows(self.header, self.keys[first : first + most], self.value[first : first + most])

    @cached_property
    def day(self) -> NDArray[np.int64]:
        """Day of each row."""
        return codes.day_of_row(self._signed)

    @cached_property
    def event(self) -> NDArray[np.int64]:
        """Event code of each row."""
        return codes.event_of_row(self._signed)

    @cached_property
    def person(self) -> NDArray[np.int64]:
        """Person (for staff rows: the holder's turn) of each row."""
        return codes.person_of_row(self._signed)

    @cached_property
    def post(self) -> NDArray[np.int64]:
        """Post, or the small code that the event documents; NOBODY for none."""
        return codes.post_of_row(self._signed)


class _Part:
    """Rows that follow one another, kept column by column."""

    __slots__ = ("day", "rest", "value")

    def __init__(self, rows: Rows) -> None:
        self.day = Runs(rows.day)
        self.rest = Packed(rows.event, codes.folded(rows.person), rows.post + 1)
        self.value = Values(rows.value, rows.event)

    @property
    def nbytes(self) -> int:
        return self.day.nbytes + self.rest.nbytes + self.value.nbytes


class Journal:
    """A finished run: header and rows, kept column by column.

    Made of the pieces of a run in their order, each of which is packed before the next is asked for: the whole is never held unpacked.
    """

    def __init__(self, pieces: Iterable[Rows]) -> None:
        self._parts: list[_Part] = []
        for rows in pieces:
            self.header = rows.header
            self._parts += [_Part(part) for part in rows.parts(PACKED_AT_ONCE)]

    def __len__(self) -> int:
        return sum(len(part.rest) for part in self._parts)

    @property
    def day(self) -> NDArray[np.int64]:
        """Day of each row."""
        return np.concatenate([part.day.read() for part in self._parts])

    @property
    def event(self) -> NDArray[np.int64]:
        """Event code of each row."""
        return self._rest(0)

    @property
    def person(self) -> NDArray[np.int64]:
        """Person (for staff rows: the holder's turn) of each row."""
        return codes.unfolded(self._rest(1))

    @property
    def post(self) -> NDArray[np.int64]:
        """Post, or the small code that the event documents; NOBODY for none."""
        return self._rest(2) - 1

    def _rest(self, column: int) -> NDArray[np.int64]:
        return np.concatenate([part.rest.read(column) for part in self._parts])

    @property
    def value(self) -> NDArray[np.float64]:
        """Value of each row, as the event documents."""
        return np.concatenate([part.value.read(part.rest.read(0)) for part in self._parts])

    def __repr__(self) -> str:
        run = f"seed {self.header.seed}, replication {self.header.replication}"
        return f"<Journal of {self.header.scenario}: {counted(len(self), 'row')}, {run}>"

    def _repr_html_(self) -> str:
        """In a notebook: which run it is."""
        header = self.header
        rows: list[tuple[str, object]] = [
            ("scenario", header.scenario),
            ("seed", header.seed),
            ("replication", header.replication),
            ("engine", header.engine),
            ("days", f"{header.days:,}"),
            ("rows", f"{len(self):,}"),
            ("kilobytes", f"{self.nbytes / 1000:,.0f}"),
        ]
        return as_html(f"Journal of {header.scenario}", rows)

    @property
    def nbytes(self) -> int:
        """Bytes that the rows take."""
        return sum(part.nbytes for part in self._parts)

    @property
    def keys(self) -> NDArray[np.uint64]:
        """All of each row but its value."""
        return codes.row(self.day, self.event, self.person, self.post).astype(np.uint64)

    def digest(self) -> str:
        """SHA-256 over the rows, the same on every machine."""
        return hashlib.sha256(self.keys.astype("<u8").tobytes() + self.value.astype("<f8").tobytes()).hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Journal):
            return NotImplemented
        return np.array_equal(self.keys, other.keys) and np.array_equal(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]  # a journal is a large mutable-looking thing: compare it, do not key by it

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a table: day, phase (in the order of a day), event, person, post, value."""
        import pandas as pd

        names = {int(event): event.name.lower() for event in Event}
        phases = {int(event): event.phase.name.lower() for event in Event}
        event = pd.Series(self.event)
        return pd.DataFrame(
            {
                "day": self.day,
                "phase": pd.Categorical(
                    event.map(phases), categories=[phase.name.lower() for phase in Phase], ordered=True
                ),
                "event": pd.Categorical(event.map(names)),
                "person": self.person,
                "post": self.post,
                "value": self.value,
            }
        )

    def to_vidigi(self) -> "pd.DataFrame":
        """The rows about referrals as an event log for the vidigi package, which animates queues (see `event_log.event_log`)."""
        from accesssim.world.journal.event_log import event_log

        return event_log(self.header.pathways, self.day, self.event, self.person, self.post)


AnyJournal = Journal | Rows
"""A run, kept or just over: what measures are taken from."""

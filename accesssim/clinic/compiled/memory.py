"""The memory of a replication: what every one begins from, and its arrays, which grow between days."""

import mmap
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.compiled.arrays import ARRAYS, WORLD
from accesssim.clinic.compiled.day import begin
from accesssim.clinic.compiled.layout import LINE
from accesssim.clinic.compiled.luck import AT_A_TIME
from accesssim.clinic.compiled.scenario_arrays import Tables
from accesssim.clinic.compiled.therapist import HAZARDS
from accesssim.clinic.compiled.waiting_list import LANES
from accesssim.clinic.header import header
from accesssim.clinic.stop import Stop
from accesssim.clinic.therapist import WEEKS_OF_LEAVE_YEAR
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS
from accesssim.world.scenario import Scenario

_WORD = {name: nth for nth, name in enumerate(WORLD.names or ())}  # each field of the clinic's record has eight bytes
_ROWS = ("keys", "values")
_OF_ITS_OWN: Any = (
    {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if sys.platform != "win32" else {}
)  # else processes that are forked off would share it
_USED = (
    dict.fromkeys(_ROWS, "rows")
    | {"entry_after": "used_entries"}
    | dict.fromkeys(("following", "preceding", "course_number"), "used_people")
    | {
        name: f"used_{name}"
        for name in ("people", "courses", "circles", "entries", "coming", "later", "needs", "own_needs")
    }
)
_LARGE = 1 << 22  # bytes from which on large pages are asked for
_NOBODY_ELSE = 2  # who refers to an array: the memory that it is part of, and whoever asks


def pages(size: int, kind: np.dtype[Any], *, at_random: bool) -> NDArray[Any]:
    """An array in pages of its own: what nobody has written to takes no memory, and what is let go is free at once.

    Large pages where what is near matters little.
    """
    memory = mmap.mmap(-1, size * kind.itemsize, **_OF_ITS_OWN)
    if at_random and len(memory) >= _LARGE and hasattr(mmap, "MADV_HUGEPAGE"):
        memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, dtype=kind)


def address_of(array: NDArray[Any]) -> int:
    """Where an array begins."""
    found: int = array.ctypes.data
    return found


def _sizes(counts: dict[str, int], weeks: int, years: int) -> dict[str, int]:
    """How many there are of what has its size from the scenario, and begins empty."""
    days, posts, lists, staff, teams = (
        counts[name] for name in ("days", "post_count", "list_count", "staff_count", "team_count")
    )
    return {
        "posts": posts,
        "therapists": 2 * posts,
        "hazards": 2 * HAZARDS * posts,
        "caseloads": 2 * posts * WORKING_DAYS,
        "leave": 2 * posts * years,
        "staff": staff,
        "lists": 2 * lists,
        "in_places": lists,
        "rates": teams * weeks,
        "booked": 2 * teams * weeks * DAYS_PER_WEEK,
        "first_open": 2 * teams,
        "room_today": teams,
        "queues": 2 * teams,
        "arrivals": counts["path_count"],
        "heap": posts,
        "drawn": 3 * AT_A_TIME,
        "in_tails": AT_A_TIME,
        "possible_keys": AT_A_TIME,
        "possible": 3 * AT_A_TIME,
        "needed": AT_A_TIME,
        "needed_keys": AT_A_TIME,
        "lucks": 2 * AT_A_TIME,
        "due": 3 * days,
        "leaves": days,
        "crises": days,
        "expected": days,
        "asks": days,
        "rows_due": days,
        "in_care": staff + lists,
        "lanes": 2 * lists * LANES,
    }


class Blank:
    """What every replication of a scenario begins from.

    The clinic's record with its constant arrays in place, and one block with all those that begin empty.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.tables = made = Tables(scenario)
        world = np.zeros(1, dtype=WORLD)
        counts = made.counts
        days, posts = counts["days"], counts["post_count"]
        weeks = (days + max(counts["horizon"], 366)) // DAYS_PER_WEEK + 3
        years = (days + 800) // (WEEKS_OF_LEAVE_YEAR * DAYS_PER_WEEK) + 2
        for name, value in (*counts.items(), *made.figures.items(), ("weeks", weeks), ("years", years)):
            world[name] = value
        for name, array in made.arrays.items():
            world[name], world[f"{name}_room"] = address_of(array), len(array)
        sizes = _sizes(counts, weeks, years)
        begins, end = {}, 0
        for name, size in sizes.items():
            begins[name] = end
            end += -(-max(1, size) * ARRAYS[name].itemsize // LINE) * LINE
        self.block = np.zeros(end, dtype=np.uint8)
        for name, size in sizes.items():
            array = self.block[begins[name] :][: max(1, size) * ARRAYS[name].itemsize].view(ARRAYS[name])
            if name in ("due", "leaves", "crises", "expected"):
                array[:] = -1
            elif name in ("asks", "rows_due", "lanes"):
                array["head"] = array["tail"] = -1
            elif name == "posts":
                array["staff"][:posts] = made.post_staff
            world[name], world[f"{name}_room"] = begins[name], len(array)
        self.words = world.view(np.int64)
        self.within = np.array([_WORD[name] for name in sizes])  # addresses within the block
        self.header = header(scenario, days, made.post_staff.tolist(), 0, 0, "fast")
        self.spare: list[Memory] = []

    def memory(self) -> "Memory":
        """That of a replication that is over, if nobody looks at its rows any more: new memory costs the system's time."""
        try:
            memory = self.spare.pop()
        except IndexError:  # asked for as it is taken: another thread may have been here first
            return Memory(self)
        if all(sys.getrefcount(memory.arrays[name]) <= _NOBODY_ELSE for name in _ROWS):
            return memory
        self.spare.insert(0, memory)
        return Memory(self)

    def give_back(self, memory: "Memory") -> None:
        """The replication is over: its memory may serve another once its rows are gone."""
        self.spare.append(memory)
        del self.spare[:-2]


class Memory:
    """The clinic's record and its arrays, for one replication after another."""

    def __init__(self, blank: Blank) -> None:
        self._blank = blank
        self._block = pages(len(blank.block), blank.block.dtype, at_random=True)
        self._before = blank.words.copy()
        self._before[blank.within] += address_of(self._block)
        self._words = self._before.copy()
        self.world, self.address = self._words.view(WORLD), address_of(self._words)
        self.arrays: dict[str, NDArray[Any]] = {}
        for name, size in blank.tables.room.items():
            self._make(name, size)

    def _make(self, name: str, size: int) -> NDArray[Any]:
        """A new array in the place of the one that was there, if any."""
        self.arrays[name] = array = pages(size, ARRAYS[name], at_random=name not in _ROWS)
        for words in (self._before, self._words):
            words[_WORD[name]], words[_WORD[f"{name}_room"]] = address_of(array), len(array)
        return array

    def begin(self, root: int, stop: Stop) -> None:
        """Before anything has happened, with the luck of `root`, until `stop` is set."""
        self._words[:] = self._before
        self._block[:] = self._blank.block
        self.world["root"], self.world["stop"] = np.uint64(root), address_of(stop.flag)
        begin(self.address)

    def grow(self, name: str, size: int) -> None:
        """Make room for `size` in an array; what is there stays where it is."""
        old = self.arrays[name]
        if size > len(old):
            new = self._make(name, max(size, 2 * len(old)))
            used = int(self.world[_USED[name]][0]) if name in _USED else 0
            new[:used] = old[:used]
            self._blank.tables.room[name] = len(new)  # new memory begins with it

"""The whole clinic: one record of numbers, with the addresses of its arrays, so that a call hands over one pointer.

Arrays that grow do so between days, and so an address never changes between one call from outside and its end.
Lengths are told as 0 but where one is asked for: no index is counted from the end, and so the compiler leaves out the
steps that would do it.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

import numpy as np

from accesssim.clinic.compiled.addresses import carray, element_of, fixed_word, pointer_to
from accesssim.clinic.compiled.layout import Key, layout
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import (
    Arrival,
    Chain,
    Circle,
    Coming,
    Course,
    Entry,
    Hazard,
    Later,
    List,
    Need,
    Needed,
    Person,
    Post,
    Queue,
    Staff,
    Therapist,
)
from accesssim.clinic.compiled.scenario_records import Asking, Group, Part, Path, Span, Staffing, Stage, Step, Team
from accesssim.clinic.course import CourseRules
from accesssim.clinic.outlook import Seeking

Kind = TypeVar("Kind")


class World:
    """The whole clinic: numbers of its own, before which stand address and room of each of its arrays."""

    days: int
    periods: int
    team_count: int
    group_count: int
    path_count: int
    step_count: int
    staff_count: int
    post_count: int
    list_count: int
    history: int
    horizon: int
    # of those who are found on day 0 (`flows.Opening`)
    opening_delay: int
    found_at: int
    awaiting_at: int
    awaiting_size: int
    anywhere_at: int
    anywhere_size: int
    # whether anybody's luck has a part in these at all
    remits: int
    delays: int
    drifts: int
    severities: int
    score_parts: int
    weeks: int
    years: int
    day: int
    period: int
    rows: int  # written so far and not yet taken
    # first record that may be used again, and records used so far
    free_person: int
    used_people: int
    people_here: int
    free_course: int
    used_courses: int
    free_coming: int
    used_coming: int
    free_later: int
    used_later: int
    used_needs: int
    noted_needs: int
    used_own_needs: int
    free_entry: int
    used_entries: int
    entries_here: int
    free_circle: int
    used_circles: int
    need_number: int  # of the first possible need that is looked at together with others
    possible_at: int  # the next of these
    failed: int
    failed_at: int
    crises_this_week: int
    crises_today: int
    without_therapist: int
    opened: int
    released_days: int
    # room that the next day may take
    more_people: int
    more_rows: int
    peak: float
    tape_average: float
    tape_hours: float
    relief: float
    contracted: float
    paperwork_wanted: float
    recruitment_cost: float
    stays_cost: float
    granted: float
    spent: float
    lost: float
    this_year: float
    carried: float
    beyond: float
    need_time: float
    reserve_share: float
    root: Key
    stop: int  # address of the flag that ends the run when it is not 0


ARRAYS: dict[str, np.dtype[Any]] = {}
"""The arrays of the clinic, in the order of their addresses: those of a scenario (`scenario_arrays.Tables`), and what changes during a run."""


def _array(name: str, kind: Any) -> Any:
    """A function that gives one of the clinic's arrays, which has the next two words of the clinic's record: address and length."""
    place, room = 16 * len(ARRAYS), 16 * len(ARRAYS) + 8
    ARRAYS[name] = kind

    @native
    def array(w: World) -> Any:
        return carray(pointer_to(fixed_word(w, place)), 0, kind)

    @native
    def whole(w: World) -> Any:
        return carray(pointer_to(fixed_word(w, place)), fixed_word(w, room), kind)

    return whole if name == "order" or os.environ.get("NUMBA_BOUNDSCHECK", "0") != "0" else array


def records(name: str, kind: type[Kind]) -> Callable[[World], Sequence[Kind]]:
    """A function that gives an array of records."""
    made: Callable[[World], Sequence[Kind]] = _array(name, layout(kind))
    return made


@overload
def numbers(name: str, kind: type[np.int32] | type[np.int64]) -> Callable[[World], list[int]]: ...
@overload
def numbers(name: str, kind: type[np.uint64]) -> Callable[[World], list[Key]]: ...
@overload
def numbers(name: str, kind: type[np.float64]) -> Callable[[World], list[float]]: ...
def numbers(name: str, kind: type) -> Any:
    """A function that gives an array of numbers."""
    return _array(name, np.dtype(kind))


def _word(name: str, nth: int) -> Callable[[World], int]:
    """A function that gives a word of the clinic's record that belongs to an array."""
    place = 16 * list(ARRAYS).index(name) + 8 * nth

    @native
    def word(w: World) -> int:
        found: int = fixed_word(w, place)
        return found

    return word


def address(name: str) -> Callable[[World], int]:
    """A function that gives where an array begins."""
    return _word(name, 0)


def room(name: str) -> Callable[[World], int]:
    """A function that gives how many an array has room for."""
    return _word(name, 1)


stages_of = records("stages", Stage)
group_rules_of = records("group_rules", Group)
step_rules_of = records("step_rules", Step)
paths_of = records("paths", Path)
course_rules_of = records("course_rules", CourseRules)
team_rules_of = records("team_rules", Team)
staffing_of = records("staffing", Staffing)
places_of = numbers("places", np.int64)
kept_of = numbers("kept", np.float64)
lasting_of = numbers("lasting", np.float64)
worsened_of = numbers("worsened", np.float64)
seeking_of = records("seeking", Seeking)
asking_of = records("asking", Asking)
kept_arrivals_of = numbers("kept_arrivals", np.float64)
spans_of = records("spans", Span)
parts_of = records("parts", Part)
span_values_of = numbers("span_values", np.float64)
span_weights_of = numbers("span_weights", np.float64)
patience_tables_of = numbers("patience_tables", np.float64)
numbers_of = numbers("numbers", np.int64)
entities_of = numbers("entities", np.uint64)
keys_of = numbers("keys", np.int64)
values_of = numbers("values", np.float64)
people_of = records("people", Person)
courses_of = records("courses", Course)
coming_of = records("coming", Coming)
later_of = records("later", Later)
needs_of = records("needs", Need)
own_needs_of = records("own_needs", Need)
entries_of = records("entries", Entry)
following_of = numbers("following", np.int32)
preceding_of = numbers("preceding", np.int32)
entry_after_of = numbers("entry_after", np.int32)
course_number_of = numbers("course_number", np.int32)
circles_of = records("circles", Circle)
order_of = numbers("order", np.int64)
due_of = numbers("due", np.int32)
leaves_of = numbers("leaves", np.int32)
crises_of = numbers("crises", np.int32)
expected_of = numbers("expected", np.int32)
asks_of = records("asks", Chain)
rows_due_of = records("rows_due", Chain)
lists_of = records("lists", List)
lanes_of = records("lanes", Chain)
in_places_of = numbers("in_places", np.int64)
posts_of = records("posts", Post)
therapists_of = records("therapists", Therapist)
hazards_of = records("hazards", Hazard)
caseloads_of = records("caseloads", Chain)
leave_of = numbers("leave", np.uint64)
staff_of = records("staff", Staff)
rates_of = numbers("rates", np.float64)
booked_of = numbers("booked", np.int32)
first_open_of = numbers("first_open", np.int64)
room_today_of = numbers("room_today", np.int64)
queues_of = records("queues", Queue)
arrivals_of = records("arrivals", Arrival)
heap_of = numbers("heap", np.int64)
drawn_of = numbers("drawn", np.float64)
in_tails_of = numbers("in_tails", np.int64)
possible_keys_of = numbers("possible_keys", np.uint64)
possible_of = numbers("possible", np.float64)
needed_of = records("needed", Needed)
needed_keys_of = numbers("needed_keys", np.uint64)
lucks_of = numbers("lucks", np.float64)
in_care_of = numbers("in_care", np.int64)  # numbers of those who are found in care, taken so far (see `found`)

WORLD = np.dtype(
    [
        *((f"{name}{part}", "i8") for name in ARRAYS for part in ("", "_room")),
        *((name, kind) for name, (kind, *_) in (layout(World).fields or {}).items()),
    ],
    align=True,
)
"""The record of the whole clinic, each field of eight bytes."""

clinic_at: Callable[[int, int], World] = element_of(WORLD)
"""The clinic whose record lies at an address (and a number, 0)."""


@native
def flag_at(place: int) -> int:
    """A flag that lies outside, which somebody else may set."""
    found: int = carray(pointer_to(place), 1, np.int64)[0]
    return found


people_at = address("people")
courses_at = address("courses")
entries_at = address("entries")
coming_at = address("coming")
paths_at = address("paths")
patience_tables_at = address("patience_tables")
span_values_at = address("span_values")
span_weights_at = address("span_weights")
keys_room = room("keys")
people_room = room("people")
order_room = room("order")
circles_room = room("circles")
entries_room = room("entries")
coming_room = room("coming")
later_room = room("later")
needs_room = room("needs")
own_needs_room = room("own_needs")

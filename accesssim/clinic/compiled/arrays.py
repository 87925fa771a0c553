"""The whole clinic: one record of numbers which also holds the addresses of its arrays."""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from accesssim.clinic.compiled import scenario_arrays
from accesssim.clinic.compiled.addresses import element_of, fixed_word, pointer_to
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import (
    ARRIVAL,
    CHAIN,
    CIRCLE,
    COMING,
    COURSE,
    ENTRY,
    HAZARD,
    LATER,
    LIST,
    NEED,
    NEEDED,
    PERSON,
    POST,
    QUEUE,
    STAFF,
    THERAPIST,
)

#: Arrays of the clinic: those of `Tables`, and what changes during a run.
ARRAYS: dict[str, Any] = {
    "stages": scenario_arrays.STAGES,
    "group_rules": scenario_arrays.GROUP,
    "step_rules": scenario_arrays.STEP,
    "paths": scenario_arrays.PATH,
    "course_rules": scenario_arrays.COURSE,
    "team_rules": scenario_arrays.TEAM,
    "staffing": scenario_arrays.STAFFING,
    "places": np.int64,
    "kept": np.float64,
    "lasting": np.float64,
    "worsened": np.float64,
    "seeking": scenario_arrays.SEEKING,
    "asking": scenario_arrays.ASKING,
    "kept_arrivals": np.float64,
    "spans": scenario_arrays.SPAN,
    "parts": scenario_arrays.PART,
    "span_values": np.float64,
    "span_weights": np.float64,
    "patience_tables": np.float64,
    "numbers": np.int64,
    "entities": np.uint64,
    "keys": np.int64,
    "values": np.float64,
    "people": PERSON,
    "courses": COURSE,
    "coming": COMING,
    "later": LATER,
    "needs": NEED,
    "own_needs": NEED,
    "entries": ENTRY,
    "following": np.int32,
    "preceding": np.int32,
    "entry_after": np.int32,
    "course_number": np.int32,
    "circles": CIRCLE,
    "order": np.int64,
    "due": np.int32,
    "leaves": np.int32,
    "crises": np.int32,
    "expected": np.int32,
    "asks": CHAIN,
    "rows_due": CHAIN,
    "lists": LIST,
    "lanes": CHAIN,
    "in_places": np.int64,
    "posts": POST,
    "therapists": THERAPIST,
    "hazards": HAZARD,
    "caseloads": CHAIN,
    "leave": np.uint64,
    "staff": STAFF,
    "rates": np.float64,
    "booked": np.int32,
    "first_open": np.int64,
    "room_today": np.int64,
    "queues": QUEUE,
    "arrivals": ARRIVAL,
    "heap": np.int64,
    "drawn": np.float64,
    "in_tails": np.int64,
    "possible_keys": np.uint64,
    "possible": np.float64,
    "needed": NEEDED,
    "needed_keys": np.uint64,
    "lucks": np.float64,
    "earlier": COMING,
}
WORLD = np.dtype(
    [
        *((f"{name}{part}", "i8") for name in ARRAYS for part in ("", "_room")),
        *(
            (name, "i8")
            for name in [
                "days",
                "periods",
                "team_count",
                "group_count",
                "path_count",
                "step_count",
                "staff_count",
                "post_count",
                "list_count",
                "history",
                "horizon",
                "opening_delay",
                "remits",
                "delays",
                "drifts",
                "severities",
                "score_parts",
                "weeks",
                "years",
                "day",
                "period",
                "rows",
                "free_person",
                "used_people",
                "people_here",
                "free_course",
                "used_courses",
                "free_coming",
                "used_coming",
                "free_later",
                "used_later",
                "used_needs",
                "noted_needs",
                "used_own_needs",
                "free_entry",
                "used_entries",
                "entries_here",
                "free_circle",
                "used_circles",
                "used_earlier",
                "need_number",
                "possible_at",
                "failed",
                "failed_at",
                "crises_this_week",
                "crises_today",
                "without_therapist",
                "opened",
                "released_days",
                "more_people",
                "more_rows",
            ]
        ),
        *(
            (name, "f8")
            for name in [
                "peak",
                "tape_average",
                "tape_hours",
                "relief",
                "contracted",
                "paperwork_wanted",
                "recruitment_cost",
                "stays_cost",
                "granted",
                "spent",
                "lost",
                "this_year",
                "need_time",
                "reserve_share",
            ]
        ),
        ("root", "u8"),
    ],
    align=True,
)

assert WORLD.names is not None
WORD = {name: nth for nth, name in enumerate(WORLD.names)}  # each field of the clinic's record has eight bytes


def array_of(name: str) -> Callable[[Any], Any]:
    """A function that gives one of the clinic's arrays.

    Its length is told as 0 but where it is asked for: no index is counted from the end, and so numba leaves out the steps that would do it.
    """
    place, room, kind = 8 * WORD[name], 8 * WORD[f"{name}_room"], np.dtype(ARRAYS[name])

    @native
    def array(w: Any) -> Any:
        return numba.carray(pointer_to(fixed_word(w, place)), 0, kind)

    @native
    def whole(w: Any) -> Any:
        return numba.carray(pointer_to(fixed_word(w, place)), fixed_word(w, room), kind)

    return whole if name == "order" or numba.config.BOUNDSCHECK else array


PEOPLE, COURSES = 8 * WORD["people"], 8 * WORD["courses"]
person_at, course_at = element_of(PERSON), element_of(COURSE)

(
    stages_of,
    group_rules_of,
    step_rules_of,
    paths_of,
    course_rules_of,
    team_rules_of,
    staffing_of,
    places_of,
    kept_of,
    lasting_of,
    worsened_of,
    seeking_of,
    asking_of,
    kept_arrivals_of,
    spans_of,
    parts_of,
    span_values_of,
    span_weights_of,
    patience_tables_of,
    numbers_of,
    entities_of,
    keys_of,
    values_of,
    people_of,
    courses_of,
    coming_of,
    later_of,
    needs_of,
    own_needs_of,
    entries_of,
    following_of,
    preceding_of,
    entry_after_of,
    course_number_of,
    circles_of,
    order_of,
    due_of,
    leaves_of,
    crises_of,
    expected_of,
    asks_of,
    rows_due_of,
    lists_of,
    lanes_of,
    in_places_of,
    posts_of,
    therapists_of,
    hazards_of,
    caseloads_of,
    leave_of,
    staff_of,
    rates_of,
    booked_of,
    first_open_of,
    room_today_of,
    queues_of,
    arrivals_of,
    heap_of,
    drawn_of,
    in_tails_of,
    possible_keys_of,
    possible_of,
    needed_of,
    needed_keys_of,
    lucks_of,
    earlier_of,
) = (array_of(name) for name in ARRAYS)

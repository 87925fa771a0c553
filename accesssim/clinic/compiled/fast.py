"""The compiled engine: the same journal as SimPy's, row by row, many times sooner.

Rules are written once: the functions of the leaves are compiled as they stand (`compiled`). What is told a second time here is who is where, and when: the calendar,
the lists, the diaries, and the journeys, as states instead of generators. Functions have the names of the methods that they stand for.

The whole clinic is one record of numbers which also holds the addresses of its arrays, so that a call hands over one pointer. A person is a record too, used again
once they have left; chains (lists, caseloads, the days of the calendar) are numbers of who follows whom. `Engine` makes room between days, never within one.
"""

import atexit
import gc
import hashlib
import inspect
import json
import math
import mmap
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np
from llvmlite.binding import get_host_cpu_name
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from accesssim.clinic import service, waiting_list
from accesssim.clinic.arrivals import BLOCK, MOST, too_many_arrivals
from accesssim.clinic.compiled import scenario_arrays
from accesssim.clinic.compiled.scenario_arrays import Tables
from accesssim.clinic.hours import SMOOTHING_WEEKS
from accesssim.clinic.opening import MOST_PASSED
from accesssim.clinic.population import MEMORY_DAYS
from accesssim.clinic.rules import (
    bureaucracy,
    burnout,
    funding,
    illness,
    laws_of_days,
    places,
    referrals,
    therapy,
    triage,
    worktime,
)
from accesssim.clinic.rules import patience as patience_rules
from accesssim.clinic.rules.patience import Patience
from accesssim.clinic.stays import ATTEMPTS
from accesssim.clinic.therapist import WEEKS_OF_LEAVE_YEAR
from accesssim.world import chance
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, NEVER, WORKING_DAYS
from accesssim.world.chance import Chance
from accesssim.world.journal import events, journal
from accesssim.world.journal.journal import Journal, Rows
from accesssim.world.limits import EARLIEST_DAY
from accesssim.world.scenario import Scenario

Rule = TypeVar("Rule", bound=Callable[..., Any])


# -- compiling


def _cache_folder() -> str:
    """Where compiled code is kept: apart for each state of the code that it was compiled from, as functions of other files are compiled into it.

    And apart for each Python, each kind of processor and each place of the package, which may share a home. Where nothing can be kept, a folder for this process and those that it starts.
    """
    kind, home = numba.config.CPU_NAME or get_host_cpu_name(), Path(__file__).parent.parent.parent
    made_for = (
        sys.version_info[:2],
        numba.__version__,
        np.__version__,
        kind,
        numba.config.BOUNDSCHECK,
        str(home),
        Path(__file__).stat().st_mtime_ns,
    )
    seen = hashlib.sha256(str(made_for).encode())
    for path in sorted([*(home / "clinic").rglob("*.py"), *(home / "world").rglob("*.py")]):
        seen.update(path.read_bytes())
    try:
        chosen = os.environ.get("ACCESSSIM_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(chosen) / "accesssim" / seen.hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        passing = tempfile.mkdtemp(prefix="accesssim-")
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        os.environ["ACCESSSIM_CACHE"] = passing  # else each worker would compile for itself
        folder = Path(passing) / "accesssim" / seen.hexdigest()[:16]
        folder.mkdir(parents=True)
        return str(folder)


_ENTRANCES = ("advance", "begin")
_COMPILED: dict[Callable[..., Any], Any] = {}
_ALL: list[Any] = []  # every compiled function, in the order of definition
_FOLDER = _cache_folder()
_theirs, numba.config.CACHE_DIR = numba.config.CACHE_DIR, _FOLDER
atexit.register(
    gc.freeze
)  # to look through all that numba has loaded, once more when the process ends, takes a tenth of a second and frees nothing


def native(function: Rule) -> Rule:
    """Compile a function of this file. Kept on disk are those that are called from outside: what they call is in them, and each more costs every start some time."""
    made: Rule = njit(cache=function.__name__ in _ENTRANCES, error_model="numpy")(function)
    _ALL.append(made)
    return made


def _numbers(kind: type[IntEnum]) -> Any:
    """The members of an enum as plain integers: a compiled function is made anew for every kind of argument."""
    told = NamedTuple(kind.__name__, [(member.name, int) for member in kind])  # type: ignore[misc]  # names known at run time only
    return told(*[int(member) for member in kind])


def compiled(rule: Rule) -> Rule:
    """A rule as it stands, compiled, with the rules and the records' types that it calls."""
    if rule not in _COMPILED:
        used, codes = set[str](), [rule.__code__]
        while codes:
            code = codes.pop()
            used.update(code.co_names)
            codes += [constant for constant in code.co_consts if hasattr(constant, "co_names")]
        names = {name: value for name, value in rule.__globals__.items() if name in used}
        names |= {
            name: compiled(value)
            for name, value in names.items()
            if isinstance(value, FunctionType) and value.__module__.startswith("accesssim.")
        }
        # a table as an array: as a tuple its length would be part of its type, and take the compiler minutes
        names |= {
            name: np.array(value)
            for name, value in names.items()
            if isinstance(value, tuple) and value and all(isinstance(one, float) for one in value)
        }
        copy = FunctionType(rule.__code__, {**names, "__name__": rule.__module__}, rule.__name__, rule.__defaults__)
        copy.__qualname__ = rule.__qualname__
        _COMPILED[rule] = native(copy)
    made: Rule = _COMPILED[rule]
    return made


Event, Account, Cancellation, Urgency, Purpose, Law = (
    _numbers(kind)
    for kind in (events.Event, events.Account, events.Cancellation, events.Urgency, chance.Purpose, patience_rules.Law)
)

mixed, exponential = compiled(chance.mixed), compiled(chance.exponential)
normal, central, tail = compiled(chance.normal), compiled(chance.normal_centre), compiled(chance.normal_tail)
pack_scores, begins_year = compiled(journal.pack_scores), compiled(service.begins_year)
step_days, giving_up_days, relief_share, slot_hours = (
    compiled(bureaucracy.step_days),
    compiled(bureaucracy.giving_up_days),
    compiled(bureaucracy.relief_share),
    compiled(bureaucracy.slot_hours),
)
felt_workload, emotional_load = compiled(burnout.felt_workload), compiled(burnout.emotional_load)
list_pressure, pressure_of, strain_of, recovery_of, resting_point, worked_week, rested_week, weekly_hazard = (
    compiled(burnout.list_pressure),
    compiled(burnout.pressure),
    compiled(burnout.strain),
    compiled(burnout.recovery),
    compiled(burnout.resting_point),
    compiled(burnout.worked_week),
    compiled(burnout.rested_week),
    compiled(burnout.weekly_hazard),
)
unit_cost, affordable_posts, sessions_per_year, vacant_share, supervised_share = (
    compiled(funding.unit_cost),
    compiled(funding.affordable_posts),
    compiled(funding.sessions_per_year),
    compiled(funding.vacant_share),
    compiled(funding.supervised_share),
)
clip_severity, ill_days, untreated_severity, remission_days, crisis_days = (
    compiled(illness.clip_severity),
    compiled(illness.ill_days),
    compiled(illness.untreated_severity),
    compiled(illness.remission_days),
    compiled(illness.crisis_days),
)
patience_days, patience_with_calls = (
    compiled(patience_rules.patience_days),
    compiled(patience_rules.patience_with_calls),
)
whole_days, goes_on_to, began_on = compiled(places.whole_days), compiled(places.goes_on_to), compiled(places.began_on)
seek_chance, delay_days = compiled(referrals.seek_chance), compiled(referrals.delay_days)
span_days, found_span_days = compiled(laws_of_days.days), compiled(laws_of_days.found_days)
starting_alliance, alliance_ceiling, grown_alliance, ruptured_alliance = (
    compiled(therapy.starting_alliance),
    compiled(therapy.alliance_ceiling),
    compiled(therapy.grown_alliance),
    compiled(therapy.ruptured_alliance),
)
did_not_attend_log_odds, did_not_attend_chance, dropout_hazard, response_rate, response_floor = (
    compiled(therapy.did_not_attend_log_odds),
    compiled(therapy.did_not_attend_chance),
    compiled(therapy.dropout_hazard),
    compiled(therapy.response_rate),
    compiled(therapy.response_floor),
)
improvement, therapist_skill, relapse_days = (
    compiled(therapy.improvement),
    compiled(therapy.therapist_skill),
    compiled(therapy.relapse_days),
)
recorded_score, choose_pathway, hours_to_contact = (
    compiled(triage.recorded_score),
    compiled(triage.choose_pathway),
    compiled(triage.hours_to_contact),
)
counts_from = compiled(waiting_list.counts_from)
care_hours, paperwork_hours, usable_hours_of, usual_discharges, part_of_tape, slots_of_week, committed_hours_of = (
    compiled(worktime.care_hours),
    compiled(worktime.paperwork_hours),
    compiled(worktime.usable_hours),
    compiled(worktime.usual_discharges),
    compiled(worktime.part_of_tape),
    compiled(worktime.slots),
    compiled(worktime.committed_hours),
)
assessment_forms, needed_hours, sessions_that_do_not_fit, slots_of, calling_hours = (
    compiled(worktime.assessment_forms),
    compiled(worktime.needed_hours),
    compiled(worktime.sessions_that_do_not_fit),
    compiled(worktime.slots_of),
    compiled(worktime.calling_hours),
)


# -- records

LINE = 64  # bytes that come from memory together


def _record(*fields: str | tuple[str, ...], whole: int = 1) -> np.dtype[Any]:
    """A record of a multiple of `whole` bytes. Each of `fields` is a type and the names of some fields of it, the widest types first; those of a tuple share one place."""
    kinds, places, end = dict[str, str](), list[int](), 0
    for part in fields:
        begin = end
        for kind, *names in map(str.split, [part] if isinstance(part, str) else part):
            size = np.dtype(kind).itemsize
            first = -(-begin // size) * size
            kinds |= dict.fromkeys(names, kind)
            places += range(first, first + size * len(names), size)
            end = max(end, first + size * len(names))
    widest = max(whole, *(np.dtype(kind).itemsize for kind in kinds.values()))
    told: Any = {
        "names": list(kinds),
        "formats": list(kinds.values()),
        "offsets": places,
        "itemsize": -(-end // widest) * widest,
    }
    return np.dtype(told, align=True)


#: Whoever is here, in as little as can be, as many only wait: of what shares a place, that holds which belongs to where they are (red tape, assessment, a list, a place).
#: Chains of people go through arrays of their own, which are near when the people are not.
PERSON = _record(
    "f8 severity drift seen",
    "i4 number onset remission asked seen_on spell courses episode waits attempt",
    (
        "i4 gives_up step step_period",
        "i4 booked diary missed referred_on",
        "i4 list rank joined listed_on",
        "i4 served_at came",
    ),
    "i2 pathway arrives team scores",
    "i1 state urgency",
    "b1 complex recovered treated remits_first assessed",
    whole=LINE // 2,
)
#: What an appointment asks for, of those in a course with a therapist.
COURSE = _record(
    "u8 key",
    "f8 alliance ceiling response floor latent threshold hazard worsens worsened first_missing depression_part anxiety_part",
    "i8 worsened_at",
    "i4 number pathway onset remission courses appointments attended transfers first_day weekday cancelled_in cancelled therapist circle lost_in next",
    "b1 complex ill",
    whole=LINE,
)
COMING = _record("f8 severity drift", "i4 number onset asked remission arrives next", "b1 complex")
LATER = _record("i4 number event next")
NEEDED = _record("f8 severity stigma drift", "i4 number onset remission decided asked", "b1 complex lasts")
NEED = _record("f8 severity", "i4 number onset code")
ENTRY = _record("i4 slot number spell day")
LIST = _record("i8 length low high")
CHAIN = _record("i4 head tail count")
CIRCLE = _record(
    "i4 pathway seats weight began first_day weekday members met_as met_on next therapist", "b1 takes_newcomers"
)
POST = _record("i8 staff place filled_on turns holder", "b1 funded")
THERAPIST = _record(
    "u8 key",
    "f8 skill susceptibility exhaustion pressure cover_hours contact_hours complex_sessions",
    "i8 post staff turn hired caseload slots leaves_on sick_until sessions crises discharges transfers first_circle last_circle",
    "b1 agency on_leave absent leaving",
)
HAZARD = _record("f8 summed threshold", "i8 spells")
STAFF = _record("f8 discharges starts list_pressure", "i8 team group first_post last_post starts_this_week affordable")
ARRIVAL = _record("f8 time", "i8 number")
QUEUE = _record("i4 head tail made")

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
LANES, LOWEST_RANK = 104, -100
SESSIONS, WITHDRAWALS, REFERRALS = 0, 1, 2
(
    NOWHERE,
    ASKING,
    IN_TAPE,
    LEAVES_TAPE,
    TO_ASSESSMENT,
    AWAITS_ASSESSMENT,
    TO_REBOOKING,
    TO_SIGNPOST,
    TO_LIST,
    WAITS,
    IN_COURSE,
    AWAITS_THERAPIST,
    IN_PLACE,
    TO_RELAPSE,
    TO_RETURN,
) = range(15)
FIFO, PRIORITY, BY_SEVERITY, ACCUMULATING = range(4)
STEADY = 0
DONE, MORE_ROOM, FAILED = 0, 1, 2
OPEN = 2  # whether the service is open: 1 where its posts are filled
TOO_MANY_ARRIVALS, HARDLY_ANY = 1, 2
SPARE_ROWS = 4096
AT_A_TIME = 128  # possible needs that are looked at together
MANY = 8192  # people here, whose records are more than a processor keeps near it
AHEAD = 4  # how many posts, or people, before their turn a record is asked for: memory answers as late as that
GAPS, LUCKS, LASTING = range(0, 3 * AT_A_TIME, AT_A_TIME)  # where these stand in `possible`
COMPLEX, STIGMA = range(0, 2 * AT_A_TIME, AT_A_TIME)  # and these in `lucks`
FIRST_HAZARD = Purpose.SHORT_ABSENCE  # then long absence, a career step, leaving exhausted


@intrinsic
def _at(_: Any, address: Any) -> Any:
    """An address as a pointer."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


def _element(record: np.dtype[Any]) -> Any:
    """A function that gives the record of a number at an address: as an element of an array, but that the number is never counted from its end, which costs a twentieth of the time."""

    @intrinsic
    def element(_: Any, _address: Any, _number: Any) -> Any:
        kind = numba.from_dtype(record)

        def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
            offset = builder.mul(arguments[1], context.get_constant(types.int64, record.itemsize))
            return builder.inttoptr(builder.add(arguments[0], offset), context.get_value_type(kind))

        return kind(types.int64, types.int64), generate

    return element


_person_at, _course_at = _element(PERSON), _element(COURSE)


@intrinsic
def _fetch(_: Any, _address: Any) -> Any:
    """Ask for a line of memory that is needed soon."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        whole = cgutils.ir.IntType(32)
        kind = cgutils.ir.FunctionType(cgutils.ir.VoidType(), [cgutils.voidptr_t, whole, whole, whole])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(
            prefetch, [builder.inttoptr(arguments[0], cgutils.voidptr_t), whole(1), whole(3), whole(1)]
        )  # to be written to, often, data

    return types.void(types.int64), generate


@intrinsic
def _fixed(_: Any, _world: Any, _offset: Any) -> Any:
    """A word of the clinic's record that never changes between one call from outside and its end: so it need not be read again after every write elsewhere."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        place = builder.gep(builder.bitcast(arguments[0], cgutils.voidptr_t), [arguments[1]])
        word = builder.load(builder.bitcast(place, cgutils.intp_t.as_pointer()))
        word.set_metadata("invariant.load", builder.module.add_metadata([]))
        return word

    return types.int64(_world, types.int64), generate


assert WORLD.names is not None
_WORD = {name: nth for nth, name in enumerate(WORLD.names)}  # each field of the clinic's record has eight bytes


def _array(name: str) -> Callable[[Any], Any]:
    """A function that gives one of the clinic's arrays.

    Its length is told as 0 but where it is asked for: no index is counted from the end, and so numba leaves out the steps that would do it.
    """
    place, room, kind = 8 * _WORD[name], 8 * _WORD[f"{name}_room"], np.dtype(ARRAYS[name])

    @native
    def array(w: Any) -> Any:
        return numba.carray(_at(_fixed(w, place)), 0, kind)

    @native
    def whole(w: Any) -> Any:
        return numba.carray(_at(_fixed(w, place)), _fixed(w, room), kind)

    return whole if name == "order" or numba.config.BOUNDSCHECK else array


_PEOPLE, _COURSES = 8 * _WORD["people"], 8 * _WORD["courses"]
PERSON_SIZE, COURSE_SIZE, PATH_SIZE, ENTRY_SIZE, COMING_SIZE = (
    PERSON.itemsize,
    COURSE.itemsize,
    scenario_arrays.PATH.itemsize,
    ENTRY.itemsize,
    COMING.itemsize,
)


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
) = (_array(name) for name in ARRAYS)


@native
def person(w: Any, i: int) -> Any:
    return _person_at(_fixed(w, _PEOPLE), i)


@native
def course(w: Any, i: int) -> Any:
    """Somebody's course of therapy."""
    return _course_at(_fixed(w, _COURSES), np.int64(course_number_of(w)[i]))


@native
def next_is(w: Any, i: int) -> None:
    """Somebody is soon next: meanwhile their record can be on its way from memory."""
    address = _fixed(w, _PEOPLE) + i * PERSON_SIZE
    _fetch(address)
    _fetch(address + PERSON_SIZE - 1)


@native
def course_is_next(w: Any, number: int) -> None:
    """The same of a course."""
    address = _fixed(w, _COURSES) + number * COURSE_SIZE
    for line in range(0, COURSE_SIZE, LINE):
        _fetch(address + line)


@native
def further(heads: Any, i: int, steps: int) -> int:
    """So many steps on in a chain; -1 beyond its end."""
    for _ in range(steps):
        if i >= 0:
            i = np.int64(heads[i])
    return i


# -- what is in force


@native
def stage(w: Any) -> Any:
    return stages_of(w)[w.period]


@native
def path_of(w: Any, number: int) -> Any:
    return paths_of(w)[w.period * w.path_count + number]


@native
def group_of(w: Any, staff: int) -> Any:
    return group_rules_of(w)[w.period * w.group_count + staff_of(w)[staff].group]


@native
def staffing(w: Any, staff: int) -> Any:
    return staffing_of(w)[w.period * w.staff_count + staff]


@native
def team_of(w: Any, team: int) -> Any:
    return team_rules_of(w)[w.period * w.team_count + team]


@native
def treats_for(w: Any, team: int, nth: int) -> int:
    return numbers_of(w)[team_of(w, team).treat_at + nth]


@native
def places_here(w: Any, where: int) -> int:
    return places_of(w)[w.period * w.list_count + where]


@native
def course_rules(w: Any, period: int, pathway: int, complex_person: bool) -> Any:
    return course_rules_of(w)[2 * (period * w.path_count + pathway) + (1 if complex_person else 0)]


@native
def patience_of(w: Any, pathway: int) -> Patience:
    path = path_of(w, pathway)
    table = numba.carray(_at(w.patience_tables + 16 * path.table_at), (path.table_size, 2), np.float64)
    return Patience(path.law, path.median, path.law_shape, path.daily, table)


# -- lists to be filled; made apart, since where a comprehension stands numba takes writes into arrays that it does not see used for dead


@native
def no_stays() -> list[tuple[int, int, int, int]]:
    return [(0, 0, 0, 0) for _ in range(0)]


@native
def no_numbers() -> list[Any]:
    return [np.int64(0) for _ in range(0)]


# -- luck and rows


@native
def uniform(key: Any, purpose: int, n: int) -> float:
    """`chance.draw`."""
    return ((mixed(key ^ np.uint64(purpose << 32 | n)) >> np.uint64(11)) + 0.5) * 2.0**-53


@native
def z(key: Any, purpose: int, n: int) -> float:
    return normal(uniform(key, purpose, n))


@native
def two_normals(one: float, other: float) -> tuple[float, float]:
    """`z` of two uniforms: the central part of both side by side, as most lie there."""
    first, second = central(one - 0.5), central(other - 0.5)
    if abs(one - 0.5) > chance.CENTRE:
        first = normal(one)
    if abs(other - 0.5) > chance.CENTRE:
        second = normal(other)
    return first, second


@native
def normals(w: Any, count: int) -> None:
    """`z` of up to AT_A_TIME uniforms in `drawn`, behind them: the central part of all at once, then the tails."""
    drawn, in_tails, few = drawn_of(w), in_tails_of(w), 0
    for nth in range(count):
        drawn[AT_A_TIME + nth] = central(drawn[nth] - 0.5)
        in_tails[few] = nth
        few += 1 if abs(drawn[nth] - 0.5) > chance.CENTRE else 0
    for nth in range(few):
        u = drawn[in_tails[nth]]
        drawn[2 * AT_A_TIME + nth] = exponential(u if u < 0.5 else 1.0 - u)
    for nth in range(few):
        drawn[2 * AT_A_TIME + nth] = tail(math.sqrt(drawn[2 * AT_A_TIME + nth]))
    for nth in range(few):
        here = in_tails[nth]
        drawn[AT_A_TIME + here] = -drawn[2 * AT_A_TIME + nth] if drawn[here] < 0.5 else drawn[2 * AT_A_TIME + nth]


@native
def note(w: Any, day: int, event: int, number: int, post: int, value: float) -> None:
    """Write a row. There is room: `Engine` sees to it before each day."""
    n = w.rows
    keys_of(w)[n] = ((day + 8192) << 6 | event) << 40 | (number << 14) + post + 1
    values_of(w)[n] = value
    w.rows = n + 1


# -- chains of entries by day


@native
def entry(w: Any, i: int, day: int) -> int:
    """An entry for a person as they stand, in no chain yet."""
    entries, p = entries_of(w), person(w, i)
    e = w.free_entry
    if e >= 0:
        w.free_entry = entry_after_of(w)[e]
    else:
        e = w.used_entries
        w.used_entries += 1
    w.entries_here += 1
    entries[e].slot, entries[e].number, entries[e].spell, entries[e].day, entry_after_of(w)[e] = (
        i,
        p.number,
        p.spell,
        day,
        -1,
    )
    return e


@native
def drop_entry(w: Any, e: int) -> int:
    """Give an entry back; the next of its chain."""
    following = entry_after_of(w)[e]
    entry_after_of(w)[e] = w.free_entry
    w.free_entry = e
    w.entries_here -= 1
    return following


@native
def stands(w: Any, e: int) -> bool:
    """Whether an entry's person still is where they were when it was made."""
    one = entries_of(w)[e]
    p = person(w, one.slot)
    return p.number == one.number and p.spell == one.spell


@native
def chain_entry(w: Any, heads: Any, i: int, day: int) -> None:
    if 0 <= day < w.days:
        e = entry(w, i, day)
        entry_after_of(w)[e] = heads[day]
        heads[day] = e


@native
def sort(order: Any, count: int) -> None:
    """Put the first few of an array in order. They come off a chain, so the last is mostly the first; to move each to its place is quickest unless there are many."""
    if count > 192:
        order[:count].sort()
        return
    for nth in range(count // 2):
        order[nth], order[count - 1 - nth] = order[count - 1 - nth], order[nth]
    for nth in range(1, count):
        value, here = order[nth], nth
        while here > 0 and order[here - 1] > value:
            order[here] = order[here - 1]
            here -= 1
        order[here] = value


@native
def in_order(w: Any, heads: Any, day: int) -> int:
    """Take the entries of a day off their chain; those that stand, by number, into `order`. How many."""
    order, entries, after, count = order_of(w), entries_of(w), entry_after_of(w), 0
    e, near, far = np.int64(heads[day]), -1, -1
    heads[day] = -1
    if w.people_here > MANY:
        near = further(after, e, AHEAD)
        far = further(after, near, AHEAD)
    while e >= 0:
        if near >= 0:
            _fetch(w.entries + far * ENTRY_SIZE)
            next_is(w, entries[near].slot)
            near, far = further(after, near, 1), further(after, far, 1)
        if stands(w, e):
            order[count] = np.int64(entries[e].number) << 32 | np.int64(entries[e].slot)
            count += 1
        e = np.int64(drop_entry(w, e))
    sort(order, count)
    return count


@native
def at(w: Any, i: int, day: int, phase: int, state: int) -> None:
    """Sleep until a phase of a day (`Clock.at`)."""
    person(w, i).state = state
    if day < w.days:
        due, where = due_of(w), 3 * day + phase
        following_of(w)[i] = due[where]
        due[where] = i
    else:
        leave_service(w, i)  # never woken again


@native
def enter(w: Any) -> int:
    """A record for somebody."""
    i = w.free_person
    if i >= 0:
        w.free_person = following_of(w)[i]
        next_is(w, w.free_person)
    else:
        i = w.used_people
        w.used_people += 1
    w.people_here += 1
    return i


@native
def leave_service(w: Any, i: int) -> None:
    """The journey is over."""
    p = person(w, i)
    p.number = -1
    p.state = NOWHERE
    if course_number_of(w)[i] >= 0:
        give_back_course(w, i)
    following_of(w)[i] = w.free_person
    w.free_person = i
    w.people_here -= 1


@native
def give_back_course(w: Any, i: int) -> None:
    """Somebody's course is over."""
    course(w, i).next = w.free_course
    w.free_course = course_number_of(w)[i]
    course_number_of(w)[i] = -1


@native
def begin_person(w: Any, one: Any) -> int:
    """Somebody asks for help (`Person`)."""
    i = enter(w)
    p = person(w, i)
    course_number_of(w)[i] = -1
    p.number, p.onset, p.asked, p.severity, p.complex, p.drift, p.remission, p.arrives = (
        one.number,
        one.onset,
        one.asked,
        one.severity,
        one.complex,
        one.drift,
        one.remission,
        one.arrives,
    )
    p.seen, p.seen_on, p.treated, p.recovered, p.assessed = one.severity, one.onset, False, False, False
    p.episode = p.courses = p.spell = p.team = p.waits = p.scores = 0
    p.pathway = -1
    p.state, p.urgency = ASKING, Urgency.ROUTINE
    return i


# -- what is known of a person


@native
def luck_of(w: Any, p: Any) -> Any:
    """The key of a person's draws; worked out as often as it is asked for, it need not be kept."""
    return mixed(w.root ^ np.uint64(p.number))


@native
def felt_stigma(w: Any) -> float:
    now = stage(w)
    return now.demand.stigma - now.demand.stigma_observed if now.loops.stigma else 0.0


@native
def worsened_today(w: Any, onset: int, remission: int, most: float, at_day_0: int) -> float:
    """`illness.worsening`, by the share of `most` that whole days bring, which stands from `at_day_0` on."""
    return most * worsened_of(w)[at_day_0 + ill_days(w.day, onset, remission)]


@native
def untreated(w: Any, p: Any) -> float:
    now = stage(w)
    so_far = worsened_today(w, p.onset, p.remission, p.drift * now.waiting.drift_weeks, now.worsened_at)
    return untreated_severity(
        p.severity, so_far, w.day - p.remission, now.therapy.remitted_severity, now.therapy.remitted_half_life_days
    )


@native
def severity(w: Any, p: Any) -> float:
    """As it is today; that at which a treatment ended stands until a relapse."""
    if not p.treated and p.seen_on != w.day:
        p.seen_on, p.seen = w.day, untreated(w, p)
    return p.seen


@native
def record(w: Any, latent: float, parts: tuple[float, float], missed_by: tuple[float, float]) -> tuple[int, int]:
    """The scores of depression and of anxiety that a severity shows in, by the person's part in each and the error of the day."""
    now = stage(w)
    one, two = now.depression, now.anxiety
    return (
        recorded_score(
            latent, one.slope, one.intercept, one.part_sd * parts[0], one.error_sd * missed_by[0], one.highest
        ),
        recorded_score(
            latent, two.slope, two.intercept, two.part_sd * parts[1], two.error_sd * missed_by[1], two.highest
        ),
    )


@native
def score_parts(w: Any, key: Any) -> tuple[float, float]:
    """How a person's scores differ from what their severity lets expect, as standard normals."""
    if not w.score_parts:
        return 0.0, 0.0
    return two_normals(uniform(key, Purpose.DEPRESSION_PART, 0), uniform(key, Purpose.ANXIETY_PART, 0))


@native
def errors(w: Any, key: Any, occasion: int) -> tuple[float, float]:
    """Of the scores of an occasion, as standard normals."""
    now = stage(w)
    if now.depression.error_sd == 0.0 and now.anxiety.error_sd == 0.0:
        return 0.0, 0.0
    return two_normals(uniform(key, Purpose.DEPRESSION_ERROR, occasion), uniform(key, Purpose.ANXIETY_ERROR, occasion))


@native
def scores_before(w: Any, p: Any, occasion: int) -> int:
    """`referral_scores` (occasion 0) and `assessment_scores` (1)."""
    key = luck_of(w, p)
    one, two = record(w, severity(w, p), score_parts(w, key), errors(w, key, np.int64(p.episode) << 12 | occasion))
    return int(pack_scores(one, two, 0, 0))


@native
def referral_depression(w: Any, p: Any) -> int:
    scale, key = stage(w).depression, luck_of(w, p)
    part = z(key, Purpose.DEPRESSION_PART, 0) if w.score_parts else 0.0
    error = z(key, Purpose.DEPRESSION_ERROR, np.int64(p.episode) << 12)
    return recorded_score(
        severity(w, p), scale.slope, scale.intercept, scale.part_sd * part, scale.error_sd * error, scale.highest
    )


@native
def errors_after(w: Any, key: Any, courses: int, attended: int) -> tuple[float, float]:
    return errors(w, key, (courses << 12) + attended + 2)


@native
def below_cut_offs(w: Any, depression: int, anxiety: int) -> bool:
    now = stage(w)
    return depression < now.depression.cut_off and anxiety < now.anxiety.cut_off


@native
def closing(w: Any, p: Any, parts: tuple[float, float], missed_by: tuple[float, float]) -> tuple[bool, float]:
    """Whether below the cut-offs, and the closing scores as the journal writes them."""
    treated = record(w, p.seen, parts, missed_by)
    natural = record(w, untreated(w, p), parts, missed_by)
    return below_cut_offs(w, treated[0], treated[1]), pack_scores(treated[0], treated[1], natural[0], natural[1])


@native
def depression(p: Any) -> int:
    """Recorded when the person was last assessed."""
    return np.int64(p.scores) % 100


@native
def classify(w: Any, p: Any) -> None:
    rules = stage(w).triage
    p.urgency = Urgency.ROUTINE
    if depression(p) >= rules.urgent_from:
        p.urgency = (
            Urgency.EMERGENCY
            if uniform(luck_of(w, p), Purpose.EMERGENCY, p.episode) < rules.emergency_share
            else Urgency.URGENT
        )


@native
def place(w: Any, p: Any) -> None:
    recognised = (
        p.complex
        and uniform(luck_of(w, p), Purpose.RECOGNISED, p.episode) < stage(w).triage.complexity_recognised_share
    )
    paths = numba.carray(_at(w.paths + w.period * w.path_count * PATH_SIZE), w.path_count, scenario_arrays.PATH)
    p.pathway = choose_pathway(float(depression(p)), recognised, paths.from_score, paths.for_complex)


@native
def suitable(w: Any, p: Any) -> bool:
    now = stage(w)
    too_well = depression(p) < now.triage.signpost_below and np.int64(p.scores) // 100 < now.anxiety.cut_off
    return (
        not too_well
        and p.pathway >= 0
        and uniform(luck_of(w, p), Purpose.SUITABLE, p.episode) >= now.triage.unsuitable_share
    )


@native
def leaves_after_one_contact(w: Any, p: Any) -> bool:
    now = stage(w)
    return (
        now.triage.assessment_is_first_contact
        and uniform(luck_of(w, p), Purpose.ONE_CONTACT, p.episode) < now.therapy.one_contact_share
    )


# -- chains of people: lanes of lists, days of caseloads


@native
def link(w: Any, chain: Any, i: int, before: int) -> None:
    """Put somebody into a chain, behind somebody or (-1) at its head."""
    following, preceding = following_of(w), preceding_of(w)
    after = np.int64(following[before] if before >= 0 else chain.head)
    preceding[i], following[i] = before, after
    if before >= 0:
        following[before] = i
    else:
        chain.head = i
    if after >= 0:
        preceding[after] = i
    else:
        chain.tail = i
    chain.count += 1


@native
def unlink(w: Any, chain: Any, i: int) -> None:
    """Take somebody out of a chain."""
    following, preceding = following_of(w), preceding_of(w)
    before, after = np.int64(preceding[i]), np.int64(following[i])
    if before >= 0:
        following[before] = after
    else:
        chain.head = after
    if after >= 0:
        preceding[after] = before
    else:
        chain.tail = before
    chain.count -= 1


# -- lists


@native
def rank_of(w: Any, p: Any) -> int:
    order = stage(w).waiting.order
    if order == PRIORITY or order == ACCUMULATING:
        return p.urgency
    return -depression(p) if order == BY_SEVERITY else 0


@native
def join(w: Any, where: int, i: int, rank: int, joined: int, came: int) -> None:
    """Join a list (`WaitingList.join`); those of people who lost their therapist follow the others."""
    lists = lists_of(w)
    p, one, lane = person(w, i), lists[where], lanes_of(w)[where * LANES + rank - LOWEST_RANK]
    p.list, p.rank, p.joined, p.listed_on = where, rank, joined, came
    w.without_therapist += 1 if where >= w.list_count else 0
    before = lane.tail
    while before >= 0 and person(w, before).joined > joined:
        before = preceding_of(w)[before]
    link(w, lane, i, before)
    one.length += 1
    one.low, one.high = min(one.low, rank), max(one.high, rank)


@native
def leave_list(w: Any, i: int) -> None:
    p = person(w, i)
    unlink(w, lanes_of(w)[p.list * LANES + p.rank - LOWEST_RANK], i)
    lists_of(w)[p.list].length -= 1
    w.without_therapist -= 1 if p.list >= w.list_count else 0


@native
def sort_anew(w: Any) -> None:
    """Another order is in force."""
    lists, lanes, order = lists_of(w), lanes_of(w), order_of(w)
    for where in range(w.list_count):
        one, count = lists[where], 0
        for rank in range(one.low, one.high + 1):
            lane = lanes[where * LANES + rank - LOWEST_RANK]
            i = lane.head
            while i >= 0:
                order[count] = i
                count += 1
                i = following_of(w)[i]
            lane.head, lane.tail, lane.count = -1, -1, 0
        came = np.empty(count, dtype=np.int64)
        for nth in range(count):
            came[nth] = person(w, order[nth]).listed_on
        turns = np.argsort(came, kind="mergesort")
        anew = order[:count].copy()
        one.length, one.low, one.high = 0, 1000, -1000
        for nth in turns:
            i = anew[nth]
            join(w, where, i, rank_of(w, person(w, i)), came[nth], came[nth])


@native
def first(w: Any, where: int) -> tuple[float, int]:
    """Whoever is next on a list, with a number that is lower the sooner they go; -1 where nobody waits."""
    one, now = lists_of(w)[where], stage(w)
    found, least = -1, 0.0
    if one.length == 0:
        return least, found
    accumulating = where < w.list_count and now.waiting.order == ACCUMULATING
    for rank in range(one.low, one.high + 1):
        i = lanes_of(w)[where * LANES + rank - LOWEST_RANK].head
        if i < 0:
            continue
        if not accumulating:
            return float(rank), i
        rates = now.accumulation
        rate = (
            rates.emergency if rank == Urgency.EMERGENCY else rates.urgent if rank == Urgency.URGENT else rates.routine
        )
        gained = -rate * (w.day - person(w, i).joined)
        if found < 0 or gained < least:
            least, found = gained, i
    return least, found


@native
def sooner(w: Any, where: int, least: float, found: int) -> tuple[float, int]:
    """The better of who has been found so far and who is next on one more list."""
    rank, i = first(w, where)
    if i < 0:
        return least, found
    if found < 0 or rank < least:
        return rank, i
    if rank == least:
        a, b = person(w, i), person(w, found)
        if a.joined < b.joined or (a.joined == b.joined and a.number < b.number):
            return rank, i
    return least, found


# -- caseloads


@native
def free_day(w: Any, t: int, earliest: int) -> tuple[int, int]:
    today, best, chosen, after = earliest % DAYS_PER_WEEK, -1, 0, 0
    for weekday in range(WORKING_DAYS):
        days = weekday - today if weekday >= today else weekday - today + DAYS_PER_WEEK
        rank = DAYS_PER_WEEK * caseloads_of(w)[t * WORKING_DAYS + weekday].count + days
        if rank < best or best < 0:
            best, chosen, after = rank, weekday, days
    return chosen, earliest + after


@native
def add_patient(w: Any, t: int, i: int, g: int, weekday: int, first_day: int) -> None:
    """Somebody's appointments are with a therapist from now on: their course if they had one before, else another's record."""
    if course_number_of(w)[i] < 0:
        number = w.free_course
        if number >= 0:
            w.free_course = courses_of(w)[number].next
            course_is_next(w, w.free_course)
        else:
            number = w.used_courses
            w.used_courses += 1
        course_number_of(w)[i] = number
    c, chain = course(w, i), caseloads_of(w)[t * WORKING_DAYS + weekday]
    link(w, chain, i, chain.tail)
    c.therapist, c.circle, c.weekday, c.first_day, c.cancelled_in, c.number = (
        t,
        g,
        weekday,
        first_day,
        -1,
        person(w, i).number,
    )


@native
def take(w: Any, t: int, i: int, earliest: int) -> None:
    weekday, first_day = free_day(w, t, earliest)
    add_patient(w, t, i, -1, weekday, first_day)
    therapists_of(w)[t].caseload += 1


@native
def begin_circle(w: Any, t: int, pathway: int, weight: int, began: int, earliest: int) -> int:
    """`Group`, `Therapist.begin_group`."""
    circles, path, g = circles_of(w), path_of(w, pathway), w.free_circle
    if g >= 0:
        w.free_circle = circles[g].next
    else:
        g = w.used_circles
        w.used_circles += 1
    one, therapist = circles[g], therapists_of(w)[t]
    one.pathway, one.seats, one.weight, one.began, one.takes_newcomers = (
        pathway,
        path.seats,
        weight,
        began,
        not path.closed,
    )
    one.members, one.met_as, one.met_on, one.next, one.therapist = 0, 0, -1, -1, t
    one.weekday, one.first_day = free_day(w, t, earliest)
    if therapist.last_circle >= 0:
        circles[therapist.last_circle].next = g
    else:
        therapist.first_circle = g
    therapist.last_circle = g
    therapist.caseload += weight
    return g


@native
def end_circle(w: Any, g: int) -> None:
    circles = circles_of(w)
    one = circles[g]
    therapist = therapists_of(w)[one.therapist]
    before, here = -1, therapist.first_circle
    while here != g:
        before, here = here, np.int64(circles[here].next)
    if before >= 0:
        circles[before].next = one.next
    else:
        therapist.first_circle = one.next
    if therapist.last_circle == g:
        therapist.last_circle = before
    therapist.caseload -= one.weight
    one.next = w.free_circle
    w.free_circle = g


@native
def seat(w: Any, t: int, i: int, g: int, earliest: int) -> None:
    one = circles_of(w)[g]
    earliest = max(earliest, np.int64(one.first_day))
    add_patient(w, t, i, g, one.weekday, earliest + (one.weekday - earliest) % DAYS_PER_WEEK)
    one.members += 1


@native
def drop(w: Any, i: int) -> None:
    """`Therapist.drop`."""
    c = course(w, i)
    t, g = c.therapist, c.circle
    unlink(w, caseloads_of(w)[t * WORKING_DAYS + c.weekday], i)
    if g < 0:
        therapists_of(w)[t].caseload -= 1
        return
    one = circles_of(w)[g]
    one.members -= 1
    if one.members == 0:
        end_circle(w, g)


@native
def held(w: Any, c: Any, hours: float) -> None:
    therapist = therapists_of(w)[c.therapist]
    if c.circle < 0:
        therapist.sessions += 1
        therapist.contact_hours += hours
        if c.complex:
            therapist.complex_sessions += 1.0
        return
    one = circles_of(w)[c.circle]
    if one.met_on != w.day:
        therapist.sessions += 1
        therapist.contact_hours += hours
        one.met_on, one.met_as = w.day, one.members
    if c.complex:
        therapist.complex_sessions += 1.0 / one.met_as


@native
def cancel_newest(w: Any, t: int, count: int, reason: int, weekday: int) -> None:
    """`Therapist.newest` of the whole week (weekday -1), `Workforce.displace` of a day's: the sessions of those who came last are cancelled; groups meet."""
    week = w.day // DAYS_PER_WEEK
    for _ in range(count):
        newest = -1
        for day in range(WORKING_DAYS):
            if weekday >= 0 and day != weekday:
                continue
            i = caseloads_of(w)[t * WORKING_DAYS + day].head
            while i >= 0:
                c = course(w, i)
                if c.circle < 0 and c.cancelled_in != week and (weekday < 0 or c.first_day <= w.day):
                    if (
                        newest < 0
                        or c.first_day > course(w, newest).first_day
                        or (c.first_day == course(w, newest).first_day and c.number > course(w, newest).number)
                    ):
                        newest = i
                i = np.int64(following_of(w)[i])
        if newest < 0:
            return
        course(w, newest).cancelled, course(w, newest).cancelled_in = reason, week


# -- assessments


@native
def places_of_day(w: Any, team: int, day: int) -> tuple[int, int]:
    """`Diary.places`: kept for urgent referrals, and in all."""
    week, weekday = day // 7, day % 7
    if weekday >= WORKING_DAYS or week >= w.weeks:
        return 0, 0
    rate, nth = rates_of(w)[team * w.weeks + week], week * WORKING_DAYS + weekday
    total = math.floor(rate * (nth + 1)) - math.floor(rate * nth)
    kept = rate * w.reserve_share
    return min(total, math.floor(kept * (nth + 1)) - math.floor(kept * nth)), total


@native
def first_free(w: Any, team: int, notice: int, urgent: bool) -> int:
    """`Diary.first_free`; -1 where the open diary is full."""
    today, opened, booked = w.day, first_open_of(w), booked_of(w)
    kind = 2 * team + (0 if urgent else 1)
    day, last = max(today + notice, opened[kind]), today + max(w.horizon, notice)
    while day <= last:
        kept, total = places_of_day(w, team, day)
        here = 2 * (team * 7 * w.weeks + day)
        taken_urgent, taken_routine = np.int64(booked[here]), np.int64(booked[here + 1])
        room = total - taken_urgent - taken_routine
        if not urgent and (w.released_days < 0 or day - today > w.released_days):
            room -= max(kept - taken_urgent, 0)
        if room > 0:
            if day > today + notice:
                opened[kind] = max(opened[kind], day)
            return day
        day += 1
    return -1


@native
def booked(w: Any, i: int) -> bool:
    """`Assessments._booked`."""
    p, now = person(w, i), stage(w).triage
    urgent = p.urgency != Urgency.ROUTINE
    notice = max(1, now.notice_days_urgent if urgent else now.notice_days)
    home, best, chosen = team_of(w, p.team), -1, -1
    for nth in range(home.assess_size):
        team = numbers_of(w)[home.assess_at + nth]
        day = first_free(w, team, notice, urgent)
        if day >= 0 and (best < 0 or day < best or (day == best and team == p.team)):
            best, chosen = day, team
    if best < 0:
        return False
    booked_of(w)[2 * (chosen * 7 * w.weeks + best) + (0 if urgent else 1)] += 1
    p.booked, p.diary = best, chosen
    chain_entry(w, expected_of(w), i, best)
    return True


@native
def queue_of(w: Any, p: Any) -> int:
    """`Assessments._queue`: teams that share assessment have the queues of the first of them; those of urgent referrals are ahead."""
    q = numbers_of(w)[team_of(w, p.team).assess_at] + (w.team_count if p.urgency == Urgency.ROUTINE else 0)
    queue = queues_of(w)[q]
    if queue.made == 0:
        queue.made, queue.head, queue.tail = 1, -1, -1
    return q


@native
def enqueue(w: Any, q: int, e: int) -> None:
    queue, following = queues_of(w)[q], entry_after_of(w)
    following[e] = -1
    if queue.tail >= 0:
        following[queue.tail] = e
    else:
        queue.head = e
    queue.tail = e


@native
def book(w: Any, i: int) -> None:
    """`Service.book`."""
    p = person(w, i)
    chain_entry(w, leaves_of(w), i, p.remission)
    q = queue_of(w, p)
    p.state, p.booked = AWAITS_ASSESSMENT, -1
    if (queues_of(w)[q].head >= 0 and p.urgency == Urgency.ROUTINE) or not booked(w, i):
        enqueue(w, q, entry(w, i, w.day))


@native
def book_queued(w: Any) -> None:
    """`Assessments.book_queued`: urgent referrals first."""
    for q in range(2 * w.team_count):
        queue = queues_of(w)[q]
        while queue.made and queue.head >= 0:
            e = np.int64(queue.head)
            if stands(w, e) and not booked(w, entries_of(w)[e].slot):
                break
            queue.head = drop_entry(w, e)
            if queue.head < 0:
                queue.tail = -1


@native
def regroup(w: Any) -> None:
    """Other teams share from today (`Assessments.regroup`)."""
    entries, found = entries_of(w), no_numbers()
    for q in range(2 * w.team_count):
        queue = queues_of(w)[q]
        e = np.int64(queue.head) if queue.made else -1
        while e >= 0:
            found.append(e)
            e = np.int64(entry_after_of(w)[e])
        queue.made = 0
    keys = np.empty(len(found), dtype=np.int64)
    for nth in range(len(found)):
        keys[nth] = np.int64(entries[found[nth]].day) << 32 | np.int64(entries[found[nth]].number)
    for nth in np.argsort(keys, kind="mergesort"):
        e = found[nth]
        p = person(w, entries[e].slot)
        if stands(w, e):
            enqueue(w, queue_of(w, p), e)
        else:
            drop_entry(w, e)


@native
def release_assessment(w: Any, p: Any) -> None:
    """`Assessments.release`, `Diary.release`."""
    booked_of(w)[2 * (p.diary * 7 * w.weeks + p.booked) + (1 if p.urgency == Urgency.ROUTINE else 0)] -= 1
    opened = first_open_of(w)
    for kind in range(2):
        opened[2 * p.diary + kind] = min(opened[2 * p.diary + kind], np.int64(p.booked))
    p.booked = -1


@native
def hold_assessments(w: Any) -> None:
    """`Assessments.hold`."""
    day, order, entries, room, count = w.day, order_of(w), entries_of(w), room_today_of(w), 0
    e = np.int64(expected_of(w)[day])
    expected_of(w)[day] = -1
    while e >= 0:
        one = entries[e]
        p = person(w, one.slot)
        if p.number == one.number and p.spell == one.spell and p.booked == day:
            order[count] = np.int64(p.urgency) << 58 | np.int64(p.number) << 32 | np.int64(one.slot)
            count += 1
        e = np.int64(drop_entry(w, e))
    sort(order, count)
    for team in range(w.team_count):
        room[team] = places_of_day(w, team, day)[1]
    for nth in range(count):
        i = order[nth] & 0xFFFFFFFF
        p = person(w, i)
        room[p.diary] -= 1
        p.booked = -1
        p.spell += 1
        expected_person(w, i, room[p.diary] < 0)


@native
def close_diaries(w: Any) -> None:
    """`Assessments.close`."""
    for team in range(w.team_count):
        if w.released_days >= 0:
            opened = first_open_of(w)
            opened[2 * team + 1] = min(opened[2 * team + 1], w.day + 1)
        if w.day % 7 == 6:
            rates_of(w)[team * w.weeks + w.day // 7] = 0.0


# -- the journey: what a person's generator does from one yield to the next


@native
def ask(w: Any, i: int) -> None:
    """`journey`: the person asks, or somebody asks for them."""
    p = person(w, i)
    referred(w, p)
    if p.arrives >= 0 and p.episode == 0:
        p.scores = scores_before(w, p, 0)
        classify(w, p)
        p.pathway = p.arrives
        wait(w, i)
        return
    red_tape(w, i)


@native
def referred(w: Any, p: Any) -> None:
    route = 2
    if p.episode == 0:
        route = 0 if uniform(luck_of(w, p), Purpose.ROUTE, 0) < stage(w).demand.self_referral_share else 1
    home(w, p)
    note(w, w.day, Event.REFERRED, p.number, 4 * p.team + route, severity(w, p))


@native
def home(w: Any, p: Any) -> None:
    if w.team_count > 1:
        u = uniform(luck_of(w, p), Purpose.HOME_TEAM, 0)
        p.team = w.team_count - 1
        for number in range(w.team_count - 1):
            if u < team_of(w, number).bound:
                p.team = number
                return


@native
def listed_as(w: Any, p: Any) -> int:
    return 4 * (p.team * w.path_count + p.pathway) + p.urgency


@native
def red_tape(w: Any, i: int) -> None:
    p, rules = person(w, i), stage(w).bureaucracy
    if w.step_count > 0:
        threshold = exponential(uniform(luck_of(w, p), Purpose.RED_TAPE, p.episode))
        p.gives_up = min(
            NEVER, w.day + giving_up_days(threshold, rules.giving_up_per_week, rules.giving_up_complex, p.complex)
        )
    p.step, p.attempt = 0, np.int64(p.episode) << 8
    next_step(w, i)


@native
def next_step(w: Any, i: int) -> None:
    """Step after step, until one takes time."""
    p, key = person(w, i), luck_of(w, person(w, i))
    while p.step < w.step_count:
        p.step_period = w.period
        step, level = step_rules_of(w)[w.period * w.step_count + p.step], stage(w).bureaucracy.level
        again = p.attempt & 255 > 0
        days = step_days(z(key, step.purpose, p.attempt), step.delay_days, step.variance, level)
        done = w.day + (max(days, 1) if again else days)
        leaves = min(np.int64(p.gives_up), np.int64(p.remission))
        if leaves <= done:
            at(w, i, leaves, WITHDRAWALS, LEAVES_TAPE)
            return
        if done > w.day:
            at(w, i, done, REFERRALS, IN_TAPE)
            return
        if not passed(w, i):
            return
    assessment(w, i)


@native
def passed(w: Any, i: int) -> bool:
    """A step of red tape is over; False for somebody who was refused."""
    p, key = person(w, i), luck_of(w, person(w, i))
    step = step_rules_of(w)[p.step_period * w.step_count + p.step]
    w.tape_hours += step.staff_hours * stages_of(w)[p.step_period].bureaucracy.level
    if uniform(key, step.purpose + 1, p.attempt) < step.sent_back_share:
        note(w, w.day, Event.STEP_RETURNED, p.number, p.step, 0.0)
        if p.attempt & 255 < 255:
            p.attempt += 1
        return True
    if uniform(key, step.purpose + 2, p.attempt) >= step.approval_share:
        note(w, w.day, Event.REFUSED, p.number, p.step, 0.0)
        leave_service(w, i)
        return False
    note(w, w.day, Event.STEP_PASSED, p.number, p.step, 0.0)
    p.step += 1
    p.attempt = np.int64(p.episode) << 8
    return True


@native
def leaves_tape(w: Any, i: int) -> None:
    p = person(w, i)
    better = p.remission == min(p.gives_up, p.remission)
    note(w, w.day, Event.BETTER_WAITING if better else Event.GAVE_UP_RED_TAPE, p.number, -1, 0.0)
    leave_service(w, i)


@native
def assessment(w: Any, i: int) -> None:
    p, rules = person(w, i), stage(w).triage
    p.assessed = False
    if not rules.assess:
        p.scores = scores_before(w, p, 0)
        classify(w, p)
        place(w, p)
        if p.pathway < 0:
            at(w, i, w.day + 1, SESSIONS, TO_SIGNPOST)
        else:
            wait(w, i)
        return
    p.referred_on = w.day
    p.urgency = Urgency.ROUTINE
    if referral_depression(w, p) >= rules.urgent_from:
        p.urgency = Urgency.URGENT
    p.missed = 0
    book(w, i)


@native
def misses_assessment(w: Any, p: Any) -> bool:
    now = stage(w)
    rules, demand = now.therapy, now.demand
    door = rules.did_not_attend_log_odds + demand.stigma_attendance_slope * felt_stigma(w)
    log_odds = did_not_attend_log_odds(
        door,
        (w.day - p.referred_on) / 7.0,
        rules.did_not_attend_wait,
        rules.did_not_attend_complex,
        p.complex,
        rules.reminders,
    )
    return uniform(
        luck_of(w, p), Purpose.ASSESSMENT_ATTENDED, p.episode + (np.int64(p.missed) << 12)
    ) < did_not_attend_chance(log_odds, 0.0, 0.5)


@native
def expected_person(w: Any, i: int, cancelled: bool) -> None:
    """The day of the assessment has come."""
    p = person(w, i)
    if cancelled:
        note(w, w.day, Event.ASSESSMENT_CANCELLED, p.number, -1, 0.0)
    elif misses_assessment(w, p):
        p.missed += 1
        note(w, w.day, Event.ASSESSMENT_MISSED, p.number, p.urgency, 0.0)
        if p.missed > stage(w).triage.rebooked_times:
            note(w, w.day, Event.DISCHARGED_UNSEEN, p.number, -1, 0.0)
            leave_service(w, i)
            return
    else:
        if assessed(w, i):
            at(w, i, w.day, REFERRALS, TO_LIST)
        else:
            leave_service(w, i)
        return
    at(w, i, w.day, REFERRALS, TO_REBOOKING)


@native
def assessed(w: Any, i: int) -> bool:
    p = person(w, i)
    p.assessed = True
    p.scores = scores_before(w, p, 1)
    classify(w, p)
    note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)
    if p.urgency == Urgency.EMERGENCY:
        crisis(w, p, uniform(luck_of(w, p), Purpose.EMERGENCY_HOURS, np.int64(p.episode)))
    place(w, p)
    if not suitable(w, p):
        note(w, w.day, Event.SIGNPOSTED, p.number, -1, 0.0)
        return False
    if leaves_after_one_contact(w, p):
        note(w, w.day, Event.ONE_CONTACT, p.number, -1, 0.0)
        return False
    return True


@native
def suits(w: Any, p: Any) -> bool:
    """`Journeys.suits`: whether somebody who asked earlier would have come to a list."""
    if p.arrives >= 0:
        p.scores = scores_before(w, p, 0)
        classify(w, p)
        p.pathway = p.arrives
        return True
    p.assessed = stage(w).triage.assess
    p.scores = scores_before(w, p, 1 if p.assessed else 0)
    classify(w, p)
    place(w, p)
    if not p.assessed:
        return p.pathway >= 0
    return suitable(w, p) and not leaves_after_one_contact(w, p)


@native
def wait(w: Any, i: int) -> None:
    """Join the list, and wait."""
    p, now, today, key = person(w, i), stage(w), w.day, luck_of(w, person(w, i))
    rules, latent = now.waiting, severity(w, p)
    join(w, p.team * w.path_count + p.pathway, i, rank_of(w, p), today, today)
    p.state = WAITS
    note(w, today, Event.LISTED, p.number, listed_as(w, p), latent)
    first_wait, occasion, stays = p.courses == 0 and p.waits == 0, (np.int64(p.courses) << 12) + p.waits, NEVER
    if now.loops.giving_up and path_of(w, p.pathway).law != Law.NONE:
        u = uniform(key, Purpose.PATIENCE, p.episode if first_wait else occasion)
        stays = patience_with_calls(
            patience_of(w, p.pathway), exponential(u), rules.check_in_weeks, rules.check_in_effect
        )
    remits = np.int64(p.remission) - today
    if p.treated and remits <= 0:
        remits = NEVER
    p.remits_first = remits <= stays
    stay = max(1, min(stays, remits))
    chain_entry(w, leaves_of(w), i, today + stay)
    if rules.crisis_per_month > 0.0:
        u = uniform(key, Purpose.CRISIS, p.episode if first_wait else occasion)
        days = crisis_days(
            exponential(u),
            min(stay, w.days - today),
            max(today - p.onset, 0),
            p.seen if p.treated else p.severity,
            0.0 if p.treated else p.drift,
            rules.drift_weeks,
            rules.crisis_per_month,
            rules.crisis_severity_slope,
            rules.crisis_complex_ratio,
            p.complex,
            now.loops.waiting_harms,
        )
        if days < NEVER:
            chain_entry(w, crises_of(w), i, today + days)


@native
def leaves(w: Any, i: int) -> None:
    """Patience is over, or the need has remitted (`Signal.LEAVE`)."""
    p = person(w, i)
    if p.state == AWAITS_ASSESSMENT:
        note(w, w.day, Event.BETTER_WAITING, p.number, -1, 0.0)
        leave_service(w, i)
    elif p.state == AWAITS_THERAPIST:
        note(w, w.day, Event.WITHDREW, p.number, -1, p.seen)
        leave_service(w, i)
    else:
        better = p.remits_first
        note(
            w,
            w.day,
            Event.BETTER_WAITING if better else Event.WITHDREW,
            p.number,
            -1,
            0.0 if better else severity(w, p),
        )
        if better or not tries_elsewhere(w, p):
            leave_service(w, i)
        else:
            at(w, i, w.day, REFERRALS, TO_LIST)


@native
def tries_elsewhere(w: Any, p: Any) -> bool:
    p.waits += 1
    path = path_of(w, p.pathway)
    return hands_on(
        w, p, path.after_at, path.after_size, Purpose.AFTER_WITHDRAWAL, (np.int64(p.courses) << 12) + p.waits
    )


@native
def numbers_at(address: int, first: int, count: int) -> Any:
    """Some of an array of numbers, as an array of their own."""
    return numba.carray(_at(address + 8 * first), count, np.float64)


@native
def hands_on(w: Any, p: Any, first_share: int, count: int, purpose: int, occasion: int) -> bool:
    if count == 0:
        return False
    chosen = goes_on_to(uniform(luck_of(w, p), purpose, occasion), numbers_at(w.span_weights, first_share, count))
    if chosen >= 0:
        p.pathway = int(span_values_of(w)[first_share + chosen])
    return chosen >= 0


@native
def goes_on(w: Any, p: Any) -> bool:
    path = path_of(w, p.pathway)
    return hands_on(w, p, path.then_at, path.then_size, Purpose.STEP_UP, np.int64(p.courses) << 12)


@native
def steps_up(w: Any, p: Any) -> bool:
    path = path_of(w, p.pathway)
    if path.step_up < 0 or p.recovered or uniform(luck_of(w, p), Purpose.STEP_UP, p.courses - 1) >= path.step_up_share:
        return False
    p.pathway = path.step_up
    return True


@native
def starts(w: Any, i: int) -> None:
    """A slot or a place is free: `treatment` after `wait`."""
    p = person(w, i)
    p.waits = 0
    if path_of(w, p.pathway).places_given:
        stay(w, i, False)
    else:
        begin_course(w, i)


@native
def span(w: Any, number: int, key: Any, occasion: int, purpose: int, found: bool) -> float:
    """`Stays.days`, `Stays.rest`."""
    whole, parts, part_number = spans_of(w)[number], parts_of(w), -1
    for attempt in range(ATTEMPTS):
        here = occasion + (attempt << 12)
        if part_number < 0:
            part_number = whole.first + whole.count - 1
            if whole.count > 1:
                u = uniform(key, Purpose.STAY_PART, here)
                for nth in range(whole.count):
                    if u < (parts[whole.first + nth].found_bound if found else parts[whole.first + nth].bound):
                        part_number = whole.first + nth
                        break
        part = parts[part_number]
        values, weights = (
            numbers_at(w.span_values, part.at, part.count),
            numbers_at(w.span_weights, part.at, part.count),
        )
        law = laws_of_days.Law(part.kind, part.mean_days, part.sd, part.shape, part.scale, part.shift, values, weights)
        u = uniform(key, purpose, here)
        if found:
            second = exponential(uniform(key, Purpose.CASELOAD_AGE, 1 + (attempt << 12)))
            days = found_span_days(law, u, exponential(u), second, normal(u), uniform(key, Purpose.STAY_FOUND, here))
        else:
            days = span_days(law, u, exponential(u), normal(u))
        if part.least <= days <= part.most:
            if whole.least <= days <= whole.most:
                return uniform(key, Purpose.CASELOAD_AGE, 2) * days if found else days
            part_number = -1
    w.failed, w.failed_at = HARDLY_ANY, number
    return 1.0


@native
def stay(w: Any, i: int, found: bool) -> None:
    """Somebody comes to a place; how ill they are then, as it was last seen, is what `leaves_place` begins from."""
    p, key = person(w, i), luck_of(w, person(w, i))
    days = span(w, path_of(w, p.pathway).stay_span, key, p.courses, Purpose.STAY, found)
    if found:
        w.day = began_on(w.day, days, uniform(key, Purpose.CASELOAD_AGE, 2))
    p.came = w.day
    note(w, w.day, Event.STARTED, p.number, -1, severity(w, p))
    if found:
        w.day = 0
    at(w, i, w.day + whole_days(days, uniform(key, Purpose.STAY_ROUNDING, p.courses)), SESSIONS, IN_PLACE)


@native
def leaves_place(w: Any, i: int) -> None:
    """`leave_place`, and what follows."""
    p = person(w, i)
    in_places_of(w)[p.served_at] -= 1
    sessions = int(path_of(w, p.pathway).sessions_per_week * (w.day - p.came) / DAYS_PER_WEEK)
    if sessions == 0:
        note(w, w.day, Event.STAYED, p.number, p.served_at, -1.0)
    else:
        if not p.assessed:
            note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)
        p.treated, p.seen = True, helped(w, p, p.seen, sessions)
        key = luck_of(w, p)
        below, scores = closing(w, p, score_parts(w, key), errors_after(w, key, np.int64(p.courses), sessions))
        note(w, w.day, Event.STAYED, p.number, p.served_at, scores)
        p.recovered = below
    p.courses += 1
    after_course(w, i)


@native
def helped(w: Any, p: Any, latent: float, sessions: int) -> float:
    rules = course_rules(w, w.period, p.pathway, p.complex)
    alliance, ceiling, response, floor = endowment(w, p, latent)
    if w.day >= p.remission:
        floor = min(floor, rules.remitted_severity)
    for _ in range(sessions):
        alliance = grown_alliance(alliance, ceiling, rules.growth, 0.0, 0.0)
        latent -= improvement(latent, floor, response, rules.response_trust, alliance, 1.0)
    return latent


@native
def relapse(w: Any, i: int) -> None:
    """After therapy: stay well, or relapse."""
    p, rules = person(w, i), stage(w).therapy
    if not p.recovered or rules.relapse_12_months == 0.0:
        leave_service(w, i)
        return
    threshold = exponential(uniform(luck_of(w, p), Purpose.RELAPSE, p.courses))
    days = relapse_days(threshold, rules.relapse_12_months, rules.relapse_shape, path_of(w, p.pathway).relapse_ratio)
    at(w, i, w.day + days, REFERRALS, TO_RELAPSE)


@native
def relapses(w: Any, i: int) -> None:
    p, now, key = person(w, i), stage(w), luck_of(w, person(w, i))
    rules, waiting = now.therapy, now.waiting
    p.episode += 1
    p.onset, p.treated, p.recovered = w.day, False, False
    p.seen, p.seen_on = p.severity, p.onset
    ill = remission_days(
        exponential(uniform(key, Purpose.REMISSION, p.episode)),
        waiting.remission_early_per_week,
        waiting.remission_per_week,
        waiting.remission_early_weeks,
    )
    p.remission = p.onset + ill
    note(w, w.day, Event.RELAPSED, p.number, -1, p.severity)
    delay = 1 + delay_days(z(key, Purpose.RETURN_DELAY, p.episode), rules.return_delay_days, 0.0, 0.0, 0.0, 1.0)
    if uniform(key, Purpose.RETURN, p.episode) >= rules.return_share or delay >= ill:
        leave_service(w, i)
    else:
        at(w, i, w.day + delay, REFERRALS, TO_RETURN)


# -- the course of therapy


@native
def endowment(w: Any, p: Any, latent: float) -> tuple[float, float, float, float]:
    now, nth, key = stage(w), np.int64(p.courses), luck_of(w, p)
    rules = now.therapy
    trust = ceiling = response = floor = 0.0
    if (
        rules.alliance_start_sd != 0.0
        or rules.alliance_ceiling_sd != 0.0
        or rules.response_sigma != 0.0
        or rules.floor_sd != 0.0
    ):
        trust, ceiling = two_normals(uniform(key, Purpose.ALLIANCE, nth), uniform(key, Purpose.CEILING, nth))
        response, floor = two_normals(uniform(key, Purpose.RESPONSE, nth), uniform(key, Purpose.FLOOR, nth))
    lower, added = (rules.alliance_complex, rules.floor_complex) if p.complex else (0.0, 0.0)
    stigma = now.demand.stigma_trust_slope * felt_stigma(w)
    return (
        starting_alliance(trust, rules.alliance_start, rules.alliance_start_sd, lower + stigma),
        alliance_ceiling(
            trust, ceiling, rules.alliance_correlation, rules.alliance_ceiling, rules.alliance_ceiling_sd, lower
        ),
        response_rate(response, rules.response_median, rules.response_sigma) * path_of(w, p.pathway).effect,
        response_floor(floor, rules.floor_mean, rules.floor_sd, added, latent),
    )


@native
def begin_course(w: Any, i: int) -> None:
    """`course` until its first yield."""
    p, c, now, day, key = person(w, i), course(w, i), stage(w), w.day, luck_of(w, person(w, i))
    c.key, c.pathway, c.complex, c.onset, c.remission, c.courses = (
        key,
        p.pathway,
        p.complex,
        p.onset,
        p.remission,
        p.courses,
    )
    c.depression_part, c.anxiety_part = score_parts(w, key)
    c.latent = p.seen = severity(w, p)
    p.treated = True
    note(w, day, Event.STARTED, p.number, therapists_of(w)[c.therapist].post, c.latent)
    rules = course_rules(w, w.period, c.pathway, c.complex)
    c.first_missing = rules.missing_log_odds
    if p.courses == 0 and not p.assessed:
        waited = now.therapy.did_not_attend_wait * min((day - p.asked) / 7.0, 4.0)
        c.first_missing = rules.missing_log_odds + now.demand.stigma_attendance_slope * felt_stigma(w) + waited
    c.alliance, c.ceiling, c.response, c.floor = endowment(w, p, c.latent)
    c.worsens, c.worsened_at = p.drift * now.waiting.drift_weeks, now.worsened_at
    c.ill, c.worsened = day < c.remission, worsened_today(w, c.onset, c.remission, c.worsens, c.worsened_at)
    c.threshold, c.hazard = exponential(uniform(key, Purpose.DROPOUT, c.courses)), 0.0
    c.appointments = c.attended = c.transfers = 0
    p.state = IN_COURSE


@native
def appointment(w: Any, i: int) -> bool:
    """`Signal.APPOINTMENT` in `course`; True where the course ends with it."""
    c, day = course(w, i), w.day
    rules, therapist = course_rules(w, w.period, c.pathway, c.complex), therapists_of(w)[c.therapist]
    occasion, number = np.int64(c.courses) << 12, np.int64(c.number)
    u = uniform(c.key, Purpose.ATTENDANCE, occasion + c.appointments)
    missing = rules.missing
    if c.appointments == 0 or missing < 0.0:
        missing = did_not_attend_chance(
            rules.missing_log_odds if c.appointments > 0 else c.first_missing, rules.missing_trust, c.alliance
        )
    c.appointments += 1
    if u < rules.cancels:
        note(w, day, Event.CANCELLED_BY_PATIENT, number, therapist.post, 0.0)
    elif u < rules.cancels + (1.0 - rules.cancels) * missing:
        note(w, day, Event.MISSED, number, therapist.post, 0.0)
    else:
        c.attended += 1
        if c.attended == 1:
            first_attended(w, person(w, i))
        c.alliance = grown_alliance(
            c.alliance,
            c.ceiling,
            rules.growth,
            rules.growth_exhaustion * therapist.exhaustion,
            rules.growth_pressure * therapist.pressure,
        )
        if c.ill:
            if c.worsens != 0.0:
                so_far = worsened_today(w, c.onset, c.remission, c.worsens, c.worsened_at)
                c.latent = clip_severity(c.latent + so_far - c.worsened)
                c.worsened = so_far
            if day >= c.remission:
                c.ill, c.floor = False, min(c.floor, rules.remitted_severity)
        c.latent -= improvement(c.latent, c.floor, c.response, rules.response_trust, c.alliance, therapist.skill)
        note(w, day, Event.SESSION, number, therapist.post, c.alliance)
        held(w, c, rules.session_hours)
        if (
            c.attended >= rules.minimum
            and uniform(c.key, Purpose.STOPPING, occasion + c.attended) < rules.good_enough_share
        ):
            missed_by = errors_after(w, c.key, np.int64(c.courses), c.attended)
            scores = record(w, c.latent, (c.depression_part, c.anxiety_part), missed_by)
            if below_cut_offs(w, scores[0], scores[1]):
                ends(w, i, Event.FINISHED, missed_by)
                return True
        if c.attended >= rules.cap:
            ends(w, i, Event.CAPPED, errors_after(w, c.key, np.int64(c.courses), c.attended))
            return True
    c.hazard += rules.dropout if rules.dropout >= 0.0 else hazard_of_dropping_out(c, rules, 0.0)
    return c.hazard >= c.threshold and drops_out(w, i)


@native
def first_attended(w: Any, p: Any) -> None:
    """Scores are taken at the first session of whoever nobody has assessed."""
    if not p.assessed:
        note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)


@native
def hazard_of_dropping_out(c: Any, rules: Any, cancelled: float) -> float:
    return dropout_hazard(
        rules.dropout_log_odds, rules.dropout_trust, c.alliance, rules.dropout_early, c.attended, cancelled
    )


@native
def drops_out(w: Any, i: int) -> bool:
    """The course ends so: True."""
    c = course(w, i)
    ends(w, i, Event.DROPPED_OUT, errors_after(w, c.key, np.int64(c.courses), c.attended))
    return True


@native
def cancelled_by_service(w: Any, i: int, reason: int) -> bool:
    c = course(w, i)
    rules = course_rules(w, w.period, c.pathway, c.complex)
    note(w, w.day, Event.CANCELLED_BY_SERVICE, c.number, therapists_of(w)[c.therapist].post, float(reason))
    c.alliance = ruptured_alliance(c.alliance, rules.rupture)
    c.hazard += hazard_of_dropping_out(c, rules, rules.dropout_cancelled)
    return c.hazard >= c.threshold and drops_out(w, i)


@native
def ends(w: Any, i: int, event: int, missed_by: tuple[float, float]) -> None:
    """`Courses.end`."""
    p, c = person(w, i), course(w, i)
    therapist = therapists_of(w)[c.therapist]
    p.seen = c.latent
    below, scores = closing(w, p, (c.depression_part, c.anxiety_part), missed_by)
    note(w, w.day, event, p.number, therapist.post, scores)
    therapist.discharges += 1
    drop(w, i)
    give_back_course(w, i)
    p.recovered = below
    p.courses += 1


@native
def after_course(w: Any, i: int) -> None:
    p = person(w, i)
    if steps_up(w, p) or goes_on(w, p):
        at(w, i, w.day, REFERRALS, TO_LIST)
    else:
        relapse(w, i)


@native
def loses_therapist(w: Any, i: int) -> None:
    """`Signal.THERAPIST_LEFT` and `transfer`."""
    p, c, t = person(w, i), course(w, i), np.int64(course(w, i).therapist)
    drop(w, i)
    join(w, w.list_count + p.team * w.path_count + p.pathway, i, 0, w.day, w.day)
    note(w, w.day, Event.THERAPIST_LEFT, p.number, therapists_of(w)[t].post, 0.0)
    p.seen, c.lost_in, p.state = c.latent, w.period, AWAITS_THERAPIST
    stays = NEVER
    if stage(w).loops.giving_up and path_of(w, p.pathway).law != Law.NONE:
        stays = patience_days(
            patience_of(w, p.pathway),
            exponential(uniform(c.key, Purpose.TRANSFER_PATIENCE, (np.int64(c.courses) << 12) + c.transfers)),
        )
    chain_entry(w, leaves_of(w), i, w.day + stays)


@native
def transferred(w: Any, i: int) -> None:
    c = course(w, i)
    c.transfers += 1
    if stage(w).loops.broken_trust:
        c.alliance *= course_rules(w, c.lost_in, c.pathway, c.complex).kept  # of the day on which the other left
    person(w, i).state = IN_COURSE
    note(w, w.day, Event.TRANSFERRED, c.number, therapists_of(w)[c.therapist].post, c.alliance)


@native
def wake(w: Any, phase: int) -> None:
    """Whoever is due (`Clock._wake`)."""
    order, due, count = order_of(w), due_of(w), 0
    where = 3 * w.day + phase
    i = np.int64(due[where])
    due[where] = -1
    while i >= 0:
        order[count] = np.int64(person(w, i).number) << 32 | i
        count += 1
        i = np.int64(following_of(w)[i])
    sort(order, count)
    many = w.people_here > MANY
    for nth in range(count):
        if many and nth + AHEAD < count:
            next_is(w, order[nth + AHEAD] & 0xFFFFFFFF)
        i = order[nth] & 0xFFFFFFFF
        p = person(w, i)
        state = p.state
        if state == ASKING:
            ask(w, i)
        elif state == TO_LIST:
            wait(w, i)
        elif state == IN_TAPE:
            if passed(w, i):
                next_step(w, i)
        elif state == LEAVES_TAPE:
            leaves_tape(w, i)
        elif state == TO_ASSESSMENT:
            assessment(w, i)
        elif state == TO_REBOOKING:
            book(w, i)
        elif state == TO_SIGNPOST:
            note(w, w.day, Event.SIGNPOSTED, p.number, -1, 0.0)
            leave_service(w, i)
        elif state == IN_PLACE:
            leaves_place(w, i)
        elif state == TO_RELAPSE:
            relapses(w, i)
        else:  # TO_RETURN
            p.asked = w.day
            ask(w, i)


# -- crises


@native
def on_call(w: Any, team: int) -> int:
    """`Workforce.on_call`; -1 where nobody is at work."""
    posts, therapists, staff = posts_of(w), therapists_of(w), staff_of(w)
    chosen = -1
    for own_team in (True, False):
        for post in range(w.post_count):
            t = posts[post].holder
            if (
                t >= 0
                and not therapists[t].absent
                and (not own_team or w.team_count == 1 or staff[posts[post].staff].team == team)
            ):
                if chosen < 0 or therapists[t].crises < therapists[chosen].crises:
                    chosen = t
        if chosen >= 0:
            return chosen
    return chosen


@native
def crisis(w: Any, p: Any, u: float) -> None:
    """`Service.crisis`."""
    rules, t = stage(w).triage, on_call(w, p.team)
    beyond = w.crises_today >= rules.crisis_contacts_per_day
    w.crises_today += 1
    if t < 0:
        note(w, w.day, Event.CRISIS_OVER_CAPACITY, p.number, -1, hours_to_contact(u, beyond, True))
        return
    therapist = therapists_of(w)[t]
    w.crises_this_week += 1
    therapist.crises += 1
    note(
        w,
        w.day,
        Event.CRISIS_OVER_CAPACITY if beyond else Event.CRISIS,
        p.number,
        therapist.post,
        hours_to_contact(u, beyond, False),
    )
    if beyond and w.day % DAYS_PER_WEEK < WORKING_DAYS:
        count = sessions_that_do_not_fit(rules.crisis_hours, hours_of_slot(w, therapist.staff))
        cancel_newest(w, t, count, Cancellation.CRISIS, w.day % DAYS_PER_WEEK)


@native
def make_urgent(w: Any, i: int) -> None:
    """`Service._make_urgent`."""
    p, now = person(w, i), stage(w)
    if p.urgency == Urgency.ROUTINE:
        p.urgency = Urgency.URGENT
        order = now.waiting.order
        if order == PRIORITY or order == ACCUMULATING:
            where, since, came, gained = np.int64(p.list), w.day, np.int64(p.listed_on), now.accumulation
            if order == ACCUMULATING:
                since = counts_from(w.day, p.joined, gained.routine, gained.urgent)
            leave_list(w, i)
            join(w, where, i, Urgency.URGENT, since, came)
        note(w, w.day, Event.MADE_URGENT, p.number, listed_as(w, p), 0.0)


# -- starts


@native
def weight(w: Any, staff: int, pathway: int) -> int:
    return slots_of(path_of(w, pathway).session_hours, staffing(w, staff).session_hours)


@native
def leave_the_list(w: Any, i: int) -> None:
    leave_list(w, i)
    person(w, i).spell += 1


@native
def resume_at_start(w: Any, i: int) -> None:
    if person(w, i).state == AWAITS_THERAPIST:
        transferred(w, i)
    else:
        starts(w, i)


@native
def take_on(w: Any, t: int, i: int, g: int) -> None:
    """`Starts._take_on`."""
    next_is(w, further(following_of(w), i, AHEAD))
    leave_the_list(w, i)
    notice = path_of(w, person(w, i).pathway).first_session_days
    if g < 0:
        take(w, t, i, w.day + notice)
    else:
        seat(w, t, i, g, w.day + notice)
    resume_at_start(w, i)


@native
def waiting_for(w: Any, staff: int, pathway: int) -> int:
    """People on the lists for a pathway that some staff serve."""
    team, waiting = staff_of(w)[staff].team, 0
    for nth in range(team_of(w, team).treat_size):
        waiting += lists_of(w)[treats_for(w, team, nth) * w.path_count + pathway].length
    return waiting


@native
def next_of(w: Any, staff: int, transfers: bool, free: int, pathway: int) -> int:
    """Whoever is first on the lists that some staff serve, or among those who lost their therapist: of one pathway or (-1) of all; `free` slots, -1 where that does not matter."""
    one, team = staff_of(w)[staff], staff_of(w)[staff].team
    least, found = 0.0, -1
    for nth in range(team_of(w, team).treat_size):
        other = treats_for(w, team, nth)
        for number in range(w.path_count):
            path = path_of(w, number)
            if path.group_number != one.group or (pathway >= 0 and number != pathway):
                continue
            if free >= 0:
                if path.seats > 1 and weight(w, staff, number) > free:
                    continue
                if not transfers and waiting_for(w, staff, number) < path.people_to_begin:
                    continue
            where = other * w.path_count + number + (w.list_count if transfers else 0)
            least, found = sooner(w, where, least, found)
    return found


@native
def anybody_waits(w: Any, staff: int) -> bool:
    one, team = staff_of(w)[staff], staff_of(w)[staff].team
    for nth in range(team_of(w, team).treat_size):
        for number in range(w.path_count):
            if path_of(w, number).group_number == one.group:
                where = treats_for(w, team, nth) * w.path_count + number
                if lists_of(w)[where].length > 0 or lists_of(w)[w.list_count + where].length > 0:
                    return True
    return False


@native
def sift(heap: Any, count: int, root: int) -> None:
    """Put a heap in order from `root` down."""
    value = heap[root]
    while True:
        child = 2 * root + 1
        if child >= count:
            break
        if child + 1 < count and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[root] = heap[child]
        root = child
    heap[root] = value


@native
def fill_slots(w: Any, staff: int) -> None:
    """`Starts._slots`, with `Workforce.openings`: one free slot after the other, the emptiest diary first."""
    one, posts, therapists, groups = staff_of(w)[staff], posts_of(w), therapists_of(w), staffing(w, staff).gives_groups
    heap, count = heap_of(w), 0
    for post in range(one.first_post, one.last_post):
        t = posts[post].holder
        if t >= 0:
            therapist = therapists[t]
            if therapist.caseload < therapist.slots and not therapist.absent and therapist.leaves_on < 0:
                heap[count] = ((therapist.caseload - therapist.slots + (1 << 30)) << 20) | post
                count += 1
    for root in range(count // 2 - 1, -1, -1):
        sift(heap, count, root)
    while count > 0:
        room, post = (heap[0] >> 20) - (1 << 30), heap[0] & ((1 << 20) - 1)
        t = posts[post].holder
        therapist = therapists[t]
        free = therapist.slots - therapist.caseload if groups else -1
        i = next_of(w, staff, True, free, -1) if w.without_therapist > 0 else -1
        if i >= 0:
            therapist.transfers += 1
        else:
            i = next_of(w, staff, False, free, -1)
            if i >= 0:
                one.starts_this_week += 1
            elif not groups:
                return
        if i >= 0:
            pathway = np.int64(person(w, i).pathway)
            if path_of(w, pathway).seats == 1:
                take_on(w, t, i, -1)
            else:
                g = begin_circle(
                    w, t, pathway, weight(w, staff, pathway), w.day, w.day + path_of(w, pathway).first_session_days
                )
                take_on(w, t, i, g)
                fill_circle(w, staff, t, g, True)
        left = therapist.caseload - therapist.slots
        if room < left < 0:
            heap[0] = ((left + (1 << 30)) << 20) | post
        else:
            count -= 1
            heap[0] = heap[count]
        if count > 0:
            sift(heap, count, 0)


@native
def fill_circle(w: Any, staff: int, t: int, g: int, newcomers: bool) -> None:
    """`Starts._fill`."""
    one = circles_of(w)[g]
    while one.seats > one.members:
        i = next_of(w, staff, True, -1, one.pathway) if w.without_therapist > 0 else -1
        if i >= 0:
            therapists_of(w)[t].transfers += 1
        else:
            i = next_of(w, staff, False, -1, one.pathway) if newcomers else -1
            if i < 0:
                return
            staff_of(w)[staff].starts_this_week += 1
        take_on(w, t, i, g)


@native
def fill_places(w: Any, team: int, pathway: int) -> None:
    """`Starts._places`."""
    path, own = path_of(w, pathway), team * w.path_count + pathway
    while in_places_of(w)[own] < places_here(w, own):
        least, found = 0.0, -1
        for nth in range(team_of(w, team).treat_size):
            least, found = sooner(w, treats_for(w, team, nth) * w.path_count + pathway, least, found)
        if found < 0:
            for nth in range(team_of(w, team).treat_size):
                for other in range(path.takes_size):
                    least, found = sooner(
                        w, treats_for(w, team, nth) * w.path_count + numbers_of(w)[path.takes_at + other], least, found
                    )
        if found < 0:
            return
        leave_the_list(w, found)
        person(w, found).pathway, person(w, found).served_at = pathway, own
        in_places_of(w)[own] += 1
        w.stays_cost += path.cost_per_stay
        starts(w, found)


@native
def starts_of_today(w: Any) -> None:
    for staff in range(w.staff_count):
        if anybody_waits(w, staff):
            if staffing(w, staff).gives_groups:
                for post in range(staff_of(w)[staff].first_post, staff_of(w)[staff].last_post):
                    t = posts_of(w)[post].holder
                    if t >= 0 and not therapists_of(w)[t].absent and therapists_of(w)[t].leaves_on < 0:
                        g = therapists_of(w)[t].first_circle
                        while g >= 0:
                            fill_circle(w, staff, t, g, circles_of(w)[g].takes_newcomers)
                            g = np.int64(circles_of(w)[g].next)
            fill_slots(w, staff)
    for pathway in range(w.path_count):
        if path_of(w, pathway).places_given:
            for team in range(w.team_count):
                fill_places(w, team, pathway)


# -- needs, and people who come straight to a pathway


@native
def room_for_needs(w: Any, more: int) -> bool:
    """Whether so many more may come; each may leave two rows for later."""
    coming, later = (
        max(w.used_coming - w.coming_room, w.used_earlier - w.earlier_room),
        w.used_later + more - w.later_room,
    )
    return max(coming, later, w.used_needs - w.needs_room, w.used_own_needs - w.own_needs_room) + more < 0


@native
def write_later(w: Any, day: int, event: int, number: int) -> None:
    later, chain = later_of(w), rows_due_of(w)[day]
    k = w.free_later
    if k >= 0:
        w.free_later = later[k].next
    else:
        k = w.used_later
        w.used_later += 1
    later[k].number, later[k].event, later[k].next = number, event, -1
    if chain.tail >= 0:
        later[chain.tail].next = k
    else:
        chain.head = k
    chain.tail = k


@native
def write_need(w: Any, number: int, onset: int, code: int, points: float, comes: bool) -> None:
    """For `note_needs`; whoever comes straight to a pathway is told of after the others of a day."""
    one = own_needs_of(w)[w.used_own_needs] if comes else needs_of(w)[w.used_needs]
    one.number, one.onset, one.code, one.severity = number, onset, code, points
    if comes:
        w.used_own_needs += 1
    else:
        w.used_needs += 1


@native
def write_coming(
    w: Any,
    number: int,
    onset: int,
    asked: int,
    points: float,
    complex_person: bool,
    drift: float,
    remission: int,
    arrives: int,
) -> None:
    """`_Asks`: into the day on which they ask, or among those who asked before day 0."""
    if asked < 0:
        one = earlier_of(w)[w.used_earlier]
        w.used_earlier += 1
    else:
        k = w.free_coming
        if k >= 0:
            w.free_coming = coming_of(w)[k].next
        else:
            k = w.used_coming
            w.used_coming += 1
        one = coming_of(w)[k]
        chain = asks_of(w)[asked]
        one.next, chain.head = chain.head, k
        chain.count += 1
    one.number, one.onset, one.asked, one.severity, one.complex, one.drift, one.remission, one.arrives = (
        number,
        onset,
        asked,
        points,
        complex_person,
        drift,
        remission,
        arrives,
    )


@native
def stage_at(w: Any, day: int) -> int:
    """Number of the stage in force on a day; before day 0 the first."""
    stages, number = stages_of(w), 0
    while number + 1 < w.periods and stages[number + 1].from_day <= day:
        number += 1
    return number


@native
def look_ahead(w: Any, past: bool) -> None:
    """Key, days since the one before, and luck of the next possible needs; of those before day 0 also whether they last."""
    keys, ahead, root, first, peak = possible_keys_of(w), possible_of(w), w.root, w.need_number, w.peak
    for nth in range(AT_A_TIME):
        key = mixed(root ^ np.uint64(first + nth))
        keys[nth], ahead[GAPS + nth] = key, uniform(key, Purpose.GAP, 0)
        ahead[LUCKS + nth] = uniform(key, Purpose.DEMAND, 0)
    if past:
        for nth in range(AT_A_TIME):
            ahead[LASTING + nth] = uniform(keys[nth], Purpose.REMISSION, 0)
    for nth in range(AT_A_TIME):
        ahead[GAPS + nth] = exponential(ahead[GAPS + nth]) / peak


@native
def arise(w: Any, until: int) -> bool:
    """Needs that arise up to a day (`Population._needs`); False where room is needed first.

    Some are looked at at a time, in one pass for each question: the processor need not guess what of whom.
    """
    last, kept, lasting, needs = min(until + 1, w.days), kept_of(w), lasting_of(w), needed_of(w)
    possible_keys, ahead, keys = possible_keys_of(w), possible_of(w), needed_keys_of(w)
    while w.need_time < last:
        if not room_for_needs(w, AT_A_TIME):
            return False
        first, nth, time, count = w.need_number, w.possible_at, w.need_time, 0
        while time < last:
            onset, need = math.floor(time), needs[count]
            lasts = onset >= 0 or ahead[LASTING + nth] < lasting[stage_at(w, onset) * (w.history + 1) - onset]
            keys[count] = possible_keys[nth]
            need.number, need.onset, need.lasts = first + nth, onset, lasts
            count += (
                1 if ahead[LUCKS + nth] < kept[onset + w.history] and (lasts or onset >= -MEMORY_DAYS) else 0
            )  # not most needs of the past
            nth += 1
            if nth == AT_A_TIME:
                w.need_number = first + nth
                look_ahead(w, time < 0.0)
                time += ahead[GAPS]
                break
            time += ahead[GAPS + nth]
        w.possible_at, w.need_time = nth % AT_A_TIME, time
        begin_needs(w, count)
        ask_for_help(w, count)
        for nth in range(count):
            write_down(w, needs[nth])
    return True


@native
def begin_needs(w: Any, count: int) -> None:
    """Severity and the day on which the person decides to ask, of those who are looked at; of who decides, the day of remission."""
    needs, keys, lucks, drawn, seeking = needed_of(w), needed_keys_of(w), lucks_of(w), drawn_of(w), seeking_of(w)
    for nth in range(count):
        key = keys[nth]
        lucks[COMPLEX + nth], lucks[STIGMA + nth], drawn[AT_A_TIME + nth] = (
            uniform(key, Purpose.COMPLEX, 0),
            uniform(key, Purpose.STIGMA, 0),
            0.0,
        )
    if w.severities:
        for nth in range(count):
            drawn[nth] = uniform(keys[nth], Purpose.SEVERITY, 0)
        normals(w, count)
    for nth in range(count):
        need = needs[nth]
        onset, now = np.int64(need.onset), stages_of(w)[stage_at(w, np.int64(need.onset))]
        demand, waiting = now.demand, now.waiting
        need.complex = lucks[COMPLEX + nth] < demand.complex_share
        need.severity = clip_severity(
            demand.severity_mean
            + demand.severity_sd * drawn[AT_A_TIME + nth]
            + (demand.severity_complex if need.complex else 0.0)
        )
        need.remission = need.decided = NEVER
        need.stigma = 0.0
        for number in range(w.periods + 1):
            one = seeking[number]
            if one.until <= onset:
                continue
            day = max(onset, int(one.since))
            if day >= w.days:
                break
            if would_ask(w, number, need.severity, lucks[STIGMA + nth]):
                if w.remits:
                    threshold = exponential(uniform(keys[nth], Purpose.REMISSION, 0))
                    ill = remission_days(
                        threshold,
                        waiting.remission_early_per_week,
                        waiting.remission_per_week,
                        waiting.remission_early_weeks,
                    )
                    need.remission = onset + ill if ill < NEVER else NEVER
                if day < need.remission:
                    need.decided, need.stigma = day, one.stigma
                break


@native
def would_ask(w: Any, number: int, points: float, luck: float) -> bool:
    """Whether a stigma disposition lies below the chance of asking, which for most is seen by the chances at whole points of severity."""
    about, one = asking_of(w)[scenario_arrays.POINTS * number + int(points)], seeking_of(w)[number]
    if luck < about.least or luck >= about.most:
        return luck < about.least
    return luck < seek_chance(
        one.log_odds, one.stigma, one.observed, one.stigma_slope, points, one.mean_severity, one.severity_slope
    )


@native
def ask_for_help(w: Any, count: int) -> None:
    """The day on which they ask, and how they would worsen, of those who decided to."""
    needs, keys, drawn, order, few = needed_of(w), needed_keys_of(w), drawn_of(w), order_of(w), 0
    for nth in range(count):
        needs[nth].asked = NEVER
        order[few] = nth
        few += 1 if needs[nth].decided < NEVER else 0
    if w.delays:
        for nth in range(few):
            drawn[nth] = uniform(keys[order[nth]], Purpose.DELAY, 0)
        normals(w, few)
    asking = 0
    for nth in range(few):
        need = needs[order[nth]]
        demand = stages_of(w)[stage_at(w, np.int64(need.onset))].demand
        asked = np.int64(need.decided)
        if w.delays:
            asked += delay_days(
                drawn[AT_A_TIME + nth],
                demand.delay_median_days,
                need.stigma,
                demand.stigma_observed,
                demand.delay_stigma_slope,
                demand.delay_sigma,
            )
        if asked < need.remission:
            need.asked = min(asked, NEVER)
            order[asking] = order[nth]
            asking += 1 if asked < w.days and (need.lasts or asked < 0) else 0
    if w.drifts:
        for nth in range(asking):
            drawn[nth] = uniform(keys[order[nth]], Purpose.DRIFT, 0)
        normals(w, asking)
    for nth in range(asking):
        need = needs[order[nth]]
        now = stages_of(w)[stage_at(w, np.int64(need.onset))]
        need.drift = 0.0
        if w.drifts and now.loops.waiting_harms:
            need.drift = now.waiting.drift_mean + now.waiting.drift_sd * drawn[AT_A_TIME + nth]


@native
def write_down(w: Any, need: Any) -> None:
    """`Population._need`: who comes when, and what the journal says of them."""
    number, onset, decided, asked, remission = (
        np.int64(need.number),
        np.int64(need.onset),
        np.int64(need.decided),
        np.int64(need.asked),
        np.int64(need.remission),
    )
    if not need.lasts and asked >= 0:
        return
    if asked < w.days:
        write_coming(w, number, onset, asked, need.severity, need.complex, need.drift, remission, -1)
        if asked < 0:
            return
    if onset < decided < w.days and decided >= 0:
        write_later(w, decided, Event.DECIDED, number)
    if decided < remission < w.days and asked == NEVER and remission >= 0:
        write_later(w, remission, Event.BETTER_BEFORE_ASKING, number)
    write_need(w, number, onset, (1 if need.complex else 0) + (2 if decided == onset else 0), need.severity, False)


@native
def next_arrival(w: Any, number: int) -> None:
    """When the next of a pathway's own people may come: their number and time."""
    one, rules = arrivals_of(w)[number], paths_of(w)[number]
    key = mixed(w.root ^ np.uint64(one.number))
    if rules.arrival_law == scenario_arrays.RENEWAL:
        gap = paths_of(w)[stage_at(w, math.floor(one.time)) * w.path_count + number].gap_span
        one.time += max(span(w, gap, key, 0, Purpose.GAP, False), 1e-6)
    else:
        one.time += exponential(uniform(key, Purpose.GAP, 0)) / rules.arrival_peak


@native
def come(w: Any, number: int, until: int) -> bool:
    """People who come straight to a pathway up to a day (`Population._come`); False where room is needed first."""
    one, law = arrivals_of(w)[number], paths_of(w)[number].arrival_law
    while one.time < min(until + 1, w.days):
        if not room_for_needs(w, 1):
            return False
        day, key = math.floor(one.time), mixed(w.root ^ np.uint64(one.number))
        kept = (
            kept_arrivals_of(w)[number * (w.history + w.days) + day + w.history]
            if law == scenario_arrays.POISSON
            else 1.0
        )
        if law == scenario_arrays.RENEWAL or uniform(key, Purpose.DEMAND, 0) < kept:
            now = stages_of(w)[stage_at(w, day)]
            demand, waiting = now.demand, now.waiting
            complex_person = uniform(key, Purpose.COMPLEX, 0) < demand.complex_share
            points = clip_severity(
                demand.severity_mean
                + demand.severity_sd * z(key, Purpose.SEVERITY, 0)
                + (demand.severity_complex if complex_person else 0.0)
            )
            ill = remission_days(
                exponential(uniform(key, Purpose.REMISSION, 0)),
                waiting.remission_early_per_week,
                waiting.remission_per_week,
                waiting.remission_early_weeks,
            )
            drift = waiting.drift_mean + waiting.drift_sd * z(key, Purpose.DRIFT, 0) if now.loops.waiting_harms else 0.0
            write_coming(
                w, one.number, day, day, points, complex_person, drift, day + ill if ill < NEVER else NEVER, number
            )
            if day >= 0:
                write_need(w, one.number, day, (1 if complex_person else 0) + 2, points, True)
        one.number += 1
        within = one.number - paths_of(w)[number].first_arrival
        if within % BLOCK == 0 and within + 2 * BLOCK > MOST:
            w.failed, w.failed_at = TOO_MANY_ARRIVALS, number
            one.time = float(w.days)
        else:
            next_arrival(w, number)
    return True


@native
def people_to_come(w: Any, until: int) -> bool:
    """Everybody whose need is known by a day; needs of a week at a time, as many together take less."""
    if w.need_time < until + 1 and not arise(w, until + DAYS_PER_WEEK - 1 if until >= 0 else until):
        return False
    for number in range(w.path_count):
        if not come(w, number, until):
            return False
    return True


@native
def note_needs(w: Any) -> None:
    day = w.day
    while w.noted_needs < w.used_needs and needs_of(w)[w.noted_needs].onset <= day:
        one = needs_of(w)[w.noted_needs]
        note(w, one.onset, Event.NEED, one.number, one.code, one.severity)
        w.noted_needs += 1
    if w.noted_needs == w.used_needs:
        w.noted_needs = w.used_needs = 0
    for nth in range(w.used_own_needs):
        one = own_needs_of(w)[nth]
        note(w, one.onset, Event.NEED, one.number, one.code, one.severity)
    w.used_own_needs = 0
    k, later = np.int64(rows_due_of(w)[day].head), later_of(w)
    while k >= 0:
        note(w, day, later[k].event, later[k].number, -1, 0.0)
        following = np.int64(later[k].next)
        later[k].next = w.free_later
        w.free_later = k
        k = following


@native
def asking_today(w: Any) -> None:
    k, coming = np.int64(asks_of(w)[w.day].head), coming_of(w)
    while k >= 0:
        following = np.int64(coming[k].next)
        _fetch(w.coming + following * COMING_SIZE)
        at(w, begin_person(w, coming[k]), w.day, REFERRALS, ASKING)
        coming[k].next = w.free_coming
        w.free_coming = k
        k = following


# -- hours of a week


@native
def red_tape_level(w: Any) -> float:
    now = stage(w)
    return now.bureaucracy.level if now.loops.red_tape else 0.0


@native
def paperwork(w: Any, hours: float) -> float:
    return paperwork_hours(red_tape_level(w), hours, w.relief)


@native
def usable_hours(w: Any, staff: int) -> float:
    now, rules = stage(w), group_of(w, staff)
    care = now.wellbeing
    hours = care_hours(
        rules.wte,
        care.supervision_hours,
        care.supervision_group_size,
        care.protected_hours,
        care.peer_support,
        care.peer_support_hours,
        care.development,
        care.development_hours,
    )
    return usable_hours_of(
        rules.wte, rules.hours_per_week, rules.meeting_hours, paperwork(w, now.bureaucracy.fixed_hours_per_week), hours
    )


@native
def hours_of_slot(w: Any, staff: int) -> float:
    return slot_hours(
        staffing(w, staff).session_hours, stage(w).bureaucracy.hours_per_session, red_tape_level(w), w.relief
    )


@native
def discharge_hours(w: Any, staff: int) -> float:
    return group_of(w, staff).wte * paperwork(
        w, staff_of(w)[staff].discharges * stage(w).bureaucracy.hours_per_discharge
    )


@native
def tape_hours_each(w: Any, staff: int) -> float:
    rules = group_of(w, staff)
    return part_of_tape(w.tape_average, rules.hours_per_week * rules.wte, w.contracted)


@native
def weekly_slots(w: Any, staff: int, overbooked: float) -> int:
    """`Hours.slots`."""
    one, rules, usable, slot = staff_of(w)[staff], group_of(w, staff), usable_hours(w, staff), hours_of_slot(w, staff)
    if one.discharges < 0.0:
        one.discharges = usual_discharges(usable, slot, rules.wte) if stage(w).initial.state == STEADY else 0.0
    other = discharge_hours(w, staff) + tape_hours_each(w, staff)
    return slots_of_week(usable, rules.assessment_share, other, overbooked, slot, rules.slots_limit)


@native
def usual_hours(w: Any, staff: int) -> tuple[float, float, float]:
    """Of each of some staff: usable hours, hours of discharges, and of red tape."""
    return usable_hours(w, staff), discharge_hours(w, staff), tape_hours_each(w, staff)


@native
def committed_hours(w: Any, t: int, staff: int, usable: float, discharges: float, tape: float) -> float:
    rules = group_of(w, staff)
    return committed_hours_of(
        rules.hours_per_week * rules.wte,
        usable,
        rules.assessment_share,
        discharges,
        tape,
        therapists_of(w)[t].cover_hours,
    )


@native
def forms_of(w: Any, t: int, staff: int, usable: float, tape: float, relief: float) -> float:
    rules, now, therapist = group_of(w, staff), stage(w), therapists_of(w)[t]
    forms, level = now.bureaucracy, red_tape_level(w)
    hours = paperwork_hours(
        level,
        rules.wte * forms.fixed_hours_per_week
        + therapist.sessions * forms.hours_per_session
        + therapist.discharges * forms.hours_per_discharge,
        relief,
    )
    each = paperwork_hours(level, forms.hours_per_assessment, relief)
    return hours + assessment_forms(rules.assessment_share, usable, each, now.triage.assessment_hours) + tape


@native
def needed(w: Any, t: int, staff: int, usable: float, discharges: float, tape: float) -> float:
    now, therapist = stage(w), therapists_of(w)[t]
    sessions = therapist.contact_hours + paperwork(w, therapist.sessions * now.bureaucracy.hours_per_session)
    handover = paperwork(w, therapist.transfers * now.bureaucracy.hours_per_discharge)
    return needed_hours(
        committed_hours(w, t, staff, usable, discharges, tape),
        sessions,
        handover,
        therapist.crises,
        now.triage.crisis_hours,
    )


# -- who holds which post


@native
def note_staff(w: Any, event: int, t: int, value: float) -> None:
    therapist = therapists_of(w)[t]
    if not therapist.agency:
        note(w, w.day, event, therapist.turn, therapist.post, value)


@native
def new_week(therapist: Any) -> None:
    therapist.sessions = therapist.crises = therapist.discharges = therapist.transfers = 0
    therapist.contact_hours = therapist.complex_sessions = 0.0


@native
def hire(w: Any, post: int, day: int) -> int:
    """`Workforce._hire`, `Therapist`."""
    now, one = stage(w), posts_of(w)[post]
    t = 2 * post + one.turns % 2
    therapist = therapists_of(w)[t]
    key = mixed(w.root ^ (entities_of(w)[post] | np.uint64(one.turns)))
    therapist.key, therapist.post, therapist.staff, therapist.turn, therapist.hired = (
        key,
        post,
        one.staff,
        one.turns,
        day,
    )
    therapist.skill = therapist_skill(z(key, Purpose.SKILL, 0), now.therapy.therapist_skill_sigma)
    therapist.susceptibility = now.wellbeing.susceptibility_sd * z(key, Purpose.SUSCEPTIBILITY, 0)
    therapist.exhaustion, therapist.pressure, therapist.cover_hours = now.wellbeing.newcomer_exhaustion, 0.0, 0.0
    therapist.agency = therapist.on_leave = therapist.absent = therapist.leaving = False
    therapist.caseload = therapist.slots = 0
    therapist.leaves_on = therapist.sick_until = therapist.first_circle = therapist.last_circle = -1
    for weekday in range(WORKING_DAYS):
        chain = caseloads_of(w)[t * WORKING_DAYS + weekday]
        chain.head, chain.tail, chain.count = -1, -1, 0
    for kind in range(4):
        hazard = hazards_of(w)[4 * t + kind]
        hazard.summed, hazard.spells, hazard.threshold = 0.0, 0, exponential(uniform(key, FIRST_HAZARD + kind, 0))
    for year in range(w.years):
        leave_of(w)[t * w.years + year] = np.uint64(0)
    new_week(therapist)
    one.holder = t
    one.turns += 1
    return t


@native
def leave_weeks(w: Any, t: int, year: int, days_a_year: float) -> Any:
    """`Therapist.leave_weeks`: bits of the weeks of a year; the highest bit says that they are known."""
    known = leave_of(w)[t * w.years + year]
    if known != np.uint64(0):
        return known
    key, weeks = therapists_of(w)[t].key, days_a_year / WORKING_DAYS
    drawn = drawn_of(w)
    for week in range(WEEKS_OF_LEAVE_YEAR):
        drawn[week] = uniform(key, Purpose.LEAVE_WEEK, year * 64 + week)
    count = min(WEEKS_OF_LEAVE_YEAR, int(weeks + uniform(key, Purpose.LEAVE_WEEK, year * 64 + WEEKS_OF_LEAVE_YEAR)))
    bits = np.uint64(1) << np.uint64(63)
    for _ in range(count):
        least = 0
        for week in range(WEEKS_OF_LEAVE_YEAR):
            least = week if drawn[week] < drawn[least] else least
        bits |= np.uint64(1) << np.uint64(least)
        drawn[least] = 2.0
    leave_of(w)[t * w.years + year] = bits
    return bits


@native
def book_leave_anew(w: Any) -> None:
    """Other days of leave are in force for some: which weeks they take is not known any more."""
    posts, leave = posts_of(w), leave_of(w)
    for number in range(w.post_count):
        group = staff_of(w)[posts[number].staff].group
        before = group_rules_of(w)[(w.period - 1) * w.group_count + group]
        if before.leave_days != group_rules_of(w)[w.period * w.group_count + group].leave_days:
            for year in range(2 * number * w.years, 2 * (number + 1) * w.years):
                leave[year] = np.uint64(0)


@native
def on_leave_in(w: Any, t: int, week: int, days_a_year: float) -> bool:
    bits = leave_weeks(w, t, week // WEEKS_OF_LEAVE_YEAR, days_a_year)
    return (bits >> np.uint64(week % WEEKS_OF_LEAVE_YEAR)) & np.uint64(1) == np.uint64(1)


@native
def fires(w: Any, t: int, kind: int, rate: float) -> bool:
    hazard = hazards_of(w)[4 * t + kind]
    hazard.summed += rate
    if hazard.summed < hazard.threshold:
        return False
    hazard.spells += 1
    hazard.summed = 0.0
    hazard.threshold = exponential(uniform(therapists_of(w)[t].key, FIRST_HAZARD + kind, hazard.spells))
    return True


@native
def falls_sick(w: Any, t: int) -> int:
    rules, exhaustion = stage(w).wellbeing, therapists_of(w)[t].exhaustion
    is_short = fires(w, t, 0, weekly_hazard(rules.short_absence_per_year, rules.absence_slope, exhaustion, 0.45))
    is_long = fires(w, t, 1, weekly_hazard(rules.long_absence_per_year, rules.absence_slope, exhaustion, 0.45))
    return rules.long_absence_weeks if is_long else rules.short_absence_weeks if is_short else 0


@native
def resigns(w: Any, t: int, staff: int) -> bool:
    rules, group = stage(w).wellbeing, group_of(w, staff)
    career = fires(w, t, 2, weekly_hazard(group.career_leaving_per_year, 0.0, 0.0, 0.0))
    return (
        fires(
            w,
            t,
            3,
            weekly_hazard(group.exhaustion_leaving_per_year, rules.leaving_slope, therapists_of(w)[t].exhaustion, 0.5),
        )
        or career
    )


@native
def list_therapists(w: Any) -> None:
    """`Workforce._list_therapists`: hours in contracts."""
    hours = 0.0
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            rules = group_of(w, posts_of(w)[post].staff)
            hours += rules.hours_per_week * rules.wte
    w.contracted = hours


@native
def leaves_post(w: Any, post: int, t: int, day: int) -> None:
    """`Workforce._leave`, `_empty`."""
    note_staff(w, Event.LEFT, t, therapists_of(w)[t].exhaustion)
    therapists_of(w)[t].leaving = True
    one = posts_of(w)[post]
    one.holder = -1
    if therapists_of(w)[t].agency:
        return
    one.filled_on = day + DAYS_PER_WEEK * group_of(w, one.staff).recruitment_weeks
    staff, held_posts = staff_of(w)[one.staff], 0
    for other in range(staff.first_post, staff.last_post):
        held_posts += 1 if posts_of(w)[other].funded else 0
    if held_posts > staff.affordable:
        one.funded = False


@native
def money_for_posts(w: Any) -> float:
    now, bought = stage(w), 0.0
    money = now.funding
    if not money.annual_budget_given:
        return math.inf
    for number in range(w.path_count):
        path = path_of(w, number)
        if path.cost_per_stay != 0.0 and path.places_given:
            here = 0
            for team in range(w.team_count):
                here += places_here(w, team * w.path_count + number)
            bought += here * path.cost_per_stay * DAYS_PER_YEAR / path.mean_stay
    return (
        money.annual_budget
        - bought
        - money.fixed_cost
        - now.bureaucracy.admin_posts * money.admin_salary * (1.0 + money.on_cost_share)
    )


@native
def review(w: Any, day: int) -> None:
    """`Workforce.review`."""
    money, posts = stage(w).funding, posts_of(w)
    wished, costs = np.empty(w.staff_count, dtype=np.int64), np.empty(w.staff_count)
    for staff in range(w.staff_count):
        rules = group_of(w, staff)
        wished[staff] = staffing(w, staff).posts
        sessions = 0.0 if money.session_cost == 0.0 else sessions_per_year(weekly_slots(w, staff, 0.0))
        leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
        costs[staff] = unit_cost(
            rules.salary,
            rules.wte,
            money.on_cost_share,
            leavers,
            money.recruitment_share_of_salary,
            money.session_cost,
            sessions,
        )
    affordable = affordable_posts(wished, costs, money_for_posts(w))
    for staff in range(w.staff_count):
        one = staff_of(w)[staff]
        one.affordable = affordable[staff]
        surplus = -one.affordable
        for post in range(one.first_post, one.last_post):
            surplus += 1 if posts[post].funded else 0
        for post in range(one.last_post - 1, one.first_post - 1, -1):
            if (
                surplus > 0
                and posts[post].funded
                and (posts[post].holder < 0 or therapists_of(w)[posts[post].holder].agency)
            ):
                posts[post].funded = False
                surplus -= 1
        for post in range(one.first_post, one.last_post):
            if surplus < 0 and not posts[post].funded:
                posts[post].funded = True
                surplus += 1
                posts[post].filled_on = day + DAYS_PER_WEEK * group_of(w, staff).recruitment_weeks


@native
def recovery(w: Any) -> float:
    now = stage(w)
    if not now.loops.care_for_carers:
        return 0.0
    care = now.wellbeing
    return recovery_of(
        care.supervision_hours - care.supervision_reference,
        care.supervision_slope,
        care.protected_hours - care.protected_reference,
        care.protected_slope,
        care.peer_support,
        care.peer_slope,
        care.development,
        care.development_slope,
    )


@native
def open_workforce(w: Any) -> None:
    """`Workforce.open`."""
    now, posts = stage(w), posts_of(w)
    review(w, 0)
    for number in range(w.post_count):
        post = posts[number]
        if not post.funded:
            continue
        rules = group_of(w, post.staff)
        u = uniform(mixed(w.root ^ entities_of(w)[number]), Purpose.TENURE, 0)
        leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
        vacant = vacant_share(leavers, rules.recruitment_weeks) if now.initial.state == STEADY else 0.0
        if u < vacant:
            post.filled_on = DAYS_PER_WEEK * (1 + int(u / vacant * rules.recruitment_weeks))
            continue
        t = hire(w, number, -DAYS_PER_WEEK * rules.ramp_up_weeks)
        therapist = therapists_of(w)[t]
        strain = strain_of(now.wellbeing.strain_base, therapist.susceptibility, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        therapist.exhaustion = resting_point(strain, recovery(w))
        note_staff(w, Event.HIRED, t, therapist.exhaustion)
    list_therapists(w)
    plan(w)
    if now.initial.state == STEADY:
        for staff in range(w.staff_count):
            one, slots = staff_of(w)[staff], 0
            for number in range(one.first_post, one.last_post):
                if posts[number].holder >= 0:
                    slots += therapists_of(w)[posts[number].holder].slots
            one.starts = slots / 9.0


@native
def falls_sick_or_resigns(w: Any, t: int, staff: int) -> None:
    therapist = therapists_of(w)[t]
    if therapist.sick_until <= w.day:
        weeks = falls_sick(w, t)
        if weeks > 0:
            therapist.sick_until = w.day + DAYS_PER_WEEK * weeks
            note_staff(w, Event.ABSENT, t, float(weeks))
    if therapist.leaves_on < 0 and resigns(w, t, staff):
        therapist.leaves_on = w.day + DAYS_PER_WEEK * group_of(w, staff).notice_weeks
        note_staff(w, Event.NOTICE, t, therapist.exhaustion)


@native
def monday(w: Any) -> None:
    """`Workforce.monday`."""
    day, now, posts, therapists = w.day, stage(w), posts_of(w), therapists_of(w)
    if day > 0:
        for number in range(w.post_count):
            if posts[number].holder >= 0:
                note_staff(w, Event.EXHAUSTION, posts[number].holder, therapists[posts[number].holder].exhaustion)
    for number in range(w.post_count):
        post = posts[number]
        t, rules = post.holder, group_of(w, post.staff)
        if t >= 0:
            therapist = therapists[t]
            therapist.on_leave = False
            if (therapist.leaves_on >= 0 and day >= therapist.leaves_on) or (therapist.agency and not post.funded):
                leaves_post(w, number, t, day)
                t = -1
            elif day > 0 and not therapist.agency:
                falls_sick_or_resigns(w, t, post.staff)
        if post.funded and day >= post.filled_on and (t < 0 or therapists[t].agency):
            if t >= 0:
                leaves_post(w, number, t, day)
            newcomer = hire(w, number, day)
            note_staff(w, Event.HIRED, newcomer, therapists[newcomer].exhaustion)
            w.recruitment_cost += now.funding.recruitment_share_of_salary * rules.salary * rules.wte
    if now.funding.agency_share > 0.0:
        call_agency(w, now.funding.agency_share)
    list_therapists(w)
    for number in range(w.post_count):
        t = posts[number].holder
        if t >= 0:
            therapist = therapists[t]
            sick = therapist.sick_until > day
            therapist.on_leave = not sick and on_leave_in(
                w, t, day // DAYS_PER_WEEK, group_of(w, posts[number].staff).leave_days
            )
            therapist.absent = sick or therapist.on_leave
            if therapist.on_leave:
                note_staff(w, Event.ON_LEAVE, t, 0.0)
    plan(w)


@native
def call_agency(w: Any, share: float) -> None:
    posts, therapists = posts_of(w), therapists_of(w)
    for staff in range(w.staff_count):
        one, vacant = staff_of(w)[staff], 0
        for number in range(one.first_post, one.last_post):
            post = posts[number]
            vacant += 1 if post.funded and (post.holder < 0 or therapists[post.holder].agency) else 0
        left = math.floor(share * vacant + 0.5)
        for number in range(one.first_post, one.last_post):
            post = posts[number]
            if left > 0 and post.funded and (post.holder < 0 or therapists[post.holder].agency):
                left -= 1
                if post.holder < 0:
                    therapists[hire(w, number, w.day)].agency = True


# -- the week


@native
def plan(w: Any) -> None:
    """`Week.plan`."""
    day, now, posts, therapists = w.day, stage(w), posts_of(w), therapists_of(w)
    tape, rules = now.bureaucracy, now.wellbeing
    w.relief = relief_share(tape.admin_posts, tape.hours_relieved_per_admin_post, w.paperwork_wanted, tape.relief_limit)
    for staff in range(w.staff_count):
        one, group = staff_of(w)[staff], group_of(w, staff)
        pressed = pressure_of(rules.target_pressure, one.list_pressure, rules.expectation, rules.expectation_weight)
        overbooked = pressed * rules.overbooking_hours * group.wte if now.loops.overbooking else 0.0
        slots, slot = weekly_slots(w, staff, overbooked), hours_of_slot(w, staff)
        present, absent_slots = 0, 0
        for number in range(one.first_post, one.last_post):
            t = posts[number].holder
            if t >= 0:
                if therapists[t].absent:
                    absent_slots += therapists[t].caseload
                else:
                    present += 1
        cover = rules.cover_share * (absent_slots * slot) / present if present > 0 else 0.0
        usable, on_discharges, on_tape = usual_hours(w, staff)
        for number in range(one.first_post, one.last_post):
            t = posts[number].holder
            if t >= 0:
                therapist = therapists[t]
                new = day < therapist.hired + DAYS_PER_WEEK * group.ramp_up_weeks
                therapist.slots = slots // 2 if new else slots
                therapist.pressure = pressed
                therapist.cover_hours = 0.0 if therapist.absent else cover
                excess = (
                    committed_hours(w, t, staff, usable, on_discharges, on_tape)
                    + therapist.caseload * slot
                    - group.hours_per_week * group.wte
                    - rules.overtime_limit_hours
                )
                if not therapist.absent:
                    cancel_newest(w, t, sessions_that_do_not_fit(excess, slot), Cancellation.OVERLOAD, -1)
    week = day // DAYS_PER_WEEK
    w.horizon, w.reserve_share = now.triage.booking_horizon_days, now.triage.urgent_reserve_share
    w.released_days = now.triage.reserve_released_days if now.triage.reserve_released_days_given else -1
    for team in range(w.team_count):
        for ahead in range(now.triage.booking_horizon_days // DAYS_PER_WEEK + 2):
            if week + ahead < w.weeks:
                rates_of(w)[team * w.weeks + week + ahead] = assessments_a_day(w, team, week + ahead, ahead == 0)
        first_open_of(w)[2 * team] = first_open_of(w)[2 * team + 1] = 0


@native
def assessments_a_day(w: Any, team: int, week: int, this_week: bool) -> float:
    now, posts, therapists = stage(w), posts_of(w), therapists_of(w)
    each, total = now.triage.assessment_hours + paperwork(w, now.bureaucracy.hours_per_assessment), 0.0
    for staff in range(team * w.group_count, (team + 1) * w.group_count):
        one, rules, there = staff_of(w)[staff], group_of(w, staff), 0
        if rules.assessment_share == 0.0:
            continue
        for number in range(one.first_post, one.last_post):
            t = posts[number].holder
            if t >= 0:
                away = therapists[t].absent if this_week else on_leave_in(w, t, week, rules.leave_days)
                leaving = therapists[t].leaves_on >= 0 and week * DAYS_PER_WEEK >= therapists[t].leaves_on
                there += 1 if not away and not leaving else 0
        total += there * rules.assessment_share * usable_hours(w, staff) / each
    return total / WORKING_DAYS


@native
def spend(w: Any, account: int, amount: float) -> None:
    if amount != 0.0:
        w.spent += amount
        w.this_year -= amount
        note(w, w.day, Event.SPENT, 0, account, amount)


@native
def grant(w: Any, amount: float) -> None:
    w.granted += amount
    w.this_year += amount
    note(w, w.day, Event.GRANTED, 0, -1, amount)


@native
def work(w: Any, t: int, staff: int, workload: float, forms: float) -> None:
    """`Week._work`."""
    now, group, therapist = stage(w), group_of(w, staff), therapists_of(w)[t]
    rules = now.wellbeing
    workload = felt_workload(
        workload,
        group.hours_per_week * group.wte,
        group.wte,
        rules.supervision_hours,
        rules.supervision_reference,
        rules.protected_hours,
        rules.protected_reference,
    )
    pressed = pressure_of(
        rules.target_pressure,
        staff_of(w)[staff].list_pressure if now.loops.overload_spiral else 0.2,
        rules.expectation,
        rules.expectation_weight,
    )
    emotional = emotional_load(therapist.crises, rules.emotional_complex_weight, therapist.complex_sessions)
    strain = strain_of(
        rules.strain_base,
        therapist.susceptibility,
        workload - rules.workload_reference,
        rules.workload_slope,
        forms - rules.paperwork_reference if now.loops.red_tape else 0.0,
        rules.paperwork_slope,
        emotional - rules.emotional_reference,
        rules.emotional_slope,
        pressed - rules.pressure_reference,
        rules.pressure_slope,
    )
    therapist.exhaustion = worked_week(therapist.exhaustion, strain, recovery(w), rules.tempo_per_week)


@native
def pay_staff(w: Any, staff: int, members: int, holders: int, overtime: float, days: int) -> None:
    """`Week._pay`."""
    group, money, rules = group_of(w, staff), stage(w).funding, stage(w).wellbeing
    hours = group.hours_per_week * group.wte
    pay = group.salary * group.wte * (1.0 + money.on_cost_share) * (days / DAYS_PER_YEAR)
    supervised = (
        supervised_share(rules.supervision_hours, rules.supervision_group_size, group.wte, hours) * pay * holders
    )
    spend(w, Account.HOLDERS, pay * holders - supervised)
    spend(w, Account.SUPERVISION, supervised)
    spend(w, Account.AGENCY, pay * money.agency_cost_ratio * (members - holders))
    spend(w, Account.OVERTIME, money.overtime_paid_share * overtime * pay / hours)


@native
def pay_recruitment(w: Any) -> None:
    spend(w, Account.RECRUITMENT, w.recruitment_cost)
    w.recruitment_cost = 0.0


@native
def other_costs(w: Any, sessions: int, days: int) -> None:
    """`Accounts.close_week`."""
    money, share = stage(w).funding, days / DAYS_PER_YEAR
    spend(w, Account.ADMIN, stage(w).bureaucracy.admin_posts * money.admin_salary * (1.0 + money.on_cost_share) * share)
    spend(w, Account.FIXED, money.fixed_cost * share)
    spend(w, Account.CRISIS, w.crises_this_week * money.crisis_contact_cost)
    spend(w, Account.SESSIONS, sessions * money.session_cost)
    spend(w, Account.PLACES, w.stays_cost)
    grant(w, money.annual_budget * share if money.annual_budget_given else w.spent - w.granted)
    w.stays_cost = 0.0


@native
def break_off(w: Any) -> None:
    """`Week.break_off`."""
    posts, therapists, sessions, days = posts_of(w), therapists_of(w), 0, w.day % DAYS_PER_WEEK + 1
    for staff in range(w.staff_count):
        members, holders = 0, 0
        for number in range(staff_of(w)[staff].first_post, staff_of(w)[staff].last_post):
            t = posts[number].holder
            if t >= 0:
                members += 1
                holders += 0 if therapists[t].agency else 1
                sessions += therapists[t].sessions
        pay_staff(w, staff, members, holders, 0.0, days)
    pay_recruitment(w)
    other_costs(w, sessions, days)


@native
def close_week(w: Any) -> None:
    """`Week.close`."""
    day, now, posts, therapists = w.day, stage(w), posts_of(w), therapists_of(w)
    rules, wanted, all_sessions = now.wellbeing, 0.0, 0
    for staff in range(w.staff_count):
        one, group = staff_of(w)[staff], group_of(w, staff)
        hours = group.hours_per_week * group.wte
        contracted = worked = overtime = papers = taken_over = sick = available = contact = full_time = pressed = 0.0
        members, holders, funded, discharges = 0, 0, 0, 0
        usable, on_discharges, on_tape = usual_hours(w, staff)
        for number in range(one.first_post, one.last_post):
            t = posts[number].holder
            funded += 1 if posts[number].funded or t >= 0 else 0
            if t < 0:
                continue
            therapist = therapists[t]
            if members == 0:
                pressed = therapist.pressure
            members += 1
            holders += 0 if therapist.agency else 1
            discharges += therapist.discharges
            all_sessions += therapist.sessions
            contracted += hours
            contact += therapist.contact_hours
            if therapist.absent:
                sick += 0.0 if therapist.on_leave else hours
                therapist.exhaustion = rested_week(therapist.exhaustion, recovery(w), rules.tempo_per_week)
                continue
            full_time += group.wte
            available += therapist.slots * staffing(w, staff).session_hours
            forms, need_hours = (
                forms_of(w, t, staff, usable, on_tape, w.relief),
                needed(w, t, staff, usable, on_discharges, on_tape),
            )
            extra = min(max(need_hours - hours, 0.0), rules.overtime_limit_hours)
            forms = min(forms, hours + extra)
            worked += hours + extra
            overtime += extra
            papers += forms
            taken_over += forms_of(w, t, staff, usable, on_tape, 0.0) if w.relief >= 1.0 else 0.0
            work(w, t, staff, need_hours / hours, forms / (hours + extra))
        wanted += papers / (1.0 - w.relief) if w.relief < 1.0 else taken_over
        note(w, day, Event.CONTRACTED, 0, staff, contracted)
        note(w, day, Event.WORKED, 0, staff, worked)
        note(w, day, Event.OVERTIME, 0, staff, overtime)
        note(w, day, Event.PAPERWORK, 0, staff, papers)
        note(w, day, Event.SICK, 0, staff, sick)
        note(w, day, Event.AVAILABLE, 0, staff, available)
        note(w, day, Event.CONTACT, 0, staff, contact)
        note(w, day, Event.FUNDED, 0, staff, float(funded))
        note(w, day, Event.FILLED, 0, staff, float(holders))
        note(w, day, Event.PRESSURE, 0, staff, pressed)
        pay_staff(w, staff, members, holders, overtime, DAYS_PER_WEEK)
        if full_time > 0.0:
            one.discharges += (discharges / full_time - one.discharges) / SMOOTHING_WEEKS
        one.starts += (one.starts_this_week - one.starts) / SMOOTHING_WEEKS
        one.starts_this_week = 0
    for staff in range(w.staff_count):
        feel_the_list(w, staff)
    pay_recruitment(w)
    w.paperwork_wanted = wanted
    waiting = 0
    for where in range(w.list_count):
        waiting += lists_of(w)[where].length
    w.tape_hours += calling_hours(waiting, now.waiting.check_in_weeks, now.waiting.check_in_hours)
    w.tape_average += (w.tape_hours - w.tape_average) / SMOOTHING_WEEKS
    w.tape_hours = 0.0
    other_costs(w, all_sessions, DAYS_PER_WEEK)
    for number in range(w.post_count):
        if posts[number].holder >= 0:
            new_week(therapists[posts[number].holder])


@native
def feel_the_list(w: Any, staff: int) -> None:
    """`Week._feel_the_list`."""
    one, waiting, starting = staff_of(w)[staff], 0, 0.0
    for nth in range(team_of(w, one.team).treat_size):
        team = treats_for(w, one.team, nth)
        starting += staff_of(w)[team * w.group_count + one.group].starts
        for number in range(w.path_count):
            if path_of(w, number).group_number == one.group:
                waiting += lists_of(w)[team * w.path_count + number].length
    pressed = list_pressure(waiting / max(starting, 0.5), stage(w).wellbeing.list_half_weeks)
    one.list_pressure += (pressed - one.list_pressure) / 4.0


# -- day 0


@native
def note_past(w: Any, p: Any, passed: Any) -> None:
    """`_note_past`: what is known of a person up to the list; `passed`: pathway, place, day of coming and of leaving of each stay behind them."""
    note(w, p.onset, Event.NEED, p.number, (1 if p.complex else 0) + 2, p.severity)
    joined, pathway = w.day, np.int64(p.pathway)
    came = passed[0][2] if len(passed) > 0 else joined
    w.day = p.asked
    referred(w, p)
    if p.arrives < 0:
        for step in range(w.step_count):
            note(w, w.day, Event.STEP_PASSED, p.number, step, 0.0)
    w.day = came
    if p.assessed:
        note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)
    for one in passed:
        p.pathway, w.day = one[0], one[2]
        note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
        note(w, w.day, Event.STARTED, p.number, -1, p.severity)
        w.day = one[3]
        note(w, w.day, Event.STAYED, p.number, one[1], -1.0)
    p.pathway, w.day = pathway, joined


@native
def still_waits(w: Any, p: Any) -> bool:
    stays = NEVER
    if stage(w).loops.giving_up:
        u = uniform(luck_of(w, p), Purpose.PATIENCE, np.int64(p.courses) << 12 if p.courses > 0 else 0)
        stays = patience_days(patience_of(w, p.pathway), exponential(u))
    return p.remission > 0 and w.day + stays > 0


@native
def passed_through(w: Any, p: Any, room: Any, busy: Any, full: Any, passed: Any) -> bool:
    """`_passed_through`; False for somebody who is not found beyond the places they came through."""
    while len(passed) < MOST_PASSED:
        path, number, came = path_of(w, p.pathway), np.int64(p.pathway), w.day
        if path.then_size == 0 or not path.places_given or room[number] > 0:
            return True
        treats = team_of(w, p.team).treat_size
        for nth in range(treats):
            if busy[treats_for(w, p.team, nth) * w.path_count + number] > 0:
                return True
        closed = True
        for nth in range(treats):
            if places_here(w, treats_for(w, p.team, nth) * w.path_count + number) > 0:
                closed = False
        if came >= 0 or closed:
            return False
        where = treats_for(w, p.team, 0) * w.path_count + number
        if full[where] == NEVER:
            full[where] = came
        w.day = min(came - full[where], -1)
        passed.append((number, where, came, w.day))
        p.courses += 1
        if not goes_on(w, p):
            return False
    return False


@native
def course_start(w: Any, p: Any) -> int:
    """`_start`."""
    return -DAYS_PER_WEEK * (1 + int(uniform(luck_of(w, p), Purpose.CASELOAD_AGE, 0) * 1.5 * path_of(w, p.pathway).cap))


@native
def found_in_therapy(w: Any, i: int, t: int, g: int) -> bool:
    """`_found_in_therapy`."""
    p, mark = person(w, i), w.rows
    notice = path_of(w, p.pathway).first_session_days
    start = course_start(w, p) if g < 0 or circles_of(w)[g].takes_newcomers else circles_of(w)[g].began
    moved = start - (p.asked + w.opening_delay)
    if moved < 0:
        p.asked, p.onset, p.seen_on = p.asked + moved, p.onset + moved, NEVER
        if p.remission < NEVER:
            p.remission += moved
    w.day = start
    if p.remission <= start or p.onset < EARLIEST_DAY:
        if g >= 0 and circles_of(w)[g].members == 0:
            end_circle(w, g)
        return False
    note_past(w, p, no_stays())
    note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
    if g < 0:
        take(w, t, i, start + notice)
    else:
        seat(w, t, i, g, start + notice)
    begin_course(w, i)
    for day in range(course(w, i).first_day, 0, DAYS_PER_WEEK):
        w.day = day
        if appointment(w, i):
            w.rows = mark
            return False
    w.day = 0
    return True


@native
def found_in_circle(w: Any, i: int, own: int, left: Any, first_left: Any) -> tuple[bool, int]:
    """`_found_in_group`: whether the person is found there, and the slots that this took from those left over."""
    p, circles = person(w, i), circles_of(w)
    one, treats = staff_of(w)[own], team_of(w, staff_of(w)[own].team).treat_size
    for post in range(w.post_count):
        t = posts_of(w)[post].holder
        if t < 0 or staff_of(w)[posts_of(w)[post].staff].group != one.group:
            continue
        partner = False
        for nth in range(treats):
            partner = partner or treats_for(w, one.team, nth) == staff_of(w)[posts_of(w)[post].staff].team
        if not partner:
            continue
        g = therapists_of(w)[t].first_circle
        while g >= 0:
            if circles[g].pathway == p.pathway and circles[g].members < circles[g].seats:
                return found_in_therapy(w, i, t, g), 0
            g = np.int64(circles[g].next)
    for nth in range(-1, treats):
        staff = own if nth < 0 else treats_for(w, one.team, nth) * w.group_count + one.group
        post = first_left[staff]
        if post < 0:
            continue
        takes = weight(w, staff, p.pathway)
        if left[post] >= takes:
            t, path = posts_of(w)[post].holder, path_of(w, p.pathway)
            began = course_start(w, p)
            g = begin_circle(w, t, p.pathway, takes, began, began + path.first_session_days)
            if found_in_therapy(w, i, t, g):
                take_left(w, staff, takes, left, first_left)
                return True, takes
            return False, 0
        take_left(w, staff, 1, left, first_left)  # too few are left of this therapist's
        return False, 1
    return False, 0


@native
def take_left(w: Any, staff: int, count: int, left: Any, first_left: Any) -> None:
    """Take slots of the first therapist who has any left."""
    post = first_left[staff]
    left[post] -= count
    if left[post] == 0:
        first_left[staff] = -1
        for other in range(post + 1, staff_of(w)[staff].last_post):
            if left[other] > 0:
                first_left[staff] = other
                return


@native
def find_at_work(w: Any) -> None:
    """`opening.find_at_work`."""
    now, earlier, paths = stage(w), earlier_of(w), w.path_count
    awaiting = now.initial.awaiting_assessment if now.triage.assess else 0
    room, busy, full = (
        np.empty(paths, dtype=np.int64),
        np.zeros(w.list_count, dtype=np.int64),
        np.full(w.list_count, NEVER),
    )
    left, first_left = np.zeros(w.post_count + 1, dtype=np.int64), np.full(w.staff_count + 1, -1)
    rooms = free_slots = free_places = 0
    for number in range(paths):
        room[number] = path_of(w, number).initial_waiting
        rooms += room[number]
    for where in range(w.list_count):
        busy[where] = int(now.initial.caseload_share * max(places_here(w, where), 0) + 0.5)
        free_places += busy[where]
    for staff in range(w.staff_count):
        for post in range(staff_of(w)[staff].last_post - 1, staff_of(w)[staff].first_post - 1, -1):
            if posts_of(w)[post].holder >= 0:
                left[post] = int(therapists_of(w)[posts_of(w)[post].holder].slots * now.initial.caseload_share + 0.5)
                free_slots += left[post]
                if left[post] > 0:
                    first_left[staff] = post
    asked_on = np.full(
        w.history + 1, -1
    )  # the first who asked so many days before day 0; the others, by number, follow in a chain
    for nth in range(w.used_earlier - 1, -1, -1):
        earlier[nth].next = asked_on[-earlier[nth].asked]
        asked_on[-earlier[nth].asked] = nth
    waiting = no_stays()  # day of joining, person, and where their stays stand in `behind`
    behind = no_stays()
    before, nth = 0, np.int64(-1)
    while True:
        while nth < 0 and before < w.history:
            before += 1
            nth = asked_on[before]
        if nth < 0:
            break
        one = earlier[nth]
        nth = np.int64(one.next)
        if awaiting > 0 and one.arrives < 0:
            if one.remission > 0:
                awaiting -= 1
                i = begin_person(w, one)
                p = person(w, i)
                note(w, p.onset, Event.NEED, p.number, (1 if p.complex else 0) + 2, p.severity)
                w.day = p.asked
                referred(w, p)
                for step in range(w.step_count):
                    note(w, w.day, Event.STEP_PASSED, p.number, step, 0.0)
                at(w, i, 0, REFERRALS, TO_ASSESSMENT)
            continue
        if rooms == 0 and free_slots == 0 and free_places == 0:
            break
        i = begin_person(w, one)
        p = person(w, i)
        w.day = min(p.asked + (w.opening_delay if p.arrives < 0 else 0), 0)
        kept = suits(w, p)
        passed = no_stays()
        if kept:
            home(w, p)
            kept = passed_through(w, p, room, busy, full, passed)
        if kept:
            kept = False
            where, own = -1, -1
            for nth_team in range(team_of(w, p.team).treat_size):
                number = treats_for(w, p.team, nth_team) * paths + p.pathway
                if busy[number] > 0:
                    where = number
                    break
            group = path_of(w, p.pathway).group_number
            if room[p.pathway] > 0 and still_waits(w, p):
                room[p.pathway] -= 1
                rooms -= 1
                waiting.append((w.day, i, len(behind), len(passed)))
                behind.extend(passed)
                kept = True
            elif where >= 0:
                busy[where] -= 1
                free_places -= 1
                note_past(w, p, passed)
                note(w, w.day, Event.LISTED, p.number, listed_as(w, p), p.severity)
                in_places_of(w)[where] += 1
                p.served_at = where
                stay(w, i, True)
                kept = True
            elif room[p.pathway] == 0 and group >= 0:
                own = p.team * w.group_count + group
                if path_of(w, p.pathway).seats > 1:
                    kept, taken = found_in_circle(w, i, own, left, first_left)
                    free_slots -= taken
                else:
                    staff = own
                    if first_left[own] < 0:
                        for nth_team in range(team_of(w, p.team).treat_size):
                            partner = treats_for(w, p.team, nth_team) * w.group_count + group
                            if first_left[partner] >= 0:
                                staff = partner
                                break
                    post = first_left[staff]
                    if post >= 0 and found_in_therapy(w, i, posts_of(w)[post].holder, -1):
                        take_left(w, staff, 1, left, first_left)
                        free_slots -= 1
                        kept = True
        if not kept:
            leave_service(w, i)
    days = np.empty(len(waiting), dtype=np.int64)
    for nth in range(len(waiting)):
        days[nth] = waiting[len(waiting) - 1 - nth][0]
    for nth in np.argsort(days, kind="mergesort"):
        joined, i, start, count = waiting[len(waiting) - 1 - nth]
        w.day = joined
        note_past(w, person(w, i), behind[start : start + count])
        wait(w, i)
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            new_week(therapists_of(w)[posts_of(w)[post].holder])
    w.day = 0


# -- the day


@native
def changes(w: Any) -> None:
    """`Service.changes`."""
    changed = w.period + 1 < w.periods and stages_of(w)[w.period + 1].from_day <= w.day
    if changed:
        w.period += 1
        book_leave_anew(w)
        if stage(w).ordered_anew:
            sort_anew(w)
        if stage(w).regrouped:
            regroup(w)
        note(w, w.day, Event.CHANGED, 0, -1, 0.0)
    if changed or (w.day > 0 and begins_year(w.day)):
        review(w, w.day)


@native
def patients_are_next(w: Any, post: int, weekday: int) -> None:
    """Those who come to the holder of a post on a day."""
    t = np.int64(posts_of(w)[post].holder if post < w.post_count else -1)
    i = np.int64(caseloads_of(w)[t * WORKING_DAYS + weekday].head if t >= 0 else -1)
    while i >= 0:
        course_is_next(w, np.int64(course_number_of(w)[i]))
        next_is(w, i)
        i = np.int64(following_of(w)[i])


@native
def sessions(w: Any) -> None:
    """`Service.sessions`."""
    day, posts, therapists, order = w.day, posts_of(w), therapists_of(w), order_of(w)
    week, weekday = day // DAYS_PER_WEEK, day % DAYS_PER_WEEK
    if weekday == 0:
        for t in range(2 * w.post_count):
            if therapists[t].leaving:
                count = 0
                for chain in range(t * WORKING_DAYS, (t + 1) * WORKING_DAYS):
                    i = np.int64(caseloads_of(w)[chain].head)
                    while i >= 0:
                        order[count] = np.int64(person(w, i).number) << 32 | i
                        count += 1
                        i = np.int64(following_of(w)[i])
                sort(order, count)
                for nth in range(count):
                    loses_therapist(w, order[nth] & 0xFFFFFFFF)
                therapists[t].leaving = False
    w.crises_today = 0
    for nth in range(in_order(w, crises_of(w), day)):
        i = order[nth] & 0xFFFFFFFF
        p = person(w, i)
        crisis(w, p, uniform(luck_of(w, p), Purpose.CRISIS_HOURS, (np.int64(p.courses) << 12) + p.waits))
        make_urgent(w, i)
    if weekday >= WORKING_DAYS:
        return
    hold_assessments(w)
    many = w.people_here > MANY  # others are near the processor already
    for post in range(w.post_count):
        if many:
            patients_are_next(w, post + AHEAD, weekday)
        t = posts[post].holder
        if t < 0 or therapists[t].on_leave:
            continue
        sick = therapists[t].absent
        i = np.int64(caseloads_of(w)[t * WORKING_DAYS + weekday].head)
        while i >= 0:
            c = course(w, i)
            following = np.int64(following_of(w)[i])
            if c.first_day <= day:
                if sick:
                    over = cancelled_by_service(w, i, Cancellation.SICKNESS)
                elif c.cancelled_in == week:
                    over = cancelled_by_service(w, i, c.cancelled)
                else:
                    over = appointment(w, i)
                if over:
                    after_course(w, i)
            i = following


@native
def withdrawals(w: Any) -> None:
    """`Service.withdrawals`."""
    order = order_of(w)
    for nth in range(in_order(w, leaves_of(w), w.day)):
        i = order[nth] & 0xFFFFFFFF
        p = person(w, i)
        if p.state != AWAITS_ASSESSMENT:
            leave_list(w, i)
        elif p.booked >= 0:
            release_assessment(w, p)
        p.spell += 1
        leaves(w, i)


@native
def close(w: Any) -> None:
    """`Service.close`."""
    close_diaries(w)
    if w.day % DAYS_PER_WEEK == DAYS_PER_WEEK - 1:
        close_week(w)
        w.crises_this_week = 0
    elif w.day == w.days - 1:
        break_off(w)
    if begins_year(w.day + 1) and not stage(w).funding.carry_underspend and w.this_year > 0.0:
        w.lost += w.this_year
        note(w, w.day, Event.SPENT, 0, Account.LOST, w.this_year)
        w.this_year = 0.0


@native
def room_for_a_day(w: Any) -> bool:
    """Whether all that a day may bring fits: everybody who is here or comes writes some rows and stands in some chains."""
    coming = np.int64(asks_of(w)[w.day].count)
    rows = (
        (w.people_here + coming) * (12 + w.step_count)
        + w.used_needs
        + w.used_own_needs
        + w.used_later
        + 4 * w.post_count
        + 24 * w.staff_count
    )
    return has_room(w, coming, rows)


@native
def room_for_opening(w: Any) -> bool:
    """The same of everybody who may be found at work: as many appointments as a course may have had, and some stays behind them."""
    found, longest, goes_on_at_all = 0, 0, False
    initial, seats = stage(w).initial, 1
    for number in range(w.path_count):
        path = path_of(w, number)
        found += path.initial_waiting
        longest, seats = max(longest, path.cap), max(seats, path.seats)
        goes_on_at_all = goes_on_at_all or path.then_size > 0
    for where in range(w.list_count):
        found += max(places_here(w, where), 0)
    in_therapy = 0
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            in_therapy += therapists_of(w)[posts_of(w)[post].holder].slots + 1
    found += initial.awaiting_assessment
    found, in_therapy = min(found, w.used_earlier), min(in_therapy * seats, w.used_earlier)
    rows = (found + in_therapy + 1) * (
        12 + w.step_count + (3 * MOST_PASSED if goes_on_at_all else 0)
    ) + in_therapy * 2 * longest
    return has_room(w, found + in_therapy + 1, rows)


@native
def has_room(w: Any, more_people: int, more_rows: int) -> bool:
    w.more_people, w.more_rows = more_people, w.rows + more_rows + SPARE_ROWS
    everybody = w.people_here + more_people + 1
    return (
        w.more_rows <= w.keys_room
        and everybody <= w.people_room
        and everybody <= w.order_room
        and everybody <= w.circles_room
        and w.entries_here + 8 * everybody <= w.entries_room
    )


@native
def advance(world: Any, until: int) -> int:
    """Day after day to the day `until`: DONE there, MORE_ROOM where arrays must grow before the next day, FAILED where a law cannot be drawn from."""
    w = world[0]
    if w.opened == 0:
        if not people_to_come(w, -1):
            return MORE_ROOM
        open_workforce(w)
        w.opened = 1
    if w.opened == 1:
        if not room_for_opening(w):
            return MORE_ROOM
        if stage(w).initial.state == STEADY:
            find_at_work(w)
        w.opened, w.day = OPEN, 0
    while w.day < until:
        if not people_to_come(w, w.day):
            return MORE_ROOM
        if w.failed != 0:
            return FAILED
        if not room_for_a_day(w):
            return MORE_ROOM
        changes(w)
        if w.day % DAYS_PER_WEEK == 0:
            monday(w)
        sessions(w)
        wake(w, SESSIONS)
        starts_of_today(w)
        withdrawals(w)
        wake(w, WITHDRAWALS)
        note_needs(w)
        book_queued(w)
        asking_today(w)
        wake(w, REFERRALS)
        close(w)
        w.day += 1
    return FAILED if w.failed != 0 else DONE


@native
def begin(world: Any) -> None:
    """Before anything has happened."""
    w = world[0]
    w.free_person = w.free_course = w.free_coming = w.free_later = w.free_entry = w.free_circle = -1
    w.need_time = math.inf
    if w.peak > 0.0:
        look_ahead(w, True)
        w.need_time = possible_of(w)[GAPS] - w.history
    for number in range(w.path_count):
        one = arrivals_of(w)[number]
        one.number, one.time = paths_of(w)[number].first_arrival, float(-w.history)
        law = paths_of(w)[number].arrival_law
        if law == scenario_arrays.RENEWAL or (
            law == scenario_arrays.POISSON and paths_of(w)[number].arrival_peak > 0.0
        ):
            next_arrival(w, number)
        else:
            one.time = math.inf
    for where in range(2 * w.list_count):
        lists_of(w)[where].low, lists_of(w)[where].high = 1000, -1000
    for number in range(w.staff_count):
        one_staff = staff_of(w)[number]
        one_staff.team, one_staff.group, one_staff.discharges, one_staff.list_pressure = (
            number // w.group_count,
            number % w.group_count,
            -1.0,
            0.2,
        )
    for post in range(w.post_count):
        posts_of(w)[post].holder = -1
        one_staff = staff_of(w)[posts_of(w)[post].staff]
        if one_staff.last_post == 0:
            one_staff.first_post = post
        one_staff.last_post = post + 1


def _arguments(function: Callable[..., Any]) -> tuple[Any, ...] | None:
    """Types of a function's arguments, by what it says of them; None where it says too little, as of tables of a length of their own."""
    records = {
        "w": WORLD,
        "p": PERSON,
        "c": COURSE,
        "one": COMING,
        "need": NEEDED,
        "therapist": THERAPIST,
        "chain": CHAIN,
    }
    by_name: dict[str, Any] = {name: numba.from_dtype(kind) for name, kind in records.items()}
    by_name |= dict.fromkeys(("heap", "left", "first_left", "room", "busy", "full", "order"), types.int64[::1])
    by_name |= {"world": numba.from_dtype(WORLD)[::1], "key": types.uint64, "heads": types.int32[::1]}
    by_kind: dict[Any, Any] = {
        float: types.float64,
        int: types.int64,
        bool: types.boolean,
        tuple[float, float]: types.UniTuple(types.float64, 2),
    }
    found = [
        by_name.get(name) if parameter.annotation is Any else by_kind.get(parameter.annotation)
        for name, parameter in inspect.signature(function).parameters.items()
    ]
    return None if None in found else tuple(found)


def _compile() -> None:
    """Compile everything, each function once and those that it calls before it. Left to itself, numba would compile a function for every mixture of integers."""
    done: set[int] = set()

    def make(dispatcher: Any) -> None:
        if id(dispatcher) in done:
            return
        done.add(id(dispatcher))
        function = dispatcher.py_func
        for name in function.__code__.co_names:
            called = function.__globals__.get(name)
            if hasattr(called, "py_func"):
                make(called)
        arguments = _arguments(function)
        if arguments is not None:
            dispatcher.compile(arguments)
            dispatcher.disable_compile()

    for dispatcher in _ALL:
        make(dispatcher)


def _done() -> Path:
    return Path(_FOLDER) / "complete"


def _kept_files() -> dict[str, int]:
    """The files of compiled code, each with a checksum: numba would fail on one that is damaged."""
    return {
        str(path.relative_to(_FOLDER)): zlib.crc32(path.read_bytes())
        for path in sorted(Path(_FOLDER).rglob("*.nb[ci]"))
    }


def is_ready() -> bool:
    """Whether everything is compiled, for this state of the code, and whole."""
    try:
        return bool(_done().read_text(encoding="utf-8") == json.dumps(_kept_files()))
    except (OSError, UnicodeDecodeError):
        return False


@lru_cache(maxsize=1)
def ready() -> None:
    """Compile what is not compiled yet; it takes a minute or two, once for each version of the code."""
    if is_ready():
        return
    if _done().exists():  # something is damaged: make all of it anew
        _done().unlink()
        for name in _kept_files():
            (Path(_FOLDER) / name).unlink(missing_ok=True)
    _compile()
    _done().write_text(json.dumps(_kept_files()), encoding="utf-8")


class Blank:
    """What every replication of a scenario begins from: the clinic's record with its constant arrays in place, and one block with all those that begin empty."""

    def __init__(self, scenario: Scenario) -> None:
        self.tables = made = Tables(scenario)
        world = np.zeros(1, dtype=WORLD)
        counts = made.counts
        days, posts, lists, staff, teams = (
            counts[name] for name in ("days", "post_count", "list_count", "staff_count", "team_count")
        )
        weeks = (days + max(counts["horizon"], 366)) // DAYS_PER_WEEK + 3
        years = (days + 800) // (WEEKS_OF_LEAVE_YEAR * DAYS_PER_WEEK) + 2
        for name, value in (*counts.items(), *made.figures.items(), ("weeks", weeks), ("years", years)):
            world[name] = value
        for name, array in made.arrays.items():
            world[name], world[f"{name}_room"] = _address(array), len(array)
        sizes = {
            "posts": posts,
            "therapists": 2 * posts,
            "hazards": 8 * posts,
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
            "lanes": 2 * lists * LANES,
        }
        begins, end = {}, 0
        for name, size in sizes.items():
            begins[name] = end
            end += -(-max(1, size) * np.dtype(ARRAYS[name]).itemsize // LINE) * LINE
        self.block = np.zeros(end, dtype=np.uint8)
        for name, size in sizes.items():
            array = self.block[begins[name] :][: max(1, size) * np.dtype(ARRAYS[name]).itemsize].view(ARRAYS[name])
            if name in ("due", "leaves", "crises", "expected"):
                array[:] = -1
            elif name in ("asks", "rows_due", "lanes"):
                array["head"] = array["tail"] = -1
            elif name == "posts":
                array["staff"][:posts] = made.post_staff
            world[name], world[f"{name}_room"] = begins[name], len(array)
        self.words = world.view(np.int64)
        self.within = np.array([_WORD[name] for name in sizes])  # addresses within the block
        self.header = service.header(scenario, days, made.post_staff.tolist(), 0, 0, "fast")
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
        self._block = _pages(len(blank.block), blank.block.dtype, at_random=True)
        self._before = blank.words.copy()
        self._before[blank.within] += _address(self._block)
        self._words = self._before.copy()
        self.world = self._words.view(WORLD)
        self.arrays: dict[str, NDArray[Any]] = {}
        for name, size in blank.tables.room.items():
            self._make(name, size)

    def _make(self, name: str, size: int) -> NDArray[Any]:
        """A new array in the place of the one that was there, if any."""
        self.arrays[name] = array = _pages(size, np.dtype(ARRAYS[name]), at_random=name not in _ROWS)
        for words in (self._before, self._words):
            words[_WORD[name]], words[_WORD[f"{name}_room"]] = _address(array), len(array)
        return array

    def begin(self, root: int) -> None:
        """Before anything has happened, with the luck of `root`."""
        self._words[:] = self._before
        self._block[:] = self._blank.block
        self.world["root"] = np.uint64(root)
        begin(self.world)

    def grow(self, name: str, size: int) -> None:
        """Make room for `size` in an array; what is there stays where it is."""
        old = self.arrays[name]
        if size > len(old):
            new, used = (
                self._make(name, max(size, 2 * len(old))),
                int(self.world[_USED[name]][0]) if name in _USED else 0,
            )
            new[:used] = old[:used]
            self._blank.tables.room[name] = len(new)  # new memory begins with it

    def let_go(self, name: str) -> None:
        """What an array holds is needed no more in this replication."""
        self._make(name, 2 * AT_A_TIME)


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
        for name in ("people", "courses", "circles", "entries", "coming", "later", "needs", "own_needs", "earlier")
    }
)
_LARGE = 1 << 22  # bytes from which on large pages are asked for
_NOBODY_ELSE = 2  # who refers to an array: the memory that it is part of, and whoever asks


def _pages(size: int, kind: np.dtype[Any], *, at_random: bool) -> NDArray[Any]:
    """An array in pages of its own: what nobody has written to takes no memory, and what is let go is free at once. Large pages where what is near matters little."""
    memory = mmap.mmap(-1, size * kind.itemsize, **_OF_ITS_OWN)
    if at_random and len(memory) >= _LARGE and hasattr(mmap, "MADV_HUGEPAGE"):
        memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, dtype=kind)


def _address(array: NDArray[Any]) -> int:
    found: int = array.ctypes.data
    return found


class Engine:
    """One replication. Arrays that may fill up grow between days."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        ready()
        self._blank = blank_of(scenario)
        self.tables = self._blank.tables
        self.header = replace(self._blank.header, seed=seed, replication=replication)
        self._memory = self._blank.memory()
        self._memory.begin(Chance(seed, replication).root)
        self.world = self._memory.world

    def _make_room(self) -> None:
        w = self.world[0]
        if w["opened"] == OPEN and w["used_earlier"] > 0:  # who asked before day 0 is here, or of no more interest
            w["used_earlier"] = 0
            self._memory.let_go("earlier")
        for name in ("coming", "later", "needs", "own_needs", "earlier"):
            self._memory.grow(name, int(w[f"used_{name}"]) + 2 * AT_A_TIME + 1)
        everybody = int(w["people_here"] + w["more_people"]) + 1
        for name in ("people", "courses", "following", "preceding", "course_number", "order", "circles"):
            self._memory.grow(name, everybody)
        for name in ("entries", "entry_after"):
            self._memory.grow(name, int(w["entries_here"]) + 8 * everybody + 1)
        for name in ("keys", "values"):
            self._memory.grow(name, int(w["more_rows"]))

    def days(self, step: int | None = None) -> Iterator[int]:
        """Run; after each `step` days (left out: at the end) the day that has come."""
        last = self.tables.days
        until = 0
        while until < last:
            until = last if step is None else min(until + step, last)
            while (state := advance(self.world, until)) == MORE_ROOM:
                self._make_room()
            if state == FAILED:
                self._fail()
            yield until

    def over(self) -> None:
        """Hand the arrays on to another replication."""
        self._blank.give_back(self._memory)

    def rows(self) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
        """The rows written since rows were last taken: keys and values, to be used before the run goes on."""
        count = int(self.world["rows"][0])
        self.world["rows"] = 0
        arrays = self._memory.arrays
        return arrays["keys"][:count].view(np.uint64), arrays["values"][:count]

    def _fail(self) -> None:
        where = int(self.world["failed_at"][0])
        if self.world["failed"][0] == TOO_MANY_ARRIVALS:
            raise too_many_arrivals(self.tables.scenario, self.tables.paths[where])
        raise self.tables.span_laws[where].hardly_any()


_kept: list[Blank] = []


def blank_of(scenario: Scenario) -> Blank:
    """What replications of a scenario begin from; that of the last few is kept, told by identity, as telling scenarios apart by value takes as long as a short run."""
    for one in _kept:
        if one.tables.scenario is scenario:
            return one
    made = Blank(scenario)
    _kept.insert(0, made)
    del _kept[4:]
    return made


def simulate(scenario: Scenario, *, seed: int, replication: int = 0) -> Journal:
    """Run one replication and return its journal: the same rows as `service.simulate`'s."""
    return Journal(pieces(scenario, seed=seed, replication=replication, most=journal.PACKED_AT_ONCE))


def rows(scenario: Scenario, *, seed: int, replication: int = 0) -> Rows:
    """Run one replication and return its rows: the same as `service.rows`'s."""
    (whole,) = pieces(scenario, seed=seed, replication=replication)
    return whole


def pieces(scenario: Scenario, *, seed: int, replication: int = 0, most: int | None = None) -> Iterator[Rows]:
    """The same rows whenever a week ends with more than `most` (left out: never), and at the end; each piece is to be done with before the next is asked for."""
    engine = Engine(scenario, seed, replication)
    for day in engine.days(None if most is None else DAYS_PER_WEEK):
        if most is None or day == engine.header.days or engine.world["rows"][0] > most:
            yield Rows(engine.header, *engine.rows())
    engine.over()


numba.config.CACHE_DIR = _theirs

"""What is known of whom, as records of numbers."""

from typing import Any

import numpy as np

from accesssim.clinic.compiled import scenario_arrays

LINE = 64  # bytes that come from memory together


def record(*fields: str | tuple[str, ...], whole: int = 1) -> np.dtype[Any]:
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
PERSON = record(
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
COURSE = record(
    "u8 key",
    "f8 alliance ceiling response floor latent threshold hazard worsens worsened first_missing depression_part anxiety_part",
    "i8 worsened_at",
    "i4 number pathway onset remission courses appointments attended transfers first_day weekday cancelled_in cancelled therapist circle lost_in next",
    "b1 complex ill",
    whole=LINE,
)
COMING = record("f8 severity drift", "i4 number onset asked remission arrives next", "b1 complex")
LATER = record("i4 number event next")
NEEDED = record("f8 severity stigma drift", "i4 number onset remission decided asked", "b1 complex lasts")
NEED = record("f8 severity", "i4 number onset code")
ENTRY = record("i4 slot number spell day")
LIST = record("i8 length low high")
CHAIN = record("i4 head tail count")
CIRCLE = record(
    "i4 pathway seats weight began first_day weekday members met_as met_on next therapist", "b1 takes_newcomers"
)
POST = record("i8 staff place filled_on turns holder", "b1 funded")
THERAPIST = record(
    "u8 key",
    "f8 skill susceptibility exhaustion pressure cover_hours contact_hours complex_sessions",
    "i8 post staff turn hired caseload slots leaves_on sick_until sessions crises discharges transfers first_circle last_circle",
    "b1 agency on_leave absent leaving",
)
HAZARD = record("f8 summed threshold", "i8 spells")
STAFF = record("f8 discharges starts list_pressure", "i8 team group first_post last_post starts_this_week affordable")
ARRIVAL = record("f8 time", "i8 number")
QUEUE = record("i4 head tail made")

PERSON_SIZE, COURSE_SIZE, PATH_SIZE, ENTRY_SIZE, COMING_SIZE = (
    PERSON.itemsize,
    COURSE.itemsize,
    scenario_arrays.PATH.itemsize,
    ENTRY.itemsize,
    COMING.itemsize,
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

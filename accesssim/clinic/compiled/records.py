"""What is known of whom, each record told once (see `layout`)."""

from enum import IntEnum, unique
from typing import ClassVar

from accesssim.clinic.compiled.layout import LINE, Int8, Int16, Int32, Key


@unique
class State(IntEnum):
    """Where somebody is in their journey: what their generator would go on with, told as a number."""

    NOWHERE = 0
    ASKING = 1
    IN_TAPE = 2
    LEAVES_TAPE = 3
    TO_ASSESSMENT = 4
    AWAITS_ASSESSMENT = 5
    TO_REBOOKING = 6
    TO_SIGNPOST = 7
    TO_LIST = 8
    WAITS = 9
    IN_COURSE = 10
    AWAITS_THERAPIST = 11
    IN_PLACE = 12
    TO_RELAPSE = 13
    TO_RETURN = 14


@unique
class Failure(IntEnum):
    """Why a run cannot go on; `World.failed_at` says where."""

    NONE = 0
    TOO_MANY_ARRIVALS = 1  # of the pathway of that number
    HARDLY_ANY = 2  # of the lengths that the law of that number draws are allowed


class InTape:
    """Of somebody in red tape."""

    gives_up: Int32
    step: Int32
    step_period: Int32


class AwaitsAssessment:
    """Of somebody to be assessed."""

    booked: Int32  # day; NOT_YET while queueing
    diary: Int32  # team that assesses
    missed: Int32
    referred_on: Int32


class OnList:
    """Of somebody on a list."""

    list: Int32
    rank: Int32
    joined: Int32  # day from which their waiting counts
    listed_on: Int32


class InPlace:
    """Of somebody who keeps a place."""

    served_at: Int32  # list that the place belongs to
    came: Int32


class Person(InTape, AwaitsAssessment, OnList, InPlace):
    """Whoever is here (`accesssim.clinic.person`), in as little as can be, as many only wait."""

    multiple_of: ClassVar[int] = LINE // 2
    severity: float
    drift: float
    seen: float
    number: Int32
    onset: Int32
    remission: Int32
    asked: Int32
    seen_on: Int32
    spell: Int32  # rises whenever what stands in the calendar of them no longer holds
    courses: Int32
    episode: Int32
    attempt: Int32
    waits: Int16
    tried: Int16  # of those who are found on day 0: candidates before them (see `found`)
    pathway: Int16
    arrives: Int16
    team: Int16
    scores: Int16
    state: Int8
    urgency: Int8
    complex: bool
    recovered: bool
    treated: bool
    remits_first: bool
    assessed: bool


class Course:
    """What an appointment asks for, of those in a course with a therapist (`accesssim.clinic.course`)."""

    multiple_of: ClassVar[int] = LINE
    key: Key
    alliance: float
    ceiling: float
    response: float
    floor: float
    latent: float
    threshold: float
    hazard: float
    worsens: float
    worsened: float
    first_missing: float
    depression_part: float
    anxiety_part: float
    worsened_at: int
    number: Int32
    pathway: Int32
    onset: Int32
    remission: Int32
    courses: Int32
    appointments: Int32
    attended: Int32
    transfers: Int32
    first_day: Int32
    weekday: Int32
    cancelled_in: Int32  # week
    cancelled: Int32  # reason
    therapist: Int32
    circle: Int32  # number of the group; -1 for a course alone
    lost_in: Int32  # period in which the therapist left
    next: Int32
    complex: bool
    ill: bool


class Coming:
    """Somebody who will ask for help."""

    severity: float
    drift: float
    number: Int32
    onset: Int32
    asked: Int32
    remission: Int32
    arrives: Int32
    next: Int32
    complex: bool


class Later:
    """A row that is due on a day to come."""

    number: Int32
    event: Int32
    next: Int32


class Needed:
    """A need that is looked at, and what comes of it."""

    severity: float
    stigma: float
    drift: float
    number: Int32
    onset: Int32
    remission: Int32
    decided: Int32
    asked: Int32
    complex: bool


class Need:
    """A need that a row tells of."""

    severity: float
    number: Int32
    onset: Int32
    code: Int32


class Entry:
    """Somebody in the calendar, as they stood when it was made."""

    slot: Int32
    number: Int32
    spell: Int32
    day: Int32


class List:
    """A list: how many are on it, and the ranks that anybody on it has had."""

    length: int
    low: int
    high: int


class Chain:
    """Where a chain begins and ends (-1: it is empty)."""

    head: Int32
    tail: Int32
    count: Int32


class Circle:
    """A group (`accesssim.clinic.group`)."""

    pathway: Int32
    seats: Int32
    weight: Int32
    began: Int32
    first_day: Int32
    weekday: Int32
    members: Int32
    met_as: Int32  # members on that day
    met_on: Int32
    next: Int32
    therapist: Int32
    takes_newcomers: bool


class Post:
    """A post, held or not (`accesssim.clinic.workforce`)."""

    staff: int
    place: int
    filled_on: int  # day on which somebody may begin
    turns: int
    holder: int  # number of a therapist; -1 for none
    tenths: int  # that money is there for, or that are still held


class Therapist:
    """Who holds a post (`accesssim.clinic.therapist`)."""

    key: Key
    skill: float
    susceptibility: float
    exhaustion: float
    pressure: float
    cover_hours: float
    contact_hours: float
    complex_sessions: float
    post: int
    staff: int
    turn: int
    hired: int
    caseload: int
    slots: int
    tenths: int  # of the post that they hold
    leaves_on: int  # day; -1 for who has not resigned
    sick_until: int
    sessions: int
    crises: int
    discharges: int
    transfers: int
    first_circle: int
    last_circle: int
    agency: bool
    on_leave: bool
    absent: bool
    leaving: bool


class Hazard:
    """A risk of a therapist, summed up until it strikes."""

    summed: float
    threshold: float
    spells: int


class Staff:
    """The therapists of one group in one team (`accesssim.clinic.staff`)."""

    discharges: float
    starts: float
    list_pressure: float
    team: int
    group: int
    first_post: int
    last_post: int
    starts_this_week: int
    affordable: int  # tenths of posts
    hires_from: int  # day


class Arrival:
    """The next possible arrival at a pathway."""

    time: float
    number: int


class Queue:
    """A queue for assessment."""

    head: Int32
    tail: Int32
    made: Int32

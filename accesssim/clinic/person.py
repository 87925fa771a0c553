"""A person who asks for help: what they carry from birth, where they stand, and the luck of their episodes.

Luck is drawn at addresses of the person's own number, in blocks of people, before the service touches them.
"""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
import simpy
from numpy.typing import NDArray

from accesssim.clinic.clock import Called
from accesssim.clinic.group import Group
from accesssim.clinic.plain_names import Urgency
from accesssim.clinic.waiting_list import Entry, WaitingList
from accesssim.world.chance import Chance, Purpose, addresses, normals
from accesssim.world.journal import codes
from accesssim.world.nothing import NO_LIST, NO_PATHWAY, NOT_YET, UNTREATED


class Treats(Protocol):
    """What a person has to do with of a therapist."""

    post: int
    skill: float
    exhaustion: float
    pressure: float

    def held(self, person: "Person", day: int, hours: float) -> None:
        """A session took place."""

    def release(self, person: "Person") -> None:
        """The course is over."""


class Luck(NamedTuple):
    """Draws of one episode; the names are those of `Purpose`. The last six are standard normal."""

    route: float
    patience: float
    crisis: float
    red_tape: float
    assessment_attended: float
    suitable: float
    recognised: float
    one_contact: float
    depression_part: float
    anxiety_part: float
    referral_depression_error: float
    referral_anxiety_error: float
    assessment_depression_error: float
    assessment_anxiety_error: float


#: Appointments of a course whose luck is drawn in one block; later ones are drawn one by one.
DRAWN_AHEAD = 14
#: Where the draws of a course stand, counted from `Person.drawn_at`; the first four are standard normal.
ALLIANCE, CEILING, RESPONSE, FLOOR, DROPOUT, STEP_UP = range(6)
ATTENDANCE = 6
STOPPING = ATTENDANCE + DRAWN_AHEAD
_COURSE = (Purpose.ALLIANCE, Purpose.CEILING, Purpose.RESPONSE, Purpose.FLOOR, Purpose.DROPOUT, Purpose.STEP_UP)
_COURSE_WIDTH = STOPPING + DRAWN_AHEAD
_UNIFORM, _PARTS = Luck._fields[:8], Luck._fields[8:10]


class Person:
    """Someone who asks for help: what they carry, and where they stand."""

    __slots__ = (
        "arrives",
        "asked",
        "assessed",
        "booked",
        "called",
        "complex",
        "courses",
        "diary",
        "drawn_at",
        "draws",
        "drift",
        "entity",
        "episode",
        "first_day",
        "group",
        "journey",
        "key",
        "luck",
        "number",
        "on_list",
        "onset",
        "pathway",
        "recovered",
        "remission",
        "scores",
        "seen",
        "seen_on",
        "served_at",
        "severity",
        "spell",
        "tape",
        "team",
        "therapist",
        "treated",
        "urgency",
        "waits",
        "waits_on",
        "weekday",
    )

    def __init__(
        self,
        number: int,
        onset: int,
        asked: int,
        severity: float,
        complex_person: bool,
        drift: float,
        remission: int,
        arrives: int = NO_PATHWAY,
    ) -> None:
        self.number = number
        self.entity = number  # by which luck is drawn; of those who are found on day 0 see `found`
        self.onset = onset
        self.asked = asked
        self.severity = severity  # at onset
        self.seen, self.seen_on = severity, onset  # untreated severity when last looked at, and that day
        self.complex = complex_person
        self.drift = drift
        self.remission = remission  # day on which the need remits by itself
        self.arrives = (
            arrives  # the pathway that they come straight to, NO_PATHWAY for those whom the service sends somewhere
        )
        self.episode = 0
        self.courses = 0
        self.spell = 0  # counts waits; a withdrawal meant for an earlier wait is void
        self.team = 0  # at home
        self.waits = 0  # lists left ill before this one, since the last course
        self.booked = NOT_YET  # day of the assessment
        self.diary = 0  # the team that assesses
        self.served_at = NO_LIST  # the list whose place is kept
        self.urgency = Urgency.ROUTINE
        self.assessed = False  # in this episode, before they joined a list
        self.scores = 0.0  # recorded at assessment
        self.pathway = NO_PATHWAY
        self.treated = UNTREATED  # severity under and after therapy
        self.recovered = False
        self.first_day = 0
        self.weekday = 0
        self.therapist: Treats | None = None
        self.group: Group | None = None
        self.on_list: Entry[Person] | None = None
        self.waits_on: WaitingList[Person] | None = None
        self.key: int  # for single draws
        self.luck: Luck
        self.tape: list[
            float
        ]  # draws of the first pass of each red-tape step: delay (standard normal), sent back, approved
        self.draws: array[float]  # of a course, shared with the people drawn together
        self.drawn_at: int
        self.journey: simpy.Process
        self.called: Called | None = None


def first_luck(chance: Chance, people: Sequence[Person], steps: tuple[int, ...]) -> None:
    """Draw the luck of people's first episode and first course; needed before anything else is asked of them."""
    for person, key in zip(people, chance.keys([person.entity for person in people]), strict=True):
        person.key = key
    episode_luck(chance, people, steps)
    course_luck(chance, people)


def episode_luck(chance: Chance, people: Sequence[Person], steps: tuple[int, ...]) -> None:
    """Draw the luck of people who ask (all in the same episode); `steps`: purposes of the red-tape steps, three each."""
    drawn = chance.table([person.entity for person in people], _episode_addresses(people[0].episode, steps))
    first, last = len(_UNIFORM), len(Luck._fields)
    drawn[:, first:last] = normals(drawn[:, first:last])
    drawn[:, last::3] = normals(drawn[:, last::3])
    for person, row in zip(people, drawn.tolist(), strict=True):
        person.luck, person.tape = Luck._make(row[:last]), row[last:]


def course_luck(chance: Chance, people: Sequence[Person]) -> None:
    """Draw the luck of people's next course (all have had as many)."""
    drawn = chance.table([person.entity for person in people], _course_addresses(people[0].courses))
    drawn[:, :DROPOUT] = normals(drawn[:, :DROPOUT])
    draws = array("d", drawn.tobytes())
    for place, person in enumerate(people):
        person.draws, person.drawn_at = draws, place * _COURSE_WIDTH


@lru_cache(maxsize=64)
def _episode_addresses(episode: int, steps: tuple[int, ...]) -> NDArray[np.uint64]:
    errors = [
        (error, codes.occasion(episode, occasion))
        for occasion in (0, 1)
        for error in (Purpose.DEPRESSION_ERROR, Purpose.ANXIETY_ERROR)
    ]
    return addresses(
        [(Purpose[name.upper()], episode) for name in _UNIFORM]
        + [(Purpose[name.upper()], 0) for name in _PARTS]
        + errors
        + [(purpose, codes.attempt(episode, 0)) for purpose in steps]
    )


@lru_cache(maxsize=64)
def _course_addresses(course: int) -> NDArray[np.uint64]:
    sessions = [codes.occasion(course, n) for n in range(DRAWN_AHEAD)]
    pairs = [(purpose, course) for purpose in _COURSE]
    return addresses(pairs + [(Purpose.ATTENDANCE, n) for n in sessions] + [(Purpose.STOPPING, n) for n in sessions])

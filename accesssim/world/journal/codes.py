"""What the journal and both engines write as one number, and what is read back from it: each packing is named here once.

Plain arithmetic on numbers, so that a function serves whole numbers as well as columns of them, and the compiled engine compiles it as it stands.
Beside each packing stand its inverses. The packings of rows and of draws are part of every digest: never change one.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from accesssim.world.limits import EARLIEST_DAY, FIRST_FOUND, FIRST_FOUND_IN_CARE

Numbers = TypeVar("Numbers", int, NDArray[np.int64])
Scores = TypeVar("Scores", int, float, NDArray[np.int64])

# -- scores


def scores(depression: int, anxiety: int, natural_depression: int = 0, natural_anxiety: int = 0) -> float:
    """Whole recorded scores (0 to `MOST_POINTS`); the natural ones are what the same person would score untreated."""
    return float(depression + 100 * anxiety + 10_000 * natural_depression + 1_000_000 * natural_anxiety)


def depression(scores: Scores) -> Scores:
    """The depression score of recorded scores."""
    return scores % 100


def anxiety(scores: Scores) -> Scores:
    """The anxiety score."""
    return scores // 100 % 100


def natural_depression(scores: Scores) -> Scores:
    """The depression score that the same person would have untreated."""
    return scores // 10_000 % 100


def natural_anxiety(scores: Scores) -> Scores:
    """The anxiety score that the same person would have untreated."""
    return scores // 1_000_000


# -- what stands in `post` of a row that is about no post


def need(complex_person: Numbers, decided: Numbers) -> Numbers:
    """A need: whether its person is complex, and has decided to ask; 0 or 1 each."""
    return complex_person + 2 * decided


def is_complex(need: Numbers) -> Numbers:
    """Whether the person of a need is complex."""
    return need % 2


def has_decided(need: Numbers) -> Numbers:
    """Whether the person of a need has decided to ask."""
    return need // 2


def referred_as(team: Numbers, route: Numbers) -> Numbers:
    """The team of somebody's home, and who refers (`Route`)."""
    return 4 * team + route


def team_of_referral(referred: Numbers) -> Numbers:
    """The team at which somebody asks."""
    return referred // 4


def route_of_referral(referred: Numbers) -> Numbers:
    """Who refers (`Route`)."""
    return referred % 4


def list_of(team: Numbers, pathway: Numbers, pathways: int) -> Numbers:
    """The number of a list: team by team, pathway by pathway. `pathways`: how many there are."""
    return team * pathways + pathway


def team_of_list(number: Numbers, pathways: int) -> Numbers:
    """The team of a list."""
    return number // pathways


def pathway_of_list(number: Numbers, pathways: int) -> Numbers:
    """The pathway of a list."""
    return number % pathways


def listed(number: Numbers, urgency: Numbers) -> Numbers:
    """The number of the list that somebody joins, and their class (`Urgency`)."""
    return 4 * number + urgency


def list_joined(listed: Numbers) -> Numbers:
    """The number of the list that somebody joins."""
    return listed // 4


def class_of(listed: Numbers) -> Numbers:
    """The class (`Urgency`) of somebody who joins a list."""
    return listed % 4


def staff_of(team: Numbers, group: Numbers, groups: int) -> Numbers:
    """The number of a team's staff of a group: team by team, group by group. `groups`: how many there are."""
    return team * groups + group


def group_of_staff(number: Numbers, groups: int) -> Numbers:
    """The group of staff."""
    return number % groups


# -- rows of the journal

_POST_BITS, _PERSON_AND_POST_BITS, _ALL_BUT_DAY_BITS = 14, 40, 46
_DAY_MASK, _EVENT_MASK, _PERSON_MASK, _POST_MASK = (1 << 18) - 1, 63, (1 << 26) - 1, (1 << 14) - 1


def row(day: Numbers, event: Numbers, person: Numbers, post: Numbers) -> Numbers:
    """All of a row but its value, in 64 bits. In numbers with a sign, rows of the second half of all days lie below 0."""
    return (day - EARLIEST_DAY) << _ALL_BUT_DAY_BITS | event << _PERSON_AND_POST_BITS | person << _POST_BITS | post + 1


def day_of_row(row: Numbers) -> Numbers:
    """Day of a row."""
    return (row >> _ALL_BUT_DAY_BITS & _DAY_MASK) + EARLIEST_DAY


def event_of_row(row: Numbers) -> Numbers:
    """Code of the event of a row."""
    return row >> _PERSON_AND_POST_BITS & _EVENT_MASK


def stamp_of_row(row: Numbers) -> Numbers:
    """Day and event of a row together, in the order of days (`stamp`)."""
    return row >> _PERSON_AND_POST_BITS & (1 << 64 - _PERSON_AND_POST_BITS) - 1


def stamp(day: Numbers, event: Numbers) -> Numbers:
    """The same of a day and an event: of the next event it is 1 more, of the next day 64."""
    return (day - EARLIEST_DAY) * (_EVENT_MASK + 1) + event


def person_of_row(row: Numbers) -> Numbers:
    """Person of a row."""
    return row >> _POST_BITS & _PERSON_MASK


def post_of_row(row: Numbers) -> Numbers:
    """Post of a row, or the code that stands for it."""
    return (row & _POST_MASK) - 1


def happened(event: int, post: Numbers) -> Numbers:
    """Event and post, which are written together."""
    return event << _POST_BITS | post + 1


def event_of(happened: Numbers) -> Numbers:
    """Code of the event."""
    return happened >> _POST_BITS


def post_of(happened: Numbers) -> Numbers:
    """The post."""
    return (happened & _POST_MASK) - 1


def beside(left: Numbers, right: Numbers, bits: int) -> Numbers:
    """Two numbers side by side, the right one in so many bits."""
    return left << bits | right


def left_of(both: Numbers, bits: int) -> Numbers:
    """The left of two numbers side by side."""
    return both >> bits


def right_of(both: Numbers, bits: int) -> Numbers:
    """The right one."""
    return both & (1 << bits) - 1


# -- occasions of draws

_OCCASION_BITS, _ATTEMPT_BITS = 12, 8
MOST_ATTEMPTS = 255
"""Times that a step of red tape is redone with luck of its own; later ones share that of the last."""


def occasion(course: int, n: int) -> int:
    """The n-th occasion of a course, an episode or an attempt: an address of a draw."""
    return (course << _OCCASION_BITS) + n


def course_of(occasion: int) -> int:
    """The course, episode or attempt of an occasion."""
    return occasion >> _OCCASION_BITS


def nth_of(occasion: int) -> int:
    """Which of its occasions it is."""
    return occasion & (1 << _OCCASION_BITS) - 1


def attempt(episode: int, nth: int) -> int:
    """The n-th time, from 0, that a step of red tape is tried in an episode."""
    return (episode << _ATTEMPT_BITS) + nth


def nth_attempt(attempt: int) -> int:
    """Which time it is."""
    return attempt & MOST_ATTEMPTS


def leave_week(year: int, week: int) -> int:
    """A week (0 to 63) of a year of the run."""
    return year * 64 + week


# -- numbers in an order


def turn(phase: int, nth: int) -> int:
    """The n-th of a phase of a day (`Phase`), in their order.

    None is below 2 ** 27, so that lower numbers are free for what comes before all phases.
    """
    return (phase + 1 << 27) + nth


_DAY_BITS = 20  # two more than a day needs, so that the same day of two people lies years apart


def person_and_day(person: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Persons and days, in the order of both; of one person they lie as far apart as the days."""
    return person << _DAY_BITS | day - EARLIEST_DAY


def day_of_person(both: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day."""
    return (both & (1 << _DAY_BITS) - 1) + EARLIEST_DAY


def halves(person: NDArray[np.int64]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Upper and lower half of the number of a person, which numpy sorts by counting."""
    return (person >> 13).astype(np.uint16), (person & 0x1FFF).astype(np.uint16)


_RANGES = np.array([0, FIRST_FOUND, FIRST_FOUND_IN_CARE])


def folded(persons: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of people without the gaps between those who come and those who are found on day 0: so they take fewer bits."""
    which = (persons >= FIRST_FOUND).astype(np.int64) + (persons >= FIRST_FOUND_IN_CARE)
    return beside(persons - _RANGES[which], which, 2)


def unfolded(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of people again."""
    found: NDArray[np.int64] = left_of(numbers, 2) + _RANGES[right_of(numbers, 2)]
    return found

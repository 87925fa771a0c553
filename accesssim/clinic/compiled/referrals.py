"""A journal's rows told referral by referral, in one pass: what `study.measuring.referrals` makes of them by numpy, many times sooner."""

import math

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.compiled.addresses import carray, element_of, pointer_to
from accesssim.clinic.compiled.codes import (
    day_of_row,
    event_of_row,
    has_decided,
    is_complex,
    list_joined,
    pathway_of_list,
    person_of_row,
    post_of_row,
    route_of_referral,
    team_of_list,
)
from accesssim.clinic.compiled.layout import Int8, Int16, Int32, layout, wide
from accesssim.clinic.compiled.machine_code import Entrance
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import Event, Route
from accesssim.world.journal import events
from accesssim.world.nothing import NOBODY

NEVER = 2**31 - 1
"""A day that does not come."""
NO_ROW = 2**62
"""The number of no row."""
CODES = 64
TOLD, NOT_REFERRED = range(2)
"""What `tell` says: all rows are told; there is one of somebody who has not been referred, or whose referral was over."""


def _by_code(*some: events.Event) -> NDArray[np.bool_]:
    """Whether an event is among some, by its code."""
    return np.isin(np.arange(CODES), some)


_E = events.Event
IS_STAGE = _by_code(_E.REFERRED, _E.LISTED, _E.STARTED, _E.TRANSFERRED, _E.THERAPIST_LEFT, *events.GONE)
"""By code: the stages of a referral."""
IS_TOLD = IS_STAGE | _by_code(_E.ASSESSED, _E.ASSESSMENT_MISSED, _E.SESSION, _E.MISSED)
"""What is told referral by referral."""
IS_END = _by_code(*events.ENDS, _E.STAYED)
"""What may tell closing scores."""
IS_APART = _by_code(
    *(event for event in _E if event <= _E.PART_TIME),
    *(_E.CRISIS, _E.CRISIS_OVER_CAPACITY, _E.CANCELLED_BY_SERVICE, _E.RELAPSED, _E.DECIDED),
)
"""What is counted elsewhere."""


class Referral:
    """What the rows of a referral have told: days, NEVER for none; codes that stand in `post`; values, NaN for none."""

    severity: float
    opening: float  # the last scores from before
    closing: float
    alliance: float
    assessed_row: int  # number of the first row of an assessment that was an appointment
    tried_row: int  # and of any other appointment
    person: Int32
    asked: Int32
    asked_as: Int32
    listed_as: Int32  # at first
    assessed_as: Int32
    helped: Int32
    helped_again: Int32
    sessions: Int32
    stays: Int32
    assessed: Int32
    assessed_last: Int32
    tried: Int32
    started: Int32
    listed_last: Int32
    listed_before_start: Int32
    stage_day: Int32
    on_list: Int32  # the one that was joined last, if nothing has followed; -1 for none
    assessed_that_day: Int16
    gave_up: Int16  # rows in the window
    dropped_out: Int16
    course_ended: Int16
    stage: Int8
    tried_missed: bool
    signposted: bool
    has_withdrawn: bool  # in the window, and nothing has followed


class Reading:
    """What is handed to the pass: addresses of arrays, and numbers; and what it counts."""

    keys: int
    values: int
    rows: int
    rows_before: int
    events: int
    assessments: int
    by_pathway: int
    by_team: int
    pathways: int
    teams: int
    start: int
    end: int
    latest: int  # by person the number of their latest referral in the table, counted from 1; 0 for none
    complex_people: int
    table: int
    used: int
    apart: int  # numbers of rows that are counted elsewhere
    rows_apart: int
    day: int  # the latest
    needs: int
    decided: int
    asked: int
    better: int
    new_needs: int
    new_decided: int
    first_new: int
    attended: int


_reading = element_of(layout(Reading))
_referral = element_of(layout(Referral))


@native
def refer(r: Reading, number: int, day: int, post: int, value: float) -> int:
    """A referral begins; where it stands in the table."""
    i = r.used
    one: Referral = _referral(r.table, i)
    one.person, one.asked, one.asked_as, one.severity = number, day, post, value
    one.listed_as = one.assessed_as = NOBODY
    one.opening = one.closing = one.alliance = math.nan
    one.assessed_row = one.tried_row = NO_ROW
    one.helped = one.helped_again = one.assessed = one.assessed_last = one.tried = NEVER
    one.started = one.listed_last = one.listed_before_start = one.stage_day = NEVER
    one.sessions = one.stays = 0
    one.on_list = -1
    one.assessed_that_day = one.gave_up = one.dropped_out = one.course_ended = 0
    one.stage = 0
    one.tried_missed = one.signposted = one.has_withdrawn = False
    r.used = i + 1
    return i


@native
def change_list(r: Reading, day: int, number: int, change: int) -> None:
    """Somebody joins or leaves a list."""
    when = min(max(day, 0), r.end)
    by_pathway = carray(pointer_to(r.by_pathway), (r.end + 1) * r.pathways, np.int64)
    by_pathway[when * r.pathways + pathway_of_list(number, r.pathways)] += change
    if r.teams > 0:
        by_team = carray(pointer_to(r.by_team), (r.end + 1) * r.teams, np.int64)
        by_team[when * r.teams + team_of_list(number, r.pathways)] += change


@native
def hold(r: Reading, day: int, change: int) -> None:
    """An assessment was held, or turns out to have been none."""
    if day >= 0:
        carray(pointer_to(r.assessments), r.end, np.int64)[day] += change
    if day >= r.start:
        r.attended += change


@native
def help_comes(r: Reading, one: Referral, day: int) -> None:
    """A session, or a place. What was written down before on the first such day was no assessment."""
    if one.helped == NEVER:
        one.helped = day
        if one.assessed_last == day:
            hold(r, day, -one.assessed_that_day)
            if one.assessed == day:
                one.assessed, one.assessed_row = NEVER, NO_ROW
    elif one.helped_again == NEVER:
        one.helped_again = day


@native
def assess(r: Reading, one: Referral, row: int, day: int, post: int, value: float) -> None:
    """Scores are written down, at an appointment unless help has begun."""
    if math.isnan(one.opening):
        one.assessed_as = post
    one.opening = value
    if one.helped == NEVER:
        hold(r, day, 1)
        one.assessed_that_day = one.assessed_that_day + 1 if one.assessed_last == day else 1
        one.assessed_last = day
        if one.assessed == NEVER:
            one.assessed, one.assessed_row = day, row


@native
def goes_on(r: Reading, one: Referral, event: int, day: int, post: int, value: float) -> None:
    """The next stage."""
    in_window = r.start <= day < r.end
    if one.on_list >= 0:
        change_list(r, day, one.on_list, -1)
        one.on_list = -1
    one.stage, one.stage_day = event, day
    if event == Event.LISTED:
        one.on_list = list_joined(post)
        change_list(r, day, one.on_list, 1)
        if one.listed_last == NEVER:
            one.listed_as = post
        one.listed_last = day
    elif event == Event.STARTED:
        if one.started == NEVER:
            one.started, one.listed_before_start = day, one.listed_last
        if post == NOBODY:
            help_comes(r, one, day)
    elif event == Event.SIGNPOSTED:
        one.signposted = True
    elif event == Event.WITHDREW:
        one.has_withdrawn = in_window
        one.gave_up += 1 if in_window else 0
    elif IS_END[event]:
        if value >= 0:
            one.closing = value
        if event == Event.STAYED:
            one.stays += 1
        elif in_window:
            one.course_ended += 1
            one.dropped_out += 1 if event == Event.DROPPED_OUT else 0


@native
def befalls(r: Reading, one: Referral, row: int, event: int, day: int, post: int, value: float) -> None:
    """A row about a referral that is asked for."""
    if one.has_withdrawn:
        one.has_withdrawn = False
        one.gave_up -= 1 if event == Event.LISTED else 0
    if event == Event.ASSESSED:
        assess(r, one, row, day, post, value)
    elif event == Event.SESSION:
        help_comes(r, one, day)
        one.sessions += 1
        one.alliance = value
    if IS_STAGE[event]:
        goes_on(r, one, event, day, post, value)
    elif event != Event.ASSESSED and one.tried_row == NO_ROW:
        one.tried, one.tried_row, one.tried_missed = day, row, event != Event.SESSION


@native
def arises(r: Reading, number: int, day: int, post: int) -> None:
    """A need."""
    r.needs += 1
    decided = has_decided(post)
    r.decided += decided
    if is_complex(post) != 0:
        carray(pointer_to(r.complex_people), number + 1, np.bool_)[number] = True
    if day >= r.start:
        r.new_needs += 1
        r.new_decided += decided
        r.first_new = min(r.first_new, number)


@Entrance
def tell(address: int) -> int:
    """The rows of a journal, one after the other; or NOT_REFERRED."""
    r: Reading = _reading(address, 0)
    keys = carray(pointer_to(r.keys), r.rows, np.int64)
    values = carray(pointer_to(r.values), r.rows, np.float64)
    counted = carray(pointer_to(r.events), r.end * CODES, np.int64)
    latest = carray(pointer_to(r.latest), r.rows, np.int32)
    apart = carray(pointer_to(r.apart), r.rows, np.int64)
    for row in range(r.rows):
        key = keys[row]
        day, event, number = day_of_row(key), event_of_row(key), person_of_row(key)
        r.day = max(r.day, day)
        if day >= 0:
            counted[day * CODES + event] += 1
        if IS_APART[event]:
            apart[r.rows_apart] = row
            r.rows_apart += 1
        elif event == Event.NEED:
            arises(r, number, day, post_of_row(key))
        elif event == Event.BETTER_BEFORE_ASKING:
            r.better += 1
        elif event == Event.REFERRED:
            i = refer(r, number, day, post_of_row(key), values[row])
            latest[number] = i + 1
            r.asked += 1 if route_of_referral(post_of_row(key)) != Route.RETURNING else 0
        if IS_TOLD[event]:
            i = wide(latest[number]) - 1
            if i < 0:
                return NOT_REFERRED
            befalls(r, _referral(r.table, i), r.rows_before + row, event, day, post_of_row(key), values[row])
    r.rows_before += r.rows
    return TOLD

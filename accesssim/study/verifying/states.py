"""Where everybody is: each person who ever had a need is in exactly one state at the close of every day.

Written from what the events mean, apart from the simulator, so that it can hold a run to that promise.
"""

from enum import StrEnum

import numpy as np

from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal


class State(StrEnum):
    """Where a person can be."""

    NEVER_ASKED = "never asked"
    STILL_DECIDING = "still deciding"
    BETTER_BEFORE_ASKING = "better before asking"
    IN_RED_TAPE = "in red tape or awaiting assessment"
    ASSESSED = "assessed"
    WAITING = "waiting"
    IN_THERAPY = "in therapy"
    AWAITING_TRANSFER = "awaiting another therapist"
    LOST_TO_RED_TAPE = "lost to red tape"
    DISCHARGED_UNSEEN = "discharged unseen"
    SIGNPOSTED = "signposted"
    ONE_CONTACT = "one contact"
    GAVE_UP = "gave up"
    BETTER_WAITING = "better while waiting"
    FINISHED = "finished"
    DROPPED_OUT = "dropped out"
    RELAPSED = "relapsed"


_ASKED = {State.IN_RED_TAPE}
_THERAPY = {State.IN_THERAPY}
_ENDED = {State.FINISHED, State.DROPPED_OUT}
_LIST = {State.WAITING}
_S = State
#: Event → (states in which it can happen, state that it leads to; None: the same).
MOVES: dict[Event, tuple[set[State], State | None]] = {
    Event.DECIDED: ({_S.NEVER_ASKED}, _S.STILL_DECIDING),
    Event.BETTER_BEFORE_ASKING: ({_S.STILL_DECIDING}, _S.BETTER_BEFORE_ASKING),
    Event.REFERRED: ({_S.STILL_DECIDING, _S.RELAPSED}, _S.IN_RED_TAPE),
    Event.STEP_PASSED: (_ASKED, None),
    Event.STEP_RETURNED: (_ASKED, None),
    Event.REFUSED: (_ASKED, _S.LOST_TO_RED_TAPE),
    Event.GAVE_UP_RED_TAPE: (_ASKED, _S.LOST_TO_RED_TAPE),
    Event.ASSESSMENT_MISSED: (_ASKED, None),
    Event.ASSESSMENT_CANCELLED: (_ASKED, None),
    Event.DISCHARGED_UNSEEN: (_ASKED, _S.DISCHARGED_UNSEEN),
    Event.ASSESSED: (_ASKED | _THERAPY, None),
    Event.SIGNPOSTED: (_ASKED, _S.SIGNPOSTED),
    Event.ONE_CONTACT: (_ASKED, _S.ONE_CONTACT),
    Event.LISTED: (_ASKED | _ENDED | {_S.GAVE_UP}, _S.WAITING),
    Event.MADE_URGENT: (_LIST, None),
    Event.CRISIS: (_LIST | _ASKED, None),
    Event.CRISIS_OVER_CAPACITY: (_LIST | _ASKED, None),
    Event.WITHDREW: (_LIST | {_S.AWAITING_TRANSFER}, _S.GAVE_UP),
    Event.BETTER_WAITING: (_LIST | _ASKED, _S.BETTER_WAITING),
    Event.STARTED: (_LIST, _S.IN_THERAPY),
    Event.SESSION: (_THERAPY, None),
    Event.MISSED: (_THERAPY, None),
    Event.CANCELLED_BY_PATIENT: (_THERAPY, None),
    Event.CANCELLED_BY_SERVICE: (_THERAPY, None),
    Event.THERAPIST_LEFT: (_THERAPY, _S.AWAITING_TRANSFER),
    Event.TRANSFERRED: ({_S.AWAITING_TRANSFER}, _S.IN_THERAPY),
    Event.FINISHED: (_THERAPY, _S.FINISHED),
    Event.CAPPED: (_THERAPY, _S.FINISHED),
    Event.DROPPED_OUT: (_THERAPY, _S.DROPPED_OUT),
    Event.STAYED: (_THERAPY, _S.FINISHED),
    Event.RELAPSED: (_ENDED, _S.RELAPSED),
}


def states(journal: Journal, day: int | None = None) -> tuple[dict[int, State], list[str]]:
    """State of every person at the close of a day (by default the last), and every row that cannot be.

    A person is known from the day on which the need arose. Each row leaves its person in exactly one state, and rows of a
    person stand in the order of days: where none is impossible, everybody is in exactly one at the close of every day.
    """
    found: dict[int, State] = {}
    impossible: list[str] = []
    last = journal.header.days if day is None else day
    people = (journal.event >= Event.CRISIS) & (journal.day <= last)
    rows = np.flatnonzero(people)
    names = {int(event): event for event in Event}
    columns = (
        journal.day[rows].tolist(),
        journal.event[rows].tolist(),
        journal.person[rows].tolist(),
        journal.post[rows].tolist(),
    )
    since: dict[int, int] = {}
    for when, code, person, post in zip(*columns, strict=True):
        event = names[code]
        if event is Event.NEED:
            if person in found:
                impossible.append(f"day {when}: person {person} has a second need")
            found[person] = State.STILL_DECIDING if codes.has_decided(post) else State.NEVER_ASKED
            since[person] = when
            continue
        state = found.get(person)
        if state is None:
            impossible.append(f"day {when}: {event.name} of person {person}, who has no need")
            continue
        if when < since[person]:
            impossible.append(f"day {when}: {event.name} of person {person} is written after day {since[person]}")
        since[person] = when
        allowed, leads_to = MOVES[event]
        if state not in allowed:
            impossible.append(f"day {when}: {event.name} of person {person}, who is {state}")
        if leads_to is not None:
            found[person] = leads_to
    return found, impossible


def moves_table() -> str:
    """MOVES as Markdown: event by event, in which states it can happen, and to which it leads."""
    rows = ["| event | can happen when | then |", "| --- | --- | --- |"]
    for event, (allowed, leads_to) in MOVES.items():
        when = ", ".join(state for state in State if state in allowed)
        rows.append(f"| {event.name} | {when} | {leads_to or 'as before'} |")
    return "\n".join(rows)

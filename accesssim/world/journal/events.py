"""What can happen, and the codes that a row of the journal says it in."""

from enum import IntEnum, unique


@unique
class Phase(IntEnum):
    """The parts of a day, in their order."""

    CHANGES = 0
    STAFF = 1
    SESSIONS = 2
    STARTS = 3
    WITHDRAWALS = 4
    REFERRALS = 5
    CLOSE = 6


@unique
class Event(IntEnum):
    """What can happen. Codes are part of the journal's digest: append, never renumber (at most 63).

    Beside each: what `post` and `value` hold where it is not a post and nothing. Money is in the scenario's currency.
    """

    # -- changes
    CHANGED = 0  # a dated change takes effect
    # -- close; money
    GRANTED = 1  # money that became available this week; value: amount
    # -- staff; person is the holder's turn in that post (0, 1, 2 …)
    HIRED = 2  # value: exhaustion
    NOTICE = 3  # a holder resigns; value: exhaustion
    LEFT = 4  # the last day of a holder has passed; value: exhaustion
    ABSENT = 5  # sick from today; value: weeks
    ON_LEAVE = 6  # booked leave this week
    EXHAUSTION = 7  # value: exhaustion of a holder, each Monday
    # -- close, on Sundays: the week that ends; post: staff (number of team x groups + number of group), value: hours
    CONTRACTED = 8
    WORKED = 9
    OVERTIME = 10
    PAPERWORK = 11
    SICK = 12
    AVAILABLE = 13  # contact hours that could have been held
    CONTACT = 14  # contact hours held
    FUNDED = 15  # value: posts that money is there for, or that are still held, in whole ones
    FILLED = 16  # value: posts held, in whole ones
    PRESSURE = 17  # post: staff; value: pressure, 0 to 1
    SPENT = 18  # post: account (Account); value: amount
    # -- staff
    PART_TIME = 19  # each Monday, and when hired: of a holder of less than a whole post; value: tenths of it from today
    # -- appointments and sessions
    CRISIS = 20  # post: who saw it; value: hours until seen
    CRISIS_OVER_CAPACITY = 21  # the same, when the day's capacity was used up; value: hours until seen
    ASSESSED = 22  # post: class (Urgency); value: recorded scores
    ASSESSMENT_MISSED = 23  # post: class
    ASSESSMENT_CANCELLED = 24  # by the service
    DISCHARGED_UNSEEN = 25  # missed once too often
    SIGNPOSTED = 26
    ONE_CONTACT = 27  # leaves after the first contact
    SESSION = 28  # attended; value: alliance after it
    MISSED = 29  # did not attend
    CANCELLED_BY_PATIENT = 30
    CANCELLED_BY_SERVICE = 31  # value: reason (Cancellation)
    THERAPIST_LEFT = 32  # the patient waits for another; post: who left
    FINISHED = 33  # good enough; value: closing scores
    CAPPED = 34  # the most sessions reached; value: closing scores
    DROPPED_OUT = 35  # value: closing scores
    STAYED = 36  # leaves a place; post: list (as in LISTED) that the place belongs to; value: closing scores, negative where the stay was no therapy
    # -- starts from lists
    STARTED = 40  # takes a slot; value: latent severity
    TRANSFERRED = 41  # takes a slot of another therapist; value: alliance carried over
    # -- withdrawals
    GAVE_UP_RED_TAPE = 44
    WITHDREW = 45  # leaves the list ill; value: latent severity
    BETTER_WAITING = 46  # remitted between asking and therapy
    BETTER_BEFORE_ASKING = 47
    # -- referrals, red tape, joining
    NEED = 50  # a need arises; post: 1 complex + 2 has decided to ask; value: severity
    DECIDED = 51  # someone who had not, decides to ask
    REFERRED = 52  # post: 4 x team + route (Route); value: latent severity
    STEP_PASSED = 53  # post: step
    STEP_RETURNED = 54  # sent back to be redone; post: step
    REFUSED = 55  # not approved; post: step
    LISTED = 56  # post: 4 x list + class (Urgency), the list: number of team x pathways + number of pathway; value: latent severity
    MADE_URGENT = 57  # after a crisis; post: as LISTED
    RELAPSED = 58  # value: latent severity

    @property
    def phase(self) -> Phase:
        """The part of the day in which it happens."""
        return _ELSEWHERE.get(self) or next(phase for first, phase in _PHASES if self >= first)


#: The first code of each stretch of events that happen in the same phase, the last stretch first.
_PHASES = (
    (50, Phase.REFERRALS),
    (44, Phase.WITHDRAWALS),
    (40, Phase.STARTS),
    (20, Phase.SESSIONS),
    (8, Phase.CLOSE),
    (2, Phase.STAFF),
    (1, Phase.CLOSE),
    (0, Phase.CHANGES),
)


_ELSEWHERE = {
    Event.PART_TIME: Phase.STAFF,
    Event.BETTER_BEFORE_ASKING: Phase.REFERRALS,
    Event.MADE_URGENT: Phase.SESSIONS,
}


#: How a course of therapy ends; and all after which a referral is over, unless its person goes on to another list.
ENDS = (Event.FINISHED, Event.CAPPED, Event.DROPPED_OUT)
GONE = (
    Event.DISCHARGED_UNSEEN,
    Event.SIGNPOSTED,
    Event.ONE_CONTACT,
    *ENDS,
    Event.STAYED,
    Event.GAVE_UP_RED_TAPE,
    Event.WITHDREW,
    Event.BETTER_WAITING,
    Event.REFUSED,
)


@unique
class Account(IntEnum):
    """Where money goes."""

    HOLDERS = 0
    AGENCY = 1
    OVERTIME = 2
    RECRUITMENT = 3
    SUPERVISION = 4
    CRISIS = 5
    SESSIONS = 6
    ADMIN = 7
    FIXED = 8
    PLACES = 10  # stays that are paid for
    LOST = 9  # not spent by the end of a year, or of the run within one, and not carried: not a cost


@unique
class Urgency(IntEnum):
    """Class of a referral; the lower number goes first."""

    EMERGENCY = 0
    URGENT = 1
    ROUTINE = 2


@unique
class Route(IntEnum):
    """Who refers."""

    SELF = 0
    PROFESSIONAL = 1
    RETURNING = 2


@unique
class Cancellation(IntEnum):
    """Why the service cancelled a session."""

    SICKNESS = 1
    CRISIS = 2
    OVERLOAD = 3

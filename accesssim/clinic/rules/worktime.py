"""Where the hours of a therapist's week go: care, sessions, assessments, paperwork.

Hours a week, as conventions of bookkeeping: nothing here is estimated.
"""

import math

from accesssim.world.nothing import NO_LIMIT


def care_hours(
    wte: float,
    supervision: float,
    group_size: float,
    protected: float,
    peers: float,
    peer_hours: float,
    development: float,
    development_hours: float,
) -> float:
    """Supervision (with the supervisor's part), protected time, peers and development, for a contract of `wte`."""
    return wte * (
        supervision * (1.0 + 1.0 / group_size) + protected + peers * peer_hours + development * development_hours
    )


def paperwork_hours(level: float, hours: float, relief: float) -> float:
    """Paperwork at a level of red tape, after the share `relief` that administrators take over."""
    return level * hours * (1.0 - relief)


def usable_hours(wte: float, contract: float, meetings: float, fixed_paperwork: float, care: float) -> float:
    """Hours for patients: assessments and sessions with their paperwork."""
    return max(0.0, wte * (contract - meetings - fixed_paperwork) - care)


def usual_discharges(usable: float, slot: float, wte: float) -> float:
    """A full-time therapist's discharges a week before weeks have been seen.

    About one for eight slots, as a course holds a slot for some eight weeks.
    """
    return 0.12 * usable / slot / wte


def part_of_tape(average: float, hours: float, contracted: float) -> float:
    """One therapist's part in the staff hours of red-tape steps, by hours in the contract among all that are contracted."""
    return 0.0 if average == 0.0 or contracted == 0.0 else average * hours / contracted


def slots(usable: float, assessment_share: float, other: float, overbooked: float, slot: float, limit: int) -> int:
    """Weekly slots that fit; never above `limit`, or without one where that is NO_LIMIT."""
    fit = max(0, math.floor((usable * (1.0 - assessment_share) - other + overbooked) / slot + 1e-9))
    return fit if limit == NO_LIMIT else min(fit, limit)


def committed_hours(
    contract: float, usable: float, assessment_share: float, discharges: float, tape: float, cover: float
) -> float:
    """Hours of a week besides sessions and crises."""
    return contract - usable + usable * assessment_share + discharges + tape + cover


def assessment_forms(assessment_share: float, usable: float, each: float, length: float) -> float:
    """Paperwork of a week's assessments, each `length` hours and `each` hours of paperwork."""
    return assessment_share * usable * each / (length + each) if assessment_share > 0.0 else 0.0


def calling_hours(waiting: int, every_weeks: int, hours: float) -> float:
    """Hours a week that check-in calls to everybody on the lists take, one every so many weeks; none where nobody is called."""
    return waiting * hours / every_weeks if every_weeks > 0 else 0.0


def needed_hours(committed: float, sessions: float, handover: float, crises: int, crisis_hours: float) -> float:
    """Hours that a week took."""
    return committed + sessions + handover + crises * crisis_hours


def sessions_that_do_not_fit(excess: float, slot: float) -> int:
    """Booked sessions that must fall out for the hours above the limit of overtime."""
    return math.ceil(excess / slot - 1e-9) if excess > 1e-9 else 0


def slots_of(session_hours: float, slot_session_hours: float) -> int:
    """Slots that a session takes: as many as its hours are slots' lengths, rounded up."""
    return max(1, math.ceil(session_hours / slot_session_hours - 1e-9))

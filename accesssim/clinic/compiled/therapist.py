"""Who holds a post: their skill, leave, sickness and notice (`accesssim.clinic.therapist`)."""

import numpy as np

from accesssim.clinic.compiled.arrays import (
    World,
    caseloads_of,
    drawn_of,
    entities_of,
    group_rules_of,
    hazards_of,
    leave_of,
    posts_of,
    staff_of,
    therapists_of,
)
from accesssim.clinic.compiled.codes import leave_week
from accesssim.clinic.compiled.in_force import group_of, stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import Key
from accesssim.clinic.compiled.luck import uniform, z
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import Therapist
from accesssim.clinic.compiled.rules import (
    Event,
    Purpose,
    exponential,
    mixed,
    recovery_of,
    therapist_skill,
    weekly_hazard,
)
from accesssim.clinic.therapist import WEEKS_OF_LEAVE_YEAR
from accesssim.world.calendar import WORKING_DAYS
from accesssim.world.limits import TENTHS

FIRST_HAZARD = Purpose.SHORT_ABSENCE
SHORT_ABSENCE, LONG_ABSENCE, CAREER_STEP, LEAVING_EXHAUSTED = range(4)
"""What may strike a therapist, in the order of the purposes of its draws."""
HAZARDS = 4


@native
def note_staff(w: World, event: int, t: int, value: float) -> None:
    """`Workforce._note`: a row of a holder; agency staff have none."""
    therapist = therapists_of(w)[t]
    if not therapist.agency:
        note(w, w.day, event, therapist.turn, therapist.post, value)


@native
def note_part(w: World, t: int) -> None:
    """`Workforce._tell_of_part`: of whoever holds less than a whole post."""
    if therapists_of(w)[t].tenths < TENTHS:
        note_staff(w, Event.PART_TIME, t, float(therapists_of(w)[t].tenths))


@native
def note_hire(w: World, t: int) -> None:
    """`Workforce._tell_of_hire`."""
    note_staff(w, Event.HIRED, t, therapists_of(w)[t].exhaustion)
    note_part(w, t)


@native
def new_week(therapist: Therapist) -> None:
    """`Therapist.new_week`: what is counted begins anew."""
    therapist.sessions = therapist.crises = therapist.discharges = therapist.transfers = 0
    therapist.contact_hours = therapist.complex_sessions = 0.0


@native
def hire(w: World, post: int, day: int) -> int:
    """`Workforce._hire`, `Therapist`."""
    now, one = stage(w), posts_of(w)[post]
    t = 2 * post + one.turns % 2
    therapist = therapists_of(w)[t]
    key = mixed(w.root ^ (entities_of(w)[post] | np.uint64(one.turns)))
    therapist.key, therapist.post, therapist.staff, therapist.turn = key, post, one.staff, one.turns
    therapist.hired, therapist.tenths = day, one.tenths
    therapist.skill = therapist_skill(z(key, Purpose.SKILL, 0), now.therapy.therapist_skill_sigma)
    therapist.susceptibility = now.wellbeing.susceptibility_sd * z(key, Purpose.SUSCEPTIBILITY, 0)
    therapist.exhaustion, therapist.pressure, therapist.cover_hours = now.wellbeing.newcomer_exhaustion, 0.0, 0.0
    therapist.agency = therapist.on_leave = therapist.absent = therapist.leaving = False
    therapist.caseload = therapist.slots = 0
    therapist.leaves_on = therapist.sick_until = therapist.first_circle = therapist.last_circle = -1
    for weekday in range(WORKING_DAYS):
        chain = caseloads_of(w)[t * WORKING_DAYS + weekday]
        chain.head, chain.tail, chain.count = -1, -1, 0
    for kind in range(HAZARDS):
        hazard = hazards_of(w)[HAZARDS * t + kind]
        hazard.summed, hazard.spells, hazard.threshold = 0.0, 0, exponential(uniform(key, FIRST_HAZARD + kind, 0))
    for year in range(w.years):
        leave_of(w)[t * w.years + year] = np.uint64(0)
    new_week(therapist)
    one.holder = t
    one.turns += 1
    return t


@native
def leave_weeks(w: World, t: int, year: int, days_a_year: float) -> Key:
    """`Therapist.leave_weeks`: bits of the weeks of a year; the highest bit says that they are known."""
    known = leave_of(w)[t * w.years + year]
    if known != np.uint64(0):
        return known
    key, weeks = therapists_of(w)[t].key, days_a_year / WORKING_DAYS
    drawn = drawn_of(w)
    for week in range(WEEKS_OF_LEAVE_YEAR):
        drawn[week] = uniform(key, Purpose.LEAVE_WEEK, leave_week(year, week))
    count = min(
        WEEKS_OF_LEAVE_YEAR, int(weeks + uniform(key, Purpose.LEAVE_WEEK, leave_week(year, WEEKS_OF_LEAVE_YEAR)))
    )
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
def book_leave_anew(w: World) -> None:
    """Other days of leave are in force for some: which weeks they take is not known any more."""
    posts, leave = posts_of(w), leave_of(w)
    for number in range(w.post_count):
        group = staff_of(w)[posts[number].staff].group
        before = group_rules_of(w)[(w.period - 1) * w.group_count + group]
        if before.leave_days != group_rules_of(w)[w.period * w.group_count + group].leave_days:
            for year in range(2 * number * w.years, 2 * (number + 1) * w.years):
                leave[year] = np.uint64(0)


@native
def on_leave_in(w: World, t: int, week: int, days_a_year: float) -> bool:
    """`Therapist.on_leave_in`: whether leave is booked in a week."""
    bits = leave_weeks(w, t, week // WEEKS_OF_LEAVE_YEAR, days_a_year)
    return bool((bits >> np.uint64(week % WEEKS_OF_LEAVE_YEAR)) & np.uint64(1) == np.uint64(1))


@native
def fires(w: World, t: int, kind: int, rate: float) -> bool:
    """`Hazard.fires`: whether a risk strikes this week."""
    hazard = hazards_of(w)[HAZARDS * t + kind]
    hazard.summed += rate
    if hazard.summed < hazard.threshold:
        return False
    hazard.spells += 1
    hazard.summed = 0.0
    hazard.threshold = exponential(uniform(therapists_of(w)[t].key, FIRST_HAZARD + kind, hazard.spells))
    return True


@native
def falls_sick(w: World, t: int) -> int:
    """`Therapist.falls_sick`: weeks of an absence that begins; 0 for none."""
    rules, exhaustion = stage(w).wellbeing, therapists_of(w)[t].exhaustion
    is_short = fires(
        w, t, SHORT_ABSENCE, weekly_hazard(rules.short_absence_per_year, rules.absence_slope, exhaustion, 0.45)
    )
    is_long = fires(
        w, t, LONG_ABSENCE, weekly_hazard(rules.long_absence_per_year, rules.absence_slope, exhaustion, 0.45)
    )
    return rules.long_absence_weeks if is_long else rules.short_absence_weeks if is_short else 0


@native
def resigns(w: World, t: int, staff: int) -> bool:
    """`Therapist.resigns`: whether a holder gives notice."""
    rules, group, exhaustion = stage(w).wellbeing, group_of(w, staff), therapists_of(w)[t].exhaustion
    career = fires(w, t, CAREER_STEP, weekly_hazard(group.career_leaving_per_year, 0.0, 0.0, 0.0))
    rate = weekly_hazard(group.exhaustion_leaving_per_year, rules.leaving_slope, exhaustion, 0.5)
    return fires(w, t, LEAVING_EXHAUSTED, rate) or career


@native
def recovery(w: World) -> float:
    """`Week.recovery`: what care for carers does for exhaustion."""
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

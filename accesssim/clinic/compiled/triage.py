"""Assessment, and what it decides (`accesssim.clinic.pathway`)."""

from typing import Any

import numba
import numpy as np

from accesssim.clinic.compiled import scenario_arrays
from accesssim.clinic.compiled.addresses import pointer_to
from accesssim.clinic.compiled.assessments import book
from accesssim.clinic.compiled.calendar import at
from accesssim.clinic.compiled.crises import crisis
from accesssim.clinic.compiled.in_force import stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.luck import luck_of, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import leave_service, person
from accesssim.clinic.compiled.person import depression, felt_stigma, referral_depression, scores_before
from accesssim.clinic.compiled.records import PATH_SIZE, REFERRALS, SESSIONS, TO_LIST, TO_REBOOKING, TO_SIGNPOST
from accesssim.clinic.compiled.rules import (
    Event,
    Purpose,
    Urgency,
    choose_pathway,
    did_not_attend_chance,
    did_not_attend_log_odds,
)
from accesssim.clinic.compiled.waiting import wait


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
    paths = numba.carray(pointer_to(w.paths + w.period * w.path_count * PATH_SIZE), w.path_count, scenario_arrays.PATH)
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

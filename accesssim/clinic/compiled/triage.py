"""Assessment, and what it decides (`accesssim.clinic.pathway`)."""

from accesssim.clinic.compiled.arrays import World
from accesssim.clinic.compiled.assessments import book
from accesssim.clinic.compiled.calendar import REFERRALS, SESSIONS, at
from accesssim.clinic.compiled.codes import anxiety_score, nth_occasion
from accesssim.clinic.compiled.crises import crisis
from accesssim.clinic.compiled.in_force import paths_in_force, stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import luck_of, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import leave_service, person
from accesssim.clinic.compiled.person import depression, felt_stigma, referral_depression, scores_before
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import (
    Event,
    Purpose,
    State,
    Urgency,
    chosen_pathway,
    did_not_attend_chance,
    did_not_attend_log_odds,
)
from accesssim.clinic.compiled.waiting import wait
from accesssim.world.nothing import NO_PATHWAY, NOBODY


@native
def classify(w: World, p: Person) -> None:
    """`Journeys.classify`: how urgent a referral is."""
    rules = stage(w).triage
    p.urgency = Urgency.ROUTINE
    if depression(p) >= rules.urgent_from:
        p.urgency = (
            Urgency.EMERGENCY
            if uniform(luck_of(w, p), Purpose.EMERGENCY, p.episode) < rules.emergency_share
            else Urgency.URGENT
        )


@native
def choose_pathway(w: World, p: Person) -> None:
    """`Journeys.choose_pathway`: the pathway of a person; -1 for none."""
    recognised = (
        p.complex
        and uniform(luck_of(w, p), Purpose.RECOGNISED, p.episode) < stage(w).triage.complexity_recognised_share
    )
    paths = paths_in_force(w)
    p.pathway = chosen_pathway(float(depression(p)), recognised, paths.from_score, paths.for_complex)


@native
def suitable(w: World, p: Person) -> bool:
    """`Journeys.suitable`: whether therapy is for them."""
    now = stage(w)
    too_well = depression(p) < now.triage.signpost_below and anxiety_score(p.scores) < now.anxiety.cut_off
    return (
        not too_well
        and p.pathway != NO_PATHWAY
        and uniform(luck_of(w, p), Purpose.SUITABLE, p.episode) >= now.triage.unsuitable_share
    )


@native
def leaves_after_one_contact(w: World, p: Person) -> bool:
    """`Journeys.leaves_after_one_contact`."""
    now = stage(w)
    return (
        now.triage.assessment_is_first_contact
        and uniform(luck_of(w, p), Purpose.ONE_CONTACT, p.episode) < now.therapy.one_contact_share
    )


@native
def assessment(w: World, i: int) -> None:
    """`Journeys.assessment`: booked, or left out where nobody is assessed."""
    p, rules = person(w, i), stage(w).triage
    p.assessed = False
    if not rules.assess:
        p.scores = scores_before(w, p, 0)
        classify(w, p)
        choose_pathway(w, p)
        if p.pathway == NO_PATHWAY:
            at(w, i, w.day + 1, SESSIONS, State.TO_SIGNPOST)
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
def misses_assessment(w: World, p: Person) -> bool:
    """`Journeys.misses_assessment`: what the service cancels costs no luck."""
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
        luck_of(w, p), Purpose.ASSESSMENT_ATTENDED, nth_occasion(p.missed, p.episode)
    ) < did_not_attend_chance(log_odds, 0.0, 0.5)


@native
def expected_person(w: World, i: int, cancelled: bool) -> None:
    """The day of the assessment has come."""
    p = person(w, i)
    if cancelled:
        note(w, w.day, Event.ASSESSMENT_CANCELLED, p.number, NOBODY, 0.0)
    elif misses_assessment(w, p):
        p.missed += 1
        note(w, w.day, Event.ASSESSMENT_MISSED, p.number, p.urgency, 0.0)
        if p.missed > stage(w).triage.rebooked_times:
            note(w, w.day, Event.DISCHARGED_UNSEEN, p.number, NOBODY, 0.0)
            leave_service(w, i)
            return
    else:
        if assessed(w, i):
            at(w, i, w.day, REFERRALS, State.TO_LIST)
        else:
            leave_service(w, i)
        return
    at(w, i, w.day, REFERRALS, State.TO_REBOOKING)


@native
def assessed(w: World, i: int) -> bool:
    """`Journeys.assessed`; False for somebody who does not go on to a list."""
    p = person(w, i)
    p.assessed = True
    p.scores = scores_before(w, p, 1)
    classify(w, p)
    note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)
    if p.urgency == Urgency.EMERGENCY:
        crisis(w, p, uniform(luck_of(w, p), Purpose.EMERGENCY_HOURS, wide(p.episode)))
    choose_pathway(w, p)
    if not suitable(w, p):
        note(w, w.day, Event.SIGNPOSTED, p.number, NOBODY, 0.0)
        return False
    if leaves_after_one_contact(w, p):
        note(w, w.day, Event.ONE_CONTACT, p.number, NOBODY, 0.0)
        return False
    return True


@native
def suits(w: World, p: Person) -> bool:
    """`Journeys.suits`: whether somebody who asked earlier would have come to a list."""
    if p.arrives != NO_PATHWAY:
        p.scores = scores_before(w, p, 0)
        classify(w, p)
        p.pathway = p.arrives
        return True
    p.assessed = stage(w).triage.assess
    p.scores = scores_before(w, p, 1 if p.assessed else 0)
    classify(w, p)
    choose_pathway(w, p)
    if not p.assessed:
        return p.pathway != NO_PATHWAY
    return suitable(w, p) and not leaves_after_one_contact(w, p)

"""What people do who wait on a list, and where they go on to."""

from accesssim.clinic.compiled.arrays import World, crises_of, leaves_of, span_values_of, span_weights_at
from accesssim.clinic.compiled.calendar import REFERRALS, at, chain_entry
from accesssim.clinic.compiled.codes import nth_occasion
from accesssim.clinic.compiled.in_force import list_at, path_of, patience_of, stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import luck_of, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import leave_service, person
from accesssim.clinic.compiled.person import severity
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import (
    Event,
    Law,
    Purpose,
    State,
    crisis_days,
    exponential,
    goes_on_to,
    patience_after,
)
from accesssim.clinic.compiled.stays import numbers_at
from accesssim.clinic.compiled.waiting_list import join, listed_as, rank_of
from accesssim.world.calendar import NEVER
from accesssim.world.nothing import NOBODY


@native
def wait(w: World, i: int) -> None:
    """Join the list, and wait."""
    p, now, today, key = person(w, i), stage(w), w.day, luck_of(w, person(w, i))
    rules, latent = now.waiting, severity(w, p)
    join(w, list_at(w, p.team, p.pathway), i, rank_of(w, p), today, today)
    p.state = State.WAITS
    note(w, today, Event.LISTED, p.number, listed_as(w, p), latent)
    first_wait, occasion, stays = p.courses == 0 and p.waits == 0, nth_occasion(p.courses, p.waits), NEVER
    if now.loops.giving_up and path_of(w, p.pathway).law != Law.NONE:
        u = uniform(key, Purpose.PATIENCE, p.episode if first_wait else occasion)
        stays = patience_after(
            patience_of(w, p.pathway), exponential(u), -today, rules.check_in_weeks, rules.check_in_effect
        )
    remits = wide(p.remission) - today
    if p.treated and remits <= 0:
        remits = NEVER
    p.remits_first = remits <= stays
    stay = max(1, min(stays, remits))
    chain_entry(w, leaves_of(w), i, today + stay)
    if rules.crisis_per_month > 0.0:
        u = uniform(key, Purpose.CRISIS, p.episode if first_wait else occasion)
        days = crisis_days(
            exponential(u),
            min(stay, w.days - today),
            max(today - p.onset, 0),
            p.seen if p.treated else p.severity,
            0.0 if p.treated else p.drift,
            rules.drift_weeks,
            rules.crisis_per_month,
            rules.crisis_severity_slope,
            rules.crisis_complex_ratio,
            p.complex,
            now.loops.waiting_harms,
        )
        if days < NEVER:
            chain_entry(w, crises_of(w), i, today + days)


@native
def leaves(w: World, i: int) -> None:
    """Patience is over, or the need has remitted (`Signal.LEAVE`)."""
    p = person(w, i)
    if p.state == State.AWAITS_ASSESSMENT:
        note(w, w.day, Event.BETTER_WAITING, p.number, NOBODY, 0.0)
        leave_service(w, i)
    elif p.state == State.AWAITS_THERAPIST:
        note(w, w.day, Event.WITHDREW, p.number, NOBODY, p.seen)
        leave_service(w, i)
    else:
        better = p.remits_first
        note(
            w,
            w.day,
            Event.BETTER_WAITING if better else Event.WITHDREW,
            p.number,
            NOBODY,
            0.0 if better else severity(w, p),
        )
        if better or not tries_elsewhere(w, p):
            leave_service(w, i)
        else:
            at(w, i, w.day, REFERRALS, State.TO_LIST)


@native
def tries_elsewhere(w: World, p: Person) -> bool:
    """`Journeys.tries_elsewhere`: whether somebody who left a list goes to another pathway."""
    p.waits += 1
    path = path_of(w, p.pathway)
    return hands_on(w, p, path.after_at, path.after_size, Purpose.AFTER_WITHDRAWAL, nth_occasion(p.courses, p.waits))


@native
def hands_on(w: World, p: Person, first_share: int, count: int, purpose: int, occasion: int) -> bool:
    """`Journeys.hands_on`: whether somebody goes on to one of some pathways, by their shares."""
    if count == 0:
        return False
    chosen = goes_on_to(uniform(luck_of(w, p), purpose, occasion), numbers_at(span_weights_at(w), first_share, count))
    if chosen >= 0:
        p.pathway = int(span_values_of(w)[first_share + chosen])
    return chosen >= 0


@native
def goes_on(w: World, p: Person) -> bool:
    """`Journeys.goes_on`: to another pathway after this one."""
    path = path_of(w, p.pathway)
    return hands_on(w, p, path.then_at, path.then_size, Purpose.STEP_UP, nth_occasion(p.courses, 0))


@native
def steps_up(w: World, p: Person) -> bool:
    """`Journeys.steps_up`: whether somebody who has not recovered goes on to a more intensive pathway."""
    path = path_of(w, p.pathway)
    if path.step_up < 0 or p.recovered or uniform(luck_of(w, p), Purpose.STEP_UP, p.courses - 1) >= path.step_up_share:
        return False
    p.pathway = path.step_up
    return True

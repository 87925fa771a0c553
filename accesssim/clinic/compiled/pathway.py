"""The journey (`accesssim.clinic.pathway`): what a person's generator does from one yield to the next."""

from accesssim.clinic.compiled.arrays import World, in_places_of
from accesssim.clinic.compiled.calendar import REFERRALS, SESSIONS, at
from accesssim.clinic.compiled.codes import referred_as
from accesssim.clinic.compiled.course import begin_course, endowment
from accesssim.clinic.compiled.in_force import course_rules, path_of, stage, team_of
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.luck import luck_of, uniform, z
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import leave_service, person
from accesssim.clinic.compiled.person import closing, errors_after, score_parts, scores_before, severity
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.red_tape import red_tape
from accesssim.clinic.compiled.rules import (
    Event,
    Purpose,
    State,
    began_on,
    delay_days,
    exponential,
    grown_alliance,
    improvement,
    relapse_days,
    remission_days,
    whole_days,
)
from accesssim.clinic.compiled.stays import span
from accesssim.clinic.compiled.triage import classify
from accesssim.clinic.compiled.waiting import goes_on, steps_up, wait
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.nothing import NO_PATHWAY, NO_SCORES, NOBODY


@native
def ask(w: World, i: int) -> None:
    """`journey`: the person asks, or somebody asks for them."""
    p = person(w, i)
    referred(w, p)
    if p.arrives != NO_PATHWAY and p.episode == 0:
        p.scores = scores_before(w, p, 0)
        classify(w, p)
        p.pathway = p.arrives
        wait(w, i)
        return
    red_tape(w, i)


@native
def referred(w: World, p: Person) -> None:
    """`Journeys.referred`: the person asks, or somebody asks for them, at the team of their home."""
    route = 2
    if p.episode == 0:
        route = 0 if uniform(luck_of(w, p), Purpose.ROUTE, 0) < stage(w).demand.self_referral_share else 1
    home(w, p)
    note(w, w.day, Event.REFERRED, p.number, referred_as(p.team, route), severity(w, p))


@native
def home(w: World, p: Person) -> None:
    """`Service.home`: the team that a person belongs to."""
    if w.team_count > 1:
        u = uniform(luck_of(w, p), Purpose.HOME_TEAM, 0)
        p.team = w.team_count - 1
        for number in range(w.team_count - 1):
            if u < team_of(w, number).bound:
                p.team = number
                return


@native
def starts(w: World, i: int) -> None:
    """A slot or a place is free: `treatment` after `wait`."""
    p = person(w, i)
    p.waits = 0
    if path_of(w, p.pathway).has_places:
        stay(w, i, False)
    else:
        begin_course(w, i)


@native
def stay(w: World, i: int, found: bool) -> None:
    """Somebody comes to a place; how ill they are then, as it was last seen, is what `leaves_place` begins from."""
    p, key = person(w, i), luck_of(w, person(w, i))
    days = span(w, path_of(w, p.pathway).stay_span, key, p.courses, Purpose.STAY, found)
    if found:
        w.day = began_on(w.day, days, uniform(key, Purpose.CASELOAD_AGE, 2))
    p.came = w.day
    note(w, w.day, Event.STARTED, p.number, NOBODY, severity(w, p))
    if found:
        w.day = 0
    at(w, i, w.day + whole_days(days, uniform(key, Purpose.STAY_ROUNDING, p.courses)), SESSIONS, State.IN_PLACE)


@native
def leaves_place(w: World, i: int) -> None:
    """`leave_place`, and what follows."""
    p = person(w, i)
    in_places_of(w)[p.served_at] -= 1
    sessions = int(path_of(w, p.pathway).sessions_per_week * (w.day - p.came) / DAYS_PER_WEEK)
    if sessions == 0:
        note(w, w.day, Event.STAYED, p.number, p.served_at, NO_SCORES)
    else:
        if not p.assessed:
            note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)
        p.treated, p.seen = True, helped(w, p, p.seen, sessions)
        key = luck_of(w, p)
        below, scores = closing(w, p, score_parts(w, key), errors_after(w, key, p.courses, sessions))
        note(w, w.day, Event.STAYED, p.number, p.served_at, scores)
        p.recovered = below
    p.courses += 1
    after_course(w, i)


@native
def helped(w: World, p: Person, latent: float, sessions: int) -> float:
    """`Courses.helped`: severity after so many sessions in a place."""
    rules = course_rules(w, w.period, p.pathway, p.complex)
    alliance, ceiling, response, floor = endowment(w, p, latent)
    if w.day >= p.remission:
        floor = min(floor, rules.remitted_severity)
    for _ in range(sessions):
        alliance = grown_alliance(alliance, ceiling, rules.growth, 0.0, 0.0)
        latent -= improvement(latent, floor, response, rules.response_trust, alliance, 1.0)
    return latent


@native
def after_course(w: World, i: int) -> None:
    """A course or a stay is over: on to another pathway, or well for a while."""
    p = person(w, i)
    if steps_up(w, p) or goes_on(w, p):
        at(w, i, w.day, REFERRALS, State.TO_LIST)
    else:
        relapse(w, i)


@native
def relapse(w: World, i: int) -> None:
    """After therapy: stay well, or relapse."""
    p, rules = person(w, i), stage(w).therapy
    if not p.recovered or rules.relapse_12_months == 0.0:
        leave_service(w, i)
        return
    threshold = exponential(uniform(luck_of(w, p), Purpose.RELAPSE, p.courses))
    days = relapse_days(threshold, rules.relapse_12_months, rules.relapse_shape, path_of(w, p.pathway).relapse_ratio)
    at(w, i, w.day + days, REFERRALS, State.TO_RELAPSE)


@native
def relapses(w: World, i: int) -> None:
    """The need is back: some ask again, after a while."""
    p, now, key = person(w, i), stage(w), luck_of(w, person(w, i))
    rules, waiting = now.therapy, now.waiting
    p.episode += 1
    p.onset, p.treated, p.recovered = w.day, False, False
    p.seen, p.seen_on = p.severity, p.onset
    ill = remission_days(
        exponential(uniform(key, Purpose.REMISSION, p.episode)),
        waiting.remission_early_per_week,
        waiting.remission_per_week,
        waiting.remission_early_weeks,
    )
    p.remission = p.onset + ill
    note(w, w.day, Event.RELAPSED, p.number, NOBODY, p.severity)
    delay = 1 + delay_days(z(key, Purpose.RETURN_DELAY, p.episode), rules.return_delay_days, 0.0, 0.0, 0.0, 1.0)
    if uniform(key, Purpose.RETURN, p.episode) >= rules.return_share or delay >= ill:
        leave_service(w, i)
    else:
        at(w, i, w.day + delay, REFERRALS, State.TO_RETURN)

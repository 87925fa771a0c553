"""A course of therapy (`accesssim.clinic.course`)."""

from accesssim.clinic.compiled.arrays import World, leaves_of, therapists_of
from accesssim.clinic.compiled.calendar import chain_entry
from accesssim.clinic.compiled.caseload import drop, held
from accesssim.clinic.compiled.codes import nth_occasion
from accesssim.clinic.compiled.in_force import course_rules, list_at, path_of, patience_of, stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import luck_of, two_normals, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import course, give_back_course, person
from accesssim.clinic.compiled.person import (
    below_cut_offs,
    closing,
    errors_after,
    felt_stigma,
    record,
    score_parts,
    severity,
    worsened_today,
)
from accesssim.clinic.compiled.records import Course, Person
from accesssim.clinic.compiled.rules import (
    Event,
    Law,
    Purpose,
    State,
    alliance_ceiling,
    clip_severity,
    did_not_attend_chance,
    dropout_hazard,
    exponential,
    grown_alliance,
    improvement,
    patience_days,
    response_floor,
    response_rate,
    ruptured_alliance,
    starting_alliance,
)
from accesssim.clinic.compiled.waiting_list import join
from accesssim.clinic.course import CourseRules
from accesssim.world.calendar import NEVER


@native
def endowment(w: World, p: Person, latent: float) -> tuple[float, float, float, float]:
    """`Courses.endowment`: trust at the start, its ceiling, response and floor of a course."""
    now, nth, key = stage(w), wide(p.courses), luck_of(w, p)
    rules = now.therapy
    trust = ceiling = response = floor = 0.0
    if (
        rules.alliance_start_sd != 0.0
        or rules.alliance_ceiling_sd != 0.0
        or rules.response_sigma != 0.0
        or rules.floor_sd != 0.0
    ):
        trust, ceiling = two_normals(uniform(key, Purpose.ALLIANCE, nth), uniform(key, Purpose.CEILING, nth))
        response, floor = two_normals(uniform(key, Purpose.RESPONSE, nth), uniform(key, Purpose.FLOOR, nth))
    lower, added = (rules.alliance_complex, rules.floor_complex) if p.complex else (0.0, 0.0)
    stigma = now.demand.stigma_trust_slope * felt_stigma(w)
    return (
        starting_alliance(trust, rules.alliance_start, rules.alliance_start_sd, lower + stigma),
        alliance_ceiling(
            trust, ceiling, rules.alliance_correlation, rules.alliance_ceiling, rules.alliance_ceiling_sd, lower
        ),
        response_rate(response, rules.response_median, rules.response_sigma) * path_of(w, p.pathway).effect,
        response_floor(floor, rules.floor_mean, rules.floor_sd, added, latent),
    )


@native
def begin_course(w: World, i: int) -> None:
    """`course` until its first yield."""
    p, c, now, day, key = person(w, i), course(w, i), stage(w), w.day, luck_of(w, person(w, i))
    c.key, c.pathway, c.complex, c.onset = key, p.pathway, p.complex, p.onset
    c.remission, c.courses = p.remission, p.courses
    c.depression_part, c.anxiety_part = score_parts(w, key)
    c.latent = p.seen = severity(w, p)
    p.treated = True
    note(w, day, Event.STARTED, p.number, therapists_of(w)[c.therapist].post, c.latent)
    rules = course_rules(w, w.period, c.pathway, c.complex)
    c.first_missing = rules.missing_log_odds
    if p.courses == 0 and not p.assessed:
        waited = now.therapy.did_not_attend_wait * min((day - p.asked) / 7.0, 4.0)
        c.first_missing = rules.missing_log_odds + now.demand.stigma_attendance_slope * felt_stigma(w) + waited
    c.alliance, c.ceiling, c.response, c.floor = endowment(w, p, c.latent)
    c.worsens, c.worsened_at = p.drift * now.waiting.drift_weeks, now.worsened_at
    c.ill, c.worsened = day < c.remission, worsened_today(w, c.onset, c.remission, c.worsens, c.worsened_at)
    c.threshold, c.hazard = exponential(uniform(key, Purpose.DROPOUT, c.courses)), 0.0
    c.appointments = c.attended = c.transfers = 0
    p.state = State.IN_COURSE


@native
def appointment(w: World, i: int) -> bool:
    """`Signal.APPOINTMENT` in `course`; True where the course ends with it."""
    c, day = course(w, i), w.day
    rules, therapist = course_rules(w, w.period, c.pathway, c.complex), therapists_of(w)[c.therapist]
    occasion, number = nth_occasion(c.courses, 0), wide(c.number)
    u = uniform(c.key, Purpose.ATTENDANCE, occasion + c.appointments)
    missing = rules.missing
    if c.appointments == 0 or missing < 0.0:
        missing = did_not_attend_chance(
            rules.missing_log_odds if c.appointments > 0 else c.first_missing, rules.missing_trust, c.alliance
        )
    c.appointments += 1
    if u < rules.cancels:
        note(w, day, Event.CANCELLED_BY_PATIENT, number, therapist.post, 0.0)
    elif u < rules.cancels + (1.0 - rules.cancels) * missing:
        note(w, day, Event.MISSED, number, therapist.post, 0.0)
    else:
        c.attended += 1
        if c.attended == 1:
            first_attended(w, person(w, i))
        c.alliance = grown_alliance(
            c.alliance,
            c.ceiling,
            rules.growth,
            rules.growth_exhaustion * therapist.exhaustion,
            rules.growth_pressure * therapist.pressure,
        )
        if c.ill:
            if c.worsens != 0.0:
                so_far = worsened_today(w, c.onset, c.remission, c.worsens, c.worsened_at)
                c.latent = clip_severity(c.latent + so_far - c.worsened)
                c.worsened = so_far
            if day >= c.remission:
                c.ill, c.floor = False, min(c.floor, rules.remitted_severity)
        c.latent -= improvement(c.latent, c.floor, c.response, rules.response_trust, c.alliance, therapist.skill)
        note(w, day, Event.SESSION, number, therapist.post, c.alliance)
        held(w, c, rules.session_hours)
        if (
            c.attended >= rules.minimum
            and uniform(c.key, Purpose.STOPPING, occasion + c.attended) < rules.good_enough_share
        ):
            missed_by = errors_after(w, c.key, c.courses, c.attended)
            scores = record(w, c.latent, (c.depression_part, c.anxiety_part), missed_by)
            if below_cut_offs(w, scores[0], scores[1]):
                ends(w, i, Event.FINISHED, missed_by)
                return True
        if c.attended >= rules.cap:
            ends(w, i, Event.CAPPED, errors_after(w, c.key, c.courses, c.attended))
            return True
    c.hazard += rules.dropout if rules.dropout >= 0.0 else hazard_of_dropping_out(c, rules, 0.0)
    return c.hazard >= c.threshold and drops_out(w, i)


@native
def first_attended(w: World, p: Person) -> None:
    """Scores are taken at the first session of whoever nobody has assessed."""
    if not p.assessed:
        note(w, w.day, Event.ASSESSED, p.number, p.urgency, p.scores)


@native
def hazard_of_dropping_out(c: Course, rules: CourseRules, cancelled: float) -> float:
    """The hazard of an appointment; `cancelled`: what a cancellation by the service adds to its log odds."""
    return dropout_hazard(
        rules.dropout_log_odds, rules.dropout_trust, c.alliance, rules.dropout_early, c.attended, cancelled
    )


@native
def drops_out(w: World, i: int) -> bool:
    """The course ends so: True."""
    c = course(w, i)
    ends(w, i, Event.DROPPED_OUT, errors_after(w, c.key, c.courses, c.attended))
    return True


@native
def cancelled_by_service(w: World, i: int, reason: int) -> bool:
    """`Signal.CANCELLED` in `course`; True where the course ends with it."""
    c = course(w, i)
    rules = course_rules(w, w.period, c.pathway, c.complex)
    note(w, w.day, Event.CANCELLED_BY_SERVICE, c.number, therapists_of(w)[c.therapist].post, float(reason))
    c.alliance = ruptured_alliance(c.alliance, rules.rupture)
    c.hazard += hazard_of_dropping_out(c, rules, rules.dropout_cancelled)
    return c.hazard >= c.threshold and drops_out(w, i)


@native
def ends(w: World, i: int, event: int, missed_by: tuple[float, float]) -> None:
    """`Courses.end`."""
    p, c = person(w, i), course(w, i)
    therapist = therapists_of(w)[c.therapist]
    p.seen = c.latent
    below, scores = closing(w, p, (c.depression_part, c.anxiety_part), missed_by)
    note(w, w.day, event, p.number, therapist.post, scores)
    therapist.discharges += 1
    drop(w, i)
    give_back_course(w, i)
    p.recovered = below
    p.courses += 1


@native
def loses_therapist(w: World, i: int) -> None:
    """`Signal.THERAPIST_LEFT` and `transfer`."""
    p, c, t = person(w, i), course(w, i), wide(course(w, i).therapist)
    drop(w, i)
    join(w, w.list_count + list_at(w, p.team, p.pathway), i, 0, w.day, w.day)
    note(w, w.day, Event.THERAPIST_LEFT, p.number, therapists_of(w)[t].post, 0.0)
    p.seen, c.lost_in, p.state = c.latent, w.period, State.AWAITS_THERAPIST
    stays = NEVER
    if stage(w).loops.giving_up and path_of(w, p.pathway).law != Law.NONE:
        stays = patience_days(
            patience_of(w, p.pathway),
            exponential(uniform(c.key, Purpose.TRANSFER_PATIENCE, nth_occasion(c.courses, c.transfers))),
        )
    chain_entry(w, leaves_of(w), i, w.day + stays)


@native
def transferred(w: World, i: int) -> None:
    """Therapy goes on with another therapist, with less trust."""
    c = course(w, i)
    c.transfers += 1
    if stage(w).loops.broken_trust:
        c.alliance *= course_rules(w, c.lost_in, c.pathway, c.complex).kept  # of the day on which the other left
    person(w, i).state = State.IN_COURSE
    note(w, w.day, Event.TRANSFERRED, c.number, therapists_of(w)[c.therapist].post, c.alliance)

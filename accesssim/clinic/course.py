"""A course of therapy: trust, attendance, improvement, and how it ends."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from accesssim.clinic.clock import Part
from accesssim.clinic.person import (
    ALLIANCE,
    ATTENDANCE,
    CEILING,
    DRAWN_AHEAD,
    DROPOUT,
    FLOOR,
    RESPONSE,
    STOPPING,
    Person,
)
from accesssim.clinic.plain_names import Event, Purpose, Signal
from accesssim.clinic.rules import illness, therapy, triage
from accesssim.clinic.rules.patience import Law, patience_days
from accesssim.world.calendar import NEVER
from accesssim.world.chance import draw, exponential, normal
from accesssim.world.journal import codes
from accesssim.world.nothing import NOBODY, NOT_KNOWN, UNTREATED
from accesssim.world.odds import logit

if TYPE_CHECKING:
    from accesssim.clinic.service import Service
    from accesssim.clinic.therapist import Therapist
    from accesssim.world.sections.parameters import Parameters
    from accesssim.world.sections.pathways import Pathway

# whole days are few, and asked for at every session
_worsened_share = lru_cache(maxsize=1 << 13)(illness.worsened_share)


@dataclass(frozen=True, slots=True)
class CourseRules:
    """The parameters of a course that are in force, for people of one pathway and complexity."""

    cancels: float
    missing_log_odds: float
    missing_trust: float
    missing: float  # the chance itself where trust has no part in it; else NOT_KNOWN
    dropout: (
        float  # the same of the hazard of dropping out where neither trust nor the number of sessions has a part in it
    )
    growth: float
    growth_exhaustion: float
    growth_pressure: float
    rupture: float
    kept: float
    response_trust: float
    remitted_severity: float
    dropout_log_odds: float
    dropout_trust: float
    dropout_early: float
    dropout_cancelled: float
    session_hours: float
    minimum: int
    good_enough_share: float
    cap: int


def course_rules(now: "Parameters", pathway: "Pathway", complex_person: bool) -> CourseRules:
    """What is in force for people of one pathway and complexity."""
    rules = now.therapy
    missing = therapy.did_not_attend_log_odds(
        rules.did_not_attend_log_odds, 0.0, 0.0, rules.did_not_attend_complex, complex_person, rules.reminders
    )
    dropout = logit(rules.dropout_per_session)
    return CourseRules(
        cancels=rules.patient_cancels_share,
        missing_log_odds=missing,
        missing_trust=rules.did_not_attend_trust,
        missing=therapy.did_not_attend_chance(missing, 0.0, 0.5) if rules.did_not_attend_trust == 0.0 else NOT_KNOWN,
        dropout=therapy.dropout_hazard(dropout, 0.0, 0.6, 0.0, 1, 0.0)
        if rules.dropout_trust == rules.dropout_early == 0.0
        else NOT_KNOWN,
        growth=rules.alliance_growth * (1.0 - rules.alliance_growth_complex if complex_person else 1.0),
        growth_exhaustion=rules.alliance_growth_exhaustion,
        growth_pressure=rules.alliance_growth_pressure,
        rupture=rules.rupture * (1.0 + rules.rupture_complex if complex_person else 1.0),
        kept=rules.alliance_kept,
        response_trust=rules.response_trust,
        remitted_severity=rules.remitted_severity,
        dropout_log_odds=dropout,
        dropout_trust=rules.dropout_trust,
        dropout_early=rules.dropout_early,
        dropout_cancelled=rules.dropout_cancelled,
        session_hours=pathway.session_hours,
        minimum=pathway.minimum_sessions,
        good_enough_share=pathway.good_enough_share,
        cap=therapy.session_cap(pathway.cap, pathway.cap_cut_by_target, now.wellbeing.target_pressure),
    )


class Courses:
    """The courses of therapy of one run."""

    def __init__(self, service: "Service") -> None:
        self.service = service
        self.clock = service.clock
        self.until, self.called = self.clock.until, self.clock.called
        self.chance = service.chance
        self._note = service.journal.note
        self._rules: dict[tuple[int, bool], CourseRules] = {}
        self._rules_of: Parameters | None = None

    def note(self, event: Event, person: Person, post: int = NOBODY, value: float = 0.0) -> None:
        """Write down what has just become true."""
        self._note(self.clock.day, event, person.number, post, value)

    def course(self, person: Person) -> Part[bool]:
        """Session after session until it is good enough, the cap is reached or the person stops coming."""
        service, clock, write, number = self.service, self.clock, self._note, person.number
        severity = person.treated = self.severity(person)
        therapist = self.begin(person, severity)
        now, rules, draws, drawn_at = service.now, self.rules(person), person.draws, person.drawn_at
        first_missing = self.first_missing_log_odds(person, rules)
        alliance, ceiling, response, floor = self.endowment(person, severity)
        drift, weeks, onset, remission = person.drift, now.waiting.drift_weeks, person.onset, person.remission
        ill, worsened = (
            clock.day < remission,
            illness.worsening(drift, weeks, illness.ill_days(clock.day, onset, remission)),
        )
        threshold, hazard, booked, attended, transfers = exponential(draws[drawn_at + DROPOUT]), 0.0, 0, 0, 0
        while True:
            signal = yield self.called(person)
            if service.now is not now:
                now, rules = service.now, self.rules(person)
            day, cancelled = clock.day, 0.0
            if signal is Signal.APPOINTMENT:
                u = (
                    draws[drawn_at + ATTENDANCE + booked]
                    if booked < DRAWN_AHEAD
                    else self.draw(person, Purpose.ATTENDANCE, booked)
                )
                if booked and rules.missing != NOT_KNOWN:
                    missing = rules.missing
                else:
                    missing = therapy.did_not_attend_chance(
                        rules.missing_log_odds if booked else first_missing, rules.missing_trust, alliance
                    )
                booked += 1
                if u < rules.cancels:
                    write(day, Event.CANCELLED_BY_PATIENT, number, therapist.post)
                elif u < rules.cancels + (1.0 - rules.cancels) * missing:
                    write(day, Event.MISSED, number, therapist.post)
                else:
                    attended += 1
                    if attended == 1 and not person.assessed:
                        write(day, Event.ASSESSED, number, person.urgency, person.scores)
                    alliance = therapy.grown_alliance(
                        alliance,
                        ceiling,
                        rules.growth,
                        rules.growth_exhaustion * therapist.exhaustion,
                        rules.growth_pressure * therapist.pressure,
                    )
                    if ill:  # the natural course goes on meanwhile
                        if drift != 0.0:
                            so_far = illness.worsening(drift, weeks, illness.ill_days(day, onset, remission))
                            severity = illness.clip_severity(severity + so_far - worsened)
                            worsened = so_far
                        if day >= remission:
                            ill, floor = False, min(floor, rules.remitted_severity)
                    severity -= therapy.improvement(
                        severity, floor, response, rules.response_trust, alliance, therapist.skill
                    )
                    write(day, Event.SESSION, number, therapist.post, alliance)
                    therapist.held(person, day, rules.session_hours)
                    if attended >= rules.minimum:
                        u = (
                            draws[drawn_at + STOPPING + attended]
                            if attended < DRAWN_AHEAD
                            else self.draw(person, Purpose.STOPPING, attended)
                        )
                        if u < rules.good_enough_share and self.below_cut_offs(
                            *self.record_after(person, severity, attended)
                        ):
                            return self.end(person, Event.FINISHED, severity, attended)
                    if attended >= rules.cap:
                        return self.end(person, Event.CAPPED, severity, attended)
            elif signal is Signal.THERAPIST_LEFT:
                write(day, Event.THERAPIST_LEFT, number, therapist.post)
                person.treated = severity
                if not (yield from self.transfer(person, transfers)):
                    return False
                transfers += 1
                assert person.therapist is not None
                therapist = person.therapist
                if service.now.loops.broken_trust:
                    alliance *= rules.kept
                write(clock.day, Event.TRANSFERRED, number, therapist.post, alliance)
                continue
            else:
                write(day, Event.CANCELLED_BY_SERVICE, number, therapist.post, float(signal))
                alliance = therapy.ruptured_alliance(alliance, rules.rupture)
                cancelled = rules.dropout_cancelled
            if rules.dropout != NOT_KNOWN and cancelled == 0.0:
                hazard += rules.dropout
            else:
                hazard += therapy.dropout_hazard(
                    rules.dropout_log_odds, rules.dropout_trust, alliance, rules.dropout_early, attended, cancelled
                )
            if hazard >= threshold:
                return self.end(person, Event.DROPPED_OUT, severity, attended)

    def rules(self, person: Person) -> CourseRules:
        """What is in force today for people of this person's pathway and complexity."""
        if self._rules_of is not self.service.now:
            self._rules_of = self.service.now
            self._rules.clear()
        key = person.pathway, person.complex
        rules = self._rules.get(key)
        if rules is None:
            rules = self._rules[key] = course_rules(
                self.service.now, self.service.paths[person.pathway], person.complex
            )
        return rules

    def first_missing_log_odds(self, person: Person, rules: CourseRules) -> float:
        """Log-odds of missing the first session, which is the first appointment of all where nobody is assessed before."""
        if person.courses or person.assessed:
            return rules.missing_log_odds
        now = self.service.now
        waited = now.therapy.did_not_attend_wait * min((self.clock.day - person.asked) / 7.0, 4.0)
        return rules.missing_log_odds + now.demand.stigma_attendance_slope * self.felt_stigma() + waited

    def endowment(self, person: Person, severity: float) -> tuple[float, float, float, float]:
        """What a person brings to a course: alliance at its start and at its best, rate of response, severity that therapy does not go below."""
        rules, draws, drawn_at = self.service.now.therapy, person.draws, person.drawn_at
        z_alliance = draws[drawn_at + ALLIANCE]
        lower, added = (rules.alliance_complex, rules.floor_complex) if person.complex else (0.0, 0.0)
        stigma = self.service.now.demand.stigma_trust_slope * self.felt_stigma()
        return (
            therapy.starting_alliance(z_alliance, rules.alliance_start, rules.alliance_start_sd, lower + stigma),
            therapy.alliance_ceiling(
                z_alliance,
                draws[drawn_at + CEILING],
                rules.alliance_correlation,
                rules.alliance_ceiling,
                rules.alliance_ceiling_sd,
                lower,
            ),
            therapy.response_rate(draws[drawn_at + RESPONSE], rules.response_median, rules.response_sigma)
            * self.service.paths[person.pathway].effect,
            therapy.response_floor(draws[drawn_at + FLOOR], rules.floor_mean, rules.floor_sd, added, severity),
        )

    def begin(self, person: Person, severity: float) -> "Therapist":
        """The slot is taken: the person has a therapist."""
        therapist = person.therapist
        assert therapist is not None
        self._note(self.clock.day, Event.STARTED, person.number, therapist.post, severity)
        return therapist

    def felt_stigma(self) -> float:
        """Stigma at the door, against the one at which the service was observed."""
        now = self.service.now
        return now.demand.stigma - now.demand.stigma_observed if now.loops.stigma else 0.0

    def draw(self, person: Person, purpose: Purpose, occasion: int) -> float:
        """A draw that belongs to an occasion of the present course."""
        return draw(person.key, purpose, codes.occasion(person.courses, occasion))

    def below_cut_offs(self, depression: int, anxiety: int) -> bool:
        """Whether neither score counts as a case."""
        rules = self.service.now.triage
        return depression < rules.depression_scale.cut_off and anxiety < rules.anxiety_scale.cut_off

    def errors_after(self, person: Person, attended: int) -> tuple[float, float]:
        """Measurement errors of both scales after so many sessions of a course, in standard deviations."""
        occasion = attended + 2  # 0 and 1 are referral and assessment
        return normal(self.draw(person, Purpose.DEPRESSION_ERROR, occasion)), normal(
            self.draw(person, Purpose.ANXIETY_ERROR, occasion)
        )

    def record_after(self, person: Person, severity: float, attended: int) -> tuple[int, int]:
        """Recorded scores after so many sessions of a course."""
        return self.record(person, severity, *self.errors_after(person, attended))

    def record(self, person: Person, severity: float, depression_error: float, anxiety_error: float) -> tuple[int, int]:
        """Whole recorded scores, depression and anxiety, of a latent severity; errors in standard deviations."""
        rules, luck = self.service.now.triage, person.luck
        one, two = rules.depression_scale, rules.anxiety_scale
        return (
            triage.recorded_score(
                severity,
                one.slope,
                one.intercept,
                one.part_sd * luck.depression_part,
                one.error_sd * depression_error,
                one.highest,
            ),
            triage.recorded_score(
                severity,
                two.slope,
                two.intercept,
                two.part_sd * luck.anxiety_part,
                two.error_sd * anxiety_error,
                two.highest,
            ),
        )

    def severity(self, person: Person) -> float:
        """Latent severity today."""
        if person.treated != UNTREATED:
            return person.treated
        if person.seen_on != self.clock.day:  # often asked for twice on a day
            person.seen_on, person.seen = self.clock.day, self.untreated(person)
        return person.seen

    def untreated(self, person: Person) -> float:
        """What the severity would be today without any treatment."""
        day, remission, now = self.clock.day, person.remission, self.service.now
        weeks = now.waiting.drift_weeks
        worsened = person.drift * weeks * _worsened_share(weeks, illness.ill_days(day, person.onset, remission))
        return illness.untreated_severity(
            person.severity,
            worsened,
            day - remission,
            now.therapy.remitted_severity,
            now.therapy.remitted_half_life_days,
        )

    def transfer(self, person: Person, before: int) -> Part[bool]:
        """Wait for another therapist, after so many in this course; False for somebody who gives up first."""
        patience = NEVER
        law = self.service.patience[person.pathway]
        if self.service.now.loops.giving_up and law.law != Law.NONE:
            patience = patience_days(law, exponential(self.draw(person, Purpose.TRANSFER_PATIENCE, before)))
        self.service.leave_on(self.clock.day + patience, person)
        signal = yield self.called(person)
        if signal is Signal.LEAVE:
            self.note(Event.WITHDREW, person, value=person.treated)
            return False
        return True

    def end(self, person: Person, event: Event, severity: float, attended: int) -> bool:
        """The course is over: closing scores, beside those of the same person untreated."""
        therapist = person.therapist
        assert therapist is not None
        person.treated = severity
        scores, closing = self.closing(person, attended)
        self.note(event, person, therapist.post, closing)
        therapist.release(person)
        person.recovered = self.below_cut_offs(*scores)
        person.courses += 1
        return True

    def closing(self, person: Person, attended: int) -> tuple[tuple[int, int], float]:
        """Closing scores, and the same as the journal writes them: beside those of the same person untreated."""
        errors = self.errors_after(person, attended)
        scores = self.record(person, person.treated, *errors)
        return scores, codes.scores(*scores, *self.record(person, self.untreated(person), *errors))

    def helped(self, person: Person, severity: float, sessions: int) -> float:
        """Severity after sessions elsewhere, all of them attended, with a therapist of average skill who is neither exhausted nor pressed."""
        rules = self.rules(person)
        alliance, ceiling, response, floor = self.endowment(person, severity)
        if self.clock.day >= person.remission:
            floor = min(floor, rules.remitted_severity)
        for _ in range(sessions):
            alliance = therapy.grown_alliance(alliance, ceiling, rules.growth, 0.0, 0.0)
            severity -= therapy.improvement(severity, floor, response, rules.response_trust, alliance, 1.0)
        return severity

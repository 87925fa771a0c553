"""A course of therapy: trust, attendance, improvement, and how it ends."""

from dataclasses import dataclass

from accesssim.clinic import scores
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
    Treats,
)
from accesssim.clinic.plain_names import Event, Purpose, Signal
from accesssim.clinic.rules import expectations, illness, therapy
from accesssim.clinic.rules.patience import Law, patience_days
from accesssim.clinic.state import State
from accesssim.clinic.stigma import felt_stigma
from accesssim.world.calendar import NEVER
from accesssim.world.chance import draw, exponential
from accesssim.world.journal import codes
from accesssim.world.nothing import NOT_KNOWN
from accesssim.world.odds import logit
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.pathways import Pathway


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


def course_rules(now: Parameters, pathway: Pathway, complex_person: bool) -> CourseRules:
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
        cap=expectations.session_cap(pathway.cap, pathway.cap_cut_by_target, now.wellbeing.target_pressure),
    )


class Courses:
    """The courses of therapy of one run."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._rules: dict[tuple[int, bool], CourseRules] = {}
        self._rules_of: Parameters | None = None

    def course(self, person: Person) -> Part[bool]:
        """Session after session until it is good enough, the cap is reached or the person stops coming."""
        state, clock, write, number = self.state, self.state.clock, self.state.write, person.number
        called = clock.called
        severity = person.treated = scores.severity(state, person)
        therapist = self.begin(person, severity)
        now, rules, draws, drawn_at = state.now, self.rules(person), person.draws, person.drawn_at
        first_missing = self.first_missing_log_odds(person, rules)
        alliance, ceiling, response, floor = self.endowment(person, severity)
        drift, weeks, onset, remission = person.drift, now.waiting.drift_weeks, person.onset, person.remission
        ill, worsened = (
            clock.day < remission,
            scores.worsened(drift, weeks, illness.ill_days(clock.day, onset, remission)),
        )
        threshold, hazard, booked, attended, transfers = exponential(draws[drawn_at + DROPOUT]), 0.0, 0, 0, 0
        while True:
            signal = yield called(person)
            if state.now is not now:
                now, rules = state.now, self.rules(person)
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
                            so_far = scores.worsened(drift, weeks, illness.ill_days(day, onset, remission))
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
                        if u < rules.good_enough_share and scores.below_cut_offs(
                            state, *scores.recorded_after(state, person, severity, attended)
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
                if state.now.loops.broken_trust:
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
        if self._rules_of is not self.state.now:
            self._rules_of = self.state.now
            self._rules.clear()
        key = person.pathway, person.complex
        rules = self._rules.get(key)
        if rules is None:
            rules = self._rules[key] = course_rules(self.state.now, self.state.paths[person.pathway], person.complex)
        return rules

    def first_missing_log_odds(self, person: Person, rules: CourseRules) -> float:
        """Log-odds of missing the first session, which is the first appointment of all where nobody is assessed before."""
        if person.courses or person.assessed:
            return rules.missing_log_odds
        now = self.state.now
        waited = now.therapy.did_not_attend_wait * min((self.state.clock.day - person.asked) / 7.0, 4.0)
        return rules.missing_log_odds + now.demand.stigma_attendance_slope * felt_stigma(self.state.now) + waited

    def endowment(self, person: Person, severity: float) -> tuple[float, float, float, float]:
        """What a person brings to a course: alliance at its start and at its best, rate of response, severity that therapy does not go below."""
        rules, draws, drawn_at = self.state.now.therapy, person.draws, person.drawn_at
        z_alliance = draws[drawn_at + ALLIANCE]
        lower, added = (rules.alliance_complex, rules.floor_complex) if person.complex else (0.0, 0.0)
        stigma = self.state.now.demand.stigma_trust_slope * felt_stigma(self.state.now)
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
            * self.state.paths[person.pathway].effect,
            therapy.response_floor(draws[drawn_at + FLOOR], rules.floor_mean, rules.floor_sd, added, severity),
        )

    def begin(self, person: Person, severity: float) -> Treats:
        """The slot is taken: the person has a therapist."""
        therapist = person.therapist
        assert therapist is not None
        self.state.note(Event.STARTED, person, therapist.post, severity)
        return therapist

    def draw(self, person: Person, purpose: Purpose, occasion: int) -> float:
        """A draw that belongs to an occasion of the present course."""
        return draw(person.key, purpose, codes.occasion(person.courses, occasion))

    def transfer(self, person: Person, before: int) -> Part[bool]:
        """Wait for another therapist, after so many in this course; False for somebody who gives up first."""
        patience = NEVER
        law = self.state.patience[person.pathway]
        if self.state.now.loops.giving_up and law.law != Law.NONE:
            patience = patience_days(law, exponential(self.draw(person, Purpose.TRANSFER_PATIENCE, before)))
        self.state.leaves.add(self.state.clock.day + patience, person)
        signal = yield self.state.clock.called(person)
        if signal is Signal.LEAVE:
            self.state.note(Event.WITHDREW, person, value=person.treated)
            return False
        return True

    def end(self, person: Person, event: Event, severity: float, attended: int) -> bool:
        """The course is over: closing scores, beside those of the same person untreated."""
        therapist = person.therapist
        assert therapist is not None
        person.treated = severity
        recorded, closing = scores.closing(self.state, person, attended)
        self.state.note(event, person, therapist.post, closing)
        therapist.release(person)
        person.recovered = scores.below_cut_offs(self.state, *recorded)
        person.courses += 1
        return True

    def helped(self, person: Person, severity: float, sessions: int) -> float:
        """Severity after sessions elsewhere, all of them attended, with a therapist of average skill who is neither exhausted nor pressed."""
        rules = self.rules(person)
        alliance, ceiling, response, floor = self.endowment(person, severity)
        if self.state.clock.day >= person.remission:
            floor = min(floor, rules.remitted_severity)
        for _ in range(sessions):
            alliance = therapy.grown_alliance(alliance, ceiling, rules.growth, 0.0, 0.0)
            severity -= therapy.improvement(severity, floor, response, rules.response_trust, alliance, 1.0)
        return severity

"""A course of therapy: trust, attendance, improvement, and how it ends."""

from collections.abc import Generator
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from accesssim.clinic import illness, therapy, triage, waiting_list
from accesssim.clinic.population import DRAWN_AHEAD, Person
from accesssim.world.calendar import NEVER
from accesssim.world.chance import Purpose, exponential, normal
from accesssim.world.journal import Event, pack_scores
from accesssim.world.odds import logit

if TYPE_CHECKING:
    from accesssim.clinic.service import Service
    from accesssim.clinic.therapist import Therapist

Part = Generator[int | None, Any, bool]


class Signal(Enum):
    """What the service says to somebody who waits for it."""

    APPOINTMENT = auto()  # the day of an assessment or session has come
    CANCELLED = auto()  # the service cancels an assessment (a session: the reason itself, a `Cancellation`)
    LEAVE = auto()  # patience is over, or the need remitted
    THERAPIST_LEFT = auto()


class CourseRules(NamedTuple):
    """The parameters of a course that are in force, for one person."""

    assessed: bool
    cancels: float
    missing_log_odds: float
    first_missing_log_odds: float
    missing_trust: float
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


class Courses:
    """The courses of therapy of one run."""

    def __init__(self, service: "Service") -> None:
        self.service = service
        self.clock = service.clock
        self.chance = service.chance
        self._note = service.journal.note

    def note(self, event: Event, person: Person, post: int = -1, value: float = 0.0) -> None:
        """Write down what has just become true."""
        self._note(self.clock.day, event, person.number, post, value)

    def course(self, person: Person) -> Part:
        """Session after session until it is good enough, the cap is reached or the person stops coming."""
        service, clock, write, number = self.service, self.clock, self._note, person.number
        therapist = self.begin(person)
        now, rules, luck = service.now, self.rules(person), service.luck_of(person)
        ceiling, response = self.ceiling(person), self.response(person)
        severity = person.treated = self.severity(person)
        floor = self.floor(person, severity)
        drift, weeks, onset = person.drift, now.waiting.drift_weeks, person.onset
        worsened = illness.worsening(drift, weeks, clock.day - onset)
        ill, remission = clock.day < person.remission, person.remission
        course, threshold = person.courses << 12, exponential(luck.dropout)
        alliance, hazard, booked, attended = person.alliance, 0.0, 0, 0
        while True:
            signal = yield None
            if service.now is not now:
                now, rules = service.now, self.rules(person)
            day, cancelled = clock.day, 0.0
            if signal is Signal.APPOINTMENT:
                u = luck.attendance[booked] if booked < DRAWN_AHEAD else self.chance.uniform(number, Purpose.ATTENDANCE, course + booked)
                log_odds = rules.first_missing_log_odds if booked == 0 else rules.missing_log_odds
                booked += 1
                if u < rules.cancels:
                    write(day, Event.CANCELLED_BY_PATIENT, number, therapist.post)
                elif u < rules.cancels + (1.0 - rules.cancels) * therapy.did_not_attend_chance(log_odds, rules.missing_trust, alliance):
                    write(day, Event.MISSED, number, therapist.post)
                else:
                    attended += 1
                    if attended == 1 and not rules.assessed:
                        write(day, Event.ASSESSED, number, person.urgency, person.scores)
                    alliance = therapy.grown_alliance(
                        alliance, ceiling, rules.growth, rules.growth_exhaustion * therapist.exhaustion, rules.growth_pressure * therapist.pressure
                    )
                    if ill:  # the natural course goes on meanwhile
                        so_far = illness.worsening(drift, weeks, min(day, remission) - onset)
                        severity = illness.clip_severity(severity + so_far - worsened)
                        worsened = so_far
                        if day >= remission:
                            ill, floor = False, min(floor, rules.remitted_severity)
                    severity -= therapy.improvement(severity, floor, response, rules.response_trust, alliance, therapist.skill)
                    person.treated = severity
                    write(day, Event.SESSION, number, therapist.post, alliance)
                    therapist.held(person, rules.session_hours)
                    if attended >= rules.minimum and self.good_enough(person, luck.stopping, course + attended, attended, rules.good_enough_share):
                        return self.end(person, Event.FINISHED, course + attended)
                    if attended >= rules.cap:
                        return self.end(person, Event.CAPPED, course + attended)
            elif signal is Signal.THERAPIST_LEFT:
                write(day, Event.THERAPIST_LEFT, number, therapist.post)
                if not (yield from self.transfer(person)):
                    return False
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
            hazard += therapy.dropout_hazard(rules.dropout_log_odds, rules.dropout_trust, alliance, rules.dropout_early, attended, cancelled)
            if hazard >= threshold:
                return self.end(person, Event.DROPPED_OUT, course + attended)

    def rules(self, person: Person) -> CourseRules:
        """What is in force for this person's course today."""
        now, complex_person = self.service.now, person.complex
        rules, pathway, assessed = now.therapy, self.service.paths[person.pathway], now.triage.assess
        missing = therapy.did_not_attend_log_odds(
            rules.did_not_attend_log_odds, 0.0, 0.0, rules.did_not_attend_complex, complex_person, rules.reminders
        )
        first = missing
        if not assessed and person.courses == 0:  # the first session is then the first appointment
            first += now.demand.stigma_attendance_slope * self.felt_stigma()
            first += rules.did_not_attend_wait * min((self.clock.day - person.asked) / 7.0, 4.0)
        return CourseRules(
            assessed=assessed,
            cancels=rules.patient_cancels_share,
            missing_log_odds=missing,
            first_missing_log_odds=first,
            missing_trust=rules.did_not_attend_trust,
            growth=rules.alliance_growth * (1.0 - rules.alliance_growth_complex if complex_person else 1.0),
            growth_exhaustion=rules.alliance_growth_exhaustion,
            growth_pressure=rules.alliance_growth_pressure,
            rupture=rules.rupture * (1.0 + rules.rupture_complex if complex_person else 1.0),
            kept=rules.alliance_kept,
            response_trust=rules.response_trust,
            remitted_severity=rules.remitted_severity,
            dropout_log_odds=logit(rules.dropout_per_session),
            dropout_trust=rules.dropout_trust,
            dropout_early=rules.dropout_early,
            dropout_cancelled=rules.dropout_cancelled,
            session_hours=pathway.session_hours,
            minimum=pathway.minimum_sessions,
            good_enough_share=pathway.good_enough_share,
            cap=therapy.session_cap(pathway.cap, pathway.cap_cut_by_target, now.wellbeing.target_pressure),
        )

    def response(self, person: Person) -> float:
        """A person's rate of response in this pathway."""
        rules, luck = self.service.now.therapy, self.service.luck_of(person)
        rate = therapy.response_rate(normal(luck.response), rules.response_median, rules.response_sigma)
        return rate * self.service.paths[person.pathway].effect

    def floor(self, person: Person, severity: float) -> float:
        """Severity below which therapy alone does not bring this person."""
        rules, luck = self.service.now.therapy, self.service.luck_of(person)
        added = rules.floor_complex if person.complex else 0.0
        return therapy.response_floor(normal(luck.floor), rules.floor_mean, rules.floor_sd, added, severity)

    def begin(self, person: Person) -> "Therapist":
        """The slot is taken: the person has a therapist, and trust begins where it begins."""
        therapist = person.therapist
        assert therapist is not None
        rules, luck = self.service.now.therapy, self.service.luck_of(person)
        lower = rules.alliance_complex if person.complex else 0.0
        stigma = self.service.now.demand.stigma_trust_slope * self.felt_stigma()
        person.alliance = therapy.starting_alliance(normal(luck.alliance), rules.alliance_start, rules.alliance_start_sd, lower + stigma)
        self.note(Event.STARTED, person, therapist.post, self.severity(person))
        return therapist

    def felt_stigma(self) -> float:
        """Stigma at the door, against the one at which the service was observed."""
        now = self.service.now
        return now.demand.stigma - now.demand.stigma_observed if now.loops.stigma else 0.0

    def ceiling(self, person: Person) -> float:
        """The trust that this person can reach."""
        rules, luck = self.service.now.therapy, self.service.luck_of(person)
        return therapy.alliance_ceiling(
            normal(luck.alliance), normal(luck.ceiling), rules.alliance_correlation, rules.alliance_ceiling, rules.alliance_ceiling_sd,
            rules.alliance_complex if person.complex else 0.0,
        )

    def good_enough(self, person: Person, stopping: list[float], occasion: int, attended: int, share: float) -> bool:
        """Whether this session is the last because the recorded scores are below their cut-offs."""
        u = stopping[attended] if attended < DRAWN_AHEAD else self.chance.uniform(person.number, Purpose.STOPPING, occasion)
        return u < share and self.below_cut_offs(*self.record(person, person.treated, *self.errors(person, occasion + 2)))

    def below_cut_offs(self, depression: int, anxiety: int) -> bool:
        """Whether neither score counts as a case."""
        rules = self.service.now.triage
        return depression < rules.depression_scale.cut_off and anxiety < rules.anxiety_scale.cut_off

    def errors(self, person: Person, occasion: int) -> tuple[float, float]:
        """Measurement errors of both scales on a later occasion, in standard deviations."""
        uniform, number = self.chance.uniform, person.number
        return normal(uniform(number, Purpose.DEPRESSION_ERROR, occasion)), normal(uniform(number, Purpose.ANXIETY_ERROR, occasion))

    def record(self, person: Person, severity: float, depression_error: float, anxiety_error: float) -> tuple[int, int]:
        """Whole recorded scores, depression and anxiety, of a latent severity; errors in standard deviations."""
        rules, luck = self.service.now.triage, person.luck
        one, two = rules.depression_scale, rules.anxiety_scale
        return (
            triage.recorded_score(severity, one.slope, one.intercept, one.part_sd * luck.depression_part, one.error_sd * depression_error, one.highest),
            triage.recorded_score(severity, two.slope, two.intercept, two.part_sd * luck.anxiety_part, two.error_sd * anxiety_error, two.highest),
        )

    def severity(self, person: Person) -> float:
        """Latent severity today."""
        return person.treated if person.treated >= 0.0 else self.untreated(person)

    def untreated(self, person: Person) -> float:
        """What the severity would be today without any treatment."""
        day, now = self.clock.day, self.service.now
        return illness.untreated_severity(
            person.severity, person.drift, now.waiting.drift_weeks, max(day - person.onset, 0), day - person.remission,
            now.therapy.remitted_severity, now.therapy.remitted_half_life_days,
        )

    def transfer(self, person: Person) -> Part:
        """Wait for another therapist; False for somebody who gives up first."""
        rules = self.service.now.waiting
        patience = NEVER
        if self.service.now.loops.giving_up and rules.patience != "none":
            u = self.chance.uniform(person.number, Purpose.TRANSFER_PATIENCE, person.spell)
            patience = waiting_list.patience_days(
                rules.patience, exponential(u), rules.patience_median_days, rules.patience_shape, rules.patience_daily
            )
        self.service.leave_on(self.clock.day + patience, person)
        signal = yield None
        if signal is Signal.LEAVE:
            self.note(Event.WITHDREW, person, value=person.treated)
            return False
        return True

    def end(self, person: Person, event: Event, occasion: int) -> bool:
        """The course is over: closing scores, beside those of the same person untreated."""
        therapist = person.therapist
        assert therapist is not None
        errors = self.errors(person, occasion + 2)
        scores = self.record(person, person.treated, *errors)
        natural = self.record(person, self.untreated(person), *errors)
        self.note(event, person, therapist.post, pack_scores(*scores, *natural))
        therapist.release(person)
        person.recovered = self.below_cut_offs(*scores)
        person.courses += 1
        return True

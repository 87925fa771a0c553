"""A course of therapy: trust, attendance, improvement, and how it ends."""

from enum import Enum, auto
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from accesssim.clinic import illness, therapy, triage, waiting_list
from accesssim.clinic.population import DRAWN_AHEAD, Person
from accesssim.world.calendar import NEVER
from accesssim.world.chance import Purpose, exponential, normal
from accesssim.world.journal import Event, pack_scores
from accesssim.world.odds import logit

if TYPE_CHECKING:
    from accesssim.clinic.service import Service
    from accesssim.clinic.workforce import Therapist

Part = Generator[int | None, Any, bool]


class Signal(Enum):
    """What the service says to somebody who waits for it."""

    APPOINTMENT = auto()  # the day of an assessment or session has come
    CANCELLED = auto()  # the service cancels an assessment (a session: the reason itself, a `Cancellation`)
    LEAVE = auto()  # patience is over, or the need remitted
    THERAPIST_LEFT = auto()


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
        service, clock, note = self.service, self.clock, self.note
        luck, number = service.luck_of(person), person.number
        now = service.now
        rules = now.therapy
        therapist = self.begin(person)
        pathway = service.paths[person.pathway]
        complex_slowing = rules.alliance_growth_complex if person.complex else 0.0
        ceiling = self.ceiling(person)
        start = severity = person.treated = self.severity(person)
        rate = therapy.response_rate(normal(luck.response), rules.response_median, rules.response_sigma) * pathway.effect
        floor = therapy.response_floor(
            normal(luck.floor), rules.floor_mean, rules.floor_sd, rules.floor_complex if person.complex else 0.0, start
        )
        threshold = exponential(luck.dropout)
        drift, weeks, onset = person.drift, now.waiting.drift_weeks, person.onset
        worsened = illness.worsening(drift, weeks, clock.day - onset)
        remitted = clock.day >= person.remission
        wait_weeks = (clock.day - person.asked) / 7.0
        door = now.demand.stigma_attendance_slope * self.felt_stigma()
        course = person.courses << 12
        booked = attended = 0
        alliance, hazard = person.alliance, 0.0
        while True:
            signal = yield None
            rules = service.now.therapy
            if signal is Signal.APPOINTMENT:
                pathway = service.paths[person.pathway]
                u = luck.attendance[booked] if booked < DRAWN_AHEAD else self.chance.uniform(number, Purpose.ATTENDANCE, course + booked)
                first = booked == 0 and person.courses == 0 and not service.now.triage.assess
                booked += 1
                cancels = rules.patient_cancels_share
                missing = therapy.did_not_attend_chance(
                    rules.did_not_attend_log_odds + door if first else rules.did_not_attend_log_odds, wait_weeks if first else 0.0,
                    rules.did_not_attend_wait, rules.did_not_attend_complex, person.complex, rules.did_not_attend_trust, alliance, rules.reminders,
                )
                if u < cancels:
                    note(Event.CANCELLED_BY_PATIENT, person, therapist.post)
                elif u < cancels + missing * (1.0 - cancels):
                    note(Event.MISSED, person, therapist.post)
                else:
                    attended += 1
                    if attended == 1 and not service.now.triage.assess:
                        note(Event.ASSESSED, person, person.urgency, person.scores)
                    alliance = therapy.grown_alliance(
                        alliance, ceiling, rules.alliance_growth, complex_slowing, rules.alliance_growth_exhaustion * therapist.exhaustion,
                        rules.alliance_growth_pressure * therapist.pressure,
                    )
                    if not remitted:
                        age = clock.day - onset
                        if clock.day >= person.remission:
                            remitted = True
                            floor = min(floor, rules.remitted_severity)
                        so_far = illness.worsening(drift, weeks, age)
                        severity = illness.clip_severity(severity + so_far - worsened)
                        worsened = so_far
                    severity -= therapy.improvement(severity, floor, rate, rules.response_trust, alliance, therapist.skill)
                    person.treated = severity
                    note(Event.SESSION, person, therapist.post, alliance)
                    therapist.held(person, pathway.session_hours)
                    cap = therapy.session_cap(pathway.cap, pathway.cap_cut_by_target, service.now.wellbeing.target_pressure)
                    if attended >= pathway.minimum_sessions and self.good_enough(person, luck.stopping, course, attended, severity, pathway.good_enough_share):
                        return self.end(person, Event.FINISHED, course + attended)
                    if attended >= cap:
                        return self.end(person, Event.CAPPED, course + attended)
                cancelled = 0.0
            elif signal is Signal.THERAPIST_LEFT:
                left_by = therapist
                note(Event.THERAPIST_LEFT, person, left_by.post)
                successor = yield from self.transfer(person)
                if not successor:
                    return False
                assert person.therapist is not None
                therapist = person.therapist
                if service.now.loops.broken_trust:
                    alliance *= rules.alliance_kept
                note(Event.TRANSFERRED, person, therapist.post, alliance)
                continue
            else:
                note(Event.CANCELLED_BY_SERVICE, person, therapist.post, float(signal))
                alliance = therapy.ruptured_alliance(alliance, rules.rupture, rules.rupture_complex, person.complex)
                cancelled = rules.dropout_cancelled
            hazard += therapy.dropout_hazard(
                logit(rules.dropout_per_session), rules.dropout_trust, alliance, rules.dropout_early, attended, cancelled
            )
            if hazard >= threshold:
                return self.end(person, Event.DROPPED_OUT, course + attended)

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

    def good_enough(self, person: Person, stopping: list[float], course: int, attended: int, severity: float, share: float) -> bool:
        """Whether this session is the last because the recorded scores are below their cut-offs."""
        u = stopping[attended] if attended < DRAWN_AHEAD else self.chance.uniform(person.number, Purpose.STOPPING, course + attended)
        if u >= share:
            return False
        return self.below_cut_offs(*self.record(person, severity, course + attended + 2))

    def below_cut_offs(self, depression: int, anxiety: int) -> bool:
        """Whether neither score counts as a case."""
        rules = self.service.now.triage
        return depression < rules.depression_scale.cut_off and anxiety < rules.anxiety_scale.cut_off

    def record(self, person: Person, severity: float, occasion: int) -> tuple[int, int]:
        """Whole recorded scores, depression and anxiety, of a latent severity on one occasion."""
        rules, uniform, number, luck = self.service.now.triage, self.chance.uniform, person.number, person.luck
        one, two = rules.depression_scale, rules.anxiety_scale
        depression = triage.recorded_score(
            severity, one.slope, one.intercept, one.part_sd * normal(luck.depression_part),
            one.error_sd * normal(uniform(number, Purpose.DEPRESSION_ERROR, occasion)), one.highest,
        )
        anxiety = triage.recorded_score(
            severity, two.slope, two.intercept, two.part_sd * normal(luck.anxiety_part),
            two.error_sd * normal(uniform(number, Purpose.ANXIETY_ERROR, occasion)), two.highest,
        )
        return depression, anxiety

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
        scores = self.record(person, person.treated, occasion + 2)
        natural = self.record(person, self.untreated(person), occasion + 2)
        self.note(event, person, therapist.post, pack_scores(*scores, *natural))
        therapist.release(person)
        person.recovered = self.below_cut_offs(*scores)
        person.courses += 1
        return True

"""A person's journey, from asking for help to an outcome.

A journey is a process of SimPy's, and each part of it a generator: `yield self.until(person, day, phase)` sleeps to a date, `yield self.called(person)` waits
for the service's word, a `Signal` or nothing (see `clock`).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from accesssim.clinic.clock import Journey, Part
from accesssim.clinic.course import Courses
from accesssim.clinic.person import STEP_UP, Person, course_luck, episode_luck
from accesssim.clinic.plain_names import Event, Phase, Purpose, Route, Signal, Urgency, Waited
from accesssim.clinic.rules import bureaucracy, illness, places, referrals, therapy, triage
from accesssim.clinic.rules.patience import Law, patience_with_calls
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.chance import draw, exponential, named, normal
from accesssim.world.journal import codes
from accesssim.world.nothing import NO_PATHWAY, NO_SCORES, UNTREATED

if TYPE_CHECKING:
    from accesssim.clinic.service import Service


class Journeys(Courses):
    """The journeys of one run."""

    def __init__(self, service: "Service") -> None:
        super().__init__(service)
        self._steps = {name: [named(name, part) for part in range(3)] for name in service.now.bureaucracy.steps}

    def journey(self, person: Person) -> Journey:
        """One person, from asking for help to an outcome, and again after a relapse."""
        while True:
            self.referred(person)
            if not (yield from self.red_tape(person)):
                return
            if not (yield from self.assessment(person)):
                return
            if not (yield from self.treatment(person)):
                return
            if not (yield from self.relapse(person)):
                return

    def arrival(self, person: Person) -> Journey:
        """Somebody who comes straight to a pathway."""
        self.referred(person)
        self.comes_straight(person)
        if (yield from self.treatment(person)) and (yield from self.relapse(person)):
            yield from self.journey(person)

    def comes_straight(self, person: Person) -> None:
        """Class and pathway of somebody whom nobody assesses."""
        person.scores = self.referral_scores(person)
        self.classify(person)
        person.pathway = person.arrives

    def found_asking(self, person: Person) -> Journey:
        """Somebody who has asked and awaits assessment on day 0; red tape is behind them."""
        self.referred(person)
        for step in range(len(self._steps)):
            self.note(Event.STEP_PASSED, person, step)
        yield self.until(person, 0, Phase.REFERRALS)
        if (
            (yield from self.assessment(person))
            and (yield from self.treatment(person))
            and (yield from self.relapse(person))
        ):
            yield from self.journey(person)

    def suits(self, person: Person) -> bool:
        """Whether a person who asked earlier would have come to a list; sets class and pathway."""
        if person.arrives != NO_PATHWAY:
            self.comes_straight(person)
            return True
        person.assessed = self.service.now.triage.assess
        person.scores = self.assessment_scores(person) if person.assessed else self.referral_scores(person)
        self.classify(person)
        self.place(person)
        if not person.assessed:
            return person.pathway != NO_PATHWAY
        return self.suitable(person) and not self.leaves_after_one_contact(person)

    def found_waiting(self, person: Person) -> Journey:
        """Somebody who is on a list on day 0."""
        if (yield from self.treatment(person)) and (yield from self.relapse(person)):
            yield from self.journey(person)

    def found_in_therapy(self, person: Person, course: Part[bool]) -> Journey:
        """Somebody who is in therapy on day 0, with what is left of the course."""
        ended = yield from course
        if ended and (self.steps_up(person) or self.goes_on(person)):
            yield self.until(person, self.clock.day, Phase.REFERRALS)
            ended = yield from self.treatment(person)
        if ended and (yield from self.relapse(person)):
            yield from self.journey(person)

    def treatment(self, person: Person) -> Part[bool]:
        """Wait, therapy, and if need be a step up; True once therapy has ended."""
        while True:
            waited = yield from self.wait(person)
            if waited is not Waited.STARTED:
                if waited is Waited.BETTER or not self.tries_elsewhere(person):
                    return False
                yield self.until(person, self.clock.day, Phase.REFERRALS)
                continue
            person.waits = 0
            if self.service.paths[person.pathway].places is not None:
                yield from self.stay(person)
            elif not (yield from self.course(person)):
                return False
            if not (self.steps_up(person) or self.goes_on(person)):
                return True
            yield self.until(person, self.clock.day, Phase.REFERRALS)

    # -- between asking and assessment

    def referred(self, person: Person) -> None:
        """The person asks, or somebody asks for them, at the team of their home."""
        route = Route.RETURNING
        if not person.episode:
            route = (
                Route.SELF if person.luck.route < self.service.now.demand.self_referral_share else Route.PROFESSIONAL
            )
        self.service.home(person)
        self.note(Event.REFERRED, person, codes.referred_as(person.team, route), self.severity(person))

    def listed_as(self, person: Person) -> int:
        """List and class of somebody who joins one, as the journal writes them."""
        return codes.listed(codes.list_of(person.team, person.pathway, len(self.service.paths)), person.urgency)

    def red_tape(self, person: Person) -> Part[bool]:
        """Step after step; False for somebody who was refused, gave up or got better on the way."""
        if not self._steps:
            return True
        rules = self.service.now.bureaucracy
        gives_up = self.clock.day + bureaucracy.giving_up_days(
            exponential(person.luck.red_tape), rules.giving_up_per_week, rules.giving_up_complex, person.complex
        )
        for number, (name, purposes) in enumerate(self._steps.items()):
            nth = 0
            while True:
                rules = self.service.now.bureaucracy
                step = rules.steps[name]
                again = nth > 0
                if again:
                    attempt = codes.attempt(person.episode, nth)
                    luck = [draw(person.key, purpose, attempt) for purpose in purposes]
                    luck[0] = normal(luck[0])
                else:
                    luck = person.tape[3 * number : 3 * number + 3]
                variance = bureaucracy.step_variance(step.delay_days, step.delay_sd_days)
                days = bureaucracy.step_days(luck[0], step.delay_days, variance, rules.level)
                done = self.clock.day + (max(days, 1) if again else days)  # whatever comes back costs a day at least
                leaves = min(gives_up, person.remission)
                if leaves <= done:
                    yield self.until(person, leaves, Phase.WITHDRAWALS)
                    self.note(Event.BETTER_WAITING if person.remission == leaves else Event.GAVE_UP_RED_TAPE, person)
                    return False
                if done > self.clock.day:
                    yield self.until(person, done, Phase.REFERRALS)
                self.service.workforce.hours.tape_hours += step.staff_hours * rules.level
                if luck[1] < step.sent_back_share:
                    self.note(Event.STEP_RETURNED, person, number)
                    nth = min(nth + 1, codes.MOST_ATTEMPTS)
                    continue
                if luck[2] >= step.approval_share:
                    self.note(Event.REFUSED, person, number)
                    return False
                self.note(Event.STEP_PASSED, person, number)
                break
        return True

    def assessment(self, person: Person) -> Part[bool]:
        """Booked ahead, attended or missed; False for somebody who does not go on to a list."""
        rules = self.service.now.triage
        person.assessed = False
        if not rules.assess:
            person.scores = self.referral_scores(person)
            self.classify(person)
            self.place(person)
            if person.pathway == NO_PATHWAY:
                yield self.until(person, self.clock.day + 1, Phase.SESSIONS)
                self.note(Event.SIGNPOSTED, person)
            return person.pathway != NO_PATHWAY
        referred = self.clock.day
        person.urgency = Urgency.ROUTINE
        if self.referral_depression(person) >= rules.urgent_from:
            person.urgency = Urgency.URGENT
        missed = 0
        while True:
            self.service.book(person)
            signal = yield self.called(person)
            if signal is Signal.LEAVE:
                self.note(Event.BETTER_WAITING, person)
                return False
            if signal is Signal.CANCELLED:
                self.note(Event.ASSESSMENT_CANCELLED, person)
            elif self.misses_assessment(person, referred, missed):
                missed += 1
                self.note(Event.ASSESSMENT_MISSED, person, person.urgency)
                if missed > self.service.now.triage.rebooked_times:
                    self.note(Event.DISCHARGED_UNSEEN, person)
                    return False
            else:
                break
            yield self.until(person, self.clock.day, Phase.REFERRALS)
        stays = self.assessed(person)
        if stays:
            yield self.until(person, self.clock.day, Phase.REFERRALS)
        return stays

    def misses_assessment(self, person: Person, referred: int, missed: int) -> bool:
        """Whether a person does not come to an assessment, after so many missed; what the service cancels costs no luck."""
        now = self.service.now
        rules, demand = now.therapy, now.demand
        door = rules.did_not_attend_log_odds + demand.stigma_attendance_slope * self.felt_stigma()
        chance = therapy.did_not_attend_chance(
            therapy.did_not_attend_log_odds(
                door,
                (self.clock.day - referred) / 7.0,
                rules.did_not_attend_wait,
                rules.did_not_attend_complex,
                person.complex,
                rules.reminders,
            ),
            0.0,
            0.5,
        )
        if missed == 0:
            return person.luck.assessment_attended < chance
        return draw(person.key, Purpose.ASSESSMENT_ATTENDED, codes.occasion(missed, person.episode)) < chance

    def assessed(self, person: Person) -> bool:
        """What the assessment decides; True for somebody who joins a list."""
        person.assessed = True
        person.scores = self.assessment_scores(person)
        self.classify(person)
        self.note(Event.ASSESSED, person, person.urgency, person.scores)
        if person.urgency is Urgency.EMERGENCY:
            self.service.crisis(person, draw(person.key, Purpose.EMERGENCY_HOURS, person.episode))
        self.place(person)
        if not self.suitable(person):
            self.note(Event.SIGNPOSTED, person)
            return False
        if self.leaves_after_one_contact(person):
            self.note(Event.ONE_CONTACT, person)
            return False
        return True

    def referral_scores(self, person: Person) -> float:
        """Recorded scores when referred."""
        luck = person.luck
        return codes.scores(
            *self.record(person, self.severity(person), luck.referral_depression_error, luck.referral_anxiety_error)
        )

    def referral_depression(self, person: Person) -> int:
        """The recorded depression score when referred, which alone decides how soon an assessment is booked."""
        scale, luck = self.service.now.triage.depression_scale, person.luck
        error = scale.error_sd * luck.referral_depression_error
        return triage.recorded_score(
            self.severity(person),
            scale.slope,
            scale.intercept,
            scale.part_sd * luck.depression_part,
            error,
            scale.highest,
        )

    def assessment_scores(self, person: Person) -> float:
        """Recorded scores when assessed."""
        luck = person.luck
        return codes.scores(
            *self.record(person, self.severity(person), luck.assessment_depression_error, luck.assessment_anxiety_error)
        )

    def classify(self, person: Person) -> None:
        """Urgency, from the recorded score."""
        rules = self.service.now.triage
        person.urgency = Urgency.ROUTINE
        if codes.depression(person.scores) >= rules.urgent_from:
            emergency = draw(person.key, Purpose.EMERGENCY, person.episode) < rules.emergency_share
            person.urgency = Urgency.EMERGENCY if emergency else Urgency.URGENT

    def suitable(self, person: Person) -> bool:
        """Whether the service has something for this person."""
        rules = self.service.now.triage
        too_well = (
            codes.depression(person.scores) < rules.signpost_below
            and codes.anxiety(person.scores) < rules.anxiety_scale.cut_off
        )
        return not too_well and person.pathway != NO_PATHWAY and person.luck.suitable >= rules.unsuitable_share

    def leaves_after_one_contact(self, person: Person) -> bool:
        """Whether the first contact is also the last."""
        now = self.service.now
        return now.triage.assessment_is_first_contact and person.luck.one_contact < now.therapy.one_contact_share

    def place(self, person: Person) -> None:
        """Choose the pathway from the recorded scores; NO_PATHWAY where the service has none."""
        rules, service = self.service.now.triage, self.service
        recognised = person.complex and person.luck.recognised < rules.complexity_recognised_share
        person.pathway = triage.choose_pathway(
            codes.depression(person.scores), recognised, service.from_scores, service.for_complex
        )

    # -- the list

    def wait(self, person: Person) -> Part[Waited]:
        """On the list, until a therapist has a slot, patience is over or the need remits."""
        today, rules, luck = self.clock.day, self.service.now.waiting, person.luck
        severity = self.severity(person)
        self.service.join(person)
        self.note(Event.LISTED, person, self.listed_as(person), severity)
        patience, law = NEVER, self.service.patience[person.pathway]
        first, occasion = person.courses == person.waits == 0, codes.occasion(person.courses, person.waits)
        if self.service.now.loops.giving_up and law.law != Law.NONE:
            u = luck.patience if first else draw(person.key, Purpose.PATIENCE, occasion)
            patience = patience_with_calls(law, exponential(u), rules.check_in_weeks, rules.check_in_effect)
        remission = person.remission - today
        if person.treated != UNTREATED and remission <= 0:
            remission = NEVER  # remitted during therapy already: what is left does not go by itself
        stay = max(1, min(patience, remission))
        self.service.leave_on(today + stay, person)
        if rules.crisis_per_month > 0.0:
            u = luck.crisis if first else draw(person.key, Purpose.CRISIS, occasion)
            treated = person.treated != UNTREATED
            crisis = illness.crisis_days(
                exponential(u),
                min(stay, self.clock.days - today),
                max(today - person.onset, 0),
                person.treated if treated else person.severity,
                0.0 if treated else person.drift,
                rules.drift_weeks,
                rules.crisis_per_month,
                rules.crisis_severity_slope,
                rules.crisis_complex_ratio,
                person.complex,
                self.service.now.loops.waiting_harms,
            )
            if crisis < NEVER:
                self.service.crisis_on(today + crisis, person)
        signal = yield self.called(person)
        if signal is Signal.LEAVE:
            better = remission <= patience
            self.note(
                Event.BETTER_WAITING if better else Event.WITHDREW,
                person,
                value=0.0 if better else self.severity(person),
            )
            return Waited.BETTER if better else Waited.WITHDREW
        return Waited.STARTED

    def tries_elsewhere(self, person: Person) -> bool:
        """Whether somebody who has left a list ill goes on to another."""
        person.waits += 1
        shares = self.service.paths[person.pathway].after_withdrawal
        return self.hands_on(person, shares, Purpose.AFTER_WITHDRAWAL, codes.occasion(person.courses, person.waits))

    # -- places

    def found_in_place(self, person: Person) -> Journey:
        """Somebody who keeps a place on day 0."""
        yield from self.stay(person, found=True)
        ended = True
        if self.steps_up(person) or self.goes_on(person):
            yield self.until(person, self.clock.day, Phase.REFERRALS)
            ended = yield from self.treatment(person)
        if ended and (yield from self.relapse(person)):
            yield from self.journey(person)

    def stay(self, person: Person, *, found: bool = False) -> Part[None]:
        """In a place, until the stay is over; `found` there on day 0, for what is left of a stay."""
        stays = self.service.stays[person.pathway]
        days = stays.rest(person.key, person.courses) if found else stays.days(person.key, person.courses)
        if found:  # the place was somebody else's while they waited for it
            self.clock.day = places.began_on(self.clock.day, days, draw(person.key, Purpose.CASELOAD_AGE, 2))
        came, severity = self.clock.day, self.severity(person)
        self.note(Event.STARTED, person, value=severity)
        if found:
            self.clock.day = 0
        yield self.until(
            person,
            self.clock.day + places.whole_days(days, draw(person.key, Purpose.STAY_ROUNDING, person.courses)),
            Phase.SESSIONS,
        )
        self.service.in_places[person.served_at] -= 1
        self.leave_place(person, came, severity)

    def leave_place(self, person: Person, came: int, severity: float) -> None:
        """The stay is over: what therapy in it has done, if there was any."""
        sessions = int(self.service.paths[person.pathway].sessions_per_week * (self.clock.day - came) / DAYS_PER_WEEK)
        if sessions == 0:
            self.note(Event.STAYED, person, person.served_at, NO_SCORES)
        else:
            if not person.assessed:
                self.note(Event.ASSESSED, person, person.urgency, person.scores)  # the scores that the stay began with
            person.treated = self.helped(person, severity, sessions)
            scores, closing = self.closing(person, sessions)
            self.note(Event.STAYED, person, person.served_at, closing)
            person.recovered = self.below_cut_offs(*scores)
        person.courses += 1

    def goes_on(self, person: Person) -> bool:
        """Whether somebody whose stay, or course, is over goes on to another pathway."""
        # an address that no course uses, whose own is its number: else whoever is handed on would carry the luck of it into the question of a step up
        if not self.hands_on(
            person, self.service.paths[person.pathway].then, Purpose.STEP_UP, codes.occasion(person.courses, 0)
        ):
            return False
        course_luck(self.chance, [person])
        return True

    def hands_on(self, person: Person, shares: Mapping[str, float], purpose: Purpose, occasion: int) -> bool:
        """Send the person on to a pathway by its share; False for somebody who goes to none."""
        chosen = places.goes_on_to(draw(person.key, purpose, occasion), list(shares.values())) if shares else NO_PATHWAY
        if chosen != NO_PATHWAY:
            person.pathway = self.service.path_names.index(list(shares)[chosen])
        return chosen != NO_PATHWAY

    # -- afterwards

    def steps_up(self, person: Person) -> bool:
        """Whether somebody who has not recovered goes on to a more intensive pathway."""
        pathway, paths = self.service.paths[person.pathway], self.service.path_names
        if (
            pathway.step_up_to is None
            or person.recovered
            or person.draws[person.drawn_at + STEP_UP] >= pathway.step_up_share
        ):
            return False
        person.pathway = paths.index(pathway.step_up_to)
        course_luck(self.chance, [person])
        return True

    def relapse(self, person: Person) -> Part[bool]:
        """After recovery: stay well, or relapse and ask again (True)."""
        if not person.recovered:
            return False
        key, rules = person.key, self.service.now.therapy
        days = therapy.relapse_days(
            exponential(draw(key, Purpose.RELAPSE, person.courses)),
            rules.relapse_12_months,
            rules.relapse_shape,
            self.service.paths[person.pathway].relapse_ratio,
        )
        yield self.until(person, self.clock.day + days, Phase.REFERRALS)
        person.episode += 1
        person.onset, person.treated, person.recovered = self.clock.day, UNTREATED, False
        person.seen, person.seen_on = person.severity, person.onset
        rules, waiting = self.service.now.therapy, self.service.now.waiting  # of this day: they may have changed since
        ill = illness.remission_days(
            exponential(draw(key, Purpose.REMISSION, person.episode)),
            waiting.remission_early_per_week,
            waiting.remission_per_week,
            waiting.remission_early_weeks,
        )
        person.remission = person.onset + ill
        self.note(Event.RELAPSED, person, value=person.severity)
        z = normal(draw(key, Purpose.RETURN_DELAY, person.episode))
        delay = 1 + referrals.delay_days(z, rules.return_delay_days, 0.0, 0.0, 0.0, 1.0)
        if draw(key, Purpose.RETURN, person.episode) >= rules.return_share or delay >= ill:
            return False
        episode_luck(self.chance, [person], tuple(purpose for purposes in self._steps.values() for purpose in purposes))
        course_luck(self.chance, [person])
        yield self.until(person, self.clock.day + delay, Phase.REFERRALS)
        person.asked = self.clock.day
        return True

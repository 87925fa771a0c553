"""Assessment: booked ahead, attended or missed; and what it decides."""

from accesssim.clinic import scores
from accesssim.clinic.assessments import Assessments
from accesssim.clinic.clock import Part
from accesssim.clinic.crises import Crises
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, Phase, Purpose, Signal, Urgency
from accesssim.clinic.rules import therapy, triage
from accesssim.clinic.state import State
from accesssim.clinic.stigma import felt_stigma
from accesssim.world.chance import draw
from accesssim.world.journal import codes
from accesssim.world.nothing import NO_PATHWAY


class Triage:
    """The assessments of one run, as those who are assessed go through them."""

    def __init__(self, state: State, assessments: Assessments, crises: Crises) -> None:
        self.state, self.assessments, self.crises = state, assessments, crises

    def assessment(self, person: Person) -> Part[bool]:
        """Booked ahead, attended or missed; False for somebody who does not go on to a list."""
        state, clock = self.state, self.state.clock
        rules = state.now.triage
        person.assessed = False
        if not rules.assess:
            person.scores = scores.referral_scores(state, person)
            self.classify(person)
            self.choose_pathway(person)
            if person.pathway == NO_PATHWAY:
                yield clock.until(person, clock.day + 1, Phase.SESSIONS)
                state.note(Event.SIGNPOSTED, person)
            return person.pathway != NO_PATHWAY
        referred = clock.day
        person.urgency = Urgency.ROUTINE
        if scores.referral_depression(state, person) >= rules.urgent_from:
            person.urgency = Urgency.URGENT
        missed = 0
        while True:
            state.leaves.add(person.remission, person)
            self.assessments.book(person)
            signal = yield clock.called(person)
            if signal is Signal.LEAVE:
                state.note(Event.BETTER_WAITING, person)
                return False
            if signal is Signal.CANCELLED:
                state.note(Event.ASSESSMENT_CANCELLED, person)
            elif self.misses(person, referred, missed):
                missed += 1
                state.note(Event.ASSESSMENT_MISSED, person, person.urgency)
                if missed > state.now.triage.rebooked_times:
                    state.note(Event.DISCHARGED_UNSEEN, person)
                    return False
            else:
                break
            yield clock.until(person, clock.day, Phase.REFERRALS)
        stays = self.assessed(person)
        if stays:
            yield clock.until(person, clock.day, Phase.REFERRALS)
        return stays

    def misses(self, person: Person, referred: int, missed: int) -> bool:
        """Whether a person does not come, after so many missed; what the service cancels costs no luck."""
        now = self.state.now
        rules = now.therapy
        door = rules.did_not_attend_log_odds + now.demand.stigma_attendance_slope * felt_stigma(now)
        chance = therapy.did_not_attend_chance(
            therapy.did_not_attend_log_odds(
                door,
                (self.state.clock.day - referred) / 7.0,
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
        state = self.state
        person.assessed = True
        person.scores = scores.assessment_scores(state, person)
        self.classify(person)
        state.note(Event.ASSESSED, person, person.urgency, person.scores)
        if person.urgency is Urgency.EMERGENCY:
            self.crises.crisis(person, draw(person.key, Purpose.EMERGENCY_HOURS, person.episode))
        self.choose_pathway(person)
        if not self.suitable(person):
            state.note(Event.SIGNPOSTED, person)
            return False
        if self.leaves_after_one_contact(person):
            state.note(Event.ONE_CONTACT, person)
            return False
        return True

    def classify(self, person: Person) -> None:
        """Urgency, from the recorded score."""
        rules = self.state.now.triage
        person.urgency = Urgency.ROUTINE
        if codes.depression(person.scores) >= rules.urgent_from:
            emergency = draw(person.key, Purpose.EMERGENCY, person.episode) < rules.emergency_share
            person.urgency = Urgency.EMERGENCY if emergency else Urgency.URGENT

    def choose_pathway(self, person: Person) -> None:
        """Choose the pathway from the recorded scores; NO_PATHWAY where the service has none."""
        state = self.state
        recognised = person.complex and person.luck.recognised < state.now.triage.complexity_recognised_share
        depression = codes.depression(person.scores)
        person.pathway = triage.choose_pathway(depression, recognised, state.from_scores, state.for_complex)

    def suitable(self, person: Person) -> bool:
        """Whether the service has something for this person."""
        rules = self.state.now.triage
        too_well = (
            codes.depression(person.scores) < rules.signpost_below
            and codes.anxiety(person.scores) < rules.anxiety_scale.cut_off
        )
        return not too_well and person.pathway != NO_PATHWAY and person.luck.suitable >= rules.unsuitable_share

    def leaves_after_one_contact(self, person: Person) -> bool:
        """Whether the first contact is also the last."""
        now = self.state.now
        return now.triage.assessment_is_first_contact and person.luck.one_contact < now.therapy.one_contact_share

    # -- of people whom nobody assesses in the run

    def comes_straight(self, person: Person) -> None:
        """Class and pathway of somebody who comes straight to one."""
        person.scores = scores.referral_scores(self.state, person)
        self.classify(person)
        person.pathway = person.arrives

    def suits(self, person: Person) -> bool:
        """Whether a person who asked before day 0 would have come to a list; sets class and pathway."""
        if person.arrives != NO_PATHWAY:
            self.comes_straight(person)
            return True
        person.assessed = self.state.now.triage.assess
        shown = scores.assessment_scores if person.assessed else scores.referral_scores
        person.scores = shown(self.state, person)
        self.classify(person)
        self.choose_pathway(person)
        if not person.assessed:
            return person.pathway != NO_PATHWAY
        return self.suitable(person) and not self.leaves_after_one_contact(person)

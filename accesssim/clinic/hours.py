"""Where the hours of a therapist's week go: sessions, assessments, paperwork, care, meetings."""

import math
from typing import TYPE_CHECKING

from accesssim.clinic import bureaucracy
from accesssim.clinic.team import Team
from accesssim.clinic.therapist import Therapist
from accesssim.world.parameters import Parameters

if TYPE_CHECKING:
    from accesssim.clinic.service import Service

SMOOTHING_WEEKS = 8


class Hours:
    """Hours of this week, under what is in force and after what administrators take over."""

    def __init__(self, service: "Service") -> None:
        self.relief = 0.0  # share of paperwork that administrators take over
        self.tape_hours = 0.0  # of red-tape steps this week, of all
        self.tape_average = sum(step.staff_hours for step in service.now.bureaucracy.steps.values()) * service.now.demand.referrals_per_week
        self.contracted = 0.0  # hours a week of all therapists
        self._paperwork_wanted = 0.0

    def begin_week(self, now: Parameters) -> None:
        """Administrators take over what they can of the paperwork that last week wanted."""
        rules = now.bureaucracy
        self.relief = bureaucracy.relief_share(rules.admin_posts, rules.hours_relieved_per_admin_post, self._paperwork_wanted, rules.relief_limit)

    def end_week(self, paperwork_wanted: float) -> None:
        """Remember the week's paperwork, and its red tape as an average."""
        self._paperwork_wanted = paperwork_wanted
        self.tape_average += (self.tape_hours - self.tape_average) / SMOOTHING_WEEKS
        self.tape_hours = 0.0

    def level(self, now: Parameters) -> float:
        """Red tape as a multiple of the described; none with its loop switched off."""
        return now.bureaucracy.level if now.loops.red_tape else 0.0

    def care_hours(self, now: Parameters, wte: float) -> float:
        """Hours a week of supervision (with the supervisor's part), protected time, peers and development, for a contract of `wte`."""
        care = now.wellbeing
        supervision = care.supervision_hours * (1.0 + 1.0 / care.supervision_group_size)
        return wte * (supervision + care.protected_hours + care.peer_support * care.peer_support_hours + care.development * care.development_hours)

    def paperwork(self, now: Parameters, hours: float) -> float:
        """Hours of paperwork after what administrators take over."""
        return self.level(now) * hours * (1.0 - self.relief)

    def usable_hours(self, team: Team, now: Parameters) -> float:
        """Hours a week for patients: assessments and sessions with their paperwork."""
        if team.usable_of is not now or team.usable_relief != self.relief:  # asked for by every therapist, the same for all of a group
            rules = team.rules
            fixed = self.paperwork(now, now.bureaucracy.fixed_hours_per_week)
            hours = rules.wte * (rules.hours_per_week - rules.meeting_hours - fixed) - self.care_hours(now, rules.wte)
            team.usable_hours, team.usable_of, team.usable_relief = max(0.0, hours), now, self.relief
        return team.usable_hours

    def slot_hours(self, team: Team, now: Parameters) -> float:
        """Hours that a weekly slot takes, with its paperwork."""
        return bureaucracy.slot_hours(team.session_hours, now.bureaucracy.hours_per_session, self.level(now), self.relief)

    def slots(self, team: Team, now: Parameters, overbooked_hours: float) -> int:
        """Weekly slots of a therapist of this group."""
        usable = self.usable_hours(team, now)
        slot = self.slot_hours(team, now)
        if team.discharges < 0.0:
            team.discharges = 0.12 * usable / slot / team.rules.wte if now.initial.state == "steady" else 0.0
        other = team.rules.wte * self.paperwork(now, team.discharges * now.bureaucracy.hours_per_discharge) + self.tape_hours_each(team)
        hours = usable * (1.0 - team.rules.assessment_share) - other + overbooked_hours
        slots = max(0, math.floor(hours / slot + 1e-9))
        return slots if team.rules.slots_limit is None else min(slots, team.rules.slots_limit)

    def tape_hours_each(self, team: Team) -> float:
        """A therapist's part in the staff hours of red-tape steps."""
        if self.tape_average == 0.0 or self.contracted == 0.0:
            return 0.0
        return self.tape_average * team.rules.hours_per_week * team.rules.wte / self.contracted

    def committed_hours(self, therapist: Therapist, team: Team, now: Parameters) -> float:
        """Hours of a week besides sessions and crises."""
        rules = team.rules
        usable = self.usable_hours(team, now)
        discharges = rules.wte * self.paperwork(now, team.discharges * now.bureaucracy.hours_per_discharge)
        return rules.hours_per_week * rules.wte - usable + usable * rules.assessment_share + discharges + self.tape_hours_each(team) + therapist.cover_hours

    def forms(self, therapist: Therapist, team: Team, now: Parameters) -> float:
        """Hours of paperwork that a therapist did in the week."""
        rules, forms = team.rules, now.bureaucracy
        hours = self.paperwork(
            now, rules.wte * forms.fixed_hours_per_week + therapist.sessions * forms.hours_per_session + therapist.discharges * forms.hours_per_discharge
        )
        if rules.assessment_share > 0.0:
            each = self.paperwork(now, forms.hours_per_assessment)
            hours += rules.assessment_share * self.usable_hours(team, now) * each / (now.triage.assessment_hours + each)
        return hours + self.tape_hours_each(team)

    def needed(self, therapist: Therapist, team: Team, now: Parameters) -> float:
        """Hours that the week took."""
        sessions = therapist.contact_hours + self.paperwork(now, therapist.sessions * now.bureaucracy.hours_per_session)
        handover = self.paperwork(now, therapist.transfers * now.bureaucracy.hours_per_discharge)
        return self.committed_hours(therapist, team, now) + sessions + handover + therapist.crises * now.triage.crisis_hours

"""Where the hours of a therapist's week go: sessions, assessments, paperwork, care, meetings."""

from accesssim.clinic.rules import bureaucracy, worktime
from accesssim.clinic.staff import Staff
from accesssim.clinic.therapist import Therapist
from accesssim.world.arithmetic import total
from accesssim.world.limits import TENTHS
from accesssim.world.nothing import NO_LIMIT, NOT_KNOWN
from accesssim.world.sections.parameters import Parameters

SMOOTHING_WEEKS = 8


class Hours:
    """Hours of this week, under what is in force and after what administrators take over."""

    def __init__(self, now: Parameters) -> None:
        self.relief = 0.0  # share of paperwork that administrators take over
        self.tape_hours = 0.0  # of red-tape steps and check-in calls this week, of all
        tape = now.bureaucracy
        self.tape_average = (
            total(step.staff_hours for step in tape.steps.values()) * now.demand.referrals_per_week * tape.level
        )
        self.contracted = 0.0  # hours a week of all therapists
        self._paperwork_wanted = 0.0

    def begin_week(self, now: Parameters) -> None:
        """Administrators take over what they can of the paperwork that last week wanted."""
        rules = now.bureaucracy
        self.relief = bureaucracy.relief_share(
            rules.admin_posts, rules.hours_relieved_per_admin_post, self._paperwork_wanted, rules.relief_limit
        )

    def end_week(self, paperwork_wanted: float) -> None:
        """Remember the week's paperwork, and its red tape as an average."""
        self._paperwork_wanted = paperwork_wanted
        self.tape_average += (self.tape_hours - self.tape_average) / SMOOTHING_WEEKS
        self.tape_hours = 0.0

    def level(self, now: Parameters) -> float:
        """Red tape as a multiple of the described; none with its loop switched off."""
        return now.bureaucracy.level if now.loops.red_tape else 0.0

    def care_hours(self, now: Parameters, wte: float) -> float:
        """Hours a week of care for a contract of `wte`."""
        care = now.wellbeing
        return worktime.care_hours(
            wte,
            care.supervision_hours,
            care.supervision_group_size,
            care.protected_hours,
            care.peer_support,
            care.peer_support_hours,
            care.development,
            care.development_hours,
        )

    def paperwork(self, now: Parameters, hours: float) -> float:
        """Hours of paperwork after what administrators take over."""
        return worktime.paperwork_hours(self.level(now), hours, self.relief)

    def usable_hours(self, staff: Staff, now: Parameters) -> float:
        """Hours a week of a whole post for patients: assessments and sessions with their paperwork."""
        if (
            staff.usable_of is not now or staff.usable_relief != self.relief
        ):  # asked for by every therapist, the same for all of a group
            rules = staff.rules
            fixed = self.paperwork(now, now.bureaucracy.fixed_hours_per_week)
            staff.usable_hours = worktime.usable_hours(
                rules.wte, rules.hours_per_week, rules.meeting_hours, fixed, self.care_hours(now, rules.wte)
            )
            staff.usable_of, staff.usable_relief = now, self.relief
        return staff.usable_hours

    def slot_hours(self, staff: Staff, now: Parameters) -> float:
        """Hours that a weekly slot takes, with its paperwork."""
        return bureaucracy.slot_hours(
            staff.session_hours, now.bureaucracy.hours_per_session, self.level(now), self.relief
        )

    def slots(self, staff: Staff, now: Parameters, overbooked_hours: float, tenths: int = TENTHS) -> int:
        """Weekly slots of a therapist of this group who holds so many tenths of a post; `overbooked_hours`: of a whole one."""
        usable = self.usable_hours(staff, now)
        slot = self.slot_hours(staff, now)
        if staff.discharges == NOT_KNOWN:
            staff.discharges = (
                worktime.usual_discharges(usable, slot, staff.rules.wte) if now.initial.state == "steady" else 0.0
            )
        other = self._discharges(staff, now) + self.tape_hours_each(staff)
        limit = NO_LIMIT if staff.rules.slots_limit is None else staff.rules.slots_limit * tenths // TENTHS
        part = tenths / TENTHS
        return worktime.slots(
            usable * part, staff.rules.assessment_share, other * part, overbooked_hours * part, slot, limit
        )

    def _discharges(self, staff: Staff, now: Parameters) -> float:
        return staff.rules.wte * self.paperwork(now, staff.discharges * now.bureaucracy.hours_per_discharge)

    def tape_hours_each(self, staff: Staff) -> float:
        """What the holder of a whole post gives to red-tape steps and check-in calls, hours."""
        return worktime.part_of_tape(self.tape_average, staff.rules.hours_per_week * staff.rules.wte, self.contracted)

    def committed_hours(self, therapist: Therapist, staff: Staff, now: Parameters) -> float:
        """Hours of a week besides sessions and crises."""
        rules, part = staff.rules, therapist.part
        return worktime.committed_hours(
            rules.hours_per_week * rules.wte * part,
            self.usable_hours(staff, now) * part,
            rules.assessment_share,
            self._discharges(staff, now) * part,
            self.tape_hours_each(staff) * part,
            therapist.cover_hours,
        )

    def forms(self, therapist: Therapist, staff: Staff, now: Parameters, relief: float) -> float:
        """Hours of a therapist's paperwork in the week, after a share `relief` that administrators took over."""
        rules, forms, level, part = staff.rules, now.bureaucracy, self.level(now), therapist.part
        hours = worktime.paperwork_hours(
            level,
            rules.wte * part * forms.fixed_hours_per_week
            + therapist.sessions * forms.hours_per_session
            + therapist.discharges * forms.hours_per_discharge,
            relief,
        )
        each = worktime.paperwork_hours(level, forms.hours_per_assessment, relief)
        assessments = worktime.assessment_forms(
            rules.assessment_share, self.usable_hours(staff, now) * part, each, now.triage.assessment_hours
        )
        return hours + assessments + self.tape_hours_each(staff) * part

    def needed(self, therapist: Therapist, staff: Staff, now: Parameters) -> float:
        """Hours that the week took."""
        sessions = therapist.contact_hours + self.paperwork(now, therapist.sessions * now.bureaucracy.hours_per_session)
        handover = self.paperwork(now, therapist.transfers * now.bureaucracy.hours_per_discharge)
        return worktime.needed_hours(
            self.committed_hours(therapist, staff, now), sessions, handover, therapist.crises, now.triage.crisis_hours
        )

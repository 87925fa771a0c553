"""The week of all therapists: planned on Monday, closed on Sunday."""

from typing import TYPE_CHECKING

from accesssim.clinic.hours import SMOOTHING_WEEKS, Hours
from accesssim.clinic.plain_names import Cancellation, Event
from accesssim.clinic.rules import burnout, funding, worktime
from accesssim.clinic.staff import Staff
from accesssim.clinic.therapist import WEEKS_OF_LEAVE_YEAR, Therapist
from accesssim.world.arithmetic import total
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.journal.events import Account
from accesssim.world.sections.parameters import Parameters

if TYPE_CHECKING:
    from accesssim.clinic.service import Service
    from accesssim.clinic.workforce import Workforce


class Week:
    """Plans and closes weeks."""

    def __init__(self, service: "Service", workforce: "Workforce", hours: Hours) -> None:
        self.service, self.workforce, self.hours = service, workforce, hours

    def plan(self, day: int) -> None:
        """Slots, assessments and cover of the week that begins."""
        now = self.service.now
        self.hours.begin_week(now)
        rules = now.wellbeing
        for staff in self.workforce.staff:
            pressed = burnout.pressure(
                rules.target_pressure, staff.list_pressure, rules.expectation, rules.expectation_weight
            )
            overbooked = pressed * rules.overbooking_hours * staff.rules.wte if now.loops.overbooking else 0.0
            slots = self.hours.slots(staff, now, overbooked)
            slot_hours = self.hours.slot_hours(staff, now)
            members = [therapist for therapist in self.workforce.therapists if therapist.staff == staff.number]
            present = [therapist for therapist in members if not therapist.absent]
            absent_hours = sum(therapist.caseload for therapist in members if therapist.absent) * slot_hours
            cover = rules.cover_share * absent_hours / len(present) if present else 0.0
            for therapist in members:
                new = day < therapist.hired + DAYS_PER_WEEK * staff.rules.ramp_up_weeks
                therapist.slots = slots // 2 if new else slots
                therapist.pressure = pressed
                therapist.cover_hours = 0.0 if therapist.absent else cover
                therapist.cancelled.clear()
                self._cancel_overload(therapist, staff, now, slot_hours)
        self._open_diary(day, now)

    def _cancel_overload(self, therapist: Therapist, staff: Staff, now: Parameters, slot_hours: float) -> None:
        """Where even overtime does not fit the booked sessions, the newest patients' are cancelled."""
        hours = staff.rules.hours_per_week * staff.rules.wte
        excess = (
            self.hours.committed_hours(therapist, staff, now)
            + therapist.caseload * slot_hours
            - hours
            - now.wellbeing.overtime_limit_hours
        )
        if not therapist.absent:
            for person in therapist.newest(worktime.sessions_that_do_not_fit(excess, slot_hours)):
                therapist.cancelled[person] = Cancellation.OVERLOAD

    def _open_diary(self, day: int, now: Parameters) -> None:
        """How many assessments the weeks ahead afford, given who has booked leave; this week also who is sick."""
        week = day // DAYS_PER_WEEK
        for team, diary in enumerate(self.service.assessments.diaries):
            diary.horizon = now.triage.booking_horizon_days
            for ahead in range(now.triage.booking_horizon_days // DAYS_PER_WEEK + 2):
                rate = self.assessments_a_day(now, team, week + ahead, this_week=ahead == 0)
                diary.set_rate(week + ahead, rate, now.triage.urgent_reserve_share, now.triage.reserve_released_days)

    def assessments_a_day(self, now: Parameters, team: int, week: int, *, this_week: bool) -> float:
        """Assessments that a working day of a week affords a team."""
        each = now.triage.assessment_hours + self.hours.paperwork(now, now.bureaucracy.hours_per_assessment)
        total, (year, week_of_year) = 0.0, divmod(week, WEEKS_OF_LEAVE_YEAR)
        for staff in self.workforce.staff:
            rules = staff.rules
            if staff.team != team or rules.assessment_share == 0.0:
                continue
            there = 0
            for therapist in self.workforce.therapists:
                if therapist.staff == staff.number:
                    away = (
                        therapist.absent if this_week else week_of_year in therapist.leave_weeks(year, rules.leave_days)
                    )
                    leaves = therapist.leaves_on is not None and week * DAYS_PER_WEEK >= therapist.leaves_on
                    there += not away and not leaves
            total += there * rules.assessment_share * self.hours.usable_hours(staff, now) / each
        return total / WORKING_DAYS

    def close(self, day: int) -> None:
        """What the week was: hours, money, exhaustion."""
        now = self.service.now
        note = self.service.journal.note
        wanted, recovery = 0.0, self.recovery(now)
        for staff in self.workforce.staff:
            rules = staff.rules
            hours = rules.hours_per_week * rules.wte
            members = [therapist for therapist in self.workforce.therapists if therapist.staff == staff.number]
            contracted = worked = overtime = paperwork = taken_over = sick = available = contact = 0.0
            for therapist in members:
                contracted += hours
                contact += therapist.contact_hours
                if therapist.absent:
                    sick += 0.0 if therapist.on_leave else hours
                    therapist.exhaustion = burnout.rested_week(
                        therapist.exhaustion, recovery, now.wellbeing.tempo_per_week
                    )
                    continue
                available += therapist.slots * staff.session_hours
                forms = self.hours.forms(therapist, staff, now, self.hours.relief)
                needed = self.hours.needed(therapist, staff, now)
                extra = min(max(needed - hours, 0.0), now.wellbeing.overtime_limit_hours)
                forms = min(forms, hours + extra)
                worked += hours + extra
                overtime += extra
                paperwork += forms
                taken_over += self.hours.forms(therapist, staff, now, 0.0) if self.hours.relief >= 1.0 else 0.0
                self._work(therapist, staff, now, needed / hours, forms / (hours + extra), recovery)
            wanted += paperwork / (1.0 - self.hours.relief) if self.hours.relief < 1.0 else taken_over
            holders = [therapist for therapist in members if not therapist.agency]
            rows = (
                (Event.CONTRACTED, contracted),
                (Event.WORKED, worked),
                (Event.OVERTIME, overtime),
                (Event.PAPERWORK, paperwork),
                (Event.SICK, sick),
                (Event.AVAILABLE, available),
                (Event.CONTACT, contact),
                (
                    Event.FUNDED,
                    float(
                        sum(
                            post.funded or post.holder is not None
                            for post in self.workforce.posts
                            if post.staff == staff.number
                        )
                    ),
                ),
                (Event.FILLED, float(len(holders))),
                (Event.PRESSURE, members[0].pressure if members else 0.0),
            )
            for event, value in rows:
                note(day, event, 0, staff.number, value)
            self._pay(day, staff, len(members), len(holders), overtime, DAYS_PER_WEEK)
            self._smooth(staff, members)
        for staff in self.workforce.staff:
            self._feel_the_list(staff, now)
        self._recruitment(day)
        self.hours.tape_hours += worktime.calling_hours(
            sum(waiting.length for waiting in self.service.lists),
            now.waiting.check_in_weeks,
            now.waiting.check_in_hours,
        )
        self.hours.end_week(wanted)
        self._other_costs(day, DAYS_PER_WEEK)
        for therapist in self.workforce.therapists:
            therapist.new_week()

    def break_off(self, day: int) -> None:
        """The run ends within a week: its days are paid for. Hours and exhaustion are told of whole weeks only, and overtime with them."""
        days = day % DAYS_PER_WEEK + 1
        for staff in self.workforce.staff:
            members = [therapist for therapist in self.workforce.therapists if therapist.staff == staff.number]
            self._pay(day, staff, len(members), sum(not therapist.agency for therapist in members), 0.0, days)
        self._recruitment(day)
        self._other_costs(day, days)

    def _pay(self, day: int, staff: Staff, members: int, holders: int, overtime: float, days: int) -> None:
        """What a staff group cost in so many days."""
        now, rules, spend = self.service.now, staff.rules, self.service.accounts.spend
        money, care, hours = now.funding, now.wellbeing, rules.hours_per_week * rules.wte
        pay = rules.salary * rules.wte * (1.0 + money.on_cost_share) * (days / DAYS_PER_YEAR)
        supervised = (
            funding.supervised_share(care.supervision_hours, care.supervision_group_size, rules.wte, hours)
            * pay
            * holders
        )
        spend(day, Account.HOLDERS, pay * holders - supervised)
        spend(day, Account.SUPERVISION, supervised)
        spend(day, Account.AGENCY, pay * money.agency_cost_ratio * (members - holders))
        spend(day, Account.OVERTIME, money.overtime_paid_share * overtime * pay / hours)

    def _recruitment(self, day: int) -> None:
        self.service.accounts.spend(day, Account.RECRUITMENT, self.workforce.recruitment_cost)
        self.workforce.recruitment_cost = 0.0

    def _other_costs(self, day: int, days: int) -> None:
        sessions = sum(therapist.sessions for therapist in self.workforce.therapists)
        self.service.accounts.close_week(
            day, self.service.now, self.service.crises_this_week, sessions, self.service.starts.stays_cost, days
        )
        self.service.starts.stays_cost = 0.0

    def recovery(self, now: Parameters) -> float:
        if not now.loops.care_for_carers:
            return 0.0
        care = now.wellbeing
        return burnout.recovery(
            care.supervision_hours - care.supervision_reference,
            care.supervision_slope,
            care.protected_hours - care.protected_reference,
            care.protected_slope,
            care.peer_support,
            care.peer_slope,
            care.development,
            care.development_slope,
        )

    def _work(
        self, therapist: Therapist, staff: Staff, now: Parameters, workload: float, paperwork: float, recovery: float
    ) -> None:
        rules = now.wellbeing
        hours = staff.rules.hours_per_week * staff.rules.wte
        workload = burnout.felt_workload(
            workload,
            hours,
            staff.rules.wte,
            rules.supervision_hours,
            rules.supervision_reference,
            rules.protected_hours,
            rules.protected_reference,
        )
        from_list = staff.list_pressure if now.loops.overload_spiral else 0.2
        pressed = burnout.pressure(rules.target_pressure, from_list, rules.expectation, rules.expectation_weight)
        emotional = burnout.emotional_load(therapist.crises, rules.emotional_complex_weight, therapist.complex_sessions)
        strain = burnout.strain(
            rules.strain_base,
            therapist.susceptibility,
            workload - rules.workload_reference,
            rules.workload_slope,
            paperwork - rules.paperwork_reference if now.loops.red_tape else 0.0,
            rules.paperwork_slope,
            emotional - rules.emotional_reference,
            rules.emotional_slope,
            pressed - rules.pressure_reference,
            rules.pressure_slope,
        )
        therapist.exhaustion = burnout.worked_week(therapist.exhaustion, strain, recovery, rules.tempo_per_week)

    def _smooth(self, staff: Staff, members: list[Therapist]) -> None:
        """Averages that plans lean on."""
        full_time = total(staff.rules.wte for therapist in members if not therapist.absent)
        if full_time > 0.0:
            staff.discharges += (
                sum(therapist.discharges for therapist in members) / full_time - staff.discharges
            ) / SMOOTHING_WEEKS
        staff.starts += (staff.starts_this_week - staff.starts) / SMOOTHING_WEEKS
        staff.starts_this_week = 0

    def _feel_the_list(self, staff: Staff, now: Parameters) -> None:
        """Weeks of work on the lists, for all who serve them, weigh on each."""
        waiting = sum(self.service.lists[number].length for number in staff.lists)
        starts = total(self.workforce.staff[number].starts for number in staff.partners)
        pressure = burnout.list_pressure(waiting / max(starts, 0.5), now.wellbeing.list_half_weeks)
        staff.list_pressure += (pressure - staff.list_pressure) / 4.0

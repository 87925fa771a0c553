"""The week of all therapists: planned on Monday, closed on Sunday."""

from accesssim.clinic import expectations
from accesssim.clinic.hours import SMOOTHING_WEEKS
from accesssim.clinic.plain_names import Cancellation, Event
from accesssim.clinic.rules import burnout, funding, worktime
from accesssim.clinic.staff import Staff
from accesssim.clinic.state import State
from accesssim.clinic.therapist import WEEKS_OF_LEAVE_YEAR, Therapist
from accesssim.world.arithmetic import total
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.journal.events import Account
from accesssim.world.limits import TENTHS
from accesssim.world.sections.parameters import Parameters


class Week:
    """Plans and closes weeks."""

    def __init__(self, state: State) -> None:
        self.state, self.hours = state, state.hours

    def plan(self, day: int) -> None:
        """Slots, assessments and cover of the week that begins."""
        now = self.state.now
        self.hours.begin_week(now)
        rules = now.wellbeing
        for staff in self.state.staff:
            pressed = expectations.pressure(staff, now)
            overbooked = expectations.overbooked_hours(staff, now, pressed)
            slots = [self.hours.slots(staff, now, overbooked, tenths) for tenths in range(TENTHS + 1)]
            slot_hours = self.hours.slot_hours(staff, now)
            members = [therapist for therapist in self.state.therapists if therapist.staff == staff.number]
            present = sum(therapist.tenths for therapist in members if not therapist.absent) / TENTHS
            absent_hours = sum(therapist.caseload for therapist in members if therapist.absent) * slot_hours
            cover = rules.cover_share * absent_hours / present if present else 0.0
            for therapist in members:
                new = day < therapist.hired + DAYS_PER_WEEK * staff.rules.ramp_up_weeks
                therapist.slots = slots[therapist.tenths] // 2 if new else slots[therapist.tenths]
                therapist.pressure = pressed
                therapist.cover_hours = 0.0 if therapist.absent else cover * therapist.part
                therapist.cancelled.clear()
                self._cancel_overload(therapist, staff, now, slot_hours)
        self._open_diary(day, now)

    def _cancel_overload(self, therapist: Therapist, staff: Staff, now: Parameters, slot_hours: float) -> None:
        """Where even overtime does not fit the booked sessions, the newest patients' are cancelled."""
        part = therapist.part
        hours = staff.rules.hours_per_week * staff.rules.wte * part
        excess = (
            self.hours.committed_hours(therapist, staff, now)
            + therapist.caseload * slot_hours
            - hours
            - now.wellbeing.overtime_limit_hours * part
        )
        if not therapist.absent:
            for person in therapist.newest(worktime.sessions_that_do_not_fit(excess, slot_hours)):
                therapist.cancelled[person] = Cancellation.OVERLOAD

    def _open_diary(self, day: int, now: Parameters) -> None:
        """How many assessments the weeks ahead afford, given who has booked leave; this week also who is sick."""
        week = day // DAYS_PER_WEEK
        for team, diary in enumerate(self.state.diaries):
            diary.horizon = now.triage.booking_horizon_days
            for ahead in range(now.triage.booking_horizon_days // DAYS_PER_WEEK + 2):
                rate = self.assessments_a_day(now, team, week + ahead, this_week=ahead == 0)
                diary.set_rate(week + ahead, rate, now.triage.urgent_reserve_share, now.triage.reserve_released_days)

    def assessments_a_day(self, now: Parameters, team: int, week: int, *, this_week: bool) -> float:
        """Assessments that a working day of a week affords a team."""
        each = now.triage.assessment_hours + self.hours.paperwork(now, now.bureaucracy.hours_per_assessment)
        total, (year, week_of_year) = 0.0, divmod(week, WEEKS_OF_LEAVE_YEAR)
        for staff in self.state.staff:
            rules = staff.rules
            if staff.team != team or rules.assessment_share == 0.0:
                continue
            there = 0
            for therapist in self.state.therapists:
                if therapist.staff == staff.number:
                    away = (
                        therapist.absent if this_week else week_of_year in therapist.leave_weeks(year, rules.leave_days)
                    )
                    leaves = therapist.leaves_on is not None and week * DAYS_PER_WEEK >= therapist.leaves_on
                    there += therapist.tenths if not away and not leaves else 0
            total += there / TENTHS * rules.assessment_share * self.hours.usable_hours(staff, now) / each
        return total / WORKING_DAYS

    def close(self, day: int) -> None:
        """What the week was: hours, money, exhaustion."""
        state, now = self.state, self.state.now
        wanted = total(self._close_of(staff, day) for staff in state.staff)
        for staff in state.staff:
            expectations.feel_the_list(state, staff)
        self.hours.tape_hours += worktime.calling_hours(
            sum(waiting.length for waiting in state.lists), now.waiting.check_in_weeks, now.waiting.check_in_hours
        )
        self.hours.end_week(wanted)
        self._other_costs(day, DAYS_PER_WEEK)
        for therapist in state.therapists:
            therapist.new_week()

    def _close_of(self, staff: Staff, day: int) -> float:
        """The week of a staff; the paperwork that it wanted, of which administrators may take over some, hours."""
        now, rules, relief = self.state.now, staff.rules, self.hours.relief
        recovery = self.recovery(now)
        members = [therapist for therapist in self.state.therapists if therapist.staff == staff.number]
        contracted = worked = overtime = paperwork = taken_over = sick = available = contact = 0.0
        for therapist in members:
            hours = rules.hours_per_week * rules.wte * therapist.part
            contracted += hours
            contact += therapist.contact_hours
            if therapist.absent:
                sick += 0.0 if therapist.on_leave else hours
                therapist.exhaustion = burnout.rested_week(therapist.exhaustion, recovery, now.wellbeing.tempo_per_week)
                continue
            available += therapist.slots * staff.session_hours
            forms = self.hours.forms(therapist, staff, now, relief)
            needed = self.hours.needed(therapist, staff, now)
            extra = min(max(needed - hours, 0.0), now.wellbeing.overtime_limit_hours * therapist.part)
            forms = min(forms, hours + extra)
            worked += hours + extra
            overtime += extra
            paperwork += forms
            taken_over += self.hours.forms(therapist, staff, now, 0.0) if relief >= 1.0 else 0.0
            self._work(therapist, staff, now, needed / hours, forms / (hours + extra), recovery)
        held, holders = _whole_posts(members)
        posts = [post for post in self.state.posts if post.staff == staff.number]
        rows = (
            (Event.CONTRACTED, contracted),
            (Event.WORKED, worked),
            (Event.OVERTIME, overtime),
            (Event.PAPERWORK, paperwork),
            (Event.SICK, sick),
            (Event.AVAILABLE, available),
            (Event.CONTACT, contact),
            (Event.FUNDED, sum(max(post.tenths, post.holder.tenths if post.holder else 0) for post in posts) / TENTHS),
            (Event.FILLED, holders),
            (Event.PRESSURE, members[0].pressure if members else 0.0),
        )
        for event, value in rows:
            self.state.write(day, event, 0, staff.number, value)
        self._pay(day, staff, held, holders, overtime, DAYS_PER_WEEK)
        self._smooth(staff, members)
        return paperwork / (1.0 - relief) if relief < 1.0 else taken_over

    def break_off(self, day: int) -> None:
        """The run ends within a week: its days are paid for. Hours and exhaustion are told of whole weeks only, and overtime with them."""
        days = day % DAYS_PER_WEEK + 1
        for staff in self.state.staff:
            members = [therapist for therapist in self.state.therapists if therapist.staff == staff.number]
            self._pay(day, staff, *_whole_posts(members), 0.0, days)
        self._other_costs(day, days)

    def _pay(self, day: int, staff: Staff, held: float, holders: float, overtime: float, days: int) -> None:
        """What a staff group cost in so many days: `held` whole posts, of which `holders` not by agency staff."""
        now, rules, spend = self.state.now, staff.rules, self.state.accounts.spend
        money, care, hours = now.funding, now.wellbeing, rules.hours_per_week * rules.wte
        pay = rules.salary * rules.wte * (1.0 + money.on_cost_share) * (days / DAYS_PER_YEAR)
        supervised = (
            funding.supervised_share(care.supervision_hours, care.supervision_group_size, rules.wte, hours)
            * pay
            * holders
        )
        spend(day, Account.HOLDERS, pay * holders - supervised)
        spend(day, Account.SUPERVISION, supervised)
        spend(day, Account.AGENCY, pay * money.agency_cost_ratio * (held - holders))
        spend(day, Account.OVERTIME, money.overtime_paid_share * overtime * pay / hours)

    def _other_costs(self, day: int, days: int) -> None:
        sessions = sum(therapist.sessions for therapist in self.state.therapists)
        self.state.accounts.close_week(day, self.state.now, sessions, days)

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
        wte = staff.rules.wte * therapist.part
        workload = burnout.felt_workload(
            workload,
            staff.rules.hours_per_week * wte,
            wte,
            rules.supervision_hours,
            rules.supervision_reference,
            rules.protected_hours,
            rules.protected_reference,
        )
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
            expectations.straining_pressure(staff, now) - rules.pressure_reference,
            rules.pressure_slope,
        )
        therapist.exhaustion = burnout.worked_week(therapist.exhaustion, strain, recovery, rules.tempo_per_week)

    def _smooth(self, staff: Staff, members: list[Therapist]) -> None:
        """Averages that plans lean on."""
        full_time = total(staff.rules.wte * therapist.part for therapist in members if not therapist.absent)
        if full_time > 0.0:
            staff.discharges += (
                sum(therapist.discharges for therapist in members) / full_time - staff.discharges
            ) / SMOOTHING_WEEKS
        staff.starts += (staff.starts_this_week - staff.starts) / SMOOTHING_WEEKS
        staff.starts_this_week = 0


def _whole_posts(members: list[Therapist]) -> tuple[float, float]:
    """How many whole posts some hold, and how many of these not as agency staff."""
    held = sum(therapist.tenths for therapist in members)
    return held / TENTHS, sum(therapist.tenths for therapist in members if not therapist.agency) / TENTHS

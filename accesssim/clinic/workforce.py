"""Therapists: posts, hiring, weeks, leave, resignation; who has room today."""

import heapq
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from accesssim.clinic import bureaucracy, burnout, funding
from accesssim.clinic.therapist import WEEKS_OF_LEAVE_YEAR, Therapist
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, WORKING_DAYS
from accesssim.world.chance import Purpose, holder
from accesssim.world.journal import Account, Cancellation, Event
from accesssim.world.parameters import Parameters
from accesssim.world.service import StaffGroup

if TYPE_CHECKING:
    from accesssim.clinic.service import Service

SMOOTHING_WEEKS = 8


class Post:
    """A post: held, vacant until somebody has been recruited, or without money."""

    __slots__ = ("filled_on", "funded", "group", "holder", "number", "place", "turns")

    def __init__(self, number: int, group: int, place: int) -> None:
        self.number, self.group, self.place = number, group, place
        self.holder: Therapist | None = None
        self.funded = False
        self.filled_on = 0  # when the recruit starts, while vacant
        self.turns = 0


class Team:
    """What the therapists of one group have in common: hours, slot, smoothed figures of the last weeks."""

    __slots__ = (
        "discharges", "list_pressure", "name", "number", "pathways", "rules", "session_hours", "starts", "starts_this_week", "usable_hours", "usable_of",
        "usable_relief",
    )

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name
        self.rules: StaffGroup
        self.pathways: list[int] = []
        self.session_hours = 1.0
        self.usable_hours = self.usable_relief = 0.0
        self.usable_of: Parameters | None = None  # the rules for which usable hours were worked out
        self.discharges = -1.0  # a full-time therapist's, a week; negative: not yet known
        self.starts = 0.0
        self.starts_this_week = 0
        self.list_pressure = 0.2


class Workforce:
    """All posts and who holds them."""

    def __init__(self, service: "Service", most_posts: dict[str, int]) -> None:
        self.service = service
        self.teams = [Team(number, name) for number, name in enumerate(service.now.workforce)]
        places = [(team.number, place) for team in self.teams for place in range(most_posts[team.name])]
        self.posts = [Post(number, group, place) for number, (group, place) in enumerate(places)]
        self.therapists: list[Therapist] = []
        self.leaving: list[Therapist] = []
        self.relief = 0.0
        self.tape_hours = 0.0  # this week, of all
        self._tape_average = sum(step.staff_hours for step in service.now.bureaucracy.steps.values()) * service.now.demand.referrals_per_week
        self._paperwork_wanted = 0.0
        self._contracted = 0.0  # hours a week of all therapists
        self.recruitment_cost = 0.0  # this week

    # -- who there is

    def _list_therapists(self) -> None:
        self.therapists = [post.holder for post in self.posts if post.holder is not None]
        groups = [self.teams[therapist.group].rules for therapist in self.therapists]
        self._contracted = sum(group.hours_per_week * group.wte for group in groups)

    def _hire(self, post: Post, day: int) -> Therapist:
        now = self.service.now
        entity = holder(self.teams[post.group].name, post.place, post.turns)
        post.holder = therapist = Therapist(
            post.number, post.group, entity, post.turns, day, self.service.chance, now.wellbeing, now.therapy.therapist_skill_sigma
        )
        post.turns += 1
        return therapist

    def _empty(self, post: Post, day: int) -> None:
        """The holder has gone: recruit, or close the post if there is no money for it."""
        post.holder = None
        post.filled_on = day + DAYS_PER_WEEK * self.teams[post.group].rules.recruitment_weeks
        held = sum(other.funded for other in self.posts if other.group == post.group)
        if held > self.affordable[post.group]:
            post.funded = False

    def review(self, day: int) -> None:
        """Budget → posts: at the start, when money or wishes change, and each year."""
        now = self.service.now
        self.affordable = funding.affordable_posts(
            [group.posts for group in now.workforce.values()], [self._unit_cost(team, now) for team in self.teams], self._money_for_posts(now)
        )
        for team, wanted in zip(self.teams, self.affordable, strict=True):
            posts = [post for post in self.posts if post.group == team.number]
            surplus = sum(post.funded for post in posts) - wanted
            for post in reversed(posts):  # vacancies go first; held posts go when their holder leaves
                if surplus > 0 and post.funded and post.holder is None:
                    post.funded, surplus = False, surplus - 1
            for post in posts:
                if surplus < 0 and not post.funded:
                    post.funded, surplus = True, surplus + 1
                    post.filled_on = day + DAYS_PER_WEEK * team.rules.recruitment_weeks

    def _unit_cost(self, team: Team, now: Parameters) -> float:
        rules, money = team.rules, now.funding
        leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
        sessions = 0.0 if money.session_cost == 0.0 else 0.8 * 44.0 * self._slots(team, now, 0.0)
        return funding.unit_cost(rules.salary, rules.wte, money.on_cost_share, leavers, money.recruitment_share_of_salary, money.session_cost, sessions)

    def _money_for_posts(self, now: Parameters) -> float | None:
        money = now.funding
        if money.annual_budget is None:
            return None
        return money.annual_budget - money.fixed_cost - now.bureaucracy.admin_posts * money.admin_salary * (1.0 + money.on_cost_share)

    def open(self) -> None:
        """Day 0: the posts that there is money for are held, but for those that happen to be vacant in a steady service."""
        now, chance = self.service.now, self.service.chance
        self.apply(now)
        self.review(0)
        for post in self.posts:
            if not post.funded:
                continue
            rules = self.teams[post.group].rules
            u = chance.uniform(holder(self.teams[post.group].name, post.place, 0), Purpose.TENURE)
            gone = (rules.career_leaving_per_year + rules.exhaustion_leaving_per_year) * rules.recruitment_weeks * DAYS_PER_WEEK / DAYS_PER_YEAR
            vacant = gone / (1.0 + gone) if now.initial.state == "steady" else 0.0
            if u < vacant:
                post.filled_on = DAYS_PER_WEEK * (1 + int(u / vacant * rules.recruitment_weeks))
                continue
            therapist = self._hire(post, -DAYS_PER_WEEK * rules.ramp_up_weeks)
            strain = burnout.strain(now.wellbeing.strain_base, therapist.susceptibility, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
            therapist.exhaustion = burnout.resting_point(strain, self._recovery(now))
            self._note(Event.HIRED, therapist, therapist.exhaustion)
        self._list_therapists()
        self._plan(0)
        if now.initial.state == "steady":
            for team in self.teams:  # until weeks have been seen: a course holds a slot for about nine
                team.starts = sum(therapist.slots for therapist in self.therapists if therapist.group == team.number) / 9.0

    def apply(self, now: Parameters) -> None:
        """New rules are in force."""
        for team, rules in zip(self.teams, now.workforce.values(), strict=True):
            team.rules = rules
            team.pathways = [number for number, pathway in enumerate(now.pathways.values()) if pathway.group == team.name]
            team.session_hours = max((pathway.session_hours for pathway in now.pathways.values() if pathway.group == team.name), default=1.0)

    def _note(self, event: Event, therapist: Therapist, value: float = 0.0) -> None:
        if not therapist.agency:
            self.service.journal.note(self.service.clock.day, event, therapist.turn, therapist.post, value)

    # -- Mondays

    def monday(self, day: int) -> None:
        """Exhaustion has moved; absence, resignations, starters; then the week is planned."""
        now = self.service.now
        if day:
            for member in self.therapists:
                self._note(Event.EXHAUSTION, member, member.exhaustion)
        for post in self.posts:
            therapist = post.holder
            if therapist is not None:
                rules = self.teams[post.group].rules
                therapist.on_leave = False
                if therapist.leaves_on is not None and day >= therapist.leaves_on:
                    self._leave(post, therapist, day)
                    continue
                if day and not therapist.agency and therapist.sick_until <= day:
                    weeks = therapist.falls_sick(now.wellbeing)
                    if weeks:
                        therapist.sick_until = day + DAYS_PER_WEEK * weeks
                        self._note(Event.ABSENT, therapist, float(weeks))
                if day and not therapist.agency and therapist.leaves_on is None and therapist.resigns(now.wellbeing, rules):
                    therapist.leaves_on = day + DAYS_PER_WEEK * rules.notice_weeks
                    self._note(Event.NOTICE, therapist, therapist.exhaustion)
            if post.funded and day >= post.filled_on and (therapist is None or therapist.agency):
                if therapist is not None:
                    self._leave(post, therapist, day)
                newcomer = self._hire(post, day)
                self._note(Event.HIRED, newcomer, newcomer.exhaustion)
                pay = self.teams[post.group].rules
                self.recruitment_cost += now.funding.recruitment_share_of_salary * pay.salary * pay.wte
        if now.funding.agency_share > 0.0:
            self._call_agency(day, now.funding.agency_share)
        self._list_therapists()
        for member in self.therapists:
            sick = member.sick_until > day
            member.on_leave = not sick and member.on_leave_in(day // DAYS_PER_WEEK, self.teams[member.group].rules.leave_days)
            member.absent = sick or member.on_leave
            if member.on_leave:
                self._note(Event.ON_LEAVE, member)
        self._plan(day)

    def _leave(self, post: Post, therapist: Therapist, day: int) -> None:
        self._note(Event.LEFT, therapist, therapist.exhaustion)
        self.leaving.append(therapist)
        if therapist.agency:
            post.holder = None
        else:
            self._empty(post, day)

    def _call_agency(self, day: int, share: float) -> None:
        """Agency staff in a share of the vacant posts of each group, the first of them; they stay until the recruit starts."""
        for team in self.teams:
            vacant = [post for post in self.posts if post.group == team.number and post.funded and (post.holder is None or post.holder.agency)]
            for post in vacant[: math.floor(share * len(vacant) + 0.5)]:
                if post.holder is None:
                    self._hire(post, day).agency = True

    # -- the plan of a week

    def _level(self, now: Parameters) -> float:
        return now.bureaucracy.level if now.loops.red_tape else 0.0

    def _care_hours(self, now: Parameters, wte: float) -> float:
        care = now.wellbeing
        supervision = care.supervision_hours * (1.0 + 1.0 / care.supervision_group_size)
        return wte * (supervision + care.protected_hours + care.peer_support * care.peer_support_hours + care.development * care.development_hours)

    def _paperwork(self, now: Parameters, hours: float) -> float:
        """Hours of paperwork after what administrators take over."""
        return self._level(now) * hours * (1.0 - self.relief)

    def _usable_hours(self, team: Team, now: Parameters) -> float:
        """Hours a week for patients: assessments and sessions with their paperwork."""
        if team.usable_of is not now or team.usable_relief != self.relief:  # asked for by every therapist, the same for all of a group
            rules = team.rules
            fixed = self._paperwork(now, now.bureaucracy.fixed_hours_per_week)
            hours = rules.wte * (rules.hours_per_week - rules.meeting_hours - fixed) - self._care_hours(now, rules.wte)
            team.usable_hours, team.usable_of, team.usable_relief = max(0.0, hours), now, self.relief
        return team.usable_hours

    def _slot_hours(self, team: Team, now: Parameters) -> float:
        return bureaucracy.slot_hours(team.session_hours, now.bureaucracy.hours_per_session, self._level(now), self.relief)

    def _slots(self, team: Team, now: Parameters, overbooked_hours: float) -> int:
        """Weekly slots of a therapist of this group."""
        usable = self._usable_hours(team, now)
        slot = self._slot_hours(team, now)
        if team.discharges < 0.0:
            team.discharges = 0.12 * usable / slot / team.rules.wte if now.initial.state == "steady" else 0.0
        other = team.rules.wte * self._paperwork(now, team.discharges * now.bureaucracy.hours_per_discharge) + self._tape_hours_each(team)
        hours = usable * (1.0 - team.rules.assessment_share) - other + overbooked_hours
        slots = max(0, math.floor(hours / slot + 1e-9))
        return slots if team.rules.slots_limit is None else min(slots, team.rules.slots_limit)

    def _tape_hours_each(self, team: Team) -> float:
        """A therapist's part in the staff hours of red-tape steps."""
        if self._tape_average == 0.0 or self._contracted == 0.0:
            return 0.0
        return self._tape_average * team.rules.hours_per_week * team.rules.wte / self._contracted

    def _plan(self, day: int) -> None:
        """Slots, assessments and cover of the week that begins."""
        now = self.service.now
        admin = now.bureaucracy.admin_posts
        self.relief = bureaucracy.relief_share(admin, now.bureaucracy.hours_relieved_per_admin_post, self._paperwork_wanted, now.bureaucracy.relief_limit)
        rules = now.wellbeing
        for team in self.teams:
            pressed = burnout.pressure(rules.target_pressure, team.list_pressure, rules.expectation, rules.expectation_weight)
            overbooked = pressed * rules.overbooking_hours * team.rules.wte if now.loops.overbooking else 0.0
            slots = self._slots(team, now, overbooked)
            slot_hours = self._slot_hours(team, now)
            members = [therapist for therapist in self.therapists if therapist.group == team.number]
            present = [therapist for therapist in members if not therapist.absent]
            absent_hours = sum(therapist.caseload for therapist in members if therapist.absent) * slot_hours
            cover = rules.cover_share * absent_hours / len(present) if present else 0.0
            for therapist in members:
                new = day < therapist.hired + DAYS_PER_WEEK * team.rules.ramp_up_weeks
                therapist.slots = slots // 2 if new else slots
                therapist.pressure = pressed
                therapist.cover_hours = 0.0 if therapist.absent else cover
                therapist.cancelled.clear()
                self._cancel_overload(therapist, team, now, slot_hours)
        self._open_diary(day, now)

    def _cancel_overload(self, therapist: Therapist, team: Team, now: Parameters, slot_hours: float) -> None:
        """Where even overtime does not fit the booked sessions, the newest patients' are cancelled."""
        hours = team.rules.hours_per_week * team.rules.wte
        excess = self._committed_hours(therapist, team, now) + therapist.caseload * slot_hours - hours - now.wellbeing.overtime_limit_hours
        if excess > 1e-9 and not therapist.absent:
            for person in therapist.newest(math.ceil(excess / slot_hours - 1e-9)):
                therapist.cancelled[person] = Cancellation.OVERLOAD

    def _committed_hours(self, therapist: Therapist, team: Team, now: Parameters) -> float:
        """Hours of a week besides sessions and crises."""
        rules = team.rules
        usable = self._usable_hours(team, now)
        discharges = rules.wte * self._paperwork(now, team.discharges * now.bureaucracy.hours_per_discharge)
        return rules.hours_per_week * rules.wte - usable + usable * rules.assessment_share + discharges + self._tape_hours_each(team) + therapist.cover_hours

    def _open_diary(self, day: int, now: Parameters) -> None:
        """How many assessments the weeks ahead afford, given who has booked leave; this week also who is sick."""
        week = day // DAYS_PER_WEEK
        for ahead in range(now.triage.booking_horizon_days // DAYS_PER_WEEK + 2):
            rate = self.assessments_a_day(now, week + ahead, this_week=ahead == 0)
            self.service.diary.set_rate(week + ahead, rate, now.triage.urgent_reserve_share)

    def assessments_a_day(self, now: Parameters, week: int, *, this_week: bool) -> float:
        """Assessments that a working day of a week affords."""
        each = now.triage.assessment_hours + self._paperwork(now, now.bureaucracy.hours_per_assessment)
        total, (year, week_of_year) = 0.0, divmod(week, WEEKS_OF_LEAVE_YEAR)
        for team in self.teams:
            rules = team.rules
            if rules.assessment_share == 0.0:
                continue
            there = 0
            for therapist in self.therapists:
                if therapist.group == team.number:
                    away = therapist.absent if this_week else week_of_year in therapist.leave_weeks(year, rules.leave_days)
                    leaves = therapist.leaves_on is not None and week * DAYS_PER_WEEK >= therapist.leaves_on
                    there += not away and not leaves
            total += there * rules.assessment_share * self._usable_hours(team, now) / each
        return total / WORKING_DAYS

    # -- who has room, who takes a crisis

    def openings(self, group: int) -> Iterator[Therapist]:
        """Therapists of a group with a free slot, one slot after the other, the emptiest diary first."""
        free = [
            (therapist.caseload - therapist.slots, therapist.post)
            for therapist in self.therapists
            if therapist.group == group and therapist.caseload < therapist.slots and not therapist.absent and therapist.leaves_on is None
        ]
        heapq.heapify(free)
        while free:
            room, number = free[0]
            therapist = self.posts[number].holder
            assert therapist is not None
            yield therapist
            if room + 1 < 0:
                heapq.heapreplace(free, (room + 1, number))
            else:
                heapq.heappop(free)

    def on_call(self) -> Therapist | None:
        """Who sees the next crisis: of those at work, whoever has seen fewest this week; the lowest number of equals."""
        present = [therapist for therapist in self.therapists if not therapist.absent]
        return min(present, key=lambda therapist: (therapist.crises, therapist.post), default=None)

    def displace(self, therapist: Therapist, day: int) -> None:
        """Sessions of today make way for a crisis: the newest patients' first."""
        now = self.service.now
        count = math.ceil(now.triage.crisis_hours / self._slot_hours(self.teams[therapist.group], now) - 1e-9)
        today = [person for person in therapist.days[day % DAYS_PER_WEEK] if person.first_day <= day and person not in therapist.cancelled]
        for person in sorted(today, key=lambda person: (-person.first_day, -person.number))[:count]:
            therapist.cancelled[person] = Cancellation.CRISIS

    def group_of(self, name: str) -> int:
        """Number of a staff group."""
        return next(team.number for team in self.teams if team.name == name)

    # -- Sundays

    def close_week(self, day: int) -> None:
        """What the week was: hours, money, exhaustion."""
        now = self.service.now
        money, share = now.funding, DAYS_PER_WEEK / DAYS_PER_YEAR
        note = self.service.journal.note
        wanted = 0.0
        for team in self.teams:
            rules = team.rules
            hours = rules.hours_per_week * rules.wte
            members = [therapist for therapist in self.therapists if therapist.group == team.number]
            contracted = worked = overtime = paperwork = sick = available = contact = 0.0
            for therapist in members:
                contracted += hours
                contact += therapist.contact_hours
                if therapist.absent:
                    sick += 0.0 if therapist.on_leave else hours
                    self._rest(therapist, now)
                    continue
                available += therapist.slots * team.session_hours
                forms = self._forms(therapist, team, now)
                needed = self._needed(therapist, team, now)
                extra = min(max(needed - hours, 0.0), now.wellbeing.overtime_limit_hours)
                forms = min(forms, hours + extra)
                worked += hours + extra
                overtime += extra
                paperwork += forms
                self._work(therapist, team, now, needed / hours, forms / (hours + extra))
            wanted += paperwork / (1.0 - self.relief) if self.relief < 1.0 else 0.0
            holders = [therapist for therapist in members if not therapist.agency]
            rows = (
                (Event.CONTRACTED, contracted), (Event.WORKED, worked), (Event.OVERTIME, overtime), (Event.PAPERWORK, paperwork), (Event.SICK, sick),
                (Event.AVAILABLE, available), (Event.CONTACT, contact),
                (Event.FUNDED, float(sum(post.funded or post.holder is not None for post in self.posts if post.group == team.number))),
                (Event.FILLED, float(len(holders))),
                (Event.PRESSURE, members[0].pressure if members else 0.0),
            )
            for event, value in rows:
                note(day, event, 0, team.number, value)
            pay = rules.salary * rules.wte * (1.0 + money.on_cost_share) * share
            supervision = now.wellbeing.supervision_hours * (1.0 + 1.0 / now.wellbeing.supervision_group_size) * rules.wte
            supervised = min(1.0, supervision / hours) * pay * len(holders)
            spend = self.service.accounts.spend
            spend(day, Account.HOLDERS, pay * len(holders) - supervised)
            spend(day, Account.SUPERVISION, supervised)
            spend(day, Account.AGENCY, pay * money.agency_cost_ratio * (len(members) - len(holders)))
            spend(day, Account.OVERTIME, money.overtime_paid_share * overtime * pay / hours)
            self._smooth(team, members, now)
        self.service.accounts.spend(day, Account.RECRUITMENT, self.recruitment_cost)
        self.recruitment_cost = 0.0
        self._paperwork_wanted = wanted
        self._tape_average += (self.tape_hours - self._tape_average) / SMOOTHING_WEEKS
        self.tape_hours = 0.0
        sessions = sum(therapist.sessions for therapist in self.therapists)
        self.service.accounts.close_week(day, now, now.bureaucracy.admin_posts, self.service.crises_this_week, sessions)
        for therapist in self.therapists:
            therapist.new_week()

    def _forms(self, therapist: Therapist, team: Team, now: Parameters) -> float:
        """Hours of paperwork that a therapist did in the week."""
        rules, forms = team.rules, now.bureaucracy
        hours = self._paperwork(
            now, rules.wte * forms.fixed_hours_per_week + therapist.sessions * forms.hours_per_session + therapist.discharges * forms.hours_per_discharge
        )
        if rules.assessment_share > 0.0:
            each = self._paperwork(now, forms.hours_per_assessment)
            hours += rules.assessment_share * self._usable_hours(team, now) * each / (now.triage.assessment_hours + each)
        return hours + self._tape_hours_each(team)

    def _needed(self, therapist: Therapist, team: Team, now: Parameters) -> float:
        """Hours that the week took."""
        sessions = therapist.contact_hours + self._paperwork(now, therapist.sessions * now.bureaucracy.hours_per_session)
        handover = self._paperwork(now, therapist.transfers * now.bureaucracy.hours_per_discharge)
        return self._committed_hours(therapist, team, now) + sessions + handover + therapist.crises * now.triage.crisis_hours

    def _recovery(self, now: Parameters) -> float:
        if not now.loops.care_for_carers:
            return 0.0
        care = now.wellbeing
        return burnout.recovery(
            care.supervision_hours - care.supervision_reference, care.supervision_slope, care.protected_hours - care.protected_reference,
            care.protected_slope, care.peer_support, care.peer_slope, care.development, care.development_slope,
        )

    def _rest(self, therapist: Therapist, now: Parameters) -> None:
        therapist.exhaustion = burnout.rested_week(therapist.exhaustion, self._recovery(now), now.wellbeing.tempo_per_week)

    def _work(self, therapist: Therapist, team: Team, now: Parameters, workload: float, paperwork: float) -> None:
        rules = now.wellbeing
        # care above what is usual takes hours but is no load: counted as load it would eat half of its own effect
        care = team.rules.wte * (rules.supervision_hours - rules.supervision_reference + rules.protected_hours - rules.protected_reference)
        workload -= max(care, 0.0) / (team.rules.hours_per_week * team.rules.wte)
        from_list = team.list_pressure if now.loops.overload_spiral else 0.2
        pressed = burnout.pressure(rules.target_pressure, from_list, rules.expectation, rules.expectation_weight)
        emotional = therapist.crises + rules.emotional_complex_weight * therapist.complex_sessions
        strain = burnout.strain(
            rules.strain_base, therapist.susceptibility, workload - rules.workload_reference, rules.workload_slope,
            paperwork - rules.paperwork_reference if now.loops.red_tape else 0.0, rules.paperwork_slope, emotional - rules.emotional_reference,
            rules.emotional_slope, pressed - rules.pressure_reference, rules.pressure_slope,
        )
        therapist.exhaustion = burnout.worked_week(therapist.exhaustion, strain, self._recovery(now), rules.tempo_per_week)

    def _smooth(self, team: Team, members: list[Therapist], now: Parameters) -> None:
        """Averages that plans and pressure lean on."""
        full_time = sum(team.rules.wte for therapist in members if not therapist.absent)
        if full_time > 0.0:
            team.discharges += (sum(therapist.discharges for therapist in members) / full_time - team.discharges) / SMOOTHING_WEEKS
        team.starts += (team.starts_this_week - team.starts) / SMOOTHING_WEEKS
        team.starts_this_week = 0
        waiting = sum(self.service.lists[number].length for number in team.pathways)
        pressure = burnout.list_pressure(waiting / max(team.starts, 0.5), now.wellbeing.list_half_weeks)
        team.list_pressure += (pressure - team.list_pressure) / 4.0

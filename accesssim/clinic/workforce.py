"""Therapists: posts, hiring, leave, resignation."""

import math
from collections.abc import Sequence

from accesssim.clinic.found_staff import find_staff
from accesssim.clinic.plain_names import Event, Purpose, plain
from accesssim.clinic.rules import burnout, funding
from accesssim.clinic.staff import Post, Staff, slots_for
from accesssim.clinic.state import State
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.therapist import Therapist
from accesssim.clinic.week import Week
from accesssim.world.arithmetic import total
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, NEVER
from accesssim.world.chance import holder
from accesssim.world.limits import TENTHS
from accesssim.world.scenario import Scenario
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.workforce import StaffGroup


class Workforce:
    """All posts and who holds them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.week = Week(state)
        self.affordable: list[int] = []  # tenths of posts of each staff
        self.kept = 0.0  # money a year that goes on holders beyond the wishes
        self.foreseen = _reductions(state.scenario)

    # -- who there is

    def _list_therapists(self) -> None:
        self.state.therapists = [post.holder for post in self.state.posts if post.holder is not None]
        rules = [(self.state.staff[one.staff].rules, one.part) for one in self.state.therapists]
        self.state.hours.contracted = total(group.hours_per_week * group.wte * part for group, part in rules)

    def _hire(self, post: Post, day: int) -> Therapist:
        now = self.state.now
        entity = holder(self.state.staff[post.staff].name, post.nth, post.turns)
        post.holder = therapist = Therapist(
            post.number,
            post.staff,
            entity,
            post.turns,
            day,
            self.state.chance,
            now.wellbeing,
            now.therapy.therapist_skill_sigma,
        )
        therapist.tenths = post.tenths
        post.turns += 1
        return therapist

    def _empty(self, post: Post, day: int) -> None:
        """The holder has gone: recruit, or close the post as far as there is no money for it."""
        post.holder = None
        post.filled_on = day + DAYS_PER_WEEK * self.state.staff[post.staff].rules.recruitment_weeks
        held = sum(other.tenths for other in self.state.posts if other.staff == post.staff)
        post.tenths -= min(max(held - self.affordable[post.staff], 0), post.tenths)

    def review(self, day: int) -> None:
        """Budget → posts: at the start, when money or wishes change, and each year.

        Less money closes vacancies, agency staff in them or not, the last post first; whoever holds a post keeps their
        hours. More money raises the hours of posts that are there, those of holders first, and opens others then. What
        holders beyond the wish of their group cost is spent on others as they go, and not before.
        """
        self.kept = self._kept_beyond_wishes()
        self.affordable = self.pays_for(self.state.now, self.state.teams, self.state.stays, self.kept)
        for staff, wanted in zip(self.state.staff, self.affordable, strict=True):
            posts = [post for post in self.state.posts if post.staff == staff.number]
            surplus = sum(post.tenths for post in posts) - wanted
            for post in reversed(posts):
                if surplus > 0 and post.is_vacant:
                    closed = min(surplus, post.tenths)
                    post.tenths, surplus = post.tenths - closed, surplus - closed
            if surplus > 0 and staff.rules.reduction == "at_once":
                self._give_notice(staff, surplus, day + DAYS_PER_WEEK * staff.rules.notice_weeks)
            missing = -surplus
            for post in sorted(posts, key=lambda post: (post.tenths == 0, post.is_vacant)):
                if missing > 0 and post.tenths < TENTHS:
                    if post.tenths == 0:
                        post.filled_on = day + DAYS_PER_WEEK * staff.rules.recruitment_weeks
                    opened = min(missing, TENTHS - post.tenths)
                    post.tenths, missing = post.tenths + opened, missing - opened

    def pays_for(self, now: Parameters, teams: Teams, stays: Sequence[Stays], kept: float = 0.0) -> list[int]:
        """Tenths of posts of each staff that the budget of some rules, and what is carried, pays for beside a sum that is `kept`."""
        return funding.affordable_tenths(
            [teams.posts[staff.group][staff.team] for staff in self.state.staff],
            [self.unit_cost(staff, now) for staff in self.state.staff],
            len(teams.groups),
            money_for_posts(now, teams, stays) + self.state.accounts.carried - kept,
        )

    def _kept_beyond_wishes(self) -> float:
        """Money a year that goes on whoever holds more than is still wished for, until they leave."""
        kept = 0.0
        for staff in self.state.staff:
            wished = self.state.teams.posts[staff.group][staff.team]
            held = sum(post.tenths for post in self.state.posts if post.staff == staff.number and not post.is_vacant)
            if held > TENTHS * wished:
                kept += (held - TENTHS * wished) / TENTHS * self.unit_cost(staff, self.state.now)
        return kept

    def _give_notice(self, staff: Staff, surplus: int, leaves_on: int) -> None:
        """Notice to those who came last, while all that one holds is too much; who goes by that day anyway counts first."""
        posts = self.state.posts
        held = [one.holder for one in posts if one.staff == staff.number and one.holder and not one.holder.agency]
        surplus -= sum(
            posts[one.post].tenths for one in held if one.leaves_on is not None and one.leaves_on <= leaves_on
        )
        for one in sorted(held, key=lambda one: (-one.hired, -one.post)):
            if one.leaves_on is None and posts[one.post].tenths <= surplus:
                surplus -= posts[one.post].tenths
                one.leaves_on = leaves_on
                self._note(Event.NOTICE, one, one.exhaustion)

    def foresee(self, day: int) -> None:
        """Posts that are to be empty by the date of a change: notice is given so long before, and recruits wait until then."""
        state = self.state
        for date, group in self.foreseen.pop(day, ()):
            later = plain(state.scenario.in_force(date))
            wanted = self.pays_for(later, Teams(later), [Stays(path.stay) for path in later.pathways.values()])
            for staff in state.staff:
                posts = [post for post in state.posts if post.staff == staff.number]
                surplus = sum(post.tenths for post in posts) - wanted[staff.number]
                if staff.group == group and surplus > 0:
                    staff.hires_from = max(staff.hires_from, date)
                    vacant = sum(post.tenths for post in posts if post.is_vacant)
                    self._give_notice(staff, surplus - vacant, date - date % DAYS_PER_WEEK)

    def unit_cost(self, staff: Staff, now: Parameters) -> float:
        """Money a year that a post takes under some rules; its sessions are those of today's hours."""
        rules, money = now.workforce[staff.group], now.funding
        leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
        sessions = (
            0.0
            if money.session_cost == 0.0
            else funding.sessions_per_year(self.state.hours.slots(staff, self.state.now, 0.0))
        )
        return funding.unit_cost(
            rules.salary,
            rules.wte,
            money.on_cost_share,
            leavers,
            money.recruitment_share_of_salary,
            money.session_cost,
            sessions,
        )

    def open(self) -> None:
        """Day 0: the posts that there is money for are held, but for those that happen to be vacant in a steady service."""
        now, chance = self.state.now, self.state.chance
        self.apply(now)
        self.review(0)
        for post in self.state.posts:
            if post.tenths == 0:
                continue
            rules = self.state.staff[post.staff].rules
            u = chance.uniform(holder(self.state.staff[post.staff].name, post.nth, 0), Purpose.TENURE)
            leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
            vacant = funding.vacant_share(leavers, rules.recruitment_weeks) if now.initial.state == "steady" else 0.0
            if u < vacant:
                post.filled_on = DAYS_PER_WEEK * (1 + int(u / vacant * rules.recruitment_weeks))
                continue
            therapist = self._hire(post, -DAYS_PER_WEEK * rules.ramp_up_weeks)
            strain = burnout.strain(
                now.wellbeing.strain_base, therapist.susceptibility, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            )
            therapist.exhaustion = burnout.resting_point(strain, self.week.recovery(now))
            self._tell_of_hire(therapist)
            if now.initial.state == "steady":
                find_staff(self.state, therapist, rules)
        self.foresee(0)
        self._list_therapists()
        self._see_who_is_there(0)
        self.week.plan(0)
        if now.initial.state == "steady":
            for staff in self.state.staff:  # until weeks have been seen: a course holds a slot for about nine
                staff.starts = (
                    sum(therapist.slots for therapist in self.state.therapists if therapist.staff == staff.number) / 9.0
                )

    def apply(self, now: Parameters) -> None:
        """New rules are in force."""
        teams = self.state.teams
        for staff in self.state.staff:
            staff.rules, staff.posts = now.workforce[staff.group], teams.posts[staff.group][staff.team]
            given = [number for number, pathway in enumerate(now.pathways.values()) if pathway.group == staff.group]
            staff.lists = teams.lists_of(staff.team, given)
            staff.partners = tuple(teams.staff(team, staff.group) for team in teams.treat_for[staff.team])
            staff.session_hours, staff.gives_groups = slots_for([self.state.paths[number] for number in given])

    def _note(self, event: Event, therapist: Therapist, value: float = 0.0) -> None:
        if not therapist.agency:
            self.state.write(self.state.clock.day, event, therapist.turn, therapist.post, value)

    def _tell_of_hire(self, therapist: Therapist) -> None:
        self._note(Event.HIRED, therapist, therapist.exhaustion)
        self._tell_of_part(therapist)

    def _tell_of_part(self, therapist: Therapist) -> None:
        """Of whoever holds less than a whole post."""
        if therapist.tenths < TENTHS:
            self._note(Event.PART_TIME, therapist, float(therapist.tenths))

    # -- Mondays

    def monday(self, day: int) -> None:
        """Hours are raised, exhaustion has moved; absence, resignations, starters; then the week is planned."""
        now = self.state.now
        if self.kept > 0.0:
            self.review(day)
        for post in self.state.posts:
            if post.holder is not None and post.tenths:
                post.holder.tenths = post.tenths
        if day:
            for member in self.state.therapists:
                self._note(Event.EXHAUSTION, member, member.exhaustion)
                self._tell_of_part(member)
        for post in self.state.posts:
            therapist, hires_from = post.holder, self.state.staff[post.staff].hires_from
            if therapist is not None:
                rules = self.state.staff[post.staff].rules
                therapist.on_leave = False
                if (therapist.leaves_on is not None and day >= therapist.leaves_on) or (
                    therapist.agency and not post.tenths
                ):
                    self._leave(post, therapist, day)
                    therapist = None
                elif day and not therapist.agency:
                    self._falls_sick_or_resigns(therapist, rules, day)
            if post.tenths and day >= max(post.filled_on, hires_from) and (therapist is None or therapist.agency):
                if therapist is not None:
                    self._leave(post, therapist, day)
                newcomer = self._hire(post, day)
                self._tell_of_hire(newcomer)
                pay = self.state.staff[post.staff].rules
                self.state.accounts.recruitment += (
                    now.funding.recruitment_share_of_salary * pay.salary * pay.wte * newcomer.part
                )
        if now.funding.agency_share > 0.0:
            self._call_agency(day, now.funding.agency_share)
        self._list_therapists()
        self._see_who_is_there(day)
        for member in self.state.therapists:
            if member.on_leave:
                self._note(Event.ON_LEAVE, member)
        self.week.plan(day)

    def _see_who_is_there(self, day: int) -> None:
        """Who is sick this week, and who on leave."""
        for member in self.state.therapists:
            sick = member.sick_until > day
            member.on_leave = not sick and member.on_leave_in(
                day // DAYS_PER_WEEK, self.state.staff[member.staff].rules.leave_days
            )
            member.absent = sick or member.on_leave

    def _falls_sick_or_resigns(self, therapist: Therapist, rules: StaffGroup, day: int) -> None:
        wellbeing = self.state.now.wellbeing
        if therapist.sick_until <= day:
            weeks = therapist.falls_sick(wellbeing)
            if weeks:
                therapist.sick_until = day + DAYS_PER_WEEK * weeks
                self._note(Event.ABSENT, therapist, float(weeks))
        if therapist.leaves_on is None and therapist.resigns(wellbeing, rules):
            therapist.leaves_on = day + DAYS_PER_WEEK * rules.notice_weeks
            self._note(Event.NOTICE, therapist, therapist.exhaustion)

    def _leave(self, post: Post, therapist: Therapist, day: int) -> None:
        self._note(Event.LEFT, therapist, therapist.exhaustion)
        self.state.leaving.append(therapist)
        if therapist.agency:
            post.holder = None
        else:
            self._empty(post, day)

    def _call_agency(self, day: int, share: float) -> None:
        """Agency staff in a share of the vacant posts of each team and group, the first of them.

        They stay until the recruit starts or the money goes.
        """
        for staff in self.state.staff:
            vacant = [
                post for post in self.state.posts if post.staff == staff.number and post.tenths and post.is_vacant
            ]
            for post in vacant[: math.floor(share * len(vacant) + 0.5)]:
                if post.holder is None:
                    self._hire(post, day).agency = True


def _reductions(scenario: Scenario) -> dict[int, list[tuple[int, str]]]:
    """By day on which notice is given for posts that are to be empty by a date: dates of changes, and staff groups."""
    found: dict[int, list[tuple[int, str]]] = {}
    for date in scenario.change_days:
        for group, rules in scenario.in_force(date).workforce.items():
            found.setdefault(notice_day(date, rules), []).append((date, group))
    return found


def notice_day(date: int, rules: StaffGroup) -> int:
    """The day of notice for posts that are to be empty by the date of a change: day 0 where that was earlier; NEVER where none is given."""
    if rules.reduction != "by_date":
        return NEVER
    return max(date - date % DAYS_PER_WEEK - DAYS_PER_WEEK * rules.notice_weeks, 0)


def money_for_posts(now: Parameters, teams: Teams, stays: Sequence[Stays]) -> float:
    """What the yearly budget leaves for posts: without places that are bought, premises and administrators.

    Below zero where these alone cost more.
    """
    money = now.funding
    if money.annual_budget is None:
        return math.inf
    bought = total(
        sum(teams.places[name]) * path.cost_per_stay * DAYS_PER_YEAR / law.mean_stay
        for (name, path), law in zip(now.pathways.items(), stays, strict=True)
        if path.cost_per_stay and path.places is not None
    )
    return (
        money.annual_budget
        - bought
        - money.fixed_cost
        - now.bureaucracy.admin_posts * money.admin_salary * (1.0 + money.on_cost_share)
    )

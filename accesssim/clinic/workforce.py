"""Therapists: posts, hiring, leave, resignation; who has room today, who takes a crisis."""

import heapq
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from accesssim.clinic.hours import Hours
from accesssim.clinic.plain_names import Cancellation, Event, Purpose
from accesssim.clinic.rules import burnout, funding, worktime
from accesssim.clinic.staff import Staff, slots_for
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.therapist import Therapist
from accesssim.clinic.week import Week
from accesssim.world.arithmetic import total
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from accesssim.world.chance import holder
from accesssim.world.nothing import NO_STAFF
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.pathways import Pathway
from accesssim.world.sections.workforce import StaffGroup

if TYPE_CHECKING:
    from accesssim.clinic.service import Service


class Post:
    """A post: held, vacant until somebody has been recruited, or without money."""

    __slots__ = ("filled_on", "funded", "holder", "number", "place", "staff", "turns")

    def __init__(self, number: int, staff: int, place: int) -> None:
        self.number, self.staff, self.place = number, staff, place
        self.holder: Therapist | None = None
        self.funded = False
        self.filled_on = 0  # when the recruit starts, while vacant
        self.turns = 0


class Workforce:
    """All posts and who holds them."""

    def __init__(self, service: "Service", most_posts: dict[str, list[int]]) -> None:
        self.service = service
        teams = service.teams
        self.staff = [
            Staff(teams.staff(team, group), team, group, f"{teams.names[team]}.{group}" if teams.names else group)
            for team in range(teams.count)
            for group in teams.groups
        ]
        places = [(staff.number, place) for staff in self.staff for place in range(most_posts[staff.group][staff.team])]
        self.posts = [Post(number, staff, place) for number, (staff, place) in enumerate(places)]
        self.therapists: list[Therapist] = []
        self.leaving: list[Therapist] = []
        self.hours = Hours(service)
        self.week = Week(service, self, self.hours)
        self.recruitment_cost = 0.0  # this week

    # -- who there is

    def _list_therapists(self) -> None:
        self.therapists = [post.holder for post in self.posts if post.holder is not None]
        groups = [self.staff[therapist.staff].rules for therapist in self.therapists]
        self.hours.contracted = total(group.hours_per_week * group.wte for group in groups)

    def _hire(self, post: Post, day: int) -> Therapist:
        now = self.service.now
        entity = holder(self.staff[post.staff].name, post.place, post.turns)
        post.holder = therapist = Therapist(
            post.number,
            post.staff,
            entity,
            post.turns,
            day,
            self.service.chance,
            now.wellbeing,
            now.therapy.therapist_skill_sigma,
        )
        post.turns += 1
        return therapist

    def _empty(self, post: Post, day: int) -> None:
        """The holder has gone: recruit, or close the post if there is no money for it."""
        post.holder = None
        post.filled_on = day + DAYS_PER_WEEK * self.staff[post.staff].rules.recruitment_weeks
        held = sum(other.funded for other in self.posts if other.staff == post.staff)
        if held > self.affordable[post.staff]:
            post.funded = False

    def review(self, day: int) -> None:
        """Budget → posts: at the start, when money or wishes change, and each year."""
        now = self.service.now
        self.affordable = funding.affordable_posts(
            [staff.posts for staff in self.staff],
            [self._unit_cost(staff, now) for staff in self.staff],
            money_for_posts(now, self.service.teams, self.service.stays),
        )
        for staff, wanted in zip(self.staff, self.affordable, strict=True):
            posts = [post for post in self.posts if post.staff == staff.number]
            surplus = sum(post.funded for post in posts) - wanted
            for post in reversed(
                posts
            ):  # vacancies go first, agency staff in them or not; held posts go when their holder leaves
                if surplus > 0 and post.funded and (post.holder is None or post.holder.agency):
                    post.funded, surplus = False, surplus - 1
            for post in posts:
                if surplus < 0 and not post.funded:
                    post.funded, surplus = True, surplus + 1
                    post.filled_on = day + DAYS_PER_WEEK * staff.rules.recruitment_weeks

    def _unit_cost(self, staff: Staff, now: Parameters) -> float:
        rules, money = staff.rules, now.funding
        leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
        sessions = 0.0 if money.session_cost == 0.0 else funding.sessions_per_year(self.hours.slots(staff, now, 0.0))
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
        now, chance = self.service.now, self.service.chance
        self.apply(now)
        self.review(0)
        for post in self.posts:
            if not post.funded:
                continue
            rules = self.staff[post.staff].rules
            u = chance.uniform(holder(self.staff[post.staff].name, post.place, 0), Purpose.TENURE)
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
            self._note(Event.HIRED, therapist, therapist.exhaustion)
        self._list_therapists()
        self.week.plan(0)
        if now.initial.state == "steady":
            for staff in self.staff:  # until weeks have been seen: a course holds a slot for about nine
                staff.starts = (
                    sum(therapist.slots for therapist in self.therapists if therapist.staff == staff.number) / 9.0
                )

    def apply(self, now: Parameters) -> None:
        """New rules are in force."""
        teams = self.service.teams
        for staff in self.staff:
            staff.rules, staff.posts = now.workforce[staff.group], teams.posts[staff.group][staff.team]
            given = [number for number, pathway in enumerate(now.pathways.values()) if pathway.group == staff.group]
            staff.lists = teams.lists_of(staff.team, given)
            staff.partners = tuple(teams.staff(team, staff.group) for team in teams.treat_for[staff.team])
            staff.session_hours, staff.gives_groups = slots_for([self.service.paths[number] for number in given])

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
                rules = self.staff[post.staff].rules
                therapist.on_leave = False
                if (therapist.leaves_on is not None and day >= therapist.leaves_on) or (
                    therapist.agency and not post.funded
                ):
                    self._leave(post, therapist, day)
                    therapist = None
                elif day and not therapist.agency:
                    self._falls_sick_or_resigns(therapist, rules, day)
            if post.funded and day >= post.filled_on and (therapist is None or therapist.agency):
                if therapist is not None:
                    self._leave(post, therapist, day)
                newcomer = self._hire(post, day)
                self._note(Event.HIRED, newcomer, newcomer.exhaustion)
                pay = self.staff[post.staff].rules
                self.recruitment_cost += now.funding.recruitment_share_of_salary * pay.salary * pay.wte
        if now.funding.agency_share > 0.0:
            self._call_agency(day, now.funding.agency_share)
        self._list_therapists()
        for member in self.therapists:
            sick = member.sick_until > day
            member.on_leave = not sick and member.on_leave_in(
                day // DAYS_PER_WEEK, self.staff[member.staff].rules.leave_days
            )
            member.absent = sick or member.on_leave
            if member.on_leave:
                self._note(Event.ON_LEAVE, member)
        self.week.plan(day)

    def _falls_sick_or_resigns(self, therapist: Therapist, rules: StaffGroup, day: int) -> None:
        wellbeing = self.service.now.wellbeing
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
        self.leaving.append(therapist)
        if therapist.agency:
            post.holder = None
        else:
            self._empty(post, day)

    def _call_agency(self, day: int, share: float) -> None:
        """Agency staff in a share of the vacant posts of each team and group, the first of them; they stay until the recruit starts or the money goes."""
        for staff in self.staff:
            vacant = [
                post
                for post in self.posts
                if post.staff == staff.number and post.funded and (post.holder is None or post.holder.agency)
            ]
            for post in vacant[: math.floor(share * len(vacant) + 0.5)]:
                if post.holder is None:
                    self._hire(post, day).agency = True

    # -- who has room, who takes a crisis

    def openings(self, staff: int) -> Iterator[Therapist]:
        """Therapists with a free slot, one slot after the other, the emptiest diary first."""
        free = [
            (therapist.caseload - therapist.slots, therapist.post)
            for therapist in self.therapists
            if therapist.staff == staff
            and therapist.caseload < therapist.slots
            and not therapist.absent
            and therapist.leaves_on is None
        ]
        heapq.heapify(free)
        while free:
            room, number = free[0]
            therapist = self.posts[number].holder
            assert therapist is not None
            yield therapist
            now = therapist.caseload - therapist.slots
            if room < now < 0:
                heapq.heapreplace(free, (now, number))
            else:  # full, or not able to take anybody
                heapq.heappop(free)

    def on_call(self, team: int) -> Therapist | None:
        """Who sees the next crisis: of those at work, of the person's team if there are any, whoever has seen fewest this week; the lowest number of equals."""
        present = [therapist for therapist in self.therapists if not therapist.absent]
        if self.service.teams.names:
            present = [therapist for therapist in present if self.staff[therapist.staff].team == team] or present
        return min(present, key=lambda therapist: (therapist.crises, therapist.post), default=None)

    def displace(self, therapist: Therapist, day: int) -> None:
        """Sessions of today make way for a crisis: the newest patients' first; groups meet."""
        now = self.service.now
        count = worktime.sessions_that_do_not_fit(
            now.triage.crisis_hours, self.hours.slot_hours(self.staff[therapist.staff], now)
        )
        today = [
            person
            for person in therapist.days[day % DAYS_PER_WEEK]
            if person.first_day <= day and person.group is None and person not in therapist.cancelled
        ]
        for person in sorted(today, key=lambda person: (-person.first_day, -person.number))[:count]:
            therapist.cancelled[person] = Cancellation.CRISIS

    def staff_of(self, team: int, pathway: Pathway) -> int:
        """Number of a team's staff that gives a pathway, NO_STAFF where it has places instead."""
        return NO_STAFF if pathway.group is None else self.service.teams.staff(team, pathway.group)


def money_for_posts(now: Parameters, teams: Teams, stays: Sequence[Stays]) -> float:
    """What the yearly budget leaves for posts: without places that are bought, premises and administrators; below zero where these alone cost more."""
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

"""One holder of a post: caseload, week, exhaustion."""

from typing import TYPE_CHECKING

from accesssim.clinic import burnout, therapy
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS
from accesssim.world.chance import Chance, Purpose, addresses, exponential, normal
from accesssim.world.journal import Cancellation
from accesssim.world.service import StaffGroup, Wellbeing

if TYPE_CHECKING:
    from accesssim.clinic.person import Person

WEEKS_OF_LEAVE_YEAR = 52


class Therapist:
    """Somebody who holds a post. What is drawn is drawn at addresses of the post and of the turn in it."""

    __slots__ = (
        "absent", "agency", "cancelled", "caseload", "chance", "complex_sessions", "contact_hours", "cover_hours", "crises", "days", "discharges",
        "entity", "exhaustion", "hired", "leave", "leaves_on", "on_leave", "place", "post", "pressure", "sessions", "sick_until",
        "skill", "slots", "spells", "staff", "summed", "susceptibility", "thresholds", "transfers", "turn",
    )

    def __init__(self, post: int, staff: int, entity: int, turn: int, hired: int, chance: Chance, wellbeing: Wellbeing, skill_sigma: float) -> None:
        self.post, self.staff, self.turn, self.hired = post, staff, turn, hired
        self.entity, self.chance = entity, chance
        self.skill = therapy.therapist_skill(normal(chance.uniform(entity, Purpose.SKILL)), skill_sigma)
        self.susceptibility = wellbeing.susceptibility_sd * normal(chance.uniform(entity, Purpose.SUSCEPTIBILITY))
        self.exhaustion = wellbeing.newcomer_exhaustion
        self.pressure = 0.0
        self.agency = False
        self.days: list[list[Person]] = [[] for _ in range(WORKING_DAYS)]
        self.caseload = 0
        self.slots = 0
        self.leaves_on: int | None = None  # the last day of notice has passed
        self.sick_until = -1
        self.on_leave = False
        self.absent = False
        self.leave: dict[int, frozenset[int]] = {}
        self.cancelled: dict[Person, Cancellation] = {}
        purposes = (Purpose.SHORT_ABSENCE, Purpose.LONG_ABSENCE, Purpose.CAREER, Purpose.EXHAUSTED_LEAVING)
        self.spells = dict.fromkeys(purposes, 0)
        self.summed = dict.fromkeys(purposes, 0.0)
        self.thresholds = {purpose: exponential(chance.uniform(entity, purpose)) for purpose in purposes}
        self.cover_hours = 0.0
        self.new_week()

    def new_week(self) -> None:
        """Begin the week's tally of work."""
        self.sessions = self.complex_sessions = self.crises = self.discharges = self.transfers = 0
        self.contact_hours = 0.0

    # -- caseload

    def take(self, person: "Person", today: int, notice_days: int) -> None:
        """Give a person a weekly slot: on the day with fewest patients, the soonest of these."""
        earliest = today + notice_days
        until = earliest % DAYS_PER_WEEK
        best = DAYS_PER_WEEK * (self.caseload + 2)
        for weekday, patients in enumerate(self.days):
            rank = DAYS_PER_WEEK * len(patients) + (weekday - until) % DAYS_PER_WEEK
            if rank < best:
                best, person.weekday = rank, weekday
        person.first_day = earliest + best % DAYS_PER_WEEK
        person.therapist = self
        self.days[person.weekday].append(person)
        self.caseload += 1

    def release(self, person: "Person") -> None:
        """The slot is free again."""
        self.discharges += 1
        self.drop(person)

    def drop(self, person: "Person") -> None:
        """Take a person off the caseload."""
        self.days[person.weekday].remove(person)
        self.cancelled.pop(person, None)
        self.caseload -= 1
        person.therapist = None

    def patients(self) -> list["Person"]:
        """The caseload, in order of person number."""
        return sorted((person for day in self.days for person in day), key=lambda person: person.number)

    def newest(self, count: int) -> list["Person"]:
        """The patients who came last."""
        return sorted(self.patients(), key=lambda person: (-person.first_day, -person.number))[:count]

    def held(self, person: "Person", hours: float) -> None:
        """A session took place."""
        self.sessions += 1
        self.contact_hours += hours
        if person.complex:
            self.complex_sessions += 1

    # -- presence

    def leave_weeks(self, year: int, days_a_year: float) -> frozenset[int]:
        """Weeks of a year (0 to 51) that are booked as leave: the same weeks, and more of them, for more days."""
        leave = self.leave.get(year)
        if leave is None:
            weeks = days_a_year / WORKING_DAYS
            drawn = self.chance.table([self.entity], addresses((Purpose.LEAVE_WEEK, year * 64 + week) for week in range(WEEKS_OF_LEAVE_YEAR + 1)))[0].tolist()
            count = min(WEEKS_OF_LEAVE_YEAR, int(weeks + drawn.pop()))
            order = sorted(range(WEEKS_OF_LEAVE_YEAR), key=lambda week: (drawn[week], week))
            leave = self.leave[year] = frozenset(order[:count])
        return leave

    def on_leave_in(self, week: int, days_a_year: float) -> bool:
        """Whether leave is booked for a week of the run."""
        year, week_of_year = divmod(week, WEEKS_OF_LEAVE_YEAR)
        return week_of_year in self.leave_weeks(year, days_a_year)

    def _fires(self, purpose: Purpose, hazard: float) -> bool:
        self.summed[purpose] += hazard
        if self.summed[purpose] < self.thresholds[purpose]:
            return False
        self.spells[purpose] += 1
        self.summed[purpose] = 0.0
        self.thresholds[purpose] = exponential(self.chance.uniform(self.entity, purpose, self.spells[purpose]))
        return True

    def falls_sick(self, rules: Wellbeing) -> int:
        """Weeks of sickness that begin this week; 0 for none."""
        short = burnout.weekly_hazard(rules.short_absence_per_year, rules.absence_slope, self.exhaustion, 0.45)
        long = burnout.weekly_hazard(rules.long_absence_per_year, rules.absence_slope, self.exhaustion, 0.45)
        is_short, is_long = self._fires(Purpose.SHORT_ABSENCE, short), self._fires(Purpose.LONG_ABSENCE, long)
        return rules.long_absence_weeks if is_long else rules.short_absence_weeks if is_short else 0

    def resigns(self, rules: Wellbeing, group: StaffGroup) -> bool:
        """Whether notice is given this week: for a career step, or because of exhaustion."""
        career = self._fires(Purpose.CAREER, burnout.weekly_hazard(group.career_leaving_per_year, 0.0, 0.0, 0.0))
        exhausted = burnout.weekly_hazard(group.exhaustion_leaving_per_year, rules.leaving_slope, self.exhaustion, 0.5)
        return self._fires(Purpose.EXHAUSTED_LEAVING, exhausted) or career

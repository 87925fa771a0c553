"""One holder of a post: caseload, week, exhaustion."""

from accesssim.clinic.group import Group
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Cancellation, Purpose
from accesssim.clinic.rules import burnout, therapy
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER, WORKING_DAYS
from accesssim.world.chance import Chance, addresses, exponential, normal
from accesssim.world.journal import codes
from accesssim.world.limits import TENTHS
from accesssim.world.nothing import NOT_YET
from accesssim.world.sections.wellbeing import Wellbeing
from accesssim.world.sections.workforce import StaffGroup

WEEKS_OF_LEAVE_YEAR = 52


class Hazard:
    """What happens to a holder again and again, each time once the hazard summed since the last time reaches what luck has set."""

    __slots__ = ("address", "chance", "summed", "threshold", "times")

    def __init__(self, chance: Chance, entity: int, purpose: Purpose) -> None:
        self.chance, self.address = chance, (entity, purpose)
        self.times, self.summed = 0, 0.0
        self.threshold = exponential(chance.uniform(entity, purpose))

    def fires(self, hazard: float) -> bool:
        """Whether it happens this week, at this hazard."""
        self.summed += hazard
        if self.summed < self.threshold:
            return False
        self.times += 1
        self.summed = 0.0
        self.threshold = exponential(self.chance.uniform(*self.address, self.times))
        return True


class Therapist:
    """Somebody who holds a post. What is drawn is drawn at addresses of the post and of the turn in it."""

    __slots__ = (
        "absent",
        "agency",
        "cancelled",
        "career",
        "caseload",
        "chance",
        "complex_sessions",
        "contact_hours",
        "cover_hours",
        "crises",
        "days",
        "discharges",
        "entity",
        "exhausted_leaving",
        "exhaustion",
        "groups",
        "hired",
        "leave",
        "leaves_on",
        "long_absence",
        "on_leave",
        "post",
        "pressure",
        "sessions",
        "short_absence",
        "sick_until",
        "skill",
        "slots",
        "staff",
        "susceptibility",
        "tenths",
        "transfers",
        "turn",
    )

    def __init__(
        self,
        post: int,
        staff: int,
        entity: int,
        turn: int,
        hired: int,
        chance: Chance,
        wellbeing: Wellbeing,
        skill_sigma: float,
    ) -> None:
        self.post, self.staff, self.turn, self.hired = post, staff, turn, hired
        self.entity, self.chance = entity, chance
        self.skill = therapy.therapist_skill(normal(chance.uniform(entity, Purpose.SKILL)), skill_sigma)
        self.susceptibility = wellbeing.susceptibility_sd * normal(chance.uniform(entity, Purpose.SUSCEPTIBILITY))
        self.exhaustion = wellbeing.newcomer_exhaustion
        self.pressure = 0.0
        self.agency = False
        self.tenths = TENTHS  # of the post that they hold
        self.days: list[list[Person]] = [[] for _ in range(WORKING_DAYS)]
        self.caseload = 0  # slots taken
        self.groups: list[Group] = []
        self.slots = 0
        self.leaves_on: int | None = None  # the last day of notice has passed
        self.sick_until = NOT_YET
        self.on_leave = False
        self.absent = False
        self.leave: dict[tuple[int, float], frozenset[int]] = {}  # by year and days a year, which may change by date
        self.cancelled: dict[Person, Cancellation] = {}
        self.short_absence, self.long_absence, self.career, self.exhausted_leaving = (
            Hazard(chance, entity, purpose)
            for purpose in (Purpose.SHORT_ABSENCE, Purpose.LONG_ABSENCE, Purpose.CAREER, Purpose.EXHAUSTED_LEAVING)
        )
        self.cover_hours = 0.0
        self.new_week()

    @property
    def part(self) -> float:
        """Part of a post that they hold: 1, or less."""
        return self.tenths / TENTHS

    def new_week(self) -> None:
        """Begin the week's tally of work."""
        self.sessions = self.crises = self.discharges = self.transfers = 0
        self.contact_hours = self.complex_sessions = 0.0

    # -- caseload

    def take(self, person: Person, today: int, notice_days: int) -> None:
        """Give a person a weekly slot."""
        person.weekday, person.first_day = self._free_day(today + notice_days)
        person.therapist = self
        self.days[person.weekday].append(person)
        self.caseload += 1

    def _free_day(self, earliest: int) -> tuple[int, int]:
        """The weekday with fewest patients, the soonest of these; and its first date."""
        until = earliest % DAYS_PER_WEEK
        best, chosen = NEVER, 0
        for weekday, patients in enumerate(self.days):
            rank = DAYS_PER_WEEK * len(patients) + (weekday - until) % DAYS_PER_WEEK
            if rank < best:
                best, chosen = rank, weekday
        return chosen, earliest + best % DAYS_PER_WEEK

    def begin_group(self, group: Group, earliest: int) -> Group:
        """Give a group a weekday, and as many slots as it takes."""
        group.weekday, group.first_day = self._free_day(earliest)
        self.groups.append(group)
        self.caseload += group.weight
        return group

    def seat(self, person: Person, group: Group, earliest: int) -> None:
        """Give a person a seat in a group, from its first meeting that is not before a day."""
        earliest = max(earliest, group.first_day)
        person.weekday, person.first_day = group.weekday, earliest + (group.weekday - earliest) % DAYS_PER_WEEK
        person.therapist, person.group = self, group
        self.days[person.weekday].append(person)
        group.members += 1

    def release(self, person: Person) -> None:
        """The slot is free again."""
        self.discharges += 1
        self.drop(person)

    def drop(self, person: Person) -> None:
        """Take a person off the caseload."""
        self.days[person.weekday].remove(person)
        self.cancelled.pop(person, None)
        person.therapist = None
        group, person.group = person.group, None
        if group is None:
            self.caseload -= 1
            return
        group.members -= 1
        if group.members == 0:
            self.end_group(group)

    def end_group(self, group: Group) -> None:
        """Nobody is left in a group: its slots are free."""
        self.groups.remove(group)
        self.caseload -= group.weight

    def patients(self) -> list[Person]:
        """The caseload, in order of person number."""
        return sorted((person for day in self.days for person in day), key=lambda person: person.number)

    def newest(self, count: int) -> list[Person]:
        """The patients with a slot of their own who came last."""
        return sorted(
            (person for person in self.patients() if person.group is None),
            key=lambda person: (-person.first_day, -person.number),
        )[:count]

    def held(self, person: Person, day: int, hours: float) -> None:
        """A session took place; one of a group is one session, however many came."""
        group = person.group
        if group is None or group.met_on != day:
            self.sessions += 1
            self.contact_hours += hours
            if group is not None:
                group.met_on, group.met_as = day, group.members
        if person.complex:
            self.complex_sessions += 1.0 if group is None else 1.0 / group.met_as

    # -- presence

    def leave_weeks(self, year: int, days_a_year: float) -> frozenset[int]:
        """Weeks of a year (0 to 51) that are booked as leave: the same weeks, and more of them, for more days."""
        leave = self.leave.get((year, days_a_year))
        if leave is None:
            weeks = days_a_year / WORKING_DAYS
            drawn = self.chance.table(
                [self.entity],
                addresses(
                    (Purpose.LEAVE_WEEK, codes.leave_week(year, week)) for week in range(WEEKS_OF_LEAVE_YEAR + 1)
                ),
            )[0].tolist()
            count = min(WEEKS_OF_LEAVE_YEAR, int(weeks + drawn.pop()))
            order = sorted(range(WEEKS_OF_LEAVE_YEAR), key=lambda week: (drawn[week], week))
            leave = self.leave[year, days_a_year] = frozenset(order[:count])
        return leave

    def on_leave_in(self, week: int, days_a_year: float) -> bool:
        """Whether leave is booked for a week of the run."""
        year, week_of_year = divmod(week, WEEKS_OF_LEAVE_YEAR)
        return week_of_year in self.leave_weeks(year, days_a_year)

    def falls_sick(self, rules: Wellbeing) -> int:
        """Weeks of sickness that begin this week; 0 for none."""
        short = burnout.weekly_hazard(rules.short_absence_per_year, rules.absence_slope, self.exhaustion, 0.45)
        long = burnout.weekly_hazard(rules.long_absence_per_year, rules.absence_slope, self.exhaustion, 0.45)
        is_short, is_long = self.short_absence.fires(short), self.long_absence.fires(long)
        return rules.long_absence_weeks if is_long else rules.short_absence_weeks if is_short else 0

    def resigns(self, rules: Wellbeing, group: StaffGroup) -> bool:
        """Whether notice is given this week: for a career step, or because of exhaustion."""
        career = self.career.fires(burnout.weekly_hazard(group.career_leaving_per_year, 0.0, 0.0, 0.0))
        exhausted = burnout.weekly_hazard(group.exhaustion_leaving_per_year, rules.leaving_slope, self.exhaustion, 0.5)
        return self.exhausted_leaving.fires(exhausted) or career

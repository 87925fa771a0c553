"""What a budget pays for, before anything is run: how many of the posts that are wished for, and what more money would buy."""

from dataclasses import dataclass

from accesssim.clinic.plain_names import plain
from accesssim.clinic.rules.funding import first_claim
from accesssim.clinic.state import State
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.workforce import Workforce, money_for_posts
from accesssim.world.chance import Chance
from accesssim.world.limits import TENTHS
from accesssim.world.scenario import Scenario


@dataclass(frozen=True)
class Budget:
    """What is in force from a day on. Posts are whole ones with tenths; money is a year's, in `currency`.

    `wished` and `paid`: posts by staff group. Where the budget binds, `group` is whose post is bought next: so much `more`
    money pays for the `part` of it that is missing, and `for_all` for every post that is wished for.
    """

    day: int
    given: bool
    currency: str
    wished: dict[str, int]
    paid: dict[str, float]
    group: str = ""
    part: float = 0.0
    more: float = 0.0
    for_all: float = 0.0

    @property
    def binds(self) -> bool:
        """Whether some posts that are wished for are not paid, or not whole."""
        return bool(self.group)

    def __str__(self) -> str:
        told = self._told()
        return f"From day {self.day:,} on: {told}" if self.day else f"{told[0].upper()}{told[1:]}"

    def _told(self) -> str:
        posts = sum(self.wished.values())
        if not self.given:
            return f"no budget is given: all {posts:,} posts that are wished for are paid."
        if not self.binds:
            return f"money does not bind: all {posts:,} posts that are wished for are paid."
        groups = ", ".join(f"{self.paid[name]:,.1f} of {wish:,} {name}" for name, wish in self.wished.items())
        every = f"; {self.for_all:,.0f} more pays for all" if self.for_all > self.more else ""
        return (
            f"the budget pays {sum(self.paid.values()):,.1f} of {posts:,} posts ({groups}); "
            f"{self.more:,.0f} {self.currency} a year more buys {self.part:.1f} of a post of {self.group}{every}."
        )


def budgets(scenario: Scenario) -> list[Budget]:
    """What the budget pays for on day 0, and from each dated change on that alters it."""
    state = State(scenario, Chance(0, 0))
    workforce = Workforce(state)
    workforce.apply(state.now)
    told: list[Budget] = []
    for day in (0, *scenario.change_days):
        found = _budget(workforce, scenario, day)
        if not told or _all_but_the_day(found) != _all_but_the_day(told[-1]):
            told.append(found)
    return told


def _all_but_the_day(budget: Budget) -> tuple[object, ...]:
    return tuple(value for name, value in vars(budget).items() if name != "day")


def _budget(workforce: Workforce, scenario: Scenario, day: int) -> Budget:
    state, now = workforce.state, plain(scenario.in_force(day))
    teams, stays = Teams(now), [Stays(path.stay) for path in now.pathways.values()]
    count = len(teams.groups)
    tenths = workforce.pays_for(now, teams, stays)
    wished = [teams.posts[staff.group][staff.team] for staff in state.staff]
    costs = [workforce.unit_cost(staff, now) for staff in state.staff]
    of_group = [tenths[number::count] for number in range(count)]
    wishes = [sum(wished[number::count]) for number in range(count)]
    told = Budget(
        day,
        now.funding.annual_budget is not None,
        now.funding.currency,
        dict(zip(teams.groups, wishes, strict=True)),
        {name: sum(some) / TENTHS for name, some in zip(teams.groups, of_group, strict=True)},
    )
    group = first_claim(wishes, [sum(one // TENTHS for one in some) for some in of_group], 0, 1)
    if group < 0:
        return told
    number = first_claim(wished, [one // TENTHS for one in tenths], group, count)
    money = money_for_posts(now, teams, stays)
    missing = [wish - one / TENTHS for wish, one in zip(wished, tenths, strict=True)]
    left = money - sum(one / TENTHS * cost for one, cost in zip(tenths, costs, strict=True))
    part = (TENTHS - tenths[number] % TENTHS) / TENTHS
    return Budget(
        **{
            **vars(told),
            "group": teams.groups[group],
            "part": part,
            "more": part * costs[number] - left,
            "for_all": sum(some * cost for some, cost in zip(missing, costs, strict=True)) - left,
        }
    )

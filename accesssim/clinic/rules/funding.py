"""Budget → posts, and what everything costs."""

import math
from collections.abc import Sequence

from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from accesssim.world.limits import TENTHS


def unit_cost(
    salary: float,
    wte: float,
    on_cost: float,
    leavers_per_year: float,
    recruitment_share: float,
    session_cost: float,
    sessions_per_year: float,
) -> float:
    """Money a year that one post takes: pay, expected recruitment and expected session costs."""
    return (
        salary * wte * (1.0 + on_cost)
        + leavers_per_year * recruitment_share * salary * wte
        + session_cost * sessions_per_year
    )


def sessions_per_year(slots: int) -> float:
    """Sessions that a therapist is expected to hold: 0.8 of the booked ones, in 44 weeks. Assumed."""
    return 0.8 * 44.0 * slots


def vacant_share(leavers_per_year: float, recruitment_weeks: int) -> float:
    """Share of posts that are vacant in a steady service: leavers a post and year, over the time that recruiting takes."""
    gone = leavers_per_year * recruitment_weeks * DAYS_PER_WEEK / DAYS_PER_YEAR
    return gone / (1.0 + gone)


def supervised_share(supervision: float, group_size: float, wte: float, hours: float) -> float:
    """Share of pay that goes into supervision, the supervisor's part included; all of it at the most."""
    return min(1.0, supervision * (1.0 + 1.0 / group_size) * wte / hours)


def first_claim(wished: Sequence[int], bought: Sequence[int], first: int, step: int) -> int:
    """Whose claim to the next post is the strongest, of those numbered `first`, `first` + `step` …: the first of equals; -1 for none.

    The k-th of w posts comes at (k - 1/2)/w of the whole: Webster's divisors (Sainte-Laguë).
    """
    found = -1
    for number in range(first, len(wished), step):
        if bought[number] < wished[number] and (
            found < 0 or (2 * bought[number] + 1) * wished[found] < (2 * bought[found] + 1) * wished[number]
        ):
            found = number
    return found


def affordable_tenths(wished: Sequence[int], unit_costs: Sequence[float], groups: int, money: float) -> list[int]:
    """Tenths of posts of each staff (numbered team by team, group by group) that a yearly sum pays for; infinity pays for all.

    Posts are bought one by one in an order that hangs on the wishes alone, and never on the money, so that more of it takes
    nothing away ("house monotone": Balinski and Young 1980, The Webster method of apportionment, PNAS 77:1-4). Each group
    claims what its wish costs, and a post takes its cost out of that claim: so every group gets the same share of its wish,
    in posts as in money. Among teams the posts of a group go by the same method. The first post that money does not pay
    whole is held part-time, in whole tenths, and is the last; what is left then is less than a tenth costs.
    """
    tenths, bought, of_group = [0] * len(wished), [0] * len(wished), [0] * groups
    wished_of_group = [0] * groups
    for number in range(len(wished)):
        wished_of_group[number % groups] += wished[number]
    left = max(money, 0.0)
    while True:
        group = first_claim(wished_of_group, of_group, 0, 1)
        if group < 0:
            return tenths
        number = first_claim(wished, bought, group, groups)
        cost = unit_costs[number]
        # 1e-9 of a tenth: sums of doubles
        part = TENTHS if cost <= left else min(TENTHS, math.floor(TENTHS * left / cost + 1e-9))
        tenths[number] += part
        if part < TENTHS:
            return tenths
        bought[number] += 1
        of_group[group] += 1
        left = max(left - cost, 0.0)

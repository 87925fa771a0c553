"""Budget → posts, and what everything costs."""

import math
from collections.abc import Sequence

from accesssim.world.arithmetic import total
from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR


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


def affordable_posts(wished: Sequence[int], unit_costs: Sequence[float], money: float) -> list[int]:
    """Posts of each group that a yearly sum pays for; infinity pays for all.

    Where not all are affordable every group gets the same share of its wish; the posts left over by rounding go to the largest
    remainders (first of equals), as long as they can be paid.
    """
    groups = range(len(wished))
    wanted = total([wished[group] * unit_costs[group] for group in groups])
    if wanted <= money:
        return list(wished)
    money = max(money, 0.0)
    share = money / wanted if wanted > 0.0 else 0.0
    posts = [math.floor(wished[group] * share) for group in groups]
    left = money - total([posts[group] * unit_costs[group] for group in groups])
    remainders = [wished[group] * share - posts[group] for group in groups]
    for _ in groups:
        largest = 0
        for group in groups:
            if remainders[group] > remainders[largest]:
                largest = group
        if remainders[largest] > 0.0 and unit_costs[largest] <= left:
            posts[largest] += 1
            left -= unit_costs[largest]
        remainders[largest] = -1.0
    return posts

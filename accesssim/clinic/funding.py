"""Budget → posts, and what everything costs."""

import math
from collections.abc import Sequence

from accesssim.world.arithmetic import total


def unit_cost(salary: float, wte: float, on_cost: float, leavers_per_year: float, recruitment_share: float, session_cost: float, sessions_per_year: float) -> float:
    """Money a year that one post takes: pay, expected recruitment and expected session costs."""
    return salary * wte * (1.0 + on_cost) + leavers_per_year * recruitment_share * salary * wte + session_cost * sessions_per_year


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

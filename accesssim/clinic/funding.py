"""Budget → posts, and what everything costs."""

import math
from collections.abc import Sequence

from accesssim.world.arithmetic import total


def unit_cost(salary: float, wte: float, on_cost: float, leavers_per_year: float, recruitment_share: float, session_cost: float, sessions_per_year: float) -> float:
    """Money a year that one post takes: pay, expected recruitment and expected session costs."""
    return salary * wte * (1.0 + on_cost) + leavers_per_year * recruitment_share * salary * wte + session_cost * sessions_per_year


def affordable_posts(wished: Sequence[int], unit_costs: Sequence[float], money: float | None) -> list[int]:
    """Posts of each group that a yearly sum pays for.

    Where not all are affordable every group gets the same share of its wish; the posts left over by rounding go to the largest
    remainders (first of equals), as long as they can be paid.
    """
    if money is None:
        return list(wished)
    wanted = total(n * cost for n, cost in zip(wished, unit_costs, strict=True))
    if wanted <= money:
        return list(wished)
    share = max(money, 0.0) / wanted if wanted > 0.0 else 0.0
    quotas = [n * share for n in wished]
    posts = [math.floor(quota) for quota in quotas]
    left = max(money, 0.0) - total(n * cost for n, cost in zip(posts, unit_costs, strict=True))
    by_remainder = sorted(range(len(wished)), key=lambda g: (posts[g] - quotas[g], g))
    for group in by_remainder:
        if posts[group] < quotas[group] and unit_costs[group] <= left:
            posts[group] += 1
            left -= unit_costs[group]
    return posts

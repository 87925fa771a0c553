"""What is assumed of teams, or sites: the section `teams`."""

import heapq
import math
from collections.abc import Sequence

from accesssim.world.sections.conditions import ALWAYS
from accesssim.world.sections.declare import Count, Section, names_of, setting

#: What groups of people are called in measures (see `study.statistics`), by what tells them apart; no team is called so.
GROUPS_OF_PEOPLE = {
    "complexity": ("complex", "not_complex"),
    "severity": ("mild", "moderate", "severe"),
    "route": ("self", "professional", "returning"),
    "class": ("urgent", "routine"),
}


class Team(Section):
    """A team, or site: its own diary of assessments, posts, places and lists."""

    share: float = setting(..., "share", "people whose home team it is", low=0, high=1, matters=ALWAYS)
    posts: dict[str, Count] = names_of(
        "workforce",
        "posts",
        "lever",
        "posts of a staff group wished for here; left out, the team's share of the group's",
        matters=ALWAYS,
    )
    places: dict[str, Count] = names_of(
        "pathways",
        "places",
        "lever",
        "places of a pathway here; left out, the team's share of the pathway's",
        matters=ALWAYS,
    )


def split(total: int, shares: Sequence[float], stated: Sequence[int | None]) -> list[int]:
    """A number for each team: what is stated, else its share of the total by Webster's divisors (the first of equals).

    One by one, the k-th of a team at (k - 1/2)/share: so a larger total takes nothing from any team, as remainders would.
    """
    whole, few = sum(shares) or 1.0, max(total - len(shares), 0)
    parts = [math.floor(few * share / whole + 0.5) for share in shares]  # whose turn has come for sure
    claims = [(_turn(part, share), team) for team, (part, share) in enumerate(zip(parts, shares, strict=True))]
    heapq.heapify(claims)
    for _ in range(total - sum(parts)):
        _, team = claims[0]
        parts[team] += 1
        heapq.heapreplace(claims, (_turn(parts[team], shares[team]), team))
    return [part if own is None else own for part, own in zip(parts, stated, strict=True)]


def _turn(part: int, share: float) -> float:
    """When the next comes to a team that has a part already; equal shares are equal but for rounding."""
    return float(f"{(2 * part + 1) / (share or 1e-300):.12g}")

"""What is assumed of teams, or sites: the section `teams`."""

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
    """A number for each team: what is stated, else its share of the total by largest remainder (first of equals)."""
    whole = sum(shares) or 1.0
    quotas = [total * share / whole for share in shares]
    parts = [math.floor(quota + 1e-9) for quota in quotas]
    for number in sorted(range(len(shares)), key=lambda number: (parts[number] - quotas[number], number))[
        : total - sum(parts)
    ]:
        parts[number] += 1
    return [part if own is None else own for part, own in zip(parts, stated, strict=True)]

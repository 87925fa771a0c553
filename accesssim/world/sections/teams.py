"""What is assumed of teams: who belongs to each, what it has, and what it shares with others."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from accesssim.world.limits import MOST_PEOPLE
from accesssim.world.sections.declare import Section, lever, names_of, setting

#: What groups of people are called in measures (see `study.statistics`), by what tells them apart; no team is called so.
GROUPS_OF_PEOPLE = {
    "complexity": ("complex", "not_complex"),
    "severity": ("mild", "moderate", "severe"),
    "route": ("self", "professional", "returning"),
    "class": ("urgent", "routine"),
}
Count = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


class Team(Section):
    """A team, or site: its own diary of assessments, posts, places and lists."""

    share: float = setting(..., "share", "people whose home team it is", low=0, high=1)
    posts: dict[str, Count] = names_of(
        "workforce",
        "posts",
        "lever",
        "posts of a staff group wished for here; left out, the team's share of the group's",
    )
    places: dict[str, Count] = names_of(
        "pathways", "places", "lever", "places of a pathway here; left out, the team's share of the pathway's"
    )


class Pool(Section):
    """Teams that share their lists."""

    teams: tuple[str, ...] = setting((), "", "teams in the pool; left out, all of them")
    shares: Literal["nothing", "assessment", "therapy", "both"] = lever(
        "both", "", "what the teams do for each other's people"
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is shared: assessment, therapy, both or neither."""
        return {"nothing": (), "both": ("assessment", "therapy")}.get(self.shares, (self.shares,))


def partners(teams: Sequence[str], pools: Sequence[Pool], kind: str) -> list[tuple[int, ...]]:
    """For each team the numbers of the teams that it shares `kind` (assessment or therapy) with, itself among them; one nameless team where there is none."""
    if not teams:
        return [(0,)]
    found: list[tuple[int, ...]] = [(number,) for number in range(len(teams))]
    for pool in pools:
        if kind in pool.kinds:
            members = tuple(number for number, name in enumerate(teams) if not pool.teams or name in pool.teams)
            for number in members:
                found[number] = members
    return found


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

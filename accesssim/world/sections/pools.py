"""Which teams share their lists: the section `pools`."""

from collections.abc import Sequence
from typing import Literal

from accesssim.world.sections.conditions import ALWAYS, other_than
from accesssim.world.sections.declare import Section, lever, setting


class Pool(Section):
    """Teams that share their lists."""

    teams: tuple[str, ...] = setting(
        (), "", "teams in the pool; left out, all of them", matters=other_than(".shares", "nothing")
    )
    shares: Literal["nothing", "assessment", "therapy", "both"] = lever(
        "both", "", "what the teams do for each other's people", matters=ALWAYS
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is shared: assessment, therapy, both or neither."""
        return {"nothing": (), "both": ("assessment", "therapy")}.get(self.shares, (self.shares,))


def partners(teams: Sequence[str], pools: Sequence[Pool], kind: str) -> list[tuple[int, ...]]:
    """For each team the numbers of the teams that it shares `kind` (assessment or therapy) with, itself among them.

    Where there are no teams, there is one without a name.
    """
    if not teams:
        return [(0,)]
    found: list[tuple[int, ...]] = [(number,) for number in range(len(teams))]
    for pool in pools:
        if kind in pool.kinds:
            members = tuple(number for number, name in enumerate(teams) if not pool.teams or name in pool.teams)
            for number in members:
                found[number] = members
    return found

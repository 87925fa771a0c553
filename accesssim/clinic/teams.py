"""The teams of a run: who belongs to which, which lists and diaries serve whom, how posts and places are spread over them.

A list is numbered team by team, pathway by pathway; staff likewise, team by team and group by group. A service without teams is one team.
"""

from accesssim.world.arithmetic import total
from accesssim.world.journal import codes
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.pools import partners
from accesssim.world.sections.teams import split


class Teams:
    """What is in force of teams and pools on a date."""

    def __init__(self, now: Parameters) -> None:
        self.names = list(now.teams)
        self.count = max(1, len(self.names))
        self.groups, self.pathways = list(now.workforce), list(now.pathways)
        self.assess_for = partners(self.names, list(now.pools.values()), "assessment")
        self.treat_for = partners(self.names, list(now.pools.values()), "therapy")
        shares = [team.share for team in now.teams.values()] or [1.0]
        self.bounds: list[float] = []
        for share in shares:
            self.bounds.append((self.bounds[-1] if self.bounds else 0.0) + share / total(shares))
        stated = list(now.teams.values())
        self.posts = {
            group: split(rules.posts, shares, [team.posts.get(group) for team in stated] or [None])
            for group, rules in now.workforce.items()
        }
        self.places = {
            name: split(path.places, shares, [team.places.get(name) for team in stated] or [None])
            for name, path in now.pathways.items()
            if path.places is not None
        }

    def home(self, u: float) -> int:
        """The home team of somebody with this luck."""
        for number, bound in enumerate(self.bounds[:-1]):
            if u < bound:
                return number
        return self.count - 1

    def share(self, teams: tuple[int, ...]) -> float:
        """Share of people whose home some teams are."""
        return total(self.bounds[team] - (self.bounds[team - 1] if team else 0.0) for team in teams)

    def staff(self, team: int, group: str) -> int:
        """Number of a team's staff of a group."""
        return codes.staff_of(team, self.groups.index(group), len(self.groups))

    def name_of_staff(self, team: int, group: str) -> str:
        """The name that the posts of a team's staff of a group have their luck by."""
        return f"{self.names[team]}.{group}" if self.names else group

    def lists_of(self, team: int, pathways: list[int]) -> list[int]:
        """Numbers of the lists for these pathways that a team serves: its own and those of its partners."""
        return [
            codes.list_of(other, pathway, len(self.pathways)) for other in self.treat_for[team] for pathway in pathways
        ]

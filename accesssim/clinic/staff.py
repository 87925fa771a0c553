"""What the therapists of one group in one team have in common: rules, lists, and smoothed figures of the last weeks; and their posts."""

from collections.abc import Sequence

from accesssim.clinic.therapist import Therapist
from accesssim.world.nothing import NOT_KNOWN
from accesssim.world.sections.parameters import Parameters
from accesssim.world.sections.pathways import Pathway
from accesssim.world.sections.workforce import StaffGroup

USUAL_LIST_PRESSURE = 0.2
"""Of the list, until weeks have been seen, and where its loop is switched off."""


def slots_for(given: Sequence[Pathway]) -> tuple[float, bool]:
    """Of those who give these pathways: hours of a slot, and whether they give groups.

    A slot is as long as the longest session with one person, or with a group where they give groups alone.
    """
    alone = [path for path in given if path.seats == 1]
    return max((path.session_hours for path in alone or given), default=1.0), len(alone) < len(given)


class Staff:
    """The therapists of one staff group in one team; a service that has no teams is one team."""

    __slots__ = (
        "discharges",
        "gives_groups",
        "group",
        "hires_from",
        "list_pressure",
        "lists",
        "name",
        "number",
        "partners",
        "posts",
        "rules",
        "session_hours",
        "starts",
        "starts_this_week",
        "team",
        "usable_hours",
        "usable_of",
        "usable_relief",
    )

    def __init__(self, number: int, team: int, group: str, name: str) -> None:
        self.number, self.team, self.group = number, team, group
        self.name = name  # of its posts' addresses
        self.rules: StaffGroup
        self.posts = 0  # wished for
        self.lists: list[int] = []  # that it serves
        self.partners: tuple[int, ...] = (
            number,
        )  # staff of the same group, itself among them, that serve the same lists
        self.hires_from = 0  # day; until then recruits wait, as posts are to go
        self.session_hours = 1.0  # of a slot: the longest session with one person
        self.gives_groups = False
        self.usable_hours = self.usable_relief = 0.0
        self.usable_of: Parameters | None = None  # the rules for which usable hours were worked out
        self.discharges = NOT_KNOWN  # a full-time therapist's, a week
        self.starts = 0.0
        self.starts_this_week = 0
        self.list_pressure = USUAL_LIST_PRESSURE


class Post:
    """The `nth` post of a staff: held, vacant until somebody has been recruited, or without money."""

    __slots__ = ("filled_on", "holder", "nth", "number", "staff", "tenths", "turns")

    def __init__(self, number: int, staff: int, nth: int) -> None:
        self.number, self.staff, self.nth = number, staff, nth
        self.holder: Therapist | None = None
        self.tenths = 0  # that money is there for, or that are still held; 0: without money
        self.filled_on = 0  # when the recruit starts, while vacant
        self.turns = 0

    @property
    def is_vacant(self) -> bool:
        """Whether nobody holds it, agency staff at the most."""
        return self.holder is None or self.holder.agency

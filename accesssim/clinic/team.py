"""What the therapists of one group have in common: rules, pathways, and smoothed figures of the last weeks."""

from accesssim.world.parameters import Parameters
from accesssim.world.service import StaffGroup


class Team:
    """One staff group of a run."""

    __slots__ = (
        "discharges", "list_pressure", "name", "number", "pathways", "rules", "session_hours", "starts", "starts_this_week", "usable_hours", "usable_of",
        "usable_relief",
    )

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name
        self.rules: StaffGroup
        self.pathways: list[int] = []
        self.session_hours = 1.0
        self.usable_hours = self.usable_relief = 0.0
        self.usable_of: Parameters | None = None  # the rules for which usable hours were worked out
        self.discharges = -1.0  # a full-time therapist's, a week; negative: not yet known
        self.starts = 0.0
        self.starts_this_week = 0
        self.list_pressure = 0.2

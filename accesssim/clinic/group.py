"""A therapy group: a slot of a therapist's week that several people share."""

from accesssim.world.nothing import NOT_YET


class Group:
    """Seats that a therapist gives on one weekday."""

    __slots__ = (
        "began",
        "first_day",
        "members",
        "met_as",
        "met_on",
        "pathway",
        "seats",
        "takes_newcomers",
        "weekday",
        "weight",
    )

    def __init__(self, pathway: int, seats: int, weight: int, began: int, *, takes_newcomers: bool) -> None:
        self.pathway, self.seats = pathway, seats
        self.weight = weight  # slots that it takes
        self.takes_newcomers = takes_newcomers  # once it has begun
        self.began = began
        self.first_day = began
        self.weekday = 0
        self.members = 0
        self.met_on = NOT_YET  # the last day on which somebody came
        self.met_as = 0  # members when the first of them came that day: whoever ends then still was one of them

    @property
    def free(self) -> int:
        """Seats that nobody has."""
        return self.seats - self.members

"""How the service is found on day 0: the section `initial`."""

from typing import Literal

from pydantic import Field

from accesssim.world.limits import MOST_PEOPLE
from accesssim.world.sections.conditions import ALWAYS, where
from accesssim.world.sections.declare import Count, Section, names_of, setting

AWAITING = "awaiting_assessment"
"""The name in `initial.ages` of those who await assessment; no pathway's."""


_STEADY = where("initial.state", "steady")


class Ages(Section):
    """How long those have waited who are found on a list."""

    weeks: dict[str, Count] = names_of(
        "",
        "people",
        "setting",
        "people by whole weeks waited, each band up to the next: {0: 120, 19: 60, 36: 30, 52: 10}; "
        "the last have waited so long or longer",
        matters=_STEADY,
    )
    days: dict[str, Count] = names_of(
        "",
        "people",
        "setting",
        "people by days waited, each exactly: {12: 1, 40: 3}",
        matters=_STEADY,
    )

    @property
    def people(self) -> int:
        """How many they are."""
        return sum(self.weeks.values()) + sum(self.days.values())


class Initial(Section):
    """The service on day 0."""

    state: Literal["steady", "empty"] = setting(
        "steady", "", "whether the service is found at work or empty", matters=ALWAYS
    )
    awaiting_assessment: int = setting(
        0,
        "people",
        "people referred and not yet assessed, exactly so many; they are booked already, as far as diaries are open",
        low=0,
        high=MOST_PEOPLE,
        matters=where(".state", "steady") & where("triage.assess", True),
    )
    waiting: dict[str, Count] = names_of(
        "pathways",
        "people",
        "setting",
        "people on a pathway's list, exactly so many, whatever `demand.history_days`",
        matters=where(".state", "steady"),
    )
    ages: dict[str, Ages] = Field(
        default_factory=dict,
        description="how long those on a pathway's list have waited, and, as `awaiting_assessment`, those who await it; "
        "left out, as the service's own flow would leave them; or the name of a table beside the file, a line a person, "
        "with a column `days_waited`, `weeks_waited` or `joined_on`",
    )
    caseload_share: float = setting(
        0.9,
        "share",
        "share of slots, and of places that people are sent to or handed on to by other places, that are taken; other places open empty",
        low=0,
        high=1,
        matters=where(".state", "steady"),
    )

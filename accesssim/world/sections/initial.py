"""How the service is found on day 0: the section `initial`."""

from typing import Literal

from accesssim.world.limits import MOST_PEOPLE
from accesssim.world.sections.conditions import ALWAYS, where
from accesssim.world.sections.declare import Count, Section, names_of, setting


class Initial(Section):
    """The service on day 0."""

    state: Literal["steady", "empty"] = setting(
        "steady", "", "whether the service is found at work or empty", matters=ALWAYS
    )
    awaiting_assessment: int = setting(
        0,
        "people",
        "people referred and not yet assessed",
        low=0,
        high=MOST_PEOPLE,
        matters=where(".state", "steady") & where("triage.assess", True),
    )
    waiting: dict[str, Count] = names_of(
        "pathways",
        "people",
        "setting",
        "people on a pathway's list; fewer where fewer have asked since `demand.history_days`",
        matters=where(".state", "steady"),
    )
    caseload_share: float = setting(
        0.9,
        "share",
        "share of slots, and of places that people are sent to or handed on to by other places, that are taken; other places open empty",
        low=0,
        high=1,
        matters=where(".state", "steady"),
    )

"""What is assumed of each kind of help: the section `pathways`."""

from typing import Literal

from pydantic import Field, model_validator

from accesssim.world.limits import MOST_MONEY, MOST_PEOPLE
from accesssim.world.sections.conditions import (
    ALWAYS,
    COMPLEX_PEOPLE,
    Condition,
    above,
    given,
    left_out,
    other_than,
    where,
)
from accesssim.world.sections.declare import Misfit, Section, Share, fact, lever, names_of, section, setting
from accesssim.world.sections.laws_of_days import Arrivals, Span, whole_days
from accesssim.world.sections.waiting import BY_MEDIAN, Patience

_GIVING_UP = where("loops.giving_up", True)
_LEFT_ILL = _GIVING_UP & (
    (left_out(".patience") & other_than("waiting.patience", "none")) | other_than(".patience", None, "none")
)
_THERAPY_HERE = given(".group") | (given(".places") & above(".sessions_per_week", 0))


def _by(*laws: str) -> Condition:
    """People leave this list by one of these laws, its own or that of all lists."""
    why = f"write patience: {laws[0]}, or leave this out"
    of_all = left_out(".patience", why=why) & where("waiting.patience", *laws, why=why)
    return _GIVING_UP & (of_all | where(".patience", *laws, why=why))


class Pathway(Section):
    """One kind of help: who gives it, to whom, for how long.

    It is given by a staff group, session by session, or has places that people keep for a while.
    """

    group: str | None = setting(None, "", "staff group that gives it", matters=ALWAYS)
    places: int | None = lever(
        None, "places", "places, where it is not given by a staff group", low=0, high=MOST_PEOPLE, matters=ALWAYS
    )
    takes_from: tuple[str, ...] = lever(
        (),
        "",
        "other pathways whose lists free places are offered to, once nobody waits for these",
        matters=given(".places"),
    )
    sessions_per_week: float = lever(
        0.0,
        "sessions per week",
        "sessions of therapy in a place; 0 for a stay that is no therapy",
        low=0,
        high=7,
        matters=given(".places"),
    )
    cost_per_stay: float = lever(
        0.0,
        "money",
        "what a stay in a place costs, paid when it begins",
        low=0,
        high=MOST_MONEY,
        matters=given(".places"),
    )
    stay: Span = section(
        Span,
        "how long a place is kept",
        matters=left_out(".group", why="places are kept for a stay, and therapists give sessions"),
    )
    arrivals: Arrivals = Field(default_factory=Arrivals, description="people who come straight to this pathway")
    then: dict[str, Share] = names_of(
        "pathways",
        "share",
        "lever",
        "share of those whose stay or course is over, and who do not step up, that goes on to a pathway",
        matters=ALWAYS,
    )
    after_withdrawal: dict[str, Share] = names_of(
        "pathways",
        "share",
        "lever",
        "share of those who leave the list ill that goes on to a pathway",
        matters=_LEFT_ILL,
    )
    patience: Patience | None = setting(
        None,
        "",
        "law by which people who wait for this pathway leave; left out, as on all lists",
        matters=_GIVING_UP,
    )
    patience_median_days: float | None = fact(
        None,
        "days",
        "as waiting.patience_median_days, for this pathway",
        low=0.01,
        high=100000,
        matters=_by(*BY_MEDIAN),
    )
    patience_shape: float | None = fact(
        None, "", "as waiting.patience_shape, for this pathway", low=0.1, high=50, matters=_by(*BY_MEDIAN)
    )
    patience_daily: float | None = fact(
        None, "share per day", "as waiting.patience_daily, for this pathway", low=0, high=1, matters=_by("daily")
    )
    patience_table: dict[str, Share] = names_of(
        "", "share per day", "uncertain", "as waiting.patience_table, for this pathway", matters=_by("daily_table")
    )
    from_score: float = lever(
        0.0,
        "points",
        "depression score from which people are sent here (28: nobody, but those who come straight or are handed on)",
        low=0,
        high=28,
        matters=ALWAYS,
    )
    for_complex: bool = lever(
        False,
        "",
        "whether recognised complex people are sent here whatever their score",
        matters=COMPLEX_PEOPLE & above("triage.complexity_recognised_share", 0),
    )
    session_hours: float = lever(1.0, "hours", "length of a session", low=0.01, high=20, matters=given(".group"))
    cap: int = lever(14, "sessions", "most sessions of a course", low=1, high=500, matters=given(".group"))
    minimum_sessions: int = lever(
        4, "sessions", "sessions before a course may end well", low=1, high=500, matters=given(".group")
    )
    good_enough_share: float = fact(
        0.3,
        "share per session",
        "courses that end at a session with recorded scores below the cut-offs",
        low=0,
        high=1,
        matters=given(".group"),
    )
    cap_cut_by_target: float = fact(
        0.25,
        "share",
        "how much full target pressure shortens the cap",
        low=0,
        high=1,
        matters=given(".group") & above("wellbeing.target_pressure", 0),
    )
    effect: float = fact(
        1.0, "times", "response in this pathway against the declared one", low=0, high=10, matters=_THERAPY_HERE
    )
    seats: int = lever(
        1,
        "people",
        "people who share a weekly slot: more than one make a group",
        low=1,
        high=100,
        matters=given(".group"),
    )
    starts: Literal["open", "closed"] = lever(
        "open",
        "",
        "whether a group takes people whenever a seat is free, or only when it begins",
        matters=given(".group") & above(".seats", 1),
    )
    least_to_begin: int | None = lever(
        None,
        "people",
        "people with whom a group begins; left out, one where starts are open, all seats where they are closed",
        low=1,
        high=100,
        matters=given(".group") & above(".seats", 1),
    )
    first_session_days: int = lever(
        7, "days", "shortest notice of the first session", low=1, high=365, matters=given(".group")
    )
    step_up_to: str | None = setting(
        None, "", "pathway for those who have not recovered", matters=above(".step_up_share", 0)
    )
    step_up_share: float = fact(
        0.0, "share", "unrecovered people who are stepped up", low=0, high=1, matters=given(".step_up_to")
    )
    relapse_ratio: float = fact(
        1.0,
        "times",
        "relapse hazard after this pathway against the declared one",
        low=0,
        high=20,
        matters=_THERAPY_HERE & above("therapy.relapse_12_months", 0),
    )

    @property
    def people_to_begin(self) -> int:
        """People who must wait before a slot is given: one, but for groups."""
        return 1 if self.seats == 1 else self.least_to_begin or (self.seats if self.starts == "closed" else 1)

    @property
    def unrecovered(self) -> dict[str, float]:
        """Shares of those who have not recovered that go on to other pathways: up, or where everybody goes."""
        if self.step_up_to is None:
            return self.then
        shares = {other: share * (1.0 - self.step_up_share) for other, share in self.then.items()}
        shares[self.step_up_to] = shares.get(self.step_up_to, 0.0) + self.step_up_share
        return shares

    @model_validator(mode="after")
    def _groups_make_sense(self) -> "Pathway":
        """A group is given by staff, and can begin."""
        if self.seats > 1 and self.group is None:
            raise Misfit(
                "",
                "has seats of a group, which staff give; places that people keep are counted by places",
                "seats",
                "places",
            )
        if (self.least_to_begin or 0) > self.seats:
            raise Misfit(
                "",
                f"begins with {self.least_to_begin} people and has {self.seats} seat{'s' if self.seats > 1 else ''}",
                "least_to_begin",
                "seats",
            )
        return self

    @model_validator(mode="after")
    def _has_one_kind_of_capacity(self) -> "Pathway":
        """Therapists or places, never both and never neither."""
        if (self.group is None) == (self.places is None):
            raise Misfit(
                "", "needs either a staff group (group: …) or a number of places (places: …)", "group", "places"
            )
        if self.takes_from and self.places is None:
            raise Misfit("", "is given by a staff group; takes_from: is for places", "takes_from")
        for name, shares in (("then", self.then), ("after_withdrawal", self.after_withdrawal)):
            if (total := sum(shares.values())) > 1.0 + 1e-9:
                raise Misfit("", f"hands on shares that add up to {total:g}; they must not add up to more than 1", name)
        whole_days(self.patience_table, "patience_table")
        return self

"""What is assumed of money: the section `funding`."""

from pydantic import field_validator

from accesssim.world.limits import MOST_MONEY
from accesssim.world.sections.conditions import ALWAYS, COURSES, CRISES, STAFF, above, given
from accesssim.world.sections.declare import Section, fact, lever, setting
from accesssim.world.sections.units import is_currency


class Funding(Section):
    """Budget, posts and costs."""

    annual_budget: float | None = lever(
        None,
        "money per year",
        "yearly budget; left out, every post wished for is paid",
        low=0,
        high=MOST_MONEY,
        matters=ALWAYS,
    )
    currency: str = setting("GBP", "", "currency of every amount", matters=ALWAYS, of="words")

    @field_validator("currency")
    @classmethod
    def _code(cls, currency: str) -> str:
        if not is_currency(currency):
            raise ValueError("must be three capital letters, such as GBP")
        return currency

    on_cost_share: float = fact(
        0.34,
        "share",
        "employer's costs on top of salary",
        low=0,
        high=2,
        matters=STAFF | above("bureaucracy.admin_posts", 0),
    )
    fixed_cost: float = setting(
        0.0, "money per year", "premises, management and systems", low=0, high=MOST_MONEY, matters=ALWAYS
    )
    admin_salary: float = setting(
        27000.0,
        "money per year",
        "salary of an administrator",
        low=0,
        high=MOST_MONEY,
        matters=above("bureaucracy.admin_posts", 0),
    )
    agency_share: float = lever(
        0.0, "share", "share of vacant posts covered by agency staff", low=0, high=1, matters=STAFF
    )
    agency_cost_ratio: float = fact(
        1.5, "times", "agency pay over the holder's cost", low=0, high=10, matters=STAFF & above(".agency_share", 0)
    )
    overtime_paid_share: float = lever(0.0, "share", "share of overtime that is paid", low=0, high=1, matters=STAFF)
    recruitment_share_of_salary: float = fact(
        0.25, "share", "cost of a hire, as a share of salary", low=0, high=3, matters=STAFF
    )
    crisis_contact_cost: float = fact(
        400.0, "money", "cost of a crisis contact", low=0, high=MOST_MONEY, matters=CRISES & STAFF
    )
    session_cost: float = fact(
        0.0, "money", "room and materials for each session", low=0, high=MOST_MONEY, matters=COURSES
    )
    carry_underspend: bool = lever(
        False,
        "",
        "whether what is not spent in a year of the run is added to the money of the next, and buys posts there; else it is lost",
        matters=given(".annual_budget"),
    )

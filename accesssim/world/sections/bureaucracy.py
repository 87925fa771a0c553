"""What is assumed of red tape and paperwork: the section `bureaucracy`."""

from typing import ClassVar

from pydantic import Field

from accesssim.world.limits import MOST_POSTS
from accesssim.world.sections.declare import Section, fact, lever


class Step(Section):
    """One step of red tape between referral and assessment."""

    delay_days: float = lever(0.0, "days", "mean delay of the step at level 1", low=0)
    delay_sd_days: float = fact(0.0, "days", "spread of the delay (lognormal)", low=0)
    approval_share: float = lever(1.0, "share", "applications approved", low=0, high=1)
    sent_back_share: float = lever(0.0, "share", "applications sent back to be redone", low=0, high=1)
    staff_hours: float = lever(0.0, "hours", "clinicians' hours for each application at level 1", low=0, high=100)


class Bureaucracy(Section):
    """Days lost between steps, and hours lost to paperwork."""

    in_order: ClassVar[tuple[str, ...]] = ("steps",)

    level: float = lever(
        1.0, "times", "red tape against what is described: scales delays and paperwork hours", low=0, high=20
    )
    steps: dict[str, Step] = Field(
        default_factory=dict,
        description="steps of red tape, which are gone through in the order in which they are written",
    )
    giving_up_per_week: float = fact(0.02, "per week", "hazard of giving up while in a step", low=0, high=50)
    giving_up_complex: float = fact(0.5, "share", "additional hazard of complex people", low=0, high=10)
    hours_per_session: float = lever(0.25, "hours", "paperwork for each therapy session", low=0, high=20)
    hours_per_assessment: float = lever(1.0, "hours", "paperwork for each assessment", low=0, high=20)
    hours_per_discharge: float = lever(0.5, "hours", "paperwork for each discharge", low=0, high=20)
    fixed_hours_per_week: float = lever(
        3.0, "hours per week", "returns, e-mail and forms of a full-time therapist", low=0, high=40
    )
    admin_posts: float = lever(
        0.0, "posts", "administrators who relieve therapists of paperwork", low=0, high=MOST_POSTS
    )
    hours_relieved_per_admin_post: float = fact(
        15.0, "hours per week", "clinicians' paperwork that one post takes over", low=0, high=60
    )
    relief_limit: float = fact(0.5, "share", "largest share of paperwork that can be handed over", low=0, high=1)

"""What is assumed of red tape and paperwork: the section `bureaucracy`."""

from typing import ClassVar

from pydantic import Field

from accesssim.world.limits import MOST_POSTS
from accesssim.world.sections.conditions import ALWAYS, COMPLEX_PEOPLE, COURSES, PAPERWORK, STAFF, above, where
from accesssim.world.sections.declare import Section, fact, lever

_SOME_TAPE = above("bureaucracy.level", 0)
_DELAYS = above("bureaucracy.steps.*.delay_days", 0)
_TIME_IN_TAPE = (_DELAYS & _SOME_TAPE) | above("bureaucracy.steps.*.sent_back_share", 0)


class Step(Section):
    """One step of red tape between referral and assessment."""

    delay_days: float = lever(0.0, "days", "mean delay of the step at level 1", low=0, matters=_SOME_TAPE)
    delay_sd_days: float = fact(
        0.0, "days", "spread of the delay (lognormal)", low=0, matters=_SOME_TAPE & above(".delay_days", 0)
    )
    approval_share: float = lever(1.0, "share", "applications approved", low=0, high=1, matters=ALWAYS)
    sent_back_share: float = lever(0.0, "share", "applications sent back to be redone", low=0, high=1, matters=ALWAYS)
    staff_hours: float = lever(
        0.0, "hours", "clinicians' hours for each application at level 1", low=0, high=100, matters=_SOME_TAPE & STAFF
    )


class Bureaucracy(Section):
    """Days lost between steps, and hours lost to paperwork."""

    in_order: ClassVar[tuple[str, ...]] = ("steps",)

    level: float = lever(
        1.0,
        "times",
        "red tape against what is described: scales delays and paperwork hours",
        low=0,
        high=20,
        matters=_DELAYS | above(".steps.*.staff_hours", 0) | (where("loops.red_tape", True) & STAFF),
    )
    steps: dict[str, Step] = Field(
        default_factory=dict,
        description="steps of red tape, which are gone through in the order in which they are written",
    )
    giving_up_per_week: float = fact(
        0.02, "per week", "hazard of giving up while in a step", low=0, high=50, matters=_TIME_IN_TAPE
    )
    giving_up_complex: float = fact(
        0.5,
        "share",
        "additional hazard of complex people",
        low=0,
        high=10,
        matters=_TIME_IN_TAPE & above(".giving_up_per_week", 0) & COMPLEX_PEOPLE,
    )
    hours_per_session: float = lever(
        0.25, "hours", "paperwork for each therapy session", low=0, high=20, matters=PAPERWORK & COURSES
    )
    hours_per_assessment: float = lever(
        1.0,
        "hours",
        "paperwork for each assessment",
        low=0,
        high=20,
        matters=PAPERWORK & above("workforce.*.assessment_share", 0),
    )
    hours_per_discharge: float = lever(
        0.5, "hours", "paperwork for each discharge", low=0, high=20, matters=PAPERWORK & COURSES
    )
    fixed_hours_per_week: float = lever(
        3.0, "hours per week", "returns, e-mail and forms of a full-time therapist", low=0, high=40, matters=PAPERWORK
    )
    admin_posts: float = lever(
        0.0, "posts", "administrators who relieve therapists of paperwork", low=0, high=MOST_POSTS, matters=ALWAYS
    )
    hours_relieved_per_admin_post: float = fact(
        15.0,
        "hours per week",
        "clinicians' paperwork that one post takes over",
        low=0,
        high=60,
        matters=PAPERWORK & above(".admin_posts", 0) & above(".relief_limit", 0),
    )
    relief_limit: float = fact(
        0.5,
        "share",
        "largest share of paperwork that can be handed over",
        low=0,
        high=1,
        matters=PAPERWORK & above(".admin_posts", 0) & above(".hours_relieved_per_admin_post", 0),
    )

"""What is assumed of assessment, recorded scores and crises: the section `triage`."""

from pydantic import Field

from accesssim.world.limits import MOST_PEOPLE, MOST_POINTS
from accesssim.world.sections.conditions import ALWAYS, COMPLEX_PEOPLE, CRISES, STAFF, above, where
from accesssim.world.sections.declare import Section, fact, lever, setting


class Scale(Section):
    """A recorded score: what a questionnaire makes of the latent severity."""

    slope: float = fact(
        1.0, "points per point", "points of this scale per point of latent severity", low=0, high=5, matters=ALWAYS
    )
    intercept: float = fact(
        0.0, "points", "points of this scale at latent severity 0", low=-27, high=27, matters=ALWAYS
    )
    part_sd: float = fact(
        0.0, "points", "spread of the person's own part of this scale", low=0, high=27, matters=ALWAYS
    )
    error_sd: float = fact(2.2, "points", "measurement error of one occasion", low=0, high=27, matters=ALWAYS)
    cut_off: float = setting(10.0, "points", "score at which it counts as a case", low=0, high=1000, matters=ALWAYS)
    highest: float = setting(27.0, "points", "highest score", low=0, high=MOST_POINTS, matters=ALWAYS)
    reliable_change: float = setting(
        6.0, "points", "change that counts as reliable", low=0, high=1000, matters=ALWAYS, of="measures"
    )


class Triage(Section):
    """Assessment: suitability, urgency and pathway."""

    assess: bool = setting(True, "", "whether referrals are assessed before they join a list", matters=ALWAYS)
    assessment_is_first_contact: bool = setting(
        True, "", "whether the assessment counts as a first treatment contact", matters=where(".assess", True)
    )
    assessment_hours: float = lever(
        0.75, "hours", "length of an assessment", low=0.01, high=20, matters=above("workforce.*.assessment_share", 0)
    )
    notice_days: int = lever(
        5, "days", "shortest notice of a routine assessment", low=0, high=365, matters=where(".assess", True)
    )
    notice_days_urgent: int = lever(
        1, "days", "shortest notice of an urgent assessment", low=0, high=365, matters=where(".assess", True)
    )
    booking_horizon_days: int = setting(
        42, "days", "how far ahead the diary is open", low=1, high=730, matters=where(".assess", True)
    )
    urgent_reserve_share: float = lever(
        0.1, "share", "assessment places kept for urgent referrals", low=0, high=1, matters=where(".assess", True)
    )
    reserve_released_days: int | None = lever(
        None,
        "days",
        "how many days before, kept places that nobody has taken are open to all with that notice "
        "(so nothing changes below `notice_days`); left out, never: they are wasted",
        low=0,
        high=365,
        matters=where(".assess", True) & above(".urgent_reserve_share", 0),
    )
    rebooked_times: int = lever(
        1, "times", "how often a missed assessment is booked again", low=0, high=20, matters=where(".assess", True)
    )
    unsuitable_share: float = fact(
        0.15, "share", "people assessed who are signposted elsewhere", low=0, high=1, matters=where(".assess", True)
    )
    signpost_below: float = lever(
        0.0,
        "points",
        "depression score below which people are signposted (unless anxious)",
        low=0,
        high=28,
        matters=where(".assess", True),
    )
    urgent_from: float = lever(
        22.0, "points", "depression score from which a referral is urgent", low=0, high=1000, matters=ALWAYS
    )
    emergency_share: float = fact(
        0.01, "share", "urgent people who are an emergency when assessed", low=0, high=1, matters=ALWAYS
    )
    complexity_recognised_share: float = lever(
        0.7,
        "share",
        "complex people recognised as such at assessment",
        low=0,
        high=1,
        matters=COMPLEX_PEOPLE & where("pathways.*.for_complex", True),
    )
    crisis_contacts_per_day: int = lever(
        1,
        "contacts per day",
        "crises that can be seen a day without displacing sessions",
        low=0,
        high=MOST_PEOPLE,
        matters=CRISES & STAFF,
    )
    crisis_hours: float = fact(2.0, "hours", "staff hours for a crisis contact", low=0, high=40, matters=CRISES & STAFF)
    depression_scale: Scale = Field(default_factory=Scale, description="recorded depression score")
    anxiety_scale: Scale = Field(
        default_factory=lambda: Scale(
            slope=0.75, intercept=2.5, part_sd=2.0, error_sd=1.9, cut_off=8.0, highest=21.0, reliable_change=4.0
        ),
        description="recorded anxiety score",
    )

"""What is assumed of therapists, by kind: the section `workforce`."""

from typing import Literal

from accesssim.world.limits import MOST_MONEY, MOST_PEOPLE, MOST_POSTS
from accesssim.world.sections.conditions import ALWAYS
from accesssim.world.sections.declare import Section, fact, lever, setting


class StaffGroup(Section):
    """Therapists of one kind."""

    posts: int = lever(..., "posts", "posts wished for", low=0, high=MOST_POSTS, matters=ALWAYS)
    wte: float = lever(1.0, "share", "contract of one post, as a share of full time", low=0.01, high=1, matters=ALWAYS)
    hours_per_week: float = setting(37.5, "hours per week", "full-time hours", low=0.1, high=80, matters=ALWAYS)
    meeting_hours: float = lever(1.0, "hours per week", "team meetings", low=0, high=40, matters=ALWAYS)
    assessment_share: float = lever(
        0.0, "share", "share of usable hours given to assessments", low=0, high=1, matters=ALWAYS
    )
    salary: float = setting(48526.0, "money per year", "full-time salary", low=0, high=MOST_MONEY, matters=ALWAYS)
    leave_days: float = setting(
        41.0, "days per year", "leave, public holidays and training, booked ahead", low=0, high=260, matters=ALWAYS
    )
    career_leaving_per_year: float = fact(
        0.05,
        "per year",
        "leaving for training, promotion and other reasons than exhaustion",
        low=0,
        high=20,
        matters=ALWAYS,
    )
    exhaustion_leaving_per_year: float = fact(
        0.06, "per year", "leaving that rises with exhaustion, at exhaustion 0.5", low=0, high=20, matters=ALWAYS
    )
    reduction: Literal["as_they_fall_vacant", "at_once", "by_date"] = lever(
        "as_they_fall_vacant",
        "",
        "how posts go that are not wished or paid for any more: as their holders leave; by notice on the day of the "
        "change; or by notice so long before a dated change that they are empty on its day (no recruits start "
        "meanwhile); notice goes to whoever came last",
        matters=ALWAYS,
    )
    notice_weeks: int = setting(8, "weeks", "notice, from one Monday to another", low=1, high=104, matters=ALWAYS)
    recruitment_weeks: int = lever(
        16, "weeks", "from vacancy to the new colleague's first day", low=0, high=520, matters=ALWAYS
    )
    ramp_up_weeks: int = setting(8, "weeks", "first weeks with half of the slots", low=0, high=104, matters=ALWAYS)
    slots_limit: int | None = lever(
        None,
        "slots",
        "most patients a therapist may hold, of a post that is held in part that part; left out, hours decide",
        low=0,
        high=MOST_PEOPLE,
        matters=ALWAYS,
    )

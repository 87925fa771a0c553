"""What is assumed of trust, attendance, dropout, improvement and relapse: the section `therapy`."""

from accesssim.world.sections.conditions import (
    ALWAYS,
    COMPLEX_PEOPLE,
    COURSES,
    FIRST_APPOINTMENTS,
    THERAPY,
    above,
    below,
    where,
)
from accesssim.world.sections.declare import Section, fact, lever


class Therapy(Section):
    """Trust, attendance, dropout, improvement and relapse."""

    did_not_attend_log_odds: float = fact(
        -2.1, "log-odds", "missing an appointment: baseline log-odds", low=-40, high=40, matters=FIRST_APPOINTMENTS
    )
    did_not_attend_wait: float = fact(
        0.25,
        "log-odds per week",
        "rise for a first appointment, per week waited (up to four)",
        low=0,
        high=5,
        matters=FIRST_APPOINTMENTS,
    )
    did_not_attend_complex: float = fact(
        0.3, "log-odds", "rise for complex people", low=-5, high=5, matters=FIRST_APPOINTMENTS & COMPLEX_PEOPLE
    )
    did_not_attend_trust: float = fact(
        1.5, "log-odds", "fall per unit of alliance above 0.5", low=0, high=20, matters=COURSES
    )
    reminders: float = lever(
        1.0,
        "times",
        "odds of missing an appointment, times this (0.74 where reminders are sent)",
        low=0,
        high=1,
        matters=FIRST_APPOINTMENTS,
    )
    patient_cancels_share: float = fact(
        0.09, "share", "booked appointments that the patient cancels with notice", low=0, high=1, matters=COURSES
    )
    one_contact_share: float = fact(
        0.0,
        "share",
        "people who leave after the one first contact",
        low=0,
        high=1,
        matters=where("triage.assess", True) & where("triage.assessment_is_first_contact", True),
    )
    alliance_start: float = fact(0.42, "share", "mean starting alliance", low=0, high=1, matters=THERAPY)
    alliance_start_sd: float = fact(0.15, "share", "spread of the starting alliance", low=0, high=1, matters=THERAPY)
    alliance_ceiling: float = fact(0.80, "share", "mean personal ceiling of alliance", low=0, high=1, matters=THERAPY)
    alliance_ceiling_sd: float = fact(0.25, "share", "spread of the ceiling", low=0, high=1, matters=THERAPY)
    alliance_complex: float = fact(
        0.05,
        "share",
        "how much lower start and ceiling are in complex people",
        low=0,
        high=1,
        matters=THERAPY & COMPLEX_PEOPLE,
    )
    alliance_correlation: float = fact(0.8, "", "correlation of start and ceiling", low=-1, high=1, matters=THERAPY)
    alliance_growth: float = fact(
        0.22,
        "share per session",
        "share of the way to the ceiling that a session covers",
        low=0,
        high=1,
        matters=THERAPY,
    )
    alliance_growth_complex: float = fact(
        0.3,
        "share",
        "how much slower alliance grows in complex people",
        low=0,
        high=1,
        matters=THERAPY & COMPLEX_PEOPLE,
    )
    alliance_growth_exhaustion: float = fact(
        0.5, "share", "how much slower with a wholly exhausted therapist", low=0, high=1, matters=COURSES
    )
    alliance_growth_pressure: float = fact(
        0.3, "share", "how much slower under full pressure", low=0, high=1, matters=COURSES
    )
    rupture: float = fact(0.03, "share", "alliance lost when the service cancels", low=0, high=1, matters=COURSES)
    rupture_complex: float = fact(
        1.0,
        "times",
        "additional loss in complex people",
        low=0,
        high=10,
        matters=COURSES & above(".rupture", 0) & COMPLEX_PEOPLE,
    )
    alliance_kept: float = fact(
        0.5,
        "share",
        "alliance kept by a new therapist",
        low=0,
        high=1,
        matters=COURSES & where("loops.broken_trust", True),
    )
    response_median: float = fact(0.312, "share per session", "median rate of response", low=0, high=5, matters=THERAPY)
    response_sigma: float = fact(
        0.7, "log", "spread of log rate of response", low=0, high=5, matters=THERAPY & above(".response_median", 0)
    )
    response_trust: float = fact(1.6, "times", "response at full alliance", low=0, high=10, matters=THERAPY)
    floor_mean: float = fact(
        0.48, "share", "mean share of the starting severity that therapy cannot lift", low=0, high=1, matters=THERAPY
    )
    floor_sd: float = fact(0.18, "share", "spread of that share", low=0, high=1, matters=THERAPY)
    floor_complex: float = fact(
        0.10, "share", "additional share in complex people", low=0, high=1, matters=THERAPY & COMPLEX_PEOPLE
    )
    therapist_skill_sigma: float = fact(
        0.15, "log", "spread of log skill between therapists", low=0, high=2, matters=COURSES
    )
    dropout_per_session: float = fact(
        0.026,
        "share per appointment",
        "chance of dropping out after a booked appointment, at alliance 0.6, late in the course",
        low=0,
        high=1,
        matters=COURSES,
    )
    dropout_trust: float = fact(
        2.5, "log-odds", "fall of log-odds of dropping out per unit of alliance", low=0, high=20, matters=COURSES
    )
    dropout_early: float = fact(
        1.0,
        "log-odds",
        "additional log-odds at the first session, halving about every 1.4 sessions",
        low=-10,
        high=10,
        matters=COURSES,
    )
    dropout_cancelled: float = fact(
        0.2, "log-odds", "additional log-odds after the service cancelled", low=-10, high=10, matters=COURSES
    )
    remitted_severity: float = fact(
        7.0, "points", "severity that a remitted person settles at", low=0, high=27, matters=ALWAYS
    )
    remitted_half_life_days: float = fact(14.0, "days", "half-life of the fall to it", above=0, matters=ALWAYS)
    relapse_12_months: float = fact(
        0.53, "share", "recovered people who relapse within a year", low=0, high=1, matters=THERAPY
    )
    relapse_shape: float = fact(
        0.47,
        "",
        "shape of the relapse clock; below 1 is front-loaded",
        low=0.05,
        high=10,
        matters=THERAPY & above(".relapse_12_months", 0) & below(".relapse_12_months", 1),
    )
    return_share: float = fact(
        0.5, "share", "relapsed people who ask again", low=0, high=1, matters=THERAPY & above(".relapse_12_months", 0)
    )
    return_delay_days: float = fact(
        30.0,
        "days",
        "median days from relapse to asking again",
        low=0,
        matters=THERAPY & above(".relapse_12_months", 0) & above(".return_share", 0),
    )

"""What is assumed of need, stigma and help-seeking: the section `demand`."""

from typing import Literal

from accesssim.world.sections.conditions import (
    ALWAYS,
    COMPLEX_PEOPLE,
    FIRST_APPOINTMENTS,
    OTHER_STIGMA,
    THERAPY,
    above,
    differ,
    left_out,
    where,
)
from accesssim.world.sections.declare import Section, fact, lever, setting

_STIGMA = where("loops.stigma", True)
_FOUND_WAITING = (
    where("initial.state", "steady") & where("triage.assess", True) & above("initial.awaiting_assessment", 0)
)


class Demand(Section):
    """Need, stigma and help-seeking."""

    referrals_per_week: float = setting(
        154.0,
        "referrals per week",
        "referrals a week on day 0, at the stigma at which they were observed",
        low=0,
        matters=left_out(".needs_per_week") | _FOUND_WAITING | above("bureaucracy.steps.*.staff_hours", 0),
    )
    needs_per_week: float | None = setting(
        None,
        "needs per week",
        "new needs a week on day 0; left out, they are inferred from referrals_per_week",
        low=0,
        matters=ALWAYS,
    )
    stigma_observed: float = setting(
        0.5, "share", "stigma at which referrals_per_week was observed", low=0, high=1, matters=_STIGMA
    )
    peak_multiple: float = setting(
        1.5,
        "times",
        "highest demand that the run may reach, in multiples of day 0; keep it equal in all compared",
        low=1,
        matters=ALWAYS,
    )
    history_days: int = setting(
        1095, "days", "days before day 0 on which needs begin to arise", low=0, high=4000, matters=ALWAYS
    )
    growth_per_year: float = fact(0.0, "share per year", "growth of need a year", low=-1, high=10, matters=ALWAYS)
    growth: Literal["linear", "exponential"] = setting(
        "exponential", "", "shape of the growth of need", matters=differ(".growth_per_year", 0)
    )
    season_amplitude: float = fact(0.1, "share", "swing of need through the year", low=0, high=1, matters=ALWAYS)
    season_peak_day: int = fact(
        45, "days", "day of the year on which need is highest", low=0, high=366, matters=above(".season_amplitude", 0)
    )
    stigma: float = lever(0.5, "share", "public stigma of asking for help", low=0, high=1, matters=_STIGMA)
    seek_share: float = fact(
        0.45,
        "share",
        "chance that a person of average severity asks, at the observed stigma",
        low=0,
        high=1,
        matters=ALWAYS,
    )
    seek_stigma_slope: float = fact(
        2.0, "log-odds", "fall of log-odds of asking per unit of stigma", low=0, high=50, matters=OTHER_STIGMA
    )
    seek_severity_slope: float = fact(
        0.08, "log-odds per point", "rise of log-odds of asking per point of severity", low=0, high=5, matters=ALWAYS
    )
    delay_median_days: float = fact(
        60.0, "days", "median delay from deciding to asking, at the observed stigma", low=0, matters=ALWAYS
    )
    delay_stigma_slope: float = fact(
        1.5,
        "log days",
        "rise of log delay per unit of stigma",
        low=0,
        high=50,
        matters=OTHER_STIGMA & above(".delay_median_days", 0),
    )
    delay_sigma: float = fact(
        1.0, "log days", "spread of log delay", low=0, high=5, matters=above(".delay_median_days", 0)
    )
    severity_mean: float = fact(13.0, "points", "mean severity of a new need (0 to 27)", low=0, high=27, matters=ALWAYS)
    severity_sd: float = fact(4.5, "points", "spread of severity of a new need", low=0, high=27, matters=ALWAYS)
    severity_complex: float = fact(
        1.5, "points", "additional severity of complex people", low=-27, high=27, matters=COMPLEX_PEOPLE
    )
    complex_share: float = fact(
        0.35, "share", "people with trauma or attachment difficulty", low=0, high=1, matters=ALWAYS
    )
    self_referral_share: float = fact(
        0.7, "share", "referrals that people make themselves", low=0, high=1, matters=ALWAYS
    )
    stigma_attendance_slope: float = fact(
        0.3,
        "log-odds",
        "rise of log-odds of missing a first appointment per unit of stigma",
        low=0,
        high=10,
        matters=OTHER_STIGMA & FIRST_APPOINTMENTS,
    )
    stigma_trust_slope: float = fact(
        0.05, "share", "fall of starting alliance per unit of stigma", low=0, high=1, matters=OTHER_STIGMA & THERAPY
    )

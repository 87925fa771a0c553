"""What is assumed of people: their needs, their patience, what therapy does for them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from accesssim.world.sections.declare import Section, fact, lever, names_of, setting
from accesssim.world.sections.laws_of_days import whole_days


class Demand(Section):
    """Need, stigma and help-seeking."""

    referrals_per_week: float = setting(
        154.0, "referrals per week", "referrals a week on day 0, at the stigma at which they were observed", low=0
    )
    needs_per_week: float | None = setting(
        None, "needs per week", "new needs a week on day 0; left out, they are inferred from referrals_per_week", low=0
    )
    stigma_observed: float = setting(0.5, "share", "stigma at which referrals_per_week was observed", low=0, high=1)
    peak_multiple: float = setting(
        1.5,
        "times",
        "highest demand that the run may reach, in multiples of day 0; keep it equal in all compared",
        low=1,
    )
    history_days: int = setting(1095, "days", "days before day 0 on which needs begin to arise", low=0, high=4000)
    growth_per_year: float = fact(0.0, "share per year", "growth of need a year", low=-1, high=10)
    growth: Literal["linear", "exponential"] = setting("exponential", "", "shape of the growth of need")
    season_amplitude: float = fact(0.1, "share", "swing of need through the year", low=0, high=1)
    season_peak_day: int = fact(45, "days", "day of the year on which need is highest", low=0, high=366)
    stigma: float = lever(0.5, "share", "public stigma of asking for help", low=0, high=1)
    seek_share: float = fact(
        0.45, "share", "chance that a person of average severity asks, at the observed stigma", low=0, high=1
    )
    seek_stigma_slope: float = fact(2.0, "log-odds", "fall of log-odds of asking per unit of stigma", low=0, high=50)
    seek_severity_slope: float = fact(
        0.08, "log-odds per point", "rise of log-odds of asking per point of severity", low=0, high=5
    )
    delay_median_days: float = fact(60.0, "days", "median delay from deciding to asking, at the observed stigma", low=0)
    delay_stigma_slope: float = fact(1.5, "log days", "rise of log delay per unit of stigma", low=0, high=50)
    delay_sigma: float = fact(1.0, "log days", "spread of log delay", low=0, high=5)
    severity_mean: float = fact(13.0, "points", "mean severity of a new need (0 to 27)", low=0, high=27)
    severity_sd: float = fact(4.5, "points", "spread of severity of a new need", low=0, high=27)
    severity_complex: float = fact(1.5, "points", "additional severity of complex people", low=-27, high=27)
    complex_share: float = fact(0.35, "share", "people with trauma or attachment difficulty", low=0, high=1)
    self_referral_share: float = fact(0.7, "share", "referrals that people make themselves", low=0, high=1)
    stigma_attendance_slope: float = fact(
        0.3, "log-odds", "rise of log-odds of missing a first appointment per unit of stigma", low=0, high=10
    )
    stigma_trust_slope: float = fact(0.05, "share", "fall of starting alliance per unit of stigma", low=0, high=1)


class Accumulation(Section):
    """Priority that a class gains for each day of waiting (accumulating_priority); what is changed by date holds for all days of a wait, also those before."""

    emergency: float = lever(10.0, "per day", "priority gained by emergencies", low=0, high=1e6)
    urgent: float = lever(3.0, "per day", "priority gained by urgent referrals", low=0, high=1e6)
    routine: float = lever(1.0, "per day", "priority gained by routine referrals", low=0, high=1e6)


Patience = Literal["weibull", "log_logistic", "daily", "daily_weibull", "daily_log_logistic", "daily_table", "none"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Waiting(Section):
    """The list, and what waiting does."""

    order: Literal["fifo", "priority", "severity", "accumulating_priority"] = lever(
        "priority", "", "who is next on the list"
    )
    accumulation: Accumulation = Field(
        default_factory=Accumulation, description="how priority is gained (accumulating_priority)"
    )
    patience: Patience = setting(
        "weibull",
        "",
        "law by which people who wait leave untreated; whoever waits already when it changes keeps to that of the day they joined",
    )
    patience_median_days: float = fact(
        182.0,
        "days",
        "median patience on the list (weibull, log_logistic), or the day on which half leave (daily_weibull, daily_log_logistic)",
        low=0.01,
        high=100000,
    )
    patience_shape: float = fact(
        1.2, "", "shape of patience (weibull, log_logistic, daily_weibull, daily_log_logistic)", low=0.1, high=50
    )
    patience_daily: float = fact(
        0.0, "share per day", "chance of leaving on each day of waiting (daily)", low=0, high=1
    )
    patience_table: dict[str, Share] = names_of(
        "", "share per day", "uncertain", "chance of leaving on each day of waiting from a whole day on (daily_table)"
    )
    check_in_weeks: int = lever(
        0, "weeks", "weeks between check-in calls to people on the list; 0 for none", low=0, high=520
    )
    check_in_effect: float = fact(
        0.3, "share", "share of the hazard of leaving that a call takes away for four weeks", low=0, high=1
    )
    check_in_hours: float = setting(0.25, "hours", "staff hours for a check-in call", low=0, high=40)
    drift_mean: float = fact(0.10, "points per week", "mean early worsening of those who do not remit", low=-5, high=5)
    drift_sd: float = fact(0.20, "points per week", "spread of the early worsening", low=0, high=5)
    drift_weeks: float = fact(26.0, "weeks", "time scale on which the worsening slows", above=0)
    remission_early_per_week: float = fact(
        0.020, "per week", "remission hazard in the first weeks of a need", low=0, high=5
    )
    remission_per_week: float = fact(0.0125, "per week", "remission hazard later", low=0, high=5)
    remission_early_weeks: float = fact(13.0, "weeks", "how long the early remission hazard lasts", low=0)
    crisis_per_month: float = fact(0.01, "per month", "crisis hazard on the list at severity 15", low=0, high=30)
    crisis_severity_slope: float = fact(
        0.094, "log hazard per point", "rise of the crisis hazard with severity", low=0, high=2
    )
    crisis_complex_ratio: float = fact(1.5, "times", "crisis hazard of complex people over others", low=0, high=100)

    @model_validator(mode="after")
    def _table_of_days(self) -> "Waiting":
        """A table of patience is by whole days."""
        whole_days(self.patience_table, "patience_table")
        return self


class Therapy(Section):
    """Trust, attendance, dropout, improvement and relapse."""

    did_not_attend_log_odds: float = fact(
        -2.1, "log-odds", "missing an appointment: baseline log-odds", low=-40, high=40
    )
    did_not_attend_wait: float = fact(
        0.25, "log-odds per week", "rise for a first appointment, per week waited (up to four)", low=0, high=5
    )
    did_not_attend_complex: float = fact(0.3, "log-odds", "rise for complex people", low=-5, high=5)
    did_not_attend_trust: float = fact(1.5, "log-odds", "fall per unit of alliance above 0.5", low=0, high=20)
    reminders: float = lever(
        1.0, "times", "odds of missing an appointment, times this (0.74 where reminders are sent)", low=0, high=1
    )
    patient_cancels_share: float = fact(
        0.09, "share", "booked appointments that the patient cancels with notice", low=0, high=1
    )
    one_contact_share: float = fact(0.0, "share", "people who leave after the one first contact", low=0, high=1)
    alliance_start: float = fact(0.42, "share", "mean starting alliance", low=0, high=1)
    alliance_start_sd: float = fact(0.15, "share", "spread of the starting alliance", low=0, high=1)
    alliance_ceiling: float = fact(0.80, "share", "mean personal ceiling of alliance", low=0, high=1)
    alliance_ceiling_sd: float = fact(0.25, "share", "spread of the ceiling", low=0, high=1)
    alliance_complex: float = fact(
        0.05, "share", "how much lower start and ceiling are in complex people", low=0, high=1
    )
    alliance_correlation: float = fact(0.8, "", "correlation of start and ceiling", low=-1, high=1)
    alliance_growth: float = fact(
        0.22, "share per session", "share of the way to the ceiling that a session covers", low=0, high=1
    )
    alliance_growth_complex: float = fact(
        0.3, "share", "how much slower alliance grows in complex people", low=0, high=1
    )
    alliance_growth_exhaustion: float = fact(
        0.5, "share", "how much slower with a wholly exhausted therapist", low=0, high=1
    )
    alliance_growth_pressure: float = fact(0.3, "share", "how much slower under full pressure", low=0, high=1)
    rupture: float = fact(0.03, "share", "alliance lost when the service cancels", low=0, high=1)
    rupture_complex: float = fact(1.0, "times", "additional loss in complex people", low=0, high=10)
    alliance_kept: float = fact(0.5, "share", "alliance kept by a new therapist", low=0, high=1)
    response_median: float = fact(0.312, "share per session", "median rate of response", low=0, high=5)
    response_sigma: float = fact(0.7, "log", "spread of log rate of response", low=0, high=5)
    response_trust: float = fact(1.6, "times", "response at full alliance", low=0, high=10)
    floor_mean: float = fact(
        0.48, "share", "mean share of the starting severity that therapy cannot lift", low=0, high=1
    )
    floor_sd: float = fact(0.18, "share", "spread of that share", low=0, high=1)
    floor_complex: float = fact(0.10, "share", "additional share in complex people", low=0, high=1)
    therapist_skill_sigma: float = fact(0.15, "log", "spread of log skill between therapists", low=0, high=2)
    dropout_per_session: float = fact(
        0.026,
        "share per appointment",
        "chance of dropping out after a booked appointment, at alliance 0.6, late in the course",
        low=0,
        high=1,
    )
    dropout_trust: float = fact(
        2.5, "log-odds", "fall of log-odds of dropping out per unit of alliance", low=0, high=20
    )
    dropout_early: float = fact(
        1.0, "log-odds", "additional log-odds at the first session, halving about every 1.4 sessions", low=-10, high=10
    )
    dropout_cancelled: float = fact(
        0.2, "log-odds", "additional log-odds after the service cancelled", low=-10, high=10
    )
    remitted_severity: float = fact(7.0, "points", "severity that a remitted person settles at", low=0, high=27)
    remitted_half_life_days: float = fact(14.0, "days", "half-life of the fall to it", above=0)
    relapse_12_months: float = fact(0.53, "share", "recovered people who relapse within a year", low=0, high=1)
    relapse_shape: float = fact(0.47, "", "shape of the relapse clock; below 1 is front-loaded", low=0.05, high=10)
    return_share: float = fact(0.5, "share", "relapsed people who ask again", low=0, high=1)
    return_delay_days: float = fact(30.0, "days", "median days from relapse to asking again", low=0)

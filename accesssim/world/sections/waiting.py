"""What is assumed of the list and of those who wait: the section `waiting`."""

from typing import Literal

from pydantic import Field, model_validator

from accesssim.world.sections.declare import Section, Share, fact, lever, names_of, setting
from accesssim.world.sections.laws_of_days import whole_days

Patience = Literal["weibull", "log_logistic", "daily", "daily_weibull", "daily_log_logistic", "daily_table", "none"]


class Accumulation(Section):
    """Priority that a class gains for each day of waiting (accumulating_priority).

    What is changed by date holds for all days of a wait, also those before.
    """

    emergency: float = lever(10.0, "per day", "priority gained by emergencies", low=0, high=1e6)
    urgent: float = lever(3.0, "per day", "priority gained by urgent referrals", low=0, high=1e6)
    routine: float = lever(1.0, "per day", "priority gained by routine referrals", low=0, high=1e6)


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

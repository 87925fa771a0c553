"""What is assumed of the list and of those who wait: the section `waiting`."""

from typing import Literal

from pydantic import Field, model_validator

from accesssim.world.sections.conditions import (
    ALWAYS,
    COMPLEX_PEOPLE,
    SOME_GIVE_UP,
    STAFF,
    Condition,
    above,
    differ,
    left_out,
    where,
)
from accesssim.world.sections.declare import Section, Share, fact, lever, names_of, setting
from accesssim.world.sections.laws_of_days import whole_days

Patience = Literal["weibull", "log_logistic", "daily", "daily_weibull", "daily_log_logistic", "daily_table", "none"]

BY_MEDIAN = ("weibull", "log_logistic", "daily_weibull", "daily_log_logistic")
_GIVING_UP, _HARMS = where("loops.giving_up", True), where("loops.waiting_harms", True)
_DRIFT = _HARMS & (differ(".drift_mean", 0) | above(".drift_sd", 0))


def _on_lists(*laws: str, unless: str = "") -> Condition:
    """Some list has one of these laws of patience, its own or that of all lists, and no such value of its own."""
    lists = left_out(f"pathways.*.{unless}") if unless else ALWAYS
    of_all = where(".patience", *laws) & left_out("pathways.*.patience")
    return _GIVING_UP & lists & (of_all | where("pathways.*.patience", *laws))


class Accumulation(Section):
    """Priority that a class gains for each day of waiting (accumulating_priority).

    What is changed by date holds for all days of a wait, also those before.
    """

    emergency: float = lever(10.0, "per day", "priority gained by emergencies", low=0, high=1e6, matters=ALWAYS)
    urgent: float = lever(3.0, "per day", "priority gained by urgent referrals", low=0, high=1e6, matters=ALWAYS)
    routine: float = lever(1.0, "per day", "priority gained by routine referrals", low=0, high=1e6, matters=ALWAYS)


class Waiting(Section):
    """The list, and what waiting does."""

    order: Literal["fifo", "priority", "severity", "accumulating_priority"] = lever(
        "priority", "", "who is next on the list", matters=ALWAYS
    )
    accumulation: Accumulation = Field(
        default_factory=Accumulation, description="how priority is gained (accumulating_priority)"
    )
    patience: Patience = setting(
        "weibull",
        "",
        "law by which people who wait leave untreated; whoever waits already when it changes keeps to that of the day they joined",
        matters=_GIVING_UP & left_out("pathways.*.patience"),
    )
    patience_median_days: float = fact(
        182.0,
        "days",
        "median patience on the list (weibull, log_logistic), or the day on which half leave (daily_weibull, daily_log_logistic)",
        low=0.01,
        high=100000,
        matters=_on_lists(*BY_MEDIAN, unless="patience_median_days"),
    )
    patience_shape: float = fact(
        1.2,
        "",
        "shape of patience (weibull, log_logistic, daily_weibull, daily_log_logistic)",
        low=0.1,
        high=50,
        matters=_on_lists(*BY_MEDIAN, unless="patience_shape"),
    )
    patience_daily: float = fact(
        0.0,
        "share per day",
        "chance of leaving on each day of waiting (daily)",
        low=0,
        high=1,
        matters=_on_lists("daily", unless="patience_daily"),
    )
    patience_table: dict[str, Share] = names_of(
        "",
        "share per day",
        "uncertain",
        "chance of leaving on each day of waiting from a whole day on (daily_table)",
        matters=_on_lists("daily_table"),
    )
    check_in_weeks: int = lever(
        0,
        "weeks",
        "weeks between check-in calls to people on the list; 0 for none",
        low=0,
        high=520,
        matters=(SOME_GIVE_UP & above(".check_in_effect", 0)) | (above(".check_in_hours", 0) & STAFF),
    )
    check_in_effect: float = fact(
        0.3,
        "share",
        "share of the hazard of leaving that a call takes away for four weeks",
        low=0,
        high=1,
        matters=SOME_GIVE_UP & above(".check_in_weeks", 0),
    )
    check_in_hours: float = setting(
        0.25, "hours", "staff hours for a check-in call", low=0, high=40, matters=STAFF & above(".check_in_weeks", 0)
    )
    drift_mean: float = fact(
        0.10, "points per week", "mean early worsening of those who do not remit", low=-5, high=5, matters=_HARMS
    )
    drift_sd: float = fact(0.20, "points per week", "spread of the early worsening", low=0, high=5, matters=_HARMS)
    drift_weeks: float = fact(26.0, "weeks", "time scale on which the worsening slows", above=0, matters=_DRIFT)
    remission_early_per_week: float = fact(
        0.020,
        "per week",
        "remission hazard in the first weeks of a need",
        low=0,
        high=5,
        matters=above(".remission_early_weeks", 0),
    )
    remission_per_week: float = fact(0.0125, "per week", "remission hazard later", low=0, high=5, matters=ALWAYS)
    remission_early_weeks: float = fact(
        13.0,
        "weeks",
        "how long the early remission hazard lasts",
        low=0,
        matters=differ(".remission_early_per_week", ".remission_per_week"),
    )
    crisis_per_month: float = fact(
        0.01, "per month", "crisis hazard on the list at severity 15", low=0, high=30, matters=ALWAYS
    )
    crisis_severity_slope: float = fact(
        0.094,
        "log hazard per point",
        "rise of the crisis hazard with severity",
        low=0,
        high=2,
        matters=_HARMS & above(".crisis_per_month", 0),
    )
    crisis_complex_ratio: float = fact(
        1.5,
        "times",
        "crisis hazard of complex people over others",
        low=0,
        high=100,
        matters=above(".crisis_per_month", 0) & COMPLEX_PEOPLE,
    )

    @model_validator(mode="after")
    def _table_of_days(self) -> "Waiting":
        """A table of patience is by whole days."""
        whole_days(self.patience_table, "patience_table")
        return self

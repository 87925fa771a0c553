"""Whole days: day 0 is the scenario's start date."""

NEVER = 1 << 30
"""A day that no run reaches."""

DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365.25
WEEKS_PER_YEAR = DAYS_PER_YEAR / DAYS_PER_WEEK
WORKING_DAYS = 5


def begins_year(day: int) -> bool:
    """Whether a year of the run begins on a day."""
    return int(day / DAYS_PER_YEAR) != int((day - 1) / DAYS_PER_YEAR)

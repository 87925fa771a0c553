"""How long a run is, from when, and how often: the section `run`."""

import datetime

from pydantic import field_validator

from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.sections.conditions import ALWAYS, above, left_out
from accesssim.world.sections.declare import Section, setting

#: Every day that a run can tell of, from long before day 0 to the end of the longest, must be in the calendar,
#: which ends with the year 9999.
FIRST_YEAR, LAST_YEAR = 1900, 2999


class Run(Section):
    """How long, from when, how often."""

    start_date: datetime.date = setting(
        datetime.date(2026, 1, 5), "", "date of day 0", matters=above("demand.season_amplitude", 0)
    )

    @field_validator("start_date")
    @classmethod
    def _monday(cls, date: datetime.date) -> datetime.date:
        """Weeks run from Monday to Sunday, so day 0 must be a Monday, of a year that leaves room in the calendar."""
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise ValueError(f"must be in the years {FIRST_YEAR} to {LAST_YEAR}")
        if date.weekday():
            monday = date - datetime.timedelta(days=date.weekday())
            raise ValueError(f"must be a Monday; the Monday of that week is {monday.isoformat()}")
        return date

    weeks: int = setting(104, "weeks", "length of the run", low=1, high=35000, matters=left_out(".days"))
    days: int | None = setting(
        None, "days", "length of the run where whole weeks will not do", low=1, high=245000, matters=ALWAYS
    )
    warm_up_weeks: int = setting(
        0, "weeks", "first weeks that no measure counts", low=0, high=35000, matters=ALWAYS, of="measures"
    )
    replications: int = setting(
        20, "runs", "replications where none are asked for", low=1, high=1000000, matters=ALWAYS, of="request"
    )
    seed: int = setting(1, "", "seed where none is given", low=0, high=2**63 - 1, matters=ALWAYS, of="request")

    @property
    def length(self) -> int:
        """Days of a run: as many as are given, else those of its weeks."""
        return self.weeks * DAYS_PER_WEEK if self.days is None else self.days

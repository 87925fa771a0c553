"""What is counted of a run: all that its measures and its table of weeks are made of, in room that grows with its days and not with its people.

Whole numbers are exact however a run is cut into pieces. Sums of doubles are kept apart by day, or by week what is
told once a week, and a day is never cut: so they hang on no cut either.
"""

import math
from collections import Counter, defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.lives import CODES
from accesssim.study.measuring.waits import HORIZON, Counts
from accesssim.world.journal.events import Account, Event
from accesssim.world.journal.journal import Header
from accesssim.world.limits import EARLIEST_DAY, MOST_PEOPLE
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE

Sums = NDArray[np.float64]
KINDS = ("complexity", "route", "class", "severity", "team")
"""Kinds of groups of people, in the order in which measures name them."""


def groups(header: Header) -> dict[str, tuple[str, ...]]:
    """Names of the groups of each kind."""
    return {kind: GROUPS_OF_PEOPLE.get(kind, header.teams) for kind in KINDS}


class Tally:
    """Counts and sums of the rows and referrals told so far. `start` and `end`: the window, days."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.start, self.end = header.warm_up_days, header.days
        weeks, staff = math.ceil(self.end / 7), len(header.groups) * max(1, len(header.teams))
        everybody = 1 + sum(len(names) for names in groups(header).values())
        self.events: Counts = np.zeros((self.end, CODES), np.int64)
        """Rows by day and event."""
        self.assessments: Counts = np.zeros((self.end, 1), np.int64)
        """Assessments held, by day."""
        self.hours_to_contact: Sums = np.zeros((self.end, 1))
        """Hours until crises were seen, by day."""
        self.spent: Sums = np.zeros((self.end, len(Account)))
        """Money by day and account."""
        self.granted: Sums = np.zeros((self.end, 1))
        """Money that became available, by day."""
        self.staff: Sums = np.zeros((weeks, Event.FILLED + 1, staff))
        """Sums of values by week, event and staff; those of holders by the part of a post that each holds."""
        self.staff_tenths: Counts = np.zeros((weeks, Event.FILLED + 1, staff), np.int64)
        """Rows by the same: ten for each, or as many as a holder has tenths of a post."""
        self.exhausted: Counts = np.zeros(staff, np.int64)
        """Weeks of holders above 0.5 in the window, by staff, in tenths of a post."""
        self.first_new = MOST_PEOPLE
        """The lowest number of a person whose need arose in the window; numbers rise with the day on which it arises."""
        self.numbers: Counter[str] = Counter()
        """What is counted once, by name."""
        self.people: defaultdict[str, Counts] = defaultdict(lambda: np.zeros(everybody, np.int64))
        """What is counted of everybody and of each group, by name."""
        self.competing: Counts = np.zeros((everybody, (HORIZON + 2) * 3), np.int64)
        """People referred in the window: everybody and each group, by days until their wait ended and its cause (see `waits`)."""
        self.competing_therapy: Counts = np.zeros((HORIZON + 2) * 3, np.int64)
        """The same of everybody until therapy began: the first session, or a place that is taken."""
        self.waits: Counts = np.zeros(self.end - EARLIEST_DAY, np.int64)
        """People whose first treatment contact was in the window, by days that they waited for it."""
        self.changes: dict[str, Counts] = {
            "pathway": np.zeros((self.end + 1, len(header.pathways)), np.int64),
            "team": np.zeros((self.end + 1, len(header.teams)), np.int64),
        }
        """Joinings less leavings of lists by day, and by pathway or team."""
        self.alliance: Sums = np.zeros((self.end, 3))
        """Of finished courses by day of their end: sums of the last alliance, of its square, and of its product with
        the fall of the depression score."""
        self.alliance_range = (math.inf, -math.inf)
        """Least and most of the same alliance."""


def put(total: NDArray[Any], when: Counts, which: Counts | int, weights: NDArray[Any] | None = None) -> None:
    """Add ones, or weights, to totals by time (and all else); only as far as the times reach, however long the run."""
    put_at(total, when * total[0].size + which, weights)


def put_at(total: NDArray[Any], places: Counts, weights: NDArray[Any] | None = None) -> None:
    """The same by place in the totals, one after the other."""
    if not len(places):
        return
    width = total[0].size
    first, until = int(places.min()) // width, int(places.max()) // width + 1
    counts = np.bincount(places - first * width, weights, minlength=(until - first) * width)
    total[first:until] += counts.reshape(total[first:until].shape).astype(total.dtype, copy=False)

"""A run week by week: lists, flows, staff and money over time, from the journal alone."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from accesssim.study.lives import Lives, lives
from accesssim.world.journal import Account, AnyJournal, Event

if TYPE_CHECKING:
    import pandas as pd


def waiting(records: Lives, end: int, among: Sequence[int] | None = None) -> NDArray[np.int64]:
    """People on the lists, or on those with some numbers, at the close of each day."""
    days, change, which = records.list_changes()
    if among is not None:
        days, change = days[np.isin(which, among)], change[np.isin(which, among)]
    return np.cumsum(np.bincount(np.clip(days, 0, end), weights=change, minlength=end + 1)[:end]).astype(np.int64)


def weekly(journal: AnyJournal) -> "pd.DataFrame":
    """A row a week (0 is the first): people waiting at its end, in all, by pathway and by team; flows, staff and money of the week."""
    import pandas as pd

    header, records = journal.header, lives(journal)
    weeks = math.ceil(header.days / 7)
    ends = np.minimum(7 * np.arange(1, weeks + 1), header.days) - 1
    columns: dict[str, NDArray[np.float64] | NDArray[np.int64]] = {"week": np.arange(weeks), "waiting": waiting(records, header.days)[ends]}
    ways, teams = len(header.pathways), len(header.teams)
    for way, name in enumerate(header.pathways):
        columns[f"waiting[{name}]"] = waiting(records, header.days, range(way, ways * max(teams, 1), ways))[ends]
    for team, name in enumerate(header.teams):
        columns[f"waiting[{name}]"] = waiting(records, header.days, range(ways * team, ways * (team + 1)))[ends]
    week, events, values = journal.day // 7, journal.event, journal.value
    current = journal.day >= 0
    flows: Mapping[str, tuple[Event, ...]] = {
        "referrals": (Event.REFERRED,), "assessed": (Event.ASSESSED,), "starts": (Event.STARTED,), "sessions": (Event.SESSION,),
        "gave_up": (Event.WITHDREW,), "crises": (Event.CRISIS, Event.CRISIS_OVER_CAPACITY),
    }
    for name, wanted in flows.items():
        columns[name] = np.bincount(week[current & np.isin(events, wanted)], minlength=weeks)[:weeks]
    exhaustion = events == Event.EXHAUSTION
    number = np.bincount(week[exhaustion], minlength=weeks)[:weeks]
    summed = np.bincount(week[exhaustion], weights=values[exhaustion], minlength=weeks)[:weeks]
    columns["exhaustion_mean"] = np.where(number > 0, summed / np.maximum(number, 1), np.nan)
    sums = {"posts_held": Event.FILLED, "overtime_hours": Event.OVERTIME, "sick_hours": Event.SICK}
    for name, counted in sums.items():
        at = events == counted
        columns[name] = np.bincount(week[at], weights=values[at], minlength=weeks)[:weeks]
    spent = (events == Event.SPENT) & (journal.post != Account.LOST)
    columns["spent"] = np.bincount(week[spent], weights=values[spent], minlength=weeks)[:weeks]
    return pd.DataFrame(columns)

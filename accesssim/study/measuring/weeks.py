"""A run week by week: lists, flows, staff and money over time, from its tally alone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.measures import ACCOUNTS
from accesssim.study.measuring.stream import tally
from accesssim.study.measuring.tally import Tally
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import AnyJournal
from accesssim.world.limits import TENTHS

if TYPE_CHECKING:
    import pandas as pd


def waiting(counted: Tally) -> NDArray[np.int64]:
    """People on the lists at the close of each day."""
    return np.cumsum(counted.changes["pathway"].sum(axis=1))[:-1]


def weekly(journal: AnyJournal) -> "pd.DataFrame":
    """A row a week (0 is the first): people waiting at its end, in all, by pathway and by team; flows, staff and money of the week."""
    return weeks_of(tally([journal]))


def weeks_of(counted: Tally) -> "pd.DataFrame":
    """The same from its tally."""
    import pandas as pd

    return pd.DataFrame(columns_of(counted))


def columns_of(counted: Tally) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """The same, column by column."""
    header, begins = counted.header, np.arange(0, counted.end, 7)
    ends = np.minimum(begins + 7, counted.end) - 1
    columns: dict[str, NDArray[np.float64] | NDArray[np.int64]] = {
        "week": np.arange(len(begins)),
        "waiting": waiting(counted)[ends],
    }
    for kind, names in (("pathway", header.pathways), ("team", header.teams)):
        for name, changes in zip(names, counted.changes[kind].T, strict=True):
            columns[f"waiting[{name}]"] = np.cumsum(changes)[ends]
    flows: Mapping[str, tuple[Event, ...]] = {
        "referrals": (Event.REFERRED,),
        "assessed": (Event.ASSESSED,),
        "starts": (Event.STARTED,),
        "sessions": (Event.SESSION,),
        "gave_up": (Event.WITHDREW,),
        "crises": (Event.CRISIS, Event.CRISIS_OVER_CAPACITY),
    }
    events = counted.events.copy()
    events[:, Event.ASSESSED] = counted.assessments[:, 0]  # other rows of the kind only write down scores
    by_week = np.add.reduceat(events, begins, axis=0)
    for name, wanted in flows.items():
        columns[name] = by_week[:, list(wanted)].sum(axis=1)
    posts = counted.staff_tenths[:, Event.EXHAUSTION].sum(axis=1) / TENTHS
    summed = counted.staff[:, Event.EXHAUSTION].sum(axis=1)
    columns["exhaustion_mean"] = np.where(posts > 0, summed / np.where(posts > 0, posts, 1.0), np.nan)
    for name, event in {"posts_held": Event.FILLED, "overtime_hours": Event.OVERTIME, "sick_hours": Event.SICK}.items():
        columns[name] = counted.staff[:, event].sum(axis=1)
    costs = counted.spent[:, [*ACCOUNTS.values()]]
    columns["spent"] = np.add.reduceat(costs.sum(axis=1), begins)
    return columns

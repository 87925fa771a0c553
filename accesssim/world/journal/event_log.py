"""A journal as an event log, in the format of the vidigi package, which animates queues."""

from typing import TYPE_CHECKING, Any

import numpy as np

from accesssim.world.journal import codes
from accesssim.world.journal.columns import Whole
from accesssim.world.journal.events import GONE, Event

if TYPE_CHECKING:
    import pandas as pd


def event_log(pathways: tuple[str, ...], day: Whole, event: Whole, person: Whole, post: Whole) -> "pd.DataFrame":
    """The rows about referrals, of the columns of a journal. A referral is an entity (a person who returns is another).

    Columns: entity_id, pathway, event_type (arrival_departure, queue, resource_use, resource_use_end), event, time
    (days), resource_id (post; 0 where a place is kept, -1 where none is used). Needs that never led to a referral are
    left out.
    """
    import pandas as pd

    about = np.flatnonzero(
        (event >= Event.ASSESSED)
        & ~np.isin(event, (Event.NEED, Event.DECIDED, Event.BETTER_BEFORE_ASKING, Event.RELAPSED))
    )
    about = about[np.argsort(person[about], kind="stable")]
    entity = np.cumsum(event[about] == Event.REFERRED)
    columns: dict[str, list[Any]] = {
        name: [] for name in ("entity_id", "pathway", "event_type", "event", "time", "resource_id")
    }

    def tell(who: int, kind: str, what: str, when: int, pathway: str = "", resource: int = -1) -> None:
        for column, value in zip(columns.values(), (who, pathway, kind, what, when, resource), strict=True):
            column.append(value)

    pathway, held = "", -1
    for who, what, when, its_post in zip(
        entity.tolist(), event[about].tolist(), day[about].tolist(), post[about].tolist(), strict=True
    ):
        if what == Event.REFERRED:
            pathway, held = "", -1
            tell(who, "arrival_departure", "arrival", when)
        elif what == Event.LISTED:
            pathway = pathways[codes.pathway_of_list(codes.list_joined(its_post), len(pathways))]
            tell(who, "queue", "waiting_list", when, pathway)
        elif what in (Event.STARTED, Event.TRANSFERRED):
            held = max(its_post, 0)
            tell(who, "resource_use", "therapy", when, pathway, held)
        elif what in (Event.THERAPIST_LEFT, *GONE):
            if held >= 0:
                tell(who, "resource_use_end", "therapy", when, pathway, held)
            held = -1
            tell(
                who,
                *(("queue", "another_therapist") if what == Event.THERAPIST_LEFT else ("arrival_departure", "depart")),
                when,
                pathway,
            )
    return pd.DataFrame(columns)

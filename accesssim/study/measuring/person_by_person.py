"""The same people under two policies: who is helped sooner or later, and who recovers.

A person's luck is their own, whatever is done elsewhere, so two runs of one replication hold the same people and can
be paired person by person. Counted is everybody who asked for help after the warm-up in either run. What has not
happened by the end of the run counts as not at all.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.counting import Counted
from accesssim.study.measuring.lives import NEVER, by_number
from accesssim.study.measuring.referrals import Referrals
from accesssim.study.measuring.stream import tally
from accesssim.world.journal.journal import AnyJournal, Header
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "people_helped_sooner_share",
    "people_helped_later_share",
    "people_helped_only_there_share",
    "people_helped_only_here_share",
    "days_sooner_mean",
    "days_later_mean",
    "people_recovered_only_there_share",
    "people_recovered_only_here_share",
    "people",
)
"""What is told of two runs; `there` is the second."""

NOT_YET = 2**31 - 1
"""Day on which those are helped who never are."""

UNITS: Mapping[str, str] = dict.fromkeys(COLUMNS, "share") | {
    "days_sooner_mean": "days",
    "days_later_mean": "days",
    "people": "people",
}


class People:
    """Everybody who asked for help in a run that is being measured: `take` is told of each referral when it is counted (`stream.tally`)."""

    def __init__(self) -> None:
        self._parts: list[list[NDArray[Any]]] = []

    def take(self, told: Referrals, counted: Counted) -> None:
        """Some referrals, those of a person in their order."""
        contacts, outcomes = counted.contacts, counted.outcomes
        recovered = contacts.make_a_course & outcomes.known & outcomes.case & outcomes.below
        kinds = (counted.groups[kind] for kind in ("team", *GROUPS_OF_PEOPLE))
        self._parts.append(
            [
                *(told.person, told.asked, told.helped),
                np.where(recovered, contacts.ended, NEVER),
                *kinds,
            ]
        )

    def columns(self, header: Header) -> dict[str, NDArray[Any]]:
        """A row for everybody who asked for help.

        Columns: person, counted (whether after the warm-up), helped (day of first therapy, NOT_YET for never), recovered
        (1, else 0), and of each kind of groups (team, and the keys of GROUPS_OF_PEOPLE) the number of that at the first
        referral, -1 for none.
        """
        referrals = [np.concatenate(column) for column in zip(*self._parts, strict=True)]
        order = by_number(referrals[0])
        persons, helped, recovered = (referrals[nth][order] for nth in (0, 2, 3))
        first = np.flatnonzero(np.diff(persons, prepend=-1))
        # nobody at all is told as well
        least = np.minimum.reduceat if len(first) else np.take
        within = (recovered >= 0) & (recovered < header.days)
        return {
            "person": persons[first].astype(np.int32),
            "counted": referrals[1][order[first]] >= header.warm_up_days,
            "helped": np.minimum(least(helped, first), NOT_YET).astype(np.int32),
            "recovered": (1 - least(1 - within.astype(np.int8), first)).astype(np.int8),
            **{
                kind: groups[order[first]]
                for kind, groups in zip(("team", *GROUPS_OF_PEOPLE), referrals[4:], strict=True)
            },
        }


def table(columns: Sequence[Mapping[str, NDArray[Any]]], teams: Sequence[str]) -> "pd.DataFrame":
    """The same of several runs of a scenario, one below the other, with the names of groups, empty for none."""
    import pandas as pd

    whole = {name: np.concatenate([one[name] for one in columns]) for name in columns[0]}
    named = {
        kind: pd.Series([*names, ""]).array.take(whole[kind])
        for kind, names in (("team", teams), *GROUPS_OF_PEOPLE.items())
    }
    return pd.DataFrame({**whole, **named})


def people(journal: AnyJournal) -> "pd.DataFrame":
    """The same of a run that is over."""
    found = People()
    tally([journal], found.take)
    return table([found.columns(journal.header)], journal.header.teams)


def differences(here: "pd.DataFrame", there: "pd.DataFrame", kind: str, groups: Sequence[str]) -> dict[str, float]:
    """One replication of two policies, person by person: COLUMNS, and these of each group of a kind, with its name behind in brackets.

    Shares are of everybody who asked in either.
    """
    both = here.merge(there, on="person", how="outer", suffixes=("", "_there"))
    both = both[both["counted"].eq(True) | both["counted_there"].eq(True)]
    of = both[kind].fillna(both[f"{kind}_there"])
    found = _compared(both)
    for name in groups:
        found |= {f"{measure}[{name}]": value for measure, value in _compared(both[of == name]).items()}
    return found


def _compared(both: "pd.DataFrame") -> dict[str, float]:
    def days(column: str) -> Any:
        held = both[column].to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isnan(held) | (held >= NOT_YET), np.inf, held)

    def share(of: Any) -> float:
        return float(np.mean(of)) if len(both) else np.nan

    here, there = days("helped"), days("helped_there")
    known = np.isfinite(here) & np.isfinite(there)
    sooner = np.subtract(here, there, out=np.zeros(len(both)), where=known)
    recovered, recovered_there = (both[column].fillna(0).to_numpy() > 0 for column in ("recovered", "recovered_there"))
    values = (
        share(sooner > 0),
        share(sooner < 0),
        share(np.isinf(here) & np.isfinite(there)),
        share(np.isfinite(here) & np.isinf(there)),
        float(sooner[sooner > 0].mean()) if (sooner > 0).any() else np.nan,
        float(-sooner[sooner < 0].mean()) if (sooner < 0).any() else np.nan,
        share(recovered_there & ~recovered),
        share(recovered & ~recovered_there),
        float(len(both)),
    )
    return dict(zip(COLUMNS, values, strict=True))

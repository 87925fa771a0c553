"""What became of each referral, as far as measures ask: contacts, scores from both ends, the groups that its person belongs to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.lives import NEVER, Days, by_code
from accesssim.study.measuring.referrals import Mask, Referrals
from accesssim.world.journal import codes
from accesssim.world.journal.events import GONE, Urgency
from accesssim.world.journal.journal import Header
from accesssim.world.nothing import NOBODY
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE

SEVERE_FROM = (10.0, 15.0)
"""Latent severity at referral from which people are called moderate, and severe; points."""


@dataclass(frozen=True)
class Contacts:
    """For each referral: its treatment contacts, its stays in places, and when and how it ended.

    Of contacts the first, the second and how many; a place is none of these.
    """

    first: Days
    second: Days
    number: NDArray[np.int64]
    stays: NDArray[np.int64]
    ended: Days
    stage: NDArray[np.int64]

    @property
    def make_a_course(self) -> Mask:
        """Two treatment contacts or more, or a stay in a place: whoever has had that, and goes, has finished a course."""
        return (self.number >= 2) | (self.stays > 0)


def contacts_of(header: Header, told: Referrals) -> Contacts:
    """See Contacts."""
    first, second, number = told.helped, told.helped_again, told.sessions
    if header.assessment_is_first_contact:
        assessed = np.where(told.signposted, NEVER, told.assessed)
        first, second = np.minimum(assessed, first), np.where(assessed < NEVER, first, second)
        number = number + (assessed < NEVER)
    ended = np.where(by_code(GONE)[told.stage], told.stage_day, NEVER)
    return Contacts(first, second, number, told.stays, ended, told.stage)


@dataclass(frozen=True)
class Outcomes:
    """For each referral: whether scores are known from both ends, and, if so, what they say (else nothing of it).

    `case`: began at or above a cut-off; `below` and `natural`: below both at the end, and would be untreated;
    `better` and `worse`: reliably, on either scale; `fall`: of the depression score, points. `alliance`: after the
    last session, NaN for none.
    """

    known: Mask
    case: Mask
    below: Mask
    natural: Mask
    better: Mask
    worse: Mask
    fall: NDArray[np.int64]
    alliance: NDArray[np.float64]


def outcomes_of(header: Header, told: Referrals) -> Outcomes:
    """See Outcomes."""
    known = ~np.isnan(told.opening) & ~np.isnan(told.closing)
    who = np.flatnonzero(known)
    opening, closing = told.opening[who].astype(np.int64), told.closing[who].astype(np.int64)
    depression, anxiety = codes.depression(opening), codes.anxiety(opening)
    closing_depression, closing_anxiety = codes.depression(closing), codes.anxiety(closing)
    natural_depression, natural_anxiety = codes.natural_depression(closing), codes.natural_anxiety(closing)
    (depression_cut_off, anxiety_cut_off), (depression_change, anxiety_change) = (
        header.cut_offs,
        header.reliable_changes,
    )

    def of_all(values: NDArray[Any]) -> NDArray[Any]:
        found = np.zeros(told.count, values.dtype)
        found[who] = values
        return found

    return Outcomes(
        known=known,
        case=of_all((depression >= depression_cut_off) | (anxiety >= anxiety_cut_off)),
        below=of_all((closing_depression < depression_cut_off) & (closing_anxiety < anxiety_cut_off)),
        natural=of_all((natural_depression < depression_cut_off) & (natural_anxiety < anxiety_cut_off)),
        better=of_all(
            (depression - closing_depression >= depression_change) | (anxiety - closing_anxiety >= anxiety_change)
        ),
        worse=of_all(
            (closing_depression - depression >= depression_change) | (closing_anxiety - anxiety >= anxiety_change)
        ),
        fall=of_all(depression - closing_depression),
        alliance=told.alliance,
    )


def groups_of(told: Referrals, is_complex: Mask, teams: tuple[str, ...]) -> dict[str, NDArray[np.int64]]:
    """For each kind of groups (the keys of GROUPS_OF_PEOPLE, and team): which group a referral belongs to.

    Groups are numbered in the order of their names; -1 for none.
    """
    route, team = codes.route_of_referral(told.asked_as), codes.team_of_referral(told.asked_as)
    urgency = np.where(told.listed_as != NOBODY, codes.class_of(told.listed_as), told.assessed_as)
    return {
        "complexity": np.where(is_complex, 0, 1),
        "severity": np.digitize(told.severity, SEVERE_FROM),
        "route": np.where(route < len(GROUPS_OF_PEOPLE["route"]), route, -1),
        "class": urgency // Urgency.ROUTINE,
        "team": team if teams else np.full_like(team, -1),
    }

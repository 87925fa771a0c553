"""Rows and referrals told into a tally, each once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.lives import Columns, Days, by_code, by_number
from accesssim.study.measuring.outcomes import Contacts, Outcomes, contacts_of, groups_of, outcomes_of
from accesssim.study.measuring.referrals import Mask, Referrals
from accesssim.study.measuring.tally import Tally, groups, put, put_at
from accesssim.study.measuring.waits import CENSORED, LEFT, STARTED, Counts, by_day_and_cause
from accesssim.world.journal import codes
from accesssim.world.journal.events import ENDS, GONE, Cancellation, Event
from accesssim.world.limits import TENTHS
from accesssim.world.nothing import NOBODY


@dataclass(frozen=True)
class Counted:
    """Of referrals that were counted: what became of each, and the groups that they belong to (see `outcomes`)."""

    contacts: Contacts
    outcomes: Outcomes
    groups: Mapping[str, Counts]
    followed: Mask
    """Who are followed for a year after a recovery."""


# -- rows


def count_rows(tally: Tally, rows: Columns) -> None:
    """What needs no other rows, of staff, money, crises, and people who decide to ask."""
    events = rows.events
    crises = rows.at(np.flatnonzero((events == Event.CRISIS) | (events == Event.CRISIS_OVER_CAPACITY)))
    put(tally.hours_to_contact, crises.days[crises.days >= 0], 0, crises.values[crises.days >= 0])
    cancelled = rows.at(np.flatnonzero(events == Event.CANCELLED_BY_SERVICE))
    tally.numbers["displaced"] += int((cancelled.values[cancelled.days >= tally.start] == Cancellation.CRISIS).sum())
    later = rows.at(np.flatnonzero(events == Event.DECIDED)).persons
    tally.numbers.update({"decided": len(later), "new needs, decided": int((later >= tally.first_new).sum())})
    granted = rows.at(np.flatnonzero(events == Event.GRANTED))
    put(tally.granted, granted.days, 0, granted.values)
    staff = rows.at(np.flatnonzero(events <= Event.PART_TIME))
    _count_staff(tally, staff.at(np.flatnonzero((staff.posts != NOBODY) & (staff.days >= 0))))


def _tenths(rows: Columns) -> Counts:
    """Of each row its holder's tenths of a post, which a row of the same day tells where they are fewer than ten."""
    found, told = np.full(len(rows.keys), TENTHS), np.flatnonzero(rows.events == Event.PART_TIME)
    if len(told):
        holders = codes.row(rows.days, np.zeros_like(rows.days), rows.persons, rows.posts)
        told = told[np.argsort(holders[told])]
        of_holders = np.flatnonzero(rows.events < Event.CONTRACTED)
        at = np.minimum(np.searchsorted(holders[told], holders[of_holders]), len(told) - 1)
        same = holders[told][at] == holders[of_holders]
        found[of_holders[same]] = rows.values[told][at[same]].astype(np.int64)
    return found


def _count_staff(tally: Tally, rows: Columns) -> None:
    events, days, posts, values = rows.events.astype(np.int64), rows.days, rows.posts, rows.values
    tenths = _tenths(rows)
    spent = events == Event.SPENT
    put(tally.spent, days[spent], posts[spent], values[spent])
    told = events <= Event.FILLED
    events, days, posts, values, tenths = events[told], days[told], posts[told], values[told], tenths[told]
    of_holders = events < Event.CONTRACTED
    posts[of_holders] = np.array(tally.header.post_staff, np.int64)[posts[of_holders]]
    staff = len(tally.exhausted)
    places = days // 7 * tally.staff[0].size + events * staff + posts
    put_at(tally.staff, places, values * (tenths / TENTHS))
    put_at(tally.staff_tenths, places, tenths)
    exhausted = (events == Event.EXHAUSTION) & (values > 0.5) & (days >= tally.start)
    tally.exhausted += np.bincount(posts[exhausted], tenths[exhausted], minlength=staff).astype(np.int64)


# -- referrals


def count_referrals(tally: Tally, told: Referrals, is_complex: Mask) -> Counted:
    """What is asked of referrals that are over, or as they stand at the end of the run."""
    contacts, outcomes = contacts_of(tally.header, told), outcomes_of(tally.header, told)
    belongs = groups_of(told, is_complex, tally.header.teams)
    _count_people(tally, told, contacts, outcomes, belongs)
    first = (told.first_tried >= tally.start) & (told.first_tried < tally.end)
    tally.numbers.update(
        {"first appointments": int(first.sum()), "first appointments missed": int((first & told.first_missed).sum())}
    )
    ended = contacts.ended
    # who left another list after that is not followed: they cannot relapse any more
    closed = by_code((*ENDS, Event.STAYED))[contacts.stage]
    followed = closed & outcomes.known & outcomes.below & (ended >= tally.start) & (ended <= tally.end - 365)
    tally.numbers["followed"] += int(followed.sum())
    return Counted(contacts, outcomes, belongs, followed)


def _count_people(
    tally: Tally, asked: Referrals, contacts: Contacts, outcomes: Outcomes, belongs: Mapping[str, Counts]
) -> None:
    kinds = [(belongs[kind] + 1, 1 + len(names)) for kind, names in groups(tally.header).items()]
    sizes = [size for _, size in kinds]
    mixture = np.ravel_multi_index(tuple(group for group, _ in kinds), sizes)

    def within(days: Days) -> Mask:
        return (days >= tally.start) & (days < tally.end)

    said: dict[str, NDArray[Any]] = {}

    def count(name: str, who: Mask | NDArray[np.int64], weights: Days | None = None) -> None:
        """People, or sums of whole numbers over them, by all kinds of groups at once."""
        said[name] = np.bincount(mixture[who], weights, minlength=math.prod(sizes))

    def mean(name: str, who: Mask, values: Days) -> None:
        at = np.flatnonzero(who)
        count(f"{name}, people", at)
        count(f"{name}, sum", at, values[at])

    referred, session, assessed, started = asked.asked, asked.helped, asked.assessed, asked.started
    first, second, number, stage = contacts.first, contacts.second, contacts.number, contacts.stage
    in_treatment, again, ended = within(first), within(second), within(contacts.ended)
    finished = ended & contacts.make_a_course
    by_contacts = ended & (number >= 2)
    told = finished & outcomes.known
    mean("wait_to_treatment_mean", in_treatment, first - referred)
    mean("wait_to_assessment_mean", within(assessed), assessed - referred)
    mean("wait_to_therapy_mean", within(session), session - referred)
    mean("wait_first_to_second_mean", again, second - first)
    mean("wait_on_list_mean", within(started), started - asked.listed_before_start)
    mean("recovered_share", told & outcomes.case, outcomes.below.astype(np.int64))
    count("still_waiting", ~by_code((*GONE, Event.STARTED, Event.TRANSFERRED, Event.THERAPIST_LEFT))[stage])
    count("waiting_list_end", stage == Event.LISTED)
    for name, times in (
        ("gave_up_waiting", asked.gave_up),
        ("dropped_out", asked.dropped_out),
        ("course_ended", asked.course_ended),
    ):
        who_did = np.flatnonzero(times)
        count(name, who_did, times[who_did])
    by_mixture = np.array([*said.values()]).astype(np.int64).reshape(-1, *sizes)
    others = [tuple(other + 1 for other in range(len(sizes)) if other != kind) for kind in range(len(sizes))]
    by_group = np.concatenate(
        [
            by_mixture.reshape(len(said), -1).sum(axis=1)[:, None],
            *(by_mixture.sum(axis=axes)[:, 1:] for axes in others),
        ],
        axis=1,
    )
    for name, counts in zip(said, by_group, strict=True):
        tally.people[name] += counts
    new = within(referred)
    until = np.minimum(np.minimum(first, contacts.ended), tally.end - 1)[new]  # the last day that was looked at
    cause = np.where(first[new] <= until, STARTED, np.where(contacts.ended[new] <= until, LEFT, CENSORED))
    ends, places = by_day_and_cause(until - referred[new], cause), tally.competing.shape[1]
    tally.competing += np.concatenate(
        [
            np.bincount(group[new] * places + ends, minlength=size * places).reshape(size, places)[1:]
            for group, size in [(np.ones(asked.count, np.int64), 2), *kinds]
        ]
    )
    until = np.minimum(np.minimum(session, contacts.ended), tally.end - 1)[new]
    cause = np.where(session[new] <= until, STARTED, np.where(contacts.ended[new] <= until, LEFT, CENSORED))
    tally.competing_therapy += np.bincount(by_day_and_cause(until - referred[new], cause), minlength=places)
    waits = first - referred
    tally.waits += np.bincount(waits[in_treatment], minlength=len(tally.waits))
    tally.numbers.update(
        {
            name: int(who.sum())
            for name, who in {
                "second contact over 28 days": again & (second - first > 28),
                "ended": ended,
                "ended after one contact": ended & (number == 1) & (contacts.stays == 0),
                "finished": finished,
                "finished, started within 6 weeks": finished & (waits <= 42),
                "finished, started within 18 weeks": finished & (waits <= 126),
                "finished a course": by_contacts,
                "told": told,
                "told, case": told & outcomes.case,
                "told, better": told & outcomes.better & ~outcomes.worse,
                "told, worse": told & outcomes.worse & ~outcomes.better,
                "told, would be well": told & outcomes.case & outcomes.natural,
            }.items()
        }
    )
    tally.numbers["contacts of finished courses"] += int(number[by_contacts].sum())
    _count_alliance(tally, asked.person, contacts, outcomes, told)


def _count_alliance(
    tally: Tally, persons: NDArray[np.int64], contacts: Contacts, outcomes: Outcomes, told: Mask
) -> None:
    who = np.flatnonzero(told & ~np.isnan(outcomes.alliance))
    who = who[by_number(persons[who])]  # in which order doubles are added
    if not len(who):
        return
    days, alliance, fall = contacts.ended[who], outcomes.alliance[who], outcomes.fall[who]
    tally.numbers.update(
        {"allied": len(who), "allied, fall": int(fall.sum()), "allied, square of fall": int((fall * fall).sum())}
    )
    for number, values in enumerate((alliance, alliance * alliance, alliance * fall)):
        put(tally.alliance, days, number, values)
    least, most = tally.alliance_range
    tally.alliance_range = min(least, float(alliance.min())), max(most, float(alliance.max()))

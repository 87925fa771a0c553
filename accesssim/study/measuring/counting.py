"""Rows and referrals told into a tally, each once."""

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.lives import STAGES, Columns, Days, Lives, by_code
from accesssim.study.measuring.outcomes import Contacts, Mask, Outcomes, contacts_of, groups_of, outcomes_of
from accesssim.study.measuring.tally import Tally, groups, put
from accesssim.study.measuring.waits import CENSORED, LEFT, STARTED, Counts, by_day_and_cause
from accesssim.world.journal import codes
from accesssim.world.journal.events import ENDS, GONE, Cancellation, Event
from accesssim.world.limits import TENTHS
from accesssim.world.nothing import NOBODY

_MISSED_OR_HELD = (Event.ASSESSMENT_MISSED, Event.SESSION, Event.MISSED)
OF_REFERRALS = by_code((*STAGES, Event.ASSESSED, *_MISSED_OR_HELD))
"""Events, by code, that are asked for referral by referral; all others are counted row by row."""


# -- rows


def count_rows(tally: Tally, rows: Columns) -> None:
    """What needs no other rows."""
    days, events = rows.day, rows.event
    current = days >= 0
    put(tally.events, days[current], events[current])
    crises = np.flatnonzero(((events == Event.CRISIS) | (events == Event.CRISIS_OVER_CAPACITY)) & current)
    put(tally.hours_to_contact, days[crises], 0, rows.value[crises])
    cancelled = np.flatnonzero(events == Event.CANCELLED_BY_SERVICE)
    tally.numbers["displaced"] += int(
        (rows.value[cancelled[days[cancelled] >= tally.start]] == Cancellation.CRISIS).sum()
    )
    granted = np.flatnonzero(events == Event.GRANTED)
    put(tally.granted, days[granted], 0, rows.value[granted])
    staff = np.flatnonzero((events <= Event.PART_TIME) & (rows.post != NOBODY) & current)
    tenths = _tenths(events[staff], _holders(days[staff], rows.person[staff], rows.post[staff]), rows.value[staff])
    _count_staff(tally, events[staff], days[staff], rows.post[staff], rows.value[staff], tenths)


def _holders(days: Days, turns: NDArray[np.int64], posts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days, posts and turns in them as one number each."""
    return codes.row(days, np.zeros_like(days), turns, posts)


def _tenths(events: NDArray[np.int64], holders: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Of each row its holder's tenths of a post, which a row of the same day tells where they are fewer than ten."""
    found, told = np.full(len(events), TENTHS), np.flatnonzero(events == Event.PART_TIME)
    if len(told):
        told = told[np.argsort(holders[told])]
        of_holders = np.flatnonzero(events < Event.CONTRACTED)
        at = np.minimum(np.searchsorted(holders[told], holders[of_holders]), len(told) - 1)
        same = holders[told][at] == holders[of_holders]
        found[of_holders[same]] = values[told][at[same]].astype(np.int64)
    return found


def _count_staff(
    tally: Tally,
    events: NDArray[np.int64],
    days: Days,
    posts: NDArray[np.int64],
    values: NDArray[np.float64],
    tenths: NDArray[np.int64],
) -> None:
    spent = events == Event.SPENT
    put(tally.spent, days[spent], posts[spent], values[spent])
    told = events <= Event.FILLED
    events, days, posts, values, tenths = events[told], days[told], posts[told], values[told], tenths[told]
    of_holders = events < Event.CONTRACTED
    posts[of_holders] = np.array(tally.header.post_staff, np.int64)[posts[of_holders]]
    staff = len(tally.exhausted)
    put(tally.staff, days // 7, events * staff + posts, values * (tenths / TENTHS))
    put(tally.staff_tenths, days // 7, events * staff + posts, tenths)
    exhausted = (events == Event.EXHAUSTION) & (values > 0.5) & (days >= tally.start)
    tally.exhausted += np.bincount(posts[exhausted], tenths[exhausted], minlength=staff).astype(np.int64)


# -- referrals


def count_referrals(tally: Tally, records: Lives, is_complex: Mask) -> tuple[NDArray[np.int64], Days]:
    """What is asked of referrals that are over, or as they stand at the end of the run.

    Returns persons and days of end of those who are followed for a year after a recovery.
    """
    contacts, outcomes = contacts_of(tally.header, records), outcomes_of(tally.header, records)
    _count_people(tally, records, contacts, outcomes, is_complex)
    _count_lists(tally, records)
    _count_appointments(tally, records)
    ended = contacts.ended
    # who left another list after that is not followed: they cannot relapse any more
    closed = np.isin(contacts.stage, (*ENDS, Event.STAYED))
    followed = closed & outcomes.known & outcomes.below & (ended >= tally.start) & (ended <= tally.end - 365)
    tally.numbers["followed"] += int(followed.sum())
    return records.person[followed], ended[followed]


def _count_people(tally: Tally, records: Lives, contacts: Contacts, outcomes: Outcomes, is_complex: Mask) -> None:
    belongs = groups_of(records, is_complex, tally.header.teams)
    kinds = [
        (np.ones(records.count, np.int64), 2),
        *((belongs[kind] + 1, 1 + len(names)) for kind, names in groups(tally.header).items()),
    ]

    def within(days: Days) -> Mask:
        return (days >= tally.start) & (days < tally.end)

    def by_group(
        who: Mask | NDArray[np.int64], where: NDArray[np.int64] | int = 0, size: int = 1, weights: Days | None = None
    ) -> Counts:
        """People, or sums over them, everybody and group by group, and each by where they are counted of `size` places."""
        return np.concatenate(
            [np.bincount(group[who] * size + where, weights, minlength=count * size)[size:] for group, count in kinds]
        ).astype(np.int64)

    def mean(name: str, who: Mask, values: Days) -> None:
        at = np.flatnonzero(who)
        tally.people[f"{name}, people"] += by_group(at)
        tally.people[f"{name}, sum"] += by_group(at, weights=values[at])

    referred, session = records.first(Event.REFERRED), records.help_begins
    assessed, started = records.first_assessed, records.first(Event.STARTED)
    first, second, number, stage = contacts.first, contacts.second, contacts.number, contacts.stage
    in_treatment, again, ended = within(first), within(second), within(contacts.ended)
    finished = ended & contacts.make_a_course
    by_contacts = ended & (number >= 2)
    told = finished & outcomes.known
    mean("wait_to_treatment_mean", in_treatment, first - referred)
    mean("wait_to_assessment_mean", within(assessed), assessed - referred)
    mean("wait_to_therapy_mean", within(session), session - referred)
    mean("wait_first_to_second_mean", again, second - first)
    mean("wait_on_list_mean", within(started), started - records.last_before(Event.LISTED, Event.STARTED))
    mean("recovered_share", told & outcomes.case, outcomes.below.astype(np.int64))
    tally.people["still_waiting"] += by_group(
        ~np.isin(stage, (*GONE, Event.STARTED, Event.TRANSFERRED, Event.THERAPIST_LEFT))
    )
    tally.people["waiting_list_end"] += by_group(stage == Event.LISTED)
    for name, at in (
        ("gave_up_waiting", records.gave_up),
        ("dropped_out", records.at(Event.DROPPED_OUT)),
        ("course_ended", records.at(*ENDS)),
    ):
        tally.people[name] += by_group(records.referral[at[within(records.days[at])]])
    asked = within(referred)
    until = np.minimum(np.minimum(first, contacts.ended), tally.end - 1)[asked]  # the last day that was looked at
    cause = np.where(first[asked] <= until, STARTED, np.where(contacts.ended[asked] <= until, LEFT, CENSORED))
    tally.competing += by_group(
        asked, by_day_and_cause(until - referred[asked], cause), tally.competing.shape[1]
    ).reshape(tally.competing.shape)
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
    _count_alliance(tally, contacts, outcomes, told)


def _count_alliance(tally: Tally, contacts: Contacts, outcomes: Outcomes, told: Mask) -> None:
    who = np.flatnonzero(told & ~np.isnan(outcomes.alliance))
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


def _count_lists(tally: Tally, records: Lives) -> None:
    days, change, which = records.list_changes()
    days, ways = np.clip(days, 0, tally.end), len(tally.header.pathways)
    put(tally.changes["pathway"], days, codes.pathway_of_list(which, ways), change)
    if tally.header.teams:
        put(tally.changes["team"], days, codes.team_of_list(which, ways), change)


def _count_appointments(tally: Tally, records: Lives) -> None:
    """Assessments, and the first appointment of each referral."""
    held = records.days[records.assessments]
    put(tally.assessments, held[held >= 0], 0)
    tried = np.sort(np.concatenate([records.assessments, records.at(*_MISSED_OR_HELD)]))
    opening = np.ones(len(tried), bool)
    opening[1:] = records.referral[tried[1:]] != records.referral[tried[:-1]]
    first = tried[opening]
    first = first[(records.days[first] >= tally.start) & (records.days[first] < tally.end)]
    tally.numbers.update(
        {
            "assessments attended": int((held >= tally.start).sum()),
            "first appointments": len(first),
            "first appointments missed": int(
                np.isin(records.events[first], (Event.ASSESSMENT_MISSED, Event.MISSED)).sum()
            ),
        }
    )

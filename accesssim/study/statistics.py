"""Journal → measures. Everything is a function of the rows and the header alone."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.study.lives import NEVER, Days, Lives, lives
from accesssim.study.measures import MEASURES
from accesssim.study.waits import aalen_johansen
from accesssim.study.weeks import waiting
from accesssim.world.journal import ENDS, GONE, Account, AnyJournal, Cancellation, Event, Header, Route, Urgency, unpack_scores
from accesssim.world.teams import GROUPS_OF_PEOPLE

Mask = NDArray[np.bool_]
SEVERITY = (("mild", -math.inf, 10.0), ("moderate", 10.0, 15.0), ("severe", 15.0, math.inf))
"""Groups by latent severity at referral, points."""


def interval(values: NDArray[Any]) -> tuple[float, float, float]:
    """Mean and its 95 % confidence interval over replications (Student's t); the interval is NaN for fewer than two, all for none."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if len(known) == 0:
        return math.nan, math.nan, math.nan
    mean = float(known.mean())
    if len(known) < 2:
        return mean, math.nan, math.nan
    from scipy.special import stdtrit

    half = float(stdtrit(len(known) - 1, 0.975)) * float(known.std(ddof=1)) / math.sqrt(len(known))
    return mean, mean - half, mean + half


def chance_of_none(values: NDArray[Any]) -> float:
    """Chance of a mean so far from zero if the true one is zero (Student's t, two-sided); NaN for fewer than two values."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if len(known) < 2:
        return math.nan
    mean, error = float(known.mean()), float(known.std(ddof=1)) / math.sqrt(len(known))
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    from scipy.special import stdtr

    return 2.0 * float(stdtr(len(known) - 1, -abs(mean) / error))


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else math.nan


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else math.nan


def _percentile(values: Days, q: float) -> float:
    return float(np.percentile(values, q)) if len(values) else math.nan


@dataclass(frozen=True)
class Contacts:
    """For each referral: first and second treatment contact, how many, when and how the referral ended."""

    first: Days
    second: Days
    number: NDArray[np.int64]
    ended: Days
    stage: NDArray[np.int64]


def contacts_of(journal: AnyJournal, records: Lives) -> Contacts:
    """See Contacts."""
    session, again = records.help_begins(), records.second(Event.SESSION)
    number = records.number_of(Event.SESSION)
    first, second = session, again
    if journal.header.assessment_is_first_contact:
        assessed = records.first(Event.ASSESSED)
        assessed = np.where((records.first(Event.SIGNPOSTED) < NEVER) | (assessed >= session), NEVER, assessed)  # scores of who comes straight to a session
        first, second = np.minimum(assessed, session), np.where(assessed < NEVER, session, again)
        number = number + (assessed < NEVER)
    stage, day = records.stage()
    return Contacts(first, second, number, np.where(np.isin(stage, GONE), day, NEVER), stage)


def measure(journal: AnyJournal) -> dict[str, float]:
    """Every measure of a replication by name; NaN where there was nobody to measure."""
    records = lives(journal)
    found = _people(journal, records) | _staff(journal) | _money(journal)
    finished, beyond = found.pop("_finished"), found["recovered_beyond_natural_course"]
    found["cost_per_finished_course"] = _ratio(found["cost_total"], finished)
    found["cost_per_recovery"] = _ratio(found["cost_total"], beyond) if beyond > 0 else math.nan
    whole = {name: found[name] for name in MEASURES}
    return whole | {name: value for name, value in found.items() if name not in whole}


# -- people


def _people(journal: AnyJournal, records: Lives) -> dict[str, float]:
    header = journal.header
    start, end = header.warm_up_days, header.days
    contacts = contacts_of(journal, records)
    referred = records.first(Event.REFERRED)

    def within(days: Days) -> Mask:
        return (days >= start) & (days < end)

    def rows(*events: Event) -> Days:
        at = records.at(*events)
        return at[within(records.days[at])]

    found = _needs(journal, start)
    found["referrals"] = float(within(referred).sum())
    events_counted = {
        "lost_to_red_tape": (Event.REFUSED, Event.GAVE_UP_RED_TAPE), "discharged_unseen": (Event.DISCHARGED_UNSEEN,), "signposted": (Event.SIGNPOSTED,),
        "gave_up_waiting": (Event.WITHDREW,), "better_while_waiting": (Event.BETTER_WAITING,), "sessions_delivered": (Event.SESSION,),
        "sessions_cancelled_by_service": (Event.CANCELLED_BY_SERVICE,),
    }
    found |= {name: float(len(rows(*events))) for name, events in events_counted.items()}
    still, on_list = ~np.isin(contacts.stage, (*GONE, Event.STARTED, Event.TRANSFERRED, Event.THERAPIST_LEFT)), contacts.stage == Event.LISTED
    found["still_waiting"], found["waiting_list_end"] = float(still.sum()), float(on_list.sum())
    found["waiting_list_mean"] = _mean(waiting(records, end)[start:])
    assessed, started, listed = (records.first(event) for event in (Event.ASSESSED, Event.STARTED, Event.LISTED))
    session = records.help_begins()
    finished = within(contacts.ended) & ((contacts.number >= 2) | (contacts.stage == Event.STAYED))
    gave_up, dropped, ended = rows(Event.WITHDREW), rows(Event.DROPPED_OUT), rows(*ENDS)
    recovered, groups = outcomes(journal, records, contacts, finished, found), groups_of(journal, records)

    def by_group(name: str, values: Days | NDArray[np.float64], who: Mask) -> None:
        found[name] = _mean(values[who])
        found.update({f"{name}[{group}]": _mean(values[who & members]) for group, members in groups.items()})

    by_group("wait_to_treatment_mean", contacts.first - referred, within(contacts.first))
    by_group("wait_to_assessment_mean", assessed - referred, within(assessed))
    by_group("wait_to_therapy_mean", session - referred, within(session))
    by_group("wait_first_to_second_mean", contacts.second - contacts.first, within(contacts.second))
    by_group("wait_on_list_mean", started - listed, within(started))
    by_group("recovered_share", recovered, finished & ~np.isnan(recovered))
    for group, members in groups.items():
        if group not in GROUPS_OF_PEOPLE["class"]:  # only who has been assessed has a class, so these would leave out whoever still waits for that
            found[f"still_waiting[{group}]"], found[f"waiting_list_end[{group}]"] = float((still & members).sum()), float((on_list & members).sum())
            found[f"started_by_18_weeks_share[{group}]"] = _competing(contacts, referred, within(referred) & members, end)["started_by_18_weeks_share"]
        found[f"gave_up_waiting[{group}]"] = float(members[records.referral[gave_up]].sum())
        found[f"dropped_out_share[{group}]"] = _ratio(members[records.referral[dropped]].sum(), members[records.referral[ended]].sum())
    waits = (contacts.first - referred)[within(contacts.first)]
    found["wait_to_treatment_median"], found["wait_to_treatment_p90"] = _percentile(waits, 50), _percentile(waits, 90)
    found["second_session_over_28_days_share"] = _mean((contacts.second - contacts.first)[within(contacts.second)] > 28)
    found |= _competing(contacts, referred, within(referred), end)
    for weeks in (6, 18):
        found[f"finished_started_within_{weeks}_weeks_share"] = _mean((contacts.first - referred)[finished] <= 7 * weeks)
    found["one_contact_only_share"] = _mean(contacts.number[within(contacts.ended)] == 1)
    found["dropped_out_share"] = _ratio(len(dropped), len(ended))
    found["entered_treatment_share"] = _ratio(within(contacts.first).sum(), found["referrals"])
    found["finished_course_share"] = _ratio(finished.sum(), found["referrals"])
    found["recovered_of_starters_share"] = _ratio(np.nansum(recovered[finished]), within(contacts.first).sum())
    found["recovered_per_100_in_need"] = _ratio(100.0 * np.nansum(recovered[finished]), found["needs"])
    found["sessions_per_finished_course_mean"] = _mean(contacts.number[finished & (contacts.stage != Event.STAYED)])
    found["_finished"] = float(finished.sum())
    found |= _attendance(records, rows, session) | _crises(records, rows)
    return found


def _needs(journal: AnyJournal, start: int) -> dict[str, float]:
    events, days, persons = journal.event, journal.day, journal.person
    need = events == Event.NEED
    decided = np.concatenate([persons[need & (journal.post >= 2)], persons[events == Event.DECIDED]])
    asked = persons[events == Event.REFERRED]
    better = events == Event.BETTER_BEFORE_ASKING
    new = persons[need & (days >= start)]
    return {
        "needs": float(need.sum()),
        "better_before_asking": float((better & (days >= start)).sum()),
        "still_deciding": float((~np.isin(decided, np.concatenate([asked, persons[better]]))).sum()),
        "never_asked": float((~np.isin(new, decided)).sum()),
    }


def groups_of(journal: AnyJournal, records: Lives) -> dict[str, Mask]:
    """Which referrals belong to each group of people."""
    need = journal.event == Event.NEED
    complex_people = journal.person[need][(journal.post[need] & 1) == 1]
    is_complex = np.isin(records.person, complex_people)
    at = records.at(Event.REFERRED)
    route, team, severity = records.posts[at] % 4, records.posts[at] // 4, records.values[at]
    groups = {"complex": is_complex, "not_complex": ~is_complex, "self": route == Route.SELF, "professional": route == Route.PROFESSIONAL}
    class_at = records.first_post(Event.ASSESSED)
    groups |= {"urgent": (class_at >= 0) & (class_at < Urgency.ROUTINE), "routine": class_at == Urgency.ROUTINE}
    groups |= {name: (severity >= low) & (severity < high) for name, low, high in SEVERITY}
    return groups | {name: team == number for number, name in enumerate(journal.header.teams)}


def _competing(contacts: Contacts, referred: Days, who: Mask, end: int) -> dict[str, float]:
    first, gone, asked = contacts.first[who], contacts.ended[who], referred[who]
    until = np.minimum(np.minimum(first, gone), end)
    cause = np.where(first <= until, 1, np.where(gone <= until, 2, 0))
    started, remaining = aalen_johansen(until - asked, cause, 52 * 7)
    return {
        "started_by_6_weeks_share": float(started[42]),
        "started_by_18_weeks_share": float(started[126]),
        "wait_restricted_mean_52_weeks": float(remaining[: 52 * 7].sum()),
    }


def outcomes(journal: AnyJournal, records: Lives, contacts: Contacts, finished: Mask, found: dict[str, float]) -> NDArray[np.float64]:
    """Recovered (1), not (0), or NaN where the referral did not begin as a case or has no closing scores."""
    header = journal.header
    before, after, stayed = records.last_value(Event.ASSESSED), records.last_value(*ENDS), records.last_value(Event.STAYED)
    after = np.where(np.isnan(after) & (stayed >= 0), stayed, after)
    known = ~np.isnan(before) & ~np.isnan(after)
    depression, anxiety, _, _ = unpack_scores(np.nan_to_num(before))
    closing_depression, closing_anxiety, natural_depression, natural_anxiety = unpack_scores(np.nan_to_num(after))
    case = (depression >= header.cut_offs[0]) | (anxiety >= header.cut_offs[1])
    below = (closing_depression < header.cut_offs[0]) & (closing_anxiety < header.cut_offs[1])
    natural = (natural_depression < header.cut_offs[0]) & (natural_anxiety < header.cut_offs[1])
    better = (depression - closing_depression >= header.reliable_changes[0]) | (anxiety - closing_anxiety >= header.reliable_changes[1])
    worse = (closing_depression - depression >= header.reliable_changes[0]) | (closing_anxiety - anxiety >= header.reliable_changes[1])
    told = finished & known
    found["started_as_case_share"] = _mean(case[told])
    found["reliably_improved_share"] = _mean((better & ~worse)[told])
    found["reliably_deteriorated_share"] = _mean((worse & ~better)[told])
    found["recovered_beyond_natural_course"] = float(below[told & case].sum() - natural[told & case].sum())
    alliance = records.last_value(Event.SESSION)
    who = told & ~np.isnan(alliance)
    fall = (depression - closing_depression)[who].astype(float)
    varied = len(fall) > 2 and fall.std() > 0 and alliance[who].std() > 0
    found["alliance_outcome_correlation"] = float(np.corrcoef(alliance[who], fall)[0, 1]) if varied else math.nan
    followed = below & known & (contacts.ended >= header.warm_up_days) & (contacts.ended <= header.days - 365)
    found["relapsed_within_12_months_share"] = _mean((records.first(Event.RELAPSED) - contacts.ended)[followed] <= 365)
    return np.where(known & case, below.astype(float), np.nan)


def _attendance(records: Lives, rows: Callable[..., Days], session: Days) -> dict[str, float]:
    assessed, missed = rows(Event.ASSESSED), rows(Event.MISSED, Event.ASSESSMENT_MISSED)
    real = records.days[assessed] != session[records.referral[assessed]]  # written at the first session where nobody is assessed before
    others = rows(Event.ASSESSMENT_CANCELLED, Event.SESSION, Event.CANCELLED_BY_PATIENT, Event.CANCELLED_BY_SERVICE)
    tried = records.at(Event.ASSESSED, Event.ASSESSMENT_MISSED, Event.SESSION, Event.MISSED)
    opening = np.ones(len(tried), bool)
    opening[1:] = records.referral[tried[1:]] != records.referral[tried[:-1]]
    first = tried[opening]
    first = np.intersect1d(first, rows(Event.ASSESSED, Event.ASSESSMENT_MISSED, Event.SESSION, Event.MISSED), assume_unique=True)
    return {
        "did_not_attend_share": _ratio(len(missed), real.sum() + len(missed) + len(others)),
        "first_appointment_did_not_attend_share": _mean(np.isin(records.events[first], (Event.ASSESSMENT_MISSED, Event.MISSED))),
    }


def _crises(records: Lives, rows: Callable[..., Days]) -> dict[str, float]:
    crises = rows(Event.CRISIS, Event.CRISIS_OVER_CAPACITY)
    return {
        "crises_while_waiting": float(len(crises)),
        "crisis_hours_to_contact_mean": _mean(records.values[crises]),
        "crises_over_capacity_share": _ratio(len(rows(Event.CRISIS_OVER_CAPACITY)), len(crises)),
        "sessions_displaced_by_crises": float((records.values[rows(Event.CANCELLED_BY_SERVICE)] == Cancellation.CRISIS).sum()),
    }


# -- staff and money


def _staff(journal: AnyJournal) -> dict[str, float]:
    header = journal.header
    keep = (journal.event <= Event.SPENT) & (journal.day >= header.warm_up_days)
    events, posts, values = journal.event[keep], journal.post[keep], journal.value[keep]
    staff_of = np.array([*header.post_staff, -1])
    number_of_staff = len(header.groups) * max(1, len(header.teams))
    years = (header.days - header.warm_up_days) / 365.25
    found = {}
    for name, some in _staff_groups(header):

        def rows(event: Event, some: Sequence[int] | None = some) -> Mask:
            at: Mask = events == event
            return at if some is None else at & np.isin(posts, some)

        def of_holders(event: Event, some: Sequence[int] | None = some) -> NDArray[Any]:
            at: Mask = events == event
            return values[at if some is None else at & np.isin(staff_of[np.where(at, posts, -1)], some)]

        def total(event: Event) -> float:
            return float(values[rows(event)].sum())

        counted = number_of_staff if some is None else len(some)
        weeks = max(1, int(rows(Event.FILLED).sum() / counted)) if counted else 1
        exhaustion, leavers = of_holders(Event.EXHAUSTION), of_holders(Event.LEFT)
        found[f"exhaustion_mean{name}"] = _mean(exhaustion)
        found[f"exhausted_share{name}"] = _mean(exhaustion > 0.5)
        found[f"exhaustion_at_leaving{name}"] = _mean(leavers)
        found[f"turnover_per_year{name}"] = _ratio(len(leavers) / years, total(Event.FILLED) / weeks)
        found[f"utilisation{name}"] = _ratio(total(Event.CONTACT), total(Event.AVAILABLE))
        found[f"overtime_hours_per_week{name}"] = _ratio(total(Event.OVERTIME), total(Event.FILLED))
        found[f"paperwork_share{name}"] = _ratio(total(Event.PAPERWORK), total(Event.WORKED))
        found[f"absence_share{name}"] = _ratio(total(Event.SICK), total(Event.CONTRACTED))
        found[f"vacancy_share{name}"] = 1.0 - _ratio(total(Event.FILLED), total(Event.FUNDED))
    return found


def _staff_groups(header: Header) -> list[tuple[str, Sequence[int] | None]]:
    """What stands behind a measure's name, and the numbers of staff: all, by group, and by team."""
    groups, teams = len(header.groups), len(header.teams)
    by_group = [(f"[{name}]", range(number, groups * max(1, teams), groups)) for number, name in enumerate(header.groups)]
    return [("", None), *by_group, *((f"[{name}]", range(groups * number, groups * (number + 1))) for number, name in enumerate(header.teams))]


def _money(journal: AnyJournal) -> dict[str, float]:
    spent = (journal.event == Event.SPENT) & (journal.day >= journal.header.warm_up_days)
    by_account = np.bincount(journal.post[spent], weights=journal.value[spent], minlength=len(Account))
    found = {f"cost_total[{account.name.lower()}]": float(by_account[account]) for account in Account if account is not Account.LOST}
    return {"cost_total": math.fsum(found.values()), "money_lost": float(by_account[Account.LOST])} | found

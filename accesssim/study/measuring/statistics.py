"""Tally → measures; and what is told of a measure over replications."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accesssim.study.measuring.measures import ACCOUNTS, MEASURES, OF_YEARS
from accesssim.study.measuring.stream import tally
from accesssim.study.measuring.student import beyond, quantile
from accesssim.study.measuring.tally import Tally, groups
from accesssim.study.measuring.waits import HORIZON, aalen_johansen, area, by, percentile
from accesssim.study.measuring.weeks import waiting
from accesssim.world.calendar import DAYS_PER_YEAR
from accesssim.world.journal.events import Account, Event
from accesssim.world.journal.journal import AnyJournal, Header
from accesssim.world.limits import TENTHS
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE


def interval(values: NDArray[Any], level: float = 0.95) -> tuple[float, float, float]:
    """Mean and its confidence interval of a level over replications (Student's t); the interval is NaN for fewer than two, all for none."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if len(known) == 0:
        return math.nan, math.nan, math.nan
    mean = float(known.mean())
    if len(known) < 2:
        return mean, math.nan, math.nan
    half = quantile(len(known) - 1, (1.0 + level) / 2.0) * float(known.std(ddof=1)) / math.sqrt(len(known))
    return mean, mean - half, mean + half


ROUNDING = 1e-9
"""Share of its size by which a difference of sums may be off: what varies by less does not vary."""


def vary(values: NDArray[Any]) -> bool:
    """Whether values differ by more than rounding. Told by the values, as the spread of equal ones may be a rounding error above 0."""
    return bool(values.max() - values.min() > ROUNDING * np.abs(values).max())


def chance_of_none(values: NDArray[Any]) -> float:
    """Chance of a mean so far from zero if the true one is zero (Student's t, two-sided); NaN for fewer than two values.

    Values that are all the same have no spread to judge by: as many on one side are as likely as so many coins that fall alike (the sign test).
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if len(known) < 2:
        return math.nan
    if not vary(known):
        return math.ldexp(2.0, -len(known)) if known[0] else 1.0
    error = float(known.std(ddof=1)) / math.sqrt(len(known))
    return beyond(float(known.mean()) / error, len(known) - 1)


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else math.nan


def measure(journal: AnyJournal) -> dict[str, float]:
    """Every measure of a replication by name; NaN where there was nobody to measure."""
    return measures_of(tally([journal]))


def measures_of(counted: Tally) -> dict[str, float]:
    """The same from its tally."""
    found = _people(counted) | _staff(counted) | _money(counted)
    beyond = found["recovered_beyond_natural_course"]
    found["cost_per_finished_course"] = _ratio(found["cost_total"], counted.numbers["finished"])
    found["cost_per_recovery"] = _ratio(found["cost_total"], beyond) if beyond > 0 else math.nan
    whole = {name: found[name] for name in MEASURES}
    return whole | {name: value for name, value in found.items() if name not in whole}


# -- people


def _people(counted: Tally) -> dict[str, float]:
    numbers, people, events = counted.numbers, counted.people, counted.events[counted.start :].sum(axis=0)

    def rows(*events_counted: Event) -> int:
        return int(events[list(events_counted)].sum())

    found = {
        "needs": float(numbers["needs"]),
        "better_before_asking": float(rows(Event.BETTER_BEFORE_ASKING)),
        "still_deciding": float(numbers["decided"] - numbers["asked"] - numbers["better before asking"]),
        "never_asked": float(numbers["new needs"] - numbers["new needs, decided"]),
        "referrals": float(rows(Event.REFERRED)),
    }
    events_counted = {
        "lost_to_red_tape": (Event.REFUSED, Event.GAVE_UP_RED_TAPE),
        "discharged_unseen": (Event.DISCHARGED_UNSEEN,),
        "signposted": (Event.SIGNPOSTED,),
        "better_while_waiting": (Event.BETTER_WAITING,),
        "sessions_delivered": (Event.SESSION,),
        "sessions_cancelled_by_service": (Event.CANCELLED_BY_SERVICE,),
    }
    found |= {name: float(rows(*of)) for name, of in events_counted.items()}
    found |= {name: float(people[name][0]) for name in ("gave_up_waiting", "still_waiting", "waiting_list_end")}
    found["waiting_list_mean"] = _ratio(waiting(counted)[counted.start :].sum(), counted.end - counted.start)
    found |= _by_group(counted)
    found["wait_to_treatment_median"], found["wait_to_treatment_p90"] = (
        percentile(counted.waits, 0.5),
        percentile(counted.waits, 0.9),
    )
    started, again = int(people["wait_to_treatment_mean, people"][0]), people["wait_first_to_second_mean, people"][0]
    finished, told, recovered = numbers["finished"], numbers["told"], int(people["recovered_share, sum"][0])
    found["second_session_over_28_days_share"] = _ratio(numbers["second contact over 28 days"], again)
    found |= _competing(counted.competing[0])
    found |= _therapy(counted)
    for weeks in (6, 18):
        found[f"finished_started_within_{weeks}_weeks_share"] = _ratio(
            numbers[f"finished, started within {weeks} weeks"], finished
        )
    found["one_contact_only_share"] = _ratio(numbers["ended after one contact"], numbers["ended"])
    found["dropped_out_share"] = _ratio(people["dropped_out"][0], people["course_ended"][0])
    found["entered_treatment_share"] = _ratio(started, found["referrals"])
    found["finished_course_share"] = _ratio(finished, found["referrals"])
    found["recovered_of_starters_share"] = _ratio(recovered, started)
    found["recovered_per_100_in_need"] = _ratio(100.0 * recovered, found["needs"])
    found["sessions_per_finished_course_mean"] = _ratio(
        numbers["contacts of finished courses"], numbers["finished a course"]
    )
    for name, of in {
        "started_as_case_share": "case",
        "reliably_improved_share": "better",
        "reliably_deteriorated_share": "worse",
    }.items():
        found[name] = _ratio(numbers[f"told, {of}"], told)
    found["recovered_beyond_natural_course"] = float(recovered - numbers["told, would be well"])
    found["alliance_outcome_correlation"] = _alliance(counted)
    found["relapsed_within_12_months_share"] = _ratio(numbers["relapsed"], numbers["followed"])
    missed, crises = rows(Event.MISSED, Event.ASSESSMENT_MISSED), rows(Event.CRISIS, Event.CRISIS_OVER_CAPACITY)
    others = rows(Event.ASSESSMENT_CANCELLED, Event.SESSION, Event.CANCELLED_BY_PATIENT, Event.CANCELLED_BY_SERVICE)
    found["did_not_attend_share"] = _ratio(missed, numbers["assessments attended"] + missed + others)
    found["first_appointment_did_not_attend_share"] = _ratio(
        numbers["first appointments missed"], numbers["first appointments"]
    )
    found["crises_while_waiting"] = float(crises)
    found["crisis_hours_to_contact_mean"] = _ratio(
        math.fsum(counted.hours_to_contact[counted.start :, 0].tolist()), crises
    )
    found["crises_over_capacity_share"] = _ratio(rows(Event.CRISIS_OVER_CAPACITY), crises)
    found["sessions_displaced_by_crises"] = float(numbers["displaced"])
    return found


def _by_group(counted: Tally) -> dict[str, float]:
    """What is told of each group of people; the means also of everybody."""
    people = counted.people
    numbered = list(enumerate((name for names in groups(counted.header).values() for name in names), start=1))
    found = {}
    for name in (
        "wait_to_treatment_mean",
        "wait_to_assessment_mean",
        "wait_to_therapy_mean",
        "wait_first_to_second_mean",
        "wait_on_list_mean",
        "recovered_share",
    ):
        sums, count = people[f"{name}, sum"], people[f"{name}, people"]
        found[name] = _ratio(sums[0], count[0])
        found |= {f"{name}[{group}]": _ratio(sums[number], count[number]) for number, group in numbered}
    for number, group in numbered:
        # Only who has been assessed has a class, so these would leave out whoever still waits for that.
        if group not in GROUPS_OF_PEOPLE["class"]:
            found |= {f"{name}[{group}]": float(people[name][number]) for name in ("still_waiting", "waiting_list_end")}
            found[f"started_by_18_weeks_share[{group}]"] = _competing(counted.competing[number])[
                "started_by_18_weeks_share"
            ]
        found[f"gave_up_waiting[{group}]"] = float(people["gave_up_waiting"][number])
        found[f"dropped_out_share[{group}]"] = _ratio(people["dropped_out"][number], people["course_ended"][number])
    return found


def _competing(counts: NDArray[np.int64]) -> dict[str, float]:
    started, remaining = aalen_johansen(counts.reshape(-1, 3))
    return {
        "started_by_6_weeks_share": by(42, started, remaining),
        "started_by_18_weeks_share": by(126, started, remaining),
        "days_waiting_within_52_weeks": area(remaining, remaining, HORIZON),
    }


def _therapy(counted: Tally) -> dict[str, float]:
    """Up to when people are without therapy: as far as everybody who was referred in the first week of the window could be followed."""
    started, remaining = aalen_johansen(counted.competing_therapy.reshape(-1, 3))
    followed = min(HORIZON, counted.end - counted.start - 7)
    return {
        "therapy_started_by_18_weeks_share": by(126, started, remaining),
        "days_without_therapy": area(1.0 - started, remaining, followed) if followed > 0 else math.nan,
    }


def _alliance(counted: Tally) -> float:
    """Correlation of the last alliance with the fall of the depression score; NaN for fewer than three or where either does not vary."""
    people, falls, squares = (counted.numbers[name] for name in ("allied", "allied, fall", "allied, square of fall"))
    alliances, alliance_squares, products = (math.fsum(days) for days in counted.alliance.T.tolist())
    least, most = counted.alliance_range
    of_fall, of_alliance = people * squares - falls * falls, people * alliance_squares - alliances * alliances
    if people < 3 or of_fall == 0 or least == most or of_alliance <= 0.0:
        return math.nan
    return (people * products - alliances * falls) / math.sqrt(of_fall * of_alliance)


# -- staff and money


def _staff(counted: Tally) -> dict[str, float]:
    header = counted.header
    week, years = counted.start // 7, (counted.end - counted.start) / 365.25
    found = {}
    for name, some in _staff_groups(header):

        def total(event: Event, some: Sequence[int] = some) -> float:
            return math.fsum(counted.staff[week:, event, some].ravel().tolist())

        def posts(event: Event, some: Sequence[int] = some) -> float:
            return int(counted.staff_tenths[week:, event, some].sum()) / TENTHS

        weeks = max(1, int(posts(Event.FILLED) / len(some))) if some else 1
        holders, leavers = posts(Event.EXHAUSTION), posts(Event.LEFT)
        found[f"exhaustion_mean{name}"] = _ratio(total(Event.EXHAUSTION), holders)
        found[f"exhausted_share{name}"] = _ratio(counted.exhausted[some].sum() / TENTHS, holders)
        found[f"exhaustion_at_leaving{name}"] = _ratio(total(Event.LEFT), leavers)
        found[f"turnover_per_year{name}"] = _ratio(leavers / years, total(Event.FILLED) / weeks)
        found[f"utilisation{name}"] = _ratio(total(Event.CONTACT), total(Event.AVAILABLE))
        found[f"overtime_hours_per_week{name}"] = _ratio(total(Event.OVERTIME), total(Event.FILLED))
        found[f"paperwork_share{name}"] = _ratio(total(Event.PAPERWORK), total(Event.WORKED))
        found[f"absence_share{name}"] = _ratio(total(Event.SICK), total(Event.CONTRACTED))
        found[f"vacancy_share{name}"] = 1.0 - _ratio(total(Event.FILLED), total(Event.FUNDED))
    return found


def _staff_groups(header: Header) -> list[tuple[str, list[int]]]:
    """What stands behind a measure's name, and the numbers of staff: all, by group, and by team."""
    groups, teams = len(header.groups), len(header.teams)
    staff = list(range(groups * max(1, teams)))
    by_group = [(f"[{name}]", staff[number::groups]) for number, name in enumerate(header.groups)]
    return [
        ("", staff),
        *by_group,
        *((f"[{name}]", staff[groups * number : groups * (number + 1)]) for number, name in enumerate(header.teams)),
    ]


def _money(counted: Tally) -> dict[str, float]:
    by_account = [math.fsum(days) for days in counted.spent[counted.start :].T.tolist()]
    found = {f"cost_total[{name}]": by_account[account] for name, account in ACCOUNTS.items()}
    found |= {"cost_total": math.fsum(found.values()), "money_lost": by_account[Account.LOST]}
    by_year: dict[str, list[float]] = {name: [] for name in OF_YEARS}
    years = (np.arange(counted.start, counted.end) / DAYS_PER_YEAR).astype(np.int64)
    for year in range(int(years[0]), int(years[-1]) + 1):
        days = counted.start + np.flatnonzero(years == year)
        granted = math.fsum(counted.granted[days, 0].tolist())
        spent = math.fsum(counted.spent[days][:, [*ACCOUNTS.values()]].ravel().tolist())
        left = granted - spent if abs(granted - spent) > ROUNDING * granted else 0.0
        for name, amount in zip(OF_YEARS, (granted, spent, max(left, 0.0), max(-left, 0.0)), strict=True):
            by_year[name].append(amount)
            found[f"{name}[year_{year + 1}]"] = amount
    return found | {name: math.fsum(amounts) for name, amounts in by_year.items()}

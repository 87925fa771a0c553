"""The people who are expected on each list: how many a day, how long those have waited who are there, and whence they come.

Worked out once for a scenario, from what is in force on day 0, and the same for both engines. What is only expected is a mean:
it decides how long those who are found on a list have waited, never how many they are.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from accesssim.clinic.outlook import needs_per_week
from accesssim.clinic.rules import illness, referrals, triage
from accesssim.clinic.rules.patience import NO_PATIENCE, Patience, summed_by_week
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.waiting_list import patience_of
from accesssim.world.arithmetic import total
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.chance import normal, place_found
from accesssim.world.elementary import exp
from accesssim.world.limits import LEAST_ASKING
from accesssim.world.nothing import NO_PATHWAY
from accesssim.world.odds import logit
from accesssim.world.scenario import Scenario
from accesssim.world.sections.initial import AWAITING
from accesssim.world.sections.laws_of_days import Arrivals
from accesssim.world.sections.parameters import Parameters

LONGEST_WAIT = 7 * 522
"""Days, ten years: nobody who is found on a list has waited longer."""
_WEEKS = LONGEST_WAIT // DAYS_PER_WEEK
_HANDS = 100  # pathways that people are followed through
_SEVERITIES, _ERRORS = 24, 9  # quantiles that the share sent to each pathway is taken over


@dataclass(frozen=True)
class Opening:
    """Who is to be found on day 0, and whence people come.

    `ages`: by pathway, days that each of those on its list has been on it; `awaiting`: days since each of those who await
    assessment has asked; the newest first, so that a longer list is the shorter one with others ahead of it.
    `entries`: by pathway, bounds of the shares of those who come there by demand, then straight to each pathway; empty where
    nobody can come there. `anywhere`: the same for all who come. `delay`: days from asking to the assessment.
    `entities`: whose luck the people have, by where they are found (see `entities_found`).
    """

    ages: list[list[int]]
    awaiting: list[int]
    entries: list[list[float]]
    anywhere: list[float]
    delay: int
    entities: list[int]


def opening(now: Parameters) -> Opening:
    """The opening that the section `initial` asks for."""
    names = list(now.pathways)
    came = [_asked_per_day(now), *(straight_per_week(path.arrivals) / DAYS_PER_WEEK for path in now.pathways.values())]
    sent = sent_to(now)
    joined = joining(now, [came[0] * share + own for share, own in zip(sent, came[1:], strict=True)])
    delay = days_to_assessment(now) if now.triage.assess else 0
    ages = [
        _ages(now, name, joined[number], survivors(now, patience_of(now.waiting, path), delay))
        for number, (name, path) in enumerate(now.pathways.items())
    ]
    reached = [_reached(now, [share > 0.0 for share in sent])] + [
        _reached(now, [other == number for other in range(len(names))]) for number in range(len(names))
    ]
    entries = [
        _bounds([rate if there[number] else 0.0 for rate, there in zip(came, reached, strict=True)])
        for number in range(len(names))
    ]
    awaiting = _ages(now, AWAITING, came[0], survivors(now, NO_PATIENCE, 0)) if now.triage.assess else []
    return Opening(ages, awaiting, entries, _bounds(came), delay, entities_found(now))


def entities_found(now: Parameters) -> list[int]:
    """By where people are found, an entity that their luck hangs on.

    In turn: the lists of all pathways, those who await assessment, staff, places of all lists.
    It follows from names, so that another pathway or team moves nobody's luck.
    """
    teams = Teams(now)
    places = [f"places.{team}.{name}" for team in teams.names or [""] for name in now.pathways]
    staff = [f"staff.{teams.name_of_staff(team, group)}" for team in range(teams.count) for group in teams.groups]
    return [place_found(name) for name in [*(f"list.{name}" for name in now.pathways), AWAITING, *staff, *places]]


def listed(now: Parameters, name: str) -> int:
    """People who are found on the list of a pathway, or await assessment."""
    if name in now.initial.ages:
        return now.initial.ages[name].people
    return now.initial.awaiting_assessment if name == AWAITING else now.initial.waiting.get(name, 0)


def _ages(now: Parameters, name: str, per_day: float, there: Sequence[float]) -> list[int]:
    """Days that each of those on a list has waited, the newest first: as stated, else as its flow leaves them."""
    if name not in now.initial.ages:
        return found_ages(listed(now, name), per_day, there)
    told = now.initial.ages[name]
    ages = [max(1, int(day)) for day, number in told.days.items() for _ in range(number)]
    bands = sorted((int(week), number) for week, number in told.weeks.items())
    for (week, number), (end, _) in pairwise([*bands, (_WEEKS, 0)]):
        whole = there[end] - there[week]
        for nth in range(number):
            part = (nth + 0.5) / number
            age = _age(there, there[week] + part * whole) if whole > 0.0 else DAYS_PER_WEEK * week + 1
            ages.append(max(1, DAYS_PER_WEEK * week, min(age, DAYS_PER_WEEK * end - 1)))
    return sorted(ages)


def days_to_assessment(now: Parameters) -> int:
    """Days from asking to the assessment, of those who are found behind it; no more than anybody is found to have waited."""
    rate = now.demand.referrals_per_week / DAYS_PER_WEEK
    return round(min(listed(now, AWAITING) / rate, LONGEST_WAIT)) if rate > 0.0 else 0


def straight_per_week(rules: Arrivals) -> float:
    """People a week who come straight to a pathway."""
    if rules.law == "renewal":
        return DAYS_PER_WEEK / max(Stays(rules.gap).mean_days, 1e-6)
    return rules.per_week if rules.law == "poisson" else 0.0


def _asked_per_day(now: Parameters) -> float:
    if now.demand.needs_per_week is None:
        return now.demand.referrals_per_week / DAYS_PER_WEEK
    return needs_per_week(now) * max(LEAST_ASKING, now.demand.seek_share) / DAYS_PER_WEEK


def sent_to(now: Parameters) -> list[float]:
    """Share of those who ask that comes to the list of each pathway, over quantiles of severity and of what a score is off by.

    Worsening and remission before the assessment, appointments missed and red tape given up are left out.
    """
    rules, demand, shares = now.triage, now.demand, [0.0] * len(now.pathways)
    if not now.pathways:
        return shares
    from_scores = [path.from_score for path in now.pathways.values()]
    for_complex = [path.for_complex for path in now.pathways.values()]
    one, two = rules.depression_scale, rules.anxiety_scale
    off = math.sqrt(one.part_sd * one.part_sd + one.error_sd * one.error_sd)
    weights = 0.0
    for complex_person, share in ((False, 1.0 - demand.complex_share), (True, demand.complex_share)):
        seen = rules.complexity_recognised_share if complex_person else 0.0
        for i in range(_SEVERITIES):
            severity = demand.severity_mean + demand.severity_sd * normal((i + 0.5) / _SEVERITIES)
            severity = illness.clip_severity(severity + (demand.severity_complex if complex_person else 0.0))
            asks = share * referrals.seek_chance(
                logit(demand.seek_share), 0.0, 0.0, 0.0, severity, demand.severity_mean, demand.seek_severity_slope
            )
            anxiety = triage.recorded_score(severity, two.slope, two.intercept, 0.0, 0.0, two.highest)
            for j in range(_ERRORS):
                error = off * normal((j + 0.5) / _ERRORS)
                score = triage.recorded_score(severity, one.slope, one.intercept, error, 0.0, one.highest)
                weights += asks
                if rules.assess and score < rules.signpost_below and anxiety < two.cut_off:
                    continue
                for recognised, part in ((True, seen), (False, 1.0 - seen)):
                    chosen = triage.choose_pathway(score, recognised, from_scores, for_complex)
                    if chosen != NO_PATHWAY:
                        shares[chosen] += asks * part
    stay = 1.0
    for step in now.bureaucracy.steps.values():
        stay *= step.approval_share
    if rules.assess:
        stay *= 1.0 - rules.unsuitable_share
        stay *= 1.0 - now.therapy.one_contact_share if rules.assessment_is_first_contact else 1.0
    return [stay * share / weights if weights > 0.0 else 0.0 for share in shares]


def joining(now: Parameters, direct: Sequence[float]) -> list[float]:
    """People a day who join the list of each pathway: those who come there, and those whom others hand on, no more than these can treat."""
    names, teams = list(now.pathways), Teams(now)
    most = [
        sum(teams.places[name]) / Stays(path.stay).mean_stay if name in teams.places else float(NEVER)
        for name, path in now.pathways.items()
    ]
    joined = list(direct)
    for _ in range(_HANDS if any(path.then for path in now.pathways.values()) else 0):
        coming = list(direct)
        for path, here, can in zip(now.pathways.values(), joined, most, strict=True):
            for name, share in path.then.items():
                coming[names.index(name)] += share * min(here, can)
        joined = coming
    return joined


def survivors(now: Parameters, patience: Patience, delay: int) -> list[float]:
    """By whole weeks on a list: days of waiting behind a person who joined each day until then, of those who have neither given up nor got better."""
    rules = now.waiting
    rates = rules.remission_early_per_week, rules.remission_per_week, rules.remission_early_weeks
    before = illness.remission_hazard(delay + now.demand.delay_median_days, *rates)

    given_up = [0.0] * (_WEEKS + 1)
    if now.loops.giving_up:
        given_up = summed_by_week(patience, _WEEKS, rules.check_in_weeks, rules.check_in_effect)

    def there(week: int) -> float:
        days = delay + now.demand.delay_median_days + DAYS_PER_WEEK * week
        return exp(-min(illness.remission_hazard(days, *rates) - before + given_up[week], 700.0))

    left = [there(week) for week in range(_WEEKS + 1)]
    halves = [DAYS_PER_WEEK * (one + other) / 2.0 for one, other in pairwise(left)]
    return [0.0, *accumulate(halves)]


def found_ages(count: int, per_day: float, there: Sequence[float]) -> list[int]:
    """Days that each of so many people has been on a list, the newest first, as a list leaves them that is served in turn.

    So many join a day, and of these `there` (see `survivors`) are left. Where a list is longer than that flow could ever leave it,
    more have come, at all times alike.
    """
    rate = max(per_day, count / there[-1])
    return [_age(there, (nth + 0.5) / rate) for nth in range(count)]


def _age(there: Sequence[float], mass: float) -> int:
    """Days of waiting up to which a flow of one a day has left so many people."""
    week = min(bisect_right(there, mass), len(there) - 1)
    within = (mass - there[week - 1]) / max(there[week] - there[week - 1], 1e-300)
    return max(1, min(int(DAYS_PER_WEEK * (week - 1 + min(within, 1.0)) + 1.0), LONGEST_WAIT))


def too_long(scenario: Scenario) -> Iterator[tuple[str, int, float]]:
    """Pathways whose list on day 0 is longer than referrals and patience could ever leave it, if nobody were treated: name, list, and the most."""
    now = scenario.parameters
    if now.initial.state == "steady":
        delay = days_to_assessment(now) if now.triage.assess else 0
        for (name, path), per_day in zip(now.pathways.items(), joining(now, _direct(now)), strict=True):
            here = listed(now, name)
            most = per_day * survivors(now, patience_of(now.waiting, path), delay)[-1]
            if here > most:
                yield name, here, most


def _direct(now: Parameters) -> list[float]:
    """People a day who come to each pathway and are handed on by no other."""
    asked = _asked_per_day(now)
    return [
        asked * share + straight_per_week(path.arrivals) / DAYS_PER_WEEK
        for share, path in zip(sent_to(now), now.pathways.values(), strict=True)
    ]


def _reached(now: Parameters, first: Sequence[bool]) -> list[bool]:
    """Pathways that somebody may come to who begins in one of some, handed on from place to place."""
    names, there, places = list(now.pathways), list(first), Teams(now).places
    for _ in names:
        for number, path in enumerate(now.pathways.values()):
            if there[number] and any(places.get(names[number], ())):
                for name, share in path.then.items():
                    there[names.index(name)] = there[names.index(name)] or share > 0.0
    return there


def _bounds(rates: Sequence[float]) -> list[float]:
    """Bounds of the shares of some rates; empty where all are 0."""
    whole = total(rates)
    return [bound / whole for bound in accumulate(rates)] if whole > 0.0 else []

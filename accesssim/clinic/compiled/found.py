"""People who are found in the service on day 0 (`accesssim.clinic.found`)."""

from accesssim.clinic.compiled.arrays import World, in_care_of, seeking_of, span_values_at
from accesssim.clinic.compiled.in_force import list_at, path_of, places_here, stage, team_of, treats_for
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import luck_of, luck_of_found, uniform, z
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.past import Passed, move
from accesssim.clinic.compiled.pathway import home
from accesssim.clinic.compiled.people import at_first, enter, leave_service, person
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import (
    Purpose,
    clip_severity,
    delay_days,
    exponential,
    remission_after,
    remission_hazard,
    seek_chance,
    whole_days,
)
from accesssim.clinic.compiled.stays import numbers_at, span
from accesssim.clinic.compiled.triage import suits
from accesssim.clinic.compiled.waiting import goes_on
from accesssim.clinic.found import FORCED, MOST_PASSED, MOST_TRIED
from accesssim.world.calendar import NEVER
from accesssim.world.limits import EARLIEST_DAY, FIRST_FOUND, FIRST_FOUND_IN_CARE, MOST_PEOPLE
from accesssim.world.nothing import NO_PATHWAY

FIRST_FORCED = MOST_TRIED - FORCED


@native
def number_on_list(w: World, which: int, nth: int) -> int:
    """`Found.number`: of the n-th on a list; those who await assessment are the last."""
    return FIRST_FOUND + nth * (w.path_count + 1) + which


@native
def next_in_care(w: World, which: int) -> int:
    """`Found.next_in_care`; -1 where numbers are at an end."""
    taken = in_care_of(w)
    number = FIRST_FOUND_IN_CARE + taken[which] * (w.staff_count + w.list_count) + which
    taken[which] += 1
    return number if number < MOST_PEOPLE else -1


@native
def entry_of(w: World, number: int, attempt: int, at: int, size: int) -> int:
    """`Found.entry`: how a candidate came, by bounds that begin somewhere."""
    if size == 0:
        return NO_PATHWAY
    u, bounds = uniform(luck_of_found(w, number, attempt), Purpose.FOUND, 1), numbers_at(span_values_at(w), at, size)
    for nth in range(size):
        if u < bounds[nth]:
            return nth - 1
    return size - 2


@native
def candidate(w: World, number: int, attempt: int, entry: int, since: int, forced: bool) -> int:
    """`Found.candidate`: the record of somebody, or -1."""
    now, key, delay = stage(w), luck_of_found(w, number, attempt), 0
    demand, waiting = now.demand, now.waiting
    early, later, weeks = (
        waiting.remission_early_per_week,
        waiting.remission_per_week,
        waiting.remission_early_weeks,
    )
    complex_person = uniform(key, Purpose.COMPLEX, 0) < demand.complex_share
    points = clip_severity(
        demand.severity_mean
        + demand.severity_sd * z(key, Purpose.SEVERITY, 0)
        + (demand.severity_complex if complex_person else 0.0)
    )
    if entry == NO_PATHWAY:
        chance = seek_chance(
            seeking_of(w)[0].log_odds, 0.0, 0.0, 0.0, points, demand.severity_mean, demand.seek_severity_slope
        )
        if uniform(key, Purpose.STIGMA, 0) >= chance and not forced:
            return -1
        delay = delay_days(z(key, Purpose.DELAY, 0), demand.delay_median_days, 0.0, 0.0, 0.0, demand.delay_sigma)
        lasted = remission_hazard(since + delay, early, later, weeks) - remission_hazard(since, early, later, weeks)
        if exponential(uniform(key, Purpose.FOUND, 0)) < lasted and not forced:
            return -1
    if since + delay > -EARLIEST_DAY:
        if not forced:
            return -1
        delay = -EARLIEST_DAY - since
    ill = remission_after(exponential(uniform(key, Purpose.REMISSION, 0)), since + delay, early, later, weeks)
    i = enter(w)
    p = person(w, i)
    p.number, p.tried, p.onset, p.asked, p.severity = number, attempt, -since - delay, -since, points
    p.complex, p.arrives = complex_person, entry
    p.drift = waiting.drift_mean + waiting.drift_sd * z(key, Purpose.DRIFT, 0) if now.loops.waiting_harms else 0.0
    p.remission = ill - since - delay if ill < NEVER else NEVER
    at_first(w, i)
    return i


@native
def asking(w: World, nth: int, since: int) -> int:
    """`Found.asking`."""
    number, i = number_on_list(w, w.path_count, nth), -1
    for attempt in range(MOST_TRIED):
        i = candidate(w, number, attempt, NO_PATHWAY, since, attempt >= FIRST_FORCED)
        if i >= 0:
            break
    return i


@native
def on_list(w: World, pathway: int, nth: int, age: int, behind: list[Passed]) -> int:
    """`Found.on_list`; the stays behind them are put at the end of `behind`."""
    number, path = number_on_list(w, pathway, nth), path_of(w, pathway)
    for attempt in range(0 if path.entries_size > 0 else FIRST_FORCED, MOST_TRIED):
        forced = attempt >= FIRST_FORCED
        entry = entry_of(w, number, attempt, path.entries_at, path.entries_size)
        i = candidate(w, number, attempt, entry, age + (w.opening_delay if entry == NO_PATHWAY else 0), forced)
        if i >= 0:
            if stays_behind(w, person(w, i), pathway, -age, forced, behind):
                return i
            leave_service(w, i)
    return -1


@native
def for_staff(w: World, number: int, first: int, team: int, group: int, pathway: int) -> int:
    """`Found.for_staff`: the record of the next candidate for a group's staff in a team, or -1; which they are stands in `tried`.

    For one pathway, or (-1) for all that the group gives.
    """
    given, comes = pathway, False
    for other in range(w.path_count - 1, -1, -1):
        if path_of(w, other).group_number == group and (pathway < 0 or other == pathway):
            given = other
            comes = comes or path_of(w, other).entries_size > 0
    for attempt in range(first if comes else max(first, FIRST_FORCED), MOST_TRIED):
        forced = attempt >= FIRST_FORCED
        entry = entry_of(w, number, attempt, w.anywhere_at, w.anywhere_size)
        i = candidate(w, number, attempt, entry, w.opening_delay if entry == NO_PATHWAY else 0, forced)
        if i < 0:
            continue
        p, w.day = person(w, i), 0
        home(w, p)
        fits = suits(w, p) and path_of(w, p.pathway).group_number == group and (pathway < 0 or p.pathway == pathway)
        if forced and not fits:
            p.pathway = given
        if forced or (fits and treats(w, wide(p.team), team)):
            return i
        leave_service(w, i)
    return -1


@native
def for_place(w: World, number: int, first: int, place: int, pathway: int, waited: int, behind: list[Passed]) -> int:
    """`Found.for_place`; the stays behind them are put at the end of `behind`."""
    path = path_of(w, pathway)
    for attempt in range(first if path.entries_size > 0 else max(first, FIRST_FORCED), MOST_TRIED):
        forced = attempt >= FIRST_FORCED
        entry = entry_of(w, number, attempt, path.entries_at, path.entries_size)
        i = candidate(w, number, attempt, entry, waited + (w.opening_delay if entry == NO_PATHWAY else 0), forced)
        if i < 0:
            continue
        p, before = person(w, i), len(behind)
        if stays_behind(w, p, pathway, -waited, forced, behind):
            if forced or serves(w, wide(p.team), place, pathway):
                return i
            forget(behind, before)
        leave_service(w, i)
    return -1


@native
def treats(w: World, team: int, other: int) -> bool:
    """Whether another team is among those that a team treats with."""
    for nth in range(team_of(w, team).treat_size):
        if treats_for(w, team, nth) == other:
            return True
    return False


@native
def serves(w: World, team: int, place: int, pathway: int) -> bool:
    """Whether a list of a pathway is one of those that serve a team's people."""
    for nth in range(team_of(w, team).treat_size):
        if list_at(w, treats_for(w, team, nth), pathway) == place:
            return True
    return False


@native
def has_places(w: World, team: int, pathway: int) -> bool:
    """Whether a pathway has a place where a team's people are treated."""
    for nth in range(team_of(w, team).treat_size):
        if places_here(w, list_at(w, treats_for(w, team, nth), pathway)) > 0:
            return True
    return False


@native
def forget(behind: list[Passed], first: int) -> None:
    """Take off the stays from one on."""
    while len(behind) > first:
        behind.pop()


@native
def stays_behind(w: World, p: Person, pathway: int, joined: int, forced: bool, behind: list[Passed]) -> bool:
    """`Found.behind`: whether somebody came to the list of a pathway, which they joined on a day; the stays behind them are put at the end."""
    first, key, w.day = len(behind), luck_of(w, p), joined
    home(w, p)
    fits = suits(w, p)
    if forced:
        p.pathway = pathway
        return True
    if not fits:
        return False
    while p.pathway != pathway:
        path, number = path_of(w, p.pathway), wide(p.pathway)
        if path.then_size == 0 or not path.has_places or len(behind) - first == MOST_PASSED:
            forget(behind, first)
            return False
        if not has_places(w, wide(p.team), number):
            forget(behind, first)
            return False
        days = span(w, path.stay_span, key, p.courses, Purpose.STAY, False)
        whole = whole_days(days, uniform(key, Purpose.STAY_ROUNDING, p.courses))
        behind.append(Passed(number, list_at(w, treats_for(w, p.team, 0), number), 0, whole))
        p.courses += 1
        if not goes_on(w, p):
            forget(behind, first)
            return False
    left = joined
    for nth in range(len(behind) - 1, first - 1, -1):
        one = behind[nth]
        behind[nth] = Passed(one.pathway, one.place, left - one.left, left)
        left -= one.left
    if not move(p, left - joined):
        forget(behind, first)
        return False
    return True

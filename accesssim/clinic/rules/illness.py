"""The natural course of an untreated need: worsening, remission, crisis."""

import math

from accesssim.world.calendar import NEVER
from accesssim.world.elementary import exp, log

MOST_SEVERE = 27.0
_LN_2 = log(2.0)


def clip_severity(severity: float) -> float:
    """Severity stays on its scale, 0 to 27."""
    return 0.0 if severity < 0.0 else severity if severity < MOST_SEVERE else MOST_SEVERE


def ill_days(day: int, onset: int, remission: int) -> int:
    """Days of illness until today or, if it was sooner, remission."""
    return (day if day < remission else remission) - onset


def worsened_share(weeks: float, days: float) -> float:
    """Share of all its worsening that a need has behind it `days` days after onset. Shape assumed."""
    return 1.0 - exp(-days / (7.0 * weeks))


def worsening(drift: float, weeks: float, days: float) -> float:
    """Points that a person who does not remit has worsened `days` days after onset.

    A rise of `drift` points a week that slows on a scale of `weeks`. Shape assumed; about 7 % are then reliably worse at ten
    weeks, where control arms of trials show 5 to 15 % (Cuijpers et al. 2018).
    """
    if drift == 0.0:
        return 0.0
    return drift * weeks * worsened_share(weeks, days)


def untreated_severity(start: float, worsened: float, remitted_days: float, settled: float, half_life: float) -> float:
    """Severity without treatment, points, of a need that has worsened by so many until today or, if it was sooner, its remission.

    `remitted_days`: days since remission (negative: not remitted). Remission lets severity fall to `settled` with `half_life`
    days; who is below that already stays. Shape assumed.
    """
    before = clip_severity(start + worsened)
    if remitted_days < 0 or before <= settled:
        return before
    return settled + (before - settled) * exp(-_LN_2 * remitted_days / half_life)


def remission_days(threshold: float, early: float, later: float, early_weeks: float) -> int:
    """First whole day after onset on which the summed remission hazard reaches `threshold`.

    `early` and `later` are hazards a week before and after `early_weeks`: 23, 32 and 53 % have remitted at 3, 6 and 12 months
    (Whiteford et al. 2013, untreated depression in primary care and wait lists), which no constant hazard gives.
    """
    in_early = early * early_weeks
    if threshold <= in_early:
        weeks = threshold / early
    elif later > 0.0:
        weeks = early_weeks + (threshold - in_early) / later
    else:
        return NEVER
    days = weeks * 7.0
    return NEVER if days >= NEVER else max(1, math.ceil(days))


def remission_survival(days: float, early: float, later: float, early_weeks: float) -> float:
    """Share of needs not yet remitted `days` days after onset."""
    return exp(-remission_hazard(days, early, later, early_weeks))


def remission_hazard(days: float, early: float, later: float, early_weeks: float) -> float:
    """Hazard of remission, summed from onset to `days` days after it."""
    weeks = days / 7.0
    return early * min(weeks, early_weeks) + later * max(weeks - early_weeks, 0.0)


def remission_after(threshold: float, days: int, early: float, later: float, early_weeks: float) -> int:
    """`remission_days` of a need that has lasted `days` days: what is left of it has the law of what is left of all that last as long."""
    return max(
        days + 1,
        remission_days(threshold + remission_hazard(days, early, later, early_weeks), early, later, early_weeks),
    )


def crisis_hazard(severity: float, per_month: float, slope: float, complex_ratio: float, complex_person: bool) -> float:
    """Crisis hazard a day of someone who waits.

    `per_month` at severity 15. The level is a guess: polls of people at emergency departments are upper bounds; the slope
    (1.6 times per 5 points) is assumed.
    """
    hazard = per_month * 12.0 / 365.25 * exp(slope * (severity - 15.0))
    return hazard * complex_ratio if complex_person else hazard


def crisis_days(
    threshold: float,
    patience: int,
    age: int,
    start: float,
    drift: float,
    weeks: float,
    per_month: float,
    slope: float,
    complex_ratio: float,
    complex_person: bool,
    harms: bool,
) -> int:
    """Days of waiting until the summed crisis hazard reaches `threshold`; NEVER if not before day `patience`.

    `age`: days from onset to joining. The hazard of a week is that of its fourth day. With `harms` off it stays at its value for severity 15.
    """
    first, last = start + worsening(drift, weeks, age), start + worsening(drift, weeks, age + patience + 7)
    worst = clip_severity(max(first, last)) if harms else 15.0
    # severity is monotone, so its ends bound the hazard: nearly everybody is spared the walk by this
    if threshold > patience * crisis_hazard(worst, per_month, slope, complex_ratio, complex_person):
        return NEVER
    left, begins = threshold, 0
    while begins < patience:
        severity = clip_severity(start + worsening(drift, weeks, age + begins + 4)) if harms else 15.0
        hazard = crisis_hazard(severity, per_month, slope, complex_ratio, complex_person)
        if left <= 7.0 * hazard:
            day = begins + max(1, math.ceil(left / hazard))
            return day if day < patience else NEVER
        left -= 7.0 * hazard
        begins += 7
    return NEVER

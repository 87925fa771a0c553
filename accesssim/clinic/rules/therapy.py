"""Alliance, attendance, dropout, improvement, the end of a course, relapse."""

import math

from accesssim.world.arithmetic import power
from accesssim.world.calendar import NEVER
from accesssim.world.elementary import exp, log, log1p
from accesssim.world.odds import logistic


def starting_alliance(z: float, mean: float, sd: float, lower: float) -> float:
    """Alliance at the first session; `lower` is taken off for complexity and stigma. Clipped to [0.02, 1].

    Spread between people, not growth, carries the correlation of .28 with outcome (Flückiger et al. 2018).
    """
    return min(1.0, max(0.02, mean - lower + sd * z))


def alliance_ceiling(z_start: float, z_own: float, correlation: float, mean: float, sd: float, lower: float) -> float:
    """The alliance that a person can reach, correlated with where it starts. Clipped to [0.02, 1]."""
    z = correlation * z_start + math.sqrt(1.0 - correlation * correlation) * z_own
    return min(1.0, max(0.02, mean - lower + sd * z))


def grown_alliance(
    alliance: float, ceiling: float, growth: float, exhaustion_slowing: float, pressure_slowing: float
) -> float:
    """Alliance after an attended session: `growth` of the way to the ceiling, less the slowings (shares). Growth itself is assumed."""
    return alliance + growth * (1.0 - exhaustion_slowing) * (1.0 - pressure_slowing) * (ceiling - alliance)


def ruptured_alliance(alliance: float, rupture: float) -> float:
    """Alliance after the service has cancelled. Size assumed."""
    return max(0.0, alliance - rupture)


def did_not_attend_log_odds(
    base: float, wait_weeks: float, wait_slope: float, complex_slope: float, complex_person: bool, reminders: float
) -> float:
    """Log-odds that a person misses an appointment at an alliance of 0.5, or before one has formed.

    `wait_weeks` is 0 but for a first appointment (at most four count); `reminders` multiplies the odds (about 0.74: Sims et al. 2012). The
    slopes are indirect: odds of attending fall by 0.95 a week waited in one service.
    """
    if reminders <= 0.0:
        return -math.inf
    return base + wait_slope * min(wait_weeks, 4.0) + (complex_slope if complex_person else 0.0) + log(reminders)


def did_not_attend_chance(log_odds: float, trust_slope: float, alliance: float) -> float:
    """Chance that a person misses an appointment, falling with alliance."""
    return logistic(log_odds - trust_slope * (alliance - 0.5))


_LEFT_OF_THE_START = tuple(exp(-0.5 * since_first) for since_first in range(40))


def dropout_hazard(
    log_odds: float, trust_slope: float, alliance: float, early: float, sessions: int, cancelled: float
) -> float:
    """Hazard of dropping out after a booked appointment: -log(1 - p), p logistic.

    Falls with trust (Sharf et al. 2010: stayers' alliance d = 0.55) and with sessions attended; highest first (Fernandez et al. 2015).
    `log_odds` at alliance 0.6 late in a course; `cancelled` is added where the service cancelled.
    """
    since_first = sessions - 1 if sessions > 1 else 0
    left = _LEFT_OF_THE_START[since_first] if since_first < len(_LEFT_OF_THE_START) else exp(-0.5 * since_first)
    x = log_odds - trust_slope * (alliance - 0.6) + early * left + cancelled
    return log1p(exp(x)) if x < 700.0 else x


def response_rate(z: float, median: float, sigma: float) -> float:
    """A person's rate of response a session, lognormal. Assumed."""
    return median * exp(sigma * z)


def response_floor(z: float, mean: float, sd: float, complex_addition: float, starting_severity: float) -> float:
    """Severity, in points, below which therapy alone does not bring a person; diminishing returns come from it. Assumed."""
    return starting_severity * min(1.0, max(0.0, mean + complex_addition + sd * z))


def improvement(severity: float, floor: float, rate: float, trust: float, alliance: float, skill: float) -> float:
    """Points that an attended session takes off: a share of the way to the floor that grows with alliance and skill."""
    if severity <= floor:
        return 0.0
    share = rate * trust * alliance * skill
    return share * (severity - floor) if share < 1.0 else severity - floor


def therapist_skill(z: float, sigma: float) -> float:
    """Multiplier of a therapist's patients' response; sigma 0.15 gives about 5 % of outcome variance (Saxon et al. 2017)."""
    return exp(sigma * z)


def relapse_days(threshold: float, within_12_months: float, shape: float, ratio: float) -> int:
    """Days from recovery to relapse, from an exponential threshold.

    Weibull through the share relapsed at 12 months; a shape of 0.47 puts 79 % of a year's relapses into its first half (Ali et al. 2017).
    """
    if within_12_months >= 1.0:
        return 1 if ratio > 0.0 else NEVER
    hazard = ratio * -log1p(-within_12_months)
    if hazard <= 0.0:
        return NEVER
    days = 365.25 * power(threshold / hazard, 1.0 / shape)
    return NEVER if days >= NEVER else max(1, math.ceil(days))

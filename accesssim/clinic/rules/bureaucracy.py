"""Days lost between steps, and hours lost to paperwork."""

import math

from accesssim.world.arithmetic import log_variance
from accesssim.world.calendar import NEVER
from accesssim.world.elementary import exp


def step_variance(mean: float, sd: float) -> float:
    """Variance of the logarithm of a step's days, lognormal with the given mean and sd."""
    return log_variance(mean, sd) if mean > 0.0 and sd > 0.0 else 0.0


def step_days(z: float, mean: float, variance: float, level: float) -> int:
    """Whole days that a step of red tape takes; `z` standard normal, lognormal with the given mean and `step_variance`, times `level`.

    None of the delays of steps before therapy is published; shape and sizes are assumed.
    """
    if mean <= 0.0:
        return 0
    days = mean * exp(math.sqrt(variance) * z - 0.5 * variance) if variance > 0.0 else mean
    return int(min(days * level + 0.5, 1e8))


def giving_up_days(threshold: float, per_week: float, complex_addition: float, complex_person: bool) -> int:
    """Days in red tape until a person gives up, from an exponential threshold. The hazard is assumed."""
    hazard = per_week / 7.0 * (1.0 + complex_addition if complex_person else 1.0)
    if hazard <= 0.0:
        return NEVER
    days = threshold / hazard
    return NEVER if days >= NEVER else max(1, math.ceil(days))


def relief_share(admin_posts: float, hours_each: float, paperwork_hours: float, limit: float) -> float:
    """Share of the paperwork of a week that administrators take over: never more than exists, never above `limit`."""
    if paperwork_hours <= 0.0 or admin_posts <= 0.0:
        return 0.0
    return min(limit, admin_posts * hours_each / paperwork_hours)


def slot_hours(session_hours: float, paperwork_hours: float, level: float, relief: float) -> float:
    """Hours that a booked session takes with its paperwork."""
    return session_hours + level * paperwork_hours * (1.0 - relief)

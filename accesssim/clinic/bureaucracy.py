"""Days lost between steps, and hours lost to paperwork."""

import math

from accesssim.world.calendar import NEVER


def step_days(z: float, mean: float, sd: float, level: float) -> int:
    """Whole days that a step of red tape takes; `z` standard normal, lognormal with the given mean and sd, times `level`.

    None of the delays of steps before therapy is published; shape and sizes are assumed.
    """
    if mean <= 0.0:
        return 0
    if sd <= 0.0:
        days = mean
    else:
        sigma_squared = math.log1p(sd / mean * (sd / mean))
        days = mean * math.exp(math.sqrt(sigma_squared) * z - 0.5 * sigma_squared)
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

"""Small services for tests."""

from typing import Any

import accesssim
from accesssim.world.scenario import Scenario

SMALL = {
    "demand.referrals_per_week": 8.0, "demand.history_days": 300, "demand.peak_multiple": 4.0, "workforce.low_intensity.posts": 2,
    "workforce.high_intensity.posts": 2, "funding.annual_budget": None, "initial.awaiting_assessment": 10, "initial.waiting.low_intensity": 8,
    "initial.waiting.high_intensity": 8, "run.weeks": 8,
}


def small(**settings: Any) -> Scenario:
    """A twentieth of the baseline; settings by dotted path, with `__` for the dot."""
    return accesssim.load("baseline").replace(SMALL | {path.replace("__", "."): value for path, value in settings.items()})

"""Pressure for quick results: targets, the list and expectations press, and shorten courses."""

import math


def list_pressure(weeks_of_work: float, half_weeks: float) -> float:
    """Pressure of a list, 0 to 1, from the weeks of work on it; equal for a service of any size with the same wait. Assumed."""
    return weeks_of_work / (weeks_of_work + half_weeks)


def pressure(target: float, from_list: float, expectation: float, expectation_weight: float) -> float:
    """Pressure on a therapist: any one source suffices, all together never exceed 1. Assumed."""
    return 1.0 - (1.0 - target) * (1.0 - from_list) * (1.0 - expectation_weight * expectation)


def session_cap(cap: int, cut: float, target_pressure: float) -> int:
    """Most sessions of a course; pressure of targets shortens it by up to the share `cut`. Assumed."""
    return max(1, math.floor(cap * (1.0 - cut * target_pressure)))

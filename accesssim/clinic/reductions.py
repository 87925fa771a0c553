"""Fewer posts by date, and what to expect of them, before anything is run."""

from accesssim.world.elementary import exp
from accesssim.world.scenario import Scenario


def slow_reductions(scenario: Scenario) -> list[str]:
    """Of each dated change to fewer posts that waits for holders to leave, while most of them stay for a year: what to expect of it."""
    told, before = [], scenario.in_force(0)
    for day in scenario.change_days:
        now = scenario.in_force(day)
        for name, group in now.workforce.items():
            wished = before.workforce[name].posts
            stay = exp(-group.career_leaving_per_year - group.exhaustion_leaving_per_year)
            if group.posts < wished and group.reduction == "as_they_fall_vacant" and stay > 0.5:
                told.append(
                    f"workforce.{name}.posts falls from {wished:,} to {group.posts:,} on day {day:,}, and nobody is given notice "
                    f"(reduction: as_they_fall_vacant): about {stay:.0%} of those who hold these posts are still there a year "
                    "later, so little changes soon; reduction: at_once or by_date gives notice"
                )
        before = now
    return told

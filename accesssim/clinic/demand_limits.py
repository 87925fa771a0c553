"""Whether the people of a scenario can be drawn, asked before anything is run."""

from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.limits import LEAST_ASKING, MOST_PEOPLE
from accesssim.world.scenario import Scenario


def check_demand(scenario: Scenario) -> None:
    """Refuse more people than a run can draw. Raises TooMuchDemand.

    Demand that is plainly within bounds is not worked out day by day: checking a file takes no time, and numpy takes some to begin.
    """
    if not _plainly_within_bounds(scenario):
        from accesssim.clinic.arrivals import check_arrivals
        from accesssim.clinic.outlook import Outlook

        days = scenario.parameters.run.length
        Outlook(scenario, days)
        for pathway in scenario.parameters.pathways:
            check_arrivals(scenario, pathway, days)


def _plainly_within_bounds(scenario: Scenario) -> bool:
    """Whether need neither grows nor changes by date, and is far below what a run can draw; `False` is for whoever would have to look closer."""
    first, changing = scenario.parameters, [scenario.in_force(day).demand for day in (0, *scenario.change_days)]
    demand = first.demand
    if any(path.arrivals.law != "none" for path in first.pathways.values()):
        return False
    if (
        len({(one.referrals_per_week, one.needs_per_week) for one in changing}) > 1
        or max(one.growth_per_year for one in changing) > 0.0
    ):
        return False
    if 1.0 + max(one.season_amplitude for one in changing) > demand.peak_multiple:
        return False
    needs = demand.referrals_per_week / LEAST_ASKING if demand.needs_per_week is None else demand.needs_per_week
    return (
        2.0 * needs * demand.peak_multiple / DAYS_PER_WEEK * (demand.history_days + first.run.length) < MOST_PEOPLE / 4
    )

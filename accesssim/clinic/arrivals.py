"""People who come straight to a pathway: how many, and when.

They have numbers of their own, far above those of the people whose need the service does not choose, so that neither moves the other's luck.
"""

import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.rules import referrals
from accesssim.clinic.stays import Stays
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.chance import Chance, Purpose, addresses, exponentials
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.scenario import Scenario
from accesssim.world.sections.laws_of_days import Arrivals
from accesssim.world.sections.parameters import Parameters

Column = NDArray[np.int64]
BLOCK = 8192
#: Numbers of those who come straight to the first pathway that people come straight to, and how many each may have.
FIRST_NUMBER, MOST = 1 << 25, 1 << 21
#: What the number of those who may come hangs on, besides their rate.
DRAWN = ("demand.peak_multiple", "demand.history_days")
_ARISING = addresses([(Purpose.GAP, 0), (Purpose.DEMAND, 0)])


class TooMuchDemand(ScenarioError):
    """Demand rises above the rate at which possible people are drawn, or above the numbers that there are for them."""

    @classmethod
    def of(cls, scenario: Scenario, message: str, *paths: str) -> "TooMuchDemand":
        """Told at the last given of the values that it follows from."""
        return cls([Problem(scenario.place_of(*paths), message)])


def arrivals(scenario: Scenario, chance: Chance, pathway: str, days: int) -> Iterator[tuple[Column, Column]]:
    """Blocks of (number, day) of those who come straight to a pathway, from `demand.history_days` before day 0 to the last day, in order."""
    now = scenario.in_force(0)
    start = -now.demand.history_days
    first = first_number(now, pathway)
    match now.pathways[pathway].arrivals.law:
        case "poisson":
            yield from _at_random(scenario, chance, pathway, first, start, days)
        case "renewal":
            yield from _with_gaps(scenario, chance, pathway, first, start, days)


def first_number(parameters: Parameters, pathway: str) -> int:
    """The number of the first who comes straight to a pathway.

    Pathways that nobody comes straight to count for nothing, so adding one moves nobody's luck.
    """
    names = list(parameters.pathways)
    return FIRST_NUMBER + MOST * sum(
        parameters.pathways[name].arrivals.law != "none" for name in names[: names.index(pathway)]
    )


def _in_force(scenario: Scenario, pathway: str, day: int) -> Arrivals:
    return scenario.in_force(max(day, 0)).pathways[pathway].arrivals


def kept_arrivals(scenario: Scenario, pathway: str, days: int) -> tuple[float, NDArray[np.float64]]:
    """Rate a day at which possible people are drawn, and the share of them that does come on each day of the history and of the run.

    Raises TooMuchDemand.

    The rate at which they are drawn follows from the first at which anybody comes: so a later change moves nobody who comes anyway.
    """
    demand = scenario.in_force(0).demand
    first = next(
        (rate for day in (0, *scenario.change_days) if (rate := _in_force(scenario, pathway, day).per_week) > 0.0), 0.0
    )
    peak = referrals.peak_rate(first / DAYS_PER_WEEK, demand.peak_multiple)
    if peak <= 0.0:
        return 0.0, np.zeros(demand.history_days + days)
    possible = peak * (demand.history_days + days)
    if possible + 6.0 * math.sqrt(possible) > MOST - 2 * BLOCK:
        raise too_many_arrivals(scenario, pathway)
    growths = referrals.growths(
        referrals.Growth(day, _in_force(scenario, pathway, day).growth_per_year, True)
        for day in (0, *scenario.change_days)
    )
    kept = np.array(
        [
            _in_force(scenario, pathway, day).per_week / DAYS_PER_WEEK * referrals.growth_ratio(day, growths) / peak
            for day in range(-demand.history_days, days)
        ]
    )
    if kept.max(initial=0.0) > 1.0:
        raise TooMuchDemand.of(
            scenario,
            f"arrivals of pathways.{pathway} grow to {kept.max() * peak * DAYS_PER_WEEK:.6g} a week, above the {peak * DAYS_PER_WEEK:.6g} that "
            f"demand.peak_multiple = {demand.peak_multiple:g} allows; raise demand.peak_multiple, equally in all that you compare",
            *_rates(pathway),
            f"pathways.{pathway}.arrivals.growth_per_year",
            "demand.peak_multiple",
        )
    return peak, kept


def _at_random(
    scenario: Scenario, chance: Chance, pathway: str, first: int, start: int, days: int
) -> Iterator[tuple[Column, Column]]:
    """A Poisson process whose rate may change by date, thinned from a higher one so that nobody's number shifts."""
    peak, kept = kept_arrivals(scenario, pathway, days)
    if peak <= 0.0:
        return
    now, number = float(start), first
    while now < days:
        numbers = range(number, number + BLOCK)
        draws = chance.table(numbers, _ARISING)
        with np.errstate(over="ignore"):  # hardly anybody ever comes: infinitely late
            gaps = exponentials(draws[:, 0]) / peak
        gaps[0] += now
        times = np.add.accumulate(gaps)  # one after the other, so the same sum everywhere
        now, number = float(times[-1]), _next(number, first, scenario, pathway)
        within = times < days
        day = np.floor(times[within]).astype(np.int64)
        taken = draws[within, 1] < kept[day - start]
        yield np.arange(numbers.start, numbers.stop)[within][taken], day[taken]


def _with_gaps(
    scenario: Scenario, chance: Chance, pathway: str, first: int, start: int, days: int
) -> Iterator[tuple[Column, Column]]:
    """A renewal process: gaps are added up as real numbers, and the day is the whole part of the sum."""
    gaps = {
        id(rules.gap): Stays(rules.gap, f"pathways.{pathway}.arrivals.gap")
        for rules in (_in_force(scenario, pathway, day) for day in (0, *scenario.change_days))
    }
    check_gaps(gaps.values(), scenario, pathway, days - start)
    now, number = float(start), first
    while now < days:
        arrived = []
        for key in chance.keys(range(number, number + BLOCK)):
            now += max(gaps[id(_in_force(scenario, pathway, math.floor(now)).gap)].days(key, 0, Purpose.GAP), 1e-6)
            if now >= days:
                break
            arrived.append(math.floor(now))
        yield np.arange(number, number + len(arrived)), np.array(arrived, dtype=np.int64)
        number = _next(number, first, scenario, pathway)


def check_arrivals(scenario: Scenario, pathway: str, days: int) -> None:
    """Refuse more arrivals than there are numbers for. Raises TooMuchDemand."""
    match scenario.parameters.pathways[pathway].arrivals.law:
        case "poisson":
            kept_arrivals(scenario, pathway, days)
        case "renewal":
            gaps = [Stays(_in_force(scenario, pathway, day).gap) for day in (0, *scenario.change_days)]
            check_gaps(gaps, scenario, pathway, scenario.parameters.demand.history_days + days)


def check_gaps(gaps: Iterable[Stays], scenario: Scenario, pathway: str, days: int) -> None:
    """Refuse gaps so short that the numbers of a pathway cannot last, before two million people are drawn. Raises TooMuchDemand."""
    if max(gap.mean_days for gap in gaps) * 2 * MOST < days:
        raise too_many_arrivals(scenario, pathway)


def _next(number: int, first: int, scenario: Scenario, pathway: str) -> int:
    if number + 2 * BLOCK > first + MOST:
        raise too_many_arrivals(scenario, pathway)
    return number + BLOCK


def too_many_arrivals(scenario: Scenario, pathway: str) -> TooMuchDemand:
    """What is said where a pathway has no numbers left for its own arrivals."""
    message = f"pathways.{pathway} has more than {MOST:,} arrivals of its own; shorten the run, or let the demand of the service send them"
    return TooMuchDemand.of(scenario, message, *_rates(pathway), *DRAWN)


def _rates(pathway: str) -> tuple[str, str]:
    return f"pathways.{pathway}.arrivals.per_week", f"pathways.{pathway}.arrivals.gap"

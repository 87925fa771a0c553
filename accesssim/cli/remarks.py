"""What is told beside the data: what to bear in mind of a run, and how it ended."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from accesssim.cli.exits import Exit
from accesssim.cli.screen import named, note

if TYPE_CHECKING:
    from accesssim.study.asking.condition import Condition
    from accesssim.study.result import Result
    from accesssim.world.scenario import Scenario


def tell_of_changes(scenario: "Scenario", paths: Iterable[str]) -> None:
    """Say so where a value that is asked for holds only until a dated change of the scenario."""
    for path in paths:
        day = next((day for day, values in scenario.dated if path in values), None)
        if day is not None:
            note(
                f"Note: {path} as asked for holds until day {day}; from then on {scenario.name} has a value of its own."
            )


def warn_of_load(scenario: "Scenario") -> None:
    """Say so where more is asked for than can be given, or spent than is granted."""
    from accesssim.clinic.load import offered_load, overspent

    if (beyond := overspent(scenario)) > 0.0:
        currency = scenario.parameters.funding.currency
        note(
            f"Warning: bought places, premises and administrators cost {beyond:,.0f} {currency} a year more "
            "than the budget; that is spent all the same, and no post is paid."
        )
    warn_of_lists(scenario)
    warn_of_slow_reductions(scenario)
    for load in offered_load(scenario):
        if load.over:
            note(f"Warning: {load}: the rest wait until they give up or get better.")


def warn_of_lists(scenario: "Scenario") -> list[str]:
    """Say so where a list is longer than it could have become; returns what was said."""
    from accesssim.clinic.flows import too_long

    told = [
        f"initial.waiting.{name} = {listed:,} is more than the {most:,.0f} that referrals and the stated "
        "patience could ever leave on that list; they are there all the same, and soon give up"
        for name, listed, most in too_long(scenario)
    ]
    for words in told:
        note(f"Warning: {words}.")
    return told


def warn_of_slow_reductions(scenario: "Scenario") -> list[str]:
    """Say so where posts are taken away by date and hardly anybody leaves them; returns what was said."""
    from accesssim.clinic.reductions import slow_reductions

    told = slow_reductions(scenario)
    for words in told:
        note(f"Warning: {words}.")
    return told


def tell_of_no_groups(by: str | None, measures: Sequence[str]) -> None:
    """Say so where groups are asked for, and a table has none."""
    from accesssim.study.measuring.compare import on_screen

    if by is not None and not any("[" in name for name in on_screen(measures, by)):
        what = "There are no teams in this scenario, so" if by == "team" else f"Nobody is told apart by {by} here, so"
        note(
            f"{what} the table is of everybody. Others that can be told apart: --by complexity, severity, route or class."
        )


def tell_of_kept(out: str) -> None:
    """How much there is when the work is stopped."""
    from accesssim.study.running.folder import ResultFolder

    state = ResultFolder(out).state()
    note(f"{state.done + state.failed:,} of {state.runs:,} runs are kept in {out}.")


def fails(result: "Result", conditions: Sequence["Condition"]) -> Exit:
    """Say which conditions hold of the means of a run, and end badly where any does; a mean of no one does not answer to what was asked."""
    from accesssim.world.checking.values import shown

    code = Exit.DONE
    for asked in conditions:
        mean, *_ = result.means_of(asked.measure)[0]
        if asked.holds(mean) or math.isnan(mean):
            found = "of no one, so nobody can tell" if math.isnan(mean) else shown(mean)
            note(f"Fails if {asked}: {asked.measure} is {found}.")
            code = Exit.NOT_MET
    return code


def ended(result: "Result", out: str | None) -> Exit:
    """Say how it went."""
    runs = result.count + result.failed + result.missing
    if result.missing:
        note(f"{runs - result.missing:,} of {runs:,} runs are done; the rest is missing.")
    if result.failed:
        first = result.failures.iloc[0]
        note(
            f"{result.failed} of {runs} {'replication' if runs == 1 else 'replications'} failed; first: point "
            f"{first['point']}, replication {first['replication']}: {first['error']}"
        )
        if out is not None:
            note(f"To see it again: accesssim replay {named(out)} {first['point']}:{first['replication']}")
        return Exit.SOME_FAILED
    if out is not None:
        note(f"Kept in {out}.")
    return Exit.DONE

"""Options that several verbs share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def option_set(command: Command) -> Command:
    """What is changed in a scenario."""
    return click.option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one value; may be repeated."
    )(command)


def option_json(command: Command) -> Command:
    """JSON on stdout."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def option_by(command: Command) -> Command:
    """Groups of people."""
    groups = click.Choice(["team", "complexity", "severity", "route", "class"])
    return click.option(
        "--by",
        type=groups,
        help="Tell the groups of people apart that differ in this; left out, the teams, where there are some.",
    )(command)


def option_workers(command: Command) -> Command:
    """How many processes."""
    return click.option("--workers", type=click.IntRange(1), help="Processes; left out, one for each processor.")(
        command
    )


def option_engine(command: Command) -> Command:
    """Which engine."""
    told = (
        "SimPy's, or the compiled one (the same journal, much sooner; needs accesssim[fast]). Left out: the "
        "compiled one where it is ready, else whichever answers sooner."
    )
    return click.option("--engine", type=click.Choice(["simpy", "fast"]), help=told)(command)


def options_of_runs(command: Command, runs_left_out: str = "the scenario's") -> Command:
    """How often, from which seed, how long, by whom, with which engine."""
    for option in (
        option_engine,
        option_workers,
        click.option("--weeks", type=click.IntRange(1), help="Length of a run."),
        click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed; left out, the scenario's."),
        click.option("--replications", type=click.IntRange(1), help=f"Runs; left out, {runs_left_out}."),
    ):
        command = option(command)
    return command

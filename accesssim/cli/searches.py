"""What `solve` asks for, and an experiment with `find`."""

import os
from typing import TYPE_CHECKING

import click

from accesssim.cli.exits import Exit
from accesssim.cli.remarks import tell_of_changes
from accesssim.cli.request import processors
from accesssim.cli.screen import named, note, print_json

if TYPE_CHECKING:
    from accesssim.study.asking.experiment_files import Search
    from accesssim.study.asking.solve import Solution


def searched(
    wanted: "Search",
    out: str | None,
    workers: int | None,
    *,
    as_json: bool,
    dry_run: bool = False,
    engine: str | None = None,
    most_runs: int | None = None,
    update: bool = False,
) -> Exit:
    """Search for the smallest lever, and print it."""
    from accesssim.clinic.budget import budgets
    from accesssim.study.asking.estimates import seconds_per_run
    from accesssim.study.asking.experiment import MOST_RUNS
    from accesssim.study.asking.solve import engine_of_search, is_whole, most_values, refuse_too_many, solve
    from accesssim.study.telling import answers, json_forms, money, plans

    tell_of_changes(wanted.scenario, [wanted.lever])
    if dry_run:
        values = most_values(wanted.lever, wanted.between)
        refuse_too_many(wanted.scenario, wanted.lever, wanted.between, wanted.replications, most_runs or MOST_RUNS)
        taken = engine_of_search(
            engine, wanted.scenario, wanted.lever, wanted.between, wanted.replications, workers or processors()
        )
        seconds = values * wanted.replications * seconds_per_run(wanted.scenario, taken)
        if as_json:
            print_json(json_forms.search(wanted, values, seconds, workers or processors()))
        else:
            click.echo(plans.planned_search(wanted, values, seconds, workers or processors()))
        return Exit.DONE
    found = solve(
        wanted.scenario,
        wanted.lever,
        wanted.between,
        wanted.target,
        chance=wanted.chance,
        replications=wanted.replications,
        seed=wanted.seed,
        workers=workers or processors(),
        out=out,
        engine=engine,
        say=note,
        progress=lambda one: note(f"{wanted.lever} = {answers.in_full(one.value)}: met in {answers.met(one)} futures"),
        most_runs=most_runs or MOST_RUNS,
        update=update,
    )
    told = []
    if found.value is not None:
        at = int(found.value) if is_whole(wanted.lever) else found.value
        told = budgets(wanted.scenario.replace({wanted.lever: at}))
    if as_json:
        print_json(json_forms.solution(found, told))
    else:
        click.echo(
            "\n".join([answers.solution(found), *(f"With it: {sentence}" for sentence in money.sentences(told))])
        )
    if found.failed:
        _tell_of_failed(found, out)
        return Exit.SOME_FAILED
    return Exit.DONE if found.value is not None else Exit.NOT_MET


def _tell_of_failed(found: "Solution", out: str | None) -> None:
    """How many runs of a search failed, and how to see one again."""
    from accesssim.study.asking.solve import exact
    from accesssim.study.telling.answers import in_full

    first = next(one for one in found.tried if one.failed)
    note(
        f"{found.failed} of {found.runs} replications failed; first: {found.lever} = {in_full(first.value)}, {first.error}"
    )
    if out is not None:
        note(
            f"To see it again: accesssim replay {named(os.path.join(out, f'at-{exact(first.value)}'))} "
            f"0:{first.error.removeprefix('replication ').partition(':')[0]}"
        )

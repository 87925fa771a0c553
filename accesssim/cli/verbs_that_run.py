"""What runs: one scenario, a whole experiment, a search."""

import os
from functools import partial
from typing import TYPE_CHECKING

import click

from accesssim.cli.diagnoses import diagnosed
from accesssim.cli.exits import Exit
from accesssim.cli.options import option_by, option_engine, option_json, option_set, option_workers, options_of_runs
from accesssim.cli.remarks import ended, fails, tell_of_changes, tell_of_no_groups, warn_of_load
from accesssim.cli.request import (
    command_of,
    conditions_of,
    never_changing,
    one_point,
    part_of,
    processors,
    read_scenario,
    repeated,
    work,
)
from accesssim.cli.screen import named, note, print_json, typed
from accesssim.cli.searches import searched

if TYPE_CHECKING:
    from accesssim.study.asking.experiment import Experiment
    from accesssim.study.running.plan import Plan

FUTURES_OF_A_SEARCH = (
    40  # for each value that is tried: a share of futures needs more of them than a mean of the same scenario
)


@click.command()
@click.argument("scenario")
@option_set
@options_of_runs
@click.option("--out", metavar="DIR", help="Keep the result in this folder.")
@click.option(
    "--diagnose",
    is_flag=True,
    help="Say instead whether it is in balance, whether the warm-up is long enough, and how many runs an answer takes.",
)
@click.option(
    "--picture", metavar="FILE", help="With --diagnose: draw the weeks with Welch's moving average, as an SVG file."
)
@click.option(
    "--fail-if",
    "fail_if",
    multiple=True,
    metavar="CONDITION",
    help="End with exit code 6 where the mean is so, such as 'still_waiting > 900'; may be given again.",
)
@option_json
@option_by
def run(
    scenario: str,
    settings: tuple[str, ...],
    out: str | None,
    diagnose: bool,
    picture: str | None,
    fail_if: tuple[str, ...],
    as_json: bool,
    by: str | None,
    workers: int | None,
    engine: str | None,
    **asked_for: int | None,
) -> Exit:
    """Run one scenario, and print its measures with 95 % intervals of the mean."""
    if picture is not None and not diagnose:
        raise click.UsageError(
            "--picture goes with --diagnose; for pictures of a result: accesssim report DIR --pictures FOLDER"
        )
    if diagnose and fail_if:
        raise click.UsageError("--fail-if goes with the measures of a run, not with --diagnose")
    experiment = one_point(scenario, settings, people=out is not None, **asked_for)
    conditions = conditions_of(fail_if, experiment.scenario)
    if diagnose:
        with never_changing():
            return diagnosed(experiment, out, workers, picture, engine=engine, as_json=as_json)
    warn_of_load(experiment.scenario)
    with never_changing():
        result = work(experiment, out, workers, command_of("run", scenario, settings, experiment), engine=engine)
    if as_json:
        from accesssim.study.telling import json_forms

        print_json(json_forms.result(result))
    else:
        from accesssim.study.telling import money, text

        click.echo(text.headline(result, by or "team"))
        click.echo(f"\n{money.table(result)}")
        tell_of_no_groups(by, result.measures)
        note(f"All {len(result.measures)} measures: --json. Next: accesssim compare {named(scenario)} --set KEY=VALUE")
    return ended(result, out) or fails(result, conditions)


@click.command()
@click.argument("experiment")
@click.option("--out", metavar="DIR", help="Folder of the result; left out, results/<experiment>.")
@option_workers
@click.option("--dry-run", is_flag=True, help="Print points, runs and estimated time, and stop.")
@click.option("--max-runs", type=click.IntRange(1), help="Allow a design of up to this many runs.")
@click.option(
    "--more", type=click.IntRange(1), metavar="N", help="Add N replications of every point to a finished result."
)
@click.option(
    "--update", is_flag=True, help="The experiment has changed: run again what differs, set aside what is stale."
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Work on an existing Dask.distributed cluster, such as tcp://127.0.0.1:8786; it must see the folder.",
)
@click.option(
    "--shard",
    metavar="i/n",
    help="Work the i-th of n parts, for job arrays; the last one to end, or a further sweep, writes the report.",
)
@click.option("--report/--no-report", default=True, help="Write report.html at the end.")
@option_engine
@option_json
def sweep(
    experiment: str,
    out: str | None,
    workers: int | None,
    dry_run: bool,
    max_runs: int | None,
    more: int | None,
    update: bool,
    shard: str | None,
    dask: str | None,
    report: bool,
    engine: str | None,
    as_json: bool,
) -> Exit:
    """Run every point of an experiment into a result folder; run again, it goes on where it stopped."""
    from accesssim.study.asking import experiment_files, file_kinds
    from accesssim.study.running.selection import Selection
    from accesssim.study.telling import answers, json_forms

    part = part_of(shard)
    if part and (more or update):
        raise click.UsageError(
            "--shard goes with neither --more nor --update; do these with a sweep of their own, before or after"
        )
    with file_kinds.of_kind("experiment", experiment):
        wanted = experiment_files.search(experiment)
    again = f"Next: accesssim sweep {named(experiment)}" + typed(
        out=out, max_runs=max_runs, more=more, shard=shard, dask=dask, engine=engine
    )
    again += " --update" if update else ""
    if wanted:
        _refuse_of_a_search(dask=dask, shard=shard, more=more)
        out = out or os.path.join("results", wanted.name)
        options = {"as_json": as_json, "dry_run": dry_run, "update": update}
        code = searched(wanted, out, workers, engine=engine, most_runs=max_runs, **options)
        if dry_run and not as_json:
            note(again)
        return code
    with file_kinds.of_kind("experiment", experiment):
        asked = experiment_files.load(experiment, most_runs=max_runs)
        experiment_files.check_demand_of_points(experiment, asked)
    _tell_of_changes_to_points(asked)
    if dry_run:
        plan = asked.plan(asked.engine(engine, workers or processors(), part, more=more or 0))
        return _planned(plan, workers or processors(), again, as_json=as_json)
    out = out or os.path.join("results", asked.name)
    warn_of_load(asked.scenario)
    result = work(
        asked,
        out,
        workers,
        repeated("sweep", experiment),
        report,
        more=more or 0,
        update=update,
        part=part,
        dask=dask,
        engine=engine,
    )
    selects, selected = isinstance(asked.stopping, Selection), result.selected()
    if as_json:
        print_json(json_forms.result(result))
    else:
        if selects:
            click.echo(answers.selection(result, selected))
        click.echo(os.path.join(out, "report.html") if report and not (part and result.missing) else out)
    return ended(result, out) or (Exit.NOT_MET if selects and selected is None else Exit.DONE)


def _planned(plan: "Plan", workers: int, again: str, *, as_json: bool) -> Exit:
    """Print points, runs and estimated time."""
    from accesssim.study.telling import json_forms, plans

    if as_json:
        print_json(json_forms.plan(plan, workers))
    else:
        click.echo(plans.planned(plan, workers))
        note(again)
    return Exit.DONE


def _tell_of_changes_to_points(asked: "Experiment") -> None:
    """Say so where a point asks for a value that holds only until a dated change of its scenario."""
    varied = {
        (path, scenario.name): scenario
        for settings, scenario in zip(asked.settings, asked.scenarios, strict=True)
        for path in settings
    }
    for (path, _), scenario in varied.items():
        tell_of_changes(scenario, [path])


def _refuse_of_a_search(**options: object) -> None:
    """What a search cannot use: each value is chosen by what came of the one before. Raises UsageError."""
    instead = {"more": "raise replications in the file instead, and what is kept is added to"}
    for name, given in options.items():
        if given:
            raise click.UsageError(
                f"--{name} does not go with an experiment that has find: "
                f"{instead.get(name, 'a search runs on this machine, value after value; leave it out')}"
            )


@click.command("solve")
@click.argument("scenario")
@click.option("--lever", required=True, metavar="PATH", help="What is moved, such as workforce.high_intensity.posts.")
@click.option("--between", required=True, nargs=2, type=float, metavar="A B", help="The range that is searched.")
@click.option("--target", required=True, metavar="TARGET", help="Such as 'started_by_18_weeks_share >= 0.75'.")
@click.option(
    "--chance", type=float, default=0.8, show_default=True, help="Share of futures in which the target must be met."
)
@click.option("--out", metavar="DIR", help="Keep a result folder for each value here; run again, the search goes on.")
@click.option("--max-runs", type=click.IntRange(1), help="Allow a search of up to this many runs.")
@click.option(
    "--update", is_flag=True, help="The scenario has changed: run again what differs, set aside what is stale."
)
@option_set
@partial(options_of_runs, runs_left_out=f"{FUTURES_OF_A_SEARCH} for each value")
@option_json
def solve_(
    scenario: str,
    lever: str,
    between: tuple[float, float],
    target: str,
    chance: float,
    out: str | None,
    settings: tuple[str, ...],
    as_json: bool,
    max_runs: int | None,
    update: bool,
    workers: int | None,
    engine: str | None,
    replications: int | None,
    seed: int | None,
    weeks: int | None,
) -> Exit:
    """The other direction: the smallest lever that meets a target in a share of futures."""
    from accesssim.study.asking.experiment_files import Search
    from accesssim.study.asking.solve import target_of

    ours = read_scenario(scenario, settings, weeks)
    wanted = Search(
        ours,
        lever,
        between,
        target_of(target),
        chance,
        replications or FUTURES_OF_A_SEARCH,
        seed,
        ours.name,
        ours.title,
    )
    return searched(wanted, out, workers, as_json=as_json, engine=engine, most_runs=max_runs, update=update)

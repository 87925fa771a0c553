"""The command line: one function a verb. Nothing heavy is imported before a verb needs it."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

import click

import accesssim
from accesssim.exits import EXIT_CODES, Exit, Terminated, ending
from accesssim.request import (
    command_of,
    diagnosed,
    ended,
    one_point,
    only_simpy,
    part_of,
    point_of,
    processors,
    read_scenario,
    repeated,
    searched,
    warn_of_load,
    work,
)
from accesssim.screen import note, print_json

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(accesssim.__version__, prog_name="accesssim", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error; may stand anywhere.")
def cli(debug: bool) -> None:
    """Simulate access to talking therapy: what moves the wait, and what the wait and the work do to people.

    Results go to stdout, progress and notes to stderr. Start with: accesssim run baseline
    """


def option_set(command: Command) -> Command:
    return click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one value; may be repeated.")(command)


def option_json(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def option_by(command: Command) -> Command:
    groups = click.Choice(["team", "complexity", "severity", "route", "class"])
    return click.option("--by", type=groups, default="team", help="Tell the groups of people apart that differ in this.")(command)


def options_of_runs(command: Command) -> Command:
    """How often, from which seed, how long, by whom, with which engine."""
    for option in (
        click.option("--engine", type=click.Choice(["simpy", "fast"]), default="simpy", help="Which engine runs it."),
        click.option("--workers", type=click.IntRange(1), help="Processes; left out, one for each processor."),
        click.option("--weeks", type=click.IntRange(1), help="Length of a run."),
        click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed; left out, the scenario's."),
        click.option("--replications", type=click.IntRange(1), help="Runs; left out, the scenario's."),
    ):
        command = option(command)
    return command


@cli.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a commented starter scenario NAME.yaml."""
    from accesssim.world import files

    path = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(files.starter(os.path.splitext(os.path.basename(path))[0]))
    except FileExistsError:
        raise click.UsageError(f"{path} is there already. Choose another name, or look at it with: accesssim show {path}") from None
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written ({error.strerror}). Choose another place.") from None
    click.echo(path)
    note(f"Edit it, then: accesssim check {path}")


@cli.command()
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
@option_json
def check(names: tuple[str, ...], as_json: bool) -> Exit:
    """Say whether scenarios and experiments are valid, with every problem at once."""
    from accesssim.study import question
    from accesssim.world.errors import AccessSimError, ScenarioError

    verdicts = []
    for name in names:
        problems: list[str] = []
        kind = "scenario"
        try:
            kind = question.check(name)
        except ScenarioError as error:
            problems = [str(problem) for problem in error.problems]
        except AccessSimError as error:
            problems = [str(error)]
        verdicts.append({"file": name, "valid": not problems, "kind": kind, "problems": problems})
        if not as_json:
            click.echo(f"{name}: valid {kind}" if not problems else "\n".join(problems))
    if as_json:
        print_json(verdicts)
    invalid = [verdict["file"] for verdict in verdicts if not verdict["valid"]]
    if invalid:
        note(f"Correct the lines named, then: accesssim check {' '.join(map(str, invalid))}")
    elif not as_json:
        note(f"Next: accesssim {'run' if verdicts[0]['kind'] == 'scenario' else 'sweep'} {names[0]}")
    return Exit.INVALID if invalid else Exit.DONE


@cli.command()
@click.argument("scenario", required=False)
@click.option("--schema", is_flag=True, help="The JSON Schema of scenario files, for editors.")
@option_json
@option_set
def show(scenario: str | None, schema: bool, as_json: bool, settings: tuple[str, ...]) -> None:
    """Every value of a scenario with unit, kind, source, quality and place."""
    from accesssim.study import text
    from accesssim.study.plan import written
    from accesssim.world import files
    from accesssim.world.schema import json_schema

    if schema:
        print_json(json_schema())
        return
    if scenario is None:
        raise click.UsageError("name a scenario, for example: accesssim show baseline")
    described = files.describe(read_scenario(scenario, settings))
    if as_json:
        print_json(described)
    else:
        shown = ("path", "value", "unit", "kind", "quality", "source", "place")
        click.echo(text.aligned(shown, [[written(row[name]) for name in shown] for row in described]))


@cli.command()
@click.argument("scenario")
@option_set
@options_of_runs
@click.option("--out", metavar="DIR", help="Keep the result in this folder.")
@click.option("--diagnose", is_flag=True, help="Say instead whether it is in balance, whether the warm-up is long enough, and how many runs an answer takes.")
@click.option("--picture", metavar="FILE", help="With --diagnose: draw the weeks with Welch's moving average, as an SVG file.")
@option_json
@option_by
def run(
    scenario: str, settings: tuple[str, ...], out: str | None, diagnose: bool, picture: str | None, as_json: bool, by: str, workers: int | None, engine: str, **asked_for: int | None
) -> Exit:
    """Run one scenario, and print its measures with 95 % intervals of the mean."""
    from accesssim.study import text

    only_simpy(engine)
    if picture is not None and not diagnose:
        raise click.UsageError("--picture goes with --diagnose; for pictures of a result: accesssim report DIR --pictures FOLDER")
    experiment = one_point(scenario, settings, **asked_for)
    if diagnose:
        return diagnosed(experiment, out, workers, picture, as_json=as_json)
    warn_of_load(experiment.scenario)
    result = work(experiment, out, workers, command_of("run", scenario, settings, experiment))
    if as_json:
        print_json(text.result_json(result))
    else:
        click.echo(text.headline(result, by))
        note(f"All {len(result.measures)} measures: --json. Next: accesssim compare {scenario} --set KEY=VALUE")
    return ended(result, out)


@cli.command()
@click.argument("experiment")
@click.option("--out", metavar="DIR", help="Folder of the result; left out, results/<experiment>.")
@click.option("--workers", type=click.IntRange(1), help="Processes; left out, one for each processor.")
@click.option("--dry-run", is_flag=True, help="Print points, runs and estimated time, and stop.")
@click.option("--max-runs", type=click.IntRange(1), help="Allow a design of up to this many runs.")
@click.option("--more", type=click.IntRange(1), metavar="N", help="Add N replications of every point to a finished result.")
@click.option("--update", is_flag=True, help="The experiment has changed: run again what differs, set aside what is stale.")
@click.option("--dask", metavar="ADDRESS", help="Work on an existing Dask.distributed cluster, such as tcp://127.0.0.1:8786; it must see the folder.")
@click.option("--shard", metavar="i/n", help="Work the i-th of n parts, for job arrays; the last one to end, or a further sweep, writes the report.")
@click.option("--report/--no-report", default=True, help="Write report.html at the end.")
@option_json
def sweep(
    experiment: str, out: str | None, workers: int | None, dry_run: bool, max_runs: int | None, more: int | None, update: bool, shard: str | None, dask: str | None,
    report: bool, as_json: bool,
) -> Exit:
    """Run every point of an experiment into a result folder; run again, it goes on where it stopped."""
    from accesssim.study import question, text

    part = part_of(shard)
    if part and (more or update):
        raise click.UsageError("--shard goes with neither --more nor --update; do these with a sweep of their own, before or after")
    if wanted := question.search(experiment):
        return searched(wanted, out or os.path.join("results", wanted.name), workers, dry_run=dry_run, as_json=as_json)
    asked = question.load(experiment, most_runs=max_runs)
    plan = asked.plan()
    if dry_run:
        workers = workers or processors()
        if as_json:
            print_json(text.plan_json(plan, workers))
        else:
            click.echo(text.planned(plan, workers))
            note(f"Next: accesssim sweep {experiment}")
        return Exit.DONE
    out = out or os.path.join("results", asked.name)
    warn_of_load(asked.scenario)
    result = work(asked, out, workers, repeated("sweep", experiment), report and part is None, more=more or 0, update=update, part=part, dask=dask)
    if as_json:
        print_json(text.result_json(result))
    else:
        if (selected := result.selected()) is not None:
            click.echo(text.selection(result, selected))
        click.echo(os.path.join(out, "report.html") if report and part is None else out)
    return ended(result, out)


@cli.command()
@click.argument("folder", metavar="DIR")
@option_json
def status(folder: str, as_json: bool) -> None:
    """How far a result is: runs done, failed and left, and about how long these take. Reads the ledger alone, also while a sweep is at work."""
    from accesssim.study import text
    from accesssim.study.folder import ResultFolder

    state = ResultFolder(folder).state()
    if as_json:
        print_json(text.state_json(state))
        return
    click.echo(text.state(state, processors()))
    if state.left:
        note(f"Go on with: {ResultFolder(folder).command()} --out {folder}")


@cli.command()
@click.argument("folder", metavar="DIR")
@click.argument("run", metavar="POINT:REPLICATION")
@option_json
def replay(folder: str, run: str, as_json: bool) -> Exit:
    """Run one replication of a result again, in this process, and compare it with what is kept."""
    from accesssim.study import text
    from accesssim.study.replay import replayed

    point, colon, replication = run.partition(":")
    if not (colon and point.isdecimal() and replication.isdecimal()):
        raise click.UsageError(f"{run} must be POINT:REPLICATION, such as 0:17, as the columns point and replication of runs and failures say")
    again = replayed(folder, int(point), int(replication))
    if again.traceback:
        click.echo(again.traceback, nl=False)
        note(again.verdict)
        return Exit.SOME_FAILED
    if as_json:
        print_json({name: text.known(value) for name, value in again.measures.items()})
    else:
        click.echo(text.aligned(("measure", "value"), [(name, f"{value:,.6g}") for name, value in again.measures.items() if "[" not in name]))
    note(again.verdict)
    return Exit.DONE if again.agrees else Exit.UNEXPECTED


@cli.command()
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="FILE", help="Where to write it; left out, DIR/report.html.")
@click.option("--pictures", metavar="FOLDER", help="Also write each picture there, as an SVG file.")
def report(folder: str, out: str | None, pictures: str | None) -> None:
    """Write one self-contained HTML page from a result folder."""
    from accesssim.study.report import write_pictures, write_report
    from accesssim.study.result import Result

    result = Result.read(folder)
    click.echo(write_report(result, folder, out))
    if pictures is not None:
        for path in write_pictures(result, pictures):
            click.echo(path)


@cli.command()
@click.argument("a")
@click.argument("b", required=False)
@option_set
@options_of_runs
@option_json
@option_by
def compare(a: str, b: str | None, settings: tuple[str, ...], as_json: bool, by: str, workers: int | None, engine: str, **asked_for: int | None) -> Exit:
    """Paired differences, B minus A, in the same futures.

    A and B are scenarios, or points of a result as DIR:N. --set changes B; without B, it is A with what --set changes. A result DIR alone: every
    point against the one of reference.
    """
    from accesssim.study import text
    from accesssim.study.compare import paired
    from accesssim.study.result import Result

    only_simpy(engine)
    if b is None and not settings and point_of(a) is not None and ":" not in os.path.basename(a):
        held = Result.read(a)
        reference = held.plan.compare_to or 0
        found = held.against(reference, None if as_json else text.IN_BRIEF)
        if as_json:
            print_json(text.against_json(held, reference, found))
        else:
            click.echo(text.against(held, reference, found))
        return ended(held, None)
    if b is None and not settings:
        raise click.UsageError(f"name what to compare {a} with, for example: accesssim compare {a} --set bureaucracy.level=1.5")
    points = [point_of(name) for name in (a, b or a)]
    if any(points) and not all(points):
        raise click.UsageError("compare two scenarios, or two points of results; not one of each")
    if all(points):
        ours, theirs = (Result.read(point[0]).at(point[1]) for point in points if point)
    else:
        ours, theirs = (work(one_point(name, given, **asked_for), None, workers) for name, given in ((a, ()), (b or a, settings)))
    differences = paired(ours.runs, theirs.runs)
    persons = ours.compare_people(theirs, by)
    if as_json:
        print_json(text.differences_json(a, b or a, ours, theirs, differences, persons))
    else:
        click.echo(text.differences(differences, by))
        click.echo(f"\n{text.people(persons)}" if persons else "")
        if not persons:
            note("Who is better and who worse off can be told of results that keep people: put `people: true` into the experiment, and sweep with --update.")
    return max(ended(ours, None), ended(theirs, None))


@cli.command("solve")
@click.argument("scenario")
@click.option("--lever", required=True, metavar="PATH", help="What is moved, such as workforce.high_intensity.posts.")
@click.option("--between", required=True, nargs=2, type=float, metavar="A B", help="The range that is searched.")
@click.option("--target", required=True, metavar="TARGET", help="Such as 'started_by_18_weeks_share >= 0.75'.")
@click.option("--chance", type=float, default=0.8, show_default=True, help="Share of futures in which the target must be met.")
@click.option("--out", metavar="DIR", help="Keep a result folder for each value here; run again, the search goes on.")
@option_set
@options_of_runs
@option_json
def solve_(
    scenario: str, lever: str, between: tuple[float, float], target: str, chance: float, out: str | None, settings: tuple[str, ...], as_json: bool,
    workers: int | None, engine: str, replications: int | None, seed: int | None, weeks: int | None,
) -> Exit:
    """The other direction: the smallest lever that meets a target in a share of futures."""
    from accesssim.study.question import Search
    from accesssim.study.solve import target_of

    only_simpy(engine)
    ours = read_scenario(scenario, settings, weeks)
    return searched(Search(ours, lever, between, target_of(target), chance, replications or 40, seed, ours.name, ours.title), out, workers, as_json=as_json)


@cli.command()
@click.argument("scenario")
@click.option("--person", type=click.IntRange(0), help="Whose life; left out, some numbers worth following.")
@click.option("--against", metavar="OTHER", help="The same person under another scenario, side by side.")
@click.option("--replication", type=click.IntRange(0), default=0, help="Which replication.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed; left out, the scenario's.")
@click.option("--weeks", type=click.IntRange(1), help="Length of the run.")
@option_set
@option_json
def trace(scenario: str, person: int | None, against: str | None, replication: int, seed: int | None, weeks: int | None, settings: tuple[str, ...], as_json: bool) -> Exit:
    """One life, step by step, in plain words."""
    from accesssim.clinic import service
    from accesssim.study import text
    from accesssim.study import trace as lives

    ours = read_scenario(scenario, settings, weeks)
    seed = ours.parameters.run.seed if seed is None else seed
    journal = service.simulate(ours, seed=seed, replication=replication)
    steps = [] if person is None else lives.life(journal, person)
    if not steps:
        if person is not None:
            note(f"There is no person {person} in this run.")
        notable = lives.notable(journal)
        if as_json:
            print_json([{"person": number, "why": why} for number, why in notable])
        else:
            click.echo("\n".join(f"{number:>8}  {why}" for number, why in notable))
        if notable:
            note(f"Next: accesssim trace {scenario} --person {notable[0][0]}")
        return Exit.DONE if person is None else Exit.USAGE
    assert person is not None
    other = None
    if against is not None:
        other = lives.life(service.simulate(read_scenario(against, (), weeks), seed=seed, replication=replication), person)
    start = ours.parameters.run.start_date
    if as_json:
        print_json(text.life_json(person, steps, other, start))
    else:
        click.echo(text.life(steps, start) if other is None else text.lives(steps, other, start, scenario, against or ""))
    return Exit.DONE


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with one of the stated codes."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = cli.main([word for word in arguments if word != "--debug"], prog_name="accesssim", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001  every ending has its exit code
        if debug and not isinstance(error, SystemExit):
            import traceback

            traceback.print_exc()
        code = ending(error)
    sys.exit(int(code or 0))

"""What the command line asks for, made into scenarios, experiments and results."""

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accesssim.cli.exits import Exit, Terminated
from accesssim.cli.screen import bar, named, note, print_json, typed

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from accesssim.study.asking.condition import Condition
    from accesssim.study.asking.experiment import Experiment
    from accesssim.study.asking.experiment_files import Search
    from accesssim.study.asking.solve import Solution
    from accesssim.study.result import Result
    from accesssim.world.scenario import Scenario


def read_scenario(name: str, settings: tuple[str, ...], weeks: int | None = None) -> "Scenario":
    """A scenario with what the command line changes in it."""
    from accesssim.study.asking import file_kinds
    from accesssim.world.reading import files
    from accesssim.world.reading.assignments import parse_setting

    with file_kinds.of_kind("scenario", name):
        scenario = files.load(name)
    changed = dict(parse_setting(setting) for setting in settings)
    if weeks is not None:
        changed |= {"run.weeks": weeks, "run.days": None}
    tell_of_changes(scenario, changed)
    return scenario.replace(changed, place="--set") if changed else scenario


def tell_of_changes(scenario: "Scenario", paths: Iterable[str]) -> None:
    """Say so where a value that is asked for holds only until a dated change of the scenario."""
    for path in paths:
        day = next((day for day, values in scenario.dated if path in values), None)
        if day is not None:
            note(
                f"Note: {path} as asked for holds until day {day}; from then on {scenario.name} has a value of its own."
            )


def one_point(
    name: str, settings: tuple[str, ...], replications: int | None, seed: int | None, weeks: int | None, *, people: bool
) -> "Experiment":
    """An experiment of one point: a scenario as it is asked for, with a row for each person where somebody may compare them."""
    from accesssim.clinic.demand_limits import check_demand
    from accesssim.study.asking.experiment import Experiment

    scenario = read_scenario(name, settings, weeks)
    check_demand(scenario)
    return Experiment(scenario, replications=replications, seed=seed, people=people)


def warn_of_load(scenario: "Scenario") -> None:
    """Say so where more is asked for than can be given, or spent than is granted."""
    from accesssim.clinic.load import offered_load, overspent

    if (beyond := overspent(scenario)) > 0.0:
        currency = scenario.parameters.funding.currency
        note(
            f"Warning: bought places, premises and administrators cost {beyond:,.0f} {currency} a year more than the budget; that is spent all the same, and no post is paid."
        )
    for load in offered_load(scenario):
        if load.over:
            note(f"Warning: {load}: the rest wait until they give up or get better.")


def work(
    experiment: "Experiment",
    out: str | None,
    workers: int | None,
    command: str = "",
    report: bool = True,
    *,
    more: int = 0,
    update: bool = False,
    part: tuple[int, int] | None = None,
    dask: str | None = None,
    engine: str | None = None,
) -> "Result":
    """Run it with a bar on a terminal, into a folder if there is one, and write the page."""
    from accesssim.clinic.engines import chosen, prepare

    experiment.refuse_too_many_more(more)
    runs = experiment.plan(engine).runs
    if out is not None:
        runs, finished = _tell_of(out, experiment, more, update, part, engine)
        if finished is not None:
            if report and not os.path.isfile(os.path.join(out, "report.html")):
                _page(finished, out)
            return finished
    prepare(chosen(engine), note)  # which takes its time: a result that is finished already does without
    try:
        with executor_on(dask) as executor, bar(runs) as progress:
            result = experiment.run(
                executor,
                out,
                workers=workers or processors(),
                command=command,
                progress=progress,
                say=note,
                more=more,
                update=update,
                part=part,
                engine=engine,
            )
    except (KeyboardInterrupt, Terminated):
        if out is not None:
            _tell_of_kept(out)
        raise
    if (
        out is not None and report and not (part and result.missing)
    ):  # the page of parts is written by the last to end, which alone sees all of them
        _page(result, out)
    return result


@contextmanager
def never_changing() -> Iterator[None]:
    """For a verb that has neither --update nor --more: what to do where a folder holds something else. Raises FolderError."""
    from accesssim.study.faults import FolderError, HoldsOther

    try:
        yield
    except HoldsOther as error:
        raise FolderError(f"{error.what} Name another folder with --out.") from None


def _tell_of_kept(out: str) -> None:
    """How much there is when the work is stopped."""
    from accesssim.study.running.folder import ResultFolder

    state = ResultFolder(out).state()
    note(f"{state.done + state.failed:,} of {state.runs:,} runs are kept in {out}.")


def _page(result: "Result", out: str) -> None:
    from accesssim.study.telling.report import write_report

    write_report(result, out)


def executor_on(dask: str | None) -> "AbstractContextManager[Executor | None]":
    """Who works: a cluster, or processes of our own (None)."""
    if dask is None:
        return nullcontext()
    from accesssim.study.running.cluster import cluster

    return cluster(dask, note)


def part_of(text: str | None) -> tuple[int, int] | None:
    """`2/8`: the second of eight parts. Raises UsageError."""
    if text is None:
        return None
    which, slash, of = text.partition("/")
    if not (slash and text.isascii() and which.isdecimal() and of.isdecimal() and 1 <= int(which) <= int(of)):
        raise click.UsageError(f"--shard {text} must be i/n with i from 1 to n, such as --shard 2/8")
    return int(which), int(of)


def _tell_of(
    out: str, experiment: "Experiment", more: int, update: bool, part: tuple[int, int] | None, engine: str | None
) -> "tuple[int, Result | None]":
    """Say what a folder holds already; how many runs there will be in all, or the result if it is finished."""
    from accesssim.study.result import Result
    from accesssim.study.running.agreement import agreed
    from accesssim.study.running.folder import ResultFolder

    folder = ResultFolder(out, part)
    plan = agreed(folder, experiment.plan(engine), more=more, update=update, say=note)
    if not more and (part or folder.is_tidy(plan)) and folder.is_finished(plan):
        note(
            f"{out} holds {'all of part {}/{}'.format(*part) if part else 'this result'} already, finished; nothing to do."
        )
        folder.tell_of_foreign(note)
        return plan.runs, None if part else Result(folder.plan(), folder.tables)
    if done := folder.done(plan):
        note(f"{done:,} of {'at most ' if plan.stopping else ''}{plan.runs:,} runs are kept from before.")
    return sum(shard.size for shard in folder.left(plan)) if part else plan.runs, None


def conditions_of(texts: Sequence[str], scenario: "Scenario") -> list["Condition"]:
    """What `--fail-if` asks for. Raises click.UsageError for what is not a condition, or not on one of the scenario's measures."""
    from accesssim.study.asking.condition import condition, unfit

    found = []
    for text in texts:
        asked = condition(text)
        if asked is None:
            raise click.UsageError(
                f"--fail-if {text} must be such as --fail-if 'still_waiting > 900': a measure, one of > >= < <=, and a number"
            )
        if words := unfit(asked.measure, asked.bound, scenario):
            raise click.UsageError(f"--fail-if {text}: {words[0]}")
        found.append(asked)
    return found


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
            f"{result.failed} of {runs} {'replication' if runs == 1 else 'replications'} failed; first: point {first['point']}, replication {first['replication']}: {first['error']}"
        )
        if out is not None:
            note(f"To see it again: accesssim replay {named(out)} {first['point']}:{first['replication']}")
        return Exit.SOME_FAILED
    if out is not None:
        note(f"Kept in {out}.")
    return Exit.DONE


def point_of(name: str) -> tuple[str, int | None] | None:
    """The folder and the number of a point that is named DIR:N, without the number where DIR stands alone; None for a scenario.

    Raises UsageError for a point that is not there, FolderError for a folder that holds no result.
    """
    from accesssim.world.shipped import shipped_path

    folder, colon, number = name.rpartition(":")
    counted = number.isascii() and number.isdecimal()
    if colon and not os.path.isdir(name) and not name.endswith(".yaml") and (counted or os.path.isdir(folder)):
        points = _points(folder)
        if not counted or int(number) >= points:
            raise click.UsageError(
                f"{name} is not a point: {folder} has {_numbers(points)}. Type, for example: accesssim compare {_two_of(folder, points)}"
            )
        return folder, int(number)
    if os.path.isfile(os.path.join(name, "plan.json")) or (
        os.path.isdir(name) and shipped_path("scenarios", name) is None
    ):
        _points(name)
        return name, None
    return None


def the_one_point(folder: str, number: int | None) -> int:
    """The number that was named, or that of the only point. Raises UsageError where there are several to choose from."""
    points = _points(folder)
    if number is None and points > 1:
        raise click.UsageError(
            f"{folder} has {_numbers(points)}: say which with {folder}:N, or compare each with the one of reference: accesssim compare {named(folder)}"
        )
    return number or 0


def refuse_alone(folder: str, number: int | None) -> None:
    """Of one point there is nothing to compare. Raises UsageError."""
    points = _points(folder)
    if points > 1 and number is not None:
        raise click.UsageError(
            f"name what to compare {folder}:{number} with, for example: accesssim compare {named(f'{folder}:{number}')} {named(f'{folder}:{0 if number else 1}')}"
        )
    if points == 1:
        raise click.UsageError(
            f"{folder} has one point, and nothing to compare it with. Keep another run, with accesssim run SCENARIO --set KEY=VALUE --out OTHER, and type: accesssim compare {named(folder)} OTHER"
        )


def _points(folder: str) -> int:
    """How many points a result has. Raises FolderError if it is none."""
    from accesssim.study.running.folder import ResultFolder

    return len(ResultFolder(folder).plan().points)


def _numbers(points: int) -> str:
    return f"points 0 to {points - 1}" if points > 1 else "only point 0"


def _two_of(folder: str, points: int) -> str:
    return f"{named(f'{folder}:0')} {named(f'{folder}:1')}" if points > 1 else f"{named(f'{folder}:0')} OTHER"


def tell_of_no_groups(by: str | None, measures: Sequence[str]) -> None:
    """Say so where groups are asked for, and a table has none."""
    from accesssim.study.measuring.compare import told

    if by is not None and not any("[" in name for name in told(measures, by)):
        what = "There are no teams in this scenario, so" if by == "team" else f"Nobody is told apart by {by} here, so"
        note(
            f"{what} the table is of everybody. Others that can be told apart: --by complexity, severity, route or class."
        )


def processors() -> int:
    """Processors that this process may use."""
    from accesssim.study.running import pool

    return pool.cores()


def repeated(verb: str, name: str, options: str = "") -> str:
    """The command that repeats a result."""
    return f"accesssim {verb} {named(bare(name))}{options}"


def bare(name: str) -> str:
    """A file as a reader elsewhere can name it: never with this machine's folders."""
    return os.path.basename(name) if os.path.isabs(name) or ".." in name else name


def command_of(verb: str, scenario: str, settings: tuple[str, ...], experiment: "Experiment") -> str:
    """The command that repeats a run, with everything it hangs on written out."""
    weeks = experiment.plan("simpy").points[0].weeks  # the same with any engine
    length = f"{weeks:g}" if float(weeks).is_integer() else None
    return repeated(
        verb, scenario, typed(set=settings, replications=experiment.replications, seed=experiment.seed, weeks=length)
    )


def diagnosed(
    experiment: "Experiment",
    out: str | None,
    workers: int | None,
    picture: str | None,
    *,
    engine: str | None = None,
    as_json: bool,
) -> Exit:
    """Run it, and print what is found of its balance, its warm-up and its luck."""
    from accesssim.clinic.load import offered_load
    from accesssim.study.asking import diagnosis
    from accesssim.study.running import disk
    from accesssim.study.telling import json_forms, verdicts

    if picture is not None and _is_in_new_folder(picture, out):
        if not picture.endswith(
            (".svg", ".png")
        ):  # any other name there may be one of the result's own files, which are not there yet
            raise click.UsageError(
                f"{picture} must end in .svg, as it goes among the files of the result. Name another file with: --picture FILE.svg"
            )
    elif picture is not None:
        with _able_to_write(picture):
            disk.refuse_to_replace(Path(picture), disk.PICTURE, "picture", "--picture FILE")
            disk.probe(Path(picture))
    parameters = experiment.scenario.parameters
    result = work(experiment, out, workers, engine=engine)
    if not result.count:
        return ended(result, out)
    found = diagnosis.diagnose(result, parameters.run.warm_up_weeks, opens_empty=parameters.initial.state == "empty")
    sentences = verdicts.verdicts(found, [str(load) for load in offered_load(experiment.scenario) if load.over])
    if picture is not None:
        with _able_to_write(picture):
            disk.refuse_to_replace(Path(picture), disk.PICTURE, "picture", "--picture FILE")
            disk.deliver(Path(picture), verdicts.picture(found))
    if as_json:
        print_json(json_forms.diagnosis(found, sentences))
    else:
        click.echo(verdicts.table(found, sentences))
    return ended(result, out)


def _is_in_new_folder(picture: str, out: str | None) -> bool:
    """Whether a picture goes straight into the folder of the result, which is not made yet."""
    return out is not None and not os.path.exists(out) and Path(picture).resolve().parent == Path(out).resolve()


@contextmanager
def _able_to_write(picture: str) -> Iterator[None]:
    """What the file system says against a picture is wrong usage, but for a full disk."""
    from accesssim.study.faults import FULL

    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise
        raise click.UsageError(
            f"{picture} cannot be written ({error.strerror}). Name another file with --picture."
        ) from None


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
    from accesssim.clinic.engines import chosen
    from accesssim.study.asking.estimates import seconds_per_run
    from accesssim.study.asking.experiment import MOST_RUNS
    from accesssim.study.asking.solve import most_values, refuse_too_many, solve
    from accesssim.study.telling import answers, json_forms, plans

    tell_of_changes(wanted.scenario, [wanted.lever])
    if dry_run:
        values = most_values(wanted.lever, wanted.between)
        refuse_too_many(wanted.scenario, wanted.lever, wanted.between, wanted.replications, most_runs or MOST_RUNS)
        seconds = values * wanted.replications * seconds_per_run(wanted.scenario, chosen(engine))
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
    if as_json:
        print_json(json_forms.solution(found))
    else:
        click.echo(answers.solution(found))
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
            f"To see it again: accesssim replay {named(os.path.join(out, f'at-{exact(first.value)}'))} 0:{first.error.removeprefix('replication ').partition(':')[0]}"
        )

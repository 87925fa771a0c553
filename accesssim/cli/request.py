"""What the command line asks for, made into scenarios, experiments and results."""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from accesssim.cli.exits import Terminated
from accesssim.cli.remarks import tell_of_changes, tell_of_kept
from accesssim.cli.screen import bar, compiling, named, note, typed

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from accesssim.clinic.engines import Engine
    from accesssim.study.asking.condition import Condition
    from accesssim.study.asking.experiment import Experiment
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


def one_point(
    name: str, settings: tuple[str, ...], replications: int | None, seed: int | None, weeks: int | None, *, people: bool
) -> "Experiment":
    """An experiment of one point: a scenario as it is asked for, with a row for each person where somebody may compare them."""
    from accesssim.clinic.demand_limits import check_demand
    from accesssim.study.asking.experiment import Experiment

    scenario = read_scenario(name, settings, weeks)
    check_demand(scenario)
    return Experiment(scenario, replications=replications, seed=seed, people=people)


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
    experiment.refuse_too_many_more(more)
    taken = experiment.engine(engine, workers or processors(), part, more=more)
    runs = experiment.plan(taken).runs
    if out is not None:
        runs, finished = _tell_of(out, experiment, more, update, part, taken)
        if finished is not None:
            if report and not os.path.isfile(os.path.join(out, "report.html")):
                _page(finished, out)
            return finished
    made_ready(taken, engine)  # which takes its time: a result that is finished already does without
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
                engine=taken,
            )
    except (KeyboardInterrupt, Terminated):
        if out is not None:
            tell_of_kept(out)
        raise
    # The page of parts is written by the last to end, which alone sees all of them.
    if out is not None and report and not (part and result.missing):
        _page(result, out)
    return result


def made_ready(taken: "Engine", asked: str | None) -> None:
    """What an engine needs before it runs, with a bar on a terminal; `asked` is what was typed."""
    from accesssim.clinic.engines import prepare

    with compiling() as progress:
        prepare(taken, note, progress, asked=asked)


@contextmanager
def never_changing() -> Iterator[None]:
    """For a verb that has neither --update nor --more: what to do where a folder holds something else. Raises FolderError."""
    from accesssim.study.faults import FolderError, HoldsOther

    try:
        yield
    except HoldsOther as error:
        raise FolderError(f"{error.what} Name another folder with --out.") from None


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

"""What can be done with a scenario file: write one, check it, read it, follow one life through it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accesssim.cli.exits import Exit
from accesssim.cli.options import option_json, option_set
from accesssim.cli.remarks import warn_of_lists, warn_of_slow_reductions
from accesssim.cli.request import read_scenario
from accesssim.cli.screen import named, note, print_json, typed

if TYPE_CHECKING:
    from accesssim.world.scenario import Scenario


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a commented starter scenario NAME.yaml."""
    from accesssim.study.faults import FULL
    from accesssim.world.reading.starter import starter

    path = _starter_path(name)
    try:
        _write_new(path, starter(os.path.basename(path).removesuffix(".yaml")))
    except FileExistsError:
        raise click.UsageError(
            f"{path} is there already. Choose another name, or look at it with: accesssim show {named(path)}"
        ) from None
    except OSError as error:
        if error.errno in FULL:
            raise
        raise click.UsageError(f"{path} cannot be written ({error.strerror}). Choose another place.") from None
    click.echo(path)
    note(f"Edit it, then: accesssim check {named(path)}")


def _write_new(path: str, text: str) -> None:
    """Write a file that is not there yet, or leave none. Raises OSError."""
    from accesssim.study.running import disk

    with open(path, "x", encoding="utf-8"):
        pass  # ours from here on
    try:
        disk.deliver(Path(path), text)
    except OSError:
        os.unlink(path)
        raise


def _starter_path(name: str) -> str:
    """Where a starter of this name goes. Raises UsageError for one that no verb could read, or nobody would find again."""
    if not name.isprintable():
        raise click.UsageError(
            f"{name!a} holds a letter that cannot be printed. Choose another name, for example: accesssim new my_service"
        )
    folder, file = os.path.split(name)
    stem = file.removesuffix(".yaml").removesuffix(".yml")
    if not stem.strip(". "):
        raise click.UsageError(f"{name!r} is not a name for a file. Choose one, for example: accesssim new my_service")
    path = os.path.join(folder, f"{stem}.yaml")
    if file.endswith(".yml"):
        raise click.UsageError(f"{name}: a scenario file ends in .yaml. Type: accesssim new {named(path)}")
    return path


def _lists_are_long(scenario: "Scenario") -> bool:
    """Whether a list holds the referrals of a month: what is below is not looked at, as that takes longer than all else."""
    now = scenario.parameters
    return any(people > 4.0 * now.demand.referrals_per_week for people in now.initial.waiting.values())


@click.command()
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
@option_json
def check(names: tuple[str, ...], as_json: bool) -> Exit:
    """Say whether scenarios and experiments are valid, with every problem at once."""
    from accesssim.study.asking import experiment_files
    from accesssim.world.errors import AccessSimError, ScenarioError
    from accesssim.world.reading import files

    verdicts = []
    for name in names:
        problems: list[str] = []
        kind = "scenario"
        try:
            kind = experiment_files.check(name)
        except ScenarioError as error:
            problems = [str(problem) for problem in error.problems]
        except AccessSimError as error:
            problems = [f"{name}: {error}"]
        if not as_json:
            click.echo(f"{name}: valid {kind}" if not problems else "\n".join(problems))
        warnings: list[str] = []
        if not problems and kind == "scenario":
            scenario = files.load(name)
            warnings = warn_of_slow_reductions(scenario) + (
                warn_of_lists(scenario) if _lists_are_long(scenario) else []
            )
        verdicts.append({"file": name, "valid": not problems, "kind": kind, "problems": problems, "warnings": warnings})
    if as_json:
        print_json(verdicts)
    invalid = [str(verdict["file"]) for verdict in verdicts if not verdict["valid"]]
    if invalid:
        note(f"Correct the lines named, then: accesssim check {' '.join(map(named, invalid))}")
    elif not as_json:
        note(f"Next: accesssim {'run' if verdicts[0]['kind'] == 'scenario' else 'sweep'} {named(names[0])}")
    return Exit.INVALID if invalid else Exit.DONE


@click.command()
@click.argument("scenario", required=False)
@click.option("--schema", is_flag=True, help="The JSON Schema of scenario files, for editors.")
@option_json
@option_set
def show(scenario: str | None, schema: bool, as_json: bool, settings: tuple[str, ...]) -> None:
    """Every value of a scenario with unit, kind, source, quality, place and meaning."""
    from accesssim.study.running.plan import written
    from accesssim.study.telling import columns
    from accesssim.world.reading.listing import describe
    from accesssim.world.reading.schema import json_schema

    if schema:
        print_json(json_schema())
        return
    if scenario is None:
        raise click.UsageError("name a scenario, for example: accesssim show baseline")
    described = describe(read_scenario(scenario, settings))
    if as_json:
        print_json(described)
    else:
        shown = ("path", "value", "unit", "kind", "quality", "source", "place", "meaning")
        click.echo(columns.aligned(shown, [[written(row[name]) for name in shown] for row in described]))


@click.command()
@click.argument("scenario")
@click.option("--person", type=click.IntRange(0), help="Whose life; left out, some numbers worth following.")
@click.option("--against", metavar="OTHER", help="The same person under another scenario, side by side.")
@click.option("--replication", type=click.IntRange(0), default=0, help="Which replication.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed; left out, the scenario's.")
@click.option("--weeks", type=click.IntRange(1), help="Length of the run.")
@option_set
@option_json
def trace(
    scenario: str,
    person: int | None,
    against: str | None,
    replication: int,
    seed: int | None,
    weeks: int | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> Exit:
    """One life, step by step, in plain words."""
    from accesssim.clinic.engines import simulate
    from accesssim.study.telling import json_forms, text
    from accesssim.study.telling import trace as lives

    ours = read_scenario(scenario, settings, weeks)
    theirs = None if against is None else read_scenario(against, (), weeks)
    again = f"accesssim trace {named(scenario)}{typed(against=against, replication=replication or None, seed=seed, weeks=weeks, set=settings)}"
    seed = ours.parameters.run.seed if seed is None else seed
    journal = simulate(ours, seed=seed, replication=replication)
    if person is None:
        _tell_of_notable(lives.notable(journal), again, as_json=as_json)
        return Exit.DONE
    steps = lives.life(journal, person)
    if not steps:
        notable = lives.notable(journal)
        what = (
            f"Follow another: {again} --person {notable[0][0]}"
            if notable
            else "Nobody in it has a life to follow: more people need help with a higher demand, or in more --weeks"
        )
        raise click.UsageError(f"there is no person {person} in this run. {what}")
    other = None if theirs is None else lives.life(simulate(theirs, seed=seed, replication=replication), person)
    start = ours.parameters.run.start_date
    if other == []:
        note(f"There is no person {person} under {against}: nothing stands in its column.")
    if as_json:
        print_json(json_forms.life(person, steps, other, start))
    else:
        click.echo(
            text.life(steps, start) if other is None else text.lives(steps, other, start, scenario, against or "")
        )
    return Exit.DONE


def _tell_of_notable(notable: list[tuple[int, str]], again: str, *, as_json: bool) -> None:
    """Some numbers worth following, and how the first is followed."""
    if as_json:
        print_json([{"person": number, "why": why} for number, why in notable])
    elif notable:
        click.echo("\n".join(f"{number:>8}  {why}" for number, why in notable))
    note(
        f"Next: {again} --person {notable[0][0]}"
        if notable
        else "Nobody in this run has a life to follow: more people need help with a higher demand, or in more --weeks."
    )

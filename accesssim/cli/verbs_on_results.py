"""What can be done with a result folder: see how far it is, run one of its runs again, write its page."""

import math

import click

from accesssim.cli.exits import Exit
from accesssim.cli.options import option_json
from accesssim.cli.request import processors
from accesssim.cli.screen import named, note, print_json


@click.command()
@click.argument("folder", metavar="DIR")
@option_json
def status(folder: str, as_json: bool) -> None:
    """How far a result is: runs done, failed and left, and about how long these take. Reads only, also while a sweep is at work."""
    from accesssim.study.running.folder import ResultFolder
    from accesssim.study.telling import json_forms, plans

    held = ResultFolder(folder)
    state = held.state()
    if as_json:
        print_json(json_forms.state(state))
        return
    click.echo(plans.state(state, processors()))
    for line in held.ledger.broken():
        note(f"{held.path / line} was cut short or changed: what it said is done again when the sweep goes on.")
    for name in held.ledger.damaged():
        note(f"{folder}/{name} is missing or damaged: it is done again when the sweep goes on.")
    if state.left:
        note(f"Go on with: {held.command()} --out {named(folder)}")


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("run", metavar="POINT:REPLICATION")
@option_json
def replay(folder: str, run: str, as_json: bool) -> Exit:
    """Run one replication of a result again, in this process, and compare it with what is kept."""
    from accesssim.study.running.plan import written
    from accesssim.study.running.replay import replayed
    from accesssim.study.telling import columns, json_forms

    point, colon, replication = run.partition(":")
    if not (colon and point.isdecimal() and replication.isdecimal()):
        raise click.UsageError(
            f"{run} must be POINT:REPLICATION, such as 0:17, as the columns point and replication of runs and failures say"
        )
    again = replayed(folder, int(point), int(replication))
    if again.traceback:
        click.echo(again.traceback, nl=False)
        note(again.verdict)
        return Exit.SOME_FAILED
    if as_json:
        print_json({name: json_forms.known(value) for name, value in again.measures.items()})
    else:
        click.echo(
            columns.aligned(
                ("measure", "value"),
                [
                    (name, columns.NO_ONE if math.isnan(value) else written(value))
                    for name, value in again.measures.items()
                    if "[" not in name
                ],
            )
        )
    note(again.verdict)
    return Exit.DONE if again.agrees else Exit.UNEXPECTED


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="FILE", help="Where to write it; left out, DIR/report.html.")
@click.option("--pictures", metavar="FOLDER", help="Also write each picture there, as an SVG file.")
def report(folder: str, out: str | None, pictures: str | None) -> None:
    """Write one self-contained HTML page from a result folder."""
    from accesssim.study.result import Result
    from accesssim.study.running.folder import ResultFolder
    from accesssim.study.telling.report import refuse_to_replace, write_pictures, write_report

    ResultFolder(folder).plan()  # before it is tried whether a page can be written, which might be into this folder
    refuse_to_replace(out, pictures)
    result = Result.read(folder)
    click.echo(write_report(result, folder, out))
    if pictures is not None:
        for path in write_pictures(result, pictures):
            click.echo(path)

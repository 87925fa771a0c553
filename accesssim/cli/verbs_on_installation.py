"""What is asked of an installation: whether it answers as it should, and that it be ready."""

import time
from typing import TYPE_CHECKING

import click

from accesssim.cli.exits import Exit
from accesssim.cli.options import option_json, option_workers
from accesssim.cli.request import processors
from accesssim.cli.screen import bar, compiling, note, print_json

if TYPE_CHECKING:
    from accesssim.clinic.engines import Engine


@click.command()
@option_workers
@click.option(
    "--engine", type=click.Choice(["simpy", "fast"]), help="Verify this engine alone; left out, all that are there."
)
@option_json
def verify(workers: int | None, engine: "Engine | None", as_json: bool) -> Exit:
    """The known answers, on this machine: journals as they should be, and the answers of queueing theory."""
    from accesssim.clinic import engines
    from accesssim.study.telling import answers, json_forms
    from accesssim.study.verifying.verify import tasks, verify, which

    asked = which(engine and engines.chosen(engine))
    with compiling() as progress:
        engines.prepare(asked[-1], note, progress)
    with bar(tasks(asked)) as advance:
        found = verify(asked, workers or processors(), advance)
    if as_json:
        print_json(json_forms.verified(found))
    else:
        click.echo(answers.verified(found))
    return Exit.DONE if found.met else Exit.NOT_MET


@click.command()
@option_json
def ready(as_json: bool) -> None:
    """Compile the fast engine if it is not compiled, so that nobody waits for it later: whoever installs for others calls it once."""
    from accesssim.clinic import engines
    from accesssim.world import results_digest

    engines.chosen("fast")
    from accesssim.clinic.compiled import cache, readiness  # once it is known that they can be

    folder, against = cache.place()
    if against is not None:
        raise click.UsageError(
            f"{against}: what is compiled could not be kept. Name another place with the environment variable "
            "ACCESSSIM_CACHE, and type: accesssim ready"
        )
    before, begun = readiness.is_ready(), time.perf_counter()
    with compiling() as progress:
        engines.prepare("fast", note, progress)
    seconds, code = time.perf_counter() - begun, results_digest.of_results()  # which is kept there as well
    if as_json:
        print_json(
            {
                "ready": readiness.is_ready(),
                "was_ready": before,
                "seconds": round(seconds, 1),
                "folder": str(folder),
                "code": code,
            }
        )
    elif before:
        click.echo(f"The fast engine was ready, in {folder}.")
    else:
        click.echo(f"The fast engine is ready, after {seconds:.0f} seconds, in {folder}.")

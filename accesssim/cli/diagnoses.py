"""What `run --diagnose` asks for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accesssim.cli.exits import Exit
from accesssim.cli.remarks import ended
from accesssim.cli.request import work
from accesssim.cli.screen import print_json

if TYPE_CHECKING:
    from accesssim.study.asking.experiment import Experiment


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
    from accesssim.study.asking import diagnosis, long_run
    from accesssim.study.running import disk
    from accesssim.study.telling import json_forms, verdicts

    if picture is not None and _is_in_new_folder(picture, out):
        # Any other name there may be one of the result's own files, which are not there yet.
        if not picture.endswith((".svg", ".png")):
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
    if (taken := experiment.engine(engine)) == "fast":  # SimPy's would take minutes
        sentences += verdicts.of_the_opening(long_run.long_run(experiment.scenario, taken, experiment.seed))
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

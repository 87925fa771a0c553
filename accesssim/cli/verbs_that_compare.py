"""What compares: two policies in the same futures, or the points of a result."""

import os
from typing import TYPE_CHECKING

import click

from accesssim.cli.exits import Exit
from accesssim.cli.options import option_by, option_json, option_set, options_of_runs
from accesssim.cli.remarks import ended, tell_of_no_groups
from accesssim.cli.request import made_ready, one_point, processors, work
from accesssim.cli.screen import named, note, print_json

if TYPE_CHECKING:
    from accesssim.study.result import Result


@click.command()
@click.argument("a")
@click.argument("b", required=False)
@option_set
@options_of_runs
@option_json
@option_by
def compare(
    a: str,
    b: str | None,
    settings: tuple[str, ...],
    as_json: bool,
    by: str | None,
    workers: int | None,
    engine: str | None,
    **asked_for: int | None,
) -> Exit:
    """Paired differences, B minus A, in the same futures.

    A and B are scenarios, or points of a result as DIR:N. --set changes B; without B, it is A with what --set changes. A result DIR alone: every
    point against the one of reference.
    """
    from accesssim.study.measuring.compare import paired
    from accesssim.study.telling import money, text

    points = [_point_of(name) for name in (a, b or a)]
    given = [f"--{name}" for name, value in {"set": settings, **asked_for}.items() if value not in (None, ())]
    if all(points) and given:
        raise click.UsageError(
            f"{' and '.join(given)} cannot change runs that are kept: compare points of a result without, or name two "
            "scenarios"
        )
    if b is None and points[0] is not None:
        _refuse_alone(*points[0])
        return _against_reference(a, as_json=as_json)
    if b is None and not settings:
        raise click.UsageError(
            f"name what to compare {a} with, for example: accesssim compare {named(a)} --set bureaucracy.level=1.5"
        )
    if any(points) and not all(points):
        raise click.UsageError("compare two scenarios, or two points of results; not one of each")
    if all(points):
        ours, theirs = (_held(*point) for point in points if point)
    else:
        ours, theirs = _run_both(a, b or a, settings, workers, engine, **asked_for)
    for name, side in ((a, ours), (b or a, theirs)):
        if not side.count:
            waits = " yet: finish the sweep that it is of, and compare it then"
            note(f"{name} has no runs to compare{', as all of them failed' if side.failed else waits}.")
            return Exit.SOME_FAILED if side.failed else Exit.USAGE
    differences = paired(ours.runs, theirs.runs)
    persons = ours.compare_people(theirs, by or "team")
    if as_json:
        from accesssim.study.telling import json_forms

        print_json(json_forms.differences(a, b or a, ours, theirs, differences, persons))
    else:
        click.echo(text.differences(differences, theirs.plan.currency, by or "team"))
        for letter, held in (("A", ours), ("B", theirs)):
            for sentence in money.sentences(money.budgets_at(held, held.plan.points[0].number)):
                click.echo(f"{letter}: {sentence}")
        tell_of_no_groups(by, [row.measure for row in differences])
        if lengths := text.windows([*ours.plan.points, *theirs.plan.points]):
            note(lengths)
        if persons:
            click.echo(f"\n{text.people(persons)}")
        else:
            note(
                "Who is better and who worse off can be told of results that keep people: put `people: true` "
                "into the experiment, and sweep with --update."
            )
    return max(ended(ours, None), ended(theirs, None))


def _run_both(
    a: str, b: str, settings: tuple[str, ...], workers: int | None, engine: str | None, **asked_for: int | None
) -> "tuple[Result, Result]":
    """Two scenarios in the same futures, the second with what is changed in it; both are read before either runs."""
    from accesssim.study.asking.estimates import soonest

    ours, theirs = (one_point(name, changed, people=True, **asked_for) for name, changed in ((a, ()), (b, settings)))
    runs = [(side.scenario, side.replications) for side in (ours, theirs)]
    taken = soonest(engine, runs, workers or processors())  # one for both
    made_ready(taken, engine)
    return work(ours, None, workers, engine=taken), work(theirs, None, workers, engine=taken)


def _against_reference(folder: str, *, as_json: bool) -> Exit:
    """Every point of a result against the one of reference."""
    from accesssim.study.result import Result
    from accesssim.study.telling import json_forms, text

    held = Result.read(folder)
    reference = held.plan.compare_to or 0
    found = held.against(reference, None if as_json else text.IN_BRIEF)
    if as_json:
        print_json(json_forms.against(held, reference, found))
    else:
        click.echo(text.against(held, reference, found))
    return ended(held, None)


def _point_of(name: str) -> tuple[str, int | None] | None:
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


def _held(folder: str, number: int | None) -> "Result":
    """The point that is named, or the only one. Raises UsageError where there are several to choose from."""
    from accesssim.study.result import Result

    points = _points(folder)
    if number is None and points > 1:
        raise click.UsageError(
            f"{folder} has {_numbers(points)}: say which with {folder}:N, or compare each with the one of "
            f"reference: accesssim compare {named(folder)}"
        )
    return Result.read(folder).at(number or 0)


def _refuse_alone(folder: str, number: int | None) -> None:
    """Of one point there is nothing to compare. Raises UsageError."""
    points = _points(folder)
    if points > 1 and number is not None:
        raise click.UsageError(
            f"name what to compare {folder}:{number} with, for example: accesssim compare "
            f"{named(f'{folder}:{number}')} {named(f'{folder}:{0 if number else 1}')}"
        )
    if points == 1:
        raise click.UsageError(
            f"{folder} has one point, and nothing to compare it with. Keep another run, with accesssim run "
            f"SCENARIO --set KEY=VALUE --out OTHER, and type: accesssim compare {named(folder)} OTHER"
        )


def _points(folder: str) -> int:
    """How many points a result has. Raises FolderError if it is none."""
    from accesssim.study.running.folder import ResultFolder

    return len(ResultFolder(folder).plan().points)


def _numbers(points: int) -> str:
    return f"points 0 to {points - 1}" if points > 1 else "only point 0"


def _two_of(folder: str, points: int) -> str:
    return f"{named(f'{folder}:0')} {named(f'{folder}:1')}" if points > 1 else f"{named(f'{folder}:0')} OTHER"

"""What the reader sees: data on stdout, notes and a bar on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


def note(words: str) -> None:
    """Tell the reader something that is not data."""
    click.echo(words, err=True)


def print_json(value: object) -> None:
    """Print as JSON; a number that does not exist is null."""
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=str))


@contextmanager
def bar(runs: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr if that is a terminal; what it yields is told how many runs are done."""
    if not sys.stderr.isatty() or runs < 2:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs, left"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Running", total=runs)
        yield lambda done: shown.advance(task, done)

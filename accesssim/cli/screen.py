"""What the reader sees: data on stdout, notes and a bar on stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def open_what_is_closed() -> None:
    """A process that was begun without an input or an output (`2>&-`) gets one that leads nowhere.

    The next file to be opened would else take its number, and what is told its place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(nowhere, True)  # for workers as well
            setattr(sys, name, os.fdopen(nowhere, mode))


def note(words: str) -> None:
    """Tell the reader something that is not data."""
    click.echo(words, err=True)


def named(path: str) -> str:
    """A file or folder as it stands in a command that the reader is to type: one word, and no option."""
    return _word(f"./{path}" if path.startswith("-") else path)


def typed(**options: object) -> str:
    """Options as they are typed again: what was left out is left out, and what may be repeated is."""
    each = [(name, one) for name, value in options.items() for one in (value if isinstance(value, tuple) else (value,))]
    return "".join(f" --{name.replace('_', '-')} {_word(str(one))}" for name, one in each if one is not None)


def _word(text: str) -> str:
    """One word to a shell, on one line."""
    from shlex import quote

    return quote(text) if text.isprintable() else f"$'{''.join(map(_escaped, text))}'"


def _escaped(letter: str) -> str:
    """A letter between $' and '."""
    if letter in "\\'":
        return f"\\{letter}"
    return letter if letter.isprintable() else "".join(f"\\x{byte:02x}" for byte in os.fsencode(letter))


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
    with _bars("runs, left") as shown:
        task = shown.add_task("Running", total=runs)
        yield lambda done: shown.advance(task, done)


@contextmanager
def compiling() -> Iterator[Callable[[int, int], None]]:
    """The same of functions to be compiled, once there are any; what it yields is told how many are done, and of how many."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    with ExitStack() as open_bars:
        tasks: list[tuple[Progress, TaskID]] = []

        def progress(done: int, of: int) -> None:
            if not tasks:
                shown = open_bars.enter_context(_bars("functions, left"))
                tasks.append((shown, shown.add_task("Compiling", total=of)))
            shown, task = tasks[0]
            shown.update(task, completed=done)

        yield progress


def _bars(words: str) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(words),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)

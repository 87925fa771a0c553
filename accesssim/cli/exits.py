"""How a command ends: its exit code, and one line that says what to type next."""

import os
import sys
from enum import IntEnum, unique

import click

from accesssim.cli.screen import note


@unique
class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    INVALID = 3
    SOME_FAILED = 4
    IN_USE = 5
    NOT_MET = 6
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """In words, as `--help` lists it."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done",
    Exit.UNEXPECTED: "unexpected error",
    Exit.USAGE: "wrong usage, or a folder that cannot be used",
    Exit.INVALID: "invalid scenario or experiment",
    Exit.SOME_FAILED: "finished, but some replications failed",
    Exit.IN_USE: "folder in use",
    Exit.NOT_MET: "a check that was asked for is not met",
    Exit.INTERRUPTED: "interrupted; what was done is kept",
    Exit.TERMINATED: "terminated; what was done is kept",
}

EXIT_CODES = "\b\nExit codes:\n" + "\n".join(f"  {code:>3}  {code.meaning}" for code in Exit)

KEPT = "What is entered in a result folder is kept; the same command again goes on from there."


class Terminated(BaseException):
    """The process was asked to end."""


def ending(error: BaseException) -> int:
    """Tell an error in one line that ends with what to type next, and choose the exit code."""
    error = _begun_by(error)
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 0
    if isinstance(error, click.Abort | KeyboardInterrupt):
        note(f"Interrupted. {KEPT}")
        return Exit.INTERRUPTED
    if isinstance(error, Terminated):
        note(f"Terminated. {KEPT}")
        return Exit.TERMINATED
    if isinstance(error, click.ClickException):
        return _wrong_usage(error)
    if isinstance(error, BrokenPipeError):  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNEXPECTED
    return _by_kind(error)


def _begun_by(error: BaseException) -> BaseException:
    """The interrupt that an error came of, if it did: code that was cut off anywhere may fall over its own clearing up.

    Click takes the end of a file for one.
    """
    if isinstance(error, click.Abort) and isinstance(error.__cause__, EOFError):
        error = error.__cause__
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, KeyboardInterrupt | Terminated):
        seen = seen.__context__
    return seen or error


def _wrong_usage(error: click.ClickException) -> int:
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    end = "" if message.endswith(("?", "?)")) else "."  # also where several are near, which are asked in brackets
    note(
        f"Error: {message}"
        if "accesssim " in message or "type: " in message
        else f"Error: {message}{end} Try: {context.command_path if context else 'accesssim'} --help"
    )
    return Exit.USAGE


def _by_kind(error: BaseException) -> int:
    from accesssim.study.faults import FULL, DamagedUnderWay, DiskFull, FolderInUse, WorkLost
    from accesssim.world.errors import AccessSimError, ScenarioError

    if isinstance(error, ScenarioError):
        note(str(error))
        if "; type: accesssim " not in str(error):
            note("Correct that and type the same again, or see what there is with: accesssim show baseline")
        return Exit.INVALID
    if isinstance(error, AccessSimError):
        note(f"Error: {error}")
        return (
            Exit.IN_USE
            if isinstance(error, FolderInUse)
            else Exit.UNEXPECTED
            if isinstance(error, DamagedUnderWay | DiskFull | WorkLost)
            else Exit.USAGE
        )
    if isinstance(error, OSError) and error.errno in FULL:
        note(f"Error: disk full{f': {error.filename} could not be written' if error.filename else ''}. {KEPT}")
        return Exit.UNEXPECTED
    if isinstance(error, OSError) and error.strerror:
        note(f"Error: {error.strerror.lower()}{f': {error.filename}' if error.filename else ''}. {KEPT}")
        return Exit.UNEXPECTED
    note(f"Unexpected error: {type(error).__name__}: {error}. For the traceback, type the same with: --debug")
    return Exit.UNEXPECTED

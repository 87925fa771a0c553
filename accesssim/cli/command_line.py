"""The command line: its verbs, its way to end. Nothing heavy is imported before a verb needs it."""

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from types import FrameType
from typing import TextIO

import click

from accesssim import version
from accesssim.cli import (
    verbs_on_installation,
    verbs_on_results,
    verbs_on_scenarios,
    verbs_that_compare,
    verbs_that_run,
)
from accesssim.cli.exits import EXIT_CODES, KEPT, Exit, Terminated, ending
from accesssim.cli.screen import note, open_what_is_closed


@click.group(
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.version_option(version.__version__, prog_name="accesssim", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error; may stand anywhere.")
@click.pass_context
def cli(context: click.Context) -> Exit | None:
    """Simulate access to talking therapy: what moves the wait, and what the wait and the work do to people.

    Results go to stdout, progress and notes to stderr. Start with: accesssim run baseline
    """
    if context.invoked_subcommand is not None:
        return None
    note(context.get_help())
    return Exit.USAGE


for verb in (
    verbs_on_scenarios.new,
    verbs_on_scenarios.check,
    verbs_on_scenarios.show,
    verbs_that_run.run,
    verbs_that_run.sweep,
    verbs_on_results.status,
    verbs_on_results.replay,
    verbs_on_results.report,
    verbs_that_compare.compare,
    verbs_that_run.solve_,
    verbs_on_scenarios.trace,
    verbs_on_installation.verify,
    verbs_on_installation.ready,
):
    cli.add_command(verb)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    _listen(_at_once, _at_once)
    raise KeyboardInterrupt


def _terminate(_number: int, _frame: FrameType | None) -> None:
    _listen(_at_once, _at_once)
    raise Terminated


def _listen(
    interrupt: Callable[[int, FrameType | None], None], terminate: Callable[[int, FrameType | None], None]
) -> None:
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, terminate)


def _at_once(number: int, _frame: FrameType | None) -> None:
    """A second signal does not wait for what the first began; workers end with this process."""
    code = Exit.INTERRUPTED if number == signal.SIGINT else Exit.TERMINATED
    os.write(sys.stderr.fileno(), f"Stopped at once. {KEPT}\n".encode())
    os._exit(code)


def end_soon(code: int) -> None:
    """What was under way is dropped. Python may clear up after it, undisturbed, but whatever keeps it waiting is not waited for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end = threading.Timer(1.0, os._exit, (code,))
    end.daemon = True
    end.start()


def _tell_remarks() -> None:
    """A warning of our own is a note for the reader; those of others look as they always do."""
    others = warnings.showwarning

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if category.__module__.startswith("accesssim."):
            note(f"Note: {message}")
        else:
            others(message, category, filename, lineno, file, line)

    warnings.showwarning = show


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with one of the stated codes."""
    open_what_is_closed()
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    _listen(_interrupt, _terminate)
    _tell_remarks()
    try:
        code = cli.main([word for word in arguments if word != "--debug"], prog_name="accesssim", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001  every ending has its exit code
        _listen(_at_once, _at_once)
        if debug and not isinstance(error, SystemExit):
            import traceback

            traceback.print_exc()
        code = ending(error)
    sys.exit(int(code or 0))

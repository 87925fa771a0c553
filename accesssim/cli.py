"""The command line: its verbs, its way to end. Nothing heavy is imported before a verb needs it."""

import os
import signal
import sys
from types import FrameType

import click

import accesssim
from accesssim import verbs_on_results, verbs_on_scenarios, verbs_that_run
from accesssim.exits import EXIT_CODES, Exit, Terminated, ending


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(accesssim.__version__, prog_name="accesssim", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error; may stand anywhere.")
def cli(debug: bool) -> None:
    """Simulate access to talking therapy: what moves the wait, and what the wait and the work do to people.

    Results go to stdout, progress and notes to stderr. Start with: accesssim run baseline
    """


for verb in (
    verbs_on_scenarios.new, verbs_on_scenarios.check, verbs_on_scenarios.show, verbs_that_run.run, verbs_that_run.sweep, verbs_on_results.status, verbs_on_results.replay,
    verbs_on_results.report, verbs_that_run.compare, verbs_that_run.solve_, verbs_on_scenarios.trace,
):
    cli.add_command(verb)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


def _at_once(_number: int, _frame: FrameType | None) -> None:
    """A second interrupt does not wait for the first to be done."""
    os._exit(Exit.INTERRUPTED)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with one of the stated codes."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = cli.main([word for word in arguments if word != "--debug"], prog_name="accesssim", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001  every ending has its exit code
        signal.signal(signal.SIGINT, _at_once)
        if debug and not isinstance(error, SystemExit):
            import traceback

            traceback.print_exc()
        code = ending(error)
    sys.exit(int(code or 0))

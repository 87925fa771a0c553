"""`accesssim`, and `python -m accesssim`."""

import signal


def main() -> None:
    """Run the command line. Until it is loaded an interrupt just ends the process: there is nothing yet to keep or to tell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from accesssim.cli import command_line
    from accesssim.cli.exits import Exit

    try:
        command_line.main()
    except SystemExit as ended:
        if ended.code in (Exit.INTERRUPTED, Exit.TERMINATED):
            command_line.end_soon(int(ended.code))
        raise


if __name__ == "__main__":
    main()

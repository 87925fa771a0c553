"""`accesssim`, and `python -m accesssim`."""

import signal


def main() -> None:
    """Run the command line. Until it is loaded an interrupt just ends the process: there is nothing yet to keep or to tell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from accesssim import cli
    from accesssim.exits import Exit

    try:
        cli.main()
    except SystemExit as ended:
        if ended.code in (Exit.INTERRUPTED, Exit.TERMINATED):
            cli.end_soon(int(ended.code))
        raise


if __name__ == "__main__":
    main()

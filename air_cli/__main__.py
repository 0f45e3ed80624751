"""`python -m air_cli` is `air`."""

import signal


def main() -> None:
    """Import and run the command. An interrupt while it is imported ends it without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    from air_cli.cli import main as run

    run()


if __name__ == "__main__":
    main()

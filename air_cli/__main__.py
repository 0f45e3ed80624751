"""`python -m air_cli` is `air`."""

from air_cli.cli import main

if __name__ == "__main__":
    main()

"""Exit codes and the three kinds of failure.

Everything that can go wrong belongs to exactly one of them:

- ``ReasonerFault``: the reasoner's reply or its code was wrong. It goes back into the loop
  as an observation and costs budget; a user never sees it as an error.
- ``ItemError``: this source, page, figure or question cannot be processed. It is recorded,
  the rest goes on, and the exit status is 3 at the end.
- ``EnvironmentFault``: the machine lacks something (jail, model, file system). Nothing more
  can be done; AIR stops with status 4 and a message that holds the fix.

``UsageError`` is what the user typed or configured wrongly (status 2). Any other exception that
reaches the command line is a bug in AIR (status 1).
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit status of the `air` command."""

    OK = 0
    BUG = 1
    USAGE = 2
    ITEMS = 3
    ENVIRONMENT = 4
    DIFFERS = 5
    INTERRUPTED = 130


class AirError(Exception):
    """Base of the errors that AIR raises on purpose; `str()` is one line for the user."""

    exit = Exit.BUG


class UsageError(AirError):
    """The command line or the configuration is wrong."""

    exit = Exit.USAGE


class ReasonerFault(AirError):
    """The reasoner's fault: goes back into the loop. `kind` is a short stable word."""

    def __init__(self, message: str, *, kind: str = "malformed") -> None:
        super().__init__(message)
        self.kind = kind


class ItemError(AirError):
    """This item's fault: recorded, the rest goes on. `kind` is a short stable word such as
    `unreadable`, `encrypted`, `too-large`, `crashed`, `timeout`, `memory`, `no-figure`."""

    exit = Exit.ITEMS

    def __init__(self, message: str, *, kind: str = "unreadable") -> None:
        super().__init__(message)
        self.kind = kind


class EnvironmentFault(AirError):
    """The environment's fault: stop. `fix` says what to do and is part of `str()`."""

    exit = Exit.ENVIRONMENT

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(f"{message} ({fix})" if fix else message)
        self.cause = message
        self.fix = fix

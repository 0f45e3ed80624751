"""For all tests."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Heed interrupts: a job in the background of a shell starts with SIGINT ignored, and so would
    the tests' children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

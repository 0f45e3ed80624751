"""The jail of a model's process: its files read-only, no network, nothing else of the user's.

A model file is data of strangers that native code parses. Only for models on the processor: what a
graphics card's driver needs of devices, files and system calls differs from machine to machine.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from air_cli.errors import EnvironmentFault
from air_cli.jail.keeper import Watched, keeper, kill
from air_cli.jail.launch import find_bwrap
from air_cli.jail.process import start
from air_cli.jail.recipe import MODEL

# Where the drivers of graphics cards have their devices.
CARDS = ("nvidia0", "nvidiactl", "kfd", "dri", "dxg")


class Jailed:
    """A model's process in a jail."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The outermost process; frames go through its pipes."""
        return self._watched.process

    def end(self) -> None:
        """Kill all that is in there."""
        kill(self._watched)
        keeper().forget(self._watched)


def starter(files: Sequence[Path]) -> Callable[[], Jailed]:
    """What starts a jailed model process that sees `files`.

    It raises `EnvironmentFault` when no jail can be made here.
    """
    return lambda: Jailed(start(MODEL, files=files))


def wanted(layers: int | str, devices: Path = Path("/dev")) -> bool:
    """Whether a model is to be jailed: there is bubblewrap, and no graphics card takes part."""
    if layers != 0 and any((devices / name).exists() for name in CARDS):
        return False
    try:
        find_bwrap()
    except EnvironmentFault:
        return False
    return True

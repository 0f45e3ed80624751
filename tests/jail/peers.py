"""Peers that do not keep to the protocol, in the place of a jail's process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from air_cli.jail import process
from air_cli.jail.keeper import Watched, keeper
from air_cli.jail.recipe import Profile

ROOT = Path(__file__).parents[2]
READY = """
import os, sys, time
from air_cli import wire
out, source = sys.stdout.buffer, sys.stdin.buffer
wire.send(out, {"op": "ready"})
"""


def put_in_place(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let every jail that starts from now on be a plain Python process that runs `script`."""

    def start(profile: Profile, *, jail: bool = True) -> Watched:
        env = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
        return keeper().spawn([sys.executable, "-c", script], env, (), profile.memory)

    monkeypatch.setattr(process, "start", start)

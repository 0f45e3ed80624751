"""Run the real command as a user would: another process, a home of its own, another folder."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from air_cli.errors import EnvironmentFault
from air_cli.jail.probe import require_jail

# One cache for the session: the same generated chart is read once, not by every test.
CACHE = Path(tempfile.mkdtemp(prefix="air-tests-"))
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def failed(self, code: int, *words: str) -> None:
        """It failed as it should: the status, one line on stderr with these words, no result."""
        assert self.code == code, self
        assert "Traceback" not in self.err, self.err
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("air: "), self.err
        assert all(word in lines[0] for word in words), self.err
        assert self.out == "", self.out


def home(folder: Path) -> dict[str, str]:
    """The environment of a user whose home is `folder`."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ
    }
    own = {"HOME": str(folder), "XDG_CACHE_HOME": str(CACHE), "PYTHONPATH": str(ROOT)}
    return {**kept, **own, "OMP_NUM_THREADS": "1"}


def air(
    *arguments: object,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    stdout: int | None = None,
) -> Done:
    """Run `air` in `cwd`, which is its home too."""
    done = subprocess.run(
        [sys.executable, "-m", "air_cli", *map(str, arguments)],
        cwd=cwd,
        env={**home(cwd), **(env or {})},
        input=stdin,
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())


def _no_jail() -> str:
    try:
        require_jail()
    except EnvironmentFault as fault:
        if os.environ.get("AIR_REQUIRE_JAIL"):
            raise
        return str(fault)
    return ""


_reason = _no_jail()
needs_jail = pytest.mark.skipif(bool(_reason), reason=_reason or "a jail is here")

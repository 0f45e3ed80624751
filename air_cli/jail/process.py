"""A jail's process on the host's side: start, exchange of frames with a deadline, death."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from air_cli import wire
from air_cli.errors import EnvironmentFault, ItemError
from air_cli.jail.clean import clean
from air_cli.jail.diagnose import diagnose
from air_cli.jail.keeper import Watched, keeper, kill
from air_cli.jail.launch import jailed, seccomp_program, unjailed
from air_cli.jail.pipes import Late, Pipes
from air_cli.jail.recipe import MIB, Profile

READY_SECONDS = 60.0


class JailProcess:
    """A running jail. It is started at once and found ready when first used."""

    proved = False  # whether a real jail has ever come up in this process

    def __init__(self, profile: Profile, limits: wire.Limits, *, jail: bool = True) -> None:
        """Raises `EnvironmentFault` when a jail cannot be made here."""
        self.profile = profile
        self._limits = limits
        self._ready: dict[str, Any] = {}
        self._jail = jail
        self._watched = start(profile, jail=jail)
        self._pipes = Pipes(self._watched.process)

    @property
    def alive(self) -> bool:
        return not self._pipes.closed and self._watched.process.poll() is None

    @property
    def pid(self) -> int:
        """The outermost process, as the host numbers it."""
        return self._watched.process.pid

    def wait_ready(self, seconds: float = READY_SECONDS) -> dict[str, Any]:
        """Wait until the peer has loaded; what it said then.

        Raises `EnvironmentFault` when it never will.
        """
        if self._ready:
            return self._ready
        self._pipes.deadline = time.monotonic() + seconds
        try:
            body = wire.receive(self._pipes.as_stream()).body
        except Late:
            self.close()
            raise EnvironmentFault(
                f"the {self.profile.name} jail was not ready after {seconds:.0f} s",
                fix="the machine may be overloaded: try again",
            ) from None
        except (wire.WireError, OSError) as error:
            raise self._not_started() from error
        if body.get("op") != "ready":
            self.close()
            raise EnvironmentFault(f"the {self.profile.name} jail said {body.get('op')!r} first")
        self._ready = dict(clean(body))
        JailProcess.proved = JailProcess.proved or self._jail
        return self._ready

    def send(self, body: dict[str, Any], blobs: Sequence[bytes], seconds: float) -> None:
        """Send one frame. Raises `ItemError` (and the jail is gone) when that fails."""
        self.wait_ready()
        with self._guarded(seconds):
            wire.send(self._pipes.as_stream(), body, blobs)

    def receive(self, seconds: float) -> wire.Frame:
        """The next frame, made harmless. Raises `ItemError`: kind `timeout`, `memory`, `crashed`;
        the jail is gone then."""
        with self._guarded(seconds):
            frame = wire.receive(self._pipes.as_stream(), self._limits)
            return wire.Frame(clean(frame.body), frame.blobs)

    def close(self) -> str:
        """Kill everything and return the end of what it said on stderr. Never raises."""
        if self._pipes.closed:
            return ""
        kill(self._watched)
        keeper().forget(self._watched)
        said = self._pipes.tail()
        self._pipes.close()
        return str(clean(said))

    @contextlib.contextmanager
    def _guarded(self, seconds: float) -> Any:
        """A deadline, the watchdog's full attention, and one kind of error."""
        if self._pipes.closed:
            raise ItemError(f"the {self.profile.name} jail is closed", kind="crashed")
        self._pipes.deadline = time.monotonic() + seconds
        keeper().busy(self._watched, True)
        try:
            yield
        except Late:
            self.close()
            raise ItemError(
                f"no reply from the {self.profile.name} jail within {seconds:.0f} s", kind="timeout"
            ) from None
        except (wire.WireError, OSError) as error:
            raise self._broken(error) from error
        except BaseException:  # interrupted in mid-frame: what comes next would be misread
            self.close()
            raise
        finally:
            keeper().busy(self._watched, False)

    def _broken(self, error: Exception) -> ItemError:
        process = self._watched.process
        # The end of the stream comes a moment before the end of the process.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1 if isinstance(error, wire.Closed | OSError) else 0.2)
        gone = isinstance(error, wire.Closed | OSError) or process.returncode is not None
        status = process.returncode
        said = self.close()
        name = f"the {self.profile.name} jail"
        if self._watched.over:
            limit = self.profile.memory // MIB
            return ItemError(f"{name} went over its {limit} MiB of memory", kind="memory")
        if not gone:
            return ItemError(f"{name} broke the protocol: {error}", kind="crashed")
        last = f": {said.splitlines()[-1][:300]}" if said else ""
        return ItemError(f"{name} died ({_ended(status)}){last}", kind="crashed")

    def _not_started(self) -> EnvironmentFault:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._watched.process.wait(1)
        status, over = self._watched.process.returncode, self._watched.over
        said = self.close()
        if over:
            return EnvironmentFault(f"the {self.profile.name} jail needs more memory than it has")
        if any(line.startswith(("bwrap:", "drop:")) for line in said.splitlines()):
            return diagnose(said)
        last = said.splitlines()[-1][:300] if said else _ended(status)
        return EnvironmentFault(
            f"the {self.profile.name} jail failed while starting: {last}",
            fix="`air doctor` shows what is missing; reinstalling air-cli may help",
        )


def start(profile: Profile, *, jail: bool = True, files: Sequence[Path] = ()) -> Watched:
    """Start a profile's process, in a jail that sees `files` too.

    Raises `EnvironmentFault` when it cannot be started.
    """
    if not jail:
        launch = unjailed(profile)
        return keeper().spawn(launch.argv, launch.env, (), profile.memory)
    read_end, write_end = os.pipe()
    try:
        launch = jailed(profile, read_end, files)
        os.write(write_end, seccomp_program())  # a kilobyte: fits into the pipe
        os.close(write_end)
        write_end = -1
        return keeper().spawn(launch.argv, launch.env, (read_end,), profile.memory, jail=True)
    except OSError as error:
        raise EnvironmentFault(f"the jail cannot start: {error}") from error
    finally:
        os.close(read_end)
        if write_end >= 0:
            os.close(write_end)


def _ended(status: int | None) -> str:
    if status is None:
        return "still ending"
    number = -status if status < 0 else status - 128
    if number > 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(number).name
    return f"exit status {status}"

"""From a profile to a command line for this machine and this user."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import pwd
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType

from air_cli.assets import asset
from air_cli.errors import EnvironmentFault
from air_cli.jail import drop
from air_cli.jail.layout import this_python
from air_cli.jail.recipe import HOME, Layout, Mount, Profile, bwrap_argv, environment, payload

# Root's jails run under the highest of these that no account has.
_FREE_IDS = range(65432, 61183, -1)
# An empty folder nobody needs, to be covered in root's private mount namespace.
_STAGES = ("/mnt", "/media", "/srv", "/tmp")


@dataclass(frozen=True)
class Launch:
    """What `Popen` needs. `seccomp` goes to the descriptor whose number `argv` was given."""

    argv: tuple[str, ...]
    env: Mapping[str, str]


def jailed(profile: Profile, seccomp_fd: int, files: Sequence[Path] = ()) -> Launch:
    """The command of a jail that sees `files` too, read-only and where they are.

    Raises `EnvironmentFault` when this machine cannot have one.
    """
    layout, bwrap = this_python(), find_bwrap()
    shown = tuple(Mount(str(path.resolve()), str(path.absolute())) for path in files)
    layout = replace(layout, mounts=(*layout.mounts, *shown))
    env = environment(layout)
    uid = unprivileged_id()
    if uid is None:
        return Launch(tuple(bwrap_argv(bwrap, profile, layout, seccomp_fd)), env)
    numbers = {mount.dest: str(n) for n, mount in enumerate(layout.mounts)}
    places = {dest: f"{{{number}}}" for dest, number in numbers.items()}
    plan = {
        "uid": uid,
        "gid": uid,
        "stage": next(folder for folder in _STAGES if Path(folder).is_dir()),
        "sources": {numbers[mount.dest]: mount.source for mount in layout.mounts},
        "argv": bwrap_argv(bwrap, profile, layout, seccomp_fd, places),
    }
    return Launch((sys.executable, "-I", "-S", "-B", drop.__file__, json.dumps(plan)), env)


def unjailed(profile: Profile) -> Launch:
    """The same program as a plain process under the same limits on memory and files.

    Nothing is isolated: for tests, and for reading where the user has switched the jail off.
    """
    layout = _at_home(this_python())
    inside = str(Path(drop.__file__).with_name("inside.py"))
    # The user's other processes count here, so the number of processes is left alone; macOS
    # refuses to limit the address space.
    left_alone = {"RLIMIT_NPROC"} | ({"RLIMIT_AS"} if sys.platform == "darwin" else set())
    limits = {key: n for key, n in profile.limits().items() if key not in left_alone}
    argv = [layout.python, inside, json.dumps(limits), *payload(profile, layout)[3:]]
    return Launch(tuple(argv), environment(layout))


def _at_home(layout: Layout) -> Layout:
    """Without the jail, AIR's own folders are where they are."""
    roots = [str(Path(m.source).parent) for m in layout.mounts if m.dest.startswith(f"{HOME}/")]
    return Layout(layout.python, layout.mounts, layout.links, (*roots, *layout.path))


def find_bwrap() -> str:
    """The path of bubblewrap. Raises `EnvironmentFault` with the way to get it."""
    if not sys.platform.startswith("linux"):
        raise EnvironmentFault(
            "generated code runs in a bubblewrap jail, which exists on Linux only",
            fix="use a Linux machine or virtual machine; `air read` and `air figures` work here"
            " with `[reader] jail = false`",
        )
    found = shutil.which("bwrap")
    if found is None:
        raise EnvironmentFault(
            "bubblewrap (bwrap) is not installed",
            fix="install it: `apt install bubblewrap`, `dnf install bubblewrap` or"
            " `pacman -S bubblewrap`",
        )
    return found


@cache
def unprivileged_id() -> int | None:
    """The user id that root's jails run under; None when we are an ordinary user, or root of a
    user namespace in which no other id exists (which is an ordinary user from outside)."""
    if os.geteuid() != 0:
        return None
    uid_map = Path("/proc/self/uid_map").read_text()
    mapped = [tuple(map(int, line.split())) for line in uid_map.splitlines()]
    for uid in _FREE_IDS:
        if any(first <= uid < first + count for first, _, count in mapped) and _is_free(uid):
            return uid
    return None


def _is_free(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return True
    return False


@cache
def seccomp_program() -> bytes:
    """The filter of `sandbox/seccomp.py` for this machine.

    Raises `EnvironmentFault` on a machine it was not written for.
    """
    machine = platform.machine()
    try:
        program: bytes = _policy().program(machine)
    except ValueError as error:
        raise EnvironmentFault(
            str(error), fix="AIR's jail supports x86_64 and aarch64 Linux"
        ) from error
    return program


def _policy() -> ModuleType:
    """`sandbox/seccomp.py`, which is not importable by name where AIR is installed from a wheel."""
    spec = importlib.util.spec_from_file_location("_air_seccomp", asset("sandbox") / "seccomp.py")
    if spec is None or spec.loader is None:
        raise EnvironmentFault("AIR's system call filter is missing", fix="reinstall air-cli")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module

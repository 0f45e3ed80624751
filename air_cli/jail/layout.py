"""Finds what a jail must see: the interpreter, its packages, AIR's files, system libraries."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from air_cli.assets import PACKAGE, sandbox_root
from air_cli.jail.recipe import HOME, Layout, Mount

_LIBRARIES = ("lib", "lib64", "lib32", "libx32")
# cpuinfo: without it onnxruntime falls back to slow kernels. There is no /proc besides.
_OTHERS = ("/etc/ld.so.cache", "/usr/share/zoneinfo", "/proc/cpuinfo", "/nix/store", "/gnu/store")


@cache
def this_python() -> Layout:
    """The layout for the interpreter that runs now. Raises `EnvironmentFault` when AIR's own files
    are missing."""
    executable = sys.executable
    base = str(getattr(sys, "_base_executable", executable) or executable)
    wanted = [*_system(), *_prefix(sys.prefix), *_prefix(sys.base_prefix)]
    packages = [*site.getsitepackages(), *_user_site()]
    wanted += [*packages, sysconfig.get_path("stdlib"), executable, base, *_OTHERS]
    own = (
        Mount(str(PACKAGE), f"{HOME}/air_cli"),
        Mount(str(sandbox_root() / "sandbox"), f"{HOME}/sandbox"),
    )
    return Layout(
        python=executable,
        mounts=(*_outermost(wanted), *own),
        links=tuple(_links()),
        path=tuple(_user_site()),
        libraries=_shared_library(),
    )


def _prefix(prefix: str) -> list[str]:
    """The parts of a Python prefix that are needed, and no more: a virtual environment may have
    been made in the middle of somebody's documents."""
    return [f"{prefix}/{part}" for part in ("lib", "lib64", "pyvenv.cfg")]


def _user_site() -> list[str]:
    folder = site.getusersitepackages()
    return [folder] if site.ENABLE_USER_SITE and Path(folder).is_dir() else []


def _shared_library() -> tuple[str, ...]:
    if not sysconfig.get_config_var("Py_ENABLE_SHARED") or sys.base_prefix == "/usr":
        return ()
    return (f"{sys.base_prefix}/lib",)


def _system() -> list[str]:
    roots = [f"/{name}" for name in _LIBRARIES if not Path(f"/{name}").is_symlink()]
    return [*roots, *(f"/usr/{name}" for name in _LIBRARIES)]


def _links() -> list[tuple[str, str]]:
    names = [f"/{name}" for name in _LIBRARIES]
    return [(str(Path(name).readlink()), name) for name in names if Path(name).is_symlink()]


def _outermost(paths: Iterable[str]) -> list[Mount]:
    """Those that exist, parents first, without what a parent already shows at the same place."""
    mounts: list[Mount] = []
    for path in sorted(set(filter(os.path.exists, paths)), key=lambda p: (p.count("/"), p)):
        real = os.path.realpath(path)
        if not any(_covers(mount, path, real) for mount in mounts):
            mounts.append(Mount(real, path))
    return mounts


def _covers(mount: Mount, path: str, real: str) -> bool:
    if not Path(path).is_relative_to(mount.dest):
        return False
    below = Path(path).relative_to(mount.dest)
    return str(Path(mount.source) / below) == real

"""The recipe of the jail: command line, environment and limits, as pure functions.

What each part stops is in `sandbox/README.md`; `tests/jail/` tries each with a control.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

MIB = 2**20
HOME = "/air"
INSIDE = f"{HOME}/air_cli/jail/inside.py"
# Never root, even where the host's own number is 0 in a container's user namespace.
INNER_ID = "1000"


@dataclass(frozen=True)
class Profile:
    """What a jail runs and may use. Sizes in bytes.

    `address_space` and `file_size` hold for each process; `memory` is the resident memory of all
    its processes together, held by the watchdog; `scratch` is the size of `/tmp`.
    """

    name: str
    module: str
    address_space: int
    memory: int
    processes: int
    scratch: int = 64 * MIB
    file_size: int = 64 * MIB
    open_files: int = 128

    def limits(self) -> dict[str, int]:
        """The resource limits that are set inside, by their names in `resource`."""
        return {
            "RLIMIT_AS": self.address_space,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_CORE": 0,
            "RLIMIT_MSGQUEUE": 0,
            "RLIMIT_MEMLOCK": 0,
        }


# A model's files are mapped whole and its memory is the user's choice: no limit on either.
UNLIMITED = 2**62
MODEL = Profile("model", "air_cli.reasoners.llama_child", UNLIMITED, UNLIMITED, 4096, file_size=MIB)
CODE = Profile("code", "sandbox.guest", 1024 * MIB, 1536 * MIB, 32)
READER = Profile("reader", "air_cli.read.service", 2048 * MIB, 2048 * MIB, 64)


def sized(profile: Profile, mebibytes: int) -> Profile:
    """The profile with another limit on memory, of each process and of all together.

    A code session and a step in a fork of it may both be large: together they get half as much
    again.
    """
    size = mebibytes * MIB
    together = size * 3 // 2 if profile.name == "code" else size
    return replace(profile, address_space=size, memory=together)


@dataclass(frozen=True)
class Mount:
    """A file or folder of the host, bound read-only at `dest`."""

    source: str
    dest: str


@dataclass(frozen=True)
class Layout:
    """Where Python, its packages and AIR's own files are, and which system libraries they need.

    `links` are symbolic links (target, place); `path` is the jail's PYTHONPATH after `HOME`;
    `libraries` its LD_LIBRARY_PATH, for a Python built as a shared library outside of /usr.
    """

    python: str
    mounts: tuple[Mount, ...]
    links: tuple[tuple[str, str], ...] = ()
    path: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


def environment(layout: Layout) -> dict[str, str]:
    """The whole environment of the jail. Give it to `Popen` as `env`: the caller's would stay
    readable in the outer process however thoroughly the inner one is cleared."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    env = {
        "PATH": "/usr/bin",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "USER": "air",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "OMP_WAIT_POLICY": "passive",
        "PYTHONPATH": ":".join((HOME, *layout.path)),
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **dict.fromkeys(threads, "1"),
    }
    if layout.libraries:
        env["LD_LIBRARY_PATH"] = ":".join(layout.libraries)
    return env


def payload(profile: Profile, layout: Layout) -> list[str]:
    """What runs inside: limits first, then the module."""
    return [layout.python, INSIDE, json.dumps(profile.limits()), profile.module]


def bwrap_argv(
    bwrap: str,
    profile: Profile,
    layout: Layout,
    seccomp_fd: int,
    sources: Mapping[str, str] | None = None,
) -> list[str]:
    """The command line of a jail.

    `sources` maps a mount's destination to the path under which its source can be reached, where
    that is not `Mount.source` (root prepares them before it gives up its identity).
    """
    argv = [
        bwrap,
        "--unshare-all",
        # --unshare-all alone treats the user namespace as optional.
        *("--unshare-user", "--disable-userns"),
        *("--uid", INNER_ID, "--gid", INNER_ID, "--hostname", "jail"),
        *("--cap-drop", "ALL", "--die-with-parent", "--new-session"),
        # /tmp first: what is bound may lie below it.
        *("--perms", "0700", "--size", str(profile.scratch), "--tmpfs", "/tmp"),
        *("--perms", "0700", "--size", str(profile.scratch), "--tmpfs", "/dev/shm"),
    ]
    for device in ("null", "zero", "urandom", "random"):
        argv += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    for mount in layout.mounts:
        argv += ["--ro-bind", (sources or {}).get(mount.dest, mount.source), mount.dest]
    for target, place in layout.links:
        argv += ["--symlink", target, place]
    # Last, when every mount point exists.
    argv += ["--remount-ro", "/", "--chdir", "/tmp", "--seccomp", str(seccomp_fd), "--"]
    return argv + payload(profile, layout)

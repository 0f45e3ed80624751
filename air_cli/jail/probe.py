"""What this machine's jail is worth: facts for `air doctor`, and the check before any code runs."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from air_cli import wire
from air_cli.errors import EnvironmentFault, ItemError
from air_cli.jail import tree
from air_cli.jail.diagnose import forbidden_by
from air_cli.jail.launch import find_bwrap, unprivileged_id
from air_cli.jail.process import JailProcess
from air_cli.jail.recipe import CODE

_PROBE = replace(CODE, name="probe", module="sandbox.probe")
_SECONDS = 20.0
# (fixed in, name, what it is, why it matters little here)
_KNOWN = (
    (
        (0, 12, 0),
        "CVE-2026-87766",
        "set-up follows symbolic links in what it binds; AIR binds only what no earlier run wrote",
    ),
)


@dataclass(frozen=True)
class Finding:
    """One line of `air doctor`. `ok`: True, False (it will not work), None (works, but…)."""

    name: str
    ok: bool | None
    detail: str
    fix: str = ""


@cache
def require_jail() -> None:
    """Raise `EnvironmentFault`, with the precise cause and its fix, where generated code cannot be
    jailed. Call it before any is run; a success is remembered."""
    if not JailProcess.proved:
        try_jail()


def try_jail() -> dict[str, Any]:
    """Start a jail that reports on itself; its facts, and `host_uid`, the user it is outside.

    Raises `EnvironmentFault`.
    """
    process = JailProcess(_PROBE, wire.Limits(header=65536, blobs=0))
    try:
        ready = process.wait_ready(_SECONDS)
        facts = ready.get("facts")
        if not isinstance(facts, dict):
            raise EnvironmentFault("the probe jail did not report", fix="reinstall air-cli")
        return {**facts, "host_uid": _uid_outside(tree.processes(process.pid)[-1])}
    except ItemError as error:
        raise EnvironmentFault(f"the jail cannot start: {error}") from error
    finally:
        process.close()


def examine() -> list[Finding]:
    """Everything about the jail on this machine, one finding a fact."""
    if not sys.platform.startswith("linux"):
        return [_bubblewrap_fault()]
    try:
        path = find_bwrap()
    except EnvironmentFault:
        return [_bubblewrap_fault()]
    findings = [_version(path), *_vulnerabilities(path), *_namespaces(), *_jail()]
    return [*findings, bytecode(("numpy", "pandas"))]


def bytecode(packages: Sequence[str]) -> Finding:
    """Whether the packages were compiled when they were installed: a jail cannot keep what it
    compiles, so that each would do it again (some installers leave it out)."""
    for name in packages:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            return Finding("bytecode", None, f"{name} is not installed", "install air-cli again")
        if not Path(importlib.util.cache_from_source(spec.origin)).exists():
            folder = Path(spec.origin).parents[1]
            return Finding(
                "bytecode",
                None,
                "packages are not compiled: every jail takes seconds longer to start",
                f"python -m compileall -q {folder}",
            )
    return Finding("bytecode", True, "packages are compiled")


def _bubblewrap_fault() -> Finding:
    try:
        find_bwrap()
    except EnvironmentFault as error:
        return Finding("bubblewrap", False, error.cause, error.fix)
    return Finding("bubblewrap", True, "found")


def version_of(path: str) -> tuple[int, ...]:
    """The version of the bubblewrap at `path`; empty where it does not tell."""
    said = ""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        said = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    return tuple(int(part or 0) for part in found.groups()) if found else ()


def _version(path: str) -> Finding:
    version = version_of(path)
    if not version:
        return Finding("bubblewrap", False, f"{path} does not run", "reinstall bubblewrap")
    number = ".".join(map(str, version))
    if version < (0, 8, 0):
        return Finding(
            "bubblewrap", False, f"{number} at {path} is too old", "install 0.8 or later"
        )
    return Finding("bubblewrap", True, f"{number} at {path}")


def _vulnerabilities(path: str) -> list[Finding]:
    version = version_of(path)
    found = []
    for fixed, name, what in _KNOWN:
        if version and version < fixed:
            number = ".".join(map(str, fixed))
            found.append(Finding(name, None, what, f"bubblewrap {number} or later has it mended"))
    return found


def _namespaces() -> list[Finding]:
    reason = forbidden_by()
    if reason is None:
        return [Finding("user namespaces", True, "no setting forbids them")]
    cause, fix = reason
    # Some settings bind ordinary users only, or make an exception for bubblewrap: the try decides.
    return [Finding("user namespaces", None, cause, fix)]


def _jail() -> list[Finding]:
    try:
        facts = try_jail()
    except EnvironmentFault as error:
        return [Finding("jail", False, error.cause, error.fix)]
    return [
        Finding("jail", True, "a jail was started and left"),
        _expect(facts, "system call filter", facts.get("seccomp") == 2, "in force", "not in force"),
        _expect(
            facts,
            "host files",
            not facts.get("sees_accounts") and not facts.get("root_writable"),
            "out of sight",
            "visible in the jail",
        ),
        _expect(facts, "/proc", not facts.get("sees_proc"), "not in the jail", "visible"),
        _identity(facts),
    ]


def _expect(facts: Mapping[str, Any], name: str, ok: bool, good: str, bad: str) -> Finding:
    return Finding(name, ok, good if ok else f"{bad}: {dict(facts)}")


def _identity(facts: Mapping[str, Any]) -> Finding:
    uid = facts["host_uid"]
    expected = unprivileged_id()
    if expected is not None:
        return Finding("identity", uid == expected, f"root's jails run as user {uid}")
    return Finding("identity", True, f"jails run as you (user {uid})")


def _uid_outside(pid: int) -> int:
    """The user id of a process as the host sees it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("Uid:"):
            return int(line.split()[1])
    raise EnvironmentFault(f"/proc/{pid}/status has no Uid")

"""Jails of root, of an ordinary user, of a container's root; and where none may be made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from air_cli.jail.launch import unprivileged_id
from tests.jail.outside import IS_ROOT

ROOT = Path(__file__).parents[2]
EXAMINE = (
    "import json; from air_cli.jail.probe import examine; from dataclasses import asdict\n"
    "print(json.dumps({finding.name: asdict(finding) for finding in examine()}))"
)
root_only = pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
NOBODY = 65431


def examine(*command: str, **options: Any) -> dict[str, dict[str, Any]]:
    """What the doctor's examination finds when it is run by `command … python`."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "-c", EXAMINE], env=env, capture_output=True, text=True, timeout=60, **options
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def python_for_all() -> str:
    """An interpreter, new enough, that an unprivileged user can start, with AIR in its reach."""
    check = f"import sys, os; os.stat({str(ROOT)!r} + '/air_cli/wire.py'); sys.version_info[:2]"
    check = f"{check} >= (3, 11) or sys.exit(1)"
    for candidate in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [candidate, "-c", check], user=NOBODY, capture_output=True, check=False
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    pytest.skip("no Python or checkout that an ordinary user can read")


def needs(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed")
    return found


@root_only
def test_an_ordinary_user(jail_here: None) -> None:
    found = examine(python_for_all(), user=NOBODY, group=NOBODY, extra_groups=[])
    assert found["jail"]["ok"] is True, found["jail"]
    assert found["identity"]["detail"] == f"jails run as you (user {NOBODY})"


@root_only
def test_a_python_under_a_closed_home(jail_here: None) -> None:
    """Root can use an interpreter that the user it becomes could never reach."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o700)
        made = [sys.executable, "-m", "venv", "--without-pip", f"{home}/env"]
        subprocess.run(made, check=True, timeout=60)
        found = examine(f"{home}/env/bin/python")
        assert found["jail"]["ok"] is True, found["jail"]
        assert str(unprivileged_id()) in found["identity"]["detail"]


@root_only
def test_root_without_the_right_to_mount(jail_here: None) -> None:
    command = [needs("setpriv"), "--bounding-set", "-sys_admin"]
    found = examine(*command, python_for_all())
    assert found["jail"]["ok"] is True, found["jail"]
    assert str(unprivileged_id()) in found["identity"]["detail"]


@root_only
def test_root_that_may_not_and_cannot_reach(jail_here: None) -> None:
    command = [needs("setpriv"), "--bounding-set", "-sys_admin"]
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o700)
        made = [sys.executable, "-m", "venv", "--without-pip", f"{home}/env"]
        subprocess.run(made, check=True, timeout=60)
        found = examine(*command, f"{home}/env/bin/python")
    assert found["jail"]["ok"] is False
    assert "cannot be reached" in found["jail"]["detail"]
    assert "readable for other users" in found["jail"]["fix"]


def test_the_root_of_a_user_namespace(jail_here: None) -> None:
    """Its 0 is an ordinary user outside, and there is nobody else to become."""
    command = [needs("unshare"), "--user", "--map-root-user"]
    found = examine(*command, sys.executable)
    assert found["jail"]["ok"] is True, found["jail"]
    assert found["identity"]["ok"] is True


def test_user_namespaces_that_are_switched_off(jail_here: None) -> None:
    off = 'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all "$@"'
    needs("setpriv")
    command = [needs("unshare"), "--user", "--map-root-user", "sh", "-c", off, "sh"]
    found = examine(*command, sys.executable)
    assert found["jail"]["ok"] is False
    assert "user.max_user_namespaces is 0" in found["jail"]["detail"]
    assert "sysctl" in found["jail"]["fix"]


@root_only
def test_a_container_whose_sysctls_are_read_only(jail_here: None) -> None:
    """As Docker has it."""
    masked = (
        "mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys"
        ' && exec setpriv --bounding-set -sys_admin "$@"'
    )
    needs("setpriv")
    command = [needs("unshare"), "--mount", "sh", "-c", masked, "sh"]
    found = examine(*command, python_for_all())
    assert found["jail"]["ok"] is False
    assert "container forbids it" in found["jail"]["detail"]
    assert "--security-opt" in found["jail"]["fix"]

"""From bubblewrap's words to a cause and a fix."""

from __future__ import annotations

from pathlib import Path

from air_cli.errors import EnvironmentFault

_APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_SYSCTL = Path("/proc/sys/user/max_user_namespaces")
_DEBIAN = Path("/proc/sys/kernel/unprivileged_userns_clone")

_IN_DOCKER = (
    "run the container with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    " --security-opt systempaths=unconfined`, or run air outside of it"
)
_ELSEWHERE = (
    "find what forbids them (AppArmor, SELinux, a security policy): `unshare --user true` must work"
    " for this user"
)
_FOR_APPARMOR = (
    "allow it for bwrap with an AppArmor profile (`userns,`), or for all with"
    " `sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
)


def diagnose(said: str) -> EnvironmentFault:
    """The fault behind what a jail said before it failed to start."""
    cause, fix = _explain(said)
    return EnvironmentFault(f"the jail cannot start: {cause}", fix=fix)


def forbidden_by() -> tuple[str, str] | None:
    """The setting of this machine that forbids user namespaces, with its fix, if one does."""
    if _read(_SYSCTL) == "0":
        return (
            "user namespaces are switched off (user.max_user_namespaces is 0)",
            "`sysctl user.max_user_namespaces=15000`",
        )
    if _read(_DEBIAN) == "0":
        return (
            "user namespaces are kept for root (kernel.unprivileged_userns_clone is 0)",
            "`sysctl kernel.unprivileged_userns_clone=1`",
        )
    if _read(_APPARMOR) == "1":
        return "AppArmor forbids unprivileged user namespaces", _FOR_APPARMOR
    return None


def _in_container() -> bool:
    return any(map(Path.exists, map(Path, ("/.dockerenv", "/run/.containerenv"))))


def _read(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def _explain(said: str) -> tuple[str, str]:
    lines = [line for line in said.splitlines() if line.startswith(("bwrap:", "drop:"))]
    line = lines[-1] if lines else (said.splitlines() or ["it ended without a word"])[-1]
    low = line.lower()
    if "uid map" in low or "new namespace" in low or "user namespace" in low:
        fix = _IN_DOCKER if _in_container() else _ELSEWHERE
        return forbidden_by() or (f"user namespaces are forbidden here ({line})", fix)
    if "loopback" in low:
        return f"network namespaces are restricted ({line})", _FOR_APPARMOR
    if "max_user_namespaces" in low or "mount proc" in low or "unshare" in low:
        return f"the container forbids it ({line})", _IN_DOCKER
    if "can't find source path" in low or "execvp" in low or "permission denied" in low:
        return (
            f"a file that the jail needs cannot be reached ({line})",
            "make Python, its packages and air readable for other users, or run air as an"
            " ordinary user",
        )
    if "setuid" in low:
        return f"bubblewrap is installed setuid ({line})", "`chmod u-s` it, or install 0.8 or later"
    if "unknown option" in low:
        return f"bubblewrap is too old ({line})", "install bubblewrap 0.8 or later"
    return line, "`air doctor` shows what is missing"

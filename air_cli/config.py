"""Configuration: defaults ← air.toml (user's, then project's) ← AIR_* ← flags.

The only reader of TOML and of the environment. Whatever is unknown or of the wrong type is an
error that names the key and where it stands; nothing is dropped in silence.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from air_cli.errors import UsageError
from air_cli.settings import Config, Key, is_model_name, keys, sections

__all__ = ["Config", "Resolved", "environment_name", "example", "load", "show_value", "user_file"]

FILE = "air.toml"
# Short names for what is set most often.
ALIASES = {
    "AIR_MODEL": "reasoner.model",
    "AIR_MMPROJ": "reasoner.mmproj",
    "AIR_MODE": "policy.mode",
    "AIR_FORMAT": "output.format",
}
XDG_FOLDERS = (
    ("cache.dir", "XDG_CACHE_HOME", ".cache", "air"),
    ("models.dir", "XDG_DATA_HOME", ".local/share", "air/models"),
)
# Read by AIR but no settings: the file to read, and where the tests find their data.
OTHER = ("AIR_CONFIG", "AIR_SHARED_DATA", "AIR_REQUIRE_JAIL", "AIR_REQUIRE_LLAMA")


@dataclass(frozen=True)
class Resolved:
    """The configuration and where each value came from (`section.key` → a few words).

    `notes` is what the user should know, such as a file that was passed over and why.
    """

    config: Config
    where: Mapping[str, str]
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Gathering:
    known: dict[str, Key]
    values: dict[str, object] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, name: str, value: object, origin: str, base: Path) -> None:
        found = self.known[name]
        name_only = found.named and isinstance(value, str) and is_model_name(value)
        if found.path and isinstance(value, str) and value and not name_only:
            value = os.path.normpath(base / Path(value).expanduser())
        self.values[name], self.where[name] = value, origin


def load(
    flags: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    file: Path | None = None,
) -> Resolved:
    """The configuration for a run.

    `flags` maps `section.key` to a value, None meaning that the flag was not given. `file` (or
    AIR_CONFIG) replaces the search for air.toml. Raises `UsageError`.
    """
    env = os.environ if env is None else env
    cwd = Path.cwd() if cwd is None else cwd
    got = _Gathering({k.name: k for k in keys()})
    for path, guarded in _files(env, cwd, file, got):
        _read_file(path, guarded, got)
    _read_environment(env, cwd, got)
    for name, value in (flags or {}).items():
        if value is not None:
            section, _, item = name.partition(".")
            flag = "--" + (section if item in ("name", "enabled") else item).replace("_", "-")
            got.put(name, _checked(got.known[name], value, flag), flag, cwd)
    _derive(env, cwd, got)
    return Resolved(_build(got.values), _wheres(got), tuple(got.files), tuple(got.notes))


def _files(
    env: Mapping[str, str], cwd: Path, file: Path | None, got: _Gathering
) -> Iterable[tuple[Path, bool]]:
    """The files to read, weakest first, each with whether guarded keys are refused in it."""
    named = file or (Path(env["AIR_CONFIG"]).expanduser() if env.get("AIR_CONFIG") else None)
    if named is not None:
        yield cwd / named, False
        return
    user = user_file(env)
    if user.is_file():
        yield user, False
    for folder in (cwd, *cwd.parents):
        path = folder / FILE
        if path.is_file() and path != user:
            # A file planted in a shared folder (/tmp/air.toml) must not steer somebody's run.
            owner = path.stat().st_uid
            if owner in (os.geteuid(), 0):
                yield path, True
                return
            got.notes.append(f"{path} is not read: it belongs to user {owner} (--config reads it)")


def _xdg(env: Mapping[str, str], name: str, default: str) -> Path:
    value = env.get(name, "")
    if value.startswith("/"):  # The specification: a relative path is to be ignored.
        return Path(value)
    return Path(env.get("HOME") or Path.home()) / default


def user_file(env: Mapping[str, str] | None = None) -> Path:
    """The user's own air.toml, whether it is there or not."""
    env = os.environ if env is None else env
    return _xdg(env, "XDG_CONFIG_HOME", ".config") / "air" / FILE


def _read_file(path: Path, guarded: bool, got: _Gathering) -> None:
    import tomllib

    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # covers UnicodeDecodeError and TOMLDecodeError
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    got.files.append(path)
    names = [name for name, _, _ in sections()]
    for section, body in data.items():
        if section not in names:
            raise UsageError(f"{path}: unknown section [{section}]{_near(section, names)}")
        if not isinstance(body, dict):
            raise UsageError(f"{path}: {section} is a section: write [{section}]")
        for item, value in body.items():
            name = f"{section}.{item}"
            if name not in got.known:
                raise UsageError(f"{path}: unknown key {name}{_near_key(name, got.known)}")
            if guarded and got.known[name].guarded and value != got.known[name].default:
                raise UsageError(
                    f"{path}: {name} is not taken from a project's file: set it in"
                    f" $XDG_CONFIG_HOME/air/air.toml or as {environment_name(name)}"
                )
            got.put(
                name, _checked(got.known[name], value, f"{path}: {name}"), str(path), path.parent
            )


def _read_environment(env: Mapping[str, str], cwd: Path, got: _Gathering) -> None:
    names = {environment_name(name): name for name in got.known} | ALIASES
    # Sorted by length so that a full name wins over its alias.
    for variable in sorted((v for v in env if v.startswith("AIR_")), key=lambda v: (len(v), v)):
        name = names.get(variable)
        if name is None:
            close = _near(variable, [*names, *OTHER], 0.85)
            if close and variable not in OTHER:
                raise UsageError(f"unknown environment variable {variable}{close}")
            continue
        value = _parse(got.known[name], env[variable], variable)
        got.put(name, value, variable, cwd)


def environment_name(name: str) -> str:
    """`reasoner.n_ctx` → `AIR_REASONER_N_CTX`."""
    return "AIR_" + name.replace(".", "_").upper()


def _parse(item: Key, text: str, where: str) -> object:
    """A value out of the environment, where everything is text."""
    kinds = _kinds(item.kind)
    if bool in kinds:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        return _checked(item, words.get(text.strip().lower(), text), where)
    for kind in (int, float):
        if kind in kinds:
            try:
                return _checked(item, kind(text), where)
            except ValueError:
                continue
    return _checked(item, text, where)


def _checked(item: Key, value: object, where: str) -> object:
    """The value if it is of the key's type. Raises `UsageError` otherwise."""
    kinds = _kinds(item.kind)
    words = [word for kind in kinds if isinstance(kind, tuple) for word in kind]
    if isinstance(value, str) and (str in kinds or value in words):
        return value
    if type(value) is int and int in kinds:
        return _not_negative(value, where)
    if type(value) in (int, float) and float in kinds:
        return _not_negative(float(typing.cast(float, value)), where)
    if type(value) is bool and bool in kinds:
        return value
    near = _near(value, words) if isinstance(value, str) else ""
    raise UsageError(f"{where}: {value!r} is not {_wording(kinds)}{near}")


def _not_negative(value: float, where: str) -> float:
    if not 0 <= value < 2**53:
        raise UsageError(f"{where}: {value} is not a number from 0 upwards")
    return value


def _kinds(kind: Any) -> list[Any]:
    """The types a key accepts; a Literal as the tuple of its words."""
    if typing.get_origin(kind) is Literal:
        return [typing.get_args(kind)]
    args = typing.get_args(kind)
    return [part for arg in args for part in _kinds(arg)] if args else [kind]


def _wording(kinds: list[Any]) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    parts = [", ".join(k) if isinstance(k, tuple) else names[k] for k in kinds]
    return ("one of " if isinstance(kinds[0], tuple) else "") + " or ".join(parts)


def _near(word: str, words: Iterable[str], cutoff: float = 0.6) -> str:
    close = difflib.get_close_matches(word, list(words), 1, cutoff)
    return f": perhaps you meant {close[0]}?" if close else ""


def _near_key(name: str, known: Iterable[str]) -> str:
    """A key of the same section, or the same key of another section."""
    known = list(known)
    same = [k for k in known if k.rpartition(".")[2] == name.rpartition(".")[2]]
    return f": perhaps you meant {same[0]}?" if same else _near(name, known)


def _derive(env: Mapping[str, str], cwd: Path, got: _Gathering) -> None:
    """Settings that follow from others."""
    if "reasoner.name" not in got.values:
        for other, name in (("reasoner.model", "llama"), ("reasoner.url", "server")):
            if got.values.get(other):
                got.put("reasoner.name", name, f"because {other} is set", cwd)
                break
    for key, name, default, folder in XDG_FOLDERS:
        if not got.values.get(key):
            origin = name if env.get(name, "").startswith("/") else "default"
            got.put(key, str(_xdg(env, name, default) / folder), origin, cwd)
    for key, name in (("models.hub", "HF_ENDPOINT"), ("models.token", "HF_TOKEN")):
        if not got.values.get(key) and env.get(name):
            got.put(key, env[name], name, cwd)
    if "output.color" not in got.values and env.get("NO_COLOR"):
        got.put("output.color", "never", "NO_COLOR", cwd)


def _build(values: Mapping[str, object]) -> Config:
    config = Config()
    for section, _, found in sections():
        changes = {k.name.split(".")[1]: values[k.name] for k in found if k.name in values}
        if changes:
            part = dataclasses.replace(getattr(config, section), **changes)
            config = dataclasses.replace(config, **{section: part})
    return config


def _wheres(got: _Gathering) -> dict[str, str]:
    return {name: got.where.get(name, "default") for name in got.known}


def show_value(config: Config, item: Key) -> object:
    """The value of a key for showing: a secret as `(set)`."""
    section, _, name = item.name.partition(".")
    value = getattr(getattr(config, section), name)
    return "(set)" if item.secret and value else value


def example() -> str:
    """The text of air.toml.example: every key with its default, its meaning and its variable."""
    import textwrap

    lines = [
        "# Every setting of AIR with its default. AIR reads $XDG_CONFIG_HOME/air/air.toml",
        "# (~/.config/air/air.toml), then air.toml in this folder or the nearest one above it,",
        "# then AIR_* variables, then flags: the later wins. `air config` shows the result.",
        "# Relative paths count from this file. To set a key, take the # away before it.",
    ]
    short = {name: variable for variable, name in ALIASES.items()}
    for section, doc, found in sections():
        lines += ["", f"# {doc}", f"[{section}]"]
        for item in found:
            variables = [environment_name(item.name)]
            variables += [short[item.name]] if item.name in short else []
            text = item.doc + (" Not in a project's file." if item.guarded else "")
            lines += textwrap.wrap(text, 98, initial_indent="# ", subsequent_indent="# ")
            name = item.name.partition(".")[2]
            lines.append(f"#{name} = {_toml(item.default)}  # {', '.join(variables)}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)

"""Set one key of a TOML file and leave the rest of it, comments included, as it was. Pure."""

from __future__ import annotations

import json
import re
import tomllib

from air_cli.errors import UsageError


def with_key(text: str, section: str, key: str, value: str) -> str:
    """`text` with `[section] key = "value"`; an empty value takes the key out.

    Raises `UsageError` when the text is no TOML, or is written in a way that cannot be edited
    by lines (`section.key = …`, `section = {…}`).
    """
    before = _parsed(text)
    lines = text.splitlines()
    header = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]\s*(#.*)?")
    start = next((n for n, line in enumerate(lines) if header.fullmatch(line)), None)
    if start is None:
        if value:
            lines += [*([""] if lines else []), f"[{section}]", _line(key, value)]
    else:
        end = next(
            (n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")),
            len(lines),
        )
        at = next((n for n in range(start + 1, end) if _names(lines[n], key)), None)
        new = [_line(key, value)] if value else []
        place = slice(at, at + 1) if at is not None else slice(start + 1, start + 1)
        lines[place] = new
    made = "\n".join(lines) + "\n"
    wanted = {**before, section: {**before.get(section, {}), key: value}}
    if not value:
        wanted[section].pop(key)
    after = _parsed(made)
    if {k: v for k, v in after.items() if v} != {k: v for k, v in wanted.items() if v}:
        raise UsageError(f'it cannot be edited safely: write {key} = "{value}" yourself')
    return made


def _parsed(text: str) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"not valid TOML: {error}") from error


def _line(key: str, value: str) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _names(line: str, key: str) -> bool:
    return re.match(rf"\s*{re.escape(key)}\s*=", line) is not None

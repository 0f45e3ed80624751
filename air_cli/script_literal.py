"""JSON-like data as Python source, laid out as ruff format would."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 100


def literal(value: Any, indent: int = 0, taken: int = 0) -> str:
    """`value` (None, bool, number, text, list, tuple, mapping) as a Python literal.

    Goes on one line when it fits after `indent` and `taken` other characters, otherwise one item
    a line with a trailing comma. Raises `TypeError` for anything else, `ValueError` for a number
    that is not finite.
    """
    flat = _flat(value)
    if len(flat) + indent + taken <= WIDTH or not isinstance(value, Mapping | list | tuple):
        return flat
    if not value:
        return flat
    inner = " " * (indent + 4)
    if isinstance(value, Mapping):
        items = [
            f"{_flat(key)}: {literal(item, indent + 4, len(_flat(key)) + 3)}"
            for key, item in value.items()
        ]
    else:
        items = [literal(item, indent + 4, 1) for item in value]
    opening, closing = _brackets(value)
    return opening + "".join(f"\n{inner}{item}," for item in items) + f"\n{' ' * indent}{closing}"


def call(name: str, arguments: Sequence[str], named: Mapping[str, Any], indent: int = 0) -> str:
    """A call of `name` with source texts as positional and data as named arguments."""
    flat = [*arguments, *(f"{key}={_flat(value)}" for key, value in named.items())]
    line = f"{name}({', '.join(flat)})"
    if len(line) + indent + 1 <= WIDTH:
        return line
    inner = " " * (indent + 4)
    items = [
        *arguments,
        *(f"{key}={literal(value, indent + 4, len(key) + 2)}" for key, value in named.items()),
    ]
    return f"{name}(" + "".join(f"\n{inner}{item}," for item in items) + f"\n{' ' * indent})"


def quoted(text: str) -> str:
    """`text` as a string literal, in double quotes unless that needs more escapes."""
    single = "'" not in text and '"' in text
    quote = "'" if single else '"'
    body = []
    for char in text:
        if char in ("\\", quote):
            body.append("\\" + char)
        elif char.isprintable():
            body.append(char)
        else:
            body.append(repr(char)[1:-1])
    return quote + "".join(body) + quote


def _flat(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no literal")
        return repr(value)
    if isinstance(value, Mapping):
        items = ", ".join(f"{_flat(key)}: {_flat(item)}" for key, item in value.items())
        return "{" + items + "}"
    if isinstance(value, list | tuple):
        opening, closing = _brackets(value)
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return opening + ", ".join(map(_flat, value)) + comma + closing
    raise TypeError(f"{type(value).__name__} has no literal")


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping):
        return "{", "}"
    return ("(", ")") if isinstance(value, tuple) else ("[", "]")

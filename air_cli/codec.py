"""Records to JSON-ready data and back. Standard library only."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeVar

T = TypeVar("T")


def tidy(value: float | None) -> float | None:
    """A number without the last bits that arithmetic left: 4.1499999999999995 is 4.15."""
    return value if value is None or not math.isfinite(value) else float(f"{value:.12g}")


def to_json(value: Any) -> Any:
    """A record as JSON-ready data. Non-finite numbers become None: JSON has no word for them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Sequence):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not a record")


def canonical(value: object) -> str:
    """JSON data in one fixed spelling: sorted keys, no spaces, ASCII.

    Raises `ValueError` for a number that is not finite, `TypeError` for what is not JSON.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )


def digest(value: object) -> str:
    """sha256 (hexadecimal) of JSON data in its canonical spelling."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def from_json(kind: type[T], data: Any) -> T:
    """The inverse of `to_json`. Unknown keys are refused; missing ones take their default.

    Raises `ValueError` when `data` does not have the shape of `kind`.
    """
    result: T = _build(kind, data, kind.__name__)
    return result


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: Any, data: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _build_record(kind, data, where)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _build_union(args, data, where)
    if origin is Literal:
        if data not in args:
            raise ValueError(f"{where}: {data!r} is none of {', '.join(map(str, args))}")
        return data
    if origin is tuple:
        return _build_tuple(args, data, where)
    if origin is list or kind is list:
        if not isinstance(data, list):
            raise ValueError(f"{where}: not a list")
        return data
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, dict):
            raise ValueError(f"{where}: not an object")
        return data
    return _build_scalar(kind, data, where)


def _build_record(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise ValueError(f"{where}: not an object")
    hints = _hints(kind)
    unknown = set(data) - set(hints)
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(sorted(map(str, unknown)))}")
    try:
        return kind(**{k: _build(hints[k], v, f"{where}.{k}") for k, v in data.items()})
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _build_union(args: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and type(None) in args:
        return None
    failures = []
    for arg in args:
        if arg is type(None):
            continue
        try:
            return _build(arg, data, where)
        except ValueError as error:
            failures.append(str(error))
    raise ValueError(failures[0] if failures else f"{where}: nothing fits")


def _build_tuple(args: tuple[Any, ...], data: Any, where: str) -> Any:
    if not isinstance(data, list | tuple):
        raise ValueError(f"{where}: not a list")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_build(args[0], item, where) for item in data)
    if len(args) != len(data):
        raise ValueError(f"{where}: {len(data)} items instead of {len(args)}")
    return tuple(_build(arg, item, where) for arg, item in zip(args, data, strict=True))


def _build_scalar(kind: Any, data: Any, where: str) -> Any:
    if kind is Any:
        return data
    if kind is float and type(data) in (int, float):
        return float(data)
    if type(data) is kind:
        return data
    raise ValueError(f"{where}: {data!r} is not {getattr(kind, '__name__', kind)}")

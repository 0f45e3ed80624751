"""The framed protocol between the host and what runs in a jail or a child process.

A frame is a JSON object and a list of byte blobs::

    u32 big-endian: length of the header
    header: UTF-8 JSON, {"blobs": [length, …], "body": {…}}
    the blobs, back to back

Sizes are checked *before* anything is allocated: a hostile peer can make us refuse, never swell.
Standard library only: this module is imported on both sides of the jail.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

HEADER_LIMIT = 64 * 2**20
BLOB_LIMIT = 2**30
BLOBS_LIMIT = 256

_LENGTH = struct.Struct(">I")


class WireError(Exception):
    """The peer broke the protocol or went away in mid-frame."""


class Closed(WireError):
    """The peer closed the stream between two frames."""


@dataclass(frozen=True)
class Limits:
    """What a side accepts of one frame, in bytes."""

    header: int = HEADER_LIMIT
    blobs: int = BLOB_LIMIT


@dataclass(frozen=True)
class Frame:
    """One message: a JSON object and its blobs."""

    body: dict[str, Any]
    blobs: list[bytes] = field(default_factory=list)


def send(stream: BinaryIO, body: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Write one frame and flush. Raises `OSError` when the peer is gone."""
    header = json.dumps(
        {"blobs": [len(b) for b in blobs], "body": body}, ensure_ascii=False, allow_nan=False
    ).encode("utf-8", "replace")
    stream.write(_LENGTH.pack(len(header)) + header)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def receive(stream: BinaryIO, limits: Limits | None = None) -> Frame:
    """Read one frame.

    Raises `Closed` at the end of the stream, `WireError` on anything malformed or too large.
    """
    limits = limits or Limits()
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size, first=True))
    if length > limits.header:
        raise WireError(f"a header of {length} bytes is over the limit of {limits.header}")
    try:
        header = json.loads(_exactly(stream, length))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise WireError(f"the header is not JSON: {error}") from error
    sizes, body = _checked(header)
    if sum(sizes) > limits.blobs:
        raise WireError(f"{sum(sizes)} bytes of blobs are over the limit of {limits.blobs}")
    return Frame(body, [_exactly(stream, size) for size in sizes])


def _checked(header: object) -> tuple[list[int], dict[str, Any]]:
    if not isinstance(header, dict):
        raise WireError("the header is not an object")
    sizes, body = header.get("blobs"), header.get("body")
    if not isinstance(body, dict) or not isinstance(sizes, list) or len(sizes) > BLOBS_LIMIT:
        raise WireError("the header lacks its parts")
    if any(type(size) is not int or size < 0 for size in sizes):
        raise WireError("a blob has no valid length")
    return sizes, body


def _exactly(stream: BinaryIO, size: int, *, first: bool = False) -> bytes:
    """Read `size` bytes in pieces of bounded size."""
    parts: list[bytes] = []
    left = size
    while left:
        part = stream.read(min(left, 2**20))
        if not part:
            if first and left == size:
                raise Closed("the peer closed the stream")
            raise WireError("the stream ended inside a frame")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)

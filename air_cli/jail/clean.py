"""Makes data that came out of a jail harmless to whoever prints, stores or computes with it."""

from __future__ import annotations

import math
import re
import struct
from typing import Any

from air_cli.wire import WireError

DEPTH = 40
PIXELS = 100_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
# Control characters drive terminals; lone surrogates cannot be encoded; bidirectional controls
# make text look like other text.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LARGEST = 10**300


def check_png(data: bytes) -> None:
    """Raise `ValueError` unless `data` begins as a PNG of a reasonable size does.

    Whoever decodes it must still expect the rest to be hostile.
    """
    if len(data) < 33 or not data.startswith(_PNG) or data[12:16] != b"IHDR":
        raise ValueError("an image is not a PNG")
    width, height = struct.unpack_from(">II", data, 16)
    if not 0 < width * height <= PIXELS:
        raise ValueError(f"an image of {width} x {height} pixels")


def clean(data: Any, depth: int = DEPTH) -> Any:
    """JSON data with unprintable characters replaced.

    Raises `WireError` for numbers that are not finite or absurdly long, and for deep nesting.
    """
    if depth <= 0:
        raise WireError("the message is nested too deeply")
    if isinstance(data, str):
        return _UNWANTED.sub("\ufffd", data.replace("\r\n", "\n"))
    if isinstance(data, dict):
        return {clean(key, depth - 1): clean(item, depth - 1) for key, item in data.items()}
    if isinstance(data, list):
        return [clean(item, depth - 1) for item in data]
    if isinstance(data, float) and not math.isfinite(data):
        raise WireError("a number is not finite")
    if isinstance(data, int) and abs(data) > _LARGEST:
        raise WireError("a number is absurdly long")
    return data

"""A drawing inside an HTML page, written out as an SVG file.

HTML's names know no upper case; SVG's do. What differs is listed in the HTML standard ("adjust SVG
attributes", "in foreign content").
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

_TAGS = ("linearGradient radialGradient clipPath textPath foreignObject glyphRef altGlyph "
         "feBlend feFlood feOffset feMerge feMergeNode feGaussianBlur feColorMatrix")  # fmt: skip
_ATTRIBUTES = (
    "viewBox preserveAspectRatio gradientUnits gradientTransform clipPathUnits patternUnits "
    "patternContentUnits patternTransform markerWidth markerHeight markerUnits maskUnits "
    "maskContentUnits refX refY textLength lengthAdjust startOffset pathLength spreadMethod "
    "stdDeviation"
)
_CASED = {name.lower(): name for name in (*_TAGS.split(), *_ATTRIBUTES.split())}
_SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'

Attributes = Iterable[tuple[str, str | None]]


class SvgWriter:
    """Takes the tags of one drawing, its own first; `done` when that is closed."""

    def __init__(self, attributes: Attributes) -> None:
        self._parts: list[str] = []
        self._open: list[str] = []
        self.start("svg", attributes)

    @property
    def done(self) -> bool:
        """Whether the drawing has ended."""
        return not self._open

    def start(self, tag: str, attributes: Attributes) -> None:
        """A tag opens."""
        tag = _CASED.get(tag, tag)
        told = {
            _CASED.get(name, name): value or ""
            for name, value in attributes
            if not name.startswith("xmlns") and _is_name(name)
        }
        spaces = f" {_SPACES}" if not self._open else ""
        given = "".join(f" {name}={quoteattr(value)}" for name, value in told.items())
        if _is_name(tag):
            self._parts.append(f"<{tag}{spaces}{given}>")
            self._open.append(tag)

    def end(self, tag: str) -> None:
        """A tag closes, and with it what was left open inside."""
        tag = _CASED.get(tag, tag)
        while tag in self._open:
            last = self._open.pop()
            self._parts.append(f"</{last}>")
            if last == tag:
                return

    def text(self, data: str) -> None:
        """What stands between tags."""
        self._parts.append(escape(data))

    def data(self) -> bytes:
        """The file."""
        return "".join(self._parts).encode()


def _is_name(name: str) -> bool:
    """Whether XML can have this name here: no prefix but those that are declared."""
    prefix, colon, rest = name.rpartition(":")
    if colon and prefix not in ("xlink", "xml"):
        return False
    return rest.replace("-", "").replace("_", "").isalnum() and not rest[0].isdigit()

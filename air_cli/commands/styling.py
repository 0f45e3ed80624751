"""The parts of a reply that is still being written: thought, code, answer, and the marks between.

For the eye only: what a reply means is for `protocol.parse` to say.
"""

from __future__ import annotations

import re

# Of rich; the names of `<marks>` that the profiles use.
MARK = "dim"
STYLES = {
    "think": "italic bright_black",
    "code": "cyan",
    "answer": "bold green",
    "plan": "yellow",
    "look": "magenta",
}
_MARK = re.compile(r"<(/?)([a-z_]{1,20})>|```(?:python)?\n?")
# The end of a piece that may be the beginning of a mark.
_BEGUN = re.compile(r"(<(/?[a-z_]{0,20})?|`{1,3}|```p[a-z]*)\Z")


class Styler:
    """Takes a reply in pieces and gives it back as (text, style); a mark may be cut anywhere."""

    def __init__(self) -> None:
        self._held = self._style = ""

    def feed(self, piece: str) -> list[tuple[str, str]]:
        """What can be shown by now; the beginning of a mark is held back until it is whole."""
        text = self._held + piece
        begun = _BEGUN.search(text)
        self._held = begun[0] if begun else ""
        return self._split(text.removesuffix(self._held) if begun else text)

    def end(self) -> list[tuple[str, str]]:
        """What was held back. The next piece begins another reply."""
        left = self._split(self._held)
        self._held = self._style = ""
        return left

    def _split(self, text: str) -> list[tuple[str, str]]:
        parts: list[tuple[str, str]] = []
        at = 0
        for found in _MARK.finditer(text):
            closing, name = found[1], found[2]
            if name is not None and name not in STYLES:
                continue
            parts += [(text[at : found.start()], self._style), (found[0], MARK)]
            at = found.end()
            if name is not None:
                self._style = "" if closing else STYLES[name]
            else:
                opens = "python" in found[0] or self._style != STYLES["code"]
                self._style = STYLES["code"] if opens else ""
        parts.append((text[at:], self._style))
        return [part for part in parts if part[0]]

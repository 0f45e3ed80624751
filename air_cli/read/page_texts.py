"""The text of every page, for ranking: the PDF's own, and a glance at the pages of a scan."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from air_cli.read import glance
from air_cli.read.scene import Rgb

# Seconds of work spent on recognising a scan's pages for one question, and letters read of each.
SECONDS, _LETTERS = 12.0, 160.0
# A page with fewer letters has no text layer; a document most of whose pages lack one is a scan.
_BARE, _SCAN = 20, 0.8
# More pages without text than this share, and what the document says is not known.
_PICTURES = 0.2


class PageTexts:
    """Texts by page number, each read once. `read` gives a page's own text, `picture` its pixels,
    (height, width, 3)."""

    def __init__(self, read: Callable[[int], str], picture: Callable[[int], Rgb | None]) -> None:
        self._read, self._picture = read, picture
        self._texts: dict[int, str] = {}
        self._glanced: set[int] = set()
        # In full, and apart: a page must not fit better because more of it was read.
        self._known: dict[int, str] = {}

    def of(self, numbers: Sequence[int]) -> dict[int, str]:
        """The texts of these pages. Scanned pages are recognised, their largest lines only, for at
        most `SECONDS`; what is left then has no text, and is read at the next question."""
        for number in numbers:
            if number not in self._texts:
                self._texts[number] = self._read(number)
        bare = [n for n in numbers if len(self._texts[n].strip()) < _BARE]
        if len(bare) >= _SCAN * len(numbers):
            self._glance([n for n in bare if n not in self._glanced])
        return {number: self._texts[number] for number in numbers}

    def know(self, number: int, text: str) -> None:
        """Take the text of a scanned page that was recognised in full."""
        self._known[number] = text

    def known(self, numbers: Sequence[int]) -> dict[int, str]:
        """The texts of those of these pages that were recognised in full."""
        return {number: self._known[number] for number in numbers if number in self._known}

    def whole(self, numbers: Sequence[int]) -> list[str]:
        """The texts of these pages where nearly all have one; else nothing, as what a picture says
        is not known."""
        texts = self.of(numbers)
        bare = sum(len(text.strip()) < _BARE or n in self._glanced for n, text in texts.items())
        return [] if bare > _PICTURES * len(numbers) else list(texts.values())

    def note(self, numbers: Sequence[int]) -> str:
        """What the user should know about where these texts come from, or nothing."""
        count = sum(number in self._glanced for number in numbers)
        if not count:
            return ""
        pages = "1 page" if len(numbers) == 1 else f"{len(numbers)} pages"
        return f"scanned: the largest lines of {count} of {pages} were recognised to choose"

    def _glance(self, numbers: Sequence[int]) -> None:
        deadline = time.process_time() + SECONDS
        for number in _spread(numbers):
            if time.process_time() > deadline:
                return
            pixels = self._picture(number)
            if pixels is not None:
                self._texts[number] = glance.shared().read(pixels, _LETTERS)
            self._glanced.add(number)


def _spread(numbers: Sequence[int]) -> list[int]:
    """Every eighth page first, then those between: time may run out before the end.

    >>> _spread([1, 2, 3, 4, 5, 6, 7, 8, 9])
    [1, 9, 2, 3, 4, 5, 6, 7, 8]
    """
    return [number for start in range(8) for number in numbers[start::8]]

"""What stands on page after page: logos and ornaments, which are no figures of any one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from air_cli.errors import ItemError
from air_cli.read.page import BROKEN, PageContent, area, mostly_in
from air_cli.records import Box, Figure

# The share of a page that page furniture takes at most, the pages looked at before and after, and
# on how many of those it stands.
_SHARE, _AROUND, _OFTEN = 0.12, 3, 2
# Bytes of an image beyond which it is no logo.
_LARGEST = 1_000_000


class Furniture:
    """Tells furniture from figures, by the digests of images and the boxes of drawings on the pages
    around. `doc` is a PyMuPDF document, `content(number)` a page's content."""

    def __init__(self, doc: Any, content: Callable[[int], PageContent]) -> None:
        self._doc, self._content = doc, content
        self._digests: dict[int, bytes] = {}

    def holds(self, figure: Figure) -> bool:
        """Whether the same small picture or drawing stands on the pages around."""
        content = self._content(figure.page)
        small = area(figure.bbox_pt) < _SHARE * content.width * content.height
        if figure.label or not small or figure.kind == "chart":
            return False
        around = [
            number
            for number in range(figure.page - _AROUND, figure.page + _AROUND + 1)
            if 1 <= number <= self._doc.page_count and number != figure.page
        ]
        if figure.vector:
            drawn = set(_boxes(content, figure.bbox_pt))
            alike = (self._shows(number, figure.bbox_pt, drawn) for number in around)
        else:
            sizes = {p.size for p in content.pictures if mostly_in(p.box, figure.bbox_pt)}
            mine = set(self._images(figure.page, sizes))
            # Of two pictures of one size it is not known which stands where: all must recur.
            alike = (bool(mine) and mine <= set(self._images(n, sizes)) for n in around)
        return _at_least(_OFTEN, alike)

    def _shows(self, number: int, box: Box, drawn: set[Box]) -> bool:
        try:
            there = set(_boxes(self._content(number), box))
        except ItemError:
            return False
        return bool(drawn) and len(drawn & there) >= 0.9 * max(len(drawn), len(there))

    def _images(self, number: int, sizes: set[tuple[int, int]]) -> Iterator[bytes]:
        """Digests of the images of these sizes that a page names, drawn or not."""
        try:
            named = self._doc.get_page_images(number - 1, full=True)
            for xref, _, width, height, *_ in named:
                if (width, height) in sizes:
                    yield self._digest(xref)
        except BROKEN:
            return

    def _digest(self, xref: int) -> bytes:
        if xref not in self._digests:
            raw = self._doc.xref_stream_raw(xref) or b""
            large = len(raw) > _LARGEST
            self._digests[xref] = str(xref).encode() if large else hashlib.md5(raw).digest()
        return self._digests[xref]


def _boxes(content: PageContent, frame: Box) -> Iterator[Box]:
    for path in content.paths:
        if mostly_in(path.box, frame):
            left, top, right, bottom = path.box
            yield round(left), round(top), round(right), round(bottom)


def _at_least(count: int, found: Iterable[bool]) -> bool:
    for one in found:
        count -= one
        if count <= 0:
            return True
    return False

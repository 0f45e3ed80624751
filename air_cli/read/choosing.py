"""What of a PDF a question needs: pages by their text, then the figures on the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from air_cli.read.page import PageContent, center, inside
from air_cli.read.page_texts import PageTexts
from air_cli.read.pdf_file import separate
from air_cli.read.rank import Described, Index
from air_cli.read.rank_words import pages_named
from air_cli.records import Figure, Ranked

# Pages whose figures are looked for, and scanned ones among them that are recognised in full: those
# whose best figure fits about as well as the best of all.
_FEW_PAGES, _SCANNED, _CLOSE = 16, 2, 0.6


class Pages(Protocol):
    """A document by its pages. Every method raises `ItemError` for a damaged page."""

    def content(self, number: int) -> PageContent:
        """What stands on a page."""
        ...

    def figures(self, pages: Sequence[int] | None) -> list[Figure]:
        """The figures of these pages."""
        ...

    def looked(self, number: int) -> bool:
        """Recognise a scanned page in full; whether it is one that had not been recognised."""
        ...

    def printed(self, labels: Sequence[str]) -> dict[int, str]:
        """The pages that are called so, by their numbers."""
        ...


def ranked(question: str, numbers: Sequence[int], pages: Pages, texts: PageTexts) -> list[Ranked]:
    """The figures that may answer the question, best first: of the pages that fit best. The best
    of the scanned ones are recognised in full and weighed again by all that they say."""
    labels = {n: name for n, name in pages.printed(_named(question)).items() if n in numbers}
    index = Index(question, texts.of(numbers), labels)
    chosen = sorted(numbers if len(numbers) <= _FEW_PAGES else index.best(_FEW_PAGES))
    found = index.rank(_described(pages, chosen))
    close = [one for one in found if one.score >= _CLOSE * found[0].score]
    best = list(dict.fromkeys(one.figure.page for one in close))[:_SCANNED]
    new = [number for number in best if pages.looked(number)]
    if not new:
        return found
    for number in new:
        texts.know(number, "\n".join(line.text for line in pages.content(number).lines))
    index = Index(question, texts.of(numbers), labels)
    return index.rank(_described(pages, chosen))


def _named(question: str) -> list[str]:
    return sorted(pages_named(question))


def _described(pages: Pages, chosen: Sequence[int]) -> list[Described]:
    return [Described(figure, _words(figure, pages)) for figure in pages.figures(chosen)]


def _words(figure: Figure, pages: Pages) -> dict[str, str]:
    """What is written as caption, in and near a figure."""
    own, near = [], []
    for part in separate(figure):
        for line in pages.content(part.page).lines:
            middle = center(line.box)
            own += [line.text] if inside(middle, part.bbox_pt) else []
            near += [line.text] if inside(middle, part.bbox_pt, 60.0) else []
    return {
        "caption": figure.caption,
        "texts": "\n".join(own),
        "near": "\n".join([*near, figure.mention]),
    }

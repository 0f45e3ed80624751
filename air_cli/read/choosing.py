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
# that fit about as well as the best.
_FEW_PAGES, _SCANNED, _CLOSE = 16, 2, 0.6


class Pages(Protocol):
    """A document by its pages. Every method raises `ItemError` for a damaged page."""

    def content(self, number: int) -> PageContent:
        """What stands on a page."""
        ...

    def listed(self, wanted: Sequence[int]) -> list[Figure]:
        """The figures of these pages, from what is known of them."""
        ...

    def looked(self, number: int) -> bool:
        """Recognise the text of a scanned page; whether it is one."""
        ...

    def divided(self, number: int) -> None:
        """Find the charts and tables on a scanned page."""
        ...

    def is_scan(self, number: int) -> bool:
        """Whether a page is a picture without text."""
        ...

    def printed(self, labels: Sequence[str]) -> dict[int, str]:
        """The pages that are called so, by their numbers."""
        ...


def ranked(question: str, numbers: Sequence[int], pages: Pages, texts: PageTexts) -> list[Ranked]:
    """The figures that may answer the question, best first: of the pages that fit best. The best
    of the scanned ones are recognised and weighed by all that they say, the best of them is divided
    into its figures, another when it is read; those of the others that were recognised for another
    question come after them."""
    labels = {n: name for n, name in pages.printed(_named(question)).items() if n in numbers}
    index = Index(question, texts.of(numbers), labels)
    chosen = index.best(_FEW_PAGES)
    scans = [number for number in chosen if pages.is_scan(number)]
    close = [n for n in scans if index.scores[n] >= _CLOSE * index.scores[scans[0]]]
    looked = [number for number in close[:_SCANNED] if pages.looked(number)]
    for number in looked:
        texts.know(number, "\n".join(line.text for line in pages.content(number).lines))
    if looked:
        index = Index(question, texts.of(numbers) | texts.known(looked), labels)
        pages.divided(max(looked, key=lambda number: index.scores[number]))
    others = [number for number in scans if number not in looked]
    first = sorted(number for number in chosen if number not in others)
    found = [*index.rank(_described(pages, first)), *index.rank(_described(pages, others))]
    return found or _anywhere(
        index, [n for n in index.best(len(numbers)) if n not in chosen], pages
    )


def _anywhere(index: Index, numbers: Sequence[int], pages: Pages) -> list[Ranked]:
    """The figures of the first of these pages that have any: a question of few words ("key
    figures?") chooses no page."""
    for at in range(0, len(numbers), _FEW_PAGES):
        some = sorted(numbers[at : at + _FEW_PAGES])
        if found := _described(pages, [n for n in some if not pages.is_scan(n)]):
            return index.rank(found)
    return []


def _named(question: str) -> list[str]:
    return sorted(pages_named(question))


def _described(pages: Pages, chosen: Sequence[int]) -> list[Described]:
    figures = pages.listed(chosen) if chosen else []
    return [Described(figure, _words(figure, pages)) for figure in figures]


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

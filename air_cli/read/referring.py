"""The paragraph that refers to a figure: "As Figure 3 shows, …"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from air_cli.errors import ItemError
from air_cli.read.caption_labels import is_caption
from air_cli.read.page import Line, PageContent
from air_cli.records import Figure

_LONGEST = 400
_PARTS = re.compile(r"(?P<word>[^\d\s]+)\.?\s*(?P<number>\S+)$")
# Words that name the same thing; in other languages a text names it as its caption does.
_SAME = (("figure", "fig"), ("abbildung", "abb"), ("table", "tab"), ("рисунок", "рис"))


def with_mention(figure: Figure, pages: int, content: Callable[[int], PageContent]) -> Figure:
    """A labelled figure with the paragraph about it, from its page or one beside it; others as they
    are. `pages` is how many the document has."""
    for number in (figure.page, figure.page - 1, figure.page + 1) if figure.label else ():
        if 1 <= number <= pages:
            with suppress(ItemError):
                text = paragraph_about(figure.label, content(number).lines)
                if text:
                    return replace(figure, mention=text)
    return figure


def paragraph_about(label: str, lines: Sequence[Line]) -> str:
    """The first paragraph among `lines` that names `label` and is not its caption; else empty."""
    pattern = _pattern(label)
    if pattern is None:
        return ""
    blocks: dict[int, list[str]] = {}
    for line in lines:
        blocks.setdefault(line.block, []).append(line.text)
    for texts in blocks.values():
        if is_caption(texts[0]) and pattern.match(texts[0]):
            continue
        text = " ".join(" ".join(texts).split())
        found = pattern.search(text)
        if found:
            return _around(text, found.start())
    return ""


def _pattern(label: str) -> re.Pattern[str] | None:
    parts = _PARTS.fullmatch(label)
    if parts is None:
        return None
    word = parts["word"].rstrip(".").lower()
    words = next((same for same in _SAME if word in same), (word,))
    either = "|".join(rf"{re.escape(one)}s?" for one in words)
    number = re.escape(parts["number"])
    return re.compile(rf"(?:{either})\.?\s*{number}(?![\d]|[.\-–]\d)", re.IGNORECASE)


def _around(text: str, at: int) -> str:
    """The paragraph, or the part of a long one that begins with the sentence at `at`."""
    if len(text) <= _LONGEST:
        return text
    start = max(text.rfind(". ", 0, at) + 2, 0) if ". " in text[:at] else 0
    return text[start : start + _LONGEST].rsplit(" ", 1)[0]

"""Words that mean the same for all their spelling: slips, endings, letters that changed places."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from air_cli.reasoners.builtin.tokens import stem


def hit(word: str, weights: Collection[str]) -> tuple[str, float] | None:
    """The word of `weights` that a word of the question is, with how well it fits (0..1)."""
    if word in weights:
        return word, 1.0
    if re.fullmatch(r"\d{4}", word):
        for other in weights:
            if re.fullmatch(r"\d{4}/\d\d", other):
                if other.startswith(word):
                    return other, 0.9
                if int(other[:4]) + 1 == int(word):
                    return other, 0.7
    if len(word) < 4 or word[0].isdigit():
        return None
    best = max(((alike(word, other), other) for other in weights), default=(0.0, ""))
    return (best[1], best[0]) if best[0] > 0.0 else None


def alike(a: str, b: str) -> float:
    """Fit of two spellings, 0 when they are different words."""
    if len(b) < 4 or b[0].isdigit():
        return 0.0
    if stem(a) == stem(b):
        return 0.95
    if abs(len(a) - len(b)) > 4:
        return 0.0
    if a[0] != b[0]:  # a letter too many in front, as text recognition adds
        return 0.85 if len(a) != len(b) and (a[1:] == b or b[1:] == a) else 0.0
    same = _common_start(a, b)
    if same >= 4 and same >= 0.6 * max(len(a), len(b)) and same >= min(len(a), len(b)) - 2:
        return 0.85
    if len(a) == len(b) >= 5 and sorted(a) == sorted(b):
        return 0.88  # letters that changed places
    rate = difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
    return 0.9 if rate >= 0.86 and min(len(a), len(b)) >= 5 else 0.0


def _common_start(a: str, b: str) -> int:
    for n, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return n
    return min(len(a), len(b))

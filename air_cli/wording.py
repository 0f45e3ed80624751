"""What of a text asks, and what only says how the answer shall look. Standard library only."""

from __future__ import annotations

import re

# The first words of a sentence on the form of the answer: "Round to one decimal."
FORM = r"(?:please\s+)?(?:your\s+)?(?:answer|round|base|give|express|report|write|reply|note|if)\b"
_FORM = re.compile(rf"\W*{FORM}", re.I)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])|(?<=\?)\s*(?=\S)")


def without_form(question: str) -> str:
    """A question without the sentences on the form of the answer; the whole where nothing else is
    said."""
    sentences = _SENTENCE.split(question)
    kept = [text for text in sentences if "?" in text or not _FORM.match(text)]
    return " ".join(kept) if kept else question

"""What of a text asks, and what only says how the answer shall look; what marks without a label are
called. Standard library only."""

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


# The generated code's `answer` refuses such names by a copy of this (`sandbox/toolkit/answers.py`):
# a script that stands alone cannot import it.
_PLACEHOLDER = re.compile(r"unnamed \d+|between .+ and .+")


def nameless(place: int) -> str:
    """What the reader calls a mark that has no label, by its place from 1."""
    return f"unnamed {place}"


def name_between(first: str, last: str) -> str:
    """What the reader calls a mark between two labels."""
    return f"between {first} and {last}"


def is_placeholder(name: str) -> bool:
    """Whether a name is none that the chart shows, but the reader's for a mark without one."""
    return bool(_PLACEHOLDER.fullmatch(name))

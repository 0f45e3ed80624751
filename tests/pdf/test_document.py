"""open_document decides by content and refuses in one line."""

from __future__ import annotations

import pytest

from air_cli.errors import ItemError
from air_cli.read.document import open_document, sniff


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", "unreadable", "empty"),
        (b"just some text\n", "unsupported", "text"),
        ("naïve".encode() * 900, "unsupported", "text"),
        (b"PK\x03\x04rest", "unreadable", "truncated"),
        (b"\x00\x01\x02\x03", "unsupported", "not a PDF"),
    ],
)
def test_other_files_are_refused_in_one_line(data: bytes, kind: str, words: str) -> None:
    with pytest.raises(ItemError) as caught:
        open_document(data, "x.png")
    assert caught.value.kind == kind
    assert str(caught.value).startswith("x.png: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_name_does_not_decide() -> None:
    assert sniff(b"\x89PNG\r\n\x1a\n....", "report.pdf") == "image"
    assert sniff(b"junk before\n%PDF-1.7\n", "chart.png") == "pdf"
    assert sniff(b"<?xml version='1.0'?>\n<svg xmlns='x'/>", "chart.txt") == "svg"
    assert sniff(b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x") == "image"

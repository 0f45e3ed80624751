"""What the reader jail sent is not believed: data may be wrong, shapes, names and sizes may not.

Every function raises `ValueError` for what cannot be.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from air_cli.jail.clean import check_png
from air_cli.records import Chart, Excerpt, Figure, Ranked, Source, Text, from_json

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_KINDS = ("image", "pdf", "pptx", "docx", "xlsx", "html")
_MOST = 10**5
# Damaged pages that are told of; a document can have thousands.
PROBLEMS = 8


def source(data: Any, path: str, sha256: str) -> Source:
    """The source; its name and hash are the host's."""
    found = from_json(Source, data)
    if found.kind not in _KINDS or not 0 < found.pages < 10**6:
        raise ValueError("a source of no known kind")
    return replace(found, path=path, sha256=sha256)


def figures(data: Any, sha256: str) -> list[Figure]:
    """Figures whose ids can be parts of file names."""
    return [_mended(from_json(Figure, item), sha256) for item in _listed(data)]


def ranked(data: Any, sha256: str) -> list[Ranked]:
    """Figures with their scores."""
    items = [from_json(Ranked, item) for item in _listed(data)]
    return [replace(item, figure=_mended(item.figure, sha256)) for item in items]


def texts(data: Any) -> list[Text]:
    return [from_json(Text, item) for item in _listed(data)]


def excerpts(data: Any) -> list[Excerpt]:
    """Sentences, each one line of sensible length."""
    items = [from_json(Excerpt, item) for item in _listed(data)]
    return [Excerpt(item.page, " ".join(item.text.split())[:500]) for item in items[:PROBLEMS]]


def chart(data: Any, figure_id: str) -> Chart:
    """The chart of this figure and no other."""
    found = from_json(Chart, data)
    if found.figure_id != figure_id:
        raise ValueError("a chart of another figure")
    return found


def seconds(data: Any) -> dict[str, float]:
    """Seconds by stage; what is none is left out."""
    pairs = data.items() if isinstance(data, dict) else ()
    return {key: float(value) for key, value in pairs if type(value) in (int, float)}


def pages(data: Any) -> dict[str, int]:
    """Page numbers from 1 by label; what is none is left out."""
    pairs = data.items() if isinstance(data, dict) else ()
    return {str(key): value for key, value in pairs if type(value) is int and value > 0}


def problems(data: Any) -> tuple[str, ...]:
    """What a document's reader left out; the first of many, each one line."""
    lines = data if isinstance(data, list) else []
    return tuple(" ".join(str(line).split())[:300] for line in lines[:PROBLEMS])


def picture(blobs: list[bytes]) -> bytes:
    """The one PNG."""
    if len(blobs) != 1:
        raise ValueError(f"{len(blobs)} pictures instead of one")
    check_png(blobs[0])
    return blobs[0]


def _mended(figure: Figure, sha256: str) -> Figure:
    if not _ID.fullmatch(figure.id):
        raise ValueError(f"a figure called {figure.id[:40]!r}")
    return replace(figure, source_sha=sha256, image=None)


def _listed(data: Any) -> list[Any]:
    if not isinstance(data, list) or len(data) > _MOST:
        raise ValueError("no list")
    return data

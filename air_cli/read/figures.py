"""Figures on a page: their boxes, kinds, captions and the resolution of their images."""

from __future__ import annotations

import math
from dataclasses import replace

from air_cli.read.captions import find_caption
from air_cli.read.page import PageContent, area
from air_cli.read.region_letters import with_letters
from air_cli.read.regions import Region, find_regions
from air_cli.records import Figure

_TARGET_DPI, _MIN_PX, _MAX_PX, _MAX_DPI = 200.0, 1200.0, 2000.0, 450.0

# Lines of outlined letters that make a page of prose.
_PROSE = 8


def find_figures(content: PageContent, source_sha: str) -> list[Figure]:
    """The figures of a page in reading order (top to bottom, then left to right)."""
    regions = find_regions(content)
    figures = []
    for number, region in enumerate(regions, 1):
        caption, label = find_caption(content, region.box, [r.box for r in regions])
        kind = _kind(region, caption)
        vector = bool(region.paths) and not _pictured(region)
        figures.append(
            place(
                Figure(
                    f"p{content.number}-f{number}",
                    source_sha,
                    content.number,
                    region.box,
                    kind,
                    caption,
                    label,
                    vector=vector,
                    page_label=content.label,
                )
            )
        )
    return figures


def outlined_page(content: PageContent, source_sha: str) -> Figure | None:
    """A page without text whose letters are drawn as outlines, as one picture: what it says has to
    be recognised, as a scan's. None where there are no such lines."""
    if content.lines or len(with_letters(content).lines) < _PROSE:
        return None
    box = (0.0, 0.0, content.width, content.height)
    name = f"p{content.number}-f1"
    return place(Figure(name, source_sha, content.number, box, "unknown", page_label=content.label))


def place(figure: Figure) -> Figure:
    """Choose the resolution of a figure's image and make dpi, size and box agree exactly.

    About 200 dpi, the longer side within 1,200 to 2,000 px where 450 dpi allow it.
    """
    left, top, right, bottom = figure.bbox_pt
    long = max(right - left, bottom - top, 1.0) / 72
    dpi = min(max(_TARGET_DPI, _MIN_PX / long), _MAX_DPI)
    dpi = max(min(dpi, _MAX_PX / long), 1.0)
    dpi = float(math.floor(dpi)) if dpi >= 2 else dpi
    zoom = dpi / 72
    x0, y0 = math.floor(left * zoom + 1e-6), math.floor(top * zoom + 1e-6)
    x1, y1 = math.ceil(right * zoom - 1e-6), math.ceil(bottom * zoom - 1e-6)
    x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
    box = (x0 / zoom, y0 / zoom, x1 / zoom, y1 / zoom)
    return replace(figure, bbox_pt=box, dpi=dpi, size_px=(x1 - x0, y1 - y0))


def _pictured(region: Region) -> bool:
    """Whether images, not drawings, carry the figure."""
    pictured = sum(area(picture.box) for picture in region.pictures)
    return pictured > 0.4 * area(region.box)


def _kind(region: Region, caption: str) -> str:
    """chart, diagram, logo, or unknown for images (what they show needs pixels)."""
    if _pictured(region):
        return "unknown"
    numbers = sum(any(c.isdigit() for c in line.text) for line in region.lines)
    if numbers >= 3 or region.ink.bars >= 2:
        return "chart"
    if not region.lines and area(region.box) < 20_000:
        return "logo"
    return "diagram" if region.ink.shows else "unknown"

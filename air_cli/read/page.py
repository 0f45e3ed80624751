"""What stands on one PDF page, as plain data: text lines, drawing operations, images.

PyMuPDF is touched here and in `pdf.py`; everything after that is geometry on these records.
Coordinates are points of the page as displayed (rotation applied), y down.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pymupdf

from air_cli.read.patterns import (
    Clip,
    color_of,
    is_cell,
    is_cell_clip,
    is_shading,
    seen_colors,
    texture_of,
)
from air_cli.records import Box

Point = tuple[float, float]
Color = tuple[float, float, float]

# What PyMuPDF raises on damaged input; anything else is a bug of ours.
BROKEN = (RuntimeError, ValueError, IndexError, pymupdf.mupdf.FzErrorBase)
# More operations than this on a page are a map or an engineering drawing: we keep the first ones.
MAX_PATHS = 60_000
# The share of a page's letters, and their number, that make it one set sideways.
_SIDEWAYS, _LETTERS = 0.8, 40
TEXT_FLAGS = (
    pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES | pymupdf.TEXT_MEDIABOX_CLIP
)


@dataclass(frozen=True)
class Line:
    """A run of text. `angle` in degrees counter-clockwise (0, 90, …); `block` numbers paragraphs.

    `visible` is False for text in rendering mode 3 (the OCR layer under a scan).
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    angle: int = 0
    block: int = 0
    color: int = 0


@dataclass(frozen=True)
class Path:
    """One drawing operation. `items` are PyMuPDF's: ("l", p, q), ("c", p, a, b, q),
    ("re", box, orientation), ("qu", quad). `box` is what is left after clipping. Operations that
    are fully transparent are not `visible`; they still tell how far a figure extends. `texture`
    marks what a pattern fills (`patterns.py`)."""

    items: tuple[Any, ...]
    box: Box
    fill: Color | None = None
    stroke: Color | None = None
    width: float = 0.0
    fill_opacity: float = 1.0
    dashed: bool = False
    closed: bool = False
    clip: Box | None = None
    visible: bool = True
    texture: str = ""


@dataclass(frozen=True)
class Picture:
    """A raster image placed on the page; `size` in its own pixels."""

    box: Box
    size: tuple[int, int]
    digest: bytes = b""


@dataclass
class PageContent:
    """A page's content. `problems` holds what could not be read, in plain words."""

    number: int
    width: float
    height: float
    label: str = ""
    lines: list[Line] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_page(page: Any, number: int) -> PageContent:
    """Text, drawings and images of a page. A part that MuPDF cannot read becomes a problem."""
    page.remove_rotation()
    content = PageContent(number, page.rect.width, page.rect.height)
    try:
        textpage = page.get_textpage(flags=TEXT_FLAGS)
        content.lines = list(_lines(textpage.extractDICT()))
    except BROKEN as error:
        content.problems.append(f"page {number}: its text cannot be read ({error})")
    try:
        content.paths = list(_paths(page, content))
    except BROKEN as error:
        content.problems.append(f"page {number}: its drawings cannot be read ({error})")
    try:
        content.pictures = list(_pictures(page, content))
    except BROKEN as error:
        content.problems.append(f"page {number}: its images cannot be read ({error})")
    return content


def read_upright(page: Any, number: int) -> PageContent:
    """As `read_page`; a page whose text runs up or down it (a wide table or chart set sideways) or
    stands on its head is turned first, for good, so that it reads from left to right."""
    content = read_page(page, number)
    letters = Counter[int]()
    for line in content.lines:
        letters[line.angle] += len(line.text)
    angle, count = max(letters.items(), key=lambda item: item[1], default=(0, 0))
    if abs(angle) not in (90, 180) or count < _SIDEWAYS * letters.total() or count < _LETTERS:
        return content
    page.set_rotation(angle % 360)
    content = read_page(page, number)
    how = "upside down" if abs(angle) == 180 else "sideways"
    content.problems.append(f"page {number} is set {how}: boxes are those of the page upright")
    return content


def margin_lines(page: Any) -> list[Line]:
    """The lines at the head and foot of a PyMuPDF page as displayed, where page numbers stand."""
    rect = page.rect
    found: list[Line] = []
    for part in ((0.0, 0.08), (0.9, 1.0)):
        clip = (0.0, part[0] * rect.height, rect.width, part[1] * rect.height)
        textpage = page.get_textpage(clip=pymupdf.Rect(clip), flags=TEXT_FLAGS)
        found += _lines(textpage.extractDICT())
    return found


def _lines(data: Mapping[str, Any]) -> Iterator[Line]:
    for number, block in enumerate(data["blocks"]):
        for line in block.get("lines", ()):
            spans = [span for span in line["spans"] if span["text"].strip()]
            if not spans:
                continue
            text = "".join(span["text"] for span in line["spans"]).strip()
            dx, dy = line["dir"]
            largest = max(spans, key=lambda span: float(span["size"]))
            yield Line(
                text,
                union([span["bbox"] for span in spans]),
                float(largest["size"]),
                all(is_bold(span) for span in spans),
                round(math.degrees(math.atan2(-dy, dx))),
                number,
                int(largest["color"]),
            )


def is_bold(span: Mapping[str, Any]) -> bool:
    """Whether a PyMuPDF span is set in a bold face."""
    font = str(span["font"]).lower()
    return bool(span["flags"] & 16) or any(word in font for word in ("bold", "black", "semib"))


def _pictures(page: Any, content: PageContent) -> Iterator[Picture]:
    """The images; the cells of patterns, reported once a filled shape and all alike, are none, nor
    are shadings: they are the colours of shapes."""
    infos = [info for info in page.get_image_info() if not is_shading(info)]
    twins = Counter(tuple(info["bbox"]) for info in infos)
    textured = [path.box for path in content.paths if path.texture]
    for info in infos:
        box = clipped(info["bbox"], (0.0, 0.0, content.width, content.height))
        held = sum(box is not None and overlap(one, box) >= area(one) for one in textured)
        if box is not None and not twins[tuple(info["bbox"])] >= 2 <= held:
            yield Picture(
                box,
                (int(info["width"]), int(info["height"])),
                bytes(info["digest"] or b"") if "digest" in info else b"",
            )


def _paths(page: Any, content: PageContent) -> Iterator[Path]:
    """Drawing operations with their visible boxes; patterns become the shapes that they fill."""
    whole = (0.0, 0.0, content.width, content.height)
    clips: list[Clip] = []
    found: list[Path] = []
    unpainted: list[int] = []
    for drawing in page.get_cdrawings(extended=True):
        level = int(drawing.get("level", 0))
        while clips and clips[-1].level >= level:
            _close(clips.pop(), clips, whole, found, unpainted)
        if drawing["type"] == "clip":
            if clips:
                clips[-1].empty = False
            clips.append(Clip(drawing, level, inner=is_cell_clip(drawing, clips)))
            continue
        if drawing["type"] == "group" or "items" not in drawing:
            continue
        if len(found) >= MAX_PATHS:
            content.problems.append(f"page {content.number}: more than {MAX_PATHS} drawings")
            break
        if clips:
            clips[-1].empty = False
            if clips[-1].cell or clips[-1].inner or is_cell(_box(drawing["rect"]), clips[-1]):
                clips[-1].cell.append(drawing)
                continue
        path = _path(drawing, clipped(clips[-1].box if clips else whole, whole))
        if path is not None:
            found.append(path)
    while clips:
        _close(clips.pop(), clips, whole, found, unpainted)
    yield from _painted(page, found, unpainted)


def _close(
    clip: Clip, around: Sequence[Clip], whole: Box, found: list[Path], unpainted: list[int]
) -> None:
    """What a clip turns out to be at its end: a pattern's shape, or one that nothing filled."""
    if clip.inner and around:
        around[-1].cell += clip.cell
        return
    box = clipped(clip.box, whole)
    items = clip.drawing.get("items")
    color = color_of(clip.cell)
    if box is None or not items or not (clip.empty or color):
        return
    if clip.empty and not color:
        unpainted.append(len(found))
    texture = texture_of(clip.cell) or "pattern"
    frame = clipped(around[-1].box, whole) if around else whole
    found.append(Path(tuple(items), box, color, clip=frame, visible=False, texture=texture))


def _painted(page: Any, found: Sequence[Path], unpainted: Sequence[int]) -> Iterator[Path]:
    """The paths, those that pictures and shadings fill with the colours that show."""
    boxes = [found[n].box for n in unpainted]
    colors = dict(zip(unpainted, seen_colors(page, boxes), strict=True))
    plain = {path.clip for path in found if not path.texture}
    for n, path in enumerate(found):
        if not path.texture:
            yield path
        elif path.box not in plain and (path.fill or colors.get(n)):
            yield replace(path, fill=path.fill or colors[n], visible=True)


def _path(drawing: Mapping[str, Any], scissor: Box | None) -> Path | None:
    if scissor is None:
        return None
    box = clipped(_box(drawing["rect"]), scissor)
    if box is None:
        return None
    kind = drawing["type"]
    # Some charting libraries lay invisible strokes over lines to catch the mouse.
    filled = "f" in kind and _seen(drawing.get("fill_opacity"))
    stroked = "s" in kind and _seen(drawing.get("stroke_opacity"))
    return Path(
        tuple(drawing["items"]),
        box,
        drawing.get("fill") if filled else None,
        drawing.get("color") if stroked else None,
        float(drawing.get("width") or 0.0),
        float(drawing.get("fill_opacity") or 1.0),
        str(drawing.get("dashes") or "[] 0")[:2] != "[]",
        bool(drawing.get("closePath")),
        scissor,
        filled or stroked,
    )


def _seen(opacity: float | None) -> bool:
    return opacity is None or opacity > 0.02


def _box(rect: Sequence[float]) -> Box:
    return float(rect[0]), float(rect[1]), float(rect[2]), float(rect[3])


def clipped(box: Sequence[float], frame: Box) -> Box | None:
    """The part of `box` inside `frame`, or None. Lines (no width or no height) count."""
    left, top = max(box[0], frame[0]), max(box[1], frame[1])
    right, bottom = min(box[2], frame[2]), min(box[3], frame[3])
    if not (left <= right and top <= bottom):
        return None
    return float(left), float(top), float(right), float(bottom)


def union(boxes: Sequence[Sequence[float]]) -> Box:
    """The smallest box around `boxes` (at least one)."""
    return (
        float(min(box[0] for box in boxes)),
        float(min(box[1] for box in boxes)),
        float(max(box[2] for box in boxes)),
        float(max(box[3] for box in boxes)),
    )


def area(box: Box) -> float:
    """Area in square points."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def overlap(one: Box, other: Box) -> float:
    """Area that two boxes share."""
    return max(min(one[2], other[2]) - max(one[0], other[0]), 0.0) * max(
        min(one[3], other[3]) - max(one[1], other[1]), 0.0
    )


def mostly_in(box: Box, frame: Box) -> bool:
    """Whether most of a box (of a line: of its length) lies in a frame."""
    if area(box) == 0:
        part = clipped(box, frame)
        return part is not None and (part[2] - part[0]) + (part[3] - part[1]) > 0.7 * (
            (box[2] - box[0]) + (box[3] - box[1])
        )
    return overlap(box, frame) > 0.7 * area(box)


def inside(point: Point, box: Box, margin: float = 0.0) -> bool:
    """Whether a point lies in `box` widened by `margin`."""
    return (
        box[0] - margin <= point[0] <= box[2] + margin
        and box[1] - margin <= point[1] <= box[3] + margin
    )


def center(box: Box) -> Point:
    """The middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2

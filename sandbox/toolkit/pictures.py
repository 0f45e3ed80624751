"""Looking at the figure again: crops, readings at a higher zoom, pictures to a reasoner."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from sandbox.toolkit.desk import DESK

LARGEST = 1600


def zoom(box: Sequence[float], factor: float = 2.0, figure: str = "") -> Image.Image:
    """The part of the figure in box (left, top, right, bottom; px), enlarged, drawn afresh where
    the figure is a vector drawing."""
    _, blobs = DESK.ask("zoom", figure=figure or DESK.figure, box=sides(box), factor=float(factor))
    if not blobs:
        raise RuntimeError("zoom: the reader sent no picture")
    return Image.open(io.BytesIO(blobs[0]))


def reread(box: Sequence[float], factor: float = 3.0, figure: str = "") -> list[dict[str, Any]]:
    """The text in box (left, top, right, bottom; px), read again at a higher zoom: a list of
    {"text", "bbox_px", "confidence"}."""
    if DESK.request is None:
        return []
    reply, _ = DESK.ask(
        "reread", figure=figure or DESK.figure, box=sides(box), factor=float(factor)
    )
    return [dict(text) for text in reply.get("texts", ())]


def show(image: Any) -> None:
    """Hand a picture (Pillow image, array or matplotlib figure) to a reasoner that can see."""
    if hasattr(image, "savefig"):
        buffer = io.BytesIO()
        image.savefig(buffer, format="png")
        DESK.images.append(buffer.getvalue())
        return
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture = picture.convert("RGB")
    picture.thumbnail((LARGEST, LARGEST))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    DESK.images.append(buffer.getvalue())


def sides(box: Sequence[float]) -> list[float]:
    """A box as four numbers with left < right and top < bottom; ValueError otherwise."""
    if len(box) != 4:
        raise ValueError(f"a box is (left, top, right, bottom), not {box!r}")
    left, top, right, bottom = (float(side) for side in box)
    if not (left < right and top < bottom):
        raise ValueError(f"the box {box!r} is empty")
    return [left, top, right, bottom]

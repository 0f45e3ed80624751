"""Scenes with known axes and texts, straight from matplotlib: for tests without OCR."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from air_cli.read.scene import AxisFit, Scene
from air_cli.records import Text, Tick


def new_axes(width: float = 7.0, height: float = 4.5, dpi: int = 100) -> tuple[Figure, Axes]:
    """A figure with one axes, drawn by Agg."""
    figure = Figure(figsize=(width, height), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def scene_of(figure: Figure, axes: Axes, x_kind: str = "time", jpeg: int = 0) -> Scene:
    """The scene as a perfect first half of the reader would see it: exact axes, every text.

    `x_kind`: time, linear or category. Not the legend: that is for `find_legend`.
    """
    canvas: Any = figure.canvas
    canvas.draw()
    rgb = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    if jpeg:
        buffer = io.BytesIO()
        Image.fromarray(rgb).save(buffer, "JPEG", quality=jpeg)
        rgb = np.asarray(Image.open(buffer).convert("RGB")).copy()
    box = axes.get_window_extent()
    high = rgb.shape[0]
    plot = (box.x0, high - box.y1, box.x1, high - box.y0)
    x, y = _axis(axes, "x", x_kind, high), _axis(axes, "y", "linear", high)
    return Scene(rgb, _texts(figure, axes, high), plot, x=x, y=y)


def _texts(figure: Figure, axes: Axes, high: int) -> list[Text]:
    found: list[Text] = []

    def add(item: Any, role: str) -> None:
        if not item.get_text().strip():
            return
        box = item.get_window_extent()
        bounds = (float(box.x0), float(high - box.y1), float(box.x1), float(high - box.y0))
        found.append(Text(item.get_text(), bounds, role))

    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        if axes.axison:
            add(label, "tick")
    for text in axes.texts:
        add(text, "label")
    add(axes.title, "title")
    legend = axes.get_legend()
    for text in legend.get_texts() if legend else []:
        add(text, "legend")
    return found


def _axis(axes: Axes, role: str, kind: str, high: int) -> AxisFit:
    own = axes.xaxis if role == "x" else axes.yaxis
    low, top = sorted(axes.get_xlim() if role == "x" else axes.get_ylim())

    def px(value: float) -> float:
        point = axes.transData.transform((value, 0) if role == "x" else (0, value))
        return float(point[0]) if role == "x" else high - float(point[1])

    places = [
        (label.get_text(), float(at))
        for label, at in zip(own.get_ticklabels(), own.get_ticklocs(), strict=True)
        if low <= at <= top
    ]
    slope = (top - low) / (px(top) - px(low))
    offset = low - slope * px(low)
    if kind == "category":
        step = px(places[1][1]) - px(places[0][1])
        ticks = tuple(Tick(text, None, px(at)) for text, at in places)
        return AxisFit(role, kind, 1 / step, -ticks[0].px / step, ticks)
    ticks = tuple(Tick(text, at, px(at)) for text, at in places)
    span = (min(px(low), px(top)), max(px(low), px(top)))
    return AxisFit(role, kind, slope, offset, ticks, 0.0, span)

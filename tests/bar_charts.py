"""Bars of every look with known data, drawn with matplotlib from a seed, texts given (no OCR).

`draw(kind, seed)` returns the picture, its texts as a perfect OCR would see them, and the truth:

    {"kind", "look", "categories", "values": {series: {category: value}}, "range": [low, high] of
     the value axis (of each series by its own axis), "kinds": {series: "bar" | "line" | "dot"}}
"""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from PIL import Image

from air_cli.read.scene import Rgb
from air_cli.records import Text

PLAIN = ("bar", "barh", "grouped-bar", "grouped-barh", "stacked-bar", "stacked-barh")
KINDS = (*PLAIN, "combo", "waterfall", "range", "dot")
LOOKS = ("plain", "hatched", "outlined", "gradient", "grey", "touching", "many", "overdrawn")

_PALETTES = (
    ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"),
    ("#0b3c5d", "#328cc1", "#d9b310", "#6b7a8f"),
    ("#264653", "#2a9d8f", "#e9c46a", "#e76f51"),
    ("#003f5c", "#bc5090", "#ffa600", "#7a5195"),
)
_GREYS = ("#222222", "#777777", "#b5b5b5", "#dddddd")
_NAMES = ("North", "South", "East", "West", "Central", "Coast", "Alps", "Isles", "Plains")
_GROUPS = ("Online", "Retail", "Wholesale", "Services")
_HATCHES = ("///", "xx", "\\\\\\", "...")


def draw(kind: str, seed: int, look: str | None = None) -> tuple[Rgb, list[Text], dict[str, Any]]:
    """One chart of `kind`; the seed chooses the rest, and the look where none is given."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    chosen = str(rng.choice(LOOKS[:-1]))
    look = look or (chosen if kind in PLAIN else "plain")
    size = ((6.4, 4.8), (8.0, 5.0), (5.5, 4.0), (9.0, 4.5))[rng.integers(4)]
    figure = Figure(figsize=size, dpi=int(rng.choice([80, 100, 130])), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    truth: dict[str, Any] = {"kind": kind, "look": look, "kinds": {}, "range": {}}
    painter = {"combo": _combo, "waterfall": _waterfall, "range": _range, "dot": _dots}
    painter.get(kind, _bars)(axes, kind, look, rng, truth)
    axes.set_title("Output by region")
    return _picture(figure, rng), _texts(figure), truth


def _picture(figure: Figure, rng: np.random.Generator) -> Rgb:
    canvas: Any = figure.canvas
    canvas.draw()
    rgb = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    quality = int(rng.choice([0, 60, 85]))
    if not quality:
        return rgb
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB")).copy()


def _texts(figure: Figure) -> list[Text]:
    high = float(figure.bbox.height)
    items: list[Any] = []
    for axes in figure.axes:
        ends = (sorted(axes.get_xlim()), sorted(axes.get_ylim()))
        for own, (low, top) in zip((axes.xaxis, axes.yaxis), ends, strict=True):
            if not own.get_visible() or not axes.axison:
                continue
            items += [
                label
                for label, at in zip(own.get_ticklabels(), own.get_ticklocs(), strict=True)
                if low - 1e-9 <= at <= top + 1e-9
            ]
            items.append(own.label)
        items += [*axes.texts, axes.title]
        legend = axes.get_legend()
        items += legend.get_texts() if legend else []
    found = []
    for item in items:
        words = item.get_text().replace("−", "-")
        if words.strip() and item.get_visible():
            box = item.get_window_extent()
            bounds = (float(box.x0), high - float(box.y1), float(box.x1), high - float(box.y0))
            found.append(Text(words, bounds, angle=float(item.get_rotation())))
    return found


def _bars(
    axes: Axes, kind: str, look: str, rng: np.random.Generator, truth: dict[str, Any]
) -> None:
    many = not kind.startswith("bar")
    names = list(_GROUPS[: int(rng.integers(2, 4))]) if many else [""]
    count = int(rng.integers(18, 31)) if look == "many" else int(rng.integers(3, 8))
    years = look == "many" or bool(rng.integers(2))
    categories = [str(1995 + i) for i in range(count)] if years else list(_NAMES[:count])
    scale = float(rng.choice([1.0, 10.0, 1000.0]))
    values = np.round(rng.uniform(8, 95, (len(names), count)) * scale, 1 if scale < 100 else 0)
    if not many and rng.integers(3) == 0:
        values *= rng.choice([-1.0, 1.0], values.shape, p=[0.3, 0.7])
    horizontal = kind.endswith("barh")
    wide = 1.0 if look == "touching" else float(rng.uniform(0.5, 0.85))
    colors = _GREYS if look == "grey" else _PALETTES[rng.integers(len(_PALETTES))]
    groups = _draw_bars(axes, kind, look, values, names, colors, wide)
    _categories(axes, categories, horizontal, step=5 if look == "many" and not horizontal else 1)
    labels = look != "many" and bool(rng.integers(2))
    labels = labels and (count * len(names) <= 12 or kind.startswith("stacked"))
    if labels:
        middle = kind.startswith("stacked")
        for i, group in enumerate(groups):
            light = look not in ("hatched", "outlined") and np.mean(_rgb(colors[i])) < 150
            axes.bar_label(
                group,
                label_type="center" if middle else "edge",
                color="white" if middle and light else None,
                fontsize="small",
                padding=0 if middle else 2,
                fmt="%g",
            )
        if middle and rng.integers(2):
            _totals(axes, values.sum(axis=0), horizontal)
            truth["totals"] = True
    _room(axes, horizontal, 1.32 if many else 1.08)
    if many:
        axes.legend(loc="lower right" if horizontal else "upper left", ncols=len(names))
    if labels and not (values < 0).any() and rng.integers(3) == 0:
        (axes.xaxis if horizontal else axes.yaxis).set_visible(False)
    elif rng.integers(2):
        axes.set_axisbelow(True)
        axes.grid(True, axis="x" if horizontal else "y", alpha=0.5)
    low, high = axes.get_xlim() if horizontal else axes.get_ylim()
    _tell(truth, categories, names, values, high - low, "bar")


def _rgb(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def _draw_bars(
    axes: Axes, kind: str, look: str, values: Any, names: list[str], colors: Any, wide: float
) -> list[BarContainer]:
    at = np.arange(values.shape[1])
    base = np.zeros(values.shape[1])
    groups = []
    for i, row in enumerate(values):
        thick = wide / len(names) if kind.startswith("grouped") else wide
        thick *= 0.85 if kind.startswith("grouped") and look == "touching" else 1.0
        shift = (i - (len(names) - 1) / 2) * thick if kind.startswith("grouped") else 0.0
        stack = base if kind.startswith("stacked") else 0 * base
        style: dict[str, Any] = {"color": colors[i], "label": names[i] or None}
        if look == "hatched" and (i % 2 == 0):
            style.update(color="white", edgecolor=colors[i], hatch=_HATCHES[i % 4])
        elif look == "outlined":
            style.update(color="white" if i == 0 else colors[i], edgecolor="black")
        elif look == "grey":
            style.update(edgecolor="black")
        elif look == "touching":
            style.update(edgecolor="white", linewidth=0.8)
        plot = axes.barh if kind.endswith("barh") else axes.bar
        along: dict[str, Any] = {"left" if kind.endswith("barh") else "bottom": stack}
        groups.append(plot(at + shift, row, thick, **along, **style))
        base = base + row
    if look == "gradient":
        for group, color in zip(groups, colors, strict=False):
            _shade(axes, group, color, lying=kind.endswith("barh"))
    return groups


def _shade(axes: Axes, group: BarContainer, color: str, lying: bool) -> None:
    """Paint bars over with a gradient across them, dark to light."""
    limits = axes.axis()
    ends = np.array([_rgb(color), [min(255, c + 90) for c in _rgb(color)]]) / 255
    ramp = ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, 64)[:, None]
    image = ramp[:, None] if lying else ramp[None]
    for bar in group:
        x, y, w, h = bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()
        axes.imshow(image, extent=(x, x + w, y, y + h), aspect="auto", zorder=2)
    axes.axis(limits)


def _categories(axes: Axes, categories: list[str], horizontal: bool, step: int = 1) -> None:
    at = list(range(len(categories)))
    if horizontal:
        axes.set_yticks(at[::step], categories[::step], fontsize="x-small" if len(at) > 9 else None)
        axes.invert_yaxis()
    else:
        axes.set_xticks(at[::step], categories[::step])


def _room(axes: Axes, horizontal: bool, factor: float) -> None:
    low, high = axes.get_xlim() if horizontal else axes.get_ylim()
    ends = (low if low >= 0 else low * factor, high * factor)
    (axes.set_xlim if horizontal else axes.set_ylim)(*ends)


def _totals(axes: Axes, totals: Any, horizontal: bool) -> None:
    for i, total in enumerate(totals):
        spot = (total, i) if horizontal else (i, total)
        axes.annotate(
            f"{total:g}",
            spot,
            (4, 0) if horizontal else (0, 3),
            textcoords="offset points",
            va="center" if horizontal else "bottom",
            ha="left" if horizontal else "center",
            weight="bold",
            fontsize="small",
        )


def _tell(
    truth: dict[str, Any],
    categories: list[str],
    names: list[str],
    values: Any,
    extent: float,
    kind: str,
) -> None:
    truth["categories"] = categories
    own = truth.setdefault("values", {})
    for name, row in zip(names, values, strict=True):
        own[name] = dict(zip(categories, map(float, row), strict=True))
        truth["range"][name] = abs(extent)
        truth["kinds"][name] = kind


def _combo(
    axes: Axes, kind: str, look: str, rng: np.random.Generator, truth: dict[str, Any]
) -> None:
    """Bars and a line: on two axes, on one, or with labels and no axis at all."""
    count = int(rng.integers(4, 9))
    categories = [f"Q{i % 4 + 1} {2015 + i // 4}" for i in range(count)]
    bars = np.round(rng.uniform(40, 95, count) * 10, 0)
    line = np.round(rng.uniform(4, 22, count), 1)
    palette = _PALETTES[rng.integers(len(_PALETTES))]
    group = axes.bar(range(count), bars, 0.6, color=palette[0], label="Sales")
    _categories(axes, categories, False)
    other = axes.twinx()
    marker = str(rng.choice(["", "o", "D"]))
    other.plot(range(count), line, label="Margin", color=palette[3], marker=marker, linewidth=2)
    way = int(rng.integers(3))  # 0: two axes, 1: axes and labels, 2: labels alone
    axes.set_ylim(0, bars.max() * float(rng.choice([1.15, 1.6])))
    other.set_ylim(*((-10, line.max() * 1.2), (0, line.max() * 1.15))[rng.integers(2)])
    if way:
        axes.bar_label(group, label_type="center", color="white", fontsize="small")
        for i, value in enumerate(line):
            spot = (0, 6 if i == 0 or value >= line[i - 1] else -14)
            other.annotate(
                f"{value}%", (i, value), spot, textcoords="offset points", ha="center",
                fontsize="small", color=palette[3],
            )  # fmt: skip
    if way == 2:
        axes.yaxis.set_visible(False)
        other.yaxis.set_visible(False)
    handles = [*axes.get_legend_handles_labels()[0], *other.get_legend_handles_labels()[0]]
    axes.legend(
        handles, ["Sales", "Margin"], loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2
    )
    truth["way"] = way
    _tell(truth, categories, ["Sales"], bars[None], float(np.diff(axes.get_ylim())[0]), "bar")
    _tell(truth, categories, ["Margin"], line[None], float(np.diff(other.get_ylim())[0]), "line")


def _waterfall(
    axes: Axes, kind: str, look: str, rng: np.random.Generator, truth: dict[str, Any]
) -> None:
    count = int(rng.integers(3, 6))
    steps = np.round(rng.uniform(5, 25, count) * rng.choice([-1.0, 1.0], count), 0)
    start = float(np.round(rng.uniform(90, 140)))
    names = ["2021", *("Price", "Volume", "Costs", "Currency", "Tax")[:count], "2022"]
    levels = start + np.concatenate(([0], steps.cumsum()))
    values = np.concatenate(([start], steps, [levels[-1]]))
    lows = np.concatenate(([0], np.minimum(levels[:-1], levels[1:]), [0]))
    palette = _PALETTES[rng.integers(len(_PALETTES))]
    colors = [palette[0], *(palette[2] if s > 0 else palette[3] for s in steps), palette[0]]
    axes.bar(range(count + 2), np.abs(values), 0.6, bottom=lows, color=colors)
    _categories(axes, names, False)
    labels = bool(rng.integers(2))
    if labels:
        for i, value in enumerate(values):
            text = f"{value:g}" if i in (0, count + 1) or rng.integers(2) == 0 else f"{value:+g}"
            top = lows[i] + abs(value)
            axes.annotate(
                text, (i, top), (0, 3), textcoords="offset points", ha="center", fontsize="small"
            )
    if rng.integers(2):
        for i, level in enumerate(levels):
            axes.plot([i, i + 1], [level, level], color="#888888", linewidth=0.8, zorder=0)
    axes.set_ylim(0, (lows + np.abs(values)).max() * 1.12)
    if labels and rng.integers(2):
        axes.yaxis.set_visible(False)
    _tell(truth, names, [""], values[None], float(np.diff(axes.get_ylim())[0]), "bar")


def _range(
    axes: Axes, kind: str, look: str, rng: np.random.Generator, truth: dict[str, Any]
) -> None:
    count = int(rng.integers(4, 9))
    low = np.round(rng.uniform(5, 40, count), 1)
    high = low + np.round(rng.uniform(8, 40, count), 1)
    horizontal = bool(rng.integers(2))
    color = _PALETTES[rng.integers(len(_PALETTES))][0]
    if horizontal:
        axes.barh(range(count), high - low, 0.5, left=low, color=color)
        axes.set_xlim(0, 90)
    else:
        axes.bar(range(count), high - low, 0.5, bottom=low, color=color)
        axes.set_ylim(0, 90)
    _categories(axes, list(_NAMES[:count]), horizontal)
    _tell(truth, list(_NAMES[:count]), ["from", "to"], np.array([low, high]), 90.0, "bar")


def _dots(
    axes: Axes, kind: str, look: str, rng: np.random.Generator, truth: dict[str, Any]
) -> None:
    """Lollipops, or several dots a row joined by a line."""
    count = int(rng.integers(4, 10))
    series = int(rng.integers(1, 4))
    values = np.round(rng.uniform(5, 95, (series, count)), 0)
    palette = _PALETTES[rng.integers(len(_PALETTES))]
    names = list(_GROUPS[:series]) if series > 1 else [""]
    at = np.arange(count)
    lying = series > 1 or bool(rng.integers(2))
    lines = axes.hlines if lying else axes.vlines
    ends = (values.min(axis=0), values.max(axis=0)) if series > 1 else (0 * at, values[0])
    lines(at, *ends, color="#bbbbbb" if series > 1 else palette[0], zorder=1)
    for row, color, name in zip(values, palette, names, strict=False):
        xs, ys = (row, at) if lying else (at, row)
        axes.scatter(xs, ys, s=float(rng.uniform(50, 110)), color=color, label=name, zorder=2)
    (axes.set_xlim if lying else axes.set_ylim)(0, 105)
    _categories(axes, list(_NAMES[:count]), lying)
    if series > 1:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=series)
    _tell(truth, list(_NAMES[:count]), names, values, 105.0, "dot")

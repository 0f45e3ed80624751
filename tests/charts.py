"""Charts with known data for everyone's tests, drawn with matplotlib from a seed.

`make_chart(kind, seed)` returns the PNG and the truth:

    {"kind", "title", "unit", "categories": [...], "series": [{"name", "color"}, ...],
     "values": {series: {category: value}}, "range": [low, high] of the value axis,
     "labels": bool, "legend": bool, "points": [[x, y, series], ...] for scatter}

A single series without a legend is named "". Kinds are those of `records.Chart.kind`.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, field
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BARS = ("bar", "barh", "grouped-bar", "grouped-barh", "stacked-bar", "stacked-barh")
KINDS = (*BARS, "line", "area", "stacked-area", "pie", "donut", "scatter")

_PALETTES = (
    ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b"),
    ("#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948"),
    ("#0b3c5d", "#328cc1", "#d9b310", "#6b7a8f", "#b82601", "#1d6f42"),
    ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51", "#6d597a"),
    ("#003f5c", "#58508d", "#bc5090", "#ff6361", "#ffa600", "#7a5195"),
)
_SUBJECTS = ("Revenue", "Exports", "Visitors", "Energy use", "Rainfall", "Spending", "Output")
_NAMES = ("Northern", "Southern", "Eastern", "Western", "Central", "Coastal", "Alpine", "Island")
_GROUPS = ("Online", "Retail", "Wholesale", "Services", "Licences", "Hardware")


@dataclass
class Style:
    """How a chart looks; `None` lets the seed choose."""

    size: tuple[float, float] | None = None
    dpi: int | None = None
    labels: bool | None = None
    grid: bool | None = None
    dark: bool = False
    rc: dict[str, Any] = field(default_factory=dict)


def make_chart(
    kind: str, seed: int = 0, style: Style | None = None, form: str = "png"
) -> tuple[bytes, dict[str, Any]]:
    """One chart of `kind` with random data and look: (bytes of `form`: png, pdf, svg; truth)."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    style = style or Style()
    size = style.size or ((6.4, 4.8), (8.0, 5.0), (5.5, 4.0), (9.0, 4.5))[rng.integers(4)]
    dpi = style.dpi or int(rng.choice([80, 100, 130]))
    rc: Any = {"font.size": float(rng.choice([9, 10, 11])), **style.rc}
    if style.dark:
        rc = {**_DARK, **rc}
    with matplotlib.rc_context(rc):
        figure = Figure(figsize=size, dpi=dpi, layout="constrained")
        axes = figure.add_subplot()
        truth = _draw(axes, kind, rng, style)
        buffer = io.BytesIO()
        _shrink(figure, axes)
        figure.savefig(buffer, format=form)
    return buffer.getvalue(), truth


def _shrink(figure: Figure, axes: Axes) -> None:
    """Make category labels that would run into each other smaller, as a person would."""
    figure.canvas.draw()
    labels = [label for label in axes.get_xticklabels() if label.get_text()]
    boxes = [label.get_window_extent() for label in labels]
    over = max((a.x1 - b.x0 for a, b in itertools.pairwise(boxes)), default=-9)
    if over > -6:
        wide = max(box.width for box in boxes)
        pitch = min(b.x0 + b.width / 2 - a.x0 - a.width / 2 for a, b in itertools.pairwise(boxes))
        for label in labels:
            label.set_fontsize(label.get_fontsize() * max(0.5, (pitch - 6) / wide))


_DARK = {
    "figure.facecolor": "#15181d",
    "axes.facecolor": "#15181d",
    "savefig.facecolor": "#15181d",
    "text.color": "white",
    "axes.labelcolor": "white",
    "xtick.color": "white",
    "ytick.color": "white",
    "axes.edgecolor": "#888888",
    "grid.color": "#444444",
}


def _draw(axes: Axes, kind: str, rng: np.random.Generator, style: Style) -> dict[str, Any]:
    grid = bool(rng.integers(2)) if style.grid is None else style.grid
    labels = bool(rng.integers(2)) if style.labels is None else style.labels
    palette = _PALETTES[rng.integers(len(_PALETTES))]
    subject = _SUBJECTS[rng.integers(len(_SUBJECTS))]
    truth: dict[str, Any] = {"kind": kind, "labels": labels, "points": []}
    if kind == "scatter":
        _scatter(axes, rng, palette, truth)
    elif kind in ("pie", "donut"):
        _pie(axes, kind, rng, palette, truth, labels)
    else:
        _table(axes, kind, rng, palette, truth, labels, subject)
    if grid and kind not in ("pie", "donut"):
        axes.set_axisbelow(True)
        both = kind in ("line", "scatter")
        axes.grid(True, axis="both" if both else "x" if kind.endswith("barh") else "y", alpha=0.5)
    if rng.integers(2) and kind not in ("pie", "donut"):
        axes.spines[["top", "right"]].set_visible(False)
    truth["title"] = f"{subject} by {'year' if kind in ('line', 'area') else 'region'}"
    axes.set_title(truth["title"])
    truth["legend"] = axes.get_legend() is not None
    return truth


def _table(
    axes: Axes,
    kind: str,
    rng: np.random.Generator,
    palette: tuple[str, ...],
    truth: dict[str, Any],
    labels: bool,
    subject: str,
) -> None:
    years = kind in ("line", "area", "stacked-area") or bool(rng.integers(2))
    many = kind.startswith(("grouped", "stacked")) or (kind == "line" and bool(rng.integers(3)))
    count = int(rng.integers(4, 9)) if kind in BARS else int(rng.integers(6, 14))
    if not years:
        count = min(count, len(_NAMES))
    start = int(rng.integers(1995, 2012))
    categories = [str(start + i) for i in range(count)] if years else list(_NAMES[:count])
    names = list(_GROUPS[: int(rng.integers(2, 4))]) if many else [""]
    values = _values(rng, kind, len(names), count)
    horizontal = kind.endswith("barh")
    unit = ("%", "million USD", "thousand tonnes")[rng.integers(3)]
    _plot(axes, kind, categories, names, values, palette, rng)
    if many and kind in BARS:
        _legend_beside_bars(axes, rng, horizontal)
    elif many:
        axes.legend(loc="best" if rng.integers(2) else "upper left", fontsize="small")
    (axes.set_xlabel if horizontal else axes.set_ylabel)(f"{subject} ({unit})")
    if labels and kind in BARS:
        for container in axes.containers:
            middle = kind.startswith("stacked")
            axes.bar_label(
                container,  # type: ignore[arg-type]
                label_type="center" if middle else "edge",
                color="white" if middle else None,
                padding=0 if middle else 2,
                fontsize="small",
            )
    low, high = axes.get_xlim() if horizontal else axes.get_ylim()
    series = [{"name": n, "color": palette[i]} for i, n in enumerate(names)]
    truth.update(unit=unit, categories=categories, series=series, range=[low, high])
    truth["values"] = {
        n: dict(zip(categories, map(float, values[i]), strict=True)) for i, n in enumerate(names)
    }


def _legend_beside_bars(axes: Axes, rng: np.random.Generator, horizontal: bool) -> None:
    """A legend that covers no bar: outside, or in room made for it."""
    if rng.integers(2):
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")
    elif horizontal:
        axes.set_xlim(right=axes.get_xlim()[1] * 1.35)
        axes.legend(loc="upper right", fontsize="small")
    else:
        axes.set_ylim(top=axes.get_ylim()[1] * 1.3)
        axes.legend(loc="upper left", fontsize="small")


def _values(rng: np.random.Generator, kind: str, series: int, count: int) -> Any:
    size = float(rng.choice([1.0, 10.0, 1000.0]))
    if kind in ("line", "area", "stacked-area"):
        walk = rng.normal(0, 6, (series, count)).cumsum(axis=1)
        values = np.abs(walk + rng.uniform(20, 80, (series, 1))) + 5
    else:
        values = rng.uniform(8, 95, (series, count))
        if kind in ("bar", "barh") and rng.integers(4) == 0:
            values *= rng.choice([-1.0, 1.0], (series, count), p=[0.3, 0.7])
    return np.round(values * size, 1 if size < 100 else 0)


def _plot(
    axes: Axes,
    kind: str,
    categories: list[str],
    names: list[str],
    values: Any,
    palette: tuple[str, ...],
    rng: np.random.Generator,
) -> None:
    at = np.arange(len(categories))
    wide = float(rng.uniform(0.55, 0.85))
    horizontal = kind.endswith("barh")
    base = np.zeros(len(categories))
    for i, name in enumerate(names):
        color, row, label = palette[i], values[i], name or None
        if kind in BARS:
            thick = wide / len(names) if kind.startswith("grouped") else wide
            shift = (i - (len(names) - 1) / 2) * thick if kind.startswith("grouped") else 0.0
            stack = base if kind.startswith("stacked") else np.zeros(len(categories))
            if horizontal:
                axes.barh(at + shift, row, thick, left=stack, color=color, label=label)
            else:
                axes.bar(at + shift, row, thick, bottom=stack, color=color, label=label)
            base = base + row
        elif kind == "line":
            marker = ("", "o", "s", "")[int(rng.integers(4))]
            axes.plot(at, row, color=color, label=label, marker=marker, linewidth=2)
    if kind == "area":
        axes.fill_between(at, values[0], color=palette[0], alpha=0.9)
        axes.set_ylim(bottom=0)
    elif kind == "stacked-area":
        axes.stackplot(at, values, colors=list(palette), labels=names)
    if horizontal:
        axes.set_yticks(at, categories)
        axes.invert_yaxis()
    else:
        axes.set_xticks(at, categories)


def _pie(
    axes: Axes,
    kind: str,
    rng: np.random.Generator,
    palette: tuple[str, ...],
    truth: dict[str, Any],
    labels: bool,
) -> None:
    count = int(rng.integers(3, 6))
    names = list(_GROUPS[:count])
    parts = rng.uniform(1, 4, count)
    shares = np.round(parts / parts.sum() * 100, 1)
    shares[-1] = round(100 - float(shares[:-1].sum()), 1)
    axes.pie(
        shares,
        labels=names if rng.integers(2) or labels else None,
        colors=list(palette[:count]),
        autopct="%.1f%%" if labels else None,
        startangle=90,
        counterclock=False,
        pctdistance=0.8 if kind == "donut" else 0.6,
        wedgeprops={"width": 0.4, "edgecolor": "white"} if kind == "donut" else None,
    )
    if not any(text.get_text() in names for text in axes.texts):
        axes.legend(names, loc="center left", bbox_to_anchor=(1, 0.5))
    truth.update(unit="%", categories=names, range=[0.0, 100.0])
    truth["series"] = [{"name": "", "color": ""}]
    truth["values"] = {"": dict(zip(names, map(float, shares), strict=True))}


def _scatter(
    axes: Axes, rng: np.random.Generator, palette: tuple[str, ...], truth: dict[str, Any]
) -> None:
    names = list(_GROUPS[: int(rng.integers(1, 3))])
    for i, name in enumerate(names):
        x, y = rng.uniform(0, 50, 14), rng.uniform(10, 90, 14)
        label = name if len(names) > 1 else None
        axes.scatter(x, y, color=palette[i], label=label, s=30)
        truth["points"] += [
            [float(a), float(b), name if label else ""] for a, b in zip(x, y, strict=True)
        ]
    if len(names) > 1:
        axes.legend(loc="upper right", fontsize="small")
    axes.set_xlabel("Price (USD)")
    axes.set_ylabel("Score")
    shown = names if len(names) > 1 else [""]
    truth.update(unit="", categories=[], values={}, range=list(axes.get_ylim()))
    truth["series"] = [{"name": n, "color": palette[i]} for i, n in enumerate(shown)]

"""Charts by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np

matplotlib.use("Agg")
from matplotlib.figure import Figure

from benchmarks.documents.specs import Spec

_HATCHES = ("//", "xx", "..", "--", "\\\\")


def draw(specs: Sequence[Spec], folder: Path, suffix: str = "pdf") -> None:
    """Draw each spec as a PDF (or another `suffix`); styles alternate."""
    for number, spec in enumerate(specs):
        style: list[str] = [["default"], ["ggplot"], ["seaborn-v0_8-whitegrid"]][number % 3]
        with matplotlib.style.context(style):
            figure = Figure(figsize=(7, 4.4), layout="constrained")
            _plot(figure.add_subplot(), spec)
            figure.savefig(folder / f"{spec.id}.{suffix}")


def _plot(ax: Any, spec: Spec) -> None:
    ax.set_title(spec.title)
    if spec.shape in ("pie", "donut"):
        (values,) = spec.values.values()
        hole = {"width": 0.4} if spec.kind == "donut" else None
        ax.pie(values, labels=spec.categories, wedgeprops=hole)
        return
    if spec.points:
        for name, row in spec.points.items():
            ax.scatter(*zip(*row, strict=True), label=name, s=18)
    elif spec.kind == "box":
        _boxes(ax, spec)
    elif spec.kind == "combo":
        _combo(ax, spec)
        return
    elif "bar" in spec.kind or spec.kind == "stacked-negative":
        _bars(ax, spec)
    else:
        _lines(ax, spec)
    if spec.log:
        ax.set_yscale("log")
    if max(len(spec.values), len(spec.points)) > 1 and spec.kind != "box":
        ax.legend()
    if "barh" in spec.kind:
        ax.set_xlabel(spec.unit)
    else:
        ax.set_ylabel(spec.unit)


def _bars(ax: Any, spec: Spec) -> None:
    flat = "barh" in spec.kind
    stacked = spec.shape.startswith("stacked")
    at = np.arange(len(spec.categories))
    up, down = np.zeros(len(at)), np.zeros(len(at))
    width = 0.8 if stacked else 0.8 / len(spec.values)
    for n, (name, row) in enumerate(spec.values.items()):
        values = np.array(row)
        base = np.where(values >= 0, up, down) if stacked else np.zeros(len(at))
        place = at if stacked else at + (n - (len(spec.values) - 1) / 2) * width
        hatch = _HATCHES[n % 5] if spec.kind == "hatched-bar" else None
        if flat:
            bars = ax.barh(place, values, width, left=base, label=name)
        else:
            bars = ax.bar(place, values, width, bottom=base, label=name, hatch=hatch)
        up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
        if spec.kind == "labelled-bar":
            ax.bar_label(bars)
    turn = 40 if spec.kind == "slanted-bar" else 0
    if flat:
        ax.set_yticks(at, spec.categories)
    else:
        ax.set_xticks(at, spec.categories, rotation=turn, ha="right" if turn else "center")


def _lines(ax: Any, spec: Spec) -> None:
    xs = [int(c) for c in spec.categories] if spec.numeric_x else list(spec.categories)
    if spec.kind == "stacked-area":
        ax.stackplot(xs, list(spec.values.values()), labels=list(spec.values))
        return
    for name, row in spec.values.items():
        if spec.kind == "area":
            ax.fill_between(xs, row, label=name, alpha=0.8)
        elif spec.kind == "smooth-line":
            _smooth(ax, spec, name, row)
        else:
            ax.plot(xs, row, marker="o" if spec.kind == "marker-line" else None, label=name)


def _smooth(ax: Any, spec: Spec, name: str, row: Sequence[float]) -> None:
    at = np.arange(len(row))
    fine = np.linspace(0, len(row) - 1, 20 * (len(row) - 1) + 1)
    curve = np.interp(fine, at, row) + 0.0
    weights = np.polynomial.Polynomial.fit(at, row, len(row) - 1) if len(row) < 6 else None
    if weights is not None:
        curve = weights(fine)
    ax.plot(fine, curve, label=name)
    ax.set_xticks(at, spec.categories)


def _combo(ax: Any, spec: Spec) -> None:
    first, second = spec.values
    ax.bar(spec.categories, spec.values[first], label=first, color="tab:blue")
    other = ax.twinx()
    other.plot(spec.categories, spec.values[second], label=second, color="tab:orange", marker="s")
    other.set_ylim(0, None)
    handles = [*ax.get_legend_handles_labels()[0], *other.get_legend_handles_labels()[0]]
    ax.legend(handles, [first, second], loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2)


def _boxes(ax: Any, spec: Spec) -> None:
    low, q1, median, q3, high = spec.values.values()
    stats = [
        {"whislo": a, "q1": b, "med": c, "q3": d, "whishi": e, "fliers": []}
        for a, b, c, d, e in zip(low, q1, median, q3, high, strict=True)
    ]
    ax.bxp(stats)
    ax.set_xticks(range(1, len(spec.categories) + 1), spec.categories)

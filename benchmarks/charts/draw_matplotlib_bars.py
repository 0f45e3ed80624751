"""Bars of every sort, boxes and combined charts by matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from benchmarks.charts.plan import Plan

_HATCHES = ("//", "\\\\", "xx", "..", "++")


def bars(axes: Axes, plan: Plan) -> None:
    """Vertical or horizontal bars: single, grouped, stacked."""
    flat, many = plan.kind.endswith("barh"), len(plan.series)
    grouped, stacked = plan.kind.startswith("grouped"), plan.kind.startswith("stacked")
    at, thick = np.arange(len(plan.categories)), plan.style.thick
    thick = thick / many if grouped else thick
    above, below = np.zeros(len(at)), np.zeros(len(at))
    draw: Any = axes.barh if flat else axes.bar
    for i, (name, row) in enumerate(zip(plan.series, plan.values, strict=True)):
        shift = (i - (many - 1) / 2) * thick if grouped else 0.0
        base = np.where(row >= 0, above, below) if stacked else np.zeros(len(at))
        look = fill(plan, i)
        if many == 1 and plan.style.theme % 7 == 0:
            look["color"] = [plan.style.palette[k % 6] for k in range(len(at))]
        made = draw(at + shift, row, thick, base, label=name or None, **look)
        if plan.labels:
            _label(axes, plan, made, row, stacked)
        above, below = above + np.maximum(row, 0), below + np.minimum(row, 0)
    if flat:
        axes.set_yticks(at, plan.categories)
        axes.invert_yaxis()
    else:
        name_categories(axes, plan)
    if plan.low < 0:
        (axes.axvline if flat else axes.axhline)(0, color="#555555", linewidth=0.8)


def fill(plan: Plan, i: int) -> dict[str, Any]:
    """Colour, hatch and edge of the i-th series."""
    color = plan.style.palette[i % len(plan.style.palette)]
    if plan.style.hatch:
        return {"color": "white", "edgecolor": "black", "hatch": _HATCHES[i % 5], "linewidth": 0.8}
    edge = {"edgecolor": "white" if plan.style.theme % 2 else "black", "linewidth": 0.7}
    return {"color": color, **(edge if plan.style.edges else {})}


def _label(axes: Axes, plan: Plan, made: Any, row: Any, stacked: bool) -> None:
    texts = [plan.numbers.text(v) for v in row]
    if not stacked:
        axes.bar_label(made, texts, padding=2, fontsize="small")
        return
    red, green, blue = made[0].get_facecolor()[:3]
    light = 0.3 * red + 0.59 * green + 0.11 * blue > 0.6
    span = plan.high - plan.low
    texts = [t if abs(v) > 0.06 * span else "" for t, v in zip(texts, row, strict=True)]
    axes.bar_label(
        made, texts, label_type="center", fontsize="small", color="black" if light else "white"
    )


def name_categories(axes: Axes, plan: Plan, *, sparse: bool = False, most: int = 0) -> None:
    """Categories below the x axis: every n-th on long lines, turned where they are long."""
    names = list(plan.categories)
    room = most or max(
        3, int(0.8 * plan.style.width / (plan.style.size * 0.62 * max(map(len, names)) + 8))
    )
    at = np.arange(len(names))
    step = 1
    if sparse and len(names) > room:
        step = -(-len(names) // room)
    axes.set_xticks(at[::step], names[::step])
    if not sparse and len(names) > room:
        turn = (45, 90, 30)[plan.style.theme % 3]
        axes.tick_params(axis="x", labelrotation=turn)
        if turn != 90:
            for label in axes.get_xticklabels():
                label.set_horizontalalignment("right")
                label.set_rotation_mode("anchor")


def waterfall(axes: Axes, plan: Plan) -> None:
    """Totals from zero, changes from where the last one ended, with thin connectors."""
    level, up, down, total = 0.0, "#2e8b57", "#c0392b", plan.style.palette[0]
    if plan.style.theme % 3 == 0:
        up, down, total = plan.style.palette[1], plan.style.palette[2], plan.style.palette[0]
    for i, value in enumerate(plan.values[0]):
        base = 0.0 if i in plan.totals else level
        color = total if i in plan.totals else up if value > 0 else down
        axes.bar(i, value, plan.style.thick, bottom=base, color=color)
        ended = base + value
        if plan.labels:
            text = plan.numbers.text(value)
            sign = "" if i in plan.totals or value < 0 or plan.style.theme % 2 else "+"
            top = max(base, ended)
            axes.annotate(
                sign + text,
                (i, top),
                (0, 3),
                textcoords="offset points",
                ha="center",
                fontsize="small",
            )
        if i + 1 < plan.values.shape[1] and plan.style.edges:
            axes.hlines(ended, i, i + 1, color="#888888", linewidth=0.7, zorder=0)
        level = ended
    name_categories(axes, plan)


def ranges(axes: Axes, plan: Plan) -> None:
    """Floating bars."""
    low, high = plan.values
    axes.bar(range(len(low)), high - low, plan.style.thick, bottom=low, color=plan.style.palette[0])
    name_categories(axes, plan)


def boxes(axes: Axes, plan: Plan) -> None:
    """Boxes from their five numbers."""
    stats = [
        {"whislo": a, "q1": b, "med": c, "q3": d, "whishi": e, "label": name, "fliers": []}
        for name, (a, b, c, d, e) in zip(plan.categories, plan.values.T, strict=True)
    ]
    filled = bool(plan.style.theme % 3)
    axes.bxp(
        stats, showfliers=False, widths=plan.style.thick * 0.8, patch_artist=filled,
        boxprops={"facecolor": plan.style.palette[0], "alpha": 0.7} if filled else {},
        medianprops={"color": "black" if not plan.style.dark else "white"},
    )  # fmt: skip
    room = plan.style.width / (plan.style.size * 0.62 * max(map(len, plan.categories)) + 12)
    if len(plan.categories) > room:
        axes.tick_params(axis="x", labelrotation=30)


def combo(axes: Axes, plan: Plan) -> None:
    """Bars on the left axis, the last series as a line on the right one."""
    at, many = np.arange(len(plan.categories)), len(plan.series) - 1
    thick = plan.style.thick / many
    handles: list[Any] = []
    for i in range(many):
        made = axes.bar(at + (i - (many - 1) / 2) * thick, plan.values[i], thick, **fill(plan, i))
        if plan.labels:
            axes.bar_label(made, [plan.numbers.text(v) for v in plan.values[i]], fontsize="small")
        handles.append(made)
    other = axes.twinx()
    color = plan.style.palette[many + 1]
    (line,) = other.plot(at, plan.values[-1], color=color, linewidth=2, marker="o", markersize=5)
    other.set_ylim(plan.second_low, plan.second_high)
    other.set_ylabel(plan.series[-1])
    other.grid(False)
    plan.extra["handles"] = [*handles, line]
    name_categories(axes, plan)

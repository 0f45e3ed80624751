"""Scatter plots."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.legend import find_legend
from air_cli.read.marks import scatter
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of


def test_points_are_found_and_placed() -> None:
    rng = np.random.default_rng(2)
    figure, axes = new_axes()
    truth = {}
    for name, color in (("old", "#1f77b4"), ("new", "#ff7f0e")):
        grid = np.array([(x, y) for x in range(5, 50, 9) for y in range(12, 90, 19)], dtype=float)
        points = grid[rng.permutation(len(grid))[:14]] + rng.uniform(-1.5, 1.5, (14, 2))
        points[:, 0] += 4 if name == "new" else 0
        truth[name] = points
        axes.scatter(points[:, 0], points[:, 1], color=color, label=name, s=30)
    axes.set_ylim(0, 115)
    axes.legend(loc="upper center", ncol=2)
    scene = scene_of(figure, axes, "linear")
    scene.legend = find_legend(scene)
    reading = scatter.read(scene)
    assert reading is not None and reading.score > 0.7
    hits = inside = 0
    for name, points in truth.items():
        own = [m for m in reading.marks if m.series == name]
        assert abs(len(own) - len(points)) <= 1
        for x, y in points:
            near = min(own, key=lambda m: abs((m.x or 0) - x) / 50 + abs((m.value or 0) - y) / 100)
            hits += abs((near.x or 0) - x) < 0.5 and abs((near.value or 0) - y) < 1
            inside += (near.low or 0) <= y <= (near.high or 0)
    assert hits >= 27
    assert inside >= 26


def test_overlapping_points_are_parted_and_told() -> None:
    figure, axes = new_axes()
    axes.scatter([1, 3, 5, 7, 5.16], [2, 4, 6, 8, 6], s=60, color="#2ca02c")
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 10)
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is not None
    assert len(reading.marks) == 5
    assert any("overlap" in problem for problem in reading.problems)


def test_bars_are_no_scatter() -> None:
    figure, axes = new_axes()
    axes.bar(np.arange(8), np.arange(8) + 2.0)
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is None or reading.score < 0.25


def test_marks_of_many_sizes_are_bubbles() -> None:
    figure, axes = new_axes()
    rng = np.random.default_rng(3)
    x, y = np.linspace(8, 92, 9), rng.uniform(15, 85, 9)
    area = np.linspace(80, 900, 9)
    axes.scatter(x, y, s=area, color="#1f77b4", linewidths=0)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is not None and reading.kind == "bubble"
    assert [m.value for m in reading.marks] == pytest.approx(list(y), abs=0.6)
    assert [m.size for m in reading.marks] == pytest.approx(list(area / 900), abs=0.05)


def test_two_points_that_nearly_cover_each_other_are_two() -> None:
    figure, axes = new_axes()
    x, y = [10, 30, 50, 70, 90, 50.9], [20, 40, 60, 80, 30, 61.2]
    axes.scatter(x, y, s=80, color="#4a76a8", alpha=0.8, linewidths=0)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is not None and len(reading.marks) == 6
    found = [(m.x or 0, m.value or 0) for m in reading.marks]
    for a, b in zip(x, y, strict=True):
        assert min(max(abs(p - a), abs(q - b)) for p, q in found) < 0.4


def test_two_rings_that_were_read_as_a_digit_are_points() -> None:
    figure, axes = new_axes()
    x, y = [10, 30, 50, 70, 90, 31], [20, 40, 60, 80, 30, 40.5]
    axes.scatter(x, y, s=80, facecolors="none", edgecolors="#7ac8b0", linewidths=2)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    scene = scene_of(figure, axes, "linear")
    px, py = scene.x.px(30.5), scene.y.px(40.2)  # type: ignore[union-attr]
    scene.texts.append(Text("0", (px - 10, py - 9, px + 10, py + 9), "label"))
    reading = scatter.read(scene)
    assert reading is not None and len(reading.marks) >= 5
    assert min(abs((m.x or 0) - 30.5) for m in reading.marks) < 0.8


def test_ends_of_tick_marks_are_no_points() -> None:
    figure, axes = new_axes()
    axes.scatter([20, 30, 50, 70, 90], [20, 40, 60, 80, 30], s=80, color="#4a76a8", linewidths=0)
    axes.plot([0.4] * 6, [10, 25, 45, 55, 75, 95], "s", markersize=3, color="#d8a0a0")
    axes.set(xlim=(0, 100), ylim=(0, 100))
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is not None and len(reading.marks) == 5


def test_one_small_mark_among_large_ones_is_a_bubble() -> None:
    figure, axes = new_axes()
    x, y = [20, 30, 50, 70, 90, 60], [20, 40, 60, 80, 30, 20]
    axes.scatter(x, y, s=[240, 300, 200, 320, 260, 22], color="#265b74", linewidths=0)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is not None and len(reading.marks) == 6


@pytest.mark.parametrize(("sizes", "kind"), [((1.0, 1.3, 1.5), "bubble"), ((1.0,) * 3, "scatter")])
def test_large_marks_need_differ_little_to_be_bubbles(sizes: tuple[float, ...], kind: str) -> None:
    figure, axes = new_axes()
    for n, (color, base) in enumerate((("#265b74", 260), ("#d95f0e", 420))):
        area = base * np.array([sizes[k % 3] for k in range(6)])
        y = np.linspace(20, 80, 6)[::-1] if n else np.linspace(12, 90, 6)
        axes.scatter(np.linspace(8, 88, 6) + 5 * n, y, s=area, color=color, linewidths=0)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    scene = scene_of(figure, axes, "linear")
    reading = scatter.read(scene)
    assert reading is not None and len(reading.marks) == 12 and reading.kind == kind


def test_large_rings_are_bubbles() -> None:
    figure, axes = new_axes()
    x, y = [10, 30, 50, 70, 90, 60], [20, 40, 60, 80, 30, 20]
    area = [300, 1400, 600, 900, 450, 2000]
    axes.scatter(x, y, s=area, facecolors="none", edgecolors="#d95f0e", linewidths=2)
    axes.set(xlim=(0, 100), ylim=(0, 100))
    axes.grid(axis="y", color="#dddddd")
    axes.set_axisbelow(True)
    reading = scatter.read(scene_of(figure, axes, "linear"))
    assert reading is not None and reading.kind == "bubble" and reading.score > 0.5
    found = sorted((m.x or 0.0, m.value or 0.0) for m in reading.marks)
    assert [v for pair in found for v in pair] == pytest.approx(
        [v for pair in sorted(zip(x, y, strict=True)) for v in pair], abs=0.6
    )


def test_points_with_names_beside_them_a_fitted_line_and_tinted_axes() -> None:
    figure, axes = new_axes()
    for side in ("left", "bottom"):
        axes.spines[side].set_color("#676a86")
        axes.spines[side].set_linewidth(1.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    rng = np.random.default_rng(4)
    x, y = np.arange(5, 95, 10.0), rng.uniform(20, 80, 9)
    names = ["Japan", "Spain", "Chile", "Ghana", "Nepal", "India", "Malta", "Qatar", "Kenya"]
    axes.scatter(x, y, c=[f"C{n}" for n in range(9)], s=22)
    axes.plot([0, 100], [30, 66], color="#c7c8d2", linewidth=0.8)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    scene = scene_of(figure, axes, "linear")
    at = [axes.transData.transform((a, b)) for a, b in zip(x, y, strict=True)]
    height = scene.rgb.shape[0]
    # A text's box is wider than its letters: it hides a third of the point above it.
    scene.texts += [
        Text(name, (px - 22, height - py + 1, px + 22, height - py + 15), role="annotation")
        for name, (px, py) in zip(names, at, strict=True)
    ]
    reading = scatter.read(scene)
    assert reading is not None and reading.score > 0.5
    found = {m.category: m.value for m in reading.marks}
    assert len(set(names) & set(found)) >= 8
    near = [abs((found[n] or 0) - v) < 1 for n, v in zip(names, y, strict=True) if n in found]
    assert sum(near) >= 8

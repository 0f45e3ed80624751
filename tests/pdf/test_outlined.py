"""Text drawn as outlines: OCR for the words, the drawing operations for the values."""

from __future__ import annotations

import io
import itertools
import math
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from air_cli.read.document import open_document
from air_cli.read.page import Path
from air_cli.read.vector_glyphs import find_runs, shapes_of
from air_cli.records import Chart

PAGE = (0.0, 0.0, 400.0, 300.0)


def read(figure: Figure) -> Chart:
    """The chart of an SVG whose letters are outlines (matplotlib's default)."""
    file = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "path"}):
        figure.savefig(file, format="svg")
    assert b"<text" not in file.getvalue()
    document = open_document(file.getvalue(), "chart.svg")
    (found,) = document.figures(None)
    chart, seconds = document.chart(found.id)
    assert "ocr" not in seconds
    return chart


def test_bars_with_outlined_names() -> None:
    figure = Figure(figsize=(6, 4))
    ax = figure.add_subplot()
    names = ["Illinois", "South", "West"]
    for n, (name, values) in enumerate({"Retail": (3.2, 5.1, 4.4), "Oil": (1, 2, 0.7)}.items()):
        ax.bar(np.arange(3) + 0.4 * n, values, 0.4, label=name)
    ax.set_xticks(np.arange(3) + 0.2, names)
    ax.set_title("Net sales by region")
    ax.set_ylabel("USD million")
    ax.legend()
    chart = read(figure)
    assert (chart.kind, chart.title, chart.unit) == (
        "grouped-bar", "Net sales by region", "USD million",
    )  # fmt: skip
    assert chart.categories == tuple(names)
    found = {(m.series, m.category): m for m in chart.marks}
    assert found["Retail", "Illinois"].value == 3.2
    low, high = found["Oil", "West"].low, found["Oil", "West"].high
    assert low is not None and high is not None
    assert low <= 0.7 <= high < low + 0.01


def test_points_of_a_log_chart_are_no_letters() -> None:
    figure = Figure(figsize=(6, 4))
    ax = figure.add_subplot()
    xs, ys = [1.1, 2, 3, 3.2, 3.3, 4], [1.5, 30, 200, 220, 210, 8000]
    ax.scatter(xs, ys, marker="o")
    ax.set_yscale("log")
    chart = read(figure)
    assert chart.kind == "scatter"
    found = sorted((m.x, m.value) for m in chart.marks if m.x is not None and m.value is not None)
    assert found == [pytest.approx(pair, rel=1e-3) for pair in zip(xs, ys, strict=True)]


def outlines(*starts: tuple[float, float], corners: int = 5) -> list[Path]:
    """Filled stars of so many corners at these places."""
    paths = []
    for x, y in starts:
        turn = np.linspace(0, 2 * np.pi, 2 * corners + 1)
        far = np.where(np.arange(2 * corners + 1) % 2, 2.0, 4.0)
        ring = [(x + r * np.cos(t), y + r * np.sin(t)) for r, t in zip(far, turn, strict=True)]
        items: tuple[Any, ...] = tuple(("l", a, b) for a, b in itertools.pairwise(ring))
        paths.append(Path(items, (x - 4, y - 4, x + 4, y + 4), fill=(0.0, 0.0, 0.0)))
    return paths


def test_a_run_goes_on_from_left_to_right_or_upwards() -> None:
    level = outlines((20, 50), (30, 50)) + outlines((40, 51), corners=6)
    upward = outlines((200, 90), (200, 80), (200, 70))
    first, second = find_runs([*level, *upward], PAGE)
    assert (len(first.glyphs), first.angle) == (3, 0.0)
    assert (len(second.glyphs), second.angle) == (3, 90.0)


def test_the_same_letter_has_the_same_shape_however_the_text_is_turned() -> None:
    five, six = outlines((20, 50)), outlines((30, 50), corners=6)
    runs = find_runs([*five, *six, *outlines((200, 90)), *outlines((200, 80))], PAGE)
    shapes = shapes_of(runs)
    assert shapes[0][0] != shapes[0][1]
    assert shapes[1] == [shapes[1][0]] * 2


def test_what_is_drawn_between_ends_a_text() -> None:
    tick = Path((("l", (25, 60), (25, 64)),), (25.0, 60.0, 25.0, 64.0), stroke=(0.0, 0.0, 0.0))
    runs = find_runs([*outlines((20, 50)), tick, *outlines((30, 50))], PAGE)
    assert [len(run.glyphs) for run in runs] == [1, 1]


def test_bars_are_no_letters() -> None:
    bars = [
        Path((("re", (x, 100.0 - x, x + 6.0, 100.0), 1),), (x, 100.0 - x, x + 6.0, 100.0),
             fill=(0.0, 0.0, 0.0))
        for x in (20.0, 28.0, 36.0)
    ]  # fmt: skip
    assert find_runs(bars, PAGE) == []
    after = find_runs([*bars, *outlines((50, 80))], PAGE)
    assert [len(run.glyphs) for run in after] == [1]


@pytest.mark.parametrize("angle", [0, 35, 90])
def test_a_line_of_text_that_is_one_path(angle: float) -> None:
    turn = math.radians(angle)
    places = [(100 + 10 * n * math.cos(turn), 150 - 10 * n * math.sin(turn)) for n in range(6)]
    letters = outlines(*places)
    box = tuple(f(p.box[k] for p in letters) for k, f in ((0, min), (1, min), (2, max), (3, max)))
    items = tuple(item for letter in letters for item in letter.items)
    whole = Path(items, box, fill=(0.0, 0.0, 0.0))  # type: ignore[arg-type]
    (run,) = find_runs([whole], PAGE)
    assert len(run.glyphs) == 6
    # Up or down is settled by how well it reads.
    assert abs(run.angle) == pytest.approx(angle, abs=2)
    assert run.turned().glyphs[0] is run.glyphs[-1]


def test_lone_digits_set_upright_are_told_by_the_others() -> None:
    figure = Figure(figsize=(6, 4))
    ax = figure.add_subplot()
    ax.plot([2000, 2001, 2002, 2003], [1.5, 6.25, 3.5, 7])
    ax.set_xticks([2001, 2002, 2003, 2000], ["2681", "2042", "2063", "2000"])
    ax.set_yticks([0, 2, 4, 6, 8], list("02468"), rotation=90)
    ax.set_title("Exports")
    chart = read(figure)
    (axis,) = [axis for axis in chart.axes if axis.role == "y"]
    assert [tick.value for tick in axis.ticks] == [8, 6, 4, 2, 0]
    assert [mark.value for mark in chart.marks] == pytest.approx([1.5, 6.25, 3.5, 7], abs=1e-3)

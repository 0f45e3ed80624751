"""Heat maps."""

from __future__ import annotations

from typing import cast

import matplotlib
import numpy as np
import pytest

from air_cli.read.marks import heatmap
from air_cli.read.ocr import Ocr
from air_cli.read.scene import Rgb, Scene
from air_cli.records import Text
from tests.read.scenes import new_axes

_ROWS = ("Norway", "Chile", "Japan", "Kenya")
_COLUMNS = ("2018", "2019", "2020", "2021", "2022")
_VALUES = np.random.default_rng(5).uniform(10, 90, (4, 5)).round(1)


def _scene(scheme: str, *, printed: bool, bar: bool) -> Scene:
    """A heat map with every text where matplotlib put it."""
    figure, axes = new_axes(7.0, 4.0)
    image = axes.imshow(_VALUES, aspect="auto", cmap=scheme)
    axes.set_xticks(range(5), _COLUMNS)
    axes.set_yticks(range(4), _ROWS)
    labels = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    if printed:
        for (row, column), value in np.ndenumerate(_VALUES):
            labels.append(axes.text(column, row, f"{value:.1f}", ha="center", va="center"))
    if bar:
        made = figure.colorbar(image, ax=axes)
        low, high = made.ax.get_ylim()
    canvas = figure.canvas
    canvas.draw()
    if bar:
        ticks = made.ax.get_yticklabels()
        labels += [t for t in ticks if low <= t.get_position()[1] <= high]
    rgb = np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]
    high_px, texts = rgb.shape[0], []
    for label in labels:
        box = label.get_window_extent()
        bounds = (float(box.x0), float(high_px - box.y1), float(box.x1), float(high_px - box.y0))
        texts.append(Text(label.get_text(), bounds))
    return Scene(rgb, texts)


@pytest.mark.parametrize("scheme", ["viridis", "Blues", "RdYlGn"])
def test_cells_without_numbers_are_read_by_the_colour_bar(scheme: str) -> None:
    reading = heatmap.read(_scene(scheme, printed=False, bar=True))
    assert reading is not None and reading.kind == "heatmap"
    assert reading.categories == _ROWS
    assert tuple(s.name for s in reading.series) == _COLUMNS
    covered = 0
    for mark in reading.marks:
        value = _VALUES[_ROWS.index(mark.category), _COLUMNS.index(mark.series)]
        assert mark.value == pytest.approx(value, abs=1.6)
        covered += (mark.low or 0) <= value <= (mark.high or 0)
    assert covered >= 18


def test_printed_numbers_win() -> None:
    reading = heatmap.read(_scene("YlOrRd", printed=True, bar=False))
    assert reading is not None
    values = {(m.category, m.series): m.value for m in reading.marks}
    assert [values[r, c] for r in _ROWS for c in _COLUMNS] == list(_VALUES.ravel())


def test_a_misread_number_is_told_by_its_colour() -> None:
    scene = _scene("viridis", printed=True, bar=True)
    wrong = f"{_VALUES[1, 2]:.1f}"
    scene.texts = [
        Text("99.9", t.bbox_px) if t.text == wrong and _VALUES[1, 2] < 85 else t
        for t in scene.texts
    ]
    reading = heatmap.read(scene)
    assert reading is not None
    mark = next(m for m in reading.marks if (m.category, m.series) == ("Chile", "2020"))
    assert mark.value == pytest.approx(_VALUES[1, 2], abs=1.6)
    assert any("disagree" in problem for problem in reading.problems)


def test_without_numbers_or_bar_nothing_is_invented() -> None:
    reading = heatmap.read(_scene("Blues", printed=False, bar=False))
    assert reading is not None
    assert all(m.value is None for m in reading.marks)
    assert any("no colour bar" in problem for problem in reading.problems)


def test_bars_are_no_heat_map() -> None:
    figure, axes = new_axes()
    for level in range(4):
        axes.bar(range(5), [20] * 5, bottom=20 * level, color=matplotlib.colormaps["tab10"](level))
    figure.canvas.draw()
    rgb = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]
    assert heatmap.read(Scene(rgb)) is None


def test_overlooked_row_names_are_looked_for_again() -> None:
    scene = _scene("viridis", printed=True, bar=False)
    names = [t for t in scene.texts if t.text in _ROWS]
    scene.texts = [t for t in scene.texts if t.text not in _ROWS[1:]]
    reading = heatmap.read(scene)
    assert reading is not None and heatmap.lacks_names(reading)
    start = max(0.0, min(m.bbox_px[1] for m in reading.marks) - 10)

    class Again:
        """Recognition that sees every name of the strip."""

        def read(self, strip: Rgb) -> list[Text]:
            assert strip.shape[1] < 0.3 * scene.rgb.shape[1]
            boxes = [(t, t.bbox_px) for t in names]
            return [Text(t.text, (b[0], b[1] - start, b[2], b[3] - start)) for t, b in boxes]

    scene.texts += heatmap.names_beside(scene, reading, cast("Ocr", Again()))
    whole = heatmap.read(scene)
    assert whole is not None and whole.categories == _ROWS
    assert not heatmap.lacks_names(whole)


def test_names_that_touch_the_cells_are_all_read() -> None:
    scene = _scene("viridis", printed=True, bar=False)
    foot = max(t.bbox_px[1] for t in scene.texts if t.text in _COLUMNS)
    moved = []
    for n, text in enumerate(scene.texts):
        left, top, right, bottom = text.bbox_px
        if text.text in _COLUMNS:  # a box's rim reaches into the cells, by a pixel more or less
            top, bottom = foot - 8 - n % 2, bottom - 4
        moved.append(Text(text.text, (left, top, right, bottom)))
    scene.texts = moved
    reading = heatmap.read(scene)
    assert reading is not None and tuple(s.name for s in reading.series) == _COLUMNS

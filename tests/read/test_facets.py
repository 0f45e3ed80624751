"""Small multiples that share their axes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from air_cli.read.bullets import with_dollars
from air_cli.read.chart import read_chart
from air_cli.read.facet_gutter import fitted
from air_cli.read.facets import find_facets
from air_cli.read.scene import Rgb
from air_cli.records import Text

_NAMES = ("Norway", "Chile", "Japan", "Kenya")
_YEARS = ("2010", "2011", "2012", "2013", "2014")
_VALUES = np.random.default_rng(8).uniform(20, 95, (4, 5)).round()


def _picture(*, shared: bool) -> tuple[Rgb, list[Text]]:
    """Four panels of bars, two by two, with every text where matplotlib put it."""
    figure = Figure(figsize=(8, 6), dpi=100)
    canvas: Any = FigureCanvasAgg(figure)
    grid = figure.subplots(2, 2, sharex=shared, sharey=shared)
    for axes, name, row in zip(grid.flat, _NAMES, _VALUES, strict=True):
        axes.bar(range(5), row)
        axes.set_xticks(range(5), _YEARS)
        axes.set_ylim(0, 100)
        axes.set_title(name)
    title = figure.suptitle("Output by country and year")
    canvas.draw()
    rgb = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    labels = [title]
    for axes in grid.flat:
        labels += [axes.title]
        shown: Any = axes.get_subplotspec()
        if not shared or shown.is_last_row():
            labels += axes.get_xticklabels()
        if not shared or shown.is_first_col():
            labels += axes.get_yticklabels()
    texts = []
    for label in labels:
        box = label.get_window_extent()
        bounds = float(box.x0), float(len(rgb) - box.y1), float(box.x1), float(len(rgb) - box.y0)
        texts.append(Text(label.get_text(), bounds))
    return rgb, texts


@pytest.mark.parametrize("shared", [True, False])
def test_each_panel_is_read_by_the_labels_that_are_its(shared: bool) -> None:
    rgb, texts = _picture(shared=shared)
    facets = find_facets(texts, (rgb.shape[1], rgb.shape[0]))
    assert facets is not None
    assert [head.text for _, _, head in facets.heads] == list(_NAMES)
    assert facets.own_y is not shared and facets.own_x is not shared
    for number, row in enumerate(_VALUES):
        part, own = facets.compose(rgb, texts, number)
        chart = facets.placed(read_chart(part, texts=own)[0], number)
        assert chart.kind == "bar"
        values = {m.category: m.value for m in chart.marks}
        assert [values[year] for year in _YEARS] == pytest.approx(list(row), abs=0.8)
        left, top, right, bottom = facets.box(number)
        for mark in chart.marks:  # within the panel's own box
            assert 0 <= mark.bbox_px[0] < mark.bbox_px[2] <= right - left
            assert 0 <= mark.bbox_px[1] < mark.bbox_px[3] <= bottom - top


def test_a_heading_that_was_not_read_is_missed_by_scales_of_their_own() -> None:
    rgb, texts = _picture(shared=False)
    facets = find_facets([t for t in texts if t.text != "Norway"], (rgb.shape[1], rgb.shape[0]))
    assert facets is not None
    assert [head.text for _, _, head in facets.heads] == ["", *_NAMES[1:]]
    own = [t for t in texts if t.text == "Japan" or (t.bbox_px[1] > 310 and t.text != "Kenya")]
    row = find_facets(own, (rgb.shape[1], rgb.shape[0]))
    assert row is not None and [head.text for _, _, head in row.heads] == ["Japan", ""]
    unscaled = [t for t in own if t.text in (*_YEARS, "Japan") or t.bbox_px[0] < 200]
    assert find_facets(unscaled, (rgb.shape[1], rgb.shape[0])) is None


def test_a_panel_begins_right_under_its_heading() -> None:
    rgb, texts = _picture(shared=False)
    high = [
        replace(t, bbox_px=(*t.bbox_px[:3], t.bbox_px[3] + 6)) for t in texts if t.text == "Japan"
    ]
    facets = find_facets(
        [*(t for t in texts if t.text != "Japan"), *high], (rgb.shape[1], rgb.shape[0])
    )
    assert facets is not None
    (foot,) = (t.bbox_px[3] for t in texts if t.text == "Kenya")
    assert facets.top <= foot + 0.5


def test_years_of_quarters_are_one_chart() -> None:
    texts = [Text(str(v), (10, 300 - 2.5 * v, 40, 315 - 2.5 * v)) for v in (0, 20, 40, 60, 80, 100)]
    for n in range(12):
        texts.append(Text(f"Q{n % 4 + 1}", (60 + 45 * n, 320, 80 + 45 * n, 335)))
    texts += [
        Text(name, (100 + 180 * n, 20, 160 + 180 * n, 36)) for n, name in enumerate(_NAMES[:3])
    ]
    assert find_facets(texts, (640, 400)) is None


def test_one_chart_has_no_panels() -> None:
    texts = [Text(str(v), (10, 300 - 2 * v, 40, 315 - 2 * v)) for v in (0, 50, 100)]
    texts += [Text(year, (60 + 80 * n, 320, 95 + 80 * n, 335)) for n, year in enumerate(_YEARS)]
    texts.append(Text("Output of Norway", (60, 10, 200, 28)))
    assert find_facets(texts, (500, 400)) is None


def test_the_same_numbers_on_a_second_axis_are_no_second_panel() -> None:
    ticks = [(str(v), 300 - 4 * v) for v in (0, 20, 40, 60)]
    texts = [Text(word, (at, y, at + 24, y + 15)) for at in (10, 470) for word, y in ticks]
    texts += [Text(year, (60 + 80 * n, 320, 95 + 80 * n, 335)) for n, year in enumerate(_YEARS)]
    texts.append(Text("Output of Norway", (60, 10, 200, 28)))
    assert find_facets(texts, (500, 400)) is None


def _row_of(*names: str, at: float, heads: float, step: float = 60.0) -> list[Text]:
    """Two panels 200 pixels apart: their headings, a scale on the left, and labels under them."""
    texts = [Text(name, (60 + 200 * n, 20, 120 + 200 * n, 34)) for n, name in enumerate(_NAMES[:2])]
    texts += [Text(v, (2, y, 24, y + 12)) for v, y in (("100", 50), ("50", 140), ("0", 230))]
    for n, name in enumerate(names):
        left = 40 + step * (n % (len(names) // 2)) + 200 * (n // (len(names) // 2))
        texts.append(Text(name, (left, at, left + heads, at + 12)))
    return texts


def test_years_that_begin_again_are_no_single_axis() -> None:
    years = ("2010", "2012", "2014") * 2
    assert find_facets(_row_of(*years, at=250, heads=30, step=66.0), (420, 280)) is not None
    names = ("Ann", "Bob", "Cem") * 2
    assert find_facets(_row_of(*names, at=250, heads=30, step=66.0), (420, 280)) is None


def test_labels_are_the_same_but_for_their_signs() -> None:
    names = ("Q1'19", "Q3'19", "Q119", "Q3 '19")
    assert find_facets(_row_of(*names, at=250, heads=40), (420, 280)) is not None


def test_dollars_read_as_letters_are_dollars() -> None:
    box = (0.0, 0.0, 30.0, 12.0)
    read = [Text(t, box) for t in ("S100k", "$50k", "SO", "S&P 500", "SOS", "S3")]
    assert [t.text for t in with_dollars(read)] == ["$100k", "$50k", "$0", "S&P 500", "SOS", "$3"]
    plain = [Text(t, box) for t in ("S1", "S2", "50")]
    assert with_dollars(plain) == plain


def test_a_panel_takes_nothing_of_the_next_one() -> None:
    rgb, texts = _tinted()
    facets = find_facets(texts, (rgb.shape[1], rgb.shape[0]))
    assert facets is not None and facets.gutter > 62
    fit = fitted(facets, rgb)
    assert fit.gutter == pytest.approx(60, abs=1)
    assert fit.right - facets.right == pytest.approx(fit.gutter - facets.gutter)
    untinted = np.full_like(rgb, 255)
    assert fitted(facets, untinted) == facets


def _tinted() -> tuple[Rgb, list[Text]]:
    """Two panels 200 pixels apart, the labels of whose scale take in the marks of their ticks."""
    rgb = np.full((280, 440, 3), 255, np.uint8)
    rgb[40:245, 60:240] = rgb[40:245, 260:440] = 235
    texts = [
        Text(name, (120 + 200 * n, 20, 180 + 200 * n, 34)) for n, name in enumerate(_NAMES[:2])
    ]
    texts += [Text(v, (20, y, 60, y + 14)) for v, y in (("100-", 45), ("50-", 140), ("0-", 233))]
    for n, year in enumerate(("2010", "2012", "2014") * 2):
        left = 75 + 60 * (n % 3) + 200 * (n // 3)
        texts.append(Text(year, (left, 250, left + 30, 264)))
    return rgb, texts

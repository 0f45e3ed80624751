"""Pictures of several charts are cut into them; one chart is never cut."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from air_cli.read.chart import read_chart
from air_cli.read.document import open_document
from air_cli.read.panel_cuts import Cut, through_solid
from air_cli.read.panel_parts import Part, one_scale
from air_cli.read.panels import _is_chart, find_panels, head_of, heading_of
from air_cli.read.scene import Rgb
from air_cli.records import Axis, Box, Chart, Mark, Text, Tick
from tests.read.scenes import _texts

NAMES = ("Northern", "Southern", "Eastern", "Western")


def drawn(figure: Figure) -> tuple[Rgb, list[Text]]:
    """A figure's pixels and all its texts."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    rgb = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    texts = [t for axes in figure.axes for t in _texts(figure, axes, rgb.shape[0])]
    for item in figure.texts:
        box = item.get_window_extent()
        bounds = (box.x0, rgb.shape[0] - box.y1, box.x1, rgb.shape[0] - box.y0)
        texts.append(Text(item.get_text(), bounds))
    return rgb, [Text(t.text, t.bbox_px) for t in texts]


def read(rgb: Rgb, texts: Sequence[Text]) -> Chart:
    return read_chart(rgb, texts=texts)[0]


def bars(axes: Axes, seed: int, title: str = "", names: Sequence[str] = NAMES) -> None:
    rng = np.random.default_rng(seed)
    axes.bar(list(names), rng.uniform(3, 12, len(names)))
    axes.set_ylim(0, 13)
    axes.set_yticks([0, 4, 8, 12])
    axes.set_title(title)


def lines(axes: Axes, seed: int, title: str = "") -> None:
    rng = np.random.default_rng(seed)
    axes.plot(np.arange(2001, 2011), rng.uniform(10, 50, 10).cumsum(), color="tab:red")
    axes.set_ylim(0, 520)
    axes.set_xticks([2002, 2004, 2006, 2008, 2010])
    axes.set_yticks([0, 100, 200, 300, 400, 500])
    axes.set_title(title)


def grid_of(rows: int, columns: int) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(5.2 * columns, 3.4 * rows), dpi=90)
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    figure.subplots_adjust(wspace=0.35, hspace=0.45, top=0.78 if rows == 1 else 0.88)
    return figure, axes


@pytest.mark.parametrize(("rows", "columns"), [(1, 2), (1, 3), (2, 1), (2, 2)])
def test_every_panel_is_found(rows: int, columns: int) -> None:
    figure, parts = grid_of(rows, columns)
    for i, axes in enumerate(parts):
        (bars if i % 2 else lines)(axes, i, f"Panel number {i + 1}")
    figure.suptitle("All of them together", fontsize=15)
    rgb, texts = drawn(figure)
    found = find_panels(rgb, texts, read)
    assert len(found) == rows * columns
    for axes, box in zip(parts, found, strict=True):
        assert _holds(box, axes, rgb.shape[0])
    if columns > 1:  # above a single column it might as well be the title of the first panel
        assert [heading_of(texts, box) for box in found] == [
            f"Panel number {i + 1}" for i in range(rows * columns)
        ]
        assert head_of(texts, found) == "All of them together"


def _holds(box: Box, axes: Axes, high: int) -> bool:
    own: Any = axes.get_window_extent()
    return bool(
        box[0] <= own.x0
        and own.x1 <= box[2]
        and box[1] <= high - own.y1
        and high - own.y0 <= box[3]
    )


def test_two_pies_are_two() -> None:
    figure, parts = grid_of(1, 2)
    for axes, shares in zip(parts, ((40, 35, 25), (60, 30, 10)), strict=True):
        axes.pie(shares, labels=NAMES[:3], autopct="%.0f%%")
    rgb, texts = drawn(figure)
    assert len(find_panels(rgb, texts, read)) == 2


def _one_with_gaps(axes: Axes) -> None:
    axes.bar([0, 1, 5, 6], [5, 7, 6, 8])
    axes.set_xticks([0, 1, 5, 6], ["Q1 23", "Q1 24", "Q2 23", "Q2 24"])


def _one_across(axes: Axes) -> None:
    axes.barh(NAMES, [3, 4, 5, 6])
    axes.barh(NAMES, [5, 4, 3, 2], left=[12] * 4, color="tab:olive")
    for i, (a, b) in enumerate(zip((3, 4, 5, 6), (5, 4, 3, 2), strict=True)):
        axes.text(a + 0.1, i, str(a))
        axes.text(12 + b + 0.1, i, str(b))
    axes.text(1, 3.7, "For")
    axes.text(12, 3.7, "Against")
    axes.set_ylim(-0.6, 4.2)
    axes.set_xticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _one_pie(axes: Axes) -> None:
    axes.pie((40, 35, 25), autopct="%.0f%%")
    axes.legend(NAMES[:3], loc="center left", bbox_to_anchor=(1.1, 0.5))


@pytest.mark.parametrize(
    "draw",
    [bars, lines, _one_with_gaps, _one_across, _one_pie],
    ids=lambda d: d.__name__,
)
def test_one_chart_stays_one(draw: Any) -> None:
    figure = Figure(figsize=(7, 4.5), dpi=90)
    axes = figure.subplots()
    draw(axes, 3) if draw in (bars, lines) else draw(axes)
    figure.suptitle("One chart of everything")
    rgb, texts = drawn(figure)
    assert find_panels(rgb, texts, read) == []


def test_panels_of_a_file_are_figures_and_ranked() -> None:
    figure, parts = grid_of(1, 2)
    bars(parts[0], 1, "Exports")
    lines(parts[1], 2, "Rainfall")
    figure.suptitle("Islands", fontsize=15)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    document = open_document(buffer.getvalue(), "two.png")
    figures = document.figures(None)
    assert [(f.id, f.caption) for f in figures] == [("p1-f1", "Exports"), ("p1-f2", "Rainfall")]
    assert figures[0].bbox_pt[2] <= figures[1].bbox_pt[0] + 1
    best = document.rank("How much rainfall was there in 2005?", None)
    assert best[0].figure.id == "p1-f2"
    chart, _ = document.chart("p1-f1")
    assert chart.kind == "bar" and chart.title == "Exports"
    assert chart.categories == NAMES and chart.size_px == figures[0].size_px


def part(top: float, values: Sequence[float]) -> Part:
    """A part 200 pixels high with ticks 40 pixels apart from its top down."""
    ticks = tuple(Tick(f"{v}", v, 20.0 + 40.0 * n) for n, v in enumerate(values))
    chart = Chart("p1-f1", "line", axes=(Axis("y", "linear", ticks),))
    return Part((0.0, top, 300.0, top + 200.0), (), chart)


def test_a_scale_that_goes_on_below_is_one_chart() -> None:
    upper = part(0.0, [5.0, 4.5, 4.0, 3.5, 3.0])
    assert one_scale(upper, part(200.0, [2.5, 2.0, 1.5]))
    assert not one_scale(upper, part(200.0, [5.0, 4.5, 4.0, 3.5]))
    assert not one_scale(upper, part(230.0, [2.5, 2.0, 1.5]))
    assert not one_scale(upper, part(200.0, []))


def test_a_cut_through_cells_is_no_cut() -> None:
    rgb = np.full((200, 300, 3), 255, np.uint8)
    rgb[20:180, 40:140] = (30, 90, 180)
    rgb[20:180, 160:260] = (200, 60, 40)
    box = (0.0, 0.0, 300.0, 200.0)
    assert through_solid(rgb, box, Cut(1, 90.0, 20.0))
    assert not through_solid(rgb, box, Cut(1, 150.0, 20.0))
    rgb[:, 150:] = (225, 232, 245)  # a pale card
    assert not through_solid(rgb, box, Cut(1, 280.0, 20.0))


def test_rows_without_names_are_no_chart_for_their_axis_of_values() -> None:
    ticks = tuple(Tick(str(v), float(v), 10.0 * v) for v in (0, 10, 20))
    axis = Axis("x", "linear", ticks)
    texts = [Text(t.text, (t.px, 90, t.px + 10, 100)) for t in ticks]

    def chart(at: float | None = None) -> Chart:
        marks = (
            Mark("", f"unnamed {n}", 4.0, 3.9, 4.1, "geometry", (0, 0, 9, 9), x=at)
            for n in range(3)
        )
        return Chart("", "dot", axes=(axis,), marks=tuple(marks))

    assert not _is_chart(chart(), texts)
    assert _is_chart(chart(3.0), texts)


def _labelled(
    axes: Axes, places: Sequence[int], names: Sequence[str], values: Sequence[float]
) -> None:
    """Bars at some places with their values printed above them."""
    axes.bar(places, values, width=0.5)
    axes.set_xticks(list(places), list(names))
    axes.set_yticks([0, 2, 4, 6, 8, 10])
    for place, value in zip(places, values, strict=True):
        axes.text(place, value + 0.1, f"{value:.1f}", ha="center")


def test_no_part_is_read_of_a_chart_that_is_surely_one() -> None:
    figure = Figure(figsize=(7, 4.5), dpi=90)
    names = ("Q1 23", "Q1 24", "Q2 23", "Q2 24")
    _labelled(figure.subplots(), (0, 1, 5, 6), names, (5.1, 7.4, 6.2, 8.3))
    figure.suptitle("One chart of everything")
    rgb, texts = drawn(figure)
    parts: list[Rgb] = []

    def counted(part: Rgb, own: Sequence[Text]) -> Chart:
        parts.append(part)
        return read(part, own)

    assert find_panels(rgb, texts, counted) == [] and parts
    parts.clear()
    assert find_panels(rgb, texts, counted, lambda: read(rgb, texts)) == [] and not parts


def test_a_sure_reading_of_all_bars_as_one_chart_does_not_join_panels() -> None:
    figure, parts = grid_of(2, 1)
    for number, axes in enumerate(parts):
        names = NAMES if number else ("2001", "2002", "2003", "2004")
        _labelled(axes, range(4), names, (5.1 + number, 7.4 - 3 * number, 6.2, 8.3))
        axes.set_title(f"Panel number {number}")
    rgb, texts = drawn(figure)
    assert len(find_panels(rgb, texts, read, lambda: read(rgb, texts))) == 2

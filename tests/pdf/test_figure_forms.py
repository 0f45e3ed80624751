"""Figures however a page holds them: soft masks, tiles, backgrounds, turned pages, nested forms,
gradients, outlined letters."""

from __future__ import annotations

import io

import matplotlib
import numpy as np
import pymupdf
import pytest
from matplotlib.figure import Figure as Drawing
from PIL import Image

from air_cli.read.page import Line, Path, area, overlap, read_page
from air_cli.read.pdf import PdfDocument
from air_cli.read.region_checks import is_statement
from air_cli.read.region_letters import with_letters
from air_cli.read.regions import Region
from air_cli.read.strokes import Ink
from air_cli.read.svg import svg_to_pdf
from air_cli.records import Box, Chart, Figure
from tests.documents import Report, chart_pdf

MARKED = (1.0, 0.0, 0.0)
PLACE = (80.0, 240.0, 480.0, 480.0)


def iou(one: Box, other: Box) -> float:
    shared = overlap(one, other)
    return shared / (area(one) + area(other) - shared)


def figures_of(made: Report) -> list[Figure]:
    found = PdfDocument(made.save(), "r.pdf").figures(None)
    return [figure for figure in found if figure.kind != "table"]


def begun() -> Report:
    made = Report(1)
    made.page()
    made.prose((60, 60, 552, 220))
    made.prose((60, 520, 552, 740))
    return made


def picture(width: int = 800, height: int = 480) -> Image.Image:
    """A chart as pixels."""
    with pymupdf.open(stream=chart_pdf("bar", 3)[0]) as doc:
        pixmap = doc[0].get_pixmap(dpi=150)
    image = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    return image.resize((width, height))


def stream_of(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()


def add_resource(doc: pymupdf.Document, kind: str, entries: str) -> None:
    """Give the last page resources: `entries` of a dictionary of this kind."""
    what, value = doc.xref_get_key(doc[-1].xref, "Resources")
    if what == "xref":
        doc.xref_set_key(int(value.split()[0]), kind, f"<<{entries}>>")
    else:
        doc.xref_set_key(doc[-1].xref, f"Resources/{kind}", f"<<{entries}>>")


def masked(made: Report, box: Box) -> None:
    """Put all that the last page shows so far through a soft mask: a group, white within `box`."""
    doc = made.doc
    page = doc[-1]
    mask, state = doc.get_new_xref(), doc.get_new_xref()
    height = page.rect.height
    doc.update_object(
        mask,
        "<</Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceGray>>>>",
    )
    inner = f"1 g {box[0]} {height - box[3]} {box[2] - box[0]} {box[3] - box[1]} re f"
    doc.update_stream(mask, inner.encode())
    doc.update_object(state, f"<</Type/ExtGState/SMask<</S/Luminosity/G {mask} 0 R>>>>")
    page.clean_contents()
    add_resource(doc, "ExtGState", f"/SoftMask {state} 0 R")
    (content,) = page.get_contents()
    doc.update_stream(content, b"q /SoftMask gs\n" + doc.xref_stream(content) + b"\nQ")


def test_a_chart_behind_a_soft_mask_is_found_and_read() -> None:
    made = Report(1)
    made.page(logo=False)
    made.chart(PLACE, "grouped-bar", seed=2)
    masked(made, (60, 230, 500, 500))
    made.prose((60, 520, 552, 740))
    document = PdfDocument(made.save(), "r.pdf")
    (figure,) = [f for f in document.figures(None) if f.kind != "table"]
    assert iou(figure.bbox_pt, PLACE) > 0.7 and figure.vector
    chart, _ = document.chart(figure.id)
    assert {m.how for m in chart.marks} == {"vector"}
    assert len(chart.marks) > 3


@pytest.mark.parametrize("gap", [0.0, 0.6])
def test_an_image_in_tiles_is_one_figure(gap: float) -> None:
    made = begun()
    image, columns, rows = picture(), 8, 6
    wide, high = (PLACE[2] - PLACE[0]) / columns, (PLACE[3] - PLACE[1]) / rows
    for n in range(columns * rows):
        x, y = n % columns, n // columns
        part = image.crop((100 * x, 80 * y, 100 * x + 100, 80 * y + 80))
        left, top = PLACE[0] + x * wide, PLACE[1] + y * high
        box = (left, top, left + wide - gap, top + high - gap)
        made.doc[-1].insert_image(box, stream=stream_of(part), keep_proportion=False)
    (figure,) = figures_of(made)
    assert iou(figure.bbox_pt, PLACE) > 0.9 and figure.kind == "chart"


@pytest.mark.parametrize("vector", [True, False])
@pytest.mark.parametrize("words", [0, 6])
def test_a_chart_before_a_page_sized_picture(vector: bool, words: int) -> None:
    """A slide: whether it says much or little, its background is no figure."""
    made = Report(1)
    made.page(logo=False, width=720, height=405)
    y, x = np.mgrid[0:203, 0:360]
    paper = np.stack([250 - y / 12, 251 - x / 30, 253 - (x + y) / 60], axis=2).astype(np.uint8)
    made.doc[-1].insert_image(made.doc[-1].rect, stream=stream_of(Image.fromarray(paper)))
    made.doc[-1].insert_text((40, 40), "Sales grew in every region", fontsize=24)
    for n in range(words):
        made.doc[-1].insert_text((480, 120 + 30 * n), f"• point {n} to make", fontsize=14)
    place = (60.0, 90.0, 440.0, 350.0)
    made.chart(place, "bar", vector=vector, seed=4)
    (figure,) = figures_of(made)
    assert iou(figure.bbox_pt, place) > 0.7 and figure.vector == vector


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("vector", [True, False])
def test_pages_turned_any_way(turn: int, vector: bool) -> None:
    made = begun()
    made.chart(PLACE, "line", "Figure 4: Output", vector=vector)
    made.rotate(turn)
    (figure,) = figures_of(made)
    assert figure.label == "Figure 4"
    assert figure.vector == vector


def test_a_page_that_is_cropped_and_does_not_begin_at_zero() -> None:
    made = begun()
    made.chart(PLACE, "bar")
    page = made.doc[-1]
    page.set_mediabox(pymupdf.Rect(-50, -20, 612, 792))
    page.set_cropbox(pymupdf.Rect(20, 30, 600, 760))
    (figure,) = figures_of(made)
    assert abs((figure.bbox_pt[2] - figure.bbox_pt[0]) - 400) < 40
    document = PdfDocument(made.save(), "r.pdf")
    chart, _ = document.chart(figure.id)
    assert chart.marks and chart.marks[0].how == "vector"


@pytest.mark.parametrize("turn", [0, 90])
def test_forms_within_forms(turn: int) -> None:
    inner = pymupdf.open(stream=chart_pdf("bar", 5)[0])
    for _ in range(3):
        outer = pymupdf.open()
        page = outer.new_page(width=inner[0].rect.width * 0.8, height=inner[0].rect.height * 0.8)
        page.show_pdf_page(page.rect, inner, 0)
        inner = outer
    made = begun()
    made.doc[-1].show_pdf_page(pymupdf.Rect(PLACE), inner, 0, rotate=turn)
    document = PdfDocument(made.save(), "r.pdf")
    (figure,) = [f for f in document.figures(None) if f.kind != "table"]
    assert figure.vector and overlap(figure.bbox_pt, PLACE) > 0.9 * area(figure.bbox_pt)
    if turn == 0:
        assert document.chart(figure.id)[0].kind == "bar"


def outlined(kind: str = "bar") -> bytes:
    """A chart as PDF whose letters are outlines."""
    drawing = Drawing(figsize=(5, 3))
    ax = drawing.add_subplot()
    ax.bar(["North", "South", "East", "West"], [3, 7, 5, 6])
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, pad=14)
    ax.set_yticks([2, 4, 6, 8])
    ax.tick_params(axis="y", labelrotation=90)
    for n, marker in enumerate("os^vD"):
        ax.plot(0.6 * n, 8, marker, color=MARKED, ms=5)
    file = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "path"}):
        drawing.savefig(file, format="svg", bbox_inches="tight")
    return svg_to_pdf(file.getvalue(), "chart.svg")


def test_outlined_labels_belong_to_their_figure_among_prose() -> None:
    made = begun()
    with pymupdf.open(stream=outlined()) as chart:
        made.doc[-1].show_pdf_page(pymupdf.Rect(PLACE), chart, 0)
    (figure,) = figures_of(made)
    assert iou(figure.bbox_pt, PLACE) > 0.7 and figure.kind == "chart"


def test_a_page_of_outlined_prose_has_no_figures_and_is_read_like_a_scan() -> None:
    drawing = Drawing(figsize=(8.5, 11))
    words = "Demand for our services grew in every region and costs fell as volumes rose again"
    for n in range(24):
        drawing.text(0.1, 0.93 - 0.03 * n, words[n % 7 :] + ".", fontsize=10)
    drawing.text(
        0.1, 0.1, "The headcount of the Lisbon office was 417 at the year end.", fontsize=10
    )
    file = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "path"}):
        drawing.savefig(file, format="svg")
    document = PdfDocument(svg_to_pdf(file.getvalue(), "page.svg"), "page.pdf")
    assert document._page_figures(1) == [] and document.is_scan(1)
    document.rank("What was the headcount of the Lisbon office?", None)
    (found, *_) = document.excerpts("What was the headcount of the Lisbon office?", None)
    assert "417" in found.text
    assert any("its text was recognised" in problem for problem in document.problems)


def test_lone_digits_of_an_axis_are_labels_and_markers_are_not() -> None:
    with pymupdf.open(stream=outlined()) as chart:
        content = with_letters(read_page(chart[0], 1))
    assert sum(line.text == "0" for line in content.lines) == 4
    assert sum(len(line.text) >= 4 for line in content.lines) == 4
    assert sum(path.fill == MARKED for path in content.paths) == 5


def test_flat_hatched_bars_belong_to_their_chart() -> None:
    """Bars that nothing joins, one of them as flat as a rule; beside them a chart of its own."""
    made = begun()
    page = made.doc[-1]
    for start, color in ((80, (0.8, 0.2, 0.3)), (330, (0.8, 0.2, 0.3))):
        page.draw_line((start, 250), (start, 470))
        for n in range(5):
            page.draw_line((start - 4, 470 - 50 * n), (start, 470 - 50 * n))
            high = (0.7, 120.0, 60.0, 0.9, 170.0)[n]
            left = start + 10 + 38 * n
            page.draw_rect((left, 470 - high, left + 20, 470), color=color)
            for m in range(4):
                end = min(high, 5)
                page.draw_line((left + 5 * m, 470), (left + 5 * m + end, 470 - end), color=color)
    first, second = figures_of(made)
    assert first.bbox_pt[2] < 330 and second.bbox_pt[2] > 500


def gradient_bars(values: list[float]) -> bytes:
    """Bars as Office draws them: each the clip of an axial shading."""
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=300)
    function = "<</FunctionType 2/Domain[0 1]/C0[.1 .2 .6]/C1[.5 .7 1]/N 1>>"
    parts, named = [], []
    for n, value in enumerate(values):
        shading, left, high = doc.get_new_xref(), 70 + 60 * n, 2 * value
        doc.update_object(
            shading,
            f"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 50 0 {50 + high}]"
            f"/Function {function}/Extend[true true]>>",
        )
        named.append(f"/S{n} {shading} 0 R")
        parts.append(f"q {left} 50 36 {high} re W n /S{n} sh Q")
        page.insert_text((left, 265), f"Plant {n}", fontsize=9)
    for tick in range(0, 101, 20):
        page.insert_text((30, 253 - 2 * tick), str(tick), fontsize=9)
        page.draw_line((50, 250 - 2 * tick), (380, 250 - 2 * tick), color=(0.8, 0.8, 0.8))
    page.clean_contents()
    add_resource(doc, "Shading", "".join(named))
    (content,) = page.get_contents()
    doc.update_stream(content, doc.xref_stream(content) + "\n".join(parts).encode())
    data: bytes = doc.tobytes()
    return data


@pytest.mark.parametrize("count", [2, 5])
def test_bars_that_a_gradient_fills(count: int) -> None:
    values = [35.0, 80.0, 52.5, 12.0, 66.0][:count]
    document = PdfDocument(gradient_bars(values), "r.pdf")
    (figure,) = document.figures(None)
    chart: Chart = document.chart(figure.id)[0]
    assert chart.kind == "bar"
    assert [m.value for m in chart.marks] == pytest.approx(values, abs=0.1)


def _shaded(*, colors: int, high: float) -> Region:
    """Rows of four numbers over cells that are shaded one by one."""
    lines, paths = [], []
    for row in range(5):
        y = 100.0 + 14 * row
        lines.append(Line("Americas", (40, y, 90, y + 10), 10.0))
        lines.append(Line("444     33%      35%     355", (200, y, 480, y + 10), 10.0))
        for cell in range(4):
            x = 200.0 + 70 * cell
            shade = (0.8, 0.2 * ((row + cell) % colors), 1.0)
            paths.append(Path((), (x, y, x + 66, y + high), fill=shade))
    return Region((40, 100, 490, 170), paths, [], lines, Ink(bars=15, fills=20, colors=colors))


def test_a_statement_shaded_cell_by_cell_is_no_chart() -> None:
    assert is_statement(_shaded(colors=1, high=12.0))
    assert not is_statement(_shaded(colors=5, high=12.0))  # a heat map
    assert not is_statement(_shaded(colors=1, high=60.0))  # bars

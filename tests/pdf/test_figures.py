"""Figures of generated pages: found, whole, captioned; tables and furniture are not figures."""

from __future__ import annotations

import pymupdf
import pytest

from air_cli.errors import ItemError
from air_cli.read.caption_labels import is_caption, label_of
from air_cli.read.page import area, overlap
from air_cli.read.pdf import PdfDocument
from air_cli.records import Box, Figure
from tests.documents import INCOME, Placed, Report, chart_pdf, photo, report


def iou(one: Box, other: Box) -> float:
    shared = overlap(one, other)
    return shared / (area(one) + area(other) - shared)


def matched(figures: list[Figure], placed: list[Placed]) -> dict[int, Figure]:
    """For each thing placed (by index) the figure that covers it."""
    found = {}
    for n, item in enumerate(placed):
        for figure in figures:
            if figure.page == item.page and iou(figure.bbox_pt, item.box) > 0.7:
                found[n] = figure
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_of_a_report_is_found_and_nothing_else(seed: int) -> None:
    made = report(seed)
    document = PdfDocument(made.save(), "report.pdf")
    figures = [figure for figure in document.figures(None) if figure.kind != "table"]
    placed = [item for item in made.placed if item.kind != "table"]
    found = matched(figures, placed)
    assert len(found) == len(placed), [placed[n] for n in range(len(placed)) if n not in found]
    assert len(figures) == len(placed), [f for f in figures if f not in found.values()]
    for n, figure in found.items():
        assert figure.caption == placed[n].caption
        assert figure.vector == placed[n].vector


def test_labels_and_ids() -> None:
    figures = PdfDocument(report(1).save(), "r.pdf").figures([2])
    assert [figure.id for figure in figures] == ["p2-f1", "p2-f2", "p2-t1", "p2-t2"]
    assert [figure.label for figure in figures][:2] == ["Chart 2.1", "Chart 2.2"]


def test_image_has_the_size_the_figure_states() -> None:
    document = PdfDocument(report(0).save(), "r.pdf")
    for figure in document.figures([1, 3]):
        pixels = document._pixels(figure, None, 1.0)
        assert pixels.shape[:2] == (figure.size_px[1], figure.size_px[0])
        assert 1000 <= max(figure.size_px) <= 2000
        width = figure.bbox_pt[2] - figure.bbox_pt[0]
        assert abs(width * figure.dpi / 72 - figure.size_px[0]) < 1e-6
    assert document.image("p1-f1", (0.0, 0.0, 100.0, 50.0), 2.0).startswith(b"\x89PNG")


def test_a_page_with_a_rotation_is_read_as_displayed() -> None:
    made = Report()
    made.page(logo=False)
    # The page is stored lying on its side, and displayed upright by its rotation.
    (page,) = made.doc
    page.insert_text((100, 300), "Sideways in the file, upright as displayed: " * 2, rotate=90)
    with pymupdf.open(stream=chart_pdf("bar", 3)[0]) as chart:
        page.show_pdf_page(pymupdf.Rect(200, 150, 500, 600), chart, 0, rotate=90)
    made.rotate(90)
    document = PdfDocument(made.save(), "r.pdf")
    figure = document.figures([1])[0]
    # Turned clockwise, (x, y) is displayed at (height - y, x).
    assert iou(figure.bbox_pt, (792 - 600, 200, 792 - 150, 500)) > 0.7
    assert not any("sideways" in problem for problem in document.problems)


def test_a_page_set_sideways_is_turned_upright_and_says_so() -> None:
    made = Report()
    made.page(logo=False)
    made.chart((100, 150, 500, 420), "bar", "Figure 7: Output by region", seed=3)
    made.prose((100, 500, 500, 700))
    made.rotate(90)
    document = PdfDocument(made.save(), "r.pdf")
    (figure,) = document.figures([1])
    assert iou(figure.bbox_pt, (100, 150, 500, 420)) > 0.7
    assert figure.caption == "Figure 7: Output by region"
    assert document.chart(figure.id)[0].kind == "bar"
    assert any("sideways" in problem for problem in document.problems)


def test_pages_of_text_and_tables_have_no_figures() -> None:
    made = Report()
    made.page()
    made.prose((60, 60, 552, 300))
    made.table((60, 320, 552, 500), INCOME, ruled=True, shaded=True)
    kinds = [figure.kind for figure in PdfDocument(made.save(), "r.pdf").figures(None)]
    assert kinds == ["table", "table"]  # amounts, and what is per share


def test_pages_that_do_not_exist() -> None:
    document = PdfDocument(report(0).save(), "r.pdf")
    with pytest.raises(ItemError, match="has 4 pages, there is no page 9") as caught:
        document.figures([9])
    assert caught.value.kind == "no-page"
    with pytest.raises(ItemError, match="no figure p1-f7"):
        document.chart("p1-f7")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Figure 3: Net sales", "Figure 3"),
        ("Fig. 2.1 Sales", "Fig. 2.1"),
        ("Exhibit 5. Output", "Exhibit 5"),
        ("Abbildung 4: Umsatz", "Abbildung 4"),
        ("图 3 收入", "图 3"),
        ("Figures are in millions", ""),
        ("Charting a course", ""),
    ],
)
def test_labels(text: str, label: str) -> None:
    assert label_of(text) == label
    assert is_caption(text) == bool(label)


def test_a_sentence_about_a_figure_is_no_caption() -> None:
    assert not is_caption("Figure 3 shows that sales grew")


def test_a_title_at_the_far_end_of_its_canvas_belongs_to_the_figure() -> None:
    made = Report()
    made.page()
    (page,) = made.doc
    page.insert_text((60, 90), "Results of operations", fontsize=13)
    page.draw_rect((100, 150, 500, 420), color=None, fill=(1, 1, 1))
    page.insert_text((104, 168), "Trade in goods", fontsize=9)
    for n, height in enumerate((60, 110, 160)):
        left = 330 + 50 * n
        page.draw_rect((left, 400 - height, left + 30, 400), color=None, fill=(0.2, 0.4, 0.8))
    (figure,) = PdfDocument(made.save(), "r.pdf").figures([1])
    assert figure.bbox_pt[0] < 106 and figure.bbox_pt[1] < 162
    assert figure.bbox_pt[1] > 100


@pytest.mark.parametrize("lying", [False, True])
def test_bars_that_nothing_joins_are_one_figure(lying: bool) -> None:
    made = Report()
    made.page()
    (page,) = made.doc
    for n, length in enumerate((60, -70, 150)):
        start = 150 + 80 * n
        bar = (start, 300, start + 40, 300 - length)
        box = pymupdf.Rect((bar[1], bar[0], bar[3], bar[2]) if lying else bar).normalize()
        page.draw_rect(box, color=None, fill=(0.2, 0.4, 0.8))
    (figure,) = PdfDocument(made.save(), "r.pdf").figures([1])
    wanted = (150.0, 150.0, 370.0, 350.0) if lying else (150.0, 150.0, 350.0, 370.0)
    assert iou(figure.bbox_pt, wanted) > 0.9


def test_an_image_in_strips_is_one_figure() -> None:
    made = Report()
    made.page(logo=False)
    for n in range(9):
        strip = photo(300, 24, n)
        made.doc[0].insert_image((120, 200 + 20 * n, 420, 220 + 20 * n), stream=strip,
                                 keep_proportion=False)  # fmt: skip
    (figure,) = PdfDocument(made.save(), "r.pdf").figures([1])
    assert iou(figure.bbox_pt, (120, 200, 420, 380)) > 0.95


def test_a_signature_is_no_figure() -> None:
    made = Report()
    made.page()
    (page,) = made.doc
    for n in range(7):
        x = 90 + 14 * n
        page.draw_bezier((x, 300), (x + 4, 285), (x + 9, 312), (x + 14, 299), width=1.1)
    page.draw_line((85, 318), (230, 318), width=0.5)
    page.insert_text((88, 330), "Chief Financial Officer", fontsize=9)
    assert PdfDocument(made.save(), "r.pdf").figures([1]) == []


def test_an_axis_with_ticks_is_a_chart_whatever_it_measures() -> None:
    made = Report()
    made.page()
    (page,) = made.doc
    page.draw_line((120, 200), (120, 400), width=0.5)
    page.draw_line((120, 400), (420, 400), width=0.5)
    for n in range(6):
        page.draw_line((115, 400 - 40 * n), (120, 400 - 40 * n), width=0.5)
        page.insert_text((98, 403 - 40 * n), str(10 * n), fontsize=8)
    (figure,) = PdfDocument(made.save(), "r.pdf").figures([1])
    assert iou(figure.bbox_pt, (98, 200, 420, 403)) > 0.85


def test_bands_that_shade_every_other_row_are_no_bars() -> None:
    made = Report()
    made.page()
    (page,) = made.doc
    for n in range(3):
        top = 300 + 27 * n
        page.draw_rect((60, top, 480, top + 13), color=None, fill=(0.8, 0.93, 1))
        page.draw_rect((480, top, 552, top + 13), color=None, fill=(0.8, 0.93, 1))
        page.insert_text((64, top + 10), f"Sales of region {n}", fontsize=9)
        page.insert_text((500, top + 10), f"{n + 4}.1%", fontsize=9)
    assert [f.kind for f in PdfDocument(made.save(), "r.pdf").figures([1])] in ([], ["table"])


def test_a_line_through_five_years_is_a_chart() -> None:
    made = Report()
    made.page()
    (page,) = made.doc
    points = [(120 + 70 * n, y) for n, y in enumerate((360, 300, 330, 260, 240))]
    page.draw_polyline(points, color=(0.1, 0.3, 0.8), width=1.5)
    for n, (x, _) in enumerate(points):
        page.insert_text((x - 10, 374), str(2019 + n), fontsize=8)
    (figure,) = PdfDocument(made.save(), "r.pdf").figures([1])
    assert iou(figure.bbox_pt, (120, 240, 400, 360)) > 0.7


def test_a_sheet_of_a_chart_of_its_own_is_one_figure() -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=820, height=420)
    for n, ink in enumerate(((0.8, 0.2, 0.1), (0.1, 0.4, 0.7), (0.2, 0.6, 0.3))):
        top = 90 + 90 * n
        page.draw_rect((300, top, 420 + 90 * n, top + 40), color=None, fill=ink)
        page.insert_text((60, top + 24), f"Region {n}", fontsize=11)
    page.draw_line((300, 60), (300, 380), width=0.8)
    (figure,) = [f for f in PdfDocument(doc.tobytes(), "c.pdf").figures([1]) if f.kind != "table"]
    assert iou(figure.bbox_pt, (0, 0, 820, 420)) > 0.99


def test_labelled_bars_over_ticks_are_no_table() -> None:
    made = Report()
    made.page()
    (page,) = made.doc
    page.draw_rect((150, 150, 450, 360), color=(0, 0, 0), width=0.8)
    for n in range(6):
        page.draw_line((170 + 50 * n, 360), (170 + 50 * n, 364), width=0.8)
    for n in range(7):
        top = 160 + 28 * n
        page.draw_rect((300 - 9 * n, top, 330 + 13 * (n % 4), top + 18), color=None,
                       fill=(0.3 + 0.1 * n, 0.5, 0.4))  # fmt: skip
        page.insert_text((302 - 9 * n, top + 12), f"{n + 3}%", fontsize=8)
        page.insert_text((310, top + 12), f"{n + 5}%", fontsize=8)
        page.insert_text((100, top + 12), f"Group {n}", fontsize=8)
    figures = PdfDocument(made.save(), "r.pdf").figures([1])
    assert "chart" in [f.kind for f in figures]

"""Pages without a text layer are glanced at to choose among them; ruled tables hold words."""

from __future__ import annotations

import numpy as np
import pymupdf

from air_cli.read.page_texts import PageTexts
from air_cli.read.pdf import PdfDocument
from air_cli.read.pictures import picture_kind
from air_cli.records import Chart, Figure
from tests.documents import Report

TITLES = ("Exports of timber", "Visitors by season", "Rainfall in the north")


def _scan() -> bytes:
    """A deck of pictures: each page an image of a title and some bars, no text layer."""
    drawn = pymupdf.open()
    for number, title in enumerate(TITLES):
        page = drawn.new_page(width=480, height=360)
        page.insert_text((40, 60), title, fontsize=26)
        for n in range(4):
            page.draw_rect(
                (80 + 80 * n, 300 - 30 * (n + number), 120 + 80 * n, 300), fill=(0, 0, 1)
            )
    deck = pymupdf.open()
    for page in drawn:
        picture = page.get_pixmap(dpi=110).tobytes("png")
        deck.new_page(width=480, height=360).insert_image((0, 0, 480, 360), stream=picture)
    data: bytes = deck.tobytes()
    return data


def test_a_scan_is_chosen_from_by_its_largest_lines_and_says_so() -> None:
    document = PdfDocument(_scan(), "deck.pdf")
    assert document.rank("How many visitors came in each season?", None)[0].figure.page == 2
    assert document.rank("rainfall?", None)[0].figure.page == 3
    assert document.problems == [
        "deck.pdf: page 2 is a scan: its text was recognised",
        "scanned: the largest lines of 3 of 3 pages were recognised to choose",
        "deck.pdf: page 3 is a scan: its text was recognised",
    ]


def test_pages_with_text_are_not_recognised() -> None:
    asked: list[int] = []

    def picture(number: int) -> None:
        asked.append(number)

    texts = PageTexts(lambda n: "" if n == 3 else "a long enough text of a page", picture)
    texts.of([1, 2, 3])
    assert asked == []
    assert texts.note([1, 2, 3]) == ""
    assert texts.of([3]) == {3: ""}
    assert asked == [3]
    texts.of([3])
    assert asked == [3]


def test_a_ruled_table_of_words_is_a_table() -> None:
    made = Report()
    page = made.doc[made.page(logo=False) - 1]
    rows = [("Button", "Press", "Hold"), ("Up", "Wake", "Power off"), ("Down", "Menu", "Assistant")]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            box = (80 + 140 * c, 100 + 30 * r, 220 + 140 * c, 130 + 30 * r)
            page.draw_rect(box, color=(0, 0, 0), width=0.7)
            page.insert_text((box[0] + 6, box[3] - 9), text, fontsize=10)
    document = PdfDocument(made.save(), "manual.pdf")
    figure = next(f for f in document.figures([1]) if f.kind == "table")
    chart, _ = document.chart(figure.id)
    cells = {(mark.category, mark.series): mark.label for mark in chart.marks}
    assert cells["Down", "Hold"] == "Assistant"
    assert cells["Up", "Press"] == "Wake"
    assert all(mark.value is None for mark in chart.marks)


def _ruled(page: pymupdf.Page, top: float, texts: list[list[str]], *, joined: bool) -> None:
    """A ruled table; with `joined` the last column is one cell from top to foot."""
    for r, row in enumerate(texts):
        for c, text in enumerate(row):
            last = joined and c == len(row) - 1
            y = top + 30 * r
            box = (80 + 140 * c, y, 220 + 140 * c, y + 30)
            if not last or r == 0:
                foot = top + 30 * len(texts) if last else y + 30
                page.draw_rect((*box[:3], foot), color=(0, 0, 0), width=0.7)
                page.insert_text((box[0] + 6, y + 21), text, fontsize=10)


def test_a_head_on_a_dark_ground_and_a_cell_over_several_rows_are_read() -> None:
    made = Report()
    page = made.doc[made.page(logo=False) - 1]
    page.draw_rect((80, 82, 500, 100), fill=(0, 0, 0.4), width=0)
    for c, text in enumerate(("Group", "Closes", "Fee")):
        page.insert_text((86 + 140 * c, 95), text, fontsize=10, color=(1, 1, 1))
    rows = [["Pupils", "March", "none"], ["Students", "May", ""], ["Guests", "June", ""]]
    _ruled(page, 100, rows, joined=True)
    chart = _only_table(made.save())
    assert [series.name for series in chart.series] == ["Closes", "Fee"]
    cells = {(mark.category, mark.series): mark.label for mark in chart.marks}
    assert cells["Pupils", "Closes"] == "March"
    assert cells["Guests", "Fee"] == "none"


def test_a_ruled_table_is_found_beside_one_without_rules() -> None:
    made = Report()
    page = made.doc[made.page(logo=False) - 1]
    for n, (name, one, two) in enumerate([("Sales", "1,204", "1,398"), ("Costs", "702", "801")]):
        for x, text in ((80, name), (300, one), (400, two)):
            page.insert_text((x, 400 + 14 * n), text, fontsize=10)
    _ruled(page, 100, [["Key", "Press"], ["Up", "Wake"], ["Down", "Menu"]], joined=False)
    found = PdfDocument(made.save(), "both.pdf").figures([1])
    assert [figure.id for figure in found if figure.kind == "table"] == ["p1-t1", "p1-t2"]


def _only_table(data: bytes) -> Chart:
    document = PdfDocument(data, "manual.pdf")
    (figure,) = [f for f in document.figures([1]) if f.kind == "table"]
    return document.chart(figure.id)[0]


def test_a_pictured_heat_map_is_a_chart_and_a_photograph_none() -> None:
    rng = np.random.default_rng(3)
    cells = rng.integers(30, 230, (9, 11, 3)).repeat(20, 0).repeat(20, 1).astype(np.uint8)
    heat = np.full((260, 320, 3), 255, np.uint8)
    heat[40:220, 60:280] = cells
    figure = Figure("p1-f1", "", 1, (0.0, 0.0, 320.0, 260.0))
    assert picture_kind(heat, figure) == "chart"
    grain = rng.normal(0, 6, (260, 320, 1))
    shade = np.linspace(40, 220, 320)[None, :, None] + grain
    noisy = np.clip(np.concatenate([shade, shade * 0.8, shade * 0.6], axis=2), 0, 255)
    noisy[:90] = 255
    assert picture_kind(noisy.astype(np.uint8), figure) == "photo"

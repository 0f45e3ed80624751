"""Pages without a text layer are glanced at to choose among them; ruled tables hold words."""

from __future__ import annotations

import pymupdf

from air_cli.read.page_texts import PageTexts
from air_cli.read.pdf import PdfDocument
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
        "scanned: the largest lines of 3 of 3 pages were recognised to choose"
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

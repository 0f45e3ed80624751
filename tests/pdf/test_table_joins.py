"""Tables that run over pages are one table, whose cells know their page."""

from __future__ import annotations

import io

import pymupdf
from PIL import Image

from air_cli.read.pdf import PdfDocument
from tests.documents import Report

HEAD = ("(in millions)", "2022", "2023")


def statement(*, again: bool = False, other: bool = False) -> PdfDocument:
    """A table of 30 rows on pages 1 and 2; `again` repeats its header there, `other` sets another
    table on page 2 instead."""
    made = Report()
    made.page(logo=False)
    made.prose((60, 60, 552, 180))
    made.doc[0].insert_text((60, 220), "CONSOLIDATED STATEMENTS OF CASH FLOWS", fontname="hebo")
    rows = [(f"Item {n}", f"{100 + n}", f"({200 + n})") for n in range(30)]
    made.table((60, 240, 552, 720), (HEAD, *rows[:20]))
    made.page(logo=False)
    second = rows[20:] if not again else [HEAD, *rows[20:]]
    if other:
        second = [("(in thousands)", "2020", "2021"), *rows[20:]]
    made.table((72, 60, 564, 60 + 23 * len(second)), second)
    made.prose((60, 400, 552, 700))
    return PdfDocument(made.save(), "r.pdf")


def test_a_table_that_goes_on_is_one_figure() -> None:
    for again in (False, True):
        document = statement(again=again)
        (figure,) = [f for f in document.figures(None) if f.kind == "table"]
        assert [part.page for part in figure.more] == [2]
        assert figure.page_name == "1 to 2"
        chart, _ = document.chart(figure.id)
        head, rows = chart.table()
        assert head == ["category", "2022", "2023"] and len(rows) == 30
        assert rows[29] == ["Item 29", 129, -229] and chart.scale == 1e6
        image = Image.open(io.BytesIO(document.image(figure.id, None, 1.0)))
        assert image.size == figure.size_px


def test_a_cell_of_the_second_part_is_on_its_page() -> None:
    document = statement()
    (figure,) = [f for f in document.figures(None) if f.kind == "table"]
    chart, _ = document.chart(figure.id)
    mark = next(m for m in chart.marks if (m.category, m.series) == ("Item 27", "2023"))
    page, box = figure.place(mark.bbox_px)
    assert page == 2
    around = pymupdf.Rect(box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
    on_page = document.page(2).get_textbox(around)
    assert on_page.strip() == "(227)"
    crop = Image.open(io.BytesIO(document.image(figure.id, mark.bbox_px, 2.0))).convert("L")
    assert min(crop.tobytes()) < 100


def test_the_part_alone_is_found_from_its_own_page() -> None:
    document = statement()
    (part,) = [f for f in document.figures([2]) if f.kind == "table"]
    head, rows = document.chart(part.id)[0].table()
    assert head == ["category", "2022", "2023"] and len(rows) == 10
    (whole,) = [f for f in document.figures([1]) if f.kind == "table"]
    assert len(document.chart(whole.id)[0].categories) == 30


def test_another_table_at_the_head_of_the_next_page_is_not_joined() -> None:
    tables = [f for f in statement(other=True).figures(None) if f.kind == "table"]
    assert [f.page for f in tables] == [1, 2] and not any(f.more for f in tables)

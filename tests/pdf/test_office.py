"""Office files: charts and tables exactly from their data; hostile ones end in one clear line."""

from __future__ import annotations

import pytest

from air_cli.errors import ItemError
from air_cli.read.document import Document, open_document
from air_cli.records import Chart
from tests.documents import INCOME
from tests.office import chart, deck, letter, packed, table, workbook

SALES = {"North": (1.5, 2.25, None), "South": (4.0, -5.0, 6.125)}


def charts(document: Document) -> list[Chart]:
    return [document.chart(figure.id)[0] for figure in document.figures(None)]


@pytest.mark.parametrize(
    ("plot", "options", "kind"),
    [
        ("barChart", {}, "grouped-bar"),
        ("barChart", {"direction": "bar", "grouping": "stacked"}, "stacked-barh"),
        ("lineChart", {}, "line"),
        ("areaChart", {"grouping": "stacked"}, "stacked-area"),
    ],
)
def test_a_slide_s_chart_is_exact(plot: str, options: dict[str, str], kind: str) -> None:
    part = chart(plot, SALES, ["2021", "2022", "2023"], title="Sales in USD millions", **options)
    document = open_document(deck("Results", [part]), "deck.pptx")
    assert (document.source.kind, document.source.pages) == ("pptx", 1)
    (read,) = charts(document)
    assert (read.kind, read.scale) == (kind, 1e6)
    assert read.table()[1] == [["2021", 1.5, 4.0], ["2022", 2.25, -5.0], ["2023", None, 6.125]]
    (figure,) = document.figures([1])
    assert "Results" in figure.caption
    for mark in read.marks:
        left, top, right, bottom = mark.bbox_px
        assert 0 <= left < right <= figure.size_px[0]
        assert 0 <= top < bottom <= figure.size_px[1]
    assert document.image(figure.id, None, 1.0).startswith(b"\x89PNG")
    assert "6.125" in [text.text for text in document.reread(figure.id, None, 2.0)]


def test_percentages_and_dates_are_shown_as_in_the_chart() -> None:
    part = chart("pieChart", {"Share": (0.5, 0.125)}, [44286, 44316], code="mmm\\-yy", percent="0%")
    (read,) = charts(open_document(deck("", [part]), "deck.pptx"))
    assert (read.kind, read.unit) == ("pie", "%")
    assert read.table()[1] == [["Mar 2021", 50.0], ["Apr 2021", 12.5]]


def test_a_slide_s_table_keeps_its_scale_from_shares() -> None:
    amounts, shares = charts(open_document(deck("Income", tables=[table(INCOME)]), "deck.pptx"))
    assert amounts.scale == 1e6
    assert amounts.table()[1][0] == ["Revenue", 1204.5, 1398.2, 1611.9]
    assert shares.scale == 1.0
    assert shares.table()[1] == [["Earnings per share", 1.05, 1.27, 1.5]]


def test_tables_of_a_sheet_are_blocks_of_cells() -> None:
    rows = (
        ("Staff by office", None, None),
        (None, None, None),
        ("Office", "2022", "2023"),
        ("Oslo", 12, 15.5),
        ("Rome", 9, None),
        (None, None, None),
        ("Item", "Price", ""),
        ("Tea", 3, None),
        ("Milk", 2, None),
    )
    document = open_document(workbook(rows), "book.xlsx")
    staff, prices = charts(document)
    assert staff.title == "Staff by office"
    assert staff.table() == (
        ["category", "2022", "2023"],
        [["Oslo", 12.0, 15.5], ["Rome", 9.0, None]],
    )
    assert prices.table()[1] == [["Tea", 3.0], ["Milk", 2.0]]
    best = document.rank("What is the price of tea?", None)[0]
    assert best.figure.id == "p1-t2"


def test_a_table_in_a_text_document_has_its_caption() -> None:
    data = letter(["Report", "Table 1: Staff"], [["Office", "2022"], ["Oslo", "12"], ["Rome", "9"]])
    document = open_document(data, "report.docx")
    (figure,) = document.figures(None)
    assert (figure.caption, figure.label) == ("Table 1: Staff", "Table 1")
    assert charts(document)[0].table()[1] == [["Oslo", 12.0], ["Rome", 9.0]]


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (deck("x")[:-40], "unreadable", "truncated"),
        (b"PK\x03\x04" + bytes(200), "unreadable", "truncated"),
        (packed({"readme.txt": "hello"}), "unsupported", "ZIP"),
        (packed({"mimetype": "application/vnd.oasis"}), "unsupported", "OpenDocument"),
        (packed({"word/document.xml": BOMB}), "unreadable", "entities"),
        (packed({"word/document.xml": BOMB.encode("utf-16")}), "unreadable", "entities"),
        (packed({"word/document.xml": "<a><b></a>"}), "unreadable", "no XML"),
        (packed({"xl/workbook.xml": b"<a>" + b" " * 70_000_000}), "too-large", "too much"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted",
         "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported", "save it as"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so(data: bytes, kind: str, message: str) -> None:
    with pytest.raises(ItemError, match=message) as caught:
        open_document(data, "file.bin")
    assert caught.value.kind == kind


def test_a_damaged_chart_costs_itself_only() -> None:
    good = chart("barChart", {"A": (1.0, 2.0)}, ["x", "y"])
    document = open_document(deck("Two", ["<broken", good]), "deck.pptx")
    assert len(charts(document)) == 1
    assert any("no XML" in problem for problem in document.problems)


def test_an_svg_is_read_as_vectors() -> None:
    bars = "".join(
        f'<rect x="{60 + 60 * n}" y="{210 - 20 * v}" width="40" height="{20 * v}" fill="#336699"/>'
        f'<text x="{80 + 60 * n}" y="228" font-size="12" text-anchor="middle">{name}</text>'
        for n, (name, v) in enumerate((("one", 3), ("two", 7.5), ("six", 5)))
    )
    axis = "".join(
        f'<line x1="40" x2="46" y1="{210 - 20 * v}" y2="{210 - 20 * v}" stroke="black"/>'
        f'<text x="36" y="{214 - 20 * v}" font-size="12" text-anchor="end">{v}</text>'
        for v in (0, 2, 4, 6, 8)
    )
    line = '<line x1="46" x2="46" y1="50" y2="210" stroke="black"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="260" height="240">{bars}{axis}{line}</svg>'
    )
    document = open_document(svg.encode(), "chart.svg")
    (read,) = charts(document)
    assert {mark.category: mark.value for mark in read.marks} == {
        "one": 3.0,
        "two": 7.5,
        "six": 5.0,
    }
    assert all(mark.how == "vector" for mark in read.marks)

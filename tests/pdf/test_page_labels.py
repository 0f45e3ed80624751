"""Page numbers as printed: found at the foot, shown beside the page's number, accepted for it."""

from __future__ import annotations

import pymupdf
import pytest

from air_cli.analyst_desk import Document
from air_cli.analyst_inputs import Input
from air_cli.commands.options import page_list
from air_cli.errors import UsageError
from air_cli.read.page import Line, PageContent
from air_cli.read.page_labels import printed_label
from air_cli.read.pdf import PdfDocument
from air_cli.records import Source
from air_cli.render import figures as rendered
from tests.documents import INCOME, Report


def financial_report() -> Report:
    """Pages 1 and 2 without a table, then F-1 to F-3, each with one."""
    made = Report()
    for number in range(1, 6):
        made.page(logo=False)
        page = made.doc[-1]
        page.draw_rect((280, 750, 330, 780), color=None, fill=(1, 1, 1))
        page.add_redact_annot((280, 750, 330, 780))
        page.apply_redactions()
        label = str(number) if number < 3 else f"F-{number - 2}"
        page.insert_text((300, 764), label, fontsize=8)
        made.prose((60, 60, 552, 180))
        if number > 2:
            made.table((60, 240, 552, 400), INCOME)
    return made


def test_printed_numbers_stand_beside_the_pages() -> None:
    document = PdfDocument(financial_report().save(), "r.pdf")
    figures = document.figures(None)
    assert [(f.page, f.page_label) for f in figures if f.id.endswith("t1")] == [
        (3, "F-1"),
        (4, "F-2"),
        (5, "F-3"),
    ]
    assert document.page_called("f-2") == 4
    assert document.page_called("F-9") is None
    text = rendered([("r.pdf", figure) for figure in figures], "text")
    assert "5 (F-3)" in text


def test_a_question_may_name_the_printed_page() -> None:
    document = PdfDocument(financial_report().save(), "r.pdf")
    best = document.rank("What is the revenue of 2023 on page F-2?", None)[0]
    assert best.figure.page == 4


def test_the_labels_that_the_file_states_come_first() -> None:
    made = financial_report()
    made.doc.set_page_labels([{"startpage": 0, "prefix": "A-", "style": "D", "firstpagenum": 1}])
    document = PdfDocument(made.save(), "r.pdf")
    assert document.page_called("A-4") == 4
    assert document.figures([4])[0].page_label == "A-4"


@pytest.mark.parametrize(
    ("text", "label"),
    [("F-12", "F-12"), ("Page 7 of 90", "7"), ("iv", "iv"), ("2015", ""), ("Annual report", "")],
)
def test_a_year_at_the_foot_is_no_page_number(text: str, label: str) -> None:
    content = PageContent(9, 612.0, 792.0)
    content.lines = [Line(text, (290.0, 760.0, 320.0, 770.0), 8.0)]
    assert printed_label(content) == label


def test_pages_are_numbers_ranges_or_what_is_printed() -> None:
    assert page_list("3-5,8,F-12,iv") == [3, 4, 5, 8, "F-12", "iv"]
    for wrong in ("0", "5-3", "F-3-", "F-3..5", "3;4"):
        with pytest.raises(UsageError):
            page_list(wrong)


def test_pages_of_a_damaged_file_have_no_labels() -> None:
    doc = pymupdf.open()
    doc.new_page()
    document = PdfDocument(doc.tobytes(), "r.pdf")
    assert document.page_called("F-1") is None


def test_a_range_of_printed_numbers_means_the_pages_between() -> None:
    assert page_list("F-1..F-3,2") == [2, "F-1..F-3"]
    assert page_list("F-1-F-3, iv–vii") == ["F-1..F-3", "iv..vii"]
    item = Input("r.pdf", financial_report().save())
    document = Document(item, _Desk(PdfDocument(item.data, "r.pdf")), None)  # type: ignore[arg-type]
    assert document.numbers([1, "F-1..F-3"]) == (1, 3, 4, 5)
    with pytest.raises(UsageError, match=r"there is no page F-2\.\.F-9"):
        document.numbers(["F-2..F-9"])
    with pytest.raises(UsageError, match="before the first"):
        document.numbers(["F-3..F-1"])


class _Desk:
    """A reader without a jail, of which only page numbers are asked."""

    def __init__(self, document: PdfDocument) -> None:
        self._document = document

    def at(self, item: Input) -> tuple[_Desk, Source]:
        del item
        return self, self._document.source

    def pages(self, labels: list[str]) -> dict[str, int]:
        found = {label: self._document.page_called(label) for label in labels}
        return {label: page for label, page in found.items() if page}

"""Tables: headers, names, negative numbers, nil, units; found only where there are some."""

from __future__ import annotations

import pytest

from air_cli.read.pdf import PdfDocument
from air_cli.read.table_cells import find_rows
from air_cli.read.tables import by_year
from tests.documents import INCOME, Report


@pytest.mark.parametrize(("ruled", "shaded"), [(False, False), (True, False), (False, True)])
def test_an_income_statement_becomes_a_chart(ruled: bool, shaded: bool) -> None:
    made = Report()
    made.page()
    made.prose((60, 60, 552, 250))
    made.table((60, 300, 552, 460), INCOME, ruled=ruled, shaded=shaded)
    made.prose((60, 500, 552, 740))
    document = PdfDocument(made.save(), "r.pdf")
    figure, shares = document.figures([1])
    chart, _ = document.chart(figure.id)
    assert chart.kind == "table"
    head, rows = chart.table()
    assert head == ["category", "2021", "2022", "2023"]
    assert rows[0] == ["Revenue", 1204.5, 1398.2, 1611.9]
    assert rows[1] == ["Cost of revenue", -702.1, -801.4, -905.0]
    assert rows[3] == ["Other income (expense), net", -3.0, 4.1, None]
    assert len(rows) == len(INCOME) - 2
    assert chart.scale == 1e6
    # "In millions, except per share": a table of its own, without the scale.
    per_share, _ = document.chart(shares.id)
    assert per_share.table()[1] == [["Earnings per share", 1.05, 1.27, 1.5]]
    assert (per_share.unit, per_share.scale) == ("$", 1.0)
    assert shares.caption.endswith("(per share)")
    mark = chart.marks[0]
    assert (mark.how, mark.label, mark.x) == ("cell", "$1,204.5", 2021.0)
    assert mark.low == pytest.approx(1204.45)
    left, top, right, bottom = mark.bbox_px
    assert 0 < left < right <= figure.size_px[0]
    assert 0 < top < bottom <= figure.size_px[1]


def test_currency_signs_and_brackets_join_their_number() -> None:
    words = [
        (10.0, 10.0, 60.0, 20.0, "Net"),
        (63.0, 10.0, 90.0, 20.0, "loss"),
        (200.0, 10.0, 206.0, 20.0, "$"),
        (220.0, 10.0, 250.0, 20.0, "(1,234"),
        (251.0, 10.0, 254.0, 20.0, ")"),
        (300.0, 10.0, 310.0, 20.0, "12.5"),
        (316.0, 10.0, 322.0, 20.0, "%"),
    ]
    (row,) = find_rows(words)
    assert row.name == "Net loss"
    assert [cell.value for cell in row.numbers] == [-1234.0, 12.5]


def test_prose_with_numbers_is_no_table() -> None:
    made = Report()
    page = made.page()
    for n in range(8):
        text = f"In {2010 + n} the company sold {n + 3} plants for {n * 7 + 11} million dollars."
        made.doc[page - 1].insert_text((60, 100 + 14 * n), text, fontsize=10)
    assert PdfDocument(made.save(), "r.pdf").figures([1]) == []


def test_columns_are_called_by_the_year_that_ended() -> None:
    dated = ["Fiscal Year Ended February 2, 2019", "February 3, 2018 (2)", "% Change"]
    assert by_year(dated) == ["2019", "2018", "% Change"]
    assert by_year(["As of/ Year Ended June 30, 2015", "As of/ June 30, 2014"]) == ["2015", "2014"]
    quarters = ["March 31, 2015", "June 30, 2015"]
    assert by_year(quarters) == quarters
    assert by_year(["2015 vs. 2014", "2015 Budget"]) == ["2015 vs. 2014", "2015 Budget"]


def test_a_short_name_takes_the_section_that_gives_it_sense() -> None:
    made = Report()
    made.page()
    rows = (
        ("(in millions, except per share)", "2022", "2023"),
        ("Net income", "$255.3", "$301.8"),
        ("Net income per share:", "", ""),
        ("Basic", "$1.27", "$1.50"),
        ("Diluted", "1.25", "1.48"),
        ("Shares used in per share calculation:", "", ""),
        ("Basic", "201.0", "201.2"),
        ("Margin", "12.1%", "14.0%"),
    )
    made.table((60, 300, 552, 460), rows)
    document = PdfDocument(made.save(), "r.pdf")
    charts = [document.chart(figure.id)[0] for figure in document.figures([1])]
    assert [(chart.unit, chart.scale) for chart in charts] == [
        ("$ millions", 1e6),
        ("$", 1.0),
        ("%", 1.0),
    ]
    assert charts[0].categories == ("Net income", "Shares used in per share calculation: Basic")
    assert charts[1].categories == ("Net income per share: Basic", "Net income per share: Diluted")


def test_a_name_as_long_as_a_sentence_does_not_end_a_statement() -> None:
    made = Report()
    made.page()
    title = "CONSOLIDATED STATEMENTS OF CASH FLOWS"
    made.doc[0].insert_text((200, 270), title, fontsize=10, fontname="hebo")
    long = "Adjustments to reconcile net income to net cash (used in) provided by operating work:"
    common = (
        "Other assets with a lien, $0.001 par value; 4,990,000,000 and 160,000,000 pledged as of"
    )
    rows = (
        ("(in thousands)", "2022", "2023"),
        ("Net income", "$255", "$301"),
        (long, "", ""),
        ("Depreciation", "62", "54"),
        (common, "", ""),
        ("December 31, 2023", "(11)", "12"),
        ("Net cash provided", "306", "367"),
    )
    made.table((60, 290, 552, 430), rows)
    document = PdfDocument(made.save(), "r.pdf")
    (figure,) = document.figures([1])
    assert figure.caption == title
    chart, _ = document.chart(figure.id)
    head, read = chart.table()
    assert head == ["category", "2022", "2023"] and chart.scale == 1e3
    assert [row[1:] for row in read] == [[255, 301], [62, 54], [-11, 12], [306, 367]]
    assert read[2][0] == f"{common} December 31, 2023"


def test_a_paragraph_between_two_tables_keeps_them_apart() -> None:
    made = Report()
    made.page()
    first = (("(in millions)", "2022", "2023"), ("Sales", "10", "12"), ("Costs", "4", "5"))
    second = (("(in millions)", "2020", "2021"), ("Sales", "7", "8"), ("Costs", "2", "3"))
    made.table((60, 200, 552, 245), first)
    made.prose((60, 250, 552, 280), size=9)
    made.table((60, 285, 552, 330), second)
    document = PdfDocument(made.save(), "r.pdf")
    heads = [document.chart(figure.id)[0].table()[0] for figure in document.figures([1])]
    assert heads == [["category", "2022", "2023"], ["category", "2020", "2021"]]


def test_all_that_stands_under_per_share_data_is_per_share() -> None:
    made = Report()
    made.page()
    rows = (
        ("(in millions, except per share)", "2022", "2023"),
        ("Revenue", "$1,398.2", "$1,611.9"),
        ("Net earnings", "255.3", "301.8"),
        ("Per share data", "", ""),
        ("Net earnings from continuing operations", "$1.27", "$1.50"),
        ("Net gain from discontinued operations", "0.02", "0.05"),
        ("Cash dividends declared and paid", "0.40", "0.50"),
    )
    made.table((60, 300, 552, 440), rows)
    document = PdfDocument(made.save(), "r.pdf")
    amounts, shares = (document.chart(figure.id)[0] for figure in document.figures([1]))
    assert amounts.categories == ("Revenue", "Net earnings")
    assert len(shares.categories) == 3
    assert (shares.unit, shares.scale) == ("$", 1.0)


def test_the_sentence_that_announces_a_table_is_its_caption() -> None:
    made = Report()
    made.page()
    page = made.doc[0]
    page.insert_text((60, 80), "Intangible Assets", fontsize=11, fontname="hebo")
    said = (
        "We tested them in May. Expected future amortization expense was as follows (in millions):"
    )
    page.insert_textbox((60, 100, 552, 140), said, fontsize=10)
    page.insert_text((300, 142), "Year Ended December 31,", fontsize=9, fontname="hebo")
    rows = [(str(2018 + n), f"{377 - 30 * n}") for n in range(4)]
    made.table((60, 150, 552, 230), [*rows, ("Thereafter", "1,998")])
    document = PdfDocument(made.save(), "r.pdf")
    (figure,) = document.figures([1])
    assert figure.caption == "Expected future amortization expense was as follows (in millions):"
    chart, _ = document.chart(figure.id)
    assert chart.scale == 1e6 and chart.categories[0] == "2018"


def test_the_scale_stands_at_the_foot_of_a_deep_head() -> None:
    made = Report()
    made.page()
    rows = (
        ("", "Year Ended", "Year Ended"),
        ("", "December 31,", "December 25,"),
        ("", "2022", "2021"),
        ("", "(In millions, except per share amounts)", ""),
        ("Net revenue", "$ 23,601", "$ 16,434"),
        ("Cost of sales", "11,550", "8,505"),
        ("Gross profit", "12,051", "7,929"),
        ("Research and development", "5,005", "2,845"),
    )
    made.table((60, 300, 552, 460), rows)
    document = PdfDocument(made.save(), "r.pdf")
    chart = document.chart(document.figures([1])[0].id)[0]
    assert (chart.unit, chart.scale) == ("$ millions", 1e6)


def test_a_table_is_in_percent_where_its_first_row_or_most_of_it_is() -> None:
    def unit(*rows: tuple[str, str, str]) -> str:
        made = Report()
        page = made.doc[made.page(logo=False) - 1]
        for n, row in enumerate((("", "2022", "2023"), *rows)):
            for x, text in zip((72, 300, 400), row, strict=True):
                page.insert_text((x, 100 + 16 * n), text, fontsize=10)
        document = PdfDocument(made.save(), "t.pdf")
        (figure,) = [f for f in document.figures([1]) if f.kind == "table"]
        return document.chart(figure.id)[0].unit

    plain = [("South", "24", "53"), ("East", "31", "40"), ("West", "11", "18")]
    assert unit(("North", "50%", "32%"), *plain) == "%"
    assert unit(*plain, ("Change", "5%", "3%")) == ""

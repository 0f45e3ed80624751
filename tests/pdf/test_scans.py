"""Pages that are pictures: the charts of a slide, the table of a scanned statement."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import pymupdf

from air_cli.read.pdf import PdfDocument

LINES = [
    ("Revenue", "1,204", "1,398"),
    ("Cost of sales", "702", "801"),
    ("Operating expenses", "310", "352"),
    ("Operating income", "192", "245"),
]


def _pictured(png: bytes, width: float, height: float) -> bytes:
    deck = pymupdf.open()
    deck.new_page(width=width, height=height).insert_image((0, 0, width, height), stream=png)
    data: bytes = deck.tobytes()
    return data


def _slide() -> bytes:
    """A title, two bullets and two bar charts side by side, their values printed."""
    figure = plt.figure(figsize=(9.6, 7.2), dpi=120)
    figure.text(0.05, 0.92, "Market overview", fontsize=30, weight="bold")
    for n, line in enumerate(
        ("Population in the year 2013: 251,160,124", "People who own a phone: 78%")
    ):
        figure.text(0.07, 0.84 - 0.06 * n, "•", fontsize=16)
        figure.text(0.1, 0.84 - 0.06 * n, line, fontsize=16)
    for n, (name, values, sign) in enumerate(
        [
            ("Income per head", [3695, 3873, 4071, 4271], "${:,}"),
            ("Coverage", [9, 24, 35, 50], "{}%"),
        ]
    ):
        axes = figure.add_axes((0.08 + 0.5 * n, 0.15, 0.34, 0.5))
        bars = axes.bar(
            ["2010", "2011", "2012", "2013"], values, 0.4, color=["orange", "purple"][n]
        )
        axes.bar_label(bars, [sign.format(v) for v in values], fontsize=14)
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.set_yticks([])
        axes.tick_params(axis="x", labelsize=14)
        figure.text(0.14 + 0.5 * n, 0.06, name, fontsize=14)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.getvalue()


def test_each_chart_of_a_pictured_slide_is_a_figure() -> None:
    document = PdfDocument(_pictured(_slide(), 720, 540), "deck.pdf")
    found = document.figures([1])
    assert [figure.id for figure in found] == ["p1-f2", "p1-f3"]
    charts = [document.chart(figure.id)[0] for figure in found]
    values = [{mark.category: mark.value for mark in chart.marks} for chart in charts]
    assert values[0] == {"2010": 3695.0, "2011": 3873.0, "2012": 4071.0, "2013": 4271.0}
    assert values[1] == {"2010": 9.0, "2011": 24.0, "2012": 35.0, "2013": 50.0}
    assert "Income per head" in found[0].caption and "Coverage" in found[1].caption
    assert found[0].bbox_pt[2] < found[1].bbox_pt[0]
    # The page as a whole can still be named.
    assert document.image("p1-f1", None, 0.2)


def test_one_chart_beside_a_paragraph_is_not_cut_between_its_bars() -> None:
    figure = plt.figure(figsize=(9.6, 5.4), dpi=120)
    figure.text(0.05, 0.9, "APPLICATIONS BY NUMBER", fontsize=24)
    for n, line in enumerate(
        ("The number of applications in the", "second store grew by more than", "half")
    ):
        figure.text(0.05, 0.6 - 0.07 * n, line, fontsize=15)
    axes = figure.add_axes((0.5, 0.15, 0.45, 0.55))
    for n, (name, values) in enumerate(
        {"First store": [5, 8, 13, 15], "Second store": [4, 7, 14, 16]}.items()
    ):
        places = [1.5 * k + 0.45 * n for k in range(4)]
        bars = axes.bar(places, values, 0.42, color=["#595959", "#4486f4"][n], label=name)
        axes.bar_label(bars, fontsize=12)
    axes.set_xticks(
        [1.5 * k + 0.22 for k in range(4)], ["2012", "2013", "2014", "2015"], fontsize=12
    )
    axes.spines[["top", "left", "right", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    axes.set_yticks([])
    figure.legend(loc="upper center", bbox_to_anchor=(0.7, 0.85), ncols=1, frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    document = PdfDocument(_pictured(buffer.getvalue(), 720, 405), "deck.pdf")
    assert [one.id for one in document.figures([1])] == ["p1-f1"]
    chart, _ = document.chart("p1-f1")
    cells = {(mark.series, mark.category): mark.value for mark in chart.marks}
    assert cells["First store", "2012"] == 5.0 and cells["Second store", "2015"] == 16.0
    assert chart.title == "APPLICATIONS BY NUMBER"


def test_the_table_of_a_scanned_statement_is_recognised_and_said_to_be() -> None:
    drawn = pymupdf.open()
    page = drawn.new_page(width=612, height=792)
    page.insert_text((72, 90), "Statements of income (in millions)", fontsize=14)
    for n, row in enumerate([("", "2022", "2021"), *LINES]):
        for x, text in zip((72, 360, 460), row, strict=True):
            page.insert_text((x, 140 + 20 * n), text, fontsize=11)
    picture = page.get_pixmap(dpi=150).tobytes("png")
    document = PdfDocument(_pictured(picture, 612, 792), "scan.pdf")
    best = document.rank("What was the operating income in 2022?", None)[0].figure
    assert best.kind == "table"
    chart, _ = document.chart(best.id)
    cells = {(mark.category, mark.series): mark.value for mark in chart.marks}
    assert cells["Operating income", "2022"] == 192.0
    assert cells["Cost of sales", "2021"] == 801.0
    assert any("was recognised" in problem for problem in document.problems)

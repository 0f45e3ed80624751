"""HTML pages: inline drawings as vectors, tables from their cells, pictures from their pixels."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure as Drawing

from air_cli.read.document import open_document, sniff
from air_cli.read.html_contents import read_html
from tests.cli.command import air, needs_jail

BARS = """
<svg viewBox="0 0 400 300" width=400 height=300 xmlns="http://www.w3.org/2000/svg">
<defs><linearGradient id="g"><stop offset="0" stop-color="#246"/></linearGradient></defs>
<g class=axis><path d="M60,20V260H380" fill="none" stroke="#333"/>{ticks}</g>{bars}
<text x="200" y="14" class="t" text-anchor="middle">Output &amp; sales</text></svg>"""
PAGE = """<!DOCTYPE html><html><head><meta charset=utf-8><title>Report</title>
<style>.bar {{ fill: #c03030 }} text {{ font-size: 11px }}</style></head><body>
<svg width=16 height=16><path d="M2 2L14 8L2 14Z"/></svg>
<h2>Results by plant</h2><p>Output of the north plant fell by half in 2023.
<figure>{svg}<figcaption>Figure 3: Output by plant</figcaption></figure>
<h2>Income statement</h2>
<table><caption>Table 2: Income (in millions)</caption>
<tr><th rowspan=2>Item<th colspan=2>Year ended<tr><th>2022<th>2023
<tr><td>Revenue<td>1,398.2<td>1,611.9
<tr><td>Costs<td>(801.4)<td>(905.0)</table>{more}</body></html>"""


def bars(values: dict[str, float]) -> str:
    """Bars as a script leaves them in a page: attributes unquoted, colours in the style sheet."""
    ticks = "".join(
        f"<line x1=55 x2=60 y1={260 - 2 * v} y2={260 - 2 * v} stroke=#333 />"
        f"<text x=50 y={264 - 2 * v} text-anchor=end>{v}</text>"
        for v in range(0, 121, 20)
    )
    drawn = "".join(
        f"<rect class=bar x={80 + 75 * n} y={260 - 2 * v} width=40 height={2 * v}></rect>"
        f"<text x={100 + 75 * n} y=276 text-anchor=middle>{name}</text>"
        for n, (name, v) in enumerate(values.items())
    )
    return BARS.format(ticks=ticks, bars=drawn)


VALUES = {"North": 31.5, "South": 84.0, "East": 107.25, "West": 58.0}


def page(more: str = "") -> bytes:
    return PAGE.format(svg=bars(VALUES), more=more).encode()


def test_inline_drawings_and_tables_are_figures() -> None:
    document = open_document(page(), "report.html")
    drawn, table = document.figures(None)
    assert document.source.kind == "html" and document.source.pages == 1
    assert (drawn.id, drawn.kind, drawn.label) == ("p1-f1", "chart", "Figure 3")
    assert (table.id, table.kind, table.label) == ("p1-t1", "table", "Table 2")
    chart, _ = document.chart("p1-f1")
    assert chart.title == "Output & sales"
    assert {m.category: m.value for m in chart.marks} == pytest.approx(VALUES, abs=0.01)
    assert {(m.how, m.color) for m in chart.marks} == {("vector", "#c03030")}
    data, _ = document.chart("p1-t1")
    read = {(m.series, m.category): m.value for m in data.marks}
    assert -905.0 in read.values() and 1398.2 in read.values()
    assert document.image("p1-f1", None, 1.0).startswith(b"\x89PNG")


def test_the_question_leads_to_the_right_part() -> None:
    document = open_document(page(), "report.html")
    assert document.rank("What was revenue in 2023?", None)[0].figure.id == "p1-t1"
    assert document.rank("Which plant has the highest output?", None)[0].figure.id == "p1-f1"
    (passage, *_) = document.excerpts("By how much did output of the north plant fall?", None)
    assert "fell by half" in passage.text


def test_a_picture_in_the_file_is_a_figure_and_one_elsewhere_is_told_of() -> None:
    drawing = Drawing(figsize=(5, 3.5))
    drawing.add_subplot().bar(["A", "B", "C"], [3, 7, 5])
    file = io.BytesIO()
    drawing.savefig(file, format="png", dpi=110)
    inside = base64.b64encode(file.getvalue()).decode()
    more = f'<img src="data:image/png;base64,{inside}"><img src="plots/other.png">'
    document = open_document(page(more), "report.html")
    assert [figure.id for figure in document.figures(None)] == ["p1-f1", "p1-f2", "p1-t1"]
    assert [p for p in document.problems if "1 picture in other files" in p]
    chart, _ = document.chart("p1-f2")
    assert [m.value for m in chart.marks] == pytest.approx([3, 7, 5], abs=0.1)


def test_charts_that_scripts_would_draw_are_told_of() -> None:
    found = read_html(b"<html><body><div id=c></div><script>draw('<svg>')</script>", "p.html")
    assert not found.items and "scripts draw" in found.problems[0]


def test_matplotlib_drawings_survive_the_page() -> None:
    """Case-sensitive names, references and CDATA style sheets come through the HTML parser."""
    drawing = Drawing(figsize=(5, 3.5))
    ax = drawing.add_subplot()
    ax.plot([2019, 2020, 2021, 2022], [1, 4, 2, 8])
    file = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        drawing.savefig(file, format="svg")
    svg = file.getvalue()
    html = f"<html><body>{svg[svg.index('<svg') :]}</body></html>"
    document = open_document(html.encode(), "page.html")
    (figure,) = document.figures(None)
    assert [m.value for m in document.chart(figure.id)[0].marks] == pytest.approx([1, 4, 2, 8])


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<html><p>x", "html"),
        (b"\xef\xbb\xbf<!DOCTYPE HTML PUBLIC '-//W3C'>\n", "html"),
        (b"<!-- saved --><html lang=en>", "html"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
    ],
)
def test_what_is_a_page(head: bytes, kind: str) -> None:
    assert sniff(head, "x") == kind


def test_damaged_markup_ends() -> None:
    for cut in range(0, 1900, 97):
        read_html(page()[:cut], "p.html")
    deep = b"<html>" + b"<table><tr><td rowspan=9 colspan=9>" * 300 + b"<svg>" * 50
    assert len(read_html(deep, "p.html").items) <= 200


@needs_jail
def test_a_page_is_asked_like_any_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(page())
    done = air("ask", str(path), "Which plant has the highest output?", cwd=tmp_path)
    assert done.code == 0 and done.out.startswith("East"), done

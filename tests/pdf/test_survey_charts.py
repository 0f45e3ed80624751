"""Charts as survey reports print them: no axes, numbers in the bars, names over the first row, all
bars of a series in one path that is drawn from the right to the left, as office programs do."""

from __future__ import annotations

from collections.abc import Sequence

import pymupdf
import pytest

from air_cli.read.page import Path
from air_cli.read.pdf import PdfDocument
from air_cli.read.region_pieces import parted
from air_cli.records import Chart, Figure

COLORS = [(0.0, 0.4, 0.6), (0.87, 0.85, 0.7), (0.58, 0.62, 0.28), (0.92, 0.62, 0.17)]
HIGH, STEP = 22.0, 34.0
Row = Sequence[float]


class Page:
    """A page in the making; y grows downwards, as in PyMuPDF."""

    def __init__(self) -> None:
        self.doc = pymupdf.open()
        self.page = self.doc.new_page(width=612, height=792)
        self.drawn: list[str] = []
        for n in range(4):
            text = f"Line {n} of a paragraph that goes on and on about what people say they think."
            self.page.insert_text((60, 60 + 14 * n), text, fontsize=10)

    def bars(self, boxes: Sequence[tuple[float, float, float, float]], color: Row) -> None:
        """One path of several rectangles, each from its right end to its left."""
        ops = [f"{r} {792 - b} {lft - r} {b - t} re" for lft, t, r, b in boxes]
        self.drawn.append(f"{color[0]} {color[1]} {color[2]} rg {' '.join(ops)} f")

    def text(
        self, x: float, y: float, text: str, *, right: bool = False, bold: bool = True
    ) -> None:
        font = "hebo" if bold else "helv"
        wide = pymupdf.get_text_length(text, font, 8) if right else 0.0
        self.page.insert_text((x - wide, y), text, fontsize=8, fontname=font)

    def charts(self) -> list[tuple[Figure, Chart]]:
        self.page.clean_contents()
        (content,) = self.page.get_contents()
        stream = self.doc.xref_stream(content) + b"\n" + "\n".join(self.drawn).encode()
        self.doc.update_stream(content, stream)
        document = PdfDocument(self.doc.tobytes(), "survey.pdf")
        found = [figure for figure in document.figures(None) if figure.kind == "chart"]
        return [(figure, document.chart(figure.id)[0]) for figure in found]


def table(chart: Chart) -> dict[tuple[str, str], float | None]:
    return {(mark.category, mark.series): mark.value for mark in chart.marks}


def rows_of(
    made: Page, left: float, top: float, names: Sequence[str], heads: Sequence[str],
    values: Sequence[Row], base: int = 0,
) -> None:  # fmt: skip
    """Stacked rows; `base` segments lie left of the line where the rest begins."""
    pt = 1.6
    zero = left + pt * max(sum(row[:base]) for row in values)
    columns: list[list[tuple[float, float, float, float]]] = [[] for _ in heads]
    for n, (name, row) in enumerate(zip(names, values, strict=True)):
        x, y = zero - pt * sum(row[:base]), top + STEP * n
        made.text(left - 6, y + 14, name, right=True, bold=False)
        for m, value in enumerate(row):
            columns[m].append((x, y, x + pt * value, y + HIGH))
            made.text(x + pt * value / 2 - 4, y + 14, f"{value:g}", bold=False)
            if n == 0:
                made.text(x + 2, top - 5, heads[m])
            x += pt * value
    for column, color in zip(columns, COLORS, strict=False):
        made.bars(column, color)


def test_stacks_side_by_side_are_charts_of_their_own() -> None:
    made = Page()
    heads = ["Increase", "Keep", "Decrease"]
    one = [(35, 50, 15), (39, 46, 11), (45, 37, 18)]
    two = [(40, 41, 17), (43, 40, 14), (32, 51, 13)]
    rows_of(made, 100, 300, ["2019", "2018", "2017"], heads, one)
    rows_of(made, 350, 300, ["2019", "2018", "2017"], heads, two)
    found = made.charts()
    assert len(found) == 2
    for (_, chart), values in zip(found, (one, two), strict=True):
        assert chart.kind == "stacked-barh"
        assert table(chart) == {
            (year, head): value
            for year, row in zip(["2019", "2018", "2017"], values, strict=True)
            for head, value in zip(heads, row, strict=True)
        }


def test_numbers_without_a_sign_left_of_the_base_are_no_negative_values() -> None:
    made = Page()
    heads = ["Disagree", "Agree"]
    values = [(31, 68), (52, 47), (33, 60)]
    rows_of(made, 120, 300, ["North", "South", "West"], heads, values, base=1)
    ((_, chart),) = made.charts()
    assert table(chart) == {
        (name, head): value
        for name, row in zip(["North", "South", "West"], values, strict=True)
        for head, value in zip(heads, row, strict=True)
    }
    assert any("without a sign" in problem for problem in chart.problems)


def test_a_column_for_every_series_is_one_chart() -> None:
    made = Page()
    values = [(50, 32, 17, 16), (24, 53, 12, 34), (41, 20, 25, 9)]
    heads, names = ["U.S.", "China", "Japan", "EU"], ["North", "South", "West"]
    made.text(60, 274, "% who say that each is the leading power", bold=False)
    for m, head in enumerate(heads):
        x = 110 + 110.0 * m
        made.text(x, 294, head)
        made.bars(
            [(x, 300 + STEP * n, x + 1.5 * row[m], 300 + STEP * n + HIGH)
             for n, row in enumerate(values)], COLORS[m])  # fmt: skip
        for n, row in enumerate(values):
            made.text(x + 1.5 * row[m] - 11, 314 + STEP * n, f"{row[m]:g}", bold=False)
    for n, name in enumerate(names):
        made.text(104, 314 + STEP * n, name, right=True, bold=False)
    ((_, chart),) = made.charts()
    assert table(chart) == {
        (name, head): value
        for name, row in zip(names, values, strict=True)
        for head, value in zip(heads, row, strict=True)
    }


def test_flat_lines_above_each_other_are_one_chart() -> None:
    made = Page()
    years, levels = ["2017", "2018", "2019"], [(61.0, 58.0, 48.0), (33.0, 26.0, 28.0)]
    for year, x in zip(years, (120, 220, 320), strict=True):
        made.text(x - 8, 312, year, bold=False)
    made.drawn.append(f"0.5 G 120 {792 - 300} m 320 {792 - 300} l S")
    for level, color in zip(levels, (COLORS[0], COLORS[3]), strict=True):
        points = [(x, 792 - (300 - 1.6 * v)) for x, v in zip((120, 220, 320), level, strict=True)]
        path = " ".join(f"{x} {y} {'l' if n else 'm'}" for n, (x, y) in enumerate(points))
        made.drawn.append(f"{color[0]} {color[1]} {color[2]} RG 2 w {path} S")
        for (x, y), value in zip(points, level, strict=True):
            made.text(x - 4, 792 - y - 6, f"{value:g}", bold=False)
    ((figure, _),) = made.charts()
    left, top, right, bottom = figure.bbox_pt
    assert left < 121 and right > 319 and top < 205 and bottom > 305  # both lines and the years


@pytest.mark.parametrize(
    ("items", "count"),
    [
        ([("re", (9, 0, 1, 4), -1), ("re", (7, 6, 1, 10), -1)], 2),
        ([("re", (0, 0, 20, 20), 1), ("re", (2, 2, 18, 18), 1)], 1),  # a frame
        ([("re", (0, 0, 20, 20), 1), ("l", (30, 0), (40, 9))], 1),
    ],
)
def test_boxes_of_one_path(items: list[tuple[object, ...]], count: int) -> None:
    path = Path(tuple(items), (0.0, 0.0, 40.0, 20.0), fill=(0.0, 0.0, 1.0))
    assert len(parted([path])) == count
    assert parted([Path(tuple(items), path.box, stroke=(0, 0, 0))]) != []


def test_names_beside_the_last_column_and_totals_above() -> None:
    made = Page()
    values = [(88, 6), (84, 12), (71, 11)]
    names = ["Every day or", "almost every day"], ["3-5 times", "per week"]
    for n, (low, high) in enumerate(values):
        x, foot = 120 + 60.0 * n, 460.0
        middle, top = foot - 1.6 * low, foot - 1.6 * (low + high)
        made.text(x + 14, top - 4, str(low + high))
        made.text(x + 14, (foot + middle) / 2 + 3, str(low), bold=False)
        made.text(x + 14, (middle + top) / 2 + 3, str(high), bold=False)
        made.text(x + 6, foot + 12, ["18-29", "30-49", "50-64"][n], bold=False)
    for m, lines in enumerate(names):
        level = (460 - 1.6 * 71 / 2, 460 - 1.6 * 76.5)[m]
        for k, line in enumerate(lines):
            made.text(290, level - 1 + 9 * k, line, bold=False)
    for m in range(2):
        made.bars(
            [(120 + 60.0 * n, 460 - 1.6 * sum(v[: m + 1]), 160 + 60.0 * n, 460 - 1.6 * sum(v[:m]))
             for n, v in enumerate(values)], COLORS[m])  # fmt: skip
    made.drawn.append("0.5 G 115 332 m 285 332 l S")
    ((_, chart),) = made.charts()
    assert chart.kind == "stacked-bar"
    assert table(chart) == {
        (group, " ".join(lines)): value
        for group, row in zip(["18-29", "30-49", "50-64"], values, strict=True)
        for lines, value in zip(names, row, strict=True)
    }


def test_names_of_several_lines_beside_lying_bars() -> None:
    made = Page()
    names = [("A condition that", "makes it hard"), ("A handicap or a", "chronic disease"),
             ("Something", "else")]  # fmt: skip
    for n, (lines, value) in enumerate(zip(names, (16, 29, 22), strict=True)):
        top = 300 + 46.0 * n
        made.bars([(200, top, 200 + 6.0 * value, top + 28)], COLORS[0])
        made.text(203 + 6 * value, top + 17, str(value), bold=False)
        for k, line in enumerate(lines):
            made.text(196, top + 12 + 9.5 * k, line, right=True, bold=False)
    ((_, chart),) = made.charts()
    assert [(mark.category, mark.value) for mark in chart.marks] == [
        (" ".join(lines), value) for lines, value in zip(names, (16, 29, 22), strict=True)
    ]


def test_a_heading_of_two_lines_is_the_caption() -> None:
    made = Page()
    for n, line in enumerate(("Half see their country as the top power;", "others name China")):
        made.text(160, 266 + 10 * n, line)
    for n, value in enumerate((16, 29, 22)):
        made.bars([(200, 290 + 30.0 * n, 200 + 6.0 * value, 312 + 30.0 * n)], COLORS[0])
        made.text(196, 304 + 30 * n, f"Group {n}", right=True, bold=False)
    ((figure, _),) = made.charts()
    assert figure.caption == "Half see their country as the top power; others name China"

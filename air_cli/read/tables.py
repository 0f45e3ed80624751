"""Tables as figures and as charts: cells are marks, rows categories, columns series."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from air_cli.read.caption_labels import is_caption
from air_cli.read.captions import find_caption
from air_cli.read.figures import place
from air_cli.read.page import Line, PageContent, area, overlap
from air_cli.read.table_cells import Cell, Word
from air_cli.read.table_layout import Grid, find_grids
from air_cli.read.table_ruled import has_rules, has_uprights, ruled_grids
from air_cli.read.table_units import by_unit, unit_of
from air_cli.read.times import parse_time
from air_cli.records import Axis, Box, Chart, Figure, Mark, Series, Text

_UNIT_REACH_PT = 70.0
_HEADING_REACH_PT = 140.0
# The fewest letters of a sentence that announces a table, and the most of it that is kept.
_SENTENCE, _LONGEST = 25, 240
# What the parts of a table that have a unit of their own are called.
_PARTS = {"per": " (per share)", "percent": " (percentages)"}
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
# All that the header of a year's column consists of, besides the year: when the year ended.
_DATE_WORDS = re.compile(
    r"(?:(?:for|the|twelve|12|months?|fiscal|years?|ended|ending|as|of|at|december|january|february|"
    r"march|april|may|june|july|august|september|october|november|[a-z]{3}\.)\b|"
    r"\b(?:[a-z]{3}|fy)\b|\b\d{1,2}\b|[\s.,:/]|\(\w{1,2}\))*",
    re.I,
)


def page_words(page: Any) -> list[Word]:
    """The words of a PyMuPDF page with their boxes in points."""
    return [
        (float(w[0]), float(w[1]), float(w[2]), float(w[3]), str(w[4]))
        for w in page.get_text("words")
    ]


def find_tables(
    content: PageContent, page: Any, figures: Sequence[Figure], source_sha: str
) -> list[tuple[Figure, Grid]]:
    """The tables of a PyMuPDF page (rotation removed) that are not part of one of its figures."""
    grids = find_grids(page_words(page))
    if has_uprights(content.paths, grids) if grids else has_rules(content.paths):
        grids += [
            grid
            for grid in ruled_grids(page)
            if not any(overlap(grid.box, other.box) for other in grids)
        ]
        grids.sort(key=lambda grid: (grid.box[1], grid.box[0]))
    # Text that lies on a picture's white margin is no part of the picture.
    drawn = [figure.bbox_pt for figure in figures if figure.vector]
    return as_tables(grids, content, drawn, source_sha)


def as_tables(
    grids: Sequence[Grid], content: PageContent, drawn: Sequence[Box], source_sha: str
) -> list[tuple[Figure, Grid]]:
    """Tables as figures of their page, without those that lie in what is `drawn`."""
    found: list[tuple[Figure, Grid]] = []
    for grid in _parts(grids, content):
        if any(overlap(grid.box, box) > 0.3 * area(grid.box) for box in drawn):
            continue
        caption, label = _caption(content, grid.box)
        caption += _PARTS.get(grid.unit, "")
        number = len(found) + 1
        figure = Figure(
            f"p{content.number}-t{number}",
            source_sha,
            content.number,
            _padded(grid.box, content),
            "table",
            caption,
            label,
            vector=True,
            page_label=content.label,
        )
        found.append((place(figure), grid))
    return found


def _parts(grids: Sequence[Grid], content: PageContent) -> Iterator[Grid]:
    """The tables, those of several units in parts."""
    for grid in grids:
        _, scale = unit_of(grid, content, _caption(content, grid.box)[0])
        yield from by_unit(grid, scale != 1)


def _padded(box: Box, content: PageContent) -> Box:
    return (
        max(box[0] - 3, 0.0),
        max(box[1] - 3, 0.0),
        min(box[2] + 3, content.width),
        min(box[3] + 3, content.height),
    )


def read_table(figure: Figure, grid: Grid, content: PageContent) -> Chart:
    """A table as a chart; values are the numbers as printed, in the unit its heading states."""
    zoom = figure.dpi / 72
    origin = figure.bbox_pt

    def px(box: Box) -> Box:
        return (
            (box[0] - origin[0]) * zoom,
            (box[1] - origin[1]) * zoom,
            (box[2] - origin[0]) * zoom,
            (box[3] - origin[1]) * zoom,
        )

    header = distinct(by_year(grid.header))
    names = distinct(grid.names)
    marks: list[Mark] = []
    for row, name in zip(grid.rows, names, strict=True):
        for column, title in enumerate(header):
            cell = grid.cell(row, column)
            if cell is None:
                continue
            marks.append(_mark(cell, title, name, px(cell.box)))
    unit, scale = unit_of(grid, content, figure.caption)
    texts = tuple(
        Text(cell.text, px(cell.box), "tick" if row in grid.head else "label")
        for row in (*grid.head, *grid.rows)
        for cell in row.cells
    )
    return Chart(
        figure.id,
        "table",
        figure.caption,
        axes=(Axis("y", "linear", (), "", unit, scale),),
        series=tuple(Series(title) for title in header),
        categories=tuple(names),
        marks=tuple(marks),
        text=texts,
        unit=unit,
        scale=scale,
        confidence=0.9 if all(grid.header) else 0.7,
        problems=() if all(grid.header) else ("some columns have no header",),
        size_px=figure.size_px,
    )


def _mark(cell: Cell, series: str, category: str, box: Box) -> Mark:
    low = high = None
    if cell.value is not None:
        low, high = cell.value - cell.half, cell.value + cell.half
    return Mark(
        series, category, cell.value, low, high, "cell", box, "", cell.text, _year_of(series)
    )


def by_year(header: Sequence[str]) -> list[str]:
    """Columns named by their year, where a header says no more than when it ended and no two say
    the same year: that is how people ask for them. The dates stay in the table's texts.

    >>> by_year(["Year Ended December 26, 2015", "Year Ended December 27, 2014", "Change"])
    ['2015', '2014', 'Change']
    >>> by_year(["As of/ Year Ended December 31, 2015", "As of/ Year Ended December 31, 2014"])
    ['2015', '2014']
    >>> by_year(["March 31, 2015", "June 30, 2015"])
    ['March 31, 2015', 'June 30, 2015']
    """
    years = [_YEAR.findall(name) for name in header]
    plain = [
        found[0] if len(found) == 1 and _DATE_WORDS.fullmatch(_YEAR.sub(" ", name)) else ""
        for name, found in zip(header, years, strict=True)
    ]
    named = [year for year in plain if year]
    if len(set(named)) < len(named):
        return list(header)
    return [year or name for year, name in zip(plain, header, strict=True)]


def distinct(names: Sequence[str]) -> list[str]:
    """Names made unique: a repeated or empty one gets its number."""
    seen: Counter[str] = Counter()
    result = []
    for number, name in enumerate(names, 1):
        name = name or f"column {number}"
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def _caption(content: PageContent, box: Box) -> tuple[str, str]:
    """The caption, or the heading above the table, and its label ("Table 3")."""
    text, label = find_caption(content, box, [box])
    if label:
        return text, label
    above = [line for line in content.lines if _is_heading(line, box, _HEADING_REACH_PT)]
    leading = _lead_in(content, box)
    if leading is not None and not any(
        line.bold and line.box[1] > leading[0] for line in above if not _is_date(line.text)
    ):
        return leading[1], ""
    strong = [line for line in above if line.bold or line.size > _usual_size(content) + 1]
    near = [line for line in above if _is_heading(line, box, _UNIT_REACH_PT)]
    if not strong and not near:
        return text, ""
    best = max(strong or near, key=lambda line: (line.box[1], line.size))
    return best.text, ""


def _lead_in(content: PageContent, box: Box) -> tuple[float, str] | None:
    """The sentence that announces a table ("… was as follows (in millions):") and where it ends."""
    announcing = [
        line
        for line in content.lines
        if line.text.endswith(":")
        and len(line.text) > 12
        and 0 <= box[1] - line.box[3] < _UNIT_REACH_PT
        and line.box[0] < box[2]
        and line.box[2] > box[0]
    ]
    if not announcing:
        return None
    last = max(announcing, key=lambda line: line.box[1])
    lines = [
        line for line in content.lines if line.block == last.block and line.box[1] <= last.box[1]
    ]
    text = " ".join(" ".join(line.text for line in lines).split())
    sentence = text[text[:-1].rfind(". ") + 1 :].strip()
    long = sum(c.isalpha() for c in sentence) >= _SENTENCE
    return (last.box[3], sentence[-_LONGEST:]) if long and not last.bold else None


def _is_date(text: str) -> bool:
    """Whether a line says no more than when a year ended."""
    return bool(_DATE_WORDS.fullmatch(_YEAR.sub(" ", text)))


def _usual_size(content: PageContent) -> float:
    sizes = sorted(line.size for line in content.lines)
    return sizes[len(sizes) // 2] if sizes else 0.0


def _is_heading(line: Line, box: Box, reach: float) -> bool:
    words = sum(c.isalpha() for c in line.text)
    return (
        0 <= box[1] - line.box[3] < reach
        and words >= 4
        and len(line.text) < 110
        and not line.text.startswith("(")
        and not _is_date(line.text)
        and not is_caption(line.text)
    )


def _year_of(header: str) -> float | None:
    """The time a column header names, for `Mark.x`."""
    found = parse_time(header)
    if found is not None:
        return found
    years = re.findall(r"\b((?:19|20)\d\d)\b", header)
    return float(years[-1]) if len(set(years)) == 1 else None

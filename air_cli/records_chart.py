"""What was read: sources, figures and charts as data; the other records are in `records.py`.

Standard library only: imported on both sides of the jail. Coordinates are as in `records.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Box = tuple[float, float, float, float]
# A page by its number from 1, or by the number printed on it ("F-12", "F-12..F-15").
Page = int | str
Value = bool | int | float | str | list[Any] | None
How = Literal["label", "geometry", "both", "vector", "cell"]


@dataclass(frozen=True)
class Source:
    """A file that was opened. `kind`: image, pdf, pptx, docx, xlsx, html; `pages` counts from 1."""

    path: str
    sha256: str
    kind: str
    pages: int = 1


@dataclass(frozen=True)
class Part:
    """A further part of a figure, on another page. In the figure's image it begins at `top_px`."""

    page: int
    bbox_pt: Box
    top_px: int


@dataclass(frozen=True)
class Figure:
    """A region of a page. `kind`: chart, table, photo, diagram, logo, unknown.
    `id` is stable for a source: `p<page>-f<n>`. `image` is a file name in a run directory, or None.
    `dpi` is the resolution at which `size_px` holds (0 for an image file). `page_label` is the
    number printed on the page ("F-12"), where it is not that of `page`; `mention` the paragraph
    that refers to the figure by its label. A table that runs on has its further parts in `more`,
    and its image shows them one below the other.
    """

    id: str
    source_sha: str
    page: int
    bbox_pt: Box
    kind: str = "chart"
    caption: str = ""
    label: str = ""
    image: str | None = None
    vector: bool = False
    dpi: float = 0.0
    size_px: tuple[int, int] = (0, 0)
    page_label: str = ""
    mention: str = ""
    more: tuple[Part, ...] = ()

    @property
    def page_name(self) -> str:
        """The page as people are told of it: "59 (F-12)", "59 to 61"."""
        last = f" to {self.more[-1].page}" if self.more else ""
        return f"{self.page}{last} ({self.page_label})" if self.page_label else f"{self.page}{last}"

    def place(self, box: Box) -> tuple[int, Box]:
        """The page, and the box in points on it, of a box in pixels of the figure's image; of an
        image file, its pixels."""
        page, frame, top = self.page, self.bbox_pt, 0.0
        for part in self.more:
            if box[1] >= part.top_px - 0.5:
                page, frame, top = part.page, part.bbox_pt, float(part.top_px)
        scale = 72.0 / self.dpi if self.dpi else 1.0
        left, upper = frame[:2]
        x0, y0, x1, y1 = box
        return page, (
            left + x0 * scale,
            upper + (y0 - top) * scale,
            left + x1 * scale,
            upper + (y1 - top) * scale,
        )


@dataclass(frozen=True)
class Tick:
    """A tick label and where it stands along its axis. `value` is None for a category."""

    text: str
    value: float | None
    px: float


@dataclass(frozen=True)
class Axis:
    """`role`: x, y, y2. `kind`: linear, log, category, time. `residual_px`: RMS of the fit."""

    role: str
    kind: str
    ticks: tuple[Tick, ...] = ()
    title: str = ""
    unit: str = ""
    scale: float = 1.0
    residual_px: float = 0.0


@dataclass(frozen=True)
class Mark:
    """One bar, point, slice, segment or table cell.
    `low`/`high` is the interval that the reading supports; `label` the printed value, verbatim;
    `x` the abscissa of a numeric or time axis (years as numbers); `size` a bubble's area as a share
    of the largest.
    """

    series: str
    category: str
    value: float | None
    low: float | None
    high: float | None
    how: How
    bbox_px: Box
    color: str = ""
    label: str = ""
    x: float | None = None
    size: float | None = None


@dataclass(frozen=True)
class Series:
    """A series as the legend or a direct label names it; `color` is `#rrggbb` or empty."""

    name: str
    color: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Text:
    """Recognised text. `role`: title, subtitle, axis-title, tick, legend, label, annotation,
    source, other. `confidence` in 0..1 (1 for text taken from a PDF). `angle`: degrees
    counter-clockwise, 90 for text that reads upwards."""

    text: str
    bbox_px: Box
    role: str = "other"
    confidence: float = 1.0
    angle: float = 0.0


@dataclass(frozen=True)
class Chart:
    """A figure read into data. `kind`: bar, barh, grouped-bar, grouped-barh, stacked-bar,
    stacked-barh, waterfall (signed changes and levels of totals), range (floating bars: series
    `from` and `to`), dot, line, area, stacked-area, combo, pie, donut, scatter, bubble, box (its
    five numbers are the series), heatmap, table, unknown.
    A table is a chart too: its cells are marks with `how="cell"`, row headers are categories,
    column headers series. `problems` says in plain words what could not be read and why.
    """

    figure_id: str
    kind: str
    title: str = ""
    subtitle: str = ""
    axes: tuple[Axis, ...] = ()
    series: tuple[Series, ...] = ()
    categories: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    text: tuple[Text, ...] = ()
    unit: str = ""
    scale: float = 1.0
    confidence: float = 0.0
    problems: tuple[str, ...] = ()
    size_px: tuple[int, int] = (0, 0)

    def table(self) -> tuple[list[str], list[list[Value]]]:
        """Columns and rows: one row a category, one column a series, None for a gap. A series
        without a name is called by the title of the value axis, or else `value`."""
        names = list(dict.fromkeys([s.name for s in self.series] + [m.series for m in self.marks]))
        rows = list(dict.fromkeys([*self.categories, *(m.category for m in self.marks)]))
        cells = {(m.series, m.category): m.value for m in reversed(self.marks)}
        used = [name for name in names if any((name, row) in cells for row in rows)]
        head = ["category", *(name or self._measure() or "value" for name in used)]
        return head, [[row, *(cells.get((name, row)) for name in used)] for row in rows]

    def _measure(self) -> str:
        """The title of the value axis: x where bars lie, else y."""
        titled = [a for a in self.axes if a.kind in ("linear", "log") and a.title]
        lying = self.kind.endswith("barh")
        titled.sort(key=lambda axis: (axis.role == "x") != lying)
        return titled[0].title if titled else ""

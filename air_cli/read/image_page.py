"""One page of an image file: its texts, recognised once, and the panels it divides into."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from air_cli.read import ocr
from air_cli.read.bullets import with_dollars
from air_cli.read.chart import read_chart
from air_cli.read.facet_gutter import fitted
from air_cli.read.facets import Facets, find_facets
from air_cli.read.legend import find_legend
from air_cli.read.panels import find_panels, head_of, heading_of, within
from air_cli.read.scene import LegendEntry, Rgb, Scene
from air_cli.read.sized import shrunk, texts_at
from air_cli.read.texts import reading_order
from air_cli.records import Box, Chart, Text

_STRIP_TO = 640  # pixels on the longer side of the strip that a heading is looked for in


@dataclass(frozen=True)
class Contents:
    """What a look at a page found: texts, boxes of the panels (the whole page where there is one
    chart, or none), a legend and a title outside of them, and the seconds it took by stage."""

    texts: tuple[Text, ...]
    panels: tuple[Box, ...]
    legend: tuple[LegendEntry, ...] = ()
    title: str = ""
    seconds: tuple[tuple[str, float], ...] = ()
    facets: Facets | None = None
    facet_charts: tuple[Chart, ...] = ()
    whole: tuple[Chart, dict[str, float]] | None = None  # where all of it was read as one chart

    def caption(self, number: int) -> str:
        """The heading of a panel (from 0); empty where the page is one figure."""
        if self.facets is not None:
            return self.facets.heads[number][2].text
        return heading_of(self.texts, self.panels[number]) if len(self.panels) > 1 else ""

    def words(self, number: int) -> str:
        """What is written in a panel, line by line."""
        return "\n".join(t.text for t in within(self.texts, self.panels[number]))


def look_at(rgb: Rgb) -> Contents:
    """Recognise the texts of a page (height, width, 3) and find its panels."""
    start = time.perf_counter()
    small, factor = shrunk(rgb)
    seen = with_dollars(ocr.shared().read(small))
    read = time.perf_counter()
    texts = tuple(texts_at(seen, 1 / factor))
    facets = find_facets(texts, (rgb.shape[1], rgb.shape[0]))
    facets = fitted(facets, rgb) if facets is not None else None
    charts = _read_facets(rgb, texts, facets) if facets is not None else ()
    if facets is not None and charts:
        facets = replace(facets, heads=tuple(_headed(rgb, facets, *h) for h in facets.heads))
        parts = tuple(facets.box(n) for n in range(len(facets.heads)))
        spent = (("ocr", read - start), ("panels", time.perf_counter() - read))
        return Contents(texts, parts, (), head_of(texts, parts), spent, facets, charts)
    whole = Whole(rgb, texts)
    boxes = find_panels(small, seen, lambda part, own: read_chart(part, texts=own)[0], whole.chart)
    boxes = [tuple(v / factor for v in box) for box in boxes]  # type: ignore[misc]
    seconds = (("ocr", read - start), ("panels", time.perf_counter() - read - whole.spent))
    if not boxes:
        height, width = rgb.shape[:2]
        box = (0.0, 0.0, float(width), float(height))
        return Contents(texts, (box,), seconds=seconds, whole=whole.known)
    legend = tuple(_legend_outside(rgb, texts, boxes))
    return Contents(texts, tuple(boxes), legend, head_of(texts, boxes), seconds)


class Whole:
    """A page with recognised texts, read as one chart when it is first asked for."""

    def __init__(self, rgb: Rgb, texts: Sequence[Text]) -> None:
        self._rgb, self._texts = rgb, texts
        self.known: tuple[Chart, dict[str, float]] | None = None
        self.spent = 0.0  # seconds that it took

    def reading(self) -> tuple[Chart, dict[str, float]]:
        """The page read as one chart, and the seconds of each stage."""
        if self.known is None:
            start = time.perf_counter()
            self.known = read_chart(self._rgb, texts=self._texts, recognised=True)
            self.spent = time.perf_counter() - start
        return self.known

    def chart(self) -> Chart:
        """The page read as one chart."""
        return self.reading()[0]


def _read_facets(rgb: Rgb, texts: Sequence[Text], facets: Facets) -> tuple[Chart, ...]:
    """The panels that share their axes, read with the labels they share; empty unless every one
    reads as a chart with values: words that come back under a single chart are no panels."""
    charts: list[Chart] = []
    for number in range(len(facets.heads)):
        part, own = facets.compose(rgb, texts, number)
        chart, _ = read_chart(part, texts=own, recognised=True)
        if chart.kind == "unknown" or not any(mark.value is not None for mark in chart.marks):
            return ()
        charts.append(chart)
    return tuple(charts)


def _headed(rgb: Rgb, facets: Facets, row: int, column: int, head: Text) -> tuple[int, int, Text]:
    """A panel's heading; one that was not read is looked for where the others of its row stand."""
    if head.text:
        return row, column, head
    left, _, right, _ = facets.box(next(n for n, h in enumerate(facets.heads) if h[2] is head))
    margin = 0.3 * (head.bbox_px[3] - head.bbox_px[1])
    strip = crop_of(
        rgb, (left, max(0.0, head.bbox_px[1] - margin), right, head.bbox_px[3] + margin)
    )
    words = reading_order(ocr.shared().read(strip, enlarge_to=_STRIP_TO))
    return row, column, replace(head, text=words)


def crop_of(rgb: Rgb, box: Box) -> Rgb:
    """The pixels of a panel."""
    left, top, right, bottom = (round(v) for v in box)
    return np.ascontiguousarray(rgb[top:bottom, left:right])


def read_panel(
    rgb: Rgb, found: Contents, number: int, figure_id: str
) -> tuple[Chart, dict[str, float]]:
    """A panel (from 0) of a page read into data, and the seconds each stage took.

    A panel is recognised anew, for it is enlarged then; it takes the title and the legend of the
    page where it has none of its own.
    """
    if len(found.panels) == 1:
        chart, stages = found.whole or read_chart(rgb, texts=found.texts, recognised=True)
        seconds = dict(stages)
        for stage, spent in found.seconds:
            seconds[stage] = seconds.get(stage, 0.0) + spent
        return replace(chart, figure_id=figure_id), seconds
    if found.facets is not None:
        chart = found.facets.placed(found.facet_charts[number], number)
        title = found.caption(number)
        chart = replace(chart, figure_id=figure_id, title=title, subtitle=found.title)
        return chart, dict(found.seconds)
    box = found.panels[number]
    legend = [_shifted(entry, box) for entry in found.legend]
    chart, seconds = read_chart(crop_of(rgb, box), figure_id=figure_id, legend=legend)
    title = chart.title or found.caption(number)
    if title in chart.categories:  # the name of a slice stands highest
        title = ""
    if found.title and title != found.title:
        over = found.title if title else ""
        chart = replace(chart, title=title or found.title, subtitle=chart.subtitle or over)
    return chart, seconds


def _legend_outside(rgb: Rgb, texts: Sequence[Text], boxes: Sequence[Box]) -> list[LegendEntry]:
    """The legend that stands in no panel: they share it."""
    inside = {id(t) for box in boxes for t in within(texts, box)}
    outer = [replace(t, role="legend") for t in texts if id(t) not in inside]
    scene = Scene(rgb, outer, (0.0, 0.0, 0.0, 0.0))
    return find_legend(scene) if len(outer) >= 2 else []


def _shifted(entry: LegendEntry, box: Box) -> LegendEntry:
    def moved(own: Box) -> Box:
        return own[0] - box[0], own[1] - box[1], own[2] - box[0], own[3] - box[1]

    return replace(entry, bbox_px=moved(entry.bbox_px), swatch_px=moved(entry.swatch_px))

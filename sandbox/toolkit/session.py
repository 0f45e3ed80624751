"""The session of the code jail: the globals of the steps, and what a step leaves behind."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from sandbox.toolkit import answers, maths, pictures
from sandbox.toolkit.about import about
from sandbox.toolkit.chart import ChartView
from sandbox.toolkit.colours import color_name, colour_name
from sandbox.toolkit.described import described
from sandbox.toolkit.desk import DESK, Request
from sandbox.toolkit.growth import growth_across, growth_of
from sandbox.toolkit.later import Later
from sandbox.toolkit.moves import is_steady, neat, outliers, runs_of, says, start_of
from sandbox.toolkit.names import NoSuch, likeness
from sandbox.toolkit.options import largest_change, offered, offered_names, standing
from sandbox.toolkit.recheck import mended, recheck, recheck_all, totalled
from sandbox.toolkit.times import bare_name

MATHS = (
    "difference", "ratio", "share", "growth_rate", "cagr", "mean", "median", "mode", "product",
    "fit_line", "trend", "same", "crossings",
)  # fmt: skip
PICTURES = ("zoom", "reread", "show")
ANSWERS = ("answer", "unanswerable", "shown")


@dataclass(frozen=True)
class FigureNote:
    """A figure of the document: `id`, `page`, `caption`, `kind`."""

    id: str
    page: int
    caption: str
    kind: str


@dataclass(frozen=True)
class Document:
    """The figures that were read, with page and caption; `document.chart(id)` is the chart."""

    figures: tuple[FigureNote, ...]
    charts: tuple[ChartView, ...]

    def chart(self, figure: str) -> ChartView:
        """The chart of a figure id such as p3-f1."""
        for chart in self.charts:
            if chart.figure == figure:
                return chart
        raise NoSuch(f"no figure {figure!r}; there is {[note.id for note in self.figures]}")


@dataclass(frozen=True)
class Report:
    """What a step left: the raw answer or None, PNG images, the marks it touched."""

    answer: dict[str, Any] | None
    images: list[bytes]
    touched: list[dict[str, Any]]


class Session:
    """The globals of the steps. The guest calls `begin` before a step and `end` after it."""

    def __init__(self, namespace: dict[str, Any], request: Request, figure: str) -> None:
        self.namespace = namespace
        self._request = request
        self._figure = figure

    def begin(self) -> None:
        """Before a step: nothing touched, nothing answered."""
        DESK.clear()
        DESK.request, DESK.live, DESK.figure = self._request, True, self._figure

    def end(self) -> Report:
        """After a step: what it left."""
        return Report(DESK.answer, list(DESK.images), list(DESK.touched.values()))


def make_session(
    charts: Sequence[Mapping[str, Any]], images: Mapping[str, bytes], request: Request
) -> Session:
    """A session over charts (the JSON of `records.Chart`; `page` and `caption` may be added) and
    figure images (PNG by figure id). `request` carries frames to the host and back.

    Raises `KeyError` when a chart lacks its figure id.
    """
    views = [view_of(chart) for chart in charts]
    for view in views:
        if view.figure in images:
            view.image = Image.open(io.BytesIO(images[view.figure]))
    notes = tuple(note_of(chart) for chart in charts)
    namespace: dict[str, Any] = {
        "__name__": "__main__",
        "np": Later("numpy"),
        "pd": Later("pandas"),
        "charts": views,
        "chart": views[0] if views else None,
        "document": Document(notes, tuple(views)),
        "colour_name": colour_name,
        "color_name": color_name,
        "growth_across": growth_across,
        "growth_of": growth_of,
        "bare_name": bare_name,
        "runs_of": runs_of,
        "start_of": start_of,
        "is_steady": is_steady,
        "outliers": outliers,
        "neat": neat,
        "says": says,
        "about": about,
        "described": described,
        "largest_change": largest_change,
        "offered": offered,
        "offered_names": offered_names,
        "standing": standing,
        "recheck": recheck,
        "recheck_all": recheck_all,
        "mended": mended,
        "totalled": totalled,
        "likeness": likeness,
        "NoSuch": NoSuch,
    }
    for module, names in ((maths, MATHS), (pictures, PICTURES), (answers, ANSWERS)):
        namespace.update({name: getattr(module, name) for name in names})
    return Session(namespace, request, views[0].figure if views else "")


def note_of(chart: Mapping[str, Any]) -> FigureNote:
    """What the document says of a figure; the page is in its id."""
    found = re.match(r"p(\d+)-", chart["figure_id"])
    page = int(chart.get("page") or (found[1] if found else 1))
    caption = str(chart.get("caption") or chart.get("title", ""))
    return FigureNote(chart["figure_id"], page, caption, str(chart.get("kind", "unknown")))


def view_of(chart: Mapping[str, Any]) -> ChartView:
    """The view of the JSON of a `records.Chart`."""
    return ChartView(
        [row_of_mark(chart, mark) for mark in chart.get("marks", ())],
        figure=chart["figure_id"],
        title=chart.get("title", ""),
        subtitle=chart.get("subtitle", ""),
        kind=chart.get("kind", "unknown"),
        unit=chart.get("unit", ""),
        scale=chart.get("scale", 1.0),
        names=[series["name"] for series in chart.get("series", ())],
        categories=chart.get("categories", ()),
        axes=chart.get("axes", ()),
        text=chart.get("text", ()),
        problems=chart.get("problems", ()),
        size=tuple(chart.get("size_px", (0, 0))),
    )


def row_of_mark(chart: Mapping[str, Any], mark: Mapping[str, Any]) -> dict[str, Any]:
    """A mark of a `records.Chart` as a row of chart.csv, with its label."""
    colors = {series["name"]: series.get("color", "") for series in chart.get("series", ())}
    left, top, right, bottom = mark.get("bbox_px", (0.0, 0.0, 0.0, 0.0))
    return {
        "figure": chart["figure_id"],
        "unit": chart.get("unit", ""),
        "color": mark.get("color") or colors.get(mark["series"], ""),
        "left": left, "top": top, "right": right, "bottom": bottom,
        **{key: mark.get(key) for key in ("series", "category", "x", "value", "low", "high")},
        **{key: mark.get(key, "") for key in ("how", "label")},
    }  # fmt: skip

"""A raster image of a chart read into a `records.Chart`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from air_cli.read import layout, ocr
from air_cli.read.borders import without_border
from air_cli.read.bullets import clean_texts
from air_cli.read.colors import distance, page_background, to_hex
from air_cli.read.confidence import confidence
from air_cli.read.grids import read_grid
from air_cli.read.legend import find_legend, mark_swatches
from air_cli.read.marks import areas, boxes, combo, dots, heatmap, lines, pies, scatter
from air_cli.read.multiplier import apply_multipliers
from air_cli.read.numbers import parse_axis_unit, parse_number, parse_unit
from air_cli.read.painted import without_text
from air_cli.read.panel import own_panel
from air_cli.read.plot import find_frame, panel_foot, plot_background
from air_cli.read.scene import AxisFit, LegendEntry, MarkReading, Rgb, Scene
from air_cli.read.second_look import reread_labels
from air_cli.read.showing import NO_CHART, fits_of, is_told, refusal
from air_cli.read.sized import chart_at, entry_at, shrunk, texts_at
from air_cli.read.slanted import reread_slanted
from air_cli.read.texts import is_note, reading_order
from air_cli.read.unnamed import names_at_feet
from air_cli.read.unread_names import unread_entries, with_entries
from air_cli.read.upright import reread_upright
from air_cli.records import Axis, Chart, Text

READERS: tuple[Callable[[Scene], MarkReading | None], ...] = (
    heatmap.read,
    boxes.read,
    combo.read,
    lines.read,
    areas.read,
    pies.read,
    scatter.read,
    dots.read,
)
_ENOUGH = 0.25  # below this score nothing has been recognised
_GOOD = 0.8


@dataclass
class _Watch:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def read_chart(
    rgb: Rgb,
    *,
    texts: Sequence[Text] | None = None,
    figure_id: str = "p1-f1",
    ocr_reader: ocr.Ocr | None = None,
    recognised: bool = False,
    legend: Sequence[LegendEntry] = (),
) -> tuple[Chart, dict[str, float]]:
    """Read a chart image: (Chart, seconds by stage).

    `rgb` is (height, width, 3) uint8. `texts` may be given (from a PDF's text layer), in pixels of
    the image; else they are recognised. With `recognised` the given texts come from recognition,
    and doubtful ones are looked at again. `legend` is one that stands outside the image. What
    cannot be read is in `Chart.problems`. Very large pictures are read at a smaller size; all
    boxes are in pixels of `rgb` all the same.
    """
    small, factor = shrunk(rgb)
    if factor == 1:
        return _read(rgb, texts, figure_id, ocr_reader, recognised, legend)
    texts = texts if texts is None else texts_at(texts, factor)
    outside = [entry_at(entry, factor) for entry in legend]
    chart, seconds = _read(small, texts, figure_id, ocr_reader, recognised, outside)
    return chart_at(chart, 1 / factor, (rgb.shape[1], rgb.shape[0])), seconds


def _read(
    rgb: Rgb,
    texts: Sequence[Text] | None,
    figure_id: str,
    ocr_reader: ocr.Ocr | None,
    recognised: bool,
    legend: Sequence[LegendEntry],
) -> tuple[Chart, dict[str, float]]:
    watch = _Watch()
    recognised = recognised or texts is None
    if texts is None:
        with watch.stage("ocr"):
            texts = (ocr_reader or ocr.shared()).read(rgb)
    with watch.stage("layout"):
        rgb = without_border(rgb)
        scene = see(rgb, texts, legend)
    if recognised:
        with watch.stage("ocr"):
            reader_of_text = ocr_reader or ocr.shared()
            again = reread_slanted(rgb, texts, scene.plot, reader_of_text)
            again = again or reread_upright(rgb, texts, reader_of_text)
        if again is not None:
            with watch.stage("layout"):
                scene = see(rgb, again, legend)
    with watch.stage("marks"):
        readings = [(reading, read) for read in READERS if (reading := read(scene))]
    best, reader = max(readings, key=lambda pair: _rank(scene, pair[0]), default=(None, None))
    if recognised and best is not None and heatmap.lacks_names(best):
        with watch.stage("ocr"):
            scene.texts += heatmap.names_beside(scene, best, ocr_reader or ocr.shared())
        best = heatmap.read(scene) or best
    if recognised and best is not None and reader is combo.read:
        with watch.stage("ocr"):
            more = names_at_feet(scene, best, ocr_reader or ocr.shared())
        if more:
            scene.texts += more
            with watch.stage("marks"):
                best = reader(scene) or best
    if recognised and best is not None and reader is lines.read:
        with watch.stage("ocr"):
            entries = unread_entries(scene, best, ocr_reader or ocr.shared())
        if entries:
            with_entries(scene, entries)
            with watch.stage("marks"):
                best = reader(scene) or best
    if recognised and best is not None and reader is not None:
        with watch.stage("ocr"):
            again = reread_labels(rgb, scene.texts, best, ocr_reader or ocr.shared())
        if again is not None:
            scene.texts = again
            with watch.stage("marks"):
                best = reader(scene) or best
    chart = _assemble(scene, best, figure_id)
    if NO_CHART in chart.problems:
        chart = read_grid(scene.texts, (rgb.shape[1], rgb.shape[0]), figure_id) or chart
    return chart, watch.seconds


def _rank(scene: Scene, reading: MarkReading) -> float:
    """The score of a reading; of one whose marks nothing tells the worth of, at most that of a good
    one whose marks are worth something."""
    told = reading.score < _GOOD or is_told(fits_of(scene, reading), reading)
    return reading.score if told else _GOOD


def see(rgb: Rgb, texts: Sequence[Text], legend: Sequence[LegendEntry] = ()) -> Scene:
    """Everything about the image that does not depend on the kind of chart. `legend` is used where
    the image has none of its own."""
    scene = Scene(rgb, clean_texts(rgb, texts), background=page_background(rgb))
    mark_swatches(scene)
    clean = without_text(rgb, scene.texts)
    frame = find_frame(clean)
    layout.find_axes(scene, frame, clean)
    apply_multipliers(scene)
    _reach_panel_foot(scene)
    panel = own_panel(scene)
    scene.background = panel.color if panel else plot_background(rgb, scene.plot)
    scene.plot = panel.box if panel else scene.plot
    scene.legend = [e for e in find_legend(scene) if not is_note(e.name)] or list(legend)
    _keep_marks_off_ground(scene)
    layout.assign_roles(scene)
    scene.x, scene.y, scene.y2 = (
        _titled(scene, axis) if axis else None for axis in (scene.x, scene.y, scene.y2)
    )
    return scene


def _keep_marks_off_ground(scene: Scene) -> None:
    """Make the page's colour the ground where what was taken for it is one that the legend shows
    beside a name: an area that fills the plot."""
    page = page_background(scene.rgb)
    ground = to_hex(np.array(scene.background))
    shown = [e for e in scene.legend if e.swatch_px != e.bbox_px]
    away = min((distance(ground, e.color) for e in shown), default=np.inf)
    if away < 6 and min(distance(to_hex(np.array(page)), e.color) for e in shown) > 2 * away:
        scene.background = page


def _reach_panel_foot(scene: Scene) -> None:
    """Let the plot reach down to the foot of its tinted panel, above the labels of the x axis."""
    left, top, right, bottom = scene.plot
    ticks = [t.bbox_px[1] for t in scene.texts if t.role == "tick" and t.bbox_px[1] > bottom]
    if ticks:
        foot = panel_foot(scene.rgb, scene.plot, min(ticks) - 2)
        scene.plot = (left, top, right, foot)


def _titled(scene: Scene, fit: AxisFit) -> AxisFit:
    """The axis with its title, and the unit and scale that the title states."""
    title = reading_order([t for t in scene.texts if _belongs(t, fit, scene)])
    unit, scale = parse_axis_unit(title)
    return replace(fit, title=title, unit=fit.unit or unit, scale=scale)


def _belongs(text: Text, fit: AxisFit, scene: Scene) -> bool:
    if text.role != "axis-title":
        return False
    left, _, right, _ = scene.plot
    middle = (text.bbox_px[0] + text.bbox_px[2]) / 2
    if fit.role == "x":
        return abs(text.angle) < 45
    near = middle < (left + right) / 2
    return abs(text.angle) > 45 and (near == (fit.role == "y") or scene.y2 is None)


def _assemble(scene: Scene, reading: MarkReading | None, figure_id: str) -> Chart:
    title, subtitle = (
        reading_order([t for t in scene.texts if t.role == role]) for role in ("title", "subtitle")
    )
    height, width = scene.rgb.shape[:2]
    fits = fits_of(scene, reading)
    problems = [*scene.problems, *(p for fit in fits for p in fit.problems)]
    refused = refusal(scene, reading)
    known = reading is not None and reading.score >= _ENOUGH and not refused
    if reading is None or not known:
        problems.append("no kind of chart that AIR reads was recognised in this image")
        problems += [NO_CHART, refused] if refused else []
    unit, scale = _unit(fits, reading, title, subtitle, _remarks(scene))
    return Chart(
        figure_id,
        reading.kind if reading and known else "unknown",
        title=title,
        subtitle=subtitle,
        axes=tuple(_axis(fit) for fit in fits),
        series=reading.series if reading and known else (),
        categories=reading.categories if reading and known else (),
        marks=reading.marks if reading and known else (),
        text=tuple(scene.texts),
        unit=unit,
        scale=scale,
        confidence=confidence(scene, fits, reading) if known else 0.0,
        problems=tuple(dict.fromkeys([*problems, *(reading.problems if reading else ())])),
        size_px=(width, height),
    )


def _axis(fit: AxisFit) -> Axis:
    return Axis(
        fit.role, fit.kind, fit.ticks, fit.title, fit.unit, fit.scale, round(fit.residual_px, 3)
    )


def _unit(
    fits: Sequence[AxisFit],
    reading: MarkReading | None,
    title: str,
    subtitle: str,
    remarks: Sequence[str],
) -> tuple[str, float]:
    """Unit and scale of the values: the value axis says it best, then the labels, then titles. The
    scale alone may stand in a title or a remark: "$ in millions" beside an axis of dollars."""
    values = [f for f in fits if f.kind in ("linear", "log")]
    if reading and reading.kind.endswith("barh"):
        values.sort(key=lambda f: f.role != "x")
    else:
        values.sort(key=lambda f: f.role == "x")
    unit, scale = (values[0].unit, values[0].scale) if values else ("", 1.0)
    stated = [parse_axis_unit(subtitle), parse_unit(title), *map(parse_axis_unit, remarks)]
    suffixed = reading is not None and any(
        (number := parse_number(m.label)) is not None and number.scale != 1 for m in reading.marks
    )
    if scale == 1 and not suffixed and unit != "%":
        for words, factor in stated:
            if factor != 1 and (not unit or unit in words or not _is_money(words)):
                return words, factor
    if unit or scale != 1:
        return unit, scale
    if reading and any(m.label.rstrip().endswith("%") for m in reading.marks):
        return "%", 1.0
    return next(((words, factor) for words, factor in stated[:2] if words), ("", 1.0))


def _is_money(unit: str) -> bool:
    return any(sign in unit for sign in "$€£¥")


def _remarks(scene: Scene) -> list[str]:
    """Short texts in brackets, or that begin with "in": such as "(in thousands)"."""
    words = (t.text.strip() for t in scene.texts if t.role in ("annotation", "source", "label"))
    return [w for w in words if len(w) < 40 and (w[:1] == "(" or w.lower().startswith("in "))]

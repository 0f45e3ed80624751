"""Charts that are drawn as vectors, read from their drawing operations and exact texts.

No rendering, no OCR: positions are those the producer wrote, so the intervals are as narrow as its
number format. What is not understood gives None, and the caller reads a rendering instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_unit
from air_cli.read.page import Path, center
from air_cli.read.scene import AxisFit, MarkReading
from air_cli.read.vector_areas import read_areas
from air_cli.read.vector_axes import fit_axes
from air_cli.read.vector_bars import read_bars
from air_cli.read.vector_boxes import read_boxes
from air_cli.read.vector_hatches import true_colors, with_hatches, with_stand_ins
from air_cli.read.vector_heat import read_heatmap
from air_cli.read.vector_legend import find_legend
from air_cli.read.vector_lines import read_lines
from air_cli.read.vector_panels import find_panels, joined, share_axes, split
from air_cli.read.vector_pies import read_pie
from air_cli.read.vector_plot import Plot, find_plot_area, texts_with_roles
from air_cli.read.vector_points import read_scatter
from air_cli.read.vector_refused import unread_kind
from air_cli.read.vector_shapes import find_shapes
from air_cli.read.vector_signs import is_mirrored, unmirrored, with_signs
from air_cli.read.vector_text import Label
from air_cli.records import Axis, Box, Chart, Figure


def read_vector(paths: Sequence[Path], labels: Sequence[Label], figure: Figure) -> Chart | None:
    """The chart that these operations draw in the figure's box, or None when not understood. A kind
    that AIR does not read is an `unknown` chart whose problems say what it is."""
    pt = figure.dpi / 72
    shapes = with_hatches(find_shapes(paths, figure.bbox_pt, pt), pt)
    shapes, stands = with_stand_ins(shapes, pt)
    size = (float(figure.size_px[0]), float(figure.size_px[1]))
    plot = Plot(shapes, with_signs(labels, shapes), size, pt)
    if len(shapes) < 3 or len(labels) < 2:
        return None
    kind = unread_kind(plot)
    if kind is not None:
        return _refused(plot, figure, kind)
    find_legend(plot)
    panels = find_panels(plot)
    reading = _read_panels(plot, panels) if len(panels) > 1 else _read_single(plot)
    if reading is None or not reading.marks:
        return None
    return _chart(plot, true_colors(reading, stands), figure)


def _refused(plot: Plot, figure: Figure, kind: str) -> Chart:
    plot.box = find_plot_area(plot) or (0.0, 0.0, *plot.size)
    title, subtitle = _titles(plot)
    return Chart(
        figure.id,
        "unknown",
        title,
        subtitle,
        text=texts_with_roles(plot),
        problems=(f"this is {kind}, which AIR does not read",),
        size_px=figure.size_px,
    )


def _read_single(plot: Plot) -> MarkReading | None:
    box = find_plot_area(plot)
    if box is None:
        return None
    plot.box = box
    return _read_plot(plot)


def _read_panels(plot: Plot, boxes: Sequence[Box]) -> MarkReading | None:
    """Every panel that can be read; `plot` takes the axes and roles over."""
    parts = split(plot, boxes)
    for part in parts:
        fit_axes(part)
    share_axes(parts)
    read = [(part, reading) for part in parts if (reading := _read_marks(part)) is not None]
    if not read:
        return None
    for part, _ in read:
        plot.roles |= part.roles
    first = read[0][0]
    plot.box, plot.x, plot.y, plot.y2 = first.box, first.x, first.y, first.y2
    missing = len(parts) - len(read)
    if missing:
        plot.problems.append(f"{missing} of {len(parts)} panels could not be read")
    reading = joined(read) if len(read) > 1 else read[0][1]
    for part, _ in read:
        plot.roles |= part.roles
    return reading


def _read_plot(plot: Plot) -> MarkReading | None:
    """A pie, or what stands on axes."""
    pie = read_pie(plot)
    if pie is not None:
        return pie
    fit_axes(plot)
    return _read_axes_chart(plot)


def _read_marks(plot: Plot) -> MarkReading | None:
    return read_pie(plot) or _read_axes_chart(plot)


def _read_axes_chart(plot: Plot) -> MarkReading | None:
    """Bars, areas, lines or points; bars or areas with lines over them are a combination."""
    whole = read_heatmap(plot) or read_boxes(plot)
    if whole is not None:
        return whole
    bars = read_bars(plot)
    areas = read_areas(plot)
    lines = read_lines(plot, bars is not None)
    if lines is not None and areas is not None:
        lines = _without_outlines(lines, areas)
    found = [reading for reading in (bars, areas, lines) if reading is not None]
    if not found:
        return read_scatter(plot)
    if len(found) == 1:
        if found[0] is lines:
            points = read_scatter(plot)
            return _lines_or_points(lines, points)
        return found[0]
    return MarkReading(
        "combo",
        tuple(mark for reading in found for mark in reading.marks),
        tuple(series for reading in found for series in reading.series),
        found[0].categories,
        min(reading.score for reading in found),
    )


def _without_outlines(lines: MarkReading, areas: MarkReading) -> MarkReading | None:
    """Lines that only trace the upper edges of areas say nothing new."""
    edges = {(round(m.bbox_px[0] + m.bbox_px[2]), round(2 * m.bbox_px[1])) for m in areas.marks}
    tops = {(x + dx, y + dy) for x, y in edges for dx in (-1, 0, 1) for dy in (-2, -1, 0, 1, 2)}
    kept = tuple(
        mark
        for mark in lines.marks
        if (round(mark.bbox_px[0] + mark.bbox_px[2]), round(mark.bbox_px[1] + mark.bbox_px[3]))
        not in tops
    )
    if len(kept) < 0.5 * len(lines.marks):
        return None
    return lines


def _lines_or_points(lines: MarkReading, points: MarkReading | None) -> MarkReading:
    """Points win over lines (trends, guides) that have fewer vertices and other colours."""
    if points is None:
        return lines
    colors = {series.color for series in lines.series}
    alone = [mark for mark in points.marks if mark.color not in colors]
    if len(alone) > len(lines.marks) or len(points.marks) > 3 * len(lines.marks):
        return points
    return lines


def _chart(plot: Plot, reading: MarkReading, figure: Figure) -> Chart:
    reading = _without_mirror(plot, reading)
    title, subtitle = _titles(plot)
    unit, scale = _unit(plot, reading, title, subtitle)
    problems = (*plot.problems, *reading.problems, *_doubts(plot, reading))
    named = all(not series.name.startswith("series ") for series in reading.series)
    confidence = 0.97 if named and not problems else 0.85
    return Chart(
        figure.id,
        reading.kind,
        title,
        subtitle,
        tuple(_axis(fit) for fit in (plot.x, plot.y, plot.y2) if fit is not None),
        reading.series,
        reading.categories,
        reading.marks,
        texts_with_roles(plot),
        unit,
        scale,
        confidence,
        problems,
        figure.size_px,
    )


def _without_mirror(plot: Plot, reading: MarkReading) -> MarkReading:
    if plot.x is not None and "barh" in reading.kind and is_mirrored(plot.x, reading.marks):
        plot.x, marks = unmirrored(plot.x, reading.marks)
    elif plot.y is not None and "barh" not in reading.kind and is_mirrored(plot.y, reading.marks):
        plot.y, marks = unmirrored(plot.y, reading.marks)
    else:
        return reading
    return replace(reading, marks=marks)


def _axis(fit: AxisFit) -> Axis:
    return Axis(fit.role, fit.kind, fit.ticks, fit.title, fit.unit, fit.scale, fit.residual_px)


def _titles(plot: Plot) -> tuple[str, str]:
    """The largest level text above the plot, and the one under it."""
    above = [
        label
        for label in plot.free()
        if not label.angle
        and center(label.box)[1] < plot.box[1]
        and sum(c.isalpha() for c in label.text) >= 3
    ]
    if not above:
        return "", ""
    lead = max(above, key=lambda label: (round(label.size), label.bold, -label.box[1]))
    title, plot.roles[lead] = lead.text, "title"
    follow = [
        label
        for label in above
        if label is not lead and 0 <= label.box[1] - lead.box[3] < 2 * lead.size
    ]
    for label in list(follow):
        if abs(label.size - lead.size) < 0.5 and label.bold == lead.bold:
            title, plot.roles[label] = f"{title} {label.text}", "title"
            follow.remove(label)
    for label in follow:
        plot.roles[label] = "subtitle"
    return title, " ".join(label.text for label in follow)


def _unit(plot: Plot, reading: MarkReading, title: str, subtitle: str) -> tuple[str, float]:
    if reading.kind in ("pie", "donut"):
        return "%", 1.0
    value = plot.x if "barh" in reading.kind else plot.y
    if value is not None and (value.unit or value.scale != 1):
        return value.unit, value.scale
    for text in (subtitle, title):
        unit, scale = parse_unit(text)
        if unit:
            return unit, scale
    return "", 1.0


def _doubts(plot: Plot, reading: MarkReading) -> list[str]:
    """What a user should know about the reading, in plain words."""
    doubts = [problem for fit in (plot.x, plot.y, plot.y2) if fit for problem in fit.problems]
    value = plot.x if "barh" in reading.kind else plot.y
    if reading.kind not in ("pie", "donut") and value is not None and value.residual_px > 1.0:
        doubts.append(f"the {value.role} axis does not fit its labels well")
    unnamed = [series.name for series in reading.series if series.name.startswith("series ")]
    if unnamed:
        doubts.append(f"{len(unnamed)} series have no name in the figure")
    return doubts

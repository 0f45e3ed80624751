"""Pie and donut charts: sectors by colour and angle, printed values first, angles as the check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from air_cli.read.bullets import real_texts
from air_cli.read.colors import color_name, distance, page_background, to_hex
from air_cli.read.ink import cut_plot
from air_cli.read.marks.discs import Sector, cut_sectors
from air_cli.read.marks.naming import match_colors
from air_cli.read.marks.pielabels import Note, place_notes, read_notes, with_first_digits
from air_cli.read.marks.pielegend import swatches_of, values_below, values_of_legend
from air_cli.read.marks.rounds import Disc, find_round, pushed_in
from air_cli.read.scene import MarkReading, Scene
from air_cli.records import Box, Mark, Series, Text

_MOST = 40
_WHOLE = 4.0  # by which printed shares may miss their angles' hundred together


def read(scene: Scene) -> MarkReading | None:
    """The slices of a pie or donut; None when there is no disc of at least two sectors.

    Values are percentages (printed, or the share of the angle), or the printed amounts where the
    slices carry amounts that fit the angles. Score: share of the image's ink in the disc, times
    its roundness.
    """
    if _on_axes(scene):
        return None
    texts = real_texts(scene.texts)
    found = find_round(scene.rgb, texts)
    if found is None:
        return None
    disc, pulled = found
    rgb = scene.rgb
    if pulled:
        rgb, texts = pushed_in(rgb, texts, pulled)
    sectors = cut_sectors(rgb, disc, texts)
    if not 2 <= len(sectors) <= _MOST:
        return None
    sectors = _filled(sectors, texts, disc, to_hex(page_background(scene.rgb)))
    swatches = swatches_of(scene, sectors)
    below = values_below(swatches, texts)
    legend_texts = {entry.bbox_px for entry in swatches} | {entry.name for entry in swatches}
    legend_texts |= {text.bbox_px for text in below.values()}
    words = [t for t in texts if not legend_texts & {t.text, t.bbox_px}]
    notes = read_notes(words, disc, sectors)
    notes = _shares_first(notes, len(sectors))
    total, amounts = _total(notes, sectors)
    notes, mended = with_first_digits(notes, sectors, total)
    placed = place_notes(notes, sectors, total)
    names = match_colors([s.color for s in sectors], swatches)
    legend = {i: swatches[k].name for i, k in names.items()}
    if not any(n.number for n in notes):
        full = {i: f"{n} {below[n].text}" if n in below else n for i, n in legend.items()}
        legend, placed = values_of_legend(full, sectors) or (legend, placed)
        total, amounts = _total([n for own in placed.values() for n in own], sectors)
    if amounts:
        total = _fitted_total(placed, sectors) or total
    page = to_hex(page_background(scene.rgb))
    empty = [i for i, s in enumerate(sectors) if i not in placed and distance(s.color, page) < 2.5]
    marks, problems = _marks(
        disc, sectors, placed, legend, total, amounts=amounts, moved=bool(pulled), skip=empty
    )
    problems += mended
    if pulled:
        problems.append("slices are pulled out of the disc: they were measured in their place")
    kind = "donut" if disc.hole else "pie"
    series = (Series("", "", kind),)
    categories = tuple(mark.category for mark in marks)
    score = disc.quality * _explained(scene, disc)
    return MarkReading(kind, tuple(marks), series, categories, score, tuple(problems))


def _on_axes(scene: Scene) -> bool:
    """Whether two axes of numbers cross under the picture: a round mark there is a bubble."""
    return all(
        fit is not None and fit.kind in ("linear", "log") and len(fit.ticks) >= 3
        for fit in (scene.x, scene.y)
    )


def _explained(scene: Scene, disc: Disc) -> float:
    """Share of the ink in the disc's neighbourhood that is in the disc."""
    wide = 1.5 * disc.radius
    box = (disc.x - wide, disc.y - wide, disc.x + wide, disc.y + wide)
    plot = cut_plot(
        Scene(scene.rgb, scene.texts, box, page_background(scene.rgb), legend=scene.legend), 0
    )
    rows, columns = np.mgrid[0 : plot.shape[0], 0 : plot.shape[1]]
    away = np.hypot(columns + plot.left - disc.x, rows + plot.top - disc.y)
    return plot.explained(away <= disc.radius + 1)


def _filled(sectors: list[Sector], texts: Sequence[Text], disc: Disc, page: str) -> list[Sector]:
    """The sectors without a wide empty one (half a disc, a gauge), which is no part of the
    whole. Something that is written in it makes it a slice."""
    empty = [
        s
        for s in sectors
        if s.stop - s.start > 0.2 and distance(s.color, page) < 2.5 and not _written(s, texts, disc)
    ]
    if len(empty) != 1 or len(sectors) < 3:
        return sectors
    whole = 1 - (empty[0].stop - empty[0].start)
    return [replace(s, whole=whole) for s in sectors if s is not empty[0]]


def _written(sector: Sector, texts: Sequence[Text], disc: Disc) -> bool:
    for text in texts:
        x = (text.bbox_px[0] + text.bbox_px[2]) / 2 - disc.x
        y = (text.bbox_px[1] + text.bbox_px[3]) / 2 - disc.y
        away = np.hypot(x, y)
        turn = float(np.arctan2(x, -y) / (2 * np.pi) % 1)
        if max(disc.hole, 0.15 * disc.radius) < away < disc.radius and not sector.away(turn):
            return True
    return False


def _shares_first(notes: Sequence[Note], slices: int) -> list[Note]:
    """The notes without the amounts that stand beside percentages, a line of their own each."""
    shares = [n for n in notes if n.number and n.number.unit == "%"]
    if len(shares) < max(2, 0.5 * slices):
        return list(notes)
    kept = []
    for note in notes:
        number = note.number
        if number and number.unit != "%" and (number.unit or number.scale != 1):
            note = replace(note, number=None, printed="")
        if note.number or note.name:
            kept.append(note)
    return kept


def _total(notes: Sequence[Note], sectors: Sequence[Sector]) -> tuple[float, bool]:
    """What the printed numbers are shares of, and whether they are amounts instead of percent."""
    numbers = [n.number for n in notes if n.number is not None]
    percent = [n for n in numbers if n.unit == "%"]
    if percent:  # answers of which several could be given, or the largest shares only
        shares = [n for n in notes if n.number is not None and n.number.unit == "%"]
        if abs(_told_by_place(shares, sectors) - 100) < _WHOLE:  # some were not read
            return 100.0, False
        whole = sum(n.value for n in percent)
        partial = whole < 80 and len(percent) >= max(3, len(sectors) - 1)
        return (whole, True) if partial or whole > 125 else (100.0, False)
    whole = _told_by_place(notes, sectors) or sum(n.total for n in numbers)
    few = len(numbers) < max(2, 0.5 * len(sectors))
    plain = not any(n.unit or n.scale != 1 for n in numbers)
    if few or (plain and 88 <= whole <= 112):
        return 100.0, False
    return whole, True


def _told_by_place(notes: Sequence[Note], sectors: Sequence[Sector]) -> float:
    """The whole that most of the numbers in or beside a slice agree on with its angle; 0 where
    fewer than two do. A year of the title or a cut label is no part of the whole."""
    pairs = [
        (note.number.total, sector.share)
        for note in notes
        for sector in sectors
        if note.number is not None and note.number.total > 0 and sector.away(note.turn) == 0
    ]
    agreed: list[tuple[float, float]] = []
    for value, share in pairs:
        same = [(v, s) for v, s in pairs if abs(v * share / value - s) < 0.015]
        agreed = max(agreed, same, key=len)
    if len(agreed) < max(2, 0.5 * len(pairs)):
        return 0.0
    return sum(v for v, _ in agreed) / sum(s for _, s in agreed)


def _fitted_total(placed: dict[int, list[Note]], sectors: Sequence[Sector]) -> float:
    """The whole that the amounts and angles of most slices agree on; 0 where they do not."""
    pairs = [
        (note.number.total, sectors[i].share)
        for i, notes in placed.items()
        for note in notes[:1]
        if note.number is not None
    ]
    if len(pairs) < 2:
        return 0.0
    middle = float(np.median([value / share for value, share in pairs]))
    good = [(v, s) for v, s in pairs if abs(v / middle - s) < 0.02]
    return sum(v for v, _ in good) / sum(s for _, s in good) if good else 0.0


def _marks(
    disc: Disc,
    sectors: Sequence[Sector],
    placed: dict[int, list[Note]],
    legend: dict[int, str],
    total: float,
    *,
    amounts: bool,
    moved: bool,
    skip: Sequence[int] = (),
) -> tuple[list[Mark], list[str]]:
    marks: list[Mark] = []
    problems: list[str] = []
    # An edge is known to about a pixel at the rim; less well where slices were moved back.
    rim = min(2.0, 100 * 1.2 / (2 * np.pi * disc.radius)) + (0.8 if moved else 0.1)
    scales = [n.number.scale for own in placed.values() for n in own if n.number]
    factor = total / 100 / (float(np.median(scales)) if scales else 1.0) if amounts else 1.0
    for i, sector in enumerate(sectors):
        if i in skip:
            continue
        notes = placed.get(i, [])
        name = legend.get(i) or next((n.name for n in notes if n.name), "")
        if not name:
            name = _spare(sector.color, [m.category for m in marks])
            problems.append(f"no name found for the {name} slice")
        share, reach = 100 * sector.share, rim + 100 * sector.loose
        note = next((n for n in notes if n.number is not None), None)
        box = sector_box(disc, sector)
        if note is None or note.number is None:
            low, high = max(0.0, share - reach) * factor, (share + reach) * factor
            marks.append(Mark("", name, share * factor, low, high, "geometry", box, sector.color))
            continue
        value, half = note.number.value, note.number.half / note.number.scale
        agrees = abs(100 * note.number.total / total - share) <= reach + 1.5
        if not agrees:
            problems.append(
                f"the label {note.printed} of {name} disagrees with its angle ({share:.1f}%)"
            )
        how = "both" if agrees else "label"
        marks.append(
            Mark("", name, value, value - half, value + half, how, box, sector.color, note.printed)  # type: ignore[arg-type]
        )
    return marks, problems


def _spare(color: str, taken: Sequence[str]) -> str:
    name = color_name(color)
    number = 2
    while name in taken:
        name, number = f"{color_name(color)} {number}", number + 1
    return name


def sector_box(disc: Disc, sector: Sector) -> Box:
    """The bounding box of a sector in pixels."""
    turns = np.linspace(sector.start, sector.stop, 60) * 2 * np.pi
    xs = np.concatenate([disc.x + r * np.sin(turns) for r in (disc.hole, disc.radius)])
    ys = np.concatenate([disc.y - r * np.cos(turns) for r in (disc.hole, disc.radius)])
    return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())

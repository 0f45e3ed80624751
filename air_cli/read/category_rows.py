"""The row of labels along the foot of a plot: names, years or months; wrapped, or in two rows."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.axes import fit_axis
from air_cli.read.bullets import is_colorful
from air_cli.read.plot import Frame
from air_cli.read.plot_box import vertical_extent
from air_cli.read.scene import AxisFit, Scene
from air_cli.read.slanted_values import letters, upper_end
from air_cli.read.texts import height_of, is_note, is_numeric, join_lines, union
from air_cli.read.tick_labels import tick_positions
from air_cli.read.times import month_of, parse_time
from air_cli.records import Text

_DATE = re.compile(r"\d{1,2}/\d{1,4}(/\d{2,4})?")


def find_category_row(scene: Scene, frame: Frame) -> None:
    """The labels under the plot: years, months or names, wrapped lines joined."""
    left, _, right, bottom = scene.plot
    scene.texts = _without_corners(scene.texts)
    below = [
        t
        for t in scene.texts
        if t.role == "other"
        and t.bbox_px[1] > bottom - (5 if abs(t.angle) <= 12 else 12)  # corners of a slant
        and left - 60 < (t.bbox_px[0] + t.bbox_px[2]) / 2 < right + 60
        and not is_note(t.text)
    ]
    if not any(t.text in ("II", "III", "IV") for t in below):
        below = [t for t in below if t.text not in ("I", "|", "l", "!")]  # tick marks
    if not below:
        return
    slanted = [t for t in below if 12 < abs(t.angle) < 78]
    upright = [t for t in below if abs(t.angle) >= 78 and parse_time(t.text) is not None]
    if len(slanted) >= 3 or len(upright) >= 3:  # level ones beside them are a legend's
        below = slanted if len(slanted) >= 3 else upright
    high = statistics.median(height_of(t) for t in below)
    rows = _rows(below, high)
    # Names and values of low lines are in their colours, tick labels hardly ever.
    rows.sort(key=lambda row: sum(is_colorful(scene.rgb, t) for t in row) > 0.4 * len(row))
    times = [row for row in rows if sum(parse_time(t.text) is not None for t in row) >= 3]
    times += [row for row in rows if _short_years(row)]
    times = [row for row in times if not _is_group_row(row, rows, high)]
    for row in [*times, *rows]:
        row = _continued(scene, row) if row in times else row
        joined = _with_groups(_joined(row, below, high), below, high)
        aslant = [label for label, _ in joined if 12 < abs(label.angle) < 78]
        size = letters(aslant) if aslant else 0.0
        labels = _placed([label for label, _ in joined], size)
        box = union([t.bbox_px for t in row])
        fit = fit_axis("x", labels, tick_positions(frame, "x", box)) if len(row) > 1 else None
        if fit is None or not _plausible_row(scene, fit, row):
            continue
        if fit.kind == "time":  # the plot's sides may have been guessed too near
            left, right = min(left, fit.ticks[0].px), max(right, fit.ticks[-1].px)
            scene.plot = (left, scene.plot[1], right, scene.plot[3])
        scene.x = replace(fit, span=(left, right))
        used = {id(t) for _, members in joined for t in members}
        scene.texts = [replace(t, role="tick") if id(t) in used else t for t in scene.texts]
        return


def _continued(scene: Scene, row: Sequence[Text]) -> list[Text]:
    """A row of times with those that go on at its pace beside the plot, whose sides may have been
    guessed too near."""
    found = sorted(row, key=_middle)
    if len(found) < 3:
        return list(row)
    step = statistics.median(_middle(b) - _middle(a) for a, b in itertools.pairwise(found))
    high = statistics.median(height_of(t) for t in found)
    level = [
        t
        for t in scene.texts
        if t.role == "other"
        and not any(t is own for own in found)
        and parse_time(t.text) is not None
        and abs(t.bbox_px[1] - found[0].bbox_px[1]) < 0.5 * high
    ]
    for text in sorted(level, key=_middle):
        if abs(_middle(text) - _middle(found[-1]) - step) < 0.2 * step:
            found.append(text)
    for text in sorted(level, key=_middle, reverse=True):
        if abs(_middle(found[0]) - _middle(text) - step) < 0.2 * step:
            found.insert(0, text)
    return found


def _without_corners(texts: Sequence[Text]) -> list[Text]:
    """The texts, the first label of a row cut to the height of the others where it was recognised
    together with the lowest label of the other axis, which stands at its corner."""
    result = []
    for text in texts:
        peers = [
            t
            for t in texts
            if t is not text
            and abs(t.angle) <= 10
            and t.bbox_px[0] > text.bbox_px[2]
            and abs(t.bbox_px[3] - text.bbox_px[3]) < 0.4 * height_of(t)
        ]
        high = statistics.median(height_of(t) for t in peers) if peers else 0.0
        top = statistics.median(t.bbox_px[1] for t in peers) if peers else 0.0
        plain = text.role == "other" and abs(text.angle) <= 10 and _is_plain(text)
        if plain and len(peers) >= 2 and 1.4 * high < height_of(text) < 2.6 * high:
            box = text.bbox_px
            text = replace(text, bbox_px=(box[0], max(box[1], top), box[2], box[3]))
        result.append(text)
    return result


def _short_years(row: Sequence[Text]) -> bool:
    """Whether a row is "98 00 02 04": years without their century."""
    digits = [t.text for t in row if len(t.text) == 2 and t.text.isdecimal()]
    return len(digits) == len(row) >= 4 and any(text[0] == "0" for text in digits)


def find_time_row(scene: Scene, frame: Frame) -> None:
    """A row of three or more times in the lower part of the image, where the plot's foot was
    guessed too low to look there; it is the foot then."""
    high = 0.4 * scene.rgb.shape[0]
    texts = [t for t in scene.texts if t.role == "other" and t.bbox_px[1] > high]
    texts = [t for t in texts if not is_colorful(scene.rgb, t)]
    if not texts:
        return
    for row in _rows(texts, statistics.median(height_of(t) for t in texts)):
        if len(row) < 3:
            continue
        box = union([t.bbox_px for t in row])
        fit = fit_axis("x", row, tick_positions(frame, "x", box))
        if fit is None or fit.kind != "time" or len(fit.ticks) < 3:
            continue
        left, top, right, bottom = scene.plot
        first, last = fit.ticks[0].px, fit.ticks[-1].px
        if top > box[1]:  # the guess was something below the row, a legend
            left, right = first, last
            top, bottom = vertical_extent(scene, [], box)
        scene.plot = (min(left, first), top, max(right, last), min(bottom, box[1] - 2))
        scene.x = replace(fit, span=(scene.plot[0], scene.plot[2]))
        used = {id(t) for t in row}
        scene.texts = [replace(t, role="tick") if id(t) in used else t for t in scene.texts]
        return


def _rows(texts: Sequence[Text], high: float) -> list[list[Text]]:
    """Texts by line, from the top: those whose tops are within most of a line height."""
    rows: list[list[Text]] = []
    for text in sorted(texts, key=lambda t: t.bbox_px[1]):
        if rows and text.bbox_px[1] < rows[-1][0].bbox_px[1] + 0.7 * high:
            rows[-1].append(text)
        else:
            rows.append([text])
    return rows


def _plausible_row(scene: Scene, fit: AxisFit, row: Sequence[Text]) -> bool:
    """Whether a row below the plot names positions: times do wherever they stand; names must be
    near; a few numbers are value labels of low marks, not an axis."""
    if fit.kind == "time":
        return True
    if sum(is_numeric(t) for t in row) > 0.5 * len(row) and len(fit.ticks) < max(3, 0.7 * len(row)):
        return False
    away = min(t.bbox_px[1] for t in row) - scene.plot[3]
    wide = max(t.bbox_px[2] - t.bbox_px[0] for t in row)
    return away < 0.25 * scene.rgb.shape[0] and wide < 0.6 * (scene.plot[2] - scene.plot[0])


def _placed(labels: Sequence[Text], high: float) -> list[Text]:
    """The labels where their ticks are: slanted ones at their upper ends, or at their middles
    where these are evenly spaced and the ends are not: their length differs."""
    ended = [_anchored(label, high) for label in labels]
    if len(labels) >= 4 and all(15 < abs(label.angle) < 75 for label in labels):
        middles, ends = (_unevenness([_middle(t) for t in row]) for row in (labels, ended))
        if middles < 0.05 and middles < 0.4 * ends:
            return [replace(label, angle=0.0) for label in labels]
    return ended


def _unevenness(places: Sequence[float]) -> float:
    """How far the largest of the steps between places is from the usual one, as a share of it."""
    ordered = sorted(places)
    steps = [b - a for a, b in itertools.pairwise(ordered)]
    usual = statistics.median(steps)
    return max(abs(step - usual) for step in steps) / max(usual, 1.0)


def _anchored(label: Text, high: float) -> Text:
    """Slanted labels end at their tick: take the upper end of the text as its place."""
    if not 15 < abs(label.angle) < 75:
        return label
    end = upper_end(label, label.angle, high)
    left, top, right, bottom = end.bbox_px
    return replace(end, bbox_px=(left + 2, top, right - 2, bottom))


def _joined(
    row: Sequence[Text], below: Sequence[Text], high: float
) -> list[tuple[Text, list[Text]]]:
    """The labels of a row, each with its members: the lines that follow below it. What follows
    a few of a row of numbers or times is no second line but the title of the axis."""
    if sum(_is_slanted(t) for t in row) > 0.6 * len(row):
        return _joined_slanted(row)
    joined = [join_lines(text, below, high) for text in row]
    plain = sum(_is_plain(t) for t in row) > 0.6 * len(row)
    longer = sum(len(members) > 1 for _, members in joined)
    if plain and longer <= max(1, 0.4 * len(row)):
        return [(text, [text]) for text in row]
    return joined


def _is_slanted(text: Text) -> bool:
    return 15 < abs(text.angle) < 75


def _joined_slanted(row: Sequence[Text]) -> list[tuple[Text, list[Text]]]:
    """Slanted labels, each with its members: lines that end nearer to each other than labels do,
    from the upper one on."""
    end = 2 if statistics.median(t.angle for t in row) > 0 else 0
    ordered = sorted(row, key=lambda t: t.bbox_px[end])
    gaps = [b.bbox_px[end] - a.bbox_px[end] for a, b in itertools.pairwise(ordered)]
    high = letters([t for t in ordered if _is_slanted(t)])
    near = min(1.2 * high, 0.4 * max(gaps, default=0.0))
    groups = [[ordered[0]]]
    for text, gap in zip(ordered[1:], gaps, strict=True):
        worded = not any(_is_plain(t) for t in (*groups[-1], text))
        if gap < near and worded:
            groups[-1].append(text)
        else:
            groups.append([text])
    return [(_one_label(group, end), group) for group in groups]


def _one_label(lines: list[Text], end: int) -> Text:
    """The lines of a slanted label as one, which ends where they do on the average."""
    if len(lines) == 1:
        return lines[0]
    box = list(union([t.bbox_px for t in lines]))
    box[end] = statistics.fmean(t.bbox_px[end] for t in lines)
    ordered = lines if end == 2 else lines[::-1]
    words = " ".join(t.text for t in ordered)
    return replace(lines[0], text=words, bbox_px=(box[0], box[1], box[2], box[3]))


def _with_groups(
    joined: list[tuple[Text, list[Text]]], below: Sequence[Text], high: float
) -> list[tuple[Text, list[Text]]]:
    """Labels that repeat (Q1 to Q4, Jan to Dec) with the name of their group, which stands in a
    row of its own under them: "Q1 2013"."""
    ordered = sorted(joined, key=lambda item: item[0].bbox_px[0])
    names = [label.text for label, _ in ordered]
    periods = sum(bool(month_of(n)) or _is_part(n) for n in names) > 0.7 * len(names)
    if len(names) < 4 or (len(set(names)) == len(names) and not periods):
        return joined
    foot = max(label.bbox_px[3] for label, _ in ordered)
    used = {id(t) for _, members in ordered for t in members}
    under = [t for t in below if id(t) not in used and -0.6 * high < t.bbox_px[1] - foot < 2 * high]
    heads = sorted(_rows(under, high)[0], key=_middle) if under else []
    starts = _restarts(names)
    if not heads or len(heads) != len(starts) or len(heads) > len(names) / 2:
        return joined
    if len(heads) == 1 and parse_time(heads[0].text) is None:
        return joined
    result = []
    for n, (label, members) in enumerate(ordered):
        group = heads[sum(start <= n for start in starts) - 1]
        text = replace(label, text=f"{label.text} {group.text}")
        result.append((text, [*members, group]))
    return result


def _is_part(name: str) -> bool:
    return re.fullmatch(r"[QHS][1-4]|[1-4][QHS]|[1-4]", name) is not None


def _is_group_row(row: Sequence[Text], rows: Sequence[Sequence[Text]], high: float) -> bool:
    """Whether a row of years stands right under a longer one of months or quarters."""
    top = min(t.bbox_px[1] for t in row)
    for other in rows:
        names = [t.text for t in other]
        periods = sum(bool(month_of(n)) or _is_part(n) for n in names) > 0.7 * len(names)
        apart = top - max(t.bbox_px[3] for t in other)
        if periods and len(other) >= max(4, 2 * len(row) - 1) and -0.6 * high < apart < 2 * high:
            return True
    return False


def _restarts(names: Sequence[str]) -> list[int]:
    """Where a row of labels begins again: the first place, and each at which a name comes back
    that the run before holds, or an earlier month or quarter."""
    starts, run = [0], [names[0]]
    for n, (before, name) in enumerate(itertools.pairwise(names), start=1):
        earlier = 0 < month_of(name) < month_of(before) or (
            _is_part(name) and _is_part(before) and name.strip("QHS") < before.strip("QHS")
        )
        if name in run or earlier:
            starts.append(n)
            run = []
        run.append(name)
    return starts


def _middle(text: Text) -> float:
    return (text.bbox_px[0] + text.bbox_px[2]) / 2


def _is_plain(text: Text) -> bool:
    """Whether a label is a number, a time, a month or a quarter: nothing that is wrapped."""
    name = text.text.strip()
    timed = parse_time(name) is not None or month_of(name) > 0 or _DATE.fullmatch(name) is not None
    return timed or _is_part(name) or is_numeric(text)

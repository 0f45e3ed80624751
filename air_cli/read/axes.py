"""Calibrated axes from tick labels and tick marks: numbers, times or names."""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.consensus import Agreed, Label, centre, consensus, label_of, solve
from air_cli.read.numbers import parse_number, repaired
from air_cli.read.rounded import unrounded
from air_cli.read.scene import AxisFit
from air_cli.read.texts import is_numeric
from air_cli.read.time_axis import fit_time
from air_cli.read.times import parse_time
from air_cli.records import Text, Tick

_MONEY = frozenset("$€£¥")


def fit_axis(
    role: str,
    labels: Sequence[Text],
    tick_px: Sequence[float] = (),
    span: tuple[float, float] | None = None,
) -> AxisFit | None:
    """The axis that these tick labels describe, or None when there are fewer than two.

    `role`: x, y, y2; positions are box centres along that direction, in pixels. `tick_px` are
    positions of tick marks or grid lines. Numeric axes are linear or log, whichever more labels
    agree on; labels that name times make a `time` axis; everything else is `category`. Labels that
    had to be repaired, or that disagree and were left out, are told in `problems`.
    """
    ordered = sorted(labels, key=lambda label: centre(label, role))
    ordered = [label for label in ordered if label.text.strip()]
    if len(ordered) < 2:
        return None
    ordered = _unflushed(ordered, role)
    pxs = [centre(label, role) for label in ordered]
    span = span or (min(pxs), max(pxs))
    fit = fit_time(role, ordered, tick_px)
    if fit is None and role == "x" and all(parse_time(label.text) for label in ordered):
        fit = _category(role, ordered)  # years that are not evenly spaced: names, not a scale
    if fit is None:
        fit = _fit_numeric(role, ordered, tick_px)
    if fit is None:
        fit = _category(role, ordered)
    return replace(fit, span=span)


def misread_at(fit: AxisFit, label: Text) -> bool:
    """Whether a label that an axis leaves out stands where one of its steps is, and begins with the
    digits of that: a sign at its end was read as more of them ("709%", "8096")."""
    values = sorted(tick.value for tick in fit.ticks if tick.value is not None)
    steps = [b - a for a, b in itertools.pairwise(values) if b > a]
    if fit.kind != "linear" or not steps:
        return False
    count = fit.value(centre(label, fit.role)) / min(steps)
    wanted = f"{abs(round(count) * min(steps)):g}"
    digits = "".join(c for c in label.text if c.isdigit())
    return abs(count - round(count)) < 0.15 and wanted != "0" and digits.startswith(wanted)


def _without_strays(role: str, labels: Sequence[Text]) -> Sequence[Text]:
    """The labels without words far beyond the numbers: "So" of a note may be a misread 50, but not
    three steps below the axis."""
    digits = [label for label in labels if any(c.isdigit() for c in label.text)]
    if len(digits) < 3 or len(digits) == len(labels):
        return labels
    at = sorted(centre(label, role) for label in digits)
    reach = 1.5 * statistics.median(b - a for a, b in itertools.pairwise(at))
    return [
        label
        for label in labels
        if label in digits or at[0] - reach < centre(label, role) < at[-1] + reach
    ]


def _fit_numeric(role: str, labels: Sequence[Text], tick_px: Sequence[float]) -> AxisFit | None:
    labels = _without_strays(role, labels)
    read = [e for label in labels if (e := _entry(label, role))]
    entries = unrounded(_one_format(_as_powers(_signed(read))))
    if len(entries) < 2 or len(entries) < 0.6 * len(labels):
        return None
    linear = consensus(entries, log=False)
    log = consensus(entries, log=True)
    kind, inliers = ("linear", linear)
    if len(log) > len(linear) or (len(log) == len(linear) >= 3 and _looks_log(entries, log)):
        kind, inliers = "log", log
    if len(inliers) < 2 or len(inliers) < 0.5 * len(labels):
        return None
    if kind == "linear" and _decade_marked(entries, inliers, tick_px):
        kind = "log"
    if len(inliers) == 2 and any(one.value != entries[one.nth].values[0] for one in inliers):
        return None  # two labels, and one of them doubtful: nothing
    fit = solve(role, kind, entries, inliers, tick_px)
    if fit is None:
        return None
    problems = list(fit.problems)
    if role.startswith("y") and _dashed(fit):
        fit = _turned_over(fit)
        problems.append(
            f"{role} axis: dashes before its labels were taken for tick marks, not signs"
        )
    used = {index for index, *_ in inliers}
    for i, entry in enumerate(entries):
        if i not in used:
            problems.append(f'{role} axis: the label "{entry.text}" disagrees and was left out')
    if len(inliers) == 2:
        problems.append(f"{role} axis: only two labels, nothing checks them")
    return replace(fit, problems=tuple(problems))


def _decade_marked(
    entries: Sequence[Label], inliers: Sequence[Agreed], tick_px: Sequence[float]
) -> bool:
    """Whether the only two labels are neighbouring powers of ten, and the marks between them are
    where a logarithmic scale has 2, 3 … 9 times the lower one."""
    low, high = sorted(inliers, key=lambda one: one.value)[:: max(1, len(inliers) - 1)][:2]
    powers = low.value > 0 and abs(high.value / low.value - 10) < 1e-9
    if len(inliers) != 2 or not powers or abs(math.log10(low.value) % 1) > 1e-9:
        return False
    start, stop = entries[low.nth].px, entries[high.nth].px
    between = [px for px in tick_px if min(start, stop) + 4 < px < max(start, stop) - 4]
    places = [start + (stop - start) * math.log10(n) for n in range(2, 10)]
    hits = sum(any(abs(px - place) < 2.5 for px in between) for place in places)
    return hits >= 6 and len(between) <= hits + 3


def _dashed(fit: AxisFit) -> bool:
    """Whether the numbers fall from 0 upwards: tick marks to the left of them were read as minus
    signs, for an axis of negative numbers has its greatest at the top."""
    values = [tick.value for tick in fit.ticks if tick.value is not None]
    return fit.kind == "linear" and fit.slope > 0 and max(values) <= 0


def _turned_over(fit: AxisFit) -> AxisFit:
    ticks = tuple(replace(t, value=abs(t.value) if t.value else t.value) for t in fit.ticks)
    kept = tuple(p for p in fit.problems if " was read as -" not in p)
    return replace(fit, slope=-fit.slope, offset=-fit.offset, ticks=ticks, problems=kept)


def _entry(label: Text, role: str) -> Label | None:
    for n, text in enumerate(repaired(label.text)):
        number = parse_number(text)
        if number is None:
            continue
        values = [number.total]
        if number.other is not None:
            values.append(number.other * number.scale)
        # A minus sign is the thinnest glyph of all: OCR loses it more than anything else.
        if number.total > 0 and number.unit != "$":
            values.append(-number.total)
        values += _power(label.text)
        return label_of(label, role, tuple(values), unit=number.unit, repaired=n > 0)
    return None


def _signed(entries: Sequence[Label]) -> list[Label]:
    """The labels; beside two or more with a sign of money before their number, the first digit of
    one without may be that sign ("5800" for "$800")."""
    money = [e.text[0] for e in entries if e.text[:1] in _MONEY]
    result = []
    for entry in entries:
        rest = parse_number(money[0] + entry.text[1:]) if len(money) >= 2 else None
        if rest is not None and entry.text[:1].isdigit() and entry.text[1:2].isdigit():
            entry = replace(entry, values=(*entry.values, rest.total))
        result.append(entry)
    return result


def _power(text: str) -> list[float]:
    """The other reading of a power of ten, whose exponent OCR sees as a digit or the reverse:
    "102" may be 10², "10^0" may be 100."""
    match = re.fullmatch(r"10(\^?)([-−]?\d)", text)
    if match is None:
        return []
    power = int(match[2].replace("−", "-"))
    return [10.0**power] if not match[1] else [float(f"10{power}")] if power >= 0 else []


def _as_powers(entries: Sequence[Label]) -> list[Label]:
    """Beside a label that is a power of ten for sure ("10³"), "102" is 10²; beside a 0, which no
    scale of powers has, "10^0" is 100."""
    if any(e.values[0] == 0 for e in entries):
        return [
            replace(e, values=(*_power(e.text), *e.values)) if "^" in e.text else e for e in entries
        ]
    if not any(re.fullmatch(r"10(\^-?\d|[⁰¹²³⁴⁵⁶⁷⁸⁹])", e.text.strip()) for e in entries):
        return list(entries)
    return [
        replace(e, values=(*_power(e.text), *e.values)) if "^" not in e.text else e for e in entries
    ]


def _one_format(entries: Sequence[Label]) -> list[Label]:
    """Labels of one axis share a format: next to a bare "0" or "500", "1.000" is a thousand; so it
    is where all labels end in a zero, which no axis prints after a decimal point."""
    form = re.compile(r"\b[1-9]\d{0,2}\.\d{3}\b")
    dotted = [e for e in entries if form.search(e.text) and len(e.values) > 1]
    bare = any(re.fullmatch(r"\D*\d{1,3}\D*", e.text) for e in entries)
    bare |= len(dotted) >= 3 and all(re.search(r"\.\d\d0\b", e.text) for e in dotted)
    if not bare or any(re.search(r"\d[.,]\d{1,2}\b", e.text) for e in entries):
        return list(entries)
    return [
        replace(e, values=(e.values[1], e.values[0], *e.values[2:])) if e in dotted else e
        for e in entries
    ]


def _looks_log(entries: Sequence[Label], inliers: Sequence[Agreed]) -> bool:
    """Three or more labels that fit both ways are log only when they are powers of ten."""
    values = [one.value for one in inliers]
    return all(v > 0 and abs(math.log10(v) - round(math.log10(v))) < 1e-9 for v in values)


def _category(role: str, labels: Sequence[Text]) -> AxisFit:
    pxs = _outwards(labels, role)
    steps = [b - a for a, b in itertools.pairwise(pxs)]
    step = statistics.median(steps) or 1.0
    # A tick mark beside a name is often read as a dash.
    names = [re.sub(r"\s*[-–—_|]+$", "", label.text) or label.text for label in labels]
    ticks = tuple(Tick(name, None, px) for name, px in zip(names, pxs, strict=True))
    return AxisFit(role, "category", 1 / step, -pxs[0] / step, ticks)


def _unflushed(labels: Sequence[Text], role: str) -> list[Text]:
    """Numbers along an x axis, the first and the last put back to where their even spacing places
    them if they were moved inwards, flush with the plot's edge: their outer edge lies there."""
    result = list(labels)
    if role != "x" or len(labels) < 5 or not all(map(is_numeric, labels)):
        return result
    pxs = [centre(label, role) for label in labels]
    inner = [b - a for a, b in itertools.pairwise(pxs[1:-1])]
    step = statistics.median(inner)
    if step <= 0 or max(abs(s - step) for s in inner) > max(1.5, 0.03 * step):
        return result
    whole = (pxs[-2] - pxs[1]) / len(inner)
    for end, place, edge in ((0, pxs[1] - whole, 0), (-1, pxs[-2] + whole, 2)):
        left, top, right, bottom = labels[end].bbox_px
        off = place - pxs[end]
        at_edge = abs(labels[end].bbox_px[edge] - place) < 0.3 * (right - left)
        if at_edge and abs(off) > max(3.0, 0.04 * step):
            result[end] = replace(labels[end], bbox_px=(left + off, top, right + off, bottom))
    return result


def _outwards(labels: Sequence[Text], role: str) -> list[float]:
    """The middles of names along an axis; where all others are evenly spaced, a first or last one
    that was moved inwards to stay within the picture is put back to its place."""
    pxs = [centre(label, role) for label in labels]
    inner = [b - a for a, b in itertools.pairwise(pxs[1:-1])]
    step = statistics.median(inner) if len(inner) >= 2 else 0.0
    if role != "x" or step <= 0 or max(abs(s - step) for s in inner) > max(1.5, 0.03 * step):
        return pxs
    for end, place in ((0, pxs[1] - step), (-1, pxs[-2] + step)):
        left, _, right, _ = labels[end].bbox_px
        if left - 2 <= place <= right + 2 and abs(place - pxs[end]) > max(3.0, 0.04 * step):
            pxs[end] = place
    return pxs

"""Minus signs: drawn as strokes beside a number, or left out on axes that mirror at zero."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.numbers import parse_number
from air_cli.read.page import center
from air_cli.read.scene import AxisFit
from air_cli.read.vector_shapes import Shape
from air_cli.read.vector_text import Label
from air_cli.records import Box, Mark

_POWER = re.compile(r"^(.*10\^)(\d+)$")


def with_signs(labels: Sequence[Label], shapes: Sequence[Shape]) -> list[Label]:
    """The labels with the minus signs that their producer drew as small filled bars (some do so
    for every glyph that their font's encoding lacks)."""
    dashes = [
        shape.full for shape in shapes if shape.kind in ("rect", "rule", "marker") and shape.fill
    ]
    return [_signed(label, dashes) for label in labels]


def _signed(label: Label, dashes: Sequence[Box]) -> Label:
    if label.angle or not label.text[:1].isdigit() or parse_number(label.text) is None:
        return label
    size = label.size
    middle = center(label.box)[1]
    for dash in dashes:
        if not _is_dash(dash, size):
            continue
        level = (dash[1] + dash[3]) / 2
        if abs(level - middle) < 0.2 * size and -0.1 * size < label.box[0] - dash[2] < 0.3 * size:
            box = (dash[0], *label.box[1:])
            return replace(label, text=f"-{label.text}", box=box)
        power = _POWER.match(label.text)
        if power and 0 < middle - level < 0.8 * size:
            after = dash[0] - label.box[2]
            if -0.15 * size < after < 0.35 * size:
                return replace(label, text=f"{power[1]}-{power[2]}")
    return label


def _is_dash(box: Box, size: float) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return 0.2 * size < width < 0.95 * size and 0.02 * size < height < 0.16 * size


def is_mirrored(fit: AxisFit | None, marks: Sequence[Mark]) -> bool:
    """Whether an axis counts upwards on both sides of zero: its labels carry no sign, but only
    fit when those of one side are taken as negative. Where there is no axis the numbers printed at
    the marks tell, if no series is on both sides."""
    if fit is None or fit.kind != "linear":
        return False
    if not fit.ticks:
        return _unsigned_below(marks)
    unsigned = [
        tick
        for tick in fit.ticks
        if tick.value is not None
        and tick.value < 0
        and (number := parse_number(tick.text)) is not None
        and number.value > 0
    ]
    return bool(unsigned)


def _unsigned_below(marks: Sequence[Mark]) -> bool:
    """Whether series of their own go down from zero, with numbers that have no minus sign."""
    below = [mark for mark in marks if mark.value is not None and mark.value < 0]
    above = {mark.series for mark in marks if mark.value is not None and mark.value > 0}
    printed = [number.value for mark in below if (number := parse_number(mark.label)) is not None]
    return (
        bool(above)
        and not above & {mark.series for mark in below}
        and bool(printed)
        and all(value > 0 for value in printed)
    )


def unmirrored(fit: AxisFit, marks: Sequence[Mark]) -> tuple[AxisFit, tuple[Mark, ...]]:
    """The axis and the marks with the values that such an axis shows: without signs."""
    ticks = tuple(
        replace(tick, value=abs(tick.value)) if tick.value is not None else tick
        for tick in fit.ticks
    )
    problems = (
        (f"the {fit.role} axis counts upwards on both sides of zero",)
        if fit.ticks
        else (*fit.problems, "the bars of both sides have numbers without a sign")
    )
    plain = tuple(
        replace(
            mark,
            value=-mark.value,
            low=-mark.high if mark.high is not None else None,
            high=-mark.low if mark.low is not None else None,
        )
        if mark.value is not None and mark.value < 0
        else mark
        for mark in marks
    )
    return replace(fit, ticks=ticks, problems=problems), plain
